/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "description.h"

/* What the phone says of itself to those who cannot see it. */

static PhoneDisplay *
make_call (const char *state,
           const char *duration)
{
  PhoneDisplay *display = phone_display_new ();
  PhoneDisplayCall *call = phone_display_add_call (display, 7);

  display->layout = PHONE_LAYOUT_CALL;
  phone_display_set_text (&display->page, "call");
  phone_display_set_text (&call->state, state);
  phone_display_set_text (&call->name, "Bob");
  phone_display_set_text (&call->number, "1002");
  phone_display_set_text (&call->duration, duration);

  return display;
}

static PhoneDisplay *
make_list (guint selected)
{
  static const char *const names[] = { "Status", "Basic", "Advanced" };
  PhoneDisplay *display = phone_display_new ();

  display->layout = PHONE_LAYOUT_LIST;
  phone_display_set_text (&display->page, "menu");
  phone_display_set_text (&display->title, "Main Menu");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    phone_display_add_row (display, names[i], i == 1 ? "on" : NULL)->selected = i == selected;

  return display;
}

static void
assert_change (PhoneDisplay *before,
               PhoneDisplay *now,
               const char *expected)
{
  g_autofree char *change = phone_describe_change (before, now);

  g_assert_cmpstr (change, ==, expected);
}

static void
test_key (void)
{
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  g_autofree char *silent = NULL;
  g_autofree char *soft = NULL;
  g_autofree char *line = NULL;
  g_autofree char *other = NULL;
  g_autofree char *dark = NULL;

  phone_display_set_text (&display->softkeys[1], "Answer");
  phone_display_add_line (display, "1001", PHONE_ICON_LINE_RINGING);
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_FAST);
  phone_display_set_lamp (display, PHONE_KEY_MUTE, PHONE_LAMP_RED, PHONE_BLINK_STEADY);

  silent = phone_describe_key (display, PHONE_KEY_OK, FALSE);
  g_assert_cmpstr (silent, ==, "");
  soft = phone_describe_key (display, PHONE_KEY_F2, FALSE);
  g_assert_cmpstr (soft, ==, "Answer");
  line = phone_describe_key (display, PHONE_KEY_L1, TRUE);
  g_assert_cmpstr (line, ==, "1001, ringing, green lamp blinking fast");
  other = phone_describe_key (display, PHONE_KEY_MUTE, TRUE);
  g_assert_cmpstr (other, ==, "red lamp");
  /* A line key the display says nothing of. */
  dark = phone_describe_key (display, PHONE_KEY_L1 + 5, TRUE);
  g_assert_cmpstr (dark, ==, "lamp off");
}

static void
test_change_of_call (void)
{
  g_autoptr (PhoneDisplay) ringing = make_call ("Ringing", "");
  g_autoptr (PhoneDisplay) talking = make_call ("Talking", "00:00");
  g_autoptr (PhoneDisplay) later = make_call ("Talking", "00:01");

  assert_change (NULL, ringing, "Ringing, Bob, 1002");
  assert_change (ringing, talking, "Talking, Bob, 1002");
  /* Nobody wants to hear each second. */
  assert_change (talking, later, NULL);
}

static void
test_change_of_list (void)
{
  g_autoptr (PhoneDisplay) idle = phone_display_new ();
  g_autoptr (PhoneDisplay) first = make_list (0);
  g_autoptr (PhoneDisplay) second = make_list (1);

  assert_change (idle, first, "Main Menu, Status");
  assert_change (first, second, "Basic, on");
  assert_change (second, second, NULL);
}

static void
test_typed (void)
{
  g_autoptr (PhoneDisplay) before = phone_display_new ();
  g_autoptr (PhoneDisplay) after = phone_display_new ();
  g_autoptr (PhoneDisplay) cleared = phone_display_new ();

  before->layout = after->layout = cleared->layout = PHONE_LAYOUT_DIAL;
  phone_display_set_text (&before->edit_text, "20");
  phone_display_set_text (&after->edit_text, "204");
  assert_change (before, after, "4");
  assert_change (after, before, "20");
  assert_change (after, cleared, NULL);
}

static void
test_popup_mute_and_volume (void)
{
  g_autoptr (PhoneDisplay) before = phone_display_new ();
  g_autoptr (PhoneDisplay) after = phone_display_new ();

  phone_display_set_text (&after->popup, "Not available");
  after->icons = PHONE_STATUS_MUTED | PHONE_STATUS_HANDSET;
  after->volume = 9;
  phone_display_set_text (&after->volume_label, "Handset");
  assert_change (before, after, "Not available, microphone muted, handset, Handset 9");
  assert_change (after, before, "microphone on");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/description/key", test_key);
  g_test_add_func ("/ui/description/call", test_change_of_call);
  g_test_add_func ("/ui/description/list", test_change_of_list);
  g_test_add_func ("/ui/description/typed", test_typed);
  g_test_add_func ("/ui/description/popup-mute-volume", test_popup_mute_and_volume);

  return g_test_run ();
}
