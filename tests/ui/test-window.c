/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-ports.h"
#include "lcd-view.h"
#include "notifier.h"
#include "window.h"

#include <glib/gstdio.h>

/* The window on a whole engine whose ports are fakes: hands on one side, commands to the ports on the other. */

#define DEADLINE_MS 5000

typedef struct {
  PhoneEventQueue *queue;
  PhoneSettings   *settings;
  FakePorts       *ports;
  PhoneEngine     *engine;
  PhoneSkin       *skin;
  GtkApplication  *app;
  PhoneWindow     *window;
  PhoneFace       *face;
  guint            n_quit;
} Fixture;

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_deadline, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_quit_requested (PhoneWindow *window,
                   Fixture *fixture)
{
  fixture->n_quit++;
}

static void
set_account (Fixture *fixture)
{
  static const char *const lines[][2] = { { "account.1.enable", "1" },
                                          { "account.1.user_name", "1001" },
                                          { "account.1.sip_server.1.address", "pbx.example" } };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_true (phone_settings_set_by_key (fixture->settings, PHONE_LAYER_PHONE, lines[i][0], lines[i][1], NULL));
}

static void
set_up (Fixture *fixture,
        gconstpointer application)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (g_getenv ("DESKSET_SKINS"), "t46g", NULL);

  fixture->skin = phone_skin_load (folder, &error);
  g_assert_no_error (error);
  fixture->queue = phone_event_queue_new ();
  fixture->settings = phone_settings_new ();
  set_account (fixture);
  fixture->ports = fake_ports_new (fixture->queue);
  fixture->ports->auto_media = TRUE;
  fixture->ports->auto_sip = TRUE;
  fixture->engine = phone_engine_new (fixture->queue, fixture->settings, phone_skin_get_model (fixture->skin),
                                      PHONE_SIGNALING (fixture->ports), PHONE_AUDIO (fixture->ports),
                                      PHONE_CLOCK (fixture->ports), PHONE_STORE (fixture->ports),
                                      PHONE_OUTBOX (fixture->ports));
  phone_engine_start (fixture->engine);
  phone_event_queue_post (fixture->queue, &(PhoneEvent) { .type = PHONE_EVENT_ACCOUNT, .account = 1,
                                                          .value = PHONE_ACCOUNT_REGISTERED });

  fixture->app = GTK_APPLICATION (application);
  fixture->window = g_object_ref (phone_window_new (fixture->app, fixture->engine, fixture->skin));
  fixture->face = phone_window_get_face (fixture->window);
  g_signal_connect (fixture->window, "quit-requested", G_CALLBACK (on_quit_requested), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  run_for (50);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  run_for (20);
  g_assert_finalize_object (fixture->window);
  g_assert_false (g_action_map_lookup_action (G_ACTION_MAP (fixture->app), "answer") != NULL);
  g_object_run_dispose (G_OBJECT (fixture->engine));
  g_clear_object (&fixture->engine);
  g_clear_object (&fixture->ports);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->queue);
  g_clear_object (&fixture->skin);
}

static gboolean
was_commanded (Fixture *fixture,
               const char *prefix)
{
  for (guint i = 0; i < fixture->ports->log->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (fixture->ports->log, i), prefix))
      return TRUE;

  return FALSE;
}

/* What has happened is shown once, when all of it is dealt with. */
static void
let_it_show (void)
{
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
}

static PhoneDisplay *
get_shown (Fixture *fixture)
{
  let_it_show ();
  return phone_face_get_display (fixture->face);
}

static void
assert_lcd (Fixture *fixture,
            const char *text)
{
  g_autofree char *lcd = NULL;

  let_it_show ();
  lcd = phone_lcd_view_dup_text (PHONE_LCD_VIEW (phone_face_get_lcd (fixture->face)));

  if (!strstr (lcd, text))
    g_error ("\"%s\" is not on the LCD:\n%s", text, lcd);
}

static void
click (Fixture *fixture,
       const char *keys)
{
  for (const char *c = keys; *c; c++)
    phone_face_click_key (fixture->face, phone_key_from_digit (*c));
}

static guint
ring (Fixture *fixture)
{
  guint call = phone_event_queue_new_call (fixture->queue);
  g_autoptr (PhoneMediaDesc) desc = fake_ports_make_desc ("", NULL);
  PhoneEvent event = { .type = PHONE_EVENT_INCOMING, .call = call, .desc = desc };

  event.number = (char *) "2003";
  event.name = (char *) "Robert";
  event.text = (char *) "1001";
  event.host = (char *) "10.0.0.2";
  phone_event_queue_post (fixture->queue, &event);

  return call;
}

static void
test_dial (Fixture *fixture,
           gconstpointer data)
{
  click (fixture, "200");
  phone_engine_type_text (fixture->engine, "1");
  assert_lcd (fixture, "2001");
  phone_face_click_key (fixture->face, PHONE_KEY_BACKSPACE);
  assert_lcd (fixture, "200");
  phone_face_click_key (fixture->face, PHONE_KEY_X);
  phone_engine_type_text (fixture->engine, "10.0.0.5");
  phone_face_click_key (fixture->face, PHONE_KEY_OK);
  g_assert_true (was_commanded (fixture, "sip.invite"));
}

