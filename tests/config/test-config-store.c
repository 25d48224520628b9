/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-store.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config-file.h"

#define FIRST PHONE_CONFIG_FIRST_LINE "\n"

/* A store on an empty folder of its own; events are noted. */
typedef struct
{
  char *folder;
  PhoneEventQueue *queue;
  PhoneSettings *settings;
  PhoneStore *store;
  GString *events;
} Fixture;

static void
on_event (const PhoneEvent *event,
          gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->events, "%s:%s:%d ", phone_event_type_to_string (event->type),
                          event->text != NULL ? event->text : "", event->value);
}

static void
open_store (Fixture *fixture)
{
  fixture->queue = phone_event_queue_new ();
  fixture->settings = phone_settings_new ();
  fixture->store = phone_config_store_new (fixture->queue, fixture->settings, fixture->folder);
  phone_event_queue_set_handler (fixture->queue, on_event, NULL, fixture);
}

static void
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  phone_config_store_load (PHONE_CONFIG_STORE (fixture->store), &error);
  g_assert_no_error (error);
}

static void
close_store (Fixture *fixture)
{
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->settings);
  g_assert_finalize_object (fixture->queue);
}

/* As after a restart. */
static void
reopen (Fixture *fixture)
{
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  close_store (fixture);
  g_string_truncate (fixture->events, 0);
  open_store (fixture);
  load (fixture);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autofree char *parent = g_dir_make_tmp ("deskset-XXXXXX", NULL);

  fixture->folder = g_build_filename (parent, "profile", NULL);
  fixture->events = g_string_new (NULL);
  open_store (fixture);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_remove (path) != 0)
        remove_folder (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);

  close_store (fixture);
  remove_folder (parent);
  g_free (fixture->folder);
  g_string_free (fixture->events, TRUE);
}

static void
write_file (Fixture *fixture,
            const char *name,
            const char *content)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (fixture->folder, 0700);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static char *
read_file (Fixture *fixture,
           const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  char *content = NULL;

  g_file_get_contents (path, &content, NULL, NULL);
  return content;
}

static mode_t
mode_of (Fixture *fixture,
         const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_mode & 0777;
}

static guint
count_messages (Fixture *fixture)
{
  return g_strv_length ((char **) phone_config_store_get_messages (PHONE_CONFIG_STORE (fixture->store)));
}

#define get(fixture, id, x) phone_settings_get_string ((fixture)->settings, PHONE_SETTING_##id, x, 0)

static void
set_local (Fixture *fixture,
           const char *key,
           const char *value)
{
  g_autoptr (GError) error = NULL;

  phone_settings_set_by_key (fixture->settings, PHONE_LAYER_LOCAL, key, value, &error);
  g_assert_no_error (error);
}

static void
test_empty_folder (Fixture *fixture,
                   gconstpointer data)
{
  load (fixture);
  g_assert_cmpuint (count_messages (fixture), ==, 0);
  g_assert_cmpint (mode_of (fixture, "."), ==, 0700);
  g_assert_false (phone_config_store_is_waiting (PHONE_CONFIG_STORE (fixture->store)));
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  /* Nothing was changed, so nothing is written. */
  g_assert_null (read_file (fixture, "local.cfg"));
  g_assert_null (read_file (fixture, "secrets.cfg"));
}

