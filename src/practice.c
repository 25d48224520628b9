/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-practice"

#include "practice.h"
#include "texts.h"

#include <json-glib/json-glib.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>

#define PROGRAM "deskset-exchange"
#define USER "500"
#define GROUP "Practice"
#define SPEED_DIAL "13"
#define READY_TIMEOUT_S 15
#define FIRST_PAUSE_S 1
#define LONGEST_PAUSE_S 60
#define MAX_EXTENSIONS 100
/* An exchange that ran this long was well: the next pause is short again. */
#define WELL_AFTER_S 60

typedef struct {
  char *number;
  char *name;
} Extension;

/* A value in the common layer that is ours to take back. */
typedef struct {
  PhoneSettingId id;
  guint          x;
  guint          y;
} Filled;

struct _PhonePractice {
  GObject        parent_instance;

  PhoneSettings *settings;
  guint          n_accounts;
  guint          n_line_keys;
  gulong         changed_id;

  gboolean       enabled;
  GSubprocess   *process;
  GCancellable  *cancellable;   /* of what waits for this process */
  gint64         started_us;
  guint          timeout_id;    /* waiting for the exchange to be ready, or for the next start */
  guint          pause_s;
  guint          place_id;      /* idle: the account has to move */

  char          *password;
  char          *address;       /* NULL: not ready */
  guint          port;
  GPtrArray     *extensions;    /* Extension */
  guint          account;       /* filled in, 0 = none */
  GArray        *filled;
  gboolean       filling;
};

enum {
  CONTACTS,
  MESSAGE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhonePractice, phone_practice, G_TYPE_OBJECT)

static void start (PhonePractice *self);

static void
extension_free (Extension *extension)
{
  g_free (extension->number);
  g_free (extension->name);
  g_free (extension);
}

static char *
make_password (void)
{
  guint8 bytes[16];
  GString *text = g_string_new (NULL);

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("no random numbers: %s", g_strerror (errno));
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);

  return g_string_free (text, FALSE);
}

/* Beside our own program, in its build folder, or on the path. */
static char *
find_program (void)
{
  static const char *const places[] = { PROGRAM, "exchange/" PROGRAM };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname (self) : NULL;

  for (guint i = 0; folder && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }

  return g_find_program_in_path (PROGRAM);
}

/* settings */

static void
fill (PhonePractice  *self,
      PhoneSettingId  id,
      guint           x,
      guint           y,
      const char     *text)
{
  const Filled filled = { id, x, y };
  g_autoptr (GError) error = NULL;

  if (phone_settings_set (self->settings, PHONE_LAYER_COMMON, id, x, y, text, &error))
    g_array_append_val (self->filled, filled);
  else
    g_warning ("the practice exchange does not fit the settings: %s", error->message);
}

static gboolean
is_set_by_somebody (PhonePractice  *self,
                    PhoneSettingId  id,
                    guint           x,
                    guint           y)
{
  for (PhoneLayer layer = PHONE_LAYER_COMMON; layer <= PHONE_LAYER_LOCAL; layer++)
    if (phone_settings_peek_layer (self->settings, layer, id, x, y))
      return TRUE;

  return FALSE;
}

static gboolean
account_is_somebodys (PhonePractice *self,
                      guint          account)
{
  return is_set_by_somebody (self, PHONE_SETTING_ACCOUNT_USER_NAME, account, 0)
         || is_set_by_somebody (self, PHONE_SETTING_ACCOUNT_AUTH_NAME, account, 0)
         || is_set_by_somebody (self, PHONE_SETTING_ACCOUNT_PASSWORD, account, 0)
         || is_set_by_somebody (self, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, account, 1);
}

static void
fill_account (PhonePractice *self,
              guint          account)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);

  fill (self, PHONE_SETTING_ACCOUNT_LABEL, account, 0, _ ("Practice"));
  fill (self, PHONE_SETTING_ACCOUNT_USER_NAME, account, 0, USER);
  fill (self, PHONE_SETTING_ACCOUNT_AUTH_NAME, account, 0, USER);
  fill (self, PHONE_SETTING_ACCOUNT_PASSWORD, account, 0, self->password);
  fill (self, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, account, 1, self->address);
  fill (self, PHONE_SETTING_ACCOUNT_SERVER_PORT, account, 1, port);
  fill (self, PHONE_SETTING_ACCOUNT_SERVER_TRANSPORT, account, 1, "0");
  /* Last, so that the account registers once. */
  fill (self, PHONE_SETTING_ACCOUNT_ENABLE, account, 0, "1");
}

/* The right column of a face with two; a face with one column keeps its keys. */
static void
fill_line_keys (PhonePractice *self)
{
  g_autofree char *line = g_strdup_printf ("%u", self->account);
  guint i = 0;

  for (guint key = self->n_line_keys / 2 + 1; key <= self->n_line_keys && i < self->extensions->len; key++)
    {
      const Extension *extension = g_ptr_array_index (self->extensions, i);

      if (is_set_by_somebody (self, PHONE_SETTING_LINEKEY_TYPE, key, 0)
          || is_set_by_somebody (self, PHONE_SETTING_LINEKEY_VALUE, key, 0))
        continue;
      fill (self, PHONE_SETTING_LINEKEY_LABEL, key, 0, extension->name);
      fill (self, PHONE_SETTING_LINEKEY_VALUE, key, 0, extension->number);
      fill (self, PHONE_SETTING_LINEKEY_LINE, key, 0, line);
      fill (self, PHONE_SETTING_LINEKEY_TYPE, key, 0, SPEED_DIAL);
      i++;
    }
}

