/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "call.h"

#include "call-actions.h"
#include "engine-private.h"
#include "sound.h"

/*
 * The call table. `from` and `on` are unique together; the state is written by phone_call_set_state () alone.
 * An internal state that waits (a hold that must be accepted first, media that is not ready) is a row to itself, so
 * nobody has to remember a flag.
 */
typedef struct {
  PhoneCallState  from;
  PhoneCallEvent  on;
  PhoneCallState  to;
  PhoneCallAction action;      /* may be NULL */
} PhoneCallRow;

#define ROW(from, on, to, action) { PHONE_CALL_##from, PHONE_CALL_ON_##on, PHONE_CALL_##to, action }

static const PhoneCallRow rows[] = {
  ROW (NEW, DIAL, NEW, phone_call_make_way),
  ROW (NEW, CLEAR, NEW, phone_call_prepare),
  ROW (NEW, MEDIA_READY, CALLING, phone_call_invite),
  ROW (NEW, MEDIA_FAILED, ENDED, phone_call_fail_by_media),
  ROW (NEW, HANGUP, ENDED, phone_call_drop),
  ROW (NEW, TERMINATED, ENDED, phone_call_note_end),

  ROW (CALLING, PROGRESS, RINGING, phone_call_progress),
  ROW (CALLING, ESTABLISHED, TALKING, phone_call_start_talking),
  ROW (CALLING, REMOTE_MODIFY, CALLING, phone_call_answer_modify),
  ROW (CALLING, MEDIA_FAILED, ENDING, phone_call_fail_by_media),
  ROW (CALLING, TIMEOUT, ENDING, phone_call_no_answer),
  ROW (CALLING, HANGUP, ENDING, phone_call_hang_up),
  ROW (CALLING, MOVED, ENDING, phone_call_lose),
  ROW (CALLING, TERMINATED, ENDED, phone_call_note_end),

  ROW (RINGING, PROGRESS, RINGING, phone_call_progress),
  ROW (RINGING, ESTABLISHED, TALKING, phone_call_start_talking),
  ROW (RINGING, REMOTE_MODIFY, RINGING, phone_call_answer_modify),
  ROW (RINGING, MEDIA_FAILED, ENDING, phone_call_fail_by_media),
  ROW (RINGING, TIMEOUT, ENDING, phone_call_no_answer),
  ROW (RINGING, HANGUP, ENDING, phone_call_hang_up),
  ROW (RINGING, MOVED, ENDING, phone_call_lose),
  ROW (RINGING, TERMINATED, ENDED, phone_call_note_end),

  ROW (INCOMING, MEDIA_READY, INCOMING, phone_call_check_offer),
  ROW (INCOMING, MEDIA_FAILED, ENDING, phone_call_fail_by_media),
  ROW (INCOMING, ANSWER, ANSWERING, phone_call_make_way),
  ROW (INCOMING, REJECT, ENDING, phone_call_reject),
  ROW (INCOMING, REMOTE_MODIFY, INCOMING, phone_call_refuse_modify),
  ROW (INCOMING, TIMEOUT, ENDING, phone_call_nobody_here),
  ROW (INCOMING, HANGUP, ENDING, phone_call_reject),
  ROW (INCOMING, MOVED, INCOMING, phone_call_reopen),
  ROW (INCOMING, TERMINATED, ENDED, phone_call_note_end),

  ROW (ANSWERING, CLEAR, ANSWERING, phone_call_send_answer),
  ROW (ANSWERING, MEDIA_READY, ANSWERING, phone_call_check_offer),
  ROW (ANSWERING, MEDIA_FAILED, ENDING, phone_call_fail_by_media),
  ROW (ANSWERING, REJECT, ENDING, phone_call_reject),
  ROW (ANSWERING, ESTABLISHED, TALKING, phone_call_start_talking),
  ROW (ANSWERING, REMOTE_MODIFY, ANSWERING, phone_call_refuse_modify),
  ROW (ANSWERING, HANGUP, ENDING, phone_call_reject),
  ROW (ANSWERING, MOVED, ANSWERING, phone_call_reopen),
  ROW (ANSWERING, TERMINATED, ENDED, phone_call_note_end),

  ROW (TALKING, HOLD, HOLDING, phone_call_offer_hold),
  ROW (TALKING, MODIFIED, TALKING, phone_call_modified),
  ROW (TALKING, REMOTE_MODIFY, TALKING, phone_call_answer_modify),
  ROW (TALKING, MEDIA_FAILED, TALKING, phone_call_show_fault),
  ROW (TALKING, HANGUP, ENDING, phone_call_hang_up),
  ROW (TALKING, MOVED, TALKING, phone_call_reopen),
  ROW (TALKING, MEDIA_READY, TALKING, phone_call_offer_place),
  ROW (TALKING, RENEW, TALKING, phone_call_offer_again),
  ROW (TALKING, MODIFY_FAILED, TALKING, phone_call_stay),
  ROW (TALKING, LOST, ENDING, phone_call_lose),
  ROW (TALKING, TERMINATED, ENDED, phone_call_note_end),

  ROW (HOLDING, MODIFIED, HELD, phone_call_modified),
  ROW (HOLDING, MODIFY_FAILED, TALKING, phone_call_hold_refused),
  ROW (HOLDING, YIELD_REFUSED, HELD, phone_call_hold_locally),
  ROW (HOLDING, REMOTE_MODIFY, HOLDING, phone_call_answer_modify),
  ROW (HOLDING, MEDIA_FAILED, HOLDING, phone_call_show_fault),
  ROW (HOLDING, HANGUP, ENDING, phone_call_hang_up),
  ROW (HOLDING, MOVED, HOLDING, phone_call_reopen),
  ROW (HOLDING, MEDIA_READY, HOLDING, phone_call_offer_place),
  ROW (HOLDING, LOST, ENDING, phone_call_lose),
  ROW (HOLDING, TERMINATED, ENDED, phone_call_note_end),

  ROW (HELD, RESUME, RESUMING, phone_call_make_way),
  ROW (HELD, MODIFIED, HELD, phone_call_modified),
  ROW (HELD, REMOTE_MODIFY, HELD, phone_call_answer_modify),
  ROW (HELD, MEDIA_FAILED, HELD, phone_call_show_fault),
  ROW (HELD, HANGUP, ENDING, phone_call_hang_up),
  ROW (HELD, MOVED, HELD, phone_call_reopen),
  ROW (HELD, MEDIA_READY, HELD, phone_call_offer_place),
  ROW (HELD, RENEW, HELD, phone_call_offer_again),
  ROW (HELD, MODIFY_FAILED, HELD, phone_call_stay),
  ROW (HELD, LOST, ENDING, phone_call_lose),
  ROW (HELD, TERMINATED, ENDED, phone_call_note_end),

  ROW (RESUMING, CLEAR, RESUMING, phone_call_offer_resume),
  ROW (RESUMING, MODIFIED, TALKING, phone_call_modified),
  ROW (RESUMING, MODIFY_FAILED, HELD, phone_call_resume_refused),
  ROW (RESUMING, REMOTE_MODIFY, RESUMING, phone_call_answer_modify),
  ROW (RESUMING, MEDIA_FAILED, RESUMING, phone_call_show_fault),
  ROW (RESUMING, HANGUP, ENDING, phone_call_hang_up),
  ROW (RESUMING, MOVED, RESUMING, phone_call_reopen),
  ROW (RESUMING, MEDIA_READY, RESUMING, phone_call_offer_place),
  ROW (RESUMING, LOST, ENDING, phone_call_lose),
  ROW (RESUMING, TERMINATED, ENDED, phone_call_note_end),

  ROW (ENDING, REMOTE_MODIFY, ENDING, phone_call_refuse_modify),
  ROW (ENDING, TIMEOUT, ENDED, NULL),
  ROW (ENDING, HANGUP, ENDING, phone_call_dismiss),
  ROW (ENDING, TERMINATED, ENDED, NULL),

  ROW (ENDED, HANGUP, ENDED, phone_call_dismiss),
  ROW (ENDED, TERMINATED, ENDED, NULL),
};

