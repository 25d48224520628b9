/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-trace"

#include "trace-message.h"

#include <string.h>

#define VERSION "SIP/2.0"

static gsize
find_line_end (const char *text,
               gsize       length,
               gsize       start)
{
  const char *end = start < length ? memchr (text + start, '\n', length - start) : NULL;

  return end ? (gsize) (end - text) : length;
}

static gboolean
is_name (const char *line,
         gsize       length,
         const char *name,
         gsize      *value)
{
  gsize n = name ? strlen (name) : 0;
  gsize i = n;

  if (n == 0 || length <= n || g_ascii_strncasecmp (line, name, n) != 0)
    return FALSE;
  while (i < length && (line[i] == ' ' || line[i] == '\t'))
    i++;
  if (i >= length || line[i] != ':')
    return FALSE;

  *value = i + 1;
  return TRUE;
}

static char *
finish (GString *value)
{
  g_autofree char *raw = g_string_free (value, FALSE);

  return g_utf8_make_valid (g_strstrip (raw), -1);
}

static void
append_line (GString    *out,
             const char *line,
             gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (line[i] != '\0')
      g_string_append_c (out, g_ascii_iscntrl (line[i]) ? ' ' : line[i]);
}

char *
phone_trace_message_dup_header (const char *text,
                                gsize       length,
                                const char *name,
                                const char *compact)
{
  GString *value = NULL;
  gsize body;

  g_return_val_if_fail (text != NULL && name != NULL, NULL);

  body = phone_trace_message_get_body (text, length);
  for (gsize start = 0; start < body;)
    {
      gsize end = find_line_end (text, body, start);
      gsize at = 0;

      if (value && text[start] != ' ' && text[start] != '\t')
        break;
      if (value)
        append_line (value, text + start, end - start);
      else if (is_name (text + start, end - start, name, &at) || is_name (text + start, end - start, compact, &at))
        {
          value = g_string_new (NULL);
          append_line (value, text + start + at, end - start - at);
        }
      start = end + 1;
    }

  return value ? finish (value) : NULL;
}

/* Where the last header of this name begins, @body when there is none. */
static gsize
find_last (const char *text,
           gsize       body,
           const char *name,
           const char *compact)
{
  gsize last = body;

  for (gsize start = 0; start < body;)
    {
      gsize end = find_line_end (text, body, start);
      gsize at;

      if (is_name (text + start, end - start, name, &at) || is_name (text + start, end - start, compact, &at))
        last = start;
      start = end + 1;
    }

  return last;
}

char *
phone_trace_message_dup_origin (const char *text,
                                gsize       length)
{
  g_autofree char *via = NULL;
  const char *branch;
  gsize start;

  g_return_val_if_fail (text != NULL, NULL);

  start = find_last (text, phone_trace_message_get_body (text, length), "Via", "v");
  via = phone_trace_message_dup_header (text + start, length - start, "Via", "v");
  branch = via ? g_strrstr (via, "branch=") : NULL;
  if (!branch)
    return NULL;
  branch += strlen ("branch=");

  return g_strndup (branch, strcspn (branch, ";, \t"));
}

guint
phone_trace_message_get_status (const char *text,
                                gsize       length)
{
  gsize n = strlen (VERSION " ");
  guint status = 0;

  g_return_val_if_fail (text != NULL, 0);

  if (length < n + 3 || g_ascii_strncasecmp (text, VERSION " ", n) != 0)
    return 0;
  for (gsize i = n; i < n + 3; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return 0;
      status = status * 10 + (guint) (text[i] - '0');
    }

  return status;
}

char *
phone_trace_message_dup_first_line (const char *text,
                                    gsize       length)
{
  GString *line = g_string_new (NULL);
  gsize start = 0;
  gsize end;

  g_return_val_if_fail (text != NULL, g_string_free (line, FALSE));

  end = find_line_end (text, length, 0);
  if (phone_trace_message_get_status (text, length) > 0)
    start = strlen (VERSION " ");
  append_line (line, text + start, end - start);
  g_strchomp (line->str);
  line->len = strlen (line->str);
  if (start == 0 && g_str_has_suffix (line->str, " " VERSION))
    g_string_truncate (line, line->len - strlen (" " VERSION));

  return finish (line);
}

gsize
phone_trace_message_get_body (const char *text,
                              gsize       length)
{
  g_return_val_if_fail (text != NULL, length);

  for (gsize start = 0; start < length;)
    {
      gsize end = find_line_end (text, length, start);

      if (end >= length)
        break;
      if (end == start || (end == start + 1 && text[start] == '\r'))
        return end + 1;
      start = end + 1;
    }

  return length;
}
