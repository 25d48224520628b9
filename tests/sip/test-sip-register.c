/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Registrations against a scripted registrar on loopback.
 */

static PhoneAccountConfig
make_config (RigPeer    *registrar,
             const char *password)
{
  PhoneAccountConfig config = {
    .account = 1, .enabled = TRUE, .label = "One", .display_name = "Alice \"A\"", .user_name = "1001", .auth_name = "",
    .password = password,
    .servers = { { .address = "127.0.0.1", .port = registrar->port, .transport = PHONE_TRANSPORT_UDP, .expires_s = 300,
                   .retries = 3 } },
    .retry_s = 1, .retry_max_s = 1, .unregister_at_exit = TRUE,
  };

  return config;
}

static void
challenge (RigPeer    *registrar,
           RigMessage *request,
           guint       status,
           const char *realm,
           const char *nonce,
           const char *more)
{
  g_autofree char *header = g_strdup_printf ("%s: Digest realm=\"%s\", nonce=\"%s\"%s\r\n",
                                             status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", realm, nonce, more);

  rig_peer_reply (registrar, request, status, status == 401 ? "Unauthorized" : "Proxy Authentication Required", header, NULL);
}

static void
accept_registration (RigPeer    *registrar,
                     RigMessage *request)
{
  g_autofree char *contact = rig_message_dup_header (request, "Contact");
  g_autofree char *headers = g_strdup_printf ("Contact: %s;expires=300\r\n", contact);

  rig_peer_reply (registrar, request, 200, "OK", headers, NULL);
}

static void
expect_digest (RigMessage *request,
               const char *header,
               const char *user,
               const char *password)
{
  g_free (rig_expect_credentials (request, header, NULL, user, password));
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
leave (RigPhone *phone,
       RigPeer  *registrar)
{
  g_autoptr (RigMessage) goodbye = NULL;
  g_autofree char *expires = NULL;

  phone_signaling_shutdown (phone->signaling);
  goodbye = rig_peer_wait (registrar, "REGISTER");
  expires = rig_message_dup_header (goodbye, "Expires");
  g_assert_cmpstr (expires, ==, "0");
  rig_peer_reply (registrar, goodbye, 200, "OK", NULL, NULL);
  rig_phone_wait (phone, PHONE_EVENT_SIGNALING_STOPPED);
  rig_phone_free (phone);
}

/*
 *      phone                 registrar
 *        |-------REGISTER------->|
 *        |<--401 realm, nonce----|
 *        |--REGISTER + digest--->|
 *        |<---------200----------|
 *        |         ...           |
 *        |--REGISTER Expires: 0->|
 *        |<---------200----------|
 */
static void
test_register (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "se\"cret:1");
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autofree char *contact = NULL, *from = NULL, *call_id = NULL, *wanted = NULL, *wanted_from = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  g_assert_cmpint (rig_phone_wait (phone, PHONE_EVENT_ACCOUNT)->value, ==, PHONE_ACCOUNT_REGISTERING);
  first = rig_peer_wait (registrar, "REGISTER");
  contact = rig_message_dup_header (first, "Contact");
  from = rig_message_dup_header (first, "From");
  call_id = rig_message_dup_header (first, "Call-ID");
  wanted = g_strdup_printf ("<sip:1001@127.0.0.1:%u>", rig_phone_get_port (phone));
  wanted_from = g_strdup_printf ("\"Alice \\\"A\\\"\" <sip:1001@127.0.0.1:%u>;tag=", registrar->port);
  g_assert_cmpstr (contact, ==, wanted);
  g_assert_true (g_str_has_prefix (from, wanted_from));
  g_assert_true (g_regex_match_simple (";tag=[0-9]{20}$", from, 0, 0));
  g_assert_true (g_regex_match_simple ("^0_[0-9]+@127\\.0\\.0\\.1$", call_id, 0, 0));

  challenge (registrar, first, 401, "practice", "abc", ", qop=\"auth\"");
  second = rig_peer_wait (registrar, "REGISTER");
  expect_digest (second, "Authorization", "1001", "se\"cret:1");
  accept_registration (registrar, second);
  g_assert_cmpuint (wait_state (phone, PHONE_ACCOUNT_REGISTERED)->status, ==, 200);

  leave (phone, registrar);
  rig_peer_free (registrar);
}

/* The registrar changes its nonce without saying stale: answered again, not taken for a refusal. */
static void
test_new_nonce (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");

  phone_signaling_set_account (phone->signaling, &config);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (RigMessage) request = rig_peer_wait (registrar, "REGISTER");
      g_autofree char *nonce = g_strdup_printf ("nonce%u", i);

      if (i > 0)
        expect_digest (request, "Authorization", "1001", "secret");
      if (i < 2)
        challenge (registrar, request, 401, "practice", nonce, "");
      else
        accept_registration (registrar, request);
    }
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  leave (phone, registrar);
  rig_peer_free (registrar);
}

