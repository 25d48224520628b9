/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-cause.h"
#include "sip-message.h"
#include "sip-session-private.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

/*
 * Changes inside a call.
 *
 *        us                     peer
 *         |------re-INVITE------>|   MODIFYING
 *         |<-------200-----------|
 *         |---------ACK--------->|   ACTIVE
 *
 * Glare (RFC 3261 §14.1): both send at once, both refuse with 491, both wait a random time: 2.1 to 4 s who made the call,
 * up to 2 s who got it.
 *
 *         |------re-INVITE--->   |
 *         |   <---re-INVITE------|
 *         |------491-->  <--491--|   WAITING
 *         |------re-INVITE------>|   MODIFYING
 */

/* RFC 3261 §14.2: 0 to 10 s. */
#define MAX_RETRY_AFTER_S 10

static void
send_modify (PhoneSipSession *self)
{
  g_autofree char *sdp = phone_sip_sdp_write (self->origin, self->offer, self->remote);
  g_autofree char *supported = phone_sip_session_dup_supported (self);
  g_autofree char *expires = phone_sip_session_timer_dup_offer (&self->session_timer);
  g_autofree char *min = phone_sip_session_timer_dup_min (&self->session_timer);

  phone_sip_session_update_contact (self);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_MODIFYING);
  nua_invite (phone_sip_session_get_handle (self),
              NUTAG_AUTOANSWER (0),
              NUTAG_AUTOACK (0),
#ifdef NUTAG_MAX_RETRY_AFTER
              /* 500 with Retry-After: ours came before the ACK of the last one. Unless the library may wait and repeat it, it
               * ends the call. (Its macro for the tag makes a truth value of the number.) */
              nutag_max_retry_after, tag_uint_v (MAX_RETRY_AFTER_S + 1),
#endif
              SIPTAG_CONTACT_STR (self->contact),
              SIPTAG_SUPPORTED (SIP_NONE),
              TAG_IF (supported, SIPTAG_UNKNOWN_STR (supported)),
              TAG_IF (expires, SIPTAG_SESSION_EXPIRES_STR (expires)),
              TAG_IF (min, SIPTAG_MIN_SE_STR (min)),
              SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
              SIPTAG_PAYLOAD_STR (sdp),
              TAG_END ());
  phone_sip_session_allow_features (self);
}

/**
 * phone_sip_session_modify:
 * @offer: our new offer
 *
 * re-INVITE, now or as soon as what is running is through. A later offer takes the place of one that waits.
 */
void
phone_sip_session_modify (PhoneSipSession *self,
                          PhoneMediaDesc  *offer)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (offer != NULL);

  phone_sip_session_let_music_end (self);
  switch (self->state)
    {
    case PHONE_SIP_SESSION_ACTIVE:
      g_clear_pointer (&self->pending, phone_media_desc_unref);
      self->pending = phone_media_desc_ref (offer);
      self->glares = 0;
      phone_sip_session_flush_pending (self);
      break;
    case PHONE_SIP_SESSION_WAITING:
      g_clear_pointer (&self->offer, phone_media_desc_unref);
      self->offer = phone_media_desc_ref (offer);
      break;
    case PHONE_SIP_SESSION_ANSWERED:
    case PHONE_SIP_SESSION_MODIFYING:
    case PHONE_SIP_SESSION_REMOTE_MODIFYING:
    case PHONE_SIP_SESSION_REMOTE_ANSWERED:
      g_clear_pointer (&self->pending, phone_media_desc_unref);
      self->pending = phone_media_desc_ref (offer);
      break;
    case PHONE_SIP_SESSION_NEW:
    case PHONE_SIP_SESSION_CALLING:
    case PHONE_SIP_SESSION_PROCEEDING:
    case PHONE_SIP_SESSION_OFFERED:
    case PHONE_SIP_SESSION_INCOMING:
      phone_sip_session_post (self, PHONE_EVENT_MODIFY_FAILED, 491, phone_sip_cause_get_phrase (491), NULL);
      break;
    case PHONE_SIP_SESSION_CANCELLING:
    case PHONE_SIP_SESSION_ENDING:
    case PHONE_SIP_SESSION_ENDED:
      break;
    }
}

