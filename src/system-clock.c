/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-clock"

#include "system-clock.h"

#include <time.h>

struct _PhoneSystemClock {
  GObject          parent_instance;

  PhoneEventQueue *queue;
  GHashTable      *timers;   /* id -> Timer */
};

typedef struct {
  PhoneSystemClock *clock;
  guint             id;
  guint             source;
} Timer;

static void phone_system_clock_clock_init (PhoneClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhoneSystemClock,
                               phone_system_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_CLOCK, phone_system_clock_clock_init))

static void
timer_free (Timer *timer)
{
  g_clear_handle_id (&timer->source, g_source_remove);
  g_free (timer);
}

static gboolean
on_timer (gpointer user_data)
{
  Timer *timer = user_data;
  const PhoneEvent event = { .type = PHONE_EVENT_TIMER, .value = (int) timer->id };
  g_autoptr (PhoneSystemClock) self = g_object_ref (timer->clock);

  /* Gone before the event is handled: the handler may arm it anew. */
  timer->source = 0;
  g_hash_table_remove (self->timers, GUINT_TO_POINTER (timer->id));
  phone_event_queue_post (self->queue, &event);

  return G_SOURCE_REMOVE;
}

static gint64
phone_system_clock_get_now_ms (PhoneClock *clock)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static GDateTime *
phone_system_clock_dup_wall (PhoneClock *clock)
{
  return g_date_time_new_now_local ();
}

static void
phone_system_clock_arm (PhoneClock *clock,
                        guint       id,
                        guint       delay_ms)
{
  PhoneSystemClock *self = PHONE_SYSTEM_CLOCK (clock);
  Timer *timer = g_new0 (Timer, 1);

  timer->clock = self;
  timer->id = id;
  timer->source = g_timeout_add (delay_ms, on_timer, timer);
  /* Replaces and so ends one that was armed. */
  g_hash_table_replace (self->timers, GUINT_TO_POINTER (id), timer);
}

static void
phone_system_clock_cancel (PhoneClock *clock,
                           guint       id)
{
  PhoneSystemClock *self = PHONE_SYSTEM_CLOCK (clock);

  g_hash_table_remove (self->timers, GUINT_TO_POINTER (id));
}

static void
phone_system_clock_clock_init (PhoneClockInterface *iface)
{
  iface->get_now_ms = phone_system_clock_get_now_ms;
  iface->dup_wall = phone_system_clock_dup_wall;
  iface->arm = phone_system_clock_arm;
  iface->cancel = phone_system_clock_cancel;
}

static void
phone_system_clock_dispose (GObject *object)
{
  PhoneSystemClock *self = PHONE_SYSTEM_CLOCK (object);

  g_hash_table_remove_all (self->timers);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_system_clock_parent_class)->dispose (object);
}

static void
phone_system_clock_finalize (GObject *object)
{
  PhoneSystemClock *self = PHONE_SYSTEM_CLOCK (object);

  g_hash_table_unref (self->timers);

  G_OBJECT_CLASS (phone_system_clock_parent_class)->finalize (object);
}

static void
phone_system_clock_class_init (PhoneSystemClockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_system_clock_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_system_clock_finalize;
}

static void
phone_system_clock_init (PhoneSystemClock *self)
{
  self->timers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) timer_free);
}

PhoneClock *
phone_system_clock_new (PhoneEventQueue *queue)
{
  PhoneSystemClock *self;

  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (queue), NULL);

  self = g_object_new (PHONE_TYPE_SYSTEM_CLOCK, NULL);
  self->queue = g_object_ref (queue);

  return PHONE_CLOCK (self);
}