static void
test_layers (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *extra = g_build_filename (fixture->folder, "extra.cfg", NULL);
  g_autoptr (GError) error = NULL;

  write_file (fixture, "common.cfg", FIRST "account.1.label = common\naccount.2.label = common\naccount.3.label = common\n"
                                           "account.4.label = common\n");
  write_file (fixture, "phone.cfg", FIRST "account.2.label = phone\naccount.3.label = phone\naccount.4.label = phone\n");
  write_file (fixture, "extra.cfg", FIRST "account.3.label = extra\naccount.4.label = extra\nbroken\n");
  write_file (fixture, "local.cfg", FIRST "account.4.label = local\n");
  load (fixture);
  g_assert_cmpuint (count_messages (fixture), ==, 0);
  g_assert_true (phone_config_store_load_file (PHONE_CONFIG_STORE (fixture->store), extra, PHONE_LAYER_PHONE, &error));
  g_assert_cmpstr (get (fixture, ACCOUNT_LABEL, 1), ==, "common");
  g_assert_cmpstr (get (fixture, ACCOUNT_LABEL, 2), ==, "phone");
  g_assert_cmpstr (get (fixture, ACCOUNT_LABEL, 3), ==, "extra");
  g_assert_cmpstr (get (fixture, ACCOUNT_LABEL, 4), ==, "local");
  g_assert_cmpuint (count_messages (fixture), ==, 1);
  g_assert_true (g_str_has_suffix (phone_config_store_get_messages (PHONE_CONFIG_STORE (fixture->store))[0],
                                   "extra.cfg:4:1: warning: there is no ‘=’; the line is left out"));
  g_assert_false (phone_config_store_load_file (PHONE_CONFIG_STORE (fixture->store), "/does/not/exist.cfg",
                                                PHONE_LAYER_PHONE, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_changes_survive_a_restart (Fixture *fixture,
                                gconstpointer data)
{
  g_autofree char *content = NULL;

  load (fixture);
  set_local (fixture, "account.1.label", " \"quoted\" ");
  set_local (fixture, "voice.ring_vol", "3");
  reopen (fixture);
  g_assert_cmpstr (get (fixture, ACCOUNT_LABEL, 1), ==, " \"quoted\" ");
  g_assert_cmpstr (get (fixture, VOLUME_RING, 0), ==, "3");
  content = read_file (fixture, "local.cfg");
  g_assert_true (g_str_has_prefix (content, PHONE_CONFIG_FIRST_LINE "\n"));
  g_assert_cmpint (mode_of (fixture, "local.cfg"), ==, 0600);

  set_local (fixture, "voice.ring_vol", NULL);
  reopen (fixture);
  g_assert_cmpstr (get (fixture, VOLUME_RING, 0), ==, "8");
}

static void
test_changes_are_saved_without_asking (Fixture *fixture,
                                       gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "local.cfg", NULL);
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  load (fixture);
  set_local (fixture, "voice.ring_vol", "3");
  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
test_lines_of_other_versions_are_kept (Fixture *fixture,
                                       gconstpointer data)
{
  g_autofree char *content = NULL;

  write_file (fixture, "local.cfg", FIRST "future.key = \" a # b \"\nfuture.empty =\naccount.99.enable = 1\n"
                                          "voice.ring_vol = 99\nvoice.handset.spk_vol = 5\n");
  load (fixture);
  set_local (fixture, "account.1.label", "x");
  reopen (fixture);
  content = read_file (fixture, "local.cfg");
  g_assert_nonnull (strstr (content, "\nfuture.key = \" a # b \"\n"));
  g_assert_nonnull (strstr (content, "\nfuture.empty =\n"));
  g_assert_nonnull (strstr (content, "\naccount.99.enable = 1\n"));
  g_assert_nonnull (strstr (content, "\nvoice.ring_vol = 99\n"));
  g_assert_nonnull (strstr (content, "\nvoice.handset.spk_vol = 5\n"));

  /* A proper value takes the place of what could not be used. */
  set_local (fixture, "voice.ring_vol", "9");
  reopen (fixture);
  g_free (content);
  content = read_file (fixture, "local.cfg");
  g_assert_nonnull (strstr (content, "\nvoice.ring_vol = 9\n"));
  g_assert_null (strstr (content, "99\n"));
  g_assert_nonnull (strstr (content, "\nfuture.key = \" a # b \"\n"));
}

static void
test_broken_local_file_is_not_lost (Fixture *fixture,
                                    gconstpointer data)
{
  static const char broken[] = FIRST "voice.ring_vol = 5\nno sign here\n";
  g_autofree char *copy = NULL;

  write_file (fixture, "local.cfg", broken);
  load (fixture);
  g_assert_cmpstr (get (fixture, VOLUME_RING, 0), ==, "5");
  g_assert_cmpuint (count_messages (fixture), ==, 1);
  g_assert_null (read_file (fixture, "local.cfg.broken"));
  set_local (fixture, "account.1.label", "x");
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  copy = read_file (fixture, "local.cfg.broken");
  g_assert_cmpstr (copy, ==, broken);
}

static void
test_passwords_are_in_a_file_of_their_own (Fixture *fixture,
                                           gconstpointer data)
{
  g_autofree char *local = NULL;
  g_autofree char *secrets = NULL;

  write_file (fixture, "phone.cfg", FIRST "account.2.password = given\n");
  load (fixture);
  set_local (fixture, "account.1.password", " s3cret# ");
  set_local (fixture, "account.1.label", "x");
  reopen (fixture);
  local = read_file (fixture, "local.cfg");
  secrets = read_file (fixture, "secrets.cfg");
  g_assert_null (strstr (local, "s3cret"));
  g_assert_null (strstr (local, "password"));
  g_assert_nonnull (strstr (secrets, "account.1.password = \" s3cret# \"\n"));
  /* What a file gave stays there. */
  g_assert_null (strstr (secrets, "given"));
  g_assert_cmpint (mode_of (fixture, "secrets.cfg"), ==, 0600);
  g_assert_cmpstr (get (fixture, ACCOUNT_PASSWORD, 1), ==, " s3cret# ");
  g_assert_cmpstr (get (fixture, ACCOUNT_PASSWORD, 2), ==, "given");

  set_local (fixture, "account.1.password", NULL);
  reopen (fixture);
  g_free (secrets);
  secrets = read_file (fixture, "secrets.cfg");
  g_assert_null (strstr (secrets, "s3cret"));
  g_assert_cmpstr (get (fixture, ACCOUNT_PASSWORD, 1), ==, "");
}

/* A password that cannot be read now is not written over. */
static void
test_broken_secrets_are_not_lost (Fixture *fixture,
                                  gconstpointer data)
{
  static const char strange[] = FIRST "account.1.password = one\naccount.77.password = later\n";
  g_autofree char *folder = g_build_filename (fixture->folder, "secrets.cfg", NULL);
  g_autofree char *copy = NULL;
  g_autofree char *now = NULL;

  write_file (fixture, "secrets.cfg", strange);
  load (fixture);
  set_local (fixture, "account.2.password", "two");
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  copy = read_file (fixture, "secrets.cfg.broken");
  g_assert_cmpstr (copy, ==, strange);
  now = read_file (fixture, "secrets.cfg");
  g_assert_nonnull (strstr (now, "account.1.password = one\n"));
  g_assert_nonnull (strstr (now, "account.2.password = two\n"));

  /* What cannot even be opened stays as it is. */
  g_assert_cmpint (g_unlink (folder), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  reopen (fixture);
  g_assert_cmpuint (count_messages (fixture), >, 0);
  set_local (fixture, "account.3.password", "three");
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Who is told that it is saved may switch the machine off. */
static void
test_asked_to_save_saves_at_once (Fixture *fixture,
                                  gconstpointer data)
{
  g_autofree char *local = g_build_filename (fixture->folder, "local.cfg", NULL);
  gint64 deadline_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  load (fixture);
  set_local (fixture, "voice.ring_vol", "3");
  phone_store_save_settings (fixture->store);
  /* The main loop does not run: nothing but the writer's thread can do it. */
  while (!g_file_test (local, G_FILE_TEST_EXISTS) && g_get_monotonic_time () < deadline_us)
    g_usleep (1000);
  g_assert_true (g_file_test (local, G_FILE_TEST_EXISTS));
}

static gboolean
on_deadline (gpointer data)
{
  g_error ("too late");
  return G_SOURCE_REMOVE;
}

static void
note_failed (const PhoneEvent *event,
             gpointer data)
{
  if (event->type == PHONE_EVENT_STORE_FAILED)
    ++*(guint *) data;
}

/* A folder that takes no files for a while: it is told once, and nothing is lost. */
static void
test_written_when_it_can_be (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *local = g_build_filename (fixture->folder, "local.cfg", NULL);
  g_autofree char *content = NULL;
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  guint deadline_id = g_timeout_add_seconds (30, on_deadline, NULL);
  guint n_failed = 0;

  load (fixture);
  phone_event_queue_set_handler (fixture->queue, note_failed, NULL, &n_failed);
  g_assert_cmpint (g_mkdir (local, 0700), ==, 0);
  set_local (fixture, "voice.ring_vol", "3");
  phone_store_save_settings (fixture->store);
  while (n_failed == 0)
    g_main_context_iteration (NULL, TRUE);
  set_local (fixture, "voice.handset.spk_vol", "4");
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (n_failed, ==, 1);

  /* Nothing has to change for it to be written after all. */
  g_assert_cmpint (g_rmdir (local), ==, 0);
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  content = read_file (fixture, "local.cfg");
  g_assert_nonnull (strstr (content, "\nvoice.ring_vol = 3\n"));
  g_assert_nonnull (strstr (content, "\nvoice.handset.spk_vol = 4\n"));
  phone_event_queue_set_handler (fixture->queue, NULL, NULL, NULL);
  g_source_remove (deadline_id);
  g_log_set_always_fatal (fatal);
}

static void
test_password_written_by_hand_moves (Fixture *fixture,
                                     gconstpointer data)
{
  g_autofree char *local = NULL;
  g_autofree char *secrets = NULL;

  write_file (fixture, "local.cfg", FIRST "account.1.password = byhand\naccount.1.label = x\n");
  load (fixture);
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  local = read_file (fixture, "local.cfg");
  secrets = read_file (fixture, "secrets.cfg");
  g_assert_null (strstr (local, "byhand"));
  g_assert_nonnull (strstr (local, "account.1.label = x\n"));
  g_assert_nonnull (strstr (secrets, "account.1.password = byhand\n"));
  reopen (fixture);
  g_assert_cmpstr (get (fixture, ACCOUNT_PASSWORD, 1), ==, "byhand");
}

static void
test_secrets_file_gives_passwords_only (Fixture *fixture,
                                        gconstpointer data)
{
  write_file (fixture, "secrets.cfg", FIRST "account.1.password = p\naccount.1.label = not here\n");
  load (fixture);
  g_assert_cmpstr (get (fixture, ACCOUNT_PASSWORD, 1), ==, "p");
  g_assert_cmpstr (get (fixture, ACCOUNT_LABEL, 1), ==, "");
}

static GPtrArray *
make_history (guint n)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", 1000 + i);
      PhoneHistoryEntry entry = { .kind = PHONE_HISTORY_MISSED, .number = number, .name = (char *) "", .time = 5000 - i };

      g_ptr_array_add (list, phone_history_entry_copy (&entry));
    }
  return list;
}

static void
test_history (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (GPtrArray) saved = make_history (120);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) loaded = NULL;

  load (fixture);
  none = phone_store_load_history (fixture->store);
  g_assert_cmpuint (none->len, ==, 0);
  phone_store_save_history (fixture->store, saved);
  loaded = phone_store_load_history (fixture->store);
  g_assert_cmpuint (loaded->len, ==, 100);
  g_assert_cmpstr (((PhoneHistoryEntry *) g_ptr_array_index (loaded, 0))->number, ==, "1000");
  g_assert_cmpint (mode_of (fixture, "calllog.json"), ==, 0600);
}

static void
test_broken_history_is_moved_aside (Fixture *fixture,
                                    gconstpointer data)
{
  g_autoptr (GPtrArray) saved = make_history (2);
  g_autoptr (GPtrArray) loaded = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *now = NULL;

  write_file (fixture, "calllog.json", "{ broken");
  load (fixture);
  loaded = phone_store_load_history (fixture->store);
  g_assert_cmpuint (loaded->len, ==, 0);
  g_assert_cmpuint (count_messages (fixture), ==, 2);
  phone_store_save_history (fixture->store, saved);
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  aside = read_file (fixture, "calllog.json.broken");
  g_assert_cmpstr (aside, ==, "{ broken");
  now = read_file (fixture, "calllog.json");
  g_assert_nonnull (strstr (now, "\"1001\""));
}

static void
test_history_with_broken_entries_is_copied (Fixture *fixture,
                                            gconstpointer data)
{
  static const char text[] = "{\"version\":1,\"entries\":[{\"kind\":\"missed\",\"number\":\"1\"},{\"kind\":\"?\"}]}";
  g_autoptr (GPtrArray) loaded = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *original = NULL;

  write_file (fixture, "calllog.json", text);
  load (fixture);
  loaded = phone_store_load_history (fixture->store);
  g_assert_cmpuint (loaded->len, ==, 1);
  copy = read_file (fixture, "calllog.json.broken");
  original = read_file (fixture, "calllog.json");
  g_assert_cmpstr (copy, ==, text);
  g_assert_cmpstr (original, ==, text);
}

static void
test_contacts (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GPtrArray) extra = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
  g_autoptr (GPtrArray) contacts = NULL;
  const PhoneContact *contact;

  write_file (fixture, "directory.xml",
              "<root_contact><contact display_name=\"Ann\" office_number=\"1001\"/></root_contact>");
  load (fixture);
  g_ptr_array_add (extra, phone_contact_new ("Echo", "echo", 1, "Practice"));
  phone_config_store_set_extra_contacts (PHONE_CONFIG_STORE (fixture->store), extra);
  g_assert_cmpstr (fixture->events->str, ==, "contacts-changed::0 ");
  contacts = phone_store_load_contacts (fixture->store);
  g_assert_cmpuint (contacts->len, ==, 2);
  contact = g_ptr_array_index (contacts, 0);
  g_assert_cmpstr (contact->name, ==, "Ann");
  contact = g_ptr_array_index (contacts, 1);
  g_assert_cmpstr (contact->group, ==, "Practice");
}

static void
test_leftovers_are_removed (Fixture *fixture,
                            gconstpointer data)
{
  write_file (fixture, ".deskset-abcdef.tmp", "half a file");
  write_file (fixture, "mine.tmp", "not ours");
  load (fixture);
  g_assert_null (read_file (fixture, ".deskset-abcdef.tmp"));
  g_autofree char *mine = read_file (fixture, "mine.tmp");
  g_assert_cmpstr (mine, ==, "not ours");
}

static void
test_folder_that_cannot_be (Fixture *fixture,
                            gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->folder, "a file", -1, NULL));
  g_assert_false (phone_config_store_load (PHONE_CONFIG_STORE (fixture->store), &error));
  g_assert_nonnull (error);
}

