/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pulse-server.h"

#include <glib/gstdio.h>
#include <math.h>
#include <pulse/simple.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define START_TIMEOUT_US (20 * G_USEC_PER_SEC)

struct _PulseServer {
  char        *folder;
  char        *socket;
  char       **sinks;
  GSubprocess *process;
};

static void
on_child_setup (gpointer user_data)
{
  /* The daemon goes when the test does, however that ends. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
answers (const char *path)
{
  g_autoptr (GSocketAddress) address = NULL;
  pa_simple *stream;
  pa_sample_spec spec = { PA_SAMPLE_S16LE, PULSE_TAP_HZ, 1 };

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;
  stream = pa_simple_new (NULL, "test", PA_STREAM_PLAYBACK, NULL, "probe", &spec, NULL, NULL, NULL);
  if (stream == NULL)
    return FALSE;
  pa_simple_free (stream);
  return TRUE;
}

void
pulse_server_start (PulseServer *self)
{
  g_autoptr (GPtrArray) args = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                                        | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  gint64 deadline = g_get_monotonic_time () + START_TIMEOUT_US;
  static const char *const fixed[] = { "pulseaudio",        "-n",
                                       "--daemonize=no",    "--exit-idle-time=-1",
                                       "--system=false",    "--disable-shm=yes",
                                       "--use-pid-file=no", "--realtime=no",
                                       "--high-priority=no" };

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (args, g_strdup (fixed[i]));
  g_ptr_array_add (args, g_strdup ("-L"));
  g_ptr_array_add (args, g_strdup_printf ("module-native-protocol-unix auth-anonymous=1 socket=%s", self->socket));
  for (guint i = 0; self->sinks[i] != NULL; i++)
    {
      g_ptr_array_add (args, g_strdup ("-L"));
      g_ptr_array_add (args, g_strdup_printf ("module-null-sink sink_name=%s rate=48000 channels=1", self->sinks[i]));
    }
  g_ptr_array_add (args, NULL);

  g_unlink (self->socket);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", self->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "HOME", self->folder, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "PULSE_SERVER");
  g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
  g_subprocess_launcher_set_child_setup (launcher, on_child_setup, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char * const *) args->pdata, &error);
  g_assert_no_error (error);
  while (!answers (self->socket))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
}

PulseServer *
pulse_server_new (const char * const *sinks)
{
  g_autofree char *program = g_find_program_in_path ("pulseaudio");
  g_autofree char *address = NULL;
  PulseServer *self;

  if (program == NULL)
    return NULL;
  self = g_new0 (PulseServer, 1);
  self->folder = g_dir_make_tmp ("deskset-pulse-XXXXXX", NULL);
  self->socket = g_build_filename (self->folder, "native", NULL);
  self->sinks = g_strdupv ((char **) sinks);
  address = g_strdup_printf ("unix:%s", self->socket);
  g_setenv ("PULSE_SERVER", address, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", self->folder, TRUE);
  g_setenv ("HOME", self->folder, TRUE);
  pulse_server_start (self);
  return self;
}

void
pulse_server_kill (PulseServer *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_folder (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

void
pulse_server_free (PulseServer *self)
{
  if (self == NULL)
    return;
  if (self->process != NULL)
    pulse_server_kill (self);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->socket);
  g_strfreev (self->sinks);
  g_free (self);
}

struct _PulseTap {
  GThread   *thread;
  pa_simple *stream;
  int        quit;        /* atomic */
  double     hz;
  double     amplitude;
  GMutex     lock;
  GArray    *samples;     /* lock */
};

static gpointer
record (gpointer user_data)
{
  PulseTap *self = user_data;
  gint16 samples[240];

  while (!g_atomic_int_get (&self->quit) && pa_simple_read (self->stream, samples, sizeof samples, NULL) == 0)
    {
      g_mutex_lock (&self->lock);
      g_array_append_vals (self->samples, samples, G_N_ELEMENTS (samples));
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

static gpointer
play (gpointer user_data)
{
  PulseTap *self = user_data;
  gint16 samples[480];
  guint64 at = 0;

  while (!g_atomic_int_get (&self->quit))
    {
      for (guint i = 0; i < G_N_ELEMENTS (samples); i++, at++)
        samples[i]
            = (gint16) lrint (self->amplitude * 32767 * sin (2 * G_PI * fmod (self->hz * (double) at / PULSE_TAP_HZ, 1)));
      if (pa_simple_write (self->stream, samples, sizeof samples, NULL) < 0)
        break;
    }
  return NULL;
}

static PulseTap *
tap_new (const char *device,
         gboolean    recording)
{
  PulseTap *self = g_new0 (PulseTap, 1);
  pa_sample_spec spec = { PA_SAMPLE_S16LE, PULSE_TAP_HZ, 1 };
  pa_buffer_attr attributes = { (guint32) -1, PULSE_TAP_HZ / 50 * 2, (guint32) -1, (guint32) -1, PULSE_TAP_HZ / 200 * 2 };

  g_mutex_init (&self->lock);
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->stream = pa_simple_new (NULL, "deskset-test", recording ? PA_STREAM_RECORD : PA_STREAM_PLAYBACK, device, "tap",
                                &spec, NULL, &attributes, NULL);
  g_assert_nonnull (self->stream);
  return self;
}

PulseTap *
pulse_tap_new_record (const char *source)
{
  PulseTap *self = tap_new (source, TRUE);
  gint64 deadline = g_get_monotonic_time () + START_TIMEOUT_US;

  self->thread = g_thread_new ("record", record, self);
  /* The server takes its time to begin: what is played after this is on the recording. */
  while (pulse_tap_get_length (self) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (2000);
    }
  return self;
}

PulseTap *
pulse_tap_new_tone (const char *sink,
                    double      hz,
                    double      amplitude)
{
  PulseTap *self = tap_new (sink, FALSE);

  self->hz = hz;
  self->amplitude = amplitude;
  self->thread = g_thread_new ("tone", play, self);
  return self;
}

void
pulse_tap_free (PulseTap *self)
{
  g_atomic_int_set (&self->quit, 1);
  g_thread_join (self->thread);
  pa_simple_free (self->stream);
  g_array_unref (self->samples);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
pulse_tap_get_last (PulseTap *self,
                    gint16   *samples,
                    gsize     n_samples)
{
  gboolean enough;

  g_mutex_lock (&self->lock);
  enough = self->samples->len >= n_samples;
  if (enough)
    memcpy (samples, &g_array_index (self->samples, gint16, self->samples->len - n_samples),
            n_samples * sizeof (gint16));
  g_mutex_unlock (&self->lock);
  return enough;
}

gint16 *
pulse_tap_dup (PulseTap *self,
               gsize    *n_samples)
{
  gint16 *samples;

  g_mutex_lock (&self->lock);
  *n_samples = self->samples->len;
  samples = g_memdup2 (self->samples->data, self->samples->len * sizeof (gint16));
  g_mutex_unlock (&self->lock);
  return samples;
}

gsize
pulse_tap_get_length (PulseTap *self)
{
  gsize length;

  g_mutex_lock (&self->lock);
  length = self->samples->len;
  g_mutex_unlock (&self->lock);
  return length;
}
