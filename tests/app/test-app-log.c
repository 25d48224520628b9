/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app-log.h"

static void
test_topics (void)
{
  g_assert_true (phone_app_log_is_topic ("sip", "deskset-sip"));
  g_assert_true (phone_app_log_is_topic ("media,sip", "deskset-sip"));
  g_assert_true (phone_app_log_is_topic ("all", "deskset-engine"));
  g_assert_false (phone_app_log_is_topic ("sip", "deskset-media"));
  g_assert_false (phone_app_log_is_topic ("si", "deskset-sip"));
  g_assert_false (phone_app_log_is_topic ("", "deskset-sip"));
  g_assert_false (phone_app_log_is_topic (NULL, "deskset-sip"));
  g_assert_false (phone_app_log_is_topic ("all", "GLib"));
  g_assert_false (phone_app_log_is_topic ("all", NULL));
}

/* In a process of its own: the writer can be set once only. */
static void
log_some (void)
{
  phone_app_log_install ("loud");
  g_log ("deskset-loud", G_LOG_LEVEL_DEBUG, "heard %d", 1);
  g_log ("deskset-soft", G_LOG_LEVEL_DEBUG, "unheard");
  g_log ("deskset-soft", G_LOG_LEVEL_WARNING, "always");
}

static void
test_writer (void)
{
  if (g_test_subprocess ())
    {
      log_some ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*deskset-loud debug: heard 1*");
  g_test_trap_assert_stderr ("*deskset-soft warning: always*");
  g_test_trap_assert_stderr_unmatched ("*unheard*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* A warning is what is tested here. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_test_add_func ("/app/log/topics", test_topics);
  g_test_add_func ("/app/log/writer", test_writer);

  return g_test_run ();
}
