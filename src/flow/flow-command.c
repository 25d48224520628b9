/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-flow"

#include "flow-command.h"

#include "flow-report.h"
#include "flow-script.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define PHONE_PROGRAM "deskset-headless"

static volatile int stopped;

static void
on_signal (int number)
{
  stopped = 1;
}

/* The phones are to be ended and their folders removed whatever happens. */
static void
catch_signals (void)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

/* The phone that was installed or built with this program, else one that is found. */
static char *
dup_program (const PhoneFlowCommand *self)
{
  g_autofree char *own = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *beside = NULL;

  if (self->program)
    return g_strdup (self->program);
  own = g_file_read_link ("/proc/self/exe", NULL);
  folder = g_path_get_dirname (own ? own : ".");
  beside = g_build_filename (folder, PHONE_PROGRAM, NULL);
  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  return g_find_program_in_path (PHONE_PROGRAM);
}

static gboolean
read_variables (const PhoneFlowCommand  *self,
                GHashTable              *variables,
                GError                 **error)
{
  for (guint i = 0; i < self->sets->len; i++)
    if (!phone_flow_take_variable (variables, g_ptr_array_index (self->sets, i), error))
      return FALSE;

  return !self->variables || phone_flow_read_variables (self->variables, variables, error);
}

static void
print_step (const PhoneFlowStep *step,
            gpointer             user_data)
{
  g_print ("%s%s\n", step->kind == PHONE_FLOW_STEP ? "" : "    ", step->text);
  fflush (stdout);
}

static gboolean
play (const PhoneFlowScript   *script,
      const PhoneFlowOptions  *options,
      GPtrArray               *suites)
{
  PhoneFlowSuite *suite = g_new0 (PhoneFlowSuite, 1);
  g_autofree char *text = NULL;

  suite->title = g_strdup (script->title);
  suite->results = phone_flow_run (script, options);
  g_ptr_array_add (suites, suite);
  text = phone_flow_report_dup_text (suite);
  g_print ("%s", text);
  fflush (stdout);

  return phone_flow_suite_has_passed (suite);
}

static gboolean
write_junit (const PhoneFlowCommand  *self,
             GPtrArray               *suites,
             GError                 **error)
{
  g_autofree char *xml = self->junit ? phone_flow_report_dup_junit (suites) : NULL;

  return !xml || g_file_set_contents (self->junit, xml, -1, error);
}

/* All files are read before the first is played: a mistake in the last is told at once. */
static GPtrArray *
load (const PhoneFlowCommand  *self,
      GHashTable              *variables,
      GError                 **error)
{
  g_autoptr (GPtrArray) scripts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_flow_script_free);

  for (guint i = 0; i < self->files->len; i++)
    {
      PhoneFlowScript *script = phone_flow_script_load (g_ptr_array_index (self->files, i), variables, error);

      if (!script)
        return NULL;
      g_ptr_array_add (scripts, script);
    }

  return g_steal_pointer (&scripts);
}

/* NAME=WHERE */
static GHashTable *
read_attach (const PhoneFlowCommand  *self,
             GError                 **error)
{
  g_autoptr (GHashTable) attach = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->attach->len; i++)
    if (!phone_flow_take_variable (attach, g_ptr_array_index (self->attach, i), error))
      return NULL;

  return g_steal_pointer (&attach);
}

/**
 * phone_flow_command:
 *
 * Plays flows and tells how they went on standard output.
 *
 * Returns: the verdict; with @error when it is %PHONE_FLOW_UNUSABLE or the report could not be written
 */
PhoneFlowVerdict
phone_flow_command (const PhoneFlowCommand  *self,
                    GError                 **error)
{
  g_autoptr (GHashTable) variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) attach = NULL;
  g_autoptr (GPtrArray) scripts = NULL;
  g_autoptr (GPtrArray) suites = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_flow_suite_free);
  g_autofree char *program = dup_program (self);
  gboolean passed = TRUE;

  if (!read_variables (self, variables, error) || !(attach = read_attach (self, error))
      || !(scripts = load (self, variables, error)))
    return PHONE_FLOW_UNUSABLE;
  if (self->check)
    return PHONE_FLOW_ALL_PASSED;
  if (!program)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s is not installed (--phone PROGRAM names it)", PHONE_PROGRAM);
      return PHONE_FLOW_UNUSABLE;
    }

  catch_signals ();
  for (guint i = 0; i < scripts->len && !stopped; i++)
    {
      const PhoneFlowOptions options = {
        .program = program,
        .app_id = self->app_id,
        .attach = attach,
        .by_hand = self->by_hand,
        .slow_ms = self->slow_ms,
        .trace = self->trace,
        .stop = &stopped,
        .progress = self->verbose || self->by_hand ? print_step : NULL,
      };

      passed &= play (g_ptr_array_index (scripts, i), &options, suites);
    }
  if (!write_junit (self, suites, error))
    return PHONE_FLOW_UNUSABLE;

  return passed && !stopped ? PHONE_FLOW_ALL_PASSED : PHONE_FLOW_SOME_FAILED;
}
