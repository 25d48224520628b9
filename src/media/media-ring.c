/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-ring.h"

#include <math.h>
#include <string.h>

/**
 * SECTION:media-ring
 * @title: PhoneRingPlayer
 *
 * Ring sounds of our own, synthesised from the tables below: a voice is a set of partials that die away, a ring is a
 * few phrases of notes, played by a voice at a time. A new ring is a new row. One round is computed when ringing
 * starts (some milliseconds) and then repeated.
 */

typedef struct {
  float ratio;        /* of the note's frequency */
  float amplitude;
  float decay_s;      /* until it has fallen to 1/e; 0 = stays for the length of the note */
} Partial;

typedef struct {
  float   attack_ms;
  float   release_ms;
  Partial partials[6];
} Voice;

enum { VOICE_REED, VOICE_GONG, VOICE_WOOD, VOICE_CHIME, VOICE_GLASS, VOICE_FLUTE, VOICE_DROP };

static const Voice voices[] = {
  [VOICE_REED] = { 3, 6, { { 1, 0.60f, 0 }, { 2, 0.22f, 0 }, { 3, 0.16f, 0 }, { 5, 0.05f, 0 } } },
  [VOICE_GONG] = { 1, 12, { { 1, 0.42f, 0.35f }, { 2.01f, 0.30f, 0.22f }, { 2.74f, 0.20f, 0.14f },
                            { 3.76f, 0.14f, 0.09f }, { 5.40f, 0.08f, 0.05f } } },
  [VOICE_WOOD] = { 1, 10, { { 1, 0.80f, 0.16f }, { 3.93f, 0.22f, 0.05f }, { 9.55f, 0.06f, 0.02f } } },
  [VOICE_CHIME] = { 2, 30, { { 1, 0.50f, 0.70f }, { 2, 0.18f, 0.50f }, { 2.76f, 0.20f, 0.30f }, { 5.40f, 0.10f, 0.12f } } },
  [VOICE_GLASS] = { 1, 20, { { 1, 0.66f, 0.30f }, { 2.32f, 0.18f, 0.16f }, { 4.25f, 0.10f, 0.08f } } },
  [VOICE_FLUTE] = { 14, 30, { { 1, 0.78f, 0 }, { 2, 0.12f, 0 }, { 3, 0.04f, 0 } } },
  [VOICE_DROP] = { 2, 16, { { 1, 0.90f, 0.06f }, { 2, 0.12f, 0.03f } } },
};

/* Notes are names with octave ("a4" = 440 Hz, "c#5"), "-" is a rest; each takes step_ms, sounds for note_ms. */
typedef struct {
  guint       voice;
  guint       at_ms;
  guint       step_ms;
  guint       note_ms;
  guint       times;
  float       level;
  const char *notes;
} Phrase;

typedef struct {
  const char *name;
  guint       round_ms;
  Phrase      phrases[4];
} Ring;

static const Ring rings[] = {
  /* An office warble: two reeds in turn, two seconds, four seconds' rest. */
  { "Ring1.wav", 6000, { { VOICE_REED, 0, 50, 46, 20, 0.75f, "b5 e6" } } },
  /* A bell with two gongs and a clapper, twice. */
  { "Ring2.wav", 4600, { { VOICE_GONG, 0, 42, 200, 12, 0.50f, "e6 g6" }, { VOICE_GONG, 1400, 42, 200, 12, 0.50f, "e6 g6" } } },
  /* Wooden bars up and down. */
  { "Ring3.wav", 4200, { { VOICE_WOOD, 0, 110, 300, 2, 0.80f, "c5 e5 g5 c6 e6 c6 g5 e5" }, { VOICE_WOOD, 1760, 0, 500, 1, 0.80f, "c6" } } },
  /* Three chimes. */
  { "Ring4.wav", 5200, { { VOICE_CHIME, 0, 420, 1400, 1, 0.80f, "g5 e5 c5" }, { VOICE_CHIME, 1800, 420, 1400, 1, 0.55f, "g5 e5 c5" } } },
  /* A quick trill, three times. */
  { "Ring5.wav", 4400, { { VOICE_REED, 0, 32, 30, 9, 0.60f, "a6 c#7" }, { VOICE_REED, 800, 32, 30, 9, 0.60f, "a6 c#7" },
                         { VOICE_REED, 1600, 32, 30, 9, 0.60f, "a6 c#7" } } },
  /* Soft and low, for shared rooms. */
  { "Ring6.wav", 4800, { { VOICE_FLUTE, 0, 260, 240, 2, 0.70f, "e4 b4 - g#4 b4 -" } } },
  /* A little tune. */
  { "Ring7.wav", 5400, { { VOICE_GLASS, 0, 150, 420, 1, 0.80f, "d5 f#5 a5 d6 - b5 d6 a5 - f#5 a5 e5 - g5 f#5 d5" },
                         { VOICE_FLUTE, 0, 600, 560, 1, 0.22f, "d4 g4 d4 a3" } } },
  /* A musical box. */
  { "Ring8.wav", 5000, { { VOICE_GLASS, 0, 180, 700, 1, 0.70f, "e6 d6 c6 g5 a5 c6 e6 - g6 e6 c6 - d6 - - -" },
                         { VOICE_CHIME, 0, 720, 1200, 1, 0.30f, "c5 f5 c5 g5" } } },
  /* Drops of water. */
  { "Splash.wav", 3600, { { VOICE_DROP, 0, 70, 160, 1, 0.85f, "g6 - c7 e6 - a6 c6 - - e6 a5 - g5 - e5 - - c5" },
                          { VOICE_DROP, 1500, 95, 160, 1, 0.60f, "c7 - g6 - a6 e6 - c6" } } },
  { "Silent.wav", 1000, { { 0 } } },
};

