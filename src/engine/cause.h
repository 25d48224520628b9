/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"

G_BEGIN_DECLS

/**
 * SECTION:cause
 * @title: Causes
 *
 * Why something did not work, in the phone's own words (guide: failure texts): one table for SIP responses, media faults
 * and what the phone itself refuses. The texts are ready for the LCD: translated and never freed.
 */
typedef enum {
  PHONE_CAUSE_CALL_FAILED,
  PHONE_CAUSE_BAD_REQUEST,
  PHONE_CAUSE_NOT_FOUND,
  PHONE_CAUSE_NO_RESPONSE,
  PHONE_CAUSE_ANONYMITY_DISALLOWED,
  PHONE_CAUSE_TEMPORARILY_UNAVAILABLE,
  PHONE_CAUSE_ADDRESS_INCOMPLETE,
  PHONE_CAUSE_BUSY_HERE,
  PHONE_CAUSE_NOT_ACCEPTABLE_HERE,
  PHONE_CAUSE_SERVER_ERROR,
  PHONE_CAUSE_SERVICE_UNAVAILABLE,
  PHONE_CAUSE_BUSY,
  PHONE_CAUSE_REJECTED,
  PHONE_CAUSE_ACCOUNT_INVALID,        /* the account is not registered */
  PHONE_CAUSE_NO_ACCOUNT,
  PHONE_CAUSE_FORBIDDEN_NUMBER,
  PHONE_CAUSE_NOT_EMERGENCY,
  PHONE_CAUSE_SHARED_LINE,
  PHONE_CAUSE_TRANSFER_FAILED,
  PHONE_CAUSE_PARK_FAILED,
  PHONE_CAUSE_RETRIEVE_FAILED,
  PHONE_CAUSE_CONFERENCE_CODECS,
  PHONE_CAUSE_HANDSET_DISABLED,
  PHONE_CAUSE_HEADSET_DISABLED,
  PHONE_CAUSE_HANDS_FREE_DISABLED,
  PHONE_CAUSE_NO_RTP_PORT,
  PHONE_CAUSE_NO_PLUGIN,
  PHONE_CAUSE_NO_DEVICE,
  PHONE_CAUSE_MEDIA_FAILED,
  PHONE_CAUSE_NO_SERVER,
  PHONE_CAUSE_NO_DNS,
  PHONE_CAUSE_UNREACHABLE,
  PHONE_CAUSE_TLS,
  PHONE_CAUSE_CERTIFICATE_UNTRUSTED,
  PHONE_CAUSE_CERTIFICATE_EXPIRED,
  PHONE_CAUSE_CERTIFICATE_NAME,
  PHONE_CAUSE_NO_NETWORK,
  PHONE_CAUSE_PASSWORD,
  PHONE_CAUSE_AUTHENTICATION,
  PHONE_CAUSE_NOT_SAVED,              /* settings or the call log, for now */
  PHONE_CAUSE_SILENCE,                /* nothing has come from the other side for some seconds */
  PHONE_N_CAUSES
} PhoneCause;

PhoneCause  phone_cause_from_status      (guint            status);
PhoneCause  phone_cause_from_media_fault (PhoneMediaFault  fault);
PhoneCause  phone_cause_from_signaling_fault (PhoneSignalingFault fault);
const char *phone_cause_get_text         (PhoneCause       cause);
const char *phone_cause_to_string        (PhoneCause       cause);

G_END_DECLS
