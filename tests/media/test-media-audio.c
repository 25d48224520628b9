/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The audio port without a sound server: null and file modes, over real sockets on loopback. */

#include "media-fixture.h"
#include "media-level.h"
#include "media-srtp.h"
#include "media-wave.h"
#include "media-wave-writer.h"
#include "tone-detector.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#define RATE 16000

static char *folder;

static char *
write_tone (const char *name,
            double      hz,
            guint       seconds)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (PhoneWaveWriter) writer = phone_wave_writer_new (path, RATE, NULL);
  g_autofree gint16 *samples = g_new0 (gint16, seconds * RATE);

  for (guint i = 0; i < seconds * RATE; i++)
    samples[i] = (gint16) lrint (8000 * sin (2 * G_PI * hz * i / RATE));
  phone_wave_writer_write (writer, samples, seconds * RATE);
  return path;
}

static Handset *
new_file_handset (const char *name,
                  double      hz)
{
  g_autofree char *in_name = g_strconcat (name, "-in.wav", NULL);
  g_autofree char *in = write_tone (in_name, hz, 2);
  g_autofree char *spec = g_strdup_printf ("file:%s,%s/%s-out.wav", in, folder, name);

  return handset_new (spec);
}

static PhoneWave *
read_heard (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s-out.wav", folder, name);
  g_autoptr (GError) error = NULL;
  PhoneWave *wave = phone_wave_load (path, RATE, &error);

  g_assert_no_error (error);
  return wave;
}

/* Level and share of a tone in the last half second. */
static void
check_tone (const char *name,
            double      hz)
{
  g_autoptr (PhoneWave) wave = read_heard (name);
  gsize n = RATE / 2;
  const gint16 *last;
  double level;
  double power = 0;

  g_assert_cmpuint (wave->n_samples, >, n);
  last = wave->samples + wave->n_samples - n;
  level = phone_tone_measure (last, n, RATE, hz) * 32767;
  for (gsize i = 0; i < n; i++)
    power += (double) last[i] * last[i];
  g_test_message ("%s: %.0f Hz at %.0f, %.1f %% of the power", name, hz, level,
                  50 * level * level / (power / (double) n));
  g_assert_cmpfloat (level, >, 6500);
  g_assert_cmpfloat (level, <, 9500);
  g_assert_cmpfloat (level * level / 2, >, 0.9 * power / (double) n);
}

static void
run_codec (const char *codec,
           const char *address)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);
  PhoneMediaStatistics statistics;

  connect_handsets (a, b, 1, codec, address);
  wait_for_event (a, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  run_for (1200);
  g_assert_true (phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (a->audio), 1, &statistics));
  g_assert_cmpstr (statistics.codec, ==, codec);
  g_assert_cmpuint (statistics.packets_sent, >=, 40);
  g_assert_cmpuint (statistics.packets_received, >=, 40);
  g_assert_cmpint (statistics.packets_lost, ==, 0);
  g_test_message ("%s: jitter %u us, buffer %u us, %u ms made up", codec, statistics.jitter_us, statistics.buffer_us,
                  statistics.concealed_ms);
  check_tone ("a", 1000);
  check_tone ("b", 440);
  handset_free (a);
  handset_free (b);
}

static void
test_codecs (void)
{
  run_codec ("PCMU", "127.0.0.1");
  run_codec ("PCMA", "127.0.0.1");
  run_codec ("G722", "127.0.0.1");
  run_codec ("opus", "127.0.0.1");
}

static void
test_v6 (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (socket == NULL || !g_socket_bind (socket, any, FALSE, NULL))
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  run_codec ("PCMU", "::1");
}

static void
send_digits (Handset    *a,
             const char *digits,
             gboolean    inband)
{
  for (const char *digit = digits; *digit != 0; digit++)
    phone_audio_send_digit (a->audio, 1, *digit, 80, inband);
}

typedef struct { Handset *handset; const char *digits; } Digits;

static gboolean
has_digits (gpointer user_data)
{
  Digits *wanted = user_data;
  g_autofree char *digits = handset_dup_digits (wanted->handset);

  return strlen (digits) >= strlen (wanted->digits);
}

