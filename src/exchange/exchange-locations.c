/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-locations.h"

#include <string.h>

struct _ExchangeLocations {
  GHashTable *users;    /* user -> GPtrArray of ExchangeBinding, newest first */
  guint64     serial;
};

static void
binding_free (gpointer data)
{
  ExchangeBinding *binding = data;

  g_free (binding->uri);
  g_free (binding->call_id);
  g_free (binding);
}

static ExchangeBinding *
find (ExchangeLocations *self,
      const char        *user,
      const char        *uri,
      guint             *index)
{
  GPtrArray *bindings = g_hash_table_lookup (self->users, user);

  for (guint i = 0; bindings && i < bindings->len; i++)
    {
      ExchangeBinding *binding = g_ptr_array_index (bindings, i);

      if (strcmp (binding->uri, uri) == 0)
        {
          *index = i;
          return binding;
        }
    }

  return NULL;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const ExchangeBinding *first = *(ExchangeBinding * const *) a;
  const ExchangeBinding *second = *(ExchangeBinding * const *) b;

  return first->serial > second->serial ? -1 : first->serial < second->serial;
}

static GPtrArray *
ensure_user (ExchangeLocations *self,
             const char        *user)
{
  GPtrArray *bindings = g_hash_table_lookup (self->users, user);

  if (!bindings)
    {
      bindings = g_ptr_array_new_with_free_func (binding_free);
      g_hash_table_insert (self->users, g_strdup (user), bindings);
    }
  return bindings;
}

ExchangeLocations *
exchange_locations_new (void)
{
  ExchangeLocations *self = g_new0 (ExchangeLocations, 1);

  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
exchange_locations_free (ExchangeLocations *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->users);
  g_free (self);
}

gboolean
exchange_locations_may_update (ExchangeLocations *self,
                               const char        *user,
                               const char        *uri,
                               const char        *call_id,
                               guint32            cseq)
{
  const ExchangeBinding *binding;
  guint index;

  g_return_val_if_fail (self && user && uri && call_id, FALSE);

  binding = find (self, user, uri, &index);
  return !binding || strcmp (binding->call_id, call_id) != 0 || cseq > binding->cseq;
}

void
exchange_locations_update (ExchangeLocations *self,
                           const char        *user,
                           const char        *uri,
                           const char        *call_id,
                           guint32            cseq,
                           guint              expires_s,
                           gint64             now_s)
{
  GPtrArray *bindings;
  ExchangeBinding *binding;
  guint index = 0;

  g_return_if_fail (self && user && uri && call_id);

  binding = find (self, user, uri, &index);
  if (expires_s == 0)
    {
      if (binding)
        g_ptr_array_remove_index (g_hash_table_lookup (self->users, user), index);
      return;
    }

  bindings = ensure_user (self, user);
  if (!binding)
    {
      if (bindings->len >= EXCHANGE_MAX_CONTACTS)
        g_ptr_array_remove_index (bindings, bindings->len - 1);
      binding = g_new0 (ExchangeBinding, 1);
      binding->uri = g_strdup (uri);
      g_ptr_array_add (bindings, binding);
    }
  g_free (binding->call_id);
  binding->call_id = g_strdup (call_id);
  binding->cseq = cseq;
  binding->expires_at_s = now_s + expires_s;
  binding->serial = ++self->serial;
  g_ptr_array_sort (bindings, compare_newest_first);
}

void
exchange_locations_clear (ExchangeLocations *self,
                          const char        *user)
{
  g_return_if_fail (self && user);

  g_hash_table_remove (self->users, user);
}

GPtrArray *
exchange_locations_list (ExchangeLocations *self,
                         const char        *user,
                         gint64             now_s)
{
  GPtrArray *bindings;

  g_return_val_if_fail (self && user, NULL);

  bindings = g_hash_table_lookup (self->users, user);
  for (guint i = bindings ? bindings->len : 0; i > 0; i--)
    {
      const ExchangeBinding *binding = g_ptr_array_index (bindings, i - 1);

      if (binding->expires_at_s <= now_s)
        g_ptr_array_remove_index (bindings, i - 1);
    }
  if (bindings && bindings->len == 0)
    {
      g_hash_table_remove (self->users, user);
      return NULL;
    }
  return bindings;
}