/* A phone that changes its settings and its passwords until it is killed. */
static void
change_until_killed (Fixture *fixture)
{
  load (fixture);
  for (guint i = 0;; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u", i);

      for (guint account = 1; account <= 16; account++)
        {
          phone_settings_set (fixture->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_ACCOUNT_LABEL, account, 0, value, NULL);
          phone_settings_set (fixture->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_ACCOUNT_PASSWORD, account, 0, value,
                              NULL);
        }
      phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
    }
}

/* All 16 values come from one save: no file is ever half new. */
static void
check_one_file (Fixture *fixture,
                const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (PhoneConfigFile) file = phone_config_file_load (path, NULL);

  if (file == NULL)
    return;
  g_assert_cmpuint (phone_diagnostics_get_n (phone_config_file_get_diagnostics (file)), ==, 0);
  g_assert_cmpuint (phone_config_file_get_n_entries (file), ==, 16);
  for (guint i = 1; i < 16; i++)
    g_assert_cmpstr (phone_config_file_get_entry (file, i)->value, ==, phone_config_file_get_entry (file, 0)->value);
}

static pid_t
start_changing (Fixture *fixture)
{
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      /* The thread of the parent's writer did not come along; a store of its own has one. */
      open_store (fixture);
      change_until_killed (fixture);
    }

  return child;
}

