/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-flow"

#include "flow-script.h"

#include <string.h>

/* What a person may write by hand, and no more. */
#define MAX_FILE_BYTES (256 * 1024)
#define MAX_LINE_BYTES 4096
#define MAX_WORDS 64
#define MAX_WORD_BYTES 2048
#define MAX_STEPS 10000
#define MAX_DEPTH 8
#define MAX_FILES 64
#define MAX_PHONES 16
#define MAX_REPEAT 100000
#define MAX_TIME_MS (3600 * 1000)

typedef enum {
  FOR_NOBODY,        /* a line of its own */
  FOR_A_PHONE,
  FOR_ANY_PHONE,     /* "all" as well */
} Whom;

static const struct {
  const char    *name;
  PhoneFlowKind  kind;
  Whom           whom;
  gboolean       waits;   /* takes within= */
  guint          min_words;
  guint          max_words;
} kinds[] = {
  { "step", PHONE_FLOW_STEP, FOR_NOBODY, FALSE, 1, 1 },
  { "start", PHONE_FLOW_START, FOR_NOBODY, FALSE, 0, 0 },
  { "pause", PHONE_FLOW_PAUSE, FOR_NOBODY, FALSE, 1, 1 },
  { "repeat", PHONE_FLOW_REPEAT, FOR_NOBODY, FALSE, 1, 1 },
  { "end", PHONE_FLOW_END, FOR_NOBODY, FALSE, 0, 0 },
  { "setting", PHONE_FLOW_SETTING, FOR_ANY_PHONE, FALSE, 2, 2 },
  { "key", PHONE_FLOW_KEY, FOR_A_PHONE, FALSE, 1, MAX_WORDS },
  { "number", PHONE_FLOW_NUMBER, FOR_A_PHONE, FALSE, 1, 1 },
  { "soft", PHONE_FLOW_SOFT, FOR_A_PHONE, TRUE, 1, 1 },
  { "type", PHONE_FLOW_TYPE, FOR_A_PHONE, FALSE, 1, 1 },
  { "dial", PHONE_FLOW_DIAL, FOR_A_PHONE, FALSE, 1, 1 },
  { "answer", PHONE_FLOW_ANSWER, FOR_A_PHONE, FALSE, 0, 0 },
  { "hangup", PHONE_FLOW_HANGUP, FOR_A_PHONE, FALSE, 0, 0 },
  { "hook", PHONE_FLOW_HOOK, FOR_A_PHONE, FALSE, 1, 1 },
  { "command", PHONE_FLOW_COMMAND, FOR_A_PHONE, FALSE, 1, 1 },
  { "wait", PHONE_FLOW_WAIT, FOR_ANY_PHONE, TRUE, 1, 1 },
  { "lcd", PHONE_FLOW_LCD, FOR_ANY_PHONE, TRUE, 1, MAX_WORDS },
  { "no-lcd", PHONE_FLOW_NO_LCD, FOR_ANY_PHONE, TRUE, 1, MAX_WORDS },
  { "softkeys", PHONE_FLOW_SOFTKEYS, FOR_ANY_PHONE, TRUE, 1, 1 },
  { "lamp", PHONE_FLOW_LAMP, FOR_ANY_PHONE, TRUE, 2, 2 },
  { "page", PHONE_FLOW_PAGE, FOR_ANY_PHONE, TRUE, 1, 1 },
  { "icon", PHONE_FLOW_ICON, FOR_ANY_PHONE, TRUE, 1, MAX_WORDS },
  { "no-icon", PHONE_FLOW_NO_ICON, FOR_ANY_PHONE, TRUE, 1, MAX_WORDS },
  { "idle", PHONE_FLOW_IDLE, FOR_ANY_PHONE, TRUE, 0, 0 },
  { "hears", PHONE_FLOW_HEARS, FOR_ANY_PHONE, TRUE, 1, MAX_PHONES },
};

