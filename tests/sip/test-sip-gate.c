/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Strangers at the gate: who rings, who gets an answer, where answers go. The account's server is on 127.0.0.1, strangers
 * speak from other addresses of the loopback.
 */

typedef struct {
  RigPhone *phone;
  RigPeer  *server;
  RigPeer  *stranger;
} Scene;

static void
set (Scene          *scene,
     PhoneSettingId  id,
     const char     *value)
{
  g_assert_true (phone_settings_set (scene->phone->settings, PHONE_LAYER_LOCAL, id, 0, 0, value, NULL));
}

static void
scene_open (Scene *self)
{
  g_autoptr (RigMessage) request = NULL;
  g_autofree char *contact = NULL;
  g_autofree char *headers = NULL;
  PhoneAccountConfig config = {
    .account = 1, .enabled = TRUE, .label = "One", .display_name = "", .user_name = "deskset", .auth_name = "", .password = "",
    .servers = { { .address = "127.0.0.1", .transport = PHONE_TRANSPORT_UDP, .expires_s = 300, .retries = 3 } },
    .retry_s = 1, .retry_max_s = 1, .unregister_at_exit = TRUE,
  };

  self->phone = rig_phone_new ("127.0.0.1", NULL);
  self->server = rig_peer_new ("127.0.0.1");
  self->stranger = rig_peer_new ("127.0.66.6");
  self->stranger->phone_address = "127.0.0.1";
  config.servers[0].port = self->server->port;
  phone_signaling_set_account (self->phone->signaling, &config);
  request = rig_peer_wait (self->server, "REGISTER");
  contact = rig_message_dup_header (request, "Contact");
  headers = g_strdup_printf ("Contact: %s;expires=300\r\n", contact);
  rig_peer_reply (self->server, request, 200, "OK", headers, NULL);
  while (rig_phone_wait (self->phone, PHONE_EVENT_ACCOUNT)->value != PHONE_ACCOUNT_REGISTERED)
    ;
}

static void
scene_close (Scene *self)
{
  g_autoptr (RigMessage) goodbye = NULL;

  phone_signaling_shutdown (self->phone->signaling);
  goodbye = rig_peer_wait (self->server, "REGISTER");
  rig_peer_reply (self->server, goodbye, 200, "OK", NULL, NULL);
  rig_phone_wait (self->phone, PHONE_EVENT_SIGNALING_STOPPED);
  rig_phone_free (self->phone);
  rig_peer_free (self->server);
  rig_peer_free (self->stranger);
}

static char *
make_request (RigPeer    *peer,
              const char *method,
              const char *start,
              const char *via_host,
              const char *via_parameters)
{
  static guint n = 0;

  n++;
  return g_strdup_printf ("%s %s\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bKgate%u%s\r\nFrom: <sip:p@127.0.0.1>;tag=%u\r\n"
                          "To: <sip:deskset@127.0.0.1>\r\nCall-ID: gate%u\r\nCSeq: 1 %s\r\nMax-Forwards: 70\r\n"
                          "Content-Length: 0\r\n\r\n",
                          method, start, via_host, peer->port, n, via_parameters, n, n, method);
}

static void
send_request (Scene      *scene,
              RigPeer    *peer,
              const char *method,
              const char *start,
              const char *via_host,
              const char *via_parameters)
{
  g_autofree char *request = make_request (peer, method, start, via_host, via_parameters);

  rig_peer_send (peer, rig_phone_get_port (scene->phone), request);
}

static void
send_options (Scene   *scene,
              RigPeer *peer)
{
  send_request (scene, peer, "OPTIONS", "sip:deskset@127.0.0.1 SIP/2.0", peer->address, "");
}

static void
send_invite (Scene      *scene,
             RigPeer    *peer,
             const char *call_id)
{
  g_autofree char *invite = rig_peer_make_invite (peer, rig_phone_get_port (scene->phone), call_id, NULL, rig_sdp);

  rig_peer_send (peer, rig_phone_get_port (scene->phone), invite);
}

static void
expect (RigPeer    *peer,
        const char *start)
{
  g_autoptr (RigMessage) message = rig_peer_wait (peer, start);

  g_assert_nonnull (message);
}

static guint
count_answers (RigPeer *peer)
{
  guint n = 0;

  while (rig_peer_has (peer, "SIP/2.0"))
    {
      g_autoptr (RigMessage) message = rig_peer_wait (peer, "SIP/2.0");

      n++;
    }

  return n;
}

