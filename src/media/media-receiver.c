/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-receiver.h"

#include "media-codecs.h"
#include "media-conceal.h"
#include "media-resample.h"
#include "tone-detector.h"

#include <string.h>

/**
 * SECTION:media-receiver
 * @title: PhoneMediaReceiver
 *
 * The way of a call's sound from packets to the mixer: payload map, jitter buffer, decoder, concealment, stretching,
 * resampling. Packets are put in by the network thread, sound is pulled out by the player's thread; one lock keeps the
 * two apart, held for no longer than a packet takes to decode.
 */

#define N_PAYLOAD_TYPES 128
/* Longest packet that is decoded at once: 120 ms (Opus), and room to lengthen it. */
#define MAX_CONCEAL_MS 20

typedef struct {
  PhoneMediaPacket   kind;
  PhoneMediaDecoder *decoder;      /* (owned) (nullable) */
  char              *name;         /* encoding/clock, to see whether it stayed the same */
} Payload;

struct _PhoneMediaReceiver {
  GObject                parent;

  PhoneMediaNewsFunc     func;
  gpointer               user_data;

  GMutex                 lock;     /* all below */
  Payload                payloads[N_PAYLOAD_TYPES];
  gboolean               enabled;
  gboolean               told_decoded;
  PhoneJitterBuffer     *jitter;
  guint                  clock_hz;
  gboolean               have_ssrc;
  guint32                ssrc;
  PhoneRtpEventReceiver  events;

  PhoneMediaDecoder     *last;     /* (not owned) (nullable): made the last sound; only compared */
  guint                  pcm_hz;   /* of what is decoded now */
  PhoneConcealer        *concealer;
  GstAudioResampler     *resampler;
  guint                  resampler_hz;
  GArray                *decoded;  /* gint16 at pcm_hz, scratch */
  GArray                *ready;    /* gint16 at the mixer's rate, waiting to be played */

  gboolean               detect;
  PhoneToneDetector     *detector;
  guint                  tone_hz;  /* to be told after unlocking */

  PhoneTap              *tap;      /* nullable: where the others of a conference hear it */
  gboolean               muted;    /* nobody hears it */
};

static void phone_media_receiver_sound_init (PhoneSoundInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PhoneMediaReceiver, phone_media_receiver, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PHONE_TYPE_SOUND, phone_media_receiver_sound_init))

static void
payload_clear (Payload *payload)
{
  g_clear_pointer (&payload->decoder, phone_media_decoder_free);
  g_clear_pointer (&payload->name, g_free);
  payload->kind = PHONE_MEDIA_PACKET_UNKNOWN;
}

static void
forget_sound (PhoneMediaReceiver *self)
{
  g_array_set_size (self->ready, 0);
  phone_jitter_buffer_reset (self->jitter, self->clock_hz);
}

/* Another sample rate comes out of the decoder, or another one goes into the mixer. */
static void
set_rates (PhoneMediaReceiver *self,
           guint               pcm_hz,
           guint               mixer_hz)
{
  if (pcm_hz == self->pcm_hz && mixer_hz == self->resampler_hz)
    return;

  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  if (pcm_hz != self->pcm_hz)
    {
      g_clear_pointer (&self->concealer, phone_concealer_free);
      g_clear_pointer (&self->detector, phone_tone_detector_free);
      self->concealer = phone_concealer_new (pcm_hz);
    }
  self->pcm_hz = pcm_hz;
  self->resampler_hz = mixer_hz;
  if (pcm_hz == mixer_hz)
    return;
  self->resampler = phone_media_resampler_new (pcm_hz, mixer_hz);
}

static void
append_ready (PhoneMediaReceiver *self,
              const gint16       *samples,
              gsize               n_samples)
{
  gpointer in[1] = { (gpointer) samples };
  gpointer out[1];
  gsize n_out;
  guint before = self->ready->len;

  if (self->detect)
    {
      guint hz;

      if (self->detector == NULL)
        self->detector = phone_tone_detector_new (self->pcm_hz);
      hz = phone_tone_detector_feed (self->detector, samples, n_samples);
      if (hz > 0)
        self->tone_hz = hz;
    }
  if (self->resampler == NULL)
    {
      g_array_append_vals (self->ready, samples, (guint) n_samples);
      return;
    }
  n_out = gst_audio_resampler_get_out_frames (self->resampler, n_samples);
  g_array_set_size (self->ready, before + (guint) n_out);
  out[0] = &g_array_index (self->ready, gint16, before);
  gst_audio_resampler_resample (self->resampler, in, n_samples, out, n_out);
}

