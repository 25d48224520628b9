/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "echo-room.h"
#include "media-lag.h"

#include <math.h>
#include <string.h>

/*
 * A loudspeaker and a microphone in a room, without any sound device: something like speech is played, comes back late and quieter and
 * with some of the room, and must not come out again; who speaks here must.
 */

#define HZ ECHO_ROOM_HZ
#define PERIOD ECHO_ROOM_PERIOD

/* Bursts of a buzz with a changing pitch and formant, and pauses: as rough as it is, a filter must work as hard as with a voice. */
static gint16 *
make_speech (guint  n_samples,
             guint  seed,
             double pitch)
{
  GRand *random = g_rand_new_with_seed (seed);
  gint16 *speech = g_new0 (gint16, n_samples);
  double phase = 0, low = 0, band = 0, loud = 0, goal = 0, hz = pitch, formant = 700;

  for (guint i = 0; i < n_samples; i++)
    {
      double source;

      if (i % (HZ / 6) == 0)
        {
          goal = g_rand_int_range (random, 0, 5) == 0 ? 0 : g_rand_double_range (random, 0.3, 1);
          formant = g_rand_double_range (random, 300, 2500);
          hz = pitch * g_rand_double_range (random, 0.8, 1.3);
        }
      loud += (goal - loud) * 0.003;
      phase += hz / HZ;
      source = 2 * (phase - floor (phase)) - 1 + g_rand_double_range (random, -0.3, 0.3);
      /* A resonance (Chamberlin's state variable filter). */
      low += 2 * sin (G_PI * formant / HZ) * band;
      band += 2 * sin (G_PI * formant / HZ) * (source - low - 0.3 * band);
      speech[i] = (gint16) CLAMP (5000 * loud * (0.6 * band + 0.3 * low), -32000, 32000);
    }
  g_rand_free (random);
  return speech;
}

static EchoRoom *
new_room (guint seconds,
          guint delay_ms)
{
  return echo_room_new (make_speech (seconds * HZ, 11, 110), seconds * HZ, delay_ms);
}

static void
test_path (gconstpointer data)
{
  guint delay_ms = GPOINTER_TO_UINT (data);
  EchoRoom *room = new_room (34, delay_ms);
  g_autofree gint16 *near = make_speech (6 * HZ, 23, 190);
  g_autofree gint16 *quiet = g_memdup2 (near, 6 * HZ * sizeof *near);
  double soon, later, kept, kept_quiet, after;

  echo_room_run (room, 3, NULL, NULL, NULL);
  echo_room_run (room, 5, NULL, &soon, NULL);
  echo_room_run (room, 10, NULL, NULL, NULL);
  echo_room_run (room, 14, NULL, &later, NULL);
  echo_room_run (room, 20, near, NULL, &kept);
  echo_room_run (room, 24, NULL, NULL, NULL);
  echo_room_run (room, 28, NULL, &after, NULL);
  for (guint i = 0; i < 6 * HZ; i++)
    quiet[i] /= 6;
  echo_room_run (room, 33, quiet, NULL, &kept_quiet);
  g_test_message ("echo path %u ms: found %u ms; echo down by %.0f dB after 3 s, %.0f dB after 10 s, %.0f dB after both have talked; "
                  "who speaks here: %.1f dB, quietly %.1f dB", delay_ms, phone_echo_get_lag_ms (echo_room_get_echo (room)),
                  soon, later, after, kept, kept_quiet);
  /* The period that is late, and the lead, are in what is found. */
  g_assert_cmpfloat (soon, >, 15);
  g_assert_cmpfloat (later, >, 35);
  g_assert_cmpfloat (after, >, 25);
  g_assert_cmpfloat (fabs (kept), <, 3);
  g_assert_cmpfloat (fabs (kept_quiet), <, 4);
  echo_room_free (room);
}

/* The loudspeaker is moved, or is another one: found again. */
static void
test_moved (void)
{
  EchoRoom *room = new_room (30, 30);
  double before, after;

  echo_room_run (room, 8, NULL, NULL, NULL);
  echo_room_run (room, 12, NULL, &before, NULL);
  echo_room_set_path (room, 180, 0.4);
  echo_room_run (room, 22, NULL, NULL, NULL);
  echo_room_run (room, 28, NULL, &after, NULL);
  g_test_message ("echo down by %.0f dB; on another path by %.0f dB", before, after);
  g_assert_cmpfloat (before, >, 30);
  g_assert_cmpfloat (after, >, 30);
  echo_room_free (room);
}

/* Nothing is played: what is said here comes out as it is. */
static void
test_alone (void)
{
  EchoRoom *room = echo_room_new (g_new0 (gint16, 10 * HZ), 10 * HZ, 40);
  g_autofree gint16 *near = make_speech (10 * HZ, 29, 150);
  double kept;

  echo_room_run (room, 10, near, NULL, &kept);
  g_test_message ("alone: %.2f dB", kept);
  g_assert_cmpfloat (fabs (kept), <, 1);
  echo_room_free (room);
}

