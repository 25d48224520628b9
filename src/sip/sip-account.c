/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-account.h"

#include "sip-keep-alive.h"
#include "sip-locator.h"

#include <string.h>

/*
 * An account: one registration for each of its servers (guide: server redundancy). What an account is said to be is what the
 * registration in use is: the first that stands.
 *
 *   concurrent   both registrations run all the time
 *   successive   the second starts when the first has failed, and ends when the first stands again
 */

struct _PhoneSipAccount {
  GObject               parent_instance;

  PhoneSipStack        *stack;
  PhoneEventQueue      *queue;
  const PhoneSipTimers *timers;
  guint                 number;

  /* the configuration */
  gboolean              enabled;
  char                 *display_name;
  char                 *user_name;
  PhoneSipKeyring      *keyring;         /* authentication name and password, for all requests of the account */
  PhoneSipUri          *domain;          /* nullable: of the first server */
  PhoneSipUri          *proxy;           /* nullable: outbound proxy */
  gboolean              proxy_in_dialog;
  gboolean              successive;
  guint                 retry_s;
  guint                 retry_max_s;
  guint                 fallback_s;
  guint                 start_delay_s;
  PhoneRport            rport;
  gboolean              unregister_at_exit;

  PhoneSipRegistration *registrations[PHONE_MAX_SERVERS];
  PhoneSipKeepAlive    *keep_alive;
  guint                 start_source;

  PhoneAccountState     state;
  guint                 status;
  char                 *text;
  PhoneSignalingFault   fault;
  gboolean              leaving;
  PhoneSipAccountLeft   left;
  gpointer              left_data;
};

G_DEFINE_FINAL_TYPE (PhoneSipAccount, phone_sip_account, G_TYPE_OBJECT)

/* The one writer of the state. */
static void
set_state (PhoneSipAccount     *self,
           PhoneAccountState    state,
           guint                status,
           const char          *text,
           PhoneSignalingFault  fault)
{
  PhoneEvent event = { .type = PHONE_EVENT_ACCOUNT, .account = self->number };

  if (self->state == state && self->status == status && self->fault == fault && g_strcmp0 (self->text, text) == 0)
    return;

  g_info ("Account %u: %s -> %s %u %s", self->number, phone_account_state_to_string (self->state),
          phone_account_state_to_string (state), status, text);
  self->state = state;
  self->status = status;
  self->fault = fault;
  g_free (self->text);
  self->text = g_strdup (text);

  event.value = (int) state;
  event.status = status;
  event.fault = fault;
  event.text = self->text;
  phone_event_queue_post (self->queue, &event);
}

/* The registration that counts: the first that stands, else the first. */
static PhoneSipRegistration *
get_active (PhoneSipAccount *self)
{
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      if (self->registrations[i] && phone_sip_registration_get_state (self->registrations[i]) == PHONE_ACCOUNT_REGISTERED)
        return self->registrations[i];
    }

  return self->registrations[0] ? self->registrations[0] : self->registrations[1];
}

static void
update_keep_alive (PhoneSipAccount *self)
{
  PhoneSipRegistration *active = get_active (self);
  gboolean stands = active && phone_sip_registration_get_state (active) == PHONE_ACCOUNT_REGISTERED && !self->leaving;
  const PhoneSipHop *hop = stands ? phone_sip_route_peek (phone_sip_registration_get_route (active)) : NULL;
  g_autofree char *from = self->domain ? phone_sip_account_dup_from (self, active) : NULL;

  phone_sip_keep_alive_set_peer (self->keep_alive, hop, from);
}

/* Two servers, one after the other: who is to run follows from how the first fares. */
static void
balance (PhoneSipAccount *self)
{
  PhoneSipRegistration *first = self->registrations[0];
  PhoneSipRegistration *second = self->registrations[1];
  gboolean second_serves;

  if (!first || !second || self->leaving)
    return;

  if (self->successive && phone_sip_registration_get_state (first) == PHONE_ACCOUNT_FAILED)
    phone_sip_registration_start (second);
  else if (self->successive && phone_sip_registration_get_state (first) == PHONE_ACCOUNT_REGISTERED)
    phone_sip_registration_leave (second);

  second_serves = phone_sip_registration_get_state (second) == PHONE_ACCOUNT_REGISTERED;
  if (second_serves)
    phone_sip_registration_set_retry (first, self->fallback_s, self->fallback_s);
  else
    phone_sip_registration_set_retry (first, self->retry_s, self->retry_max_s);
}

