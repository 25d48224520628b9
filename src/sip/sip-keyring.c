/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-keyring.h"

#include "sip-token.h"

#include <string.h>

/*
 * Realms here are as they stand between the quotes of a challenge. The library is not told name and password but the number
 * of the keyring (see sip-auth.c); a number whose keyring is gone finds nothing, so that a request of a handle that is on
 * its way out cannot use what was thrown away.
 */

#define MAX_LOCKS 8

typedef struct {
  PhoneSipKeyringUse       use;
  PhoneSipDigestChallenge *challenge;
  char                    *cnonce;
  guint                    count;
  gboolean                 registering;  /* a REGISTER was challenged by this realm */
  gboolean                 calling;      /* so was another request */
} Lock;

struct _PhoneSipKeyring {
  gatomicrefcount  references;
  guint            id;
  char            *user;
  char            *password;
  GMutex           mutex;      /* of the rest */
  GPtrArray       *locks;      /* Lock, oldest first */
};

static GMutex      table_mutex;
static GHashTable *table;      /* id -> PhoneSipKeyring, no reference */
static guint       last_id;

static void
lock_free (Lock *lock)
{
  phone_sip_digest_challenge_free (lock->challenge);
  g_free (lock->cnonce);
  g_free (lock);
}

/**
 * phone_sip_keyring_new:
 * @user: authentication name
 * @password: copied; wiped with the last reference
 */
PhoneSipKeyring *
phone_sip_keyring_new (const char *user,
                       const char *password)
{
  PhoneSipKeyring *self;

  g_return_val_if_fail (user != NULL, NULL);
  g_return_val_if_fail (password != NULL, NULL);

  self = g_new0 (PhoneSipKeyring, 1);
  g_atomic_ref_count_init (&self->references);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  g_mutex_init (&self->mutex);
  self->locks = g_ptr_array_new_with_free_func ((GDestroyNotify) lock_free);

  g_mutex_lock (&table_mutex);
  if (!table)
    table = g_hash_table_new (NULL, NULL);
  self->id = ++last_id;
  g_hash_table_insert (table, GUINT_TO_POINTER (self->id), self);
  g_mutex_unlock (&table_mutex);

  return self;
}

PhoneSipKeyring *
phone_sip_keyring_ref (PhoneSipKeyring *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
phone_sip_keyring_unref (PhoneSipKeyring *self)
{
  gboolean last;

  if (!self)
    return;

  /* Under the table's lock, or another thread may find it after its last reference went. */
  g_mutex_lock (&table_mutex);
  last = g_atomic_ref_count_dec (&self->references);
  if (last)
    g_hash_table_remove (table, GUINT_TO_POINTER (self->id));
  if (last && g_hash_table_size (table) == 0)
    g_clear_pointer (&table, g_hash_table_unref);
  g_mutex_unlock (&table_mutex);
  if (!last)
    return;

  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_ptr_array_unref (self->locks);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * phone_sip_keyring_find:
 * @id: of phone_sip_keyring_get_id()
 *
 * Returns: (transfer full) (nullable): the keyring, if it still is
 */
PhoneSipKeyring *
phone_sip_keyring_find (guint id)
{
  PhoneSipKeyring *self;

  g_mutex_lock (&table_mutex);
  self = table ? g_hash_table_lookup (table, GUINT_TO_POINTER (id)) : NULL;
  if (self)
    phone_sip_keyring_ref (self);
  g_mutex_unlock (&table_mutex);

  return self;
}

/**
 * phone_sip_keyring_get_id:
 * Returns: a number that no other keyring of this process has or had
 */
guint
phone_sip_keyring_get_id (PhoneSipKeyring *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->id;
}

static gboolean
find_lock (PhoneSipKeyring    *self,
           PhoneSipKeyringUse  use,
           const char         *realm,
           guint              *place)
{
  for (guint i = 0; i < self->locks->len; i++)
    {
      const Lock *lock = g_ptr_array_index (self->locks, i);

      if (lock->use == use && strcmp (lock->challenge->realm, realm) == 0)
        {
          *place = i;
          return TRUE;
        }
    }

  return FALSE;
}

static Lock *
add_lock (PhoneSipKeyring               *self,
          PhoneSipKeyringUse             use,
          const PhoneSipDigestChallenge *challenge)
{
  Lock *lock = g_new0 (Lock, 1);

  lock->use = use;
  lock->challenge = phone_sip_digest_challenge_copy (challenge);
  lock->cnonce = g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", phone_sip_token_random (),
                                  phone_sip_token_random ());
  if (self->locks->len >= MAX_LOCKS)
    g_ptr_array_remove_index (self->locks, 0);
  g_ptr_array_add (self->locks, lock);

  return lock;
}

static Lock *
replace_lock (PhoneSipKeyring               *self,
              guint                          place,
              const PhoneSipDigestChallenge *challenge)
{
  Lock *old = g_ptr_array_steal_index (self->locks, place);
  Lock *lock = add_lock (self, old->use, challenge);

  lock->registering = old->registering;
  lock->calling = old->calling;
  lock_free (old);

  return lock;
}

/**
 * phone_sip_keyring_take:
 * @challenge: copied; takes the place of the one with the same realm
 * @registering: whether a REGISTER was challenged
 *
 * The count of uses begins anew with a new nonce, and only then (RFC 7616 §3.4).
 */
void
phone_sip_keyring_take (PhoneSipKeyring               *self,
                        PhoneSipKeyringUse             use,
                        const PhoneSipDigestChallenge *challenge,
                        gboolean                       registering)
{
  guint place;
  Lock *lock;

  g_return_if_fail (self != NULL);
  g_return_if_fail (challenge != NULL);

  g_mutex_lock (&self->mutex);
  if (!find_lock (self, use, challenge->realm, &place))
    {
      lock = add_lock (self, use, challenge);
    }
  else
    {
      lock = g_ptr_array_index (self->locks, place);
      if (strcmp (lock->challenge->nonce, challenge->nonce) != 0)
        {
          lock = replace_lock (self, place, challenge);
        }
      else
        {
          phone_sip_digest_challenge_free (lock->challenge);
          lock->challenge = phone_sip_digest_challenge_copy (challenge);
        }
    }

  if (registering)
    lock->registering = TRUE;
  else
    lock->calling = TRUE;
  g_mutex_unlock (&self->mutex);
}

/**
 * phone_sip_keyring_list_ahead:
 *
 * For which realms an INVITE to the account's server should have credentials without being asked (RFC 3261 §22.3): the proxies
 * that asked for them before, and the server if it asks when we register as well. Someone who was called and asked is
 * not among them: the next one called need not see what that one was told.
 *
 * Returns: (transfer full) (element-type utf8): realms without quotes
 */
GPtrArray *
phone_sip_keyring_list_ahead (PhoneSipKeyring    *self,
                              PhoneSipKeyringUse  use)
{
  GPtrArray *realms = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (self != NULL, realms);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->locks->len; i++)
    {
      const Lock *lock = g_ptr_array_index (self->locks, i);

      if (lock->use == use && lock->calling && (use == PHONE_SIP_KEYRING_PROXY || lock->registering))
        g_ptr_array_add (realms, g_strdup (lock->challenge->realm));
    }
  g_mutex_unlock (&self->mutex);

  return realms;
}

