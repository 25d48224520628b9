/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ctl-request.h"

G_BEGIN_DECLS

/**
 * phone_ctl_trace_print:
 * @answer: what the method Trace returns
 *
 * Prints the messages as `desksetctl trace` was asked to, or writes them to its file.
 */
gboolean phone_ctl_trace_print (const PhoneCtlRequest  *request,
                                GVariant               *answer,
                                GError                **error);

/**
 * phone_ctl_trace_dup_json:
 * @answer: what the method Trace returns
 *
 * Returns: (transfer full): what `desksetctl trace --json` prints
 */
char    *phone_ctl_trace_dup_json (GVariant            *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
