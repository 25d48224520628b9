/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-message.h"
#include "sip-session-private.h"
#include "sip-token.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * The dialog machine. The procedures live in sip-session-{invite,answer,modify,music,refer,refresh,hangup}.c; here are the
 * state, its timer, the way events come in and facts go out.
 *
 * The library runs the transactions; offers and answers are ours (NUTAG_MEDIA_ENABLE (0)). Its soa was tried as a
 * pass-through and not taken: it refuses a whole INVITE with 400 for an rtpmap without a clock rate, renumbers payload types
 * behind our back, writes an address of its own choosing into o=, and crashes comparing descriptions whose b= lines
 * differ. Without it, 415, 406, 400 and 488 for bodies are ours to send, and every 2xx to be acknowledged by hand, which
 * also lets us say first where in-dialog requests go.
 *
 * nua_callstate is the state of an INVITE transaction, not of a call, and is not looked at.
 */

G_DEFINE_FINAL_TYPE (PhoneSipSession, phone_sip_session, G_TYPE_OBJECT)

const char *
phone_sip_session_state_to_string (PhoneSipSessionState state)
{
  switch (state)
    {
    case PHONE_SIP_SESSION_NEW: return "new";
    case PHONE_SIP_SESSION_CALLING: return "calling";
    case PHONE_SIP_SESSION_PROCEEDING: return "proceeding";
    case PHONE_SIP_SESSION_OFFERED: return "offered";
    case PHONE_SIP_SESSION_CANCELLING: return "cancelling";
    case PHONE_SIP_SESSION_INCOMING: return "incoming";
    case PHONE_SIP_SESSION_ANSWERED: return "answered";
    case PHONE_SIP_SESSION_ACTIVE: return "active";
    case PHONE_SIP_SESSION_MODIFYING: return "modifying";
    case PHONE_SIP_SESSION_WAITING: return "waiting";
    case PHONE_SIP_SESSION_REMOTE_MODIFYING: return "remote-modifying";
    case PHONE_SIP_SESSION_REMOTE_ANSWERED: return "remote-answered";
    case PHONE_SIP_SESSION_ENDING: return "ending";
    case PHONE_SIP_SESSION_ENDED: return "ended";
    }

  return "?";
}

static gboolean
on_state_timeout (gpointer user_data)
{
  PhoneSipSession *self = user_data;
  g_autoptr (PhoneSipSession) alive = g_object_ref (self);

  self->timer = 0;
  g_info ("Call %u: nothing came in state %s", self->call, phone_sip_session_state_to_string (self->state));

  switch (self->state)
    {
    case PHONE_SIP_SESSION_CALLING:
      phone_sip_session_invite_timeout (self);
      break;
    case PHONE_SIP_SESSION_CANCELLING:
    case PHONE_SIP_SESSION_ENDING:
      phone_sip_session_finish (self);
      break;
    case PHONE_SIP_SESSION_OFFERED:
      phone_sip_session_hangup (self);
      break;
    case PHONE_SIP_SESSION_ANSWERED:
    case PHONE_SIP_SESSION_REMOTE_ANSWERED:
      /* RFC 3261 §13.3.1.4: without ACK the dialog is confirmed all the same and must be ended by BYE. */
      phone_sip_session_report (self, 408, "No ACK");
      phone_sip_session_say_bye (self);
      break;
    case PHONE_SIP_SESSION_MODIFYING:
    case PHONE_SIP_SESSION_WAITING:
      phone_sip_session_modify_timeout (self);
      break;
    case PHONE_SIP_SESSION_NEW:
    case PHONE_SIP_SESSION_PROCEEDING:
    case PHONE_SIP_SESSION_INCOMING:
    case PHONE_SIP_SESSION_ACTIVE:
    case PHONE_SIP_SESSION_REMOTE_MODIFYING:
    case PHONE_SIP_SESSION_ENDED:
      break;
    }

  return G_SOURCE_REMOVE;
}

/* RFC 3261 §14.1: who owns the Call-ID waits longer, so that the two do not meet again. */
guint
phone_sip_session_get_glare_delay_ms (PhoneSipSession *self)
{
  return self->outgoing ? (guint) g_random_int_range (210, 401) * 10 : (guint) g_random_int_range (0, 201) * 10;
}

