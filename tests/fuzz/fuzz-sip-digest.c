/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-digest.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Any text is read; what is answered is one line without control characters, which reads back with the same realm. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) challenges = phone_sip_digest_parse (text);
  g_autoptr (GPtrArray) chosen = phone_sip_digest_choose (challenges);

  g_assert_cmpuint (chosen->len, <=, challenges->len);
  for (guint i = 0; i < chosen->len; i++)
    {
      const PhoneSipDigestChallenge *challenge = g_ptr_array_index (chosen, i);
      PhoneSipDigestRequest request = {
        .user = "a\"b\\c", .password = "q1w2e3r4t5", .method = "INVITE", .uri = "sip:1@example.com", .body = data, .body_length = size,
        .cnonce = "c", .count = i,
      };
      g_autofree char *answer = phone_sip_digest_write (challenge, &request);
      g_autoptr (GPtrArray) again = NULL;

      for (const char *p = answer; *p; p++)
        g_assert_true (*p == '\t' || !g_ascii_iscntrl (*p));
      again = phone_sip_digest_parse (answer);
      g_assert_cmpuint (again->len, ==, 1);
      g_assert_cmpstr (((PhoneSipDigestChallenge *) again->pdata[0])->realm, ==, challenge->realm);
      g_assert_cmpstr (((PhoneSipDigestChallenge *) again->pdata[0])->nonce, ==, challenge->nonce);
    }

  return 0;
}
