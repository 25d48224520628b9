/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "display.h"

G_BEGIN_DECLS

/* Displays as the engine makes them, one for each look of the LCD: for pictures and for tests. */
guint         sample_display_get_n    (void);
const char   *sample_display_get_name (guint       i);
PhoneDisplay *sample_display_new      (guint       i);
PhoneDisplay *sample_display_find     (const char *name);

G_END_DECLS