/* sip.trust_ctrl: strangers hear nothing, whatever they send; the server is served. */
static void
test_servers_only (void)
{
  static const char *const methods[] = { "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "BYE", "REFER", "DANCE" };
  Scene scene;
  guint call;

  scene_open (&scene);
  set (&scene, PHONE_SETTING_TRUST_CTRL, "1");
  send_invite (&scene, scene.stranger, "stranger");
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    send_request (&scene, scene.stranger, methods[i], "sip:deskset@127.0.0.1 SIP/2.0", "127.0.0.1", "");
  /* Claiming to have been received from the server does not help. */
  send_request (&scene, scene.stranger, "OPTIONS", "sip:deskset@127.0.0.1 SIP/2.0", "127.0.66.6", ";received=127.0.0.1");
  send_options (&scene, scene.server);
  expect (scene.server, "SIP/2.0 200");
  rig_run_for (150);
  g_assert_cmpuint (count_answers (scene.stranger), ==, 0);
  g_assert_cmpuint (count_answers (scene.server), ==, 0);
  g_assert_cmpuint (rig_phone_count (scene.phone, PHONE_EVENT_INCOMING), ==, 0);

  /* It was the rule that kept it silent. */
  set (&scene, PHONE_SETTING_TRUST_CTRL, "0");
  send_options (&scene, scene.stranger);
  expect (scene.stranger, "SIP/2.0 200");
  set (&scene, PHONE_SETTING_TRUST_CTRL, "1");

  send_invite (&scene, scene.server, "server");
  call = rig_phone_wait (scene.phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_reject (scene.phone->signaling, call, 486);
  expect (scene.server, "SIP/2.0 486");
  scene_close (&scene);
}

/* Without direct-IP calls: one answer, never a ring. */
static void
test_no_direct_calls (void)
{
  Scene scene;

  scene_open (&scene);
  set (&scene, PHONE_SETTING_DIRECT_IP, "0");
  send_invite (&scene, scene.stranger, "stranger");
  expect (scene.stranger, "SIP/2.0 403");
  send_options (&scene, scene.stranger);
  expect (scene.stranger, "SIP/2.0 403");
  send_request (&scene, scene.stranger, "REGISTER", "sip:127.0.0.1 SIP/2.0", "127.0.66.6", "");
  expect (scene.stranger, "SIP/2.0 405");
  send_options (&scene, scene.server);
  expect (scene.server, "SIP/2.0 200");
  g_assert_cmpuint (rig_phone_count (scene.phone, PHONE_EVENT_INCOMING), ==, 0);
  send_invite (&scene, scene.server, "server");
  rig_phone_wait (scene.phone, PHONE_EVENT_INCOMING);
  scene_close (&scene);
}

/* What is over the limit is silent; the server, a call that is there and its BYE are not touched. */
static void
test_flood (void)
{
  Scene scene;
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (PhoneMediaDesc) desc = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *ack = NULL;
  g_autofree char *bye = NULL;
  guint answers;
  guint call;

  scene_open (&scene);
  set (&scene, PHONE_SETTING_ABUSE_SOURCE_RATE, "10");
  send_invite (&scene, scene.stranger, "friend");
  call = rig_phone_wait (scene.phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (scene.phone->signaling, call, desc);
  ok = rig_peer_wait (scene.stranger, "SIP/2.0 200");

  for (guint i = 0; i < 400; i++)
    {
      send_options (&scene, scene.stranger);
      rig_run_for (1);
    }
  rig_run_for (100);
  answers = count_answers (scene.stranger);
  g_test_message ("%u of 400 requests were answered", answers);
  /* 10 a second with ten seconds' worth at once; the run takes a second or, on a slow machine, some more. */
  g_assert_cmpuint (answers, >=, 90);
  g_assert_cmpuint (answers, <=, 200);

  send_options (&scene, scene.server);
  expect (scene.server, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (scene.stranger, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (scene.stranger, rig_phone_get_port (scene.phone), ack);
  rig_phone_wait (scene.phone, PHONE_EVENT_ESTABLISHED);
  bye = rig_peer_make_in_dialog (scene.stranger, ok, "BYE", 2, NULL, NULL);
  rig_peer_send (scene.stranger, rig_phone_get_port (scene.phone), bye);
  rig_phone_wait (scene.phone, PHONE_EVENT_TERMINATED);
  scene_close (&scene);
}

/* Few calls of strangers ring at once; the server's calls ring beside them. CANCEL passes although the bucket is empty. */
static void
test_ringing (void)
{
  Scene scene;
  g_autofree char *first = NULL;
  g_autofree char *cancel = NULL;
  char *cseq;

  scene_open (&scene);
  set (&scene, PHONE_SETTING_ABUSE_RINGING, "2");
  set (&scene, PHONE_SETTING_ABUSE_SOURCE_RATE, "2");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *call_id = g_strdup_printf ("ringing%u", i);

      send_invite (&scene, scene.stranger, call_id);
      rig_phone_wait (scene.phone, PHONE_EVENT_INCOMING);
    }
  send_invite (&scene, scene.stranger, "third");
  expect (scene.stranger, "SIP/2.0 486");
  send_invite (&scene, scene.server, "server");
  rig_phone_wait (scene.phone, PHONE_EVENT_INCOMING);

  for (guint i = 0; i < 100; i++)
    send_options (&scene, scene.stranger);
  first = rig_peer_make_invite (scene.stranger, rig_phone_get_port (scene.phone), "ringing0", NULL, NULL);
  cancel = g_strconcat ("CANCEL", first + strlen ("INVITE"), NULL);
  cseq = strstr (cancel, "CSeq: 1 INVITE");
  memcpy (cseq, "CSeq: 1 CANCEL", strlen ("CSeq: 1 CANCEL"));
  rig_peer_send (scene.stranger, rig_phone_get_port (scene.phone), cancel);
  rig_phone_wait (scene.phone, PHONE_EVENT_TERMINATED);
  scene_close (&scene);
}

/* Answers go where the request came from: no look-up of names (nobody answers for .invalid), nothing to third parties. */
static void
test_answer_address (void)
{
  static const struct {
    const char *start;
    const char *host;
    const char *parameters;
    const char *answer;
  } cases[] = {
    { "sip:deskset@127.0.0.1 SIP/2.0", "phone.invalid", "", "SIP/2.0 200" },
    { "sip:deskset@127.0.0.1 SIP/2.0", "127.0.66.6", ";maddr=phone.invalid", "SIP/2.0 200" },
    { "sip:deskset@127.0.0.1 SIP/2.0", "127.0.66.6", ";maddr=127.0.0.1", "SIP/2.0 200" },
    { "sip:deskset@127.0.0.1 SIP/2.0", "127.0.66.6", ";received=127.0.0.1", "SIP/2.0 200" },
    { "sip:deskset@127.0.0.1 SIP/2.0", "127.0.0.1", "", "SIP/2.0 200" },
    { "sip:deskset@127.0.0.1 SIP/7.0", "phone.invalid", "", "SIP/2.0 505" },
    { "sip:deskset@127.0.0.1 SIP/7.0", "127.0.0.1", "", "SIP/2.0 505" },
  };
  Scene scene;

  scene_open (&scene);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 start_us = g_get_monotonic_time ();

      send_request (&scene, scene.stranger, "OPTIONS", cases[i].start, cases[i].host, cases[i].parameters);
      expect (scene.stranger, cases[i].answer);
      g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_USEC_PER_SEC);
    }
  g_assert_cmpuint (count_answers (scene.server), ==, 0);
  scene_close (&scene);
}

/* By UDP answers go to the port that was named, or to the one the request came from when that is asked for (RFC 3581). */
static void
test_answer_port (void)
{
  Scene scene;
  RigPeer *named;
  g_autoptr (RigMessage) answer = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *asking = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *via = NULL;

  scene_open (&scene);
  named = rig_peer_new (scene.stranger->address);
  plain = make_request (named, "OPTIONS", "sip:deskset@127.0.0.1 SIP/2.0", named->address, "");
  rig_peer_send (scene.stranger, rig_phone_get_port (scene.phone), plain);
  expect (named, "SIP/2.0 200");
  g_assert_cmpuint (count_answers (scene.stranger), ==, 0);

  asking = make_request (named, "OPTIONS", "sip:deskset@127.0.0.1 SIP/2.0", named->address, ";rport");
  rig_peer_send (scene.stranger, rig_phone_get_port (scene.phone), asking);
  answer = rig_peer_wait (scene.stranger, "SIP/2.0 200");
  via = rig_message_dup_header (answer, "Via");
  seen = g_strdup_printf (";rport=%u", scene.stranger->port);
  g_assert_nonnull (strstr (via, seen));
  g_assert_cmpuint (count_answers (named), ==, 0);
  rig_peer_free (named);
  scene_close (&scene);
}

/* A call by TCP that rings. */
static guint
ring_by_tcp (Scene      *scene,
             const char *parameters,
             char      **invite)
{
  guint port = rig_phone_get_port (scene->phone);
  g_autofree char *by_udp = rig_peer_make_invite (scene->stranger, port, "stream", NULL, rig_sdp);
  g_autofree char *by_tcp = rig_dup_for_tcp (by_udp);
  g_auto (GStrv) halves = g_strsplit (by_tcp, ";branch=", 2);
  guint call;

  *invite = g_strconcat (halves[0], parameters, ";branch=", halves[1], NULL);
  rig_peer_connect (scene->stranger, port);
  rig_peer_send_stream (scene->stranger, *invite);
  call = rig_phone_wait (scene->phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_ring (scene->phone->signaling, call);
  expect (scene->stranger, "SIP/2.0 180");

  return call;
}

static void
send_in_dialog (Scene      *scene,
                RigMessage *ok,
                const char *method,
                guint       cseq)
{
  g_autofree char *by_udp = rig_peer_make_in_dialog (scene->stranger, ok, method, cseq, NULL, NULL);
  g_autofree char *by_tcp = rig_dup_for_tcp (by_udp);

  rig_peer_send_stream (scene->stranger, by_tcp);
}

/*
 * By TCP answers go over the connection that the request came by; when that is closed, a new one is opened to the port that
 * the caller named (RFC 3261 §18.2.2), also for who asked for "rport", which changes the way by UDP alone (RFC 3581 §4).
 */
static void
answer_by_tcp (const char *parameters,
               gboolean    closes)
{
  g_autoptr (PhoneMediaDesc) desc = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *invite = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (RigMessage) again = NULL;
  Scene scene;
  guint call;

  scene_open (&scene);
  scene.stranger->keep_repeats = TRUE;
  call = ring_by_tcp (&scene, parameters, &invite);
  if (closes)
    rig_peer_disconnect (scene.stranger);
  phone_signaling_answer (scene.phone->signaling, call, desc);
  ok = rig_peer_wait (scene.stranger, "SIP/2.0 200");
  again = rig_peer_wait (scene.stranger, "SIP/2.0 200");
  g_assert_true (ok->by_tcp && again->by_tcp);
  send_in_dialog (&scene, ok, "ACK", 1);
  rig_phone_wait (scene.phone, PHONE_EVENT_ESTABLISHED);
  send_in_dialog (&scene, ok, "BYE", 2);
  rig_phone_wait (scene.phone, PHONE_EVENT_TERMINATED);
  g_assert_cmpuint (scene.stranger->n_accepted, ==, closes);
  scene_close (&scene);
}

static void
test_answer_connection (void)
{
  answer_by_tcp ("", FALSE);
  answer_by_tcp (";rport", FALSE);
  answer_by_tcp ("", TRUE);
  answer_by_tcp (";rport", TRUE);
}

/* So do refusals. A CANCEL over a further connection is answered there, the INVITE itself is not. */
static void
refuse_by_tcp (gboolean cancels)
{
  g_autofree char *invite = NULL;
  g_autofree char *cancel = NULL;
  g_autofree char *ack = NULL;
  Scene scene;
  guint call;

  scene_open (&scene);
  call = ring_by_tcp (&scene, "", &invite);
  cancel = rig_dup_cancel (invite);
  ack = rig_dup_refusal_ack (invite);
  rig_peer_disconnect (scene.stranger);
  if (cancels)
    {
      rig_peer_connect (scene.stranger, rig_phone_get_port (scene.phone));
      rig_peer_send_stream (scene.stranger, cancel);
      expect (scene.stranger, "SIP/2.0 200");
    }
  else
    {
      phone_signaling_reject (scene.phone->signaling, call, 486);
    }
  expect (scene.stranger, cancels ? "SIP/2.0 487" : "SIP/2.0 486");
  g_assert_cmpuint (scene.stranger->n_accepted, ==, 1);
  rig_peer_send_stream (scene.stranger, ack);
  rig_phone_wait (scene.phone, PHONE_EVENT_TERMINATED);
  scene_close (&scene);
}

static void
test_refusal_connection (void)
{
  refuse_by_tcp (FALSE);
  refuse_by_tcp (TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/gate/servers-only", test_servers_only);
  g_test_add_func ("/sip/gate/no-direct-calls", test_no_direct_calls);
  g_test_add_func ("/sip/gate/flood", test_flood);
  g_test_add_func ("/sip/gate/ringing", test_ringing);
  g_test_add_func ("/sip/gate/answer-address", test_answer_address);
  g_test_add_func ("/sip/gate/answer-port", test_answer_port);
  g_test_add_func ("/sip/gate/answer-connection", test_answer_connection);
  g_test_add_func ("/sip/gate/refusal-connection", test_refusal_connection);

  return g_test_run ();
}
