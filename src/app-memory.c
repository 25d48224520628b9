/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app-memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* The SIP library keeps each transaction for 32 s, some 8 KB: a thousand requests leave holes all over the heap, which the C
 * library keeps for the process unless it is told. Looking costs microseconds. */
#define WATCH_S 20
#define FREE_ENOUGH (256 * 1024)

/* @lowest: least that was free inside the heap since it was trimmed; what is trimmed still counts as free. */
static gboolean
on_time_to_look (gpointer lowest)
{
#ifdef __GLIBC__
  gsize *least = lowest;
  gsize unused = mallinfo2 ().fordblks;

  if (unused > *least + FREE_ENOUGH)
    {
      malloc_trim (0);
      unused = mallinfo2 ().fordblks;
      *least = unused;
    }
  *least = MIN (*least, unused);
#endif
  return G_SOURCE_CONTINUE;
}

guint
phone_app_memory_watch (void)
{
  return g_timeout_add_seconds_full (G_PRIORITY_LOW, WATCH_S, on_time_to_look, g_new0 (gsize, 1), g_free);
}
