/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page.h"

#include "account.h"
#include "calls.h"
#include "commands.h"
#include "conference.h"
#include "history.h"
#include "line-keys.h"
#include "screen.h"
#include "sound.h"
#include "text-input.h"
#include "texts.h"
#include "tones.h"
#include "transfer.h"

#include <string.h>

/*
 * The page where a number is entered: on hook (pre-dialling) or off hook (dialling, with dial tone until the first digit).
 * Also asks where a ringing call is forwarded to, whom a call is transferred to, and who joins it (guide: transfer,
 * conference; the other calls on hold are offered as long as nothing is typed).
 */

#define MAX_TEXT 255
#define MAX_MATCHES 20

enum { ACTION_SEND = 1, ACTION_IME, ACTION_DELETE, ACTION_CANCEL, ACTION_LINE, ACTION_BLIND };

/* What the number is for. */
typedef enum { FOR_CALL, FOR_FORWARD, FOR_TRANSFER, FOR_CONFERENCE } Purpose;

typedef struct {
  PhonePage       base;
  PhoneTextInput *input;
  gboolean        off_hook;
  guint           account;      /* 0 = the default one */
  guint           line_key;     /* the key that was pressed, 0 = none */
  Purpose         purpose;
  guint           call;         /* the call that is forwarded, transferred or joined */
  int             selected;     /* match, -1 = what was typed */
  gboolean        covered;      /* by another page: nothing is dialled behind the user's back */
} DialPage;

typedef struct {
  const char *name;
  const char *number;
  PhoneIcon   icon;
  guint       call;    /* one on hold */
} Match;

static const PhonePageClass dial_class;

static DialPage *
find (PhoneEngine *engine)
{
  return (DialPage *) phone_screen_find (engine, &dial_class);
}

static gboolean
has_text (DialPage *self)
{
  return phone_text_input_get_length (self->input) > 0;
}

/* A conversation waits for whoever is chosen here. */
static gboolean
is_for_waiting (const DialPage *self)
{
  return self->purpose == FOR_TRANSFER || self->purpose == FOR_CONFERENCE;
}

static gboolean
has_match (GArray     *matches,
           const char *number)
{
  for (guint i = 0; i < matches->len; i++)
    if (strcmp (g_array_index (matches, Match, i).number, number) == 0)
      return TRUE;
  return FALSE;
}

static void
add_match (GArray     *matches,
           const char *typed,
           const char *name,
           const char *number,
           PhoneIcon   icon)
{
  Match match = { name, number, icon, 0 };

  if (matches->len >= MAX_MATCHES || has_match (matches, number))
    return;
  if (strstr (number, typed) != NULL || (*name != '\0' && g_str_match_string (typed, name, TRUE)))
    g_array_append_val (matches, match);
}

/* Whoever else is on hold may be who the call goes to. */
static void
add_held_calls (PhoneEngine *engine,
                guint        waiting,
                GArray      *matches)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *call = engine->calls->pdata[i];
      const char *known = phone_history_find_name (engine, call->number);
      Match match = { known ? known : call->name, call->number, PHONE_ICON_CONTACT, call->id };

      if (call->id != waiting && call->state == PHONE_CALL_HELD && phone_call_is_visible (call) && !call->transferring
          && call->conference == PHONE_CONFERENCE_NONE)
        g_array_append_val (matches, match);
    }
}

/* Directory first, then the call log: what begins with or contains the number, or a word that begins with the letters. */
static GArray *
find_matches (PhoneEngine *engine,
              DialPage    *self)
{
  const char *typed = phone_text_input_get_text (self->input);
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (Match));
  GPtrArray *contacts = phone_history_get_contacts (engine);
  GPtrArray *entries = phone_history_get_entries (engine);

  if (*typed == '\0')
    {
      if (is_for_waiting (self))
        add_held_calls (engine, self->call, matches);
      return matches;
    }
  for (guint i = 0; i < contacts->len; i++)
    {
      const PhoneContact *contact = contacts->pdata[i];

      add_match (matches, typed, contact->name, contact->number, PHONE_ICON_CONTACT);
    }
  for (guint i = 0; i < entries->len; i++)
    {
      static const PhoneIcon icons[] = { PHONE_ICON_PLACED, PHONE_ICON_RECEIVED, PHONE_ICON_MISSED, PHONE_ICON_FORWARDED };
      const PhoneHistoryEntry *entry = entries->pdata[i];

      add_match (matches, typed, entry->name, entry->number, icons[entry->kind]);
    }
  return matches;
}

