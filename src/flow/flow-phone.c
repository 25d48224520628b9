/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-flow"

#include "flow-phone.h"

#include "bus-name.h"
#include "ctl-trace.h"
#include "flow-sound.h"
#include "trace-variant.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include <signal.h>
#include <string.h>

#define START_MS 30000
#define QUIT_MS 8000
#define LOOK_MS 20
#define CALL_MS 10000
#define MAX_LOG_BYTES 2000
#define MAX_CALLS 16

struct _PhoneFlowPhone {
  GObject          parent_instance;
  char            *name;
  char            *bind;
  guint            tone_hz;
  GString         *settings;    /* of its file, before it runs */
  char            *folder;      /* nullable: of its own, removed at the end */
  char            *output;      /* nullable: what it hears */
  GSubprocess     *process;     /* NULL for one that ran already */
  GDBusConnection *connection;
  char            *bus_name;    /* nullable */
  guint64          mark;        /* number of the last event before the last action */
  GPtrArray       *changed;     /* (element-type utf8): key, value before, key, value before … of one that ran already */
};

G_DEFINE_FINAL_TYPE (PhoneFlowPhone, phone_flow_phone, G_TYPE_OBJECT)

/* A folder of ours: a few files, and the phone's own folders. */
static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
phone_flow_phone_finalize (GObject *object)
{
  PhoneFlowPhone *self = PHONE_FLOW_PHONE (object);

  phone_flow_phone_end (self, NULL);
  g_free (self->name);
  g_free (self->bind);
  g_string_free (self->settings, TRUE);
  g_free (self->bus_name);
  g_ptr_array_unref (self->changed);
  G_OBJECT_CLASS (phone_flow_phone_parent_class)->finalize (object);
}

static void
phone_flow_phone_class_init (PhoneFlowPhoneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_flow_phone_finalize;
}

static void
phone_flow_phone_init (PhoneFlowPhone *self)
{
  self->settings = g_string_new ("#!version:1.0.0.1\n");
  self->changed = g_ptr_array_new_with_free_func (g_free);
}

/**
 * phone_flow_phone_new:
 * @name: its name in the flow
 * @bind: (nullable): address it binds to
 * @tone_hz: what is said into its microphone, 0 = nothing
 */
PhoneFlowPhone *
phone_flow_phone_new (const char *name,
                      const char *bind,
                      guint       tone_hz)
{
  PhoneFlowPhone *self = g_object_new (PHONE_TYPE_FLOW_PHONE, NULL);

  self->name = g_strdup (name);
  self->bind = g_strdup (bind);
  self->tone_hz = tone_hz;

  return self;
}

const char *
phone_flow_phone_get_name (PhoneFlowPhone *self)
{
  return self->name;
}

/**
 * phone_flow_phone_dup_control:
 * Returns: (transfer full) (nullable): where one that was started here can be driven by others: "unix:PATH"
 */
char *
phone_flow_phone_dup_control (PhoneFlowPhone *self)
{
  return self->folder ? g_strdup_printf ("unix:%s/control", self->folder) : NULL;
}

/**
 * phone_flow_phone_get_output:
 * Returns: (nullable): the file with what it hears; %NULL for a phone that ran before
 */
const char *
phone_flow_phone_get_output (PhoneFlowPhone *self)
{
  return self->output;
}

/**
 * phone_flow_phone_is_there:
 * Returns: whether it runs, as far as is known
 */
gboolean
phone_flow_phone_is_there (PhoneFlowPhone *self)
{
  return self->connection && !g_dbus_connection_is_closed (self->connection);
}

static gboolean
connect_to_socket (PhoneFlowPhone  *self,
                   const char      *path,
                   GError         **error)
{
  g_autofree char *address = phone_control_dbus_address (path);

  self->connection = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL,
                                                             error);
  return self->connection != NULL;
}

/* Returns: (transfer full) (nullable): the answer */
static GVariant *
ask (PhoneFlowPhone  *self,
     const char      *method,
     GVariant        *parameters,
     const char      *type,
     GError         **error)
{
  GVariant *answer;

  if (!self->connection)
    {
      if (parameters)
        g_variant_unref (g_variant_ref_sink (parameters));
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "%s does not run", self->name);
      return NULL;
    }
  answer = g_dbus_connection_call_sync (self->connection, self->bus_name, PHONE_CONTROL_OBJECT_PATH, PHONE_CONTROL_INTERFACE,
                                        method, parameters, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_MS,
                                        NULL, error);
  if (!answer && error && *error)
    g_dbus_error_strip_remote_error (*error);

  return answer;
}

