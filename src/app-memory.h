/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * phone_app_memory_watch:
 *
 * Gives memory that a burst of calls or requests has left behind back to the system, some time after it. For the life of
 * the main loop, on its thread.
 *
 * Returns: a source id for g_source_remove()
 */
guint phone_app_memory_watch (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
