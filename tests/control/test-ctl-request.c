/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ctl-request.h"

static PhoneCtlRequest *
parse (const char *line)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;
  PhoneCtlRequest *request;

  g_shell_parse_argv (line, NULL, &arguments, &error);
  g_assert_no_error (error);
  request = phone_ctl_request_parse ((const char *const *) arguments, &error);
  g_assert_no_error (error);

  return request;
}

static void
test_commands (void)
{
  g_autoptr (PhoneCtlRequest) key = parse ("--profile lab key --hold 1500 F1 '*' --seq");
  g_autoptr (PhoneCtlRequest) wait = parse ("wait --since=7 'screen:Busy here!' --timeout 2.5 --json");
  g_autoptr (PhoneCtlRequest) dial = parse ("--control unix:/run/p dial -- -5");
  g_autoptr (PhoneCtlRequest) set = parse ("set account.1.password -");
  g_autoptr (PhoneCtlRequest) png = parse ("screen --png /tmp/x.png --face --scale 2");
  g_autoptr (PhoneCtlRequest) help = parse ("bogus --help");

  g_assert_cmpint (key->command, ==, PHONE_CTL_KEY);
  g_assert_cmpstr (key->profile, ==, "lab");
  g_assert_cmpuint (key->hold_ms, ==, 1500);
  g_assert_true (key->seq);
  g_assert_cmpuint (key->words->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (key->words, 1), ==, "*");

  g_assert_cmpint (wait->command, ==, PHONE_CTL_WAIT);
  g_assert_cmpint (wait->since, ==, 7);
  g_assert_cmpfloat (wait->timeout_s, ==, 2.5);
  g_assert_true (wait->json);
  g_assert_cmpstr (g_ptr_array_index (wait->words, 0), ==, "screen:Busy here!");

  g_assert_cmpstr (dial->control, ==, "/run/p");
  g_assert_cmpstr (g_ptr_array_index (dial->words, 0), ==, "-5");
  g_assert_cmpint (dial->since, ==, -1);
  g_assert_cmpstr (g_ptr_array_index (set->words, 1), ==, "-");
  g_assert_cmpstr (png->png, ==, "/tmp/x.png");
  g_assert_true (png->face);
  g_assert_true (help->help);
}

static void
test_broken (void)
{
  static const char *const broken[] = {
    "''", "bogus", "key", "key --hold x F1", "key --hold -1 F1", "key --hold 60001 F1", "key --hold", "dial", "dial 1 2",
    "answer now", "hook", "hook up", "screen --since 3", "calls --timeout 3", "calls --json=1", "wait", "wait a b",
    "wait a --timeout nan", "wait a --timeout 1e9", "wait a --since -2", "--profile a.b calls", "--profile '' calls",
    "--control tcp:x calls", "calls --bogus", "set a", "set a b c", "get", "seq --json", "screen --png ''", "screen --scale 9",
    "screen --json --png x", "type \xff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_auto (GStrv) arguments = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneCtlRequest) request = NULL;

      g_assert_true (g_shell_parse_argv (broken[i], NULL, &arguments, NULL));
      request = phone_ctl_request_parse ((const char *const *) arguments, &error);
      if (request)
        g_error ("“%s” was taken", broken[i]);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_nothing (void)
{
  const char *const none[] = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (phone_ctl_request_parse (none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/ctl-request/commands", test_commands);
  g_test_add_func ("/control/ctl-request/broken", test_broken);
  g_test_add_func ("/control/ctl-request/nothing", test_nothing);

  return g_test_run ();
}
