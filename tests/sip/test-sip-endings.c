/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Ends that meet: BYE crosses BYE, CANCEL crosses the answer, an ACK is lost; odd answers. After each: the end told once, no
 * session, no handle.
 */

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *invite;
  RigMessage *ok;
  guint       call;
  gboolean    tcp;
} Call;

static gboolean
has_no_handles (gpointer data)
{
  RigPhone *phone = data;

  return phone_sip_signaling_get_n_handles (PHONE_SIP_SIGNALING (phone->signaling)) == 0;
}

static void
finish (Call *c)
{
  rig_phone_settle (c->phone);
  rig_run_until (has_no_handles, c->phone, "the end of all handles");
  g_assert_cmpuint (rig_phone_count (c->phone, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (c->phone);
  rig_peer_free (c->peer);
  g_clear_pointer (&c->invite, rig_message_free);
  g_clear_pointer (&c->ok, rig_message_free);
}

static void
send_to_phone (Call       *c,
               const char *text)
{
  g_autofree char *by_tcp = c->tcp ? rig_dup_for_tcp (text) : NULL;

  if (by_tcp)
    rig_peer_send_stream (c->peer, by_tcp);
  else
    rig_peer_send (c->peer, rig_phone_get_port (c->phone), text);
}

static Call
start (gboolean              tcp,
       const PhoneSipTimers *timers)
{
  Call c = { rig_phone_new ("127.0.0.1", timers), rig_peer_new ("127.0.0.1"), NULL, NULL, 0, tcp };

  if (tcp)
    rig_peer_connect (c.peer, rig_phone_get_port (c.phone));

  return c;
}

static void
dial (Call *c)
{
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u%s", c->peer->port, c->tcp ? ";transport=tcp" : "");

  c->call = rig_phone_dial (c->phone, 0, target);
  c->invite = rig_peer_wait (c->peer, "INVITE");
}

static void
talk (Call *c)
{
  g_autoptr (RigMessage) ack = NULL;

  dial (c);
  rig_peer_reply (c->peer, c->invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c->phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (c->peer, "ACK");
}

/* The peer calls, the phone answers; no ACK yet. */
static char *
be_called (Call *c)
{
  char *invite = rig_peer_make_invite (c->peer, rig_phone_get_port (c->phone), "end", NULL, rig_sdp);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);

  send_to_phone (c, invite);
  c->call = rig_phone_wait (c->phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (c->phone->signaling, c->call, answer);
  c->ok = rig_peer_wait (c->peer, "SIP/2.0 200");

  return invite;
}

/*
 *      phone                    peer
 *        |---BYE--->   <---BYE---|
 *        |---200--->   <---200---|
 */
static void
test_bye_crosses_bye (void)
{
  for (guint tcp = 0; tcp < 2; tcp++)
    for (guint late = 0; late < 2; late++)
      {
        Call c = start (tcp, NULL);
        g_autofree char *theirs = NULL;
        g_autoptr (RigMessage) ours = NULL, agreed = NULL;

        talk (&c);
        phone_signaling_hangup (c.phone->signaling, c.call);
        ours = rig_peer_wait (c.peer, "BYE");
        theirs = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", 7, NULL, NULL);
        send_to_phone (&c, theirs);
        if (!late)
          rig_peer_reply (c.peer, ours, 200, "OK", NULL, NULL);
        agreed = rig_peer_wait (c.peer, "SIP/2.0 ");
        g_assert_true (g_str_has_prefix (agreed->text, "SIP/2.0 200") || g_str_has_prefix (agreed->text, "SIP/2.0 481"));
        if (late)
          rig_peer_reply (c.peer, ours, 481, "Call Does Not Exist", NULL, NULL);
        finish (&c);
      }
}

/* Their BYE and our hang-up in the same turn of the main loop; nobody answers our BYE. */
static void
test_hang_up_meets_bye (void)
{
  Call c = start (FALSE, &rig_short_timers);
  g_autofree char *theirs = NULL;
  g_autoptr (RigMessage) agreed = NULL;

  talk (&c);
  theirs = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", 7, NULL, NULL);
  send_to_phone (&c, theirs);
  phone_signaling_hangup (c.phone->signaling, c.call);
  agreed = rig_peer_wait (c.peer, "SIP/2.0 200");
  finish (&c);
}

/*
 *      phone                    peer
 *        |--------INVITE-------->|
 *        |<---------180----------|
 *        |---CANCEL-->   <---BYE-|   in the early dialog: wrong of a callee, but seen
 */
static void
test_cancel_crosses_early_bye (void)
{
  Call c = start (FALSE, NULL);
  g_autofree char *theirs = NULL;
  g_autoptr (RigMessage) cancel = NULL, answer = NULL;

  dial (&c);
  rig_peer_reply (c.peer, c.invite, 180, "Ringing", NULL, NULL);
  rig_phone_wait (c.phone, PHONE_EVENT_PROGRESS);
  phone_signaling_hangup (c.phone->signaling, c.call);
  cancel = rig_peer_wait (c.peer, "CANCEL");
  theirs = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", 7, NULL, NULL);
  send_to_phone (&c, theirs);
  answer = rig_peer_wait (c.peer, "SIP/2.0 ");
  rig_peer_reply (c.peer, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply (c.peer, c.invite, 487, "Request Terminated", NULL, NULL);
  finish (&c);
}

/*
 *       peer                   phone
 *        |--------INVITE-------->|
 *        |<---------200----------|
 *        |--------CANCEL-->      |   meets the answer: it has no effect but its own 200
 *        |---------ACK---------->|
 *        |---------BYE---------->|
 */
static void
test_cancel_after_answer (void)
{
  for (guint tcp = 0; tcp < 2; tcp++)
    {
      Call c = start (tcp, NULL);
      g_autofree char *invite = be_called (&c);
      g_autofree char *cancel = rig_dup_cancel (invite);
      g_autofree char *ack = NULL, *bye = NULL, *cseq = NULL;
      g_autoptr (RigMessage) cancelled = NULL, bye_ok = NULL;

      send_to_phone (&c, cancel);
      do
        {
          /* The 200 to the INVITE comes again meanwhile. */
          g_clear_pointer (&cancelled, rig_message_free);
          g_clear_pointer (&cseq, g_free);
          cancelled = rig_peer_wait (c.peer, "SIP/2.0 ");
          cseq = rig_message_dup_header (cancelled, "CSeq");
        }
      while (strcmp (cseq, "1 CANCEL") != 0);
      g_assert_true (g_str_has_prefix (cancelled->text, "SIP/2.0 200") || g_str_has_prefix (cancelled->text, "SIP/2.0 481"));
      ack = rig_peer_make_in_dialog (c.peer, c.ok, "ACK", 1, NULL, NULL);
      send_to_phone (&c, ack);
      rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);
      bye = rig_peer_make_in_dialog (c.peer, c.ok, "BYE", 2, NULL, NULL);
      send_to_phone (&c, bye);
      bye_ok = rig_peer_wait (c.peer, "SIP/2.0 200");
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 0);
      finish (&c);
    }
}

/* CANCEL with nothing to cancel, or after the end: 481, and nothing else happens. */
static void
test_cancel_for_nothing (void)
{
  Call c = start (FALSE, NULL);
  g_autofree char *invite = rig_peer_make_invite (c.peer, rig_phone_get_port (c.phone), "none", NULL, rig_sdp);
  g_autofree char *cancel = rig_dup_cancel (invite);
  g_autofree char *real = rig_peer_make_invite (c.peer, rig_phone_get_port (c.phone), "real", NULL, rig_sdp);
  g_autoptr (RigMessage) none = NULL, busy = NULL;

  send_to_phone (&c, cancel);
  none = rig_peer_wait (c.peer, "SIP/2.0 481");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_INCOMING), ==, 0);
  send_to_phone (&c, real);
  c.call = rig_phone_wait (c.phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_reject (c.phone->signaling, c.call, 486);
  busy = rig_peer_wait (c.peer, "SIP/2.0 486");
  finish (&c);
}

/*
 *       peer                   phone
 *        |--------INVITE-------->|
 *        |<---------200----------|
 *        |---------BYE---------->|   instead of the ACK, which was lost
 */
static void
test_bye_before_ack (void)
{
  for (guint tcp = 0; tcp < 2; tcp++)
    {
      Call c = start (tcp, NULL);
      g_autofree char *invite = be_called (&c);
      g_autofree char *bye = rig_peer_make_in_dialog (c.peer, c.ok, "BYE", 2, NULL, NULL);
      g_autofree char *cseq = NULL;
      g_autoptr (RigMessage) agreed = NULL;

      send_to_phone (&c, bye);
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 0);
      do
        {
          g_clear_pointer (&agreed, rig_message_free);
          g_clear_pointer (&cseq, g_free);
          agreed = rig_peer_wait (c.peer, "SIP/2.0 200");
          cseq = rig_message_dup_header (agreed, "CSeq");
        }
      while (strcmp (cseq, "2 BYE") != 0);
      finish (&c);
    }
}

