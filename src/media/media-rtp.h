/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:media-rtp
 * @title: RTP packets
 *
 * Reading and writing the RTP header (RFC 3550 §5.1) and the telephone-event payload (RFC 4733 §2.3). Pure functions
 * on bytes, any thread. What they read comes from outside: every length is checked.
 */
#define PHONE_RTP_HEADER_SIZE 12
#define PHONE_RTP_EVENT_SIZE 4
/* No packet of ours or theirs is longer: an Ethernet frame. */
#define PHONE_RTP_MAX_PACKET 1500

typedef struct {
  guint    payload_type;
  gboolean marker;
  guint16  sequence;
  guint32  timestamp;
  guint32  ssrc;
  gsize    payload_offset;   /* from the start of the packet */
  gsize    payload_length;   /* without padding */
} PhoneRtpHeader;

gboolean phone_rtp_parse           (const guint8         *data,
                                    gsize                 length,
                                    PhoneRtpHeader       *header);
void     phone_rtp_write_header    (guint8                data[PHONE_RTP_HEADER_SIZE],
                                    const PhoneRtpHeader *header);

/**
 * PhoneRtpEvent:
 * @code: RFC 4733 §3.2: 0–9, 10 = *, 11 = #, 12–15 = A–D; others are no digits
 * @end: whether the event is over
 * @volume: power level in −dBm0, 0–63
 * @duration: in units of the RTP clock
 */
typedef struct {
  guint    code;
  gboolean end;
  guint    volume;
  guint    duration;
} PhoneRtpEvent;

gboolean phone_rtp_event_parse     (const guint8         *payload,
                                    gsize                 length,
                                    PhoneRtpEvent        *event);
void     phone_rtp_event_write     (guint8                payload[PHONE_RTP_EVENT_SIZE],
                                    const PhoneRtpEvent  *event);
char     phone_rtp_event_to_digit  (guint                 code);
int      phone_rtp_event_from_digit (char                 digit);

/**
 * PhoneRtpEventReceiver:
 * Makes one digit out of the many packets of an event. A zeroed struct is ready for use.
 */
typedef struct {
  gboolean seen;
  guint32  ssrc;
  guint32  timestamp;
} PhoneRtpEventReceiver;

char     phone_rtp_event_receiver_take (PhoneRtpEventReceiver *self,
                                        const PhoneRtpHeader  *header,
                                        const guint8          *payload);

G_END_DECLS
