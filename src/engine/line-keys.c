/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "line-keys.h"

#include "account.h"
#include "calls.h"
#include "commands.h"
#include "conference.h"
#include "forward.h"
#include "page.h"
#include "screen.h"
#include "sound.h"
#include "texts.h"
#include "transfer.h"

/*
 * Line keys: appearances of accounts (type 15), each call on one key, spread evenly over the keys of its account
 * (guide: line keys), speed dial (13), Transfer (3), Conference (1), Hold (4), Forward (2) and DND (5), and keys of which the
 * phone says that they are not built yet.
 */

/**
 * phone_line_key_get_type:
 * Returns: the function of a key, a PHONE_KEY_TYPE_
 */
guint
phone_line_key_get_type (PhoneEngine *engine,
                         guint        line_key)
{
  return phone_settings_get_int (engine->settings, PHONE_SETTING_LINEKEY_TYPE, line_key, 0);
}

/**
 * phone_line_key_get_account:
 * Returns: the account of a key; 0 in the settings means the account with the key's own number
 */
guint
phone_line_key_get_account (PhoneEngine *engine,
                            guint        line_key)
{
  guint line = phone_settings_get_int (engine->settings, PHONE_SETTING_LINEKEY_LINE, line_key, 0);

  if (line == 0)
    line = line_key;
  return line <= engine->model->n_accounts ? line : 0;
}

static guint
count_calls (PhoneEngine *engine,
             guint        line_key)
{
  guint n = 0;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->line_key == line_key && !phone_call_is_over (call))
        n++;
    }
  return n;
}

/* The appearance with the fewest calls; account 0 (a direct call) may use any. */
static guint
find_emptiest (PhoneEngine *engine,
               guint        account,
               guint       *n_calls)
{
  guint best = 0;

  for (guint key = 1; key <= engine->model->n_line_keys; key++)
    {
      guint n = count_calls (engine, key);

      if (phone_line_key_get_type (engine, key) != PHONE_KEY_TYPE_LINE
          || (account != 0 && phone_line_key_get_account (engine, key) != account))
        continue;
      if (best == 0 || n < *n_calls)
        {
          best = key;
          *n_calls = n;
        }
    }
  return best;
}

/**
 * phone_line_keys_find_free:
 * Returns: the key a new call of @account takes, 0 when the account has none
 */
guint
phone_line_keys_find_free (PhoneEngine *engine,
                           guint        account)
{
  guint n_calls = 0;

  return find_emptiest (engine, account, &n_calls);
}

/**
 * phone_line_keys_has_room:
 * Returns: whether another call of @account fits on its keys; an account without keys has room
 */
gboolean
phone_line_keys_has_room (PhoneEngine *engine,
                          guint        account)
{
  guint n_calls = 0;

  return find_emptiest (engine, account, &n_calls) == 0 || n_calls < phone_engine_int (engine, CALLS_PER_LINE_KEY);
}

/* How much a call of a key wants to be shown by it, the more the higher. */
static int
get_urgency (const PhoneCall *call)
{
  switch (call->state)
    {
    case PHONE_CALL_INCOMING:
      return 4;
    case PHONE_CALL_TALKING:
    case PHONE_CALL_ANSWERING:
    case PHONE_CALL_RESUMING:
      return 3;
    case PHONE_CALL_NEW:
    case PHONE_CALL_CALLING:
    case PHONE_CALL_RINGING:
      return 2;
    case PHONE_CALL_HOLDING:
    case PHONE_CALL_HELD:
      return 1;
    case PHONE_CALL_ENDING:
    case PHONE_CALL_ENDED:
      return 0;
    }
  g_assert_not_reached ();
}

/**
 * phone_line_key_find_call:
 * Returns: (transfer none) (nullable): of the calls on the key the one its lamp shows
 */
PhoneCall *
phone_line_key_find_call (PhoneEngine *engine,
                          guint        line_key)
{
  PhoneCall *best = NULL;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->line_key == line_key && !phone_call_is_over (call)
          && (best == NULL || get_urgency (call) > get_urgency (best)))
        best = call;
    }
  return best;
}

