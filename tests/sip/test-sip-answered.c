/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-answered.h"

static void
test_late (void)
{
  g_autoptr (PhoneSipAnswered) answered = phone_sip_answered_new ();

  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKone", 100));
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKone", 180));
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKone", 200));
  g_assert_true (phone_sip_answered_is_late (answered, "z9hG4bKone", 180));
  /* The answer again, another call, a refusal. */
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKone", 200));
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKtwo", 180));
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKtwo", 486));
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bKtwo", 180));
}

static void
test_bounds (void)
{
  g_autoptr (PhoneSipAnswered) answered = phone_sip_answered_new ();
  g_autofree char *longer = g_strnfill (500, 'x');

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *branch = g_strdup_printf ("z9hG4bK%u", i);

      g_assert_false (phone_sip_answered_is_late (answered, branch, 200));
      g_assert_true (phone_sip_answered_is_late (answered, branch, 183));
    }
  /* The oldest are forgotten. */
  g_assert_false (phone_sip_answered_is_late (answered, "z9hG4bK0", 183));
  g_assert_true (phone_sip_answered_is_late (answered, "z9hG4bK950", 183));

  g_assert_false (phone_sip_answered_is_late (answered, longer, 200));
  g_assert_false (phone_sip_answered_is_late (answered, longer, 180));
  g_assert_false (phone_sip_answered_is_late (answered, "", 200));
  g_assert_false (phone_sip_answered_is_late (answered, "", 180));
  g_assert_false (phone_sip_answered_is_late (answered, NULL, 200));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/answered/late", test_late);
  g_test_add_func ("/sip/answered/bounds", test_bounds);

  return g_test_run ();
}
