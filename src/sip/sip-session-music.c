/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-music.h"
#include "sip-session-private.h"

/*
 * Music on hold (RFC 7088) in the dialog of who is held. The hold itself never waits for the music: it is complete first,
 * and holds all the same when there is none.
 *
 *       held                    us                  server
 *         |<-------re-INVITE-----|                     |   sendonly, at our own address
 *         |---------200--------->|                     |
 *         |<--------ACK----------|                     |   HELD is what the phone says from here on
 *         |                      |-------INVITE------->|   ASKED
 *         |                      |<-------200----------|   OFFERED: sendonly, at the server's address
 *         |<-------re-INVITE-----|                     |
 *         |---------200--------->|                     |
 *         |<--------ACK----------|---------ACK-------->|   PLAYING
 *         |<==================== RTP ==================|
 *         |<-------re-INVITE-----|                     |   the end of the hold: our own address again
 *         |---------200--------->|                     |
 *         |<--------ACK----------|---------BYE-------->|
 */

/* They change the call, so the music has to be offered anew: not for ever. */
#define MAX_RESTARTS 5

static void
tell (PhoneSipSession *self,
      gboolean         playing)
{
  PhoneEvent event = { .type = PHONE_EVENT_MUSIC, .call = self->call, .value = playing };

  if (!self->reported)
    phone_event_queue_post (self->queue, &event);
}

static void
stop (PhoneSipSession      *self,
      PhoneSipSessionMusic  state)
{
  gboolean was_playing = self->music_state == PHONE_SIP_SESSION_MUSIC_PLAYING;

  self->music_state = state;
  g_clear_pointer (&self->music_offer, phone_media_desc_unref);
  phone_sip_music_stop (self->music);
  if (was_playing)
    tell (self, FALSE);
}

/* No more music in this hold, or no more hold. */
void
phone_sip_session_end_music (PhoneSipSession *self)
{
  if (!self->music)
    return;

  stop (self, PHONE_SIP_SESSION_MUSIC_NONE);
  self->music_ends = FALSE;
  g_clear_pointer (&self->music, phone_sip_music_free);
  g_clear_pointer (&self->hold_offer, phone_media_desc_unref);
}

/* The server's offer as ours: they listen, whatever the server would like to hear. */
static PhoneMediaDesc *
make_offer (PhoneSipSession *self,
            PhoneMediaDesc  *offer)
{
  PhoneMediaDesc *held = phone_sip_session_get_remote_desc (self);

  /* Who was promised encrypted sound gets no plain music. */
  if (held && phone_media_desc_get_security (held) == PHONE_MEDIA_SECURITY_COMPULSORY &&
      phone_media_desc_get_security (offer) != PHONE_MEDIA_SECURITY_COMPULSORY)
    return NULL;
  if ((phone_media_desc_get_direction (offer) & PHONE_DIRECTION_SENDONLY) == 0 || phone_media_desc_get_port (offer) == 0)
    return NULL;

  return phone_media_desc_with_direction (offer, PHONE_DIRECTION_SENDONLY);
}

static void
on_music (PhoneMediaDesc *offer,
          gpointer        user_data)
{
  g_autoptr (PhoneSipSession) self = g_object_ref (PHONE_SIP_SESSION (user_data));
  gboolean was_playing = self->music_state == PHONE_SIP_SESSION_MUSIC_PLAYING;

  if (offer && self->music_state == PHONE_SIP_SESSION_MUSIC_ASKED)
    {
      self->music_offer = make_offer (self, offer);
      self->music_state = PHONE_SIP_SESSION_MUSIC_OFFERED;
      if (!self->music_offer)
        phone_sip_session_end_music (self);
      phone_sip_session_flush_pending (self);
      return;
    }

  /* The server is gone; who listened to it is told that nothing comes. */
  if (was_playing && !self->pending && phone_sip_session_is_running (self))
    self->pending = phone_media_desc_ref (self->hold_offer);
  phone_sip_session_end_music (self);
  phone_sip_session_flush_pending (self);
}

