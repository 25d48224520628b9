/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

void phone_keymap_press (PhoneEngine *engine,
                         PhoneKey     key);

G_END_DECLS
