/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "exchange-rtp.h"

G_BEGIN_DECLS

/**
 * SECTION:exchange-sdp
 * @title: ExchangeSdp
 *
 * Session descriptions of the robots (RFC 4566, offer and answer by RFC 3264). One audio stream is taken, all others are
 * declined with port 0.
 */

/**
 * ExchangeMedia:
 * What the other side's description says about the stream that was taken.
 */
typedef struct {
  char          *address;
  guint          port;
  gboolean       may_send;            /* they want to hear us */
  gboolean       they_send;
  ExchangeCodec  codec;               /* first of those we can play, NONE when there is none */
  guint          payload_type;
  int            event_payload_type;  /* -1: none */
} ExchangeMedia;

void  exchange_media_clear (ExchangeMedia *media);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ExchangeMedia, exchange_media_clear)

/**
 * ExchangeSdpLocal:
 * @reflect: take every audio codec they offer, since all that comes goes back
 * @hold: we do not want to hear them: sendonly
 */
typedef struct {
  const char *address;
  guint       port;
  guint       session;
  guint       version;
  gboolean    reflect;
  gboolean    hold;
} ExchangeSdpLocal;

/**
 * exchange_sdp_answer:
 * @media: (out): cleared and filled
 *
 * Returns: (transfer full): our answer; %NULL with @error: %G_IO_ERROR_INVALID_DATA for what is no session description,
 *   %G_IO_ERROR_NOT_SUPPORTED when nothing in it can be taken
 */
char     *exchange_sdp_answer      (const char              *offer,
                                    gsize                    length,
                                    const ExchangeSdpLocal  *local,
                                    ExchangeMedia           *media,
                                    GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
char     *exchange_sdp_offer       (const ExchangeSdpLocal  *local) G_GNUC_WARN_UNUSED_RESULT;
gboolean  exchange_sdp_read_answer (const char              *answer,
                                    gsize                    length,
                                    ExchangeMedia           *media,
                                    GError                 **error);

G_END_DECLS
