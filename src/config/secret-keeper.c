/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "secret-keeper.h"

#include "config-file.h"
#include "secret-vault.h"

#include <string.h>

/* A service that does not answer for so long (locked, and nobody there to unlock it) is not waited for. */
#define VAULT_PATIENCE_S 20

#define SECRETS_HEADER                                                                                                 \
  PHONE_CONFIG_FIRST_LINE "\n"                                                                                         \
  "## Passwords that no Secret Service could take. Keep this file to yourself.\n"

struct _PhoneSecretKeeper
{
  GObject parent_instance;

  PhoneSettings *settings;
  PhoneFileWriter *writer;
  char *path; /* of secrets.cfg */

  PhoneSecretVault *vault; /* (nullable): NULL when there is no service */
  guint patience_id;
  gboolean loading_vault;
  GHashTable *secrets; /* key -> password: what we have handed to the vault or the file */
  GHashTable *in_file; /* set of keys whose password is in secrets.cfg */
  gboolean file_dirty; /* secrets.cfg must be written */
  gboolean copy_file;  /* secrets.cfg has lines that the next save would lose */
  gboolean locked;     /* secrets.cfg could not be read and must not be replaced */
  GHashTable *pending; /* key -> number of answers of the vault still to come */
};

enum
{
  SIGNAL_LOADED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhoneSecretKeeper, phone_secret_keeper, G_TYPE_OBJECT)

/* A service that never answers must not keep us alive. */
static gpointer
weak_new (PhoneSecretKeeper *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  return weak;
}

/* Returns: (transfer full) (nullable) */
static PhoneSecretKeeper *
weak_take (gpointer data)
{
  GWeakRef *weak = data;
  PhoneSecretKeeper *self = g_weak_ref_get (weak);

  g_weak_ref_clear (weak);
  g_free (weak);
  return self;
}

/* Makes a second name for the file, which will be replaced although not all of it was understood. */
static void
set_aside (PhoneSecretKeeper *self,
           gboolean keep)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = phone_file_set_aside (self->path, keep, &error);

  self->copy_file = FALSE;
  self->locked = aside == NULL;
  if (aside != NULL)
    g_message ("%s: kept as %s", self->path, aside);
  else
    g_message ("%s; it will not be written either", error->message);
}

static void
save_secrets_file (PhoneSecretKeeper *self)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (self->in_file), (GCompareFunc) strcmp);
  g_autoptr (GBytes) content = NULL;
  GString *text;

  self->file_dirty = FALSE;
  if (keys == NULL && !g_file_test (self->path, G_FILE_TEST_EXISTS))
    return;
  if (self->copy_file)
    set_aside (self, TRUE);
  if (self->locked)
    return;
  text = g_string_new (SECRETS_HEADER);
  for (GList *at = keys; at != NULL; at = at->next)
    {
      const char *secret = g_hash_table_lookup (self->secrets, at->data);

      if (secret != NULL && !phone_config_write_line (text, at->data, secret))
        g_warning ("%s cannot be saved", (const char *) at->data);
    }
  content = g_string_free_to_bytes (text);
  phone_file_writer_write (self->writer, self->path, content);
}

static gboolean
is_pending (PhoneSecretKeeper *self,
            const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, key)) > 0;
}

static void
put_into_file (PhoneSecretKeeper *self,
               const char *key)
{
  if (g_hash_table_contains (self->secrets, key))
    g_hash_table_add (self->in_file, g_strdup (key));
  else
    g_hash_table_remove (self->in_file, key);
  self->file_dirty = TRUE;
}

static void
on_vault_stored (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (PhoneSecretKeeper) self = weak_take (user_data);
  const char *key = phone_secret_vault_result_get_key (result);
  g_autoptr (GError) error = NULL;
  gboolean stored = phone_secret_vault_store_finish (PHONE_SECRET_VAULT (source), result, &error);
  guint n_left;

  if (self == NULL)
    return;
  n_left = GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, key));
  g_hash_table_replace (self->pending, g_strdup (key), GUINT_TO_POINTER (n_left > 0 ? n_left - 1 : 0));
  if (n_left > 1)
    return; /* A later change of the same password is on its way. */
  g_hash_table_remove (self->pending, key);
  if (stored)
    {
      if (g_hash_table_remove (self->in_file, key))
        save_secrets_file (self);
      return;
    }
  g_message ("the Secret Service does not take a password (%s); it is kept in secrets.cfg", error->message);
  put_into_file (self, key);
  save_secrets_file (self);
}

static void
hand_to_vault (PhoneSecretKeeper *self,
               const char *key)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, key));

  g_hash_table_replace (self->pending, g_strdup (key), GUINT_TO_POINTER (n + 1));
  phone_secret_vault_store_async (self->vault, key, g_hash_table_lookup (self->secrets, key), on_vault_stored,
                                  weak_new (self));
}

/* What the vault has not answered for goes into the file; when the answer comes after all, it is taken out again. */
static void
put_pending_into_file (PhoneSecretKeeper *self)
{
  GHashTableIter iter;
  gpointer key;
  gboolean changed = FALSE;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_hash_table_contains (self->secrets, key))
      changed |= g_hash_table_add (self->in_file, g_strdup (key));
  if (changed)
    save_secrets_file (self);
}

