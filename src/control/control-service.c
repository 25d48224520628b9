/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-service.h"

#include "bus-name.h"
#include "control-json.h"
#include "control-resources.h"
#include "control-socket.h"
#include "control-waits.h"
#include "trace-variant.h"
#include "link.h"

#include <string.h>

#define INTROSPECTION "/org/deskset/control/org.deskset.Phone1.xml"
#define MAX_KEYS 64
#define MAX_HOLD_MS 60000
#define MIN_SCALE 0.25
#define MAX_SCALE 8.0

struct _PhoneControlService {
  GObject                     parent_instance;

  PhoneEngine                *engine;
  PhoneControlHub            *hub;
  char                       *profile;
  char                       *version;
  PhoneControlScreenshotFunc  draw;
  gpointer                    draw_data;

  GDBusNodeInfo              *node;
  PhoneControlSocket         *socket;
  PhoneControlWaits          *waits;
  GPtrArray                  *exports;    /* Export: where the object is registered */
  GPtrArray                  *key_runs;   /* KeyRun: keys being held */
  PhoneTrace                 *trace;      /* nullable */
};

enum {
  QUIT,
  RAISE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhoneControlService, phone_control_service, G_TYPE_OBJECT)

typedef struct {
  PhoneControlService *service;   /* not owned: the service owns the export */
  GDBusConnection     *connection;
  guint                object_id;
  gulong               closed_id;
} Export;

typedef void (*Method) (PhoneControlService   *self,
                        GVariant              *parameters,
                        GDBusMethodInvocation *invocation);

static void
return_error (GDBusMethodInvocation *invocation,
              const GError          *error)
{
  gboolean not_now = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);

  g_dbus_method_invocation_return_dbus_error (
      invocation, not_now ? PHONE_CONTROL_ERROR_NOT_NOW : PHONE_CONTROL_ERROR_INVALID, error->message);
}

static void
return_invalid (GDBusMethodInvocation *invocation,
                const char            *message)
{
  g_dbus_method_invocation_return_dbus_error (invocation, PHONE_CONTROL_ERROR_INVALID, message);
}

/* Runs a line of the command table; @argument: (nullable): one more word, quoted here. */
static void
run_command (PhoneControlService   *self,
             GDBusMethodInvocation *invocation,
             const char            *command,
             const char            *argument)
{
  guint64 seq = phone_control_hub_get_seq (self->hub);
  g_autofree char *quoted = argument ? g_shell_quote (argument) : NULL;
  g_autofree char *line = quoted ? g_strconcat (command, " ", quoted, NULL) : g_strdup (command);
  g_autoptr (GError) error = NULL;

  if (phone_engine_run_command (self->engine, line, &error))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(t)", seq));
  else
    return_error (invocation, error);
}

/* keys */

typedef struct {
  PhoneControlService   *service;
  GDBusMethodInvocation *invocation;
  PhoneKey              *keys;
  guint                  n_keys;
  guint                  i;
  guint                  hold_ms;
  guint                  source;
  guint64                seq;
} KeyRun;

static void
key_run_free (KeyRun *run)
{
  g_clear_handle_id (&run->source, g_source_remove);
  g_clear_object (&run->invocation);
  g_free (run->keys);
  g_free (run);
}

static void
key_run_finish (KeyRun *run)
{
  g_dbus_method_invocation_return_value (g_steal_pointer (&run->invocation), g_variant_new ("(t)", run->seq));
  g_ptr_array_remove (run->service->key_runs, run);
}

static gboolean
on_key_held (gpointer user_data)
{
  KeyRun *run = user_data;

  phone_engine_release (run->service->engine, run->keys[run->i++]);
  if (run->i < run->n_keys)
    {
      phone_engine_press (run->service->engine, run->keys[run->i]);
      return G_SOURCE_CONTINUE;
    }

  run->source = 0;
  key_run_finish (run);
  return G_SOURCE_REMOVE;
}

static void
key_run_start (KeyRun *run)
{
  if (run->hold_ms == 0)
    {
      for (; run->i < run->n_keys; run->i++)
        phone_engine_click (run->service->engine, run->keys[run->i]);
      key_run_finish (run);
      return;
    }

  phone_engine_press (run->service->engine, run->keys[0]);
  run->source = g_timeout_add (run->hold_ms, on_key_held, run);
}

