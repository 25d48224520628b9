/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app.h"

#include "app-memory.h"
#include "app-skin.h"
#include "config-store.h"
#include "control-service.h"
#include "link.h"
#include "media-audio.h"
#include "network-watch.h"
#include "practice.h"
#include "sip-signaling.h"
#include "sip-trace.h"
#include "skin-facts.h"
#include "system-clock.h"
#include "texts.h"

#include <glib-unix.h>

#include "deskset-config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#define FOLDER_NAME "deskset"
#define LOCK_NAME "lock"
#define STOP_CAP_MS 3000
/* How long the first call waits for an account that is registering. */
#define DIAL_WAIT_MS 5000

struct _PhoneApp {
  GObject              parent_instance;

  char                *profile;
  char                *control;
  char                *first_call;
  char                *folder;
  int                  lock_fd;

  PhoneEventQueue     *queue;
  PhoneSettings       *settings;
  PhoneModel          *model;
  char                *skin_folder;  /* nullable: there is none */
  PhoneSkin           *skin;         /* nullable: not drawn yet */
  PhoneTrace          *trace;
  PhoneSignaling      *signaling;
  PhoneAudio          *audio;
  PhoneClock          *clock;
  PhoneNetworkWatch   *watch;
  PhoneStore          *store;
  PhoneControlHub     *hub;
  PhoneEngine         *engine;
  PhoneControlService *service;
  PhonePractice       *practice;

  char                *to_dial;     /* waits for a registered account */
  guint                dial_id;
  guint                memory_id;
  guint                signal_ids[2];
  gboolean             started;
  gboolean             quitting;
  guint                stop_id;     /* the cap, then the idle that ends */
};

enum {
  STOPPED,
  RAISE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_QUARK (phone-app-error-quark, phone_app_error)
G_DEFINE_FINAL_TYPE (PhoneApp, phone_app, G_TYPE_OBJECT)

/* The phones' names of languages. */
static const struct {
  const char *name;
  const char *code;
} languages[] = {
  { "English", "en" },    { "Chinese_S", "zh_CN" }, { "Chinese_T", "zh_TW" }, { "Czech", "cs" },   { "Dutch", "nl" },
  { "French", "fr" },     { "French_CA", "fr_CA" }, { "German", "de" },       { "Greek", "el" },   { "Hebrew", "he" },
  { "Hungarian", "hu" },  { "Italian", "it" },      { "Japanese", "ja" },     { "Korean", "ko" },  { "Lithuanian", "lt" },
  { "Polish", "pl" },     { "Portuguese", "pt" },   { "Russian", "ru" },      { "Slovak", "sk" },  { "Spanish", "es" },
  { "Spanish_LA", "es" }, { "Turkish", "tr" },      { "Ukrainian", "uk" },    { "Swedish", "sv" }, { "Portuguese_LA", "pt_BR" },
};

/* Before any other thread runs, and before a text is looked up. */
static void
set_language (PhoneApp *self)
{
  const char *name = phone_settings_get_string (self->settings, PHONE_SETTING_LANGUAGE, 0, 0);

  if (name[0] == '\0')
    return;
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_ascii_strcasecmp (languages[i].name, name) == 0)
      {
        g_setenv ("LANGUAGE", languages[i].code, TRUE);
        /* In the plain C locale gettext does not even look. */
        if (g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
          setlocale (LC_MESSAGES, "C.UTF-8");
        /* Makes gettext forget what it looked up in another language, the words of the options. */
        textdomain (GETTEXT_PACKAGE);
        return;
      }
  g_message ("lang.gui: “%s” is not a language this phone knows", name);
}

/* Building */

static gboolean
fail (GError      **error,
      PhoneAppError code,
      const char   *format,
      const char   *what)
{
  g_set_error (error, PHONE_APP_ERROR, code, format, what);
  return FALSE;
}

/* Two phones in one folder would write over each other. The lock goes with the process, however it ends. */
static gboolean
take_folder (PhoneApp *self,
             GError  **error)
{
  g_autofree char *lock = NULL;

  if (self->profile[0])
    self->folder = g_build_filename (g_get_user_config_dir (), FOLDER_NAME, "profiles", self->profile, NULL);
  else
    self->folder = g_build_filename (g_get_user_config_dir (), FOLDER_NAME, NULL);
  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      g_set_error (error, PHONE_APP_ERROR, PHONE_APP_ERROR_SETUP, "%s: %s", self->folder, g_strerror (errno));
      return FALSE;
    }

