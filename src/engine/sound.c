/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "sound.h"

#include "calls.h"
#include "conference.h"
#include "page.h"
#include "screen.h"
#include "texts.h"
#include "transfer.h"

#define VOLUME_MAX 15
#define VOLUME_SHOWN_MS 2000

static const PhoneSettingId volume_settings[] = {
  [PHONE_VOLUME_HANDS_FREE] = PHONE_SETTING_VOLUME_HANDS_FREE,
  [PHONE_VOLUME_HANDSET] = PHONE_SETTING_VOLUME_HANDSET,
  [PHONE_VOLUME_HEADSET] = PHONE_SETTING_VOLUME_HEADSET,
  [PHONE_VOLUME_RING] = PHONE_SETTING_VOLUME_RING,
};

/**
 * phone_sound_start:
 * Tells the audio what the settings say.
 */
void
phone_sound_start (PhoneEngine *engine)
{
  for (guint i = 0; i < G_N_ELEMENTS (volume_settings); i++)
    phone_audio_set_volume (engine->audio, i, phone_settings_get_int (engine->settings, volume_settings[i], 0, 0));
  engine->sound.volume_shown = -1;
  engine->sound.channel = PHONE_CHANNEL_HANDS_FREE;
  engine->sound.commanded_channel = PHONE_CHANNEL_HANDS_FREE;
  phone_audio_set_channel (engine->audio, PHONE_CHANNEL_HANDS_FREE);
  phone_audio_set_mute (engine->audio, FALSE);
}

/**
 * phone_sound_is_engaged:
 * Returns: whether the phone is off hook in one of the three ways: dial tone, or a call that is spoken on
 */
gboolean
phone_sound_is_engaged (PhoneEngine *engine)
{
  return engine->sound.seized || phone_calls_is_busy (engine);
}

static PhoneChannel
get_resting_channel (PhoneEngine *engine)
{
  if (engine->sound.off_hook)
    return PHONE_CHANNEL_HANDSET;
  return engine->sound.headset_mode ? PHONE_CHANNEL_HEADSET : PHONE_CHANNEL_HANDS_FREE;
}

/**
 * phone_sound_engage:
 * A call begins: it is spoken where the phone is off hook already, else in the handset if that is lifted, else in the
 * headset in headset mode, else hands-free.
 */
void
phone_sound_engage (PhoneEngine *engine)
{
  if (!phone_sound_is_engaged (engine))
    phone_sound_set_channel (engine, get_resting_channel (engine));
}

/**
 * phone_sound_set_channel:
 * The last choice decides: choosing the speaker or the handset ends the headset mode (features.headset_prior 0).
 */
void
phone_sound_set_channel (PhoneEngine  *engine,
                         PhoneChannel  channel)
{
  engine->sound.headset_mode = channel == PHONE_CHANNEL_HEADSET;
  if (engine->sound.channel == channel)
    return;
  g_debug ("channel: %s -> %s", phone_channel_to_string (engine->sound.channel), phone_channel_to_string (channel));
  engine->sound.channel = channel;
}

/* Off hook already, so that a key changes the channel; a call that rings over the dial page is answered instead. */
static gboolean
is_in_use (PhoneEngine *engine)
{
  return phone_calls_is_busy (engine) || (engine->sound.seized && phone_calls_find_ringing (engine) == NULL);
}

/* The phone goes on hook: a transfer completes, what is spoken on ends, the dial page closes. */
static void
go_on_hook (PhoneEngine *engine)
{
  PhoneCall *focused = phone_calls_get_focused (engine);

  phone_transfer_hang_up (engine);
  if (focused != NULL && focused->conference && focused->state == PHONE_CALL_TALKING)
    phone_conference_dispatch (engine, focused, PHONE_CALL_ON_HANGUP);
  phone_calls_hang_up_active (engine);
  phone_calls_dismiss_ended (engine);
  phone_page_dial_close (engine);
}

