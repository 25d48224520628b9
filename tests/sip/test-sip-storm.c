/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * The library's assertions are compiled in, and a handle that goes while a request inside its dialog lives has aborted
 * programs. Thousands of such requests, with the end of the call in their midst, on the library's own threads; each in a
 * process of its own, so that an abort is a failed test.
 */

#define N_REQUESTS 60

typedef enum {
  END_BY_PHONE,        /* hung up in the midst, the BYE answered */
  END_BY_PHONE_DEAF,   /* … and the BYE not answered */
  END_BY_PEER,         /* their BYE between two requests */
  END_BY_BOTH,
  N_ENDS
} End;

typedef struct {
  RigPhone *phone;
  RigPeer  *peer;
  GRand    *rand;
  guint     n;
} Storm;

static gboolean
has_no_handles (gpointer data)
{
  RigPhone *phone = data;

  return phone_sip_signaling_get_n_handles (PHONE_SIP_SIGNALING (phone->signaling)) == 0;
}

/* The 200 to this call's INVITE; answers to the storm before may still come. */
static RigMessage *
wait_answer (Storm      *s,
             const char *call_id)
{
  for (;;)
    {
      RigMessage *ok = rig_peer_wait (s->peer, "SIP/2.0 200");
      g_autofree char *id = rig_message_dup_header (ok, "Call-ID");
      g_autofree char *cseq = rig_message_dup_header (ok, "CSeq");

      if (g_strcmp0 (id, call_id) == 0 && g_strcmp0 (cseq, "1 INVITE") == 0)
        return ok;
      rig_message_free (ok);
    }
}

