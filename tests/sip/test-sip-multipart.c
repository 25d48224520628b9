/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-multipart.h"

#include <string.h>

/*
 * The session description in a multipart body: found where it is, refused where something is wrong, bounded.
 */

#define SDP(x) "Content-Type: application/sdp\r\n\r\nv=0 " x

static void
check (const char        *type,
       const char        *body,
       PhoneSipMultipart  wanted,
       const char        *text)
{
  const char *sdp = NULL;
  gsize length = 0;
  g_autofree char *exact = g_memdup2 (body, strlen (body)); /* no zero behind it: the sanitizer sees a step too far */
  PhoneSipMultipart got = phone_sip_multipart_find_sdp (type, exact ? exact : "", strlen (body), &sdp, &length);
  g_autofree char *found = got == PHONE_SIP_MULTIPART_SDP ? g_strndup (sdp, length) : NULL;

  g_assert_cmpint (got, ==, wanted);
  g_assert_cmpstr (found, ==, text);
}

static void
test_found (void)
{
  check ("multipart/mixed;boundary=b", "--b\r\n" SDP ("1") "\r\n--b--\r\n", PHONE_SIP_MULTIPART_SDP, "v=0 1");
  check ("multipart/mixed; boundary=\"b b\"", "--b b\r\n" SDP ("1") "\r\n--b b--", PHONE_SIP_MULTIPART_SDP, "v=0 1");
  check ("Multipart/Mixed;x=y;BOUNDARY=b", "words before\r\n--b \r\n" SDP ("1\r\nm=x\r\n") "\r\n--b--  \r\nwords after",
         PHONE_SIP_MULTIPART_SDP, "v=0 1\r\nm=x\r\n");
  check ("multipart/mixed;boundary=b", "--b\ncontent-type : application/SDP; charset=utf-8\n\nv=0 1\n--b--",
         PHONE_SIP_MULTIPART_SDP, "v=0 1");
  check ("multipart/mixed;boundary=b", "--b\r\nContent-Type:\r\n application/sdp\r\n\r\nv=0 1\r\n--b--", PHONE_SIP_MULTIPART_SDP,
         "v=0 1");
  check ("multipart/mixed;boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n" SDP ("2") "\r\n--b--",
         PHONE_SIP_MULTIPART_SDP, "v=0 2");
  /* a line that only begins like the boundary is content */
  check ("multipart/mixed;boundary=b", "--b\r\n" SDP ("1\r\n--bc") "\r\n--b--", PHONE_SIP_MULTIPART_SDP, "v=0 1\r\n--bc");
}

static void
test_choice (void)
{
  static const char two[] = "--b\r\n" SDP ("1") "\r\n--b\r\n" SDP ("2") "\r\n--b--";

  check ("multipart/mixed;boundary=b", two, PHONE_SIP_MULTIPART_SDP, "v=0 1");
  check ("multipart/alternative;boundary=b", two, PHONE_SIP_MULTIPART_SDP, "v=0 2");
  check ("multipart/mixed;boundary=b",
         "--b\r\nContent-Disposition: early-session\r\n" SDP ("1") "\r\n--b\r\nContent-Disposition: session\r\n" SDP ("2") "\r\n--b--",
         PHONE_SIP_MULTIPART_SDP, "v=0 2");
  check ("multipart/mixed;boundary=b",
         "--b\r\nContent-Encoding: gzip\r\n" SDP ("1") "\r\n--b\r\nContent-Encoding: identity\r\n" SDP ("2") "\r\n--b--",
         PHONE_SIP_MULTIPART_SDP, "v=0 2");
  check ("multipart/mixed;boundary=a",
         "--a\r\nContent-Type: multipart/alternative;boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\n" SDP ("1")
         "\r\n--b--\r\n--a--",
         PHONE_SIP_MULTIPART_SDP, "v=0 1");
}

