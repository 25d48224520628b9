/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "display.h"
#include "skin.h"

G_BEGIN_DECLS

/**
 * PhoneFace:
 *
 * The phone on the screen: the skin's picture, repainted for each size, with a real button over each key, the handset,
 * and the LCD. Shows what it is given and tells what hands do to it; knows no engine.
 *
 * # Accessibility
 * Role `group`. The Tab key goes from the display to the keys in reading order to the handset.
 *
 * Signals:
 * - `key-down (PhoneKey)`, `key-up (PhoneKey)`: a key was pressed and released, on the face or through
 *   phone_face_press_key(); always in pairs
 * - `hook (gboolean off_hook)`: the handset was lifted or put back
 */
#define PHONE_TYPE_FACE (phone_face_get_type ())
G_DECLARE_FINAL_TYPE (PhoneFace, phone_face, PHONE, FACE, GtkWidget)

GtkWidget    *phone_face_new             (PhoneSkin     *skin) G_GNUC_WARN_UNUSED_RESULT;
void          phone_face_set_display     (PhoneFace     *self,
                                          PhoneDisplay  *display);
PhoneDisplay *phone_face_get_display     (PhoneFace     *self);
void          phone_face_set_view        (PhoneFace     *self,
                                          PhoneFaceView  view);
PhoneFaceView phone_face_get_view        (PhoneFace     *self);

/* Other hands: the key goes down visibly and the signals tell of it. */
void          phone_face_press_key       (PhoneFace     *self,
                                          PhoneKey       key);
void          phone_face_release_key     (PhoneFace     *self,
                                          PhoneKey       key);
void          phone_face_click_key       (PhoneFace     *self,
                                          PhoneKey       key);
void          phone_face_toggle_hook     (PhoneFace     *self);
/* Shows a key down or up that was pressed somewhere else; tells nobody. */
void          phone_face_show_key        (PhoneFace     *self,
                                          PhoneKey       key,
                                          gboolean       down);

double        phone_face_get_lcd_scale   (PhoneFace     *self);
void          phone_face_get_size_for    (PhoneFace     *self,
                                          PhoneFaceView  view,
                                          double         lcd_scale,
                                          int           *width,
                                          int           *height);
/* (nullable) (transfer none): the button of a key, for tests. */
GtkWidget    *phone_face_get_button      (PhoneFace     *self,
                                          PhoneKey       key);
GtkWidget    *phone_face_get_lcd         (PhoneFace     *self);

G_END_DECLS
