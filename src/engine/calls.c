/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "calls.h"

#include "account.h"
#include "call-actions.h"
#include "cause.h"
#include "conference.h"
#include "dial-target.h"
#include "forward.h"
#include "history.h"
#include "line-keys.h"
#include "policy.h"
#include "screen.h"
#include "sound.h"
#include "texts.h"

/**
 * phone_calls_find:
 * Returns: (transfer none) (nullable): the call, %NULL when it is gone
 */
PhoneCall *
phone_calls_find (PhoneEngine *engine,
                  guint        id)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->id == id)
        return call;
    }
  return NULL;
}

/**
 * phone_calls_get_focused:
 * Returns: (transfer none) (nullable): the call that soft keys act on
 */
PhoneCall *
phone_calls_get_focused (PhoneEngine *engine)
{
  PhoneCall *call = engine->focus ? phone_calls_find (engine, engine->focus) : NULL;

  return call && phone_call_is_visible (call) ? call : NULL;
}

/**
 * phone_calls_find_in_state:
 * Returns: (transfer none) (nullable): the oldest call in @state
 */
PhoneCall *
phone_calls_find_in_state (PhoneEngine    *engine,
                           PhoneCallState  state)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->state == state)
        return call;
    }
  return NULL;
}

/**
 * phone_calls_find_ringing:
 * Returns: (transfer none) (nullable): the focused call when it rings here, else the first that does
 */
PhoneCall *
phone_calls_find_ringing (PhoneEngine *engine)
{
  PhoneCall *focused = phone_calls_get_focused (engine);

  if (focused && focused->state == PHONE_CALL_INCOMING)
    return focused;
  return phone_calls_find_in_state (engine, PHONE_CALL_INCOMING);
}

/**
 * phone_calls_count_live:
 * Returns: how many calls have not ended
 */
guint
phone_calls_count_live (PhoneEngine *engine)
{
  guint n = 0;

  for (guint i = 0; i < engine->calls->len; i++)
    if (!phone_call_is_over (engine->calls->pdata[i]))
      n++;
  return n;
}

/**
 * phone_calls_count_visible:
 * Returns: how many calls have a card on the page of the calls
 */
guint
phone_calls_count_visible (PhoneEngine *engine)
{
  guint n = 0;

  for (guint i = 0; i < engine->calls->len; i++)
    if (phone_call_is_visible (engine->calls->pdata[i]))
      n++;
  return n;
}

/**
 * phone_calls_get_position:
 * Returns: the n of n/m: place among the visible calls, from 1
 */
guint
phone_calls_get_position (PhoneEngine     *engine,
                          const PhoneCall *call)
{
  guint n = 0;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      if (phone_call_is_visible (engine->calls->pdata[i]))
        n++;
      if (engine->calls->pdata[i] == call)
        return n;
    }
  return 0;
}

/**
 * phone_calls_is_busy:
 * Returns: whether the user speaks or is about to: calls out, talks, or waits for an answer
 */
gboolean
phone_calls_is_busy (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (!phone_call_is_over (call) && call->state != PHONE_CALL_INCOMING && call->state != PHONE_CALL_HELD)
        return TRUE;
    }
  return FALSE;
}

/**
 * phone_calls_set_focus:
 *
 * Chooses the call that keys and soft keys act on; of a conference, its head.
 */
void
phone_calls_set_focus (PhoneEngine *engine,
                       PhoneCall   *call)
{
  g_return_if_fail (call != NULL);

  if (call->conference == PHONE_CONFERENCE_MEMBER && phone_conference_get_head (engine) != NULL)
    call = phone_conference_get_head (engine);
  if (engine->focus == call->id)
    return;
  g_debug ("focus: call %u -> %u", engine->focus, call->id);
  engine->focus = call->id;
}

/**
 * phone_calls_move_focus:
 * @by: +1 for the next card, -1 for the one before; stops at the ends
 */
