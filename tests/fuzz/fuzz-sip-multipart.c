/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-multipart.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* First line: Content-Type; the rest: the body. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const guint8 *end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *type = NULL;
  g_autofree char *body = NULL;
  const char *sdp = NULL;
  gsize length = 0, body_length;

  if (!end || size > 65536)
    return 0;

  type = g_strndup ((const char *) data, (gsize) (end - data));
  body_length = size - (gsize) (end + 1 - data);
  body = g_malloc (MAX (body_length, 1));
  memcpy (body, end + 1, body_length);
  if (phone_sip_multipart_find_sdp (type, body, body_length, &sdp, &length) == PHONE_SIP_MULTIPART_SDP)
    g_assert_true (sdp >= body && sdp + length <= body + body_length);

  return 0;
}
