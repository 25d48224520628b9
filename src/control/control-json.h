/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "control-event.h"

G_BEGIN_DECLS

/**
 * PHONE_CONTROL_SCHEMA: version of the JSON forms; raised when a member is taken away or changes its meaning, not when one is
 * added. doc/desksetctl.md describes them.
 */
#define PHONE_CONTROL_SCHEMA 1

/* All return a JSON text in UTF-8 on one line: (transfer full) (not nullable). */
char *phone_control_json_display  (const PhoneDisplay      *display,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;
char *phone_control_json_lamps    (const PhoneDisplay      *display,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;
/* @calls: (element-type PhoneCallInfo) */
char *phone_control_json_calls    (GPtrArray               *calls,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;
/* @accounts: (element-type PhoneAccountInfo) */
char *phone_control_json_accounts (GPtrArray               *accounts,
                                   guint64                  seq) G_GNUC_WARN_UNUSED_RESULT;
char *phone_control_json_event    (const PhoneControlEvent *event) G_GNUC_WARN_UNUSED_RESULT;
/* @events: (element-type PhoneControlEvent): an array */
char *phone_control_json_events   (GPtrArray               *events) G_GNUC_WARN_UNUSED_RESULT;
/* Answer to a wait; @event: (nullable): what made it true. */
char *phone_control_json_wait     (gboolean                 met,
                                   guint64                  seq,
                                   guint64                  lost,
                                   const PhoneControlEvent *event) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