/* What lifting the handset, SPEAKER and HEADSET have in common: answer, send, or take a line. */
static void
go_off_hook (PhoneEngine  *engine,
             PhoneChannel  channel)
{
  PhoneCall *ringing = phone_calls_find_ringing (engine);

  phone_calls_dismiss_ended (engine);
  phone_sound_set_channel (engine, channel);
  if (ringing != NULL)
    {
      phone_calls_answer (engine, ringing);
      phone_sound_set_channel (engine, channel);
    }
  else if (phone_page_dial_send_typed (engine))
    {
      phone_sound_set_channel (engine, channel);
    }
  else
    {
      phone_page_dial_open (engine, TRUE);
      phone_sound_set_channel (engine, channel);
    }
}

/**
 * phone_sound_set_hook:
 * @off_hook: whether the handset is lifted
 */
void
phone_sound_set_hook (PhoneEngine *engine,
                      gboolean     off_hook)
{
  if (engine->sound.off_hook == off_hook)
    return;
  engine->sound.off_hook = off_hook;
  if (off_hook && is_in_use (engine))
    phone_sound_set_channel (engine, PHONE_CHANNEL_HANDSET);
  else if (off_hook)
    go_off_hook (engine, PHONE_CHANNEL_HANDSET);
  else if (engine->sound.channel == PHONE_CHANNEL_HANDSET)
    {
      go_on_hook (engine);
      phone_sound_set_channel (engine, get_resting_channel (engine));
    }
}

/**
 * phone_sound_press_speaker:
 *
 * Lifts without the handset, changes a call over to the loudspeaker, or hangs up (guide: hard keys).
 */
void
phone_sound_press_speaker (PhoneEngine *engine)
{
  if (!is_in_use (engine))
    {
      if (engine->sound.channel == PHONE_CHANNEL_HANDS_FREE && phone_calls_find_ringing (engine) == NULL
          && phone_calls_dismiss_ended (engine))
        return;
      go_off_hook (engine, PHONE_CHANNEL_HANDS_FREE);
    }
  else if (engine->sound.channel != PHONE_CHANNEL_HANDS_FREE)
    phone_sound_set_channel (engine, PHONE_CHANNEL_HANDS_FREE);
  else if (engine->sound.off_hook)
    phone_sound_set_channel (engine, PHONE_CHANNEL_HANDSET);
  else
    go_on_hook (engine);
}

/**
 * phone_sound_press_headset:
 *
 * Answers or dials with the headset, changes a call over, or switches headset mode at rest (guide: hard keys).
 */
void
phone_sound_press_headset (PhoneEngine *engine)
{
  if (is_in_use (engine))
    {
      if (engine->sound.channel != PHONE_CHANNEL_HEADSET)
        phone_sound_set_channel (engine, PHONE_CHANNEL_HEADSET);
      else
        phone_sound_set_channel (engine, engine->sound.off_hook ? PHONE_CHANNEL_HANDSET : PHONE_CHANNEL_HANDS_FREE);
    }
  else if (phone_calls_find_ringing (engine) != NULL || phone_page_dial_has_text (engine))
    {
      go_off_hook (engine, PHONE_CHANNEL_HEADSET);
    }
  else
    {
      engine->sound.headset_mode = !engine->sound.headset_mode;
      engine->sound.channel = get_resting_channel (engine);
    }
}

/**
 * phone_sound_set_mute:
 *
 * The one writer of the mute state; the audio is told by phone_sound_update().
 */
void
phone_sound_set_mute (PhoneEngine *engine,
                      gboolean     mute)
{
  if (engine->sound.muted == mute)
    return;
  g_debug ("mute: %d -> %d", engine->sound.muted, mute);
  engine->sound.muted = mute;
}

/**
 * phone_sound_get_volume_kind:
 * Returns: the volume the keys change now: of the ringer at rest and when it rings, else of the active channel
 */
