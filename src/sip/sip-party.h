/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-uri.h"

#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/**
 * PhoneSipPartySource:
 * Where a message says who the other side is.
 */
typedef enum {
  PHONE_SIP_PARTY_FROM,         /* of a request of theirs; later ones: RFC 4916 */
  PHONE_SIP_PARTY_ASSERTED,     /* P-Asserted-Identity, RFC 3325 */
  PHONE_SIP_PARTY_PREFERRED,    /* P-Preferred-Identity, RFC 3325 */
  PHONE_SIP_PARTY_REMOTE,       /* Remote-Party-ID, draft-ietf-sip-privacy */
  PHONE_SIP_PARTY_CONTACT,
  PHONE_SIP_N_PARTY_SOURCES
} PhoneSipPartySource;

/**
 * PhoneSipPartyOrder:
 * @sources: the first that a message has is believed
 * @privacy: whether Privacy (RFC 3323) hides the party
 */
typedef struct {
  PhoneSipPartySource sources[PHONE_SIP_N_PARTY_SOURCES];
  guint               n_sources;
  gboolean            privacy;
} PhoneSipPartyOrder;

/**
 * PhoneSipParty:
 * @uri: (nullable): %NULL when it is hidden, or a telephone number
 * @number: user part or telephone number, "" when hidden
 * @name: "" when none
 */
typedef struct {
  PhoneSipUri *uri;
  char        *number;
  char        *name;
} PhoneSipParty;

void           phone_sip_party_order_init_caller (PhoneSipPartyOrder *self,
                                                  int                 cid_source,
                                                  gboolean            preferred,
                                                  const char         *preference);
void           phone_sip_party_order_init_called (PhoneSipPartyOrder *self,
                                                  int                 cp_source);
PhoneSipParty *phone_sip_party_parse             (const char         *text) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipParty *phone_sip_party_read              (const sip_t        *sip,
                                                  const PhoneSipPartyOrder *order) G_GNUC_WARN_UNUSED_RESULT;
PhoneSipParty *phone_sip_party_read_diverter     (const sip_t        *sip) G_GNUC_WARN_UNUSED_RESULT;
void           phone_sip_party_free              (PhoneSipParty      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipParty, phone_sip_party_free)

/**
 * PhoneSipDiversion:
 * @diversion: (nullable): value of Diversion (RFC 5806)
 * @history: (nullable): value of History-Info (RFC 7044)
 * @wants_history: whether the caller knows the latter
 *
 * What is said of a call's diversions. Zero is empty.
 */
typedef struct {
  char     *diversion;
  char     *history;
  gboolean  wants_history;
} PhoneSipDiversion;

void           phone_sip_diversion_read          (PhoneSipDiversion  *self,
                                                  const sip_t        *sip);
void           phone_sip_diversion_add           (PhoneSipDiversion  *self,
                                                  const PhoneSipUri  *us,
                                                  const PhoneSipUri  *target,
                                                  const char         *reason);
char          *phone_sip_diversion_dup_lines     (const PhoneSipDiversion *self) G_GNUC_WARN_UNUSED_RESULT;
void           phone_sip_diversion_clear         (PhoneSipDiversion  *self);

G_END_DECLS
