/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:media-latch
 * @title: PhoneMediaLatch
 *
 * Decides whose packets are listened to and where ours go (symmetric RTP, RFC 4961). The rules:
 *
 * 1. Packets from the address in the other side's description count, from whatever port they come: that is where a NAT
 *    router put them, and ours go there from then on. While the port in use is alive, only the described one may take
 *    its place: other calls of the same host are not ours.
 * 2. Packets from another address count only when the described one is private, so that it may well be unreachable for
 *    us, and none has come from it yet; the first source is taken then and kept.
 * 3. As soon as a packet comes from the described address, rule 1 holds.
 *
 * Nobody else on the network can thus take over a call whose description has a public address. No lock.
 */
typedef struct {
  GInetAddress *described;     /* nullable: nobody yet */
  guint         described_port;
  GInetAddress *latched;       /* nullable */
  guint         latched_port;
  gboolean      confirmed;     /* heard from the described address */
  gint64        heard_us;      /* when the latched place was last heard */
} PhoneMediaLatch;

typedef enum {
  PHONE_MEDIA_LATCH_REFUSED,
  PHONE_MEDIA_LATCH_KNOWN,
  PHONE_MEDIA_LATCH_MOVED,     /* accepted, and from now on ours go to another place */
} PhoneMediaLatchVerdict;

void                    phone_media_latch_clear       (PhoneMediaLatch  *self);
void                    phone_media_latch_describe    (PhoneMediaLatch  *self,
                                                       GInetAddress     *address,
                                                       guint             port);
PhoneMediaLatchVerdict  phone_media_latch_check       (PhoneMediaLatch  *self,
                                                       GInetAddress     *address,
                                                       guint             port,
                                                       gboolean          plausible,
                                                       gint64            now_us);
GSocketAddress         *phone_media_latch_dup_target  (PhoneMediaLatch  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
