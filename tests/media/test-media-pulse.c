/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The audio port on a real sound server with null sinks: what is spoken at one phone is heard at the other. */

#include "media-device-list.h"
#include "media-fixture.h"
#include "pulse-server.h"
#include "tone-detector.h"

#include <gst/gst.h>
#include <math.h>
#include <string.h>

#define RATE PULSE_TAP_HZ

static PulseServer *server;

static Handset *
new_handset (const char *speaker,
             const char *microphone)
{
  Handset *self = handset_new ("pulse");
  g_autofree char *source = g_strconcat (microphone, ".monitor", NULL);

  handset_set (self, "deskset.audio.speaker", speaker);
  handset_set (self, "deskset.audio.speaker_microphone", source);
  handset_set (self, "deskset.audio.ringer", "ringer");
  return self;
}

typedef struct {
  PulseTap *tap;
  double    hz;
  double    level;     /* full scale = 1 */
  double    purity;
} Tone;

static void
measure (Tone *tone)
{
  gsize n = RATE / 4;
  g_autofree gint16 *samples = g_new0 (gint16, n);
  double power = 0;

  tone->level = tone->purity = 0;
  if (!pulse_tap_get_last (tone->tap, samples, n))
    return;
  for (gsize i = 0; i < n; i++)
    power += (double) samples[i] * samples[i] / 32767 / 32767 / (double) n;
  tone->level = phone_tone_measure (samples, n, RATE, tone->hz);
  tone->purity = power > 0 ? tone->level * tone->level / 2 / power : 0;
}

static gboolean
is_heard (gpointer user_data)
{
  Tone *tone = user_data;

  measure (tone);
  return tone->level > 0.2 && tone->level < 0.3 && tone->purity > 0.95;
}

static gboolean
is_silent (gpointer user_data)
{
  Tone *tone = user_data;
  gint16 samples[RATE / 4];

  if (!pulse_tap_get_last (tone->tap, samples, G_N_ELEMENTS (samples)))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    if (ABS (samples[i]) > 30)
      return FALSE;
  return TRUE;
}

typedef struct {
  Handset  *a;
  Handset  *b;
  PulseTap *say_a;
  PulseTap *say_b;
  PulseTap *ear_a;
  PulseTap *ear_b;
  Tone      at_a;
  Tone      at_b;
} Pair;

static void
pair_open (Pair       *pair,
           const char *codecs)
{
  pair->ear_a = pulse_tap_new_record ("spk1.monitor");
  pair->ear_b = pulse_tap_new_record ("spk2.monitor");
  pair->say_a = pulse_tap_new_tone ("mic1", 440, 0.25);
  pair->say_b = pulse_tap_new_tone ("mic2", 1000, 0.25);
  pair->a = new_handset ("spk1", "mic1");
  pair->b = new_handset ("spk2", "mic2");
  pair->at_a = (Tone) { pair->ear_a, 1000 };
  pair->at_b = (Tone) { pair->ear_b, 440 };
  if (codecs != NULL)
    {
      connect_handsets (pair->a, pair->b, 1, codecs, "127.0.0.1");
      wait_for_event (pair->a, PHONE_EVENT_MEDIA_FLOWING, 1, 8000);
      wait_for_event (pair->b, PHONE_EVENT_MEDIA_FLOWING, 1, 8000);
    }
}

static void
pair_close (Pair *pair)
{
  handset_free (pair->a);
  handset_free (pair->b);
  pulse_tap_free (pair->ear_a);
  pulse_tap_free (pair->ear_b);
  pulse_tap_free (pair->say_a);
  pulse_tap_free (pair->say_b);
}

static void
check_both (Pair *pair)
{
  run_until (is_heard, &pair->at_b, 8000, "440 Hz from a at b");
  run_until (is_heard, &pair->at_a, 8000, "1000 Hz from b at a");
  g_test_message ("440 Hz %.3f pure %.3f, 1000 Hz %.3f pure %.3f", pair->at_b.level, pair->at_b.purity,
                  pair->at_a.level, pair->at_a.purity);
}

