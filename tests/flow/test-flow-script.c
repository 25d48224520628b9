/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "flow-script.h"

#include <string.h>

/* Files are held in a table: name to text. */
static char *
read_table (const char  *path,
            gpointer     user_data,
            GError     **error)
{
  GHashTable *files = user_data;
  const char *text = g_hash_table_lookup (files, path);

  if (!text)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: no such file", path);
  return g_strdup (text);
}

static PhoneFlowScript *
read_all (const char  *main_text,
          const char  *included,
          GHashTable  *variables,
          GError     **error)
{
  g_autoptr (GHashTable) files = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (files, (gpointer) "flows/main.flow", (gpointer) main_text);
  if (included)
    g_hash_table_insert (files, (gpointer) "flows/part.include", (gpointer) included);

  return phone_flow_script_read ("flows/main.flow", variables ? variables : none, read_table, files, error);
}

static const PhoneFlowStep *
get_step (const PhoneFlowScript *script,
          guint                  i)
{
  g_assert_cmpuint (i, <, script->steps->len);
  return g_ptr_array_index (script->steps, i);
}

static void
test_steps (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneFlowScript) script = read_all ("# a comment\n"
                                                 "title 'A calls B'\n"
                                                 "phone A tone=440 bind=127.0.0.1\n"
                                                 "phone B\n"
                                                 "\n"
                                                 "step \"A dials\"   # another\n"
                                                 "A number 1*2#\n"
                                                 "all lcd 'Busy here!' two within=1.5s\n"
                                                 "B wait call:talking\n"
                                                 "pause 250ms\n"
                                                 "A hears 440 620\n",
                                                 NULL, NULL, &error);
  const PhoneFlowPart *part;

  g_assert_no_error (error);
  g_assert_cmpstr (script->title, ==, "A calls B");
  g_assert_cmpuint (script->parts->len, ==, 2);
  part = g_ptr_array_index (script->parts, 0);
  g_assert_cmpstr (part->name, ==, "A");
  g_assert_cmpstr (part->bind, ==, "127.0.0.1");
  g_assert_cmpuint (part->tone_hz, ==, 440);

  g_assert_cmpuint (script->steps->len, ==, 6);
  g_assert_cmpint (get_step (script, 0)->kind, ==, PHONE_FLOW_STEP);
  g_assert_cmpstr (get_step (script, 0)->words[0], ==, "A dials");
  g_assert_cmpint (get_step (script, 1)->kind, ==, PHONE_FLOW_NUMBER);
  g_assert_cmpuint (get_step (script, 1)->phone, ==, 0);
  g_assert_cmpuint (get_step (script, 1)->line, ==, 7);
  g_assert_cmpuint (get_step (script, 2)->phone, ==, PHONE_FLOW_ALL);
  g_assert_cmpuint (get_step (script, 2)->limit_ms, ==, 1500);
  g_assert_cmpuint (g_strv_length (get_step (script, 2)->words), ==, 2);
  g_assert_cmpuint (get_step (script, 3)->limit_ms, ==, PHONE_FLOW_DEFAULT_LIMIT_MS);
  g_assert_cmpuint (get_step (script, 4)->number, ==, 250);
}

static void
test_variables (void)
{
  g_autoptr (GHashTable) given = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneFlowScript) script = NULL;

  g_hash_table_insert (given, (gpointer) "B.number", (gpointer) "1002");
  g_hash_table_insert (given, (gpointer) "secret", (gpointer) "with \"quotes\" and # too");
  script = read_all ("variable B.number\n"
                     "variable secret\n"
                     "variable user u${B.number}\n"
                     "variable secret ignored\n"
                     "phone A\n"
                     "A setting account.1.password ${secret}\n"
                     "A type ${user}-$$${B.number}\n",
                     NULL, given, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_step (script, 0)->words[1], ==, "with \"quotes\" and # too");
  g_assert_cmpstr (get_step (script, 1)->words[0], ==, "u1002-$1002");
  /* What is told of a line never holds a value. */
  g_assert_cmpstr (get_step (script, 0)->text, ==, "A setting account.1.password ${secret}");
}

static void
test_include (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneFlowScript) script = read_all ("title Whole\ninclude part.include\nA idle\n",
                                                 "title Part\nphone A\nA key OK\n", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (script->title, ==, "Whole");
  g_assert_cmpuint (script->steps->len, ==, 2);
  g_assert_cmpstr (get_step (script, 0)->file, ==, "flows/part.include");
  g_assert_cmpuint (get_step (script, 0)->line, ==, 3);
  g_assert_cmpstr (get_step (script, 1)->file, ==, "flows/main.flow");
}

