/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <cairo.h>

#include "display.h"
#include "model.h"

G_BEGIN_DECLS

/**
 * SECTION:skin
 * @title: PhoneSkin
 *
 * A face: a folder with `face.svg` (element ids `key-OK`, `lamp-L1`, `lcd`, `handset`, …) and `skin.ini` (facts of the
 * model, shortcuts). Draws to any Cairo context; needs no display. Geometry is in units of the SVG's view box.
 * Not thread safe; use it on one thread.
 */

typedef struct {
  double x, y, width, height;
} PhoneRect;

typedef enum {
  PHONE_FACE_FULL,
  PHONE_FACE_COMPACT,   /* head and soft keys only */
} PhoneFaceView;

#define PHONE_SKIN_ERROR (phone_skin_error_quark ())
GQuark phone_skin_error_quark (void);
typedef enum {
  PHONE_SKIN_ERROR_FILE,      /* missing or unreadable */
  PHONE_SKIN_ERROR_SYNTAX,    /* skin.ini or SVG broken; the message has file and line */
  PHONE_SKIN_ERROR_FACTS,     /* a fact is missing or out of range, or an id names no key */
} PhoneSkinError;

#define PHONE_TYPE_SKIN (phone_skin_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSkin, phone_skin, PHONE, SKIN, GObject)

/**
 * phone_skin_load:
 * @folder: with skin.ini and face.svg
 *
 * Nothing in it is trusted: all facts and names are checked before anything is drawn.
 *
 * Returns: (transfer full): the face; %NULL with @error in %PHONE_SKIN_ERROR
 */
PhoneSkin        *phone_skin_load             (const char       *folder,
                                               GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_skin_get_model:
 * Returns: (transfer none): what the phone of this face has
 */
const PhoneModel *phone_skin_get_model        (PhoneSkin        *self);

/**
 * phone_skin_get_view:
 * @rect: (out): what part of the drawing the view shows, in SVG units
 */
void              phone_skin_get_view         (PhoneSkin        *self,
                                               PhoneFaceView     view,
                                               PhoneRect        *rect);

/**
 * phone_skin_get_n_keys:
 * Returns: how many keys the face has
 */
guint             phone_skin_get_n_keys       (PhoneSkin        *self);

/**
 * phone_skin_get_key:
 * @i: less than phone_skin_get_n_keys()
 *
 * Returns: a key in reading order: the order the keyboard focus takes
 */
PhoneKey          phone_skin_get_key          (PhoneSkin        *self,
                                               guint             i);

/**
 * phone_skin_get_key_rect:
 * @rect: (out): in SVG units
 *
 * Returns: %FALSE when the face has no such key
 */
gboolean          phone_skin_get_key_rect     (PhoneSkin        *self,
                                               PhoneKey          key,
                                               PhoneRect        *rect);

/**
 * phone_skin_key_is_round:
 * Returns: whether the focus ring around the key is a circle
 */
gboolean          phone_skin_key_is_round     (PhoneSkin        *self,
                                               PhoneKey          key);

/**
 * phone_skin_has_lamp:
 * Returns: whether the face has a lamp for this key
 */
gboolean          phone_skin_has_lamp         (PhoneSkin        *self,
                                               PhoneKey          key);

/**
 * phone_skin_get_lcd_rect:
 * @rect: (out): where the LCD lies, in SVG units
 */
void              phone_skin_get_lcd_rect     (PhoneSkin        *self,
                                               PhoneRect        *rect);

/**
 * phone_skin_get_handset_rect:
 * @rect: (out): where the handset is to be clicked, in the cradle or lifted, in SVG units
 */
void              phone_skin_get_handset_rect (PhoneSkin        *self,
                                               gboolean          off_hook,
                                               PhoneRect        *rect);

/**
 * phone_skin_get_shortcut:
 * Returns: (transfer none) (nullable): GTK accelerator names separated by blanks from skin.ini ("<Control>m").
 */
const char       *phone_skin_get_shortcut     (PhoneSkin        *self,
                                               PhoneKey          key);

/* All drawing functions: the caller has scaled @cr so that one user unit is one SVG unit. */

/**
 * phone_skin_draw_face:
 *
 * Draws the object at rest: keys up, lamps dark, LCD black. Expensive: cache it for each size.
 */
void              phone_skin_draw_face        (PhoneSkin        *self,
                                               cairo_t          *cr,
                                               gboolean          off_hook);

/**
 * phone_skin_draw_pressed_key:
 *
 * Draws one key pressed down, over the face.
 */
void              phone_skin_draw_pressed_key (PhoneSkin        *self,
                                               cairo_t          *cr,
                                               PhoneKey          key);

/**
 * phone_skin_draw_lamp:
 *
 * Draws a lit lamp with its glow, over the face; %PHONE_LAMP_OFF draws nothing.
 */
void              phone_skin_draw_lamp        (PhoneSkin        *self,
                                               cairo_t          *cr,
                                               PhoneKey          key,
                                               PhoneLampColour   colour);

/**
 * phone_skin_draw_phone:
 *
 * Draws LCD, lamps and pressed keys (nullable, zero-terminated) over the face in one go: for pictures.
 */
void              phone_skin_draw_phone       (PhoneSkin        *self,
                                               cairo_t          *cr,
                                               PhoneDisplay     *display,
                                               gint64            now_ms);

G_END_DECLS