static void
test_codec (gconstpointer codec)
{
  Pair pair;
  PhoneMediaStatistics statistics;

  pair_open (&pair, codec);
  check_both (&pair);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (pair.a->audio), 1, &statistics);
  g_test_message ("buffer %u us, %u ms made up, %u late", statistics.buffer_us, statistics.concealed_ms,
                  statistics.packets_late);
  g_assert_null (handset_find (pair.a, PHONE_EVENT_MEDIA_FAILED, 0));
  pair_close (&pair);
}

static void
test_hold (void)
{
  Pair pair;

  pair_open (&pair, "PCMU");
  check_both (&pair);
  set_directions (pair.a, pair.b, 1, PHONE_DIRECTION_SENDONLY);
  run_until (is_silent, &pair.at_a, 8000, "silence at the holder");
  run_until (is_silent, &pair.at_b, 8000, "silence at the held");
  set_directions (pair.a, pair.b, 1, PHONE_DIRECTION_SENDRECV);
  check_both (&pair);
  phone_audio_set_mute (pair.a->audio, TRUE);
  run_until (is_silent, &pair.at_b, 8000, "silence from the muted");
  run_until (is_heard, &pair.at_a, 8000, "the muted hears");
  pair_close (&pair);
}

static gboolean
has_two_tones (gpointer user_data)
{
  Tone *tone = user_data;
  gint16 samples[RATE / 4];

  return pulse_tap_get_last (tone->tap, samples, G_N_ELEMENTS (samples))
         && phone_tone_measure (samples, G_N_ELEMENTS (samples), RATE, 1000) > 0.2
         && phone_tone_measure (samples, G_N_ELEMENTS (samples), RATE, 620) > 0.15;
}

static void
test_tone_in_call (void)
{
  Pair pair;
  g_autoptr (PhoneToneScript) script = phone_tone_script_parse ("620/3000", NULL);

  pair_open (&pair, "G722");
  check_both (&pair);
  phone_audio_play_tone (pair.a->audio, script, TRUE);
  run_until (has_two_tones, &pair.at_a, 8000, "the call and a tone");
  run_until (is_heard, &pair.at_b, 8000, "no tone at the other side");
  phone_audio_play_tone (pair.a->audio, NULL, FALSE);
  check_both (&pair);
  pair_close (&pair);
}

static void
test_channel (void)
{
  Pair pair;
  PulseTap *headset = pulse_tap_new_record ("headset.monitor");
  Tone at_headset = { headset, 1000 };

  pair_open (&pair, "PCMU");
  handset_set (pair.a, "deskset.audio.headset", "headset");
  handset_set (pair.a, "deskset.audio.headset_microphone", "mic1.monitor");
  check_both (&pair);
  phone_audio_set_channel (pair.a->audio, PHONE_CHANNEL_HEADSET);
  run_until (is_heard, &at_headset, 8000, "1000 Hz in the headset");
  run_until (is_silent, &pair.at_a, 8000, "silence on the speaker");
  run_until (is_heard, &pair.at_b, 8000, "440 Hz from the headset's microphone");
  pair_close (&pair);
  pulse_tap_free (headset);
}

typedef struct {
  PulseTap *tap;
  gsize     from;
  guint     wanted;
  guint     loud;      /* blocks of 5 ms that are louder than silence, from `from` on */
  gsize     last;      /* end of the last loud block */
} Ring;

static void
look_for_ring (Ring *ring)
{
  gsize n;
  g_autofree gint16 *samples = pulse_tap_dup (ring->tap, &n);
  gsize block = RATE / 200;

  ring->loud = 0;
  for (gsize at = ring->from; at + block <= n; at += block)
    {
      int peak = 0;

      for (gsize i = 0; i < block; i++)
        peak = MAX (peak, ABS (samples[at + i]));
      if (peak > 100)
        {
          ring->loud++;
          ring->last = at + block;
        }
    }
}

