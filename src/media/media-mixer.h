/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SECTION:media-mixer
 * @title: PhoneSound and PhoneMixer
 *
 * A #PhoneSound is something that sounds: the far end of a call, a tone, a ring. A #PhoneMixer adds them up for one
 * loudspeaker. The mixer is pulled by whoever plays (a sound device's thread, or the ticker where there is none); it
 * holds its lock while it asks the sounds, so a sound that has been removed is not asked again.
 */
#define PHONE_TYPE_SOUND (phone_sound_get_type ())
G_DECLARE_INTERFACE (PhoneSound, phone_sound, PHONE, SOUND, GObject)
struct _PhoneSoundInterface {
  GTypeInterface parent;

  /* Adds n_frames mono samples (full scale ±1) to mix. Returns FALSE when it has ended. On the player's thread. */
  gboolean (*render) (PhoneSound *self, float *mix, guint n_frames, guint rate_hz);
};
gboolean phone_sound_render (PhoneSound *self,
                             float      *mix,
                             guint       n_frames,
                             guint       rate_hz);

#define PHONE_TYPE_MIXER (phone_mixer_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMixer, phone_mixer, PHONE, MIXER, GObject)

/* A render is never longer. */
#define PHONE_MIXER_MAX_FRAMES 4800

typedef void (*PhoneMixerEndedFunc) (gpointer user_data);

PhoneMixer *phone_mixer_new            (guint                rate_hz) G_GNUC_WARN_UNUSED_RESULT;
guint       phone_mixer_get_rate       (PhoneMixer          *self);
void        phone_mixer_set_ended_func (PhoneMixer          *self,
                                        PhoneMixerEndedFunc  func,
                                        gpointer             user_data);
void        phone_mixer_add            (PhoneMixer          *self,
                                        PhoneSound          *sound);
void        phone_mixer_remove         (PhoneMixer          *self,
                                        PhoneSound          *sound);
gboolean    phone_mixer_is_empty       (PhoneMixer          *self);
gint16      phone_mixer_to_sample      (float                value);
void        phone_mixer_set_gain       (PhoneMixer          *self,
                                        double               gain);
void        phone_mixer_render         (PhoneMixer          *self,
                                        gint16              *samples,
                                        guint                n_frames);

G_END_DECLS
