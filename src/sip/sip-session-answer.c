/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-message.h"
#include "sip-resolver.h"
#include "sip-session-private.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * Incoming calls.
 *
 *       peer                     us
 *         |-------INVITE-------->|   INCOMING
 *         |<-------100-----------|   (the library)
 *         |<-------180-----------|
 *         |<-------200-----------|   ANSWERED
 *         |---------ACK--------->|   ACTIVE
 *
 * An INVITE without SDP gets our offer in the 200, and the ACK brings the answer.
 */

/* Refuses a body we cannot work with. Returns TRUE when @event was answered. */
static gboolean
refuse_body (const PhoneSipEvent *event,
             PhoneSipBody         body,
             const PhoneSipSdp   *sdp)
{
  switch (body)
    {
    case PHONE_SIP_BODY_OTHER:
      nua_respond (event->handle, 415, "Unsupported Media Type", NUTAG_WITH_THIS (event->nua),
                   SIPTAG_ACCEPT_STR ("application/sdp"), SIPTAG_ACCEPT_ENCODING_STR ("identity"), TAG_END ());
      return TRUE;
    case PHONE_SIP_BODY_BROKEN:
      nua_respond (event->handle, 400, "Bad Session Description", NUTAG_WITH_THIS (event->nua), TAG_END ());
      return TRUE;
    case PHONE_SIP_BODY_SDP:
      if (sdp->desc)
        return FALSE;
      nua_respond (event->handle, 488, "Not Acceptable Here", NUTAG_WITH_THIS (event->nua), TAG_END ());
      return TRUE;
    case PHONE_SIP_BODY_NONE:
      return FALSE;
    }

  return FALSE;
}

/* Where the request came from, for the choice of our own address. */
static char *
find_peer_address (const sip_t *sip)
{
  const sip_via_t *via = sip->sip_via;
  const char *host;
  g_autofree char *bare = NULL;

  if (!via)
    return NULL;

  host = via->v_received ? via->v_received : via->v_host;
  if (!host)
    return NULL;

  bare = host[0] == '[' ? g_strndup (host + 1, strcspn (host + 1, "]")) : g_strdup (host);
  return phone_sip_is_address (bare) ? g_steal_pointer (&bare) : NULL;
}

static PhoneTransport
read_transport (const sip_t *sip)
{
  const char *protocol = sip->sip_via ? sip->sip_via->v_protocol : NULL;

  if (protocol && g_str_has_suffix (protocol, "/TLS"))
    return PHONE_TRANSPORT_TLS;
  return protocol && g_str_has_suffix (protocol, "/TCP") ? PHONE_TRANSPORT_TCP : PHONE_TRANSPORT_UDP;
}

/* Our Contact towards whoever sent the request. */
void
phone_sip_session_make_contact (PhoneSipSession *self,
                                const sip_t     *sip)
{
  g_autofree char *peer = find_peer_address (sip);

  phone_sip_session_set_peer (self, peer, read_transport (sip));
}

/* The URL of whoever was the last to send the request on. */
static char *
format_sender (const sip_t    *sip,
               PhoneTransport  transport)
{
  g_autofree char *address = find_peer_address (sip);
  const char *port = sip->sip_via ? (sip->sip_via->v_rport ? sip->sip_via->v_rport : sip->sip_via->v_port) : NULL;
  guint64 number = phone_transport_get_default_port (transport);
  g_autoptr (PhoneSipHop) hop = NULL;

  if (!address)
    return NULL;
  if (port && *port && !g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL))
    return NULL;

  hop = phone_sip_hop_new (address, address, (guint) number, transport, 0);
  return phone_sip_hop_to_url (hop);
}

/* Who calls, and who has sent them here. */
static void
read_parties (PhoneSipSession *self,
              const sip_t     *sip,
              PhoneEvent      *event)
{
  g_autoptr (PhoneSipParty) caller = phone_sip_party_read (sip, &self->caller);
  g_autoptr (PhoneSipUri) from = phone_sip_message_read_url (sip->sip_from->a_url);

  g_free (self->far_from);
  self->far_from = from ? phone_sip_uri_to_string (from) : NULL;
  g_free (self->name);
  self->name = g_strdup (caller ? caller->name : "");
  g_free (self->number);
  if (caller && caller->uri && !self->account)
    self->number = phone_sip_uri_to_number (caller->uri);
  else
    self->number = g_strdup (caller ? caller->number : "");

  event->number = self->number;
  event->name = self->name;
}

