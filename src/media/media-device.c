/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-device.h"

#include "media-mixer-source.h"

#include <gst/app/gstappsink.h>

/**
 * SECTION:media-device
 * @title: PhoneMediaDevice
 *
 * A loudspeaker or a microphone on the sound server: a pipeline of its own that exists only while it is wanted, so that
 * an idle phone holds no connection, and that is made anew, not reused, each time (a pipeline that was kept over a
 * suspend plays rubbish for seconds). Opening and closing may wait for the sound server: both happen on a thread of
 * GStreamer's, never on the main thread. When the server goes away it is looked for with growing pauses.
 *
 * Buffers: 20 ms in the server, filled in periods of 10 ms; smaller ones cost more wake-ups than they save
 * time (tests/media/bench-media-latency.c prints figures).
 */

#define OUTPUT_BUFFER_US 20000
#define OUTPUT_PERIOD_US 10000
#define INPUT_BUFFER_US 80000
#define INPUT_PERIOD_US 10000
#define SOURCE_PERIOD_MS 10
/* A server that does not answer for so long hangs. */
#define OPEN_TIMEOUT_MS 6000
#define FIRST_RETRY_MS 500
#define LAST_RETRY_MS 8000

typedef enum {
  DEVICE_CLOSED,
  DEVICE_OPENING,
  DEVICE_OPEN,
  DEVICE_LOST,       /* waiting for the next try */
} DeviceState;

struct _PhoneMediaDevice {
  GObject               parent;

  char                 *label;        /* for the sound server's mixer and our log */
  PhoneMixer           *mixer;        /* output */
  PhoneMicrophone      *microphone;   /* input */
  guint                 rate_hz;
  PhoneTicker          *ticker;       /* nullable */
  PhoneMediaDeviceFunc  func;
  gpointer              user_data;
  GMainContext         *context;

  char                 *name;         /* "" = the server's default */
  gboolean              wanted;
  DeviceState           state;
  gboolean              told;
  gboolean              use_default;  /* the named one was not there */
  guint                 retry_ms;
  GstElement           *pipeline;
  GSource              *watch;
  GSource              *timer;
};

G_DEFINE_TYPE (PhoneMediaDevice, phone_media_device, G_TYPE_OBJECT)

static void device_open (PhoneMediaDevice *self);

static const char *
state_to_string (DeviceState state)
{
  switch (state)
    {
    case DEVICE_CLOSED: return "closed";
    case DEVICE_OPENING: return "opening";
    case DEVICE_OPEN: return "open";
    case DEVICE_LOST: return "lost";
    }
  return "?";
}

