/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-microphone.h"

#include "media-mixer.h"

#include <string.h>

/**
 * SECTION:media-microphone
 * @title: PhoneMicrophone
 *
 * Hands what the microphone takes up to every call that sends. Mute is here, in front of everything that could let
 * a sound out: silence goes on as packets, so that NAT bindings and the other side's jitter buffer stay as they are.
 *
 * A conference is mixed here as well: who has a tap (what the other side of that sender says) is heard by all others that
 * have one, together with the microphone. Each hears all but himself.
 */
typedef struct {
  PhoneMediaSender *sender;
  PhoneTap         *tap;      /* nullable: not in a conference */
  float            *said;     /* of the tap, for the present push */
} Line;

struct _PhoneMicrophone {
  GObject  parent;

  GMutex   lock;
  GArray  *lines;       /* lock */
  gboolean mute;        /* lock */
};

G_DEFINE_TYPE (PhoneMicrophone, phone_microphone, G_TYPE_OBJECT)

static void
clear_line (gpointer data)
{
  Line *line = data;

  g_clear_object (&line->sender);
  g_clear_pointer (&line->tap, phone_tap_unref);
  g_clear_pointer (&line->said, g_free);
}

static void
phone_microphone_finalize (GObject *object)
{
  PhoneMicrophone *self = PHONE_MICROPHONE (object);

  g_clear_pointer (&self->lines, g_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (phone_microphone_parent_class)->finalize (object);
}

static void
phone_microphone_class_init (PhoneMicrophoneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_microphone_finalize;
}

static void
phone_microphone_init (PhoneMicrophone *self)
{
  g_mutex_init (&self->lock);
  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  g_array_set_clear_func (self->lines, clear_line);
}

PhoneMicrophone *
phone_microphone_new (void)
{
  return g_object_new (PHONE_TYPE_MICROPHONE, NULL);
}

/**
 * phone_microphone_add:
 * @sender: (transfer none): gets all sound from now on
 */
void
phone_microphone_add (PhoneMicrophone  *self,
                      PhoneMediaSender *sender)
{
  Line line = { .sender = sender };

  g_return_if_fail (PHONE_IS_MICROPHONE (self) && PHONE_IS_MEDIA_SENDER (sender));

  g_object_ref (sender);
  g_mutex_lock (&self->lock);
  g_array_append_val (self->lines, line);
  g_mutex_unlock (&self->lock);
}

/* With the lock held. Returns -1 when it is not there. */
static int
find_line (PhoneMicrophone  *self,
           PhoneMediaSender *sender)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (g_array_index (self->lines, Line, i).sender == sender)
      return (int) i;
  return -1;
}

/**
 * phone_microphone_remove:
 * @sender: (transfer none): gets nothing more when this returns
 */
void
phone_microphone_remove (PhoneMicrophone  *self,
                         PhoneMediaSender *sender)
{
  int i;

  g_return_if_fail (PHONE_IS_MICROPHONE (self));

  g_mutex_lock (&self->lock);
  i = find_line (self, sender);
  if (i >= 0)
    g_array_remove_index (self->lines, (guint) i);
  g_mutex_unlock (&self->lock);
}

/**
 * phone_microphone_set_tap:
 * @sender: one that was added
 * @tap: (nullable): what its other side says; %NULL takes it out of the conference
 */
void
phone_microphone_set_tap (PhoneMicrophone  *self,
                          PhoneMediaSender *sender,
                          PhoneTap         *tap)
{
  int i;

  g_return_if_fail (PHONE_IS_MICROPHONE (self));

  g_mutex_lock (&self->lock);
  i = find_line (self, sender);
  if (i >= 0)
    {
      Line *line = &g_array_index (self->lines, Line, i);

      g_clear_pointer (&line->tap, phone_tap_unref);
      line->tap = tap ? phone_tap_ref (tap) : NULL;
    }
  g_mutex_unlock (&self->lock);
}

/**
 * phone_microphone_set_mute:
 * @mute: whether silence is sent instead; holds from the next sample on
 */
void
phone_microphone_set_mute (PhoneMicrophone *self,
                           gboolean         mute)
{
  g_return_if_fail (PHONE_IS_MICROPHONE (self));

  g_mutex_lock (&self->lock);
  self->mute = mute;
  g_mutex_unlock (&self->lock);
}

/* What each party of the conference says now. */
static void
read_taps (PhoneMicrophone *self,
           gsize            n_samples,
           guint            rate_hz)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = &g_array_index (self->lines, Line, i);

      if (line->tap == NULL)
        continue;
      line->said = g_renew (float, line->said, n_samples);
      phone_tap_read (line->tap, line->said, (guint) n_samples, rate_hz);
    }
}

/* The microphone and all other parties. */
static void
mix_for (PhoneMicrophone *self,
         guint            whom,
         const gint16    *samples,
         gint16          *mix,
         gsize            n_samples)
{
  for (gsize k = 0; k < n_samples; k++)
    {
      float sum = (float) samples[k] / 32768.0f;

      for (guint i = 0; i < self->lines->len; i++)
        {
          const Line *line = &g_array_index (self->lines, Line, i);

          if (i != whom && line->tap != NULL)
            sum += line->said[k];
        }
      mix[k] = phone_mixer_to_sample (sum);
    }
}

/**
 * phone_microphone_push:
 * @samples: what was taken up, mono
 * @rate_hz: its rate
 *
 * On the sound device's or the ticker's thread.
 */
void
phone_microphone_push (PhoneMicrophone *self,
                       const gint16    *samples,
                       gsize            n_samples,
                       guint            rate_hz)
{
  g_autofree gint16 *silence = NULL;
  g_autofree gint16 *mix = NULL;
  gint64 now_us = g_get_monotonic_time ();

  g_return_if_fail (PHONE_IS_MICROPHONE (self) && samples != NULL && n_samples <= G_MAXUINT);

  g_mutex_lock (&self->lock);
  if (self->mute)
    samples = silence = g_new0 (gint16, n_samples);
  read_taps (self, n_samples, rate_hz);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);

      if (line->tap != NULL && mix == NULL)
        mix = g_new (gint16, n_samples);
      if (line->tap != NULL)
        mix_for (self, i, samples, mix, n_samples);
      phone_media_sender_push (line->sender, line->tap ? mix : samples, n_samples, rate_hz, now_us);
    }
  g_mutex_unlock (&self->lock);
}
