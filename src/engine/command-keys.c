/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "calls.h"
#include "line-keys.h"
#include "sound.h"

#include <string.h>

/* Commands that press keys, enter text, lift the handset and turn the volume. */

static void
post_key (PhoneEngine *engine,
          PhoneKey     key,
          gboolean     down)
{
  PhoneEvent event = { .type = PHONE_EVENT_KEY, .key = key, .value = down };

  phone_event_queue_post (engine->queue, &event);
}

gboolean
phone_run_key (PhoneEngine  *engine,
               char        **args,
               GError      **error)
{
  gint64 hold_ms = 0;

  if (strcmp (args[0], "--hold") == 0)
    {
      if (args[1] == NULL || args[2] == NULL || args[3] != NULL)
        return phone_command_say_malformed (error, "--hold MS ID");
      if (!phone_command_parse_number (args[1], &hold_ms, error))
        return FALSE;
      if (hold_ms < 0 || hold_ms > 60000)
        return phone_command_say_malformed (error, args[1]);
      args += 2;
    }
  for (guint i = 0; args[i] != NULL; i++)
    if (phone_key_from_id (args[i]) == PHONE_KEY_NONE)
      return phone_command_say_malformed (error, args[i]);
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

gboolean
phone_run_type (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_TEXT, .text = args[0] };

  phone_event_queue_post (engine->queue, &event);
  return TRUE;
}

gboolean
phone_run_line (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  gint64 line;

  if (!phone_command_parse_number (args[0], &line, error))
    return FALSE;
  if (line < 1 || line > engine->model->n_line_keys)
    return phone_command_say_malformed (error, args[0]);
  phone_line_key_press (engine, line);
  return TRUE;
}

gboolean
phone_run_hook (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  gboolean on_hook;

  if (!phone_command_parse_switch (args, !engine->sound.off_hook, &on_hook, error))
    return FALSE;
  phone_sound_set_hook (engine, !on_hook);
  return TRUE;
}

gboolean
phone_run_speaker (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  phone_sound_press_speaker (engine);
  return TRUE;
}

gboolean
phone_run_headset (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  phone_sound_press_headset (engine);
  return TRUE;
}

gboolean
phone_run_mute (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  gboolean mute;

  if (!phone_command_parse_switch (args, engine->sound.muted, &mute, error))
    return FALSE;
  if (!phone_engine_bool (engine, ALLOW_MUTE)
      || (!phone_calls_is_busy (engine) && phone_calls_find_in_state (engine, PHONE_CALL_HELD) == NULL))
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  phone_sound_set_mute (engine, mute);
  return TRUE;
}

gboolean
phone_run_volume (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  gint64 number;

  for (guint kind = PHONE_VOLUME_HANDS_FREE; args[1] != NULL && kind <= PHONE_VOLUME_RING; kind++)
    if (strcmp (args[0], phone_volume_to_string (kind)) == 0)
      {
        if (!phone_command_parse_number (args[1], &number, error))
          return FALSE;
        return phone_sound_set_volume (engine, kind, number) || phone_command_say_malformed (error, args[1]);
      }
  if (args[1] != NULL)
    return phone_command_say_malformed (error, args[0]);
  if (!phone_command_parse_number (args[0], &number, error))
    return FALSE;
  if (*args[0] == '+' || *args[0] == '-')
    {
      phone_sound_change_volume (engine, CLAMP (number, -15, 15));
      return TRUE;
    }
  return phone_sound_set_volume (engine, phone_sound_get_volume_kind (engine), number)
         || phone_command_say_malformed (error, args[0]);
}
