/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <string.h>

#include "sip-auth.h"
#include "sip-cause.h"
#include "sip-message.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip_parser.h>

typedef struct {
  msg_t *msg;
  sip_t *sip;
} Parsed;

static Parsed
parse (const char *text)
{
  Parsed parsed;

  parsed.msg = msg_make (sip_default_mclass (), 0, text, strlen (text));
  parsed.sip = sip_object (parsed.msg);
  g_assert_nonnull (parsed.sip);
  return parsed;
}

#define REQUEST \
  "INVITE sip:1001@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n" \
  "From: \"J\\\"o\" <sip:%2331@10.0.0.1:5070>;tag=1\r\nTo: <sip:1001@10.0.0.2>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"

static void
test_names (void)
{
  g_autofree char *quoted = phone_sip_message_dup_name ("\"A \\\"B\\\"\"");
  g_autofree char *plain = phone_sip_message_dup_name ("  Bob Smith ");
  g_autofree char *none = phone_sip_message_dup_name (NULL);
  g_autofree char *bad = phone_sip_message_dup_name ("\"\xff\x01x\"");
  g_autofree char *filled = g_strnfill (500, 'a');
  g_autofree char *cut = phone_sip_message_dup_name (filled);

  g_assert_cmpstr (quoted, ==, "A \"B\"");
  g_assert_cmpstr (plain, ==, "Bob Smith");
  g_assert_cmpstr (none, ==, "");
  g_assert_true (g_utf8_validate (bad, -1, NULL));
  g_assert_true (g_str_has_suffix (bad, "x"));
  g_assert_cmpuint (strlen (cut), ==, 99);
}

static void
test_request (void)
{
  Parsed p = parse (REQUEST "Alert-Info: <http://x>;info=alert-autoanswer\r\nX-Odd: one\r\nX-Odd: two\r\n"
                            "P-Asserted-Identity: \"Carol\" <sip:303@pbx>\r\nAccept: text/plain\r\n"
                            "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nhello");
  g_autoptr (PhoneSipUri) from = phone_sip_message_read_url (p.sip->sip_from->a_url);
  g_autofree char *odd = phone_sip_message_dup_header (p.sip, "x-odd");
  PhoneSipSdp *sdp = NULL;

  g_assert_cmpstr (from->user, ==, "#31");
  g_assert_cmpuint (from->port, ==, 5070);
  g_assert_cmpstr (odd, ==, "one, two");
  g_assert_true (phone_sip_message_wants_answer (p.sip));
  g_assert_false (phone_sip_message_accepts_sdp (p.sip));
  g_assert_cmpint (phone_sip_message_read_body (p.sip, &sdp), ==, PHONE_SIP_BODY_BROKEN);
  g_assert_null (sdp);
  msg_destroy (p.msg);
}

/* A parameter must not become part of the host (found by fuzzing). */
static void
test_tricky_address (void)
{
  url_t url[1] = { URL_INIT_AS (sip) };
  url_t odd[1] = { URL_INIT_AS (sip) };
  g_autoptr (PhoneSipUri) uri = NULL;

  url->url_user = "a";
  url->url_host = "10.0.0.1";
  url->url_params = "x=y@evil.example;transport=tcp";
  uri = phone_sip_message_read_url (url);
  g_assert_cmpstr (uri->host, ==, "10.0.0.1");
  g_assert_cmpstr (uri->user, ==, "a");
  g_assert_cmpint (uri->transport, ==, PHONE_TRANSPORT_TCP);

  odd->url_host = "b@evil.example";
  g_assert_null (phone_sip_message_read_url (odd));
}

