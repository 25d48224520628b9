/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-codecs.h"

#include "media-rtp.h"

#include <string.h>

/**
 * SECTION:media-codecs
 * @title: The codec table
 *
 * Which library (media-coder.h) or which GStreamer elements make which codec. Only these are ever created, and only those of
 * codecs that have been negotiated: nothing that comes from outside chooses an element.
 */

/* Libraries that are not there: the codecs are not offered. */
#ifndef HAVE_BCG729
#define phone_media_coder_g729 no_coder
#endif
#ifndef HAVE_SPANDSP
#define phone_media_coder_g726 no_coder
#define phone_media_coder_gsm no_coder
#endif
#if !defined HAVE_BCG729 || !defined HAVE_SPANDSP
static const PhoneMediaCoder no_coder;
#endif

#define G711(name, number, kind) \
  { .encoding = name, .payload_type = number, .clock_hz = 8000, .channels = 1, .pcm_hz = 8000, .frame_ms = 10, \
    .max_ptime_ms = 60, .encoder = kind "lawenc", .decoder = kind "lawdec", .coded = "audio/x-" kind "law" }
#define LIBRARY(name, number, hz, n_channels, frame, most, its_coder, its_library) \
  { .encoding = name, .payload_type = number, .clock_hz = hz, .channels = n_channels, .pcm_hz = hz, .frame_ms = frame, \
    .max_ptime_ms = most, .coder = &its_coder, .library = its_library }

/* G.722 is in gstreamer1.0-libav. G.711 needs no payloader: its bytes are the payload (RFC 3551 §4.5.14), cut by the sample, and
 * two elements fewer are felt in the processor time of a call. */
