/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-dns.h"
#include "sip-locator.h"
#include "sip-message.h"
#include "sip-resolver.h"
#include "sip-session-private.h"
#include "sip-tls.h"
#include "sip-token.h"
#include "sip-trace.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * Outgoing calls: INVITE, provisional and final responses, redirection, early media.
 *
 *        us                     peer
 *         |-------INVITE-------->|   CALLING
 *         |<-------100-----------|   PROCEEDING
 *         |<-------180-----------|
 *         |<-------200-----------|
 *         |---------ACK--------->|   ACTIVE
 */

/* A server that takes the connection and says nothing is as bad as one that is gone. */
#define PROBE_LIMIT_S 3
#define MAX_BRANCHES 16     /* of a fork, whose early answers are kept */

static void start (PhoneSipSession *self);
static gboolean goes_by_account (PhoneSipSession *self);
static void try_hop (PhoneSipSession *self);

static gint64
get_now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static char *
format_from (PhoneSipSession *self,
             const char      *local_address)
{
  g_autoptr (PhoneSipUri) uri = NULL;
  g_autofree char *address = NULL;

  if (self->account)
    return phone_sip_account_dup_from (self->account, self->registration);

  /* Without an account our address is the number the other side can call back. */
  uri = phone_sip_uri_new (NULL, local_address, phone_sip_stack_get_port (self->stack, self->hop->transport),
                           PHONE_TRANSPORT_DNS);
  uri->secure = self->uri->secure;
  address = phone_sip_uri_to_string (uri);
  return g_strdup_printf ("<%s>", address);
}

static char *
format_to (PhoneSipSession *self)
{
  g_autoptr (PhoneSipUri) uri = phone_sip_uri_copy (self->uri);
  g_autofree char *address = NULL;

  uri->transport = PHONE_TRANSPORT_DNS;
  address = phone_sip_uri_to_string (uri);
  return g_strdup_printf ("<%s>", address);
}

static gboolean
open_handle (PhoneSipSession *self,
             nua_t           *agent,
             const char      *from)
{
  g_autofree char *url = phone_sip_uri_to_string (self->uri);
  g_autofree char *to = format_to (self);
  nua_handle_t *handle;

  handle = nua_handle (agent, NULL, NUTAG_URL (url), SIPTAG_TO_STR (to), SIPTAG_FROM_STR (from), TAG_END ());
  if (!handle)
    return FALSE;

  phone_sip_session_bind (self, handle);
  return TRUE;
}

/* What the account's server asked for at other calls. */
static void
write_credentials (PhoneSipSession   *self,
                   const char        *sdp,
                   PhoneSipAuthAhead *ahead)
{
  g_autofree char *url = phone_sip_uri_to_string (self->uri);

  if (!goes_by_account (self))
    return;
  if (!self->auth)
    self->auth = phone_sip_account_new_auth (self->account);
  phone_sip_auth_write_ahead (self->auth, "INVITE", url, sdp, ahead);
}

static void
send_invite (PhoneSipSession *self,
             const char      *local_address)
{
  const char *preloaded = self->registration ? phone_sip_registration_get_preloaded (self->registration) : NULL;
  g_autofree char *hop = phone_sip_hop_to_url (self->hop);
  g_autofree char *sdp = self->offer ? phone_sip_sdp_write (self->origin, self->offer, NULL) : NULL;
  g_autofree char *call_id = NULL;
  g_autofree char *supported = phone_sip_session_dup_supported (self);
  g_autofree char *expires = phone_sip_session_timer_dup_offer (&self->session_timer);
  g_autofree char *min = phone_sip_session_timer_dup_min (&self->session_timer);
  g_autofree char *diversion = phone_sip_diversion_dup_lines (&self->diversion);
  g_auto (PhoneSipAuthAhead) ahead = { 0 };

  call_id = phone_sip_token_new_call_id (self->account ? phone_sip_account_get_number (self->account) : 0, local_address);
  phone_sip_trace_name_call (call_id, self->trace_call);
  phone_sip_session_set_peer (self, self->hop->address, self->hop->transport);
  phone_sip_session_clear_dialog (self);
  phone_sip_session_start_at (self, hop);
  self->unanswered = 0;
  g_hash_table_remove_all (self->early);

  write_credentials (self, sdp, &ahead);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_CALLING);
  nua_invite (phone_sip_session_get_handle (self),
              NUTAG_MEDIA_ENABLE (0),
              NUTAG_AUTOANSWER (0),
              NUTAG_AUTOACK (0),
              NUTAG_PROXY (hop),
              TAG_IF (preloaded, NUTAG_INITIAL_ROUTE_STR (preloaded)),
              SIPTAG_CALL_ID_STR (call_id),
              SIPTAG_CONTACT_STR (self->contact),
              SIPTAG_SUPPORTED (SIP_NONE),
              TAG_IF (supported, SIPTAG_UNKNOWN_STR (supported)),
              TAG_IF (expires, SIPTAG_SESSION_EXPIRES_STR (expires)),
              TAG_IF (min, SIPTAG_MIN_SE_STR (min)),
              TAG_IF (self->referred_by, SIPTAG_REFERRED_BY_STR (self->referred_by)),
              TAG_IF (self->replaces, SIPTAG_REPLACES_STR (self->replaces)),
              TAG_IF (diversion, SIPTAG_HEADER_STR (diversion)),
              TAG_IF (sdp, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
              TAG_IF (sdp, SIPTAG_PAYLOAD_STR (sdp)),
              PHONE_SIP_AUTH_AHEAD_TAGS (&ahead),
              TAG_END ());
  phone_sip_session_allow_features (self);
}

