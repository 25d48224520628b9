/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-registration.h"

#include "sip-cause.h"
#include "sip-dns.h"
#include "sip-locator.h"
#include "sip-message.h"
#include "sip-resolver.h"
#include "sip-sockets.h"
#include "sip-target.h"
#include "sip-token.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * The library refreshes the registration; where it goes, failures, challenges and retries are decided here.
 *
 *   UNREGISTERED -> REGISTERING -> REGISTERED
 *                     |  ^  ^          |
 *        next address +--+  | retry    | refresh refused or unanswered
 *                     v     |          v
 *                    FAILED-+<---------+
 *
 * One try is: look the names up (when that was long ago), choose a hop, look at its certificate (TLS), send REGISTER. A hop
 * that does not answer, or answers 503, is left for the next; when none is left the try has failed.
 */

#define MAX_RETRY_AFTER_S 1800
#define MAX_PATIENCE_MS 32000
/* A server that takes the connection and says nothing is as bad as one that is gone. */
#define PROBE_LIMIT_S 3

struct _PhoneSipRegistration {
  GObject                      parent_instance;

  PhoneSipStack               *stack;
  const PhoneSipTimers        *timers;
  PhoneSipRegistrationChanged  changed;
  gpointer                     changed_data;

  guint                        account;
  char                        *display_name;
  char                        *user_name;
  PhoneSipKeyring             *keyring;
  PhoneSipUri                 *domain;
  char                        *proxy_route;      /* nullable: Route of the configured outbound proxy */
  GPtrArray                   *origins;
  PhoneSipRoute               *route;
  guint                        expires_s;
  guint                        retries;
  guint                        retry_s;
  guint                        retry_max_s;
  gboolean                     public_contact;

  PhoneAccountState            state;
  guint                        status;
  char                        *text;
  PhoneSignalingFault          fault;

  GCancellable                *waiting;          /* for DNS or a look at a certificate */
  gboolean                     located;          /* in this try */
  PhoneSipHop                 *hop;              /* in use */
  PhoneSipTarget              *target;
  nua_t                       *agent;            /* of the target */
  PhoneSipAuth                *auth;
  char                        *local_address;
  char                        *call_id;
  char                        *from_tag;
  char                        *service_route;    /* nullable: RFC 3608 */
  char                        *public_address;   /* nullable: where the server sees us */
  guint                        public_port;
  gboolean                     asked;            /* the answer that comes is to a request of ours, not to a refresh */
  gboolean                     leaving;          /* un-REGISTER is on its way */
  guint                        dns_source;
  guint                        answer_source;
  guint                        retry_source;
  guint                        return_source;
  guint                        failures;         /* tries that failed, one after the other */
  PhoneSignalingFault          worst;            /* what the hops of this try failed of */
  guint                        worst_status;
  char                        *worst_text;       /* nullable: none has failed yet */
};

G_DEFINE_FINAL_TYPE (PhoneSipRegistration, phone_sip_registration, G_TYPE_OBJECT)

static void begin (PhoneSipRegistration *self);
static void attempt (PhoneSipRegistration *self,
                     gboolean              of_its_own);
static void send_register (PhoneSipRegistration *self);

static gint64
get_now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

/* The one writer of the state. */
static void
set_state (PhoneSipRegistration *self,
           PhoneAccountState     state,
           guint                 status,
           const char           *text,
           PhoneSignalingFault   fault)
{
  if (self->state == state && self->status == status && self->fault == fault && g_strcmp0 (self->text, text) == 0)
    return;

  g_debug ("Registration of %s at %s: %s -> %s %u %s", self->user_name, self->domain->host,
           phone_account_state_to_string (self->state), phone_account_state_to_string (state), status, text ? text : "");
  self->state = state;
  self->status = status;
  self->fault = fault;
  g_free (self->text);
  self->text = g_utf8_make_valid (text ? text : "", -1);
  self->changed (self, self->changed_data);
}

