/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <string.h>

#include "sip-party.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip_parser.h>

/* Who the other side is, and who has diverted a call, in messages as networks send them. */

#define INVITE_HEADERS                                                                                                             \
  "INVITE sip:1001@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"                                      \
  "From: \"From\" <sip:100@10.0.0.1>;tag=1\r\nTo: <sip:1001@10.0.0.2>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"               \
  "Contact: <sip:500@10.0.0.9>\r\n"
#define RESPONSE_HEADERS                                                                                                           \
  "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"                                                   \
  "From: \"Us\" <sip:1001@10.0.0.1>;tag=1\r\nTo: <sip:100@10.0.0.2>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"           \
  "Contact: <sip:500@10.0.0.9>\r\n"

#define PAI "P-Asserted-Identity: \"As, serted\" <sip:200@pbx>, <tel:+49-30-200>\r\n"
#define RPID "Remote-Party-ID: \"Me\" <sip:1001@pbx>;party=called, \"Re <mote\" <sip:300@pbx>;party=calling;screen=yes\r\n"
#define PPI "P-Preferred-Identity: \"Pre\" <sip:400@pbx>\r\n"

static msg_t *
make_message (const char *headers,
              const char *more)
{
  g_autofree char *text = g_strconcat (headers, more, "Content-Length: 0\r\n\r\n", NULL);
  msg_t *message = msg_make (sip_default_mclass (), 0, text, strlen (text));

  g_assert_nonnull (sip_object (message));
  return message;
}

/* "number name", "-" when nobody is found. */
static char *
dup_party (PhoneSipParty *party)
{
  return party ? g_strdup_printf ("%s %s", party->number, party->name) : g_strdup ("-");
}

static char *
dup_read (const char               *headers,
          const char               *more,
          const PhoneSipPartyOrder *order)
{
  msg_t *message = make_message (headers, more);
  g_autoptr (PhoneSipParty) party = phone_sip_party_read (sip_object (message), order);

  msg_destroy (message);
  return dup_party (party);
}

