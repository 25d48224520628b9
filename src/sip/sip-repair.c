/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-repair.h"

#include "sip-resolver.h"

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>

#include <dlfcn.h>
#include <string.h>

/*
 * Functions of the library that stand in front of the library's own: the program's symbols come first, for the library too.
 *
 * nua asks sip_response_terminates_dialog() what a refusal of a request inside a call does to the call. It sets the second
 * answer (end the call gracefully, by BYE) to yes before it asks, and the function leaves it as it is for 500, 501, 503, 504
 * and 600. So a hold or a refresh that is refused with "try again in a moment" would end the call, against RFC 5057 §5.1 and
 * RFC 3261 §14.1. Here the answer is no before the library's function gives its own.
 *
 * nta_msg_ackbye() ends the call of a branch that answers when another has answered already. It goes by Contact or Record-Route
 * and asks the library's resolver when it finds a name there, which may never come back (sip-session-target.c). Here the
 * address the answer came from is put before them.
 */

typedef int (*TerminatesDialog) (int           response_code,
                                 sip_method_t  method,
                                 int          *graceful);

static TerminatesDialog
find_original (void)
{
  static gsize original = 0;

  if (g_once_init_enter (&original))
    g_once_init_leave (&original, (gsize) dlsym (RTLD_NEXT, "sip_response_terminates_dialog"));

  return (TerminatesDialog) original;
}

/* Runs on an agent's thread. */
int
sip_response_terminates_dialog (int           response_code,
                                sip_method_t  method,
                                int          *graceful)
{
  TerminatesDialog original = find_original ();

  if (graceful)
    *graceful = 0;

  return original ? original (response_code, method, graceful) : 0;
}

/* URL of where the message came from, as a hop. */
static char *
format_sender (msg_t       *msg,
               const sip_t *sip)
{
  const su_sockaddr_t *from = msg_addr (msg);
  const char *protocol = sip->sip_via ? sip->sip_via->v_protocol : NULL;
  const char *transport = protocol ? strrchr (protocol, '/') : NULL;
  char address[SU_ADDRSIZE];

  if (!from || !transport || (from->su_family != AF_INET && from->su_family != AF_INET6) ||
      !su_inet_ntop (from->su_family, SU_ADDR (from), address, sizeof address))
    return NULL;

  return g_strdup_printf (from->su_family == AF_INET6 ? "<sip:[%s]:%u;transport=%s;lr>" : "<sip:%s:%u;transport=%s;lr>", address,
                          ntohs (from->su_port), transport + 1);
}

static void
avoid_names (msg_t *msg)
{
  sip_t *sip = sip_object (msg);
  sip_record_route_t **end = &sip->sip_record_route;
  const url_t *first = NULL;
  g_autofree char *bare = NULL;
  g_autofree char *sender = NULL;

  for (const sip_record_route_t *route = sip->sip_record_route; route; route = route->r_next)
    first = route->r_url; /* our first hop is their last */
  if (!first && sip->sip_contact)
    first = sip->sip_contact->m_url;
  if (!first || !first->url_host)
    return;

  bare = first->url_host[0] == '[' ? g_strndup (first->url_host + 1, strcspn (first->url_host + 1, "]"))
                                   : g_strdup (first->url_host);
  if (phone_sip_is_address (bare))
    return;

  sender = format_sender (msg, sip);
  while (*end)
    end = &(*end)->r_next;
  *end = sender ? sip_record_route_make (msg_home (msg), sender) : NULL;
}

typedef int (*AckBye) (nta_agent_t *agent,
                       msg_t       *msg);

/* Exported by the library, in no header of it. */
int nta_msg_ackbye (nta_agent_t *agent, msg_t *msg);

/* Runs on an agent's thread. */
int
nta_msg_ackbye (nta_agent_t *agent,
                msg_t       *msg)
{
  static gsize original = 0;

  if (g_once_init_enter (&original))
    g_once_init_leave (&original, (gsize) dlsym (RTLD_NEXT, "nta_msg_ackbye"));

  avoid_names (msg);
  return original ? ((AckBye) original) (agent, msg) : -1;
}

/**
 * phone_sip_repair_is_in_place:
 * Returns: whether the library's function was found behind ours; calling this also makes the linker take this file
 */
gboolean
phone_sip_repair_is_in_place (void)
{
  return find_original () != NULL && find_original () != sip_response_terminates_dialog;
}
