/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Session timers on the wire (RFC 4028), both ways. A second of an interval lasts 10 ms here.
 */

static const PhoneSipTimers fast = { 10000, 16000, 8000, 4000, 24000, 16000, 1500, 500, 4000, 5000, 2500, .session_second_ms = 10 };

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *invite;    /* ours, when the phone called */
  RigMessage *ok;        /* its 200, when the peer called */
  guint       call;
} Call;

static Call
start (const char *expires,
       const char *refresher)
{
  Call c = { rig_phone_new ("127.0.0.1", &fast), rig_peer_new ("127.0.0.1"), NULL, NULL, 0 };

  rig_phone_set (c.phone, "account.1.session_timer.enable", "1");
  rig_phone_set (c.phone, "account.1.session_timer.expires", expires);
  rig_phone_set (c.phone, "account.1.session_timer.refresher", refresher);
  rig_phone_register (c.phone, c.peer);

  return c;
}

static void
expect_header (RigMessage *message,
               const char *name,
               const char *wanted)
{
  g_autofree char *value = rig_message_dup_header (message, name);

  g_assert_cmpstr (value, ==, wanted);
}

static void
call_peer (Call       *c,
           const char *headers)
{
  g_autoptr (RigMessage) ack = NULL;

  c->call = rig_phone_dial (c->phone, 1, "9");
  c->invite = rig_peer_wait (c->peer, "INVITE");
  rig_peer_reply (c->peer, c->invite, 200, "OK", headers, rig_sdp);
  rig_phone_wait (c->phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (c->peer, "ACK");
}

/* The peer calls the account. */
static void
be_called (Call       *c,
           const char *headers)
{
  g_autofree char *invite = rig_peer_make_invite (c->peer, rig_phone_get_port (c->phone), "timer", headers, rig_sdp);
  g_auto (GStrv) parts = g_strsplit (invite, "sip:deskset@", -1);
  g_autofree char *for_account = g_strjoinv ("sip:1001@", parts);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *ack = NULL;

  rig_peer_send (c->peer, rig_phone_get_port (c->phone), for_account);
  c->call = rig_phone_wait (c->phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (c->phone->signaling, c->call, answer);
  c->ok = rig_peer_wait (c->peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (c->peer, c->ok, "ACK", 1, NULL, NULL);
  rig_peer_send (c->peer, rig_phone_get_port (c->phone), ack);
  rig_phone_wait (c->phone, PHONE_EVENT_ESTABLISHED);
}

static void
finish (Call *c)
{
  rig_phone_settle (c->phone);
  g_assert_cmpuint (rig_phone_count (c->phone, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (c->phone);
  rig_peer_free (c->peer);
  g_clear_pointer (&c->invite, rig_message_free);
  g_clear_pointer (&c->ok, rig_message_free);
}

static void
end_call (Call *c)
{
  g_autoptr (RigMessage) bye = NULL;

  phone_signaling_hangup (c->phone->signaling, c->call);
  bye = rig_peer_wait (c->peer, "BYE");
  rig_peer_reply (c->peer, bye, 200, "OK", NULL, NULL);
  finish (c);
}

/*
 *      phone                    peer
 *        |-INVITE S-E 100;uac--->|
 *        |<-200 S-E 100;uac------|   Allow: UPDATE
 *        |        500 ms         |
 *        |--UPDATE S-E 100;uac-->|   without a body
 *        |<--------200-----------|
 *        |        500 ms         |
 *        |--------UPDATE-------->|
 */
static void
test_we_refresh_by_update (void)
{
  Call c = start ("100", "0");
  gint64 begun;

  call_peer (&c, "Allow: INVITE, ACK, BYE, UPDATE\r\nSession-Expires: 100;refresher=uac\r\nRequire: timer\r\n");
  expect_header (c.invite, "Session-Expires", "100;refresher=uac");
  expect_header (c.invite, "Supported", "timer, replaces, join");
  begun = g_get_monotonic_time ();
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (RigMessage) update = rig_peer_wait (c.peer, "UPDATE");

      expect_header (update, "Session-Expires", "100;refresher=uac");
      expect_header (update, "Supported", "timer, replaces, join");
      g_assert_cmpstr (rig_message_get_body (update), ==, "");
      rig_peer_reply (c.peer, update, 200, "OK", "Session-Expires: 100;refresher=uac\r\nRequire: timer\r\n", NULL);
    }
  g_assert_cmpint (g_get_monotonic_time () - begun, >, 1400 * 1000);
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED), ==, 0);
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_MODIFIED), ==, 0);
  end_call (&c);
}