/* The decoder of the packet that follows, if it knows better than anybody else what is missing before it. */
static gboolean
recover (PhoneMediaReceiver *self,
         gsize               n_missing,
         gsize               n_samples)
{
  GBytes *next = phone_jitter_buffer_peek (self->jitter);
  const guint8 *data = next == NULL ? NULL : g_bytes_get_data (next, NULL);
  PhoneMediaDecoder *decoder = data == NULL ? NULL : self->payloads[data[1] & 0x7f].decoder;

  if (decoder == NULL || decoder != self->last || phone_media_decoder_get_codec (decoder)->pcm_hz != self->pcm_hz)
    return FALSE;
  g_array_set_size (self->decoded, 0);
  /* Only what comes right before it is in that packet. */
  if (!phone_media_decoder_recover (decoder, n_missing == n_samples ? next : NULL, n_samples, self->decoded))
    return FALSE;
  phone_jitter_buffer_concealed (self->jitter, (guint) ((guint64) self->decoded->len * self->clock_hz / self->pcm_hz));
  phone_concealer_feed (self->concealer, (gint16 *) (gpointer) self->decoded->data, self->decoded->len);
  append_ready (self, (const gint16 *) (gpointer) self->decoded->data, self->decoded->len);
  return TRUE;
}

static void
append_concealed (PhoneMediaReceiver *self,
                  gsize               n_samples)
{
  gint16 *made_up;

  g_array_set_size (self->decoded, (guint) n_samples);
  made_up = (gint16 *) (gpointer) self->decoded->data;
  phone_concealer_conceal (self->concealer, made_up, n_samples);
  phone_jitter_buffer_concealed (self->jitter, (guint) (n_samples * self->clock_hz / self->pcm_hz));
  append_ready (self, made_up, n_samples);
}

/* As the jitter buffer advises, the packet is made shorter or longer by a pitch period. */
static void
stretch (PhoneMediaReceiver *self,
         gint64              now_us)
{
  gsize before = self->decoded->len;
  gsize after = before;

  switch (phone_jitter_buffer_get_advice (self->jitter, now_us))
    {
    case PHONE_JITTER_KEEP:
      return;
    case PHONE_JITTER_SHORTEN:
      after = phone_conceal_shorten ((gint16 *) (gpointer) self->decoded->data, before, self->pcm_hz);
      break;
    case PHONE_JITTER_LENGTHEN:
      g_array_set_size (self->decoded, (guint) before * 2);
      after = phone_conceal_lengthen ((gint16 *) (gpointer) self->decoded->data, before, before * 2, self->pcm_hz);
      break;
    }
  g_array_set_size (self->decoded, (guint) after);
  phone_jitter_buffer_stretched (self->jitter, (int) (((gint64) after - (gint64) before) * self->clock_hz / self->pcm_hz),
                                 now_us);
}

/* The packet in `decoded` came late: a little more is made up in front of it, so that it follows without a seam. */
static void
align (PhoneMediaReceiver *self,
       gint64              now_us)
{
  const gint16 *samples = (const gint16 *) (gpointer) self->decoded->data;
  gsize more = phone_concealer_align (self->concealer, samples, self->decoded->len);
  g_autofree gint16 *made_up = NULL;

  if (more == 0)
    return;
  made_up = g_new (gint16, more);
  phone_concealer_conceal (self->concealer, made_up, more);
  append_ready (self, made_up, more);
  phone_jitter_buffer_stretched (self->jitter, (int) (more * self->clock_hz / self->pcm_hz), now_us);
}

static gboolean
play_packet (PhoneMediaReceiver *self,
             GBytes             *packet,
             gboolean            late,
             guint               mixer_hz,
             gint64              now_us)
{
  const guint8 *data = g_bytes_get_data (packet, NULL);
  Payload *payload = &self->payloads[data[1] & 0x7f];

  if (payload->decoder == NULL)
    return FALSE;   /* the codecs changed while it waited */

  set_rates (self, phone_media_decoder_get_codec (payload->decoder)->pcm_hz, mixer_hz);
  g_array_set_size (self->decoded, 0);
  if (!phone_media_decoder_decode (payload->decoder, packet, self->decoded))
    return FALSE;
  self->last = payload->decoder;
  phone_jitter_buffer_decoded (self->jitter, (guint) ((guint64) self->decoded->len * self->clock_hz / self->pcm_hz));
  if (late)
    align (self, now_us);
  else
    stretch (self, now_us);
  phone_concealer_feed (self->concealer, (gint16 *) (gpointer) self->decoded->data, self->decoded->len);
  append_ready (self, (const gint16 *) (gpointer) self->decoded->data, self->decoded->len);
  return TRUE;
}

