/* rooms: engine */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tone-script.h"

/* A script that parses must be written and read back as the same. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneToneScript) script = phone_tone_script_parse (text, &error);
  g_autoptr (PhoneToneScript) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  g_assert ((script == NULL) == (error != NULL));
  if (script == NULL)
    return 0;
  written = phone_tone_script_to_string (script);
  again = phone_tone_script_parse (written, NULL);
  g_assert_nonnull (again);
  rewritten = phone_tone_script_to_string (again);
  g_assert_cmpstr (written, ==, rewritten);
  return 0;
}
