/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:exchange-g722
 * @title: ExchangeG722
 *
 * An encoder for G.722 at 64 kbit/s (ITU-T Recommendation G.722): 16 kHz samples in, one byte for each two samples out.
 */
typedef struct {
  int reconstructed;     /* s: prediction of the next sample */
  int zero_part;         /* sz: the share of the zeros in it */
  int partial[3];        /* p: partially reconstructed signal, newest first */
  int full[3];           /* r: reconstructed signal */
  int pole[3];           /* a: predictor poles, [1] and [2] */
  int zero[7];           /* b: predictor zeros, [1] to [6] */
  int difference[7];     /* d: quantized difference signal */
  int log_scale;         /* nb */
  int scale;             /* det */
} ExchangeG722Band;

typedef struct {
  int              history[24];  /* of the quadrature mirror filter */
  ExchangeG722Band low;
  ExchangeG722Band high;
} ExchangeG722;

void  exchange_g722_init   (ExchangeG722 *self);

/**
 * exchange_g722_encode:
 * @n_samples: even
 * @bytes: (out): room for @n_samples / 2
 *
 * Returns: bytes written
 */
gsize exchange_g722_encode (ExchangeG722 *self,
                            const gint16 *samples,
                            gsize         n_samples,
                            guint8       *bytes);

G_END_DECLS
