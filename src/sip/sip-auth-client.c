/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

/* The library's client structure has one more member with this, and it was built so. */
#define SOFIA_EXTEND_AUTH_CLIENT 1

#include "sip-auth-client.h"

#include "sip-keyring.h"

#include <sofia-sip/auth_client_plugin.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>

#include <string.h>

/*
 * The client for the scheme Digest that the library is given in the place of its own; why, is told in sip-auth.c. All of this
 * may run on the library's thread and touches nothing but the keyring.
 */

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
 * phone_sip_auth_client_set_up:
 *
 * Makes our digest the library's, once for the process. Before the first agent runs.
 */
void
phone_sip_auth_client_set_up (void)
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
