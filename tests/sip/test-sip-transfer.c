/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Transfers on the wire, each side against a peer that says exactly what a test wants: REFER and what is told of it, before
 * and after the end of the call; REFER from the peer; INVITE with Replaces.
 */

static const PhoneSipTimers transfer_timers = { 600, 700, 600, 600, 1500, 700, 1000, 500, 4000, 5000, 2500, 0, 700, 900 };

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *invite;    /* ours */
  guint       call;
  guint       cseq;      /* of the peer's requests */
} Call;

static guint
dial_peer (RigPhone    *phone,
           RigPeer     *peer,
           RigMessage **invite)
{
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  guint call = rig_phone_dial (phone, 0, target);
  g_autoptr (RigMessage) ack = NULL;

  *invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, *invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (peer, "ACK");
  return call;
}

static Call
set_up_with (RigPhone *phone)
{
  Call c = { .phone = phone, .peer = rig_peer_new ("127.0.0.1"), .cseq = 100 };

  c.call = dial_peer (c.phone, c.peer, &c.invite);
  return c;
}

static Call
set_up (void)
{
  return set_up_with (rig_phone_new ("127.0.0.1", &transfer_timers));
}

/* Everything is over on the wire by now, or soon. */
static void
tear_down (Call *c)
{
  rig_phone_settle (c->phone);
  rig_phone_free (c->phone);
  rig_peer_free (c->peer);
  g_clear_pointer (&c->invite, rig_message_free);
}

static void
answer_bye (Call *c)
{
  g_autoptr (RigMessage) bye = rig_peer_wait (c->peer, "BYE");

  rig_peer_reply (c->peer, bye, 200, "OK", NULL, NULL);
}

static void
hang_up (Call *c)
{
  phone_signaling_hangup (c->phone->signaling, c->call);
  answer_bye (c);
}

static void
expect (Call              *c,
        PhoneTransferNews  news,
        guint              status)
{
  const PhoneEvent *event = rig_phone_wait (c->phone, PHONE_EVENT_TRANSFER);

  g_assert_cmpuint (event->call, ==, c->call);
  g_assert_cmpint (event->value, ==, news);
  g_assert_cmpuint (event->status, ==, status);
}

static void
notify (Call       *c,
        const char *state,
        const char *body)
{
  g_autofree char *headers = g_strdup_printf ("Event: refer\r\nSubscription-State: %s\r\n"
                                              "Content-Type: message/sipfrag;version=2.0\r\n", state);
  g_autofree char *request = rig_peer_make_in_dialog (c->peer, c->invite, "NOTIFY", c->cseq++, headers, body);
  g_autoptr (RigMessage) ok = NULL;

  rig_peer_send (c->peer, rig_phone_get_port (c->phone), request);
  ok = rig_peer_wait (c->peer, "SIP/2.0 200");
}

/* REFER; returns it answered with @status, 0: not at all. */
static RigMessage *
refer (Call       *c,
       const char *target,
       guint       status)
{
  RigMessage *request;

  phone_signaling_transfer (c->phone->signaling, c->call, target, 0);
  request = rig_peer_wait (c->peer, "REFER");
  if (status)
    rig_peer_reply (c->peer, request, status, "x", NULL, NULL);
  return request;
}

/* The end of a blind transfer is told after the call. */
static void
test_blind (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", 202);
  g_autofree char *refer_to = rig_message_dup_header (request, "Refer-To");
  g_autofree char *referred_by = rig_message_dup_header (request, "Referred-By");

  g_assert_cmpstr (refer_to, ==, "<sip:300@127.0.0.1:9>");
  g_assert_nonnull (referred_by);
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  hang_up (&c);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 0);
  notify (&c, "active;expires=60", "SIP/2.0 100 Trying\r\n");
  notify (&c, "active;expires=60", "SIP/2.0 180 Ringing\r\n");
  expect (&c, PHONE_TRANSFER_PROGRESS, 180);
  notify (&c, "terminated;reason=noresource", "SIP/2.0 200 OK\r\n");
  expect (&c, PHONE_TRANSFER_DONE, 200);
  tear_down (&c);
}

