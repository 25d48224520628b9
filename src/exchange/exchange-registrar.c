/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-registrar.h"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_tagarg.h>
#include <string.h>

#define MAX_CONTACT_BYTES 512
#define DEFAULT_EXPIRES_S 3600

static char *
dup_contact_uri (sip_contact_t const *contact)
{
  char text[MAX_CONTACT_BYTES];
  gssize length = url_e (text, sizeof text, contact->m_url);

  return length > 0 && length < (gssize) sizeof text ? g_strdup (text) : NULL;
}

/* Numeric addresses only: a name would have to be looked up while every call waits. */
static gboolean
is_reachable (url_t const *url)
{
  g_autofree char *host = url->url_host ? g_strdup (url->url_host) : NULL;
  gsize length = host ? strlen (host) : 0;

  if (url->url_type != url_sip || length == 0)
    return FALSE;
  if (host[0] == '[' && host[length - 1] == ']')
    {
      host[length - 1] = '\0';
      return g_hostname_is_ip_address (host + 1);
    }
  return g_hostname_is_ip_address (host);
}

/* How long this contact is wanted, 0 to take it away. */
static guint
wanted_s (sip_t const         *sip,
          sip_contact_t const *contact)
{
  if (contact->m_expires)
    return CLAMP (g_ascii_strtoll (contact->m_expires, NULL, 10), 0, G_MAXINT);
  if (sip->sip_expires)
    return MIN (sip->sip_expires->ex_delta, G_MAXINT);
  return DEFAULT_EXPIRES_S;
}

static gboolean
is_star (sip_contact_t const *contact)
{
  return contact && contact->m_url->url_type == url_any;
}

/* Checks all contacts before any is stored, since the request is one transaction. Returns 0 or the refusal. */
static int
check_contacts (ExchangeRegistrar *self,
                const char        *user,
                sip_t const       *sip)
{
  guint n = 0;

  if (is_star (sip->sip_contact))
    return sip->sip_contact->m_next || !sip->sip_expires || sip->sip_expires->ex_delta != 0 ? 400 : 0;

  for (sip_contact_t const *contact = sip->sip_contact; contact; contact = contact->m_next)
    {
      g_autofree char *uri = dup_contact_uri (contact);
      const guint seconds = wanted_s (sip, contact);

      if (!uri || !is_reachable (contact->m_url) || ++n > EXCHANGE_MAX_CONTACTS)
        return 400;
      if (seconds > 0 && seconds < self->min_expires_s)
        return 423;
      if (!exchange_locations_may_update (self->locations, user, uri, sip->sip_call_id->i_id, sip->sip_cseq->cs_seq))
        return 500;
    }

  return 0;
}

static void
store_contacts (ExchangeRegistrar *self,
                const char        *user,
                sip_t const       *sip)
{
  if (is_star (sip->sip_contact))
    {
      exchange_locations_clear (self->locations, user);
      return;
    }

  for (sip_contact_t const *contact = sip->sip_contact; contact; contact = contact->m_next)
    {
      g_autofree char *uri = dup_contact_uri (contact);
      const guint seconds = MIN (wanted_s (sip, contact), self->max_expires_s);

      exchange_locations_update (self->locations, user, uri, sip->sip_call_id->i_id, sip->sip_cseq->cs_seq, seconds,
                                 exchange_now_s ());
      g_info ("%s: %s for %u s", user, uri, seconds);
    }
}

static void
answer_with_bindings (ExchangeRegistrar *self,
                      nta_incoming_t    *request,
                      const char        *user)
{
  g_autoptr (GString) contacts = g_string_new (NULL);
  const gint64 now_s = exchange_now_s ();
  GPtrArray *bindings = exchange_locations_list (self->locations, user, now_s);

  for (guint i = 0; bindings && i < bindings->len; i++)
    {
      const ExchangeBinding *binding = g_ptr_array_index (bindings, i);

      g_string_append_printf (contacts, "%s<%s>;expires=%" G_GINT64_FORMAT, i ? ", " : "", binding->uri,
                              binding->expires_at_s - now_s);
    }
  nta_incoming_treply (request, SIP_200_OK, TAG_IF (contacts->len, SIPTAG_CONTACT_STR (contacts->str)), TAG_END ());
}

gint64
exchange_now_s (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

int
exchange_registrar_authorize (ExchangeRegistrar          *self,
                              nta_incoming_t             *request,
                              sip_authorization_t const  *credentials,
                              int                         status,
                              char                      **user)
{
  ExchangeAuthResult result = EXCHANGE_AUTH_MISSING;
  g_autofree char *challenge = NULL;

  g_return_val_if_fail (self && request, 500);

  for (; credentials && result == EXCHANGE_AUTH_MISSING; credentials = credentials->au_next)
    if (credentials->au_scheme && g_ascii_strcasecmp (credentials->au_scheme, "Digest") == 0)
      result = exchange_users_check (self->users, (const char * const *) credentials->au_params,
                                     nta_incoming_method_name (request), exchange_now_s (), user);

  switch (result)
    {
    case EXCHANGE_AUTH_OK:
      return 0;
    case EXCHANGE_AUTH_WRONG:
      nta_incoming_treply (request, SIP_403_FORBIDDEN, TAG_END ());
      return 403;
    case EXCHANGE_AUTH_MALFORMED:
      nta_incoming_treply (request, SIP_400_BAD_REQUEST, TAG_END ());
      return 400;
    case EXCHANGE_AUTH_MISSING:
    case EXCHANGE_AUTH_STALE:
      break;
    }

  challenge = exchange_users_make_challenge (self->users, result == EXCHANGE_AUTH_STALE, exchange_now_s ());
  if (status == 401)
    nta_incoming_treply (request, SIP_401_UNAUTHORIZED, SIPTAG_WWW_AUTHENTICATE_STR (challenge), TAG_END ());
  else
    nta_incoming_treply (request, SIP_407_PROXY_AUTH_REQUIRED, SIPTAG_PROXY_AUTHENTICATE_STR (challenge), TAG_END ());
  return status;
}

int
exchange_registrar_take (ExchangeRegistrar *self,
                         nta_incoming_t    *request,
                         sip_t const       *sip)
{
  const char *user = sip->sip_to ? sip->sip_to->a_url->url_user : NULL;
  g_autofree char *authorized = NULL;
  int refusal;

  g_return_val_if_fail (self && request, 500);

  if (!exchange_users_contains (self->users, user))
    {
      nta_incoming_treply (request, SIP_404_NOT_FOUND, TAG_END ());
      return 404;
    }
  refusal = exchange_registrar_authorize (self, request, sip->sip_authorization, 401, &authorized);
  if (refusal)
    return refusal;
  g_assert (user && authorized);
  if (strcmp (authorized, user) != 0)
    {
      nta_incoming_treply (request, SIP_403_FORBIDDEN, TAG_END ());
      return 403;
    }

  refusal = check_contacts (self, user, sip);
  if (refusal == 423)
    {
      g_autofree char *least = g_strdup_printf ("%u", self->min_expires_s);

      nta_incoming_treply (request, 423, "Interval Too Brief", SIPTAG_MIN_EXPIRES_STR (least), TAG_END ());
      return 423;
    }
  if (refusal)
    {
      nta_incoming_treply (request, refusal, sip_status_phrase (refusal), TAG_END ());
      return refusal;
    }

  store_contacts (self, user, sip);
  answer_with_bindings (self, request, user);
  return 200;
}
