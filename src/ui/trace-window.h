/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "trace.h"

G_BEGIN_DECLS

/**
 * SECTION:trace-window
 * @title: PhoneTraceWindow
 *
 * The call flow: the SIP messages of the phone as a ladder, live, with what each is for and its text. Chosen by call and by
 * words, stopped, written to a file. It looks at the trace; it never records.
 */
#define PHONE_TYPE_TRACE_WINDOW (phone_trace_window_get_type ())
G_DECLARE_FINAL_TYPE (PhoneTraceWindow, phone_trace_window, PHONE, TRACE_WINDOW, AdwWindow)

GtkWidget *phone_trace_window_new  (PhoneTrace        *trace) G_GNUC_WARN_UNUSED_RESULT;
gboolean   phone_trace_window_save (PhoneTraceWindow  *self,
                                    const char        *path,
                                    GError           **error);

G_END_DECLS