/* A peer that does not know UPDATE, or says so when it gets one: re-INVITE with the description that holds. */
static void
test_we_refresh_by_invite (void)
{
  static const struct {
    const char *allow;
    guint       refusal;
  } cases[] = { { "", 0 }, { "Allow: INVITE, ACK, BYE, UPDATE\r\n", 405 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Call c = start ("100", "0");
      g_autofree char *headers = g_strconcat (cases[i].allow, "Session-Expires: 100;refresher=uac\r\n", NULL);
      g_autoptr (RigMessage) update = NULL, reinvite = NULL, ack = NULL;

      call_peer (&c, headers);
      if (cases[i].refusal)
        {
          update = rig_peer_wait (c.peer, "UPDATE");
          rig_peer_reply (c.peer, update, cases[i].refusal, "No", NULL, NULL);
        }
      reinvite = rig_peer_wait (c.peer, "INVITE");
      g_assert_cmpstr (rig_message_get_body (reinvite), ==, rig_message_get_body (c.invite));
      rig_peer_reply (c.peer, reinvite, 200, "OK", "Session-Expires: 100;refresher=uac\r\n", rig_sdp);
      ack = rig_peer_wait (c.peer, "ACK");
      g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_REMOTE_MODIFY), ==, 0);
      end_call (&c);
    }
}

/* They have the duty and do it: the call lives on past the first interval; then they stop, and it ends with BYE. */
static void
test_they_refresh (void)
{
  Call c = start ("90", "1");
  g_autoptr (RigMessage) bye = NULL;
  gint64 begun;

  call_peer (&c, "Session-Expires: 90;refresher=uas\r\nRequire: timer\r\n");
  expect_header (c.invite, "Session-Expires", "90;refresher=uas");
  for (guint i = 0; i < 3; i++)
    {
      const char *method = i == 1 ? "INVITE" : "UPDATE";
      g_autofree char *refresh = rig_peer_make_in_dialog (c.peer, c.invite, method, 10 + i,
                                                          "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n",
                                                          i == 1 ? rig_sdp : NULL);
      g_autoptr (RigMessage) ok = NULL;
      g_autofree char *ack = NULL;

      rig_run_for (400);
      c.phone->answers_modify = TRUE;
      rig_peer_send (c.peer, rig_phone_get_port (c.phone), refresh);
      ok = rig_peer_wait (c.peer, "SIP/2.0 200");
      expect_header (ok, "Session-Expires", "90;refresher=uac");
      expect_header (ok, "Require", "timer");
      if (i == 1)
        {
          ack = rig_peer_make_in_dialog (c.peer, c.invite, "ACK", 10 + i, NULL, NULL);
          rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);
        }
    }
  begun = g_get_monotonic_time ();
  bye = rig_peer_wait (c.peer, "BYE");
  g_assert_cmpint (g_get_monotonic_time () - begun, >, 500 * 1000);
  rig_peer_reply (c.peer, bye, 200, "OK", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 408);
  finish (&c);
}

/*
 *      phone                    peer
 *        |--INVITE S-E 100------>|
 *        |<-422 Min-SE: 300------|
 *        |--INVITE S-E 300------>|   Min-SE: 300
 *        |<---------200----------|
 */
