/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64  phone_sip_token_random     (void);
char    *phone_sip_token_new        (void) G_GNUC_WARN_UNUSED_RESULT;
char    *phone_sip_token_new_call_id (guint       account,
                                      const char *address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