static void
test_repeat (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneFlowScript) script = read_all ("phone A\nrepeat 50\nA key F2\nrepeat 2\nA key F3\nend\nend\n", NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (get_step (script, 0)->number, ==, 50);
  g_assert_cmpuint (get_step (script, 0)->partner, ==, 5);
  g_assert_cmpuint (get_step (script, 2)->partner, ==, 4);
  g_assert_cmpuint (get_step (script, 4)->partner, ==, 2);
  g_assert_cmpuint (get_step (script, 5)->partner, ==, 0);
}

static void
test_mistakes (void)
{
  static const struct {
    const char *text;
    const char *message;   /* begins so */
  } rows[] = {
    { "", "flows/main.flow: there is no phone" },
    { "phone a", "flows/main.flow:1: phone takes a name" },
    { "phone A\nphone A", "flows/main.flow:2: there is a phone" },
    { "phone A tone=9", "flows/main.flow:1: “tone=9”: a tone of" },
    { "phone A\n\nA jump", "flows/main.flow:3: A: there is no step “jump”" },
    { "phone A\nA", "flows/main.flow:2: A: there is no step “”" },
    { "phone A\nB key OK", "flows/main.flow:2: “B” is neither a step nor a phone" },
    { "phone A\nall key OK", "flows/main.flow:2: key cannot be done by all" },
    { "phone A\nA key", "flows/main.flow:2: key: a word is missing" },
    { "phone A\nA page idle idle", "flows/main.flow:2: page: too many words" },
    { "phone A\nA hook up", "flows/main.flow:2: hook takes on or off" },
    { "phone A\nA number 12x", "flows/main.flow:2: number: only" },
    { "phone A\nA hears loud", "flows/main.flow:2: “loud”: tones of" },
    { "phone A\nA lcd x within=soon", "flows/main.flow:2: “soon”: a time" },
    { "phone A\npause -1s", "flows/main.flow:2: “-1s”: a time" },
    { "phone A\npause 1e9s", "flows/main.flow:2: “1e9s”: a time" },
    { "phone A\nend", "flows/main.flow:2: end: there is no repeat" },
    { "phone A\nrepeat 2\nA key OK", "flows/main.flow:2: repeat: its end is missing" },
    { "phone A\nrepeat 0\nend", "flows/main.flow:2: “0”: a number from 1" },
    { "phone A\nA type ${x}", "flows/main.flow:2: there is no variable “x”" },
    { "phone A\nA type ${x", "flows/main.flow:2: “$”: ${NAME}" },
    { "variable x\nvariable y\nphone A", "flows/main.flow: not given: x, y" },
    { "phone A\nA type 'x", "flows/main.flow:2: " },
    { "include no.include", "flows/no.include: no such file" },
    { "include main.flow\nphone A", "flows/main.flow:1: files include each other" },
    { "phone A\nA type \xff", "flows/main.flow:2: the line is longer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneFlowScript) script = read_all (rows[i].text, NULL, NULL, &error);

      g_assert_null (script);
      g_assert_nonnull (error);
      if (!g_str_has_prefix (error->message, rows[i].message))
        g_error ("row %u: “%s”, not “%s”", i, error->message, rows[i].message);
    }
}

static void
test_assignments (void)
{
  g_autoptr (GHashTable) variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  static const char *const wrong[] = { "", "x", "=x", "1=x", "a b=x", "x=\xff", "x=a\nb" };

  g_assert_true (phone_flow_take_variable (variables, " server = pbx.example ", NULL));
  g_assert_cmpstr (g_hash_table_lookup (variables, "server"), ==, "pbx.example");
  g_assert_true (phone_flow_take_variable (variables, "A.password=a=b", NULL));
  g_assert_cmpstr (g_hash_table_lookup (variables, "A.password"), ==, "a=b");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (phone_flow_take_variable (variables, wrong[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/flow/script/steps", test_steps);
  g_test_add_func ("/flow/script/variables", test_variables);
  g_test_add_func ("/flow/script/include", test_include);
  g_test_add_func ("/flow/script/repeat", test_repeat);
  g_test_add_func ("/flow/script/mistakes", test_mistakes);
  g_test_add_func ("/flow/script/assignments", test_assignments);

  return g_test_run ();
}
