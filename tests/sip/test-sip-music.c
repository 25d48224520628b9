/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Music on hold (RFC 7088): a phone that calls, the peer whom it holds, and a server that plays.
 */

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigPeer    *server;
  RigMessage *invite;    /* to the peer */
  RigMessage *asked;     /* to the server */
  char       *music;
  guint       call;
} Held;

static const char music_sdp[] = "v=0\r\n"
                                "o=music 77 1 IN IP4 127.0.0.9\r\n"
                                "s=-\r\n"
                                "c=IN IP4 127.0.0.9\r\n"
                                "t=0 0\r\n"
                                "m=audio 45000 RTP/AVP 8 0\r\n"
                                "a=sendrecv\r\n";

static Held
talk (void)
{
  Held h = { rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1"), rig_peer_new ("127.0.0.1") };
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", h.peer->port);
  g_autoptr (RigMessage) ack = NULL;

  h.music = g_strdup_printf ("sip:moh@127.0.0.1:%u", h.server->port);
  h.call = rig_phone_dial (h.phone, 0, target);
  h.invite = rig_peer_wait (h.peer, "INVITE");
  rig_peer_reply (h.peer, h.invite, 200, "OK", NULL, rig_sdp);
  rig_phone_wait (h.phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (h.peer, "ACK");

  return h;
}

/* Takes a re-INVITE that must have @line, and accepts it. */
static void
accept (Held       *h,
        const char *line,
        const char *answer)
{
  g_autoptr (RigMessage) invite = rig_peer_wait (h->peer, "INVITE");
  g_autoptr (RigMessage) ack = NULL;

  if (!strstr (rig_message_get_body (invite), line))
    g_error ("No %s in %s", line, invite->text);
  rig_peer_reply (h->peer, invite, 200, "OK", NULL, answer);
  ack = rig_peer_wait (h->peer, "ACK");
}

static void
hold (Held *h)
{
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDONLY);
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);

  phone_signaling_hold (h->phone->signaling, h->call, offer, h->music);
  accept (h, "a=sendonly\r\n", held);
  rig_phone_wait (h->phone, PHONE_EVENT_MODIFIED);
  g_clear_pointer (&h->asked, rig_message_free);
  h->asked = rig_peer_wait (h->server, "INVITE");
}

/* From the server's offer to the music. */
static void
play (Held *h)
{
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);
  g_autoptr (RigMessage) ack = NULL;

  rig_peer_reply (h->server, h->asked, 200, "OK", NULL, music_sdp);
  accept (h, "c=IN IP4 127.0.0.9\r\n", held);
  ack = rig_peer_wait (h->server, "ACK");
  g_assert_nonnull (strstr (ack->text, "Content-Type: application/sdp\r\n"));
  g_assert_nonnull (strstr (rig_message_get_body (ack), "a=recvonly\r\n"));
  g_assert_cmpint (rig_phone_wait (h->phone, PHONE_EVENT_MUSIC)->value, ==, 1);
}

static void
resume (Held *h)
{
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDRECV);

  phone_signaling_modify (h->phone->signaling, h->call, offer);
  accept (h, "m=audio 20000", rig_sdp);
  rig_phone_wait (h->phone, PHONE_EVENT_MODIFIED);
}

static void
take_bye (RigPeer *peer)
{
  g_autoptr (RigMessage) bye = rig_peer_wait (peer, "BYE");

  rig_peer_reply (peer, bye, 200, "OK", NULL, NULL);
}

static void
end (Held     *h,
     gboolean  hang_up)
{
  if (hang_up)
    {
      phone_signaling_hangup (h->phone->signaling, h->call);
      take_bye (h->peer);
    }
  rig_phone_settle (h->phone);
  g_assert_cmpuint (rig_phone_count (h->phone, PHONE_EVENT_TERMINATED), ==, 1);
  g_assert_false (rig_peer_has (h->server, "INVITE"));
  g_assert_false (rig_peer_has (h->peer, "INVITE"));
  rig_phone_free (h->phone);
  rig_peer_free (h->peer);
  rig_peer_free (h->server);
  rig_message_free (h->invite);
  g_clear_pointer (&h->asked, rig_message_free);
  g_free (h->music);
}

