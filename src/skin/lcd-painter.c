/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

#include <pango/pangocairo.h>

#include <math.h>
#include <string.h>

/*
 * Draws a scene. Everything that has a straight edge is put on whole device pixels, whatever the scale, and so is the
 * line a text stands on: that is what keeps the LCD crisp between 1x and 2x.
 */

typedef struct
{
  cairo_t *cr;
  PangoContext *fonts;
} Painter;

static double
snap_x (cairo_t *cr, double x)
{
  double y = 0;

  cairo_user_to_device (cr, &x, &y);
  x = round (x);
  cairo_device_to_user (cr, &x, &y);
  return x;
}

static double
snap_y (cairo_t *cr, double y)
{
  double x = 0;

  cairo_user_to_device (cr, &x, &y);
  y = round (y);
  cairo_device_to_user (cr, &x, &y);
  return y;
}

static double
device_pixel (cairo_t *cr)
{
  double x = 1, y = 0;

  cairo_device_to_user_distance (cr, &x, &y);
  return fabs (x) > 0 ? fabs (x) : 1;
}

static PhoneRect
snap (cairo_t *cr, const PhoneRect *rect)
{
  double pixel = device_pixel (cr);
  double left = snap_x (cr, rect->x), top = snap_y (cr, rect->y);
  double right = snap_x (cr, rect->x + rect->width), bottom = snap_y (cr, rect->y + rect->height);

  return (PhoneRect){ left, top, MAX (right - left, pixel), MAX (bottom - top, pixel) };
}

