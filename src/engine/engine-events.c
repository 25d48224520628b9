/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "engine-private.h"

#include "account.h"
#include "call-actions.h"
#include "calls.h"
#include "cause.h"
#include "conference.h"
#include "commands.h"
#include "history.h"
#include "keymap.h"
#include "network.h"
#include "page.h"
#include "screen.h"
#include "sound.h"
#include "tones.h"
#include "transfer.h"

/* What the engine does with each kind of event: most go on to those who know more of their subject. */

/* Settings of accounts that change together are told together. */
#define ACCOUNTS_MS 50
/* Signaling reports its end within 3 s; nobody waits longer. */
#define QUIT_MS 3000

/**
 * phone_engine_note_activity:
 *
 * Somebody is here: the display is bright again.
 */
void
phone_engine_note_activity (PhoneEngine *self)
{
  guint seconds = phone_engine_int (self, BACKLIGHT_TIME);

  self->dimmed = FALSE;
  if (seconds > 0)
    phone_clock_arm (self->clock, PHONE_TIMER_BACKLIGHT, seconds * 1000);
  else
    phone_clock_cancel (self->clock, PHONE_TIMER_BACKLIGHT);
}

static void
clear_popup (PhoneEngine *self)
{
  g_clear_pointer (&self->popup, g_free);
  phone_clock_cancel (self->clock, PHONE_TIMER_POPUP);
}

static void
handle_key (PhoneEngine      *self,
            const PhoneEvent *event)
{
  if (event->value == 0 || event->key == PHONE_KEY_NONE)
    return;
  phone_engine_note_activity (self);
  clear_popup (self);
  phone_transfer_silence (self);
  phone_keymap_press (self, event->key);
}

static void
handle_text (PhoneEngine      *self,
             const PhoneEvent *event)
{
  if (event->text == NULL || *event->text == '\0' || !g_utf8_validate (event->text, -1, NULL))
    return;
  phone_engine_note_activity (self);
  clear_popup (self);
  phone_screen_type (self, event->text);
}

static void
handle_command (PhoneEngine      *self,
                const PhoneEvent *event)
{
  g_autoptr (GError) error = NULL;

  if (event->text == NULL)
    return;
  phone_engine_note_activity (self);
  if (phone_commands_run (self, event->text, &error))
    return;
  g_debug ("command refused: %s", error->message);
  g_clear_error (&self->command_error);
  self->command_error = g_steal_pointer (&error);
}

static void
stop (PhoneEngine *self)
{
  if (self->stopped || !self->quitting)
    return;
  self->stopped = TRUE;
  phone_clock_cancel (self->clock, PHONE_TIMER_QUIT);
  for (guint i = 0; i < self->calls->len; i++)
    {
      PhoneCall *call = self->calls->pdata[i];

      if (call->state != PHONE_CALL_ENDED)
        phone_call_dispatch (self, call, PHONE_CALL_ON_TERMINATED,
                             &(PhoneEvent) { .type = PHONE_EVENT_TERMINATED, .call = call->id });
      call->shown = FALSE;
    }
}

static void
quit (PhoneEngine *self)
{
  if (self->quitting)
    return;
  self->quitting = TRUE;
  for (guint i = 0; i < self->calls->len; i++)
    phone_call_dispatch (self, self->calls->pdata[i], PHONE_CALL_ON_HANGUP, NULL);
  phone_page_dial_close (self);
  phone_screen_leave_for_call (self);
  phone_clock_arm (self->clock, PHONE_TIMER_QUIT, QUIT_MS);
  phone_signaling_shutdown (self->signaling);
}

