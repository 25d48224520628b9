/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "skin-map.h"

G_BEGIN_DECLS

/**
 * PhoneSkinDrawing:
 *
 * `face.svg`, ready to be rendered. One drawing, several states: groups of it (on-hook, off-hook, lights) that a style
 * sheet shows or hides. A parsed drawing takes some megabytes and 30 ms, another sheet 10 ms: there is one, and it takes
 * the sheet that what is rendered next needs. Who draws often keeps the picture. Elements are rendered alone for what
 * changes quickly.
 */
typedef struct _PhoneSkinDrawing PhoneSkinDrawing;

typedef enum {
  PHONE_SKIN_ON_HOOK,
  PHONE_SKIN_OFF_HOOK,
} PhoneSkinHook;

/**
 * phone_skin_drawing_load:
 * Returns: (transfer full): the drawing; %NULL with @error in %PHONE_SKIN_ERROR
 */
PhoneSkinDrawing   *phone_skin_drawing_load         (const char        *folder,
                                                     GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void                phone_skin_drawing_free         (PhoneSkinDrawing  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSkinDrawing, phone_skin_drawing_free)

/**
 * phone_skin_drawing_get_map:
 * Returns: (transfer none): which ids it has
 */
const PhoneSkinMap *phone_skin_drawing_get_map      (PhoneSkinDrawing  *self);

/**
 * phone_skin_drawing_get_path:
 * Returns: (transfer none): the file, for messages
 */
const char         *phone_skin_drawing_get_path     (PhoneSkinDrawing  *self);

/**
 * phone_skin_drawing_measure:
 * Returns: %FALSE with @error when the element is empty or reaches beyond the drawing
 */
gboolean            phone_skin_drawing_measure      (PhoneSkinDrawing  *self,
                                                     const char        *id,
                                                     PhoneRect         *rect,
                                                     GError           **error);

/**
 * phone_skin_drawing_render:
 * @prefix: (nullable): with @id the name of the element; %NULL: all of the drawing
 *
 * Draws the element in its place.
 */
void                phone_skin_drawing_render       (PhoneSkinDrawing  *self,
                                                     PhoneSkinHook      hook,
                                                     cairo_t           *cr,
                                                     const char        *prefix,
                                                     const char        *id);

/**
 * phone_skin_drawing_render_light:
 * @light: 0xrrggbb
 *
 * Draws the element lit-@id with its glow.
 */
void                phone_skin_drawing_render_light (PhoneSkinDrawing  *self,
                                                     guint32            light,
                                                     cairo_t           *cr,
                                                     const char        *id);

G_END_DECLS
