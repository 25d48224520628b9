/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-users.h"

#include <string.h>

/*
 * The password of a user is kept as H(A1), the hash that digest authentication starts from.
 * A nonce is "<hex seconds>-<hex seal>": the seal is a keyed hash of the seconds with a key that is new in each run.
 */

#define MAX_USER_BYTES 64
#define MAX_PASSWORD_BYTES 128
#define KEY_BYTES 32
#define SEAL_CHARACTERS 32

struct _ExchangeUsers {
  char       *realm;
  guint       nonce_life_s;
  GHashTable *hashes;          /* user -> H(A1) */
  guint8      key[KEY_BYTES];
};

static char *
hash (const char *first, ...) G_GNUC_NULL_TERMINATED;

/* MD5 of the parts joined by colons, in lower-case hex. */
static char *
hash (const char *first, ...)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_MD5);
  const char *part;
  va_list parts;

  g_checksum_update (sum, (const guchar *) first, -1);
  va_start (parts, first);
  while ((part = va_arg (parts, const char *)))
    {
      g_checksum_update (sum, (const guchar *) ":", 1);
      g_checksum_update (sum, (const guchar *) part, -1);
    }
  va_end (parts);

  return g_strdup (g_checksum_get_string (sum));
}

static char *
make_nonce (ExchangeUsers *self,
            gint64         at_s)
{
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_MODIFIER "x", at_s);
  g_autofree char *seal = g_compute_hmac_for_string (G_CHECKSUM_SHA256, self->key, KEY_BYTES, time, -1);

  seal[SEAL_CHARACTERS] = '\0';
  return g_strconcat (time, "-", seal, NULL);
}

/* Whether the nonce is one of this run; then when it was made. */
static gboolean
read_nonce (ExchangeUsers *self,
            const char    *nonce,
            gint64        *made_s)
{
  g_autofree char *again = NULL;
  char *end = NULL;

  *made_s = g_ascii_strtoll (nonce, &end, 16);
  if (end == nonce || *end != '-')
    return FALSE;

  again = make_nonce (self, *made_s);
  return strcmp (again, nonce) == 0;
}

/* The value of a parameter without its quotes, or NULL. */
static char *
dup_param (const char * const *params,
           const char         *name)
{
  gsize length = strlen (name);

  for (guint i = 0; params && params[i]; i++)
    {
      const char *value = params[i] + length;
      g_autofree char *inner = NULL;

      if (g_ascii_strncasecmp (params[i], name, length) != 0 || *value != '=')
        continue;
      value++;
      if (*value != '"')
        return g_strdup (value);
      length = strlen (value);
      if (length < 2 || value[length - 1] != '"')
        return NULL;
      inner = g_strndup (value + 1, length - 2);
      return g_strcompress (inner);
    }

  return NULL;
}

static char *
expected_response (const char         *ha1,
                   const char * const *params,
                   const char         *nonce,
                   const char         *method)
{
  g_autofree char *uri = dup_param (params, "uri");
  g_autofree char *qop = dup_param (params, "qop");
  g_autofree char *cnonce = dup_param (params, "cnonce");
  g_autofree char *count = dup_param (params, "nc");
  g_autofree char *ha2 = NULL;

  if (!uri)
    return NULL;
  ha2 = hash (method, uri, NULL);
  if (!qop)
    return hash (ha1, nonce, ha2, NULL);
  if (g_ascii_strcasecmp (qop, "auth") != 0 || !cnonce || !count)
    return NULL;
  return hash (ha1, nonce, count, cnonce, qop, ha2, NULL);
}

ExchangeUsers *
exchange_users_new (const char *realm,
                    guint       nonce_life_s)
{
  ExchangeUsers *self;

  g_return_val_if_fail (realm, NULL);

  self = g_new0 (ExchangeUsers, 1);
  self->realm = g_strdup (realm);
  self->nonce_life_s = nonce_life_s;
  self->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < KEY_BYTES; i++)
    self->key[i] = g_random_int_range (0, 256);

  return self;
}

