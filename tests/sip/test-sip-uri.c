/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>

#include "sip-uri.h"

static void
test_parse (void)
{
  static const struct {
    const char *text;
    const char *written;   /* NULL: refused */
    const char *number;
  } cases[] = {
    { "sip:1001@example.com", "sip:1001@example.com", "1001@example.com" },
    { "1001@10.0.0.1:5070", "sip:1001@10.0.0.1:5070", "1001@10.0.0.1:5070" },
    { "10.0.0.1", "sip:10.0.0.1", "10.0.0.1" },
    { "10.0.0.1:5060", "sip:10.0.0.1:5060", "10.0.0.1" },
    { "SIP:a@[::1]:5060;transport=TCP", "sip:a@[::1]:5060;transport=tcp", "a@[::1]" },
    { "sip:%2331@h;transport=udp?Subject=x", "sip:%2331@h;transport=udp", "#31@h" },
    { "sip:bob:secret@h", "sip:bob@h", "bob@h" },
    { "sips:a@h", "sips:a@h", "a@h" },
    { "sip:j%C3%BCrgen@h", "sip:j%C3%BCrgen@h", "jürgen@h" },
    { "", NULL, NULL },
    { "sip:", NULL, NULL },
    { "sip:@h", NULL, NULL },
    { "sip:a@", NULL, NULL },
    { "sip:a@h:0", NULL, NULL },
    { "sip:a@h:65536", NULL, NULL },
    { "sip:a@h:5x", NULL, NULL },
    { "sip:a@[::1", NULL, NULL },
    { "sip:a@[10.0.0.1]", NULL, NULL },
    { "sip:a@h h", NULL, NULL },
    { "sip:a@h\r\nEvil: 1", NULL, NULL },
    { "sip:%ff@h", NULL, NULL },
    { "http://h", NULL, NULL },
    { "tel:123", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneSipUri) uri = phone_sip_uri_parse (cases[i].text, &error);
      g_autofree char *written = NULL;
      g_autofree char *number = NULL;

      g_test_message ("%s", cases[i].text);
      if (!cases[i].written)
        {
          g_assert_null (uri);
          g_assert_true (error->domain == PHONE_SIP_URI_ERROR);
          continue;
        }
      g_assert_no_error (error);
      written = phone_sip_uri_to_string (uri);
      number = phone_sip_uri_to_number (uri);
      g_assert_cmpstr (written, ==, cases[i].written);
      g_assert_cmpstr (number, ==, cases[i].number);
    }
}

static void
test_targets (void)
{
  g_autoptr (PhoneSipUri) domain = phone_sip_uri_new (NULL, "pbx.example.com", 5070, PHONE_TRANSPORT_TCP);
  static const struct {
    const char *target;
    gboolean    with_domain;
    const char *written;
  } cases[] = {
    { "1002", TRUE, "sip:1002@pbx.example.com:5070;transport=tcp" },
    { "#31*55", TRUE, "sip:%2331*55@pbx.example.com:5070;transport=tcp" },
    { "tel:+491", TRUE, "sip:+491@pbx.example.com:5070;transport=tcp" },
    { "a b", TRUE, "sip:a%20b@pbx.example.com:5070;transport=tcp" },
    { "bob@else.example", TRUE, "sip:bob@else.example" },
    { "sip:bob@else.example", TRUE, "sip:bob@else.example" },
    { "10.0.0.9", FALSE, "sip:10.0.0.9" },
    { "bob@10.0.0.9:5062", FALSE, "sip:bob@10.0.0.9:5062" },
    { "::1", FALSE, "sip:[::1]" },
    { "[::1]:5062", FALSE, "sip:[::1]:5062" },
    { "", TRUE, NULL },
    { "", FALSE, NULL },
    { "10.0.0.9:", FALSE, NULL },
    { "\xff", TRUE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhoneSipUri) uri = phone_sip_uri_for_target (cases[i].target, cases[i].with_domain ? domain : NULL, NULL);
      g_autofree char *written = uri ? phone_sip_uri_to_string (uri) : NULL;

      g_assert_cmpstr (written, ==, cases[i].written);
    }
}

static void
test_pieces (void)
{
  g_autofree char *contact = phone_sip_uri_format_contact ("1001", "10.0.0.1", 5060, PHONE_TRANSPORT_UDP);
  g_autofree char *contact6 = phone_sip_uri_format_contact ("1#1", "fe80::1", 5062, PHONE_TRANSPORT_TCP);
  g_autofree char *bare = phone_sip_uri_format_contact (NULL, "10.0.0.1", 5060, PHONE_TRANSPORT_DNS);
  g_autofree char *name = phone_sip_uri_quote_name ("A \"B\" \\ C\r\nD");
  g_autofree char *none = phone_sip_uri_quote_name ("");

  g_assert_cmpstr (contact, ==, "<sip:1001@10.0.0.1:5060>");
  g_assert_cmpstr (contact6, ==, "<sip:1%231@[fe80::1]:5062;transport=tcp>");
  g_assert_cmpstr (bare, ==, "<sip:10.0.0.1:5060>");
  g_assert_cmpstr (name, ==, "\"A \\\"B\\\" \\\\ CD\" ");
  g_assert_cmpstr (none, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/uri/parse", test_parse);
  g_test_add_func ("/sip/uri/targets", test_targets);
  g_test_add_func ("/sip/uri/pieces", test_pieces);

  return g_test_run ();
}
