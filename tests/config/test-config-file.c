/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define FIRST PHONE_CONFIG_FIRST_LINE "\n"

static PhoneConfigFile *
parse (const char *text)
{
  return phone_config_file_parse ("phone.cfg", text, strlen (text));
}

/* "key=value@line:column …" of all entries. */
static void
assert_entries (PhoneConfigFile *file,
                const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < phone_config_file_get_n_entries (file); i++)
    {
      const PhoneConfigEntry *entry = phone_config_file_get_entry (file, i);

      g_string_append_printf (text, "%s%s=%s@%u:%u%s%s", i > 0 ? "|" : "", entry->key, entry->value, entry->line,
                              entry->column, entry->is_default ? " default" : "", entry->is_empty ? " empty" : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* Messages, one a line, without the words behind the severity. */
static void
assert_places (PhoneConfigFile *file,
               const char *expected)
{
  PhoneDiagnostics *diagnostics = phone_config_file_get_diagnostics (file);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < phone_diagnostics_get_n (diagnostics); i++)
    {
      g_autofree char *message = phone_diagnostics_format (diagnostics, i);
      const char *severity = strstr (message, ": ");

      g_string_append_len (text, message, strcspn (severity + 2, ":") + (severity + 2 - message));
      g_string_append_c (text, '|');
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_plain_file (void)
{
  g_autoptr (PhoneConfigFile) file = parse (FIRST "# comment\n"
                                                  "  ## another = one\n"
                                                  "\n"
                                                  "account.1.enable = 1\n"
                                                  "account.1.label=A = b # c | d\n"
                                                  "  a.b\t=\t x y \t\n"
                                                  "last = 9");

  assert_entries (file, "account.1.enable=1@5:20|account.1.label=A = b # c | d@6:17|a.b=x y@7:10|last=9@8:8");
  assert_places (file, "");
}

static void
test_line_ends (void)
{
  g_autoptr (PhoneConfigFile) file = parse ("\xef\xbb\xbf#!version:1.0.0.1\r\na = 1\r\n\r\nb = 2\rc = 3\n");

  assert_entries (file, "a=1@2:5|b=2@4:5|c=3@5:5");
  assert_places (file, "");
}

static void
test_quotes_and_empty_values (void)
{
  g_autoptr (PhoneConfigFile) file = parse (FIRST "a = \" x \"\n"
                                                  "b = \"\"\n"
                                                  "c = \"\"y\"\"\n"
                                                  "d =\n"
                                                  "e = %NULL%\n"
                                                  "f = %EMPTY%\n"
                                                  "g = \"%NULL%\"\n"
                                                  "h = \"half\n"
                                                  "i = \"\n");

  assert_entries (file, "a= x @2:6|b=@3:5 empty|c=\"y\"@4:6|d=@5:4 default|e=@6:5 empty|f=@7:5 empty|g=%NULL%@8:6|"
                        "h=\"half@9:5|i=\"@10:5");
  assert_places (file, "phone.cfg:9:5: warning|phone.cfg:10:5: warning|");
}

static void
test_broken_lines (void)
{
  g_autoptr (PhoneConfigFile) file = parse (FIRST "static.network.qos.audiotos 46\n"
                                                  " = 5\n"
                                                  "a b = 5\n"
                                                  "[T46G]a.b = 5\n"
                                                  "good = 1\n"
                                                  "bad = \xff\xfe\n"
                                                  "gr\xc3\xb6\xc3\x9f""e = 2\n");

  assert_entries (file, "good=1@6:8|bad=\xef\xbf\xbd\xef\xbf\xbd@7:7");
  assert_places (file, "phone.cfg:2:1: warning|phone.cfg:3:2: warning|phone.cfg:4:2: warning|phone.cfg:5:1: warning|"
                       "phone.cfg:7:7: warning|phone.cfg:8:3: warning|");
}

static void
test_nul_bytes (void)
{
  static const char text[] = FIRST "a = 1\0" "2\n\0\0\nb = 2\n# \0 comment\n";
  g_autoptr (PhoneConfigFile) file = phone_config_file_parse ("phone.cfg", text, sizeof text - 1);

  assert_entries (file, "b=2@4:5");
  assert_places (file, "phone.cfg:2:6: warning|phone.cfg:3:1: warning|");
}

static void
test_overlong_lines (void)
{
  g_autofree char *value = g_strnfill (PHONE_CONFIG_MAX_LINE, 'x');
  g_autofree char *key = g_strnfill (300, 'k');
  g_autofree char *text = g_strdup_printf (FIRST "a = %s\n%s = 1\nb = 2\n", value, key);
  g_autoptr (PhoneConfigFile) file = parse (text);

  assert_entries (file, "b=2@4:5");
  assert_places (file, "phone.cfg:2:8193: warning|phone.cfg:3:1: warning|");
}

static void
test_first_line (void)
{
  g_autoptr (PhoneConfigFile) missing = parse ("a = 1\n");
  g_autoptr (PhoneConfigFile) other = parse ("#!version:1.0.0.2\na = 1\n");
  g_autoptr (PhoneConfigFile) blank = parse (PHONE_CONFIG_FIRST_LINE " \t\na = 1\n");
  g_autoptr (PhoneConfigFile) empty = parse ("");
  g_autofree char *message = NULL;

  assert_entries (missing, "a=1@1:5");
  assert_places (missing, "phone.cfg:1:1: warning|");
  message = phone_diagnostics_format (phone_config_file_get_diagnostics (missing), 0);
  g_assert_nonnull (strstr (message, PHONE_CONFIG_FIRST_LINE));
  assert_entries (other, "a=1@2:5");
  assert_places (other, "phone.cfg:1:11: warning|");
  assert_places (blank, "");
  assert_places (empty, "");
}

static void
test_other_encodings (void)
{
  static const char utf16[] = "\xff\xfe#\0!\0v\0";
  g_autoptr (PhoneConfigFile) file = phone_config_file_parse ("phone.cfg", utf16, sizeof utf16 - 1);

  assert_entries (file, "");
  assert_places (file, "phone.cfg: error|");
}

static void
test_size_is_bounded (void)
{
  g_autofree char *text = g_strnfill (PHONE_CONFIG_MAX_BYTES + 100, '\n');
  g_autoptr (PhoneConfigFile) file = NULL;

  memcpy (text, FIRST, strlen (FIRST));
  memcpy (text + PHONE_CONFIG_MAX_BYTES + 10, "a = 1", 5);
  file = parse (text);
  assert_entries (file, "");
  assert_places (file, "phone.cfg: error|");
}

static void
test_messages_are_bounded (void)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (PhoneConfigFile) file = NULL;
  PhoneDiagnostics *diagnostics;

  for (gsize i = 1; i < 100000; i += 2)
    text[i] = '\n';
  file = parse (text);
  diagnostics = phone_config_file_get_diagnostics (file);
  g_assert_cmpuint (phone_diagnostics_get_n (diagnostics), ==, PHONE_MAX_DIAGNOSTICS);
  g_assert_cmpuint (phone_diagnostics_get_n_left_out (diagnostics), ==, 50001 - PHONE_MAX_DIAGNOSTICS);
}

static void
test_apply (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (PhoneConfigFile) file = parse (FIRST "account.1.enable = 1\n"
                                                  "account.1.enable = 0\n"
                                                  "account.99.enable = 1\n"
                                                  "no.such.key = 1\n"
                                                  "account.1.sip_server.1.port = many\n"
                                                  "account.1.sip_server_host = pbx.example\n"
                                                  "account.1.display_name = \"Ann B.\"\n"
                                                  "account.1.label = first\n"
                                                  "account.1.label =\n"
                                                  "voice.ring_vol =\n"
                                                  "account.2.label = %NULL%\n"
                                                  "static.network.port.min_rtpport = 20000\n");
  g_autoptr (GPtrArray) left = NULL;

  g_assert_true (phone_settings_set_by_key (settings, PHONE_LAYER_COMMON, "voice.ring_vol", "3", NULL));
  g_assert_true (phone_settings_set_by_key (settings, PHONE_LAYER_COMMON, "account.2.label", "two", NULL));
  left = phone_config_file_apply (file, settings, PHONE_LAYER_PHONE, NULL, NULL);
  g_assert_false (phone_settings_get_bool (settings, PHONE_SETTING_ACCOUNT_ENABLE, 1, 0));
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_ACCOUNT_SERVER_PORT, 1, 1), ==, 5060);
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, 1, 1), ==, "pbx.example");
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_ACCOUNT_DISPLAY_NAME, 1, 0), ==, "Ann B.");
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_ACCOUNT_LABEL, 1, 0), ==, "");
  /* An empty value is the factory default and stronger than the common file. */
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_VOLUME_RING, 0, 0), ==, 8);
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_ACCOUNT_LABEL, 2, 0), ==, "");
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_RTP_PORT_MIN, 0, 0), ==, 20000);
  assert_places (file, "phone.cfg:3: note|phone.cfg:10: note|phone.cfg:4:1: warning|phone.cfg:5:1: warning|"
                       "phone.cfg:6:31: warning|");
  g_assert_cmpuint (left->len, ==, 3);
}

