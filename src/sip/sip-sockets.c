/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Two things that the library lacks:
 *
 * - It binds a socket to each address that the machine has when it starts, and to these for ever: a machine that gets another
 *   address, or its first one, is deaf and dumb. So it is made to bind to one address, and its sockets are replaced by ones that
 *   are bound to all addresses, under the same descriptors (dup2 (2)); what it polls and reads is a number, and it never knows.
 *   (Its epoll (7) back end would lose them; see phone_sip_stack_start ().)
 * - A TCP connection whose local address is gone is not told so by the kernel: it would be retransmitted on for a quarter of an
 *   hour, and the library would wait for it with every request. A socket that is shut down reads as closed by the other side,
 *   on whatever thread; the library forgets the connection then and opens another one for the next request.
 *
 * Descriptors are found by looking at all of this process. Connections that are not SIP's and come from an address that is
 * gone are as dead as ours. Connections on the loopback never are.
 */

typedef union {
  struct sockaddr         any;
  struct sockaddr_in      v4;
  struct sockaddr_in6     v6;
  struct sockaddr_storage storage;
} Address;

typedef gboolean (*SocketFunc) (int      fd,
                                gpointer user_data);

/* Calls @func for each open descriptor; returns how often it said yes. */
static guint
for_each_descriptor (SocketFunc func,
                     gpointer   user_data)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  const char *name;
  guint n = 0;

  while (dir && (name = g_dir_read_name (dir)))
    {
      guint64 number;
      int fd;

      if (!g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &number, NULL))
        continue;
      fd = (int) number;
      g_array_append_val (fds, fd);
    }
  for (guint i = 0; i < fds->len; i++)
    n += func (g_array_index (fds, int, i), user_data) ? 1 : 0;

  return n;
}

static int
get_option (int fd,
            int level,
            int option)
{
  int value = 0;
  socklen_t length = sizeof value;

  return getsockopt (fd, level, option, &value, &length) == 0 ? value : -1;
}

static GInetAddress *
to_inet_address (Address  *address,
                 socklen_t length)
{
  g_autoptr (GSocketAddress) socket_address = NULL;

  if (address->any.sa_family != AF_INET && address->any.sa_family != AF_INET6)
    return NULL;
  socket_address = g_socket_address_new_from_native (address, length);
  if (!G_IS_INET_SOCKET_ADDRESS (socket_address))
    return NULL;
  return g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (socket_address)));
}

/**
 * phone_sip_address_is_ours:
 * @address: an IP literal
 *
 * Returns: whether this machine has the address now
 */