void
phone_calls_move_focus (PhoneEngine *engine,
                        int          by)
{
  PhoneCall *focused = phone_calls_get_focused (engine);
  int start = -1;

  for (guint i = 0; i < engine->calls->len; i++)
    if (engine->calls->pdata[i] == focused)
      start = i;
  for (int i = start + by; start >= 0 && i >= 0 && i < (int) engine->calls->len; i += by)
    if (phone_call_is_visible (engine->calls->pdata[i]))
      {
        phone_calls_set_focus (engine, engine->calls->pdata[i]);
        return;
      }
}

/**
 * phone_calls_act:
 * @on: what the user wants: hold, resume, hang up
 *
 * With a call, or with all of a conference.
 *
 * Returns: %FALSE when it means nothing now
 */
gboolean
phone_calls_act (PhoneEngine    *engine,
                 PhoneCall      *call,
                 PhoneCallEvent  on)
{
  if (call->conference != PHONE_CONFERENCE_NONE)
    return phone_conference_dispatch (engine, call, on);
  return phone_call_dispatch (engine, call, on, NULL);
}

/* Where the eye goes when the focused call is gone: who talks, who rings, who is held, anybody. */
static void
refocus (PhoneEngine *engine)
{
  static const PhoneCallState order[] = {
    PHONE_CALL_TALKING, PHONE_CALL_ANSWERING, PHONE_CALL_RINGING, PHONE_CALL_CALLING, PHONE_CALL_NEW, PHONE_CALL_INCOMING,
    PHONE_CALL_RESUMING, PHONE_CALL_HOLDING, PHONE_CALL_HELD, PHONE_CALL_ENDING, PHONE_CALL_ENDED,
  };

  if (phone_calls_get_focused (engine) != NULL)
    return;
  engine->focus = 0;
  for (guint i = 0; i < G_N_ELEMENTS (order) && engine->focus == 0; i++)
    for (guint j = 0; j < engine->calls->len; j++)
      {
        PhoneCall *call = engine->calls->pdata[j];

        if (call->state == order[i] && phone_call_is_visible (call))
          {
            phone_calls_set_focus (engine, call);
            break;
          }
      }
}

static PhoneCall *
add_call (PhoneEngine     *engine,
          guint            id,
          guint            account,
          PhoneCallOrigin  origin)
{
  PhoneCall *call = phone_call_new (id, account, origin);
  g_autoptr (GDateTime) wall = phone_clock_dup_wall (engine->clock);

  call->started_s = g_date_time_to_unix (wall);
  g_ptr_array_add (engine->calls, call);
  return call;
}

static void
set_text (char       **member,
          const char  *text)
{
  char *copy = g_strdup (text ? text : "");

  g_free (*member);
  *member = copy;
}

/**
 * phone_calls_add_outgoing:
 * @target: what is invited
 * @number: the far end, for the LCD
 * @name: (nullable): its name
 *
 * Returns: (transfer none): a new call; %PHONE_CALL_ON_DIAL sets it going
 */
PhoneCall *
phone_calls_add_outgoing (PhoneEngine *engine,
                          guint        account,
                          const char  *target,
                          const char  *number,
                          const char  *name)
{
  PhoneCall *call = add_call (engine, phone_event_queue_new_call (engine->queue), account, PHONE_CALL_OUTGOING);

  set_text (&call->target, target);
  set_text (&call->number, number);
  set_text (&call->name, name);
  return call;
}

/**
 * phone_calls_add_incoming:
 * @event: %PHONE_EVENT_INCOMING
 * @account: whom the call is for
 *
 * Returns: (transfer none): a new call that rings here
 */
PhoneCall *
phone_calls_add_incoming (PhoneEngine      *engine,
                          const PhoneEvent *event,
                          guint             account)
{
  PhoneCall *call = add_call (engine, event->call, account, PHONE_CALL_INBOUND);

  set_text (&call->number, event->number);
  set_text (&call->name, event->name);
  set_text (&call->target, event->host);
  set_text (&call->diverter, event->diverter);
  set_text (&call->diverter_name, event->diverter_name);
  if (event->desc != NULL)
    call->offered = phone_media_desc_ref (event->desc);
  return call;
}

