/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:flow-sound
 * @title: What phones of a flow say and hear
 *
 * Each phone says a tone of its own, a file played into its microphone; what it hears is written to a file, and looked
 * into while it grows.
 */

gboolean phone_flow_sound_write_tone (const char   *path,
                                      guint         hz,
                                      GError      **error);
goffset  phone_flow_sound_get_size   (const char   *path);
gboolean phone_flow_sound_hears      (const char   *path,
                                      goffset       since,
                                      const guint  *wanted,
                                      gsize         n_wanted,
                                      const guint  *others,
                                      gsize         n_others,
                                      GString      *found);

G_END_DECLS
