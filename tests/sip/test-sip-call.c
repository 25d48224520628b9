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

/* As above, with BYE from B. */
static void
test_callee_hangs_up (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  guint out_call, in_call;

  set_up_call (a, b, &out_call, &in_call);
  phone_signaling_hangup (b->signaling, in_call);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 0);
  rig_phone_wait (b, PHONE_EVENT_TERMINATED);
  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_phone_free (a);
  rig_phone_free (b);
}

/*
 *        A                       B
 *        |--------INVITE-------->|
 *        |<---------180----------|
 *        |--------CANCEL-------->|
 *        |<-----200 (CANCEL)-----|
 *        |<-----487 (INVITE)-----|
 *        |----------ACK--------->|
 */
static void
test_cancel (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (b, "201");
  guint call = rig_phone_dial (a, 0, target);
  const PhoneEvent *event = rig_phone_wait (b, PHONE_EVENT_INCOMING);

  phone_signaling_ring (b->signaling, event->call);
  rig_phone_wait (a, PHONE_EVENT_PROGRESS);
  phone_signaling_hangup (a->signaling, call);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 0);
  g_assert_cmpuint (rig_phone_wait (b, PHONE_EVENT_TERMINATED)->status, ==, 487);
  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_phone_free (a);
  rig_phone_free (b);
}

/*
 *        A                       B
 *        |--------INVITE-------->|
 *        |<---------4xx/6xx------|
 *        |----------ACK--------->|
 */
static void
test_refusals (void)
{
  static const guint codes[] = { 404, 480, 486, 488, 500, 503, 600, 603 };
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (b, "201");

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      const PhoneEvent *event;
      guint call = rig_phone_dial (a, 0, target);

      event = rig_phone_wait (b, PHONE_EVENT_INCOMING);
      phone_signaling_reject (b->signaling, event->call, codes[i]);
      g_assert_cmpuint (rig_phone_wait (b, PHONE_EVENT_TERMINATED)->status, ==, 0);
      event = rig_phone_wait (a, PHONE_EVENT_TERMINATED);
      g_assert_cmpuint (event->call, ==, call);
      g_assert_cmpuint (event->status, ==, codes[i]);
      g_assert_cmpstr (event->text, !=, "");
    }

  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_phone_free (a);
  rig_phone_free (b);
}

/*
 *        A                       B                       C
 *        |--------INVITE-------->|
 *        |<---302 Contact: C-----|
 *        |----------ACK--------->|
 *        |--------------------INVITE-------------------->|
 *        |<--------------------180-----------------------|
 */
static void
test_redirect (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *c = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (b, "201");
  g_autofree char *elsewhere = rig_phone_dup_target (c, "300");
  guint call = rig_phone_dial (a, 0, target);
  const PhoneEvent *event;

  event = rig_phone_wait (b, PHONE_EVENT_INCOMING);
  phone_signaling_divert (b->signaling, event->call, elsewhere, "unconditional");
  event = rig_phone_wait (c, PHONE_EVENT_INCOMING);
  g_assert_cmpstr (event->text, ==, "300");
  phone_signaling_ring (c->signaling, event->call);
  rig_phone_wait (a, PHONE_EVENT_IDENTITY);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_PROGRESS)->status, ==, 180);
  phone_signaling_hangup (a->signaling, call);
  rig_phone_wait (c, PHONE_EVENT_TERMINATED);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_TERMINATED), ==, 1);

  rig_phone_settle (a);
  rig_phone_free (a);
  rig_phone_free (b);
  rig_phone_free (c);
}

