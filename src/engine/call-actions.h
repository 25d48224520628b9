/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * What the rows of the call table do. Each commands the ports or defers an internal event; none changes the state.
 * @event is NULL when the user or the policy is the cause.
 */
typedef void (*PhoneCallAction) (PhoneEngine      *engine,
                                 PhoneCall        *call,
                                 const PhoneEvent *event);

void phone_call_make_way          (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_prepare           (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_invite            (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_progress          (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_check_offer       (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_send_answer       (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_start_talking     (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_set_music         (PhoneEngine *engine, PhoneCall *call, gboolean music);
void phone_call_offer_hold        (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_offer_resume      (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_hold_refused      (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_hold_locally      (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_resume_refused    (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_modified          (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_answer_modify     (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_refuse_modify     (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_reject            (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_hang_up           (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_drop              (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_no_answer         (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_nobody_here       (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_fail_by_media     (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_show_fault        (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_reopen            (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_offer_place       (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_offer_again       (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_stay              (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_lose              (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_note_end          (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);
void phone_call_dismiss           (PhoneEngine *engine, PhoneCall *call, const PhoneEvent *event);

void phone_call_give_way          (PhoneEngine *engine, PhoneCall *call, guint to);
void phone_call_take_back         (PhoneEngine *engine, PhoneCall *call);

/**
 * phone_call_finish:
 *
 * Entered by each call once, when it reaches ENDED: release, log, what the LCD shows.
 */
void phone_call_finish            (PhoneEngine *engine, PhoneCall *call);

G_END_DECLS
