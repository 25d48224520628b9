/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "media-crypto.h"

#include <string.h>

static const struct {
  const char *name;
  gsize       length;   /* of key and salt */
} suites[PHONE_N_CRYPTO_SUITES] = {
  [PHONE_CRYPTO_SUITE_AES_256_GCM] = { "AEAD_AES_256_GCM", 32 + 12 },
  [PHONE_CRYPTO_SUITE_AES_128_GCM] = { "AEAD_AES_128_GCM", 16 + 12 },
  [PHONE_CRYPTO_SUITE_AES_256_CM_80] = { "AES_256_CM_HMAC_SHA1_80", 32 + 14 },
  [PHONE_CRYPTO_SUITE_AES_128_CM_80] = { "AES_CM_128_HMAC_SHA1_80", 16 + 14 },
  [PHONE_CRYPTO_SUITE_AES_256_CM_32] = { "AES_256_CM_HMAC_SHA1_32", 32 + 14 },
  [PHONE_CRYPTO_SUITE_AES_128_CM_32] = { "AES_CM_128_HMAC_SHA1_32", 16 + 14 },
};

/**
 * phone_crypto_suite_to_string:
 * Returns: (nullable): its name in an a=crypto line; %NULL for none
 */
const char *
phone_crypto_suite_to_string (PhoneCryptoSuite suite)
{
  g_return_val_if_fail (suite < PHONE_N_CRYPTO_SUITES, NULL);

  return suites[suite].name;
}

/**
 * phone_crypto_suite_from_string:
 * Returns: the suite of that name (without case), or none
 */
PhoneCryptoSuite
phone_crypto_suite_from_string (const char *text)
{
  g_return_val_if_fail (text != NULL, PHONE_CRYPTO_SUITE_NONE);

  for (guint i = PHONE_CRYPTO_SUITE_NONE + 1; i < PHONE_N_CRYPTO_SUITES; i++)
    if (g_ascii_strcasecmp (suites[i].name, text) == 0)
      return i;
  return PHONE_CRYPTO_SUITE_NONE;
}

/**
 * phone_crypto_suite_get_length:
 * Returns: bytes of master key and salt
 */
gsize
phone_crypto_suite_get_length (PhoneCryptoSuite suite)
{
  g_return_val_if_fail (suite < PHONE_N_CRYPTO_SUITES, 0);

  return suites[suite].length;
}

/**
 * phone_media_crypto_equal:
 * Returns: whether both say the same, key included
 */
gboolean
phone_media_crypto_equal (const PhoneMediaCrypto *a,
                          const PhoneMediaCrypto *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->tag == b->tag && a->suite == b->suite && memcmp (a->key, b->key, suites[a->suite].length) == 0;
}
