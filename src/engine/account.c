/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "account.h"

#include "cause.h"
#include "texts.h"

#define TEXT(id) phone_settings_get_string (engine->settings, PHONE_SETTING_##id, account, 0)
#define TEXT_Y(id) phone_settings_get_string (engine->settings, PHONE_SETTING_##id, account, 1)
#define INT(id) phone_settings_get_int (engine->settings, PHONE_SETTING_##id, account, 0)

/**
 * phone_account_is_enabled:
 * Returns: whether the account is switched on and has what a registration needs
 */
gboolean
phone_account_is_enabled (PhoneEngine *engine,
                          guint        account)
{
  return account >= 1 && account <= engine->model->n_accounts && INT (ACCOUNT_ENABLE) != 0
         && *TEXT (ACCOUNT_USER_NAME) != '\0' && *TEXT_Y (ACCOUNT_SERVER_ADDRESS) != '\0';
}

/**
 * phone_account_is_usable:
 * Returns: whether calls can go out on it: registered, also while the registration is refreshed
 */
gboolean
phone_account_is_usable (PhoneEngine *engine,
                         guint        account)
{
  return phone_account_is_enabled (engine, account) && engine->accounts[account].usable;
}

/**
 * phone_account_dup_label:
 * Returns: (transfer full): what stands beside its line key; "" for account 0
 */
char *
phone_account_dup_label (PhoneEngine *engine,
                         guint        account)
{
  if (account == 0)
    return g_strdup ("");
  if (*TEXT (ACCOUNT_LABEL) != '\0')
    return g_strdup (TEXT (ACCOUNT_LABEL));
  return g_strdup (TEXT (ACCOUNT_USER_NAME));
}

/**
 * phone_account_dup_state:
 * Returns: (transfer full): the state as Status > Accounts tells it (guide: menu)
 */
char *
phone_account_dup_state (PhoneEngine *engine,
                         guint        account)
{
  const PhoneAccount *self = &engine->accounts[account];

  if (!phone_account_is_enabled (engine, account))
    return g_strdup (_("Disabled"));
  switch (self->state)
    {
    case PHONE_ACCOUNT_DISABLED:
    case PHONE_ACCOUNT_UNREGISTERED:
      return g_strdup (_("Unregistered"));
    case PHONE_ACCOUNT_REGISTERING:
      return g_strdup (_("Registering"));
    case PHONE_ACCOUNT_REGISTERED:
      return g_strdup (_("Registered"));
    case PHONE_ACCOUNT_FAILED:
      if (self->status == 0)
        return g_strdup (_("Register failed!"));
      if (self->fault != PHONE_SIGNALING_FAULT_NONE)
        /* Translators: %s is one of the phone's own texts, “Server not found!” */
        return g_strdup_printf (_("Register failed! %s"), self->reason);
      /* Translators: %u is the SIP code, %s the server's reason in its own words */
      return g_strdup_printf (_("Register failed! %u %s"), self->status, self->reason ? self->reason : "");
    }
  g_assert_not_reached ();
}

/**
 * phone_accounts_any_enabled:
 * Returns: whether at least one account is enabled
 */
gboolean
phone_accounts_any_enabled (PhoneEngine *engine)
{
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_enabled (engine, i))
      return TRUE;
  return FALSE;
}

/**
 * phone_accounts_get_default:
 * Returns: the account that calls go out on: the chosen one, else the first registered, else the first enabled, else 0
 */
guint
phone_accounts_get_default (PhoneEngine *engine)
{
  guint chosen = phone_engine_int (engine, DEFAULT_ACCOUNT);

  if (phone_account_is_enabled (engine, chosen))
    return chosen;
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_usable (engine, i))
      return i;
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_enabled (engine, i))
      return i;
  return 0;
}

/**
 * phone_accounts_step_default:
 * @by: +1 or -1
 *
 * Makes the next or previous enabled account the default one, around the end.
 */
void
phone_accounts_step_default (PhoneEngine *engine,
                             int          by)
{
  int n = engine->model->n_accounts;
  int now = phone_accounts_get_default (engine);

  for (int i = 1; i <= n && now > 0; i++)
    {
      guint next = (guint) (((now - 1 + by * i) % n + n) % n) + 1;
      g_autofree char *text = g_strdup_printf ("%u", next);

      if (!phone_account_is_enabled (engine, next))
        continue;
      phone_engine_set_local (engine, PHONE_SETTING_DEFAULT_ACCOUNT, 0, 0, text);
      return;
    }
}

/**
 * phone_accounts_find_user:
 * Returns: the enabled account with this user name, 0 when there is none
 */
guint
phone_accounts_find_user (PhoneEngine *engine,
                          const char  *user)
{
  for (guint account = 1; account <= engine->model->n_accounts && user != NULL && *user != '\0'; account++)
    if (phone_account_is_enabled (engine, account) && g_strcmp0 (TEXT (ACCOUNT_USER_NAME), user) == 0)
      return account;
  return 0;
}

