/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "timing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Place of the start time in /proc/self/stat, counted from the state that follows the name (proc(5)). */
#define STAT_START_FIELD 19

struct _PhoneTiming {
  GtkWidget     *widget;        /* owns this */
  GdkFrameClock *clock;
  char          *path;
  gboolean       started;
  gboolean       changed;
  gint64         key_us;        /* 0: no key waits for its frame */
  double         key_cpu_ms;    /* this thread's processor time then */
  guint          idle_id;
};

static void
write_line (PhoneTiming *self,
            const char *name,
            double ms)
{
  FILE *file = fopen (self->path, "ae");

  if (!file)
    return;
  fprintf (file, "%s %.2f\n", name, ms);
  fclose (file);
}

/* Milliseconds since the kernel started this process; its clock ticks are all one gets. */
static double
get_process_age_ms (void)
{
  g_autofree char *stat = NULL;
  g_auto (GStrv) fields = NULL;
  struct timespec now;
  const char *rest;

  if (!g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL) || !(rest = strrchr (stat, ')')))
    return -1;
  fields = g_strsplit (rest + 2, " ", -1);
  if (g_strv_length (fields) <= STAT_START_FIELD || clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return -1;

  return now.tv_sec * 1000.0 + now.tv_nsec / 1e6 -
         g_ascii_strtoull (fields[STAT_START_FIELD], NULL, 10) * 1000.0 / sysconf (_SC_CLK_TCK);
}

/* What it took of the processor: beside the time that has gone by, it tells on a busy machine what an idle one would do. */
static double
get_cpu_ms (clockid_t clock)
{
  struct timespec used;

  return clock_gettime (clock, &used) == 0 ? used.tv_sec * 1000.0 + used.tv_nsec / 1e6 : -1;
}

static void
on_after_paint (GdkFrameClock *clock,
                PhoneTiming *self)
{
  if (!self->started && gtk_widget_get_mapped (self->widget))
    {
      self->started = TRUE;
      write_line (self, "first-frame-ms", get_process_age_ms ());
      write_line (self, "first-frame-cpu-ms", get_cpu_ms (CLOCK_PROCESS_CPUTIME_ID));
    }

  if (self->changed && self->key_us > 0)
    {
      write_line (self, "key-frame-ms", (g_get_monotonic_time () - self->key_us) / 1000.0);
      write_line (self, "key-frame-cpu-ms", get_cpu_ms (CLOCK_THREAD_CPUTIME_ID) - self->key_cpu_ms);
      self->key_us = 0;
    }
  self->changed = FALSE;
}

static void
on_realize (GtkWidget *widget,
            PhoneTiming *self)
{
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_after_paint), self);
}

PhoneTiming *
phone_timing_new (GtkWidget *widget)
{
  PhoneTiming *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  if (!g_getenv ("DESKSET_TIMING"))
    return NULL;

  self = g_new0 (PhoneTiming, 1);
  self->path = g_strdup (g_getenv ("DESKSET_TIMING"));
  self->widget = widget;
  g_signal_connect (widget, "realize", G_CALLBACK (on_realize), self);

  return self;
}

void
phone_timing_free (PhoneTiming *self)
{
  if (!self)
    return;

  g_signal_handlers_disconnect_by_data (self->widget, self);
  /* Not by id: the clock lets go of its handlers itself when its surface is gone. */
  if (self->clock)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_free (self->path);
  g_free (self);
}

/* The event has been handled to its end: what it changed is known. */
static gboolean
on_key_handled (gpointer data)
{
  PhoneTiming *self = data;

  self->idle_id = 0;
  if (!self->changed)
    self->key_us = 0;

  return G_SOURCE_REMOVE;
}

void
phone_timing_key_down (PhoneTiming *self)
{
  if (!self)
    return;

  self->key_us = g_get_monotonic_time ();
  self->key_cpu_ms = get_cpu_ms (CLOCK_THREAD_CPUTIME_ID);
  self->changed = FALSE;
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_HIGH, on_key_handled, self, NULL);
}

void
phone_timing_changed (PhoneTiming *self)
{
  if (self)
    self->changed = TRUE;
}
