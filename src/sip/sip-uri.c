/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-uri.h"

#include <gio/gio.h>

#include <string.h>

/*
 * SIP addresses as text and in pieces. Pure functions, any thread. The library's own URL functions are not used: what is
 * dialled and what a redirect names comes from outside, and url_query_as_header_string() of the 2011 line reads past its end.
 */

#define MAX_URI_LENGTH 512

G_DEFINE_QUARK (phone-sip-uri-error-quark, phone_sip_uri_error)

/* unreserved and user-unreserved of RFC 3261 §25.1; '#' is not among them and becomes %23 */
static gboolean
is_plain_in_user (guchar c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-_.!~*'()&=+$,;?/", c) != NULL);
}

/**
 * phone_sip_uri_escape_user:
 * @user: a user part as people write it
 *
 * Returns: (transfer full): @user as it may stand in a SIP URI (RFC 3261 §19.1.2); "#31" becomes "%2331"
 */
char *
phone_sip_uri_escape_user (const char *user)
{
  GString *out;

  g_return_val_if_fail (user != NULL, NULL);

  out = g_string_new (NULL);
  for (const guchar *p = (const guchar *) user; *p; p++)
    {
      if (is_plain_in_user (*p))
        g_string_append_c (out, (char) *p);
      else
        g_string_append_printf (out, "%%%02X", *p);
    }

  return g_string_free (out, FALSE);
}

/**
 * phone_sip_uri_format_host:
 * @host: a name or an IP literal
 *
 * Returns: (transfer full): @host, in brackets when it is an IPv6 address
 */
char *
phone_sip_uri_format_host (const char *host)
{
  g_return_val_if_fail (host != NULL, NULL);

  if (host[0] != '[' && strchr (host, ':'))
    return g_strdup_printf ("[%s]", host);
  return g_strdup (host);
}

/**
 * phone_sip_uri_format_contact:
 * @user: (nullable): user part
 * @address: our IP literal
 * @port: our SIP port
 * @transport: how we want to be reached
 *
 * Returns: (transfer full): a Contact value, `<sip:user@ip:port>`; only a transport other than UDP is named
 */
char *
phone_sip_uri_format_contact (const char     *user,
                              const char     *address,
                              guint           port,
                              PhoneTransport  transport)
{
  g_autoptr (PhoneSipUri) uri = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  uri = phone_sip_uri_new (user, address, port, transport == PHONE_TRANSPORT_UDP ? PHONE_TRANSPORT_DNS : transport);
  text = phone_sip_uri_to_string (uri);

  return g_strdup_printf ("<%s>", text);
}

/**
 * phone_sip_uri_quote_name:
 * @name: a display name, UTF-8
 *
 * Returns: (transfer full): the name as a quoted string followed by a blank, or "" when it is empty
 */
