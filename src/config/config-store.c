/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "config-store.h"

#include "call-log-file.h"
#include "config-file.h"
#include "contacts-file.h"
#include "file-writer.h"
#include "secret-keeper.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Changes that come together are written together. */
#define SAVE_DELAY_MS 250
/* What could not be written is tried again after so long. */
#define RETRY_DELAY_S 15

#define LOCAL_HEADER                                                                                                   \
  PHONE_CONFIG_FIRST_LINE "\n"                                                                                         \
  "## What was changed on this phone. Written by Deskset; comments of your own do not stay here.\n"

/* A line of local.cfg that is not ours to understand. */
typedef struct
{
  char *key;
  char *value;
  gboolean is_default; /* nothing stood behind the '=' */
} KeptLine;

struct _PhoneConfigStore
{
  GObject parent_instance;

  PhoneEventQueue *queue;
  PhoneSettings *settings;
  PhoneFileWriter *writer;
  char *folder;
  GPtrArray *messages; /* char *, NULL at the end */
  gboolean loaded;     /* changes are to be saved from now on */
  guint save_id;
  guint retry_id;
  gint64 failed_us; /* when writing failed last */

  GPtrArray *kept;       /* KeptLine */
  gboolean copy_local;   /* local.cfg has lines that the next save would lose */
  gboolean local_locked; /* local.cfg could not be read and must not be replaced */
  gboolean log_locked;   /* the same for the call log */

  GPtrArray *contacts; /* PhoneContact, of the directory file */
  GPtrArray *extra;    /* PhoneContact, of the app */

  PhoneSecretKeeper *secrets;
};

enum
{
  SIGNAL_SECRETS_LOADED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void phone_config_store_store_init (PhoneStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhoneConfigStore,
                               phone_config_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_STORE, phone_config_store_store_init))

static void
kept_line_free (gpointer data)
{
  KeptLine *line = data;

  g_free (line->key);
  g_free (line->value);
  g_free (line);
}

static char *
path_of (PhoneConfigStore *self,
         const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* Messages ----------------------------------------------------------------------------------------------------------- */

static void
tell (PhoneConfigStore *self,
      const char *message)
{
  g_message ("%s", message);
  g_ptr_array_insert (self->messages, (gint) self->messages->len - 1, g_strdup (message));
}

static void
tell_diagnostics (PhoneConfigStore *self,
                  const PhoneDiagnostics *diagnostics)
{
  guint n_left_out = phone_diagnostics_get_n_left_out (diagnostics);

  for (guint i = 0; i < phone_diagnostics_get_n (diagnostics); i++)
    {
      g_autofree char *message = phone_diagnostics_format (diagnostics, i);

      if (phone_diagnostics_get (diagnostics, i)->severity == PHONE_SEVERITY_NOTE)
        g_info ("%s", message);
      else
        tell (self, message);
    }
  if (n_left_out > 0)
    {
      g_autofree char *message = g_strdup_printf ("… and %u more", n_left_out);

      tell (self, message);
    }
}

/* Makes a second name for a file that will be replaced although not all of it was understood. */
static gboolean
set_aside (PhoneConfigStore *self,
           const char *path,
           gboolean keep)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = phone_file_set_aside (path, keep, &error);
  g_autofree char *message = NULL;

  if (aside != NULL)
    message = g_strdup_printf ("%s: kept as %s", path, aside);
  else
    message = g_strdup_printf ("%s; it will not be written either", error->message);
  tell (self, message);
  return aside != NULL;
}

/* Saving ------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GString *text;
  GHashTable *keys; /* set of keys that are written, or NULL */
} LocalText;

static void
append_setting (PhoneSettingId id,
                guint x,
                guint y,
                const char *value,
                gpointer user_data)
{
  LocalText *local = user_data;
  g_autofree char *key = NULL;

  if (phone_setting_get_info (id)->type == PHONE_SETTING_SECRET)
    return;
  key = phone_setting_format_key (id, x, y);
  if (phone_config_write_line (local->text, key, value))
    g_hash_table_add (local->keys, g_steal_pointer (&key));
  else
    g_warning ("%s cannot be saved", key);
}

/* Whether a kept line is about a setting that was written under its proper name. */
static gboolean
is_written (const LocalText *local,
            const KeptLine *line)
{
  g_autofree char *key = NULL;
  PhoneSettingId id;
  guint x;
  guint y;

  if (!phone_setting_find (line->key, &id, &x, &y, NULL))
    return g_hash_table_contains (local->keys, line->key);
  key = phone_setting_format_key (id, x, y);
  return g_hash_table_contains (local->keys, key);
}

