/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "network-snapshot.h"

/* "eth0 192.0.2.1,lo 127.0.0.1 | route4 | route6" */
static PhoneNetworkSnapshot *
make (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "|", 3);
  g_auto (GStrv) addresses = g_strsplit (g_strstrip (parts[0]), ",", -1);
  PhoneNetworkSnapshot *self = phone_network_snapshot_new ();

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (addresses[i], " ", 2);

      phone_network_snapshot_add (self, words[0], words[1]);
    }
  if (parts[1] != NULL && *g_strstrip (parts[1]) != '\0')
    self->route4 = g_strdup (parts[1]);
  if (parts[1] != NULL && parts[2] != NULL && *g_strstrip (parts[2]) != '\0')
    self->route6 = g_strdup (parts[2]);
  return self;
}

static const char *
judge (const char *before,
       const char *now,
       const char *bind_address,
       gboolean    interrupted)
{
  g_autoptr (PhoneNetworkSnapshot) a = make (before);
  g_autoptr (PhoneNetworkSnapshot) b = make (now);
  PhoneNetworkNews news = 99;

  return phone_network_snapshot_judge (a, b, bind_address, interrupted, &news) ? phone_network_news_to_string (news) : "nothing";
}

#define UP "eth0 192.0.2.1,lo 127.0.0.1|192.0.2.1|"
#define LOOPBACK "lo 127.0.0.1,lo ::1||"

static void
test_judge (void)
{
  g_assert_cmpstr (judge (UP, UP, NULL, FALSE), ==, "nothing");
  g_assert_cmpstr (judge (UP, LOOPBACK, NULL, FALSE), ==, "down");
  g_assert_cmpstr (judge (UP, LOOPBACK, NULL, TRUE), ==, "down");
  g_assert_cmpstr (judge (LOOPBACK, LOOPBACK, NULL, TRUE), ==, "nothing");
  g_assert_cmpstr (judge (LOOPBACK, UP, NULL, FALSE), ==, "back");
  /* A link-local address of IPv6 is none to speak from. */
  g_assert_cmpstr (judge (UP, "eth0 fe80::1,lo 127.0.0.1||", NULL, FALSE), ==, "down");
  /* It went and came again while nobody looked. */
  g_assert_cmpstr (judge (UP, UP, NULL, TRUE), ==, "back");
  g_assert_cmpstr (judge (UP, "eth0 192.0.2.2,lo 127.0.0.1|192.0.2.2|", NULL, TRUE), ==, "back");
  /* One more address, and another way out. */
  g_assert_cmpstr (judge (UP, "eth0 192.0.2.1,lo 127.0.0.1,wlan0 198.51.100.1|192.0.2.1|", NULL, FALSE), ==, "changed");
  g_assert_cmpstr (judge (UP, "eth0 192.0.2.1,lo 127.0.0.1||", NULL, FALSE), ==, "changed");
  g_assert_cmpstr (judge (UP, "eth0 192.0.2.1,lo 127.0.0.1|192.0.2.1|2001:db8::9", NULL, FALSE), ==, "changed");
}

/* Who is bound to one address cares for that one alone. */
static void
test_bound (void)
{
  g_assert_cmpstr (judge (UP, LOOPBACK, "127.0.0.1", FALSE), ==, "changed");
  g_assert_cmpstr (judge (LOOPBACK, LOOPBACK, "127.0.0.1", FALSE), ==, "nothing");
  g_assert_cmpstr (judge (UP, "eth0 192.0.2.9,lo 127.0.0.1|192.0.2.9|", "192.0.2.1", FALSE), ==, "down");
  g_assert_cmpstr (judge ("eth0 192.0.2.9|192.0.2.9|", UP, "192.0.2.1", FALSE), ==, "back");
}

static void
test_lookup (void)
{
  g_autoptr (PhoneNetworkSnapshot) self = make ("eth0 192.0.2.1,eth01 198.51.100.1,lo ::1||");

  g_assert_true (phone_network_snapshot_has (self, "eth0", "192.0.2.1"));
  g_assert_true (phone_network_snapshot_has (self, NULL, "::1"));
  g_assert_true (phone_network_snapshot_has (self, "eth01", NULL));
  g_assert_false (phone_network_snapshot_has (self, "eth", NULL));
  g_assert_false (phone_network_snapshot_has (self, "eth0", "198.51.100.1"));
  g_assert_false (phone_network_snapshot_has (self, NULL, "192.0.2"));
}

/* Whatever this machine has, its loopback is there and usable for who is bound to it. */
static void
test_take (void)
{
  g_autoptr (PhoneNetworkSnapshot) self = phone_network_snapshot_take ();

  g_assert_true (phone_network_snapshot_has (self, "lo", "127.0.0.1"));
  g_assert_true (phone_network_snapshot_is_usable (self, "127.0.0.1"));
  g_assert_false (phone_network_snapshot_is_usable (self, "192.0.2.77"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network-snapshot/judge", test_judge);
  g_test_add_func ("/network-snapshot/bound", test_bound);
  g_test_add_func ("/network-snapshot/lookup", test_lookup);
  g_test_add_func ("/network-snapshot/take", test_take);
  return g_test_run ();
}
