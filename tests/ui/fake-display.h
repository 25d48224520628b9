/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "display.h"

G_BEGIN_DECLS

/* Displays as the engine would project them, for tests of what is drawn and clicked without a phone behind it. */

const char *const *fake_display_names (void);

/* (transfer full) (nullable): %NULL for a name that is not in the list. */
PhoneDisplay      *fake_display_new   (const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