static void
method_key (PhoneControlService   *self,
            GVariant              *parameters,
            GDBusMethodInvocation *invocation)
{
  g_autofree const char **ids = NULL;
  g_autofree PhoneKey *keys = NULL;
  guint hold_ms;
  gsize n;
  KeyRun *run;

  g_variant_get (parameters, "(^a&su)", &ids, &hold_ms);
  n = g_strv_length ((char **) ids);
  if (n == 0 || n > MAX_KEYS || hold_ms > MAX_HOLD_MS)
    {
      return_invalid (invocation, "from 1 to 64 keys, held for 60000 ms at the most");
      return;
    }

  keys = g_new0 (PhoneKey, n);
  for (gsize i = 0; i < n; i++)
    {
      keys[i] = phone_key_from_id (ids[i]);
      if (keys[i] == PHONE_KEY_NONE || keys[i] == PHONE_KEY_POWER)
        {
          g_autofree char *message = g_strdup_printf ("“%s” is not a key", ids[i]);

          return_invalid (invocation, message);
          return;
        }
      if (!phone_model_has_key (phone_engine_get_model (self->engine), keys[i]))
        {
          g_autofree char *message = g_strdup_printf ("this phone has no key “%s”", ids[i]);

          return_invalid (invocation, message);
          return;
        }
    }

  run = g_new0 (KeyRun, 1);
  run->service = self;
  run->invocation = invocation; /* ours: to be given away with the answer */
  run->keys = g_steal_pointer (&keys);
  run->n_keys = n;
  run->hold_ms = hold_ms;
  run->seq = phone_control_hub_get_seq (self->hub);
  g_ptr_array_add (self->key_runs, run);
  key_run_start (run);
}

/* actions */

static void
method_type (PhoneControlService   *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  const char *text;

  g_variant_get (parameters, "(&s)", &text);
  run_command (self, invocation, "type", text);
}

static void
method_dial (PhoneControlService   *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  g_autofree char *target = NULL;
  g_autoptr (GError) error = NULL;
  const char *number;

  g_variant_get (parameters, "(&s)", &number);
  target = phone_link_to_target (number, &error);
  if (target)
    run_command (self, invocation, "dial", target);
  else
    return_error (invocation, error);
}

static void
method_answer (PhoneControlService   *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  run_command (self, invocation, "answer", NULL);
}

static void
method_hangup (PhoneControlService   *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  run_command (self, invocation, "hangup", NULL);
}

static void
method_hook (PhoneControlService   *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  guint64 seq = phone_control_hub_get_seq (self->hub);
  gboolean off_hook;

  g_variant_get (parameters, "(b)", &off_hook);
  phone_engine_set_hook (self->engine, off_hook);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(t)", seq));
}

static void
method_command (PhoneControlService   *self,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  const char *line;

  g_variant_get (parameters, "(&s)", &line);
  run_command (self, invocation, line, NULL);
}

static void
method_set (PhoneControlService   *self,
            GVariant              *parameters,
            GDBusMethodInvocation *invocation)
{
  const char *key;
  const char *value;
  g_autofree char *quoted = NULL;
  g_autofree char *command = NULL;

  g_variant_get (parameters, "(&s&s)", &key, &value);
  quoted = g_shell_quote (key);
  command = g_strconcat ("set ", quoted, NULL);
  run_command (self, invocation, command, value);
}

/* questions */

