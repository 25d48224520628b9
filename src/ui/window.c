/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "window.h"

#include "announcer.h"
#include "deskset-config.h"
#include "description.h"
#include "keyboard.h"
#include "lcd-view.h"
#include "preferences.h"
#include "shortcuts.h"
#include "texts.h"
#include "timing.h"
#include "trace-window.h"
#include "window-state.h"

#include <math.h>

/* Below this the texts on the LCD are hard to read, and the compact view is offered. */
#define SMALL_LCD_SCALE 0.75
/* What the desktop's panel and the window's frame take of a screen. GTK 4 cannot tell. */
#define SCREEN_MARGIN 48
#define HEADER_HEIGHT 47

enum { QUIT_REQUESTED, DEVICES_WANTED, N_SIGNALS };

struct _PhoneWindow {
  AdwApplicationWindow parent;

  GtkApplication      *application;  /* weak: the window has let go of its own when it is disposed */
  PhoneEngine         *engine;
  PhoneSkin           *skin;
  PhoneFace           *face;
  AdwToastOverlay     *toasts;
  PhoneKeyboard       *keyboard;
  PhoneTiming         *timing;       /* nullable */
  PhoneDisplay        *told;         /* nullable: what was announced last */
  GtkWidget           *preferences;  /* nullable: while it is open */
  PhoneTrace          *trace;        /* nullable */
  GtkWidget           *call_flow;    /* nullable: while it is open */
  char               **sinks;
  char               **sources;
  GCancellable        *cancellable;
  PhoneWindowState     state;
  char                *state_path;
  guint                offer_id;
  guint                show_id;      /* the display has changed and is not shown yet */
  gboolean             leaving;
};

G_DEFINE_FINAL_TYPE (PhoneWindow, phone_window, ADW_TYPE_APPLICATION_WINDOW)

static guint signals[N_SIGNALS];

static void
run_command (PhoneWindow *self,
             const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!phone_engine_run_command (self->engine, line, &error))
    phone_window_show_message (self, error->message);
}

/* --- engine to face ---------------------------------------------------------------------------------------------- */

static gboolean
is_ringing (const PhoneDisplay *display)
{
  for (guint i = 0; i < display->calls->len; i++)
    if (((PhoneDisplayCall *) g_ptr_array_index (display->calls, i))->incoming)
      return TRUE;

  return FALSE;
}

static void
show_display (PhoneWindow *self)
{
  PhoneDisplay *display = phone_engine_get_display (self->engine);
  g_autofree char *change = phone_describe_change (self->told, display);

  phone_timing_changed (self->timing);
  phone_face_set_display (self->face, display);
  if (change)
    phone_announce (phone_face_get_lcd (self->face), change, is_ringing (display));
  g_clear_pointer (&self->told, phone_display_unref);
  self->told = phone_display_ref (display);

  if (self->preferences)
    {
      g_autoptr (GPtrArray) accounts = phone_engine_list_accounts (self->engine);

      phone_preferences_show_accounts (PHONE_PREFERENCES (self->preferences), accounts);
    }
}

static gboolean
on_show (gpointer user_data)
{
  PhoneWindow *self = user_data;

  self->show_id = 0;
  show_display (self);

  return G_SOURCE_REMOVE;
}

/*
 * Filling the labels of the display takes milliseconds. Meanwhile the other side would wait for a 180, or for sound: so all
 * that has happened is dealt with first, and shown once, right before GTK paints.
 */
static void
plan_display (PhoneWindow *self)
{
  if (!self->show_id)
    self->show_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 10, on_show, self, NULL);
}

/* Keys that others press are seen to go down like those pressed here. */
static void
on_engine_key (PhoneEngine *engine,
               int key,
               gboolean down,
               PhoneWindow *self)
{
  if (down)
    phone_timing_key_down (self->timing);
  phone_face_show_key (self->face, key, down);
}

