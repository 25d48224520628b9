/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-latch.h"
#include "media-ports.h"

#include <netinet/in.h>

static void
test_any (void)
{
  guint next = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneMediaPorts) a = phone_media_ports_open ("127.0.0.1", 0, 0, &next, &error);
  g_autoptr (PhoneMediaPorts) b = phone_media_ports_open ("127.0.0.1", 0, 0, &next, &error);
  int tos = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (a->rtp_port % 2, ==, 0);
  g_assert_cmpuint (a->rtcp_port, ==, a->rtp_port + 1);
  g_assert_cmpuint (a->rtp_port, !=, b->rtp_port);
  phone_media_ports_mark (a, 46);
  g_assert_true (g_socket_get_option (a->rtp, IPPROTO_IP, IP_TOS, &tos, NULL));
  g_assert_cmpint (tos >> 2, ==, 46);
}

static void
test_range (void)
{
  guint next = 0;
  g_autoptr (GError) error = NULL;
  guint base;
  g_autoptr (PhoneMediaPorts) a = NULL;
  g_autoptr (PhoneMediaPorts) b = NULL;
  PhoneMediaPorts *c = NULL;

  /* A range of two free pairs is looked for; another program may take one in between, hence the tries. */
  for (guint tries = 0; b == NULL && tries < 100; tries++)
    {
      PhoneMediaPorts *probe = phone_media_ports_open ("127.0.0.1", 0, 0, &next, NULL);

      base = probe->rtp_port;
      phone_media_ports_close (probe);
      g_clear_pointer (&a, phone_media_ports_close);
      if (base > 65500)
        continue;
      next = 0;
      a = phone_media_ports_open ("127.0.0.1", base - 1, base + 4, &next, NULL);
      b = a == NULL ? NULL : phone_media_ports_open ("127.0.0.1", base - 1, base + 4, &next, NULL);
    }
  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_cmpuint (a->rtp_port, ==, base);       /* odd lower end: the next even one */
  g_assert_cmpuint (b->rtp_port, ==, base + 2);
  c = phone_media_ports_open ("127.0.0.1", base - 1, base + 4, &next,
                              &error); /* base + 4 has no RTCP port in the range */
  g_assert_null (c);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);

  /* The first one is free again. */
  g_clear_pointer (&a, phone_media_ports_close);
  g_clear_error (&error);
  a = phone_media_ports_open ("127.0.0.1", base - 1, base + 4, &next, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (a->rtp_port, ==, base);
}

static void
test_wrong (void)
{
  guint next = 0;
  g_autoptr (GError) error = NULL;

  g_assert_null (phone_media_ports_open ("localhost", 0, 0, &next, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (phone_media_ports_open ("203.0.113.1", 20000, 20010, &next, &error));
  g_assert_nonnull (error);
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
  g_clear_error (&error);
  g_assert_null (phone_media_ports_open ("127.0.0.1", 20001, 20002, &next, &error));   /* no pair fits in */
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static PhoneMediaLatchVerdict
check (PhoneMediaLatch *latch,
       const char      *address,
       guint            port,
       gint64           now_ms)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  return phone_media_latch_check (latch, inet, port, TRUE, now_ms * 1000);
}

static void
describe (PhoneMediaLatch *latch,
          const char      *address,
          guint            port)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  phone_media_latch_describe (latch, inet, port);
}

static guint
target_port (PhoneMediaLatch *latch)
{
  g_autoptr (GSocketAddress) target = phone_media_latch_dup_target (latch);

  return target == NULL ? 0 : g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (target));
}

static void
test_latch_public (void)
{
  PhoneMediaLatch latch = { 0 };

  g_assert_cmpint (check (&latch, "198.51.100.1", 4000, 1), ==, PHONE_MEDIA_LATCH_REFUSED);   /* nobody described yet */
  describe (&latch, "198.51.100.1", 4000);
  g_assert_cmpuint (target_port (&latch), ==, 4000);
  g_assert_cmpint (check (&latch, "198.51.100.2", 4000, 2), ==, PHONE_MEDIA_LATCH_REFUSED);
  g_assert_cmpint (check (&latch, "198.51.100.1", 4444, 3), ==, PHONE_MEDIA_LATCH_MOVED);     /* a router moved it */
  g_assert_cmpuint (target_port (&latch), ==, 4444);
  g_assert_cmpint (check (&latch, "198.51.100.1", 4444, 4), ==, PHONE_MEDIA_LATCH_KNOWN);
  g_assert_cmpint (check (&latch, "198.51.100.1", 5555, 20), ==,
                   PHONE_MEDIA_LATCH_REFUSED); /* another call of that host */
  g_assert_cmpint (check (&latch, "198.51.100.1", 4000, 21), ==, PHONE_MEDIA_LATCH_MOVED); /* the described one may */
  g_assert_cmpuint (target_port (&latch), ==, 4000);
  g_assert_cmpint (check (&latch, "198.51.100.1", 5555, 900), ==, PHONE_MEDIA_LATCH_MOVED);   /* after silence */
  describe (&latch, "198.51.100.1", 4000);                                                    /* said again: stays */
  g_assert_cmpuint (target_port (&latch), ==, 5555);
  describe (&latch, "198.51.100.9", 4000);
  g_assert_cmpuint (target_port (&latch), ==, 4000);
  describe (&latch, "0.0.0.0", 4000);                                                         /* hold as of RFC 2543 */
  g_assert_cmpuint (target_port (&latch), ==, 0);
  phone_media_latch_clear (&latch);
}

static void
test_latch_private (void)
{
  PhoneMediaLatch latch = { 0 };

  describe (&latch, "192.168.1.5", 4000);
  g_assert_cmpint (check (&latch, "198.51.100.1", 1234, 1), ==, PHONE_MEDIA_LATCH_MOVED);     /* first come */
  g_assert_cmpuint (target_port (&latch), ==, 1234);
  g_assert_cmpint (check (&latch, "198.51.100.2", 1234, 2), ==, PHONE_MEDIA_LATCH_REFUSED);   /* and nobody else */
  g_assert_cmpint (check (&latch, "192.168.1.5", 4000, 3), ==, PHONE_MEDIA_LATCH_MOVED); /* but the described one */
  g_assert_cmpint (check (&latch, "198.51.100.1", 1234, 900), ==, PHONE_MEDIA_LATCH_REFUSED);
  phone_media_latch_clear (&latch);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/ports/any", test_any);
  g_test_add_func ("/media/ports/range", test_range);
  g_test_add_func ("/media/ports/wrong", test_wrong);
  g_test_add_func ("/media/latch/public", test_latch_public);
  g_test_add_func ("/media/latch/private", test_latch_private);
  return g_test_run ();
}