static void
announce (PhoneSipSession *self,
          const sip_t     *sip)
{
  g_autoptr (PhoneSipUri) from = phone_sip_message_read_url (sip->sip_from->a_url);
  g_autoptr (PhoneSipUri) called = phone_sip_message_read_url (sip->sip_request->rq_url);
  g_autoptr (PhoneSipParty) diverter = phone_sip_party_read_diverter (sip);
  PhoneEvent event = { .type = PHONE_EVENT_INCOMING, .call = self->call };

  read_parties (self, sip, &event);
  event.account = self->account ? phone_sip_account_get_number (self->account) : 0;
  event.host = from ? from->host : NULL;
  event.text = called && called->user ? called->user : (char *) "";
  event.diverter = diverter ? diverter->number : NULL;
  event.diverter_name = diverter ? diverter->name : NULL;
  event.desc = phone_sip_session_get_remote_desc (self);
  event.replaces = self->replaced;
  event.joins = self->joined;
  event.auto_answer = phone_sip_message_wants_answer (sip) ? 1 : 0;
  phone_event_queue_post (self->queue, &event);
}

/**
 * phone_sip_session_take:
 * @event: a first INVITE
 *
 * Takes the request and its handle over and tells of the call, or refuses what cannot be answered.
 *
 * Returns: %FALSE when the request was refused and the handle is still nobody's
 */
gboolean
phone_sip_session_take (PhoneSipSession     *self,
                        const PhoneSipEvent *event)
{
  g_autofree char *sender = NULL;
  PhoneSipSdp *sdp = NULL;
  PhoneSipBody body;

  g_return_val_if_fail (PHONE_IS_SIP_SESSION (self), FALSE);
  g_return_val_if_fail (event->sip != NULL, FALSE);

  if (!phone_sip_message_accepts_sdp (event->sip))
    {
      nua_respond (event->handle, 406, "Not Acceptable", NUTAG_WITH_THIS (event->nua),
                   SIPTAG_ACCEPT_STR ("application/sdp"), TAG_END ());
      return FALSE;
    }
  if (phone_sip_session_refuse_timer (self, event))
    return FALSE;

  body = phone_sip_message_read_body (event->sip, &sdp);
  if (refuse_body (event, body, sdp))
    {
      g_clear_pointer (&sdp, phone_sip_sdp_free);
      return FALSE;
    }

  phone_sip_session_bind (self, event->handle);
  phone_sip_session_note_dialog (self, event);
  phone_sip_session_set_remote (self, sdp);
  self->we_offered = sdp == NULL;
  self->far_reliable = phone_sip_message_has_feature (event->sip, "100rel", FALSE);
  phone_sip_session_note_peer (self, event->sip);
  phone_sip_session_make_contact (self, event->sip);
  phone_sip_diversion_read (&self->diversion, event->sip);
  sender = format_sender (event->sip, read_transport (event->sip));
  phone_sip_session_follow_caller (self, event->sip, read_transport (event->sip), sender);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_INCOMING);
  announce (self, event->sip);

  return TRUE;
}

/**
 * phone_sip_session_ring:
 *
 * 180 Ringing; reliably when the caller knows how and the account wants it, or when the caller requires it (the library sees
 * to that). A call without an offer rings unreliably where it may: a reliable response would have to bring ours
 * (RFC 3262 §5), which is made when the call is answered.
 */
void
phone_sip_session_ring (PhoneSipSession *self)
{
  gboolean reliable;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (self->state != PHONE_SIP_SESSION_INCOMING)
    return;

  reliable = self->reliable && self->far_reliable && !self->we_offered;
  nua_respond (phone_sip_session_get_handle (self), 180, "Ringing", NUTAG_AUTOANSWER (0), SIPTAG_CONTACT_STR (self->contact),
               TAG_IF (reliable, SIPTAG_REQUIRE_STR ("100rel")), TAG_END ());
}

