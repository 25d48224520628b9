/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "preferences.h"

/* Rows made from the settings table: they show what is in force, write through the one door, and say what is wrong. */

typedef struct {
  PhoneSettings     *settings;
  PhoneSettingAccess access;
  GString           *log;
} Fixture;

static gboolean
write_setting (const char *key,
               const char *value,
               gpointer user_data,
               GError **error)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->log, "%s=%s;", key, value);

  return phone_settings_set_by_key (fixture->settings, PHONE_LAYER_LOCAL, key, value, error);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->settings = phone_settings_new ();
  fixture->log = g_string_new (NULL);
  fixture->access = (PhoneSettingAccess) { fixture->settings, write_setting, fixture };
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_string_free (fixture->log, TRUE);
  g_assert_finalize_object (fixture->settings);
}

static GtkWidget *
find_widget (GtkWidget *widget,
             GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_named (GtkWidget *widget,
            const char *name)
{
  if (g_str_equal (gtk_widget_get_name (widget), name))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_named (child, name);

      if (found)
        return found;
    }

  return NULL;
}

static void
test_every_setting (Fixture *fixture,
                    gconstpointer data)
{
  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    {
      const PhoneSettingInfo *info = phone_setting_get_info (id);
      GtkWidget *row = g_object_ref_sink (phone_setting_row_new (&fixture->access, id, info->max_x > 0, info->max_y > 0));

      g_assert_true (ADW_IS_PREFERENCES_ROW (row));
      g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), !=, "");
      g_assert_finalize_object (row);
    }
  /* Looking changes nothing. */
  g_assert_cmpstr (fixture->log->str, ==, "");
}

static void
test_switch (Fixture *fixture,
             gconstpointer data)
{
  GtkWidget *row = g_object_ref_sink (phone_setting_row_new (&fixture->access, PHONE_SETTING_CALL_WAITING, 0, 0));
  GtkWidget *control = find_widget (row, GTK_TYPE_SWITCH);

  g_assert_true (gtk_switch_get_active (GTK_SWITCH (control)));
  gtk_switch_set_active (GTK_SWITCH (control), FALSE);
  g_assert_cmpstr (fixture->log->str, ==, "call_waiting.enable=0;");
  g_assert_false (phone_settings_get_bool (fixture->settings, PHONE_SETTING_CALL_WAITING, 0, 0));

  /* Changed by other hands: the row follows and writes nothing. */
  g_assert_true (phone_settings_set (fixture->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_CALL_WAITING, 0, 0, "1", NULL));
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (control)));
  g_assert_cmpstr (fixture->log->str, ==, "call_waiting.enable=0;");
  g_assert_finalize_object (row);
}

static void
test_choices (Fixture *fixture,
              gconstpointer data)
{
  const PhoneSettingInfo *info = phone_setting_get_info (PHONE_SETTING_KEY_AS_SEND);
  GtkWidget *row = g_object_ref_sink (phone_setting_row_new (&fixture->access, PHONE_SETTING_KEY_AS_SEND, 0, 0));
  g_autofree char *title = phone_setting_dup_title (info);
  g_autofree char *none = phone_setting_dup_choice (info, "0");
  g_autofree char *star = phone_setting_dup_choice (info, "2");

  g_assert_cmpstr (title, ==, "Key that dials");
  g_assert_cmpstr (none, ==, "none");
  g_assert_cmpstr (star, ==, "*");
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, title);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 1);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 2);
  g_assert_cmpint (phone_settings_get_int (fixture->settings, PHONE_SETTING_KEY_AS_SEND, 0, 0), ==, 2);
  g_assert_finalize_object (row);
}

static void
test_wrong_value (Fixture *fixture,
                  gconstpointer data)
{
  GtkWidget *row = g_object_ref_sink (phone_setting_row_new (&fixture->access, PHONE_SETTING_ACCOUNT_SERVER_PORT, 3, 1));
  const char *title;

  g_assert_true (ADW_IS_ENTRY_ROW (row));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "5060");
  gtk_editable_set_text (GTK_EDITABLE (row), "70000");
  g_signal_emit_by_name (row, "apply");
  g_assert_cmpstr (fixture->log->str, ==, "account.3.sip_server.1.port=70000;");
  g_assert_true (gtk_widget_has_css_class (row, "error"));
  title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
  g_assert_nonnull (strstr (title, "65535"));
  g_assert_cmpint (phone_settings_get_int (fixture->settings, PHONE_SETTING_ACCOUNT_SERVER_PORT, 3, 1), ==, 5060);

  /* The text stays to be mended; the reason goes with the first change. */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "70000");
  gtk_editable_set_text (GTK_EDITABLE (row), " 5070 ");
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_signal_emit_by_name (row, "apply");
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpint (phone_settings_get_int (fixture->settings, PHONE_SETTING_ACCOUNT_SERVER_PORT, 3, 1), ==, 5070);
  g_assert_finalize_object (row);
}

static void
test_device_list (Fixture *fixture,
                  gconstpointer data)
{
  static const char *const values[] = { "", "spk", "usb", NULL };
  static const char *const labels[] = { "Default", "Loudspeaker", "USB headset", NULL };
  GtkWidget *row;

  /* A device that is not plugged in now is kept. */
  g_assert_true (phone_settings_set (fixture->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_DEVICE_RINGER, 0, 0, "gone",
                                     NULL));
  row = g_object_ref_sink (phone_setting_row_new_choice (&fixture->access, PHONE_SETTING_DEVICE_RINGER, values, labels));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==, 4);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 3);
  g_assert_cmpstr (fixture->log->str, ==, "");
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 2);
  g_assert_cmpstr (phone_settings_get_string (fixture->settings, PHONE_SETTING_DEVICE_RINGER, 0, 0), ==, "usb");
  g_assert_finalize_object (row);
}

static void
test_window (Fixture *fixture,
             gconstpointer data)
{
  static const char *const sinks[] = { "spk\tLoudspeaker", "usb", NULL };
  g_autoptr (PhoneModel) model = phone_model_new_default ();
  GtkWidget *window;
  GtkWidget *expander;
  GtkWidget *row;

  g_assert_true (phone_settings_set (fixture->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_ACCOUNT_USER_NAME, 2, 0, "1002",
                                     NULL));
  window = g_object_ref (phone_preferences_new (fixture->settings, model, write_setting, fixture));
  phone_preferences_set_devices (PHONE_PREFERENCES (window), sinks, NULL);
  phone_preferences_set_devices (PHONE_PREFERENCES (window), sinks, sinks);
  g_assert_cmpstr (fixture->log->str, ==, "");

  /* An account's rows are there when it is opened. */
  expander = find_widget (window, ADW_TYPE_EXPANDER_ROW);
  g_assert_nonnull (expander);
  g_assert_null (find_named (window, "account.1.user_name"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
  row = find_named (window, "account.1.user_name");
  g_assert_true (ADW_IS_ENTRY_ROW (row));
  gtk_editable_set_text (GTK_EDITABLE (row), "it's me");
  g_signal_emit_by_name (row, "apply");
  g_assert_cmpstr (phone_settings_get_string (fixture->settings, PHONE_SETTING_ACCOUNT_USER_NAME, 1, 0), ==, "it's me");

  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (window);
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/ui/preferences/every-setting", test_every_setting);
  ADD ("/ui/preferences/switch", test_switch);
  ADD ("/ui/preferences/choices", test_choices);
  ADD ("/ui/preferences/wrong-value", test_wrong_value);
  ADD ("/ui/preferences/device-list", test_device_list);
  ADD ("/ui/preferences/window", test_window);

  return g_test_run ();
}
