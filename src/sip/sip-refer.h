/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sofia-sip/sip.h>

#include "sip-uri.h"

G_BEGIN_DECLS

/**
 * PhoneSipReplaces:
 * @call_id: of the dialog that gives way
 * @to_tag: the tag of whoever gets the INVITE
 * @from_tag: the tag of the other side
 * @early_only: only as long as nobody has answered
 *
 * A Replaces header (RFC 3891). What is in it comes from outside: characters and lengths are checked by
 * phone_sip_replaces_parse().
 */
typedef struct {
  char     *call_id;
  char     *to_tag;
  char     *from_tag;
  gboolean  early_only;
} PhoneSipReplaces;

PhoneSipReplaces *phone_sip_replaces_parse     (const char             *text) G_GNUC_WARN_UNUSED_RESULT;
char             *phone_sip_replaces_to_string (const PhoneSipReplaces *self) G_GNUC_WARN_UNUSED_RESULT;
void              phone_sip_replaces_free      (PhoneSipReplaces       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipReplaces, phone_sip_replaces_free)

/**
 * PhoneSipRefer:
 * @uri: whom we are asked to call
 * @replaces: (nullable): the dialog whose place that call is to take
 *
 * What a REFER asks for (RFC 3515). No other header that a Refer-To names gets into our INVITE.
 */
typedef struct {
  PhoneSipUri      *uri;
  PhoneSipReplaces *replaces;
} PhoneSipRefer;

PhoneSipRefer    *phone_sip_refer_read         (const sip_t            *sip) G_GNUC_WARN_UNUSED_RESULT;
void              phone_sip_refer_free         (PhoneSipRefer          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipRefer, phone_sip_refer_free)
char             *phone_sip_refer_format       (const PhoneSipUri      *uri,
                                                const PhoneSipReplaces *replaces) G_GNUC_WARN_UNUSED_RESULT;

guint             phone_sip_refer_read_fragment (const sip_t           *sip);
char             *phone_sip_refer_dup_tag      (const char             *header) G_GNUC_WARN_UNUSED_RESULT;
char             *phone_sip_refer_dup_address  (const char             *header) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
