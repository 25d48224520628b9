/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-level.h"
#include "media-ring.h"
#include "media-tones.h"
#include "tone-detector.h"

#include <math.h>
#include <string.h>

#define RATE 48000

/* Renders so many milliseconds of a sound. (transfer full) */
static gint16 *
render (PhoneSound *sound,
        guint       ms,
        gboolean   *ended)
{
  guint n = RATE / 1000 * ms;
  gint16 *samples = g_new0 (gint16, n);
  g_autofree float *mix = g_new0 (float, n);

  *ended = FALSE;
  for (guint at = 0; at < n && !*ended; at += 480)
    *ended = !phone_sound_render (sound, mix + at, MIN (480, n - at), RATE);
  for (guint i = 0; i < n; i++)
    samples[i] = (gint16) lrintf (mix[i] * 32767);
  return samples;
}

static gboolean
is_loud (const gint16 *samples,
         guint         from_ms,
         guint         to_ms)
{
  int peak = 0;

  for (guint i = RATE / 1000 * from_ms; i < RATE / 1000 * to_ms; i++)
    peak = MAX (peak, ABS (samples[i]));
  return peak > 100;
}

static PhoneTonePlayer *
player (const char *text,
        gboolean    repeat)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneToneScript) script = phone_tone_script_parse (text, &error);

  g_assert_no_error (error);
  return phone_tone_player_new (script, repeat);
}

static void
test_spectrum (void)
{
  PhoneTonePlayer *tone = player ("350+440", TRUE);
  gboolean ended;
  g_autofree gint16 *samples = render (PHONE_SOUND (tone), 1000, &ended);
  double power = 0;
  double low = phone_tone_measure (samples + 4800, 38400, RATE, 350);
  double high = phone_tone_measure (samples + 4800, 38400, RATE, 440);

  g_assert_false (ended);
  for (guint i = 4800; i < 4800 + 38400; i++)
    power += (double) samples[i] * samples[i] / 32767 / 32767 / 38400;
  g_assert_cmpfloat_with_epsilon (low, high, 0.002);
  g_assert_cmpfloat (low, >, 0.1);
  g_assert_cmpfloat ((low * low + high * high) / 2 / power, >, 0.995);
  g_assert_finalize_object (tone);
}

static void
test_cadence (void)
{
  PhoneTonePlayer *tone = player ("!400/100,600/200,0/300", TRUE);
  gboolean ended;
  g_autofree gint16 *samples = render (PHONE_SOUND (tone), 1600, &ended);

  g_assert_false (ended);
  g_assert_true (is_loud (samples, 5, 95));
  g_assert_cmpuint (phone_tone_find_dominant (samples + RATE / 1000 * 10, RATE / 1000 * 80, RATE), ==, 400);
  g_assert_cmpuint (phone_tone_find_dominant (samples + RATE / 1000 * 110, RATE / 1000 * 180, RATE), ==, 600);
  g_assert_false (is_loud (samples, 300, 600));
  /* The second round without the element that is heard once: 600 Hz at 600…800 and 1100…1300. */
  g_assert_cmpuint (phone_tone_find_dominant (samples + RATE / 1000 * 610, RATE / 1000 * 180, RATE), ==, 600);
  g_assert_false (is_loud (samples, 800, 1100));
  g_assert_true (is_loud (samples, 1101, 1110));
  g_assert_finalize_object (tone);
}

static void
test_once (void)
{
  PhoneTonePlayer *tone = player ("400/100,0/50", FALSE);
  gboolean ended;
  g_autofree gint16 *samples = render (PHONE_SOUND (tone), 400, &ended);

  g_assert_true (ended);
  g_assert_true (is_loud (samples, 10, 90));
  g_assert_false (is_loud (samples, 100, 400));
  g_assert_finalize_object (tone);

  /* Repeated, but nothing is left to repeat. */
  tone = player ("!400/100", TRUE);
  g_free (g_steal_pointer (&samples));
  samples = render (PHONE_SOUND (tone), 400, &ended);
  g_assert_true (ended);
  g_assert_finalize_object (tone);

  /* Silence alone is nothing. */
  tone = player ("0/100", TRUE);
  g_free (g_steal_pointer (&samples));
  samples = render (PHONE_SOUND (tone), 50, &ended);
  g_assert_true (ended);
  g_assert_finalize_object (tone);
}

/* No step between two samples that a tone of 3 kHz at this level would not make. */
static void
check_smooth (const gint16 *samples,
              guint         n,
              int           limit)
{
  for (guint i = 1; i < n; i++)
    g_assert_cmpint (ABS (samples[i] - samples[i - 1]), <, limit);
}

