/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "call-actions.h"

#include "calls.h"
#include "cause.h"
#include "history.h"
#include "media-config.h"
#include "sound.h"
#include "texts.h"

/* Longest wait for signaling to report the end of a call: T1 * 64 and some (RFC 3261 §17.1.1.2). */
#define ENDING_MS 40000
/* How long the page of an ended or failed call stays when nobody presses a key. */
#define FINISHED_MS 2000
#define FAILED_MS 10000

static void
set_desc (PhoneMediaDesc **member,
          PhoneMediaDesc  *desc)
{
  if (desc)
    phone_media_desc_ref (desc);
  g_clear_pointer (member, phone_media_desc_unref);
  *member = desc;
}

static void
take_desc (PhoneMediaDesc **member,
           PhoneMediaDesc  *desc)
{
  g_clear_pointer (member, phone_media_desc_unref);
  *member = desc;
}

static const char *
status_text (guint status)
{
  return phone_cause_get_text (phone_cause_from_status (status));
}

/* Why signaling says a call failed: what went wrong before any response came, else the response. The words for responses
 * speak of the attempt to call; a conversation that breaks off (no refresh, no ACK, gone there) has none of its own. */
static const char *
failure_text (const PhoneCall  *call,
              const PhoneEvent *event)
{
  if (event->fault != PHONE_SIGNALING_FAULT_NONE)
    return phone_cause_get_text (phone_cause_from_signaling_fault (event->fault));
  if (call->answered)
    return phone_cause_get_text (PHONE_CAUSE_CALL_FAILED);
  return status_text (event->status);
}

/* A missing plug-in is named, so that somebody can install it. */
static char *
dup_fault_text (PhoneMediaFault  fault,
                const char      *detail)
{
  const char *text = phone_cause_get_text (phone_cause_from_media_fault (fault));

  if (fault == PHONE_MEDIA_FAULT_NO_PLUGIN && detail != NULL && *detail != '\0')
    return g_strdup_printf ("%s %s", text, detail);
  return g_strdup (text);
}

static gboolean
is_our_hold (const PhoneCall *call)
{
  return call->state == PHONE_CALL_HOLDING || call->state == PHONE_CALL_HELD || call->state == PHONE_CALL_RESUMING;
}

/* The direction we say when we hold (guide: hold). */
static PhoneDirection
get_hold_direction (PhoneEngine     *engine,
                    const PhoneCall *call)
{
  if (phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_HOLD_INACTIVE, call->account) != 0)
    return PHONE_DIRECTION_INACTIVE;
  return PHONE_DIRECTION_SENDONLY;
}

/*
 * Hands the finished offer/answer to the audio. While we hold, no microphone leaves the phone, whatever the SDP says:
 * "sendonly" only leaves room for music on hold. Nor does it while another call takes this one's place.
 */
static void
connect_media (PhoneEngine *engine,
               PhoneCall   *call)
{
  g_autoptr (PhoneMediaDesc) local = NULL;
  g_autoptr (PhoneMediaDesc) remote = NULL;

  if (call->local == NULL || call->remote == NULL)
    return;
  if (is_our_hold (call) || call->replaced_by != 0)
    local = phone_media_desc_with_direction (call->local, PHONE_DIRECTION_INACTIVE);
  else
    local = phone_media_desc_ref (call->local);
  if (call->music)
    remote = phone_media_desc_with_address (call->remote, "0.0.0.0");
  else
    remote = phone_media_desc_ref (call->remote);
  phone_audio_connect (engine->audio, call->id, local, remote);
}

static void
arm (PhoneEngine    *engine,
     PhoneCall      *call,
     PhoneCallTimer  kind,
     guint           delay_ms)
{
  phone_clock_arm (engine->clock, PHONE_CALL_TIMER (call->id, kind), delay_ms);
}

static void
cancel (PhoneEngine    *engine,
        PhoneCall      *call,
        PhoneCallTimer  kind)
{
  phone_clock_cancel (engine->clock, PHONE_CALL_TIMER (call->id, kind));
}

