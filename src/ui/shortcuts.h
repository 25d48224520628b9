/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): the window that shows the keyboard table. */
GtkWidget *phone_shortcuts_window_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the program's actions of the keyboard table their accelerators. */
void       phone_shortcuts_install    (GtkApplication *application);

G_END_DECLS
