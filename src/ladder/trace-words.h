/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "trace.h"

G_BEGIN_DECLS

char *phone_trace_words_dup_meaning (const PhoneTraceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
