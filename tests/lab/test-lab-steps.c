/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-steps.h"

static char *
read_text (const char  *path,
           gpointer     user_data,
           GError     **error)
{
  return g_strdup (user_data);
}

static void
test_sentences (void)
{
  static const struct {
    const char *line;
    const char *sentence;   /* NULL: no row */
  } rows[] = {
    { "step 'A calls B'", "A calls B" },
    { "A key F_HOLD 1", "A: press Hold, 1" },
    { "A number 1002", "A: dial the digits 1002" },
    { "A soft 'End Call'", "A: press the soft key “End Call”" },
    { "A hook off", "A: lift the handset" },
    { "A hook on", "A: put the handset down" },
    { "A answer", "A: answer" },
    { "A hangup", "A: hang up" },
    { "A dial 1002", "A: enter “1002”" },
    { "A setting call_waiting.enable 0", "A: the setting call_waiting.enable becomes 0" },
    { "A lcd 'Incoming call' 1001", "A: the display shows “Incoming call”, “1001”" },
    { "A no-lcd Held", "A: the display does not show “Held”" },
    { "A softkeys 'Answer|||Reject'", "A: the soft keys are “Answer”, “Reject”" },
    { "A lamp L1 green-fast", "A: Line key 1, green lamp blinking fast" },
    { "A lamp POWER red-very-slow", "A: Power lamp, red lamp blinking slowly" },
    { "A lamp L2 off", "A: Line key 2, lamp off" },
    { "A lamp L1 on", "A: Line key 1, on" },
    { "A icon forward", "A: the icon “forward” is shown" },
    { "all idle", "All: idle" },
    { "A hears 440", NULL },
    { "A wait call:none", NULL },
    { "start", NULL },
    { "pause 2s", NULL },
  };
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat ("phone A\n", rows[i].line, "\n", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneFlowScript) script = phone_flow_script_read ("f", none, read_text, text, &error);
      g_autofree char *sentence = NULL;

      g_assert_no_error (error);
      sentence = phone_lab_steps_dup_sentence (script, g_ptr_array_index (script->steps, 0));
      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/steps/sentences", test_sentences);
  return g_test_run ();
}
