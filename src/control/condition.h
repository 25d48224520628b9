/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "control-event.h"

G_BEGIN_DECLS

/** PHONE_CONDITION_MAX_LENGTH: greatest length of a condition in bytes. */
#define PHONE_CONDITION_MAX_LENGTH 512

/**
 * PhoneConditionView:
 * @calls: (element-type PhoneCallInfo): the calls now
 * @accounts: (element-type PhoneAccountInfo): the accounts now
 * @display: what is shown now
 *
 * The present, as the engine tells it. All borrowed.
 */
typedef struct {
  GPtrArray    *calls;
  GPtrArray    *accounts;
  PhoneDisplay *display;
} PhoneConditionView;

/**
 * SECTION:condition
 * @title: PhoneCondition
 *
 * What a test can wait for, as doc/desksetctl.md describes it: `call:talking`, `account:1:registered`,
 * `lamp:L1:green-fast`, `screen:Busy here!`, `softkey:Answer`, `heard:440`, `digits:123`, `idle`, `!call:any`. A condition is
 * true when it holds now or when a past or coming event makes it true. It counts the events it is fed: one for each wait.
 */
typedef struct _PhoneCondition PhoneCondition;

PhoneCondition *phone_condition_new   (const char               *text,
                                       GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
void            phone_condition_free  (PhoneCondition           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneCondition, phone_condition_free)

/**
 * phone_condition_holds:
 * Returns: whether the condition is true of the present; always %FALSE for what is only a moment (a digit, a tone)
 */
gboolean        phone_condition_holds (const PhoneCondition     *self,
                                       const PhoneConditionView *now);

/**
 * phone_condition_feed:
 * @event: the next event in order
 *
 * Returns: whether this event, with those fed before, makes the condition true
 */
gboolean        phone_condition_feed  (PhoneCondition           *self,
                                       const PhoneControlEvent  *event);

G_END_DECLS