/* The peer calls and is answered. Returns the 200. */
static RigMessage *
establish (Storm *s,
           guint *call)
{
  g_autofree char *call_id = g_strdup_printf ("storm%u", s->n++);
  g_autofree char *invite = rig_peer_make_invite (s->peer, rig_phone_get_port (s->phone), call_id, NULL, rig_sdp);
  g_autoptr (PhoneMediaDesc) answer = rig_desc (30000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *ack = NULL;
  RigMessage *ok;

  g_queue_clear_full (&s->peer->inbox, (GDestroyNotify) rig_message_free);
  rig_peer_send (s->peer, rig_phone_get_port (s->phone), invite);
  *call = rig_phone_wait (s->phone, PHONE_EVENT_INCOMING)->call;
  phone_signaling_answer (s->phone->signaling, *call, answer);
  ok = wait_answer (s, call_id);
  ack = rig_peer_make_in_dialog (s->peer, ok, "ACK", 1, NULL, NULL);
  rig_peer_send (s->peer, rig_phone_get_port (s->phone), ack);
  rig_phone_wait (s->phone, PHONE_EVENT_ESTABLISHED);

  return ok;
}

static void
send_request (Storm      *s,
              RigMessage *ok,
              const char *method,
              guint       cseq,
              const char *headers,
              const char *body)
{
  g_autofree char *text = rig_peer_make_in_dialog (s->peer, ok, method, cseq, headers, body);

  rig_peer_send (s->peer, rig_phone_get_port (s->phone), text);
}

static void
send_any (Storm      *s,
          RigMessage *ok,
          guint       cseq)
{
  switch (g_rand_int_range (s->rand, 0, 8))
    {
    case 0: send_request (s, ok, "INFO", cseq, "Content-Type: application/dtmf-relay\r\n", "Signal=1\r\n"); break;
    case 1: send_request (s, ok, "OPTIONS", cseq, NULL, NULL); break;
    case 2: send_request (s, ok, "MESSAGE", cseq, "Content-Type: text/plain\r\n", "hello"); break;
    case 3: send_request (s, ok, "REFER", cseq, "Refer-To: <sip:x@127.0.0.1>\r\n", NULL); break;
    case 4: send_request (s, ok, "NOTIFY", cseq, "Event: refer\r\nSubscription-State: active\r\n", NULL); break;
    case 5: send_request (s, ok, "SUBSCRIBE", cseq, "Event: dialog\r\n", NULL); break;
    case 6: send_request (s, ok, "UPDATE", cseq, NULL, g_rand_boolean (s->rand) ? rig_sdp : NULL); break;
    case 7: send_request (s, ok, "INVITE", cseq, NULL, rig_sdp); break;
    default: g_assert_not_reached ();
    }
}

/* Answers what the phone asks for, as far as a deaf peer does. */
static void
serve (Storm *s,
       End    end)
{
  static const char *const ours[] = { "BYE", "INVITE", "INFO", "UPDATE" };

  rig_run_for ((guint) g_rand_int_range (s->rand, 0, 3));
  for (guint i = 0; i < G_N_ELEMENTS (ours) && end != END_BY_PHONE_DEAF; i++)
    while (rig_peer_has (s->peer, ours[i]))
      {
        g_autoptr (RigMessage) request = rig_peer_wait (s->peer, ours[i]);

        rig_peer_reply (s->peer, request, 200, "OK", NULL, i == 1 ? rig_sdp : NULL);
      }
}

typedef struct {
  Storm *storm;
  End    end;
  guint  before;
} Quiet;

static gboolean
is_quiet (gpointer data)
{
  Quiet *q = data;

  serve (q->storm, q->end);
  return phone_sip_signaling_get_n_sessions (PHONE_SIP_SIGNALING (q->storm->phone->signaling)) == 0;
}

static void
one_call (Storm *s,
          End    end)
{
  guint call = 0;
  g_autoptr (RigMessage) ok = establish (s, &call);
  guint at = (guint) g_rand_int_range (s->rand, 1, N_REQUESTS);
  Quiet quiet = { s, end, 0 };

  s->phone->answers_modify = g_rand_boolean (s->rand);
  for (guint i = 0; i < N_REQUESTS; i++)
    {
      send_any (s, ok, 2 + i);
      if (i == at && (end == END_BY_PEER || end == END_BY_BOTH))
        send_request (s, ok, "BYE", 2 + ++i, NULL, NULL);
      if (i >= at && (end != END_BY_PEER))
        phone_signaling_hangup (s->phone->signaling, call);
      if (g_rand_int_range (s->rand, 0, 4) == 0)
        serve (s, end);
      if (g_rand_int_range (s->rand, 0, 10) == 0)
        phone_signaling_send_digit (s->phone->signaling, call, '5', 100);
    }
  rig_run_until (is_quiet, &quiet, "the end of the call");
}

static guint32
get_seed (void)
{
  const char *seed = g_getenv ("DESKSET_TEST_SEED");

  return seed ? (guint32) g_ascii_strtoull (seed, NULL, 10) : g_random_int ();
}

static void
expect_survival (gboolean threads)
{
  static const PhoneSipTimers timers = { 10000, 16000, 1000, 300, 24000, 16000, 1500, 500, 4000, 5000, 2500 };
  guint32 seed = get_seed ();
  guint calls = g_getenv ("DESKSET_TEST_FULL") ? 400 : 48;
  Storm s = { threads ? rig_phone_new_threaded ("127.0.0.1") : rig_phone_new ("127.0.0.1", &timers), rig_peer_new ("127.0.0.1"),
              g_rand_new_with_seed (seed), 0 };

  g_test_message ("DESKSET_TEST_SEED=%u, %u calls with %u requests each", seed, calls, N_REQUESTS);
  for (guint i = 0; i < calls; i++)
    {
      /* A BYE that nobody answers costs four seconds with the times of a phone. */
      End end = threads && i % N_ENDS == END_BY_PHONE_DEAF && i > N_ENDS ? END_BY_BOTH : i % N_ENDS;

      one_call (&s, end);
    }
  g_assert_cmpuint (rig_phone_count (s.phone, PHONE_EVENT_TERMINATED), ==, calls);
  rig_run_until (has_no_handles, s.phone, "the end of all handles");
  rig_phone_free (s.phone);
  rig_peer_free (s.peer);
  g_rand_free (s.rand);
}

static void
run_apart (void (*body) (gboolean),
           gboolean threads)
{
  if (g_test_subprocess ())
    {
      body (threads);
      return;
    }

  g_test_trap_subprocess (NULL, 150 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR | G_TEST_SUBPROCESS_INHERIT_STDOUT);
  g_test_trap_assert_passed ();
}

static void
test_storm (void)
{
  run_apart (expect_survival, FALSE);
}

static void
test_storm_threaded (void)
{
  run_apart (expect_survival, TRUE);
}

/* The known case: plain REFERs, the call ended right behind, over and over. */
static void
refer_and_bye (gboolean threads)
{
  Storm s = { threads ? rig_phone_new_threaded ("127.0.0.1") : rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1"),
              g_rand_new_with_seed (1), 0 };
  Quiet quiet = { &s, END_BY_PHONE, 0 };

  for (guint i = 0; i < 100; i++)
    {
      guint call = 0;
      g_autoptr (RigMessage) ok = establish (&s, &call);

      for (guint j = 0; j < 1 + i % 5; j++)
        send_request (&s, ok, "REFER", 2 + j, "Refer-To: <sip:x@127.0.0.1>\r\n", NULL);
      if (i % 2)
        send_request (&s, ok, "BYE", 20, NULL, NULL);
      else
        phone_signaling_hangup (s.phone->signaling, call);
      rig_run_until (is_quiet, &quiet, "the end of the call");
    }
  rig_run_until (has_no_handles, s.phone, "the end of all handles");
  rig_phone_free (s.phone);
  rig_peer_free (s.peer);
  g_rand_free (s.rand);
}

static void
test_refer_and_bye (void)
{
  run_apart (refer_and_bye, FALSE);
}

static void
test_refer_and_bye_threaded (void)
{
  run_apart (refer_and_bye, TRUE);
}

/* The call ends while their UPDATE or re-INVITE waits for the user's answer; and the phone stops then. */
static void
end_with_a_question (gboolean threads)
{
  for (guint i = 0; i < 6; i++)
    {
      Storm s = { threads ? rig_phone_new_threaded ("127.0.0.1") : rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1"),
                  g_rand_new_with_seed (1), 0 };
      Quiet quiet = { &s, END_BY_PHONE, 0 };
      guint call = 0;
      g_autoptr (RigMessage) ok = establish (&s, &call);
      g_autoptr (RigMessage) bye = NULL;

      send_request (&s, ok, i % 2 ? "UPDATE" : "INVITE", 2, NULL, rig_sdp);
      rig_phone_wait (s.phone, PHONE_EVENT_REMOTE_MODIFY);
      if (i / 2 == 0)
        send_request (&s, ok, "BYE", 20, NULL, NULL);
      else if (i / 2 == 1)
        phone_signaling_hangup (s.phone->signaling, call);
      if (i / 2 < 2)
        rig_run_until (is_quiet, &quiet, "the end of the call");
      phone_signaling_accept_modify (s.phone->signaling, call, NULL);
      phone_signaling_shutdown (s.phone->signaling);
      rig_run_until (is_quiet, &quiet, "the end of the call");
      rig_phone_wait (s.phone, PHONE_EVENT_SIGNALING_STOPPED);
      g_assert_cmpuint (rig_phone_count (s.phone, PHONE_EVENT_TERMINATED), ==, 1);
      rig_phone_free (s.phone);
      rig_peer_free (s.peer);
      g_rand_free (s.rand);
    }
}

static void
test_end_with_a_question (void)
{
  run_apart (end_with_a_question, FALSE);
}

static void
test_end_with_a_question_threaded (void)
{
  run_apart (end_with_a_question, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/storm/any", test_storm);
  g_test_add_func ("/sip/storm/any-threaded", test_storm_threaded);
  g_test_add_func ("/sip/storm/refer-and-bye", test_refer_and_bye);
  g_test_add_func ("/sip/storm/refer-and-bye-threaded", test_refer_and_bye_threaded);
  g_test_add_func ("/sip/storm/question", test_end_with_a_question);
  g_test_add_func ("/sip/storm/question-threaded", test_end_with_a_question_threaded);

  return g_test_run ();
}
