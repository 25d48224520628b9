/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-sounds.h"

#include <math.h>
#include <string.h>

/*
 * A sound is written as notes: start and length in beats and a MIDI note number (69 = 440 Hz). A note is a sine with
 * two weak overtones under a soft attack and a slow decay, like a small bell or a guitar string.
 */

typedef struct {
  float start;     /* beats */
  float length;    /* beats */
  float pitch;     /* MIDI note; a negative one is a frequency in hertz, for plain tones */
  float level;     /* 0–1 */
} Note;

typedef struct {
  const Note *notes;
  guint       n_notes;
  float       beats;       /* length of the whole */
  float       beat_s;
  gboolean    endless;
} Score;

/* Sixteen bars of three: a slow waltz over C, Am, F and G, with a tune above broken chords. */
#define BAR(at, bass, third, fifth) \
  { (at), 2.8f, (bass), 0.16f }, { (at) + 1, 1.6f, (third), 0.09f }, { (at) + 1, 1.6f, (fifth), 0.09f }, \
  { (at) + 2, 0.9f, (third), 0.07f }, { (at) + 2, 0.9f, (fifth), 0.07f }
static const Note music[] = {
  BAR (0, 48, 60, 64), BAR (3, 48, 60, 67), BAR (6, 45, 57, 64), BAR (9, 45, 60, 64),
  BAR (12, 53, 57, 65), BAR (15, 53, 60, 65), BAR (18, 55, 59, 62), BAR (21, 55, 59, 65),
  BAR (24, 48, 60, 64), BAR (27, 52, 60, 67), BAR (30, 45, 57, 64), BAR (33, 45, 60, 64),
  BAR (36, 53, 57, 65), BAR (39, 55, 59, 62), BAR (42, 48, 60, 64), BAR (45, 48, 60, 67),
  { 0, 2, 72, 0.2f }, { 2, 1, 74, 0.18f }, { 3, 2, 76, 0.2f }, { 5, 1, 79, 0.18f },
  { 6, 2, 81, 0.2f }, { 8, 1, 79, 0.18f }, { 9, 3, 76, 0.2f },
  { 12, 1, 77, 0.2f }, { 13, 1, 76, 0.18f }, { 14, 1, 74, 0.18f }, { 15, 2, 72, 0.2f }, { 17, 1, 69, 0.18f },
  { 18, 2, 71, 0.2f }, { 20, 1, 74, 0.18f }, { 21, 3, 79, 0.2f },
  { 24, 2, 76, 0.2f }, { 26, 1, 74, 0.18f }, { 27, 2, 72, 0.2f }, { 29, 1, 67, 0.18f },
  { 30, 2, 69, 0.2f }, { 32, 1, 72, 0.18f }, { 33, 2, 76, 0.2f }, { 35, 1, 72, 0.16f },
  { 36, 1, 77, 0.2f }, { 37, 1, 81, 0.18f }, { 38, 1, 77, 0.18f }, { 39, 2, 74, 0.2f }, { 41, 1, 71, 0.18f },
  { 42, 5, 72, 0.2f },
};
#undef BAR

static const Note greeting[] = {
  { 0, 1, 67, 0.3f }, { 1, 1, 72, 0.3f }, { 2, 2, 76, 0.3f },
};
static const Note question[] = {
  { 0, 1, 72, 0.3f }, { 1, 1, 72, 0.3f }, { 2, 2, 79, 0.3f },
};
static const Note right[] = {
  { 0, 0.5f, 72, 0.3f }, { 0.5f, 0.5f, 76, 0.3f }, { 1, 0.5f, 79, 0.3f }, { 1.5f, 2, 84, 0.3f },
};
static const Note wrong[] = {
  { 0, 1, 55, 0.4f }, { 1, 2, 51, 0.4f },
};
static const Note goodbye[] = {
  { 0, 1, 76, 0.3f }, { 1, 1, 72, 0.3f }, { 2, 2, 67, 0.3f },
};
/* One second of a plain tone: a whole number of periods, so that it repeats without a click. */
static const Note tone[] = { { 0, 1, -440, 0.3f } };

