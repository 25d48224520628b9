/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-mask.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Any bytes go through; a password put behind them never comes out. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *masked = phone_sip_mask ((const char *) data, (gssize) size);
  g_autoptr (GString) message = g_string_new_len ((const char *) data, (gssize) size);
  g_autofree char *with_secret = NULL;

  g_assert_nonnull (masked);
  g_string_append (message, "\r\nAuthorization: Digest response=\"q1w2e3r4t5\"\r\n"
                            "a=crypto:1 X inline:q1w2e3r4t5\r\npassword=q1w2e3r4t5\r\n");
  with_secret = phone_sip_mask (message->str, (gssize) message->len);
  g_assert_null (g_strrstr (with_secret, "q1w2e3r4t5"));

  return 0;
}