/* All that was tried is dead: says so, or goes on with the account's other server. */
static void
round_is_over (PhoneSipSession *self,
               guint            status,
               const char      *text)
{
  PhoneSipRegistration *other = NULL;

  if (self->registration)
    {
      phone_sip_registration_refresh (self->registration);
      other = phone_sip_account_get_other (self->account, self->registration);
    }
  if (!other)
    {
      phone_sip_session_fail (self, (int) status, text);
      return;
    }

  g_info ("Call %u: the server is dead, going on with the other one", self->call);
  g_set_object (&self->registration, other);
  g_clear_pointer (&self->uri, phone_sip_uri_free);
  self->uri = phone_sip_uri_for_target (self->wanted, phone_sip_registration_get_domain (other), NULL);
  if (self->uri)
    start (self);
  else
    phone_sip_session_fail (self, 484, NULL);
}

/* RFC 3263 §4.3: no answer, or 503, from where the INVITE went. Goes on to the next address. */
static void
hop_failed (PhoneSipSession     *self,
            guint                status,
            const char          *text,
            PhoneSignalingFault  fault)
{
  gboolean more = phone_sip_route_fail (self->route, self->hop, get_now_ms ());

  self->fault = MAX (self->fault, fault);
  self->attempts++;
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->auth, phone_sip_auth_free);
  if (more && self->attempts < PHONE_SIP_SESSION_MAX_ATTEMPTS)
    {
      if (self->registration)
        phone_sip_registration_hop_failed (self->registration);
      try_hop (self);
    }
  else
    {
      round_is_over (self, status, text);
    }
}

/* The hop is chosen and may be used. */
static void
call_hop (PhoneSipSession *self)
{
  g_autofree char *local_address = phone_sip_stack_dup_local_address (self->stack, self->hop->address);
  g_autofree char *from = format_from (self, local_address);
  g_autofree char *tag = phone_sip_token_new ();
  g_autofree char *tagged = g_strdup_printf ("%s;tag=%s", from, tag);
  nua_t *agent = phone_sip_stack_get_agent (self->stack, self->hop->address, self->hop->transport);

  self->patience_ms = 0;
  if (phone_sip_route_get_n_hops (self->route) > 1 ||
      (self->registration && phone_sip_account_get_other (self->account, self->registration)))
    self->patience_ms = self->registration ? phone_sip_registration_get_patience_ms (self->registration)
                                           : self->timers->invite_ms / 2;

  if (!agent || !open_handle (self, agent, tagged))
    hop_failed (self, 503, "No network", PHONE_SIGNALING_FAULT_UNREACHABLE);
  else
    send_invite (self, local_address);
}

static void
on_probed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (PhoneSipSession) self = user_data; /* the reference of the look */
  g_autoptr (GError) error = NULL;
  PhoneSignalingFault fault;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  fault = phone_sip_tls_probe_finish (result, &error);
  g_clear_object (&self->lookup);
  if (fault == PHONE_SIGNALING_FAULT_NONE)
    call_hop (self);
  else
    hop_failed (self, 503, error->message, fault);
}

/* A server that is registered at has shown its certificate. */
static gboolean
is_trusted (PhoneSipSession *self)
{
  return self->registration && phone_sip_registration_get_state (self->registration) == PHONE_ACCOUNT_REGISTERED &&
         self->attempts == 0;
}

