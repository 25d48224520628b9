/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "types.h"

G_BEGIN_DECLS

/**
 * SECTION:dial-target
 * @title: PhoneDialTarget
 *
 * What somebody dialled, pasted or clicked: a number, an address with a domain, or an IP address (a direct-IP call, for
 * which `*` may be typed instead of the dot). Pure functions, any thread.
 */
typedef enum {
  PHONE_DIAL_NUMBER,    /* user part only: belongs to the domain of the account that calls */
  PHONE_DIAL_URI,       /* user and domain */
  PHONE_DIAL_ADDRESS,   /* the host is an IP literal; called without an account */
} PhoneDialKind;

/**
 * PhoneDialTarget:
 * @user: escaped as the user part of a SIP URI (RFC 3261 §25.1, `#` as %23); "" when an address has none
 * @host: domain in ASCII, or IP literal without brackets; "" for a number
 * @port: 0 when not said
 * @secure: a sips: URI
 * @has_transport: the URI names its transport
 * @transport: that transport
 * @number: for the LCD and the call log; parsing it gives the same kind, user, host and port again
 */
typedef struct {
  PhoneDialKind   kind;
  char           *user;
  char           *host;
  guint           port;
  gboolean        secure;
  gboolean        has_transport;
  PhoneTransport  transport;
  char           *number;
} PhoneDialTarget;

#define PHONE_DIAL_TARGET_ERROR (phone_dial_target_error_quark ())
GQuark phone_dial_target_error_quark (void);
typedef enum {
  PHONE_DIAL_TARGET_ERROR_EMPTY,
  PHONE_DIAL_TARGET_ERROR_LENGTH,   /* more than 255 bytes */
  PHONE_DIAL_TARGET_ERROR_SYNTAX,
  PHONE_DIAL_TARGET_ERROR_HOST,     /* neither a domain nor an IP address that can be called */
  PHONE_DIAL_TARGET_ERROR_PORT,
} PhoneDialTargetError;

PhoneDialTarget *phone_dial_target_parse      (const char             *text,
                                               const char             *filter,
                                               GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_dial_target_free       (PhoneDialTarget        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneDialTarget, phone_dial_target_free)
char            *phone_dial_target_dup_target (const PhoneDialTarget  *self,
                                               gboolean                pound_as_23) G_GNUC_WARN_UNUSED_RESULT;
char            *phone_dial_escape_user       (const char             *user) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