/* The 200 is sent again until the ACK comes, by TCP too (RFC 3261 §13.3.1.4); then BYE. */
static void
test_lost_ack (void)
{
  for (guint tcp = 0; tcp < 2; tcp++)
    {
      Call c = start (tcp, &rig_short_timers);
      g_autofree char *invite = NULL;
      g_autoptr (RigMessage) again = NULL, bye = NULL;

      c.peer->keep_repeats = TRUE;
      invite = be_called (&c);
      again = rig_peer_wait (c.peer, "SIP/2.0 200");
      g_assert_cmpstr (again->text, ==, c.ok->text);
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 408);
      bye = rig_peer_wait (c.peer, "BYE");
      rig_peer_reply (c.peer, bye, 200, "OK", NULL, NULL);
      finish (&c);
    }
}

/* Our ACK is lost again and again: each 200 that comes again is acknowledged again, with the same ACK, for 32 s. */
static void
test_ack_again (void)
{
  static const guint wait_ms[] = { 100, 500, 1000, 2000, 4000 };
  Call c = start (FALSE, NULL);
  g_autofree char *bye = NULL;
  g_autoptr (RigMessage) first = NULL, agreed = NULL;

  dial (&c);
  c.peer->keep_repeats = TRUE;
  rig_peer_reply (c.peer, c.invite, 200, "OK", NULL, rig_sdp);
  first = rig_peer_wait (c.peer, "ACK");
  for (guint i = 0; i < G_N_ELEMENTS (wait_ms); i++)
    {
      g_autoptr (RigMessage) again = NULL;

      rig_run_for (wait_ms[i]);
      g_assert_false (rig_peer_has (c.peer, "ACK"));
      rig_peer_reply (c.peer, c.invite, 200, "OK", NULL, rig_sdp);
      again = rig_peer_wait (c.peer, "ACK");
      g_assert_cmpstr (first->text, ==, again->text);
    }
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_ESTABLISHED), ==, 1);
  bye = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", 2, NULL, NULL);
  send_to_phone (&c, bye);
  agreed = rig_peer_wait (c.peer, "SIP/2.0 200");
  finish (&c);
}