static void
try_hop (PhoneSipSession *self)
{
  g_autoptr (GError) error = NULL;
  const PhoneSipHop *chosen = phone_sip_route_choose (self->route, FALSE, get_now_ms ());

  g_clear_pointer (&self->hop, phone_sip_hop_free);
  self->hop = phone_sip_hop_copy (chosen);
  if (self->hop->transport != PHONE_TRANSPORT_TLS || is_trusted (self))
    {
      call_hop (self);
      return;
    }

  if (!phone_sip_stack_open_tls (self->stack, &error))
    {
      g_message ("TLS: %s", error->message);
      hop_failed (self, 503, error->message, PHONE_SIGNALING_FAULT_TLS);
      return;
    }
  self->lookup = g_cancellable_new ();
  phone_sip_tls_probe_async (phone_sip_stack_get_tls (self->stack), self->hop, PROBE_LIMIT_S, self->lookup, on_probed,
                             g_object_ref (self));
}

static void
on_located (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (PhoneSipSession) self = user_data; /* the reference of the look-up */
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hops = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  hops = phone_sip_locate_finish (result, &error);
  g_clear_object (&self->lookup);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (hops)
    phone_sip_route_set_hops (self->route, hops, get_now_ms ());

  if (phone_sip_route_get_n_hops (self->route) > 0)
    {
      try_hop (self);
      return;
    }

  self->fault = g_error_matches (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_SILENT) ? PHONE_SIGNALING_FAULT_NO_DNS
                                                                                         : PHONE_SIGNALING_FAULT_NO_SERVER;
  phone_sip_session_fail (self, 503, error->message);
}

/* The C library may wait for a silent name server for half a minute, who dialled does not. */
static gboolean
on_silent_dns (gpointer user_data)
{
  PhoneSipSession *self = user_data;

  self->timer = 0;
  self->fault = PHONE_SIGNALING_FAULT_NO_DNS;
  phone_sip_session_fail (self, 503, "no answer from DNS");

  return G_SOURCE_REMOVE;
}

/* Whether the INVITE goes the account's way: by its proxy, or because the address is one of its server's. One that names no
 * transport, as in the To of a dialog that somebody transfers us to, leaves that to whoever knows the server. */
static gboolean
goes_by_account (PhoneSipSession *self)
{
  const PhoneSipUri *domain;

  if (!self->registration)
    return FALSE;
  if (phone_sip_registration_get_preloaded (self->registration))
    return TRUE;

  domain = phone_sip_registration_get_domain (self->registration);
  return !self->uri->secure && self->uri->port == domain->port &&
         (self->uri->transport == domain->transport || self->uri->transport == PHONE_TRANSPORT_DNS) &&
         g_ascii_strcasecmp (self->uri->host, domain->host) == 0;
}

static void
start (PhoneSipSession *self)
{
  g_autoptr (GPtrArray) origins = NULL;

  g_hash_table_add (self->visited, phone_sip_uri_to_string (self->uri));
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_NEW);
  g_clear_pointer (&self->route, phone_sip_route_unref);
  if (goes_by_account (self))
    {
      self->route = phone_sip_route_ref (phone_sip_registration_get_route (self->registration));
      origins = g_ptr_array_ref (phone_sip_registration_get_origins (self->registration));
    }
  else
    {
      self->route = phone_sip_route_new (PHONE_FAILBACK_NEW_REQUEST, 0);
      origins = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_sip_origin_free);
      g_ptr_array_add (origins, phone_sip_origin_new (self->uri->host, self->uri->port, self->uri->transport,
                                                      self->uri->secure));
    }

  if (phone_sip_route_get_n_hops (self->route) > 0)
    {
      try_hop (self);
      return;
    }
  self->lookup = g_cancellable_new ();
  self->timer = g_timeout_add (self->timers->dns_ms, on_silent_dns, self);
  phone_sip_locate_async (origins, self->lookup, on_located, g_object_ref (self));
}

/**
 * phone_sip_session_invite:
 * @target: a number, a SIP URI or, without an account, `[user@]host[:port]`
 * @offer: (nullable): our offer; %NULL: theirs is wanted. #PHONE_EVENT_ESTABLISHED brings it then, and it must be answered with
 *   phone_sip_session_acknowledge()
 */
