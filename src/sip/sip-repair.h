/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean phone_sip_repair_is_in_place (void);

G_END_DECLS