static void
set_state (PhoneMediaDevice *self,
           DeviceState       state)
{
  if (self->state == state)
    return;
  g_debug ("%s: %s -> %s", self->label, state_to_string (self->state), state_to_string (state));
  self->state = state;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_timer (PhoneMediaDevice *self,
           guint             delay_ms,
           GSourceFunc       func)
{
  clear_source (&self->timer);
  self->timer = g_timeout_source_new (delay_ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
on_start (GstElement *pipeline,
          gpointer    user_data)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
}

static void
on_stop (GstElement *pipeline,
         gpointer    user_data)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
drop_pipeline (PhoneMediaDevice *self)
{
  clear_source (&self->watch);
  clear_source (&self->timer);
  if (self->pipeline == NULL)
    return;
  /* The helper thread holds a reference until it is done. */
  gst_element_call_async (self->pipeline, on_stop, NULL, NULL);
  g_clear_pointer (&self->pipeline, gst_object_unref);
}

static gboolean
on_retry (gpointer user_data)
{
  PhoneMediaDevice *self = user_data;

  clear_source (&self->timer);
  device_open (self);
  return G_SOURCE_REMOVE;
}

static void
device_lost (PhoneMediaDevice *self,
             PhoneMediaFault   fault,
             const char       *text)
{
  gboolean had_name = self->name[0] != 0 && !self->use_default;

  drop_pipeline (self);
  set_state (self, DEVICE_LOST);
  if (self->told)
    g_debug ("%s: %s", self->label, text);
  else
    g_message ("%s: %s", self->label, text);
  if (had_name)
    {
      /* The device of that name may be unplugged while the server is well: its default comes next. */
      self->use_default = TRUE;
      set_timer (self, 0, on_retry);
      return;
    }
  self->use_default = FALSE;
  set_timer (self, self->retry_ms, on_retry);
  self->retry_ms = MIN (self->retry_ms * 2, LAST_RETRY_MS);
  if (!self->told)
    {
      self->told = TRUE;
      self->func (fault, text, self->user_data);
    }
}

static gboolean
on_open_timeout (gpointer user_data)
{
  PhoneMediaDevice *self = user_data;

  clear_source (&self->timer);
  device_lost (self, PHONE_MEDIA_FAULT_NO_DEVICE, "the sound server does not answer");
  return G_SOURCE_REMOVE;
}

static void
on_playing (PhoneMediaDevice *self)
{
  if (self->state != DEVICE_OPENING)
    return;
  clear_source (&self->timer);
  set_state (self, DEVICE_OPEN);
  if (self->use_default)
    g_message ("%s: \"%s\" is not there, the default device is used", self->label, self->name);
  self->told = FALSE;
  self->retry_ms = FIRST_RETRY_MS;
}

static gboolean
on_message (GstBus     *bus,
            GstMessage *message,
            gpointer    user_data)
{
  PhoneMediaDevice *self = user_data;
  g_autoptr (GError) error = NULL;
  GstState state;

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, NULL);
      device_lost (self, PHONE_MEDIA_FAULT_NO_DEVICE, error->message);
      break;
    case GST_MESSAGE_EOS:
      device_lost (self, PHONE_MEDIA_FAULT_NO_DEVICE, "the device ended");
      break;
    case GST_MESSAGE_STATE_CHANGED:
      gst_message_parse_state_changed (message, NULL, &state, NULL);
      if (GST_MESSAGE_SRC (message) == GST_OBJECT (self->pipeline) && state == GST_STATE_PLAYING)
        on_playing (self);
      break;
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

static GstFlowReturn
on_sample (GstAppSink *sink,
           gpointer    user_data)
{
  PhoneMediaDevice *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample == NULL ? NULL : gst_sample_get_buffer (sample);
  GstMapInfo map;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_OK;
  /* These members do not change once the device is made. */
  if (self->ticker != NULL)
    phone_ticker_note_input (self->ticker);
  phone_microphone_push (self->microphone, (const gint16 *) (gconstpointer) map.data, map.size / sizeof (gint16),
                         self->rate_hz);
  gst_buffer_unmap (buffer, &map);
  return GST_FLOW_OK;
}

/* What every sound element is told. (transfer floating) (nullable) */
static GstElement *
make_pulse (PhoneMediaDevice *self,
            const char       *factory,
            gint64            buffer_us,
            gint64            period_us)
{
  GstElement *element = gst_element_factory_make (factory, NULL);
  g_autoptr (GstStructure) properties = NULL;

  if (element == NULL)
    return NULL;
  properties = gst_structure_new ("props", "media.role", G_TYPE_STRING, "phone", "media.name", G_TYPE_STRING,
                                  self->label, "application.name", G_TYPE_STRING, "Deskset", NULL);
  g_object_set (element, "client-name", "Deskset", "stream-properties", properties, "buffer-time", buffer_us,
                "latency-time", period_us, NULL);
  if (self->name[0] != 0 && !self->use_default)
    g_object_set (element, "device", self->name, NULL);
  return element;
}

static gboolean
build_output (PhoneMediaDevice *self)
{
  GstElement *sink = make_pulse (self, "pulsesink", OUTPUT_BUFFER_US, OUTPUT_PERIOD_US);
  GstElement *source;

  if (sink == NULL)
    return FALSE;
  g_object_set (sink, "sync", FALSE, NULL);
  source = phone_mixer_source_new (self->mixer, self->ticker, SOURCE_PERIOD_MS);
  gst_bin_add_many (GST_BIN (self->pipeline), source, sink, NULL);
  return gst_element_link (source, sink);
}

static gboolean
build_input (PhoneMediaDevice *self)
{
  GstElement *source = make_pulse (self, "pulsesrc", INPUT_BUFFER_US, INPUT_PERIOD_US);
  GstElement *sink;
  g_autoptr (GstCaps) caps = NULL;
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };

  if (source == NULL)
    return FALSE;
  sink = gst_element_factory_make ("appsink", NULL);
  if (sink == NULL)
    {
      gst_object_unref (gst_object_ref_sink (source));
      return FALSE;
    }
  caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout", G_TYPE_STRING, "interleaved",
                              "rate", G_TYPE_INT, (int) self->rate_hz, "channels", G_TYPE_INT, 1, NULL);
  g_object_set (sink, "caps", caps, "sync", FALSE, "max-buffers", 10u, "drop", TRUE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, g_object_ref (self), g_object_unref);
  gst_bin_add_many (GST_BIN (self->pipeline), source, sink, NULL);
  return gst_element_link (source, sink);
}

