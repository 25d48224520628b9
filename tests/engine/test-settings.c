/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "settings.h"

static void
test_the_table_keeps_its_own_rules (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();

  for (guint i = 0; i < PHONE_N_SETTINGS; i++)
    {
      const PhoneSettingInfo *info = phone_setting_get_info ((PhoneSettingId) i);
      g_autoptr (GError) error = NULL;
      g_autofree char *key = NULL;
      PhoneSettingId id;
      guint x;
      guint y;

      g_assert_cmpint (info->id, ==, i);
      g_assert_cmpint (info->minimum, <=, info->maximum);
      g_assert_cmpstr (info->help, !=, "");
      /* The default must be allowed. */
      phone_settings_set (settings, PHONE_LAYER_LOCAL, (PhoneSettingId) i, info->max_x, info->max_y, info->fallback,
                          &error);
      g_assert_no_error (error);
      /* The key finds its own row, last place and all. */
      key = phone_setting_format_key ((PhoneSettingId) i, info->max_x, info->max_y);
      g_assert_true (phone_setting_find (key, &id, &x, &y, &error));
      g_assert_cmpint (id, ==, i);
      g_assert_cmpuint (x, ==, info->max_x);
      g_assert_cmpuint (y, ==, info->max_y);
      if (info->type == PHONE_SETTING_ENUM)
        g_assert_cmpstr (info->choices, !=, "");
    }
}

static void
test_spellings (void)
{
  static const struct
  {
    const char *key;
    PhoneSettingId id;
    guint x;
    guint y;
  } cases[] = {
    { "account.3.sip_server.2.port", PHONE_SETTING_ACCOUNT_SERVER_PORT, 3, 2 },
    { "account.3.sip_server_port", PHONE_SETTING_ACCOUNT_SERVER_PORT, 3, 1 },
    { "account.16.expires", PHONE_SETTING_ACCOUNT_SERVER_EXPIRES, 16, 1 },
    { "voice_mail.number.1", PHONE_SETTING_VOICE_MAIL_NUMBER, 1, 0 },
    { "network.port.min_rtpport", PHONE_SETTING_RTP_PORT_MIN, 0, 0 },
    { "static.network.port.min_rtpport", PHONE_SETTING_RTP_PORT_MIN, 0, 0 },
    { "static.lang.gui", PHONE_SETTING_LANGUAGE, 0, 0 },
    { "features.pound_key.mode", PHONE_SETTING_KEY_AS_SEND, 0, 0 },
    { "account.3.sip_trust_ctrl", PHONE_SETTING_TRUST_CTRL, 0, 0 },
    { "features.dtmf.duration", PHONE_SETTING_DTMF_DURATION, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      PhoneSettingId id;
      guint x;
      guint y;

      phone_setting_find (cases[i].key, &id, &x, &y, &error);
      g_assert_no_error (error);
      g_assert_cmpint (id, ==, cases[i].id);
      g_assert_cmpuint (x, ==, cases[i].x);
      g_assert_cmpuint (y, ==, cases[i].y);
    }
}

static void
test_keys_that_are_wrong (void)
{
  static const struct
  {
    const char *key;
    PhoneSettingsError code;
  } cases[] = {
    { "", PHONE_SETTINGS_ERROR_UNKNOWN_KEY },
    { "account", PHONE_SETTINGS_ERROR_UNKNOWN_KEY },
    { "account.1.enabel", PHONE_SETTINGS_ERROR_UNKNOWN_KEY },
    { "Account.1.enable", PHONE_SETTINGS_ERROR_UNKNOWN_KEY },
    { "account.1.2.3.enable", PHONE_SETTINGS_ERROR_UNKNOWN_KEY },
    { "account.9999999.enable", PHONE_SETTINGS_ERROR_UNKNOWN_KEY },
    { "account.0.enable", PHONE_SETTINGS_ERROR_INDEX },
    { "account.17.enable", PHONE_SETTINGS_ERROR_INDEX },
    { "account.1.sip_server.3.port", PHONE_SETTINGS_ERROR_INDEX },
    { "linekey.30.type", PHONE_SETTINGS_ERROR_INDEX },
    /* A bare X is the table's placeholder, not a place. */
    { "account.X.enable", PHONE_SETTINGS_ERROR_INDEX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      PhoneSettingId id;
      guint x;
      guint y;

      g_assert_false (phone_setting_find (cases[i].key, &id, &x, &y, &error));
      g_assert_error (error, PHONE_SETTINGS_ERROR, (int) cases[i].code);
    }
}

static void
test_overlong_key (void)
{
  g_autofree char *key = g_strnfill (100000, '1');
  g_autoptr (GError) error = NULL;
  PhoneSettingId id;
  guint x;
  guint y;

  g_assert_false (phone_setting_find (key, &id, &x, &y, &error));
  g_assert_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_UNKNOWN_KEY);
  g_assert_cmpuint (strlen (error->message), <, 400);
}

static void
test_values_that_are_wrong (void)
{
  static const struct
  {
    const char *key;
    const char *text;
  } cases[] = {
    { "account.1.enable", "2" },
    { "account.1.enable", "" },
    { "account.1.enable", "yes" },
    { "account.1.sip_server.1.port", "65536" },
    { "account.1.sip_server.1.port", "-1" },
    { "account.1.sip_server.1.port", "5060x" },
    { "account.1.sip_server.1.port", "99999999999999999999999" },
    { "account.1.sip_server.1.transport_type", "4" },
    { "features.busy_tone_delay", "4" },
    { "account.1.label", "two\nlines" },
    { "account.1.label", "\xff\xfe" },
  };
  g_autoptr (PhoneSettings) settings = phone_settings_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *before = phone_settings_dup_by_key (settings, cases[i].key, NULL);
      g_autofree char *after = NULL;

      g_assert_false (phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, cases[i].key, cases[i].text, &error));
      g_assert_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE);
      after = phone_settings_dup_by_key (settings, cases[i].key, NULL);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_numbers_are_kept_in_one_form (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();

  g_assert_true (phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, "account.1.sip_server.1.port", " 05062 ", NULL));
  g_assert_cmpstr (phone_settings_get_string (settings, PHONE_SETTING_ACCOUNT_SERVER_PORT, 1, 1), ==, "5062");
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_ACCOUNT_SERVER_PORT, 1, 1), ==, 5062);
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_ACCOUNT_SERVER_PORT, 1, 2), ==, 5060);
}

