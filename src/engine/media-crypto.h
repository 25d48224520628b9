/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneCryptoSuite:
 * How RTP packets are encrypted and authenticated (SRTP), by the names of RFC 4568 §6.2, RFC 6188 and RFC 7714.
 */
typedef enum {
  PHONE_CRYPTO_SUITE_NONE,
  PHONE_CRYPTO_SUITE_AES_256_GCM,
  PHONE_CRYPTO_SUITE_AES_128_GCM,
  PHONE_CRYPTO_SUITE_AES_256_CM_80,
  PHONE_CRYPTO_SUITE_AES_128_CM_80,
  PHONE_CRYPTO_SUITE_AES_256_CM_32,
  PHONE_CRYPTO_SUITE_AES_128_CM_32,
  PHONE_N_CRYPTO_SUITES
} PhoneCryptoSuite;

/** PHONE_CRYPTO_MAX_KEY: bytes of the longest master key with its salt. */
#define PHONE_CRYPTO_MAX_KEY 46
/** PHONE_MAX_CRYPTOS: in one description; more in an SDP are ignored. */
#define PHONE_MAX_CRYPTOS 8

/**
 * PhoneMediaCrypto:
 * @tag: the number by which an answer names what it takes (RFC 4568 §4.1)
 * @key: master key and salt of whoever says it: what that side sends is encrypted with it. Secret: never logged
 *
 * One a=crypto line.
 */
typedef struct {
  guint            tag;
  PhoneCryptoSuite suite;
  guint8           key[PHONE_CRYPTO_MAX_KEY];
} PhoneMediaCrypto;

/**
 * PhoneMediaSecurity:
 * @PHONE_MEDIA_SECURITY_OPTIONAL: encrypted when the other side can (RFC 8643)
 *
 * How much a description insists on SRTP.
 */
typedef enum {
  PHONE_MEDIA_SECURITY_NONE,
  PHONE_MEDIA_SECURITY_OPTIONAL,
  PHONE_MEDIA_SECURITY_COMPULSORY,
} PhoneMediaSecurity;

const char       *phone_crypto_suite_to_string   (PhoneCryptoSuite  suite);
PhoneCryptoSuite  phone_crypto_suite_from_string (const char       *text);
gsize             phone_crypto_suite_get_length  (PhoneCryptoSuite  suite);
gboolean          phone_media_crypto_equal       (const PhoneMediaCrypto *a,
                                                  const PhoneMediaCrypto *b);

G_END_DECLS
