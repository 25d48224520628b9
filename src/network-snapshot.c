/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-network"

#include "network-snapshot.h"

#include <gio/gio.h>

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Documentation addresses: never there, so they are reached by the default route or not at all. */
#define ELSEWHERE4 "192.0.2.1"
#define ELSEWHERE6 "2001:db8::1"

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * phone_network_snapshot_new:
 * Returns: (transfer full): a machine without any address
 */
PhoneNetworkSnapshot *
phone_network_snapshot_new (void)
{
  PhoneNetworkSnapshot *self = g_new0 (PhoneNetworkSnapshot, 1);

  self->addresses = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
phone_network_snapshot_free (PhoneNetworkSnapshot *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->addresses);
  g_free (self->route4);
  g_free (self->route6);
  g_free (self);
}

/**
 * phone_network_snapshot_add:
 * @interface: name of an interface that works
 * @address: IP literal
 */
void
phone_network_snapshot_add (PhoneNetworkSnapshot *self,
                            const char           *interface,
                            const char           *address)
{
  g_return_if_fail (self != NULL && interface != NULL && address != NULL);

  g_ptr_array_add (self->addresses, g_strdup_printf ("%s %s", interface, address));
  g_ptr_array_sort (self->addresses, compare_texts);
}

/**
 * phone_network_snapshot_has:
 * @interface: (nullable): name, %NULL for any
 * @address: (nullable): IP literal, %NULL for any
 *
 * Returns: whether there is such an address
 */
gboolean
phone_network_snapshot_has (const PhoneNetworkSnapshot *self,
                            const char                 *interface,
                            const char                 *address)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->addresses->len; i++)
    {
      const char *text = self->addresses->pdata[i];
      const char *blank = strchr (text, ' ');
      gsize length = (gsize) (blank - text);

      if ((interface == NULL || (strlen (interface) == length && strncmp (text, interface, length) == 0))
          && (address == NULL || strcmp (blank + 1, address) == 0))
        return TRUE;
    }
  return FALSE;
}

/* Connecting a datagram socket sends nothing, but chooses the source. */
static char *
find_source (const char *peer)
{
  g_autoptr (GSocketAddress) remote = g_inet_socket_address_new_from_string (peer, 9);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocket) socket = NULL;

  socket = g_socket_new (g_socket_address_get_family (remote), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  if (socket == NULL || !g_socket_connect (socket, remote, NULL, NULL))
    return NULL;
  local = g_socket_get_local_address (socket, NULL);
  return local ? g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local))) : NULL;
}

/**
 * phone_network_snapshot_take:
 * Returns: (transfer full): the network as it is now
 */
PhoneNetworkSnapshot *
phone_network_snapshot_take (void)
{
  PhoneNetworkSnapshot *self = phone_network_snapshot_new ();
  struct ifaddrs *list = NULL;

  if (getifaddrs (&list) != 0)
    list = NULL;
  for (struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next)
    {
      g_autoptr (GSocketAddress) address = NULL;
      g_autofree char *text = NULL;

      if (entry->ifa_addr == NULL || (entry->ifa_flags & (IFF_UP | IFF_RUNNING)) != (IFF_UP | IFF_RUNNING))
        continue;
      if (entry->ifa_addr->sa_family == AF_INET)
        address = g_socket_address_new_from_native (entry->ifa_addr, sizeof (struct sockaddr_in));
      else if (entry->ifa_addr->sa_family == AF_INET6)
        address = g_socket_address_new_from_native (entry->ifa_addr, sizeof (struct sockaddr_in6));
      if (!G_IS_INET_SOCKET_ADDRESS (address))
        continue;
      text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
      phone_network_snapshot_add (self, entry->ifa_name, text);
    }
  freeifaddrs (list);
  self->route4 = find_source (ELSEWHERE4);
  self->route6 = find_source (ELSEWHERE6);
  return self;
}

static gboolean
is_worldly (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address == NULL || g_inet_address_get_is_loopback (address))
    return FALSE;
  /* Every IPv6 interface has a link-local address; it says nothing. */
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 || !g_inet_address_get_is_link_local (address);
}

/**
 * phone_network_snapshot_is_usable:
 * @bind_address: (nullable): the only address the phone may use
 *
 * Returns: whether there is an address to speak from
 */
gboolean
phone_network_snapshot_is_usable (const PhoneNetworkSnapshot *self,
                                  const char                 *bind_address)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (bind_address != NULL)
    return phone_network_snapshot_has (self, NULL, bind_address);
  for (guint i = 0; i < self->addresses->len; i++)
    if (is_worldly (strchr (self->addresses->pdata[i], ' ') + 1))
      return TRUE;
  return FALSE;
}

static gboolean
is_same (const PhoneNetworkSnapshot *a,
         const PhoneNetworkSnapshot *b)
{
  if (a->addresses->len != b->addresses->len || g_strcmp0 (a->route4, b->route4) != 0
      || g_strcmp0 (a->route6, b->route6) != 0)
    return FALSE;
  for (guint i = 0; i < a->addresses->len; i++)
    if (strcmp (a->addresses->pdata[i], b->addresses->pdata[i]) != 0)
      return FALSE;
  return TRUE;
}

/**
 * phone_network_snapshot_judge:
 * @bind_address: (nullable): the only address the phone may use
 * @interrupted: whether the machine slept, or the interface that was used lost its carrier or address, in between
 * @news: (out): what happened
 *
 * Returns: %FALSE when nothing did that matters
 */
gboolean
phone_network_snapshot_judge (const PhoneNetworkSnapshot *before,
                              const PhoneNetworkSnapshot *now,
                              const char                 *bind_address,
                              gboolean                    interrupted,
                              PhoneNetworkNews           *news)
{
  gboolean was_usable;

  g_return_val_if_fail (before != NULL && now != NULL && news != NULL, FALSE);

  was_usable = phone_network_snapshot_is_usable (before, bind_address);
  if (!phone_network_snapshot_is_usable (now, bind_address))
    {
      *news = PHONE_NETWORK_DOWN;
      return was_usable;
    }
  *news = !was_usable || interrupted ? PHONE_NETWORK_BACK : PHONE_NETWORK_CHANGED;
  return *news == PHONE_NETWORK_BACK || !is_same (before, now);
}
