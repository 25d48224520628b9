/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "echo-room.h"

#include <math.h>
#include <string.h>

/* 40 ms until the last of the room is gone. */
#define LENGTH (ECHO_ROOM_HZ / 25)

struct _EchoRoom {
  PhoneEcho *echo;
  GRand     *random;
  gint16    *played;       /* all of it */
  guint      length;
  guint      at;
  double     path[LENGTH];
  guint      delay;        /* samples */
  GArray    *out;
};

void
echo_room_set_path (EchoRoom *self,
                    guint     delay_ms,
                    double    gain)
{
  double energy = 0;

  self->delay = delay_ms * ECHO_ROOM_HZ / 1000;
  for (guint i = 0; i < LENGTH; i++)
    {
      self->path[i] = i == 0 ? 1 : 0.25 * g_rand_double_range (self->random, -1, 1) * exp (-(double) i / 120);
      energy += self->path[i] * self->path[i];
    }
  for (guint i = 0; i < LENGTH; i++)
    self->path[i] *= gain / sqrt (energy);
}

/**
 * echo_room_new:
 * @played: (transfer full): what the loudspeaker plays
 */
EchoRoom *
echo_room_new (gint16 *played,
               guint   n_samples,
               guint   delay_ms)
{
  EchoRoom *self = g_new0 (EchoRoom, 1);

  self->echo = phone_echo_new ();
  self->random = g_rand_new_with_seed (5);
  self->length = n_samples;
  self->played = played;
  self->out = g_array_new (FALSE, FALSE, sizeof (gint16));
  echo_room_set_path (self, delay_ms, 0.5);
  phone_echo_set_enabled (self->echo, TRUE);
  return self;
}

void
echo_room_free (EchoRoom *self)
{
  phone_echo_unref (self->echo);
  g_rand_free (self->random);
  g_free (self->played);
  g_array_unref (self->out);
  g_free (self);
}

static void
on_clean (const gint16 *samples,
          gsize         n_samples,
          guint         rate_hz,
          gpointer      user_data)
{
  EchoRoom *self = user_data;

  g_assert_cmpuint (rate_hz, ==, ECHO_ROOM_HZ);
  g_array_append_vals (self->out, samples, (guint) n_samples);
}

static double
hear (const EchoRoom *self,
      gint64      i)
{
  double sum = 0;

  for (gint64 k = 0; k < LENGTH; k++)
    if (i - k - self->delay >= 0)
      sum += self->path[k] * self->played[i - k - self->delay];
  return sum;
}

/* Runs until @until_s, with @near (nullable) spoken here from the current moment on. Returns the powers of echo, of what comes out, and
 * of what comes out of @near. */
void
echo_room_run (EchoRoom     *self,
               double        until_s,
               const gint16 *near,
               double       *echo_db,
               double       *near_db)
{
  guint start = self->at;
  double echo = 1, out = 1, same = 0, near_power = 1;

  for (; self->at + ECHO_ROOM_PERIOD <= (guint) (until_s * ECHO_ROOM_HZ); self->at += ECHO_ROOM_PERIOD)
    {
      gint16 recorded[ECHO_ROOM_PERIOD];
      guint before = self->out->len;

      /* The threads do not take turns: now and then a period is late. */
      if (self->at / ECHO_ROOM_PERIOD % 7 != 3)
        {
          guint late = self->at / ECHO_ROOM_PERIOD % 7 == 4 ? ECHO_ROOM_PERIOD : 0;

          phone_echo_played (self->echo, self->played + self->at - late, ECHO_ROOM_PERIOD + late, ECHO_ROOM_HZ);
        }
      for (guint i = 0; i < ECHO_ROOM_PERIOD; i++)
        {
          double heard = hear (self, self->at + i);
          double said = near == NULL ? 0 : near[self->at - start + i];

          recorded[i] = (gint16) CLAMP (heard + said + g_rand_double_range (self->random, -4, 4), -32768, 32767);
          echo += heard * heard;
          near_power += said * said;
        }
      phone_echo_recorded (self->echo, recorded, ECHO_ROOM_PERIOD, ECHO_ROOM_HZ, on_clean, self);
      g_assert_cmpuint (self->out->len, ==, before + ECHO_ROOM_PERIOD);
      for (guint i = 0; i < ECHO_ROOM_PERIOD; i++)
        {
          double value = g_array_index (self->out, gint16, before + i);

          out += value * value;
          /* The suppressor is a frame late. */
          if (near != NULL && self->at - start + i >= ECHO_ROOM_PERIOD)
            same += value * near[self->at - start + i - ECHO_ROOM_PERIOD];
        }
    }
  if (echo_db != NULL)
    *echo_db = 10 * log10 (echo / out);
  if (near_db != NULL)
    *near_db = 20 * log10 (MAX (same, 1) / near_power);
}

PhoneEcho *
echo_room_get_echo (EchoRoom *self)
{
  return self->echo;
}
