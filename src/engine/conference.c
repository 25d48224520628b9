/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "conference.h"

#include "call-actions.h"
#include "calls.h"
#include "line-keys.h"
#include "page.h"
#include "texts.h"
#include "transfer.h"

#include <string.h>

struct _PhoneConference {
  guint   from;        /* the call, or the conference, that waits for a party who is being called; 0 = none */
  guint   to;          /* the party */
  GArray *commanded;   /* guint: the calls that the audio was told last */
};

PhoneConference *
phone_conference_new (void)
{
  PhoneConference *self = g_new0 (PhoneConference, 1);

  self->commanded = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
phone_conference_free (PhoneConference *self)
{
  g_array_unref (self->commanded);
  g_free (self);
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("Not possible now"));
  return FALSE;
}

static gboolean
is_member (const PhoneCall *call)
{
  return call->conference != PHONE_CONFERENCE_NONE && !phone_call_is_over (call);
}

static gboolean
may_join (const PhoneCall *call)
{
  return call != NULL && call->answered && !phone_call_is_over (call) && call->replaced_by == 0 && !call->transferring;
}

/**
 * phone_conference_get_head:
 * Returns: (transfer none) (nullable): the call whose card is the conference's
 */
PhoneCall *
phone_conference_get_head (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (is_member (call) && call->conference == PHONE_CONFERENCE_HEAD)
        return call;
    }
  return NULL;
}

/**
 * phone_conference_count:
 * Returns: how many parties there are besides us
 */
guint
phone_conference_count (PhoneEngine *engine)
{
  guint n = 0;

  for (guint i = 0; i < engine->calls->len; i++)
    n += is_member (engine->calls->pdata[i]) ? 1 : 0;
  return n;
}

/**
 * phone_conference_dup_members:
 * Returns: (transfer full): their names, for the card
 */
char *
phone_conference_dup_members (PhoneEngine *engine)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < engine->calls->len; i++)
    {
      g_autofree char *name = NULL;

      if (!is_member (engine->calls->pdata[i]))
        continue;
      name = phone_call_dup_shown_name (engine, engine->calls->pdata[i]);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  return g_strdup (text->str);
}

/* The conversation that is on hold, or the conference that is, when there is just one besides @call. */
static PhoneCall *
find_only_other (PhoneEngine     *engine,
                 const PhoneCall *call)
{
  PhoneCall *found = NULL;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *other = engine->calls->pdata[i];

      if (other == call || !phone_call_is_visible (other) || phone_call_is_over (other))
        continue;
      if (found != NULL || !may_join (other) || other->state != PHONE_CALL_HELD)
        return NULL;
      found = other;
    }
  return found;
}

/**
 * phone_conference_is_prepared:
 * Returns: whether the Conference key joins @call with whoever waits
 */
gboolean
phone_conference_is_prepared (PhoneEngine     *engine,
                              const PhoneCall *call)
{
  const PhoneConference *self = engine->conference;

  return self->to != 0 && (call->id == self->from || call->id == self->to);
}

/**
 * phone_conference_press:
 *
 * The Conference key while a call is shown: joins what is prepared, or the two calls that there are; else asks whom to call.
 */
gboolean
phone_conference_press (PhoneEngine  *engine,
                        GError      **error)
{
  PhoneConference *self = engine->conference;
  PhoneCall *focused = phone_calls_get_focused (engine);
  PhoneCall *other;

  if (!may_join (focused))
    return refuse (error);
  if (phone_conference_is_prepared (engine, focused))
    return phone_conference_join (engine, self->from, self->to, error);
  other = focused->state == PHONE_CALL_TALKING && focused->conference == PHONE_CONFERENCE_NONE
          ? find_only_other (engine, focused) : NULL;
  if (other != NULL)
    return phone_conference_join (engine, other->id, focused->id, error);
  if (phone_conference_count (engine) >= PHONE_CONFERENCE_MAX)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The conference is full!"));
      return FALSE;
    }
  phone_page_dial_open_conference (engine, focused->id);
  return TRUE;
}

/**
 * phone_conference_consult:
 * @from: the call, or the head of the conference, that waits meanwhile
 * @account: to call with, 0 for the one of @from
 * @text: whom to call
 */
