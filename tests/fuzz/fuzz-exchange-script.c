/* rooms: exchange */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-script.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A script is refused with a message, or each of its rules is one that can be answered. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char *const methods[] = { "REGISTER", "INVITE" };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (ExchangeScript) script = exchange_script_parse (text, &error);

  g_assert_true ((script != NULL) == (error == NULL));
  if (!script)
    return 0;

  g_assert_cmpuint (exchange_script_count (script), <=, EXCHANGE_SCRIPT_MAX_RULES);
  for (guint i = 0; i < 2 * EXCHANGE_SCRIPT_MAX_RULES; i++)
    {
      const ExchangeScriptRule *rule = exchange_script_take (script, methods[i % 2], i % 3 ? "1001" : NULL);

      if (!rule)
        continue;
      g_assert_true (rule->status == 0 || (rule->status >= 300 && rule->status <= 699));
      g_assert_true (rule->times == 0 || rule->taken <= rule->times);
      g_assert_true (!rule->target || !strpbrk (rule->target, " <>\"\r\n"));
    }

  return 0;
}