/* --- hands to engine --------------------------------------------------------------------------------------------- */

static void
on_key_down (PhoneFace *face,
             int key,
             PhoneWindow *self)
{
  phone_engine_press (self->engine, key);
}

static void
on_key_up (PhoneFace *face,
           int key,
           PhoneWindow *self)
{
  phone_engine_release (self->engine, key);
}

static void
on_hook (PhoneFace *face,
         gboolean off_hook,
         PhoneWindow *self)
{
  phone_engine_set_hook (self->engine, off_hook);
}

static void
on_text (PhoneKeyboard *keyboard,
         const char *text,
         PhoneWindow *self)
{
  phone_engine_type_text (self->engine, text);
}

static void
on_command (PhoneKeyboard *keyboard,
            const char *line,
            PhoneWindow *self)
{
  run_command (self, line);
}

static void
on_clipboard_read (GObject *clipboard,
                   GAsyncResult *result,
                   gpointer data)
{
  g_autoptr (PhoneWindow) self = data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  g_autofree char *clean = NULL;
  PhoneDisplay *display;

  if (!text || !self->engine)
    return;

  display = phone_engine_get_display (self->engine);
  clean = phone_keyboard_clean_paste (text, display->layout != PHONE_LAYOUT_EDIT);
  if (clean)
    phone_engine_type_text (self->engine, clean);
}

static void
on_paste_activated (GSimpleAction *action,
                    GVariant *parameter,
                    gpointer data)
{
  PhoneWindow *self = data;
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));

  gdk_clipboard_read_text_async (clipboard, self->cancellable, on_clipboard_read, g_object_ref (self));
}

/* --- size and view ----------------------------------------------------------------------------------------------- */

/* The largest LCD scale up to 1 at which the whole phone fits on every screen there is. */
static double
choose_scale (PhoneWindow *self,
              PhoneFaceView view)
{
  GListModel *monitors = gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self)));
  double scale = 1;
  int width, height;

  phone_face_get_size_for (self->face, view, 1, &width, &height);
  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      GdkRectangle screen;

      gdk_monitor_get_geometry (monitor, &screen);
      scale = MIN (scale, (screen.width - SCREEN_MARGIN) / (double) width);
      scale = MIN (scale, (screen.height - SCREEN_MARGIN - HEADER_HEIGHT) / (double) height);
    }

  return MAX (scale, 0.3);
}

static void
apply_size (PhoneWindow *self)
{
  gboolean compact = self->state.compact;
  PhoneFaceView view = compact ? PHONE_FACE_COMPACT : PHONE_FACE_FULL;
  int width = compact ? self->state.compact_width : self->state.width;
  int height = compact ? self->state.compact_height : self->state.height;

  if (width == 0 || height == 0)
    {
      phone_face_get_size_for (self->face, view, compact ? 1 : choose_scale (self, view), &width, &height);
      height += HEADER_HEIGHT;
    }
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
}