/* Microseconds from the start of such a phone to its first file: on a slow machine it is killed later, or nothing is seen. */
static gint32
measure_first_save (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "local.cfg", NULL);
  gint64 start = g_get_monotonic_time ();
  pid_t child = start_changing (fixture);

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_usleep (500);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  g_assert_cmpint (g_unlink (path), ==, 0);

  return (gint32) MIN (g_get_monotonic_time () - start, 10 * G_USEC_PER_SEC);
}

static void
test_killed_while_saving (Fixture *fixture,
                          gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gint32 first_save = measure_first_save (fixture);
  guint n_written = 0;

  for (guint i = 0; i < 60; i++)
    {
      int status;
      pid_t child = start_changing (fixture);

      g_usleep ((gulong) g_rand_int_range (random, first_save / 8, first_save * 2));
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      check_one_file (fixture, "local.cfg");
      check_one_file (fixture, "secrets.cfg");
      g_autofree char *local = read_file (fixture, "local.cfg");
      n_written += local != NULL;
    }
  g_assert_cmpuint (n_written, >, 0);
}

#define ADD(path, function) g_test_add ("/config-store/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DESKSET_SECRETS", "file", TRUE);
  ADD ("empty-folder", test_empty_folder);
  ADD ("layers", test_layers);
  ADD ("restart", test_changes_survive_a_restart);
  ADD ("without-asking", test_changes_are_saved_without_asking);
  ADD ("other-versions", test_lines_of_other_versions_are_kept);
  ADD ("broken-local", test_broken_local_file_is_not_lost);
  ADD ("passwords", test_passwords_are_in_a_file_of_their_own);
  ADD ("password-by-hand", test_password_written_by_hand_moves);
  ADD ("broken-secrets", test_broken_secrets_are_not_lost);
  ADD ("written-later", test_written_when_it_can_be);
  ADD ("saved-at-once", test_asked_to_save_saves_at_once);
  ADD ("secrets-only", test_secrets_file_gives_passwords_only);
  ADD ("history", test_history);
  ADD ("broken-history", test_broken_history_is_moved_aside);
  ADD ("broken-entries", test_history_with_broken_entries_is_copied);
  ADD ("contacts", test_contacts);
  ADD ("leftovers", test_leftovers_are_removed);
  ADD ("no-folder", test_folder_that_cannot_be);
  ADD ("killed", test_killed_while_saving);
  return g_test_run ();
}
