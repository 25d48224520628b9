/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint       phone_sip_cause_normalise     (int          status,
                                           const char  *phrase,
                                           const char **text);
const char *phone_sip_cause_get_phrase    (guint        status);
gboolean    phone_sip_cause_is_redirect   (guint        status);
gboolean    phone_sip_cause_ends_call     (guint        status);

G_END_DECLS
