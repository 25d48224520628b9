/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Inside a call: what a re-INVITE may change, what its refusal means, glare, and requests of other kinds.
 */

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *invite;    /* ours, when the phone called */
  RigMessage *ok;        /* its 200, when the peer called */
  RigMessage *other;     /* the first message, for requests of the peer */
  guint       call;
  guint       cseq;
} Call;

static Call
call_peer (const PhoneSipTimers *timers)
{
  Call c = { rig_phone_new ("127.0.0.1", timers), rig_peer_new ("127.0.0.1"), NULL, NULL, NULL, 0, 1 };
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", c.peer->port);
  g_autoptr (RigMessage) ack = NULL;

  c.call = rig_phone_dial (c.phone, 0, target);
  c.other = c.invite = rig_peer_wait (c.peer, "INVITE");
  rig_peer_reply (c.peer, c.invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (c.peer, "ACK");

  return c;
}

static Call
be_called (const char *offer)
{
  Call c = { rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1"), NULL, NULL, NULL, 0, 1 };
  g_autofree char *invite = rig_peer_make_invite (c.peer, rig_phone_get_port (c.phone), "dialog", NULL, offer);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *ack = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), invite);
  c.call = rig_phone_wait (c.phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (c.phone->signaling, c.call, answer);
  c.other = c.ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (c.peer, c.ok, "ACK", 1, NULL, NULL);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);
  rig_phone_wait (c.phone, PHONE_EVENT_ESTABLISHED);

  return c;
}

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
  rig_message_free (c->other);
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

static void
request (Call       *c,
         const char *method,
         const char *headers,
         const char *body)
{
  g_autofree char *text = rig_peer_make_in_dialog (c->peer, c->other, method, ++c->cseq, headers, body);

  rig_peer_send (c->peer, rig_phone_get_port (c->phone), text);
}

static void
hold (Call *c)
{
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDONLY);

  phone_signaling_modify (c->phone->signaling, c->call, offer);
}

static guint64
get_version (RigMessage *message)
{
  const char *origin = strstr (rig_message_get_body (message), "o=- ");

  g_assert_nonnull (origin);
  return g_ascii_strtoull (strchr (origin + 4, ' '), NULL, 10);
}

/* Their re-INVITE with @body; our 200 acknowledged. */
static RigMessage *
change (Call       *c,
        const char *body)
{
  g_autofree char *ack = NULL;
  RigMessage *ok;

  c->phone->answers_modify = TRUE;
  request (c, "INVITE", NULL, body);
  ok = rig_peer_wait (c->peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (c->peer, c->other, "ACK", c->cseq, NULL, NULL);
  rig_peer_send (c->peer, rig_phone_get_port (c->phone), ack);

  return ok;
}

/* Address, port, codec and direction move; our version goes up only when we say something else (RFC 3264 §8). */
static void
test_what_they_change (void)
{
  static const struct {
    const char *body;
    const char *address;
    guint       port;
    const char *codec;
    gboolean    held;
    gboolean    newer;
  } cases[] = {
    { "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n", "127.0.0.9", 40000, "PCMU", FALSE, FALSE },
    { "v=0\r\no=- 7 3 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 41000 RTP/AVP 0 8 101\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n", "127.0.0.9", 41000, "PCMU", FALSE, FALSE },
    { "v=0\r\no=- 7 4 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 41000 RTP/AVP 0 8 101\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendonly\r\n", "127.0.0.9", 41000, "PCMU", TRUE, TRUE },
    { "v=0\r\no=- 7 5 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 41000 RTP/AVP 8\r\n", "127.0.0.1", 41000, "PCMA",
      FALSE, TRUE },
    { "v=0\r\no=- 7 6 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio 41000 RTP/AVP 8\r\n", "::1", 41000, "PCMA",
      FALSE, FALSE },
  };
  Call c = be_called (rig_sdp);
  guint64 version = get_version (c.ok);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RigMessage) ok = change (&c, cases[i].body);
      const PhoneEvent *event = rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY);

      g_assert_cmpstr (phone_media_desc_get_address (event->desc), ==, cases[i].address);
      g_assert_cmpuint (phone_media_desc_get_port (event->desc), ==, cases[i].port);
      g_assert_cmpstr (phone_media_desc_get_codec (event->desc, 0)->encoding, ==, cases[i].codec);
      g_assert_cmpint (phone_media_desc_is_hold (event->desc), ==, cases[i].held);
      if (i == 0 || i == 3)
        version = get_version (ok); /* what the rig answers with has its own codecs */
      g_assert_cmpuint (get_version (ok), >=, version);
      g_assert_cmpuint (get_version (ok), <=, version + 1);
      version = get_version (ok);
      rig_run_for (20);
    }
  end_call (&c);
}