  lock = g_build_filename (self->folder, LOCK_NAME, NULL);
  self->lock_fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_fd < 0)
    {
      g_set_error (error, PHONE_APP_ERROR, PHONE_APP_ERROR_SETUP, "%s: %s", lock, g_strerror (errno));
      return FALSE;
    }
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    return fail (error, PHONE_APP_ERROR_RUNNING, _ ("a phone with this profile is running already (%s)"), self->folder);

  return TRUE;
}

/* Whether a setting has been given by anybody. */
static gboolean
is_set (PhoneApp       *self,
        PhoneSettingId  id)
{
  for (PhoneLayer layer = PHONE_LAYER_COMMON; layer <= PHONE_LAYER_LOCAL; layer++)
    if (phone_settings_peek_layer (self->settings, layer, id, 0, 0))
      return TRUE;

  return FALSE;
}

/* What is wrong in a file is in the log, with its line; the phone starts with the rest. */
static gboolean
load_configuration (PhoneApp              *self,
                    const PhoneAppOptions *options,
                    GError               **error)
{
  PhoneConfigStore *store;

  self->store = phone_config_store_new (self->queue, self->settings, self->folder);
  store = PHONE_CONFIG_STORE (self->store);
  if (!phone_config_store_load (store, error))
    return FALSE;

  for (guint i = 0; options->configs[i]; i++)
    {
      g_autoptr (GError) file_error = NULL;

      if (!phone_config_store_load_file (store, options->configs[i], PHONE_LAYER_PHONE, &file_error))
        g_printerr ("%s\n", file_error->message);
    }

  return TRUE;
}

/* What model the face is of. The drawing takes 10 MB and 50 ms: it is loaded when somebody wants to see it. */
static void
load_model (PhoneApp              *self,
            const PhoneAppOptions *options)
{
  const char *name = phone_settings_get_string (self->settings, PHONE_SETTING_MODEL, 0, 0);
  g_autofree char *folder = options->skin ? g_strdup (options->skin) : phone_app_skin_find (name);
  g_autoptr (PhoneSkinFacts) facts = NULL;
  g_autoptr (GError) error = NULL;

  if (!folder)
    g_message ("there is no skin for the model “%s”", name);
  else if ((facts = phone_skin_facts_load (folder, &error)) == NULL)
    g_message ("the skin cannot be used: %s", error->message);
  else
    self->skin_folder = g_steal_pointer (&folder);

  self->model = facts ? phone_model_copy (facts->model) : phone_model_new_default ();
  phone_settings_set_n_accounts (self->settings, CLAMP (self->model->n_accounts, 1, PHONE_MAX_ACCOUNTS));
}

/* Our own name, unless the user wants another: some servers treat phones by it. Nothing that would end the header's line. */
static char *
dup_user_agent (PhoneApp *self)
{
  const char *wanted = phone_settings_get_string (self->settings, PHONE_SETTING_USER_AGENT, 0, 0);

  for (const char *c = wanted; *c; c++)
    if (!g_ascii_isprint (*c))
      {
        g_message ("deskset.user_agent: only printable ASCII can be sent; not used");
        wanted = "";
        break;
      }
  return wanted[0] ? g_strdup (wanted) : g_strdup_printf ("Deskset/%s (%s)", VERSION, self->model->name);
}

static void
set_trace_limits (PhoneApp *self)
{
  gint64 kbytes = phone_settings_get_int (self->settings, PHONE_SETTING_TRACE_KBYTES, 0, 0);

  phone_trace_set_limits (self->trace, (guint) phone_settings_get_int (self->settings, PHONE_SETTING_TRACE_MESSAGES, 0, 0),
                          (gsize) kbytes * 1024);
}

