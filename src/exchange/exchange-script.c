/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-script.h"

#include <string.h>

#define MAX_LINE_BYTES 512
#define MAX_WORD_BYTES 255
#define MAX_SECONDS 86400
#define MAX_TIMES 1000000

struct _ExchangeScript {
  GPtrArray *rules;
};

static void
rule_free (gpointer data)
{
  ExchangeScriptRule *rule = data;

  g_free (rule->who);
  g_free (rule->target);
  g_free (rule);
}

static gboolean
refuse (GError     **error,
        const char  *word,
        const char  *reason)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s”: %s", word, reason);
  return FALSE;
}

static gboolean
parse_number (const char  *text,
              guint        least,
              guint        most,
              guint       *value,
              GError     **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, least, most, &number, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is no number from %u to %u", text, least, most);
      return FALSE;
    }
  *value = (guint) number;
  return TRUE;
}

/* A number or a URI that can stand between < and > of a Contact. */
static gboolean
is_target (const char *text)
{
  for (const char *at = text; *at; at++)
    if ((guchar) *at <= ' ' || (guchar) *at >= 0x7f || strchr ("<>\"\\", *at))
      return FALSE;

  return *text && strlen (text) <= MAX_WORD_BYTES;
}

static gboolean
parse_key (ExchangeScriptRule  *rule,
           const char          *word,
           GError             **error)
{
  const char *value = strchr (word, '=');
  g_autofree char *key = value ? g_strndup (word, value - word) : NULL;

  if (!key)
    return refuse (error, word, "KEY=VALUE is meant");
  value++;
  if (strcmp (key, "times") == 0)
    return parse_number (value, 1, MAX_TIMES, &rule->times, error);
  if (strcmp (key, "retry-after") == 0)
    return parse_number (value, 1, MAX_SECONDS, &rule->retry_after_s, error);
  if (strcmp (key, "min-expires") == 0)
    return parse_number (value, 1, MAX_SECONDS, &rule->min_expires_s, error);
  if (strcmp (key, "to") != 0)
    return refuse (error, key, "unknown; times, retry-after, min-expires and to are known");
  if (!is_target (value))
    return refuse (error, value, "no number and no SIP address");

  g_free (rule->target);
  rule->target = g_strdup (value);
  return TRUE;
}

static gboolean
check_rule (ExchangeScriptRule  *rule,
            GError             **error)
{
  const gboolean redirects = rule->status >= 300 && rule->status < 400;

  if (redirects != (rule->target != NULL))
    return refuse (error, "to", redirects ? "3xx wants to=WHERE" : "only 3xx sends somewhere else");
  if (rule->status == 423 && rule->min_expires_s == 0)
    return refuse (error, "423", "wants min-expires=SECONDS");
  if (rule->status == 0 && (rule->retry_after_s || rule->min_expires_s))
    return refuse (error, "silence", "says nothing, so it has no headers");

  return TRUE;
}

static gboolean
parse_words (ExchangeScriptRule  *rule,
             char               **words,
             GError             **error)
{
  if (g_strv_length (words) < 3)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "METHOD WHO ANSWER is meant");
      return FALSE;
    }
  if (strcmp (words[0], "REGISTER") == 0)
    rule->method = "REGISTER";
  else if (strcmp (words[0], "INVITE") == 0)
    rule->method = "INVITE";
  else
    return refuse (error, words[0], "REGISTER or INVITE is meant");

  if (strlen (words[1]) > MAX_WORD_BYTES)
    return refuse (error, words[1], "too long");
  rule->who = strcmp (words[1], "*") == 0 ? NULL : g_strdup (words[1]);
  if (strcmp (words[2], "silence") != 0 && !parse_number (words[2], 300, 699, &rule->status, error))
    return FALSE;

  for (guint i = 3; words[i]; i++)
    if (!parse_key (rule, words[i], error))
      return FALSE;

  return check_rule (rule, error);
}

/* Words between blanks, up to a #. */
static char **
split_line (const char *line)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *plain = g_strndup (line, strcspn (line, "#"));
  g_auto (GStrv) parts = g_strsplit_set (plain, " \t\r", -1);

  for (guint i = 0; parts[i]; i++)
    if (*parts[i])
      g_strv_builder_add (words, parts[i]);

  return g_strv_builder_end (words);
}

static gboolean
parse_line (ExchangeScript  *self,
            const char      *line,
            GError         **error)
{
  g_auto (GStrv) words = NULL;
  ExchangeScriptRule *rule;

  if (strlen (line) > MAX_LINE_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "longer than %d bytes", MAX_LINE_BYTES);
      return FALSE;
    }
  words = split_line (line);
  if (!words[0])
    return TRUE;
  if (self->rules->len >= EXCHANGE_SCRIPT_MAX_RULES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "more than %d rules", EXCHANGE_SCRIPT_MAX_RULES);
      return FALSE;
    }

  rule = g_new0 (ExchangeScriptRule, 1);
  g_ptr_array_add (self->rules, rule);
  return parse_words (rule, words, error);
}

ExchangeScript *
exchange_script_parse (const char  *text,
                       GError     **error)
{
  g_autoptr (ExchangeScript) self = g_new0 (ExchangeScript, 1);
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (text, NULL);

  self->rules = g_ptr_array_new_with_free_func (rule_free);
  if (strlen (text) > EXCHANGE_SCRIPT_MAX_BYTES || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "too long or no text");
      return NULL;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (!parse_line (self, lines[i], error))
      {
        g_prefix_error (error, "line %u: ", i + 1);
        return NULL;
      }

  return g_steal_pointer (&self);
}

/**
 * exchange_script_load:
 * @path: a file in the syntax of doc/exchange.md
 *
 * Returns: (transfer full) (nullable): %NULL with @error, one line for people
 */
ExchangeScript *
exchange_script_load (const char  *path,
                      GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *text = g_malloc0 (EXCHANGE_SCRIPT_MAX_BYTES + 2);
  ExchangeScript *self;
  gsize length = 0;

  g_return_val_if_fail (path, NULL);

  stream = g_file_read (file, NULL, error);
  if (!stream || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, EXCHANGE_SCRIPT_MAX_BYTES + 1, &length, NULL, error))
    return NULL;
  if (strlen (text) != length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: too long or no text", path);
      return NULL;
    }

  self = exchange_script_parse (text, error);
  if (!self)
    g_prefix_error (error, "%s: ", path);
  return self;
}

void
exchange_script_free (ExchangeScript *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->rules);
  g_free (self);
}

const ExchangeScriptRule *
exchange_script_take (ExchangeScript *self,
                      const char     *method,
                      const char     *who)
{
  g_return_val_if_fail (self && method, NULL);

  for (guint i = 0; i < self->rules->len; i++)
    {
      ExchangeScriptRule *rule = g_ptr_array_index (self->rules, i);

      if (strcmp (rule->method, method) != 0 || (rule->who && g_strcmp0 (rule->who, who) != 0))
        continue;
      if (rule->times > 0 && rule->taken >= rule->times)
        continue;
      if (rule->taken < G_MAXUINT)
        rule->taken++;
      return rule;
    }

  return NULL;
}

/**
 * exchange_script_count:
 * Returns: how many rules it has
 */
guint
exchange_script_count (ExchangeScript *self)
{
  g_return_val_if_fail (self, 0);

  return self->rules->len;
}