static guint
get_limit_ms (PhoneSipSession *self)
{
  switch (self->state)
    {
    case PHONE_SIP_SESSION_CALLING:
      return self->patience_ms ? self->patience_ms : self->timers->invite_ms;
    case PHONE_SIP_SESSION_CANCELLING:
      return self->timers->cancel_ms;
    case PHONE_SIP_SESSION_OFFERED:
    case PHONE_SIP_SESSION_ANSWERED:
    case PHONE_SIP_SESSION_REMOTE_ANSWERED:
      return self->timers->ack_ms;
    case PHONE_SIP_SESSION_MODIFYING:
      return self->timers->modify_ms;
    case PHONE_SIP_SESSION_WAITING:
      return phone_sip_session_get_glare_delay_ms (self) + 1;
    case PHONE_SIP_SESSION_ENDING:
      return self->bye_after_ack ? self->timers->ack_ms : self->timers->bye_ms;
    case PHONE_SIP_SESSION_NEW:
    case PHONE_SIP_SESSION_PROCEEDING:
    case PHONE_SIP_SESSION_INCOMING:
    case PHONE_SIP_SESSION_ACTIVE:
    case PHONE_SIP_SESSION_REMOTE_MODIFYING:
    case PHONE_SIP_SESSION_ENDED:
      return 0;
    }

  return 0;
}

/* The one writer of the state. Entering a state starts its timer anew. */
void
phone_sip_session_set_state (PhoneSipSession      *self,
                             PhoneSipSessionState  state)
{
  guint limit_ms;

  if (self->state != state)
    g_debug ("Call %u: %s -> %s", self->call, phone_sip_session_state_to_string (self->state),
             phone_sip_session_state_to_string (state));

  self->state = state;
  if (state >= PHONE_SIP_SESSION_ENDING)
    {
      phone_sip_session_disarm_timer (self);
      phone_sip_session_end_music (self);
    }
  g_clear_handle_id (&self->timer, g_source_remove);
  limit_ms = get_limit_ms (self);
  if (limit_ms > 0)
    self->timer = g_timeout_add (limit_ms, on_state_timeout, self);
}

void
phone_sip_session_post (PhoneSipSession *self,
                        PhoneEventType   type,
                        guint            status,
                        const char      *text,
                        PhoneMediaDesc  *desc)
{
  g_autofree char *clean = text ? phone_sip_message_dup_text (text) : NULL;
  PhoneEvent event = { .type = type, .call = self->call, .status = status, .text = clean, .desc = desc };

  event.account = self->account ? phone_sip_account_get_number (self->account) : 0;
  phone_event_queue_post (self->queue, &event);
}

/* Tells the end, once. */
void
phone_sip_session_report (PhoneSipSession *self,
                          guint            status,
                          const char      *text)
{
  g_autofree char *clean = phone_sip_message_dup_text (text);
  PhoneEvent event = { .type = PHONE_EVENT_TERMINATED, .call = self->call };

  if (self->reported)
    return;

  self->reported = TRUE;
  phone_sip_session_tell_referrer (self, status >= 300 ? status : 487);
  event.status = status;
  event.text = clean;
  event.fault = status >= 300 ? self->fault : PHONE_SIGNALING_FAULT_NONE;
  event.account = self->account ? phone_sip_account_get_number (self->account) : 0;
  phone_event_queue_post (self->queue, &event);
}

void
phone_sip_session_identify (PhoneSipSession *self,
                            const char      *number,
                            const char      *name)
{
  PhoneEvent event = { .type = PHONE_EVENT_IDENTITY, .call = self->call };
  g_autofree char *kept = NULL;

  if (g_strcmp0 (self->number, number) == 0 && (!*name || g_strcmp0 (self->name, name) == 0))
    return;

  /* What is told may be what is known. */
  kept = self->number;
  self->number = g_strdup (number);
  g_free (self->name);
  self->name = g_strdup (name);

  event.number = self->number;
  event.name = self->name;
  event.account = self->account ? phone_sip_account_get_number (self->account) : 0;
  phone_event_queue_post (self->queue, &event);
}

/*
 * Connected identity (RFC 3325, RFC 4916): a request of theirs in the dialog, or a response, may say that the far end is
 * another one now. Who called is only taken from From when that has changed; a network may well assert it only once.
 */
