/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * What the phone does when the machine's network goes, changes or comes back.
 */

void phone_network_apply (PhoneEngine      *engine,
                          PhoneNetworkNews  news);

G_END_DECLS
