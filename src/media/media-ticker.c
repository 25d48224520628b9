/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-ticker.h"

/**
 * SECTION:media-ticker
 * @title: PhoneTicker
 *
 * Takes the place of sound devices when there are none: pulls the mixer and pushes the microphone in real time, with
 * silence and into nothing, or from and to WAV files. With devices it stands by: as soon as one of them has done
 * nothing for a while (it is being opened, the sound server is gone or hangs) the ticker steps in for it, so that
 * digits are still heard, packets still sent, and the far end's NAT binding stays open.
 */

#define PERIOD_US 20000
/* A device silent for so long is taken to be gone. */
#define GONE_US 80000
/* A device that is being opened gets so long before the ticker steps in: the first tone shall not go by unheard. */
#define OPENING_US 600000
/* After a suspend or a stalled machine the time that was missed is left out. */
#define MAX_CATCH_UP_US 90000

struct _PhoneTicker {
  GObject          parent;

  PhoneMediaLoop  *loop;         /* not owned: outlives us */
  PhoneMixer      *mixer;
  PhoneMicrophone *microphone;
  GSource         *source;       /* main thread */

  GMutex           lock;         /* all below */
  gint64           device_out_us;
  gint64           device_in_us;
  gint64           out_us;       /* sound has been played up to here */
  gint64           in_us;
  PhoneWave       *input;
  gboolean         loop_input;
  gsize            input_at;
  PhoneWaveWriter *output;
};

G_DEFINE_TYPE (PhoneTicker, phone_ticker, G_TYPE_OBJECT)

/* How many frames are due, moving `at` on by exactly that much. */
static guint
frames_due (gint64 *at,
            gint64  now_us,
            guint   rate_hz)
{
  guint frames;

  if (now_us - *at > MAX_CATCH_UP_US)
    *at = now_us - PERIOD_US;
  if (now_us <= *at)
    return 0;
  frames = (guint) ((now_us - *at) * rate_hz / G_USEC_PER_SEC);
  frames = MIN (frames, PHONE_MIXER_MAX_FRAMES);
  *at += (gint64) frames * G_USEC_PER_SEC / rate_hz;
  return frames;
}

static void
take_input (PhoneTicker *self,
            gint16      *samples,
            guint        n_frames)
{
  for (guint i = 0; i < n_frames; i++)
    {
      if (self->input != NULL && self->loop_input && self->input->n_samples > 0
          && self->input_at >= self->input->n_samples)
        self->input_at = 0;
      samples[i]
          = self->input != NULL && self->input_at < self->input->n_samples ? self->input->samples[self->input_at++] : 0;
    }
}

/*
 * When to look again, with the lock held. While both devices work there is nothing to do before the first of them could have
 * been silent for too long: the processor sleeps through four periods. What they told may be an OPENING_US ahead, yet they
 * may be gone sooner: hence never later than GONE_US.
 */
static gint64
next_tick_us (PhoneTicker *self,
              gint64       now_us)
{
  gint64 gone_us = MIN (self->device_out_us, self->device_in_us) + GONE_US + 1;

  return CLAMP (gone_us, now_us + PERIOD_US, now_us + GONE_US);
}

static gboolean
on_tick (gpointer user_data)
{
  PhoneTicker *self = user_data;
  gint16 samples[PHONE_MIXER_MAX_FRAMES] = { 0 };
  guint rate_hz = phone_mixer_get_rate (self->mixer);
  gint64 now_us = g_get_monotonic_time ();
  gint64 next_us;
  guint n_out = 0;
  guint n_in = 0;

  g_mutex_lock (&self->lock);
  next_us = next_tick_us (self, now_us);
  /* Where a device is found to be gone next time, one period is due: not all that it owes. */
  if (now_us - self->device_out_us > GONE_US)
    n_out = frames_due (&self->out_us, now_us, rate_hz);
  else
    self->out_us = next_us - PERIOD_US;
  if (now_us - self->device_in_us > GONE_US)
    n_in = frames_due (&self->in_us, now_us, rate_hz);
  else
    self->in_us = next_us - PERIOD_US;
  g_mutex_unlock (&self->lock);

  if (n_out > 0)
    {
      phone_mixer_render (self->mixer, samples, n_out);
      g_mutex_lock (&self->lock);
      if (self->output != NULL)
        phone_wave_writer_write (self->output, samples, n_out);
      g_mutex_unlock (&self->lock);
    }
  if (n_in > 0)
    {
      g_mutex_lock (&self->lock);
      take_input (self, samples, n_in);
      g_mutex_unlock (&self->lock);
      phone_microphone_push (self->microphone, samples, n_in, rate_hz);
    }
  g_source_set_ready_time (g_main_current_source (), next_us);
  return G_SOURCE_CONTINUE;
}

