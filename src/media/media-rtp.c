/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-rtp.h"

#include <string.h>

#define RTP_VERSION 2
#define EVENT_DIGITS "0123456789*#ABCD"

static guint
read_16 (const guint8 *data)
{
  return ((guint) data[0] << 8) | data[1];
}

static guint32
read_32 (const guint8 *data)
{
  return ((guint32) read_16 (data) << 16) | read_16 (data + 2);
}

static void
write_16 (guint8 *data,
          guint   value)
{
  data[0] = (guint8) (value >> 8);
  data[1] = (guint8) value;
}

static void
write_32 (guint8 *data,
          guint32 value)
{
  write_16 (data, value >> 16);
  write_16 (data + 2, value & 0xffff);
}

/**
 * phone_rtp_parse:
 * @data: one datagram
 * @length: its length
 * @header: (out): what stands in it
 *
 * RTCP that came to the RTP port (payload types 72–76 after the marker bit, RFC 5761) is refused as well.
 *
 * Returns: %FALSE when this is no RTP packet or it is cut short
 */
gboolean
phone_rtp_parse (const guint8   *data,
                 gsize           length,
                 PhoneRtpHeader *header)
{
  gsize offset = PHONE_RTP_HEADER_SIZE;
  gsize padding = 0;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (header != NULL, FALSE);

  if (length < PHONE_RTP_HEADER_SIZE || length > G_MAXUINT16 || (data[0] >> 6) != RTP_VERSION)
    return FALSE;
  if (data[1] >= 200 && data[1] <= 204)
    return FALSE;

  offset += (gsize) (data[0] & 0x0f) * 4;
  if (data[0] & 0x10)
    {
      if (length < offset + 4)
        return FALSE;
      offset += 4 + (gsize) read_16 (data + offset + 2) * 4;
    }
  if (offset > length)
    return FALSE;
  if (data[0] & 0x20)
    {
      padding = data[length - 1];
      if (padding == 0 || padding > length - offset)
        return FALSE;
    }

  header->marker = (data[1] & 0x80) != 0;
  header->payload_type = data[1] & 0x7f;
  header->sequence = (guint16) read_16 (data + 2);
  header->timestamp = read_32 (data + 4);
  header->ssrc = read_32 (data + 8);
  header->payload_offset = offset;
  header->payload_length = length - offset - padding;
  return TRUE;
}

/**
 * phone_rtp_write_header:
 * @data: (out): twelve bytes
 * @header: what to write; the payload members do not count
 */
void
phone_rtp_write_header (guint8                data[PHONE_RTP_HEADER_SIZE],
                        const PhoneRtpHeader *header)
{
  data[0] = RTP_VERSION << 6;
  data[1] = (guint8) ((header->marker ? 0x80 : 0) | (header->payload_type & 0x7f));
  write_16 (data + 2, header->sequence);
  write_32 (data + 4, header->timestamp);
  write_32 (data + 8, header->ssrc);
}

/**
 * phone_rtp_event_parse:
 * @payload: payload of a telephone-event packet
 * @length: its length; more than one event in a packet is allowed by nobody but seen, the first one counts
 * @event: (out): the event
 *
 * Returns: %FALSE when it is cut short
 */
gboolean
phone_rtp_event_parse (const guint8  *payload,
                       gsize          length,
                       PhoneRtpEvent *event)
{
  g_return_val_if_fail (event != NULL, FALSE);

  if (length < PHONE_RTP_EVENT_SIZE)
    return FALSE;

  event->code = payload[0];
  event->end = (payload[1] & 0x80) != 0;
  event->volume = payload[1] & 0x3f;
  event->duration = read_16 (payload + 2);
  return TRUE;
}

/**
 * phone_rtp_event_write:
 * @payload: (out): four bytes
 * @event: the event
 */
void
phone_rtp_event_write (guint8               payload[PHONE_RTP_EVENT_SIZE],
                       const PhoneRtpEvent *event)
{
  payload[0] = (guint8) event->code;
  payload[1] = (guint8) ((event->end ? 0x80 : 0) | (event->volume & 0x3f));
  write_16 (payload + 2, MIN (event->duration, G_MAXUINT16));
}

/**
 * phone_rtp_event_to_digit:
 * Returns: the digit of an event code, 0 when it is none (flash, fax tones, …)
 */
char
phone_rtp_event_to_digit (guint code)
{
  return code < strlen (EVENT_DIGITS) ? EVENT_DIGITS[code] : 0;
}

/**
 * phone_rtp_event_from_digit:
 * Returns: the event code of a digit, −1 when there is none
 */
int
phone_rtp_event_from_digit (char digit)
{
  const char *found = digit == 0 ? NULL : strchr (EVENT_DIGITS, g_ascii_toupper (digit));

  return found == NULL ? -1 : (int) (found - EVENT_DIGITS);
}

/**
 * phone_rtp_event_receiver_take:
 * @header: header of a telephone-event packet
 * @payload: the packet's payload, of the length the header says
 *
 * All packets of one event carry the timestamp of its start, so a digit is new when the timestamp is; an older one
 * is a straggler. The digit is told by the first packet that arrives, whichever it is: the end packet alone is enough.
 *
 * Returns: a digit that was not told before, else 0
 */
char
phone_rtp_event_receiver_take (PhoneRtpEventReceiver *self,
                               const PhoneRtpHeader  *header,
                               const guint8          *payload)
{
  PhoneRtpEvent event;

  if (!phone_rtp_event_parse (payload, header->payload_length, &event))
    return 0;
  if (self->seen && self->ssrc == header->ssrc && (gint32) (header->timestamp - self->timestamp) <= 0)
    return 0;

  self->seen = TRUE;
  self->ssrc = header->ssrc;
  self->timestamp = header->timestamp;
  return phone_rtp_event_to_digit (event.code);
}