/**
 * phone_call_event_to_string:
 * Returns: the name of @on, for the log and the diagram
 */
const char *
phone_call_event_to_string (PhoneCallEvent on)
{
  static const char * const names[PHONE_N_CALL_ON] = {
    "dial", "answer", "clear", "hold", "resume", "reject", "hangup", "timeout", "media-ready", "media-failed", "progress",
    "established", "modified", "modify-failed", "yield-refused", "remote-modify", "terminated", "moved", "renew", "lost",
  };

  g_return_val_if_fail ((guint) on < PHONE_N_CALL_ON, "");
  return names[on];
}

/**
 * phone_call_new:
 * Returns: (transfer full): a call in the state `incoming` when they call, else `new`
 */
PhoneCall *
phone_call_new (guint           id,
                guint           account,
                PhoneCallOrigin origin)
{
  PhoneCall *self = g_new0 (PhoneCall, 1);

  self->id = id;
  self->account = account;
  self->origin = origin;
  self->state = origin == PHONE_CALL_INBOUND ? PHONE_CALL_INCOMING : PHONE_CALL_NEW;
  self->target = g_strdup ("");
  self->number = g_strdup ("");
  self->name = g_strdup ("");
  self->diverter = g_strdup ("");
  self->diverter_name = g_strdup ("");
  self->digits = g_strdup ("");
  self->end_text = g_strdup ("");
  return self;
}