typedef struct {
  PhoneFlowScript   *script;
  GHashTable        *given;       /* names to values, from outside */
  GHashTable        *variables;   /* those that the file has, with their values */
  GPtrArray         *missing;
  GArray            *open;        /* (element-type guint): steps that wait for their END */
  PhoneFlowReadFunc  read;
  gpointer           user_data;
  guint              depth;
  guint              n_files;
  const char        *file;
  guint              line;
} Reader;

static gboolean read_file (Reader *self, const char *path, GError **error);

static gboolean
fail (const Reader  *self,
      GError       **error,
      const char    *format,
      ...) G_GNUC_PRINTF (3, 4);

/* Names the place. */
static gboolean
fail (const Reader  *self,
      GError       **error,
      const char    *format,
      ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s:%u: %s", self->file, self->line, message);

  return FALSE;
}

static void
free_step (gpointer data)
{
  PhoneFlowStep *step = data;

  g_strfreev (step->words);
  g_free (step->file);
  g_free (step->text);
  g_free (step);
}

static void
free_part (gpointer data)
{
  PhoneFlowPart *part = data;

  g_free (part->name);
  g_free (part->bind);
  g_free (part);
}

/* variables */

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '.';
}

static gboolean
is_name (const char *text)
{
  if (!g_ascii_isalpha (text[0]))
    return FALSE;
  for (const char *p = text; *p; p++)
    if (!is_name_char (*p))
      return FALSE;

  return TRUE;
}

/* "${NAME}" becomes the variable's value, "$$" a dollar. */
static char *
fill_in (const Reader  *self,
         const char    *text,
         GError       **error)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  for (const char *p = text; *p; p++)
    {
      const char *end = p[0] == '$' && p[1] == '{' ? strchr (p, '}') : NULL;
      g_autofree char *name = end ? g_strndup (p + 2, (gsize) (end - p) - 2) : NULL;
      const char *value = name ? g_hash_table_lookup (self->variables, name) : NULL;

      if (p[0] != '$')
        g_string_append_c (filled, *p);
      else if (p[1] == '$')
        g_string_append_c (filled, *++p);
      else if (!end)
        {
          fail (self, error, "“$”: ${NAME} or $$ belongs here");
          return NULL;
        }
      else if (!value)
        {
          fail (self, error, "there is no variable “%s”; “variable %s” declares it", name, name);
          return NULL;
        }
      else
        {
          g_string_append (filled, value);
          p = end;
        }
      if (filled->len > MAX_WORD_BYTES)
        {
          fail (self, error, "a word is too long with its variables");
          return NULL;
        }
    }

  return g_string_free (g_steal_pointer (&filled), FALSE);
}

/* variable NAME [DEFAULT] */
static gboolean
take_declaration (Reader      *self,
                  char       **words,
                  GError     **error)
{
  guint n = g_strv_length (words);
  g_autofree char *value = NULL;
  const char *given;

  if (n < 1 || n > 2 || !is_name (words[0]))
    return fail (self, error, "variable takes a name of letters, digits, “.” and “_”, and a default");
  if (g_hash_table_contains (self->variables, words[0]))
    return TRUE;   /* the first default counts: an included file may be told otherwise */

  given = g_hash_table_lookup (self->given, words[0]);
  if (given)
    value = g_strdup (given);
  else if (n == 2)
    value = fill_in (self, words[1], error);
  else
    {
      g_ptr_array_add (self->missing, g_strdup (words[0]));
      value = g_strdup ("");
    }
  if (!value)
    return FALSE;
  g_hash_table_insert (self->variables, g_strdup (words[0]), g_steal_pointer (&value));

  return TRUE;
}

/**
 * phone_flow_take_variable:
 * @variables: (element-type utf8 utf8)
 * @assignment: "NAME=VALUE"
 *
 * Returns: whether it is one
 */