gboolean
phone_conference_consult (PhoneEngine  *engine,
                          guint         from,
                          guint         account,
                          const char   *text,
                          GError      **error)
{
  PhoneCall *call = phone_calls_find (engine, from);
  PhoneCall *to;

  if (!may_join (call))
    return refuse (error);
  if (!phone_calls_dial (engine, account ? account : call->account, text, 0, error))
    return FALSE;
  to = phone_calls_get_focused (engine);
  engine->conference->to = 0;
  if (to != NULL && to != call && to->state == PHONE_CALL_NEW)
    {
      engine->conference->from = from;
      engine->conference->to = to->id;
    }
  return TRUE;
}

static void
add_member (PhoneCall *call)
{
  if (call->conference == PHONE_CONFERENCE_NONE)
    call->conference = PHONE_CONFERENCE_MEMBER;
}

static void
resume_all (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (is_member (call) && call->state == PHONE_CALL_HELD)
        phone_call_dispatch (engine, call, PHONE_CALL_ON_RESUME, NULL);
    }
}

/**
 * phone_conference_join:
 * @from: a conversation, or a member of the conference
 * @to: another conversation
 *
 * All of them hear each other from now on: who is on hold is taken back (RFC 3264; the guides do not draw it).
 */
gboolean
phone_conference_join (PhoneEngine  *engine,
                       guint         from,
                       guint         to,
                       GError      **error)
{
  PhoneCall *first = phone_calls_find (engine, from);
  PhoneCall *second = phone_calls_find (engine, to);

  if (first == second || !may_join (first) || !may_join (second))
    return refuse (error);
  if (phone_conference_count (engine) > PHONE_CONFERENCE_MAX - 1)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The conference is full!"));
      return FALSE;
    }
  engine->conference->to = 0;
  add_member (first);
  add_member (second);
  phone_page_dial_close (engine);
  resume_all (engine);
  phone_conference_update (engine);
  phone_calls_set_focus (engine, phone_conference_get_head (engine));
  return TRUE;
}

/* RFC 3911: joins a conversation, not one on hold, nor one that is on its way to somebody else. */
static gboolean
may_be_joined (PhoneEngine     *engine,
               const PhoneCall *call)
{
  return may_join (call) && !engine->quitting && call->state == PHONE_CALL_TALKING
         && phone_conference_count (engine) < PHONE_CONFERENCE_MAX;
}

/**
 * phone_conference_take_joining:
 * @event: %PHONE_EVENT_INCOMING
 *
 * An INVITE with Join (RFC 3911): its sender comes into a conversation without ringing; the LCD shows the conference.
 *
 * Returns: %FALSE when it is a call like any other
 */
gboolean
phone_conference_take_joining (PhoneEngine      *engine,
                               const PhoneEvent *event)
{
  PhoneCall *joined = event->joins ? phone_calls_find (engine, event->joins) : NULL;
  PhoneCall *call;

  if (event->joins == 0)
    return FALSE;
  if (!may_be_joined (engine, joined))
    {
      phone_signaling_reject (engine->signaling, event->call, 486);
      return TRUE;
    }
  call = phone_calls_add_incoming (engine, event, joined->account);
  call->line_key = phone_line_keys_find_free (engine, call->account);
  add_member (joined);
  add_member (call);
  phone_conference_update (engine);
  phone_engine_notify_call (engine, call);
  phone_call_prepare (engine, call, event);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_ANSWER, NULL);
  return TRUE;
}

static void
dissolve (PhoneEngine *engine)
{
  for (guint i = 0; i < engine->calls->len; i++)
    ((PhoneCall *) engine->calls->pdata[i])->conference = PHONE_CONFERENCE_NONE;
}

/**
 * phone_conference_split:
 *
 * Guide, conference: the parties are calls of their own again, on hold.
 */
gboolean
phone_conference_split (PhoneEngine  *engine,
                        GError      **error)
{
  PhoneCall *head = phone_conference_get_head (engine);

  if (head == NULL)
    return refuse (error);
  phone_conference_dispatch (engine, head, PHONE_CALL_ON_HOLD);
  dissolve (engine);
  return TRUE;
}

/**
 * phone_conference_remove:
 * @call: a member
 *
 * Ends the call of one party; the others go on.
 */
gboolean
phone_conference_remove (PhoneEngine  *engine,
                         PhoneCall    *call,
                         GError      **error)
{
  if (!is_member (call))
    return refuse (error);
  phone_call_dispatch (engine, call, PHONE_CALL_ON_HANGUP, NULL);
  return TRUE;
}