/* A registered account whose credentials the server no longer knows: the refresh is challenged afresh. */
static void
test_refresh_with_new_nonce (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");

  phone_signaling_set_account (phone->signaling, &config);
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (RigMessage) first = rig_peer_wait (registrar, "REGISTER");
      g_autoptr (RigMessage) second = NULL;
      g_autofree char *nonce = g_strdup_printf ("round%u", round);

      challenge (registrar, first, 401, "practice", nonce, ", qop=\"auth\"");
      second = rig_peer_wait (registrar, "REGISTER");
      expect_digest (second, "Authorization", "1001", "secret");
      accept_registration (registrar, second);
      if (round == 0)
        wait_state (phone, PHONE_ACCOUNT_REGISTERED);
      rig_run_for (100);
      if (round < 2)
        phone_signaling_refresh (phone->signaling, 0);
    }
  g_assert_cmpuint (rig_phone_count (phone, PHONE_EVENT_ACCOUNT), ==, 2); /* registering, registered: never failed */
  leave (phone, registrar);
  rig_peer_free (registrar);
}

/* Two realms: the proxy asks, then the registrar. */
static void
test_two_realms (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) third = NULL;

  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  challenge (registrar, first, 407, "outside", "aaa", "");
  second = rig_peer_wait (registrar, "REGISTER");
  expect_digest (second, "Proxy-Authorization", "1001", "secret");
  challenge (registrar, second, 401, "inside", "bbb", "");
  third = rig_peer_wait (registrar, "REGISTER");
  expect_digest (third, "Proxy-Authorization", "1001", "secret");
  expect_digest (third, "Authorization", "1001", "secret");
  accept_registration (registrar, third);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  leave (phone, registrar);
  rig_peer_free (registrar);
}

/*
 *      phone                 registrar
 *        |-------REGISTER------->|
 *        |<---------401----------|
 *        |--REGISTER + digest--->|
 *        |<---------401----------|   the same nonce: wrong password
 *        |       (1 s later)     |
 *        |-------REGISTER------->|   the password was mended on the server
 *        |<---------200----------|
 */
static void
test_wrong_password (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "wrong");
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) third = NULL;
  const PhoneEvent *event;

  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  challenge (registrar, first, 401, "practice", "abc", "");
  second = rig_peer_wait (registrar, "REGISTER");
  challenge (registrar, second, 401, "practice", "abc", "");
  event = wait_state (phone, PHONE_ACCOUNT_FAILED);
  g_assert_cmpuint (event->status, ==, 401);
  g_assert_cmpstr (event->text, ==, "Unauthorized");
  third = rig_peer_wait (registrar, "REGISTER");
  accept_registration (registrar, third);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  leave (phone, registrar);
  rig_peer_free (registrar);
}

/* A server that invents a nonce for every refusal gets three answers, not more. */
static void
test_challenge_limit (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "wrong");
  guint requests = 0;

  config.retry_s = 0;
  phone_signaling_set_account (phone->signaling, &config);
  while (requests < 4)
    {
      g_autoptr (RigMessage) request = rig_peer_wait (registrar, "REGISTER");
      g_autofree char *nonce = g_strdup_printf ("nonce%u", ++requests);

      challenge (registrar, request, 401, "practice", nonce, "");
    }
  g_assert_cmpuint (wait_state (phone, PHONE_ACCOUNT_FAILED)->status, ==, 401);
  rig_run_for (300);
  g_assert_false (rig_peer_has (registrar, "REGISTER"));
  rig_phone_free (phone);
  rig_peer_free (registrar);
}

