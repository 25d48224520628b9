/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "account.h"
#include "calls.h"
#include "history.h"
#include "page.h"
#include "policy.h"
#include "screen.h"
#include "sound.h"

#include <string.h>

/* Commands about calls: making them, and what can be done with one that is there. */

/* DTMF digits kept for the LCD. */
#define MAX_DIGITS_SHOWN 32

static gboolean
dispatch (PhoneEngine     *engine,
          PhoneCall       *call,
          PhoneCallEvent   on,
          GError         **error)
{
  return phone_calls_act (engine, call, on) || phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
}

static gboolean
resume (PhoneEngine  *engine,
        PhoneCall    *call,
        GError      **error)
{
  if (call->state != PHONE_CALL_HELD)
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  phone_calls_set_focus (engine, call);
  phone_sound_engage (engine);
  return dispatch (engine, call, PHONE_CALL_ON_RESUME, error);
}

gboolean
phone_run_dial (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  gint64 account = 0;

  if (args[1] != NULL && !phone_command_parse_number (args[1], &account, error))
    return FALSE;
  if (account < 0 || account > engine->model->n_accounts)
    return phone_command_say_malformed (error, args[1]);
  return phone_calls_dial (engine, account, args[0], 0, error);
}

gboolean
phone_run_answer (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  PhoneCall *call = phone_command_get_call (engine, args, phone_calls_find_ringing (engine), error);

  if (call == NULL)
    return FALSE;
  if (call->state != PHONE_CALL_INCOMING)
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  phone_calls_answer (engine, call);
  return TRUE;
}

gboolean
phone_run_reject (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  PhoneCall *call = phone_command_get_call (engine, args, phone_calls_find_ringing (engine), error);

  return call != NULL && dispatch (engine, call, PHONE_CALL_ON_REJECT, error);
}

gboolean
phone_run_silence (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  PhoneCall *call = phone_command_get_call (engine, args, phone_calls_find_ringing (engine), error);

  if (call == NULL)
    return FALSE;
  call->silenced = TRUE;
  return TRUE;
}

gboolean
phone_run_hangup (PhoneEngine  *engine,
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
  call = phone_command_get_call (engine, args, phone_calls_get_focused (engine), error);
  return call != NULL && dispatch (engine, call, PHONE_CALL_ON_HANGUP, error);
}

gboolean
phone_run_hold (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  PhoneCall *call = phone_command_get_call (engine, args, phone_calls_get_focused (engine), error);

  return call != NULL && dispatch (engine, call, PHONE_CALL_ON_HOLD, error);
}

gboolean
phone_run_resume (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);
  PhoneCall *call;

  if (focused == NULL || focused->state != PHONE_CALL_HELD)
    focused = phone_calls_find_in_state (engine, PHONE_CALL_HELD);
  call = phone_command_get_call (engine, args, focused, error);
  return call != NULL && resume (engine, call, error);
}

gboolean
phone_run_swap (PhoneEngine  *engine,
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
  return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
}

gboolean
phone_run_toggle_hold (PhoneEngine  *engine,
                       char        **args,
                       GError      **error)
{
  PhoneCall *call = phone_calls_get_focused (engine);

  if (call != NULL && call->state == PHONE_CALL_HELD)
    return resume (engine, call, error);
  if (call != NULL && call->state == PHONE_CALL_TALKING)
    return dispatch (engine, call, PHONE_CALL_ON_HOLD, error);
  return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
}

gboolean
phone_run_forward (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  PhoneCall *call = phone_calls_find_ringing (engine);

  if (args[0] != NULL)
    return phone_commands_forward (engine, call->id, args[0], error);
  phone_page_dial_open_forward (engine, call->id);
  return TRUE;
}

gboolean
phone_run_focus (PhoneEngine  *engine,
                 char        **args,
                 GError      **error)
{
  PhoneCall *call;

  if (strcmp (args[0], "next") == 0 || strcmp (args[0], "previous") == 0)
    {
      phone_calls_move_focus (engine, *args[0] == 'n' ? 1 : -1);
      return TRUE;
    }
  call = phone_command_get_call (engine, args, NULL, error);
  if (call == NULL)
    return FALSE;
  if (!phone_call_is_visible (call))
    return phone_command_refuse (error, PHONE_REFUSED_NO_SUCH_CALL);
  phone_calls_set_focus (engine, call);
  phone_screen_show_calls (engine);
  return TRUE;
}

