/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-desc.h"
#include "media-rtp.h"

G_BEGIN_DECLS

/**
 * SECTION:media-sender
 * @title: PhoneMediaSender
 *
 * The way of the microphone's sound to packets: resampling, encoder, payloader, digits. Sound is pushed in by the
 * microphone's thread (or the ticker), which also sends the packets; one lock keeps the main thread's changes apart.
 *
 * Sequence numbers, timestamps and the SSRC are written here and not by the payloader or GStreamer's rtpdtmfmux: they
 * go on without a leap when the codec changes, and a telephone-event takes its numbers from the very same counters,
 * exactly where the voice was cut (RFC 4733 §2.5.1), which elements that send from threads of their own cannot promise.
 */
#define PHONE_TYPE_MEDIA_SENDER (phone_media_sender_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMediaSender, phone_media_sender, PHONE, MEDIA_SENDER, GObject)

/* A packet is ready: called on the microphone's thread. */
typedef void (*PhoneMediaSendFunc) (const PhoneRtpHeader *header,
                                    const guint8         *data,
                                    gsize                 length,
                                    gpointer              user_data);

PhoneMediaSender *phone_media_sender_new        (guint32               ssrc,
                                                 PhoneMediaSendFunc    func,
                                                 gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
gboolean          phone_media_sender_set_codec  (PhoneMediaSender     *self,
                                                 const PhoneCodec     *voice,
                                                 const PhoneCodec     *event,
                                                 guint                 ptime_ms,
                                                 GError              **error);
void              phone_media_sender_set_loss   (PhoneMediaSender     *self,
                                                 guint                 percent);
void              phone_media_sender_set_open   (PhoneMediaSender     *self,
                                                 gboolean              open);
gboolean          phone_media_sender_send_digit (PhoneMediaSender     *self,
                                                 char                  digit,
                                                 guint                 duration_ms,
                                                 gboolean              inband);
void              phone_media_sender_push       (PhoneMediaSender     *self,
                                                 const gint16         *samples,
                                                 gsize                 n_samples,
                                                 guint                 rate_hz,
                                                 gint64                now_us);

G_END_DECLS
