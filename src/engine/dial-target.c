/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "dial-target.h"

#include <gio/gio.h>
#include <string.h>

/* From the outside to the inside: trim, take the scheme off, split at the last '@', tell the host's kind. The text may
 * come from a web page: nothing but user, host, port and transport of a link is ever used, and no header it carries. */

#define MAX_LENGTH 255
#define MAX_HOST_LENGTH 253

/* RFC 3986 unreserved and RFC 3261 §25.1 user-unreserved: what stands in a user part as it is. */
#define UNRESERVED_MARKS "-_.!~*'()"
#define USER_MARKS UNRESERVED_MARKS "&=+$,;?/"

/* Characters that only help the eye (RFC 3966 §5.1.1), with the blank and the slash people write. */
#define VISUAL_SEPARATORS "-.()/ "

#define DEFAULT_FILTER ","

G_DEFINE_QUARK (phone-dial-target-error-quark, phone_dial_target_error)

/**
 * phone_dial_target_free:
 * @self: (nullable):
 */
void
phone_dial_target_free (PhoneDialTarget *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->host);
  g_free (self->number);
  g_free (self);
}

static gboolean
fail (GError **error,
      PhoneDialTargetError code,
      const char *message)
{
  g_set_error_literal (error, PHONE_DIAL_TARGET_ERROR, (gint) code, message);
  return FALSE;
}

static gboolean
is_user_character (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr (USER_MARKS, c) != NULL);
}

static gboolean
is_escape (const char *at)
{
  return at[0] == '%' && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2]);
}

/* An escaped unreserved character is the same as the plain one, any other is not (RFC 3261 §19.1.4). */
static void
append_escape (GString *escaped,
               const char *at)
{
  char c = (char) (g_ascii_xdigit_value (at[1]) << 4 | g_ascii_xdigit_value (at[2]));

  if (g_ascii_isalnum (c) || (c != '\0' && strchr (UNRESERVED_MARKS, c) != NULL))
    g_string_append_c (escaped, c);
  else
    g_string_append_printf (escaped, "%%%02X", (guint) (guchar) c);
}

/* With @keep_escapes, %HH is an escape already. */
static char *
escape_user (const char *user,
             gboolean keep_escapes)
{
  GString *escaped = g_string_sized_new (strlen (user) + 8);

  for (const char *at = user; *at != '\0'; at++)
    {
      if (is_user_character (*at))
        g_string_append_c (escaped, *at);
      else if (keep_escapes && is_escape (at))
        {
          append_escape (escaped, at);
          at += 2;
        }
      else
        g_string_append_printf (escaped, "%%%02X", (guint) (guchar) *at);
    }
  return g_string_free (escaped, FALSE);
}

/**
 * phone_dial_escape_user:
 * @user: UTF-8 text
 *
 * Returns: (transfer full): @user as the user part of a SIP URI (RFC 3261 §25.1); `#` becomes %23
 */
char *
phone_dial_escape_user (const char *user)
{
  g_return_val_if_fail (user != NULL, NULL);

  return escape_user (user, FALSE);
}

/* The user part as people read it. Stays escaped when the plain form would not be read back as the same. */
static char *
readable_user (const char *escaped)
{
  g_autofree char *plain = g_uri_unescape_string (escaped, NULL);
  g_autofree char *again = NULL;

  if (plain == NULL || !g_utf8_validate (plain, -1, NULL) || plain[0] == '\0' || strpbrk (plain, "%@:<>\"\\[]") != NULL)
    return g_strdup (escaped);
  again = escape_user (plain, TRUE);
  if (strcmp (again, escaped) != 0)
    return g_strdup (escaped);
  for (const char *at = plain; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isgraph (g_utf8_get_char (at)))
      return g_strdup (escaped);
  return g_steal_pointer (&plain);
}

/* Hosts -------------------------------------------------------------------------------------------------------------- */

static gboolean
can_be_called (GInetAddress *address)
{
  g_autoptr (GInetAddress) broadcast = g_inet_address_new_from_string ("255.255.255.255");

  return !g_inet_address_get_is_any (address) && !g_inet_address_get_is_multicast (address)
         && !g_inet_address_equal (address, broadcast);
}

/* "10.0.0.1", with @stars "10*0*0*1" as well; leading zeros are decimal, as on the phone's own address pages.
 * Tells by @looks_like whether the text has the form of one. */
