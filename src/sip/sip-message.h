/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sofia-sip/sip.h>

#include "sip-sdp.h"
#include "sip-session-timer.h"
#include "sip-uri.h"

G_BEGIN_DECLS

/**
 * PhoneSipBody:
 * What a message carries.
 */
typedef enum {
  PHONE_SIP_BODY_NONE,
  PHONE_SIP_BODY_SDP,
  PHONE_SIP_BODY_OTHER,     /* not for us: 415 */
  PHONE_SIP_BODY_BROKEN,    /* says it is SDP and is not: 400 */
} PhoneSipBody;

char         *phone_sip_message_dup_text      (const char      *text) G_GNUC_WARN_UNUSED_RESULT;
char         *phone_sip_message_dup_name      (const char      *display) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipUri  *phone_sip_message_read_url      (const url_t     *url) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipBody  phone_sip_message_read_body     (const sip_t     *sip,
                                               PhoneSipSdp    **sdp);
gboolean      phone_sip_message_accepts_sdp   (const sip_t     *sip);
gboolean      phone_sip_message_wants_answer  (const sip_t     *sip);
char         *phone_sip_message_dup_header    (const sip_t     *sip,
                                               const char      *name) G_GNUC_WARN_UNUSED_RESULT;
int           phone_sip_message_read_digit    (const sip_t     *sip);
gboolean      phone_sip_message_has_feature   (const sip_t     *sip,
                                               const char      *feature,
                                               gboolean         required);
gboolean      phone_sip_message_read_reliable (const sip_t     *sip,
                                               sip_rack_t      *rack);
PhoneSipSessionTimerHeaders phone_sip_message_read_session_timer (const sip_t *sip);

G_END_DECLS
