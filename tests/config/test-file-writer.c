/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "file-writer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

static char *
in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
empty_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = in_folder (name);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static GBytes *
text_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
assert_content (const char *path,
                const char *expected)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

static void
test_write (void)
{
  g_autofree char *path = in_folder ("a.cfg");
  g_autoptr (GBytes) one = text_bytes ("one");
  g_autoptr (GBytes) two = text_bytes ("two");
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (phone_file_write_atomically (path, one, &error));
  g_assert_no_error (error);
  assert_content (path, "one");
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (phone_file_write_atomically (path, two, &error));
  assert_content (path, "two");
  g_assert_cmpuint (count_files (), ==, 1);
  empty_folder ();
}

static void
test_failure_leaves_the_old_file (void)
{
  g_autofree char *path = in_folder ("missing/a.cfg");
  g_autofree char *sub = in_folder ("dir.cfg");
  g_autoptr (GBytes) one = text_bytes ("one");
  g_autoptr (GError) error = NULL;

  g_assert_false (phone_file_write_atomically (path, one, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  g_assert_false (phone_file_write_atomically (sub, one, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count_files (), ==, 1);
  g_assert_cmpint (g_rmdir (sub), ==, 0);
}

static void
test_symbolic_link_is_followed (void)
{
  g_autofree char *real = in_folder ("real.cfg");
  g_autofree char *link = in_folder ("link.cfg");
  g_autoptr (GBytes) one = text_bytes ("one");

  g_assert_true (g_file_set_contents (real, "old", -1, NULL));
  g_assert_cmpint (symlink (real, link), ==, 0);
  g_assert_true (phone_file_write_atomically (link, one, NULL));
  assert_content (real, "one");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  empty_folder ();
}

static void
test_newest_content_wins (void)
{
  g_autoptr (PhoneFileWriter) writer = phone_file_writer_new ();
  g_autofree char *path = in_folder ("a.cfg");
  g_autofree char *other = in_folder ("b.cfg");

  for (guint i = 0; i <= 500; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr (GBytes) content = text_bytes (text);

      phone_file_writer_write (writer, path, content);
      phone_file_writer_write (writer, other, content);
    }
  phone_file_writer_flush (writer);
  assert_content (path, "500");
  assert_content (other, "500");
  empty_folder ();
}

static void
test_what_waits_is_written_at_the_end (void)
{
  PhoneFileWriter *writer = phone_file_writer_new ();
  g_autofree char *path = in_folder ("a.cfg");
  g_autoptr (GBytes) content = text_bytes ("last");

  phone_file_writer_write (writer, path, content);
  g_assert_finalize_object (writer);
  assert_content (path, "last");
  empty_folder ();
}

static void
test_set_aside_never_overwrites (void)
{
  g_autofree char *path = in_folder ("a.json");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_true (g_file_set_contents (path, "one", -1, NULL));
  first = phone_file_set_aside (path, TRUE, NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (path, "two", -1, NULL));
  second = phone_file_set_aside (path, FALSE, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_content (first, "one");
  assert_content (second, "two");
  g_assert_null (phone_file_set_aside (path, TRUE, NULL));
  empty_folder ();
}

static void
test_read_is_bounded (void)
{
  g_autofree char *path = in_folder ("a.txt");
  g_autofree char *pipe = in_folder ("pipe");
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (GBytes) all = NULL;
  g_autoptr (GBytes) some = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  all = phone_file_read (path, G_MAXSIZE, NULL);
  some = phone_file_read (path, 70000, NULL);
  g_assert_cmpuint (g_bytes_get_size (all), ==, 100000);
  g_assert_cmpuint (g_bytes_get_size (some), ==, 70000);
  /* Nobody will ever write into it. */
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (phone_file_read (pipe, 10, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  empty_folder ();
}

/* Every content says itself whether it is complete: a number, that many lines, and the number again. */
static char *
make_content (guint number)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u\n", number);
  for (guint i = 0; i < number % 997; i++)
    g_string_append_printf (text, "account.1.label = %u line %u\n", number, i);
  g_string_append_printf (text, "%u\n", number);
  return g_string_free (text, FALSE);
}

static void
write_until_killed (const char *path,
                    guint start,
                    int report)
{
  for (guint number = start;; number++)
    {
      g_autofree char *text = make_content (number);
      g_autoptr (GBytes) content = text_bytes (text);

      if (!phone_file_write_atomically (path, content, NULL))
        _exit (1);
      /* From here on this content must never be lost again. */
      if (write (report, &number, sizeof number) != sizeof number)
        _exit (1);
    }
}

/* Forks a writer, kills it after @delay_us, checks the file. Returns: the number it holds. */
static guint
kill_once (const char *path,
           guint start,
           gulong delay_us)
{
  int report[2];
  guint last = start;
  guint number;
  pid_t child;
  int status;
  g_autofree char *content = NULL;
  g_autofree char *expected = NULL;

  g_assert_cmpint (pipe (report), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      close (report[0]);
      write_until_killed (path, start + 1, report[1]);
    }
  close (report[1]);
  /* Not a wait for something to happen: the moment of the kill is meant to be anywhere. */
  g_usleep (delay_us);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  while (read (report[0], &number, sizeof number) == sizeof number)
    last = number;
  close (report[0]);

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  number = (guint) g_ascii_strtoull (content, NULL, 10);
  /* The last one that was finished, or the next one that was nearly. */
  g_assert_true (number == last || number == last + 1);
  expected = make_content (number);
  g_assert_cmpstr (content, ==, expected);
  return number;
}

static void
test_killed_at_any_instant (void)
{
  g_autofree char *path = in_folder ("local.cfg");
  g_autofree char *text = make_content (0);
  g_autoptr (GRand) random = g_rand_new_with_seed (20240229);
  const guint n_kills = g_test_slow () ? 1000 : 150;
  guint number = 0;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  for (guint i = 0; i < n_kills; i++)
    number = kill_once (path, number, (gulong) g_rand_int_range (random, 0, 12000));
  g_test_message ("%u kills, %u contents written", n_kills, number);
  g_assert_cmpuint (number, >, 0);

  phone_file_remove_leftovers (folder);
  g_assert_cmpuint (count_files (), ==, 1);
  empty_folder ();
}

int
main (int argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("deskset-XXXXXX", NULL);
  g_test_add_func ("/file-writer/write", test_write);
  g_test_add_func ("/file-writer/failure", test_failure_leaves_the_old_file);
  g_test_add_func ("/file-writer/link", test_symbolic_link_is_followed);
  g_test_add_func ("/file-writer/newest", test_newest_content_wins);
  g_test_add_func ("/file-writer/at-the-end", test_what_waits_is_written_at_the_end);
  g_test_add_func ("/file-writer/set-aside", test_set_aside_never_overwrites);
  g_test_add_func ("/file-writer/read", test_read_is_bounded);
  g_test_add_func ("/file-writer/killed", test_killed_at_any_instant);
  result = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return result;
}
