/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "practice.h"

#include <glib/gstdio.h>

/* A stand-in for the exchange, so that each of its manners can be had. It keeps what it was told in the file "users". */
#define HEAD "#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho \"$@\" > arguments\n: > users\n" \
             "while read -r line && [ -n \"$line\" ]; do echo \"$line\" >> users; done\n"
#define READY "echo '{\"ready\":true,\"address\":\"127.0.0.1\",\"port\":5999,\"extensions\":[{\"number\":\"600\",\"name\":\"Echo\"}," \
              "{\"number\":\"601\",\"name\":\"Music\"}]}'\n"
#define STAY "exec cat > /dev/null\n"

typedef struct {
  char          *folder;
  char          *program;
  PhoneSettings *settings;
  PhonePractice *practice;
  GMainLoop     *loop;
  GPtrArray     *contacts;
  guint          n_messages;
  guint          n_contacts;
} Fixture;

static void
on_contacts (PhonePractice *practice,
             GPtrArray     *contacts,
             Fixture       *f)
{
  g_clear_pointer (&f->contacts, g_ptr_array_unref);
  f->contacts = g_ptr_array_ref (contacts);
  f->n_contacts++;
  g_main_loop_quit (f->loop);
}

static void
on_message (PhonePractice *practice,
            const char    *text,
            Fixture       *f)
{
  g_assert_cmpstr (text, !=, "");
  f->n_messages++;
  g_main_loop_quit (f->loop);
}

static gboolean
on_deadline (gpointer user_data)
{
  g_error ("nothing happened");
  return G_SOURCE_REMOVE;
}

static void
run_until (Fixture *f,
           guint   *counter,
           guint    value)
{
  guint deadline = g_timeout_add_seconds (20, on_deadline, NULL);

  while (*counter < value)
    g_main_loop_run (f->loop);
  g_source_remove (deadline);
}

static void
write_program (Fixture    *f,
               const char *body)
{
  g_autofree char *text = g_strconcat (HEAD, body, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (f->program, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (f->program, 0700), ==, 0);
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  g_autoptr (PhoneModel) model = phone_model_new_default ();
  g_autofree char *path = NULL;

  f->folder = g_dir_make_tmp ("deskset-practice-XXXXXX", NULL);
  f->program = g_build_filename (f->folder, "deskset-exchange", NULL);
  path = g_strconcat (f->folder, ":/usr/bin:/bin", NULL);
  g_setenv ("PATH", path, TRUE);
  f->loop = g_main_loop_new (NULL, FALSE);
  f->settings = phone_settings_new ();
  f->practice = phone_practice_new (f->settings, model);
  g_signal_connect (f->practice, "contacts", G_CALLBACK (on_contacts), f);
  g_signal_connect (f->practice, "message", G_CALLBACK (on_message), f);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  static const char *const files[] = { "deskset-exchange", "users", "arguments" };

  g_assert_finalize_object (f->practice);
  g_assert_finalize_object (f->settings);
  g_clear_pointer (&f->contacts, g_ptr_array_unref);
  g_main_loop_unref (f->loop);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, files[i], NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->program);
}

