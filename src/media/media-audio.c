/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-audio.h"

#include "media-codecs.h"
#include "media-device.h"
#include "media-level.h"
#include "media-ring.h"
#include "media-srtp.h"
#include "media-ticker.h"
#include "media-tones.h"

#include <string.h>

/**
 * SECTION:media-audio
 * @title: PhoneMediaAudio
 *
 * The audio port. The shape of the room, and why:
 *
 * - Sound is *pulled*. The loudspeaker's thread asks the mixer for 10 ms whenever the device has room; the mixer asks
 * each call, the call its jitter buffer, and the packet is decoded there and then. Nothing waits between the jitter
 * buffer and the device, the delay follows the network without a stop, and the sound card's clock is the only one: no
 *   pipeline that spans network and device, no synchronising sink, no latency that is negotiated anew when it changes.
 * - GStreamer has the codecs, payload formats and resampler. Codecs run inside the caller (media-chain.h)
 *   instead of in a pipeline for each call: a call costs no thread of its own; fifty phones fit on one machine.
 * - Calls, tones and digits are mixed here into one stream for the device; the ringer is a stream of its own.
 * - The ticker (media-ticker.h) is the device where there is none: `--audio null`, files, a sound server that died.
 *
 * Threads: this object on the main thread; one media thread for packets and ticks; the devices' threads.
 */

#define DEVICE_HZ 48000
/* Without devices nothing is gained by more: it costs. */
#define NO_DEVICE_HZ 16000
/* A device stays open for a moment after the last sound, for the next key's click. */
#define LINGER_MS 2000
/* By then the ring has faded out and the server's buffer is empty. */
#define RING_CLOSE_MS 70
/* A tone of one round that is not longer is a click: it sounds over whatever else does. */
#define CLICK_MS 200
#define N_RINGERS 2
#define N_VOLUMES 4

typedef enum { AUDIO_PULSE, AUDIO_NULL, AUDIO_FILE } AudioKind;

struct _PhoneMediaAudio {
  GObject           parent;

  PhoneEventQueue  *queue;
  PhoneSettings    *settings;
  AudioKind         kind;
  gboolean          free_ports;
  guint             next_port;
  GMainContext     *context;
  GThread          *starter;       /* initialises GStreamer */

  PhoneMediaLoop   *loop;
  GHashTable       *streams;       /* call → PhoneMediaStream */
  GHashTable       *conference;    /* calls that hear each other, a set */
  PhoneMixer       *mixer;
  PhoneMicrophone  *microphone;
  PhoneTicker      *ticker;
  PhoneMediaDevice *speaker;       /* nullable: not with AUDIO_PULSE only */
  PhoneMediaDevice *source;
  PhoneEcho        *echo;          /* between the two; nullable as they are */

  PhoneMixer       *ring_mixers[N_RINGERS];
  PhoneMediaDevice *ringers[N_RINGERS];
  PhoneRingPlayer  *rings[N_RINGERS];
  char             *ring_name;
  GSource          *ring_timer;

  PhoneChannel      channel;
  guint             volumes[N_VOLUMES];
  PhoneTonePlayer  *tone;
  PhoneTonePlayer  *digit;
  GSource          *linger;
};

static void phone_media_audio_port_init (PhoneAudioInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PhoneMediaAudio, phone_media_audio, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PHONE_TYPE_AUDIO, phone_media_audio_port_init))

static void
post (PhoneMediaAudio *self,
      PhoneEventType   type,
      guint            call,
      int              value,
      const char      *text)
{
  PhoneEvent event = { .type = type, .call = call, .value = value, .text = (char *) text };

  phone_event_queue_post (self->queue, &event);
}

static void
fail (PhoneMediaAudio *self,
      guint            call,
      PhoneMediaFault  fault,
      const char      *text)
{
  g_message ("call %u: %s", call, text);
  post (self, PHONE_EVENT_MEDIA_FAILED, call, (int) fault, text);
}

