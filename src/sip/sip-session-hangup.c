/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-session-private.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_alloc.h>

/*
 * The end of a call, by whichever means RFC 3261 allows in its state. The user's call is over at once
 * (#PHONE_EVENT_TERMINATED); the session lives on until the wire is quiet.
 *
 * CANCEL meets the answer (RFC 3261 §9.1): the 200 wins on the wire, so it is acknowledged and ended by BYE.
 *
 *        us                     peer
 *         |-------INVITE-------->|
 *         |<-------180-----------|
 *         |-------CANCEL--->     |
 *         |     <-------200------|
 *         |---------ACK--------->|
 *         |---------BYE--------->|
 */

/* Only a request that was heard may be cancelled (RFC 3261 §9.1): the library waits for a provisional response, and knows of
 * the 100 that it does not tell us. */
void
phone_sip_session_send_cancel (PhoneSipSession *self)
{
  if (self->cancel_sent)
    return;

  self->cancel_sent = TRUE;
  nua_cancel (phone_sip_session_get_handle (self), TAG_END ());
}

/* ---- BYE beside the handle ---- */

/*
 * The library sends one request after the other on a handle: behind an INFO, PRACK or UPDATE that nobody answers a BYE waits for
 * 32 s, and when the handle goes before that, it is never sent and the other side is left in the call. So when a request of
 * ours stays unanswered for T1 the BYE goes out on a handle of its own, with the dialog's addresses and a number no other
 * request has.
 */
#define LAST_CSEQ "2147483647 BYE"

/* A request of ours, other than INVITE, goes out. */
void
phone_sip_session_note_request (PhoneSipSession *self)
{
  self->unanswered++;
}

/* The library never comes to an INVITE that was asked for behind another request, and takes no credentials for one. So both
 * wait here until the other request is over. */
static void
go_on (PhoneSipSession *self,
       nua_handle_t    *handle)
{
  if (self->auth_waits && self->auth)
    phone_sip_auth_repeat (self->auth, handle);
  self->auth_waits = FALSE;
  phone_sip_session_flush_pending (self);
}

/**
 * phone_sip_session_note_final:
 * @event: a response to a request of ours that is no INVITE
 *
 * Returns: %TRUE when the request is over; %FALSE when it goes on or was sent again with credentials
 */
gboolean
phone_sip_session_note_final (PhoneSipSession     *self,
                              const PhoneSipEvent *event)
{
  /* 904: one that was given up, below, and counted. */
  if (event->status < 200 || event->status == 904)
    return FALSE;
  if ((event->status == 401 || event->status == 407) && event->sip)
    {
      if (phone_sip_session_challenge (self, event))
        return FALSE;
      /* The library would wait for credentials for ever, and all later requests behind it. */
      if (event->event == nua_r_info || event->event == nua_r_refer || event->event == nua_r_notify)
        nua_authenticate (event->handle, TAG_END ());
    }

  if (self->unanswered > 0)
    self->unanswered--;
  if (self->unanswered == 0)
    go_on (self, event->handle);
  return TRUE;
}

static char *
dup_value (const void *header)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  char *text;

  if (!header)
    return NULL;

  su_home_init (home);
  text = g_strdup (sip_header_as_string (home, header));
  su_home_deinit (home);

  return text;
}

/* The way through the proxies, as seen from here: a response has it backwards. */
static char *
dup_route (const sip_t *sip)
{
  GString *route = NULL;

  for (const sip_record_route_t *r = sip->sip_record_route; r; r = r->r_next)
    {
      g_autofree char *one = dup_value (r);

      if (!one)
        continue;
      if (!route)
        route = g_string_new (one);
      else if (sip->sip_status)
        g_string_prepend (g_string_prepend (route, ", "), one);
      else
        g_string_append (g_string_append (route, ", "), one);
    }

  return route ? g_string_free (route, FALSE) : NULL;
}

static void
take_text (char **where,
           char  *text)
{
  if (!text)
    return;

  g_free (*where);
  *where = text;
}

/**
 * phone_sip_session_note_dialog:
 * @event: the 2xx to our INVITE; their INVITE, and the ACK that has our tag
 */
void
phone_sip_session_note_dialog (PhoneSipSession     *self,
                               const PhoneSipEvent *event)
{
  const sip_t *sip = event->sip;
  su_home_t home[1] = { SU_HOME_INIT (home) };

  if (!sip || !sip->sip_from || !sip->sip_to)
    return;

  self->dialog.agent = event->nua;
  take_text (&self->dialog.call_id, dup_value (sip->sip_call_id));
  take_text (&self->dialog.local, dup_value (sip->sip_status ? (const void *) sip->sip_from : (const void *) sip->sip_to));
  take_text (&self->dialog.remote, dup_value (sip->sip_status ? (const void *) sip->sip_to : (const void *) sip->sip_from));
  if (!self->dialog.route)
    self->dialog.route = dup_route (sip);
  if (sip->sip_contact)
    {
      su_home_init (home);
      take_text (&self->dialog.target, g_strdup (url_as_string (home, sip->sip_contact->m_url)));
      su_home_deinit (home);
    }
}