/* 302 that points to the same address again: not tried twice, the caller hears of it. */
static void
test_redirect_loop (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("1@127.0.0.1:%u", peer->port);
  g_autofree char *contact = g_strdup_printf ("Contact: <sip:1@127.0.0.1:%u>\r\n", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;

  rig_phone_dial (a, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 302, "Moved Temporarily", contact, NULL);
  ack = rig_peer_wait (peer, "ACK");
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 302);
  g_assert_false (rig_peer_has (peer, "INVITE"));

  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* Each answer points somewhere new: given up after five. */
static void
test_redirect_limit (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("0@127.0.0.1:%u", peer->port);
  guint invites = 0;

  rig_phone_dial (a, 0, target);
  while (rig_phone_count (a, PHONE_EVENT_TERMINATED) == 0)
    {
      g_autoptr (RigMessage) invite = rig_peer_wait (peer, "INVITE");
      g_autoptr (RigMessage) ack = NULL;
      g_autofree char *contact = g_strdup_printf ("Contact: <sip:%u@127.0.0.1:%u>\r\n", ++invites, peer->port);

      rig_peer_reply (peer, invite, 302, "Moved Temporarily", contact, NULL);
      ack = rig_peer_wait (peer, "ACK");
      g_assert_cmpuint (invites, <, 20);
      rig_run_for (20);
    }
  g_assert_cmpuint (invites, ==, 6);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 302);

  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *        A                      peer
 *        |--------INVITE-------->|
 *        |<---------183 + SDP----|   early media
 *        |<---------180----------|   back to ring-back
 *        |<---------200----------|   without SDP: the early answer holds
 *        |----------ACK--------->|
 *        |<---------BYE----------|
 */
static void
test_early_media (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autofree char *bye = NULL;
  const PhoneEvent *event;

  rig_phone_dial (a, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 183, "Session Progress", NULL, rig_sdp);
  event = rig_phone_wait (a, PHONE_EVENT_PROGRESS);
  g_assert_cmpuint (event->status, ==, 183);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40000);
  rig_peer_reply (peer, invite, 180, "Ringing", NULL, NULL);
  event = rig_phone_wait (a, PHONE_EVENT_PROGRESS);
  g_assert_cmpuint (event->status, ==, 180);
  g_assert_null (event->desc);
  rig_peer_reply (peer, invite, 200, "OK", NULL, NULL);
  event = rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40000);
  ack = rig_peer_wait (peer, "ACK");

  bye = rig_peer_make_in_dialog (peer, invite, "BYE", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (a), bye);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 0);

  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* Two branches of a fork ring; the one that answers has the call. */
static void
test_forked_ringing (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) bye = NULL;
  g_autofree char *to = NULL;
  guint call;

  call = rig_phone_dial (a, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply_tagged (peer, invite, "one", 180, "Ringing", NULL, NULL);
  rig_phone_wait (a, PHONE_EVENT_PROGRESS);
  rig_peer_reply_tagged (peer, invite, "two", 183, "Session Progress", NULL, rig_sdp);
  g_assert_nonnull (rig_phone_wait (a, PHONE_EVENT_PROGRESS)->desc);
  rig_peer_reply_tagged (peer, invite, "one", 200, "OK", NULL, rig_sdp);
  rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (peer, "ACK");
  to = rig_message_dup_header (ack, "To");
  g_assert_nonnull (strstr (to, "tag=one"));

  phone_signaling_hangup (a->signaling, call);
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  rig_phone_settle (a);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *        A                      peer
 *        |--------INVITE-------->|
 *        |<---------180----------|
 *        |--------CANCEL-->      |
 *        |      <------200-------|   they answered meanwhile
 *        |----------ACK--------->|
 *        |----------BYE--------->|
 */
static void
test_answer_crosses_cancel (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) cancel = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) bye = NULL;
  guint call = rig_phone_dial (a, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 180, "Ringing", NULL, NULL);
  rig_phone_wait (a, PHONE_EVENT_PROGRESS);
  phone_signaling_hangup (a->signaling, call);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 0);
  cancel = rig_peer_wait (peer, "CANCEL");
  rig_peer_reply (peer, invite, 200, "OK", NULL, rig_sdp);
  rig_peer_reply (peer, cancel, 200, "OK", NULL, NULL);
  ack = rig_peer_wait (peer, "ACK");
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);

  rig_phone_settle (a);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_TERMINATED), ==, 1);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_ESTABLISHED), ==, 0);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *        A                      peer
 *        |--------INVITE-------->|
 *        |  (hung up: nothing may be cancelled that was not heard)
 *        |<---------180----------|
 *        |--------CANCEL-------->|
 *        |<-----200 (CANCEL)-----|
 *        |<-----487 (INVITE)-----|
 */
