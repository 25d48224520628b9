/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "control-event.h"
#include "engine.h"

G_BEGIN_DECLS

/**
 * PHONE_CONTROL_SCHEMA: version of the JSON forms; raised when a member is taken away or changes its meaning, not when one is
 * added. doc/desksetctl.md describes them.
 */
#define PHONE_CONTROL_SCHEMA 1

/* All return a JSON text in UTF-8 on one line: (transfer full) (not nullable). */

/**
 * phone_control_json_display:
 * @seq: number of the last event that it contains
 */
char *phone_control_json_display  (const PhoneDisplay      *display,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_lamps:
 * All lamps, also those that are dark.
 */
char *phone_control_json_lamps    (const PhoneDisplay      *display,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_calls:
 * @calls: (element-type PhoneCallInfo)
 */
char *phone_control_json_calls    (GPtrArray               *calls,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_accounts:
 * @accounts: (element-type PhoneAccountInfo)
 */
char *phone_control_json_accounts (GPtrArray               *accounts,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_counts:
 * What the phone holds at this moment.
 */
char *phone_control_json_counts   (const PhoneCounts       *counts,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_event:
 * Members that say nothing are left out: there are many events.
 */
char *phone_control_json_event    (const PhoneControlEvent *event) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_events:
 * @events: (element-type PhoneControlEvent): an array
 */
char *phone_control_json_events   (GPtrArray               *events) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_json_wait:
 * @met: whether the condition became true in time
 * @lost: events that were forgotten before they could be looked at
 * @event: (nullable): what made it true
 */
char *phone_control_json_wait     (gboolean                 met,
                                   guint64                  seq,
                                   guint64                  lost,
                                   const PhoneControlEvent *event) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
