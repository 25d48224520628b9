/* rooms: engine media
 * libFuzzer: -detect_leaks=0 (GLib's table of quarks grows, see tests/support/lsan.supp)
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-codecs.h"
#include "media-rtp.h"
#include "tone-detector.h"

#include <gst/gst.h>

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

#define MAX_DECODERS 16

/* Made once: what a decoder thinks of a packet depends on those before, as in a call. */
static PhoneMediaDecoder *
get_decoder (guint index)
{
  static PhoneMediaDecoder *decoders[MAX_DECODERS];
  guint n = 0;
  const PhoneMediaCodec *codecs = phone_media_codec_list (&n);
  const PhoneMediaCodec *codec = &codecs[index % n];

  g_assert_cmpuint (n, <=, MAX_DECODERS);
  if (!codec->decoder || phone_media_codec_get_missing (codec))
    return NULL;
  if (!decoders[index % n])
    {
      PhoneCodec *wanted = phone_codec_new (codec->encoding, codec->payload_type, codec->clock_hz, codec->channels, NULL);

      decoders[index % n] = phone_media_decoder_new (wanted, NULL);
      phone_codec_free (wanted);
    }
  return decoders[index % n];
}

/* The first byte chooses a codec; the rest are packets, each behind a byte of length: payloads as the far side may send them,
 * through the decoder and the tone detector. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static gboolean started;
  PhoneMediaDecoder *decoder;
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (PhoneToneDetector) detector = phone_tone_detector_new (8000);
  guint16 sequence = 0;

  if (!started)
    {
      gst_init (NULL, NULL);
      started = TRUE;
    }
  decoder = size > 0 ? get_decoder (data[0]) : NULL;
  for (gsize i = 1; decoder && i < size;)
    {
      gsize length = MIN (data[i], size - i - 1);
      guint8 packet[PHONE_RTP_HEADER_SIZE + 255];
      PhoneRtpHeader header = { phone_media_decoder_get_codec (decoder)->payload_type, FALSE, sequence, sequence * 160u, 7,
                                PHONE_RTP_HEADER_SIZE, length };
      g_autoptr (GBytes) bytes = NULL;

      phone_rtp_write_header (packet, &header);
      memcpy (packet + PHONE_RTP_HEADER_SIZE, data + i + 1, length);
      bytes = g_bytes_new (packet, PHONE_RTP_HEADER_SIZE + length);
      phone_media_decoder_decode (decoder, bytes, samples);
      sequence++;
      i += length + 1;
    }
  g_assert_cmpuint (samples->len, <, 10 * 48000);
  phone_tone_detector_feed (detector, (const gint16 *) samples->data, samples->len);

  return 0;
}
