/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "secret-vault.h"

#include <libsecret/secret.h>
#include <string.h>

struct _PhoneSecretVault
{
  GObject parent_instance;

  char *profile;
};

G_DEFINE_FINAL_TYPE (PhoneSecretVault, phone_secret_vault, G_TYPE_OBJECT)

static const SecretSchema schema = {
  "org.deskset.Deskset.Password",
  SECRET_SCHEMA_NONE,
  { { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "key", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

static void
phone_secret_vault_finalize (GObject *object)
{
  PhoneSecretVault *self = PHONE_SECRET_VAULT (object);

  g_free (self->profile);

  G_OBJECT_CLASS (phone_secret_vault_parent_class)->finalize (object);
}

static void
phone_secret_vault_class_init (PhoneSecretVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_secret_vault_finalize;
}

static void
phone_secret_vault_init (PhoneSecretVault *self)
{
}

/**
 * phone_secret_vault_is_possible:
 *
 * Without a session bus GLib would start one of its own just to look for the service. `DESKSET_SECRETS=file` keeps the
 * phone away from the service.
 *
 * Returns: whether it makes sense to ask
 */
gboolean
phone_secret_vault_is_possible (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  if (g_strcmp0 (g_getenv ("DESKSET_SECRETS"), "file") == 0)
    return FALSE;
  return (address != NULL && address[0] != '\0') || g_file_test (socket, G_FILE_TEST_EXISTS);
}

/**
 * phone_secret_vault_new:
 * @profile: tells the phones of one user apart
 *
 * Returns: (transfer full): a vault; nothing is asked yet
 */
PhoneSecretVault *
phone_secret_vault_new (const char *profile)
{
  PhoneSecretVault *self;

  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SECRET_VAULT, NULL);
  self->profile = g_strdup (profile);
  return self;
}

/* Loading: the items first, then the secret of one after the other. */
typedef struct
{
  GHashTable *found; /* key -> secret */
  GList *items;      /* SecretRetrievable, those not asked yet */
} Load;

/**
 * phone_secret_free:
 * @data: (transfer full): a text
 *
 * Wipes it before its memory is given back: no optimiser takes that out.
 */
void
phone_secret_free (gpointer data)
{
  char *secret = data;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_pointer (&load->found, g_hash_table_unref);
  g_list_free_full (load->items, g_object_unref);
  g_free (load);
}

static void retrieve_next (GTask *task);

static void
on_secret_retrieved (GObject *source,
                     GAsyncResult *result,
                     gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SecretRetrievable *item = SECRET_RETRIEVABLE (source);
  Load *load = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (item, result, &error);
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *key = attributes != NULL ? g_hash_table_lookup (attributes, "key") : NULL;
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  if (error != NULL)
    g_message ("a password cannot be had from the Secret Service: %s", error->message);
  if (key != NULL && text != NULL)
    g_hash_table_replace (load->found, g_strdup (key), g_strdup (text));
  g_clear_pointer (&value, secret_value_unref);
  retrieve_next (g_steal_pointer (&task));
}

/* Takes the reference of @task. */
static void
retrieve_next (GTask *task)
{
  Load *load = g_task_get_task_data (task);
  g_autoptr (GObject) item = NULL;

  if (load->items == NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&load->found), (GDestroyNotify) g_hash_table_unref);
      g_object_unref (task);
      return;
    }
  item = load->items->data;
  load->items = g_list_delete_link (load->items, load->items);
  secret_retrievable_retrieve_secret (SECRET_RETRIEVABLE (item), NULL, on_secret_retrieved, task);
}

static void
on_items_found (GObject *source,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;

  load->items = secret_password_search_finish (result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    retrieve_next (g_steal_pointer (&task));
}

/**
 * phone_secret_vault_load_async:
 *
 * Asks for all passwords of the profile; a locked service may ask the user to unlock it.
 */
void
phone_secret_vault_load_async (PhoneSecretVault *self,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GHashTable) attributes = NULL;
  GTask *task;
  Load *load;

  g_return_if_fail (PHONE_IS_SECRET_VAULT (self));

  task = g_task_new (self, NULL, callback, user_data);
  load = g_new0 (Load, 1);
  load->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, phone_secret_free);
  g_task_set_task_data (task, load, load_free);
  attributes = secret_attributes_build (&schema, "profile", self->profile, NULL);
  secret_password_searchv (&schema, attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK | SECRET_SEARCH_LOAD_SECRETS,
                           NULL, on_items_found, task);
}

/**
 * phone_secret_vault_load_finish:
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): passwords by settings key; %NULL with @error when there is
 *   no service
 */
GHashTable *
phone_secret_vault_load_finish (PhoneSecretVault *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_stored (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_cleared (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  /* FALSE without an error: there was nothing to clear. */
  secret_password_clear_finish (result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * phone_secret_vault_store_async:
 * @key: settings key
 * @secret: (nullable): %NULL takes the password away
 */
void
phone_secret_vault_store_async (PhoneSecretVault *self,
                                const char *key,
                                const char *secret,
                                 GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GHashTable) attributes = NULL;
  g_autofree char *label = NULL;
  GTask *task;

  g_return_if_fail (PHONE_IS_SECRET_VAULT (self));
  g_return_if_fail (key != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, g_strdup (key), g_free);
  attributes = secret_attributes_build (&schema, "profile", self->profile, "key", key, NULL);
  if (secret == NULL)
    {
      secret_password_clearv (&schema, attributes, NULL, on_cleared, task);
      return;
    }
  label = g_strdup_printf ("Deskset (%s): %s", self->profile, key);
  secret_password_storev (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, secret, NULL, on_stored, task);
}

/**
 * phone_secret_vault_store_finish:
 * Returns: %FALSE with @error when the service could not do it
 */
gboolean
phone_secret_vault_store_finish (PhoneSecretVault *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * phone_secret_vault_result_get_key:
 * @result: of phone_secret_vault_store_async()
 *
 * Returns: (transfer none): the settings key it was about
 */
const char *
phone_secret_vault_result_get_key (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_get_task_data (G_TASK (result));
}
