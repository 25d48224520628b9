/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "settings.h"

G_BEGIN_DECLS

/* What `deskset --list-settings` prints; see settings-list.c. */
char *phone_settings_list_to_text (PhoneSettings  *settings) G_GNUC_WARN_UNUSED_RESULT;
char *phone_settings_list_to_json (PhoneSettings  *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
