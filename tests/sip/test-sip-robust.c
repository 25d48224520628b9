/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * What must not hurt: garbage, strangers, floods, a shutdown at any moment.
 */

static void
expect_alive (RigPhone *phone,
              RigPeer  *peer)
{
  g_autofree char *options = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autofree char *accept = NULL;
  static guint n = 0;

  options = g_strdup_printf ("OPTIONS sip:x@127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKalive%u\r\n"
                             "From: <sip:p@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: alive%u\r\nCSeq: 1 OPTIONS\r\n"
                             "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
                             rig_phone_get_port (phone), peer->port, n, n);
  n++;
  rig_peer_send (peer, rig_phone_get_port (phone), options);
  ok = rig_peer_wait (peer, "SIP/2.0 200");
  accept = rig_message_dup_header (ok, "Accept");
  g_assert_cmpstr (accept, ==, "application/sdp");
}

static gboolean
has_no_handles (gpointer data)
{
  RigPhone *phone = data;

  return phone_sip_signaling_get_n_handles (PHONE_SIP_SIGNALING (phone->signaling)) == 0;
}

/* 415, 406, 400, 488, 420, 405, 501 as the RFC has them; the phone lives and no call was seen. */
static void
test_unacceptable (void)
{
  static const struct {
    const char *headers;
    const char *body;
    const char *status;
  } cases[] = {
    { "Content-Type: text/plain\r\n", "hello", "SIP/2.0 415" },
    { "Content-Type: multipart/mixed;boundary=x\r\n", "--x\r\n\r\n--x--", "SIP/2.0 415" },
    { "Content-Encoding: gzip\r\nContent-Type: application/sdp\r\n", "v=0\r\n", "SIP/2.0 415" },
    { "Accept: text/html\r\n", "v=0\r\n", "SIP/2.0 406" },
    { NULL, "garbage", "SIP/2.0 400" },
    { NULL, "v=0\r\nm=audio\r\n", "SIP/2.0 400" },
    { NULL, "v=0\r\n", "SIP/2.0 488" },
    { NULL, "v=0\r\nc=IN IP4 1.2.3.4\r\nm=video 1 RTP/AVP 31\r\n", "SIP/2.0 488" },
    { NULL, "v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 1 RTP/SAVP 0\r\n", "SIP/2.0 488" },
    { "Require: nothing-we-know\r\n", "v=0\r\n", "SIP/2.0 420" },
  };
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *call_id = g_strdup_printf ("bad%u", i);
      g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), call_id, cases[i].headers, cases[i].body);
      g_autoptr (RigMessage) response = NULL;

      rig_peer_send (peer, rig_phone_get_port (phone), invite);
      response = rig_peer_wait (peer, cases[i].status);
      expect_alive (phone, peer);
    }

  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_INCOMING), ==, 0);
  g_assert_cmpuint (phone_sip_signaling_get_n_sessions (PHONE_SIP_SIGNALING (phone->signaling)), ==, 0);
  rig_run_until (has_no_handles, phone, "all handles to be gone");
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* Methods outside a call: refused by name; nothing stays behind. */
static void
test_strange_methods (void)
{
  static const struct {
    const char *method;
    const char *status;
  } cases[] = {
    { "MESSAGE", "SIP/2.0 405" }, { "SUBSCRIBE", "SIP/2.0 405" }, { "NOTIFY", "SIP/2.0 481" }, { "REFER", "SIP/2.0 603" },
    { "REGISTER", "SIP/2.0 405" }, { "PUBLISH", "SIP/2.0 405" }, { "DANCE", "SIP/2.0 501" }, { "BYE", "SIP/2.0 481" },
    { "UPDATE", "SIP/2.0 481" }, { "INFO", "SIP/2.0 481" },
  };
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *request = NULL;
      g_autoptr (RigMessage) response = NULL;

      request = g_strdup_printf ("%s sip:x@127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKm%u\r\n"
                                 "From: <sip:p@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>%s\r\nCall-ID: m%u\r\nCSeq: 1 %s\r\n"
                                 "Event: x\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
                                 cases[i].method, rig_phone_get_port (phone), peer->port, i, i >= 7 ? ";tag=none" : "", i,
                                 cases[i].method);
      rig_peer_send (peer, rig_phone_get_port (phone), request);
      response = rig_peer_wait (peer, cases[i].status);
    }
  expect_alive (phone, peer);
  rig_run_until (has_no_handles, phone, "all handles to be gone");
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* A good INVITE cut off at every byte, and with single bytes changed: an answer or none, but no crash. */
static void
test_torn_messages (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *whole = rig_peer_make_invite (peer, rig_phone_get_port (phone), "torn",
                                                 "Require: 100rel\r\nAlert-Info: <x>;info=y\r\n", rig_sdp);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4242);
  gsize length = strlen (whole);

  for (gsize i = 1; i < length; i += 3)
    {
      g_autofree char *torn = g_strndup (whole, i);

      rig_peer_send (peer, rig_phone_get_port (phone), torn);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *changed = g_strdup (whole);

      changed[g_rand_int_range (rand, 0, (int) length)] = (char) g_rand_int_range (rand, 1, 256);
      rig_peer_send (peer, rig_phone_get_port (phone), changed);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  rig_run_for (100);
  expect_alive (phone, peer);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* A stranger's pings leave no handle (the library keeps one for each until it is destroyed). */
static void
test_no_handle_leak (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");

  for (guint i = 0; i < 300; i++)
    expect_alive (phone, peer);
  rig_run_until (has_no_handles, phone, "all handles to be gone");
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* 24 calls may ring; the next is busy, and room comes back when one ends. */
static void
test_admission (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *late = rig_peer_make_invite (peer, rig_phone_get_port (phone), "late", NULL, rig_sdp);
  g_autofree char *after = rig_peer_make_invite (peer, rig_phone_get_port (phone), "after", NULL, rig_sdp);
  g_autoptr (RigMessage) busy = NULL;
  guint call = 0;

  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *call_id = g_strdup_printf ("many%u", i);
      g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), call_id, NULL, rig_sdp);

      rig_peer_send (peer, rig_phone_get_port (phone), invite);
      call = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;
    }
  rig_peer_send (peer, rig_phone_get_port (phone), late);
  busy = rig_peer_wait (peer, "SIP/2.0 486");
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_INCOMING), ==, 24);

  phone_signaling_reject (phone->signaling, call, 603);
  rig_peer_send (peer, rig_phone_get_port (phone), after);
  rig_phone_wait (phone, PHONE_EVENT_INCOMING);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* The same INVITE twice is one call (the library answers the copy). */
