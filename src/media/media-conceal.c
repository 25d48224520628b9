/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-conceal.h"

#include <math.h>
#include <string.h>

/* Pitch periods of voices: 2.5 ms (400 Hz) to 15 ms (67 Hz). */
#define MIN_PITCH_US 2500
#define MAX_PITCH_US 15000
#define MATCH_US 15000
#define HISTORY_US 45000
/* Made-up sound is full for 20 ms, then fades; after 100 ms it is silence. */
#define FULL_US 20000
#define FADE_US 80000
#define BLEND_US 4000
/* Two stretches that agree less than this are not joined, unless both are nearly silent. */
#define ENOUGH_LIKENESS 0.7
#define NEARLY_SILENT 40.0

struct _PhoneConcealer {
  guint   rate_hz;
  gint16 *history;
  gsize   n_history;
  gint16 *period;       /* one pitch period, its end blended into its start */
  gsize   n_period;
  gsize   at;
  gsize   made_up;      /* samples since the last good one, 0 = none */
  gboolean heard;       /* whether there is any history */
};

static gsize
samples_in (guint rate_hz,
            guint us)
{
  return (gsize) ((guint64) rate_hz * us / G_USEC_PER_SEC);
}

/* Normalised correlation of two stretches, looking at every step-th sample. */
static double
likeness (const gint16 *a,
          const gint16 *b,
          gsize         n_samples,
          gsize         step)
{
  double ab = 0;
  double aa = 0;
  double bb = 0;

  for (gsize i = 0; i < n_samples; i += step)
    {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
  if (aa + bb < NEARLY_SILENT * NEARLY_SILENT * (double) (n_samples / step))
    return 1;
  return aa > 0 && bb > 0 ? ab / sqrt (aa * bb) : 0;
}

static gint16
blend (gint16 from,
       gint16 to,
       gsize  i,
       gsize  n)
{
  return (gint16) (((gint64) from * (gint64) (n - i) + (gint64) to * (gint64) i) / (gint64) n);
}

/**
 * phone_concealer_new:
 * @rate_hz: sample rate
 */
PhoneConcealer *
phone_concealer_new (guint rate_hz)
{
  PhoneConcealer *self;

  g_return_val_if_fail (rate_hz >= 8000 && rate_hz <= 48000, NULL);

  self = g_new0 (PhoneConcealer, 1);
  self->rate_hz = rate_hz;
  self->n_history = samples_in (rate_hz, HISTORY_US);
  self->history = g_new0 (gint16, self->n_history);
  self->period = g_new0 (gint16, samples_in (rate_hz, MAX_PITCH_US) + 1);
  return self;
}

void
phone_concealer_free (PhoneConcealer *self)
{
  if (self == NULL)
    return;
  g_free (self->history);
  g_free (self->period);
  g_free (self);
}

static void
remember (PhoneConcealer *self,
          const gint16   *samples,
          gsize           n_samples)
{
  gsize keep;

  if (n_samples > self->n_history)
    {
      samples += n_samples - self->n_history;
      n_samples = self->n_history;
    }
  keep = self->n_history - n_samples;
  memmove (self->history, self->history + n_samples, keep * sizeof (gint16));
  memcpy (self->history + keep, samples, n_samples * sizeof (gint16));
  self->heard = TRUE;
}

/* The distance at which the latest sound repeats itself best: first coarse, then exact. */
static gsize
find_pitch (PhoneConcealer *self)
{
  gsize match = samples_in (self->rate_hz, MATCH_US);
  gsize shortest = samples_in (self->rate_hz, MIN_PITCH_US);
  gsize longest = samples_in (self->rate_hz, MAX_PITCH_US);
  gsize step = self->rate_hz / 8000;
  const gint16 *latest = self->history + self->n_history - match;
  gsize best = shortest;
  double best_likeness = -2;

  for (gsize lag = shortest; lag <= longest; lag += step)
    {
      double found = likeness (latest, latest - lag, match, step);

      if (found > best_likeness)
        {
          best_likeness = found;
          best = lag;
        }
    }
  if (step > 1)
    {
      gsize from = MAX (shortest, best - (step - 1));
      gsize to = MIN (longest, best + (step - 1));

      best_likeness = -2;
      for (gsize lag = from; lag <= to; lag++)
        {
          double found = likeness (latest, latest - lag, match, 1);

          if (found > best_likeness)
            {
              best_likeness = found;
              best = lag;
            }
        }
    }
  return best;
}

static void
start_concealing (PhoneConcealer *self)
{
  gsize pitch = find_pitch (self);
  gsize overlap = pitch / 4;
  const gint16 *end = self->history + self->n_history;

  memcpy (self->period, end - pitch, pitch * sizeof (gint16));
  for (gsize i = 0; i < overlap; i++)
    self->period[pitch - overlap + i] = blend (end[-(gssize) overlap + (gssize) i],
                                               end[-(gssize) (pitch + overlap) + (gssize) i], i + 1, overlap + 1);
  self->n_period = pitch;
  self->at = 0;
}

static gint16
next_made_up (PhoneConcealer *self)
{
  gsize full = samples_in (self->rate_hz, FULL_US);
  gsize fade = samples_in (self->rate_hz, FADE_US);
  gint16 sample = 0;

  if (self->n_period > 0 && self->made_up < full + fade)
    {
      sample = self->period[self->at];
      self->at = (self->at + 1) % self->n_period;
      if (self->made_up > full)
        sample = (gint16) ((gint64) sample * (gint64) (full + fade - self->made_up) / (gint64) fade);
    }
  self->made_up++;
  return sample;
}

/**
 * phone_concealer_feed:
 * @samples: (inout): good sound; its first milliseconds are blended with made-up sound if there was any
 */
void
phone_concealer_feed (PhoneConcealer *self,
                      gint16         *samples,
                      gsize           n_samples)
{
  g_return_if_fail (self != NULL);

  if (self->made_up > 0)
    {
      gsize overlap = MIN (n_samples, samples_in (self->rate_hz, BLEND_US));

      for (gsize i = 0; i < overlap; i++)
        samples[i] = blend (next_made_up (self), samples[i], i + 1, overlap + 1);
      self->made_up = 0;
    }
  remember (self, samples, n_samples);
}

/**
 * phone_concealer_align:
 * @samples: good sound that came late, after something was made up in its place
 *
 * Returns: how much more is to be made up before it, so that the one flows into the other: less than a pitch period
 */
gsize
phone_concealer_align (PhoneConcealer *self,
                       const gint16   *samples,
                       gsize           n_samples)
{
  gsize match = MIN (n_samples, samples_in (self->rate_hz, BLEND_US));
  gsize step = MAX (self->rate_hz / 8000, 1);
  g_autofree gint16 *ahead = NULL;
  gsize best = 0;
  double best_likeness = -2;

  g_return_val_if_fail (self != NULL, 0);

  if (self->made_up == 0 || self->n_period == 0 || self->made_up > samples_in (self->rate_hz, FULL_US + FADE_US / 2))
    return 0;
  ahead = g_new (gint16, self->n_period + match);
  for (gsize i = 0; i < self->n_period + match; i++)
    ahead[i] = self->period[(self->at + i) % self->n_period];
  for (gsize shift = 0; shift < self->n_period; shift++)
    {
      /* An earlier place is preferred to one that is hardly better. */
      double found = likeness (ahead + shift, samples, match, step) - 0.05 * (double) shift / (double) self->n_period;

      if (found > best_likeness)
        {
          best_likeness = found;
          best = shift;
        }
    }
  return best;
}

/**
 * phone_concealer_conceal:
 * @samples: (out): sound made up from what was fed before
 */
void
phone_concealer_conceal (PhoneConcealer *self,
                         gint16         *samples,
                         gsize           n_samples)
{
  g_return_if_fail (self != NULL);

  if (self->made_up == 0)
    {
      self->n_period = 0;
      if (self->heard)
        start_concealing (self);
    }
  for (gsize i = 0; i < n_samples; i++)
    samples[i] = next_made_up (self);
}

/* Where the sound from the start repeats itself within its first half. 0 when it does not. */
static gsize
find_seam (const gint16 *samples,
           gsize         n_samples,
           guint         rate_hz)
{
  gsize shortest = samples_in (rate_hz, MIN_PITCH_US);
  gsize longest = MIN (samples_in (rate_hz, MAX_PITCH_US), n_samples / 2);
  gsize step = MAX (rate_hz / 8000, 1);
  gsize best = 0;
  double best_likeness = ENOUGH_LIKENESS;

  for (gsize lag = shortest; lag <= longest; lag++)
    {
      double found = likeness (samples, samples + lag, lag, step);

      if (found > best_likeness)
        {
          best_likeness = found;
          best = lag;
        }
    }
  return best;
}

/**
 * phone_conceal_shorten:
 * @samples: (inout): a packet's sound
 *
 * Takes one pitch period out.
 *
 * Returns: how many samples are left; @n_samples when it could not be done without a seam
 */
gsize
phone_conceal_shorten (gint16 *samples,
                       gsize   n_samples,
                       guint   rate_hz)
{
  gsize lag = find_seam (samples, n_samples, rate_hz);

  if (lag == 0)
    return n_samples;
  for (gsize i = 0; i < lag; i++)
    samples[i] = blend (samples[i], samples[i + lag], i + 1, lag + 1);
  memmove (samples + lag, samples + 2 * lag, (n_samples - 2 * lag) * sizeof (gint16));
  return n_samples - lag;
}

/**
 * phone_conceal_lengthen:
 * @samples: (inout): a packet's sound
 * @room: samples that fit
 *
 * Puts one pitch period in.
 *
 * Returns: how many samples there are now; @n_samples when it could not be done without a seam
 */
gsize
phone_conceal_lengthen (gint16 *samples,
                        gsize   n_samples,
                        gsize   room,
                        guint   rate_hz)
{
  gsize lag = find_seam (samples, n_samples, rate_hz);

  if (lag == 0 || n_samples + lag > room)
    return n_samples;
  memmove (samples + lag, samples, n_samples * sizeof (gint16));
  /* samples[lag…] is now the original from its start: period 1 is still in samples[0…lag), and again behind. */
  for (gsize i = 0; i < lag; i++)
    samples[lag + i] = blend (samples[2 * lag + i], samples[lag + i], i + 1, lag + 1);
  return n_samples + lag;
}
