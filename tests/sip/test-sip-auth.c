/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Digest authentication on the wire, against a scripted server on loopback: every kind of challenge, every kind of request.
 * The rig computes each digest once more by itself, over the request as it arrived.
 */

#define USER "a\"1001"
#define PASSWORD "se\"c:r\\et"

typedef struct {
  RigPhone *phone;
  RigPeer  *server;
} Pair;

static void
open_pair (Pair *pair)
{
  PhoneAccountConfig config = {
    .account = 1, .enabled = TRUE, .label = "One", .display_name = "", .user_name = "1001", .auth_name = USER, .password = PASSWORD,
    .servers = { { .address = "127.0.0.1", .transport = PHONE_TRANSPORT_UDP, .expires_s = 300, .retries = 3 } }, .unregister_at_exit = TRUE,
  };

  pair->phone = rig_phone_new ("127.0.0.1", NULL);
  pair->server = rig_peer_new ("127.0.0.1");
  config.servers[0].port = pair->server->port;
  phone_signaling_set_account (pair->phone->signaling, &config);
}

static void
challenge (Pair       *pair,
           RigMessage *request,
           guint       status,
           const char *headers)
{
  rig_peer_reply (pair->server, request, status, status == 401 ? "Unauthorized" : "Proxy Authentication Required", headers, NULL);
}

static void
accept (Pair       *pair,
        RigMessage *request,
        const char *headers)
{
  g_autofree char *contact = rig_message_dup_header (request, "Contact");
  g_autofree char *all = g_strdup_printf ("Contact: %s;expires=300\r\n%s", contact, headers ? headers : "");

  rig_peer_reply (pair->server, request, 200, "OK", all, NULL);
}

