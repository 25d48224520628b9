/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "event.h"
#include "settings.h"
#include "sip-hop.h"

G_BEGIN_DECLS

/**
 * PhoneSipTls:
 * @verify: a server needs a certificate of a trusted authority
 * @check_name: and one that is made out to its name
 * @ca_file: trusted authorities (PEM); %NULL: those of the system
 * @certificate_file: (nullable): our own certificate and its key (PEM)
 *
 * How far a TLS peer is trusted: the same for the library, which does the talking, and for our own look at a server before.
 */
typedef struct {
  gboolean  verify;
  gboolean  check_name;
  char     *ca_file;
  char     *certificate_file;
} PhoneSipTls;

PhoneSipTls *phone_sip_tls_new         (PhoneSettings       *settings) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipTls *phone_sip_tls_copy        (const PhoneSipTls   *self) G_GNUC_WARN_UNUSED_RESULT;
void         phone_sip_tls_free        (PhoneSipTls         *self);
int          phone_sip_tls_get_policy  (const PhoneSipTls   *self);

/* The library takes certificates out of a folder, at the moment an agent is made. */
char        *phone_sip_tls_make_folder (const PhoneSipTls   *self,
                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void         phone_sip_tls_remove_folder (const char        *folder);

void         phone_sip_tls_probe_async (const PhoneSipTls   *self,
                                        const PhoneSipHop   *hop,
                                        guint                limit_s,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
PhoneSignalingFault phone_sip_tls_probe_finish (GAsyncResult *result,
                                        GError             **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipTls, phone_sip_tls_free)

G_END_DECLS
