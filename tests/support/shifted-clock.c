/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * For LD_PRELOAD: the wall clock of one process runs as many seconds ahead or behind as the file that $DESKSET_TEST_CLOCK
 * names says (eight bytes, a signed number of the machine's order), from the moment it says so. Clocks that never jump stay.
 */

static const volatile int64_t *
get_offset (void)
{
  static const volatile int64_t *offset;
  static const int64_t none = 0;
  const char *path;
  void *page;
  int fd;

  if (offset)
    return offset;

  path = getenv ("DESKSET_TEST_CLOCK");
  fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  page = fd >= 0 ? mmap (NULL, sizeof *offset, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
  if (fd >= 0)
    close (fd);
  offset = page == MAP_FAILED ? &none : page;

  return offset;
}

int
clock_gettime (clockid_t        clock,
               struct timespec *now)
{
  static int (*real) (clockid_t, struct timespec *);
  int result;

  if (!real)
    real = (int (*) (clockid_t, struct timespec *)) dlsym (RTLD_NEXT, "clock_gettime");
  result = real (clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += *get_offset ();

  return result;
}

int
gettimeofday (struct timeval *restrict now,
              void           *restrict zone)
{
  struct timespec precise;

  if (clock_gettime (CLOCK_REALTIME, &precise) != 0)
    return -1;
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;

  return 0;
}

time_t
time (time_t *now)
{
  struct timespec precise;

  clock_gettime (CLOCK_REALTIME, &precise);
  if (now)
    *now = precise.tv_sec;

  return precise.tv_sec;
}
