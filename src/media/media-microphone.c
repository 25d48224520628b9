/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-microphone.h"

/**
 * SECTION:media-microphone
 * @title: PhoneMicrophone
 *
 * Hands what the microphone takes up to every call that sends. Mute is here, in front of everything that could let
 * a sound out: silence goes on as packets, so that NAT bindings and the other side's jitter buffer stay as they are.
 */
struct _PhoneMicrophone {
  GObject    parent;

  GMutex     lock;
  GPtrArray *senders;     /* lock */
  gboolean   mute;        /* lock */
};

G_DEFINE_TYPE (PhoneMicrophone, phone_microphone, G_TYPE_OBJECT)

static void
phone_microphone_finalize (GObject *object)
{
  PhoneMicrophone *self = PHONE_MICROPHONE (object);

  g_clear_pointer (&self->senders, g_ptr_array_unref);
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
  self->senders = g_ptr_array_new_with_free_func (g_object_unref);
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
  g_return_if_fail (PHONE_IS_MICROPHONE (self) && PHONE_IS_MEDIA_SENDER (sender));

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->senders, g_object_ref (sender));
  g_mutex_unlock (&self->lock);
}

/**
 * phone_microphone_remove:
 * @sender: (transfer none): gets nothing more when this returns
 */
void
phone_microphone_remove (PhoneMicrophone  *self,
                         PhoneMediaSender *sender)
{
  g_return_if_fail (PHONE_IS_MICROPHONE (self));

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->senders, sender);
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
  gint64 now_us = g_get_monotonic_time ();

  g_return_if_fail (PHONE_IS_MICROPHONE (self) && samples != NULL);

  g_mutex_lock (&self->lock);
  if (self->mute)
    samples = silence = g_new0 (gint16, n_samples);
  for (guint i = 0; i < self->senders->len; i++)
    phone_media_sender_push (g_ptr_array_index (self->senders, i), samples, n_samples, rate_hz, now_us);
  g_mutex_unlock (&self->lock);
}