gboolean
phone_flow_take_variable (GHashTable  *variables,
                          const char  *assignment,
                          GError     **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *name = equals ? g_strndup (assignment, (gsize) (equals - assignment)) : NULL;

  if (!name || !is_name (g_strstrip (name)) || strlen (equals + 1) > MAX_WORD_BYTES || strpbrk (equals, "\r\n")
      || !g_utf8_validate (equals, -1, NULL))
    {
      /* Not the value: it may be a password. */
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%.40s”: NAME=VALUE belongs here", name ? name : "?");
      return FALSE;
    }
  g_hash_table_insert (variables, g_steal_pointer (&name), g_strstrip (g_strdup (equals + 1)));

  return TRUE;
}

static char *
read_bounded (const char  *path,
              gpointer     user_data,
              GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *text = g_malloc (MAX_FILE_BYTES + 2);
  gsize length;

  if (!stream || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_FILE_BYTES + 1, &length, NULL, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  text[length] = '\0';
  if (length > MAX_FILE_BYTES || strlen (text) != length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: longer than %d bytes, or not a text", path, MAX_FILE_BYTES);
      return NULL;
    }

  return g_steal_pointer (&text);
}

/**
 * phone_flow_read_variables:
 * @path: a file of lines NAME=VALUE; empty lines and lines that begin with # do not count
 * @variables: (element-type utf8 utf8): gets them; what is there already stays
 *
 * So passwords need not stand on a command line.
 */
gboolean
phone_flow_read_variables (const char  *path,
                           GHashTable  *variables,
                           GError     **error)
{
  g_autofree char *text = read_bounded (path, NULL, error);
  g_auto (GStrv) lines = text ? g_strsplit (text, "\n", -1) : NULL;
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, value;

  if (!text)
    return FALSE;
  for (guint i = 0; lines[i]; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (line[0] == '\0' || line[0] == '#')
        continue;
      if (!phone_flow_take_variable (found, line, error))
        {
          g_prefix_error (error, "%s:%u: ", path, i + 1);
          return FALSE;
        }
    }

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!g_hash_table_contains (variables, name))
      g_hash_table_insert (variables, g_strdup (name), g_strdup (value));

  return TRUE;
}

/* phones */

static guint
find_part (const Reader *self,
           const char   *name)
{
  for (guint i = 0; i < self->script->parts->len; i++)
    {
      const PhoneFlowPart *part = g_ptr_array_index (self->script->parts, i);

      if (g_str_equal (part->name, name))
        return i;
    }

  return PHONE_FLOW_ALL;
}

static gboolean
take_part_option (Reader         *self,
                  PhoneFlowPart  *part,
                  const char     *word,
                  GError        **error)
{
  guint64 hz;

  if (g_str_has_prefix (word, "bind="))
    {
      g_free (part->bind);
      part->bind = word[strlen ("bind=")] ? g_strdup (word + strlen ("bind=")) : NULL;
      return TRUE;
    }
  if (!g_str_has_prefix (word, "tone="))
    return fail (self, error, "“%s”: tone=HZ or bind=ADDRESS belongs here", word);
  if (!g_ascii_string_to_unsigned (word + strlen ("tone="), 10, 100, 3400, &hz, NULL))
    return fail (self, error, "“%s”: a tone of 100 to 3400 Hz belongs here", word);
  part->tone_hz = (guint) hz;

  return TRUE;
}

/* phone NAME [tone=HZ] [bind=ADDRESS] */
static gboolean
take_part (Reader  *self,
           char   **words,
           GError **error)
{
  PhoneFlowPart *part;

  if (!words[0] || !g_ascii_isupper (words[0][0]) || strlen (words[0]) > 16 || !is_name (words[0]) || strchr (words[0], '.'))
    return fail (self, error, "phone takes a name that begins with a capital letter");
  if (find_part (self, words[0]) != PHONE_FLOW_ALL)
    return fail (self, error, "there is a phone “%s” already", words[0]);
  if (self->script->parts->len == MAX_PHONES)
    return fail (self, error, "there are more than %d phones", MAX_PHONES);

  part = g_new0 (PhoneFlowPart, 1);
  part->name = g_strdup (words[0]);
  g_ptr_array_add (self->script->parts, part);
  for (guint i = 1; words[i]; i++)
    if (!take_part_option (self, part, words[i], error))
      return FALSE;

  return TRUE;
}

