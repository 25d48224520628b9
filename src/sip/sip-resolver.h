/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * phone_sip_is_address:
 * Returns: whether @host is an IP literal, which needs no look-up (sip-locator.h does those)
 */
gboolean phone_sip_is_address (const char *host);

G_END_DECLS
