/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * PhoneHistory: the call log and the directory as the store keeps them.
 */

/** PHONE_HISTORY_MAX: entries kept of each kind. */
#define PHONE_HISTORY_MAX 100

PhoneHistory *phone_history_new              (void) G_GNUC_WARN_UNUSED_RESULT;
void          phone_history_free             (PhoneHistory     *self);

void          phone_history_load             (PhoneEngine      *engine);
void          phone_history_load_contacts    (PhoneEngine      *engine);
void          phone_history_add_call         (PhoneEngine      *engine,
                                              const PhoneCall  *call);
GPtrArray    *phone_history_get_entries      (PhoneEngine      *engine);
GPtrArray    *phone_history_get_contacts     (PhoneEngine      *engine);
void          phone_history_remove           (PhoneEngine      *engine,
                                              PhoneHistoryEntry *entry);
void          phone_history_clear            (PhoneEngine      *engine,
                                              int               kind);
guint         phone_history_get_unseen       (PhoneEngine      *engine);
void          phone_history_mark_seen        (PhoneEngine      *engine);
guint         phone_history_get_forwarded    (PhoneEngine      *engine);
void          phone_history_mark_forwarded_seen (PhoneEngine   *engine);
const char   *phone_history_find_name        (PhoneEngine      *engine,
                                              const char       *number);
char         *phone_history_dup_last_dialled (PhoneEngine      *engine) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
