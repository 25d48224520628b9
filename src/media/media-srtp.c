/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-srtp.h"

#include <gio/gio.h>
#include <srtp2/srtp.h>
#include <string.h>
#include <sys/random.h>

/* How far packets may be out of order before they count as replayed: two seconds of them. */
#define REPLAY_WINDOW 128

struct _PhoneSrtp {
  gatomicrefcount  ref_count;
  PhoneMediaCrypto crypto;     /* to see whether the key is another one */
  GMutex           lock;       /* below */
  srtp_t           context;
};

G_STATIC_ASSERT (PHONE_SRTP_ROOM >= SRTP_MAX_TRAILER_LEN + 4);

static void
set_policies (PhoneCryptoSuite  suite,
              srtp_policy_t    *policy)
{
  switch (suite)
    {
    case PHONE_CRYPTO_SUITE_AES_256_GCM:
      srtp_crypto_policy_set_aes_gcm_256_16_auth (&policy->rtp);
      srtp_crypto_policy_set_aes_gcm_256_16_auth (&policy->rtcp);
      break;
    case PHONE_CRYPTO_SUITE_AES_128_GCM:
      srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy->rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy->rtcp);
      break;
    case PHONE_CRYPTO_SUITE_AES_256_CM_80:
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 (&policy->rtp);
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 (&policy->rtcp);
      break;
    case PHONE_CRYPTO_SUITE_AES_256_CM_32:
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32 (&policy->rtp);
      /* RFC 4568 §6.2.2: RTCP keeps the long tag. */
      srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 (&policy->rtcp);
      break;
    case PHONE_CRYPTO_SUITE_AES_128_CM_32:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32 (&policy->rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy->rtcp);
      break;
    case PHONE_CRYPTO_SUITE_AES_128_CM_80:
    case PHONE_CRYPTO_SUITE_NONE:
    case PHONE_N_CRYPTO_SUITES:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy->rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy->rtcp);
      break;
    }
}

static gboolean
start_library (void)
{
  static gsize started = 0;

  /* 1: it did not start. */
  if (g_once_init_enter (&started))
    g_once_init_leave (&started, srtp_init () == srtp_err_status_ok ? 2 : 1);
  return started == 2;
}

/**
 * phone_srtp_new:
 * @crypto: the key of whoever sends
 * @inbound: whether packets come in
 * @error: the library cannot do this suite
 */
PhoneSrtp *
phone_srtp_new (const PhoneMediaCrypto  *crypto,
                gboolean                 inbound,
                GError                 **error)
{
  g_autoptr (PhoneSrtp) self = NULL;
  srtp_policy_t policy = { .window_size = REPLAY_WINDOW };

  g_return_val_if_fail (crypto != NULL && crypto->suite != PHONE_CRYPTO_SUITE_NONE, NULL);

  self = g_new0 (PhoneSrtp, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->crypto = *crypto;
  set_policies (crypto->suite, &policy);
  policy.ssrc.type = inbound ? ssrc_any_inbound : ssrc_any_outbound;
  policy.key = self->crypto.key;
  if (!start_library () || srtp_create (&self->context, &policy) != srtp_err_status_ok)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "SRTP: %s cannot be done here",
                   phone_crypto_suite_to_string (crypto->suite));
      self->context = NULL;
      return NULL;
    }
  return g_steal_pointer (&self);
}

PhoneSrtp *
phone_srtp_ref (PhoneSrtp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
phone_srtp_unref (PhoneSrtp *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->context != NULL)
    srtp_dealloc (self->context);
  explicit_bzero (&self->crypto, sizeof self->crypto);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * phone_srtp_is_supported:
 * Returns: whether the library can do this suite; the newer ones depend on how it was built
 */
gboolean
phone_srtp_is_supported (PhoneCryptoSuite suite)
{
  PhoneMediaCrypto crypto = { 1, suite, { 0 } };
  g_autoptr (PhoneSrtp) probe = phone_srtp_new (&crypto, TRUE, NULL);

  return probe != NULL;
}

/**
 * phone_srtp_make_key:
 * @crypto: (out): a new key, from the kernel's random numbers
 */
void
phone_srtp_make_key (PhoneMediaCrypto *crypto,
                     PhoneCryptoSuite  suite,
                     guint             tag)
{
  gsize length = phone_crypto_suite_get_length (suite);
  gssize got;

  g_return_if_fail (crypto != NULL);

  memset (crypto, 0, sizeof *crypto);
  crypto->tag = tag;
  crypto->suite = suite;
  got = getrandom (crypto->key, length, 0);
  /* Up to 256 bytes come whole, once the kernel's pool is ready; a guessable key would be worse than the end. */
  if (got != (gssize) length)
    g_error ("The kernel gives no random numbers");
}

gboolean
phone_srtp_has_key (PhoneSrtp              *self,
                    const PhoneMediaCrypto *crypto)
{
  g_return_val_if_fail (self != NULL && crypto != NULL, FALSE);

  return self->crypto.suite == crypto->suite
         && memcmp (self->crypto.key, crypto->key, phone_crypto_suite_get_length (crypto->suite)) == 0;
}

/**
 * phone_srtp_protect:
 * @packet: aligned as a number is, with room for %PHONE_SRTP_ROOM more bytes
 * @length: (inout): its length
 */
gboolean
phone_srtp_protect (PhoneSrtp *self,
                    guint8    *packet,
                    gsize     *length,
                    gboolean   rtcp)
{
  int n = (int) *length;
  srtp_err_status_t status;

  g_return_val_if_fail (self != NULL && packet != NULL, FALSE);

  g_mutex_lock (&self->lock);
  status = rtcp ? srtp_protect_rtcp (self->context, packet, &n) : srtp_protect (self->context, packet, &n);
  g_mutex_unlock (&self->lock);
  *length = (gsize) n;
  return status == srtp_err_status_ok;
}

/**
 * phone_srtp_unprotect:
 * @packet: aligned as a number is
 * @length: (inout): its length
 *
 * Returns: %FALSE when the packet is not authentic, or one that was there before
 */
gboolean
phone_srtp_unprotect (PhoneSrtp *self,
                      guint8    *packet,
                      gsize     *length,
                      gboolean   rtcp)
{
  int n = (int) *length;
  srtp_err_status_t status;

  g_return_val_if_fail (self != NULL && packet != NULL, FALSE);

  /* The library takes the length of the fixed header for granted. */
  if (*length < (rtcp ? 8u : 12u))
    return FALSE;
  g_mutex_lock (&self->lock);
  status = rtcp ? srtp_unprotect_rtcp (self->context, packet, &n) : srtp_unprotect (self->context, packet, &n);
  g_mutex_unlock (&self->lock);
  *length = (gsize) n;
  return status == srtp_err_status_ok;
}
