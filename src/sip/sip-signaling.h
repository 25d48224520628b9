/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ports.h"
#include "sip-timers.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-signaling
 * @title: PhoneSipSignaling
 *
 * #PhoneSignaling on Sofia-SIP. Up to #PHONE_MAX_ACCOUNTS accounts. Main thread.
 */
#define PHONE_TYPE_SIP_SIGNALING (phone_sip_signaling_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSipSignaling, phone_sip_signaling, PHONE, SIP_SIGNALING, GObject)

PhoneSignaling *phone_sip_signaling_new              (PhoneEventQueue      *queue,
                                                      PhoneSettings        *settings,
                                                      const char           *bind_address,
                                                      int                   port,
                                                      const char           *user_agent) G_GNUC_WARN_UNUSED_RESULT;

/* For tests: without the library's threads, with other times. @timers (nullable) is copied. */
PhoneSignaling *phone_sip_signaling_new_full         (PhoneEventQueue      *queue,
                                                      PhoneSettings        *settings,
                                                      const char           *bind_address,
                                                      int                   port,
                                                      const char           *user_agent,
                                                      gboolean              threads,
                                                      const PhoneSipTimers *timers) G_GNUC_WARN_UNUSED_RESULT;

guint           phone_sip_signaling_get_port         (PhoneSipSignaling    *self);
guint           phone_sip_signaling_get_n_sessions   (PhoneSipSignaling    *self);
guint           phone_sip_signaling_get_n_handles    (PhoneSipSignaling    *self);

G_END_DECLS