static void
device_open (PhoneMediaDevice *self)
{
  const char *factory = self->mixer != NULL ? "pulsesink" : "pulsesrc";
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GError) error = NULL;

  set_state (self, DEVICE_OPENING);
  if (!gst_init_check (NULL, NULL, &error))
    {
      device_lost (self, PHONE_MEDIA_FAULT_OTHER, error->message);
      return;
    }
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  if (self->mixer != NULL ? !build_output (self) : !build_input (self))
    {
      g_autofree char *text = g_strdup_printf ("GStreamer element \"%s\" is missing", factory);

      device_lost (self, PHONE_MEDIA_FAULT_NO_PLUGIN, text);
      return;
    }
  bus = gst_element_get_bus (self->pipeline);
  self->watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_message), self, NULL);
  g_source_attach (self->watch, self->context);
  set_timer (self, OPEN_TIMEOUT_MS, on_open_timeout);
  gst_element_call_async (self->pipeline, on_start, NULL, NULL);
}

static void
device_close (PhoneMediaDevice *self)
{
  drop_pipeline (self);
  self->use_default = FALSE;
  self->retry_ms = FIRST_RETRY_MS;
  set_state (self, DEVICE_CLOSED);
}

static void
phone_media_device_dispose (GObject *object)
{
  PhoneMediaDevice *self = PHONE_MEDIA_DEVICE (object);

  drop_pipeline (self);
  g_clear_object (&self->mixer);
  g_clear_object (&self->microphone);
  g_clear_object (&self->ticker);

  G_OBJECT_CLASS (phone_media_device_parent_class)->dispose (object);
}

static void
phone_media_device_finalize (GObject *object)
{
  PhoneMediaDevice *self = PHONE_MEDIA_DEVICE (object);

  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (phone_media_device_parent_class)->finalize (object);
}

static void
phone_media_device_class_init (PhoneMediaDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_media_device_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_media_device_finalize;
}

static void
phone_media_device_init (PhoneMediaDevice *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->name = g_strdup ("");
  self->retry_ms = FIRST_RETRY_MS;
}

/**
 * phone_media_device_new_output:
 * @label: what it is, for the log and the desktop's volume control
 * @mixer: what it plays
 * @ticker: (nullable): stands in while the device is not open
 * @func: told when the device is lost
 */
PhoneMediaDevice *
phone_media_device_new_output (const char           *label,
                               PhoneMixer           *mixer,
                               PhoneTicker          *ticker,
                               PhoneMediaDeviceFunc  func,
                               gpointer              user_data)
{
  PhoneMediaDevice *self = g_object_new (PHONE_TYPE_MEDIA_DEVICE, NULL);

  self->label = g_strdup (label);
  self->mixer = g_object_ref (mixer);
  g_set_object (&self->ticker, ticker);
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * phone_media_device_new_input:
 * @label: what it is
 * @microphone: where its sound goes
 * @rate_hz: sample rate
 * @ticker: (nullable): stands in while the device is not open
 * @func: told when the device is lost
 */
PhoneMediaDevice *
phone_media_device_new_input (const char           *label,
                              PhoneMicrophone      *microphone,
                              guint                 rate_hz,
                              PhoneTicker          *ticker,
                              PhoneMediaDeviceFunc  func,
                              gpointer              user_data)
{
  PhoneMediaDevice *self = g_object_new (PHONE_TYPE_MEDIA_DEVICE, NULL);

  self->label = g_strdup (label);
  self->microphone = g_object_ref (microphone);
  self->rate_hz = rate_hz;
  g_set_object (&self->ticker, ticker);
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * phone_media_device_set_name:
 * @name: the sound server's name of the sink or source, "" = its default; an open device moves at once
 */
void
phone_media_device_set_name (PhoneMediaDevice *self,
                             const char       *name)
{
  g_return_if_fail (PHONE_IS_MEDIA_DEVICE (self) && name != NULL);

  if (g_strcmp0 (self->name, name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  if (self->state != DEVICE_CLOSED)
    {
      device_close (self);
      device_open (self);
    }
}

/**
 * phone_media_device_set_wanted:
 * @wanted: whether it shall be open
 */
void
phone_media_device_set_wanted (PhoneMediaDevice *self,
                               gboolean          wanted)
{
  g_return_if_fail (PHONE_IS_MEDIA_DEVICE (self));

  if (self->wanted == wanted)
    return;
  self->wanted = wanted;
  self->told = FALSE;
  if (wanted && self->ticker != NULL)
    phone_ticker_expect (self->ticker, self->mixer != NULL, self->microphone != NULL);
  if (wanted)
    device_open (self);
  else
    device_close (self);
}

/**
 * phone_media_device_is_open:
 * Returns: whether sound is flowing
 */
gboolean
phone_media_device_is_open (PhoneMediaDevice *self)
{
  g_return_val_if_fail (PHONE_IS_MEDIA_DEVICE (self), FALSE);

  return self->state == DEVICE_OPEN;
}
