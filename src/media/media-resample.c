/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-resample.h"

/**
 * phone_media_resampler_new:
 *
 * Returns: (transfer full): GStreamer's resampler for a mono stream of 16 bit, quick rather than exact
 */
GstAudioResampler *
phone_media_resampler_new (guint from_hz,
                           guint to_hz)
{
  g_autoptr (GstStructure) options = gst_structure_new_empty ("options");

  gst_audio_resampler_options_set_quality (GST_AUDIO_RESAMPLER_METHOD_KAISER, 3, (int) from_hz, (int) to_hz, options);
  return gst_audio_resampler_new (GST_AUDIO_RESAMPLER_METHOD_KAISER, GST_AUDIO_RESAMPLER_FLAG_NONE, GST_AUDIO_FORMAT_S16, 1,
                                  (int) from_hz, (int) to_hz, options);
}

/**
 * phone_media_resample:
 * @resampler: (inout) (nullable): of this stream; made, and made anew when @from_hz changes
 * @current_hz: (inout): the rate it was made for
 * @to_hz: always the same for one @resampler
 * @out: (element-type gint16): the sound is appended
 */
void
phone_media_resample (GstAudioResampler **resampler,
                      guint              *current_hz,
                      const gint16       *samples,
                      gsize               n_samples,
                      guint               from_hz,
                      guint               to_hz,
                      GArray             *out)
{
  gpointer in[1] = { (gpointer) samples };
  gpointer to[1];
  guint before = out->len;
  gsize n_out;

  if (from_hz == to_hz)
    {
      g_array_append_vals (out, samples, (guint) n_samples);
      return;
    }
  if (*resampler == NULL || *current_hz != from_hz)
    {
      g_clear_pointer (resampler, gst_audio_resampler_free);
      *resampler = phone_media_resampler_new (from_hz, to_hz);
      *current_hz = from_hz;
    }
  n_out = gst_audio_resampler_get_out_frames (*resampler, n_samples);
  g_array_set_size (out, before + (guint) n_out);
  to[0] = &g_array_index (out, gint16, before);
  gst_audio_resampler_resample (*resampler, in, n_samples, to, n_out);
}