/* A line that is wrong takes nothing away: not the other lines, nor what was said before. */
static void
test_wrong_line_leaves_what_was_said (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (PhoneConfigFile) file = parse (FIRST "account.1.enable = 1\n"
                                                  "voice.ring_vol = 3\n"
                                                  "voice.ring_vol = 4\n"
                                                  "account.1.enable = perhaps\n"
                                                  "voice.ring_vol = loud\n");
  g_autoptr (GPtrArray) left = phone_config_file_apply (file, settings, PHONE_LAYER_PHONE, NULL, NULL);

  g_assert_true (phone_settings_get_bool (settings, PHONE_SETTING_ACCOUNT_ENABLE, 1, 0));
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_VOLUME_RING, 0, 0), ==, 4);
  g_assert_cmpuint (left->len, ==, 2);
  assert_places (file, "phone.cfg:4: note|phone.cfg:5: note|phone.cfg:6: note|phone.cfg:5:20: warning|"
                       "phone.cfg:6:18: warning|");
}

static void
test_tones_are_looked_at (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (PhoneConfigFile) file = parse (FIRST "voice.tone.country = Narnia\n"
                                                  "voice.tone.dial = 99999/5\n"
                                                  "voice.tone.busy = 480+620/500,0/500\n"
                                                  "voice.tone.ring =\n"
                                                  "voice.tone.autoanswer = 600/100,,\n");
  g_autoptr (GPtrArray) left = phone_config_file_apply (file, settings, PHONE_LAYER_PHONE, NULL, NULL);

  assert_places (file, "phone.cfg:2:22: warning|phone.cfg:3:19: warning|phone.cfg:6:25: warning|");
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_TONE_COUNTRY, 0, 0), ==, "Custom");
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_TONE_DIAL, 0, 0), ==, "");
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_TONE_BUSY, 0, 0), ==, "480+620/500,0/500");
  g_assert_cmpuint (left->len, ==, 3);
}

