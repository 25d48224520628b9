/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-g722.h"

#include <string.h>

/*
 * Two bands of 4 kHz, each ADPCM with a predictor of two poles and six zeros; 6 bits for the low band, 2 for the high
 * one. The names of the blocks and the tables are those of the Recommendation, clause 6.2.
 */

/* Half of the symmetric 24-tap filter, table 11 of the Recommendation. */
static const int qmf_taps[12] = { 3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11 };

/* Inverse of the logarithm: table ILB. */
static const int inverse_log[32] = {
  2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
  2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008
};

/* Low band: decision levels (Q6), codes for negative and positive differences, adaptation, 4-bit reconstruction. */
static const int low_levels[30] = {
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458,
  1612, 1765, 1980, 2195, 2557, 2919
};
static const int low_code_negative[31] = {
  0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4
};
static const int low_code_positive[31] = {
  0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32
};
static const int low_adapt[16] = {
  -60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60
};
static const int low_reconstruct[16] = {
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0
};

/* High band: one level, four codes. */
#define HIGH_LEVEL 564
static const int high_adapt[4] = { 798, -214, 798, -214 };
static const int high_reconstruct[4] = { -7408, -1616, 7408, 1616 };

static int
saturate (int value)
{
  return CLAMP (value, G_MININT16, G_MAXINT16);
}

/* Blocks UPPOL2 and UPPOL1: new poles from the signs of the partially reconstructed signal. */
static void
update_poles (ExchangeG722Band *band,
              int               partial)
{
  const gboolean same1 = (partial < 0) == (band->partial[1] < 0);
  const gboolean same2 = (partial < 0) == (band->partial[2] < 0);
  int first = saturate (band->pole[1] * 4);
  int second, limit;

  second = MIN (same1 ? -first : first, 32767);
  second = (second >> 7) + (same2 ? 128 : -128) + ((band->pole[2] * 32512) >> 15);
  second = CLAMP (second, -12288, 12288);

  first = (same1 ? 192 : -192) + ((band->pole[1] * 32640) >> 15);
  limit = saturate (15360 - second);
  band->pole[1] = CLAMP (first, -limit, limit);
  band->pole[2] = second;
}

/* Block UPZERO: new zeros from the signs of the differences, and the delay line. */
static void
update_zeros (ExchangeG722Band *band,
              int               difference)
{
  const int step = difference == 0 ? 0 : 128;

  band->difference[0] = difference;
  for (guint i = 6; i > 0; i--)
    {
      const gboolean same = (difference < 0) == (band->difference[i] < 0);

      band->zero[i] = saturate ((same ? step : -step) + ((band->zero[i] * 32640) >> 15));
    }
  for (guint i = 6; i > 0; i--)
    band->difference[i] = band->difference[i - 1];
}

/* Block 4: everything after the inverse quantizer, giving the prediction of the next sample. */
static void
predict (ExchangeG722Band *band,
         int               difference)
{
  const int partial = saturate (band->zero_part + difference);
  const int full = saturate (band->reconstructed + difference);
  int pole_part;

  update_poles (band, partial);
  update_zeros (band, difference);

  band->partial[2] = band->partial[1];
  band->partial[1] = partial;
  band->full[2] = band->full[1];
  band->full[1] = full;

  pole_part = saturate (((band->pole[1] * saturate (band->full[1] * 2)) >> 15) +
                        ((band->pole[2] * saturate (band->full[2] * 2)) >> 15));
  band->zero_part = 0;
  for (guint i = 1; i <= 6; i++)
    band->zero_part += (band->zero[i] * saturate (band->difference[i] * 2)) >> 15;
  band->zero_part = saturate (band->zero_part);
  band->reconstructed = saturate (pole_part + band->zero_part);
}

/* Blocks LOGSCL/SCALEL and LOGSCH/SCALEH: the new quantizer scale. */
static void
adapt_scale (ExchangeG722Band *band,
             int               step,
             int               limit,
             int               offset)
{
  int shift, value;

  band->log_scale = CLAMP (((band->log_scale * 127) >> 7) + step, 0, limit);
  value = inverse_log[(band->log_scale >> 6) & 31];
  shift = offset - (band->log_scale >> 11);
  value = shift < 0 ? value << -shift : value >> shift;
  band->scale = value << 2;
}

static int
encode_low (ExchangeG722Band *band,
            int               sample)
{
  const int difference = saturate (sample - band->reconstructed);
  const int magnitude = difference >= 0 ? difference : -(difference + 1);
  guint i;
  int code, quantized;

  for (i = 1; i < G_N_ELEMENTS (low_levels); i++)
    if (magnitude < (low_levels[i] * band->scale) >> 12)
      break;
  code = difference < 0 ? low_code_negative[i] : low_code_positive[i];

  quantized = (band->scale * low_reconstruct[code >> 2]) >> 15;
  adapt_scale (band, low_adapt[code >> 2], 18432, 8);
  predict (band, quantized);

  return code;
}

static int
encode_high (ExchangeG722Band *band,
             int               sample)
{
  const int difference = saturate (sample - band->reconstructed);
  const int magnitude = difference >= 0 ? difference : -(difference + 1);
  const gboolean large = magnitude >= (HIGH_LEVEL * band->scale) >> 12;
  int code, quantized;

  if (difference < 0)
    code = large ? 0 : 1;
  else
    code = large ? 2 : 3;

  quantized = (band->scale * high_reconstruct[code]) >> 15;
  adapt_scale (band, high_adapt[code], 22528, 10);
  predict (band, quantized);

  return code;
}

void
exchange_g722_init (ExchangeG722 *self)
{
  g_return_if_fail (self);

  memset (self, 0, sizeof *self);
  self->low.scale = 32;
  self->high.scale = 8;
}

gsize
exchange_g722_encode (ExchangeG722 *self,
                      const gint16 *samples,
                      gsize         n_samples,
                      guint8       *bytes)
{
  g_return_val_if_fail (self && samples && bytes, 0);
  g_return_val_if_fail (n_samples % 2 == 0, 0);

  for (gsize n = 0; n < n_samples; n += 2)
    {
      int odd = 0, even = 0;
      int low, high;

      memmove (self->history, self->history + 2, sizeof (int) * 22);
      self->history[22] = samples[n];
      self->history[23] = samples[n + 1];
      for (guint i = 0; i < 12; i++)
        {
          odd += self->history[2 * i] * qmf_taps[i];
          even += self->history[2 * i + 1] * qmf_taps[11 - i];
        }
      low = encode_low (&self->low, (even + odd) >> 14);
      high = encode_high (&self->high, (even - odd) >> 14);
      bytes[n / 2] = high << 6 | low;
    }

  return n_samples / 2;
}
