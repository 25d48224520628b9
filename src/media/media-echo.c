/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-echo.h"

#include "media-lag.h"
#include "media-resample.h"

#include <math.h>
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>
#include <string.h>

/*
 * The adaptive filter is speexdsp's. Measured with speech, in single talk after ten seconds: 31 to 36 dB with 64 ms of filter, 22 to
 * 28 dB with 300 ms, and three times as quick at first. So the filter is short, and is put where the echo is: the lag between what
 * is played and what is taken up is found by correlation (media-lag.h), and what is played is delayed by that much, less a margin for
 * what comes earlier than the peak. What is left of the echo is attenuated while it is nothing else, to 40 dB and more.
 *
 * What is played lies in a ring, counted in samples since the beginning; so is what is taken up. The difference of the two counts is
 * fixed when both flow, and fixed anew when one of the devices had a gap: threads wake up as they please, samples are exact.
 */

#define FRAME (PHONE_ECHO_HZ / 100)
#define TAIL (PHONE_ECHO_HZ * 96 / 1000)
#define MARGIN (PHONE_ECHO_HZ * 12 / 1000)
/* Where the filter is is left alone as long as the peak stays in its first half. */
#define MOVE (PHONE_ECHO_HZ * 10 / 1000)
#define RING (PHONE_ECHO_HZ * 2)
/* So much is played before the microphone is asked for it: two periods. */
#define LEAD (PHONE_ECHO_HZ * 20 / 1000)
/* A filter that makes it louder is worse than none: begins anew. */
#define WORSE 2.0
#define WATCHED_FRAMES 50
/* What the filter leaves of an echo is this part of it at the most, once it knows the path: -10 dB. Who speaks here is more. */
#define RESIDUE 0.1
#define LEAST_GAIN 0.15
#define WORKING 0.05
/* Below -60 dB there is no echo to speak of. */
#define NO_ECHO (FRAME * 32.0 * 32.0)
#define SMOOTH 0.7

struct _PhoneEcho {
  gatomicrefcount        ref_count;
  int                    enabled;       /* atomic */
  guint                  lag_ms;        /* atomic, for who asks */

  GMutex                 lock;          /* the ring */
  gint16                 ring[RING];
  guint64                n_played;

  /* the loudspeaker's thread */
  GstAudioResampler     *played_resampler;
  guint                  played_hz;
  GArray                *played;

  /* the microphone's thread */
  gboolean               running;
  GstAudioResampler     *recorded_resampler;
  guint                  recorded_hz;
  GArray                *recorded;      /* not a frame yet */
  guint64                n_recorded;
  gint64                 base;          /* n_recorded + base: what was played at the same moment */
  gboolean               based;
  guint                  delay;         /* samples by which the reference is put off */
  PhoneLagFinder        *finder;
  SpeexEchoState        *filter;
  SpeexPreprocessState  *suppressor;
  double                 echo, residue; /* smoothed powers: what the filter took out, and what it left */
  double                 gain;          /* of the frame before */
  double                 wanted_gain;
  double                 power_in, power_out;
  guint                  watched;
};