/* ---- devices ---- */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_timer (PhoneMediaAudio *self,
           GSource        **timer,
           guint            delay_ms,
           GSourceFunc      func)
{
  clear_source (timer);
  *timer = g_timeout_source_new (delay_ms);
  g_source_set_callback (*timer, func, self, NULL);
  g_source_attach (*timer, self->context);
}

/* Opens what is needed now, closes what is not. */
static void
update_devices (PhoneMediaAudio *self)
{
  gboolean talking = g_hash_table_size (self->streams) > 0;
  gboolean sounding = talking || self->linger != NULL || !phone_mixer_is_empty (self->mixer);

  phone_ticker_set_active (self->ticker, sounding);
  if (self->speaker != NULL)
    phone_media_device_set_wanted (self->speaker, sounding);
  if (self->source != NULL)
    phone_media_device_set_wanted (self->source, talking);
}

static gboolean
on_lingered (gpointer user_data)
{
  PhoneMediaAudio *self = user_data;

  clear_source (&self->linger);
  update_devices (self);
  return G_SOURCE_REMOVE;
}

static void
linger (PhoneMediaAudio *self)
{
  set_timer (self, &self->linger, LINGER_MS, on_lingered);
  update_devices (self);
}

static void
on_sound_ended (gpointer user_data)
{
  PhoneMediaAudio *self = user_data;

  if (self->loop != NULL && phone_mixer_is_empty (self->mixer))
    linger (self);
}

static void
on_device_lost (PhoneMediaFault  fault,
                const char      *text,
                gpointer         user_data)
{
  post (user_data, PHONE_EVENT_MEDIA_FAILED, 0, (int) fault, text);
}

static const char *
setting (PhoneMediaAudio *self,
         PhoneSettingId   id)
{
  return phone_settings_get_string (self->settings, id, 0, 0);
}

static void
update_names (PhoneMediaAudio *self)
{
  static const PhoneSettingId sinks[]
      = { PHONE_SETTING_DEVICE_SPEAKER, PHONE_SETTING_DEVICE_HANDSET, PHONE_SETTING_DEVICE_HEADSET };
  static const PhoneSettingId sources[] = { PHONE_SETTING_DEVICE_SPEAKER_MIC, PHONE_SETTING_DEVICE_HANDSET_MIC,
                                            PHONE_SETTING_DEVICE_HEADSET_MIC };

  if (self->kind != AUDIO_PULSE)
    return;
  phone_media_device_set_name (self->speaker, setting (self, sinks[self->channel]));
  phone_media_device_set_name (self->source, setting (self, sources[self->channel]));
  phone_media_device_set_name (self->ringers[0], setting (self, PHONE_SETTING_DEVICE_RINGER));
  phone_media_device_set_name (self->ringers[1], setting (self, PHONE_SETTING_DEVICE_HEADSET));
}

static void
update_gain (PhoneMediaAudio *self)
{
  phone_mixer_set_gain (self->mixer, phone_media_level_get_gain (self->volumes[self->channel]));
  for (guint i = 0; i < N_RINGERS; i++)
    if (self->ring_mixers[i] != NULL)
      phone_mixer_set_gain (self->ring_mixers[i], phone_media_level_get_ring_gain (self->volumes[PHONE_VOLUME_RING]));
}

/* A handset and a headset keep ear and mouth apart; who has one that does not can say so. */
static void
update_echo (PhoneMediaAudio *self)
{
  gboolean wanted = phone_settings_get_bool (self->settings, PHONE_SETTING_ECHO_CANCELLATION, 0, 0);
  gboolean open = self->channel == PHONE_CHANNEL_HANDS_FREE
                  || phone_settings_get_bool (self->settings, PHONE_SETTING_ECHO_EVERYWHERE, 0, 0);

  if (self->echo != NULL)
    phone_echo_set_enabled (self->echo, wanted && open);
}

static void
update_detectors (PhoneMediaAudio *self)
{
  gboolean enabled = phone_settings_get_bool (self->settings, PHONE_SETTING_TONE_DETECTOR, 0, 0);
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    phone_media_stream_set_detector (stream, enabled);
}

