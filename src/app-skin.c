/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app-skin.h"

#include "lcd.h"

#include <gio/gio.h>

#include "deskset-config.h"

#include <math.h>
#include <string.h>

gboolean
phone_app_is_uninstalled (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return self && g_str_has_prefix (self, BUILD_ROOT G_DIR_SEPARATOR_S);
}

char *
phone_app_skin_find (const char *model)
{
  const char *places[] = {
    g_getenv ("DESKSET_SKINS"),
    phone_app_is_uninstalled () ? SRC_SKINS : NULL,
    PKGDATADIR "/skins",
  };
  g_autofree char *name = NULL;

  g_return_val_if_fail (model != NULL, NULL);

  /* The model's name comes from a file: it must not lead out of the folder. */
  if (model[0] == '\0' || model[0] == '.' || strchr (model, G_DIR_SEPARATOR))
    return NULL;

  name = g_ascii_strdown (model, -1);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *folder = places[i] ? g_build_filename (places[i], name, NULL) : NULL;
      g_autofree char *facts = folder ? g_build_filename (folder, "skin.ini", NULL) : NULL;

      if (facts && g_file_test (facts, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&folder);
    }

  return NULL;
}

static cairo_status_t
append_png (void                *closure,
            const unsigned char *data,
            unsigned int         length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
to_png (cairo_surface_t *surface,
        GError         **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_status_t status = cairo_surface_write_to_png_stream (surface, append_png, bytes);

  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the picture cannot be made: %s",
                   cairo_status_to_string (status));
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
phone_app_skin_screenshot (PhoneSkin    *skin,
                           PhoneDisplay *display,
                           const char   *part,
                           double        scale,
                           gint64        now_ms,
                           GError      **error)
{
  gboolean lcd = g_str_equal (part, "lcd");
  const PhoneModel *model;
  cairo_surface_t *surface;
  PhoneRect rect = { 0 };
  GBytes *png;
  cairo_t *cr;

  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);
  g_return_val_if_fail (display != NULL, NULL);

  model = phone_skin_get_model (skin);
  if (lcd)
    rect = (PhoneRect){ 0, 0, model->lcd_width, model->lcd_height };
  else
    phone_skin_get_view (skin, PHONE_FACE_FULL, &rect);

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (rect.width * scale),
                                        (int) ceil (rect.height * scale));
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -rect.x, -rect.y);
  if (lcd)
    phone_lcd_draw (skin, cr, display);
  else
    phone_skin_draw_phone (skin, cr, display, now_ms);
  cairo_destroy (cr);
  png = to_png (surface, error);
  cairo_surface_destroy (surface);

  return png;
}