static GInetAddress *
parse_ipv4 (const char *text,
            gboolean stars,
            gboolean *looks_like)
{
  guint8 bytes[4] = { 0 };
  gboolean in_range = TRUE;

  *looks_like = FALSE;
  for (guint i = 0; i < 4; i++)
    {
      gsize n_digits = strspn (text, "0123456789");
      guint64 value;

      if (n_digits < 1 || n_digits > 3)
        return NULL;
      value = g_ascii_strtoull (text, NULL, 10);
      in_range = in_range && value <= 255;
      bytes[i] = (guint8) value;
      text += n_digits;
      if (i == 3 ? *text != '\0' : !(*text == '.' || (stars && *text == '*')))
        return NULL;
      text++;
    }
  *looks_like = TRUE;
  return in_range ? g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4) : NULL;
}

static gboolean
is_domain (const char *host)
{
  gsize length = strlen (host);

  if (length == 0 || length > MAX_HOST_LENGTH || strspn (host, "-.") > 0 || strstr (host, "..") != NULL)
    return FALSE;
  for (const char *at = host; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-._", *at) == NULL)
      return FALSE;
  return TRUE;
}

/* Fills in host and tells by @is_address whether it is an IP literal; @host without brackets. */
static gboolean
take_host (PhoneDialTarget *self,
           const char *host,
           gboolean bracketed,
           gboolean *is_address,
           GError **error)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *ascii = NULL;
  gboolean looks_like;

  address = parse_ipv4 (host, TRUE, &looks_like);
  if (bracketed || (strchr (host, ':') != NULL && !looks_like))
    {
      g_clear_object (&address);
      looks_like = TRUE;
      if (strchr (host, ':') != NULL && strlen (host) < 46)
        address = g_inet_address_new_from_string (host);
    }
  *is_address = looks_like;
  if (looks_like)
    {
      if (address == NULL || !can_be_called (address))
        return fail (error, PHONE_DIAL_TARGET_ERROR_HOST, "this IP address cannot be called");
      self->host = g_inet_address_to_string (address);
      return TRUE;
    }

  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL || !is_domain (ascii))
    return fail (error, PHONE_DIAL_TARGET_ERROR_HOST, "this is not the name of a host");
  self->host = g_ascii_strdown (ascii, -1);
  return TRUE;
}

static gboolean
take_port (PhoneDialTarget *self,
           const char *text,
           GError **error)
{
  guint64 port;

  if (!g_ascii_isdigit (text[0]) || !g_ascii_string_to_unsigned (text, 10, 1, 65535, &port, NULL))
    return fail (error, PHONE_DIAL_TARGET_ERROR_PORT, "a port is a number from 1 to 65535");
  self->port = (guint) port;
  return TRUE;
}

/* "host", "host:port", "[ipv6]", "[ipv6]:port" or a bare IPv6 address. */
static gboolean
take_host_port (PhoneDialTarget *self,
                const char *text,
                gboolean *is_address,
                GError **error)
{
  g_autofree char *host = NULL;
  const char *colon;
  gboolean bracketed = text[0] == '[';

  if (bracketed)
    {
      const char *end = strchr (text, ']');

      if (end == NULL || (end[1] != '\0' && end[1] != ':'))
        return fail (error, PHONE_DIAL_TARGET_ERROR_HOST, "a bracket is missing around the IP address");
      host = g_strndup (text + 1, (gsize) (end - text - 1));
      colon = end[1] == ':' ? end + 1 : NULL;
    }
  else
    {
      colon = strchr (text, ':');
      /* Two colons: an IPv6 address without brackets, which can have no port. */
      if (colon != NULL && strchr (colon + 1, ':') != NULL)
        colon = NULL;
      host = colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
    }
  if (colon != NULL && !take_port (self, colon + 1, error))
    return FALSE;
  return take_host (self, host, bracketed, is_address, error);
}

static char *
format_host_port (const PhoneDialTarget *self)
{
  gboolean brackets = strchr (self->host, ':') != NULL;
  g_autofree char *port = self->port != 0 ? g_strdup_printf (":%u", self->port) : g_strdup ("");

  return g_strconcat (brackets ? "[" : "", self->host, brackets ? "]" : "", port, NULL);
}

/* Numbers ------------------------------------------------------------------------------------------------------------ */