static void
remember_size (PhoneWindow *self)
{
  int width, height;

  self->state.maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  if (self->state.maximized || gtk_window_is_fullscreen (GTK_WINDOW (self)) ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (self->state.compact)
    {
      self->state.compact_width = width;
      self->state.compact_height = height;
    }
  else
    {
      self->state.width = width;
      self->state.height = height;
    }
}

static void
on_compact_changed (GSimpleAction *action,
                    GVariant *value,
                    gpointer data)
{
  phone_window_set_compact (data, g_variant_get_boolean (value));
}

static gboolean
on_time_to_offer (gpointer data)
{
  PhoneWindow *self = data;
  double scale = phone_face_get_lcd_scale (self->face);
  AdwToast *toast;

  self->offer_id = 0;
  if (self->state.compact || self->state.compact_offered || scale <= 0 || scale >= SMALL_LCD_SCALE)
    return G_SOURCE_REMOVE;

  self->state.compact_offered = TRUE;
  toast = adw_toast_new (_ ("The display is small at this size"));
  adw_toast_set_button_label (toast, _ ("_Compact View"));
  adw_toast_set_action_name (toast, "win.compact");
  adw_toast_set_timeout (toast, 12);
  adw_toast_overlay_add_toast (self->toasts, toast);

  return G_SOURCE_REMOVE;
}

static void
on_size_changed (PhoneWindow *self)
{
  /* Not from inside the layout, and not for a size that is only passed through. */
  g_clear_handle_id (&self->offer_id, g_source_remove);
  if (!self->state.compact && !self->state.compact_offered && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->offer_id = g_timeout_add (400, on_time_to_offer, self);
}

/* --- program ----------------------------------------------------------------------------------------------------- */

static gboolean
write_setting (const char *key,
               const char *value,
               gpointer data,
               GError **error)
{
  PhoneWindow *self = data;
  g_autofree char *quoted = g_shell_quote (value);
  g_autofree char *line = g_strdup_printf ("set %s %s", key, quoted);

  return phone_engine_run_command (self->engine, line, error);
}

static void
on_preferences_activated (GSimpleAction *action,
                          GVariant *parameter,
                          gpointer data)
{
  PhoneWindow *self = data;
  g_autoptr (GPtrArray) accounts = NULL;

  if (!self->preferences)
    {
      self->preferences = phone_preferences_new (phone_engine_get_settings (self->engine),
                                                 phone_engine_get_model (self->engine), write_setting, self);
      g_object_add_weak_pointer (G_OBJECT (self->preferences), (gpointer *) &self->preferences);
      phone_preferences_set_devices (PHONE_PREFERENCES (self->preferences), (const char *const *) self->sinks,
                                     (const char *const *) self->sources);
      gtk_window_set_transient_for (GTK_WINDOW (self->preferences), GTK_WINDOW (self));
      gtk_window_set_destroy_with_parent (GTK_WINDOW (self->preferences), TRUE);
      gtk_window_set_modal (GTK_WINDOW (self->preferences), FALSE);
      accounts = phone_engine_list_accounts (self->engine);
      phone_preferences_show_accounts (PHONE_PREFERENCES (self->preferences), accounts);
      g_signal_emit (self, signals[DEVICES_WANTED], 0);
    }
  gtk_window_present (GTK_WINDOW (self->preferences));
}

static void
on_shortcuts_activated (GSimpleAction *action,
                        GVariant *parameter,
                        gpointer data)
{
  GtkWidget *window = phone_shortcuts_window_new ();

  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (data));
  gtk_window_present (GTK_WINDOW (window));
}

/* One window: a second time it comes to the front. */
static void
on_call_flow_activated (GSimpleAction *action,
                        GVariant *parameter,
                        gpointer data)
{
  PhoneWindow *self = PHONE_WINDOW (data);

  if (!self->call_flow)
    {
      g_set_weak_pointer (&self->call_flow, phone_trace_window_new (self->trace));
      gtk_window_set_application (GTK_WINDOW (self->call_flow), self->application);
    }
  gtk_window_present (GTK_WINDOW (self->call_flow));
}

static void
on_about_activated (GSimpleAction *action,
                    GVariant *parameter,
                    gpointer data)
{
  PhoneWindow *self = data;
  const PhoneModel *model = phone_engine_get_model (self->engine);
  /* Translators: %s is the model of a desk phone, as T46G */
  g_autofree char *comments = g_strdup_printf (_ ("A desk phone for your desktop, modelled on a %s"), model->name);

  adw_show_about_window (GTK_WINDOW (self), "application-name", "Deskset", "application-icon", APP_ID, "version",
                         VERSION, "comments", comments, "developer-name", _ ("The Deskset authors"), "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

static void
on_answer_activated (GSimpleAction *action,
                     GVariant *parameter,
                     gpointer data)
{
  guint call = g_variant_get_uint32 (parameter);
  g_autofree char *line = call > 0 ? g_strdup_printf ("answer %u", call) : g_strdup ("answer");

  run_command (data, line);
  gtk_window_present (GTK_WINDOW (data));
}

static void
on_reject_activated (GSimpleAction *action,
                     GVariant *parameter,
                     gpointer data)
{
  guint call = g_variant_get_uint32 (parameter);
  g_autofree char *line = call > 0 ? g_strdup_printf ("reject %u", call) : g_strdup ("reject");

  run_command (data, line);
}

static void
on_dial_activated (GSimpleAction *action,
                   GVariant *parameter,
                   gpointer data)
{
  g_autofree char *quoted = g_shell_quote (g_variant_get_string (parameter, NULL));
  g_autofree char *line = g_strdup_printf ("dial %s", quoted);

  run_command (data, line);
  gtk_window_present (GTK_WINDOW (data));
}

static void
on_show_activated (GSimpleAction *action,
                   GVariant *parameter,
                   gpointer data)
{
  gtk_window_present (GTK_WINDOW (data));
}

static void
on_quit_activated (GSimpleAction *action,
                   GVariant *parameter,
                   gpointer data)
{
  gtk_window_close (GTK_WINDOW (data));
}

static const GActionEntry app_entries[] = {
  { "preferences", on_preferences_activated, NULL, NULL, NULL, { 0 } },
  { "shortcuts", on_shortcuts_activated, NULL, NULL, NULL, { 0 } },
  { "call-flow", on_call_flow_activated, NULL, NULL, NULL, { 0 } },
  { "about", on_about_activated, NULL, NULL, NULL, { 0 } },
  { "answer", on_answer_activated, "u", NULL, NULL, { 0 } },
  { "reject", on_reject_activated, "u", NULL, NULL, { 0 } },
  { "dial", on_dial_activated, "s", NULL, NULL, { 0 } },
  { "show", on_show_activated, NULL, NULL, NULL, { 0 } },
  { "quit", on_quit_activated, NULL, NULL, NULL, { 0 } },
};

static const GActionEntry window_entries[] = {
  { "compact", NULL, NULL, "false", on_compact_changed, { 0 } },
  { "paste", on_paste_activated, NULL, NULL, NULL, { 0 } },
};

/* --- leaving ----------------------------------------------------------------------------------------------------- */

static gboolean
has_call (PhoneWindow *self)
{
  g_autoptr (GPtrArray) calls = phone_engine_list_calls (self->engine);

  for (guint i = 0; i < calls->len; i++)
    {
      const PhoneCallInfo *call = g_ptr_array_index (calls, i);

      if (call->state != PHONE_CALL_ENDED && call->state != PHONE_CALL_ENDING)
        return TRUE;
    }

  return FALSE;
}

static void
leave (PhoneWindow *self)
{
  self->leaving = TRUE;
  if (!g_signal_has_handler_pending (self, signals[QUIT_REQUESTED], 0, FALSE))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_emit (self, signals[QUIT_REQUESTED], 0);
}

static void
on_leave_response (AdwMessageDialog *dialog,
                   const char *response,
                   PhoneWindow *self)
{
  if (g_str_equal (response, "leave"))
    leave (self);
}

static void
ask_to_leave (PhoneWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Hang Up and Quit?"),
                                              _ ("There is a call on this phone."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Cancel"), "leave",
                                    _ ("_Hang Up and Quit"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "leave", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_leave_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
phone_window_close_request (GtkWindow *window)
{
  PhoneWindow *self = PHONE_WINDOW (window);

  if (self->leaving)
    return GDK_EVENT_STOP;

  remember_size (self);
  phone_window_state_save (&self->state, self->state_path);
  if (has_call (self))
    ask_to_leave (self);
  else
    leave (self);

  return GDK_EVENT_STOP;
}

/* --- object ------------------------------------------------------------------------------------------------------ */

static GtkWidget *
make_header (void)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) view = g_menu_new ();
  g_autoptr (GMenu) program = g_menu_new ();

  g_menu_append (view, _ ("_Compact View"), "win.compact");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (view));
  g_menu_append (view, _ ("Call _Flow"), "app.call-flow");
  g_menu_append (program, _ ("_Preferences"), "app.preferences");
  g_menu_append (program, _ ("_Keyboard Shortcuts"), "app.shortcuts");
  g_menu_append (program, _ ("_About Deskset"), "app.about");
  g_menu_append (program, _ ("_Quit"), "app.quit");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (program));

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, _ ("Menu"));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), button);
  /* The bar is part of the surround: nothing is drawn around the phone. */
  gtk_widget_add_css_class (header, "flat");

  return header;
}

