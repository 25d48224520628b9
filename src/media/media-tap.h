/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneTap:
 *
 * What one party of a conference says, on its way from the loudspeaker's thread, where it is decoded, to the microphone's,
 * where it is sent to the others. The two are in no step: some milliseconds are kept in store, and when the store runs
 * over or dry the seam is faded. Any thread; its own lock.
 */
typedef struct _PhoneTap PhoneTap;

/** PHONE_TAP_MAX_MS: what is kept at most; older sound is dropped. */
#define PHONE_TAP_MAX_MS 60

PhoneTap *phone_tap_new   (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneTap *phone_tap_ref   (PhoneTap     *self) G_GNUC_WARN_UNUSED_RESULT;
void      phone_tap_unref (PhoneTap     *self);
void      phone_tap_write (PhoneTap     *self,
                           const float  *samples,
                           guint         n_samples,
                           guint         rate_hz);
void      phone_tap_read  (PhoneTap     *self,
                           float        *samples,
                           guint         n_samples,
                           guint         rate_hz);
guint     phone_tap_get_n_ready (PhoneTap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneTap, phone_tap_unref)

G_END_DECLS