static const PhoneEvent *
wait_state (Pair              *pair,
            PhoneAccountState  state)
{
  const PhoneEvent *event;

  do
    event = rig_phone_wait (pair->phone, PHONE_EVENT_ACCOUNT);
  while (event->value != (int) state);

  return event;
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

/* Waits for a request with credentials that is the one before sent again. */
static RigMessage *
wait_again (Pair       *pair,
            RigMessage *first)
{
  g_autofree char *method = g_strndup (first->text, strcspn (first->text, " "));
  RigMessage *second = rig_peer_wait (pair->server, method);

  rig_expect_again (first, second);
  return second;
}

static void
close_pair (Pair *pair)
{
  rig_phone_free (pair->phone);
  rig_peer_free (pair->server);
}

/* Un-REGISTER is challenged as everything else. */
static void
leave (Pair       *pair,
       const char *nonce,
       const char *nc)
{
  g_autoptr (RigMessage) goodbye = NULL;
  g_autoptr (RigMessage) again = NULL;
  g_autofree char *expires = NULL;

  phone_signaling_shutdown (pair->phone->signaling);
  goodbye = rig_peer_wait (pair->server, "REGISTER");
  expires = rig_message_dup_header (goodbye, "Expires");
  g_assert_cmpstr (expires, ==, "0");
  if (nonce)
    expect (goodbye, "Authorization", NULL, nonce, nc);
  challenge (pair, goodbye, 401, "WWW-Authenticate: Digest realm=\"last\", nonce=\"end\", qop=\"auth\", algorithm=SHA-256\r\n");
  again = wait_again (pair, goodbye);
  expect (again, "Authorization", "last", "end", "00000001");
  rig_peer_reply (pair->server, again, 200, "OK", NULL, NULL);
  rig_phone_wait (pair->phone, PHONE_EVENT_SIGNALING_STOPPED);
  close_pair (pair);
}

#define W "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\""

static const struct {
  const char *name;
  const char *headers;
  const char *algorithm;     /* NULL: cannot be answered */
  const char *qop;
} kinds[] = {
  { "plain", W "\r\n", "", "" },
  { "qop-auth", W ", qop=\"auth\"\r\n", "", "auth" },
  { "qop-unquoted", W ", qop=auth\r\n", "", "auth" },
  { "qop-auth-int", W ", qop=\"auth-int\"\r\n", "", "auth-int" },
  { "qop-both", W ", qop=\"auth-int,auth\"\r\n", "", "auth" },
  { "qop-unknown-and-known", W ", qop=\"other,auth\"\r\n", "", "auth" },
  { "qop-unknown", W ", qop=\"other\"\r\n", NULL, NULL },
  { "md5-named", W ", algorithm=MD5, qop=\"auth\"\r\n", "MD5", "auth" },
  { "md5-sess", W ", algorithm=MD5-sess, qop=\"auth\"\r\n", "MD5-sess", "auth" },
  { "md5-sess-without-qop", W ", algorithm=MD5-sess\r\n", "MD5-sess", "" },
  { "sha-256", W ", algorithm=SHA-256, qop=\"auth\"\r\n", "SHA-256", "auth" },
  { "sha-256-quoted", W ", algorithm=\"sha-256\"\r\n", "SHA-256", "" },
  { "sha-256-auth-int", W ", algorithm=SHA-256, qop=\"auth-int\"\r\n", "SHA-256", "auth-int" },
  { "sha-256-sess", W ", algorithm=SHA-256-sess, qop=\"auth,auth-int\"\r\n", "SHA-256-sess", "auth" },
  { "md5-then-sha", W ", algorithm=MD5, qop=\"auth\"\r\n" W ", algorithm=SHA-256, qop=\"auth\"\r\n", "SHA-256", "auth" },
  { "sha-then-md5", W ", algorithm=SHA-256, qop=\"auth\"\r\n" W ", algorithm=MD5, qop=\"auth\"\r\n", "SHA-256", "auth" },
  { "unknown-then-md5", W ", algorithm=SHA-512-256\r\n" W ", qop=\"auth\"\r\n", "", "auth" },
  { "unknown-only", W ", algorithm=SHA-512-256, qop=\"auth\"\r\n", NULL, NULL },
  { "basic-beside", "WWW-Authenticate: Basic realm=\"r\"\r\n" W "\r\n", "", "" },
  { "basic-only", "WWW-Authenticate: Basic realm=\"r\"\r\n", NULL, NULL },
  { "other-scheme-beside", "WWW-Authenticate: Bearer realm=\"r\", scope=\"x\"\r\n" W "\r\n", "", "" },
  { "other-realm-unknown", "WWW-Authenticate: Digest realm=\"s\", nonce=\"m\", algorithm=X\r\n" W "\r\n", "", "" },
  { "other-realm-other-scheme", "WWW-Authenticate: Basic realm=\"s\"\r\n" W "\r\n", NULL, NULL },
  { "escapes", "WWW-Authenticate: Digest realm=\"r\\\"\\\\\", nonce=\"n\", opaque=\"o\\\"\", qop=\"auth\"\r\n", "", "auth" },
  { "nothing", "", NULL, NULL },
  { "no-nonce", "WWW-Authenticate: Digest realm=\"r\"\r\n", NULL, NULL },
  { "no-realm", "WWW-Authenticate: Digest nonce=\"n\"\r\n", NULL, NULL },
  { "realm-unquoted", "WWW-Authenticate: Digest realm=r, nonce=\"n\"\r\n", NULL, NULL },
  { "open-quote", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\r\n", NULL, NULL },
  { "garbage", "WWW-Authenticate: \"\x01,=;\r\n", NULL, NULL },
  { "garbage-beside", "WWW-Authenticate: ,,=\r\n" W "\r\n", "", "" },
};
#undef W

static gboolean
has_failed_or_asks (gpointer data)
{
  Pair *pair = data;
  const PhoneEvent *last = g_ptr_array_index (pair->phone->events, pair->phone->events->len - 1);

  return last->value == PHONE_ACCOUNT_FAILED || rig_peer_has (pair->server, "REGISTER");
}

/* A challenge without realm is none for the library: it tries again without credentials, three times at most. */
static void
refuse_on (Pair       *pair,
           const char *headers)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (RigMessage) request = NULL;

      rig_run_until (has_failed_or_asks, pair, "the end of a registration");
      if (!rig_peer_has (pair->server, "REGISTER"))
        return;
      request = rig_peer_wait (pair->server, "REGISTER");
      g_assert_null (strstr (request->text, "uthorization:"));
      challenge (pair, request, 401, headers);
    }
}

static void
test_kind (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Pair pair;
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;

  open_pair (&pair);
  first = rig_peer_wait (pair.server, "REGISTER");
  g_assert_null (strstr (first->text, "uthorization:"));
  challenge (&pair, first, 401, kinds[i].headers);

  if (kinds[i].algorithm)
    {
      g_autofree char *header = NULL, *algorithm = NULL, *qop = NULL;

      second = wait_again (&pair, first);
      header = rig_expect_credentials (second, "Authorization", NULL, USER, PASSWORD);
      algorithm = rig_dup_parameter (header, "algorithm");
      qop = rig_dup_parameter (header, "qop");
      g_assert_cmpstr (algorithm, ==, kinds[i].algorithm);
      g_assert_cmpstr (qop, ==, kinds[i].qop);
      accept (&pair, second, NULL);
      wait_state (&pair, PHONE_ACCOUNT_REGISTERED);
      leave (&pair, "n", *kinds[i].qop ? "00000002" : "");
    }
  else
    {
      const PhoneEvent *event;

      refuse_on (&pair, kinds[i].headers);
      event = wait_state (&pair, PHONE_ACCOUNT_FAILED);
      g_assert_cmpuint (event->status, ==, 401);
      g_assert_cmpint (event->fault, ==, PHONE_SIGNALING_FAULT_AUTHENTICATION);
      rig_run_for (50);
      g_assert_false (rig_peer_has (pair.server, "REGISTER"));
      close_pair (&pair);
    }
}