static void
test_cancel_waits_for_provisional (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) cancel = NULL;
  guint call = rig_phone_dial (a, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  phone_signaling_hangup (a->signaling, call);
  rig_phone_wait (a, PHONE_EVENT_TERMINATED);
  rig_run_for (200);
  g_assert_false (rig_peer_has (peer, "CANCEL"));
  rig_peer_reply (peer, invite, 180, "Ringing", NULL, NULL);
  cancel = rig_peer_wait (peer, "CANCEL");
  rig_peer_reply (peer, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply (peer, invite, 487, "Request Terminated", NULL, NULL);
  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *        A                      peer
 *        |--------INVITE-------->|
 *        |<---------100----------|   heard, and with that it may be cancelled: the 180 can be lost
 *        |--------CANCEL-------->|
 */
static void
test_cancel_after_trying (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) cancel = NULL;
  guint call = rig_phone_dial (a, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 100, "Trying", NULL, NULL);
  rig_run_for (200);
  phone_signaling_hangup (a->signaling, call);
  cancel = rig_peer_wait (peer, "CANCEL");
  rig_peer_reply (peer, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply (peer, invite, 487, "Request Terminated", NULL, NULL);
  rig_phone_settle (a);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *        A                      peer
 *        |--------INVITE-------->|
 *        |<---------200----------|
 *        |<---------180----------|   overtaken on the way
 *        |----------ACK--------->|   all the same
 */
static void
test_late_ringing (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  guint call = rig_phone_dial (a, 0, target);
  g_autoptr (RigMessage) invite = rig_peer_wait (peer, "INVITE");
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) bye = NULL;

  rig_peer_reply (peer, invite, 200, "OK", NULL, rig_sdp);
  rig_peer_reply (peer, invite, 180, "Ringing", NULL, NULL);
  rig_peer_reply (peer, invite, 100, "Trying", NULL, NULL);
  ack = rig_peer_wait (peer, "ACK");
  rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  phone_signaling_hangup (a->signaling, call);
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* INVITE into silence: 408 after our own time, long before timer B; hung up into silence: nothing is left behind. */
static void
test_dead_peer (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", &rig_short_timers);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  guint call;

  rig_phone_dial (a, 0, target);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 408);
  rig_phone_settle (a);

  call = rig_phone_dial (a, 0, target);
  rig_run_for (50);
  phone_signaling_hangup (a->signaling, call);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 0);
  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* Rubbish targets fail with a code, at once or soon, and leave nothing. */
static void
test_impossible_targets (void)
{
  static const struct {
    const char *target;
    guint       status;
  } cases[] = {
    { "sip:", 484 },
    { "sip:@127.0.0.1", 484 },
    { "127.0.0.1:99999", 484 },
    { "sips:a@127.0.0.1", 503 },
    { "a@127.0.0.1;transport=tls", 503 },
    { "no-such-host.invalid", 503 },
    { "::1", 503 },
  };
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      rig_phone_dial (a, 0, cases[i].target);
      g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, cases[i].status);
    }
  rig_phone_settle (a);
  rig_phone_free (a);
}

/*
 *       peer                     A
 *        |--INVITE without SDP-->|
 *        |<-----100, 180---------|
 *        |<-----200 + offer------|
 *        |------ACK + answer---->|
 */
static void
test_offerless_invite (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (a), "offerless", NULL, NULL);
  g_autoptr (PhoneMediaDesc) offer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) trying = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autofree char *ack = NULL;
  const PhoneEvent *event;

  rig_peer_send (peer, rig_phone_get_port (a), invite);
  trying = rig_peer_wait (peer, "SIP/2.0 100");
  event = rig_phone_wait (a, PHONE_EVENT_INCOMING);
  g_assert_null (event->desc);
  g_assert_cmpstr (event->name, ==, "Peer");
  phone_signaling_answer (a->signaling, event->call, offer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (ok), "m=audio 30000 RTP/AVP 0 8 101"));
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_ESTABLISHED), ==, 0);
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, rig_sdp);
  rig_peer_send (peer, rig_phone_get_port (a), ack);
  event = rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40000);

  rig_phone_free (a); /* hangs up */
  g_assert_true (rig_peer_has (peer, "BYE"));
  rig_peer_free (peer);
}

/* As above, but the ACK brings no answer: the call ends with BYE. */
static void
test_offerless_without_answer (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (a), "offerless2", NULL, NULL);
  g_autoptr (PhoneMediaDesc) offer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) bye = NULL;
  g_autofree char *ack = NULL;

  rig_peer_send (peer, rig_phone_get_port (a), invite);
  phone_signaling_answer (a->signaling, rig_phone_wait (a, PHONE_EVENT_INCOMING)->call, offer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (a), ack);
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 488);
  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* 200 whose answer refuses our only stream (port 0): acknowledged, ended with BYE, and told as what it is. */