static void
test_digits (void)
{
  static const char * const codecs[] = { "PCMU", "G722", "opus" };

  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    {
      Handset *a = handset_new ("null");
      Handset *b = handset_new ("null");
      Digits wanted = { b, "0123456789*#ABCD55" };
      g_autofree char *digits = NULL;

      connect_handsets (a, b, 1, codecs[i], "127.0.0.1");
      wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
      send_digits (a, wanted.digits, FALSE);
      run_until (has_digits, &wanted, 10000, "digits");
      run_for (300);
      digits = handset_dup_digits (b);
      g_assert_cmpstr (digits, ==, wanted.digits);
      handset_free (a);
      handset_free (b);
    }
}

static void
test_digits_inband (void)
{
  Handset *a = handset_new ("null");
  Handset *b = new_file_handset ("b", 1000);
  g_autoptr (PhoneWave) wave = NULL;
  guint found = 0;

  connect_handsets (a, b, 1, "PCMA", "127.0.0.1");
  wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  phone_audio_send_digit (a->audio, 1, '7', 200, TRUE);
  run_for (1000);
  g_assert_cmpuint (handset_count (b, PHONE_EVENT_DIGIT_HEARD), ==, 0);
  handset_free (a);
  handset_free (b);
  wave = read_heard ("b");
  for (gsize at = 0; at + 800 <= wave->n_samples; at += 400)
    if (phone_tone_measure (wave->samples + at, 800, RATE, 852) > 0.1
        && phone_tone_measure (wave->samples + at, 800, RATE, 1209) > 0.1
        && phone_tone_measure (wave->samples + at, 800, RATE, 1336) < 0.02)
      found++;
  g_assert_cmpuint (found, >=, 4);
}

/* Loudest sample of the last half second. */
static int
heard_peak (const char *name)
{
  g_autoptr (PhoneWave) wave = read_heard (name);
  int peak = 0;

  for (gsize i = wave->n_samples - RATE / 2; i < wave->n_samples; i++)
    peak = MAX (peak, ABS (wave->samples[i]));
  return peak;
}

static void
test_hold (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);
  PhoneMediaStatistics before;
  PhoneMediaStatistics after;

  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (a, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);

  /* a holds: neither hears the other, no packets go either way. */
  set_directions (a, b, 1, PHONE_DIRECTION_SENDONLY);
  run_for (300);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (b->audio), 1, &before);
  run_for (1000);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (b->audio), 1, &after);
  g_assert_cmpint (heard_peak ("a"), <, 30);
  g_assert_cmpint (heard_peak ("b"), <, 30);
  g_assert_cmpuint (after.packets_received - before.packets_received, ==, 0);
  g_assert_cmpuint (after.packets_sent - before.packets_sent, ==, 0);

  /* A digit is not sent while on hold. */
  phone_audio_send_digit (a->audio, 1, '5', 80, FALSE);

  set_directions (a, b, 1, PHONE_DIRECTION_INACTIVE);
  run_for (1000);
  g_assert_cmpint (heard_peak ("a"), <, 30);
  g_assert_cmpint (heard_peak ("b"), <, 30);

  set_directions (a, b, 1, PHONE_DIRECTION_SENDRECV);
  run_for (1200);
  check_tone ("a", 1000);
  check_tone ("b", 440);
  g_assert_cmpuint (handset_count (b, PHONE_EVENT_DIGIT_HEARD), ==, 0);
  g_assert_null (handset_find (a, PHONE_EVENT_MEDIA_STALLED, 1));
  handset_free (a);
  handset_free (b);
}

static void
test_mute (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);

  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  phone_audio_set_mute (a->audio, TRUE);
  run_for (1000);
  g_assert_cmpint (heard_peak ("b"), <, 30);
  check_tone ("a", 1000);
  phone_audio_set_mute (a->audio, FALSE);
  run_for (1000);
  check_tone ("b", 440);
  handset_free (a);
  handset_free (b);
}

