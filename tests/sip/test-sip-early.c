/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Before the answer: reliable provisional responses (RFC 3262) and UPDATE (RFC 3311) both ways, and the branches of a fork.
 */

static void
expect_header (RigMessage *message,
               const char *name,
               const char *wanted)
{
  g_autofree char *value = rig_message_dup_header (message, name);

  g_assert_cmpstr (value, ==, wanted);
}

static char *
make_account_invite (RigPeer    *peer,
                     RigPhone   *phone,
                     const char *call_id,
                     const char *headers,
                     const char *body)
{
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), call_id, headers, body);
  g_auto (GStrv) parts = g_strsplit (invite, "sip:deskset@", -1);

  return g_strjoinv ("sip:1001@", parts);
}

static void
stop (RigPhone *phone,
      RigPeer  *peer)
{
  rig_phone_settle (phone);
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* The peer agrees to our BYE. */
static void
hang_up (RigPhone *phone,
         RigPeer  *peer,
         guint     call)
{
  g_autoptr (RigMessage) bye = NULL;

  phone_signaling_hangup (phone->signaling, call);
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  stop (phone, peer);
}

static void
prack (RigPhone   *phone,
       RigPeer    *peer,
       RigMessage *ringing,
       guint       cseq,
       const char *body)
{
  g_autofree char *rseq = rig_message_dup_header (ringing, "RSeq");
  g_autofree char *rack = g_strdup_printf ("RAck: %s 1 INVITE\r\n", rseq);
  g_autofree char *request = rig_peer_make_in_dialog (peer, ringing, "PRACK", cseq, rack, body);

  rig_peer_send (peer, rig_phone_get_port (phone), request);
}

/*
 *       peer                   phone
 *        |-INVITE Supported: 100rel->|
 *        |<--180 RSeq----------------|   again and again (lost)
 *        |<--180 RSeq----------------|
 *        |---PRACK------------------>|
 *        |<--200---------------------|
 *        |---UPDATE, no SDP--------->|
 *        |<--200---------------------|
 *        |---UPDATE + SDP----------->|   while their offer is unanswered
 *        |<--500 Retry-After---------|
 *        |<--200 (INVITE)------------|
 */
static void
test_we_ring_reliably (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = NULL, *empty = NULL, *overlap = NULL, *ack = NULL;
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ringing = NULL, again = NULL, pracked = NULL, updated = NULL, refused = NULL, ok = NULL;
  g_autofree char *retry = NULL;
  guint call;

  rig_phone_set (phone, "account.1.100rel_enable", "1");
  rig_phone_register (phone, peer);
  peer->keep_repeats = TRUE;
  invite = make_account_invite (peer, phone, "rel", "Supported: 100rel\r\n", rig_sdp);
  rig_peer_send (peer, rig_phone_get_port (phone), invite);
  call = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_ring (phone->signaling, call);
  ringing = rig_peer_wait (peer, "SIP/2.0 180");
  expect_header (ringing, "Require", "100rel");
  again = rig_peer_wait (peer, "SIP/2.0 180");
  g_assert_cmpstr (ringing->text, ==, again->text);
  prack (phone, peer, ringing, 2, NULL);
  pracked = rig_peer_wait (peer, "SIP/2.0 200");
  expect_header (pracked, "CSeq", "2 PRACK");

  empty = rig_peer_make_in_dialog (peer, ringing, "UPDATE", 3, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (phone), empty);
  updated = rig_peer_wait (peer, "SIP/2.0 200");
  expect_header (updated, "CSeq", "3 UPDATE");
  overlap = rig_peer_make_in_dialog (peer, ringing, "UPDATE", 4, NULL, rig_sdp);
  rig_peer_send (peer, rig_phone_get_port (phone), overlap);
  refused = rig_peer_wait (peer, "SIP/2.0 500");
  retry = rig_message_dup_header (refused, "Retry-After");
  g_assert_nonnull (retry);
  rig_run_for (600);
  g_assert_false (rig_peer_has (peer, "SIP/2.0 180"));

  phone_signaling_answer (phone->signaling, call, answer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  expect_header (ok, "Supported", "100rel, replaces, join");
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (phone), ack);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  hang_up (phone, peer, call);
}

/* Answered before the PRACK: the 200 waits for it (RFC 3262 §3), and the call comes about. */
static void
test_answer_waits_for_prack (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = NULL, *ack = NULL;
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ringing = NULL, pracked = NULL, ok = NULL;
  guint call;

  rig_phone_set (phone, "account.1.100rel_enable", "1");
  rig_phone_set (phone, "account.1.session_timer.enable", "1");
  rig_phone_register (phone, peer);
  invite = make_account_invite (peer, phone, "rel", "Supported: 100rel, timer\r\nSession-Expires: 600\r\n", rig_sdp);
  rig_peer_send (peer, rig_phone_get_port (phone), invite);
  call = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_ring (phone->signaling, call);
  ringing = rig_peer_wait (peer, "SIP/2.0 180");
  phone_signaling_answer (phone->signaling, call, answer);
  rig_run_for (100);
  g_assert_false (rig_peer_has (peer, "SIP/2.0 200"));
  prack (phone, peer, ringing, 2, NULL);
  pracked = rig_peer_wait (peer, "SIP/2.0 200");
  expect_header (pracked, "CSeq", "2 PRACK");
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  expect_header (ok, "CSeq", "1 INVITE");
  expect_header (ok, "Session-Expires", "600;refresher=uac");
  expect_header (ok, "Supported", "100rel, timer, replaces, join");
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (phone), ack);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  hang_up (phone, peer, call);
}

