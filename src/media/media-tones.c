/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-tones.h"

#include <math.h>
#include <string.h>

/**
 * SECTION:media-tones
 * @title: PhoneTonePlayer
 *
 * Plays a tone script (engine/tone-script.h) exact to the sample. Each element starts and ends with a short ramp
 * inside its own time, so that nothing clicks and the cadence stays exact.
 */

#define RAMP_MS 4
/* Full-scale amplitude of one frequency alone; several share the power. */
#define AMPLITUDE 0.22

struct _PhoneTonePlayer {
  GObject           parent;

  PhoneToneElement  elements[PHONE_TONE_MAX_ELEMENTS];
  guint             n_elements;
  gboolean          repeat;
  int               stopping;      /* atomic */

  /* the player's thread */
  guint             element;
  guint64           at;            /* samples since the element began */
  guint64           length;        /* of the element in samples, 0 = for ever */
  guint             rate_hz;
  gboolean          second_round;
  gboolean          ended;
  guint             fade;          /* samples left to the end once stopping, 0 = not yet */
};

static void phone_tone_player_sound_init (PhoneSoundInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PhoneTonePlayer, phone_tone_player, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PHONE_TYPE_SOUND, phone_tone_player_sound_init))

static void
enter_element (PhoneTonePlayer *self)
{
  self->at = 0;
  self->length = (guint64) self->elements[self->element].duration_ms * self->rate_hz / 1000;
}

static gboolean
has_repeated_element (const PhoneTonePlayer *self)
{
  for (guint i = 0; i < self->n_elements; i++)
    if (!self->elements[i].once)
      return TRUE;
  return FALSE;
}

static void
next_element (PhoneTonePlayer *self)
{
  do
    {
      if (++self->element >= self->n_elements)
        {
          if (!self->repeat || !has_repeated_element (self))
            {
              self->ended = TRUE;
              return;
            }
          self->element = 0;
          self->second_round = TRUE;
        }
    }
  while (self->second_round && self->elements[self->element].once);
  enter_element (self);
}

static double
ramp_at (const PhoneTonePlayer *self)
{
  guint64 ramp = (guint64) self->rate_hz * RAMP_MS / 1000;
  guint64 distance = self->at;

  if (self->length > 0)
    distance = MIN (distance, self->length - 1 - self->at);
  if (distance >= ramp)
    return 1;
  return 0.5 - 0.5 * cos (G_PI * ((double) distance + 0.5) / (double) ramp);
}

static double
sample_at (const PhoneTonePlayer *self)
{
  const PhoneToneElement *element = &self->elements[self->element];
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < PHONE_TONE_MAX_FREQUENCIES; i++)
    if (element->frequency_hz[i] > 0)
      {
        /* Whole cycles are taken off before the sine: exact also after hours of dial tone. */
        guint64 phase = (self->at % self->rate_hz) * element->frequency_hz[i] % self->rate_hz;

        sum += sin (2 * G_PI * (double) phase / self->rate_hz);
        n++;
      }
  return n == 0 ? 0 : sum * AMPLITUDE / sqrt (n) * ramp_at (self);
}

static gboolean
phone_tone_player_render (PhoneSound *sound,
                          float      *mix,
                          guint       n_frames,
                          guint       rate_hz)
{
  PhoneTonePlayer *self = PHONE_TONE_PLAYER (sound);
  guint ramp;

  if (self->rate_hz != rate_hz)
    {
      self->rate_hz = rate_hz;
      enter_element (self);
    }
  ramp = rate_hz * RAMP_MS / 1000;
  for (guint i = 0; i < n_frames && !self->ended; i++)
    {
      double sample;

      while (self->elements[self->element].duration_ms > 0 && self->at >= self->length && !self->ended)
        next_element (self);
      if (self->ended)
        break;
      if (self->fade == 0 && g_atomic_int_get (&self->stopping))
        self->fade = ramp;
      sample = sample_at (self);
      if (self->fade > 0)
        {
          sample *= (double) self->fade / ramp;
          self->ended = --self->fade == 0;
        }
      mix[i] += (float) sample;
      self->at++;
    }
  return !self->ended;
}

static void
phone_tone_player_sound_init (PhoneSoundInterface *iface)
{
  iface->render = phone_tone_player_render;
}

static void
phone_tone_player_class_init (PhoneTonePlayerClass *klass)
{
}

