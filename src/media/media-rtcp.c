/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-rtcp.h"

#include <string.h>

#define RTCP_SENDER_REPORT 200
#define RTCP_RECEIVER_REPORT 201
#define RTCP_SOURCE_DESCRIPTION 202
#define RTCP_BYE 203
#define SDES_CNAME 1
#define REPORT_BLOCK_SIZE 24
#define MAX_CNAME 64
/* A jump of sequence numbers larger than this is another stream (RFC 3550 A.1, MAX_DROPOUT). */
#define MAX_DROPOUT 3000
/* Seconds from 1900, where NTP starts counting, to 1970. */
#define NTP_OFFSET_S G_GUINT64_CONSTANT (2208988800)

struct _PhoneRtcpSession {
  guint32  ssrc;
  char     cname[MAX_CNAME + 1];
  guint    send_hz;
  guint    receive_hz;

  guint64  sent;
  guint32  sent_bytes;
  guint32  sent_timestamp;       /* of the last packet */
  gint64   sent_us;
  gboolean sent_since_report;

  gboolean receiving;
  guint32  remote_ssrc;
  guint16  highest;
  guint32  cycles;
  guint32  base;                 /* extended number of the first packet */
  guint64  received;             /* of this source */
  guint64  received_total;
  gint64   lost_before;          /* of earlier sources */
  guint32  expected_prior;
  guint64  received_prior;
  guint32  transit;              /* in clock units, modulo 2^32 */
  double   jitter;               /* in clock units */

  gboolean have_report;
  guint32  last_report_ntp;      /* middle 32 bits of their NTP stamp */
  gint64   last_report_us;
  gint64   remote_lost;
  guint    remote_fraction;   /* of 256 */
  guint    remote_jitter;
  guint    round_trip_us;
};

static void
put_32 (guint8 *data,
        guint32 value)
{
  data[0] = (guint8) (value >> 24);
  data[1] = (guint8) (value >> 16);
  data[2] = (guint8) (value >> 8);
  data[3] = (guint8) value;
}

static guint32
get_32 (const guint8 *data)
{
  return ((guint32) data[0] << 24) | ((guint32) data[1] << 16) | ((guint32) data[2] << 8) | data[3];
}

static void
put_head (guint8 *data,
          guint   count,
          guint   type,
          gsize   length)
{
  data[0] = (guint8) (0x80 | count);
  data[1] = (guint8) type;
  data[2] = (guint8) ((length / 4 - 1) >> 8);
  data[3] = (guint8) (length / 4 - 1);
}

/* NTP time in 32.32 fixed point. The monotonic clock is given an arbitrary but fixed date: the round trip needs
 * differences only, and the other side shall not learn by how much our wall clock is off. */
