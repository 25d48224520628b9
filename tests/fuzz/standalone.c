/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target over the files named on the command line: the kept corpus is a test in every build, with or without
 * libFuzzer. Of each file all prefixes are tried as well, so that a text cut short is part of the test. */

#include <gio/gio.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

#ifndef MAX_PREFIXES
#define MAX_PREFIXES 400
#endif

static void
run_prefixes (const guint8 *data,
              gsize         size)
{
  gsize step = MAX (1, size / MAX_PREFIXES);

  for (gsize length = 0; length < size; length += step)
    {
      /* An exact copy, so that a read past the end is seen by the address sanitizer. */
      g_autofree guint8 *copy = g_memdup2 (data, MAX (length, 1));

      LLVMFuzzerTestOneInput (copy, length);
    }
  LLVMFuzzerTestOneInput (data, size);
}

static void
run_path (GFile *file)
{
  g_autoptr (GFileEnumerator) children = NULL;
  g_autofree char *contents = NULL;
  gsize length = 0;

  children = g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  if (children != NULL)
    {
      GFile *child = NULL;

      while (g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child != NULL)
        run_path (child);
      return;
    }
  if (g_file_load_contents (file, NULL, &contents, &length, NULL, NULL))
    run_prefixes ((const guint8 *) contents, length);
}

int
main (int    argc,
      char **argv)
{
  g_assert_cmpint (argc, >, 1);
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (argv[i]);

      g_assert_true (g_file_query_exists (file, NULL));
      run_path (file);
    }
  return 0;
}
