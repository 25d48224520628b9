/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-dns.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Whatever a name server says becomes nothing or records that can be sorted, with names that are text. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const PhoneSipDnsType types[] = { PHONE_SIP_DNS_SRV, PHONE_SIP_DNS_NAPTR };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree guint8 *copy = g_malloc (MAX (size, 1)); /* so that a byte past the end is seen */

  if (size > 0)
    memcpy (copy, data, size);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) records = phone_sip_dns_parse (copy, size, types[i], &error);
      guint n;

      g_assert ((records == NULL) == (error != NULL));
      if (!records)
        continue;
      n = records->len;
      phone_sip_dns_sort (records, types[i], random);
      g_assert (n > 0 && records->len == n);
      for (guint r = 0; r < n; r++)
        {
          PhoneSipDnsRecord *record = g_ptr_array_index (records, r);

          g_assert (g_utf8_validate (record->target, -1, NULL));
          g_assert (record->port <= 65535);
        }
    }

  return 0;
}
