/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-sender.h"

#include "media-codecs.h"
#include "media-resample.h"
#include "media-tones.h"

#include <string.h>

#define DEFAULT_DIGIT_MS 100
/* What a receiver needs at least to tell two digits apart (ITU-T Q.24: 40 ms). */
#define MIN_DIGIT_MS 60
#define PAUSE_MS 60
#define MAX_DIGITS 64
#define END_PACKETS 3
#define EVENT_VOLUME 10
/* The microphone was silent for so long: the timestamps leap along. */
#define STALL_US 100000

typedef struct {
  char  digit;
  guint duration_ms;
  gboolean inband;
} Digit;

typedef enum {
  DIGIT_IDLE,
  DIGIT_SOUNDS,
  DIGIT_ENDS,      /* the end packets are sent */
  DIGIT_PAUSES,    /* before the next one */
} DigitState;

struct _PhoneMediaSender {
  GObject             parent;

  PhoneMediaSendFunc  func;
  gpointer            user_data;

  GMutex              lock;        /* all below */
  gboolean            open;
  PhoneMediaEncoder  *encoder;     /* nullable: nothing negotiated yet */
  char               *encoder_name;
  guint               payload_type;
  gboolean            have_event;
  guint               event_payload_type;

  guint32             ssrc;
  guint16             sequence;
  guint32             timestamp;   /* of the frame that is being made */
  gboolean            marker;      /* the next voice packet begins a talk spurt */
  gint64              last_us;

  GstAudioResampler  *resampler;
  guint               rate_hz;     /* of what is pushed */
  GArray             *waiting;     /* gint16 at the codec's rate, less than a frame */

  GQueue              digits;      /* of Digit */
  DigitState          state;
  PhoneRtpEvent       event;
  guint32             event_timestamp;
  guint               event_left_ms;
  guint               ends_left;
  guint               pause_left_ms;
  PhoneTonePlayer    *tone;        /* in-band */
};

G_DEFINE_TYPE (PhoneMediaSender, phone_media_sender, G_TYPE_OBJECT)

static void
phone_media_sender_finalize (GObject *object)
{
  PhoneMediaSender *self = PHONE_MEDIA_SENDER (object);

  g_clear_pointer (&self->encoder, phone_media_encoder_free);
  g_clear_pointer (&self->encoder_name, g_free);
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  g_clear_pointer (&self->waiting, g_array_unref);
  g_queue_clear_full (&self->digits, g_free);
  g_clear_object (&self->tone);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (phone_media_sender_parent_class)->finalize (object);
}

static void
phone_media_sender_class_init (PhoneMediaSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_media_sender_finalize;
}

static void
phone_media_sender_init (PhoneMediaSender *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->digits);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->sequence = (guint16) g_random_int ();
  self->timestamp = g_random_int ();
  self->marker = TRUE;
}

/**
 * phone_media_sender_new:
 * @ssrc: our source identifier
 * @func: sends what is ready
 */
