/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Several servers and proxies: which of them is asked, and when (RFC 3263 §4.3; guide: server redundancy).
 */

static PhoneServerConfig
make_server (RigPeer *peer)
{
  return (PhoneServerConfig) {
    .address = "127.0.0.1", .port = peer->port, .transport = PHONE_TRANSPORT_UDP, .expires_s = 300, .retries = 0,
    .failback = PHONE_FAILBACK_DURATION, .failback_s = 3600,
  };
}

static PhoneAccountConfig
make_config (RigPeer *first,
             RigPeer *second)
{
  PhoneAccountConfig config = {
    .account = 1, .enabled = TRUE, .label = "One", .display_name = "Alice", .user_name = "1001", .auth_name = "",
    .password = "secret", .servers = { make_server (first) }, .retry_s = 1, .retry_max_s = 1, .fallback_s = 1,
    .rport = PHONE_RPORT_VIA, .unregister_at_exit = TRUE,
  };

  if (second)
    config.servers[1] = make_server (second);
  return config;
}

/* The account's server is somewhere nobody can look up; both proxies lead there. */
static PhoneAccountConfig
make_proxied (RigPeer *first,
              RigPeer *second)
{
  PhoneAccountConfig config = make_config (first, NULL);

  config.servers[0].address = "example.invalid";
  config.servers[0].port = 5060;
  config.use_proxy = TRUE;
  config.proxies[0] = make_server (first);
  config.proxies[1] = make_server (second);
  config.proxy_fallback_s = 3600;
  return config;
}

static void
reply_to_register (RigPeer    *registrar,
                   RigMessage *request,
                   const char *more)
{
  g_autofree char *contact = rig_message_dup_header (request, "Contact");
  g_autofree char *headers = g_strdup_printf ("Contact: %s;expires=300\r\n%s", contact, more);

  rig_peer_reply (registrar, request, 200, "OK", headers, NULL);
}

static void
take_register (RigPeer *registrar)
{
  g_autoptr (RigMessage) request = rig_peer_wait (registrar, "REGISTER");

  reply_to_register (registrar, request, "");
}

static const PhoneEvent *
wait_state (RigPhone          *phone,
            PhoneAccountState  state)
{
  const PhoneEvent *event;

  do
    event = rig_phone_wait (phone, PHONE_EVENT_ACCOUNT);
  while (event->value != (int) state);

  return event;
}

static void
answer_goodbye (RigPeer *peer)
{
  if (peer && rig_peer_has (peer, "REGISTER"))
    {
      g_autoptr (RigMessage) request = rig_peer_wait (peer, "REGISTER");

      rig_peer_reply (peer, request, 200, "OK", NULL, NULL);
    }
}

static void
end (RigPhone *phone,
     RigPeer  *first,
     RigPeer  *second)
{
  phone_signaling_shutdown (phone->signaling);
  while (rig_phone_count (phone, PHONE_EVENT_SIGNALING_STOPPED) == 0)
    {
      answer_goodbye (first);
      answer_goodbye (second);
      rig_run_for (10);
    }
  rig_phone_free (phone);
  rig_peer_free (first);
  if (second)
    rig_peer_free (second);
}

static void
refuse_call (RigPeer  *peer,
             RigPhone *phone)
{
  g_autoptr (RigMessage) invite = rig_peer_wait (peer, "INVITE");
  g_autoptr (RigMessage) ack = NULL;

  rig_peer_reply (peer, invite, 486, "Busy Here", NULL, NULL);
  ack = rig_peer_wait (peer, "ACK");
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 486);
}

/*
 *    phone        proxy 1        proxy 2
 *      |--REGISTER-->|              |
 *      |  (silence)                 |
 *      |----------REGISTER--------->|
 *      |<------------200------------|
 *      |-----------INVITE---------->|
 */
