/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-mixer.h"

#include <math.h>
#include <string.h>

/* Below this nothing is changed; above it peaks are bent softly instead of being cut off. */
#define KNEE 0.85f

struct _PhoneMixer {
  GObject              parent;

  guint                rate_hz;
  GMainContext        *context;     /* where the ended function runs */

  GMutex               lock;
  GPtrArray           *sounds;      /* lock: sounds, gain, gain_now, mix */
  float                gain;
  float                gain_now;
  float                mix[PHONE_MIXER_MAX_FRAMES];

  PhoneMixerEndedFunc  ended;       /* main thread only */
  gpointer             ended_data;
};

G_DEFINE_INTERFACE (PhoneSound, phone_sound, G_TYPE_OBJECT)
G_DEFINE_TYPE (PhoneMixer, phone_mixer, G_TYPE_OBJECT)

static void
phone_sound_default_init (PhoneSoundInterface *iface)
{
}

/**
 * phone_sound_render:
 * @mix: (inout): samples to add to
 *
 * Returns: %FALSE when the sound has ended
 */
gboolean
phone_sound_render (PhoneSound *self,
                    float      *mix,
                    guint       n_frames,
                    guint       rate_hz)
{
  return PHONE_SOUND_GET_IFACE (self)->render (self, mix, n_frames, rate_hz);
}

static gboolean
on_sound_ended (gpointer user_data)
{
  PhoneMixer *self = user_data;

  if (self->ended != NULL)
    self->ended (self->ended_data);
  return G_SOURCE_REMOVE;
}

/**
 * phone_mixer_to_sample:
 * @value: a sum of sounds, full scale ±1
 *
 * Returns: the same as a sample, peaks bent instead of cut
 */
gint16
phone_mixer_to_sample (float value)
{
  float size = fabsf (value);

  if (size > KNEE)
    value = copysignf (KNEE + (1 - KNEE) * tanhf ((size - KNEE) / (1 - KNEE)), value);
  return (gint16) lrintf (value * 32767.0f);
}

static void
phone_mixer_finalize (GObject *object)
{
  PhoneMixer *self = PHONE_MIXER (object);

  g_clear_pointer (&self->sounds, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (phone_mixer_parent_class)->finalize (object);
}

static void
phone_mixer_class_init (PhoneMixerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_mixer_finalize;
}

static void
phone_mixer_init (PhoneMixer *self)
{
  g_mutex_init (&self->lock);
  self->sounds = g_ptr_array_new_with_free_func (g_object_unref);
  self->context = g_main_context_ref_thread_default ();
  self->gain = 1;
  self->gain_now = 1;
}

/**
 * phone_mixer_new:
 * @rate_hz: sample rate it works at
 */
PhoneMixer *
phone_mixer_new (guint rate_hz)
{
  PhoneMixer *self;

  g_return_val_if_fail (rate_hz > 0, NULL);

  self = g_object_new (PHONE_TYPE_MIXER, NULL);
  self->rate_hz = rate_hz;
  return self;
}

guint
phone_mixer_get_rate (PhoneMixer *self)
{
  g_return_val_if_fail (PHONE_IS_MIXER (self), 0);

  return self->rate_hz;
}

/**
 * phone_mixer_set_ended_func:
 * @func: (nullable): called on the thread that made the mixer after a sound ended by itself
 */
void
phone_mixer_set_ended_func (PhoneMixer          *self,
                            PhoneMixerEndedFunc  func,
                            gpointer             user_data)
{
  g_return_if_fail (PHONE_IS_MIXER (self));

  self->ended = func;
  self->ended_data = user_data;
}

/**
 * phone_mixer_add:
 * @sound: (transfer none): sounds from the next pull on, until it ends or is removed
 */
void
phone_mixer_add (PhoneMixer *self,
                 PhoneSound *sound)
{
  g_return_if_fail (PHONE_IS_MIXER (self) && PHONE_IS_SOUND (sound));

  g_mutex_lock (&self->lock);
  if (!g_ptr_array_find (self->sounds, sound, NULL))
    g_ptr_array_add (self->sounds, g_object_ref (sound));
  g_mutex_unlock (&self->lock);
}

/**
 * phone_mixer_remove:
 * @sound: (transfer none): is not asked any more when this returns
 */
void
phone_mixer_remove (PhoneMixer *self,
                    PhoneSound *sound)
{
  g_return_if_fail (PHONE_IS_MIXER (self));

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->sounds, sound);
  g_mutex_unlock (&self->lock);
}

gboolean
phone_mixer_is_empty (PhoneMixer *self)
{
  gboolean empty;

  g_return_val_if_fail (PHONE_IS_MIXER (self), TRUE);

  g_mutex_lock (&self->lock);
  empty = self->sounds->len == 0;
  g_mutex_unlock (&self->lock);
  return empty;
}

/**
 * phone_mixer_set_gain:
 * @gain: linear, 0 = silent; reached within a few milliseconds, without a click
 */
void
phone_mixer_set_gain (PhoneMixer *self,
                      double      gain)
{
  g_return_if_fail (PHONE_IS_MIXER (self) && gain >= 0);

  g_mutex_lock (&self->lock);
  self->gain = (float) gain;
  g_mutex_unlock (&self->lock);
}

/**
 * phone_mixer_render:
 * @samples: (out): what is played next
 * @n_frames: at most %PHONE_MIXER_MAX_FRAMES
 *
 * Any thread.
 */
void
phone_mixer_render (PhoneMixer *self,
                    gint16     *samples,
                    guint       n_frames)
{
  gboolean ended = FALSE;

  g_return_if_fail (PHONE_IS_MIXER (self) && n_frames <= PHONE_MIXER_MAX_FRAMES);

  g_mutex_lock (&self->lock);
  memset (self->mix, 0, n_frames * sizeof (float));
  for (guint i = self->sounds->len; i > 0; i--)
    if (!phone_sound_render (g_ptr_array_index (self->sounds, i - 1), self->mix, n_frames, self->rate_hz))
      {
        g_ptr_array_remove_index (self->sounds, i - 1);
        ended = TRUE;
      }
  for (guint i = 0; i < n_frames; i++)
    {
      self->gain_now += (self->gain - self->gain_now) * 0.01f;
      samples[i] = phone_mixer_to_sample (self->mix[i] * self->gain_now);
    }
  g_mutex_unlock (&self->lock);

  if (ended)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, on_sound_ended, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
}
