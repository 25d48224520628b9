/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-sdp.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What parses can be answered, line for line, and the answer parses again. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSipSdp) sdp = phone_sip_sdp_parse ((const char *) data, size, &error);
  g_autoptr (PhoneSipSdpOrigin) origin = NULL;
  g_autoptr (PhoneSipSdp) again = NULL;
  g_autofree char *answer = NULL;

  g_assert ((sdp == NULL) == (error != NULL));
  if (!sdp || !sdp->desc)
    return 0;

  origin = phone_sip_sdp_origin_new (1);
  answer = phone_sip_sdp_write (origin, sdp->desc, sdp);
  again = phone_sip_sdp_parse (answer, strlen (answer), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->lines->len, ==, sdp->lines->len);

  return 0;
}