static void
stop_waiting (PhoneSipRegistration *self)
{
  if (self->waiting)
    g_cancellable_cancel (self->waiting);
  g_clear_object (&self->waiting);
  g_clear_handle_id (&self->dns_source, g_source_remove);
  g_clear_handle_id (&self->answer_source, g_source_remove);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->return_source, g_source_remove);
}

/* A fresh handle for the next request: what the library keeps of one that failed is not to be relied on. */
static void
drop_handle (PhoneSipRegistration *self)
{
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->auth, phone_sip_auth_free);
  self->agent = NULL;
}

static gboolean
on_retry (gpointer user_data)
{
  PhoneSipRegistration *self = user_data;

  self->retry_source = 0;
  begin (self);

  return G_SOURCE_REMOVE;
}

/*
 * The wait doubles with each failure and is drawn at random from its upper half, so that a thousand phones do not come back
 * to a server in step (RFC 5626 §4.5). A Retry-After longer than that is obeyed.
 */
static guint
choose_wait_ms (PhoneSipRegistration *self,
                guint                 retry_after_s)
{
  guint64 wait_ms = (guint64) self->retry_s * 1000;
  guint64 cap_ms = (guint64) MAX (self->retry_s, self->retry_max_s) * 1000;

  for (guint i = 1; i < self->failures && wait_ms < cap_ms; i++)
    wait_ms *= 2;
  wait_ms = MIN (wait_ms, cap_ms);
  wait_ms = wait_ms / 2 + (guint64) (g_random_double () * (double) (wait_ms / 2));

  return (guint) MAX (wait_ms, (guint64) MIN (retry_after_s, MAX_RETRY_AFTER_S) * 1000);
}

static void
fail (PhoneSipRegistration *self,
      guint                 status,
      const char           *text,
      PhoneSignalingFault   fault,
      gboolean              again,
      guint                 retry_after_s)
{
  stop_waiting (self);
  drop_handle (self);
  self->failures++;
  if (again && self->retry_s > 0)
    self->retry_source = g_timeout_add (choose_wait_ms (self, retry_after_s), on_retry, self);

  set_state (self, PHONE_ACCOUNT_FAILED, status, text, fault);
}

static guint
read_retry_after (const sip_t *sip)
{
  return sip && sip->sip_retry_after ? (guint) MIN (sip->sip_retry_after->af_delta, G_MAXUINT / 2) : 0;
}

/* The hop in use does not serve us: on to the next, or the try is over. */
static void
hop_failed (PhoneSipRegistration *self,
            guint                 status,
            const char           *text,
            PhoneSignalingFault   fault,
            guint                 retry_after_s)
{
  g_autofree char *name = phone_sip_hop_to_string (self->hop);

  g_info ("Account %u: %s: %u %s", self->account, name, status, text);
  /* That a certificate was refused says more than that another address does not answer. */
  if (!self->worst_text || fault >= self->worst)
    {
      self->worst = fault;
      self->worst_status = status;
      g_free (self->worst_text);
      self->worst_text = g_strdup (text);
    }
  if (phone_sip_route_fail (self->route, self->hop, get_now_ms ()))
    {
      stop_waiting (self);
      drop_handle (self);
      attempt (self, FALSE);
    }
  else
    {
      g_autofree char *worst_text = g_steal_pointer (&self->worst_text);

      fail (self, self->worst_status, worst_text, self->worst, TRUE, retry_after_s);
    }
}

static gboolean
on_no_answer (gpointer user_data)
{
  PhoneSipRegistration *self = user_data;

  self->answer_source = 0;
  hop_failed (self, 408, "Request Timeout", PHONE_SIGNALING_FAULT_NONE, 0);

  return G_SOURCE_REMOVE;
}

static gboolean
on_return (gpointer user_data)
{
  PhoneSipRegistration *self = user_data;

  self->return_source = 0;
  begin (self);

  return G_SOURCE_REMOVE;
}

/* Registered, but not at the first address: when to look again whether it serves. */
static void
plan_return (PhoneSipRegistration *self)
{
  guint ms = phone_sip_route_get_return_ms (self->route, get_now_ms ());

  g_clear_handle_id (&self->return_source, g_source_remove);
  if (ms > 0)
    self->return_source = g_timeout_add (ms, on_return, self);
}

