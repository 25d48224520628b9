/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Changes inside a call: hold both ways, glare, refusals, offers that are missing, UPDATE.
 */

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *invite;    /* ours, when the phone called */
  RigMessage *ok;        /* its 200, when the peer called */
  guint       call;
} Call;

/* The phone calls the peer. */
static Call
call_peer (const PhoneSipTimers *timers)
{
  Call c = { rig_phone_new ("127.0.0.1", timers), rig_peer_new ("127.0.0.1"), NULL, NULL, 0 };
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", c.peer->port);
  g_autoptr (RigMessage) ack = NULL;

  c.call = rig_phone_dial (c.phone, 0, target);
  c.invite = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, c.invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (c.peer, "ACK");

  return c;
}

/* The peer calls the phone. */
static Call
be_called (const char *offer)
{
  Call c = { rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1"), NULL, NULL, 0 };
  g_autofree char *invite = rig_peer_make_invite (c.peer, rig_phone_get_port (c.phone), "modify", NULL, offer);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *ack = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), invite);
  c.call = rig_phone_wait (c.phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (c.phone->signaling, c.call, answer);
  c.ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (c.peer, c.ok, "ACK", 1, NULL, NULL);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);
  rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);

  return c;
}

/* The phone hangs up; the peer agrees. */
static void
end_call (Call *c)
{
  g_autoptr (RigMessage) bye = NULL;

  phone_signaling_hangup (c->phone->signaling, c->call);
  bye = rig_peer_wait (c->peer, "BYE");
  rig_peer_reply (c->peer, bye, 200, "OK", NULL, NULL);
  rig_phone_settle (c->phone);
  g_assert_cmpuint (rig_phone_count (c->phone, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (c->phone);
  rig_peer_free (c->peer);
  g_clear_pointer (&c->invite, rig_message_free);
  g_clear_pointer (&c->ok, rig_message_free);
}

static void
modify (Call           *c,
        PhoneDirection  direction)
{
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, direction);

  phone_signaling_modify (c->phone->signaling, c->call, offer);
}

static guint64
get_version (RigMessage *message)
{
  const char *origin = strstr (rig_message_get_body (message), "o=- ");

  g_assert_nonnull (origin);
  return g_ascii_strtoull (strchr (origin + 4, ' '), NULL, 10);
}

/*
 *      phone                    peer
 *        |-re-INVITE sendonly--->|
 *        |<---200 recvonly-------|
 *        |----------ACK--------->|
 *        |-re-INVITE sendrecv--->|
 *        |<---------200----------|
 *        |----------ACK--------->|
 */
static void
test_we_hold (void)
{
  Call c = call_peer (NULL);
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);
  g_autoptr (RigMessage) hold = NULL;
  g_autoptr (RigMessage) hold_ack = NULL;
  g_autoptr (RigMessage) resume = NULL;
  g_autoptr (RigMessage) resume_ack = NULL;
  const PhoneEvent *event;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  hold = rig_peer_wait (c.peer, "INVITE");
  g_assert_nonnull (strstr (rig_message_get_body (hold), "a=sendonly\r\n"));
  g_assert_cmpuint (get_version (hold), ==, get_version (c.invite) + 1);
  rig_peer_reply (c.peer, hold, 200, "OK", NULL, held);
  event = rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  g_assert_cmpint (phone_media_desc_get_direction (event->desc), ==, PHONE_DIRECTION_RECVONLY);
  hold_ack = rig_peer_wait (c.peer, "ACK");

  modify (&c, PHONE_DIRECTION_SENDRECV);
  resume = rig_peer_wait (c.peer, "INVITE");
  g_assert_nonnull (strstr (rig_message_get_body (resume), "a=sendrecv\r\n"));
  g_assert_cmpuint (get_version (resume), ==, get_version (hold) + 1);
  rig_peer_reply (c.peer, resume, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  resume_ack = rig_peer_wait (c.peer, "ACK");
  end_call (&c);
}

/* Their hold arrives, is answered, and nothing is answered behind our back. */
static void
test_they_hold (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *held = g_strconcat (rig_sdp, "a=sendonly\r\n", NULL);
  g_autofree char *reinvite = rig_peer_make_in_dialog (c.peer, c.ok, "INVITE", 2, NULL, held);
  g_autofree char *ack = NULL;
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_RECVONLY);
  g_autoptr (RigMessage) ok = NULL;
  const PhoneEvent *event;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), reinvite);
  event = rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY);
  g_assert_true (phone_media_desc_is_hold (event->desc));
  rig_run_for (100);
  g_assert_false (rig_peer_has (c.peer, "SIP/2.0 200"));
  phone_signaling_accept_modify (c.phone->signaling, c.call, answer);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (ok), "a=recvonly\r\n"));
  ack = rig_peer_make_in_dialog (c.peer, ok, "ACK", 2, NULL, NULL);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);
  rig_run_for (50);
  end_call (&c);
}

