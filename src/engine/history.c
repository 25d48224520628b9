/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "history.h"

struct _PhoneHistory {
  GPtrArray *entries;     /* PhoneHistoryEntry, newest first */
  GPtrArray *contacts;    /* PhoneContact */
  guint      n_unseen;    /* missed calls since the user looked last */
  guint      n_forwarded; /* calls that went elsewhere by themselves since the user looked last */
};

PhoneHistory *
phone_history_new (void)
{
  PhoneHistory *self = g_new0 (PhoneHistory, 1);

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);
  self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
  return self;
}

void
phone_history_free (PhoneHistory *self)
{
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->contacts);
  g_free (self);
}

/**
 * phone_history_load:
 * Reads the call log and the directory from the store.
 */
void
phone_history_load (PhoneEngine *engine)
{
  GPtrArray *entries = phone_store_load_history (engine->store);

  if (entries != NULL)
    {
      g_ptr_array_unref (engine->history->entries);
      engine->history->entries = entries;
    }
  phone_history_load_contacts (engine);
}

/**
 * phone_history_load_contacts:
 * Reads the directory again: the store says that it changed.
 */
void
phone_history_load_contacts (PhoneEngine *engine)
{
  GPtrArray *contacts = phone_store_load_contacts (engine->store);

  if (contacts == NULL)
    return;
  g_ptr_array_unref (engine->history->contacts);
  engine->history->contacts = contacts;
}

/* The oldest of a kind leave when there are too many. */
static void
trim (PhoneHistory     *self,
      PhoneHistoryKind  kind)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      PhoneHistoryEntry *entry = self->entries->pdata[i];

      if (entry->kind == kind && ++n > PHONE_HISTORY_MAX)
        g_ptr_array_remove_index (self->entries, i--);
    }
}

static void
add (PhoneEngine       *engine,
     PhoneHistoryEntry *entry)
{
  PhoneHistory *self = engine->history;

  g_ptr_array_insert (self->entries, 0, entry);
  trim (self, entry->kind);
  phone_store_save_history (engine->store, self->entries);
}

/* A call nobody took here: refused by the phone itself, given up by the caller, or rung out. */
static gboolean
is_missed (const PhoneCall *call)
{
  return call->origin == PHONE_CALL_INBOUND && !call->answered && call->end != PHONE_CALL_END_BY_USER;
}

static void
tell_missed (PhoneEngine     *engine,
             const PhoneCall *call)
{
  const char *known = phone_history_find_name (engine, call->number);
  PhoneNotice notice = {
    .kind = PHONE_NOTICE_MISSED,
    .call = call->id,
    .account = call->account,
    .number = call->number,
    .name = known ? known : call->name,
    .text = "",
  };

  phone_outbox_notify (engine->outbox, &notice);
}

/**
 * phone_history_add_call:
 * @call: a call that is over
 *
 * Logs it as placed, received or missed; tells of a missed one.
 */
void
phone_history_add_call (PhoneEngine     *engine,
                        const PhoneCall *call)
{
  PhoneHistoryEntry entry = {
    .kind = call->origin == PHONE_CALL_OUTGOING ? PHONE_HISTORY_PLACED : PHONE_HISTORY_RECEIVED,
    .number = call->number,
    .name = call->name,
    .account = call->account,
    .time = call->started_s,
    .duration_s = call->answered ? call->duration_ms / 1000 : 0,
  };

  if (*call->number == '\0' || call->recall || !phone_engine_bool (engine, SAVE_HISTORY))
    return;
  if (call->origin == PHONE_CALL_INBOUND && call->reject_status == 302)
    entry.kind = PHONE_HISTORY_FORWARDED;
  if (call->forwarded)
    engine->history->n_forwarded++;
  if (is_missed (call))
    {
      if (phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_MISSED_LOG, call->account) == 0)
        return;
      entry.kind = PHONE_HISTORY_MISSED;
      engine->history->n_unseen++;
      tell_missed (engine, call);
    }
  add (engine, phone_history_entry_copy (&entry));
}

/**
 * phone_history_get_entries:
 * Returns: (transfer none) (element-type PhoneHistoryEntry): newest first
 */
GPtrArray *
phone_history_get_entries (PhoneEngine *engine)
{
  return engine->history->entries;
}

/**
 * phone_history_get_contacts:
 * Returns: (transfer none) (element-type PhoneContact): the directory
 */
GPtrArray *
phone_history_get_contacts (PhoneEngine *engine)
{
  return engine->history->contacts;
}

/**
 * phone_history_remove:
 * @entry: one of phone_history_get_entries()
 */
void
phone_history_remove (PhoneEngine       *engine,
                      PhoneHistoryEntry *entry)
{
  if (g_ptr_array_remove (engine->history->entries, entry))
    phone_store_save_history (engine->store, engine->history->entries);
}

/**
 * phone_history_clear:
 * @kind: a PhoneHistoryKind, -1 for all
 */
void
phone_history_clear (PhoneEngine *engine,
                     int          kind)
{
  PhoneHistory *self = engine->history;

  for (guint i = self->entries->len; i-- > 0; )
    if (kind < 0 || ((PhoneHistoryEntry *) self->entries->pdata[i])->kind == (PhoneHistoryKind) kind)
      g_ptr_array_remove_index (self->entries, i);
  phone_store_save_history (engine->store, self->entries);
}

/**
 * phone_history_get_unseen:
 * Returns: how many calls were missed since the user looked last
 */
guint
phone_history_get_unseen (PhoneEngine *engine)
{
  return engine->history->n_unseen;
}

/**
 * phone_history_mark_seen:
 *
 * The missed calls have been looked at.
 */
void
phone_history_mark_seen (PhoneEngine *engine)
{
  engine->history->n_unseen = 0;
}

/**
 * phone_history_get_forwarded:
 * Returns: how many calls went elsewhere by themselves since the user looked last
 */
guint
phone_history_get_forwarded (PhoneEngine *engine)
{
  return engine->history->n_forwarded;
}

/**
 * phone_history_mark_forwarded_seen:
 *
 * The forwarded calls have been looked at.
 */
void
phone_history_mark_forwarded_seen (PhoneEngine *engine)
{
  engine->history->n_forwarded = 0;
}

/**
 * phone_history_find_name:
 * Returns: (transfer none) (nullable): what the directory calls @number
 */
const char *
phone_history_find_name (PhoneEngine *engine,
                         const char  *number)
{
  GPtrArray *contacts = engine->history->contacts;

  for (guint i = 0; number != NULL && *number != '\0' && i < contacts->len; i++)
    {
      const PhoneContact *contact = contacts->pdata[i];

      if (*contact->name != '\0' && g_strcmp0 (contact->number, number) == 0)
        return contact->name;
    }
  return NULL;
}

/**
 * phone_history_dup_last_dialled:
 * Returns: (transfer full) (nullable): the number that was called last
 */
char *
phone_history_dup_last_dialled (PhoneEngine *engine)
{
  GPtrArray *entries = engine->history->entries;

  for (guint i = 0; i < entries->len; i++)
    {
      const PhoneHistoryEntry *entry = entries->pdata[i];

      if (entry->kind == PHONE_HISTORY_PLACED)
        return g_strdup (entry->number);
    }
  return NULL;
}
