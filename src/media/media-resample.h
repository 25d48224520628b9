/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

GstAudioResampler *phone_media_resampler_new (guint                from_hz,
                                              guint                to_hz) G_GNUC_WARN_UNUSED_RESULT;
void               phone_media_resample      (GstAudioResampler  **resampler,
                                              guint               *current_hz,
                                              const gint16        *samples,
                                              gsize                n_samples,
                                              guint                from_hz,
                                              guint                to_hz,
                                              GArray              *out);

G_END_DECLS
