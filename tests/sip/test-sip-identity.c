/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/* Identities on the wire: who calls, who has answered, who it is now, who has sent the call here. */

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *dialog;    /* what the peer's requests in the dialog are made from */
  guint       call;
  guint       cseq;
} Scene;

static Scene
scene_open (const char *key,
            const char *value)
{
  Scene s = { .phone = rig_phone_new ("127.0.0.1", NULL), .peer = rig_peer_new ("127.0.0.1"), .cseq = 100 };

  if (key)
    rig_phone_set (s.phone, key, value);
  rig_phone_register (s.phone, s.peer);
  return s;
}

static void
scene_close (Scene *s)
{
  rig_phone_settle (s->phone);
  rig_phone_free (s->phone);
  rig_peer_free (s->peer);
  g_clear_pointer (&s->dialog, rig_message_free);
}

static const PhoneEvent *
take_call (Scene      *s,
           const char *headers)
{
  g_autofree char *plain = rig_peer_make_invite (s->peer, rig_phone_get_port (s->phone), "identity", headers, rig_sdp);
  g_auto (GStrv) parts = g_strsplit (plain, "sip:deskset@", -1);
  g_autofree char *invite = g_strjoinv ("sip:1001@", parts);
  const PhoneEvent *event;

  rig_peer_send (s->peer, rig_phone_get_port (s->phone), invite);
  event = rig_phone_wait (s->phone, PHONE_EVENT_INCOMING);
  s->call = event->call;
  return event;
}

static void
answer (Scene *s)
{
  g_autoptr (PhoneMediaDesc) desc = rig_desc (40000, PHONE_DIRECTION_SENDRECV);
  g_autofree char *ack = NULL;

  phone_signaling_answer (s->phone->signaling, s->call, desc);
  s->dialog = rig_peer_wait (s->peer, "SIP/2.0 200");
  ack = rig_peer_make_in_dialog (s->peer, s->dialog, "ACK", 1, NULL, NULL);
  rig_peer_send (s->peer, rig_phone_get_port (s->phone), ack);
  rig_phone_wait (s->phone, PHONE_EVENT_ESTABLISHED);
}

static void
hang_up (Scene *s)
{
  g_autoptr (RigMessage) bye = NULL;

  phone_signaling_hangup (s->phone->signaling, s->call);
  bye = rig_peer_wait (s->peer, "BYE");
  rig_peer_reply (s->peer, bye, 200, "OK", NULL, NULL);
  rig_phone_wait (s->phone, PHONE_EVENT_TERMINATED);
}

/* @from: (nullable): what stands in From instead of the peer's address */
static void
request (Scene      *s,
         const char *method,
         const char *headers,
         const char *from)
{
  g_autofree char *text = rig_peer_make_in_dialog (s->peer, s->dialog, method, s->cseq++, headers,
                                                   strcmp (method, "INVITE") == 0 ? rig_sdp : NULL);
  g_autoptr (RigMessage) ok = NULL;

  if (from)
    {
      const char *begin = strstr (text, "From: ") + strlen ("From: ");
      const char *end = strstr (begin, ";tag=");
      g_autofree char *before = g_strndup (text, (gsize) (begin - text));
      char *changed = g_strconcat (before, from, end, NULL);

      g_free (text);
      text = changed;
    }
  rig_peer_send (s->peer, rig_phone_get_port (s->phone), text);
  ok = rig_peer_wait (s->peer, "SIP/2.0 200");
}

static void
expect_identity (Scene      *s,
                 const char *number,
                 const char *name)
{
  const PhoneEvent *event = rig_phone_wait (s->phone, PHONE_EVENT_IDENTITY);

  g_assert_cmpuint (event->call, ==, s->call);
  g_assert_cmpstr (event->number, ==, number);
  g_assert_cmpstr (event->name, ==, name);
}

#define ASSERTED(number) "P-Asserted-Identity: \"Ann\" <sip:" number "@pbx>\r\n"