static void
test_clicks (void)
{
  PhoneTonePlayer *tone = player ("500/37,0/11,700/23", TRUE);
  gboolean ended;
  g_autofree gint16 *samples = render (PHONE_SOUND (tone), 1000, &ended);
  g_autofree gint16 *tail = NULL;

  /* 0.22 × 32767 × 2 π × 700 / 48000 = 661 */
  check_smooth (samples, RATE, 720);
  phone_tone_player_stop (tone);
  tail = render (PHONE_SOUND (tone), 20, &ended);
  g_assert_true (ended);
  check_smooth (tail, RATE / 50, 720);
  g_assert_false (is_loud (tail, 6, 20));
  g_assert_finalize_object (tone);
}

static void
test_digits (void)
{
  static const char digits[] = "147*2580369#ABCD";
  static const guint low[] = { 697, 770, 852, 941 };
  static const guint high[] = { 1209, 1336, 1477, 1633 };

  for (guint i = 0; i < 16; i++)
    {
      PhoneTonePlayer *tone = phone_tone_player_new_for_digit (digits[i], 100);
      gboolean ended;
      g_autofree gint16 *samples = render (PHONE_SOUND (tone), 120, &ended);

      g_assert_true (ended);
      for (guint f = 0; f < 4; f++)
        {
          double row = phone_tone_measure (samples, RATE / 10, RATE, low[f]);
          double column = phone_tone_measure (samples, RATE / 10, RATE, high[f]);

          g_assert_true ((f == i % 4) == (row > 0.1));
          g_assert_true ((f == i / 4) == (column > 0.1));
        }
      g_assert_finalize_object (tone);
    }
  g_assert_null (phone_tone_player_new_for_digit ('x', 100));
  g_assert_null (phone_tone_player_new_for_digit (0, 100));
}

static void
test_rings (void)
{
  const char * const *names = phone_ring_list_names ();
  g_autofree double *prints = g_new0 (double, 16 * 12);
  guint n = 0;

  for (; names[n] != NULL; n++)
    {
      PhoneRingSound *sound = phone_ring_sound_new (names[n], RATE);
      PhoneRingPlayer *ring;
      gboolean ended;
      g_autofree gint16 *tail = NULL;
      float peak = 0;

      g_assert_cmpuint (sound->n_samples, >=, RATE);
      for (gsize i = 0; i < sound->n_samples; i++)
        peak = MAX (peak, fabsf (sound->samples[i]));
      if (g_str_equal (names[n], "Silent.wav"))
        g_assert_cmpfloat (peak, ==, 0);
      else
        g_assert_cmpfloat_with_epsilon (peak, 0.9f, 0.001);

      /* A print of its loudness over the first second tells the rings apart. */
      for (gsize b = 0; b < 12; b++)
        for (gsize i = 0; i < 4000; i++)
          prints[n * 12 + b] += fabs ((double) sound->samples[b * 4000 + i]) / 4000;

      ring = phone_ring_player_new (sound);
      g_free (render (PHONE_SOUND (ring), 333, &ended));
      g_assert_false (ended);
      phone_ring_player_stop (ring);
      tail = render (PHONE_SOUND (ring), 30, &ended);
      g_assert_true (ended);
      g_assert_false (is_loud (tail, 9, 30));
      g_assert_finalize_object (ring);
    }
  g_assert_cmpuint (n, ==, 10);
  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      {
        double difference = 0;

        for (guint i = 0; i < 12; i++)
          difference += fabs (prints[a * 12 + i] - prints[b * 12 + i]);
        g_assert_cmpfloat (difference, >, 0.05);
      }
}

static void
test_ring_names (void)
{
  PhoneRingSound *a = phone_ring_sound_new ("Resource:ring2.wav", 8000);
  PhoneRingSound *b = phone_ring_sound_new ("Ring2.wav", 8000);
  PhoneRingSound *unknown = phone_ring_sound_new ("Custom.wav", 8000);
  PhoneRingSound *first = phone_ring_sound_new ("Ring1.wav", 8000);

  g_assert_cmpmem (a->samples, a->n_samples * sizeof (float), b->samples, b->n_samples * sizeof (float));
  g_assert_cmpmem (unknown->samples, unknown->n_samples * sizeof (float), first->samples,
                   first->n_samples * sizeof (float));
  g_object_unref (phone_ring_player_new (a));
  g_object_unref (phone_ring_player_new (b));
  g_object_unref (phone_ring_player_new (unknown));
  g_object_unref (phone_ring_player_new (first));
}

static void
test_levels (void)
{
  g_assert_cmpfloat (phone_media_level_get_gain (8), ==, 1);
  g_assert_cmpfloat (phone_media_level_get_gain (0), >, 0);
  g_assert_cmpfloat (phone_media_level_get_ring_gain (0), ==, 0);
  g_assert_cmpfloat (phone_media_level_get_ring_gain (15), ==, 1);
  g_assert_cmpfloat (phone_media_level_get_gain (99), ==, phone_media_level_get_gain (15));
  for (guint i = 1; i <= 15; i++)
    {
      g_assert_cmpfloat (phone_media_level_get_gain (i), >, phone_media_level_get_gain (i - 1));
      g_assert_cmpfloat (phone_media_level_get_ring_gain (i), >, phone_media_level_get_ring_gain (i - 1));
    }
}

