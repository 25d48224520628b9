/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ports.h"

G_BEGIN_DECLS

/**
 * PhoneSystemClock:
 *
 * The clock of this machine. Timers are sources of the main context and post %PHONE_EVENT_TIMER; the milliseconds are those of
 * CLOCK_BOOTTIME, which goes on while the machine sleeps.
 */
#define PHONE_TYPE_SYSTEM_CLOCK (phone_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSystemClock, phone_system_clock, PHONE, SYSTEM_CLOCK, GObject)

PhoneClock *phone_system_clock_new (PhoneEventQueue *queue) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
