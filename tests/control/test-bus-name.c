/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bus-name.h"

static void
test_profiles (void)
{
  g_assert_true (phone_profile_is_valid ("a"));
  g_assert_true (phone_profile_is_valid ("Office_2"));
  g_assert_true (phone_profile_is_valid ("12345678901234567890123456789012"));
  g_assert_false (phone_profile_is_valid (""));
  g_assert_false (phone_profile_is_valid ("123456789012345678901234567890123"));
  g_assert_false (phone_profile_is_valid ("a.b"));
  g_assert_false (phone_profile_is_valid ("../a"));
  g_assert_false (phone_profile_is_valid ("a b"));
  g_assert_false (phone_profile_is_valid ("bü"));
}

/* Each must be a bus name, and no two profiles may share one. */
static void
test_names (void)
{
  static const char *const profiles[] = { "", "a", "1", "_1", "__1", "_", "__", "A", "a1" };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      char *name = phone_bus_name_for_profile ("org.deskset.Deskset", profiles[i]);

      g_assert_true (g_dbus_is_name (name));
      g_assert_true (g_application_id_is_valid (name));
      g_assert_true (g_str_has_prefix (name, "org.deskset.Deskset"));
      g_assert_true (g_hash_table_add (seen, name));
    }
}

static void
test_addresses (void)
{
  g_autofree char *path = phone_control_parse_address ("unix:/run/phone", NULL);
  g_autofree char *long_form = phone_control_parse_address ("unix:path=/run/phone", NULL);
  g_autofree char *relative = phone_control_parse_address ("unix:phone", NULL);
  g_autofree char *address = phone_control_dbus_address ("/run/a,b=c");
  g_autofree char *too_long = g_strnfill (200, 'a');
  g_autofree char *too_long_address = g_strconcat ("unix:/", too_long, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (path, ==, "/run/phone");
  g_assert_cmpstr (long_form, ==, "/run/phone");
  g_assert_true (g_path_is_absolute (relative));
  g_assert_cmpstr (address, ==, "unix:path=/run/a%2Cb%3Dc");

  g_assert_null (phone_control_parse_address ("tcp:host=x", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (phone_control_parse_address ("unix:", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (phone_control_parse_address (too_long_address, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/bus-name/profiles", test_profiles);
  g_test_add_func ("/control/bus-name/names", test_names);
  g_test_add_func ("/control/bus-name/addresses", test_addresses);

  return g_test_run ();
}