/* Two phones of ours hold each other, one after the other. */
static void
test_both_hold (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (b, "201");
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) hold = rig_desc (20000, PHONE_DIRECTION_SENDONLY);
  guint out_call = rig_phone_dial (a, 0, target);
  guint in_call = rig_phone_wait (b, PHONE_EVENT_INCOMING)->call;

  a->answers_modify = b->answers_modify = TRUE;
  phone_signaling_answer (b->signaling, in_call, answer);
  rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  rig_phone_wait (b, PHONE_EVENT_ESTABLISHED);
  phone_signaling_modify (a->signaling, out_call, hold);
  rig_phone_wait (b, PHONE_EVENT_REMOTE_MODIFY);
  g_assert_cmpint (phone_media_desc_get_direction (rig_phone_wait (a, PHONE_EVENT_MODIFIED)->desc), ==, PHONE_DIRECTION_RECVONLY);
  phone_signaling_modify (b->signaling, in_call, hold);
  rig_phone_wait (a, PHONE_EVENT_REMOTE_MODIFY);
  rig_phone_wait (b, PHONE_EVENT_MODIFIED);
  phone_signaling_hangup (b->signaling, in_call);
  rig_phone_wait (a, PHONE_EVENT_TERMINATED);
  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_phone_free (a);
  rig_phone_free (b);
}

/*
 *      phone                    peer
 *        |------re-INVITE------->|   before the ACK of the last one: it is late, or was lost
 *        |<--500, Retry-After: 1-|
 *        |------re-INVITE------->|   a second later; the call goes on
 */
static void
test_overlap (void)
{
  Call c = call_peer (NULL);
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) first_ack = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) second_ack = NULL;
  gint64 refused_us;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  first = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, first, 500, "Overlapping Requests", "Retry-After: 1\r\n", NULL);
  refused_us = g_get_monotonic_time ();
  first_ack = rig_peer_wait (c.peer, "ACK");
  second = rig_peer_wait (c.peer, "INVITE");
  g_assert_cmpint (g_get_monotonic_time () - refused_us, >, 900000);
  rig_peer_reply (c.peer, second, 200, "OK", NULL, rig_sdp);
  second_ack = rig_peer_wait (c.peer, "ACK");
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED), ==, 0);
  end_call (&c);
}

/*
 *        A                       B
 *        |--re-INVITE->  <-re-INVITE--|
 *        |<---491        491--------->|
 *        |   (each waits its time)    |
 *        |<---------re-INVITE---------|   B was called: it is first
 *        |----------re-INVITE-------->|
 */
