/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/* What each lamp says. */

void phone_lamps_build (PhoneEngine  *engine,
                        PhoneDisplay *display);

G_END_DECLS
