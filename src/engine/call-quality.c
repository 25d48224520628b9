/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "call-quality.h"

#include <math.h>

/*
 * The E-model of ITU-T G.107 with all its default values, so that only codec, loss and delay are left. It is made for
 * telephone-wide sound: wider codecs get no better mark than G.711, which is 4.4.
 */

/* Ro - Is + A with the default values of G.107, table 3. */
#define BEST_RATING 93.2
/* What encoder, packet and device take besides network and jitter buffer. */
#define OTHER_DELAY_MS 35.0

/* ITU-T G.113, appendix I: impairment of the codec itself and how it stands random loss. Those without a value there are marked. */
static const struct {
  const char *codec;
  double      impairment;   /* Ie */
  double      robustness;   /* Bpl */
} codecs[] = {
  { "PCMU", 0, 25.1 },      /* with concealment */
  { "PCMA", 0, 25.1 },
  { "G722", 0, 25.1 },      /* taken from G.711 */
  { "opus", 0, 30.0 },      /* estimated: it has a copy of each packet in the next one */
  { "G729", 11, 19.0 },
  { "GSM", 20, 10.0 },      /* robustness of EFR */
  { "G726-40", 2, 25.1 },   /* robustness taken from G.711, as for the others of G.726 */
  { "G726-32", 7, 25.1 },
  { "G726-24", 25, 25.1 },
  { "G726-16", 50, 25.1 },
};

static void
find_codec (const char *codec,
            double     *impairment,
            double     *robustness)
{
  *impairment = codecs[0].impairment;
  *robustness = codecs[0].robustness;
  if (g_ascii_strncasecmp (codec, "AAL2-", 5) == 0)
    codec += 5;
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (g_ascii_strcasecmp (codecs[i].codec, codec) == 0)
      {
        *impairment = codecs[i].impairment;
        *robustness = codecs[i].robustness;
      }
}

/* G.107 §7.4, Idd: too much delay hinders a conversation even without any echo. */
static double
get_delay_impairment (double delay_ms)
{
  double x;

  if (delay_ms <= 100)
    return 0;
  x = log2 (delay_ms / 100);
  return 25 * (pow (1 + pow (x, 6), 1.0 / 6) - 3 * pow (1 + pow (x / 3, 6), 1.0 / 6) + 2);
}

/**
 * phone_call_quality_rate:
 * @loss_percent: packets that are not heard, at random
 * @delay_ms: mouth to ear, one way
 *
 * Returns: the rating R of ITU-T G.107, at most 93.2
 */
double
phone_call_quality_rate (const char *codec,
                         double      loss_percent,
                         double      delay_ms)
{
  double impairment, robustness;

  g_return_val_if_fail (codec != NULL, 0);

  find_codec (codec, &impairment, &robustness);
  loss_percent = CLAMP (loss_percent, 0, 100);
  impairment += (95 - impairment) * loss_percent / (loss_percent + robustness);
  return BEST_RATING - impairment - get_delay_impairment (delay_ms);
}

/**
 * phone_call_quality_to_mos:
 * Returns: mean opinion score, 1 to 4.5 (ITU-T G.107, annex B)
 */
double
phone_call_quality_to_mos (double r)
{
  if (r <= 0)
    return 1;
  if (r >= 100)
    return 4.5;
  return MAX (1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

static guint
get_tenths (const char *codec,
            double      loss_percent,
            double      delay_ms)
{
  return (guint) lround (10 * phone_call_quality_to_mos (phone_call_quality_rate (codec, loss_percent, delay_ms)));
}

static double
get_percent (gint64 missed,
             gint64 all)
{
  return all > 0 ? 100.0 * (double) CLAMP (missed, 0, all) / (double) all : 0;
}

/**
 * phone_call_quality_score:
 *
 * Returns: marks of both directions; all 0 before anything was heard
 */
PhoneCallScore
phone_call_quality_score (const PhoneCallQuality *self)
{
  PhoneCallScore score = { 0 };
  gint64 lost, expected;
  double delay_ms, loss;

  g_return_val_if_fail (self != NULL, score);

  if (self->received == 0)
    return score;
  lost = MAX (self->lost, 0);
  expected = (gint64) self->received + lost;
  loss = get_percent (lost + self->late, expected);
  delay_ms = self->round_trip_us / 2000.0 + self->buffer_us / 1000.0 + OTHER_DELAY_MS;
  score.loss_permille = (guint) lround (loss * 10);
  score.one_way_ms = self->round_trip_us == 0 ? 0 : (guint) lround (delay_ms);
  score.listening = get_tenths (self->codec, loss, 0);
  score.conversation = get_tenths (self->codec, loss, delay_ms);
  /* A round trip is known from their reports alone. */
  if (self->round_trip_us > 0 && self->sent > 0)
    score.remote_listening = get_tenths (self->codec, get_percent (self->remote_lost, (gint64) self->sent), 0);
  return score;
}
