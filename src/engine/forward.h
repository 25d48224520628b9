/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * Call forward and do not disturb (guide: call forward, do not disturb): what is switched on for whom, where calls go, and
 * what the server is told of it. Each is one setting of the phone, or in Custom mode one of each account.
 */

/**
 * PhoneDivert:
 * What can be switched.
 */
typedef enum {
  PHONE_DIVERT_ALWAYS,
  PHONE_DIVERT_BUSY,
  PHONE_DIVERT_NO_ANSWER,
  PHONE_DIVERT_DND,
  PHONE_N_DIVERTS
} PhoneDivert;

/**
 * PhoneForwardState:
 * What is switched on and where calls go, before something is changed. [][0] is the phone's own.
 */
typedef struct {
  gboolean on[PHONE_N_DIVERTS][PHONE_MAX_ACCOUNTS + 1];
  char    *targets[PHONE_N_DIVERTS][PHONE_MAX_ACCOUNTS + 1];
} PhoneForwardState;

PhoneForwardState *phone_forward_state_new  (PhoneEngine       *engine) G_GNUC_WARN_UNUSED_RESULT;
void               phone_forward_state_free (PhoneForwardState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneForwardState, phone_forward_state_free)

const char *phone_divert_to_string           (PhoneDivert        divert);
const char *phone_divert_get_name            (PhoneDivert        divert);
const char *phone_divert_get_reason          (PhoneDivert        divert);

gboolean    phone_forward_is_allowed         (PhoneEngine       *engine,
                                              PhoneDivert        divert);
gboolean    phone_forward_is_custom          (PhoneEngine       *engine,
                                              PhoneDivert        divert);
gboolean    phone_forward_is_on              (PhoneEngine       *engine,
                                              PhoneDivert        divert,
                                              guint              account);
gboolean    phone_forward_is_any_on          (PhoneEngine       *engine,
                                              PhoneDivert        divert);
gboolean    phone_forward_has_target         (PhoneEngine       *engine,
                                              PhoneDivert        divert);
gboolean    phone_forward_disturbs           (PhoneEngine       *engine,
                                              guint              account,
                                              const char        *number);
char       *phone_forward_dup_target         (PhoneEngine       *engine,
                                              PhoneDivert        divert,
                                              guint              account) G_GNUC_WARN_UNUSED_RESULT;
char       *phone_forward_make_target        (PhoneEngine       *engine,
                                              guint              account,
                                              const char        *text,
                                              GError           **error) G_GNUC_WARN_UNUSED_RESULT;
int         phone_forward_get_no_answer_ms   (PhoneEngine       *engine,
                                              guint              account);

gboolean    phone_forward_switch             (PhoneEngine       *engine,
                                              PhoneDivert        divert,
                                              guint              account,
                                              gboolean           on,
                                              const char        *target,
                                              GError           **error);
void        phone_forward_copy               (PhoneEngine       *engine,
                                              guint              account);
void        phone_forward_announce           (PhoneEngine             *engine,
                                              const PhoneForwardState *before);

G_END_DECLS