static void
test_refused (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");
  g_autoptr (RigMessage) request = NULL;
  const PhoneEvent *event;

  config.retry_s = 0;
  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (registrar, "REGISTER");
  rig_peer_reply (registrar, request, 404, "Not Found", NULL, NULL);
  event = wait_state (phone, PHONE_ACCOUNT_FAILED);
  g_assert_cmpuint (event->status, ==, 404);
  g_assert_cmpstr (event->text, ==, "Not Found");
  rig_phone_free (phone);
  rig_peer_free (registrar);
}

/* Only an algorithm is offered that nobody here knows: final, with a clear text. */
static void
test_unsupported_digest (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");
  g_autoptr (RigMessage) request = NULL;
  const PhoneEvent *event;

  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (registrar, "REGISTER");
  challenge (registrar, request, 401, "practice", "abc", ", algorithm=SHA-512-256");
  event = wait_state (phone, PHONE_ACCOUNT_FAILED);
  g_assert_cmpuint (event->status, ==, 401);
  g_assert_cmpstr (event->text, ==, "No supported authentication method");
  rig_run_for (1300);
  g_assert_false (rig_peer_has (registrar, "REGISTER"));
  rig_phone_free (phone);
  rig_peer_free (registrar);
}

/* 423: the time the registrar wants is taken. */
static void
test_too_brief (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autofree char *expires = NULL;

  config.servers[0].expires_s = 60;
  phone_signaling_set_account (phone->signaling, &config);
  first = rig_peer_wait (registrar, "REGISTER");
  rig_peer_reply (registrar, first, 423, "Interval Too Brief", "Min-Expires: 1800\r\n", NULL);
  second = rig_peer_wait (registrar, "REGISTER");
  expires = rig_message_dup_header (second, "Expires");
  g_assert_cmpstr (expires, ==, "1800");
  accept_registration (registrar, second);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  leave (phone, registrar);
  rig_peer_free (registrar);
}

/*
 *      phone                 registrar
 *        |-------REGISTER------->|   (silent)
 *        |          408          |   our own time, not timer F
 *        |       (1 s later)     |
 *        |-------REGISTER------->|   (back)
 *        |<---------200----------|
 */
static void
test_silent_registrar (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", &rig_short_timers);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");
  const PhoneEvent *event;
  gboolean registered = FALSE;

  phone_signaling_set_account (phone->signaling, &config);
  event = wait_state (phone, PHONE_ACCOUNT_FAILED);
  g_assert_cmpuint (event->status, ==, 408);
  while (!registered)
    {
      g_autoptr (RigMessage) request = rig_peer_wait (registrar, "REGISTER");

      /* The silent ones are still repeated by the library; the answer to an old one is nobody's. */
      accept_registration (registrar, request);
      rig_run_for (20);
      for (guint i = 0; i < phone->events->len; i++)
        {
          const PhoneEvent *e = g_ptr_array_index (phone->events, i);

          registered = registered || (e->type == PHONE_EVENT_ACCOUNT && e->value == PHONE_ACCOUNT_REGISTERED);
        }
    }
  leave (phone, registrar);
  rig_peer_free (registrar);
}