static void
test_hook (Fixture *fixture,
           gconstpointer data)
{
  phone_face_toggle_hook (fixture->face);
  g_assert_true (phone_engine_get_display (fixture->engine)->off_hook);
  g_assert_true (get_shown (fixture)->off_hook);
  phone_face_toggle_hook (fixture->face);
  g_assert_false (phone_engine_get_display (fixture->engine)->off_hook);
}

static void
test_answer (Fixture *fixture,
             gconstpointer data)
{
  guint call = ring (fixture);

  assert_lcd (fixture, "Robert");
  assert_lcd (fixture, "Answer");
  /* A call that is not there is refused with a message, not with a crash. */
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "answer", g_variant_new_uint32 (call + 1000));
  g_assert_false (was_commanded (fixture, "sip.answer"));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "answer", g_variant_new_uint32 (call));
  g_assert_true (was_commanded (fixture, "sip.answer"));
}

static void
test_reject (Fixture *fixture,
             gconstpointer data)
{
  guint call = ring (fixture);

  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "reject", g_variant_new_uint32 (call));
  g_assert_true (was_commanded (fixture, "sip.reject"));
}

static void
test_soft_key (Fixture *fixture,
               gconstpointer data)
{
  ring (fixture);
  phone_face_click_key (fixture->face, PHONE_KEY_F1);
  g_assert_true (was_commanded (fixture, "sip.answer"));
}

static void
test_paste (Fixture *fixture,
            gconstpointer data)
{
  gboolean late = FALSE;
  guint id = g_timeout_add (DEADLINE_MS, on_deadline, &late);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), " (020) 30-40\nnot this");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.paste", NULL);
  while (!late && phone_engine_get_display (fixture->engine)->layout != PHONE_LAYOUT_DIAL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (id);
  assert_lcd (fixture, "0203040");
}

static void
test_compact (Fixture *fixture,
              gconstpointer data)
{
  int width, height, before_width, before_height;

  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &before_width, &before_height);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.compact", NULL);
  g_assert_cmpint (phone_face_get_view (fixture->face), ==, PHONE_FACE_COMPACT);
  run_for (150);
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (height, <, before_height);
  g_assert_cmpfloat (phone_face_get_lcd_scale (fixture->face), >=, 0.99);

  /* Back to the size the whole phone had. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.compact", NULL);
  g_assert_cmpint (phone_face_get_view (fixture->face), ==, PHONE_FACE_FULL);
  run_for (150);
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, before_width);
  g_assert_cmpint (height, ==, before_height);
}

static void
test_close (Fixture *fixture,
            gconstpointer data)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  run_for (50);
  g_assert_cmpuint (fixture->n_quit, ==, 1);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  /* Asked again while it is going: once is enough. */
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "quit", NULL);
  run_for (50);
  g_assert_cmpuint (fixture->n_quit, ==, 1);
}

static GtkWindow *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }

  return NULL;
}

static void
test_close_in_call (Fixture *fixture,
                    gconstpointer data)
{
  GtkWindow *dialog;

  ring (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  run_for (50);
  g_assert_cmpuint (fixture->n_quit, ==, 0);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  run_for (50);
  g_assert_cmpuint (fixture->n_quit, ==, 0);

  gtk_window_close (GTK_WINDOW (fixture->window));
  run_for (50);
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "leave");
  g_assert_cmpuint (fixture->n_quit, ==, 1);
}

static void
test_windows (Fixture *fixture,
              gconstpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "preferences", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "preferences", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "shortcuts", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->app), "about", NULL);
  run_for (100);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, 4);
}

/* --- desktop notifications, with a desktop of our own -------------------------------------------------------------- */

static const char desktop_xml[] =
  "<node><interface name='org.freedesktop.Notifications'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
  "</interface></node>";

typedef struct {
  GDBusConnection *connection;
  GString         *log;
  guint            last_id;
  char            *answer_action;   /* id of the first button */
} Desktop;

