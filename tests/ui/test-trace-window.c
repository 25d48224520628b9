/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "trace-window.h"
#include "trace-words.h"

#include <glib/gstdio.h>
#include <string.h>

/* The window of the call flow with messages of ours: what it writes, and the words for messages. */

static void
add (PhoneTrace *trace,
     const char *text,
     gboolean    sent)
{
  PhoneTraceRecord *record = phone_trace_record_new (text, strlen (text));

  record->sent = sent;
  record->local_port = 5060;
  record->remote_port = 5070;
  record->monotonic_us = g_get_monotonic_time ();
  record->wall_us = g_get_real_time ();
  g_strlcpy (record->local, "192.0.2.1", sizeof record->local);
  g_strlcpy (record->remote, "192.0.2.2", sizeof record->remote);
  phone_trace_add (trace, record);
}

static void
check_file (GtkWidget  *window,
            const char *folder,
            const char *name,
            const char *start,
            gsize       length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_assert_true (phone_trace_window_save (PHONE_TRACE_WINDOW (window), path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  g_assert_cmpuint (size, >, 100);
  g_assert_cmpmem (text, length, start, length);
  g_unlink (path);
}

static void
test_save (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();
  g_autofree char *folder = g_dir_make_tmp ("deskset-trace-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  GtkWidget *window;

  phone_trace_set_limits (trace, 5000, 10000000);
  window = phone_trace_window_new (trace);
  gtk_window_present (GTK_WINDOW (window));
  add (trace, "INVITE sip:2@192.0.2.2 SIP/2.0\r\nCall-ID: a\r\n\r\n", TRUE);
  add (trace, "SIP/2.0 486 Busy Here\r\nCall-ID: a\r\n\r\n", FALSE);
  check_file (window, folder, "x.txt", "    ", 4);
  check_file (window, folder, "x.png", "\x89PNG", 4);
  check_file (window, folder, "x.svg", "<?xml", 5);
  check_file (window, folder, "x.pcap", "\xa1\xb2\xc3\xd4", 4);
  g_assert_false (phone_trace_window_save (PHONE_TRACE_WINDOW (window), "/no/such/folder/x.txt", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (phone_trace_window_save (PHONE_TRACE_WINDOW (window), "/no/such/folder/x.svg", &error));
  g_assert_nonnull (error);

  /* More than a picture can hold, and more than is drawn; the window looks at it meanwhile. */
  for (guint i = 0; i < 1500; i++)
    add (trace, i % 2 ? "SIP/2.0 200 OK\r\n\r\n" : "OPTIONS sip:x SIP/2.0\r\n\r\n", i % 2);
  for (guint i = 0; i < 30; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
    }
  check_file (window, folder, "x.png", "\x89PNG", 4);
  g_rmdir (folder);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
check_meaning (const char *text,
               const char *wanted)
{
  g_autoptr (PhoneTraceRecord) record = phone_trace_record_new (text, strlen (text));
  g_autofree char *meaning = phone_trace_words_dup_meaning (record);

  g_assert_cmpstr (meaning, ==, wanted);
}

static void
test_words (void)
{
  check_meaning ("BYE sip:x SIP/2.0\r\n", "Ends the call. Either side may send it.");
  check_meaning ("SIP/2.0 486 Busy\r\n", "The called phone is busy.");
  check_meaning ("SIP/2.0 599 Odd\r\n", "The server has failed; another one might not.");
  check_meaning ("SIP/2.0 999 Odd\r\n", "");
  check_meaning ("DANCE sip:x SIP/2.0\r\n", "");
  check_meaning ("", "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/trace-window/save", test_save);
  g_test_add_func ("/ui/trace-window/words", test_words);

  return g_test_run ();
}
