/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PhoneSipResolved:
 * @address: (nullable): IP literal, %NULL when the name is not known
 */
typedef void (*PhoneSipResolved) (const char *address,
                                  gpointer    user_data);

void phone_sip_resolve (const char        *host,
                        const char        *bind_address,
                        GCancellable      *cancellable,
                        PhoneSipResolved   resolved,
                        gpointer           user_data);

gboolean phone_sip_is_address (const char *host);

G_END_DECLS