void
phone_sip_session_invite (PhoneSipSession *self,
                          const char      *target,
                          PhoneMediaDesc  *offer)
{
  const PhoneSipUri *domain;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  self->outgoing = TRUE;
  self->offer = offer ? phone_media_desc_ref (offer) : NULL;
  self->wanted = g_strdup (target ? target : "");
  if (self->account)
    g_set_object (&self->registration, phone_sip_account_get_registration (self->account));
  domain = self->account ? phone_sip_account_get_domain (self->account) : NULL;
  if (self->account && !domain)
    {
      phone_sip_session_fail (self, 503, "The account has no server");
      return;
    }

  self->uri = phone_sip_uri_for_target (self->wanted, domain, NULL);
  if (!self->uri)
    {
      phone_sip_session_fail (self, 484, NULL);
      return;
    }

  self->number = self->account && self->uri->user ? g_strdup (self->uri->user) : phone_sip_uri_to_number (self->uri);
  start (self);
}

/* The first address of the response that was not tried yet. */
static PhoneSipUri *
choose_redirect (PhoneSipSession *self,
                 const sip_t     *sip)
{
  if (g_hash_table_size (self->visited) > PHONE_SIP_SESSION_MAX_REDIRECTS)
    return NULL;

  for (const sip_contact_t *contact = sip->sip_contact; contact; contact = contact->m_next)
    {
      g_autoptr (PhoneSipUri) uri = phone_sip_message_read_url (contact->m_url);
      g_autofree char *text = uri ? phone_sip_uri_to_string (uri) : NULL;

      /* RFC 3261 §19.1.4: who was called by a sips address is not called by a plain one. */
      if (text && (uri->secure || !self->uri->secure) && !g_hash_table_contains (self->visited, text))
        return g_steal_pointer (&uri);
    }

  return NULL;
}

/* The next INVITE is a new call to whoever gets it. */
static void
forget_attempt (PhoneSipSession *self)
{
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->auth, phone_sip_auth_free);
  g_clear_pointer (&self->remote, phone_sip_sdp_free);
  g_hash_table_remove_all (self->early);
}

/* 422: the same again with the interval they want (RFC 4028 §7.3). */
static gboolean
raise_interval (PhoneSipSession     *self,
                const PhoneSipEvent *event)
{
  PhoneSipSessionTimerHeaders headers = phone_sip_message_read_session_timer (event->sip);

  if (event->status != 422 || !phone_sip_session_timer_raise (&self->session_timer, &headers))
    return FALSE;

  forget_attempt (self);
  start (self);
  return TRUE;
}

/*
 *        us                     peer            other
 *         |-------INVITE-------->|
 *         |<-------302-----------|
 *         |---------ACK--------->|
 *         |----------------INVITE (new Call-ID)--->|
 */
static gboolean
follow_redirect (PhoneSipSession     *self,
                 const PhoneSipEvent *event)
{
  g_autoptr (PhoneSipUri) next = event->sip ? choose_redirect (self, event->sip) : NULL;

  if (!next)
    return FALSE;

  g_info ("Call %u: %d, going on to another address", self->call, event->status);
  forget_attempt (self);
  phone_sip_diversion_read (&self->diversion, event->sip);
  g_clear_pointer (&self->uri, phone_sip_uri_free);
  self->uri = g_steal_pointer (&next);

  if (self->uri->user)
    phone_sip_session_identify (self, self->uri->user, "");
  start (self);
  return TRUE;
}

static const char *
get_branch (const sip_t *sip)
{
  return sip->sip_to && sip->sip_to->a_tag ? sip->sip_to->a_tag : "";
}

/* Takes what a branch of a fork said before the call was answered. */
void
phone_sip_session_keep_early_answer (PhoneSipSession *self,
                                     const char      *branch,
                                     PhoneSipSdp     *sdp)
{
  const char *key = branch ? branch : "";

  phone_sip_session_set_remote (self, sdp);
  if (g_hash_table_size (self->early) < MAX_BRANCHES || g_hash_table_contains (self->early, key))
    g_hash_table_replace (self->early, g_strdup (key), phone_sip_sdp_ref (sdp));
}

/* RFC 3262: a provisional response with RSeq is sent again until PRACK comes. */
static void
acknowledge_provisional (PhoneSipSession     *self,
                         const PhoneSipEvent *event)
{
  sip_rack_t rack[1];

  if (!phone_sip_message_read_reliable (event->sip, rack))
    return;

  phone_sip_session_note_request (self);
  nua_prack (event->handle, SIPTAG_RACK (rack), TAG_END ());
}

