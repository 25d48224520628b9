/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "control-hub.h"
#include "engine.h"

G_BEGIN_DECLS

/** PHONE_CONTROL_MAX_WAITS: waits that are under way at the same time. */
#define PHONE_CONTROL_MAX_WAITS 256

/**
 * PhoneControlWaits:
 *
 * The waits that are under way. Each is looked at with every event, and with the present after every burst of them, so that
 * nothing is missed between two looks. Main thread only.
 */
typedef struct _PhoneControlWaits PhoneControlWaits;

PhoneControlWaits *phone_control_waits_new             (PhoneEngine           *engine,
                                                        PhoneControlHub       *hub) G_GNUC_WARN_UNUSED_RESULT;
void               phone_control_waits_free            (PhoneControlWaits     *self);

/**
 * phone_control_waits_add:
 * @invocation: (transfer full): answered now or later with `(bs)`; on error it stays the caller's
 * @text: the condition
 * @since: events after this number count as well; -1: none
 * @timeout_ms: 0: only look; -1: for ever
 * @error: %G_IO_ERROR_INVALID_ARGUMENT, or %G_IO_ERROR_FAILED when there are too many waits
 */
gboolean           phone_control_waits_add             (PhoneControlWaits     *self,
                                                        GDBusMethodInvocation *invocation,
                                                        const char            *text,
                                                        gint64                 since,
                                                        int                    timeout_ms,
                                                        GError               **error);

/**
 * phone_control_waits_feed:
 * Looks at an event with the eyes of each wait. Every event goes here, once.
 */
void               phone_control_waits_feed            (PhoneControlWaits     *self,
                                                        PhoneControlEvent     *event);

/**
 * phone_control_waits_drop_connection:
 *
 * Forgets the waits of a connection that closed; %NULL: answers all of them with "not met", the phone ends.
 */
void               phone_control_waits_drop_connection (PhoneControlWaits     *self,
                                                        GDBusConnection       *connection);

G_END_DECLS
