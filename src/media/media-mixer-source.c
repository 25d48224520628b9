/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-mixer-source.h"

/**
 * SECTION:media-mixer-source
 * @title: PhoneMixerSource
 *
 * A GStreamer source whose sound is what the mixer gives just when it is asked. In front of a sink that does not
 * synchronise it is asked whenever the device has room: nothing is buffered between the jitter buffer and the device.
 */
struct _PhoneMixerSource {
  GstPushSrc   parent;

  PhoneMixer  *mixer;
  PhoneTicker *ticker;     /* nullable */
  guint        n_frames;
  guint64      at;
};

G_DEFINE_TYPE (PhoneMixerSource, phone_mixer_source, GST_TYPE_PUSH_SRC)

static GstStaticPadTemplate source_template =
  GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                           GST_STATIC_CAPS ("audio/x-raw, format = (string) S16LE, layout = (string) interleaved, "
                                            "rate = (int) [ 8000, 96000 ], channels = (int) 1"));

static GstCaps *
phone_mixer_source_get_caps (GstBaseSrc *source,
                             GstCaps    *filter)
{
  PhoneMixerSource *self = PHONE_MIXER_SOURCE (source);
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout", G_TYPE_STRING,
                                       "interleaved", "rate", G_TYPE_INT, (int) phone_mixer_get_rate (self->mixer),
                                       "channels", G_TYPE_INT, 1, NULL);

  if (filter != NULL)
    {
      GstCaps *both = gst_caps_intersect (caps, filter);

      gst_caps_unref (caps);
      return both;
    }
  return caps;
}

static GstFlowReturn
phone_mixer_source_create (GstPushSrc  *source,
                           GstBuffer  **buffer)
{
  PhoneMixerSource *self = PHONE_MIXER_SOURCE (source);
  guint rate_hz = phone_mixer_get_rate (self->mixer);
  GstMapInfo map;

  *buffer = gst_buffer_new_allocate (NULL, self->n_frames * sizeof (gint16), NULL);
  if (*buffer == NULL || !gst_buffer_map (*buffer, &map, GST_MAP_WRITE))
    return GST_FLOW_ERROR;
  phone_mixer_render (self->mixer, (gint16 *) (gpointer) map.data, self->n_frames);
  gst_buffer_unmap (*buffer, &map);
  GST_BUFFER_PTS (*buffer) = gst_util_uint64_scale_int (self->at, GST_SECOND, (int) rate_hz);
  self->at += self->n_frames;
  GST_BUFFER_DURATION (*buffer)
      = gst_util_uint64_scale_int (self->at, GST_SECOND, (int) rate_hz) - GST_BUFFER_PTS (*buffer);
  if (self->ticker != NULL)
    phone_ticker_note_output (self->ticker);
  return GST_FLOW_OK;
}

static void
phone_mixer_source_dispose (GObject *object)
{
  PhoneMixerSource *self = PHONE_MIXER_SOURCE (object);

  g_clear_object (&self->mixer);
  g_clear_object (&self->ticker);

  G_OBJECT_CLASS (phone_mixer_source_parent_class)->dispose (object);
}

static void
phone_mixer_source_class_init (PhoneMixerSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_mixer_source_dispose;
  GST_BASE_SRC_CLASS (klass)->get_caps = phone_mixer_source_get_caps;
  GST_PUSH_SRC_CLASS (klass)->create = phone_mixer_source_create;
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass), &source_template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Phone mixer source", "Source/Audio",
                                         "What the phone's mixer plays", "Deskset");
}

static void
phone_mixer_source_init (PhoneMixerSource *self)
{
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
}

/**
 * phone_mixer_source_new:
 * @mixer: what to play
 * @ticker: (nullable): told that the mixer is being pulled
 * @period_ms: sound in each buffer
 *
 * Returns: (transfer floating): the element
 */
GstElement *
phone_mixer_source_new (PhoneMixer  *mixer,
                        PhoneTicker *ticker,
                        guint        period_ms)
{
  PhoneMixerSource *self = g_object_new (PHONE_TYPE_MIXER_SOURCE, NULL);

  self->mixer = g_object_ref (mixer);
  self->ticker = ticker == NULL ? NULL : g_object_ref (ticker);
  self->n_frames = phone_mixer_get_rate (mixer) * period_ms / 1000;
  return GST_ELEMENT (self);
}