/* The source that the account wants; later requests may assert another party, or change From (RFC 4916). */
static void
test_caller (void)
{
  Scene s = scene_open ("account.1.cid_source", "2");
  const PhoneEvent *event = take_call (&s, ASSERTED ("204"));

  g_assert_cmpstr (event->number, ==, "204");
  g_assert_cmpstr (event->name, ==, "Ann");
  g_assert_null (event->diverter);
  answer (&s);
  request (&s, "UPDATE", ASSERTED ("205"), NULL);
  expect_identity (&s, "205", "Ann");
  /* Nothing new: who was asserted once is that, also when it is not said again. */
  request (&s, "UPDATE", NULL, NULL);
  request (&s, "UPDATE", ASSERTED ("205"), NULL);
  request (&s, "UPDATE", ASSERTED ("209") "Privacy: id\r\n", NULL);
  g_assert_cmpuint (rig_phone_count (s.phone, PHONE_EVENT_IDENTITY), ==, 1);
  request (&s, "UPDATE", NULL, "\"Bea\" <sip:206@pbx>");
  expect_identity (&s, "206", "Bea");
  s.phone->answers_modify = TRUE;
  request (&s, "INVITE", ASSERTED ("207"), "\"Bea\" <sip:206@pbx>");
  expect_identity (&s, "207", "Ann");
  hang_up (&s);
  scene_close (&s);
}

static void
test_private_caller (void)
{
  Scene s = scene_open ("account.1.cid_source", "2");
  const PhoneEvent *event = take_call (&s, ASSERTED ("204") "Privacy: id\r\n");

  g_assert_cmpstr (event->number, ==, "");
  g_assert_cmpstr (event->name, ==, "");
  phone_signaling_reject (s.phone->signaling, s.call, 486);
  scene_close (&s);
}

/* @number: (nullable): who it turns out to be */
static void
dial (Scene      *s,
      const char *headers,
      const char *number)
{
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;

  s->call = rig_phone_dial (s->phone, 1, "300");
  invite = rig_peer_wait (s->peer, "INVITE");
  rig_peer_reply (s->peer, invite, 180, "Ringing", headers, NULL);
  if (number)
    expect_identity (s, number, "Ann");
  rig_phone_wait (s->phone, PHONE_EVENT_PROGRESS);
  rig_peer_reply (s->peer, invite, 200, "OK", headers, rig_sdp);
  rig_phone_wait (s->phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (s->peer, "ACK");
  s->dialog = g_steal_pointer (&invite);
}

/* account.X.cp_source: what was dialled stays, or what the network asserts. */
static void
test_called (void)
{
  Scene dialled = scene_open (NULL, NULL);
  Scene asserted = scene_open ("account.1.cp_source", "0");
  Scene updated = scene_open ("account.1.cp_source", "2");

  dial (&dialled, ASSERTED ("204"), NULL);
  request (&dialled, "UPDATE", ASSERTED ("205"), "\"Bea\" <sip:206@pbx>");
  g_assert_cmpuint (rig_phone_count (dialled.phone, PHONE_EVENT_IDENTITY), ==, 0);
  hang_up (&dialled);
  scene_close (&dialled);

  dial (&asserted, ASSERTED ("204"), "204");
  request (&asserted, "UPDATE", ASSERTED ("205"), "\"Bea\" <sip:206@pbx>");
  expect_identity (&asserted, "205", "Ann");
  hang_up (&asserted);
  scene_close (&asserted);

  dial (&updated, ASSERTED ("204"), NULL);
  g_assert_cmpuint (rig_phone_count (updated.phone, PHONE_EVENT_IDENTITY), ==, 0);
  request (&updated, "UPDATE", ASSERTED ("205"), "\"Bea\" <sip:206@pbx>");
  expect_identity (&updated, "206", "Bea");
  hang_up (&updated);
  scene_close (&updated);
}

/* A network that puts a name into To: better than none, and the number stays. */
static void
test_named_in_to (void)
{
  Scene s = scene_open (NULL, NULL);
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;
  GString *text = g_string_new ("SIP/2.0 200 OK\r\n");
  static const char *const same[] = { "Via", "From", "Call-ID", "CSeq" };

  s.call = rig_phone_dial (s.phone, 1, "300");
  invite = rig_peer_wait (s.peer, "INVITE");
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *value = rig_message_dup_header (invite, same[i]);

      g_string_append_printf (text, "%s: %s\r\n", same[i], value);
    }
  g_string_append_printf (text, "To: \"Carol\" <sip:300@127.0.0.1:%u>;tag=4711\r\nContact: <sip:300@127.0.0.1:%u>\r\n"
                          "Content-Type: application/sdp\r\nContent-Length: %u\r\n\r\n%s", s.peer->port, s.peer->port,
                          (guint) strlen (rig_sdp), rig_sdp);
  rig_peer_send (s.peer, rig_phone_get_port (s.phone), text->str);
  expect_identity (&s, "300", "Carol");
  rig_phone_wait (s.phone, PHONE_EVENT_ESTABLISHED);
  ack = rig_peer_wait (s.peer, "ACK");
  hang_up (&s);
  g_string_free (text, TRUE);
  scene_close (&s);
}

