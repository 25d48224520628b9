/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-route.h"

/*
 * Failover and failback, with a clock of our own.
 */

static GPtrArray *
make_hops (guint n,
           guint ttl_s)
{
  GPtrArray *hops = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_sip_hop_free);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = g_strdup_printf ("192.0.2.%u", i + 1);

      g_ptr_array_add (hops, phone_sip_hop_new ("example.test", address, 5060, PHONE_TRANSPORT_UDP, ttl_s));
    }

  return hops;
}

static PhoneSipRoute *
make_route (PhoneFailback failback,
            guint         failback_s,
            guint         n,
            guint         ttl_s)
{
  PhoneSipRoute *route = phone_sip_route_new (failback, failback_s);
  g_autoptr (GPtrArray) hops = make_hops (n, ttl_s);

  phone_sip_route_set_hops (route, hops, 0);
  return route;
}

#define assert_chosen(route, registering, now, n) \
  g_assert_cmpstr (phone_sip_route_choose (route, registering, now)->address, ==, "192.0.2." n)

/* The first is left for the second, and so on; when all are dead the round is over and the next begins at the first. */
static void
test_failover (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_DURATION, 3600, 3, 0);

  assert_chosen (route, TRUE, 0, "1");
  g_assert_true (phone_sip_route_fail (route, phone_sip_route_peek (route), 10));
  assert_chosen (route, FALSE, 11, "2");
  g_assert_false (phone_sip_route_is_first (route));
  g_assert_true (phone_sip_route_fail (route, phone_sip_route_peek (route), 20));
  assert_chosen (route, FALSE, 21, "3");
  g_assert_false (phone_sip_route_fail (route, phone_sip_route_peek (route), 30));
  assert_chosen (route, FALSE, 31, "1");
}

/* Two requests find the same hop dead: the second report must not skip a hop that nobody tried. */
static void
test_reported_twice (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_DURATION, 3600, 3, 0);
  g_autoptr (PhoneSipHop) dead = phone_sip_hop_copy (phone_sip_route_peek (route));

  g_assert_true (phone_sip_route_fail (route, dead, 10));
  g_assert_true (phone_sip_route_fail (route, dead, 12));
  assert_chosen (route, FALSE, 13, "2");
}

static void
test_nothing (void)
{
  g_autoptr (PhoneSipRoute) route = phone_sip_route_new (PHONE_FAILBACK_NEW_REQUEST, 0);

  g_assert_null (phone_sip_route_peek (route));
  g_assert_null (phone_sip_route_choose (route, TRUE, 0));
  g_assert_true (phone_sip_route_is_stale (route, 0));
  g_assert_cmpuint (phone_sip_route_get_n_hops (route), ==, 0);
}

static void
test_failback_new_request (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_NEW_REQUEST, 0, 2, 0);

  phone_sip_route_fail (route, phone_sip_route_peek (route), 1000);
  /* Known to be dead: no call waits for it again at once. */
  assert_chosen (route, FALSE, 5000, "2");
  assert_chosen (route, TRUE, 5000, "2");
  assert_chosen (route, FALSE, 31000, "1");
  g_assert_cmpuint (phone_sip_route_get_return_ms (route, 31000), ==, 0);
}

static void
test_failback_registration (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_REGISTRATION, 0, 2, 0);

  phone_sip_route_fail (route, phone_sip_route_peek (route), 1000);
  assert_chosen (route, FALSE, 900000, "2");
  assert_chosen (route, TRUE, 900000, "1");
}

static void
test_failback_duration (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_DURATION, 60, 2, 0);
  g_autoptr (PhoneSipRoute) never = make_route (PHONE_FAILBACK_DURATION, 0, 2, 0);

  phone_sip_route_fail (route, phone_sip_route_peek (route), 1000);
  g_assert_cmpuint (phone_sip_route_get_return_ms (route, 1000), ==, 60000);
  assert_chosen (route, TRUE, 60999, "2");
  assert_chosen (route, FALSE, 61000, "1");

  phone_sip_route_fail (never, phone_sip_route_peek (never), 1000);
  g_assert_cmpuint (phone_sip_route_get_return_ms (never, 1000), ==, 0);
  assert_chosen (never, TRUE, 900000, "2");
}

