/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-wave.h"
#include "media-wave-writer.h"
#include "tone-detector.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

static void
test_round_trip (void)
{
  g_autofree char *folder = g_dir_make_tmp ("deskset-wave-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.wav", NULL);
  PhoneWaveWriter *writer = phone_wave_writer_new (path, 8000, NULL);
  g_autoptr (PhoneWave) open = NULL;
  g_autoptr (PhoneWave) closed = NULL;
  g_autoptr (GError) error = NULL;
  gint16 samples[8000];

  for (guint i = 0; i < 8000; i++)
    samples[i] = (gint16) lrint (8000 * sin (2 * G_PI * 440 * i / 8000));
  phone_wave_writer_write (writer, samples, 8000);
  phone_wave_writer_write (writer, samples, 10);
  /* As after a kill: the header has all but the last tenth of a second. */
  open = phone_wave_load (path, 8000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (open->n_samples, >=, 8000 - 800);
  phone_wave_writer_free (writer);
  closed = phone_wave_load (path, 16000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (closed->n_samples, >, 15900);
  g_assert_cmpuint (phone_tone_find_dominant (closed->samples + 1000, 1600, 16000), ==, 440);
  g_unlink (path);
  g_rmdir (folder);
}

static PhoneWave *
parse (const guint8 *data,
       gsize         length,
       GError      **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  return phone_wave_parse (bytes, error);
}

static void
test_formats (void)
{
  guint8 stereo[]
      = "RIFF....WAVEfmt "
        "\x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\0\0\0\x04\0\x10\0data\x08\0\0\0\x00\x10\x00\x20\x00\x30\x00\x50";
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneWave) wave = parse (stereo, sizeof stereo - 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (wave->n_samples, ==, 2);
  g_assert_cmpint (wave->samples[0], ==, 0x1800);
  g_assert_cmpint (wave->samples[1], ==, 0x4000);
}

static void
test_broken (void)
{
  guint8 file[64]
      = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\0\0\0\0\x02\0\x10\0data\xff\xff\xff\xff\x01\x02\x03";

  for (gsize length = 0; length < 47; length++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneWave) wave = parse (file, length, &error);

      g_assert_true ((wave == NULL) == (error != NULL));
    }
  file[22] = 0;   /* no channel */
  g_assert_null (parse (file, sizeof file, NULL));
  file[22] = 1;
  file[34] = 12;  /* twelve bits */
  g_assert_null (parse (file, sizeof file, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/wave/round-trip", test_round_trip);
  g_test_add_func ("/media/wave/formats", test_formats);
  g_test_add_func ("/media/wave/broken", test_broken);
  return g_test_run ();
}
