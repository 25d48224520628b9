/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Digest authentication inside calls: INVITE, re-INVITE, INFO and BYE, from both sides, against a scripted server on loopback.
 */

#define USER "1001"
#define PASSWORD "secret"

typedef struct {
  RigPhone   *phone;
  RigPeer    *server;
  guint       call;
  RigMessage *ok;         /* our 200 to their INVITE */
} Pair;

static void
open_pair (Pair *pair)
{
  PhoneAccountConfig config = {
    .account = 1, .enabled = TRUE, .label = "One", .display_name = "", .user_name = USER, .auth_name = "", .password = PASSWORD,
    .servers = { { .address = "127.0.0.1", .transport = PHONE_TRANSPORT_UDP, .expires_s = 300, .retries = 3 } }, .unregister_at_exit = TRUE,
  };
  g_autoptr (RigMessage) request = NULL;
  g_autofree char *contact = NULL, *headers = NULL;

  *pair = (Pair) { rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1"), 0, NULL };
  config.servers[0].port = pair->server->port;
  phone_signaling_set_account (pair->phone->signaling, &config);
  request = rig_peer_wait (pair->server, "REGISTER");
  contact = rig_message_dup_header (request, "Contact");
  headers = g_strdup_printf ("Contact: %s;expires=300\r\n", contact);
  rig_peer_reply (pair->server, request, 200, "OK", headers, NULL);
  rig_phone_wait (pair->phone, PHONE_EVENT_ACCOUNT);
  rig_phone_wait (pair->phone, PHONE_EVENT_ACCOUNT);
}

static void
close_pair (Pair *pair)
{
  g_autoptr (RigMessage) goodbye = NULL;

  rig_phone_settle (pair->phone);
  phone_signaling_shutdown (pair->phone->signaling);
  goodbye = rig_peer_wait (pair->server, "REGISTER");
  rig_peer_reply (pair->server, goodbye, 200, "OK", NULL, NULL);
  rig_phone_wait (pair->phone, PHONE_EVENT_SIGNALING_STOPPED);
  g_clear_pointer (&pair->ok, rig_message_free);
  rig_phone_free (pair->phone);
  rig_peer_free (pair->server);
}

static char *
dup_cseq (RigMessage *message)
{
  g_autofree char *cseq = rig_message_dup_header (message, "CSeq");

  return g_strndup (cseq, strcspn (cseq, " "));
}

/* ACK to a final response that is no success: of the same transaction (RFC 3261 §17.1.1.3). */
static void
expect_ack (Pair       *pair,
            RigMessage *invite)
{
  g_autoptr (RigMessage) ack = rig_peer_wait (pair->server, "ACK");
  g_autofree char *via = rig_message_dup_header (invite, "Via");
  g_autofree char *ack_via = rig_message_dup_header (ack, "Via");
  g_autofree char *cseq = dup_cseq (invite);
  g_autofree char *ack_cseq = dup_cseq (ack);

  g_assert_cmpstr (via, ==, ack_via);
  g_assert_cmpstr (cseq, ==, ack_cseq);
}

/* Refuses @request with @headers and returns it as it comes again. */
static RigMessage *
challenge (Pair       *pair,
           RigMessage *request,
           guint       status,
           const char *headers)
{
  g_autofree char *method = g_strndup (request->text, strcspn (request->text, " "));
  RigMessage *again;

  rig_peer_reply (pair->server, request, status, status == 401 ? "Unauthorized" : "Proxy Authentication Required", headers, NULL);
  if (strcmp (method, "INVITE") == 0)
    expect_ack (pair, request);
  again = rig_peer_wait (pair->server, method);
  rig_expect_again (request, again);

  return again;
}

static void
expect (RigMessage *request,
        const char *name,
        const char *realm,
        const char *nonce,
        const char *nc)
{
  g_autofree char *header = rig_expect_credentials (request, name, realm, USER, PASSWORD);
  g_autofree char *their_nonce = rig_dup_parameter (header, "nonce");
  g_autofree char *their_nc = rig_dup_parameter (header, "nc");

  g_assert_cmpstr (their_nonce, ==, nonce);
  g_assert_cmpstr (their_nc, ==, nc);
}

#define PROXY(nonce) "Proxy-Authenticate: Digest realm=\"p\", nonce=\"" nonce "\", qop=\"auth\", algorithm=SHA-256\r\n"
#define SERVER(nonce) "WWW-Authenticate: Digest realm=\"s\", nonce=\"" nonce "\", qop=\"auth\"\r\n"

/* Accepts @invite; the ACK has its credentials, byte by byte (RFC 3261 §22.1). */
static void
accept (Pair       *pair,
        RigMessage *invite)
{
  static const char *const names[] = { "Authorization", "Proxy-Authorization" };
  g_autoptr (RigMessage) ack = NULL;

  rig_peer_reply (pair->server, invite, 200, "OK", NULL, rig_sdp);
  ack = rig_peer_wait (pair->server, "ACK");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *sent = rig_message_dup_header (invite, names[i]);
      g_autofree char *acked = rig_message_dup_header (ack, names[i]);

      g_assert_cmpstr (sent, ==, acked);
    }
}

