/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Prints how echo control does with speech, over several echo paths:
 *
 *   bench-media-echo FAR.wav NEAR.wav
 *
 * FAR is played over and over for 30 s; from 16 s on NEAR is spoken here, once. A line for each path, as a JSON object: how far the echo
 * is down in the third, the seventh and the fifteenth second, and from 26 s on; how much of NEAR comes out; how much of a core it takes.
 */

#include "echo-room.h"
#include "media-wave.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define SECONDS 30
#define HZ ECHO_ROOM_HZ

static gint16 *
repeat (const PhoneWave *wave,
        double           gain,
        gboolean         once)
{
  gint16 *samples = g_new0 (gint16, SECONDS * HZ);

  for (guint i = 0; i < SECONDS * HZ && !(once && i >= wave->n_samples); i++)
    samples[i] = (gint16) lrint (wave->samples[i % wave->n_samples] * gain);
  return samples;
}

static double
run_second (EchoRoom *room,
            guint     until_s)
{
  double echo_db;

  echo_room_run (room, until_s - 1, NULL, NULL, NULL);
  echo_room_run (room, until_s, NULL, &echo_db, NULL);
  return echo_db;
}

static void
run_path (const PhoneWave *far,
          const PhoneWave *near,
          guint            delay_ms)
{
  EchoRoom *room = echo_room_new (repeat (far, 0.5, FALSE), SECONDS * HZ, delay_ms);
  g_autofree gint16 *said = repeat (near, 1, TRUE);
  double third, seventh, fifteenth, after, kept;
  clock_t start = clock ();
  double core;

  third = run_second (room, 3);
  seventh = run_second (room, 7);
  fifteenth = run_second (room, 15);
  echo_room_run (room, 16, NULL, NULL, NULL);
  echo_room_run (room, 24, said, NULL, &kept);
  echo_room_run (room, 26, NULL, NULL, NULL);
  echo_room_run (room, SECONDS, NULL, &after, NULL);
  core = 100.0 * (double) (clock () - start) / CLOCKS_PER_SEC / SECONDS;
  g_print ("{\"path ms\": %u, \"after 3 s dB\": %.1f, \"after 7 s dB\": %.1f, \"after 15 s dB\": %.1f, \"after both dB\": %.1f, "
           "\"near dB\": %.1f, \"room and echo control CPU %%\": %.2f}\n", delay_ms, third, seventh, fifteenth, after, kept, core);
  echo_room_free (room);
}

int
main (int    argc,
      char **argv)
{
  static const guint delays_ms[] = { 30, 60, 120, 250 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneWave) far = NULL, near = NULL;

  if (argc != 3)
    {
      g_printerr ("bench-media-echo FAR.wav NEAR.wav\n");
      return 2;
    }
  far = phone_wave_load (argv[1], HZ, &error);
  near = far == NULL ? NULL : phone_wave_load (argv[2], HZ, &error);
  if (near == NULL || far->n_samples == 0)
    {
      g_printerr ("%s\n", error == NULL ? "no sound" : error->message);
      return 1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (delays_ms); i++)
    run_path (far, near, delays_ms[i]);
  return 0;
}