gboolean
phone_run_dtmf (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  for (const char *p = args[0]; *p != '\0'; p++)
    if (strchr ("0123456789*#ABCD", *p) == NULL)
      return phone_command_say_malformed (error, args[0]);
  if (!phone_policy_may_send_digits (phone_calls_get_focused (engine)))
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  for (const char *p = args[0]; *p != '\0'; p++)
    phone_commands_send_digit (engine, *p);
  return TRUE;
}

gboolean
phone_run_newcall (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  phone_page_dial_open (engine, TRUE);
  return TRUE;
}

gboolean
phone_run_redial (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  g_autofree char *number = NULL;

  if (phone_page_history_open (engine, PHONE_HISTORY_PLACED))
    return TRUE;
  number = phone_history_dup_last_dialled (engine);
  if (number == NULL)
    return phone_command_refuse (error, PHONE_REFUSED_NOTHING_DIALLED);
  return phone_calls_dial (engine, 0, number, 0, error);
}

gboolean
phone_run_message (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  guint account = phone_accounts_get_default (engine);
  const char *number = phone_engine_get_account_string (engine, PHONE_SETTING_VOICE_MAIL_NUMBER, account);

  if (*number == '\0')
    return phone_command_refuse (error, PHONE_REFUSED_NO_VOICE_MAIL);
  return phone_calls_dial (engine, account, number, 0, error);
}

gboolean
phone_run_use_line (PhoneEngine  *engine,
                    char        **args,
                    GError      **error)
{
  gint64 account;

  if (!phone_command_parse_number (args[0], &account, error))
    return FALSE;
  if (account < 1 || account > engine->model->n_accounts)
    return phone_command_say_malformed (error, args[0]);
  phone_page_dial_set_account (engine, account);
  return TRUE;
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

static void
send_digit (PhoneEngine *engine,
            PhoneCall   *call,
            char         digit,
            guint        duration_ms)
{
  gint64 type = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_DTMF_TYPE, call->account);

  if (type != 2)
    phone_audio_send_digit (engine->audio, call->id, digit, duration_ms, type == 0);
  if (type == 2 || type == 3)
    phone_signaling_send_digit (engine->signaling, call->id, digit, duration_ms);
}

/**
 * phone_commands_send_digit:
 * DTMF in the focused call, or to all of the conference, by account.X.dtmf.type (guide: DTMF); nothing while either side holds.
 */
void
phone_commands_send_digit (PhoneEngine *engine,
                           char         digit)
{
  PhoneCall *call = phone_calls_get_focused (engine);
  guint duration_ms = MAX (40, phone_engine_int (engine, DTMF_DURATION));

  if (call == NULL || !phone_policy_may_send_digits (call))
    return;
  send_digit (engine, call, digit, duration_ms);
  for (guint i = 0; call->conference && i < engine->calls->len; i++)
    {
      PhoneCall *other = engine->calls->pdata[i];

      if (other != call && other->conference && phone_policy_may_send_digits (other))
        send_digit (engine, other, digit, duration_ms);
    }
  if (phone_engine_bool (engine, PLAY_LOCAL_DTMF))
    phone_audio_play_digit (engine->audio, digit, duration_ms);
  remember_digit (call, digit);
}

/**
 * phone_commands_forward:
 * @call: a call that rings here
 * @text: where it is to go
 *
 * Answers 302 with the target as Contact (guide: forward).
 */
gboolean
phone_commands_forward (PhoneEngine  *engine,
                        guint         id,
                        const char   *text,
                        GError      **error)
{
  PhoneCall *call = phone_calls_find (engine, id);

  if (call == NULL || call->state != PHONE_CALL_INCOMING)
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  if (!phone_calls_forward (engine, call, text, error))
    return FALSE;
  phone_page_dial_close (engine);
  return TRUE;
}
