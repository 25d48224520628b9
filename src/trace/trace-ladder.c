/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-trace"

#include "trace-ladder.h"

#include "trace-message.h"

#include <string.h>

/* Characters from one column's line to the next. */
#define WIDTH 34
#define MARGIN 16
#define MAX_LABEL (WIDTH - 8)

static void
step_free (gpointer data)
{
  PhoneTraceStep *step = data;

  g_free (step->label);
  phone_trace_record_unref (step->record);
  g_free (step);
}

void
phone_trace_ladder_free (PhoneTraceLadder *self)
{
  if (!self)
    return;

  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->steps);
  g_free (self);
}

static guint
find_column (PhoneTraceLadder       *self,
             const PhoneTraceRecord *record)
{
  g_autofree char *name = g_strdup_printf (strchr (record->remote, ':') ? "[%s]:%u" : "%s:%u", record->remote, record->remote_port);

  for (guint i = 1; i < self->columns->len; i++)
    if (strcmp (self->columns->pdata[i], name) == 0)
      return i;
  g_ptr_array_add (self->columns, g_steal_pointer (&name));

  return self->columns->len - 1;
}

/* The method, or the status and its phrase. */
static char *
dup_label (const PhoneTraceRecord *record)
{
  char *line = phone_trace_message_dup_first_line (record->text, record->length);

  if (phone_trace_message_get_status (record->text, record->length) == 0)
    line[strcspn (line, " ")] = '\0';

  return line;
}

static gboolean
is_same (const PhoneTraceRecord *one,
         const PhoneTraceRecord *other)
{
  return one->sent == other->sent && one->length == other->length && one->remote_port == other->remote_port
         && strcmp (one->remote, other->remote) == 0 && memcmp (one->text, other->text, one->length) == 0;
}

/* By their text: what is sent again differs in nothing (RFC 3261 §17). */
static gboolean
was_there (PhoneTraceLadder       *self,
           const PhoneTraceRecord *record)
{
  for (guint i = self->steps->len; i-- > 0; )
    {
      const PhoneTraceStep *before = self->steps->pdata[i];

      if (is_same (before->record, record))
        return TRUE;
    }

  return FALSE;
}

static void
add_step (PhoneTraceLadder *self,
          PhoneTraceRecord *record,
          guint             phone,
          guint             other)
{
  PhoneTraceStep *step = g_new0 (PhoneTraceStep, 1);
  const PhoneTraceStep *first = self->steps->len > 0 ? self->steps->pdata[0] : NULL;
  const PhoneTraceStep *before = first ? self->steps->pdata[self->steps->len - 1] : NULL;

  step->number = self->steps->len + 1;
  step->from = record->sent ? phone : other;
  step->to = record->sent ? other : phone;
  step->label = dup_label (record);
  step->again = was_there (self, record);
  step->error = record->failed || phone_trace_message_get_status (record->text, record->length) >= 300;
  step->at_us = before ? MAX (record->monotonic_us - first->record->monotonic_us, before->at_us) : 0;
  step->since_us = before ? step->at_us - before->at_us : 0;
  step->gap = step->since_us >= PHONE_TRACE_GAP_US;
  step->record = phone_trace_record_ref (record);
  g_ptr_array_add (self->steps, step);
}

static PhoneTraceLadder *
ladder_new (void)
{
  PhoneTraceLadder *self = g_new0 (PhoneTraceLadder, 1);

  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->steps = g_ptr_array_new_with_free_func (step_free);
  return self;
}

/**
 * phone_trace_ladder_new:
 * @records: (element-type PhoneTraceRecord): in order, as phone_trace_list() gives them
 */
PhoneTraceLadder *
phone_trace_ladder_new (GPtrArray *records)
{
  PhoneTraceLadder *self = ladder_new ();

  g_ptr_array_add (self->columns, g_strdup (PHONE_TRACE_THIS_PHONE));
  for (guint i = 0; records && i < records->len; i++)
    add_step (self, records->pdata[i], 0, find_column (self, records->pdata[i]));

  return self;
}

/* The sides of several phones, put together ---------------------------------------------------------------------------- */

