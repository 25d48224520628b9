/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

#include "key.h"

static void
item_free (gpointer data)
{
  PhoneLcdItem *item = data;

  g_free (item->text);
  g_free (item->tail);
  g_free (item->spoken);
  g_free (item);
}

void
phone_lcd_geometry_init (PhoneLcdGeometry *self, PhoneSkin *skin)
{
  const PhoneModel *model = phone_skin_get_model (skin);
  PhoneRect lcd;

  phone_skin_get_lcd_rect (skin, &lcd);
  *self = (PhoneLcdGeometry){ .width = model->lcd_width, .height = model->lcd_height, .n_lines = model->n_line_keys };
  for (guint i = 0; i < self->n_lines; i++)
    {
      PhoneRect key;

      if (!phone_skin_get_key_rect (skin, (PhoneKey)(PHONE_KEY_L1 + i), &key))
        continue;
      self->line_y[i] = (key.y + key.height / 2 - lcd.y) * self->height / lcd.height;
      self->line_left[i] = key.x + key.width / 2 < lcd.x + lcd.width / 2;
    }
}

PhoneLcdItem *
phone_lcd_add_item (PhoneLcdScene *self, PhoneLcdItemKind kind, PhoneRect rect)
{
  PhoneLcdItem *item = g_new0 (PhoneLcdItem, 1);

  item->kind = kind;
  item->rect = rect;
  item->target = rect;
  item->text = g_strdup ("");
  g_ptr_array_add (self->items, item);
  return item;
}

PhoneLcdItem *
phone_lcd_add_fill (PhoneLcdScene *self, PhoneRect rect, double radius, PhoneLcdColour colour)
{
  PhoneLcdItem *item = phone_lcd_add_item (self, PHONE_LCD_ITEM_FILL, rect);

  item->radius = radius;
  item->colour = colour;
  return item;
}

PhoneLcdItem *
phone_lcd_add_frame (PhoneLcdScene *self, PhoneRect rect, double radius, PhoneLcdColour colour)
{
  PhoneLcdItem *item = phone_lcd_add_fill (self, rect, radius, colour);

  item->kind = PHONE_LCD_ITEM_FRAME;
  return item;
}

PhoneLcdItem *
phone_lcd_add_text (PhoneLcdScene *self,
                    PhoneRect rect,
                    const char *text,
                    guint size,
                    PhoneLcdColour colour,
                    PhoneLcdAlign align,
                    PhoneLcdFlags flags)
{
  PhoneLcdItem *item = phone_lcd_add_item (self, PHONE_LCD_ITEM_TEXT, rect);

  g_free (item->text);
  item->text = g_strdup (text);
  item->size = size;
  item->colour = colour;
  item->align = align;
  item->flags = flags;
  return item;
}

PhoneLcdItem *
phone_lcd_add_icon (PhoneLcdScene *self, PhoneRect rect, PhoneIcon icon, PhoneLcdColour colour)
{
  PhoneLcdItem *item = phone_lcd_add_item (self, PHONE_LCD_ITEM_ICON, rect);

  item->icon = icon;
  item->colour = colour;
  return item;
}

double
phone_lcd_estimate_width (const char *text, guint size)
{
  double width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += size * (g_unichar_iswide (c) ? 1.02 : g_unichar_isspace (c) ? 0.3 : g_unichar_isupper (c) ? 0.7 : 0.57);
    }
  return width > 0 ? width + 4 : 0;
}

static void
add_page (PhoneLcdScene *self, PhoneDisplay *display)
{
  switch (display->layout)
    {
    case PHONE_LAYOUT_IDLE:
      phone_lcd_add_idle (self, display);
      break;
    case PHONE_LAYOUT_DIAL:
      phone_lcd_add_dial (self, display);
      break;
    case PHONE_LAYOUT_CALL:
      phone_lcd_add_calls (self, display);
      break;
    case PHONE_LAYOUT_LIST:
      phone_lcd_add_list (self, display);
      break;
    case PHONE_LAYOUT_EDIT:
      phone_lcd_add_edit (self, display);
      break;
    case PHONE_LAYOUT_MESSAGE:
      phone_lcd_add_message (self, display);
      break;
    }
}

PhoneLcdScene *
phone_lcd_scene_new (const PhoneLcdGeometry *geometry, PhoneDisplay *display)
{
  PhoneLcdScene *self = g_new0 (PhoneLcdScene, 1);

  self->geometry = *geometry;
  self->items = g_ptr_array_new_with_free_func (item_free);
  if (display->layout == PHONE_LAYOUT_IDLE)
    phone_lcd_add_item (self, PHONE_LCD_ITEM_WALLPAPER, (PhoneRect){ 0, 0, geometry->width, geometry->height });
  else
    phone_lcd_add_fill (self, (PhoneRect){ 0, 0, geometry->width, geometry->height }, 0, PHONE_LCD_PAGE);
  phone_lcd_add_bars (self, display);
  add_page (self, display);
  phone_lcd_add_overlays (self, display);
  return self;
}

void
phone_lcd_scene_free (PhoneLcdScene *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->items);
  g_free (self);
}

static const char *
kind_to_string (PhoneLcdItemKind kind)
{
  switch (kind)
    {
    case PHONE_LCD_ITEM_WALLPAPER:
      return "wallpaper";
    case PHONE_LCD_ITEM_FILL:
      return "fill";
    case PHONE_LCD_ITEM_FRAME:
      return "frame";
    case PHONE_LCD_ITEM_TEXT:
      return "text";
    case PHONE_LCD_ITEM_ICON:
      return "icon";
    case PHONE_LCD_ITEM_STATUS:
      return "status";
    case PHONE_LCD_ITEM_DISC:
      return "disc";
    case PHONE_LCD_ITEM_CHOICE:
      return "choice";
    }
  return "?";
}

char *
phone_lcd_scene_to_string (const PhoneLcdScene *self)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      const PhoneLcdItem *item = g_ptr_array_index (self->items, i);

      g_string_append_printf (out, "%s %g %g %g %g", kind_to_string (item->kind), item->rect.x, item->rect.y,
                              item->rect.width, item->rect.height);
      if (item->kind == PHONE_LCD_ITEM_TEXT)
        g_string_append_printf (out, " %u%s", item->size, item->flags & PHONE_LCD_BOLD ? "b" : "");
      if (item->kind == PHONE_LCD_ITEM_ICON)
        g_string_append_printf (out, " %s", phone_icon_to_string ((PhoneIcon)item->icon));
      if (item->kind == PHONE_LCD_ITEM_STATUS)
        g_string_append_printf (out, " %s", phone_status_icon_to_string ((PhoneStatusIcons)item->icon));
      if (item->text[0] != '\0')
        g_string_append_printf (out, " “%s”", item->text);
      if (item->tail != NULL)
        g_string_append_printf (out, " “%s”", item->tail);
      g_string_append (out, item->flags & PHONE_LCD_SELECTED ? " selected\n" : "\n");
    }
  return g_string_free (out, FALSE);
}
