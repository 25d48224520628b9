/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-network"

#include "network-watch.h"

#include "network-snapshot.h"

#include <gio/gio.h>
#include <glib-unix.h>

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/*
 * Three sources say that something happened, none of them what it means: that is found by looking (network-snapshot.c).
 *
 * - rtnetlink: links, addresses and routes. What comes in one go (address, then route) is looked at together, a moment after the
 *   first message. A link or address that went and came back in that moment left no trace in what is seen then; but the message
 *   that it went is one, so an interruption is never missed.
 * - A timer on the wall clock that ends when somebody sets the clock, which the kernel does at each resume: whether the machine
 *   slept is then seen in how far CLOCK_BOOTTIME has run away from CLOCK_MONOTONIC. It costs nothing while nothing happens.
 * - logind, where there is a system bus: it says so too, and containers and mocks have no other way.
 */

#define SETTLE_MS 200
#define SLEPT_MS 1000
#define BUFFER_SIZE 16384
#define LOGIND "org.freedesktop.login1"

struct _PhoneNetworkWatch {
  GObject               parent_instance;

  PhoneEventQueue      *queue;
  char                 *bind_address;

  PhoneNetworkSnapshot *seen;          /* what was told last */
  gboolean              interrupted;   /* since then */
  guint                 settle_id;

  int                   netlink_fd;
  guint                 netlink_id;
  int                   clock_fd;
  guint                 clock_id;
  gint64                asleep_ms;     /* time the machine has slept, as far as we know */

  GCancellable         *bus_lookup;
  GDBusConnection      *bus;
  guint                 sleep_id;
};

G_DEFINE_FINAL_TYPE (PhoneNetworkWatch, phone_network_watch, G_TYPE_OBJECT)

static gint64
read_clock_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static gint64
get_asleep_ms (void)
{
  return read_clock_ms (CLOCK_BOOTTIME) - read_clock_ms (CLOCK_MONOTONIC);
}

static gboolean
on_settled (gpointer user_data)
{
  PhoneNetworkWatch *self = user_data;
  PhoneNetworkSnapshot *now = phone_network_snapshot_take ();
  PhoneEvent event = { .type = PHONE_EVENT_NETWORK };
  PhoneNetworkNews news = PHONE_NETWORK_CHANGED;
  gboolean tell;

  self->settle_id = 0;
  tell = phone_network_snapshot_judge (self->seen, now, self->bind_address, self->interrupted, &news);
  phone_network_snapshot_free (self->seen);
  self->seen = now;
  /* What was interrupted and is not back yet stays so. */
  self->interrupted = self->interrupted && !phone_network_snapshot_is_usable (now, self->bind_address);
  if (tell)
    {
      g_info ("network: %s (%s, %s)", phone_network_news_to_string (news), now->route4 ? now->route4 : "no IPv4",
              now->route6 ? now->route6 : "no IPv6");
      event.value = (int) news;
      phone_event_queue_post (self->queue, &event);
    }
  return G_SOURCE_REMOVE;
}

