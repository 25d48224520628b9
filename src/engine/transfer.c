/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "transfer.h"

#include "calls.h"
#include "cause.h"
#include "dial-target.h"
#include "page.h"
#include "screen.h"
#include "texts.h"

/* How long the phone rings because a transfer has failed. */
#define ALARM_MS 6000
/* Whoever has got a call in our place hangs up on us (RFC 3891 §3); if he does not, we do. */
#define DONE_MS 2000

/* A REFER that is out. The calls may be gone before its end is known. */
typedef struct {
  guint     from;
  guint     to;          /* 0: blind */
  guint     account;
  char     *number;      /* of from, to call back */
  gboolean  accepted;
  gboolean  done;        /* told; the consultation is still there */
  gboolean  hands_off;   /* completed by hanging up: nobody listens */
} Transfer;

struct _PhoneTransfers {
  guint      from;       /* the call whose transfer is prepared, 0 = none */
  guint      to;         /* the consultation */
  gboolean   armed;      /* it completes as soon as the consultation is answered */
  gboolean   hands_off;  /* that was asked for by hanging up */
  gboolean   alarm;      /* it rings because a transfer failed */
  GPtrArray *running;    /* Transfer */
};

static void
free_transfer (gpointer data)
{
  Transfer *transfer = data;

  g_free (transfer->number);
  g_free (transfer);
}

PhoneTransfers *
phone_transfers_new (void)
{
  PhoneTransfers *self = g_new0 (PhoneTransfers, 1);

  self->running = g_ptr_array_new_with_free_func (free_transfer);
  return self;
}

void
phone_transfers_free (PhoneTransfers *self)
{
  g_ptr_array_unref (self->running);
  g_free (self);
}

/* A call that is there and not over. */
static PhoneCall *
find_alive (PhoneEngine *engine,
            guint        id)
{
  PhoneCall *call = id ? phone_calls_find (engine, id) : NULL;

  return call && !phone_call_is_over (call) ? call : NULL;
}

static gboolean
is_conversation (const PhoneCall *call)
{
  return call->answered && !phone_call_is_over (call) && !call->replaced_by && !call->conference;
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("Not possible now"));
  return FALSE;
}

static void
set_marks (PhoneEngine *engine,
           guint        from,
           guint        to,
           gboolean     transferring)
{
  PhoneCall *calls[] = { find_alive (engine, from), find_alive (engine, to) };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (calls[i])
      calls[i]->transferring = transferring;
}

static void
forget_prepared (PhoneEngine *engine)
{
  PhoneTransfers *self = engine->transfers;

  if (self->armed)
    set_marks (engine, self->from, self->to, FALSE);
  self->from = 0;
  self->to = 0;
  self->armed = FALSE;
  self->hands_off = FALSE;
}

static void
notify (PhoneEngine    *engine,
        const Transfer *transfer,
        const char     *what,
        guint           status)
{
  PhoneNotice notice = { .kind = PHONE_NOTICE_TRANSFER, .call = transfer->from, .account = transfer->account };

  notice.status = status;
  notice.number = transfer->number;
  notice.name = "";
  notice.text = what;
  phone_outbox_notify (engine->outbox, &notice);
}

/* Sends the REFER: @to names the consultation, or @target where they are to call. */
static void
start (PhoneEngine *engine,
       PhoneCall   *from,
       PhoneCall   *to,
       const char  *target)
{
  PhoneTransfers *self = engine->transfers;
  Transfer *transfer = g_new0 (Transfer, 1);
  g_autofree char *typed = NULL;

  transfer->from = from->id;
  transfer->to = to ? to->id : 0;
  transfer->account = from->account;
  transfer->number = g_strdup (from->number);
  transfer->hands_off = self->hands_off;
  g_ptr_array_add (self->running, transfer);
  forget_prepared (engine);
  set_marks (engine, transfer->from, transfer->to, TRUE);
  if (phone_page_dial_get_transfer (engine, &typed) != 0)
    phone_screen_leave_for_call (engine);
  /* Translators: a call is being transferred */
  phone_engine_say (engine, _("Transferring"));
  notify (engine, transfer, "started", 0);
  phone_signaling_transfer (engine->signaling, from->id, to ? NULL : target, transfer->to);
}

