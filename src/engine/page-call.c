/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page.h"

#include "account.h"
#include "calls.h"
#include "cause.h"
#include "commands.h"
#include "conference.h"
#include "history.h"
#include "policy.h"
#include "screen.h"
#include "texts.h"
#include "transfer.h"

/* The page of the calls: one card each; soft keys act on the focused one (guide: screens and soft keys). */

static gboolean
press_ok (PhoneEngine     *engine,
          const PhoneCall *call)
{
  if (call->state == PHONE_CALL_INCOMING)
    phone_commands_run (engine, "answer", NULL);
  else if (call->state == PHONE_CALL_HELD)
    phone_commands_run (engine, "resume", NULL);
  else if (phone_call_is_over (call))
    phone_commands_run (engine, "hangup", NULL);
  return TRUE;
}

/* A held call is not ended by X: one slip would lose somebody who waits. */
static gboolean
press_cancel (PhoneEngine     *engine,
              const PhoneCall *call)
{
  if (call->state == PHONE_CALL_INCOMING)
    phone_commands_run (engine, "reject", NULL);
  else if (call->state != PHONE_CALL_HELD && call->state != PHONE_CALL_HOLDING)
    phone_commands_run (engine, "hangup", NULL);
  return TRUE;
}

static gboolean
press_key (PhoneEngine *engine,
           PhonePage   *page,
           PhoneKey     key)
{
  PhoneCall *call = phone_calls_get_focused (engine);
  char digit = phone_key_to_digit (key);

  if (call == NULL)
    return FALSE;
  if (digit != 0 && phone_call_is_over (call))
    {
      char text[2] = { digit, '\0' };

      phone_page_dial_open (engine, FALSE);
      phone_page_dial_type (engine, text);
      return TRUE;
    }
  if (digit != 0)
    {
      phone_commands_send_digit (engine, digit);
      return TRUE;
    }
  switch ((int) key)
    {
    case PHONE_KEY_OK:
      return press_ok (engine, call);
    case PHONE_KEY_X:
      return press_cancel (engine, call);
    case PHONE_KEY_UP:
    case PHONE_KEY_DOWN:
      phone_calls_move_focus (engine, key == PHONE_KEY_UP ? -1 : 1);
      return TRUE;
    case PHONE_KEY_LEFT:
    case PHONE_KEY_RIGHT:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Letters have no DTMF; digits, * and # do. */
static gboolean
type_text (PhoneEngine *engine,
           PhonePage   *page,
           const char  *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isdigit (*p) || *p == '*' || *p == '#')
      phone_commands_send_digit (engine, *p);
  return TRUE;
}

static void
add (PhoneSoftKeys *keys,
     const char    *label,
     const char    *command)
{
  phone_soft_keys_add (keys, label, command, 0);
}

static gboolean
is_other_held (PhoneEngine     *engine,
               const PhoneCall *call)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *other = engine->calls->pdata[i];

      if (other != call && other->state == PHONE_CALL_HELD)
        return TRUE;
    }
  return FALSE;
}

/* phone_setting.hold_or_swap.mode: with another call on hold, 0 Swap, 1 Hold, 2 both. */
static void
list_talking_keys (PhoneEngine     *engine,
                   const PhoneCall *call,
                   PhoneSoftKeys   *keys)
{
  gint64 mode = phone_engine_int (engine, HOLD_OR_SWAP);
  gboolean other_held = is_other_held (engine, call);

  if (phone_calls_find_in_state (engine, PHONE_CALL_INCOMING) != NULL)
    {
      add (keys, _("Transfer"), "transfer");
      add (keys, _("Answer"), "answer");
      add (keys, _("Reject"), "reject");
      add (keys, _("End Call"), "hangup");
      return;
    }
  add (keys, _("Transfer"), "transfer");
  if (other_held && mode != 1)
    /* Translators: soft key: talk to the call on hold, and hold this one */
    add (keys, _("Swap"), "swap");
  if (!other_held || mode != 0)
    add (keys, _("Hold"), "hold");
  add (keys, _("Conference"), "conference");
  add (keys, _("End Call"), "hangup");
}

/* What can be done with a call that is neither spoken on nor held. */
static void
list_ending_keys (PhoneEngine   *engine,
                  const char    *first,
                  PhoneSoftKeys *keys)
{
  gboolean waiting = phone_calls_find_in_state (engine, PHONE_CALL_INCOMING) != NULL;

  add (keys, first, "transfer");
  add (keys, waiting ? _("Answer") : "", "answer");
  add (keys, waiting ? _("Reject") : "", "reject");
  add (keys, _("End Call"), "hangup");
}

