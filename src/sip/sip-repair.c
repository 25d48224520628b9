/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-repair.h"

#include "sip-resolver.h"
#include "sip-trace.h"

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_tagarg.h>
#include <sofia-sip/tport.h>

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
 *
 * sip_via_port() says which port an answer goes to when the connection that the request came by is closed. The library adds
 * "rport" to every Via that comes by TCP or TLS, asked or not, and would open a connection to it: to the port that the
 * closed connection had, where nobody listens. "rport" changes the way of answers by UDP alone (RFC 3581 §4); over
 * connections they go to the port that the caller named (RFC 3261 §18.2.2).
 *
 * tport_tsend() opens a connection of its own each time it is given a closed one, so each repetition of an answer would.
 * Here answers look for one that is open already, which the first of them made.
 */

typedef int (*TerminatesDialog) (int           response_code,
                                 sip_method_t  method,
                                 int          *graceful);

/* The library's function that stands behind ours; @original keeps it. */
static gsize
find_behind (gsize      *original,
             const char *name)
{
  if (g_once_init_enter (original))
    g_once_init_leave (original, (gsize) dlsym (RTLD_NEXT, name));

  return *original;
}

static TerminatesDialog
find_original (void)
{
  static gsize original = 0;

  return (TerminatesDialog) find_behind (&original, "sip_response_terminates_dialog");
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
  static gsize place = 0;
  AckBye original = (AckBye) find_behind (&place, "nta_msg_ackbye");

  avoid_names (msg);
  return original ? original (agent, msg) : -1;
}

typedef char const *(*ViaPort) (sip_via_t const *via,
                                int             *using_rport);

/* Runs on an agent's thread. @using_rport: whether "rport" may be looked at by TCP as well; the library says yes. */
char const *
sip_via_port (sip_via_t const *via,
              int             *using_rport)
{
  static gsize place = 0;
  ViaPort original = (ViaPort) find_behind (&place, "sip_via_port");

  if (using_rport && via && via->v_protocol && g_ascii_strcasecmp (via->v_protocol, sip_transport_udp) != 0)
    {
      *using_rport = 0;
      using_rport = NULL;
    }

  return original ? original (via, using_rport) : NULL;
}

typedef tport_t *(*Send) (tport_t *, msg_t *, tp_name_t const *, tag_type_t, tag_value_t, ...);

/* Runs on an agent's thread. */
tport_t *
tport_tsend (tport_t         *transport,
             msg_t           *message,
             tp_name_t const *name,
             tag_type_t       tag,
             tag_value_t      value,
             ...)
{
  static gsize place = 0;
  Send original = (Send) find_behind (&place, "tport_tsend");
  const sip_t *sip = message ? sip_object (message) : NULL;
  tport_t *used;
  ta_list ta;

  g_return_val_if_fail (original != NULL, NULL);

  if (sip && sip->sip_status && transport && tport_is_secondary (transport) && !tport_is_clear_to_send (transport))
    transport = tport_parent (transport);

  ta_start (ta, tag, value);
  used = original (transport, message, name, ta_tags (ta));
  ta_end (ta);
  phone_sip_trace_sent (used, transport, message);

  return used;
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
