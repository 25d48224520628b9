/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Time that passes only when everybody waits: a test of time-outs that takes no time and runs the same way twice. A program
 * that links this has a clock of its own for CLOCK_MONOTONIC and CLOCK_BOOTTIME, which GLib's timeouts and the SIP library's
 * timers go by; the wall clock stays. The default main context then never sleeps: where it would wait, time leaps.
 */
void   virtual_time_start   (void);

/* Runs the default main context until @ms have passed; what is ready at once is run in any case. */
void   virtual_time_pass    (guint ms);

/*
 * Moves this process into a network of its own with nothing but the loopback, where names are refused at once, so that no
 * name in a message can send anything anywhere. FALSE when the system does not allow that.
 */
gboolean virtual_network_start (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
