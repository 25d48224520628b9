/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "ports.h"

G_BEGIN_DECLS

/**
 * PhoneNotifier:
 *
 * Desktop notifications: a call that comes in, with Answer and Reject on it, gone as soon as it rings no more; a call that
 * was missed; an account that lost its registration. The actions are `app.answer` and `app.reject` with the id of the
 * call, and `app.show`.
 */
#define PHONE_TYPE_NOTIFIER (phone_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PhoneNotifier, phone_notifier, PHONE, NOTIFIER, GObject)

PhoneNotifier *phone_notifier_new    (GApplication      *application) G_GNUC_WARN_UNUSED_RESULT;
void           phone_notifier_handle (PhoneNotifier     *self,
                                      const PhoneNotice *notice);
/* Takes back what is still shown: the phone goes. */
void           phone_notifier_clear  (PhoneNotifier     *self);

G_END_DECLS
