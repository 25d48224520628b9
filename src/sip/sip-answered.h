/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:sip-answered
 * @title: PhoneSipAnswered
 *
 * Remembers which INVITEs of ours were answered with 2xx, to know a provisional response that comes after it: overtaken on
 * the way, doubled by the network, or of another branch of a fork. Not safe for use from several threads at once.
 */
typedef struct _PhoneSipAnswered PhoneSipAnswered;

PhoneSipAnswered *phone_sip_answered_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void              phone_sip_answered_free    (PhoneSipAnswered *self);

/**
 * phone_sip_answered_is_late:
 * @branch: (nullable): of our Via
 * @status: of a response to INVITE
 *
 * Takes note of a 2xx.
 *
 * Returns: whether the response is a provisional one and comes after a 2xx to the same request
 */
gboolean          phone_sip_answered_is_late (PhoneSipAnswered *self,
                                              const char       *branch,
                                              guint             status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipAnswered, phone_sip_answered_free)

G_END_DECLS
