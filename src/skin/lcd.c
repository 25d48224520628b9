/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd.h"

#include "lcd-scene.h"
#include "skin-private.h"

#include <math.h>

#define DIM 0.6
#define MAX_SCALE 16.0

static PhoneLcdScene *
make_scene (PhoneSkin *skin, PhoneDisplay *display)
{
  PhoneLcdGeometry geometry;

  phone_lcd_geometry_init (&geometry, skin);
  return phone_lcd_scene_new (&geometry, display);
}

void
phone_lcd_draw (PhoneSkin *skin, cairo_t *cr, PhoneDisplay *display)
{
  g_autoptr (PhoneLcdScene) scene = NULL;

  g_return_if_fail (PHONE_IS_SKIN (skin));
  g_return_if_fail (cr != NULL);
  g_return_if_fail (display != NULL);

  scene = make_scene (skin, display);
  cairo_save (cr);
  phone_lcd_scene_draw (scene, cr, phone_skin_get_pango_context (skin));
  if (!display->backlight)
    {
      cairo_rectangle (cr, 0, 0, scene->geometry.width, scene->geometry.height);
      cairo_set_source_rgba (cr, 0, 0, 0, DIM);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}

void
phone_lcd_text_free (PhoneLcdText *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const PhoneLcdItem *one = *(const PhoneLcdItem *const *)a;
  const PhoneLcdItem *two = *(const PhoneLcdItem *const *)b;
  gboolean one_soft = (one->flags & PHONE_LCD_SOFT_KEY) != 0;
  gboolean two_soft = (two->flags & PHONE_LCD_SOFT_KEY) != 0;

  if (one_soft != two_soft)
    return one_soft ? 1 : -1;
  /* What stands in one line is read from left to right, even if the boxes differ by some units. */
  if (fabs (one->target.y - two->target.y) > 4)
    return one->target.y < two->target.y ? -1 : 1;
  return one->rect.x < two->rect.x ? -1 : one->rect.x > two->rect.x;
}

GPtrArray *
phone_lcd_list_texts (PhoneSkin *skin, PhoneDisplay *display)
{
  g_autoptr (PhoneLcdScene) scene = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  GPtrArray *texts;

  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);
  g_return_val_if_fail (display != NULL, NULL);

  scene = make_scene (skin, display);
  for (guint i = 0; i < scene->items->len; i++)
    {
      PhoneLcdItem *item = g_ptr_array_index (scene->items, i);

      if (item->kind == PHONE_LCD_ITEM_TEXT && item->text[0] != '\0' && !(item->flags & PHONE_LCD_SILENT))
        g_ptr_array_add (items, item);
    }
  g_ptr_array_sort (items, compare_items);
  texts = g_ptr_array_new_with_free_func ((GDestroyNotify)phone_lcd_text_free);
  for (guint i = 0; i < items->len; i++)
    {
      const PhoneLcdItem *item = g_ptr_array_index (items, i);
      PhoneLcdText *text = g_new0 (PhoneLcdText, 1);

      text->text = g_strdup (item->spoken != NULL ? item->spoken : item->text);
      text->rect = item->target;
      text->selected = (item->flags & PHONE_LCD_SELECTED) != 0;
      text->focusable = (item->flags & PHONE_LCD_FOCUSABLE) != 0;
      g_ptr_array_add (texts, text);
    }
  return texts;
}

gboolean
phone_lcd_save_png (PhoneSkin *skin, PhoneDisplay *display, double scale, const char *path, GError **error)
{
  const PhoneModel *model;
  cairo_surface_t *surface;
  cairo_t *cr;
  cairo_status_t status;

  g_return_val_if_fail (PHONE_IS_SKIN (skin), FALSE);
  g_return_val_if_fail (display != NULL, FALSE);
  g_return_val_if_fail (scale > 0 && scale <= MAX_SCALE, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  model = phone_skin_get_model (skin);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)ceil (model->lcd_width * scale),
                                        (int)ceil (model->lcd_height * scale));
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  phone_lcd_draw (skin, cr, display);
  cairo_destroy (cr);
  status = cairo_surface_write_to_png (surface, path);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE, "%s: %s", path, cairo_status_to_string (status));
  return FALSE;
}