static void
modify (Pair *pair)
{
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDONLY);

  phone_signaling_modify (pair->phone->signaling, pair->call, offer);
}

static void
expect_modified (Pair       *pair,
                 RigMessage *reinvite)
{
  accept (pair, reinvite);
  rig_phone_wait (pair->phone, PHONE_EVENT_MODIFIED);
}

/* The phone hangs up; the first BYE is challenged with a new nonce. */
static void
hang_up (Pair *pair)
{
  g_autoptr (RigMessage) bye = NULL;
  g_autoptr (RigMessage) again = NULL;

  phone_signaling_hangup (pair->phone->signaling, pair->call);
  bye = rig_peer_wait (pair->server, "BYE");
  again = challenge (pair, bye, 407, PROXY ("bye"));
  expect (again, "Proxy-Authorization", "p", "bye", "00000001");
  rig_peer_reply (pair->server, again, 200, "OK", NULL, NULL);
  rig_phone_wait (pair->phone, PHONE_EVENT_TERMINATED);
  rig_phone_settle (pair->phone);
}

/*
 *      phone                   server
 *        |--------INVITE-------->|
 *        |<---------407----------|  the proxy
 *        |----------ACK--------->|
 *        |--INVITE + proxy's---->|
 *        |<---------401----------|  the other side
 *        |----------ACK--------->|
 *        |--INVITE + both------->|
 *        |<---------200----------|
 *        |------ACK + both------>|
 *        |--re-INVITE + both---->|  in advance
 *        |<---407 stale----------|  the dialog stays
 *        |--re-INVITE + both---->|
 *        |<---------200----------|
 *        |---- INFO, BYE: the same
 */
static void
test_caller (void)
{
  Pair pair;
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) third = NULL;
  g_autoptr (RigMessage) reinvite = NULL;
  g_autoptr (RigMessage) reinvite_again = NULL;
  g_autoptr (RigMessage) info = NULL;
  g_autoptr (RigMessage) info_again = NULL;

  open_pair (&pair);
  pair.call = rig_phone_dial (pair.phone, 1, "1002");
  invite = rig_peer_wait (pair.server, "INVITE");
  second = challenge (&pair, invite, 407, PROXY ("1"));
  expect (second, "Proxy-Authorization", "p", "1", "00000001");
  third = challenge (&pair, second, 401, SERVER ("2"));
  expect (third, "Proxy-Authorization", "p", "1", "00000002");
  expect (third, "Authorization", "s", "2", "00000001");
  accept (&pair, third);
  rig_phone_wait (pair.phone, PHONE_EVENT_ESTABLISHED);

  modify (&pair);
  reinvite = rig_peer_wait (pair.server, "INVITE");
  expect (reinvite, "Proxy-Authorization", "p", "1", "00000003");
  expect (reinvite, "Authorization", "s", "2", "00000002");
  reinvite_again = challenge (&pair, reinvite, 407,
                              "Proxy-Authenticate: Digest realm=\"p\", nonce=\"3\", qop=\"auth-int\", algorithm=SHA-256, stale=true\r\n");
  expect (reinvite_again, "Proxy-Authorization", "p", "3", "00000001");
  expect (reinvite_again, "Authorization", "s", "2", "00000003");
  expect_modified (&pair, reinvite_again);

  phone_signaling_send_digit (pair.phone->signaling, pair.call, '5', 160);
  info = rig_peer_wait (pair.server, "INFO");
  expect (info, "Proxy-Authorization", "p", "3", "00000002");
  info_again = challenge (&pair, info, 401, SERVER ("4"));
  expect (info_again, "Proxy-Authorization", "p", "3", "00000003");
  expect (info_again, "Authorization", "s", "4", "00000001");
  rig_peer_reply (pair.server, info_again, 200, "OK", NULL, NULL);
  rig_run_for (50);

  hang_up (&pair);
  close_pair (&pair);
}