void
phone_sip_session_note_party (PhoneSipSession *self,
                              const sip_t     *sip)
{
  PhoneSipPartyOrder order = self->outgoing ? self->called : self->caller;
  g_autoptr (PhoneSipParty) party = NULL;

  if (!self->outgoing && sip->sip_from)
    {
      g_autoptr (PhoneSipUri) uri = phone_sip_message_read_url (sip->sip_from->a_url);
      g_autofree char *from = uri ? phone_sip_uri_to_string (uri) : NULL;
      gboolean same = g_strcmp0 (from, self->far_from) == 0;

      g_free (self->far_from);
      self->far_from = g_steal_pointer (&from);
      for (guint i = 0; same && i < order.n_sources; i++)
        if (order.sources[i] == PHONE_SIP_PARTY_FROM)
          order.n_sources = i;
    }

  party = phone_sip_party_read (sip, &order);
  if (party && *party->number)
    phone_sip_session_identify (self, self->account || !party->uri ? party->number : self->number, party->name);
}

/* Lets go of the handle; the session is no more than memory after this. */
void
phone_sip_session_finish (PhoneSipSession *self)
{
  PhoneSipSessionEnded ended = self->ended;

  if (self->state == PHONE_SIP_SESSION_ENDED)
    return;

  phone_sip_session_report (self, 0, "");
  if (!self->dropped && phone_sip_session_is_transferring (self))
    {
      /* The dialog goes on for its NOTIFYs. */
      self->quiet = TRUE;
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
      g_clear_handle_id (&self->timer, g_source_remove);
      return;
    }
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDED);
  phone_sip_session_clear_refer (self);
  if (self->lookup)
    g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  if (self->update_saved)
    nua_destroy_event (self->update);
  self->update_saved = FALSE;
  g_clear_pointer (&self->apart, phone_sip_target_release);
  g_clear_pointer (&self->target, phone_sip_target_release);

  self->ended = NULL;
  if (ended)
    ended (self, self->ended_data);
}

/* Ends a call that never was, by a final response or something of the kind. */
void
phone_sip_session_fail (PhoneSipSession *self,
                        int              status,
                        const char      *phrase)
{
  const char *text = NULL;
  guint code = phone_sip_cause_normalise (status, phrase, &text);

  phone_sip_session_report (self, code, text);
  phone_sip_session_finish (self);
}

/* Our Contact: the address that packets to the peer leave from now, or the one that the account's server sees through a NAT
 * (RFC 3581) where the settings say so. */
void
phone_sip_session_update_contact (PhoneSipSession *self)
{
  g_autofree char *local = phone_sip_stack_dup_local_address (self->stack, self->peer_address);
  const char *user = self->account ? phone_sip_account_get_user (self->account) : NULL;
  PhoneSipRegistration *registration = self->registration;
  PhoneTransport transport = self->contact_transport;
  const char *public_address = NULL;
  guint public_port = 0;

  if (!registration && self->account)
    registration = phone_sip_account_get_registration (self->account);
  if (registration && transport == PHONE_TRANSPORT_UDP)
    public_address = phone_sip_registration_get_public_address (registration, &public_port);

  g_free (self->contact);
  self->contact = phone_sip_uri_format_contact (user, public_address ? public_address : local,
                                                public_address ? public_port : phone_sip_stack_get_port (self->stack, transport),
                                                transport);
  /* RFC 3261 §8.1.1.8: who calls a sips address has one. */
  if (self->uri && self->uri->secure && g_str_has_prefix (self->contact, "<sip:"))
    {
      char *secure = g_strdup_printf ("<sips:%s", self->contact + strlen ("<sip:"));

      g_free (self->contact);
      self->contact = secure;
    }
}

/* @address: (nullable): IP literal of whom we speak with first */
void
phone_sip_session_set_peer (PhoneSipSession *self,
                            const char      *address,
                            PhoneTransport   transport)
{
  g_free (self->peer_address);
  self->peer_address = g_strdup (address);
  self->contact_transport = transport;
  phone_sip_session_update_contact (self);
}

nua_handle_t *
phone_sip_session_get_handle (PhoneSipSession *self)
{
  return self->target ? phone_sip_target_get_handle (self->target) : NULL;
}