static void
on_ended (gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_mixer (void)
{
  PhoneMixer *mixer = phone_mixer_new (RATE);
  PhoneTonePlayer *forever = player ("440", TRUE);
  PhoneTonePlayer *brief = player ("1000/50", FALSE);
  gint16 samples[4800];
  guint ended = 0;

  phone_mixer_set_ended_func (mixer, on_ended, &ended);
  g_assert_true (phone_mixer_is_empty (mixer));
  phone_mixer_add (mixer, PHONE_SOUND (forever));
  phone_mixer_add (mixer, PHONE_SOUND (forever));   /* twice is once */
  phone_mixer_add (mixer, PHONE_SOUND (brief));
  phone_mixer_render (mixer, samples, 4800);
  g_assert_cmpfloat (phone_tone_measure (samples, 2400, RATE, 1000), >, 0.1);
  g_assert_cmpfloat (phone_tone_measure (samples, 4800, RATE, 440), >, 0.2);
  while (ended == 0)
    g_main_context_iteration (NULL, TRUE);
  phone_mixer_set_gain (mixer, 0);
  phone_mixer_render (mixer, samples, 4800);
  phone_mixer_render (mixer, samples, 4800);
  g_assert_cmpint (samples[4799], ==, 0);
  phone_mixer_set_gain (mixer, 50);                 /* overload is bent, not wrapped */
  phone_mixer_render (mixer, samples, 4800);
  phone_mixer_render (mixer, samples, 4800);
  for (guint i = 1; i < 4800; i++)
    g_assert_cmpint (ABS (samples[i] - samples[i - 1]), <, 40000);
  phone_mixer_remove (mixer, PHONE_SOUND (forever));
  g_assert_true (phone_mixer_is_empty (mixer));
  g_assert_finalize_object (forever);
  g_assert_finalize_object (brief);
  g_assert_finalize_object (mixer);
}

static void
make (gint16 *samples,
      gsize   n,
      guint   rate,
      double  hz,
      double  amplitude)
{
  for (gsize i = 0; i < n; i++)
    samples[i] = (gint16) lrint (amplitude * 32767 * sin (2 * G_PI * hz * (double) i / rate));
}

static void
test_detector (void)
{
  static const guint tones[] = { 350, 400, 425, 440, 450, 620, 697, 941, 1000, 1209, 1633, 2100 };
  static const guint rates[] = { 8000, 16000, 48000 };
  GRand *random = g_rand_new_with_seed (3);

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint t = 0; t < G_N_ELEMENTS (tones); t++)
      {
        g_autoptr (PhoneToneDetector) detector = phone_tone_detector_new (rates[r]);
        g_autofree gint16 *samples = g_new0 (gint16, rates[r]);
        guint told = 0;

        make (samples, rates[r], rates[r], tones[t], 0.05);
        for (guint at = 0; at < rates[r]; at += rates[r] / 50)
          {
            guint hz = phone_tone_detector_feed (detector, samples + at, rates[r] / 50);

            if (hz > 0)
              {
                g_assert_cmpuint (hz, ==, tones[t]);
                told++;
              }
          }
        g_assert_cmpuint (told, ==, 1);
        /* After silence the same tone is news again; noise is none. */
        memset (samples, 0, rates[r] * sizeof (gint16));
        g_assert_cmpuint (phone_tone_detector_feed (detector, samples, rates[r]), ==, 0);
        for (guint i = 0; i < rates[r]; i++)
          samples[i] = (gint16) g_rand_int_range (random, -8000, 8000);
        g_assert_cmpuint (phone_tone_detector_feed (detector, samples, rates[r]), ==, 0);
        make (samples, rates[r], rates[r], tones[t], 0.05);
        g_assert_cmpuint (phone_tone_detector_feed (detector, samples, rates[r]), ==, tones[t]);
      }
  g_rand_free (random);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/tones/spectrum", test_spectrum);
  g_test_add_func ("/media/tones/cadence", test_cadence);
  g_test_add_func ("/media/tones/once", test_once);
  g_test_add_func ("/media/tones/clicks", test_clicks);
  g_test_add_func ("/media/tones/digits", test_digits);
  g_test_add_func ("/media/ring/all", test_rings);
  g_test_add_func ("/media/ring/names", test_ring_names);
  g_test_add_func ("/media/level/curves", test_levels);
  g_test_add_func ("/media/mixer/mix", test_mixer);
  g_test_add_func ("/media/detector/tones", test_detector);
  return g_test_run ();
}
