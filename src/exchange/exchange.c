/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange.h"

#include <sofia-sip/su_glib.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_wait.h>
#include <string.h>

#include "exchange-proxy.h"
#include "exchange-robots.h"

struct _Exchange {
  su_root_t      *root;
  ExchangeRobots *robots;
  ExchangeProxy  *proxy;
};

/* The library's own complaints go to our log. */
static void
on_library_log (void       *stream,
                char const *format,
                va_list     arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_debug ("sofia: %s", g_strchomp (text));
}

static gboolean
check_address (const ExchangeOptions  *options,
               GError                **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (options->address);

  if (!address)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no numeric address", options->address);
      return FALSE;
    }
  if (!g_inet_address_get_is_loopback (address) && !options->any_address)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s is not a loopback address: the practice exchange is no server for others", options->address);
      return FALSE;
    }
  return TRUE;
}

static gboolean
open_parts (Exchange               *self,
            const ExchangeOptions  *options,
            ExchangeUsers          *users,
            GError                **error)
{
  const ExchangeProxyOptions proxy_options = {
    .address = options->address,
    .port = options->port,
    .min_expires_s = options->min_expires_s,
    .call_auth = options->call_auth,
    .script = options->script,
  };
  g_autofree char *route = NULL;

  /* The proxy first: it is the part whose port may be taken, and the robots cannot be closed without a farewell. */
  self->proxy = exchange_proxy_new (self->root, &proxy_options, users, error);
  if (!self->proxy)
    return FALSE;
  self->robots = exchange_robots_new (self->root, options->address, error);
  if (!self->robots)
    return FALSE;
  exchange_proxy_set_robots (self->proxy, exchange_robots_get_uri (self->robots));
  route = exchange_proxy_make_robot_route (self->proxy);
  exchange_robots_set_proxy (self->robots, exchange_proxy_get_domain (self->proxy), route);

  return TRUE;
}

Exchange *
exchange_new (const ExchangeOptions  *options,
              ExchangeUsers          *users,
              GError                **error)
{
  Exchange *self;

  g_return_val_if_fail (options && options->address && users, NULL);

  if (!check_address (options, error))
    return NULL;

  su_init ();
  su_log_redirect (NULL, on_library_log, NULL);
  self = g_new0 (Exchange, 1);
  self->root = su_glib_root_create (NULL);
  /* One thread for everything: there is no window here that could make it wait. */
  su_root_threading (self->root, 0);
  g_source_attach (su_glib_root_gsource (self->root), NULL);
  if (!open_parts (self, options, users, error))
    {
      exchange_free (self);
      return NULL;
    }

  return self;
}

guint
exchange_get_port (Exchange *self)
{
  g_return_val_if_fail (self, 0);

  return exchange_proxy_get_port (self->proxy);
}

void
exchange_stop (Exchange  *self,
               void     (*stopped) (gpointer user_data),
               gpointer   user_data)
{
  g_return_if_fail (self && stopped);

  exchange_robots_stop (self->robots, stopped, user_data);
}

void
exchange_free (Exchange *self)
{
  if (!self)
    return;
  /* The library aborts when an agent is taken away before its calls are over. That happens only when somebody did not
   * answer our BYE; the process ends now, so the rest of it is left to the system. */
  if (self->robots && !exchange_robots_is_stopped (self->robots))
    return;
  g_clear_pointer (&self->robots, exchange_robots_free);
  g_clear_pointer (&self->proxy, exchange_proxy_free);
  su_root_destroy (self->root);
  su_deinit ();
  g_free (self);
}