/* The first reason given is the one that is shown and logged. */
static void
set_end (PhoneCall    *call,
         PhoneCallEnd  end,
         guint         status,
         const char   *text)
{
  if (call->end != PHONE_CALL_END_NONE)
    return;
  call->end = end;
  call->end_status = status;
  g_free (call->end_text);
  call->end_text = g_strdup (text ? text : "");
}

/**
 * phone_call_make_way:
 *
 * The call joins those that wait for the microphone; phone_calls_update() lets it go on when the way is clear.
 */
void
phone_call_make_way (PhoneEngine      *engine,
                     PhoneCall        *call,
                     const PhoneEvent *event)
{
  call->waits = ++engine->last_wait;
  cancel (engine, call, PHONE_CALL_TIMER_RING);
  cancel (engine, call, PHONE_CALL_TIMER_AUTO_ANSWER);
  cancel (engine, call, PHONE_CALL_TIMER_FORWARD);
}

/**
 * phone_call_prepare:
 *
 * Asks the audio for a socket pair and what it can do; it answers with %PHONE_EVENT_MEDIA_READY or _FAILED.
 */
void
phone_call_prepare (PhoneEngine      *engine,
                    PhoneCall        *call,
                    const PhoneEvent *event)
{
  call->prepared = TRUE;
  phone_media_config_prepare (engine, call);
}

/**
 * phone_call_invite:
 *
 * Media is ready: sends the INVITE with our offer, and waits as long as phone_setting.ringback_timeout says.
 */
void
phone_call_invite (PhoneEngine      *engine,
                   PhoneCall        *call,
                   const PhoneEvent *event)
{
  guint timeout_s = phone_engine_int (engine, RINGBACK_TIMEOUT);

  take_desc (&call->pending, phone_media_desc_with_direction (call->capable, PHONE_DIRECTION_SENDRECV));
  if (timeout_s > 0)
    arm (engine, call, PHONE_CALL_TIMER_RING, timeout_s * 1000);
  phone_signaling_invite (engine->signaling, call->id, call->account, call->target, call->pending);
}

/**
 * phone_call_progress:
 *
 * They ring. An answer in a provisional response is early media; a 180 after it ends that where the settings say so.
 */
void
phone_call_progress (PhoneEngine      *engine,
                     PhoneCall        *call,
                     const PhoneEvent *event)
{
  if (event->desc != NULL)
    {
      call->early_media = TRUE;
      set_desc (&call->remote, event->desc);
      set_desc (&call->local, call->pending);
      connect_media (engine, call);
    }
  else if (event->status == 180 && call->early_media && phone_engine_bool (engine, DEAL_180))
    {
      call->early_media = FALSE;
      take_desc (&call->local, phone_media_desc_with_direction (call->local, PHONE_DIRECTION_INACTIVE));
      connect_media (engine, call);
    }
}

/**
 * phone_call_check_offer:
 *
 * Media is ready for a call that rings here: an offer without a common codec is refused before anybody answers.
 */
void
phone_call_check_offer (PhoneEngine      *engine,
                        PhoneCall        *call,
                        const PhoneEvent *event)
{
  if (call->offered != NULL)
    take_desc (&call->local, phone_media_desc_answer (call->capable, call->offered, PHONE_DIRECTION_SENDRECV));
  else
    take_desc (&call->local, phone_media_desc_with_direction (call->capable, PHONE_DIRECTION_SENDRECV));

  if (call->local == NULL)
    {
      call->reject_status = 488;
      set_end (call, PHONE_CALL_END_FAILED, 488, status_text (488));
      phone_engine_say (engine, call->end_text);
      phone_engine_defer (engine, call, PHONE_CALL_ON_REJECT);
    }
  else if (call->state == PHONE_CALL_ANSWERING)
    {
      phone_call_send_answer (engine, call, event);
    }
}

/**
 * phone_call_send_answer:
 *
 * 200 OK, as soon as the microphone is free and the answer is known; once.
 */
