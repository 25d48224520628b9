/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** PHONE_LAB_PHONES: how many phones the laboratory has: A, B, C. */
#define PHONE_LAB_PHONES 3

/**
 * SECTION:lab-exchange
 * @title: PhoneLabExchange
 *
 * The practice exchange as the laboratory's, with a user for each phone. Blocks; one thread.
 */
typedef struct _PhoneLabExchange PhoneLabExchange;

PhoneLabExchange *phone_lab_exchange_new       (GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void              phone_lab_exchange_free      (PhoneLabExchange  *self);
void              phone_lab_exchange_fill      (PhoneLabExchange  *self,
                                                GHashTable        *variables);
const char       *phone_lab_exchange_get_number (guint             phone);
char             *phone_lab_dup_program        (const char        *name) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneLabExchange, phone_lab_exchange_free)

G_END_DECLS