/**
 * phone_sip_session_answer:
 * @answer: our answer, or our offer when the INVITE had none
 *
 * 200 OK.
 */
void
phone_sip_session_answer (PhoneSipSession *self,
                          PhoneMediaDesc  *answer)
{
  g_autofree char *sdp = NULL;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (answer != NULL);

  if (self->state != PHONE_SIP_SESSION_INCOMING)
    return;

  sdp = phone_sip_sdp_write (self->origin, answer, self->remote);
  phone_sip_session_set_local (self, answer);
  phone_sip_session_update_contact (self);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ANSWERED);
  phone_sip_session_accept (self, NULL, sdp);
}

/* Who we are to whoever is told that we have diverted a call. */
static PhoneSipUri *
make_own_uri (PhoneSipSession *self)
{
  const PhoneSipUri *domain = phone_sip_account_get_domain (self->account);
  PhoneSipUri *uri = phone_sip_uri_copy (domain);

  g_free (uri->user);
  uri->user = g_strdup (phone_sip_account_get_user (self->account));
  return uri;
}

/* Where a 3xx sends the caller: a number is one of the account's domain. */
static char *
format_redirect (PhoneSipSession *self,
                 const char      *target,
                 const char      *reason)
{
  const PhoneSipUri *domain = self->account ? phone_sip_account_get_domain (self->account) : NULL;
  g_autoptr (PhoneSipUri) uri = phone_sip_uri_for_target (target, domain, NULL);
  g_autoptr (PhoneSipUri) own = uri && domain && self->tells_diversion ? make_own_uri (self) : NULL;
  g_autofree char *text = uri ? phone_sip_uri_to_string (uri) : NULL;

  if (own)
    phone_sip_diversion_add (&self->diversion, own, uri, reason);

  return text ? g_strdup_printf ("<%s>", text) : NULL;
}

static void
refuse (PhoneSipSession *self,
        guint            status,
        const char      *contact,
        const char      *diversion)
{
  nua_respond (phone_sip_session_get_handle (self), (int) status, phone_sip_cause_get_phrase (status),
               TAG_IF (contact, SIPTAG_CONTACT_STR (contact)), TAG_IF (diversion, SIPTAG_HEADER_STR (diversion)), TAG_END ());
  phone_sip_session_report (self, 0, "");
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
}

/**
 * phone_sip_session_reject:
 * @status: 400–699
 */
void
phone_sip_session_reject (PhoneSipSession *self,
                          guint            status)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (self->state == PHONE_SIP_SESSION_INCOMING)
    refuse (self, status < 400 || status > 699 ? 480 : status, NULL, NULL);
}

/**
 * phone_sip_session_divert:
 * @target: where to go instead
 * @reason: why, a word of RFC 5806
 *
 * 302, or 480 when @target is no address.
 */
void
phone_sip_session_divert (PhoneSipSession *self,
                          const char      *target,
                          const char      *reason)
{
  g_autofree char *contact = NULL;
  g_autofree char *diversion = NULL;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (target != NULL && reason != NULL);

  if (self->state != PHONE_SIP_SESSION_INCOMING)
    return;

  contact = format_redirect (self, target, reason);
  diversion = contact && self->tells_diversion ? phone_sip_diversion_dup_lines (&self->diversion) : NULL;
  refuse (self, contact ? 302 : 480, contact, diversion);
}