/**
 * phone_calls_dismiss_ended:
 * The pages of calls that are over give way to what the user does next.
 *
 * Returns: whether there was one
 */
gboolean
phone_calls_dismiss_ended (PhoneEngine *engine)
{
  gboolean found = FALSE;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (!phone_call_is_over (call) || !call->shown)
        continue;
      call->shown = FALSE;
      found = TRUE;
    }
  return found;
}

/**
 * phone_calls_hang_up_active:
 * Ends what the user speaks on or is calling; calls on hold stay, and what is being transferred.
 */
void
phone_calls_hang_up_active (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (!phone_call_is_over (call) && call->state != PHONE_CALL_INCOMING && call->state != PHONE_CALL_HELD
          && call->state != PHONE_CALL_HOLDING && !call->transferring)
        phone_call_dispatch (engine, call, PHONE_CALL_ON_HANGUP, NULL);
    }
}

/**
 * phone_calls_add_failed:
 * @reason: what the LCD says
 * @recall: whether the number is offered to be called, and the log is not told
 *
 * A call that never was: its page says why.
 */
void
phone_calls_add_failed (PhoneEngine *engine,
                        guint        account,
                        const char  *number,
                        const char  *reason,
                        gboolean     recall)
{
  PhoneCall *call = phone_calls_add_outgoing (engine, account, "", number, NULL);

  call->recall = recall;
  call->end = PHONE_CALL_END_FAILED;
  set_text (&call->end_text, reason);
  call->shown = TRUE;
  phone_calls_set_focus (engine, call);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_HANGUP, NULL);
}

/**
 * phone_calls_dial:
 * @account: the account to call with, 0 for the default one
 * @text: what the user typed: a number, a SIP address or an IP address
 * @line_key: the line key to use, 0 for a free one
 *
 * Starts a call. What cannot be called gets a page that says why, as on the phone.
 *
 * Returns: %FALSE with @error when not even that is possible
 */
gboolean
phone_calls_dial (PhoneEngine  *engine,
                  guint         account,
                  const char   *text,
                  guint         line_key,
                  GError      **error)
{
  g_autoptr (PhoneDialTarget) target = phone_dial_target_parse (text, phone_engine_text (engine, CALL_NUM_FILTER), error);
  g_autofree char *address = NULL;
  const char *refusal = NULL;
  PhoneCall *call;

  if (target == NULL)
    return FALSE;
  if (phone_calls_count_live (engine) >= PHONE_MAX_CALLS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The maximum number of calls has been reached!"));
      return FALSE;
    }
  phone_calls_dismiss_ended (engine);
  phone_sound_engage (engine);
  phone_screen_leave_for_call (engine);
  refusal = phone_policy_refuse_outgoing (engine, target, &account);
  if (refusal != NULL)
    {
      phone_calls_add_failed (engine, 0, text, refusal, FALSE);
      return TRUE;
    }
  address = phone_dial_target_dup_target (target, phone_engine_bool (engine, POUND_AS_23));
  call = phone_calls_add_outgoing (engine, account, address, target->number, NULL);
  call->line_key = line_key ? line_key : phone_line_keys_find_free (engine, account);
  phone_calls_set_focus (engine, call);
  phone_engine_notify_call (engine, call);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_DIAL, NULL);
  return TRUE;
}

/**
 * phone_calls_forward:
 * @call: a call that rings here
 * @text: where it is to go
 *
 * Answers 302 with the target as Contact (guide: forward).
 */
