/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:sip-digest
 * @title: PhoneSipDigest
 *
 * Digest authentication as text and numbers (RFC 3261 §22, RFC 7616, RFC 8760): reads challenges, writes credentials.
 * Knows nothing of sockets, nonces used before or accounts. Any thread.
 */

/**
 * PhoneSipDigestAlgorithm:
 * In the order of their strength. SHA-512-256 is missing: GLib has no truncated SHA-512.
 */
typedef enum {
  PHONE_SIP_DIGEST_UNKNOWN,
  PHONE_SIP_DIGEST_MD5,
  PHONE_SIP_DIGEST_MD5_SESS,
  PHONE_SIP_DIGEST_SHA_256,
  PHONE_SIP_DIGEST_SHA_256_SESS,
} PhoneSipDigestAlgorithm;

/**
 * PhoneSipDigestQop:
 * Quality of protection: the one taken from those the server offers.
 */
typedef enum {
  PHONE_SIP_DIGEST_QOP_NONE,       /* the form of RFC 2069 */
  PHONE_SIP_DIGEST_QOP_AUTH,
  PHONE_SIP_DIGEST_QOP_AUTH_INT,
  PHONE_SIP_DIGEST_QOP_UNKNOWN,    /* nothing we know */
} PhoneSipDigestQop;

/**
 * PhoneSipDigestChallenge:
 * One challenge of the scheme Digest. Strings are what stood between the quotes, escapes included.
 */
typedef struct {
  char                    *realm;
  char                    *nonce;
  char                    *opaque;     /* nullable */
  PhoneSipDigestAlgorithm  algorithm;
  gboolean                 named;      /* the server named the algorithm, so we do */
  PhoneSipDigestQop        qop;
  gboolean                 stale;
  gboolean                 userhash;
} PhoneSipDigestChallenge;

/**
 * PhoneSipDigestRequest:
 * What credentials are made for.
 */
typedef struct {
  const char *user;
  const char *password;
  const char *method;
  const char *uri;          /* the request URI, as written */
  const void *body;         /* nullable */
  gsize       body_length;
  const char *cnonce;       /* the client's nonce: hexadecimal */
  guint       count;        /* requests with this nonce, this one included: from 1 */
} PhoneSipDigestRequest;

GPtrArray               *phone_sip_digest_parse         (const char                    *value) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray               *phone_sip_digest_choose        (GPtrArray                     *challenges) G_GNUC_WARN_UNUSED_RESULT;
gboolean                 phone_sip_digest_is_answerable (const PhoneSipDigestChallenge *challenge);
char                    *phone_sip_digest_write         (const PhoneSipDigestChallenge *challenge,
                                                         const PhoneSipDigestRequest   *request) G_GNUC_WARN_UNUSED_RESULT;

PhoneSipDigestChallenge *phone_sip_digest_challenge_copy (const PhoneSipDigestChallenge *self) G_GNUC_WARN_UNUSED_RESULT;
void                     phone_sip_digest_challenge_free (PhoneSipDigestChallenge       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipDigestChallenge, phone_sip_digest_challenge_free)

G_END_DECLS