static PhoneSipAuth *
get_auth (PhoneSipRegistration *self)
{
  if (!self->auth)
    self->auth = phone_sip_auth_new (self->keyring);

  return self->auth;
}

static void
handle_challenge (PhoneSipRegistration *self,
                  const PhoneSipEvent  *event)
{
  switch (phone_sip_auth_answer (get_auth (self), event->handle, event->sip))
    {
    case PHONE_SIP_AUTH_ANSWERED:
      break;
    case PHONE_SIP_AUTH_REFUSED:
      fail (self, (guint) event->status, event->phrase, PHONE_SIGNALING_FAULT_NONE, TRUE, read_retry_after (event->sip));
      break;
    case PHONE_SIP_AUTH_UNSUPPORTED:
      fail (self, (guint) event->status, "No supported authentication method", PHONE_SIGNALING_FAULT_AUTHENTICATION, FALSE, 0);
      break;
    }
}

static char *
dup_contact (PhoneSipRegistration *self)
{
  gboolean is_public = self->public_contact && self->public_address;

  return phone_sip_uri_format_contact (self->user_name, is_public ? self->public_address : self->local_address,
                                       is_public ? self->public_port
                                                 : phone_sip_stack_get_port (self->stack, self->hop->transport),
                                       self->hop->transport);
}

/* RFC 3581: where the server sees us. Returns whether that is news. */
static gboolean
read_public_address (PhoneSipRegistration *self,
                     const sip_t          *sip)
{
  const sip_via_t *via = sip ? sip->sip_via : NULL;
  const char *address, *rport;
  guint64 port = 0;

  if (!self->public_contact || !via || !via->v_rport || self->hop->transport != PHONE_TRANSPORT_UDP)
    return FALSE;

  address = via->v_received ? via->v_received : via->v_host;
  rport = via->v_rport;
  if (!address || !phone_sip_is_address (address) || !g_ascii_string_to_unsigned (rport, 10, 1, 65535, &port, NULL))
    return FALSE;
  if (g_strcmp0 (self->public_address, address) == 0 && self->public_port == (guint) port)
    return FALSE;

  g_free (self->public_address);
  self->public_address = g_strdup (address);
  self->public_port = (guint) port;
  return TRUE;
}

static void
handle_success (PhoneSipRegistration *self,
                const PhoneSipEvent  *event)
{
  gboolean was_refresh = !self->asked;

  g_clear_handle_id (&self->answer_source, g_source_remove);
  phone_sip_route_succeed (self->route, self->hop);
  self->asked = FALSE;
  self->failures = 0;
  g_clear_pointer (&self->worst_text, g_free);
  if (self->auth)
    phone_sip_auth_reset (self->auth);

  g_free (self->service_route);
  self->service_route = event->sip ? phone_sip_message_dup_header (event->sip, "Service-Route") : NULL;

  if (read_public_address (self, event->sip))
    {
      send_register (self);
      return;
    }
  set_state (self, PHONE_ACCOUNT_REGISTERED, 200, "", PHONE_SIGNALING_FAULT_NONE);
  plan_return (self);

  /* A refresh of the library went where the last one went. Failback comes now. */
  if (was_refresh && !phone_sip_route_is_first (self->route) && phone_sip_route_get_return_ms (self->route, get_now_ms ()) == 0)
    attempt (self, TRUE);
}

/* Whether the hop is to blame rather than what was asked (RFC 3263 §4.3). */
static gboolean
is_hop_failure (const PhoneSipEvent *event)
{
  return event->status == 503 || (event->status == 408 && phone_sip_event_is_from_library (event));
}

static void
handle_answer (PhoneSipRegistration *self,
               const PhoneSipEvent  *event)
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
  if (event->status < 300)
    {
      handle_success (self, event);
      return;
    }

  g_clear_handle_id (&self->answer_source, g_source_remove);
  status = phone_sip_cause_normalise (event->status, event->phrase, &text);
  if (is_hop_failure (event))
    hop_failed (self, status, text,
                phone_sip_event_is_from_library (event) ? PHONE_SIGNALING_FAULT_UNREACHABLE : PHONE_SIGNALING_FAULT_NONE,
                read_retry_after (event->sip));
  else
    fail (self, status, text, PHONE_SIGNALING_FAULT_NONE, event->status != 904, read_retry_after (event->sip));
}

