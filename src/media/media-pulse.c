/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-pulse.h"

#include <pulse/pulseaudio.h>

/* Buffers: 20 ms in the server, filled in periods of 10 ms; smaller ones cost more wake-ups than they save
 * time (tests/media/bench-media-latency.c prints figures). */
#define OUTPUT_BUFFER_MS 20
#define PERIOD_MS 10

struct _PhonePulseStream {
  char                  *label;
  char                  *device;     /* nullable */
  pa_sample_spec         spec;
  const PhonePulseFuncs *funcs;
  gpointer               user_data;
  pa_threaded_mainloop  *loop;       /* its lock: all below */
  pa_context            *context;
  pa_stream             *stream;     /* nullable before the server has answered */
};

static void
fail (PhonePulseStream *self)
{
  self->funcs->state (pa_strerror (pa_context_errno (self->context)), self->user_data);
}

static void
on_stream_state (pa_stream *stream,
                 void      *user_data)
{
  PhonePulseStream *self = user_data;

  switch (pa_stream_get_state (stream))
    {
    case PA_STREAM_READY:
      self->funcs->state (NULL, self->user_data);
      break;
    case PA_STREAM_FAILED:
    case PA_STREAM_TERMINATED:
      fail (self);
      break;
    case PA_STREAM_UNCONNECTED:
    case PA_STREAM_CREATING:
      break;
    }
}

static guint
period (PhonePulseStream *self)
{
  return self->spec.rate * PERIOD_MS / 1000;
}

static void
on_room (pa_stream *stream,
         size_t     n_bytes,
         void      *user_data)
{
  PhonePulseStream *self = user_data;

  while (n_bytes >= sizeof (gint16))
    {
      size_t size = MIN (n_bytes, period (self) * sizeof (gint16)) / sizeof (gint16) * sizeof (gint16);
      size_t wanted = size;
      void *data = NULL;

      /* In the server's own memory: nothing is copied. */
      if (pa_stream_begin_write (stream, &data, &size) < 0 || data == NULL || size < sizeof (gint16))
        return;
      size = MIN (size, wanted) / sizeof (gint16) * sizeof (gint16);
      self->funcs->render (data, (guint) (size / sizeof (gint16)), self->user_data);
      if (pa_stream_write (stream, data, size, NULL, 0, PA_SEEK_RELATIVE) < 0)
        return;
      n_bytes -= size;
    }
}

static void
on_sound (pa_stream *stream,
          size_t     n_bytes,
          void      *user_data)
{
  PhonePulseStream *self = user_data;
  const void *data;

  while (pa_stream_readable_size (stream) > 0 && pa_stream_peek (stream, &data, &n_bytes) >= 0 && n_bytes > 0)
    {
      /* Without data it is a hole: the server lost something. */
      if (data != NULL)
        self->funcs->take (data, n_bytes / sizeof (gint16), self->user_data);
      pa_stream_drop (stream);
    }
}

static uint32_t
bytes (PhonePulseStream *self,
       guint             ms)
{
  return (uint32_t) pa_usec_to_bytes ((pa_usec_t) ms * PA_USEC_PER_MSEC, &self->spec);
}

static gboolean
connect_stream (PhonePulseStream *self)
{
  pa_buffer_attr buffer = { (uint32_t) -1, (uint32_t) -1, (uint32_t) -1, (uint32_t) -1, (uint32_t) -1 };

  pa_stream_set_state_callback (self->stream, on_stream_state, self);
  if (self->funcs->render != NULL)
    {
      buffer.tlength = bytes (self, OUTPUT_BUFFER_MS);
      buffer.minreq = bytes (self, PERIOD_MS);
      /* Begins at once, and goes on by itself after a gap. */
      buffer.prebuf = 0;
      pa_stream_set_write_callback (self->stream, on_room, self);
      return pa_stream_connect_playback (self->stream, self->device, &buffer, PA_STREAM_ADJUST_LATENCY, NULL, NULL) >= 0;
    }
  buffer.fragsize = bytes (self, PERIOD_MS);
  pa_stream_set_read_callback (self->stream, on_sound, self);
  return pa_stream_connect_record (self->stream, self->device, &buffer, PA_STREAM_ADJUST_LATENCY) >= 0;
}

static void
on_context_state (pa_context *context,
                  void       *user_data)
{
  PhonePulseStream *self = user_data;
  pa_proplist *properties;

  switch (pa_context_get_state (context))
    {
    case PA_CONTEXT_READY:
      properties = pa_proplist_new ();
      pa_proplist_sets (properties, PA_PROP_MEDIA_ROLE, "phone");
      self->stream = pa_stream_new_with_proplist (context, self->label, &self->spec, NULL, properties);
      pa_proplist_free (properties);
      if (self->stream == NULL || !connect_stream (self))
        fail (self);
      break;
    case PA_CONTEXT_FAILED:
    case PA_CONTEXT_TERMINATED:
      fail (self);
      break;
    case PA_CONTEXT_UNCONNECTED:
    case PA_CONTEXT_CONNECTING:
    case PA_CONTEXT_AUTHORIZING:
    case PA_CONTEXT_SETTING_NAME:
      break;
    }
}

PhonePulseStream *
phone_pulse_stream_open (const char            *label,
                         const char            *device,
                         guint                  rate_hz,
                         const PhonePulseFuncs *funcs,
                         gpointer               user_data)
{
  PhonePulseStream *self;

  g_return_val_if_fail (label != NULL && funcs != NULL && rate_hz > 0, NULL);
  g_return_val_if_fail ((funcs->render != NULL) != (funcs->take != NULL) && funcs->state != NULL, NULL);

  self = g_new0 (PhonePulseStream, 1);
  self->label = g_strdup (label);
  self->device = g_strdup (device);
  self->spec = (pa_sample_spec) { PA_SAMPLE_S16NE, rate_hz, 1 };
  self->funcs = funcs;
  self->user_data = user_data;
  self->loop = pa_threaded_mainloop_new ();
  self->context = self->loop == NULL ? NULL : pa_context_new (pa_threaded_mainloop_get_api (self->loop), "Deskset");
  if (self->context == NULL)
    {
      phone_pulse_stream_close (self);
      return NULL;
    }
  pa_threaded_mainloop_set_name (self->loop, funcs->render != NULL ? "speaker" : "microphone");
  pa_context_set_state_callback (self->context, on_context_state, self);
  /* Before the thread runs: what fails at once is told from here. */
  pa_context_connect (self->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL);
  if (pa_threaded_mainloop_start (self->loop) < 0)
    {
      phone_pulse_stream_close (self);
      return NULL;
    }
  return self;
}

void
phone_pulse_stream_close (PhonePulseStream *self)
{
  g_return_if_fail (self != NULL);

  /* The thread ends first: then there is nobody to lock out. */
  if (self->loop != NULL)
    pa_threaded_mainloop_stop (self->loop);
  if (self->stream != NULL)
    {
      pa_stream_set_state_callback (self->stream, NULL, NULL);
      pa_stream_disconnect (self->stream);
      pa_stream_unref (self->stream);
    }
  if (self->context != NULL)
    {
      pa_context_set_state_callback (self->context, NULL, NULL);
      pa_context_disconnect (self->context);
      pa_context_unref (self->context);
    }
  g_clear_pointer (&self->loop, pa_threaded_mainloop_free);
  g_free (self->label);
  g_free (self->device);
  g_free (self);
}
