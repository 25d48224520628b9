/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-multipart.h"

#include <string.h>

/*
 * Finds the session description in a multipart body (RFC 2046 §5.1, RFC 5621). Pure; nothing is copied but headers.
 *
 * The library's own reader is not used: in the version of Debian it dies on a message that has the header and no body.
 */

#define MAX_BOUNDARY 70      /* RFC 2046 §5.1.1 */
#define MAX_HEADERS 2048     /* of one part, in bytes */

typedef struct {
  const char  *sdp;
  gsize        sdp_length;
  gboolean     required;     /* something unknown was marked as necessary */
  guint        parts;        /* seen in all levels */
} Search;

static PhoneSipMultipart search_body (Search     *search,
                                      const char *type,
                                      const char *body,
                                      gsize       length,
                                      guint       depth);

/* A parameter's value, quotes taken off; NULL when it is not there. */
static char *
dup_parameter (const char *value,
               const char *name)
{
  gsize n = strlen (name);

  for (const char *p = strchr (value, ';'); p; p = strchr (p, ';'))
    {
      p++;
      while (g_ascii_isspace (*p))
        p++;
      if (g_ascii_strncasecmp (p, name, n) != 0)
        continue;
      p += n;
      while (g_ascii_isspace (*p))
        p++;
      if (*p != '=')
        continue;
      p++;
      while (g_ascii_isspace (*p))
        p++;
      return *p == '"' ? g_strndup (p + 1, strcspn (p + 1, "\"")) : g_strndup (p, strcspn (p, "; \t\r\n"));
    }

  return NULL;
}

static gboolean
type_is (const char *value,
         const char *type)
{
  gsize n = strlen (type);

  if (!value)
    return FALSE;
  while (g_ascii_isspace (*value))
    value++;
  if (g_ascii_strncasecmp (value, type, n) != 0)
    return FALSE;

  return type[n - 1] == '/' || value[n] == '\0' || value[n] == ';' || g_ascii_isspace (value[n]);
}

/* A header field of a part; folded lines count as one. */
static char *
dup_header (const char *headers,
            const char *name)
{
  gsize n = strlen (name);
  const char *line = headers;

  while (line && *line)
    {
      const char *next = strchr (line, '\n');

      if (g_ascii_strncasecmp (line, name, n) == 0)
        {
          const char *p = line + n;

          while (*p == ' ' || *p == '\t')
            p++;
          if (*p == ':')
            {
              while (next && (next[1] == ' ' || next[1] == '\t'))
                next = strchr (next + 1, '\n');
              return next ? g_strndup (p + 1, (gsize) (next - p - 1)) : g_strdup (p + 1);
            }
        }
      line = next ? next + 1 : NULL;
    }

  return NULL;
}

/* Start of the next line that is a delimiter, the line's end in @after; NULL when there is none. */
static const char *
find_delimiter (const char  *from,
                const char  *end,
                const char  *boundary,
                const char **after,
                gboolean    *last)
{
  gsize n = strlen (boundary);

  for (const char *line = from; line < end;)
    {
      const char *stop = memchr (line, '\n', (gsize) (end - line));
      const char *line_end = stop ? stop : end;
      gsize length = (gsize) (line_end - line);

      if (length >= n + 2 && line[0] == '-' && line[1] == '-' && memcmp (line + 2, boundary, n) == 0)
        {
          const char *p = line + 2 + n;

          *last = line_end - p >= 2 && p[0] == '-' && p[1] == '-';
          if (*last)
            p += 2;
          while (p < line_end && g_ascii_isspace (*p))
            p++;
          if (p == line_end)
            {
              *after = stop ? stop + 1 : end;
              return line;
            }
        }
      line = stop ? stop + 1 : end;
    }

  return NULL;
}

/* Splits a part into header fields and content; FALSE when there is no empty line. */
static gboolean
split_part (const char  *part,
            const char  *end,
            char       **headers,
            const char **content)
{
  for (const char *line = part; line < end;)
    {
      const char *stop = memchr (line, '\n', (gsize) (end - line));

      if (!stop || line - part > MAX_HEADERS)
        return FALSE;
      if (stop == line || (stop == line + 1 && *line == '\r'))
        {
          *headers = g_strndup (part, (gsize) (line - part));
          *content = stop + 1;
          return TRUE;
        }
      line = stop + 1;
    }

  return FALSE;
}

