/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display.h"

/* Each call makes the same full display. */
static PhoneDisplay *
make (void)
{
  PhoneDisplay *display = phone_display_new ();
  PhoneDisplayCall *card;

  display->layout = PHONE_LAYOUT_CALL;
  phone_display_set_text (&display->page, "call");
  phone_display_set_text (&display->title, "Talking");
  phone_display_set_text (&display->time, "14:05");
  phone_display_add_row (display, "Status", "on")->selected = TRUE;
  phone_display_add_row (display, "Menu", NULL);
  card = phone_display_add_call (display, 7);
  phone_display_set_text (&card->state, "Talking");
  phone_display_set_text (&card->name, "Ann");
  phone_display_set_text (&card->number, "1001");
  phone_display_set_text (&card->duration, "00:07");
  card->focused = TRUE;
  phone_display_add_line (display, "1000", PHONE_ICON_LINE_TALKING);
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_POWER);
  phone_display_set_text (&display->softkeys[0], "Transfer");
  phone_display_set_text (&display->popup, "Muted");
  return display;
}

static PhoneDisplayCall *
first_card (PhoneDisplay *display)
{
  return g_ptr_array_index (display->calls, 0);
}

/* One change in each member must be seen. */
static void
change (PhoneDisplay *display,
        guint which)
{
  char **texts[] = { &display->page,      &display->account,   &display->title,     &display->time,
                     &display->date,      &display->notice,    &display->edit_text, &display->edit_mode,
                     &display->edit_hint, &display->popup,     &display->volume_label, &display->softkeys[3],
                     &first_card (display)->state, &first_card (display)->name, &first_card (display)->number,
                     &first_card (display)->duration, &first_card (display)->account };
  gboolean *flags[] = { &display->off_hook, &display->backlight, &first_card (display)->focused,
                        &first_card (display)->incoming, &first_card (display)->held, &first_card (display)->far_held,
                        &first_card (display)->wideband, &first_card (display)->failed };

  if (which < G_N_ELEMENTS (texts))
    {
      phone_display_set_text (texts[which], "changed");
      return;
    }
  which -= G_N_ELEMENTS (texts);
  if (which < G_N_ELEMENTS (flags))
    {
      *flags[which] = !*flags[which];
      return;
    }
  which -= G_N_ELEMENTS (flags);
  switch (which)
    {
    case 0: display->layout = PHONE_LAYOUT_LIST; break;
    case 1: display->icons = PHONE_STATUS_HD; break;
    case 2: display->edit_cursor = 1; break;
    case 3: display->volume = 5; break;
    case 4: display->first_row = 1; break;
    case 5: phone_display_set_text (&((PhoneDisplayRow *) g_ptr_array_index (display->rows, 0))->text, "x"); break;
    case 6: ((PhoneDisplayRow *) g_ptr_array_index (display->rows, 0))->icon = PHONE_ICON_MISSED; break;
    case 7: ((PhoneDisplayLine *) g_ptr_array_index (display->lines, 0))->is_default = TRUE; break;
    case 8: phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_RED, PHONE_BLINK_STEADY); break;
    case 9: phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW); break;
    case 10: phone_display_set_lamp (display, PHONE_KEY_MSG, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW); break;
    case 11: phone_display_add_line (display, "", PHONE_ICON_NONE); break;
    case 12: phone_display_add_call (display, 8); break;
    case 13: first_card (display)->call = 9; break;
    case 14: first_card (display)->position = 2; break;
    case 15: phone_display_add_row (display, "", ""); break;
    default: g_assert_not_reached ();
    }
}
#define N_CHANGES (17 + 8 + 16)

static void
test_equal_sees_each_member (void)
{
  g_autoptr (PhoneDisplay) reference = make ();

  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autoptr (PhoneDisplay) other = make ();

      g_assert_true (phone_display_equal (reference, other));
      change (other, i);
      if (phone_display_equal (reference, other))
        g_error ("change %u is not seen", i);
    }
}

