/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:media-conceal
 * @title: PhoneConcealer
 *
 * Makes up sound for packets that are missing, and makes sound a little shorter or longer: both by whole pitch periods,
 * as ITU-T G.711 Appendix I does, so that neither a voice nor a pure tone has a seam. Mono samples of 16 bit. No lock.
 */
typedef struct _PhoneConcealer PhoneConcealer;

PhoneConcealer *phone_concealer_new     (guint            rate_hz) G_GNUC_WARN_UNUSED_RESULT;
void            phone_concealer_free    (PhoneConcealer  *self);
void            phone_concealer_feed    (PhoneConcealer  *self,
                                         gint16          *samples,
                                         gsize            n_samples);
gsize           phone_concealer_align   (PhoneConcealer  *self,
                                         const gint16    *samples,
                                         gsize            n_samples);
void            phone_concealer_conceal (PhoneConcealer  *self,
                                         gint16          *samples,
                                         gsize            n_samples);
gsize           phone_conceal_shorten   (gint16          *samples,
                                         gsize            n_samples,
                                         guint            rate_hz);
gsize           phone_conceal_lengthen  (gint16          *samples,
                                         gsize            n_samples,
                                         gsize            room,
                                         guint            rate_hz);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneConcealer, phone_concealer_free)

G_END_DECLS