static void
sound_alarm (PhoneEngine *engine)
{
  engine->transfers->alarm = TRUE;
  phone_clock_arm (engine->clock, PHONE_TIMER_TRANSFER_FAILED, ALARM_MS);
}

/**
 * phone_transfer_silence:
 *
 * Somebody has seen that a transfer failed, or it has rung long enough.
 */
void
phone_transfer_silence (PhoneEngine *engine)
{
  engine->transfers->alarm = FALSE;
  phone_clock_cancel (engine->clock, PHONE_TIMER_TRANSFER_FAILED);
}

/**
 * phone_transfer_has_alarm:
 * Returns: whether the phone is to ring because a transfer has failed (phone_setting.ring_for_tranfailed)
 */
gboolean
phone_transfer_has_alarm (PhoneEngine *engine)
{
  return engine->transfers->alarm;
}

/**
 * phone_transfer_is_prepared:
 * Returns: whether the Transfer key completes a transfer in which @call takes part
 */
gboolean
phone_transfer_is_prepared (PhoneEngine     *engine,
                            const PhoneCall *call)
{
  const PhoneTransfers *self = engine->transfers;

  return self->to != 0 && !self->armed && (call->id == self->from || call->id == self->to);
}

/* Attended when the consultation is answered; else by transfer.semi_attend_tran_enable. */
static gboolean
complete (PhoneEngine  *engine,
          GError      **error)
{
  PhoneTransfers *self = engine->transfers;
  PhoneCall *from = find_alive (engine, self->from);
  PhoneCall *to = find_alive (engine, self->to);
  g_autofree char *target = NULL;

  if (from == NULL || to == NULL || !is_conversation (from))
    return refuse (error);
  if (is_conversation (to))
    {
      start (engine, from, to, NULL);
      return TRUE;
    }
  if (phone_engine_bool (engine, SEMI_ATTENDED))
    {
      self->armed = TRUE;
      set_marks (engine, from->id, to->id, TRUE);
      phone_engine_say (engine, _("Transferring"));
      return TRUE;
    }
  target = g_strdup (to->target);
  phone_call_dispatch (engine, to, PHONE_CALL_ON_HANGUP, NULL);
  start (engine, from, NULL, target);
  return TRUE;
}

/**
 * phone_transfer_press:
 *
 * The Transfer key while a call is shown: completes what is prepared, else asks whom the focused call goes to.
 */
gboolean
phone_transfer_press (PhoneEngine  *engine,
                      GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);

  if (focused == NULL)
    return refuse (error);
  if (phone_transfer_is_prepared (engine, focused))
    return complete (engine, error);
  if (!is_conversation (focused) || focused->transferring)
    return refuse (error);
  forget_prepared (engine);
  phone_page_dial_open_transfer (engine, focused->id);
  return TRUE;
}

/* What is typed as signaling understands it: numbers are of the account's domain. */
static char *
make_target (PhoneEngine  *engine,
             const char   *text,
             GError      **error)
{
  g_autoptr (PhoneDialTarget) target = phone_dial_target_parse (text, phone_engine_text (engine, CALL_NUM_FILTER), error);

  return target ? phone_dial_target_dup_target (target, phone_engine_bool (engine, POUND_AS_23)) : NULL;
}

/**
 * phone_transfer_blind:
 * @from: the call that is transferred
 * @text: where it goes
 *
 * They are to call @text; we do not speak with whoever is there.
 */
gboolean
phone_transfer_blind (PhoneEngine  *engine,
                      guint         from,
                      const char   *text,
                      GError      **error)
{
  PhoneCall *call = find_alive (engine, from);
  g_autofree char *target = NULL;

  if (call == NULL || !is_conversation (call) || call->transferring)
    return refuse (error);
  target = make_target (engine, text, error);
  if (target == NULL)
    return FALSE;
  start (engine, call, NULL, target);
  return TRUE;
}

/**
 * phone_transfer_consult:
 * @from: the call that waits meanwhile
 * @account: to call with, 0 for the one of @from
 * @text: whom to ask first
 *
 * Calls somebody to whom the call that waits may be transferred then.
 */
