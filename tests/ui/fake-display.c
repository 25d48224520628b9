/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-display.h"

static void
set_soft_keys (PhoneDisplay *display,
               const char *a,
               const char *b,
               const char *c,
               const char *d)
{
  phone_display_set_text (&display->softkeys[0], a);
  phone_display_set_text (&display->softkeys[1], b);
  phone_display_set_text (&display->softkeys[2], c);
  phone_display_set_text (&display->softkeys[3], d);
}

static PhoneDisplay *
make_base (PhoneLayout layout,
           const char *page)
{
  PhoneDisplay *display = phone_display_new ();

  display->layout = layout;
  display->backlight = TRUE;
  display->volume = -1;
  phone_display_set_text (&display->page, page);
  phone_display_set_text (&display->account, "Alice 1001");
  phone_display_set_text (&display->time, "14:05");
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *label = i == 0 ? g_strdup ("Alice 1001") : i == 1 ? g_strdup ("1002") : NULL;
      PhoneIcon icon = i == 0 ? PHONE_ICON_LINE_REGISTERED : i == 1 ? PHONE_ICON_LINE_FAILED : PHONE_ICON_NONE;

      phone_display_add_line (display, label, icon)->is_default = i == 0;
    }

  return display;
}

static PhoneDisplayCall *
add_call (PhoneDisplay *display,
          guint id,
          const char *state,
          const char *name,
          const char *number)
{
  PhoneDisplayCall *call = phone_display_add_call (display, id);

  phone_display_set_text (&call->state, state);
  phone_display_set_text (&call->name, name);
  phone_display_set_text (&call->number, number);
  phone_display_set_text (&call->account, "Alice 1001");
  call->position = id;
  call->focused = display->calls->len == 1;

  return call;
}

static PhoneDisplay *
make_idle (void)
{
  PhoneDisplay *display = make_base (PHONE_LAYOUT_IDLE, "idle");

  phone_display_set_text (&display->date, "Fri Nov 20");
  set_soft_keys (display, "History", "Directory", "DND", "Menu");

  return display;
}

static PhoneDisplay *
make_dialing (void)
{
  PhoneDisplay *display = make_base (PHONE_LAYOUT_DIAL, "dial");

  phone_display_set_text (&display->title, "Dial");
  phone_display_set_text (&display->edit_text, "2002");
  display->edit_cursor = 4;
  phone_display_set_text (&display->edit_mode, "123");
  phone_display_add_row (display, "Echo", "2002")->icon = PHONE_ICON_PLACED;
  phone_display_add_row (display, "Reception", "20021")->icon = PHONE_ICON_RECEIVED;
  set_soft_keys (display, "Send", "123", "Delete", "Cancel");
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_SPEAKER, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  display->icons = PHONE_STATUS_HANDS_FREE;

  return display;
}

static PhoneDisplay *
make_incoming (void)
{
  PhoneDisplay *display = make_base (PHONE_LAYOUT_CALL, "incoming");
  PhoneDisplayCall *call = add_call (display, 1, "Incoming call", "Robert Miller", "2003");

  call->incoming = TRUE;
  set_soft_keys (display, "Answer", "Forward", "Silence", "Reject");
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_FAST);
  phone_display_set_lamp (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_POWER);

  return display;
}

static PhoneDisplay *
make_talking (void)
{
  PhoneDisplay *display = make_base (PHONE_LAYOUT_CALL, "call");
  PhoneDisplayCall *call = add_call (display, 1, "Talking", "Robert Miller", "2003");

  phone_display_set_text (&call->duration, "00:42");
  call->wideband = TRUE;
  display->icons = PHONE_STATUS_HANDSET | PHONE_STATUS_HD | PHONE_STATUS_MUTED;
  display->off_hook = TRUE;
  set_soft_keys (display, "Transfer", "Hold", "Conference", "EndCall");
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_MUTE, PHONE_LAMP_RED, PHONE_BLINK_STEADY);

  return display;
}

static PhoneDisplay *
make_two_calls (void)
{
  PhoneDisplay *display = make_base (PHONE_LAYOUT_CALL, "call");
  PhoneDisplayCall *call = add_call (display, 1, "Talking", "Robert Miller", "2003");

  phone_display_set_text (&call->duration, "01:07");
  call = add_call (display, 2, "Hold", "Echo", "2001");
  phone_display_set_text (&call->duration, "04:31");
  call->held = TRUE;
  display->icons = PHONE_STATUS_HANDS_FREE;
  set_soft_keys (display, "Transfer", "Swap", "Conference", "EndCall");
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_L1 + 1, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW);
  phone_display_set_lamp (display, PHONE_KEY_SPEAKER, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);

  return display;
}

static PhoneDisplay *
make_menu (void)
{
  static const char *const names[] = { "Status", "Features", "Basic", "Advanced", "Directory", "History", "Messages" };
  PhoneDisplay *display = make_base (PHONE_LAYOUT_LIST, "menu");

  phone_display_set_text (&display->title, "Main Menu");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("%u. %s", i + 1, names[i]);

      phone_display_add_row (display, text, NULL)->selected = i == 1;
    }
  set_soft_keys (display, "Back", "", "", "Enter");

  return display;
}

static PhoneDisplay *
make_edit (void)
{
  PhoneDisplay *display = make_base (PHONE_LAYOUT_EDIT, "edit");
  PhoneDisplayRow *row;

  phone_display_set_text (&display->title, "Account 1");
  row = phone_display_add_row (display, "Label", "Alice");
  row->selected = TRUE;
  phone_display_add_row (display, "User name", "1001");
  phone_display_set_text (&display->edit_text, "Alice");
  phone_display_set_text (&display->edit_mode, "abc");
  display->edit_cursor = 5;
  set_soft_keys (display, "Back", "abc", "Delete", "Save");

  return display;
}

static const struct {
  const char *name;
  PhoneDisplay *(*make) (void);
} displays[] = {
  { "idle", make_idle },           { "dialing", make_dialing }, { "incoming", make_incoming },
  { "talking", make_talking },     { "two-calls", make_two_calls }, { "menu", make_menu },
  { "edit", make_edit },
};

const char *const *
fake_display_names (void)
{
  static const char *names[G_N_ELEMENTS (displays) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (displays); i++)
    names[i] = displays[i].name;

  return names;
}

PhoneDisplay *
fake_display_new (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (displays); i++)
    if (g_str_equal (displays[i].name, name))
      return displays[i].make ();

  return NULL;
}
