/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-mask.h"

#include <string.h>

/*
 * The one place that takes secrets out of what is printed: messages, headers and the library's own log lines pass
 * through here. It works on lines, because that is how the library hands a message to its log.
 */

#define STARS "***"

/* Header fields whose whole value is a secret for whoever reads the log. */
static const char *const secret_headers[] = {
  "authorization:",
  "proxy-authorization:",
};

/* Whatever follows one of these up to the end of the word is a secret. */
static const char *const secret_words[] = {
  "inline:",
  "password=",
  "password:",
  "passwd=",
  "response=",
};

static gboolean
ends_word (char c)
{
  return g_ascii_isspace (c) || c == ',' || c == ';' || c == '|' || c == '&' || c == '\0';
}

static const char *
find_no_case (const char *text,
              gsize       length,
              const char *needle)
{
  gsize n = strlen (needle);

  for (gsize i = 0; i + n <= length; i++)
    {
      if (g_ascii_strncasecmp (text + i, needle, n) == 0)
        return text + i;
    }

  return NULL;
}

/* Lines of the log are often indented, and a message may be quoted in one. */
static gboolean
mask_header (GString    *out,
             const char *line,
             gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (secret_headers); i++)
    {
      const char *hit = find_no_case (line, length, secret_headers[i]);

      if (hit)
        {
          g_string_append_len (out, line, hit - line + strlen (secret_headers[i]));
          g_string_append (out, " " STARS);
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
mask_sdp_key (GString    *out,
              const char *line,
              gsize       length)
{
  static const char *const attributes[] = { "a=crypto:", "a=key-mgmt:", "k=" };
  gsize start = 0;

  while (start < length && g_ascii_isspace (line[start]))
    start++;

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      gsize n = strlen (attributes[i]);

      if (length - start >= n && g_ascii_strncasecmp (line + start, attributes[i], n) == 0)
        {
          g_string_append_len (out, line, start + n);
          g_string_append (out, STARS);
          return TRUE;
        }
    }

  return FALSE;
}

/* The form nua_authenticate() takes: Digest:"realm":user:password */
static gboolean
mask_credentials (GString    *out,
                  const char *line,
                  gsize       length)
{
  const char *hit = find_no_case (line, length, "digest:\"");

  if (!hit)
    return FALSE;

  g_string_append_len (out, line, hit - line + strlen ("digest:"));
  g_string_append (out, STARS);
  return TRUE;
}

static const char *
match_secret_word (const char *text,
                   gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (secret_words); i++)
    {
      gsize n = strlen (secret_words[i]);

      if (length >= n && g_ascii_strncasecmp (text, secret_words[i], n) == 0)
        return secret_words[i];
    }

  return NULL;
}

/* Length of what follows a secret word: a quoted string or a plain word. */
static gsize
secret_length (const char *text,
               gsize       length)
{
  gsize i = 0;

  while (i < length && (text[i] == ' ' || text[i] == '\t'))
    i++;

  if (i < length && text[i] == '"')
    {
      for (i++; i < length && text[i] != '"'; i++)
        {
          if (text[i] == '\\' && i + 1 < length)
            i++;
        }
      return MIN (i + 1, length);
    }

  while (i < length && !ends_word (text[i]))
    i++;
  return i;
}

/* Length of a URI's scheme, 0 when @text does not begin with one that may carry a password. */
static gsize
scheme_length (const char *text,
               gsize       length)
{
  if (length > 5 && g_ascii_strncasecmp (text, "sips:", 5) == 0)
    return 5;
  if (length > 4 && g_ascii_strncasecmp (text, "sip:", 4) == 0)
    return 4;
  return 0;
}

/* Where the user part of a URI ends at the latest: at its @, or at what no URI has before one. */
static gsize
find_user_end (const char *line,
               gsize       from,
               gsize       length)
{
  while (from < length && line[from] != '@' && line[from] != '>' && line[from] != '[' && !g_ascii_isspace (line[from]))
    from++;

  return from;
}

/*
 * sip:user:password@host
 *
 * @user_end is kept from one call for a line to the next: a line that is nothing but "sip:" is not read once for each.
 */
static gsize
mask_uri_password (GString    *out,
                   const char *line,
                   gsize       i,
                   gsize       length,
                   gsize      *user_end)
{
  gsize user = i + scheme_length (line + i, length - i);
  const char *colon;

  if (user == i)
    return i;
  if (*user_end < user)
    *user_end = find_user_end (line, user, length);
  if (*user_end >= length || line[*user_end] != '@')
    return i;

  colon = memchr (line + user, ':', *user_end - user);
  if (!colon)
    return i;

  g_string_append_len (out, line + i, colon + 1 - (line + i));
  g_string_append (out, STARS);
  return *user_end;
}

static void
mask_words (GString    *out,
            const char *line,
            gsize       length)
{
  gsize user_end = 0;
  gsize i = 0;

  while (i < length)
    {
      const char *word = match_secret_word (line + i, length - i);
      gsize next;

      if (word)
        {
          gsize n = strlen (word);

          g_string_append_len (out, line + i, n);
          g_string_append (out, STARS);
          i += n;
          i += secret_length (line + i, length - i);
          continue;
        }

      next = mask_uri_password (out, line, i, length, &user_end);
      if (next > i)
        i = next;
      else
        g_string_append_c (out, line[i++]);
    }
}

static gboolean
mask_line (GString    *out,
           const char *line,
           gsize       length)
{
  if (mask_header (out, line, length))
    return TRUE;

  if (!mask_sdp_key (out, line, length) && !mask_credentials (out, line, length))
    mask_words (out, line, length);

  return FALSE;
}

static GString *
mask (const char *text,
      gsize       size)
{
  GString *out = g_string_sized_new (size);
  gboolean secret = FALSE;
  gsize i = 0;

  while (i < size)
    {
      gsize end = i;

      while (end < size && text[end] != '\n' && text[end] != '\r')
        end++;

      /* A folded line belongs to the header above it. */
      if (secret && end > i && (text[i] == ' ' || text[i] == '\t'))
        g_string_append (out, " " STARS);
      else if (end > i)
        secret = mask_line (out, text + i, end - i);

      while (end < size && (text[end] == '\n' || text[end] == '\r'))
        g_string_append_c (out, text[end++]);
      i = end;
    }

  return out;
}

/**
 * phone_sip_mask:
 * @text: a message, a header or a line of the log; need not be UTF-8
 * @length: its length in bytes, -1 when it ends with a zero
 *
 * Takes secrets out of a text that is going to be printed: values of Authorization and Proxy-Authorization headers
 * (folded ones too), digest responses, passwords, passwords in URIs, SRTP keys. Any thread.
 *
 * Returns: (transfer full): @text with secrets replaced by stars
 */
char *
phone_sip_mask (const char *text,
                gssize      length)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_string_free (mask (text, length < 0 ? strlen (text) : (gsize) length), FALSE);
}

/**
 * phone_sip_mask_message:
 * @masked_length: (out): bytes of what is returned; zeros may be among them
 *
 * As phone_sip_mask(), for any bytes.
 */
char *
phone_sip_mask_message (const char *text,
                        gsize       length,
                        gsize      *masked_length)
{
  GString *out;

  g_return_val_if_fail (text != NULL && masked_length != NULL, NULL);

  out = mask (text, length);
  *masked_length = out->len;

  return g_string_free (out, FALSE);
}