void
phone_call_send_answer (PhoneEngine      *engine,
                        PhoneCall        *call,
                        const PhoneEvent *event)
{
  if (call->waits > 0 || call->local == NULL || call->answer_sent)
    return;
  call->answer_sent = TRUE;
  phone_signaling_answer (engine->signaling, call->id, call->local);
}

/* Two calls became one conversation each at the same time: the one the user does not look at is put on hold. */
static void
settle_microphone (PhoneEngine *engine,
                   PhoneCall   *call)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *other = engine->calls->pdata[i];

      if (other->state != PHONE_CALL_TALKING || !phone_call_excludes (call, other))
        continue;
      phone_engine_defer (engine, engine->focus == call->id ? other : call, PHONE_CALL_ON_HOLD);
      return;
    }
}

/**
 * phone_call_give_way:
 * @to: the call that takes the place of @call
 *
 * The user has nothing to do with @call any more; its sound stops.
 */
void
phone_call_give_way (PhoneEngine *engine,
                     PhoneCall   *call,
                     guint        to)
{
  call->replaced_by = to;
  call->waits = 0;
  connect_media (engine, call);
}

/**
 * phone_call_take_back:
 *
 * Its successor came to nothing: @call goes on.
 */
void
phone_call_take_back (PhoneEngine *engine,
                      PhoneCall   *call)
{
  call->replaced_by = 0;
  connect_media (engine, call);
  if (call->state == PHONE_CALL_TALKING)
    settle_microphone (engine, call);
}

/**
 * phone_call_start_talking:
 *
 * The call is established: both descriptions count from now on. A codec that is not common to both ends it.
 */
void
phone_call_start_talking (PhoneEngine      *engine,
                          PhoneCall        *call,
                          const PhoneEvent *event)
{
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;

  cancel (engine, call, PHONE_CALL_TIMER_RING);
  if (call->origin == PHONE_CALL_OUTGOING)
    set_desc (&call->local, call->pending);
  if (event->desc != NULL)
    set_desc (&call->remote, event->desc);
  else if (call->remote == NULL)
    set_desc (&call->remote, call->offered);
  g_clear_pointer (&call->pending, phone_media_desc_unref);
  g_clear_pointer (&call->offered, phone_media_desc_unref);

  call->answered = TRUE;
  call->early_media = FALSE;
  call->talking_ms = phone_clock_get_now_ms (engine->clock);
  if (call->remote == NULL || call->local == NULL || !phone_media_desc_choose (call->local, call->remote, &send, &receive))
    {
      set_end (call, PHONE_CALL_END_FAILED, 488, status_text (488));
      call->shown = TRUE;
      phone_engine_defer (engine, call, PHONE_CALL_ON_HANGUP);
      return;
    }
  call->far_held = phone_media_desc_is_hold (call->remote);
  connect_media (engine, call);
  if (call->joins_held)
    phone_engine_defer (engine, call, PHONE_CALL_ON_HOLD);
  else
    settle_microphone (engine, call);
  if (call->moved_early)
    phone_engine_defer (engine, call, PHONE_CALL_ON_MOVED);
  call->moved_early = FALSE;
}

/* What says that we hold, at the place of @place; address 0.0.0.0 where the settings ask for RFC 2543. */
static PhoneMediaDesc *
make_hold_offer (PhoneEngine     *engine,
                 const PhoneCall *call,
                 PhoneMediaDesc  *place)
{
  g_autoptr (PhoneMediaDesc) open = NULL;

  if (!phone_engine_bool (engine, RFC2543_HOLD))
    return phone_media_desc_with_direction (place, get_hold_direction (engine, call));
  open = phone_media_desc_with_direction (place, PHONE_DIRECTION_SENDRECV);
  return phone_media_desc_with_address (open, "0.0.0.0");
}