/* An offer in PRACK while the INVITE's own is unanswered is refused; a PRACK for nothing too; the call goes on. */
static void
test_wrong_pracks (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), "rel", "Require: 100rel\r\n", rig_sdp);
  g_autofree char *stray = NULL, *ack = NULL;
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) ringing = NULL, offered = NULL, unknown = NULL, ok = NULL;
  guint call;

  rig_peer_send (peer, rig_phone_get_port (phone), invite);
  call = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_ring (phone->signaling, call);
  ringing = rig_peer_wait (peer, "SIP/2.0 180");
  stray = rig_peer_make_in_dialog (peer, ringing, "PRACK", 2, "RAck: 4711 1 INVITE\r\n", NULL);
  rig_peer_send (peer, rig_phone_get_port (phone), stray);
  unknown = rig_peer_wait (peer, "SIP/2.0 481");
  prack (phone, peer, ringing, 3, rig_sdp);
  offered = rig_peer_wait (peer, "SIP/2.0 488");
  expect_header (offered, "CSeq", "3 PRACK");
  phone_signaling_answer (phone->signaling, call, answer);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  expect_header (ok, "CSeq", "1 INVITE");
  ack = rig_peer_make_in_dialog (peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (peer, rig_phone_get_port (phone), ack);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  hang_up (phone, peer, call);
}

/* Hung up and cancelled while a PRACK is awaited. */
static void
test_end_before_prack (void)
{
  for (guint cancelled = 0; cancelled < 2; cancelled++)
    {
      RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
      RigPeer *peer = rig_peer_new ("127.0.0.1");
      g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), "rel", "Require: 100rel\r\n", rig_sdp);
      g_autofree char *cancel = NULL;
      g_auto (GStrv) parts = NULL;
      g_autoptr (RigMessage) ringing = NULL, final = NULL;
      guint call;

      rig_peer_send (peer, rig_phone_get_port (phone), invite);
      call = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;
      phone_signaling_ring (phone->signaling, call);
      ringing = rig_peer_wait (peer, "SIP/2.0 180");
      if (cancelled)
        {
          cancel = rig_dup_cancel (invite);
          rig_peer_send (peer, rig_phone_get_port (phone), cancel);
          final = rig_peer_wait (peer, "SIP/2.0 487");
        }
      else
        {
          phone_signaling_reject (phone->signaling, call, 486);
          final = rig_peer_wait (peer, "SIP/2.0 486");
        }
      rig_phone_wait (phone, PHONE_EVENT_TERMINATED);
      stop (phone, peer);
    }
}

/*
 *      phone                    peer
 *        |-INVITE Supported: 100rel->|
 *        |<-----183 RSeq 1 + SDP-----|   twice: the first PRACK was slow
 *        |----------PRACK----------->|   once for each RSeq
 *        |<-----180 RSeq 2-----------|
 *        |----------PRACK----------->|
 *        |<-----UPDATE + SDP---------|   early media from elsewhere
 *        |-------200 + SDP---------->|
 *        |<-----200 (INVITE)---------|   without SDP: what was said last holds
 *        |----------ACK------------->|
 */
