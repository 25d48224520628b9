/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "skin-facts.h"

#include "key.h"

#include <gio/gio.h>

#include <string.h>

/* Reads skin.ini. GKeyFile would do, but it forgets the lines, and a designer wants to know the line. */

#define MAX_FILE_BYTES (64 * 1024)
#define MAX_LINES 2000
#define MAX_VALUE_BYTES 400

typedef struct
{
  const char *name;
  char *group;
  guint line;
  GHashTable *seen; /* "group/key", of what was set already */
  PhoneSkinFacts *facts;
} Reader;

typedef gboolean (*FactSetter) (
    Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error);

typedef struct
{
  const char *group;
  const char *key;
  FactSetter set;
  gboolean in_model; /* offset counts in the model */
  gsize offset;
  gint64 minimum;
  gint64 maximum;
  gboolean required;
} Fact;

static gboolean refuse (GError **error, PhoneSkinError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError **error, PhoneSkinError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (PHONE_SKIN_ERROR, code, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
set_text (Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error)
{
  char **text = target;
  gint64 length = g_utf8_strlen (value, -1);

  if (length < minimum || length > maximum)
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "must have %" G_GINT64_FORMAT "–%" G_GINT64_FORMAT " characters",
                   minimum, maximum);
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
set_number (Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error)
{
  gint64 number;

  if (!g_ascii_string_to_signed (value, 10, minimum, maximum, &number, NULL))
    return refuse (error, PHONE_SKIN_ERROR_FACTS,
                   "must be a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", not “%s”", minimum, maximum,
                   value);
  *(guint *)target = (guint)number;
  return TRUE;
}

static gboolean
set_yes_or_no (Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error)
{
  if (!g_str_equal (value, "yes") && !g_str_equal (value, "no"))
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "must be yes or no, not “%s”", value);
  *(gboolean *)target = g_str_equal (value, "yes");
  return TRUE;
}

static gboolean
set_lcd_kind (Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error)
{
  if (!g_str_equal (value, "colour") && !g_str_equal (value, "mono"))
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "must be colour or mono, not “%s”", value);
  *(gboolean *)target = g_str_equal (value, "colour");
  return TRUE;
}

static gboolean
set_colour (Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error)
{
  guint64 number;

  if (value[0] != '#' || strlen (value) != 7 || !g_ascii_string_to_unsigned (value + 1, 16, 0, 0xffffff, &number, NULL))
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "must be a colour like #35e04c, not “%s”", value);
  *(guint32 *)target = (guint32)number;
  return TRUE;
}

static gboolean
set_rect (Reader *reader, gpointer target, const char *value, gint64 minimum, gint64 maximum, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (value, " \t", -1);
  gint64 numbers[4];
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0')
        continue;
      if (n == 4 || !g_ascii_string_to_signed (words[i], 10, n < 2 ? minimum : 1, maximum, &numbers[n], NULL))
        {
          n = 0;
          break;
        }
      n++;
    }
  if (n != 4)
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "must be x, y, width and height, each up to %" G_GINT64_FORMAT,
                   maximum);
  *(PhoneRect *)target = (PhoneRect){ numbers[0], numbers[1], numbers[2], numbers[3] };
  return TRUE;
}

#define MODEL(member) TRUE, G_STRUCT_OFFSET (PhoneModel, member)
#define FACTS(member) FALSE, G_STRUCT_OFFSET (PhoneSkinFacts, member)