/* Whether the text is a telephone number with nothing but separators between its digits. */
static gboolean
is_number_like (const char *text,
                const char *filter)
{
  gboolean has_digit = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c < 128 && (g_ascii_isdigit ((char) c) || c == '*' || c == '#'))
        has_digit = TRUE;
      else if (c != '+' && !(c < 128 && strchr (VISUAL_SEPARATORS, (int) c) != NULL) && !g_unichar_isspace (c)
               && g_utf8_strchr (filter, -1, c) == NULL)
        return FALSE;
    }
  return has_digit;
}

/* Only what a dial pad has. "+49 (0)89" is how some write what is dialled +4989. */
static char *
strip_number (const char *text)
{
  GString *number = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      if (number->len > 0 && number->str[0] == '+' && g_str_has_prefix (at, "(0)"))
        at += 2;
      else if (g_ascii_isdigit (*at) || *at == '*' || *at == '#' || *at == '+')
        g_string_append_c (number, *at);
    }
  return g_string_free (number, FALSE);
}

static gboolean
take_number (PhoneDialTarget *self,
             const char *text)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *readable = NULL;
  gboolean looks_like;

  self->kind = PHONE_DIAL_NUMBER;
  self->user = escape_user (text, TRUE);
  self->host = g_strdup ("");
  readable = readable_user (self->user);
  /* A number that reads as an IP address can only be told from one by its scheme. */
  address = parse_ipv4 (readable, TRUE, &looks_like);
  self->number = g_strconcat (address != NULL ? "tel:" : "", readable, NULL);
  return TRUE;
}

/* RFC 3966: the parameters (phone-context, ext, isub) say nothing a desk phone can dial. */
static gboolean
parse_tel (PhoneDialTarget *self,
           const char *text,
           GError **error)
{
  g_autofree char *plain = g_uri_unescape_segment (text, text + strcspn (text, ";?"), NULL);
  g_autofree char *number = NULL;

  if (plain == NULL || !g_utf8_validate (plain, -1, NULL) || !is_number_like (plain, ""))
    return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "this is not a telephone number");
  number = strip_number (plain);
  return take_number (self, number);
}

/* Addresses ---------------------------------------------------------------------------------------------------------- */

static gboolean
check_escapes (const char *user,
               GError **error)
{
  for (const char *at = user; *at != '\0'; at++)
    if (*at == '%' && (!is_escape (at) || g_str_has_prefix (at, "%00")))
      return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "‘%’ must be followed by two hexadecimal digits");
  return TRUE;
}

/* The part of the address after '@', with the user part already taken. */
static gboolean
finish_address (PhoneDialTarget *self,
                const char *host_port,
                GError **error)
{
  g_autofree char *shown_host = NULL;
  g_autofree char *shown_user = NULL;
  gboolean is_address;

  if (!take_host_port (self, host_port, &is_address, error))
    return FALSE;
  /* It could not be told from a number when it is read back. */
  if (!is_address && self->user[0] == '\0' && self->port == 0 && strchr (self->host, '.') == NULL)
    return fail (error, PHONE_DIAL_TARGET_ERROR_HOST, "this is not the name of a host");
  self->kind = is_address ? PHONE_DIAL_ADDRESS : PHONE_DIAL_URI;
  shown_host = format_host_port (self);
  shown_user = readable_user (self->user);
  if (self->user[0] != '\0')
    self->number = g_strconcat (shown_user, "@", shown_host, NULL);
  else
    self->number = g_strconcat (is_address ? "" : "sip:", shown_host, NULL);
  return TRUE;
}

/* "user@host", with @in_uri "user:password@host" as well: nobody sends a password because a link says so. */
static gboolean
parse_address (PhoneDialTarget *self,
               const char *text,
               gboolean in_uri,
               GError **error)
{
  const char *at = strrchr (text, '@');
  g_autofree char *user = g_strndup (text, (gsize) (at - text));
  char *colon = strchr (user, ':');

  if (colon != NULL && !in_uri)
    return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "this kind of address cannot be called");
  if (colon != NULL)
    *colon = '\0';
  if (user[0] == '\0')
    return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "there is nothing before the ‘@’");
  if (!check_escapes (user, error))
    return FALSE;
  self->user = escape_user (user, TRUE);
  return finish_address (self, at + 1, error);
}

