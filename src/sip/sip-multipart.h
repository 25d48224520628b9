/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PHONE_SIP_MULTIPART_MAX_DEPTH 3
#define PHONE_SIP_MULTIPART_MAX_PARTS 16

/**
 * PhoneSipMultipart:
 * What a multipart body has for us.
 */
typedef enum {
  PHONE_SIP_MULTIPART_NONE,       /* nothing, and nothing that had to be understood */
  PHONE_SIP_MULTIPART_SDP,
  PHONE_SIP_MULTIPART_REQUIRED,   /* a part that has to be understood and is not: 415 */
  PHONE_SIP_MULTIPART_BROKEN,     /* 400 */
} PhoneSipMultipart;

PhoneSipMultipart phone_sip_multipart_find_sdp (const char  *type,
                                                const char  *body,
                                                gsize        length,
                                                const char **sdp,
                                                gsize       *sdp_length);

G_END_DECLS