static void
build (PhoneWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *toasts = adw_toast_overlay_new ();

  self->face = PHONE_FACE (phone_face_new (self->skin));
  gtk_widget_set_hexpand (GTK_WIDGET (self->face), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->face), TRUE);
  self->toasts = ADW_TOAST_OVERLAY (toasts);
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->face));
  gtk_box_append (GTK_BOX (box), make_header ());
  gtk_box_append (GTK_BOX (box), toasts);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), box);

  g_signal_connect (self->face, "key-down", G_CALLBACK (on_key_down), self);
  g_signal_connect (self->face, "key-up", G_CALLBACK (on_key_up), self);
  g_signal_connect (self->face, "hook", G_CALLBACK (on_hook), self);
  self->keyboard = phone_keyboard_new (GTK_WINDOW (self), self->face, self->skin);
  g_signal_connect (self->keyboard, "text", G_CALLBACK (on_text), self);
  g_signal_connect (self->keyboard, "command", G_CALLBACK (on_command), self);
}

static void
restore (PhoneWindow *self)
{
  const char *id = g_application_get_application_id (G_APPLICATION (self->application));
  /* The id has the profile in it: each phone remembers its own window. */
  g_autofree char *name = g_strdup_printf ("%s.ini", id ? id : APP_ID);

  self->state_path = g_build_filename (g_get_user_state_dir (), "deskset", name, NULL);
  phone_window_state_load (&self->state, self->state_path);
}