static void
test_messages_never_hold_a_password (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autofree char *secret = g_strnfill (120, 'q');
  g_autoptr (GError) error = NULL;

  g_assert_false (phone_settings_set (settings, PHONE_LAYER_LOCAL, PHONE_SETTING_ACCOUNT_PASSWORD, 1, 0, secret, &error));
  g_assert_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE);
  g_assert_null (strstr (error->message, "qqq"));
}

static void
on_changed (PhoneSettings *settings,
            const char *key,
            int layer,
            gpointer user_data)
{
  g_string_append_printf (user_data, "%s:%s ", key, phone_layer_to_string ((PhoneLayer) layer));
}

static void
test_the_strongest_layer_wins (void)
{
  PhoneSettings *settings = phone_settings_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  const PhoneSettingId id = PHONE_SETTING_ACCOUNT_LABEL;

  g_signal_connect (settings, "changed", G_CALLBACK (on_changed), log);
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_PHONE, id, 2, 0, "phone", NULL));
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_COMMON, id, 2, 0, "common", NULL));
  g_assert_cmpstr (phone_settings_get_string (settings, id, 2, 0), ==, "phone");
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_LOCAL, id, 2, 0, "local", NULL));
  g_assert_cmpstr (phone_settings_get_string (settings, id, 2, 0), ==, "local");
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_LOCAL, id, 2, 0, NULL, NULL));
  g_assert_cmpstr (phone_settings_get_string (settings, id, 2, 0), ==, "phone");
  g_assert_cmpstr (phone_settings_peek_layer (settings, PHONE_LAYER_COMMON, id, 2, 0), ==, "common");
  g_assert_cmpstr (phone_settings_peek_layer (settings, PHONE_LAYER_FACTORY, id, 2, 0), ==, "");
  g_assert_null (phone_settings_peek_layer (settings, PHONE_LAYER_LOCAL, id, 2, 0));
  /* A write that changes nothing in force tells nothing. */
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_COMMON, id, 2, 0, "other", NULL));
  g_assert_cmpstr (log->str, ==, "account.2.label:phone account.2.label:local account.2.label:local ");
  g_assert_finalize_object (settings);
}

static void
test_line_keys_beyond_the_accounts_have_no_function (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();

  phone_settings_set_n_accounts (settings, 6);
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_LINEKEY_TYPE, 6, 0), ==, 15);
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_LINEKEY_TYPE, 7, 0), ==, 0);
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_PHONE, PHONE_SETTING_LINEKEY_TYPE, 7, 0, "13", NULL));
  g_assert_cmpint (phone_settings_get_int (settings, PHONE_SETTING_LINEKEY_TYPE, 7, 0), ==, 13);
}

static void
note_key (PhoneSettingId id,
          guint x,
          guint y,
          const char *value,
          gpointer user_data)
{
  g_autofree char *key = phone_setting_format_key (id, x, y);

  g_string_append_printf (user_data, "%s=%s ", key, value);
}

static void
test_foreach_goes_in_table_order (void)
{
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (GString) log = g_string_new (NULL);

  phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, "voice.ring_vol", "3", NULL);
  phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, "account.2.sip_server.2.port", "6", NULL);
  phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, "account.2.sip_server.1.port", "5", NULL);
  phone_settings_set_by_key (settings, PHONE_LAYER_LOCAL, "account.1.sip_server.2.port", "4", NULL);
  phone_settings_foreach (settings, PHONE_LAYER_LOCAL, note_key, log);
  g_assert_cmpstr (log->str, ==,
                   "account.1.sip_server.2.port=4 account.2.sip_server.1.port=5 account.2.sip_server.2.port=6 "
                   "voice.ring_vol=3 ");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/table", test_the_table_keeps_its_own_rules);
  g_test_add_func ("/settings/spellings", test_spellings);
  g_test_add_func ("/settings/wrong-keys", test_keys_that_are_wrong);
  g_test_add_func ("/settings/overlong-key", test_overlong_key);
  g_test_add_func ("/settings/wrong-values", test_values_that_are_wrong);
  g_test_add_func ("/settings/numbers", test_numbers_are_kept_in_one_form);
  g_test_add_func ("/settings/no-password", test_messages_never_hold_a_password);
  g_test_add_func ("/settings/layers", test_the_strongest_layer_wins);
  g_test_add_func ("/settings/line-keys", test_line_keys_beyond_the_accounts_have_no_function);
  g_test_add_func ("/settings/foreach", test_foreach_goes_in_table_order);
  return g_test_run ();
}