/* The o= line stays ours, one version further each time, and the music's codecs are offered as it offers them. */
static void
test_plays (void)
{
  Held h = talk ();
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);
  g_autoptr (RigMessage) offer = NULL;
  g_autoptr (RigMessage) peer_ack = NULL;
  g_autoptr (RigMessage) server_ack = NULL;
  const char *body;

  hold (&h);
  g_assert_cmpstr (rig_message_get_body (h.asked), ==, "");
  g_assert_null (strstr (h.asked->text, "Content-Type"));
  rig_peer_reply (h.server, h.asked, 200, "OK", NULL, music_sdp);
  offer = rig_peer_wait (h.peer, "INVITE");
  body = rig_message_get_body (offer);
  g_assert_nonnull (strstr (body, "m=audio 45000 RTP/AVP 8 0\r\n"));
  g_assert_nonnull (strstr (body, "a=sendonly\r\n"));
  g_assert_nonnull (strstr (body, "o=- "));
  g_assert_null (strstr (body, "o=music"));
  g_assert_false (rig_peer_has (h.server, "ACK"));
  rig_peer_reply (h.peer, offer, 200, "OK", NULL, held);
  peer_ack = rig_peer_wait (h.peer, "ACK");
  server_ack = rig_peer_wait (h.server, "ACK");
  g_assert_nonnull (strstr (rig_message_get_body (server_ack), "a=recvonly\r\n"));
  g_assert_cmpint (rig_phone_wait (h.phone, PHONE_EVENT_MUSIC)->value, ==, 1);

  resume (&h);
  take_bye (h.server);
  g_assert_cmpuint (rig_phone_count (h.phone, PHONE_EVENT_MUSIC), ==, 2);
  end (&h, TRUE);
}

static void
test_hang_up_held (void)
{
  Held h = talk ();

  hold (&h);
  play (&h);
  phone_signaling_hangup (h.phone->signaling, h.call);
  take_bye (h.peer);
  take_bye (h.server);
  end (&h, FALSE);
}

static void
test_far_hangs_up (void)
{
  Held h = talk ();
  g_autofree char *bye = NULL;

  hold (&h);
  play (&h);
  bye = rig_peer_make_in_dialog (h.peer, h.invite, "BYE", 100, NULL, NULL);
  rig_peer_send (h.peer, rig_phone_get_port (h.phone), bye);
  take_bye (h.server);
  end (&h, FALSE);
}

/* The end of the hold finds the server still ringing. */
static void
test_resume_early (void)
{
  Held h = talk ();
  g_autoptr (RigMessage) cancel = NULL;

  hold (&h);
  rig_peer_reply (h.server, h.asked, 180, "Ringing", NULL, NULL);
  rig_run_for (100);
  resume (&h);
  cancel = rig_peer_wait (h.server, "CANCEL");
  rig_peer_reply (h.server, cancel, 200, "OK", NULL, NULL);
  rig_peer_reply (h.server, h.asked, 487, "Request Terminated", NULL, NULL);
  g_assert_cmpuint (rig_phone_count (h.phone, PHONE_EVENT_MUSIC), ==, 0);
  end (&h, TRUE);
}

/* The server's 200 crosses our CANCEL: its offer is answered with port 0, and it is hung up. */
static void
test_answer_crosses_cancel (void)
{
  Held h = talk ();
  g_autoptr (RigMessage) ack = NULL;

  hold (&h);
  rig_peer_reply (h.server, h.asked, 180, "Ringing", NULL, NULL);
  rig_run_for (100);
  resume (&h);
  rig_peer_reply (h.server, h.asked, 200, "OK", NULL, music_sdp);
  ack = rig_peer_wait (h.server, "ACK");
  g_assert_nonnull (strstr (rig_message_get_body (ack), "m=audio 0 "));
  take_bye (h.server);
  end (&h, TRUE);
}

static void
test_no_music (gconstpointer data)
{
  guint status = GPOINTER_TO_UINT (data);
  Held h = talk ();

  g_test_expect_message ("deskset-sip", G_LOG_LEVEL_MESSAGE, "No music on hold from *");
  hold (&h);
  if (status == 200)
    {
      rig_peer_reply (h.server, h.asked, 200, "OK", NULL, NULL);
      take_bye (h.server);
    }
  else
    {
      rig_peer_reply (h.server, h.asked, status, "No", NULL, NULL);
    }
  rig_run_for (300);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (rig_phone_count (h.phone, PHONE_EVENT_MUSIC), ==, 0);
  resume (&h);
  end (&h, TRUE);
}

/* Whoever is held does not take the music: held they are all the same. */
static void
test_music_refused (void)
{
  Held h = talk ();
  g_autoptr (RigMessage) offer = NULL;
  g_autoptr (RigMessage) ack = NULL;

  hold (&h);
  rig_peer_reply (h.server, h.asked, 200, "OK", NULL, music_sdp);
  offer = rig_peer_wait (h.peer, "INVITE");
  rig_peer_reply (h.peer, offer, 488, "Not Acceptable Here", NULL, NULL);
  ack = rig_peer_wait (h.server, "ACK");
  g_assert_nonnull (strstr (rig_message_get_body (ack), "m=audio 0 "));
  take_bye (h.server);
  g_assert_cmpuint (rig_phone_count (h.phone, PHONE_EVENT_MUSIC), ==, 0);
  g_assert_cmpuint (rig_phone_count (h.phone, PHONE_EVENT_MODIFY_FAILED), ==, 0);
  resume (&h);
  end (&h, TRUE);
}

