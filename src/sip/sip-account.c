/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-account.h"

#include "sip-cause.h"
#include "sip-resolver.h"
#include "sip-target.h"
#include "sip-token.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * One registration (RFC 3261 §10). The library refreshes it; failures, challenges and retries are decided here.
 *
 *   DISABLED <-> UNREGISTERED -> REGISTERING -> REGISTERED
 *                                     |  ^          |
 *                                     v  | retry    v (refresh refused)
 *                                    FAILED <-------+
 */

#define MAX_RETRY_AFTER_S 1800

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
  char                 *auth_name;
  char                 *password;
  PhoneTransport        transport;
  PhoneSipUri          *domain;
  PhoneSipUri          *proxy;           /* nullable: outbound proxy */
  guint                 expires_s;
  guint                 retry_s;
  gboolean              unregister_at_exit;

  /* the registration */
  PhoneAccountState     state;
  guint                 status;
  char                 *text;
  PhoneSipTarget       *target;
  PhoneSipAuth         *auth;
  GCancellable         *lookup;
  char                 *address;         /* of the server or proxy, once it is known */
  char                 *local_address;
  char                 *call_id;
  char                 *from_tag;
  gboolean              leaving;         /* un-REGISTER is on its way */
  PhoneSipAccountLeft   left;
  gpointer              left_data;
  guint                 answer_source;
  guint                 retry_source;
};

G_DEFINE_FINAL_TYPE (PhoneSipAccount, phone_sip_account, G_TYPE_OBJECT)

static void register_now (PhoneSipAccount *self);
static void send_register (PhoneSipAccount *self);

/* The one writer of the state. */
static void
set_state (PhoneSipAccount   *self,
           PhoneAccountState  state,
           guint              status,
           const char        *text)
{
  PhoneEvent event = { .type = PHONE_EVENT_ACCOUNT, .account = self->number };

  if (self->state == state && self->status == status && g_strcmp0 (self->text, text) == 0)
    return;

  g_info ("Account %u: %s -> %s %u %s", self->number, phone_account_state_to_string (self->state),
          phone_account_state_to_string (state), status, text ? text : "");
  self->state = state;
  self->status = status;
  g_free (self->text);
  self->text = g_utf8_make_valid (text ? text : "", -1);

  event.value = (int) state;
  event.status = status;
  event.text = self->text;
  phone_event_queue_post (self->queue, &event);
}

static void
let_go (PhoneSipAccount *self)
{
  g_clear_handle_id (&self->answer_source, g_source_remove);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (self->lookup)
    g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->auth, phone_sip_auth_free);
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->from_tag, g_free);
  self->leaving = FALSE;
}

static gboolean
on_retry (gpointer user_data)
{
  PhoneSipAccount *self = user_data;

  self->retry_source = 0;
  register_now (self);

  return G_SOURCE_REMOVE;
}

static void
fail (PhoneSipAccount *self,
      guint            status,
      const char      *text,
      guint            wait_s)
{
  g_clear_handle_id (&self->answer_source, g_source_remove);
  g_clear_handle_id (&self->retry_source, g_source_remove);

  /* A fresh handle for the next try: what the library keeps of this one is not to be relied on. */
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->auth, phone_sip_auth_free);

  if (wait_s > 0)
    self->retry_source = g_timeout_add_seconds (wait_s, on_retry, self);
  set_state (self, PHONE_ACCOUNT_FAILED, status, text);
}

static gboolean
on_no_answer (gpointer user_data)
{
  PhoneSipAccount *self = user_data;

  self->answer_source = 0;
  fail (self, 408, "Request Timeout", self->retry_s);

  return G_SOURCE_REMOVE;
}

static guint
choose_wait (PhoneSipAccount *self,
             const sip_t     *sip)
{
  guint wait_s = self->retry_s;

  if (wait_s > 0 && sip && sip->sip_retry_after && sip->sip_retry_after->af_delta > wait_s)
    wait_s = MIN (sip->sip_retry_after->af_delta, MAX_RETRY_AFTER_S);

  return wait_s;
}