static void
test_retransmission (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (phone), "twice", NULL, rig_sdp);

  for (guint i = 0; i < 3; i++)
    rig_peer_send (peer, rig_phone_get_port (phone), invite);
  rig_phone_wait (phone, PHONE_EVENT_INCOMING);
  rig_run_for (100);
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_INCOMING), ==, 1);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* Answers that are garbage: the call ends with a cause, the dialog with BYE. */
static void
test_garbage_answer (void)
{
  static const char *const bodies[] = { NULL, "garbage", "v=0\r\n", "v=0\r\nc=IN IP4 1.2.3.4\r\nm=video 1 RTP/AVP 31\r\n" };
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (RigMessage) invite = NULL;
      g_autoptr (RigMessage) ack = NULL;
      g_autoptr (RigMessage) bye = NULL;

      rig_phone_dial (phone, 0, target);
      invite = rig_peer_wait (peer, "INVITE");
      rig_peer_reply (peer, invite, 200, "OK", NULL, bodies[i]);
      ack = rig_peer_wait (peer, "ACK");
      bye = rig_peer_wait (peer, "BYE");
      g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 488);
      rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
      rig_phone_settle (phone);
    }
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* Shutdown in each state of a call, with a peer that says nothing more: under three seconds, every call told once. */
typedef enum {
  AT_CALLING,
  AT_RINGING_OUT,
  AT_RINGING_IN,
  AT_ANSWERED,
  AT_TALKING,
  AT_MODIFYING,
  AT_REMOTE_MODIFYING,
  AT_ENDING,
  N_MOMENTS
} Moment;

static void
reach (RigPhone *phone,
       RigPeer  *peer,
       Moment    moment)
{
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autofree char *incoming = rig_peer_make_invite (peer, rig_phone_get_port (phone), "stop", NULL, rig_sdp);
  g_autoptr (PhoneMediaDesc) desc = rig_desc (30000, PHONE_DIRECTION_SENDONLY);
  g_autoptr (RigMessage) message = NULL;
  g_autofree char *request = NULL;
  guint call;

  if (moment == AT_RINGING_IN || moment == AT_ANSWERED)
    {
      rig_peer_send (peer, rig_phone_get_port (phone), incoming);
      call = rig_phone_wait (phone, PHONE_EVENT_INCOMING)->call;
      phone_signaling_ring (phone->signaling, call);
      if (moment == AT_ANSWERED)
        phone_signaling_answer (phone->signaling, call, desc);
      rig_run_for (50);
      return;
    }

  call = rig_phone_dial (phone, 0, target);
  message = rig_peer_wait (peer, "INVITE");
  if (moment == AT_CALLING)
    return;
  rig_peer_reply (peer, message, 180, "Ringing", NULL, NULL);
  rig_phone_wait (phone, PHONE_EVENT_PROGRESS);
  if (moment == AT_RINGING_OUT)
    return;
  rig_peer_reply (peer, message, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);

  if (moment == AT_MODIFYING)
    phone_signaling_modify (phone->signaling, call, desc);
  else if (moment == AT_ENDING)
    phone_signaling_hangup (phone->signaling, call);
  else if (moment == AT_REMOTE_MODIFYING)
    {
      request = rig_peer_make_in_dialog (peer, message, "INVITE", 50, NULL, rig_sdp);
      rig_peer_send (peer, rig_phone_get_port (phone), request);
      rig_phone_wait (phone, PHONE_EVENT_REMOTE_MODIFY);
    }
}