PhoneMediaSender *
phone_media_sender_new (guint32             ssrc,
                        PhoneMediaSendFunc  func,
                        gpointer            user_data)
{
  PhoneMediaSender *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (PHONE_TYPE_MEDIA_SENDER, NULL);
  self->ssrc = ssrc;
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * phone_media_sender_set_codec:
 * @voice: what they want, with their payload number
 * @event: (nullable): their telephone-event of the same clock rate
 * @ptime_ms: packet time they want
 * @error: names the missing element
 *
 * The same codec again goes on without a seam.
 */
gboolean
phone_media_sender_set_codec (PhoneMediaSender  *self,
                              const PhoneCodec  *voice,
                              const PhoneCodec  *event,
                              guint              ptime_ms,
                              GError           **error)
{
  g_autofree char *name = NULL;
  PhoneMediaEncoder *encoder = NULL;

  g_return_val_if_fail (PHONE_IS_MEDIA_SENDER (self) && voice != NULL, FALSE);

  name = g_strdup_printf ("%s/%u/%u/%u/%s", voice->encoding, voice->clock_rate, voice->payload_type, ptime_ms,
                          voice->fmtp == NULL ? "" : voice->fmtp);
  /* Only this thread writes the name. */
  if (g_strcmp0 (name, self->encoder_name) != 0)
    {
      encoder = phone_media_encoder_new (voice, ptime_ms, error);
      if (encoder == NULL)
        return FALSE;
    }

  g_mutex_lock (&self->lock);
  if (encoder != NULL)
    {
      PhoneMediaEncoder *old = self->encoder;

      self->encoder = encoder;
      encoder = old;
      g_free (self->encoder_name);
      self->encoder_name = g_steal_pointer (&name);
      self->marker = TRUE;
      g_array_set_size (self->waiting, 0);
      g_clear_pointer (&self->resampler, gst_audio_resampler_free);
      self->rate_hz = 0;
    }
  self->payload_type = voice->payload_type;
  self->have_event = event != NULL;
  self->event_payload_type = event == NULL ? 0 : event->payload_type;
  g_mutex_unlock (&self->lock);

  phone_media_encoder_free (encoder);
  return TRUE;
}

/**
 * phone_media_sender_set_loss:
 * @percent: how many packets of a hundred the other side misses, as it says
 *
 * Any thread.
 */
void
phone_media_sender_set_loss (PhoneMediaSender *self,
                             guint             percent)
{
  g_return_if_fail (PHONE_IS_MEDIA_SENDER (self));

  g_mutex_lock (&self->lock);
  if (self->encoder != NULL)
    phone_media_encoder_set_loss (self->encoder, percent);
  g_mutex_unlock (&self->lock);
}

static void
drop_digits (PhoneMediaSender *self)
{
  g_queue_clear_full (&self->digits, g_free);
  g_clear_object (&self->tone);
  self->state = DIGIT_IDLE;
}

/**
 * phone_media_sender_set_open:
 * @open: whether the microphone's sound goes out; else nothing does
 *
 * Digits that wait are dropped when it is closed.
 */
void
phone_media_sender_set_open (PhoneMediaSender *self,
                             gboolean          open)
{
  g_return_if_fail (PHONE_IS_MEDIA_SENDER (self));

  g_mutex_lock (&self->lock);
  if (self->open != open)
    {
      g_array_set_size (self->waiting, 0);
      self->marker = TRUE;
      if (!open)
        drop_digits (self);
    }
  self->open = open;
  g_mutex_unlock (&self->lock);
}

/**
 * phone_media_sender_send_digit:
 * @digit: 0–9 * # A–D
 * @duration_ms: 0 = 100
 * @inband: as tones in the sound; also done when the other side takes no telephone-events
 *
 * Digits are sent one after the other with a pause between them; none while the call is on hold (guide: DTMF).
 *
 * Returns: %FALSE when it is no digit, or cannot be sent now
 */
gboolean
phone_media_sender_send_digit (PhoneMediaSender *self,
                               char              digit,
                               guint             duration_ms,
                               gboolean          inband)
{
  Digit *entry;

  g_return_val_if_fail (PHONE_IS_MEDIA_SENDER (self), FALSE);

  if (phone_rtp_event_from_digit (digit) < 0)
    return FALSE;
  g_mutex_lock (&self->lock);
  if (self->encoder == NULL || !self->open || self->digits.length >= MAX_DIGITS)
    {
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
  entry = g_new0 (Digit, 1);
  entry->digit = digit;
  /* At 48 kHz the 16 bits of the duration hold 1365 ms. */
  entry->duration_ms = CLAMP (duration_ms == 0 ? DEFAULT_DIGIT_MS : duration_ms, MIN_DIGIT_MS, 1300);
  entry->inband = inband || !self->have_event;
  g_queue_push_tail (&self->digits, entry);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static guint
clock_units (PhoneMediaSender *self,
             guint             ms)
{
  return (guint) ((guint64) phone_media_encoder_get_codec (self->encoder)->clock_hz * ms / 1000);
}

static void
send_packet (PhoneMediaSender *self,
             guint             payload_type,
             gboolean          marker,
             guint32           timestamp,
             const guint8     *payload,
             gsize             length)
{
  guint8 packet[PHONE_RTP_MAX_PACKET];
  PhoneRtpHeader header
      = { payload_type, marker, self->sequence, timestamp, self->ssrc, PHONE_RTP_HEADER_SIZE, length };

  if (length > sizeof packet - PHONE_RTP_HEADER_SIZE)
    return;
  phone_rtp_write_header (packet, &header);
  memcpy (packet + PHONE_RTP_HEADER_SIZE, payload, length);
  self->sequence++;
  self->func (&header, packet, PHONE_RTP_HEADER_SIZE + length, self->user_data);
}

static void
on_encoded (const guint8 *payload,
            gsize         length,
            gpointer      user_data)
{
  PhoneMediaSender *self = user_data;

  send_packet (self, self->payload_type, self->marker, self->timestamp, payload, length);
  self->marker = FALSE;
}

static void
send_event (PhoneMediaSender *self,
            gboolean          marker)
{
  guint8 payload[PHONE_RTP_EVENT_SIZE];

  phone_rtp_event_write (payload, &self->event);
  send_packet (self, self->event_payload_type, marker, self->event_timestamp, payload, sizeof payload);
}

static void
start_digit (PhoneMediaSender *self)
{
  g_autofree Digit *digit = g_queue_pop_head (&self->digits);

  if (digit == NULL)
    return;
  self->state = DIGIT_SOUNDS;
  self->event_left_ms = digit->duration_ms;
  self->pause_left_ms = PAUSE_MS;
  if (digit->inband)
    {
      self->tone = phone_tone_player_new_for_digit (digit->digit, digit->duration_ms);
      return;
    }
  self->event = (PhoneRtpEvent) { (guint) phone_rtp_event_from_digit (digit->digit), FALSE, EVENT_VOLUME, 0 };
  self->event_timestamp = self->timestamp;
  self->ends_left = END_PACKETS;
}

/* Replaces the frame by the digit's tones, in-band. */
static void
mix_tone (PhoneMediaSender *self,
          gint16           *frame,
          guint             n_samples,
          guint             rate_hz)
{
  float mix[PHONE_MIXER_MAX_FRAMES] = { 0 };

  n_samples = MIN (n_samples, PHONE_MIXER_MAX_FRAMES);
  if (!phone_sound_render (PHONE_SOUND (self->tone), mix, n_samples, rate_hz))
    {
      g_clear_object (&self->tone);
      self->state = DIGIT_PAUSES;
    }
  for (guint i = 0; i < n_samples; i++)
    frame[i] = (gint16) (mix[i] * 32767.0f);
}

/* Returns TRUE when an event packet took the place of the voice. */
static gboolean
run_digit (PhoneMediaSender *self,
           gint16           *frame,
           guint             n_samples)
{
  guint ptime_ms = phone_media_encoder_get_ptime (self->encoder);

  if (self->state == DIGIT_IDLE)
    start_digit (self);
  switch (self->state)
    {
    case DIGIT_IDLE:
      return FALSE;
    case DIGIT_SOUNDS:
      if (self->tone != NULL)
        {
          mix_tone (self, frame, n_samples, phone_media_encoder_get_codec (self->encoder)->pcm_hz);
          return FALSE;
        }
      self->event.duration += clock_units (self, MIN (ptime_ms, self->event_left_ms));
      self->event_left_ms -= MIN (ptime_ms, self->event_left_ms);
      if (self->event_left_ms == 0)
        self->state = DIGIT_ENDS;
      if (self->state == DIGIT_SOUNDS)
        {
          send_event (self, self->event_timestamp == self->timestamp);
          return TRUE;
        }
      G_GNUC_FALLTHROUGH;
    case DIGIT_ENDS:
      /* Three times, a packet time apart, so that a burst of losses does not take them all. */
      self->event.end = TRUE;
      send_event (self, self->event_timestamp == self->timestamp);
      if (--self->ends_left == 0)
        {
          self->state = DIGIT_PAUSES;
          self->marker = TRUE;
        }
      return TRUE;
    case DIGIT_PAUSES:
      self->pause_left_ms -= MIN (ptime_ms, self->pause_left_ms);
      if (self->pause_left_ms == 0)
        self->state = DIGIT_IDLE;
      return FALSE;
    }
  return FALSE;
}

static void
send_frame (PhoneMediaSender *self,
            gint16           *frame,
            guint             n_samples)
{
  if (!run_digit (self, frame, n_samples))
    phone_media_encoder_encode (self->encoder, frame, n_samples, on_encoded, self);
  self->timestamp += clock_units (self, phone_media_encoder_get_ptime (self->encoder));
}

/* Brings what was pushed to the codec's rate and puts it behind what is waiting. */
static void
append (PhoneMediaSender *self,
        const gint16     *samples,
        gsize             n_samples,
        guint             rate_hz)
{
  guint pcm_hz = phone_media_encoder_get_codec (self->encoder)->pcm_hz;

  phone_media_resample (&self->resampler, &self->rate_hz, samples, n_samples, rate_hz, pcm_hz, self->waiting);
}

/**
 * phone_media_sender_push:
 * @samples: what the microphone took up, mono
 * @n_samples: how much
 * @rate_hz: its rate
 * @now_us: now
 *
 * Any one thread at a time; packets are sent before it returns.
 */
void
phone_media_sender_push (PhoneMediaSender *self,
                         const gint16     *samples,
                         gsize             n_samples,
                         guint             rate_hz,
                         gint64            now_us)
{
  guint frame;

  g_return_if_fail (PHONE_IS_MEDIA_SENDER (self) && samples != NULL && rate_hz > 0);

  g_mutex_lock (&self->lock);
  if (self->encoder == NULL || !self->open)
    {
      g_mutex_unlock (&self->lock);
      return;
    }
  if (self->last_us > 0 && now_us - self->last_us > STALL_US)
    {
      guint ptime_ms = phone_media_encoder_get_ptime (self->encoder);
      guint frames = (guint) ((now_us - self->last_us) / 1000 / ptime_ms);

      self->timestamp += clock_units (self, ptime_ms) * (frames - MIN (frames, 1));
      self->marker = TRUE;
    }
  self->last_us = now_us;

  append (self, samples, n_samples, rate_hz);
  frame = phone_media_encoder_get_codec (self->encoder)->pcm_hz * phone_media_encoder_get_ptime (self->encoder) / 1000;
  while (self->waiting->len >= frame)
    {
      send_frame (self, (gint16 *) (gpointer) self->waiting->data, frame);
      g_array_remove_range (self->waiting, 0, frame);
    }
  g_mutex_unlock (&self->lock);
}
