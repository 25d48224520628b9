/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "control-hub.h"

static void
notify_call (PhoneControlHub *hub,
             guint            call,
             PhoneCallState   state)
{
  const PhoneNotice notice = { .kind = PHONE_NOTICE_CALL, .call = call, .state = state };

  phone_outbox_notify (PHONE_OUTBOX (hub), &notice);
}

static guint64
seq_at (GPtrArray *events,
        guint      i)
{
  const PhoneControlEvent *event = g_ptr_array_index (events, i);

  return event->seq;
}

static void
test_numbers (void)
{
  PhoneControlHub *hub = phone_control_hub_new ();
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  guint64 lost;

  g_assert_cmpuint (phone_control_hub_get_seq (hub), ==, 0);
  notify_call (hub, 1, PHONE_CALL_NEW);
  phone_control_hub_add_display (hub, display);
  notify_call (hub, 1, PHONE_CALL_CALLING);
  phone_control_hub_add_display (hub, display);
  g_assert_cmpuint (phone_control_hub_get_seq (hub), ==, 4);

  {
    g_autoptr (GPtrArray) all = phone_control_hub_list_since (hub, 0, &lost);
    g_autoptr (GPtrArray) some = phone_control_hub_list_since (hub, 2, NULL);
    g_autoptr (GPtrArray) none = phone_control_hub_list_since (hub, 4, &lost);
    g_autoptr (GPtrArray) future = phone_control_hub_list_since (hub, G_MAXUINT64, &lost);

    g_assert_cmpuint (all->len, ==, 4);
    for (guint i = 0; i < all->len; i++)
      g_assert_cmpuint (seq_at (all, i), ==, i + 1);
    g_assert_cmpuint (some->len, ==, 2);
    g_assert_cmpuint (seq_at (some, 0), ==, 3);
    g_assert_cmpuint (none->len, ==, 0);
    g_assert_cmpuint (future->len, ==, 0);
    g_assert_cmpuint (lost, ==, 0);
  }
  g_assert_finalize_object (hub);
}

/* The old ones go, and it is said how many went. */
static void
test_ring (void)
{
  PhoneControlHub *hub = phone_control_hub_new ();
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  g_autoptr (GPtrArray) events = NULL;
  guint64 lost;

  for (guint i = 0; i < PHONE_CONTROL_HUB_MAX_NOTICES + 5; i++)
    notify_call (hub, 1, PHONE_CALL_TALKING);
  for (guint i = 0; i < PHONE_CONTROL_HUB_MAX_DISPLAYS + 3; i++)
    phone_control_hub_add_display (hub, display);

  events = phone_control_hub_list_since (hub, 0, &lost);
  g_assert_cmpuint (events->len, ==, PHONE_CONTROL_HUB_MAX_NOTICES + PHONE_CONTROL_HUB_MAX_DISPLAYS);
  g_assert_cmpuint (lost, ==, 8);
  g_assert_cmpuint (seq_at (events, 0), ==, 6);
  for (guint i = 1; i < events->len; i++)
    g_assert_cmpuint (seq_at (events, i - 1), <, seq_at (events, i));
  g_assert_finalize_object (hub);
}

static void
on_event (PhoneControlHub   *hub,
          PhoneControlEvent *event,
          gpointer           user_data)
{
  g_ptr_array_add (user_data, phone_control_event_ref (event));
}

static void
on_notice (PhoneControlHub   *hub,
           const PhoneNotice *notice,
           guint             *n)
{
  (*n)++;
}

/* Listeners get each event once; an event says how many calls were in a state then, not now. */
static void
test_counts (void)
{
  PhoneControlHub *hub = phone_control_hub_new ();
  g_autoptr (GPtrArray) heard = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_control_event_unref);
  const PhoneControlEvent *event;
  guint n_notices = 0;

  g_signal_connect (hub, "event", G_CALLBACK (on_event), heard);
  g_signal_connect (hub, "notice", G_CALLBACK (on_notice), &n_notices);
  notify_call (hub, 1, PHONE_CALL_TALKING);
  notify_call (hub, 2, PHONE_CALL_TALKING);
  notify_call (hub, 1, PHONE_CALL_ENDED);
  notify_call (hub, 2, PHONE_CALL_ENDED);

  g_assert_cmpuint (n_notices, ==, 4);
  g_assert_cmpuint (heard->len, ==, 4);
  event = g_ptr_array_index (heard, 1);
  g_assert_cmpuint (event->n_calls[PHONE_CALL_TALKING], ==, 2);
  event = g_ptr_array_index (heard, 2);
  g_assert_cmpuint (event->n_calls[PHONE_CALL_TALKING], ==, 1);
  g_assert_cmpuint (event->n_calls[PHONE_CALL_ENDED], ==, 1);
  event = g_ptr_array_index (heard, 3);
  g_assert_cmpuint (event->n_calls[PHONE_CALL_TALKING], ==, 0);
  g_assert_cmpuint (event->n_calls[PHONE_CALL_ENDED], ==, 1);
  g_assert_finalize_object (hub);
}

/* What the far end sends as its name may be anything. */
static void
test_texts (void)
{
  PhoneControlHub *hub = phone_control_hub_new ();
  const PhoneNotice notice = { .kind = PHONE_NOTICE_MISSED, .name = "\xff\xfe", .number = NULL };
  g_autoptr (GPtrArray) events = NULL;
  const PhoneControlEvent *event;

  phone_outbox_notify (PHONE_OUTBOX (hub), &notice);
  events = phone_control_hub_list_since (hub, 0, NULL);
  event = g_ptr_array_index (events, 0);
  g_assert_true (g_utf8_validate (event->notice.name, -1, NULL));
  g_assert_cmpstr (event->notice.number, ==, "");
  g_assert_finalize_object (hub);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/hub/numbers", test_numbers);
  g_test_add_func ("/control/hub/ring", test_ring);
  g_test_add_func ("/control/hub/counts", test_counts);
  g_test_add_func ("/control/hub/texts", test_texts);

  return g_test_run ();
}
