/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-conceal.h"
#include "media-jitter.h"
#include "tone-detector.h"

#include <math.h>
#include <string.h>

#define FRAME 160
#define FRAME_US 20000

/* A network and a player in simulated time: packets of 20 ms are sent, delayed, lost; 10 ms are pulled at a time. */
typedef struct {
  PhoneJitterBuffer *buffer;
  gint64             now;
  guint              pending;       /* units decoded and not yet played */
  guint              played;
  guint              concealed;
  guint              waited;
  guint              packets;
  gint64             last_delay;    /* from sending to playing */
  double             speed;         /* of the player's clock */
  double             due;
} Line;

static GBytes *
make_packet (guint n)
{
  return g_bytes_new (&n, sizeof n);
}

static void
put (Line  *line,
     guint  n,
     gint64 at)
{
  g_autoptr (GBytes) packet = make_packet (n);

  phone_jitter_buffer_put (line->buffer, n * FRAME, packet, at);
}

static void
pull (Line *line)
{
  guint wanted = FRAME / 2;

  for (guint tries = 0; line->pending < wanted && tries < 50; tries++)
    {
      g_autoptr (GBytes) packet = NULL;
      guint missing = 0;
      guint n;

      switch (phone_jitter_buffer_get (line->buffer, line->now, &packet, &missing))
        {
        case PHONE_JITTER_WAIT:
          line->waited++;
          return;
        case PHONE_JITTER_PACKET:
          memcpy (&n, g_bytes_get_data (packet, NULL), sizeof n);
          line->last_delay = line->now - (gint64) n * FRAME_US;
          line->packets++;
          phone_jitter_buffer_decoded (line->buffer, FRAME);
          line->pending += FRAME;
          switch (phone_jitter_buffer_get_advice (line->buffer, line->now))
            {
            case PHONE_JITTER_KEEP: break;
            case PHONE_JITTER_SHORTEN:
              line->pending -= 40;
              phone_jitter_buffer_stretched (line->buffer, -40, line->now);
              break;
            case PHONE_JITTER_LENGTHEN:
              line->pending += 40;
              phone_jitter_buffer_stretched (line->buffer, 40, line->now);
              break;
            }
          break;
        case PHONE_JITTER_LOST:
          phone_jitter_buffer_concealed (line->buffer, MIN (missing, FRAME));
          line->pending += MIN (missing, FRAME);
          line->concealed += MIN (missing, FRAME);
          break;
        case PHONE_JITTER_LATE:
          phone_jitter_buffer_concealed (line->buffer, wanted - line->pending);
          line->concealed += wanted - line->pending;
          line->pending = wanted;
          break;
        }
    }
  line->pending -= wanted;
  line->played += wanted;
}

/* Runs for so long; each packet n arrives at n × 20 ms + delay (n), −1 = lost. */
static void
run (Line   *line,
     guint   from,
     guint   n_packets,
     gint64 (*delay) (guint n, GRand *random),
     guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  g_autofree gint64 *arrival = g_new (gint64, n_packets);
  gint64 end = (gint64) (from + n_packets) * FRAME_US;

  for (guint i = 0; i < n_packets; i++)
    {
      gint64 late = delay (from + i, random);

      arrival[i] = late < 0 ? -1 : (gint64) (from + i) * FRAME_US + late;
    }
  for (line->now = (gint64) from * FRAME_US; line->now < end; line->now += 1000)
    {
      for (guint i = 0; i < n_packets; i++)
        if (arrival[i] >= line->now && arrival[i] < line->now + 1000)
          put (line, from + i, arrival[i]);
      line->due += line->speed;
      if (line->due >= 10)
        {
          line->due -= 10;
          pull (line);
        }
    }
  g_rand_free (random);
}

static gint64
no_jitter (guint  n,
           GRand *random)
{
  return 30000;
}

static gint64
some_jitter (guint  n,
             GRand *random)
{
  return 30000 + g_rand_int_range (random, 0, 40000);
}

static gint64
some_loss (guint  n,
           GRand *random)
{
  return g_rand_int_range (random, 0, 100) < 10 ? -1 : 30000;
}

static gint64
reordered (guint  n,
           GRand *random)
{
  return n % 7 == 3 ? 55000 : 30000;
}