/**
 * phone_flow_phone_set_mark:
 *
 * From here on counts what happens, as after an action.
 */
gboolean
phone_flow_phone_set_mark (PhoneFlowPhone  *self,
                           GError         **error)
{
  g_autoptr (GVariant) answer = ask (self, "Events", g_variant_new ("(t)", G_MAXUINT64), "(st)", error);

  if (answer)
    g_variant_get (answer, "(&st)", NULL, &self->mark);
  return answer != NULL;
}

/**
 * phone_flow_phone_list_trace:
 * @since: number of the newest message that is known, 0: none
 *
 * Returns: (transfer full) (nullable) (element-type PhoneTraceRecord): its SIP messages after that, the oldest first
 */
GPtrArray *
phone_flow_phone_list_trace (PhoneFlowPhone  *self,
                             guint64          since,
                             GError         **error)
{
  g_autoptr (GVariant) answer = ask (self, "TraceSince", g_variant_new ("(t)", since), "(" PHONE_TRACE_VARIANT_TYPE ")", error);
  g_autoptr (GVariant) messages = answer ? g_variant_get_child_value (answer, 0) : NULL;

  return messages ? phone_trace_list_from_variant (messages, NULL) : NULL;
}

/**
 * phone_flow_phone_dup_trace:
 * Returns: (transfer full) (nullable): its SIP messages, as `desksetctl trace --json` has them
 */
char *
phone_flow_phone_dup_trace (PhoneFlowPhone  *self,
                            GError         **error)
{
  g_autoptr (GVariant) answer = ask (self, "Trace", g_variant_new ("(u)", 0), "(" PHONE_TRACE_VARIANT_TYPE "t)", error);

  return answer ? phone_ctl_trace_dup_json (answer) : NULL;
}

static void tidy (PhoneFlowPhone *self);

static gboolean
take_over (PhoneFlowPhone  *self,
           GError         **error)
{
  if (!phone_flow_phone_set_mark (self, error))
    return FALSE;
  tidy (self);

  return phone_flow_phone_set_mark (self, error);
}

/**
 * phone_flow_phone_attach:
 * @where: "unix:PATH", or a profile ("" for the default one)
 * @app_id: "org.deskset.Deskset"
 *
 * Takes a phone that runs already.
 */
gboolean
phone_flow_phone_attach (PhoneFlowPhone  *self,
                         const char      *where,
                         const char      *app_id,
                         GError         **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (PHONE_IS_FLOW_PHONE (self) && !self->connection, FALSE);

  if (g_str_has_prefix (where, "unix:"))
    {
      path = phone_control_parse_address (where, error);
      return path && connect_to_socket (self, path, error) && take_over (self, error);
    }
  if (where[0] && !phone_profile_is_valid (where))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is neither a profile nor unix:PATH", where);
      return FALSE;
    }

  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);
  if (!self->connection)
    return FALSE;
  g_dbus_connection_set_exit_on_close (self->connection, FALSE);
  self->bus_name = phone_bus_name_for_profile (app_id, where);

  return take_over (self, error);
}

static char *
dup_path (PhoneFlowPhone *self,
          const char     *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* Its folders are its own: no settings, no key ring, no call log of the user's are touched. (The cache is GStreamer's list of
 * plug-ins, the same for everybody and slow to make.) A phone without a window has no desktop either; one with a window needs
 * the bus, or screen readers do not see it: GTK 4.8 makes the paths of its accessible objects from the application's. */
static GSubprocessLauncher *
make_launcher (PhoneFlowPhone *self,
               gboolean        has_window)
{
  static const char *const folders[] = { "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME" };
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *log = dup_path (self, "log");
  g_autofree char *bus = g_strdup_printf ("unix:path=%s/no-bus", self->folder);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = dup_path (self, folders[i]);

      g_subprocess_launcher_setenv (launcher, folders[i], folder, TRUE);
    }
  g_subprocess_launcher_setenv (launcher, "DESKSET_SECRETS", "file", TRUE);
  if (!has_window)
    g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", bus, TRUE);
  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);

  return launcher;
}

