/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *phone_sip_mask (const char *text,
                      gssize      length) G_GNUC_WARN_UNUSED_RESULT;

char *phone_sip_mask_message (const char *text,
                              gsize       length,
                              gsize      *masked_length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