/* A challenge of 6 kB, and sixty realms: not answered, and the phone is there afterwards. */
static void
test_huge (void)
{
  g_autofree char *filled = g_strnfill (6000, 'x');
  g_autofree char *huge = g_strdup_printf ("WWW-Authenticate: Digest realm=\"r\", nonce=\"%s\"\r\n", filled);
  g_autoptr (GString) many = g_string_new (NULL);
  const char *const headers[] = { huge, NULL };
  Pair pair;

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (many, "WWW-Authenticate: Digest realm=\"r%u\", nonce=\"n%u\"\r\n", i, i);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (RigMessage) first = NULL;
      g_autoptr (RigMessage) second = NULL;

      open_pair (&pair);
      first = rig_peer_wait (pair.server, "REGISTER");
      challenge (&pair, first, 401, headers[i] ? headers[i] : many->str);
      refuse_on (&pair, headers[i] ? headers[i] : many->str);
      g_assert_cmpstr (wait_state (&pair, PHONE_ACCOUNT_FAILED)->text, ==, "No supported authentication method");
      phone_signaling_refresh (pair.phone->signaling, 0);
      second = rig_peer_wait (pair.server, "REGISTER");
      accept (&pair, second, NULL);
      wait_state (&pair, PHONE_ACCOUNT_REGISTERED);
      leave (&pair, NULL, NULL);
    }
}

/*
 *      phone                 registrar
 *        |-------REGISTER------->|
 *        |<---------401----------|   nonce 1
 *        |----nonce 1, nc 1----->|
 *        |<---------200----------|
 *        |----nonce 1, nc 2----->|   refresh: in advance
 *        |<--401 nonce 2, stale--|
 *        |----nonce 2, nc 1----->|
 *        |<---------200----------|   nextnonce 3
 *        |----nonce 3, nc 1----->|   refresh
 *        |<------401 nonce 4-----|   without stale
 *        |----nonce 4, nc 1----->|
 */