/* Takes what the other side said. */
void
phone_sip_session_set_remote (PhoneSipSession *self,
                              PhoneSipSdp     *remote)
{
  if (remote && !self->encrypts)
    phone_sip_sdp_prefer_plain (remote);
  g_clear_pointer (&self->remote, phone_sip_sdp_free);
  self->remote = remote;
}

/* Takes an offer that may still be refused. */
void
phone_sip_session_try_remote (PhoneSipSession *self,
                              PhoneSipSdp     *remote)
{
  g_clear_pointer (&self->backup, phone_sip_sdp_free);
  self->backup = g_steal_pointer (&self->remote);
  if (remote && !self->encrypts)
    phone_sip_sdp_prefer_plain (remote);
  self->remote = remote;
}

/* Refused: everything is as it was. */
void
phone_sip_session_roll_back (PhoneSipSession *self)
{
  if (!self->backup)
    return;

  g_clear_pointer (&self->remote, phone_sip_sdp_free);
  self->remote = g_steal_pointer (&self->backup);
}

/* Takes what we said and the other side agreed to. */
void
phone_sip_session_set_local (PhoneSipSession *self,
                             PhoneMediaDesc  *local)
{
  if (self->local == local)
    return;

  g_clear_pointer (&self->local, phone_media_desc_unref);
  self->local = local ? phone_media_desc_ref (local) : NULL;
}

PhoneMediaDesc *
phone_sip_session_get_remote_desc (PhoneSipSession *self)
{
  return self->remote ? self->remote->desc : NULL;
}

/* A 401 or 407. Returns FALSE when the request is lost; why, is in the fault. */
gboolean
phone_sip_session_challenge (PhoneSipSession     *self,
                             const PhoneSipEvent *event)
{
  PhoneSignalingFault fault = PHONE_SIGNALING_FAULT_NONE;

  if (self->given_up)
    {
      self->given_up = FALSE;
      phone_sip_auth_let_answer (event->handle);
      return FALSE;
    }
  if (!self->account || !event->sip)
    return FALSE;

  if (!self->auth)
    self->auth = phone_sip_account_new_auth (self->account);

  switch (phone_sip_auth_answer (self->auth, event->handle, event->sip))
    {
    case PHONE_SIP_AUTH_ANSWERED:
      return TRUE;
    case PHONE_SIP_AUTH_REFUSED:
      fault = PHONE_SIGNALING_FAULT_PASSWORD;
      break;
    case PHONE_SIP_AUTH_UNSUPPORTED:
      fault = PHONE_SIGNALING_FAULT_AUTHENTICATION;
      break;
    }

  /* The end of a call that was has another reason. */
  if (self->state < PHONE_SIP_SESSION_ACTIVE)
    self->fault = fault;

  return FALSE;
}

static void
on_info (PhoneSipSession     *self,
         const PhoneSipEvent *event)
{
  int digit = event->sip ? phone_sip_message_read_digit (event->sip) : 0;
  PhoneEvent heard = { .type = PHONE_EVENT_DIGIT_HEARD, .call = self->call, .value = digit };

  if (event->status < 200)
    {
      if (digit < 0)
        nua_respond (event->handle, 415, "Unsupported Media Type", NUTAG_WITH_THIS (event->nua),
                     SIPTAG_ACCEPT_STR ("application/dtmf-relay, application/dtmf"), TAG_END ());
      else
        nua_respond (event->handle, 200, "OK", NUTAG_WITH_THIS (event->nua), TAG_END ());
    }

  if (digit > 0 && !self->reported)
    phone_event_queue_post (self->queue, &heard);
}

static void
on_far_bye (PhoneSipSession *self)
{
  if (self->state == PHONE_SIP_SESSION_ENDED)
    return;

  phone_sip_session_report (self, 0, "");
  self->bye_after_ack = FALSE;
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
}

static void
dispatch_request (PhoneSipSession     *self,
                  const PhoneSipEvent *event)
{
  switch ((int) event->event)
    {
    case nua_i_invite:
      phone_sip_session_on_invite (self, event);
      break;
    case nua_i_update:
      phone_sip_session_on_update (self, event);
      break;
    case nua_i_ack:
      phone_sip_session_on_ack (self, event);
      break;
    case nua_i_prack:
      phone_sip_session_on_prack (self, event);
      break;
    case nua_i_cancel:
      phone_sip_session_on_cancel (self, event);
      break;
    case nua_i_bye:
      on_far_bye (self);
      break;
    case nua_i_info:
      on_info (self, event);
      break;
    case nua_i_refer:
      phone_sip_session_on_refer (self, event);
      break;
    case nua_i_notify:
      phone_sip_session_on_notify (self, event);
      break;
    case nua_i_options:
      if (event->status < 200)
        /* Accept and Allow are the library's. */
        nua_respond (event->handle, 200, "OK", NUTAG_WITH_THIS (event->nua), TAG_END ());
      break;
    default:
      break;
    }
}

