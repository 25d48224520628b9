/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PHONE_SIP_DNS_ERROR (phone_sip_dns_error_quark ())
GQuark phone_sip_dns_error_quark (void);
typedef enum {
  PHONE_SIP_DNS_ERROR_NOT_FOUND,     /* the name or the record does not exist */
  PHONE_SIP_DNS_ERROR_SILENT,        /* no name server answered */
  PHONE_SIP_DNS_ERROR_BROKEN,        /* an answer that cannot be read */
} PhoneSipDnsError;

/**
 * PhoneSipDnsType:
 * Values of the DNS (RFC 2782, RFC 3403).
 */
typedef enum {
  PHONE_SIP_DNS_SRV = 33,
  PHONE_SIP_DNS_NAPTR = 35,
} PhoneSipDnsType;

/**
 * PhoneSipDnsRecord:
 * @order: priority of an SRV record
 * @preference: weight of an SRV record
 * @port: SRV only
 * @flags: NAPTR only, lower case
 * @service: NAPTR only, upper case, "SIP+D2U"
 * @target: name to go on with, without a dot at its end; "" when the service is not to be had
 * @ttl_s: life of the record
 */
typedef struct {
  guint  order;
  guint  preference;
  guint  port;
  char  *flags;
  char  *service;
  char  *target;
  guint  ttl_s;
} PhoneSipDnsRecord;

void       phone_sip_dns_record_free (PhoneSipDnsRecord  *self);
GPtrArray *phone_sip_dns_parse       (const guint8       *answer,
                                      gsize               n_bytes,
                                      PhoneSipDnsType     type,
                                      GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void       phone_sip_dns_sort        (GPtrArray          *records,
                                      PhoneSipDnsType     type,
                                      GRand              *random);
GPtrArray *phone_sip_dns_query       (const char         *name,
                                      PhoneSipDnsType     type,
                                      GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
