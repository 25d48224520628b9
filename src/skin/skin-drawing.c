/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "skin-drawing.h"

#include <librsvg/rsvg.h>

#include <string.h>

#define MAX_SVG_BYTES (4 * 1024 * 1024)

struct _PhoneSkinDrawing
{
  PhoneSkinMap *map;
  char *path;
  RsvgHandle *handle;
  char *style; /* what the handle shows now */
};

/* Shows some groups and hides the others. A sheet does not undo the one before: each says all that any of them says. */
static gboolean
set_style (PhoneSkinDrawing *self, const char *style, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (g_strcmp0 (self->style, style) == 0)
    return TRUE;
  g_clear_pointer (&self->style, g_free);
  if (!rsvg_handle_set_stylesheet (self->handle, (const guint8 *)style, strlen (style), &reason))
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX, "%s: %s", self->path, reason->message);
      return FALSE;
    }
  self->style = g_strdup (style);
  return TRUE;
}

static gboolean
show_hook (PhoneSkinDrawing *self, PhoneSkinHook hook, GError **error)
{
  static const char *const styles[] = {
    [PHONE_SKIN_ON_HOOK] = "#on-hook { display: inline } #off-hook, #lights { display: none }",
    [PHONE_SKIN_OFF_HOOK] = "#off-hook { display: inline } #on-hook, #lights { display: none }",
  };

  return set_style (self, styles[hook], error);
}

static gboolean
read_file (PhoneSkinDrawing *self, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, &reason))
    {
      g_set_error_literal (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE, reason->message);
      return FALSE;
    }
  if (length > MAX_SVG_BYTES)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE, "%s: larger than %d bytes", self->path,
                   MAX_SVG_BYTES);
      return FALSE;
    }
  self->map = phone_skin_map_parse (text, length, self->path, error);
  if (self->map == NULL)
    return FALSE;
  /* Without a base address the library loads nothing from outside the drawing. */
  self->handle = rsvg_handle_new_from_data ((const guint8 *)text, length, &reason);
  if (self->handle != NULL)
    return TRUE;
  g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX, "%s: %s", self->path, reason->message);
  return FALSE;
}

PhoneSkinDrawing *
phone_skin_drawing_load (const char *folder, GError **error)
{
  g_autoptr (PhoneSkinDrawing) self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_new0 (PhoneSkinDrawing, 1);
  self->path = g_build_filename (folder, "face.svg", NULL);
  if (!read_file (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
phone_skin_drawing_free (PhoneSkinDrawing *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->handle);
  g_clear_pointer (&self->map, phone_skin_map_free);
  g_free (self->style);
  g_free (self->path);
  g_free (self);
}

const PhoneSkinMap *
phone_skin_drawing_get_map (PhoneSkinDrawing *self)
{
  return self->map;
}

const char *
phone_skin_drawing_get_path (PhoneSkinDrawing *self)
{
  return self->path;
}

static RsvgRectangle
view_box (PhoneSkinDrawing *self)
{
  return (RsvgRectangle){ 0, 0, self->map->width, self->map->height };
}

gboolean
phone_skin_drawing_measure (PhoneSkinDrawing *self, const char *id, PhoneRect *rect, GError **error)
{
  g_autofree char *element = g_strconcat ("#", id, NULL);
  RsvgRectangle viewport = view_box (self);
  RsvgRectangle logical;
  g_autoptr (GError) reason = NULL;

  /* What is hidden has no size: all is shown, for all that is measured. */
  if (!set_style (self, "#on-hook, #off-hook, #lights { display: inline }", error))
    return FALSE;
  if (!rsvg_handle_get_geometry_for_layer (self->handle, element, &viewport, NULL, &logical, &reason))
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS, "%s: id “%s”: %s", self->path, id, reason->message);
      return FALSE;
    }
  if (logical.width < 1 || logical.height < 1 || logical.x < 0 || logical.y < 0
      || logical.x + logical.width > self->map->width || logical.y + logical.height > self->map->height)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS, "%s: id “%s” is empty or lies outside the drawing",
                   self->path, id);
      return FALSE;
    }
  *rect = (PhoneRect){ logical.x, logical.y, logical.width, logical.height };
  return TRUE;
}

static void
render (PhoneSkinDrawing *self, cairo_t *cr, const char *prefix, const char *id)
{
  g_autofree char *element = prefix != NULL ? g_strconcat ("#", prefix, id, NULL) : NULL;
  RsvgRectangle viewport = view_box (self);
  g_autoptr (GError) error = NULL;

  if (!rsvg_handle_render_layer (self->handle, cr, element, &viewport, &error))
    g_warning ("%s: %s: %s", self->path, element != NULL ? element : "drawing", error->message);
}

void
phone_skin_drawing_render (PhoneSkinDrawing *self, PhoneSkinHook hook, cairo_t *cr, const char *prefix, const char *id)
{
  g_autoptr (GError) error = NULL;

  if (show_hook (self, hook, &error))
    render (self, cr, prefix, id);
  else
    g_warning ("%s", error->message);
}

void
phone_skin_drawing_render_light (PhoneSkinDrawing *self, guint32 light, cairo_t *cr, const char *id)
{
  /* The gradients of a glow take currentColor from where they stand, not from what they fill. */
  g_autofree char *style = g_strdup_printf ("#on-hook, #lights { display: inline } #off-hook { display: none } "
                                            "svg, #lights, radialGradient, linearGradient { color: #%06x }",
                                            light);
  g_autoptr (GError) error = NULL;

  if (set_style (self, style, &error))
    render (self, cr, "lit-", id);
  else
    g_warning ("%s", error->message);
}
