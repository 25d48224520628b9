/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-auth.h"

#include <sofia-sip/auth_digest.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip.h>

#include <string.h>

/*
 * Digest authentication (RFC 3261 §22, RFC 2617). The library computes MD5 digests; the decisions are ours, because it
 * would answer for ever, and takes a registrar that changes its nonce without saying "stale" for one that refuses: a
 * new nonce is answered afresh, the same nonce again means that name or password are wrong.
 */

#define MAX_REALMS 4

struct _PhoneSipAuth {
  char  *user;
  char  *password;
  guint  answers;
  char  *nonces;      /* those answered last, joined */
};

/**
 * phone_sip_auth_new:
 * @user: authentication name
 * @password: copied; wiped when freed
 */
PhoneSipAuth *
phone_sip_auth_new (const char *user,
                    const char *password)
{
  PhoneSipAuth *self;

  g_return_val_if_fail (user != NULL, NULL);
  g_return_val_if_fail (password != NULL, NULL);

  self = g_new0 (PhoneSipAuth, 1);
  self->user = g_strdup (user);
  self->password = g_strdup (password);

  return self;
}

void
phone_sip_auth_free (PhoneSipAuth *self)
{
  if (!self)
    return;

  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self->nonces);
  g_free (self);
}

/**
 * phone_sip_auth_reset:
 *
 * A request got through: the next challenge counts from the start.
 */
void
phone_sip_auth_reset (PhoneSipAuth *self)
{
  g_return_if_fail (self != NULL);

  self->answers = 0;
  g_clear_pointer (&self->nonces, g_free);
}

static gboolean
is_computable (const msg_auth_t *challenge)
{
  const char *algorithm;

  if (!challenge->au_scheme || g_ascii_strcasecmp (challenge->au_scheme, "Digest") != 0)
    return FALSE;

  algorithm = msg_header_find_param ((const msg_common_t *) challenge, "algorithm=");
  if (!algorithm)
    return TRUE;
  if (*algorithm == '"')
    return g_ascii_strncasecmp (algorithm + 1, "MD5\"", 4) == 0 || g_ascii_strncasecmp (algorithm + 1, "MD5-sess\"", 9) == 0;

  return g_ascii_strcasecmp (algorithm, "MD5") == 0 || g_ascii_strcasecmp (algorithm, "MD5-sess") == 0;
}

static void
collect (const msg_auth_t *challenges,
         GPtrArray        *realms,
         GString          *nonces,
         gboolean         *stale)
{
  for (const msg_auth_t *au = challenges; au && realms->len < MAX_REALMS; au = au->au_next)
    {
      const msg_common_t *header = (const msg_common_t *) au;
      const char *realm = msg_header_find_param (header, "realm=");
      const char *nonce = msg_header_find_param (header, "nonce=");
      const char *flag = msg_header_find_param (header, "stale=");

      if (!is_computable (au) || !realm || !nonce)
        continue;

      g_ptr_array_add (realms, *realm == '"' ? g_strdup (realm) : g_strdup_printf ("\"%s\"", realm));
      g_string_append_printf (nonces, "%s %s\n", realm, nonce);
      if (flag && strstr (flag, "rue"))
        *stale = TRUE;
    }
}

/**
 * phone_sip_auth_judge:
 * @response: a 401 or 407
 * @realms: (out) (transfer full) (element-type utf8): quoted realms to answer for
 *
 * Decides what to do and counts; sends nothing.
 */
PhoneSipAuthResult
phone_sip_auth_judge (PhoneSipAuth  *self,
                      const sip_t   *response,
                      GPtrArray    **realms)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) nonces = g_string_new (NULL);
  gboolean stale = FALSE;

  g_return_val_if_fail (self != NULL, PHONE_SIP_AUTH_UNSUPPORTED);
  g_return_val_if_fail (response != NULL, PHONE_SIP_AUTH_UNSUPPORTED);

  collect (response->sip_www_authenticate, found, nonces, &stale);
  collect (response->sip_proxy_authenticate, found, nonces, &stale);
  if (found->len == 0)
    return PHONE_SIP_AUTH_UNSUPPORTED;

  if (self->answers >= PHONE_SIP_MAX_CHALLENGES)
    return PHONE_SIP_AUTH_REFUSED;
  if (!stale && self->nonces && strcmp (self->nonces, nonces->str) == 0)
    return PHONE_SIP_AUTH_REFUSED;

  self->answers++;
  g_free (self->nonces);
  self->nonces = g_strdup (nonces->str);
  *realms = g_steal_pointer (&found);

  return PHONE_SIP_AUTH_ANSWERED;
}

/* H (A1) of RFC 2617 §3.2.2.2. The library is given this and not the password: it would cut that at a colon. */
static char *
compute_ha1 (PhoneSipAuth *self,
             const char   *quoted_realm)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  gsize n = strlen (quoted_realm);

  g_checksum_update (checksum, (const guchar *) self->user, -1);
  g_checksum_update (checksum, (const guchar *) ":", 1);
  if (n > 2)
    g_checksum_update (checksum, (const guchar *) quoted_realm + 1, (gssize) n - 2);
  g_checksum_update (checksum, (const guchar *) ":", 1);
  g_checksum_update (checksum, (const guchar *) self->password, -1);

  return g_strdup (g_checksum_get_string (checksum));
}

/* HA1+Digest:"realm":user:HA1+hash, the form auc_credentials() takes. */
static char *
format_credentials (PhoneSipAuth *self,
                    const char   *realm)
{
  g_autofree char *ha1 = compute_ha1 (self, realm);
  char *text = g_strdup_printf ("HA1+Digest:%s:%s:HA1+%s", realm, self->user, ha1);

  explicit_bzero (ha1, strlen (ha1));
  return text;
}

/**
 * phone_sip_auth_answer:
 * @handle: the handle of the request that was challenged
 * @response: the 401 or 407
 *
 * Gives the library the credentials for each realm asked for, once for each request.
 */
PhoneSipAuthResult
phone_sip_auth_answer (PhoneSipAuth *self,
                       nua_handle_t *handle,
                       const sip_t  *response)
{
  g_autoptr (GPtrArray) realms = NULL;
  char *real[MAX_REALMS] = { NULL };
  char *none[MAX_REALMS] = { NULL };
  PhoneSipAuthResult result;

  g_return_val_if_fail (handle != NULL, PHONE_SIP_AUTH_UNSUPPORTED);

  result = phone_sip_auth_judge (self, response, &realms);
  if (result != PHONE_SIP_AUTH_ANSWERED)
    return result;

  /* After a second challenge the library has struck the credentials out and takes the same ones for none at all. So it
   * gets others first. */
  for (guint i = 0; i < realms->len; i++)
    {
      const char *realm = g_ptr_array_index (realms, i);

      real[i] = format_credentials (self, realm);
      none[i] = g_strdup_printf ("HA1+Digest:%s:%s:HA1+none", realm, self->user);
    }

#define PAIR(i) TAG_IF (none[i], NUTAG_AUTH (none[i])), TAG_IF (real[i], NUTAG_AUTH (real[i]))
  nua_authenticate (handle, PAIR (0), PAIR (1), PAIR (2), PAIR (3), TAG_END ());
#undef PAIR

  for (guint i = 0; i < realms->len; i++)
    {
      explicit_bzero (real[i], strlen (real[i]));
      g_free (real[i]);
      g_free (none[i]);
    }

  return PHONE_SIP_AUTH_ANSWERED;
}
