/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-latch.h"

/* A place that was silent for so long has been left. */
#define SILENT_US (G_USEC_PER_SEC / 2)

void
phone_media_latch_clear (PhoneMediaLatch *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->described);
  g_clear_object (&self->latched);
  self->described_port = 0;
  self->latched_port = 0;
  self->confirmed = FALSE;
  self->heard_us = 0;
}

static gboolean
same_address (GInetAddress *a,
              GInetAddress *b)
{
  return a != NULL && b != NULL && g_inet_address_equal (a, b);
}

/* Addresses that mean nothing outside of their own network (RFC 1918, 6598, 4193). */
static gboolean
is_private (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address))
    return TRUE;
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    return (bytes[0] & 0xfe) == 0xfc;
  return bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
}

/**
 * phone_media_latch_describe:
 * @address: (nullable): where the other side says it is; %NULL or the unspecified address: nowhere
 * @port: its port
 *
 * The same place again changes nothing; a new one starts anew.
 */
void
phone_media_latch_describe (PhoneMediaLatch *self,
                            GInetAddress    *address,
                            guint            port)
{
  g_return_if_fail (self != NULL);

  if (address != NULL && (g_inet_address_get_is_any (address) || port == 0))
    address = NULL;
  if (address == NULL)
    {
      phone_media_latch_clear (self);
      return;
    }
  if (same_address (self->described, address) && self->described_port == port)
    return;
  phone_media_latch_clear (self);
  self->described = g_object_ref (address);
  self->described_port = port;
}

/**
 * phone_media_latch_check:
 * @address: where a packet came from
 * @port: its port
 * @plausible: whether the packet looks like one of this call (RTP of a negotiated payload type)
 * @now_us: when it came
 */
PhoneMediaLatchVerdict
phone_media_latch_check (PhoneMediaLatch *self,
                         GInetAddress    *address,
                         guint            port,
                         gboolean         plausible,
                         gint64           now_us)
{
  gboolean from_described;
  gboolean moved;

  g_return_val_if_fail (self != NULL && address != NULL, PHONE_MEDIA_LATCH_REFUSED);

  if (self->described == NULL)
    return PHONE_MEDIA_LATCH_REFUSED;
  from_described = same_address (self->described, address);
  if (same_address (self->latched, address) && self->latched_port == port)
    {
      self->confirmed = self->confirmed || from_described;
      self->heard_us = now_us;
      return PHONE_MEDIA_LATCH_KNOWN;
    }
  if (!plausible)
    return PHONE_MEDIA_LATCH_REFUSED;
  if (from_described && port != self->described_port && same_address (self->latched, address)
      && now_us - self->heard_us < SILENT_US)
    return PHONE_MEDIA_LATCH_REFUSED;
  if (!from_described && (self->confirmed || self->latched != NULL || !is_private (self->described)))
    return PHONE_MEDIA_LATCH_REFUSED;

  moved = self->latched != NULL || !from_described || port != self->described_port;
  g_set_object (&self->latched, address);
  self->latched_port = port;
  self->heard_us = now_us;
  self->confirmed = self->confirmed || from_described;
  return moved ? PHONE_MEDIA_LATCH_MOVED : PHONE_MEDIA_LATCH_KNOWN;
}

/**
 * phone_media_latch_dup_target:
 * Returns: (transfer full) (nullable): where our packets go
 */
GSocketAddress *
phone_media_latch_dup_target (PhoneMediaLatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->latched != NULL)
    return g_inet_socket_address_new (self->latched, (guint16) self->latched_port);
  if (self->described != NULL)
    return g_inet_socket_address_new (self->described, (guint16) self->described_port);
  return NULL;
}