static void
test_answer_refuses_the_stream (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_auto (GStrv) parts = g_strsplit (rig_sdp, "m=audio 40000 ", 2);
  g_autofree char *refusal = g_strjoinv ("m=audio 0 ", parts);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) bye = NULL;

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  rig_phone_dial (a, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 200, "OK", NULL, refusal);
  ack = rig_peer_wait (peer, "ACK");
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 488);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_ESTABLISHED), ==, 0);
  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *       peer                     A
 *        |--------INVITE-------->|
 *        |<---------200----------|
 *        |     (no ACK)          |
 *        |<---------200----------|   again and again
 *        |<---------BYE----------|
 */
static void
test_lost_ack (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", &rig_short_timers);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (a), "lostack", NULL, rig_sdp);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autoptr (RigMessage) bye = NULL;

  peer->keep_repeats = TRUE;
  rig_peer_send (peer, rig_phone_get_port (a), invite);
  phone_signaling_answer (a->signaling, rig_phone_wait (a, PHONE_EVENT_INCOMING)->call, answer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  again = rig_peer_wait (peer, "SIP/2.0 200");
  g_assert_cmpstr (ok->text, ==, again->text);
  g_assert_cmpuint (rig_phone_wait (a, PHONE_EVENT_TERMINATED)->status, ==, 408);
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  rig_phone_settle (a);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* An ACK that comes after the second 200 is as good as the first. */
static void
test_late_ack_and_early_hangup (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (a), "lateack", NULL, rig_sdp);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autoptr (RigMessage) bye = NULL;
  g_autofree char *ack = NULL;
  guint call;

  peer->keep_repeats = TRUE;
  rig_peer_send (peer, rig_phone_get_port (a), invite);
  call = rig_phone_wait (a, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (a->signaling, call, answer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  phone_signaling_hangup (a->signaling, call);
  again = rig_peer_wait (peer, "SIP/2.0 200");
  g_assert_false (rig_peer_has (peer, "BYE")); /* RFC 3261 §15: not before the ACK */
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (a), ack);
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  rig_phone_settle (a);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_TERMINATED), ==, 1);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_ESTABLISHED), ==, 0);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *       peer                     A
 *        |--INVITE Require: 100rel-->|
 *        |<------180 reliable--------|
 *        |----------PRACK----------->|
 *        |<---------200--------------|
 *        |<---------200 (INVITE)-----|
 */
static void
test_reliable_ringing (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (a), "reliable", "Require: 100rel\r\n", rig_sdp);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ringing = NULL;
  g_autoptr (RigMessage) prack_ok = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autofree char *rseq = NULL;
  g_autofree char *rack = NULL;
  g_autofree char *prack = NULL;
  g_autofree char *ack = NULL;
  g_autofree char *cseq = NULL;
  guint call;

  rig_peer_send (peer, rig_phone_get_port (a), invite);
  call = rig_phone_wait (a, PHONE_EVENT_INCOMING)->call;
  phone_signaling_ring (a->signaling, call);
  ringing = rig_peer_wait (peer, "SIP/2.0 180");
  rseq = rig_message_dup_header (ringing, "RSeq");
  g_assert_nonnull (rseq);
  rack = g_strdup_printf ("RAck: %s 1 INVITE\r\n", rseq);
  prack = rig_peer_make_in_dialog (peer, ringing, "PRACK", 2, rack, NULL);
  rig_peer_send (peer, rig_phone_get_port (a), prack);
  prack_ok = rig_peer_wait (peer, "SIP/2.0 200");
  cseq = rig_message_dup_header (prack_ok, "CSeq");
  g_assert_cmpstr (cseq, ==, "2 PRACK");
  phone_signaling_answer (a->signaling, call, answer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (a), ack);
  rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  rig_phone_free (a);
  rig_peer_free (peer);
}

/*
 *        A                      peer
 *        |--------INVITE-------->|
 *        |<--183 Require:100rel--|   though we never offered it
 *        |---------PRACK-------->|
 *        |<---------200----------|
 */
