/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-tap.h"

#include <string.h>

/* Kept in store before the first sample is given out, and what is left when too much was there: one period of the device
 * and a bit, so that threads that take turns unevenly do not run it dry. */
#define STORE_MS 15
/* A seam. */
#define FADE_MS 3

struct _PhoneTap {
  gatomicrefcount refs;
  GMutex          lock;      /* all below */
  GArray         *ready;     /* float */
  guint           rate_hz;   /* of what is in it */
  gboolean        flows;     /* false: waits until STORE_MS are there */
  float           last;      /* what was given out last */
};

PhoneTap *
phone_tap_new (void)
{
  PhoneTap *self = g_new0 (PhoneTap, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->ready = g_array_new (FALSE, FALSE, sizeof (float));
  return self;
}

PhoneTap *
phone_tap_ref (PhoneTap *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
phone_tap_unref (PhoneTap *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->ready);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static guint
to_samples (guint ms,
            guint rate_hz)
{
  return ms * rate_hz / 1000;
}

/* Drops the oldest sound; what follows is faded in over what would have come. */
static void
shorten (PhoneTap *self)
{
  guint keep = to_samples (STORE_MS, self->rate_hz);
  guint n_fade = MIN (to_samples (FADE_MS, self->rate_hz), keep);
  float *ready = (float *) (gpointer) self->ready->data;
  guint start = self->ready->len - keep;

  for (guint i = 0; i < n_fade; i++)
    {
      float weight = (float) (i + 1) / (float) (n_fade + 1);

      ready[start + i] = ready[start + i] * weight + ready[i] * (1 - weight);
    }
  g_array_remove_range (self->ready, 0, start);
}

/**
 * phone_tap_write:
 * @samples: what the party says next; nothing of it is lost but what nobody takes
 */
void
phone_tap_write (PhoneTap    *self,
                 const float *samples,
                 guint        n_samples,
                 guint        rate_hz)
{
  g_return_if_fail (self != NULL && rate_hz > 0);

  g_mutex_lock (&self->lock);
  if (self->rate_hz != rate_hz)
    {
      g_array_set_size (self->ready, 0);
      self->rate_hz = rate_hz;
    }
  g_array_append_vals (self->ready, samples, n_samples);
  if (self->ready->len > to_samples (PHONE_TAP_MAX_MS, rate_hz))
    shorten (self);
  g_mutex_unlock (&self->lock);
}

/* Goes quiet within FADE_MS instead of at once. */
static void
fade_out (PhoneTap *self,
          float    *samples,
          guint     n_samples,
          guint     rate_hz)
{
  guint n_fade = MIN (to_samples (FADE_MS, rate_hz), n_samples);

  for (guint i = 0; i < n_fade; i++)
    samples[i] = self->last * (1 - (float) (i + 1) / (float) n_fade);
  memset (samples + n_fade, 0, (n_samples - n_fade) * sizeof (float));
  self->last = 0;
}

/**
 * phone_tap_read:
 * @samples: (out): what comes next, silence where there is nothing
 */
void
phone_tap_read (PhoneTap *self,
                float    *samples,
                guint     n_samples,
                guint     rate_hz)
{
  guint n;

  g_return_if_fail (self != NULL && rate_hz > 0);

  g_mutex_lock (&self->lock);
  if (!self->flows && self->ready->len >= n_samples + to_samples (STORE_MS, rate_hz))
    self->flows = TRUE;
  n = self->flows && self->rate_hz == rate_hz ? MIN (n_samples, self->ready->len) : 0;
  if (n > 0)
    {
      memcpy (samples, self->ready->data, n * sizeof (float));
      g_array_remove_range (self->ready, 0, n);
      self->last = samples[n - 1];
    }
  if (n < n_samples)
    {
      self->flows = FALSE;
      fade_out (self, samples + n, n_samples - n, rate_hz);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * phone_tap_get_n_ready:
 * Returns: samples in store
 */
guint
phone_tap_get_n_ready (PhoneTap *self)
{
  guint n;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->lock);
  n = self->ready->len;
  g_mutex_unlock (&self->lock);
  return n;
}
