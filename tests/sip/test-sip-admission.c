/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-admission.h"

#include <string.h>

/*
 * Who may send requests, and how many: rules, buckets, the table of sources and the log, with a clock of the test's.
 */

#define SECOND ((gint64) G_USEC_PER_SEC)

static const PhoneSipRules defaults = {
  .direct_calls = TRUE, .silence_scanners = TRUE, .source_rate = 20, .total_rate = 30, .server_rate = 500,
};

static PhoneSipSource
make_source (const char *text)
{
  PhoneSipSource source;

  g_assert_true (phone_sip_source_parse (&source, text));
  return source;
}

static PhoneSipVerdict
judge (PhoneSipAdmission    *admission,
       const PhoneSipSource *source,
       const char           *method,
       const char           *user_agent)
{
  const PhoneSipRequest request = { method, user_agent, 500 };

  return phone_sip_admission_judge (admission, source, &request, SECOND);
}

static guint
send_many (PhoneSipAdmission *admission,
           const char        *address,
           const char        *method,
           guint              n,
           gint64             now_us)
{
  PhoneSipSource source = make_source (address);
  const PhoneSipRequest request = { method, NULL, 500 };
  guint passed = 0;

  for (guint i = 0; i < n; i++)
    passed += phone_sip_admission_judge (admission, &source, &request, now_us) == PHONE_SIP_VERDICT_PASS;

  return passed;
}

static void
test_source (void)
{
  PhoneSipSource plain = make_source ("192.0.2.7");
  PhoneSipSource mapped = make_source ("::ffff:192.0.2.7");
  PhoneSipSource six = make_source ("2001:db8::7");
  PhoneSipSource none;
  g_autofree char *text = phone_sip_source_to_string (&mapped);
  g_autofree char *text6 = phone_sip_source_to_string (&six);

  g_assert_cmpmem (&plain, sizeof plain, &mapped, sizeof mapped);
  g_assert_cmpstr (text, ==, "192.0.2.7");
  g_assert_cmpstr (text6, ==, "2001:db8::7");
  g_assert_false (phone_sip_source_parse (&none, "example.com"));
  g_assert_false (phone_sip_source_parse (&none, ""));
}

/* Ten seconds' worth at once, then the rate; an INVITE counts as five. */
static void
test_rate (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();

  phone_sip_admission_set_rules (admission, &defaults);
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "OPTIONS", 1000, SECOND), ==, 200);
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "OPTIONS", 1000, 2 * SECOND), ==, 20);
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "INVITE", 1000, 3 * SECOND), ==, 4);
  /* A clock that stands or goes back gives nothing and takes nothing. */
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "OPTIONS", 10, 3 * SECOND), ==, 0);
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "OPTIONS", 10, 1), ==, 0);
  /* A long silence fills the bucket and no more. */
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "OPTIONS", 1000, 10000 * SECOND), ==, 200);
  g_assert_cmpuint (phone_sip_admission_get_n_dropped (admission), ==, 800 + 980 + 996 + 10 + 10 + 800);
}

/* One that floods leaves room for others; many together meet the common limit. */
static void
test_total (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();
  guint passed = 0;

  phone_sip_admission_set_rules (admission, &defaults);
  g_assert_cmpuint (send_many (admission, "192.0.2.1", "OPTIONS", 5000, SECOND), ==, 200);
  g_assert_cmpuint (send_many (admission, "192.0.2.2", "INVITE", 1, SECOND), ==, 1);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.1.%u.%u", i / 250, i % 250);

      passed += send_many (admission, address, "OPTIONS", 1, SECOND);
    }
  g_assert_cmpuint (passed, ==, 300 - 200 - 5);
  g_assert_cmpuint (phone_sip_admission_get_n_sources (admission), ==, PHONE_SIP_MAX_SOURCES);
}

/* A subscriber's /64 is one source; on the local link each address is. */
static void
test_ipv6 (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();

  phone_sip_admission_set_rules (admission, &defaults);
  g_assert_cmpuint (send_many (admission, "2001:db8:1:2::1", "OPTIONS", 150, SECOND), ==, 150);
  g_assert_cmpuint (send_many (admission, "2001:db8:1:2:9::1", "OPTIONS", 150, SECOND), ==, 50);
  g_assert_cmpuint (send_many (admission, "fe80::1", "OPTIONS", 40, SECOND), ==, 40);
  g_assert_cmpuint (phone_sip_admission_get_n_sources (admission), ==, 2);
  g_assert_cmpuint (send_many (admission, "fe80::2", "OPTIONS", 40, SECOND), ==, 40);
  g_assert_cmpuint (phone_sip_admission_get_n_sources (admission), ==, 3);
}

/* The account's servers have a bucket of their own size, whatever strangers do. */
static void
test_servers (void)
{
  static const char *const addresses[] = { "192.0.2.10", "not an address", "2001:db8::10", NULL };
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();
  PhoneSipSource server = make_source ("192.0.2.10");
  PhoneSipSource server6 = make_source ("2001:db8::10");
  PhoneSipSource stranger = make_source ("192.0.2.11");
  PhoneSipRules rules = defaults;

  phone_sip_admission_set_rules (admission, &rules);
  phone_sip_admission_set_servers (admission, &rules, addresses);
  g_assert_cmpuint (send_many (admission, "192.0.2.11", "OPTIONS", 5000, SECOND), ==, 200);
  g_assert_cmpuint (send_many (admission, "192.0.2.10", "OPTIONS", 9000, SECOND), ==, 5000);
  g_assert_true (phone_sip_admission_is_server (admission, &server6));
  g_assert_true (phone_sip_admission_may_call (admission, &stranger));

  rules.direct_calls = FALSE;
  phone_sip_admission_set_rules (admission, &rules);
  g_assert_false (phone_sip_admission_may_call (admission, &stranger));
  g_assert_true (phone_sip_admission_may_call (admission, &server));
  g_assert_cmpuint (send_many (admission, "192.0.2.11", "INVITE", 1, SECOND), ==, 1);

  rules.direct_calls = TRUE;
  rules.servers_only = TRUE;
  phone_sip_admission_set_rules (admission, &rules);
  g_assert_false (phone_sip_admission_may_call (admission, &stranger));
  g_assert_cmpint (judge (admission, &stranger, "INVITE", NULL), ==, PHONE_SIP_VERDICT_STRANGER);
  g_assert_cmpint (judge (admission, &server, "INVITE", NULL), ==, PHONE_SIP_VERDICT_PASS);

  phone_sip_admission_set_servers (admission, &rules, NULL);
  g_assert_cmpint (judge (admission, &server, "INVITE", NULL), ==, PHONE_SIP_VERDICT_STRANGER);
}

