/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-message.h"

#include "sip-multipart.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_alloc.h>

#include <string.h>

/*
 * Reads what we need out of a parsed message. Pure: nothing here needs an agent, nothing changes the message. All of it
 * comes from outside; what leaves is valid UTF-8 and of limited length.
 */

#define MAX_NAME 99
#define MAX_BODY 65536

/**
 * phone_sip_message_dup_text:
 * @text: (nullable): bytes from the wire
 *
 * Returns: (transfer full): valid UTF-8 without control characters, at most 99 characters
 */
char *
phone_sip_message_dup_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  GString *out = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p && n < MAX_NAME; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c))
        continue;
      g_string_append_unichar (out, c);
      n++;
    }

  return g_string_free (out, FALSE);
}

/**
 * phone_sip_message_dup_name:
 * @display: (nullable): display name as it stands in the header, quotes included
 *
 * Returns: (transfer full): the name as people read it; "" when there is none
 */
char *
phone_sip_message_dup_name (const char *display)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  const char *p = display ? display : "";
  gboolean quoted;
  char *name;

  while (g_ascii_isspace (*p))
    p++;
  quoted = *p == '"';
  if (quoted)
    p++;

  for (; *p; p++)
    {
      if (quoted && *p == '"')
        break;
      if (quoted && *p == '\\' && p[1])
        p++;
      g_string_append_c (plain, *p);
    }

  name = phone_sip_message_dup_text (plain->str);
  return g_strstrip (name);
}

/**
 * phone_sip_message_read_url:
 * Returns: (transfer full) (nullable): a URL of a message in pieces, %NULL when it is no SIP address
 */
PhoneSipUri *
phone_sip_message_read_url (const url_t *url)
{
  g_autofree char *user = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *text = NULL;
  PhoneSipUri *uri;
  gsize n;

  if (!url || !url->url_host || (url->url_type != url_sip && url->url_type != url_sips))
    return NULL;

  /* The host goes through our own parser: it may hold anything the library lets pass. Parameters do not: an '@' in one
   * would make another host of it. */
  text = g_strdup_printf ("sip:%s%s%s", url->url_host, url->url_port && *url->url_port ? ":" : "",
                          url->url_port && *url->url_port ? url->url_port : "");
  uri = strchr (text, '@') ? NULL : phone_sip_uri_parse (text, NULL);
  if (!uri)
    return NULL;
  if (url->url_params)
    phone_sip_uri_read_parameters (uri, url->url_params);

  n = url->url_user ? strlen (url->url_user) : 0;
  user = n > 0 && n <= 255 ? g_uri_unescape_string (url->url_user, NULL) : NULL;
  if (n > 0 && n <= 255)
    {
      clean = phone_sip_message_dup_text (user ? user : url->url_user);
      uri->user = *clean ? g_steal_pointer (&clean) : NULL;
    }
  uri->secure = url->url_type == url_sips;

  return uri;
}

static gboolean
is_sdp_type (const char *type)
{
  return type && g_ascii_strcasecmp (type, "application/sdp") == 0;
}

/* Content-Type as text, parameters and all. */
static char *
dup_content_type (const sip_content_type_t *type)
{
  GString *out = g_string_new (type->c_type);

  for (const msg_param_t *param = type->c_params; param && *param; param++)
    g_string_append_printf (out, ";%s", *param);

  return g_string_free (out, FALSE);
}

static PhoneSipBody
find_description (const sip_t  *sip,
                  const char  **text,
                  gsize        *length)
{
  const char *type = sip->sip_content_type ? sip->sip_content_type->c_type : NULL;
  g_autofree char *full = NULL;

  *text = sip->sip_payload->pl_data;
  *length = sip->sip_payload->pl_len;

  /* RFC 3261 §20.15 wants a type with every body; one that is missing can only be SDP. */
  if (!sip->sip_content_type || is_sdp_type (type))
    return PHONE_SIP_BODY_SDP;
  if (!type || g_ascii_strncasecmp (type, "multipart/", 10) != 0)
    return PHONE_SIP_BODY_OTHER;

  full = dup_content_type (sip->sip_content_type);
  switch (phone_sip_multipart_find_sdp (full, *text, *length, text, length))
    {
    case PHONE_SIP_MULTIPART_SDP:
      return PHONE_SIP_BODY_SDP;
    case PHONE_SIP_MULTIPART_BROKEN:
      return PHONE_SIP_BODY_BROKEN;
    case PHONE_SIP_MULTIPART_NONE:
    case PHONE_SIP_MULTIPART_REQUIRED:
      return PHONE_SIP_BODY_OTHER;
    }

  return PHONE_SIP_BODY_OTHER;
}

