/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "diagnostics.h"
#include "ports.h"

G_BEGIN_DECLS

/**
 * SECTION:contacts-file
 * @title: Local directory file
 *
 * The phones' local directory (guide: local directory): `root_contact` with `contact` elements, beside it `root_group`; each
 * number of a contact becomes a #PhoneContact. Pure function, any thread.
 */

/** PHONE_CONTACTS_MAX: contacts the phones can hold. */
#define PHONE_CONTACTS_MAX 1000

/** PHONE_CONTACTS_MAX_BYTES: what a larger file holds is not read. */
#define PHONE_CONTACTS_MAX_BYTES (2 * 1024 * 1024)

GPtrArray *phone_contacts_parse (const char        *data,
                                 gsize              length,
                                 PhoneDiagnostics  *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