static void
test_target_refuses (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", 202);

  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  notify (&c, "active", "SIP/2.0 486 Busy Here\r\n");
  expect (&c, PHONE_TRANSFER_FAILED, 486);
  /* The call is still there, and can be transferred again. */
  g_clear_pointer (&request, rig_message_free);
  request = refer (&c, "sip:301@127.0.0.1:9", 202);
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  hang_up (&c);
  notify (&c, "terminated", "SIP/2.0 603 Decline\r\n");
  expect (&c, PHONE_TRANSFER_FAILED, 603);
  tear_down (&c);
}

static void
test_refused (void)
{
  static const guint statuses[] = { 403, 420, 501, 603 };
  Call c = set_up ();

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", statuses[i]);

      expect (&c, PHONE_TRANSFER_REFUSED, statuses[i]);
    }
  hang_up (&c);
  tear_down (&c);
}

/* 481: they know of no call any more, so there is none. */
static void
test_call_gone (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", 481);

  expect (&c, PHONE_TRANSFER_REFUSED, 481);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 481);
  answer_bye (&c);
  tear_down (&c);
}

/* The first NOTIFY is faster than the 202. */
static void
test_early_notify (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", 0);

  notify (&c, "active", "SIP/2.0 100 Trying\r\n");
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  rig_peer_reply (c.peer, request, 202, "Accepted", NULL, NULL);
  notify (&c, "terminated", "SIP/2.0 200 OK\r\n");
  expect (&c, PHONE_TRANSFER_DONE, 200);
  hang_up (&c);
  tear_down (&c);
  /* Not even the 202 was there before the end. */
  c = set_up ();
  g_clear_pointer (&request, rig_message_free);
  request = refer (&c, "sip:300@127.0.0.1:9", 0);
  notify (&c, "terminated", "SIP/2.0 200 OK\r\n");
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  expect (&c, PHONE_TRANSFER_DONE, 200);
  rig_peer_reply (c.peer, request, 202, "Accepted", NULL, NULL);
  hang_up (&c);
  tear_down (&c);
}

/* Nobody answers the REFER, nobody tells the end, or it is not told what the end was. */
static void
test_silence (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", 0);

  expect (&c, PHONE_TRANSFER_REFUSED, 408);
  phone_signaling_hangup (c.phone->signaling, c.call);
  tear_down (&c);

  c = set_up ();
  g_clear_pointer (&request, rig_message_free);
  request = refer (&c, "sip:300@127.0.0.1:9", 202);
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  hang_up (&c);
  expect (&c, PHONE_TRANSFER_SILENT, 0);
  tear_down (&c);

  c = set_up ();
  g_clear_pointer (&request, rig_message_free);
  request = refer (&c, "sip:300@127.0.0.1:9", 202);
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  notify (&c, "terminated;reason=giveup", "x");
  expect (&c, PHONE_TRANSFER_SILENT, 0);
  hang_up (&c);
  tear_down (&c);
}

/* They hang up first, right after their 202: the end is heard all the same. */
static void
test_they_hang_up (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) request = refer (&c, "sip:300@127.0.0.1:9", 202);
  g_autofree char *bye = NULL;
  g_autoptr (RigMessage) ok = NULL;

  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  bye = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", c.cseq++, NULL, NULL);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), bye);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED);
  notify (&c, "terminated", "SIP/2.0 200 OK\r\n");
  expect (&c, PHONE_TRANSFER_DONE, 200);
  tear_down (&c);
}

/* While our hold is on its way the REFER waits: one request after the other. */
static void
test_after_hold (void)
{
  Call c = set_up ();
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDONLY);
  g_autoptr (RigMessage) hold = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) request = NULL;

  phone_signaling_modify (c.phone->signaling, c.call, offer);
  hold = rig_peer_wait (c.peer, "INVITE");
  phone_signaling_transfer (c.phone->signaling, c.call, "300", 0);
  rig_run_for (100);
  g_assert_false (rig_peer_has (c.peer, "REFER"));
  rig_peer_reply (c.peer, hold, 200, "OK", NULL, rig_sdp);
  ack = rig_peer_wait (c.peer, "ACK");
  request = rig_peer_wait (c.peer, "REFER");
  rig_peer_reply (c.peer, request, 202, "Accepted", NULL, NULL);
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  /* Another one at the same time is refused here. */
  phone_signaling_transfer (c.phone->signaling, c.call, "301", 0);
  expect (&c, PHONE_TRANSFER_REFUSED, 491);
  notify (&c, "terminated", "SIP/2.0 200 OK\r\n");
  expect (&c, PHONE_TRANSFER_DONE, 200);
  hang_up (&c);
  tear_down (&c);
}