static guint64
ntp_from_us (gint64 now_us)
{
  guint64 seconds = NTP_OFFSET_S + (guint64) (now_us / G_USEC_PER_SEC);
  guint64 fraction = ((guint64) (now_us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC;

  return (seconds << 32) | fraction;
}

static guint32
middle_of_ntp (guint64 ntp)
{
  return (guint32) (ntp >> 16);
}

/**
 * phone_rtcp_session_new:
 * @ssrc: our source identifier
 * @cname: our canonical name (RFC 7022: random, not a user's name); cut after 64 bytes
 */
PhoneRtcpSession *
phone_rtcp_session_new (guint32     ssrc,
                        const char *cname)
{
  PhoneRtcpSession *self = g_new0 (PhoneRtcpSession, 1);

  self->ssrc = ssrc;
  g_strlcpy (self->cname, cname == NULL ? "" : cname, sizeof self->cname);
  self->send_hz = 8000;
  self->receive_hz = 8000;
  return self;
}

void
phone_rtcp_session_free (PhoneRtcpSession *self)
{
  g_free (self);
}

/**
 * phone_rtcp_session_set_rates:
 * @send_hz: RTP clock rate of what we send
 * @receive_hz: of what we receive
 */
void
phone_rtcp_session_set_rates (PhoneRtcpSession *self,
                              guint             send_hz,
                              guint             receive_hz)
{
  g_return_if_fail (self != NULL);

  if (receive_hz > 0 && receive_hz != self->receive_hz)
    {
      self->receive_hz = receive_hz;
      self->transit = 0;
      self->jitter = 0;
    }
  if (send_hz > 0)
    self->send_hz = send_hz;
}

/**
 * phone_rtcp_session_sent:
 * @header: header of the packet that was sent
 * @now_us: when
 */
void
phone_rtcp_session_sent (PhoneRtcpSession     *self,
                         const PhoneRtpHeader *header,
                         gint64                now_us)
{
  g_return_if_fail (self != NULL);

  self->sent++;
  self->sent_bytes += (guint32) header->payload_length;
  self->sent_timestamp = header->timestamp;
  self->sent_us = now_us;
  self->sent_since_report = TRUE;
}

static guint32
expected (const PhoneRtcpSession *self)
{
  return self->receiving ? self->cycles + self->highest - self->base + 1 : 0;
}

static void
start_source (PhoneRtcpSession     *self,
              const PhoneRtpHeader *header)
{
  if (self->receiving)
    self->lost_before += (gint64) expected (self) - (gint64) self->received;
  self->receiving = TRUE;
  self->remote_ssrc = header->ssrc;
  self->highest = header->sequence;
  self->cycles = 0;
  self->base = header->sequence;
  self->received = 0;
  self->expected_prior = 0;
  self->received_prior = 0;
  self->transit = 0;
  self->jitter = 0;
}

/**
 * phone_rtcp_session_received:
 * @header: header of a packet that came from the other side
 * @now_us: when
 *
 * RFC 3550 A.1 and A.8; a new SSRC or a great leap of the numbers starts a new source.
 */
void
phone_rtcp_session_received (PhoneRtcpSession     *self,
                             const PhoneRtpHeader *header,
                             gint64                now_us)
{
  guint16 step;
  guint32 transit;

  g_return_if_fail (self != NULL);

  step = (guint16) (header->sequence - self->highest);
  if (!self->receiving || header->ssrc != self->remote_ssrc || (step >= MAX_DROPOUT && step <= 65535 - 100))
    start_source (self, header);
  else if (step != 0 && step < MAX_DROPOUT)
    {
      if (header->sequence < self->highest)
        self->cycles += 65536;
      self->highest = header->sequence;
    }
  self->received++;
  self->received_total++;

  transit = (guint32) ((guint64) now_us * self->receive_hz / G_USEC_PER_SEC) - header->timestamp;
  if (self->received > 1)
    {
      gint32 difference = (gint32) (transit - self->transit);

      /* A leap of the timestamps (hold, new talker) is no jitter. */
      if (ABS ((gint64) difference) < (gint64) self->receive_hz)
        self->jitter += (ABS (difference) - self->jitter) / 16.0;
    }
  self->transit = transit;
}

static gsize
write_block (PhoneRtcpSession *self,
             guint8           *data,
             gint64            now_us)
{
  guint32 all = expected (self);
  gint64 lost = (gint64) all - (gint64) self->received;
  gint64 expected_interval = (gint64) all - self->expected_prior;
  gint64 received_interval = (gint64) (self->received - self->received_prior);
  gint64 lost_interval = expected_interval - received_interval;
  guint fraction = 0;

  if (expected_interval > 0 && lost_interval > 0)
    fraction = (guint) MIN ((lost_interval << 8) / expected_interval, 255);
  self->expected_prior = all;
  self->received_prior = self->received;

  put_32 (data, self->remote_ssrc);
  put_32 (data + 4, (fraction << 24) | ((guint32) CLAMP (lost, -0x800000, 0x7fffff) & 0xffffff));
  put_32 (data + 8, self->cycles + self->highest);
  put_32 (data + 12, (guint32) self->jitter);
  put_32 (data + 16, self->have_report ? self->last_report_ntp : 0);
  put_32 (data + 20, self->have_report ? (guint32) ((now_us - self->last_report_us) * 65536 / G_USEC_PER_SEC) : 0);
  return REPORT_BLOCK_SIZE;
}

static gsize
write_sender_info (PhoneRtcpSession *self,
                   guint8           *data,
                   gint64            now_us)
{
  guint64 ntp = ntp_from_us (now_us);
  gint64 since_us = now_us - self->sent_us;

  put_32 (data, (guint32) (ntp >> 32));
  put_32 (data + 4, (guint32) ntp);
  put_32 (data + 8, self->sent_timestamp + (guint32) (since_us * self->send_hz / G_USEC_PER_SEC));
  put_32 (data + 12, (guint32) self->sent);
  put_32 (data + 16, self->sent_bytes);
  return 20;
}

static gsize
write_cname (PhoneRtcpSession *self,
             guint8           *data)
{
  gsize name = strlen (self->cname);
  gsize length = (8 + 2 + name + 1 + 3) & ~(gsize) 3;

  memset (data, 0, length);
  put_head (data, 1, RTCP_SOURCE_DESCRIPTION, length);
  put_32 (data + 4, self->ssrc);
  data[8] = SDES_CNAME;
  data[9] = (guint8) name;
  memcpy (data + 10, self->cname, name);
  return length;
}

/**
 * phone_rtcp_session_write_report:
 * @data: (out): room for the compound packet
 * @size: at least 160 bytes
 * @now_us: now
 * @bye: whether we leave
 *
 * A sender report when something was sent since the last one, else a receiver report; then our CNAME.
 *
 * Returns: length of the packet
 */
gsize
phone_rtcp_session_write_report (PhoneRtcpSession *self,
                                 guint8           *data,
                                 gsize             size,
                                 gint64            now_us,
                                 gboolean          bye)
{
  gsize length = 8;
  gboolean sender;

  g_return_val_if_fail (self != NULL && data != NULL && size >= 160, 0);

  sender = self->sent_since_report;
  if (sender)
    length += write_sender_info (self, data + length, now_us);
  if (self->receiving)
    length += write_block (self, data + length, now_us);
  put_head (data, self->receiving ? 1 : 0, sender ? RTCP_SENDER_REPORT : RTCP_RECEIVER_REPORT, length);
  put_32 (data + 4, self->ssrc);
  self->sent_since_report = FALSE;

  length += write_cname (self, data + length);
  if (bye)
    {
      put_head (data + length, 1, RTCP_BYE, 8);
      put_32 (data + length + 4, self->ssrc);
      length += 8;
    }
  return length;
}

static void
read_blocks (PhoneRtcpSession *self,
             const guint8     *data,
             gsize             length,
             guint             count,
             gint64            now_us)
{
  for (guint i = 0; i < count && length >= REPORT_BLOCK_SIZE;
       i++, data += REPORT_BLOCK_SIZE, length -= REPORT_BLOCK_SIZE)
    {
      guint32 lost = get_32 (data + 4) & 0xffffff;
      guint32 last = get_32 (data + 16);
      guint32 delay = get_32 (data + 20);

      if (get_32 (data) != self->ssrc)
        continue;
      self->remote_fraction = data[4];
      self->remote_lost = (lost & 0x800000) ? (gint64) lost - 0x1000000 : (gint64) lost;
      self->remote_jitter = get_32 (data + 12);
      if (last != 0)
        {
          guint32 round_trip = middle_of_ntp (ntp_from_us (now_us)) - last - delay;

          /* Over a minute is nonsense: a clock jumped or somebody makes numbers up. */
          if (round_trip < 60u * 65536)
            self->round_trip_us = (guint) ((guint64) round_trip * G_USEC_PER_SEC / 65536);
        }
    }
}

/**
 * phone_rtcp_session_read_report:
 * @data: one datagram
 * @length: its length
 * @now_us: when it came
 *
 * Reads as far as it makes sense; application and extended reports are skipped.
 *
 * Returns: %FALSE when it is no RTCP at all
 */
gboolean
phone_rtcp_session_read_report (PhoneRtcpSession *self,
                                const guint8     *data,
                                gsize             length,
                                gint64            now_us)
{
  gboolean any = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  while (length >= 8 && (data[0] >> 6) == 2)
    {
      guint count = data[0] & 0x1f;
      gsize size = ((gsize) ((data[2] << 8) | data[3]) + 1) * 4;

      if (size > length)
        break;
      any = TRUE;
      if (data[1] == RTCP_SENDER_REPORT && size >= 28)
        {
          self->have_report = TRUE;
          self->last_report_ntp = (get_32 (data + 8) << 16) | (get_32 (data + 12) >> 16);
          self->last_report_us = now_us;
          read_blocks (self, data + 28, size - 28, count, now_us);
        }
      else if (data[1] == RTCP_RECEIVER_REPORT && size >= 8)
        read_blocks (self, data + 8, size - 8, count, now_us);
      data += size;
      length -= size;
    }
  return any;
}

/**
 * phone_rtcp_session_get_statistics:
 * @statistics: (out): how it goes
 */
void
phone_rtcp_session_get_statistics (const PhoneRtcpSession *self,
                                   PhoneRtcpStatistics    *statistics)
{
  g_return_if_fail (self != NULL && statistics != NULL);

  statistics->sent = self->sent;
  statistics->received = self->received_total;
  statistics->lost = self->lost_before + (gint64) expected (self) - (gint64) self->received;
  statistics->remote_lost = self->remote_lost;
  statistics->remote_loss_percent = (self->remote_fraction * 100 + 128) / 256;
  statistics->jitter_us = (guint) (self->jitter * G_USEC_PER_SEC / self->receive_hz);
  statistics->remote_jitter_us = (guint) ((guint64) self->remote_jitter * G_USEC_PER_SEC / self->send_hz);
  statistics->round_trip_us = self->round_trip_us;
}
