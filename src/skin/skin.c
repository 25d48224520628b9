/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "skin.h"

#include "lcd.h"
#include "skin-drawing.h"
#include "skin-private.h"

#include <pango/pangocairo.h>

#include <math.h>

#define KEY_TRAVEL 2.0
#define SHADOW_ROOM 9.0

struct _PhoneSkin
{
  GObject parent;

  PhoneSkinFacts *facts;
  PhoneSkinDrawing *drawing;
  const PhoneSkinMap *map; /* the drawing's */
  GHashTable *key_rects;   /* PhoneKey -> PhoneRect */
  PhoneRect lcd;
  PhoneRect handset[2];
  PangoContext *pango;
};

G_DEFINE_QUARK (phone - skin - error - quark, phone_skin_error)
G_DEFINE_FINAL_TYPE (PhoneSkin, phone_skin, G_TYPE_OBJECT)

static gboolean
measure_all (PhoneSkin *self, GError **error)
{
  for (guint i = 0; i < self->map->keys->len; i++)
    {
      const PhoneSkinMapKey *key = g_ptr_array_index (self->map->keys, i);
      g_autofree char *id = g_strconcat ("key-", key->id, NULL);
      g_autofree PhoneRect *rect = g_new0 (PhoneRect, 1);

      if (!phone_skin_drawing_measure (self->drawing, id, rect, error))
        return FALSE;
      g_hash_table_insert (self->key_rects, GINT_TO_POINTER (key->key), g_steal_pointer (&rect));
    }
  return phone_skin_drawing_measure (self->drawing, "lcd", &self->lcd, error)
         && phone_skin_drawing_measure (self->drawing, "handset", &self->handset[0], error)
         && phone_skin_drawing_measure (self->drawing, "handset-lifted", &self->handset[1], error);
}

/* What the facts promise must be on the drawing, and the other way round. */
static gboolean
check_keys (PhoneSkin *self, PhoneKey first, guint n, guint most, const char *fact, GError **error)
{
  for (guint i = 0; i < most; i++)
    {
      gboolean drawn = phone_skin_map_find_key (self->map, (PhoneKey)(first + i)) != NULL;

      if (drawn == (i < n))
        continue;
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS, "%s: [model] %s is %u, but %s has %s key-%s",
                   "skin.ini", fact, n, phone_skin_drawing_get_path (self->drawing), drawn ? "a" : "no",
                   phone_key_to_id ((PhoneKey)(first + i)));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_facts (PhoneSkin *self, GError **error)
{
  const PhoneModel *model = self->facts->model;
  PhoneRect *compact = &self->facts->compact;

  if (!check_keys (self, PHONE_KEY_L1, model->n_line_keys, PHONE_MAX_LINE_KEYS, "line-keys", error)
      || !check_keys (self, PHONE_KEY_F1, model->n_soft_keys, PHONE_SOFT_KEYS, "soft-keys", error)
      || !check_keys (self, PHONE_KEY_D1, model->n_memory_keys, 10, "memory-keys", error)
      || !check_keys (self, PHONE_KEY_HEADSET, model->has_headset_key ? 1 : 0, 1, "headset-key", error))
    return FALSE;
  if (!model->lcd_colour)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS,
                   "skin.ini: [model] lcd-kind: a mono display cannot be drawn by this version");
      return FALSE;
    }
  if (compact->width < 1)
    *compact = (PhoneRect){ 0, 0, self->map->width, self->map->height };
  if (compact->x + compact->width > self->map->width || compact->y + compact->height > self->map->height)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS,
                   "skin.ini: [view] compact: reaches beyond the drawing of %g × %g", self->map->width,
                   self->map->height);
      return FALSE;
    }
  return TRUE;
}

static PangoContext *
make_pango_context (const char *families)
{
  g_autoptr (PangoFontMap) map = pango_cairo_font_map_new ();
  PangoContext *context = pango_font_map_create_context (map);
  cairo_font_options_t *options = cairo_font_options_create ();
  PangoFontDescription *font = pango_font_description_new ();

  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_font_description_set_family (font, families);
  pango_context_set_font_description (context, font);
  pango_font_description_free (font);
  cairo_font_options_destroy (options);
  return context;
}

