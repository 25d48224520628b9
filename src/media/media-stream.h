/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"
#include "media-loop.h"
#include "media-microphone.h"
#include "media-mixer.h"
#include "media-ports.h"
#include "media-rtcp.h"
#include "ports.h"

G_BEGIN_DECLS

#define PHONE_TYPE_MEDIA_STREAM (phone_media_stream_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMediaStream, phone_media_stream, PHONE, MEDIA_STREAM, GObject)

/**
 * PhoneMediaStatistics:
 * How a call's sound does, for status pages.
 */
typedef struct {
  char   codec[16];           /* what we send: "PCMU", "" before it starts */
  guint64 packets_sent;
  guint64 packets_received;
  gint64 packets_lost;        /* theirs that did not come */
  gint64 remote_lost;         /* ours that did not come, as they say */
  guint  packets_late;        /* came, but too late to be heard */
  guint  jitter_us;
  guint  remote_jitter_us;
  guint  round_trip_us;       /* 0 = not known */
  guint  buffer_us;           /* delay of the jitter buffer */
  guint  buffer_max_us;       /* the most it was */
  guint  concealed_ms;        /* sound that was made up */
  guint64 refused;            /* packets that were not encrypted as agreed */
} PhoneMediaStatistics;

/* Main thread. event: MEDIA_FLOWING, MEDIA_STALLED, DIGIT_HEARD, AUDIO_HEARD. */
typedef void (*PhoneMediaStreamFunc) (PhoneMediaStream *stream,
                                      PhoneEventType    event,
                                      guint             value,
                                      gpointer          user_data);

PhoneMediaStream *phone_media_stream_new            (guint                    call,
                                                     PhoneMediaPorts         *ports,
                                                     const PhoneMediaConfig  *config,
                                                     PhoneMediaLoop          *loop) G_GNUC_WARN_UNUSED_RESULT;
void              phone_media_stream_start          (PhoneMediaStream        *self,
                                                     PhoneMixer              *mixer,
                                                     PhoneMicrophone         *microphone,
                                                     PhoneMediaStreamFunc     func,
                                                     gpointer                 user_data);
void              phone_media_stream_set_ports      (PhoneMediaStream        *self,
                                                     PhoneMediaPorts         *ports);
gboolean          phone_media_stream_connect        (PhoneMediaStream        *self,
                                                     PhoneMediaDesc          *local,
                                                     PhoneMediaDesc          *remote,
                                                     GError                 **error);
void              phone_media_stream_stop           (PhoneMediaStream        *self);
gboolean          phone_media_stream_send_digit     (PhoneMediaStream        *self,
                                                     char                     digit,
                                                     guint                    duration_ms,
                                                     gboolean                 inband);
void              phone_media_stream_set_tap        (PhoneMediaStream        *self,
                                                     PhoneTap                *tap);
void              phone_media_stream_set_far_mute   (PhoneMediaStream        *self,
                                                     gboolean                 mute);
void              phone_media_stream_set_detector   (PhoneMediaStream        *self,
                                                     gboolean                 enabled);
guint             phone_media_stream_get_call       (PhoneMediaStream        *self);
void              phone_media_stream_get_statistics (PhoneMediaStream        *self,
                                                     PhoneMediaStatistics    *statistics);

G_END_DECLS