static void
handle_provisional (PhoneSipSession     *self,
                    const PhoneSipEvent *event)
{
  PhoneSipSdp *sdp = NULL;

  /* Events about a request sent again have the response that caused it. */
  if (!event->sip || !event->sip->sip_status || event->sip->sip_status->st_status >= 200)
    return;

  if (self->state == PHONE_SIP_SESSION_CANCELLING)
    {
      phone_sip_session_send_cancel (self);
      return;
    }
  if (self->state != PHONE_SIP_SESSION_CALLING && self->state != PHONE_SIP_SESSION_PROCEEDING)
    return;

  phone_sip_session_set_state (self, PHONE_SIP_SESSION_PROCEEDING);
  phone_sip_session_follow_answer (self, event->sip);
  phone_sip_session_note_peer (self, event->sip);
  acknowledge_provisional (self, event);
  if (event->status < 180)
    return;
  phone_sip_session_tell_referrer (self, (guint) event->status);

  phone_sip_session_note_party (self, event->sip);

  /* With forks each branch may send its own early answer; the last one heard is the one played. */
  if (phone_sip_message_read_body (event->sip, &sdp) == PHONE_SIP_BODY_SDP && sdp->desc)
    phone_sip_session_keep_early_answer (self, get_branch (event->sip), sdp);
  else
    g_clear_pointer (&sdp, phone_sip_sdp_free);

  phone_sip_session_post (self, PHONE_EVENT_PROGRESS, (guint) event->status, event->phrase, sdp ? sdp->desc : NULL);
}

static gboolean
take_answer (PhoneSipSession *self,
             const sip_t     *sip)
{
  PhoneSipSdp *sdp = NULL;
  PhoneMediaDesc *desc;

  switch (phone_sip_message_read_body (sip, &sdp))
    {
    case PHONE_SIP_BODY_SDP:
      phone_sip_session_set_remote (self, sdp);
      break;
    case PHONE_SIP_BODY_NONE:
    case PHONE_SIP_BODY_OTHER:
      /* The early answer holds, if there was one: that of this branch. */
      sdp = g_hash_table_lookup (self->early, get_branch (sip));
      phone_sip_session_set_remote (self, sdp ? phone_sip_sdp_ref (sdp) : NULL);
      break;
    case PHONE_SIP_BODY_BROKEN:
      return FALSE;
    }

  g_hash_table_remove_all (self->early);
  desc = phone_sip_session_get_remote_desc (self);
  return desc && phone_media_desc_get_port (desc) != 0; /* port 0: our only stream is refused (RFC 3264 §6) */
}

/* Where the network does not assert who has answered, the name that it put into To is better than none. */
static void
note_answerer (PhoneSipSession *self,
               const sip_t     *sip)
{
  g_autofree char *name = sip->sip_to ? phone_sip_message_dup_name (sip->sip_to->a_display) : NULL;

  if (name && *name)
    phone_sip_session_identify (self, self->number, name);
  phone_sip_session_note_party (self, sip);
}

/* RFC 3264 §6: an offer that leads to nothing is answered all the same, with port 0. */
void
phone_sip_session_decline_offer (PhoneSipSession *self)
{
  PhoneMediaDesc *offer = phone_sip_session_get_remote_desc (self);
  g_autoptr (PhoneMediaDesc) none = phone_media_desc_declined (offer);

  phone_sip_session_acknowledge (self, none);
}

/**
 * phone_sip_session_acknowledge:
 * @answer: our answer to the offer that their 200 brought
 *
 * ACK.
 */
void
phone_sip_session_acknowledge (PhoneSipSession *self,
                               PhoneMediaDesc  *answer)
{
  g_autofree char *sdp = NULL;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (answer != NULL);

  if (self->state != PHONE_SIP_SESSION_OFFERED)
    return;

  sdp = phone_sip_sdp_write (self->origin, answer, self->remote);
  phone_sip_session_set_local (self, answer);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  nua_ack (phone_sip_session_get_handle (self), SIPTAG_CONTENT_TYPE_STR ("application/sdp"), SIPTAG_PAYLOAD_STR (sdp),
           TAG_END ());
}

