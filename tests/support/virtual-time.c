/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "virtual-time.h"

#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Where a main loop has nothing to wait for but other threads. */
#define IDLE_LEAP_MS 100

static gint   started;
static gint64 offset_us;     /* how far our clocks stand before the real ones were stopped */
static gint64 start_us;

static gint64
get_us (void)
{
  gint64 us;

  __atomic_load (&offset_us, &us, __ATOMIC_SEQ_CST);
  return start_us + us;
}

/* Stands before the C library's: the linker takes a program's own function first, for all libraries. */
int
clock_gettime (clockid_t        clock,
               struct timespec *now)
{
  gint64 us;

  if (!g_atomic_int_get (&started)
      || (clock != CLOCK_MONOTONIC && clock != CLOCK_MONOTONIC_COARSE && clock != CLOCK_BOOTTIME))
    return (int) syscall (SYS_clock_gettime, clock, now);

  us = get_us ();
  now->tv_sec = us / G_USEC_PER_SEC;
  now->tv_nsec = us % G_USEC_PER_SEC * 1000;
  return 0;
}

static void
leap (gint64 us)
{
  __atomic_add_fetch (&offset_us, us, __ATOMIC_SEQ_CST);
}

static gint
poll_without_waiting (GPollFD *fds,
                      guint    n_fds,
                      gint     timeout_ms)
{
  gint n = poll ((struct pollfd *) fds, n_fds, timeout_ms < 0 ? 1 : 0);

  if (n == 0 && timeout_ms != 0)
    leap ((gint64) (timeout_ms < 0 ? IDLE_LEAP_MS : timeout_ms) * 1000);
  return n;
}

void
virtual_time_start (void)
{
  g_return_if_fail (!g_atomic_int_get (&started));

  start_us = g_get_monotonic_time ();
  g_main_context_set_poll_func (NULL, poll_without_waiting);
  g_atomic_int_set (&started, TRUE);
}

static gboolean
on_passed (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
virtual_time_pass (guint ms)
{
  gboolean passed = FALSE;

  g_return_if_fail (g_atomic_int_get (&started));

  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (ms == 0)
    return;
  g_timeout_add (ms, on_passed, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
raise_loopback (void)
{
  struct ifreq loopback = { .ifr_name = "lo" };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean up = fd >= 0 && ioctl (fd, SIOCGIFFLAGS, &loopback) == 0;

  loopback.ifr_flags |= IFF_UP;
  up = up && ioctl (fd, SIOCSIFFLAGS, &loopback) == 0;
  if (fd >= 0)
    close (fd);
  return up;
}

/* Names are asked of the loopback, where nobody listens: they are refused at once. */
static gboolean
refuse_names (const char *resolv_conf)
{
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount (resolv_conf, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
}

gboolean
virtual_network_start (void)
{
  g_autofree char *resolv_conf = NULL;
  int fd = g_file_open_tmp ("resolv.conf.XXXXXX", &resolv_conf, NULL);
  gboolean done;

  if (fd < 0)
    return FALSE;
  done = dprintf (fd, "nameserver 127.0.0.1\n") > 0 && fchmod (fd, 0644) == 0
         && (unshare (CLONE_NEWNET | CLONE_NEWNS) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0)
         && raise_loopback () && refuse_names (resolv_conf);
  close (fd);
  unlink (resolv_conf);
  return done;
}
