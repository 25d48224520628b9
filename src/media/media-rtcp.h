/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-rtp.h"

G_BEGIN_DECLS

/**
 * SECTION:media-rtcp
 * @title: PhoneRtcpSession
 *
 * What both ends tell each other about the stream (RFC 3550 §6): counts what is sent and received, writes sender and
 * receiver reports, reads the other side's. It has no socket, no clock and no lock: times come in as arguments, the
 * owner serialises.
 */
typedef struct _PhoneRtcpSession PhoneRtcpSession;

/**
 * PhoneRtcpStatistics:
 * @sent: RTP packets sent
 * @received: RTP packets received
 * @lost: packets of theirs that never came, by their sequence numbers (may go down when late ones arrive)
 * @remote_lost: packets of ours that they miss, from their last report
 * @remote_loss_percent: of ours since the report before
 * @jitter_us: interarrival jitter as RFC 3550 §6.4.1 computes it
 * @remote_jitter_us: the same from their last report
 * @round_trip_us: 0 when not known yet
 */
typedef struct {
  guint64 sent;
  guint64 received;
  gint64  lost;
  gint64  remote_lost;
  guint   remote_loss_percent;
  guint   jitter_us;
  guint   remote_jitter_us;
  guint   round_trip_us;
} PhoneRtcpStatistics;

PhoneRtcpSession *phone_rtcp_session_new            (guint32                 ssrc,
                                                     const char             *cname) G_GNUC_WARN_UNUSED_RESULT;
void              phone_rtcp_session_free           (PhoneRtcpSession       *self);
void              phone_rtcp_session_set_rates      (PhoneRtcpSession       *self,
                                                     guint                   send_hz,
                                                     guint                   receive_hz);
void              phone_rtcp_session_sent           (PhoneRtcpSession       *self,
                                                     const PhoneRtpHeader   *header,
                                                     gint64                  now_us);
void              phone_rtcp_session_received       (PhoneRtcpSession       *self,
                                                     const PhoneRtpHeader   *header,
                                                     gint64                  now_us);
gsize             phone_rtcp_session_write_report   (PhoneRtcpSession       *self,
                                                     guint8                 *data,
                                                     gsize                   size,
                                                     gint64                  now_us,
                                                     gboolean                bye);
gboolean          phone_rtcp_session_read_report    (PhoneRtcpSession       *self,
                                                     const guint8           *data,
                                                     gsize                   length,
                                                     gint64                  now_us);
void              phone_rtcp_session_get_statistics (const PhoneRtcpSession *self,
                                                     PhoneRtcpStatistics    *statistics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneRtcpSession, phone_rtcp_session_free)

G_END_DECLS
