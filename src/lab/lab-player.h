/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "flow-script.h"
#include "trace-ladder.h"

G_BEGIN_DECLS

typedef enum {
  PHONE_LAB_STARTING,
  PHONE_LAB_READY,     /* nothing is played */
  PHONE_LAB_PLAYING,
  PHONE_LAB_BROKEN,    /* text: why there is no laboratory */
} PhoneLabState;

/**
 * SECTION:lab-player
 * @title: PhoneLabPlayer
 *
 * The exchange, the three phones and the flow that is played, on a thread of their own; what happens is told on the main
 * context.
 *
 * Signals: "state" (PhoneLabState, text), "step" (index: the step of the flow that begins), "played" (passed, text: what
 * went wrong, or ""), "ladder" (PhoneTraceLadder: what the phones have said since the flow began; the handler's to keep).
 */
#define PHONE_TYPE_LAB_PLAYER (phone_lab_player_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLabPlayer, phone_lab_player, PHONE, LAB_PLAYER, GObject)

PhoneLabPlayer  *phone_lab_player_new        (const char      *phone_program,
                                              const char      *flows_folder) G_GNUC_WARN_UNUSED_RESULT;
void             phone_lab_player_start      (PhoneLabPlayer  *self);
GPtrArray       *phone_lab_player_get_flows  (PhoneLabPlayer  *self);
void             phone_lab_player_play       (PhoneLabPlayer  *self,
                                              guint            flow,
                                              gboolean         by_hand,
                                              guint            slow_ms);
void             phone_lab_player_stop       (PhoneLabPlayer  *self);
void             phone_lab_player_close      (PhoneLabPlayer  *self);

G_END_DECLS
