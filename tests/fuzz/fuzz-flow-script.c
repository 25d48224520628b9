/* rooms: flow */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "flow-script.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A flow as anybody may write or send it, which may include itself. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *
read_same (const char  *path,
           gpointer     user_data,
           GError     **error)
{
  return g_strdup (user_data);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GHashTable) variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (PhoneFlowScript) script = NULL;
  g_autoptr (GError) error = NULL;

  phone_flow_take_variable (variables, text, NULL);
  g_hash_table_insert (variables, g_strdup ("x"), g_strdup ("1002"));
  script = phone_flow_script_read ("f.flow", variables, read_same, text, &error);
  g_assert_true ((script == NULL) == (error != NULL));
  for (guint i = 0; script && i < script->steps->len; i++)
    {
      const PhoneFlowStep *step = g_ptr_array_index (script->steps, i);

      g_assert_true (step->words && step->text);
      if (step->kind == PHONE_FLOW_REPEAT || step->kind == PHONE_FLOW_END)
        g_assert_cmpuint (step->partner, <, script->steps->len);
    }

  return 0;
}