static void
test_they_ring_reliably (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autoptr (RigMessage) invite = NULL, first = NULL, second = NULL, updated = NULL, ack = NULL;
  g_auto (GStrv) parts = g_strsplit (rig_sdp, "40000", -1);
  g_autofree char *elsewhere = g_strjoinv ("40400", parts);
  g_autofree char *update = NULL, *rack = NULL;
  const PhoneEvent *event;
  guint call;

  rig_phone_set (phone, "account.1.100rel_enable", "1");
  rig_phone_register (phone, peer);
  call = rig_phone_dial (phone, 1, "9");
  invite = rig_peer_wait (peer, "INVITE");
  expect_header (invite, "Supported", "100rel, replaces, join");
  for (guint i = 0; i < 2; i++)
    rig_peer_reply (peer, invite, 183, "Session Progress", "Require: 100rel\r\nRSeq: 1\r\nAllow: UPDATE\r\n", rig_sdp);
  g_assert_nonnull (rig_phone_wait (phone, PHONE_EVENT_PROGRESS)->desc);
  first = rig_peer_wait (peer, "PRACK");
  rack = rig_message_dup_header (first, "RAck");
  g_assert_true (g_str_has_prefix (rack, "1 "));
  rig_peer_reply (peer, first, 200, "OK", NULL, NULL);
  rig_peer_reply (peer, invite, 180, "Ringing", "Require: 100rel\r\nRSeq: 2\r\n", NULL);
  second = rig_peer_wait (peer, "PRACK");
  rig_peer_reply (peer, second, 200, "OK", NULL, NULL);
  rig_phone_wait (phone, PHONE_EVENT_PROGRESS);

  update = rig_peer_make_in_dialog (peer, invite, "UPDATE", 1, NULL, elsewhere);
  rig_peer_send (peer, rig_phone_get_port (phone), update);
  updated = rig_peer_wait (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (updated), "m=audio 20000 RTP/AVP 0 8 101"));
  event = rig_phone_wait (phone, PHONE_EVENT_PROGRESS);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40400);

  rig_peer_reply (peer, invite, 200, "OK", NULL, NULL);
  event = rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40400);
  ack = rig_peer_wait (peer, "ACK");
  hang_up (phone, peer, call);
}

/* UPDATE with an offer before ours is answered: 491; hopeless ones: 488. The call goes on. */
static void
test_early_updates_refused (void)
{
  static const char video[] = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\n";
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL, prack1 = NULL, pending = NULL, prack2 = NULL, hopeless = NULL, ack = NULL;
  g_autofree char *early = NULL, *bad = NULL;
  guint call = rig_phone_dial (phone, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 180, "Ringing", "Require: 100rel\r\nRSeq: 1\r\n", NULL);
  prack1 = rig_peer_wait (peer, "PRACK");
  rig_peer_reply (peer, prack1, 200, "OK", NULL, NULL);
  early = rig_peer_make_in_dialog (peer, invite, "UPDATE", 1, NULL, rig_sdp);
  rig_peer_send (peer, rig_phone_get_port (phone), early);
  pending = rig_peer_wait (peer, "SIP/2.0 491");
  rig_peer_reply (peer, invite, 183, "Session Progress", "Require: 100rel\r\nRSeq: 2\r\n", rig_sdp);
  prack2 = rig_peer_wait (peer, "PRACK");
  rig_peer_reply (peer, prack2, 200, "OK", NULL, NULL);
  bad = rig_peer_make_in_dialog (peer, invite, "UPDATE", 2, NULL, video);
  rig_peer_send (peer, rig_phone_get_port (phone), bad);
  hopeless = rig_peer_wait (peer, "SIP/2.0 488");
  rig_peer_reply (peer, invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (peer, "ACK");
  hang_up (phone, peer, call);
}

/* PRACK that is refused or not answered does not harm the call. */
static void
test_prack_refused (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL, prack1 = NULL, prack2 = NULL, ack = NULL;
  guint call = rig_phone_dial (phone, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 180, "Ringing", "Require: 100rel\r\nRSeq: 1\r\n", NULL);
  prack1 = rig_peer_wait (peer, "PRACK");
  rig_peer_reply (peer, prack1, 400, "Bad Request", NULL, NULL);
  rig_peer_reply (peer, invite, 180, "Ringing", "Require: 100rel\r\nRSeq: 2\r\n", NULL);
  prack2 = rig_peer_wait (peer, "PRACK");
  rig_peer_reply (peer, invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (peer, "ACK");
  hang_up (phone, peer, call);
}

/*
 *      phone                    proxy
 *        |--------INVITE-------->|
 *        |<----180 tag=one-------|
 *        |<----183 tag=two + SDP-|
 *        |<----183 tag=tre + SDP-|
 *        |<----200 tag=two-------|   without SDP: the early answer of this branch holds, not the last one heard
 *        |----------ACK--------->|
 *        |<----200 tag=tre-------|   answered at the same moment
 *        |----ACK, BYE tag=tre-->|
 *        |<----200 tag=two-------|   our ACK was lost
 *        |----------ACK--------->|
 */
static void
forked_answers (gboolean tcp)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u%s", peer->port, tcp ? ";transport=tcp" : "");
  g_auto (GStrv) parts = g_strsplit (rig_sdp, "40000", -1);
  g_autofree char *third = g_strjoinv ("43000", parts);
  g_autoptr (RigMessage) invite = NULL, ack = NULL, ack_third = NULL, bye_third = NULL, again = NULL;
  g_autofree char *to_ack = NULL, *to_third = NULL, *to_bye = NULL, *to_again = NULL, *cseq = NULL;
  const PhoneEvent *event;
  guint call = rig_phone_dial (phone, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply_tagged (peer, invite, "one", 180, "Ringing", NULL, NULL);
  rig_peer_reply_tagged (peer, invite, "two", 183, "Session Progress", NULL, rig_sdp);
  rig_peer_reply_tagged (peer, invite, "tre", 183, "Session Progress", NULL, third);
  for (guint i = 0; i < 3; i++)
    event = rig_phone_wait (phone, PHONE_EVENT_PROGRESS);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 43000);
  rig_peer_reply_tagged (peer, invite, "two", 200, "OK", NULL, NULL);
  event = rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
  g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, 40000);
  ack = rig_peer_wait (peer, "ACK");
  to_ack = rig_message_dup_header (ack, "To");
  g_assert_nonnull (strstr (to_ack, "tag=two"));

  rig_peer_reply_tagged (peer, invite, "tre", 200, "OK", NULL, third);
  ack_third = rig_peer_wait (peer, "ACK");
  to_third = rig_message_dup_header (ack_third, "To");
  g_assert_nonnull (strstr (to_third, "tag=tre"));
  bye_third = rig_peer_wait (peer, "BYE");
  to_bye = rig_message_dup_header (bye_third, "To");
  g_assert_nonnull (strstr (to_bye, "tag=tre"));
  cseq = rig_message_dup_header (bye_third, "CSeq");
  g_assert_true (g_str_has_suffix (cseq, " BYE"));
  rig_peer_reply (peer, bye_third, 200, "OK", NULL, NULL);

  peer->keep_repeats = TRUE;
  rig_peer_reply_tagged (peer, invite, "two", 200, "OK", NULL, NULL);
  again = rig_peer_wait (peer, "ACK");
  to_again = rig_message_dup_header (again, "To");
  g_assert_nonnull (strstr (to_again, "tag=two"));
  rig_run_for (100);
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_ESTABLISHED), ==, 1);
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_TERMINATED), ==, 0);
  hang_up (phone, peer, call);
}

