/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-rtcp.h"
#include "media-rtp.h"

#include <string.h>

static void
test_header (void)
{
  guint8 data[PHONE_RTP_HEADER_SIZE + 4] = { 0 };
  PhoneRtpHeader wrote = { 101, TRUE, 65535, 0xdeadbeef, 0x01020304, 0, 0 };
  PhoneRtpHeader read;

  phone_rtp_write_header (data, &wrote);
  g_assert_true (phone_rtp_parse (data, sizeof data, &read));
  g_assert_cmpuint (read.payload_type, ==, 101);
  g_assert_true (read.marker);
  g_assert_cmpuint (read.sequence, ==, 65535);
  g_assert_cmphex (read.timestamp, ==, 0xdeadbeef);
  g_assert_cmphex (read.ssrc, ==, 0x01020304);
  g_assert_cmpuint (read.payload_offset, ==, 12);
  g_assert_cmpuint (read.payload_length, ==, 4);
}

static void
test_header_bounds (void)
{
  guint8 data[64] = { 0x80, 0 };
  PhoneRtpHeader header;

  g_assert_false (phone_rtp_parse (data, 11, &header));
  g_assert_true (phone_rtp_parse (data, 12, &header));
  data[0] = 0x40;                              /* version 1 */
  g_assert_false (phone_rtp_parse (data, 64, &header));
  data[0] = 0x8f;                              /* fifteen contributing sources: 72 bytes */
  g_assert_false (phone_rtp_parse (data, 64, &header));
  data[0] = 0x83;
  g_assert_true (phone_rtp_parse (data, 64, &header));
  g_assert_cmpuint (header.payload_offset, ==, 24);
  data[0] = 0x90;                              /* an extension longer than the packet */
  data[14] = 0xff;
  g_assert_false (phone_rtp_parse (data, 64, &header));
  data[14] = 0;
  data[15] = 2;
  g_assert_true (phone_rtp_parse (data, 64, &header));
  g_assert_cmpuint (header.payload_offset, ==, 24);
  data[0] = 0xa0;                              /* padding */
  data[63] = 53;
  g_assert_false (phone_rtp_parse (data, 64, &header));
  data[63] = 52;
  g_assert_true (phone_rtp_parse (data, 64, &header));
  g_assert_cmpuint (header.payload_length, ==, 0);
  data[63] = 0;
  g_assert_false (phone_rtp_parse (data, 64, &header));
  data[0] = 0x80;
  data[1] = 200;                               /* RTCP on the wrong port */
  g_assert_false (phone_rtp_parse (data, 64, &header));
}

static void
test_event (void)
{
  guint8 payload[4];
  PhoneRtpEvent wrote = { 11, TRUE, 10, 800 };
  PhoneRtpEvent read;

  phone_rtp_event_write (payload, &wrote);
  g_assert_false (phone_rtp_event_parse (payload, 3, &read));
  g_assert_true (phone_rtp_event_parse (payload, 4, &read));
  g_assert_cmpuint (read.code, ==, 11);
  g_assert_true (read.end);
  g_assert_cmpuint (read.volume, ==, 10);
  g_assert_cmpuint (read.duration, ==, 800);
  g_assert_cmpint (phone_rtp_event_to_digit (11), ==, '#');
  g_assert_cmpint (phone_rtp_event_to_digit (15), ==, 'D');
  g_assert_cmpint (phone_rtp_event_to_digit (16), ==, 0);
  g_assert_cmpint (phone_rtp_event_from_digit ('d'), ==, 15);
  g_assert_cmpint (phone_rtp_event_from_digit (0), ==, -1);
  g_assert_cmpint (phone_rtp_event_from_digit ('x'), ==, -1);
}

static char
take_event (PhoneRtpEventReceiver *receiver,
            guint32                timestamp,
            guint                  code,
            gboolean               end)
{
  guint8 payload[4];
  PhoneRtpEvent event = { code, end, 10, 160 };
  PhoneRtpHeader header = { 101, FALSE, 1, timestamp, 7, 12, 4 };

  phone_rtp_event_write (payload, &event);
  return phone_rtp_event_receiver_take (receiver, &header, payload);
}

