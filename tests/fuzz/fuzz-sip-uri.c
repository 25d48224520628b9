/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-uri.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Whatever is dialled becomes nothing or an address that is one line, plain ASCII, and reads back as itself. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (PhoneSipUri) domain = phone_sip_uri_new (NULL, "pbx.example.com", 5070, PHONE_TRANSPORT_TCP);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneSipUri) uri = phone_sip_uri_for_target (text, i ? domain : NULL, &error);
      g_autoptr (PhoneSipUri) again = NULL;
      g_autofree char *written = NULL;
      g_autofree char *rewritten = NULL;

      g_assert ((uri == NULL) == (error != NULL));
      if (!uri)
        continue;

      written = phone_sip_uri_to_string (uri);
      for (const char *p = written; *p; p++)
        g_assert (*p > 0x20 && *p < 0x7f && *p != '<' && *p != '>' && *p != '"');
      again = phone_sip_uri_parse (written, NULL);
      if (!again)
        {
          g_assert_cmpuint (strlen (written), >, 512); /* escaping made it too long */
          continue;
        }
      rewritten = phone_sip_uri_to_string (again);
      g_assert_cmpstr (rewritten, ==, written);
    }

  return 0;
}
