/* rooms: engine config */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-file.h"

#include <string.h>

/* What was read can be written, and is read back as the same; the settings take it without ever being wrong. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_round_trip (const PhoneConfigFile *file)
{
  g_autoptr (GString) text = g_string_new (PHONE_CONFIG_FIRST_LINE "\n");
  g_autoptr (PhoneConfigFile) again = NULL;
  guint n = 0;

  for (guint i = 0; i < phone_config_file_get_n_entries (file); i++)
    {
      const PhoneConfigEntry *entry = phone_config_file_get_entry (file, i);

      g_assert_true (g_utf8_validate (entry->value, -1, NULL));
      g_assert_cmpuint (entry->column, >, 0);
      /* Only a value that grew by what stands for broken bytes may be too long. */
      if (!phone_config_write_line (text, entry->key, entry->value))
        g_assert_cmpuint (strlen (entry->value), >, PHONE_CONFIG_MAX_LINE / 4);
    }
  again = phone_config_file_parse ("again.cfg", text->str, text->len);
  for (guint i = 0; i < phone_config_file_get_n_entries (again); i++, n++)
    {
      const PhoneConfigEntry *copy = phone_config_file_get_entry (again, i);

      while (strlen (phone_config_file_get_entry (file, n)->value) + strlen (copy->key) + 5 > PHONE_CONFIG_MAX_LINE)
        n++;
      g_assert_cmpstr (copy->key, ==, phone_config_file_get_entry (file, n)->key);
      g_assert_cmpstr (copy->value, ==, phone_config_file_get_entry (file, n)->value);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (PhoneConfigFile) file = phone_config_file_parse ("fuzz.cfg", (const char *) data, size);
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (GPtrArray) left = NULL;
  PhoneDiagnostics *diagnostics = phone_config_file_get_diagnostics (file);

  check_round_trip (file);
  left = phone_config_file_apply (file, settings, PHONE_LAYER_LOCAL, NULL, NULL);
  for (guint i = 0; i < phone_diagnostics_get_n (diagnostics); i++)
    {
      g_autofree char *message = phone_diagnostics_format (diagnostics, i);

      g_assert_true (g_utf8_validate (message, -1, NULL));
    }
  return 0;
}
