/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "cause.h"
#include "texts.h"

/* The phone's texts to the letter; which response has which one is the usual reading of RFC 3261 §21. */
static const struct
{
  const char *name;
  const char *text;
} causes[PHONE_N_CAUSES] = {
  [PHONE_CAUSE_CALL_FAILED] = { "call-failed", N_ ("Call failed!") },
  [PHONE_CAUSE_BAD_REQUEST] = { "bad-request", N_ ("Bad request!") },
  [PHONE_CAUSE_NOT_FOUND] = { "not-found", N_ ("Not found!") },
  [PHONE_CAUSE_NO_RESPONSE] = { "no-response", N_ ("Invite request no response!") },
  [PHONE_CAUSE_ANONYMITY_DISALLOWED] = { "anonymity-disallowed", N_ ("Anonymity disallowed!") },
  [PHONE_CAUSE_TEMPORARILY_UNAVAILABLE] = { "temporarily-unavailable", N_ ("Temporarily unavailable!") },
  [PHONE_CAUSE_ADDRESS_INCOMPLETE] = { "address-incomplete", N_ ("Address is incomplete!") },
  /* Translators: the called phone is busy */
  [PHONE_CAUSE_BUSY_HERE] = { "busy-here", N_ ("Busy here!") },
  [PHONE_CAUSE_NOT_ACCEPTABLE_HERE] = { "not-acceptable-here", N_ ("Not acceptable here!") },
  [PHONE_CAUSE_SERVER_ERROR] = { "server-error", N_ ("Internal Server Error") },
  [PHONE_CAUSE_SERVICE_UNAVAILABLE] = { "service-unavailable", N_ ("Service Unavailable!") },
  /* Translators: the called person is busy on every phone */
  [PHONE_CAUSE_BUSY] = { "busy", N_ ("Busy") },
  /* Translators: the called person rejected the call */
  [PHONE_CAUSE_REJECTED] = { "rejected", N_ ("Rejected") },
  [PHONE_CAUSE_ACCOUNT_INVALID] = { "account-invalid", N_ ("Account is invalid!") },
  [PHONE_CAUSE_NO_ACCOUNT] = { "no-account", N_ ("No available account") },
  [PHONE_CAUSE_FORBIDDEN_NUMBER] = { "forbidden-number", N_ ("Forbidden number!") },
  [PHONE_CAUSE_NOT_EMERGENCY] = { "not-emergency", N_ ("Not emergency number!") },
  [PHONE_CAUSE_SHARED_LINE] = { "shared-line", N_ ("Share line unavailable!") },
  [PHONE_CAUSE_TRANSFER_FAILED] = { "transfer-failed", N_ ("Transfer failed!") },
  [PHONE_CAUSE_PARK_FAILED] = { "park-failed", N_ ("Park failed!") },
  [PHONE_CAUSE_RETRIEVE_FAILED] = { "retrieve-failed", N_ ("Retrieve failed!") },
  [PHONE_CAUSE_CONFERENCE_CODECS] = { "conference-codecs",
                                      N_ ("Different audio codecs. Cannot set up conference!") },
  [PHONE_CAUSE_HANDSET_DISABLED] = { "handset-disabled", N_ ("Handset mode disabled!") },
  [PHONE_CAUSE_HEADSET_DISABLED] = { "headset-disabled", N_ ("Headset mode disabled!") },
  [PHONE_CAUSE_HANDS_FREE_DISABLED] = { "hands-free-disabled", N_ ("Hands-free mode disabled!") },
  /* What a desk phone cannot lack and a computer can. */
  [PHONE_CAUSE_NO_RTP_PORT] = { "no-rtp-port", N_ ("No RTP port!") },
  [PHONE_CAUSE_NO_PLUGIN] = { "no-plugin", N_ ("Audio plug-in missing!") },
  [PHONE_CAUSE_NO_DEVICE] = { "no-device", N_ ("No audio device!") },
  [PHONE_CAUSE_MEDIA_FAILED] = { "media-failed", N_ ("Audio failed!") },
  [PHONE_CAUSE_NO_SERVER] = { "no-server", N_ ("Server not found!") },
  [PHONE_CAUSE_NO_DNS] = { "no-dns", N_ ("DNS does not answer!") },
  [PHONE_CAUSE_UNREACHABLE] = { "unreachable", N_ ("Server unreachable!") },
  [PHONE_CAUSE_TLS] = { "tls", N_ ("Secure connection failed!") },
  [PHONE_CAUSE_CERTIFICATE_UNTRUSTED] = { "certificate-untrusted", N_ ("Certificate not trusted!") },
  [PHONE_CAUSE_CERTIFICATE_EXPIRED] = { "certificate-expired", N_ ("Certificate expired!") },
  /* Translators: the certificate belongs to a server of another name */
  [PHONE_CAUSE_CERTIFICATE_NAME] = { "certificate-name", N_ ("Certificate of another server!") },
  [PHONE_CAUSE_NO_NETWORK] = { "no-network", N_ ("Network unavailable!") },
  /* Translators: the authentication name or the password of the account */
  [PHONE_CAUSE_PASSWORD] = { "password", N_ ("Wrong name or password!") },
  /* Translators: the server asks for a kind of digest the phone does not know */
  [PHONE_CAUSE_AUTHENTICATION] = { "authentication", N_ ("Authentication unsupported!") },
  [PHONE_CAUSE_NOT_SAVED] = { "not-saved", N_ ("Changes cannot be saved!") },
  [PHONE_CAUSE_SILENCE] = { "silence", N_ ("No sound from there!") },
};

