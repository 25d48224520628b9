/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:exchange-locations
 * @title: ExchangeLocations
 *
 * Where the users are: the bindings a registrar keeps (RFC 3261 §10.3). Bounded: a user who registers one more phone
 * than %EXCHANGE_MAX_CONTACTS loses the oldest binding.
 */
typedef struct _ExchangeLocations ExchangeLocations;

#define EXCHANGE_MAX_CONTACTS 8

typedef struct {
  char    *uri;         /* the contact's URI as text */
  char    *call_id;
  guint32  cseq;
  gint64   expires_at_s;
  guint64  serial;      /* grows with each update: the largest is the newest */
} ExchangeBinding;

ExchangeLocations *exchange_locations_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void               exchange_locations_free       (ExchangeLocations *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExchangeLocations, exchange_locations_free)

/**
 * exchange_locations_may_update:
 * Returns: %FALSE for a request that is older than what is known of this contact (same Call-ID, CSeq not greater)
 */
gboolean           exchange_locations_may_update (ExchangeLocations *self,
                                                  const char        *user,
                                                  const char        *uri,
                                                  const char        *call_id,
                                                  guint32            cseq);

/* Sets or renews a binding; @expires_s 0 takes it away. */
void               exchange_locations_update     (ExchangeLocations *self,
                                                  const char        *user,
                                                  const char        *uri,
                                                  const char        *call_id,
                                                  guint32            cseq,
                                                  guint              expires_s,
                                                  gint64             now_s);
void               exchange_locations_clear      (ExchangeLocations *self,
                                                  const char        *user);

/**
 * exchange_locations_list:
 * Returns: (transfer none) (nullable) (element-type ExchangeBinding): what has not expired, newest first; valid until
 *   the next call
 */
GPtrArray         *exchange_locations_list       (ExchangeLocations *self,
                                                  const char        *user,
                                                  gint64             now_s);

G_END_DECLS