/* The record's life is over: the names are looked up again, and the first one counts. */
static void
test_failback_dns (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_DNS_TTL, 0, 2, 30);
  g_autoptr (GPtrArray) again = make_hops (2, 30);

  g_assert_false (phone_sip_route_is_stale (route, 29999));
  g_assert_true (phone_sip_route_is_stale (route, 30000));
  phone_sip_route_fail (route, phone_sip_route_peek (route), 1000);
  g_assert_cmpuint (phone_sip_route_get_return_ms (route, 1000), ==, 29000);
  assert_chosen (route, TRUE, 29000, "2");
  phone_sip_route_set_hops (route, again, 30000);
  assert_chosen (route, FALSE, 30001, "1");
}

/* The same answer again must not undo a failover; another one starts afresh. */
static void
test_looked_up_again (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_DURATION, 3600, 2, 30);
  g_autoptr (GPtrArray) same = make_hops (2, 60);
  g_autoptr (GPtrArray) other = make_hops (3, 60);

  phone_sip_route_fail (route, phone_sip_route_peek (route), 1000);
  phone_sip_route_set_hops (route, same, 30000);
  assert_chosen (route, FALSE, 30001, "2");
  g_assert_false (phone_sip_route_is_stale (route, 89999));
  phone_sip_route_set_hops (route, other, 90000);
  assert_chosen (route, FALSE, 90001, "1");
  g_assert_true (phone_sip_route_has_address (route, "192.0.2.3"));
  g_assert_false (phone_sip_route_has_address (route, "192.0.2.4"));
}

/* A hop that was tried by an old list, and is not in the new one. */
static void
test_unknown_hop (void)
{
  g_autoptr (PhoneSipRoute) route = make_route (PHONE_FAILBACK_DURATION, 3600, 1, 0);
  g_autoptr (PhoneSipHop) gone = phone_sip_hop_new ("example.test", "203.0.113.9", 5060, PHONE_TRANSPORT_TCP, 0);

  g_assert_true (phone_sip_route_fail (route, gone, 10));
  assert_chosen (route, FALSE, 11, "1");
}

static void
test_urls (void)
{
  g_autoptr (PhoneSipHop) udp = phone_sip_hop_new ("example.test", "192.0.2.1", 5070, PHONE_TRANSPORT_UDP, 0);
  g_autoptr (PhoneSipHop) tcp = phone_sip_hop_new ("example.test", "2001:db8::1", 5060, PHONE_TRANSPORT_TCP, 0);
  g_autoptr (PhoneSipHop) tls = phone_sip_hop_new ("example.test", "192.0.2.1", 5061, PHONE_TRANSPORT_TLS, 0);
  g_autoptr (PhoneSipHop) bare = phone_sip_hop_new ("192.0.2.1", "192.0.2.1", 5061, PHONE_TRANSPORT_TLS, 0);
  g_autofree char *a = phone_sip_hop_to_url (udp), *b = phone_sip_hop_to_url (tcp), *c = phone_sip_hop_to_url (tls);
  g_autofree char *d = phone_sip_hop_to_url (bare);

  g_assert_cmpstr (a, ==, "sip:192.0.2.1:5070");
  g_assert_cmpstr (b, ==, "sip:[2001:db8::1]:5060;transport=tcp");
  /* The library checks the certificate against the host and connects to maddr. */
  g_assert_cmpstr (c, ==, "sip:example.test:5061;transport=tls;maddr=192.0.2.1");
  g_assert_cmpstr (d, ==, "sip:192.0.2.1:5061;transport=tls");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sip-route/failover", test_failover);
  g_test_add_func ("/sip-route/reported-twice", test_reported_twice);
  g_test_add_func ("/sip-route/nothing", test_nothing);
  g_test_add_func ("/sip-route/failback/new-request", test_failback_new_request);
  g_test_add_func ("/sip-route/failback/registration", test_failback_registration);
  g_test_add_func ("/sip-route/failback/duration", test_failback_duration);
  g_test_add_func ("/sip-route/failback/dns", test_failback_dns);
  g_test_add_func ("/sip-route/looked-up-again", test_looked_up_again);
  g_test_add_func ("/sip-route/unknown-hop", test_unknown_hop);
  g_test_add_func ("/sip-route/urls", test_urls);

  return g_test_run ();
}
