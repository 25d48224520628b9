/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sample-displays.h"

static PhoneDisplay *
begin (PhoneLayout layout, const char *page, const char *title, const char *softkeys)
{
  PhoneDisplay *display = phone_display_new ();
  g_auto (GStrv) labels = g_strsplit (softkeys, "|", PHONE_SOFT_KEYS);

  display->layout = layout;
  display->backlight = TRUE;
  display->volume = -1;
  phone_display_set_text (&display->page, page);
  phone_display_set_text (&display->title, title);
  phone_display_set_text (&display->account, "Alice 1001");
  phone_display_set_text (&display->time, "14:05");
  for (guint i = 0; labels[i] != NULL; i++)
    phone_display_set_text (&display->softkeys[i], labels[i]);
  return display;
}

static void
add_lines (PhoneDisplay *display, PhoneIcon first, PhoneIcon second)
{
  static const struct
  {
    const char *label;
    PhoneIcon icon;
  } lines[] = {
    { "Alice 1001", PHONE_ICON_LINE_REGISTERED },
    { "Alice 1001", PHONE_ICON_LINE_REGISTERED },
    { "Front Office", PHONE_ICON_LINE_REGISTERING },
    { "Old trunk", PHONE_ICON_LINE_FAILED },
    { "", PHONE_ICON_NONE },
    { "Reception desk second floor", PHONE_ICON_SPEED_DIAL },
    { "Bob", PHONE_ICON_SPEED_DIAL },
    { "Page all", PHONE_ICON_FEATURE },
    { "", PHONE_ICON_NONE },
    { "Spare", PHONE_ICON_LINE_OFF },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    phone_display_add_line (display, lines[i].label,
                            i == 0   ? first
                            : i == 1 ? second
                                     : lines[i].icon)
        ->is_default
        = i == 0;
}

static PhoneDisplayCall *
add_call (
    PhoneDisplay *display, guint id, const char *name, const char *number, const char *state, const char *duration)
{
  PhoneDisplayCall *call = phone_display_add_call (display, id);

  phone_display_set_text (&call->name, name);
  phone_display_set_text (&call->number, number);
  phone_display_set_text (&call->state, state);
  phone_display_set_text (&call->duration, duration);
  phone_display_set_text (&call->account, "Alice 1001");
  call->position = display->calls->len;
  return call;
}

static PhoneDisplay *
make_idle (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_IDLE, "idle", "", "History|Directory|DND|Menu");

  phone_display_set_text (&display->date, "Fri, Nov 20 2026");
  add_lines (display, PHONE_ICON_LINE_REGISTERED, PHONE_ICON_LINE_REGISTERED);
  return display;
}

static PhoneDisplay *
make_idle_plain (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_IDLE, "idle", "", "History|Directory|DND|Menu");

  phone_display_set_text (&display->date, "Fri, Nov 20 2026");
  phone_display_set_text (&display->time, "10:05 PM");
  phone_display_add_line (display, "Alice", PHONE_ICON_LINE_REGISTERED)->is_default = TRUE;
  return display;
}

static PhoneDisplay *
make_idle_missed (void)
{
  PhoneDisplay *display = make_idle ();
  PhoneDisplayRow *row;

  row = phone_display_add_row (display, "2 New Missed Call(s)", "");
  row->icon = PHONE_ICON_MISSED;
  row->selected = TRUE;
  phone_display_add_row (display, "1 New Voice Mail(s)", "")->icon = PHONE_ICON_CONTACT;
  display->icons = PHONE_STATUS_MISSED | PHONE_STATUS_VOICE_MAIL;
  phone_display_set_lamp (display, PHONE_KEY_MSG, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_STEADY);
  return display;
}

static PhoneDisplay *
make_idle_notice (void)
{
  PhoneDisplay *display = make_idle ();

  phone_display_set_text (&display->notice, "2 New Missed Call(s)");
  display->icons = PHONE_STATUS_MISSED | PHONE_STATUS_DND | PHONE_STATUS_FORWARD | PHONE_STATUS_VOICE_MAIL
                   | PHONE_STATUS_SILENT | PHONE_STATUS_AUTO_ANSWER | PHONE_STATUS_LOCKED | PHONE_STATUS_NO_NETWORK;
  return display;
}