static void
test_forked_answers (void)
{
  forked_answers (FALSE);
}

static void
test_forked_answers_tcp (void)
{
  forked_answers (TRUE);
}

/* Cancelled, and two branches answer all the same: both are acknowledged and ended. */
static void
test_forked_answers_after_cancel (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL, cancel = NULL;
  guint call = rig_phone_dial (phone, 0, target);
  gboolean seen[2] = { FALSE, FALSE };

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply_tagged (peer, invite, "one", 180, "Ringing", NULL, NULL);
  rig_peer_reply_tagged (peer, invite, "two", 180, "Ringing", NULL, NULL);
  rig_phone_wait (phone, PHONE_EVENT_PROGRESS);
  phone_signaling_hangup (phone->signaling, call);
  cancel = rig_peer_wait (peer, "CANCEL");
  rig_peer_reply (peer, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply_tagged (peer, invite, "two", 200, "OK", NULL, rig_sdp);
  rig_peer_reply_tagged (peer, invite, "one", 200, "OK", NULL, rig_sdp);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (RigMessage) ack = rig_peer_wait (peer, "ACK");
      g_autoptr (RigMessage) bye = rig_peer_wait (peer, "BYE");
      g_autofree char *to = rig_message_dup_header (bye, "To");

      seen[strstr (to, "tag=one") != NULL] = TRUE;
      rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
    }
  g_assert_true (seen[0] && seen[1]);
  stop (phone, peer);
}

/*
 *      phone                    proxy
 *        |<--183 tag=one RSeq----|
 *        |----PRACK tag=one----->|
 *        |<----200 tag=two-------|   another branch answers
 *        |----ACK, BYE tag=two-->|
 *        |----CANCEL------------>|   the user gives up
 *
 * A limit of the library: a reliable response ties the INVITE to its branch. Nobody hangs in a call he does not hear of, and
 * nothing is left. (account.X.100rel_enable is off unless somebody switches it on; without it nothing ties.)
 */
