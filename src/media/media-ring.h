/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-mixer.h"

G_BEGIN_DECLS

#define PHONE_TYPE_RING_PLAYER (phone_ring_player_get_type ())
G_DECLARE_FINAL_TYPE (PhoneRingPlayer, phone_ring_player, PHONE, RING_PLAYER, GObject)

/**
 * PhoneRingSound:
 * One round of a ring, ready to be played over and over; immutable, shared by the players.
 */
typedef struct {
  guint   rate_hz;
  gsize   n_samples;
  float  *samples;
} PhoneRingSound;

PhoneRingSound     *phone_ring_sound_new      (const char      *name,
                                               guint            rate_hz) G_GNUC_WARN_UNUSED_RESULT;
const char * const *phone_ring_list_names     (void);

PhoneRingPlayer    *phone_ring_player_new     (PhoneRingSound  *sound) G_GNUC_WARN_UNUSED_RESULT;
void                phone_ring_player_stop    (PhoneRingPlayer *self);

G_END_DECLS
