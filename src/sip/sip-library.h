/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * phone_sip_library_init:
 *
 * To be called early in each program that is linked with Sofia-SIP, whether it comes to signaling or not: when the library was
 * never used, its destructor deletes thread key 0, which is somebody else's (GLib's), and a program that only prints its
 * version or hands a link over may abort at its end.
 */
void phone_sip_library_init (void);

G_END_DECLS