/* ACK to our 200, of the first INVITE or of a later one. */
void
phone_sip_session_on_ack (PhoneSipSession     *self,
                          const PhoneSipEvent *event)
{
  gboolean is_first = self->state == PHONE_SIP_SESSION_ANSWERED;
  PhoneSipSdp *sdp = NULL;

  phone_sip_session_note_dialog (self, event);
  if (self->bye_after_ack)
    {
      phone_sip_session_say_bye (self);
      return;
    }
  if (!is_first && self->state != PHONE_SIP_SESSION_REMOTE_ANSWERED)
    return;

  if (self->we_offered)
    {
      if (phone_sip_message_read_body (event->sip, &sdp) == PHONE_SIP_BODY_SDP && sdp->desc)
        {
          phone_sip_session_set_remote (self, sdp);
        }
      else if (is_first)
        {
          g_clear_pointer (&sdp, phone_sip_sdp_free);
          phone_sip_session_report (self, 488, "No answer to our offer");
          phone_sip_session_say_bye (self);
          return;
        }
      else
        {
          g_clear_pointer (&sdp, phone_sip_sdp_free);
        }
    }

  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  phone_sip_session_allow_features (self);
  phone_sip_session_arm_timer (self);
  if (is_first)
    phone_sip_session_post (self, PHONE_EVENT_ESTABLISHED, 200, "", phone_sip_session_get_remote_desc (self));
  else if (self->we_offered)
    phone_sip_session_post (self, PHONE_EVENT_MODIFIED, 200, "", phone_sip_session_get_remote_desc (self));
  self->we_offered = FALSE;
  phone_sip_session_flush_pending (self);
}

/*
 *       peer                     us
 *         |-------INVITE-------->|
 *         |<-------180-----------|
 *         |-------CANCEL-------->|
 *         |<-----200 (CANCEL)----|   both by the library
 *         |<-----487 (INVITE)----|
 *         |---------ACK--------->|
 */
void
phone_sip_session_on_cancel (PhoneSipSession     *self,
                             const PhoneSipEvent *event)
{
  g_autofree char *reason = NULL;
  gboolean elsewhere;

  if (self->state != PHONE_SIP_SESSION_INCOMING)
    return;

  /* RFC 3326: the call was answered on another phone. */
  reason = event->sip ? phone_sip_message_dup_header (event->sip, "Reason") : NULL;
  elsewhere = reason && (strstr (reason, "cause=200") || strstr (reason, "cause=\"200\""));

  phone_sip_session_report (self, 487, elsewhere ? "Call completed elsewhere" : phone_sip_cause_get_phrase (487));
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
}

/* A re-INVITE. What overlaps with an exchange that is running the library has refused already. */
void
phone_sip_session_on_invite (PhoneSipSession     *self,
                             const PhoneSipEvent *event)
{
  PhoneSipSdp *sdp = NULL;
  PhoneSipBody body;

  if (event->status >= 200 || !event->sip)
    return;

  phone_sip_session_follow_refresh (self, event->sip);
  if (self->state != PHONE_SIP_SESSION_ACTIVE && self->state != PHONE_SIP_SESSION_WAITING)
    {
      nua_respond (event->handle, 491, "Request Pending", NUTAG_WITH_THIS (event->nua), TAG_END ());
      return;
    }

  if (phone_sip_session_refuse_timer (self, event))
    return;
  body = phone_sip_message_read_body (event->sip, &sdp);
  if (refuse_body (event, body, sdp))
    {
      g_clear_pointer (&sdp, phone_sip_sdp_free);
      return;
    }
  phone_sip_session_note_peer (self, event->sip);
  phone_sip_session_note_party (self, event->sip);

  /* Our own change waits until theirs is through. */
  if (self->state == PHONE_SIP_SESSION_WAITING && !self->pending)
    self->pending = g_steal_pointer (&self->offer);
  g_clear_pointer (&self->offer, phone_media_desc_unref);

  self->we_offered = sdp == NULL;
  if (sdp)
    phone_sip_session_try_remote (self, sdp);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_REMOTE_MODIFYING);
  phone_sip_session_post (self, PHONE_EVENT_REMOTE_MODIFY, 0, "", sdp ? sdp->desc : NULL);
}

/*
 * PRACK to our 180. Its offer, if it has one, comes while the INVITE's own is unanswered, which RFC 3262 §5 forbids.
 */