static void
phone_tone_player_init (PhoneTonePlayer *self)
{
}

/**
 * phone_tone_player_new_for_elements:
 * @elements: at most %PHONE_TONE_MAX_ELEMENTS
 * @repeat: whether it starts over, without the elements that are to be heard once
 */
PhoneTonePlayer *
phone_tone_player_new_for_elements (const PhoneToneElement *elements,
                                    guint                   n_elements,
                                    gboolean                repeat)
{
  PhoneTonePlayer *self;
  gboolean sounds = FALSE;

  g_return_val_if_fail (elements != NULL || n_elements == 0, NULL);

  self = g_object_new (PHONE_TYPE_TONE_PLAYER, NULL);
  self->n_elements = MIN (n_elements, PHONE_TONE_MAX_ELEMENTS);
  if (self->n_elements > 0)
    memcpy (self->elements, elements, self->n_elements * sizeof *elements);
  self->repeat = repeat;
  for (guint i = 0; i < self->n_elements; i++)
    sounds = sounds || self->elements[i].frequency_hz[0] > 0;
  /* Without a frequency there is nothing to wait for; and elements of no length at all must not be repeated for ever.
   */
  self->ended = !sounds;
  return self;
}

/**
 * phone_tone_player_new:
 * @script: (transfer none): what to play
 * @repeat: whether it starts over
 */
PhoneTonePlayer *
phone_tone_player_new (PhoneToneScript *script,
                       gboolean         repeat)
{
  PhoneToneElement elements[PHONE_TONE_MAX_ELEMENTS];
  guint n_elements;

  g_return_val_if_fail (script != NULL, NULL);

  n_elements = MIN (phone_tone_script_get_n_elements (script), PHONE_TONE_MAX_ELEMENTS);
  for (guint i = 0; i < n_elements; i++)
    elements[i] = *phone_tone_script_get_element (script, i);
  return phone_tone_player_new_for_elements (elements, n_elements, repeat);
}

/**
 * phone_tone_player_new_for_digit:
 * @digit: 0–9 * # A–D
 * @duration_ms: how long; 0 counts as 100
 *
 * Returns: (transfer full) (nullable): %NULL for what is no digit
 */
PhoneTonePlayer *
phone_tone_player_new_for_digit (char  digit,
                                 guint duration_ms)
{
  PhoneToneElement element = { .duration_ms = duration_ms == 0 ? 100 : duration_ms };

  if (!phone_tone_digit_get_frequencies (digit, &element.frequency_hz[0], &element.frequency_hz[1]))
    return NULL;
  return phone_tone_player_new_for_elements (&element, 1, FALSE);
}

/**
 * phone_tone_player_stop:
 *
 * Lets the tone end within a few milliseconds. Any thread.
 */
void
phone_tone_player_stop (PhoneTonePlayer *self)
{
  g_return_if_fail (PHONE_IS_TONE_PLAYER (self));

  g_atomic_int_set (&self->stopping, 1);
}

/**
 * phone_tone_script_get_length_ms:
 * Returns: how long it takes when played once, 0 when it has no end
 */
guint
phone_tone_script_get_length_ms (const PhoneToneScript *script)
{
  guint length_ms = 0;

  for (guint i = 0; i < phone_tone_script_get_n_elements (script); i++)
    {
      guint duration_ms = phone_tone_script_get_element (script, i)->duration_ms;

      if (duration_ms == 0)
        return 0;
      length_ms += duration_ms;
    }
  return length_ms;
}

/**
 * phone_tone_digit_get_frequencies:
 * @low_hz: (out): frequency of the row (ITU-T Q.23)
 * @high_hz: (out): frequency of the column
 *
 * Returns: %FALSE for what is no digit
 */
gboolean
phone_tone_digit_get_frequencies (char   digit,
                                  guint *low_hz,
                                  guint *high_hz)
{
  static const char keys[] = "123A456B789C*0#D";
  static const guint rows_hz[] = { 697, 770, 852, 941 };
  static const guint columns_hz[] = { 1209, 1336, 1477, 1633 };
  const char *found = digit == 0 ? NULL : strchr (keys, g_ascii_toupper (digit));

  g_return_val_if_fail (low_hz != NULL && high_hz != NULL, FALSE);

  if (found == NULL)
    return FALSE;
  *low_hz = rows_hz[(found - keys) / 4];
  *high_hz = columns_hz[(found - keys) % 4];
  return TRUE;
}