static void
on_setting_changed (PhoneMediaAudio *self)
{
  update_names (self);
  update_echo (self);
  update_detectors (self);
}

/* ---- calls ---- */

static void
on_stream_event (PhoneMediaStream *stream,
                 PhoneEventType    event,
                 guint             value,
                 gpointer          user_data)
{
  PhoneMediaAudio *self = user_data;
  g_autofree char *text = event == PHONE_EVENT_AUDIO_HEARD ? g_strdup_printf ("%u", value) : NULL;

  post (self, event, phone_media_stream_get_call (stream), (int) value, text);
}

static gboolean
is_taken (GPtrArray *codecs,
          guint      payload_type)
{
  for (guint i = 0; i < codecs->len; i++)
    if (((const PhoneCodec *) g_ptr_array_index (codecs, i))->payload_type == payload_type)
      return TRUE;
  return FALSE;
}

/* telephone-event for each clock rate that occurs: an event shares the voice's clock (RFC 4733 §2.1). */
static void
add_events (GPtrArray *codecs,
            guint      payload_type)
{
  guint n_voice = codecs->len;

  for (guint i = 0; i < n_voice && payload_type <= 127; i++)
    {
      const PhoneCodec *voice = g_ptr_array_index (codecs, i);
      gboolean have = FALSE;

      for (guint j = n_voice; j < codecs->len; j++)
        have = have || ((const PhoneCodec *) g_ptr_array_index (codecs, j))->clock_rate == voice->clock_rate;
      if (have)
        continue;
      while (payload_type <= 127 && is_taken (codecs, payload_type))
        payload_type++;
      if (payload_type <= 127)
        g_ptr_array_add (codecs, phone_codec_new ("telephone-event", payload_type++, voice->clock_rate, 1, "0-15"));
    }
}

/* What we can do of what the engine allows. (transfer full) */
static GPtrArray *
list_codecs (const PhoneMediaConfig  *config,
             const char             **missing)
{
  GPtrArray *codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  *missing = NULL;
  for (guint i = 0; config->codecs != NULL && i < config->codecs->len; i++)
    {
      const PhoneCodec *wanted = g_ptr_array_index (config->codecs, i);
      const PhoneMediaCodec *codec = phone_media_codec_find (wanted);
      const char *element = codec == NULL ? wanted->encoding : phone_media_codec_get_missing (codec);

      if (codec != NULL && !phone_media_codec_is_voice (codec))
        continue;
      if (element == NULL)
        g_ptr_array_add (codecs, phone_codec_copy (wanted));
      else if (*missing == NULL)
        *missing = element;
    }
  if (codecs->len > 0 && config->event_payload != 0)
    add_events (codecs, config->event_payload);
  return codecs;
}

static PhoneMediaPorts *
take_ports (PhoneMediaAudio        *self,
            guint                   call,
            const PhoneMediaConfig *config)
{
  g_autoptr (GError) error = NULL;
  PhoneMediaPorts *ports = phone_media_ports_open (config->address, self->free_ports ? 0 : config->port_min,
                                                   self->free_ports ? 0 : config->port_max, &self->next_port, &error);

  if (ports == NULL)
    fail (self, call, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ? PHONE_MEDIA_FAULT_NO_PORT
                                                                                     : PHONE_MEDIA_FAULT_OTHER,
          error->message);
  return ports;
}

/* GStreamer may still be looking at its plug-ins: waits for it. */
static gboolean
wait_for_library (PhoneMediaAudio *self,
                  guint            call)
{
  g_autoptr (GError) error = NULL;

  if (gst_init_check (NULL, NULL, &error))
    return TRUE;
  fail (self, call, PHONE_MEDIA_FAULT_OTHER, error->message);
  return FALSE;
}

