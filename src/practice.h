/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "model.h"
#include "ports.h"

G_BEGIN_DECLS

/**
 * SECTION:practice
 * @title: PhonePractice
 *
 * Runs `deskset-exchange` beside the phone and fills in what the phone needs to use it: an account, speed-dial keys on the
 * right of the display, entries for the directory. Everything goes into the layer of the common file, is never saved, and is
 * taken back when practice ends. Accounts and keys that somebody has set up are left alone. An exchange that dies is started
 * again, after a pause that grows.
 *
 * Signals:
 * - `contacts (GPtrArray *)`: (element-type PhoneContact): the entries of the directory from now on; empty when practice ended
 * - `message (char *)`: a line for the LCD
 */
#define PHONE_TYPE_PRACTICE (phone_practice_get_type ())
G_DECLARE_FINAL_TYPE (PhonePractice, phone_practice, PHONE, PRACTICE, GObject)

PhonePractice *phone_practice_new         (PhoneSettings    *settings,
                                           const PhoneModel *model) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_practice_set_enabled:
 *
 * Starts or ends practice; what is so already is left so.
 */
void           phone_practice_set_enabled (PhonePractice    *self,
                                           gboolean          enabled);

/**
 * phone_practice_is_ready:
 * Returns: whether the exchange is running and the phone set up for it
 */
gboolean       phone_practice_is_ready    (PhonePractice    *self);

G_END_DECLS