/* The same re-INVITE again and again: the same answer, the same version. */
static void
test_version_stays (void)
{
  Call c = be_called (rig_sdp);
  g_autoptr (RigMessage) first = change (&c, rig_sdp);

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (RigMessage) again = NULL;

      rig_run_for (20);
      again = change (&c, rig_sdp);
      g_assert_cmpstr (rig_message_get_body (again), ==, rig_message_get_body (first));
    }
  end_call (&c);
}

/* Lines that come and go: each is answered in its place, with port 0 when it is not for us; a video call is an audio call. */
static void
test_more_lines (void)
{
  static const char two[] = "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                            "m=audio 40000 RTP/AVP 0\r\nm=video 40010 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                            "m=application 9 UDP/BFCP *\r\nm=message 7654 TCP/MSRP *\r\nm=image 4030 udptl t38\r\n";
  static const char moved[] = "v=0\r\no=- 7 3 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                              "m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\nm=application 0 UDP/BFCP *\r\n"
                              "m=message 0 TCP/MSRP *\r\nm=image 0 udptl t38\r\nm=audio 42000 RTP/AVP 0\r\n";
  Call c = be_called (rig_sdp);
  g_autoptr (RigMessage) ok = change (&c, two);
  g_autoptr (RigMessage) second = NULL;

  g_assert_nonnull (strstr (rig_message_get_body (ok), "m=audio 30000 "));
  g_assert_true (g_str_has_suffix (rig_message_get_body (ok), "m=video 0 RTP/AVP 96\r\nm=application 0 UDP/BFCP *\r\n"
                                   "m=message 0 TCP/MSRP *\r\nm=image 0 udptl t38\r\n"));
  rig_run_for (20);
  second = change (&c, moved);
  g_assert_nonnull (strstr (rig_message_get_body (second), "m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n"));
  g_assert_nonnull (strstr (rig_message_get_body (second), "m=image 0 udptl t38\r\nm=audio 30000 "));
  end_call (&c);
}

/* What cannot be agreed to is refused, and everything is as it was: the next hold offers what held before. */
static void
test_refused_change (void)
{
  static const struct {
    const char *headers;
    const char *body;
    const char *status;
  } cases[] = {
    { NULL, "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/SAVP 0\r\n", "SIP/2.0 488" },
    { NULL, "v=0\r\nc=IN IP4 127.0.0.1\r\nm=video 4000 RTP/AVP 31\r\n", "SIP/2.0 488" },
    { NULL, "rubbish", "SIP/2.0 400" },
    { "Content-Type: text/plain\r\n", "hello", "SIP/2.0 415" },
    { "Content-Type: multipart/mixed;boundary=b\r\n", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", "SIP/2.0 415" },
    { "Require: unheard-of\r\n", "v=0\r\n", "SIP/2.0 420" },
  };
  Call c = be_called (rig_sdp);
  g_autoptr (RigMessage) reinvite = NULL, ack = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rig_peer_make_in_dialog (c.peer, c.ok, "INVITE", ++c.cseq, cases[i].headers, cases[i].body);
      g_autofree char *refusal_ack = rig_dup_refusal_ack (text);
      g_autoptr (RigMessage) refused = NULL;

      rig_peer_send (c.peer, rig_phone_get_port (c.phone), text);
      refused = rig_peer_wait (c.peer, cases[i].status);
      rig_peer_send (c.peer, rig_phone_get_port (c.phone), refusal_ack);
      rig_run_for (20);
    }
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_REMOTE_MODIFY), ==, 0);
  hold (&c);
  reinvite = rig_peer_wait (c.peer, "INVITE");
  g_assert_nonnull (strstr (rig_message_get_body (reinvite), "m=audio 20000 RTP/AVP 0 8 101"));
  rig_peer_reply (c.peer, reinvite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  ack = rig_peer_wait (c.peer, "ACK");
  end_call (&c);
}

/* A multipart body with a description is as good as the description. */
static void
test_multipart_change (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *body = g_strconcat ("--b\r\nContent-Type: application/sdp\r\n\r\n", rig_sdp, "a=sendonly\r\n\r\n--b--\r\n", NULL);
  g_autoptr (RigMessage) ok = NULL;
  g_autofree char *ack = NULL;

  c.phone->answers_modify = TRUE;
  request (&c, "INVITE", "Content-Type: multipart/mixed;boundary=b\r\n", body);
  g_assert_true (phone_media_desc_is_hold (rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY)->desc));
  ok = rig_peer_wait (c.peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (c.peer, c.other, "ACK", c.cseq, NULL, NULL);
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ack);
  end_call (&c);
}

