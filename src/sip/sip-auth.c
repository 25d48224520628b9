/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

/* The library's client structure has one more member with this, and it was built so. */
#define SOFIA_EXTEND_AUTH_CLIENT 1

#include "sip-auth.h"

#include <sofia-sip/auth_client_plugin.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

#include <string.h>

/*
 * Digest authentication (RFC 3261 §22): who computes, who decides.
 *
 * The library computes MD5 only, cuts passwords at a colon, leaves quotes in names as they are, never starts the nonce count
 * anew, and takes a registrar that changes its nonce without saying "stale" for one that refuses. So it computes nothing
 * here: auc_register_plugin() puts our own client for the scheme Digest in the place of the library's. What the library
 * keeps doing, and does well (seen on the wire, tests/sip/test-sip-digest.c): it holds the request that was challenged, sends it
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
#define TOKEN_USER "deskset"

struct _PhoneSipAuth {
  PhoneSipKeyring *keyring;
  guint            answers;
  GHashTable      *answered;    /* use and realm -> nonce answered last */
};

/* ---- the library's side; may run on its thread ---- */

static void
strike_out (auth_client_t *client)
{
  su_free (client->ca_home, client->ca_user);
  client->ca_user = NULL;
  su_free (client->ca_home, client->ca_pass);
  client->ca_pass = NULL;
}

/* 2: "new", so that the library waits for nua_authenticate() and never counts a challenge as refused by itself. */
static int
on_challenge (auth_client_t    *client,
              msg_auth_t const *challenge)
{
  strike_out (client);
  return 2;
}

static int
on_clear (auth_client_t *client)
{
  strike_out (client);
  return 1;
}

static char *
dup_unquoted (const char *text)
{
  gsize n = text ? strlen (text) : 0;

  return n >= 2 && text[0] == '"' && text[n - 1] == '"' ? g_strndup (text + 1, n - 2) : NULL;
}

static PhoneSipKeyringUse
get_use (const auth_client_t *client)
{
  return client->ca_credential_class == sip_proxy_authorization_class ? PHONE_SIP_KEYRING_PROXY : PHONE_SIP_KEYRING_SERVER;
}

static PhoneSipKeyring *
find_keyring (const auth_client_t *client)
{
  return client->ca_pass ? phone_sip_keyring_find ((guint) g_ascii_strtoull (client->ca_pass, NULL, 10)) : NULL;
}

/* Without a key for this realm the request goes without this header. */
static int
on_authorize (auth_client_t       *client,
              su_home_t           *home,
              char const          *method,
              url_t const         *url,
              msg_payload_t const *body,
              msg_header_t       **headers)
{
  g_autoptr (PhoneSipKeyring) keyring = find_keyring (client);
  g_autofree char *realm = dup_unquoted (client->ca_realm);
  g_autofree char *value = NULL;
  char *uri;

  *headers = NULL;
  if (!keyring || !realm)
    return 0;

  uri = url_as_string (home, url);
  if (!uri)
    return -1;

  value = phone_sip_keyring_authorize (keyring, get_use (client), realm, method, uri, body ? body->pl_data : NULL,
                                       body ? body->pl_len : 0);
  su_free (home, uri);
  if (value)
    *headers = msg_header_make (home, client->ca_credential_class, value);

  return 0;
}

static int
on_authentication_info (auth_client_t         *client,
                        msg_auth_info_t const *info)
{
  g_autoptr (PhoneSipKeyring) keyring = find_keyring (client);
  g_autofree char *realm = dup_unquoted (client->ca_realm);
  g_autofree char *nonce = dup_unquoted (msg_header_find_param ((const msg_common_t *) info, "nextnonce="));

  if (!keyring || !realm || !nonce)
    return 0;

  phone_sip_keyring_next_nonce (keyring, get_use (client), realm, nonce);
  return 1;
}

static const auth_client_plugin_t digest_plugin = {
  .auc_plugin_size = sizeof digest_plugin,
  .auc_size = sizeof (auth_client_t),
  .auc_name = "Digest",
  .auc_challenge = on_challenge,
  .auc_authorize = on_authorize,
  .auc_info = on_authentication_info,
  .auc_clear = on_clear,
};

/* Never asked for anything: no scheme has this name. */
static const auth_client_plugin_t place_holder = {
  .auc_plugin_size = sizeof place_holder,
  .auc_size = sizeof (auth_client_t),
  .auc_name = "-",
  .auc_authorize = on_authorize,
};