static void
save_local (PhoneConfigStore *self)
{
  g_autofree char *path = path_of (self, "local.cfg");
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GBytes) content = NULL;
  LocalText local = { .text = g_string_new (LOCAL_HEADER), .keys = keys };

  if (self->copy_local && !set_aside (self, path, TRUE))
    self->local_locked = TRUE;
  self->copy_local = FALSE;
  phone_settings_foreach (self->settings, PHONE_LAYER_LOCAL, append_setting, &local);
  for (guint i = 0; i < self->kept->len; i++)
    {
      const KeptLine *line = g_ptr_array_index (self->kept, i);

      if (is_written (&local, line))
        continue;
      if (line->is_default)
        g_string_append_printf (local.text, "%s =\n", line->key);
      else
        phone_config_write_line (local.text, line->key, line->value);
    }
  content = g_string_free_to_bytes (local.text);
  if (!self->local_locked)
    phone_file_writer_write (self->writer, path, content);
}

static gboolean
on_save_time (gpointer user_data)
{
  PhoneConfigStore *self = user_data;

  self->save_id = 0;
  phone_secret_keeper_save (self->secrets);
  save_local (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_save (PhoneConfigStore *self)
{
  if (self->save_id == 0)
    self->save_id = g_timeout_add (SAVE_DELAY_MS, on_save_time, self);
}

static gboolean
on_retry_time (gpointer user_data)
{
  PhoneConfigStore *self = user_data;

  self->retry_id = 0;
  phone_file_writer_retry (self->writer);
  return G_SOURCE_REMOVE;
}

static void
on_write_failed (PhoneFileWriter *writer,
                 PhoneConfigStore *self)
{
  PhoneEvent event = { .type = PHONE_EVENT_STORE_FAILED };
  gint64 before_us = self->failed_us;

  self->failed_us = g_get_monotonic_time ();
  if (self->retry_id == 0)
    self->retry_id = g_timeout_add_seconds (RETRY_DELAY_S, on_retry_time, self);
  /* One message when writing begins to fail, not one for each attempt. */
  if (before_us == 0 || self->failed_us - before_us > 2 * RETRY_DELAY_S * G_TIME_SPAN_SECOND)
    phone_event_queue_post (self->queue, &event);
}

/* The folder tells the profiles apart; below the usual place without the way there. */
static char *
profile_of (PhoneConfigStore *self)
{
  g_autofree char *absolute = g_canonicalize_filename (self->folder, NULL);
  g_autofree char *usual = g_build_filename (g_get_user_config_dir (), "deskset", NULL);

  if (g_str_equal (absolute, usual))
    return g_strdup ("default");
  if (g_str_has_prefix (absolute, usual) && absolute[strlen (usual)] == G_DIR_SEPARATOR)
    return g_filename_display_name (absolute + strlen (usual) + 1);
  return g_filename_display_name (absolute);
}

/* Loading ------------------------------------------------------------------------------------------------------------ */

static gboolean
is_missing (const GError *error)
{
  return g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
load_layer (PhoneConfigStore *self,
            const char *name,
            PhoneLayer layer)
{
  g_autofree char *path = path_of (self, name);
  g_autoptr (GError) error = NULL;

  if (!phone_config_store_load_file (self, path, layer, &error) && !is_missing (error))
    tell (self, error->message);
}

static void
keep_line (PhoneConfigStore *self,
           const PhoneConfigEntry *entry)
{
  KeptLine *line = g_new0 (KeptLine, 1);

  line->key = g_strdup (entry->key);
  line->value = g_strdup (entry->value);
  line->is_default = entry->is_default;
  g_ptr_array_add (self->kept, line);
}

static void
load_local (PhoneConfigStore *self)
{
  g_autofree char *path = path_of (self, "local.cfg");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneConfigFile) file = phone_config_file_load (path, &error);
  g_autoptr (GPtrArray) left = NULL;
  PhoneDiagnostics *diagnostics;

  if (file == NULL)
    {
      if (is_missing (error))
        return;
      tell (self, error->message);
      self->local_locked = !set_aside (self, path, FALSE);
      return;
    }
  diagnostics = phone_config_file_get_diagnostics (file);
  /* What the reader left out would be lost with the next save; what it understood but could not use is kept. */
  self->copy_local = phone_diagnostics_count (diagnostics, PHONE_SEVERITY_WARNING) > 0;
  left = phone_config_file_apply (file, self->settings, PHONE_LAYER_LOCAL, NULL, NULL);
  for (guint i = 0; i < left->len; i++)
    keep_line (self, g_ptr_array_index (left, i));
  tell_diagnostics (self, diagnostics);
}

/* Passwords that somebody wrote into local.cfg move to where passwords are: first they are safe in the one file, then they
 * leave the other. */
static void
load_secrets (PhoneConfigStore *self)
{
  g_autoptr (GError) error = NULL;
  gboolean moved;
  g_autoptr (PhoneConfigFile) file = phone_secret_keeper_load (self->secrets, &moved, &error);

  if (file != NULL)
    tell_diagnostics (self, phone_config_file_get_diagnostics (file));
  else if (!is_missing (error))
    tell (self, error->message);
  if (!moved)
    return;
  if (phone_file_writer_flush (self->writer))
    save_local (self);
  else
    self->copy_local = TRUE;
}

static void
load_contacts_file (PhoneConfigStore *self)
{
  g_autofree char *path = path_of (self, "directory.xml");
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = phone_file_read (path, PHONE_CONTACTS_MAX_BYTES + 1, &error);

  if (content == NULL)
    {
      if (!is_missing (error))
        tell (self, error->message);
      return;
    }
  g_ptr_array_unref (self->contacts);
  self->contacts
      = phone_contacts_parse (g_bytes_get_data (content, NULL), g_bytes_get_size (content), diagnostics);
  tell_diagnostics (self, diagnostics);
}

static void
on_secrets_loaded (PhoneSecretKeeper *secrets,
                   PhoneConfigStore *self)
{
  g_signal_emit (self, signals[SIGNAL_SECRETS_LOADED], 0);
}

static void
on_setting_changed (PhoneSettings *settings,
                    const char *key,
                    int layer,
                    gpointer user_data)
{
  PhoneConfigStore *self = user_data;

  if (self->loaded && layer == PHONE_LAYER_LOCAL)
    schedule_save (self);
}

/* The store port ----------------------------------------------------------------------------------------------------- */

static void
phone_config_store_save_settings (PhoneStore *store)
{
  PhoneConfigStore *self = PHONE_CONFIG_STORE (store);

  /* Somebody was told that it is saved: no delay. The writer puts what it has not begun together. */
  g_clear_handle_id (&self->save_id, g_source_remove);
  on_save_time (self);
}

static GPtrArray *
phone_config_store_load_history (PhoneStore *store)
{
  PhoneConfigStore *self = PHONE_CONFIG_STORE (store);
  g_autofree char *path = path_of (self, "calllog.json");
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;
  GPtrArray *entries;

  /* What was saved a moment ago may still be on its way. */
  phone_file_writer_flush (self->writer);
  content = phone_file_read (path, PHONE_CALL_LOG_MAX_BYTES + 1, &error);
  if (content == NULL)
    {
      if (!is_missing (error))
        {
          tell (self, error->message);
          self->log_locked = !set_aside (self, path, FALSE);
        }
      return g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);
    }
  entries = phone_call_log_parse (g_bytes_get_data (content, NULL), g_bytes_get_size (content), diagnostics);
  tell_diagnostics (self, diagnostics);
  if (phone_diagnostics_get_n (diagnostics) > 0)
    self->log_locked = !set_aside (self, path, phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR) == 0);
  return entries;
}