/* The lists that show the same are one, whoever of the two goes first; what differs stays its own. */
static void
test_share (void)
{
  PhoneDisplay *earlier = make ();
  PhoneDisplay *later = make ();
  g_autoptr (PhoneDisplay) reference = make ();

  phone_display_set_lamp (later, PHONE_KEY_MSG, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW);
  phone_display_set_lamp (reference, PHONE_KEY_MSG, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW);
  phone_display_share (later, earlier);
  g_assert_true (later->rows == earlier->rows);
  g_assert_true (later->lines == earlier->lines);
  g_assert_true (later->lamps != earlier->lamps);
  g_assert_true (phone_display_equal (later, reference));
  phone_display_unref (earlier);
  g_assert_true (phone_display_equal (later, reference));
  phone_display_unref (later);
}

static void
test_lamps_are_set_once (void)
{
  g_autoptr (PhoneDisplay) a = phone_display_new ();
  g_autoptr (PhoneDisplay) b = phone_display_new ();

  phone_display_set_lamp (a, PHONE_KEY_L1, PHONE_LAMP_RED, PHONE_BLINK_FAST);
  phone_display_set_lamp (a, PHONE_KEY_MSG, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (a, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (b, PHONE_KEY_MSG, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (b, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  g_assert_cmpuint (a->lamps->len, ==, 2);
  g_assert_cmpint (phone_display_get_lamp (a, PHONE_KEY_L1)->colour, ==, PHONE_LAMP_GREEN);
  g_assert_null (phone_display_get_lamp (a, PHONE_KEY_L1 + 1));
  /* The order of setting does not count. */
  g_assert_true (phone_display_equal (a, b));
}

static void
assert_rows (PhoneDisplay *display,
             const char *expected)
{
  g_auto (GStrv) rows = phone_display_dup_text (display);
  g_autofree char *text = g_strjoinv ("|", rows);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  g_autoptr (PhoneDisplay) display = make ();
  g_autoptr (PhoneDisplay) idle = phone_display_new ();
  g_autoptr (PhoneDisplay) dial = phone_display_new ();
  PhoneDisplayCall *second;

  assert_rows (display, "Talking 14:05|> Status on|Menu|Talking 00:07|Ann|1001|Muted");
  second = phone_display_add_call (display, 8);
  phone_display_set_text (&second->state, "Hold");
  phone_display_set_text (&second->name, "1002");
  phone_display_set_text (&second->number, "1002");
  assert_rows (display, "Talking 14:05|> Status on|Menu|> 1/2 Talking 00:07|Ann|1001|2/2 Hold|1002|Muted");

  phone_display_set_text (&idle->account, "No Service");
  phone_display_set_text (&idle->time, "2:05 PM");
  phone_display_set_text (&idle->date, "Fri Nov 20");
  phone_display_set_text (&idle->notice, "2 New Missed Call(s)");
  idle->volume = 9;
  phone_display_set_text (&idle->volume_label, "Ringer");
  assert_rows (idle, "No Service 2:05 PM|Fri Nov 20|2 New Missed Call(s)|Ringer 9/15");

  dial->layout = PHONE_LAYOUT_DIAL;
  phone_display_set_text (&dial->edit_hint, "Number");
  assert_rows (dial, "Number");
  phone_display_set_text (&dial->edit_text, "100");
  assert_rows (dial, "100");
}

static void
test_texts_are_never_null_or_broken (void)
{
  g_autoptr (PhoneDisplay) display = phone_display_new ();

  phone_display_set_text (&display->title, "\xff" "a");
  g_assert_true (g_utf8_validate (display->title, -1, NULL));
  phone_display_set_text (&display->title, display->title);
  g_assert_true (g_str_has_suffix (display->title, "a"));
  phone_display_set_text (&display->title, NULL);
  g_assert_cmpstr (display->title, ==, "");
}

static void
test_names (void)
{
  for (guint icon = 0; icon < PHONE_N_ICONS; icon++)
    g_assert_nonnull (phone_icon_to_string ((PhoneIcon) icon));
  for (guint bit = 0; bit <= 12; bit++)
    g_assert_cmpstr (phone_status_icon_to_string ((PhoneStatusIcons) (1u << bit)), !=, "?");
  g_assert_cmpstr (phone_layout_to_string (PHONE_LAYOUT_MESSAGE), ==, "message");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/display/equal", test_equal_sees_each_member);
  g_test_add_func ("/display/share", test_share);
  g_test_add_func ("/display/lamps", test_lamps_are_set_once);
  g_test_add_func ("/display/text", test_text);
  g_test_add_func ("/display/broken-text", test_texts_are_never_null_or_broken);
  g_test_add_func ("/display/names", test_names);
  return g_test_run ();
}
