/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-ticker.h"

#include <string.h>

#define RATE 16000
#define PERIOD_MS 20
#define GONE_US 80000

/* A sound that notes when it is pulled. */
#define TYPE_PROBE (probe_get_type ())
G_DECLARE_FINAL_TYPE (Probe, probe, TEST, PROBE, GObject)

struct _Probe {
  GObject parent;
  GMutex  lock;
  gint64  first_us;
  guint   first_frames;
  guint   n_pulls;
};

static void probe_sound_init (PhoneSoundInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Probe, probe, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PHONE_TYPE_SOUND, probe_sound_init))

static gboolean
probe_render (PhoneSound *sound,
              float      *mix,
              guint       n_frames,
              guint       rate_hz)
{
  Probe *self = TEST_PROBE (sound);

  g_mutex_lock (&self->lock);
  if (self->n_pulls++ == 0)
    {
      self->first_us = g_get_monotonic_time ();
      self->first_frames = n_frames;
    }
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
probe_sound_init (PhoneSoundInterface *iface)
{
  iface->render = probe_render;
}

static void
probe_finalize (GObject *object)
{
  g_mutex_clear (&TEST_PROBE (object)->lock);
  G_OBJECT_CLASS (probe_parent_class)->finalize (object);
}

static void
probe_class_init (ProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = probe_finalize;
}

static void
probe_init (Probe *self)
{
  g_mutex_init (&self->lock);
}

static guint
get_pulls (Probe *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_pulls;
  g_mutex_unlock (&self->lock);
  return n;
}

typedef struct {
  PhoneMediaLoop  *loop;
  PhoneMixer      *mixer;
  PhoneMicrophone *microphone;
  PhoneTicker     *ticker;
  Probe           *probe;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->loop = phone_media_loop_new ();
  self->mixer = phone_mixer_new (RATE);
  self->microphone = phone_microphone_new ();
  self->ticker = phone_ticker_new (self->loop, self->mixer, self->microphone);
  self->probe = g_object_new (TYPE_PROBE, NULL);
  phone_mixer_add (self->mixer, PHONE_SOUND (self->probe));
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  phone_ticker_set_active (self->ticker, FALSE);
  phone_media_loop_free (self->loop);
  g_assert_finalize_object (self->ticker);
  g_assert_finalize_object (self->microphone);
  g_assert_finalize_object (self->mixer);
  g_assert_finalize_object (self->probe);
}

/* Both devices work for so long. Returns when the last of them did something; @longest_us: for how long none did. */
static gint64
work (Fixture *self,
      guint    ms,
      gint64  *longest_us)
{
  gint64 last_us = g_get_monotonic_time ();
  gint64 end_us = last_us + ms * 1000;

  *longest_us = 0;
  while (last_us < end_us)
    {
      gint64 now_us;

      phone_ticker_note_output (self->ticker);
      phone_ticker_note_input (self->ticker);
      g_usleep (10000);
      now_us = g_get_monotonic_time ();
      *longest_us = MAX (*longest_us, now_us - last_us);
      last_us = now_us;
    }
  phone_ticker_note_input (self->ticker);
  last_us = g_get_monotonic_time ();
  phone_ticker_note_output (self->ticker);
  return last_us;
}

/* How often the media thread has gone to sleep. */
static guint64
count_sleeps (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;

  g_assert_nonnull (tasks);
  while ((name = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "status", NULL);
      g_autofree char *text = NULL;
      const char *found;

      if (!g_file_get_contents (path, &text, NULL, NULL) || !g_str_has_prefix (text, "Name:\tmedia\n"))
        continue;
      found = strstr (text, "\nvoluntary_ctxt_switches:");
      g_assert_nonnull (found);
      return g_ascii_strtoull (strchr (found, ':') + 1, NULL, 10);
    }
  g_assert_not_reached ();
}

/* Beside devices that work it hardly wakes up. */
static void
test_sleeps (Fixture       *self,
             gconstpointer  data)
{
  gint64 longest_us;
  guint64 before;
  guint64 sleeps;

  phone_ticker_expect (self->ticker, TRUE, TRUE);
  phone_ticker_set_active (self->ticker, TRUE);
  work (self, 100, &longest_us);
  before = count_sleeps ();
  work (self, 1000, &longest_us);
  sleeps = count_sleeps () - before;
  g_test_message ("%" G_GUINT64_FORMAT " wake-ups in a second", sleeps);
  if (longest_us >= GONE_US)
    {
      g_test_skip ("the machine is too busy: the devices of this test were gone");
      return;
    }
  g_assert_cmpuint (get_pulls (self->probe), ==, 0);
  g_assert_cmpuint (sleeps, <=, 25);
}

/* It steps in for a device that falls silent, with what is due from then on, in its own steps. */
static void
test_steps_in (Fixture       *self,
               gconstpointer  data)
{
  gint64 longest_us;
  gint64 last_us;
  gint64 late_us;

  phone_ticker_expect (self->ticker, TRUE, TRUE);
  phone_ticker_set_active (self->ticker, TRUE);
  last_us = work (self, 300, &longest_us);
  while (get_pulls (self->probe) < 5)
    g_usleep (1000);
  if (longest_us >= GONE_US)
    {
      g_test_skip ("the machine is too busy: the devices of this test were gone");
      return;
    }
  late_us = self->probe->first_us - last_us - GONE_US;
  g_test_message ("stepped in %" G_GINT64_FORMAT " us after the device counts as gone, with %u frames", late_us,
                  self->probe->first_frames);
  g_assert_cmpint (late_us, >, 0);
  /* Not what was missed before: that would be five packets at once. */
  if (late_us < PERIOD_MS * 1000)
    g_assert_cmpuint (self->probe->first_frames, <=, 2 * RATE * PERIOD_MS / 1000);
}

/* A device that is being opened is waited for; when it dies soon after, not until the end of that time. */
static void
test_expects (Fixture       *self,
              gconstpointer  data)
{
  gint64 longest_us;
  gint64 last_us;

  phone_ticker_expect (self->ticker, TRUE, TRUE);
  phone_ticker_set_active (self->ticker, TRUE);
  g_usleep (200000);
  g_assert_cmpuint (get_pulls (self->probe), ==, 0);
  last_us = work (self, 20, &longest_us);
  while (get_pulls (self->probe) == 0)
    g_usleep (1000);
  g_test_message ("stepped in after %" G_GINT64_FORMAT " us", self->probe->first_us - last_us);
  g_assert_cmpint (self->probe->first_us - last_us, >, GONE_US);
  if (longest_us < GONE_US)
    g_assert_cmpint (self->probe->first_us - last_us, <, 3 * GONE_US);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/media/ticker/sleeps", Fixture, NULL, set_up, test_sleeps, tear_down);
  g_test_add ("/media/ticker/steps-in", Fixture, NULL, set_up, test_steps_in, tear_down);
  g_test_add ("/media/ticker/expects", Fixture, NULL, set_up, test_expects, tear_down);
  return g_test_run ();
}
