/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PhoneHandsetButton:
 *
 * The handset: lies over its picture and paints only its rings. A click lifts it or puts it back; the hook switch goes
 * at the press, not at the release, as it does under a hand.
 *
 * # Accessibility
 * Role `button`, named "Handset"; the description says where it is.
 *
 * Signals:
 * - `toggled`: the user wants it lifted or back
 */
#define PHONE_TYPE_HANDSET_BUTTON (phone_handset_button_get_type ())
G_DECLARE_FINAL_TYPE (PhoneHandsetButton, phone_handset_button, PHONE, HANDSET_BUTTON, GtkButton)

GtkWidget *phone_handset_button_new          (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean   phone_handset_button_get_off_hook (PhoneHandsetButton *self);
void       phone_handset_button_set_off_hook (PhoneHandsetButton *self,
                                              gboolean            off_hook);

G_END_DECLS