static void
test_event_once (void)
{
  PhoneRtpEventReceiver receiver = { 0 };

  g_assert_cmpint (take_event (&receiver, 0xfffffff0, 5, FALSE), ==, '5');
  g_assert_cmpint (take_event (&receiver, 0xfffffff0, 5, FALSE), ==, 0);
  g_assert_cmpint (take_event (&receiver, 0xfffffff0, 5, TRUE), ==, 0);
  /* The same digit again, over the wrap, and only its end packets arrive. */
  g_assert_cmpint (take_event (&receiver, 1600, 5, TRUE), ==, '5');
  g_assert_cmpint (take_event (&receiver, 1600, 5, TRUE), ==, 0);
  /* A straggler of the first one. */
  g_assert_cmpint (take_event (&receiver, 0xfffffff0, 5, TRUE), ==, 0);
  g_assert_cmpint (take_event (&receiver, 3200, 16, FALSE), ==, 0);   /* a flash is no digit */
}

static void
test_rtcp (void)
{
  g_autoptr (PhoneRtcpSession) alice = phone_rtcp_session_new (0xa, "alice");
  g_autoptr (PhoneRtcpSession) bob = phone_rtcp_session_new (0xb, "bob");
  PhoneRtcpStatistics statistics;
  guint8 report[256];
  gsize length;
  gint64 now = 1000000;

  for (guint i = 0; i < 100; i++, now += 20000)
    {
      PhoneRtpHeader header = { 0, FALSE, (guint16) (65500 + i), i * 160, 0xa, 12, 160 };

      phone_rtcp_session_sent (alice, &header, now);
      if (i % 10 != 5)
        phone_rtcp_session_received (bob, &header, now + 5000 + (i & 1) * 1000);
    }
  phone_rtcp_session_get_statistics (bob, &statistics);
  g_assert_cmpuint (statistics.received, ==, 90);
  g_assert_cmpint (statistics.lost, ==, 10);
  g_assert_cmpuint (statistics.jitter_us, >, 500);
  g_assert_cmpuint (statistics.jitter_us, <, 1100);

  length = phone_rtcp_session_write_report (alice, report, sizeof report, now, FALSE);
  g_assert_cmpuint (report[1], ==, 200);
  g_assert_true (phone_rtcp_session_read_report (bob, report, length, now + 15000));
  length = phone_rtcp_session_write_report (bob, report, sizeof report, now + 100000, TRUE);
  g_assert_cmpuint (report[1], ==, 201);
  g_assert_true (phone_rtcp_session_read_report (alice, report, length, now + 125000));
  phone_rtcp_session_get_statistics (alice, &statistics);
  g_assert_cmpuint (statistics.round_trip_us, >, 39000);   /* 15 ms there, 25 ms back */
  g_assert_cmpuint (statistics.round_trip_us, <, 41000);
  g_assert_cmpint (statistics.remote_lost, ==, 10);
}

static void
test_rtcp_short (void)
{
  g_autoptr (PhoneRtcpSession) session = phone_rtcp_session_new (0xa, "alice");
  guint8 report[256] = { 0x81, 201, 0, 7 };

  for (gsize length = 0; length < 32; length++)
    g_assert_false (phone_rtcp_session_read_report (session, report, length, 1));
  g_assert_true (phone_rtcp_session_read_report (session, report, 32, 1));
  report[0] = 0x9f;   /* says 31 blocks, has one */
  g_assert_true (phone_rtcp_session_read_report (session, report, 32, 1));
  report[3] = 0;      /* four bytes long */
  phone_rtcp_session_read_report (session, report, 32, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/rtp/header", test_header);
  g_test_add_func ("/media/rtp/header-bounds", test_header_bounds);
  g_test_add_func ("/media/rtp/event", test_event);
  g_test_add_func ("/media/rtp/event-once", test_event_once);
  g_test_add_func ("/media/rtcp/reports", test_rtcp);
  g_test_add_func ("/media/rtcp/short", test_rtcp_short);
  return g_test_run ();
}
