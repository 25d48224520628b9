/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "window-state.h"

#include <errno.h>

#define GROUP "window"
/* Larger than any screen: a broken file must not ask for a window that cannot be had. */
#define MAX_PIXELS 16384

static int
read_size (GKeyFile *file,
           const char *key)
{
  int size = g_key_file_get_integer (file, GROUP, key, NULL);

  return size < 0 || size > MAX_PIXELS ? 0 : size;
}

/**
 * phone_window_state_load:
 * @state: (out): filled with nothing known when there is no such file or it is broken
 */
void
phone_window_state_load (PhoneWindowState *state,
                         const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_return_if_fail (state != NULL);
  g_return_if_fail (path != NULL);

  *state = (PhoneWindowState) { 0 };
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_message ("The state of the window is not known: %s", error->message);
      return;
    }

  state->width = read_size (file, "width");
  state->height = read_size (file, "height");
  state->compact_width = read_size (file, "compact-width");
  state->compact_height = read_size (file, "compact-height");
  state->compact = g_key_file_get_boolean (file, GROUP, "compact", NULL);
  state->maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  state->compact_offered = g_key_file_get_boolean (file, GROUP, "compact-offered", NULL);
}

void
phone_window_state_save (const PhoneWindowState *state,
                         const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;

  g_return_if_fail (state != NULL);
  g_return_if_fail (path != NULL);

  g_key_file_set_integer (file, GROUP, "width", state->width);
  g_key_file_set_integer (file, GROUP, "height", state->height);
  g_key_file_set_integer (file, GROUP, "compact-width", state->compact_width);
  g_key_file_set_integer (file, GROUP, "compact-height", state->compact_height);
  g_key_file_set_boolean (file, GROUP, "compact", state->compact);
  g_key_file_set_boolean (file, GROUP, "maximized", state->maximized);
  g_key_file_set_boolean (file, GROUP, "compact-offered", state->compact_offered);

  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_message ("The state of the window is not kept: %s: %s", folder, g_strerror (errno));
  else if (!g_key_file_save_to_file (file, path, &error))
    g_message ("The state of the window is not kept: %s", error->message);
}
