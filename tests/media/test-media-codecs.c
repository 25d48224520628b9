/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-codecs.h"
#include "media-rtp.h"
#include "tone-detector.h"

#include <math.h>
#include <string.h>

typedef struct {
  PhoneMediaDecoder *decoder;
  GArray            *samples;
  guint16            sequence;
  guint32            timestamp;
  guint              payload_type;
  guint              n_packets;
  guint              units;
} Loop;

static void
on_encoded (const guint8 *payload,
            gsize         length,
            gpointer      user_data)
{
  Loop *loop = user_data;
  guint8 data[PHONE_RTP_MAX_PACKET];
  PhoneRtpHeader header
      = { loop->payload_type, FALSE, loop->sequence++, loop->timestamp, 0x1234, PHONE_RTP_HEADER_SIZE, length };
  g_autoptr (GBytes) packet = NULL;

  g_assert_cmpuint (length, >, 0);
  phone_rtp_write_header (data, &header);
  memcpy (data + PHONE_RTP_HEADER_SIZE, payload, length);
  packet = g_bytes_new (data, PHONE_RTP_HEADER_SIZE + length);
  loop->timestamp += loop->units;
  loop->n_packets++;
  g_assert_true (phone_media_decoder_decode (loop->decoder, packet, loop->samples));
}

static void
keep_packet (const guint8 *payload,
             gsize         length,
             gpointer      user_data)
{
  GPtrArray *packets = user_data;
  guint8 data[PHONE_RTP_MAX_PACKET];
  PhoneRtpHeader header = { 96, FALSE, (guint16) packets->len, packets->len * 960, 1, PHONE_RTP_HEADER_SIZE, length };

  phone_rtp_write_header (data, &header);
  memcpy (data + PHONE_RTP_HEADER_SIZE, payload, length);
  g_ptr_array_add (packets, g_bytes_new (data, PHONE_RTP_HEADER_SIZE + length));
}

static void
run_codec (const PhoneMediaCodec *codec,
           guint                  ptime_ms)
{
  g_autoptr (GError) error = NULL;
  PhoneCodec *wanted = phone_codec_new (codec->encoding, codec->payload_type, codec->clock_hz, codec->channels, NULL);
  g_autoptr (PhoneMediaEncoder) encoder = phone_media_encoder_new (wanted, ptime_ms, &error);
  g_autoptr (PhoneMediaDecoder) decoder = NULL;
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  Loop loop = { .samples = samples, .payload_type = codec->payload_type };
  guint frame;
  gsize second = codec->pcm_hz;
  const gint16 *last;
  double level;

  g_assert_no_error (error);
  g_assert_nonnull (encoder);
  decoder = phone_media_decoder_new (wanted, &error);
  g_assert_no_error (error);
  loop.decoder = decoder;
  loop.units = codec->clock_hz * phone_media_encoder_get_ptime (encoder) / 1000;
  frame = codec->pcm_hz * phone_media_encoder_get_ptime (encoder) / 1000;

  for (guint n = 0; n < 2 * second; n += frame)
    {
      g_autofree gint16 *pcm = g_new (gint16, frame);
      guint before = samples->len;

      for (guint i = 0; i < frame; i++)
        pcm[i] = (gint16) lrint (8000 * sin (2 * G_PI * 440 * (n + i) / codec->pcm_hz));
      g_assert_true (phone_media_encoder_encode (encoder, pcm, frame, on_encoded, &loop));
      g_assert_cmpuint (samples->len - before, ==, frame);   /* one packet in, one packet out, at once */
    }

  g_assert_cmpuint (samples->len, >=, second);
  last = (const gint16 *) (gpointer) samples->data + samples->len - second / 2;
  level = phone_tone_measure (last, second / 2, codec->pcm_hz, 440) * 32767;
  g_test_message ("%s %u ms: 440 Hz comes back at %.0f of 8000", codec->encoding, ptime_ms, level);
  g_assert_cmpfloat (level, >, 7000);
  g_assert_cmpfloat (level, <, 9000);
  g_assert_cmpuint (phone_tone_find_dominant (last, second / 10, codec->pcm_hz), ==, 440);
  phone_codec_free (wanted);
}

static void
test_loop (void)
{
  guint n_codecs;
  const PhoneMediaCodec *codecs = phone_media_codec_list (&n_codecs);

  for (guint i = 0; i < n_codecs; i++)
    if (phone_media_codec_is_voice (&codecs[i]))
      {
        g_assert_cmpstr (phone_media_codec_get_missing (&codecs[i]), ==, NULL);
        run_codec (&codecs[i], 20);
        run_codec (&codecs[i], 40);
        if (codecs[i].max_ptime_ms >= 60)
          run_codec (&codecs[i], 60);
        if (codecs[i].frame_ms == 10)
          {
            run_codec (&codecs[i], 10);
            run_codec (&codecs[i], 30);
          }
      }
}

