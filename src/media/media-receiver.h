/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-desc.h"
#include "media-jitter.h"
#include "media-mixer.h"
#include "media-rtp.h"
#include "media-tap.h"

G_BEGIN_DECLS

#define PHONE_TYPE_MEDIA_RECEIVER (phone_media_receiver_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMediaReceiver, phone_media_receiver, PHONE, MEDIA_RECEIVER, GObject)

typedef enum {
  PHONE_MEDIA_PACKET_UNKNOWN,   /* no payload type of this call: dropped */
  PHONE_MEDIA_PACKET_VOICE,
  PHONE_MEDIA_PACKET_EVENT,
} PhoneMediaPacket;

/**
 * PhoneMediaReceiverNews:
 * @PHONE_MEDIA_NEWS_DECODED: the first packet since the codecs were set has been decoded
 * @PHONE_MEDIA_NEWS_DIGIT: value: a digit was heard
 * @PHONE_MEDIA_NEWS_TONE: value: the tone detector heard this frequency in Hz
 */
typedef enum {
  PHONE_MEDIA_NEWS_DECODED,
  PHONE_MEDIA_NEWS_DIGIT,
  PHONE_MEDIA_NEWS_TONE,
} PhoneMediaNews;

/* Called on any thread, with no lock held that the receiver needs. */
typedef void (*PhoneMediaNewsFunc) (PhoneMediaNews news,
                                    guint          value,
                                    gpointer       user_data);

PhoneMediaReceiver *phone_media_receiver_new            (PhoneJitterBuffer      *jitter,
                                                         PhoneMediaNewsFunc      func,
                                                         gpointer                user_data) G_GNUC_WARN_UNUSED_RESULT;
gboolean            phone_media_receiver_set_codecs     (PhoneMediaReceiver     *self,
                                                         const PhoneMediaDesc   *desc,
                                                         GError                **error);
void                phone_media_receiver_set_enabled    (PhoneMediaReceiver     *self,
                                                         gboolean                enabled);
void                phone_media_receiver_set_tap        (PhoneMediaReceiver     *self,
                                                         PhoneTap               *tap);
void                phone_media_receiver_set_muted      (PhoneMediaReceiver     *self,
                                                         gboolean                muted);
void                phone_media_receiver_set_detector   (PhoneMediaReceiver     *self,
                                                         gboolean                enabled);
PhoneMediaPacket    phone_media_receiver_classify       (PhoneMediaReceiver     *self,
                                                         guint                   payload_type);
PhoneMediaPacket    phone_media_receiver_take           (PhoneMediaReceiver     *self,
                                                         const PhoneRtpHeader   *header,
                                                         const guint8           *data,
                                                         gsize                   length,
                                                         gint64                  now_us);
void                phone_media_receiver_get_statistics (PhoneMediaReceiver     *self,
                                                         PhoneJitterStatistics  *statistics);
guint               phone_media_receiver_get_clock      (PhoneMediaReceiver     *self);

G_END_DECLS