/* Answers of odd kinds: what counts is the first figure (RFC 3261 §8.1.3.2). */
static void
test_odd_answers (void)
{
  static const struct {
    guint status;
    guint told;
  } cases[] = { { 399, 399 }, { 300, 300 }, { 380, 380 }, { 499, 499 }, { 599, 599 }, { 699, 699 }, { 606, 606 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Call c = start (i % 2, NULL);
      g_autoptr (RigMessage) ack = NULL;

      dial (&c);
      rig_peer_reply (c.peer, c.invite, 199, "Early Dialog Terminated", NULL, NULL);
      rig_peer_reply (c.peer, c.invite, 188, "Odd", NULL, NULL);
      rig_phone_wait (c.phone, PHONE_EVENT_PROGRESS);
      rig_peer_reply (c.peer, c.invite, cases[i].status, "Very Odd", "X-No-Contact: none\r\n", NULL);
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, cases[i].told);
      ack = rig_peer_wait (c.peer, "ACK");
      finish (&c);
    }
}

/* 299 and 202 are answers like 200. */
static void
test_odd_success (void)
{
  static const guint codes[] = { 202, 299 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      Call c = start (FALSE, NULL);
      g_autofree char *bye = NULL;
      g_autoptr (RigMessage) ack = NULL, agreed = NULL;

      dial (&c);
      rig_peer_reply (c.peer, c.invite, codes[i], "Yes Indeed", NULL, rig_sdp);
      rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);
      ack = rig_peer_wait (c.peer, "ACK");
      bye = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", 2, NULL, NULL);
      send_to_phone (&c, bye);
      agreed = rig_peer_wait (c.peer, "SIP/2.0 200");
      finish (&c);
    }
}

/* A 200 without Contact, without To tag, or with neither (RFC 2543): the call is acknowledged and can be ended. */
static void
test_poor_success (void)
{
  for (guint kind = 0; kind < 3; kind++)
    {
      Call c = start (FALSE, &rig_short_timers);
      g_autoptr (RigMessage) ack = NULL, bye = NULL;

      dial (&c);
      rig_peer_reply_poor (c.peer, c.invite, kind >= 1 ? NULL : "4711", kind == 1, rig_sdp);
      rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);
      ack = rig_peer_wait (c.peer, "ACK");
      phone_signaling_hangup (c.phone->signaling, c.call);
      bye = rig_peer_wait (c.peer, "BYE");
      rig_peer_reply (c.peer, bye, 200, "OK", NULL, NULL);
      finish (&c);
    }
}