/* Makes more sound ready. Returns FALSE when there is only silence for now. */
static gboolean
get_more (PhoneMediaReceiver *self,
          guint               wanted,
          guint               mixer_hz,
          gint64              now_us)
{
  g_autoptr (GBytes) packet = NULL;
  guint missing = 0;
  gsize n_missing;
  gsize n_samples;

  switch (phone_jitter_buffer_get (self->jitter, now_us, &packet, &missing))
    {
    case PHONE_JITTER_WAIT:
      return FALSE;
    case PHONE_JITTER_PACKET:
      play_packet (self, packet, missing > 0, mixer_hz, now_us);
      return TRUE;
    case PHONE_JITTER_LATE:
      if (self->concealer == NULL)
        return FALSE;
      n_samples = (gsize) ((guint64) wanted * self->pcm_hz / mixer_hz);
      append_concealed (self, MAX (n_samples, self->pcm_hz / 1000));
      return TRUE;
    case PHONE_JITTER_LOST:
      if (self->concealer == NULL)
        return FALSE;
      n_missing = (gsize) ((guint64) missing * self->pcm_hz / self->clock_hz);
      n_samples = CLAMP (n_missing, self->pcm_hz / 1000, self->pcm_hz * MAX_CONCEAL_MS / 1000);
      if (!recover (self, n_missing, n_samples))
        append_concealed (self, n_samples);
      return TRUE;
    }
  return FALSE;
}

/* To the loudspeaker, and to the others of a conference. */
static void
give_out (PhoneMediaReceiver *self,
          float              *mix,
          guint               n_frames,
          guint               rate_hz)
{
  guint n = MIN (n_frames, self->ready->len);
  const gint16 *ready = (const gint16 *) (gpointer) self->ready->data;
  float said[PHONE_MIXER_MAX_FRAMES];

  memset (said, 0, n_frames * sizeof *said);
  for (guint i = 0; i < n && !self->muted; i++)
    {
      said[i] = (float) ready[i] / 32768.0f;
      mix[i] += said[i];
    }
  if (self->tap != NULL)
    phone_tap_write (self->tap, said, n_frames, rate_hz);
  if (n > 0)
    g_array_remove_range (self->ready, 0, n);
}

static gboolean
phone_media_receiver_render (PhoneSound *sound,
                             float      *mix,
                             guint       n_frames,
                             guint       rate_hz)
{
  PhoneMediaReceiver *self = PHONE_MEDIA_RECEIVER (sound);
  gint64 now_us = g_get_monotonic_time ();
  gboolean first = FALSE;
  guint tone_hz;

  g_return_val_if_fail (n_frames <= PHONE_MIXER_MAX_FRAMES, TRUE);

  g_mutex_lock (&self->lock);
  if (self->enabled)
    {
      /* A packet that decodes to nothing is tried once; the bound is for those who send nothing else. */
      for (guint tries = 0; self->ready->len < n_frames && tries < 200; tries++)
        if (!get_more (self, n_frames - self->ready->len, rate_hz, now_us))
          break;
      first = !self->told_decoded && self->ready->len > 0;
      self->told_decoded = self->told_decoded || first;
      give_out (self, mix, n_frames, rate_hz);
    }
  tone_hz = self->tone_hz;
  self->tone_hz = 0;
  g_mutex_unlock (&self->lock);

  if (first)
    self->func (PHONE_MEDIA_NEWS_DECODED, 0, self->user_data);
  if (tone_hz > 0)
    self->func (PHONE_MEDIA_NEWS_TONE, tone_hz, self->user_data);
  return TRUE;
}

static void
phone_media_receiver_sound_init (PhoneSoundInterface *iface)
{
  iface->render = phone_media_receiver_render;
}

