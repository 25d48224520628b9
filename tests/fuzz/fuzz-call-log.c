/* rooms: engine config */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-log-file.h"

/* What was read is written and read back without a complaint. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("calllog.json");
  g_autoptr (PhoneDiagnostics) none = phone_diagnostics_new ("again.json");
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) entries = phone_call_log_parse (text, size, diagnostics);
  g_autoptr (GBytes) written = phone_call_log_format (entries);
  g_autoptr (GPtrArray) again = phone_call_log_parse (g_bytes_get_data (written, NULL), g_bytes_get_size (written), none);

  g_assert_cmpuint (phone_diagnostics_get_n (none), ==, 0);
  g_assert_cmpuint (again->len, ==, entries->len);
  for (guint i = 0; i < entries->len; i++)
    {
      const PhoneHistoryEntry *a = g_ptr_array_index (entries, i);
      const PhoneHistoryEntry *b = g_ptr_array_index (again, i);

      g_assert_cmpstr (a->number, ==, b->number);
      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpint (a->time, ==, b->time);
    }
  return 0;
}
