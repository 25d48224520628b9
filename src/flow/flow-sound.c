/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-flow"

#include "flow-sound.h"

#include "media-wave-writer.h"
#include "tone-detector.h"

#include <math.h>

#define RATE_HZ 16000
#define TONE_S 2
#define AMPLITUDE 9000.0

/* A phone's file of what it hears: 44 bytes of header, then mono samples of 16 bits. The header's length lags behind. */
#define HEADER_SIZE 44
#define RATE_AT 24

/* Looked at: the newest 400 ms, and at least 300 of them new. */
#define WINDOW_MS 400
#define LEAST_MS 300

/* Of full scale. Said at 0.27; a conference of five may be as low as a fifth. Noise of G.711 is below 0.002. */
#define HEARD 0.03
#define NOT_HEARD 0.008

/**
 * phone_flow_sound_write_tone:
 * @path: a WAV file to make
 * @hz: the tone; two seconds, which can be played again and again without a click
 */
gboolean
phone_flow_sound_write_tone (const char  *path,
                             guint        hz,
                             GError     **error)
{
  g_autoptr (PhoneWaveWriter) writer = phone_wave_writer_new (path, RATE_HZ, error);
  g_autofree gint16 *samples = g_new (gint16, RATE_HZ * TONE_S);

  if (!writer)
    return FALSE;
  for (guint i = 0; i < RATE_HZ * TONE_S; i++)
    samples[i] = (gint16) (AMPLITUDE * sin (2 * G_PI * hz * i / RATE_HZ));
  phone_wave_writer_write (writer, samples, RATE_HZ * TONE_S);

  return TRUE;
}

/**
 * phone_flow_sound_get_size:
 * Returns: how long the file is now, in bytes; 0 when it is not there yet
 */
goffset
phone_flow_sound_get_size (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info ? g_file_info_get_size (info) : 0;
}

/* Returns: (transfer full) (nullable): @size bytes from @offset */
static GBytes *
read_part (const char *path,
           goffset     offset,
           gsize       size)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);

  if (!stream || !g_seekable_seek (G_SEEKABLE (stream), offset, G_SEEK_SET, NULL, NULL))
    return NULL;
  return g_input_stream_read_bytes (G_INPUT_STREAM (stream), size, NULL, NULL);
}

static guint
read_rate (const char *path)
{
  g_autoptr (GBytes) bytes = read_part (path, RATE_AT, 4);
  const guint8 *data;
  gsize size = 0;

  data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  return size == 4 ? data[0] | (guint) data[1] << 8 | (guint) data[2] << 16 : 0;
}

static guint
count_heard (const gint16 *samples,
             gsize         n_samples,
             guint         rate_hz,
             const guint  *tones,
             gsize         n_tones,
             double        least,
             GString      *found)
{
  guint n = 0;

  for (gsize i = 0; i < n_tones; i++)
    {
      double amplitude = phone_tone_measure (samples, n_samples, rate_hz, tones[i]);

      n += amplitude >= least ? 1 : 0;
      g_string_append_printf (found, "%s%u Hz %.3f", found->len ? ", " : "", tones[i], amplitude);
    }

  return n;
}

/**
 * phone_flow_sound_hears:
 * @path: what a phone hears
 * @since: only what came after so many bytes counts
 * @wanted: (array length=n_wanted): tones that must all be there; none: nothing may be heard of @others
 * @others: (array length=n_others): tones that must not be there
 * @found: gets what was measured, for people: amplitudes, 1 is full scale
 *
 * Returns: whether the newest part of a second is just that. A file that does not grow is silence.
 */
gboolean
phone_flow_sound_hears (const char  *path,
                        goffset      since,
                        const guint *wanted,
                        gsize        n_wanted,
                        const guint *others,
                        gsize        n_others,
                        GString     *found)
{
  g_autoptr (GBytes) bytes = NULL;
  guint rate_hz = read_rate (path);
  goffset size = phone_flow_sound_get_size (path);
  goffset start;
  const gint16 *samples;
  gsize n_bytes = 0;

  g_string_truncate (found, 0);
  since = MAX (since, HEADER_SIZE) + (since & 1);
  start = MAX (since, (size & ~(goffset) 1) - (goffset) (rate_hz * 2 * WINDOW_MS / 1000));
  if (rate_hz >= 8000 && size > start)
    bytes = read_part (path, start, (gsize) (size - start) & ~(gsize) 1);
  samples = bytes ? g_bytes_get_data (bytes, &n_bytes) : NULL;
  if (n_bytes < rate_hz * 2 * LEAST_MS / 1000 || rate_hz < 8000)
    {
      g_string_append (found, "silence");
      return n_wanted == 0;
    }

  return count_heard (samples, n_bytes / 2, rate_hz, wanted, n_wanted, HEARD, found) == n_wanted
         && count_heard (samples, n_bytes / 2, rate_hz, others, n_others, NOT_HEARD, found) == 0;
}
