/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app-timing.h"

#include <stdio.h>

typedef struct {
  char   *path;
  gint64  key_us;    /* 0: no key waits for its change */
} Timing;

static void
timing_free (gpointer data,
             GClosure *closure)
{
  Timing *self = data;

  g_free (self->path);
  g_free (self);
}

static void
on_key (PhoneEngine *engine,
        int          key,
        gboolean     down,
        Timing      *self)
{
  self->key_us = down ? g_get_monotonic_time () : 0;
}

static void
on_changed (PhoneEngine *engine,
            Timing      *self)
{
  FILE *file;

  if (self->key_us == 0 || (file = fopen (self->path, "ae")) == NULL)
    return;
  fprintf (file, "key-display-ms %.3f\n", (double) (g_get_monotonic_time () - self->key_us) / 1000.0);
  fclose (file);
  self->key_us = 0;
}

void
phone_app_timing_attach (PhoneEngine *engine)
{
  Timing *self;

  g_return_if_fail (PHONE_IS_ENGINE (engine));

  if (!g_getenv ("DESKSET_TIMING"))
    return;
  self = g_new0 (Timing, 1);
  self->path = g_strdup (g_getenv ("DESKSET_TIMING"));
  g_signal_connect (engine, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_data (engine, "key", G_CALLBACK (on_key), self, timing_free, 0);
}