static void
tell_contacts (PhonePractice *self)
{
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);

  for (guint i = 0; self->account && i < self->extensions->len; i++)
    {
      const Extension *extension = g_ptr_array_index (self->extensions, i);

      g_ptr_array_add (contacts, phone_contact_new (extension->name, extension->number, self->account, GROUP));
    }
  g_signal_emit (self, signals[CONTACTS], 0, contacts);
}

static void
take_back (PhonePractice *self)
{
  if (self->account == 0)
    return;

  self->filling = TRUE;
  /* In reverse: the account is switched off before its address goes. */
  for (guint i = self->filled->len; i > 0; i--)
    {
      const Filled *filled = &g_array_index (self->filled, Filled, i - 1);

      phone_settings_set (self->settings, PHONE_LAYER_COMMON, filled->id, filled->x, filled->y, NULL, NULL);
    }
  g_array_set_size (self->filled, 0);
  self->account = 0;
  self->filling = FALSE;
  tell_contacts (self);
}

static void
place (PhonePractice *self)
{
  take_back (self);
  if (!self->address)
    return;

  for (guint account = 1; account <= self->n_accounts && self->account == 0; account++)
    if (!account_is_somebodys (self, account))
      self->account = account;
  if (self->account == 0)
    {
      g_signal_emit (self, signals[MESSAGE], 0, _ ("No free account to practise with"));
      return;
    }

  self->filling = TRUE;
  fill_line_keys (self);
  fill_account (self, self->account);
  self->filling = FALSE;
  g_debug ("the practice exchange is account %u", self->account);
  tell_contacts (self);
}

static gboolean
on_place (gpointer user_data)
{
  PhonePractice *self = user_data;

  self->place_id = 0;
  place (self);

  return G_SOURCE_REMOVE;
}

/* Whoever sets up the account that practice uses gets it: practice moves on. */
static void
on_setting_changed (PhoneSettings *settings,
                    const char    *key,
                    PhoneLayer     layer,
                    PhonePractice *self)
{
  PhoneSettingId id;
  guint x;
  guint y;

  if (self->filling || self->account == 0 || self->place_id || layer == PHONE_LAYER_COMMON)
    return;
  if (!phone_setting_find (key, &id, &x, &y, NULL) || x != self->account)
    return;
  if (id == PHONE_SETTING_ACCOUNT_USER_NAME || id == PHONE_SETTING_ACCOUNT_AUTH_NAME
      || id == PHONE_SETTING_ACCOUNT_PASSWORD || id == PHONE_SETTING_ACCOUNT_SERVER_ADDRESS)
    self->place_id = g_idle_add (on_place, self);
}

/* the exchange's process */

static gboolean
on_pause_over (gpointer user_data)
{
  PhonePractice *self = user_data;

  self->timeout_id = 0;
  start (self);

  return G_SOURCE_REMOVE;
}

static void
forget_process (PhonePractice *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_handle_id (&self->place_id, g_source_remove);
  g_clear_object (&self->process);
  g_clear_pointer (&self->address, g_free);
}

/* The exchange is gone, or never came: @why is for the log. */
static void
try_again_later (PhonePractice *self,
                 const char    *why)
{
  if (g_get_monotonic_time () - self->started_us > WELL_AFTER_S * G_USEC_PER_SEC)
    self->pause_s = FIRST_PAUSE_S;
  g_warning ("the practice exchange: %s; next start in %u s", why, self->pause_s);
  if (self->process)
    g_subprocess_force_exit (self->process);
  forget_process (self);
  take_back (self);
  g_signal_emit (self, signals[MESSAGE], 0, _ ("Practice exchange not available"));
  self->timeout_id = g_timeout_add_seconds (self->pause_s, on_pause_over, self);
  self->pause_s = MIN (self->pause_s * 2, LONGEST_PAUSE_S);
}

static gboolean
on_not_ready (gpointer user_data)
{
  PhonePractice *self = user_data;

  self->timeout_id = 0;
  try_again_later (self, "it is not ready in time");

  return G_SOURCE_REMOVE;
}

