/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "key.h"

G_BEGIN_DECLS

/**
 * PhoneTiming:
 *
 * Prints how long things take when `DESKSET_UI_TIMING` is set, one line each on standard error, for the benchmark:
 * `deskset-timing first-frame-ms 312.0` (from the start of the process to the first frame) and
 * `deskset-timing key-display-ms 4.2 OK` (from a key to the end of the frame that shows what it changed at
 * once; a key that changed nothing at once is not told of).
 */
typedef struct _PhoneTiming PhoneTiming;

/* (nullable): %NULL when nobody asks; the other functions do nothing then. */
PhoneTiming *phone_timing_new      (GtkWidget   *widget) G_GNUC_WARN_UNUSED_RESULT;
void         phone_timing_free     (PhoneTiming *self);
void         phone_timing_key_down (PhoneTiming *self,
                                    PhoneKey     key);
void         phone_timing_key_done (PhoneTiming *self);
void         phone_timing_changed  (PhoneTiming *self);

G_END_DECLS
