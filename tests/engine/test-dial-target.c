/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "dial-target.h"

#define ADDRESS PHONE_DIAL_ADDRESS
#define NUMBER PHONE_DIAL_NUMBER
#define URI PHONE_DIAL_URI

static const struct
{
  const char *text;
  PhoneDialKind kind;
  const char *target; /* what signaling is given */
  const char *number; /* what the LCD shows */
} good[] = {
  { "1001", NUMBER, "1001", "1001" },
  { "  1001\t", NUMBER, "1001", "1001" },
  { "*72#", NUMBER, "*72%23", "*72#" },
  { "#", NUMBER, "%23", "#" },
  { "+49 (0)89 / 123-45.6", NUMBER, "+498912345" "6", "+4989123456" },
  { "(089) 1234", NUMBER, "0891234", "0891234" },
  { "01.23.45.67.89", NUMBER, "0123456789", "0123456789" },
  { "1,2", NUMBER, "12", "12" },
  { "089\xc2\xa0""1234", NUMBER, "0891234", "0891234" },
  { "1-800-FLOWERS", NUMBER, "1-800-FLOWERS", "1-800-FLOWERS" },
  { "alice", NUMBER, "alice", "alice" },
  { "john.doe", NUMBER, "john.doe", "john.doe" },
  { "J\xc3\xb6rg", NUMBER, "J%C3%B6rg", "J\xc3\xb6rg" },
  { "100%", NUMBER, "100%25", "100%25" },
  { "a^b{c}", NUMBER, "a%5Eb%7Bc%7D", "a^b{c}" },
  { "300*1*1*1", NUMBER, "300*1*1*1", "300*1*1*1" },
  { "10*0*0", NUMBER, "10*0*0", "10*0*0" },
  { "tel:+1-201-555-0123;ext=5", NUMBER, "+12015550123", "+12015550123" },
  { "TEL:%2B49891234", NUMBER, "+49891234", "+49891234" },
  { "tel:10*0*0*1", NUMBER, "10*0*0*1", "tel:10*0*0*1" },
  { "sip:1001", NUMBER, "1001", "1001" },
  { "sip:alice@example.org", URI, "sip:alice@example.org", "alice@example.org" },
  { "<sip:alice@Example.ORG:5062>", URI, "sip:alice@example.org:5062", "alice@example.org:5062" },
  { "sip://alice@example.org", URI, "sip:alice@example.org", "alice@example.org" },
  { "sips:alice@example.org;transport=TCP;x", URI, "sips:alice@example.org;transport=tcp", "alice@example.org" },
  { "sip:alice@example.org?Replaces=1&Subject=x", URI, "sip:alice@example.org", "alice@example.org" },
  { "sip:alice:secret@example.org", URI, "sip:alice@example.org", "alice@example.org" },
  { "sip:*72%23@example.org", URI, "sip:*72%23@example.org", "*72#@example.org" },
  { "sip:a%40b@example.org", URI, "sip:a%40b@example.org", "a%40b@example.org" },
  { "sip:+1;isub=2@example.org;user=phone", URI, "sip:+1;isub=2@example.org", "+1;isub=2@example.org" },
  { "sip:example.org", URI, "sip:example.org", "sip:example.org" },
  { "alice@b\xc3\xbc""cher.example", URI, "sip:alice@xn--bcher-kva.example", "alice@xn--bcher-kva.example" },
  { "alice@pbx", URI, "sip:alice@pbx", "alice@pbx" },
  { "10.0.0.1", ADDRESS, "10.0.0.1", "10.0.0.1" },
  { "10*0*0*1", ADDRESS, "10.0.0.1", "10.0.0.1" },
  { "192*168*001*010", ADDRESS, "192.168.1.10", "192.168.1.10" },
  { "10.0.0.1:5070", ADDRESS, "10.0.0.1:5070", "10.0.0.1:5070" },
  { "10*0*0*1:5070", ADDRESS, "10.0.0.1:5070", "10.0.0.1:5070" },
  { "bob@10.0.0.1:5070", ADDRESS, "bob@10.0.0.1:5070", "bob@10.0.0.1:5070" },
  { "sip:bob@127.0.0.1", ADDRESS, "bob@127.0.0.1", "bob@127.0.0.1" },
  { "[::1]", ADDRESS, "[::1]", "[::1]" },
  { "[2001:DB8:0::1]:5070", ADDRESS, "[2001:db8::1]:5070", "[2001:db8::1]:5070" },
  { "bob@[::1]:5070", ADDRESS, "bob@[::1]:5070", "bob@[::1]:5070" },
  { "::1", ADDRESS, "[::1]", "[::1]" },
  { "sip:[::1]:5070", ADDRESS, "[::1]:5070", "[::1]:5070" },
};