static void
line_init (Line    *line,
           gboolean adaptive)
{
  memset (line, 0, sizeof *line);
  line->buffer = phone_jitter_buffer_new (adaptive, 120, 240);
  line->speed = 1;
}

static void
test_quiet_network (void)
{
  Line line;

  line_init (&line, TRUE);
  run (&line, 0, 500, no_jitter, 1);
  /* 30 ms in the network, and hardly more than a pull and a packet's half in the buffer. */
  g_test_message ("delay %d us, %u units concealed", (int) line.last_delay, line.concealed);
  g_assert_cmpint (line.last_delay, <=, 30000 + 25000);
  g_assert_cmpuint (line.concealed, <=, FRAME);
  g_assert_cmpuint (line.packets, >=, 495);
  phone_jitter_buffer_free (line.buffer);
}

static void
test_jitter (void)
{
  Line line;
  PhoneJitterStatistics statistics;

  line_init (&line, TRUE);
  run (&line, 0, 300, some_jitter, 2);
  line.concealed = 0;
  run (&line, 300, 1000, some_jitter, 3);
  phone_jitter_buffer_get_statistics (line.buffer, &statistics);
  g_test_message ("delay %d us, target %u us, %u units of %u concealed, %u late", (int) line.last_delay,
                  statistics.target_us, line.concealed, 1000 * FRAME, statistics.late);
  g_assert_cmpuint (statistics.target_us, >=, 30000);
  g_assert_cmpuint (statistics.target_us, <=, 45000);
  g_assert_cmpuint (line.concealed, <, 1000 * FRAME * 3 / 100);
  /* And it comes down again when the network has calmed. */
  run (&line, 1300, 3000, no_jitter, 4);
  g_test_message ("delay afterwards %d us", (int) line.last_delay);
  g_assert_cmpint (line.last_delay, <=, 30000 + 30000);
  phone_jitter_buffer_free (line.buffer);
}

static void
test_loss (void)
{
  Line line;

  line_init (&line, TRUE);
  run (&line, 0, 1000, some_loss, 5);
  g_assert_cmpuint (line.packets, >=, 860);
  g_assert_cmpuint (line.packets, <=, 940);
  /* What is lost is made up, and no more than that. */
  g_assert_cmpuint (line.concealed, >=, (1000 - line.packets - 10) * FRAME);
  g_assert_cmpuint (line.concealed, <=, (1000 - line.packets + 20) * FRAME);
  phone_jitter_buffer_free (line.buffer);
}

static void
test_order (void)
{
  Line line;

  line_init (&line, TRUE);
  run (&line, 0, 200, reordered, 6);
  line.packets = 0;
  run (&line, 200, 700, reordered, 6);
  g_assert_cmpuint (line.packets, >=, 685);   /* none is lost for coming late by one place */
  phone_jitter_buffer_free (line.buffer);
}

static void
test_fixed (void)
{
  Line line;

  line_init (&line, FALSE);
  run (&line, 0, 500, no_jitter, 7);
  g_assert_cmpint (line.last_delay, >=, 30000 + 105000);
  g_assert_cmpint (line.last_delay, <=, 30000 + 150000);
  phone_jitter_buffer_free (line.buffer);
}

static void
test_drift (void)
{
  Line line;

  /* A sound card that is 0.2 % slow plays 60 s: 120 ms would pile up, and as much be missing with a fast one. */
  line_init (&line, TRUE);
  line.speed = 0.998;
  run (&line, 0, 3000, no_jitter, 8);
  g_test_message ("slow: delay %d us", (int) line.last_delay);
  g_assert_cmpint (line.last_delay, <=, 30000 + 40000);
  phone_jitter_buffer_free (line.buffer);

  line_init (&line, TRUE);
  line.speed = 1.002;
  run (&line, 0, 3000, no_jitter, 9);
  g_test_message ("fast: delay %d us, concealed %u", (int) line.last_delay, line.concealed);
  g_assert_cmpuint (line.concealed, <, 3000 * FRAME / 200);
  phone_jitter_buffer_free (line.buffer);
}

static void
test_pause (void)
{
  Line line;

  line_init (&line, TRUE);
  run (&line, 0, 200, no_jitter, 10);
  /* Two seconds of silence suppression, then more. */
  for (guint i = 0; i < 200; i++, line.now += 10000)
    pull (&line);
  line.packets = 0;
  run (&line, 300, 200, no_jitter, 11);
  g_assert_cmpuint (line.packets, >=, 195);
  g_assert_cmpint (line.last_delay, <=, 30000 + 30000);
  phone_jitter_buffer_free (line.buffer);
}