static gboolean
is_leaving_anywhere (PhoneSipAccount *self)
{
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      if (self->registrations[i] && phone_sip_registration_is_leaving (self->registrations[i]))
        return TRUE;
    }

  return FALSE;
}

static void
finish_leaving (PhoneSipAccount *self)
{
  self->leaving = FALSE;
  set_state (self, self->enabled ? PHONE_ACCOUNT_UNREGISTERED : PHONE_ACCOUNT_DISABLED, 0, "", PHONE_SIGNALING_FAULT_NONE);
  if (self->left)
    self->left (self, self->left_data);
}

static void
show_active (PhoneSipAccount *self)
{
  PhoneSipRegistration *active = get_active (self);

  set_state (self, phone_sip_registration_get_state (active), phone_sip_registration_get_status (active),
             phone_sip_registration_get_text (active), phone_sip_registration_get_fault (active));
}

static void
on_registration_changed (PhoneSipRegistration *registration,
                         gpointer              user_data)
{
  PhoneSipAccount *self = user_data;
  g_autoptr (PhoneSipAccount) alive = g_object_ref (self);

  if (self->leaving)
    {
      if (!is_leaving_anywhere (self))
        finish_leaving (self);
      return;
    }

  /* One that lets go while it is set up anew says nothing of the account. */
  if (!self->enabled || (registration != self->registrations[0] && registration != self->registrations[1]))
    return;

  balance (self);
  show_active (self);
  update_keep_alive (self);
}

static void
let_go (PhoneSipAccount *self)
{
  g_clear_handle_id (&self->start_source, g_source_remove);
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      g_autoptr (PhoneSipRegistration) old = g_steal_pointer (&self->registrations[i]);

      if (old)
        phone_sip_registration_stop (old);
    }
  update_keep_alive (self);
  self->leaving = FALSE;
}

/* UDP is the default and is not written into addresses. */
static PhoneSipUri *
make_server_uri (const PhoneServerConfig *server,
                 PhoneTransport           transport)
{
  g_autoptr (PhoneSipUri) parsed = NULL;

  if (!server->address || !*server->address)
    return NULL;

  parsed = phone_sip_uri_for_target (server->address, NULL, NULL);
  if (!parsed)
    return NULL;

  if (server->port && !parsed->port)
    parsed->port = server->port == phone_transport_get_default_port (transport) ? 0 : server->port;
  if (parsed->transport == PHONE_TRANSPORT_DNS)
    parsed->transport = transport;
  if (parsed->transport == PHONE_TRANSPORT_UDP)
    parsed->transport = PHONE_TRANSPORT_DNS;
  g_clear_pointer (&parsed->user, g_free);

  return g_steal_pointer (&parsed);
}

/* Where requests to a server or proxy go. A port or transport written into its address goes before the settings beside it. */
static void
add_origin (GPtrArray               *origins,
            const PhoneServerConfig *server,
            PhoneTransport           transport)
{
  g_autoptr (PhoneSipUri) uri = NULL;

  if (!server->address || !*server->address)
    return;
  uri = phone_sip_uri_for_target (server->address, NULL, NULL);
  if (!uri)
    return;

  g_ptr_array_add (origins, phone_sip_origin_new (uri->host, uri->port ? uri->port : server->port,
                                                  uri->transport != PHONE_TRANSPORT_DNS ? uri->transport : transport,
                                                  uri->secure));
}