static void
test_refresh (void)
{
  static const struct {
    const char *nonce;
    const char *nc;
    const char *challenge;
    const char *new_nonce;
    const char *more;
    gboolean    registrar_asks;
  } rounds[] = {
    { "1", "00000002", "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\", qop=\"auth\", algorithm=SHA-256, stale=true\r\n", "2",
      "Authentication-Info: nextnonce=\"3\"\r\n", TRUE },
    { "3", "00000001", "WWW-Authenticate: Digest realm=\"r\", nonce=\"4\", qop=\"auth\", algorithm=SHA-256\r\n", "4", NULL, TRUE },
    { "4", "00000002", NULL, "4", NULL, FALSE },
  };
  Pair pair;
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;

  open_pair (&pair);
  first = rig_peer_wait (pair.server, "REGISTER");
  challenge (&pair, first, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=SHA-256\r\n");
  second = wait_again (&pair, first);
  expect (second, "Authorization", "r", "1", "00000001");
  accept (&pair, second, NULL);
  wait_state (&pair, PHONE_ACCOUNT_REGISTERED);

  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    {
      g_autoptr (RigMessage) request = NULL;
      g_autoptr (RigMessage) again = NULL;

      phone_signaling_refresh (pair.phone->signaling, 0);
      request = rig_peer_wait (pair.server, "REGISTER");
      expect (request, "Authorization", "r", rounds[i].nonce, rounds[i].nc);
      if (!rounds[i].challenge)
        {
          accept (&pair, request, NULL);
          rig_run_for (50);
          continue;
        }
      challenge (&pair, request, 401, rounds[i].challenge);
      again = wait_again (&pair, request);
      expect (again, "Authorization", "r", rounds[i].new_nonce, "00000001");
      accept (&pair, again, rounds[i].more);
      rig_run_for (50);
    }

  g_assert_cmpuint (rig_phone_count (pair.phone, PHONE_EVENT_ACCOUNT), ==, 2); /* registering, registered: never failed */
  leave (&pair, "4", "00000003");
}

/* A proxy and a registrar, one after the other, then both at once, then two proxies at once. */
static void
test_realms (void)
{
  Pair pair;
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  g_autoptr (RigMessage) third = NULL;
  g_autoptr (RigMessage) fourth = NULL;
  g_autoptr (RigMessage) refresh = NULL;

  open_pair (&pair);
  first = rig_peer_wait (pair.server, "REGISTER");
  challenge (&pair, first, 407, "Proxy-Authenticate: Digest realm=\"p1\", nonce=\"1\", qop=\"auth\"\r\n"
                                "Proxy-Authenticate: Digest realm=\"p2\", nonce=\"2\", qop=\"auth\", algorithm=SHA-256\r\n");
  second = wait_again (&pair, first);
  expect (second, "Proxy-Authorization", "p1", "1", "00000001");
  expect (second, "Proxy-Authorization", "p2", "2", "00000001");
  challenge (&pair, second, 401, "WWW-Authenticate: Digest realm=\"p1\", nonce=\"3\"\r\n");
  third = wait_again (&pair, second);
  expect (third, "Proxy-Authorization", "p1", "1", "00000002");
  expect (third, "Proxy-Authorization", "p2", "2", "00000002");
  expect (third, "Authorization", "p1", "3", "");
  challenge (&pair, third, 401, "WWW-Authenticate: Digest realm=\"p1\", nonce=\"4\", stale=true\r\n"
                                "Proxy-Authenticate: Digest realm=\"p1\", nonce=\"5\", qop=\"auth\"\r\n");
  fourth = wait_again (&pair, third);
  expect (fourth, "Proxy-Authorization", "p1", "5", "00000001");
  expect (fourth, "Proxy-Authorization", "p2", "2", "00000003");
  expect (fourth, "Authorization", "p1", "4", "");
  accept (&pair, fourth, NULL);
  wait_state (&pair, PHONE_ACCOUNT_REGISTERED);

  phone_signaling_refresh (pair.phone->signaling, 0);
  refresh = rig_peer_wait (pair.server, "REGISTER");
  expect (refresh, "Proxy-Authorization", "p1", "5", "00000002");
  expect (refresh, "Proxy-Authorization", "p2", "2", "00000004");
  expect (refresh, "Authorization", "p1", "4", "");
  accept (&pair, refresh, NULL);
  rig_run_for (50);
  leave (&pair, "4", "");
}

/* The same nonce refused again: the password is wrong, and that is what is said. */
static void
test_wrong_password (void)
{
  Pair pair;
  g_autoptr (RigMessage) first = NULL;
  g_autoptr (RigMessage) second = NULL;
  const PhoneEvent *event;

  open_pair (&pair);
  first = rig_peer_wait (pair.server, "REGISTER");
  challenge (&pair, first, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=SHA-256\r\n"
                                "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=MD5\r\n");
  second = wait_again (&pair, first);
  challenge (&pair, second, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=SHA-256\r\n"
                                 "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=MD5\r\n");
  event = wait_state (&pair, PHONE_ACCOUNT_FAILED);
  g_assert_cmpuint (event->status, ==, 401);
  g_assert_cmpstr (event->text, ==, "Unauthorized");
  g_assert_cmpint (event->fault, ==, PHONE_SIGNALING_FAULT_NONE);
  rig_run_for (50);
  g_assert_false (rig_peer_has (pair.server, "REGISTER"));
  close_pair (&pair);
}

/* "stale" for ever is a loop: three answers, not more. */
static void
test_stale_for_ever (void)
{
  Pair pair;

  open_pair (&pair);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (RigMessage) request = rig_peer_wait (pair.server, "REGISTER");
      g_autofree char *header = g_strdup_printf ("WWW-Authenticate: Digest realm=\"r\", nonce=\"%u\", stale=true\r\n", i);

      challenge (&pair, request, 401, header);
    }
  g_assert_cmpuint (wait_state (&pair, PHONE_ACCOUNT_FAILED)->status, ==, 401);
  rig_run_for (50);
  g_assert_false (rig_peer_has (pair.server, "REGISTER"));
  close_pair (&pair);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strconcat ("/sip/auth/register/", kinds[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_kind);
    }
  g_test_add_func ("/sip/auth/register/huge", test_huge);
  g_test_add_func ("/sip/auth/register/refresh", test_refresh);
  g_test_add_func ("/sip/auth/register/realms", test_realms);
  g_test_add_func ("/sip/auth/register/wrong-password", test_wrong_password);
  g_test_add_func ("/sip/auth/register/stale-for-ever", test_stale_for_ever);

  return g_test_run ();
}