/* A number, an address or a host, alone or between < and >. */
static char *
dup_music_target (PhoneEngine     *engine,
                  const PhoneCall *call)
{
  const char *text = phone_engine_get_account_string (engine, PHONE_SETTING_ACCOUNT_MUSIC_SERVER, call->account);
  g_autofree char *bare = g_strdup (text ? text : "");
  char *end;

  g_strstrip (bare);
  if (*bare == '<')
    {
      memmove (bare, bare + 1, strlen (bare));
      end = strchr (bare, '>');
      if (end != NULL)
        *end = '\0';
    }
  if (*bare == '\0' || g_ascii_strncasecmp (bare, "sip", 3) == 0 || strpbrk (bare, ".:@") == NULL)
    return g_steal_pointer (&bare);
  return g_strconcat ("sip:", bare, NULL);
}

/* The offer that holds, with the music that the settings ask for. */
static void
send_hold (PhoneEngine *engine,
           PhoneCall   *call)
{
  g_autofree char *music = dup_music_target (engine, call);

  if (*music != '\0')
    phone_signaling_hold (engine->signaling, call->id, call->pending, music);
  else
    phone_signaling_modify (engine->signaling, call->id, call->pending);
}

/**
 * phone_call_set_music:
 *
 * Whoever is held listens to a music server (RFC 7088), or no longer: packets of ours would only confuse them.
 */
void
phone_call_set_music (PhoneEngine *engine,
                      PhoneCall   *call,
                      gboolean     music)
{
  if (call->music == music || phone_call_is_over (call))
    return;
  call->music = music;
  connect_media (engine, call);
}

/**
 * phone_call_offer_hold:
 *
 * re-INVITE with the direction of hold (RFC 3264 §8.4), or with address 0.0.0.0 where the settings ask for RFC 2543.
 */
void
phone_call_offer_hold (PhoneEngine      *engine,
                       PhoneCall        *call,
                       const PhoneEvent *event)
{
  take_desc (&call->pending, make_hold_offer (engine, call, call->local));
  connect_media (engine, call);   /* the microphone closes with the key, not with their answer */
  send_hold (engine, call);
}

/**
 * phone_call_offer_resume:
 *
 * re-INVITE with both directions; not needed after a hold they never accepted.
 */
void
phone_call_offer_resume (PhoneEngine      *engine,
                         PhoneCall        *call,
                         const PhoneEvent *event)
{
  take_desc (&call->pending, phone_media_desc_with_direction (call->local, PHONE_DIRECTION_SENDRECV));
  if (call->held_locally)
    phone_engine_defer (engine, call, PHONE_CALL_ON_MODIFIED);   /* they never knew of the hold */
  else
    phone_signaling_modify (engine->signaling, call->id, call->pending);
}

static void
say_refused (PhoneEngine      *engine,
             const char       *what,
             const PhoneEvent *event)
{
  g_autofree char *text = g_strdup_printf ("%s %s", what, status_text (event->status));

  phone_engine_say (engine, text);
}

/**
 * phone_call_hold_refused:
 *
 * They do not accept to be put on hold: the conversation goes on.
 */
void
phone_call_hold_refused (PhoneEngine      *engine,
                         PhoneCall        *call,
                         const PhoneEvent *event)
{
  g_clear_pointer (&call->pending, phone_media_desc_unref);
  connect_media (engine, call);
  /* Translators: the other side does not accept to be put on hold; the reason follows */
  say_refused (engine, _("Hold refused:"), event);
}

/**
 * phone_call_hold_locally:
 *
 * They do not accept to be put on hold, but another call waits for the microphone: only our own media stops.
 */
void
phone_call_hold_locally (PhoneEngine      *engine,
                         PhoneCall        *call,
                         const PhoneEvent *event)
{
  g_clear_pointer (&call->pending, phone_media_desc_unref);
  call->held_locally = TRUE;
  say_refused (engine, _("Hold refused:"), event);
}

/**
 * phone_call_resume_refused:
 *
 * They do not accept the end of the hold: the call stays on hold.
 */
void
phone_call_resume_refused (PhoneEngine      *engine,
                           PhoneCall        *call,
                           const PhoneEvent *event)
{
  g_clear_pointer (&call->pending, phone_media_desc_unref);
  /* Translators: the other side does not accept the end of the hold; the reason follows */
  say_refused (engine, _("Resume refused:"), event);
}

/**
 * phone_call_modified:
 *
 * Our offer was accepted; also the answer to an offer they asked us for. @event is %NULL after a hold they never knew
 * of.
 */