/* transfer.tran_others_after_conf_enable: we leave, and the other two stay connected. Only two can. */
static gboolean
leave (PhoneEngine *engine)
{
  PhoneCall *members[2] = { NULL, NULL };
  guint n = 0;

  if (!phone_engine_bool (engine, LEAVE_CONFERENCE))
    return FALSE;
  for (guint i = 0; i < engine->calls->len; i++)
    if (is_member (engine->calls->pdata[i]))
      {
        if (n < G_N_ELEMENTS (members))
          members[n] = engine->calls->pdata[i];
        n++;
      }
  if (n != G_N_ELEMENTS (members))
    return FALSE;
  dissolve (engine);
  return phone_transfer_join (engine, members[0]->id, members[1]->id, NULL);
}

/**
 * phone_conference_dispatch:
 * @head: any member
 * @on: hold, resume or hang up
 *
 * Does it with all of them.
 *
 * Returns: whether it meant anything to one of them
 */
gboolean
phone_conference_dispatch (PhoneEngine    *engine,
                           PhoneCall      *head,
                           PhoneCallEvent  on)
{
  gboolean done = FALSE;

  if (on == PHONE_CALL_ON_HANGUP && leave (engine))
    return TRUE;
  for (guint i = 0; i < engine->calls->len; i++)
    if (is_member (engine->calls->pdata[i]))
      done = phone_call_dispatch (engine, engine->calls->pdata[i], on, NULL) || done;
  return done;
}

/* Those that talk, and do not play music to us. */
static void
tell_audio (PhoneEngine *engine)
{
  PhoneConference *self = engine->conference;
  g_autoptr (GArray) talking = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *call = engine->calls->pdata[i];

      if (is_member (call) && call->state == PHONE_CALL_TALKING && !call->far_held)
        g_array_append_val (talking, call->id);
    }
  if (talking->len < 2)
    g_array_set_size (talking, 0);
  if (talking->len == self->commanded->len
      && (talking->len == 0 || memcmp (talking->data, self->commanded->data, talking->len * sizeof (guint)) == 0))
    return;
  phone_audio_set_conference (engine->audio, (const guint *) (gpointer) talking->data, talking->len);
  g_array_unref (self->commanded);
  self->commanded = g_steal_pointer (&talking);
}

/* Whose card it is: the one who has it, else the oldest; not one who alone is on hold. While the hold of some is on its way,
 * that cannot be told. */
static PhoneCall *
find_head (PhoneEngine *engine)
{
  PhoneCall *head = phone_conference_get_head (engine);
  PhoneCall *talking = NULL;
  PhoneCall *oldest = NULL;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (!is_member (call))
        continue;
      if (call->state == PHONE_CALL_HOLDING || call->state == PHONE_CALL_RESUMING)
        return head ? head : call;
      if (call->state == PHONE_CALL_TALKING && talking == NULL)
        talking = call;
      if (oldest == NULL)
        oldest = call;
    }
  if (head == NULL)
    head = oldest;
  return head && head->state == PHONE_CALL_HELD && talking ? talking : head;
}

static void
choose_head (PhoneEngine *engine)
{
  PhoneCall *head = find_head (engine);
  gboolean focused = FALSE;

  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];

      if (!is_member (call))
        call->conference = PHONE_CONFERENCE_NONE;
      else if (call != head)
        call->conference = PHONE_CONFERENCE_MEMBER;
      focused = focused || (is_member (call) && call->id == engine->focus);
    }
  if (head == NULL)
    return;
  head->conference = PHONE_CONFERENCE_HEAD;
  if (focused)
    phone_calls_set_focus (engine, head);
}

/**
 * phone_conference_update:
 * After each event: who is in it, and whom the audio mixes. One party alone is a call like any other.
 */
void
phone_conference_update (PhoneEngine *engine)
{
  PhoneConference *self = engine->conference;
  PhoneCall *from = self->to ? phone_calls_find (engine, self->from) : NULL;
  PhoneCall *to = self->to ? phone_calls_find (engine, self->to) : NULL;

  if (phone_conference_count (engine) < 2)
    dissolve (engine);
  choose_head (engine);
  /* The one that waited has left the conference that waits. */
  if (to != NULL && !phone_call_is_over (to) && (from == NULL || phone_call_is_over (from)))
    from = phone_conference_get_head (engine);
  self->from = from ? from->id : 0;
  if (from == NULL || phone_call_is_over (from) || to == NULL || phone_call_is_over (to))
    self->to = 0;
  tell_audio (engine);
}