static void
test_bodies (void)
{
  Parsed none = parse (REQUEST "Content-Length: 0\r\n\r\n");
  Parsed other = parse (REQUEST "Call-Info: <sip:x>;answer-after=0\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");
  Parsed relay = parse (REQUEST "Content-Type: application/dtmf-relay\r\nContent-Length: 24\r\n\r\nSignal=11\r\nDuration=100\r\n");
  PhoneSipSdp *sdp = NULL;

  g_assert_cmpint (phone_sip_message_read_body (none.sip, &sdp), ==, PHONE_SIP_BODY_NONE);
  g_assert_false (phone_sip_message_wants_answer (none.sip));
  g_assert_cmpint (phone_sip_message_read_digit (none.sip), ==, 0);
  g_assert_cmpint (phone_sip_message_read_body (other.sip, &sdp), ==, PHONE_SIP_BODY_OTHER);
  g_assert_true (phone_sip_message_wants_answer (other.sip));
  g_assert_cmpint (phone_sip_message_read_digit (other.sip), ==, -1);
  g_assert_cmpint (phone_sip_message_read_digit (relay.sip), ==, '#');
  msg_destroy (none.msg);
  msg_destroy (other.msg);
  msg_destroy (relay.msg);
}

#define RESPONSE \
  "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n" \
  "Call-ID: x\r\nCSeq: 1 REGISTER\r\n"

static PhoneSipAuthResult
judge (PhoneSipAuth *auth,
       const char   *challenges,
       guint        *n_realms)
{
  g_autofree char *text = g_strconcat (RESPONSE, challenges, "Content-Length: 0\r\n\r\n", NULL);
  Parsed p = parse (text);
  g_autoptr (GPtrArray) realms = NULL;
  PhoneSipAuthResult result = phone_sip_auth_judge (auth, p.sip, &realms);

  *n_realms = realms ? realms->len : 0;
  msg_destroy (p.msg);
  return result;
}

static void
test_challenges (void)
{
  g_autoptr (PhoneSipKeyring) keyring = phone_sip_keyring_new ("u", "p");
  g_autoptr (PhoneSipAuth) auth = phone_sip_auth_new (keyring);
  guint n = 0;

  g_assert_cmpint (judge (auth, "", &n), ==, PHONE_SIP_AUTH_UNSUPPORTED);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Basic realm=\"r\"\r\n", &n), ==, PHONE_SIP_AUTH_UNSUPPORTED);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", algorithm=SHA-512-256\r\n", &n), ==,
                   PHONE_SIP_AUTH_UNSUPPORTED);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", algorithm=SHA-256\r\n"
                                "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", algorithm=MD5\r\n", &n), ==, PHONE_SIP_AUTH_ANSWERED);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\"\r\n", &n), ==, PHONE_SIP_AUTH_REFUSED);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", stale=true\r\n", &n), ==, PHONE_SIP_AUTH_ANSWERED);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\"\r\n", &n), ==, PHONE_SIP_AUTH_ANSWERED);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"3\"\r\n", &n), ==, PHONE_SIP_AUTH_REFUSED);
  phone_sip_auth_reset (auth);
  g_assert_cmpint (judge (auth, "WWW-Authenticate: Digest realm=\"r\", nonce=\"3\"\r\n"
                                "Proxy-Authenticate: Digest realm=\"s\", nonce=\"4\"\r\n", &n), ==, PHONE_SIP_AUTH_ANSWERED);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_causes (void)
{
  const char *text = NULL;

  g_assert_cmpuint (phone_sip_cause_normalise (486, "Busy Here", &text), ==, 486);
  g_assert_cmpstr (text, ==, "Busy Here");
  g_assert_cmpuint (phone_sip_cause_normalise (486, "", &text), ==, 486);
  g_assert_cmpstr (text, ==, "Busy Here");
  g_assert_cmpuint (phone_sip_cause_normalise (904, "x", &text), ==, 401);
  g_assert_cmpstr (text, ==, "No supported authentication method");
  g_assert_cmpuint (phone_sip_cause_normalise (931, NULL, &text), ==, 500);
  g_assert_true (phone_sip_cause_is_redirect (302));
  g_assert_false (phone_sip_cause_is_redirect (486));
  g_assert_true (phone_sip_cause_ends_call (481));
  g_assert_false (phone_sip_cause_ends_call (488));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/message/names", test_names);
  g_test_add_func ("/sip/message/request", test_request);
  g_test_add_func ("/sip/message/tricky-address", test_tricky_address);
  g_test_add_func ("/sip/message/bodies", test_bodies);
  g_test_add_func ("/sip/auth/challenges", test_challenges);
  g_test_add_func ("/sip/cause", test_causes);

  return g_test_run ();
}