static void
handle_leave_answer (PhoneSipRegistration *self,
                     const PhoneSipEvent  *event)
{
  if (event->status < 200)
    return;
  if ((event->status == 401 || event->status == 407) && event->sip &&
      phone_sip_auth_answer (get_auth (self), event->handle, event->sip) == PHONE_SIP_AUTH_ANSWERED)
    return;

  phone_sip_registration_stop (self);
}

static void
on_event (const PhoneSipEvent *event,
          gpointer             owner)
{
  PhoneSipRegistration *self = owner;
  g_autoptr (PhoneSipRegistration) alive = g_object_ref (self);

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
      /* Only when something went wrong with nua_authenticate(). */
      if (!self->leaving)
        fail (self, 401, "No supported authentication method", PHONE_SIGNALING_FAULT_AUTHENTICATION, FALSE, 0);
      break;
    default:
      break;
    }
}

static char *
dup_from (PhoneSipRegistration *self)
{
  g_autofree char *name = phone_sip_uri_quote_name (self->display_name);
  g_autoptr (PhoneSipUri) uri = phone_sip_uri_new (self->user_name, self->domain->host, self->domain->port,
                                                   PHONE_TRANSPORT_DNS);
  g_autofree char *address = phone_sip_uri_to_string (uri);

  return g_strdup_printf ("%s<%s>", name, address);
}

static gboolean
open_handle (PhoneSipRegistration *self,
             nua_t                *agent)
{
  g_autofree char *from = dup_from (self);
  g_autofree char *registrar = phone_sip_uri_to_string (self->domain);
  nua_handle_t *handle = nua_handle (agent, NULL, NUTAG_URL (registrar), SIPTAG_TO_STR (from), TAG_END ());

  if (!handle)
    return FALSE;

  self->target = phone_sip_target_new (self->stack, handle, on_event, self);
  self->agent = agent;
  g_free (self->call_id);
  self->call_id = phone_sip_token_new_call_id (self->account, self->local_address);
  g_free (self->from_tag);
  self->from_tag = phone_sip_token_new ();
  return TRUE;
}

static void
send_register (PhoneSipRegistration *self)
{
  g_autofree char *from = dup_from (self);
  g_autofree char *tagged = g_strdup_printf ("%s;tag=%s", from, self->from_tag);
  g_autofree char *registrar = phone_sip_uri_to_string (self->domain);
  g_autofree char *hop = phone_sip_hop_to_url (self->hop);
  g_autofree char *expires = g_strdup_printf ("%u", self->expires_s);
  g_autofree char *contact = dup_contact (self);

  self->asked = TRUE;
  nua_register (phone_sip_target_get_handle (self->target),
                NUTAG_REGISTRAR (registrar),
                NUTAG_PROXY (hop),
                NUTAG_OUTBOUND ("no-outbound no-validate no-options-keepalive no-natify"),
                TAG_IF (self->proxy_route, NUTAG_INITIAL_ROUTE_STR (self->proxy_route)),
                SIPTAG_FROM_STR (tagged),
                SIPTAG_CALL_ID_STR (self->call_id),
                SIPTAG_CONTACT_STR (contact),
                SIPTAG_EXPIRES_STR (expires),
                TAG_END ());
}

/* The hop is chosen and may be used. */
static void
register_at_hop (PhoneSipRegistration *self)
{
  nua_t *agent = phone_sip_stack_get_agent (self->stack, self->hop->address, self->hop->transport);
  guint limit_ms = phone_sip_route_get_n_hops (self->route) > 1 ? phone_sip_registration_get_patience_ms (self)
                                                                : self->timers->register_ms;

  g_free (self->local_address);
  self->local_address = phone_sip_stack_dup_local_address (self->stack, self->hop->address);
  if (self->target && self->agent != agent)
    drop_handle (self);
  if (!agent || (!self->target && !open_handle (self, agent)))
    {
      hop_failed (self, 503, "No network", PHONE_SIGNALING_FAULT_UNREACHABLE, 0);
      return;
    }

  g_clear_handle_id (&self->answer_source, g_source_remove);
  self->answer_source = g_timeout_add (limit_ms, on_no_answer, self);
  send_register (self);
}