static void
handle_challenge (PhoneSipAccount     *self,
                  const PhoneSipEvent *event)
{
  if (!self->auth)
    self->auth = phone_sip_account_new_auth (self);

  switch (phone_sip_auth_answer (self->auth, event->handle, event->sip))
    {
    case PHONE_SIP_AUTH_ANSWERED:
      break;
    case PHONE_SIP_AUTH_REFUSED:
      fail (self, (guint) event->status, event->phrase, choose_wait (self, event->sip));
      break;
    case PHONE_SIP_AUTH_UNSUPPORTED:
      fail (self, (guint) event->status, "No supported authentication method", 0);
      break;
    }
}

static void
handle_answer (PhoneSipAccount     *self,
               const PhoneSipEvent *event)
{
  const char *text = NULL;
  guint status;

  if (event->status < 200)
    return;

  if ((event->status == 401 || event->status == 407) && event->sip)
    {
      handle_challenge (self, event);
      return;
    }

  g_clear_handle_id (&self->answer_source, g_source_remove);
  if (event->status < 300)
    {
      if (self->auth)
        phone_sip_auth_reset (self->auth);
      set_state (self, PHONE_ACCOUNT_REGISTERED, 200, "");
      return;
    }

  status = phone_sip_cause_normalise (event->status, event->phrase, &text);
  fail (self, status, text, event->status == 904 ? 0 : choose_wait (self, event->sip));
}

static void
handle_leave_answer (PhoneSipAccount     *self,
                     const PhoneSipEvent *event)
{
  if (event->status < 200)
    return;

  if ((event->status == 401 || event->status == 407) && event->sip)
    {
      if (!self->auth)
        self->auth = phone_sip_account_new_auth (self);
      if (phone_sip_auth_answer (self->auth, event->handle, event->sip) == PHONE_SIP_AUTH_ANSWERED)
        return;
    }

  let_go (self);
  set_state (self, self->enabled ? PHONE_ACCOUNT_UNREGISTERED : PHONE_ACCOUNT_DISABLED, 0, "");
  if (self->left)
    self->left (self, self->left_data);
}

/*
 * Only when something went wrong with nua_authenticate(). 202: a second challenge that it does not know (SHA-256 beside MD5)
 * made the library give the request up, but it did take the credentials: a new request has them.
 */
static void
handle_credentials_result (PhoneSipAccount     *self,
                           const PhoneSipEvent *event)
{
  if (self->leaving)
    return;

  if (event->status == 202 && self->target)
    send_register (self);
  else
    fail (self, 401, "No supported authentication method", 0);
}

static void
on_event (const PhoneSipEvent *event,
          gpointer             owner)
{
  PhoneSipAccount *self = owner;

  switch ((int) event->event)
    {
    case nua_r_register:
      if (!self->leaving)
        handle_answer (self, event);
      break;
    case nua_r_unregister:
      if (self->leaving)
        handle_leave_answer (self, event);
      break;
    case nua_r_authenticate:
      handle_credentials_result (self, event);
      break;
    default:
      break;
    }
}

static gboolean
open_handle (PhoneSipAccount *self,
             nua_t           *agent)
{
  g_autofree char *from = phone_sip_account_dup_from (self);
  g_autofree char *registrar = phone_sip_uri_to_string (self->domain);
  nua_handle_t *handle;

  handle = nua_handle (agent, NULL, NUTAG_URL (registrar), SIPTAG_TO_STR (from), TAG_END ());
  if (!handle)
    return FALSE;

  self->target = phone_sip_target_new (self->stack, handle, on_event, self);
  g_free (self->call_id);
  self->call_id = phone_sip_token_new_call_id (self->number, self->local_address);
  g_free (self->from_tag);
  self->from_tag = phone_sip_token_new ();
  return TRUE;
}

/* Where requests of this account go first: sip:address:port, with the name already looked up. */
static char *
format_hop (PhoneSipAccount *self)
{
  const PhoneSipUri *hop = self->proxy ? self->proxy : self->domain;
  g_autoptr (PhoneSipUri) uri = phone_sip_uri_new (NULL, self->address, hop->port, hop->transport);

  return phone_sip_uri_to_string (uri);
}

