/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhoneWaveWriter:
 * Writes a mono WAV file of 16 bit. The header is put right ten times a second, so that the file can be read
 * even when the program was killed.
 */
typedef struct _PhoneWaveWriter PhoneWaveWriter;

PhoneWaveWriter *phone_wave_writer_new   (const char       *path,
                                          guint             rate_hz,
                                          GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_wave_writer_write (PhoneWaveWriter  *self,
                                          const gint16     *samples,
                                          gsize             n_samples);
void             phone_wave_writer_free  (PhoneWaveWriter  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneWaveWriter, phone_wave_writer_free)

G_END_DECLS
