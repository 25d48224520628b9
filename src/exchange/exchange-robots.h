/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sofia-sip/su_wait.h>

G_BEGIN_DECLS

/**
 * SECTION:exchange-robots
 * @title: ExchangeRobots
 *
 * The machine that answers the robot extensions: a user agent on a port of its own, to which the proxy sends their
 * calls as it sends others to phones. Runs on the thread of the root.
 */
typedef struct _ExchangeRobots ExchangeRobots;

/** EXCHANGE_MAX_ROBOT_CALLS: one more is answered 503. */
#define EXCHANGE_MAX_ROBOT_CALLS 256

ExchangeRobots *exchange_robots_new       (su_root_t       *root,
                                           const char      *address,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where the agent listens: "sip:127.0.0.1:40123". */
const char     *exchange_robots_get_uri   (ExchangeRobots  *self);

/**
 * exchange_robots_set_proxy:
 * @domain: host and port of the exchange, for URIs
 * @route: a Route header's value that leads calls of the robots through the proxy
 */
void            exchange_robots_set_proxy (ExchangeRobots  *self,
                                           const char      *domain,
                                           const char      *route);
guint           exchange_robots_count_calls (ExchangeRobots *self);

/**
 * exchange_robots_stop:
 * @stopped: called once when all calls are ended, or when the time for that is over
 *
 * Asynchronous.
 */
void            exchange_robots_stop      (ExchangeRobots  *self,
                                           void           (*stopped) (gpointer user_data),
                                           gpointer         user_data);
/* Whether all ended well: only then may exchange_robots_free() be called. */
gboolean        exchange_robots_is_stopped (ExchangeRobots *self);
void            exchange_robots_free      (ExchangeRobots  *self);

G_END_DECLS
