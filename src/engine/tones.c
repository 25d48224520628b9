/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "tones.h"

#include "calls.h"
#include "page.h"
#include "screen.h"
#include "sound.h"
#include "transfer.h"

/* Length of the key click, after which another tone may start again. */
#define KEY_TONE_MS 100

static const struct {
  PhoneTone      tone;
  PhoneSettingId setting;
} scripts[] = {
  { PHONE_TONE_DIAL, PHONE_SETTING_TONE_DIAL },
  { PHONE_TONE_RING_BACK, PHONE_SETTING_TONE_RING },
  { PHONE_TONE_BUSY, PHONE_SETTING_TONE_BUSY },
  { PHONE_TONE_CONGESTION, PHONE_SETTING_TONE_CONGESTION },
  { PHONE_TONE_CALL_WAITING, PHONE_SETTING_TONE_CALL_WAITING },
  { PHONE_TONE_AUTO_ANSWER, PHONE_SETTING_TONE_AUTO_ANSWER },
};

/* Own scripts count only when the country is "Custom" (guide: tones); a broken one falls back to the table. */
static PhoneToneScript *
make_script (PhoneEngine *engine,
             PhoneTone    tone)
{
  const char *country = phone_engine_text (engine, TONE_COUNTRY);
  const char *text;

  for (guint i = 0; g_ascii_strcasecmp (country, "Custom") == 0 && i < G_N_ELEMENTS (scripts); i++)
    {
      const char *own = phone_settings_get_string (engine->settings, scripts[i].setting, 0, 0);
      g_autoptr (GError) error = NULL;
      PhoneToneScript *script;

      if (scripts[i].tone != tone || *own == '\0')
        continue;
      script = phone_tone_script_parse (own, &error);
      if (script != NULL)
        return script;
      g_warning ("tone script \"%s\": %s", own, error->message);
    }
  text = phone_tone_script_for_country (country, tone);
  return text ? phone_tone_script_parse (text, NULL) : NULL;
}

/* 5xx and most 6xx are the network's trouble, not the far end's (house rule: congestion for 5xx and 503). */
static PhoneTone
get_failure_tone (const PhoneCall *call)
{
  return call->end_status >= 500 && call->end_status < 600 ? PHONE_TONE_CONGESTION : PHONE_TONE_BUSY;
}

static PhoneTone
get_end_tone (PhoneEngine     *engine,
              const PhoneCall *call)
{
  if (!call->shown || call->recall)
    return PHONE_TONE_NONE;
  switch (call->end)
    {
    case PHONE_CALL_END_FAILED:
      return call->origin == PHONE_CALL_OUTGOING || call->answered ? get_failure_tone (call) : PHONE_TONE_NONE;
    case PHONE_CALL_END_BY_FAR:
      return phone_engine_int (engine, BUSY_TONE_DELAY) > 0 ? PHONE_TONE_BUSY : PHONE_TONE_NONE;
    case PHONE_CALL_END_NONE:
    case PHONE_CALL_END_BY_USER:
    case PHONE_CALL_END_UNANSWERED:
      return PHONE_TONE_NONE;
    }
  g_assert_not_reached ();
}

/* The tone a state of one call asks for. */
static PhoneTone
get_call_tone (PhoneEngine     *engine,
               const PhoneCall *call)
{
  switch (call->state)
    {
    case PHONE_CALL_RINGING:
      return call->early_media ? PHONE_TONE_NONE : PHONE_TONE_RING_BACK;
    case PHONE_CALL_ANSWERING:
      return call->auto_answered && phone_engine_bool (engine, AUTO_ANSWER_TONE) ? PHONE_TONE_AUTO_ANSWER
                                                                                  : PHONE_TONE_NONE;
    case PHONE_CALL_INCOMING:
      return phone_sound_is_engaged (engine) && phone_engine_bool (engine, CALL_WAITING_TONE) && !call->silenced
             ? PHONE_TONE_CALL_WAITING : PHONE_TONE_NONE;
    case PHONE_CALL_ENDING:
    case PHONE_CALL_ENDED:
      return get_end_tone (engine, call);
    case PHONE_CALL_NEW:
    case PHONE_CALL_CALLING:
    case PHONE_CALL_TALKING:
    case PHONE_CALL_HOLDING:
    case PHONE_CALL_HELD:
    case PHONE_CALL_RESUMING:
      return PHONE_TONE_NONE;
    }
  g_assert_not_reached ();
}