/* The text between < and > of the first Refer-To with Replaces, unescaped. */
static char *
dup_replaces (RigMessage *request)
{
  g_autofree char *refer_to = rig_message_dup_header (request, "Refer-To");
  const char *start = strstr (refer_to, "?Replaces=");
  g_autofree char *escaped = NULL;

  g_assert_nonnull (start);
  escaped = g_strndup (start + strlen ("?Replaces="), strcspn (start + strlen ("?Replaces="), ">"));
  return g_uri_unescape_string (escaped, NULL);
}

static char *
dup_tag (RigMessage *message,
         const char *name)
{
  g_autofree char *header = rig_message_dup_header (message, name);
  const char *tag = strstr (header, ";tag=");

  return tag ? g_strdup (tag + strlen (";tag=")) : NULL;
}

/* Attended: the dialog is named as the target knows it, its own tag as to-tag (RFC 3891 §3). */
static void
test_attended (void)
{
  Call c = set_up ();
  RigMessage *invite = NULL;
  RigPeer *target = rig_peer_new ("127.0.0.1");
  guint second = dial_peer (c.phone, target, &invite);
  g_autoptr (RigMessage) request = NULL;
  g_autoptr (RigMessage) bye = NULL;
  g_autofree char *replaces = NULL;
  g_autofree char *call_id = rig_message_dup_header (invite, "Call-ID");
  g_autofree char *our_tag = dup_tag (invite, "From");
  g_autofree char *wanted = NULL;

  phone_signaling_transfer (c.phone->signaling, c.call, NULL, second);
  request = rig_peer_wait (c.peer, "REFER");
  replaces = dup_replaces (request);
  wanted = g_strdup_printf ("%s;to-tag=4711;from-tag=%s", call_id, our_tag);
  g_assert_cmpstr (replaces, ==, wanted);
  rig_peer_reply (c.peer, request, 202, "Accepted", NULL, NULL);
  expect (&c, PHONE_TRANSFER_ACCEPTED, 202);
  hang_up (&c);
  notify (&c, "terminated", "SIP/2.0 200 OK\r\n");
  expect (&c, PHONE_TRANSFER_DONE, 200);
  phone_signaling_hangup (c.phone->signaling, second);
  bye = rig_peer_wait (target, "BYE");
  rig_peer_reply (target, bye, 200, "OK", NULL, NULL);
  tear_down (&c);
  rig_message_free (invite);
  rig_peer_free (target);
}

/* ---- they transfer us ---- */

static void
send_refer (Call       *c,
            const char *refer_to)
{
  g_autofree char *headers = g_strdup_printf ("Refer-To: %s\r\nReferred-By: <sip:9@127.0.0.1>\r\n", refer_to);
  g_autofree char *request = rig_peer_make_in_dialog (c->peer, c->invite, "REFER", c->cseq++, headers, NULL);

  rig_peer_send (c->peer, rig_phone_get_port (c->phone), request);
}

/* What we tell them; it is answered. */
static void
expect_report (Call       *c,
               const char *line,
               gboolean    last)
{
  g_autoptr (RigMessage) request = rig_peer_wait (c->peer, "NOTIFY");
  g_autofree char *event = rig_message_dup_header (request, "Event");
  g_autofree char *state = rig_message_dup_header (request, "Subscription-State");
  g_autofree char *type = rig_message_dup_header (request, "Content-Type");

  rig_peer_reply (c->peer, request, 200, "OK", NULL, NULL);
  g_assert_true (g_str_has_prefix (event, "refer"));
  g_assert_true (g_str_has_prefix (state, last ? "terminated" : "active"));
  g_assert_cmpstr (type, ==, "message/sipfrag;version=2.0");
  g_assert_cmpstr (rig_message_get_body (request), ==, line);
}

