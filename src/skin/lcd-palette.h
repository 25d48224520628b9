/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneLcdColour:
 * The colours of the LCD by their purpose. One accent hue; green, amber and red only say how a call or an account is.
 */
typedef enum {
  PHONE_LCD_CLEAR,          /* nothing */
  PHONE_LCD_PAGE,           /* page background */
  PHONE_LCD_BAR,            /* top and soft-key bar */
  PHONE_LCD_CARD,           /* card, field */
  PHONE_LCD_PLATE,          /* behind a line label */
  PHONE_LCD_LINE,           /* hairline between rows */
  PHONE_LCD_TEXT,
  PHONE_LCD_TEXT_DIM,       /* second-rank text */
  PHONE_LCD_ACCENT,         /* selection bar, incoming card */
  PHONE_LCD_ON_ACCENT,      /* text on it */
  PHONE_LCD_ON_ACCENT_DIM,  /* second-rank text on it */
  PHONE_LCD_ACCENT_TEXT,    /* text in the accent hue on a page, card or bar */
  PHONE_LCD_GOOD,           /* talking, registered */
  PHONE_LCD_WAIT,           /* held, registering */
  PHONE_LCD_BAD,            /* failed, missed */
  PHONE_LCD_BAD_CARD,       /* card of a failed call */
  PHONE_LCD_SHADE,          /* over the page, under a popup */
  PHONE_N_LCD_COLOURS
} PhoneLcdColour;

/**
 * phone_lcd_colour_get:
 * Returns: 0xaarrggbb
 */
guint32 phone_lcd_colour_get      (PhoneLcdColour  colour);

/**
 * phone_lcd_colour_set:
 * @cr: draws with @colour from now on
 */
void    phone_lcd_colour_set      (PhoneLcdColour  colour,
                                   cairo_t        *cr);

/**
 * phone_lcd_wallpaper_get_n_stops:
 * Returns: how many stops the wallpaper of the idle page has, from the upper left to the lower right
 */
guint   phone_lcd_wallpaper_get_n_stops (void);

/**
 * phone_lcd_wallpaper_get_stop:
 * Returns: 0xrrggbb
 */
guint32 phone_lcd_wallpaper_get_stop    (guint           i);

/**
 * phone_lcd_disc_colour:
 * Returns: ground of the disc with a caller's initials: one of a few, the same for the same name; 0xrrggbb
 */
guint32 phone_lcd_disc_colour     (const char     *name);

/**
 * phone_lcd_disc_n_colours:
 * Returns: how many grounds there are
 */
guint   phone_lcd_disc_n_colours  (void);

/**
 * phone_lcd_disc_get_colour:
 * Returns: 0xrrggbb
 */
guint32 phone_lcd_disc_get_colour (guint           i);

/**
 * phone_lcd_contrast:
 * @a: 0xrrggbb
 * @b: 0xrrggbb
 *
 * Returns: contrast ratio after WCAG 2.1, 1–21
 */
double  phone_lcd_contrast        (guint32         a,
                                   guint32         b);

G_END_DECLS
