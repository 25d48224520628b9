/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:sip-admission
 * @title: PhoneSipAdmission
 *
 * Who may send us requests that belong to no dialog, and how many: the accounts' servers, strangers, scanners. It only
 * decides and counts; the time comes from the caller. No lock: see sip-gate.h.
 */
typedef struct _PhoneSipAdmission PhoneSipAdmission;

/**
 * PhoneSipSource:
 * An IP address. IPv4 inside IPv6 is IPv4.
 */
typedef struct {
  guint8 bytes[16];
  guint8 length;         /* 4 or 16; 0: none */
} PhoneSipSource;

/**
 * PhoneSipRules:
 * Rates are in requests a second; 0: no limit. Ten seconds' worth may come at once. An INVITE counts as five, and every
 * 4 KiB of a request as one more.
 */
typedef struct {
  gboolean servers_only;     /* sip.trust_ctrl: nobody else gets an answer */
  gboolean direct_calls;     /* strangers may call */
  gboolean allow_refer;      /* an account's server may ask for calls: REFER outside a call */
  gboolean silence_scanners; /* programs that look for phones to abuse get no answer */
  guint    source_rate;      /* one stranger */
  guint    total_rate;       /* all strangers together */
  guint    server_rate;      /* one server of an account */
} PhoneSipRules;

/**
 * PhoneSipRequest:
 * What counts of a request outside dialogs.
 */
typedef struct {
  const char *method;
  const char *user_agent;    /* nullable */
  gsize       n_bytes;
} PhoneSipRequest;

/**
 * PhoneSipVerdict:
 * What becomes of a request outside dialogs.
 */
typedef enum {
  PHONE_SIP_VERDICT_PASS,
  PHONE_SIP_VERDICT_STRANGER,  /* only servers may send */
  PHONE_SIP_VERDICT_SCANNER,
  PHONE_SIP_VERDICT_TOO_MANY,
} PhoneSipVerdict;

#define PHONE_SIP_MAX_SOURCES 1024     /* remembered at once; the one that was silent longest is forgotten */

PhoneSipAdmission *phone_sip_admission_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void               phone_sip_admission_free        (PhoneSipAdmission    *self);
void               phone_sip_admission_set_rules   (PhoneSipAdmission    *self,
                                                    const PhoneSipRules  *rules);
void               phone_sip_admission_set_servers (PhoneSipAdmission    *self,
                                                    gconstpointer         owner,
                                                    const char *const    *addresses);
gboolean           phone_sip_admission_is_server   (PhoneSipAdmission    *self,
                                                    const PhoneSipSource *source);
gboolean           phone_sip_admission_may_call    (PhoneSipAdmission    *self,
                                                    const PhoneSipSource *source);
gboolean           phone_sip_admission_may_refer   (PhoneSipAdmission    *self,
                                                    const PhoneSipSource *source);
PhoneSipVerdict    phone_sip_admission_judge       (PhoneSipAdmission    *self,
                                                    const PhoneSipSource *source,
                                                    const PhoneSipRequest *request,
                                                    gint64                now_us);
char              *phone_sip_admission_take_line   (PhoneSipAdmission    *self) G_GNUC_WARN_UNUSED_RESULT;
guint              phone_sip_admission_get_n_sources (PhoneSipAdmission  *self);
guint64            phone_sip_admission_get_n_dropped (PhoneSipAdmission  *self);

gboolean           phone_sip_source_parse          (PhoneSipSource       *self,
                                                    const char           *text);
void               phone_sip_source_set_bytes      (PhoneSipSource       *self,
                                                    const guint8         *bytes,
                                                    gsize                 length);
char              *phone_sip_source_to_string      (const PhoneSipSource *self) G_GNUC_WARN_UNUSED_RESULT;
const char        *phone_sip_scanner_find          (const char           *user_agent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipAdmission, phone_sip_admission_free)

G_END_DECLS
