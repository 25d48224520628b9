/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** PHONE_LINK_MAX_LENGTH: the longest link that is taken, in bytes. */
#define PHONE_LINK_MAX_LENGTH 512

/**
 * phone_link_to_target:
 * @text: a `tel:` URI (RFC 3966), a `sip:` or `sips:` URI, or a number as it is
 *
 * What to dial: of a tel URI the number without its separators and parameters (a local number keeps no context, the phone's own
 * dial plan is for that); anything else stays as it is, without the blanks around it. A sip URI's headers
 * ("?Subject=…") are taken off: what a web page wrote must not get into a request.
 *
 * Returns: (transfer full) (nullable): the target, or %NULL with %G_IO_ERROR_INVALID_ARGUMENT
 */
char *phone_link_to_target (const char  *text,
                            GError     **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_link_is_link:
 * Returns: whether @text is a link that a phone takes
 */
gboolean phone_link_is_link (const char *text);

G_END_DECLS