char *
phone_sip_uri_quote_name (const char *name)
{
  GString *out;

  if (!name || !*name)
    return g_strdup ("");

  out = g_string_new ("\"");
  for (const char *p = name; *p; p++)
    {
      if ((guchar) *p < 0x20 || *p == 0x7f)
        continue;
      if (*p == '"' || *p == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append (out, "\" ");

  return g_string_free (out, FALSE);
}

/**
 * phone_sip_uri_new:
 * @user: (nullable): user part, unescaped
 * @host: name or IP literal
 * @port: 0 when it is left to the default
 * @transport: %PHONE_TRANSPORT_DNS when it is left to the default
 */
PhoneSipUri *
phone_sip_uri_new (const char     *user,
                   const char     *host,
                   guint           port,
                   PhoneTransport  transport)
{
  PhoneSipUri *self;

  g_return_val_if_fail (host != NULL, NULL);

  self = g_new0 (PhoneSipUri, 1);
  self->user = user && *user ? g_strdup (user) : NULL;
  self->host = g_strdup (host);
  self->port = port;
  self->transport = transport;

  return self;
}

PhoneSipUri *
phone_sip_uri_copy (const PhoneSipUri *self)
{
  PhoneSipUri *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = phone_sip_uri_new (self->user, self->host, self->port, self->transport);
  copy->secure = self->secure;

  return copy;
}

void
phone_sip_uri_free (PhoneSipUri *self)
{
  if (!self)
    return;

  g_free (self->user);
  g_free (self->host);
  g_free (self);
}

static gboolean
is_host_name (const char *text,
              gsize       length)
{
  if (length == 0 || length > 255)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && !strchr ("-._", text[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_port (const char  *text,
            guint       *port,
            const char **end)
{
  guint value = 0;
  const char *p = text;

  for (; g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint) (*p - '0');
      if (value > 65535)
        return FALSE;
    }

  *port = value;
  *end = p;
  return p > text && value > 0;
}

/* host [":" port], host may be an IPv6 address in brackets. */
static gboolean
parse_host_port (PhoneSipUri  *self,
                 const char   *text,
                 const char  **end)
{
  const char *stop;

  if (*text == '[')
    {
      g_autoptr (GInetAddress) address = NULL;

      stop = strchr (text, ']');
      if (!stop || stop - text > 64)
        return FALSE;
      self->host = g_strndup (text + 1, stop - text - 1);
      address = g_inet_address_new_from_string (self->host);
      if (!address || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
        return FALSE;
      stop++;
    }
  else
    {
      stop = text + strcspn (text, ":;?");
      if (!is_host_name (text, stop - text))
        return FALSE;
      self->host = g_strndup (text, stop - text);
    }

  if (*stop == ':' && !parse_port (stop + 1, &self->port, &stop))
    return FALSE;

  *end = stop;
  return *stop == '\0' || *stop == ';' || *stop == '?';
}

static char *
unescape_user (const char *text,
               gsize       length)
{
  const char *colon = memchr (text, ':', length); /* a password: not for us */

  if (colon)
    length = colon - text;

  return g_uri_unescape_segment (text, text + length, NULL);
}

/**
 * phone_sip_uri_read_parameters:
 * @parameters: what follows the port of an address, `transport=tcp;lr`
 *
 * Takes the transport out of parameters; all others are of no use to us.
 */
void
phone_sip_uri_read_parameters (PhoneSipUri *self,
                               const char  *parameters)
{
  g_auto (GStrv) parts = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (parameters != NULL);

  parts = g_strsplit_set (parameters, ";?", 32);

  for (char **part = parts; *part; part++)
    {
      if (g_ascii_strcasecmp (*part, "transport=udp") == 0)
        self->transport = PHONE_TRANSPORT_UDP;
      else if (g_ascii_strcasecmp (*part, "transport=tcp") == 0)
        self->transport = PHONE_TRANSPORT_TCP;
      else if (g_ascii_strcasecmp (*part, "transport=tls") == 0)
        self->transport = PHONE_TRANSPORT_TLS;
    }
}

static const char *
skip_scheme (const char  *text,
             gboolean    *secure,
             GError     **error)
{
  *secure = FALSE;

  if (g_ascii_strncasecmp (text, "sips:", 5) == 0)
    {
      *secure = TRUE;
      return text + 5;
    }
  if (g_ascii_strncasecmp (text, "sip:", 4) == 0)
    return text + 4;

  if (g_ascii_strncasecmp (text, "tel:", 4) == 0 || strstr (text, "://"))
    {
      g_set_error (error, PHONE_SIP_URI_ERROR, PHONE_SIP_URI_ERROR_SCHEME, "Not a SIP address");
      return NULL;
    }

  return text;
}

/**
 * phone_sip_uri_parse:
 * @text: `[sip:|sips:][user@]host[:port][;parameters][?headers]`
 *
 * Returns: (transfer full) (nullable): the pieces, or %NULL with @error
 */
PhoneSipUri *
phone_sip_uri_parse (const char  *text,
                     GError     **error)
{
  g_autoptr (PhoneSipUri) self = NULL;
  const char *rest, *at, *end = NULL;
  gboolean secure;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MAX_URI_LENGTH)
    {
      g_set_error (error, PHONE_SIP_URI_ERROR, PHONE_SIP_URI_ERROR_SYNTAX, "The address is too long");
      return NULL;
    }

  rest = skip_scheme (text, &secure, error);
  if (!rest)
    return NULL;

  self = g_new0 (PhoneSipUri, 1);
  self->secure = secure;
  self->transport = PHONE_TRANSPORT_DNS;

  at = strchr (rest, '@');
  if (at)
    {
      self->user = unescape_user (rest, at - rest);
      if (!self->user || !*self->user || !g_utf8_validate (self->user, -1, NULL))
        {
          g_set_error (error, PHONE_SIP_URI_ERROR, PHONE_SIP_URI_ERROR_SYNTAX, "The user part is not valid");
          return NULL;
        }
      rest = at + 1;
    }

  if (!parse_host_port (self, rest, &end))
    {
      g_set_error (error, PHONE_SIP_URI_ERROR, PHONE_SIP_URI_ERROR_SYNTAX, "The host or port is not valid");
      return NULL;
    }

  phone_sip_uri_read_parameters (self, end);

  return g_steal_pointer (&self);
}

/* "fe80::1" typed without brackets */
static gboolean
is_bare_ipv6 (const char *text)
{
  g_autoptr (GInetAddress) address = NULL;

  if (!strchr (text, ':'))
    return FALSE;

  address = g_inet_address_new_from_string (text);
  return address && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
}

/**
 * phone_sip_uri_for_target:
 * @target: what was dialled: a number, a SIP URI, `user@host` or, without @domain, `host[:port]`
 * @domain: (nullable): the account's server, %NULL for a direct-IP call
 *
 * Builds the request URI of a call. What is not an address is a user part in @domain.
 *
 * Returns: (transfer full) (nullable): the address, or %NULL with @error
 */
PhoneSipUri *
phone_sip_uri_for_target (const char         *target,
                          const PhoneSipUri  *domain,
                          GError            **error)
{
  g_return_val_if_fail (target != NULL, NULL);

  if (!*target || strlen (target) > MAX_URI_LENGTH || !g_utf8_validate (target, -1, NULL))
    {
      g_set_error (error, PHONE_SIP_URI_ERROR, PHONE_SIP_URI_ERROR_SYNTAX, "The number is empty or too long");
      return NULL;
    }

  if (g_ascii_strncasecmp (target, "sip:", 4) == 0 || g_ascii_strncasecmp (target, "sips:", 5) == 0 ||
      strchr (target, '@'))
    return phone_sip_uri_parse (target, error);

  if (domain)
    {
      const char *number = g_ascii_strncasecmp (target, "tel:", 4) == 0 ? target + 4 : target;

      return phone_sip_uri_new (number, domain->host, domain->port, domain->transport);
    }

  if (is_bare_ipv6 (target))
    return phone_sip_uri_new (NULL, target, 0, PHONE_TRANSPORT_DNS);

  return phone_sip_uri_parse (target, error);
}

/**
 * phone_sip_uri_to_string:
 * Returns: (transfer full): the address as it stands in a request line
 */
char *
phone_sip_uri_to_string (const PhoneSipUri *self)
{
  GString *out;
  g_autofree char *host = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (self->secure ? "sips:" : "sip:");
  if (self->user)
    {
      g_autofree char *user = phone_sip_uri_escape_user (self->user);

      g_string_append_printf (out, "%s@", user);
    }

  host = phone_sip_uri_format_host (self->host);
  g_string_append (out, host);
  if (self->port)
    g_string_append_printf (out, ":%u", self->port);
  if (self->transport == PHONE_TRANSPORT_TCP)
    g_string_append (out, ";transport=tcp");
  else if (self->transport == PHONE_TRANSPORT_UDP)
    g_string_append (out, ";transport=udp");
  else if (self->transport == PHONE_TRANSPORT_TLS && !self->secure)
    g_string_append (out, ";transport=tls");

  return g_string_free (out, FALSE);
}

/**
 * phone_sip_uri_to_number:
 * Returns: (transfer full): the address as a direct-IP number: `[user@]host[:port]`; calling it reaches the same place
 */
char *
phone_sip_uri_to_number (const PhoneSipUri *self)
{
  GString *out;
  g_autofree char *host = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);
  if (self->user)
    g_string_append_printf (out, "%s@", self->user);
  host = phone_sip_uri_format_host (self->host);
  g_string_append (out, host);
  if (self->port && self->port != 5060)
    g_string_append_printf (out, ":%u", self->port);

  return g_string_free (out, FALSE);
}
