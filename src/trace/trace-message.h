/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * As much of the text of a SIP message as a trace needs to name it. Any bytes may be given; nothing is believed but what
 * stands there.
 */

/**
 * phone_trace_message_dup_header:
 * @name: "Call-ID"
 * @compact: (nullable): "i"
 *
 * Returns: (transfer full) (nullable): the value of the first header of this name, its folded lines joined, made UTF-8
 */
char       *phone_trace_message_dup_header (const char *text,
                                            gsize       length,
                                            const char *name,
                                            const char *compact) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_trace_message_dup_origin:
 * Returns: (transfer full) (nullable): the branch of the last Via: whoever made the request has put it there, and it stays the
 * same in all copies of the request and of its responses, by however many proxies they go (RFC 3261 §16.6, §18.2)
 */
char       *phone_trace_message_dup_origin (const char *text,
                                            gsize       length) G_GNUC_WARN_UNUSED_RESULT;

/** phone_trace_message_get_status: Returns: status of a response, 0: a request, or neither */
guint       phone_trace_message_get_status (const char *text,
                                            gsize       length);

/**
 * phone_trace_message_dup_first_line:
 * Returns: (transfer full): without "SIP/2.0": "INVITE sip:…" or "200 OK", made UTF-8
 */
char       *phone_trace_message_dup_first_line (const char *text,
                                                gsize       length) G_GNUC_WARN_UNUSED_RESULT;

/** phone_trace_message_get_body: Returns: offset of the body, @length when there is none */
gsize       phone_trace_message_get_body   (const char *text,
                                            gsize       length);

G_END_DECLS