static PhoneDisplay *
make_dark (void)
{
  PhoneDisplay *display = make_idle ();

  display->backlight = FALSE;
  return display;
}

static PhoneDisplay *
make_dial (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_DIAL, "dial", "Dial", "Send|IME|Delete|Cancel");
  PhoneDisplayRow *row;

  add_lines (display, PHONE_ICON_LINE_CALLING, PHONE_ICON_LINE_REGISTERED);
  phone_display_set_text (&display->edit_text, "01632960");
  display->edit_cursor = 8;
  phone_display_set_text (&display->edit_mode, "123");
  row = phone_display_add_row (display, "Grace Hopper", "01632 960 011");
  row->icon = PHONE_ICON_PLACED;
  phone_display_add_row (display, "Katherine Johnson", "01632 960 204")->icon = PHONE_ICON_RECEIVED;
  phone_display_add_row (display, "01632 960 777", "")->icon = PHONE_ICON_MISSED;
  phone_display_add_row (display, "Emmy Noether", "01632 960 918")->icon = PHONE_ICON_CONTACT;
  row->selected = TRUE;
  display->icons = PHONE_STATUS_HANDSET;
  display->off_hook = TRUE;
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  return display;
}

static PhoneDisplay *
make_dial_empty (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_DIAL, "dial", "Dial", "Directory|Line||Cancel");

  phone_display_add_line (display, "Alice", PHONE_ICON_LINE_CALLING);
  phone_display_set_text (&display->edit_hint, "Enter a number");
  phone_display_set_text (&display->edit_mode, "123");
  display->icons = PHONE_STATUS_HANDS_FREE;
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  return display;
}

static PhoneDisplay *
make_calling (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "calling", "Calling", "|||End Call");
  PhoneDisplayCall *call = add_call (display, 1, "Echo", "600", "Ringing", "");

  add_lines (display, PHONE_ICON_LINE_CALLING, PHONE_ICON_LINE_REGISTERED);
  call->focused = TRUE;
  display->icons = PHONE_STATUS_HANDS_FREE;
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  return display;
}

static PhoneDisplay *
make_incoming (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "incoming", "Incoming call", "Answer|Forward|Silence|Reject");
  PhoneDisplayCall *call = add_call (display, 1, "Grace Hopper", "01632 960 011", "Incoming call", "");

  add_lines (display, PHONE_ICON_LINE_RINGING, PHONE_ICON_LINE_REGISTERED);
  call->focused = TRUE;
  call->incoming = TRUE;
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_FAST);
  phone_display_set_lamp (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_POWER);
  return display;
}

static PhoneDisplay *
make_talking (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "talking", "Talking", "Transfer|Hold|Conference|End Call");
  PhoneDisplayCall *call = add_call (display, 1, "Grace Hopper", "01632 960 011", "Talking", "00:07");

  add_lines (display, PHONE_ICON_LINE_TALKING, PHONE_ICON_LINE_REGISTERED);
  call->focused = TRUE;
  call->wideband = TRUE;
  display->off_hook = TRUE;
  display->icons = PHONE_STATUS_HANDSET | PHONE_STATUS_HD;
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  return display;
}

static PhoneDisplay *
make_two_calls (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "call", "Talking", "Transfer|Swap|Conference|End Call");
  PhoneDisplayCall *call;

  add_lines (display, PHONE_ICON_LINE_TALKING, PHONE_ICON_LINE_HELD);
  call = add_call (display, 1, "Grace Hopper", "01632 960 011", "Talking", "01:12:07");
  call->focused = TRUE;
  call = add_call (display, 2, "Katherine Johnson", "01632 960 204", "Hold", "00:41");
  call->held = TRUE;
  display->icons = PHONE_STATUS_HEADSET | PHONE_STATUS_MUTED;
  phone_display_set_lamp (display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_L1 + 1, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW);
  phone_display_set_lamp (display, PHONE_KEY_HEADSET, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
  phone_display_set_lamp (display, PHONE_KEY_MUTE, PHONE_LAMP_RED, PHONE_BLINK_STEADY);
  return display;
}

