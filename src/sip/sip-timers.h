/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneSipTimers:
 * How long we wait, all shorter than the library's own 32 s: its timer B has a failing assertion, and nobody holds a
 * silent receiver for half a minute. Tests shorten them.
 */
typedef struct {
  guint register_ms;     /* any answer to REGISTER */
  guint invite_ms;       /* first answer to INVITE */
  guint cancel_ms;       /* final answer after CANCEL, or a chance to send it */
  guint bye_ms;          /* answer to BYE */
  guint ack_ms;          /* ACK after our 200 */
  guint modify_ms;       /* final answer to re-INVITE */
  guint stop_ms;         /* calls and registrations at shutdown */
  guint t1_ms;           /* the library's own: RFC 3261 §17.1.1.1 */
  guint t2_ms;
  guint t4_ms;
  guint dns_ms;          /* until a name server counts as silent */
  guint session_second_ms; /* length of a second of a session interval; 0 = 1000 */
  guint refer_ms;        /* answer to REFER; 0 = as long as for a re-INVITE */
  guint notify_ms;       /* how a transfer ends, from the 202 on; 0 = PHONE_SIP_NOTIFY_MS */
} PhoneSipTimers;

/** PHONE_SIP_NOTIFY_MS: longer than anybody lets a phone ring. */
#define PHONE_SIP_NOTIFY_MS 200000

#define PHONE_SIP_TIMERS_DEFAULT { 10000, 16000, 8000, 4000, 24000, 16000, 1500, 500, 4000, 5000, 2500 }

G_END_DECLS
