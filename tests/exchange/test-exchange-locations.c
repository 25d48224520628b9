/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-locations.h"

static const char *
uri_at (ExchangeLocations *locations,
        guint              i,
        gint64             now_s)
{
  GPtrArray *bindings = exchange_locations_list (locations, "1001", now_s);

  g_assert_nonnull (bindings);
  g_assert_cmpuint (bindings->len, >, i);
  return ((const ExchangeBinding *) g_ptr_array_index (bindings, i))->uri;
}

static void
test_newest_first (void)
{
  g_autoptr (ExchangeLocations) locations = exchange_locations_new ();

  g_assert_null (exchange_locations_list (locations, "1001", 0));
  exchange_locations_update (locations, "1001", "sip:a", "c1", 1, 60, 0);
  exchange_locations_update (locations, "1001", "sip:b", "c2", 1, 60, 0);
  g_assert_cmpstr (uri_at (locations, 0, 0), ==, "sip:b");
  exchange_locations_update (locations, "1001", "sip:a", "c1", 2, 60, 1);
  g_assert_cmpstr (uri_at (locations, 0, 1), ==, "sip:a");
  g_assert_cmpstr (uri_at (locations, 1, 1), ==, "sip:b");
  g_assert_null (exchange_locations_list (locations, "1002", 1));
}

static void
test_expiry (void)
{
  g_autoptr (ExchangeLocations) locations = exchange_locations_new ();

  exchange_locations_update (locations, "1001", "sip:a", "c1", 1, 10, 100);
  exchange_locations_update (locations, "1001", "sip:b", "c2", 1, 20, 100);
  g_assert_cmpuint (exchange_locations_list (locations, "1001", 109)->len, ==, 2);
  g_assert_cmpuint (exchange_locations_list (locations, "1001", 110)->len, ==, 1);
  g_assert_cmpstr (uri_at (locations, 0, 110), ==, "sip:b");
  g_assert_null (exchange_locations_list (locations, "1001", 120));
}

static void
test_removal (void)
{
  g_autoptr (ExchangeLocations) locations = exchange_locations_new ();

  exchange_locations_update (locations, "1001", "sip:nobody", "c", 1, 0, 0);
  g_assert_null (exchange_locations_list (locations, "1001", 0));
  exchange_locations_update (locations, "1001", "sip:a", "c1", 1, 60, 0);
  exchange_locations_update (locations, "1001", "sip:b", "c2", 1, 60, 0);
  exchange_locations_update (locations, "1001", "sip:b", "c2", 2, 0, 0);
  g_assert_cmpuint (exchange_locations_list (locations, "1001", 0)->len, ==, 1);
  exchange_locations_clear (locations, "1001");
  g_assert_null (exchange_locations_list (locations, "1001", 0));
}

static void
test_order (void)
{
  g_autoptr (ExchangeLocations) locations = exchange_locations_new ();

  exchange_locations_update (locations, "1001", "sip:a", "c1", 5, 60, 0);
  g_assert_false (exchange_locations_may_update (locations, "1001", "sip:a", "c1", 5));
  g_assert_false (exchange_locations_may_update (locations, "1001", "sip:a", "c1", 4));
  g_assert_true (exchange_locations_may_update (locations, "1001", "sip:a", "c1", 6));
  /* A phone that was restarted has a new Call-ID. */
  g_assert_true (exchange_locations_may_update (locations, "1001", "sip:a", "c9", 1));
  g_assert_true (exchange_locations_may_update (locations, "1001", "sip:b", "c1", 1));
}

static void
test_bound (void)
{
  g_autoptr (ExchangeLocations) locations = exchange_locations_new ();

  for (guint i = 0; i < EXCHANGE_MAX_CONTACTS + 1; i++)
    {
      g_autofree char *uri = g_strdup_printf ("sip:%u", i);

      exchange_locations_update (locations, "1001", uri, "c", 1, 60, 0);
    }
  g_assert_cmpuint (exchange_locations_list (locations, "1001", 0)->len, ==, EXCHANGE_MAX_CONTACTS);
  g_assert_cmpstr (uri_at (locations, 0, 0), ==, "sip:8");
  g_assert_cmpstr (uri_at (locations, EXCHANGE_MAX_CONTACTS - 1, 0), ==, "sip:1");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/locations/newest-first", test_newest_first);
  g_test_add_func ("/exchange/locations/expiry", test_expiry);
  g_test_add_func ("/exchange/locations/removal", test_removal);
  g_test_add_func ("/exchange/locations/order", test_order);
  g_test_add_func ("/exchange/locations/bound", test_bound);
  return g_test_run ();
}