static void
test_second_proxy (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_proxied (first, second);
  g_autoptr (RigMessage) unanswered = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  unanswered = rig_peer_wait (first, "REGISTER sip:example.invalid");
  take_register (second);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  rig_phone_dial (phone, 1, "1002");
  refuse_call (second, phone);
  g_assert_false (rig_peer_has (first, "INVITE"));
  end (phone, first, second);
}

/* 503 is as good as silence, and quicker (RFC 3263 §4.3). */
static void
test_busy_proxy (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_proxied (first, second);
  g_autoptr (RigMessage) refused = NULL;

  config.servers[0].retries = 6;
  phone_signaling_set_account (phone->signaling, &config);
  refused = rig_peer_wait (first, "REGISTER");
  rig_peer_reply (first, refused, 503, "Service Unavailable", "Retry-After: 600\r\n", NULL);
  take_register (second);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  end (phone, first, second);
}

/* After the configured time the first proxy is tried again, and then calls go there as well. */
static void
test_first_proxy_again (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_proxied (first, second);
  g_autoptr (RigMessage) unanswered = NULL;

  config.proxy_fallback_s = 1;
  phone_signaling_set_account (phone->signaling, &config);
  unanswered = rig_peer_wait (first, "REGISTER");
  take_register (second);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  take_register (first);
  rig_run_for (100);
  rig_phone_dial (phone, 1, "1002");
  refuse_call (first, phone);
  end (phone, first, second);
}

/* A call finds the proxy dead that the account is registered at: the call goes on with the next, and so does the account. */
static void
test_call_fails_over (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_proxied (first, second);
  g_autoptr (RigMessage) unanswered = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  take_register (first);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  rig_phone_dial (phone, 1, "1002");
  unanswered = rig_peer_wait (first, "INVITE");
  take_register (second);
  refuse_call (second, phone);
  end (phone, first, second);
}

/* Both proxies are dead: the call says so after both were tried, not sooner and not never. */
static void
test_call_finds_nobody (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_proxied (first, second);
  g_autoptr (RigMessage) one = NULL, two = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  take_register (first);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  rig_phone_dial (phone, 1, "1002");
  one = rig_peer_wait (first, "INVITE");
  two = rig_peer_wait (second, "INVITE");
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 408);
  end (phone, first, second);
}

/* Two servers at once: both know us; calls go to the first while it answers, else to the second with its own domain. */
static void
test_concurrent (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (first, second);
  g_autofree char *line = g_strdup_printf ("INVITE sip:1002@127.0.0.1:%u", second->port);
  g_autoptr (RigMessage) unanswered = NULL, invite = NULL;
  g_autofree char *from = NULL, *wanted = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  take_register (first);
  take_register (second);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  rig_run_for (100);
  rig_phone_dial (phone, 1, "1002");
  refuse_call (first, phone);

  rig_phone_dial (phone, 1, "1002");
  unanswered = rig_peer_wait (first, "INVITE");
  invite = rig_peer_wait (second, line);
  from = rig_message_dup_header (invite, "From");
  wanted = g_strdup_printf ("<sip:1001@127.0.0.1:%u>", second->port);
  g_assert_nonnull (strstr (from, wanted));
  rig_peer_reply (second, invite, 486, "Busy Here", NULL, NULL);
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 486);
  end (phone, first, second);
}

/* One after the other: the second only while the first fails, and no longer. */
static void
test_successive (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *first = rig_peer_new ("127.0.0.1"), *second = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (first, second);
  g_autoptr (RigMessage) refused = NULL, goodbye = NULL;
  g_autofree char *expires = NULL;

  config.successive = TRUE;
  phone_signaling_set_account (phone->signaling, &config);
  refused = rig_peer_wait (first, "REGISTER");
  g_assert_false (rig_peer_has (second, "REGISTER"));
  rig_peer_reply (first, refused, 500, "Server Internal Error", NULL, NULL);
  take_register (second);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);

  take_register (first);
  goodbye = rig_peer_wait (second, "REGISTER");
  expires = rig_message_dup_header (goodbye, "Expires");
  g_assert_cmpstr (expires, ==, "0");
  rig_peer_reply (second, goodbye, 200, "OK", NULL, NULL);
  rig_run_for (100);
  rig_phone_dial (phone, 1, "1002");
  refuse_call (first, phone);
  end (phone, first, second);
}