gboolean
phone_sip_address_is_ours (const char *address)
{
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr (GSocket) socket = NULL;

  if (!local)
    return FALSE;

  socket = g_socket_new (g_socket_address_get_family (local), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  return socket && g_socket_bind (socket, local, FALSE, NULL);
}

/**
 * phone_sip_address_is_loopback:
 * @address: an IP literal
 *
 * Returns: whether it is this machine's for itself
 */
gboolean
phone_sip_address_is_loopback (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  return inet && g_inet_address_get_is_loopback (inet);
}

/* A socket like @fd, bound to all addresses. */
static int
open_wide (int      fd,
           Address *address)
{
  const int on = 1;
  int type = get_option (fd, SOL_SOCKET, SO_TYPE);
  gboolean v6 = address->any.sa_family == AF_INET6;
  Address all = { .any.sa_family = address->any.sa_family };
  int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  int errors = get_option (fd, level, v6 ? IPV6_RECVERR : IP_RECVERR);
  int wide = socket (address->any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (wide < 0)
    return -1;
  if (v6)
    {
      all.v6.sin6_addr = in6addr_any;
      all.v6.sin6_port = address->v6.sin6_port;
      setsockopt (wide, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
  else
    {
      all.v4.sin_addr.s_addr = htonl (INADDR_ANY);
      all.v4.sin_port = address->v4.sin_port;
    }
  /* Both at once for a moment: only if both agree. */
  setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt (wide, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt (wide, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (errors > 0)
    setsockopt (wide, level, v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
  if (bind (wide, &all.any, v6 ? sizeof all.v6 : sizeof all.v4) == 0
      && (type != SOCK_STREAM || listen (wide, SOMAXCONN) == 0))
    return wide;
  g_debug ("Not bound to all addresses: %s", g_strerror (errno));
  close (wide);
  return -1;
}

/* What a replaced socket shares with others no more: nobody may take part in our port. */
static void
close_to_others (int fd)
{
  const int off = 0;

  setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &off, sizeof off);
  if (get_option (fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &off, sizeof off);
}

static gboolean
widen_if_listening (int      fd,
                    gpointer user_data)
{
  const Address *wanted = user_data;
  Address local = { 0, }, remote;
  socklen_t length = sizeof local, remote_length = sizeof remote;
  int wide;

  if (getsockname (fd, &local.any, &length) != 0 || local.any.sa_family != wanted->any.sa_family
      || getpeername (fd, &remote.any, &remote_length) == 0)
    return FALSE;
  /* The port is at the same place in both. */
  if (local.v4.sin_port != wanted->v4.sin_port
      || (local.any.sa_family == AF_INET ? local.v4.sin_addr.s_addr != wanted->v4.sin_addr.s_addr
                                         : memcmp (&local.v6.sin6_addr, &wanted->v6.sin6_addr, sizeof local.v6.sin6_addr) != 0))
    return FALSE;

  wide = open_wide (fd, &local);
  if (wide < 0)
    return FALSE;
  if (dup3 (wide, fd, O_CLOEXEC) < 0)
    {
      close (wide);
      return FALSE;
    }
  close (wide);
  close_to_others (fd);
  return TRUE;
}

/**
 * phone_sip_sockets_widen:
 * @address: IP literal
 * @port: port
 *
 * Replaces the sockets of this process that are bound to @address and @port, and not connected, by ones bound to all addresses
 * of the family. A thread that waits for one of them has to be woken once, to wait for the new one.
 *
 * Returns: how many
 */
guint
phone_sip_sockets_widen (const char *address,
                         guint       port)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new_from_string (address, port);
  Address wanted = { 0, };

  g_return_val_if_fail (socket_address != NULL, 0);

  if (!g_socket_address_to_native (socket_address, &wanted, sizeof wanted, NULL))
    return 0;
  return for_each_descriptor (widen_if_listening, &wanted);
}

typedef struct {
  int   family;
  guint port;
  int   found;
} Wanted;

static gboolean
take_if_datagram (int      fd,
                  gpointer user_data)
{
  Wanted *wanted = user_data;
  Address local = { 0, };
  socklen_t length = sizeof local;

  /* The port is at the same place in both families. */
  if (wanted->found >= 0 || get_option (fd, SOL_SOCKET, SO_TYPE) != SOCK_DGRAM || getsockname (fd, &local.any, &length) != 0 ||
      local.any.sa_family != wanted->family || ntohs (local.v4.sin_port) != wanted->port)
    return FALSE;

  wanted->found = fd;
  return TRUE;
}

/**
 * phone_sip_sockets_find_datagram:
 * @family: AF_INET or AF_INET6
 * @port: where it is bound
 *
 * Returns: a UDP socket of this process, which stays its owner's; -1 when there is none
 */
int
phone_sip_sockets_find_datagram (int   family,
                                 guint port)
{
  Wanted wanted = { family, port, -1 };

  for_each_descriptor (take_if_datagram, &wanted);
  return wanted.found;
}

/* (nullable): the local address of @fd when it is a connected stream socket of the Internet. */
static GInetAddress *
get_connection_address (int fd)
{
  Address local = { 0, }, remote;
  socklen_t length = sizeof local, remote_length = sizeof remote;

  if (get_option (fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM || getsockname (fd, &local.any, &length) != 0
      || getpeername (fd, &remote.any, &remote_length) != 0)
    return NULL;
  return to_inet_address (&local, length);
}

static gboolean
shut_if_dead (int      fd,
              gpointer user_data)
{
  const gboolean *all = user_data;
  g_autoptr (GInetAddress) address = get_connection_address (fd);
  g_autofree char *text = NULL;

  if (!address || g_inet_address_get_is_loopback (address))
    return FALSE;

  text = g_inet_address_to_string (address);
  if (!*all && phone_sip_address_is_ours (text))
    return FALSE;

  g_debug ("A connection from %s is given up", text);
  return shutdown (fd, SHUT_RDWR) == 0;
}

/**
 * phone_sip_sockets_shut:
 * @all: whether connections from addresses that are still ours are shut as well: the machine slept, or had no network
 *
 * Shuts connections down, as if the other side had closed them.
 *
 * Returns: how many
 */
guint
phone_sip_sockets_shut (gboolean all)
{
  return for_each_descriptor (shut_if_dead, &all);
}
