/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * SECTION:media-chain
 * @title: PhoneMediaChain
 *
 * A row of GStreamer elements that works inside the call to phone_media_chain_push(): what goes in at one end has come
 * out at the other end when it returns. It has no thread, no queue and no clock, which codecs and payloaders do not
 * need. Any one thread at a time.
 */
typedef struct _PhoneMediaChain PhoneMediaChain;

/**
 * PhoneMediaChainFunc:
 * @buffer: (transfer none): what came out
 */
typedef void (*PhoneMediaChainFunc) (GstBuffer *buffer,
                                     gpointer   user_data);

PhoneMediaChain *phone_media_chain_new  (GPtrArray            *elements,
                                         GstCaps              *input,
                                         GstCaps              *output,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_media_chain_free (PhoneMediaChain      *self);
gboolean         phone_media_chain_push (PhoneMediaChain      *self,
                                         GstBuffer            *buffer,
                                         PhoneMediaChainFunc   func,
                                         gpointer              user_data);
gboolean         phone_media_chain_gap  (PhoneMediaChain      *self,
                                         GstClockTime          at,
                                         GstClockTime          duration,
                                         PhoneMediaChainFunc   func,
                                         gpointer              user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneMediaChain, phone_media_chain_free)

G_END_DECLS
