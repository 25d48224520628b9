/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "trace-ladder.h"

G_BEGIN_DECLS

/*
 * The call ladder as a drawing: the same for the window's rows and for pictures in files.
 */

/** PHONE_LADDER_HEIGHT: height of a step in pixels. */
#define PHONE_LADDER_HEIGHT 30
/** PHONE_LADDER_MARGIN: left of the columns there is room for number and time. */
#define PHONE_LADDER_MARGIN 128
/** PHONE_LADDER_COLUMN: distance of two columns in a picture. */
#define PHONE_LADDER_COLUMN 220

int      phone_ladder_get_least_width (guint             n_columns);
void     phone_ladder_draw_head (cairo_t                 *cr,
                                 const PhoneTraceLadder  *ladder,
                                 double                   width,
                                 gboolean                 dark);
void     phone_ladder_draw_step (cairo_t                 *cr,
                                 const PhoneTraceStep    *step,
                                 guint                    n_columns,
                                 double                   width,
                                 gboolean                 dark);
gboolean phone_ladder_write     (const PhoneTraceLadder  *ladder,
                                 const char              *path,
                                 GError                 **error);

G_END_DECLS
