/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-quality.h"

#include <math.h>

/* The E-model by hand: ITU-T G.107 with default values, the codecs of G.113. */

static void
test_ratings (void)
{
  static const struct { const char *codec; double loss; double delay_ms; double r; double mos; } cases[] = {
    { "PCMU", 0, 0, 93.2, 4.41 },
    { "PCMA", 0, 100, 93.2, 4.41 },
    { "PCMU", 1, 0, 89.56, 4.33 },
    { "PCMU", 5, 0, 77.42, 3.92 },
    { "PCMU", 20, 0, 51.07, 2.64 },
    { "G729", 0, 0, 82.2, 4.10 },
    { "G729", 2, 0, 74.2, 3.79 },
    { "G726-16", 0, 0, 43.2, 2.23 },
    { "AAL2-G726-16", 0, 0, 43.2, 2.23 },
    { "never-heard-of", 0, 0, 93.2, 4.41 },
    /* Figure 1 of G.114: 90 at 200 ms, 70 at 400 ms, 50 at 700 ms or so. */
    { "PCMU", 0, 200, 89.9, 4.34 },
    { "PCMU", 0, 400, 69.0, 3.56 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double r = phone_call_quality_rate (cases[i].codec, cases[i].loss, cases[i].delay_ms);

      g_test_message ("%s %.0f %% %.0f ms: %.2f %.2f", cases[i].codec, cases[i].loss, cases[i].delay_ms, r,
                      phone_call_quality_to_mos (r));
      g_assert_cmpfloat_with_epsilon (r, cases[i].r, cases[i].delay_ms > 100 ? 1.0 : 0.01);
      g_assert_cmpfloat_with_epsilon (phone_call_quality_to_mos (r), cases[i].mos, cases[i].delay_ms > 100 ? 0.05 : 0.011);
    }
  g_assert_cmpfloat (phone_call_quality_to_mos (-5), ==, 1);
  g_assert_cmpfloat (phone_call_quality_to_mos (101), ==, 4.5);
  for (double r = -10; r < 110; r += 0.5)
    {
      g_assert_cmpfloat (phone_call_quality_to_mos (r), >=, 1);
      g_assert_cmpfloat (phone_call_quality_to_mos (r), <=, 4.5);
    }
}

static void
test_score (void)
{
  PhoneCallQuality quality = {
    .codec = "PCMU", .received = 970, .lost = 25, .late = 5, .buffer_us = 38000, .round_trip_us = 22000, .sent = 1000,
    .remote_lost = 50,
  };
  PhoneCallScore score = phone_call_quality_score (&quality);

  g_assert_cmpuint (score.loss_permille, ==, 30);
  g_assert_cmpuint (score.one_way_ms, ==, 84);
  g_assert_cmpuint (score.listening, ==, 41);
  g_assert_cmpuint (score.conversation, ==, 41);
  g_assert_cmpuint (score.remote_listening, ==, 39);

  /* Duplicates may make the loss negative; without reports nothing is known of the other side. */
  quality.lost = -3;
  quality.late = 0;
  quality.round_trip_us = 0;
  score = phone_call_quality_score (&quality);
  g_assert_cmpuint (score.loss_permille, ==, 0);
  g_assert_cmpuint (score.listening, ==, 44);
  g_assert_cmpuint (score.one_way_ms, ==, 0);
  g_assert_cmpuint (score.remote_listening, ==, 0);

  quality.received = 0;
  score = phone_call_quality_score (&quality);
  g_assert_cmpuint (score.listening, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call-quality/ratings", test_ratings);
  g_test_add_func ("/call-quality/score", test_score);
  return g_test_run ();
}