static PhoneSipRegistration *
make_registration (PhoneSipAccount          *self,
                   const PhoneAccountConfig *config,
                   guint                     i)
{
  const PhoneServerConfig *server = &config->servers[i];
  g_autoptr (PhoneSipUri) domain = make_server_uri (server, server->transport);
  g_autoptr (GPtrArray) origins = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_sip_origin_free);
  PhoneSipIdentity identity = { self->number, self->display_name, self->user_name, self->keyring };
  PhoneSipRegistrationConfig wanted = {
    .domain = domain, .proxy = self->proxy, .origins = origins, .expires_s = server->expires_s ? server->expires_s : 3600,
    .retries = server->retries, .failback = server->failback, .failback_s = server->failback_s,
    .retry_s = self->retry_s, .retry_max_s = self->retry_max_s, .public_contact = self->rport == PHONE_RPORT_CONTACT,
  };

  if (!domain)
    return NULL;

  for (guint p = 0; self->proxy && p < PHONE_MAX_SERVERS; p++)
    add_origin (origins, &config->proxies[p], server->transport);
  if (self->proxy)
    {
      wanted.failback = PHONE_FAILBACK_DURATION;
      wanted.failback_s = config->proxy_fallback_s;
    }
  else
    {
      add_origin (origins, server, server->transport);
    }

  return phone_sip_registration_new (self->stack, self->timers, &identity, &wanted, on_registration_changed, self);
}

static void
store_config (PhoneSipAccount          *self,
              const PhoneAccountConfig *config)
{
  g_free (self->display_name);
  g_free (self->user_name);
  g_clear_pointer (&self->keyring, phone_sip_keyring_unref);
  g_clear_pointer (&self->domain, phone_sip_uri_free);
  g_clear_pointer (&self->proxy, phone_sip_uri_free);

  self->enabled = config->enabled;
  self->display_name = g_strdup (config->display_name ? config->display_name : "");
  self->user_name = g_strdup (config->user_name ? config->user_name : "");
  self->keyring = phone_sip_keyring_new (config->auth_name && *config->auth_name ? config->auth_name : self->user_name,
                                         config->password ? config->password : "");
  self->domain = make_server_uri (&config->servers[0], config->servers[0].transport);
  for (guint i = 0; config->use_proxy && !self->proxy && i < PHONE_MAX_SERVERS; i++)
    self->proxy = make_server_uri (&config->proxies[i], config->servers[0].transport);
  self->proxy_in_dialog = config->proxy_in_dialog;
  self->successive = config->successive;
  self->retry_s = config->retry_s;
  self->retry_max_s = config->retry_max_s;
  self->fallback_s = config->fallback_s;
  self->start_delay_s = config->start_delay_s;
  self->rport = config->rport;
  self->unregister_at_exit = config->unregister_at_exit;
  phone_sip_keep_alive_configure (self->keep_alive, config->keep_alive, config->keep_alive_s);
}

static void
start_registrations (PhoneSipAccount *self)
{
  phone_sip_registration_start (self->registrations[0]);
  if (self->registrations[1] && !self->successive)
    phone_sip_registration_start (self->registrations[1]);
}

static gboolean
on_start (gpointer user_data)
{
  PhoneSipAccount *self = user_data;

  self->start_source = 0;
  start_registrations (self);

  return G_SOURCE_REMOVE;
}

static void
set_up (PhoneSipAccount          *self,
        const PhoneAccountConfig *config)
{
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    self->registrations[i] = make_registration (self, config, i);

  if (!self->registrations[0] || !*self->user_name)
    {
      let_go (self);
      set_state (self, PHONE_ACCOUNT_FAILED, 0, "No server or user name", PHONE_SIGNALING_FAULT_NONE);
      return;
    }

  if (self->start_delay_s > 0)
    self->start_source = g_timeout_add ((guint) g_random_int_range (0, (gint32) self->start_delay_s * 1000 + 1), on_start, self);
  else
    start_registrations (self);
}

/**
 * phone_sip_account_configure:
 * @config: copied
 *
 * Takes over a configuration and registers, or lets go of the registration when the account is switched off.
 */
void
phone_sip_account_configure (PhoneSipAccount          *self,
                             const PhoneAccountConfig *config)
{
  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));
  g_return_if_fail (config != NULL);

  if (!config->enabled && self->state == PHONE_ACCOUNT_REGISTERED)
    {
      phone_sip_account_leave (self);
      store_config (self, config);
      return;
    }

  /* Destroying the handle takes an old registration away. */
  let_go (self);
  store_config (self, config);
  if (self->enabled)
    set_up (self, config);
  else
    set_state (self, PHONE_ACCOUNT_DISABLED, 0, "", PHONE_SIGNALING_FAULT_NONE);
}

