/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:tone-detector
 * @title: PhoneToneDetector
 *
 * Hears which tone is in a stream of sound, for test automation. Looks at blocks of 100 ms; a tone is told when two
 * blocks in a row have it and it is another one than before. No lock.
 */
typedef struct _PhoneToneDetector PhoneToneDetector;

PhoneToneDetector *phone_tone_detector_new      (guint               rate_hz) G_GNUC_WARN_UNUSED_RESULT;
void               phone_tone_detector_free     (PhoneToneDetector  *self);
guint              phone_tone_detector_feed     (PhoneToneDetector  *self,
                                                 const gint16       *samples,
                                                 gsize               n_samples);

double             phone_tone_measure           (const gint16       *samples,
                                                 gsize               n_samples,
                                                 guint               rate_hz,
                                                 double              frequency_hz);
guint              phone_tone_find_dominant     (const gint16       *samples,
                                                 gsize               n_samples,
                                                 guint               rate_hz);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneToneDetector, phone_tone_detector_free)

G_END_DECLS
