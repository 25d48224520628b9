/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-coder.h"

#include <bcg729/decoder.h>
#include <bcg729/encoder.h>

#include <string.h>

/*
 * G.729 with Annex A and B (RFC 3551 §4.5.6): frames of 10 ms in 10 bytes, and, as the last one of a payload, a description of the
 * background noise in 2 bytes.
 */

#define FRAME_SAMPLES 80
#define FRAME_BYTES 10
#define NOISE_BYTES 2

static gpointer
encoder_new (const PhoneCodec *codec,
             guint             ptime_ms)
{
  return initBcg729EncoderChannel (0);
}

static gsize
encode (gpointer      encoder,
        const gint16 *samples,
        gsize         n_samples,
        guint8       *payload)
{
  gsize length = 0;

  for (gsize at = 0; at + FRAME_SAMPLES <= n_samples && length + FRAME_BYTES <= PHONE_MEDIA_CODER_MAX_PAYLOAD; at += FRAME_SAMPLES)
    {
      guint8 written = 0;

      bcg729Encoder (encoder, samples + at, payload + length, &written);
      length += written;
    }

  return length;
}

static void
encoder_free (gpointer encoder)
{
  closeBcg729EncoderChannel (encoder);
}

static gpointer
decoder_new (const PhoneCodec *codec)
{
  return initBcg729DecoderChannel ();
}

static void
append (gpointer      decoder,
        const guint8 *frame,
        gsize         length,
        GArray       *samples)
{
  gint16 sound[FRAME_SAMPLES];

  bcg729Decoder (decoder, frame, (guint8) length, length == 0, length == NOISE_BYTES, FALSE, sound);
  g_array_append_vals (samples, sound, FRAME_SAMPLES);
}

static gboolean
decode (gpointer      decoder,
        const guint8 *payload,
        gsize         length,
        GArray       *samples)
{
  gsize rest = length % FRAME_BYTES;

  if (length == 0 || (rest != 0 && rest != NOISE_BYTES))
    return FALSE;

  for (; length >= FRAME_BYTES; payload += FRAME_BYTES, length -= FRAME_BYTES)
    append (decoder, payload, FRAME_BYTES, samples);
  if (length > 0)
    append (decoder, payload, length, samples);

  return TRUE;
}

/* A frame that is missing is in the standard: the decoder goes on from what it knows. */
static gboolean
recover (gpointer      decoder,
         const guint8 *next,
         gsize         length,
         gsize         n_samples,
         GArray       *samples)
{
  static const guint8 none[FRAME_BYTES];

  for (gsize n = 0; n < n_samples; n += FRAME_SAMPLES)
    append (decoder, none, 0, samples);

  return n_samples > 0;
}

static void
decoder_free (gpointer decoder)
{
  closeBcg729DecoderChannel (decoder);
}

const PhoneMediaCoder phone_media_coder_g729 = {
  encoder_new, encode, NULL, encoder_free, decoder_new, decode, recover, decoder_free,
};