static void
on_event (const PhoneSipEvent *event,
          gpointer             owner)
{
  PhoneSipSession *self = owner;
  g_autoptr (PhoneSipSession) alive = g_object_ref (self);

  switch ((int) event->event)
    {
    case nua_r_invite:
      if (self->refreshing)
        phone_sip_session_on_refresh_response (self, event);
      else if (self->state == PHONE_SIP_SESSION_MODIFYING || self->state == PHONE_SIP_SESSION_WAITING ||
          self->state == PHONE_SIP_SESSION_REMOTE_MODIFYING || self->state == PHONE_SIP_SESSION_ACTIVE)
        phone_sip_session_on_modify_response (self, event);
      else
        phone_sip_session_on_invite_response (self, event);
      break;
    case nua_r_bye:
      phone_sip_session_on_bye_response (self, event);
      break;
    case nua_r_update:
      if (phone_sip_session_note_final (self, event) && self->refreshing)
        phone_sip_session_on_refresh_response (self, event);
      break;
    case nua_r_refer:
      phone_sip_session_on_refer_response (self, event);
      break;
    case nua_r_notify:
      phone_sip_session_on_notify_response (self, event);
      break;
    case nua_r_prack:
    case nua_r_info:
      (void) phone_sip_session_note_final (self, event);
      break;
    case nua_r_authenticate:
      /* Only when it went wrong: the request is lost. */
      if (self->state < PHONE_SIP_SESSION_ACTIVE)
        phone_sip_session_fail (self, 904, NULL);
      else if (event->status == 202)
        self->auth_waits = TRUE; /* the library looks at the first request of its queue alone */
      break;
    case nua_i_terminated:
      /* The library is done with this dialog, whatever the reason. */
      if (self->state != PHONE_SIP_SESSION_ENDED && self->state != PHONE_SIP_SESSION_NEW)
        phone_sip_session_finish (self);
      break;
    case nua_i_error:
      g_debug ("Call %u: %d %s", self->call, event->status, event->phrase);
      break;
    default:
      dispatch_request (self, event);
      break;
    }
}

/* Takes a handle over. */
void
phone_sip_session_bind (PhoneSipSession *self,
                        nua_handle_t    *handle)
{
  self->target = phone_sip_target_new (self->stack, handle, on_event, self);
}

/**
 * phone_sip_session_send_digit:
 * @digit: 0-9, *, #, A-D
 *
 * SIP INFO with application/dtmf-relay.
 */
void
phone_sip_session_send_digit (PhoneSipSession *self,
                              char             digit,
                              guint            duration_ms)
{
  g_autofree char *body = NULL;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (self->state < PHONE_SIP_SESSION_ACTIVE || self->state >= PHONE_SIP_SESSION_ENDING ||
      !g_ascii_isprint (digit) || !strchr ("0123456789*#ABCD", digit))
    return;

  phone_sip_session_note_request (self);
  body = g_strdup_printf ("Signal=%c\r\nDuration=%u\r\n", digit, duration_ms);
  nua_info (phone_sip_session_get_handle (self), SIPTAG_CONTENT_TYPE_STR ("application/dtmf-relay"),
            SIPTAG_PAYLOAD_STR (body), TAG_END ());
}

guint
phone_sip_session_get_call (PhoneSipSession *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SESSION (self), 0);

  return self->call;
}

/**
 * phone_sip_session_get_account:
 * Returns: the number of the account, 0 for a direct-IP call
 */
guint
phone_sip_session_get_account (PhoneSipSession *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SESSION (self), 0);

  return self->account ? phone_sip_account_get_number (self->account) : 0;
}

PhoneSipSessionState
phone_sip_session_get_state (PhoneSipSession *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SESSION (self), PHONE_SIP_SESSION_ENDED);

  return self->state;
}

