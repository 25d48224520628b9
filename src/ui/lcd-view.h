/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lcd.h"

G_BEGIN_DECLS

/**
 * PhoneLcdView:
 *
 * The LCD: the picture of a #PhoneDisplay at the resolution of the device. A real label lies over each text; the labels
 * are not painted, they make the LCD readable for assistive technology and for tests.
 *
 * # Accessibility
 * Role `group`, named "Display", with one label for each text on the LCD. When it has the keyboard focus, the focus is on
 * the label that matters most (selected row, call in focus, message), so that a screen reader without announcements reads
 * what changed.
 *
 * Signals:
 * - `soft-key-clicked (guint n)`: the label of soft key n, from 0, was clicked
 * - `row-clicked (int steps, gboolean chosen)`: a row `steps` below (above when negative) the selected one was clicked;
 *   chosen: the click means OK as well
 */
#define PHONE_TYPE_LCD_VIEW (phone_lcd_view_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLcdView, phone_lcd_view, PHONE, LCD_VIEW, GtkWidget)

GtkWidget *phone_lcd_view_new         (PhoneSkin    *skin) G_GNUC_WARN_UNUSED_RESULT;
void       phone_lcd_view_set_display (PhoneLcdView *self,
                                       PhoneDisplay *display);
char      *phone_lcd_view_dup_text    (PhoneLcdView *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