/* @stream: (transfer full): for a new call */
static void
start_stream (PhoneMediaAudio  *self,
              PhoneMediaStream *stream)
{
  g_hash_table_insert (self->streams, GUINT_TO_POINTER (phone_media_stream_get_call (stream)), stream);
  phone_media_stream_set_detector (stream, phone_settings_get_bool (self->settings, PHONE_SETTING_TONE_DETECTOR, 0, 0));
  phone_media_stream_start (stream, self->mixer, self->microphone, on_stream_event, self);
  update_devices (self);
}

/* Offered in this order: 128 bits first, as most phones do; what the library cannot do is left out. */
static PhoneMediaDesc *
add_keys (PhoneMediaDesc     *desc,
          PhoneMediaSecurity  security)
{
  static const PhoneCryptoSuite order[] = {
    PHONE_CRYPTO_SUITE_AES_128_CM_80, PHONE_CRYPTO_SUITE_AES_128_CM_32, PHONE_CRYPTO_SUITE_AES_256_CM_80,
    PHONE_CRYPTO_SUITE_AES_256_CM_32, PHONE_CRYPTO_SUITE_AES_128_GCM, PHONE_CRYPTO_SUITE_AES_256_GCM,
  };
  PhoneMediaCrypto cryptos[G_N_ELEMENTS (order)];
  PhoneMediaDesc *keyed;
  guint n = 0;

  if (security == PHONE_MEDIA_SECURITY_NONE)
    return phone_media_desc_ref (desc);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (phone_srtp_is_supported (order[i]))
      {
        phone_srtp_make_key (&cryptos[n], order[i], n + 1);
        n++;
      }
  keyed = phone_media_desc_with_security (desc, security, cryptos, n);
  explicit_bzero (cryptos, sizeof cryptos);
  return keyed;
}

static void
phone_media_audio_prepare (PhoneAudio             *audio,
                           guint                   call,
                           const PhoneMediaConfig *config)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  g_autoptr (PhoneMediaPorts) ports = NULL;
  g_autoptr (GPtrArray) codecs = NULL;
  g_autoptr (PhoneMediaDesc) plain = NULL;
  g_autoptr (PhoneMediaDesc) desc = NULL;
  PhoneMediaStream *stream;
  const char *missing;
  PhoneEvent event = { .type = PHONE_EVENT_MEDIA_READY, .call = call };

  if (!wait_for_library (self, call))
    return;
  codecs = list_codecs (config, &missing);
  if (codecs->len == 0)
    {
      g_autofree char *text = g_strdup_printf ("GStreamer element \"%s\" is missing", missing == NULL ? "" : missing);

      fail (self, call, missing == NULL ? PHONE_MEDIA_FAULT_OTHER : PHONE_MEDIA_FAULT_NO_PLUGIN,
            missing == NULL ? "no codec is allowed" : text);
      return;
    }
  ports = take_ports (self, call, config);
  if (ports == NULL)
    return;
  phone_media_ports_mark (ports, config->dscp);

  plain = phone_media_desc_new (config->address, ports->rtp_port, 0, PHONE_DIRECTION_SENDRECV, config->ptime_ms, codecs);
  desc = add_keys (plain, config->security);
  stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (call));
  if (stream != NULL)
    phone_media_stream_set_ports (stream, g_steal_pointer (&ports));
  else
    start_stream (self, phone_media_stream_new (call, g_steal_pointer (&ports), config, self->loop));
  event.desc = desc;
  phone_event_queue_post (self->queue, &event);
}

static void
phone_media_audio_connect (PhoneAudio     *audio,
                           guint           call,
                           PhoneMediaDesc *local,
                           PhoneMediaDesc *remote)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  PhoneMediaStream *stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (call));
  g_autoptr (GError) error = NULL;

  if (stream == NULL || local == NULL || remote == NULL)
    return;
  if (!phone_media_stream_connect (stream, local, remote, &error))
    fail (self, call,
          g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) ? PHONE_MEDIA_FAULT_NO_PLUGIN
                                                                                 : PHONE_MEDIA_FAULT_OTHER,
          error->message);
}