static void
test_glare (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (b, "201");
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) hold = rig_desc (20000, PHONE_DIRECTION_SENDONLY);
  guint out_call = rig_phone_dial (a, 0, target);
  guint in_call = rig_phone_wait (b, PHONE_EVENT_INCOMING)->call;

  a->answers_modify = b->answers_modify = TRUE;
  phone_signaling_answer (b->signaling, in_call, answer);
  rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
  rig_phone_wait (b, PHONE_EVENT_ESTABLISHED);
  phone_signaling_modify (a->signaling, out_call, hold);
  phone_signaling_modify (b->signaling, in_call, hold);
  rig_phone_wait (a, PHONE_EVENT_MODIFIED);
  rig_phone_wait (b, PHONE_EVENT_MODIFIED);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_MODIFY_FAILED), ==, 0);
  g_assert_cmpuint (rig_phone_count (b, PHONE_EVENT_MODIFY_FAILED), ==, 0);
  g_assert_cmpuint (rig_phone_count (a, PHONE_EVENT_REMOTE_MODIFY), ==, 1);
  g_assert_cmpuint (rig_phone_count (b, PHONE_EVENT_REMOTE_MODIFY), ==, 1);
  rig_phone_free (a);
  rig_phone_free (b);
}

/* 491 from a peer that asks for nothing itself: sent again after 2.1 to 4 s, because we made the call. */
static void
test_glare_times (void)
{
  Call c = call_peer (NULL);
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) first_ack = NULL;
  g_autoptr (RigMessage) second = NULL;
  gint64 start;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  first = rig_peer_wait (c.peer, "INVITE");
  start = g_get_monotonic_time ();
  rig_peer_reply (c.peer, first, 491, "Request Pending", NULL, NULL);
  first_ack = rig_peer_wait (c.peer, "ACK");
  modify (&c, PHONE_DIRECTION_INACTIVE); /* changed his mind meanwhile: the last word goes out */
  second = rig_peer_wait (c.peer, "INVITE");
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 2100000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 4300000);
  g_assert_nonnull (strstr (rig_message_get_body (second), "a=inactive\r\n"));
  rig_peer_reply (c.peer, second, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  end_call (&c);
}

/* 488 to our hold: told, the call goes on, the next change works. */
static void
test_hold_refused (void)
{
  Call c = call_peer (NULL);
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  const PhoneEvent *event;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  first = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, first, 488, "Not Acceptable Here", NULL, NULL);
  event = rig_phone_wait (c.phone, PHONE_EVENT_MODIFY_FAILED);
  g_assert_cmpuint (event->status, ==, 488);
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED), ==, 0);
  modify (&c, PHONE_DIRECTION_SENDONLY);
  second = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, second, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  end_call (&c);
}

/* 481 to our hold: the call is over there. */
static void
test_hold_on_dead_call (void)
{
  Call c = call_peer (NULL);
  g_autoptr (RigMessage) reinvite = NULL;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  reinvite = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, reinvite, 481, "Call Does Not Exist", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 481);
  rig_phone_settle (c.phone);
  rig_phone_free (c.phone);
  rig_peer_free (c.peer);
  rig_message_free (c.invite);
}

/* Silence to our hold: 408 and BYE. */
static void
test_hold_unanswered (void)
{
  Call c = call_peer (&rig_short_timers);
  g_autoptr (RigMessage) bye = NULL;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 408);
  bye = rig_peer_wait (c.peer, "BYE");
  rig_peer_reply (c.peer, bye, 200, "OK", NULL, NULL);
  rig_phone_settle (c.phone);
  rig_phone_free (c.phone);
  rig_peer_free (c.peer);
  rig_message_free (c.invite);
}