/* What is written may hold passwords: the folder is the user's alone (mkdtemp). */
static gboolean
prepare_folder (PhoneFlowPhone  *self,
                GError         **error)
{
  g_autofree char *config = NULL;
  g_autofree char *tone = NULL;

  self->folder = g_dir_make_tmp ("deskset-flow-XXXXXX", error);
  if (!self->folder)
    return FALSE;
  config = dup_path (self, "phone.cfg");
  tone = dup_path (self, "says.wav");
  self->output = dup_path (self, "hears.wav");

  return g_file_set_contents_full (config, self->settings->str, (gssize) self->settings->len, G_FILE_SET_CONTENTS_NONE, 0600, error)
         && (self->tone_hz == 0 || phone_flow_sound_write_tone (tone, self->tone_hz, error));
}

static GPtrArray *
make_arguments (PhoneFlowPhone *self,
                const char     *program,
                const char     *option,
                const char     *socket)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (arguments, g_strdup (program));
  g_ptr_array_add (arguments, g_strdup_printf ("--profile=%s", self->name));
  g_ptr_array_add (arguments, g_strdup_printf ("--config=%s/phone.cfg", self->folder));
  g_ptr_array_add (arguments, g_strdup_printf ("--control=unix:%s", socket));
  g_ptr_array_add (arguments, g_strdup_printf ("--audio=file:%s%s,%s", self->tone_hz ? self->folder : "",
                                               self->tone_hz ? "/says.wav" : "", self->output));
  if (self->bind)
    g_ptr_array_add (arguments, g_strdup_printf ("--bind=%s", self->bind));
  if (option)
    g_ptr_array_add (arguments, g_strdup (option));
  g_ptr_array_add (arguments, NULL);

  return arguments;
}

static gboolean
has_ended (PhoneFlowPhone *self)
{
  return g_subprocess_get_identifier (self->process) == NULL;
}

/* The socket is there as soon as the phone can be driven. */
static gboolean
wait_for_socket (PhoneFlowPhone  *self,
                 const char      *path,
                 GError         **error)
{
  gint64 end_us = g_get_monotonic_time () + START_MS * G_TIME_SPAN_MILLISECOND;

  while (!connect_to_socket (self, path, NULL))
    {
      if (has_ended (self) || g_get_monotonic_time () > end_us)
        {
          g_autofree char *report = phone_flow_phone_dup_report (self);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s %s\n%s", self->name,
                       has_ended (self) ? "ended while it started" : "did not start in time", report);
          return FALSE;
        }
      g_usleep (LOOK_MS * G_TIME_SPAN_MILLISECOND);
    }

  return TRUE;
}

/**
 * phone_flow_phone_start:
 * @program: path of deskset-headless or deskset
 * @window_option: (nullable): an option for its window; %NULL for a phone that has none
 *
 * Starts a phone with the settings that it was given so far.
 */
gboolean
phone_flow_phone_start (PhoneFlowPhone  *self,
                        const char      *program,
                        const char      *window_option,
                        GError         **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GPtrArray) arguments = NULL;
  g_autofree char *socket = NULL;

  g_return_val_if_fail (PHONE_IS_FLOW_PHONE (self) && !self->connection, FALSE);

  if (!prepare_folder (self, error))
    return FALSE;
  socket = dup_path (self, "control");
  launcher = make_launcher (self, window_option != NULL);
  arguments = make_arguments (self, program, window_option, socket);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, error);

  return self->process && wait_for_socket (self, socket, error);
}

/* How a program ended that was told to quit. */
static gboolean
check_ending (PhoneFlowPhone  *self,
              gboolean         forced,
              GError         **error)
{
  g_autofree char *report = NULL;

  g_subprocess_wait (self->process, NULL, NULL);
  if (!forced && g_subprocess_get_if_exited (self->process) && g_subprocess_get_exit_status (self->process) == 0)
    return TRUE;

  report = phone_flow_phone_dup_report (self);
  if (forced)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s did not end when it was told to\n%s", self->name, report);
  else if (g_subprocess_get_if_signaled (self->process))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s ended by signal %d\n%s", self->name,
                 g_subprocess_get_term_sig (self->process), report);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s ended with %d\n%s", self->name,
                 g_subprocess_get_exit_status (self->process), report);

  return FALSE;
}