static void
on_probed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (PhoneSipRegistration) self = user_data; /* the reference of the look */
  g_autoptr (GError) error = NULL;
  PhoneSignalingFault fault;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  fault = phone_sip_tls_probe_finish (result, &error);
  g_clear_object (&self->waiting);
  if (fault == PHONE_SIGNALING_FAULT_NONE)
    register_at_hop (self);
  else
    hop_failed (self, 503, error->message, fault, 0);
}

static void
probe_hop (PhoneSipRegistration *self)
{
  g_autoptr (GError) error = NULL;

  if (!phone_sip_stack_open_tls (self->stack, &error))
    {
      g_message ("TLS: %s", error->message);
      hop_failed (self, 503, error->message, PHONE_SIGNALING_FAULT_TLS, 0);
      return;
    }

  self->waiting = g_cancellable_new ();
  phone_sip_tls_probe_async (phone_sip_stack_get_tls (self->stack), self->hop, PROBE_LIMIT_S, self->waiting, on_probed,
                             g_object_ref (self));
}

/* Sends REGISTER to the hop whose turn it is. Nothing happens when a registration that stands would go the same way. */
static void
attempt (PhoneSipRegistration *self,
         gboolean              of_its_own)
{
  const PhoneSipHop *chosen = phone_sip_route_choose (self->route, of_its_own, get_now_ms ());
  gboolean same = self->hop && chosen && phone_sip_hop_equal (self->hop, chosen);
  gboolean is_known = same && self->state == PHONE_ACCOUNT_REGISTERED && self->target;

  if (!chosen || (of_its_own && is_known))
    return;
  if (!same)
    {
      g_clear_pointer (&self->hop, phone_sip_hop_free);
      self->hop = phone_sip_hop_copy (chosen);
    }

  if (self->hop->transport == PHONE_TRANSPORT_TLS && !is_known)
    probe_hop (self);
  else
    register_at_hop (self);
}

/* Requests from these addresses are the account's; the one we are registered at stays one of them. */
static void
tell_gate (PhoneSipRegistration *self,
           GPtrArray            *hops)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  for (guint i = 0; i < hops->len; i++)
    g_ptr_array_add (addresses, ((PhoneSipHop *) g_ptr_array_index (hops, i))->address);
  if (self->hop)
    g_ptr_array_add (addresses, self->hop->address);
  g_ptr_array_add (addresses, NULL);
  phone_sip_gate_set_servers (phone_sip_stack_get_gate (self->stack), self, (const char *const *) addresses->pdata);
}

static void
on_located (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (PhoneSipRegistration) self = user_data; /* the reference of the look-up */
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hops = NULL;
  gboolean silent;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  hops = phone_sip_locate_finish (result, &error);
  g_clear_object (&self->waiting);
  g_clear_handle_id (&self->dns_source, g_source_remove);
  if (hops)
    {
      phone_sip_route_set_hops (self->route, hops, get_now_ms ());
      tell_gate (self, hops);
    }

  /* What was found the last time is better than nothing. */
  if (phone_sip_route_get_n_hops (self->route) > 0)
    {
      if (phone_sip_route_choose (self->route, TRUE, get_now_ms ()))
        attempt (self, FALSE);
      return;
    }

  silent = g_error_matches (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_SILENT);
  g_info ("Account %u: %s", self->account, error->message);
  fail (self, 503, error->message, silent ? PHONE_SIGNALING_FAULT_NO_DNS : PHONE_SIGNALING_FAULT_NO_SERVER, TRUE, 0);
}

