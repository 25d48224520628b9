/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sip-hop.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-locator
 * @title: Locating servers
 *
 * From what a configuration or an address says (name, port, transport) to where requests are sent: RFC 3263. Names are
 * never given to the library, whose own resolver blocks in places and asserts on odd answers.
 */
typedef struct {
  char           *host;        /* name or IP literal */
  guint           port;        /* 0: by DNS */
  PhoneTransport  transport;   /* PHONE_TRANSPORT_DNS: by DNS as well */
  gboolean        secure;      /* sips: TLS only */
} PhoneSipOrigin;

PhoneSipOrigin *phone_sip_origin_new  (const char          *host,
                                       guint                port,
                                       PhoneTransport       transport,
                                       gboolean             secure) G_GNUC_WARN_UNUSED_RESULT;
void            phone_sip_origin_free (PhoneSipOrigin      *self);

void            phone_sip_locate_async  (GPtrArray            *origins,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
GPtrArray      *phone_sip_locate_finish (GAsyncResult         *result,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* The look-up itself, for a worker thread; and what tests put in place of DNS. */
GPtrArray      *phone_sip_locate        (GPtrArray            *origins,
                                         GCancellable         *cancellable,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