static gboolean
is_ours (void)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  auth_client_t *list = NULL;
  msg_auth_t *challenge;
  gboolean ours = FALSE;

  su_home_init (home);
  challenge = (msg_auth_t *) msg_header_make (home, sip_www_authenticate_class, "Digest realm=\"-\", nonce=\"-\"");
  if (challenge && auc_challenge (&list, home, challenge, sip_authorization_class) >= 0 && list)
    ours = list->ca_auc == &digest_plugin;
  su_home_deinit (home);

  return ours;
}

/**
 * phone_sip_auth_set_up:
 *
 * Makes our digest the library's, once for the process. Before the first agent runs.
 */
void
phone_sip_auth_set_up (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;

  /* Registering replaces the first client of any *other* name (a slip in the library, 1.12 and 1.13), and the first of a name
   * is the one used. So another takes the first place before; where the slip is mended, it takes a place at the end. */
  if (auc_register_plugin (&place_holder) < 0 || auc_register_plugin (&digest_plugin) < 0 || !is_ours ())
    g_critical ("The SIP library does not take our digest: no account with a password will work");
  g_once_init_leave (&done, 1);
}

/* ---- our side ---- */

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

  return self;
}

void
phone_sip_auth_free (PhoneSipAuth *self)
{
  if (!self)
    return;

  phone_sip_keyring_unref (self->keyring);
  g_hash_table_unref (self->answered);
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
      const Asked  *asked)
{
  for (guint i = 0; i < asked->chosen->len; i++)
    {
      const PhoneSipDigestChallenge *challenge = g_ptr_array_index (asked->chosen, i);

      phone_sip_keyring_take (self->keyring, asked->use, challenge);
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
        const Asked  *proxy)
{
  if (self->answers >= PHONE_SIP_MAX_CHALLENGES || (!is_news (self, server) && !is_news (self, proxy)))
    {
      forget (self, server);
      forget (self, proxy);
      return PHONE_SIP_AUTH_REFUSED;
    }

  self->answers++;
  take (self, server);
  take (self, proxy);
  return PHONE_SIP_AUTH_ANSWERED;
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
  PhoneSipAuthResult result = PHONE_SIP_AUTH_UNSUPPORTED;
  Asked server = { 0 }, proxy = { 0 };

  g_return_val_if_fail (self != NULL, PHONE_SIP_AUTH_UNSUPPORTED);
  g_return_val_if_fail (response != NULL, PHONE_SIP_AUTH_UNSUPPORTED);

  read_challenges (&server, PHONE_SIP_KEYRING_SERVER, response->sip_www_authenticate);
  read_challenges (&proxy, PHONE_SIP_KEYRING_PROXY, response->sip_proxy_authenticate);

  if (server.chosen->len + proxy.chosen->len > 0 && collect_realms (response->sip_www_authenticate, found) &&
      collect_realms (response->sip_proxy_authenticate, found))
    result = decide (self, &server, &proxy);
  if (result == PHONE_SIP_AUTH_ANSWERED)
    *realms = g_steal_pointer (&found);

  asked_clear (&server);
  asked_clear (&proxy);
  return result;
}

/* The library sees that these are new credentials by the second number; the first is the keyring's. */
static char *
format_credentials (PhoneSipAuth *self,
                    const char   *realm)
{
  static guint serial;

  return g_strdup_printf ("Digest:%s:" TOKEN_USER ":%u.%u", realm, phone_sip_keyring_get_id (self->keyring), ++serial);
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
  char *credentials[MAX_REALMS] = { NULL };
  PhoneSipAuthResult result;

  g_return_val_if_fail (handle != NULL, PHONE_SIP_AUTH_UNSUPPORTED);

  result = phone_sip_auth_judge (self, response, &realms);
  if (result != PHONE_SIP_AUTH_ANSWERED)
    return result;

  for (guint i = 0; i < realms->len; i++)
    credentials[i] = format_credentials (self, g_ptr_array_index (realms, i));

#define ONE(i) TAG_IF (credentials[i], NUTAG_AUTH (credentials[i]))
  nua_authenticate (handle, ONE (0), ONE (1), ONE (2), ONE (3), ONE (4), ONE (5), ONE (6), ONE (7), TAG_END ());
#undef ONE

  for (guint i = 0; i < realms->len; i++)
    g_free (credentials[i]);

  return PHONE_SIP_AUTH_ANSWERED;
}