/* The library keeps a message as long as it is: 60 KB count as fourteen more. */
static void
test_size (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();
  const PhoneSipRequest large = { "OPTIONS", NULL, 60000 };
  PhoneSipSource source = make_source ("192.0.2.1");
  guint passed = 0;

  phone_sip_admission_set_rules (admission, &defaults);
  for (guint i = 0; i < 1000; i++)
    passed += phone_sip_admission_judge (admission, &source, &large, SECOND) == PHONE_SIP_VERDICT_PASS;
  g_assert_cmpuint (passed, ==, 200 / 15);
}

static void
test_no_limit (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();

  g_assert_cmpuint (send_many (admission, "192.0.2.1", "INVITE", 5000, SECOND), ==, 5000);
}

static void
test_scanners (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();
  static const char *const addresses[] = { "192.0.2.2", NULL };
  PhoneSipSource stranger = make_source ("192.0.2.1");
  PhoneSipSource server = make_source ("192.0.2.2");
  g_autofree char *endless = g_strnfill (60000, 'x');
  PhoneSipRules rules = defaults;

  g_assert_cmpstr (phone_sip_scanner_find ("Friendly-Scanner"), ==, "friendly-scanner");
  g_assert_cmpstr (phone_sip_scanner_find ("sipcli/v1.8"), ==, "sipcli");
  g_assert_cmpstr (phone_sip_scanner_find ("pplsip"), ==, "pplsip");
  g_assert_null (phone_sip_scanner_find ("Asterisk PBX 20.1"));
  g_assert_null (phone_sip_scanner_find ("Yealink SIP-T46G 28.83.0.50"));
  g_assert_null (phone_sip_scanner_find ("baresip v1.0.0 (x86_64/linux)"));
  g_assert_null (phone_sip_scanner_find (endless));
  g_assert_null (phone_sip_scanner_find ("\xff\xfe"));
  g_assert_null (phone_sip_scanner_find (NULL));

  phone_sip_admission_set_rules (admission, &rules);
  phone_sip_admission_set_servers (admission, &rules, addresses);
  g_assert_cmpint (judge (admission, &stranger, "OPTIONS", "sipvicious"), ==,
                   PHONE_SIP_VERDICT_SCANNER);
  g_assert_cmpint (judge (admission, &server, "OPTIONS", "sipvicious"), ==,
                   PHONE_SIP_VERDICT_PASS);
  rules.silence_scanners = FALSE;
  phone_sip_admission_set_rules (admission, &rules);
  g_assert_cmpint (judge (admission, &stranger, "OPTIONS", "sipvicious"), ==,
                   PHONE_SIP_VERDICT_PASS);
}

static guint
count_lines (PhoneSipAdmission *admission,
             const char        *what)
{
  guint n = 0;

  for (;;)
    {
      g_autofree char *line = phone_sip_admission_take_line (admission);

      if (!line)
        return n;
      g_test_message ("%s", line);
      if (strstr (line, what))
        n++;
    }
}

/* One line for each source and minute, twenty a minute in all and one that counts the rest. */
static void
test_log (void)
{
  g_autoptr (PhoneSipAdmission) admission = phone_sip_admission_new ();

  phone_sip_admission_set_rules (admission, &defaults);
  send_many (admission, "192.0.2.1", "OPTIONS", 5000, SECOND);
  g_assert_cmpuint (count_lines (admission, "192.0.2.1 dropped: too many requests"), ==, 1);
  send_many (admission, "192.0.2.1", "OPTIONS", 5000, 50 * SECOND);
  g_assert_cmpuint (count_lines (admission, ""), ==, 0);
  send_many (admission, "192.0.2.1", "OPTIONS", 5000, 62 * SECOND);
  g_assert_cmpuint (count_lines (admission, "192.0.2.1"), ==, 1);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.1.%u.%u", i / 250, i % 250);

      send_many (admission, address, "OPTIONS", 2, 63 * SECOND);
    }
  g_assert_cmpuint (count_lines (admission, "10.1."), ==, 19);
  send_many (admission, "192.0.2.9", "OPTIONS", 5000, 130 * SECOND);
  g_assert_cmpuint (count_lines (admission, "more sources"), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/admission/source", test_source);
  g_test_add_func ("/sip/admission/rate", test_rate);
  g_test_add_func ("/sip/admission/total", test_total);
  g_test_add_func ("/sip/admission/ipv6", test_ipv6);
  g_test_add_func ("/sip/admission/servers", test_servers);
  g_test_add_func ("/sip/admission/size", test_size);
  g_test_add_func ("/sip/admission/no-limit", test_no_limit);
  g_test_add_func ("/sip/admission/scanners", test_scanners);
  g_test_add_func ("/sip/admission/log", test_log);

  return g_test_run ();
}
