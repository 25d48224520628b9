/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-desc.h"

G_BEGIN_DECLS

#define PHONE_SIP_SDP_ERROR (phone_sip_sdp_error_quark ())
GQuark phone_sip_sdp_error_quark (void);
typedef enum {
  PHONE_SIP_SDP_ERROR_SYNTAX,
  PHONE_SIP_SDP_ERROR_SIZE,
} PhoneSipSdpError;

/**
 * PhoneSipSdpLine:
 * One m= line as it came; kept so that every one can be answered (RFC 3264 §6).
 */
typedef struct {
  char  *media;
  guint  port;
  char  *protocol;
  char  *formats;
} PhoneSipSdpLine;

/**
 * PhoneSipSdp:
 * @lines: (element-type PhoneSipSdpLine): all m= lines in order
 * @audio: index of the line we speak on, -1 when there is none for us
 * @desc: (nullable): that line as a neutral description
 * @plain: (nullable): the first plain line after a secure @desc; see phone_sip_sdp_prefer_plain()
 *
 * A session description of the other side.
 */
typedef struct {
  GPtrArray      *lines;
  int             audio;
  PhoneMediaDesc *desc;
  PhoneMediaDesc *plain;
  int             plain_audio;
  guint           shares;   /* private: references beside the first */
} PhoneSipSdp;

PhoneSipSdp *phone_sip_sdp_parse (const char   *text,
                                  gsize         length,
                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipSdp *phone_sip_sdp_ref   (PhoneSipSdp  *self) G_GNUC_WARN_UNUSED_RESULT;
void         phone_sip_sdp_prefer_plain (PhoneSipSdp *self);
void         phone_sip_sdp_free  (PhoneSipSdp  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipSdp, phone_sip_sdp_free)

/**
 * PhoneSipSdpOrigin:
 * The o= line of our side of a session; see phone_sip_sdp_write().
 */
typedef struct _PhoneSipSdpOrigin PhoneSipSdpOrigin;

PhoneSipSdpOrigin *phone_sip_sdp_origin_new  (guint64             id) G_GNUC_WARN_UNUSED_RESULT;
void               phone_sip_sdp_origin_free (PhoneSipSdpOrigin  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipSdpOrigin, phone_sip_sdp_origin_free)

char              *phone_sip_sdp_write       (PhoneSipSdpOrigin  *origin,
                                              PhoneMediaDesc     *desc,
                                              const PhoneSipSdp  *layout) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
