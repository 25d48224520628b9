/* rooms: engine config */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "contacts-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("directory.xml");
  g_autoptr (GPtrArray) contacts = phone_contacts_parse ((const char *) data, size, diagnostics);

  g_assert_cmpuint (contacts->len, <=, 3 * PHONE_CONTACTS_MAX);
  for (guint i = 0; i < contacts->len; i++)
    {
      const PhoneContact *contact = g_ptr_array_index (contacts, i);

      g_assert_cmpstr (contact->number, !=, "");
      g_assert_cmpstr (contact->name, !=, "");
      g_assert_true (g_utf8_validate (contact->name, -1, NULL));
      g_assert_cmpuint (contact->account, <=, PHONE_MAX_ACCOUNTS);
    }
  return 0;
}