static void
fill_servers (PhoneEngine        *engine,
              guint               account,
              PhoneAccountConfig *config)
{
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
#define AT(id) phone_settings_get_int (engine->settings, PHONE_SETTING_##id, account, i + 1)
      config->servers[i] = (PhoneServerConfig) {
        .address = phone_settings_get_string (engine->settings, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, account, i + 1),
        .port = AT (ACCOUNT_SERVER_PORT),
        .transport = AT (ACCOUNT_SERVER_TRANSPORT),
        .expires_s = AT (ACCOUNT_SERVER_EXPIRES),
        .retries = AT (ACCOUNT_SERVER_RETRIES),
        .failback = AT (ACCOUNT_SERVER_FAILBACK),
        .failback_s = AT (ACCOUNT_SERVER_FAILBACK_TIME),
      };
      config->proxies[i] = config->servers[0];
      config->proxies[i].address = phone_settings_get_string (engine->settings, PHONE_SETTING_ACCOUNT_PROXY_ADDRESS,
                                                              account, i + 1);
      config->proxies[i].port = AT (ACCOUNT_PROXY_PORT);
#undef AT
    }
}

static void
fill_config (PhoneEngine        *engine,
             guint               account,
             PhoneAccountConfig *config)
{
  *config = (PhoneAccountConfig) {
    .account = account,
    .enabled = phone_account_is_enabled (engine, account),
    .label = TEXT (ACCOUNT_LABEL),
    .display_name = TEXT (ACCOUNT_DISPLAY_NAME),
    .user_name = TEXT (ACCOUNT_USER_NAME),
    .auth_name = TEXT (ACCOUNT_AUTH_NAME),
    .password = TEXT (ACCOUNT_PASSWORD),
    .successive = INT (ACCOUNT_REDUNDANCY) != 0,
    .fallback_s = INT (ACCOUNT_FALLBACK_TIME),
    .use_proxy = INT (ACCOUNT_PROXY_ENABLE) != 0,
    .proxy_fallback_s = INT (ACCOUNT_PROXY_FALLBACK),
    .proxy_in_dialog = phone_engine_int (engine, PROXY_IN_DIALOG) != 0,
    .retry_s = INT (ACCOUNT_RETRY),
    .retry_max_s = phone_engine_int (engine, RETRY_MAX),
    .start_delay_s = phone_engine_int (engine, REGISTER_DELAY),
    .rport = INT (ACCOUNT_RPORT),
    .keep_alive = INT (ACCOUNT_KEEP_ALIVE),
    .keep_alive_s = INT (ACCOUNT_KEEP_ALIVE_TIME),
    .unregister_at_exit = INT (ACCOUNT_UNREGISTER) != 0,
  };
  fill_servers (engine, account, config);
}

static void
write_server (GString                 *out,
              const PhoneServerConfig *server)
{
  g_string_append_printf (out, "%s\n%u %d %u %u %d %u\n", server->address, server->port, server->transport,
                          server->expires_s, server->retries, server->failback, server->failback_s);
}

/* Everything signaling was told, as one text; the password only as its digest. */
static char *
make_fingerprint (const PhoneAccountConfig *config)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, config->password, -1);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%d\n%s\n%s\n%s\n%s\n%s\n", config->enabled, config->label, config->display_name,
                          config->user_name, config->auth_name, digest);
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      write_server (out, &config->servers[i]);
      write_server (out, &config->proxies[i]);
    }
  g_string_append_printf (out, "%d %u %d %u %d %u %u %u %d %d %u %d", config->successive, config->fallback_s,
                          config->use_proxy, config->proxy_fallback_s, config->proxy_in_dialog, config->retry_s,
                          config->retry_max_s, config->start_delay_s, config->rport, config->keep_alive,
                          config->keep_alive_s, config->unregister_at_exit);

  return g_string_free (out, FALSE);
}

/**
 * phone_accounts_apply:
 * Tells signaling of every account whose settings are others than it was told last. Calls are not touched.
 */
void
phone_accounts_apply (PhoneEngine *engine)
{
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    {
      PhoneAccount *self = &engine->accounts[i];
      PhoneAccountConfig config;
      g_autofree char *fingerprint = NULL;

      fill_config (engine, i, &config);
      if (!config.enabled && !self->known)
        continue;
      fingerprint = make_fingerprint (&config);
      if (g_strcmp0 (fingerprint, self->fingerprint) == 0)
        continue;
      g_free (self->fingerprint);
      self->fingerprint = g_steal_pointer (&fingerprint);
      self->known = TRUE;
      self->usable = FALSE;
      phone_signaling_set_account (engine->signaling, &config);
    }
}

/**
 * phone_accounts_on_event:
 * @event: %PHONE_EVENT_ACCOUNT
 */
void
phone_accounts_on_event (PhoneEngine      *engine,
                         const PhoneEvent *event)
{
  PhoneAccount *self;
  PhoneNotice notice = { PHONE_NOTICE_ACCOUNT, };

  if (event->account < 1 || event->account > PHONE_MAX_ACCOUNTS)
    return;
  self = &engine->accounts[event->account];
  g_debug ("account %u: %s -> %s %u %s", event->account, phone_account_state_to_string (self->state),
           phone_account_state_to_string (event->value), event->status, event->text ? event->text : "");
  self->state = event->value;
  self->status = event->status;
  g_free (self->reason);
  self->fault = event->fault;
  self->reason = event->fault != PHONE_SIGNALING_FAULT_NONE
                   ? g_strdup (phone_cause_get_text (phone_cause_from_signaling_fault (event->fault)))
                   : g_strdup (event->text);
  if (self->state != PHONE_ACCOUNT_REGISTERING)
    self->usable = self->state == PHONE_ACCOUNT_REGISTERED;

  notice.account = event->account;
  notice.state = self->state;
  notice.status = self->status;
  notice.text = self->reason ? self->reason : "";
  notice.number = "";
  notice.name = "";
  phone_outbox_notify (engine->outbox, &notice);
}
