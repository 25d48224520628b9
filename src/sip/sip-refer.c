/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-refer.h"

#include "sip-message.h"

#include <sofia-sip/sip_header.h>

#include <string.h>

/*
 * The texts of a transfer: Refer-To, Replaces, and the piece of a response that a NOTIFY brings. Pure, and bounded: all of it
 * comes from outside and some of it goes out again.
 */

#define MAX_ID 255            /* of a Call-ID or a tag */
#define MAX_HEADERS 1024      /* what follows the '?' of a Refer-To, escaped */
#define MAX_FRAGMENT 4096     /* only its first line is looked at */

/* RFC 3261 §25.1: a tag is a token; a Call-ID may hold more, but nothing that ends it. */
static gboolean
is_id (const char *text,
       gsize       length,
       gboolean    is_token)
{
  if (length == 0 || length > MAX_ID)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]) || (is_token ? !g_ascii_isalnum (text[i]) && !strchr ("-.!%*_+`'~", text[i])
                                                : strchr (";,", text[i]) != NULL))
      return FALSE;
  return TRUE;
}

static char *
dup_parameter (char       **parts,
               const char  *name)
{
  gsize length = strlen (name);

  for (char **part = parts; *part; part++)
    {
      const char *text = g_strstrip (*part);

      if (g_ascii_strncasecmp (text, name, length) == 0 && text[length] == '=')
        return is_id (text + length + 1, strlen (text + length + 1), TRUE) ? g_strdup (text + length + 1) : NULL;
    }

  return NULL;
}

static gboolean
has_word (char       **parts,
          const char  *word)
{
  for (char **part = parts; *part; part++)
    if (g_ascii_strcasecmp (g_strstrip (*part), word) == 0)
      return TRUE;

  return FALSE;
}

/**
 * phone_sip_replaces_parse:
 * @text: the value of the header
 *
 * Returns: (transfer full) (nullable): %NULL when it is not one
 */
PhoneSipReplaces *
phone_sip_replaces_parse (const char *text)
{
  g_autoptr (PhoneSipReplaces) self = NULL;
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MAX_HEADERS)
    return NULL;

  parts = g_strsplit (text, ";", 16);
  if (!parts[0])
    return NULL;
  g_strstrip (parts[0]);
  if (!is_id (parts[0], strlen (parts[0]), FALSE))
    return NULL;

  self = g_new0 (PhoneSipReplaces, 1);
  self->call_id = g_strdup (parts[0]);
  self->to_tag = dup_parameter (parts + 1, "to-tag");
  self->from_tag = dup_parameter (parts + 1, "from-tag");
  self->early_only = has_word (parts + 1, "early-only");

  return self->to_tag && self->from_tag ? g_steal_pointer (&self) : NULL;
}

/**
 * phone_sip_replaces_to_string:
 * Returns: (transfer full): the value of the header
 */
char *
phone_sip_replaces_to_string (const PhoneSipReplaces *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%s;to-tag=%s;from-tag=%s%s", self->call_id, self->to_tag, self->from_tag,
                          self->early_only ? ";early-only" : "");
}

void
phone_sip_replaces_free (PhoneSipReplaces *self)
{
  if (!self)
    return;

  g_free (self->call_id);
  g_free (self->to_tag);
  g_free (self->from_tag);
  g_free (self);
}

void
phone_sip_refer_free (PhoneSipRefer *self)
{
  if (!self)
    return;

  phone_sip_uri_free (self->uri);
  phone_sip_replaces_free (self->replaces);
  g_free (self);
}

/* The Replaces among the headers of a URL, by our own hands: the library's function reads past the end of some. Returns FALSE
 * when there is one and it is broken. */
static gboolean
read_replaces (const char        *headers,
               PhoneSipReplaces **replaces)
{
  g_auto (GStrv) parts = NULL;

  *replaces = NULL;
  if (!headers || !*headers)
    return TRUE;
  if (strlen (headers) > MAX_HEADERS)
    return FALSE;

  parts = g_strsplit (headers, "&", 16);
  for (char **part = parts; *part; part++)
    {
      g_autofree char *value = NULL;

      if (g_ascii_strncasecmp (*part, "Replaces=", strlen ("Replaces=")) != 0)
        continue;
      value = g_uri_unescape_string (*part + strlen ("Replaces="), NULL);
      *replaces = value ? phone_sip_replaces_parse (value) : NULL;
      return *replaces != NULL;
    }

  return TRUE;
}

