/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-party.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip_parser.h>

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_party (const PhoneSipParty *party)
{
  if (!party)
    return;
  g_assert_nonnull (party->number);
  g_assert_cmpuint (strlen (party->number), <=, 255);
  g_assert_true (g_utf8_validate (party->name, -1, NULL));
}

/* What goes out again is header lines and nothing else, and can be read. */
static void
check_lines (const char *lines)
{
  g_auto (GStrv) split = lines ? g_strsplit (lines, "\r\n", -1) : NULL;

  for (char **line = split; line && *line; line++)
    {
      g_assert_true (**line == '\0' || g_str_has_prefix (*line, "Diversion: ") || g_str_has_prefix (*line, "History-Info: "));
      for (const char *p = *line; *p; p++)
        g_assert_false (g_ascii_iscntrl (*p));
    }
}

static void
read_all (const sip_t *sip)
{
  g_autoptr (PhoneSipParty) diverter = phone_sip_party_read_diverter (sip);

  check_party (diverter);
  for (int i = 0; i <= 6; i++)
    {
      PhoneSipPartyOrder order;
      g_autoptr (PhoneSipParty) caller = NULL;
      g_autoptr (PhoneSipParty) called = NULL;

      phone_sip_party_order_init_caller (&order, i, i % 2, "Remote-Party-ID,From");
      order.privacy = i % 3 == 0;
      caller = phone_sip_party_read (sip, &order);
      check_party (caller);
      phone_sip_party_order_init_called (&order, i);
      called = phone_sip_party_read (sip, &order);
      check_party (called);
    }
}

static void
divert (const sip_t *sip)
{
  g_autoptr (PhoneSipUri) us = phone_sip_uri_new ("1001", "pbx", 0, PHONE_TRANSPORT_DNS);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  PhoneSipDiversion diversion = { 0 };

  phone_sip_diversion_read (&diversion, sip);
  before = phone_sip_diversion_dup_lines (&diversion);
  check_lines (before);
  phone_sip_diversion_add (&diversion, us, us, "unconditional");
  after = phone_sip_diversion_dup_lines (&diversion);
  g_assert_nonnull (after);
  check_lines (after);
  phone_sip_diversion_clear (&diversion);
}

/* Headers of an INVITE. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char head[] = "INVITE sip:1001@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
                             "From: <sip:100@10.0.0.1>;tag=1\r\nTo: <sip:1001@10.0.0.2>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n";
  g_autoptr (GString) text = g_string_new (head);
  g_autofree char *alone = g_strndup ((const char *) data, size);
  g_autoptr (PhoneSipParty) party = phone_sip_party_parse (alone);
  msg_t *message;

  check_party (party);
  g_string_append_len (text, (const char *) data, (gssize) size);
  g_string_append (text, "\r\n\r\n");
  message = msg_make (sip_default_mclass (), 0, text->str, (issize_t) text->len);
  if (message && sip_object (message))
    {
      read_all (sip_object (message));
      divert (sip_object (message));
    }
  msg_destroy (message);

  return 0;
}