static void
phone_config_store_save_history (PhoneStore *store,
                                 GPtrArray *entries)
{
  PhoneConfigStore *self = PHONE_CONFIG_STORE (store);
  g_autofree char *path = path_of (self, "calllog.json");
  g_autoptr (GBytes) content = NULL;

  if (self->log_locked)
    return;
  content = phone_call_log_format (entries);
  phone_file_writer_write (self->writer, path, content);
}

static GPtrArray *
phone_config_store_load_contacts (PhoneStore *store)
{
  PhoneConfigStore *self = PHONE_CONFIG_STORE (store);
  GPtrArray *lists[] = { self->contacts, self->extra };
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; j < lists[i]->len; j++)
      g_ptr_array_add (all, phone_contact_copy (g_ptr_array_index (lists[i], j)));
  return all;
}

static void
phone_config_store_store_init (PhoneStoreInterface *iface)
{
  iface->save_settings = phone_config_store_save_settings;
  iface->load_history = phone_config_store_load_history;
  iface->save_history = phone_config_store_save_history;
  iface->load_contacts = phone_config_store_load_contacts;
}

/* The object --------------------------------------------------------------------------------------------------------- */

static void
phone_config_store_dispose (GObject *object)
{
  PhoneConfigStore *self = PHONE_CONFIG_STORE (object);

  if (self->save_id != 0 || self->retry_id != 0)
    phone_config_store_flush (self);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_object (&self->secrets);
  g_clear_object (&self->writer);
  g_clear_object (&self->settings);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_config_store_parent_class)->dispose (object);
}

static void
phone_config_store_finalize (GObject *object)
{
  PhoneConfigStore *self = PHONE_CONFIG_STORE (object);

  g_free (self->folder);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->kept);
  g_ptr_array_unref (self->contacts);
  g_ptr_array_unref (self->extra);

  G_OBJECT_CLASS (phone_config_store_parent_class)->finalize (object);
}

