/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "link.h"

static void
test_targets (void)
{
  static const struct {
    const char *text;
    const char *target;   /* NULL: refused */
  } rows[] = {
    { "1001", "1001" },
    { " 1001 ", "1001" },
    { "127.0.0.1:5070", "127.0.0.1:5070" },
    { "bob@[::1]:5070", "bob@[::1]:5070" },
    { "tel:+49-30-123456", "+4930123456" },
    { "tel:+49(30)123.456", "+4930123456" },
    { "TEL:112", "112" },
    { "tel:7042;phone-context=example.com", "7042" },
    { "tel:%2B4930123", "+4930123" },
    { "tel:*31#", "*31#" },
    { "sip:1001@pbx.example", "sip:1001@pbx.example" },
    { "sips:1001@pbx.example:5061;transport=tcp", "sips:1001@pbx.example:5061;transport=tcp" },
    { "sip:1001@pbx.example?Subject=hi&Replaces=x", "sip:1001@pbx.example" },
    { "sip://1001@pbx.example", "sip:1001@pbx.example" },
    { "", NULL },
    { "   ", NULL },
    { "tel:", NULL },
    { "tel:+", NULL },
    { "tel:hello", NULL },
    { "tel:1+2", NULL },
    { "tel:%zz", NULL },
    { "tel:%0d%0a", NULL },
    { "sip:", NULL },
    { "sip:?x=y", NULL },
    { "sip:a b@c", NULL },
    { "sip:<a@b>", NULL },
    { "1001\r\nVia: x", NULL },
    { "\xff", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *target = phone_link_to_target (rows[i].text, &error);

      g_assert_cmpstr (target, ==, rows[i].target);
      if (rows[i].target)
        g_assert_no_error (error);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_is_link (void)
{
  g_assert_true (phone_link_is_link ("tel:1"));
  g_assert_true (phone_link_is_link ("SIP:a@b"));
  g_assert_true (phone_link_is_link ("sips:a@b"));
  g_assert_false (phone_link_is_link ("1001"));
  g_assert_false (phone_link_is_link ("http://sip:1"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/link/targets", test_targets);
  g_test_add_func ("/control/link/is-link", test_is_link);

  return g_test_run ();
}