static void
handle_timer (PhoneEngine *self,
              guint        timer)
{
  switch (timer)
    {
    case PHONE_TIMER_TICK:
      self->tick_at_ms = -1;
      break;
    case PHONE_TIMER_POPUP:
      g_clear_pointer (&self->popup, g_free);
      break;
    case PHONE_TIMER_VOLUME:
      self->sound.volume_shown = -1;
      break;
    case PHONE_TIMER_BACKLIGHT:
      self->dimmed = TRUE;
      break;
    case PHONE_TIMER_ACCOUNTS:
      if (!self->quitting)
        phone_accounts_apply (self);
      break;
    case PHONE_TIMER_LONG_PRESS:
      if (self->held_key != PHONE_KEY_NONE)
        phone_engine_release (self, self->held_key);
      self->held_key = PHONE_KEY_NONE;
      break;
    case PHONE_TIMER_TRANSFER_FAILED:
      phone_transfer_silence (self);
      break;
    case PHONE_TIMER_TRANSFER_DONE:
      phone_transfer_finish (self);
      break;
    case PHONE_TIMER_HOLD_TONE:
    case PHONE_TIMER_HELD_TONE:
      phone_tones_remind (self, timer);
      break;
    case PHONE_TIMER_QUIT:
      stop (self);
      break;
    default:
      if (timer >= PHONE_TIMER_CALLS)
        phone_calls_on_timer (self, timer);
      else
        phone_screen_on_timer (self, timer);
    }
}

/* A volume may be changed by other hands; accounts are told to signaling together, a moment after the last change. */
static void
handle_setting (PhoneEngine      *self,
                const PhoneEvent *event)
{
  static const PhoneSettingId volumes[] = {
    PHONE_SETTING_VOLUME_HANDS_FREE, PHONE_SETTING_VOLUME_HANDSET, PHONE_SETTING_VOLUME_HEADSET,
    PHONE_SETTING_VOLUME_RING,
  };
  PhoneSettingId id;
  guint x, y;

  if (event->text == NULL || !phone_setting_find (event->text, &id, &x, &y, NULL))
    return;
  if (g_str_has_prefix (event->text, "account."))
    phone_clock_arm (self->clock, PHONE_TIMER_ACCOUNTS, ACCOUNTS_MS);
  for (guint i = 0; i < G_N_ELEMENTS (volumes); i++)
    if (volumes[i] == id)
      phone_audio_set_volume (self->audio, i, phone_settings_get_int (self->settings, id, 0, 0));
  if (id == PHONE_SETTING_BACKLIGHT_TIME)
    phone_engine_note_activity (self);
}

static void
handle_incoming (PhoneEngine      *self,
                 const PhoneEvent *event)
{
  if (phone_calls_find (self, event->call) != NULL)
    return;
  if (phone_transfer_take_replacing (self, event) || phone_conference_take_joining (self, event))
    return;
  phone_calls_take_incoming (self, event);
  if (phone_calls_find_in_state (self, PHONE_CALL_INCOMING) != NULL)
    {
      phone_engine_note_activity (self);
      phone_screen_show_calls (self);
    }
}

static void
handle_identity (PhoneEngine      *self,
                 PhoneCall        *call,
                 const PhoneEvent *event)
{
  if (event->number != NULL && *event->number != '\0')
    {
      g_free (call->number);
      call->number = g_strdup (event->number);
    }
  if (event->name != NULL)
    {
      g_free (call->name);
      call->name = g_strdup (event->name);
    }
  phone_engine_notify_call (self, call);
}

static void
notify_text (PhoneEngine     *self,
             PhoneNoticeKind  kind,
             guint            call,
             const char      *text)
{
  PhoneNotice notice = { .kind = kind, .call = call, .number = "", .name = "", .text = text ? text : "" };

  phone_outbox_notify (self->outbox, &notice);
}