static const Fact facts_table[] = {
  { "model", "name", set_text, MODEL (name), 1, 32, TRUE },
  { "model", "accounts", set_number, MODEL (n_accounts), 1, PHONE_MAX_ACCOUNTS, TRUE },
  { "model", "line-keys", set_number, MODEL (n_line_keys), 0, PHONE_MAX_LINE_KEYS, TRUE },
  { "model", "memory-keys", set_number, MODEL (n_memory_keys), 0, 10, TRUE },
  { "model", "soft-keys", set_number, MODEL (n_soft_keys), 0, PHONE_SOFT_KEYS, TRUE },
  { "model", "headset-key", set_yes_or_no, MODEL (has_headset_key), 0, 0, FALSE },
  { "model", "lcd-width", set_number, MODEL (lcd_width), 64, 2048, TRUE },
  { "model", "lcd-height", set_number, MODEL (lcd_height), 16, 2048, TRUE },
  { "model", "lcd-kind", set_lcd_kind, MODEL (lcd_colour), 0, 0, TRUE },
  { "view", "compact", set_rect, FACTS (compact), 0, 10000, FALSE },
  { "lamps", "green", set_colour, FACTS (lamps[PHONE_LAMP_GREEN]), 0, 0, FALSE },
  { "lamps", "red", set_colour, FACTS (lamps[PHONE_LAMP_RED]), 0, 0, FALSE },
  { "lamps", "orange", set_colour, FACTS (lamps[PHONE_LAMP_ORANGE]), 0, 0, FALSE },
  { "lamps", "shapes", set_yes_or_no, FACTS (lamp_shapes), 0, 0, FALSE },
  { "lcd", "font", set_text, FACTS (font), 1, 200, FALSE },
};

static gboolean
set_shortcut (Reader *reader, const char *id, const char *value, GError **error)
{
  PhoneKey key = phone_key_from_id (id);

  if (key == PHONE_KEY_NONE)
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "there is no key of that name");
  if (value[0] == '\0')
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "needs the name of a shortcut");
  g_hash_table_insert (reader->facts->shortcuts, GINT_TO_POINTER (key), g_strdup (value));
  return TRUE;
}

static gboolean
set_fact (Reader *reader, const char *key, const char *value, GError **error)
{
  if (g_strcmp0 (reader->group, "keys") == 0)
    return set_shortcut (reader, key, value, error);

  for (guint i = 0; i < G_N_ELEMENTS (facts_table); i++)
    {
      const Fact *fact = &facts_table[i];
      gpointer base = fact->in_model ? (gpointer)reader->facts->model : (gpointer)reader->facts;

      if (g_str_equal (fact->group, reader->group) && g_str_equal (fact->key, key))
        return fact->set (reader, G_STRUCT_MEMBER_P (base, fact->offset), value, fact->minimum, fact->maximum, error);
    }
  return refuse (error, PHONE_SKIN_ERROR_FACTS, "there is no such key in this group");
}

static gboolean
is_group (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (facts_table); i++)
    if (g_str_equal (facts_table[i].group, name))
      return TRUE;
  return g_str_equal (name, "keys");
}

static gboolean
read_group (Reader *reader, const char *line, GError **error)
{
  gsize length = strlen (line);

  if (line[length - 1] != ']' || length < 3)
    return refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s:%u: a group looks like [model]", reader->name, reader->line);
  g_free (reader->group);
  reader->group = g_strndup (line + 1, length - 2);
  if (!is_group (reader->group))
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "%s:%u: there is no group [%s]", reader->name, reader->line,
                   reader->group);
  return TRUE;
}

static gboolean
read_pair (Reader *reader, char *line, GError **error)
{
  char *equals = strchr (line, '=');
  g_autofree char *key = NULL;
  g_autofree char *path = NULL;
  const char *value;
  g_autoptr (GError) reason = NULL;

  if (equals == NULL || equals == line)
    return refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s:%u: this is neither a [group], nor key = value, nor a # comment",
                   reader->name, reader->line);
  if (reader->group == NULL)
    return refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s:%u: a key stands before the first [group]", reader->name,
                   reader->line);
  key = g_strchomp (g_strndup (line, equals - line));
  value = g_strchug (equals + 1);
  if (strlen (value) > MAX_VALUE_BYTES)
    return refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s:%u: [%s] %s: longer than %d bytes", reader->name, reader->line,
                   reader->group, key, MAX_VALUE_BYTES);
  path = g_strdup_printf ("%s/%s", reader->group, key);
  if (g_hash_table_contains (reader->seen, path))
    return refuse (error, PHONE_SKIN_ERROR_FACTS, "%s:%u: [%s] %s: given twice", reader->name, reader->line,
                   reader->group, key);
  if (!set_fact (reader, key, value, &reason))
    return refuse (error, reason->code, "%s:%u: [%s] %s: %s", reader->name, reader->line, reader->group, key,
                   reason->message);
  g_hash_table_add (reader->seen, g_steal_pointer (&path));
  return TRUE;
}

