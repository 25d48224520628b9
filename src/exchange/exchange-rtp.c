/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-rtp.h"

#include <string.h>

#include "exchange-g722.h"

#define FRAME_MS 20
#define FRAME_SAMPLES (EXCHANGE_SOUND_RATE_HZ / 1000 * FRAME_MS)
#define FRAME_BYTES 160               /* the same for all three codecs */
#define MAX_FRAMES_AT_ONCE 5          /* more are due only after the machine was away: skip them */
#define MAX_PACKET 2048
#define MAX_PACKETS_AT_ONCE 32        /* a flood must not keep the other calls waiting */
#define HEADER_BYTES 12
#define REPORT_EVERY_US (5 * G_USEC_PER_SEC)
#define PORT_ATTEMPTS 200

struct _ExchangeRtp {
  ExchangeRtpFuncs  funcs;
  gpointer          user_data;
  GSocket          *socket;           /* RTP, even port */
  GSocket          *control;          /* RTCP, the odd port above */
  GSource          *source;
  GSource          *control_source;
  guint             port;

  GSocketAddress   *remote;
  GSocketAddress   *remote_control;
  ExchangeCodec     codec;
  guint             payload_type;
  int               event_payload_type;
  gboolean          sending;

  /* what we send */
  guint32           ssrc;
  guint16           sequence;
  guint32           timestamp;
  guint32           packets;
  guint32           octets;
  gint64            reported_us;

  /* playing */
  const gint16     *samples;
  gsize             n_samples;
  gsize             position;
  gboolean          endless;
  gboolean          first;            /* of a talk spurt: marker bit */
  guint             timer;
  gint64            started_us;
  guint64           frames;           /* sent or skipped since then */
  ExchangeG722      g722;

  /* reflecting */
  gboolean          reflecting;
  guint32           heard_ssrc;
  gboolean          heard;
  guint16           sequence_offset;
  guint32           timestamp_offset;

  /* digits */
  gboolean          event_seen;
  guint32           event_timestamp;
};

static guint8
encode_mulaw (int sample)
{
  const int sign = sample < 0 ? 0x80 : 0;
  int magnitude = MIN (sign ? -sample : sample, 32635) + 132;
  int exponent = 7;

  while (exponent > 0 && !(magnitude & (1 << (exponent + 7))))
    exponent--;

  return ~(sign | exponent << 4 | ((magnitude >> (exponent + 3)) & 15));
}

static guint8
encode_alaw (int sample)
{
  const int sign = sample < 0 ? 0 : 0x80;
  int magnitude = MIN (sign ? sample : -(sample + 1), 32767);
  int exponent = 7;

  while (exponent > 0 && !(magnitude & (1 << (exponent + 7))))
    exponent--;

  return (sign | exponent << 4 | ((magnitude >> (exponent > 0 ? exponent + 3 : 4)) & 15)) ^ 0x55;
}

static void
encode_frame (ExchangeRtp  *self,
              const gint16 *samples,
              guint8       *bytes)
{
  if (self->codec == EXCHANGE_CODEC_G722)
    {
      exchange_g722_encode (&self->g722, samples, FRAME_SAMPLES, bytes);
      return;
    }
  for (guint i = 0; i < FRAME_BYTES; i++)
    {
      const int sample = (samples[2 * i] + samples[2 * i + 1]) / 2;

      bytes[i] = self->codec == EXCHANGE_CODEC_PCMU ? encode_mulaw (sample) : encode_alaw (sample);
    }
}