static void
send_register (PhoneSipAccount *self)
{
  g_autofree char *from = phone_sip_account_dup_from (self);
  g_autofree char *tagged = g_strdup_printf ("%s;tag=%s", from, self->from_tag);
  g_autofree char *registrar = phone_sip_uri_to_string (self->domain);
  g_autofree char *proxy = self->proxy ? phone_sip_uri_to_string (self->proxy) : NULL;
  g_autofree char *route = proxy ? g_strdup_printf ("<%s;lr>", proxy) : NULL;
  g_autofree char *hop = format_hop (self);
  g_autofree char *expires = g_strdup_printf ("%u", self->expires_s);
  g_autofree char *contact = NULL;

  contact = phone_sip_uri_format_contact (self->user_name, self->local_address, phone_sip_stack_get_port (self->stack),
                                          self->transport);
  nua_register (phone_sip_target_get_handle (self->target),
                NUTAG_REGISTRAR (registrar),
                NUTAG_PROXY (hop),
                NUTAG_OUTBOUND ("no-outbound no-validate no-options-keepalive no-natify"),
                TAG_IF (route, NUTAG_INITIAL_ROUTE_STR (route)),
                SIPTAG_FROM_STR (tagged),
                SIPTAG_CALL_ID_STR (self->call_id),
                SIPTAG_CONTACT_STR (contact),
                SIPTAG_EXPIRES_STR (expires),
                TAG_END ());
}

static void
on_server_resolved (const char *address,
                    gpointer    user_data)
{
  PhoneSipAccount *self = user_data;
  nua_t *agent;

  g_clear_object (&self->lookup);
  if (!address)
    {
      fail (self, 503, "Server not found", self->retry_s);
      return;
    }

  g_free (self->address);
  self->address = g_strdup (address);
  g_free (self->local_address);
  self->local_address = phone_sip_stack_dup_local_address (self->stack, address);

  agent = phone_sip_stack_get_agent (self->stack, address);
  if (!agent || (!self->target && !open_handle (self, agent)))
    {
      fail (self, 503, "No network", self->retry_s);
      return;
    }

  g_clear_handle_id (&self->answer_source, g_source_remove);
  self->answer_source = g_timeout_add (self->timers->register_ms, on_no_answer, self);
  send_register (self);
}

static void
register_now (PhoneSipAccount *self)
{
  const PhoneSipUri *hop = self->proxy ? self->proxy : self->domain;

  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (!self->enabled || self->lookup || self->answer_source || self->leaving)
    return;

  if (self->transport == PHONE_TRANSPORT_TLS)
    {
      fail (self, 503, "TLS is not supported", 0);
      return;
    }
  if (!hop || !*self->user_name)
    {
      fail (self, 0, "No server or user name", 0);
      return;
    }

  if (self->state != PHONE_ACCOUNT_REGISTERED)
    set_state (self, PHONE_ACCOUNT_REGISTERING, 0, "");

  self->lookup = g_cancellable_new ();
  phone_sip_resolve (hop->host, NULL, self->lookup, on_server_resolved, self);
}

/* UDP is the default and is not written into addresses. */
static PhoneSipUri *
make_server_uri (const char     *host,
                 guint           port,
                 PhoneTransport  transport)
{
  g_autoptr (PhoneSipUri) parsed = NULL;

  if (!host || !*host)
    return NULL;

  parsed = phone_sip_uri_for_target (host, NULL, NULL);
  if (!parsed)
    return NULL;

  if (port && !parsed->port)
    parsed->port = port == 5060 ? 0 : port;
  if (transport == PHONE_TRANSPORT_TCP || parsed->transport == PHONE_TRANSPORT_UDP)
    parsed->transport = transport == PHONE_TRANSPORT_TCP ? PHONE_TRANSPORT_TCP : PHONE_TRANSPORT_DNS;
  g_clear_pointer (&parsed->user, g_free);

  return g_steal_pointer (&parsed);
}