void
exchange_users_free (ExchangeUsers *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->hashes);
  g_free (self->realm);
  g_free (self);
}

gboolean
exchange_users_add_line (ExchangeUsers  *self,
                         const char     *line,
                         GError        **error)
{
  g_autofree char *user = NULL;
  const char *blank;

  g_return_val_if_fail (self, FALSE);
  g_return_val_if_fail (line, FALSE);

  blank = strchr (line, ' ');
  if (!blank || blank == line || !blank[1])
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a user, a blank and a password are needed");
      return FALSE;
    }
  user = g_strndup (line, blank - line);
  if (blank - line > MAX_USER_BYTES || strlen (blank + 1) > MAX_PASSWORD_BYTES ||
      strspn (user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()+") != strlen (user))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "the user or the password cannot be used");
      return FALSE;
    }
  if (g_hash_table_contains (self->hashes, user))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "user %s is given twice", user);
      return FALSE;
    }
  if (g_hash_table_size (self->hashes) >= EXCHANGE_MAX_USERS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "more than %d users", EXCHANGE_MAX_USERS);
      return FALSE;
    }

  g_hash_table_insert (self->hashes, user, hash (user, self->realm, blank + 1, NULL));
  g_steal_pointer (&user);
  return TRUE;
}

gboolean
exchange_users_contains (ExchangeUsers *self,
                         const char    *user)
{
  g_return_val_if_fail (self, FALSE);

  return user && g_hash_table_contains (self->hashes, user);
}

guint
exchange_users_count (ExchangeUsers *self)
{
  g_return_val_if_fail (self, 0);

  return g_hash_table_size (self->hashes);
}

char *
exchange_users_make_challenge (ExchangeUsers *self,
                               gboolean       stale,
                               gint64         now_s)
{
  g_autofree char *nonce = NULL;

  g_return_val_if_fail (self, NULL);

  nonce = make_nonce (self, now_s);
  return g_strdup_printf ("Digest realm=\"%s\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"%s",
                          self->realm, nonce, stale ? ", stale=true" : "");
}

ExchangeAuthResult
exchange_users_check (ExchangeUsers       *self,
                      const char * const  *params,
                      const char          *method,
                      gint64               now_s,
                      char               **user)
{
  g_autofree char *name = NULL;
  g_autofree char *realm = NULL;
  g_autofree char *nonce = NULL;
  g_autofree char *response = NULL;
  g_autofree char *algorithm = NULL;
  g_autofree char *expected = NULL;
  const char *ha1;
  gint64 made_s;

  g_return_val_if_fail (self, EXCHANGE_AUTH_MALFORMED);
  g_return_val_if_fail (method, EXCHANGE_AUTH_MALFORMED);

  realm = dup_param (params, "realm");
  nonce = dup_param (params, "nonce");
  if (!realm || strcmp (realm, self->realm) != 0 || !nonce || !read_nonce (self, nonce, &made_s))
    return EXCHANGE_AUTH_MISSING;

  name = dup_param (params, "username");
  response = dup_param (params, "response");
  algorithm = dup_param (params, "algorithm");
  if (!name || !response || (algorithm && g_ascii_strcasecmp (algorithm, "MD5") != 0))
    return EXCHANGE_AUTH_MALFORMED;

  ha1 = g_hash_table_lookup (self->hashes, name);
  if (!ha1)
    return EXCHANGE_AUTH_WRONG;
  expected = expected_response (ha1, params, nonce, method);
  if (!expected)
    return EXCHANGE_AUTH_MALFORMED;
  if (g_ascii_strcasecmp (expected, response) != 0)
    return EXCHANGE_AUTH_WRONG;
  if (now_s - made_s > self->nonce_life_s)
    return EXCHANGE_AUTH_STALE;

  if (user)
    *user = g_steal_pointer (&name);
  return EXCHANGE_AUTH_OK;
}