static guint
begin_to_follow (Call       *c,
                 RigPeer    *target,
                 const char *replaces)
{
  g_autofree char *refer_to = g_strdup_printf ("\"Carol\" <sip:300@127.0.0.1:%u%s>", target->port, replaces);
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20002, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) accepted = NULL;
  const PhoneEvent *event;
  guint call = phone_event_queue_new_call (c->phone->queue);

  send_refer (c, refer_to);
  event = rig_phone_wait (c->phone, PHONE_EVENT_REFERRED);
  g_assert_cmpuint (event->call, ==, c->call);
  g_assert_cmpstr (event->name, ==, "Carol");
  phone_signaling_answer_refer (c->phone->signaling, c->call, call);
  accepted = rig_peer_wait (c->peer, "SIP/2.0 202");
  phone_signaling_invite (c->phone->signaling, call, 0, event->text, offer);
  return call;
}

static guint
follow (Call       *c,
        RigPeer    *target,
        const char *replaces)
{
  guint call = begin_to_follow (c, target, replaces);

  expect_report (c, "SIP/2.0 100 Trying\r\n", FALSE);
  return call;
}

static void
test_we_follow (void)
{
  Call c = set_up ();
  RigPeer *target = rig_peer_new ("127.0.0.1");
  guint call = follow (&c, target, "");
  g_autoptr (RigMessage) invite = rig_peer_wait (target, "INVITE");
  g_autofree char *referred_by = rig_message_dup_header (invite, "Referred-By");
  g_autofree char *replaces = rig_message_dup_header (invite, "Replaces");
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) bye = NULL;

  g_assert_nonnull (referred_by);
  g_assert_null (replaces);
  rig_peer_reply (target, invite, 180, "Ringing", NULL, NULL);
  expect_report (&c, "SIP/2.0 180 Ringing\r\n", FALSE);
  rig_peer_reply (target, invite, 200, "OK", NULL, rig_sdp);
  ack = rig_peer_wait (target, "ACK");
  expect_report (&c, "SIP/2.0 200 OK\r\n", TRUE);
  hang_up (&c);
  phone_signaling_hangup (c.phone->signaling, call);
  bye = rig_peer_wait (target, "BYE");
  rig_peer_reply (target, bye, 200, "OK", NULL, NULL);
  g_assert_false (rig_peer_has (c.peer, "BYE"));
  tear_down (&c);
  rig_peer_free (target);
}

/* They hang up right after our 202; the end is told all the same. */
static void
test_we_follow_after_their_bye (void)
{
  Call c = set_up ();
  RigPeer *target = rig_peer_new ("127.0.0.1");
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autofree char *bye = NULL;

  (void) follow (&c, target, "");
  invite = rig_peer_wait (target, "INVITE");
  bye = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", c.cseq++, NULL, NULL);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), bye);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED);
  rig_peer_reply (target, invite, 486, "Busy Here", NULL, NULL);
  ack = rig_peer_wait (target, "ACK");
  expect_report (&c, "SIP/2.0 486 Busy Here\r\n", TRUE);
  tear_down (&c);
  rig_peer_free (target);
}

/* They are gone, and slow to confirm the first report: the last word, which waits behind others, is said all the same. */
static void
test_last_word_waits (void)
{
  Call c = set_up_with (rig_phone_new_threaded ("127.0.0.1"));
  RigPeer *target = rig_peer_new ("127.0.0.1");
  guint call = begin_to_follow (&c, target, "");
  g_autoptr (RigMessage) first = rig_peer_wait (c.peer, "NOTIFY");
  g_autoptr (RigMessage) invite = rig_peer_wait (target, "INVITE");
  g_autofree char *bye = rig_peer_make_in_dialog (c.peer, c.invite, "BYE", c.cseq++, NULL, NULL);
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) end = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), bye);
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  rig_peer_reply (target, invite, 180, "Ringing", NULL, NULL);
  rig_peer_reply (target, invite, 200, "OK", NULL, rig_sdp);
  ack = rig_peer_wait (target, "ACK");
  rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);
  rig_peer_reply (c.peer, first, 200, "OK", NULL, NULL);
  expect_report (&c, "SIP/2.0 180 Ringing\r\n", FALSE);
  expect_report (&c, "SIP/2.0 200 OK\r\n", TRUE);
  phone_signaling_hangup (c.phone->signaling, call);
  end = rig_peer_wait (target, "BYE");
  rig_peer_reply (target, end, 200, "OK", NULL, NULL);
  tear_down (&c);
  rig_peer_free (target);
}