/* steps */

/* "500ms", "2s", "1.5s" */
static gboolean
read_time (const Reader  *self,
           const char    *text,
           guint         *ms,
           GError       **error)
{
  char *end;
  double value = g_ascii_strtod (text, &end);

  if (g_str_equal (end, "s"))
    value *= 1000;
  else if (!g_str_equal (end, "ms"))
    end = NULL;
  if (!end || end == text || !g_ascii_isdigit (text[0]) || !(value >= 0 && value <= MAX_TIME_MS))
    return fail (self, error, "“%s”: a time such as 2s or 500ms belongs here", text);
  *ms = (guint) value;

  return TRUE;
}

/* The partner of REPEAT is its END, and the other way round. */
static gboolean
pair (Reader         *self,
      PhoneFlowStep  *step,
      GError        **error)
{
  guint index = self->script->steps->len;
  guint64 times;

  if (step->kind == PHONE_FLOW_REPEAT)
    {
      if (!g_ascii_string_to_unsigned (step->words[0], 10, 1, MAX_REPEAT, &times, NULL))
        return fail (self, error, "“%s”: a number from 1 to %d belongs here", step->words[0], MAX_REPEAT);
      step->number = (guint) times;
      g_array_append_val (self->open, index);
    }
  else if (step->kind == PHONE_FLOW_END)
    {
      PhoneFlowStep *repeat;

      if (self->open->len == 0)
        return fail (self, error, "end: there is no repeat before it");
      step->partner = g_array_index (self->open, guint, self->open->len - 1);
      g_array_set_size (self->open, self->open->len - 1);
      repeat = g_ptr_array_index (self->script->steps, step->partner);
      repeat->partner = index;
    }

  return TRUE;
}

static gboolean
check_hears (const Reader  *self,
             char         **words,
             GError       **error)
{
  guint64 hz;

  if (g_str_equal (words[0], "nothing") && !words[1])
    return TRUE;
  for (guint i = 0; words[i]; i++)
    if (!g_ascii_string_to_unsigned (words[i], 10, 100, 3400, &hz, NULL))
      return fail (self, error, "“%s”: tones of 100 to 3400 Hz, or “nothing”, belong here", words[i]);

  return TRUE;
}

static gboolean
check_words (const Reader         *self,
             const PhoneFlowStep  *step,
             guint                 row,
             GError              **error)
{
  guint n = g_strv_length (step->words);

  if (n < kinds[row].min_words)
    return fail (self, error, "%s: a word is missing", kinds[row].name);
  if (n > kinds[row].max_words)
    return fail (self, error, "%s: too many words", kinds[row].name);
  if (step->kind == PHONE_FLOW_HOOK && !g_str_equal (step->words[0], "on") && !g_str_equal (step->words[0], "off"))
    return fail (self, error, "hook takes on or off, not “%s”", step->words[0]);
  if (step->kind == PHONE_FLOW_NUMBER && strspn (step->words[0], "0123456789*#") != strlen (step->words[0]))
    return fail (self, error, "number: only 0–9, * and # have keys; use “type” for others");
  if (step->kind == PHONE_FLOW_SETTING && (!step->words[0][0] || strpbrk (step->words[0], "\r\n=") || strpbrk (step->words[1], "\r\n")))
    return fail (self, error, "setting: not a key and a value");
  if (step->kind == PHONE_FLOW_HEARS)
    return check_hears (self, step->words, error);

  return TRUE;
}

/* Takes "within=5s", if it is the last word, out of the words. */
static gboolean
take_limit (const Reader   *self,
            PhoneFlowStep  *step,
            GError        **error)
{
  guint n = g_strv_length (step->words);
  char *last = n > 0 ? step->words[n - 1] : NULL;
  gboolean taken;

  if (!last || !g_str_has_prefix (last, "within="))
    return TRUE;
  taken = read_time (self, last + strlen ("within="), &step->limit_ms, error);
  g_clear_pointer (&step->words[n - 1], g_free);

  return taken;
}

