/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:exchange-users
 * @title: ExchangeUsers
 *
 * The users of the exchange with their passwords, and digest authentication (RFC 3261 §22, RFC 2617: MD5, qop "auth" or
 * none). A nonce carries its birth and a seal of this process, so that no table of nonces is kept.
 */
typedef struct _ExchangeUsers ExchangeUsers;

/** EXCHANGE_MAX_USERS: more are refused. */
#define EXCHANGE_MAX_USERS 1000

/**
 * ExchangeAuthResult:
 * @EXCHANGE_AUTH_MISSING: no credentials for our realm, or with a nonce that is not ours: challenge
 * @EXCHANGE_AUTH_STALE: right, but the nonce is too old: challenge with stale=true
 * @EXCHANGE_AUTH_WRONG: unknown user or wrong password
 * @EXCHANGE_AUTH_MALFORMED: credentials that lack a part or ask for what was not offered
 * @EXCHANGE_AUTH_OK: this user knows the password
 */
typedef enum {
  EXCHANGE_AUTH_MISSING,
  EXCHANGE_AUTH_STALE,
  EXCHANGE_AUTH_WRONG,
  EXCHANGE_AUTH_MALFORMED,
  EXCHANGE_AUTH_OK,
} ExchangeAuthResult;

ExchangeUsers      *exchange_users_new            (const char         *realm,
                                                   guint               nonce_life_s) G_GNUC_WARN_UNUSED_RESULT;
void                exchange_users_free           (ExchangeUsers      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExchangeUsers, exchange_users_free)

/**
 * exchange_users_add_line:
 * @line: "user password"; the password is the rest of the line and may hold blanks
 *
 * Returns: %FALSE with @error (%G_IO_ERROR_INVALID_ARGUMENT, %G_IO_ERROR_EXISTS, %G_IO_ERROR_NO_SPACE); the message
 *   never holds the password
 */
gboolean            exchange_users_add_line       (ExchangeUsers      *self,
                                                   const char         *line,
                                                   GError            **error);
gboolean            exchange_users_contains       (ExchangeUsers      *self,
                                                   const char         *user);
guint               exchange_users_count          (ExchangeUsers      *self);

/* The value of a WWW-Authenticate or Proxy-Authenticate header. */
char               *exchange_users_make_challenge (ExchangeUsers      *self,
                                                   gboolean            stale,
                                                   gint64              now_s) G_GNUC_WARN_UNUSED_RESULT;

/**
 * exchange_users_check:
 * @params: (nullable) (array zero-terminated=1): the parameters of one Digest credentials header as "name=value",
 *   values quoted or not
 * @method: the request's method
 * @now_s: seconds of a clock that does not jump
 * @user: (out) (optional): with %EXCHANGE_AUTH_OK, whose password it was
 */
ExchangeAuthResult  exchange_users_check          (ExchangeUsers      *self,
                                                   const char * const *params,
                                                   const char         *method,
                                                   gint64              now_s,
                                                   char              **user);

G_END_DECLS
