/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-auth.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * Digest authentication (RFC 3261 §22): who computes, who decides.
 *
 * The library computes MD5 only, cuts passwords at a colon, leaves quotes in names as they are, never starts the nonce count
 * anew, and takes a registrar that changes its nonce without saying "stale" for one that refuses. So it computes nothing
 * here: auc_register_plugin() puts our own client for the scheme Digest in the place of the library's. What the library
 * keeps doing, and does well (seen on the wire, tests/sip/test-sip-auth*.c): it holds the request that was challenged, sends it
 * again with the same Call-ID and the next CSeq when nua_authenticate() was called, acknowledges the 401 to an INVITE,
 * leaves the dialog of a challenged re-INVITE alone, gives later requests of the same handle credentials in advance and the
 * ACK of a 2xx those of its INVITE. Sending each request anew by ourselves instead would have meant a second handle with the same
 * Call-ID and From tag for an INVITE, because a final 401 ends the library's dialog.
 *
 *   library's thread                                     main thread
 *   401 -> on_challenge(): credentials are struck out
 *       -> event ---------------------------------------> phone_sip_auth_answer(): judge, put the challenge into the keyring
 *   restarted request <------------ nua_authenticate() -- NUTAG_AUTH with the keyring's number in the place of a password
 *       -> on_authorize(): the keyring writes the header
 *
 * Every challenge comes to us, because the credentials are gone before the library looks for them: the decisions are
 * phone_sip_auth_judge()'s. A new nonce is answered afresh; the same nonce again means that name or password are wrong.
 */

#define MAX_REALMS 8

struct _PhoneSipAuth {
  PhoneSipKeyring *keyring;
  guint            answers;
  gboolean         ahead;       /* the request has credentials of phone_sip_auth_write_ahead() */
  GHashTable      *answered;    /* use and realm -> nonce answered last */
  GPtrArray       *realms;      /* that the library heard of on this handle, quoted */
};

/**
 * phone_sip_auth_new:
 * @keyring: of the account
 */
PhoneSipAuth *
phone_sip_auth_new (PhoneSipKeyring *keyring)
{
  PhoneSipAuth *self;

  g_return_val_if_fail (keyring != NULL, NULL);

  self = g_new0 (PhoneSipAuth, 1);
  self->keyring = phone_sip_keyring_ref (keyring);
  self->answered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->realms = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
phone_sip_auth_free (PhoneSipAuth *self)
{
  if (!self)
    return;

  phone_sip_keyring_unref (self->keyring);
  g_hash_table_unref (self->answered);
  g_ptr_array_unref (self->realms);
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
  g_hash_table_remove_all (self->answered);
}

typedef struct {
  PhoneSipKeyringUse  use;
  GPtrArray          *challenges;  /* all that are Digest */
  GPtrArray          *chosen;      /* those of them to answer */
} Asked;

static void
asked_clear (Asked *asked)
{
  g_clear_pointer (&asked->chosen, g_ptr_array_unref);
  g_clear_pointer (&asked->challenges, g_ptr_array_unref);
}

/* The library has taken the header apart; what it calls parameters are texts. */
static void
read_challenges (Asked              *asked,
                 PhoneSipKeyringUse  use,
                 const msg_auth_t   *headers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const msg_auth_t *au = headers; au; au = au->au_next)
    {
      g_string_append_printf (text, "%s ", au->au_scheme ? au->au_scheme : "-");
      for (const msg_param_t *parameter = au->au_params; parameter && *parameter; parameter++)
        g_string_append_printf (text, "%s, ", *parameter);
    }

  asked->use = use;
  asked->challenges = phone_sip_digest_parse (text->str);
  asked->chosen = phone_sip_digest_choose (asked->challenges);
}

static gboolean
is_digest (const msg_auth_t *challenge)
{
  return challenge->au_scheme && g_ascii_strcasecmp (challenge->au_scheme, "Digest") == 0;
}

/*
 * The library writes credentials only when it has some for every realm that it heard of (in each of the two headers), so
 * all that are Digest get some, even those we cannot answer: on_authorize() then leaves them out. FALSE when that is not
 * enough: too many realms, or a realm with nothing but another scheme.
 */
static gboolean
collect_realms (const msg_auth_t *headers,
                GPtrArray        *realms)
{
  g_autoptr (GPtrArray) here = g_ptr_array_new ();

  for (const msg_auth_t *au = headers; au; au = au->au_next)
    {
      const char *realm = msg_header_find_param ((const msg_common_t *) au, "realm=");

      if (!realm || *realm != '"' || !is_digest (au))
        continue;

      g_ptr_array_add (here, (gpointer) realm);
      if (!g_ptr_array_find_with_equal_func (realms, realm, g_str_equal, NULL))
        g_ptr_array_add (realms, g_strdup (realm));
    }

  for (const msg_auth_t *au = headers; au; au = au->au_next)
    {
      const char *realm = msg_header_find_param ((const msg_common_t *) au, "realm=");

      if (realm && !g_ptr_array_find_with_equal_func (here, realm, g_str_equal, NULL))
        return FALSE;
    }

  return realms->len <= MAX_REALMS;
}