/* Unlike a timeout, the source is told each time when it is due. */
static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  return callback (user_data);
}

static void
phone_ticker_dispose (GObject *object)
{
  PhoneTicker *self = PHONE_TICKER (object);

  phone_ticker_set_active (self, FALSE);
  g_clear_object (&self->mixer);
  g_clear_object (&self->microphone);

  G_OBJECT_CLASS (phone_ticker_parent_class)->dispose (object);
}

static void
phone_ticker_finalize (GObject *object)
{
  PhoneTicker *self = PHONE_TICKER (object);

  g_clear_pointer (&self->input, phone_wave_free);
  g_clear_pointer (&self->output, phone_wave_writer_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (phone_ticker_parent_class)->finalize (object);
}

static void
phone_ticker_class_init (PhoneTickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_ticker_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_ticker_finalize;
}

static void
phone_ticker_init (PhoneTicker *self)
{
  g_mutex_init (&self->lock);
}

/**
 * phone_ticker_new:
 * @loop: thread to tick on; must live longer
 * @mixer: what to pull
 * @microphone: where to push
 */
PhoneTicker *
phone_ticker_new (PhoneMediaLoop  *loop,
                  PhoneMixer      *mixer,
                  PhoneMicrophone *microphone)
{
  PhoneTicker *self;

  g_return_val_if_fail (loop != NULL, NULL);

  self = g_object_new (PHONE_TYPE_TICKER, NULL);
  self->loop = loop;
  self->mixer = g_object_ref (mixer);
  self->microphone = g_object_ref (microphone);
  return self;
}

/**
 * phone_ticker_set_files:
 * @input: (transfer full) (nullable): what the microphone takes up, at the mixer's rate; silence after its end
 * @loop_input: whether it starts over instead
 * @output: (transfer full) (nullable): where everything that is played goes
 */
void
phone_ticker_set_files (PhoneTicker     *self,
                        PhoneWave       *input,
                        gboolean         loop_input,
                        PhoneWaveWriter *output)
{
  g_return_if_fail (PHONE_IS_TICKER (self));

  g_mutex_lock (&self->lock);
  self->input = input;
  self->loop_input = loop_input;
  self->output = output;
  g_mutex_unlock (&self->lock);
}

/**
 * phone_ticker_set_active:
 * @active: whether there is anything to play or to send at all
 */
void
phone_ticker_set_active (PhoneTicker *self,
                         gboolean     active)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };

  g_return_if_fail (PHONE_IS_TICKER (self));

  if (active == (self->source != NULL))
    return;
  if (!active)
    {
      g_source_destroy (self->source);
      g_clear_pointer (&self->source, g_source_unref);
      return;
    }

  g_mutex_lock (&self->lock);
  self->out_us = self->in_us = g_get_monotonic_time ();
  self->input_at = 0;
  g_mutex_unlock (&self->lock);
  self->source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_ready_time (self->source, g_get_monotonic_time () + PERIOD_US);
  g_source_set_callback (self->source, on_tick, g_object_ref (self), g_object_unref);
  phone_media_loop_attach (self->loop, self->source);
}

/**
 * phone_ticker_expect:
 * @output: a device is being opened that will pull the mixer
 * @input: a device is being opened that will push the microphone
 */
void
phone_ticker_expect (PhoneTicker *self,
                     gboolean     output,
                     gboolean     input)
{
  gint64 until_us = g_get_monotonic_time () + OPENING_US;

  g_return_if_fail (PHONE_IS_TICKER (self));

  g_mutex_lock (&self->lock);
  if (output)
    self->device_out_us = until_us;
  if (input)
    self->device_in_us = until_us;
  g_mutex_unlock (&self->lock);
}

/**
 * phone_ticker_note_output:
 *
 * A device has just pulled the mixer. Any thread.
 */
void
phone_ticker_note_output (PhoneTicker *self)
{
  g_return_if_fail (PHONE_IS_TICKER (self));

  g_mutex_lock (&self->lock);
  self->device_out_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

/**
 * phone_ticker_note_input:
 *
 * A device has just pushed the microphone. Any thread.
 */
void
phone_ticker_note_input (PhoneTicker *self)
{
  g_return_if_fail (PHONE_IS_TICKER (self));

  g_mutex_lock (&self->lock);
  self->device_in_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}
