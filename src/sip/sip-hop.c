/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-hop.h"

#include "sip-resolver.h"
#include "sip-uri.h"

/**
 * phone_sip_hop_new:
 * Returns: (transfer full): a hop with copies of the strings
 */
PhoneSipHop *
phone_sip_hop_new (const char     *name,
                   const char     *address,
                   guint           port,
                   PhoneTransport  transport,
                   guint           ttl_s)
{
  PhoneSipHop *self;

  g_return_val_if_fail (name != NULL && address != NULL, NULL);
  g_return_val_if_fail (port > 0 && port <= 65535 && transport != PHONE_TRANSPORT_DNS, NULL);

  self = g_new0 (PhoneSipHop, 1);
  self->name = g_strdup (name);
  self->address = g_strdup (address);
  self->port = port;
  self->transport = transport;
  self->ttl_s = ttl_s;

  return self;
}

/**
 * phone_sip_hop_copy:
 * Returns: (transfer full): an independent copy
 */
PhoneSipHop *
phone_sip_hop_copy (const PhoneSipHop *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return phone_sip_hop_new (self->name, self->address, self->port, self->transport, self->ttl_s);
}

void
phone_sip_hop_free (PhoneSipHop *self)
{
  if (!self)
    return;

  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

/**
 * phone_sip_hop_equal:
 * Returns: whether both mean the same socket, whatever its name and however long it is known
 */
gboolean
phone_sip_hop_equal (const PhoneSipHop *a,
                     const PhoneSipHop *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->port == b->port && a->transport == b->transport && g_strcmp0 (a->address, b->address) == 0;
}

/**
 * phone_sip_hop_to_url:
 *
 * What the library is told as next hop. It must never look a name up itself; but the name is what it checks a certificate
 * against. Its `maddr` parameter (RFC 3261 §19.1.1) says both: the host is the name, maddr is where to connect to.
 *
 * Returns: (transfer full): a URL for NUTAG_PROXY
 */
char *
phone_sip_hop_to_url (const PhoneSipHop *self)
{
  g_autofree char *address = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  address = phone_sip_uri_format_host (self->address);
  switch (self->transport)
    {
    case PHONE_TRANSPORT_TCP:
      return g_strdup_printf ("sip:%s:%u;transport=tcp", address, self->port);
    case PHONE_TRANSPORT_TLS:
      if (phone_sip_is_address (self->name))
        return g_strdup_printf ("sip:%s:%u;transport=tls", address, self->port);
      return g_strdup_printf ("sip:%s:%u;transport=tls;maddr=%s", self->name, self->port, address);
    case PHONE_TRANSPORT_UDP:
    case PHONE_TRANSPORT_DNS:
      break;
    }

  return g_strdup_printf ("sip:%s:%u", address, self->port);
}

/**
 * phone_sip_hop_to_string:
 * Returns: (transfer full): for logs
 */
char *
phone_sip_hop_to_string (const PhoneSipHop *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%s %s:%u (%s)", phone_transport_to_string (self->transport), self->address, self->port, self->name);
}
