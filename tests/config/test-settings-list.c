/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "settings-list.h"

#include <json-glib/json-glib.h>
#include <string.h>

static PhoneSettings *
make (void)
{
  PhoneSettings *settings = phone_settings_new ();

  g_assert_true (phone_settings_set_by_key (settings, PHONE_LAYER_PHONE, "account.2.label", "Two \"2\"", NULL));
  g_assert_true (phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, "account.2.password", "verysecret", NULL));
  g_assert_true (phone_settings_set_by_key (settings, PHONE_LAYER_COMMON, "account.1.sip_server.2.port", "5070", NULL));
  return settings;
}

static void
test_text (void)
{
  g_autoptr (PhoneSettings) settings = make ();
  g_autofree char *text = phone_settings_list_to_text (settings);

  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    g_assert_nonnull (strstr (text, phone_setting_get_info ((PhoneSettingId) id)->key));
  g_assert_nonnull (strstr (text, "account.2.label = Two \"2\"  (phone)\n"));
  g_assert_nonnull (strstr (text, "account.1.sip_server.2.port = 5070  (common)\n"));
  g_assert_nonnull (strstr (text, "account.2.password = ********  (local)\n"));
  g_assert_null (strstr (text, "verysecret"));
}

static JsonObject *
find (JsonArray *list,
      const char *key)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (list, i), "key"), key))
      return json_array_get_object_element (list, i);
  g_error ("no %s", key);
}

static void
test_json (void)
{
  g_autoptr (PhoneSettings) settings = make ();
  g_autofree char *text = phone_settings_list_to_json (settings);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *root;
  JsonArray *list;
  JsonObject *value;

  g_assert_null (strstr (text, "verysecret"));
  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpint (json_object_get_int_member (root, "version"), ==, 1);
  list = json_object_get_array_member (root, "settings");
  g_assert_cmpuint (json_array_get_length (list), ==, PHONE_N_SETTINGS);

  value = json_array_get_object_element (json_object_get_array_member (find (list, "account.X.label"), "values"), 0);
  g_assert_cmpstr (json_object_get_string_member (value, "key"), ==, "account.2.label");
  g_assert_cmpstr (json_object_get_string_member (value, "value"), ==, "Two \"2\"");
  g_assert_cmpstr (json_object_get_string_member (value, "layer"), ==, "phone");
  value = json_array_get_object_element (json_object_get_array_member (find (list, "account.X.password"), "values"), 0);
  g_assert_false (json_object_has_member (value, "value"));
  g_assert_cmpint (json_object_get_int_member (find (list, "account.X.sip_server.Y.port"), "max_y"), ==, 2);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings-list/text", test_text);
  g_test_add_func ("/settings-list/json", test_json);
  return g_test_run ();
}