gboolean
phone_transfer_consult (PhoneEngine  *engine,
                        guint         from,
                        guint         account,
                        const char   *text,
                        GError      **error)
{
  PhoneCall *call = find_alive (engine, from);
  PhoneCall *to;

  if (call == NULL || !is_conversation (call) || call->transferring)
    return refuse (error);
  if (!phone_calls_dial (engine, account ? account : call->account, text, 0, error))
    return FALSE;
  to = phone_calls_get_focused (engine);
  forget_prepared (engine);
  if (to != NULL && to != call && to->state == PHONE_CALL_NEW)
    {
      engine->transfers->from = from;
      engine->transfers->to = to->id;
    }
  return TRUE;
}

/**
 * phone_transfer_join:
 * @from: the call that is transferred
 * @to: another conversation of ours
 *
 * Connects the two with each other: an attended transfer without a consultation of its own.
 */
gboolean
phone_transfer_join (PhoneEngine  *engine,
                     guint         from,
                     guint         to,
                     GError      **error)
{
  PhoneCall *first = find_alive (engine, from);
  PhoneCall *second = find_alive (engine, to);

  if (first == NULL || second == NULL || first == second || !is_conversation (first) || !is_conversation (second)
      || first->transferring || second->transferring)
    return refuse (error);
  start (engine, first, second, NULL);
  return TRUE;
}

/**
 * phone_transfer_hang_up:
 *
 * The phone goes on hook: that completes a transfer, where the settings say so. What is transferred is not hung up then.
 */
void
phone_transfer_hang_up (PhoneEngine *engine)
{
  PhoneTransfers *self = engine->transfers;
  g_autofree char *text = NULL;
  guint from = phone_page_dial_get_transfer (engine, &text);

  self->hands_off = TRUE;
  if (from != 0 && *text != '\0' && phone_engine_bool (engine, BLIND_ON_HOOK))
    phone_transfer_blind (engine, from, text, NULL);
  else if (self->to != 0 && !self->armed && phone_engine_bool (engine, TRANSFER_ON_HOOK))
    complete (engine, NULL);
  if (!self->armed)
    self->hands_off = FALSE;
}

/* ---- what is heard of it ---- */

static int
find_running (PhoneEngine *engine,
              guint        from)
{
  GPtrArray *running = engine->transfers->running;

  for (guint i = 0; i < running->len; i++)
    if (((Transfer *) running->pdata[i])->from == from)
      return (int) i;
  return -1;
}

/* Takes it from those that run. */
static Transfer *
settle (PhoneEngine *engine,
        guint        i)
{
  Transfer *transfer = g_ptr_array_steal_index (engine->transfers->running, i);

  set_marks (engine, transfer->from, transfer->to, FALSE);
  return transfer;
}

static void
hang_up (PhoneEngine *engine,
         guint        id)
{
  PhoneCall *call = find_alive (engine, id);

  if (call != NULL)
    phone_call_dispatch (engine, call, PHONE_CALL_ON_HANGUP, NULL);
}

static void
succeed (PhoneEngine *engine,
         guint        i)
{
  Transfer *transfer = settle (engine, i);

  hang_up (engine, transfer->from);
  hang_up (engine, transfer->to);
  /* Translators: the call that was transferred has reached its target */
  phone_engine_say (engine, _("Transferred"));
  notify (engine, transfer, "done", 200);
  free_transfer (transfer);
}

/* Attended: it is the target's to hang up, which may come sooner or later than what we are told. */
static void
note_done (PhoneEngine *engine,
           guint        i)
{
  Transfer *transfer = engine->transfers->running->pdata[i];

  if (find_alive (engine, transfer->to) == NULL)
    {
      succeed (engine, i);
      return;
    }
  transfer->done = TRUE;
  hang_up (engine, transfer->from);
  phone_clock_arm (engine->clock, PHONE_TIMER_TRANSFER_DONE, DONE_MS);
}

/**
 * phone_transfer_finish:
 *
 * The targets of transfers that are done have had their time to hang up.
 */
void
phone_transfer_finish (PhoneEngine *engine)
{
  GPtrArray *running = engine->transfers->running;

  for (guint i = running->len; i-- > 0; )
    if (((Transfer *) running->pdata[i])->done)
      succeed (engine, i);
}

