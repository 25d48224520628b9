/* rooms: engine media */
/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What comes to the sockets of a call: the input is a row of datagrams, each behind two bytes of length whose highest bit
 * says whether it came to the RTCP port. */

#include "media-jitter.h"
#include "media-rtcp.h"
#include "media-rtp.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
play (PhoneJitterBuffer *jitter,
      gint64             now_us)
{
  g_autoptr (GBytes) packet = NULL;
  guint missing;

  switch (phone_jitter_buffer_get (jitter, now_us, &packet, &missing))
    {
    case PHONE_JITTER_WAIT:
      break;
    case PHONE_JITTER_PACKET:
      phone_jitter_buffer_decoded (jitter, 160);
      break;
    case PHONE_JITTER_LATE:
    case PHONE_JITTER_LOST:
      phone_jitter_buffer_concealed (jitter, 80);
      break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (PhoneRtcpSession) session = phone_rtcp_session_new (0x01020304, "fuzz");
  g_autoptr (PhoneJitterBuffer) jitter = phone_jitter_buffer_new (TRUE, 60, 240);
  PhoneRtpEventReceiver events = { 0 };
  guint8 report[256];
  gint64 now_us = 1000000;

  while (size >= 2)
    {
      gsize length = ((gsize) (data[0] & 0x7f) << 8) | data[1];
      gboolean rtcp = (data[0] & 0x80) != 0;
      PhoneRtpHeader header;

      data += 2;
      size -= 2;
      length = MIN (length, size);
      if (rtcp)
        phone_rtcp_session_read_report (session, data, length, now_us);
      else if (phone_rtp_parse (data, length, &header))
        {
          g_autoptr (GBytes) packet = g_bytes_new (data, length);
          PhoneRtpEvent event;

          if (phone_rtp_event_parse (data + header.payload_offset, header.payload_length, &event))
            g_assert_cmpuint (event.volume, <=, 63);
          g_assert (header.payload_offset + header.payload_length <= length);
          phone_rtp_event_receiver_take (&events, &header, data + header.payload_offset);
          phone_rtcp_session_received (session, &header, now_us);
          phone_jitter_buffer_put (jitter, header.timestamp, packet, now_us);
        }
      play (jitter, now_us);
      data += length;
      size -= length;
      now_us += 10000;
    }
  phone_rtcp_session_write_report (session, report, sizeof report, now_us, TRUE);
  return 0;
}
