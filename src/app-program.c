/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app-program.h"

#include "app-log.h"
#include "app-skin.h"
#include "config-store.h"
#include "settings-list.h"
#include "sip-library.h"
#include "texts.h"

#include "deskset-config.h"

#include <locale.h>
#include <signal.h>

/* Log, locale, translations, signals that must not kill the program: before a text is looked up or a thread runs. */
static void
set_up_process (void)
{
  /* A child or a peer that closes its end early must not end the phone. */
  signal (SIGPIPE, SIG_IGN);
  phone_sip_library_init ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, phone_app_is_uninstalled () ? BUILD_ROOT "/po" : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Deskset");
  phone_app_log_install (g_getenv ("DESKSET_DEBUG"));
}

/* The table with the values of the files on the command line. */
static int
list_settings (const PhoneAppOptions *options)
{
  g_autoptr (PhoneEventQueue) queue = phone_event_queue_new ();
  g_autoptr (PhoneSettings) settings = phone_settings_new ();
  g_autoptr (PhoneStore) store = phone_config_store_new (queue, settings, "");
  g_autofree char *text = NULL;
  int code = PHONE_EXIT_OK;

  for (guint i = 0; options->configs[i]; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!phone_config_store_load_file (PHONE_CONFIG_STORE (store), options->configs[i], PHONE_LAYER_PHONE, &error))
        {
          g_printerr ("%s\n", error->message);
          code = PHONE_EXIT_FAILED;
        }
    }
  text = options->json ? phone_settings_list_to_json (settings) : phone_settings_list_to_text (settings);
  g_print ("%s", text);
  if (!g_str_has_suffix (text, "\n"))
    g_print ("\n");

  return code;
}

/* Answers --version and --list-settings. Returns whether that was all. */
static gboolean
run_query (const PhoneAppOptions *options,
           const char            *program,
           int                   *code)
{
  *code = PHONE_EXIT_OK;
  if (options->version)
    g_print ("%s %s\n", program, VERSION);
  else if (options->list_settings)
    *code = list_settings (options);
  else
    return FALSE;

  return TRUE;
}

int
phone_program_main (const char        *program,
                    const char        *summary,
                    PhoneProgramFunc   run,
                    const char *const *arguments)
{
  g_autoptr (PhoneAppOptions) options = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  set_up_process ();
  options = phone_app_options_parse (_ (summary), arguments, &error);
  if (!options)
    {
      g_printerr ("%s: %s\n", program, error->message);
      return PHONE_EXIT_USAGE;
    }
  if (run_query (options, program, &code))
    return code;

  return run (options);
}
