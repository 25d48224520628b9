/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-answers.h"

#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_tagarg.h>
#include <string.h>

/* Anew each time, so that it is no sign of a wrong password. */
#define CHALLENGE "Digest realm=\"script\", nonce=\"%08x%08x\", algorithm=MD5, qop=\"auth\""

static const ExchangeScriptRule *
find_rule (ExchangeScript *script,
           sip_t const    *sip)
{
  switch ((int) sip->sip_request->rq_method)
    {
    case sip_method_register:
      return exchange_script_take (script, "REGISTER", sip->sip_to ? sip->sip_to->a_url->url_user : NULL);
    case sip_method_invite:
      if (sip->sip_to && sip->sip_to->a_tag)
        return NULL;
      return exchange_script_take (script, "INVITE", sip->sip_request->rq_url->url_user);
    default:
      return NULL;
    }
}

static char *
format_contact (const char *target,
                const char *domain)
{
  if (g_ascii_strncasecmp (target, "sip:", 4) == 0 || g_ascii_strncasecmp (target, "sips:", 5) == 0)
    return g_strdup_printf ("<%s>", target);

  return g_strdup_printf ("<sip:%s@%s>", target, domain);
}

static const char *
get_phrase (guint status)
{
  const char *phrase = sip_status_phrase ((int) status);

  return phrase && *phrase ? phrase : "As the script says";
}

int
exchange_answers_give (ExchangeScript *script,
                       const char     *domain,
                       nta_incoming_t *request,
                       sip_t const    *sip)
{
  const ExchangeScriptRule *rule = script ? find_rule (script, sip) : NULL;
  g_autofree char *challenge = NULL;
  g_autofree char *contact = NULL;
  g_autofree char *retry_after = NULL;
  g_autofree char *min_expires = NULL;

  if (!rule)
    return EXCHANGE_NOT_SCRIPTED;

  g_info ("%s for %s: by the script %u", rule->method, rule->who ? rule->who : "anybody", rule->status);
  if (rule->status == 0)
    return 0;

  if (rule->status == 401 || rule->status == 407)
    challenge = g_strdup_printf (CHALLENGE, g_random_int (), g_random_int ());
  if (rule->target)
    contact = format_contact (rule->target, domain);
  if (rule->retry_after_s)
    retry_after = g_strdup_printf ("%u", rule->retry_after_s);
  if (rule->min_expires_s)
    min_expires = g_strdup_printf ("%u", rule->min_expires_s);
  nta_incoming_treply (request, (int) rule->status, get_phrase (rule->status),
                       TAG_IF (rule->status == 401, SIPTAG_WWW_AUTHENTICATE_STR (challenge)),
                       TAG_IF (rule->status == 407, SIPTAG_PROXY_AUTHENTICATE_STR (challenge)),
                       TAG_IF (contact, SIPTAG_CONTACT_STR (contact)),
                       TAG_IF (retry_after, SIPTAG_RETRY_AFTER_STR (retry_after)),
                       TAG_IF (min_expires, SIPTAG_MIN_EXPIRES_STR (min_expires)), TAG_END ());
  return (int) rule->status;
}
