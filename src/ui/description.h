/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "display.h"

G_BEGIN_DECLS

/* Words for what is seen: descriptions of keys and announcements for those who cannot see the phone. Pure functions. */

/**
 * phone_describe_key:
 * @has_lamp: whether the face has a lamp for the key
 *
 * Returns: (transfer full): label, state and lamp of @key in @display, "" when there is nothing to tell
 */
char *phone_describe_key    (const PhoneDisplay *display,
                             PhoneKey            key,
                             gboolean            has_lamp) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_describe_change:
 * @before: (nullable): what was shown
 *
 * Returns: (transfer full) (nullable): what is worth saying of the change from @before to @now; %NULL for changes that
 *   nobody wants to hear each time, as the time and the duration of a call
 */
char *phone_describe_change (const PhoneDisplay *before,
                             const PhoneDisplay *now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