static void
phone_media_receiver_finalize (GObject *object)
{
  PhoneMediaReceiver *self = PHONE_MEDIA_RECEIVER (object);

  for (guint i = 0; i < N_PAYLOAD_TYPES; i++)
    payload_clear (&self->payloads[i]);
  g_clear_pointer (&self->jitter, phone_jitter_buffer_free);
  g_clear_pointer (&self->concealer, phone_concealer_free);
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  g_clear_pointer (&self->detector, phone_tone_detector_free);
  g_clear_pointer (&self->tap, phone_tap_unref);
  g_clear_pointer (&self->decoded, g_array_unref);
  g_clear_pointer (&self->ready, g_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (phone_media_receiver_parent_class)->finalize (object);
}

static void
phone_media_receiver_class_init (PhoneMediaReceiverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_media_receiver_finalize;
}

static void
phone_media_receiver_init (PhoneMediaReceiver *self)
{
  g_mutex_init (&self->lock);
  self->decoded = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->ready = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->clock_hz = 8000;
}

/**
 * phone_media_receiver_new:
 * @jitter: (transfer full): its jitter buffer
 * @func: told what is heard
 */
PhoneMediaReceiver *
phone_media_receiver_new (PhoneJitterBuffer  *jitter,
                          PhoneMediaNewsFunc  func,
                          gpointer            user_data)
{
  PhoneMediaReceiver *self;

  g_return_val_if_fail (jitter != NULL && func != NULL, NULL);

  self = g_object_new (PHONE_TYPE_MEDIA_RECEIVER, NULL);
  self->jitter = jitter;
  self->func = func;
  self->user_data = user_data;
  return self;
}

static gboolean
make_payload (Payload           *payload,
              const PhoneCodec  *codec,
              GError           **error)
{
  payload->name = g_strdup_printf ("%s/%u/%u", codec->encoding, codec->clock_rate, codec->channels);
  if (phone_codec_is_event (codec))
    payload->kind = PHONE_MEDIA_PACKET_EVENT;
  else
    {
      payload->kind = PHONE_MEDIA_PACKET_VOICE;
      payload->decoder = phone_media_decoder_new (codec, error);
      if (payload->decoder == NULL)
        return FALSE;
    }
  return TRUE;
}

/**
 * phone_media_receiver_set_codecs:
 * @desc: what may come, with our payload numbers; only for these are decoders made
 * @error: names a missing element; the others work all the same
 *
 * A codec that was there before goes on without a seam.
 *
 * Returns: %FALSE when one of them could not be made
 */
gboolean
phone_media_receiver_set_codecs (PhoneMediaReceiver    *self,
                                 const PhoneMediaDesc  *desc,
                                 GError               **error)
{
  Payload fresh[N_PAYLOAD_TYPES] = { { 0 } };
  gboolean all = TRUE;

  g_return_val_if_fail (PHONE_IS_MEDIA_RECEIVER (self) && desc != NULL, FALSE);

  for (guint i = 0; i < phone_media_desc_get_n_codecs (desc); i++)
    {
      const PhoneCodec *codec = phone_media_desc_get_codec (desc, i);
      Payload *payload = &fresh[codec->payload_type & 0x7f];

      if (payload->kind == PHONE_MEDIA_PACKET_UNKNOWN && !make_payload (payload, codec, all ? error : NULL))
        {
          payload_clear (payload);
          all = FALSE;
        }
    }

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < N_PAYLOAD_TYPES; i++)
    {
      Payload old = self->payloads[i];

      if (g_strcmp0 (old.name, fresh[i].name) == 0)
        continue;
      self->payloads[i] = fresh[i];
      fresh[i] = old;
    }
  self->told_decoded = FALSE;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < N_PAYLOAD_TYPES; i++)
    payload_clear (&fresh[i]);
  return all;
}

/**
 * phone_media_receiver_set_enabled:
 * @enabled: whether anything is heard: not while they are on hold
 */
void
phone_media_receiver_set_enabled (PhoneMediaReceiver *self,
                                  gboolean            enabled)
{
  g_return_if_fail (PHONE_IS_MEDIA_RECEIVER (self));

  g_mutex_lock (&self->lock);
  if (self->enabled != enabled)
    forget_sound (self);
  self->enabled = enabled;
  g_mutex_unlock (&self->lock);
}

/**
 * phone_media_receiver_set_tap:
 * @tap: (nullable): where what is heard is also put
 */
void
phone_media_receiver_set_tap (PhoneMediaReceiver *self,
                              PhoneTap           *tap)
{
  PhoneTap *old;

  g_return_if_fail (PHONE_IS_MEDIA_RECEIVER (self));

  g_mutex_lock (&self->lock);
  old = self->tap;
  self->tap = tap ? phone_tap_ref (tap) : NULL;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, phone_tap_unref);
}

/**
 * phone_media_receiver_set_muted:
 * @muted: whether nobody hears it, here or in a conference; it is decoded and listened to for tones all the same
 */