static void
phone_media_audio_release (PhoneAudio *audio,
                           guint       call)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  PhoneMediaStream *stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (call));

  if (stream == NULL)
    return;
  phone_media_stream_stop (stream);
  g_hash_table_remove (self->streams, GUINT_TO_POINTER (call));
  g_hash_table_remove (self->conference, GUINT_TO_POINTER (call));
  /* The end-of-call tone, if any, follows at once. */
  linger (self);
}

static gboolean
is_among (const guint *calls,
          guint        n_calls,
          guint        call)
{
  for (guint i = 0; i < n_calls; i++)
    if (calls[i] == call)
      return TRUE;
  return FALSE;
}

/* Who was in it already keeps his tap: nothing is cut when somebody joins or leaves. */
static void
phone_media_audio_set_conference (PhoneAudio  *audio,
                                  const guint *calls,
                                  guint        n_calls)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  GHashTableIter iter;
  gpointer call, stream;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &call, &stream))
    {
      gboolean wanted = is_among (calls, n_calls, GPOINTER_TO_UINT (call));
      g_autoptr (PhoneTap) tap = NULL;

      if (wanted == g_hash_table_contains (self->conference, call))
        continue;
      tap = wanted ? phone_tap_new () : NULL;
      phone_media_stream_set_tap (stream, tap);
      if (wanted)
        g_hash_table_add (self->conference, call);
      else
        g_hash_table_remove (self->conference, call);
    }
}

static void
phone_media_audio_set_far_mute (PhoneAudio *audio,
                                guint       call,
                                gboolean    mute)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  PhoneMediaStream *stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (call));

  if (stream != NULL)
    phone_media_stream_set_far_mute (stream, mute);
}

static void
phone_media_audio_set_channel (PhoneAudio   *audio,
                               PhoneChannel  channel)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);

  if (self->channel == channel || channel > PHONE_CHANNEL_HEADSET)
    return;
  g_debug ("channel: %s -> %s", phone_channel_to_string (self->channel), phone_channel_to_string (channel));
  self->channel = channel;
  update_names (self);
  update_echo (self);
  update_gain (self);
}

static void
phone_media_audio_set_mute (PhoneAudio *audio,
                            gboolean    mute)
{
  phone_microphone_set_mute (PHONE_MEDIA_AUDIO (audio)->microphone, mute);
}

static void
phone_media_audio_set_volume (PhoneAudio  *audio,
                              PhoneVolume  volume,
                              guint        level)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);

  if (volume >= N_VOLUMES)
    return;
  self->volumes[volume] = MIN (level, PHONE_MEDIA_MAX_LEVEL);
  update_gain (self);
}

static void
phone_media_audio_send_digit (PhoneAudio *audio,
                              guint       call,
                              char        digit,
                              guint       duration_ms,
                              gboolean    inband)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  PhoneMediaStream *stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (call));

  if (stream != NULL && !phone_media_stream_send_digit (stream, digit, duration_ms, inband))
    g_debug ("call %u: a digit is not sent now", call);
}

/* ---- local sounds ---- */

static void
stop_player (PhoneTonePlayer **player)
{
  if (*player != NULL)
    phone_tone_player_stop (*player);
  g_clear_object (player);
}

static void
play (PhoneMediaAudio *self,
      PhoneTonePlayer *player)
{
  phone_mixer_add (self->mixer, PHONE_SOUND (player));
  update_devices (self);
}

static void
phone_media_audio_play_tone (PhoneAudio      *audio,
                             PhoneToneScript *script,
                             gboolean         repeat)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);
  guint length_ms = script == NULL ? 0 : phone_tone_script_get_length_ms (script);

  if (script != NULL && !repeat && length_ms > 0 && length_ms <= CLICK_MS)
    {
      g_autoptr (PhoneTonePlayer) click = phone_tone_player_new (script, FALSE);

      play (self, click);
      return;
    }
  stop_player (&self->tone);
  if (script == NULL)
    return;
  self->tone = phone_tone_player_new (script, repeat);
  play (self, self->tone);
}

