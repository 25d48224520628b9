/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-refer.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip_parser.h>

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_replaces (const PhoneSipReplaces *replaces)
{
  g_autofree char *text = phone_sip_replaces_to_string (replaces);
  g_autoptr (PhoneSipReplaces) again = phone_sip_replaces_parse (text);

  for (const char *p = text; *p; p++)
    g_assert_true (g_ascii_isgraph (*p));
  g_assert_nonnull (again);
  g_assert_cmpstr (again->call_id, ==, replaces->call_id);
  g_assert_cmpstr (again->to_tag, ==, replaces->to_tag);
  g_assert_cmpstr (again->from_tag, ==, replaces->from_tag);
}

/* What is asked for can be written again, on one line. */
static void
read_refer (const sip_t *sip)
{
  g_autoptr (PhoneSipRefer) refer = phone_sip_refer_read (sip);
  g_autofree char *text = NULL;

  if (!refer)
    return;
  if (refer->replaces)
    check_replaces (refer->replaces);
  text = phone_sip_refer_format (refer->uri, refer->replaces);
  g_assert_null (strpbrk (text, "\r\n"));
}

/* A message, and the same bytes as the value of a header. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (PhoneSipReplaces) replaces = phone_sip_replaces_parse (text);
  g_autofree char *tag = phone_sip_refer_dup_tag (text);
  g_autofree char *address = phone_sip_refer_dup_address (text);
  msg_t *msg = msg_make (sip_default_mclass (), 0, data, (gssize) size);
  sip_t *sip = msg ? sip_object (msg) : NULL;

  if (replaces)
    check_replaces (replaces);
  if (sip)
    {
      guint status = phone_sip_refer_read_fragment (sip);

      g_assert_true (status == 0 || (status >= 100 && status < 700));
      read_refer (sip);
    }
  if (msg)
    msg_destroy (msg);

  return 0;
}