/* Guide, dialling: off hook the phone dials by itself, on hook only when told so. */
static void
restart_inter_digit (PhoneEngine *engine,
                     DialPage    *self)
{
  if (has_text (self) && self->purpose != FOR_FORWARD && (self->off_hook || phone_engine_bool (engine, PREDIAL_AUTODIAL)))
    phone_clock_arm (engine->clock, PHONE_TIMER_INTER_DIGIT, phone_engine_int (engine, INTER_DIGIT_TIME) * 1000);
  else
    phone_clock_cancel (engine->clock, PHONE_TIMER_INTER_DIGIT);
}

static void
on_edited (PhoneEngine *engine,
           DialPage    *self)
{
  self->selected = -1;
  restart_inter_digit (engine, self);
}

/* @call: (out) (nullable): the call on hold that is chosen, 0 = none */
static char *
dup_chosen (PhoneEngine *engine,
            DialPage    *self,
            guint       *call)
{
  g_autoptr (GArray) matches = find_matches (engine, self);
  const Match *match;

  if (call != NULL)
    *call = 0;
  if (self->selected < 0 || self->selected >= (int) matches->len)
    return g_strdup (phone_text_input_get_text (self->input));
  match = &g_array_index (matches, Match, self->selected);
  if (call != NULL)
    *call = match->call;
  return g_strdup (match->number);
}

static gboolean
has_chosen_call (PhoneEngine *engine,
                 DialPage    *self)
{
  guint call;
  g_autofree char *text = dup_chosen (engine, self, &call);

  return call != 0;
}

/* The page may be gone when this returns. */
static void
take_chosen (PhoneEngine *engine,
             DialPage    *self,
             gboolean     blind)
{
  guint to;
  g_autofree char *text = dup_chosen (engine, self, &to);
  g_autoptr (GError) error = NULL;
  gboolean done = TRUE;

  if (to != 0 && self->purpose == FOR_CONFERENCE)
    done = phone_conference_join (engine, self->call, to, &error);
  else if (to != 0)
    done = phone_transfer_join (engine, self->call, to, &error);
  else if (*text != '\0')
    done = phone_page_dial_take (engine, self->account, text, blind, &error);
  if (!done)
    phone_engine_say (engine, error->message);
}

/* The page may be gone when this returns. */
static void
send (PhoneEngine *engine,
      DialPage    *self)
{
  g_autofree char *text = dup_chosen (engine, self, NULL);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (is_for_waiting (self))
    {
      take_chosen (engine, self, FALSE);
      return;
    }
  if (*text == '\0')
    return;
  if (self->purpose == FOR_FORWARD)
    done = phone_commands_forward (engine, self->call, text, &error);
  else
    done = phone_calls_dial (engine, self->account, text, self->line_key, &error);
  if (!done)
    phone_engine_say (engine, error->message);
}

/* The key that sends, when there is something to send; else it is a character like others. */
static gboolean
is_send_key (PhoneEngine *engine,
             DialPage    *self,
             PhoneKey     key)
{
  gint64 mode = phone_engine_int (engine, KEY_AS_SEND);

  return has_text (self) && ((mode == 1 && key == PHONE_KEY_POUND) || (mode == 2 && key == PHONE_KEY_STAR));
}

static void
move_selection (PhoneEngine *engine,
                DialPage    *self,
                int          by)
{
  g_autoptr (GArray) matches = find_matches (engine, self);

  self->selected = CLAMP (self->selected + by, -1, (int) matches->len - 1);
  restart_inter_digit (engine, self);
}

