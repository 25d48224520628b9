/* rooms: app_parts */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app-options.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* `--help` ends the program, as it should. */
static gboolean
asks_for_help (const char *word)
{
  return word[0] == '-' && (word[1] == '-' ? g_str_has_prefix (word, "--help") : strpbrk (word, "h?") != NULL);
}

/* A command line, one word a line: options or a message. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *line = g_strconcat ("deskset\n", text, NULL);
  g_auto (GStrv) words = g_strsplit (line, "\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneAppOptions) options = NULL;

  for (char **word = words; *word; word++)
    {
      if (asks_for_help (*word))
        return 0;
    }
  options = phone_app_options_parse ("fuzz", (const char *const *) words, &error);
  g_assert_true ((options == NULL) == (error != NULL));
  if (options)
    g_assert_true (options->sip_port >= PHONE_APP_PORT_FROM_SETTINGS && options->sip_port <= 65535);

  return 0;
}