gboolean
phone_calls_forward (PhoneEngine  *engine,
                     PhoneCall    *call,
                     const char   *text,
                     GError      **error)
{
  char *target = phone_forward_make_target (engine, call->account, text, error);

  if (target == NULL)
    return FALSE;
  call->reject_status = 302;
  g_free (call->forward_to);
  call->forward_to = target;
  if (!call->forwarded)
    call->forward_reason = "deflection";
  return phone_call_dispatch (engine, call, PHONE_CALL_ON_REJECT, NULL);
}

/* As above, and the LCD tells: nobody here had a hand in it. */
static gboolean
forward_by_rule (PhoneEngine *engine,
                 PhoneCall   *call,
                 PhoneDivert  divert,
                 const char  *text)
{
  /* Translators: a call was sent on to this number */
  g_autofree char *told = g_strdup_printf (_("Forward to: %s"), text);

  call->forwarded = TRUE;
  call->forward_reason = phone_divert_get_reason (divert);
  if (!phone_calls_forward (engine, call, text, NULL))
    return FALSE;
  if (phone_engine_bool (engine, FWD_POPUP))
    phone_engine_say (engine, told);
  return TRUE;
}

/* The rule may be another one by now, or none. */
static void
forward_unanswered (PhoneEngine *engine,
                    PhoneCall   *call)
{
  g_autofree char *target = phone_forward_dup_target (engine, PHONE_DIVERT_NO_ANSWER, call->account);

  if (target != NULL && call->state == PHONE_CALL_INCOMING)
    forward_by_rule (engine, call, PHONE_DIVERT_NO_ANSWER, target);
}

/**
 * phone_calls_take_incoming:
 * @event: %PHONE_EVENT_INCOMING
 *
 * Asks the policy what becomes of a new call: ring, refuse, or answer by itself.
 */
void
phone_calls_take_incoming (PhoneEngine      *engine,
                           const PhoneEvent *event)
{
  PhonePolicyVerdict verdict = phone_policy_judge_incoming (engine, event);
  g_autofree char *forward_to = verdict.forward_to;
  PhoneCall *call = phone_calls_add_incoming (engine, event, verdict.account);
  int forward_ms = phone_forward_get_no_answer_ms (engine, verdict.account);
  guint timeout_s = phone_engine_int (engine, RINGING_TIMEOUT);

  if (forward_to != NULL && forward_by_rule (engine, call, verdict.divert, forward_to))
    return;
  if (verdict.refuse_status != 0)
    {
      call->reject_status = verdict.refuse_status;
      call->end = PHONE_CALL_END_UNANSWERED;
      if (verdict.reason != NULL)
        phone_engine_say (engine, verdict.reason);
      phone_call_dispatch (engine, call, PHONE_CALL_ON_REJECT, NULL);
      return;
    }
  call->line_key = phone_line_keys_find_free (engine, call->account);
  if (!phone_calls_is_busy (engine))
    phone_calls_set_focus (engine, call);
  phone_calls_dismiss_ended (engine);
  phone_engine_notify_call (engine, call);
  phone_signaling_ring (engine->signaling, call->id);
  if (timeout_s > 0)
    phone_clock_arm (engine->clock, PHONE_CALL_TIMER (call->id, PHONE_CALL_TIMER_RING), timeout_s * 1000);
  if (forward_ms >= 0)
    phone_clock_arm (engine->clock, PHONE_CALL_TIMER (call->id, PHONE_CALL_TIMER_FORWARD), forward_ms);
  if (verdict.auto_answer)
    phone_clock_arm (engine->clock, PHONE_CALL_TIMER (call->id, PHONE_CALL_TIMER_AUTO_ANSWER),
                     phone_engine_int (engine, AUTO_ANSWER_DELAY) * 1000);
  phone_call_prepare (engine, call, event);
}

/**
 * phone_calls_answer:
 * @call: a call that rings here
 */
void
phone_calls_answer (PhoneEngine *engine,
                    PhoneCall   *call)
{
  phone_calls_dismiss_ended (engine);
  phone_calls_set_focus (engine, call);
  phone_sound_engage (engine);
  phone_screen_leave_for_call (engine);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_ANSWER, NULL);
}