static PhoneDisplay *
make_many_calls (void)
{
  PhoneDisplay *display = make_two_calls ();
  PhoneDisplayCall *call;

  ((PhoneDisplayCall *)g_ptr_array_index (display->calls, 0))->focused = FALSE;
  call = add_call (display, 3, "", "01632 960 500", "Incoming call", "");
  call->incoming = TRUE;
  call->focused = TRUE;
  add_call (display, 4, "Emmy Noether", "204", "Hold", "00:12")->held = TRUE;
  phone_display_set_lamp (display, PHONE_KEY_L1 + 2, PHONE_LAMP_GREEN, PHONE_BLINK_FAST);
  return display;
}

static PhoneDisplay *
make_failed (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "failed", "Call failed", "New Call|||Back");
  PhoneDisplayCall *call = add_call (display, 1, "Busy robot", "602", "Busy here!", "");

  phone_display_add_line (display, "Alice", PHONE_ICON_LINE_REGISTERED)->is_default = TRUE;
  call->focused = TRUE;
  call->failed = TRUE;
  return display;
}

static PhoneDisplay *
make_menu (void)
{
  static const char *const items[]
      = { "1. Status", "2. Features", "3. Directory", "4. History", "5. Message", "6. Settings" };
  PhoneDisplay *display = begin (PHONE_LAYOUT_LIST, "menu", "Menu", "Back|||Enter");

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    phone_display_add_row (display, items[i], "")->selected = i == 1;
  return display;
}

static PhoneDisplay *
make_history (void)
{
  static const PhoneIcon icons[] = { PHONE_ICON_PLACED, PHONE_ICON_RECEIVED, PHONE_ICON_MISSED, PHONE_ICON_FORWARDED };
  PhoneDisplay *display = begin (PHONE_LAYOUT_LIST, "history", "All Calls", "Send|Delete|Option|Back");

  for (guint i = 0; i < 23; i++)
    {
      g_autofree char *number = g_strdup_printf ("01632 960 %03u", 100 + i * 7);
      PhoneDisplayRow *row = phone_display_add_row (display, i % 3 == 1 ? "Katherine Johnson" : number,
                                                    i < 9 ? "Today 13:48" : "Nov 19 09:12");

      row->icon = icons[i % G_N_ELEMENTS (icons)];
      row->selected = i == 11;
    }
  return display;
}

static PhoneDisplay *
make_empty (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_LIST, "history", "All Calls", "|||Back");

  phone_display_set_text (&display->notice, "The list is empty");
  return display;
}

static PhoneDisplay *
make_digits (void)
{
  PhoneDisplay *display = make_talking ();

  phone_display_set_text (&display->notice, "123456789012345678901234567890123456789#");
  return display;
}

static PhoneDisplay *
make_status (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_LIST, "accounts", "Accounts", "Back|||");

  phone_display_set_text (&display->notice, "3 of 16 accounts are set");
  phone_display_add_row (display, "Alice 1001", "Registered")->selected = TRUE;
  phone_display_add_row (display, "Front Office", "Registering");
  phone_display_add_row (display, "Old trunk", "Register failed! 403 Forbidden");
  return display;
}

static PhoneDisplay *
make_edit (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_EDIT, "account", "Account 1", "Save|abc|Delete|Back");

  phone_display_add_row (display, "Activation", "Enabled");
  phone_display_add_row (display, "Label", "Alice");
  phone_display_add_row (display, "Display Name", "Alice")->selected = TRUE;
  phone_display_add_row (display, "User Name", "1001");
  phone_display_add_row (display, "Password", "••••••••");
  phone_display_add_row (display, "SIP Server 1", "pbx.example.org");
  phone_display_add_row (display, "Outbound Proxy", "Disabled");
  phone_display_set_text (&display->edit_text, "Alice Liddell");
  display->edit_cursor = 13;
  phone_display_set_text (&display->edit_mode, "Abc");
  return display;
}

