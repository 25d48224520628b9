/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "policy.h"

#include "account.h"
#include "calls.h"
#include "cause.h"
#include "forward.h"
#include "line-keys.h"
#include "texts.h"

/* Whether a call rings, is refused, or is answered by itself; whether one may go out. */

static gboolean
is_auto_answer_on (PhoneEngine *engine,
                   guint        account)
{
  if (account == 0)
    return phone_engine_bool (engine, DIRECT_IP_AUTO_ANSWER);
  return phone_settings_get_bool (engine->settings, PHONE_SETTING_ACCOUNT_AUTO_ANSWER, account, 0);
}

static gboolean
is_busy (PhoneEngine *engine,
         guint        n_calls)
{
  return n_calls > 0 && !phone_engine_bool (engine, CALL_WAITING);
}

static gboolean
is_forwarded (PhoneEngine        *engine,
              PhonePolicyVerdict *verdict,
              PhoneDivert         divert)
{
  verdict->forward_to = phone_forward_dup_target (engine, divert, verdict->account);
  verdict->divert = divert;
  return verdict->forward_to != NULL;
}

/**
 * phone_policy_judge_incoming:
 * @event: %PHONE_EVENT_INCOMING
 *
 * In this order: leaving, direct calls switched off, always forward, busy (call waiting off, or no room) with busy forward,
 * do not disturb (guide: do not disturb), busy, automatic answer (§6.5: only when there is no other call).
 */
PhonePolicyVerdict
phone_policy_judge_incoming (PhoneEngine      *engine,
                             const PhoneEvent *event)
{
  PhonePolicyVerdict verdict = { event->account, };
  guint n_calls = phone_calls_count_live (engine);
  gboolean full;

  if (verdict.account == 0)
    verdict.account = phone_accounts_find_user (engine, event->text);

  full = n_calls >= PHONE_MAX_CALLS || !phone_line_keys_has_room (engine, verdict.account);
  if (engine->quitting)
    verdict.refuse_status = 480;
  else if (verdict.account == 0 && !phone_engine_bool (engine, DIRECT_IP))
    verdict.refuse_status = 404;
  else if (is_forwarded (engine, &verdict, PHONE_DIVERT_ALWAYS)
           || ((full || is_busy (engine, n_calls)) && is_forwarded (engine, &verdict, PHONE_DIVERT_BUSY)))
    verdict.refuse_status = 302;
  else if (phone_forward_disturbs (engine, verdict.account, event->number))
    verdict.refuse_status = phone_engine_int (engine, DND_REFUSE_CODE);
  else if (is_busy (engine, n_calls))
    verdict.refuse_status = 486;
  else if (full)
    {
      verdict.refuse_status = 486;
      verdict.reason = _("The maximum number of calls has been reached!");
    }
  else
    verdict.auto_answer = n_calls == 0 && is_auto_answer_on (engine, verdict.account);
  return verdict;
}

/**
 * phone_policy_may_auto_answer:
 * Returns: whether a call may still be answered by itself when its delay is over
 */
gboolean
phone_policy_may_auto_answer (PhoneEngine     *engine,
                              const PhoneCall *call)
{
  return phone_calls_count_live (engine) == 1 && is_auto_answer_on (engine, call->account);
}

/**
 * phone_policy_refuse_outgoing:
 * @account: (inout): the account asked for, 0 for the default one; the account to use, 0 for a direct call
 *
 * Returns: (transfer none) (nullable): why this cannot be called, in the words of the LCD; %NULL when it can
 */
const char *
phone_policy_refuse_outgoing (PhoneEngine           *engine,
                              const PhoneDialTarget *target,
                              guint                 *account)
{
  if (target->kind == PHONE_DIAL_ADDRESS)
    {
      *account = 0;
      if (!phone_engine_bool (engine, DIRECT_IP))
        return phone_cause_get_text (PHONE_CAUSE_FORBIDDEN_NUMBER);
      return NULL;
    }
  if (*account == 0)
    *account = phone_accounts_get_default (engine);
  if (*account == 0)
    return phone_cause_get_text (PHONE_CAUSE_NO_ACCOUNT);
  if (!phone_account_is_usable (engine, *account))
    return phone_cause_get_text (PHONE_CAUSE_ACCOUNT_INVALID);
  return NULL;
}

/**
 * phone_policy_may_send_digits:
 * Returns: whether keys are DTMF now: not while either side holds (guide: DTMF)
 */
gboolean
phone_policy_may_send_digits (const PhoneCall *call)
{
  return call->state == PHONE_CALL_TALKING && !call->far_held;
}
