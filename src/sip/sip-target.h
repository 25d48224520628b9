/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-stack.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-target
 * @title: PhoneSipTarget
 *
 * Binds one handle of the library to the object that owns it. The owner gets the handle's events until it lets go; what the
 * library still says after that lands on the "gone" target, which only logs. Letting go destroys the handle, exactly
 * once, and never inside a callback.
 */
typedef struct _PhoneSipTarget PhoneSipTarget;

typedef void (*PhoneSipTargetFunc) (const PhoneSipEvent *event,
                                    gpointer             owner);

PhoneSipTarget *phone_sip_target_new        (PhoneSipStack        *stack,
                                             nua_handle_t         *handle,
                                             PhoneSipTargetFunc    func,
                                             gpointer              owner) G_GNUC_WARN_UNUSED_RESULT;
void            phone_sip_target_release    (PhoneSipTarget       *self);
nua_handle_t   *phone_sip_target_get_handle (PhoneSipTarget       *self);

/* Used by the stack. */
void            phone_sip_target_dispatch   (PhoneSipTarget       *self,
                                             const PhoneSipEvent  *event);

G_END_DECLS
