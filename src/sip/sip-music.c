/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-music.h"

/*
 * The server's side of music on hold; the side of who is held: sip-session-music.c.
 *
 *        us                  server
 *         |-------INVITE-------->|   without an offer
 *         |<-------200-----------|   its offer
 *         |---------ACK--------->|   the answer of who is held
 *         |---------BYE--------->|   they are held no longer
 */
struct _PhoneSipMusic {
  char               *target;
  guint               limit_ms;
  PhoneSipMusicMaker  maker;
  gpointer            maker_data;
  GDestroyNotify      maker_destroy;

  PhoneEventQueue    *queue;     /* nullable: of the session, as long as it counts */
  PhoneSipSession    *session;   /* nullable */
  guint               timer;     /* until an offer must be there */
  PhoneSipMusicFunc   func;
  gpointer            user_data;
};

/**
 * phone_sip_music_new:
 * @target: a number of the account's domain, or a SIP URI
 * @limit_ms: for how long an offer is waited for
 * @maker: makes the session of each call to the server
 */
PhoneSipMusic *
phone_sip_music_new (const char         *target,
                     guint               limit_ms,
                     PhoneSipMusicMaker  maker,
                     gpointer            maker_data,
                     GDestroyNotify      maker_destroy)
{
  PhoneSipMusic *self;

  g_return_val_if_fail (target != NULL && maker != NULL, NULL);

  self = g_new0 (PhoneSipMusic, 1);
  self->target = g_strdup (target);
  self->limit_ms = limit_ms;
  self->maker = maker;
  self->maker_data = maker_data;
  self->maker_destroy = maker_destroy;

  return self;
}

/**
 * phone_sip_music_stop:
 *
 * The server is hung up; nothing is told of it.
 */
void
phone_sip_music_stop (PhoneSipMusic *self)
{
  g_autoptr (PhoneSipSession) session = NULL;

  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->queue)
    phone_event_queue_set_handler (self->queue, NULL, NULL, NULL);
  g_clear_object (&self->queue);
  session = g_steal_pointer (&self->session);
  if (session)
    phone_sip_session_hangup (session);
}

static void
fail (PhoneSipMusic *self,
      guint          status,
      const char    *why)
{
  g_message ("No music on hold from %s: %u %s", self->target, status, why ? why : "");
  phone_sip_music_stop (self);
  self->func (NULL, self->user_data);
}

static gboolean
on_silent (gpointer user_data)
{
  PhoneSipMusic *self = user_data;

  self->timer = 0;
  fail (self, 408, "no answer");

  return G_SOURCE_REMOVE;
}

static void
on_event (const PhoneEvent *event,
          gpointer          user_data)
{
  PhoneSipMusic *self = user_data;

  switch ((int) event->type)
    {
    case PHONE_EVENT_ESTABLISHED:
      g_clear_handle_id (&self->timer, g_source_remove);
      self->func (event->desc, self->user_data);
      break;
    case PHONE_EVENT_REMOTE_MODIFY:
      /* It would have to be offered to who is held, and the answer waited for: the music stays what it is. */
      phone_sip_session_accept_modify (self->session, NULL);
      break;
    case PHONE_EVENT_REFERRED:
      phone_sip_session_answer_refer (self->session, FALSE);
      break;
    case PHONE_EVENT_TERMINATED:
      fail (self, event->status, event->text);
      break;
    default:
      break;
    }
}

/**
 * phone_sip_music_start:
 *
 * Calls the server. @func is told what it offers, or that there is nothing to be had; later, when it hangs up.
 */
void
phone_sip_music_start (PhoneSipMusic     *self,
                       PhoneSipMusicFunc  func,
                       gpointer           user_data)
{
  g_return_if_fail (self != NULL && func != NULL);
  g_return_if_fail (self->session == NULL);

  self->func = func;
  self->user_data = user_data;
  self->queue = phone_event_queue_new ();
  self->session = self->maker (self->queue, self->maker_data);
  if (!self->session)
    {
      fail (self, 503, "the phone is stopping");
      return;
    }

  phone_event_queue_set_handler (self->queue, on_event, NULL, self);
  self->timer = g_timeout_add (self->limit_ms, on_silent, self);
  phone_sip_session_invite (self->session, self->target, NULL);
}

/**
 * phone_sip_music_answer:
 * @answer: what who is held answered
 */
void
phone_sip_music_answer (PhoneSipMusic  *self,
                        PhoneMediaDesc *answer)
{
  g_return_if_fail (self != NULL && answer != NULL);

  if (self->session)
    phone_sip_session_acknowledge (self->session, answer);
}

void
phone_sip_music_free (PhoneSipMusic *self)
{
  if (!self)
    return;

  phone_sip_music_stop (self);
  if (self->maker_destroy)
    self->maker_destroy (self->maker_data);
  g_free (self->target);
  g_free (self);
}
