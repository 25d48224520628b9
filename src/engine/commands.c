/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands.h"

#include "account.h"
#include "calls.h"
#include "dial-target.h"
#include "history.h"
#include "line-keys.h"
#include "page.h"
#include "policy.h"
#include "screen.h"
#include "sound.h"
#include "texts.h"

#include <string.h>

/* DTMF digits kept for the LCD. */
#define MAX_DIGITS_SHOWN 32

/* When a command makes sense; what is not allowed now fails with a text. */
typedef enum {
  WHEN_ANY,
  WHEN_CALL,       /* a call is shown */
  WHEN_RINGING,    /* a call rings here */
  WHEN_TALKING,    /* the focused call is spoken on */
  WHEN_HELD,       /* a call is on hold by us */
} When;

typedef gboolean (*RunFunc) (PhoneEngine  *engine,
                             char        **args,
                             GError      **error);

static gboolean
fail (GError     **error,
      const char  *text)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, text);
  return FALSE;
}

static gboolean
malformed (GError     **error,
           const char  *text)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Wrong argument: %s"), text);
  return FALSE;
}

static gboolean
parse_number (const char  *text,
              gint64      *number,
              GError     **error)
{
  const char *digits = *text == '+' ? text + 1 : text;

  if (g_ascii_string_to_signed (digits, 10, G_MININT, G_MAXINT, number, NULL))
    return TRUE;
  return malformed (error, text);
}

/* "on", "off", or nothing for the other way round. */
static gboolean
parse_switch (char      **args,
              gboolean    now,
              gboolean   *wanted,
              GError    **error)
{
  if (args[0] == NULL || strcmp (args[0], "toggle") == 0)
    *wanted = !now;
  else if (strcmp (args[0], "on") == 0 || strcmp (args[0], "1") == 0)
    *wanted = TRUE;
  else if (strcmp (args[0], "off") == 0 || strcmp (args[0], "0") == 0)
    *wanted = FALSE;
  else
    return malformed (error, args[0]);
  return TRUE;
}

/* The call named by the first argument; without one the fallback. */
static PhoneCall *
get_call (PhoneEngine  *engine,
          char        **args,
          PhoneCall    *fallback,
          GError      **error)
{
  gint64 id;
  PhoneCall *call = fallback;

  if (args[0] != NULL)
    {
      if (!parse_number (args[0], &id, error))
        return NULL;
      call = id > 0 ? phone_calls_find (engine, id) : NULL;
    }
  if (call == NULL)
    fail (error, _("No such call"));
  return call;
}

static gboolean
dispatch (PhoneEngine     *engine,
          PhoneCall       *call,
          PhoneCallEvent   on,
          GError         **error)
{
  if (phone_call_dispatch (engine, call, on, NULL))
    return TRUE;
  return fail (error, _("Not possible now"));
}

static void
post_key (PhoneEngine *engine,
          PhoneKey     key,
          gboolean     down)
{
  PhoneEvent event = { .type = PHONE_EVENT_KEY, .key = key, .value = down };

  phone_event_queue_post (engine->queue, &event);
}

static gboolean
run_key (PhoneEngine  *engine,
         char        **args,
         GError      **error)
{
  gint64 hold_ms = 0;

  if (strcmp (args[0], "--hold") == 0)
    {
      if (args[1] == NULL || args[2] == NULL || args[3] != NULL)
        return malformed (error, "--hold MS ID");
      if (!parse_number (args[1], &hold_ms, error))
        return FALSE;
      if (hold_ms < 0 || hold_ms > 60000)
        return malformed (error, args[1]);
      args += 2;
    }
  for (guint i = 0; args[i] != NULL; i++)
    if (phone_key_from_id (args[i]) == PHONE_KEY_NONE)
      return malformed (error, args[i]);
  for (guint i = 0; args[i] != NULL; i++)
    {
      PhoneKey key = phone_key_from_id (args[i]);

      post_key (engine, key, TRUE);
      if (hold_ms == 0)
        {
          post_key (engine, key, FALSE);
          continue;
        }
      if (engine->held_key != PHONE_KEY_NONE)
        post_key (engine, engine->held_key, FALSE);
      engine->held_key = key;
      phone_clock_arm (engine->clock, PHONE_TIMER_LONG_PRESS, hold_ms);
    }
  return TRUE;
}