static void
method_get (PhoneControlService   *self,
            GVariant              *parameters,
            GDBusMethodInvocation *invocation)
{
  const char *key;
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;
  PhoneSettingId id;
  guint x;
  guint y;

  g_variant_get (parameters, "(&s)", &key);
  if (!phone_setting_find (key, &id, &x, &y, &error))
    return_error (invocation, error);
  else if (phone_setting_get_info (id)->type == PHONE_SETTING_SECRET)
    g_dbus_method_invocation_return_dbus_error (invocation, PHONE_CONTROL_ERROR_NOT_NOW, "passwords are not told");
  else if ((value = phone_settings_dup_by_key (phone_engine_get_settings (self->engine), key, &error)) != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", value));
  else
    return_error (invocation, error);
}

/* @json: (transfer full) */
static void
return_json (GDBusMethodInvocation *invocation,
             char                  *json)
{
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", json));
  g_free (json);
}

static void
method_screen (PhoneControlService   *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  return_json (invocation, phone_control_json_display (phone_engine_get_display (self->engine),
                                                       phone_control_hub_get_seq (self->hub)));
}

static void
method_lamps (PhoneControlService   *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  return_json (invocation, phone_control_json_lamps (phone_engine_get_display (self->engine),
                                                     phone_control_hub_get_seq (self->hub)));
}

static void
method_calls (PhoneControlService   *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  g_autoptr (GPtrArray) calls = phone_engine_list_calls (self->engine);

  return_json (invocation, phone_control_json_calls (calls, phone_control_hub_get_seq (self->hub)));
}

static void
method_accounts (PhoneControlService   *self,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation)
{
  g_autoptr (GPtrArray) accounts = phone_engine_list_accounts (self->engine);

  return_json (invocation, phone_control_json_accounts (accounts, phone_control_hub_get_seq (self->hub)));
}

static void
method_counts (PhoneControlService   *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  PhoneCounts counts;

  phone_engine_count (self->engine, &counts);
  return_json (invocation, phone_control_json_counts (&counts, phone_control_hub_get_seq (self->hub)));
}

static void
method_screenshot (PhoneControlService   *self,
                   GVariant              *parameters,
                   GDBusMethodInvocation *invocation)
{
  const char *part;
  double scale;
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(&sd)", &part, &scale);
  if (!g_str_equal (part, "lcd") && !g_str_equal (part, "face"))
    return_invalid (invocation, "the part is lcd or face");
  else if (!(scale >= MIN_SCALE && scale <= MAX_SCALE))
    return_invalid (invocation, "the scale is a number from 0.25 to 8");
  else if (!self->draw)
    g_dbus_method_invocation_return_dbus_error (invocation, PHONE_CONTROL_ERROR_NOT_NOW, "this phone has no skin");
  else if ((png = self->draw (part, scale, self->draw_data, &error)) == NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, PHONE_CONTROL_ERROR_NOT_NOW, error->message);
  else
    g_dbus_method_invocation_return_value (
        invocation, g_variant_new ("(@ay)", g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, png, TRUE)));
}

static void
method_trace (PhoneControlService   *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  guint call;

  g_variant_get (parameters, "(u)", &call);
  if (!self->trace)
    g_dbus_method_invocation_return_dbus_error (invocation, PHONE_CONTROL_ERROR_NOT_NOW, "this phone keeps no messages");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@" PHONE_TRACE_VARIANT_TYPE "t)",
                                                                      phone_trace_to_variant (self->trace, call),
                                                                      phone_trace_get_n_lost (self->trace)));
}

static void
method_trace_since (PhoneControlService   *self,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation)
{
  guint64 since;

  g_variant_get (parameters, "(t)", &since);
  if (!self->trace)
    g_dbus_method_invocation_return_dbus_error (invocation, PHONE_CONTROL_ERROR_NOT_NOW, "this phone keeps no messages");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@" PHONE_TRACE_VARIANT_TYPE ")",
                                                                      phone_trace_since_to_variant (self->trace, since)));
}

static void
method_events (PhoneControlService   *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  guint64 since;
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *json = NULL;

  g_variant_get (parameters, "(t)", &since);
  events = phone_control_hub_list_since (self->hub, since, NULL);
  json = phone_control_json_events (events);
  g_dbus_method_invocation_return_value (invocation,
                                         g_variant_new ("(st)", json, phone_control_hub_get_seq (self->hub)));
}

static void
method_wait (PhoneControlService   *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  const char *text;
  gint64 since;
  int timeout_ms;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(&sxi)", &text, &since, &timeout_ms);
  if (!phone_control_waits_add (self->waits, invocation, text, since, timeout_ms, &error))
    return_error (invocation, error);
}

static void
method_raise (PhoneControlService   *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
  g_signal_emit (self, signals[RAISE], 0);
}

static void
method_quit (PhoneControlService   *self,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
  g_signal_emit (self, signals[QUIT], 0);
}

