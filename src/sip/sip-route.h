/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-hop.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-route
 * @title: PhoneSipRoute
 *
 * The addresses that serve one account, best first, and which of them is used: the rules of failover and failback (guide:
 * server redundancy; RFC 3263 §4.3). Pure: the time is a parameter, in milliseconds of a clock that does not jump.
 * Reference counted. Main thread.
 */
typedef struct _PhoneSipRoute PhoneSipRoute;

PhoneSipRoute     *phone_sip_route_new          (PhoneFailback      failback,
                                                 guint              failback_s) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipRoute     *phone_sip_route_ref          (PhoneSipRoute     *self) G_GNUC_WARN_UNUSED_RESULT;
void               phone_sip_route_unref        (PhoneSipRoute     *self);
void               phone_sip_route_set_hops     (PhoneSipRoute     *self,
                                                 GPtrArray         *hops,
                                                 gint64             now_ms);
guint              phone_sip_route_get_n_hops   (PhoneSipRoute     *self);
gboolean           phone_sip_route_is_stale     (PhoneSipRoute     *self,
                                                 gint64             now_ms);
const PhoneSipHop *phone_sip_route_peek         (PhoneSipRoute     *self);
const PhoneSipHop *phone_sip_route_choose       (PhoneSipRoute     *self,
                                                 gboolean           registering,
                                                 gint64             now_ms);
gboolean           phone_sip_route_fail         (PhoneSipRoute     *self,
                                                 const PhoneSipHop *hop,
                                                 gint64             now_ms);
void               phone_sip_route_succeed      (PhoneSipRoute     *self,
                                                 const PhoneSipHop *hop);
void               phone_sip_route_forgive      (PhoneSipRoute     *self);
gboolean           phone_sip_route_has_address  (PhoneSipRoute     *self,
                                                 const char        *address);
gboolean           phone_sip_route_is_first     (PhoneSipRoute     *self);
guint              phone_sip_route_get_return_ms (PhoneSipRoute    *self,
                                                 gint64             now_ms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipRoute, phone_sip_route_unref)

G_END_DECLS
