/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * Transfers, from both sides (RFC 3515, 3891, 5589; guide: call transfer).
 *
 * We transfer: a call waits on hold for whom it goes to (`from`); the user calls somebody meanwhile (`to`, the consultation).
 * Blind is a REFER to a number, attended one that names the consultation. Semi-attended waits until that is answered, or
 * becomes blind (transfer.semi_attend_tran_enable). Once the REFER is out the transfer runs by itself, until the other
 * side has told how it ended, or does not in time.
 *
 * They transfer us, or take the place of somebody who spoke with us: the new call takes the old one's place
 * (PhoneCall.replaced_by), with the microphone, and the old one ends when the new one talks.
 */

PhoneTransfers *phone_transfers_new            (void) G_GNUC_WARN_UNUSED_RESULT;
void            phone_transfers_free           (PhoneTransfers   *self);

gboolean        phone_transfer_press           (PhoneEngine      *engine,
                                                GError          **error);
gboolean        phone_transfer_blind           (PhoneEngine      *engine,
                                                guint             from,
                                                const char       *text,
                                                GError          **error);
gboolean        phone_transfer_consult         (PhoneEngine      *engine,
                                                guint             from,
                                                guint             account,
                                                const char       *text,
                                                GError          **error);
gboolean        phone_transfer_join            (PhoneEngine      *engine,
                                                guint             from,
                                                guint             to,
                                                GError          **error);
void            phone_transfer_hang_up         (PhoneEngine      *engine);
gboolean        phone_transfer_is_prepared     (PhoneEngine      *engine,
                                                const PhoneCall  *call);
gboolean        phone_transfer_has_alarm       (PhoneEngine      *engine);
void            phone_transfer_silence         (PhoneEngine      *engine);
void            phone_transfer_finish          (PhoneEngine      *engine);
void            phone_transfer_on_news         (PhoneEngine      *engine,
                                                const PhoneEvent *event);

/* transferee.c */
void            phone_transfer_on_referred     (PhoneEngine      *engine,
                                                const PhoneEvent *event);
gboolean        phone_transfer_take_replacing  (PhoneEngine      *engine,
                                                const PhoneEvent *event);
void            phone_transfer_update_replaced (PhoneEngine      *engine);

void            phone_transfer_update          (PhoneEngine      *engine);

G_END_DECLS