static void
assert_reads_back (const PhoneDialTarget *target)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneDialTarget) again = phone_dial_target_parse (target->number, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (again->kind, ==, target->kind);
  g_assert_cmpstr (again->user, ==, target->user);
  g_assert_cmpstr (again->host, ==, target->host);
  g_assert_cmpuint (again->port, ==, target->port);
}

static void
test_what_is_understood (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneDialTarget) target = phone_dial_target_parse (good[i].text, NULL, &error);
      g_autofree char *text = NULL;

      g_test_message ("%s", good[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (target->kind, ==, good[i].kind);
      text = phone_dial_target_dup_target (target, TRUE);
      g_assert_cmpstr (text, ==, good[i].target);
      g_assert_cmpstr (target->number, ==, good[i].number);
      assert_reads_back (target);
    }
}

static void
test_what_is_refused (void)
{
  static const struct
  {
    const char *text;
    PhoneDialTargetError code;
  } bad[] = {
    { "", PHONE_DIAL_TARGET_ERROR_EMPTY },
    { " \t ", PHONE_DIAL_TARGET_ERROR_EMPTY },
    { "<>", PHONE_DIAL_TARGET_ERROR_EMPTY },
    { "Bob Smith", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "http://example.org", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "javascript:alert(1)", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "mailto:bob@example.org", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "10\r\n01", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "\xff\xff", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "@example.org", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "sip:", PHONE_DIAL_TARGET_ERROR_HOST },
    { "sip:@", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "sip:a@", PHONE_DIAL_TARGET_ERROR_HOST },
    { "sip:a%4@example.org", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "sip:a%00b@example.org", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "a%00b", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "sip:a@ex ample.org", PHONE_DIAL_TARGET_ERROR_HOST },
    { "sip:a@example..org", PHONE_DIAL_TARGET_ERROR_HOST },
    { "sip:a@example.org:0", PHONE_DIAL_TARGET_ERROR_PORT },
    { "sip:a@example.org:65536", PHONE_DIAL_TARGET_ERROR_PORT },
    { "sip:a@example.org:", PHONE_DIAL_TARGET_ERROR_PORT },
    { "sip:a@example.org:+5", PHONE_DIAL_TARGET_ERROR_PORT },
    { "sip:a@example.org;transport=sctp", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "10.0.0.256", PHONE_DIAL_TARGET_ERROR_HOST },
    { "0.0.0.0", PHONE_DIAL_TARGET_ERROR_HOST },
    { "255.255.255.255", PHONE_DIAL_TARGET_ERROR_HOST },
    { "224.0.0.1", PHONE_DIAL_TARGET_ERROR_HOST },
    { "[::]", PHONE_DIAL_TARGET_ERROR_HOST },
    { "[::1", PHONE_DIAL_TARGET_ERROR_HOST },
    { "[::1]x", PHONE_DIAL_TARGET_ERROR_HOST },
    { "[10.0.0.1]", PHONE_DIAL_TARGET_ERROR_HOST },
    { "[fe80::1%eth0]", PHONE_DIAL_TARGET_ERROR_HOST },
    { "1001:5060", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "tel:", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "tel:bob", PHONE_DIAL_TARGET_ERROR_SYNTAX },
    { "tel:;ext=1", PHONE_DIAL_TARGET_ERROR_SYNTAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i].text);
      g_assert_null (phone_dial_target_parse (bad[i].text, NULL, &error));
      g_assert_error (error, PHONE_DIAL_TARGET_ERROR, (int) bad[i].code);
      g_assert_cmpstr (error->message, !=, "");
    }
}