/* Two changes at once: the second waits for the first, and the last word counts. */
static void
test_pending_change (void)
{
  Call c = call_peer (NULL);
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;

  modify (&c, PHONE_DIRECTION_SENDONLY);
  modify (&c, PHONE_DIRECTION_INACTIVE);
  modify (&c, PHONE_DIRECTION_SENDRECV);
  first = rig_peer_wait (c.peer, "INVITE");
  rig_run_for (50);
  g_assert_false (rig_peer_has (c.peer, "INVITE"));
  rig_peer_reply (c.peer, first, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  second = rig_peer_wait (c.peer, "INVITE");
  g_assert_nonnull (strstr (rig_message_get_body (second), "a=sendrecv\r\n"));
  rig_peer_reply (c.peer, second, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  end_call (&c);
}

/*
 *       peer                   phone
 *        |--re-INVITE, no SDP--->|
 *        |<-----200 + offer------|
 *        |------ACK + answer---->|
 */
static void
test_offerless_reinvite (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *reinvite = rig_peer_make_in_dialog (c.peer, c.ok, "INVITE", 2, NULL, NULL);
  g_autoptr (PhoneMediaDesc) offer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ok = NULL;
  g_autofree char *ack = NULL;
  const PhoneEvent *event;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), reinvite);
  event = rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY);
  g_assert_null (event->desc);
  phone_signaling_accept_modify (c.phone->signaling, c.call, offer);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (ok), "m=audio 30000"));
  ack = rig_peer_make_in_dialog (c.peer, ok, "ACK", 2, NULL, rig_sdp);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);
  event = rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40000);
  end_call (&c);
}

/* The ACK to a refusal has the branch of its INVITE. */
static char *
make_refusal_ack (const char *invite)
{
  g_auto (GStrv) lines = g_strsplit (invite, "\r\n", -1);
  GString *out = g_string_new (NULL);

  for (char **line = lines; *line && **line; line++)
    {
      if (g_str_has_prefix (*line, "INVITE "))
        g_string_append_printf (out, "ACK %s\r\n", *line + 7);
      else if (g_str_has_prefix (*line, "CSeq:"))
        g_string_append (out, "CSeq: 2 ACK\r\n");
      else if (!g_str_has_prefix (*line, "Content-"))
        g_string_append_printf (out, "%s\r\n", *line);
    }
  g_string_append (out, "Content-Length: 0\r\n\r\n");

  return g_string_free (out, FALSE);
}

/* We cannot agree: 488, and the call goes on as it was. */
static void
test_refuse_their_change (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *reinvite = rig_peer_make_in_dialog (c.peer, c.ok, "INVITE", 2, NULL, rig_sdp);
  static const char video[] = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                              "m=video 4000 RTP/AVP 31\r\n";
  g_autofree char *second = rig_peer_make_in_dialog (c.peer, c.ok, "INVITE", 3, NULL, video);
  g_autoptr (RigMessage) refused = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autofree char *ack = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), reinvite);
  rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY);
  phone_signaling_accept_modify (c.phone->signaling, c.call, NULL);
  refused = rig_peer_wait (c.peer, "SIP/2.0 488");
  ack = make_refusal_ack (reinvite);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), second);
  again = rig_peer_wait (c.peer, "SIP/2.0 488");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_REMOTE_MODIFY), ==, 1);
  end_call (&c);
}

/*
 *       peer                   phone
 *        |---UPDATE sendonly---->|
 *        |<----200 recvonly------|
 *        |----UPDATE no SDP----->|   only a refresh
 *        |<---------200----------|
 */
static void
test_update (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *held = g_strconcat (rig_sdp, "a=sendonly\r\n", NULL);
  g_autofree char *update = rig_peer_make_in_dialog (c.peer, c.ok, "UPDATE", 2, NULL, held);
  g_autofree char *refresh = rig_peer_make_in_dialog (c.peer, c.ok, "UPDATE", 3, NULL, NULL);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_RECVONLY);
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) refreshed = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), update);
  rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY);
  phone_signaling_accept_modify (c.phone->signaling, c.call, answer);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (ok), "a=recvonly\r\n"));
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), refresh);
  refreshed = rig_peer_wait (c.peer, "SIP/2.0 200");
  g_assert_cmpstr (rig_message_get_body (refreshed), ==, "");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_REMOTE_MODIFY), ==, 1);
  end_call (&c);
}

