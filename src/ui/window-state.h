/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneWindowState:
 * What the window remembers from one run to the next; nothing of it is a setting of the phone. A size of 0 is unknown.
 */
typedef struct {
  int      width;
  int      height;
  int      compact_width;
  int      compact_height;
  gboolean compact;
  gboolean maximized;
  gboolean compact_offered;   /* the user has been told of the compact view */
} PhoneWindowState;

void phone_window_state_load (PhoneWindowState       *state,
                              const char             *path);
void phone_window_state_save (const PhoneWindowState *state,
                              const char             *path);

G_END_DECLS