/* It is said, but not given up: a name server may be slow each time. */
static gboolean
on_slow_dns (gpointer user_data)
{
  PhoneSipRegistration *self = user_data;

  self->dns_source = 0;
  if (self->state != PHONE_ACCOUNT_REGISTERED)
    set_state (self, PHONE_ACCOUNT_FAILED, 503, "no answer from DNS", PHONE_SIGNALING_FAULT_NO_DNS);

  return G_SOURCE_REMOVE;
}

static void
begin (PhoneSipRegistration *self)
{
  gint64 now_ms = get_now_ms ();

  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->return_source, g_source_remove);
  if (self->waiting || self->answer_source || self->leaving)
    return;

  if (self->state != PHONE_ACCOUNT_REGISTERED)
    set_state (self, PHONE_ACCOUNT_REGISTERING, 0, "", PHONE_SIGNALING_FAULT_NONE);

  if (!phone_sip_route_is_stale (self->route, now_ms) && self->failures == 0)
    {
      if (phone_sip_route_choose (self->route, TRUE, now_ms))
        attempt (self, FALSE);
      return;
    }

  self->waiting = g_cancellable_new ();
  self->dns_source = g_timeout_add (self->timers->dns_ms, on_slow_dns, self);
  phone_sip_locate_async (self->origins, self->waiting, on_located, g_object_ref (self));
}

/**
 * phone_sip_registration_start:
 *
 * Registers, unless it is at it already.
 */
void
phone_sip_registration_start (PhoneSipRegistration *self)
{
  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  if (self->state == PHONE_ACCOUNT_UNREGISTERED || (self->state == PHONE_ACCOUNT_FAILED && !self->retry_source))
    begin (self);
}

/**
 * phone_sip_registration_refresh:
 *
 * Registers again now, whatever it was waiting for.
 */
void
phone_sip_registration_refresh (PhoneSipRegistration *self)
{
  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  begin (self);
}

/**
 * phone_sip_registration_network_changed:
 * @news: what happened
 *
 * Without a way to the server the registration has failed, but its handle is kept: when the network comes back at the same
 * address, the same dialogue with the registrar goes on. From another address everything is new, and destroying the handle
 * takes the old contact away. A request that is out may be waited for in vain: it is made anew.
 */
void
phone_sip_registration_network_changed (PhoneSipRegistration *self,
                                        PhoneNetworkNews      news)
{
  g_autofree char *local = NULL;
  gboolean moved, stands, rests;

  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  /* A cable that is out leaves its routes behind: without a network only this machine itself can be reached. */
  if (news == PHONE_NETWORK_DOWN && self->hop && phone_sip_address_is_loopback (self->hop->address))
    return;

  local = self->hop ? phone_sip_stack_find_route (self->stack, self->hop->address) : NULL;
  moved = local && g_strcmp0 (local, self->local_address) != 0;
  stands = self->state == PHONE_ACCOUNT_REGISTERED && local && !moved;
  rests = self->state == PHONE_ACCOUNT_UNREGISTERED;
  if (self->leaving || rests || (news == PHONE_NETWORK_CHANGED && stands))
    return;

  if ((moved && news != PHONE_NETWORK_DOWN) || self->answer_source)
    drop_handle (self);
  stop_waiting (self);
  if (moved)
    g_clear_pointer (&self->public_address, g_free);
  if (news == PHONE_NETWORK_DOWN)
    {
      set_state (self, PHONE_ACCOUNT_FAILED, 503, "Network unavailable", PHONE_SIGNALING_FAULT_UNREACHABLE);
      return;
    }
  if (self->failures > 0)
    phone_sip_route_forgive (self->route);
  self->failures = 0;
  begin (self);
}

/**
 * phone_sip_registration_hop_failed:
 *
 * A call found the hop in use dead and has said so to the route: registers at the next one.
 */
void
phone_sip_registration_hop_failed (PhoneSipRegistration *self)
{
  const PhoneSipHop *chosen;

  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  chosen = phone_sip_route_peek (self->route);
  if (self->state != PHONE_ACCOUNT_REGISTERED || !chosen || !self->hop || phone_sip_hop_equal (chosen, self->hop) ||
      self->waiting || self->answer_source || self->leaving)
    return;

  attempt (self, FALSE);
}

