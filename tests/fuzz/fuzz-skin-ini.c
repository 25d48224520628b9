/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rooms: engine skin */

#include "skin-facts.h"

/* skin.ini: any bytes give facts or a message, never both, never neither. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkinFacts) facts = phone_skin_facts_parse ((const char *)data, size, "skin.ini", &error);

  g_assert_true ((facts != NULL) == (error == NULL));
  if (facts != NULL)
    {
      g_assert_cmpuint (facts->model->n_accounts, >=, 1);
      g_assert_cmpuint (facts->model->n_accounts, <=, PHONE_MAX_ACCOUNTS);
      g_assert_cmpuint (facts->model->n_line_keys, <=, PHONE_MAX_LINE_KEYS);
      g_assert_cmpuint (facts->model->n_soft_keys, <=, PHONE_SOFT_KEYS);
      g_assert_cmpuint (facts->model->lcd_width, >=, 64);
    }
  else
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  return 0;
}
