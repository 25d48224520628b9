/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-lag.h"

#include <math.h>
#include <string.h>

/* Everything is done at 2 kHz: half a millisecond is exact enough, and a look costs a millisecond. */
#define STEP 8
#define HZ (PHONE_LAG_HZ / STEP)
#define MAX_LAG (HZ * PHONE_LAG_MAX_MS / 1000)
#define WINDOW HZ                    /* one second of the microphone */
#define INTERVAL (HZ / 5)
/* Less likeness than this may be chance, or two people who talk at once. */
#define LIKENESS 0.3f
/* So much is no chance: believed at once. */
#define CERTAIN 0.75f
/* A tone is like itself after every period: another lag that is nearly as good, further away than a peak is wide, means that nothing
 * is known. */
#define DISTINCT 0.9f
#define PEAK (HZ * 4 / 1000)
/* Two looks that find the same are believed. */
#define SAME 4
/* Nothing is played, or next to nothing: about -50 dB. */
#define QUIET 100.0f

struct _PhoneLagFinder {
  float played[WINDOW + MAX_LAG];    /* the newest last */
  float recorded[WINDOW];
  guint n_fed;                       /* since the last look, at 2 kHz */
  guint filled;                      /* of played */
  float sums[2];                     /* of the step that is being summed up */
  guint in_step;
  float before[2];                   /* the last values, for the whitening */
  gint  candidate;                   /* lag of the last look, -1 = none */
};

PhoneLagFinder *
phone_lag_finder_new (void)
{
  PhoneLagFinder *self = g_new0 (PhoneLagFinder, 1);

  self->candidate = -1;
  return self;
}

void
phone_lag_finder_free (PhoneLagFinder *self)
{
  g_free (self);
}

/**
 * phone_lag_finder_reset:
 *
 * What was fed has nothing to do with what comes.
 */
void
phone_lag_finder_reset (PhoneLagFinder *self)
{
  g_return_if_fail (self != NULL);

  memset (self, 0, sizeof *self);
  self->candidate = -1;
}

static void
append (float *history,
        guint  length,
        float  value)
{
  memmove (history, history + 1, (length - 1) * sizeof *history);
  history[length - 1] = value;
}

/* The likeness of each lag: a correlation, measured by the energies. Returns the best lag, -1 when none is good. */
static gint
look (PhoneLagFinder *self,
      float          *likeness)
{
  const float *newest = self->played + MAX_LAG;
  float likenesses[MAX_LAG] = { 0 };
  float recorded = 0, played = 0, best = 0;
  gint best_lag = -1;

  for (guint i = 0; i < WINDOW; i++)
    {
      recorded += self->recorded[i] * self->recorded[i];
      played += newest[i] * newest[i];
    }
  for (gint lag = 0; lag < MAX_LAG; lag++)
    {
      const float *at = newest - lag;
      float sum = 0;

      if (played > QUIET * QUIET * WINDOW && recorded > 0)
        {
          for (guint i = 0; i < WINDOW; i++)
            sum += at[i] * self->recorded[i];
          sum = fabsf (sum) / sqrtf (played * recorded);
          likenesses[lag] = sum;
          if (sum > best)
            {
              best = sum;
              best_lag = lag;
            }
        }
      /* The window of the next lag begins one earlier. */
      if (lag + 1 < MAX_LAG)
        played += at[-1] * at[-1] - at[WINDOW - 1] * at[WINDOW - 1];
    }
  for (gint lag = 0; lag < MAX_LAG; lag++)
    if (best_lag >= 0 && ABS (lag - best_lag) > PEAK && likenesses[lag] > DISTINCT * best)
      best_lag = -1;
  *likeness = best;
  return best > LIKENESS ? best_lag : -1;
}

/**
 * phone_lag_finder_feed:
 * @played: what went to the loudspeaker
 * @recorded: what came from the microphone meanwhile
 * @lag: (out): samples of 16 kHz from one to the other, when found
 *
 * Returns: whether the lag has just been found (again)
 */
gboolean
phone_lag_finder_feed (PhoneLagFinder *self,
                       const gint16   *played,
                       const gint16   *recorded,
                       gsize           n_samples,
                       guint          *lag)
{
  float likeness;
  gint found;
  gboolean same;

  g_return_val_if_fail (self != NULL && played != NULL && recorded != NULL && lag != NULL, FALSE);

  for (gsize i = 0; i < n_samples; i++)
    {
      self->sums[0] += played[i];
      self->sums[1] += recorded[i];
      if (++self->in_step < STEP)
        continue;
      /* The difference of neighbours makes the peak of a voice narrower. */
      append (self->played, G_N_ELEMENTS (self->played), (self->sums[0] - self->before[0]) / STEP);
      append (self->recorded, G_N_ELEMENTS (self->recorded), (self->sums[1] - self->before[1]) / STEP);
      memcpy (self->before, self->sums, sizeof self->before);
      memset (self->sums, 0, sizeof self->sums);
      self->in_step = 0;
      self->n_fed++;
      self->filled = MIN (self->filled + 1, G_N_ELEMENTS (self->played));
    }
  if (self->n_fed < INTERVAL || self->filled < WINDOW / 2)
    return FALSE;

  self->n_fed = 0;
  found = look (self, &likeness);
  same = found >= 0 && (likeness > CERTAIN || (self->candidate >= 0 && ABS (found - self->candidate) <= SAME));
  self->candidate = found;
  *lag = same ? (guint) found * STEP : 0;
  return same;
}