/**
 * phone_sip_registration_leave:
 *
 * Takes the registration away; phone_sip_registration_is_leaving() until the server answered.
 */
void
phone_sip_registration_leave (PhoneSipRegistration *self)
{
  g_autofree char *contact = NULL;

  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  if (self->leaving)
    return;
  if (self->state != PHONE_ACCOUNT_REGISTERED || !self->target || self->waiting)
    {
      phone_sip_registration_stop (self);
      return;
    }

  stop_waiting (self);
  self->leaving = TRUE;
  contact = dup_contact (self);
  nua_unregister (phone_sip_target_get_handle (self->target), SIPTAG_CONTACT_STR (contact), TAG_END ());
}

/**
 * phone_sip_registration_stop:
 *
 * Lets go of everything without waiting. Destroying the handle takes an idle registration away.
 */
void
phone_sip_registration_stop (PhoneSipRegistration *self)
{
  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  stop_waiting (self);
  drop_handle (self);
  self->leaving = FALSE;
  self->failures = 0;
  set_state (self, PHONE_ACCOUNT_UNREGISTERED, 0, "", PHONE_SIGNALING_FAULT_NONE);
}

/**
 * phone_sip_registration_set_retry:
 *
 * How often it tries again from the next failure on.
 */
void
phone_sip_registration_set_retry (PhoneSipRegistration *self,
                                  guint                 retry_s,
                                  guint                 retry_max_s)
{
  g_return_if_fail (PHONE_IS_SIP_REGISTRATION (self));

  self->retry_s = retry_s;
  self->retry_max_s = retry_max_s;
}

PhoneAccountState
phone_sip_registration_get_state (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), PHONE_ACCOUNT_DISABLED);

  return self->state;
}

/**
 * phone_sip_registration_get_status:
 * Returns: SIP code of the last failure, 0 when there was none
 */
guint
phone_sip_registration_get_status (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), 0);

  return self->status;
}

/**
 * phone_sip_registration_get_text:
 * Returns: (transfer none): what goes with the status, "" when there is nothing
 */
const char *
phone_sip_registration_get_text (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), "");

  return self->text ? self->text : "";
}

/**
 * phone_sip_registration_get_fault:
 * Returns: what was wrong below SIP, with the last failure
 */
PhoneSignalingFault
phone_sip_registration_get_fault (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), PHONE_SIGNALING_FAULT_NONE);

  return self->fault;
}

/**
 * phone_sip_registration_is_leaving:
 * Returns: whether its binding is being taken back
 */
gboolean
phone_sip_registration_is_leaving (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), FALSE);

  return self->leaving;
}

/**
 * phone_sip_registration_get_domain:
 * Returns: (transfer none) (nullable): where numbers of this account belong
 */
const PhoneSipUri *
phone_sip_registration_get_domain (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), NULL);

  return self->domain;
}

/**
 * phone_sip_registration_get_route:
 * Returns: (transfer none): the addresses of the server and which of them is in use; empty before the first look-up
 */
PhoneSipRoute *
phone_sip_registration_get_route (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), NULL);

  return self->route;
}

/* (transfer none) (element-type PhoneSipOrigin) */
GPtrArray *
phone_sip_registration_get_origins (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), NULL);

  return self->origins;
}

/**
 * phone_sip_registration_get_preloaded:
 * Returns: (nullable): Route headers of requests outside a dialog: what the registrar said (RFC 3608), else the outbound
 *   proxy
 */
const char *
phone_sip_registration_get_preloaded (PhoneSipRegistration *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), NULL);

  return self->service_route ? self->service_route : self->proxy_route;
}

/**
 * phone_sip_registration_get_public_address:
 * @port: (out): the port that belongs to it
 *
 * Returns: (nullable): where the server sees us, when Contact is to say so
 */
const char *
phone_sip_registration_get_public_address (PhoneSipRegistration *self,
                                           guint                *port)
{
  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  *port = self->public_port;
  return self->public_contact ? self->public_address : NULL;
}