static void
test_change_codec (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);
  static const char * const codecs[] = { "PCMU", "G722", "opus", "PCMA" };

  connect_handsets (a, b, 1, "PCMU G722 opus PCMA", "127.0.0.1");
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    {
      const PhoneEvent *of_a = handset_find (a, PHONE_EVENT_MEDIA_READY, 1);
      const PhoneEvent *of_b = handset_find (b, PHONE_EVENT_MEDIA_READY, 1);
      g_autoptr (GPtrArray) one = g_ptr_array_new ();
      g_autoptr (PhoneMediaDesc) offer = NULL;
      g_autoptr (PhoneMediaDesc) answer = NULL;
      PhoneMediaStatistics statistics;

      for (guint n = 0; n < phone_media_desc_get_n_codecs (of_a->desc); n++)
        if (strcmp (phone_media_desc_get_codec (of_a->desc, n)->encoding, codecs[i]) == 0)
          g_ptr_array_add (one, (gpointer) phone_media_desc_get_codec (of_a->desc, n));
      offer = phone_media_desc_new ("127.0.0.1", phone_media_desc_get_port (of_a->desc), 0, PHONE_DIRECTION_SENDRECV,
                                    20, one);
      answer = phone_media_desc_answer (of_b->desc, offer, PHONE_DIRECTION_SENDRECV);
      g_assert_nonnull (answer);
      phone_audio_connect (b->audio, 1, answer, offer);
      phone_audio_connect (a->audio, 1, offer, answer);
      run_for (1100);
      phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (a->audio), 1, &statistics);
      g_assert_cmpstr (statistics.codec, ==, codecs[i]);
      check_tone ("a", 1000);
      check_tone ("b", 440);
    }
  handset_free (a);
  handset_free (b);
}

static void
test_tones_in_call (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);
  g_autoptr (PhoneToneScript) script = phone_tone_script_parse ("620/3000", NULL);
  g_autoptr (PhoneWave) wave = NULL;
  const gint16 *last;

  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (a, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  phone_audio_play_tone (a->audio, script, TRUE);
  run_for (1000);
  wave = read_heard ("a");
  last = wave->samples + wave->n_samples - RATE / 2;
  g_assert_cmpfloat (phone_tone_measure (last, RATE / 2, RATE, 1000), >, 0.2);
  g_assert_cmpfloat (phone_tone_measure (last, RATE / 2, RATE, 620), >, 0.18);
  check_tone ("b", 440);                 /* the local tone is local */
  phone_audio_play_tone (a->audio, NULL, FALSE);
  run_for (1000);
  check_tone ("a", 1000);
  handset_free (a);
  handset_free (b);
}

static void
test_volume (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);
  g_autoptr (PhoneWave) wave = NULL;
  double quiet;

  phone_audio_set_channel (a->audio, PHONE_CHANNEL_HANDSET);
  phone_audio_set_volume (a->audio, PHONE_VOLUME_HANDSET, 4);
  phone_audio_set_volume (a->audio, PHONE_VOLUME_HEADSET, 15);
  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (a, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  run_for (1000);
  wave = read_heard ("a");
  quiet = phone_tone_measure (wave->samples + wave->n_samples - RATE / 2, RATE / 2, RATE, 1000) * 32767;
  g_assert_cmpfloat (fabs (20 * log10 (quiet / 8000) - phone_media_level_get_db (4)), <, 1);
  handset_free (a);
  handset_free (b);
}

static void
test_detector (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = handset_new ("null");
  const PhoneEvent *heard;

  handset_set (b, "deskset.audio.tone_detector", "1");
  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (b, PHONE_EVENT_AUDIO_HEARD, 1, 3000);
  heard = handset_find (b, PHONE_EVENT_AUDIO_HEARD, 1);
  g_assert_cmpstr (heard->text, ==, "440");
  run_for (600);
  g_assert_cmpuint (handset_count (b, PHONE_EVENT_AUDIO_HEARD), ==, 1);   /* once, not for each block */
  handset_free (a);
  handset_free (b);
}

static void
test_stall (void)
{
  Handset *a = handset_new ("null");
  Handset *b = handset_new ("null");

  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  handset_forget (b);
  phone_audio_release (a->audio, 1);
  wait_for_event (b, PHONE_EVENT_MEDIA_STALLED, 1, 8000);
  g_assert_cmpuint (handset_count (b, PHONE_EVENT_MEDIA_STALLED), ==, 1);
  handset_free (a);
  handset_free (b);
}

static void
test_stranger (void)
{
  Handset *a = handset_new ("null");
  Handset *b = handset_new ("null");
  const PhoneEvent *of_a;
  g_autoptr (GInetAddress) elsewhere = g_inet_address_new_from_string ("127.0.0.2");
  g_autoptr (GInetAddress) home = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new (elsewhere, 0);
  g_autoptr (GSocketAddress) to = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  PhoneMediaStatistics before;
  PhoneMediaStatistics after;
  guint8 packet[172] = { 0x80 };

  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (a, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  set_directions (a, b, 1, PHONE_DIRECTION_INACTIVE);
  run_for (200);
  of_a = handset_find (a, PHONE_EVENT_MEDIA_READY, 1);
  to = g_inet_socket_address_new (home, (guint16) phone_media_desc_get_port (of_a->desc));
  g_assert_true (g_socket_bind (socket, from, FALSE, NULL));
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (a->audio), 1, &before);
  for (guint i = 0; i < 20; i++)
    {
      packet[3] = (guint8) i;
      g_socket_send_to (socket, to, (const char *) packet, sizeof packet, NULL, NULL);
    }
  run_for (100);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (a->audio), 1, &after);
  g_assert_cmpuint (after.packets_received, ==, before.packets_received);
  handset_free (a);
  handset_free (b);
}