/* Called whenever an exchange is through. */
void
phone_sip_session_flush_pending (PhoneSipSession *self)
{
  if (self->state != PHONE_SIP_SESSION_ACTIVE || self->unanswered > 0)
    return;
  if (!self->pending)
    {
      phone_sip_session_flush_refer (self);
      if (self->unanswered == 0 && phone_sip_session_continue_music (self))
        send_modify (self);
      return;
    }

  g_clear_pointer (&self->offer, phone_media_desc_unref);
  self->offer = g_steal_pointer (&self->pending);
  send_modify (self);
}

static void
modify_failed (PhoneSipSession *self,
               int              status,
               const char      *phrase)
{
  const char *text = NULL;
  guint code = phone_sip_cause_normalise (status, phrase, &text);

  if (phone_sip_session_offers_music (self))
    {
      g_info ("Call %u: they do not take the music on hold: %u %s", self->call, code, text);
      g_clear_pointer (&self->offer, phone_media_desc_unref);
      phone_sip_session_end_music (self);
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
    }
  else
    {
      g_clear_pointer (&self->offer, phone_media_desc_unref);
      self->music_ends = FALSE; /* what they refused changes nothing */
      if (self->music_state == PHONE_SIP_SESSION_MUSIC_WANTED)
        phone_sip_session_end_music (self);
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
      phone_sip_session_post (self, PHONE_EVENT_MODIFY_FAILED, code, text, NULL);
    }
  phone_sip_session_flush_pending (self);
}

static void
modify_succeeded (PhoneSipSession     *self,
                  const PhoneSipEvent *event)
{
  PhoneSipSdp *sdp = NULL;
  gboolean is_music;

  phone_sip_session_follow_refresh (self, event->sip);
  nua_ack (event->handle, TAG_END ());
  if (self->auth)
    phone_sip_auth_reset (self->auth);

  if (phone_sip_message_read_body (event->sip, &sdp) != PHONE_SIP_BODY_SDP || !sdp->desc)
    {
      g_clear_pointer (&sdp, phone_sip_sdp_free);
      modify_failed (self, 488, "No usable answer");
      return;
    }

  phone_sip_session_set_remote (self, sdp);
  phone_sip_session_set_local (self, self->offer);
  is_music = phone_sip_session_offers_music (self);
  g_clear_pointer (&self->offer, phone_media_desc_unref);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  phone_sip_session_agree_timer (self, event->sip);
  if (is_music)
    {
      phone_sip_session_music_accepted (self, phone_sip_session_get_remote_desc (self));
    }
  else
    {
      if (self->music_ends)
        phone_sip_session_end_music (self);
      phone_sip_session_post (self, PHONE_EVENT_MODIFIED, 200, "", phone_sip_session_get_remote_desc (self));
    }
  phone_sip_session_flush_pending (self);
}

static gboolean
is_glare (const PhoneSipEvent *event)
{
  return event->status == 491 || (event->status == 500 && event->sip && event->sip->sip_retry_after);
}

/* Refused for good: the library would wait for credentials, and each later re-INVITE behind it. Sent once more without
 * credentials and with no tries left, it comes to an end that leaves the dialog alone. */
static gboolean
give_up (PhoneSipSession     *self,
         const PhoneSipEvent *event)
{
  if (self->auth && phone_sip_auth_is_exhausted (self->auth))
    return FALSE; /* the library has given up too */

  self->given_up = phone_sip_auth_send_bare (event->handle, event->sip);
  return self->given_up;
}

