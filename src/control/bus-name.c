/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "bus-name.h"

#include <string.h>
#include <sys/un.h>

#define PROFILE_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_"
#define PROFILE_MAX_LENGTH 32

gboolean
phone_profile_is_valid (const char *profile)
{
  gsize length;

  g_return_val_if_fail (profile != NULL, FALSE);

  length = strlen (profile);
  return length > 0 && length <= PROFILE_MAX_LENGTH && strspn (profile, PROFILE_CHARACTERS) == length;
}

char *
phone_bus_name_for_profile (const char *app_id,
                            const char *profile)
{
  gboolean escape;

  g_return_val_if_fail (app_id != NULL, NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  if (profile[0] == '\0')
    return g_strdup (app_id);

  g_return_val_if_fail (phone_profile_is_valid (profile), NULL);

  escape = profile[0] == '_' || g_ascii_isdigit (profile[0]);
  return g_strconcat (app_id, ".Profile.", escape ? "_" : "", profile, NULL);
}

char *
phone_control_parse_address (const char *control,
                             GError    **error)
{
  g_autofree char *canonical = NULL;
  const struct sockaddr_un *longest = NULL;
  const char *path;

  g_return_val_if_fail (control != NULL, NULL);

  path = control;
  if (g_str_has_prefix (path, "unix:path="))
    path += strlen ("unix:path=");
  else if (g_str_has_prefix (path, "unix:"))
    path += strlen ("unix:");
  else
    path = "";

  if (path[0] == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not of the form unix:PATH", control);
      return NULL;
    }
  canonical = g_canonicalize_filename (path, NULL);
  if (strlen (canonical) >= sizeof longest->sun_path)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "the path of the socket is longer than %u bytes",
                   (guint) sizeof longest->sun_path - 1);
      return NULL;
    }

  return g_steal_pointer (&canonical);
}

char *
phone_control_dbus_address (const char *path)
{
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  escaped = g_dbus_address_escape_value (path);
  return g_strconcat ("unix:path=", escaped, NULL);
}
