/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The library's sockets, from outside: the library itself neither notices a change of the network nor lets anybody tell it.
 */

gboolean phone_sip_address_is_ours (const char *address);
gboolean phone_sip_address_is_loopback (const char *address);
guint    phone_sip_sockets_widen   (const char *address,
                                    guint       port);
int      phone_sip_sockets_find_datagram (int   family,
                                          guint port);
guint    phone_sip_sockets_shut    (gboolean    all);

G_END_DECLS