static void
phone_skin_finalize (GObject *object)
{
  PhoneSkin *self = PHONE_SKIN (object);

  g_clear_pointer (&self->facts, phone_skin_facts_free);
  g_clear_pointer (&self->drawing, phone_skin_drawing_free);
  g_clear_pointer (&self->key_rects, g_hash_table_unref);
  g_clear_object (&self->pango);
  G_OBJECT_CLASS (phone_skin_parent_class)->finalize (object);
}

static void
phone_skin_class_init (PhoneSkinClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_skin_finalize;
}

static void
phone_skin_init (PhoneSkin *self)
{
  self->key_rects = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

PhoneSkin *
phone_skin_load (const char *folder, GError **error)
{
  g_autoptr (PhoneSkin) self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SKIN, NULL);
  self->facts = phone_skin_facts_load (folder, error);
  if (self->facts == NULL)
    return NULL;
  self->drawing = phone_skin_drawing_load (folder, error);
  if (self->drawing == NULL)
    return NULL;
  self->map = phone_skin_drawing_get_map (self->drawing);
  if (!check_facts (self, error) || !measure_all (self, error))
    return NULL;
  self->pango = make_pango_context (self->facts->font);
  return g_steal_pointer (&self);
}

const PhoneModel *
phone_skin_get_model (PhoneSkin *self)
{
  g_return_val_if_fail (PHONE_IS_SKIN (self), NULL);

  return self->facts->model;
}

const PhoneSkinFacts *
phone_skin_get_facts (PhoneSkin *self)
{
  return self->facts;
}

PangoContext *
phone_skin_get_pango_context (PhoneSkin *self)
{
  return self->pango;
}

void
phone_skin_get_view (PhoneSkin *self, PhoneFaceView view, PhoneRect *rect)
{
  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (rect != NULL);

  switch (view)
    {
    case PHONE_FACE_FULL:
      *rect = (PhoneRect){ 0, 0, self->map->width, self->map->height };
      break;
    case PHONE_FACE_COMPACT:
      *rect = self->facts->compact;
      break;
    }
}

guint
phone_skin_get_n_keys (PhoneSkin *self)
{
  g_return_val_if_fail (PHONE_IS_SKIN (self), 0);

  return self->map->keys->len;
}

PhoneKey
phone_skin_get_key (PhoneSkin *self, guint i)
{
  g_return_val_if_fail (PHONE_IS_SKIN (self), PHONE_KEY_NONE);
  g_return_val_if_fail (i < self->map->keys->len, PHONE_KEY_NONE);

  return ((PhoneSkinMapKey *)g_ptr_array_index (self->map->keys, i))->key;
}

gboolean
phone_skin_get_key_rect (PhoneSkin *self, PhoneKey key, PhoneRect *rect)
{
  const PhoneRect *found;

  g_return_val_if_fail (PHONE_IS_SKIN (self), FALSE);
  g_return_val_if_fail (rect != NULL, FALSE);

  found = g_hash_table_lookup (self->key_rects, GINT_TO_POINTER (key));
  if (found != NULL)
    *rect = *found;
  return found != NULL;
}

gboolean
phone_skin_key_is_round (PhoneSkin *self, PhoneKey key)
{
  const PhoneSkinMapKey *entry;

  g_return_val_if_fail (PHONE_IS_SKIN (self), FALSE);

  entry = phone_skin_map_find_key (self->map, key);
  return entry != NULL && entry->round;
}

gboolean
phone_skin_has_lamp (PhoneSkin *self, PhoneKey key)
{
  g_return_val_if_fail (PHONE_IS_SKIN (self), FALSE);

  return g_hash_table_contains (self->map->lamps, GINT_TO_POINTER (key));
}

void
phone_skin_get_lcd_rect (PhoneSkin *self, PhoneRect *rect)
{
  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (rect != NULL);

  *rect = self->lcd;
}

void
phone_skin_get_handset_rect (PhoneSkin *self, gboolean off_hook, PhoneRect *rect)
{
  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (rect != NULL);

  *rect = self->handset[off_hook ? 1 : 0];
}

