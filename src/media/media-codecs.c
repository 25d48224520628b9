/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-codecs.h"

#include "media-rtp.h"

#include <string.h>

/**
 * SECTION:media-codecs
 * @title: The codec table
 *
 * Which GStreamer elements make which codec. Only these are ever created, and only those of codecs that have been
 * negotiated: nothing that comes from outside chooses an element.
 */

/* G.722 is in gstreamer1.0-libav, Opus in plugins-base (element) and plugins-good (RTP). G.711 needs no payloader: its bytes
 * are the payload (RFC 3551 §4.5.14), cut by the sample, and two elements fewer are felt in the processor time of a call. */
static const PhoneMediaCodec codecs[] = {
  { "PCMU", 0, 8000, 1, 8000, 10, "mulawenc", NULL, NULL, "mulawdec", "audio/x-mulaw" },
  { "PCMA", 8, 8000, 1, 8000, 10, "alawenc", NULL, NULL, "alawdec", "audio/x-alaw" },
  { "G722", 9, 8000, 1, 16000, 20, "avenc_g722", "rtpg722pay", "rtpg722depay", "avdec_g722", NULL },
  { "opus", 107, 48000, 2, 48000, 20, "opusenc", "rtpopuspay", "rtpopusdepay", "opusdec", NULL },
  { "telephone-event", 101, 8000, 1, 8000, 10, NULL, NULL, NULL, NULL, NULL },
};

#define MAX_PTIME_MS 60

struct _PhoneMediaDecoder {
  const PhoneMediaCodec *codec;
  PhoneMediaChain       *chain;
  GstClockTime           at;
};

struct _PhoneMediaEncoder {
  const PhoneMediaCodec *codec;
  PhoneMediaChain       *chain;
  guint                  ptime_ms;
  GstClockTime           at;
  PhoneMediaEncodedFunc  func;
  gpointer               user_data;
};

/**
 * phone_media_codec_list:
 * @n_codecs: (out): how many
 *
 * Returns: (transfer none) (array length=n_codecs): the table
 */
const PhoneMediaCodec *
phone_media_codec_list (guint *n_codecs)
{
  g_return_val_if_fail (n_codecs != NULL, NULL);

  *n_codecs = G_N_ELEMENTS (codecs);
  return codecs;
}

/**
 * phone_media_codec_find:
 * @codec: out of a description
 *
 * Returns: (transfer none) (nullable): its row; matched by name, rate and channels, never by number
 */
const PhoneMediaCodec *
phone_media_codec_find (const PhoneCodec *codec)
{
  g_return_val_if_fail (codec != NULL && codec->encoding != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (g_ascii_strcasecmp (codecs[i].encoding, codec->encoding) == 0 && MAX (codec->channels, 1) == codecs[i].channels
        && (codecs[i].clock_hz == codec->clock_rate || codecs[i].encoder == NULL))
      return &codecs[i];
  return NULL;
}

/**
 * phone_media_codec_get_missing:
 * Returns: (nullable): name of the first element of the codec that is not installed, %NULL when all are there
 */
const char *
phone_media_codec_get_missing (const PhoneMediaCodec *self)
{
  const char *names[4];

  g_return_val_if_fail (self != NULL, NULL);

  names[0] = self->encoder;
  names[1] = self->payloader;
  names[2] = self->depayloader;
  names[3] = self->decoder;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL)
      {
        g_autoptr (GstElementFactory) factory = gst_element_factory_find (names[i]);

        if (factory == NULL)
          return names[i];
      }
  return NULL;
}

/* Adds an element to the row, or says which one is missing. */
static GstElement *
add_element (GPtrArray   *row,
             const char  *name,
             GError     **error)
{
  GstElement *element = gst_element_factory_make (name, NULL);

  if (element == NULL)
    {
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "GStreamer element \"%s\" is missing", name);
      return NULL;
    }
  g_ptr_array_add (row, gst_object_ref_sink (element));
  return element;
}

static GstCaps *
pcm_caps (const PhoneMediaCodec *codec)
{
  return gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout", G_TYPE_STRING, "interleaved",
                              "rate", G_TYPE_INT, (int) codec->pcm_hz, "channels", G_TYPE_INT, 1, NULL);
}

static GstCaps *
rtp_caps (const PhoneMediaCodec *codec,
          guint                  payload_type)
{
  g_autofree char *name = g_ascii_strup (codec->encoding, -1);

  return gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "audio", "encoding-name", G_TYPE_STRING,
                              name, "clock-rate", G_TYPE_INT, (int) codec->clock_hz, "payload", G_TYPE_INT,
                              (int) payload_type, NULL);
}