static gboolean
run_type (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_TEXT, .text = args[0] };

  phone_event_queue_post (engine->queue, &event);
  return TRUE;
}

static gboolean
run_dial (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  gint64 account = 0;

  if (args[1] != NULL && !parse_number (args[1], &account, error))
    return FALSE;
  if (account < 0 || account > engine->model->n_accounts)
    return malformed (error, args[1]);
  return phone_calls_dial (engine, account, args[0], 0, error);
}

static gboolean
run_answer (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  PhoneCall *call = get_call (engine, args, phone_calls_find_ringing (engine), error);

  if (call == NULL)
    return FALSE;
  if (call->state != PHONE_CALL_INCOMING)
    return fail (error, _("Not possible now"));
  phone_calls_answer (engine, call);
  return TRUE;
}

static gboolean
run_reject (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  PhoneCall *call = get_call (engine, args, phone_calls_find_ringing (engine), error);

  return call != NULL && dispatch (engine, call, PHONE_CALL_ON_REJECT, error);
}

static gboolean
run_silence (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  PhoneCall *call = get_call (engine, args, phone_calls_find_ringing (engine), error);

  if (call == NULL)
    return FALSE;
  call->silenced = TRUE;
  return TRUE;
}

static gboolean
run_hangup (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  PhoneCall *call;

  if (args[0] != NULL && strcmp (args[0], "all") == 0)
    {
      for (guint i = 0; i < engine->calls->len; i++)
        phone_call_dispatch (engine, engine->calls->pdata[i], PHONE_CALL_ON_HANGUP, NULL);
      phone_page_dial_close (engine);
      return TRUE;
    }
  call = get_call (engine, args, phone_calls_get_focused (engine), error);
  return call != NULL && dispatch (engine, call, PHONE_CALL_ON_HANGUP, error);
}

static gboolean
run_hold (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  PhoneCall *call = get_call (engine, args, phone_calls_get_focused (engine), error);

  return call != NULL && dispatch (engine, call, PHONE_CALL_ON_HOLD, error);
}

static gboolean
resume (PhoneEngine  *engine,
        PhoneCall    *call,
        GError      **error)
{
  if (call->state != PHONE_CALL_HELD)
    return fail (error, _("Not possible now"));
  phone_calls_set_focus (engine, call);
  phone_sound_engage (engine);
  return dispatch (engine, call, PHONE_CALL_ON_RESUME, error);
}

static gboolean
run_resume (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);
  PhoneCall *call;

  if (focused == NULL || focused->state != PHONE_CALL_HELD)
    focused = phone_calls_find_in_state (engine, PHONE_CALL_HELD);
  call = get_call (engine, args, focused, error);
  return call != NULL && resume (engine, call, error);
}

static gboolean
run_swap (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);
  guint n = engine->calls->len;
  guint start = 0;

  for (guint i = 0; i < n; i++)
    if (engine->calls->pdata[i] == focused)
      start = i;
  for (guint i = 1; i < n; i++)
    {
      PhoneCall *call = engine->calls->pdata[(start + i) % n];

      if (call->state == PHONE_CALL_HELD)
        return resume (engine, call, error);
    }
  return fail (error, _("Not possible now"));
}

static gboolean
run_toggle_hold (PhoneEngine  *engine,
                 char        **args,
                 GError      **error)
{
  PhoneCall *call = phone_calls_get_focused (engine);

  if (call != NULL && call->state == PHONE_CALL_HELD)
    return resume (engine, call, error);
  if (call != NULL && call->state == PHONE_CALL_TALKING)
    return dispatch (engine, call, PHONE_CALL_ON_HOLD, error);
  return fail (error, _("Not possible now"));
}

static gboolean
run_forward (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  PhoneCall *call = phone_calls_find_ringing (engine);

  if (args[0] != NULL)
    return phone_commands_forward (engine, call->id, args[0], error);
  phone_page_dial_open_forward (engine, call->id);
  return TRUE;
}

static gboolean
run_hook (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  gboolean on_hook;

  if (!parse_switch (args, !engine->sound.off_hook, &on_hook, error))
    return FALSE;
  phone_sound_set_hook (engine, !on_hook);
  return TRUE;
}

