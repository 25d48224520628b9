/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sofia-sip/msg_types.h>
#include <sofia-sip/tport.h>

#include "trace.h"

G_BEGIN_DECLS

/*
 * Writes down what goes through the library's sockets. One trace for the process, as the hooks that feed it are (sip-gate.c,
 * sip-repair.c).
 */

/** phone_sip_trace_set: @trace: (nullable): where messages go from now on. Any thread, as all here. */
void   phone_sip_trace_set       (PhoneTrace    *trace);

/** phone_sip_trace_received: before anything is changed in the message. Messages that the library could not read are left out. */
void   phone_sip_trace_received  (tport_t       *transport,
                                  msg_t         *message);

/** phone_sip_trace_sent: @used: (nullable): what it went by; %NULL: it did not go. @wanted: the transport that was asked. */
void   phone_sip_trace_sent      (tport_t       *used,
                                  tport_t       *wanted,
                                  msg_t         *message);

/** phone_sip_trace_name_call: see phone_trace_name_call() */
void   phone_sip_trace_name_call (const char    *call_id,
                                  guint          call);

G_END_DECLS
