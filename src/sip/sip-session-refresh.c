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
 * Session timers on the wire (RFC 4028). What is agreed is in sip-session-timer.c.
 *
 *        us                     peer
 *         |--------UPDATE------->|   MODIFYING, at half the interval; re-INVITE when they do not know UPDATE
 *         |<-------200-----------|   ACTIVE
 *
 *         |   (no refresh came)  |
 *         |---------BYE--------->|   a bit before the end of the interval
 *
 * The option tag "timer" is kept from the library, which would start a timer of its own: it goes out as text the library
 * does not read, while the handle's own list, which decides what a Require header may name, has it in between.
 */

#define RETRY_PART 10     /* a refresh that was refused is tried again after this part of the interval */

static guint
to_ms (PhoneSipSession *self,
       guint            seconds)
{
  guint second_ms = self->timers->session_second_ms ? self->timers->session_second_ms : 1000;

  return (guint) MIN ((guint64) seconds * second_ms, G_MAXINT);
}

/**
 * phone_sip_session_dup_supported:
 * Returns: (transfer full): a whole Supported header
 */
char *
phone_sip_session_dup_supported (PhoneSipSession *self)
{
  return g_strdup_printf ("Supported: %s%sreplaces%s", self->reliable ? "100rel, " : "",
                          self->session_timer.enabled ? "timer, " : "", self->joinable ? ", join" : "");
}

/* What a Require header of the other side may name; see above. */
void
phone_sip_session_allow_features (PhoneSipSession *self)
{
  nua_handle_t *handle = phone_sip_session_get_handle (self);

  if (handle)
    nua_set_hparams (handle, SIPTAG_SUPPORTED_STR (self->session_timer.enabled ? "100rel, timer, replaces" : "100rel, replaces"),
                     TAG_END ());
}

static void
send_refresh (PhoneSipSession *self)
{
  g_autofree char *supported = phone_sip_session_dup_supported (self);
  g_autofree char *expires = phone_sip_session_timer_dup_offer (&self->session_timer);
  g_autofree char *min = phone_sip_session_timer_dup_min (&self->session_timer);
  g_autofree char *sdp = NULL;
  nua_handle_t *handle = phone_sip_session_get_handle (self);

  self->refreshing = TRUE;
  phone_sip_session_update_contact (self);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_MODIFYING);
  if (self->far_updates || !self->local)
    {
      phone_sip_session_note_request (self);
      nua_update (handle, SIPTAG_CONTACT_STR (self->contact), SIPTAG_SUPPORTED (SIP_NONE),
                  TAG_IF (supported, SIPTAG_UNKNOWN_STR (supported)), TAG_IF (expires, SIPTAG_SESSION_EXPIRES_STR (expires)),
                  TAG_IF (min, SIPTAG_MIN_SE_STR (min)), TAG_END ());
    }
  else
    {
      /* The same description as before: its version stays. */
      sdp = phone_sip_sdp_write (self->origin, self->local, self->remote);
      nua_invite (handle, NUTAG_AUTOANSWER (0), NUTAG_AUTOACK (0), SIPTAG_CONTACT_STR (self->contact),
                  SIPTAG_SUPPORTED (SIP_NONE), TAG_IF (supported, SIPTAG_UNKNOWN_STR (supported)),
                  TAG_IF (expires, SIPTAG_SESSION_EXPIRES_STR (expires)), TAG_IF (min, SIPTAG_MIN_SE_STR (min)),
                  SIPTAG_CONTENT_TYPE_STR ("application/sdp"), SIPTAG_PAYLOAD_STR (sdp), TAG_END ());
    }
  phone_sip_session_allow_features (self);
}

