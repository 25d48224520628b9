/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "settings.h"

G_BEGIN_DECLS

/**
 * SECTION:setting-row
 * @title: Setting rows
 *
 * Rows for the preferences made from the settings table: a switch, a list, a number, a text or a password. What the table
 * says is allowed is checked by who writes; a wrong value stays in the row with the reason, and the phone keeps the old one.
 */

/**
 * PhoneSettingWriter:
 * @key: full key
 * @value: as it would stand in a file
 *
 * Sets a value the one way values are set: by a line of the command table.
 *
 * Returns: %FALSE with @error saying what is allowed
 */
typedef gboolean (*PhoneSettingWriter) (const char *key,
                                        const char *value,
                                        gpointer    user_data,
                                        GError    **error);

/**
 * PhoneSettingAccess:
 * How rows read and write. Shared by many rows; who makes it keeps it as long as any of them lives.
 */
typedef struct {
  PhoneSettings     *settings;
  PhoneSettingWriter write;
  gpointer           user_data;
} PhoneSettingAccess;

GtkWidget *phone_setting_row_new        (const PhoneSettingAccess *access,
                                         PhoneSettingId            id,
                                         guint                     x,
                                         guint                     y) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *phone_setting_row_new_choice (const PhoneSettingAccess *access,
                                         PhoneSettingId            id,
                                         const char *const        *values,
                                         const char *const        *labels) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *phone_setting_switch_new     (const PhoneSettingAccess *access,
                                         PhoneSettingId            id,
                                         guint                     x) G_GNUC_WARN_UNUSED_RESULT;

/* "Clock: 0 twelve hours, 1 twenty-four" → "Clock"; a help line that lists no choices stays as it is. */
char      *phone_setting_dup_title      (const PhoneSettingInfo   *info) G_GNUC_WARN_UNUSED_RESULT;
/* The words for one choice in the help line, or the choice itself. */
char      *phone_setting_dup_choice     (const PhoneSettingInfo   *info,
                                         const char               *choice) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
