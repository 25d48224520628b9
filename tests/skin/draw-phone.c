/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lcd.h"
#include "sample-displays.h"
#include "skin.h"

#include <math.h>
#include <stdlib.h>

/*
 * Writes pictures to look at: the LCD of every sample, the whole phone for some of them, at a scale.
 *
 *   draw-phone SKIN-FOLDER OUT-FOLDER SCALE [lcd|phone|pressed|lifted] [NAME…]
 */

static void
save (cairo_surface_t *surface, const char *folder, const char *kind, const char *name, double scale)
{
  g_autofree char *path = g_strdup_printf ("%s/%s-%s@%gx.png", folder, kind, name, scale);
  cairo_status_t status = cairo_surface_write_to_png (surface, path);

  if (status != CAIRO_STATUS_SUCCESS)
    g_error ("%s: %s", path, cairo_status_to_string (status));
}

static void
draw_phone (
    PhoneSkin *skin, PhoneDisplay *display, const char *name, const char *folder, double scale, gboolean pressed)
{
  PhoneRect view;
  cairo_surface_t *surface;
  cairo_t *cr;
  gint64 start;

  phone_skin_get_view (skin, PHONE_FACE_FULL, &view);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int)ceil (view.width * scale),
                                        (int)ceil (view.height * scale));
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 0.94, 0.94, 0.93);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  start = g_get_monotonic_time ();
  phone_skin_draw_phone (skin, cr, display, 0);
  g_print ("%s: phone at %gx: %.1f ms\n", name, scale, (g_get_monotonic_time () - start) / 1000.0);
  if (pressed)
    for (guint i = 0; i < phone_skin_get_n_keys (skin); i += 2)
      {
        start = g_get_monotonic_time ();
        phone_skin_draw_pressed_key (skin, cr, phone_skin_get_key (skin, i));
        g_print ("  %s: %.1f ms\n", phone_key_to_id (phone_skin_get_key (skin, i)),
                 (g_get_monotonic_time () - start) / 1000.0);
      }
  cairo_destroy (cr);
  save (surface, folder, pressed ? "pressed" : "phone", name, scale);
  cairo_surface_destroy (surface);
}

static void
draw_lcd (PhoneSkin *skin, PhoneDisplay *display, const char *name, const char *folder, double scale)
{
  g_autofree char *path = g_strdup_printf ("%s/lcd-%s@%gx.png", folder, name, scale);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (480 * scale), (int) (272 * scale));
  cairo_t *cr = cairo_create (surface);
  gint64 start = g_get_monotonic_time ();

  cairo_scale (cr, scale, scale);
  phone_lcd_draw (skin, cr, display);
  g_print ("%s: LCD at %gx: %.1f ms\n", name, scale, (g_get_monotonic_time () - start) / 1000.0);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (!phone_lcd_save_png (skin, display, scale, path, &error))
    g_error ("%s", error->message);
}

static gboolean
is_wanted (const char *name, char **names)
{
  return names[0] == NULL || g_strv_contains ((const char *const *)names, name);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkin) skin = NULL;
  double scale;
  gint64 start = g_get_monotonic_time ();

  if (argc < 5)
    {
      g_printerr ("usage: draw-phone SKIN-FOLDER OUT-FOLDER SCALE lcd|phone|pressed [NAME…]\n");
      return EXIT_FAILURE;
    }
  skin = phone_skin_load (argv[1], &error);
  if (skin == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  g_print ("loaded in %.1f ms\n", (g_get_monotonic_time () - start) / 1000.0);
  scale = g_ascii_strtod (argv[3], NULL);
  g_mkdir_with_parents (argv[2], 0755);
  for (guint i = 0; i < sample_display_get_n (); i++)
    {
      const char *name = sample_display_get_name (i);
      g_autoptr (PhoneDisplay) display = sample_display_new (i);

      if (!is_wanted (name, argv + 5))
        continue;
      if (g_str_equal (argv[4], "lcd"))
        draw_lcd (skin, display, name, argv[2], scale);
      else
        draw_phone (skin, display, name, argv[2], scale, g_str_equal (argv[4], "pressed"));
    }
  return EXIT_SUCCESS;
}
