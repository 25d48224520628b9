/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-wave-writer.h"

#include <gio/gio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HEADER_SIZE 44

struct _PhoneWaveWriter {
  int      fd;
  char    *path;
  guint    rate_hz;
  guint32  n_bytes;
  guint32  n_bytes_in_header;
  gboolean failed;
};

static void
put_16 (guint8 *data,
        guint   value)
{
  data[0] = (guint8) value;
  data[1] = (guint8) (value >> 8);
}

static void
put_32 (guint8 *data,
        guint32 value)
{
  put_16 (data, value & 0xffff);
  put_16 (data + 2, value >> 16);
}

static void
write_header (PhoneWaveWriter *self)
{
  guint8 header[HEADER_SIZE];

  memcpy (header, "RIFF", 4);
  put_32 (header + 4, HEADER_SIZE - 8 + self->n_bytes);
  memcpy (header + 8, "WAVEfmt ", 8);
  put_32 (header + 16, 16);
  put_16 (header + 20, 1);   /* PCM */
  put_16 (header + 22, 1);
  put_32 (header + 24, self->rate_hz);
  put_32 (header + 28, self->rate_hz * 2);
  put_16 (header + 32, 2);
  put_16 (header + 34, 16);
  memcpy (header + 36, "data", 4);
  put_32 (header + 40, self->n_bytes);
  if (pwrite (self->fd, header, sizeof header, 0) != (gssize) sizeof header)
    self->failed = TRUE;
  self->n_bytes_in_header = self->n_bytes;
}

/**
 * phone_wave_writer_new:
 * @path: file to make; one that is there is overwritten
 * @rate_hz: sample rate
 * @error: names the file
 */
PhoneWaveWriter *
phone_wave_writer_new (const char  *path,
                       guint        rate_hz,
                       GError     **error)
{
  PhoneWaveWriter *self;
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

  if (fd < 0)
    {
      int reason = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (reason), "%s: %s", path, g_strerror (reason));
      return NULL;
    }
  self = g_new0 (PhoneWaveWriter, 1);
  self->fd = fd;
  self->path = g_strdup (path);
  self->rate_hz = rate_hz;
  write_header (self);
  return self;
}

/**
 * phone_wave_writer_write:
 * @samples: to be appended
 */
void
phone_wave_writer_write (PhoneWaveWriter *self,
                         const gint16    *samples,
                         gsize            n_samples)
{
  gsize size = n_samples * sizeof *samples;

  g_return_if_fail (self != NULL);

  if (self->failed || (guint64) self->n_bytes + size > G_MAXUINT32 - HEADER_SIZE)
    return;
  if (pwrite (self->fd, samples, size, (off_t) HEADER_SIZE + self->n_bytes) != (gssize) size)
    {
      self->failed = TRUE;
      g_warning ("%s: %s", self->path, g_strerror (errno));
      return;
    }
  self->n_bytes += (guint32) size;
  if (self->n_bytes - self->n_bytes_in_header >= self->rate_hz / 5)
    write_header (self);
}

void
phone_wave_writer_free (PhoneWaveWriter *self)
{
  if (self == NULL)
    return;
  if (!self->failed)
    write_header (self);
  close (self->fd);
  g_free (self->path);
  g_free (self);
}
