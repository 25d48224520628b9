/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-main"

#include "app-program.h"
#include "app.h"
#include "bus-name.h"
#include "media-device-list.h"
#include "notifier.h"
#include "texts.h"
#include "window.h"

#include <adwaita.h>

#include "deskset-config.h"

/* The phone with its face on the screen. */

typedef struct {
  const PhoneAppOptions *options;
  GApplication          *application;
  PhoneApp              *app;
  PhoneWindow           *window;
  PhoneNotifier         *notifier;
  int                    code;
} Program;

static void
on_notice (PhoneControlHub   *hub,
           const PhoneNotice *notice,
           Program           *self)
{
  phone_notifier_handle (self->notifier, notice);
}

/* Without a window of its own nothing keeps the application alive: the hold taken at start-up is given back here. */
static void
on_stopped (PhoneApp *app,
            Program  *self)
{
  if (self->window)
    gtk_window_destroy (GTK_WINDOW (self->window));
  self->window = NULL;
  g_application_release (self->application);
  g_application_quit (self->application);
}

static void
show_window (Program *self)
{
  if (self->window)
    gtk_window_present (GTK_WINDOW (self->window));
}

static void
on_raise (PhoneApp *app,
          Program  *self)
{
  show_window (self);
}

static void
on_quit_requested (PhoneWindow *window,
                   Program     *self)
{
  phone_notifier_clear (self->notifier);
  phone_app_quit (self->app);
}

static void
on_devices_listed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (PhoneWindow) window = user_data;
  g_auto (GStrv) sinks = NULL;
  g_auto (GStrv) sources = NULL;
  g_autoptr (GError) error = NULL;

  if (phone_media_list_devices_finish (result, &sinks, &sources, &error))
    phone_window_set_devices (window, (const char *const *) sinks, (const char *const *) sources);
  else
    g_message ("sound devices are not known: %s", error->message);
}

static void
on_devices_wanted (PhoneWindow *window,
                   Program     *self)
{
  phone_media_list_devices_async (NULL, on_devices_listed, g_object_ref (window));
}

/* Several phones side by side are told apart by their profiles. */
static void
dress_window (Program *self)
{
  g_autofree char *title = NULL;

  if (self->options->profile[0])
    {
      title = g_strdup_printf ("Deskset – %s", self->options->profile);
      gtk_window_set_title (GTK_WINDOW (self->window), title);
    }
  if (self->options->compact)
    phone_window_set_compact (self->window, TRUE);
}

static gboolean
build (Program *self,
       GError **error)
{
  self->app = phone_app_new (self->options, error);
  if (!self->app)
    return FALSE;
  if (!phone_app_get_skin (self->app))
    {
      g_set_error (error, PHONE_APP_ERROR, PHONE_APP_ERROR_SETUP, "%s", _ ("there is no face to show; see --skin"));
      return FALSE;
    }

  self->notifier = phone_notifier_new (self->application);
  g_signal_connect (phone_app_get_hub (self->app), "notice", G_CALLBACK (on_notice), self);
  g_signal_connect (self->app, "stopped", G_CALLBACK (on_stopped), self);
  g_signal_connect (self->app, "raise", G_CALLBACK (on_raise), self);
  self->window = phone_window_new (GTK_APPLICATION (self->application), phone_app_get_engine (self->app),
                                   phone_app_get_skin (self->app));
  phone_window_set_trace (self->window, phone_app_get_trace (self->app));
  dress_window (self);
  g_signal_connect (self->window, "quit-requested", G_CALLBACK (on_quit_requested), self);
  if (g_strcmp0 (self->options->audio, "pulse") == 0)
    g_signal_connect (self->window, "devices-wanted", G_CALLBACK (on_devices_wanted), self);
  if (!phone_app_start (self->app, error))
    return FALSE;
  // cppcheck-suppress leakReturnValNotUsed ; the application's own reference
  if (!self->options->control && g_application_get_dbus_connection (self->application))
    return phone_app_export (self->app, g_application_get_dbus_connection (self->application), error);

  return TRUE;
}

static void
on_startup (GApplication *application,
            Program      *self)
{
  g_autoptr (GError) error = NULL;

  g_application_hold (application);
  if (build (self, &error))
    return;

  g_printerr ("deskset: %s\n", error->message);
  self->code = PHONE_EXIT_FAILED;
  g_application_release (application);
  g_application_quit (application);
}

static void
on_activate (GApplication *application,
             Program      *self)
{
  show_window (self);
}

/* A link was clicked: the desktop hands it over as a file that is none. */
static void
on_open (GApplication  *application,
         GFile        **files,
         int            n_files,
         const char    *hint,
         Program       *self)
{
  show_window (self);
  for (int i = 0; i < n_files && self->app; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      phone_app_dial (self->app, uri);
    }
}

static int
run (const PhoneAppOptions *options)
{
  g_autofree char *id = phone_bus_name_for_profile (APP_ID, options->profile);
  GApplicationFlags flags = G_APPLICATION_HANDLES_OPEN | (options->control ? G_APPLICATION_NON_UNIQUE : 0);
  g_autoptr (AdwApplication) application = adw_application_new (id, flags);
  g_autoptr (GError) error = NULL;
  Program self = { options, G_APPLICATION (application), NULL, NULL, NULL, PHONE_EXIT_OK };
  int code;

  g_signal_connect (application, "startup", G_CALLBACK (on_startup), &self);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &self);
  g_signal_connect (application, "open", G_CALLBACK (on_open), &self);
  if (!g_application_register (self.application, NULL, &error))
    {
      g_printerr ("deskset: %s\n", error->message);
      return PHONE_EXIT_FAILED;
    }
  /* Second start of the same profile: the phone that runs takes the call; run () below makes it show itself. */
  if (g_application_get_is_remote (self.application) && options->dial)
    g_action_group_activate_action (G_ACTION_GROUP (application), "dial", g_variant_new_string (options->dial));

  code = self.code ? self.code : g_application_run (self.application, 0, NULL);
  g_clear_object (&self.notifier);
  g_clear_object (&self.app);

  return self.code ? self.code : code;
}

/* The face is a picture that hardly changes: drawing it on the processor costs nothing, while a GL context costs 30 to 140
 * MB and 0.1 to 1 s of every start. Who sets GSK_RENDERER decides for himself. Before a thread runs. */
static void
draw_without_gl (void)
{
  gboolean new_names = gtk_get_major_version () > 4 || gtk_get_minor_version () >= 15;

  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (g_str_equal (g_getenv ("GSK_RENDERER"), "cairo"))
    g_setenv (new_names ? "GDK_DISABLE" : "GDK_DEBUG", new_names ? "gl" : "gl-disable", FALSE);
}

int
main (int    argc,
      char **argv)
{
  draw_without_gl ();
  return phone_program_main ("deskset", N_ ("A desk phone on the desktop."), run, (const char *const *) argv);
}
