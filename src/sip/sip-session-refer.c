/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-message.h"
#include "sip-session-private.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * Transfers (RFC 3515, 3892, 5589): a REFER inside the call, from either side.
 *
 *        us                     peer                     us                     peer
 *         |--------REFER-------->|                        |<-------REFER---------|
 *         |<-------202-----------|   OPEN                 |---------202--------->|
 *         |<---NOTIFY 100--------|                        |-----NOTIFY 100------>|
 *         |<---NOTIFY 200--------|   told                 |  (our INVITE to the target)
 *         |---------BYE--------->|                        |-----NOTIFY 200------>|
 *
 * Either side may say BYE as soon as there is a 202. The dialog then goes on for the NOTIFYs (RFC 5057), and so does the
 * session, quietly, until the end is told or the time is up.
 */

static void
tell (PhoneSipSession   *self,
      PhoneTransferNews  news,
      guint              status)
{
  PhoneEvent event = { .type = PHONE_EVENT_TRANSFER, .call = self->call, .value = news, .status = status };

  event.account = self->account ? phone_sip_account_get_number (self->account) : 0;
  event.number = self->number;
  event.name = self->name;
  phone_event_queue_post (self->queue, &event);
}

/* Whether the dialog is still needed when the call is over. */
gboolean
phone_sip_session_is_transferring (PhoneSipSession *self)
{
  return self->refer_out == PHONE_SIP_REFER_OPEN || self->owes_report;
}

static void
close_transfer (PhoneSipSession *self)
{
  g_clear_handle_id (&self->refer_timer, g_source_remove);
  g_clear_pointer (&self->refer_to, g_free);
  self->refer_out = PHONE_SIP_REFER_NONE;
  self->owes_report = FALSE;
}

/* The last word was said; a session that only waited for it is over. */
static void
end_transfer (PhoneSipSession *self)
{
  close_transfer (self);
  if (self->quiet)
    phone_sip_session_finish (self);
}

/**
 * phone_sip_session_stop_waiting:
 *
 * Nobody is interested any more in how a transfer ends.
 */
void
phone_sip_session_stop_waiting (PhoneSipSession *self)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  end_transfer (self);
}

static gboolean
on_refer_timeout (gpointer user_data)
{
  PhoneSipSession *self = user_data;
  g_autoptr (PhoneSipSession) alive = g_object_ref (self);
  PhoneSipReferState state = self->refer_out;
  gboolean waits = self->refer_to != NULL;

  self->refer_timer = 0;
  g_info ("Call %u: nothing more is heard of the transfer", self->call);
  close_transfer (self);
  if (state == PHONE_SIP_REFER_SENT || waits)
    tell (self, PHONE_TRANSFER_REFUSED, 408);
  else if (state == PHONE_SIP_REFER_OPEN)
    tell (self, PHONE_TRANSFER_SILENT, 0);
  end_transfer (self);

  return G_SOURCE_REMOVE;
}

static void
arm (PhoneSipSession *self,
     guint            limit_ms)
{
  g_clear_handle_id (&self->refer_timer, g_source_remove);
  self->refer_timer = g_timeout_add (limit_ms, on_refer_timeout, self);
}

/* ---- we transfer ---- */

/* How another is to name this dialog in an INVITE to the other side; NULL as long as nobody has answered. */
static PhoneSipReplaces *
dup_replaces (PhoneSipSession *self)
{
  g_autoptr (PhoneSipReplaces) replaces = NULL;

  if (!phone_sip_session_is_running (self) || !self->dialog.call_id)
    return NULL;

  replaces = g_new0 (PhoneSipReplaces, 1);
  replaces->call_id = g_strdup (self->dialog.call_id);
  replaces->to_tag = phone_sip_refer_dup_tag (self->dialog.remote);
  replaces->from_tag = phone_sip_refer_dup_tag (self->dialog.local);

  return replaces->to_tag && replaces->from_tag ? g_steal_pointer (&replaces) : NULL;
}

static PhoneSipUri *
read_remote (PhoneSipSession *self)
{
  const char *start = self->dialog.remote ? strchr (self->dialog.remote, '<') : NULL;
  g_autofree char *address = start ? g_strndup (start + 1, strcspn (start + 1, ">")) : NULL;

  return address ? phone_sip_uri_parse (address, NULL) : NULL;
}

/* The Refer-To that has the other side take our place in @other. */
static char *
format_other (PhoneSipSession *other,
              gboolean         by_contact)
{
  g_autoptr (PhoneSipReplaces) replaces = dup_replaces (other);
  g_autoptr (PhoneSipUri) uri = NULL;

  if (by_contact && other->dialog.target)
    uri = phone_sip_uri_parse (other->dialog.target, NULL);
  if (!uri)
    uri = read_remote (other);

  return replaces && uri ? phone_sip_refer_format (uri, replaces) : NULL;
}