static gboolean
is_spoken_on (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *call = engine->calls->pdata[i];

      if (call->state == PHONE_CALL_TALKING && call->replaced_by == 0)
        return TRUE;
    }
  return FALSE;
}

/* Dial tone first; then what the focused call asks for; then a call that waits. Nothing else disturbs a conversation. */
static PhoneTone
get_wanted_tone (PhoneEngine *engine)
{
  PhoneCall *focused = phone_calls_get_focused (engine);
  PhoneTone tone = PHONE_TONE_NONE;

  if (phone_page_dial_wants_tone (engine))
    return PHONE_TONE_DIAL;
  if (focused != NULL)
    tone = get_call_tone (engine, focused);
  if (tone != PHONE_TONE_NONE && !is_spoken_on (engine))
    return tone;
  for (guint i = 0; i < engine->calls->len; i++)
    if (get_call_tone (engine, engine->calls->pdata[i]) == PHONE_TONE_CALL_WAITING)
      return PHONE_TONE_CALL_WAITING;
  return PHONE_TONE_NONE;
}

static const char *
skip_resource (const char *name)
{
  return g_str_has_prefix (name, "Resource:") ? name + strlen ("Resource:") : name;
}

/* "Resource:Ring3.wav" and "Ring3.wav" are the same; "Common" is the phone's own ring. */
static const char *
get_ring_name (PhoneEngine     *engine,
               const PhoneCall *call)
{
  const char *name = phone_engine_get_account_string (engine, PHONE_SETTING_ACCOUNT_RING_TYPE, call->account);

  if (*name == '\0' || g_ascii_strcasecmp (name, "Common") == 0)
    name = phone_engine_text (engine, RING_TYPE);
  return skip_resource (name);
}

static const char *
get_wanted_ring (PhoneEngine *engine)
{
  if (phone_sound_is_engaged (engine))
    return NULL;
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->state == PHONE_CALL_INCOMING && !call->silenced)
        return get_ring_name (engine, call);
    }
  if (phone_transfer_has_alarm (engine))
    return skip_resource (phone_engine_text (engine, TRANSFER_FAILED_RING));
  return NULL;
}

static void
update_tone (PhoneEngine *engine)
{
  PhoneTone tone = get_wanted_tone (engine);
  g_autoptr (PhoneToneScript) script = tone == PHONE_TONE_NONE ? NULL : make_script (engine, tone);
  g_autofree char *text = script ? phone_tone_script_to_string (script) : NULL;

  if (g_strcmp0 (text, engine->sound.commanded_tone) == 0)
    return;
  g_free (engine->sound.commanded_tone);
  engine->sound.commanded_tone = g_steal_pointer (&text);
  phone_audio_play_tone (engine->audio, script, tone != PHONE_TONE_AUTO_ANSWER);
}

static gboolean
is_anybody (PhoneEngine *engine,
            gboolean     held_by_us)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *call = engine->calls->pdata[i];

      if (held_by_us ? call->state == PHONE_CALL_HELD : call->state == PHONE_CALL_TALKING && call->far_held)
        return TRUE;
    }
  return FALSE;
}

/* A reminder is armed exactly while there is something to remind of. */
static void
update_reminder (PhoneEngine *engine,
                 gboolean     wanted,
                 gboolean    *armed,
                 PhoneTimer   timer,
                 gint64       delay_s)
{
  if (wanted == *armed)
    return;
  *armed = wanted;
  if (wanted)
    phone_clock_arm (engine->clock, timer, delay_s * 1000);
  else
    phone_clock_cancel (engine->clock, timer);
}

