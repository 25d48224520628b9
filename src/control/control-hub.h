/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "control-event.h"

G_BEGIN_DECLS

/** PHONE_CONTROL_HUB_MAX_NOTICES: past notices that are remembered. */
#define PHONE_CONTROL_HUB_MAX_NOTICES 1000

/** PHONE_CONTROL_HUB_MAX_DISPLAYS: past displays that are remembered; they are bigger and change each second of a call. */
#define PHONE_CONTROL_HUB_MAX_DISPLAYS 100

/**
 * SECTION:control-hub
 * @title: PhoneControlHub
 *
 * The outbox of the phone: numbers each notice of the engine, and each new display, from 1 without gaps, remembers the last
 * ones, and tells its listeners. Main thread only.
 *
 * Signals:
 * - `notice (PhoneNotice *)`: a notice as the engine gave it; valid during the emission
 * - `event (PhoneControlEvent *)`: the numbered event, notices and displays alike
 */
#define PHONE_TYPE_CONTROL_HUB (phone_control_hub_get_type ())
G_DECLARE_FINAL_TYPE (PhoneControlHub, phone_control_hub, PHONE, CONTROL_HUB, GObject)

PhoneControlHub *phone_control_hub_new         (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_hub_add_display:
 * @display: (transfer none): what is shown from now on; referenced
 */
void             phone_control_hub_add_display (PhoneControlHub *self,
                                                PhoneDisplay    *display);

/**
 * phone_control_hub_get_seq:
 * Returns: number of the last event, 0 when there was none
 */
guint64          phone_control_hub_get_seq     (PhoneControlHub *self);

/**
 * phone_control_hub_list_since:
 * @since: events after this number
 * @lost: (out) (optional): how many of them are forgotten already
 *
 * Returns: (transfer full) (element-type PhoneControlEvent): in order
 */
GPtrArray       *phone_control_hub_list_since  (PhoneControlHub *self,
                                                guint64          since,
                                                guint64         *lost) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
