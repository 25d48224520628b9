/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "window-state.h"

#include <glib/gstdio.h>

static char *
make_path (const char *name)
{
  g_autofree char *folder = g_dir_make_tmp ("deskset-ui-XXXXXX", NULL);

  g_assert_nonnull (folder);

  return g_build_filename (folder, "deeper", name, NULL);
}

static void
remove_path (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *above = g_path_get_dirname (folder);

  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (above);
}

static void
test_round_trip (void)
{
  g_autofree char *path = make_path ("window.ini");
  PhoneWindowState saved = { 900, 760, 540, 400, TRUE, FALSE, TRUE };
  PhoneWindowState loaded = { 0 };

  phone_window_state_save (&saved, path);
  phone_window_state_load (&loaded, path);
  g_assert_cmpint (loaded.width, ==, 900);
  g_assert_cmpint (loaded.height, ==, 760);
  g_assert_cmpint (loaded.compact_width, ==, 540);
  g_assert_cmpint (loaded.compact_height, ==, 400);
  g_assert_true (loaded.compact);
  g_assert_false (loaded.maximized);
  g_assert_true (loaded.compact_offered);
  remove_path (path);
}

static void
test_nothing_known (void)
{
  g_autofree char *path = make_path ("missing.ini");
  PhoneWindowState state = { 1, 2, 3, 4, TRUE, TRUE, TRUE };

  phone_window_state_load (&state, path);
  g_assert_cmpint (state.width, ==, 0);
  g_assert_cmpint (state.compact_height, ==, 0);
  g_assert_false (state.compact);
  remove_path (path);
}

/* A broken file asks for nothing that cannot be had. */
static void
test_broken (void)
{
  g_autofree char *path = make_path ("broken.ini");
  g_autofree char *folder = g_path_get_dirname (path);
  PhoneWindowState state;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "[window]\nwidth=-4\nheight=99999999\ncompact=maybe\n", -1, NULL));
  phone_window_state_load (&state, path);
  g_assert_cmpint (state.width, ==, 0);
  g_assert_cmpint (state.height, ==, 0);
  g_assert_false (state.compact);

  g_assert_true (g_file_set_contents (path, "\x01\xff no key file", -1, NULL));
  g_test_expect_message ("deskset-ui", G_LOG_LEVEL_MESSAGE, "*not known*");
  phone_window_state_load (&state, path);
  g_test_assert_expected_messages ();
  g_assert_cmpint (state.width, ==, 0);
  remove_path (path);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/window-state/round-trip", test_round_trip);
  g_test_add_func ("/ui/window-state/nothing-known", test_nothing_known);
  g_test_add_func ("/ui/window-state/broken", test_broken);

  return g_test_run ();
}