void
phone_sip_session_clear_dialog (PhoneSipSession *self)
{
  g_clear_handle_id (&self->apart_timer, g_source_remove);
  g_clear_pointer (&self->apart, phone_sip_target_release);
  g_clear_pointer (&self->dialog.call_id, g_free);
  g_clear_pointer (&self->dialog.local, g_free);
  g_clear_pointer (&self->dialog.remote, g_free);
  g_clear_pointer (&self->dialog.target, g_free);
  g_clear_pointer (&self->dialog.route, g_free);
  g_clear_pointer (&self->dialog.next_hop, g_free);
}

static void
on_apart_event (const PhoneSipEvent *event,
                gpointer             owner)
{
  PhoneSipSession *self = owner;
  g_autoptr (PhoneSipSession) alive = g_object_ref (self);

  if (event->event == nua_r_method)
    phone_sip_session_on_bye_response (self, event);
}

static void
say_bye_apart (PhoneSipSession *self)
{
  const PhoneSipDialog *dialog = &self->dialog;
  nua_handle_t *handle;

  if (self->apart || !dialog->agent || !dialog->target)
    return;

  handle = nua_handle (dialog->agent, NULL, NUTAG_URL (dialog->target), SIPTAG_TO_STR (dialog->remote),
                       SIPTAG_FROM_STR (dialog->local), TAG_END ());
  if (!handle)
    return;

  g_debug ("Call %u: BYE beside a request that is not answered", self->call);
  self->apart = phone_sip_target_new (self->stack, handle, on_apart_event, self);
  nua_method (handle,
              NUTAG_METHOD ("BYE"),
              NUTAG_DIALOG (0),
              TAG_IF (dialog->next_hop, NUTAG_PROXY (dialog->next_hop)),
              SIPTAG_CALL_ID_STR (dialog->call_id),
              SIPTAG_CSEQ_STR (LAST_CSEQ),
              TAG_IF (dialog->route, SIPTAG_ROUTE_STR (dialog->route)),
              TAG_END ());
}

static gboolean
on_bye_waited (gpointer user_data)
{
  PhoneSipSession *self = user_data;

  self->apart_timer = 0;
  if (self->state == PHONE_SIP_SESSION_ENDING && self->unanswered > 0)
    say_bye_apart (self);

  return G_SOURCE_REMOVE;
}

void
phone_sip_session_say_bye (PhoneSipSession *self)
{
  self->bye_after_ack = FALSE;
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
  if (self->unanswered > 0 && !self->apart_timer)
    self->apart_timer = g_timeout_add (self->timers->t1_ms, on_bye_waited, self);
  nua_bye (phone_sip_session_get_handle (self), TAG_END ());
}

/* ---- hanging up ---- */

static void
hang_up_answered (PhoneSipSession *self)
{
  /* RFC 3261 §15: the callee must not send BYE before the ACK. */
  self->bye_after_ack = TRUE;
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
}

/**
 * phone_sip_session_hangup:
 */
void
phone_sip_session_hangup (PhoneSipSession *self)
{
  g_autoptr (PhoneSipSession) alive = NULL;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  alive = g_object_ref (self);
  switch (self->state)
    {
    case PHONE_SIP_SESSION_NEW:
      phone_sip_session_finish (self);
      break;
    case PHONE_SIP_SESSION_CALLING:
    case PHONE_SIP_SESSION_PROCEEDING:
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_CANCELLING);
      phone_sip_session_send_cancel (self);
      phone_sip_session_report (self, 0, "");
      break;
    case PHONE_SIP_SESSION_OFFERED:
      phone_sip_session_decline_offer (self);
      phone_sip_session_say_bye (self);
      phone_sip_session_report (self, 0, "");
      break;
    case PHONE_SIP_SESSION_INCOMING:
      phone_sip_session_reject (self, 480);
      break;
    case PHONE_SIP_SESSION_ANSWERED:
      hang_up_answered (self);
      phone_sip_session_report (self, 0, "");
      break;
    case PHONE_SIP_SESSION_ACTIVE:
    case PHONE_SIP_SESSION_MODIFYING:
    case PHONE_SIP_SESSION_WAITING:
    case PHONE_SIP_SESSION_REMOTE_MODIFYING:
    case PHONE_SIP_SESSION_REMOTE_ANSWERED:
      phone_sip_session_say_bye (self);
      phone_sip_session_report (self, 0, "");
      break;
    case PHONE_SIP_SESSION_CANCELLING:
    case PHONE_SIP_SESSION_ENDING:
    case PHONE_SIP_SESSION_ENDED:
      break;
    }
}

/**
 * phone_sip_session_drop:
 *
 * Ends the session without waiting any longer; the library says what is still to be said when its handle goes.
 */
void
phone_sip_session_drop (PhoneSipSession *self)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  self->dropped = TRUE;
  phone_sip_session_finish (self);
}

void
phone_sip_session_on_bye_response (PhoneSipSession     *self,
                                   const PhoneSipEvent *event)
{
  if (event->status < 200)
    return;
  if ((event->status == 401 || event->status == 407) && phone_sip_session_challenge (self, event))
    return;

  phone_sip_session_finish (self);
}
