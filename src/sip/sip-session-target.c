/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session.h"

#include "sip-message.h"
#include "sip-resolver.h"
#include "sip-session-private.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>

/*
 * Where our requests inside a dialog go. The library would look at the route set, else at the other side's Contact, and ask
 * its own resolver when it finds a name there: that one may hang for seconds, and without a name server for ever. So the
 * library is told each time (NUTAG_PROXY) by address:
 *
 *   TLS                          by the account's connection: only there the server is known by its name (RFC 5923)
 *   outbound proxy in dialogs    by the proxy, when the setting says so
 *   first Record-Route           there, when it is an address
 *   Contact                      there, when it is an address; it moves with each target refresh (RFC 3261 §12.2)
 *   a name in either             to where the other side was reached, or came from, last
 */

static void
tell (PhoneSipSession *self,
      const char      *url)
{
  nua_handle_t *handle = phone_sip_session_get_handle (self);

  if (!handle || !url)
    return;

  nua_set_hparams (handle, NUTAG_PROXY (url), TAG_END ());
  g_free (self->dialog.next_hop);
  self->dialog.next_hop = g_strdup (url);
}

/* The URL of a hop, %NULL when it holds a name or nothing that can be used. */
static char *
format_hop (const url_t *url)
{
  g_autoptr (PhoneSipUri) hop = url ? phone_sip_message_read_url (url) : NULL;

  if (!hop || !phone_sip_is_address (hop->host))
    return NULL;

  g_clear_pointer (&hop->user, g_free);
  return phone_sip_uri_to_string (hop);
}

static void
follow (PhoneSipSession *self,
        const url_t     *url)
{
  g_autofree char *hop = format_hop (url);

  if (url)
    tell (self, hop ? hop : self->sender);
}

/**
 * phone_sip_session_start_at:
 * @hop: URL of where our INVITE goes
 *
 * A new attempt: nothing is known of the other side yet.
 */
void
phone_sip_session_start_at (PhoneSipSession *self,
                            const char      *hop)
{
  g_free (self->sender);
  self->sender = g_strdup (hop);
  g_free (self->dialog.next_hop);
  self->dialog.next_hop = g_strdup (hop);
  self->routed = self->hop->transport == PHONE_TRANSPORT_TLS ||
                 (self->registration && phone_sip_account_keeps_proxy (self->account));
}

/**
 * phone_sip_session_follow_answer:
 * @sip: a response to our INVITE that makes a dialog
 */
void
phone_sip_session_follow_answer (PhoneSipSession *self,
                                 const sip_t     *sip)
{
  const url_t *first = NULL;

  if (self->routed || !sip->sip_to || !sip->sip_to->a_tag)
    return;

  for (const sip_record_route_t *route = sip->sip_record_route; route; route = route->r_next)
    first = route->r_url; /* our first hop is their last */

  follow (self, first ? first : sip->sip_contact ? sip->sip_contact->m_url : NULL);
  if (first && sip->sip_status && sip->sip_status->st_status >= 200)
    self->routed = TRUE;
}

/**
 * phone_sip_session_follow_caller:
 * @sip: the INVITE that made the dialog
 * @sender: (nullable): URL of who sent it to us
 */
void
phone_sip_session_follow_caller (PhoneSipSession *self,
                                 const sip_t     *sip,
                                 PhoneTransport   transport,
                                 const char      *sender)
{
  PhoneSipRegistration *registration = self->account ? phone_sip_account_get_registration (self->account) : NULL;
  const PhoneSipHop *hop = registration ? phone_sip_route_peek (phone_sip_registration_get_route (registration)) : NULL;

  g_free (self->sender);
  self->sender = g_strdup (sender);
  if (hop && ((transport == PHONE_TRANSPORT_TLS && hop->transport == PHONE_TRANSPORT_TLS) ||
              phone_sip_account_keeps_proxy (self->account)))
    {
      g_autofree char *url = phone_sip_hop_to_url (hop);

      tell (self, url);
      self->routed = TRUE;
      return;
    }

  self->routed = sip->sip_record_route != NULL;
  follow (self, sip->sip_record_route ? sip->sip_record_route->r_url : sip->sip_contact ? sip->sip_contact->m_url : NULL);
}

/**
 * phone_sip_session_follow_refresh:
 * @sip: (nullable): a re-INVITE or UPDATE of theirs, or the 2xx to one of ours
 */
void
phone_sip_session_follow_refresh (PhoneSipSession *self,
                                  const sip_t     *sip)
{
  if (!self->routed && sip && sip->sip_contact)
    follow (self, sip->sip_contact->m_url);
}
