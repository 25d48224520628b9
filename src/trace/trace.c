/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-trace"

#include "trace.h"

#include "trace-message.h"

#include <string.h>

/* Calls whose Call-IDs are remembered: far more than the records of a trace can belong to at its usual size. */
#define MAX_NAMES 1024

typedef struct {
  char  *call_id;
  guint  call;
} Name;

struct _PhoneTrace {
  gatomicrefcount  refs;
  GMutex           lock;          /* of all below but on */
  GQueue           records;       /* PhoneTraceRecord, the oldest first */
  gsize            n_bytes;
  guint            max_records;
  gsize            max_bytes;
  guint64          last;
  guint64          n_lost;
  GQueue           names;         /* Name, the oldest first */
  GHashTable      *calls;         /* Call-ID (of a Name) -> call */
  gint             on;            /* atomic */
};

/* Records ------------------------------------------------------------------------------------------------------------ */

PhoneTraceRecord *
phone_trace_record_new (const char *text,
                        gsize       length)
{
  PhoneTraceRecord *self = g_new0 (PhoneTraceRecord, 1);

  g_atomic_ref_count_init (&self->refs);
  self->whole_length = length;
  self->length = MIN (length, PHONE_TRACE_MAX_TEXT);
  self->text = g_malloc (self->length + 1);
  if (self->length > 0)
    memcpy (self->text, text, self->length);
  self->text[self->length] = '\0';
  self->call_id = phone_trace_message_dup_header (self->text, self->length, "Call-ID", "i");

  return self;
}

PhoneTraceRecord *
phone_trace_record_ref (PhoneTraceRecord *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
phone_trace_record_unref (PhoneTraceRecord *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_free (self->call_id);
  g_free (self->text);
  g_free (self);
}

const char *
phone_trace_transport_to_string (PhoneTraceTransport transport)
{
  static const char *const names[] = { "UDP", "TCP", "TLS" };

  return transport < G_N_ELEMENTS (names) ? names[transport] : "?";
}

static gsize
get_size (const PhoneTraceRecord *record)
{
  return sizeof *record + record->length + 1 + (record->call_id ? strlen (record->call_id) + 1 : 0);
}

/* The store ---------------------------------------------------------------------------------------------------------- */

static void
name_free (Name *name)
{
  g_free (name->call_id);
  g_free (name);
}

PhoneTrace *
phone_trace_new (void)
{
  PhoneTrace *self = g_new0 (PhoneTrace, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_queue_init (&self->records);
  g_queue_init (&self->names);
  self->calls = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

PhoneTrace *
phone_trace_ref (PhoneTrace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
phone_trace_unref (PhoneTrace *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_hash_table_unref (self->calls);
  g_queue_clear_full (&self->names, (GDestroyNotify) name_free);
  g_queue_clear_full (&self->records, (GDestroyNotify) phone_trace_record_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* With the lock. What has to go is put into @gone, to be freed without it. */
static void
make_room (PhoneTrace *self,
           GQueue     *gone)
{
  while (self->records.length > self->max_records || (self->records.length > 0 && self->n_bytes > self->max_bytes))
    {
      PhoneTraceRecord *oldest = g_queue_pop_head (&self->records);

      self->n_bytes -= get_size (oldest);
      self->n_lost++;
      g_queue_push_tail (gone, oldest);
    }
}

void
phone_trace_set_limits (PhoneTrace *self,
                        guint       max_records,
                        gsize       max_bytes)
{
  GQueue gone = G_QUEUE_INIT;

  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  self->max_records = max_bytes > 0 ? max_records : 0;
  self->max_bytes = max_records > 0 ? max_bytes : 0;
  make_room (self, &gone);
  g_atomic_int_set (&self->on, self->max_records > 0);
  g_mutex_unlock (&self->lock);
  g_queue_clear_full (&gone, (GDestroyNotify) phone_trace_record_unref);
}

gboolean
phone_trace_is_on (PhoneTrace *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_atomic_int_get (&self->on) != 0;
}

void
phone_trace_add (PhoneTrace       *self,
                 PhoneTraceRecord *record)
{
  GQueue gone = G_QUEUE_INIT;

  g_return_if_fail (self != NULL);
  g_return_if_fail (record != NULL);

  g_mutex_lock (&self->lock);
  record->number = ++self->last;
  g_queue_push_tail (&self->records, record);
  self->n_bytes += get_size (record);
  make_room (self, &gone);
  g_mutex_unlock (&self->lock);
  g_queue_clear_full (&gone, (GDestroyNotify) phone_trace_record_unref);
}

void
phone_trace_name_call (PhoneTrace *self,
                       const char *call_id,
                       guint       call)
{
  Name *name;

  g_return_if_fail (self != NULL);
  g_return_if_fail (call_id != NULL);

  g_mutex_lock (&self->lock);
  if (!g_hash_table_contains (self->calls, call_id))
    {
      name = g_new0 (Name, 1);
      name->call_id = g_strdup (call_id);
      name->call = call;
      g_queue_push_tail (&self->names, name);
      g_hash_table_insert (self->calls, name->call_id, GUINT_TO_POINTER (call));
      if (self->names.length > MAX_NAMES)
        {
          Name *oldest = g_queue_pop_head (&self->names);

          g_hash_table_remove (self->calls, oldest->call_id);
          name_free (oldest);
        }
    }
  g_mutex_unlock (&self->lock);
}

guint
phone_trace_find_call (PhoneTrace *self,
                       const char *call_id)
{
  guint call;

  g_return_val_if_fail (self != NULL, 0);

  if (!call_id)
    return 0;
  g_mutex_lock (&self->lock);
  call = GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, call_id));
  g_mutex_unlock (&self->lock);

  return call;
}

GPtrArray *
phone_trace_list (PhoneTrace *self,
                  guint       call)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);

  g_return_val_if_fail (self != NULL, list);

  g_mutex_lock (&self->lock);
  for (GList *l = self->records.head; l; l = l->next)
    {
      PhoneTraceRecord *record = l->data;

      if (call == 0 || (record->call_id && GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, record->call_id)) == call))
        g_ptr_array_add (list, phone_trace_record_ref (record));
    }
  g_mutex_unlock (&self->lock);

  return list;
}

/* They are in the order of their numbers: the way back is as long as what is new. */
static GList *
find_after (PhoneTrace *self,
            guint64     number)
{
  GList *first = NULL;

  for (GList *l = self->records.tail; l && ((const PhoneTraceRecord *) l->data)->number > number; l = l->prev)
    first = l;

  return first;
}

GPtrArray *
phone_trace_list_since (PhoneTrace *self,
                        guint64     number)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);

  g_return_val_if_fail (self != NULL, list);

  g_mutex_lock (&self->lock);
  for (GList *l = find_after (self, number); l; l = l->next)
    g_ptr_array_add (list, phone_trace_record_ref (l->data));
  g_mutex_unlock (&self->lock);

  return list;
}

guint64
phone_trace_get_last (PhoneTrace *self)
{
  guint64 last;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->lock);
  last = self->last;
  g_mutex_unlock (&self->lock);

  return last;
}

guint64
phone_trace_get_n_lost (PhoneTrace *self)
{
  guint64 n;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->lock);
  n = self->n_lost;
  g_mutex_unlock (&self->lock);

  return n;
}
