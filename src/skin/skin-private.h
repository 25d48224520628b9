/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "skin-facts.h"

#include <pango/pango.h>

G_BEGIN_DECLS

/* What the LCD's files need of the skin. */

const PhoneSkinFacts *phone_skin_get_facts         (PhoneSkin *self);

/**
 * phone_skin_get_pango_context:
 * Returns: (transfer none): fonts of the LCD: metrics are not rounded, so that a text is as wide at 1x as at 2x.
 */
PangoContext         *phone_skin_get_pango_context (PhoneSkin *self);

G_END_DECLS