/* Off hook, X first takes the number back; then, and on hook, it leaves. */
static void
press_cancel (PhoneEngine *engine,
              DialPage    *self)
{
  if (self->off_hook && has_text (self))
    {
      phone_text_input_set_text (self->input, "");
      on_edited (engine, self);
    }
  else
    {
      phone_screen_close (engine, &self->base);
    }
}

static gboolean
press_key (PhoneEngine *engine,
           PhonePage   *page,
           PhoneKey     key)
{
  DialPage *self = (DialPage *) page;

  if (is_send_key (engine, self, key))
    {
      phone_tones_send_key (engine);
      send (engine, self);
      return TRUE;
    }
  switch ((int) key)
    {
    case PHONE_KEY_OK:
      send (engine, self);
      return TRUE;
    case PHONE_KEY_F_TRANSFER:
      if (self->purpose == FOR_TRANSFER)
        take_chosen (engine, self, TRUE);
      return is_for_waiting (self);
    case PHONE_KEY_F_CONFERENCE:
      if (self->purpose == FOR_CONFERENCE)
        take_chosen (engine, self, FALSE);
      return is_for_waiting (self);
    case PHONE_KEY_X:
      press_cancel (engine, self);
      return TRUE;
    case PHONE_KEY_BACKSPACE:
      phone_text_input_backspace (self->input);
      on_edited (engine, self);
      return TRUE;
    case PHONE_KEY_LEFT:
    case PHONE_KEY_RIGHT:
      phone_text_input_move (self->input, key == PHONE_KEY_LEFT ? -1 : 1);
      restart_inter_digit (engine, self);
      return TRUE;
    case PHONE_KEY_UP:
    case PHONE_KEY_DOWN:
      move_selection (engine, self, key == PHONE_KEY_UP ? -1 : 1);
      return TRUE;
    default:
      if (phone_key_to_digit (key) == 0)
        return FALSE;
      phone_text_input_press (self->input, key, phone_clock_get_now_ms (engine->clock));
      on_edited (engine, self);
      return TRUE;
    }
}

static gboolean
type_text (PhoneEngine *engine,
           PhonePage   *page,
           const char  *text)
{
  DialPage *self = (DialPage *) page;

  phone_text_input_insert (self->input, text);
  on_edited (engine, self);
  return TRUE;
}