static gboolean
rings (gpointer user_data)
{
  Ring *ring = user_data;

  look_for_ring (ring);
  return ring->loud >= ring->wanted;
}

static gboolean
is_longer (gpointer user_data)
{
  Ring *ring = user_data;

  return pulse_tap_get_length (ring->tap) >= ring->from;
}

static void
test_ring (void)
{
  Handset *a = new_handset ("spk1", "mic1");
  PulseTap *tap = pulse_tap_new_record ("ringer.monitor");
  PulseTap *speaker = pulse_tap_new_record ("spk1.monitor");
  Tone at_speaker = { speaker, 440 };
  Ring ring = { tap, 0, 100, 0, 0 };
  Ring after;
  gsize stopped;

  phone_audio_ring (a->audio, "Ring1.wav");
  run_until (rings, &ring, 8000, "the ring");
  run_until (is_silent, &at_speaker, 8000, "no ring on the speaker");
  phone_audio_ring (a->audio, NULL);
  /* On the recording's own time: what was recorded when the ring was stopped, and the last sound after it. A recorder
   * that lags makes `stopped` too small and the measured time too long, never the other way round. */
  stopped = pulse_tap_get_length (tap);
  after = (Ring) { tap, stopped + RATE };
  run_until (is_longer, &after, 8000, "one more second of recording");
  ring.from = 0;
  look_for_ring (&ring);
  g_test_message ("the last sound is %.0f ms after the stop", ((double) ring.last - (double) stopped) * 1000 / RATE);
  g_assert_cmpuint (ring.last, <=, stopped + RATE / 10);
  g_assert_cmpuint (handset_count (a, PHONE_EVENT_MEDIA_FAILED), ==, 0);
  handset_free (a);
  pulse_tap_free (tap);
  pulse_tap_free (speaker);
}

static gboolean
hears_digits (gpointer user_data)
{
  g_autofree char *digits = handset_dup_digits (user_data);

  return strlen (digits) >= 16;
}

static gboolean
is_gone (gpointer user_data)
{
  Tone *tone = user_data;

  measure (tone);
  return tone->level < 0.02;
}

/* The microphone hears nothing but the loudspeaker: who speaks at the other end hears themselves, or, with echo control, does not. */
static void
test_echo (void)
{
  Pair pair;

  pair_open (&pair, NULL);
  handset_set (pair.a, "deskset.audio.speaker_microphone", "spk1.monitor");
  handset_set (pair.a, "voice.echo_cancellation", "0");
  connect_handsets (pair.a, pair.b, 1, "G722", "127.0.0.1");
  wait_for_event (pair.b, PHONE_EVENT_MEDIA_FLOWING, 1, 8000);
  pair.at_b.hz = 1000;
  run_until (is_heard, &pair.at_b, 8000, "the other end hears itself");
  handset_set (pair.a, "voice.echo_cancellation", "1");
  run_until (is_gone, &pair.at_b, 12000, "the echo is gone");
  run_for (3000);
  measure (&pair.at_b);
  g_test_message ("echo down by %.0f dB", 20 * log10 (0.25 / MAX (pair.at_b.level, 1e-6)));
  g_assert_cmpfloat (pair.at_b.level, <, 0.02);
  handset_set (pair.a, "voice.echo_cancellation", "0");
  run_until (is_heard, &pair.at_b, 8000, "the other end hears itself again");
  pair_close (&pair);
}

static void
test_digits (void)
{
  Pair pair;
  g_autofree char *digits = NULL;

  pair_open (&pair, "PCMA");
  for (const char *digit = "0123456789*#ABCD"; *digit != 0; digit++)
    phone_audio_send_digit (pair.a->audio, 1, *digit, 100, FALSE);
  run_until (hears_digits, pair.b, 10000, "sixteen digits");
  digits = handset_dup_digits (pair.b);
  g_assert_cmpstr (digits, ==, "0123456789*#ABCD");
  check_both (&pair);
  pair_close (&pair);
}