static gboolean
run_speaker (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  phone_sound_press_speaker (engine);
  return TRUE;
}

static gboolean
run_headset (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  phone_sound_press_headset (engine);
  return TRUE;
}

static gboolean
run_mute (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  gboolean mute;

  if (!parse_switch (args, engine->sound.muted, &mute, error))
    return FALSE;
  if (!phone_engine_bool (engine, ALLOW_MUTE)
      || (!phone_calls_is_busy (engine) && phone_calls_find_in_state (engine, PHONE_CALL_HELD) == NULL))
    return fail (error, _("Not possible now"));
  phone_sound_set_mute (engine, mute);
  return TRUE;
}

static gboolean
run_volume (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  gint64 number;

  for (guint kind = PHONE_VOLUME_HANDS_FREE; args[1] != NULL && kind <= PHONE_VOLUME_RING; kind++)
    if (strcmp (args[0], phone_volume_to_string (kind)) == 0)
      {
        if (!parse_number (args[1], &number, error))
          return FALSE;
        return phone_sound_set_volume (engine, kind, number) || malformed (error, args[1]);
      }
  if (args[1] != NULL)
    return malformed (error, args[0]);
  if (!parse_number (args[0], &number, error))
    return FALSE;
  if (*args[0] == '+' || *args[0] == '-')
    {
      phone_sound_change_volume (engine, CLAMP (number, -15, 15));
      return TRUE;
    }
  return phone_sound_set_volume (engine, phone_sound_get_volume_kind (engine), number) || malformed (error, args[0]);
}

static gboolean
run_dnd (PhoneEngine  *engine,
         char        **args,
         GError      **error)
{
  gboolean now = phone_engine_bool (engine, DND_ENABLE);
  gboolean wanted;
  PhoneNotice notice = { .kind = PHONE_NOTICE_DND, .number = "", .name = "", .text = "" };

  if (!parse_switch (args, now, &wanted, error))
    return FALSE;
  if (wanted == now)
    return TRUE;
  phone_engine_set_local (engine, PHONE_SETTING_DND_ENABLE, 0, 0, wanted ? "1" : "0");
  notice.state = wanted;
  phone_outbox_notify (engine->outbox, &notice);
  return TRUE;
}

static gboolean
run_line (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  gint64 line;

  if (!parse_number (args[0], &line, error))
    return FALSE;
  if (line < 1 || line > engine->model->n_line_keys)
    return malformed (error, args[0]);
  phone_line_key_press (engine, line);
  return TRUE;
}

static gboolean
run_memory (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  phone_commands_say_not_built (engine, _("Memory keys"));
  return TRUE;
}

static gboolean
run_focus (PhoneEngine  *engine,
           char        **args,
           GError      **error)
{
  PhoneCall *call;

  if (strcmp (args[0], "next") == 0 || strcmp (args[0], "previous") == 0)
    {
      phone_calls_move_focus (engine, *args[0] == 'n' ? 1 : -1);
      return TRUE;
    }
  call = get_call (engine, args, NULL, error);
  if (call == NULL)
    return FALSE;
  if (!phone_call_is_visible (call))
    return fail (error, _("No such call"));
  phone_calls_set_focus (engine, call);
  phone_screen_show_calls (engine);
  return TRUE;
}

static gboolean
run_practice (PhoneEngine  *engine,
              char        **args,
              GError      **error)
{
  gboolean wanted;

  if (!parse_switch (args, phone_engine_bool (engine, PRACTICE), &wanted, error))
    return FALSE;
  phone_engine_set_local (engine, PHONE_SETTING_PRACTICE, 0, 0, wanted ? "1" : "0");
  if (wanted)
    phone_engine_say (engine, _("Starting the practice exchange..."));
  return TRUE;
}

static gboolean
run_say (PhoneEngine  *engine,
         char        **args,
         GError      **error)
{
  phone_engine_say (engine, args[0]);
  return TRUE;
}

static gboolean
run_set (PhoneEngine  *engine,
         char        **args,
         GError      **error)
{
  if (!phone_settings_set_by_key (engine->settings, PHONE_LAYER_LOCAL, args[0], args[1], error))
    return FALSE;
  phone_store_save_settings (engine->store);
  return TRUE;
}

