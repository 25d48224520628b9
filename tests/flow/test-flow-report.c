/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "flow-report.h"

#include <string.h>

static void
add (GPtrArray        *results,
     const char       *name,
     PhoneFlowOutcome  outcome,
     const char       *message)
{
  PhoneFlowResult *result = g_new0 (PhoneFlowResult, 1);

  result->name = (char *) name;
  result->outcome = outcome;
  result->seconds = 1.5;
  result->message = (char *) message;
  result->report = (char *) (message ? "  | A & B\x01\n" : NULL);
  g_ptr_array_add (results, result);
}

static PhoneFlowSuite *
make_suite (gboolean good)
{
  PhoneFlowSuite *suite = g_new0 (PhoneFlowSuite, 1);

  suite->title = g_strdup ("A \"calls\" B");
  suite->results = g_ptr_array_new_with_free_func (g_free);
  add (suite->results, "A dials", PHONE_FLOW_PASSED, NULL);
  if (!good)
    {
      add (suite->results, "B rings", PHONE_FLOW_FAILED, "f.flow:7: B lcd <x>");
      add (suite->results, "B answers", PHONE_FLOW_NOT_RUN, NULL);
    }

  return suite;
}

static void
test_text (void)
{
  PhoneFlowSuite *suite = make_suite (FALSE);
  g_autofree char *text = phone_flow_report_dup_text (suite);

  g_assert_false (phone_flow_suite_has_passed (suite));
  g_assert_nonnull (strstr (text, "ok        A dials (1.5 s)\n"));
  g_assert_nonnull (strstr (text, "FAILED    B rings"));
  g_assert_nonnull (strstr (text, "            f.flow:7: B lcd <x>\n"));
  g_assert_nonnull (strstr (text, "not run   B answers"));
  g_assert_nonnull (strstr (text, "1 passed, 1 failed, 1 not run\n"));
  phone_flow_suite_free (suite);
}

static void
count_element (GMarkupParseContext  *context,
               const char           *name,
               const char          **names,
               const char          **values,
               gpointer              user_data,
               GError              **error)
{
  GString *seen = user_data;

  g_string_append_printf (seen, "%s ", name);
  for (guint i = 0; names[i]; i++)
    if (g_str_equal (names[i], "name") || g_str_equal (names[i], "failures") || g_str_equal (names[i], "message"))
      g_string_append_printf (seen, "[%s] ", values[i]);
}

static void
test_junit (void)
{
  g_autoptr (GPtrArray) suites = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_flow_suite_free);
  const GMarkupParser parser = { count_element, NULL, NULL, NULL, NULL };
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, seen, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = NULL;

  g_ptr_array_add (suites, make_suite (TRUE));
  g_ptr_array_add (suites, make_suite (FALSE));
  xml = phone_flow_report_dup_junit (suites);
  g_markup_parse_context_parse (context, xml, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, "testsuites testsuite [A \"calls\" B] [0] testcase [A dials] "
                                  "testsuite [A \"calls\" B] [1] testcase [A dials] testcase [B rings] failure [f.flow:7: B lcd <x>] "
                                  "testcase [B answers] skipped ");
  g_assert_null (strchr (xml, '\x01'));
  g_assert_nonnull (strstr (xml, "time=\"1.500\""));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/flow/report/text", test_text);
  g_test_add_func ("/flow/report/junit", test_junit);

  return g_test_run ();
}
