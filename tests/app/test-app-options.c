/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app-options.h"

static PhoneAppOptions *
parse (const char *line,
       GError    **error)
{
  g_auto (GStrv) arguments = NULL;

  g_assert_true (g_shell_parse_argv (line, NULL, &arguments, NULL));
  return phone_app_options_parse ("test", (const char *const *) arguments, error);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneAppOptions) options = parse ("deskset", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (options->profile, ==, "");
  g_assert_cmpstr (options->audio, ==, "pulse");
  g_assert_cmpint (options->sip_port, ==, PHONE_APP_PORT_FROM_SETTINGS);
  g_assert_cmpuint (g_strv_length (options->configs), ==, 0);
  g_assert_null (options->bind);
  g_assert_null (options->control);
  g_assert_null (options->dial);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneAppOptions) options = parse ("deskset --profile lab --config a.cfg --config b.cfg --bind ::1 --sip-port 0 "
                                               "--audio file:in.wav,out.wav --control unix:/run/p --skin /s tel:+49301",
                                               &error);
  g_autoptr (PhoneAppOptions) dial = parse ("deskset --dial 127.0.0.1:5070 --audio null", &error);
  g_autoptr (PhoneAppOptions) list = parse ("deskset --list-settings --json --compact", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (options->profile, ==, "lab");
  g_assert_cmpstr (options->configs[0], ==, "a.cfg");
  g_assert_cmpstr (options->configs[1], ==, "b.cfg");
  g_assert_cmpstr (options->bind, ==, "::1");
  g_assert_cmpint (options->sip_port, ==, 0);
  g_assert_cmpstr (options->audio, ==, "file:in.wav,out.wav");
  g_assert_cmpstr (options->control, ==, "/run/p");
  g_assert_cmpstr (options->skin, ==, "/s");
  g_assert_cmpstr (options->dial, ==, "tel:+49301");
  g_assert_cmpstr (dial->dial, ==, "127.0.0.1:5070");
  g_assert_true (list->list_settings && list->json && list->compact);
}

static void
test_broken (void)
{
  static const char *const broken[] = {
    "deskset --profile ''", "deskset --profile a.b", "deskset --profile ../x", "deskset --bind localhost", "deskset --bind 1.2.3",
    "deskset --sip-port -2", "deskset --sip-port 65536", "deskset --sip-port x", "deskset --sip-port ''",
    "deskset --audio alsa", "deskset --audio file:", "deskset --audio file:,", "deskset --control tcp:x", "deskset --control unix:",
    "deskset 1001", "deskset sip:a@b tel:1", "deskset --dial 1 tel:1", "deskset --dial ''", "deskset tel:hello", "deskset --bogus",
    "deskset --profile",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneAppOptions) options = parse (broken[i], &error);

      if (options)
        g_error ("“%s” was taken", broken[i]);
      g_assert_nonnull (error);
      g_assert_null (strchr (error->message, '\n'));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/options/defaults", test_defaults);
  g_test_add_func ("/app/options/all", test_all);
  g_test_add_func ("/app/options/broken", test_broken);

  return g_test_run ();
}
