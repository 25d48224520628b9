/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-script.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_rules (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ExchangeScript) script = exchange_script_parse ("# nobody gets in for a while\n"
                                                             "REGISTER 1001 503 retry-after=5 times=2\r\n"
                                                             "\n"
                                                             "  REGISTER\t1001 423 min-expires=120 times=1 # then\n"
                                                             "REGISTER * silence times=1\n"
                                                             "INVITE 700 302 to=600\n"
                                                             "INVITE * 401", &error);
  const guint expected[] = { 503, 503, 423, 0 };
  const ExchangeScriptRule *rule;

  g_assert_no_error (error);
  g_assert_cmpuint (exchange_script_count (script), ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      rule = exchange_script_take (script, "REGISTER", "1001");
      g_assert_nonnull (rule);
      g_assert_cmpuint (rule->status, ==, expected[i]);
      g_assert_cmpuint (rule->retry_after_s, ==, expected[i] == 503 ? 5 : 0);
      g_assert_cmpuint (rule->min_expires_s, ==, expected[i] == 423 ? 120 : 0);
    }
  g_assert_null (exchange_script_take (script, "REGISTER", "1001"));

  rule = exchange_script_take (script, "INVITE", "700");
  g_assert_cmpuint (rule->status, ==, 302);
  g_assert_cmpstr (rule->target, ==, "600");
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (exchange_script_take (script, "INVITE", i % 2 ? "701" : NULL)->status, ==, 401);
  g_assert_null (exchange_script_take (script, "MESSAGE", "701"));
}

static void
test_empty (void)
{
  g_autoptr (ExchangeScript) script = exchange_script_parse ("", NULL);

  g_assert_cmpuint (exchange_script_count (script), ==, 0);
  g_assert_null (exchange_script_take (script, "INVITE", "600"));
}

static void
test_errors (void)
{
  const struct { const char *text, *reason; } rows[] = {
    { "\nREGISTER 1001", "line 2: METHOD WHO ANSWER" },
    { "MESSAGE * 403", "line 1: “MESSAGE”: REGISTER or INVITE" },
    { "INVITE * 200", "“200” is no number from 300 to 699" },
    { "INVITE * 700", "is no number" },
    { "INVITE * busy", "is no number" },
    { "INVITE * 403 often", "“often”: KEY=VALUE" },
    { "INVITE * 403 time=1", "“time”: unknown" },
    { "INVITE * 403 times=0", "is no number from 1" },
    { "INVITE * 503 retry-after=99999999", "is no number" },
    { "INVITE * 302", "3xx wants to=" },
    { "INVITE * 302 to=", "no number and no SIP address" },
    { "INVITE * 302 to=<sip:x>", "no number and no SIP address" },
    { "INVITE * 403 to=600", "only 3xx" },
    { "REGISTER * 423", "wants min-expires" },
    { "REGISTER * silence retry-after=5", "says nothing" },
    { "\xff", "no text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (exchange_script_parse (rows[i].text, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      if (!strstr (error->message, rows[i].reason))
        g_error ("%s: %s", rows[i].text, error->message);
    }
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *line = g_strnfill (600, 'x');
  g_autoptr (ExchangeScript) script = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (exchange_script_parse (line, &error));
  g_assert_nonnull (strstr (error->message, "longer than"));
  g_clear_error (&error);

  for (guint i = 0; i < EXCHANGE_SCRIPT_MAX_RULES; i++)
    g_string_append (text, "INVITE * 486\n");
  script = exchange_script_parse (text->str, &error);
  g_assert_no_error (error);
  g_string_append (text, "INVITE * 486\n");
  g_assert_null (exchange_script_parse (text->str, &error));
  g_assert_nonnull (strstr (error->message, "more than"));
}

static void
test_load (void)
{
  g_autofree char *folder = g_dir_make_tmp ("deskset-script-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "script", NULL);
  g_autofree char *big = g_strnfill (EXCHANGE_SCRIPT_MAX_BYTES + 1, '\n');
  g_autoptr (GError) error = NULL;
  g_autoptr (ExchangeScript) script = NULL;

  g_assert_null (exchange_script_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, big, -1, NULL));
  g_assert_null (exchange_script_load (path, &error));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "INVITE * 486\0x", 14, NULL));
  g_assert_null (exchange_script_load (path, &error));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "INVITE * 486\nx", -1, NULL));
  g_assert_null (exchange_script_load (path, &error));
  g_assert_true (g_str_has_prefix (error->message, path));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "INVITE * 486", -1, NULL));
  script = exchange_script_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (exchange_script_count (script), ==, 1);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/script/rules", test_rules);
  g_test_add_func ("/exchange/script/empty", test_empty);
  g_test_add_func ("/exchange/script/errors", test_errors);
  g_test_add_func ("/exchange/script/bounds", test_bounds);
  g_test_add_func ("/exchange/script/load", test_load);

  return g_test_run ();
}
