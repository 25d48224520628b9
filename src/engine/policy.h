/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dial-target.h"
#include "engine-private.h"
#include "forward.h"

G_BEGIN_DECLS

/**
 * PhonePolicyVerdict:
 * What becomes of an incoming call.
 */
typedef struct {
  guint       account;         /* the account it counts for, 0 = none */
  guint       refuse_status;   /* 0 = it rings */
  char       *forward_to;      /* with 302: where it goes; (transfer full) */
  PhoneDivert divert;          /* and by which rule */
  const char *reason;          /* what the LCD says of a refused call, %NULL = nothing */
  gboolean    auto_answer;
} PhonePolicyVerdict;

PhonePolicyVerdict phone_policy_judge_incoming  (PhoneEngine           *engine,
                                                 const PhoneEvent      *event);
gboolean           phone_policy_may_auto_answer (PhoneEngine           *engine,
                                                 const PhoneCall       *call);
const char        *phone_policy_refuse_outgoing (PhoneEngine           *engine,
                                                 const PhoneDialTarget *target,
                                                 guint                 *account);
gboolean           phone_policy_may_send_digits (const PhoneCall       *call);

G_END_DECLS
