/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-device.h"

#include "media-pulse.h"

/**
 * SECTION:media-device
 * @title: PhoneMediaDevice
 *
 * A loudspeaker or a microphone on the sound server: a stream that exists only while it is wanted, so that an idle phone
 * holds no connection, and that is made anew, not reused, each time. Nothing here waits for the sound server: it is
 * spoken to on the stream's own thread, which also pulls the mixer or pushes the microphone. When the server goes away it
 * is looked for with growing pauses.
 */

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
  PhoneEcho            *echo;         /* nullable: told what is played, asked what is left of what is taken up */
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
  PhonePulseStream     *stream;
  guint                 generation;   /* of the stream: what an earlier one tells is out of date */
  GSource              *timer;
};

/* What a stream tells on its own thread, on its way to the main thread. */
typedef struct {
  PhoneMediaDevice *device;
  guint             generation;
  char             *error;            /* nullable: it flows */
} News;

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
drop_stream (PhoneMediaDevice *self)
{
  clear_source (&self->timer);
  g_clear_pointer (&self->stream, phone_pulse_stream_close);
  self->generation++;
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

  drop_stream (self);
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

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->device);
  g_free (news->error);
  g_free (news);
}

static gboolean
on_news (gpointer data)
{
  News *news = data;

  if (news->generation != news->device->generation)
    return G_SOURCE_REMOVE;
  if (news->error == NULL)
    on_playing (news->device);
  else
    device_lost (news->device, PHONE_MEDIA_FAULT_NO_DEVICE, news->error);
  return G_SOURCE_REMOVE;
}

/* On the stream's thread, as the next two. The generation does not change before the stream is closed. */
static void
on_state (const char *error,
          gpointer    user_data)
{
  PhoneMediaDevice *self = user_data;
  News *news = g_new0 (News, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  news->device = g_object_ref (self);
  news->generation = self->generation;
  news->error = g_strdup (error);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_news, news, news_free);
  g_source_attach (source, self->context);
}

/* The members that these use do not change once the device is made. */
static void
on_room (gint16  *samples,
         guint    n_samples,
         gpointer user_data)
{
  PhoneMediaDevice *self = user_data;

  phone_mixer_render (self->mixer, samples, n_samples);
  if (self->echo != NULL)
    phone_echo_played (self->echo, samples, n_samples, self->rate_hz);
  if (self->ticker != NULL)
    phone_ticker_note_output (self->ticker);
}

static void
on_clean (const gint16 *samples,
          gsize         n_samples,
          guint         rate_hz,
          gpointer      user_data)
{
  PhoneMediaDevice *self = user_data;

  phone_microphone_push (self->microphone, samples, n_samples, rate_hz);
}

static void
on_sound (const gint16 *samples,
          gsize         n_samples,
          gpointer      user_data)
{
  PhoneMediaDevice *self = user_data;

  if (self->ticker != NULL)
    phone_ticker_note_input (self->ticker);
  if (self->echo != NULL)
    phone_echo_recorded (self->echo, samples, n_samples, self->rate_hz, on_clean, self);
  else
    phone_microphone_push (self->microphone, samples, n_samples, self->rate_hz);
}

static void
device_open (PhoneMediaDevice *self)
{
  static const PhonePulseFuncs output = { .render = on_room, .state = on_state };
  static const PhonePulseFuncs input = { .take = on_sound, .state = on_state };
  const char *name = self->name[0] != 0 && !self->use_default ? self->name : NULL;

  set_state (self, DEVICE_OPENING);
  self->stream = phone_pulse_stream_open (self->label, name, self->rate_hz, self->mixer != NULL ? &output : &input, self);
  if (self->stream == NULL)
    device_lost (self, PHONE_MEDIA_FAULT_OTHER, "no thread for a sound device");
  else
    set_timer (self, OPEN_TIMEOUT_MS, on_open_timeout);
}

static void
device_close (PhoneMediaDevice *self)
{
  drop_stream (self);
  self->use_default = FALSE;
  self->retry_ms = FIRST_RETRY_MS;
  set_state (self, DEVICE_CLOSED);
}

static void
phone_media_device_dispose (GObject *object)
{
  PhoneMediaDevice *self = PHONE_MEDIA_DEVICE (object);

  drop_stream (self);
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
  g_clear_pointer (&self->echo, phone_echo_unref);

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
  self->rate_hz = phone_mixer_get_rate (mixer);
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
 * phone_media_device_set_echo:
 * @echo: what a loudspeaker tells and a microphone asks
 *
 * Once, before the device is wanted for the first time.
 */
void
phone_media_device_set_echo (PhoneMediaDevice *self,
                             PhoneEcho        *echo)
{
  g_return_if_fail (PHONE_IS_MEDIA_DEVICE (self) && echo != NULL);
  g_return_if_fail (self->echo == NULL && self->state == DEVICE_CLOSED);

  self->echo = phone_echo_ref (echo);
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
