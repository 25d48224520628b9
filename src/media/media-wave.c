/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-wave.h"

#include <gst/audio/audio.h>
#include <math.h>
#include <string.h>

#define HEADER_SIZE 44
#define FORMAT_PCM 1
#define FORMAT_FLOAT 3
#define FORMAT_EXTENSIBLE 0xfffe
/* A microphone file is held in memory. */
#define MAX_FILE_BYTES (256 * 1024 * 1024)
#define MAX_CHANNELS 8

typedef struct {
  guint format;
  guint channels;
  guint rate_hz;
  guint bits;
} Format;

static guint
get_16 (const guint8 *data)
{
  return data[0] | ((guint) data[1] << 8);
}

static guint32
get_32 (const guint8 *data)
{
  return get_16 (data) | ((guint32) get_16 (data + 2) << 16);
}

static double
read_sample (const guint8 *data,
             const Format *format)
{
  union { guint32 bits; float value; } word;

  switch (format->bits)
    {
    case 8:
      return (data[0] - 128) * 256.0;
    case 16:
      return (gint16) get_16 (data);
    case 24:
      return (gint32) (((guint32) data[0] << 8) | ((guint32) data[1] << 16) | ((guint32) data[2] << 24)) / 65536.0;
    default:
      word.bits = get_32 (data);
      if (format->format == FORMAT_FLOAT)
        return isfinite (word.value) ? CLAMP (word.value, -1, 1) * 32767.0 : 0;
      return (gint32) word.bits / 65536.0;
    }
}

static gboolean
parse_format (const guint8  *data,
              gsize          length,
              Format        *format,
              GError       **error)
{
  if (length >= 16)
    {
      format->format = get_16 (data);
      format->channels = get_16 (data + 2);
      format->rate_hz = get_32 (data + 4);
      format->bits = get_16 (data + 14);
      if (format->format == FORMAT_EXTENSIBLE && length >= 26)
        format->format = get_16 (data + 24);
      if (format->channels >= 1 && format->channels <= MAX_CHANNELS && format->rate_hz >= 4000
          && format->rate_hz <= 192000
          && ((format->format == FORMAT_PCM
               && (format->bits == 8 || format->bits == 16 || format->bits == 24 || format->bits == 32))
              || (format->format == FORMAT_FLOAT && format->bits == 32)))
        return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "only WAV files of 8, 16, 24, 32 bits or float are understood");
  return FALSE;
}

static PhoneWave *
convert (const guint8 *data,
         gsize         length,
         const Format *format)
{
  PhoneWave *self = g_new0 (PhoneWave, 1);
  gsize sample = format->bits / 8;
  gsize frame = sample * format->channels;

  self->rate_hz = format->rate_hz;
  self->n_samples = length / frame;
  self->samples = g_new0 (gint16, MAX (self->n_samples, 1));
  for (gsize i = 0; i < self->n_samples; i++)
    {
      double sum = 0;

      for (guint channel = 0; channel < format->channels; channel++)
        sum += read_sample (data + i * frame + channel * sample, format);
      self->samples[i] = (gint16) CLAMP (sum / format->channels, -32768.0, 32767.0);
    }
  return self;
}

/**
 * phone_wave_parse:
 * @bytes: contents of a WAV file; one that was cut short gives what is there
 * @error: what is wrong with it
 */
PhoneWave *
phone_wave_parse (GBytes  *bytes,
                  GError **error)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  Format format = { 0 };

  if (length < 12 || memcmp (data, "RIFF", 4) != 0 || memcmp (data + 8, "WAVE", 4) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "this is no WAV file");
      return NULL;
    }
  data += 12;
  length -= 12;
  while (length >= 8)
    {
      gsize size = MIN (get_32 (data + 4), length - 8);

      if (memcmp (data, "fmt ", 4) == 0 && !parse_format (data + 8, size, &format, error))
        return NULL;
      if (memcmp (data, "data", 4) == 0 && format.channels > 0)
        return convert (data + 8, size, &format);
      size = MIN (size + (size & 1), length - 8);
      data += 8 + size;
      length -= 8 + size;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the WAV file has no sound in it");
  return NULL;
}

static void
resample (PhoneWave *self,
          guint      rate_hz)
{
  GstAudioResampler *resampler;
  g_autofree gint16 *in_samples = NULL;
  gint16 *samples;
  gpointer in[1];
  gpointer out[1];
  gsize latency;
  gsize n_in;
  gsize n_out;

  if (self->rate_hz == rate_hz)
    return;
  resampler = gst_audio_resampler_new (GST_AUDIO_RESAMPLER_METHOD_KAISER, GST_AUDIO_RESAMPLER_FLAG_NONE,
                                       GST_AUDIO_FORMAT_S16, 1, (int) self->rate_hz, (int) rate_hz, NULL);
  /* Silence behind it pushes the last samples out. */
  latency = gst_audio_resampler_get_max_latency (resampler);
  n_in = self->n_samples + latency;
  in_samples = g_new0 (gint16, n_in);
  memcpy (in_samples, self->samples, self->n_samples * sizeof (gint16));
  n_out = gst_audio_resampler_get_out_frames (resampler, n_in);
  samples = g_new0 (gint16, MAX (n_out, 1));
  in[0] = in_samples;
  out[0] = samples;
  gst_audio_resampler_resample (resampler, in, n_in, out, n_out);
  gst_audio_resampler_free (resampler);
  g_free (self->samples);
  self->samples = samples;
  self->n_samples = n_out;
  self->rate_hz = rate_hz;
}

/**
 * phone_wave_load:
 * @path: file name
 * @rate_hz: rate wanted; the sound is converted
 * @error: names the file
 */
PhoneWave *
phone_wave_load (const char  *path,
                 guint        rate_hz,
                 GError     **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GBytes) bytes = NULL;
  PhoneWave *self;

  if (file == NULL)
    return NULL;
  if (g_mapped_file_get_length (file) > MAX_FILE_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: too long", path);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (file);
  self = phone_wave_parse (bytes, error);
  if (self == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  resample (self, rate_hz);
  return self;
}

void
phone_wave_free (PhoneWave *self)
{
  if (self == NULL)
    return;
  g_free (self->samples);
  g_free (self);
}