/* Sample of the local ear: each digit by its two frequencies. */
static void
test_local_digits (void)
{
  Handset *a = new_handset ("spk1", "mic1");
  PulseTap *tap = pulse_tap_new_record ("spk1.monitor");
  Ring ring = { tap, 0, 15, 0, 0 };

  phone_audio_play_digit (a->audio, '8', 150);
  run_until (rings, &ring, 8000, "a digit");
  {
    gsize n;
    g_autofree gint16 *samples = NULL;
    gsize middle;

    run_for (300);
    samples = pulse_tap_dup (tap, &n);
    look_for_ring (&ring);
    middle = ring.last - RATE * 75 / 1000;
    g_assert_cmpfloat (phone_tone_measure (samples + middle - RATE / 40, RATE / 20, RATE, 852), >, 0.1);
    g_assert_cmpfloat (phone_tone_measure (samples + middle - RATE / 40, RATE / 20, RATE, 1336), >, 0.1);
    g_assert_cmpfloat (phone_tone_measure (samples + middle - RATE / 40, RATE / 20, RATE, 1477), <, 0.02);
  }
  handset_free (a);
  pulse_tap_free (tap);
}

static void
test_server_lost (void)
{
  Pair pair;
  PhoneMediaStatistics before;
  PhoneMediaStatistics after;
  const PhoneEvent *failed;

  pair_open (&pair, "PCMU");
  check_both (&pair);
  pulse_tap_free (pair.ear_a);
  pulse_tap_free (pair.ear_b);
  pulse_tap_free (pair.say_a);
  pulse_tap_free (pair.say_b);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (pair.b->audio), 1, &before);
  pulse_server_kill (server);
  wait_for_event (pair.a, PHONE_EVENT_MEDIA_FAILED, 0, 8000);
  failed = handset_find (pair.a, PHONE_EVENT_MEDIA_FAILED, 0);
  g_assert_cmpint (failed->value, ==, PHONE_MEDIA_FAULT_NO_DEVICE);
  /* The call goes on without sound: packets, digits. */
  run_for (1000);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (pair.b->audio), 1, &after);
  g_assert_cmpuint (after.packets_received, >, before.packets_received + 20);
  phone_audio_send_digit (pair.a->audio, 1, '5', 100, FALSE);
  wait_for_event (pair.b, PHONE_EVENT_DIGIT_HEARD, 1, 5000);

  pulse_server_start (server);
  pair.ear_a = pulse_tap_new_record ("spk1.monitor");
  pair.ear_b = pulse_tap_new_record ("spk2.monitor");
  pair.say_a = pulse_tap_new_tone ("mic1", 440, 0.25);
  pair.say_b = pulse_tap_new_tone ("mic2", 1000, 0.25);
  pair.at_a.tap = pair.ear_a;
  pair.at_b.tap = pair.ear_b;
  run_until (is_heard, &pair.at_b, 20000, "440 Hz again");
  run_until (is_heard, &pair.at_a, 20000, "1000 Hz again");
  /* Each device tells its loss once, not at every try. */
  g_assert_cmpuint (handset_count (pair.a, PHONE_EVENT_MEDIA_FAILED), <=, 2);
  pair_close (&pair);
}

static void
test_wrong_device (void)
{
  Pair pair;
  PulseTap *first = pulse_tap_new_record ("spk1.monitor");   /* the server's default sink */
  Tone at_default = { first, 1000 };

  pair_open (&pair, NULL);
  handset_set (pair.a, "deskset.audio.speaker", "unplugged");
  connect_handsets (pair.a, pair.b, 1, "PCMU", "127.0.0.1");
  run_until (is_heard, &at_default, 10000, "1000 Hz on the default device");
  pair_close (&pair);
  pulse_tap_free (first);
}

