/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "display.h"
#include "ports.h"

G_BEGIN_DECLS

/** PHONE_N_CALL_STATES: number of values of #PhoneCallState. */
#define PHONE_N_CALL_STATES (PHONE_CALL_ENDED + 1)

/**
 * PhoneControlEventBlock:
 *
 * Memory in which events are made, many side by side.
 */
typedef struct _PhoneControlEventBlock PhoneControlEventBlock;

void phone_control_event_block_unref (PhoneControlEventBlock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneControlEventBlock, phone_control_event_block_unref)

/**
 * PhoneControlEvent:
 * @seq: its number, from 1
 * @time_us: wall clock, microseconds since 1970
 * @display: (nullable): for a change of the display: what is shown from now on; %NULL for a notice
 * @notice: the notice, strings owned and never %NULL; zeroes for a change of the display
 * @n_calls: for #PHONE_NOTICE_CALL: how many calls are in each state after it, by #PhoneCallState
 *
 * Something that happened. Immutable once it left the hub, reference counted.
 */
typedef struct {
  /*< private >*/
  grefcount               ref_count;
  PhoneControlEventBlock *block;
  /*< public >*/
  guint64                 seq;
  gint64                  time_us;
  PhoneDisplay           *display;
  PhoneNotice             notice;
  guint                   n_calls[PHONE_N_CALL_STATES];
} PhoneControlEvent;

PhoneControlEvent *phone_control_event_new_notice  (PhoneControlEventBlock **block,
                                                    guint64                  seq,
                                                    const PhoneNotice       *notice) G_GNUC_WARN_UNUSED_RESULT;
PhoneControlEvent *phone_control_event_new_display (PhoneControlEventBlock **block,
                                                    guint64                  seq,
                                                    PhoneDisplay            *display) G_GNUC_WARN_UNUSED_RESULT;
PhoneControlEvent *phone_control_event_ref         (PhoneControlEvent *self);
void               phone_control_event_unref       (PhoneControlEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneControlEvent, phone_control_event_unref)

G_END_DECLS