static PhoneCall *
find_on_key (PhoneEngine    *engine,
             guint           line_key,
             PhoneCallState  state)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->line_key == line_key && call->state == state)
        return call;
    }
  return NULL;
}

/* Guide, hard keys: answers the call on that line; holds the current call and focuses or resumes that line. */
static void
press_used_line (PhoneEngine *engine,
                 guint        line_key)
{
  PhoneCall *call = find_on_key (engine, line_key, PHONE_CALL_INCOMING);
  PhoneCall *focused = phone_calls_get_focused (engine);

  phone_screen_show_calls (engine);
  if (call != NULL)
    {
      phone_calls_answer (engine, call);
      return;
    }
  if (focused && focused->line_key == line_key && focused->state == PHONE_CALL_TALKING)
    {
      call = find_on_key (engine, line_key, PHONE_CALL_HELD);
      if (call == NULL)
        {
          phone_calls_act (engine, focused, PHONE_CALL_ON_HOLD);
          return;
        }
    }
  else if (focused && focused->line_key == line_key && focused->state == PHONE_CALL_HELD)
    {
      call = focused;
    }
  if (call == NULL)
    call = phone_line_key_find_call (engine, line_key);
  phone_calls_set_focus (engine, call);
  if (call->state == PHONE_CALL_HELD)
    {
      phone_sound_engage (engine);
      phone_calls_act (engine, call, PHONE_CALL_ON_RESUME);
    }
}

static void
press_line (PhoneEngine *engine,
            guint        line_key)
{
  guint account = phone_line_key_get_account (engine, line_key);

  if (phone_line_key_find_call (engine, line_key) != NULL)
    {
      press_used_line (engine, line_key);
    }
  else if (!phone_account_is_enabled (engine, account))
    {
      if (account == 0 || phone_accounts_any_enabled (engine))
        phone_engine_say (engine, _("Account is invalid!"));
      else
        phone_engine_say (engine, _("No available account"));
    }
  else
    {
      phone_page_dial_open_line (engine, account, line_key);
    }
}

/* transfer.dsskey_deal_type: what a key with a number does to the call that is transferred. */
typedef enum {
  DEAL_NEW_CALL,
  DEAL_CONSULT,
  DEAL_BLIND,
} Deal;

/* A number from a key: where a call is to go, if that is asked for just now, else it is called. */
static void
press_speed_dial (PhoneEngine *engine,
                  guint        line_key)
{
  gboolean blind = phone_engine_int (engine, DSSKEY_DEAL) == DEAL_BLIND;
  const char *number = phone_settings_get_string (engine->settings, PHONE_SETTING_LINEKEY_VALUE, line_key, 0);
  guint line = phone_settings_get_int (engine->settings, PHONE_SETTING_LINEKEY_LINE, line_key, 0);
  g_autoptr (GError) error = NULL;

  if (*number == '\0')
    phone_engine_say (engine, _("The number is empty!"));
  else if (!phone_page_dial_take (engine, line, number, blind, &error))
    phone_engine_say (engine, error->message);
}

static gboolean
transfer_to (PhoneEngine  *engine,
             PhoneCall    *call,
             const char   *number,
             GError      **error)
{
  switch ((Deal) phone_engine_int (engine, DSSKEY_DEAL))
    {
    case DEAL_NEW_CALL:
      return phone_calls_dial (engine, call->account, number, 0, error);
    case DEAL_CONSULT:
      return phone_transfer_consult (engine, call->id, 0, number, error);
    case DEAL_BLIND:
      break;
    }
  return phone_transfer_blind (engine, call->id, number, error);
}

/* The same as the phone's own key. */
static void
press_as (PhoneEngine *engine,
          PhoneKey     key,
          const char  *command)
{
  g_autoptr (GError) error = NULL;

  if (!phone_screen_press (engine, key) && !phone_commands_run (engine, command, &error))
    phone_engine_say (engine, error->message);
}

