/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "lamps.h"

#include "calls.h"
#include "forward.h"
#include "history.h"
#include "line-keys.h"
#include "page.h"
#include "screen.h"
#include "sound.h"

static void
set (PhoneDisplay    *display,
     PhoneKey         key,
     PhoneLampColour  colour,
     PhoneBlink       blink)
{
  phone_display_set_lamp (display, key, colour, blink);
}

/* A key that switches something is lit while it is on. */
static gboolean
is_switched_on (PhoneEngine *engine,
                guint        line_key)
{
  switch (phone_line_key_get_type (engine, line_key))
    {
    case PHONE_KEY_TYPE_FORWARD:
      return phone_forward_is_any_on (engine, PHONE_DIVERT_ALWAYS);
    case PHONE_KEY_TYPE_DND:
      return phone_forward_is_any_on (engine, PHONE_DIVERT_DND);
    default:
      return FALSE;
    }
}

/* Guide, line key LED: seized or talking steady, incoming fast, held slow. */
static void
build_line_lamp (PhoneEngine  *engine,
                 PhoneDisplay *display,
                 guint         line_key)
{
  PhoneKey key = PHONE_KEY_L1 + line_key - 1;
  PhoneCall *call = phone_line_key_find_call (engine, line_key);

  if (call == NULL && (phone_page_dial_get_seized_key (engine) == line_key || is_switched_on (engine, line_key)))
    {
      set (display, key, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
      return;
    }
  if (call == NULL)
    {
      set (display, key, PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
      return;
    }
  switch (call->state)
    {
    case PHONE_CALL_INCOMING:
      set (display, key, PHONE_LAMP_GREEN, PHONE_BLINK_FAST);
      break;
    case PHONE_CALL_HELD:
    case PHONE_CALL_RESUMING:
      set (display, key, PHONE_LAMP_GREEN, PHONE_BLINK_SLOW);
      break;
    case PHONE_CALL_NEW:
    case PHONE_CALL_CALLING:
    case PHONE_CALL_RINGING:
    case PHONE_CALL_ANSWERING:
    case PHONE_CALL_TALKING:
    case PHONE_CALL_HOLDING:
      set (display, key, PHONE_LAMP_GREEN, PHONE_BLINK_STEADY);
      break;
    case PHONE_CALL_ENDING:
    case PHONE_CALL_ENDED:
      set (display, key, PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
      break;
    }
}

static gboolean
is_somebody_held (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->state == PHONE_CALL_HELD || (call->state == PHONE_CALL_TALKING && call->far_held))
        return TRUE;
    }
  return FALSE;
}

/* Guide, power LED: the most urgent first. */
static void
build_power_lamp (PhoneEngine  *engine,
                  PhoneDisplay *display)
{
  if (phone_calls_find_in_state (engine, PHONE_CALL_INCOMING) != NULL && phone_engine_bool (engine, POWER_LED_RING))
    set (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_POWER);
  else if (engine->sound.muted && phone_engine_bool (engine, POWER_LED_MUTE))
    set (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_POWER);
  else if (is_somebody_held (engine) && phone_engine_bool (engine, POWER_LED_HOLD))
    set (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_SLOW);
  else if (phone_sound_is_engaged (engine) && phone_engine_bool (engine, POWER_LED_TALK))
    set (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_STEADY);
  else if (phone_history_get_unseen (engine) > 0 && phone_engine_bool (engine, POWER_LED_MISSED))
    set (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_VERY_SLOW);
  else if (phone_engine_bool (engine, POWER_LED_IDLE))
    set (display, PHONE_KEY_POWER, PHONE_LAMP_RED, PHONE_BLINK_STEADY);
  else
    set (display, PHONE_KEY_POWER, PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
}

/**
 * phone_lamps_build:
 * Puts every lamp of the face on the display, lit or not.
 */
void
phone_lamps_build (PhoneEngine  *engine,
                   PhoneDisplay *display)
{
  gboolean speaker = phone_sound_is_engaged (engine) && engine->sound.channel == PHONE_CHANNEL_HANDS_FREE;

  for (guint key = 1; key <= engine->model->n_line_keys; key++)
    build_line_lamp (engine, display, key);
  set (display, PHONE_KEY_SPEAKER, speaker ? PHONE_LAMP_GREEN : PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
  set (display, PHONE_KEY_HEADSET, engine->sound.headset_mode ? PHONE_LAMP_GREEN : PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
  set (display, PHONE_KEY_MUTE, engine->sound.muted ? PHONE_LAMP_RED : PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
  set (display, PHONE_KEY_MSG, PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
  build_power_lamp (engine, display);
}