static void
phone_media_audio_play_digit (PhoneAudio *audio,
                              char        digit,
                              guint       duration_ms)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);

  stop_player (&self->digit);
  self->digit = phone_tone_player_new_for_digit (digit, duration_ms);
  if (self->digit != NULL)
    play (self, self->digit);
}

static gboolean
on_ring_over (gpointer user_data)
{
  PhoneMediaAudio *self = user_data;

  clear_source (&self->ring_timer);
  for (guint i = 0; i < N_RINGERS; i++)
    {
      if (self->rings[i] == NULL)
        continue;
      phone_mixer_remove (self->ring_mixers[i], PHONE_SOUND (self->rings[i]));
      phone_media_device_set_wanted (self->ringers[i], FALSE);
      g_clear_object (&self->rings[i]);
    }
  return G_SOURCE_REMOVE;
}

static void
start_ring (PhoneMediaAudio *self,
            const char      *name)
{
  gint64 where = phone_settings_get_int (self->settings, PHONE_SETTING_RINGER_DEVICE, 0, 0);

  if (!wait_for_library (self, 0))
    return;
  for (guint i = 0; i < N_RINGERS; i++)
    {
      if (where != 2 && where != i)
        continue;
      self->rings[i] = phone_ring_player_new (phone_ring_sound_new (name, DEVICE_HZ));
      phone_mixer_add (self->ring_mixers[i], PHONE_SOUND (self->rings[i]));
      phone_media_device_set_wanted (self->ringers[i], TRUE);
    }
}

static void
phone_media_audio_ring (PhoneAudio *audio,
                        const char *ring_name)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (audio);

  if (g_strcmp0 (self->ring_name, ring_name) == 0)
    return;
  g_debug ("ring: %s -> %s", self->ring_name == NULL ? "none" : self->ring_name,
           ring_name == NULL ? "none" : ring_name);
  g_free (self->ring_name);
  self->ring_name = g_strdup (ring_name);
  if (self->kind != AUDIO_PULSE)
    return;

  if (ring_name == NULL)
    {
      for (guint i = 0; i < N_RINGERS; i++)
        if (self->rings[i] != NULL)
          phone_ring_player_stop (self->rings[i]);
      set_timer (self, &self->ring_timer, RING_CLOSE_MS, on_ring_over);
      return;
    }
  /* Another ring, or one that is still fading: begin afresh. */
  on_ring_over (self);
  if (!g_str_has_suffix (ring_name, "Silent.wav"))
    start_ring (self, ring_name);
}

static guint
phone_media_audio_count (PhoneAudio *port)
{
  return g_hash_table_size (PHONE_MEDIA_AUDIO (port)->streams);
}

static gboolean
phone_media_audio_get_quality (PhoneAudio       *audio,
                               guint             call,
                               PhoneCallQuality *quality)
{
  PhoneMediaStatistics statistics;

  if (!phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (audio), call, &statistics))
    return FALSE;
  g_strlcpy (quality->codec, statistics.codec, sizeof quality->codec);
  quality->received = statistics.packets_received;
  quality->lost = statistics.packets_lost;
  quality->late = statistics.packets_late;
  quality->jitter_us = statistics.jitter_us;
  quality->buffer_us = statistics.buffer_us;
  quality->buffer_max_us = statistics.buffer_max_us;
  quality->round_trip_us = statistics.round_trip_us;
  quality->sent = statistics.packets_sent;
  quality->remote_lost = statistics.remote_lost;
  quality->remote_jitter_us = statistics.remote_jitter_us;
  quality->concealed_ms = statistics.concealed_ms;
  quality->refused = statistics.refused;
  return TRUE;
}

static void
phone_media_audio_port_init (PhoneAudioInterface *iface)
{
  iface->prepare = phone_media_audio_prepare;
  iface->connect = phone_media_audio_connect;
  iface->release = phone_media_audio_release;
  iface->set_conference = phone_media_audio_set_conference;
  iface->set_far_mute = phone_media_audio_set_far_mute;
  iface->set_channel = phone_media_audio_set_channel;
  iface->set_mute = phone_media_audio_set_mute;
  iface->set_volume = phone_media_audio_set_volume;
  iface->send_digit = phone_media_audio_send_digit;
  iface->play_tone = phone_media_audio_play_tone;
  iface->play_digit = phone_media_audio_play_digit;
  iface->ring = phone_media_audio_ring;
  iface->get_quality = phone_media_audio_get_quality;
  iface->count = phone_media_audio_count;
}

