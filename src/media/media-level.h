/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** PHONE_MEDIA_MAX_LEVEL: the loudest step of a volume. */
#define PHONE_MEDIA_MAX_LEVEL 15

double phone_media_level_get_db        (guint level);
double phone_media_level_get_gain      (guint level);
double phone_media_level_get_ring_gain (guint level);

G_END_DECLS
