/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

gboolean    phone_account_is_enabled    (PhoneEngine      *engine,
                                         guint             account);
gboolean    phone_account_is_usable     (PhoneEngine      *engine,
                                         guint             account);
char       *phone_account_dup_label     (PhoneEngine      *engine,
                                         guint             account) G_GNUC_WARN_UNUSED_RESULT;
char       *phone_account_dup_state     (PhoneEngine      *engine,
                                         guint             account) G_GNUC_WARN_UNUSED_RESULT;

gboolean    phone_accounts_any_enabled  (PhoneEngine      *engine);
guint       phone_accounts_get_default  (PhoneEngine      *engine);
void        phone_accounts_step_default (PhoneEngine      *engine,
                                         int               by);
guint       phone_accounts_find_user    (PhoneEngine      *engine,
                                         const char       *user);
void        phone_accounts_apply        (PhoneEngine      *engine);
void        phone_accounts_on_event     (PhoneEngine      *engine,
                                         const PhoneEvent *event);

G_END_DECLS