/* The server hangs up: nothing comes from there any more, and they are told so. */
static void
test_server_goes (void)
{
  Held h = talk ();
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);
  g_autofree char *bye = NULL;

  hold (&h);
  play (&h);
  g_test_expect_message ("deskset-sip", G_LOG_LEVEL_MESSAGE, "No music on hold from *");
  bye = rig_peer_make_in_dialog (h.server, h.asked, "BYE", 100, NULL, NULL);
  rig_peer_send (h.server, rig_phone_get_port (h.phone), bye);
  accept (&h, "m=audio 20000", held);
  g_test_assert_expected_messages ();
  g_assert_cmpint (rig_phone_wait (h.phone, PHONE_EVENT_MUSIC)->value, ==, 0);
  resume (&h);
  end (&h, TRUE);
}

static void
send_re_invite (Held       *h,
                guint       cseq,
                const char *offer)
{
  g_autofree char *invite = rig_peer_make_in_dialog (h->peer, h->invite, "INVITE", cseq, NULL, offer);

  rig_peer_send (h->peer, rig_phone_get_port (h->phone), invite);
}

/* A refresh by re-INVITE changes nothing, so neither does the answer: the music plays on. */
static void
test_refreshed (void)
{
  Held h = talk ();
  g_autofree char *held = g_strconcat (rig_sdp, "a=recvonly\r\n", NULL);
  g_autofree char *ack = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (PhoneMediaDesc) answer = rig_desc (20000, PHONE_DIRECTION_SENDONLY);

  hold (&h);
  play (&h);
  send_re_invite (&h, 100, held);
  rig_phone_wait (h.phone, PHONE_EVENT_REMOTE_MODIFY);
  phone_signaling_accept_modify (h.phone->signaling, h.call, answer);
  ok = rig_peer_wait (h.peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (ok), "m=audio 45000 "));
  ack = rig_peer_make_in_dialog (h.peer, h.invite, "ACK", 100, NULL, NULL);
  rig_peer_send (h.peer, rig_phone_get_port (h.phone), ack);
  rig_run_for (200);
  g_assert_false (rig_peer_has (h.server, "BYE"));
  resume (&h);
  take_bye (h.server);
  end (&h, TRUE);
}

/* They have moved: our answer is our own, and the music is asked for again. */
static void
test_changed (void)
{
  Held h = talk ();
  g_autofree char *moved = g_strconcat (rig_sdp, "a=sendonly\r\n", NULL);
  g_autofree char *ack = NULL;
  g_autoptr (RigMessage) ok = NULL;
  g_autoptr (PhoneMediaDesc) answer = rig_desc (20000, PHONE_DIRECTION_INACTIVE);

  hold (&h);
  play (&h);
  send_re_invite (&h, 100, moved);
  rig_phone_wait (h.phone, PHONE_EVENT_REMOTE_MODIFY);
  phone_signaling_accept_modify (h.phone->signaling, h.call, answer);
  ok = rig_peer_wait (h.peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (rig_message_get_body (ok), "m=audio 20000 "));
  take_bye (h.server);
  ack = rig_peer_make_in_dialog (h.peer, h.invite, "ACK", 100, NULL, NULL);
  rig_peer_send (h.peer, rig_phone_get_port (h.phone), ack);
  g_assert_cmpint (rig_phone_wait (h.phone, PHONE_EVENT_MUSIC)->value, ==, 0);
  rig_message_free (h.asked);
  h.asked = rig_peer_wait (h.server, "INVITE");
  rig_peer_reply (h.server, h.asked, 200, "OK", NULL, music_sdp);
  accept (&h, "c=IN IP4 127.0.0.9\r\n", moved);
  resume (&h);
  take_bye (h.server);
  end (&h, TRUE);
}

/* Many times in one process: nothing stays. */
static void
test_again (void)
{
  Held h = talk ();

  for (guint i = 0; i < 50; i++)
    {
      hold (&h);
      play (&h);
      resume (&h);
      take_bye (h.server);
    }
  end (&h, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sip/music/plays", test_plays);
  g_test_add_func ("/sip/music/hang-up-held", test_hang_up_held);
  g_test_add_func ("/sip/music/far-hangs-up", test_far_hangs_up);
  g_test_add_func ("/sip/music/resume-early", test_resume_early);
  g_test_add_func ("/sip/music/answer-crosses-cancel", test_answer_crosses_cancel);
  g_test_add_data_func ("/sip/music/no-server", GUINT_TO_POINTER (404), test_no_music);
  g_test_add_data_func ("/sip/music/no-offer", GUINT_TO_POINTER (200), test_no_music);
  g_test_add_func ("/sip/music/refused", test_music_refused);
  g_test_add_func ("/sip/music/server-goes", test_server_goes);
  g_test_add_func ("/sip/music/refreshed", test_refreshed);
  g_test_add_func ("/sip/music/changed", test_changed);
  g_test_add_func ("/sip/music/again", test_again);

  return g_test_run ();
}