/**
 * phone_sip_session_is_over:
 * Returns: whether the call's end was told
 */
gboolean
phone_sip_session_is_over (PhoneSipSession *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SESSION (self), TRUE);

  return self->reported;
}

void
phone_sip_session_set_ended (PhoneSipSession      *self,
                             PhoneSipSessionEnded  ended,
                             gpointer              user_data)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  self->ended = ended;
  self->ended_data = user_data;
}

static void
phone_sip_session_dispose (GObject *object)
{
  PhoneSipSession *self = PHONE_SIP_SESSION (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  phone_sip_session_disarm_timer (self);
  phone_sip_session_end_music (self);
  if (self->lookup)
    g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  if (self->update_saved)
    nua_destroy_event (self->update);
  self->update_saved = FALSE;
  phone_sip_session_clear_refer (self);
  g_clear_pointer (&self->target, phone_sip_target_release);
  phone_sip_session_clear_dialog (self);
  g_clear_pointer (&self->early, g_hash_table_unref);
  g_clear_pointer (&self->local, phone_media_desc_unref);
  g_clear_pointer (&self->auth, phone_sip_auth_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->sender, g_free);
  g_clear_pointer (&self->uri, phone_sip_uri_free);
  g_clear_object (&self->registration);
  g_clear_pointer (&self->route, phone_sip_route_unref);
  g_clear_pointer (&self->hop, phone_sip_hop_free);
  g_clear_pointer (&self->visited, g_hash_table_unref);
  g_clear_pointer (&self->contact, g_free);
  g_clear_pointer (&self->peer_address, g_free);
  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->far_from, g_free);
  phone_sip_diversion_clear (&self->diversion);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->origin, phone_sip_sdp_origin_free);
  g_clear_pointer (&self->remote, phone_sip_sdp_free);
  g_clear_pointer (&self->backup, phone_sip_sdp_free);
  g_clear_pointer (&self->offer, phone_media_desc_unref);
  g_clear_pointer (&self->pending, phone_media_desc_unref);
  g_clear_object (&self->account);
  g_clear_object (&self->stack);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (phone_sip_session_parent_class)->dispose (object);
}

static void
phone_sip_session_class_init (PhoneSipSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_sip_session_dispose;
}

static void
phone_sip_session_init (PhoneSipSession *self)
{
  self->state = PHONE_SIP_SESSION_NEW;
  /* 63 bits: some peers read the version as a signed number. */
  self->origin = phone_sip_sdp_origin_new (phone_sip_token_random () >> 2);
  self->visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->early = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) phone_sip_sdp_free);
  phone_sip_party_order_init_caller (&self->caller, 0, FALSE, NULL);
}

/**
 * phone_sip_session_set_options:
 *
 * Before the first message. Without it the call does plain RFC 3261.
 */
void
phone_sip_session_set_options (PhoneSipSession              *self,
                               const PhoneSipSessionOptions *options)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (options != NULL);

  self->reliable = options->reliable;
  self->caller = options->caller;
  self->called = options->called;
  self->encrypts = options->encrypts;
  self->joinable = options->joinable;
  self->tells_diversion = options->tells_diversion;
  phone_sip_session_timer_init (&self->session_timer, options->session_timer, options->session_expires_s,
                                options->uas_refreshes);
}

/**
 * phone_sip_session_set_trace_call:
 * @call: the call whose messages this session's count as; its own unless said otherwise
 */
void
phone_sip_session_set_trace_call (PhoneSipSession *self,
                                  guint            call)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  self->trace_call = call;
}

/**
 * phone_sip_session_new:
 * @timers: (transfer none): must outlive the session
 * @call: our call id
 * @account: (nullable): %NULL for a direct-IP call
 */
PhoneSipSession *
phone_sip_session_new (PhoneSipStack        *stack,
                       PhoneEventQueue      *queue,
                       const PhoneSipTimers *timers,
                       guint                 call,
                       PhoneSipAccount      *account)
{
  PhoneSipSession *self;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (stack), NULL);
  g_return_val_if_fail (timers != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SIP_SESSION, NULL);
  self->stack = g_object_ref (stack);
  self->queue = g_object_ref (queue);
  self->timers = timers;
  self->call = call;
  self->trace_call = call;
  g_set_object (&self->account, account);

  return self;
}
