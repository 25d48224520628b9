/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PhoneWave:
 * Sound read from a WAV file: mono, 16 bit. Several channels are averaged.
 */
typedef struct {
  guint   rate_hz;
  gsize   n_samples;
  gint16 *samples;
} PhoneWave;

PhoneWave *phone_wave_parse (GBytes      *bytes,
                             GError     **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneWave *phone_wave_load  (const char  *path,
                             guint        rate_hz,
                             GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void       phone_wave_free  (PhoneWave   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneWave, phone_wave_free)

G_END_DECLS