static gboolean
run_register (PhoneEngine  *engine,
              char        **args,
              GError      **error)
{
  gint64 account = 0;

  if (args[0] != NULL && !parse_number (args[0], &account, error))
    return FALSE;
  if (account < 0 || account > engine->model->n_accounts)
    return malformed (error, args[0]);
  phone_signaling_refresh (engine->signaling, account);
  return TRUE;
}

static gboolean
run_dtmf (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  for (const char *p = args[0]; *p != '\0'; p++)
    if (strchr ("0123456789*#ABCD", *p) == NULL)
      return malformed (error, args[0]);
  if (!phone_policy_may_send_digits (phone_calls_get_focused (engine)))
    return fail (error, _("Not possible now"));
  for (const char *p = args[0]; *p != '\0'; p++)
    phone_commands_send_digit (engine, *p);
  return TRUE;
}

static gboolean
run_newcall (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  phone_page_dial_open (engine, TRUE);
  return TRUE;
}

static gboolean
run_redial (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  g_autofree char *number = NULL;

  if (phone_page_history_open (engine, PHONE_HISTORY_PLACED))
    return TRUE;
  number = phone_history_dup_last_dialled (engine);
  if (number == NULL)
    return fail (error, _("No number was dialled yet"));
  return phone_calls_dial (engine, 0, number, 0, error);
}

static gboolean
run_history (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  static const struct { const char *name; int kind; } kinds[] = {
    { "all", -1 }, { "missed", PHONE_HISTORY_MISSED }, { "placed", PHONE_HISTORY_PLACED },
    { "received", PHONE_HISTORY_RECEIVED },
  };

  for (guint i = 0; args[0] != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (args[0], kinds[i].name) == 0)
      {
        phone_page_history_open (engine, kinds[i].kind);
        return TRUE;
      }
  if (args[0] != NULL)
    return malformed (error, args[0]);
  phone_page_history_open (engine, -1);
  return TRUE;
}

static gboolean
run_missed (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  phone_history_mark_seen (engine);
  if (strcmp (args[0], "view") == 0)
    phone_page_history_open (engine, PHONE_HISTORY_MISSED);
  else if (strcmp (args[0], "exit") != 0)
    return malformed (error, args[0]);
  return TRUE;
}

static gboolean
run_clear_history (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  gint64 kind = -1;

  if (args[0] != NULL && !parse_number (args[0], &kind, error))
    return FALSE;
  phone_history_clear (engine, kind);
  return TRUE;
}

static gboolean
run_directory (PhoneEngine  *engine,
               char        **args,
               GError      **error)
{
  phone_page_directory_open (engine);
  return TRUE;
}

static gboolean
run_menu (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  return phone_page_menu_open (engine, args[0] ? args[0] : "main") || malformed (error, args[0]);
}

static gboolean
run_status (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  if (args[0] == NULL)
    phone_page_menu_open (engine, "status");
  else if (!phone_page_status_open (engine, args[0]))
    return malformed (error, args[0]);
  return TRUE;
}

static gboolean
run_edit (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  gint64 index = 0;

  if (args[1] != NULL && !parse_number (args[1], &index, error))
    return FALSE;
  if (index < 0 || index > PHONE_MAX_LINE_KEYS || !phone_page_edit_open (engine, args[0], index))
    return malformed (error, args[0]);
  return TRUE;
}

static gboolean
run_accounts (PhoneEngine  *engine,
              char        **args,
              GError      **error)
{
  return phone_page_accounts_open (engine, args[0]) || malformed (error, args[0]);
}

static gboolean
run_use_line (PhoneEngine  *engine,
              char        **args,
              GError      **error)
{
  gint64 account;

  if (!parse_number (args[0], &account, error))
    return FALSE;
  if (account < 1 || account > engine->model->n_accounts)
    return malformed (error, args[0]);
  phone_page_dial_set_account (engine, account);
  return TRUE;
}