/**
 * phone_sip_registration_get_patience_ms:
 * Returns: the time in which a request over UDP is sent the configured number of times again (RFC 3261 §17.1.2.2)
 */
guint
phone_sip_registration_get_patience_ms (PhoneSipRegistration *self)
{
  guint64 ms = 0, step;

  g_return_val_if_fail (PHONE_IS_SIP_REGISTRATION (self), MAX_PATIENCE_MS);

  step = self->timers->t1_ms;
  for (guint i = 0; i <= self->retries && ms < MAX_PATIENCE_MS; i++)
    {
      ms += step;
      step = MIN (2 * step, MAX (self->timers->t2_ms, self->timers->t1_ms));
    }

  return (guint) MIN (ms, MAX_PATIENCE_MS);
}

static void
phone_sip_registration_dispose (GObject *object)
{
  PhoneSipRegistration *self = PHONE_SIP_REGISTRATION (object);

  stop_waiting (self);
  drop_handle (self);
  if (self->stack)
    phone_sip_gate_set_servers (phone_sip_stack_get_gate (self->stack), self, NULL);
  g_clear_pointer (&self->keyring, phone_sip_keyring_unref);
  g_clear_pointer (&self->display_name, g_free);
  g_clear_pointer (&self->user_name, g_free);
  g_clear_pointer (&self->domain, phone_sip_uri_free);
  g_clear_pointer (&self->proxy_route, g_free);
  g_clear_pointer (&self->origins, g_ptr_array_unref);
  g_clear_pointer (&self->route, phone_sip_route_unref);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->hop, phone_sip_hop_free);
  g_clear_pointer (&self->local_address, g_free);
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->from_tag, g_free);
  g_clear_pointer (&self->service_route, g_free);
  g_clear_pointer (&self->public_address, g_free);
  g_clear_pointer (&self->worst_text, g_free);
  g_clear_object (&self->stack);

  G_OBJECT_CLASS (phone_sip_registration_parent_class)->dispose (object);
}

static void
phone_sip_registration_class_init (PhoneSipRegistrationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_sip_registration_dispose;
}

static void
phone_sip_registration_init (PhoneSipRegistration *self)
{
  self->state = PHONE_ACCOUNT_UNREGISTERED;
}

/**
 * phone_sip_registration_new:
 * @timers: (transfer none): must outlive the registration
 * @identity: copied
 * @config: copied
 * @changed: called after each change of the state
 *
 * Returns: (transfer full): a registration at rest; see phone_sip_registration_start()
 */
PhoneSipRegistration *
phone_sip_registration_new (PhoneSipStack                    *stack,
                            const PhoneSipTimers             *timers,
                            const PhoneSipIdentity           *identity,
                            const PhoneSipRegistrationConfig *config,
                            PhoneSipRegistrationChanged       changed,
                            gpointer                          user_data)
{
  PhoneSipRegistration *self;
  g_autofree char *proxy = NULL;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (stack), NULL);
  g_return_val_if_fail (timers != NULL && identity != NULL && config != NULL && changed != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SIP_REGISTRATION, NULL);
  self->stack = g_object_ref (stack);
  self->timers = timers;
  self->changed = changed;
  self->changed_data = user_data;
  self->account = identity->account;
  self->display_name = g_strdup (identity->display_name);
  self->user_name = g_strdup (identity->user_name);
  self->keyring = phone_sip_keyring_ref (identity->keyring);
  self->domain = phone_sip_uri_copy (config->domain);
  proxy = config->proxy ? phone_sip_uri_to_string (config->proxy) : NULL;
  self->proxy_route = proxy ? g_strdup_printf ("<%s;lr>", proxy) : NULL;
  self->origins = g_ptr_array_ref (config->origins);
  self->route = phone_sip_route_new (config->failback, config->failback_s);
  self->expires_s = config->expires_s;
  self->retries = config->retries;
  self->retry_s = config->retry_s;
  self->retry_max_s = config->retry_max_s;
  self->public_contact = config->public_contact;

  return self;
}
