/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-log-file.h"

#include <string.h>

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);
}

static void
add (GPtrArray *list,
     PhoneHistoryKind kind,
     const char *number,
     gint64 time)
{
  PhoneHistoryEntry entry = { .kind = kind, .number = (char *) number, .name = (char *) "J\xc3\xb6rg \"J\" \\",
                              .account = 3, .time = time, .duration_s = 65 };

  g_ptr_array_add (list, phone_history_entry_copy (&entry));
}

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) list = new_list ();
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("calllog.json");

  add (list, PHONE_HISTORY_MISSED, "1001", 1700000000);
  add (list, PHONE_HISTORY_PLACED, "bob@[::1]:5060", 1600000000);
  add (list, PHONE_HISTORY_FORWARDED, "", 0);
  add (list, PHONE_HISTORY_RECEIVED, "*72#", 5);
  file = phone_call_log_format (list);
  again = phone_call_log_parse (g_bytes_get_data (file, NULL), g_bytes_get_size (file), diagnostics);
  g_assert_cmpuint (phone_diagnostics_get_n (diagnostics), ==, 0);
  g_assert_cmpuint (again->len, ==, list->len);
  for (guint i = 0; i < list->len; i++)
    {
      const PhoneHistoryEntry *a = g_ptr_array_index (list, i);
      const PhoneHistoryEntry *b = g_ptr_array_index (again, i);

      g_assert_cmpint (a->kind, ==, b->kind);
      g_assert_cmpstr (a->number, ==, b->number);
      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpuint (a->account, ==, b->account);
      g_assert_cmpint (a->time, ==, b->time);
      g_assert_cmpuint (a->duration_s, ==, b->duration_s);
    }
}

static void
test_each_list_is_bounded (void)
{
  g_autoptr (GPtrArray) list = new_list ();
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("calllog.json");

  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      add (list, PHONE_HISTORY_MISSED, number, 1000 - i);
    }
  add (list, PHONE_HISTORY_PLACED, "old", 1);
  file = phone_call_log_format (list);
  again = phone_call_log_parse (g_bytes_get_data (file, NULL), g_bytes_get_size (file), diagnostics);
  g_assert_cmpuint (again->len, ==, PHONE_CALL_LOG_MAX + 1);
  /* The newest stay. */
  g_assert_cmpstr (((PhoneHistoryEntry *) g_ptr_array_index (again, 0))->number, ==, "0");
  g_assert_cmpstr (((PhoneHistoryEntry *) g_ptr_array_index (again, 99))->number, ==, "99");
  g_assert_cmpstr (((PhoneHistoryEntry *) g_ptr_array_index (again, 100))->number, ==, "old");
}

static void
test_files_that_are_no_call_logs (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *large = g_strnfill (PHONE_CALL_LOG_MAX_BYTES + 1, ' ');
  const char *const texts[] = { "", "{", "[]", "null", "{\"version\":1}", "{\"version\":2,\"entries\":[]}",
                                "{\"version\":\"1\",\"entries\":[]}", "{\"version\":1,\"entries\":{}}", "\xff",
                                "{\"version\":1,\"entries\":[}", "{\"version\":1,\"entries\":[]}{}",
                                "/* */ {\"version\":1,\"entries\":[]}", deep, large };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("calllog.json");
      g_autoptr (GPtrArray) list = phone_call_log_parse (texts[i], strlen (texts[i]), diagnostics);

      g_assert_cmpuint (list->len, ==, 0);
      g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR), ==, 1);
    }
}

static void
test_entries_that_are_wrong (void)
{
  static const char text[] = "{\"version\":1,\"entries\":["
                             "{\"kind\":\"missed\",\"number\":\"1\"},"
                             "{\"kind\":\"lost\",\"number\":\"2\"},"
                             "{\"kind\":\"missed\",\"number\":3},"
                             "{\"kind\":\"missed\",\"number\":\"4\",\"account\":17},"
                             "{\"kind\":\"missed\",\"number\":\"5\",\"time\":-1},"
                             "{\"kind\":\"missed\",\"number\":\"6\",\"duration\":4294967296},"
                             "7, null, [],"
                             "{\"kind\":\"placed\",\"number\":\"8\",\"time\":12.5},"
                             "{\"kind\":\"placed\",\"number\":\"9\",\"extra\":{\"a\":[1]}}]}";
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("calllog.json");
  g_autoptr (GPtrArray) list = phone_call_log_parse (text, strlen (text), diagnostics);

  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((PhoneHistoryEntry *) g_ptr_array_index (list, 0))->number, ==, "1");
  g_assert_cmpstr (((PhoneHistoryEntry *) g_ptr_array_index (list, 1))->number, ==, "9");
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_WARNING), ==, 9);
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call-log/round-trip", test_round_trip);
  g_test_add_func ("/call-log/bounded", test_each_list_is_bounded);
  g_test_add_func ("/call-log/no-call-log", test_files_that_are_no_call_logs);
  g_test_add_func ("/call-log/wrong-entries", test_entries_that_are_wrong);
  return g_test_run ();
}
