/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-store.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* Passwords with a real Secret Service (GNOME Keyring on a bus of its own) and with one that never answers. */

typedef struct
{
  GSubprocess *keyring;
  GDBusConnection *deaf; /* owns the service's name and says nothing */
  char *folder;
  PhoneEventQueue *queue;
  PhoneSettings *settings;
  PhoneStore *store;
} Fixture;

static char *root;
/* Never let go: GLib would wait for libsecret to close its connection first, and it never does. */
static GTestDBus *bus;

static gboolean
on_second (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition or for 20 seconds, which fails. */
#define wait_until(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gint64 deadline_ = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                                  \
    guint tick_ = g_timeout_add (20, on_second, NULL);                                                                 \
    while (!(condition))                                                                                               \
      {                                                                                                                \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_);                                                       \
        g_main_context_iteration (NULL, TRUE);                                                                         \
      }                                                                                                                \
    g_source_remove (tick_);                                                                                           \
  }                                                                                                                    \
  G_STMT_END

static gboolean
name_has_owner (void)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = NULL;
  gboolean owned = FALSE;

  reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner",
                                       g_variant_new ("(s)", "org.freedesktop.secrets"), NULL, 0, 5000, NULL, NULL);
  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  return owned;
}

static void
start_keyring (Fixture *fixture)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                   | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *run = g_build_filename (root, "run", NULL);
  g_autofree char *data = g_build_filename (root, "data", NULL);
  g_autoptr (GError) error = NULL;
  GOutputStream *input;

  g_mkdir_with_parents (run, 0700);
  g_mkdir_with_parents (data, 0700);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", run, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data, TRUE);
  fixture->keyring = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                                  "--components=secrets", "--unlock", NULL);
  g_assert_no_error (error);
  input = g_subprocess_get_stdin_pipe (fixture->keyring);
  g_assert_true (g_output_stream_write_all (input, "keyring", 7, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (input, NULL, &error));
  wait_until (name_has_owner ());
}

static GDBusMessage *
on_message_ignored (GDBusConnection *connection,
                    GDBusMessage *message,
                    gboolean incoming,
                    gpointer user_data)
{
  /* Calls vanish; everything else, the answers of the bus, goes its way. */
  if (incoming && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    {
      g_object_unref (message);
      return NULL;
    }
  return message;
}

static void
start_deaf_service (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  fixture->deaf = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_add_filter (fixture->deaf, on_message_ignored, NULL, NULL);
  reply = g_dbus_connection_call_sync (fixture->deaf, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.secrets", 0), NULL, 0, 5000, NULL,
                                       &error);
  g_assert_no_error (error);
}

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->queue = phone_event_queue_new ();
  fixture->settings = phone_settings_new ();
  fixture->store = phone_config_store_new (fixture->queue, fixture->settings, fixture->folder);
  phone_config_store_load (PHONE_CONFIG_STORE (fixture->store), &error);
  g_assert_no_error (error);
}

static void
close_store (Fixture *fixture)
{
  phone_config_store_flush (PHONE_CONFIG_STORE (fixture->store));
  g_assert_finalize_object (fixture->store);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->queue);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  static guint n_folders = 0;

  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  fixture->folder = g_strdup_printf ("%s/profile-%u", root, n_folders++);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  if (fixture->keyring != NULL)
    {
      g_subprocess_force_exit (fixture->keyring);
      g_assert_true (g_subprocess_wait (fixture->keyring, NULL, NULL));
      g_object_unref (fixture->keyring);
    }
  if (fixture->deaf != NULL)
    g_dbus_connection_close_sync (fixture->deaf, NULL, NULL);
  g_clear_object (&fixture->deaf);
  g_test_dbus_stop (bus);
  g_free (fixture->folder);
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

static gboolean
file_holds (Fixture *fixture,
            const char *name,
            const char *text)
{
  g_autofree char *content = read_file (fixture, name);

  return content != NULL && strstr (content, text) != NULL;
}

/* Asks the service itself, by its own tool's means: the number of our items. */
static guint
count_items (const char *profile)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  GVariantBuilder attributes;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) unlocked = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_builder_init (&attributes, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&attributes, "{ss}", "profile", profile);
  reply = g_dbus_connection_call_sync (connection, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                                       "org.freedesktop.Secret.Service", "SearchItems",
                                       g_variant_new ("(a{ss})", &attributes), NULL, 0, 5000, NULL, &error);
  g_assert_no_error (error);
  unlocked = g_variant_get_child_value (reply, 0);
  return (guint) g_variant_n_children (unlocked);
}

