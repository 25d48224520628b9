/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <string.h>

#include "sip-mask.h"

static void
test_secrets_are_gone (void)
{
  static const char *const texts[] = {
    "Authorization: Digest username=\"1001\", response=\"s3cret\"",
    "Proxy-Authorization: Digest username=\"1001\",\r\n response=\"s3cret\",\r\n\tcnonce=\"s3cret\"\r\nVia: x",
    "   authorization: Digest s3cret",
    "nua_authenticate(): NUTAG_AUTH(Digest:\"realm\":1001:s3cret)",
    "HA1+Digest:\"realm\":1001:HA1+s3cret",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:s3cret|2^20|1:32",
    "v=0\r\nk=clear:s3cret\r\nm=audio",
    "x inline:s3cret end",
    "password=s3cret&x=1",
    "Password: \"s3c\\\"ret s3cret\"",
    "INVITE sip:bob:s3cret@example.com SIP/2.0",
    "<sip:a> sips:b:s3cret@example.com, sip:sip:s3cret@[::1]",
    "password=x@y sip:z:s3cret@example.com",
    "Authentication-Info: response=\"s3cret\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *masked = phone_sip_mask (texts[i], -1);

      g_assert_null (strstr (masked, "s3cret"));
      g_assert_nonnull (strstr (masked, "***"));
    }
}

static void
test_the_rest_stays (void)
{
  static const char text[] = "REGISTER sip:example.com SIP/2.0\r\n"
                             "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n"
                             "Authorization: Digest username=\"a\", response=\"b\"\r\n"
                             "Contact: <sip:1001@10.0.0.1:5060>\r\n\r\n";
  g_autofree char *masked = phone_sip_mask (text, -1);

  g_assert_cmpstr (masked, ==,
                   "REGISTER sip:example.com SIP/2.0\r\n"
                   "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n"
                   "Authorization: ***\r\n"
                   "Contact: <sip:1001@10.0.0.1:5060>\r\n\r\n");
}

static void
test_bytes (void)
{
  g_autofree char *cut = phone_sip_mask ("password=abc", 11);
  g_autofree char *empty = phone_sip_mask ("", 0);
  g_autofree char *quoted = phone_sip_mask ("password=\"abc", -1);

  g_assert_cmpstr (cut, ==, "password=***");
  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpstr (quoted, ==, "password=***");
}

static double
time_mask (GString *text)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < 5; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autofree char *masked = phone_sip_mask (text->str, (gssize) text->len);

      best = MIN (best, (double) (g_get_monotonic_time () - start));
      g_assert_cmpuint (strlen (masked), ==, text->len);
    }

  return MAX (best, 1);
}

/* Every message goes through here on the library's thread: what is eight times as long takes about eight times as long. */
static void
test_long_lines (void)
{
  static const char *const pieces[] = { "sip:", "sip:a ", "sips:<", "digest:", "respons", "authorization" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      double small;

      while (text->len < 16000)
        g_string_append (text, pieces[i]);
      small = time_mask (text);
      while (text->len < 128000)
        g_string_append (text, pieces[i]);
      g_assert_cmpfloat (time_mask (text) / small, <, 32);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/mask/secrets", test_secrets_are_gone);
  g_test_add_func ("/sip/mask/rest", test_the_rest_stays);
  g_test_add_func ("/sip/mask/bytes", test_bytes);
  g_test_add_func ("/sip/mask/long-lines", test_long_lines);

  return g_test_run ();
}