static void
modify_refused (PhoneSipSession     *self,
                const PhoneSipEvent *event)
{
  gboolean was_given_up = self->given_up;
  PhoneSipSessionTimerHeaders headers = phone_sip_message_read_session_timer (event->sip);

  if ((event->status == 401 || event->status == 407) && event->sip &&
      (phone_sip_session_challenge (self, event) || (!was_given_up && give_up (self, event))))
    return;
  if (event->status == 422 && phone_sip_session_timer_raise (&self->session_timer, &headers))
    {
      send_modify (self);
      return;
    }

  if (is_glare (event) && self->glares < PHONE_SIP_SESSION_MAX_GLARES)
    {
      self->glares++;
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_WAITING);
      return;
    }

  if (phone_sip_cause_ends_call ((guint) event->status) || event->status == 405)
    {
      phone_sip_session_report (self, (guint) event->status, event->phrase);
      phone_sip_session_say_bye (self);
      return;
    }

  modify_failed (self, event->status, event->phrase);
}

/* A response to a re-INVITE of ours. */
void
phone_sip_session_on_modify_response (PhoneSipSession     *self,
                                      const PhoneSipEvent *event)
{
  if (event->status < 200)
    return;

  if (self->state != PHONE_SIP_SESSION_MODIFYING)
    {
      /* Late: nobody waits for it, but a 2xx has to be acknowledged. */
      if (event->status < 300)
        nua_ack (event->handle, TAG_END ());
      return;
    }

  if (event->status < 300)
    modify_succeeded (self, event);
  else
    modify_refused (self, event);
}

/* Nothing came for our re-INVITE, or the time to wait after glare is over. */
void
phone_sip_session_modify_timeout (PhoneSipSession *self)
{
  if (self->state == PHONE_SIP_SESSION_WAITING)
    {
      if (!self->pending)
        self->pending = g_steal_pointer (&self->offer);
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
      phone_sip_session_flush_pending (self);
      return;
    }

  /* RFC 3261 §14.1: a peer that does not answer is gone. */
  phone_sip_session_report (self, 408, phone_sip_cause_get_phrase (408));
  phone_sip_session_say_bye (self);
}

static void
answer_update (PhoneSipSession *self,
               const char      *sdp)
{
  nua_handle_t *handle = phone_sip_session_get_handle (self);

  if (sdp)
    {
      phone_sip_session_accept (self, nua_saved_event_request (self->update), sdp);
      phone_sip_session_allow_features (self);
      phone_sip_session_arm_timer (self);
    }
  else
    {
      nua_respond (handle, 488, "Not Acceptable Here", NUTAG_WITH_SAVED (self->update), TAG_END ());
    }

  nua_destroy_event (self->update);
  self->update_saved = FALSE;
}

/**
 * phone_sip_session_accept_modify:
 * @answer: (nullable): our answer, or our offer when theirs had none; %NULL refuses with 488
 */
void
phone_sip_session_accept_modify (PhoneSipSession *self,
                                 PhoneMediaDesc  *answer)
{
  g_autofree char *sdp = NULL;
  gboolean was_update;

  g_return_if_fail (PHONE_IS_SIP_SESSION (self));

  if (self->state != PHONE_SIP_SESSION_REMOTE_MODIFYING)
    return;

  if (answer)
    {
      answer = phone_sip_session_answer_beside_music (self, answer);
      g_clear_pointer (&self->backup, phone_sip_sdp_free);
      phone_sip_session_set_local (self, answer);
    }
  else
    {
      phone_sip_session_roll_back (self);
    }

  sdp = answer ? phone_sip_sdp_write (self->origin, answer, self->remote) : NULL;
  phone_sip_session_update_contact (self);
  was_update = self->update_saved;
  if (was_update)
    answer_update (self, sdp);
  else if (sdp)
    phone_sip_session_accept (self, NULL, sdp);
  else
    nua_respond (phone_sip_session_get_handle (self), 488, "Not Acceptable Here", TAG_END ());

  if (sdp && !was_update)
    {
      phone_sip_session_set_state (self, PHONE_SIP_SESSION_REMOTE_ANSWERED);
      return;
    }

  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  phone_sip_session_flush_pending (self);
}
