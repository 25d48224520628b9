/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-ports.h"

#include <netinet/in.h>
#include <netinet/ip.h>

#define FREE_PORT_TRIES 64

static GSocket *
open_socket (GInetAddress  *address,
             guint          port,
             GError       **error)
{
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new (address, (guint16) port);
  g_autoptr (GSocket) socket = NULL;

  socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  if (socket == NULL || !g_socket_bind (socket, local, FALSE, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static void
mark (GSocket *socket,
      guint    dscp)
{
  gboolean v6 = g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6;
  g_autoptr (GError) ignored = NULL;

  if (!g_socket_set_option (socket, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_TCLASS : IP_TOS, (int) dscp << 2, &ignored))
    g_debug ("voice packets are not marked: %s", ignored->message);
}

/**
 * phone_media_ports_mark:
 * @dscp: 0 to 63 (RFC 2474): 46, expedited forwarding, is what the phones use for voice
 *
 * Tells routers how urgent the packets are.
 */
void
phone_media_ports_mark (PhoneMediaPorts *self,
                        guint            dscp)
{
  g_return_if_fail (self != NULL && dscp <= 63);

  mark (self->rtp, dscp);
  mark (self->rtcp, dscp);
}

static guint
port_of (GSocket *socket)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);

  return local == NULL ? 0 : g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
}

static PhoneMediaPorts *
open_pair (GInetAddress  *address,
           guint          port,
           GError       **error)
{
  g_autoptr (GSocket) rtp = open_socket (address, port, error);
  g_autoptr (GSocket) rtcp = NULL;
  PhoneMediaPorts *self;

  if (rtp == NULL)
    return NULL;
  rtcp = open_socket (address, port + 1, error);
  if (rtcp == NULL)
    return NULL;
  self = g_new0 (PhoneMediaPorts, 1);
  self->rtp = g_steal_pointer (&rtp);
  self->rtcp = g_steal_pointer (&rtcp);
  self->rtp_port = port;
  self->rtcp_port = port + 1;
  return self;
}

static PhoneMediaPorts *
open_any (GInetAddress  *address,
          GError       **error)
{
  for (guint i = 0; i < FREE_PORT_TRIES; i++)
    {
      g_autoptr (GSocket) probe = open_socket (address, 0, error);
      PhoneMediaPorts *self;
      guint port;

      if (probe == NULL)
        return NULL;
      port = port_of (probe);
      g_clear_object (&probe);
      port += port & 1;
      if (port < 2 || port > 65534)
        continue;
      self = open_pair (address, port, NULL);
      if (self != NULL)
        return self;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "no free pair of ports was found");
  return NULL;
}

/**
 * phone_media_ports_open:
 * @address: local IP address literal
 * @port_min: lowest port allowed; both 0 = any free pair
 * @port_max: highest port allowed
 * @next_port: (inout): where the search begins, for the next time: a call does not get the ports of the one that just
 *   ended, whose last packets may still come
 * @error: %G_IO_ERROR_ADDRESS_IN_USE when no pair of the range is free; another one when there is no such address
 *
 * Returns: (transfer full) (nullable): the sockets, bound
 */
PhoneMediaPorts *
phone_media_ports_open (const char  *address,
                        guint        port_min,
                        guint        port_max,
                        guint       *next_port,
                        GError     **error)
{
  g_autoptr (GInetAddress) inet = NULL;
  guint first = (port_min + 1) & ~1u;
  guint n_pairs;
  guint start = 0;

  g_return_val_if_fail (next_port != NULL, NULL);

  inet = address == NULL ? NULL : g_inet_address_new_from_string (address);
  if (inet == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is no IP address",
                   address == NULL ? "" : address);
      return NULL;
    }
  if (port_min == 0 && port_max == 0)
    return open_any (inet, error);

  port_max = MIN (port_max, 65535);
  n_pairs = first + 1 <= port_max ? (port_max - first - 1) / 2 + 1 : 0;
  if (*next_port > first && *next_port < first + 2 * n_pairs)
    start = (*next_port - first) / 2;
  for (guint i = 0; i < n_pairs; i++)
    {
      guint port = first + 2 * ((start + i) % n_pairs);
      g_autoptr (GError) refused = NULL;
      PhoneMediaPorts *self = open_pair (inet, port, &refused);

      if (self != NULL)
        {
          *next_port = port + 2;
          return self;
        }
      if (!g_error_matches (refused, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)
          && !g_error_matches (refused, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        {
          g_propagate_error (error, g_steal_pointer (&refused));
          return NULL;
        }
      g_message ("RTP ports %u and %u are taken: trying the next pair", port, port + 1);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "no RTP port left between %u and %u", port_min, port_max);
  return NULL;
}

/**
 * phone_media_ports_close:
 * @self: (transfer full) (nullable): the sockets
 */
void
phone_media_ports_close (PhoneMediaPorts *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->rtp);
  g_clear_object (&self->rtcp);
  g_free (self);
}