static void
phone_config_store_class_init (PhoneConfigStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_config_store_dispose;
  object_class->finalize = phone_config_store_finalize;

  /**
   * PhoneConfigStore::secrets-loaded:
   *
   * The Secret Service has answered, with passwords or with an error. Not emitted where there is nobody to ask, see
   * phone_config_store_is_waiting().
   */
  signals[SIGNAL_SECRETS_LOADED]
      = g_signal_new ("secrets-loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
phone_config_store_init (PhoneConfigStore *self)
{
  self->writer = phone_file_writer_new ();
  self->messages = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->messages, NULL);
  self->kept = g_ptr_array_new_with_free_func (kept_line_free);
  self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
  self->extra = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
}

/**
 * phone_config_store_new:
 * @folder: the profile's configuration folder
 *
 * Returns: (transfer full): a store that has read nothing yet
 */
PhoneStore *
phone_config_store_new (PhoneEventQueue *queue,
                        PhoneSettings *settings,
                        const char *folder)
{
  PhoneConfigStore *self;
  g_autofree char *secrets_path = NULL;

  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (queue), NULL);
  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (PHONE_TYPE_CONFIG_STORE, NULL);
  self->queue = g_object_ref (queue);
  self->settings = g_object_ref (settings);
  self->folder = g_strdup (folder);
  secrets_path = path_of (self, "secrets.cfg");
  self->secrets = phone_secret_keeper_new (settings, self->writer, secrets_path);
  g_signal_connect_object (self->secrets, "loaded", G_CALLBACK (on_secrets_loaded), self, 0);
  g_signal_connect_object (settings, "changed", G_CALLBACK (on_setting_changed), self, 0);
  g_signal_connect_object (self->writer, "failed", G_CALLBACK (on_write_failed), self, 0);
  return PHONE_STORE (self);
}

gboolean
phone_config_store_load (PhoneConfigStore *self,
                         GError **error)
{
  g_autofree char *profile = NULL;

  g_return_val_if_fail (PHONE_IS_CONFIG_STORE (self), FALSE);
  g_return_val_if_fail (!self->loaded, FALSE);

  profile = profile_of (self);
  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (code), "%s: %s", self->folder,
                   g_strerror (code));
      return FALSE;
    }
  phone_file_remove_leftovers (self->folder);
  load_layer (self, "common.cfg", PHONE_LAYER_COMMON);
  load_layer (self, "phone.cfg", PHONE_LAYER_PHONE);
  load_local (self);
  load_secrets (self);
  load_contacts_file (self);
  self->loaded = TRUE;
  phone_secret_keeper_open_vault (self->secrets, profile);
  return TRUE;
}

gboolean
phone_config_store_load_file (PhoneConfigStore *self,
                              const char *path,
                              PhoneLayer layer,
                              GError **error)
{
  g_autoptr (PhoneConfigFile) file = NULL;
  g_autoptr (GPtrArray) left = NULL;

  g_return_val_if_fail (PHONE_IS_CONFIG_STORE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  file = phone_config_file_load (path, error);
  if (file == NULL)
    return FALSE;
  left = phone_config_file_apply (file, self->settings, layer, NULL, NULL);
  tell_diagnostics (self, phone_config_file_get_diagnostics (file));
  return TRUE;
}

const char *const *
phone_config_store_get_messages (PhoneConfigStore *self)
{
  g_return_val_if_fail (PHONE_IS_CONFIG_STORE (self), NULL);

  return (const char *const *) self->messages->pdata;
}

void
phone_config_store_set_extra_contacts (PhoneConfigStore *self,
                                       GPtrArray *contacts)
{
  PhoneEvent event = { .type = PHONE_EVENT_CONTACTS_CHANGED };

  g_return_if_fail (PHONE_IS_CONFIG_STORE (self));
  g_return_if_fail (contacts != NULL);

  g_ptr_array_set_size (self->extra, 0);
  for (guint i = 0; i < contacts->len; i++)
    g_ptr_array_add (self->extra, phone_contact_copy (g_ptr_array_index (contacts, i)));
  phone_event_queue_post (self->queue, &event);
}

gboolean
phone_config_store_is_waiting (PhoneConfigStore *self)
{
  g_return_val_if_fail (PHONE_IS_CONFIG_STORE (self), FALSE);

  return phone_secret_keeper_is_waiting (self->secrets);
}

void
phone_config_store_flush (PhoneConfigStore *self)
{
  g_return_if_fail (PHONE_IS_CONFIG_STORE (self));

  if (self->save_id != 0)
    {
      g_clear_handle_id (&self->save_id, g_source_remove);
      on_save_time (self);
    }
  phone_secret_keeper_settle (self->secrets);
  phone_file_writer_retry (self->writer);
  phone_file_writer_flush (self->writer);
}