static char *
make_key (PhoneSipKeyringUse             use,
          const PhoneSipDigestChallenge *challenge)
{
  return g_strdup_printf ("%d %s", (int) use, challenge->realm);
}

static gboolean
is_news (PhoneSipAuth *self,
         const Asked  *asked)
{
  for (guint i = 0; i < asked->chosen->len; i++)
    {
      const PhoneSipDigestChallenge *challenge = g_ptr_array_index (asked->chosen, i);
      g_autofree char *key = make_key (asked->use, challenge);

      if (challenge->stale || g_strcmp0 (g_hash_table_lookup (self->answered, key), challenge->nonce) != 0)
        return TRUE;
    }

  return FALSE;
}

static void
take (PhoneSipAuth *self,
      const Asked  *asked,
      gboolean      registering)
{
  for (guint i = 0; i < asked->chosen->len; i++)
    {
      const PhoneSipDigestChallenge *challenge = g_ptr_array_index (asked->chosen, i);

      phone_sip_keyring_take (self->keyring, asked->use, challenge, registering);
      g_hash_table_replace (self->answered, make_key (asked->use, challenge), g_strdup (challenge->nonce));
    }
}

static void
forget (PhoneSipAuth *self,
        const Asked  *asked)
{
  for (guint i = 0; i < asked->chosen->len; i++)
    phone_sip_keyring_forget (self->keyring, asked->use,
                              ((PhoneSipDigestChallenge *) g_ptr_array_index (asked->chosen, i))->realm);
}

static PhoneSipAuthResult
decide (PhoneSipAuth *self,
        const Asked  *server,
        const Asked  *proxy,
        gboolean      registering)
{
  if (self->answers >= PHONE_SIP_MAX_CHALLENGES || (!is_news (self, server) && !is_news (self, proxy)))
    {
      forget (self, server);
      forget (self, proxy);
      return PHONE_SIP_AUTH_REFUSED;
    }

  self->answers++;
  take (self, server, registering);
  take (self, proxy, registering);
  return PHONE_SIP_AUTH_ANSWERED;
}

/**
 * phone_sip_auth_judge:
 * @response: a 401 or 407
 * @realms: (out) (transfer full) (element-type utf8): quoted realms that were heard of
 *
 * Decides what to do and counts; sends nothing.
 */
PhoneSipAuthResult
phone_sip_auth_judge (PhoneSipAuth  *self,
                      const sip_t   *response,
                      GPtrArray    **realms)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  PhoneSipAuthResult result = PHONE_SIP_AUTH_UNSUPPORTED;
  Asked server = { 0 }, proxy = { 0 };

  g_return_val_if_fail (self != NULL, PHONE_SIP_AUTH_UNSUPPORTED);
  g_return_val_if_fail (response != NULL, PHONE_SIP_AUTH_UNSUPPORTED);

  read_challenges (&server, PHONE_SIP_KEYRING_SERVER, response->sip_www_authenticate);
  read_challenges (&proxy, PHONE_SIP_KEYRING_PROXY, response->sip_proxy_authenticate);

  if (server.chosen->len + proxy.chosen->len > 0 && collect_realms (response->sip_www_authenticate, found) &&
      collect_realms (response->sip_proxy_authenticate, found))
    result = decide (self, &server, &proxy, response->sip_cseq && response->sip_cseq->cs_method == sip_method_register);
  *realms = g_steal_pointer (&found);

  asked_clear (&server);
  asked_clear (&proxy);
  return result;
}

/* The library sees that these are new credentials by the second number; the first is the keyring's, 0 for none. */
static void
send_credentials (nua_handle_t *handle,
                  GPtrArray    *realms,
                  guint         keyring,
                  gboolean      ahead)
{
  static guint serial;
  char *credentials[MAX_REALMS] = { NULL };

  for (guint i = 0; i < realms->len && i < MAX_REALMS; i++)
    credentials[i] = g_strdup_printf ("Digest:%s:deskset:%u.%u", (char *) g_ptr_array_index (realms, i), keyring, ++serial);

#define ONE(i) TAG_IF (credentials[i], NUTAG_AUTH (credentials[i]))
  /* What was written in advance would stay in the request beside the new ones. */
  nua_authenticate (handle, TAG_IF (ahead, SIPTAG_AUTHORIZATION (SIP_NONE)), TAG_IF (ahead, SIPTAG_PROXY_AUTHORIZATION (SIP_NONE)),
                    ONE (0), ONE (1), ONE (2), ONE (3), ONE (4), ONE (5), ONE (6), ONE (7), TAG_END ());
#undef ONE

  for (guint i = 0; i < MAX_REALMS; i++)
    g_free (credentials[i]);
}

/* A realm that refused us stays among them: without credentials for it, if only none, the library would write none for the
 * others either. */
