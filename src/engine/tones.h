/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/* Which tone and which ring sounds when. */

void phone_tones_update   (PhoneEngine *engine);
void phone_tones_click    (PhoneEngine *engine,
                           PhoneKey     key);
void phone_tones_send_key (PhoneEngine *engine);

void phone_tones_remind   (PhoneEngine *engine,
                           guint        timer);

G_END_DECLS
