/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "types.h"

G_BEGIN_DECLS

#define PHONE_SIP_URI_ERROR (phone_sip_uri_error_quark ())
GQuark phone_sip_uri_error_quark (void);
typedef enum {
  PHONE_SIP_URI_ERROR_SYNTAX,
  PHONE_SIP_URI_ERROR_SCHEME,
} PhoneSipUriError;

/**
 * PhoneSipUri:
 * @user: (nullable): user part, unescaped
 * @host: name or IP literal, without brackets
 * @port: 0 when not said
 * @transport: %PHONE_TRANSPORT_DNS when not said
 * @secure: whether the scheme is `sips`
 *
 * A SIP address in pieces (RFC 3261 §19.1). Other parameters and headers are not kept.
 */
typedef struct {
  char           *user;
  char           *host;
  guint           port;
  PhoneTransport  transport;
  gboolean        secure;
} PhoneSipUri;

PhoneSipUri *phone_sip_uri_new         (const char         *user,
                                        const char         *host,
                                        guint               port,
                                        PhoneTransport      transport) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipUri *phone_sip_uri_parse       (const char         *text,
                                        GError            **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipUri *phone_sip_uri_for_target  (const char         *target,
                                        const PhoneSipUri  *domain,
                                        GError            **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipUri *phone_sip_uri_copy        (const PhoneSipUri  *self) G_GNUC_WARN_UNUSED_RESULT;
void         phone_sip_uri_free        (PhoneSipUri        *self);
void         phone_sip_uri_read_parameters (PhoneSipUri   *self,
                                        const char         *parameters);
char        *phone_sip_uri_to_string   (const PhoneSipUri  *self) G_GNUC_WARN_UNUSED_RESULT;
char        *phone_sip_uri_to_number   (const PhoneSipUri  *self) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipUri, phone_sip_uri_free)

char        *phone_sip_uri_escape_user (const char         *user) G_GNUC_WARN_UNUSED_RESULT;
char        *phone_sip_uri_format_host (const char         *host) G_GNUC_WARN_UNUSED_RESULT;
char        *phone_sip_uri_format_contact (const char      *user,
                                        const char         *address,
                                        guint               port,
                                        PhoneTransport      transport) G_GNUC_WARN_UNUSED_RESULT;
char        *phone_sip_uri_quote_name  (const char         *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