static gboolean
on_refresh_due (gpointer user_data)
{
  PhoneSipSession *self = user_data;

  self->refresh_source = 0;
  if (self->state == PHONE_SIP_SESSION_ACTIVE && self->unanswered == 0)
    send_refresh (self);
  else
    /* What is running refreshes too if it succeeds; if not, this comes again. */
    self->refresh_source = g_timeout_add (to_ms (self, self->session_timer.interval_s / RETRY_PART), on_refresh_due, self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_session_expired (gpointer user_data)
{
  PhoneSipSession *self = user_data;
  g_autoptr (PhoneSipSession) alive = g_object_ref (self);

  self->expiry_source = 0;
  if (phone_sip_session_is_running (self))
    {
      g_info ("Call %u: no refresh came", self->call);
      phone_sip_session_report (self, 408, "Session expired");
      phone_sip_session_say_bye (self);
    }

  return G_SOURCE_REMOVE;
}

/* A dialog that both sides know and nobody has ended. */
gboolean
phone_sip_session_is_running (PhoneSipSession *self)
{
  return self->state >= PHONE_SIP_SESSION_ACTIVE && self->state < PHONE_SIP_SESSION_ENDING;
}

void
phone_sip_session_disarm_timer (PhoneSipSession *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->expiry_source, g_source_remove);
}

/* The interval begins (again). */
void
phone_sip_session_arm_timer (PhoneSipSession *self)
{
  guint refresh_s = phone_sip_session_timer_get_refresh_s (&self->session_timer);
  guint expiry_s = phone_sip_session_timer_get_expiry_s (&self->session_timer);

  phone_sip_session_disarm_timer (self);
  if (refresh_s > 0)
    self->refresh_source = g_timeout_add (to_ms (self, refresh_s), on_refresh_due, self);
  if (expiry_s > 0)
    self->expiry_source = g_timeout_add (to_ms (self, expiry_s), on_session_expired, self);
}

/* A 2xx to an INVITE or UPDATE of ours. */
void
phone_sip_session_agree_timer (PhoneSipSession *self,
                               const sip_t     *sip)
{
  PhoneSipSessionTimerHeaders headers = phone_sip_message_read_session_timer (sip);

  phone_sip_session_timer_agree_client (&self->session_timer, &headers);
  phone_sip_session_arm_timer (self);
}

/* Remembers what the other side can do, from any message of theirs. */
void
phone_sip_session_note_peer (PhoneSipSession *self,
                             const sip_t     *sip)
{
  if (sip && sip->sip_allow)
    self->far_updates = sip_is_allowed (sip->sip_allow, sip_method_update, "UPDATE");
}

/**
 * phone_sip_session_refuse_timer:
 * @event: an INVITE or UPDATE
 *
 * Returns: %TRUE when it was answered: 420 for a timer that is switched off, 422 for an interval that is too short
 */
gboolean
phone_sip_session_refuse_timer (PhoneSipSession     *self,
                                const PhoneSipEvent *event)
{
  PhoneSipSessionTimerHeaders headers = phone_sip_message_read_session_timer (event->sip);

  if (headers.required && !self->session_timer.enabled)
    {
      nua_respond (event->handle, 420, "Bad Extension", NUTAG_WITH_THIS (event->nua), SIPTAG_UNSUPPORTED_STR ("timer"),
                   TAG_END ());
      return TRUE;
    }
  if (phone_sip_session_timer_is_too_small (&self->session_timer, &headers))
    {
      nua_respond (event->handle, 422, "Session Interval Too Small", NUTAG_WITH_THIS (event->nua),
                   SIPTAG_MIN_SE_STR (G_STRINGIFY (PHONE_SIP_SESSION_TIMER_MIN_S)), TAG_END ());
      return TRUE;
    }

  self->asked = headers;
  return FALSE;
}

/**
 * phone_sip_session_accept:
 * @with: (nullable): the request, %NULL for the INVITE that waits
 * @sdp: (nullable): our answer or offer
 *
 * 200 OK with what the session timer needs.
 */
void
phone_sip_session_accept (PhoneSipSession *self,
                          msg_t           *with,
                          const char      *sdp)
{
  gboolean require = FALSE;
  g_autofree char *expires = phone_sip_session_timer_agree_server (&self->session_timer, &self->asked, &require);
  g_autofree char *supported = phone_sip_session_dup_supported (self);

  nua_respond (phone_sip_session_get_handle (self), 200, "OK",
               TAG_IF (with, NUTAG_WITH (with)),
               NUTAG_MEDIA_ENABLE (0),
               NUTAG_AUTOANSWER (0),
               NUTAG_AUTOACK (0),
               SIPTAG_CONTACT_STR (self->contact),
               SIPTAG_SUPPORTED (SIP_NONE),
               TAG_IF (supported, SIPTAG_UNKNOWN_STR (supported)),
               TAG_IF (expires, SIPTAG_SESSION_EXPIRES_STR (expires)),
               TAG_IF (require, SIPTAG_REQUIRE_STR ("timer")),
               TAG_IF (sdp, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
               TAG_IF (sdp, SIPTAG_PAYLOAD_STR (sdp)),
               TAG_END ());
}

static void
refresh_succeeded (PhoneSipSession     *self,
                   const PhoneSipEvent *event)
{
  g_autoptr (PhoneMediaDesc) before = NULL;
  PhoneMediaDesc *now = phone_sip_session_get_remote_desc (self);
  PhoneSipSdp *sdp = NULL;

  before = now ? phone_media_desc_ref (now) : NULL;
  phone_sip_session_follow_refresh (self, event->sip);
  if (self->auth)
    phone_sip_auth_reset (self->auth);
  if (event->event == nua_r_invite)
    {
      nua_ack (event->handle, TAG_END ());
      if (phone_sip_message_read_body (event->sip, &sdp) == PHONE_SIP_BODY_SDP && sdp->desc)
        phone_sip_session_set_remote (self, sdp);
      else
        g_clear_pointer (&sdp, phone_sip_sdp_free);
    }

  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  phone_sip_session_agree_timer (self, event->sip);
  now = phone_sip_session_get_remote_desc (self);
  if (before && now && !phone_media_desc_equal (before, now))
    phone_sip_session_post (self, PHONE_EVENT_REMOTE_MODIFY, 0, "", now);
  phone_sip_session_flush_pending (self);
}

static void
refresh_refused (PhoneSipSession     *self,
                 const PhoneSipEvent *event)
{
  PhoneSipSessionTimerHeaders headers = phone_sip_message_read_session_timer (event->sip);
  guint again_s = MAX (self->session_timer.interval_s / RETRY_PART, 1);

  if (event->status == 422 && phone_sip_session_timer_raise (&self->session_timer, &headers))
    {
      send_refresh (self);
      return;
    }
  if (event->status == 405 && event->event == nua_r_update && self->local)
    {
      self->far_updates = FALSE;
      send_refresh (self);
      return;
    }
  if (phone_sip_cause_ends_call ((guint) event->status) || event->status == 405)
    {
      phone_sip_session_report (self, (guint) event->status, event->phrase);
      phone_sip_session_say_bye (self);
      return;
    }

  g_info ("Call %u: refresh refused with %d", self->call, event->status);
  phone_sip_session_set_state (self, PHONE_SIP_SESSION_ACTIVE);
  if (!self->refresh_source)
    self->refresh_source = g_timeout_add (to_ms (self, again_s), on_refresh_due, self);
  phone_sip_session_flush_pending (self);
}

/* A response to our UPDATE or to a re-INVITE that only refreshes. */
void
phone_sip_session_on_refresh_response (PhoneSipSession     *self,
                                       const PhoneSipEvent *event)
{
  if (event->status < 200 || self->state != PHONE_SIP_SESSION_MODIFYING)
    return;
  if (event->event == nua_r_invite && (event->status == 401 || event->status == 407) && event->sip &&
      phone_sip_session_challenge (self, event))
    return;

  self->refreshing = FALSE;
  if (event->status < 300)
    refresh_succeeded (self, event);
  else
    refresh_refused (self, event);
}