static void
put16 (guint8  *at,
       guint16  value)
{
  value = GUINT16_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static void
put32 (guint8  *at,
       guint32  value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static guint32
get32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* A sender report with a source description (RFC 3550 §6.4.1, §6.5), no report blocks. */
static void
send_report (ExchangeRtp *self)
{
  guint8 packet[48] = { 0x80, 200, 0, 6 };
  const gint64 now_us = g_get_monotonic_time ();
  const gint64 wall_us = g_get_real_time ();

  if (self->reported_us && now_us - self->reported_us < REPORT_EVERY_US)
    return;
  self->reported_us = now_us;

  put32 (packet + 4, self->ssrc);
  put32 (packet + 8, wall_us / G_USEC_PER_SEC + G_GUINT64_CONSTANT (2208988800));
  put32 (packet + 12, ((guint64) (wall_us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC);
  put32 (packet + 16, self->timestamp);
  put32 (packet + 20, self->packets);
  put32 (packet + 24, self->octets);
  packet[28] = 0x81;
  packet[29] = 202;
  put16 (packet + 30, 4);
  put32 (packet + 32, self->ssrc);
  packet[36] = 1;                       /* CNAME, 8 characters, ended by two zeros */
  packet[37] = 8;
  memcpy (packet + 38, "exchange", 8);

  /* The far end may not listen there: not worth a word. */
  g_socket_send_to (self->control, self->remote_control, (const char *) packet, sizeof packet, NULL, NULL);
}

static void
send_packet (ExchangeRtp *self,
             guint8      *packet,
             gsize        length)
{
  if (!self->remote || !self->sending)
    return;

  g_socket_send_to (self->socket, self->remote, (const char *) packet, length, NULL, NULL);
  self->packets++;
  self->octets += length - HEADER_BYTES;
  send_report (self);
}

static void
fill_header (ExchangeRtp *self,
             guint8      *packet,
             guint        payload_type,
             gboolean     marker)
{
  packet[0] = 0x80;
  packet[1] = payload_type | (marker ? 0x80 : 0);
  put16 (packet + 2, self->sequence);
  put32 (packet + 4, self->timestamp);
  put32 (packet + 8, self->ssrc);
}

/* Takes the next samples; silence past the end. Returns FALSE when the sound is over. */
static gboolean
next_samples (ExchangeRtp *self,
              gint16      *samples)
{
  for (guint i = 0; i < FRAME_SAMPLES; i++)
    {
      if (self->position >= self->n_samples && self->endless)
        self->position = 0;
      samples[i] = self->position < self->n_samples ? self->samples[self->position++] : 0;
    }

  return self->endless || self->position < self->n_samples;
}

static gboolean
send_frame (ExchangeRtp *self)
{
  guint8 packet[HEADER_BYTES + FRAME_BYTES];
  gint16 samples[FRAME_SAMPLES];
  gboolean more = next_samples (self, samples);

  encode_frame (self, samples, packet + HEADER_BYTES);
  fill_header (self, packet, self->payload_type, self->first);
  self->first = FALSE;
  self->sequence++;
  self->timestamp += FRAME_BYTES;       /* 8 kHz clock, for G.722 as well (RFC 3551 §4.5.2) */
  send_packet (self, packet, sizeof packet);

  return more;
}

static void
stop_playing (ExchangeRtp *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}

static gboolean
on_frame_due (gpointer data)
{
  ExchangeRtp *self = data;
  const guint64 due = (g_get_monotonic_time () - self->started_us) / (FRAME_MS * 1000);

  if (due > self->frames + MAX_FRAMES_AT_ONCE)
    self->frames = due - MAX_FRAMES_AT_ONCE;
  for (; self->frames < due; self->frames++)
    {
      if (!self->sending || !self->remote || self->codec == EXCHANGE_CODEC_NONE)
        continue;
      if (!send_frame (self))
        {
          self->timer = 0;
          self->funcs.sound_ended (self->user_data);
          return G_SOURCE_REMOVE;
        }
    }

  return G_SOURCE_CONTINUE;
}

static void
reflect (ExchangeRtp *self,
         guint8      *packet,
         gsize        length)
{
  const guint32 ssrc = get32 (packet + 8);
  const guint16 sequence = packet[2] << 8 | packet[3];
  const guint32 timestamp = get32 (packet + 4);

  if (!self->heard || ssrc != self->heard_ssrc)
    {
      self->heard = TRUE;
      self->heard_ssrc = ssrc;
      self->sequence_offset = self->sequence - sequence;
      self->timestamp_offset = self->timestamp - timestamp;
    }
  self->sequence = sequence + self->sequence_offset;
  self->timestamp = timestamp + self->timestamp_offset;
  put16 (packet + 2, self->sequence);
  put32 (packet + 4, self->timestamp);
  put32 (packet + 8, self->ssrc);
  send_packet (self, packet, length);
  self->sequence++;
}

/* RFC 4733: all packets of an event have the same timestamp, so each is told once, at its first packet. */
static void
take_event (ExchangeRtp  *self,
            const guint8 *payload,
            gsize         length,
            guint32       timestamp)
{
  static const char digits[] = "0123456789*#ABCD";

  if (length < 4 || payload[0] >= sizeof digits - 1)
    return;
  if (self->event_seen && self->event_timestamp == timestamp)
    return;
  self->event_seen = TRUE;
  self->event_timestamp = timestamp;

  self->funcs.digit (digits[payload[0]], self->user_data);
}

static void
take_packet (ExchangeRtp *self,
             guint8      *packet,
             gsize        length)
{
  const gsize header = exchange_rtp_parse_header (packet, length);
  guint32 timestamp;
  guint payload_type;

  if (header == 0)
    return;
  payload_type = packet[1] & 0x7f;
  timestamp = get32 (packet + 4);
  if (self->reflecting)
    reflect (self, packet, length);
  if (self->event_payload_type >= 0 && payload_type == (guint) self->event_payload_type)
    take_event (self, packet + header, length - header, timestamp);
}

static gboolean
on_packet (GSocket      *socket,
           GIOCondition  condition,
           gpointer      data)
{
  ExchangeRtp *self = data;

  for (guint i = 0; i < MAX_PACKETS_AT_ONCE; i++)
    {
      guint8 packet[MAX_PACKET];
      /* Errors are those of earlier sends (nobody listens there any more) or "nothing left". */
      gssize length = g_socket_receive_with_blocking (socket, (char *) packet, sizeof packet, FALSE, NULL, NULL);

      if (length < 0)
        break;
      if (socket == self->socket)
        take_packet (self, packet, length);
    }

  return G_SOURCE_CONTINUE;
}

static GSocket *
bind_port (GInetAddress  *address,
           guint          port,
           GError       **error)
{
  g_autoptr (GSocketAddress) at = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                                             G_SOCKET_PROTOCOL_UDP, error);

  if (!socket || !g_socket_bind (socket, at, FALSE, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static gboolean
bind_pair (ExchangeRtp   *self,
           GInetAddress  *address,
           GError       **error)
{
  for (guint i = 0; i < PORT_ATTEMPTS; i++)
    {
      g_autoptr (GSocketAddress) local = NULL;
      g_autoptr (GSocket) socket = bind_port (address, 0, error);

      if (!socket)
        return FALSE;
      local = g_socket_get_local_address (socket, error);
      if (!local)
        return FALSE;
      self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
      if (self->port % 2 == 0 && (self->control = bind_port (address, self->port + 1, NULL)))
        {
          self->socket = g_steal_pointer (&socket);
          return TRUE;
        }
    }

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "no pair of RTP ports is free");
  return FALSE;
}

static GSource *
watch (ExchangeRtp *self,
       GSocket     *socket)
{
  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (on_packet), self, NULL);
  g_source_attach (source, NULL);
  return source;
}

static void
clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

ExchangeRtp *
exchange_rtp_new (const char              *address,
                  const ExchangeRtpFuncs  *funcs,
                  gpointer                 user_data,
                  GError                 **error)
{
  g_autoptr (GInetAddress) at = NULL;
  ExchangeRtp *self;

  g_return_val_if_fail (address && funcs && funcs->sound_ended && funcs->digit, NULL);

  at = g_inet_address_new_from_string (address);
  g_return_val_if_fail (at, NULL);

  self = g_new0 (ExchangeRtp, 1);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->event_payload_type = -1;
  self->sending = TRUE;
  self->ssrc = g_random_int ();
  self->sequence = g_random_int_range (0, 0x8000);
  self->timestamp = g_random_int ();
  exchange_g722_init (&self->g722);
  if (!bind_pair (self, at, error))
    {
      exchange_rtp_free (self);
      return NULL;
    }
  self->source = watch (self, self->socket);
  self->control_source = watch (self, self->control);

  return self;
}

void
exchange_rtp_free (ExchangeRtp *self)
{
  if (!self)
    return;
  stop_playing (self);
  clear_source (&self->source);
  clear_source (&self->control_source);
  g_clear_object (&self->socket);
  g_clear_object (&self->control);
  g_clear_object (&self->remote);
  g_clear_object (&self->remote_control);
  g_free (self);
}

guint
exchange_rtp_get_port (ExchangeRtp *self)
{
  g_return_val_if_fail (self, 0);

  return self->port;
}

void
exchange_rtp_set_remote (ExchangeRtp   *self,
                         const char    *address,
                         guint          port,
                         ExchangeCodec  codec,
                         guint          payload_type,
                         int            event_payload_type)
{
  g_autoptr (GInetAddress) at = NULL;

  g_return_if_fail (self);

  g_clear_object (&self->remote);
  g_clear_object (&self->remote_control);
  at = address ? g_inet_address_new_from_string (address) : NULL;
  if (at && port > 0 && port < 65535 &&
      g_inet_address_get_family (at) == g_socket_get_family (self->socket) && !g_inet_address_get_is_any (at))
    {
      self->remote = g_inet_socket_address_new (at, port);
      self->remote_control = g_inet_socket_address_new (at, port + 1);
    }
  self->codec = codec;
  self->payload_type = payload_type & 0x7f;
  self->event_payload_type = event_payload_type;
}

void
exchange_rtp_set_sending (ExchangeRtp *self,
                          gboolean     sending)
{
  g_return_if_fail (self);

  if (sending && !self->sending)
    self->first = TRUE;
  self->sending = sending;
}

void
exchange_rtp_play (ExchangeRtp   *self,
                   ExchangeSound  sound)
{
  g_return_if_fail (self);

  stop_playing (self);
  self->reflecting = FALSE;
  self->samples = exchange_sound_get (sound, &self->n_samples);
  if (!self->samples)
    return;
  self->endless = exchange_sound_is_endless (sound);
  self->position = 0;
  self->first = TRUE;
  self->started_us = g_get_monotonic_time ();
  self->frames = 0;
  self->timer = g_timeout_add (FRAME_MS, on_frame_due, self);
}

void
exchange_rtp_reflect (ExchangeRtp *self)
{
  g_return_if_fail (self);

  stop_playing (self);
  self->reflecting = TRUE;
  self->heard = FALSE;
}

gsize
exchange_rtp_parse_header (const guint8 *packet,
                           gsize         length)
{
  gsize header;

  g_return_val_if_fail (packet, 0);

  if (length < HEADER_BYTES || packet[0] >> 6 != 2)
    return 0;
  header = HEADER_BYTES + 4 * (packet[0] & 15);
  if (packet[0] & 0x10)
    {
      if (length < header + 4)
        return 0;
      header += 4 + 4 * (packet[header + 2] << 8 | packet[header + 3]);
    }

  return header <= length ? header : 0;
}