/* Who is still there stays with us, on hold; of somebody who is gone only a page can tell, from where he is called back. */
static void
fail (PhoneEngine *engine,
      guint        i,
      guint        status)
{
  Transfer *transfer = settle (engine, i);
  PhoneCall *from = find_alive (engine, transfer->from);
  PhoneCall *to = find_alive (engine, transfer->to);
  const char *text = phone_cause_get_text (PHONE_CAUSE_TRANSFER_FAILED);

  if (to != NULL && transfer->hands_off)
    phone_call_dispatch (engine, to, PHONE_CALL_ON_HOLD, NULL);
  if (from == NULL && to == NULL && !phone_calls_is_busy (engine))
    phone_calls_add_failed (engine, transfer->account, transfer->number, text, TRUE);
  else
    phone_engine_say (engine, text);
  if (from != NULL && to == NULL)
    phone_calls_set_focus (engine, from);
  sound_alarm (engine);
  notify (engine, transfer, "failed", status);
  free_transfer (transfer);
}

/* Nothing is known of the end. Who is still there stays. */
static void
give_up (PhoneEngine *engine,
         guint        i)
{
  Transfer *transfer = settle (engine, i);

  notify (engine, transfer, "unknown", 0);
  free_transfer (transfer);
}

/* Guide, transfer: the call ends with the 202, unless we are to wait for the end. */
static void
accept (PhoneEngine *engine,
        Transfer    *transfer)
{
  transfer->accepted = TRUE;
  notify (engine, transfer, "accepted", 202);
  if (!phone_engine_bool (engine, TRANSFER_WAIT))
    hang_up (engine, transfer->from);
}

/**
 * phone_transfer_on_news:
 * @event: %PHONE_EVENT_TRANSFER
 */
void
phone_transfer_on_news (PhoneEngine      *engine,
                        const PhoneEvent *event)
{
  int i = find_running (engine, event->call);
  PhoneTransferNews news = event->value;

  g_debug ("transfer of call %u: %s %u", event->call, phone_transfer_news_to_string (news), event->status);
  if (i < 0)
    return;
  switch (news)
    {
    case PHONE_TRANSFER_ACCEPTED:
      accept (engine, engine->transfers->running->pdata[i]);
      break;
    case PHONE_TRANSFER_PROGRESS:
      notify (engine, engine->transfers->running->pdata[i], "progress", event->status);
      break;
    case PHONE_TRANSFER_DONE:
      note_done (engine, i);
      break;
    case PHONE_TRANSFER_FAILED:
    case PHONE_TRANSFER_REFUSED:
      fail (engine, i, event->status);
      break;
    case PHONE_TRANSFER_SILENT:
      give_up (engine, i);
      break;
    }
}

/* An attended transfer is through when its target has hung up on us: somebody else has our place there. Some never tell. */
static void
update_running (PhoneEngine *engine)
{
  GPtrArray *running = engine->transfers->running;

  for (guint i = running->len; i-- > 0; )
    {
      const Transfer *transfer = running->pdata[i];
      gboolean to_is_gone = transfer->to != 0 && find_alive (engine, transfer->to) == NULL;

      if ((transfer->accepted || transfer->done) && to_is_gone)
        succeed (engine, i);
      else if (!transfer->accepted && find_alive (engine, transfer->from) == NULL)
        give_up (engine, i);
    }
}

static void
update_prepared (PhoneEngine *engine)
{
  PhoneTransfers *self = engine->transfers;
  PhoneCall *from = find_alive (engine, self->from);
  PhoneCall *to = find_alive (engine, self->to);
  gboolean alarm = self->armed && self->hands_off;

  if (self->to == 0)
    return;
  if (from == NULL || to == NULL)
    {
      forget_prepared (engine);
      if (alarm && from != NULL)
        {
          phone_engine_say (engine, phone_cause_get_text (PHONE_CAUSE_TRANSFER_FAILED));
          sound_alarm (engine);
        }
    }
  else if (self->armed && is_conversation (to))
    {
      start (engine, from, to, NULL);
    }
}

/**
 * phone_transfer_update:
 * After each event: completes a transfer that waited for its target, notes what is over.
 */
void
phone_transfer_update (PhoneEngine *engine)
{
  update_prepared (engine);
  update_running (engine);
  phone_transfer_update_replaced (engine);
}
