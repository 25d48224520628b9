/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "call-log-file.h"

#include <json-glib/json-glib.h>

#include <string.h>

#define VERSION 1
/* The reader calls itself for each level. A call log has three. */
#define MAX_DEPTH 8
#define MAX_TEXT_BYTES 512
#define MAX_ACCOUNT PHONE_MAX_ACCOUNTS

static const char *const kind_names[] = {
  [PHONE_HISTORY_PLACED] = "placed",
  [PHONE_HISTORY_RECEIVED] = "received",
  [PHONE_HISTORY_MISSED] = "missed",
  [PHONE_HISTORY_FORWARDED] = "forwarded",
};

/*
 * Looked at before the reader is: one object of few levels, with nothing but blanks after it. The reader itself takes more
 * than JSON (comments, assignments, several documents, of which json-glib 1.6 leaks all but the last).
 */
static gboolean
is_one_flat_object (const char *data,
                    gsize length)
{
  gboolean in_string = FALSE;
  gboolean over = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = data[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
          continue;
        }
      if (g_ascii_isspace (c))
        continue;
      if (over || (depth == 0 && c != '{') || (!g_ascii_isalnum (c) && !strchr ("{}[]:,\"+-.", c)))
        return FALSE;
      in_string = c == '"';
      if (c == '[' || c == '{')
        depth++;
      else if (c == ']' || c == '}')
        over = --depth == 0;
      if (depth > MAX_DEPTH)
        return FALSE;
    }
  return over;
}

static gboolean
get_text (JsonObject *object,
          const char *name,
          char **text)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *value;

  if (node == NULL)
    {
      *text = g_strdup ("");
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  value = json_node_get_string (node);
  if (strlen (value) > MAX_TEXT_BYTES)
    return FALSE;
  *text = g_utf8_make_valid (value, -1);
  return TRUE;
}

static gboolean
get_number (JsonObject *object,
            const char *name,
            gint64 maximum,
            gint64 *number)
{
  JsonNode *node = json_object_get_member (object, name);

  *number = 0;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return *number >= 0 && *number <= maximum;
}

static gboolean
get_kind (JsonObject *object,
          PhoneHistoryKind *kind)
{
  g_autofree char *name = NULL;

  if (!get_text (object, "kind", &name))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_str_equal (name, kind_names[i]))
      {
        *kind = (PhoneHistoryKind) i;
        return TRUE;
      }
  return FALSE;
}

/* Returns: (transfer full) (nullable): NULL with the name of the member that is wrong */
static PhoneHistoryEntry *
read_entry (JsonNode *node,
            const char **wrong)
{
  PhoneHistoryEntry entry = { 0 };
  JsonObject *object;
  gint64 account = 0;
  gint64 duration = 0;

  *wrong = "entry";
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  object = json_node_get_object (node);
  if (!get_kind (object, &entry.kind))
    *wrong = "kind";
  else if (!get_text (object, "number", &entry.number))
    *wrong = "number";
  else if (!get_text (object, "name", &entry.name))
    *wrong = "name";
  else if (!get_number (object, "account", MAX_ACCOUNT, &account))
    *wrong = "account";
  /* The end of what g_date_time_new_from_unix_utc () takes. */
  else if (!get_number (object, "time", G_GINT64_CONSTANT (253402300799), &entry.time))
    *wrong = "time";
  else if (!get_number (object, "duration", G_MAXUINT, &duration))
    *wrong = "duration";
  else
    {
      entry.account = (guint) account;
      entry.duration_s = (guint) duration;
      return g_memdup2 (&entry, sizeof entry);
    }
  g_free (entry.number);
  g_free (entry.name);
  return NULL;
}

/* Counts; FALSE when the list of this kind is full. */
static gboolean
has_room (guint *counts,
          PhoneHistoryKind kind)
{
  return (guint) kind < G_N_ELEMENTS (kind_names) && counts[kind]++ < PHONE_CALL_LOG_MAX;
}

static void
read_entries (JsonArray *array,
              GPtrArray *entries,
              PhoneDiagnostics *diagnostics)
{
  guint counts[G_N_ELEMENTS (kind_names)] = { 0 };

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *wrong;
      PhoneHistoryEntry *entry = read_entry (json_array_get_element (array, i), &wrong);

      if (entry == NULL)
        phone_diagnostics_add (diagnostics, PHONE_SEVERITY_WARNING, 0, 0,
                               "entry %u: “%s” is missing or wrong; the entry is left out", i + 1, wrong);
      else if (has_room (counts, entry->kind))
        g_ptr_array_add (entries, entry);
      else
        phone_history_entry_free (entry);
    }
}

/**
 * phone_call_log_parse:
 * @diagnostics: gets an error when the file is not a call log, a warning for each entry that is left out
 *
 * Returns: (transfer full) (element-type PhoneHistoryEntry): newest first, what could be read
 */
GPtrArray *
phone_call_log_parse (const char *data,
                      gsize length,
                      PhoneDiagnostics *diagnostics)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;
  JsonNode *root;
  JsonNode *list;
  gint64 version = 0;

  g_return_val_if_fail (data != NULL || length == 0, entries);
  g_return_val_if_fail (diagnostics != NULL, entries);

  if (length > PHONE_CALL_LOG_MAX_BYTES || !g_utf8_validate (data != NULL ? data : "", (gssize) length, NULL)
      || !is_one_flat_object (data, length))
    {
      phone_diagnostics_add (diagnostics, PHONE_SEVERITY_ERROR, 0, 0, "this is not a call log");
      return entries;
    }
  if (!json_parser_load_from_data (parser, data != NULL ? data : "", (gssize) length, &error))
    {
      phone_diagnostics_add (diagnostics, PHONE_SEVERITY_ERROR, 0, 0, "%s", error->message);
      return entries;
    }
  root = json_parser_get_root (parser);
  list = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
             ? json_object_get_member (json_node_get_object (root), "entries")
             : NULL;
  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list)
      || !get_number (json_node_get_object (root), "version", VERSION, &version) || version != VERSION)
    phone_diagnostics_add (diagnostics, PHONE_SEVERITY_ERROR, 0, 0, "this is not a call log of version %d", VERSION);
  else
    read_entries (json_node_get_array (list), entries, diagnostics);
  return entries;
}

static void
add_entry (JsonBuilder *builder,
           const PhoneHistoryEntry *entry)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, kind_names[entry->kind]);
  json_builder_set_member_name (builder, "number");
  json_builder_add_string_value (builder, entry->number != NULL ? entry->number : "");
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, entry->name != NULL ? entry->name : "");
  json_builder_set_member_name (builder, "account");
  json_builder_add_int_value (builder, entry->account);
  json_builder_set_member_name (builder, "time");
  json_builder_add_int_value (builder, entry->time);
  json_builder_set_member_name (builder, "duration");
  json_builder_add_int_value (builder, entry->duration_s);
  json_builder_end_object (builder);
}

/**
 * phone_call_log_format:
 * @entries: (element-type PhoneHistoryEntry): newest first; what is too much of one kind is left out
 *
 * Returns: (transfer full): the file
 */
GBytes *
phone_call_log_format (GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  guint counts[G_N_ELEMENTS (kind_names)] = { 0 };
  char *text;

  g_return_val_if_fail (entries != NULL, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, VERSION);
  json_builder_set_member_name (builder, "entries");
  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    {
      const PhoneHistoryEntry *entry = g_ptr_array_index (entries, i);

      if (has_room (counts, entry->kind))
        add_entry (builder, entry);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_bytes_new_take (text, strlen (text));
}