static void
test_caller (void)
{
  static const struct {
    int         source;
    gboolean    preferred;
    const char *headers;
    const char *expected;
  } cases[] = {
    { 0, FALSE, PAI RPID PPI, "100 From" },
    { 0, TRUE, PAI RPID PPI, "400 Pre" },
    { 0, TRUE, PAI RPID, "100 From" },
    { 1, FALSE, PAI RPID, "200 As, serted" },
    { 1, FALSE, RPID, "-" },
    { 2, FALSE, RPID, "100 From" },
    { 2, FALSE, PAI, "200 As, serted" },
    { 3, FALSE, PAI RPID, "300 Re <mote" },
    { 3, FALSE, PAI, "200 As, serted" },
    { 4, FALSE, PAI RPID, "200 As, serted" },
    { 4, FALSE, RPID, "300 Re <mote" },
    { 5, FALSE, PAI, "100 From" },
    { 5, FALSE, PAI RPID, "300 Re <mote" },
    { 6, FALSE, PAI RPID PPI, "300 Re <mote" },
    { 6, FALSE, PAI PPI, "400 Pre" },
    { 2, FALSE, "P-Asserted-Identity: <tel:+49-(30)-1234;phone-context=x>\r\n", "+49301234 " },
    { 2, FALSE, "P-Asserted-Identity: sip:200@pbx;user=phone\r\n", "200 " },
    { 2, FALSE, "P-Asserted-Identity: <sip:pbx>, <sips:201@pbx>\r\n", "201 " },
    { 2, FALSE, "P-Asserted-Identity: \"never closed <sip:200@pbx>\r\n", "100 From" },
    { 2, FALSE, "P-Asserted-Identity: *\r\n", "100 From" },
    { 2, FALSE, "P-Asserted-Identity: \r\n", "100 From" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PhoneSipPartyOrder order;
      g_autofree char *found = NULL;

      phone_sip_party_order_init_caller (&order, cases[i].source, cases[i].preferred, "Remote-Party-ID , p-preferred-identity,x");
      found = dup_read (INVITE_HEADERS, cases[i].headers, &order);
      g_test_message ("%u: %s", i, found);
      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static void
test_privacy (void)
{
  static const struct {
    const char *headers;
    gboolean    hidden;
  } cases[] = {
    { PAI "Privacy: id\r\n", TRUE },        { PAI "Privacy: header; id;critical\r\n", TRUE },
    { PAI "Privacy: user\r\n", TRUE },      { PAI "Privacy: none\r\n", FALSE },
    { PAI, FALSE },                         { "Privacy: id\r\n", TRUE },
    { "Remote-Party-ID: <sip:300@pbx>;privacy=full\r\n", TRUE },
    { "Remote-Party-ID: <sip:300@pbx>;privacy=off\r\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PhoneSipPartyOrder order;
      g_autofree char *found = NULL;
      g_autofree char *ignored = NULL;

      phone_sip_party_order_init_caller (&order, 4, FALSE, NULL);
      order.privacy = TRUE;
      found = dup_read (INVITE_HEADERS, cases[i].headers, &order);
      g_assert_cmpint (strcmp (found, " ") == 0, ==, cases[i].hidden);
      order.privacy = FALSE;
      ignored = dup_read (INVITE_HEADERS, cases[i].headers, &order);
      g_assert_cmpstr (ignored, !=, " ");
    }
}

static void
test_called (void)
{
  static const struct {
    int         source;
    const char *headers;
    const char *in_response;
    const char *in_request;
  } cases[] = {
    { 0, PAI RPID, "200 As, serted", "200 As, serted" },
    { 0, "Remote-Party-ID: <sip:300@pbx>;party=called\r\n", "300 ", "-" },
    { 0, "", "-", "-" },
    { 1, PAI RPID, "-", "-" },
    { 2, PAI, "-", "100 From" },
    { 3, "", "500 ", "500 " },
    { 3, PAI, "200 As, serted", "200 As, serted" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PhoneSipPartyOrder order;
      g_autofree char *response = NULL;
      g_autofree char *request = NULL;

      phone_sip_party_order_init_called (&order, cases[i].source);
      response = dup_read (RESPONSE_HEADERS, cases[i].headers, &order);
      request = dup_read (INVITE_HEADERS, cases[i].headers, &order);
      g_assert_cmpstr (response, ==, cases[i].in_response);
      g_assert_cmpstr (request, ==, cases[i].in_request);
    }
}

static void
test_diverter (void)
{
  static const struct {
    const char *headers;
    const char *expected;
  } cases[] = {
    { "", "-" },
    { "Diversion: \"Bob\" <sip:1002@pbx>;reason=user-busy;counter=1, <sip:1003@pbx>;reason=no-answer\r\n", "1002 Bob" },
    { "Diversion: <sip:1002@pbx>\r\nDiversion: <sip:1003@pbx>\r\n", "1002 " },
    { "Diversion: <sip:1002@pbx>;privacy=full\r\n", " " },
    { "Diversion: <tel:+4930>;reason=unconditional\r\n", "+4930 " },
    { "History-Info: <sip:1002@pbx>;index=1, <sip:1001@pbx;cause=302>;index=1.1\r\n", "1002 " },
    { "History-Info: <sip:1009@pbx>;index=1, <sip:1002@pbx;cause=486>;index=1.1, <sip:1001@pbx;cause=408>;index=1.1.1\r\n", "1002 " },
    { "History-Info: <sip:1002@pbx>;index=1, <sip:1001@10.0.0.2>;index=1.1\r\n", "-" },
    { "History-Info: <sip:1002@pbx;cause=302>;index=1\r\n", "-" },
    { "Diversion: nonsense\r\nHistory-Info: <sip:1002@pbx>;index=1, <sip:1001@pbx;cause=302>;index=1.1\r\n", "1002 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      msg_t *message = make_message (INVITE_HEADERS, cases[i].headers);
      g_autoptr (PhoneSipParty) party = phone_sip_party_read_diverter (sip_object (message));
      g_autofree char *found = dup_party (party);

      msg_destroy (message);
      g_test_message ("%u: %s", i, found);
      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static char *
dup_diverted (const char *headers,
              const char *reason)
{
  msg_t *message = make_message (INVITE_HEADERS, headers);
  g_autoptr (PhoneSipUri) us = phone_sip_uri_new ("1001", "pbx", 0, PHONE_TRANSPORT_DNS);
  g_autoptr (PhoneSipUri) target = phone_sip_uri_new ("300", "pbx", 0, PHONE_TRANSPORT_DNS);
  PhoneSipDiversion diversion = { 0 };
  char *lines;

  phone_sip_diversion_read (&diversion, sip_object (message));
  if (reason)
    phone_sip_diversion_add (&diversion, us, target, reason);
  lines = phone_sip_diversion_dup_lines (&diversion);
  phone_sip_diversion_clear (&diversion);
  msg_destroy (message);
  return lines;
}

#define OURS "Diversion: <sip:1001@pbx>;reason=user-busy;counter=1;privacy=off;screen=no"

static void
test_diversion (void)
{
  static const struct {
    const char *headers;
    const char *expected;   /* with ours */
  } cases[] = {
    { "", OURS "\r\n" },
    { "Diversion: <sip:1002@pbx>;reason=no-answer\r\n", OURS ", <sip:1002@pbx>;reason=no-answer\r\n" },
    { "Diversion: \"broken <sip:1002@pbx>\r\n", OURS "\r\n" },
    { "Supported: histinfo\r\n", OURS "\r\nHistory-Info: <sip:1001@pbx>;index=1, <sip:300@pbx;cause=302>;index=1.1\r\n" },
    { "History-Info: <sip:1002@pbx>;index=1, <sip:1001@pbx;cause=302>;index=1.1\r\n",
      OURS "\r\nHistory-Info: <sip:1002@pbx>;index=1, <sip:1001@pbx;cause=302>;index=1.1, <sip:300@pbx;cause=302>;index=1.1.1\r\n" },
  };
  g_autofree char *nothing = dup_diverted ("", NULL);
  g_autofree char *kept = dup_diverted ("Diversion: <sip:1002@pbx>;reason=no-answer\r\n", NULL);

  g_assert_null (nothing);
  g_assert_cmpstr (kept, ==, "Diversion: <sip:1002@pbx>;reason=no-answer\r\n");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *lines = dup_diverted (cases[i].headers, "user-busy");

      g_assert_cmpstr (lines, ==, cases[i].expected);
    }
}

/* As long as messages may be, and no longer. */
static void
test_bounds (void)
{
  g_autofree char *long_name = g_strnfill (3000, 'a');
  g_autofree char *long_list = g_strdup_printf ("\"%s\" <sip:200@pbx>", long_name);
  g_autoptr (GString) many = g_string_new ("<sip:200@pbx>");
  g_autofree char *long_user = g_strdup_printf ("<sip:%.300s@pbx>", long_name);

  for (guint i = 0; i < 30; i++)
    g_string_append (many, ", <sip:200@pbx>");
  g_assert_null (phone_sip_party_parse (long_list));
  g_assert_null (phone_sip_party_parse (many->str));
  g_assert_null (phone_sip_party_parse (long_user));
  g_assert_null (phone_sip_party_parse (""));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/party/caller", test_caller);
  g_test_add_func ("/sip/party/privacy", test_privacy);
  g_test_add_func ("/sip/party/called", test_called);
  g_test_add_func ("/sip/party/diverter", test_diverter);
  g_test_add_func ("/sip/party/diversion", test_diversion);
  g_test_add_func ("/sip/party/bounds", test_bounds);

  return g_test_run ();
}
