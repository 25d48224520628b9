/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-palette.h"

#include <math.h>

static const guint32 colours[PHONE_N_LCD_COLOURS] = {
  [PHONE_LCD_CLEAR] = 0x00000000,     [PHONE_LCD_PAGE] = 0xff101820,          [PHONE_LCD_BAR] = 0xff0a1016,
  [PHONE_LCD_CARD] = 0xff1c2732,      [PHONE_LCD_PLATE] = 0xff18222c,         [PHONE_LCD_LINE] = 0xff26323d,
  [PHONE_LCD_TEXT] = 0xfff3f6f8,      [PHONE_LCD_TEXT_DIM] = 0xffa9b8c4,      [PHONE_LCD_ACCENT] = 0xff1f6fb5,
  [PHONE_LCD_ON_ACCENT] = 0xffffffff, [PHONE_LCD_ON_ACCENT_DIM] = 0xffe3f0fb, [PHONE_LCD_ACCENT_TEXT] = 0xff7cc3f7,
  [PHONE_LCD_GOOD] = 0xff5bd884,      [PHONE_LCD_WAIT] = 0xfff5bd4f,          [PHONE_LCD_BAD] = 0xffff8a80,
  [PHONE_LCD_BAD_CARD] = 0xff38191c,  [PHONE_LCD_SHADE] = 0xb0060a0e,
};

static const guint32 wallpaper[] = { 0x17364f, 0x14293f, 0x101e30, 0x0d1824 };

/* All dark enough for white initials. */
static const guint32 discs[] = { 0x2f6f8f, 0x6a5a9c, 0x3f7a5a, 0x8a5a4a, 0x5a6b7c, 0x8f4f73 };

guint32
phone_lcd_colour_get (PhoneLcdColour colour)
{
  g_return_val_if_fail (colour < PHONE_N_LCD_COLOURS, 0);

  return colours[colour];
}

void
phone_lcd_colour_set (PhoneLcdColour colour, cairo_t *cr)
{
  guint32 value = phone_lcd_colour_get (colour);

  cairo_set_source_rgba (cr, ((value >> 16) & 0xff) / 255.0, ((value >> 8) & 0xff) / 255.0, (value & 0xff) / 255.0,
                         (value >> 24) / 255.0);
}

guint
phone_lcd_wallpaper_get_n_stops (void)
{
  return G_N_ELEMENTS (wallpaper);
}

guint32
phone_lcd_wallpaper_get_stop (guint i)
{
  g_return_val_if_fail (i < G_N_ELEMENTS (wallpaper), 0);

  return wallpaper[i];
}

guint
phone_lcd_disc_n_colours (void)
{
  return G_N_ELEMENTS (discs);
}

guint32
phone_lcd_disc_get_colour (guint i)
{
  g_return_val_if_fail (i < G_N_ELEMENTS (discs), 0);

  return discs[i];
}

guint32
phone_lcd_disc_colour (const char *name)
{
  g_return_val_if_fail (name != NULL, discs[0]);

  return discs[g_str_hash (name) % G_N_ELEMENTS (discs)];
}

static double
linear (guint32 colour, guint shift)
{
  double value = ((colour >> shift) & 0xff) / 255.0;

  return value <= 0.03928 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
luminance (guint32 colour)
{
  return 0.2126 * linear (colour, 16) + 0.7152 * linear (colour, 8) + 0.0722 * linear (colour, 0);
}

double
phone_lcd_contrast (guint32 a, guint32 b)
{
  double bright = luminance (a);
  double dark = luminance (b);

  if (bright < dark)
    {
      double swap = bright;

      bright = dark;
      dark = swap;
    }
  return (bright + 0.05) / (dark + 0.05);
}
