/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The face in a window of its own, with a display made up for it: to look at, and for the pictures of single states.
 *
 *   face-standalone [--compact] [--size WxH] [--dark] STATE
 *   face-standalone --skin FOLDER --screenshot FILE.png STATE */

#include <adwaita.h>

#include "face.h"
#include "fake-display.h"

static char *skin_folder = NULL;
static char *screenshot = NULL;
static char *size = NULL;
static char *pressed = NULL;
static gboolean compact = FALSE;
static gboolean dark = FALSE;
static char **states = NULL;

static const GOptionEntry options[] = {
  { "skin", 0, 0, G_OPTION_ARG_FILENAME, &skin_folder, "Folder of the skin", "FOLDER" },
  { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &screenshot, "Write a picture of the window and end", "FILE" },
  { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Size of the face", "WIDTHxHEIGHT" },
  { "pressed", 0, 0, G_OPTION_ARG_STRING, &pressed, "Show a key pressed", "KEY" },
  { "compact", 0, 0, G_OPTION_ARG_NONE, &compact, "Head and soft keys only", NULL },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &states, NULL, "STATE" },
  { 0 },
};

/* Draws the window once more into a picture of the device's resolution. */
static gboolean
on_time_for_picture (gpointer data)
{
  /* A fresh paintable has the picture of the last frame only. */
  GtkWidget *window = data;
  int width = gtk_widget_get_width (window);
  int height = gtk_widget_get_height (window);
  int factor = gtk_widget_get_scale_factor (window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gtk_snapshot_scale (snapshot, factor, factor);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  if (!node)
    return G_SOURCE_CONTINUE;   /* a new frame is due: there is nothing to take just now */

  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width * factor, height * factor));
  if (!gdk_texture_save_to_png (texture, screenshot))
    g_printerr ("%s cannot be written\n", screenshot);
  gtk_window_destroy (GTK_WINDOW (window));

  return G_SOURCE_REMOVE;
}

static void
print_key (PhoneFace *face,
           int key,
           gpointer word)
{
  g_print ("%s %s\n", (const char *) word, phone_key_to_id (key));
}

static void
on_activate (GtkApplication *application,
             PhoneSkin *skin)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *face = phone_face_new (skin);
  g_autoptr (PhoneDisplay) display = fake_display_new (states && states[0] ? states[0] : "idle");
  int width = 0, height = 0;

  if (!display)
    {
      g_autofree char *names = g_strjoinv (" ", (char **) fake_display_names ());

      g_printerr ("No such state; there are: %s\n", names);
      gtk_window_destroy (GTK_WINDOW (window));
      return;
    }

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  phone_face_set_view (PHONE_FACE (face), compact ? PHONE_FACE_COMPACT : PHONE_FACE_FULL);
  phone_face_set_display (PHONE_FACE (face), display);
  if (pressed)
    phone_face_press_key (PHONE_FACE (face), phone_key_from_id (pressed));
  g_signal_connect (face, "key-down", G_CALLBACK (print_key), (gpointer) "down");
  g_signal_connect (face, "key-up", G_CALLBACK (print_key), (gpointer) "up");
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), face);

  if (size)
    {
      char *rest;

      width = (int) g_ascii_strtoll (size, &rest, 10);
      height = *rest == 'x' ? (int) g_ascii_strtoll (rest + 1, NULL, 10) : 0;
    }
  if (width <= 0 || height <= 0)
    phone_face_get_size_for (PHONE_FACE (face), phone_face_get_view (PHONE_FACE (face)), 1, &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  if (screenshot)
    g_timeout_add (400, on_time_for_picture, window);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("STATE");
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkin) skin = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      !(skin = phone_skin_load (skin_folder ? skin_folder : "skins/t46g", &error)))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), skin);

  return g_application_run (G_APPLICATION (application), 1, argv);
}