const char *
phone_skin_get_shortcut (PhoneSkin *self, PhoneKey key)
{
  g_return_val_if_fail (PHONE_IS_SKIN (self), NULL);

  return g_hash_table_lookup (self->facts->shortcuts, GINT_TO_POINTER (key));
}

void
phone_skin_draw_face (PhoneSkin *self, cairo_t *cr, gboolean off_hook)
{
  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (cr != NULL);

  cairo_save (cr);
  phone_skin_drawing_render (self->drawing, off_hook ? PHONE_SKIN_OFF_HOOK : PHONE_SKIN_ON_HOOK, cr, NULL, NULL);
  cairo_restore (cr);
}

static void
render_part (PhoneSkin *self, cairo_t *cr, const char *prefix, const char *id)
{
  phone_skin_drawing_render (self->drawing, PHONE_SKIN_ON_HOOK, cr, prefix, id);
}

/* A key that is down lies in the shadow of its well: its upper edge most. */
static void
draw_cap_down (PhoneSkin *self, cairo_t *cr, const char *id, const PhoneRect *rect)
{
  cairo_pattern_t *shade = cairo_pattern_create_linear (0, rect->y + KEY_TRAVEL, 0, rect->y + rect->height);

  cairo_pattern_add_color_stop_rgba (shade, 0, 0, 0, 0, 0.42);
  cairo_pattern_add_color_stop_rgba (shade, 0.22, 0, 0, 0, 0.16);
  cairo_pattern_add_color_stop_rgba (shade, 1, 0, 0, 0, 0.08);
  cairo_push_group (cr);
  cairo_save (cr);
  cairo_translate (cr, 0, KEY_TRAVEL);
  render_part (self, cr, "key-", id);
  cairo_restore (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_ATOP);
  cairo_set_source (cr, shade);
  cairo_paint (cr);
  cairo_pop_group_to_source (cr);
  cairo_paint (cr);
  cairo_pattern_destroy (shade);
}

