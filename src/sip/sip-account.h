/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ports.h"
#include "sip-auth.h"
#include "sip-registration.h"
#include "sip-stack.h"
#include "sip-timers.h"
#include "sip-uri.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-account
 * @title: PhoneSipAccount
 *
 * One account: its registration, and what calls need to know of it. Posts #PHONE_EVENT_ACCOUNT. Main thread.
 */
#define PHONE_TYPE_SIP_ACCOUNT (phone_sip_account_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSipAccount, phone_sip_account, PHONE, SIP_ACCOUNT, GObject)

PhoneSipAccount   *phone_sip_account_new            (PhoneSipStack            *stack,
                                                     PhoneEventQueue          *queue,
                                                     const PhoneSipTimers     *timers,
                                                     guint                     number) G_GNUC_WARN_UNUSED_RESULT;
void               phone_sip_account_configure      (PhoneSipAccount          *self,
                                                     const PhoneAccountConfig *config);
void               phone_sip_account_refresh        (PhoneSipAccount          *self);
typedef void (*PhoneSipAccountLeft) (PhoneSipAccount *self,
                                     gpointer         user_data);
void               phone_sip_account_network_changed (PhoneSipAccount         *self,
                                                     PhoneNetworkNews          news);
void               phone_sip_account_set_left       (PhoneSipAccount          *self,
                                                     PhoneSipAccountLeft       left,
                                                     gpointer                  user_data);
void               phone_sip_account_leave          (PhoneSipAccount          *self);
gboolean           phone_sip_account_is_leaving     (PhoneSipAccount          *self);
void               phone_sip_account_release        (PhoneSipAccount          *self);

guint              phone_sip_account_get_number     (PhoneSipAccount          *self);
PhoneAccountState  phone_sip_account_get_state      (PhoneSipAccount          *self);
gboolean           phone_sip_account_is_enabled     (PhoneSipAccount          *self);
gboolean           phone_sip_account_keeps_binding  (PhoneSipAccount          *self);
const char        *phone_sip_account_get_user       (PhoneSipAccount          *self);
const char        *phone_sip_account_get_server     (PhoneSipAccount          *self);
const char        *phone_sip_account_get_address    (PhoneSipAccount          *self);
gboolean           phone_sip_account_is_server      (PhoneSipAccount          *self,
                                                     const char               *address);
PhoneRport         phone_sip_account_get_rport      (PhoneSipAccount          *self);
gboolean           phone_sip_account_keeps_proxy    (PhoneSipAccount          *self);
PhoneSipRegistration *phone_sip_account_get_registration (PhoneSipAccount     *self);
const PhoneSipUri *phone_sip_account_get_domain     (PhoneSipAccount          *self);
const PhoneSipUri *phone_sip_account_get_proxy      (PhoneSipAccount          *self);
PhoneSipRegistration *phone_sip_account_get_other   (PhoneSipAccount          *self,
                                                     PhoneSipRegistration     *registration);
char              *phone_sip_account_dup_from       (PhoneSipAccount          *self,
                                                     PhoneSipRegistration     *registration) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipAuth      *phone_sip_account_new_auth       (PhoneSipAccount          *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