/* The actions on the application have this window for their data. */
static void
remove_actions (PhoneWindow *self)
{
  for (guint i = 0; self->application && i < G_N_ELEMENTS (app_entries); i++)
    g_action_map_remove_action (G_ACTION_MAP (self->application), app_entries[i].name);
  g_clear_weak_pointer (&self->application);
}

static void
phone_window_dispose (GObject *object)
{
  PhoneWindow *self = PHONE_WINDOW (object);

  remove_actions (self);
  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->offer_id, g_source_remove);
  g_clear_handle_id (&self->show_id, g_source_remove);
  g_clear_pointer (&self->timing, phone_timing_free);
  g_clear_object (&self->keyboard);
  if (self->preferences)
    gtk_window_destroy (GTK_WINDOW (self->preferences));
  if (self->call_flow)
    gtk_window_destroy (GTK_WINDOW (self->call_flow));
  G_OBJECT_CLASS (phone_window_parent_class)->dispose (object);
  g_clear_pointer (&self->told, phone_display_unref);
  g_clear_object (&self->engine);
  g_clear_object (&self->skin);
}

static void
phone_window_finalize (GObject *object)
{
  PhoneWindow *self = PHONE_WINDOW (object);

  g_clear_weak_pointer (&self->preferences);
  g_clear_weak_pointer (&self->call_flow);
  g_clear_pointer (&self->trace, phone_trace_unref);
  g_object_unref (self->cancellable);
  g_strfreev (self->sinks);
  g_strfreev (self->sources);
  g_free (self->state_path);
  G_OBJECT_CLASS (phone_window_parent_class)->finalize (object);
}

