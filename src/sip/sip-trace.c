/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-trace.h"

#include "sip-mask.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_alloc.h>

#include <netinet/in.h>
#include <string.h>

/*
 * The text is the library's own writing of the message: for what is sent, byte by byte what goes out; for what is received,
 * every header that was there, in order, but in the library's spelling. The bytes themselves are gone when we are asked: the
 * library parses in place unless it is told to copy, and its copying takes the end off a first line that blank lines precede.
 *
 * Runs on the agents' threads. Nothing here waits: the lock over the trace is held to take a reference, the trace's own to put
 * a pointer in.
 */

#define NOT_READ (MSG_FLG_ERROR | MSG_FLG_TOOLARGE | MSG_FLG_TIMEOUT | MSG_FLG_TRUNC)

static GMutex      lock;
static PhoneTrace *current;

static PhoneTrace *
get_trace (void)
{
  PhoneTrace *trace = NULL;

  g_mutex_lock (&lock);
  if (current && phone_trace_is_on (current))
    trace = phone_trace_ref (current);
  g_mutex_unlock (&lock);

  return trace;
}

void
phone_sip_trace_set (PhoneTrace *trace)
{
  PhoneTrace *before;

  g_mutex_lock (&lock);
  before = current;
  current = trace ? phone_trace_ref (trace) : NULL;
  g_mutex_unlock (&lock);
  phone_trace_unref (before);
}

static PhoneTraceTransport
get_transport (const tport_t *transport)
{
  if (tport_is_udp (transport))
    return PHONE_TRACE_UDP;

  return tport_has_tls (transport) ? PHONE_TRACE_TLS : PHONE_TRACE_TCP;
}

static void
set_remote (PhoneTraceRecord *record,
            msg_t            *message)
{
  const su_sockaddr_t *address = msg_addr (message);

  if (!address || (address->su_family != AF_INET && address->su_family != AF_INET6))
    return;

  su_inet_ntop (address->su_family, SU_ADDR (address), record->remote, sizeof record->remote);
  record->remote_port = ntohs (address->su_port);
}

/* A connection's name is that of its far end; ours is the address that its agent listens at. */
static void
set_local (PhoneTraceRecord *record,
           tport_t          *transport)
{
  const tport_t *primary = tport_is_secondary (transport) ? tport_parent (transport) : transport;
  const tp_name_t *name = primary ? tport_name (primary) : NULL;
  const char *host = name ? name->tpn_host : NULL;
  gsize length = host ? strlen (host) : 0;

  if (!host)
    return;
  if (length > 2 && host[0] == '[')
    {
      host++;
      length -= 2;
    }

  g_strlcpy (record->local, host, MIN (length + 1, sizeof record->local));
  record->local_port = (guint16) g_ascii_strtoull (name->tpn_port ? name->tpn_port : "", NULL, 10);
}

static PhoneTraceRecord *
make_record (tport_t *transport,
             msg_t   *message)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  PhoneTraceRecord *record = NULL;
  g_autofree char *masked = NULL;
  gsize length = 0;
  char *text;

  su_home_init (home);
  text = msg_as_string (home, message, NULL, 0, &length);
  if (text)
    {
      masked = phone_sip_mask_message (text, length, &length);
      record = phone_trace_record_new (masked, length);
      record->monotonic_us = g_get_monotonic_time ();
      record->wall_us = g_get_real_time ();
      record->transport = get_transport (transport);
      set_remote (record, message);
      set_local (record, transport);
    }
  su_home_deinit (home);

  return record;
}

void
phone_sip_trace_received (tport_t *transport,
                          msg_t   *message)
{
  g_autoptr (PhoneTrace) trace = get_trace ();
  const sip_t *sip = message ? sip_object (message) : NULL;
  PhoneTraceRecord *record;

  if (!trace || !transport || !sip || !(sip->sip_request || sip->sip_status) || (sip->sip_flags & NOT_READ))
    return;

  record = make_record (transport, message);
  if (record)
    phone_trace_add (trace, record);
}

void
phone_sip_trace_sent (tport_t *used,
                      tport_t *wanted,
                      msg_t   *message)
{
  g_autoptr (PhoneTrace) trace = get_trace ();
  const sip_t *sip = message ? sip_object (message) : NULL;
  tport_t *transport = used ? used : wanted;
  PhoneTraceRecord *record;

  if (!trace || !transport || !sip || !(sip->sip_request || sip->sip_status))
    return;

  record = make_record (transport, message);
  if (!record)
    return;
  record->sent = TRUE;
  record->failed = used == NULL;
  phone_trace_add (trace, record);
}

void
phone_sip_trace_name_call (const char *call_id,
                           guint       call)
{
  g_autoptr (PhoneTrace) trace = get_trace ();

  if (trace)
    phone_trace_name_call (trace, call_id, call);
}
