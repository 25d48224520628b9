/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:bus-name
 * @title: Names of phones
 *
 * Where a phone is found: by profile on the session bus, or at a socket. Shared by the phone and by desksetctl.
 */
#define PHONE_CONTROL_OBJECT_PATH "/org/deskset/Phone1"
#define PHONE_CONTROL_INTERFACE "org.deskset.Phone1"
#define PHONE_CONTROL_ERROR_INVALID "org.deskset.Error.InvalidArgument"
#define PHONE_CONTROL_ERROR_NOT_NOW "org.deskset.Error.NotNow"

/**
 * phone_profile_is_valid:
 * Returns: whether @profile is a name for a profile: 1 to 32 of A–Z, a–z, 0–9, "_"
 */
gboolean phone_profile_is_valid    (const char  *profile);

/**
 * phone_bus_name_for_profile:
 * @app_id: "org.deskset.Deskset"
 * @profile: a valid profile, or "" for the default one
 *
 * A part of a bus name must not start with a digit: such a profile, and one that starts with "_", gets a "_" in front,
 * so that two profiles never share a name.
 *
 * Returns: (transfer full): the bus name, which is the application's id as well
 */
char    *phone_bus_name_for_profile (const char  *app_id,
                                     const char  *profile) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_parse_address:
 * @control: "unix:PATH"
 *
 * Returns: (transfer full) (nullable): PATH, or %NULL with @error (%G_IO_ERROR_INVALID_ARGUMENT)
 */
char    *phone_control_parse_address (const char *control,
                                      GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_dbus_address:
 * Returns: (transfer full): the D-Bus address of the socket at @path
 */
char    *phone_control_dbus_address  (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