static gboolean
take_parameters (PhoneDialTarget *self,
                 const char *parameters,
                 GError **error)
{
  g_auto (GStrv) parts = g_strsplit (parameters, ";", -1);
  static const struct
  {
    const char *parameter;
    PhoneTransport transport;
  } transports[] = {
    { "transport=udp", PHONE_TRANSPORT_UDP },
    { "transport=tcp", PHONE_TRANSPORT_TCP },
    { "transport=tls", PHONE_TRANSPORT_TLS },
  };

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (g_ascii_strncasecmp (parts[i], "transport=", strlen ("transport=")) != 0)
        continue;
      for (gsize j = 0; j < G_N_ELEMENTS (transports); j++)
        if (g_ascii_strcasecmp (parts[i], transports[j].parameter) == 0)
          {
            self->has_transport = TRUE;
            self->transport = transports[j].transport;
          }
      if (!self->has_transport)
        return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "this transport is not known here");
    }
  return TRUE;
}

static gboolean
check_name (const char *text,
            GError **error)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (strchr (":<>\"\\[]", *at) != NULL || g_unichar_isspace (g_utf8_get_char (at)) || g_str_has_prefix (at, "%00"))
      return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "this is neither a number nor an address");
  return TRUE;
}

/* Typed or pasted without a scheme. */
static gboolean
parse_plain (PhoneDialTarget *self,
             const char *text,
             const char *filter,
             GError **error)
{
  g_autofree char *plain = NULL;
  g_autofree char *number = NULL;
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;
  gboolean looks_like;

  if (strchr (text, '@') != NULL)
    return parse_address (self, text, FALSE, error);
  if (strchr (text, '%') != NULL && text[0] != '[')
    {
      g_autofree char *escaped = NULL;

      if (!check_name (text, error))
        return FALSE;
      escaped = escape_user (text, TRUE);
      text = plain = readable_user (escaped);
    }

  host = g_strndup (text, strcspn (text, ":"));
  address = parse_ipv4 (host, TRUE, &looks_like);
  /* 300*1*1*1 may be a service code; with dots it can only be a mistyped address. */
  if (address != NULL || (looks_like && strchr (host, '*') == NULL) || text[0] == '['
      || (strchr (text, ':') != NULL && g_hostname_is_ip_address (text)))
    {
      self->user = g_strdup ("");
      return finish_address (self, text, error);
    }
  if (is_number_like (text, filter))
    {
      number = strip_number (text);
      address = parse_ipv4 (number, TRUE, &looks_like);
      if (address == NULL)
        return take_number (self, number);
      self->user = g_strdup ("");
      return finish_address (self, number, error);
    }
  if (!check_name (text, error))
    return FALSE;
  return take_number (self, text);
}

/* What follows "sip:" or "sips:". */
static gboolean
parse_sip (PhoneDialTarget *self,
           const char *text,
           const char *filter,
           GError **error)
{
  g_autofree char *address = NULL;
  const char *at;
  const char *end;

  if (g_str_has_prefix (text, "//"))
    text += 2;
  /* ';' and '?' may stand in the user part, so the end of the address is looked for behind it. */
  at = strrchr (text, '@');
  end = (at != NULL ? at : text) + strcspn (at != NULL ? at : text, ";?");
  address = g_strndup (text, (gsize) (end - text));
  if (*end == ';')
    {
      g_autofree char *parameters = g_strndup (end + 1, strcspn (end + 1, "?"));

      if (!take_parameters (self, parameters, error))
        return FALSE;
    }
  if (at != NULL)
    return parse_address (self, address, TRUE, error);
  /* "sip:1001": people mean the number, although the grammar says a host. */
  if (address[0] != '\0' && strpbrk (address, ".:[") == NULL)
    {
      g_autofree char *readable = NULL;

      g_autofree char *escaped = NULL;

      if (!check_escapes (address, error))
        return FALSE;
      escaped = escape_user (address, TRUE);
      readable = readable_user (escaped);
      return parse_plain (self, readable, filter, error);
    }
  self->user = g_strdup ("");
  return finish_address (self, address, error);
}

static gboolean
take_scheme (const char **text,
             const char *scheme)
{
  gsize length = strlen (scheme);

  if (g_ascii_strncasecmp (*text, scheme, length) != 0)
    return FALSE;
  *text += length;
  return TRUE;
}

static gboolean
check_text (const char *text,
            GError **error)
{
  if (text[0] == '\0')
    return fail (error, PHONE_DIAL_TARGET_ERROR_EMPTY, "there is nothing to dial");
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "a control character cannot be dialled");
  return TRUE;
}

