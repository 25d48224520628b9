/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "config-file.h"

#include "file-writer.h"

#include <string.h>

#define VERSION_MARK "#!version:"
#define BLANKS " \t\v\f"
#define MAX_KEY_LENGTH 200
/* A mistyped key should be seen; a template made for a hundred features should not fill the screen. */
#define MAX_UNKNOWN_WARNINGS 10

struct _PhoneConfigFile
{
  GPtrArray *entries;   /* PhoneConfigEntry, in the order of the file */
  GHashTable *last;     /* key (not owned) -> PhoneConfigEntry */
  guint n_unknown;
  PhoneDiagnostics *diagnostics;
};

static void
entry_free (gpointer data)
{
  PhoneConfigEntry *entry = data;

  g_free (entry->key);
  /* It may be a password. */
  explicit_bzero (entry->value, strlen (entry->value));
  g_free (entry->value);
  g_free (entry);
}

static PhoneConfigFile *
config_file_new (const char *name)
{
  PhoneConfigFile *self = g_new0 (PhoneConfigFile, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->last = g_hash_table_new (g_str_hash, g_str_equal);
  self->diagnostics = phone_diagnostics_new (name);
  return self;
}

/**
 * phone_config_file_free:
 * @self: (nullable):
 */
void
phone_config_file_free (PhoneConfigFile *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->last);
  g_ptr_array_unref (self->entries);
  phone_diagnostics_free (self->diagnostics);
  g_free (self);
}

/* One line while it is taken apart. */
typedef struct
{
  const char *start;
  gsize length;
  guint number;
} Line;

#define WARN(self, line, column, ...)                                                                                  \
  phone_diagnostics_add ((self)->diagnostics, PHONE_SEVERITY_WARNING, (line)->number, (column), __VA_ARGS__)

static gsize
count_blanks (const char *text,
              gsize length)
{
  gsize n = 0;

  while (n < length && strchr (BLANKS, text[n]) != NULL && text[n] != '\0')
    n++;
  return n;
}

static gsize
without_trailing_blanks (const char *text,
                         gsize length)
{
  while (length > 0 && text[length - 1] != '\0' && strchr (BLANKS, text[length - 1]) != NULL)
    length--;
  return length;
}

static gboolean
key_is_valid (const char *key,
              gsize length,
              gsize *bad)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (key[i]) && strchr ("._-", key[i]) == NULL)
      {
        *bad = i;
        return FALSE;
      }
  *bad = 0;
  return length > 0 && length <= MAX_KEY_LENGTH;
}

static gboolean
equals (const char *text,
        gsize length,
        const char *word)
{
  return length == strlen (word) && memcmp (text, word, length) == 0;
}

/* Takes quotes, special words and what is not UTF-8 out of a trimmed value. */
static void
take_value (PhoneConfigFile *self,
            const Line *line,
            PhoneConfigEntry *entry,
            const char *value,
            gsize length)
{
  if (length == 0)
    {
      entry->is_default = TRUE;
      entry->value = g_strdup ("");
      return;
    }
  if (equals (value, length, "%NULL%") || equals (value, length, "%EMPTY%") || equals (value, length, "\"\""))
    {
      entry->is_empty = TRUE;
      entry->value = g_strdup ("");
      return;
    }
  if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
    {
      value++;
      length -= 2;
      entry->column++;
    }
  else if (value[0] == '"')
    WARN (self, line, entry->column, "the second double quote is missing; the first one is taken as it is");
  if (!g_utf8_validate (value, (gssize) length, NULL))
    WARN (self, line, entry->column, "the value is not UTF-8; what cannot be read is replaced");
  entry->value = g_utf8_make_valid (value, (gssize) length);
}

static void
add_entry (PhoneConfigFile *self,
           PhoneConfigEntry *entry)
{
  const PhoneConfigEntry *before = g_hash_table_lookup (self->last, entry->key);

  if (before != NULL && strcmp (before->value, entry->value) != 0)
    phone_diagnostics_add (self->diagnostics, PHONE_SEVERITY_NOTE, entry->line, 0,
                           "“%s” was said in line %u already; this line counts", entry->key, before->line);
  g_ptr_array_add (self->entries, entry);
  g_hash_table_replace (self->last, entry->key, entry);
}

/* A line that is neither empty nor a comment; @indent blanks stand before it. */
static void
take_line (PhoneConfigFile *self,
           const Line *line,
           gsize indent)
{
  const char *text = line->start + indent;
  gsize length = line->length - indent;
  const char *sign = memchr (text, '=', length);
  const char *value;
  gsize key_length;
  gsize bad;
  PhoneConfigEntry *entry;

  if (text[0] == '[')
    {
      WARN (self, line, (guint) indent + 1, "lines for certain models are not read yet; the line is left out");
      return;
    }
  if (sign == NULL)
    {
      WARN (self, line, (guint) indent + 1, "there is no ‘=’; the line is left out");
      return;
    }
  key_length = without_trailing_blanks (text, (gsize) (sign - text));
  if (!key_is_valid (text, key_length, &bad))
    {
      WARN (self, line, (guint) (indent + bad) + 1, "%s; the line is left out",
            key_length == 0 ? "there is no key before the ‘=’" : "a key has letters, digits and ‘.’, ‘_’, ‘-’ only");
      return;
    }

  value = sign + 1;
  value += count_blanks (value, (gsize) (text + length - value));
  entry = g_new0 (PhoneConfigEntry, 1);
  entry->key = g_strndup (text, key_length);
  entry->line = line->number;
  entry->column = (guint) (value - line->start) + 1;
  take_value (self, line, entry, value, without_trailing_blanks (value, (gsize) (text + length - value)));
  add_entry (self, entry);
}

