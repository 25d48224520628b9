/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:media-lag
 * @title: PhoneLagFinder
 *
 * How long after it was played a sound is in what the microphone takes up: by the correlation of the two, five times a second. Pure; no
 * lock, no clock. Samples of 16 kHz, in pairs of equal length.
 */
typedef struct _PhoneLagFinder PhoneLagFinder;

/** PHONE_LAG_HZ: rate of what is fed. */
#define PHONE_LAG_HZ 16000
/** PHONE_LAG_MAX_MS: no longer echo path is looked for. */
#define PHONE_LAG_MAX_MS 500

PhoneLagFinder *phone_lag_finder_new   (void) G_GNUC_WARN_UNUSED_RESULT;
void            phone_lag_finder_free  (PhoneLagFinder *self);
void            phone_lag_finder_reset (PhoneLagFinder *self);
gboolean        phone_lag_finder_feed  (PhoneLagFinder *self,
                                        const gint16   *played,
                                        const gint16   *recorded,
                                        gsize           n_samples,
                                        guint          *lag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneLagFinder, phone_lag_finder_free)

G_END_DECLS
