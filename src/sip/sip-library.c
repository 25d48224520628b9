/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-library.h"

#include <sofia-sip/su_uniqueid.h>

void
phone_sip_library_init (void)
{
  guint32 unused;

  /* The first random number makes the thread key. */
  su_randmem (&unused, sizeof unused);
}
