/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "scenario.h"

#include "engine-private.h"

#include <locale.h>

/*
 * run [GTest options] FILE…: each scenario is one test; the last test demands that together they took every row of the
 * call table.
 */

static guint *hits;

static void
test_scenario (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* Not an assertion: the other scenarios run all the same. */
  if (!phone_scenario_run (data, hits, &error))
    {
      g_test_message ("%s", error->message);
      g_test_fail ();
    }
}

static void
test_coverage (void)
{
  guint n_missing = 0;

  for (guint i = 0; i < phone_call_get_n_rows (); i++)
    {
      g_autofree char *name = phone_call_dup_row_name (i);

      if (hits[i] > 0)
        continue;
      g_test_message ("no scenario takes the row %s", name);
      n_missing++;
    }
  g_assert_cmpuint (n_missing, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  hits = g_new0 (guint, phone_call_get_n_rows ());
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *base = g_path_get_basename (argv[i]);
      g_autofree char *name = g_strdup_printf ("/scenario/%s", base);

      g_test_add_data_func (name, argv[i], test_scenario);
    }
  if (argc > 20)
    g_test_add_func ("/table/coverage", test_coverage);
  {
    int result = g_test_run ();

    g_free (hits);
    return result;
  }
}
