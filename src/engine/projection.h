/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

PhoneDisplay *phone_projection_build (PhoneEngine *engine) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
