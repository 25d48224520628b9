/* rooms: engine control */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bus-name.h"

#include <gio/gio.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* `--control` and `--profile`: what is taken becomes a D-Bus address or name that D-Bus takes. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = phone_control_parse_address (text, &error);

  g_assert_true ((path == NULL) == (error != NULL));
  if (path)
    {
      g_autofree char *address = phone_control_dbus_address (path);

      g_assert_true (g_dbus_is_address (address));
    }
  if (phone_profile_is_valid (text))
    {
      g_autofree char *name = phone_bus_name_for_profile ("org.deskset.Deskset", text);

      g_assert_true (g_dbus_is_name (name) && g_application_id_is_valid (name));
    }
  return 0;
}