void
phone_media_receiver_set_muted (PhoneMediaReceiver *self,
                                gboolean            muted)
{
  g_return_if_fail (PHONE_IS_MEDIA_RECEIVER (self));

  g_mutex_lock (&self->lock);
  self->muted = muted;
  g_mutex_unlock (&self->lock);
}

/**
 * phone_media_receiver_set_detector:
 * @enabled: whether to listen for tones
 */
void
phone_media_receiver_set_detector (PhoneMediaReceiver *self,
                                   gboolean            enabled)
{
  g_return_if_fail (PHONE_IS_MEDIA_RECEIVER (self));

  g_mutex_lock (&self->lock);
  self->detect = enabled;
  g_clear_pointer (&self->detector, phone_tone_detector_free);
  g_mutex_unlock (&self->lock);
}

/**
 * phone_media_receiver_classify:
 * Returns: what packets of this payload type are to us
 */
PhoneMediaPacket
phone_media_receiver_classify (PhoneMediaReceiver *self,
                               guint               payload_type)
{
  PhoneMediaPacket kind;

  g_return_val_if_fail (PHONE_IS_MEDIA_RECEIVER (self) && payload_type < N_PAYLOAD_TYPES, PHONE_MEDIA_PACKET_UNKNOWN);

  g_mutex_lock (&self->lock);
  kind = self->payloads[payload_type].kind;
  g_mutex_unlock (&self->lock);
  return kind;
}

static void
take_voice (PhoneMediaReceiver   *self,
            const PhoneRtpHeader *header,
            const guint8         *data,
            gsize                 length,
            gint64                now_us)
{
  const PhoneMediaCodec *codec = phone_media_decoder_get_codec (self->payloads[header->payload_type].decoder);
  g_autoptr (GBytes) packet = NULL;

  if (!self->have_ssrc || self->ssrc != header->ssrc || codec->clock_hz != self->clock_hz)
    {
      self->have_ssrc = TRUE;
      self->ssrc = header->ssrc;
      self->clock_hz = codec->clock_hz;
      phone_jitter_buffer_reset (self->jitter, self->clock_hz);
    }
  packet = g_bytes_new (data, length);
  phone_jitter_buffer_put (self->jitter, header->timestamp, packet, now_us);
}

/**
 * phone_media_receiver_take:
 * @header: the packet's header
 * @data: the packet
 * @length: its length
 * @now_us: when it came
 *
 * On the network thread.
 */
PhoneMediaPacket
phone_media_receiver_take (PhoneMediaReceiver   *self,
                           const PhoneRtpHeader *header,
                           const guint8         *data,
                           gsize                 length,
                           gint64                now_us)
{
  PhoneMediaPacket kind;
  char digit = 0;

  g_return_val_if_fail (PHONE_IS_MEDIA_RECEIVER (self), PHONE_MEDIA_PACKET_UNKNOWN);
  g_return_val_if_fail (header->payload_offset + header->payload_length <= length, PHONE_MEDIA_PACKET_UNKNOWN);

  g_mutex_lock (&self->lock);
  kind = self->payloads[header->payload_type].kind;
  if (self->enabled && kind == PHONE_MEDIA_PACKET_EVENT)
    digit = phone_rtp_event_receiver_take (&self->events, header, data + header->payload_offset);
  if (self->enabled && kind == PHONE_MEDIA_PACKET_VOICE && header->payload_length > 0)
    take_voice (self, header, data, length, now_us);
  g_mutex_unlock (&self->lock);

  if (digit != 0)
    self->func (PHONE_MEDIA_NEWS_DIGIT, (guint) digit, self->user_data);
  return kind;
}

/**
 * phone_media_receiver_get_statistics:
 * @statistics: (out): how the jitter buffer does
 */
void
phone_media_receiver_get_statistics (PhoneMediaReceiver    *self,
                                     PhoneJitterStatistics *statistics)
{
  g_return_if_fail (PHONE_IS_MEDIA_RECEIVER (self));

  g_mutex_lock (&self->lock);
  phone_jitter_buffer_get_statistics (self->jitter, statistics);
  g_mutex_unlock (&self->lock);
}

/**
 * phone_media_receiver_get_clock:
 * Returns: RTP clock rate of what comes now
 */
guint
phone_media_receiver_get_clock (PhoneMediaReceiver *self)
{
  guint clock_hz;

  g_return_val_if_fail (PHONE_IS_MEDIA_RECEIVER (self), 8000);

  g_mutex_lock (&self->lock);
  clock_hz = self->clock_hz;
  g_mutex_unlock (&self->lock);
  return clock_hz;
}