/* A number is one of the account's domain; without an account, one of where they are. */
static char *
format_target (PhoneSipSession *self,
               const char      *target)
{
  g_autoptr (PhoneSipUri) remote = read_remote (self);
  const PhoneSipUri *domain = self->account ? phone_sip_account_get_domain (self->account) : NULL;
  g_autoptr (PhoneSipUri) uri = phone_sip_uri_for_target (target, domain ? domain : remote, NULL);

  return uri ? phone_sip_refer_format (uri, NULL) : NULL;
}

static void
send_refer (PhoneSipSession *self)
{
  g_autofree char *to = g_steal_pointer (&self->refer_to);
  g_autofree char *by = phone_sip_refer_dup_address (self->dialog.local);

  self->refer_out = PHONE_SIP_REFER_SENT;
  arm (self, self->timers->refer_ms ? self->timers->refer_ms : self->timers->modify_ms);
  phone_sip_session_note_request (self);
  nua_refer (phone_sip_session_get_handle (self), SIPTAG_REFER_TO_STR (to), TAG_IF (by, SIPTAG_REFERRED_BY_STR (by)),
             SIPTAG_CONTACT_STR (self->contact), TAG_END ());
}

/* Called whenever an exchange is through: a REFER waits for its turn, since the library sends one request after the other. */
void
phone_sip_session_flush_refer (PhoneSipSession *self)
{
  if (self->refer_to && self->state == PHONE_SIP_SESSION_ACTIVE && self->unanswered == 0)
    send_refer (self);
}

/**
 * phone_sip_session_transfer:
 * @target: (nullable): whom they are to call
 * @other: (nullable): a session of ours; they are to take our place in it
 * @by_contact: whether @other is named by its Contact
 *
 * REFER, now or as soon as what is running is through.
 */
void
phone_sip_session_transfer (PhoneSipSession *self,
                            const char      *target,
                            PhoneSipSession *other,
                            gboolean         by_contact)
{
  g_autofree char *refer_to = NULL;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (self->reported)
    return;
  refer_to = other ? format_other (other, by_contact) : format_target (self, target ? target : "");
  if (!refer_to || !phone_sip_session_is_running (self) || self->refer_to || self->refer_out != PHONE_SIP_REFER_NONE ||
      self->owes_report)
    {
      tell (self, PHONE_TRANSFER_REFUSED, refer_to ? 491 : 484);
      return;
    }

  self->refer_to = g_steal_pointer (&refer_to);
  arm (self, self->timers->refer_ms ? self->timers->refer_ms : self->timers->modify_ms);
  phone_sip_session_flush_refer (self);
}

/* 202, or a NOTIFY that was faster. */
static void
open_subscription (PhoneSipSession *self)
{
  if (self->refer_out != PHONE_SIP_REFER_SENT)
    return;

  self->refer_out = PHONE_SIP_REFER_OPEN;
  arm (self, self->timers->notify_ms ? self->timers->notify_ms : PHONE_SIP_NOTIFY_MS);
  tell (self, PHONE_TRANSFER_ACCEPTED, 202);
}

/* A response to our REFER. */
void
phone_sip_session_on_refer_response (PhoneSipSession     *self,
                                     const PhoneSipEvent *event)
{
  if (!phone_sip_session_note_final (self, event) || self->refer_out != PHONE_SIP_REFER_SENT)
    return;
  if (event->status < 300)
    {
      open_subscription (self);
      return;
    }

  close_transfer (self);
  tell (self, PHONE_TRANSFER_REFUSED, (guint) event->status);
  if (event->status == 481 || event->status == 408)
    {
      phone_sip_session_report (self, (guint) event->status, event->phrase);
      phone_sip_session_say_bye (self);
      return;
    }
  end_transfer (self);
}

/* How it goes with what they were asked for; the library has answered. */
void
phone_sip_session_on_notify (PhoneSipSession     *self,
                             const PhoneSipEvent *event)
{
  const sip_subscription_state_t *state = event->sip ? event->sip->sip_subscription_state : NULL;
  gboolean over = !event->sip || (state && g_ascii_strcasecmp (state->ss_substate, "terminated") == 0);
  guint status = event->sip ? phone_sip_refer_read_fragment (event->sip) : 0;

  if (self->refer_out == PHONE_SIP_REFER_NONE)
    return;

  open_subscription (self);
  if (status >= 200)
    {
      close_transfer (self);
      tell (self, status < 300 ? PHONE_TRANSFER_DONE : PHONE_TRANSFER_FAILED, status);
      end_transfer (self);
    }
  else if (over)
    {
      close_transfer (self);
      tell (self, PHONE_TRANSFER_SILENT, 0);
      end_transfer (self);
    }
  else if (status > 100)
    {
      tell (self, PHONE_TRANSFER_PROGRESS, status);
    }
}

