/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "link.h"

#include <string.h>

#define VISUAL_SEPARATORS "-.() "
#define NUMBER_CHARACTERS "0123456789*#ABCDabcd"

static char *
fail (GError    **error,
      const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);
  return NULL;
}

/* RFC 3966 §3: "+" and digits, or a local number with * # A–D; separators may stand anywhere. */
static char *
tel_to_number (const char *subscriber,
               GError    **error)
{
  g_autofree char *plain = g_uri_unescape_string (subscriber, NULL);
  g_autoptr (GString) number = g_string_new (NULL);

  if (!plain)
    return fail (error, "the tel link is not well formed");

  plain[strcspn (plain, ";?")] = '\0';
  for (const char *p = plain; *p; p++)
    {
      if (strchr (VISUAL_SEPARATORS, *p))
        continue;
      if ((*p == '+' && number->len == 0) || strchr (NUMBER_CHARACTERS, *p))
        g_string_append_c (number, *p);
      else
        return fail (error, "the tel link has no telephone number");
    }
  if (number->len == 0 || g_str_equal (number->str, "+"))
    return fail (error, "the tel link has no telephone number");

  return g_string_free (g_steal_pointer (&number), FALSE);
}

static char *
check_sip (const char *uri,
           GError    **error)
{
  g_autofree char *target = g_strndup (uri, strcspn (uri, "?"));
  char *rest = strchr (target, ':') + 1;

  /* "sip://1001@host" is what browsers and desktops make of a link that they take for a web address. */
  if (g_str_has_prefix (rest, "//"))
    memmove (rest, rest + 2, strlen (rest + 2) + 1);
  if (rest[0] == '\0' || strpbrk (rest, " <>\"\t"))
    return fail (error, "the sip link has no address");

  return g_steal_pointer (&target);
}

static gboolean
has_scheme (const char *text,
            const char *scheme)
{
  return g_ascii_strncasecmp (text, scheme, strlen (scheme)) == 0;
}

gboolean
phone_link_is_link (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return has_scheme (text, "tel:") || has_scheme (text, "sip:") || has_scheme (text, "sips:");
}

char *
phone_link_to_target (const char *text,
                      GError    **error)
{
  g_autofree char *stripped = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > PHONE_LINK_MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    return fail (error, "the number is too long or not UTF-8");
  for (const char *p = text; *p; p++)
    if (g_ascii_iscntrl (*p))
      return fail (error, "the number has a control character");

  stripped = g_strstrip (g_strdup (text));
  if (stripped[0] == '\0')
    return fail (error, "the number is empty");
  if (has_scheme (stripped, "tel:"))
    return tel_to_number (stripped + strlen ("tel:"), error);
  if (has_scheme (stripped, "sip:") || has_scheme (stripped, "sips:"))
    return check_sip (stripped, error);

  return g_steal_pointer (&stripped);
}
