/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "deskset-config.h"

#include "exchange-directory.h"
#include "exchange-script.h"
#include "exchange-users.h"
#include "exchange.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * The program: reads users and passwords from standard input, "user password" in each line, up to an empty line; says
 * on standard output with one line of JSON where it listens; ends when standard input is closed or at SIGTERM/SIGINT.
 */

#define REALM "deskset-practice"
#define MAX_LINE_BYTES 512
#define EXIT_USAGE 2

typedef struct {
  GMainLoop        *loop;
  ExchangeOptions   options;
  char             *bind;
  char             *script_path;
  gint              port;
  gint              min_expires_s;
  gint              nonce_life_s;
  gboolean          open_calls;
  gboolean          list;
  gboolean          version;
  ExchangeUsers    *users;
  ExchangeScript   *script;
  Exchange         *exchange;
  GDataInputStream *input;
  GCancellable     *cancellable;
  guint             sigterm;
  guint             sigint;
  gboolean          stopping;
  int               exit_code;
} Program;

static void read_line (Program *self);

static void
on_stopped (gpointer data)
{
  Program *self = data;

  g_main_loop_quit (self->loop);
}

static void
stop (Program *self,
      int      exit_code)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->exit_code = exit_code;
  g_cancellable_cancel (self->cancellable);
  if (self->exchange)
    exchange_stop (self->exchange, on_stopped, self);
  else
    g_main_loop_quit (self->loop);
}

static gboolean
on_signal (gpointer data)
{
  stop (data, 0);
  return G_SOURCE_CONTINUE;
}

static void
fail (Program    *self,
      const char *message)
{
  g_printerr ("deskset-exchange: %s\n", message);
  stop (self, EXIT_USAGE);
}

static void
open_exchange (Program *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ready = NULL;

  self->exchange = exchange_new (&self->options, self->users, &error);
  if (!self->exchange)
    {
      g_printerr ("deskset-exchange: %s\n", error->message);
      stop (self, 1);
      return;
    }
  ready = exchange_directory_format_ready (self->bind, exchange_get_port (self->exchange));
  puts (ready);
  fflush (stdout);
}

static void
take_line (Program *self,
           char    *line)
{
  g_autoptr (GError) error = NULL;

  g_strchomp (line);
  if (self->exchange)
    return;
  if (!*line)
    open_exchange (self);
  else if (strlen (line) > MAX_LINE_BYTES || !g_utf8_validate (line, -1, NULL))
    fail (self, _("a line of the users is too long or no text"));
  else if (!exchange_users_add_line (self->users, line, &error))
    fail (self, error->message);
}

static void
on_line (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  Program *self = data;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!line)
    {
      /* Whoever started us is gone. */
      stop (self, self->exchange ? 0 : EXIT_USAGE);
      return;
    }
  take_line (self, line);
  if (!self->stopping)
    read_line (self);
}

static void
read_line (Program *self)
{
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, self->cancellable, on_line, self);
}

static gboolean
parse_options (Program   *self,
               int       *argc,
               char    ***argv)
{
  const GOptionEntry entries[] = {
    { "bind", 0, 0, G_OPTION_ARG_STRING, &self->bind, N_("Numeric address to listen on (127.0.0.1)"), "ADDRESS" },
    { "port", 0, 0, G_OPTION_ARG_INT, &self->port, N_("Port for UDP and TCP, 0 for any (0)"), "PORT" },
    { "any-address", 0, 0, G_OPTION_ARG_NONE, &self->options.any_address,
      N_("Allow an address that others can reach"), NULL },
    { "min-expires", 0, 0, G_OPTION_ARG_INT, &self->min_expires_s,
      N_("Shortest registration that is accepted (10)"), "SECONDS" },
    { "nonce-life", 0, 0, G_OPTION_ARG_INT, &self->nonce_life_s,
      N_("How long a challenge may be answered (300)"), "SECONDS" },
    { "open-calls", 0, 0, G_OPTION_ARG_NONE, &self->open_calls, N_("Ask for no password for calls"), NULL },
    { "script", 0, 0, G_OPTION_ARG_FILENAME, &self->script_path,
      N_("Answer REGISTER and INVITE as this file says"), "FILE" },
    { "list", 0, 0, G_OPTION_ARG_NONE, &self->list, N_("List the extensions and end"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_("Show the version and end"), NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _("A telephone exchange to practise with, on this machine alone."));
  g_option_context_set_description (context,
    _("Users and passwords are read from standard input, “user password” in each line up to an empty line.\n"
      "The exchange ends when standard input is closed."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("deskset-exchange: %s\n", error->message);
  else if (*argc > 1)
    g_printerr ("deskset-exchange: unexpected: %s\n", (*argv)[1]);
  else if (self->port < 0 || self->port > 65535 || self->min_expires_s < 1 || self->nonce_life_s < 1)
    g_printerr ("deskset-exchange: a number is out of range\n");
  else
    return TRUE;

  return FALSE;
}

static gboolean
load_script (Program *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->script_path)
    return TRUE;

  self->script = exchange_script_load (self->script_path, &error);
  self->options.script = self->script;
  if (!self->script)
    g_printerr ("deskset-exchange: %s\n", error->message);
  return self->script != NULL;
}

static void
run (Program *self)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  self->users = exchange_users_new (REALM, self->nonce_life_s);
  self->input = g_data_input_stream_new (input);
  self->sigterm = g_unix_signal_add (SIGTERM, on_signal, self);
  self->sigint = g_unix_signal_add (SIGINT, on_signal, self);
  read_line (self);
  g_main_loop_run (self->loop);

  g_source_remove (self->sigterm);
  g_source_remove (self->sigint);
  /* The read that was cancelled still has to tell so. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&self->exchange, exchange_free);
  g_clear_pointer (&self->users, exchange_users_free);
  g_clear_pointer (&self->script, exchange_script_free);
  g_clear_object (&self->input);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

int
main (int    argc,
      char **argv)
{
  Program self = { .min_expires_s = 10, .nonce_life_s = 300 };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* The phone reads standard output. */
  g_log_writer_default_set_use_stderr (TRUE);

  if (!parse_options (&self, &argc, &argv))
    self.exit_code = EXIT_USAGE;
  else if (self.version)
    puts ("deskset-exchange " VERSION);
  else if (self.list)
    {
      g_autofree char *table = exchange_directory_format_table ();

      fputs (table, stdout);
    }
  else if (!load_script (&self))
    self.exit_code = EXIT_USAGE;
  else
    {
      if (!self.bind)
        self.bind = g_strdup ("127.0.0.1");
      self.options.address = self.bind;
      self.options.port = self.port;
      self.options.min_expires_s = self.min_expires_s;
      self.options.call_auth = !self.open_calls;
      run (&self);
    }
  g_free (self.bind);
  g_free (self.script_path);

  return self.exit_code;
}