/* A phone's side while it is put together with others. */
typedef struct {
  const PhoneTraceSource *source;
  guint                   column;
  guint                   next;      /* index of its first message that is not in the ladder yet */
} Side;

typedef struct {
  Side       *sides;
  guint       n_sides;
  GHashTable *unsent;   /* (element-type utf8): names of messages that a phone sends and that are not in the ladder yet */
} Merge;

/* The same for all copies of a message between two phones; %NULL: what a server says for itself, or nobody knows. */
static char *
dup_message_name (const PhoneTraceRecord *record)
{
  guint status = phone_trace_message_get_status (record->text, record->length);
  g_autofree char *origin = phone_trace_message_dup_origin (record->text, record->length);
  g_autofree char *cseq = phone_trace_message_dup_header (record->text, record->length, "CSeq", NULL);

  /* A proxy's CANCEL is its own, but comes of the caller's (RFC 3261 §9.1, §16.10). */
  if (status == 0 && cseq && g_str_has_suffix (cseq, " CANCEL") && record->call_id)
    return g_strdup_printf ("%s %s", cseq, record->call_id);
  /* 100 goes to the next server only (§16.7): each says its own. */
  return origin && cseq && status != 100 ? g_strdup_printf ("%u %s %s", status, cseq, origin) : NULL;
}

static const PhoneTraceRecord *
get_next (const Side *side)
{
  return side->next < side->source->records->len ? side->source->records->pdata[side->next] : NULL;
}

/* A clock is read when a message has been sent or received, which on a busy machine is some time after: what one phone has sent
 * may be with another one before. Cause comes before effect, though. */
static gboolean
is_too_early (const Merge            *self,
              const PhoneTraceRecord *record)
{
  g_autofree char *name = record->sent ? NULL : dup_message_name (record);

  return name && g_hash_table_contains (self->unsent, name);
}

/* Returns: (nullable): the side whose message is next; %NULL: nothing is left */
static Side *
choose_side (const Merge *self)
{
  Side *earliest = NULL;
  Side *chosen = NULL;

  for (guint i = 0; i < self->n_sides; i++)
    {
      const PhoneTraceRecord *record = get_next (&self->sides[i]);

      if (!record)
        continue;
      if (!earliest || record->monotonic_us < get_next (earliest)->monotonic_us)
        earliest = &self->sides[i];
      if ((!chosen || record->monotonic_us < get_next (chosen)->monotonic_us) && !is_too_early (self, record))
        chosen = &self->sides[i];
    }

  /* Nobody is first where traces make no sense together. */
  return chosen ? chosen : earliest;
}

static void
note_sent (GHashTable       *unsent,
           PhoneTraceRecord *record)
{
  char *name = record->sent ? dup_message_name (record) : NULL;

  if (name)
    g_hash_table_add (unsent, name);
}

static void
take_step (PhoneTraceLadder *self,
           Merge            *merge)
{
  Side *side = choose_side (merge);
  PhoneTraceRecord *record = side->source->records->pdata[side->next++];
  g_autofree char *name = record->sent ? dup_message_name (record) : NULL;

  /* The first of those that are sent again is what others have waited for. */
  if (name)
    g_hash_table_remove (merge->unsent, name);
  add_step (self, record, side->column, 1);
}

/**
 * phone_trace_ladder_merge:
 * @sources: phones of this machine, whose clocks are one
 * @server: what stands between them
 *
 * What phones say to a server and it to them, as the guides draw it: the first phone, the server, the other phones. In the order
 * of time, but a message is sent before it is received.
 */
PhoneTraceLadder *
phone_trace_ladder_merge (const PhoneTraceSource *sources,
                          guint                   n_sources,
                          const char             *server)
{
  PhoneTraceLadder *self = ladder_new ();
  g_autoptr (GHashTable) unsent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree Side *sides = g_new0 (Side, n_sources);
  Merge merge = { sides, n_sources, unsent };
  guint left = 0;

  g_return_val_if_fail (sources != NULL && n_sources > 0 && server != NULL, self);

  for (guint i = 0; i < n_sources; i++)
    {
      sides[i] = (Side) { &sources[i], i == 0 ? 0 : i + 1, 0 };
      g_ptr_array_add (self->columns, g_strdup (sources[i].name));
      if (i == 0)
        g_ptr_array_add (self->columns, g_strdup (server));
      for (guint k = 0; k < sources[i].records->len; k++)
        note_sent (unsent, sources[i].records->pdata[k]);
      left += sources[i].records->len;
    }
  while (left-- > 0)
    take_step (self, &merge);

  return self;
}