PhoneVolume
phone_sound_get_volume_kind (PhoneEngine *engine)
{
  if (phone_sound_is_engaged (engine))
    return (PhoneVolume) engine->sound.channel;
  return PHONE_VOLUME_RING;
}

/**
 * phone_sound_set_volume:
 * @level: 0–15
 *
 * Sets, keeps and shows a volume.
 *
 * Returns: %FALSE when @level is out of range
 */
gboolean
phone_sound_set_volume (PhoneEngine *engine,
                        PhoneVolume  volume,
                        int          level)
{
  g_autofree char *text = g_strdup_printf ("%d", level);

  if (level < 0 || level > VOLUME_MAX)
    return FALSE;
  phone_engine_set_local (engine, volume_settings[volume], 0, 0, text);
  phone_audio_set_volume (engine->audio, volume, level);
  engine->sound.volume_shown = volume;
  phone_clock_arm (engine->clock, PHONE_TIMER_VOLUME, VOLUME_SHOWN_MS);
  return TRUE;
}

/**
 * phone_sound_change_volume:
 * @by: steps of 1 of 15, up or down
 *
 * Changes the volume that is in use now.
 */
void
phone_sound_change_volume (PhoneEngine *engine,
                           int          by)
{
  PhoneVolume volume = phone_sound_get_volume_kind (engine);
  int level = phone_settings_get_int (engine->settings, volume_settings[volume], 0, 0);

  phone_sound_set_volume (engine, volume, CLAMP (level + by, 0, VOLUME_MAX));
}

/**
 * phone_sound_update:
 * After each event: tells the audio where to play and whether to listen. Mute ends with the last call.
 */
void
phone_sound_update (PhoneEngine *engine)
{
  PhoneSound *self = &engine->sound;

  if (self->muted && !phone_calls_is_busy (engine) && phone_calls_find_in_state (engine, PHONE_CALL_HELD) == NULL)
    phone_sound_set_mute (engine, FALSE);
  if (self->channel != self->commanded_channel)
    {
      self->commanded_channel = self->channel;
      phone_audio_set_channel (engine->audio, self->channel);
    }
  if (self->muted != self->commanded_mute)
    {
      self->commanded_mute = self->muted;
      phone_audio_set_mute (engine->audio, self->muted);
    }
}

/**
 * phone_sound_build:
 * Puts hook, channel icons and the volume bar on the display.
 */
void
phone_sound_build (PhoneEngine  *engine,
                   PhoneDisplay *display)
{
  static const PhoneStatusIcons icons[] = {
    [PHONE_CHANNEL_HANDS_FREE] = PHONE_STATUS_HANDS_FREE,
    [PHONE_CHANNEL_HANDSET] = PHONE_STATUS_HANDSET,
    [PHONE_CHANNEL_HEADSET] = PHONE_STATUS_HEADSET,
  };
  const char * const labels[] = {
    [PHONE_VOLUME_HANDS_FREE] = _("Speaker"),
    [PHONE_VOLUME_HANDSET] = _("Handset"),
    [PHONE_VOLUME_HEADSET] = _("Headset"),
    /* Translators: the volume of the bell */
    [PHONE_VOLUME_RING] = _("Ringer"),
  };
  const PhoneSound *self = &engine->sound;

  display->off_hook = self->off_hook;
  if (phone_sound_is_engaged (engine))
    display->icons |= icons[self->channel];
  else if (self->headset_mode)
    display->icons |= PHONE_STATUS_HEADSET;
  if (self->muted)
    display->icons |= PHONE_STATUS_MUTED;
  if (phone_engine_int (engine, VOLUME_RING) == 0)
    display->icons |= PHONE_STATUS_SILENT;
  display->volume = -1;
  if (self->volume_shown >= 0)
    {
      display->volume = phone_settings_get_int (engine->settings, volume_settings[self->volume_shown], 0, 0);
      phone_display_set_text (&display->volume_label, labels[self->volume_shown]);
    }
}