void
phone_sip_session_on_prack (PhoneSipSession     *self,
                            const PhoneSipEvent *event)
{
  PhoneSipSdp *sdp = NULL;
  PhoneSipBody body;

  if (event->status >= 200 || !event->sip)
    return;

  body = phone_sip_message_read_body (event->sip, &sdp);
  if (body == PHONE_SIP_BODY_NONE)
    nua_respond (event->handle, 200, "OK", NUTAG_WITH_THIS (event->nua), TAG_END ());
  else if (!refuse_body (event, body, sdp))
    nua_respond (event->handle, 488, "Not Acceptable Here", NUTAG_WITH_THIS (event->nua), TAG_END ());
  g_clear_pointer (&sdp, phone_sip_sdp_free);
}

/*
 * UPDATE with an offer while our call still rings there; possible once a reliable response has answered our own offer. The
 * engine hears of it as of any early media.
 */
static gboolean
update_early (PhoneSipSession     *self,
              const PhoneSipEvent *event,
              PhoneSipSdp         *sdp)
{
  g_autoptr (PhoneMediaDesc) answer = NULL;
  g_autofree char *text = NULL;

  if (self->state != PHONE_SIP_SESSION_PROCEEDING || !self->remote || !self->offer)
    return FALSE;

  answer = phone_media_desc_answer (self->offer, sdp->desc, phone_media_desc_get_direction (self->offer));
  if (!answer)
    {
      nua_respond (event->handle, 488, "Not Acceptable Here", NUTAG_WITH_THIS (event->nua), TAG_END ());
      return TRUE;
    }

  phone_sip_session_keep_early_answer (self, event->sip->sip_from->a_tag, phone_sip_sdp_ref (sdp));
  text = phone_sip_sdp_write (self->origin, answer, self->remote);
  phone_sip_session_accept (self, nua_current_request (event->nua), text);
  phone_sip_session_allow_features (self);
  phone_sip_session_post (self, PHONE_EVENT_PROGRESS, 183, "Session Progress", sdp->desc);
  return TRUE;
}

/* UPDATE (RFC 3311): the same as a re-INVITE, without ACK. Without SDP it only refreshes. */
void
phone_sip_session_on_update (PhoneSipSession     *self,
                             const PhoneSipEvent *event)
{
  PhoneSipSdp *sdp = NULL;
  PhoneSipBody body;

  if (event->status >= 200 || !event->sip)
    return;

  if (phone_sip_session_refuse_timer (self, event))
    return;
  phone_sip_session_note_peer (self, event->sip);
  phone_sip_session_follow_refresh (self, event->sip);
  phone_sip_session_note_party (self, event->sip);
  body = phone_sip_message_read_body (event->sip, &sdp);
  if (body == PHONE_SIP_BODY_NONE)
    {
      phone_sip_session_accept (self, nua_current_request (event->nua), NULL);
      phone_sip_session_allow_features (self);
      if (phone_sip_session_is_running (self))
        phone_sip_session_arm_timer (self);
      return;
    }
  if (refuse_body (event, body, sdp))
    {
      g_clear_pointer (&sdp, phone_sip_sdp_free);
      return;
    }

  if (update_early (self, event, sdp))
    {
      g_clear_pointer (&sdp, phone_sip_sdp_free);
      return;
    }
  if (self->state == PHONE_SIP_SESSION_MODIFYING || self->state == PHONE_SIP_SESSION_PROCEEDING ||
      self->state == PHONE_SIP_SESSION_CALLING)
    {
      nua_respond (event->handle, 491, "Request Pending", NUTAG_WITH_THIS (event->nua), TAG_END ());
    }
  else if (self->state != PHONE_SIP_SESSION_ACTIVE)
    {
      nua_respond (event->handle, 500, "Overlapping Requests", NUTAG_WITH_THIS (event->nua),
                   SIPTAG_RETRY_AFTER_STR ("2"), TAG_END ());
    }
  else
    {
      self->update_saved = nua_save_event (event->nua, self->update) != 0;
      self->we_offered = FALSE;
      phone_sip_session_try_remote (self, g_steal_pointer (&sdp));
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_REMOTE_MODIFYING);
      phone_sip_session_post (self, PHONE_EVENT_REMOTE_MODIFY, 0, "", phone_sip_session_get_remote_desc (self));
    }

  g_clear_pointer (&sdp, phone_sip_sdp_free);
}