/* ---- life ---- */

static void
close_device (PhoneMediaDevice **device)
{
  if (*device != NULL)
    phone_media_device_set_wanted (*device, FALSE);
  g_clear_object (device);
}

static void
phone_media_audio_dispose (GObject *object)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (object);
  GHashTableIter iter;
  gpointer stream;

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  clear_source (&self->linger);
  clear_source (&self->ring_timer);
  if (self->streams != NULL)
    {
      g_hash_table_iter_init (&iter, self->streams);
      while (g_hash_table_iter_next (&iter, NULL, &stream))
        phone_media_stream_stop (stream);
      g_clear_pointer (&self->streams, g_hash_table_unref);
      g_clear_pointer (&self->conference, g_hash_table_unref);
    }
  close_device (&self->speaker);
  close_device (&self->source);
  for (guint i = 0; i < N_RINGERS; i++)
    {
      close_device (&self->ringers[i]);
      g_clear_object (&self->rings[i]);
      g_clear_object (&self->ring_mixers[i]);
    }
  if (self->mixer != NULL)
    phone_mixer_set_ended_func (self->mixer, NULL, NULL);
  if (self->ticker != NULL)
    phone_ticker_set_active (self->ticker, FALSE);
  g_clear_object (&self->tone);
  g_clear_object (&self->digit);
  g_clear_object (&self->ticker);
  g_clear_object (&self->mixer);
  g_clear_object (&self->microphone);
  g_clear_pointer (&self->loop, phone_media_loop_free);
  g_clear_pointer (&self->starter, g_thread_join);
  g_clear_object (&self->settings);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_media_audio_parent_class)->dispose (object);
}

static void
phone_media_audio_finalize (GObject *object)
{
  PhoneMediaAudio *self = PHONE_MEDIA_AUDIO (object);

  g_clear_pointer (&self->ring_name, g_free);
  g_clear_pointer (&self->echo, phone_echo_unref);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (phone_media_audio_parent_class)->finalize (object);
}

static void
phone_media_audio_class_init (PhoneMediaAudioClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_media_audio_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_media_audio_finalize;
}

static void
phone_media_audio_init (PhoneMediaAudio *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->streams = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->conference = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < N_VOLUMES; i++)
    self->volumes[i] = 8;
}

static gboolean
open_files (PhoneMediaAudio  *self,
            const char       *names,
            GError          **error)
{
  g_auto (GStrv) parts = g_strsplit (names, ",", -1);
  guint n_parts = g_strv_length (parts);
  g_autoptr (PhoneWave) input = NULL;
  g_autoptr (PhoneWaveWriter) output = NULL;
  gboolean once = n_parts == 3 && strcmp (parts[2], "once") == 0;

  if (!gst_init_check (NULL, NULL, error))
    return FALSE;
  if (n_parts < 2 || n_parts > 3 || (n_parts == 3 && !once))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"file:%s\": expected file:IN.wav,OUT.wav", names);
      return FALSE;
    }
  if (parts[0][0] != 0 && (input = phone_wave_load (parts[0], NO_DEVICE_HZ, error)) == NULL)
    return FALSE;
  if (parts[1][0] != 0 && (output = phone_wave_writer_new (parts[1], NO_DEVICE_HZ, error)) == NULL)
    return FALSE;
  phone_ticker_set_files (self->ticker, g_steal_pointer (&input), !once, g_steal_pointer (&output));
  return TRUE;
}

