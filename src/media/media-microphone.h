/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-sender.h"
#include "media-tap.h"

G_BEGIN_DECLS

#define PHONE_TYPE_MICROPHONE (phone_microphone_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMicrophone, phone_microphone, PHONE, MICROPHONE, GObject)

PhoneMicrophone *phone_microphone_new      (void) G_GNUC_WARN_UNUSED_RESULT;
void             phone_microphone_add      (PhoneMicrophone  *self,
                                            PhoneMediaSender *sender);
void             phone_microphone_remove   (PhoneMicrophone  *self,
                                            PhoneMediaSender *sender);
void             phone_microphone_set_tap  (PhoneMicrophone  *self,
                                            PhoneMediaSender *sender,
                                            PhoneTap         *tap);
void             phone_microphone_set_mute (PhoneMicrophone  *self,
                                            gboolean          mute);
void             phone_microphone_push     (PhoneMicrophone  *self,
                                            const gint16     *samples,
                                            gsize             n_samples,
                                            guint             rate_hz);

G_END_DECLS