/* The 200 to an INVITE without an offer. It is acknowledged with the answer, or at once when nobody can give one. */
static void
handle_offer (PhoneSipSession     *self,
              const PhoneSipEvent *event)
{
  gboolean is_first = self->state == PHONE_SIP_SESSION_CALLING || self->state == PHONE_SIP_SESSION_PROCEEDING;
  PhoneSipSdp *sdp = NULL;

  if (self->state == PHONE_SIP_SESSION_OFFERED)
    return; /* again: our answer is on its way */
  if (phone_sip_message_read_body (event->sip, &sdp) != PHONE_SIP_BODY_SDP || !sdp->desc)
    {
      g_clear_pointer (&sdp, phone_sip_sdp_free);
      nua_ack (event->handle, TAG_END ());
      phone_sip_session_report (self, 488, "No usable offer");
      phone_sip_session_say_bye (self);
      return;
    }

  if (self->auth)
    phone_sip_auth_reset (self->auth);
  phone_sip_session_set_remote (self, sdp);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_OFFERED);
  if (!is_first || self->reported)
    {
      /* Hung up while the answer was on its way. */
      phone_sip_session_decline_offer (self);
      phone_sip_session_say_bye (self);
      return;
    }

  phone_sip_session_note_peer (self, event->sip);
  phone_sip_session_agree_timer (self, event->sip);
  phone_sip_session_post (self, PHONE_EVENT_ESTABLISHED, 200, "", sdp->desc);
}

static void
handle_success (PhoneSipSession     *self,
                const PhoneSipEvent *event)
{
  gboolean waits_for_answer = !self->offer && !phone_sip_session_is_running (self) && self->state < PHONE_SIP_SESSION_ENDING;

  phone_sip_session_follow_answer (self, event->sip);
  phone_sip_session_note_dialog (self, event);
  if (waits_for_answer)
    {
      handle_offer (self, event);
      return;
    }
  nua_ack (event->handle, TAG_END ());

  /* Hung up while the answer was on its way. */
  if (self->state == PHONE_SIP_SESSION_CANCELLING || self->reported)
    {
      phone_sip_session_say_bye (self);
      return;
    }
  if (self->state != PHONE_SIP_SESSION_CALLING && self->state != PHONE_SIP_SESSION_PROCEEDING)
    return;

  if (self->auth)
    phone_sip_auth_reset (self->auth);
  if (!take_answer (self, event->sip))
    {
      phone_sip_session_report (self, 488, phone_sip_cause_get_phrase (488));
      phone_sip_session_say_bye (self);
      return;
    }

  phone_sip_session_tell_referrer (self, 200);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  phone_sip_session_set_local (self, self->offer);
  phone_sip_session_note_peer (self, event->sip);
  phone_sip_session_agree_timer (self, event->sip);
  note_answerer (self, event->sip);
  phone_sip_session_post (self, PHONE_EVENT_ESTABLISHED, 200, "", phone_sip_session_get_remote_desc (self));
}

/* Whether the hop is to blame rather than who was called (RFC 3263 §4.3). */
static gboolean
is_hop_failure (PhoneSipSession     *self,
                const PhoneSipEvent *event)
{
  if (self->state != PHONE_SIP_SESSION_CALLING && event->status != 503)
    return FALSE;

  return event->status == 503 || (event->status == 408 && phone_sip_event_is_from_library (event));
}

/* Nothing at all came back from the hop. */
void
phone_sip_session_invite_timeout (PhoneSipSession *self)
{
  hop_failed (self, 408, NULL, PHONE_SIGNALING_FAULT_NONE);
}

/* A response to our first INVITE, on whichever handle it went out last. */
void
phone_sip_session_on_invite_response (PhoneSipSession     *self,
                                      const PhoneSipEvent *event)
{
  if (event->status < 200)
    {
      handle_provisional (self, event);
      return;
    }
  if (event->status < 300)
    {
      if (event->sip)
        handle_success (self, event);
      return;
    }

  if (!phone_sip_event_is_from_library (event) && event->status != 503)
    self->fault = PHONE_SIGNALING_FAULT_NONE; /* somebody has answered */

  /* Over for the user: whatever the refusal is, the transaction is done. */
  if (self->state == PHONE_SIP_SESSION_CANCELLING || self->reported)
    {
      phone_sip_session_finish (self);
      return;
    }

  if ((event->status == 401 || event->status == 407) && event->sip)
    {
      if (phone_sip_session_challenge (self, event))
        return;
      phone_sip_session_fail (self, event->status, event->phrase);
      return;
    }

  if (phone_sip_cause_is_redirect ((guint) event->status) && follow_redirect (self, event))
    return;
  if (is_hop_failure (self, event))
    {
      hop_failed (self, (guint) event->status, event->phrase,
                  phone_sip_event_is_from_library (event) ? PHONE_SIGNALING_FAULT_UNREACHABLE : PHONE_SIGNALING_FAULT_NONE);
      return;
    }
  if (raise_interval (self, event))
    return;

  phone_sip_session_fail (self, event->status, event->phrase);
}