static gboolean
build_ports (PhoneApp              *self,
             const PhoneAppOptions *options,
             GError               **error)
{
  gboolean other = self->profile[0] != '\0';
  gboolean free_rtp = other && !is_set (self, PHONE_SETTING_RTP_PORT_MIN) && !is_set (self, PHONE_SETTING_RTP_PORT_MAX);
  g_autofree char *user_agent = dup_user_agent (self);
  int port = options->sip_port;

  /* Phones side by side must not fight for one port. */
  if (port == PHONE_APP_PORT_FROM_SETTINGS && other && !is_set (self, PHONE_SETTING_LISTEN_PORT))
    port = 0;

  self->trace = phone_trace_new ();
  set_trace_limits (self);
  phone_sip_trace_set (self->trace);
  self->signaling = phone_sip_signaling_new (self->queue, self->settings, options->bind, port, user_agent);
  self->audio = phone_media_audio_new (self->queue, self->settings, options->audio, free_rtp, error);
  self->clock = phone_system_clock_new (self->queue);
  self->watch = phone_network_watch_new (self->queue, options->bind);
  self->hub = phone_control_hub_new ();
  if (!self->signaling)
    return fail (error, PHONE_APP_ERROR_SETUP, "%s", _ ("signaling cannot be started"));

  return self->audio != NULL;
}

static GBytes *
draw_screenshot (const char *part,
                 double      scale,
                 gpointer    user_data,
                 GError    **error)
{
  PhoneApp *self = user_data;

  if (!self->skin)
    self->skin = phone_skin_load (self->skin_folder, error);
  if (!self->skin)
    return NULL;
  return phone_app_skin_screenshot (self->skin, phone_engine_get_display (self->engine), part, scale,
                                    phone_clock_get_now_ms (self->clock), error);
}

static void
on_quit_asked (PhoneControlService *service,
               PhoneApp            *self)
{
  phone_app_quit (self);
}

static void
on_raise_asked (PhoneControlService *service,
                PhoneApp            *self)
{
  g_signal_emit (self, signals[RAISE], 0);
}

static void
finish (PhoneApp *self)
{
  g_clear_handle_id (&self->stop_id, g_source_remove);
  phone_config_store_flush (PHONE_CONFIG_STORE (self->store));
  g_clear_object (&self->practice);
  phone_control_service_close (self->service);
  g_signal_emit (self, signals[STOPPED], 0);
}

static gboolean
on_stop (gpointer user_data)
{
  PhoneApp *self = user_data;

  self->stop_id = 0;
  finish (self);

  return G_SOURCE_REMOVE;
}

/* The engine is in the middle of its work when it says so. */
static void
on_engine_stopped (PhoneEngine *engine,
                   PhoneApp    *self)
{
  g_clear_handle_id (&self->stop_id, g_source_remove);
  self->stop_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_stop, self, NULL);
}

static void
build_engine (PhoneApp *self)
{
  self->engine = phone_engine_new (self->queue, self->settings, self->model, self->signaling, self->audio, self->clock,
                                   self->store, PHONE_OUTBOX (self->hub));
  g_signal_connect_object (self->engine, "stopped", G_CALLBACK (on_engine_stopped), self, 0);

  self->service = phone_control_service_new (self->engine, self->hub, self->profile, VERSION);
  phone_control_service_set_trace (self->service, self->trace);
  if (self->skin_folder)
    phone_control_service_set_screenshot (self->service, draw_screenshot, self);
  g_signal_connect_object (self->service, "quit", G_CALLBACK (on_quit_asked), self, 0);
  g_signal_connect_object (self->service, "raise", G_CALLBACK (on_raise_asked), self, 0);
}

/* Practice */

static void
on_practice_contacts (PhonePractice *practice,
                      GPtrArray     *contacts,
                      PhoneApp      *self)
{
  phone_config_store_set_extra_contacts (PHONE_CONFIG_STORE (self->store), contacts);
}

static void
on_practice_message (PhonePractice *practice,
                     const char    *text,
                     PhoneApp      *self)
{
  g_autofree char *quoted = g_shell_quote (text);
  g_autofree char *line = g_strconcat ("say ", quoted, NULL);
  g_autoptr (GError) error = NULL;

  if (!phone_engine_run_command (self->engine, line, &error))
    g_warning ("%s: %s", text, error->message);
}

