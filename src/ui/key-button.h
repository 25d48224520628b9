/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "key.h"

G_BEGIN_DECLS

/**
 * PhoneKeyButton:
 *
 * One key of the face: a button with a name that paints nothing but its hover and focus ring, because the key itself is
 * part of the picture below it. Pressed with the pointer it goes down at once and comes up when the pointer is let go;
 * activated by keyboard or by assistive technology it is pressed and released in one go and stays down for a moment to
 * be seen.
 *
 * # Accessibility
 * Role `button`, named as people call the key; the description tells its label and lamp.
 *
 * Signals:
 * - `key-down`, `key-up`: the user pressed and released it; always in pairs
 *
 * Properties:
 * - `down`: whether it is to be painted pressed
 */
#define PHONE_TYPE_KEY_BUTTON (phone_key_button_get_type ())
G_DECLARE_FINAL_TYPE (PhoneKeyButton, phone_key_button, PHONE, KEY_BUTTON, GtkButton)

GtkWidget *phone_key_button_new             (PhoneKey        key,
                                             gboolean        round) G_GNUC_WARN_UNUSED_RESULT;
PhoneKey   phone_key_button_get_key         (PhoneKeyButton *self);
gboolean   phone_key_button_get_down        (PhoneKeyButton *self);
void       phone_key_button_press           (PhoneKeyButton *self);
void       phone_key_button_release         (PhoneKeyButton *self);
void       phone_key_button_show_down       (PhoneKeyButton *self,
                                             gboolean        down);
void       phone_key_button_set_description (PhoneKeyButton *self,
                                             const char     *description);

G_END_DECLS