static void
test_unknown_keys_do_not_fill_the_screen (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (GString) text = g_string_new (FIRST);
  g_autoptr (PhoneConfigFile) file = NULL;
  g_autoptr (GPtrArray) left = NULL;
  PhoneDiagnostics *diagnostics;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (text, "no.such.key%u.x = 1\n", i);
  file = parse (text->str);
  left = phone_config_file_apply (file, settings, PHONE_LAYER_PHONE, NULL, NULL);
  diagnostics = phone_config_file_get_diagnostics (file);
  g_assert_cmpuint (left->len, ==, 30);
  g_assert_cmpuint (phone_diagnostics_get_n (diagnostics), ==, 31);
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_WARNING), ==, 11);
}

static void
test_no_password_in_messages (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autofree char *secret = g_strnfill (200, 's');
  g_autofree char *text = g_strdup_printf (FIRST "account.1.password = %s\naccount.1.password = \xff%s\n", secret, secret);
  g_autoptr (PhoneConfigFile) file = parse (text);
  g_autoptr (GPtrArray) left = phone_config_file_apply (file, settings, PHONE_LAYER_PHONE, NULL, NULL);
  PhoneDiagnostics *diagnostics = phone_config_file_get_diagnostics (file);

  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpuint (phone_diagnostics_get_n (diagnostics), ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_null (strstr (phone_diagnostics_get (diagnostics, i)->message, "sss"));
}

static void
test_written_lines_are_read_back (void)
{
  static const char *const values[] = { "1", "", " x ", "\"", "\"\"", "\"x\"", "%NULL%", "%EMPTY%", "\"%NULL%\"", "a=b#c|d",
                                        "\t", "x\ty", "J\xc3\xb6rg", "#", "=", "[T46G]" };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GString) text = g_string_new (FIRST);
      g_autoptr (PhoneConfigFile) file = NULL;

      g_assert_true (phone_config_write_line (text, "a.b", values[i]));
      file = parse (text->str);
      g_assert_cmpuint (phone_config_file_get_n_entries (file), ==, 1);
      g_assert_cmpstr (phone_config_file_get_entry (file, 0)->value, ==, values[i]);
      g_assert_false (phone_config_file_get_entry (file, 0)->is_default);
      g_assert_cmpuint (phone_diagnostics_get_n (phone_config_file_get_diagnostics (file)), ==, 0);
    }
}