static void
take_action (PhoneEngine *engine,
             PhonePage   *page,
             int          action)
{
  DialPage *self = (DialPage *) page;

  switch (action)
    {
    case ACTION_SEND:
      send (engine, self);
      break;
    case ACTION_IME:
      phone_text_input_next_mode (self->input);
      restart_inter_digit (engine, self);
      break;
    case ACTION_DELETE:
      phone_text_input_backspace (self->input);
      on_edited (engine, self);
      break;
    case ACTION_CANCEL:
      phone_screen_close (engine, page);
      break;
    case ACTION_LINE:
      phone_page_accounts_open (engine, "");
      break;
    case ACTION_BLIND:
      take_chosen (engine, self, TRUE);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
on_timer (PhoneEngine *engine,
          PhonePage   *page,
          guint        timer)
{
  if (timer == PHONE_TIMER_INTER_DIGIT)
    send (engine, (DialPage *) page);
}

static void
update (PhoneEngine *engine,
        PhonePage   *page)
{
  DialPage *self = (DialPage *) page;
  PhoneCall *call = self->purpose != FOR_CALL ? phone_calls_find (engine, self->call) : NULL;
  gboolean covered = phone_screen_get_top (engine) != page;

  /* Whom shall we forward when the caller has given up, or transfer when they have hung up? */
  if ((self->purpose == FOR_FORWARD && (call == NULL || call->state != PHONE_CALL_INCOMING))
      || (is_for_waiting (self) && (call == NULL || phone_call_is_over (call))))
    {
      phone_screen_close (engine, page);
      return;
    }
  if (self->covered == covered)
    return;
  self->covered = covered;
  if (covered)
    phone_clock_cancel (engine->clock, PHONE_TIMER_INTER_DIGIT);
  else
    restart_inter_digit (engine, self);
}

static void
leave (PhoneEngine *engine,
       PhonePage   *page)
{
  phone_clock_cancel (engine->clock, PHONE_TIMER_INTER_DIGIT);
  engine->sound.seized = FALSE;
}

/* Guide, transfer: with a number, B Transfer goes there at once, Send asks whoever is there first. */
static void
list_waiting_keys (PhoneEngine   *engine,
                   DialPage      *self,
                   PhoneSoftKeys *keys)
{
  gboolean conference = self->purpose == FOR_CONFERENCE;

  if (has_text (self))
    {
      if (!conference)
        /* Translators: soft key: blind transfer, without speaking to the target first */
        phone_soft_keys_add (keys, _("B Transfer"), NULL, ACTION_BLIND);
      phone_soft_keys_add (keys, _("Send"), NULL, ACTION_SEND);
      if (conference)
        phone_soft_keys_add (keys, _("IME"), NULL, ACTION_IME);
      phone_soft_keys_add (keys, _("Delete"), NULL, ACTION_DELETE);
    }
  else
    {
      if (has_chosen_call (engine, self))
        phone_soft_keys_add (keys, conference ? _("Conference") : _("Transfer"), NULL, ACTION_SEND);
      else
        phone_soft_keys_add (keys, "", NULL, 0);
      phone_soft_keys_add (keys, _("Directory"), "directory", 0);
      phone_soft_keys_add (keys, _("History"), "history", 0);
    }
  phone_soft_keys_add (keys, _("Cancel"), NULL, ACTION_CANCEL);
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhonePage     *page,
                PhoneSoftKeys *keys)
{
  DialPage *self = (DialPage *) page;

  if (is_for_waiting (self))
    {
      list_waiting_keys (engine, self, keys);
      return;
    }
  if (!has_text (self) && self->purpose == FOR_CALL)
    {
      phone_soft_keys_add (keys, _("Directory"), "directory", 0);
      phone_soft_keys_add (keys, _("History"), "history", 0);
      /* Translators: soft key: choose the line the call goes out on */
      phone_soft_keys_add (keys, _("Line"), NULL, ACTION_LINE);
      phone_soft_keys_add (keys, _("Cancel"), NULL, ACTION_CANCEL);
      return;
    }
  /* Translators: soft key: dial the number */
  phone_soft_keys_add (keys, _("Send"), NULL, ACTION_SEND);
  /* Translators: soft key: input method, changes between 123, abc, ABC and 2aB */
  phone_soft_keys_add (keys, _("IME"), NULL, ACTION_IME);
  phone_soft_keys_add (keys, _("Delete"), NULL, ACTION_DELETE);
  phone_soft_keys_add (keys, _("Cancel"), NULL, ACTION_CANCEL);
  if (!self->off_hook && self->purpose == FOR_CALL)
    phone_soft_keys_add (keys, _("Line"), NULL, ACTION_LINE);
}

static void
build_matches (PhoneEngine  *engine,
               DialPage     *self,
               PhoneDisplay *display)
{
  g_autoptr (GArray) matches = find_matches (engine, self);

  for (guint i = 0; i < matches->len; i++)
    {
      const Match *match = &g_array_index (matches, Match, i);
      gboolean named = *match->name != '\0';
      PhoneDisplayRow *row = phone_display_add_row (display, named ? match->name : match->number,
                                                    named ? match->number : "");

      row->icon = match->icon;
      row->selected = self->selected == (int) i;
    }
}

static const char *
get_title (const DialPage *self)
{
  switch (self->purpose)
    {
    case FOR_CALL:
      /* Translators: title of the page where a number is entered */
      return _("Dial");
    case FOR_FORWARD:
      /* Translators: title: enter the number a ringing call is forwarded to */
      return _("Forward to");
    case FOR_TRANSFER:
      /* Translators: title: enter whom a call is transferred to */
      return _("Transfer to");
    case FOR_CONFERENCE:
      return _("Conference");
    }
  g_assert_not_reached ();
}

static void
build (PhoneEngine  *engine,
       PhonePage    *page,
       PhoneDisplay *display)
{
  DialPage *self = (DialPage *) page;

  phone_display_set_text (&display->title, get_title (self));
  if (self->account != 0)
    {
      g_autofree char *label = phone_account_dup_label (engine, self->account);

      phone_display_set_text (&display->account, label);
    }
  phone_display_set_text (&display->edit_text, phone_text_input_get_text (self->input));
  display->edit_cursor = phone_text_input_get_cursor (self->input);
  phone_display_set_text (&display->edit_mode, phone_text_input_get_mode_name (self->input));
  phone_display_set_text (&display->edit_hint, _("Enter number"));
  build_matches (engine, self, display);
}

static void
free_dial (PhonePage *page)
{
  DialPage *self = (DialPage *) page;

  phone_text_input_free (self->input);
  g_free (self);
}

static const PhonePageClass dial_class = {
  .name = "dial",
  .layout = PHONE_LAYOUT_DIAL,
  .leave = leave,
  .update = update,
  .key = press_key,
  .text = type_text,
  .action = take_action,
  .timer = on_timer,
  .soft_keys = list_soft_keys,
  .build = build,
  .free = free_dial,
};

static DialPage *
open_page (PhoneEngine *engine)
{
  DialPage *self = find (engine);

  phone_calls_dismiss_ended (engine);
  if (self == NULL)
    {
      self = g_new0 (DialPage, 1);
      self->base.klass = &dial_class;
      self->input = phone_text_input_new (MAX_TEXT, PHONE_INPUT_DIGITS);
      self->selected = -1;
      phone_screen_push (engine, &self->base);
    }
  phone_screen_raise (engine, &self->base);
  return self;
}

/* Off hook, with dial tone. */
static void
take_line (PhoneEngine *engine,
           DialPage    *self)
{
  if (self->off_hook)
    return;
  phone_sound_engage (engine);
  self->off_hook = TRUE;
  engine->sound.seized = TRUE;
}

/**
 * phone_page_dial_open:
 * @off_hook: takes a line, with dial tone; whoever is talked to is put on hold
 *
 * Brings the page to the top; what was typed stays.
 */
void
phone_page_dial_open (PhoneEngine *engine,
                      gboolean     off_hook)
{
  DialPage *self = open_page (engine);

  self->purpose = FOR_CALL;
  if (off_hook)
    take_line (engine, self);
  phone_calls_hold_active (engine);
  restart_inter_digit (engine, self);
}

static void
open_waiting (PhoneEngine *engine,
              Purpose      purpose,
              guint        call)
{
  DialPage *self = open_page (engine);

  self->purpose = purpose;
  self->call = call;
  self->account = 0;
  self->line_key = 0;
  phone_text_input_set_text (self->input, "");
  take_line (engine, self);
  phone_calls_hold_active (engine);
  on_edited (engine, self);
}

/**
 * phone_page_dial_open_transfer:
 * @call: a conversation; it is put on hold
 *
 * Asks whom @call is transferred to, with dial tone.
 */
void
phone_page_dial_open_transfer (PhoneEngine *engine,
                               guint        call)
{
  open_waiting (engine, FOR_TRANSFER, call);
}

/**
 * phone_page_dial_open_conference:
 * @call: a conversation, or the head of the conference; put on hold
 *
 * Asks who is to join it, with dial tone.
 */
void
phone_page_dial_open_conference (PhoneEngine *engine,
                                 guint        call)
{
  open_waiting (engine, FOR_CONFERENCE, call);
}

/**
 * phone_page_dial_get_transfer:
 * @text: (out) (transfer full) (nullable): what is typed or chosen
 *
 * Returns: the call whose target is being entered, 0 = none
 */
guint
phone_page_dial_get_transfer (PhoneEngine  *engine,
                              char        **text)
{
  DialPage *self = find (engine);

  *text = NULL;
  if (self == NULL || self->purpose != FOR_TRANSFER)
    return 0;
  *text = dup_chosen (engine, self, NULL);
  return self->call;
}

/**
 * phone_page_dial_take:
 * @account: to call with, 0 for the one that fits
 * @number: what was chosen, on this page or on a list above it
 * @blind: whether a transfer goes there at once
 *
 * Calls @number: for a transfer or a conference, when that is what is being entered.
 */
gboolean
phone_page_dial_take (PhoneEngine  *engine,
                      guint         account,
                      const char   *number,
                      gboolean      blind,
                      GError      **error)
{
  DialPage *self = find (engine);

  if (self == NULL || !is_for_waiting (self))
    return phone_calls_dial (engine, account, number, 0, error);
  if (self->purpose == FOR_CONFERENCE)
    return phone_conference_consult (engine, self->call, account, number, error);
  if (blind)
    return phone_transfer_blind (engine, self->call, number, error);
  return phone_transfer_consult (engine, self->call, account, number, error);
}

/**
 * phone_page_dial_open_line:
 * A free line key was pressed: off hook on that line. While a number is entered, only chooses the line.
 */
void
phone_page_dial_open_line (PhoneEngine *engine,
                           guint        account,
                           guint        line_key)
{
  DialPage *self = find (engine);

  if (self == NULL || !has_text (self))
    phone_page_dial_open (engine, TRUE);
  self = find (engine);
  self->account = account;
  self->line_key = line_key;
}

/**
 * phone_page_dial_open_forward:
 * Asks where a ringing call is to go.
 */
void
phone_page_dial_open_forward (PhoneEngine *engine,
                              guint        call)
{
  DialPage *self = open_page (engine);

  self->purpose = FOR_FORWARD;
  self->call = call;
  phone_text_input_set_text (self->input, "");
  on_edited (engine, self);
}

/**
 * phone_page_dial_type:
 * @text: one digit as from its key, or pasted text
 */
void
phone_page_dial_type (PhoneEngine *engine,
                      const char  *text)
{
  DialPage *self = find (engine);

  if (self != NULL)
    type_text (engine, &self->base, text);
}

/**
 * phone_page_dial_close:
 *
 * Takes the page away, if it is there.
 */
void
phone_page_dial_close (PhoneEngine *engine)
{
  DialPage *self = find (engine);

  if (self != NULL)
    phone_screen_close (engine, &self->base);
}

/**
 * phone_page_dial_send_typed:
 * The handset is lifted or a channel key is pressed while a number stands there.
 *
 * Returns: %FALSE when no number is being entered
 */
gboolean
phone_page_dial_send_typed (PhoneEngine *engine)
{
  DialPage *self = find (engine);

  if (self == NULL || phone_screen_get_top (engine) != &self->base || !has_text (self) || self->purpose == FOR_FORWARD)
    return FALSE;
  send (engine, self);
  return TRUE;
}

/**
 * phone_page_dial_has_text:
 * Returns: whether the page is on top and something was entered
 */
gboolean
phone_page_dial_has_text (PhoneEngine *engine)
{
  DialPage *self = find (engine);

  return self != NULL && phone_screen_get_top (engine) == &self->base && has_text (self);
}

/**
 * phone_page_dial_wants_tone:
 * Returns: whether the dial tone sounds: off hook, nothing dialled yet, nothing else on screen
 */
gboolean
phone_page_dial_wants_tone (PhoneEngine *engine)
{
  DialPage *self = find (engine);

  return self != NULL && self->off_hook && phone_screen_get_top (engine) == &self->base && !has_text (self);
}

/**
 * phone_page_dial_get_seized_key:
 * Returns: the line key that is taken for dialling, 0 when none is
 */
guint
phone_page_dial_get_seized_key (PhoneEngine *engine)
{
  DialPage *self = find (engine);
  guint account;

  if (self == NULL || !self->off_hook)
    return 0;
  if (self->line_key != 0)
    return self->line_key;
  account = self->account ? self->account : phone_accounts_get_default (engine);
  return account ? phone_line_keys_find_free (engine, account) : 0;
}

/**
 * phone_page_dial_set_account:
 * The user chose the line the call goes out on.
 */
void
phone_page_dial_set_account (PhoneEngine *engine,
                             guint        account)
{
  DialPage *self = find (engine);

  if (self == NULL)
    return;
  self->account = account;
  self->line_key = 0;
  if (phone_screen_get_top (engine) != &self->base)
    phone_screen_close (engine, phone_screen_get_top (engine));
  phone_screen_raise (engine, &self->base);
}
