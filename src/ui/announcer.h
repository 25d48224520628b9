/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * phone_announce:
 * @widget: whose window speaks
 * @urgent: interrupts what is being said
 *
 * Has a screen reader say @text where the GTK at hand can (4.14 and later; the program is built against 4.8). An older
 * GTK tells the same by moving the focus (#PhoneLcdView) and by desktop notifications (#PhoneNotifier).
 *
 * Returns: whether it was handed over
 */
gboolean phone_announce (GtkWidget  *widget,
                         const char *text,
                         gboolean    urgent);

G_END_DECLS