static const struct {
  const char *name;
  Method      run;
} methods[] = {
  { "Key", method_key },           { "Type", method_type },       { "Dial", method_dial },
  { "Answer", method_answer },     { "Hangup", method_hangup },   { "Hook", method_hook },
  { "Command", method_command },   { "Set", method_set },         { "Get", method_get },
  { "Screen", method_screen },     { "Lamps", method_lamps },     { "Calls", method_calls },
  { "Accounts", method_accounts }, { "Events", method_events },   { "Wait", method_wait },
  { "Raise", method_raise },       { "Quit", method_quit },       { "Screenshot", method_screenshot },
  { "Counts", method_counts },     { "Trace", method_trace },
  { "TraceSince", method_trace_since },
};

static void
on_method_call (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method_name,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  PhoneControlService *self = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].name, method_name))
      {
        methods[i].run (self, parameters, invocation);
        return;
      }

  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD, "No method %s",
                                         method_name);
}

static GVariant *
on_get_property (GDBusConnection *connection,
                 const char      *sender,
                 const char      *object_path,
                 const char      *interface_name,
                 const char      *property_name,
                 GError         **error,
                 gpointer         user_data)
{
  PhoneControlService *self = user_data;

  if (g_str_equal (property_name, "Version"))
    return g_variant_new_string (self->version);
  if (g_str_equal (property_name, "Profile"))
    return g_variant_new_string (self->profile);
  if (g_str_equal (property_name, "Model"))
    return g_variant_new_string (phone_engine_get_model (self->engine)->name);
  if (g_str_equal (property_name, "Seq"))
    return g_variant_new_uint64 (phone_control_hub_get_seq (self->hub));

  g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY, "No property %s", property_name);
  return NULL;
}

static const GDBusInterfaceVTable vtable = { on_method_call, on_get_property, NULL, { NULL } };

/* life */

static void
export_free (Export *export)
{
  g_clear_signal_handler (&export->closed_id, export->connection);
  g_dbus_connection_unregister_object (export->connection, export->object_id);
  g_object_unref (export->connection);
  g_free (export);
}

static void
on_connection_closed (GDBusConnection *connection,
                      gboolean         remote_peer_vanished,
                      GError          *error,
                      Export          *export)
{
  PhoneControlService *self = export->service;

  phone_control_waits_drop_connection (self->waits, connection);
  g_ptr_array_remove (self->exports, export);
}

static void
on_new_connection (PhoneControlSocket *socket,
                   GDBusConnection    *connection,
                   gpointer            user_data)
{
  g_autoptr (GError) error = NULL;

  if (!phone_control_service_export (user_data, connection, &error))
    g_warning ("a control connection cannot be served: %s", error->message);
}

static void
on_event (PhoneControlHub     *hub,
          PhoneControlEvent   *event,
          PhoneControlService *self)
{
  g_autofree char *json = NULL;

  for (guint i = 0; i < self->exports->len; i++)
    {
      const Export *export = g_ptr_array_index (self->exports, i);

      if (!json)
        json = phone_control_json_event (event);
      /* Fails only when the connection has just been closed, which is told by its own signal. */
      g_dbus_connection_emit_signal (export->connection, NULL, PHONE_CONTROL_OBJECT_PATH, PHONE_CONTROL_INTERFACE,
                                     "Event", g_variant_new ("(ts)", event->seq, json), NULL);
    }
  phone_control_waits_feed (self->waits, event);
}

static void
on_display_changed (PhoneEngine         *engine,
                    PhoneControlService *self)
{
  phone_control_hub_add_display (self->hub, phone_engine_get_display (engine));
}

static void
phone_control_service_dispose (GObject *object)
{
  PhoneControlService *self = PHONE_CONTROL_SERVICE (object);

  phone_control_service_close (self);
  g_clear_pointer (&self->waits, phone_control_waits_free);
  g_clear_object (&self->engine);
  g_clear_object (&self->hub);

  G_OBJECT_CLASS (phone_control_service_parent_class)->dispose (object);
}

static void
phone_control_service_finalize (GObject *object)
{
  PhoneControlService *self = PHONE_CONTROL_SERVICE (object);

  g_ptr_array_unref (self->exports);
  g_ptr_array_unref (self->key_runs);
  g_clear_pointer (&self->node, g_dbus_node_info_unref);
  g_free (self->profile);
  g_free (self->version);

  g_clear_pointer (&self->trace, phone_trace_unref);
  G_OBJECT_CLASS (phone_control_service_parent_class)->finalize (object);
}

