/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * phone_app_log_install:
 * @debug: (nullable): value of DESKSET_DEBUG: rooms ("sip,media") or "all"
 *
 * Sends the log to standard error: messages and worse always, debug and info lines of the rooms that were named. Any thread
 * may log. Secrets are masked where they are printed, not here.
 */
void     phone_app_log_install  (const char *debug);

/**
 * phone_app_log_is_topic:
 * Returns: whether the topic of the domain "deskset-<topic>" is named in @debug
 */
gboolean phone_app_log_is_topic (const char *debug,
                                 const char *domain);

G_END_DECLS