/* Our hold is refused: with these the call goes on as before (RFC 3261 §14.1, RFC 5057). */
static void
test_refusals_that_mean_nothing (void)
{
  static const guint codes[] = { 400, 403, 406, 415, 420, 486, 488, 493, 500, 503, 504, 580, 600, 603, 606 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      Call c = call_peer (NULL);
      g_autoptr (RigMessage) first = NULL, second = NULL, ack = NULL, ack2 = NULL;

      g_test_message ("hold refused with %u", codes[i]);
      hold (&c);
      first = rig_peer_wait (c.peer, "INVITE");
      rig_peer_reply (c.peer, first, codes[i], "No", NULL, NULL);
      ack = rig_peer_wait (c.peer, "ACK");
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_MODIFY_FAILED)->status, ==, codes[i]);
      rig_run_for (30);
      g_assert_false (rig_peer_has (c.peer, "BYE"));
      hold (&c);
      second = rig_peer_wait (c.peer, "INVITE");
      rig_peer_reply (c.peer, second, 200, "OK", NULL, rig_sdp);
      rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
      ack2 = rig_peer_wait (c.peer, "ACK");
      end_call (&c);
    }
}

/* With these it is over; told once, with the code. */
static void
test_refusals_that_end (void)
{
  static const guint codes[] = { 404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 501, 604 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      Call c = call_peer (&rig_short_timers);
      g_autoptr (RigMessage) reinvite = NULL;

      g_test_message ("hold refused with %u", codes[i]);
      hold (&c);
      reinvite = rig_peer_wait (c.peer, "INVITE");
      rig_peer_reply (c.peer, reinvite, codes[i], "Gone", NULL, NULL);
      g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_TERMINATED)->status, ==, codes[i]);
      finish (&c);
    }
}

/* 500 with Retry-After is glare seen from the other side: our change comes again by itself. */
static void
test_retry_after (void)
{
  Call c = call_peer (NULL);
  g_autoptr (RigMessage) first = NULL, second = NULL, ack = NULL, ack2 = NULL;
  gint64 begun;

  hold (&c);
  first = rig_peer_wait (c.peer, "INVITE");
  begun = g_get_monotonic_time ();
  rig_peer_reply (c.peer, first, 500, "Overlapping Requests", "Retry-After: 1\r\n", NULL);
  ack = rig_peer_wait (c.peer, "ACK");
  second = rig_peer_wait (c.peer, "INVITE");
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 1000 * 1000);
  rig_peer_reply (c.peer, second, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  ack2 = rig_peer_wait (c.peer, "ACK");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_MODIFY_FAILED), ==, 0);
  end_call (&c);
}

/* 491 for ever: given up after six tries, told, and the call goes on. Who was called waits less than two seconds each time. */
static void
test_endless_glare (void)
{
  Call c = be_called (rig_sdp);
  guint invites = 0;

  hold (&c);
  while (rig_phone_count (c.phone, PHONE_EVENT_MODIFY_FAILED) == 0)
    {
      g_autoptr (RigMessage) reinvite = rig_peer_wait (c.peer, "INVITE");
      g_autoptr (RigMessage) ack = NULL;

      rig_peer_reply (c.peer, reinvite, 491, "Request Pending", NULL, NULL);
      ack = rig_peer_wait (c.peer, "ACK");
      g_assert_cmpuint (++invites, <, 20);
      rig_run_for (20);
    }
  g_assert_cmpuint (invites, ==, 7);
  g_assert_cmpuint (rig_phone_wait (c.phone, PHONE_EVENT_MODIFY_FAILED)->status, ==, 491);
  end_call (&c);
}

/* Theirs while ours is out: 491 (RFC 3261 §14.2). Theirs while theirs is unanswered: 500 with Retry-After. */
static void
test_overlap (void)
{
  Call c = be_called (rig_sdp);
  g_autoptr (RigMessage) ours = NULL, glare = NULL, overlap = NULL, ack = NULL;
  g_autofree char *retry = NULL;

  hold (&c);
  ours = rig_peer_wait (c.peer, "INVITE");
  request (&c, "INVITE", NULL, rig_sdp);
  glare = rig_peer_wait (c.peer, "SIP/2.0 491");
  request (&c, "UPDATE", NULL, rig_sdp);
  g_clear_pointer (&glare, rig_message_free);
  glare = rig_peer_wait (c.peer, "SIP/2.0 491");
  rig_peer_reply (c.peer, ours, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_MODIFIED);
  ack = rig_peer_wait (c.peer, "ACK");

  request (&c, "INVITE", NULL, rig_sdp);
  rig_phone_wait (c.phone, PHONE_EVENT_REMOTE_MODIFY);
  request (&c, "INVITE", NULL, rig_sdp);
  overlap = rig_peer_wait (c.peer, "SIP/2.0 500");
  retry = rig_message_dup_header (overlap, "Retry-After");
  g_assert_nonnull (retry);
  end_call (&c); /* with their re-INVITE unanswered */
}

