/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "exchange-script.h"
#include "exchange-users.h"

G_BEGIN_DECLS

/**
 * SECTION:exchange
 * @title: Exchange
 *
 * The practice exchange: registrar, proxy and robots on one address, all on the thread of the default main context.
 */
typedef struct _Exchange Exchange;

/**
 * ExchangeOptions:
 * @address: numeric address to bind to
 * @port: for UDP and TCP; 0: any
 * @any_address: allow one that is not a loopback address
 * @call_auth: ask for a password for each new call, too
 * @script: (nullable) (transfer none): answers on purpose; must outlive the exchange
 */
typedef struct {
  const char     *address;
  guint           port;
  gboolean        any_address;
  guint           min_expires_s;
  gboolean        call_auth;
  ExchangeScript *script;
} ExchangeOptions;

/**
 * exchange_new:
 * @users: (transfer none): must outlive the exchange
 *
 * Returns: %NULL with @error: %G_IO_ERROR_INVALID_ARGUMENT (no address, or not one of this machine's own),
 *   %G_IO_ERROR_ADDRESS_IN_USE
 */
Exchange *exchange_new      (const ExchangeOptions  *options,
                             ExchangeUsers          *users,
                             GError                **error) G_GNUC_WARN_UNUSED_RESULT;
guint     exchange_get_port (Exchange               *self);
/* Ends the robots' calls, takes two seconds at the most, then calls @stopped; call exchange_free() after that. */
void      exchange_stop     (Exchange               *self,
                             void                  (*stopped) (gpointer user_data),
                             gpointer                user_data);
void      exchange_free     (Exchange               *self);

G_END_DECLS