static void
follow_practice_setting (PhoneApp *self)
{
  gboolean wanted = phone_settings_get_bool (self->settings, PHONE_SETTING_PRACTICE, 0, 0);

  if (self->quitting || (!wanted && !self->practice))
    return;
  if (!self->practice)
    {
      self->practice = phone_practice_new (self->settings, self->model);
      g_signal_connect_object (self->practice, "contacts", G_CALLBACK (on_practice_contacts), self, 0);
      g_signal_connect_object (self->practice, "message", G_CALLBACK (on_practice_message), self, 0);
    }
  phone_practice_set_enabled (self->practice, wanted);
}

static void
on_setting_changed (PhoneSettings *settings,
                    const char    *key,
                    PhoneLayer     layer,
                    PhoneApp      *self)
{
  if (self->started && g_str_equal (key, phone_setting_get_info (PHONE_SETTING_PRACTICE)->key))
    follow_practice_setting (self);
  if (g_str_has_prefix (key, "deskset.trace."))
    set_trace_limits (self);
}

/* First call */

static void
dial_now (PhoneApp *self)
{
  g_autofree char *target = g_steal_pointer (&self->to_dial);
  g_autofree char *quoted = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->dial_id, g_source_remove);
  quoted = g_shell_quote (target);
  line = g_strconcat ("dial ", quoted, NULL);
  if (!phone_engine_run_command (self->engine, line, &error))
    g_warning ("“%s” cannot be called: %s", target, error->message);
}

static gboolean
on_dial_time (gpointer user_data)
{
  PhoneApp *self = user_data;

  self->dial_id = 0;
  if (self->to_dial)
    dial_now (self);

  return G_SOURCE_REMOVE;
}

/* Whether some account is on its way to be registered, and none is yet. */
static gboolean
accounts_are_coming (PhoneApp *self)
{
  g_autoptr (GPtrArray) accounts = phone_engine_list_accounts (self->engine);
  gboolean coming = FALSE;

  for (guint i = 0; i < accounts->len; i++)
    {
      const PhoneAccountInfo *info = g_ptr_array_index (accounts, i);

      if (info->state == PHONE_ACCOUNT_REGISTERED)
        return FALSE;
      coming |= info->state == PHONE_ACCOUNT_REGISTERING || info->state == PHONE_ACCOUNT_UNREGISTERED;
    }

  return coming;
}

static void
on_notice (PhoneControlHub   *hub,
           const PhoneNotice *notice,
           PhoneApp          *self)
{
  if (!self->to_dial || notice->kind != PHONE_NOTICE_ACCOUNT || notice->state != PHONE_ACCOUNT_REGISTERED)
    return;

  /* The engine is in the middle of its work. */
  g_clear_handle_id (&self->dial_id, g_source_remove);
  self->dial_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_dial_time, self, NULL);
}

void
phone_app_dial (PhoneApp   *self,
                const char *target)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = NULL;

  g_return_if_fail (PHONE_IS_APP (self));
  g_return_if_fail (target != NULL);

  plain = phone_link_to_target (target, &error);
  if (!plain)
    {
      g_message ("%s", error->message);
      return;
    }
  g_free (self->to_dial);
  self->to_dial = g_steal_pointer (&plain);
  g_clear_handle_id (&self->dial_id, g_source_remove);
  if (accounts_are_coming (self))
    self->dial_id = g_timeout_add (DIAL_WAIT_MS, on_dial_time, self);
  else
    dial_now (self);
}

/* Life */

static gboolean
on_unix_signal (gpointer user_data)
{
  phone_app_quit (user_data);
  return G_SOURCE_CONTINUE;
}

gboolean
phone_app_start (PhoneApp *self,
                 GError  **error)
{
  g_return_val_if_fail (PHONE_IS_APP (self), FALSE);
  g_return_val_if_fail (!self->started, FALSE);

  self->signal_ids[0] = g_unix_signal_add (SIGINT, on_unix_signal, self);
  self->signal_ids[1] = g_unix_signal_add (SIGTERM, on_unix_signal, self);
  self->memory_id = phone_app_memory_watch ();
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (on_setting_changed), self, 0);
  g_signal_connect_object (self->hub, "notice", G_CALLBACK (on_notice), self, 0);

  phone_engine_start (self->engine);
  phone_network_watch_start (self->watch);
  self->started = TRUE;
  follow_practice_setting (self);
  if (self->control && !phone_control_service_listen (self->service, self->control, error))
    return FALSE;
  if (self->first_call)
    phone_app_dial (self, self->first_call);

  return TRUE;
}

