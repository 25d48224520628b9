/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-digest.h"

G_BEGIN_DECLS

/**
 * PhoneSipKeyringUse:
 * Which of the two pairs of headers is spoken of.
 */
typedef enum {
  PHONE_SIP_KEYRING_SERVER,    /* 401, WWW-Authenticate, Authorization */
  PHONE_SIP_KEYRING_PROXY,     /* 407, Proxy-Authenticate, Proxy-Authorization */
} PhoneSipKeyringUse;

/**
 * SECTION:sip-keyring
 * @title: PhoneSipKeyring
 *
 * Name and password of one account, and for each realm the challenge that holds and how often its nonce was used. Shared by
 * all requests of the account, so that a nonce count is never used twice. Any thread: requests are written on the
 * library's.
 */
typedef struct _PhoneSipKeyring PhoneSipKeyring;

PhoneSipKeyring *phone_sip_keyring_new        (const char                    *user,
                                               const char                    *password) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipKeyring *phone_sip_keyring_ref        (PhoneSipKeyring               *self);
void             phone_sip_keyring_unref      (PhoneSipKeyring               *self);
PhoneSipKeyring *phone_sip_keyring_find       (guint                          id) G_GNUC_WARN_UNUSED_RESULT;
guint            phone_sip_keyring_get_id     (PhoneSipKeyring               *self);

void             phone_sip_keyring_take       (PhoneSipKeyring               *self,
                                               PhoneSipKeyringUse             use,
                                               const PhoneSipDigestChallenge *challenge,
                                               gboolean                       registering);
void             phone_sip_keyring_forget     (PhoneSipKeyring               *self,
                                               PhoneSipKeyringUse             use,
                                               const char                    *realm);
void             phone_sip_keyring_next_nonce (PhoneSipKeyring               *self,
                                               PhoneSipKeyringUse             use,
                                               const char                    *realm,
                                               const char                    *nonce);
char            *phone_sip_keyring_authorize  (PhoneSipKeyring               *self,
                                               PhoneSipKeyringUse             use,
                                               const char                    *realm,
                                               const char                    *method,
                                               const char                    *uri,
                                               const void                    *body,
                                               gsize                          body_length) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray       *phone_sip_keyring_list_ahead (PhoneSipKeyring               *self,
                                               PhoneSipKeyringUse             use) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipKeyring, phone_sip_keyring_unref)

G_END_DECLS
