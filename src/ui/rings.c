/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "rings.h"

#include <adwaita.h>

static void
add_ring (GtkSnapshot *snapshot,
          const graphene_rect_t *rect,
          double radius,
          double distance,
          double thickness,
          const GdkRGBA *colour)
{
  graphene_rect_t outer = *rect;
  float widths[4] = { thickness, thickness, thickness, thickness };
  GdkRGBA colours[4] = { *colour, *colour, *colour, *colour };
  GskRoundedRect ring;

  graphene_rect_inset (&outer, -distance - thickness, -distance - thickness);
  gsk_rounded_rect_init_from_rect (&ring, &outer, radius + distance + thickness);
  gtk_snapshot_append_border (snapshot, &ring, widths, colours);
}

static gboolean
is_high_contrast (void)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
}

/**
 * phone_rings_add_hover:
 *
 * The soft ring of a key under the pointer.
 */
void
phone_rings_add_hover (GtkSnapshot *snapshot,
                       const graphene_rect_t *rect,
                       double radius)
{
  gboolean strong = is_high_contrast ();
  const GdkRGBA colour = { 1, 1, 1, strong ? 0.95f : 0.34f };

  add_ring (snapshot, rect, radius, 0.5, strong ? 3 : 2, &colour);
}

/**
 * phone_rings_add_focus:
 *
 * The ring of what has the keyboard focus.
 */
void
phone_rings_add_focus (GtkSnapshot *snapshot,
                       const graphene_rect_t *rect,
                       double radius)
{
  double thickness = is_high_contrast () ? 3.5 : 2.5;

  add_ring (snapshot, rect, radius, 0, thickness, &(GdkRGBA) { 0.03, 0.05, 0.08, 1 });
  add_ring (snapshot, rect, radius, thickness, thickness, &(GdkRGBA) { 0.98, 0.99, 1, 1 });
}
