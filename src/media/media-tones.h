/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-mixer.h"
#include "tone-script.h"

G_BEGIN_DECLS

#define PHONE_TYPE_TONE_PLAYER (phone_tone_player_get_type ())
G_DECLARE_FINAL_TYPE (PhoneTonePlayer, phone_tone_player, PHONE, TONE_PLAYER, GObject)

PhoneTonePlayer *phone_tone_player_new              (PhoneToneScript        *script,
                                                     gboolean                repeat) G_GNUC_WARN_UNUSED_RESULT;
PhoneTonePlayer *phone_tone_player_new_for_elements (const PhoneToneElement *elements,
                                                     guint                   n_elements,
                                                     gboolean                repeat) G_GNUC_WARN_UNUSED_RESULT;
PhoneTonePlayer *phone_tone_player_new_for_digit    (char                    digit,
                                                     guint                   duration_ms) G_GNUC_WARN_UNUSED_RESULT;
void             phone_tone_player_stop             (PhoneTonePlayer        *self);
guint            phone_tone_script_get_length_ms    (const PhoneToneScript  *script);
gboolean         phone_tone_digit_get_frequencies   (char                    digit,
                                                     guint                  *low_hz,
                                                     guint                  *high_hz);

G_END_DECLS