static gboolean
parse_kind (PhoneMediaAudio  *self,
            const char       *audio_spec,
            GError          **error)
{
  if (strcmp (audio_spec, "pulse") == 0)
    self->kind = AUDIO_PULSE;
  else if (strcmp (audio_spec, "null") == 0)
    self->kind = AUDIO_NULL;
  else if (g_str_has_prefix (audio_spec, "file:"))
    self->kind = AUDIO_FILE;
  else
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is none of pulse, null, file:IN.wav,OUT.wav",
                   audio_spec);
      return FALSE;
    }
  return TRUE;
}

static void
make_devices (PhoneMediaAudio *self)
{
  static const char * const labels[N_RINGERS] = { "Ringer", "Headset ringer" };

  self->speaker = phone_media_device_new_output ("Voice", self->mixer, self->ticker, on_device_lost, self);
  self->source
      = phone_media_device_new_input ("Microphone", self->microphone, DEVICE_HZ, self->ticker, on_device_lost, self);
  self->echo = phone_echo_new ();
  phone_media_device_set_echo (self->speaker, self->echo);
  phone_media_device_set_echo (self->source, self->echo);
  update_echo (self);
  for (guint i = 0; i < N_RINGERS; i++)
    {
      self->ring_mixers[i] = phone_mixer_new (DEVICE_HZ);
      self->ringers[i] = phone_media_device_new_output (labels[i], self->ring_mixers[i], NULL, on_device_lost, self);
    }
}

/* On a thread of its own: reading what plug-ins there are takes 20 ms, after a change of them a second. */
static gpointer
start_library (gpointer unused)
{
  g_autoptr (GError) error = NULL;
  const PhoneMediaCodec *codecs;
  guint n_codecs;

  if (!gst_init_check (NULL, NULL, &error))
    {
      g_message ("GStreamer cannot be used: %s", error->message);
      return NULL;
    }
  codecs = phone_media_codec_list (&n_codecs);
  for (guint i = 0; i < n_codecs; i++)
    {
      const char *missing = phone_media_codec_get_missing (&codecs[i]);

      if (missing != NULL)
        g_message ("GStreamer element \"%s\" is missing: %s is not offered", missing, codecs[i].encoding);
    }
  return NULL;
}

PhoneAudio *
phone_media_audio_new (PhoneEventQueue  *queue,
                       PhoneSettings    *settings,
                       const char       *audio_spec,
                       gboolean          free_ports,
                       GError          **error)
{
  g_autoptr (PhoneMediaAudio) self = NULL;

  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (queue) && PHONE_IS_SETTINGS (settings) && audio_spec != NULL, NULL);

  self = g_object_new (PHONE_TYPE_MEDIA_AUDIO, NULL);
  if (!parse_kind (self, audio_spec, error))
    return NULL;
  self->queue = g_object_ref (queue);
  self->settings = g_object_ref (settings);
  self->free_ports = free_ports;
  self->loop = phone_media_loop_new ();
  self->mixer = phone_mixer_new (self->kind == AUDIO_PULSE ? DEVICE_HZ : NO_DEVICE_HZ);
  phone_mixer_set_ended_func (self->mixer, on_sound_ended, self);
  self->microphone = phone_microphone_new ();
  self->ticker = phone_ticker_new (self->loop, self->mixer, self->microphone);
  if (self->kind == AUDIO_FILE && !open_files (self, audio_spec + strlen ("file:"), error))
    return NULL;
  if (self->kind == AUDIO_PULSE)
    make_devices (self);
  update_names (self);
  update_gain (self);
  g_signal_connect_swapped (settings, "changed", G_CALLBACK (on_setting_changed), self);
  self->starter = g_thread_new ("gst-start", start_library, NULL);
  return PHONE_AUDIO (g_steal_pointer (&self));
}

gboolean
phone_media_audio_get_statistics (PhoneMediaAudio      *self,
                                  guint                 call,
                                  PhoneMediaStatistics *statistics)
{
  PhoneMediaStream *stream;

  g_return_val_if_fail (PHONE_IS_MEDIA_AUDIO (self) && statistics != NULL, FALSE);

  stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (call));
  if (stream == NULL)
    return FALSE;
  phone_media_stream_get_statistics (stream, statistics);
  return TRUE;
}
