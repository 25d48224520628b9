/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-coder.h"

#include <stdint.h>

/* In this order: they do not include each other, and the header of all wants libtiff. */
#include <spandsp/telephony.h>
#include <spandsp/bit_operations.h>
#include <spandsp/bitstream.h>
#include <spandsp/g726.h>
#include <spandsp/gsm0610.h>

#include <string.h>

/*
 * G.726 at four rates and GSM full rate, by spandsp. The codes of G.726 are packed from the right (RFC 3551 §4.5.4), or from the left
 * where the name says AAL2 (ITU-T I.366.2).
 */

#define GSM_SAMPLES 160
#define GSM_BYTES 33

/* The number at the end of the name: kbit/s. */
static g726_state_t *
new_g726 (const PhoneCodec *codec)
{
  const char *dash = strrchr (codec->encoding, '-');
  int rate = dash ? (int) g_ascii_strtoll (dash + 1, NULL, 10) * 1000 : 0;
  gboolean left = g_ascii_strncasecmp (codec->encoding, "AAL2-", 5) == 0;

  return g726_init (NULL, rate, G726_ENCODING_LINEAR, left ? G726_PACKING_LEFT : G726_PACKING_RIGHT);
}

static gpointer
g726_encoder_new (const PhoneCodec *codec,
                  guint             ptime_ms)
{
  return new_g726 (codec);
}

static gsize
g726_encode_frame (gpointer      encoder,
                   const gint16 *samples,
                   gsize         n_samples,
                   guint8       *payload)
{
  /* At most five bits a sample. */
  int length = g726_encode (encoder, payload, samples, (int) MIN (n_samples, PHONE_MEDIA_CODER_MAX_PAYLOAD));

  return (gsize) MAX (length, 0);
}

static void
free_g726 (gpointer state)
{
  g726_free (state);
}

static gpointer
g726_decoder_new (const PhoneCodec *codec)
{
  return new_g726 (codec);
}

static gboolean
g726_decode_payload (gpointer      decoder,
                     const guint8 *payload,
                     gsize         length,
                     GArray       *samples)
{
  guint before = samples->len;
  int n;

  if (length == 0 || length > PHONE_MEDIA_CODER_MAX_PAYLOAD)
    return FALSE;

  /* At least two bits a sample. */
  g_array_set_size (samples, before + (guint) length * 4 + 8);
  n = g726_decode (decoder, &g_array_index (samples, gint16, before), payload, (int) length);
  g_array_set_size (samples, before + (guint) MAX (n, 0));

  return n > 0;
}

static gpointer
gsm_encoder_new (const PhoneCodec *codec,
                 guint             ptime_ms)
{
  return gsm0610_init (NULL, GSM0610_PACKING_VOIP);
}

static gsize
gsm_encode_frames (gpointer      encoder,
                   const gint16 *samples,
                   gsize         n_samples,
                   guint8       *payload)
{
  gsize n_frames = MIN (n_samples / GSM_SAMPLES, PHONE_MEDIA_CODER_MAX_PAYLOAD / GSM_BYTES);
  int length = n_frames == 0 ? 0 : gsm0610_encode (encoder, payload, samples, (int) (n_frames * GSM_SAMPLES));

  return (gsize) MAX (length, 0);
}

static void
free_gsm (gpointer state)
{
  gsm0610_free (state);
}

static gpointer
gsm_decoder_new (const PhoneCodec *codec)
{
  return gsm0610_init (NULL, GSM0610_PACKING_VOIP);
}

static gboolean
gsm_decode_payload (gpointer      decoder,
                    const guint8 *payload,
                    gsize         length,
                    GArray       *samples)
{
  guint before = samples->len;
  int n;

  if (length == 0 || length % GSM_BYTES != 0)
    return FALSE;

  g_array_set_size (samples, before + (guint) (length / GSM_BYTES) * GSM_SAMPLES);
  n = gsm0610_decode (decoder, &g_array_index (samples, gint16, before), payload, (int) length);
  g_array_set_size (samples, before + (guint) MAX (n, 0));

  return n > 0;
}

const PhoneMediaCoder phone_media_coder_g726 = {
  g726_encoder_new, g726_encode_frame, NULL, free_g726, g726_decoder_new, g726_decode_payload, NULL, free_g726,
};

const PhoneMediaCoder phone_media_coder_gsm = {
  gsm_encoder_new, gsm_encode_frames, NULL, free_gsm, gsm_decoder_new, gsm_decode_payload, NULL, free_gsm,
};