static gboolean
read_lines (Reader *reader, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_LINES + 1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);

      reader->line = i + 1;
      if (i == MAX_LINES)
        return refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s: more than %d lines", reader->name, MAX_LINES);
      if (line[0] == '\0' || line[0] == '#' || line[0] == ';')
        continue;
      if (line[0] == '[' ? !read_group (reader, line, error) : !read_pair (reader, line, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_required (Reader *reader, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (facts_table); i++)
    {
      const Fact *fact = &facts_table[i];
      g_autofree char *path = g_strdup_printf ("%s/%s", fact->group, fact->key);

      if (fact->required && !g_hash_table_contains (reader->seen, path))
        return refuse (error, PHONE_SKIN_ERROR_FACTS, "%s: [%s] %s: missing", reader->name, fact->group, fact->key);
    }
  return TRUE;
}

static PhoneSkinFacts *
phone_skin_facts_new (void)
{
  PhoneSkinFacts *self = g_new0 (PhoneSkinFacts, 1);

  self->model = g_new0 (PhoneModel, 1);
  self->shortcuts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->lamps[PHONE_LAMP_GREEN] = 0x35e04c;
  self->lamps[PHONE_LAMP_RED] = 0xff3b30;
  self->lamps[PHONE_LAMP_ORANGE] = 0xff9d1e;
  self->font = g_strdup ("sans-serif");
  return self;
}

PhoneSkinFacts *
phone_skin_facts_parse (const char *text, gsize length, const char *name, GError **error)
{
  g_autoptr (PhoneSkinFacts) facts = NULL;
  g_autoptr (GHashTable) seen = NULL;
  g_autofree char *copy = NULL;
  Reader reader = { 0 };
  const char *end;
  gboolean good;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (length > MAX_FILE_BYTES)
    {
      refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s: larger than %d bytes", name, MAX_FILE_BYTES);
      return NULL;
    }
  copy = g_strndup (text != NULL ? text : "", length);
  if (!g_utf8_validate_len (text != NULL ? text : "", length, &end))
    {
      guint line = 1;

      for (const char *p = text; p < end; p++)
        line += *p == '\n';
      refuse (error, PHONE_SKIN_ERROR_SYNTAX, "%s:%u: this is not UTF-8 text", name, line);
      return NULL;
    }
  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  facts = phone_skin_facts_new ();
  reader = (Reader){ .name = name, .seen = seen, .facts = facts };
  good = read_lines (&reader, copy, error) && check_required (&reader, error);
  g_free (reader.group);
  return good ? g_steal_pointer (&facts) : NULL;
}

PhoneSkinFacts *
phone_skin_facts_load (const char *folder, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;
  gsize length;

  g_return_val_if_fail (folder != NULL, NULL);

  path = g_build_filename (folder, "skin.ini", NULL);
  if (!g_file_get_contents (path, &text, &length, &reason))
    {
      refuse (error, PHONE_SKIN_ERROR_FILE, "%s", reason->message);
      return NULL;
    }
  return phone_skin_facts_parse (text, length, path, error);
}

void
phone_skin_facts_free (PhoneSkinFacts *self)
{
  if (self == NULL)
    return;
  g_free (self->model->name);
  g_free (self->model);
  g_hash_table_unref (self->shortcuts);
  g_free (self->font);
  g_free (self);
}
