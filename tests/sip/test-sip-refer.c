/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-refer.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip_parser.h>

#include <string.h>

/* The texts of a transfer: Refer-To (RFC 3515), Replaces (RFC 3891) and message/sipfrag (RFC 3420). */

typedef struct {
  msg_t *msg;
  sip_t *sip;
} Parsed;

static Parsed
parse (const char *start,
       const char *headers,
       const char *body)
{
  g_autofree char *text = g_strdup_printf (
    "%s\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:204@10.0.0.1>;tag=1\r\nTo: <sip:1001@10.0.0.2>;tag=2\r\n"
    "Call-ID: x\r\nCSeq: 2 %.*s\r\n%sContent-Length: %zu\r\n\r\n%s",
    start, (int) strcspn (start, " "), start, headers, strlen (body), body);
  Parsed parsed;

  parsed.msg = msg_make (sip_default_mclass (), 0, text, strlen (text));
  parsed.sip = sip_object (parsed.msg);
  g_assert_nonnull (parsed.sip);
  return parsed;
}

static PhoneSipRefer *
read_refer (const char *refer_to)
{
  g_autofree char *header = g_strdup_printf ("Refer-To: %s\r\n", refer_to);
  Parsed p = parse ("REFER sip:1001@10.0.0.2 SIP/2.0", header, "");
  PhoneSipRefer *refer = phone_sip_refer_read (p.sip);

  msg_destroy (p.msg);
  return refer;
}

static void
test_replaces (void)
{
  static const char *const bad[] = {
    "", ";", "a", "a;to-tag=1", "a;from-tag=1", "a;to-tag=;from-tag=1", "a;to-tag=1;from-tag=\"2\"", "a b;to-tag=1;from-tag=2",
    "a,b;to-tag=1;from-tag=2", ";to-tag=1;from-tag=2", "a\r\nX: y;to-tag=1;from-tag=2", "a;to-tag=1\r\n;from-tag=2@",
  };
  g_autoptr (PhoneSipReplaces) replaces = phone_sip_replaces_parse (" 1@[2001:db8::1] ; From-Tag=a.b!c ;x=y; TO-TAG=7 ;Early-Only");
  g_autofree char *text = NULL;

  g_assert_nonnull (replaces);
  g_assert_cmpstr (replaces->call_id, ==, "1@[2001:db8::1]");
  g_assert_cmpstr (replaces->to_tag, ==, "7");
  g_assert_cmpstr (replaces->from_tag, ==, "a.b!c");
  g_assert_true (replaces->early_only);
  text = phone_sip_replaces_to_string (replaces);
  g_assert_cmpstr (text, ==, "1@[2001:db8::1];to-tag=7;from-tag=a.b!c;early-only");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (PhoneSipReplaces) none = phone_sip_replaces_parse (bad[i]);

      g_test_message ("%s", bad[i]);
      g_assert_null (none);
    }
}

static void
test_refer_to (void)
{
  static const char *const bad[] = {
    "<sip:300@10.0.0.3;method=BYE>", "<http://10.0.0.3/>", "<tel:300>", "<sip:300@10.0.0.3?Replaces=x>",
    "<sip:300@10.0.0.3?Replaces=x%0d%0aX:%20y%3Bto-tag%3D1%3Bfrom-tag%3D2>", "<sip:300@10.0.0.3?Replaces=%zz>",
  };
  g_autoptr (PhoneSipRefer) plain = read_refer ("\"Carol\" <sip:300@10.0.0.3:5070;method=INVITE>");
  g_autoptr (PhoneSipRefer) bare = read_refer ("sip:300@10.0.0.3");
  g_autoptr (PhoneSipRefer) full
    = read_refer ("<sip:300@10.0.0.3?Subject=x&Replaces=1%402%3Bto-tag%3D7%3Bfrom-tag%3D8&Route=%3Csip:evil%3E>");
  g_autofree char *text = NULL;

  g_assert_cmpstr (plain->uri->user, ==, "300");
  g_assert_cmpuint (plain->uri->port, ==, 5070);
  g_assert_null (plain->replaces);
  g_assert_cmpstr (bare->uri->host, ==, "10.0.0.3");
  g_assert_cmpstr (full->replaces->call_id, ==, "1@2");
  g_assert_cmpstr (full->replaces->to_tag, ==, "7");
  text = phone_sip_refer_format (full->uri, full->replaces);
  g_assert_cmpstr (text, ==, "<sip:300@10.0.0.3?Replaces=1%402%3Bto-tag%3D7%3Bfrom-tag%3D8>");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (PhoneSipRefer) none = read_refer (bad[i]);

      g_test_message ("%s", bad[i]);
      g_assert_null (none);
    }
}

static guint
read_fragment (const char *type,
               const char *body)
{
  g_autofree char *header = g_strdup_printf ("Event: refer\r\nSubscription-State: active\r\nContent-Type: %s\r\n", type);
  Parsed p = parse ("NOTIFY sip:1001@10.0.0.2 SIP/2.0", header, body);
  guint status = phone_sip_refer_read_fragment (p.sip);

  msg_destroy (p.msg);
  return status;
}

static void
test_fragment (void)
{
  g_autofree char *long_body = g_strnfill (5000, ' ');

  memcpy (long_body, "SIP/2.0 200 OK", strlen ("SIP/2.0 200 OK"));
  g_assert_cmpuint (read_fragment ("message/sipfrag", "SIP/2.0 200 OK\r\n"), ==, 200);
  g_assert_cmpuint (read_fragment ("Message/SIPfrag;version=2.0", "sip/2.0 486 Busy\r\nTo: x\r\n"), ==, 486);
  g_assert_cmpuint (read_fragment ("message/sipfrag", "SIP/2.0 100"), ==, 100);
  g_assert_cmpuint (read_fragment ("text/plain", "SIP/2.0 200 OK"), ==, 0);
  g_assert_cmpuint (read_fragment ("message/sipfrag", "SIP/2.0 20"), ==, 0);
  g_assert_cmpuint (read_fragment ("message/sipfrag", "SIP/2.0 99 x y"), ==, 0);
  g_assert_cmpuint (read_fragment ("message/sipfrag", "SIP/2.0 700 x"), ==, 0);
  g_assert_cmpuint (read_fragment ("message/sipfrag", "NOTIFY sip:x SIP/2.0"), ==, 0);
  g_assert_cmpuint (read_fragment ("message/sipfrag", long_body), ==, 0);
}

static void
test_addresses (void)
{
  g_autofree char *tag = phone_sip_refer_dup_tag ("\"a;tag=9\" <sip:1@2;tag=8>;x=1;tag=7;y");
  g_autofree char *bare = phone_sip_refer_dup_tag ("sip:1@2;tag=7");
  g_autofree char *none = phone_sip_refer_dup_tag ("<sip:1@2>");
  g_autofree char *address = phone_sip_refer_dup_address ("\"A\" <sip:1@2>;tag=7");
  g_autofree char *plain = phone_sip_refer_dup_address ("sip:1@2;tag=7");

  g_assert_cmpstr (tag, ==, "7");
  g_assert_cmpstr (bare, ==, "7");
  g_assert_null (none);
  g_assert_cmpstr (address, ==, "\"A\" <sip:1@2>");
  g_assert_cmpstr (plain, ==, "<sip:1@2>");
  g_assert_null (phone_sip_refer_dup_tag (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sip/refer/replaces", test_replaces);
  g_test_add_func ("/sip/refer/refer-to", test_refer_to);
  g_test_add_func ("/sip/refer/fragment", test_fragment);
  g_test_add_func ("/sip/refer/addresses", test_addresses);

  return g_test_run ();
}
