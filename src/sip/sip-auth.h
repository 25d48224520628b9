/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-keyring.h"

#include <sofia-sip/nua.h>

G_BEGIN_DECLS

/** PHONE_SIP_MAX_CHALLENGES: answers given to one request before it counts as refused. */
#define PHONE_SIP_MAX_CHALLENGES 3

/**
 * PhoneSipAuthResult:
 * What became of a challenge.
 */
typedef enum {
  PHONE_SIP_AUTH_ANSWERED,      /* the request goes out again */
  PHONE_SIP_AUTH_REFUSED,       /* the same again: wrong name or password */
  PHONE_SIP_AUTH_UNSUPPORTED,   /* nothing we can compute */
} PhoneSipAuthResult;

#define PHONE_SIP_AUTH_MAX_AHEAD 2

/**
 * PhoneSipAuthAhead:
 * Credentials for a request that was not challenged yet; values of headers, %NULL where there is none.
 */
typedef struct {
  char *server[PHONE_SIP_AUTH_MAX_AHEAD];
  char *proxy[PHONE_SIP_AUTH_MAX_AHEAD];
} PhoneSipAuthAhead;

/* They as tags of the request. */
#define PHONE_SIP_AUTH_AHEAD_TAGS(ahead) \
  TAG_IF ((ahead)->server[0], SIPTAG_AUTHORIZATION_STR ((ahead)->server[0])), \
  TAG_IF ((ahead)->server[1], SIPTAG_AUTHORIZATION_STR ((ahead)->server[1])), \
  TAG_IF ((ahead)->proxy[0], SIPTAG_PROXY_AUTHORIZATION_STR ((ahead)->proxy[0])), \
  TAG_IF ((ahead)->proxy[1], SIPTAG_PROXY_AUTHORIZATION_STR ((ahead)->proxy[1]))

/**
 * SECTION:sip-auth
 * @title: PhoneSipAuth
 *
 * Answers 401 and 407 for one chain of requests: counts, knows which nonce was answered already. Main thread.
 */
typedef struct _PhoneSipAuth PhoneSipAuth;

PhoneSipAuth       *phone_sip_auth_new    (PhoneSipKeyring *keyring) G_GNUC_WARN_UNUSED_RESULT;
void                phone_sip_auth_free   (PhoneSipAuth    *self);
void                phone_sip_auth_reset  (PhoneSipAuth    *self);
PhoneSipAuthResult  phone_sip_auth_answer (PhoneSipAuth    *self,
                                           nua_handle_t    *handle,
                                           const sip_t     *response);
void                phone_sip_auth_repeat (PhoneSipAuth    *self,
                                           nua_handle_t    *handle);
gboolean            phone_sip_auth_is_exhausted (PhoneSipAuth *self);
gboolean            phone_sip_auth_send_bare (nua_handle_t *handle,
                                           const sip_t     *response);
void                phone_sip_auth_let_answer (nua_handle_t *handle);
void                phone_sip_auth_write_ahead (PhoneSipAuth      *self,
                                           const char      *method,
                                           const char      *uri,
                                           const char      *body,
                                           PhoneSipAuthAhead *ahead);
void                phone_sip_auth_ahead_clear (PhoneSipAuthAhead *ahead);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PhoneSipAuthAhead, phone_sip_auth_ahead_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipAuth, phone_sip_auth_free)

/* Pure part: what the challenges of a response amount to. */
PhoneSipAuthResult  phone_sip_auth_judge  (PhoneSipAuth    *self,
                                           const sip_t     *response,
                                           GPtrArray      **realms);

G_END_DECLS
