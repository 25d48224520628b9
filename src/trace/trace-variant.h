/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "trace.h"

G_BEGIN_DECLS

/** PHONE_TRACE_VARIANT_TYPE: number, monotonic, wall clock (µs), transport, sent, failed, local address and port, remote
 * address and port, Call-ID ("" = none), call (0 = none), whole length, text. */
#define PHONE_TRACE_VARIANT_TYPE "a(txxybbsqsqsutay)"

/**
 * phone_trace_to_variant:
 * @call: 0: everything
 *
 * Returns: (transfer floating): the records, for another process
 */
GVariant  *phone_trace_to_variant   (PhoneTrace *self,
                                     guint       call);

/**
 * phone_trace_since_to_variant:
 * @number: of the newest that is known there, 0: none
 *
 * Returns: (transfer floating): the records after it, for another process
 */
GVariant  *phone_trace_since_to_variant (PhoneTrace *self,
                                         guint64     number);

/**
 * phone_trace_list_from_variant:
 * @variant: of %PHONE_TRACE_VARIANT_TYPE; what is too long in it is cut
 * @calls: (out) (nullable) (element-type guint): the call of each record
 *
 * Returns: (transfer full) (element-type PhoneTraceRecord): the records again
 */
GPtrArray *phone_trace_list_from_variant (GVariant  *variant,
                                          GArray   **calls) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