/* Looks a moment after the first of several messages; later ones do not put it off. */
static void
look_soon (PhoneNetworkWatch *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
note_interruption (PhoneNetworkWatch *self)
{
  self->interrupted = TRUE;
  look_soon (self);
}

/* Whether calls and registrations may have used it: only the interfaces of the default routes count, or every cable that is
 * pulled out of some other one would renew them all. */
static gboolean
is_in_use (PhoneNetworkWatch *self,
           const char        *interface)
{
  return (self->bind_address != NULL && phone_network_snapshot_has (self->seen, interface, self->bind_address))
         || (self->seen->route4 != NULL && phone_network_snapshot_has (self->seen, interface, self->seen->route4))
         || (self->seen->route6 != NULL && phone_network_snapshot_has (self->seen, interface, self->seen->route6));
}

static void
take_link (PhoneNetworkWatch *self,
           struct nlmsghdr   *message)
{
  struct ifinfomsg *link = NLMSG_DATA (message);
  char name[IF_NAMESIZE] = "";
  gboolean works;

  if (message->nlmsg_len < NLMSG_LENGTH (sizeof *link))
    return;
  works = message->nlmsg_type == RTM_NEWLINK && (link->ifi_flags & IFF_UP) && (link->ifi_flags & IFF_RUNNING);
  if (!works && if_indextoname ((unsigned int) link->ifi_index, name) != NULL && is_in_use (self, name))
    note_interruption (self);
}

static void
take_lost_address (PhoneNetworkWatch *self,
                   struct nlmsghdr   *message)
{
  struct ifaddrmsg *address = NLMSG_DATA (message);
  int length = (int) IFA_PAYLOAD (message);

  if (message->nlmsg_len < NLMSG_LENGTH (sizeof *address) || (address->ifa_family != AF_INET && address->ifa_family != AF_INET6))
    return;
  for (struct rtattr *attribute = IFA_RTA (address); RTA_OK (attribute, length); attribute = RTA_NEXT (attribute, length))
    {
      gsize size = address->ifa_family == AF_INET ? 4 : 16;
      g_autoptr (GInetAddress) inet = NULL;
      g_autofree char *text = NULL;

      if ((attribute->rta_type != IFA_LOCAL && attribute->rta_type != IFA_ADDRESS) || RTA_PAYLOAD (attribute) != size)
        continue;
      inet = g_inet_address_new_from_bytes (RTA_DATA (attribute), (GSocketFamily) address->ifa_family);
      text = g_inet_address_to_string (inet);
      if (g_strcmp0 (text, self->seen->route4) == 0 || g_strcmp0 (text, self->seen->route6) == 0
          || g_strcmp0 (text, self->bind_address) == 0)
        note_interruption (self);
    }
}

static void
take_messages (PhoneNetworkWatch *self,
               struct nlmsghdr   *message,
               int                length)
{
  for (; NLMSG_OK (message, length); message = NLMSG_NEXT (message, length))
    switch (message->nlmsg_type)
      {
      case RTM_NEWLINK:
      case RTM_DELLINK:
        take_link (self, message);
        break;
      case RTM_DELADDR:
        take_lost_address (self, message);
        break;
      default:
        break;
      }
}

static gboolean
on_netlink (int          fd,
            GIOCondition condition,
            gpointer     user_data)
{
  PhoneNetworkWatch *self = user_data;
  union {
    struct nlmsghdr header;
    char            bytes[BUFFER_SIZE];
  } buffer;
  gssize length;

  while ((length = recv (fd, &buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
    {
      take_messages (self, &buffer.header, (int) length);
      look_soon (self);
    }
  if (length < 0 && errno == ENOBUFS)
    {
      /* More happened than the kernel kept for us: anything may have. */
      note_interruption (self);
      return G_SOURCE_CONTINUE;
    }
  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  g_message ("The kernel tells nothing of the network any more: %s", length < 0 ? g_strerror (errno) : "end of file");
  self->netlink_id = 0;
  return G_SOURCE_REMOVE;
}

static void
open_netlink (PhoneNetworkWatch *self)
{
  struct sockaddr_nl address = {
    .nl_family = AF_NETLINK,
    .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
  };

  self->netlink_fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (self->netlink_fd < 0 || bind (self->netlink_fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      g_message ("Changes of the network cannot be watched: %s", g_strerror (errno));
      return;
    }
  self->netlink_id = g_unix_fd_add (self->netlink_fd, G_IO_IN | G_IO_ERR, on_netlink, self);
}

/* Ends when the wall clock is set; else never. */
static gboolean
arm_clock (PhoneNetworkWatch *self)
{
  struct itimerspec never = { .it_value = { .tv_sec = read_clock_ms (CLOCK_REALTIME) / 1000 + 10 * 365 * 86400 } };

  return timerfd_settime (self->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0
         || errno == ECANCELED;
}

static gboolean
on_clock_set (int          fd,
              GIOCondition condition,
              gpointer     user_data)
{
  PhoneNetworkWatch *self = user_data;
  gint64 asleep_ms = get_asleep_ms ();
  guint64 ignored;

  /* Fails with ECANCELED; that is the news. */
  if (read (fd, &ignored, sizeof ignored) < 0 && errno != ECANCELED)
    return G_SOURCE_CONTINUE;
  if (asleep_ms - self->asleep_ms >= SLEPT_MS)
    {
      g_info ("The machine slept for %" G_GINT64_FORMAT " s", (asleep_ms - self->asleep_ms) / 1000);
      note_interruption (self);
    }
  self->asleep_ms = asleep_ms;
  if (arm_clock (self))
    return G_SOURCE_CONTINUE;
  self->clock_id = 0;
  return G_SOURCE_REMOVE;
}

static void
open_clock (PhoneNetworkWatch *self)
{
  self->asleep_ms = get_asleep_ms ();
  self->clock_fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->clock_fd >= 0 && arm_clock (self))
    self->clock_id = g_unix_fd_add (self->clock_fd, G_IO_IN, on_clock_set, self);
}

static void
on_prepare_for_sleep (GDBusConnection *bus,
                      const char      *sender,
                      const char      *path,
                      const char      *interface,
                      const char      *signal,
                      GVariant        *parameters,
                      gpointer         user_data)
{
  PhoneNetworkWatch *self = user_data;
  gboolean begins = TRUE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  g_debug ("logind: %s", begins ? "going to sleep" : "awake");
  if (!begins)
    note_interruption (self);
}

static void
on_bus (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  PhoneNetworkWatch *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->bus_lookup);
  if (bus == NULL)
    {
      g_debug ("No system bus: %s", error->message);
      return;
    }
  /* A phone goes on telephoning when the system's bus breaks. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = g_steal_pointer (&bus);
  self->sleep_id = g_dbus_connection_signal_subscribe (self->bus, LOGIND, LOGIND ".Manager", "PrepareForSleep",
                                                       "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                       on_prepare_for_sleep, self, NULL);
}

/**
 * phone_network_watch_start:
 *
 * Begins to watch. A network that is not there now is told at once.
 */
void
phone_network_watch_start (PhoneNetworkWatch *self)
{
  const PhoneEvent event = { .type = PHONE_EVENT_NETWORK, .value = PHONE_NETWORK_DOWN };

  g_return_if_fail (PHONE_IS_NETWORK_WATCH (self));
  g_return_if_fail (self->seen == NULL);

  open_netlink (self);
  open_clock (self);
  self->seen = phone_network_snapshot_take ();
  self->bus_lookup = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->bus_lookup, on_bus, self);
  if (!phone_network_snapshot_is_usable (self->seen, self->bind_address))
    phone_event_queue_post (self->queue, &event);
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
phone_network_watch_dispose (GObject *object)
{
  PhoneNetworkWatch *self = PHONE_NETWORK_WATCH (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->netlink_id, g_source_remove);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  close_fd (&self->netlink_fd);
  close_fd (&self->clock_fd);
  if (self->bus_lookup)
    g_cancellable_cancel (self->bus_lookup);
  g_clear_object (&self->bus_lookup);
  if (self->sleep_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_id);
  self->sleep_id = 0;
  g_clear_object (&self->bus);
  g_clear_pointer (&self->seen, phone_network_snapshot_free);
  g_clear_pointer (&self->bind_address, g_free);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_network_watch_parent_class)->dispose (object);
}

static void
phone_network_watch_class_init (PhoneNetworkWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_network_watch_dispose;
}

static void
phone_network_watch_init (PhoneNetworkWatch *self)
{
  self->netlink_fd = -1;
  self->clock_fd = -1;
}

/**
 * phone_network_watch_new:
 * @bind_address: (nullable): the only address the phone may use, an IP literal
 *
 * Returns: (transfer full): a watch that has not begun
 */
PhoneNetworkWatch *
phone_network_watch_new (PhoneEventQueue *queue,
                         const char      *bind_address)
{
  PhoneNetworkWatch *self;

  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (queue), NULL);

  self = g_object_new (PHONE_TYPE_NETWORK_WATCH, NULL);
  self->queue = g_object_ref (queue);
  self->bind_address = g_strdup (bind_address);
  return self;
}
