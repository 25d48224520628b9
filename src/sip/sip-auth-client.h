/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void phone_sip_auth_client_set_up (void);

G_END_DECLS