void
phone_call_modified (PhoneEngine      *engine,
                     PhoneCall        *call,
                     const PhoneEvent *event)
{
  if (call->state == PHONE_CALL_TALKING)
    call->held_locally = FALSE;
  call->moving = FALSE;
  if (call->pending != NULL)
    {
      const char *address = phone_media_desc_get_address (call->capable ? call->capable : call->local);

      take_desc (&call->local, phone_media_desc_with_address (call->pending, address));
      g_clear_pointer (&call->pending, phone_media_desc_unref);
    }
  if (event != NULL && event->desc != NULL)
    {
      set_desc (&call->remote, event->desc);
      if (call->state == PHONE_CALL_TALKING)
        call->far_held = phone_media_desc_is_hold (event->desc);
    }
  connect_media (engine, call);
  if (call->state == PHONE_CALL_TALKING)
    settle_microphone (engine, call);
}

/**
 * phone_call_answer_modify:
 *
 * They change the call, or ask for an offer of ours: answered at once, with our own hold kept (RFC 3264 §6.1).
 */
void
phone_call_answer_modify (PhoneEngine      *engine,
                          PhoneCall        *call,
                          const PhoneEvent *event)
{
  PhoneDirection wanted = PHONE_DIRECTION_SENDRECV;
  PhoneMediaDesc *answer;
  gboolean was_held = call->far_held;

  if (is_our_hold (call) && !call->held_locally)
    wanted = get_hold_direction (engine, call);
  if (event->desc == NULL)
    {
      take_desc (&call->pending, phone_media_desc_with_direction (call->capable, wanted));
      phone_signaling_accept_modify (engine->signaling, call->id, call->pending);
      return;
    }
  answer = phone_media_desc_answer (call->capable, event->desc, wanted);
  if (answer == NULL)
    {
      phone_signaling_accept_modify (engine->signaling, call->id, NULL);
      return;
    }
  take_desc (&call->local, answer);
  set_desc (&call->remote, event->desc);
  call->far_held = phone_media_desc_is_hold (event->desc);
  phone_signaling_accept_modify (engine->signaling, call->id, answer);
  connect_media (engine, call);
  if (call->far_held != was_held)
    phone_engine_notify_call (engine, call);
}

/**
 * phone_call_refuse_modify:
 *
 * A change that makes no sense in this state: 488.
 */
void
phone_call_refuse_modify (PhoneEngine      *engine,
                          PhoneCall        *call,
                          const PhoneEvent *event)
{
  phone_signaling_accept_modify (engine->signaling, call->id, NULL);
}

/* From here on only the end is waited for, whoever reports it. */
static void
begin_ending (PhoneEngine *engine,
              PhoneCall   *call)
{
  set_end (call, PHONE_CALL_END_BY_USER, 0, NULL);
  call->waits = 0;
  cancel (engine, call, PHONE_CALL_TIMER_RING);
  cancel (engine, call, PHONE_CALL_TIMER_AUTO_ANSWER);
  cancel (engine, call, PHONE_CALL_TIMER_FORWARD);
  arm (engine, call, PHONE_CALL_TIMER_ENDING, ENDING_MS);
}

/**
 * phone_call_reject:
 *
 * Refuses a call that rings here, with reject_status or the code of features.normal_refuse_code.
 */
void
phone_call_reject (PhoneEngine      *engine,
                   PhoneCall        *call,
                   const PhoneEvent *event)
{
  guint status = call->reject_status;

  begin_ending (engine, call);
  if (status == 0)
    status = phone_engine_int (engine, NORMAL_REFUSE_CODE);
  if (call->answer_sent)
    phone_signaling_hangup (engine->signaling, call->id);
  else if (call->forward_to != NULL)
    phone_signaling_divert (engine->signaling, call->id, call->forward_to, call->forward_reason);
  else
    phone_signaling_reject (engine->signaling, call->id, status);
}

/**
 * phone_call_hang_up:
 *
 * BYE or CANCEL; what comes after is only waited for.
 */
