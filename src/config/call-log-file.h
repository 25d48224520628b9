/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "diagnostics.h"
#include "ports.h"

G_BEGIN_DECLS

/**
 * SECTION:call-log-file
 * @title: Call log file
 *
 * The call log as JSON: `{ "version": 1, "entries": [ { "kind": "missed", "number": …, "name": …, "account": …,
 * "time": …, "duration": … } ] }`, newest first; times in seconds since 1970 (UTC), durations in seconds. Each kind of
 * entry has its own bound, as on the phone (guide: call log). Pure functions, any thread.
 */

/** PHONE_CALL_LOG_MAX: entries of each kind; older ones go. */
#define PHONE_CALL_LOG_MAX 100

/** PHONE_CALL_LOG_MAX_BYTES: a larger file is not a call log. */
#define PHONE_CALL_LOG_MAX_BYTES (1024 * 1024)

GPtrArray *phone_call_log_parse  (const char        *data,
                                  gsize              length,
                                  PhoneDiagnostics  *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *phone_call_log_format (GPtrArray         *entries) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
