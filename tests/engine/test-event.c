/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "event.h"

/* A handler that notes what it is given and posts what the test asks for. */
typedef struct
{
  PhoneEventQueue *queue;
  GString *log;
  int post_again; /* as many events are posted from within the handler */
  int post_when_drained;
  int depth;
  int max_depth;
} Recorder;

static void
post_timer (PhoneEventQueue *queue,
            int id)
{
  PhoneEvent event = { .type = PHONE_EVENT_TIMER, .value = id };

  phone_event_queue_post (queue, &event);
}

static void
on_event (const PhoneEvent *event,
          gpointer user_data)
{
  Recorder *recorder = user_data;

  recorder->depth++;
  recorder->max_depth = MAX (recorder->max_depth, recorder->depth);
  g_string_append_printf (recorder->log, "%s%d(", phone_event_type_to_string (event->type), event->value);
  if (recorder->post_again > 0)
    {
      recorder->post_again--;
      post_timer (recorder->queue, event->value + 10);
      post_timer (recorder->queue, event->value + 20);
    }
  g_string_append (recorder->log, ") ");
  recorder->depth--;
}

static void
on_drained (gpointer queue,
            gpointer user_data)
{
  Recorder *recorder = user_data;

  g_assert_true (queue == recorder->queue);
  g_string_append (recorder->log, "drained ");
  if (recorder->post_when_drained > 0)
    {
      recorder->post_when_drained--;
      post_timer (recorder->queue, 99);
    }
}

static void
recorder_init (Recorder *recorder)
{
  *recorder = (Recorder){ .queue = phone_event_queue_new (), .log = g_string_new (NULL) };
}

static void
recorder_clear (Recorder *recorder)
{
  g_assert_finalize_object (recorder->queue);
  g_string_free (recorder->log, TRUE);
}

static void
test_each_event_runs_to_its_end (void)
{
  Recorder recorder;

  recorder_init (&recorder);
  phone_event_queue_set_handler (recorder.queue, on_event, on_drained, &recorder);
  recorder.post_again = 2;
  post_timer (recorder.queue, 1);

  g_assert_cmpstr (recorder.log->str, ==, "timer1() timer11() timer21() timer21() timer31() drained ");
  g_assert_cmpint (recorder.max_depth, ==, 1);
  recorder_clear (&recorder);
}

static void
test_post_from_drained (void)
{
  Recorder recorder;

  recorder_init (&recorder);
  phone_event_queue_set_handler (recorder.queue, on_event, on_drained, &recorder);
  recorder.post_when_drained = 1;
  post_timer (recorder.queue, 1);

  g_assert_cmpstr (recorder.log->str, ==, "timer1() drained timer99() drained ");
  recorder_clear (&recorder);
}

static void
test_events_wait_for_a_handler (void)
{
  Recorder recorder;

  recorder_init (&recorder);
  post_timer (recorder.queue, 1);
  post_timer (recorder.queue, 2);
  g_assert_cmpstr (recorder.log->str, ==, "");
  phone_event_queue_set_handler (recorder.queue, on_event, on_drained, &recorder);
  g_assert_cmpstr (recorder.log->str, ==, "timer1() timer2() drained ");

  /* Without a handler again: kept, and freed with the queue. */
  phone_event_queue_set_handler (recorder.queue, NULL, NULL, NULL);
  post_timer (recorder.queue, 3);
  g_assert_cmpstr (recorder.log->str, ==, "timer1() timer2() drained ");
  recorder_clear (&recorder);
}

static void
on_event_let_go (const PhoneEvent *event,
                 gpointer user_data)
{
  PhoneEventQueue **queue = user_data;

  g_clear_object (queue);
}

static void
test_handler_may_drop_the_queue (void)
{
  PhoneEventQueue *queue = phone_event_queue_new ();
  gpointer watched = queue;

  g_object_add_weak_pointer (G_OBJECT (queue), &watched);
  phone_event_queue_set_handler (queue, on_event_let_go, NULL, &queue);
  post_timer (queue, 1);
  g_assert_null (queue);
  g_assert_null (watched);
}

static void
test_call_ids_are_never_used_again (void)
{
  g_autoptr (PhoneEventQueue) queue = phone_event_queue_new ();
  guint last = 0;

  for (guint i = 0; i < 1000; i++)
    {
      guint call = phone_event_queue_new_call (queue);

      g_assert_cmpuint (call, >, last);
      last = call;
    }
}

static void
test_copy_is_deep (void)
{
  g_autoptr (PhoneMediaDesc) desc
      = phone_media_desc_new ("192.0.2.1", 11780, 0, PHONE_DIRECTION_SENDRECV, 20, NULL);
  char number[] = "1001";
  PhoneEvent event = { .type = PHONE_EVENT_INCOMING, .call = 7, .number = number, .name = (char *) "Ann",
                       .text = (char *) "1000", .host = (char *) "example.org", .desc = desc, .auto_answer = 1 };
  g_autoptr (PhoneEvent) copy = phone_event_copy (&event);

  number[0] = '9';
  g_assert_cmpstr (copy->number, ==, "1001");
  g_assert_cmpstr (copy->name, ==, "Ann");
  g_assert_cmpstr (copy->text, ==, "1000");
  g_assert_cmpstr (copy->host, ==, "example.org");
  g_assert_cmpuint (copy->call, ==, 7);
  g_assert_cmpuint (copy->auto_answer, ==, 1);
  g_assert_true (phone_media_desc_equal (copy->desc, desc));
}

static void
test_every_event_has_a_name (void)
{
  for (guint type = 0; type < PHONE_N_EVENTS; type++)
    g_assert_nonnull (phone_event_type_to_string ((PhoneEventType) type));
}

static gpointer
post_from_thread (gpointer queue)
{
  post_timer (queue, 1);
  return NULL;
}

static void
test_other_threads_may_not_post (void)
{
  if (g_test_subprocess ())
    {
      PhoneEventQueue *queue = phone_event_queue_new ();

      g_thread_join (g_thread_new ("poster", post_from_thread, queue));
      return;
    }
  g_test_trap_subprocess (NULL, 10 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*g_thread_self*");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/run-to-completion", test_each_event_runs_to_its_end);
  g_test_add_func ("/event/post-from-drained", test_post_from_drained);
  g_test_add_func ("/event/wait-for-handler", test_events_wait_for_a_handler);
  g_test_add_func ("/event/handler-drops-queue", test_handler_may_drop_the_queue);
  g_test_add_func ("/event/call-ids", test_call_ids_are_never_used_again);
  g_test_add_func ("/event/copy", test_copy_is_deep);
  g_test_add_func ("/event/names", test_every_event_has_a_name);
  g_test_add_func ("/event/other-threads", test_other_threads_may_not_post);
  return g_test_run ();
}