static void
test_garbage (void)
{
  guint n_codecs;
  const PhoneMediaCodec *codecs = phone_media_codec_list (&n_codecs);
  GRand *random = g_rand_new_with_seed (42);

  for (guint i = 0; i < n_codecs; i++)
    {
      PhoneCodec *wanted;
      PhoneMediaDecoder *decoder;
      g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));

      if (!phone_media_codec_is_voice (&codecs[i]))
        continue;
      wanted
          = phone_codec_new (codecs[i].encoding, codecs[i].payload_type, codecs[i].clock_hz, codecs[i].channels, NULL);
      decoder = phone_media_decoder_new (wanted, NULL);
      for (guint n = 0; n < 300; n++)
        {
          guint8 data[400];
          gsize length = (gsize) g_rand_int_range (random, PHONE_RTP_HEADER_SIZE, sizeof data);
          PhoneRtpHeader header = { codecs[i].payload_type, FALSE, (guint16) n, n * 160, 1, 0, 0 };
          g_autoptr (GBytes) packet = NULL;

          for (gsize b = 0; b < length; b++)
            data[b] = (guint8) g_rand_int (random);
          phone_rtp_write_header (data, &header);
          packet = g_bytes_new (data, length);
          phone_media_decoder_decode (decoder, packet, samples);
          g_array_set_size (samples, 0);
        }
      phone_media_decoder_free (decoder);
      phone_codec_free (wanted);
    }
  g_rand_free (random);
}

/* Only the payload is sound: not the contributing sources, the header extension or the padding. */
static void
test_payload (void)
{
  static const char *const names[] = { "PCMU", "PCMA" };
  static const guint8 before[] = { 0xb1, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 1, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 9, 9, 9, 9 };
  static const guint8 after[] = { 0, 0, 0, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint number = i * 8;
      PhoneCodec *wanted = phone_codec_new (names[i], number, 8000, 1, NULL);
      g_autoptr (PhoneMediaDecoder) decoder = phone_media_decoder_new (wanted, NULL);
      g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
      g_autoptr (GByteArray) data = g_byte_array_new ();
      g_autoptr (GBytes) packet = NULL;
      g_autoptr (GBytes) cut = NULL;
      guint8 sound[160];

      memset (sound, i == 0 ? 0xff : 0xd5, sizeof sound);   /* silence */
      g_byte_array_append (data, before, sizeof before);
      g_byte_array_append (data, sound, sizeof sound);
      g_byte_array_append (data, after, sizeof after);
      data->data[1] = (guint8) number;
      packet = g_bytes_new (data->data, data->len);
      g_assert_true (phone_media_decoder_decode (decoder, packet, samples));
      g_assert_cmpuint (samples->len, ==, sizeof sound);
      for (guint n = 0; n < samples->len; n++)
        g_assert_cmpint (ABS (g_array_index (samples, gint16, n)), <=, 8);

      cut = g_bytes_new (data->data, sizeof before - 1);
      g_assert_false (phone_media_decoder_decode (decoder, cut, samples));
      phone_codec_free (wanted);
    }
}

static void
test_match (void)
{
  PhoneCodec pcmu = { (char *) "pcmu", 0, 8000, 1, NULL };
  PhoneCodec fast = { (char *) "PCMU", 0, 16000, 1, NULL };
  PhoneCodec mono = { (char *) "opus", 96, 48000, 1, NULL };
  PhoneCodec g723 = { (char *) "G723", 4, 8000, 1, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (phone_media_codec_find (&pcmu)->encoder, ==, "mulawenc");
  g_assert_null (phone_media_codec_find (&fast));
  g_assert_null (phone_media_codec_find (&mono));
  g_assert_null (phone_media_codec_find (&g723));
  g_assert_null (phone_media_decoder_new (&g723, &error));
  g_assert_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN);
}

/* What a decoder does about a packet that is missing, compared with the sound as it was: with the packet that follows, Opus has a
 * copy of it; without, it and G.729 go on from what they know. */