/* A port where nobody listens is known at once, over TCP and, by ICMP, over UDP. */
static void
test_nobody_listens (void)
{
  for (PhoneTransport transport = PHONE_TRANSPORT_UDP; transport <= PHONE_TRANSPORT_TCP; transport++)
    {
      RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
      RigPeer *gone = rig_peer_new ("127.0.0.1");
      PhoneAccountConfig config = make_config (gone, NULL);
      gint64 start = g_get_monotonic_time ();
      const PhoneEvent *event;

      config.servers[0].transport = transport;
      config.retry_s = 0;
      rig_peer_free (gone);
      phone_signaling_set_account (phone->signaling, &config);
      event = wait_state (phone, PHONE_ACCOUNT_FAILED);
      g_assert_cmpuint (event->status, ==, 503);
      g_assert_cmpint (event->fault, ==, PHONE_SIGNALING_FAULT_UNREACHABLE);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
      rig_phone_stop (phone);
      rig_phone_free (phone);
    }
}

/* The first answer decides how long a registration is; what is too short for the registrar is asked for longer (423). */
static void
test_too_brief (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) first = NULL, second = NULL;
  g_autofree char *expires = NULL;

  config.servers[0].expires_s = 60;
  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  rig_peer_reply (registrar, first, 423, "Interval Too Brief", "Min-Expires: 900\r\n", NULL);
  second = rig_peer_wait (registrar, "REGISTER");
  expires = rig_message_dup_header (second, "Expires");
  g_assert_cmpstr (expires, ==, "900");
  reply_to_register (registrar, second, "");
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  end (phone, registrar, NULL);
}

/* A registrar that wants ever more is not asked for ever. */
static void
test_never_long_enough (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  guint asked = 0;

  config.retry_s = 0;
  phone_signaling_set_account (phone->signaling, &config);
  while (rig_phone_count (phone, PHONE_EVENT_ACCOUNT) < 2 && asked < 30)
    {
      g_autoptr (RigMessage) request = NULL;
      g_autofree char *header = g_strdup_printf ("Min-Expires: %u\r\n", 400 + 100 * asked);

      rig_run_for (30);
      if (!rig_peer_has (registrar, "REGISTER"))
        continue;
      request = rig_peer_wait (registrar, "REGISTER");
      rig_peer_reply (registrar, request, 423, "Interval Too Brief", header, NULL);
      asked++;
    }
  g_assert_cmpuint (wait_state (phone, PHONE_ACCOUNT_FAILED)->status, ==, 423);
  g_assert_cmpuint (asked, <, 20);
  end (phone, registrar, NULL);
}

/* Retry-After is obeyed when it is longer than our own wait. */
static void
test_retry_after (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) first = NULL, second = NULL;
  gint64 start;

  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  rig_peer_reply (registrar, first, 503, "Service Unavailable", "Retry-After: 3\r\n", NULL);
  start = g_get_monotonic_time ();
  second = rig_peer_wait (registrar, "REGISTER");
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 2900 * 1000);
  reply_to_register (registrar, second, "");
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  end (phone, registrar, NULL);
}

/* Each wait is drawn from the upper half of one that doubles (RFC 5626 §4.5). */
static void
test_back_off (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  static const guint bounds_ms[][2] = { { 500, 1000 }, { 1000, 2000 }, { 2000, 4000 }, { 2000, 4000 } };
  gint64 before = 0;

  config.retry_max_s = 4;
  phone_signaling_set_account (phone->signaling, &config);
  for (guint i = 0; i <= G_N_ELEMENTS (bounds_ms); i++)
    {
      g_autoptr (RigMessage) request = rig_peer_wait (registrar, "REGISTER");
      gint64 now = g_get_monotonic_time ();

      if (i > 0)
        {
          g_assert_cmpint ((now - before) / 1000, >=, bounds_ms[i - 1][0] - 20);
          g_assert_cmpint ((now - before) / 1000, <=, bounds_ms[i - 1][1] + 900); /* a busy machine */
        }
      rig_peer_reply (registrar, request, 500, "Server Internal Error", NULL, NULL);
      before = now;
    }
  end (phone, registrar, NULL);
}

