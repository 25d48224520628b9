/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/* Types of keys (guide: key types) that do something already. */
#define PHONE_KEY_TYPE_NONE 0
#define PHONE_KEY_TYPE_CONFERENCE 1
#define PHONE_KEY_TYPE_FORWARD 2
#define PHONE_KEY_TYPE_TRANSFER 3
#define PHONE_KEY_TYPE_HOLD 4
#define PHONE_KEY_TYPE_DND 5
#define PHONE_KEY_TYPE_SPEED_DIAL 13
#define PHONE_KEY_TYPE_LINE 15

guint       phone_line_key_get_type      (PhoneEngine *engine,
                                          guint        line_key);
guint       phone_line_key_get_account   (PhoneEngine *engine,
                                          guint        line_key);
guint       phone_line_keys_find_free    (PhoneEngine *engine,
                                          guint        account);
gboolean    phone_line_keys_has_room     (PhoneEngine *engine,
                                          guint        account);
PhoneCall  *phone_line_key_find_call     (PhoneEngine *engine,
                                          guint        line_key);
void        phone_line_key_press         (PhoneEngine *engine,
                                          guint        line_key);
void        phone_line_keys_build        (PhoneEngine *engine,
                                          PhoneDisplay *display);
const char *phone_key_type_get_name      (guint        type);

G_END_DECLS
