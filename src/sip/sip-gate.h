/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sofia-sip/msg_addr.h>

#include "sip-admission.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-gate
 * @title: PhoneSipGate
 *
 * Stands between the library's sockets and its transactions: every message passes it before the library keeps anything of
 * it. What #PhoneSipAdmission does not let in is forgotten there; what is let in is made harmless for the library. One gate
 * for each #PhoneSipStack; may be used from any thread.
 */
typedef struct _PhoneSipGate PhoneSipGate;

PhoneSipGate *phone_sip_gate_new          (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipGate *phone_sip_gate_ref          (PhoneSipGate        *self);
void          phone_sip_gate_unref        (PhoneSipGate        *self);

/* Around nua_create(): transports that are made in between on any thread belong to this gate. */
void          phone_sip_gate_enter        (PhoneSipGate        *self);
gboolean      phone_sip_gate_leave        (PhoneSipGate        *self);
void          phone_sip_gate_forget       (PhoneSipGate        *self);

void          phone_sip_gate_set_rules    (PhoneSipGate        *self,
                                           const PhoneSipRules *rules);
void          phone_sip_gate_set_servers  (PhoneSipGate        *self,
                                           gconstpointer        owner,
                                           const char *const   *addresses);
gboolean      phone_sip_gate_may_call     (PhoneSipGate         *self,
                                           const PhoneSipSource *source);
gboolean      phone_sip_gate_is_server    (PhoneSipGate         *self,
                                           const PhoneSipSource *source);
guint64       phone_sip_gate_get_n_dropped (PhoneSipGate       *self);

gboolean      phone_sip_gate_read_source  (msg_t               *message,
                                           PhoneSipSource      *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipGate, phone_sip_gate_unref)

G_END_DECLS
