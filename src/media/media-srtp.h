/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-crypto.h"

G_BEGIN_DECLS

/**
 * SECTION:media-srtp
 * @title: PhoneSrtp
 *
 * One direction of an encrypted stream (RFC 3711): RTP and RTCP under one key, by libsrtp. Any thread: it has a lock.
 */
typedef struct _PhoneSrtp PhoneSrtp;

/** PHONE_SRTP_ROOM: bytes that a packet may grow by when it is protected. */
#define PHONE_SRTP_ROOM 160

gboolean   phone_srtp_is_supported   (PhoneCryptoSuite         suite);
void       phone_srtp_make_key       (PhoneMediaCrypto        *crypto,
                                      PhoneCryptoSuite         suite,
                                      guint                    tag);
PhoneSrtp *phone_srtp_new            (const PhoneMediaCrypto  *crypto,
                                      gboolean                 inbound,
                                      GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneSrtp *phone_srtp_ref            (PhoneSrtp               *self);
void       phone_srtp_unref          (PhoneSrtp               *self);
gboolean   phone_srtp_has_key        (PhoneSrtp               *self,
                                      const PhoneMediaCrypto  *crypto);
gboolean   phone_srtp_protect        (PhoneSrtp               *self,
                                      guint8                  *packet,
                                      gsize                   *length,
                                      gboolean                 rtcp);
gboolean   phone_srtp_unprotect      (PhoneSrtp               *self,
                                      guint8                  *packet,
                                      gsize                   *length,
                                      gboolean                 rtcp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSrtp, phone_srtp_unref)

G_END_DECLS
