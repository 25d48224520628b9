/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "key.h"
#include "model.h"
#include "types.h"

static void
test_directions_reverse (void)
{
  g_assert_cmpint (phone_direction_reverse (PHONE_DIRECTION_SENDONLY), ==, PHONE_DIRECTION_RECVONLY);
  g_assert_cmpint (phone_direction_reverse (PHONE_DIRECTION_RECVONLY), ==, PHONE_DIRECTION_SENDONLY);
  g_assert_cmpint (phone_direction_reverse (PHONE_DIRECTION_SENDRECV), ==, PHONE_DIRECTION_SENDRECV);
  g_assert_cmpint (phone_direction_reverse (PHONE_DIRECTION_INACTIVE), ==, PHONE_DIRECTION_INACTIVE);
}

static void
test_lamps_of_one_kind_blink_together (void)
{
  g_assert_cmpuint (phone_blink_get_half_ms (PHONE_BLINK_FAST), ==, 200);
  g_assert_cmpuint (phone_blink_get_half_ms (PHONE_BLINK_POWER), ==, 300);
  g_assert_true (phone_blink_is_lit (PHONE_BLINK_STEADY, 123456789));
  for (gint64 now_ms = 10000; now_ms < 12000; now_ms++)
    g_assert_cmpint (phone_blink_is_lit (PHONE_BLINK_SLOW, now_ms), ==, (now_ms / 500) % 2 == 0);
  /* On and off are equally long before the zero of the clock, too. */
  g_assert_true (phone_blink_is_lit (PHONE_BLINK_SLOW, -1000));
  g_assert_false (phone_blink_is_lit (PHONE_BLINK_SLOW, -1));
}

static void
test_words_are_unique (void)
{
  g_autoptr (GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint state = PHONE_CALL_NEW; state <= PHONE_CALL_ENDED; state++)
    {
      const char *word = phone_call_state_to_string ((PhoneCallState) state);

      g_assert_cmpstr (word, !=, "?");
      g_assert_true (g_hash_table_add (words, (gpointer) word));
    }
  g_assert_cmpstr (phone_account_state_to_string (PHONE_ACCOUNT_REGISTERED), ==, "registered");
  g_assert_cmpstr (phone_channel_to_string (PHONE_CHANNEL_HEADSET), ==, "headset");
  g_assert_cmpstr (phone_volume_to_string (PHONE_VOLUME_RING), ==, "ring");
  g_assert_cmpstr (phone_transport_to_string (PHONE_TRANSPORT_TLS), ==, "tls");
  g_assert_cmpstr (phone_lamp_colour_to_string (PHONE_LAMP_ORANGE), ==, "orange");
  g_assert_cmpstr (phone_blink_to_string (PHONE_BLINK_VERY_SLOW), ==, "very-slow");
}

static void
test_every_key_has_one_id (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_keys = 0;

  for (guint key = PHONE_KEY_0; key < PHONE_KEY_D1 + 99; key++)
    {
      const char *id = phone_key_to_id ((PhoneKey) key);

      if (g_str_equal (id, "NONE"))
        continue;
      n_keys++;
      g_assert_true (g_hash_table_add (ids, (gpointer) id));
      g_assert_cmpint (phone_key_from_id (id), ==, key);
      g_assert_cmpstr (phone_key_get_name ((PhoneKey) key), !=, "");
    }
  g_assert_cmpuint (n_keys, ==, 10 + 4 + 20 + 99 + 99);
}

static void
test_key_aliases_and_rubbish (void)
{
  static const char *const rubbish[] = { "", "L", "L0", "L01", "L100", "F5", "F0", "D-1", "10", "ok", "STAR ", "L1x", "NONE" };

  g_assert_cmpint (phone_key_from_id ("STAR"), ==, PHONE_KEY_STAR);
  g_assert_cmpint (phone_key_from_id ("#"), ==, PHONE_KEY_POUND);
  g_assert_cmpint (phone_key_from_id ("CANCEL"), ==, PHONE_KEY_X);
  g_assert_cmpint (phone_key_from_id ("ENTER"), ==, PHONE_KEY_OK);
  g_assert_cmpint (phone_key_from_id ("HOLD"), ==, PHONE_KEY_F_HOLD);
  g_assert_cmpint (phone_key_from_id ("TRANSFER"), ==, PHONE_KEY_F_TRANSFER);
  g_assert_cmpint (phone_key_from_id ("L10"), ==, PHONE_KEY_L1 + 9);
  for (gsize i = 0; i < G_N_ELEMENTS (rubbish); i++)
    g_assert_cmpint (phone_key_from_id (rubbish[i]), ==, PHONE_KEY_NONE);
}

static void
test_digits_of_keys (void)
{
  for (const char *digit = "0123456789*#"; *digit != '\0'; digit++)
    g_assert_cmpint (phone_key_to_digit (phone_key_from_digit (*digit)), ==, *digit);
  g_assert_cmpint (phone_key_from_digit ('A'), ==, PHONE_KEY_NONE);
  g_assert_cmpint (phone_key_to_digit (PHONE_KEY_OK), ==, 0);
  g_assert_cmpstr (phone_key_get_name (PHONE_KEY_L1 + 2), ==, "Line key 3");
}

static void
test_model_copy_is_deep (void)
{
  g_autoptr (PhoneModel) model = phone_model_new_default ();
  g_autoptr (PhoneModel) copy = phone_model_copy (model);

  g_assert_cmpstr (copy->name, ==, "T46G");
  g_assert_true (copy->name != model->name);
  g_assert_cmpuint (copy->n_accounts, ==, 16);
  g_assert_cmpuint (copy->n_line_keys, ==, 10);
  g_assert_cmpuint (copy->lcd_width, ==, 480);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/types/directions-reverse", test_directions_reverse);
  g_test_add_func ("/types/blink-together", test_lamps_of_one_kind_blink_together);
  g_test_add_func ("/types/words", test_words_are_unique);
  g_test_add_func ("/key/ids", test_every_key_has_one_id);
  g_test_add_func ("/key/aliases", test_key_aliases_and_rubbish);
  g_test_add_func ("/key/digits", test_digits_of_keys);
  g_test_add_func ("/model/copy", test_model_copy_is_deep);
  return g_test_run ();
}
