/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "exchange-sounds.h"

G_BEGIN_DECLS

/**
 * SECTION:exchange-rtp
 * @title: ExchangeRtp
 *
 * One robot's RTP stream (RFC 3550) over a pair of UDP sockets of its own: plays sounds in PCMU, PCMA or G.722, or
 * reflects whatever comes with an SSRC of its own, and recognises digits by RFC 4733. Sends RTCP sender reports.
 */
typedef struct _ExchangeRtp ExchangeRtp;

typedef enum {
  EXCHANGE_CODEC_NONE,
  EXCHANGE_CODEC_PCMU,
  EXCHANGE_CODEC_PCMA,
  EXCHANGE_CODEC_G722,
} ExchangeCodec;

typedef struct {
  void (*sound_ended) (gpointer user_data);              /* not for endless sounds */
  void (*digit)       (char digit, gpointer user_data);
} ExchangeRtpFuncs;

/**
 * exchange_rtp_new:
 * @address: numeric address to bind to
 *
 * Returns: %NULL with @error when no even/odd pair of ports is free
 */
ExchangeRtp *exchange_rtp_new         (const char              *address,
                                       const ExchangeRtpFuncs  *funcs,
                                       gpointer                 user_data,
                                       GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void         exchange_rtp_free        (ExchangeRtp             *self);
guint        exchange_rtp_get_port    (ExchangeRtp             *self);

/**
 * exchange_rtp_set_remote:
 * @address: numeric; anything else stops sending
 * @codec: what sounds are encoded as
 * @payload_type: its number at the other side
 * @event_payload_type: number of telephone-event, -1 for none
 */
void         exchange_rtp_set_remote  (ExchangeRtp             *self,
                                       const char              *address,
                                       guint                    port,
                                       ExchangeCodec            codec,
                                       guint                    payload_type,
                                       int                      event_payload_type);

/* Whether anything may be sent now: %FALSE while one side holds. A sound waits meanwhile. */
void         exchange_rtp_set_sending (ExchangeRtp             *self,
                                       gboolean                 sending);
/* Plays from the beginning and stops reflecting. */
void         exchange_rtp_play        (ExchangeRtp             *self,
                                       ExchangeSound            sound);
/* Stops playing and reflects what comes. */
void         exchange_rtp_reflect     (ExchangeRtp             *self);

/* Length of the header of an RTP packet with its list of sources and extension, 0 for what is no RTP packet. */
gsize        exchange_rtp_parse_header (const guint8           *packet,
                                       gsize                    length);

G_END_DECLS