/* Without a number it is the Transfer key; where one is asked for, or without a call, a speed dial. */
static void
press_transfer (PhoneEngine *engine,
                guint        line_key)
{
  const char *number = phone_settings_get_string (engine->settings, PHONE_SETTING_LINEKEY_VALUE, line_key, 0);
  PhoneCall *focused = phone_calls_get_focused (engine);
  g_autofree char *typed = NULL;
  g_autoptr (GError) error = NULL;

  if (*number == '\0')
    press_as (engine, PHONE_KEY_F_TRANSFER, "transfer");
  else if (focused == NULL || phone_call_is_over (focused) || phone_page_dial_get_transfer (engine, &typed) != 0)
    press_speed_dial (engine, line_key);
  else if (!transfer_to (engine, focused, number, &error))
    phone_engine_say (engine, error->message);
}

/* With a number that one is asked to join. */
static void
press_conference (PhoneEngine *engine,
                  guint        line_key)
{
  const char *number = phone_settings_get_string (engine->settings, PHONE_SETTING_LINEKEY_VALUE, line_key, 0);
  PhoneCall *focused = phone_calls_get_focused (engine);
  g_autoptr (GError) error = NULL;

  if (*number == '\0' || focused == NULL)
    press_as (engine, PHONE_KEY_F_CONFERENCE, "conference");
  else if (!phone_conference_consult (engine, focused->id, 0, number, &error))
    phone_engine_say (engine, error->message);
}

/* Key types Forward and DND: the value of a Forward key is its target (guide: call forward, one-touch). */
static void
press_switch (PhoneEngine *engine,
              guint        line_key,
              PhoneDivert  divert)
{
  const char *target = phone_settings_get_string (engine->settings, PHONE_SETTING_LINEKEY_VALUE, line_key, 0);
  g_autoptr (GError) error = NULL;

  if (!phone_commands_toggle_divert (engine, divert, *target != '\0' ? target : NULL, &error))
    phone_engine_say (engine, error->message);
}

/**
 * phone_line_key_press:
 * @line_key: from 1
 */
void
phone_line_key_press (PhoneEngine *engine,
                      guint        line_key)
{
  guint type;

  if (line_key < 1 || line_key > engine->model->n_line_keys)
    return;
  type = phone_line_key_get_type (engine, line_key);
  if (type == PHONE_KEY_TYPE_LINE)
    press_line (engine, line_key);
  else if (type == PHONE_KEY_TYPE_SPEED_DIAL)
    press_speed_dial (engine, line_key);
  else if (type == PHONE_KEY_TYPE_TRANSFER)
    press_transfer (engine, line_key);
  else if (type == PHONE_KEY_TYPE_CONFERENCE)
    press_conference (engine, line_key);
  else if (type == PHONE_KEY_TYPE_HOLD)
    press_as (engine, PHONE_KEY_F_HOLD, "toggle-hold");
  else if (type == PHONE_KEY_TYPE_FORWARD || type == PHONE_KEY_TYPE_DND)
    press_switch (engine, line_key, type == PHONE_KEY_TYPE_DND ? PHONE_DIVERT_DND : PHONE_DIVERT_ALWAYS);
  else if (type != PHONE_KEY_TYPE_NONE)
    phone_commands_say_not_built (engine, phone_key_type_get_name (type));
}

static PhoneIcon
get_account_icon (PhoneEngine *engine,
                  guint        account)
{
  if (!phone_account_is_enabled (engine, account))
    return *phone_engine_get_account_string (engine, PHONE_SETTING_ACCOUNT_USER_NAME, account) ? PHONE_ICON_LINE_OFF
                                                                                                : PHONE_ICON_NONE;
  switch (engine->accounts[account].state)
    {
    case PHONE_ACCOUNT_REGISTERED:
      return PHONE_ICON_LINE_REGISTERED;
    case PHONE_ACCOUNT_REGISTERING:
      return PHONE_ICON_LINE_REGISTERING;
    case PHONE_ACCOUNT_FAILED:
      return PHONE_ICON_LINE_FAILED;
    case PHONE_ACCOUNT_DISABLED:
    case PHONE_ACCOUNT_UNREGISTERED:
      return PHONE_ICON_LINE_OFF;
    }
  g_assert_not_reached ();
}