static const Score scores[EXCHANGE_N_SOUNDS] = {
  [EXCHANGE_SOUND_MUSIC] = { music, G_N_ELEMENTS (music), 48, 0.45f, TRUE },
  [EXCHANGE_SOUND_GREETING] = { greeting, G_N_ELEMENTS (greeting), 4, 0.3f, FALSE },
  [EXCHANGE_SOUND_QUESTION] = { question, G_N_ELEMENTS (question), 4, 0.2f, FALSE },
  [EXCHANGE_SOUND_RIGHT] = { right, G_N_ELEMENTS (right), 4, 0.25f, FALSE },
  [EXCHANGE_SOUND_WRONG] = { wrong, G_N_ELEMENTS (wrong), 3, 0.3f, FALSE },
  [EXCHANGE_SOUND_GOODBYE] = { goodbye, G_N_ELEMENTS (goodbye), 4, 0.3f, FALSE },
  [EXCHANGE_SOUND_TONE] = { tone, G_N_ELEMENTS (tone), 1, 1, TRUE },
};

static void
add_plain_tone (float      *mix,
                gsize       n_samples,
                const Note *note)
{
  for (gsize i = 0; i < n_samples; i++)
    mix[i] += note->level * sinf (2 * (float) G_PI * -note->pitch * i / EXCHANGE_SOUND_RATE_HZ);
}

/* Adds one note; what would sound past the end of an endless score wraps round to its start. */
static void
add_note (float       *mix,
          gsize        n_samples,
          const Score *score,
          const Note  *note)
{
  const float frequency_hz = 440 * powf (2, (note->pitch - 69) / 12);
  const gsize start = note->start * score->beat_s * EXCHANGE_SOUND_RATE_HZ;
  const gsize length = note->length * score->beat_s * EXCHANGE_SOUND_RATE_HZ;
  const gsize attack = EXCHANGE_SOUND_RATE_HZ / 100;
  const gsize release = MIN (EXCHANGE_SOUND_RATE_HZ / 20, length / 4);

  for (gsize i = 0; i < length; i++)
    {
      const float t = (float) i / EXCHANGE_SOUND_RATE_HZ;
      const float phase = 2 * (float) G_PI * frequency_hz * t;
      float value = sinf (phase) + 0.25f * sinf (2 * phase) * expf (-3 * t);
      gsize at = start + i;

      if (frequency_hz * 3 < 3000)
        value += 0.12f * sinf (3 * phase) * expf (-5 * t);
      value *= note->level * expf (-1.2f * t);
      if (i < attack)
        value *= (float) i / attack;
      if (length - i < release)
        value *= (float) (length - i) / release;
      if (at >= n_samples && !score->endless)
        break;
      mix[at % n_samples] += value;
    }
}

static gint16 *
compute (const Score *score,
         gsize       *n_samples)
{
  const gsize count = score->beats * score->beat_s * EXCHANGE_SOUND_RATE_HZ;
  g_autofree float *mix = g_new0 (float, count);
  gint16 *samples = g_new (gint16, count);

  for (guint i = 0; i < score->n_notes; i++)
    {
      if (score->notes[i].pitch < 0)
        add_plain_tone (mix, count, &score->notes[i]);
      else
        add_note (mix, count, score, &score->notes[i]);
    }
  for (gsize i = 0; i < count; i++)
    samples[i] = CLAMP (mix[i], -1, 1) * 28000;

  *n_samples = count;
  return samples;
}

const gint16 *
exchange_sound_get (ExchangeSound  sound,
                    gsize         *n_samples)
{
  /* Computed once and never changed: a cache, not a state. */
  static gint16 *cache[EXCHANGE_N_SOUNDS];
  static gsize lengths[EXCHANGE_N_SOUNDS];

  g_return_val_if_fail (sound < EXCHANGE_N_SOUNDS, NULL);
  g_return_val_if_fail (n_samples, NULL);

  if (sound != EXCHANGE_SOUND_NONE && !cache[sound])
    cache[sound] = compute (&scores[sound], &lengths[sound]);

  *n_samples = lengths[sound];
  return cache[sound];
}

gboolean
exchange_sound_is_endless (ExchangeSound sound)
{
  g_return_val_if_fail (sound < EXCHANGE_N_SOUNDS, FALSE);

  return scores[sound].endless;
}