static gboolean
on_patience_over (gpointer user_data)
{
  PhoneSecretKeeper *self = user_data;

  self->patience_id = 0;
  put_pending_into_file (self);
  return G_SOURCE_REMOVE;
}

/* @key's password is another one than the one last handed on, or there is none any more. */
static void
hand_on (PhoneSecretKeeper *self,
         const char *key,
         const char *secret)
{
  if (secret != NULL)
    g_hash_table_replace (self->secrets, g_strdup (key), g_strdup (secret));
  else
    g_hash_table_remove (self->secrets, key);

  if (self->vault == NULL)
    {
      put_into_file (self, key);
      return;
    }
  /* The old one must not stay in the file. */
  if (g_hash_table_contains (self->in_file, key))
    put_into_file (self, key);
  hand_to_vault (self, key);
  if (self->patience_id == 0)
    self->patience_id = g_timeout_add_seconds (VAULT_PATIENCE_S, on_patience_over, self);
}

typedef struct
{
  PhoneSecretKeeper *keeper;
  GHashTable *seen; /* set of keys that have a password */
} SecretScan;

static void
scan_secret (PhoneSettingId id,
             guint x,
             guint y,
             const char *value,
             gpointer user_data)
{
  SecretScan *scan = user_data;
  g_autofree char *key = NULL;

  if (phone_setting_get_info (id)->type != PHONE_SETTING_SECRET)
    return;
  key = phone_setting_format_key (id, x, y);
  if (g_strcmp0 (g_hash_table_lookup (scan->keeper->secrets, key), value) != 0)
    hand_on (scan->keeper, key, value);
  g_hash_table_add (scan->seen, g_steal_pointer (&key));
}

static void
migrate_file_to_vault (PhoneSecretKeeper *self)
{
  g_autoptr (GList) keys = g_hash_table_get_keys (self->in_file);

  for (GList *at = keys; at != NULL; at = at->next)
    if (!is_pending (self, at->data))
      hand_to_vault (self, at->data);
}

/* What was changed on the phone in the meantime, and what the file holds, is newer. */
static void
take_vault_secrets (PhoneSecretKeeper *self,
                    GHashTable *found)
{
  GHashTableIter iter;
  gpointer key;
  gpointer secret;

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &key, &secret))
    {
      g_autoptr (GError) error = NULL;
      PhoneSettingId id;
      guint x;
      guint y;

      if (!phone_setting_find (key, &id, &x, &y, &error)
          || phone_setting_get_info (id)->type != PHONE_SETTING_SECRET
          || phone_settings_peek_layer (self->settings, PHONE_LAYER_LOCAL, id, x, y) != NULL)
        continue;
      g_hash_table_replace (self->secrets, g_strdup (key), g_strdup (secret));
      if (!phone_settings_set (self->settings, PHONE_LAYER_LOCAL, id, x, y, secret, &error))
        g_message ("a password of the Secret Service cannot be used: %s", error->message);
    }
}

static void
on_vault_loaded (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (PhoneSecretKeeper) self = weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) found = phone_secret_vault_load_finish (PHONE_SECRET_VAULT (source), result, &error);

  if (self == NULL)
    return;
  self->loading_vault = FALSE;
  if (found != NULL)
    {
      take_vault_secrets (self, found);
      migrate_file_to_vault (self);
    }
  else
    {
      g_info ("no Secret Service (%s); passwords are kept in secrets.cfg", error->message);
      /* Answers that are still to come will say the same of each password. */
      g_clear_object (&self->vault);
    }
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

static gboolean
is_secret (PhoneSettingId id,
           const PhoneConfigEntry *entry,
           gpointer user_data)
{
  return phone_setting_get_info (id)->type == PHONE_SETTING_SECRET;
}

static void
note_secret (PhoneSettingId id,
             guint x,
             guint y,
             const char *value,
             gpointer user_data)
{
  PhoneSecretKeeper *self = user_data;
  g_autofree char *key = NULL;

  if (phone_setting_get_info (id)->type != PHONE_SETTING_SECRET)
    return;
  key = phone_setting_format_key (id, x, y);
  g_hash_table_add (self->in_file, g_strdup (key));
  g_hash_table_replace (self->secrets, g_steal_pointer (&key), g_strdup (value));
}

