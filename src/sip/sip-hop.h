/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "types.h"

G_BEGIN_DECLS

/**
 * PhoneSipHop:
 * @name: the name that was looked up; what a certificate must be made out to
 * @address: IP literal
 * @port: never 0
 * @transport: UDP, TCP or TLS, never %PHONE_TRANSPORT_DNS
 * @ttl_s: how long the DNS record that named it holds; 0 when none did
 *
 * Where a request is sent: one result of RFC 3263.
 */
typedef struct {
  char           *name;
  char           *address;
  guint           port;
  PhoneTransport  transport;
  guint           ttl_s;
} PhoneSipHop;

PhoneSipHop *phone_sip_hop_new    (const char        *name,
                                   const char        *address,
                                   guint              port,
                                   PhoneTransport     transport,
                                   guint              ttl_s) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipHop *phone_sip_hop_copy   (const PhoneSipHop *self) G_GNUC_WARN_UNUSED_RESULT;
void         phone_sip_hop_free   (PhoneSipHop       *self);
gboolean     phone_sip_hop_equal  (const PhoneSipHop *a,
                                   const PhoneSipHop *b);
char        *phone_sip_hop_to_url (const PhoneSipHop *self) G_GNUC_WARN_UNUSED_RESULT;
char        *phone_sip_hop_to_string (const PhoneSipHop *self) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipHop, phone_sip_hop_free)

G_END_DECLS
