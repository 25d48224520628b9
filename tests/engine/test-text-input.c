/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "text-input.h"

static gint64 now_ms;

/* Presses digit keys 100 ms apart; a '|' waits until the character stands. */
static void
press (PhoneTextInput *input,
       const char *digits)
{
  for (const char *digit = digits; *digit != '\0'; digit++)
    {
      now_ms += *digit == '|' ? PHONE_TEXT_INPUT_TAP_MS : 100;
      if (*digit != '|')
        phone_text_input_press (input, phone_key_from_digit (*digit), now_ms);
    }
}

#define assert_text(input, expected) g_assert_cmpstr (phone_text_input_get_text (input), ==, expected)

static void
test_letters_by_pressing (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (99, PHONE_INPUT_LOWER);

  press (input, "44|33|555|555|666");
  assert_text (input, "hello");
  press (input, "|0|9|99");
  assert_text (input, "hello wx");
  phone_text_input_set_mode (input, PHONE_INPUT_UPPER);
  press (input, "7777|77777");
  assert_text (input, "hello wxS7");
}

static void
test_presses_go_round (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (99, PHONE_INPUT_MIXED);

  g_assert_cmpstr (phone_text_input_get_mode_name (input), ==, "2aB");
  press (input, "2|22|22222|22222222");
  assert_text (input, "2aA2");
}

static void
test_digits_do_not_go_round (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (99, PHONE_INPUT_DIGITS);

  press (input, "2222*##0");
  assert_text (input, "2222*##0");
  g_assert_false (phone_text_input_is_composing (input, now_ms));
  g_assert_false (phone_text_input_press (input, PHONE_KEY_OK, now_ms));
}

static void
test_time_decides (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (99, PHONE_INPUT_LOWER);

  phone_text_input_press (input, PHONE_KEY_0 + 2, 5000);
  g_assert_true (phone_text_input_is_composing (input, 5999));
  g_assert_false (phone_text_input_is_composing (input, 6000));
  phone_text_input_press (input, PHONE_KEY_0 + 2, 5999);
  assert_text (input, "b");
  phone_text_input_press (input, PHONE_KEY_0 + 2, 6999);
  assert_text (input, "ba");
  phone_text_input_commit (input);
  phone_text_input_press (input, PHONE_KEY_0 + 2, 7000);
  assert_text (input, "baa");
  /* A clock that went back changes nothing that stands. */
  phone_text_input_press (input, PHONE_KEY_0 + 2, 10);
  assert_text (input, "baaa");
}

static void
test_moving_ends_a_character (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (99, PHONE_INPUT_LOWER);

  press (input, "2|3");
  g_assert_true (phone_text_input_move (input, -1));
  press (input, "3");
  assert_text (input, "add");
  g_assert_cmpuint (phone_text_input_get_cursor (input), ==, 2);
  g_assert_true (phone_text_input_move (input, -100));
  g_assert_false (phone_text_input_move (input, -1));
  g_assert_cmpuint (phone_text_input_get_cursor (input), ==, 0);
  g_assert_false (phone_text_input_backspace (input));
  g_assert_true (phone_text_input_move (input, 100));
  g_assert_cmpuint (phone_text_input_get_cursor (input), ==, 3);
}

static void
test_utf8_is_never_cut (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (6, PHONE_INPUT_LOWER);

  phone_text_input_set_text (input, "a\xc3\xa4\xe2\x82\xac\xe2\x82\xac");
  assert_text (input, "a\xc3\xa4\xe2\x82\xac");
  g_assert_cmpuint (phone_text_input_get_length (input), ==, 3);
  g_assert_false (phone_text_input_insert (input, "x"));
  g_assert_true (phone_text_input_backspace (input));
  assert_text (input, "a\xc3\xa4");
  g_assert_true (phone_text_input_move (input, -1));
  g_assert_true (phone_text_input_insert (input, "\xc3\xb6"));
  assert_text (input, "a\xc3\xb6\xc3\xa4");
  g_assert_cmpuint (phone_text_input_get_cursor (input), ==, 2);
}

static void
test_pasted_rubbish (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (99, PHONE_INPUT_LOWER);

  g_assert_true (phone_text_input_insert (input, "a\r\n\tb\xff"));
  g_assert_true (g_utf8_validate (phone_text_input_get_text (input), -1, NULL));
  g_assert_true (g_str_has_prefix (phone_text_input_get_text (input), "ab"));
  phone_text_input_set_text (input, NULL);
  assert_text (input, "");
  g_assert_false (phone_text_input_insert (input, "\n"));
}

static void
test_full_line (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (2, PHONE_INPUT_LOWER);

  press (input, "2|3|4");
  assert_text (input, "ad");
  /* The last character may still go on. */
  phone_text_input_backspace (input);
  press (input, "333");
  assert_text (input, "af");
}

static void
test_modes_go_round (void)
{
  g_autoptr (PhoneTextInput) input = phone_text_input_new (9, PHONE_INPUT_MIXED);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < 5; i++)
    {
      g_string_append_printf (names, "%s ", phone_text_input_get_mode_name (input));
      phone_text_input_next_mode (input);
    }
  g_assert_cmpstr (names->str, ==, "2aB abc ABC 123 2aB ");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-input/letters", test_letters_by_pressing);
  g_test_add_func ("/text-input/round", test_presses_go_round);
  g_test_add_func ("/text-input/digits", test_digits_do_not_go_round);
  g_test_add_func ("/text-input/time", test_time_decides);
  g_test_add_func ("/text-input/moving", test_moving_ends_a_character);
  g_test_add_func ("/text-input/utf8", test_utf8_is_never_cut);
  g_test_add_func ("/text-input/pasted", test_pasted_rubbish);
  g_test_add_func ("/text-input/full", test_full_line);
  g_test_add_func ("/text-input/modes", test_modes_go_round);
  return g_test_run ();
}