/* RFC 3608: calls go by the route the registrar gave, though its name is one nobody knows. */
static void
test_service_route (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) request = NULL, invite = NULL;
  g_autofree char *supported = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (registrar, "REGISTER");
  supported = rig_message_dup_header (request, "Supported");
  g_assert_nonnull (strstr (supported, "path")); /* RFC 3327 §5.1 */
  reply_to_register (registrar, request, "Path: <sip:edge.example.invalid;lr>\r\n"
                     "Service-Route: <sip:orig@core.example.invalid;lr>, <sip:second.example.invalid;lr>\r\n");
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  rig_phone_dial (phone, 1, "1002");
  invite = rig_peer_wait (registrar, "INVITE");
  g_assert_nonnull (strstr (invite->text, "<sip:orig@core.example.invalid;lr>"));
  g_assert_nonnull (strstr (invite->text, "<sip:second.example.invalid;lr>"));
  g_assert_true (strstr (invite->text, "core.example") < strstr (invite->text, "second.example"));
  rig_peer_reply (registrar, invite, 486, "Busy Here", NULL, NULL);
  rig_phone_wait (phone, PHONE_EVENT_TERMINATED);
  end (phone, registrar, NULL);
}

/* Other phones of the same user in the answer, with other lives. */
static void
test_several_contacts (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) request = NULL, refresh = NULL;
  g_autofree char *contact = NULL, *headers = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (registrar, "REGISTER");
  contact = rig_message_dup_header (request, "Contact");
  headers = g_strdup_printf ("Contact: <sip:1001@192.0.2.7>;expires=3000, %s;expires=4, \"x, y\" <sip:1001@192.0.2.8>;expires=3600\r\n",
                             contact);
  rig_peer_reply (registrar, request, 200, "OK", headers, NULL);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  /* Ours holds four seconds: that is what counts. */
  refresh = rig_peer_wait (registrar, "REGISTER");
  reply_to_register (registrar, refresh, "");
  rig_run_for (50);
  end (phone, registrar, NULL);
}

/* T1 and T2 by settings (RFC 3261 §17.1.2.2): a request goes out again after T1, 2 T1, … and then every T2. */
static void
test_timers (void)
{
  PhoneSipTimers timers = PHONE_SIP_TIMERS_DEFAULT;
  static const guint bounds_ms[][2] = { { 80, 190 }, { 180, 380 }, { 280, 600 }, { 280, 600 } };
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) last = NULL;
  RigPhone *phone;
  gint64 before = 0;
  guint in_time = 0;

  timers.t1_ms = 100;
  timers.t2_ms = 300;
  phone = rig_phone_new ("127.0.0.1", &timers);
  registrar->keep_repeats = TRUE;
  phone_signaling_set_account (phone->signaling, &config);
  for (guint i = 0; i <= G_N_ELEMENTS (bounds_ms); i++)
    {
      gint64 now;

      g_clear_pointer (&last, rig_message_free);
      last = rig_peer_wait (registrar, "REGISTER");
      now = g_get_monotonic_time ();
      if (i > 0)
        {
          g_assert_cmpint ((now - before) / 1000, >=, bounds_ms[i - 1][0]);
          in_time += (now - before) / 1000 <= bounds_ms[i - 1][1];
        }
      before = now;
    }
  /* A busy machine may be late once, but the default timers (500 ms and more) are late each time. */
  g_assert_cmpuint (in_time, >=, 2);
  reply_to_register (registrar, last, "");
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  end (phone, registrar, NULL);
}