static void
handle_heard (PhoneEngine      *self,
              const PhoneEvent *event)
{
  PhoneCall *call = phone_calls_find (self, event->call);
  char digit[2] = { (char) event->value, '\0' };

  switch ((int) event->type)
    {
    case PHONE_EVENT_MEDIA_FLOWING:
      if (call != NULL)
        call->flowing = TRUE;
      notify_text (self, PHONE_NOTICE_CALL_MEDIA, event->call, "flowing");
      break;
    case PHONE_EVENT_MEDIA_STALLED:
      notify_text (self, PHONE_NOTICE_CALL_MEDIA, event->call, "stalled");
      if (call != NULL && call->state == PHONE_CALL_TALKING && !call->far_held)
        phone_engine_say (self, phone_cause_get_text (PHONE_CAUSE_SILENCE));
      break;
    case PHONE_EVENT_DIGIT_HEARD:
      notify_text (self, PHONE_NOTICE_DIGIT, event->call, digit);
      break;
    case PHONE_EVENT_AUDIO_HEARD:
      notify_text (self, PHONE_NOTICE_HEARD, event->call, event->text);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Sound is gone for all: each call goes on, the LCD says why it is silent. */
static void
handle_media_failed (PhoneEngine      *self,
                     const PhoneEvent *event)
{
  PhoneCall *call = phone_calls_find (self, event->call);

  g_message ("media failed: %s", event->text ? event->text : "");
  if (event->call == 0)
    phone_engine_say (self, phone_cause_get_text (phone_cause_from_media_fault (event->value)));
  else if (call != NULL)
    phone_call_apply (self, call, event);
}

static void
handle_call_event (PhoneEngine      *self,
                   const PhoneEvent *event)
{
  PhoneCall *call = phone_calls_find (self, event->call);

  if (call == NULL)
    g_debug ("%s for a call that is gone (%u)", phone_event_type_to_string (event->type), event->call);
  else if (event->type == PHONE_EVENT_IDENTITY)
    handle_identity (self, call, event);
  else if (event->type == PHONE_EVENT_MUSIC)
    phone_call_set_music (self, call, event->value != 0);
  else
    phone_call_apply (self, call, event);
}

/**
 * phone_engine_handle:
 *
 * What each event means. Others see to what follows from the state it leaves: see on_event() in engine.c.
 */
void
phone_engine_handle (PhoneEngine      *self,
                     const PhoneEvent *event)
{
  switch (event->type)
    {
    case PHONE_EVENT_KEY:
      handle_key (self, event);
      break;
    case PHONE_EVENT_TEXT:
      handle_text (self, event);
      break;
    case PHONE_EVENT_HOOK:
      phone_engine_note_activity (self);
      phone_transfer_silence (self);
      phone_sound_set_hook (self, event->value != 0);
      break;
    case PHONE_EVENT_COMMAND:
      handle_command (self, event);
      break;
    case PHONE_EVENT_TIMER:
      handle_timer (self, event->value);
      break;
    case PHONE_EVENT_ACCOUNT:
      phone_accounts_on_event (self, event);
      break;
    case PHONE_EVENT_INCOMING:
      handle_incoming (self, event);
      break;
    case PHONE_EVENT_PROGRESS:
    case PHONE_EVENT_ESTABLISHED:
    case PHONE_EVENT_MODIFIED:
    case PHONE_EVENT_MODIFY_FAILED:
    case PHONE_EVENT_REMOTE_MODIFY:
    case PHONE_EVENT_MUSIC:
    case PHONE_EVENT_IDENTITY:
    case PHONE_EVENT_TERMINATED:
    case PHONE_EVENT_MEDIA_READY:
      handle_call_event (self, event);
      break;
    case PHONE_EVENT_TRANSFER:
      phone_transfer_on_news (self, event);
      break;
    case PHONE_EVENT_REFERRED:
      phone_transfer_on_referred (self, event);
      break;
    case PHONE_EVENT_MEDIA_FLOWING:
    case PHONE_EVENT_MEDIA_STALLED:
    case PHONE_EVENT_DIGIT_HEARD:
    case PHONE_EVENT_AUDIO_HEARD:
      handle_heard (self, event);
      break;
    case PHONE_EVENT_MEDIA_FAILED:
      handle_media_failed (self, event);
      break;
    case PHONE_EVENT_SIGNALING_STOPPED:
      stop (self);
      break;
    case PHONE_EVENT_SETTING_CHANGED:
      handle_setting (self, event);
      break;
    case PHONE_EVENT_CONTACTS_CHANGED:
      phone_history_load_contacts (self);
      break;
    case PHONE_EVENT_STORE_FAILED:
      phone_engine_say (self, phone_cause_get_text (PHONE_CAUSE_NOT_SAVED));
      break;
    case PHONE_EVENT_NETWORK:
      if (!self->quitting)
        phone_network_apply (self, event->value);
      break;
    case PHONE_EVENT_QUIT:
      quit (self);
      break;
    case PHONE_EVENT_NONE:
    case PHONE_N_EVENTS:
      break;
    }
}
