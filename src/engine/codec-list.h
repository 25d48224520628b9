/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

GPtrArray *phone_codec_list_new (PhoneEngine *engine,
                                 guint        account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
