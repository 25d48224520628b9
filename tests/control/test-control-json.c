/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "control-hub.h"
#include "control-json.h"
#include "engine.h"

#include <json-glib/json-glib.h>

static JsonNode *
parse (char *json)
{
  g_autofree char *text = json;
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_assert_nonnull (text);
  g_assert_null (strchr (text, '\n'));
  node = json_from_string (text, &error);
  g_assert_no_error (error);

  return node;
}

static void
test_display (void)
{
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  g_autoptr (JsonNode) node = NULL;
  PhoneDisplayCall *card;
  PhoneDisplayRow *row;
  JsonObject *object;

  phone_display_set_text (&display->page, "call");
  phone_display_set_text (&display->softkeys[1], "Hold");
  phone_display_set_text (&display->edit_text, "12");
  display->icons = PHONE_STATUS_MUTED | PHONE_STATUS_HD;
  display->volume = 7;
  row = phone_display_add_row (display, "a \"quoted\"\nrow", "on");
  row->selected = TRUE;
  card = phone_display_add_call (display, 3);
  phone_display_set_text (&card->name, "Bob");
  phone_display_add_line (display, "1001", PHONE_ICON_LINE_REGISTERED);
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_RED, PHONE_BLINK_SLOW);

  node = parse (phone_control_json_display (display, 42));
  object = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (object, "schema"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (object, "seq"), ==, 42);
  g_assert_cmpstr (json_object_get_string_member (object, "page"), ==, "call");
  g_assert_cmpint (json_object_get_int_member (object, "volume"), ==, 7);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "softkeys")), ==, PHONE_SOFT_KEYS);
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (object, "softkeys"), 1), ==, "Hold");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "icons")), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (object, "edit"), "text"), ==, "12");

  object = json_array_get_object_element (json_object_get_array_member (object, "rows"), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "text"), ==, "a \"quoted\"\nrow");
  g_assert_true (json_object_get_boolean_member (object, "selected"));

  object = json_node_get_object (node);
  object = json_array_get_object_element (json_object_get_array_member (object, "calls"), 0);
  g_assert_cmpint (json_object_get_int_member (object, "call"), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "Bob");

  object = json_node_get_object (node);
  object = json_array_get_object_element (json_object_get_array_member (object, "lamps"), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "key"), ==, "L1");
  g_assert_cmpstr (json_object_get_string_member (object, "colour"), ==, "red");
}

static void
test_lists (void)
{
  PhoneCallInfo call = { .call = 7, .account = 1, .origin = PHONE_CALL_INBOUND, .state = PHONE_CALL_TALKING,
                         .number = (char *) "1001", .name = (char *) "\xffx", .codec = (char *) "G722", .duration_s = 5 };
  PhoneAccountInfo account = { .account = 2, .state = PHONE_ACCOUNT_FAILED, .status = 403, .reason = (char *) "Forbidden",
                               .user_name = (char *) "1002", .server = (char *) "pbx" };
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  g_autoptr (GPtrArray) accounts = g_ptr_array_new ();
  g_autoptr (JsonNode) call_node = NULL;
  g_autoptr (JsonNode) account_node = NULL;
  JsonObject *object;

  g_ptr_array_add (calls, &call);
  g_ptr_array_add (accounts, &account);

  call_node = parse (phone_control_json_calls (calls, 1));
  object = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (call_node), "calls"), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "talking");
  g_assert_cmpstr (json_object_get_string_member (object, "origin"), ==, "incoming");
  g_assert_cmpint (json_object_get_int_member (object, "duration_s"), ==, 5);

  account_node = parse (phone_control_json_accounts (accounts, 1));
  object = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (account_node), "accounts"), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "failed");
  g_assert_cmpint (json_object_get_int_member (object, "status"), ==, 403);
  g_assert_cmpstr (json_object_get_string_member (object, "label"), ==, "");
}

static void
test_counts (void)
{
  const PhoneCounts counts = { .n_calls = 1, .n_dialogs = 2, .n_handles = 3, .n_streams = 4 };
  g_autoptr (JsonNode) node = parse (phone_control_json_counts (&counts, 9));
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpint (json_object_get_int_member (object, "seq"), ==, 9);
  g_assert_cmpint (json_object_get_int_member (object, "calls"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (object, "dialogs"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "handles"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (object, "streams"), ==, 4);
}

static void
test_events (void)
{
  PhoneControlHub *hub = phone_control_hub_new ();
  const PhoneNotice notice = { .kind = PHONE_NOTICE_CALL, .call = 1, .state = PHONE_CALL_RINGING, .number = "1001" };
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) wait = NULL;
  JsonObject *object;

  phone_outbox_notify (PHONE_OUTBOX (hub), &notice);
  phone_control_hub_add_display (hub, display);
  events = phone_control_hub_list_since (hub, 0, NULL);
  node = parse (phone_control_json_events (events));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 2);
  object = json_array_get_object_element (json_node_get_array (node), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, "call");
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "ringing");
  g_assert_cmpint (json_object_get_int_member (object, "seq"), ==, 1);
  g_assert_false (json_object_has_member (object, "text"));
  object = json_array_get_object_element (json_node_get_array (node), 1);
  g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, "display");

  wait = parse (phone_control_json_wait (TRUE, 2, 0, g_ptr_array_index (events, 0)));
  object = json_node_get_object (wait);
  g_assert_true (json_object_get_boolean_member (object, "met"));
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "event"), "seq"), ==, 1);
  g_assert_finalize_object (hub);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/json/display", test_display);
  g_test_add_func ("/control/json/lists", test_lists);
  g_test_add_func ("/control/json/counts", test_counts);
  g_test_add_func ("/control/json/events", test_events);

  return g_test_run ();
}
