/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-resolver.h"

gboolean
phone_sip_is_address (const char *host)
{
  g_return_val_if_fail (host != NULL, FALSE);

  return g_hostname_is_ip_address (host);
}
