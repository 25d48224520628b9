/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-auth.h"
#include "sip-message.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip_parser.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, 99);
}

static void
read_addresses (const sip_t *sip)
{
  g_autoptr (PhoneSipUri) from = sip->sip_from ? phone_sip_message_read_url (sip->sip_from->a_url) : NULL;
  g_autoptr (PhoneSipUri) contact = sip->sip_contact ? phone_sip_message_read_url (sip->sip_contact->m_url) : NULL;
  g_autofree char *name = phone_sip_message_dup_name (sip->sip_from ? sip->sip_from->a_display : NULL);
  g_autofree char *written = contact ? phone_sip_uri_to_string (contact) : NULL;

  check_text (name);
  if (from && from->user)
    check_text (from->user);
}

/* What is agreed from any headers stays between the RFC's bounds, and what is written of it can be sent. */
static void
read_session_timer (const sip_t *sip)
{
  PhoneSipSessionTimerHeaders headers = phone_sip_message_read_session_timer (sip);
  PhoneSipSessionTimer timer;
  gboolean require = FALSE;
  g_autofree char *answer = NULL;
  g_autofree char *offer = NULL;

  phone_sip_session_timer_init (&timer, TRUE, 1800, FALSE);
  (void) phone_sip_session_timer_is_too_small (&timer, &headers);
  (void) phone_sip_session_timer_raise (&timer, &headers);
  answer = phone_sip_session_timer_agree_server (&timer, &headers, &require);
  check_text (answer);
  g_assert_cmpuint (timer.interval_s, >=, PHONE_SIP_SESSION_TIMER_MIN_S);
  g_assert_cmpuint (timer.interval_s, <=, PHONE_SIP_SESSION_TIMER_MAX_S);
  phone_sip_session_timer_agree_client (&timer, &headers);
  g_assert_cmpuint (phone_sip_session_timer_get_refresh_s (&timer), <=, phone_sip_session_timer_get_expiry_s (&timer));
  offer = phone_sip_session_timer_dup_offer (&timer);
  check_text (offer);
}

/* The library parses, and all that we read out of a message is read. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  msg_t *msg;
  sip_t *sip;
  sip_rack_t rack[1];
  g_autoptr (PhoneSipSdp) sdp = NULL;
  g_autoptr (PhoneSipKeyring) keyring = phone_sip_keyring_new ("u", "p");
  g_autoptr (PhoneSipAuth) auth = phone_sip_auth_new (keyring);
  g_autoptr (GPtrArray) realms = NULL;

  if (size == 0 || size > 32768)
    return 0;

  msg = msg_make (sip_default_mclass (), 0, data, (gssize) size);
  sip = msg ? sip_object (msg) : NULL;
  if (sip && (sip->sip_request || sip->sip_status))
    {
      read_addresses (sip);
      (void) phone_sip_message_read_body (sip, &sdp);
      (void) phone_sip_message_accepts_sdp (sip);
      (void) phone_sip_message_wants_answer (sip);
      (void) phone_sip_message_read_digit (sip);
      (void) phone_sip_message_read_reliable (sip, rack);
      (void) phone_sip_message_has_feature (sip, "100rel", FALSE);
      read_session_timer (sip);
      (void) phone_sip_auth_judge (auth, sip, &realms);
    }
  if (msg)
    msg_destroy (msg);

  return 0;
}
