/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-g722.h"
#include "exchange-rtp.h"
#include "exchange-sdp.h"
#include "exchange-sounds.h"

#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"

static const ExchangeSdpLocal local = { .address = "127.0.0.1", .port = 5000, .session = 7, .version = 2 };

static char *
answer (const char             *offer,
        const ExchangeSdpLocal *how,
        ExchangeMedia          *media)
{
  g_autoptr (GError) error = NULL;
  char *text = exchange_sdp_answer (offer, strlen (offer), how, media, &error);

  g_assert_true ((text == NULL) == (error != NULL));
  return text;
}

static void
test_first_that_can_be_played (void)
{
  g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
  g_autofree char *text = answer (HEAD "m=audio 4000 RTP/AVP 98 8 0 97\r\na=rtpmap:98 opus/48000/2\r\n"
                                  "a=rtpmap:97 telephone-event/8000\r\n", &local, &media);

  g_assert_nonnull (strstr (text, "m=audio 5000 RTP/AVP 8 97\r\n"));
  g_assert_nonnull (strstr (text, "a=sendrecv\r\n"));
  g_assert_nonnull (strstr (text, "o=- 7 2 IN IP4 127.0.0.1\r\n"));
  g_assert_cmpstr (media.address, ==, "127.0.0.1");
  g_assert_cmpuint (media.port, ==, 4000);
  g_assert_cmpint (media.codec, ==, EXCHANGE_CODEC_PCMA);
  g_assert_cmpint (media.event_payload_type, ==, 97);
}

static void
test_directions (void)
{
  static const struct { const char *theirs, *ours; gboolean may_send, hold; } rows[] = {
    { "a=sendrecv\r\n", "a=sendrecv\r\n", TRUE, FALSE },
    { "a=sendonly\r\n", "a=recvonly\r\n", FALSE, FALSE },
    { "a=recvonly\r\n", "a=sendonly\r\n", TRUE, FALSE },
    { "a=inactive\r\n", "a=inactive\r\n", FALSE, FALSE },
    { "a=sendrecv\r\n", "a=sendonly\r\n", TRUE, TRUE },
    { "a=sendonly\r\n", "a=inactive\r\n", FALSE, TRUE },
    { "c=IN IP4 0.0.0.0\r\n", "a=recvonly\r\n", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
      ExchangeSdpLocal how = local;
      g_autofree char *offer = g_strconcat (HEAD "m=audio 4000 RTP/AVP 0\r\n", rows[i].theirs, NULL);
      g_autofree char *text = NULL;

      how.hold = rows[i].hold;
      text = answer (offer, &how, &media);
      g_assert_nonnull (strstr (text, rows[i].ours));
      g_assert_cmpint (media.may_send, ==, rows[i].may_send);
    }
}

static void
test_nothing_to_take (void)
{
  static const char * const offers[] = {
    HEAD "m=audio 4000 RTP/AVP 98\r\na=rtpmap:98 opus/48000/2\r\n",
    HEAD "m=audio 4000 RTP/SAVP 0\r\n",
    HEAD "m=audio 0 RTP/AVP 0\r\n",
    HEAD "m=video 4000 RTP/AVP 34\r\n",
    HEAD,
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
      g_autoptr (GError) error = NULL;

      g_assert_null (exchange_sdp_answer (offers[i], strlen (offers[i]), &local, &media, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    }
}

static void
test_no_session (void)
{
  g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
  g_autofree char *large = g_strnfill (20000, 'v');
  const char *texts[] = { "", "v", "garbage", "v=1\r\n", large };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (exchange_sdp_answer (texts[i], strlen (texts[i]), &local, &media, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

static void
test_second_stream_is_taken (void)
{
  g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
  g_autofree char *text = answer (HEAD "m=audio 4000 RTP/SAVP 0\r\nm=audio 4002 RTP/AVP 0\r\nm=audio 4004 RTP/AVP 0\r\n",
                                  &local, &media);

  g_assert_nonnull (strstr (text, "m=audio 0 RTP/SAVP 0\r\nm=audio 5000 RTP/AVP 0\r\n"));
  g_assert_nonnull (strstr (text, "m=audio 0 RTP/AVP 0\r\n"));
  g_assert_cmpuint (media.port, ==, 4002);
}

static void
test_own_offer_can_be_read (void)
{
  g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
  g_autofree char *offer = exchange_sdp_offer (&local);

  g_assert_true (exchange_sdp_read_answer (offer, strlen (offer), &media, NULL));
  g_assert_cmpint (media.codec, ==, EXCHANGE_CODEC_G722);
  g_assert_cmpint (media.event_payload_type, ==, 101);
  g_assert_true (media.may_send && media.they_send);
}

static void
test_rtp_header (void)
{
  guint8 packet[40] = { 0x80 };

  g_assert_cmpuint (exchange_rtp_parse_header (packet, 11), ==, 0);
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 12), ==, 12);
  packet[0] = 0x82;
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 19), ==, 0);
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 20), ==, 20);
  packet[0] = 0x90;
  packet[15] = 2;
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 15), ==, 0);
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 23), ==, 0);
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 24), ==, 24);
  packet[0] = 0x40;
  g_assert_cmpuint (exchange_rtp_parse_header (packet, 40), ==, 0);
}

static void
test_sounds (void)
{
  for (ExchangeSound sound = EXCHANGE_SOUND_MUSIC; sound < EXCHANGE_N_SOUNDS; sound++)
    {
      gsize n_samples;
      const gint16 *samples = exchange_sound_get (sound, &n_samples);
      int loudest = 0;

      g_assert_nonnull (samples);
      for (gsize i = 0; i < n_samples; i++)
        loudest = MAX (loudest, ABS (samples[i]));
      /* Heard well, never clipped. */
      g_assert_cmpint (loudest, >, 4000);
      g_assert_cmpint (loudest, <, 28000);
      g_assert_cmpuint (n_samples, >=, EXCHANGE_SOUND_RATE_HZ / 2);
      if (exchange_sound_is_endless (sound))
        g_assert_cmpint (ABS (samples[0] - samples[n_samples - 1]), <, 3000);
    }
}

/* That the code words are right is heard in the test of whole calls, by another decoder; here that they repeat. */
static void
test_g722_is_stateless_between_calls (void)
{
  ExchangeG722 encoder;
  gsize n_samples;
  const gint16 *samples = exchange_sound_get (EXCHANGE_SOUND_GREETING, &n_samples);
  guint8 first[160], second[160], other[160];

  exchange_g722_init (&encoder);
  g_assert_cmpuint (exchange_g722_encode (&encoder, samples, 320, first), ==, 160);
  exchange_g722_encode (&encoder, samples, 320, other);
  exchange_g722_init (&encoder);
  exchange_g722_encode (&encoder, samples, 320, second);
  g_assert_cmpmem (first, 160, second, 160);
  g_assert_cmpint (memcmp (first, other, 160), !=, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/sdp/first-that-can-be-played", test_first_that_can_be_played);
  g_test_add_func ("/exchange/sdp/directions", test_directions);
  g_test_add_func ("/exchange/sdp/nothing-to-take", test_nothing_to_take);
  g_test_add_func ("/exchange/sdp/no-session", test_no_session);
  g_test_add_func ("/exchange/sdp/second-stream", test_second_stream_is_taken);
  g_test_add_func ("/exchange/sdp/own-offer", test_own_offer_can_be_read);
  g_test_add_func ("/exchange/rtp/header", test_rtp_header);
  g_test_add_func ("/exchange/sounds", test_sounds);
  g_test_add_func ("/exchange/g722/init", test_g722_is_stateless_between_calls);
  return g_test_run ();
}
