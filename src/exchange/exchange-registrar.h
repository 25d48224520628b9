/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sofia-sip/nta.h>

#include "exchange-locations.h"
#include "exchange-users.h"

G_BEGIN_DECLS

/**
 * SECTION:exchange-registrar
 * @title: ExchangeRegistrar
 *
 * Takes REGISTER requests (RFC 3261 §10.3) and asks for passwords.
 */
typedef struct {
  ExchangeUsers     *users;
  ExchangeLocations *locations;
  guint              min_expires_s;
  guint              max_expires_s;
} ExchangeRegistrar;

/**
 * exchange_registrar_authorize:
 * @credentials: (nullable): the Authorization or Proxy-Authorization headers
 * @status: 401 or 407: what to challenge with
 * @user: (out) (optional): who it is
 *
 * Returns: 0 when the request may go on, else the status that was answered
 */
int exchange_registrar_authorize (ExchangeRegistrar         *self,
                                  nta_incoming_t            *request,
                                  sip_authorization_t const *credentials,
                                  int                        status,
                                  char                     **user);

/* Answers a REGISTER, whatever it holds. Returns the status. */
int exchange_registrar_take      (ExchangeRegistrar         *self,
                                  nta_incoming_t            *request,
                                  sip_t const               *sip);

/* Seconds of the clock that all tables of the exchange use. */
gint64 exchange_now_s            (void);

G_END_DECLS
