/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <string.h>

#include "sip-sdp.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\n"

static PhoneSipSdp *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PhoneSipSdp *sdp = phone_sip_sdp_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (sdp);
  return sdp;
}

static void
test_usual (void)
{
  g_autoptr (PhoneSipSdp) sdp = parse (HEAD "c=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 9 0 8 18 97 101\r\n"
                                            "a=rtpmap:97 opus/48000/2\r\na=fmtp:97 useinbandfec=1\r\n"
                                            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:30\r\n"
                                            "a=rtcp:4444 IN IP4 10.0.0.1\r\na=recvonly\r\n");
  const PhoneCodec *codec;

  g_assert_cmpint (sdp->audio, ==, 0);
  g_assert_cmpstr (phone_media_desc_get_address (sdp->desc), ==, "10.0.0.1");
  g_assert_cmpuint (phone_media_desc_get_port (sdp->desc), ==, 4000);
  g_assert_cmpuint (phone_media_desc_get_rtcp_port (sdp->desc), ==, 4444);
  g_assert_cmpuint (phone_media_desc_get_ptime_ms (sdp->desc), ==, 30);
  g_assert_cmpint (phone_media_desc_get_direction (sdp->desc), ==, PHONE_DIRECTION_RECVONLY);
  g_assert_cmpuint (phone_media_desc_get_n_codecs (sdp->desc), ==, 6);
  codec = phone_media_desc_get_codec (sdp->desc, 0);
  g_assert_cmpstr (codec->encoding, ==, "G722");
  g_assert_cmpuint (codec->clock_rate, ==, 8000);
  codec = phone_media_desc_get_codec (sdp->desc, 3);
  g_assert_cmpstr (codec->encoding, ==, "G729");
  codec = phone_media_desc_get_codec (sdp->desc, 4);
  g_assert_cmpstr (codec->encoding, ==, "opus");
  g_assert_cmpuint (codec->channels, ==, 2);
  g_assert_cmpstr (codec->fmtp, ==, "useinbandfec=1");
}

/* What other parsers refuse or get wrong. */
static void
test_odd (void)
{
  g_autoptr (PhoneSipSdp) no_rate = parse (HEAD "c=IN IP4 10.0.0.1\nt=0 0\nm=audio 4000 RTP/AVP 0 99\na=rtpmap:99 speex\n");
  g_autoptr (PhoneSipSdp) session_direction = parse (HEAD "a=sendonly\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n");
  g_autoptr (PhoneSipSdp) media_address = parse (HEAD "c=IN IP4 10.0.0.1\r\nm=audio 4000/2 RTP/AVP 0\r\nc=IN IP4 10.0.0.2/127\r\n");
  g_autoptr (PhoneSipSdp) hold = parse (HEAD "c=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 0\r\n");
  g_autoptr (PhoneSipSdp) ipv6 = parse ("v=0\r\nc=IN IP6 ::1\r\nm=audio 4000 RTP/AVP 8\r\n");
  g_autoptr (PhoneSipSdp) second = parse (HEAD "c=IN IP4 10.0.0.1\r\nm=audio 0 RTP/AVP 0\r\nm=audio 4000 RTP/AVP 0\r\n");
  g_autoptr (PhoneSipSdp) off = parse (HEAD "c=IN IP4 10.0.0.1\r\nm=audio 0 RTP/AVP 0\r\n");
  g_autoptr (PhoneSipSdp) secure = parse (HEAD "c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/SAVP 0\r\nm=video 4002 RTP/AVP 31\r\n");
  g_autoptr (PhoneSipSdp) named = parse (HEAD "c=IN IP4 host.example.com\r\nm=audio 4000 RTP/AVP 0\r\n");
  g_autoptr (PhoneSipSdp) none = parse (HEAD);

  g_assert_cmpuint (phone_media_desc_get_codec (no_rate->desc, 1)->clock_rate, ==, 8000);
  g_assert_cmpint (phone_media_desc_get_direction (session_direction->desc), ==, PHONE_DIRECTION_SENDONLY);
  g_assert_cmpstr (phone_media_desc_get_address (media_address->desc), ==, "10.0.0.2");
  g_assert_true (phone_media_desc_is_hold (hold->desc));
  g_assert_cmpstr (phone_media_desc_get_address (ipv6->desc), ==, "::1");
  g_assert_cmpint (second->audio, ==, 1);
  g_assert_cmpint (off->audio, ==, 0);
  g_assert_cmpuint (phone_media_desc_get_port (off->desc), ==, 0);
  g_assert_null (secure->desc);
  g_assert_cmpuint (secure->lines->len, ==, 2);
  g_assert_null (named->desc);
  g_assert_null (none->desc);
  g_assert_cmpint (none->audio, ==, -1);
}