static void
test_reliable_progress (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) prack = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autofree char *rack = NULL;

  rig_phone_dial (a, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 183, "Session Progress", "Require: 100rel\r\nRSeq: 77\r\n", rig_sdp);
  g_assert_nonnull (rig_phone_wait (a, PHONE_EVENT_PROGRESS)->desc);
  prack = rig_peer_wait (peer, "PRACK");
  rack = rig_message_dup_header (prack, "RAck");
  g_assert_true (g_str_has_prefix (rack, "77 "));
  rig_peer_reply (peer, prack, 200, "OK", NULL, NULL);
  rig_peer_reply (peer, invite, 200, "OK", NULL, NULL);
  rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (peer, "ACK");
  rig_phone_free (a);
  rig_peer_free (peer);
}

/* What goes over the wire is what a desk phone writes: decimal tags, its Call-ID, plain Contact, 70 hops. */
static void
test_fingerprint (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("#31*9@127.0.0.1:%u", peer->port);
  g_autofree char *incoming = rig_peer_make_invite (peer, rig_phone_get_port (a), "fingerprint", NULL, rig_sdp);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ringing = NULL;
  g_autofree char *from = NULL, *to = NULL, *call_id = NULL, *contact = NULL, *agent = NULL, *hops = NULL, *wanted = NULL;

  rig_phone_dial (a, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  g_assert_true (g_str_has_prefix (invite->text, "INVITE sip:%2331*9@127.0.0.1:"));
  from = rig_message_dup_header (invite, "From");
  call_id = rig_message_dup_header (invite, "Call-ID");
  contact = rig_message_dup_header (invite, "Contact");
  agent = rig_message_dup_header (invite, "User-Agent");
  hops = rig_message_dup_header (invite, "Max-Forwards");
  wanted = g_strdup_printf ("<sip:127.0.0.1:%u>", rig_phone_get_port (a));
  g_assert_true (g_regex_match_simple (";tag=[0-9]{20}$", from, 0, 0));
  g_assert_true (g_regex_match_simple ("^0_[0-9]+@127\\.0\\.0\\.1$", call_id, 0, 0));
  g_assert_cmpstr (contact, ==, wanted);
  g_assert_cmpstr (agent, ==, "Deskset/test");
  g_assert_cmpstr (hops, ==, "70");
  g_assert_null (strstr (invite->text, "timer"));

  rig_peer_send (peer, rig_phone_get_port (a), incoming);
  phone_signaling_ring (a->signaling, rig_phone_wait (a, PHONE_EVENT_INCOMING)->call);
  ringing = rig_peer_wait (peer, "SIP/2.0 180");
  to = rig_message_dup_header (ringing, "To");
  g_assert_true (g_regex_match_simple (";tag=[0-9]{20}$", to, 0, 0));

  rig_phone_free (a);
  rig_peer_free (peer);
}

static void
stream_call (const char *address,
             const char *target_format)
{
  RigPhone *a = rig_phone_new (address, NULL);
  RigPhone *b = rig_phone_new (address, NULL);
  g_autofree char *target = g_strdup_printf (target_format, rig_phone_get_port (b));
  g_autoptr (PhoneMediaDesc) answer = rig_desc_at (address, 30000, PHONE_DIRECTION_SENDRECV);
  guint call = rig_phone_dial (a, 0, target);
  const PhoneEvent *event = rig_phone_wait (b, PHONE_EVENT_INCOMING);

  phone_signaling_ring (b->signaling, event->call);
  rig_phone_wait (a, PHONE_EVENT_PROGRESS);
  phone_signaling_answer (b->signaling, event->call, answer);
  event = rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpstr (phone_media_desc_get_address (event->desc), ==, address);
  rig_phone_wait (b, PHONE_EVENT_ESTABLISHED);
  phone_signaling_hangup (a->signaling, call);
  rig_phone_wait (b, PHONE_EVENT_TERMINATED);
  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_phone_free (a);
  rig_phone_free (b);
}

static void
test_tcp (void)
{
  stream_call ("127.0.0.1", "201@127.0.0.1:%u;transport=tcp");
}

static void
test_ipv6 (void)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("::1", 0);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (!socket || !g_socket_bind (socket, address, FALSE, NULL))
    {
      g_test_skip ("no IPv6 on this machine");
      return;
    }

  stream_call ("::1", "201@[::1]:%u");
  stream_call ("::1", "201@[::1]:%u;transport=tcp");
}

