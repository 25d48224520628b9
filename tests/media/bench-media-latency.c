/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Prints how long sound takes through the audio port, on a private PulseAudio server with null sinks:
 *
 *   ear    a packet with the start of a burst is sent -> the burst is on the recording of the speaker sink's monitor
 *   mouth  the burst is on a recording of the microphone's source -> a packet with it has come
 *   cpu    of this process while a G.711 call runs (and for --audio null: for each of twenty calls)
 *
 * A recording is read in pieces of 5 ms; the time of a sample is when its piece came, less what came after it.
 */

#include "media-fixture.h"
#include "media-rtp.h"
#include "pulse-server.h"

#include <gst/gst.h>
#include <math.h>
#include <pulse/simple.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define ROUNDS 20
#define PACKET 160

typedef struct {
  pa_simple *stream;
  GThread   *thread;
  int        quit;
  GMutex     lock;
  gint64     armed_us;      /* look for sound after this */
  gint64     heard_us;
} Listener;

static gpointer
listen_thread (gpointer user_data)
{
  Listener *self = user_data;
  gint16 samples[240];

  while (!g_atomic_int_get (&self->quit) && pa_simple_read (self->stream, samples, sizeof samples, NULL) == 0)
    {
      gint64 now = g_get_monotonic_time ();

      g_mutex_lock (&self->lock);
      for (guint i = 0; i < G_N_ELEMENTS (samples) && self->armed_us > 0 && self->heard_us == 0; i++)
        if (ABS (samples[i]) > 2000)
          self->heard_us = now - (gint64) (G_N_ELEMENTS (samples) - i) * 1000000 / 48000;
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

static Listener *
listener_new (const char *source)
{
  Listener *self = g_new0 (Listener, 1);
  pa_sample_spec spec = { PA_SAMPLE_S16LE, 48000, 1 };
  pa_buffer_attr attributes = { (guint32) -1, (guint32) -1, (guint32) -1, (guint32) -1, 480 };

  g_mutex_init (&self->lock);
  self->stream = pa_simple_new (NULL, "bench", PA_STREAM_RECORD, source, "listener", &spec, NULL, &attributes, NULL);
  g_assert_nonnull (self->stream);
  self->thread = g_thread_new ("listen", listen_thread, self);
  return self;
}

static void
listener_free (Listener *self)
{
  g_atomic_int_set (&self->quit, 1);
  g_thread_join (self->thread);
  pa_simple_free (self->stream);
  g_free (self);
}

static void
listener_arm (Listener *self)
{
  g_mutex_lock (&self->lock);
  self->armed_us = g_get_monotonic_time ();
  self->heard_us = 0;
  g_mutex_unlock (&self->lock);
}

static gint64
listener_get (Listener *self)
{
  gint64 heard;

  g_mutex_lock (&self->lock);
  heard = self->heard_us;
  g_mutex_unlock (&self->lock);
  return heard;
}

/* The far end: sends µ-law packets on the beat, listens for loud ones. */
typedef struct {
  GSocket        *socket;
  GSocketAddress *to;
  GThread        *thread;
  int             quit;
  int             burst;       /* atomic: packets of the next burst */
  GMutex          lock;
  gint64          sent_us;
  gboolean        armed;
  gint64          came_us;
} Peer;

static gpointer
peer_thread (gpointer user_data)
{
  Peer *self = user_data;
  guint8 packet[12 + PACKET];
  guint16 sequence = 0;
  guint32 timestamp = 0;
  gint64 next = g_get_monotonic_time ();
  int left = 0;

  while (!g_atomic_int_get (&self->quit))
    {
      gint64 now = g_get_monotonic_time ();

      if (now >= next)
        {
          PhoneRtpHeader header = { 0, FALSE, sequence++, timestamp, 77, 12, PACKET };

          if (left == 0 && (left = g_atomic_int_get (&self->burst)) > 0)
            {
              g_atomic_int_set (&self->burst, 0);
              g_mutex_lock (&self->lock);
              self->sent_us = now;
              g_mutex_unlock (&self->lock);
            }
          phone_rtp_write_header (packet, &header);
          /* 1 kHz at full scale, or silence. */
          for (guint i = 0; i < PACKET; i++)
            packet[12 + i] = left > 0 ? (i % 8 < 4 ? 0x80 : 0x00) : 0xff;
          left = MAX (left - 1, 0);
          g_socket_send_to (self->socket, self->to, (const char *) packet, sizeof packet, NULL, NULL);
          timestamp += PACKET;
          next += 20000;
        }
      if (g_socket_condition_timed_wait (self->socket, G_IO_IN, MAX (next - g_get_monotonic_time (), 1), NULL, NULL))
        {
          gssize length = g_socket_receive (self->socket, (char *) packet, sizeof packet, NULL, NULL);
          gboolean loud = FALSE;

          now = g_get_monotonic_time ();
          for (gssize i = 12; i < length; i++)
            loud = loud || (packet[i] & 0x7f) < 0x40;
          g_mutex_lock (&self->lock);
          if (loud && self->armed && self->came_us == 0)
            self->came_us = now;
          g_mutex_unlock (&self->lock);
        }
    }
  return NULL;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return (*x > *y) - (*x < *y);
}

static void
print (const char *what,
       double     *ms,
       guint       n)
{
  if (n == 0)
    {
      g_print ("%-6s nothing measured\n", what);
      return;
    }
  qsort (ms, n, sizeof *ms, compare);
  g_print ("%-6s median %.1f ms, least %.1f, most %.1f (%u rounds)\n", what, ms[n / 2], ms[0], ms[n - 1], n);
}

static void
bench_ear (Peer     *peer,
           Listener *listener)
{
  double ms[ROUNDS] = { 0 };
  guint n = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 heard;

      run_for (350 + (guint) g_random_int_range (0, 40));
      listener_arm (listener);
      g_atomic_int_set (&peer->burst, 3);
      run_for (400);
      heard = listener_get (listener);
      g_mutex_lock (&peer->lock);
      if (heard > peer->sent_us)
        ms[n++] = (double) (heard - peer->sent_us) / 1000;
      g_mutex_unlock (&peer->lock);
    }
  print ("ear", ms, n);
}

static void
bench_mouth (Peer     *peer,
             Listener *listener)
{
  pa_sample_spec spec = { PA_SAMPLE_S16LE, 48000, 1 };
  pa_buffer_attr attributes = { (guint32) -1, 1920, 0, 960, (guint32) -1 };
  gint16 burst[2880];
  double ms[ROUNDS] = { 0 };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (burst); i++)
    burst[i] = i % 48 < 24 ? 16000 : -16000;
  for (guint i = 0; i < ROUNDS; i++)
    {
      pa_simple *stream;
      gint64 heard;

      run_for (250 + (guint) g_random_int_range (0, 40));
      listener_arm (listener);
      g_mutex_lock (&peer->lock);
      peer->armed = TRUE;
      peer->came_us = 0;
      g_mutex_unlock (&peer->lock);
      stream = pa_simple_new (NULL, "bench", PA_STREAM_PLAYBACK, "mic1", "burst", &spec, NULL, &attributes, NULL);
      pa_simple_write (stream, burst, sizeof burst, NULL);
      run_for (400);
      pa_simple_free (stream);
      heard = listener_get (listener);
      g_mutex_lock (&peer->lock);
      if (heard > 0 && peer->came_us > 0)
        ms[n++] = (double) (peer->came_us - heard) / 1000;
      peer->armed = FALSE;
      g_mutex_unlock (&peer->lock);
    }
  print ("mouth", ms, n);
}