/* With Replaces in the Refer-To there is one in our INVITE. */
static void
test_we_replace (void)
{
  Call c = set_up ();
  RigPeer *target = rig_peer_new ("127.0.0.1");
  guint call = follow (&c, target, "?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2");
  g_autoptr (RigMessage) invite = rig_peer_wait (target, "INVITE");
  g_autofree char *replaces = rig_message_dup_header (invite, "Replaces");
  g_autofree char *uri = g_strndup (invite->text, strcspn (invite->text, "\r"));
  g_autoptr (RigMessage) ack = NULL;

  g_assert_cmpstr (replaces, ==, "a@b;to-tag=1;from-tag=2");
  g_assert_null (strchr (uri, '?'));
  /* It came to nothing before they answered: they are told. */
  phone_signaling_hangup (c.phone->signaling, call);
  rig_peer_reply (target, invite, 487, "Request Terminated", NULL, NULL);
  ack = rig_peer_wait (target, "ACK");
  expect_report (&c, "SIP/2.0 487 Request Terminated\r\n", TRUE);
  hang_up (&c);
  tear_down (&c);
  rig_peer_free (target);
}

static void
test_we_decline (void)
{
  Call c = set_up ();
  g_autoptr (RigMessage) refusal = NULL;

  send_refer (&c, "<sip:300@127.0.0.1:9>");
  rig_phone_wait (c.phone, PHONE_EVENT_REFERRED);
  /* One at a time. */
  send_refer (&c, "<sip:301@127.0.0.1:9>");
  refusal = rig_peer_wait (c.peer, "SIP/2.0 491");
  g_clear_pointer (&refusal, rig_message_free);
  phone_signaling_answer_refer (c.phone->signaling, c.call, 0);
  refusal = rig_peer_wait (c.peer, "SIP/2.0 603");
  g_clear_pointer (&refusal, rig_message_free);
  /* Nothing that could be called. */
  send_refer (&c, "<mailto:300@127.0.0.1>");
  refusal = rig_peer_wait (c.peer, "SIP/2.0 400");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_REFERRED), ==, 1);
  hang_up (&c);
  tear_down (&c);
}

/* The call ends while their REFER waits for an answer: the library must survive it, and so must they. */
static void
test_call_ends_meanwhile (void)
{
  Call c = set_up ();

  send_refer (&c, "<sip:300@127.0.0.1:9>");
  rig_phone_wait (c.phone, PHONE_EVENT_REFERRED);
  hang_up (&c);
  phone_signaling_answer_refer (c.phone->signaling, c.call, 77);
  phone_signaling_hangup (c.phone->signaling, 77);
  tear_down (&c);
}

/* ---- Replaces ---- */

static void
invite_replacing (Call       *c,
                  const char *id,
                  const char *replaces)
{
  g_autofree char *headers = g_strdup_printf ("Replaces: %s\r\nRequire: replaces\r\n", replaces);
  g_autofree char *invite = rig_peer_make_invite (c->peer, rig_phone_get_port (c->phone), id, headers, rig_sdp);

  rig_peer_send (c->peer, rig_phone_get_port (c->phone), invite);
}