static const PhoneMediaCodec codecs[] = {
  G711 ("PCMU", 0, "mu"),
  G711 ("PCMA", 8, "a"),
  { .encoding = "G722", .payload_type = 9, .clock_hz = 8000, .channels = 1, .pcm_hz = 16000, .frame_ms = 20, .max_ptime_ms = 40,
    .encoder = "avenc_g722", .payloader = "rtpg722pay", .depayloader = "rtpg722depay", .decoder = "avdec_g722" },
  LIBRARY ("opus", 107, 48000, 2, 20, 60, phone_media_coder_opus, "libopus"),
  LIBRARY ("G729", 18, 8000, 1, 10, 60, phone_media_coder_g729, "libbcg729"),
  LIBRARY ("G726-16", 103, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("G726-24", 104, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("G726-32", 102, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("G726-40", 105, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("AAL2-G726-16", 103, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("AAL2-G726-24", 104, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("AAL2-G726-32", 102, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("AAL2-G726-40", 105, 8000, 1, 10, 60, phone_media_coder_g726, "libspandsp"),
  LIBRARY ("GSM", 3, 8000, 1, 20, 60, phone_media_coder_gsm, "libspandsp"),
  { .encoding = "telephone-event", .payload_type = 101, .clock_hz = 8000, .channels = 1, .pcm_hz = 8000, .frame_ms = 10 },
};
#undef LIBRARY
#undef G711

struct _PhoneMediaDecoder {
  const PhoneMediaCodec *codec;
  gpointer               coder;     /* of the codec's library; else */
  PhoneMediaChain       *chain;
  GstClockTime           at;
};

struct _PhoneMediaEncoder {
  const PhoneMediaCodec *codec;
  gpointer               coder;     /* of the codec's library; else */
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
 * phone_media_codec_is_voice:
 * Returns: whether it carries sound, not telephone events
 */
gboolean
phone_media_codec_is_voice (const PhoneMediaCodec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->coder != NULL || self->encoder != NULL;
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
        && (codecs[i].clock_hz == codec->clock_rate || !phone_media_codec_is_voice (&codecs[i])))
      return &codecs[i];
  return NULL;
}

/**
 * phone_media_codec_get_missing:
 * Returns: (nullable): name of the library or of the first element of the codec that is not there, %NULL when all are
 */
const char *
phone_media_codec_get_missing (const PhoneMediaCodec *self)
{
  const char *names[4];

  g_return_val_if_fail (self != NULL, NULL);

  if (self->coder != NULL)
    return self->coder->decode == NULL ? self->library : NULL;
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

  if (found == NULL || !phone_media_codec_is_voice (found))
    {
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "no codec is called %s/%u", codec->encoding,
                   codec->clock_rate);
      return NULL;
    }
  if (found->coder != NULL && found->coder->decode == NULL)
    {
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "%s is missing", found->library);
      return NULL;
    }
  return found;
}

/* Its library could not start with what was negotiated. */
static gboolean
check_coder (gpointer          coder,
             const PhoneCodec *codec,
             GError          **error)
{
  if (coder == NULL)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "%s could not be started", codec->encoding);
  return coder != NULL;
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
  if (self->codec != NULL && self->codec->coder != NULL)
    {
      self->coder = self->codec->coder->decoder_new (codec);
      return check_coder (self->coder, codec, error) ? g_steal_pointer (&self) : NULL;
    }
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
  if (self->coder != NULL)
    self->codec->coder->decoder_free (self->coder);
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

static gboolean
decode_by_library (PhoneMediaDecoder *self,
                   GBytes            *packet,
                   GArray            *samples)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (packet, &length);
  guint before = samples->len;
  PhoneRtpHeader header;

  return phone_rtp_parse (data, length, &header) && header.payload_length > 0
         && header.payload_length <= PHONE_MEDIA_CODER_MAX_PAYLOAD
         && self->codec->coder->decode (self->coder, data + header.payload_offset, header.payload_length, samples)
         && samples->len > before;
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

  if (self->coder != NULL)
    return decode_by_library (self, packet, samples);
  buffer = wrap_packet (self, packet);
  if (buffer == NULL)
    return FALSE;
  GST_BUFFER_PTS (buffer) = self->at;
  GST_BUFFER_DTS (buffer) = self->at;
  done = phone_media_chain_push (self->chain, buffer, on_decoded, samples);
  self->at += gst_util_uint64_scale_int (samples->len - before, GST_SECOND, (int) self->codec->pcm_hz);
  return done && samples->len > before;
}

/**
 * phone_media_decoder_recover:
 * @next: (nullable): the packet after the one that is missing, when it is there already
 * @n_samples: how much is missing, at the codec's rate
 * @samples: (element-type gint16): what the decoder makes up is appended
 *
 * Returns: %FALSE when this codec leaves it to others
 */
gboolean
phone_media_decoder_recover (PhoneMediaDecoder *self,
                             GBytes            *next,
                             gsize              n_samples,
                             GArray            *samples)
{
  gsize length = 0;
  const guint8 *data = next == NULL ? NULL : g_bytes_get_data (next, &length);
  PhoneRtpHeader header;

  g_return_val_if_fail (self != NULL && samples != NULL, FALSE);

  if (self->coder == NULL || self->codec->coder->recover == NULL || n_samples == 0)
    return FALSE;
  if (data != NULL && phone_rtp_parse (data, length, &header) && header.payload_length > 0)
    return self->codec->coder->recover (self->coder, data + header.payload_offset, header.payload_length, n_samples, samples);
  return self->codec->coder->recover (self->coder, NULL, 0, n_samples, samples);
}

static void
set_up_payloader (PhoneMediaEncoder *self,
                  const PhoneCodec  *codec,
                  GstElement        *payloader)
{
  gint64 ptime_ns = (gint64) self->ptime_ms * GST_MSECOND;

  if (payloader != NULL)
    g_object_set (payloader, "pt", codec->payload_type, NULL);
  if (payloader != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (payloader), "max-ptime") != NULL)
    g_object_set (payloader, "max-ptime", ptime_ns, "min-ptime", ptime_ns, NULL);
}

/* The nearest packet time the codec can do. */
static guint
fit_ptime (const PhoneMediaCodec *codec,
           guint                  ptime_ms)
{
  ptime_ms = MIN (ptime_ms, codec->max_ptime_ms) / codec->frame_ms * codec->frame_ms;
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
  GstElement *payloader = NULL;

  g_return_val_if_fail (codec != NULL, NULL);

  self = g_new0 (PhoneMediaEncoder, 1);
  self->codec = find_voice (codec, error);
  if (self->codec != NULL && self->codec->coder != NULL)
    {
      self->ptime_ms = fit_ptime (self->codec, ptime_ms);
      self->coder = self->codec->coder->encoder_new (codec, self->ptime_ms);
      return check_coder (self->coder, codec, error) ? g_steal_pointer (&self) : NULL;
    }
  if (self->codec == NULL || add_element (row, self->codec->encoder, error) == NULL
      || (self->codec->payloader != NULL && (payloader = add_element (row, self->codec->payloader, error)) == NULL))
    return NULL;
  self->ptime_ms = fit_ptime (self->codec, ptime_ms);
  set_up_payloader (self, codec, payloader);
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
  if (self->coder != NULL)
    self->codec->coder->encoder_free (self->coder);
  g_clear_pointer (&self->chain, phone_media_chain_free);
  g_free (self);
}

/**
 * phone_media_encoder_set_loss:
 * @percent: how many packets of a hundred the other side misses, as it says
 *
 * A codec that can protect its packets does so accordingly.
 */
void
phone_media_encoder_set_loss (PhoneMediaEncoder *self,
                              guint              percent)
{
  g_return_if_fail (self != NULL);

  if (self->coder != NULL && self->codec->coder->encoder_set_loss != NULL)
    self->codec->coder->encoder_set_loss (self->coder, percent);
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

  if (self->coder != NULL)
    {
      guint8 payload[PHONE_MEDIA_CODER_MAX_PAYLOAD];
      gsize length = self->codec->coder->encode (self->coder, samples, n_samples, payload);

      if (length > 0)
        func (payload, length, user_data);
      return TRUE;
    }
  buffer = gst_buffer_new_memdup (samples, n_samples * sizeof *samples);
  GST_BUFFER_PTS (buffer) = self->at;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (n_samples, GST_SECOND, (int) self->codec->pcm_hz);
  self->at += GST_BUFFER_DURATION (buffer);
  self->func = func;
  self->user_data = user_data;
  return phone_media_chain_push (self->chain, buffer, self->codec->payloader == NULL ? on_payload : on_packet, self);
}
