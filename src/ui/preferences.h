/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "engine.h"
#include "setting-row.h"

G_BEGIN_DECLS

/**
 * PhonePreferences:
 *
 * What is more comfortable to set with a keyboard than with the keys of a phone: accounts, sound devices, and the settings
 * of the table. Every value is written at once, by the same command as anywhere else.
 */
#define PHONE_TYPE_PREFERENCES (phone_preferences_get_type ())
G_DECLARE_FINAL_TYPE (PhonePreferences, phone_preferences, PHONE, PREFERENCES, AdwPreferencesWindow)

GtkWidget *phone_preferences_new           (PhoneSettings        *settings,
                                            const PhoneModel     *model,
                                            PhoneSettingWriter    write,
                                            gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
void       phone_preferences_set_devices   (PhonePreferences     *self,
                                            const char *const    *sinks,
                                            const char *const    *sources);
void       phone_preferences_show_accounts (PhonePreferences     *self,
                                            GPtrArray            *accounts);

G_END_DECLS
