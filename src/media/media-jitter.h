/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:media-jitter
 * @title: PhoneJitterBuffer
 *
 * Keeps packets in the order of their timestamps until their time has come. It is *pulled*: whoever plays asks for the
 * next packet when it has nothing left, so the pace is that of the sound card and a drift between the two clocks shows
 * as a delay that grows or shrinks.
 *
 * Two numbers rule it. *Delay* is how long after the quickest packet of the last seconds a packet is played; *target*
 * is how long it ought to be: in adaptive mode the lateness that 98 of 100 packets stay below, in fixed mode the
 * configured one. When the delay is off target for half a second the buffer advises to shorten or to lengthen what is
 * played by a pitch period.
 *
 * Units of the RTP clock are used for sound, microseconds for time. No lock, no clock, no thread of its own.
 */
typedef struct _PhoneJitterBuffer PhoneJitterBuffer;

/**
 * PhoneJitterVerdict:
 * @PHONE_JITTER_WAIT: nothing to play yet: silence
 * @PHONE_JITTER_PACKET: here is the next packet
 * @PHONE_JITTER_LOST: the next one is missing but later ones are there: conceal
 * @PHONE_JITTER_LATE: there is nothing: conceal, and go on where we are when it comes
 */
typedef enum {
  PHONE_JITTER_WAIT,
  PHONE_JITTER_PACKET,
  PHONE_JITTER_LOST,
  PHONE_JITTER_LATE,
} PhoneJitterVerdict;

typedef enum {
  PHONE_JITTER_KEEP,
  PHONE_JITTER_SHORTEN,
  PHONE_JITTER_LENGTHEN,
} PhoneJitterAdvice;

typedef struct {
  guint  delay_us;        /* low point of the last half second */
  guint  most_us;         /* the highest of them */
  guint  target_us;
  guint  late;            /* packets that came too late and were thrown away */
  guint  concealed_ms;
  guint  depth;           /* packets waiting now */
} PhoneJitterStatistics;

PhoneJitterBuffer  *phone_jitter_buffer_new            (gboolean                 adaptive,
                                                        guint                    normal_ms,
                                                        guint                    maximum_ms) G_GNUC_WARN_UNUSED_RESULT;
void                phone_jitter_buffer_free           (PhoneJitterBuffer       *self);
void                phone_jitter_buffer_reset          (PhoneJitterBuffer       *self,
                                                        guint                    clock_hz);
void                phone_jitter_buffer_put            (PhoneJitterBuffer       *self,
                                                        guint32                  timestamp,
                                                        GBytes                  *packet,
                                                        gint64                   now_us);
PhoneJitterVerdict  phone_jitter_buffer_get            (PhoneJitterBuffer       *self,
                                                        gint64                   now_us,
                                                        GBytes                 **packet,
                                                        guint                   *missing);
GBytes             *phone_jitter_buffer_peek           (PhoneJitterBuffer       *self);
PhoneJitterAdvice   phone_jitter_buffer_get_advice     (PhoneJitterBuffer       *self,
                                                        gint64                   now_us);
void                phone_jitter_buffer_decoded        (PhoneJitterBuffer       *self,
                                                        guint                    units);
void                phone_jitter_buffer_concealed      (PhoneJitterBuffer       *self,
                                                        guint                    units);
void                phone_jitter_buffer_stretched      (PhoneJitterBuffer       *self,
                                                        int                      units,
                                                        gint64                   now_us);
void                phone_jitter_buffer_get_statistics (const PhoneJitterBuffer *self,
                                                        PhoneJitterStatistics   *statistics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneJitterBuffer, phone_jitter_buffer_free)

G_END_DECLS
