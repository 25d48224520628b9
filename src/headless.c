/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-headless"

#include "app-program.h"
#include "app-timing.h"
#include "app.h"
#include "bus-name.h"
#include "texts.h"

#include "deskset-config.h"

/* The whole phone without a window: for tests, for machines without a screen, for hands that are programs. */
typedef struct {
  const PhoneAppOptions *options;
  PhoneApp              *app;
  GMainLoop             *loop;
  guint                  name_id;
  int                    code;
} Headless;

static void
on_stopped (PhoneApp *app,
            Headless *self)
{
  g_main_loop_quit (self->loop);
}

static void
on_bus_acquired (GDBusConnection *connection,
                 const char      *name,
                 gpointer         user_data)
{
  Headless *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!phone_app_export (self->app, connection, &error))
    g_warning ("%s", error->message);
}

static void
on_name_lost (GDBusConnection *connection,
              const char      *name,
              gpointer         user_data)
{
  Headless *self = user_data;

  if (!connection)
    {
      g_message ("there is no session bus: this phone cannot be driven; use --control");
      return;
    }
  g_printerr (_ ("deskset-headless: %s is running already\n"), name);
  self->code = PHONE_EXIT_FAILED;
  phone_app_quit (self->app);
}

/* A phone that is driven over a socket stays off the bus: it may be one of many. */
static void
own_name (Headless *self)
{
  g_autofree char *name = NULL;

  if (self->options->control)
    return;

  name = phone_bus_name_for_profile (APP_ID, self->options->profile);
  self->name_id = g_bus_own_name (G_BUS_TYPE_SESSION, name, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, on_bus_acquired, NULL,
                                  on_name_lost, self, NULL);
}

static int
run (const PhoneAppOptions *options)
{
  g_autoptr (PhoneApp) app = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Headless self = { options, NULL, loop, 0, PHONE_EXIT_OK };

  app = phone_app_new (options, &error);
  if (!app || !phone_app_start (app, &error))
    {
      g_printerr ("deskset-headless: %s\n", error->message);
      return PHONE_EXIT_FAILED;
    }

  self.app = app;
  phone_app_timing_attach (phone_app_get_engine (app));
  g_signal_connect (app, "stopped", G_CALLBACK (on_stopped), &self);
  own_name (&self);
  g_main_loop_run (loop);
  g_clear_handle_id (&self.name_id, g_bus_unown_name);
  g_signal_handlers_disconnect_by_data (app, &self);

  return self.code;
}

int
main (int    argc,
      char **argv)
{
  return phone_program_main ("deskset-headless", N_ ("A desk phone without a window."), run, (const char *const *) argv);
}