static gboolean
is_for_session (const char *disposition)
{
  return !disposition || type_is (disposition, "session");
}

static PhoneSipMultipart
judge_part (Search     *search,
            const char *part,
            const char *end,
            gboolean    alternative,
            guint       depth)
{
  g_autofree char *headers = NULL, *type = NULL, *encoding = NULL, *disposition = NULL, *handling = NULL;
  const char *content = NULL;

  if (!split_part (part, end, &headers, &content))
    return PHONE_SIP_MULTIPART_BROKEN;

  /* The line break before a delimiter belongs to it. */
  if (end > content && end[-1] == '\n')
    end--;
  if (end > content && end[-1] == '\r')
    end--;

  type = dup_header (headers, "Content-Type");
  encoding = dup_header (headers, "Content-Encoding");
  disposition = dup_header (headers, "Content-Disposition");
  if (type && type_is (type, "multipart/"))
    return search_body (search, type, content, (gsize) (end - content), depth + 1);

  if (type && type_is (type, "application/sdp") && is_for_session (disposition) &&
      (!encoding || type_is (encoding, "identity")))
    {
      /* Of several the first; of alternatives the last, which is the richest (RFC 2046 §5.1.4). */
      if (!search->sdp || alternative)
        {
          search->sdp = content;
          search->sdp_length = (gsize) (end - content);
        }
      return PHONE_SIP_MULTIPART_SDP;
    }

  /* Not said counts as optional here, though RFC 3261 §20.11 has it otherwise: gateways put bodies of all kinds beside the
   * session description and mean well. */
  handling = disposition ? dup_parameter (disposition, "handling") : NULL;
  if (handling && !alternative && g_ascii_strcasecmp (handling, "required") == 0)
    search->required = TRUE;

  return PHONE_SIP_MULTIPART_NONE;
}

static PhoneSipMultipart
search_body (Search     *search,
             const char *type,
             const char *body,
             gsize       length,
             guint       depth)
{
  g_autofree char *boundary = dup_parameter (type, "boundary");
  const char *end = body + length;
  const char *part = NULL;
  const char *delimiter, *after = NULL;
  gboolean alternative = type_is (type, "multipart/alternative");
  gboolean last = FALSE;

  if (!boundary || !*boundary || strlen (boundary) > MAX_BOUNDARY || depth > PHONE_SIP_MULTIPART_MAX_DEPTH)
    return PHONE_SIP_MULTIPART_BROKEN;

  for (delimiter = find_delimiter (body, end, boundary, &after, &last); delimiter;
       delimiter = last ? NULL : find_delimiter (after, end, boundary, &after, &last))
    {
      if (part)
        {
          if (++search->parts > PHONE_SIP_MULTIPART_MAX_PARTS ||
              judge_part (search, part, delimiter, alternative, depth) == PHONE_SIP_MULTIPART_BROKEN)
            return PHONE_SIP_MULTIPART_BROKEN;
        }
      part = after;
    }

  /* The last delimiter must be the closing one, else something was cut off. */
  return last && search->parts > 0 ? PHONE_SIP_MULTIPART_NONE : PHONE_SIP_MULTIPART_BROKEN;
}

/**
 * phone_sip_multipart_find_sdp:
 * @type: value of Content-Type with its parameters
 * @body: need not end with a zero
 * @sdp: (out) (transfer none): start of the description, inside @body
 *
 * Looks through all levels, at most 3 deep and 16 parts.
 */
PhoneSipMultipart
phone_sip_multipart_find_sdp (const char  *type,
                              const char  *body,
                              gsize        length,
                              const char **sdp,
                              gsize       *sdp_length)
{
  Search search = { 0 };

  g_return_val_if_fail (type != NULL && body != NULL, PHONE_SIP_MULTIPART_BROKEN);
  g_return_val_if_fail (sdp != NULL && sdp_length != NULL, PHONE_SIP_MULTIPART_BROKEN);

  if (search_body (&search, type, body, length, 1) == PHONE_SIP_MULTIPART_BROKEN)
    return PHONE_SIP_MULTIPART_BROKEN;
  if (search.required)
    return PHONE_SIP_MULTIPART_REQUIRED;
  if (!search.sdp)
    return PHONE_SIP_MULTIPART_NONE;

  *sdp = search.sdp;
  *sdp_length = search.sdp_length;
  return PHONE_SIP_MULTIPART_SDP;
}