static PhoneIcon
get_line_icon (PhoneEngine *engine,
               guint        line_key,
               guint        account)
{
  PhoneCall *call = phone_line_key_find_call (engine, line_key);

  if (call == NULL)
    return get_account_icon (engine, account);
  switch (get_urgency (call))
    {
    case 4:
      return PHONE_ICON_LINE_RINGING;
    case 3:
      return PHONE_ICON_LINE_TALKING;
    case 2:
      return PHONE_ICON_LINE_CALLING;
    default:
      return PHONE_ICON_LINE_HELD;
    }
}

/**
 * phone_line_keys_build:
 * Puts the labels beside the keys.
 */
void
phone_line_keys_build (PhoneEngine  *engine,
                       PhoneDisplay *display)
{
  guint chosen = phone_accounts_get_default (engine);

  for (guint key = 1; key <= engine->model->n_line_keys; key++)
    {
      guint type = phone_line_key_get_type (engine, key);
      const char *label = phone_settings_get_string (engine->settings, PHONE_SETTING_LINEKEY_LABEL, key, 0);
      const char *value = phone_settings_get_string (engine->settings, PHONE_SETTING_LINEKEY_VALUE, key, 0);
      guint account = phone_line_key_get_account (engine, key);
      g_autofree char *own = NULL;

      if (type == PHONE_KEY_TYPE_LINE)
        {
          gboolean used = phone_account_is_enabled (engine, account);
          PhoneDisplayLine *line;

          own = used ? phone_account_dup_label (engine, account) : g_strdup ("");
          line = phone_display_add_line (display, used && *label ? label : own, get_line_icon (engine, key, account));
          line->is_default = used && account == chosen;
        }
      else if (type == PHONE_KEY_TYPE_SPEED_DIAL)
        phone_display_add_line (display, *label ? label : value, PHONE_ICON_SPEED_DIAL);
      else if (type == PHONE_KEY_TYPE_NONE)
        phone_display_add_line (display, "", PHONE_ICON_NONE);
      else
        phone_display_add_line (display, *label ? label : phone_key_type_get_name (type), PHONE_ICON_FEATURE);
    }
}

/**
 * phone_key_type_get_name:
 * Returns: (transfer none): what the guides call the function of a key, translated
 */
const char *
phone_key_type_get_name (guint type)
{
  static const struct {
    guint       type;
    const char *name;
  } names[] = {
    { 0, N_("N/A") }, { 1, N_("Conference") }, { 2, N_("Forward") }, { 3, N_("Transfer") }, { 4, N_("Hold") },
    { 5, N_("DND") }, { 6, N_("Redial") }, { 7, N_("Call Return") }, { 8, N_("SMS") }, { 9, N_("Call Pickup") },
    { 10, N_("Call Park") }, { 11, N_("DTMF") }, { 12, N_("Voice Mail") }, { 13, N_("Speed Dial") },
    { 14, N_("Intercom") }, { 15, N_("Line") }, { 16, N_("BLF") }, { 17, N_("URL") }, { 18, N_("Group Listening") },
    { 19, N_("Public Hold") }, { 20, N_("Private Hold") }, { 21, N_("Shared Line") }, { 22, N_("XML Group") },
    { 23, N_("Group Pickup") }, { 24, N_("Paging") }, { 25, N_("Record") }, { 27, N_("XML Browser") },
    { 28, N_("History") }, { 29, N_("Directory") }, { 30, N_("Menu") }, { 31, N_("Switch Account") },
    { 32, N_("New SMS") }, { 33, N_("Status") }, { 34, N_("Hot Desking") }, { 35, N_("URL Record") },
    { 37, N_("Switch") }, { 38, N_("LDAP") }, { 39, N_("BLF List") }, { 40, N_("Prefix") }, { 41, N_("Zero Touch") },
    { 42, N_("ACD") }, { 43, N_("Local Phonebook") }, { 45, N_("Local Group") }, { 47, N_("XML Phonebook") },
    { 48, N_("Switch Account Up") }, { 49, N_("Switch Account Down") }, { 50, N_("Phone Lock") },
    { 56, N_("Retrieve Park") }, { 61, N_("Directory") }, { 66, N_("Paging List") }, { 73, N_("Custom Key") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].type == type)
      return _(names[i].name);
  return _("Unknown key type");
}
