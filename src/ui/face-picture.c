/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "face-picture.h"

#include <math.h>

/* Layer numbers: two faces, then for each key one pressed and one for each colour of its lamp. */
#define LAYERS_FOR_KEY 4
#define LAYER_FACE(off_hook) ((off_hook) ? 1 : 0)
#define LAYER_PRESSED(key) ((key) * LAYERS_FOR_KEY)
#define LAYER_LAMP(key, colour) ((key) * LAYERS_FOR_KEY + (colour))

struct _PhoneFacePicture {
  PhoneSkin    *skin;
  PhoneFaceView view;
  PhoneRect     rect;      /* of the view, SVG units */
  double        scale;     /* device pixels for one SVG unit */
  GHashTable   *layers;    /* number → PhoneFaceLayer */
};

typedef struct {
  PhoneFacePicture *picture;
  PhoneKey          key;
  int               what;  /* -1: pressed key; else the colour of the lamp */
} Painter;

static void
layer_free (gpointer data)
{
  PhoneFaceLayer *layer = data;

  g_clear_object (&layer->texture);
  g_free (layer);
}

static void
paint (const Painter *painter,
       cairo_t *cr)
{
  PhoneFacePicture *self = painter->picture;

  cairo_scale (cr, self->scale, self->scale);
  cairo_translate (cr, -self->rect.x, -self->rect.y);
  if (painter->what < 0)
    phone_skin_draw_pressed_key (self->skin, cr, painter->key);
  else
    phone_skin_draw_lamp (self->skin, cr, painter->key, painter->what);
}

static GdkTexture *
take_texture (cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), stride * height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static PhoneFaceLayer *
paint_face (PhoneFacePicture *self,
            gboolean off_hook)
{
  PhoneFaceLayer *layer = g_new0 (PhoneFaceLayer, 1);
  gint64 since_us = g_get_monotonic_time ();
  int width = MAX (1, (int) ceil (self->rect.width * self->scale - 0.001));
  int height = MAX (1, (int) ceil (self->rect.height * self->scale - 0.001));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, self->scale, self->scale);
  cairo_translate (cr, -self->rect.x, -self->rect.y);
  phone_skin_draw_face (self->skin, cr, off_hook);
  cairo_destroy (cr);
  layer->texture = take_texture (surface);
  graphene_rect_init (&layer->rect, 0, 0, width, height);
  g_debug ("face painted at %d x %d in %.1f ms", width, height, (g_get_monotonic_time () - since_us) / 1000.0);

  return layer;
}

/* The pixels a small part covers, its shadow or glow included, within the view. */
static cairo_rectangle_int_t
measure (const Painter *painter)
{
  PhoneFacePicture *self = painter->picture;
  cairo_rectangle_t all = { 0, 0, ceil (self->rect.width * self->scale), ceil (self->rect.height * self->scale) };
  cairo_surface_t *recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &all);
  cairo_t *cr = cairo_create (recording);
  cairo_rectangle_int_t extents;
  double x, y, width, height;

  paint (painter, cr);
  cairo_destroy (cr);
  cairo_recording_surface_ink_extents (recording, &x, &y, &width, &height);
  cairo_surface_destroy (recording);

  extents.x = MAX (0, (int) floor (x));
  extents.y = MAX (0, (int) floor (y));
  extents.width = MIN ((int) all.width, (int) ceil (x + width)) - extents.x;
  extents.height = MIN ((int) all.height, (int) ceil (y + height)) - extents.y;

  return extents;
}

static PhoneFaceLayer *
paint_part (const Painter *painter)
{
  PhoneFaceLayer *layer = g_new0 (PhoneFaceLayer, 1);
  gint64 since_us = g_get_monotonic_time ();
  cairo_rectangle_int_t extents = measure (painter);
  cairo_surface_t *surface;
  cairo_t *cr;

  if (extents.width <= 0 || extents.height <= 0)
    return layer;

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, extents.width, extents.height);
  cr = cairo_create (surface);
  cairo_translate (cr, -extents.x, -extents.y);
  paint (painter, cr);
  cairo_destroy (cr);
  layer->texture = take_texture (surface);
  graphene_rect_init (&layer->rect, extents.x, extents.y, extents.width, extents.height);
  g_debug ("%s %s painted at %d x %d in %.1f ms", painter->what < 0 ? "pressed key" : "lamp",
           phone_key_to_id (painter->key), extents.width, extents.height, (g_get_monotonic_time () - since_us) / 1000.0);

  return layer;
}

/**
 * phone_face_picture_new:
 * @scale: device pixels for one SVG unit
 *
 * Paints nothing yet.
 */
PhoneFacePicture *
phone_face_picture_new (PhoneSkin *skin,
                        PhoneFaceView view,
                        double scale)
{
  PhoneFacePicture *self;

  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);
  g_return_val_if_fail (scale > 0, NULL);

  self = g_new0 (PhoneFacePicture, 1);
  self->skin = g_object_ref (skin);
  self->view = view;
  self->scale = scale;
  phone_skin_get_view (skin, view, &self->rect);
  self->layers = g_hash_table_new_full (NULL, NULL, NULL, layer_free);

  return self;
}

void
phone_face_picture_free (PhoneFacePicture *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->layers);
  g_object_unref (self->skin);
  g_free (self);
}

PhoneFaceView
phone_face_picture_get_view (PhoneFacePicture *self)
{
  g_return_val_if_fail (self != NULL, PHONE_FACE_FULL);

  return self->view;
}

double
phone_face_picture_get_scale (PhoneFacePicture *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return self->scale;
}

/**
 * phone_face_picture_has_face:
 *
 * Returns: whether the face is painted already: it is the one expensive part
 */
gboolean
phone_face_picture_has_face (PhoneFacePicture *self,
                             gboolean off_hook)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_contains (self->layers, GUINT_TO_POINTER (LAYER_FACE (off_hook)));
}

static const PhoneFaceLayer *
get_layer (PhoneFacePicture *self,
           guint number,
           const Painter *painter)
{
  PhoneFaceLayer *layer = g_hash_table_lookup (self->layers, GUINT_TO_POINTER (number));

  if (!layer)
    {
      layer = painter ? paint_part (painter) : paint_face (self, number == LAYER_FACE (TRUE));
      g_hash_table_insert (self->layers, GUINT_TO_POINTER (number), layer);
    }

  return layer;
}

const PhoneFaceLayer *
phone_face_picture_get_face (PhoneFacePicture *self,
                             gboolean off_hook)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_layer (self, LAYER_FACE (off_hook), NULL);
}

const PhoneFaceLayer *
phone_face_picture_get_pressed (PhoneFacePicture *self,
                                PhoneKey key)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != PHONE_KEY_NONE, NULL);

  return get_layer (self, LAYER_PRESSED (key), &(Painter) { self, key, -1 });
}

/**
 * phone_face_picture_get_lamp:
 * @colour: not %PHONE_LAMP_OFF: a dark lamp is part of the face
 */
const PhoneFaceLayer *
phone_face_picture_get_lamp (PhoneFacePicture *self,
                             PhoneKey key,
                             PhoneLampColour colour)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != PHONE_KEY_NONE && colour != PHONE_LAMP_OFF, NULL);

  return get_layer (self, LAYER_LAMP (key, colour), &(Painter) { self, key, colour });
}
