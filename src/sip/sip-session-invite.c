/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-message.h"
#include "sip-resolver.h"
#include "sip-session-private.h"
#include "sip-token.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

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

static void start (PhoneSipSession *self);

static char *
format_from (PhoneSipSession *self,
             const char      *local_address)
{
  g_autoptr (PhoneSipUri) uri = NULL;
  g_autofree char *address = NULL;

  if (self->account)
    return phone_sip_account_dup_from (self->account);

  /* Without an account our address is the number the other side can call back. */
  uri = phone_sip_uri_new (NULL, local_address, phone_sip_stack_get_port (self->stack), PHONE_TRANSPORT_DNS);
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

/* Where the INVITE goes: the outbound proxy, or what the address names. */
static const PhoneSipUri *
get_hop (PhoneSipSession *self)
{
  const PhoneSipUri *proxy = self->account ? phone_sip_account_get_proxy (self->account) : NULL;

  return proxy ? proxy : self->uri;
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

static void
send_invite (PhoneSipSession *self,
             const char      *peer_address,
             const char      *local_address)
{
  const PhoneSipUri *hop = get_hop (self);
  const PhoneSipUri *proxy = self->account ? phone_sip_account_get_proxy (self->account) : NULL;
  g_autoptr (PhoneSipUri) hop_uri = phone_sip_uri_new (NULL, peer_address, hop->port, hop->transport);
  g_autofree char *hop_text = phone_sip_uri_to_string (hop_uri);
  g_autofree char *proxy_text = proxy ? phone_sip_uri_to_string (proxy) : NULL;
  g_autofree char *route = proxy ? g_strdup_printf ("<%s;lr>", proxy_text) : NULL;
  g_autofree char *sdp = phone_sip_sdp_write (self->origin, self->offer, NULL);
  g_autofree char *call_id = NULL;
  const char *user = self->account ? phone_sip_account_get_user (self->account) : NULL;

  call_id = phone_sip_token_new_call_id (self->account ? phone_sip_account_get_number (self->account) : 0, local_address);
  g_free (self->contact);
  self->contact = phone_sip_uri_format_contact (user, local_address, phone_sip_stack_get_port (self->stack), hop->transport);
  self->by_name = !phone_sip_is_address (hop->host);

  phone_sip_session_set_state (self, PHONE_SIP_SESSION_CALLING);
  nua_invite (phone_sip_session_get_handle (self),
              NUTAG_MEDIA_ENABLE (0),
              NUTAG_AUTOANSWER (0),
              NUTAG_AUTOACK (0),
              TAG_IF (self->by_name, NUTAG_PROXY (hop_text)),
              TAG_IF (route, NUTAG_INITIAL_ROUTE_STR (route)),
              SIPTAG_CALL_ID_STR (call_id),
              SIPTAG_CONTACT_STR (self->contact),
              SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
              SIPTAG_PAYLOAD_STR (sdp),
              TAG_END ());
}

static void
on_target_resolved (const char *address,
                    gpointer    user_data)
{
  PhoneSipSession *self = user_data;
  g_autofree char *local_address = NULL;
  g_autofree char *from = NULL;
  g_autofree char *tag = NULL;
  g_autofree char *tagged = NULL;
  nua_t *agent;

  g_clear_object (&self->lookup);
  if (!address)
    {
      phone_sip_session_fail (self, 503, "Host not found");
      return;
    }

  agent = phone_sip_stack_get_agent (self->stack, address);
  local_address = phone_sip_stack_dup_local_address (self->stack, address);
  from = format_from (self, local_address);
  tag = phone_sip_token_new ();
  tagged = g_strdup_printf ("%s;tag=%s", from, tag);

  if (!agent || !open_handle (self, agent, tagged))
    phone_sip_session_fail (self, 503, "No network");
  else
    send_invite (self, address, local_address);
}

static void
start (PhoneSipSession *self)
{
  const PhoneSipUri *hop = get_hop (self);

  if (self->uri->secure || hop->transport == PHONE_TRANSPORT_TLS ||
      (self->account && phone_sip_account_get_transport (self->account) == PHONE_TRANSPORT_TLS))
    {
      phone_sip_session_fail (self, 503, "TLS is not supported");
      return;
    }

  g_hash_table_add (self->visited, phone_sip_uri_to_string (self->uri));
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_NEW);
  self->lookup = g_cancellable_new ();
  phone_sip_resolve (hop->host, NULL, self->lookup, on_target_resolved, self);
}

/**
 * phone_sip_session_invite:
 * @target: a number, a SIP URI or, without an account, `[user@]host[:port]`
 * @offer: our offer
 */
void
phone_sip_session_invite (PhoneSipSession *self,
                          const char      *target,
                          PhoneMediaDesc  *offer)
{
  const PhoneSipUri *domain;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (offer != NULL);

  self->outgoing = TRUE;
  self->offer = phone_media_desc_ref (offer);
  domain = self->account ? phone_sip_account_get_domain (self->account) : NULL;
  if (self->account && !domain)
    {
      phone_sip_session_fail (self, 503, "The account has no server");
      return;
    }

  self->uri = phone_sip_uri_for_target (target ? target : "", domain, NULL);
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

      if (text && !uri->secure && !g_hash_table_contains (self->visited, text))
        return g_steal_pointer (&uri);
    }

  return NULL;
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
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->auth, phone_sip_auth_free);
  g_clear_pointer (&self->remote, phone_sip_sdp_free);
  g_clear_pointer (&self->uri, phone_sip_uri_free);
  self->uri = g_steal_pointer (&next);

  if (self->uri->user)
    phone_sip_session_identify (self, self->uri->user, "");
  start (self);
  return TRUE;
}