static void
update_reminders (PhoneEngine *engine)
{
  update_reminder (engine, phone_engine_bool (engine, HOLD_TONE) && is_anybody (engine, TRUE), &engine->sound.hold_tone,
                   PHONE_TIMER_HOLD_TONE, phone_engine_int (engine, HOLD_TONE_DELAY));
  update_reminder (engine, phone_engine_bool (engine, HELD_TONE) && is_anybody (engine, FALSE), &engine->sound.held_tone,
                   PHONE_TIMER_HELD_TONE, phone_engine_int (engine, HELD_TONE_DELAY));
}

/**
 * phone_tones_remind:
 * @timer: %PHONE_TIMER_HOLD_TONE or %PHONE_TIMER_HELD_TONE
 *
 * Somebody has been on hold for long: a short tone, unless another one sounds; and again later (guide: hold, hold tone).
 */
void
phone_tones_remind (PhoneEngine *engine,
                    guint        timer)
{
  gboolean ours = timer == PHONE_TIMER_HOLD_TONE;
  gint64 interval_s = ours ? phone_engine_int (engine, HOLD_TONE_INTERVAL) : phone_engine_int (engine, HELD_TONE_INTERVAL);
  g_autoptr (PhoneToneScript) script = NULL;

  if (!(ours ? engine->sound.hold_tone : engine->sound.held_tone))
    return;
  phone_clock_arm (engine->clock, timer, interval_s * 1000);
  if (engine->sound.commanded_tone != NULL || engine->sound.commanded_ring != NULL)
    return;
  script = make_script (engine, PHONE_TONE_CALL_WAITING);
  if (script != NULL)
    phone_audio_play_tone (engine->audio, script, FALSE);
}

/**
 * phone_tones_update:
 * After each event: compares what should sound with what does.
 */
void
phone_tones_update (PhoneEngine *engine)
{
  const char *ring = get_wanted_ring (engine);

  if (g_strcmp0 (ring, engine->sound.commanded_ring) != 0)
    {
      g_free (engine->sound.commanded_ring);
      engine->sound.commanded_ring = g_strdup (ring);
      phone_audio_ring (engine->audio, ring);
    }
  update_tone (engine);
  update_reminders (engine);
}

/* A click on top of another tone would end it: only a silent phone clicks. */
static void
play_click (PhoneEngine *engine)
{
  g_autoptr (PhoneToneScript) script = NULL;

  if (engine->sound.commanded_tone != NULL)
    return;
  script = make_script (engine, PHONE_TONE_KEY);
  if (script == NULL)
    return;
  phone_audio_play_tone (engine->audio, script, FALSE);
}

/**
 * phone_tones_click:
 * @key: a key that was pressed
 *
 * The key tone: digits sound as DTMF, other keys click. While a call is spoken on, DTMF has its own switch.
 */
void
phone_tones_click (PhoneEngine *engine,
                   PhoneKey     key)
{
  char digit = phone_key_to_digit (key);

  if (!phone_engine_bool (engine, KEY_TONE) || phone_calls_is_busy (engine))
    return;
  if (digit != 0)
    phone_audio_play_digit (engine->audio, digit, KEY_TONE_MS);
  else if (key != PHONE_KEY_VOLUME_UP && key != PHONE_KEY_VOLUME_DOWN)
    play_click (engine);
}

/**
 * phone_tones_send_key:
 * The tone of the key that sends (features.send_key_tone needs features.key_tone).
 */
void
phone_tones_send_key (PhoneEngine *engine)
{
  if (phone_engine_bool (engine, KEY_TONE) && phone_engine_bool (engine, SEND_KEY_TONE))
    play_click (engine);
}