static void
phone_control_service_class_init (PhoneControlServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_control_service_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_control_service_finalize;

  signals[QUIT] = g_signal_new ("quit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[RAISE] = g_signal_new ("raise", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
phone_control_service_init (PhoneControlService *self)
{
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GError) error = NULL;

  self->exports = g_ptr_array_new_with_free_func ((GDestroyNotify) export_free);
  self->key_runs = g_ptr_array_new_with_free_func ((GDestroyNotify) key_run_free);

  xml = g_resource_lookup_data (control_get_resource (), INTROSPECTION, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_assert_no_error (error);
  self->node = g_dbus_node_info_new_for_xml (g_bytes_get_data (xml, NULL), &error);
  g_assert_no_error (error);
}

PhoneControlService *
phone_control_service_new (PhoneEngine     *engine,
                           PhoneControlHub *hub,
                           const char      *profile,
                           const char      *version)
{
  PhoneControlService *self;

  g_return_val_if_fail (PHONE_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PHONE_IS_CONTROL_HUB (hub), NULL);
  g_return_val_if_fail (profile != NULL && version != NULL, NULL);

  self = g_object_new (PHONE_TYPE_CONTROL_SERVICE, NULL);
  self->engine = g_object_ref (engine);
  self->hub = g_object_ref (hub);
  self->profile = g_strdup (profile);
  self->version = g_strdup (version);
  self->waits = phone_control_waits_new (engine, hub);
  g_signal_connect_object (hub, "event", G_CALLBACK (on_event), self, 0);
  g_signal_connect_object (engine, "changed", G_CALLBACK (on_display_changed), self, 0);

  return self;
}

void
phone_control_service_set_screenshot (PhoneControlService        *self,
                                      PhoneControlScreenshotFunc  draw,
                                      gpointer                    user_data)
{
  g_return_if_fail (PHONE_IS_CONTROL_SERVICE (self));

  self->draw = draw;
  self->draw_data = user_data;
}

void
phone_control_service_set_trace (PhoneControlService *self,
                                 PhoneTrace          *trace)
{
  g_return_if_fail (PHONE_IS_CONTROL_SERVICE (self));

  g_clear_pointer (&self->trace, phone_trace_unref);
  self->trace = phone_trace_ref (trace);
}

gboolean
phone_control_service_listen (PhoneControlService *self,
                              const char          *path,
                              GError             **error)
{
  g_return_val_if_fail (PHONE_IS_CONTROL_SERVICE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (self->socket == NULL, FALSE);

  self->socket = phone_control_socket_new (path, on_new_connection, self, error);

  return self->socket != NULL;
}

gboolean
phone_control_service_export (PhoneControlService *self,
                              GDBusConnection     *connection,
                              GError             **error)
{
  Export *export;
  guint object_id;

  g_return_val_if_fail (PHONE_IS_CONTROL_SERVICE (self), FALSE);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), FALSE);

  object_id = g_dbus_connection_register_object (connection, PHONE_CONTROL_OBJECT_PATH, self->node->interfaces[0],
                                                 &vtable, self, NULL, error);
  if (object_id == 0)
    return FALSE;

  export = g_new0 (Export, 1);
  export->service = self;
  export->connection = g_object_ref (connection);
  export->object_id = object_id;
  export->closed_id = g_signal_connect (connection, "closed", G_CALLBACK (on_connection_closed), export);
  g_ptr_array_add (self->exports, export);

  return TRUE;
}

void
phone_control_service_close (PhoneControlService *self)
{
  g_return_if_fail (PHONE_IS_CONTROL_SERVICE (self));

  if (self->waits)
    phone_control_waits_drop_connection (self->waits, NULL);
  g_ptr_array_set_size (self->key_runs, 0);
  for (guint i = 0; i < self->exports->len; i++)
    {
      const Export *export = g_ptr_array_index (self->exports, i);

      g_dbus_connection_flush_sync (export->connection, NULL, NULL);
    }
  g_ptr_array_set_size (self->exports, 0);
  g_clear_pointer (&self->socket, phone_control_socket_free);
}
