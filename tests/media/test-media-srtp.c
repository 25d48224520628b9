/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-rtp.h"
#include "media-srtp.h"

#include <string.h>

/* What goes through is the same at the other end, and nothing else goes through. */

typedef struct {
  guint32 words[(400 + PHONE_SRTP_ROOM) / 4];
  gsize   length;
} Packet;

static guint8 *
bytes (Packet *packet)
{
  return (guint8 *) packet->words;
}

static Packet
make_rtp (guint16 sequence)
{
  Packet packet = { .length = PHONE_RTP_HEADER_SIZE + 160 };
  PhoneRtpHeader header = { 0, FALSE, sequence, sequence * 160u, 0x1234, PHONE_RTP_HEADER_SIZE, 160 };

  memset (bytes (&packet), 0x55, packet.length);
  phone_rtp_write_header (bytes (&packet), &header);
  return packet;
}

static Packet
make_rtcp (void)
{
  Packet packet = { .length = 28 };

  memcpy (bytes (&packet), "\x80\xc8\x00\x06\x00\x00\x12\x34", 8);
  return packet;
}

static void
test_suite (gconstpointer data)
{
  PhoneCryptoSuite suite = GPOINTER_TO_UINT (data);
  PhoneMediaCrypto key, other;
  g_autoptr (PhoneSrtp) out = NULL, in = NULL, wrong = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (phone_srtp_is_supported (suite));
  phone_srtp_make_key (&key, suite, 1);
  phone_srtp_make_key (&other, suite, 1);
  g_assert_false (phone_media_crypto_equal (&key, &other));
  out = phone_srtp_new (&key, FALSE, &error);
  g_assert_no_error (error);
  in = phone_srtp_new (&key, TRUE, &error);
  wrong = phone_srtp_new (&other, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (phone_srtp_has_key (in, &key));
  g_assert_false (phone_srtp_has_key (in, &other));

  /* Over the turn of the sequence number. */
  for (guint i = 65500; i < 65600; i++)
    {
      Packet plain = make_rtp ((guint16) i), sent = plain, copy;

      g_assert_true (phone_srtp_protect (out, bytes (&sent), &sent.length, FALSE));
      g_assert_cmpuint (sent.length, >, plain.length);
      g_assert_cmpuint (sent.length, <=, plain.length + PHONE_SRTP_ROOM);
      g_assert_cmpint (memcmp (bytes (&sent) + PHONE_RTP_HEADER_SIZE, bytes (&plain) + PHONE_RTP_HEADER_SIZE, 160), !=, 0);
      copy = sent;
      g_assert_false (phone_srtp_unprotect (wrong, bytes (&copy), &copy.length, FALSE));
      copy = sent;
      bytes (&copy)[30] ^= 1;
      g_assert_false (phone_srtp_unprotect (in, bytes (&copy), &copy.length, FALSE));
      copy = sent;
      g_assert_true (phone_srtp_unprotect (in, bytes (&copy), &copy.length, FALSE));
      g_assert_cmpmem (bytes (&copy), copy.length, bytes (&plain), plain.length);
      copy = sent;
      g_assert_false (phone_srtp_unprotect (in, bytes (&copy), &copy.length, FALSE));   /* again */
    }
  for (guint i = 0; i < 3; i++)
    {
      Packet plain = make_rtcp (), sent = plain;

      g_assert_true (phone_srtp_protect (out, bytes (&sent), &sent.length, TRUE));
      g_assert_true (phone_srtp_unprotect (in, bytes (&sent), &sent.length, TRUE));
      g_assert_cmpmem (bytes (&sent), sent.length, bytes (&plain), plain.length);
    }
}

/* Plain packets and garbage of any length. */
static void
test_refused (void)
{
  PhoneMediaCrypto key;
  g_autoptr (PhoneSrtp) in = NULL;
  GRand *random = g_rand_new_with_seed (11);

  phone_srtp_make_key (&key, PHONE_CRYPTO_SUITE_AES_128_CM_80, 1);
  in = phone_srtp_new (&key, TRUE, NULL);
  for (guint i = 0; i < 20; i++)
    {
      Packet plain = make_rtp ((guint16) i);

      g_assert_false (phone_srtp_unprotect (in, bytes (&plain), &plain.length, FALSE));
    }
  for (guint length = 0; length < 400; length++)
    for (guint rtcp = 0; rtcp < 2; rtcp++)
      {
        Packet packet = { .length = length };

        for (guint b = 0; b < length; b++)
          bytes (&packet)[b] = (guint8) g_rand_int (random);
        if (length > 0)
          bytes (&packet)[0] = 0x80 | (bytes (&packet)[0] & 0x3f);
        g_assert_false (phone_srtp_unprotect (in, bytes (&packet), &packet.length, rtcp == 1));
      }
  g_rand_free (random);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = PHONE_CRYPTO_SUITE_NONE + 1; i < PHONE_N_CRYPTO_SUITES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/media/srtp/%s", phone_crypto_suite_to_string (i));

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_suite);
    }
  g_test_add_func ("/media/srtp/refused", test_refused);
  return g_test_run ();
}
