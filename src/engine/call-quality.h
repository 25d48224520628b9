/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneCallQuality:
 * @codec: what we send: "PCMU"; "" before it starts
 * @received: packets
 * @lost: packets of theirs that did not come
 * @late: came, but too late to be heard
 * @jitter_us: of what comes, as RFC 3550 §6.4.1 has it
 * @buffer_us: delay of the jitter buffer
 * @buffer_max_us: the most it has been in this call
 * @round_trip_us: 0: not known
 * @sent: packets
 * @remote_lost: packets of ours that did not come, as they say
 * @remote_jitter_us: as they say
 * @concealed_ms: sound that was made up
 * @refused: packets that were not encrypted as agreed
 *
 * How a call sounds, as far as numbers tell. Filled by the audio port.
 */
typedef struct {
  char    codec[20];
  guint64 received;
  gint64  lost;
  guint   late;
  guint   jitter_us;
  guint   buffer_us;
  guint   buffer_max_us;
  guint   round_trip_us;
  guint64 sent;
  gint64  remote_lost;
  guint   remote_jitter_us;
  guint   concealed_ms;
  guint64 refused;
} PhoneCallQuality;

/**
 * PhoneCallScore:
 * @listening: what we hear, 10 to 45: MOS-LQ times ten
 * @conversation: the same with the delay: MOS-CQ times ten
 * @remote_listening: what they hear, as far as they tell; 0: they do not
 * @one_way_ms: mouth to ear, estimated as symmetric; 0: not known
 * @loss_permille: of theirs, lost and late ones
 *
 * Marks out of the numbers.
 */
typedef struct {
  guint listening;
  guint conversation;
  guint remote_listening;
  guint one_way_ms;
  guint loss_permille;
} PhoneCallScore;

double         phone_call_quality_rate     (const char             *codec,
                                            double                  loss_percent,
                                            double                  delay_ms);
double         phone_call_quality_to_mos   (double                  r);
PhoneCallScore phone_call_quality_score    (const PhoneCallQuality *self);

G_END_DECLS