/* Guide, conference: Split, Hold, Manage, End Call. Conference, while it is on hold, adds another party. */
static void
list_conference_keys (PhoneEngine     *engine,
                      const PhoneCall *head,
                      PhoneSoftKeys   *keys)
{
  gboolean waiting = phone_calls_find_in_state (engine, PHONE_CALL_INCOMING) != NULL;

  if (head->state == PHONE_CALL_HELD)
    {
      add (keys, _("Resume"), "resume");
      add (keys, _("Split"), "split");
      add (keys, _("Conference"), "conference");
    }
  else
    {
      /* Translators: soft key: makes calls of their own of a conference */
      add (keys, _("Split"), "split");
      add (keys, waiting ? _("Answer") : _("Hold"), waiting ? "answer" : "hold");
      /* Translators: soft key: shows who is in the conference */
      add (keys, waiting ? _("Reject") : _("Manage"), waiting ? "reject" : "conference-manage");
    }
  add (keys, _("End Call"), "hangup");
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhonePage     *page,
                PhoneSoftKeys *keys)
{
  const PhoneCall *call = phone_calls_get_focused (engine);

  if (call == NULL)
    return;
  if (call->conference != PHONE_CONFERENCE_NONE)
    {
      list_conference_keys (engine, call, keys);
      return;
    }
  if (call->transferring && !phone_call_is_over (call))
    {
      list_ending_keys (engine, "", keys);
      return;
    }
  switch (call->state)
    {
    case PHONE_CALL_INCOMING:
      add (keys, _("Answer"), "answer");
      add (keys, _("Forward"), "forward");
      /* Translators: soft key: the bell stops, the call still waits */
      add (keys, _("Silence"), "silence");
      add (keys, _("Reject"), "reject");
      break;
    case PHONE_CALL_TALKING:
      list_talking_keys (engine, call, keys);
      break;
    case PHONE_CALL_HELD:
      add (keys, _("Transfer"), "transfer");
      add (keys, _("Resume"), "resume");
      add (keys, _("New Call"), "newcall");
      add (keys, _("End Call"), "hangup");
      break;
    case PHONE_CALL_NEW:
    case PHONE_CALL_CALLING:
    case PHONE_CALL_RINGING:
    case PHONE_CALL_ANSWERING:
    case PHONE_CALL_HOLDING:
    case PHONE_CALL_RESUMING:
      list_ending_keys (engine, phone_transfer_is_prepared (engine, call) ? _("Transfer") : "", keys);
      break;
    case PHONE_CALL_ENDING:
    case PHONE_CALL_ENDED:
      add (keys, _("New Call"), "newcall");
      /* Translators: soft key: call back who was lost in a transfer that failed */
      add (keys, call->recall ? _("ReCall") : "", "recall");
      add (keys, "", NULL);
      add (keys, _("Cancel"), "hangup");
      break;
    }
}

/* The words of the phone for each state. */
static const char *
get_state_text (const PhoneCall *call)
{
  if (call->transferring && call->answered && !phone_call_is_over (call))
    return _("Transferring");
  if (call->conference != PHONE_CONFERENCE_NONE && call->state == PHONE_CALL_TALKING)
    return _("Conference");
  switch (call->state)
    {
    case PHONE_CALL_NEW:
    case PHONE_CALL_CALLING:
      return _("Calling");
    case PHONE_CALL_RINGING:
      return _("Ringing");
    case PHONE_CALL_INCOMING:
      return _("Incoming call");
    case PHONE_CALL_ANSWERING:
      return _("Connecting");
    case PHONE_CALL_TALKING:
      /* Translators: the other side has put us on hold */
      return call->far_held ? _("Held") : _("Talking");
    case PHONE_CALL_HOLDING:
      return _("Holding...");
    case PHONE_CALL_HELD:
      return _("Hold");
    case PHONE_CALL_RESUMING:
      return _("Resuming...");
    case PHONE_CALL_ENDING:
    case PHONE_CALL_ENDED:
      return call->end_text;
    }
  g_assert_not_reached ();
}

/* phone_setting.call_info_display_method. The second text is "" when it says the same. */
static void
set_identity (PhoneEngine      *engine,
              const PhoneCall  *call,
              PhoneDisplayCall *card)
{
  gboolean many = call->conference != PHONE_CONFERENCE_NONE;
  g_autofree char *name = many ? phone_conference_dup_members (engine) : phone_call_dup_shown_name (engine, call);
  const char *number = many ? "" : call->number;
  const char *first = name;
  const char *second = number;

  switch (phone_engine_int (engine, CALL_INFO_METHOD))
    {
    case 1:
      first = *number ? number : name;
      second = name;
      break;
    case 2:
      second = "";
      break;
    case 3:
      first = *number ? number : name;
      second = "";
      break;
    default:
      break;
    }
  phone_display_set_text (&card->name, first);
  phone_display_set_text (&card->number, g_strcmp0 (first, second) == 0 ? "" : second);
}