struct _PhoneRingPlayer {
  GObject         parent;

  PhoneRingSound *sound;       /* (owned) */
  int             stopping;    /* atomic */
  gsize           at;
  guint           fade;        /* samples left, 0 = not stopping yet */
};

static void phone_ring_player_sound_init (PhoneSoundInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PhoneRingPlayer, phone_ring_player, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PHONE_TYPE_SOUND, phone_ring_player_sound_init))

#define STOP_MS 8

/* Frequency of a note by name, 0 for a rest. */
static double
note_to_hz (const char *name)
{
  static const int semitones[] = { 9, 11, 0, 2, 4, 5, 7 };   /* a b c d e f g */
  int semitone;
  const char *at = name;

  if (*at < 'a' || *at > 'g')
    return 0;
  semitone = semitones[*at++ - 'a'];
  if (*at == '#')
    {
      semitone++;
      at++;
    }
  semitone += (*at - '0') * 12;
  return 440 * pow (2, (semitone - 57) / 12.0);
}

/* Adds one partial. The sine is made by turning a pointer: one multiplication for each sample instead of a sine. */
static void
add_partial (PhoneRingSound *self,
             const Voice    *voice,
             const Partial  *partial,
             double          hz,
             gsize           start,
             gsize           length,
             double          level)
{
  double turn = 2 * G_PI * hz * partial->ratio / self->rate_hz;
  double turn_cos = cos (turn);
  double turn_sin = sin (turn);
  double x = 1;
  double y = 0;
  double decay = partial->decay_s > 0 ? exp (-1.0 / (partial->decay_s * self->rate_hz)) : 1;
  double attack = voice->attack_ms * self->rate_hz / 1000;
  double release = voice->release_ms * self->rate_hz / 1000;

  if (turn >= G_PI * 0.9)
    return;
  level *= partial->amplitude;
  for (gsize i = 0; i < length; i++)
    {
      double envelope = MIN (1.0, MIN ((double) i / attack, (double) (length - i) / release));
      double next_x = x * turn_cos - y * turn_sin;

      y = x * turn_sin + y * turn_cos;
      x = next_x;
      /* A round is a loop: what rings on beyond its end is heard at its start. */
      self->samples[(start + i) % self->n_samples] += (float) (y * envelope * level);
      level *= decay;
    }
}

static void
add_phrase (PhoneRingSound *self,
            const Phrase   *phrase)
{
  g_auto (GStrv) notes = g_strsplit (phrase->notes, " ", -1);
  guint at_ms = phrase->at_ms;

  for (guint round = 0; round < phrase->times; round++)
    for (guint i = 0; notes[i] != NULL; i++, at_ms += phrase->step_ms)
      {
        double hz = note_to_hz (notes[i]);
        const Voice *voice = &voices[phrase->voice];

        if (hz <= 0)
          continue;
        for (guint p = 0; p < G_N_ELEMENTS (voice->partials) && voice->partials[p].ratio > 0; p++)
          add_partial (self, voice, &voice->partials[p], hz, (gsize) at_ms * self->rate_hz / 1000,
                       (gsize) phrase->note_ms * self->rate_hz / 1000, phrase->level);
      }
}