static gboolean
is_encoded (const sip_t *sip)
{
  return sip->sip_content_encoding && sip->sip_content_encoding->k_items && sip->sip_content_encoding->k_items[0] &&
         g_ascii_strcasecmp (sip->sip_content_encoding->k_items[0], "identity") != 0;
}

/**
 * phone_sip_message_read_body:
 * @sip: (nullable): a message
 * @sdp: (out) (nullable) (transfer full): its session description, which may be a part of a multipart body
 */
PhoneSipBody
phone_sip_message_read_body (const sip_t  *sip,
                             PhoneSipSdp **sdp)
{
  g_autoptr (GError) error = NULL;
  const char *text = NULL;
  gsize length = 0;
  PhoneSipBody body;

  g_return_val_if_fail (sdp != NULL, PHONE_SIP_BODY_NONE);

  *sdp = NULL;
  if (!sip || !sip->sip_payload || !sip->sip_payload->pl_data || sip->sip_payload->pl_len == 0)
    return PHONE_SIP_BODY_NONE;

  if (sip->sip_payload->pl_len > MAX_BODY)
    return PHONE_SIP_BODY_BROKEN;
  body = is_encoded (sip) ? PHONE_SIP_BODY_OTHER : find_description (sip, &text, &length);

  /* RFC 3261 §20.11: what need not be understood is as if it were not there. */
  if (body == PHONE_SIP_BODY_OTHER && sip->sip_content_disposition && sip->sip_content_disposition->cd_optional)
    return PHONE_SIP_BODY_NONE;
  if (body != PHONE_SIP_BODY_SDP)
    return body;

  *sdp = phone_sip_sdp_parse (text, length, &error);
  if (!*sdp)
    {
      g_debug ("Session description refused: %s", error->message);
      return PHONE_SIP_BODY_BROKEN;
    }

  return PHONE_SIP_BODY_SDP;
}

/**
 * phone_sip_message_accepts_sdp:
 * Returns: %FALSE when an Accept header rules SDP out (406)
 */
gboolean
phone_sip_message_accepts_sdp (const sip_t *sip)
{
  g_return_val_if_fail (sip != NULL, TRUE);

  if (!sip->sip_accept)
    return TRUE;

  for (const sip_accept_t *accept = sip->sip_accept; accept; accept = accept->ac_next)
    {
      if (is_sdp_type (accept->ac_type) ||
          (accept->ac_type && (strcmp (accept->ac_type, "*/*") == 0 ||
                               g_ascii_strcasecmp (accept->ac_type, "application/*") == 0)))
        return TRUE;
    }

  return FALSE;
}

/**
 * phone_sip_message_dup_header:
 * @name: full name of a header field
 *
 * Finds headers the library has no member for, and those it has.
 *
 * Returns: (transfer full) (nullable): values of all headers of this name, joined with ", "
 */
