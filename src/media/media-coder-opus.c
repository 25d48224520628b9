/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-coder.h"

#include <opus.h>

#include <string.h>

/*
 * Opus (RFC 6716, RFC 7587): a microphone is one channel; the rtpmap says two because it must. Each packet can carry a rough
 * copy of the one before it, which is used when that one is missing.
 */

#define RATE_HZ 48000
#define BITRATE 32000
#define MAX_FRAME (RATE_HZ * 120 / 1000)
#define LOSS_EXPECTED 10      /* percent, until the other side tells */

static gboolean
has_parameter (const PhoneCodec *codec,
               const char       *text)
{
  g_auto (GStrv) parts = codec->fmtp ? g_strsplit (codec->fmtp, ";", 32) : NULL;

  for (char **part = parts; part && *part; part++)
    if (g_ascii_strcasecmp (g_strstrip (*part), text) == 0)
      return TRUE;

  return FALSE;
}

/* RFC 7587 §6.1: what the other side says about what it wants to get; 0 when it does not. */
static guint
get_parameter (const PhoneCodec *codec,
               const char       *name)
{
  g_auto (GStrv) parts = codec->fmtp ? g_strsplit (codec->fmtp, ";", 32) : NULL;
  gsize length = strlen (name);
  guint64 value = 0;

  for (char **part = parts; part && *part; part++)
    {
      const char *text = g_strstrip (*part);

      if (g_ascii_strncasecmp (text, name, length) == 0 && text[length] == '='
          && g_ascii_string_to_unsigned (text + length + 1, 10, 1, 1000000, &value, NULL))
        return (guint) value;
    }

  return 0;
}

static int
choose_bandwidth (guint playback_hz)
{
  if (playback_hz == 0 || playback_hz > 24000)
    return OPUS_BANDWIDTH_FULLBAND;
  if (playback_hz > 16000)
    return OPUS_BANDWIDTH_SUPERWIDEBAND;
  if (playback_hz > 12000)
    return OPUS_BANDWIDTH_WIDEBAND;
  return playback_hz > 8000 ? OPUS_BANDWIDTH_MEDIUMBAND : OPUS_BANDWIDTH_NARROWBAND;
}

static gpointer
encoder_new (const PhoneCodec *codec,
             guint             ptime_ms)
{
  OpusEncoder *encoder = opus_encoder_create (RATE_HZ, 1, OPUS_APPLICATION_VOIP, NULL);
  guint bitrate = get_parameter (codec, "maxaveragebitrate");
  gboolean protect = has_parameter (codec, "useinbandfec=1");

  if (encoder == NULL)
    return NULL;

  opus_encoder_ctl (encoder, OPUS_SET_BITRATE (bitrate > 0 ? (int) CLAMP (bitrate, 6000, BITRATE) : BITRATE));
  opus_encoder_ctl (encoder, OPUS_SET_COMPLEXITY (5));
  opus_encoder_ctl (encoder, OPUS_SET_SIGNAL (OPUS_SIGNAL_VOICE));
  opus_encoder_ctl (encoder, OPUS_SET_MAX_BANDWIDTH (choose_bandwidth (get_parameter (codec, "maxplaybackrate"))));
  opus_encoder_ctl (encoder, OPUS_SET_VBR (!has_parameter (codec, "cbr=1")));
  opus_encoder_ctl (encoder, OPUS_SET_DTX (has_parameter (codec, "usedtx=1")));
  opus_encoder_ctl (encoder, OPUS_SET_INBAND_FEC (protect));
  opus_encoder_ctl (encoder, OPUS_SET_PACKET_LOSS_PERC (protect ? LOSS_EXPECTED : 0));

  return encoder;
}

static gsize
encode (gpointer      encoder,
        const gint16 *samples,
        gsize         n_samples,
        guint8       *payload)
{
  int length = opus_encode (encoder, samples, (int) n_samples, payload, PHONE_MEDIA_CODER_MAX_PAYLOAD);

  /* Two bytes or fewer need not be sent: see opus_encode() on discontinuous transmission. */
  return length > 2 ? (gsize) length : 0;
}

static void
encoder_set_loss (gpointer encoder,
                  guint    percent)
{
  opus_int32 protect = 0;

  opus_encoder_ctl (encoder, OPUS_GET_INBAND_FEC (&protect));
  if (protect)
    opus_encoder_ctl (encoder, OPUS_SET_PACKET_LOSS_PERC ((int) CLAMP (percent, LOSS_EXPECTED, 30)));
}

static void
encoder_free (gpointer encoder)
{
  opus_encoder_destroy (encoder);
}

static gpointer
decoder_new (const PhoneCodec *codec)
{
  return opus_decoder_create (RATE_HZ, 1, NULL);
}

/* @payload: (nullable): %NULL makes something up */
static gboolean
append (OpusDecoder  *decoder,
        const guint8 *payload,
        gsize         length,
        gsize         n_samples,
        gboolean      copy,
        GArray       *samples)
{
  guint before = samples->len;
  int n;

  g_array_set_size (samples, before + (guint) n_samples);
  n = opus_decode (decoder, payload, (opus_int32) length, &g_array_index (samples, gint16, before), (int) n_samples, copy);
  g_array_set_size (samples, before + (guint) MAX (n, 0));

  return n > 0;
}

static gboolean
decode (gpointer      decoder,
        const guint8 *payload,
        gsize         length,
        GArray       *samples)
{
  return append (decoder, payload, length, MAX_FRAME, FALSE, samples);
}

/* The library makes up whole steps of 2.5 ms, and no more than 120 ms at once. */
static gboolean
recover (gpointer      decoder,
         const guint8 *next,
         gsize         length,
         gsize         n_samples,
         GArray       *samples)
{
  const gsize step = RATE_HZ / 400;

  n_samples = MIN ((n_samples + step - 1) / step * step, MAX_FRAME);

  return append (decoder, next, length, n_samples, next != NULL, samples);
}

static void
decoder_free (gpointer decoder)
{
  opus_decoder_destroy (decoder);
}

const PhoneMediaCoder phone_media_coder_opus = {
  encoder_new, encode, encoder_set_loss, encoder_free, decoder_new, decode, recover, decoder_free,
};