static void
test_what_cannot_be_written (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *value = g_strnfill (PHONE_CONFIG_MAX_LINE, 'x');

  g_assert_false (phone_config_write_line (text, "a", "two\nlines"));
  g_assert_false (phone_config_write_line (text, "a", "two\rlines"));
  g_assert_false (phone_config_write_line (text, "a b", "1"));
  g_assert_false (phone_config_write_line (text, "", "1"));
  g_assert_false (phone_config_write_line (text, "#a", "1"));
  g_assert_false (phone_config_write_line (text, "a", value));
  g_assert_cmpstr (text->str, ==, "");
}

static void
test_load (void)
{
  g_autofree char *folder = g_dir_make_tmp ("deskset-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.cfg", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneConfigFile) file = NULL;

  g_assert_null (phone_config_file_load (path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (phone_config_file_load (folder, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, FIRST "a = 1\n", -1, NULL));
  file = phone_config_file_load (path, &error);
  g_assert_no_error (error);
  assert_entries (file, "a=1@2:5");
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-file/plain", test_plain_file);
  g_test_add_func ("/config-file/line-ends", test_line_ends);
  g_test_add_func ("/config-file/quotes", test_quotes_and_empty_values);
  g_test_add_func ("/config-file/broken-lines", test_broken_lines);
  g_test_add_func ("/config-file/nul", test_nul_bytes);
  g_test_add_func ("/config-file/overlong", test_overlong_lines);
  g_test_add_func ("/config-file/first-line", test_first_line);
  g_test_add_func ("/config-file/encodings", test_other_encodings);
  g_test_add_func ("/config-file/size", test_size_is_bounded);
  g_test_add_func ("/config-file/messages", test_messages_are_bounded);
  g_test_add_func ("/config-file/apply", test_apply);
  g_test_add_func ("/config-file/wrong-line", test_wrong_line_leaves_what_was_said);
  g_test_add_func ("/config-file/tones", test_tones_are_looked_at);
  g_test_add_func ("/config-file/unknown-keys", test_unknown_keys_do_not_fill_the_screen);
  g_test_add_func ("/config-file/no-password", test_no_password_in_messages);
  g_test_add_func ("/config-file/round-trip", test_written_lines_are_read_back);
  g_test_add_func ("/config-file/not-written", test_what_cannot_be_written);
  g_test_add_func ("/config-file/load", test_load);
  return g_test_run ();
}