/* Caps of what comes from the network. */
static GstCaps *
coded_caps (const PhoneMediaCodec *codec,
            guint                  payload_type)
{
  if (codec->depayloader != NULL)
    return rtp_caps (codec, payload_type);
  return gst_caps_new_simple (codec->coded, "rate", G_TYPE_INT, (int) codec->pcm_hz, "channels", G_TYPE_INT, 1, NULL);
}

static const PhoneMediaCodec *
find_voice (const PhoneCodec  *codec,
            GError           **error)
{
  const PhoneMediaCodec *found = phone_media_codec_find (codec);

  if (found == NULL || found->encoder == NULL)
    {
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "no codec is called %s/%u", codec->encoding,
                   codec->clock_rate);
      return NULL;
    }
  return found;
}

/**
 * phone_media_decoder_new:
 * @codec: a codec that was negotiated
 * @error: names the missing element
 */
PhoneMediaDecoder *
phone_media_decoder_new (const PhoneCodec  *codec,
                         GError           **error)
{
  g_autoptr (PhoneMediaDecoder) self = NULL;
  g_autoptr (GPtrArray) row = g_ptr_array_new_with_free_func (gst_object_unref);
  g_autoptr (GstCaps) input = NULL;
  g_autoptr (GstCaps) output = NULL;

  g_return_val_if_fail (codec != NULL, NULL);

  self = g_new0 (PhoneMediaDecoder, 1);
  self->codec = find_voice (codec, error);
  if (self->codec == NULL
      || (self->codec->depayloader != NULL && add_element (row, self->codec->depayloader, error) == NULL)
      || add_element (row, self->codec->decoder, error) == NULL)
    return NULL;
  input = coded_caps (self->codec, codec->payload_type);
  output = pcm_caps (self->codec);
  self->chain = phone_media_chain_new (row, input, output, error);
  return self->chain == NULL ? NULL : g_steal_pointer (&self);
}

void
phone_media_decoder_free (PhoneMediaDecoder *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->chain, phone_media_chain_free);
  g_free (self);
}

const PhoneMediaCodec *
phone_media_decoder_get_codec (PhoneMediaDecoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->codec;
}

static void
on_decoded (GstBuffer *buffer,
            gpointer   user_data)
{
  GArray *samples = user_data;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  g_array_append_vals (samples, map.data, (guint) (map.size / sizeof (gint16)));
  gst_buffer_unmap (buffer, &map);
}

/* What the first element takes: the packet, or what it carries. Nothing is copied. Returns NULL when it carries nothing. */
static GstBuffer *
wrap_packet (PhoneMediaDecoder *self,
             GBytes            *packet)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (packet, &length);
  GstBuffer *buffer;
  PhoneRtpHeader header;

  if (self->codec->depayloader != NULL)
    return gst_buffer_new_wrapped_bytes (packet);
  if (!phone_rtp_parse (data, length, &header) || header.payload_length == 0)
    return NULL;
  buffer = gst_buffer_new_wrapped_bytes (packet);
  gst_buffer_resize (buffer, (gssize) header.payload_offset, (gssize) header.payload_length);
  return buffer;
}

/**
 * phone_media_decoder_decode:
 * @packet: a whole RTP packet with the codec's payload type
 * @samples: (element-type gint16): the sound is appended
 *
 * Returns: %FALSE when the decoder refused it
 */
gboolean
phone_media_decoder_decode (PhoneMediaDecoder *self,
                            GBytes            *packet,
                            GArray            *samples)
{
  GstBuffer *buffer;
  guint before = samples->len;
  gboolean done;

  g_return_val_if_fail (self != NULL && packet != NULL, FALSE);

  buffer = wrap_packet (self, packet);
  if (buffer == NULL)
    return FALSE;
  GST_BUFFER_PTS (buffer) = self->at;
  GST_BUFFER_DTS (buffer) = self->at;
  done = phone_media_chain_push (self->chain, buffer, on_decoded, samples);
  self->at += gst_util_uint64_scale_int (samples->len - before, GST_SECOND, (int) self->codec->pcm_hz);
  return done && samples->len > before;
}

