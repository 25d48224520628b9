/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Calls between two phones of ours and against a scripted peer, on loopback.
 */

/* Rings at @to and is answered; both are told. */
static void
set_up_call (RigPhone *from,
             RigPhone *to,
             guint    *out_call,
             guint    *in_call)
{
  g_autofree char *target = rig_phone_dup_target (to, "201");
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  const PhoneEvent *event;

  *out_call = rig_phone_dial (from, 0, target);
  event = rig_phone_wait (to, PHONE_EVENT_INCOMING);
  *in_call = event->call;
  g_assert_cmpstr (event->text, ==, "201");
  g_assert_nonnull (event->desc);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 20000);

  phone_signaling_ring (to->signaling, *in_call);
  event = rig_phone_wait (from, PHONE_EVENT_PROGRESS);
  g_assert_cmpuint (event->status, ==, 180);
  g_assert_null (event->desc);

  phone_signaling_answer (to->signaling, *in_call, answer);
  event = rig_phone_wait (from, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpuint (event->call, ==, *out_call);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 30000);
  event = rig_phone_wait (to, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 20000);
}

/*
 *        A                       B
 *        |--------INVITE-------->|
 *        |<---------180----------|
 *        |<---------200----------|
 *        |----------ACK--------->|
 *        |<=========RTP=========>|
 *        |----------BYE--------->|
 *        |<---------200----------|
 */
static void
test_caller_hangs_up (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  guint out_call, in_call;
  const PhoneEvent *event;

  set_up_call (a, b, &out_call, &in_call);
  phone_signaling_hangup (a->signaling, out_call);
  event = rig_phone_wait (a, PHONE_EVENT_TERMINATED);
  g_assert_cmpuint (event->status, ==, 0);
  event = rig_phone_wait (b, PHONE_EVENT_TERMINATED);
  g_assert_cmpuint (event->call, ==, in_call);
  g_assert_cmpuint (event->status, ==, 0);

  rig_phone_settle (a);
  rig_phone_settle (b);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_TERMINATED), ==, 1);
  g_assert_cmpuint (rig_phone_count (b, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (a);
  rig_phone_free (b);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/call/caller-hangs-up", test_caller_hangs_up);

  return g_test_run ();
}