static void
set_forwarded (PhoneEngine      *engine,
               const PhoneCall  *call,
               PhoneDisplayCall *card)
{
  const char *known = phone_history_find_name (engine, call->diverter);
  const char *who = known != NULL ? known : *call->diverter_name != '\0' ? call->diverter_name : call->diverter;
  g_autofree char *text = NULL;

  if (*who == '\0')
    return;
  /* Translators: the phone's word for who has forwarded a call to here */
  text = g_strdup_printf (_("From_FWD: %s"), who);
  phone_display_set_text (&card->forwarded, text);
}

/* A lock promises more than keys: they have come encrypted too (RFC 4568 §8.1). */
static gboolean
is_secure (PhoneEngine     *engine,
           const PhoneCall *call)
{
  return call->account != 0 && phone_call_is_encrypted (call)
         && phone_settings_get_int (engine->settings, PHONE_SETTING_ACCOUNT_SERVER_TRANSPORT, call->account, 1) == 2;
}

static gboolean
is_wideband (const PhoneCall *call)
{
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;
  const PhoneCodec *voice;

  if (!call->answered || call->local == NULL || call->remote == NULL
      || !phone_media_desc_choose (call->local, call->remote, &send, &receive) || send == NULL)
    return FALSE;
  voice = phone_media_desc_get_voice (send);
  return voice != NULL && phone_codec_is_wideband (voice);
}

/* The next whole second of the conversation is when the card changes. */
static void
set_duration (PhoneEngine      *engine,
              const PhoneCall  *call,
              PhoneDisplayCall *card)
{
  guint seconds = phone_call_get_duration_s (engine, call);
  g_autofree char *text = NULL;

  if (!call->answered)
    return;
  if (seconds >= 3600)
    text = g_strdup_printf ("%u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
  else
    text = g_strdup_printf ("%02u:%02u", seconds / 60, seconds % 60);
  phone_display_set_text (&card->duration, text);
  if (!phone_call_is_over (call))
    phone_engine_tick_at (engine, call->talking_ms + (gint64) (seconds + 1) * 1000);
}

static void
build_card (PhoneEngine     *engine,
            const PhoneCall *call,
            PhoneDisplay    *display)
{
  PhoneDisplayCall *card = phone_display_add_call (display, call->id);
  g_autofree char *account = phone_account_dup_label (engine, call->account);

  phone_display_set_text (&card->state, get_state_text (call));
  phone_display_set_text (&card->account, account);
  set_identity (engine, call, card);
  set_forwarded (engine, call, card);
  set_duration (engine, call, card);
  card->position = phone_calls_get_position (engine, call);
  card->focused = call->id == engine->focus;
  card->incoming = call->state == PHONE_CALL_INCOMING;
  card->held = call->state == PHONE_CALL_HELD || call->state == PHONE_CALL_RESUMING;
  card->far_held = call->far_held;
  card->wideband = is_wideband (call);
  card->failed = phone_call_is_over (call) && call->end == PHONE_CALL_END_FAILED;
  if (card->wideband && card->focused)
    display->icons |= PHONE_STATUS_HD;
  if (card->focused && is_secure (engine, call))
    display->icons |= PHONE_STATUS_SECURE;
}

static const char *
get_page_name (const PhoneCall *call)
{
  if (call->state == PHONE_CALL_INCOMING)
    return "incoming";
  if (phone_call_is_over (call))
    return call->end == PHONE_CALL_END_FAILED ? "failed" : "ended";
  return "call";
}

static void
build (PhoneEngine  *engine,
       PhonePage    *page,
       PhoneDisplay *display)
{
  const PhoneCall *focused = phone_calls_get_focused (engine);

  if (focused != NULL)
    {
      phone_display_set_text (&display->page, get_page_name (focused));
      phone_display_set_text (&display->title, get_state_text (focused));
      phone_display_set_text (&display->notice, engine->network_down ? phone_cause_get_text (PHONE_CAUSE_NO_NETWORK)
                                                                     : focused->digits);
    }
  for (guint i = 0; i < engine->calls->len; i++)
    if (phone_call_is_visible (engine->calls->pdata[i]))
      build_card (engine, engine->calls->pdata[i], display);
}

static void
free_call (PhonePage *page)
{
  g_free (page);
}

static const PhonePageClass call_class = {
  .name = "call",
  .layout = PHONE_LAYOUT_CALL,
  .key = press_key,
  .text = type_text,
  .soft_keys = list_soft_keys,
  .build = build,
  .free = free_call,
};

/**
 * phone_page_call_new:
 * Returns: (transfer full): the page of the calls
 */
PhonePage *
phone_page_call_new (void)
{
  PhonePage *page = g_new0 (PhonePage, 1);

  page->klass = &call_class;
  return page;
}

/**
 * phone_page_is_call:
 * Returns: whether @page is the page of the calls
 */
gboolean
phone_page_is_call (const PhonePage *page)
{
  return page->klass == &call_class;
}