/* RFC 3515 §2.1: another method than INVITE may be asked for; we know no other. */
static gboolean
asks_for_call (const char *parameters)
{
  g_auto (GStrv) parts = parameters ? g_strsplit (parameters, ";", 32) : NULL;

  for (char **part = parts; part && *part; part++)
    if (g_ascii_strncasecmp (*part, "method=", strlen ("method=")) == 0
        && g_ascii_strcasecmp (*part + strlen ("method="), "INVITE") != 0)
      return FALSE;

  return TRUE;
}

/**
 * phone_sip_refer_read:
 * @sip: a REFER
 *
 * Returns: (transfer full) (nullable): what it asks for, %NULL when that is nothing we can do
 */
PhoneSipRefer *
phone_sip_refer_read (const sip_t *sip)
{
  g_autoptr (PhoneSipRefer) self = NULL;
  const url_t *url = sip && sip->sip_refer_to ? sip->sip_refer_to->r_url : NULL;

  if (!url || !asks_for_call (url->url_params))
    return NULL;

  self = g_new0 (PhoneSipRefer, 1);
  self->uri = phone_sip_message_read_url (url);
  if (!self->uri || !read_replaces (url->url_headers, &self->replaces))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * phone_sip_refer_format:
 * @replaces: (nullable): the dialog whose place the call is to take
 *
 * Returns: (transfer full): the value of a Refer-To
 */
char *
phone_sip_refer_format (const PhoneSipUri      *uri,
                        const PhoneSipReplaces *replaces)
{
  g_autofree char *address = phone_sip_uri_to_string (uri);
  g_autofree char *value = replaces ? phone_sip_replaces_to_string (replaces) : NULL;
  g_autofree char *escaped = value ? g_uri_escape_string (value, NULL, FALSE) : NULL;

  return g_strdup_printf ("<%s%s%s>", address, escaped ? "?Replaces=" : "", escaped ? escaped : "");
}

/**
 * phone_sip_refer_read_fragment:
 * @sip: a NOTIFY
 *
 * Returns: the status of the response that it tells of (RFC 3420), 0 when it tells of none
 */
guint
phone_sip_refer_read_fragment (const sip_t *sip)
{
  const char *type = sip->sip_content_type ? sip->sip_content_type->c_type : NULL;
  const sip_payload_t *payload = sip->sip_payload;
  g_autofree char *line = NULL;
  guint64 status;

  if (!type || g_ascii_strcasecmp (type, "message/sipfrag") != 0 || !payload || !payload->pl_data
      || payload->pl_len < strlen ("SIP/2.0 200") || payload->pl_len > MAX_FRAGMENT)
    return 0;

  line = g_strndup (payload->pl_data, strlen ("SIP/2.0 200"));
  if (g_ascii_strncasecmp (line, "SIP/2.0 ", strlen ("SIP/2.0 ")) != 0
      || !g_ascii_string_to_unsigned (line + strlen ("SIP/2.0 "), 10, 100, 699, &status, NULL))
    return 0;

  return (guint) status;
}

/**
 * phone_sip_refer_dup_tag:
 * @header: (nullable): value of a From or To
 *
 * Returns: (transfer full) (nullable): its tag
 */
char *
phone_sip_refer_dup_tag (const char *header)
{
  const char *end = header ? strrchr (header, '>') : NULL;
  const char *tag = header ? strstr (end ? end : header, ";tag=") : NULL;
  gsize length;

  if (!tag)
    return NULL;

  tag += strlen (";tag=");
  length = strcspn (tag, "; \t");
  return is_id (tag, length, TRUE) ? g_strndup (tag, length) : NULL;
}

/**
 * phone_sip_refer_dup_address:
 * @header: (nullable): value of a From or To
 *
 * Returns: (transfer full) (nullable): it without what follows the address, which is between '<' and '>'
 */
char *
phone_sip_refer_dup_address (const char *header)
{
  const char *end = header ? strrchr (header, '>') : NULL;

  if (end)
    return g_strndup (header, (gsize) (end - header) + 1);
  return header ? g_strdup_printf ("<%.*s>", (int) strcspn (header, "; \t"), header) : NULL;
}