/* ---- they transfer us ---- */

static void
refuse (const PhoneSipEvent *event,
        int                  status)
{
  nua_respond (event->handle, status, phone_sip_cause_get_phrase ((guint) status), NUTAG_WITH_THIS (event->nua), TAG_END ());
}

static void
announce (PhoneSipSession     *self,
          const PhoneSipEvent *event)
{
  PhoneSipUri *uri = self->asked_to_call->uri;
  g_autofree char *target = phone_sip_uri_to_string (uri);
  g_autofree char *number = self->account && uri->user ? g_strdup (uri->user) : phone_sip_uri_to_number (uri);
  g_autofree char *name = phone_sip_message_dup_name (event->sip->sip_refer_to->r_display);
  PhoneEvent referred = { .type = PHONE_EVENT_REFERRED, .call = self->call, .text = target, .number = number, .name = name };

  referred.value = self->quiet;
  referred.account = self->account ? phone_sip_account_get_number (self->account) : 0;
  phone_event_queue_post (self->queue, &referred);
}

/* Keeps a REFER until the engine has made up its mind. */
static gboolean
take (PhoneSipSession     *self,
      const PhoneSipEvent *event)
{
  g_autoptr (PhoneSipRefer) refer = phone_sip_refer_read (event->sip);

  if (!refer || !nua_save_event (event->nua, self->refer))
    {
      refuse (event, refer ? 500 : 400);
      return FALSE;
    }

  self->refer_saved = TRUE;
  g_clear_pointer (&self->asked_to_call, phone_sip_refer_free);
  self->asked_to_call = g_steal_pointer (&refer);
  g_free (self->refer_event);
  self->refer_event = g_strdup_printf ("refer;id=%u", (guint) event->sip->sip_cseq->cs_seq);
  g_free (self->referred_by);
  self->referred_by = phone_sip_refer_dup_address (self->dialog.remote);
  announce (self, event);
  return TRUE;
}

/* A REFER inside the call. One at a time, and none while one of ours runs: both would leave the call that they mean. */
void
phone_sip_session_on_refer (PhoneSipSession     *self,
                            const PhoneSipEvent *event)
{
  if (event->status >= 200 || !event->sip)
    return;
  if (!phone_sip_session_is_running (self))
    {
      refuse (event, 603);
      return;
    }
  if (self->refer_saved || self->owes_report || self->refer_to || self->refer_out != PHONE_SIP_REFER_NONE)
    {
      refuse (event, 491);
      return;
    }
  take (self, event);
}

/**
 * phone_sip_session_take_refer:
 * @event: a REFER outside any call (RFC 3515 §2.4.4)
 *
 * Takes the request and its handle over, and tells of what is asked for. The session is never a call; it is over with the
 * last report. The library has opened the subscription with a NOTIFY of its own.
 *
 * Returns: %FALSE when the request was refused and the handle is still nobody's
 */
gboolean
phone_sip_session_take_refer (PhoneSipSession     *self,
                              const PhoneSipEvent *event)
{
  g_return_val_if_fail (PHONE_IS_SIP_SESSION (self), FALSE);
  g_return_val_if_fail (event->sip != NULL, FALSE);

  phone_sip_session_bind (self, event->handle);
  phone_sip_session_note_dialog (self, event);
  phone_sip_session_make_contact (self, event->sip);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->reported = TRUE;
  self->quiet = TRUE;

  return take (self, event);
}

/* message/sipfrag: the first line of the response that we got, no more. */
static void
send_report (PhoneSipSession *self,
             guint            status)
{
  g_autofree char *line = g_strdup_printf ("SIP/2.0 %u %s\r\n", status, phone_sip_cause_get_phrase (status));

  if (!self->owes_report || self->state == PHONE_SIP_SESSION_ENDED)
    return;

  phone_sip_session_note_request (self);
  nua_notify (phone_sip_session_get_handle (self),
              NUTAG_SUBSTATE (status < 200 ? nua_substate_active : nua_substate_terminated),
              SIPTAG_EVENT_STR (self->refer_event),
              SIPTAG_CONTENT_TYPE_STR ("message/sipfrag;version=2.0"),
              SIPTAG_PAYLOAD_STR (line),
              TAG_END ());
  self->last_report = status;
  self->reports_out++;
}

/**
 * phone_sip_session_answer_refer:
 * @accept: whether we call whom they ask for; else 603
 *
 * Answers their REFER. Who accepts owes them reports: see phone_sip_session_set_referrer().
 */