/**
 * phone_calls_hold_active:
 * Holds whoever is talked to, because the user is about to call somebody else.
 */
void
phone_calls_hold_active (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->replaced_by == 0)
        phone_call_dispatch (engine, call, PHONE_CALL_ON_HOLD, NULL);
    }
}

/*
 * Guide, call waiting: the hold completes before the waiting call is answered or dialled. Those that wait are let on
 * in the order in which they asked.
 */
static gboolean
let_next_one_on (PhoneEngine *engine)
{
  PhoneCall *next = NULL;
  gboolean clear = TRUE;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->waits > 0 && (next == NULL || call->waits < next->waits))
        next = call;
    }
  if (next == NULL)
    return FALSE;
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (!phone_call_excludes (next, call))
        continue;
      clear = FALSE;
      if (call->state == PHONE_CALL_TALKING)
        phone_call_dispatch (engine, call, PHONE_CALL_ON_HOLD, NULL);
    }
  if (!clear)
    return FALSE;
  next->waits = 0;
  return phone_call_dispatch (engine, next, PHONE_CALL_ON_CLEAR, NULL);
}

/**
 * phone_calls_update:
 * After each event: lets a waiting call go on, forgets what is over, keeps the focus on a call that is shown.
 */
void
phone_calls_update (PhoneEngine *engine)
{
  while (let_next_one_on (engine))
    ;
  for (guint i = engine->calls->len; i-- > 0; )
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (call->state != PHONE_CALL_ENDED || call->shown)
        continue;
      phone_clock_cancel (engine->clock, PHONE_CALL_TIMER (call->id, PHONE_CALL_TIMER_PAGE));
      g_ptr_array_remove_index (engine->calls, i);
    }
  refocus (engine);
}

/**
 * phone_calls_on_timer:
 * @timer: one made with PHONE_CALL_TIMER ()
 */
void
phone_calls_on_timer (PhoneEngine *engine,
                      guint        timer)
{
  PhoneCall *call = phone_calls_find (engine, (timer - PHONE_TIMER_CALLS) / PHONE_N_CALL_TIMERS);
  PhoneCallTimer kind = (timer - PHONE_TIMER_CALLS) % PHONE_N_CALL_TIMERS;

  if (call == NULL)
    return;
  switch (kind)
    {
    case PHONE_CALL_TIMER_RING:
    case PHONE_CALL_TIMER_ENDING:
      phone_call_dispatch (engine, call, PHONE_CALL_ON_TIMEOUT, NULL);
      break;
    case PHONE_CALL_TIMER_AUTO_ANSWER:
      if (call->state == PHONE_CALL_INCOMING && phone_policy_may_auto_answer (engine, call))
        {
          call->auto_answered = TRUE;
          phone_calls_answer (engine, call);
          if (!engine->sound.off_hook)
            phone_sound_set_channel (engine, PHONE_CHANNEL_HANDS_FREE);
        }
      break;
    case PHONE_CALL_TIMER_FORWARD:
      forward_unanswered (engine, call);
      break;
    case PHONE_CALL_TIMER_PAGE:
      call->shown = FALSE;
      break;
    case PHONE_N_CALL_TIMERS:
      break;
    }
}

/**
 * phone_call_dup_shown_name:
 * Returns: (transfer full): who it is: the directory's name, else the name the network gave, else the number
 */
char *
phone_call_dup_shown_name (PhoneEngine     *engine,
                           const PhoneCall *call)
{
  const char *known = phone_history_find_name (engine, call->number);

  if (known != NULL)
    return g_strdup (known);
  if (*call->name != '\0')
    return g_strdup (call->name);
  if (*call->number != '\0')
    return g_strdup (call->number);
  /* Translators: a caller who does not tell a number */
  return g_strdup (_("Anonymous"));
}
