/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * The conference that this phone mixes (guide: three-way conference). Its members are calls of their own, each with its own
 * session; on the LCD they are one card, that of the first member, the head. A call joins when the Conference key is
 * pressed again with it: then whoever waits on hold is taken back, and all hear each other as soon as they talk.
 */

/* Who may be in it besides us. The guide stops at two; mixing costs little. */
#define PHONE_CONFERENCE_MAX 6

PhoneConference *phone_conference_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void       phone_conference_free         (PhoneConference  *self);

gboolean   phone_conference_press        (PhoneEngine      *engine,
                                          GError          **error);
gboolean   phone_conference_consult      (PhoneEngine      *engine,
                                          guint             from,
                                          guint             account,
                                          const char       *text,
                                          GError          **error);
gboolean   phone_conference_join         (PhoneEngine      *engine,
                                          guint             from,
                                          guint             to,
                                          GError          **error);
gboolean   phone_conference_take_joining (PhoneEngine      *engine,
                                          const PhoneEvent *event);
gboolean   phone_conference_split        (PhoneEngine      *engine,
                                          GError          **error);
gboolean   phone_conference_remove       (PhoneEngine      *engine,
                                          PhoneCall        *call,
                                          GError          **error);
gboolean   phone_conference_dispatch     (PhoneEngine      *engine,
                                          PhoneCall        *head,
                                          PhoneCallEvent    on);
gboolean   phone_conference_is_prepared  (PhoneEngine      *engine,
                                          const PhoneCall  *call);
PhoneCall *phone_conference_get_head     (PhoneEngine      *engine);
guint      phone_conference_count        (PhoneEngine      *engine);
char      *phone_conference_dup_members  (PhoneEngine      *engine) G_GNUC_WARN_UNUSED_RESULT;
void       phone_conference_update       (PhoneEngine      *engine);

G_END_DECLS