void
phone_call_hang_up (PhoneEngine      *engine,
                    PhoneCall        *call,
                    const PhoneEvent *event)
{
  begin_ending (engine, call);
  phone_signaling_hangup (engine->signaling, call->id);
}

/**
 * phone_call_drop:
 *
 * Ends a call of which nothing was sent yet: there is nobody to tell.
 */
void
phone_call_drop (PhoneEngine      *engine,
                 PhoneCall        *call,
                 const PhoneEvent *event)
{
  set_end (call, PHONE_CALL_END_BY_USER, 0, NULL);
  call->waits = 0;
}

/**
 * phone_call_no_answer:
 *
 * They did not answer in time.
 */
void
phone_call_no_answer (PhoneEngine      *engine,
                      PhoneCall        *call,
                      const PhoneEvent *event)
{
  set_end (call, PHONE_CALL_END_FAILED, 408, status_text (408));
  call->shown = TRUE;
  phone_call_hang_up (engine, call, event);
}

/**
 * phone_call_nobody_here:
 *
 * Nobody answered here in time: 480, and it counts as missed.
 */
void
phone_call_nobody_here (PhoneEngine      *engine,
                        PhoneCall        *call,
                        const PhoneEvent *event)
{
  set_end (call, PHONE_CALL_END_UNANSWERED, 0, NULL);
  call->reject_status = 480;
  phone_call_reject (engine, call, event);
}

/**
 * phone_call_fail_by_media:
 *
 * The audio cannot do its part before the conversation: the call fails with its reason.
 */
void
phone_call_fail_by_media (PhoneEngine      *engine,
                          PhoneCall        *call,
                          const PhoneEvent *event)
{
  PhoneMediaFault fault = event->value;
  g_autofree char *text = dup_fault_text (fault, event->text);

  set_end (call, PHONE_CALL_END_FAILED, 0, text);
  call->waits = 0;
  if (call->origin == PHONE_CALL_INBOUND)
    {
      call->reject_status = fault == PHONE_MEDIA_FAULT_NO_PORT ? 503 : 488;
      phone_engine_say (engine, text);
      phone_call_reject (engine, call, event);
      return;
    }
  call->shown = TRUE;
  if (call->state == PHONE_CALL_ENDING)
    phone_call_hang_up (engine, call, event);
}

/**
 * phone_call_show_fault:
 *
 * The audio fails in a conversation, which goes on: the device may come back.
 */
void
phone_call_show_fault (PhoneEngine      *engine,
                       PhoneCall        *call,
                       const PhoneEvent *event)
{
  g_autofree char *text = dup_fault_text (event->value, event->text);

  phone_engine_say (engine, text);
}

/**
 * phone_call_reopen:
 *
 * Our address changed: the audio takes sockets on the new one. What was answered already must be acknowledged first.
 */
void
phone_call_reopen (PhoneEngine      *engine,
                   PhoneCall        *call,
                   const PhoneEvent *event)
{
  if (call->state == PHONE_CALL_ANSWERING && call->answer_sent)
    {
      call->moved_early = TRUE;
      return;
    }
  call->reopening = TRUE;
  phone_media_config_prepare (engine, call);
}

/**
 * phone_call_offer_place:
 *
 * The new sockets are there: re-INVITE that says where (RFC 3264 §8.3.1), with the direction that holds.
 */
void
phone_call_offer_place (PhoneEngine      *engine,
                        PhoneCall        *call,
                        const PhoneEvent *event)
{
  PhoneMediaDesc *said = call->pending ? call->pending : call->local;
  gboolean resumes = call->state == PHONE_CALL_RESUMING && call->waits == 0;
  PhoneMediaDesc *offer;

  gboolean holds = is_our_hold (call) && !call->held_locally && !resumes;

  if (holds)
    offer = make_hold_offer (engine, call, call->capable);
  else
    offer = phone_media_desc_with_direction (call->capable, phone_media_desc_get_direction (said));
  take_desc (&call->pending, offer);
  call->moving = TRUE;
  if (holds)
    send_hold (engine, call);
  else
    phone_signaling_modify (engine->signaling, call->id, offer);
}