static gboolean
parse_by_scheme (PhoneDialTarget *self,
                 const char *text,
                 const char *filter,
                 GError **error)
{
  if (take_scheme (&text, "tel:"))
    return parse_tel (self, text, error);
  if (take_scheme (&text, "sip:"))
    return parse_sip (self, text, filter, error);
  if (take_scheme (&text, "sips:"))
    {
      self->secure = TRUE;
      return parse_sip (self, text, filter, error);
    }
  return parse_plain (self, text, filter, error);
}

/**
 * phone_dial_target_parse:
 * @text: what was typed, pasted, or stands in a link: a number, "user@host", an IP address ("10.0.0.1", "10*0*0*1",
 *   "[::1]", each with ":port"), a `sip:`, `sips:` or `tel:` URI; may stand between '<' and '>'
 * @filter: (nullable): further characters that are left out of numbers, `features.call_num_filter`; never digits
 *
 * Separators for the eye are taken out of numbers. Of a SIP URI the user, host, port and transport count; its password
 * and headers are dropped.
 *
 * Returns: (transfer full) (nullable): the target, or %NULL with @error in %PHONE_DIAL_TARGET_ERROR
 */
PhoneDialTarget *
phone_dial_target_parse (const char *text,
                         const char *filter,
                         GError **error)
{
  g_autoptr (PhoneDialTarget) self = NULL;
  g_autofree char *trimmed = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (filter == NULL)
    filter = DEFAULT_FILTER;
  if (strnlen (text, MAX_LENGTH + 1) > MAX_LENGTH)
    return fail (error, PHONE_DIAL_TARGET_ERROR_LENGTH, "this is too long to be dialled"), NULL;
  if (!g_utf8_validate (text, -1, NULL) || !g_utf8_validate (filter, -1, NULL))
    return fail (error, PHONE_DIAL_TARGET_ERROR_SYNTAX, "the text is not valid UTF-8"), NULL;

  trimmed = g_strstrip (g_strdup (text));
  if (trimmed[0] == '<' && g_str_has_suffix (trimmed, ">"))
    {
      trimmed[strlen (trimmed) - 1] = '\0';
      memmove (trimmed, trimmed + 1, strlen (trimmed));
      g_strstrip (trimmed);
    }
  if (!check_text (trimmed, error))
    return NULL;

  self = g_new0 (PhoneDialTarget, 1);
  if (!parse_by_scheme (self, trimmed, filter, error))
    return NULL;
  /* Escapes may have made it longer than what can be dialled again. */
  if (strlen (self->number) > MAX_LENGTH)
    return fail (error, PHONE_DIAL_TARGET_ERROR_LENGTH, "this is too long to be dialled"), NULL;
  return g_steal_pointer (&self);
}

/**
 * phone_dial_target_dup_target:
 * @pound_as_23: `sip.use_23_as_pound`: whether a `#` of a number goes out as %23 (RFC 3261) or as it is
 *
 * Returns: (transfer full): what phone_signaling_invite() takes: the user part of a number, a SIP URI, or for an IP
 *   address "[user@]host[:port]", a SIP URI as well when it says how to get there
 */
char *
phone_dial_target_dup_target (const PhoneDialTarget *self,
                              gboolean pound_as_23)
{
  g_autofree char *host_port = NULL;
  g_autofree char *user = NULL;
  const char *at;

  g_return_val_if_fail (self != NULL, NULL);

  user = g_strdup (self->user);
  if (!pound_as_23)
    {
      g_auto (GStrv) parts = g_strsplit (self->user, "%23", -1);

      g_free (user);
      user = g_strjoinv ("#", parts);
    }
  if (self->kind == PHONE_DIAL_NUMBER)
    return g_steal_pointer (&user);

  host_port = format_host_port (self);
  at = user[0] != '\0' ? "@" : "";
  /* What was asked for is not left out: a secure address must never be called in the clear. */
  if (self->kind == PHONE_DIAL_ADDRESS && !self->secure && !self->has_transport)
    return g_strconcat (user, at, host_port, NULL);
  return g_strconcat (self->secure ? "sips:" : "sip:", user, at, host_port,
                      self->has_transport ? ";transport=" : "",
                      self->has_transport ? phone_transport_to_string (self->transport) : "", NULL);
}