static void
phone_secret_keeper_dispose (GObject *object)
{
  PhoneSecretKeeper *self = PHONE_SECRET_KEEPER (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_object (&self->vault);
  g_clear_object (&self->writer);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (phone_secret_keeper_parent_class)->dispose (object);
}

static void
phone_secret_keeper_finalize (GObject *object)
{
  PhoneSecretKeeper *self = PHONE_SECRET_KEEPER (object);

  g_free (self->path);
  g_hash_table_unref (self->secrets);
  g_hash_table_unref (self->in_file);
  g_hash_table_unref (self->pending);

  G_OBJECT_CLASS (phone_secret_keeper_parent_class)->finalize (object);
}

static void
phone_secret_keeper_class_init (PhoneSecretKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_secret_keeper_dispose;
  object_class->finalize = phone_secret_keeper_finalize;

  /**
   * PhoneSecretKeeper::loaded:
   *
   * The Secret Service has answered phone_secret_keeper_open_vault(), with passwords or with an error.
   */
  signals[SIGNAL_LOADED]
      = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
phone_secret_keeper_init (PhoneSecretKeeper *self)
{
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, phone_secret_free);
  self->in_file = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * phone_secret_keeper_new:
 * @settings: whose local layer holds the passwords
 * @writer: writes the file
 * @path: of secrets.cfg
 *
 * Returns: (transfer full): a keeper that has read nothing yet
 */
PhoneSecretKeeper *
phone_secret_keeper_new (PhoneSettings *settings,
                         PhoneFileWriter *writer,
                         const char *path)
{
  PhoneSecretKeeper *self;

  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (writer != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SECRET_KEEPER, NULL);
  self->settings = g_object_ref (settings);
  self->writer = g_object_ref (writer);
  self->path = g_strdup (path);
  return self;
}

/**
 * phone_secret_keeper_load:
 * @moved: (out): whether the local layer had passwords before: they are safe in the file now, flush the writer and take
 *   them out of where they were
 *
 * Reads secrets.cfg into the local layer.
 *
 * Returns: (transfer full) (nullable): the file, for its diagnostics; %NULL with @error in #GFileError when it cannot be
 *   read, also when there is none
 */
PhoneConfigFile *
phone_secret_keeper_load (PhoneSecretKeeper *self,
                          gboolean *moved,
                          GError **error)
{
  PhoneConfigFile *file;
  GError *load_error = NULL;

  g_return_val_if_fail (PHONE_IS_SECRET_KEEPER (self), NULL);
  g_return_val_if_fail (moved != NULL, NULL);

  phone_settings_foreach (self->settings, PHONE_LAYER_LOCAL, note_secret, self);
  *moved = g_hash_table_size (self->in_file) > 0;
  file = phone_config_file_load (self->path, &load_error);
  if (file != NULL)
    {
      g_ptr_array_unref (phone_config_file_apply (file, self->settings, PHONE_LAYER_LOCAL, is_secret, NULL));
      self->copy_file
          = phone_diagnostics_count (phone_config_file_get_diagnostics (file), PHONE_SEVERITY_WARNING) > 0;
    }
  else if (!g_error_matches (load_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    set_aside (self, FALSE);
  if (load_error != NULL)
    g_propagate_error (error, load_error);
  phone_settings_foreach (self->settings, PHONE_LAYER_LOCAL, note_secret, self);
  if (*moved)
    save_secrets_file (self);
  *moved = *moved && !self->locked;
  return file;
}

/**
 * phone_secret_keeper_open_vault:
 * @profile: tells the phones of one user apart
 *
 * Asks the Secret Service for the passwords that are not in the local layer yet, and gives it those of the file. Where there
 * is nobody to ask nothing happens; else `loaded` is emitted.
 */
void
phone_secret_keeper_open_vault (PhoneSecretKeeper *self,
                                const char *profile)
{
  g_return_if_fail (PHONE_IS_SECRET_KEEPER (self));
  g_return_if_fail (profile != NULL);

  if (!phone_secret_vault_is_possible ())
    return;
  self->vault = phone_secret_vault_new (profile);
  self->loading_vault = TRUE;
  phone_secret_vault_load_async (self->vault, on_vault_loaded, weak_new (self));
}

/**
 * phone_secret_keeper_save:
 *
 * Compares the local layer with what was handed on, and hands on what differs.
 */
void
phone_secret_keeper_save (PhoneSecretKeeper *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  SecretScan scan = { .keeper = self, .seen = seen };
  GHashTableIter iter;
  gpointer key;

  g_return_if_fail (PHONE_IS_SECRET_KEEPER (self));

  phone_settings_foreach (self->settings, PHONE_LAYER_LOCAL, scan_secret, &scan);
  g_hash_table_iter_init (&iter, self->secrets);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (seen, key))
      g_ptr_array_add (gone, g_strdup (key));
  for (guint i = 0; i < gone->len; i++)
    hand_on (self, g_ptr_array_index (gone, i), NULL);
  if (self->file_dirty)
    save_secrets_file (self);
}

/**
 * phone_secret_keeper_settle:
 *
 * What the Secret Service has not answered for goes into the file: before the program ends.
 */
void
phone_secret_keeper_settle (PhoneSecretKeeper *self)
{
  g_return_if_fail (PHONE_IS_SECRET_KEEPER (self));

  put_pending_into_file (self);
}

/**
 * phone_secret_keeper_is_waiting:
 * Returns: whether answers of the Secret Service are still to come
 */
gboolean
phone_secret_keeper_is_waiting (PhoneSecretKeeper *self)
{
  g_return_val_if_fail (PHONE_IS_SECRET_KEEPER (self), FALSE);

  return self->loading_vault || g_hash_table_size (self->pending) > 0;
}