static void
be_called (Pair *pair)
{
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *any = rig_peer_make_invite (pair->server, rig_phone_get_port (pair->phone), "auth", NULL, rig_sdp);
  g_autoptr (GString) invite = g_string_new (any);
  g_autofree char *ack = NULL;

  g_string_replace (invite, "sip:deskset@", "sip:" USER "@", 0);
  rig_peer_send (pair->server, rig_phone_get_port (pair->phone), invite->str);
  pair->call = rig_phone_wait (pair->phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (pair->phone->signaling, pair->call, answer);
  pair->ok = rig_peer_wait (pair->server, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (pair->server, pair->ok, "ACK", 1, NULL, NULL);
  rig_peer_send (pair->server, rig_phone_get_port (pair->phone), ack);
  rig_phone_wait (pair->phone, PHONE_EVENT_ESTABLISHED);
}

/* Who was called is challenged for the first time by a request inside the dialog. */
static void
test_called (void)
{
  Pair pair;
  g_autoptr (RigMessage) info = NULL;
  g_autoptr (RigMessage) info_again = NULL;
  g_autoptr (RigMessage) reinvite = NULL;
  g_autoptr (RigMessage) reinvite_again = NULL;

  open_pair (&pair);
  be_called (&pair);
  phone_signaling_send_digit (pair.phone->signaling, pair.call, '5', 160);
  info = rig_peer_wait (pair.server, "INFO");
  g_assert_null (strstr (info->text, "uthorization:"));
  info_again = challenge (&pair, info, 401, SERVER ("1") PROXY ("2"));
  expect (info_again, "Authorization", "s", "1", "00000001");
  expect (info_again, "Proxy-Authorization", "p", "2", "00000001");
  rig_peer_reply (pair.server, info_again, 200, "OK", NULL, NULL);

  modify (&pair); /* at once: the digit is not answered yet, as far as the phone knows */
  reinvite = rig_peer_wait (pair.server, "INVITE");
  expect (reinvite, "Proxy-Authorization", "p", "2", "00000002");
  reinvite_again = challenge (&pair, reinvite, 407, PROXY ("3"));
  expect (reinvite_again, "Proxy-Authorization", "p", "3", "00000001");
  expect_modified (&pair, reinvite_again);
  hang_up (&pair);
  close_pair (&pair);
}

/* The first challenge of all comes to the BYE. */
static void
test_bye_alone (void)
{
  Pair pair;

  open_pair (&pair);
  be_called (&pair);
  hang_up (&pair);
  close_pair (&pair);
}

/* Wrong password: the call fails and says so; nothing we know: another cause. */
static void
test_invite_refused (void)
{
  Pair pair;
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autoptr (RigMessage) other = NULL;
  const PhoneEvent *event;

  open_pair (&pair);
  rig_phone_dial (pair.phone, 1, "1002");
  invite = rig_peer_wait (pair.server, "INVITE");
  again = challenge (&pair, invite, 401, SERVER ("1"));
  rig_peer_reply (pair.server, again, 401, "Unauthorized", SERVER ("1"), NULL);
  expect_ack (&pair, again);
  event = rig_phone_wait (pair.phone, PHONE_EVENT_TERMINATED);
  g_assert_cmpuint (event->status, ==, 401);
  g_assert_cmpint (event->fault, ==, PHONE_SIGNALING_FAULT_PASSWORD);

  rig_phone_dial (pair.phone, 1, "1003");
  other = rig_peer_wait (pair.server, "INVITE");
  rig_peer_reply (pair.server, other, 407, "Proxy Authentication Required",
                  "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\", algorithm=SHA-512-256\r\n", NULL);
  expect_ack (&pair, other);
  event = rig_phone_wait (pair.phone, PHONE_EVENT_TERMINATED);
  g_assert_cmpuint (event->status, ==, 407);
  g_assert_cmpint (event->fault, ==, PHONE_SIGNALING_FAULT_AUTHENTICATION);
  rig_run_for (100);
  g_assert_false (rig_peer_has (pair.server, "INVITE"));
  close_pair (&pair);
}

/* CANCEL after a challenge: of the INVITE that runs, and never answered with a challenge (RFC 3261 §22.1). */
static void
test_cancel (void)
{
  Pair pair;
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autoptr (RigMessage) cancel = NULL;
  g_autofree char *cseq = NULL, *cancel_cseq = NULL;

  open_pair (&pair);
  pair.call = rig_phone_dial (pair.phone, 1, "1002");
  invite = rig_peer_wait (pair.server, "INVITE");
  again = challenge (&pair, invite, 407, PROXY ("1"));
  rig_peer_reply (pair.server, again, 180, "Ringing", NULL, NULL);
  rig_phone_wait (pair.phone, PHONE_EVENT_PROGRESS);
  phone_signaling_hangup (pair.phone->signaling, pair.call);
  cancel = rig_peer_wait (pair.server, "CANCEL");
  cseq = dup_cseq (again);
  cancel_cseq = dup_cseq (cancel);
  g_assert_cmpstr (cseq, ==, cancel_cseq);
  rig_peer_reply (pair.server, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply (pair.server, again, 487, "Request Terminated", NULL, NULL);
  expect_ack (&pair, again);
  close_pair (&pair);
}

/* Hung up before the server said anything: its challenge is the end of the call. */
static void
test_hung_up_before_challenge (void)
{
  Pair pair;
  g_autoptr (RigMessage) invite = NULL;

  open_pair (&pair);
  pair.call = rig_phone_dial (pair.phone, 1, "1002");
  invite = rig_peer_wait (pair.server, "INVITE");
  phone_signaling_hangup (pair.phone->signaling, pair.call);
  rig_peer_reply (pair.server, invite, 407, "Proxy Authentication Required", PROXY ("1"), NULL);
  expect_ack (&pair, invite);
  rig_phone_settle (pair.phone);
  rig_run_for (50);
  g_assert_false (rig_peer_has (pair.server, "INVITE"));
  close_pair (&pair);
}

/* A re-INVITE refused for good leaves the call as it was; so does an INFO, and neither stands in the way of the BYE. */
static void
test_refused_inside (void)
{
  Pair pair;
  g_autoptr (RigMessage) reinvite = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autoptr (RigMessage) info = NULL;
  g_autoptr (RigMessage) info_again = NULL;
  g_autoptr (RigMessage) bare = NULL;
  g_autoptr (RigMessage) later = NULL;

  open_pair (&pair);
  be_called (&pair);
  modify (&pair);
  reinvite = rig_peer_wait (pair.server, "INVITE");
  again = challenge (&pair, reinvite, 401, SERVER ("1"));
  rig_peer_reply (pair.server, again, 401, "Unauthorized", SERVER ("1"), NULL);
  expect_ack (&pair, again);
  bare = rig_peer_wait (pair.server, "INVITE");
  g_assert_null (strstr (bare->text, "uthorization:"));
  rig_peer_reply (pair.server, bare, 401, "Unauthorized", SERVER ("1"), NULL);
  expect_ack (&pair, bare);
  g_assert_cmpuint (rig_phone_wait (pair.phone, PHONE_EVENT_MODIFY_FAILED)->status, ==, 401);

  phone_signaling_send_digit (pair.phone->signaling, pair.call, '5', 160);
  info = rig_peer_wait (pair.server, "INFO");
  info_again = challenge (&pair, info, 401, SERVER ("2"));
  rig_peer_reply (pair.server, info_again, 401, "Unauthorized", SERVER ("2"), NULL);
  rig_run_for (50);

  modify (&pair);
  later = rig_peer_wait (pair.server, "INVITE");
  accept (&pair, later);
  rig_phone_wait (pair.phone, PHONE_EVENT_MODIFIED);
  g_assert_cmpuint (rig_phone_count (pair.phone, PHONE_EVENT_TERMINATED), ==, 0);
  hang_up (&pair);
  close_pair (&pair);
}

/* The challenge to a re-INVITE comes while a digit waits for its answer: the re-INVITE is not forgotten. */
static void
test_challenge_beside_info (void)
{
  Pair pair;
  g_autoptr (RigMessage) reinvite = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autoptr (RigMessage) info = NULL;

  open_pair (&pair);
  be_called (&pair);
  modify (&pair);
  reinvite = rig_peer_wait (pair.server, "INVITE");
  phone_signaling_send_digit (pair.phone->signaling, pair.call, '5', 160);
  info = rig_peer_wait (pair.server, "INFO");
  rig_peer_reply (pair.server, reinvite, 407, "Proxy Authentication Required", PROXY ("1"), NULL);
  expect_ack (&pair, reinvite);
  rig_run_for (50);
  rig_peer_reply (pair.server, info, 200, "OK", NULL, NULL);
  again = rig_peer_wait (pair.server, "INVITE");
  expect (again, "Proxy-Authorization", "p", "1", "00000001");
  expect_modified (&pair, again);
  hang_up (&pair);
  close_pair (&pair);
}

/*
 * The next calls have credentials in advance (and so has their ACK): for the proxy, not for somebody who was called. What is
 * refused is taken out of the request before new credentials go into it. A call elsewhere has none.
 */
static void
test_ahead (void)
{
  Pair pair;
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) first_again = NULL;
  g_autoptr (RigMessage) first_third = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) third = NULL;
  g_autoptr (RigMessage) third_again = NULL;
  g_autoptr (RigMessage) third_more = NULL;
  g_autoptr (RigMessage) elsewhere = NULL;
  RigPeer *stranger = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("sip:9@127.0.0.1:%u", stranger->port);

  open_pair (&pair);
  pair.call = rig_phone_dial (pair.phone, 1, "1002");
  first = rig_peer_wait (pair.server, "INVITE");
  first_again = challenge (&pair, first, 407, PROXY ("1"));
  first_third = challenge (&pair, first_again, 401, SERVER ("2"));
  rig_peer_reply (pair.server, first_third, 486, "Busy Here", NULL, NULL);
  expect_ack (&pair, first_third);
  rig_phone_wait (pair.phone, PHONE_EVENT_TERMINATED);

  pair.call = rig_phone_dial (pair.phone, 1, "1003");
  second = rig_peer_wait (pair.server, "INVITE");
  expect (second, "Proxy-Authorization", "p", "1", "00000003");
  g_assert_null (rig_message_dup_credentials (second, "Authorization", NULL));
  accept (&pair, second);
  rig_phone_wait (pair.phone, PHONE_EVENT_ESTABLISHED);
  hang_up (&pair);

  pair.call = rig_phone_dial (pair.phone, 1, "1004");
  third = rig_peer_wait (pair.server, "INVITE");
  expect (third, "Proxy-Authorization", "p", "bye", "00000002");
  third_again = challenge (&pair, third, 401, SERVER ("3"));
  expect (third_again, "Authorization", "s", "3", "00000001");
  g_assert_null (rig_message_dup_credentials (third_again, "Proxy-Authorization", NULL));
  third_more = challenge (&pair, third_again, 407, PROXY ("4"));
  expect (third_more, "Authorization", "s", "3", "00000002");
  expect (third_more, "Proxy-Authorization", "p", "4", "00000001");
  rig_peer_reply (pair.server, third_more, 486, "Busy Here", NULL, NULL);
  expect_ack (&pair, third_more);
  rig_phone_wait (pair.phone, PHONE_EVENT_TERMINATED);

  rig_phone_dial (pair.phone, 1, target);
  elsewhere = rig_peer_wait (stranger, "INVITE");
  g_assert_null (strstr (elsewhere->text, "uthorization:"));
  rig_peer_reply (stranger, elsewhere, 486, "Busy Here", NULL, NULL);
  rig_phone_wait (pair.phone, PHONE_EVENT_TERMINATED);
  close_pair (&pair);
  rig_peer_free (stranger);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/auth/call/caller", test_caller);
  g_test_add_func ("/sip/auth/call/ahead", test_ahead);
  g_test_add_func ("/sip/auth/call/called", test_called);
  g_test_add_func ("/sip/auth/call/bye-alone", test_bye_alone);
  g_test_add_func ("/sip/auth/call/cancel", test_cancel);
  g_test_add_func ("/sip/auth/call/hung-up-before-challenge", test_hung_up_before_challenge);
  g_test_add_func ("/sip/auth/call/invite-refused", test_invite_refused);
  g_test_add_func ("/sip/auth/call/refused-inside", test_refused_inside);
  g_test_add_func ("/sip/auth/call/beside-info", test_challenge_beside_info);

  return g_test_run ();
}