void
phone_call_free (PhoneCall *self)
{
  g_free (self->target);
  g_free (self->number);
  g_free (self->name);
  g_free (self->diverter);
  g_free (self->diverter_name);
  g_free (self->digits);
  g_free (self->end_text);
  g_free (self->forward_to);
  g_clear_pointer (&self->capable, phone_media_desc_unref);
  g_clear_pointer (&self->offered, phone_media_desc_unref);
  g_clear_pointer (&self->local, phone_media_desc_unref);
  g_clear_pointer (&self->pending, phone_media_desc_unref);
  g_clear_pointer (&self->remote, phone_media_desc_unref);
  g_free (self);
}

/**
 * phone_call_is_over:
 * Returns: whether the user has no more business with it: it ends or has ended
 */
gboolean
phone_call_is_over (const PhoneCall *self)
{
  return self->state == PHONE_CALL_ENDING || self->state == PHONE_CALL_ENDED;
}

/**
 * phone_call_is_visible:
 * Returns: whether it has a card on the LCD
 */
gboolean
phone_call_is_visible (const PhoneCall *self)
{
  return self->replaced_by == 0 && self->conference != PHONE_CONFERENCE_MEMBER
         && (!phone_call_is_over (self) || self->shown);
}

/**
 * phone_call_uses_microphone:
 * Returns: whether another call must wait until this one is on hold
 */
gboolean
phone_call_uses_microphone (const PhoneCall *self)
{
  if (self->replaced_by != 0)
    return FALSE;
  switch (self->state)
    {
    case PHONE_CALL_TALKING:
    case PHONE_CALL_HOLDING:
      return TRUE;
    case PHONE_CALL_ANSWERING:
    case PHONE_CALL_RESUMING:
      return self->waits == 0;
    case PHONE_CALL_NEW:
    case PHONE_CALL_CALLING:
    case PHONE_CALL_RINGING:
    case PHONE_CALL_INCOMING:
    case PHONE_CALL_HELD:
    case PHONE_CALL_ENDING:
    case PHONE_CALL_ENDED:
      return FALSE;
    }
  g_assert_not_reached ();
}

/**
 * phone_call_is_encrypted:
 * Returns: whether the sound goes through SRTP
 */
gboolean
phone_call_is_encrypted (const PhoneCall *self)
{
  return self->answered && !phone_call_is_over (self) && self->local != NULL && self->remote != NULL
         && phone_media_desc_is_secure (self->local, self->remote);
}

/**
 * phone_call_excludes:
 * Returns: whether @other must be on hold before @self is spoken on: not when both are in the conference
 */
gboolean
phone_call_excludes (const PhoneCall *self,
                     const PhoneCall *other)
{
  return self != other && !(self->conference && other->conference) && phone_call_uses_microphone (other);
}

