/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "skin.h"

G_BEGIN_DECLS

/**
 * phone_lcd_draw:
 * @cr: scaled so that one unit is one LCD unit (480 × 272 for a colour display); clipped by the caller
 *
 * Draws the display as the skin's LCD shows it, crisp at any scale.
 */
void       phone_lcd_draw       (PhoneSkin    *skin,
                                 cairo_t      *cr,
                                 PhoneDisplay *display);

/**
 * PhoneLcdText:
 * A text where it stands on the LCD, for the accessible labels laid over the picture.
 */
typedef struct {
  char      *text;
  PhoneRect  rect;       /* LCD units */
  gboolean   selected;
  gboolean   focusable;  /* a list row or call card: a click on it selects it */
} PhoneLcdText;
void       phone_lcd_text_free  (PhoneLcdText *self);

/**
 * phone_lcd_list_texts:
 * Returns: (transfer full) (element-type PhoneLcdText): top to bottom, soft-key labels last.
 */
GPtrArray *phone_lcd_list_texts (PhoneSkin    *skin,
                                 PhoneDisplay *display) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_lcd_save_png:
 * @scale: 1.0 = 480 × 272
 *
 * Writes the LCD alone as PNG.
 */
gboolean   phone_lcd_save_png   (PhoneSkin    *skin,
                                 PhoneDisplay *display,
                                 double        scale,
                                 const char   *path,
                                 GError      **error);

G_END_DECLS