static void
test_too_small_for_them (void)
{
  Call c = start ("100", "0");
  g_autoptr (RigMessage) first = NULL, ack = NULL, second = NULL, again = NULL, update = NULL;
  guint call = rig_phone_dial (c.phone, 1, "9");

  first = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, first, 422, "Session Interval Too Small", "Min-SE: 300\r\n", NULL);
  ack = rig_peer_wait (c.peer, "ACK");
  second = rig_peer_wait (c.peer, "INVITE");
  expect_header (second, "Session-Expires", "300;refresher=uac");
  expect_header (second, "Min-SE", "300");
  rig_peer_reply (c.peer, second, 200, "OK", "Allow: UPDATE\r\nSession-Expires: 300;refresher=uac\r\n", rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);

  /* And again when it is refreshed. */
  update = rig_peer_wait (c.peer, "UPDATE");
  rig_peer_reply (c.peer, update, 422, "Session Interval Too Small", "Min-SE: 400\r\n", NULL);
  again = rig_peer_wait (c.peer, "UPDATE");
  expect_header (again, "Session-Expires", "400;refresher=uac");
  rig_peer_reply (c.peer, again, 200, "OK", "Session-Expires: 400;refresher=uac\r\n", NULL);
  c.call = call;
  end_call (&c);
}

/* A 422 that asks for nothing, or for ever more: the call fails with it, it does not go round. */
static void
test_too_small_for_ever (void)
{
  Call c = start ("100", "0");
  guint invites = 0;

  rig_phone_dial (c.phone, 1, "9");
  while (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED) == 0)
    {
      g_autofree char *min = g_strdup_printf ("Min-SE: %u\r\n", 200 + 100 * invites);
      g_autoptr (RigMessage) invite = rig_peer_wait (c.peer, "INVITE");
      g_autoptr (RigMessage) ack = NULL;

      rig_peer_reply (c.peer, invite, 422, "Session Interval Too Small", min, NULL);
      ack = rig_peer_wait (c.peer, "ACK");
      g_assert_cmpuint (++invites, <, 10);
      rig_run_for (50);
    }
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 422);
  g_assert_cmpuint (invites, ==, 4);
  finish (&c);
}

/* Theirs is too short for us: 422 with Min-SE, no call; a longer one is taken, and the caller refreshes. */
static void
test_too_small_for_us (void)
{
  Call c = start ("1800", "0");
  g_autofree char *invite = rig_peer_make_invite (c.peer, rig_phone_get_port (c.phone), "short",
                                                  "Supported: timer\r\nSession-Expires: 30\r\n", rig_sdp);
  g_auto (GStrv) parts = g_strsplit (invite, "sip:deskset@", -1);
  g_autofree char *for_account = g_strjoinv ("sip:1001@", parts);
  g_autoptr (RigMessage) refused = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), for_account);
  refused = rig_peer_wait (c.peer, "SIP/2.0 422");
  expect_header (refused, "Min-SE", "90");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_INCOMING), ==, 0);

  be_called (&c, "Require: timer\r\nSupported: timer\r\nSession-Expires: 1000;refresher=uac\r\n");
  expect_header (c.ok, "Session-Expires", "1000;refresher=uac");
  expect_header (c.ok, "Require", "timer");
  end_call (&c);
}

/* A caller who knows nothing of timers: we refresh, and when that is refused for good the call ends before its time. */
static void
test_refresh_refused (void)
{
  Call c = start ("90", "0");
  g_autoptr (RigMessage) bye = NULL;
  guint refused = 0;

  be_called (&c, "Allow: INVITE, ACK, BYE, UPDATE\r\n");
  expect_header (c.ok, "Session-Expires", "90;refresher=uas");
  expect_header (c.ok, "Require", NULL);
  while (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED) == 0)
    {
      if (rig_peer_has (c.peer, "UPDATE"))
        {
          g_autoptr (RigMessage) update = rig_peer_wait (c.peer, "UPDATE");

          rig_peer_reply (c.peer, update, refused % 2 ? 503 : 500, "Not Now", NULL, NULL);
          refused++;
        }
      rig_run_for (10);
    }
  g_assert_cmpuint (refused, >, 1);
  bye = rig_peer_wait (c.peer, "BYE");
  rig_peer_reply (c.peer, bye, 200, "OK", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 408);
  finish (&c);
}

