/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * All calls of the phone: finding, focus, and who may use the microphone next.
 */

PhoneCall *phone_calls_find            (PhoneEngine      *engine,
                                        guint             id);
PhoneCall *phone_calls_get_focused     (PhoneEngine      *engine);
PhoneCall *phone_calls_find_in_state   (PhoneEngine      *engine,
                                        PhoneCallState    state);
PhoneCall *phone_calls_find_ringing    (PhoneEngine      *engine);
guint      phone_calls_count_live      (PhoneEngine      *engine);
guint      phone_calls_count_visible   (PhoneEngine      *engine);
guint      phone_calls_get_position    (PhoneEngine      *engine,
                                        const PhoneCall  *call);
gboolean   phone_calls_is_busy         (PhoneEngine      *engine);

void       phone_calls_set_focus       (PhoneEngine      *engine,
                                        PhoneCall        *call);
void       phone_calls_move_focus      (PhoneEngine      *engine,
                                        int               by);

gboolean   phone_calls_act             (PhoneEngine      *engine,
                                        PhoneCall        *call,
                                        PhoneCallEvent    on);

gboolean   phone_calls_dial            (PhoneEngine      *engine,
                                        guint             account,
                                        const char       *text,
                                        guint             line_key,
                                        GError          **error);
PhoneCall *phone_calls_add_outgoing    (PhoneEngine      *engine,
                                        guint             account,
                                        const char       *target,
                                        const char       *number,
                                        const char       *name);
PhoneCall *phone_calls_add_incoming    (PhoneEngine      *engine,
                                        const PhoneEvent *event,
                                        guint             account);
void       phone_calls_add_failed      (PhoneEngine      *engine,
                                        guint             account,
                                        const char       *number,
                                        const char       *reason,
                                        gboolean          recall);
void       phone_calls_take_incoming   (PhoneEngine      *engine,
                                        const PhoneEvent *event);
gboolean   phone_calls_forward         (PhoneEngine      *engine,
                                        PhoneCall        *call,
                                        const char       *text,
                                        GError          **error);
void       phone_calls_answer          (PhoneEngine      *engine,
                                        PhoneCall        *call);
void       phone_calls_hold_active     (PhoneEngine      *engine);
void       phone_calls_hang_up_active  (PhoneEngine      *engine);
gboolean   phone_calls_dismiss_ended   (PhoneEngine      *engine);

void       phone_calls_update          (PhoneEngine      *engine);
void       phone_calls_on_timer        (PhoneEngine      *engine,
                                        guint             timer);

char      *phone_call_dup_shown_name   (PhoneEngine      *engine,
                                        const PhoneCall  *call) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