static void
test_shutdown_at_any_moment (void)
{
  for (Moment moment = 0; moment < N_MOMENTS; moment++)
    {
      RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
      RigPeer *peer = rig_peer_new ("127.0.0.1");

      g_test_message ("moment %d", moment);
      reach (phone, peer, moment);
      rig_phone_stop (phone);
      g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_TERMINATED), ==, 1);
      rig_peer_free (peer);
      /* The library may have been left behind with its last request; the phone itself is gone. */
      phone_event_queue_set_handler (phone->queue, NULL, NULL, NULL);
      rig_run_for (20);
      g_assert_finalize_object (G_OBJECT (phone->signaling));
      g_object_unref (phone->settings);
      g_object_unref (phone->queue);
      g_ptr_array_unref (phone->events);
      g_free (phone);
    }
}

/* Commands at the wrong moment and for calls that are not there do nothing. */
static void
test_wrong_moments (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *peer = rig_peer_new ("127.0.0.1");
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", peer->port);
  g_autoptr (PhoneMediaDesc) desc = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autoptr (RigMessage) invite = NULL;
  guint call = rig_phone_dial (phone, 0, target);

  for (guint i = 0; i < 2; i++)
    {
      guint id = i == 0 ? 999 : call;

      phone_signaling_ring (phone->signaling, id);
      phone_signaling_answer (phone->signaling, id, desc);
      phone_signaling_reject (phone->signaling, id, 486);
      phone_signaling_accept_modify (phone->signaling, id, desc);
      phone_signaling_send_digit (phone->signaling, id, '1', 100);
    }
  phone_signaling_modify (phone->signaling, call, desc);
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_MODIFY_FAILED)->status, ==, 491);
  invite = rig_peer_wait (peer, "INVITE");
  rig_peer_reply (peer, invite, 486, "Busy Here", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 486);
  phone_signaling_hangup (phone->signaling, call);
  phone_signaling_modify (phone->signaling, call, desc);
  rig_phone_settle (phone);
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_TERMINATED), ==, 1);
  rig_phone_free (phone);
  rig_peer_free (peer);
}

/* 200 calls, one after the other: no handle, no session stays. */
static void
test_many_calls (void)
{
  RigPhone *a = rig_phone_new ("127.0.0.1", NULL);
  RigPhone *b = rig_phone_new ("127.0.0.1", NULL);
  g_autofree char *target = rig_phone_dup_target (b, "201");
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);

  for (guint i = 0; i < 200; i++)
    {
      guint out_call = rig_phone_dial (a, 0, target);
      guint in_call = rig_phone_wait (b, PHONE_EVENT_INCOMING)->call;

      if (i % 4 == 0)
        {
          phone_signaling_reject (b->signaling, in_call, 486);
          rig_phone_wait (a, PHONE_EVENT_TERMINATED);
          continue;
        }
      phone_signaling_answer (b->signaling, in_call, answer);
      rig_phone_wait (a, PHONE_EVENT_ESTABLISHED);
      phone_signaling_hangup (a->signaling, out_call);
      rig_phone_wait (b, PHONE_EVENT_TERMINATED);
    }
  rig_phone_settle (a);
  rig_phone_settle (b);
  rig_run_until (has_no_handles, a, "all handles to be gone");
  rig_run_until (has_no_handles, b, "all handles to be gone");
  rig_phone_free (a);
  rig_phone_free (b);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/robust/unacceptable", test_unacceptable);
  g_test_add_func ("/sip/robust/strange-methods", test_strange_methods);
  g_test_add_func ("/sip/robust/torn", test_torn_messages);
  g_test_add_func ("/sip/robust/no-handle-leak", test_no_handle_leak);
  g_test_add_func ("/sip/robust/admission", test_admission);
  g_test_add_func ("/sip/robust/retransmission", test_retransmission);
  g_test_add_func ("/sip/robust/garbage-answer", test_garbage_answer);
  g_test_add_func ("/sip/robust/shutdown", test_shutdown_at_any_moment);
  g_test_add_func ("/sip/robust/wrong-moments", test_wrong_moments);
  g_test_add_func ("/sip/robust/many-calls", test_many_calls);

  return g_test_run ();
}