static void
set_up_encoder (PhoneMediaEncoder *self,
                const PhoneCodec  *codec,
                GstElement        *encoder,
                GstElement        *payloader)
{
  gint64 ptime_ns = (gint64) self->ptime_ms * GST_MSECOND;

  if (payloader != NULL)
    g_object_set (payloader, "pt", codec->payload_type, NULL);
  if (payloader != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (payloader), "max-ptime") != NULL)
    g_object_set (payloader, "max-ptime", ptime_ns, "min-ptime", ptime_ns, NULL);
  if (strcmp (self->codec->encoder, "opusenc") == 0)
    {
      gboolean protect = codec->fmtp != NULL && strstr (codec->fmtp, "useinbandfec=1") != NULL;
      g_autofree char *frame = g_strdup_printf ("%u", self->ptime_ms);

      gst_util_set_object_arg (G_OBJECT (encoder), "audio-type", "voice");
      gst_util_set_object_arg (G_OBJECT (encoder), "frame-size", frame);
      g_object_set (encoder, "bitrate", 32000, "complexity", 5, "inband-fec", protect,
                    "packet-loss-percentage", protect ? 10 : 0, NULL);
    }
}

/* The nearest packet time the codec can do. */
static guint
fit_ptime (const PhoneMediaCodec *codec,
           guint                  ptime_ms)
{
  ptime_ms = MIN (ptime_ms, MAX_PTIME_MS) / codec->frame_ms * codec->frame_ms;
  if (ptime_ms == 0)
    ptime_ms = MAX (20, codec->frame_ms);
  return ptime_ms;
}

/**
 * phone_media_encoder_new:
 * @codec: what the other side wants, with its payload number
 * @ptime_ms: packet time wanted, 0 = 20
 * @error: names the missing element
 */
PhoneMediaEncoder *
phone_media_encoder_new (const PhoneCodec  *codec,
                         guint              ptime_ms,
                         GError           **error)
{
  g_autoptr (PhoneMediaEncoder) self = NULL;
  g_autoptr (GPtrArray) row = g_ptr_array_new_with_free_func (gst_object_unref);
  g_autoptr (GstCaps) input = NULL;
  g_autoptr (GstCaps) output = NULL;
  GstElement *encoder;
  GstElement *payloader = NULL;

  g_return_val_if_fail (codec != NULL, NULL);

  self = g_new0 (PhoneMediaEncoder, 1);
  self->codec = find_voice (codec, error);
  if (self->codec == NULL || (encoder = add_element (row, self->codec->encoder, error)) == NULL
      || (self->codec->payloader != NULL && (payloader = add_element (row, self->codec->payloader, error)) == NULL))
    return NULL;
  self->ptime_ms = fit_ptime (self->codec, ptime_ms);
  set_up_encoder (self, codec, encoder, payloader);
  input = pcm_caps (self->codec);
  output = gst_caps_new_empty_simple (payloader == NULL ? self->codec->coded : "application/x-rtp");
  self->chain = phone_media_chain_new (row, input, output, error);
  return self->chain == NULL ? NULL : g_steal_pointer (&self);
}

void
phone_media_encoder_free (PhoneMediaEncoder *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->chain, phone_media_chain_free);
  g_free (self);
}

const PhoneMediaCodec *
phone_media_encoder_get_codec (PhoneMediaEncoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->codec;
}

/**
 * phone_media_encoder_get_ptime:
 * Returns: milliseconds of sound in a packet
 */
guint
phone_media_encoder_get_ptime (PhoneMediaEncoder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ptime_ms;
}

static void
on_payload (GstBuffer *buffer,
            gpointer   user_data)
{
  PhoneMediaEncoder *self = user_data;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  self->func (map.data, map.size, self->user_data);
  gst_buffer_unmap (buffer, &map);
}

static void
on_packet (GstBuffer *buffer,
           gpointer   user_data)
{
  PhoneMediaEncoder *self = user_data;
  guint8 packet[PHONE_RTP_MAX_PACKET];
  gsize length = gst_buffer_extract (buffer, 0, packet, sizeof packet);
  PhoneRtpHeader header;

  if (phone_rtp_parse (packet, length, &header))
    self->func (packet + header.payload_offset, header.payload_length, self->user_data);
}

/**
 * phone_media_encoder_encode:
 * @samples: one packet time of sound at the codec's rate
 * @func: called for each packet that is ready, before this returns
 */
gboolean
phone_media_encoder_encode (PhoneMediaEncoder     *self,
                            const gint16          *samples,
                            gsize                  n_samples,
                            PhoneMediaEncodedFunc  func,
                            gpointer               user_data)
{
  GstBuffer *buffer;

  g_return_val_if_fail (self != NULL && samples != NULL && func != NULL, FALSE);

  buffer = gst_buffer_new_memdup (samples, n_samples * sizeof *samples);
  GST_BUFFER_PTS (buffer) = self->at;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (n_samples, GST_SECOND, (int) self->codec->pcm_hz);
  self->at += GST_BUFFER_DURATION (buffer);
  self->func = func;
  self->user_data = user_data;
  return phone_media_chain_push (self->chain, buffer, self->codec->payloader == NULL ? on_payload : on_packet, self);
}