static gboolean
is_now (PhoneFlowPhone *self,
        const char     *condition)
{
  gboolean met = TRUE;

  /* One that is gone is not waited for. */
  return !phone_flow_phone_wait (self, condition, FALSE, 0, &met, NULL) || met;
}

/* A phone that ran before may be anywhere: its calls are ended, its menus left, its notices read. */
static void
tidy (PhoneFlowPhone *self)
{
  static const char *const notices[] = { "missed exit", "forwarded exit" };
  const char *const cancel[] = { "X" };

  for (guint i = 0; i < MAX_CALLS && !is_now (self, "call:none"); i++)
    phone_flow_phone_act (self, "Hangup", NULL, NULL);
  for (guint i = 0; i < MAX_CALLS && !is_now (self, "page:idle"); i++)
    phone_flow_phone_act (self, "Key", g_variant_new ("(@asu)", g_variant_new_strv (cancel, 1), 0), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    phone_flow_phone_act (self, "Command", g_variant_new ("(s)", notices[i]), NULL);
}

/* It gets back what a flow has changed, the last change first. */
static void
give_back (PhoneFlowPhone *self)
{
  tidy (self);
  for (guint i = self->changed->len; i > 0; i -= 2)
    phone_flow_phone_act (self, "Set", g_variant_new ("(ss)", g_ptr_array_index (self->changed, i - 2),
                                                      g_ptr_array_index (self->changed, i - 1)), NULL);
  g_ptr_array_set_size (self->changed, 0);
}

/**
 * phone_flow_phone_end:
 *
 * A phone that was started here hangs up, unregisters and ends; its folder is removed. One that ran before goes on, with the
 * settings that it had.
 *
 * Returns: whether it ended as it should
 */
gboolean
phone_flow_phone_end (PhoneFlowPhone  *self,
                      GError         **error)
{
  gint64 end_us = g_get_monotonic_time () + QUIT_MS * G_TIME_SPAN_MILLISECOND;
  gboolean good = TRUE;

  if (self->process)
    {
      GVariant *answer = self->connection ? ask (self, "Quit", NULL, "()", NULL) : NULL;
      gboolean forced = FALSE;

      g_clear_pointer (&answer, g_variant_unref);
      while (!has_ended (self) && g_get_monotonic_time () < end_us)
        g_usleep (LOOK_MS * G_TIME_SPAN_MILLISECOND);
      forced = !has_ended (self);
      if (forced)
        g_subprocess_force_exit (self->process);
      good = check_ending (self, forced, error);
    }
  else if (self->connection)
    give_back (self);
  g_clear_object (&self->process);
  g_clear_object (&self->connection);
  if (self->folder)
    remove_tree (self->folder);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->output, g_free);

  return good;
}

/* Passwords are not told; a flow does not change those of a phone that runs. */
static void
remember (PhoneFlowPhone *self,
          const char     *key)
{
  g_autoptr (GVariant) answer = self->process ? NULL : ask (self, "Get", g_variant_new ("(s)", key), "(s)", NULL);
  const char *value;

  if (!answer)
    return;
  g_variant_get (answer, "(&s)", &value);
  g_ptr_array_add (self->changed, g_strdup (key));
  g_ptr_array_add (self->changed, g_strdup (value));
}

/**
 * phone_flow_phone_set:
 *
 * A setting: of its configuration file as long as it does not run, changed on the phone then.
 */
gboolean
phone_flow_phone_set (PhoneFlowPhone  *self,
                      const char      *key,
                      const char      *value,
                      GError         **error)
{
  g_return_val_if_fail (PHONE_IS_FLOW_PHONE (self), FALSE);

  if (self->connection)
    {
      remember (self, key);
      return phone_flow_phone_act (self, "Set", g_variant_new ("(ss)", key, value), error);
    }
  g_string_append_printf (self->settings, "%s = %s\n", key, value);

  return TRUE;
}

/**
 * phone_flow_phone_act:
 * @method: of org.deskset.Phone1, one that returns the number of the last event
 * @parameters: (nullable) (transfer floating): its arguments
 */