static gboolean
run_account (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  gint64 number;

  if (!parse_number (args[0], &number, error))
    return FALSE;
  if (*args[0] == '+' || *args[0] == '-')
    phone_accounts_step_default (engine, number);
  else if (number >= 0 && number <= engine->model->n_accounts)
    phone_engine_set_local (engine, PHONE_SETTING_DEFAULT_ACCOUNT, 0, 0, args[0]);
  else
    return malformed (error, args[0]);
  return TRUE;
}

static gboolean
run_message (PhoneEngine  *engine,
             char        **args,
             GError      **error)
{
  guint account = phone_accounts_get_default (engine);
  const char *number = phone_engine_get_account_string (engine, PHONE_SETTING_VOICE_MAIL_NUMBER, account);

  if (*number == '\0')
    return fail (error, _("No voice mail number is set"));
  return phone_calls_dial (engine, account, number, 0, error);
}

static gboolean
run_transfer (PhoneEngine  *engine,
              char        **args,
              GError      **error)
{
  if (phone_calls_find_in_state (engine, PHONE_CALL_INCOMING) != NULL
      && phone_calls_get_focused (engine)->state == PHONE_CALL_INCOMING)
    return run_forward (engine, args, error);
  phone_commands_say_not_built (engine, _("Transfer"));
  return TRUE;
}

static gboolean
run_conference (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  phone_commands_say_not_built (engine, _("Conference"));
  return TRUE;
}

static gboolean
run_not_built (PhoneEngine  *engine,
               char        **args,
               GError      **error)
{
  phone_commands_say_not_built (engine, args[0]);
  return TRUE;
}

static gboolean
run_quit (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_QUIT };

  phone_event_queue_post (engine->queue, &event);
  return TRUE;
}

