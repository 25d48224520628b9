/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine.h"

G_BEGIN_DECLS

/**
 * phone_app_timing_attach:
 * @engine: the phone to be measured
 *
 * With DESKSET_TIMING in the environment, appends to the file of that name, for each key that changes the display, how
 * long that took: `key-display-ms 0.21`. Without it nothing is done. The window has its own (timing.h): there a change
 * counts when it has been painted.
 */
void phone_app_timing_attach (PhoneEngine *engine);

G_END_DECLS