char *
phone_sip_message_dup_header (const sip_t *sip,
                              const char  *name)
{
  GString *out = NULL;
  guint n = 0;

  g_return_val_if_fail (sip != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (const msg_header_t *h = (const msg_header_t *) sip->sip_request ? (const msg_header_t *) sip->sip_request
                                                                         : (const msg_header_t *) sip->sip_status;
       h && n < 256; h = h->sh_succ, n++)
    {
      const char *own = NULL;
      char *value = NULL;
      su_home_t home[1] = { SU_HOME_INIT (home) };

      if (h->sh_class->hc_hash == msg_unknown_hash)
        own = h->sh_unknown->un_name;
      else
        own = h->sh_class->hc_name;

      if (own && g_ascii_strcasecmp (own, name) == 0)
        {
          su_home_init (home);
          value = h->sh_class->hc_hash == msg_unknown_hash ? su_strdup (home, h->sh_unknown->un_value)
                                                           : sip_header_as_string (home, (const sip_header_t *) h);
          if (value)
            {
              out = out ? g_string_append (out, ", ") : g_string_new (NULL);
              g_string_append (out, value);
            }
          su_home_deinit (home);
        }
    }

  return out ? g_string_free (out, FALSE) : NULL;
}

/**
 * phone_sip_message_wants_answer:
 * Returns: whether the caller asks by header to be answered at once: Call-Info or Alert-Info with `answer-after=0`,
 *   Alert-Info with one of the words the phones know
 */
gboolean
phone_sip_message_wants_answer (const sip_t *sip)
{
  static const char *const words[] = { "answer-after=0", "alert-autoanswer", "auto answer", "auto-answer", "intercom",
                                       "ring-answer" };
  g_autofree char *alert = phone_sip_message_dup_header (sip, "Alert-Info");
  g_autofree char *info = phone_sip_message_dup_header (sip, "Call-Info");
  g_autofree char *alert_lower = alert ? g_ascii_strdown (alert, -1) : NULL;
  g_autofree char *info_lower = info ? g_ascii_strdown (info, -1) : NULL;

  if (info_lower && strstr (info_lower, words[0]))
    return TRUE;

  for (guint i = 0; alert_lower && i < G_N_ELEMENTS (words); i++)
    {
      if (strstr (alert_lower, words[i]))
        return TRUE;
    }

  return FALSE;
}

/**
 * phone_sip_message_read_digit:
 * Returns: the key a SIP INFO with application/dtmf-relay or application/dtmf stands for, 0 when none, -1 when the
 *   body is of a kind we do not know
 */
int
phone_sip_message_read_digit (const sip_t *sip)
{
  const char *type, *p;
  g_autofree char *body = NULL;

  g_return_val_if_fail (sip != NULL, -1);

  if (!sip->sip_payload || sip->sip_payload->pl_len == 0)
    return 0;
  type = sip->sip_content_type ? sip->sip_content_type->c_type : NULL;
  if (!type || sip->sip_payload->pl_len > 256)
    return -1;

  body = g_strndup (sip->sip_payload->pl_data, sip->sip_payload->pl_len);
  if (g_ascii_strcasecmp (type, "application/dtmf-relay") == 0)
    {
      p = strstr (body, "ignal=");
      p = p ? p + 6 : "";
    }
  else if (g_ascii_strcasecmp (type, "application/dtmf") == 0)
    {
      p = body;
    }
  else
    {
      return -1;
    }

  while (*p == ' ')
    p++;
  if (g_ascii_strncasecmp (p, "10", 2) == 0)
    return '*';
  if (g_ascii_strncasecmp (p, "11", 2) == 0)
    return '#';
  return *p && strchr ("0123456789*#ABCDabcd", *p) ? g_ascii_toupper (*p) : 0;
}

/**
 * phone_sip_message_has_feature:
 * @feature: an option tag
 * @required: whether to look in Require only; else Supported and Require
 */
gboolean
phone_sip_message_has_feature (const sip_t *sip,
                               const char  *feature,
                               gboolean     required)
{
  g_return_val_if_fail (sip != NULL && feature != NULL, FALSE);

  return (sip->sip_require && sip_has_feature (sip->sip_require, feature)) ||
         (!required && sip->sip_supported && sip_has_feature (sip->sip_supported, feature));
}

/**
 * phone_sip_message_read_reliable:
 * @sip: a provisional response
 * @rack: (out): what the RAck header of its PRACK has to say
 *
 * Returns: whether it has to be acknowledged with PRACK (RFC 3262 §4)
 */
gboolean
phone_sip_message_read_reliable (const sip_t *sip,
                                 sip_rack_t  *rack)
{
  g_return_val_if_fail (sip != NULL && rack != NULL, FALSE);

  if (!sip->sip_status || sip->sip_status->st_status <= 100 || sip->sip_status->st_status >= 200 || !sip->sip_rseq ||
      !sip->sip_cseq || !sip->sip_to || !sip->sip_to->a_tag || !phone_sip_message_has_feature (sip, "100rel", TRUE))
    return FALSE;

  sip_rack_init (rack);
  rack->ra_response = sip->sip_rseq->rs_response;
  rack->ra_cseq = sip->sip_cseq->cs_seq;
  rack->ra_method = sip->sip_cseq->cs_method;
  rack->ra_method_name = sip->sip_cseq->cs_method_name;
  return TRUE;
}

static PhoneSipRefresher
read_refresher (const char *value)
{
  if (value && g_ascii_strcasecmp (value, "uac") == 0)
    return PHONE_SIP_REFRESHER_UAC;
  if (value && g_ascii_strcasecmp (value, "uas") == 0)
    return PHONE_SIP_REFRESHER_UAS;

  return PHONE_SIP_REFRESHER_NONE;
}

/**
 * phone_sip_message_read_session_timer:
 * @sip: (nullable): a message
 */
PhoneSipSessionTimerHeaders
phone_sip_message_read_session_timer (const sip_t *sip)
{
  PhoneSipSessionTimerHeaders headers = { 0 };

  if (!sip)
    return headers;

  headers.required = phone_sip_message_has_feature (sip, "timer", TRUE);
  headers.supported = phone_sip_message_has_feature (sip, "timer", FALSE);
  if (sip->sip_session_expires)
    {
      headers.expires_s = (guint) MIN (sip->sip_session_expires->x_delta, G_MAXINT);
      headers.refresher = read_refresher (sip->sip_session_expires->x_refresher);
    }
  if (sip->sip_min_se)
    headers.min_s = (guint) MIN (sip->sip_min_se->min_delta, G_MAXINT);

  return headers;
}
