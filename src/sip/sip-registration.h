/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"
#include "sip-auth.h"
#include "sip-route.h"
#include "sip-stack.h"
#include "sip-timers.h"
#include "sip-uri.h"

G_BEGIN_DECLS

/**
 * PhoneSipIdentity:
 * Who registers: what an account lends its registrations. The strings are the account's.
 */
typedef struct {
  guint            account;
  const char      *display_name;
  const char      *user_name;
  PhoneSipKeyring *keyring;
} PhoneSipIdentity;

/**
 * PhoneSipRegistrationConfig:
 * @domain: the registrar's domain; copied
 * @origins: (element-type PhoneSipOrigin): where it is served, best first; referenced
 * @retries: times a request is sent again before the next address is tried
 * @retry_s: wait after a failure, doubled with each further one up to @retry_max_s; 0: no further try
 * @public_contact: Contact holds the address the server sees (RFC 3581)
 */
typedef struct {
  const PhoneSipUri *domain;
  const PhoneSipUri *proxy;     /* nullable: goes into Route */
  GPtrArray         *origins;
  guint              expires_s;
  guint              retries;
  PhoneFailback      failback;
  guint              failback_s;
  guint              retry_s;
  guint              retry_max_s;
  gboolean           public_contact;
} PhoneSipRegistrationConfig;

/**
 * SECTION:sip-registration
 * @title: PhoneSipRegistration
 *
 * One registration at one server (RFC 3261 §10), wherever DNS says it is served: looks the server up, fails over between
 * its addresses, tries again after a failure. Main thread.
 */
#define PHONE_TYPE_SIP_REGISTRATION (phone_sip_registration_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSipRegistration, phone_sip_registration, PHONE, SIP_REGISTRATION, GObject)

typedef void (*PhoneSipRegistrationChanged) (PhoneSipRegistration *self,
                                             gpointer              user_data);

PhoneSipRegistration *phone_sip_registration_new       (PhoneSipStack                    *stack,
                                                        const PhoneSipTimers             *timers,
                                                        const PhoneSipIdentity           *identity,
                                                        const PhoneSipRegistrationConfig *config,
                                                        PhoneSipRegistrationChanged       changed,
                                                        gpointer                          user_data) G_GNUC_WARN_UNUSED_RESULT;
void                  phone_sip_registration_start     (PhoneSipRegistration *self);
void                  phone_sip_registration_refresh   (PhoneSipRegistration *self);
void                  phone_sip_registration_network_changed (PhoneSipRegistration *self,
                                                        PhoneNetworkNews      news);
void                  phone_sip_registration_leave     (PhoneSipRegistration *self);
void                  phone_sip_registration_stop      (PhoneSipRegistration *self);
void                  phone_sip_registration_set_retry (PhoneSipRegistration *self,
                                                        guint                 retry_s,
                                                        guint                 retry_max_s);
void                  phone_sip_registration_hop_failed (PhoneSipRegistration *self);

PhoneAccountState     phone_sip_registration_get_state   (PhoneSipRegistration *self);
guint                 phone_sip_registration_get_status  (PhoneSipRegistration *self);
const char           *phone_sip_registration_get_text    (PhoneSipRegistration *self);
PhoneSignalingFault   phone_sip_registration_get_fault   (PhoneSipRegistration *self);
gboolean              phone_sip_registration_is_leaving  (PhoneSipRegistration *self);
const PhoneSipUri    *phone_sip_registration_get_domain  (PhoneSipRegistration *self);
PhoneSipRoute        *phone_sip_registration_get_route   (PhoneSipRegistration *self);
GPtrArray            *phone_sip_registration_get_origins (PhoneSipRegistration *self);
const char           *phone_sip_registration_get_preloaded (PhoneSipRegistration *self);
const char           *phone_sip_registration_get_public_address (PhoneSipRegistration *self,
                                                        guint                *port);

/* How long a request may stay unanswered before the next address is tried (guide: retry counts). */
guint                 phone_sip_registration_get_patience_ms (PhoneSipRegistration *self);

G_END_DECLS
