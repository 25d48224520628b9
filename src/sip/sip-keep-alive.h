/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-hop.h"
#include "sip-stack.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-keep-alive
 * @title: PhoneSipKeepAlive
 *
 * Says something to the server now and then, so that a NAT between keeps the way open for calls that come in. For UDP;
 * on TCP and TLS the library sends line ends by itself. Main thread.
 */
typedef struct _PhoneSipKeepAlive PhoneSipKeepAlive;

PhoneSipKeepAlive *phone_sip_keep_alive_new       (PhoneSipStack     *stack) G_GNUC_WARN_UNUSED_RESULT;
void               phone_sip_keep_alive_free      (PhoneSipKeepAlive *self);
void               phone_sip_keep_alive_configure (PhoneSipKeepAlive *self,
                                                   PhoneKeepAlive     kind,
                                                   guint              interval_s);
void               phone_sip_keep_alive_set_peer  (PhoneSipKeepAlive *self,
                                                   const PhoneSipHop *hop,
                                                   const char        *from);

G_END_DECLS