/**
 * phone_sip_account_refresh:
 *
 * Registers again now.
 */
void
phone_sip_account_refresh (PhoneSipAccount *self)
{
  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));

  for (guint i = 0; i < PHONE_MAX_SERVERS && self->enabled && !self->leaving; i++)
    {
      if (self->registrations[i] && (i == 0 || !self->successive ||
                                     phone_sip_registration_get_state (self->registrations[i]) == PHONE_ACCOUNT_REGISTERED))
        phone_sip_registration_refresh (self->registrations[i]);
    }
}

/**
 * phone_sip_account_network_changed:
 * @news: what happened
 *
 * Hands it on to the registrations.
 */
void
phone_sip_account_network_changed (PhoneSipAccount  *self,
                                   PhoneNetworkNews  news)
{
  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));

  for (guint i = 0; i < PHONE_MAX_SERVERS && self->enabled && !self->leaving; i++)
    {
      if (self->registrations[i])
        phone_sip_registration_network_changed (self->registrations[i], news);
    }
}

/**
 * phone_sip_account_set_left:
 * @left: (nullable): called when the server answered to phone_sip_account_leave()
 */
void
phone_sip_account_set_left (PhoneSipAccount     *self,
                            PhoneSipAccountLeft  left,
                            gpointer             user_data)
{
  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));

  self->left = left;
  self->left_data = user_data;
}

/**
 * phone_sip_account_leave:
 *
 * Takes the registration away; phone_sip_account_is_leaving() until the server answered.
 */
void
phone_sip_account_leave (PhoneSipAccount *self)
{
  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));

  if (self->leaving)
    return;

  g_clear_handle_id (&self->start_source, g_source_remove);
  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      PhoneSipRegistration *registration = self->registrations[i];

      /* Others have nothing to take away, and nobody waits for them. */
      if (registration && phone_sip_registration_get_state (registration) == PHONE_ACCOUNT_REGISTERED)
        {
          self->leaving = TRUE;
          phone_sip_registration_leave (registration);
        }
    }

  if (!self->leaving)
    let_go (self);
  else
    update_keep_alive (self);
}

gboolean
phone_sip_account_is_leaving (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), FALSE);

  return self->leaving;
}

/**
 * phone_sip_account_release:
 *
 * Lets go of the handle without waiting for anything.
 */
void
phone_sip_account_release (PhoneSipAccount *self)
{
  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));

  let_go (self);
}

guint
phone_sip_account_get_number (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), 0);

  return self->number;
}

PhoneAccountState
phone_sip_account_get_state (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), PHONE_ACCOUNT_DISABLED);

  return self->state;
}

gboolean
phone_sip_account_is_enabled (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), FALSE);

  return self->enabled;
}

/**
 * phone_sip_account_keeps_binding:
 * Returns: whether the registration is to outlive the program
 */
gboolean
phone_sip_account_keeps_binding (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), FALSE);

  return self->state == PHONE_ACCOUNT_REGISTERED && !self->unregister_at_exit;
}

const char *
phone_sip_account_get_user (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), "");

  return self->user_name ? self->user_name : "";
}

const char *
phone_sip_account_get_server (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), "");

  return self->domain ? self->domain->host : "";
}

/**
 * phone_sip_account_get_address:
 * Returns: (nullable): IP literal of the server or proxy in use, once it was looked up
 */
const char *
phone_sip_account_get_address (PhoneSipAccount *self)
{
  PhoneSipRegistration *active;
  const PhoneSipHop *hop;

  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  active = get_active (self);
  hop = active ? phone_sip_route_peek (phone_sip_registration_get_route (active)) : NULL;
  return hop ? hop->address : NULL;
}

/**
 * phone_sip_account_get_registration:
 * Returns: (transfer none) (nullable): the registration that calls go out on
 */
PhoneSipRegistration *
phone_sip_account_get_registration (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  return get_active (self);
}

/**
 * phone_sip_account_is_server:
 * @address: an IP literal
 *
 * Returns: whether one of the account's servers or proxies is known to have this address
 */
gboolean
phone_sip_account_is_server (PhoneSipAccount *self,
                             const char      *address)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      if (self->registrations[i] &&
          phone_sip_route_has_address (phone_sip_registration_get_route (self->registrations[i]), address))
        return TRUE;
    }

  return FALSE;
}

