/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-resolver.h"

#include <string.h>

/*
 * Names to addresses with GResolver, so that the library never has to look one up: its resolver blocks in places and
 * asserts on odd answers.
 */

typedef struct {
  gboolean          want_ipv4;
  gboolean          want_ipv6;
  PhoneSipResolved  resolved;
  gpointer          user_data;
  GCancellable     *cancellable;
} Query;

static void
query_free (Query *query)
{
  g_clear_object (&query->cancellable);
  g_free (query);
}

gboolean
phone_sip_is_address (const char *host)
{
  g_return_val_if_fail (host != NULL, FALSE);

  return g_hostname_is_ip_address (host);
}

static char *
choose_address (Query *query,
                GList *addresses)
{
  /* IPv4 first, as the phones do. */
  for (guint pass = 0; pass < 2; pass++)
    {
      for (GList *l = addresses; l; l = l->next)
        {
          GSocketFamily family = g_inet_address_get_family (l->data);

          if (pass == 0 && family == G_SOCKET_FAMILY_IPV4 && query->want_ipv4)
            return g_inet_address_to_string (l->data);
          if (pass == 1 && family == G_SOCKET_FAMILY_IPV6 && query->want_ipv6)
            return g_inet_address_to_string (l->data);
        }
    }

  return NULL;
}

static void
on_lookup_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Query *query = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  if (!g_cancellable_is_cancelled (query->cancellable))
    {
      if (error)
        g_info ("%s", error->message);
      address = choose_address (query, addresses);
      query->resolved (address, query->user_data);
    }

  g_resolver_free_addresses (addresses);
  query_free (query);
}

/**
 * phone_sip_resolve:
 * @host: a name or an IP literal
 * @bind_address: (nullable): when given, only addresses of its family help
 * @cancellable: cancelled by the caller before @user_data goes away; then @resolved is not called
 * @resolved: called from the main loop; at once when @host is an IP literal
 */
void
phone_sip_resolve (const char       *host,
                   const char       *bind_address,
                   GCancellable     *cancellable,
                   PhoneSipResolved  resolved,
                   gpointer          user_data)
{
  g_autoptr (GResolver) resolver = NULL;
  Query *query;

  g_return_if_fail (host != NULL);
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (resolved != NULL);

  if (phone_sip_is_address (host))
    {
      resolved (host, user_data);
      return;
    }

  query = g_new0 (Query, 1);
  query->want_ipv4 = !bind_address || !strchr (bind_address, ':');
  query->want_ipv6 = !bind_address || strchr (bind_address, ':');
  query->resolved = resolved;
  query->user_data = user_data;
  query->cancellable = g_object_ref (cancellable);

  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_async (resolver, host, cancellable, on_lookup_ready, query);
}