static gboolean
take_step (Reader      *self,
           guint        row,
           guint        phone,
           char       **words,
           const char  *text,
           GError     **error)
{
  PhoneFlowStep *step = g_new0 (PhoneFlowStep, 1);
  gboolean taken;

  step->kind = kinds[row].kind;
  step->phone = phone;
  step->words = g_strdupv (words);
  step->limit_ms = PHONE_FLOW_DEFAULT_LIMIT_MS;
  step->file = g_strdup (self->file);
  step->line = self->line;
  step->text = g_strdup (text);

  taken = (!kinds[row].waits || take_limit (self, step, error)) && check_words (self, step, row, error)
          && pair (self, step, error)
          && (step->kind != PHONE_FLOW_PAUSE || read_time (self, step->words[0], &step->number, error));
  if (taken && self->script->steps->len == MAX_STEPS)
    taken = fail (self, error, "there are more than %d steps", MAX_STEPS);
  if (taken)
    g_ptr_array_add (self->script->steps, step);
  else
    free_step (step);

  return taken;
}

static int
find_kind (const char *name,
           gboolean    of_phone)
{
  for (guint i = 0; name && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name) && (kinds[i].whom != FOR_NOBODY) == of_phone)
      return (int) i;

  return -1;
}

/* PHONE WORD…, all WORD… */
static gboolean
take_phone_step (Reader      *self,
                 char       **words,
                 const char  *text,
                 GError     **error)
{
  gboolean all = g_str_equal (words[0], "all");
  guint phone = find_part (self, words[0]);
  int row = find_kind (words[1], TRUE);

  if (phone == PHONE_FLOW_ALL && !all)
    return fail (self, error, "“%s” is neither a step nor a phone", words[0]);
  if (row < 0)
    return fail (self, error, "%s: there is no step “%s”", words[0], words[1] ? words[1] : "");
  if (all && kinds[row].whom != FOR_ANY_PHONE)
    return fail (self, error, "%s cannot be done by all", words[1]);

  return take_step (self, (guint) row, phone, words + 2, text, error);
}

static gboolean
include (Reader      *self,
         char       **words,
         GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (self->file);
  g_autofree char *path = NULL;
  const char *file = self->file;
  guint line = self->line;

  if (!words[0] || words[1])
    return fail (self, error, "include takes one file");
  if (self->depth == MAX_DEPTH)
    return fail (self, error, "files include each other more than %d deep", MAX_DEPTH);
  if (self->n_files++ == MAX_FILES)
    return fail (self, error, "more than %d files are included", MAX_FILES);
  path = g_path_is_absolute (words[0]) ? g_strdup (words[0]) : g_build_filename (folder, words[0], NULL);
  if (!read_file (self, path, error))
    return FALSE;
  self->file = file;
  self->line = line;

  return TRUE;
}

static gboolean
take_words (Reader      *self,
            char       **words,
            const char  *text,
            GError     **error)
{
  int row = find_kind (words[0], FALSE);

  if (g_strv_length (words) > MAX_WORDS)
    return fail (self, error, "more than %d words", MAX_WORDS);
  if (g_str_equal (words[0], "variable"))
    return take_declaration (self, words + 1, error);

  for (char **word = words + 1; *word; word++)
    {
      char *filled = fill_in (self, *word, error);

      if (!filled)
        return FALSE;
      g_free (*word);
      *word = filled;
    }
  if (g_str_equal (words[0], "phone"))
    return take_part (self, words + 1, error);
  if (g_str_equal (words[0], "include"))
    return include (self, words + 1, error);
  if (g_str_equal (words[0], "title") && words[1] && !words[2])
    {
      /* An included file's title is not the flow's. */
      if (!self->script->title)
        self->script->title = g_strdup (words[1]);
      return TRUE;
    }
  if (row >= 0)
    return take_step (self, (guint) row, PHONE_FLOW_ALL, words + 1, text, error);

  return take_phone_step (self, words, text, error);
}