static void
trace_box (cairo_t *cr, PhoneRect box, double radius)
{
  double r = MIN (radius, MIN (box.width, box.height) / 2);

  cairo_new_path (cr);
  if (r <= 0)
    {
      cairo_rectangle (cr, box.x, box.y, box.width, box.height);
      return;
    }
  cairo_arc (cr, box.x + box.width - r, box.y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, box.x + box.width - r, box.y + box.height - r, r, 0, G_PI / 2);
  cairo_arc (cr, box.x + r, box.y + box.height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, box.x + r, box.y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

static void
add_stop (cairo_pattern_t *pattern, double offset, guint32 colour, double alpha)
{
  cairo_pattern_add_color_stop_rgba (pattern, offset, ((colour >> 16) & 0xff) / 255.0, ((colour >> 8) & 0xff) / 255.0,
                                     (colour & 0xff) / 255.0, alpha);
}

/* Two soft hills of light in front of a night sky, in the hue of the accent. */
static void
draw_wallpaper (Painter *painter, const PhoneRect *rect)
{
  static const struct
  {
    double x, y, r;
    guint32 colour;
    double alpha;
  } lights[] = {
    { 0.18, 1.18, 0.95, 0x2f8fb5, 0.34 },
    { 0.92, -0.30, 0.90, 0x2a5fa8, 0.30 },
    { 0.62, 1.32, 0.70, 0x37b8a6, 0.26 },
  };
  cairo_t *cr = painter->cr;
  guint n = phone_lcd_wallpaper_get_n_stops ();
  cairo_pattern_t *sky
      = cairo_pattern_create_linear (rect->x, rect->y, rect->x + rect->width * 0.6, rect->y + rect->height);

  for (guint i = 0; i < n; i++)
    add_stop (sky, i / (double)(n - 1), phone_lcd_wallpaper_get_stop (i), 1);
  cairo_rectangle (cr, rect->x, rect->y, rect->width, rect->height);
  cairo_set_source (cr, sky);
  cairo_fill (cr);
  cairo_pattern_destroy (sky);

  for (guint i = 0; i < G_N_ELEMENTS (lights); i++)
    {
      double x = rect->x + lights[i].x * rect->width, y = rect->y + lights[i].y * rect->height;
      double r = lights[i].r * rect->height;
      double left = MAX (rect->x, x - r), right = MIN (rect->x + rect->width, x + r);
      double top = MAX (rect->y, y - r), bottom = MIN (rect->y + rect->height, y + r);
      cairo_pattern_t *light = cairo_pattern_create_radial (x, y, 0, x, y, r);

      add_stop (light, 0, lights[i].colour, lights[i].alpha);
      add_stop (light, 0.5, lights[i].colour, lights[i].alpha * 0.55);
      add_stop (light, 1, lights[i].colour, 0);
      cairo_rectangle (cr, left, top, right - left, bottom - top);
      cairo_set_source (cr, light);
      cairo_fill (cr);
      cairo_pattern_destroy (light);
    }
}

static void
draw_frame (Painter *painter, const PhoneLcdItem *item)
{
  double pixel = device_pixel (painter->cr);
  PhoneRect box = snap (painter->cr, &item->rect);
  double width = MAX (pixel, round (1 / pixel) * pixel);

  box = (PhoneRect){ box.x + width / 2, box.y + width / 2, box.width - width, box.height - width };
  trace_box (painter->cr, box, item->radius - width / 2);
  cairo_set_line_width (painter->cr, width);
  cairo_stroke (painter->cr);
}

static void
set_font (PangoLayout *layout, guint size, PhoneLcdFlags flags)
{
  PangoFontDescription *font
      = pango_font_description_copy (pango_context_get_font_description (pango_layout_get_context (layout)));

  pango_font_description_set_absolute_size (font, size * (double)PANGO_SCALE);
  pango_font_description_set_weight (font, flags & PHONE_LCD_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
}

static void
add_attribute (PangoAttrList *list, PangoAttribute *attribute, guint start)
{
  attribute->start_index = start;
  pango_attr_list_insert (list, attribute);
}

static PangoLayout *
make_layout (Painter *painter, const PhoneLcdItem *item)
{
  PangoLayout *layout = pango_layout_new (painter->fonts);
  PangoAttrList *attributes = pango_attr_list_new ();
  g_autofree char *both = item->tail != NULL ? g_strconcat (item->text, "\u2002", item->tail, NULL) : NULL;

  set_font (layout, item->size, item->flags);
  if (item->flags & PHONE_LCD_TABULAR)
    add_attribute (attributes, pango_attr_font_features_new ("tnum=1"), 0);
  if (both != NULL)
    {
      guint32 colour = phone_lcd_colour_get (item->tail_colour);
      guint start = strlen (item->text);

      add_attribute (attributes, pango_attr_font_features_new ("tnum=1"), start);
      add_attribute (attributes,
                     pango_attr_foreground_new (((colour >> 16) & 0xff) * 0x101, ((colour >> 8) & 0xff) * 0x101,
                                                (colour & 0xff) * 0x101),
                     start);
    }
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (layout, !(item->flags & PHONE_LCD_WRAP));
  pango_layout_set_text (layout, both != NULL ? both : item->text, -1);
  return layout;
}

static double
layout_width (PangoLayout *layout)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  return logical.width / (double)PANGO_SCALE;
}

/* Type sizes are few: a text that is too long takes the next one down before it is cut. Returns the size taken. */
static guint
shrink (PangoLayout *layout, const PhoneLcdItem *item)
{
  static const guint sizes[] = { PHONE_LCD_LARGE, PHONE_LCD_MEDIUM, PHONE_LCD_SMALL };
  guint size = item->size;

  for (guint i = 0; i < G_N_ELEMENTS (sizes) && layout_width (layout) > item->rect.width; i++)
    if (sizes[i] < size)
      {
        size = sizes[i];
        set_font (layout, size, item->flags);
      }
  return size;
}

static double
aligned (const PhoneLcdItem *item, double width)
{
  switch (item->align)
    {
    case PHONE_LCD_START:
      break;
    case PHONE_LCD_MIDDLE:
      return item->rect.x + (item->rect.width - width) / 2;
    case PHONE_LCD_END:
      return item->rect.x + item->rect.width - width;
    }
  return item->rect.x;
}

/* Text stands in the middle of its box by the height of its capitals, not by its line height, which fonts disagree on.
 */
static double
base_line (Painter *painter, const PhoneLcdItem *item, guint size)
{
  return snap_y (painter->cr, item->rect.y + item->rect.height / 2 + size * 0.347);
}

static double
cursor_x (PangoLayout *layout, const PhoneLcdItem *item)
{
  const char *at = item->text;
  PangoRectangle strong;

  for (guint i = 0; i < item->cursor && *at != '\0'; i++)
    at = g_utf8_next_char (at);
  pango_layout_get_cursor_pos (layout, (int)(at - item->text), &strong, NULL);
  return strong.x / (double)PANGO_SCALE;
}

static void
show_line (Painter *painter, PangoLayout *layout, double x, double y)
{
  cairo_move_to (painter->cr, x, y);
  pango_cairo_show_layout_line (painter->cr, pango_layout_get_line_readonly (layout, 0));
}

/* A text being typed: it scrolls under its box so that the cursor is seen. */
static void
draw_edited (Painter *painter, PangoLayout *layout, const PhoneLcdItem *item, guint size)
{
  double y = base_line (painter, item, size);
  double cursor = cursor_x (layout, item);
  double room = item->rect.width - 2;
  double over = layout_width (layout) - room;
  double shift = over > 0 ? CLAMP (cursor - room * 0.75, 0, over) : 0;
  PhoneRect bar = { item->rect.x + cursor - shift, y - size * 0.86, 2, size * 1.06 };

  cairo_save (painter->cr);
  cairo_rectangle (painter->cr, item->rect.x, item->rect.y, item->rect.width + 2, item->rect.height);
  cairo_clip (painter->cr);
  show_line (painter, layout, item->rect.x - shift, y);
  bar = snap (painter->cr, &bar);
  phone_lcd_colour_set (PHONE_LCD_ACCENT_TEXT, painter->cr);
  cairo_rectangle (painter->cr, bar.x, bar.y, bar.width, bar.height);
  cairo_fill (painter->cr);
  cairo_restore (painter->cr);
}

static void
draw_wrapped (Painter *painter, PangoLayout *layout, const PhoneLcdItem *item)
{
  PangoRectangle logical;
  double height;

  pango_layout_set_width (layout, (int)(item->rect.width * PANGO_SCALE));
  pango_layout_set_height (layout, (int)(item->rect.height * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, item->align == PHONE_LCD_MIDDLE ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  pango_layout_get_extents (layout, NULL, &logical);
  height = logical.height / (double)PANGO_SCALE;
  cairo_move_to (painter->cr, item->rect.x, snap_y (painter->cr, item->rect.y + (item->rect.height - height) / 2));
  pango_cairo_show_layout (painter->cr, layout);
}

static void
draw_text (Painter *painter, const PhoneLcdItem *item)
{
  PangoLayout *layout;
  guint size = item->size;

  if (item->text[0] == '\0' && !(item->flags & PHONE_LCD_CURSOR))
    return;
  layout = make_layout (painter, item);
  pango_cairo_update_layout (painter->cr, layout);
  if (item->flags & PHONE_LCD_SHRINK)
    size = shrink (layout, item);
  if (item->flags & PHONE_LCD_CURSOR)
    draw_edited (painter, layout, item, size);
  else if (item->flags & PHONE_LCD_WRAP)
    draw_wrapped (painter, layout, item);
  else
    {
      if (layout_width (layout) > item->rect.width)
        {
          pango_layout_set_width (layout, (int)(item->rect.width * PANGO_SCALE));
          pango_layout_set_ellipsize (layout,
                                      item->flags & PHONE_LCD_CUT_START ? PANGO_ELLIPSIZE_START : PANGO_ELLIPSIZE_END);
        }
      show_line (painter, layout, aligned (item, layout_width (layout)), base_line (painter, item, size));
    }
  g_object_unref (layout);
}

static void
draw_symbol (Painter *painter, const PhoneLcdItem *item)
{
  double scale = MIN (item->rect.width, item->rect.height) / 16;

  cairo_translate (painter->cr, snap_x (painter->cr, item->rect.x) + item->rect.width / 2,
                   snap_y (painter->cr, item->rect.y) + item->rect.height / 2);
  cairo_scale (painter->cr, scale, scale);
  if (item->kind == PHONE_LCD_ITEM_ICON)
    phone_lcd_draw_icon (painter->cr, (PhoneIcon)item->icon);
  else
    phone_lcd_draw_status (painter->cr, (PhoneStatusIcons)item->icon);
}

/* First letters of the first and the last word; NULL when the name begins with no letter: a number has no initials. */
static char *
initials_of (const char *name)
{
  g_auto (GStrv) words = g_strsplit_set (name, " \t.", -1);
  GString *text = g_string_new (NULL);
  const char *first = NULL, *last = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    if (g_unichar_isalpha (g_utf8_get_char (words[i])))
      {
        if (first == NULL)
          first = words[i];
        else
          last = words[i];
      }
  if (first != NULL)
    g_string_append_unichar (text, g_unichar_toupper (g_utf8_get_char (first)));
  if (last != NULL)
    g_string_append_unichar (text, g_unichar_toupper (g_utf8_get_char (last)));
  return g_string_free (text, text->len == 0);
}

static void
draw_person (cairo_t *cr, double r)
{
  cairo_arc (cr, 0, -0.22 * r, 0.3 * r, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_arc (cr, 0, 0.72 * r, 0.56 * r, G_PI, 2 * G_PI);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_cross (cairo_t *cr, double r)
{
  cairo_set_line_width (cr, r * 0.16);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, -0.34 * r, -0.34 * r);
  cairo_line_to (cr, 0.34 * r, 0.34 * r);
  cairo_move_to (cr, 0.34 * r, -0.34 * r);
  cairo_line_to (cr, -0.34 * r, 0.34 * r);
  cairo_stroke (cr);
}

static void
draw_initials (Painter *painter, const PhoneLcdItem *item, const char *initials)
{
  guint size = item->rect.width >= 60 ? PHONE_LCD_HUGE : item->rect.width >= 40 ? PHONE_LCD_LARGE : PHONE_LCD_SMALL;
  PhoneLcdItem text = *item;

  if (size == PHONE_LCD_HUGE)
    size = PHONE_LCD_LARGE + 4; /* two capitals of 34 would touch the rim */
  text.text = (char *)initials;
  text.size = size;
  text.align = PHONE_LCD_MIDDLE;
  text.flags = PHONE_LCD_BOLD;
  draw_text (painter, &text);
}

static void
draw_disc (Painter *painter, const PhoneLcdItem *item)
{
  cairo_t *cr = painter->cr;
  double r = item->rect.width / 2;
  guint32 ground = item->text[0] != '\0' ? phone_lcd_disc_colour (item->text) : 0x5c2327;
  g_autofree char *initials = initials_of (item->text);
  cairo_pattern_t *shade = cairo_pattern_create_linear (0, item->rect.y, 0, item->rect.y + item->rect.height);

  cairo_arc (cr, item->rect.x + r, item->rect.y + r, r, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, ((ground >> 16) & 0xff) / 255.0, ((ground >> 8) & 0xff) / 255.0, (ground & 0xff) / 255.0);
  cairo_fill_preserve (cr);
  cairo_pattern_add_color_stop_rgba (shade, 0, 1, 1, 1, 0.06);
  cairo_pattern_add_color_stop_rgba (shade, 1, 0, 0, 0, 0.16);
  cairo_set_source (cr, shade);
  cairo_fill (cr);
  cairo_pattern_destroy (shade);

  phone_lcd_colour_set (item->colour, cr);
  if (initials != NULL)
    {
      draw_initials (painter, item, initials);
      return;
    }
  cairo_translate (cr, item->rect.x + r, item->rect.y + r);
  if (item->text[0] != '\0')
    draw_person (cr, r);
  else
    draw_cross (cr, r);
}

static void
draw_choice (Painter *painter, const PhoneLcdItem *item)
{
  cairo_t *cr = painter->cr;
  double y = item->rect.y + item->rect.height / 2;

  for (int side = -1; side <= 1; side += 2)
    {
      double x = side < 0 ? item->rect.x + 4 : item->rect.x + item->rect.width - 4;

      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x - side * 6, y - 5);
      cairo_line_to (cr, x - side * 6, y + 5);
      cairo_close_path (cr);
      cairo_fill (cr);
    }
}

static void
draw_item (Painter *painter, const PhoneLcdItem *item)
{
  switch (item->kind)
    {
    case PHONE_LCD_ITEM_WALLPAPER:
      draw_wallpaper (painter, &item->rect);
      break;
    case PHONE_LCD_ITEM_FILL:
      trace_box (painter->cr, snap (painter->cr, &item->rect), item->radius);
      cairo_fill (painter->cr);
      break;
    case PHONE_LCD_ITEM_FRAME:
      draw_frame (painter, item);
      break;
    case PHONE_LCD_ITEM_TEXT:
      draw_text (painter, item);
      break;
    case PHONE_LCD_ITEM_ICON:
    case PHONE_LCD_ITEM_STATUS:
      draw_symbol (painter, item);
      break;
    case PHONE_LCD_ITEM_DISC:
      draw_disc (painter, item);
      break;
    case PHONE_LCD_ITEM_CHOICE:
      draw_choice (painter, item);
      break;
    }
}

void
phone_lcd_scene_draw (const PhoneLcdScene *self, cairo_t *cr, PangoContext *fonts)
{
  Painter painter = { cr, fonts };

  pango_cairo_update_context (cr, fonts);
  for (guint i = 0; i < self->items->len; i++)
    {
      const PhoneLcdItem *item = g_ptr_array_index (self->items, i);

      cairo_save (cr);
      phone_lcd_colour_set (item->colour, cr);
      draw_item (&painter, item);
      cairo_restore (cr);
    }
}