gboolean
phone_app_export (PhoneApp        *self,
                  GDBusConnection *connection,
                  GError         **error)
{
  g_return_val_if_fail (PHONE_IS_APP (self), FALSE);

  /* A phone goes on telephoning when the desktop's bus breaks. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);

  return phone_control_service_export (self->service, connection, error);
}

void
phone_app_quit (PhoneApp *self)
{
  const PhoneEvent event = { .type = PHONE_EVENT_QUIT };

  g_return_if_fail (PHONE_IS_APP (self));

  if (self->quitting)
    return;

  g_debug ("quitting");
  self->quitting = TRUE;
  self->stop_id = g_timeout_add (STOP_CAP_MS, on_stop, self);
  if (self->started)
    phone_event_queue_post (self->queue, &event);
  else
    on_engine_stopped (self->engine, self);
}

static void
phone_app_dispose (GObject *object)
{
  PhoneApp *self = PHONE_APP (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  g_clear_handle_id (&self->memory_id, g_source_remove);
  g_clear_handle_id (&self->stop_id, g_source_remove);
  g_clear_handle_id (&self->dial_id, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->practice);
  g_clear_object (&self->service);
  g_clear_object (&self->engine);
  g_clear_object (&self->signaling);
  phone_sip_trace_set (NULL);
  g_clear_pointer (&self->trace, phone_trace_unref);
  g_clear_object (&self->audio);
  g_clear_object (&self->clock);
  g_clear_object (&self->store);
  g_clear_object (&self->hub);
  g_clear_object (&self->skin);
  g_clear_object (&self->settings);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_app_parent_class)->dispose (object);
}

static void
phone_app_finalize (GObject *object)
{
  PhoneApp *self = PHONE_APP (object);

  g_clear_pointer (&self->model, phone_model_free);
  g_free (self->profile);
  g_free (self->control);
  g_free (self->first_call);
  g_free (self->to_dial);
  g_free (self->folder);
  g_free (self->skin_folder);
  if (self->lock_fd >= 0)
    close (self->lock_fd);

  G_OBJECT_CLASS (phone_app_parent_class)->finalize (object);
}

static void
phone_app_class_init (PhoneAppClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_app_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_app_finalize;

  signals[STOPPED] = g_signal_new ("stopped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[RAISE] = g_signal_new ("raise", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
phone_app_init (PhoneApp *self)
{
  self->lock_fd = -1;
  self->queue = phone_event_queue_new ();
  self->settings = phone_settings_new ();
}

PhoneApp *
phone_app_new (const PhoneAppOptions *options,
               GError               **error)
{
  g_autoptr (PhoneApp) self = NULL;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (PHONE_TYPE_APP, NULL);
  self->profile = g_strdup (options->profile);
  self->control = g_strdup (options->control);
  self->first_call = g_strdup (options->dial);
  if (!take_folder (self, error))
    return NULL;

  if (!load_configuration (self, options, error))
    return NULL;
  set_language (self);
  load_model (self, options);
  if (!build_ports (self, options, error))
    return NULL;
  build_engine (self);

  return g_steal_pointer (&self);
}

PhoneEngine *
phone_app_get_engine (PhoneApp *self)
{
  g_return_val_if_fail (PHONE_IS_APP (self), NULL);

  return self->engine;
}

PhoneSkin *
phone_app_get_skin (PhoneApp *self)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (PHONE_IS_APP (self), NULL);

  if (!self->skin && self->skin_folder && (self->skin = phone_skin_load (self->skin_folder, &error)) == NULL)
    g_message ("the skin cannot be used: %s", error->message);
  return self->skin;
}

PhoneTrace *
phone_app_get_trace (PhoneApp *self)
{
  g_return_val_if_fail (PHONE_IS_APP (self), NULL);

  return self->trace;
}

PhoneControlHub *
phone_app_get_hub (PhoneApp *self)
{
  g_return_val_if_fail (PHONE_IS_APP (self), NULL);

  return self->hub;
}
