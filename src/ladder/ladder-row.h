/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ladder-picture.h"

G_BEGIN_DECLS

/**
 * PhoneLadderItem:
 *
 * One step for a list model.
 */
#define PHONE_TYPE_LADDER_ITEM (phone_ladder_item_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLadderItem, phone_ladder_item, PHONE, LADDER_ITEM, GObject)

PhoneLadderItem      *phone_ladder_item_new        (const PhoneTraceLadder *ladder,
                                                    guint                   i) G_GNUC_WARN_UNUSED_RESULT;
const PhoneTraceStep *phone_ladder_item_get_step   (PhoneLadderItem      *self);

/**
 * PhoneLadderRow:
 *
 * Draws one step.
 */
#define PHONE_TYPE_LADDER_ROW (phone_ladder_row_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLadderRow, phone_ladder_row, PHONE, LADDER_ROW, GtkWidget)

GtkWidget            *phone_ladder_row_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void                  phone_ladder_row_set_item    (PhoneLadderRow       *self,
                                                    PhoneLadderItem      *item);

G_END_DECLS
