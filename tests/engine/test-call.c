/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "call.h"

#include <string.h>

static void
test_table (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (phone_call_check_table (&error));
  g_assert_no_error (error);
}

/* One arrow for each row; printed, so that the documentation can be made from a test run. */
static void
test_diagram (void)
{
  g_autofree char *diagram = phone_call_dup_diagram ();
  g_auto (GStrv) lines = g_strsplit (diagram, "\n", -1);
  guint n_arrows = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_test_message ("%s", lines[i]);
      n_arrows += strstr (lines[i], " -> ") != NULL ? 1 : 0;
    }
  g_assert_cmpuint (n_arrows, ==, phone_call_get_n_rows ());
  g_assert_nonnull (strstr (diagram, "talking -> holding [label=\"hold\"]"));
}

static void
test_row_names (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < phone_call_get_n_rows (); i++)
    g_assert_true (g_hash_table_add (names, phone_call_dup_row_name (i)));
}

static void
test_predicates (void)
{
  PhoneCall *in = phone_call_new (1, 1, PHONE_CALL_INBOUND);
  PhoneCall *out = phone_call_new (2, 1, PHONE_CALL_OUTGOING);

  g_assert_cmpint (in->state, ==, PHONE_CALL_INCOMING);
  g_assert_cmpint (out->state, ==, PHONE_CALL_NEW);
  g_assert_true (phone_call_is_visible (in));
  g_assert_false (phone_call_uses_microphone (in));
  in->state = PHONE_CALL_ANSWERING;
  in->waits = 1;
  g_assert_false (phone_call_uses_microphone (in));
  in->waits = 0;
  g_assert_true (phone_call_uses_microphone (in));
  out->state = PHONE_CALL_ENDED;
  g_assert_true (phone_call_is_over (out));
  g_assert_false (phone_call_is_visible (out));
  out->shown = TRUE;
  g_assert_true (phone_call_is_visible (out));
  phone_call_free (in);
  phone_call_free (out);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call/table", test_table);
  g_test_add_func ("/call/diagram", test_diagram);
  g_test_add_func ("/call/row-names", test_row_names);
  g_test_add_func ("/call/predicates", test_predicates);
  return g_test_run ();
}