/* What cannot work says so at once. (TLS has its own test, peers tls: its library ends threads while leaks are looked for.) */
static void
test_impossible_accounts (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *registrar = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (registrar, "secret");
  const PhoneEvent *failed;

  config.retry_s = 0;
  config.servers[0].transport = PHONE_TRANSPORT_UDP;
  config.servers[0].address = "no-such-host.invalid";
  phone_signaling_set_account (phone->signaling, &config);
  /* Which of the two depends on whether there is a name server here. */
  failed = wait_state (phone, PHONE_ACCOUNT_FAILED);
  g_assert_true (failed->fault == PHONE_SIGNALING_FAULT_NO_SERVER || failed->fault == PHONE_SIGNALING_FAULT_NO_DNS);

  config.servers[0].address = "";
  phone_signaling_set_account (phone->signaling, &config);
  g_assert_cmpstr (wait_state (phone, PHONE_ACCOUNT_FAILED)->text, ==, "No server or user name");

  config.enabled = FALSE;
  phone_signaling_set_account (phone->signaling, &config);
  wait_state (phone, PHONE_ACCOUNT_DISABLED);
  rig_phone_free (phone);
  rig_peer_free (registrar);
}

/* The outbound proxy gets everything, as a loose route; the request URI stays the registrar's. */
static void
test_outbound_proxy (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *proxy = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (proxy, "secret");
  g_autoptr (RigMessage) request = NULL;
  g_autoptr (RigMessage) invite = NULL;
  g_autoptr (RigMessage) ack = NULL;
  g_autofree char *route = NULL, *call_route = NULL, *wanted = NULL;

  config.servers[0].address = "example.invalid";
  config.servers[0].port = 5060;
  config.use_proxy = TRUE;
  config.proxies[0].address = "localhost";
  config.proxies[0].port = proxy->port;
  wanted = g_strdup_printf ("<sip:localhost:%u;lr>", proxy->port);
  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (proxy, "REGISTER sip:example.invalid SIP/2.0");
  route = rig_message_dup_header (request, "Route");
  g_assert_cmpstr (route, ==, wanted);
  accept_registration (proxy, request);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);

  rig_phone_dial (phone, 1, "1002");
  invite = rig_peer_wait (proxy, "INVITE sip:1002@example.invalid SIP/2.0");
  call_route = rig_message_dup_header (invite, "Route");
  g_assert_cmpstr (call_route, ==, wanted);
  rig_peer_reply (proxy, invite, 486, "Busy Here", NULL, NULL);
  ack = rig_peer_wait (proxy, "ACK");
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 486);

  leave (phone, proxy);
  rig_peer_free (proxy);
}

/* INVITE is challenged as well; the Contact is that of the registration; TCP says so in it. */
static void
test_challenged_invite_over_tcp (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *server = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (server, "secret");
  g_autoptr (RigMessage) request = NULL;
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) third = NULL;
  g_autofree char *authorization = NULL, *contact = NULL;

  config.servers[0].transport = PHONE_TRANSPORT_TCP;
  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (server, "REGISTER");
  g_assert_true (request->by_tcp);
  contact = rig_message_dup_header (request, "Contact");
  g_assert_nonnull (strstr (contact, ";transport=tcp>"));
  accept_registration (server, request);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);

  rig_phone_dial (phone, 1, "1002");
  first = rig_peer_wait (server, "INVITE");
  g_assert_true (first->by_tcp);
  challenge (server, first, 407, "calls", "xyz", ", qop=\"auth\"");
  second = rig_peer_wait (server, "INVITE");
  authorization = rig_expect_credentials (second, "Proxy-Authorization", "calls", "1001", "secret");
  challenge (server, second, 407, "calls", "xyz", ", qop=\"auth\"");
  g_assert_cmpuint (rig_phone_wait (phone, PHONE_EVENT_TERMINATED)->status, ==, 407);

  rig_phone_settle (phone);
  leave (phone, server);
  rig_peer_free (server);
}