static void
check_first_line (PhoneConfigFile *self,
                  const Line *line)
{
  gsize length = without_trailing_blanks (line->start, line->length);

  if (equals (line->start, length, PHONE_CONFIG_FIRST_LINE))
    return;
  if (length >= strlen (VERSION_MARK) && memcmp (line->start, VERSION_MARK, strlen (VERSION_MARK)) == 0)
    WARN (self, line, (guint) strlen (VERSION_MARK) + 1, "this version is not known here; the file is read all the same");
  else
    WARN (self, line, 1, "a phone refuses a file without “%s” in its first line; it is read all the same",
          PHONE_CONFIG_FIRST_LINE);
}

static void
parse_line (PhoneConfigFile *self,
            const Line *line)
{
  gsize indent = count_blanks (line->start, line->length);
  const char *nul = memchr (line->start, '\0', line->length);

  if (line->number == 1)
    check_first_line (self, line);
  if (indent == line->length || line->start[indent] == '#')
    return;
  if (nul != NULL)
    WARN (self, line, (guint) (nul - line->start) + 1, "the line holds a NUL byte and is left out");
  else if (line->length > PHONE_CONFIG_MAX_LINE)
    WARN (self, line, PHONE_CONFIG_MAX_LINE + 1, "the line is longer than %d bytes and is left out",
          PHONE_CONFIG_MAX_LINE);
  else
    take_line (self, line, indent);
}

static gboolean
looks_like_utf16 (const char *data,
                  gsize length)
{
  return length >= 2
         && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0
             || (data[0] == '#' && data[1] == '\0') || (data[0] == '\0' && data[1] == '#'));
}

/**
 * phone_config_file_parse:
 * @name: of the file, for messages
 * @data: (array length=length): anything
 *
 * Lines end with LF, CR LF or CR.
 *
 * Returns: (transfer full): what could be read
 */
PhoneConfigFile *
phone_config_file_parse (const char *name,
                         const char *data,
                         gsize length)
{
  PhoneConfigFile *self;
  const char *end;
  Line line = { .number = 1 };

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  self = config_file_new (name);
  if (length > PHONE_CONFIG_MAX_BYTES)
    {
      phone_diagnostics_add (self->diagnostics, PHONE_SEVERITY_ERROR, 0, 0,
                             "the file is larger than %d bytes; what follows is not read", PHONE_CONFIG_MAX_BYTES);
      length = PHONE_CONFIG_MAX_BYTES;
    }
  if (length == 0)
    return self;
  if (looks_like_utf16 (data, length))
    {
      phone_diagnostics_add (self->diagnostics, PHONE_SEVERITY_ERROR, 0, 0, "the file is UTF-16; save it as UTF-8");
      return self;
    }
  end = data + length;
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    data += 3;

  for (; data < end; line.number++)
    {
      line.start = data;
      while (data < end && *data != '\n' && *data != '\r')
        data++;
      line.length = (gsize) (data - line.start);
      if (data < end && *data == '\r' && data + 1 < end && data[1] == '\n')
        data++;
      data++;
      parse_line (self, &line);
    }
  return self;
}

/**
 * phone_config_file_load:
 *
 * Returns: (transfer full) (nullable): what could be read; %NULL with @error in #GFileError when the file cannot be opened
 */
PhoneConfigFile *
phone_config_file_load (const char *path,
                        GError **error)
{
  g_autoptr (GBytes) content = NULL;
  const char *data;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* One byte more than is read, so that a larger file is noticed. */
  content = phone_file_read (path, PHONE_CONFIG_MAX_BYTES + 1, error);
  if (content == NULL)
    return NULL;
  data = g_bytes_get_data (content, &length);
  return phone_config_file_parse (path, data, length);
}

/**
 * phone_config_file_get_n_entries:
 * Returns: number of lines with key and value, repeated keys included
 */
guint
phone_config_file_get_n_entries (const PhoneConfigFile *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

/**
 * phone_config_file_get_entry:
 * Returns: (transfer none): lives as long as @self
 */
const PhoneConfigEntry *
phone_config_file_get_entry (const PhoneConfigFile *self,
                             guint i)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (i < self->entries->len, NULL);

  return g_ptr_array_index (self->entries, i);
}

/**
 * phone_config_file_get_diagnostics:
 * Returns: (transfer none): the messages of reading and of applying
 */