static const char *
password (Fixture *fixture)
{
  return phone_settings_get_string (fixture->settings, PHONE_SETTING_ACCOUNT_PASSWORD, 1, 0);
}

static void
set_password (Fixture *fixture,
              const char *text)
{
  g_assert_true (phone_settings_set (fixture->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_ACCOUNT_PASSWORD, 1, 0, text,
                                     NULL));
}

static gboolean
is_waiting (Fixture *fixture)
{
  return phone_config_store_is_waiting (PHONE_CONFIG_STORE (fixture->store));
}

static void
test_service_keeps_the_password (Fixture *fixture)
{
  start_keyring (fixture);
  open_store (fixture);
  wait_until (!is_waiting (fixture));
  set_password (fixture, "kept by the service");
  wait_until (count_items (fixture->folder) == 1 && !is_waiting (fixture));
  close_store (fixture);
  g_assert_false (file_holds (fixture, "secrets.cfg", "service"));
  g_assert_false (file_holds (fixture, "local.cfg", "service"));

  open_store (fixture);
  g_assert_cmpstr (password (fixture), ==, "");
  wait_until (!is_waiting (fixture));
  g_assert_cmpstr (password (fixture), ==, "kept by the service");
  /* Another one, then none. */
  set_password (fixture, "another");
  set_password (fixture, NULL);
  wait_until (count_items (fixture->folder) == 0 && !is_waiting (fixture));
  close_store (fixture);
}

static void
test_file_moves_into_the_service (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "secrets.cfg", NULL);

  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "#!version:1.0.0.1\naccount.1.password = from the file\n", -1, NULL));
  start_keyring (fixture);
  open_store (fixture);
  g_assert_cmpstr (password (fixture), ==, "from the file");
  wait_until (!file_holds (fixture, "secrets.cfg", "from the file"));
  g_assert_cmpuint (count_items (fixture->folder), ==, 1);
  close_store (fixture);
}

static void
test_change_at_once_is_not_overwritten (Fixture *fixture)
{
  start_keyring (fixture);
  open_store (fixture);
  set_password (fixture, "old");
  wait_until (count_items (fixture->folder) == 1);
  close_store (fixture);

  open_store (fixture);
  /* Before the service answers. */
  set_password (fixture, "new");
  wait_until (!is_waiting (fixture));
  g_assert_cmpstr (password (fixture), ==, "new");
  close_store (fixture);
}

static void
test_no_service (Fixture *fixture)
{
  open_store (fixture);
  wait_until (!is_waiting (fixture));
  set_password (fixture, "nobody there");
  close_store (fixture);
  g_assert_true (file_holds (fixture, "secrets.cfg", "nobody there"));
}

static void
test_service_that_never_answers (Fixture *fixture)
{
  gint64 start;

  start_deaf_service (fixture);
  start = g_get_monotonic_time ();
  open_store (fixture);
  g_assert_true (is_waiting (fixture));
  set_password (fixture, "deaf");
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  close_store (fixture);
  /* Nothing of all this has waited for the service. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_assert_true (file_holds (fixture, "secrets.cfg", "deaf"));
}

static const struct
{
  const char *name;
  void (*run) (Fixture *fixture);
  gboolean needs_keyring;
} cases[] = {
  { "kept", test_service_keeps_the_password, TRUE },
  { "file-moves", test_file_moves_into_the_service, TRUE },
  { "change-at-once", test_change_at_once_is_not_overwritten, TRUE },
  { "no-service", test_no_service, FALSE },
  { "never-answers", test_service_that_never_answers, FALSE },
};

/* libsecret and GLib remember the bus, so each case has a process of its own. */
static void
run_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *keyring = g_find_program_in_path ("gnome-keyring-daemon");
  Fixture fixture = { 0 };

  if (cases[i].needs_keyring && keyring == NULL)
    {
      g_test_skip ("gnome-keyring-daemon is not installed");
      return;
    }
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  set_up (&fixture, NULL);
  cases[i].run (&fixture);
  tear_down (&fixture, NULL);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_remove (path);
    }
  g_rmdir (folder);
}

int
main (int argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("DESKSET_SECRETS");
  root = g_dir_make_tmp ("deskset-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/secrets/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), run_case);
    }
  result = g_test_run ();
  remove_folder (root);
  g_free (root);
  return result;
}