static const struct {
  const char *name;
  const char *usage;
  guint       min_args;
  guint       max_args;
  When        when;
  RunFunc     run;
  const char *help;
} commands[] = {
  { "key", "[--hold MS] ID...", 1, 99, WHEN_ANY, run_key, N_("Press keys, by their action-URI names") },
  { "type", "TEXT", 1, 1, WHEN_ANY, run_type, N_("Type text as on a keyboard") },
  { "dial", "NUMBER [ACCOUNT]", 1, 2, WHEN_ANY, run_dial, N_("Call a number, an address or an IP address") },
  { "answer", "[CALL]", 0, 1, WHEN_RINGING, run_answer, N_("Answer a call that rings") },
  { "reject", "[CALL]", 0, 1, WHEN_RINGING, run_reject, N_("Refuse a call that rings") },
  { "silence", "[CALL]", 0, 1, WHEN_RINGING, run_silence, N_("Stop the bell, leave the call waiting") },
  { "forward", "[NUMBER]", 0, 1, WHEN_RINGING, run_forward, N_("Send a call that rings somewhere else") },
  { "hangup", "[CALL|all]", 0, 1, WHEN_CALL, run_hangup, N_("End a call, or close the page of one that ended") },
  { "hold", "[CALL]", 0, 1, WHEN_CALL, run_hold, N_("Put a call on hold") },
  { "resume", "[CALL]", 0, 1, WHEN_HELD, run_resume, N_("Take a call back from hold") },
  { "swap", "", 0, 0, WHEN_HELD, run_swap, N_("Talk to the call on hold, hold this one") },
  { "toggle-hold", "", 0, 0, WHEN_CALL, run_toggle_hold, N_("The Hold key: hold or resume") },
  { "hook", "[on|off]", 0, 1, WHEN_ANY, run_hook, N_("Handset: on = in the cradle, off = lifted") },
  { "speaker", "", 0, 0, WHEN_ANY, run_speaker, N_("The Speaker key") },
  { "headset", "", 0, 0, WHEN_ANY, run_headset, N_("The Headset key") },
  { "mute", "[on|off]", 0, 1, WHEN_ANY, run_mute, N_("Microphone off or on") },
  { "volume", "+N|-N|N|KIND N", 1, 2, WHEN_ANY, run_volume, N_("Change the volume in use, or one by name") },
  { "dnd", "[on|off]", 0, 1, WHEN_ANY, run_dnd, N_("Do not disturb") },
  { "line", "N", 1, 1, WHEN_ANY, run_line, N_("Press line key N") },
  { "memory", "N", 1, 1, WHEN_ANY, run_memory, N_("Press memory key N") },
  { "focus", "CALL|next|previous", 1, 1, WHEN_CALL, run_focus, N_("Choose the call that keys act on") },
  { "dtmf", "DIGITS", 1, 1, WHEN_TALKING, run_dtmf, N_("Send digits in the call") },
  { "newcall", "", 0, 0, WHEN_ANY, run_newcall, N_("Take a line; holds the call that is spoken on") },
  { "redial", "", 0, 0, WHEN_ANY, run_redial, N_("The placed calls; again: call the last number") },
  { "history", "[all|missed|placed|received]", 0, 1, WHEN_ANY, run_history, N_("Show the call log") },
  { "clear-history", "[KIND]", 0, 1, WHEN_ANY, run_clear_history, N_("Delete the call log") },
  { "missed", "view|exit", 1, 1, WHEN_ANY, run_missed, N_("Show or forget the missed calls") },
  { "directory", "", 0, 0, WHEN_ANY, run_directory, N_("Show the directory") },
  { "menu", "[ID]", 0, 1, WHEN_ANY, run_menu, N_("Show a menu") },
  { "status", "[PAGE]", 0, 1, WHEN_ANY, run_status, N_("Show the state of the phone") },
  { "edit", "FORM [INDEX]", 1, 2, WHEN_ANY, run_edit, N_("Edit settings on the phone") },
  { "accounts", "FORM", 1, 1, WHEN_ANY, run_accounts, N_("Choose an account to edit") },
  { "use-line", "ACCOUNT", 1, 1, WHEN_ANY, run_use_line, N_("The account of the number that is being entered") },
  { "account", "+1|-1|N", 1, 1, WHEN_ANY, run_account, N_("Choose the account that calls go out on") },
  { "message", "", 0, 0, WHEN_ANY, run_message, N_("Call the voice mail") },
  { "transfer", "", 0, 0, WHEN_ANY, run_transfer, N_("The Transfer key") },
  { "conference", "", 0, 0, WHEN_ANY, run_conference, N_("The Conference key") },
  { "not-built", "FEATURE", 1, 1, WHEN_ANY, run_not_built, N_("Say that a feature is not there yet") },
  { "practice", "[on|off]", 0, 1, WHEN_ANY, run_practice, N_("Start or stop the practice exchange") },
  { "say", "TEXT", 1, 1, WHEN_ANY, run_say, N_("Show a message for a moment") },
  { "set", "KEY VALUE", 2, 2, WHEN_ANY, run_set, N_("Change a setting on this phone") },
  { "register", "[ACCOUNT]", 0, 1, WHEN_ANY, run_register, N_("Register again now") },
  { "quit", "", 0, 0, WHEN_ANY, run_quit, N_("Hang up, unregister and leave") },
};

guint
phone_commands_get_n (void)
{
  return G_N_ELEMENTS (commands);
}

/**
 * phone_commands_get_info:
 * @i: less than phone_commands_get_n()
 * @info: (out): texts that live as long as the program
 */
void
phone_commands_get_info (guint             i,
                         PhoneCommandInfo *info)
{
  g_return_if_fail (i < G_N_ELEMENTS (commands));

  *info = (PhoneCommandInfo) { commands[i].name, commands[i].usage, _(commands[i].help) };
}

static gboolean
check_when (PhoneEngine  *engine,
            When          when,
            GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);

  switch (when)
    {
    case WHEN_ANY:
      return TRUE;
    case WHEN_CALL:
      return phone_calls_count_visible (engine) > 0 || fail (error, _("There is no call"));
    case WHEN_RINGING:
      return phone_calls_find_ringing (engine) != NULL || fail (error, _("No call rings"));
    case WHEN_TALKING:
      return (focused != NULL && focused->state == PHONE_CALL_TALKING) || fail (error, _("There is no conversation"));
    case WHEN_HELD:
      return phone_calls_find_in_state (engine, PHONE_CALL_HELD) != NULL || fail (error, _("No call is on hold"));
    }
  g_assert_not_reached ();
}