/* Responses that belong to nothing: no crash, no event, no answer. */
static void
test_stray_responses (void)
{
  Call c = start (FALSE, NULL);
  static const char *const lines[] = { "100 Trying", "180 Ringing", "200 OK", "302 Moved", "401 Unauthorized", "486 Busy", "699 No" };
  static const char *const methods[] = { "INVITE", "BYE", "REGISTER", "ACK", "CANCEL", "DANCE" };
  g_autoptr (RigMessage) busy = NULL;
  guint events;

  dial (&c);
  events = c.phone->events->len;
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    for (guint j = 0; j < G_N_ELEMENTS (methods); j++)
      {
        g_autofree char *text = NULL;

        text = g_strdup_printf ("SIP/2.0 %s\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKnone%u\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\n"
                                "To: <sip:b@127.0.0.1>;tag=2\r\nCall-ID: stray\r\nCSeq: %u %s\r\nContact: <sip:b@127.0.0.1:%u>\r\n"
                                "Content-Length: 0\r\n\r\n",
                                lines[i], rig_phone_get_port (c.phone), i, j, methods[j], c.peer->port);
        send_to_phone (&c, text);
      }
  rig_run_for (50);
  g_assert_cmpuint (c.phone->events->len, ==, events);
  rig_peer_reply (c.peer, c.invite, 486, "Busy Here", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 486);
  finish (&c);
}

/* A request of ours that is never answered does not keep the call from ending. */
static void
test_end_behind_silence (void)
{
  Call c = start (FALSE, NULL);
  g_autoptr (RigMessage) info = NULL, bye = NULL;

  talk (&c);
  phone_signaling_send_digit (c.phone->signaling, c.call, '5', 160);
  info = rig_peer_wait (c.peer, "INFO");
  phone_signaling_hangup (c.phone->signaling, c.call);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 0);
  bye = rig_peer_wait (c.peer, "BYE");
  rig_peer_reply (c.peer, bye, 200, "OK", NULL, NULL);
  finish (&c);
}

/* The phone calls itself: two calls, each ended once. */
static void
test_call_to_oneself (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (phone, "me");
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  guint call = rig_phone_dial (phone, 0, target);
  guint incoming = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;

  g_assert_cmpuint (incoming, !=, call);
  phone_signaling_answer (phone->signaling, incoming, answer);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  phone_signaling_hangup (phone->signaling, call);
  rig_phone_settle (phone);
  rig_run_until (has_no_handles, phone, "the end of all handles");
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_TERMINATED), ==, 2);
  rig_phone_free (phone);
}

/* Redirections that go round in two, to ourselves, to other kinds of addresses, or nowhere. */
static void
test_redirections (void)
{
  static const struct {
    const char *contact;
    guint       status;
  } cases[] = {
    { NULL, 302 },
    { "Contact: <mailto:a@example.com>\r\n", 302 },
    { "Contact: <tel:+123>\r\n", 302 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Call c = start (FALSE, NULL);
      g_autoptr (RigMessage) ack = NULL;

      dial (&c);
      rig_peer_reply (c.peer, c.invite, 302, "Moved", cases[i].contact ? cases[i].contact : "X-No-Contact: none\r\n", NULL);
      ack = rig_peer_wait (c.peer, "ACK");
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, cases[i].status);
      finish (&c);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/endings/bye-crosses-bye", test_bye_crosses_bye);
  g_test_add_func ("/sip/endings/hang-up-meets-bye", test_hang_up_meets_bye);
  g_test_add_func ("/sip/endings/cancel-crosses-early-bye", test_cancel_crosses_early_bye);
  g_test_add_func ("/sip/endings/cancel-after-answer", test_cancel_after_answer);
  g_test_add_func ("/sip/endings/cancel-for-nothing", test_cancel_for_nothing);
  g_test_add_func ("/sip/endings/bye-before-ack", test_bye_before_ack);
  g_test_add_func ("/sip/endings/lost-ack", test_lost_ack);
  g_test_add_func ("/sip/endings/ack-again", test_ack_again);
  g_test_add_func ("/sip/endings/odd-answers", test_odd_answers);
  g_test_add_func ("/sip/endings/odd-success", test_odd_success);
  g_test_add_func ("/sip/endings/poor-success", test_poor_success);
  g_test_add_func ("/sip/endings/stray-responses", test_stray_responses);
  g_test_add_func ("/sip/endings/end-behind-silence", test_end_behind_silence);
  g_test_add_func ("/sip/endings/call-to-oneself", test_call_to_oneself);
  g_test_add_func ("/sip/endings/redirections", test_redirections);

  return g_test_run ();
}