/* INFO and OPTIONS inside the call; our digits go out as INFO. */
static void
test_info_and_options (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *info = rig_peer_make_in_dialog (c.peer, c.ok, "INFO", 2, "Content-Type: application/dtmf-relay\r\n",
                                                   "Signal=7\r\nDuration=100\r\n");
  g_autofree char *strange = rig_peer_make_in_dialog (c.peer, c.ok, "INFO", 3, "Content-Type: text/plain\r\n", "hello");
  g_autofree char *options = rig_peer_make_in_dialog (c.peer, c.ok, "OPTIONS", 4, NULL, NULL);
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) refused = NULL;
  g_autoptr (RigMessage) alive = NULL;
  g_autoptr (RigMessage) ours = NULL;
  g_autofree char *allow = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), info);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  g_assert_cmpint (rig_phone_wait (c.phone, PHONE_EVENT_DIGIT_HEARD)->value, ==, '7');
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), strange);
  refused = rig_peer_wait (c.peer, "SIP/2.0 415");
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), options);
  alive = rig_peer_wait (c.peer, "SIP/2.0 200");
  allow = rig_message_dup_header (alive, "Allow");
  g_assert_cmpstr (allow, ==, "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY");

  phone_signaling_send_digit (c.phone->signaling, c.call, '5', 160);
  ours = rig_peer_wait (c.peer, "INFO");
  g_assert_cmpstr (rig_message_get_body (ours), ==, "Signal=5\r\nDuration=160\r\n");
  rig_peer_reply (c.peer, ours, 200, "OK", NULL, NULL);
  end_call (&c);
}

/* Audio and video offered: the video line is answered too, with port 0, and stays in our later offers. */
static void
test_all_lines_answered (void)
{
  static const char offer[] = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                              "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                              "m=audio 40000 RTP/AVP 0\r\nm=audio 40020 RTP/AVP 0\r\n";
  Call c = be_called (offer);
  g_autoptr (RigMessage) reinvite = NULL;
  const char *body = rig_message_get_body (c.ok);

  g_assert_nonnull (strstr (body, "m=video 0 RTP/AVP 96\r\nm=audio 30000 "));
  g_assert_true (g_str_has_suffix (body, "m=audio 0 RTP/AVP 0\r\n"));
  modify (&c, PHONE_DIRECTION_SENDONLY);
  reinvite = rig_peer_wait (c.peer, "INVITE");
  body = rig_message_get_body (reinvite);
  g_assert_nonnull (strstr (body, "m=video 0 RTP/AVP 96\r\nm=audio 20000 "));
  g_assert_true (g_str_has_suffix (body, "m=audio 0 RTP/AVP 0\r\n"));
  rig_peer_reply (c.peer, reinvite, 200, "OK", NULL, body);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  end_call (&c);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/modify/we-hold", test_we_hold);
  g_test_add_func ("/sip/modify/they-hold", test_they_hold);
  g_test_add_func ("/sip/modify/both-hold", test_both_hold);
  g_test_add_func ("/sip/modify/glare", test_glare);
  g_test_add_func ("/sip/modify/overlap", test_overlap);
  g_test_add_func ("/sip/modify/glare-times", test_glare_times);
  g_test_add_func ("/sip/modify/hold-refused", test_hold_refused);
  g_test_add_func ("/sip/modify/hold-on-dead-call", test_hold_on_dead_call);
  g_test_add_func ("/sip/modify/hold-unanswered", test_hold_unanswered);
  g_test_add_func ("/sip/modify/pending", test_pending_change);
  g_test_add_func ("/sip/modify/offerless", test_offerless_reinvite);
  g_test_add_func ("/sip/modify/refuse", test_refuse_their_change);
  g_test_add_func ("/sip/modify/update", test_update);
  g_test_add_func ("/sip/modify/info-and-options", test_info_and_options);
  g_test_add_func ("/sip/modify/all-lines", test_all_lines_answered);

  return g_test_run ();
}
