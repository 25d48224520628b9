/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ladder-row.h"

G_BEGIN_DECLS

/**
 * SECTION:ladder-view
 * @title: PhoneLadderView
 *
 * A call ladder that grows: the names of its columns, and a list of its steps, of which the newest stays in sight as long as
 * nobody looks at older ones.
 *
 * Signals: "chosen" (PhoneTraceStep or %NULL).
 */
#define PHONE_TYPE_LADDER_VIEW (phone_ladder_view_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLadderView, phone_ladder_view, PHONE, LADDER_VIEW, GtkWidget)

GtkWidget *phone_ladder_view_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void       phone_ladder_view_show       (PhoneLadderView  *self,
                                         PhoneTraceLadder *ladder);
void       phone_ladder_view_set_filter (PhoneLadderView  *self,
                                         GtkFilter        *filter);

G_END_DECLS