PhoneRport
phone_sip_account_get_rport (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), PHONE_RPORT_VIA);

  return self->rport;
}

/**
 * phone_sip_account_keeps_proxy:
 * Returns: whether requests inside a call go by the outbound proxy whatever the route set says
 */
gboolean
phone_sip_account_keeps_proxy (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), FALSE);

  return self->proxy && self->proxy_in_dialog;
}

/**
 * phone_sip_account_get_domain:
 * Returns: (nullable): the domain of the server in use; numbers belong to it
 */
const PhoneSipUri *
phone_sip_account_get_domain (PhoneSipAccount *self)
{
  PhoneSipRegistration *active;

  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  active = get_active (self);
  return active ? phone_sip_registration_get_domain (active) : self->domain;
}

/* (nullable): the outbound proxy */
const PhoneSipUri *
phone_sip_account_get_proxy (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  return self->proxy;
}

/**
 * phone_sip_account_get_other:
 * Returns: (transfer none) (nullable): a registration at another server that stands
 */
PhoneSipRegistration *
phone_sip_account_get_other (PhoneSipAccount      *self,
                             PhoneSipRegistration *registration)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  for (guint i = 0; i < PHONE_MAX_SERVERS; i++)
    {
      PhoneSipRegistration *other = self->registrations[i];

      if (other && other != registration && phone_sip_registration_get_state (other) == PHONE_ACCOUNT_REGISTERED)
        return other;
    }

  return NULL;
}

/**
 * phone_sip_account_dup_from:
 * @registration: (nullable): the one it is for; %NULL for the account's first server
 *
 * Returns: (transfer full): our address of record with the display name, without a tag
 */
char *
phone_sip_account_dup_from (PhoneSipAccount      *self,
                            PhoneSipRegistration *registration)
{
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;
  g_autoptr (PhoneSipUri) uri = NULL;
  const PhoneSipUri *domain;

  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);
  g_return_val_if_fail (self->domain != NULL, NULL);

  domain = registration ? phone_sip_registration_get_domain (registration) : self->domain;
  name = phone_sip_uri_quote_name (self->display_name);
  uri = phone_sip_uri_new (self->user_name, domain->host, domain->port, PHONE_TRANSPORT_DNS);
  address = phone_sip_uri_to_string (uri);

  return g_strdup_printf ("%s<%s>", name, address);
}

PhoneSipAuth *
phone_sip_account_new_auth (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);
  g_return_val_if_fail (self->keyring != NULL, NULL);

  return phone_sip_auth_new (self->keyring);
}

static void
phone_sip_account_dispose (GObject *object)
{
  PhoneSipAccount *self = PHONE_SIP_ACCOUNT (object);

  let_go (self);
  g_clear_pointer (&self->keyring, phone_sip_keyring_unref);
  g_clear_pointer (&self->domain, phone_sip_uri_free);
  g_clear_pointer (&self->proxy, phone_sip_uri_free);
  g_clear_pointer (&self->display_name, g_free);
  g_clear_pointer (&self->user_name, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->keep_alive, phone_sip_keep_alive_free);
  g_clear_object (&self->stack);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_sip_account_parent_class)->dispose (object);
}

static void
phone_sip_account_class_init (PhoneSipAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_sip_account_dispose;
}

static void
phone_sip_account_init (PhoneSipAccount *self)
{
  self->state = PHONE_ACCOUNT_DISABLED;
}

/**
 * phone_sip_account_new:
 * @timers: (transfer none): must outlive the account
 * @number: from 1
 */
PhoneSipAccount *
phone_sip_account_new (PhoneSipStack        *stack,
                       PhoneEventQueue      *queue,
                       const PhoneSipTimers *timers,
                       guint                 number)
{
  PhoneSipAccount *self;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (stack), NULL);
  g_return_val_if_fail (timers != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SIP_ACCOUNT, NULL);
  self->stack = g_object_ref (stack);
  self->queue = g_object_ref (queue);
  self->timers = timers;
  self->number = number;
  self->keep_alive = phone_sip_keep_alive_new (stack);

  return self;
}
