/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "system-clock.h"

typedef struct {
  PhoneEventQueue *queue;
  PhoneClock      *clock;
  GMainLoop       *loop;
  GArray          *ids;
  guint            stop_after;
  guint            rearm;
  gboolean         too_late;
} Fixture;

static void
on_event (const PhoneEvent *event,
          gpointer          user_data)
{
  Fixture *f = user_data;
  guint id = (guint) event->value;

  g_assert_cmpint (event->type, ==, PHONE_EVENT_TIMER);
  g_array_append_val (f->ids, id);
  if (f->rearm > 0)
    {
      f->rearm--;
      phone_clock_arm (f->clock, id, 1);
    }
  if (f->ids->len >= f->stop_after)
    g_main_loop_quit (f->loop);
}

static void
on_drained (gpointer data,
            gpointer user_data)
{
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->queue = phone_event_queue_new ();
  f->clock = phone_system_clock_new (f->queue);
  f->loop = g_main_loop_new (NULL, FALSE);
  f->ids = g_array_new (FALSE, FALSE, sizeof (guint));
  phone_event_queue_set_handler (f->queue, on_event, on_drained, f);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_main_loop_unref (f->loop);
  g_array_unref (f->ids);
  g_assert_finalize_object (f->clock);
  g_assert_finalize_object (f->queue);
}

static gboolean
on_too_late (gpointer user_data)
{
  Fixture *f = user_data;

  f->too_late = TRUE;
  g_main_loop_quit (f->loop);

  return G_SOURCE_REMOVE;
}

static void
run (Fixture *f,
     guint    stop_after,
     guint    deadline_ms)
{
  guint source = g_timeout_add (deadline_ms, on_too_late, f);

  f->stop_after = stop_after;
  g_main_loop_run (f->loop);
  if (!f->too_late)
    g_source_remove (source);
}

static void
test_order (Fixture      *f,
            gconstpointer data)
{
  gint64 before = phone_clock_get_now_ms (f->clock);

  phone_clock_arm (f->clock, 1, 60);
  phone_clock_arm (f->clock, 2, 20);
  phone_clock_arm (f->clock, 3, 5);
  phone_clock_arm (f->clock, 1, 40);   /* anew: fires once */
  phone_clock_cancel (f->clock, 3);
  phone_clock_cancel (f->clock, 99);
  run (f, 2, 5000);
  g_assert_false (f->too_late);
  g_assert_cmpuint (g_array_index (f->ids, guint, 0), ==, 2);
  g_assert_cmpuint (g_array_index (f->ids, guint, 1), ==, 1);
  g_assert_cmpint (phone_clock_get_now_ms (f->clock) - before, >=, 40);

  run (f, 3, 100);
  g_assert_true (f->too_late);
}

/* What handles a timer may arm it again. */
static void
test_rearm (Fixture      *f,
            gconstpointer data)
{
  f->rearm = 3;
  phone_clock_arm (f->clock, 7, 1);
  run (f, 4, 5000);
  g_assert_false (f->too_late);
}

static void
test_wall (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GDateTime) wall = phone_clock_dup_wall (f->clock);
  gint64 difference = g_date_time_to_unix (wall) - g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpint (ABS (difference), <=, 1);
  /* An armed timer must not keep anything alive: tear_down() checks. */
  phone_clock_arm (f->clock, 1, 10000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/clock/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/app/clock/rearm", Fixture, NULL, set_up, test_rearm, tear_down);
  g_test_add ("/app/clock/wall", Fixture, NULL, set_up, test_wall, tear_down);

  return g_test_run ();
}