static const struct
{
  guint status;
  PhoneCause cause;
} status_table[] = {
  { 400, PHONE_CAUSE_BAD_REQUEST },
  { 404, PHONE_CAUSE_NOT_FOUND },
  { 408, PHONE_CAUSE_NO_RESPONSE },
  { 433, PHONE_CAUSE_ANONYMITY_DISALLOWED }, /* RFC 5079 */
  { 480, PHONE_CAUSE_TEMPORARILY_UNAVAILABLE },
  { 484, PHONE_CAUSE_ADDRESS_INCOMPLETE },
  { 486, PHONE_CAUSE_BUSY_HERE },
  { 488, PHONE_CAUSE_NOT_ACCEPTABLE_HERE },
  { 500, PHONE_CAUSE_SERVER_ERROR },
  { 503, PHONE_CAUSE_SERVICE_UNAVAILABLE },
  { 600, PHONE_CAUSE_BUSY },
  { 603, PHONE_CAUSE_REJECTED },
};

/**
 * phone_cause_from_status:
 * @status: final SIP response of an INVITE, 300 to 699
 *
 * Returns: %PHONE_CAUSE_CALL_FAILED for a response without a text of its own
 */
PhoneCause
phone_cause_from_status (guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (status_table); i++)
    if (status_table[i].status == status)
      return status_table[i].cause;
  return PHONE_CAUSE_CALL_FAILED;
}

/**
 * phone_cause_from_media_fault:
 * Returns: the cause the LCD names
 */
PhoneCause
phone_cause_from_media_fault (PhoneMediaFault fault)
{
  switch (fault)
    {
    case PHONE_MEDIA_FAULT_OTHER:
      return PHONE_CAUSE_MEDIA_FAILED;
    case PHONE_MEDIA_FAULT_NO_PORT:
      return PHONE_CAUSE_NO_RTP_PORT;
    case PHONE_MEDIA_FAULT_NO_PLUGIN:
      return PHONE_CAUSE_NO_PLUGIN;
    case PHONE_MEDIA_FAULT_NO_DEVICE:
      return PHONE_CAUSE_NO_DEVICE;
    }
  return PHONE_CAUSE_MEDIA_FAILED;
}

/**
 * phone_cause_from_signaling_fault:
 * @fault: not %PHONE_SIGNALING_FAULT_NONE
 *
 * Returns: the cause the LCD names
 */
PhoneCause
phone_cause_from_signaling_fault (PhoneSignalingFault fault)
{
  switch (fault)
    {
    case PHONE_SIGNALING_FAULT_NONE:
      return PHONE_CAUSE_CALL_FAILED;
    case PHONE_SIGNALING_FAULT_NO_SERVER:
      return PHONE_CAUSE_NO_SERVER;
    case PHONE_SIGNALING_FAULT_NO_DNS:
      return PHONE_CAUSE_NO_DNS;
    case PHONE_SIGNALING_FAULT_UNREACHABLE:
      return PHONE_CAUSE_UNREACHABLE;
    case PHONE_SIGNALING_FAULT_TLS:
      return PHONE_CAUSE_TLS;
    case PHONE_SIGNALING_FAULT_CERTIFICATE_UNTRUSTED:
      return PHONE_CAUSE_CERTIFICATE_UNTRUSTED;
    case PHONE_SIGNALING_FAULT_CERTIFICATE_EXPIRED:
      return PHONE_CAUSE_CERTIFICATE_EXPIRED;
    case PHONE_SIGNALING_FAULT_CERTIFICATE_NAME:
      return PHONE_CAUSE_CERTIFICATE_NAME;
    case PHONE_SIGNALING_FAULT_PASSWORD:
      return PHONE_CAUSE_PASSWORD;
    case PHONE_SIGNALING_FAULT_AUTHENTICATION:
      return PHONE_CAUSE_AUTHENTICATION;
    }
  return PHONE_CAUSE_CALL_FAILED;
}

/**
 * phone_cause_get_text:
 * Returns: (transfer none): the text of the LCD, translated
 */
const char *
phone_cause_get_text (PhoneCause cause)
{
  g_return_val_if_fail (cause >= 0 && cause < PHONE_N_CAUSES, "");

  return _ (causes[cause].text);
}

/**
 * phone_cause_to_string:
 * Returns: (transfer none): stable lower-case word for logs and scenarios
 */
const char *
phone_cause_to_string (PhoneCause cause)
{
  g_return_val_if_fail (cause >= 0 && cause < PHONE_N_CAUSES, "?");

  return causes[cause].name;
}