void
phone_sip_session_answer_refer (PhoneSipSession *self,
                                gboolean         accept)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (!self->refer_saved || self->state == PHONE_SIP_SESSION_ENDED)
    return;

  nua_respond (phone_sip_session_get_handle (self), accept ? 202 : 603, accept ? "Accepted" : "Decline",
               NUTAG_WITH_SAVED (self->refer), SIPTAG_CONTACT_STR (self->contact), TAG_END ());
  nua_destroy_event (self->refer);
  self->refer_saved = FALSE;
  if (!accept)
    {
      end_transfer (self);
      return;
    }

  self->owes_report = TRUE;
  self->reports_out = 0;
  self->last_report = 0;
  arm (self, self->timers->notify_ms ? self->timers->notify_ms : PHONE_SIP_NOTIFY_MS);
  send_report (self, 100);
}

/* The response to a NOTIFY of ours. It may be one to an early report while the last word still waits behind it. */
void
phone_sip_session_on_notify_response (PhoneSipSession     *self,
                                      const PhoneSipEvent *event)
{
  if (!phone_sip_session_note_final (self, event) || !self->owes_report)
    return;
  self->reports_out -= MIN (self->reports_out, 1);
  if (event->status >= 300 || (self->last_report >= 200 && self->reports_out == 0))
    end_transfer (self);
}

/**
 * phone_sip_session_set_referrer:
 * @referrer: the session in which we were asked for this call; gets told how it goes
 *
 * Before the INVITE.
 */
void
phone_sip_session_set_referrer (PhoneSipSession *self,
                                PhoneSipSession *referrer)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (PHONE_IS_SIP_SESSION (referrer));

  g_set_object (&self->referrer, referrer);
  g_free (self->referred_by);
  self->referred_by = g_strdup (referrer->referred_by);
  g_free (self->replaces);
  self->replaces = referrer->asked_to_call && referrer->asked_to_call->replaces
                   ? phone_sip_replaces_to_string (referrer->asked_to_call->replaces) : NULL;
}

/**
 * phone_sip_session_report_refer:
 * @status: what the call that was asked for has come to
 *
 * Tells whoever asked for a call.
 */
void
phone_sip_session_report_refer (PhoneSipSession *self,
                                guint            status)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (self->last_report != status)
    send_report (self, status);
}

/* A call that somebody asked for has come so far. */
void
phone_sip_session_tell_referrer (PhoneSipSession *self,
                                 guint            status)
{
  g_autoptr (PhoneSipSession) referrer = NULL;

  if (!self->referrer)
    return;

  referrer = status >= 200 ? g_steal_pointer (&self->referrer) : g_object_ref (self->referrer);
  phone_sip_session_report_refer (referrer, status);
}

/* ---- another call takes the place of this one ---- */

/**
 * phone_sip_session_is_dialog:
 * Returns: whether @replaces, in an INVITE to us, names this dialog
 */
gboolean
phone_sip_session_is_dialog (PhoneSipSession        *self,
                             const PhoneSipReplaces *replaces)
{
  g_autofree char *ours = phone_sip_refer_dup_tag (self->dialog.local);
  g_autofree char *theirs = phone_sip_refer_dup_tag (self->dialog.remote);

  return g_strcmp0 (self->dialog.call_id, replaces->call_id) == 0 && g_strcmp0 (ours, replaces->to_tag) == 0
         && g_strcmp0 (theirs, replaces->from_tag) == 0;
}

/**
 * phone_sip_session_refuse_replacement:
 * Returns: what an INVITE is refused with that wants to take this call's place (RFC 3891 §3); 0 when it may
 */
guint
phone_sip_session_refuse_replacement (PhoneSipSession        *self,
                                      const PhoneSipReplaces *replaces)
{
  if (self->reported || self->state >= PHONE_SIP_SESSION_ENDING)
    return 603;
  if (!phone_sip_session_is_running (self))
    return 481;
  return replaces->early_only ? 486 : 0;
}

/**
 * phone_sip_session_set_replaced:
 * @call: the call whose place the one that comes in takes
 *
 * Before phone_sip_session_take().
 */
void
phone_sip_session_set_replaced (PhoneSipSession *self,
                                guint            call)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  self->replaced = call;
}

/**
 * phone_sip_session_set_joined:
 * @call: the call that the one that comes in joins (RFC 3911)
 *
 * Before phone_sip_session_take().
 */
void
phone_sip_session_set_joined (PhoneSipSession *self,
                              guint            call)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  self->joined = call;
}

void
phone_sip_session_clear_refer (PhoneSipSession *self)
{
  g_clear_handle_id (&self->refer_timer, g_source_remove);
  if (self->refer_saved)
    nua_destroy_event (self->refer);
  self->refer_saved = FALSE;
  g_clear_pointer (&self->refer_to, g_free);
  g_clear_pointer (&self->refer_event, g_free);
  g_clear_pointer (&self->referred_by, g_free);
  g_clear_pointer (&self->replaces, g_free);
  g_clear_pointer (&self->asked_to_call, phone_sip_refer_free);
  g_clear_object (&self->referrer);
}