static gboolean
overlap (const PhoneRect *a, const PhoneRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* What stands so near that its shadow or itself reaches into @area. */
static void
draw_neighbours (PhoneSkin *self, cairo_t *cr, const PhoneSkinMapKey *key, const PhoneRect *area)
{
  for (guint i = 0; i < self->map->keys->len; i++)
    {
      const PhoneSkinMapKey *other = g_ptr_array_index (self->map->keys, i);
      const PhoneRect *rect = g_hash_table_lookup (self->key_rects, GINT_TO_POINTER (other->key));
      PhoneRect reach = { rect->x - SHADOW_ROOM, rect->y - SHADOW_ROOM, rect->width + 2 * SHADOW_ROOM,
                          rect->height + 2 * SHADOW_ROOM };

      if (other == key || !overlap (&reach, area))
        continue;
      if (g_hash_table_contains (self->map->shadows, GINT_TO_POINTER (other->key)))
        render_part (self, cr, "shadow-", other->id);
      render_part (self, cr, "key-", other->id);
    }
}

/* To whole device pixels: a pixel that is clipped by half would be blended twice and show as a seam. */
static void
clip_to (cairo_t *cr, const PhoneRect *area)
{
  double left = area->x, top = area->y, right = area->x + area->width, bottom = area->y + area->height;
  cairo_matrix_t matrix;

  cairo_user_to_device (cr, &left, &top);
  cairo_user_to_device (cr, &right, &bottom);
  cairo_get_matrix (cr, &matrix);
  cairo_identity_matrix (cr);
  cairo_rectangle (cr, floor (left), floor (top), ceil (right) - floor (left), ceil (bottom) - floor (top));
  cairo_set_matrix (cr, &matrix);
  cairo_clip (cr);
}

void
phone_skin_draw_pressed_key (PhoneSkin *self, cairo_t *cr, PhoneKey key)
{
  const PhoneSkinMapKey *entry;
  const PhoneRect *rect;
  const char *lamp;
  PhoneRect area;

  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (cr != NULL);

  entry = phone_skin_map_find_key (self->map, key);
  if (entry == NULL)
    return;
  rect = g_hash_table_lookup (self->key_rects, GINT_TO_POINTER (key));
  area = (PhoneRect){ rect->x - SHADOW_ROOM, rect->y - 1, rect->width + 2 * SHADOW_ROOM,
                      rect->height + KEY_TRAVEL + SHADOW_ROOM };
  cairo_save (cr);
  clip_to (cr, &area);
  render_part (self, cr, "base", "");
  draw_neighbours (self, cr, entry, &area);
  draw_cap_down (self, cr, entry->id, rect);
  lamp = g_hash_table_lookup (self->map->lamps, GINT_TO_POINTER (key));
  if (lamp != NULL)
    render_part (self, cr, "lamp-", lamp);
  cairo_restore (cr);
}

/* A lamp around its key: the ring is cut into pieces, four for red and two for orange. */
static void
draw_ring_shape (cairo_t *cr, double radius, double width, PhoneLampColour colour)
{
  guint n = colour == PHONE_LAMP_RED ? 4 : 2;

  cairo_set_line_width (cr, width);
  for (guint i = 0; i < n; i++)
    {
      double angle = G_PI / 4 + i * 2 * G_PI / n;

      cairo_new_path (cr);
      cairo_arc (cr, 0, 0, radius, angle - 0.14, angle + 0.14);
      cairo_stroke (cr);
    }
}

/* For those who do not see red and green apart: green is left whole, red gets a dark core, orange a dark bar. */
static void
draw_lamp_shape (PhoneSkin *self, cairo_t *cr, PhoneKey key, const char *id, PhoneLampColour colour)
{
  g_autofree char *element = g_strconcat ("lamp-", id, NULL);
  const PhoneRect *cap = g_hash_table_lookup (self->key_rects, GINT_TO_POINTER (key));
  PhoneRect rect;
  double size;

  if (colour == PHONE_LAMP_GREEN
      || !phone_skin_drawing_measure (self->drawing, element, &rect, NULL))
    return;
  size = MIN (rect.width, rect.height);
  cairo_save (cr);
  cairo_translate (cr, rect.x + rect.width / 2, rect.y + rect.height / 2);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.85);
  if (cap != NULL && cap->width < rect.width && cap->height < rect.height)
    draw_ring_shape (cr, size / 2, (rect.width - cap->width) / 2, colour);
  else if (colour == PHONE_LAMP_RED)
    {
      cairo_arc (cr, 0, 0, size * 0.3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  else
    {
      cairo_rectangle (cr, -rect.width / 2, -size * 0.1, rect.width, size * 0.2);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}

void
phone_skin_draw_lamp (PhoneSkin *self, cairo_t *cr, PhoneKey key, PhoneLampColour colour)
{
  const char *id;

  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (cr != NULL);
  g_return_if_fail (colour <= PHONE_LAMP_ORANGE);

  id = g_hash_table_lookup (self->map->lamps, GINT_TO_POINTER (key));
  if (id == NULL || colour == PHONE_LAMP_OFF)
    return;
  cairo_save (cr);
  phone_skin_drawing_render_light (self->drawing, self->facts->lamps[colour], cr, id);
  if (self->facts->lamp_shapes)
    draw_lamp_shape (self, cr, key, id, colour);
  cairo_restore (cr);
}

void
phone_skin_draw_phone (PhoneSkin *self, cairo_t *cr, PhoneDisplay *display, gint64 now_ms)
{
  g_return_if_fail (PHONE_IS_SKIN (self));
  g_return_if_fail (cr != NULL);
  g_return_if_fail (display != NULL);

  phone_skin_draw_face (self, cr, display->off_hook);

  cairo_save (cr);
  cairo_rectangle (cr, self->lcd.x, self->lcd.y, self->lcd.width, self->lcd.height);
  cairo_clip (cr);
  cairo_translate (cr, self->lcd.x, self->lcd.y);
  cairo_scale (cr, self->lcd.width / self->facts->model->lcd_width, self->lcd.height / self->facts->model->lcd_height);
  phone_lcd_draw (self, cr, display);
  cairo_restore (cr);

  for (guint i = 0; i < display->lamps->len; i++)
    {
      const PhoneDisplayLamp *lamp = g_ptr_array_index (display->lamps, i);

      if (phone_blink_is_lit (lamp->blink, now_ms))
        phone_skin_draw_lamp (self, cr, lamp->key, lamp->colour);
    }
}