static void
test_refused (void)
{
  g_autofree char *long_line = g_strnfill (3000, 'x');
  g_autofree char *too_long = g_strconcat (HEAD, "a=", long_line, NULL);
  g_autoptr (GString) too_many = g_string_new (HEAD);
  const char *texts[] = { "", "hello", "m=audio 1 RTP/AVP 0\r\n", "v=1\r\n", HEAD "m=audio\r\n", HEAD "m=audio 70000 RTP/AVP 0\r\n",
                          HEAD "m=audio x RTP/AVP 0\r\n", HEAD "m=audio 1 RTP/AVP \r\n", HEAD "=\r\n", too_long, NULL, NULL };

  for (guint i = 0; i < 40; i++)
    g_string_append (too_many, "m=video 1 RTP/AVP 1\r\n");
  texts[10] = too_many->str;

  for (guint i = 0; texts[i]; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (phone_sip_sdp_parse (texts[i], strlen (texts[i]), &error));
      g_assert_true (error->domain == PHONE_SIP_SDP_ERROR);
    }
  g_assert_null (phone_sip_sdp_parse (HEAD, strlen (HEAD) + 1, NULL)); /* a zero inside */
}

static PhoneMediaDesc *
make_desc (const char     *address,
           PhoneDirection  direction)
{
  g_autoptr (GPtrArray) codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  g_ptr_array_add (codecs, phone_codec_new ("opus", 97, 48000, 2, "useinbandfec=1"));
  g_ptr_array_add (codecs, phone_codec_new ("PCMU", 0, 8000, 1, NULL));
  return phone_media_desc_new (address, 4000, 0, direction, 20, codecs);
}

static void
test_write (void)
{
  g_autoptr (PhoneSipSdpOrigin) origin = phone_sip_sdp_origin_new (7);
  g_autoptr (PhoneMediaDesc) talk = make_desc ("10.0.0.1", PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) hold = make_desc ("10.0.0.1", PHONE_DIRECTION_SENDONLY);
  g_autoptr (PhoneMediaDesc) ipv6 = make_desc ("::1", PHONE_DIRECTION_SENDONLY);
  g_autoptr (PhoneSipSdp) layout = parse (HEAD "c=IN IP4 1.2.3.4\r\nm=video 5 RTP/AVP 31 32\r\n"
                                               "m=audio 6 RTP/AVPF 0\r\nm=image 7 udptl t38\r\n");
  g_autofree char *first = phone_sip_sdp_write (origin, talk, NULL);
  g_autofree char *same = phone_sip_sdp_write (origin, talk, NULL);
  g_autofree char *changed = phone_sip_sdp_write (origin, hold, NULL);
  g_autofree char *six = phone_sip_sdp_write (origin, ipv6, NULL);
  g_autofree char *answer = phone_sip_sdp_write (origin, talk, layout);

  g_assert_cmpstr (first, ==,
                   "v=0\r\no=- 7 7 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 97 0\r\n"
                   "a=rtpmap:97 opus/48000/2\r\na=fmtp:97 useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n");
  g_assert_cmpstr (same, ==, first);
  g_assert_nonnull (strstr (changed, "o=- 7 8 "));
  /* Where it began, wherever it is (RFC 3264 §8). */
  g_assert_nonnull (strstr (six, "o=- 7 9 IN IP4 10.0.0.1\r\n"));
  g_assert_nonnull (strstr (six, "c=IN IP6 ::1\r\n"));
  g_assert_nonnull (strstr (answer, "t=0 0\r\nm=video 0 RTP/AVP 31 32\r\nm=audio 4000 RTP/AVPF 97 0\r\n"));
  g_assert_true (g_str_has_suffix (answer, "m=image 0 udptl t38\r\n"));
}

