/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "transfer.h"

#include "call-actions.h"
#include "calls.h"
#include "line-keys.h"
#include "screen.h"
#include "sound.h"
#include "texts.h"

/* The other end of a transfer: a call of ours is replaced by another one. */

/* Whether the user speaks with somebody else: a transfer does not take the microphone from that. */
static gboolean
speaks_elsewhere (PhoneEngine     *engine,
                  const PhoneCall *call)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *other = engine->calls->pdata[i];

      if (other != call && (other->waits > 0 || phone_call_excludes (call, other)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
may_follow (PhoneEngine     *engine,
            const PhoneCall *call)
{
  return call != NULL && !engine->quitting && !call->replaced_by && !call->transferring
         && (call->state == PHONE_CALL_TALKING || call->state == PHONE_CALL_HELD) && !speaks_elsewhere (engine, call)
         && phone_calls_count_live (engine) < PHONE_MAX_CALLS;
}

static void
replace (PhoneEngine *engine,
         PhoneCall   *old,
         PhoneCall   *call)
{
  call->line_key = old->line_key;
  call->conference = old->conference;
  old->conference = PHONE_CONFERENCE_NONE;
  if (engine->focus == old->id)
    phone_calls_set_focus (engine, call);
  phone_call_give_way (engine, old, call->id);
}

/* The server asks for a call, and the settings let it: made like any other, unless the user is busy with one. */
static void
call_for_server (PhoneEngine      *engine,
                 const PhoneEvent *event)
{
  PhoneCall *call;

  if (event->text == NULL || engine->quitting || phone_calls_count_live (engine) > 0)
    {
      phone_signaling_answer_refer (engine->signaling, event->call, 0);
      return;
    }
  phone_calls_dismiss_ended (engine);
  phone_sound_engage (engine);
  phone_screen_leave_for_call (engine);
  call = phone_calls_add_outgoing (engine, event->account, event->text, event->number, event->name);
  call->line_key = phone_line_keys_find_free (engine, event->account);
  phone_signaling_answer_refer (engine->signaling, event->call, call->id);
  phone_calls_set_focus (engine, call);
  phone_engine_notify_call (engine, call);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_DIAL, NULL);
}

/**
 * phone_transfer_on_referred:
 * @event: %PHONE_EVENT_REFERRED
 *
 * They ask us to call somebody else instead of them. Their call gives way at once and ends when the other one talks.
 */
void
phone_transfer_on_referred (PhoneEngine      *engine,
                            const PhoneEvent *event)
{
  PhoneCall *old = phone_calls_find (engine, event->call);
  PhoneCall *call;

  if (event->value != 0)
    {
      call_for_server (engine, event);
      return;
    }
  if (event->text == NULL || !may_follow (engine, old))
    {
      phone_signaling_answer_refer (engine->signaling, event->call, 0);
      return;
    }
  call = phone_calls_add_outgoing (engine, old->account, event->text, event->number, event->name);
  phone_signaling_answer_refer (engine->signaling, old->id, call->id);
  replace (engine, old, call);
  /* Translators: the other side sends us on to somebody else */
  phone_engine_say (engine, _("Be Transferred"));
  phone_engine_notify_call (engine, call);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_DIAL, NULL);
}

/**
 * phone_transfer_take_replacing:
 * @event: %PHONE_EVENT_INCOMING
 *
 * An INVITE with Replaces (RFC 3891): it takes the place of a call of ours without ringing. Where that call is on hold
 * with us, so is the new one, and nobody else is disturbed.
 *
 * Returns: %FALSE when it is a call like any other
 */
gboolean
phone_transfer_take_replacing (PhoneEngine      *engine,
                               const PhoneEvent *event)
{
  PhoneCall *old = event->replaces ? phone_calls_find (engine, event->replaces) : NULL;
  PhoneCall *call;

  if (old == NULL || phone_call_is_over (old) || !old->answered || old->replaced_by || engine->quitting)
    return FALSE;
  call = phone_calls_add_incoming (engine, event, old->account);
  call->joins_held = old->state != PHONE_CALL_TALKING;
  replace (engine, old, call);
  phone_engine_notify_call (engine, call);
  phone_call_prepare (engine, call, event);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_ANSWER, NULL);
  if (call->joins_held && call->waits > 0)
    {
      call->waits = 0;
      phone_call_dispatch (engine, call, PHONE_CALL_ON_CLEAR, NULL);
    }
  return TRUE;
}

/**
 * phone_transfer_update_replaced:
 * After each event: a call whose successor talks ends; one whose successor came to nothing goes on.
 */
void
phone_transfer_update_replaced (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *old = engine->calls->pdata[i];
      PhoneCall *call = old->replaced_by ? phone_calls_find (engine, old->replaced_by) : NULL;

      if (old->replaced_by == 0 || phone_call_is_over (old))
        continue;
      if (call != NULL && call->answered)
        phone_call_dispatch (engine, old, PHONE_CALL_ON_HANGUP, NULL);
      else if (call == NULL || phone_call_is_over (call))
        phone_call_take_back (engine, old);
    }
}