static guint
count_streams (void)
{
  guint n = 0;
  static const char * const kinds[] = { "sink-inputs", "source-outputs" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *out = NULL;
      g_autofree char *command = g_strdup_printf ("pactl list short %s", kinds[i]);

      g_assert_true (g_spawn_command_line_sync (command, &out, NULL, NULL, NULL));
      for (const char *at = out; (at = strchr (at, '\n')) != NULL; at++)
        n++;
    }
  return n;
}

static gboolean
has_streams (gpointer user_data)
{
  return count_streams () == GPOINTER_TO_UINT (user_data);
}

static void
test_idle (void)
{
  g_autofree char *pactl = g_find_program_in_path ("pactl");
  Handset *a = new_handset ("spk1", "mic1");

  if (pactl == NULL)
    {
      g_test_skip ("no pactl here");
      handset_free (a);
      return;
    }
  run_until (has_streams, GUINT_TO_POINTER (0), 8000, "no stream when idle");
  phone_media_desc_unref (handset_prepare (a, 1, "PCMU", "127.0.0.1"));
  run_until (has_streams, GUINT_TO_POINTER (2), 8000, "speaker and microphone while it rings");
  phone_audio_release (a->audio, 1);
  run_until (has_streams, GUINT_TO_POINTER (0), 8000, "no stream after the call");
  phone_audio_play_digit (a->audio, '5', 100);
  run_until (has_streams, GUINT_TO_POINTER (1), 8000, "a digit opens the speaker");
  run_until (has_streams, GUINT_TO_POINTER (0), 8000, "and it closes again");
  handset_free (a);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_device (char       **devices,
            const char  *name)
{
  for (guint i = 0; devices[i] != NULL; i++)
    if (g_str_has_prefix (devices[i], name) && devices[i][strlen (name)] == '\t')
      return TRUE;
  return FALSE;
}

/* The names that the preferences offer are those the settings take; what a sink plays is no microphone. */
static void
test_device_list (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_auto (GStrv) sinks = NULL;
  g_auto (GStrv) sources = NULL;
  g_autoptr (GError) error = NULL;

  phone_media_list_devices_async (NULL, on_listed, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (phone_media_list_devices_finish (result, &sinks, &sources, &error));
  g_assert_no_error (error);
  g_assert_true (has_device (sinks, "spk1"));
  g_assert_false (has_device (sources, "spk1.monitor"));
}

int
main (int    argc,
      char **argv)
{
  static const char * const sinks[] = { "spk1", "mic1", "spk2", "mic2", "ringer", "headset", NULL };
  int result;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  server = pulse_server_new (sinks);
  if (server == NULL)
    return 77;
  g_test_add_data_func ("/media/pulse/pcmu", "PCMU", test_codec);
  g_test_add_data_func ("/media/pulse/pcma", "PCMA", test_codec);
  g_test_add_data_func ("/media/pulse/g722", "G722", test_codec);
  g_test_add_data_func ("/media/pulse/opus", "opus", test_codec);
  g_test_add_func ("/media/pulse/echo", test_echo);
  g_test_add_func ("/media/pulse/digits", test_digits);
  g_test_add_func ("/media/pulse/local-digits", test_local_digits);
  g_test_add_func ("/media/pulse/hold", test_hold);
  g_test_add_func ("/media/pulse/tone-in-call", test_tone_in_call);
  g_test_add_func ("/media/pulse/channel", test_channel);
  g_test_add_func ("/media/pulse/ring", test_ring);
  g_test_add_func ("/media/pulse/idle", test_idle);
  g_test_add_func ("/media/pulse/wrong-device", test_wrong_device);
  g_test_add_func ("/media/pulse/device-list", test_device_list);
  g_test_add_func ("/media/pulse/server-lost", test_server_lost);
  result = g_test_run ();
  pulse_server_free (server);
  return result;
}