static void
test_other_branch_answers (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL, prack1 = NULL, ack = NULL, bye = NULL, cancel = NULL;
  g_autofree char *to = NULL;
  guint call = rig_phone_dial (phone, 0, target);

  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply_tagged (peer, invite, "one", 183, "Session Progress", "Require: 100rel\r\nRSeq: 1\r\n", rig_sdp);
  prack1 = rig_peer_wait (peer, "PRACK");
  rig_peer_reply (peer, prack1, 200, "OK", NULL, NULL);
  rig_peer_reply_tagged (peer, invite, "two", 200, "OK", NULL, rig_sdp);
  ack = rig_peer_wait (peer, "ACK");
  bye = rig_peer_wait (peer, "BYE");
  to = rig_message_dup_header (bye, "To");
  g_assert_nonnull (strstr (to, "tag=two"));
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  phone_signaling_hangup (phone->signaling, call);
  cancel = rig_peer_wait (peer, "CANCEL");
  rig_peer_reply (peer, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply_tagged (peer, invite, "one", 487, "Request Terminated", NULL, NULL);
  stop (phone, peer);
}

/* The branch that is too late has a name in Contact, or came through a proxy with one: no name is looked up to end its call. */
static void
test_late_branch_with_a_name (void)
{
  static const char *const headers[] = { "Contact: <sip:x@name.invalid>\r\n",
                                         "Contact: <sip:x@192.0.2.1>\r\nRecord-Route: <sip:one.invalid;lr>, <sip:two.invalid;lr>\r\n" };

  for (guint i = 0; i < 4; i++)
    {
      RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
      RigPeer *peer = rig_peer_new ("127.0.0.1");
      g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u%s", peer->port, i >= 2 ? ";transport=tcp" : "");
      g_autoptr (RigMessage) invite = NULL, ack = NULL, late_ack = NULL, late_bye = NULL;
      guint call = rig_phone_dial (phone, 0, target);
      gint64 begun;

      invite = rig_peer_wait (peer, "INVITE");
      rig_peer_reply_tagged (peer, invite, "one", 200, "OK", NULL, rig_sdp);
      rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
      ack = rig_peer_wait (peer, "ACK");
      begun = g_get_monotonic_time ();
      rig_peer_reply_tagged (peer, invite, "two", 200, "OK", headers[i % 2], rig_sdp);
      late_ack = rig_peer_wait (peer, "ACK");
      late_bye = rig_peer_wait (peer, "BYE");
      g_assert_cmpint (g_get_monotonic_time () - begun, <, G_USEC_PER_SEC);
      g_assert_true (g_str_has_prefix (late_bye->text, i % 2 ? "BYE sip:x@192.0.2.1 " : "BYE sip:x@name.invalid "));
      hang_up (phone, peer, call);
    }
}

/* A branch answers without a description and had none before: no call can come of it. */
static void
test_fork_without_answer (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (RigMessage) invite = NULL, ack = NULL, bye = NULL;

  rig_phone_dial (phone, 0, target);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply_tagged (peer, invite, "one", 183, "Session Progress", NULL, rig_sdp);
  rig_peer_reply_tagged (peer, invite, "two", 200, "OK", NULL, NULL);
  ack = rig_peer_wait (peer, "ACK");
  bye = rig_peer_wait (peer, "BYE");
  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 488);
  stop (phone, peer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/early/we-ring-reliably", test_we_ring_reliably);
  g_test_add_func ("/sip/early/answer-waits", test_answer_waits_for_prack);
  g_test_add_func ("/sip/early/wrong-pracks", test_wrong_pracks);
  g_test_add_func ("/sip/early/end-before-prack", test_end_before_prack);
  g_test_add_func ("/sip/early/they-ring-reliably", test_they_ring_reliably);
  g_test_add_func ("/sip/early/updates-refused", test_early_updates_refused);
  g_test_add_func ("/sip/early/prack-refused", test_prack_refused);
  g_test_add_func ("/sip/early/forked-answers", test_forked_answers);
  g_test_add_func ("/sip/early/forked-answers-tcp", test_forked_answers_tcp);
  g_test_add_func ("/sip/early/forked-answers-after-cancel", test_forked_answers_after_cancel);
  g_test_add_func ("/sip/early/other-branch-answers", test_other_branch_answers);
  g_test_add_func ("/sip/early/late-branch-with-a-name", test_late_branch_with_a_name);
  g_test_add_func ("/sip/early/fork-without-answer", test_fork_without_answer);

  return g_test_run ();
}
