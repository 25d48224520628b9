/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-chain.h"
#include "media-coder.h"
#include "media-desc.h"

G_BEGIN_DECLS

/**
 * PhoneMediaCodec:
 * One row of the codec table.
 * @encoding: name as in PhoneCodec
 * @payload_type: the static number (RFC 3551), or the one we propose
 * @clock_hz: RTP clock
 * @channels: as in the rtpmap
 * @pcm_hz: rate at which sound goes in and comes out; differs from @clock_hz for G.722 (RFC 3551 §4.5.2)
 * @frame_ms: packet times are multiples of it
 * @max_ptime_ms: longest packet time
 * @coder: (nullable): the library that does it
 * @library: its name, for who misses it
 * @encoder: element name, where there is no @coder; both %NULL for telephone-event
 * @payloader: element name; %NULL where what the encoder makes is the payload as it is
 * @coded: caps of what is between codec and network where there is no payloader
 */
typedef struct {
  const char *encoding;
  guint       payload_type;
  guint       clock_hz;
  guint       channels;
  guint       pcm_hz;
  guint       frame_ms;
  guint       max_ptime_ms;
  const PhoneMediaCoder *coder;
  const char *library;
  const char *encoder;
  const char *payloader;
  const char *depayloader;
  const char *decoder;
  const char *coded;
} PhoneMediaCodec;

const PhoneMediaCodec *phone_media_codec_list        (guint            *n_codecs);
const PhoneMediaCodec *phone_media_codec_find        (const PhoneCodec *codec);
gboolean               phone_media_codec_is_voice    (const PhoneMediaCodec *self);
const char            *phone_media_codec_get_missing (const PhoneMediaCodec *self);

typedef struct _PhoneMediaDecoder PhoneMediaDecoder;
PhoneMediaDecoder     *phone_media_decoder_new       (const PhoneCodec  *codec,
                                                      GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void                   phone_media_decoder_free      (PhoneMediaDecoder *self);
const PhoneMediaCodec *phone_media_decoder_get_codec (PhoneMediaDecoder *self);
gboolean               phone_media_decoder_decode    (PhoneMediaDecoder *self,
                                                      GBytes            *packet,
                                                      GArray            *samples);
gboolean               phone_media_decoder_recover   (PhoneMediaDecoder *self,
                                                      GBytes            *next,
                                                      gsize              n_samples,
                                                      GArray            *samples);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneMediaDecoder, phone_media_decoder_free)

/**
 * PhoneMediaEncodedFunc:
 * @payload: what goes into one RTP packet
 */
typedef void (*PhoneMediaEncodedFunc) (const guint8 *payload,
                                       gsize         length,
                                       gpointer      user_data);

typedef struct _PhoneMediaEncoder PhoneMediaEncoder;
PhoneMediaEncoder     *phone_media_encoder_new       (const PhoneCodec      *codec,
                                                      guint                  ptime_ms,
                                                      GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void                   phone_media_encoder_free      (PhoneMediaEncoder     *self);
void                   phone_media_encoder_set_loss  (PhoneMediaEncoder     *self,
                                                      guint                  percent);
const PhoneMediaCodec *phone_media_encoder_get_codec (PhoneMediaEncoder     *self);
guint                  phone_media_encoder_get_ptime (PhoneMediaEncoder     *self);
gboolean               phone_media_encoder_encode    (PhoneMediaEncoder     *self,
                                                      const gint16          *samples,
                                                      gsize                  n_samples,
                                                      PhoneMediaEncodedFunc  func,
                                                      gpointer               user_data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneMediaEncoder, phone_media_encoder_free)

G_END_DECLS