/**
 * phone_call_offer_again:
 *
 * The network is back, at the same address: the same offer again finds out whether they are still there.
 */
void
phone_call_offer_again (PhoneEngine      *engine,
                        PhoneCall        *call,
                        const PhoneEvent *event)
{
  if (call->state == PHONE_CALL_HELD && !call->held_locally)
    {
      take_desc (&call->pending, make_hold_offer (engine, call, call->local));
      send_hold (engine, call);
      return;
    }
  set_desc (&call->pending, call->local);
  phone_signaling_modify (engine->signaling, call->id, call->pending);
}

/**
 * phone_call_stay:
 *
 * They are there, but do not accept to be offered the same again: nothing changes.
 */
void
phone_call_stay (PhoneEngine      *engine,
                 PhoneCall        *call,
                 const PhoneEvent *event)
{
  g_clear_pointer (&call->pending, phone_media_desc_unref);
}

/**
 * phone_call_lose:
 *
 * The call cannot follow us to another address: it ends, and its page says why.
 */
void
phone_call_lose (PhoneEngine      *engine,
                 PhoneCall        *call,
                 const PhoneEvent *event)
{
  guint status = event != NULL ? event->status : 0;

  set_end (call, PHONE_CALL_END_FAILED, status,
           status >= 300 ? status_text (status) : phone_cause_get_text (PHONE_CAUSE_NO_NETWORK));
  call->shown = TRUE;
  phone_call_hang_up (engine, call, event);
}

/**
 * phone_call_note_end:
 *
 * Signaling reports the end: remembers why, and whether the page stays for a moment.
 */
void
phone_call_note_end (PhoneEngine      *engine,
                     PhoneCall        *call,
                     const PhoneEvent *event)
{
  gboolean ours = call->origin == PHONE_CALL_OUTGOING;

  call->waits = 0;
  /* Nobody looks at it: another call takes its place, the conference goes on, or that was the aim of a transfer. */
  if (call->replaced_by != 0 || call->conference != PHONE_CONFERENCE_NONE || (call->transferring && event->status < 300))
    {
      set_end (call, PHONE_CALL_END_BY_FAR, event->status, NULL);
      return;
    }
  if (event->status >= 300 && (ours || call->answered))
    {
      set_end (call, PHONE_CALL_END_FAILED, event->status, failure_text (call, event));
      call->shown = TRUE;
      return;
    }
  /* Translators: shown when the other side has hung up */
  set_end (call, PHONE_CALL_END_BY_FAR, event->status, _("Call Finish"));
  if (ours || call->answered)
    call->shown = TRUE;
}

/**
 * phone_call_dismiss:
 *
 * The user closes the page of a call that failed or ended.
 */
void
phone_call_dismiss (PhoneEngine      *engine,
                    PhoneCall        *call,
                    const PhoneEvent *event)
{
  call->shown = FALSE;
}

void
phone_call_finish (PhoneEngine *engine,
                   PhoneCall   *call)
{
  PhoneCallQuality quality;

  for (guint kind = 0; kind < PHONE_N_CALL_TIMERS; kind++)
    cancel (engine, call, kind);
  if (phone_audio_get_quality (engine->audio, call->id, &quality) && quality.received + quality.sent > 0)
    engine->last_quality = quality;
  phone_audio_release (engine->audio, call->id);
  phone_history_add_call (engine, call);
  if (engine->quitting)
    call->shown = FALSE;
  if (!call->shown)
    return;
  if (call->end == PHONE_CALL_END_BY_FAR)
    {
      guint busy_s = phone_engine_int (engine, BUSY_TONE_DELAY);

      arm (engine, call, PHONE_CALL_TIMER_PAGE, busy_s > 0 ? busy_s * 1000 : FINISHED_MS);
    }
  else if (!(engine->sound.off_hook && engine->sound.channel == PHONE_CHANNEL_HANDSET))
    {
      arm (engine, call, PHONE_CALL_TIMER_PAGE, FAILED_MS);
    }
}