static void
test_replaced (void)
{
  Call c = set_up ();
  g_autofree char *call_id = rig_message_dup_header (c.invite, "Call-ID");
  g_autofree char *our_tag = dup_tag (c.invite, "From");
  g_autofree char *right = g_strdup_printf ("%s;to-tag=%s;from-tag=4711", call_id, our_tag);
  g_autofree char *wrong = g_strdup_printf ("%s;to-tag=4711;from-tag=%s", call_id, our_tag);
  g_autofree char *early = g_strdup_printf ("%s;early-only", right);
  g_autoptr (RigMessage) refusal = NULL;
  const PhoneEvent *event;

  invite_replacing (&c, "wrong", wrong);
  refusal = rig_peer_wait (c.peer, "SIP/2.0 481");
  g_clear_pointer (&refusal, rig_message_free);
  invite_replacing (&c, "early", early);
  refusal = rig_peer_wait (c.peer, "SIP/2.0 486");
  g_clear_pointer (&refusal, rig_message_free);
  invite_replacing (&c, "broken", "x");
  refusal = rig_peer_wait (c.peer, "SIP/2.0 400");
  g_clear_pointer (&refusal, rig_message_free);
  invite_replacing (&c, "right", right);
  event = rig_phone_wait (c.phone, PHONE_EVENT_INCOMING);
  g_assert_cmpuint (event->replaces, ==, c.call);
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_INCOMING), ==, 1);
  phone_signaling_reject (c.phone->signaling, event->call, 603);
  refusal = rig_peer_wait (c.peer, "SIP/2.0 603");
  hang_up (&c);
  tear_down (&c);
}

/* A REFER outside a call makes nobody call anybody. */
static void
test_out_of_dialog (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", &transfer_timers);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), "stray", "Refer-To: <sip:300@127.0.0.1:9>\r\n",
                                                  NULL);
  g_auto (GStrv) parts = g_strsplit (invite, "INVITE", -1);
  g_autofree char *text = g_strjoinv ("REFER", parts);
  g_autoptr (RigMessage) refusal = NULL;

  rig_peer_send (peer, rig_phone_get_port (phone), text);
  refusal = rig_peer_wait (peer, "SIP/2.0 603");
  rig_run_for (100);
  g_assert_false (rig_peer_has (peer, "NOTIFY"));
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_REFERRED), ==, 0);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* deskset.refer.enable: an account's server may ask for a call; it is told how it goes. */
static void
test_server_asks (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", &transfer_timers);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *headers = NULL, *invite = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (RigMessage) accepted = NULL, ours = NULL, ack = NULL, notify = NULL;
  const PhoneEvent *event;
  gboolean told = FALSE;
  guint refer;

  rig_phone_set (phone, "deskset.refer.enable", "1");
  rig_phone_register (phone, peer);
  headers = g_strdup_printf ("Refer-To: <sip:300@127.0.0.1:%u>\r\n", peer->port);
  invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), "asks", headers, NULL);
  text = g_string_new (invite);
  g_string_replace (text, "INVITE", "REFER", 0);
  g_string_replace (text, "sip:deskset@", "sip:1001@", 0);
  rig_peer_send (peer, rig_phone_get_port (phone), text->str);
  event = rig_phone_wait (phone, PHONE_EVENT_REFERRED);
  g_assert_cmpint (event->value, ==, 1);
  g_assert_cmpuint (event->account, ==, 1);
  g_assert_cmpstr (event->number, ==, "300");
  refer = event->call;
  phone_signaling_answer_refer (phone->signaling, refer, 77);
  phone_signaling_invite (phone->signaling, 77, 1, event->text, offer);
  accepted = rig_peer_wait (peer, "SIP/2.0 202");
  ours = rig_peer_wait (peer, "INVITE");
  g_assert_nonnull (strstr (ours->text, "Referred-By:"));
  rig_peer_reply (peer, ours, 200, "OK", NULL, rig_sdp);
  ack = rig_peer_wait (peer, "ACK");
  while (!told)
    {
      notify = rig_peer_wait (peer, "NOTIFY");
      told = strstr (notify->text, "SIP/2.0 200") != NULL;
      rig_peer_reply (peer, notify, 200, "OK", NULL, NULL);
      g_clear_pointer (&notify, rig_message_free);
    }
  phone_signaling_hangup (phone->signaling, 77);
  rig_message_free (ack);
  ack = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, ack, 200, "OK", NULL, NULL);
  rig_phone_settle (phone);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* RFC 3911: only the account's server, only a call that is there, and not together with Replaces. */