/* Requests of other kinds are answered by name, and the call goes on. */
static void
test_other_requests (void)
{
  static const struct {
    const char *method;
    const char *headers;
    const char *status;
  } cases[] = {
    { "OPTIONS", NULL, "SIP/2.0 200" },
    { "INFO", NULL, "SIP/2.0 200" },
    { "INFO", "Content-Type: application/media_control+xml\r\n", "SIP/2.0 415" },
    { "MESSAGE", "Content-Type: text/plain\r\n", "SIP/2.0 405" },
    { "NOTIFY", "Event: refer;id=1\r\nSubscription-State: active\r\n", "SIP/2.0 481" },
    { "NOTIFY", "Event: talk\r\n", "SIP/2.0 481" },
    { "SUBSCRIBE", "Event: dialog\r\n", "SIP/2.0 405" },
    { "REFER", "Refer-To: <mailto:elsewhere@127.0.0.1>\r\n", "SIP/2.0 400" },
    { "REFER", NULL, "SIP/2.0 400" },
    { "PUBLISH", "Event: presence\r\n", "SIP/2.0 405" },
    { "REGISTER", NULL, "SIP/2.0 405" },
    { "PRACK", "RAck: 1 1 INVITE\r\n", "SIP/2.0 481" },
    { "DANCE", NULL, "SIP/2.0 501" },
    { "INFO", "Require: unheard-of\r\n", "SIP/2.0 420" },
  };
  Call c = be_called (rig_sdp);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RigMessage) answer = NULL;
      g_autofree char *allow = NULL;
      gboolean has_body = cases[i].headers && strstr (cases[i].headers, "Content-Type");

      g_test_message ("%s", cases[i].method);
      request (&c, cases[i].method, cases[i].headers, has_body ? "hello" : NULL);
      answer = rig_peer_wait (c.peer, cases[i].status);
      if (g_str_has_prefix (cases[i].status, "SIP/2.0 405"))
        {
          allow = rig_message_dup_header (answer, "Allow");
          g_assert_nonnull (allow);
        }
    }
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED), ==, 0);
  end_call (&c);
}

/* A number behind the last one (RFC 3261 §12.2.2), and a request for another dialog with our Call-ID. */
static void
test_wrong_dialog (void)
{
  Call c = be_called (rig_sdp);
  g_autofree char *ahead = rig_peer_make_in_dialog (c.peer, c.ok, "INFO", 8, NULL, NULL);
  g_autofree char *behind = rig_peer_make_in_dialog (c.peer, c.ok, "INFO", 5, NULL, NULL);
  g_autoptr (RigMessage) fine = NULL, late = NULL;
  g_autofree char *bye = rig_peer_make_in_dialog (c.peer, c.ok, "BYE", 9, NULL, NULL);
  g_auto (GStrv) parts = g_strsplit (bye, ";tag=99", -1);
  g_autofree char *stranger = g_strjoinv (";tag=66", parts);
  g_autoptr (RigMessage) none = NULL;

  rig_peer_send (c.peer, rig_phone_get_port (c.phone), ahead);
  fine = rig_peer_wait (c.peer, "SIP/2.0 200");
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), behind);
  late = rig_peer_wait (c.peer, "SIP/2.0 500");
  rig_peer_send (c.peer, rig_phone_get_port (c.phone), stranger);
  none = rig_peer_wait (c.peer, "SIP/2.0 481");
  g_assert_cmpuint (rig_phone_count (c.phone, PHONE_EVENT_TERMINATED), ==, 0);
  end_call (&c);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/dialog/what-they-change", test_what_they_change);
  g_test_add_func ("/sip/dialog/version", test_version_stays);
  g_test_add_func ("/sip/dialog/more-lines", test_more_lines);
  g_test_add_func ("/sip/dialog/refused-change", test_refused_change);
  g_test_add_func ("/sip/dialog/multipart", test_multipart_change);
  g_test_add_func ("/sip/dialog/refusals-that-mean-nothing", test_refusals_that_mean_nothing);
  g_test_add_func ("/sip/dialog/refusals-that-end", test_refusals_that_end);
  g_test_add_func ("/sip/dialog/retry-after", test_retry_after);
  g_test_add_func ("/sip/dialog/endless-glare", test_endless_glare);
  g_test_add_func ("/sip/dialog/overlap", test_overlap);
  g_test_add_func ("/sip/dialog/other-requests", test_other_requests);
  g_test_add_func ("/sip/dialog/wrong-dialog", test_wrong_dialog);

  return g_test_run ();
}