static void
handle_provisional (PhoneSipSession     *self,
                    const PhoneSipEvent *event)
{
  PhoneSipSdp *sdp = NULL;
  g_autofree char *number = NULL;
  g_autofree char *name = NULL;

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
  if (event->status < 180)
    return;

  if (phone_sip_message_read_identity (event->sip, NULL, &number, &name))
    phone_sip_session_identify (self, number, name);

  /* With forks each branch may send its own early answer; the last one heard is the one played. */
  if (phone_sip_message_read_body (event->sip, &sdp) == PHONE_SIP_BODY_SDP && sdp->desc)
    phone_sip_session_set_remote (self, sdp);
  else
    g_clear_pointer (&sdp, phone_sip_sdp_free);

  phone_sip_session_post (self, PHONE_EVENT_PROGRESS, (guint) event->status, event->phrase, sdp ? sdp->desc : NULL);
}

/* The dialog stands: tell the library, which was told a next hop by address, where in-dialog requests go. */
static void
fix_next_hop (PhoneSipSession     *self,
              const PhoneSipEvent *event)
{
  const sip_t *sip = event->sip;
  g_autoptr (PhoneSipUri) hop = NULL;
  g_autofree char *text = NULL;
  const url_t *url = NULL;

  if (!self->by_name)
    return;

  for (const sip_record_route_t *route = sip->sip_record_route; route; route = route->r_next)
    url = route->r_url; /* our first hop is their last */
  if (!url && sip->sip_contact)
    url = sip->sip_contact->m_url;

  hop = url ? phone_sip_message_read_url (url) : NULL;
  if (!hop || !phone_sip_is_address (hop->host))
    return; /* a name: what was looked up for the INVITE serves */

  g_clear_pointer (&hop->user, g_free);
  text = phone_sip_uri_to_string (hop);
  nua_set_hparams (event->handle, NUTAG_PROXY (text), TAG_END ());
}

static gboolean
take_answer (PhoneSipSession *self,
             const sip_t     *sip)
{
  PhoneSipSdp *sdp = NULL;

  switch (phone_sip_message_read_body (sip, &sdp))
    {
    case PHONE_SIP_BODY_SDP:
      phone_sip_session_set_remote (self, sdp);
      break;
    case PHONE_SIP_BODY_NONE:
    case PHONE_SIP_BODY_OTHER:
      break; /* the early answer holds, if there was one */
    case PHONE_SIP_BODY_BROKEN:
      return FALSE;
    }

  return phone_sip_session_get_remote_desc (self) != NULL;
}

static void
handle_success (PhoneSipSession     *self,
                const PhoneSipEvent *event)
{
  g_autofree char *number = NULL;
  g_autofree char *name = NULL;

  fix_next_hop (self, event);
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

  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  if (phone_sip_message_read_identity (event->sip, (const sip_addr_t *) event->sip->sip_to, &number, &name) && *name)
    phone_sip_session_identify (self, self->account ? number : self->number, name);
  phone_sip_session_post (self, PHONE_EVENT_ESTABLISHED, 200, "", phone_sip_session_get_remote_desc (self));
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

  phone_sip_session_fail (self, event->status, event->phrase);
}
