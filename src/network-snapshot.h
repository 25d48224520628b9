/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"

G_BEGIN_DECLS

/**
 * SECTION:network-snapshot
 * @title: PhoneNetworkSnapshot
 *
 * What can be seen of the machine's network at one moment: addresses of interfaces that are up and have a carrier, and the
 * address that packets to elsewhere leave from. A value; comparing two says what happened in between.
 */
typedef struct {
  GPtrArray *addresses;     /* "eth0 192.0.2.1", sorted; the loopback's as well */
  char      *route4;        /* nullable: source of what goes to the rest of the world */
  char      *route6;
} PhoneNetworkSnapshot;

PhoneNetworkSnapshot *phone_network_snapshot_new       (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneNetworkSnapshot *phone_network_snapshot_take      (void) G_GNUC_WARN_UNUSED_RESULT;
void                  phone_network_snapshot_free      (PhoneNetworkSnapshot       *self);
void                  phone_network_snapshot_add       (PhoneNetworkSnapshot       *self,
                                                        const char                 *interface,
                                                        const char                 *address);
gboolean              phone_network_snapshot_has       (const PhoneNetworkSnapshot *self,
                                                        const char                 *interface,
                                                        const char                 *address);
gboolean              phone_network_snapshot_is_usable (const PhoneNetworkSnapshot *self,
                                                        const char                 *bind_address);
gboolean              phone_network_snapshot_judge     (const PhoneNetworkSnapshot *before,
                                                        const PhoneNetworkSnapshot *now,
                                                        const char                 *bind_address,
                                                        gboolean                    interrupted,
                                                        PhoneNetworkNews           *news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneNetworkSnapshot, phone_network_snapshot_free)

G_END_DECLS
