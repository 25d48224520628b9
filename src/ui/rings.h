/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rings around parts of the picture. The focus ring is two lines, light and dark, off the edge: it is seen by its shape
 * on any ground, not by colour alone. Both are stronger when the desktop asks for high contrast. */
void phone_rings_add_hover (GtkSnapshot           *snapshot,
                            const graphene_rect_t *rect,
                            double                 radius);
void phone_rings_add_focus (GtkSnapshot           *snapshot,
                            const graphene_rect_t *rect,
                            double                 radius);

G_END_DECLS