PhoneEcho *
phone_echo_new (void)
{
  PhoneEcho *self = g_new0 (PhoneEcho, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->played = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->recorded = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->finder = phone_lag_finder_new ();
  return self;
}

static void
free_filter (PhoneEcho *self)
{
  g_clear_pointer (&self->suppressor, speex_preprocess_state_destroy);
  g_clear_pointer (&self->filter, speex_echo_state_destroy);
}

PhoneEcho *
phone_echo_ref (PhoneEcho *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
phone_echo_unref (PhoneEcho *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  free_filter (self);
  phone_lag_finder_free (self->finder);
  g_clear_pointer (&self->played_resampler, gst_audio_resampler_free);
  g_clear_pointer (&self->recorded_resampler, gst_audio_resampler_free);
  g_array_unref (self->played);
  g_array_unref (self->recorded);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * phone_echo_set_enabled:
 * @enabled: whether there is an echo to be expected; else everything passes as it is
 *
 * Any thread; takes effect with the next sound.
 */
void
phone_echo_set_enabled (PhoneEcho *self,
                        gboolean   enabled)
{
  g_return_if_fail (self != NULL);

  g_atomic_int_set (&self->enabled, enabled);
}

/**
 * phone_echo_get_lag_ms:
 * Returns: from loudspeaker to microphone; 0: not known (yet)
 */
guint
phone_echo_get_lag_ms (PhoneEcho *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_atomic_int_get (&self->lag_ms);
}

/**
 * phone_echo_played:
 * @samples: what goes to the loudspeaker, with everything that is mixed into it
 *
 * On the loudspeaker's thread.
 */
void
phone_echo_played (PhoneEcho    *self,
                   const gint16 *samples,
                   gsize         n_samples,
                   guint         rate_hz)
{
  g_return_if_fail (self != NULL && samples != NULL && rate_hz > 0);

  if (!g_atomic_int_get (&self->enabled))
    return;
  g_array_set_size (self->played, 0);
  phone_media_resample (&self->played_resampler, &self->played_hz, samples, n_samples, rate_hz, PHONE_ECHO_HZ, self->played);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->played->len; i++)
    self->ring[self->n_played++ % RING] = g_array_index (self->played, gint16, i);
  g_mutex_unlock (&self->lock);
}

/* ---- the microphone's thread ---- */

static void
begin_filter (PhoneEcho *self)
{
  int rate = PHONE_ECHO_HZ;
  int off = 0;

  free_filter (self);
  self->filter = speex_echo_state_init (FRAME, TAIL);
  speex_echo_ctl (self->filter, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
  self->suppressor = speex_preprocess_state_init (FRAME, rate);
  speex_preprocess_ctl (self->suppressor, SPEEX_PREPROCESS_SET_ECHO_STATE, self->filter);
  /* What is left of the echo, and nothing else: the voice stays what it is. */
  speex_preprocess_ctl (self->suppressor, SPEEX_PREPROCESS_SET_DENOISE, &off);
  self->power_in = self->power_out = 0;
  self->watched = 0;
  self->echo = self->residue = 0;
  self->gain = self->wanted_gain = 1;
}

static void
begin (PhoneEcho *self)
{
  self->running = TRUE;
  self->based = FALSE;
  self->delay = 0;
  self->n_recorded = 0;
  g_array_set_size (self->recorded, 0);
  g_clear_pointer (&self->recorded_resampler, gst_audio_resampler_free);
  phone_lag_finder_reset (self->finder);
  g_atomic_int_set (&self->lag_ms, 0);
  begin_filter (self);
}

static void
end (PhoneEcho *self)
{
  self->running = FALSE;
  free_filter (self);
}

/* Copies a frame of what was played, from @position on; what is not there is silence. Under the lock. */
static void
copy_played (PhoneEcho *self,
             gint64     position,
             gint16    *frame)
{
  for (guint i = 0; i < FRAME; i++, position++)
    frame[i] = position < 0 || (guint64) position >= self->n_played || (guint64) position + RING < self->n_played
               ? 0 : self->ring[(guint64) position % RING];
}

/* What was played while this frame was taken up, and what is in it of that by now. */
static void
fetch (PhoneEcho *self,
       gint16    *now,
       gint16    *reference)
{
  gint64 position;
  gboolean anew = FALSE;

  g_mutex_lock (&self->lock);
  position = (gint64) self->n_recorded + self->base;
  /* Not started, or one of the devices had a gap: the counts have nothing to do with each other any more. */
  if (!self->based || position + FRAME > (gint64) self->n_played || position + RING / 2 < (gint64) self->n_played)
    {
      anew = self->based;
      self->base = (gint64) self->n_played - LEAD - FRAME - (gint64) self->n_recorded;
      self->based = self->n_played > LEAD + FRAME;
      position = (gint64) self->n_recorded + self->base;
    }
  copy_played (self, position, now);
  copy_played (self, position - self->delay, reference);
  g_mutex_unlock (&self->lock);
  if (anew)
    phone_lag_finder_reset (self->finder);
}

/* The echo is somewhere else than the filter is: moves the reference there. */
static void
move (PhoneEcho *self,
      guint      lag)
{
  guint wanted = lag > MARGIN ? lag - MARGIN : 0;

  g_atomic_int_set (&self->lag_ms, MAX (1, lag * 1000 / PHONE_ECHO_HZ));
  /* A filter that does its work is where it should be, whatever the likeness says. */
  if (ABS ((gint64) wanted - (gint64) self->delay) <= MOVE || self->residue < WORKING * self->echo)
    return;
  g_debug ("echo: %u ms from loudspeaker to microphone", lag * 1000 / PHONE_ECHO_HZ);
  self->delay = wanted;
  begin_filter (self);
}

static double
measure (const gint16 *frame)
{
  double power = 0;

  for (guint i = 0; i < FRAME; i++)
    power += (double) frame[i] * frame[i];
  return power;
}

/* Out of the way when it does harm. */
static void
watch (PhoneEcho    *self,
       const gint16 *frame,
       gint16       *clean)
{
  self->power_in += measure (frame);
  self->power_out += measure (clean);
  if (++self->watched < WATCHED_FRAMES)
    return;
  if (self->power_out > WORSE * self->power_in + 1e6)
    {
      g_debug ("echo: the filter made it louder, it begins anew");
      begin_filter (self);
      memcpy (clean, frame, FRAME * sizeof *clean);
    }
  self->power_in = self->power_out = 0;
  self->watched = 0;
}

/* How much of the frame is more than the rest of an echo, 0 to 1. */
static double
choose_gain (PhoneEcho    *self,
             const gint16 *frame,
             const gint16 *clean)
{
  double echo = 0, residue = measure (clean);

  for (guint i = 0; i < FRAME; i++)
    echo += ((double) frame[i] - clean[i]) * ((double) frame[i] - clean[i]);
  self->echo = SMOOTH * self->echo + (1 - SMOOTH) * echo;
  /* A word that begins here counts at once. */
  self->residue = MAX (residue, SMOOTH * self->residue + (1 - SMOOTH) * residue);
  if (self->echo < NO_ECHO)
    return 1;
  return CLAMP (sqrt (self->residue / (RESIDUE * self->echo)), LEAST_GAIN, 1);
}

/* The suppressor's output is a frame late: the higher gain of the two frames that are in it, without a step. */
static void
attenuate (PhoneEcho *self,
           double     wanted,
           gint16    *clean)
{
  double to = MAX (wanted, self->wanted_gain);

  for (guint i = 0; i < FRAME; i++)
    clean[i] = (gint16) lrint (clean[i] * (self->gain + (to - self->gain) * i / FRAME));
  self->gain = to;
  self->wanted_gain = wanted;
}

static void
clean_frame (PhoneEcho    *self,
             const gint16 *frame,
             gint16       *clean)
{
  gint16 now[FRAME];
  gint16 reference[FRAME];
  double gain;
  guint lag;

  fetch (self, now, reference);
  self->n_recorded += FRAME;
  if (phone_lag_finder_feed (self->finder, now, frame, FRAME, &lag))
    move (self, lag);
  speex_echo_cancellation (self->filter, frame, reference, clean);
  gain = choose_gain (self, frame, clean);
  speex_preprocess_run (self->suppressor, clean);
  attenuate (self, gain, clean);
  watch (self, frame, clean);
}

/**
 * phone_echo_recorded:
 * @samples: what the microphone took up
 * @func: gets what is left without the echo, at 16 kHz; or all of it as it is, while nothing is to be done
 *
 * On the microphone's thread. Frames of 10 ms: what is left over waits for the next call.
 */
void
phone_echo_recorded (PhoneEcho     *self,
                     const gint16  *samples,
                     gsize          n_samples,
                     guint          rate_hz,
                     PhoneEchoFunc  func,
                     gpointer       user_data)
{
  gboolean enabled;
  guint done = 0;

  g_return_if_fail (self != NULL && samples != NULL && rate_hz > 0 && func != NULL);

  enabled = g_atomic_int_get (&self->enabled);
  if (enabled && !self->running)
    begin (self);
  else if (!enabled && self->running)
    end (self);
  if (!enabled)
    {
      func (samples, n_samples, rate_hz, user_data);
      return;
    }
  phone_media_resample (&self->recorded_resampler, &self->recorded_hz, samples, n_samples, rate_hz, PHONE_ECHO_HZ,
                        self->recorded);
  while (self->recorded->len - done >= FRAME)
    {
      gint16 clean[FRAME];

      clean_frame (self, &g_array_index (self->recorded, gint16, done), clean);
      func (clean, FRAME, PHONE_ECHO_HZ, user_data);
      done += FRAME;
    }
  g_array_remove_range (self->recorded, 0, done);
}
