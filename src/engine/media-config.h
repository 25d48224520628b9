/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

void phone_media_config_prepare (PhoneEngine     *engine,
                                 const PhoneCall *call);

G_END_DECLS