static void
on_any (const gint16 *samples,
        gsize         n_samples,
        guint         rate_hz,
        gpointer      user_data)
{
  *(gsize *) user_data += n_samples * 48000 / rate_hz;
}

/* Any rate and length, switched on and off, a loudspeaker that stops: nothing is lost. */
static void
test_odd (void)
{
  g_autoptr (PhoneEcho) echo = phone_echo_new ();
  GRand *random = g_rand_new_with_seed (3);
  gint16 noise[4800];
  gsize n_in = 0, n_out = 0;

  for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
    noise[i] = (gint16) g_rand_int_range (random, -20000, 20000);
  for (guint i = 0; i < 2000; i++)
    {
      guint n = (guint) g_rand_int_range (random, 1, 1000);

      if (i % 100 == 0)
        phone_echo_set_enabled (echo, i / 100 % 3 != 1);
      if (i % 400 < 300)
        phone_echo_played (echo, noise, (gsize) g_rand_int_range (random, 1, 1500), i < 1000 ? 48000 : 44100);
      phone_echo_recorded (echo, noise, n, 48000, on_any, &n_out);
      n_in += n;
    }
  /* What waited for a whole frame when it was switched off is gone. */
  g_assert_cmpuint (n_out, <=, n_in);
  g_assert_cmpuint (n_out, >, n_in - 20 * 600);
  g_rand_free (random);
}

static void
test_lag (void)
{
  g_autofree gint16 *played = make_speech (10 * HZ, 41, 120);
  static const guint delays_ms[] = { 0, 7, 20, 60, 120, 250, 430 };

  for (guint d = 0; d < G_N_ELEMENTS (delays_ms); d++)
    {
      g_autoptr (PhoneLagFinder) finder = phone_lag_finder_new ();
      guint delay = delays_ms[d] * HZ / 1000, lag = 0, found = 0, n = 0;

      for (guint i = 0; i + PERIOD <= 10 * HZ; i += PERIOD)
        {
          gint16 recorded[PERIOD];

          for (guint k = 0; k < PERIOD; k++)
            recorded[k] = i + k < delay ? 0 : (gint16) (played[i + k - delay] / -3);
          if (phone_lag_finder_feed (finder, played + i, recorded, PERIOD, &lag))
            {
              n++;
              found = lag;
            }
        }
      g_test_message ("%u ms: found %u times, %u samples, should be %u", delays_ms[d], n, found, delay);
      g_assert_cmpuint (n, >=, 10);
      g_assert_cmpint (ABS ((int) found - (int) delay), <=, 16);
    }
}

/* A tone, or two, may come back from anywhere: nothing is known, so nothing is moved. */
static void
test_tone_lag (void)
{
  g_autoptr (PhoneLagFinder) finder = phone_lag_finder_new ();
  guint lag, n = 0;

  for (guint i = 0; i + PERIOD <= 20 * HZ; i += PERIOD)
    {
      gint16 played[PERIOD], recorded[PERIOD];

      for (guint k = 0; k < PERIOD; k++)
        {
          double t = 2 * G_PI * (i + k) / HZ, late = 2 * G_PI * ((double) i + k - 700) / HZ;

          played[k] = (gint16) (4000 * sin (440 * t) + (i < 10 * HZ ? 0 : 4000 * sin (480 * t)));
          recorded[k] = (gint16) (2000 * sin (440 * late) + (i < 10 * HZ ? 0 : 2000 * sin (480 * late)));
        }
      n += phone_lag_finder_feed (finder, played, recorded, PERIOD, &lag);
    }
  g_assert_cmpuint (n, ==, 0);
}

/* Two who have nothing to do with each other. */
static void
test_no_lag (void)
{
  g_autoptr (PhoneLagFinder) finder = phone_lag_finder_new ();
  g_autofree gint16 *played = make_speech (20 * HZ, 43, 120);
  g_autofree gint16 *said = make_speech (20 * HZ, 47, 200);
  guint lag, n = 0;

  for (guint i = 0; i + PERIOD <= 20 * HZ; i += PERIOD)
    n += phone_lag_finder_feed (finder, played + i, said + i, PERIOD, &lag);
  g_assert_cmpuint (n, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  static const guint delays_ms[] = { 20, 60, 120, 250 };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/lag/found", test_lag);
  g_test_add_func ("/media/lag/none", test_no_lag);
  g_test_add_func ("/media/lag/tone", test_tone_lag);
  for (guint i = 0; i < G_N_ELEMENTS (delays_ms); i++)
    {
      g_autofree char *path = g_strdup_printf ("/media/echo/path-%u", delays_ms[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (delays_ms[i]), test_path);
    }
  g_test_add_func ("/media/echo/moved", test_moved);
  g_test_add_func ("/media/echo/alone", test_alone);
  g_test_add_func ("/media/echo/odd", test_odd);
  return g_test_run ();
}