static char *
reply_as_seen (RigMessage *request,
               guint       port)
{
  g_autofree char *via = rig_message_dup_header (request, "Via");
  g_autofree char *from = rig_message_dup_header (request, "From");
  g_autofree char *to = rig_message_dup_header (request, "To");
  g_autofree char *call_id = rig_message_dup_header (request, "Call-ID");
  g_autofree char *cseq = rig_message_dup_header (request, "CSeq");
  g_autofree char *contact = rig_message_dup_header (request, "Contact");
  g_auto (GStrv) parts = g_strsplit (via, ";rport", 2);

  g_assert_nonnull (parts[1]); /* asked for (RFC 3581) */
  return g_strdup_printf ("SIP/2.0 200 OK\r\nVia: %s;received=127.0.0.1;rport=%u%s\r\nFrom: %s\r\nTo: %s;tag=r\r\nCall-ID: %s\r\n"
                          "CSeq: %s\r\nContact: %s;expires=300\r\nContent-Length: 0\r\n\r\n", parts[0], port, parts[1], from, to,
                          call_id, cseq, contact);
}

/* The server sees another port: it goes into Contact when the setting says so. */
static void
test_public_contact (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) first = NULL, second = NULL, invite = NULL;
  g_autofree char *reply = NULL, *contact = NULL, *call_contact = NULL;

  config.rport = PHONE_RPORT_CONTACT;
  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  reply = reply_as_seen (first, 34567);
  rig_peer_send (registrar, rig_phone_get_port (phone), reply);
  second = rig_peer_wait (registrar, "REGISTER");
  contact = rig_message_dup_header (second, "Contact");
  g_assert_cmpstr (contact, ==, "<sip:1001@127.0.0.1:34567>");
  g_free (reply);
  reply = reply_as_seen (second, 34567);
  rig_peer_send (registrar, rig_phone_get_port (phone), reply);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);

  rig_phone_dial (phone, 1, "1002");
  invite = rig_peer_wait (registrar, "INVITE");
  call_contact = rig_message_dup_header (invite, "Contact");
  g_assert_cmpstr (call_contact, ==, contact);
  rig_peer_reply (registrar, invite, 486, "Busy Here", NULL, NULL);
  rig_phone_wait (phone, PHONE_EVENT_TERMINATED);
  end (phone, registrar, NULL);
}

static void
test_no_rport (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);
  g_autoptr (RigMessage) first = NULL, second = NULL;
  g_autofree char *via = NULL;

  config.rport = PHONE_RPORT_OFF;
  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  reply_to_register (registrar, first, "");
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  phone_signaling_refresh (phone->signaling, 1);
  second = rig_peer_wait (registrar, "REGISTER");
  via = rig_message_dup_header (second, "Via");
  g_assert_null (strstr (via, "rport"));
  reply_to_register (registrar, second, "");
  rig_run_for (50);
  end (phone, registrar, NULL);
}

static gboolean
has_blanks (gpointer data)
{
  return ((RigPeer *) data)->n_blanks >= 2;
}

static void
test_keep_alive (void)
{
  static const PhoneKeepAlive kinds[] = { PHONE_KEEP_ALIVE_PACKET, PHONE_KEEP_ALIVE_OPTIONS, PHONE_KEEP_ALIVE_NOTIFY };
  static const char *const starts[] = { NULL, "OPTIONS sip:127.0.0.1", "NOTIFY sip:127.0.0.1" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
      RigPeer *registrar = rig_peer_new ("127.0.0.1");
      PhoneAccountConfig config = make_config (registrar, NULL);

      config.keep_alive = kinds[i];
      config.keep_alive_s = 1;
      phone_signaling_set_account (phone->signaling, &config);
      take_register (registrar);
      wait_state (phone, PHONE_ACCOUNT_REGISTERED);
      if (!starts[i])
        rig_run_until (has_blanks, registrar, "two packets of line ends");
      for (guint n = 0; starts[i] && n < 2; n++)
        {
          g_autoptr (RigMessage) request = rig_peer_wait (registrar, starts[i]);

          rig_peer_reply (registrar, request, 200, "OK", NULL, NULL);
        }
      g_assert_true (starts[i] || !rig_peer_has (registrar, "OPTIONS"));
      end (phone, registrar, NULL);
    }
}