/* Splits a line and finds its command. Returns the index, -1 with @error. */
static int
parse (PhoneEngine   *engine,
       const char    *line,
       char        ***argv,
       GError       **error)
{
  int argc;
  g_autoptr (GError) local = NULL;

  if (!g_shell_parse_argv (line, &argc, argv, &local))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, local->message);
      return -1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      guint n_args = argc - 1;

      if (strcmp ((*argv)[0], commands[i].name) != 0)
        continue;
      if (n_args < commands[i].min_args || n_args > commands[i].max_args)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Usage: %s %s"), commands[i].name,
                       commands[i].usage);
          return -1;
        }
      return check_when (engine, commands[i].when, error) ? (int) i : -1;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Unknown command: %s"), (*argv)[0]);
  return -1;
}

/**
 * phone_commands_check:
 * Returns: whether @line is a command that may be run now
 */
gboolean
phone_commands_check (PhoneEngine  *engine,
                      const char   *line,
                      GError      **error)
{
  g_auto (GStrv) argv = NULL;

  return parse (engine, line, &argv, error) >= 0;
}

/**
 * phone_commands_run:
 * @line: a command and its arguments, quoted as in a shell
 *
 * Runs a command. Only while an event is handled: others use phone_engine_run_command().
 */
gboolean
phone_commands_run (PhoneEngine  *engine,
                    const char   *line,
                    GError      **error)
{
  g_auto (GStrv) argv = NULL;
  int i = parse (engine, line, &argv, error);

  if (i < 0)
    return FALSE;
  g_debug ("command: %s", commands[i].name);
  return commands[i].run (engine, argv + 1, error);
}

/**
 * phone_commands_say_not_built:
 * @feature: translated name of what the key or the menu would do
 */
void
phone_commands_say_not_built (PhoneEngine *engine,
                              const char  *feature)
{
  /* Translators: %s is the name of a function of a key or a menu entry */
  g_autofree char *text = g_strdup_printf (_("%s is not available yet."), feature);

  phone_engine_say (engine, text);
}

static void
remember_digit (PhoneCall *call,
                char       digit)
{
  char *digits = g_strdup_printf ("%s%c", call->digits, digit);
  gsize length = strlen (digits);

  g_free (call->digits);
  call->digits = length > MAX_DIGITS_SHOWN ? g_strdup (digits + length - MAX_DIGITS_SHOWN) : g_strdup (digits);
  g_free (digits);
}

/**
 * phone_commands_send_digit:
 * DTMF in the focused call by account.X.dtmf.type (phone-behaviour §6.9); nothing while either side holds.
 */
void
phone_commands_send_digit (PhoneEngine *engine,
                           char         digit)
{
  PhoneCall *call = phone_calls_get_focused (engine);
  guint duration_ms = MAX (40, phone_engine_int (engine, DTMF_DURATION));
  gint64 type;

  if (call == NULL || !phone_policy_may_send_digits (call))
    return;
  type = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_DTMF_TYPE, call->account);
  if (type != 2)
    phone_audio_send_digit (engine->audio, call->id, digit, duration_ms, type == 0);
  if (type == 2 || type == 3)
    phone_signaling_send_digit (engine->signaling, call->id, digit, duration_ms);
  if (phone_engine_bool (engine, PLAY_LOCAL_DTMF))
    phone_audio_play_digit (engine->audio, digit, duration_ms);
  remember_digit (call, digit);
}

/**
 * phone_commands_forward:
 * @call: a call that rings here
 * @text: where it is to go
 *
 * Answers 302 with the target as Contact (phone-behaviour §6.4).
 */
gboolean
phone_commands_forward (PhoneEngine  *engine,
                        guint         id,
                        const char   *text,
                        GError      **error)
{
  PhoneCall *call = phone_calls_find (engine, id);
  g_autoptr (PhoneDialTarget) target = phone_dial_target_parse (text, phone_engine_text (engine, CALL_NUM_FILTER), error);

  if (target == NULL)
    return FALSE;
  if (call == NULL || call->state != PHONE_CALL_INCOMING)
    return fail (error, _("Not possible now"));
  call->reject_status = 302;
  call->forward_to = phone_dial_target_dup_target (target, phone_engine_bool (engine, POUND_AS_23));
  phone_page_dial_close (engine);
  return dispatch (engine, call, PHONE_CALL_ON_REJECT, error);
}