/* The refresh finds the call gone: it ends at once. */
static void
test_refresh_finds_nothing (void)
{
  Call c = start ("90", "0");
  g_autoptr (RigMessage) update = NULL;

  call_peer (&c, "Allow: UPDATE\r\nSession-Expires: 90;refresher=uac\r\n");
  update = rig_peer_wait (c.peer, "UPDATE");
  rig_peer_reply (c.peer, update, 481, "Call Does Not Exist", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, 481);
  finish (&c);
}

/* A hold refreshes too, and a hold that comes while a refresh is out waits for it. */
static void
test_hold_meets_refresh (void)
{
  Call c = start ("90", "0");
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);
  g_autoptr (PhoneMediaDesc) hold = rig_desc (20000, PHONE_DIRECTION_SENDONLY);
  g_autoptr (RigMessage) update = NULL, reinvite = NULL, ack = NULL;

  call_peer (&c, "Allow: UPDATE\r\nSession-Expires: 90;refresher=uac\r\n");
  update = rig_peer_wait (c.peer, "UPDATE");
  phone_signaling_modify (c.phone->signaling, c.call, hold);
  rig_run_for (50);
  g_assert_false (rig_peer_has (c.peer, "INVITE"));
  rig_peer_reply (c.peer, update, 200, "OK", "Session-Expires: 90;refresher=uac\r\n", NULL);
  reinvite = rig_peer_wait (c.peer, "INVITE");
  expect_header (reinvite, "Session-Expires", "90;refresher=uac");
  rig_peer_reply (c.peer, reinvite, 200, "OK", "Session-Expires: 90;refresher=uac\r\n", held);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  ack = rig_peer_wait (c.peer, "ACK");
  end_call (&c);
}

/* Switched off: no header of ours, theirs are not heeded, and who requires it is told. */
static void
test_off (void)
{
  Call c = { rig_phone_new ("127.0.0.1", &fast), rig_peer_new ("127.0.0.1"), NULL, NULL, 0 };
  g_autofree char *required = rig_peer_make_invite (c.peer, rig_phone_get_port (c.phone), "req", "Require: timer\r\n", rig_sdp);
  g_autoptr (RigMessage) refused = NULL;

  rig_phone_register (c.phone, c.peer);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), required);
  refused = rig_peer_wait (c.peer, "SIP/2.0 420");
  expect_header (refused, "Unsupported", "timer");
  call_peer (&c, "Allow: UPDATE\r\nSession-Expires: 90;refresher=uac\r\n");
  expect_header (c.invite, "Session-Expires", NULL);
  expect_header (c.invite, "Supported", "replaces, join");
  rig_run_for (1200);
  g_assert_false (rig_peer_has (c.peer, "UPDATE"));
  g_assert_false (rig_peer_has (c.peer, "INVITE"));
  g_assert_false (rig_peer_has (c.peer, "BYE"));
  end_call (&c);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/refresh/by-update", test_we_refresh_by_update);
  g_test_add_func ("/sip/refresh/by-invite", test_we_refresh_by_invite);
  g_test_add_func ("/sip/refresh/theirs", test_they_refresh);
  g_test_add_func ("/sip/refresh/too-small-for-them", test_too_small_for_them);
  g_test_add_func ("/sip/refresh/too-small-for-ever", test_too_small_for_ever);
  g_test_add_func ("/sip/refresh/too-small-for-us", test_too_small_for_us);
  g_test_add_func ("/sip/refresh/refused", test_refresh_refused);
  g_test_add_func ("/sip/refresh/finds-nothing", test_refresh_finds_nothing);
  g_test_add_func ("/sip/refresh/hold", test_hold_meets_refresh);
  g_test_add_func ("/sip/refresh/off", test_off);

  return g_test_run ();
}