static void
on_desktop_called (GDBusConnection *connection,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *method,
                   GVariant *parameters,
                   GDBusMethodInvocation *invocation,
                   gpointer data)
{
  Desktop *desktop = data;

  if (g_str_equal (method, "Notify"))
    {
      const char *title, *body;
      g_autofree const char **actions = NULL;

      g_variant_get (parameters, "(&su&s&s&s^a&s@a{sv}i)", NULL, NULL, NULL, &title, &body, &actions, NULL, NULL);
      g_string_append_printf (desktop->log, "[%s|%s", title, body);
      for (guint i = 0; actions[i]; i += 2)
        if (!g_str_equal (actions[i], "default"))
          {
            g_string_append_printf (desktop->log, "|%s", actions[i + 1]);
            if (!desktop->answer_action)
              desktop->answer_action = g_strdup (actions[i]);
          }
      g_string_append_c (desktop->log, ']');
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", ++desktop->last_id));
    }
  else if (g_str_equal (method, "CloseNotification"))
    {
      g_string_append (desktop->log, "[closed]");
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    {
      const char *const capabilities[] = { "actions", "body", NULL };

      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(^as)", capabilities));
    }
}

static void
wait_for_log (Desktop *desktop,
              const char *expected)
{
  gboolean late = FALSE;
  guint id = g_timeout_add (DEADLINE_MS, on_deadline, &late);

  while (!g_str_equal (desktop->log->str, expected) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (desktop->log->str, ==, expected);
  g_source_remove (id);
  g_string_truncate (desktop->log, 0);
  /* The answer has to be back at GLib, or it does not know which notification to close. */
  run_for (50);
}

static void
desktop_start (Desktop *desktop)
{
  static const GDBusInterfaceVTable table = { on_desktop_called, NULL, NULL, { 0 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (desktop_xml, &error);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_autoptr (GVariant) reply = NULL;

  g_assert_no_error (error);
  desktop->log = g_string_new (NULL);
  /* A connection of its own: calls of the program really go over the bus. */
  desktop->connection = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL,
    &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (desktop->connection, "/org/freedesktop/Notifications", node->interfaces[0], &table,
                                     desktop, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (desktop->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.Notifications", 4), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, NULL, &error);
  g_assert_no_error (error);
}

static void
desktop_stop (Desktop *desktop)
{
  g_dbus_connection_close_sync (desktop->connection, NULL, NULL);
  g_clear_object (&desktop->connection);
  g_string_free (desktop->log, TRUE);
  g_free (desktop->answer_action);
}

static void
test_notifier (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  PhoneNotifier *notifier = phone_notifier_new (G_APPLICATION (fixture->app));
  PhoneNotice notice = { .kind = PHONE_NOTICE_CALL, .state = PHONE_CALL_INCOMING, .number = "2003", .name = "Robert",
                         .text = "" };
  Desktop desktop = { 0 };

  desktop_start (&desktop);

  /* One for a call, however often it is told of; Answer on it answers that call. */
  notice.call = ring (fixture);
  phone_notifier_handle (notifier, &notice);
  phone_notifier_handle (notifier, &notice);
  wait_for_log (&desktop, "[Incoming call|Robert (2003)|Answer|Reject]");
  g_dbus_connection_emit_signal (desktop.connection, NULL, "/org/freedesktop/Notifications",
                                 "org.freedesktop.Notifications", "ActionInvoked",
                                 g_variant_new ("(us)", desktop.last_id, desktop.answer_action), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 100 && !was_commanded (fixture, "sip.answer"); i++)
    run_for (20);
  g_assert_true (was_commanded (fixture, "sip.answer"));

  /* It rings no more. The desktop took the notification away when its button was pressed. */
  g_string_truncate (desktop.log, 0);
  notice.call += 100;
  phone_notifier_handle (notifier, &notice);
  wait_for_log (&desktop, "[Incoming call|Robert (2003)|Answer|Reject]");
  notice.state = PHONE_CALL_ENDED;
  phone_notifier_handle (notifier, &notice);
  wait_for_log (&desktop, "[closed]");

  notice = (PhoneNotice) { .kind = PHONE_NOTICE_MISSED, .number = "2003", .name = "2003" };
  phone_notifier_handle (notifier, &notice);
  wait_for_log (&desktop, "[Missed call|2003]");
  phone_notifier_handle (notifier, &notice);
  wait_for_log (&desktop, "[2 missed calls|2003]");
  notice = (PhoneNotice) { .kind = PHONE_NOTICE_ACCOUNT, .account = 1, .state = PHONE_ACCOUNT_FAILED, .text = "403" };
  phone_notifier_handle (notifier, &notice);
  wait_for_log (&desktop, "[Account 1 is not registered|403]");
  phone_notifier_clear (notifier);
  wait_for_log (&desktop, "[closed]");

  g_assert_finalize_object (notifier);
  desktop_stop (&desktop);
}

int
main (int argc,
      char **argv)
{
  g_autofree char *state = g_dir_make_tmp ("deskset-window-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AdwApplication) application = NULL;
  int result;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  gtk_test_init (&argc, &argv, NULL);
  /* One for all: it stands on the bus under its id. */
  application = adw_application_new ("org.deskset.Test", G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
#define ADD(path, function) g_test_add (path, Fixture, application, set_up, function, tear_down)
  ADD ("/ui/window/dial", test_dial);
  ADD ("/ui/window/hook", test_hook);
  ADD ("/ui/window/answer", test_answer);
  ADD ("/ui/window/reject", test_reject);
  ADD ("/ui/window/soft-key", test_soft_key);
  ADD ("/ui/window/paste", test_paste);
  ADD ("/ui/window/compact", test_compact);
  ADD ("/ui/window/windows", test_windows);
  ADD ("/ui/window/notifier", test_notifier);
  ADD ("/ui/window/close", test_close);
  ADD ("/ui/window/close-in-call", test_close_in_call);
  result = g_test_run ();

  {
    g_autofree char *folder = g_build_filename (state, "deskset", NULL);
    g_autofree char *file = g_build_filename (folder, "org.deskset.Test.ini", NULL);

    g_unlink (file);
    g_rmdir (folder);
    g_rmdir (state);
  }

  return result;
}
