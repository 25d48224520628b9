/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-player.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SECTION:lab-window
 * @title: PhoneLabWindow
 *
 * What a trainer shows: the flows in a menu, the steps of the chosen one, played or done by hand.
 */
#define PHONE_TYPE_LAB_WINDOW (phone_lab_window_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLabWindow, phone_lab_window, PHONE, LAB_WINDOW, AdwApplicationWindow)

GtkWidget *phone_lab_window_new (GtkApplication *application,
                                 PhoneLabPlayer *player) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
