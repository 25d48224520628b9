/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sofia-sip/su_wait.h>

#include "exchange-script.h"
#include "exchange-users.h"

G_BEGIN_DECLS

/**
 * SECTION:exchange-proxy
 * @title: ExchangeProxy
 *
 * The front of the exchange: a stateful proxy (RFC 3261 §16) on UDP and TCP that stays in the path of dialogs by
 * Record-Route, with the registrar behind the same port. It never forks: a call goes to the phone that registered last.
 */
typedef struct _ExchangeProxy ExchangeProxy;

/** EXCHANGE_MAX_TRANSACTIONS: open ones; one more is answered 503. */
#define EXCHANGE_MAX_TRANSACTIONS 2000

typedef struct {
  const char     *address;
  guint           port;          /* 0: any */
  guint           min_expires_s;
  gboolean        call_auth;     /* ask for the password for a new call, too */
  ExchangeScript *script;        /* (nullable) (transfer none): answers on purpose; must outlive the proxy */
} ExchangeProxyOptions;

/**
 * exchange_proxy_new:
 * @users: (transfer none): must outlive the proxy
 */
ExchangeProxy *exchange_proxy_new       (su_root_t                   *root,
                                         const ExchangeProxyOptions  *options,
                                         ExchangeUsers               *users,
                                         GError                     **error) G_GNUC_WARN_UNUSED_RESULT;
void           exchange_proxy_free      (ExchangeProxy               *self);
/* Where the robot extensions are; until then they are not found. */
void           exchange_proxy_set_robots (ExchangeProxy              *self,
                                         const char                  *uri);
guint          exchange_proxy_get_port  (ExchangeProxy               *self);
/* Host and port as they stand in a URI. */
const char    *exchange_proxy_get_domain (ExchangeProxy              *self);
/* A Route value that marks requests as the robots' own. */
char          *exchange_proxy_make_robot_route (ExchangeProxy        *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
