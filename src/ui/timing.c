/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "timing.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* Place of the start time in /proc/self/stat, counted from the state that follows the name (proc(5)). */
#define STAT_START_FIELD 19

struct _PhoneTiming {
  GtkWidget     *widget;        /* owns this */
  GdkFrameClock *clock;
  gboolean       started;
  gboolean       changed;
  PhoneKey       key;
  gint64         key_us;
};

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

static void
on_after_paint (GdkFrameClock *clock,
                PhoneTiming *self)
{
  if (!self->started && gtk_widget_get_mapped (self->widget))
    {
      self->started = TRUE;
      g_printerr ("deskset-timing first-frame-ms %.1f\n", get_process_age_ms ());
    }

  if (self->changed && self->key_us > 0)
    {
      g_printerr ("deskset-timing key-display-ms %.2f %s\n", (g_get_monotonic_time () - self->key_us) / 1000.0,
                  phone_key_to_id (self->key));
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

  if (!g_getenv ("DESKSET_UI_TIMING"))
    return NULL;

  self = g_new0 (PhoneTiming, 1);
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
  g_free (self);
}

void
phone_timing_key_down (PhoneTiming *self,
                       PhoneKey key)
{
  if (!self)
    return;

  self->key = key;
  self->key_us = g_get_monotonic_time ();
  self->changed = FALSE;
}

void
phone_timing_key_done (PhoneTiming *self)
{
  if (self && !self->changed)
    self->key_us = 0;
}

void
phone_timing_changed (PhoneTiming *self)
{
  if (self)
    self->changed = TRUE;
}
