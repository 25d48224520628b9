/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * Where the user speaks and hears: hook, speaker, headset, mute, volumes (guide: hard keys, audio channels).
 */

void        phone_sound_start              (PhoneEngine  *engine);
gboolean    phone_sound_is_engaged         (PhoneEngine  *engine);
void        phone_sound_engage             (PhoneEngine  *engine);
void        phone_sound_set_channel        (PhoneEngine  *engine,
                                            PhoneChannel  channel);
void        phone_sound_set_hook           (PhoneEngine  *engine,
                                            gboolean      off_hook);
void        phone_sound_press_speaker      (PhoneEngine  *engine);
void        phone_sound_press_headset      (PhoneEngine  *engine);
void        phone_sound_set_mute           (PhoneEngine  *engine,
                                            gboolean      mute);
void        phone_sound_change_volume      (PhoneEngine  *engine,
                                            int           by);
gboolean    phone_sound_set_volume         (PhoneEngine  *engine,
                                            PhoneVolume   volume,
                                            int           level);
PhoneVolume phone_sound_get_volume_kind    (PhoneEngine  *engine);
void        phone_sound_update             (PhoneEngine  *engine);
void        phone_sound_build              (PhoneEngine  *engine,
                                            PhoneDisplay *display);

G_END_DECLS
