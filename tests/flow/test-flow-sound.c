/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "flow-sound.h"

#include "media-wave-writer.h"

#include <glib/gstdio.h>

#include <math.h>

#define RATE 16000

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->folder = g_dir_make_tmp ("flow-sound-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "hears.wav", NULL);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

/* Sums of tones, as a phone writes what it hears. */
static void
write_tones (PhoneWaveWriter *writer,
             double           seconds,
             const guint     *tones,
             guint            n_tones,
             double           amplitude)
{
  gsize n = (gsize) (seconds * RATE);
  g_autofree gint16 *samples = g_new (gint16, n);

  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      for (guint t = 0; t < n_tones; t++)
        sum += amplitude * sin (2 * G_PI * tones[t] * (double) i / RATE);
      samples[i] = (gint16) sum;
    }
  phone_wave_writer_write (writer, samples, n);
}

static gboolean
hears (Fixture     *self,
       goffset      since,
       const guint *wanted,
       guint        n_wanted,
       const guint *others,
       guint        n_others)
{
  g_autoptr (GString) found = g_string_new (NULL);

  return phone_flow_sound_hears (self->path, since, wanted, n_wanted, others, n_others, found);
}

static void
test_mix (Fixture       *self,
          gconstpointer  data)
{
  static const guint a[] = { 440 }, b[] = { 620 }, c[] = { 850 }, ab[] = { 440, 620 }, bc[] = { 620, 850 }, abc[] = { 440, 620, 850 };
  PhoneWaveWriter *writer = phone_wave_writer_new (self->path, RATE, NULL);

  write_tones (writer, 1, ab, 2, 3000);
  g_assert_true (hears (self, 0, ab, 2, c, 1));
  g_assert_true (hears (self, 0, a, 1, c, 1));
  g_assert_false (hears (self, 0, a, 1, b, 1));
  g_assert_false (hears (self, 0, bc, 2, a, 1));
  g_assert_false (hears (self, 0, abc, 3, NULL, 0));
  g_assert_false (hears (self, 0, NULL, 0, abc, 3));

  /* What was heard before is no matter. */
  write_tones (writer, 0.5, NULL, 0, 0);
  g_assert_true (hears (self, 0, NULL, 0, abc, 3));
  write_tones (writer, 0.5, c, 1, 3000);
  g_assert_true (hears (self, 0, c, 1, ab, 2));
  phone_wave_writer_free (writer);
}

/* A phone that writes nothing hears nothing, whatever its file ends with. */
static void
test_since (Fixture       *self,
            gconstpointer  data)
{
  static const guint a[] = { 440 };
  PhoneWaveWriter *writer = phone_wave_writer_new (self->path, RATE, NULL);
  goffset size;

  g_assert_cmpint (phone_flow_sound_get_size ("/nowhere"), ==, 0);
  g_assert_true (hears (self, 0, NULL, 0, a, 1));
  write_tones (writer, 1, a, 1, 3000);
  size = phone_flow_sound_get_size (self->path);
  g_assert_true (hears (self, 0, a, 1, NULL, 0));
  g_assert_false (hears (self, size, a, 1, NULL, 0));
  g_assert_true (hears (self, size, NULL, 0, a, 1));
  write_tones (writer, 0.2, a, 1, 3000);
  g_assert_false (hears (self, size, a, 1, NULL, 0));
  write_tones (writer, 0.2, a, 1, 3000);
  g_assert_true (hears (self, size, a, 1, NULL, 0));
  phone_wave_writer_free (writer);
}

static void
test_own_tone (Fixture       *self,
               gconstpointer  data)
{
  static const guint tone[] = { 620 }, others[] = { 440, 850 };

  g_assert_true (phone_flow_sound_write_tone (self->path, 620, NULL));
  g_assert_true (hears (self, 0, tone, 1, others, 2));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/flow/sound/mix", Fixture, NULL, set_up, test_mix, tear_down);
  g_test_add ("/flow/sound/since", Fixture, NULL, set_up, test_since, tear_down);
  g_test_add ("/flow/sound/own-tone", Fixture, NULL, set_up, test_own_tone, tear_down);

  return g_test_run ();
}