/**
 * phone_sip_keyring_forget:
 *
 * The server refused what we have for this realm.
 */
void
phone_sip_keyring_forget (PhoneSipKeyring    *self,
                          PhoneSipKeyringUse  use,
                          const char         *realm)
{
  guint place;

  g_return_if_fail (self != NULL);
  g_return_if_fail (realm != NULL);

  g_mutex_lock (&self->mutex);
  if (find_lock (self, use, realm, &place))
    g_ptr_array_remove_index (self->locks, place);
  g_mutex_unlock (&self->mutex);
}

/**
 * phone_sip_keyring_next_nonce:
 * @nonce: nextnonce of an Authentication-Info header, without quotes
 *
 * Takes a nonce for the next request, which then need not be challenged. Not with a -sess algorithm, where it is uncertain
 * what nonce the session goes on with: that server will ask.
 */
void
phone_sip_keyring_next_nonce (PhoneSipKeyring    *self,
                              PhoneSipKeyringUse  use,
                              const char         *realm,
                              const char         *nonce)
{
  guint place;

  g_return_if_fail (self != NULL);
  g_return_if_fail (realm != NULL && nonce != NULL);

  g_mutex_lock (&self->mutex);
  if (find_lock (self, use, realm, &place))
    {
      Lock *lock = g_ptr_array_index (self->locks, place);

      if (lock->challenge->algorithm != PHONE_SIP_DIGEST_MD5_SESS &&
          lock->challenge->algorithm != PHONE_SIP_DIGEST_SHA_256_SESS && strcmp (lock->challenge->nonce, nonce) != 0)
        {
          g_free (lock->challenge->nonce);
          lock->challenge->nonce = g_strdup (nonce);
          lock->count = 0;
        }
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * phone_sip_keyring_authorize:
 * @realm: without quotes
 * @uri: the request URI as it is written
 * @body: (nullable)
 *
 * Counts one use of the nonce.
 *
 * Returns: (transfer full) (nullable): the value of the header; %NULL when there is no challenge of this realm
 */
char *
phone_sip_keyring_authorize (PhoneSipKeyring    *self,
                             PhoneSipKeyringUse  use,
                             const char         *realm,
                             const char         *method,
                             const char         *uri,
                             const void         *body,
                             gsize               body_length)
{
  PhoneSipDigestRequest request = { .method = method, .uri = uri, .body = body, .body_length = body_length };
  char *value = NULL;
  guint place;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (realm != NULL && method != NULL && uri != NULL, NULL);

  g_mutex_lock (&self->mutex);
  if (find_lock (self, use, realm, &place))
    {
      Lock *lock = g_ptr_array_index (self->locks, place);

      request.user = self->user;
      request.password = self->password;
      request.cnonce = lock->cnonce;
      request.count = ++lock->count;
      value = phone_sip_digest_write (lock->challenge, &request);
    }
  g_mutex_unlock (&self->mutex);

  return value;
}
