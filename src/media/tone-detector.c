/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "tone-detector.h"

#include <math.h>
#include <string.h>

#define BLOCK_MS 100
#define LOWEST_HZ 200
#define HIGHEST_HZ 3400
/* The window's main lobe is 40 Hz wide to each side with blocks of 100 ms: bins of 10 Hz miss no peak. */
#define STEP_HZ 10
/* Root mean square below which it counts as silence: −54 dB of full scale. */
#define SILENCE 65.0
/* How much of all power the strongest tone must have. Two tones of equal strength pass, speech rarely does. */
#define ENOUGH_SHARE 0.35

/* Frequencies that exist: tones of the countries (ITU-T E.180), digits (Q.23), test tones. */
static const guint nominal_hz[] = {
  350, 375, 400, 420, 425, 440, 450, 480, 500, 600, 620, 697, 770, 800, 852, 880, 900, 941, 950, 1000, 1004, 1100,
  1209, 1336, 1400, 1477, 1633, 1800, 2000, 2100, 2600, 3000,
};

struct _PhoneToneDetector {
  guint    rate_hz;
  gint16  *block;
  gsize    n_block;
  gsize    filled;
  guint    last_hz;      /* of the block before, 0 = none */
  guint    told_hz;
};

/* Power of one frequency in a block, with a Hann window; a full-scale sine has 0.5 × 32767². Goertzel's algorithm. */
static double
goertzel (const double *samples,
          gsize         n_samples,
          double        cycles_per_sample)
{
  double coefficient = 2 * cos (2 * G_PI * cycles_per_sample);
  double before = 0;
  double last = 0;

  for (gsize i = 0; i < n_samples; i++)
    {
      double now = samples[i] + coefficient * last - before;

      before = last;
      last = now;
    }
  /* A Hann window halves the amplitude. */
  return 8 * (last * last + before * before - coefficient * last * before) / ((double) n_samples * (double) n_samples);
}

static double *
window (const gint16 *samples,
        gsize         n_samples)
{
  double *out = g_new (double, n_samples);

  for (gsize i = 0; i < n_samples; i++)
    out[i] = samples[i] * (0.5 - 0.5 * cos (2 * G_PI * ((double) i + 0.5) / (double) n_samples));
  return out;
}

static double
power_of (const gint16 *samples,
          gsize         n_samples)
{
  double sum = 0;

  for (gsize i = 0; i < n_samples; i++)
    sum += (double) samples[i] * samples[i];
  return n_samples == 0 ? 0 : sum / (double) n_samples;
}

/**
 * phone_tone_measure:
 * @frequency_hz: what to look for
 *
 * Returns: amplitude of that frequency, 1 = full scale
 */
double
phone_tone_measure (const gint16 *samples,
                    gsize         n_samples,
                    guint         rate_hz,
                    double        frequency_hz)
{
  g_autofree double *windowed = NULL;

  g_return_val_if_fail (samples != NULL && rate_hz > 0, 0);

  if (n_samples == 0)
    return 0;
  windowed = window (samples, n_samples);
  return sqrt (2 * goertzel (windowed, n_samples, frequency_hz / rate_hz)) / 32767;
}

static guint
to_nominal (double hz)
{
  guint best = 0;
  double best_distance = MAX (3, hz * 0.006);

  for (guint i = 0; i < G_N_ELEMENTS (nominal_hz); i++)
    if (fabs (hz - nominal_hz[i]) < best_distance)
      {
        best_distance = fabs (hz - nominal_hz[i]);
        best = nominal_hz[i];
      }
  return best > 0 ? best : (guint) (lround (hz / 5) * 5);
}

/**
 * phone_tone_find_dominant:
 * @samples: about 100 ms
 *
 * Returns: nominal frequency of the tone that has most of the power, 0 for silence, speech, noise
 */
guint
phone_tone_find_dominant (const gint16 *samples,
                          gsize         n_samples,
                          guint         rate_hz)
{
  g_autofree double *windowed = NULL;
  double total;
  double best = 0;
  double best_hz = 0;
  double below;
  double above;

  g_return_val_if_fail (samples != NULL && rate_hz >= 8000, 0);

  total = power_of (samples, n_samples);
  if (n_samples < rate_hz / 50 || total < SILENCE * SILENCE)
    return 0;

  windowed = window (samples, n_samples);
  for (double hz = LOWEST_HZ; hz <= HIGHEST_HZ; hz += STEP_HZ)
    {
      double power = goertzel (windowed, n_samples, hz / rate_hz);

      if (power > best)
        {
          best = power;
          best_hz = hz;
        }
    }
  /* The top of the parabola through the logarithms of three neighbours. */
  below = log (goertzel (windowed, n_samples, (best_hz - STEP_HZ) / rate_hz) + 1e-9);
  above = log (goertzel (windowed, n_samples, (best_hz + STEP_HZ) / rate_hz) + 1e-9);
  if (below + above - 2 * log (best + 1e-9) < 0)
    best_hz += STEP_HZ * 0.5 * (below - above) / (below + above - 2 * log (best + 1e-9));
  best = goertzel (windowed, n_samples, best_hz / rate_hz);
  return best >= ENOUGH_SHARE * total ? to_nominal (best_hz) : 0;
}

/**
 * phone_tone_detector_new:
 * @rate_hz: sample rate of what will be fed
 */
PhoneToneDetector *
phone_tone_detector_new (guint rate_hz)
{
  PhoneToneDetector *self;

  g_return_val_if_fail (rate_hz >= 8000, NULL);

  self = g_new0 (PhoneToneDetector, 1);
  self->rate_hz = rate_hz;
  self->n_block = (gsize) rate_hz * BLOCK_MS / 1000;
  self->block = g_new0 (gint16, self->n_block);
  return self;
}

void
phone_tone_detector_free (PhoneToneDetector *self)
{
  if (self == NULL)
    return;
  g_free (self->block);
  g_free (self);
}

/**
 * phone_tone_detector_feed:
 * @samples: the next samples
 *
 * Returns: nominal frequency in Hz of a tone that has just begun, 0 when there is nothing new to tell
 */
guint
phone_tone_detector_feed (PhoneToneDetector *self,
                          const gint16      *samples,
                          gsize              n_samples)
{
  guint news = 0;

  g_return_val_if_fail (self != NULL, 0);

  while (n_samples > 0)
    {
      gsize take = MIN (n_samples, self->n_block - self->filled);
      guint hz;

      memcpy (self->block + self->filled, samples, take * sizeof *samples);
      self->filled += take;
      samples += take;
      n_samples -= take;
      if (self->filled < self->n_block)
        break;
      self->filled = 0;

      hz = phone_tone_find_dominant (self->block, self->n_block, self->rate_hz);
      if (hz == self->last_hz && hz != self->told_hz)
        {
          self->told_hz = hz;
          news = hz;
        }
      self->last_hz = hz;
    }
  return news;
}