static void
test_joined (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", &transfer_timers);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  RigPeer *stranger = rig_peer_new ("127.0.0.2");
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ours = NULL, ack = NULL;
  g_autofree char *call_id = NULL, *our_tag = NULL;
  const PhoneEvent *event;
  guint call;
  struct { const char *id; const char *format; guint status; } cases[] = {
    { "wrong", "Join: %s;to-tag=4711;from-tag=%s\r\nRequire: join\r\n", 481 },
    { "broken", "Join: x%.0s%.0s\r\n", 400 },
    { "both", "Join: %1$s;to-tag=%2$s;from-tag=4711\r\nReplaces: %1$s;to-tag=%2$s;from-tag=4711\r\n", 400 },
  };

  rig_phone_register (phone, peer);
  call = rig_phone_dial (phone, 1, "300");
  ours = rig_peer_wait (peer, "INVITE");
  g_assert_nonnull (strstr (ours->text, "replaces, join\r\n"));
  rig_peer_reply (peer, ours, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (peer, "ACK");
  call_id = rig_message_dup_header (ours, "Call-ID");
  our_tag = dup_tag (ours, "From");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *headers = g_strdup_printf (cases[i].format, call_id, our_tag);
      g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), cases[i].id, headers, rig_sdp);
      g_autofree char *start = g_strdup_printf ("SIP/2.0 %u", cases[i].status);
      g_autoptr (RigMessage) refusal = NULL;

      rig_peer_send (peer, rig_phone_get_port (phone), invite);
      refusal = rig_peer_wait (peer, start);
    }
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *headers = g_strdup_printf ("Join: %s;to-tag=%s;from-tag=4711\r\nRequire: join\r\n", call_id, our_tag);
      RigPeer *from = i == 0 ? stranger : peer;
      g_autofree char *id = g_strdup_printf ("joins%u", i);
      g_autofree char *invite = NULL;
      g_autoptr (RigMessage) refusal = NULL;

      if (i == 2)
        rig_phone_set (phone, "deskset.join.enable", "0");
      from->phone_address = "127.0.0.1";
      invite = rig_peer_make_invite (from, rig_phone_get_port (phone), id, headers, rig_sdp);
      rig_peer_send (from, rig_phone_get_port (phone), invite);
      if (i == 1)
        {
          event = rig_phone_wait (phone, PHONE_EVENT_INCOMING);
          g_assert_cmpuint (event->joins, ==, call);
          phone_signaling_reject (phone->signaling, event->call, 486);
        }
      refusal = rig_peer_wait (from, i == 0 ? "SIP/2.0 403" : i == 1 ? "SIP/2.0 486" : "SIP/2.0 420");
    }
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_INCOMING), ==, 1);
  phone_signaling_hangup (phone->signaling, call);
  rig_message_free (ack);
  ack = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, ack, 200, "OK", NULL, NULL);
  rig_phone_settle (phone);
  rig_phone_free (phone);
  rig_peer_free (peer);
  rig_peer_free (stranger);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sip/transfer/blind", test_blind);
  g_test_add_func ("/sip/transfer/target-refuses", test_target_refuses);
  g_test_add_func ("/sip/transfer/refused", test_refused);
  g_test_add_func ("/sip/transfer/call-gone", test_call_gone);
  g_test_add_func ("/sip/transfer/early-notify", test_early_notify);
  g_test_add_func ("/sip/transfer/silence", test_silence);
  g_test_add_func ("/sip/transfer/they-hang-up", test_they_hang_up);
  g_test_add_func ("/sip/transfer/after-hold", test_after_hold);
  g_test_add_func ("/sip/transfer/attended", test_attended);
  g_test_add_func ("/sip/transfer/we-follow", test_we_follow);
  g_test_add_func ("/sip/transfer/we-follow-after-their-bye", test_we_follow_after_their_bye);
  g_test_add_func ("/sip/transfer/last-word-waits", test_last_word_waits);
  g_test_add_func ("/sip/transfer/we-replace", test_we_replace);
  g_test_add_func ("/sip/transfer/we-decline", test_we_decline);
  g_test_add_func ("/sip/transfer/call-ends-meanwhile", test_call_ends_meanwhile);
  g_test_add_func ("/sip/transfer/replaced", test_replaced);
  g_test_add_func ("/sip/transfer/out-of-dialog", test_out_of_dialog);
  g_test_add_func ("/sip/transfer/server-asks", test_server_asks);
  g_test_add_func ("/sip/transfer/joined", test_joined);

  return g_test_run ();
}
