/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PhoneMediaPorts:
 * The sockets of a call: RTP on an even port, RTCP on the next one. Both directions use them (symmetric RTP).
 */
typedef struct {
  GSocket *rtp;
  GSocket *rtcp;
  guint    rtp_port;
  guint    rtcp_port;
} PhoneMediaPorts;

PhoneMediaPorts *phone_media_ports_open  (const char       *address,
                                          guint             port_min,
                                          guint             port_max,
                                          guint            *next_port,
                                          GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_media_ports_mark  (PhoneMediaPorts  *self,
                                          guint             dscp);
void             phone_media_ports_close (PhoneMediaPorts  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneMediaPorts, phone_media_ports_close)

G_END_DECLS