static double
cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
print_cpu (const char *what,
           guint       calls)
{
  double before;

  run_for (1000);
  before = cpu_s ();
  run_for (5000);
  g_print ("cpu    %s: %.2f %% of a core\n", what, (cpu_s () - before) / 5 * 100 / calls);
}

static void
bench_null (void)
{
  Handset *a = handset_new ("null");
  Handset *b = handset_new ("null");

  for (guint call = 1; call <= 10; call++)
    connect_handsets (a, b, call, "PCMU", "127.0.0.1");
  print_cpu ("--audio null, each of twenty ends", 20);
  handset_free (a);
  handset_free (b);
}

int
main (int    argc,
      char **argv)
{
  static const char * const sinks[] = { "spk1", "mic1", NULL };
  PulseServer *server;
  Handset *phone;
  Peer peer = { 0 };
  g_autoptr (PhoneMediaDesc) ours = NULL;
  g_autoptr (PhoneMediaDesc) theirs = NULL;
  g_autoptr (GPtrArray) codecs = g_ptr_array_new ();
  PhoneCodec pcmu = { (char *) "PCMU", 0, 8000, 1, NULL };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) local = NULL;
  Listener *speaker;
  Listener *microphone;
  PhoneMediaStatistics statistics;

  gst_init (&argc, &argv);
  server = pulse_server_new (sinks);
  if (server == NULL)
    return 77;
  phone = handset_new ("pulse");
  handset_set (phone, "deskset.audio.speaker", "spk1");
  handset_set (phone, "deskset.audio.speaker_microphone", "mic1.monitor");
  peer.socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_socket_bind (peer.socket, any, FALSE, NULL);
  local = g_socket_get_local_address (peer.socket, NULL);
  ours = handset_prepare (phone, 1, "PCMU", "127.0.0.1");
  g_ptr_array_add (codecs, &pcmu);
  theirs = phone_media_desc_new ("127.0.0.1", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)), 0,
                                 PHONE_DIRECTION_SENDRECV, 20, codecs);
  peer.to = g_inet_socket_address_new (loopback, (guint16) phone_media_desc_get_port (ours));
  phone_audio_connect (phone->audio, 1, ours, theirs);
  peer.thread = g_thread_new ("peer", peer_thread, &peer);
  wait_for_event (phone, PHONE_EVENT_MEDIA_FLOWING, 1, 8000);

  print_cpu ("G.711 call on PulseAudio, with the far end in this process", 1);
  speaker = listener_new ("spk1.monitor");
  microphone = listener_new ("mic1.monitor");
  run_for (3000);
  bench_ear (&peer, speaker);
  bench_mouth (&peer, microphone);
  phone_media_audio_get_statistics (PHONE_MEDIA_AUDIO (phone->audio), 1, &statistics);
  g_print ("       jitter buffer %u us, made up %u ms, late %u\n", statistics.buffer_us, statistics.concealed_ms,
           statistics.packets_late);
  g_atomic_int_set (&peer.quit, 1);
  g_thread_join (peer.thread);
  listener_free (speaker);
  listener_free (microphone);
  handset_free (phone);
  g_clear_object (&peer.socket);
  g_clear_object (&peer.to);
  bench_null ();
  pulse_server_free (server);
  return 0;
}