/*
 *       peer                     us
 *         |-------INVITE-------->|   Diversion: 1002
 *         |<-302 Contact: 300----|   Diversion: we, 1002
 */
static void
test_divert (gconstpointer told)
{
  Scene s = scene_open ("features.fwd_diversion_enable", told ? "1" : "0");
  const PhoneEvent *event = take_call (&s, "Diversion: \"Bob\" <sip:1002@pbx>;reason=user-busy\r\nSupported: histinfo\r\n");
  g_autoptr (RigMessage) moved = NULL;
  g_autofree char *contact = NULL;
  g_autofree char *diversion = NULL;
  g_autofree char *history = NULL;
  g_autofree char *domain = g_strdup_printf ("127.0.0.1:%u", s.peer->port);
  g_autofree char *to = g_strdup_printf ("<sip:300@%s>", domain);
  g_autofree char *ours = g_strdup_printf ("<sip:1001@%s>;reason=no-answer;counter=1;privacy=off;screen=no, "
                                           "\"Bob\" <sip:1002@pbx>;reason=user-busy", domain);
  g_autofree char *trail = g_strdup_printf ("<sip:1001@%s>;index=1, <sip:300@%s;cause=302>;index=1.1", domain, domain);

  g_assert_cmpstr (event->diverter, ==, "1002");
  g_assert_cmpstr (event->diverter_name, ==, "Bob");
  phone_signaling_divert (s.phone->signaling, s.call, "300", "no-answer");
  moved = rig_peer_wait (s.peer, "SIP/2.0 302");
  contact = rig_message_dup_header (moved, "Contact");
  diversion = rig_message_dup_header (moved, "Diversion");
  history = rig_message_dup_header (moved, "History-Info");
  g_assert_cmpstr (contact, ==, to);
  if (!told)
    {
      g_assert_null (diversion);
      g_assert_null (history);
    }
  else
    {
      g_assert_cmpstr (diversion, ==, ours);
      g_assert_cmpstr (history, ==, trail);
    }
  rig_phone_wait (s.phone, PHONE_EVENT_TERMINATED);
  scene_close (&s);
}

/* Who is called in the end learns who has diverted the call. */
static void
test_diverted (void)
{
  Scene s = scene_open (NULL, NULL);
  g_autofree char *headers = g_strdup_printf ("Contact: <sip:301@127.0.0.1:%u>\r\nDiversion: <sip:300@pbx>;reason=no-answer\r\n"
                                              "History-Info: broken;\r\n", s.peer->port);
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) last = NULL;
  g_autofree char *none = NULL;
  g_autofree char *diversion = NULL;
  g_autofree char *history = NULL;

  s.call = rig_phone_dial (s.phone, 1, "300");
  first = rig_peer_wait (s.peer, "INVITE");
  none = rig_message_dup_header (first, "Diversion");
  g_assert_null (none);
  rig_peer_reply (s.peer, first, 302, "Moved", headers, NULL);
  ack = rig_peer_wait (s.peer, "ACK");
  second = rig_peer_wait (s.peer, "INVITE sip:301@");
  diversion = rig_message_dup_header (second, "Diversion");
  history = rig_message_dup_header (second, "History-Info");
  g_assert_cmpstr (diversion, ==, "<sip:300@pbx>;reason=no-answer");
  g_assert_null (history);
  rig_peer_reply (s.peer, second, 486, "Busy Here", NULL, NULL);
  last = rig_peer_wait (s.peer, "ACK");
  rig_phone_wait (s.phone, PHONE_EVENT_TERMINATED);
  scene_close (&s);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/identity/caller", test_caller);
  g_test_add_func ("/sip/identity/private", test_private_caller);
  g_test_add_func ("/sip/identity/called", test_called);
  g_test_add_func ("/sip/identity/named-in-to", test_named_in_to);
  g_test_add_data_func ("/sip/identity/divert", GINT_TO_POINTER (TRUE), test_divert);
  g_test_add_data_func ("/sip/identity/divert-silently", NULL, test_divert);
  g_test_add_func ("/sip/identity/diverted", test_diverted);

  return g_test_run ();
}