/* Text --------------------------------------------------------------------------------------------------------------- */

static void
append_centred (GString    *out,
                const char *text,
                guint       width,
                char        fill)
{
  guint length = (guint) g_utf8_strlen (text, -1);
  guint left = length < width ? (width - length) / 2 : 0;

  for (guint i = 0; i < left; i++)
    g_string_append_c (out, fill);
  g_string_append (out, text);
  for (guint i = left + length; i < width; i++)
    g_string_append_c (out, fill);
}

static void
append_head (const PhoneTraceLadder *self,
             GString                *out)
{
  g_string_append_printf (out, "%*s", MARGIN - WIDTH / 2, "");
  for (guint i = 0; i < self->columns->len; i++)
    append_centred (out, self->columns->pdata[i], WIDTH, ' ');
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

/* One arrow, over the lines of the columns between. */
static void
append_arrow (const PhoneTraceStep *step,
              guint                 n_columns,
              GString              *out)
{
  guint left = MIN (step->from, step->to);
  guint right = MAX (step->from, step->to);
  gboolean to_right = step->to > step->from;
  gboolean too_long = g_utf8_strlen (step->label, -1) > MAX_LABEL;
  g_autofree char *cut = too_long ? g_utf8_substring (step->label, 0, MAX_LABEL - 1) : g_strdup (step->label);
  g_autofree char *label = g_strdup_printf (" %s%s ", cut, too_long ? "…" : "");
  guint width = (right - left) * WIDTH - 2;

  for (guint i = 0; i < left; i++)
    g_string_append_printf (out, "|%*s", WIDTH - 1, "");
  g_string_append (out, to_right ? "|" : "|<");
  append_centred (out, label, width, step->again ? '.' : '-');
  g_string_append (out, to_right ? ">|" : "|");
  for (guint i = right + 1; i < n_columns; i++)
    g_string_append_printf (out, "%*s|", WIDTH - 1, "");
}

static void
append_marks (const PhoneTraceStep *step,
              GString              *out)
{
  if (step->again)
    g_string_append (out, "  again");
  if (step->record->failed)
    g_string_append (out, "  not sent");
  else if (step->error)
    g_string_append (out, "  !");
  if (step->gap)
    g_string_append_printf (out, "  after %.1f s", (double) step->since_us / G_USEC_PER_SEC);
}

static void
append_text (const PhoneTraceRecord *record,
             GString                *out)
{
  g_autofree char *valid = g_utf8_make_valid (record->text, (gssize) record->length);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);

  for (char **line = lines; *line; line++)
    if (**line != '\0')
      g_string_append_printf (out, "    %s\n", g_strchomp (*line));
  if (record->whole_length > record->length)
    g_string_append_printf (out, "    … %" G_GSIZE_FORMAT " bytes more\n", record->whole_length - record->length);
}

/**
 * phone_trace_ladder_to_text:
 * @whole: with the text of each message
 *
 * Returns: (transfer full): the ladder for a terminal, UTF-8; seconds since the first step stand before each
 */
char *
phone_trace_ladder_to_text (const PhoneTraceLadder *self,
                            gboolean                whole)
{
  GString *out = g_string_new (NULL);

  append_head (self, out);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const PhoneTraceStep *step = self->steps->pdata[i];
      g_autofree char *name = g_strdup_printf ("F%u", step->number);

      g_string_append_printf (out, "%-5s%9.3f  ", name, (double) step->at_us / G_USEC_PER_SEC);
      append_arrow (step, self->columns->len, out);
      append_marks (step, out);
      g_string_append_c (out, '\n');
      if (whole)
        append_text (step->record, out);
    }

  return g_string_free (out, FALSE);
}
