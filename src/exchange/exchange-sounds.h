/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:exchange-sounds
 * @title: ExchangeSound
 *
 * What the robots let callers hear. All of it is computed here: short melodies of ours out of sine waves.
 * 16-bit samples, one channel, %EXCHANGE_SOUND_RATE_HZ; nothing above 3 kHz, so that taking every other sample after a
 * mean gives the 8 kHz version.
 */
typedef enum {
  EXCHANGE_SOUND_NONE,
  EXCHANGE_SOUND_MUSIC,      /* endless */
  EXCHANGE_SOUND_GREETING,
  EXCHANGE_SOUND_QUESTION,   /* asks for digits */
  EXCHANGE_SOUND_RIGHT,
  EXCHANGE_SOUND_WRONG,
  EXCHANGE_SOUND_GOODBYE,
  EXCHANGE_SOUND_TONE,       /* endless 440 Hz, for tests */
  EXCHANGE_N_SOUNDS
} ExchangeSound;

#define EXCHANGE_SOUND_RATE_HZ 16000

/**
 * exchange_sound_get:
 * @n_samples: (out): how many samples
 *
 * Returns: (transfer none): samples, computed at the first call and kept; %NULL for %EXCHANGE_SOUND_NONE
 */
const gint16 *exchange_sound_get        (ExchangeSound  sound,
                                         gsize         *n_samples);
gboolean      exchange_sound_is_endless (ExchangeSound  sound);

G_END_DECLS