static const Ring *
find_ring (const char *name)
{
  if (g_str_has_prefix (name, "Resource:"))
    name += strlen ("Resource:");
  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    if (g_ascii_strcasecmp (rings[i].name, name) == 0)
      return &rings[i];
  g_message ("no ring sound is called \"%s\": %s is played", name, rings[0].name);
  return &rings[0];
}

/**
 * phone_ring_sound_new:
 * @name: "Ring1.wav" … "Ring8.wav", "Splash.wav", "Silent.wav", also with "Resource:" before it (guide: ring tones);
 *   an unknown name is Ring1
 * @rate_hz: sample rate
 *
 * Returns: (transfer full): one round, the loudest sample at 0.9 of full scale
 */
PhoneRingSound *
phone_ring_sound_new (const char *name,
                      guint       rate_hz)
{
  PhoneRingSound *self;
  const Ring *ring;
  float peak = 0;

  g_return_val_if_fail (name != NULL && rate_hz > 0, NULL);

  ring = find_ring (name);
  self = g_new0 (PhoneRingSound, 1);
  self->rate_hz = rate_hz;
  self->n_samples = (gsize) ring->round_ms * rate_hz / 1000;
  self->samples = g_new0 (float, self->n_samples);
  for (guint i = 0; i < G_N_ELEMENTS (ring->phrases) && ring->phrases[i].notes != NULL; i++)
    add_phrase (self, &ring->phrases[i]);

  for (gsize i = 0; i < self->n_samples; i++)
    peak = MAX (peak, fabsf (self->samples[i]));
  if (peak > 0)
    for (gsize i = 0; i < self->n_samples; i++)
      self->samples[i] *= 0.9f / peak;
  return self;
}

/**
 * phone_ring_list_names:
 * Returns: (transfer none): all names, ended by %NULL
 */
const char * const *
phone_ring_list_names (void)
{
  static const char *names[G_N_ELEMENTS (rings) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    names[i] = rings[i].name;
  return names;
}

static gboolean
phone_ring_player_render (PhoneSound *sound,
                          float      *mix,
                          guint       n_frames,
                          guint       rate_hz)
{
  PhoneRingPlayer *self = PHONE_RING_PLAYER (sound);
  guint ramp = rate_hz * STOP_MS / 1000;

  if (self->fade == 0 && g_atomic_int_get (&self->stopping))
    self->fade = ramp;
  for (guint i = 0; i < n_frames; i++)
    {
      float sample = self->sound->samples[self->at];

      self->at = (self->at + 1) % self->sound->n_samples;
      if (self->fade > 0)
        {
          sample *= (float) self->fade / (float) ramp;
          if (--self->fade == 0)
            return FALSE;
        }
      mix[i] += sample;
    }
  return TRUE;
}

static void
phone_ring_player_sound_init (PhoneSoundInterface *iface)
{
  iface->render = phone_ring_player_render;
}

static void
phone_ring_player_finalize (GObject *object)
{
  PhoneRingPlayer *self = PHONE_RING_PLAYER (object);

  if (self->sound != NULL)
    g_free (self->sound->samples);
  g_free (self->sound);

  G_OBJECT_CLASS (phone_ring_player_parent_class)->finalize (object);
}

static void
phone_ring_player_class_init (PhoneRingPlayerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_ring_player_finalize;
}

static void
phone_ring_player_init (PhoneRingPlayer *self)
{
}

/**
 * phone_ring_player_new:
 * @sound: (transfer full): what to ring, made for the mixer's rate
 *
 * Rings until stopped.
 */
PhoneRingPlayer *
phone_ring_player_new (PhoneRingSound *sound)
{
  PhoneRingPlayer *self;

  g_return_val_if_fail (sound != NULL, NULL);

  self = g_object_new (PHONE_TYPE_RING_PLAYER, NULL);
  self->sound = sound;
  return self;
}

/**
 * phone_ring_player_stop:
 *
 * Lets it end within some milliseconds. Any thread.
 */
void
phone_ring_player_stop (PhoneRingPlayer *self)
{
  g_return_if_fail (PHONE_IS_RING_PLAYER (self));

  g_atomic_int_set (&self->stopping, 1);
}