gboolean
phone_flow_phone_act (PhoneFlowPhone  *self,
                      const char      *method,
                      GVariant        *parameters,
                      GError         **error)
{
  g_autoptr (GVariant) answer = NULL;

  g_return_val_if_fail (PHONE_IS_FLOW_PHONE (self), FALSE);

  answer = ask (self, method, parameters, "(t)", error);
  if (answer)
    g_variant_get (answer, "(t)", &self->mark);

  return answer != NULL;
}

/**
 * phone_flow_phone_wait:
 * @condition: as `desksetctl wait` takes it
 * @since_action: whether what happened since the last action counts, or only what is and comes
 * @met: whether it came true
 *
 * Returns: %FALSE with @error when it cannot be waited for
 */
gboolean
phone_flow_phone_wait (PhoneFlowPhone  *self,
                       const char      *condition,
                       gboolean         since_action,
                       guint            limit_ms,
                       gboolean        *met,
                       GError         **error)
{
  g_autoptr (GVariant) answer = NULL;
  gint64 since = since_action ? (gint64) self->mark : -1;

  g_return_val_if_fail (PHONE_IS_FLOW_PHONE (self), FALSE);

  answer = ask (self, "Wait", g_variant_new ("(sxi)", condition, since, (int) limit_ms), "(bs)", error);
  if (answer)
    g_variant_get (answer, "(b&s)", met, NULL);

  return answer != NULL;
}

static JsonNode *
ask_screen (PhoneFlowPhone *self)
{
  g_autoptr (GVariant) answer = ask (self, "Screen", NULL, "(s)", NULL);
  g_autoptr (JsonNode) node = NULL;
  const char *json;

  if (!answer)
    return NULL;
  g_variant_get (answer, "(&s)", &json);
  node = json_from_string (json, NULL);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

/**
 * phone_flow_phone_dup_softkey:
 * Returns: (transfer full) (nullable): the key (F1…) below this label now
 */
char *
phone_flow_phone_dup_softkey (PhoneFlowPhone *self,
                              const char     *label)
{
  g_autoptr (JsonNode) node = ask_screen (self);
  JsonArray *labels = node ? json_object_get_array_member (json_node_get_object (node), "softkeys") : NULL;

  for (guint i = 0; labels && i < json_array_get_length (labels); i++)
    if (g_strcmp0 (json_array_get_string_element (labels, i), label) == 0)
      return g_strdup_printf ("F%u", i + 1);

  return NULL;
}

static void
append_screen (PhoneFlowPhone *self,
               GString        *report)
{
  g_autoptr (JsonNode) node = self->connection ? ask_screen (self) : NULL;
  JsonObject *screen = node ? json_node_get_object (node) : NULL;
  JsonArray *rows = screen ? json_object_get_array_member (screen, "text") : NULL;
  JsonArray *keys = screen ? json_object_get_array_member (screen, "softkeys") : NULL;

  for (guint i = 0; rows && i < json_array_get_length (rows); i++)
    g_string_append_printf (report, "  | %s\n", json_array_get_string_element (rows, i));
  for (guint i = 0; keys && i < json_array_get_length (keys); i++)
    g_string_append_printf (report, "%s%s", i ? " | " : "  [", json_array_get_string_element (keys, i));
  if (keys)
    g_string_append (report, "]\n");
}

/* The last lines, whole. */
static void
append_log (PhoneFlowPhone *self,
            GString        *report)
{
  g_autofree char *path = self->folder ? dup_path (self, "log") : NULL;
  g_autofree char *log = NULL;
  const char *end;
  gsize length;

  if (!path || !g_file_get_contents (path, &log, &length, NULL) || length == 0)
    return;
  end = log + (length > MAX_LOG_BYTES ? length - MAX_LOG_BYTES : 0);
  if (end != log && strchr (end, '\n'))
    end = strchr (end, '\n') + 1;
  g_string_append_printf (report, "  log of %s:\n%s%s", self->name, end, g_str_has_suffix (end, "\n") ? "" : "\n");
}

/**
 * phone_flow_phone_dup_report:
 * Returns: (transfer full): what its display shows and the end of its log, for people
 */
char *
phone_flow_phone_dup_report (PhoneFlowPhone *self)
{
  GString *report = g_string_new (NULL);

  g_return_val_if_fail (PHONE_IS_FLOW_PHONE (self), NULL);

  append_screen (self, report);
  append_log (self, report);

  return g_string_free (report, FALSE);
}