/**
 * phone_call_get_duration_s:
 * Returns: whole seconds of conversation so far, or in all when the call is over
 */
guint
phone_call_get_duration_s (PhoneEngine     *engine,
                           const PhoneCall *self)
{
  if (!self->answered)
    return 0;
  if (self->state == PHONE_CALL_ENDED || self->state == PHONE_CALL_ENDING)
    return self->duration_ms / 1000;
  return (phone_clock_get_now_ms (engine->clock) - self->talking_ms) / 1000;
}

static void
phone_call_set_state (PhoneEngine    *engine,
                      PhoneCall      *self,
                      PhoneCallState  state)
{
  if (self->state == state)
    return;
  g_debug ("call %u: %s -> %s", self->id, phone_call_state_to_string (self->state), phone_call_state_to_string (state));
  if (self->answered && (state == PHONE_CALL_ENDING || state == PHONE_CALL_ENDED) && !phone_call_is_over (self))
    self->duration_ms = phone_clock_get_now_ms (engine->clock) - self->talking_ms;
  self->state = state;
}

/**
 * phone_call_dispatch:
 * @event: (nullable): the port's event that is the cause
 *
 * Takes the row for the call's state and @on: changes the state, runs the action, tells the outbox.
 *
 * Returns: %FALSE when there is no such row, which is harmless
 */
gboolean
phone_call_dispatch (PhoneEngine      *engine,
                     PhoneCall        *self,
                     PhoneCallEvent    on,
                     const PhoneEvent *event)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const PhoneCallRow *row = &rows[i];
      PhoneCallState before = self->state;

      if (row->from != before || row->on != on)
        continue;
      engine->row_hits[i]++;
      phone_call_set_state (engine, self, row->to);
      if (row->action)
        row->action (engine, self, event);
      if (before != self->state)
        {
          if (self->state == PHONE_CALL_ENDED)
            phone_call_finish (engine, self);
          phone_engine_notify_call (engine, self);
        }
      return TRUE;
    }
  g_debug ("call %u: %s means nothing in state %s", self->id, phone_call_event_to_string (on),
           phone_call_state_to_string (self->state));
  return FALSE;
}

/* Whether somebody else is to have the microphone: a call that waits for it, or one that has it already. */
static gboolean
must_yield (PhoneEngine     *engine,
            const PhoneCall *self)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *other = engine->calls->pdata[i];

      if (other != self && (other->waits > 0 || phone_call_excludes (self, other)))
        return TRUE;
    }
  return FALSE;
}

/* An answer to an offer they had asked us for, while our own resume still waits: nothing but the media changes. */
static gboolean
take_early_answer (PhoneEngine      *engine,
                   PhoneCall        *self,
                   const PhoneEvent *event)
{
  if (self->state != PHONE_CALL_RESUMING || self->waits == 0)
    return FALSE;
  if (event->type == PHONE_EVENT_MODIFIED)
    phone_call_modified (engine, self, event);
  return TRUE;
}

/**
 * phone_call_apply:
 * @event: an event of signaling or media that names this call
 *
 * Turns what a port reported into an event of the table.
 */