static PhoneMediaDesc *
with_new_keys (PhoneMediaDesc   *desc,
               PhoneCryptoSuite  suite)
{
  PhoneMediaCrypto crypto;

  phone_srtp_make_key (&crypto, suite, 1);
  return phone_media_desc_with_security (desc, PHONE_MEDIA_SECURITY_COMPULSORY, &crypto, 1);
}

/* Encrypted from the first packet; new keys in the middle, with another suite, without a gap; then one side has a wrong key: nothing is
 * heard, and with the right one again it is. */
static void
test_srtp (void)
{
  Handset *a = new_file_handset ("a", 440);
  Handset *b = new_file_handset ("b", 1000);
  g_autoptr (PhoneMediaDesc) of_a = NULL, of_b = NULL, wrong = NULL;
  PhoneMediaStatistics before, after;

  a->security = b->security = PHONE_MEDIA_SECURITY_COMPULSORY;
  connect_handsets (a, b, 1, "PCMU", "127.0.0.1");
  wait_for_event (a, PHONE_EVENT_MEDIA_FLOWING, 1, 3000);
  run_for (800);
  check_tone ("a", 1000);
  check_tone ("b", 440);

  of_a = with_new_keys (handset_find (a, PHONE_EVENT_MEDIA_READY, 1)->desc, PHONE_CRYPTO_SUITE_AES_256_GCM);
  of_b = with_new_keys (handset_find (b, PHONE_EVENT_MEDIA_READY, 1)->desc, PHONE_CRYPTO_SUITE_AES_256_GCM);
  phone_audio_connect (b->audio, 1, of_b, of_a);
  phone_audio_connect (a->audio, 1, of_a, of_b);
  run_for (800);
  check_tone ("a", 1000);
  check_tone ("b", 440);

  wrong = with_new_keys (of_a, PHONE_CRYPTO_SUITE_AES_256_GCM);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (b->audio), 1, &before);
  phone_audio_connect (b->audio, 1, of_b, wrong);
  run_for (300);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (b->audio), 1, &after);
  g_assert_cmpuint (after.packets_received - before.packets_received, <=, 3);
  phone_audio_connect (b->audio, 1, of_b, of_a);
  run_for (1000);
  check_tone ("b", 440);
  handset_free (a);
  handset_free (b);
}

static void
test_failures (void)
{
  Handset *a = handset_new ("null");
  const PhoneEvent *failed;
  static const char * const features[] = { "mulawenc", "alawenc", "avenc_g722" };
  GstPluginFeature *removed[G_N_ELEMENTS (features)];
  g_autoptr (PhoneMediaDesc) desc = NULL;

  g_assert_null (handset_prepare (a, 7, "PCMU", "203.0.113.7"));   /* not our address */
  failed = handset_find (a, PHONE_EVENT_MEDIA_FAILED, 7);
  g_assert_nonnull (failed);
  g_assert_cmpint (failed->value, ==, PHONE_MEDIA_FAULT_OTHER);

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    {
      removed[i] = gst_registry_find_feature (gst_registry_get (), features[i], GST_TYPE_ELEMENT_FACTORY);
      gst_registry_remove_feature (gst_registry_get (), removed[i]);
    }
  g_assert_null (handset_prepare (a, 8, "PCMU PCMA G722", "127.0.0.1"));
  failed = handset_find (a, PHONE_EVENT_MEDIA_FAILED, 8);
  g_assert_nonnull (failed);
  g_assert_cmpint (failed->value, ==, PHONE_MEDIA_FAULT_NO_PLUGIN);
  g_assert_nonnull (strstr (failed->text, "mulawenc"));

  /* With one of them back, that one is offered alone. */
  gst_registry_add_feature (gst_registry_get (), removed[1]);
  desc = handset_prepare (a, 9, "PCMU PCMA G722", "127.0.0.1");
  g_assert_nonnull (desc);
  g_assert_cmpuint (phone_media_desc_get_n_codecs (desc), ==, 2);
  g_assert_cmpstr (phone_media_desc_get_codec (desc, 0)->encoding, ==, "PCMA");
  g_assert_cmpstr (phone_media_desc_get_codec (desc, 1)->encoding, ==, "telephone-event");
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    if (i != 1)
      gst_registry_add_feature (gst_registry_get (), removed[i]);
  handset_free (a);
}

