/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ports.h"

G_BEGIN_DECLS

/**
 * PhonePracticeStore:
 *
 * A store that has the practice exchange's robots in its directory, and hands everything else on to the phone's own store. The
 * robots are never written anywhere.
 */
#define PHONE_TYPE_PRACTICE_STORE (phone_practice_store_get_type ())
G_DECLARE_FINAL_TYPE (PhonePracticeStore, phone_practice_store, PHONE, PRACTICE_STORE, GObject)

PhonePracticeStore *phone_practice_store_new          (PhoneStore         *store) G_GNUC_WARN_UNUSED_RESULT;

/* @contacts: (element-type PhoneContact): copied; what comes after the phone's own entries */
void                phone_practice_store_set_contacts (PhonePracticeStore *self,
                                                       GPtrArray          *contacts);

G_END_DECLS
