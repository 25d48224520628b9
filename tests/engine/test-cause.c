/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cause.h"

static void
test_texts_of_responses (void)
{
  static const struct
  {
    guint status;
    const char *text;
  } cases[] = {
    { 400, "Bad request!" },          { 404, "Not found!" },
    { 408, "Invite request no response!" }, { 480, "Temporarily unavailable!" },
    { 484, "Address is incomplete!" }, { 486, "Busy here!" },
    { 600, "Busy" },                  { 488, "Not acceptable here!" },
    { 433, "Anonymity disallowed!" }, { 500, "Internal Server Error" },
    { 503, "Service Unavailable!" },  { 603, "Rejected" },
    { 403, "Call failed!" },          { 699, "Call failed!" },
    { 0, "Call failed!" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (phone_cause_get_text (phone_cause_from_status (cases[i].status)), ==, cases[i].text);
}

static void
test_media_faults_differ (void)
{
  g_assert_cmpint (phone_cause_from_media_fault (PHONE_MEDIA_FAULT_NO_PORT), ==, PHONE_CAUSE_NO_RTP_PORT);
  g_assert_cmpint (phone_cause_from_media_fault (PHONE_MEDIA_FAULT_NO_PLUGIN), ==, PHONE_CAUSE_NO_PLUGIN);
  g_assert_cmpint (phone_cause_from_media_fault (PHONE_MEDIA_FAULT_NO_DEVICE), ==, PHONE_CAUSE_NO_DEVICE);
  g_assert_cmpint (phone_cause_from_media_fault (PHONE_MEDIA_FAULT_OTHER), ==, PHONE_CAUSE_MEDIA_FAILED);
}

static void
test_every_cause_has_its_own_words (void)
{
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint cause = 0; cause < PHONE_N_CAUSES; cause++)
    {
      g_assert_true (g_hash_table_add (texts, (gpointer) phone_cause_get_text ((PhoneCause) cause)));
      g_assert_true (g_hash_table_add (names, (gpointer) phone_cause_to_string ((PhoneCause) cause)));
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cause/responses", test_texts_of_responses);
  g_test_add_func ("/cause/media-faults", test_media_faults_differ);
  g_test_add_func ("/cause/words", test_every_cause_has_its_own_words);
  return g_test_run ();
}
