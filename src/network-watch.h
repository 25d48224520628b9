/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"

G_BEGIN_DECLS

/**
 * SECTION:network-watch
 * @title: PhoneNetworkWatch
 *
 * Tells the engine what happens to the machine's network: posts %PHONE_EVENT_NETWORK. Asleep until the kernel (rtnetlink, the
 * wall clock) or logind (PrepareForSleep) has news; each of them may be missing. Main thread.
 */
#define PHONE_TYPE_NETWORK_WATCH (phone_network_watch_get_type ())
G_DECLARE_FINAL_TYPE (PhoneNetworkWatch, phone_network_watch, PHONE, NETWORK_WATCH, GObject)

PhoneNetworkWatch *phone_network_watch_new   (PhoneEventQueue   *queue,
                                              const char        *bind_address) G_GNUC_WARN_UNUSED_RESULT;
void               phone_network_watch_start (PhoneNetworkWatch *self);

G_END_DECLS
