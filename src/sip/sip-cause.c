/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-cause.h"

#include <sofia-sip/sip_status.h>

/*
 * What a status code means for us. Words for people are in engine/cause.c; here are only the phrases of the RFC and
 * what the library's own numbers (900 and above) stand for.
 */

static const struct {
  int         from;
  guint       to;
  const char *phrase;
} internal_codes[] = {
  { 900, 500, "Internal error" },
  { 901, 500, "Internal error" },
  { 904, 401, "No supported authentication method" },
  { 988, 488, "Not Acceptable Here" },
};

/**
 * phone_sip_cause_normalise:
 * @status: a status of the library: a SIP code or one of its own
 * @phrase: (nullable): the phrase that came with it
 * @text: (out) (transfer none): phrase to show
 *
 * Returns: a SIP status code, 300–699
 */
guint
phone_sip_cause_normalise (int          status,
                           const char  *phrase,
                           const char **text)
{
  for (guint i = 0; i < G_N_ELEMENTS (internal_codes); i++)
    {
      if (internal_codes[i].from == status)
        {
          *text = internal_codes[i].phrase;
          return internal_codes[i].to;
        }
    }

  if (status < 300 || status > 699)
    {
      *text = phrase && *phrase ? phrase : "Internal error";
      return 500;
    }

  *text = phrase && *phrase ? phrase : phone_sip_cause_get_phrase ((guint) status);
  return (guint) status;
}

const char *
phone_sip_cause_get_phrase (guint status)
{
  const char *phrase = sip_status_phrase ((int) status);

  return phrase ? phrase : "Unknown";
}

gboolean
phone_sip_cause_is_redirect (guint status)
{
  return status >= 300 && status < 400 && status != 304;
}

/**
 * phone_sip_cause_ends_call:
 * Returns: whether a request inside a call that is answered so ends the call (RFC 3261 §12.2.1.2, RFC 5057). The library
 *   ends it by itself then
 */
gboolean
phone_sip_cause_ends_call (guint status)
{
  switch (status)
    {
    case 404:
    case 408:
    case 410:
    case 416:
    case 480:
    case 481:
    case 482:
    case 483:
    case 484:
    case 485:
    case 501:
    case 604:
      return TRUE;
    default:
      return FALSE;
    }
}