/**
 * phone_sip_session_hold:
 * @offer: the offer that holds
 * @music: (transfer full): what they hear as long as no other offer of ours holds
 *
 * re-INVITE, and once it is through, another one with the music, if there is any.
 */
void
phone_sip_session_hold (PhoneSipSession *self,
                        PhoneMediaDesc  *offer,
                        PhoneSipMusic   *music)
{
  g_return_if_fail (PHONE_IS_SIP_SESSION (self));
  g_return_if_fail (offer != NULL && music != NULL);

  phone_sip_session_end_music (self);
  phone_sip_session_modify (self, offer);
  if (self->state < PHONE_SIP_SESSION_ANSWERED || self->state >= PHONE_SIP_SESSION_ENDING)
    {
      phone_sip_music_free (music);
      return;
    }

  self->music = music;
  self->music_restarts = 0;
  self->hold_offer = phone_media_desc_ref (offer);
  self->music_state = PHONE_SIP_SESSION_MUSIC_WANTED;
}

/* Another offer of ours is on its way: music that was never heard is not looked for any longer; what is heard plays on
 * until that offer is accepted. */
void
phone_sip_session_let_music_end (PhoneSipSession *self)
{
  if (!self->music)
    return;

  if (self->music_state == PHONE_SIP_SESSION_MUSIC_WANTED || self->music_state == PHONE_SIP_SESSION_MUSIC_ASKED)
    phone_sip_session_end_music (self);
  else
    self->music_ends = TRUE;
}

/* Whether the offer of ours that is out is the music's. */
gboolean
phone_sip_session_offers_music (PhoneSipSession *self)
{
  return self->offer && self->offer == self->music_offer;
}

/* Called when an exchange is through and no other waits. Returns whether there is something to be sent now. */
gboolean
phone_sip_session_continue_music (PhoneSipSession *self)
{
  switch (self->music_state)
    {
    case PHONE_SIP_SESSION_MUSIC_WANTED:
      self->music_state = PHONE_SIP_SESSION_MUSIC_ASKED;
      phone_sip_music_start (self->music, on_music, self);
      return FALSE;
    case PHONE_SIP_SESSION_MUSIC_OFFERED:
      g_clear_pointer (&self->offer, phone_media_desc_unref);
      self->offer = phone_media_desc_ref (self->music_offer);
      return TRUE;
    case PHONE_SIP_SESSION_MUSIC_NONE:
    case PHONE_SIP_SESSION_MUSIC_ASKED:
    case PHONE_SIP_SESSION_MUSIC_PLAYING:
      break;
    }

  return FALSE;
}

/* They listen to the server now. @answer: what they said to its offer. */
void
phone_sip_session_music_accepted (PhoneSipSession *self,
                                  PhoneMediaDesc  *answer)
{
  self->music_state = PHONE_SIP_SESSION_MUSIC_PLAYING;
  phone_sip_music_answer (self->music, answer);
  tell (self, TRUE);
}

/**
 * phone_sip_session_answer_beside_music:
 * @answer: our answer to their re-INVITE
 *
 * While the server plays, what we say of ourselves would end the music. When they only repeat what they said, so do we;
 * when they change something the music begins anew after it.
 *
 * Returns: (transfer none): what is answered
 */
PhoneMediaDesc *
phone_sip_session_answer_beside_music (PhoneSipSession *self,
                                       PhoneMediaDesc  *answer)
{
  PhoneMediaDesc *before = self->backup ? self->backup->desc : NULL;
  PhoneMediaDesc *now = phone_sip_session_get_remote_desc (self);

  if (self->music_state != PHONE_SIP_SESSION_MUSIC_PLAYING)
    return answer;
  if (!self->we_offered && before && now && self->local && phone_media_desc_equal (before, now))
    return self->local;

  if (self->music_restarts++ < MAX_RESTARTS)
    stop (self, PHONE_SIP_SESSION_MUSIC_WANTED);
  else
    phone_sip_session_end_music (self);

  return answer;
}