PhoneDiagnostics *
phone_config_file_get_diagnostics (PhoneConfigFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->diagnostics;
}

/* The text to set: an empty value is the factory default; a number has no other empty value than that. */
static const char *
text_to_set (PhoneSettings *settings,
             PhoneSettingId id,
             guint x,
             guint y,
             const PhoneConfigEntry *entry)
{
  PhoneSettingType type = phone_setting_get_info (id)->type;
  gboolean is_text = type == PHONE_SETTING_TEXT || type == PHONE_SETTING_SECRET;

  if (entry->is_default || (entry->is_empty && !is_text))
    return phone_settings_peek_layer (settings, PHONE_LAYER_FACTORY, id, x, y);
  return entry->value;
}

/* Returns: whether the entry was taken, or need not be kept. */
static gboolean
apply_entry (PhoneConfigFile *self,
             PhoneSettings *settings,
             PhoneLayer layer,
             const PhoneConfigEntry *entry,
             PhoneConfigFilter filter,
             gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  PhoneSettingId id;
  guint x;
  guint y;

  if (!phone_setting_find (entry->key, &id, &x, &y, &error))
    {
      gboolean unknown = g_error_matches (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_UNKNOWN_KEY);
      gboolean note = unknown && ++self->n_unknown > MAX_UNKNOWN_WARNINGS;

      phone_diagnostics_add (self->diagnostics, note ? PHONE_SEVERITY_NOTE : PHONE_SEVERITY_WARNING, entry->line, 1,
                             "%s", error->message);
      return FALSE;
    }
  if (filter != NULL && !filter (id, entry, user_data))
    return TRUE;
  if (!phone_settings_set (settings, layer, id, x, y, text_to_set (settings, id, x, y, entry), &error))
    {
      phone_diagnostics_add (self->diagnostics, PHONE_SEVERITY_WARNING, entry->line, entry->column, "%s",
                             error->message);
      return FALSE;
    }
  return TRUE;
}

/**
 * phone_config_file_apply:
 * @layer: where the values go
 * @filter: (nullable) (scope call): asked for each known key; %FALSE passes over it without a message
 *
 * Sets what the file says; of several lines with the same key the last one that is right counts. An unknown key, a wrong
 * index or value gets a warning, and nothing keeps the other lines from counting. Real files are full of keys this phone
 * has no use for: after ten of them the others get a note each and one warning together.
 *
 * Returns: (transfer container) (element-type PhoneConfigEntry): the last entry of each key that was not taken
 */
GPtrArray *
phone_config_file_apply (PhoneConfigFile *self,
                         PhoneSettings *settings,
                         PhoneLayer layer,
                         PhoneConfigFilter filter,
                         gpointer user_data)
{
  GPtrArray *left = g_ptr_array_new ();

  g_return_val_if_fail (self != NULL, left);
  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), left);

  for (guint i = 0; i < self->entries->len; i++)
    {
      PhoneConfigEntry *entry = g_ptr_array_index (self->entries, i);

      /* In order, so that a last line that is wrong leaves what an earlier one said. */
      if (!apply_entry (self, settings, layer, entry, filter, user_data)
          && g_hash_table_lookup (self->last, entry->key) == entry)
        g_ptr_array_add (left, entry);
    }
  if (self->n_unknown > MAX_UNKNOWN_WARNINGS)
    phone_diagnostics_add (self->diagnostics, PHONE_SEVERITY_WARNING, 0, 0, "%u more settings are not known here",
                           self->n_unknown - MAX_UNKNOWN_WARNINGS);
  return left;
}

static gboolean
needs_quotes (const char *value)
{
  gsize length = strlen (value);

  return strchr (BLANKS, value[0]) != NULL || strchr (BLANKS, value[length - 1]) != NULL || value[0] == '"'
         || strcmp (value, "%NULL%") == 0 || strcmp (value, "%EMPTY%") == 0;
}

/**
 * phone_config_write_line:
 * @text: a file being made
 * @value: "" is written as `%EMPTY%`
 *
 * Appends a line that phone_config_file_parse() reads back as the same key and value.
 *
 * Returns: %FALSE when the syntax cannot hold them (a line end, or not a key); nothing is written then
 */
gboolean
phone_config_write_line (GString *text,
                         const char *key,
                         const char *value)
{
  gsize bad;
  const char *quote;

  g_return_val_if_fail (text != NULL && key != NULL && value != NULL, FALSE);

  if (!key_is_valid (key, strlen (key), &bad) || strpbrk (value, "\r\n") != NULL
      || strlen (key) + strlen (value) + 5 > PHONE_CONFIG_MAX_LINE)
    return FALSE;
  if (value[0] == '\0')
    {
      g_string_append_printf (text, "%s = %%EMPTY%%\n", key);
      return TRUE;
    }
  quote = needs_quotes (value) ? "\"" : "";
  g_string_append_printf (text, "%s = %s%s%s\n", key, quote, value, quote);
  return TRUE;
}