/* A server that never answers keep-alives gets one at a time, and costs no handles. */
static void
test_keep_alive_unanswered (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, NULL);

  config.keep_alive = PHONE_KEEP_ALIVE_OPTIONS;
  config.keep_alive_s = 1;
  phone_signaling_set_account (phone->signaling, &config);
  take_register (registrar);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  rig_run_for (3500);
  g_assert_cmpuint (phone_sip_signaling_get_n_handles (PHONE_SIP_SIGNALING (phone->signaling)), <=, 2);
  end (phone, registrar, NULL);
}

/* Where BYE goes when the other side's Contact is elsewhere: there, or by the proxy when the setting says so. */
static void
test_proxy_in_dialog (void)
{
  for (guint by_proxy = 0; by_proxy < 2; by_proxy++)
    {
      RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
      RigPeer *proxy = rig_peer_new ("127.0.0.1"), *other = rig_peer_new ("127.0.0.1");
      PhoneAccountConfig config = make_proxied (proxy, proxy);
      g_autofree char *headers = g_strdup_printf ("Contact: <sip:1002@127.0.0.1:%u>\r\nContent-Type: application/sdp\r\n", other->port);
      g_autoptr (RigMessage) invite = NULL, ack = NULL, bye = NULL;
      RigPeer *expected = by_proxy ? proxy : other;
      guint call;

      config.proxy_in_dialog = by_proxy;
      phone_signaling_set_account (phone->signaling, &config);
      take_register (proxy);
      wait_state (phone, PHONE_ACCOUNT_REGISTERED);
      call = rig_phone_dial (phone, 1, "1002");
      invite = rig_peer_wait (proxy, "INVITE");
      rig_peer_reply (proxy, invite, 200, "OK", headers, rig_sdp);
      ack = rig_peer_wait (expected, "ACK");
      rig_phone_wait (phone, PHONE_EVENT_ESTABLISHED);
      phone_signaling_hangup (phone->signaling, call);
      bye = rig_peer_wait (expected, "BYE");
      rig_peer_reply (expected, bye, 200, "OK", NULL, NULL);
      rig_phone_wait (phone, PHONE_EVENT_TERMINATED);
      end (phone, proxy, other);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sip-servers/second-proxy", test_second_proxy);
  g_test_add_func ("/sip-servers/busy-proxy", test_busy_proxy);
  g_test_add_func ("/sip-servers/first-proxy-again", test_first_proxy_again);
  g_test_add_func ("/sip-servers/call-fails-over", test_call_fails_over);
  g_test_add_func ("/sip-servers/call-finds-nobody", test_call_finds_nobody);
  g_test_add_func ("/sip-servers/concurrent", test_concurrent);
  g_test_add_func ("/sip-servers/successive", test_successive);
  g_test_add_func ("/sip-servers/nobody-listens", test_nobody_listens);
  g_test_add_func ("/sip-servers/too-brief", test_too_brief);
  g_test_add_func ("/sip-servers/never-long-enough", test_never_long_enough);
  g_test_add_func ("/sip-servers/retry-after", test_retry_after);
  g_test_add_func ("/sip-servers/back-off", test_back_off);
  g_test_add_func ("/sip-servers/timers", test_timers);
  g_test_add_func ("/sip-servers/service-route", test_service_route);
  g_test_add_func ("/sip-servers/several-contacts", test_several_contacts);
  g_test_add_func ("/sip-servers/public-contact", test_public_contact);
  g_test_add_func ("/sip-servers/no-rport", test_no_rport);
  g_test_add_func ("/sip-servers/keep-alive", test_keep_alive);
  g_test_add_func ("/sip-servers/keep-alive-unanswered", test_keep_alive_unanswered);
  g_test_add_func ("/sip-servers/proxy-in-dialog", test_proxy_in_dialog);

  return g_test_run ();
}