/* The same with the library's threads, as the program runs it. */
static void
test_threaded (void)
{
  RigPhone *a = rig_phone_new_threaded ("127.0.0.1");
  RigPhone *b = rig_phone_new_threaded ("127.0.0.1");
  guint out_call, in_call;

  for (guint i = 0; i < 3; i++)
    {
      set_up_call (a, b, &out_call, &in_call);
      phone_signaling_hangup (i % 2 ? a->signaling : b->signaling, i % 2 ? out_call : in_call);
      rig_phone_wait (a, PHONE_EVENT_TERMINATED);
      rig_phone_wait (b, PHONE_EVENT_TERMINATED);
    }
  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_phone_free (a);
  rig_phone_free (b);
}

/* Without a bind address: all interfaces, IPv4 and IPv6, and a port that is taken is not used twice. */
static void
test_any_address (void)
{
  RigPhone *a = rig_phone_new (NULL, NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (a, "5");
  g_autofree char *local = NULL;
  PhoneSignaling *c;

  c = phone_sip_signaling_new_full (a->queue, a->settings, NULL, (int) rig_phone_get_port (a), "Deskset/test", FALSE, NULL);
  g_assert_cmpuint (phone_sip_signaling_get_port (PHONE_SIP_SIGNALING (c)), !=, rig_phone_get_port (a));
  phone_signaling_shutdown (c);
  rig_phone_wait (a, PHONE_EVENT_SIGNALING_STOPPED);
  rig_run_for (20);
  g_assert_finalize_object (G_OBJECT (c));

  local = phone_signaling_dup_local_address (a->signaling, 0, target);
  g_assert_cmpstr (local, ==, "127.0.0.1");
  rig_phone_dial (b, 0, target);
  rig_phone_wait (a, PHONE_EVENT_INCOMING);
  rig_phone_stop (a);
  g_assert_cmpuint (rig_phone_wait (b, PHONE_EVENT_TERMINATED)->status, ==, 480);
  rig_phone_free (a);
  rig_phone_free (b);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/call/caller-hangs-up", test_caller_hangs_up);
  g_test_add_func ("/sip/call/callee-hangs-up", test_callee_hangs_up);
  g_test_add_func ("/sip/call/cancel", test_cancel);
  g_test_add_func ("/sip/call/refusals", test_refusals);
  g_test_add_func ("/sip/call/redirect", test_redirect);
  g_test_add_func ("/sip/call/redirect-loop", test_redirect_loop);
  g_test_add_func ("/sip/call/redirect-limit", test_redirect_limit);
  g_test_add_func ("/sip/call/early-media", test_early_media);
  g_test_add_func ("/sip/call/forked-ringing", test_forked_ringing);
  g_test_add_func ("/sip/call/answer-crosses-cancel", test_answer_crosses_cancel);
  g_test_add_func ("/sip/call/cancel-waits", test_cancel_waits_for_provisional);
  g_test_add_func ("/sip/call/answer-refuses-the-stream", test_answer_refuses_the_stream);
  g_test_add_func ("/sip/call/cancel-after-trying", test_cancel_after_trying);
  g_test_add_func ("/sip/call/late-ringing", test_late_ringing);
  g_test_add_func ("/sip/call/dead-peer", test_dead_peer);
  g_test_add_func ("/sip/call/impossible-targets", test_impossible_targets);
  g_test_add_func ("/sip/call/offerless", test_offerless_invite);
  g_test_add_func ("/sip/call/offerless-without-answer", test_offerless_without_answer);
  g_test_add_func ("/sip/call/lost-ack", test_lost_ack);
  g_test_add_func ("/sip/call/late-ack", test_late_ack_and_early_hangup);
  g_test_add_func ("/sip/call/reliable-ringing", test_reliable_ringing);
  g_test_add_func ("/sip/call/reliable-progress", test_reliable_progress);
  g_test_add_func ("/sip/call/fingerprint", test_fingerprint);
  g_test_add_func ("/sip/call/tcp", test_tcp);
  g_test_add_func ("/sip/call/ipv6", test_ipv6);
  g_test_add_func ("/sip/call/threaded", test_threaded);
  g_test_add_func ("/sip/call/any-address", test_any_address);

  return g_test_run ();
}
