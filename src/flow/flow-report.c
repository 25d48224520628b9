/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-flow"

#include "flow-report.h"

#include <string.h>

typedef struct {
  guint  tests;
  guint  failed;
  guint  not_run;
  double seconds;
} Sum;

static Sum
add_up (const PhoneFlowSuite *suite)
{
  Sum sum = { suite->results->len, 0, 0, 0 };

  for (guint i = 0; i < suite->results->len; i++)
    {
      const PhoneFlowResult *result = g_ptr_array_index (suite->results, i);

      sum.failed += result->outcome == PHONE_FLOW_FAILED ? 1 : 0;
      sum.not_run += result->outcome == PHONE_FLOW_NOT_RUN ? 1 : 0;
      sum.seconds += result->seconds;
    }

  return sum;
}

/**
 * phone_flow_suite_has_passed:
 * Returns: whether all of it was done and was right
 */
gboolean
phone_flow_suite_has_passed (const PhoneFlowSuite *suite)
{
  Sum sum = add_up (suite);

  return sum.failed == 0 && sum.not_run == 0;
}

static void
append_indented (GString     *text,
                 const char  *block)
{
  g_auto (GStrv) lines = g_strsplit (block, "\n", -1);

  for (char **line = lines; *line; line++)
    if (**line)
      g_string_append_printf (text, "            %s\n", *line);
}

/**
 * phone_flow_report_dup_text:
 * Returns: (transfer full): for people, a line for each heading
 */
char *
phone_flow_report_dup_text (const PhoneFlowSuite *suite)
{
  static const char *const words[] = { [PHONE_FLOW_PASSED] = "ok", [PHONE_FLOW_FAILED] = "FAILED", [PHONE_FLOW_NOT_RUN] = "not run" };
  GString *text = g_string_new (NULL);
  Sum sum = add_up (suite);

  g_string_append_printf (text, "%s\n", suite->title);
  for (guint i = 0; i < suite->results->len; i++)
    {
      const PhoneFlowResult *result = g_ptr_array_index (suite->results, i);

      g_string_append_printf (text, "  %-8s  %s (%.1f s)\n", words[result->outcome], result->name, result->seconds);
      if (result->message)
        append_indented (text, result->message);
      if (result->report)
        append_indented (text, result->report);
    }
  g_string_append_printf (text, "  %u passed, %u failed, %u not run\n", sum.tests - sum.failed - sum.not_run, sum.failed,
                          sum.not_run);

  return g_string_free (text, FALSE);
}

/* XML 1.0 has no control characters, not even escaped. */
static char *
escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p; p++)
    if ((guchar) *p < ' ' && !strchr ("\n\t", *p))
      *p = '?';

  return g_markup_escape_text (valid, -1);
}

static void
append_case (GString               *xml,
             const char            *title,
             const PhoneFlowResult *result)
{
  g_autofree char *name = escape (result->name);
  g_autofree char *message = escape (result->message ? result->message : "");
  g_autofree char *report = escape (result->report ? result->report : "");
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (xml, "    <testcase classname=\"%s\" name=\"%s\" time=\"%s\"", title, name,
                          g_ascii_formatd (seconds, sizeof seconds, "%.3f", result->seconds));
  if (result->outcome == PHONE_FLOW_FAILED)
    g_string_append_printf (xml, ">\n      <failure message=\"%s\">%s</failure>\n    </testcase>\n", message, report);
  else if (result->outcome == PHONE_FLOW_NOT_RUN)
    g_string_append (xml, ">\n      <skipped/>\n    </testcase>\n");
  else
    g_string_append (xml, "/>\n");
}

/**
 * phone_flow_report_dup_junit:
 * @suites: (element-type PhoneFlowSuite): flows that were played
 *
 * Returns: (transfer full): XML as JUnit writes it, which test servers read
 */
char *
phone_flow_report_dup_junit (GPtrArray *suites)
{
  GString *xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");

  for (guint i = 0; i < suites->len; i++)
    {
      const PhoneFlowSuite *suite = g_ptr_array_index (suites, i);
      g_autofree char *title = escape (suite->title);
      char seconds[G_ASCII_DTOSTR_BUF_SIZE];
      Sum sum = add_up (suite);

      g_string_append_printf (xml, "  <testsuite name=\"%s\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"%s\">\n",
                              title, sum.tests, sum.failed, sum.not_run,
                              g_ascii_formatd (seconds, sizeof seconds, "%.3f", sum.seconds));
      for (guint j = 0; j < suite->results->len; j++)
        append_case (xml, title, g_ptr_array_index (suite->results, j));
      g_string_append (xml, "  </testsuite>\n");
    }
  g_string_append (xml, "</testsuites>\n");

  return g_string_free (xml, FALSE);
}

void
phone_flow_suite_free (PhoneFlowSuite *suite)
{
  if (!suite)
    return;

  g_free (suite->title);
  g_clear_pointer (&suite->results, g_ptr_array_unref);
  g_free (suite);
}