static void
assert_setting (Fixture    *f,
                const char *key,
                const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = phone_settings_dup_by_key (f->settings, key, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (value, ==, expected);
}

static void
set_local (Fixture    *f,
           const char *key,
           const char *value)
{
  g_autoptr (GError) error = NULL;

  phone_settings_set_by_key (f->settings, PHONE_LAYER_LOCAL, key, value, &error);
  g_assert_no_error (error);
}

static char *
read_file (Fixture    *f,
           const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return g_strchomp (text);
}

static void
test_on_off (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *users = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *expected = NULL;

  write_program (f, READY STAY);
  set_local (f, "linekey.7.value", "42");
  phone_practice_set_enabled (f->practice, TRUE);
  phone_practice_set_enabled (f->practice, TRUE);
  run_until (f, &f->n_contacts, 1);

  g_assert_true (phone_practice_is_ready (f->practice));
  g_assert_cmpuint (f->contacts->len, ==, 2);
  g_assert_cmpstr (((PhoneContact *) g_ptr_array_index (f->contacts, 0))->number, ==, "600");
  g_assert_cmpstr (((PhoneContact *) g_ptr_array_index (f->contacts, 0))->group, ==, "Practice");
  assert_setting (f, "account.1.enable", "1");
  assert_setting (f, "account.1.sip_server.1.address", "127.0.0.1");
  assert_setting (f, "account.1.sip_server.1.port", "5999");
  assert_setting (f, "linekey.6.type", "13");
  assert_setting (f, "linekey.6.value", "600");
  /* Somebody's key is left alone, the next one is taken. */
  assert_setting (f, "linekey.7.value", "42");
  assert_setting (f, "linekey.7.type", "15");
  assert_setting (f, "linekey.8.value", "601");
  assert_setting (f, "linekey.9.type", "15");

  /* The password goes over the pipe, never on the command line. */
  users = read_file (f, "users");
  arguments = read_file (f, "arguments");
  expected = g_strconcat (phone_settings_get_string (f->settings, PHONE_SETTING_ACCOUNT_USER_NAME, 1, 0), " ",
                          phone_settings_get_string (f->settings, PHONE_SETTING_ACCOUNT_PASSWORD, 1, 0), NULL);
  g_assert_cmpstr (users, ==, expected);
  g_assert_null (strstr (arguments, phone_settings_get_string (f->settings, PHONE_SETTING_ACCOUNT_PASSWORD, 1, 0)));

  phone_practice_set_enabled (f->practice, FALSE);
  g_assert_cmpuint (f->contacts->len, ==, 0);
  g_assert_false (phone_practice_is_ready (f->practice));
  assert_setting (f, "account.1.enable", "0");
  assert_setting (f, "account.1.user_name", "");
  assert_setting (f, "linekey.6.type", "15");
  assert_setting (f, "linekey.6.value", "");
  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    g_assert_null (phone_settings_peek_layer (f->settings, PHONE_LAYER_COMMON, id,
                                              phone_setting_get_info (id)->max_x ? 1 : 0,
                                              phone_setting_get_info (id)->max_y ? 1 : 0));
  g_assert_cmpuint (f->n_messages, ==, 0);
}

/* Who sets up the account that practice uses gets it. */
static void
test_moves (Fixture      *f,
            gconstpointer data)
{
  write_program (f, READY STAY);
  set_local (f, "account.1.user_name", "1001");
  phone_practice_set_enabled (f->practice, TRUE);
  run_until (f, &f->n_contacts, 1);
  assert_setting (f, "account.1.enable", "0");
  assert_setting (f, "account.2.enable", "1");
  assert_setting (f, "linekey.6.line", "2");

  set_local (f, "account.2.label", "Mine");
  set_local (f, "account.2.sip_server.1.address", "pbx.example");
  run_until (f, &f->n_contacts, 3);
  assert_setting (f, "account.2.enable", "0");
  assert_setting (f, "account.2.user_name", "");
  assert_setting (f, "account.2.label", "Mine");
  assert_setting (f, "account.3.enable", "1");
  assert_setting (f, "linekey.6.line", "3");
}

/* An exchange that dies takes its account with it, is told of, and comes back. */
static void
test_dies (Fixture      *f,
           gconstpointer data)
{
  g_test_expect_message ("deskset-practice", G_LOG_LEVEL_WARNING, "*it ended*");
  write_program (f, READY "exit 1\n");
  phone_practice_set_enabled (f->practice, TRUE);
  run_until (f, &f->n_messages, 1);
  g_test_assert_expected_messages ();
  g_assert_false (phone_practice_is_ready (f->practice));
  assert_setting (f, "account.1.enable", "0");

  write_program (f, READY STAY);
  f->n_contacts = 0;
  run_until (f, &f->n_contacts, 1);
  g_assert_true (phone_practice_is_ready (f->practice));
  assert_setting (f, "account.1.enable", "1");
}

static void
test_nonsense (Fixture      *f,
               gconstpointer data)
{
  static const char *const lines[] = {
    "not json", "[]", "{}", "{\"ready\":false}", "{\"ready\":true,\"address\":\"127.0.0.1\",\"port\":0,\"extensions\":[]}",
    "{\"ready\":true,\"address\":\"example.com\",\"port\":5060,\"extensions\":[]}",
    "{\"ready\":true,\"address\":\"127.0.0.1\",\"port\":5060,\"extensions\":5}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *body = g_strconcat ("echo '", lines[i], "'\n" STAY, NULL);

      g_test_expect_message ("deskset-practice", G_LOG_LEVEL_WARNING, "*does not say where it is*");
      write_program (f, body);
      phone_practice_set_enabled (f->practice, TRUE);
      run_until (f, &f->n_messages, i + 1);
      g_test_assert_expected_messages ();
      phone_practice_set_enabled (f->practice, FALSE);
    }
}

static void
test_not_installed (Fixture      *f,
                    gconstpointer data)
{
  g_test_expect_message ("deskset-practice", G_LOG_LEVEL_WARNING, "*not installed*");
  phone_practice_set_enabled (f->practice, TRUE);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (f->n_messages, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/app/practice/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("on-off", test_on_off);
  ADD ("moves", test_moves);
  ADD ("dies", test_dies);
  ADD ("nonsense", test_nonsense);
  ADD ("not-installed", test_not_installed);

  return g_test_run ();
}