/* A request for the registered Contact belongs to the account, whoever sends it; others are direct-IP calls. */
static void
test_incoming_for_account (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *server = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (server, "secret");
  RigPhone *caller = rig_phone_new ("127.0.0.1", NULL);
  g_autoptr (RigMessage) request = NULL;
  g_autofree char *target = rig_phone_dup_target (phone, "1001");
  g_autofree char *other = rig_phone_dup_target (phone, "777");
  g_autofree char *number = g_strdup_printf ("127.0.0.1:%u", rig_phone_get_port (caller));
  const PhoneEvent *event;

  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (server, "REGISTER");
  accept_registration (server, request);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);

  rig_phone_dial (caller, 0, target);
  event = rig_phone_wait (phone, PHONE_EVENT_INCOMING);
  g_assert_cmpuint (event->account, ==, 1);
  g_assert_cmpstr (event->text, ==, "1001");
  phone_signaling_reject (phone->signaling, event->call, 486);
  g_assert_cmpuint (rig_phone_wait (caller, PHONE_EVENT_TERMINATED)->status, ==, 486);

  rig_phone_dial (caller, 0, other);
  event = rig_phone_wait (phone, PHONE_EVENT_INCOMING);
  g_assert_cmpuint (event->account, ==, 0);
  g_assert_cmpstr (event->number, ==, number);
  phone_signaling_reject (phone->signaling, event->call, 603);
  rig_phone_wait (caller, PHONE_EVENT_TERMINATED);

  g_assert_true (phone_settings_set (phone->settings, PHONE_LAYER_LOCAL, PHONE_SETTING_DIRECT_IP, 0, 0, "0", NULL));
  rig_phone_dial (caller, 0, other);
  g_assert_cmpuint (rig_phone_wait (caller, PHONE_EVENT_TERMINATED)->status, ==, 404);

  rig_phone_free (caller);
  leave (phone, server);
  rig_peer_free (server);
}

/* An account that is to stay registered sends no un-REGISTER. */
static void
test_stays_registered (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *server = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (server, "secret");
  g_autoptr (RigMessage) request = NULL;

  config.unregister_at_exit = FALSE;
  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (server, "REGISTER");
  accept_registration (server, request);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  phone_signaling_shutdown (phone->signaling);
  rig_phone_wait (phone, PHONE_EVENT_SIGNALING_STOPPED);
  rig_run_for (200);
  g_assert_false (rig_peer_has (server, "REGISTER"));
  rig_peer_free (server);
}

/* A registrar that is silent at shutdown costs no more than three seconds. */
static void
test_silent_goodbye (void)
{
  RigPhone *phone = rig_phone_new ("127.0.0.1", NULL);
  RigPeer *server = rig_peer_new ("127.0.0.1");
  PhoneAccountConfig config = make_config (server, "secret");
  g_autoptr (RigMessage) request = NULL;
  gint64 start;

  phone_signaling_set_account (phone->signaling, &config);
  request = rig_peer_wait (server, "REGISTER");
  accept_registration (server, request);
  wait_state (phone, PHONE_ACCOUNT_REGISTERED);
  start = g_get_monotonic_time ();
  phone_signaling_shutdown (phone->signaling);
  rig_phone_wait (phone, PHONE_EVENT_SIGNALING_STOPPED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_assert_true (rig_peer_has (server, "REGISTER"));
  rig_peer_free (server);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/register/ok", test_register);
  g_test_add_func ("/sip/register/new-nonce", test_new_nonce);
  g_test_add_func ("/sip/register/refresh-with-new-nonce", test_refresh_with_new_nonce);
  g_test_add_func ("/sip/register/two-realms", test_two_realms);
  g_test_add_func ("/sip/register/wrong-password", test_wrong_password);
  g_test_add_func ("/sip/register/challenge-limit", test_challenge_limit);
  g_test_add_func ("/sip/register/refused", test_refused);
  g_test_add_func ("/sip/register/unsupported-digest", test_unsupported_digest);
  g_test_add_func ("/sip/register/too-brief", test_too_brief);
  g_test_add_func ("/sip/register/silent", test_silent_registrar);
  g_test_add_func ("/sip/register/impossible", test_impossible_accounts);
  g_test_add_func ("/sip/register/outbound-proxy", test_outbound_proxy);
  g_test_add_func ("/sip/register/challenged-invite", test_challenged_invite_over_tcp);
  g_test_add_func ("/sip/register/incoming", test_incoming_for_account);
  g_test_add_func ("/sip/register/stays", test_stays_registered);
  g_test_add_func ("/sip/register/silent-goodbye", test_silent_goodbye);

  return g_test_run ();
}