static void
remember (PhoneSipAuth *self,
          GPtrArray    *realms)
{
  for (guint i = 0; realms && i < realms->len && self->realms->len < MAX_REALMS; i++)
    {
      const char *realm = g_ptr_array_index (realms, i);

      if (!g_ptr_array_find_with_equal_func (self->realms, realm, g_str_equal, NULL))
        g_ptr_array_add (self->realms, g_strdup (realm));
    }
}

/**
 * phone_sip_auth_answer:
 * @handle: the handle of the request that was challenged
 * @response: the 401 or 407
 *
 * Has the request sent again with credentials for each realm asked for.
 */
PhoneSipAuthResult
phone_sip_auth_answer (PhoneSipAuth *self,
                       nua_handle_t *handle,
                       const sip_t  *response)
{
  g_autoptr (GPtrArray) realms = NULL;
  PhoneSipAuthResult result;

  g_return_val_if_fail (handle != NULL, PHONE_SIP_AUTH_UNSUPPORTED);

  result = phone_sip_auth_judge (self, response, &realms);
  remember (self, realms);
  if (result != PHONE_SIP_AUTH_ANSWERED)
    return result;

  send_credentials (handle, self->realms, phone_sip_keyring_get_id (self->keyring), self->ahead);
  self->ahead = FALSE;

  return PHONE_SIP_AUTH_ANSWERED;
}

/**
 * phone_sip_auth_repeat:
 *
 * The last answer once more: the library had no request to send again then (nua_r_authenticate with 202).
 */
void
phone_sip_auth_repeat (PhoneSipAuth *self,
                       nua_handle_t *handle)
{
  g_return_if_fail (self != NULL && handle != NULL);

  if (self->realms->len > 0)
    send_credentials (handle, self->realms, phone_sip_keyring_get_id (self->keyring), FALSE);
}

/**
 * phone_sip_auth_is_exhausted:
 * Returns: whether the request had all its tries, the library's too: it waits for nothing
 */
gboolean
phone_sip_auth_is_exhausted (PhoneSipAuth *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->answers >= PHONE_SIP_MAX_CHALLENGES;
}

/**
 * phone_sip_auth_send_bare:
 * @response: a 401 or 407 that is not to be answered
 *
 * Has the request sent again without credentials; what comes back is its end. Then phone_sip_auth_let_answer().
 *
 * Returns: %FALSE when the library cannot be made to
 */
gboolean
phone_sip_auth_send_bare (nua_handle_t *handle,
                          const sip_t  *response)
{
  g_autoptr (GPtrArray) realms = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (handle != NULL && response != NULL, FALSE);

  (void) collect_realms (response->sip_www_authenticate, realms);
  (void) collect_realms (response->sip_proxy_authenticate, realms);
  if (realms->len == 0)
    return FALSE;

  nua_set_hparams (handle, NUTAG_RETRY_COUNT (0), TAG_END ());
  send_credentials (handle, realms, 0, FALSE);
  return TRUE;
}

/**
 * phone_sip_auth_let_answer:
 *
 * Later requests of the handle may be answered again.
 */
void
phone_sip_auth_let_answer (nua_handle_t *handle)
{
  nua_set_hparams (handle, NUTAG_RETRY_COUNT (PHONE_SIP_MAX_CHALLENGES), TAG_END ());
}

/**
 * phone_sip_auth_write_ahead:
 * @method: of the request that is going to be sent to the account's server
 * @uri: its request URI, as it will be written
 * @body: (nullable): its body
 * @ahead: (out): cleared by the caller
 *
 * As the desk phones do, so that a call need not be refused once before it is heard. For the first request of a handle: the
 * later ones get theirs from the library.
 */
void
phone_sip_auth_write_ahead (PhoneSipAuth      *self,
                            const char        *method,
                            const char        *uri,
                            const char        *body,
                            PhoneSipAuthAhead *ahead)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (method != NULL && uri != NULL && ahead != NULL);

  for (PhoneSipKeyringUse use = PHONE_SIP_KEYRING_SERVER; use <= PHONE_SIP_KEYRING_PROXY; use++)
    {
      g_autoptr (GPtrArray) realms = phone_sip_keyring_list_ahead (self->keyring, use);
      char **values = use == PHONE_SIP_KEYRING_SERVER ? ahead->server : ahead->proxy;

      for (guint i = 0; i < realms->len && i < PHONE_SIP_AUTH_MAX_AHEAD; i++)
        {
          values[i] = phone_sip_keyring_authorize (self->keyring, use, g_ptr_array_index (realms, i), method, uri, body,
                                                   body ? strlen (body) : 0);
          self->ahead = self->ahead || values[i];
        }
    }
}

void
phone_sip_auth_ahead_clear (PhoneSipAuthAhead *ahead)
{
  g_return_if_fail (ahead != NULL);

  for (guint i = 0; i < PHONE_SIP_AUTH_MAX_AHEAD; i++)
    {
      g_clear_pointer (&ahead->server[i], g_free);
      g_clear_pointer (&ahead->proxy[i], g_free);
    }
}
