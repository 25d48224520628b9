/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "page.h"

G_BEGIN_DECLS

/*
 * PhoneScreen: the stack of pages. The idle page lies at the bottom; the page of the calls is there exactly while a call
 * is shown, and comes to the top when one rings.
 */

PhoneScreen *phone_screen_new            (void) G_GNUC_WARN_UNUSED_RESULT;
void         phone_screen_free           (PhoneScreen          *self);

PhonePage   *phone_screen_get_top        (PhoneEngine          *engine);
PhonePage   *phone_screen_find           (PhoneEngine          *engine,
                                          const PhonePageClass *klass);
void         phone_screen_push           (PhoneEngine          *engine,
                                          PhonePage            *page);
void         phone_screen_raise          (PhoneEngine          *engine,
                                          PhonePage            *page);
void         phone_screen_close          (PhoneEngine          *engine,
                                          PhonePage            *page);
void         phone_screen_leave_for_call (PhoneEngine          *engine);
void         phone_screen_show_calls     (PhoneEngine          *engine);
void         phone_screen_update         (PhoneEngine          *engine);
void         phone_screen_empty_trash    (PhoneEngine          *engine);
gboolean     phone_screen_press          (PhoneEngine          *engine,
                                          PhoneKey              key);
gboolean     phone_screen_type           (PhoneEngine          *engine,
                                          const char           *text);
void         phone_screen_on_timer       (PhoneEngine          *engine,
                                          guint                 timer);
void         phone_screen_build          (PhoneEngine          *engine,
                                          PhoneDisplay         *display);

G_END_DECLS