static void
on_exited (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  /* Cancelled: @user_data may be gone. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    try_again_later (user_data, "it ended");
}

static void
read_extensions (PhonePractice *self,
                 JsonArray     *array)
{
  g_ptr_array_set_size (self->extensions, 0);
  for (guint i = 0; i < MIN (json_array_get_length (array), MAX_EXTENSIONS); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *number = object ? json_object_get_string_member_with_default (object, "number", "") : "";
      Extension *extension;

      if (number[0] == '\0')
        continue;
      extension = g_new0 (Extension, 1);
      extension->number = g_strdup (number);
      extension->name = g_strdup (json_object_get_string_member_with_default (object, "name", number));
      g_ptr_array_add (self->extensions, extension);
    }
}

/* {"ready":true,"address":"127.0.0.1","port":NNNN,"extensions":[{"number":"600","name":"Echo","help":"…"},…]} */
static gboolean
read_ready (PhonePractice *self,
            const char    *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 port = object ? json_object_get_int_member_with_default (object, "port", 0) : 0;
  JsonNode *extensions = object ? json_object_get_member (object, "extensions") : NULL;
  const char *address = object ? json_object_get_string_member_with_default (object, "address", "") : "";

  if (!object || !json_object_get_boolean_member_with_default (object, "ready", FALSE) || port < 1 || port > 65535
      || !g_hostname_is_ip_address (address) || !extensions || !JSON_NODE_HOLDS_ARRAY (extensions))
    return FALSE;

  self->address = g_strdup (address);
  self->port = (guint) port;
  read_extensions (self, json_node_get_array (extensions));

  return TRUE;
}

static void
on_ready_line (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  PhonePractice *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  if (!line || !read_ready (self, line))
    {
      try_again_later (self, "it does not say where it is");
      return;
    }
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  place (self);
}

static void
hand_over_users (PhonePractice *self)
{
  g_autofree char *users = g_strconcat (USER " ", self->password, "\n\n", NULL);
  GOutputStream *stream = g_subprocess_get_stdin_pipe (self->process);

  /* A few bytes into an empty pipe: does not block. The pipe stays open: the exchange ends when it closes. */
  if (!g_output_stream_write_all (stream, users, strlen (users), NULL, NULL, NULL))
    g_debug ("the exchange does not read its users");
}

static void
start (PhonePractice *self)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *program = find_program ();
  g_autoptr (GError) error = NULL;

  self->started_us = g_get_monotonic_time ();
  if (!program)
    {
      try_again_later (self, PROGRAM " is not installed");
      return;
    }

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  self->process = g_subprocess_launcher_spawn (launcher, &error, program, "--bind", "127.0.0.1", "--port", "0", NULL);
  if (!self->process)
    {
      try_again_later (self, error->message);
      return;
    }

  self->cancellable = g_cancellable_new ();
  g_subprocess_wait_async (self->process, self->cancellable, on_exited, self);
  hand_over_users (self);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, self->cancellable, on_ready_line, self);
  self->timeout_id = g_timeout_add_seconds (READY_TIMEOUT_S, on_not_ready, self);
}

static void
stop (PhonePractice *self)
{
  if (self->process)
    {
      g_subprocess_send_signal (self->process, SIGTERM);
      g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
    }
  forget_process (self);
}

static void
phone_practice_dispose (GObject *object)
{
  PhonePractice *self = PHONE_PRACTICE (object);

  stop (self);
  g_clear_signal_handler (&self->changed_id, self->settings);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (phone_practice_parent_class)->dispose (object);
}

static void
phone_practice_finalize (GObject *object)
{
  PhonePractice *self = PHONE_PRACTICE (object);

  g_ptr_array_unref (self->extensions);
  g_array_unref (self->filled);
  g_free (self->password);

  G_OBJECT_CLASS (phone_practice_parent_class)->finalize (object);
}

static void
phone_practice_class_init (PhonePracticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_practice_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_practice_finalize;

  signals[CONTACTS] = g_signal_new ("contacts", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
phone_practice_init (PhonePractice *self)
{
  self->extensions = g_ptr_array_new_with_free_func ((GDestroyNotify) extension_free);
  self->filled = g_array_new (FALSE, FALSE, sizeof (Filled));
  self->pause_s = FIRST_PAUSE_S;
  self->password = make_password ();
}

PhonePractice *
phone_practice_new (PhoneSettings    *settings,
                    const PhoneModel *model)
{
  PhonePractice *self;

  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (model != NULL, NULL);

  self = g_object_new (PHONE_TYPE_PRACTICE, NULL);
  self->settings = g_object_ref (settings);
  self->n_accounts = MIN (model->n_accounts, PHONE_MAX_ACCOUNTS);
  self->n_line_keys = MIN (model->n_line_keys, PHONE_MAX_LINE_KEYS);
  self->changed_id = g_signal_connect (settings, "changed", G_CALLBACK (on_setting_changed), self);

  return self;
}

void
phone_practice_set_enabled (PhonePractice *self,
                            gboolean       enabled)
{
  g_return_if_fail (PHONE_IS_PRACTICE (self));

  if (!self->enabled == !enabled)
    return;

  g_debug ("practice: %s -> %s", self->enabled ? "on" : "off", enabled ? "on" : "off");
  self->enabled = enabled;
  self->pause_s = FIRST_PAUSE_S;
  if (enabled)
    {
      start (self);
      return;
    }
  stop (self);
  take_back (self);
}

gboolean
phone_practice_is_ready (PhonePractice *self)
{
  g_return_val_if_fail (PHONE_IS_PRACTICE (self), FALSE);

  return self->account != 0;
}