static void
test_length_is_bounded (void)
{
  g_autofree char *digits = g_strnfill (255, '1');
  g_autofree char *more = g_strnfill (256, '1');
  g_autofree char *carets = g_strnfill (200, '\xc2');
  g_autoptr (PhoneDialTarget) target = NULL;
  g_autoptr (GError) error = NULL;

  target = phone_dial_target_parse (digits, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (target->number), ==, 255);
  g_assert_null (phone_dial_target_parse (more, NULL, &error));
  g_assert_error (error, PHONE_DIAL_TARGET_ERROR, PHONE_DIAL_TARGET_ERROR_LENGTH);
  g_clear_error (&error);
  g_assert_null (phone_dial_target_parse (carets, NULL, &error));
  g_assert_error (error, PHONE_DIAL_TARGET_ERROR, PHONE_DIAL_TARGET_ERROR_SYNTAX);
}

static void
test_the_filter_of_the_settings (void)
{
  g_autoptr (PhoneDialTarget) filtered = phone_dial_target_parse ("1_2~3", "_~", NULL);
  g_autoptr (PhoneDialTarget) kept = phone_dial_target_parse ("1_2~3", "", NULL);
  /* Digits are never filtered, whatever stands there. */
  g_autoptr (PhoneDialTarget) digits = phone_dial_target_parse ("1231", "1", NULL);

  g_assert_cmpstr (filtered->user, ==, "123");
  g_assert_cmpstr (kept->user, ==, "1_2~3");
  g_assert_cmpstr (digits->user, ==, "1231");
}

static void
test_pound_may_go_out_as_it_is (void)
{
  g_autoptr (PhoneDialTarget) target = phone_dial_target_parse ("*72#1#", NULL, NULL);
  g_autofree char *raw = phone_dial_target_dup_target (target, FALSE);
  g_autofree char *escaped = phone_dial_escape_user ("a b#c@d:%");

  g_assert_cmpstr (raw, ==, "*72#1#");
  g_assert_cmpstr (escaped, ==, "a%20b%23c%40d%3A%25");
}

static void
test_transport (void)
{
  g_autoptr (PhoneDialTarget) tcp = phone_dial_target_parse ("sip:a@example.org;transport=tcp", NULL, NULL);
  g_autoptr (PhoneDialTarget) none = phone_dial_target_parse ("sips:a@example.org", NULL, NULL);

  g_assert_true (tcp->has_transport);
  g_assert_cmpint (tcp->transport, ==, PHONE_TRANSPORT_TCP);
  g_assert_false (none->has_transport);
  g_assert_true (none->secure);
}

/* A direct-IP call goes by the transport that the link names; without one it stays what the phone's own keys can type. */
static void
test_transport_of_an_address (void)
{
  g_autoptr (PhoneDialTarget) tcp = phone_dial_target_parse ("sip:a@192.0.2.1:5070;transport=tcp", NULL, NULL);
  g_autoptr (PhoneDialTarget) sips = phone_dial_target_parse ("sips:192.0.2.1", NULL, NULL);
  g_autofree char *tcp_target = phone_dial_target_dup_target (tcp, TRUE);
  g_autofree char *sips_target = phone_dial_target_dup_target (sips, TRUE);

  g_assert_cmpint (tcp->kind, ==, PHONE_DIAL_ADDRESS);
  g_assert_cmpstr (tcp_target, ==, "sip:a@192.0.2.1:5070;transport=tcp");
  g_assert_cmpstr (tcp->number, ==, "a@192.0.2.1:5070");
  g_assert_cmpstr (sips_target, ==, "sips:192.0.2.1");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dial-target/understood", test_what_is_understood);
  g_test_add_func ("/dial-target/refused", test_what_is_refused);
  g_test_add_func ("/dial-target/length", test_length_is_bounded);
  g_test_add_func ("/dial-target/filter", test_the_filter_of_the_settings);
  g_test_add_func ("/dial-target/pound", test_pound_may_go_out_as_it_is);
  g_test_add_func ("/dial-target/transport", test_transport);
  g_test_add_func ("/dial-target/transport-of-an-address", test_transport_of_an_address);
  return g_test_run ();
}