static void
test_wild (void)
{
  /* Timestamps and times that make no sense: bounded, no crash. */
  Line line;
  GRand *random = g_rand_new_with_seed (12);

  line_init (&line, TRUE);
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GBytes) packet = make_packet (i);

      phone_jitter_buffer_put (line.buffer, g_rand_int (random), packet, line.now);
      line.now += g_rand_int_range (random, 0, 30000);
      pull (&line);
    }
  g_rand_free (random);
  phone_jitter_buffer_free (line.buffer);
}

static void
make_tone (gint16 *samples,
           gsize   n,
           guint   rate,
           double  hz,
           gsize   from)
{
  for (gsize i = 0; i < n; i++)
    samples[i] = (gint16) lrint (8000 * sin (2 * G_PI * hz * (double) (from + i) / rate));
}

/* Share of the power that is not the tone. */
static double
impurity (const gint16 *samples,
          gsize         n,
          guint         rate,
          double        hz)
{
  double power = 0;
  double tone = phone_tone_measure (samples, n, rate, hz) * 32767;

  for (gsize i = 0; i < n; i++)
    power += (double) samples[i] * samples[i];
  return 1 - tone * tone / 2 / (power / (double) n);
}

static void
test_conceal_tone (void)
{
  static const guint rates[] = { 8000, 16000, 48000 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      guint rate = rates[r];
      gsize frame = rate / 50;
      g_autoptr (PhoneConcealer) concealer = phone_concealer_new (rate);
      g_autofree gint16 *samples = g_new0 (gint16, rate);

      /* Every tenth packet is missing. */
      for (gsize n = 0; n < 50; n++)
        {
          make_tone (samples + n * frame, frame, rate, 440, n * frame);
          if (n % 10 == 5)
            phone_concealer_conceal (concealer, samples + n * frame, frame);
          else
            phone_concealer_feed (concealer, samples + n * frame, frame);
        }
      g_test_message ("%u Hz: impurity %.4f", rate, impurity (samples, rate, rate, 440));
      g_assert_cmpfloat (impurity (samples, rate, rate, 440), <, 0.02);

      /* A long gap fades into silence. */
      phone_concealer_conceal (concealer, samples, rate / 5);
      for (gsize i = rate / 8; i < rate / 5; i++)
        g_assert_cmpint (samples[i], ==, 0);
    }
}

static void
test_stretch_tone (void)
{
  static const guint rates[] = { 8000, 16000, 48000 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      guint rate = rates[r];
      gsize frame = rate / 50;
      g_autofree gint16 *samples = g_new0 (gint16, frame * 2);
      gsize n;

      make_tone (samples, frame, rate, 440, 0);
      n = phone_conceal_shorten (samples, frame, rate);
      g_assert_cmpuint (n, <, frame);
      g_assert_cmpfloat (impurity (samples, n, rate, 440), <, 0.12);   /* a short window smears */
      make_tone (samples, frame, rate, 440, 0);
      g_assert_cmpuint (phone_conceal_lengthen (samples, frame, frame, rate), ==, frame);   /* no room */
      n = phone_conceal_lengthen (samples, frame, frame * 2, rate);
      g_assert_cmpuint (n, >, frame);
      g_assert_cmpfloat (impurity (samples, n, rate, 440), <, 0.06);
      memset (samples, 0, frame * 2);
      g_assert_cmpuint (phone_conceal_shorten (samples, frame, rate), <, frame);   /* silence can always go */
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/jitter/quiet-network", test_quiet_network);
  g_test_add_func ("/media/jitter/jitter", test_jitter);
  g_test_add_func ("/media/jitter/loss", test_loss);
  g_test_add_func ("/media/jitter/order", test_order);
  g_test_add_func ("/media/jitter/fixed", test_fixed);
  g_test_add_func ("/media/jitter/drift", test_drift);
  g_test_add_func ("/media/jitter/pause", test_pause);
  g_test_add_func ("/media/jitter/wild", test_wild);
  g_test_add_func ("/media/conceal/tone", test_conceal_tone);
  g_test_add_func ("/media/conceal/stretch", test_stretch_tone);
  return g_test_run ();
}
