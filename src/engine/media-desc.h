/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-crypto.h"
#include "types.h"

G_BEGIN_DECLS

/**
 * SECTION:media-desc
 * @title: PhoneMediaDesc
 *
 * A neutral description of one side of an audio stream: where, which codecs, which direction. It is all
 * that `sip/` and `media/` know of each other. Values are immutable once built and reference counted
 * (atomically: a description may be handed to a streaming thread). Pure functions, any thread.
 */

/** PHONE_MAX_CODECS: codecs in one description; more in an SDP are ignored. */
#define PHONE_MAX_CODECS 32

/**
 * PhoneCodec:
 * @encoding: (not nullable): canonical encoding name as IANA spells it ("PCMU", "G722", "opus",
 *   "telephone-event"); compare without case
 * @payload_type: 0–127
 * @clock_rate: RTP clock rate in Hz as it stands in the rtpmap (8000 for G722, RFC 3551 §4.5.2)
 * @channels: as in the rtpmap, 1 when absent; 2 for opus (RFC 7587)
 * @fmtp: (nullable): format parameters as text
 */
typedef struct {
  char  *encoding;
  guint  payload_type;
  guint  clock_rate;
  guint  channels;
  char  *fmtp;
} PhoneCodec;

PhoneCodec *phone_codec_new      (const char       *encoding,
                                  guint             payload_type,
                                  guint             clock_rate,
                                  guint             channels,
                                  const char       *fmtp) G_GNUC_WARN_UNUSED_RESULT;
PhoneCodec *phone_codec_copy     (const PhoneCodec *self) G_GNUC_WARN_UNUSED_RESULT;
void        phone_codec_free     (PhoneCodec       *self);
gboolean    phone_codec_matches  (const PhoneCodec *a,
                                  const PhoneCodec *b);
gboolean    phone_codec_is_event (const PhoneCodec *self);
gboolean    phone_codec_is_wideband (const PhoneCodec *self);

typedef struct _PhoneMediaDesc PhoneMediaDesc;

#define PHONE_TYPE_MEDIA_DESC (phone_media_desc_get_type ())
GType phone_media_desc_get_type (void);

/**
 * phone_media_desc_new:
 * @address: (nullable): IP address literal, IPv4 or IPv6; %NULL when not known yet
 * @port: RTP port; 0 means that the stream is refused
 * @rtcp_port: RTCP port, 0 for @port + 1
 * @direction: as the owner of the description sees it
 * @ptime_ms: packet time, 0 when not said
 * @codecs: (element-type PhoneCodec): in order of preference; copied
 *
 * Returns: (transfer full): a new description
 */
PhoneMediaDesc       *phone_media_desc_new           (const char           *address,
                                                      guint                 port,
                                                      guint                 rtcp_port,
                                                      PhoneDirection        direction,
                                                      guint                 ptime_ms,
                                                      GPtrArray            *codecs) G_GNUC_WARN_UNUSED_RESULT;
PhoneMediaDesc       *phone_media_desc_ref           (PhoneMediaDesc       *self);
void                  phone_media_desc_unref         (PhoneMediaDesc       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneMediaDesc, phone_media_desc_unref)

const char           *phone_media_desc_get_address   (const PhoneMediaDesc *self);
guint                 phone_media_desc_get_port      (const PhoneMediaDesc *self);
guint                 phone_media_desc_get_rtcp_port (const PhoneMediaDesc *self);
PhoneDirection        phone_media_desc_get_direction (const PhoneMediaDesc *self);
guint                 phone_media_desc_get_ptime_ms  (const PhoneMediaDesc *self);
guint                 phone_media_desc_get_n_codecs  (const PhoneMediaDesc *self);
const PhoneCodec     *phone_media_desc_get_codec     (const PhoneMediaDesc *self,
                                                      guint                 i);
gboolean              phone_media_desc_get_mux       (const PhoneMediaDesc *self);
PhoneMediaSecurity    phone_media_desc_get_security  (const PhoneMediaDesc *self);
guint                 phone_media_desc_get_n_cryptos (const PhoneMediaDesc *self);
const PhoneMediaCrypto *phone_media_desc_get_crypto  (const PhoneMediaDesc *self,
                                                      guint                 i);
gboolean              phone_media_desc_is_secure     (const PhoneMediaDesc *local,
                                                      const PhoneMediaDesc *remote);
/* First codec that carries speech, or NULL; the telephone-event of the same clock rate, or NULL. */
const PhoneCodec     *phone_media_desc_get_voice     (const PhoneMediaDesc *self);
const PhoneCodec     *phone_media_desc_get_event     (const PhoneMediaDesc *self);
gboolean              phone_media_desc_equal         (const PhoneMediaDesc *a,
                                                      const PhoneMediaDesc *b);
char                 *phone_media_desc_to_string     (const PhoneMediaDesc *self) G_GNUC_WARN_UNUSED_RESULT;

/* Copies with one thing changed. */
PhoneMediaDesc       *phone_media_desc_with_direction (const PhoneMediaDesc *self,
                                                       PhoneDirection        direction) G_GNUC_WARN_UNUSED_RESULT;
PhoneMediaDesc       *phone_media_desc_with_mux       (const PhoneMediaDesc   *self) G_GNUC_WARN_UNUSED_RESULT;
PhoneMediaDesc       *phone_media_desc_with_security  (const PhoneMediaDesc   *self,
                                                       PhoneMediaSecurity      security,
                                                       const PhoneMediaCrypto *cryptos,
                                                       guint                   n_cryptos) G_GNUC_WARN_UNUSED_RESULT;
PhoneMediaDesc       *phone_media_desc_declined       (const PhoneMediaDesc *self) G_GNUC_WARN_UNUSED_RESULT;
PhoneMediaDesc       *phone_media_desc_with_address   (const PhoneMediaDesc *self,
                                                       const char           *address) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_media_desc_is_hold:
 * Returns: whether @self, received from the other side, puts us on hold: sendonly, inactive, or the
 *   connection address 0.0.0.0 of RFC 2543 (guide: hold)
 */
gboolean              phone_media_desc_is_hold       (const PhoneMediaDesc *self);

/**
 * phone_media_desc_answer:
 * @local: what we could do: our address and port, all codecs we allow, in our order
 * @offer: what they offer
 * @wanted: the direction we would like, ours
 *
 * Builds our answer (RFC 3264 §6): codecs matched by name, rate, channels and, where it matters, fmtp, in the
 * offer's order with the offer's payload numbers; direction limited by the offer. Only the telephone-event
 * that goes with the chosen clock rate is kept.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL when no speech codec is common (488)
 */
PhoneMediaDesc       *phone_media_desc_answer        (const PhoneMediaDesc *local,
                                                      const PhoneMediaDesc *offer,
                                                      PhoneDirection        wanted) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_media_desc_choose:
 * @local: our offer or answer
 * @remote: their answer or offer
 * @send: (out) (transfer full) (nullable): what we send: their codec with their payload number
 * @receive: (out) (transfer full) (nullable): what we may receive, with our payload numbers
 *
 * Splits a finished offer/answer by direction: payload numbers may differ each way (RFC 3264 §5.1).
 *
 * Returns: %FALSE when nothing is common
 */
gboolean              phone_media_desc_choose        (const PhoneMediaDesc  *local,
                                                      const PhoneMediaDesc  *remote,
                                                      PhoneMediaDesc       **send,
                                                      PhoneMediaDesc       **receive);

G_END_DECLS