static void
test_description (void)
{
  Handset *a = handset_new ("null");
  g_autoptr (PhoneMediaDesc) desc = handset_prepare (a, 1, "G722 PCMU PCMA opus", "127.0.0.1");
  guint n_events = 0;

  g_assert_nonnull (desc);
  g_assert_cmpuint (phone_media_desc_get_port (desc) % 2, ==, 0);
  g_assert_cmpstr (phone_media_desc_get_address (desc), ==, "127.0.0.1");
  for (guint i = 0; i < phone_media_desc_get_n_codecs (desc); i++)
    {
      const PhoneCodec *codec = phone_media_desc_get_codec (desc, i);

      if (!phone_codec_is_event (codec))
        continue;
      n_events++;
      g_assert_cmpuint (codec->payload_type, ==, codec->clock_rate == 8000 ? 101 : 102);
    }
  g_assert_cmpuint (n_events, ==, 2);   /* for 8 kHz and for Opus' 48 kHz */
  handset_free (a);
}

static void
test_odd_moments (void)
{
  Handset *a = handset_new ("null");
  g_autoptr (PhoneToneScript) click = phone_tone_script_parse ("2000/30", NULL);
  g_autoptr (PhoneMediaDesc) desc = handset_prepare (a, 5, "PCMU", "127.0.0.1");

  /* Commands for calls that are not there, and everything twice. */
  phone_audio_release (a->audio, 5);
  phone_audio_release (a->audio, 6);
  phone_audio_connect (a->audio, 6, desc, desc);
  phone_audio_send_digit (a->audio, 5, '1', 100, FALSE);
  phone_audio_ring (a->audio, "Ring3.wav");
  phone_audio_ring (a->audio, NULL);
  phone_audio_ring (a->audio, NULL);
  phone_audio_play_digit (a->audio, 'x', 100);
  phone_audio_play_tone (a->audio, click, FALSE);
  phone_media_desc_unref (handset_prepare (a, 5, "PCMU", "127.0.0.1"));
  phone_media_desc_unref (handset_prepare (a, 5, "PCMU", "127.0.0.1"));
  phone_audio_send_digit (a->audio, 5, '1', 100, FALSE);
  run_for (100);
  phone_audio_release (a->audio, 5);
  phone_audio_release (a->audio, 5);
  handset_free (a);
}

#define N_GUESTS 3

static const double conference_hz[N_GUESTS + 1] = { 440, 620, 850, 1150 };   /* ours first */

#define N_BLOCKS 7

