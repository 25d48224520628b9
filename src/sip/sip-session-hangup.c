/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-session-private.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

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

/* Only a request that was heard may be cancelled (RFC 3261 §9.1). */
void
phone_sip_session_send_cancel (PhoneSipSession *self)
{
  if (self->cancel_sent)
    return;

  self->cancel_sent = TRUE;
  nua_cancel (phone_sip_session_get_handle (self), TAG_END ());
}

void
phone_sip_session_say_bye (PhoneSipSession *self)
{
  self->bye_after_ack = FALSE;
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ENDING);
  nua_bye (phone_sip_session_get_handle (self), TAG_END ());
}

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
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_CANCELLING);
      phone_sip_session_report (self, 0, "");
      break;
    case PHONE_SIP_SESSION_PROCEEDING:
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_CANCELLING);
      phone_sip_session_send_cancel (self);
      phone_sip_session_report (self, 0, "");
      break;
    case PHONE_SIP_SESSION_INCOMING:
      phone_sip_session_reject (self, 480, NULL);
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