static void
test_not_found (void)
{
  check ("multipart/mixed;boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--", PHONE_SIP_MULTIPART_NONE, NULL);
  check ("multipart/mixed;boundary=b", "--b\r\n\r\n--b--", PHONE_SIP_MULTIPART_NONE, NULL);
  check ("multipart/mixed;boundary=b",
         "--b\r\nContent-Type: x/y\r\nContent-Disposition: render; handling=required\r\n\r\nz\r\n--b\r\n" SDP ("1") "\r\n--b--",
         PHONE_SIP_MULTIPART_REQUIRED, NULL);
  check ("multipart/mixed;boundary=b",
         "--b\r\nContent-Type: x/y\r\nContent-Disposition: render;handling=optional\r\n\r\nz\r\n--b\r\n" SDP ("1") "\r\n--b--",
         PHONE_SIP_MULTIPART_SDP, "v=0 1");
}

static void
test_broken (void)
{
  static const char good[] = "--b\r\n" SDP ("1") "\r\n--b--";
  g_autofree char *long_boundary = g_strnfill (71, 'x');
  g_autofree char *type = g_strconcat ("multipart/mixed;boundary=", long_boundary, NULL);

  check ("multipart/mixed", good, PHONE_SIP_MULTIPART_BROKEN, NULL);
  check ("multipart/mixed;boundary=", good, PHONE_SIP_MULTIPART_BROKEN, NULL);
  check ("multipart/mixed;boundary=other", good, PHONE_SIP_MULTIPART_BROKEN, NULL);
  check (type, good, PHONE_SIP_MULTIPART_BROKEN, NULL);
  check ("multipart/mixed;boundary=b", "", PHONE_SIP_MULTIPART_BROKEN, NULL);
  check ("multipart/mixed;boundary=b", "--b--", PHONE_SIP_MULTIPART_BROKEN, NULL);
  check ("multipart/mixed;boundary=b", "--b\r\n" SDP ("1"), PHONE_SIP_MULTIPART_BROKEN, NULL);
  check ("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n--b--", PHONE_SIP_MULTIPART_BROKEN, NULL);
}

static void
test_bounds (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GString) deep = g_string_new (SDP ("1"));

  for (guint i = 0; i < PHONE_SIP_MULTIPART_MAX_PARTS; i++)
    g_string_append_printf (many, "--b\r\n" SDP ("%u") "\r\n", i);
  g_string_append (many, "--b--");
  check ("multipart/mixed;boundary=b", many->str, PHONE_SIP_MULTIPART_SDP, "v=0 0");
  g_string_prepend (many, "--b\r\n\r\n\r\n");
  check ("multipart/mixed;boundary=b", many->str, PHONE_SIP_MULTIPART_BROKEN, NULL);

  for (guint depth = 1; depth <= PHONE_SIP_MULTIPART_MAX_DEPTH + 1; depth++)
    {
      g_autofree char *type = g_strdup_printf ("multipart/mixed;boundary=d%u", depth);
      g_autofree char *inner = g_string_free (g_steal_pointer (&deep), FALSE);

      deep = g_string_new (NULL);
      g_string_append_printf (deep, "--d%u\r\n%s\r\n--d%u--", depth, inner, depth);
      if (depth <= PHONE_SIP_MULTIPART_MAX_DEPTH)
        check (type, deep->str, PHONE_SIP_MULTIPART_SDP, "v=0 1");
      else
        check (type, deep->str, PHONE_SIP_MULTIPART_BROKEN, NULL);
      g_string_prepend (deep, "\r\n\r\n");
      g_string_prepend (deep, type);
      g_string_prepend (deep, "Content-Type: ");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/multipart/found", test_found);
  g_test_add_func ("/sip/multipart/choice", test_choice);
  g_test_add_func ("/sip/multipart/not-found", test_not_found);
  g_test_add_func ("/sip/multipart/broken", test_broken);
  g_test_add_func ("/sip/multipart/bounds", test_bounds);

  return g_test_run ();
}