static int
compare_levels (const void *a,
                const void *b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

/* The middle one of the last tenths of a second: where a jitter buffer skips or fills in, the tone leaps, which spoils one. */
static double
measure_voice (const PhoneWave *wave,
               double           hertz)
{
  const gsize n = RATE / 10;
  double levels[N_BLOCKS];

  for (guint i = 0; i < N_BLOCKS; i++)
    levels[i] = phone_tone_measure (wave->samples + wave->n_samples - (i + 1) * n, n, RATE, hertz) * 32767;
  qsort (levels, N_BLOCKS, sizeof levels[0], compare_levels);

  return levels[N_BLOCKS / 2];
}

/* How loud each of the four tones is at the end of what @name has heard; a tone of the test is about 8000. */
static void
check_voices (const char *name,
              guint       heard)
{
  g_autoptr (PhoneWave) wave = read_heard (name);

  g_assert_cmpuint (wave->n_samples, >, N_BLOCKS * RATE / 10);
  for (guint i = 0; i < G_N_ELEMENTS (conference_hz); i++)
    {
      double level = measure_voice (wave, conference_hz[i]);

      g_test_message ("%s: %.0f Hz at %.0f", name, conference_hz[i], level);
      if (heard & 1u << i)
        g_assert_cmpfloat (level, >, 5500);
      else
        g_assert_cmpfloat (level, <, 200);
    }
}

/* Three guests with three codecs: each hears us and the other two, nobody himself; one is muted, leaves, is held. */
static void
test_conference (void)
{
  static const char *const codecs[N_GUESTS] = { "PCMU", "G722", "opus" };
  static const char *const names[N_GUESTS] = { "b", "c", "d" };
  static const guint calls[N_GUESTS] = { 1, 2, 3 };
  Handset *host = new_file_handset ("a", conference_hz[0]);
  Handset *guests[N_GUESTS];

  for (guint i = 0; i < N_GUESTS; i++)
    {
      guests[i] = new_file_handset (names[i], conference_hz[i + 1]);
      connect_handsets (host, guests[i], calls[i], codecs[i], "127.0.0.1");
    }
  run_for (1000);
  /* No conference yet: all hear us, none another. */
  for (guint i = 0; i < N_GUESTS; i++)
    check_voices (names[i], 1);
  phone_audio_set_conference (host->audio, calls, N_GUESTS);
  run_for (1200);
  check_voices ("a", 0xe);
  for (guint i = 0; i < N_GUESTS; i++)
    check_voices (names[i], 0xf & ~(2u << i));

  phone_audio_set_far_mute (host->audio, 1, TRUE);
  run_for (1200);
  check_voices ("a", 0xc);
  check_voices ("b", 0xd);
  check_voices ("c", 0x9);
  phone_audio_set_far_mute (host->audio, 1, FALSE);
  phone_audio_set_mute (host->audio, TRUE);
  phone_audio_set_conference (host->audio, calls, 2);
  run_for (1200);
  check_voices ("a", 0xe);
  check_voices ("b", 0x4);
  check_voices ("c", 0x2);
  check_voices ("d", 0);

  phone_audio_release (host->audio, 2);
  phone_audio_set_mute (host->audio, FALSE);
  run_for (1200);
  check_voices ("b", 1);
  for (guint i = 0; i < N_GUESTS; i++)
    handset_free (guests[i]);
  handset_free (host);
}

static void
test_specs (void)
{
  PhoneEventQueue *queue = phone_event_queue_new ();
  PhoneSettings *settings = phone_settings_new ();
  static const char * const wrong[] = {
    "", "alsa", "file:", "file:a", "file:,,twice", "file:/nonexistent.wav,", "file:,/nonexistent/x.wav",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (phone_media_audio_new (queue, settings, wrong[i], TRUE, &error));
      g_assert_nonnull (error);
    }
  g_assert_finalize_object (queue);
  g_assert_finalize_object (settings);
}

static void
test_many (void)
{
  /* Twenty calls of one phone at a time: as many as there are threads is not a question here. */
  Handset *a = handset_new ("null");
  Handset *b = handset_new ("null");

  for (guint call = 1; call <= 20; call++)
    connect_handsets (a, b, call, "PCMU", "127.0.0.1");
  for (guint call = 1; call <= 20; call++)
    wait_for_event (b, PHONE_EVENT_MEDIA_FLOWING, call, 5000);
  handset_free (a);
  handset_free (b);
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  folder = g_dir_make_tmp ("deskset-media-XXXXXX", NULL);
  g_test_add_func ("/media/audio/codecs", test_codecs);
  g_test_add_func ("/media/audio/v6", test_v6);
  g_test_add_func ("/media/audio/digits", test_digits);
  g_test_add_func ("/media/audio/digits-inband", test_digits_inband);
  g_test_add_func ("/media/audio/hold", test_hold);
  g_test_add_func ("/media/audio/mute", test_mute);
  g_test_add_func ("/media/audio/change-codec", test_change_codec);
  g_test_add_func ("/media/audio/tones-in-call", test_tones_in_call);
  g_test_add_func ("/media/audio/volume", test_volume);
  g_test_add_func ("/media/audio/detector", test_detector);
  g_test_add_func ("/media/audio/stall", test_stall);
  g_test_add_func ("/media/audio/stranger", test_stranger);
  g_test_add_func ("/media/audio/srtp", test_srtp);
  g_test_add_func ("/media/audio/failures", test_failures);
  g_test_add_func ("/media/audio/description", test_description);
  g_test_add_func ("/media/audio/odd-moments", test_odd_moments);
  g_test_add_func ("/media/audio/conference", test_conference);
  g_test_add_func ("/media/audio/specs", test_specs);
  g_test_add_func ("/media/audio/many", test_many);
  result = g_test_run ();
  {
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
      }
  }
  g_rmdir (folder);
  g_free (folder);
  return result;
}
