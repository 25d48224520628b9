/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-desc.h"

G_BEGIN_DECLS

/**
 * PhoneMediaCoder:
 * @encoder_new: for a codec that was negotiated; %NULL: no memory, or not with these parameters
 * @encode: @n_samples are whole frames; writes one RTP payload into @payload, which has room for
 *   %PHONE_MEDIA_CODER_MAX_PAYLOAD. Returns its length, 0: nothing has to be sent, or it failed
 * @encoder_set_loss: (nullable): how many packets of a hundred the other side misses
 * @decoder_new: as @encoder_new
 * @decode: appends the sound of one payload. Returns %FALSE when it is none
 * @recover: (nullable): appends @n_samples of sound for a packet that is missing; with the payload that follows it, if that is
 *   there. Returns %FALSE when it cannot
 *
 * A codec that a library of its own does, called directly: it has no thread, no clock and no state but its own, so an element
 * and a chain around it would only cost. Any one thread at a time.
 */
typedef struct {
  gpointer (*encoder_new)      (const PhoneCodec *codec, guint ptime_ms);
  gsize    (*encode)           (gpointer encoder, const gint16 *samples, gsize n_samples, guint8 *payload);
  void     (*encoder_set_loss) (gpointer encoder, guint percent);
  void     (*encoder_free)     (gpointer encoder);
  gpointer (*decoder_new)      (const PhoneCodec *codec);
  gboolean (*decode)           (gpointer decoder, const guint8 *payload, gsize length, GArray *samples);
  gboolean (*recover)          (gpointer decoder, const guint8 *next, gsize length, gsize n_samples, GArray *samples);
  void     (*decoder_free)     (gpointer decoder);
} PhoneMediaCoder;

#define PHONE_MEDIA_CODER_MAX_PAYLOAD 1400

extern const PhoneMediaCoder phone_media_coder_opus;
extern const PhoneMediaCoder phone_media_coder_g729;
extern const PhoneMediaCoder phone_media_coder_g726;
extern const PhoneMediaCoder phone_media_coder_gsm;

G_END_DECLS