void
phone_call_apply (PhoneEngine      *engine,
                  PhoneCall        *self,
                  const PhoneEvent *event)
{
  switch ((int) event->type)
    {
    case PHONE_EVENT_PROGRESS:
      phone_call_dispatch (engine, self, PHONE_CALL_ON_PROGRESS, event);
      break;
    case PHONE_EVENT_ESTABLISHED:
      if (self->state != PHONE_CALL_ANSWERING || self->answer_sent)
        phone_call_dispatch (engine, self, PHONE_CALL_ON_ESTABLISHED, event);
      break;
    case PHONE_EVENT_MODIFIED:
      if (!take_early_answer (engine, self, event))
        phone_call_dispatch (engine, self, PHONE_CALL_ON_MODIFIED, event);
      break;
    case PHONE_EVENT_MODIFY_FAILED:
      if (self->moving)
        {
          phone_call_dispatch (engine, self, PHONE_CALL_ON_LOST, event);
          break;
        }
      if (take_early_answer (engine, self, event))
        break;
      if (self->state == PHONE_CALL_HOLDING && must_yield (engine, self))
        phone_call_dispatch (engine, self, PHONE_CALL_ON_YIELD_REFUSED, event);
      else
        phone_call_dispatch (engine, self, PHONE_CALL_ON_MODIFY_FAILED, event);
      break;
    case PHONE_EVENT_REMOTE_MODIFY:
      phone_call_dispatch (engine, self, PHONE_CALL_ON_REMOTE_MODIFY, event);
      break;
    case PHONE_EVENT_TERMINATED:
      phone_call_dispatch (engine, self, PHONE_CALL_ON_TERMINATED, event);
      break;
    case PHONE_EVENT_MEDIA_READY:
      if (self->prepared && (self->capable == NULL || self->reopening) && event->desc != NULL)
        {
          self->reopening = FALSE;
          g_clear_pointer (&self->capable, phone_media_desc_unref);
          self->capable = phone_media_desc_ref (event->desc);
          phone_call_dispatch (engine, self, PHONE_CALL_ON_MEDIA_READY, event);
        }
      break;
    case PHONE_EVENT_MEDIA_FAILED:
      phone_call_dispatch (engine, self, PHONE_CALL_ON_MEDIA_FAILED, event);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * phone_call_get_n_rows:
 * Returns: how many rows the table has
 */
guint
phone_call_get_n_rows (void)
{
  return G_N_ELEMENTS (rows);
}

/**
 * phone_call_dup_row_name:
 * Returns: (transfer full): "talking --hold--> holding", for tests and documents
 */
char *
phone_call_dup_row_name (guint row)
{
  g_return_val_if_fail (row < G_N_ELEMENTS (rows), NULL);

  return g_strdup_printf ("%s --%s--> %s", phone_call_state_to_string (rows[row].from),
                          phone_call_event_to_string (rows[row].on), phone_call_state_to_string (rows[row].to));
}

static gboolean
has_row (PhoneCallState from,
         PhoneCallEvent on)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].from == from && rows[i].on == on)
      return TRUE;
  return FALSE;
}

/* Which states lead to ENDED, by repeated marking: the table is small. */
static void
mark_ending_states (gboolean reaches[PHONE_CALL_ENDED + 1])
{
  gboolean changed = TRUE;

  reaches[PHONE_CALL_ENDED] = TRUE;
  while (changed)
    {
      changed = FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        if (reaches[rows[i].to] && !reaches[rows[i].from])
          reaches[rows[i].from] = changed = TRUE;
    }
}

/**
 * phone_call_check_table:
 *
 * Checks that no two rows have the same state and event, that each state leads to `ended`, and that `hangup` and
 * `terminated` mean something in each state.
 */
gboolean
phone_call_check_table (GError **error)
{
  gboolean reaches[PHONE_CALL_ENDED + 1] = { FALSE, };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = i + 1; j < G_N_ELEMENTS (rows); j++)
      if (rows[i].from == rows[j].from && rows[i].on == rows[j].on)
        {
          g_autofree char *name = phone_call_dup_row_name (j);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "two rows for %s", name);
          return FALSE;
        }
  mark_ending_states (reaches);
  for (guint state = PHONE_CALL_NEW; state <= PHONE_CALL_ENDED; state++)
    if (!reaches[state] || !has_row (state, PHONE_CALL_ON_HANGUP) || !has_row (state, PHONE_CALL_ON_TERMINATED))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "state %s does not end",
                     phone_call_state_to_string (state));
        return FALSE;
      }
  return TRUE;
}

/**
 * phone_call_dup_diagram:
 * Returns: (transfer full): the table in the language of Graphviz
 */
char *
phone_call_dup_diagram (void)
{
  GString *text = g_string_new ("digraph call {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_string_append_printf (text, "  %s -> %s [label=\"%s\"];\n", phone_call_state_to_string (rows[i].from),
                            phone_call_state_to_string (rows[i].to), phone_call_event_to_string (rows[i].on));
  g_string_append (text, "}\n");
  return g_string_free (text, FALSE);
}
