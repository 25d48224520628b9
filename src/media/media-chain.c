/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-chain.h"

struct _PhoneMediaChain {
  GstElement          *pipeline;
  GstPad              *source;    /* ours, in front of the first element */
  GstPad              *sink;      /* ours, behind the last one */
  GstCaps             *input;
  gboolean             started;
  PhoneMediaChainFunc  func;      /* while a push is running */
  gpointer             user_data;
};

static GstFlowReturn
on_buffer (GstPad    *pad,
           GstObject *parent,
           GstBuffer *buffer)
{
  PhoneMediaChain *self = gst_pad_get_element_private (pad);

  if (self->func != NULL)
    self->func (buffer, self->user_data);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static GstPad *
new_pad (PhoneMediaChain *self,
         const char      *name,
         GstPadDirection  direction,
         GstCaps         *caps)
{
  g_autoptr (GstPadTemplate) template
      = gst_object_ref_sink (gst_pad_template_new (name, direction, GST_PAD_ALWAYS, caps));
  GstPad *pad = gst_object_ref_sink (gst_pad_new_from_template (template, name));

  gst_pad_set_element_private (pad, self);
  return pad;
}

static gboolean
connect_ends (PhoneMediaChain *self,
              GstElement      *first,
              GstElement      *last,
              GstCaps         *output)
{
  g_autoptr (GstPad) entry = gst_element_get_static_pad (first, "sink");
  g_autoptr (GstPad) exit = gst_element_get_static_pad (last, "src");

  self->source = new_pad (self, "src", GST_PAD_SRC, self->input);
  self->sink = new_pad (self, "sink", GST_PAD_SINK, output);
  gst_pad_set_chain_function (self->sink, on_buffer);
  return entry != NULL && exit != NULL && gst_pad_link (self->source, entry) == GST_PAD_LINK_OK
         && gst_pad_link (exit, self->sink) == GST_PAD_LINK_OK && gst_pad_set_active (self->sink, TRUE)
         && gst_pad_set_active (self->source, TRUE);
}

/**
 * phone_media_chain_new:
 * @elements: (transfer none) (element-type GstElement): in order; sunk by the chain
 * @input: (transfer none): what will be pushed; fixed
 * @output: (transfer none): what shall come out
 * @error: which elements do not go together
 */
PhoneMediaChain *
phone_media_chain_new (GPtrArray  *elements,
                       GstCaps    *input,
                       GstCaps    *output,
                       GError    **error)
{
  g_autoptr (PhoneMediaChain) self = NULL;

  g_return_val_if_fail (elements != NULL && elements->len > 0 && gst_caps_is_fixed (input), NULL);

  self = g_new0 (PhoneMediaChain, 1);
  self->input = gst_caps_ref (input);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  for (guint i = 0; i < elements->len; i++)
    gst_bin_add (GST_BIN (self->pipeline), g_ptr_array_index (elements, i));
  for (guint i = 0; i + 1 < elements->len; i++)
    if (!gst_element_link (g_ptr_array_index (elements, i), g_ptr_array_index (elements, i + 1)))
      {
        g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "%s and %s do not fit together",
                     GST_OBJECT_NAME (g_ptr_array_index (elements, i)),
                     GST_OBJECT_NAME (g_ptr_array_index (elements, i + 1)));
        return NULL;
      }
  if (!connect_ends (self, g_ptr_array_index (elements, 0), g_ptr_array_index (elements, elements->len - 1), output)
      || gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "%s could not be started",
                   GST_OBJECT_NAME (g_ptr_array_index (elements, 0)));
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
phone_media_chain_free (PhoneMediaChain *self)
{
  if (self == NULL)
    return;
  if (self->source != NULL)
    gst_pad_set_active (self->source, FALSE);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  if (self->sink != NULL)
    gst_pad_set_active (self->sink, FALSE);
  g_clear_pointer (&self->source, gst_object_unref);
  g_clear_pointer (&self->sink, gst_object_unref);
  g_clear_pointer (&self->pipeline, gst_object_unref);
  g_clear_pointer (&self->input, gst_caps_unref);
  g_free (self);
}

static void
start (PhoneMediaChain *self)
{
  GstSegment segment;

  if (self->started)
    return;
  self->started = TRUE;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->source, gst_event_new_stream_start ("deskset"));
  gst_pad_push_event (self->source, gst_event_new_caps (self->input));
  gst_pad_push_event (self->source, gst_event_new_segment (&segment));
}

/* Elements tell on the bus what they did not like. */
static void
log_errors (PhoneMediaChain *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GstMessage *message;

  while ((message = gst_bus_pop (bus)) != NULL)
    {
      if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR || GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
        {
          g_autoptr (GError) error = NULL;

          if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
            gst_message_parse_error (message, &error, NULL);
          else
            gst_message_parse_warning (message, &error, NULL);
          g_debug ("%s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
        }
      gst_message_unref (message);
    }
}

/**
 * phone_media_chain_push:
 * @buffer: (transfer full): goes in
 * @func: called for each buffer that comes out, before this returns
 *
 * Returns: %FALSE when an element refused it
 */
gboolean
phone_media_chain_push (PhoneMediaChain     *self,
                        GstBuffer           *buffer,
                        PhoneMediaChainFunc  func,
                        gpointer             user_data)
{
  GstFlowReturn flow;

  g_return_val_if_fail (self != NULL && buffer != NULL, FALSE);

  self->func = func;
  self->user_data = user_data;
  start (self);
  flow = gst_pad_push (self->source, buffer);
  self->func = NULL;
  log_errors (self);
  return flow == GST_FLOW_OK;
}

/**
 * phone_media_chain_gap:
 * @at: where sound is missing
 * @duration: how much
 *
 * Lets a decoder that can make up what is missing do so.
 */
gboolean
phone_media_chain_gap (PhoneMediaChain     *self,
                       GstClockTime         at,
                       GstClockTime         duration,
                       PhoneMediaChainFunc  func,
                       gpointer             user_data)
{
  gboolean done;

  g_return_val_if_fail (self != NULL, FALSE);

  self->func = func;
  self->user_data = user_data;
  start (self);
  done = gst_pad_push_event (self->source, gst_event_new_gap (at, duration));
  self->func = NULL;
  log_errors (self);
  return done;
}