#define KEY30 "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0e"
#define KEY46 KEY30 "HyAhIiMkJSYnKCkqKywtLg=="

/* RFC 4568: what can be taken is, what changes the packets in a way we do not know is left out. */
static void
test_crypto (void)
{
  static const struct { const char *line; guint n; } cases[] = {
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30, 1 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|2^31", 1 },
    { "a=crypto:999999999 aes_cm_128_hmac_sha1_32 INLINE:" KEY30, 1 },
    { "a=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:" KEY46, 1 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " WSH=128 -X", 1 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|2^31|1:4", 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|1:4", 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 ";inline:" KEY30, 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " UNENCRYPTED_SRTCP", 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " KDR=3", 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUJD", 0 },
    { "a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:" KEY30, 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80", 0 },
    { "a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:" KEY30, 0 },
    { "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" KEY30, 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 uri:" KEY30, 0 },
    { "a=crypto:", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint secure = 0; secure < 2; secure++)
      {
        g_autofree char *text = g_strdup_printf (HEAD "c=IN IP4 1.2.3.4\r\nm=audio 6 RTP/%sAVP 0\r\n%s\r\n", secure ? "S" : "",
                                                 cases[i].line);
        g_autoptr (PhoneSipSdp) sdp = parse (text);

        if (secure && cases[i].n == 0)
          {
            g_assert_null (sdp->desc);
            continue;
          }
        g_assert_nonnull (sdp->desc);
        g_assert_cmpuint (phone_media_desc_get_n_cryptos (sdp->desc), ==, cases[i].n);
        g_assert_cmpint (phone_media_desc_get_security (sdp->desc), ==,
                         secure ? PHONE_MEDIA_SECURITY_COMPULSORY
                                : cases[i].n > 0 ? PHONE_MEDIA_SECURITY_OPTIONAL : PHONE_MEDIA_SECURITY_NONE);
      }
}

/* Both side by side: the first is taken, unless it is asked for the other one. */
static void
test_crypto_beside (void)
{
  g_autoptr (PhoneSipSdp) sdp = parse (HEAD "c=IN IP4 1.2.3.4\r\nm=audio 6 RTP/SAVP 0\r\n"
                                       "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "\r\nm=audio 8 RTP/AVP 0\r\n");

  g_assert_cmpint (sdp->audio, ==, 0);
  g_assert_cmpuint (phone_media_desc_get_port (sdp->desc), ==, 6);
  phone_sip_sdp_prefer_plain (sdp);
  g_assert_cmpint (sdp->audio, ==, 1);
  g_assert_cmpuint (phone_media_desc_get_port (sdp->desc), ==, 8);
  g_assert_cmpint (phone_media_desc_get_security (sdp->desc), ==, PHONE_MEDIA_SECURITY_NONE);
  phone_sip_sdp_prefer_plain (sdp);
  g_assert_cmpint (sdp->audio, ==, 1);
}

static void
test_crypto_written (void)
{
  static const PhoneMediaCrypto cryptos[] = {
    { 3, PHONE_CRYPTO_SUITE_AES_128_CM_80, { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
                                             25, 26, 27, 28, 29, 30 } },
  };
  g_autoptr (PhoneSipSdpOrigin) origin = phone_sip_sdp_origin_new (7);
  g_autoptr (PhoneMediaDesc) plain = make_desc ("10.0.0.1", PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) must = phone_media_desc_with_security (plain, PHONE_MEDIA_SECURITY_COMPULSORY, cryptos, 1);
  g_autoptr (PhoneMediaDesc) may = phone_media_desc_with_security (plain, PHONE_MEDIA_SECURITY_OPTIONAL, cryptos, 1);
  g_autoptr (PhoneMediaDesc) declined = phone_media_desc_declined (plain);
  g_autoptr (PhoneSipSdp) layout = parse (HEAD "c=IN IP4 1.2.3.4\r\nm=audio 6 RTP/SAVPF 0\r\n"
                                          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "\r\n");
  g_autofree char *secure = phone_sip_sdp_write (origin, must, NULL);
  g_autofree char *open = phone_sip_sdp_write (origin, may, NULL);
  g_autofree char *answer = phone_sip_sdp_write (origin, must, layout);
  g_autofree char *refusal = phone_sip_sdp_write (origin, declined, layout);
  g_autoptr (PhoneSipSdp) read = parse (secure);

  g_assert_nonnull (strstr (secure, "m=audio 4000 RTP/SAVP 97 0\r\n"));
  g_assert_nonnull (strstr (secure, "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "\r\n"));
  g_assert_true (phone_media_desc_equal (read->desc, must));
  g_assert_nonnull (strstr (open, "m=audio 4000 RTP/AVP 97 0\r\n"));
  g_assert_nonnull (strstr (open, "a=crypto:3 "));
  g_assert_nonnull (strstr (answer, "m=audio 4000 RTP/SAVPF 97 0\r\n"));
  g_assert_nonnull (strstr (refusal, "m=audio 0 RTP/SAVPF 97 0\r\n"));
}

/* RFC 5761: allowed when both sides say so. */
static void
test_mux (void)
{
  g_autoptr (PhoneSipSdpOrigin) origin = phone_sip_sdp_origin_new (7);
  g_autoptr (PhoneMediaDesc) ours = make_desc ("10.0.0.1", PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneSipSdp) with = parse (HEAD "c=IN IP4 1.2.3.4\r\nm=audio 6 RTP/AVP 0\r\na=rtcp-mux\r\n");
  g_autoptr (PhoneSipSdp) without = parse (HEAD "c=IN IP4 1.2.3.4\r\nm=audio 6 RTP/AVP 0\r\n");
  g_autoptr (PhoneMediaDesc) mux = phone_media_desc_answer (ours, with->desc, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) plain = phone_media_desc_answer (ours, without->desc, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) send = NULL, receive = NULL;
  g_autofree char *text = phone_sip_sdp_write (origin, mux, with);
  g_autofree char *usual = phone_sip_sdp_write (origin, plain, without);

  g_assert_true (phone_media_desc_get_mux (with->desc));
  g_assert_nonnull (strstr (text, "a=rtcp-mux\r\n"));
  g_assert_null (strstr (usual, "rtcp-mux"));
  g_assert_true (phone_media_desc_choose (mux, with->desc, &send, &receive));
  g_assert_true (phone_media_desc_get_mux (send));
}

/* What we write we read back as the same. */
static void
test_round_trip (void)
{
  g_autoptr (PhoneSipSdpOrigin) origin = phone_sip_sdp_origin_new (7);
  g_autoptr (PhoneMediaDesc) desc = make_desc ("10.0.0.1", PHONE_DIRECTION_INACTIVE);
  g_autofree char *text = phone_sip_sdp_write (origin, desc, NULL);
  g_autoptr (PhoneSipSdp) sdp = parse (text);

  g_assert_true (phone_media_desc_equal (desc, sdp->desc));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/sdp/usual", test_usual);
  g_test_add_func ("/sip/sdp/odd", test_odd);
  g_test_add_func ("/sip/sdp/refused", test_refused);
  g_test_add_func ("/sip/sdp/write", test_write);
  g_test_add_func ("/sip/sdp/crypto", test_crypto);
  g_test_add_func ("/sip/sdp/crypto-beside", test_crypto_beside);
  g_test_add_func ("/sip/sdp/crypto-written", test_crypto_written);
  g_test_add_func ("/sip/sdp/mux", test_mux);
  g_test_add_func ("/sip/sdp/round-trip", test_round_trip);

  return g_test_run ();
}
