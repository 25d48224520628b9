/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-digest.h"
#include "sip-keyring.h"

#include <string.h>

/*
 * Challenges and credentials as text. The digests wanted are numbers from elsewhere: those of the examples in RFC 2617 §3.5
 * and RFC 7616 §3.9.1, the others computed with Python's hashlib.
 */

static PhoneSipDigestChallenge *
only (GPtrArray *challenges)
{
  g_assert_cmpuint (challenges->len, ==, 1);
  return g_ptr_array_index (challenges, 0);
}

static void
expect_one (const char              *text,
            PhoneSipDigestAlgorithm  algorithm,
            PhoneSipDigestQop        qop)
{
  g_autoptr (GPtrArray) challenges = phone_sip_digest_parse (text);

  g_assert_cmpint (only (challenges)->algorithm, ==, algorithm);
  g_assert_cmpint (only (challenges)->qop, ==, qop);
  g_assert_cmpstr (only (challenges)->realm, ==, "r");
  g_assert_cmpstr (only (challenges)->nonce, ==, "n");
}

static void
test_parse (void)
{
  g_autoptr (GPtrArray) full = phone_sip_digest_parse (
    "dIGEST  realm = \"a \\\"b\\\\\" ,\r\n nonce=\"x=,y\", opaque=\"\", stale=TRUE,algorithm=\"sha-256\", domain=\"sip:x\", "
    "charset=UTF-8, userhash=true, qop=\"auth-int, auth\", new=thing");

  g_assert_cmpstr (only (full)->realm, ==, "a \\\"b\\\\");
  g_assert_cmpstr (only (full)->nonce, ==, "x=,y");
  g_assert_cmpstr (only (full)->opaque, ==, "");
  g_assert_true (only (full)->stale);
  g_assert_true (only (full)->userhash);
  g_assert_true (only (full)->named);
  g_assert_cmpint (only (full)->algorithm, ==, PHONE_SIP_DIGEST_SHA_256);
  g_assert_cmpint (only (full)->qop, ==, PHONE_SIP_DIGEST_QOP_AUTH);

#define D "Digest realm=\"r\",nonce=\"n\""
  expect_one (D, PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one (D ",algorithm=md5-SESS", PHONE_SIP_DIGEST_MD5_SESS, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one (D ",algorithm=SHA-256-sess", PHONE_SIP_DIGEST_SHA_256_SESS, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one (D ",algorithm=SHA-512-256", PHONE_SIP_DIGEST_UNKNOWN, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one (D ",algorithm=MD5,algorithm=SHA-256", PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one (D ",qop=auth", PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_AUTH);
  expect_one (D ",qop=\"auth-int\"", PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_AUTH_INT);
  expect_one (D ",qop=\"token auth-int\"", PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_AUTH_INT);
  expect_one (D ",qop=\"token\"", PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_UNKNOWN);
  expect_one (D ",qop=\"\"", PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one ("Basic realm=\"r\", Negotiate, NTLM dGhl/aT==, " D ", Bearer realm=\"n\"", PHONE_SIP_DIGEST_MD5,
              PHONE_SIP_DIGEST_QOP_NONE);
}

static void
test_several (void)
{
  g_autoptr (GPtrArray) all = phone_sip_digest_parse (
    "Digest realm=\"one\", nonce=\"1\", algorithm=MD5, Digest realm=\"two\", nonce=\"2\", algorithm=SHA-512-256, "
    "Digest realm=\"one\", nonce=\"3\", algorithm=SHA-256-sess, Digest realm=\"one\", nonce=\"4\", algorithm=SHA-256, "
    "Digest realm=\"three\", nonce=\"5\", qop=\"other\", Digest realm=\"four\", nonce=\"6\", algorithm=MD5-sess, "
    "Digest realm=\"four\", nonce=\"7\", algorithm=MD5");
  g_autoptr (GPtrArray) chosen = phone_sip_digest_choose (all);

  g_assert_cmpuint (all->len, ==, 7);
  g_assert_cmpuint (chosen->len, ==, 2);
  g_assert_cmpstr (((PhoneSipDigestChallenge *) chosen->pdata[0])->nonce, ==, "3"); /* SHA-256 first, then the server's order */
  g_assert_cmpstr (((PhoneSipDigestChallenge *) chosen->pdata[1])->nonce, ==, "6");
}

/* What cannot be used is left out and takes nothing else with it. */
static void
test_broken (void)
{
  static const char *const useless[] = {
    "", ",,,", "Digest", "Digest realm=\"r\"", "Digest nonce=\"n\"", "Digest realm=r, nonce=\"n\"", "Digest realm=\"r\", nonce=n",
    "Digest realm=\"r\", nonce=", "Digest realm=\"r\" nonce=\"n\"", "Digest realm=\"r\rX: y\", nonce=\"n\"",
    "Digest realm=\"r\", nonce=\"n\x01\"", "Digest realm=\"r\", nonce=\"n\", qop==auth", "=", "Digest =x, realm=\"r\"",
  };
  static const char *const open[] = { "\"", "Digest realm=\"r\", nonce=\"n", "Digest realm=\"r\", nonce=\"n\\\"" };
  g_autofree char *filled = g_strnfill (3000, 'a');
  g_autofree char *huge = g_strdup_printf ("Digest realm=\"r\", nonce=\"%s\", " D, filled);
  g_autofree char *long_name = g_strdup_printf (D ", %s=1, " D, filled);
  g_autoptr (GString) many = g_string_new (D);
  g_autoptr (GString) flood = g_string_new (NULL);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) some = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (useless); i++)
    {
      g_autoptr (GPtrArray) empty = phone_sip_digest_parse (useless[i]);
      g_autofree char *more = g_strconcat (useless[i], ", " D, NULL);

      g_assert_cmpuint (empty->len, ==, 0);
      expect_one (more, PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_NONE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    {
      g_autoptr (GPtrArray) empty = phone_sip_digest_parse (open[i]);

      g_assert_cmpuint (empty->len, ==, 0);
    }

  expect_one (huge, PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_NONE);
  expect_one (long_name, PHONE_SIP_DIGEST_MD5, PHONE_SIP_DIGEST_QOP_NONE);
  for (guint i = 0; i < 40; i++)
    g_string_append (many, ", x=1");
  none = phone_sip_digest_parse (many->str);
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < 1000; i++)
    g_string_append (flood, D ", ");
  some = phone_sip_digest_parse (flood->str);
  g_assert_cmpuint (some->len, ==, 16);
#undef D
}

static void
expect_response (const char *text,
                 const char *response)
{
  g_autofree char *wanted = g_strdup_printf ("response=\"%s\"", response);

  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, wanted));
}

static void
test_known_examples (void)
{
  g_autoptr (GPtrArray) old = phone_sip_digest_parse ("Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
                                                      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"o1\"");
  PhoneSipDigestRequest request = {
    .user = "Mufasa", .password = "Circle Of Life", .method = "GET", .uri = "/dir/index.html", .cnonce = "0a4f113b", .count = 1,
  };
  g_autofree char *answer = phone_sip_digest_write (only (old), &request);
  static const struct {
    const char *algorithm;
    const char *response;
  } newer[] = {
    { "MD5", "8ca523f5e9506fed4657c9700eebdbec" },
    { "SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" },
  };

  g_assert_cmpstr (answer, ==,
                   "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                   "uri=\"/dir/index.html\", response=\"6629fae49393a05397450978507c4ef1\", cnonce=\"0a4f113b\", qop=auth, "
                   "nc=00000001, opaque=\"o1\"");

  request.password = "Circle of Life";
  request.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  for (guint i = 0; i < G_N_ELEMENTS (newer); i++)
    {
      g_autofree char *text = g_strdup_printf ("Digest realm=\"http-auth@example.org\", qop=\"auth\", algorithm=%s, "
                                               "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"", newer[i].algorithm);
      g_autofree char *named = g_strdup_printf (", algorithm=%s,", newer[i].algorithm);
      g_autoptr (GPtrArray) challenges = phone_sip_digest_parse (text);
      g_autofree char *value = phone_sip_digest_write (only (challenges), &request);

      expect_response (value, newer[i].response);
      g_assert_nonnull (strstr (value, named));
    }
}

static const struct {
  const char *more;
  const char *body;
  const char *response;
} vectors[] = {
  { "", "", "86a2ecc7b35294e1e5e2278c88453990" },
  { ", qop=\"auth\"", "", "dc260e5d3cc2d7b7b51ac302f33a671d" },
  { ", qop=\"auth-int\"", "", "5c7c2a1c13da02d305380ad076ae4181" },
  { ", qop=\"auth-int\"", "v=0\r\n", "abae2f5edf00728422a00b09d2d644d9" },
  { ", algorithm=MD5-sess", "", "84742fc981bafada8f8e024757b63568" },
  { ", algorithm=MD5-sess, qop=\"auth\"", "v=0\r\n", "62149b603978d87da18b106bbbc2b504" },
  { ", algorithm=MD5-sess, qop=\"auth-int\"", "", "990bb3518623bce7816d415319d7e9b6" },
  { ", algorithm=MD5-sess, qop=\"auth-int\"", "v=0\r\n", "b9d438a8385fa69e8bd166ab0ef3cd8a" },
  { ", algorithm=SHA-256", "", "b07a82b3b56b19d9fea27f136b5d3a6c80e72335da4ff0b3b2cc44cf027e4643" },
  { ", algorithm=SHA-256, qop=\"auth\"", "", "5e9c18f6fc96d97e8e3e85613de9918b87b680b06f09eea1469a5c5f0d9d4558" },
  { ", algorithm=SHA-256, qop=\"auth-int\"", "", "edb68fbc1f8f5f2f0ed7fbde3a599efd78c32d7e0ebb1137368bef9dfb1ddb5c" },
  { ", algorithm=SHA-256, qop=\"auth-int\"", "v=0\r\n", "c8f47c96433b139348d6d19df21ca79bd3301c4354390f68fa51738f3323ddd3" },
  { ", algorithm=SHA-256-sess", "", "82dee49bb6456fe6cd522bc2de5151b4c1dbe3fed0f3086a18a0cdb500dfee79" },
  { ", algorithm=SHA-256-sess, qop=\"auth\"", "", "e63b4e3402790fc9654fe7979e93079d75abe8a1e55bdb82a5030386d6656090" },
  { ", algorithm=SHA-256-sess, qop=\"auth-int\"", "", "4ea02218778c96943e20c84284fc5b517504684c7b2331a405285fd46a6b6e76" },
  { ", algorithm=SHA-256-sess, qop=\"auth-int\"", "v=0\r\n",
    "b1b1a5a2134234fc7522512b3b49b625d4516edfea89547e24a928d40ef63d39" },
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *text = g_strconcat ("Digest realm=\"practice\", nonce=\"n1\"", vectors[i].more, NULL);
      g_autoptr (GPtrArray) challenges = phone_sip_digest_parse (text);
      PhoneSipDigestRequest request = {
        .user = "1001", .password = "se\"c:r\\et", .method = "INVITE", .uri = "sip:1002@example.com", .cnonce = "c1", .count = 10,
        .body = vectors[i].body, .body_length = strlen (vectors[i].body),
      };
      g_autofree char *answer = phone_sip_digest_write (only (challenges), &request);
      gboolean session = strstr (vectors[i].more, "sess") != NULL;
      gboolean counted = strstr (vectors[i].more, "qop") != NULL;

      expect_response (answer, vectors[i].response);
      g_assert_cmpint (strstr (answer, "nc=0000000a") != NULL, ==, counted);
      g_assert_cmpint (strstr (answer, "cnonce=\"c1\"") != NULL, ==, counted || session);
      g_assert_null (strstr (answer, "se\"c"));
    }
}

/* Quotes and backslashes: back on the wire as they came, in the digest without their escapes. */
static void
test_quoting (void)
{
  g_autoptr (GPtrArray) challenges = phone_sip_digest_parse ("Digest realm=\"re\\\"al\\\\m\", nonce=\"no\\\"nce\", qop=auth, "
                                                             "algorithm=SHA-256, opaque=\"o\\\"\"");
  g_autoptr (GPtrArray) hashed = phone_sip_digest_parse ("Digest realm=\"practice\", nonce=\"n1\", algorithm=SHA-256, userhash=true");
  PhoneSipDigestRequest request = {
    .user = "a\"l\\i", .password = "pässword", .method = "REGISTER", .uri = "sip:example.com", .cnonce = "c1", .count = 1,
  };
  g_autofree char *answer = phone_sip_digest_write (only (challenges), &request);
  g_autofree char *secret = NULL;

  expect_response (answer, "ea35065dac6b1074301abcb02ff46a67f83af466b7e9dcb01805d3bf8ed6ea30");
  g_assert_true (g_str_has_prefix (answer, "Digest username=\"a\\\"l\\\\i\", realm=\"re\\\"al\\\\m\", nonce=\"no\\\"nce\", "));
  g_assert_true (g_str_has_suffix (answer, ", opaque=\"o\\\"\""));

  request.user = "1001";
  secret = phone_sip_digest_write (only (hashed), &request);
  g_assert_true (g_str_has_prefix (secret, "Digest username=\"39677bac2bf48c86111147f8c2cb66f1a8adffe255c8fa35a875f976df79861c\", "));
  g_assert_true (g_str_has_suffix (secret, ", userhash=true"));
}

static char *
authorize (PhoneSipKeyring *keyring,
           const char      *realm)
{
  return phone_sip_keyring_authorize (keyring, PHONE_SIP_KEYRING_SERVER, realm, "REGISTER", "sip:example.com", NULL, 0);
}

static void
expect_count (PhoneSipKeyring *keyring,
              const char      *nonce,
              guint            count)
{
  g_autofree char *value = authorize (keyring, "r");
  g_autofree char *with_nonce = g_strdup_printf ("nonce=\"%s\"", nonce);
  g_autofree char *with_count = g_strdup_printf ("nc=%08x", count);

  g_assert_nonnull (strstr (value, with_nonce));
  g_assert_nonnull (strstr (value, with_count));
}

static void
take (PhoneSipKeyring *keyring,
      const char      *text)
{
  g_autoptr (GPtrArray) challenges = phone_sip_digest_parse (text);

  phone_sip_keyring_take (keyring, PHONE_SIP_KEYRING_SERVER, only (challenges), TRUE);
}

/* The count begins with each nonce and goes up with each use, whoever uses it. */
static void
test_keyring (void)
{
  g_autoptr (PhoneSipKeyring) keyring = phone_sip_keyring_new ("u", "p");
  g_autoptr (PhoneSipKeyring) same = phone_sip_keyring_find (phone_sip_keyring_get_id (keyring));
  g_autofree char *first = NULL, *second = NULL;
  guint gone;

  g_assert_true (same == keyring);
  g_assert_null (authorize (keyring, "r"));
  take (keyring, "Digest realm=\"r\", nonce=\"1\", qop=auth");
  expect_count (keyring, "1", 1);
  expect_count (keyring, "1", 2);
  take (keyring, "Digest realm=\"r\", nonce=\"1\", qop=auth, stale=true");
  expect_count (same, "1", 3);
  take (keyring, "Digest realm=\"r\", nonce=\"2\", qop=auth");
  expect_count (keyring, "2", 1);
  phone_sip_keyring_next_nonce (keyring, PHONE_SIP_KEYRING_PROXY, "r", "3");
  expect_count (keyring, "2", 2);
  phone_sip_keyring_next_nonce (keyring, PHONE_SIP_KEYRING_SERVER, "r", "3");
  expect_count (keyring, "3", 1);

  take (keyring, "Digest realm=\"r\", nonce=\"4\", qop=auth, algorithm=MD5-sess");
  phone_sip_keyring_next_nonce (keyring, PHONE_SIP_KEYRING_SERVER, "r", "5");
  expect_count (keyring, "4", 1);

  phone_sip_keyring_forget (keyring, PHONE_SIP_KEYRING_PROXY, "r");
  expect_count (keyring, "4", 2);
  phone_sip_keyring_forget (keyring, PHONE_SIP_KEYRING_SERVER, "r");
  g_assert_null (authorize (keyring, "r"));

  /* Room for eight realms; the oldest goes. */
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *text = g_strdup_printf ("Digest realm=\"r%u\", nonce=\"n\"", i);

      take (keyring, text);
    }
  first = authorize (keyring, "r0");
  second = authorize (keyring, "r8");
  g_assert_null (first);
  g_assert_nonnull (second);

  gone = phone_sip_keyring_get_id (keyring);
  g_clear_pointer (&same, phone_sip_keyring_unref);
  g_clear_pointer (&keyring, phone_sip_keyring_unref);
  g_assert_null (phone_sip_keyring_find (gone));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/digest/parse", test_parse);
  g_test_add_func ("/sip/digest/several", test_several);
  g_test_add_func ("/sip/digest/broken", test_broken);
  g_test_add_func ("/sip/digest/known-examples", test_known_examples);
  g_test_add_func ("/sip/digest/vectors", test_vectors);
  g_test_add_func ("/sip/digest/quoting", test_quoting);
  g_test_add_func ("/sip/digest/keyring", test_keyring);

  return g_test_run ();
}
