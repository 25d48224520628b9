/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-lab"

#include "lab-exchange.h"
#include "lab-window.h"

#include <glib/gi18n.h>
#include <glib-unix.h>

#include "deskset-config.h"

#include <locale.h>

#define PHONE_PROGRAM "deskset"

/* Phones A, B and C on the practice exchange, and the call flows to be played on them. */

typedef struct {
  PhoneLabPlayer *player;
  char           *flows;    /* nullable: --flows */
  char           *phone;    /* nullable: --phone */
} Program;

static void
on_activate (GtkApplication *application,
             Program        *self)
{
  GtkWindow *window = gtk_application_get_active_window (application);

  if (!window)
    {
      window = GTK_WINDOW (phone_lab_window_new (application, self->player));
      phone_lab_player_start (self->player);
    }
  gtk_window_present (window);
}

/* The phones are to be ended whatever happens. */
static gboolean
on_signal (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* The flows of the build folder's source, or those that are installed. */
static char *
dup_flows (void)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);

  if (own && g_str_has_prefix (own, BUILD_ROOT "/"))
    return g_strdup (SOURCE_ROOT "/data/flows");

  return g_strdup (PKGDATADIR "/flows");
}

static gboolean
parse_options (Program   *self,
               int       *argc,
               char    ***argv,
               gboolean  *version)
{
  const GOptionEntry entries[] = {
    { "flows", 0, 0, G_OPTION_ARG_FILENAME, &self->flows, N_ ("Folder with the flows to offer"), "FOLDER" },
    { "phone", 0, 0, G_OPTION_ARG_FILENAME, &self->phone, N_ ("The phone's program"), "PROGRAM" },
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_ ("Show the version and end"), NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Three phones on a practice exchange, to show and to practise call flows."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  g_printerr ("deskset-lab: %s\n", error->message);

  return FALSE;
}

static int
run (Program *self)
{
  g_autoptr (AdwApplication) application = adw_application_new (APP_ID ".Lab", G_APPLICATION_NON_UNIQUE);
  g_autofree char *phone = self->phone ? g_strdup (self->phone) : phone_lab_dup_program (PHONE_PROGRAM);
  g_autofree char *flows = self->flows ? g_strdup (self->flows) : dup_flows ();
  guint interrupt, terminate;
  int code;

  if (!phone)
    {
      g_printerr ("deskset-lab: %s\n", _ ("there is no deskset program; see --phone"));
      return 1;
    }
  self->player = phone_lab_player_new (phone, flows);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), self);
  interrupt = g_unix_signal_add (SIGINT, on_signal, application);
  terminate = g_unix_signal_add (SIGTERM, on_signal, application);
  code = g_application_run (G_APPLICATION (application), 0, NULL);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  phone_lab_player_close (self->player);
  g_clear_object (&self->player);

  return code;
}

int
main (int    argc,
      char **argv)
{
  Program self = { NULL, NULL, NULL };
  gboolean version = FALSE;
  int code;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!parse_options (&self, &argc, &argv, &version))
    code = 2;
  else if (version)
    {
      g_print ("deskset-lab %s\n", VERSION);
      code = 0;
    }
  else
    code = run (&self);
  g_free (self.flows);
  g_free (self.phone);

  return code;
}