static void
phone_window_class_init (PhoneWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_window_dispose;
  object_class->finalize = phone_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = phone_window_close_request;

  signals[DEVICES_WANTED] = g_signal_new ("devices-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[QUIT_REQUESTED] = g_signal_new ("quit-requested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
phone_window_init (PhoneWindow *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * phone_window_new:
 *
 * Returns: (transfer none): the window, not yet presented; GTK holds it until it is destroyed
 */
PhoneWindow *
phone_window_new (GtkApplication *app,
                  PhoneEngine *engine,
                  PhoneSkin *skin)
{
  PhoneWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (app), NULL);
  g_return_val_if_fail (PHONE_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);

  self = g_object_new (PHONE_TYPE_WINDOW, "application", app, "title", "Deskset", NULL);
  g_set_weak_pointer (&self->application, app);
  self->engine = g_object_ref (engine);
  self->skin = g_object_ref (skin);
  build (self);
  restore (self);

  g_action_map_add_action_entries (G_ACTION_MAP (app), app_entries, G_N_ELEMENTS (app_entries), self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), window_entries, G_N_ELEMENTS (window_entries), self);
  phone_window_set_trace (self, NULL);
  phone_shortcuts_install (app);

  if (self->state.compact)
    {
      self->state.compact = FALSE;
      phone_window_set_compact (self, TRUE);
    }
  apply_size (self);
  if (self->state.maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect_swapped (self, "notify::default-width", G_CALLBACK (on_size_changed), self);
  g_signal_connect_swapped (self, "notify::default-height", G_CALLBACK (on_size_changed), self);
  g_signal_connect_swapped (self, "map", G_CALLBACK (on_size_changed), self);

  self->timing = phone_timing_new (GTK_WIDGET (self));
  g_signal_connect_swapped (engine, "changed", G_CALLBACK (plan_display), self);
  g_signal_connect (engine, "key", G_CALLBACK (on_engine_key), self);
  show_display (self);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->face));

  return self;
}

void
phone_window_set_devices (PhoneWindow *self,
                          const char *const *sinks,
                          const char *const *sources)
{
  g_return_if_fail (PHONE_IS_WINDOW (self));

  g_strfreev (self->sinks);
  g_strfreev (self->sources);
  self->sinks = g_strdupv ((char **) sinks);
  self->sources = g_strdupv ((char **) sources);
  if (self->preferences)
    phone_preferences_set_devices (PHONE_PREFERENCES (self->preferences), sinks, sources);
}

void
phone_window_set_trace (PhoneWindow *self,
                        PhoneTrace *trace)
{
  GAction *action;

  g_return_if_fail (PHONE_IS_WINDOW (self));

  g_clear_pointer (&self->trace, phone_trace_unref);
  self->trace = trace ? phone_trace_ref (trace) : NULL;
  action = self->application ? g_action_map_lookup_action (G_ACTION_MAP (self->application), "call-flow") : NULL;
  if (action)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), trace != NULL);
}

PhoneFace *
phone_window_get_face (PhoneWindow *self)
{
  g_return_val_if_fail (PHONE_IS_WINDOW (self), NULL);

  return self->face;
}

void
phone_window_show_message (PhoneWindow *self,
                           const char *text)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (PHONE_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  escaped = g_markup_escape_text (text, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/**
 * phone_window_set_compact:
 *
 * Shows the head of the phone alone, or all of it; each view comes back at the size it was left with.
 */
void
phone_window_set_compact (PhoneWindow *self,
                          gboolean compact)
{
  GAction *action;

  g_return_if_fail (PHONE_IS_WINDOW (self));

  compact = !!compact;
  if (self->state.compact == compact)
    return;

  remember_size (self);
  self->state.compact = compact;
  action = g_action_map_lookup_action (G_ACTION_MAP (self), "compact");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (compact));
  phone_face_set_view (self->face, compact ? PHONE_FACE_COMPACT : PHONE_FACE_FULL);
  apply_size (self);
}