static gboolean
take_line (Reader  *self,
           char    *text,
           GError **error)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) reason = NULL;

  g_strstrip (text);
  if (strlen (text) > MAX_LINE_BYTES || !g_utf8_validate (text, -1, NULL))
    return fail (self, error, "the line is longer than %d bytes or not UTF-8", MAX_LINE_BYTES);
  if (text[0] == '\0' || text[0] == '#')
    return TRUE;
  if (g_shell_parse_argv (text, NULL, &words, &reason))
    return take_words (self, words, text, error);
  if (g_error_matches (reason, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
    return TRUE;

  return fail (self, error, "%s", reason->message);
}

static gboolean
read_file (Reader      *self,
           const char  *path,
           GError     **error)
{
  g_autofree char *text = self->read (path, self->user_data, error);
  g_auto (GStrv) lines = text ? g_strsplit (text, "\n", -1) : NULL;
  gboolean taken = lines != NULL;

  self->file = path;
  self->depth++;
  for (guint i = 0; taken && lines[i]; i++)
    {
      self->line = i + 1;
      taken = take_line (self, lines[i], error);
    }
  self->depth--;

  return taken;
}

static gboolean
check_whole (Reader  *self,
             GError **error)
{
  self->line = 0;
  if (self->open->len > 0)
    {
      const PhoneFlowStep *step = g_ptr_array_index (self->script->steps, g_array_index (self->open, guint, 0));

      self->file = step->file;
      self->line = step->line;
      return fail (self, error, "repeat: its end is missing");
    }
  if (self->script->parts->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: there is no phone in it", self->file);
      return FALSE;
    }
  if (self->missing->len > 0)
    {
      g_autofree char *names = NULL;

      g_ptr_array_add (self->missing, NULL);
      names = g_strjoinv (", ", (char **) self->missing->pdata);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: not given: %s (--set NAME=VALUE, --variables FILE)",
                   self->file, names);
      return FALSE;
    }

  return TRUE;
}

/**
 * phone_flow_script_read:
 * @path: the file; files that it includes are named from its folder
 * @variables: (element-type utf8 utf8): values for the file's variables
 * @read: (scope call): gives the text of a file
 *
 * Returns: (transfer full) (nullable): the flow, or %NULL with @error, whose message names file and line
 */
PhoneFlowScript *
phone_flow_script_read (const char         *path,
                        GHashTable         *variables,
                        PhoneFlowReadFunc   read,
                        gpointer            user_data,
                        GError            **error)
{
  g_autoptr (PhoneFlowScript) script = g_new0 (PhoneFlowScript, 1);
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));
  Reader self = { script, variables, values, missing, open, read, user_data, 0, 0, path, 0 };

  g_return_val_if_fail (path && variables && read, NULL);

  script->parts = g_ptr_array_new_with_free_func (free_part);
  script->steps = g_ptr_array_new_with_free_func (free_step);
  if (!read_file (&self, path, error))
    return NULL;
  self.file = path;
  if (!check_whole (&self, error))
    return NULL;
  script->file = g_strdup (path);
  if (!script->title)
    script->title = g_path_get_basename (path);

  return g_steal_pointer (&script);
}

/**
 * phone_flow_script_load:
 * @path: the file
 * @variables: (element-type utf8 utf8): values for its variables
 *
 * As phone_flow_script_read (), from the file system.
 */
PhoneFlowScript *
phone_flow_script_load (const char  *path,
                        GHashTable  *variables,
                        GError     **error)
{
  return phone_flow_script_read (path, variables, read_bounded, NULL, error);
}

void
phone_flow_script_free (PhoneFlowScript *self)
{
  if (!self)
    return;

  g_free (self->file);
  g_free (self->title);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_free (self);
}
