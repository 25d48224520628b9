/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PhoneTiming:
 *
 * Writes how long things take into the file that `DESKSET_TIMING` names, one line each, for the benchmark:
 * `first-frame-ms 312.0` (from the start of the process to its first frame) and `key-frame-ms 4.2` (from a key, whoever
 * presses it, to the end of the frame that shows what it changed at once; a key that changed nothing at once is not told of),
 * each followed by what it took of the processor: `first-frame-cpu-ms` of the process, `key-frame-cpu-ms` of this thread.
 */
typedef struct _PhoneTiming PhoneTiming;

/* (nullable): %NULL when nobody asks; the other functions do nothing then. */
PhoneTiming *phone_timing_new      (GtkWidget   *widget) G_GNUC_WARN_UNUSED_RESULT;
void         phone_timing_free     (PhoneTiming *self);
void         phone_timing_key_down (PhoneTiming *self);
void         phone_timing_changed  (PhoneTiming *self);

G_END_DECLS