static double
run_recovery (const char *name,
              gboolean    with_next)
{
  static const char *const fmtp = "useinbandfec=1";
  PhoneCodec wanted = { (char *) name, 96, strcmp (name, "opus") == 0 ? 48000 : 8000, strcmp (name, "opus") == 0 ? 2 : 1, (char *) fmtp };
  const PhoneMediaCodec *codec = phone_media_codec_find (&wanted);
  g_autoptr (PhoneMediaEncoder) encoder = phone_media_encoder_new (&wanted, 20, NULL);
  g_autoptr (PhoneMediaDecoder) whole = phone_media_decoder_new (&wanted, NULL);
  g_autoptr (PhoneMediaDecoder) lossy = phone_media_decoder_new (&wanted, NULL);
  g_autoptr (GArray) right = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GArray) made = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GPtrArray) packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint frame = codec->pcm_hz / 50;
  double error = 0, power = 0;
  GRand *random = g_rand_new_with_seed (7);
  double phase = 0;

  phone_media_encoder_set_loss (encoder, 20);
  /* Something like a voice: a buzz whose pitch and strength change, so that the next packet cannot be guessed. */
  for (guint n = 0; n < 100; n++)
    {
      g_autofree gint16 *pcm = g_new (gint16, frame);
      double hz = 100 + 60 * sin (n * 0.4), loud = 4000 + 3000 * sin (n * 0.9);

      for (guint i = 0; i < frame; i++)
        {
          phase += hz / codec->pcm_hz;
          pcm[i] = (gint16) (loud * (fmod (phase, 1) - 0.5) + g_rand_double_range (random, -100, 100));
        }
      phone_media_encoder_encode (encoder, pcm, frame, keep_packet, packets);
    }
  g_assert_cmpuint (packets->len, ==, 100);
  for (guint n = 0; n < packets->len; n++)
    {
      guint before = right->len;

      g_assert_true (phone_media_decoder_decode (whole, packets->pdata[n], right));
      if (n % 10 != 5)
        {
          g_assert_true (phone_media_decoder_decode (lossy, packets->pdata[n], made));
          continue;
        }
      g_assert_true (phone_media_decoder_recover (lossy, with_next ? packets->pdata[n + 1] : NULL, frame, made));
      g_assert_cmpuint (made->len, ==, right->len);
      for (guint i = before; i < right->len; i++)
        {
          double is = g_array_index (made, gint16, i), was = g_array_index (right, gint16, i);

          error += (is - was) * (is - was);
          power += was * was;
        }
    }
  g_rand_free (random);
  g_test_message ("%s %s: error %.2f of the sound", name, with_next ? "with the next packet" : "alone", sqrt (error / power));
  return sqrt (error / power);
}

static void
test_recovery (void)
{
  g_assert_cmpfloat (run_recovery ("opus", TRUE), <, run_recovery ("opus", FALSE) * 0.8);
  g_assert_cmpfloat (run_recovery ("G729", FALSE), <, 1.5);
}

/* G.726 comes in two packings, and they are not the same. */
static void
test_packing (void)
{
  static const gint16 sound[80] = { 1000, -2000, 3000, -4000, 5000, -6000, 7000, -8000 };
  PhoneCodec right = { (char *) "G726-32", 96, 8000, 1, NULL };
  PhoneCodec left = { (char *) "AAL2-G726-32", 96, 8000, 1, NULL };
  g_autoptr (GPtrArray) packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (PhoneMediaEncoder) a = phone_media_encoder_new (&right, 10, NULL);
  g_autoptr (PhoneMediaEncoder) b = phone_media_encoder_new (&left, 10, NULL);
  const guint8 *one, *two;
  gsize length;

  phone_media_encoder_encode (a, sound, G_N_ELEMENTS (sound), keep_packet, packets);
  phone_media_encoder_encode (b, sound, G_N_ELEMENTS (sound), keep_packet, packets);
  one = g_bytes_get_data (packets->pdata[0], &length);
  two = g_bytes_get_data (packets->pdata[1], NULL);
  g_assert_cmpuint (length, ==, PHONE_RTP_HEADER_SIZE + 40);
  for (gsize i = PHONE_RTP_HEADER_SIZE; i < length; i++)
    g_assert_cmpuint (one[i], ==, (guint8) (two[i] << 4 | two[i] >> 4));
}

static void
test_missing (void)
{
  PhoneCodec wanted = { (char *) "PCMA", 8, 8000, 1, NULL };
  const PhoneMediaCodec *codec = phone_media_codec_find (&wanted);
  GstRegistry *registry = gst_registry_get ();
  GstPluginFeature *feature = gst_registry_find_feature (registry, "alawdec", GST_TYPE_ELEMENT_FACTORY);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (feature);
  gst_registry_remove_feature (registry, feature);
  g_assert_cmpstr (phone_media_codec_get_missing (codec), ==, "alawdec");
  g_assert_null (phone_media_decoder_new (&wanted, &error));
  g_assert_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN);
  g_assert_nonnull (strstr (error->message, "alawdec"));
  gst_registry_add_feature (registry, feature);
  g_assert_cmpstr (phone_media_codec_get_missing (codec), ==, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/codecs/loop", test_loop);
  g_test_add_func ("/media/codecs/garbage", test_garbage);
  g_test_add_func ("/media/codecs/payload", test_payload);
  g_test_add_func ("/media/codecs/match", test_match);
  g_test_add_func ("/media/codecs/recovery", test_recovery);
  g_test_add_func ("/media/codecs/packing", test_packing);
  g_test_add_func ("/media/codecs/missing", test_missing);
  return g_test_run ();
}