static PhoneDisplay *
make_choice (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_EDIT, "call-waiting", "Call Waiting", "Save||Switch|Back");

  phone_display_add_row (display, "Call Waiting", "Enabled")->selected = TRUE;
  phone_display_add_row (display, "Play Tone", "Enabled");
  phone_display_add_row (display, "On Code", "");
  return display;
}

static PhoneDisplay *
make_message (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_MESSAGE, "message", "Transfer", "|||Back");

  phone_display_set_text (&display->notice, "This feature is not part of this version yet.");
  return display;
}

static PhoneDisplay *
make_popup (void)
{
  PhoneDisplay *display = make_idle ();

  phone_display_set_text (&display->popup, "Account is invalid!");
  return display;
}

static PhoneDisplay *
make_volume (void)
{
  PhoneDisplay *display = make_talking ();

  display->volume = 9;
  phone_display_set_text (&display->volume_label, "Handset");
  return display;
}

static PhoneDisplay *
make_long (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "talking", "A title that is much longer than its place",
                                 "Transferring|Resume everything|Conference|End Call");
  PhoneDisplayCall *call
      = add_call (display, 1, "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff",
                  "sip:hubert.blaine@very-long-domain.example.org", "Temporarily unavailable!", "00:07");

  add_lines (display, PHONE_ICON_LINE_TALKING, PHONE_ICON_LINE_HELD);
  call->focused = TRUE;
  phone_display_set_text (&display->account, "An account with a long label 1001");
  display->icons = 0x1fff;
  return display;
}

static PhoneDisplay *
make_scripts (void)
{
  PhoneDisplay *display = begin (PHONE_LAYOUT_CALL, "call", "通話中", "转移|保持|عقد مؤتمر|סיום");
  PhoneDisplayCall *call;

  phone_display_add_line (display, "東京支社", PHONE_ICON_LINE_TALKING);
  phone_display_add_line (display, "مكتب الاستقبال", PHONE_ICON_LINE_HELD);
  call = add_call (display, 1, "שלום עליכם", "+972 1 555 0100", "Talking", "00:07");
  call->focused = TRUE;
  add_call (display, 2, "田中 さくら", "204", "保留", "00:41")->held = TRUE;
  return display;
}

static PhoneDisplay *
make_long_number (void)
{
  PhoneDisplay *display = make_dial ();

  phone_display_set_text (&display->edit_text, "0049301234567890123456789012345678901234");
  display->edit_cursor = 40;
  return display;
}

static const struct
{
  const char *name;
  PhoneDisplay *(*make) (void);
} samples[] = {
  { "idle", make_idle },
  { "idle-plain", make_idle_plain },
  { "idle-missed", make_idle_missed },
  { "idle-notice", make_idle_notice },
  { "dark", make_dark },
  { "dial", make_dial },
  { "dial-empty", make_dial_empty },
  { "dial-long", make_long_number },
  { "calling", make_calling },
  { "incoming", make_incoming },
  { "talking", make_talking },
  { "two-calls", make_two_calls },
  { "many-calls", make_many_calls },
  { "failed", make_failed },
  { "menu", make_menu },
  { "history", make_history },
  { "status", make_status },
  { "edit", make_edit },
  { "choice", make_choice },
  { "message", make_message },
  { "popup", make_popup },
  { "volume", make_volume },
  { "long", make_long },
  { "scripts", make_scripts },
  { "empty", make_empty },
  { "digits", make_digits },
};

guint
sample_display_get_n (void)
{
  return G_N_ELEMENTS (samples);
}

const char *
sample_display_get_name (guint i)
{
  return samples[i].name;
}

PhoneDisplay *
sample_display_new (guint i)
{
  return samples[i].make ();
}

PhoneDisplay *
sample_display_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    if (g_str_equal (samples[i].name, name))
      return samples[i].make ();
  g_error ("there is no sample display “%s”", name);
}