static void
wipe_password (PhoneSipAccount *self)
{
  if (self->password)
    explicit_bzero (self->password, strlen (self->password));
  g_clear_pointer (&self->password, g_free);
}

static void
store_config (PhoneSipAccount          *self,
              const PhoneAccountConfig *config)
{
  g_free (self->display_name);
  g_free (self->user_name);
  g_free (self->auth_name);
  wipe_password (self);
  g_clear_pointer (&self->domain, phone_sip_uri_free);
  g_clear_pointer (&self->proxy, phone_sip_uri_free);

  self->enabled = config->enabled;
  self->display_name = g_strdup (config->display_name ? config->display_name : "");
  self->user_name = g_strdup (config->user_name ? config->user_name : "");
  self->auth_name = g_strdup (config->auth_name && *config->auth_name ? config->auth_name : self->user_name);
  self->password = g_strdup (config->password ? config->password : "");
  self->transport = config->transport;
  self->domain = make_server_uri (config->server, config->server_port, config->transport);
  if (config->use_proxy)
    self->proxy = make_server_uri (config->proxy, config->proxy_port, config->transport);
  self->expires_s = config->expires_s ? config->expires_s : 3600;
  self->retry_s = config->retry_s;
  self->unregister_at_exit = config->unregister_at_exit;
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
    register_now (self);
  else
    set_state (self, PHONE_ACCOUNT_DISABLED, 0, "");
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

  register_now (self);
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
  g_autofree char *contact = NULL;

  g_return_if_fail (PHONE_IS_SIP_ACCOUNT (self));

  if (self->leaving)
    return;
  if (self->state != PHONE_ACCOUNT_REGISTERED || !self->target)
    {
      let_go (self);
      return;
    }

  g_clear_handle_id (&self->answer_source, g_source_remove);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  self->leaving = TRUE;
  contact = phone_sip_uri_format_contact (self->user_name, self->local_address, phone_sip_stack_get_port (self->stack),
                                          self->transport);
  nua_unregister (phone_sip_target_get_handle (self->target), SIPTAG_CONTACT_STR (contact), TAG_END ());
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
 * Returns: (nullable): IP literal of the server or proxy, once it was looked up
 */
const char *
phone_sip_account_get_address (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  return self->address;
}

PhoneTransport
phone_sip_account_get_transport (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), PHONE_TRANSPORT_UDP);

  return self->transport;
}

/* (nullable) */
const PhoneSipUri *
phone_sip_account_get_domain (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  return self->domain;
}

/* (nullable): the outbound proxy */
const PhoneSipUri *
phone_sip_account_get_proxy (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  return self->proxy;
}

/**
 * phone_sip_account_dup_from:
 * Returns: (transfer full): our address of record with the display name, without a tag
 */
char *
phone_sip_account_dup_from (PhoneSipAccount *self)
{
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;
  g_autoptr (PhoneSipUri) uri = NULL;

  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);
  g_return_val_if_fail (self->domain != NULL, NULL);

  name = phone_sip_uri_quote_name (self->display_name);
  uri = phone_sip_uri_new (self->user_name, self->domain->host, self->domain->port, PHONE_TRANSPORT_DNS);
  address = phone_sip_uri_to_string (uri);

  return g_strdup_printf ("%s<%s>", name, address);
}

PhoneSipAuth *
phone_sip_account_new_auth (PhoneSipAccount *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_ACCOUNT (self), NULL);

  return phone_sip_auth_new (self->auth_name ? self->auth_name : "", self->password ? self->password : "");
}

static void
phone_sip_account_dispose (GObject *object)
{
  PhoneSipAccount *self = PHONE_SIP_ACCOUNT (object);

  let_go (self);
  wipe_password (self);
  g_clear_pointer (&self->domain, phone_sip_uri_free);
  g_clear_pointer (&self->proxy, phone_sip_uri_free);
  g_clear_pointer (&self->display_name, g_free);
  g_clear_pointer (&self->user_name, g_free);
  g_clear_pointer (&self->auth_name, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->local_address, g_free);
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

  return self;
}
