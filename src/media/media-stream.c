/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-stream.h"

#include "media-latch.h"
#include "media-receiver.h"
#include "media-sender.h"
#include "media-srtp.h"

#include <gst/gst.h>
#include <string.h>

/**
 * SECTION:media-stream
 * @title: PhoneMediaStream
 *
 * One call: its sockets, a receiver that sounds in the mixer, a sender fed by the microphone, RTCP both ways, and the
 * watch over whether anything comes. Nothing is ever paused: hold only changes whether sound is sent and heard, while
 * RTCP and keep-alives go on.
 *
 * Threads: public functions on the main thread; packets on the media loop's, sound on the devices' threads.
 * What they share is behind `lock`, which is held for counting and looking up only, never while sending or decoding.
 */

#define STALL_US (5 * G_USEC_PER_SEC)
#define WATCH_MS 500
#define RTCP_INTERVAL_US (5 * G_USEC_PER_SEC)
/* Routers forget a silent UDP binding after 30 s or more (RFC 4787). */
#define KEEP_ALIVE_US (15 * G_USEC_PER_SEC)
#define MAX_BATCH 64

struct _PhoneMediaStream {
  GObject               parent;

  guint                 call;
  PhoneMediaLoop       *loop;
  PhoneMediaPorts      *ports;
  GMainContext         *context;
  PhoneMediaReceiver   *receiver;
  PhoneMediaSender     *sender;
  guint                 ptime_ms;
  gboolean              silent;       /* reports nothing */

  /* main thread */
  PhoneMixer           *mixer;
  PhoneMicrophone      *microphone;
  PhoneMediaStreamFunc  func;         /* NULL = stopped */
  gpointer              user_data;
  GSource              *rtp_source;
  GSource              *rtcp_source;
  GSource              *timer;

  GMutex                lock;         /* all below */
  PhoneRtcpSession     *rtcp;
  PhoneMediaLatch       latch;
  PhoneMediaLatch       rtcp_latch;
  GSocketAddress       *target;       /* nullable: nobody to send to */
  GSocketAddress       *rtcp_target;
  gboolean              mux;          /* RTCP goes and comes by the RTP port */
  PhoneSrtp            *srtp_out;     /* nullable: sent as it is */
  PhoneSrtp            *srtp_in;      /* nullable: plain packets count */
  guint64               refused;      /* packets that were not authentic */
  char                  codec[16];
  gboolean              expecting;
  gboolean              stalled;
  gboolean              unreachable;  /* told in the log */
  gint64                received_us;
  gint64                sent_us;
  gint64                next_report_us;
};

G_DEFINE_TYPE (PhoneMediaStream, phone_media_stream, G_TYPE_OBJECT)

typedef struct {
  PhoneMediaStream *self;
  PhoneEventType    event;
  guint             value;
} News;

static void
news_free (News *news)
{
  g_object_unref (news->self);
  g_free (news);
}

static gboolean
on_news (gpointer user_data)
{
  News *news = user_data;

  if (news->self->func != NULL)
    news->self->func (news->self, news->event, news->value, news->self->user_data);
  return G_SOURCE_REMOVE;
}

/* Any thread. */
static void
tell (PhoneMediaStream *self,
      PhoneEventType    event,
      guint             value)
{
  News *news = g_new0 (News, 1);

  news->self = g_object_ref (self);
  news->event = event;
  news->value = value;
  phone_media_post (self->context, on_news, news, (GDestroyNotify) news_free);
}

static void
on_receiver_news (PhoneMediaNews news,
                  guint          value,
                  gpointer       user_data)
{
  PhoneMediaStream *self = user_data;

  switch (news)
    {
    case PHONE_MEDIA_NEWS_DECODED:
      tell (self, PHONE_EVENT_MEDIA_FLOWING, 0);
      break;
    case PHONE_MEDIA_NEWS_DIGIT:
      tell (self, PHONE_EVENT_DIGIT_HEARD, value);
      break;
    case PHONE_MEDIA_NEWS_TONE:
      tell (self, PHONE_EVENT_AUDIO_HEARD, value);
      break;
    }
}

static void
send_to (PhoneMediaStream *self,
         GSocket          *socket,
         GSocketAddress   *target,
         const guint8     *data,
         gsize             length)
{
  g_autoptr (GError) error = NULL;
  gboolean first;

  if (target == NULL || g_socket_send_to (socket, target, (const char *) data, length, NULL, &error) >= 0
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return;
  g_mutex_lock (&self->lock);
  first = !self->unreachable;
  self->unreachable = TRUE;
  g_mutex_unlock (&self->lock);
  if (first)
    g_message ("call %u: packets cannot be sent: %s", self->call, error->message);
}

/* @srtp: (nullable): %NULL sends it as it is */
static void
send_protected (PhoneMediaStream *self,
                GSocket          *socket,
                GSocketAddress   *target,
                PhoneSrtp        *srtp,
                const guint8     *data,
                gsize             length,
                gboolean          rtcp)
{
  guint32 packet[(PHONE_RTP_MAX_PACKET + PHONE_SRTP_ROOM) / sizeof (guint32)];

  if (srtp == NULL)
    {
      send_to (self, socket, target, data, length);
      return;
    }
  if (target == NULL || length > PHONE_RTP_MAX_PACKET)
    return;
  memcpy (packet, data, length);
  if (phone_srtp_protect (srtp, (guint8 *) packet, &length, rtcp))
    send_to (self, socket, target, (const guint8 *) packet, length);
}

/* Opens what is encrypted, in place. Returns FALSE when it is not what it should be. */
static gboolean
unprotect (PhoneMediaStream *self,
           guint8           *data,
           gsize            *length,
           gboolean          rtcp)
{
  g_autoptr (PhoneSrtp) srtp = NULL;
  gboolean first;

  g_mutex_lock (&self->lock);
  srtp = self->srtp_in == NULL ? NULL : phone_srtp_ref (self->srtp_in);
  g_mutex_unlock (&self->lock);
  if (srtp == NULL || phone_srtp_unprotect (srtp, data, length, rtcp))
    return TRUE;

  g_mutex_lock (&self->lock);
  first = self->refused++ == 0;
  g_mutex_unlock (&self->lock);
  if (first)
    g_message ("call %u: packets come that are not encrypted as agreed; they are dropped", self->call);
  return FALSE;
}

/* On the microphone's thread. */
static void
on_packet_ready (const PhoneRtpHeader *header,
                 const guint8         *data,
                 gsize                 length,
                 gpointer              user_data)
{
  PhoneMediaStream *self = user_data;
  g_autoptr (GSocketAddress) target = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (PhoneSrtp) srtp = NULL;
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  srtp = self->srtp_out == NULL ? NULL : phone_srtp_ref (self->srtp_out);
  socket = g_object_ref (self->ports->rtp);
  if (self->target != NULL)
    {
      target = g_object_ref (self->target);
      phone_rtcp_session_sent (self->rtcp, header, now_us);
      self->sent_us = now_us;
    }
  g_mutex_unlock (&self->lock);
  send_protected (self, socket, target, srtp, data, length, FALSE);
}

static gboolean
split_address (GSocketAddress  *from,
               GInetAddress   **address,
               guint           *port)
{
  if (!G_IS_INET_SOCKET_ADDRESS (from))
    return FALSE;
  *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (from));
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (from));
  return TRUE;
}

/* Counts a packet. Returns FALSE when it is none of ours. */
static gboolean
admit (PhoneMediaStream     *self,
       const PhoneRtpHeader *header,
       GInetAddress         *address,
       guint                 port,
       gint64                now_us)
{
  PhoneMediaLatchVerdict verdict;
  gboolean resumed = FALSE;

  g_mutex_lock (&self->lock);
  verdict = phone_media_latch_check (&self->latch, address, port, TRUE, now_us);
  if (verdict == PHONE_MEDIA_LATCH_MOVED)
    {
      g_clear_object (&self->target);
      self->target = phone_media_latch_dup_target (&self->latch);
      g_debug ("call %u: the other side sends from port %u: ours go there", self->call, port);
    }
  if (verdict != PHONE_MEDIA_LATCH_REFUSED)
    {
      phone_rtcp_session_received (self->rtcp, header, now_us);
      self->received_us = now_us;
      resumed = self->stalled;
      self->stalled = FALSE;
    }
  g_mutex_unlock (&self->lock);
  if (resumed)
    tell (self, PHONE_EVENT_MEDIA_FLOWING, 0);
  return verdict != PHONE_MEDIA_LATCH_REFUSED;
}

static void
take_rtp (PhoneMediaStream *self,
          GSocketAddress   *from,
          guint8           *data,
          gsize             length)
{
  gint64 now_us = g_get_monotonic_time ();
  PhoneRtpHeader header;
  GInetAddress *address;
  guint port;

  if (!split_address (from, &address, &port) || !phone_rtp_parse (data, length, &header))
    return;
  if (phone_media_receiver_classify (self->receiver, header.payload_type) == PHONE_MEDIA_PACKET_UNKNOWN)
    return;
  /* Before anything is believed of it, where it came from included. */
  if (!unprotect (self, data, &length, FALSE) || !phone_rtp_parse (data, length, &header))
    return;
  if (admit (self, &header, address, port, now_us))
    phone_media_receiver_take (self->receiver, &header, data, length, now_us);
}

static void
take_rtcp (PhoneMediaStream *self,
           GSocketAddress   *from,
           guint8           *data,
           gsize             length)
{
  PhoneRtcpStatistics statistics = { 0 };
  gboolean reported = FALSE;
  GInetAddress *address;
  guint port;
  gint64 now_us = g_get_monotonic_time ();

  if (!split_address (from, &address, &port) || !unprotect (self, data, &length, TRUE))
    return;
  g_mutex_lock (&self->lock);
  if (phone_media_latch_check (&self->rtcp_latch, address, port, length >= 8, now_us) != PHONE_MEDIA_LATCH_REFUSED
      && phone_rtcp_session_read_report (self->rtcp, data, length, now_us))
    {
      phone_rtcp_session_get_statistics (self->rtcp, &statistics);
      reported = TRUE;
      g_clear_object (&self->rtcp_target);
      self->rtcp_target = phone_media_latch_dup_target (&self->rtcp_latch);
    }
  g_mutex_unlock (&self->lock);
  if (reported)
    phone_media_sender_set_loss (self->sender, statistics.remote_loss_percent);
}

/* RFC 5761 §4: the packet types of RTCP are no payload types, once the marker is left out of them. */
static void
take_either (PhoneMediaStream *self,
             GSocketAddress   *from,
             guint8           *data,
             gsize             length)
{
  gboolean mux;

  g_mutex_lock (&self->lock);
  mux = self->mux;
  g_mutex_unlock (&self->lock);
  if (mux && length >= 2 && data[1] >= 192 && data[1] <= 223)
    take_rtcp (self, from, data, length);
  else
    take_rtp (self, from, data, length);
}

typedef void (*TakeFunc) (PhoneMediaStream *self,
                          GSocketAddress   *from,
                          guint8           *data,
                          gsize             length);

static void
drain (PhoneMediaStream *self,
       GSocket          *socket,
       TakeFunc          take)
{
  guint32 packet[PHONE_RTP_MAX_PACKET / sizeof (guint32)];
  guint8 *data = (guint8 *) packet;

  for (guint i = 0; i < MAX_BATCH; i++)
    {
      g_autoptr (GSocketAddress) from = NULL;
      gssize length = g_socket_receive_from (socket, &from, (char *) data, sizeof packet, NULL, NULL);

      if (length < 0)
        break;
      if (from != NULL && length > 0)
        take (self, from, data, (gsize) length);
    }
}

static gboolean
on_rtp (GSocket      *socket,
        GIOCondition  condition,
        gpointer      user_data)
{
  drain (user_data, socket, take_either);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_rtcp (GSocket      *socket,
         GIOCondition  condition,
         gpointer      user_data)
{
  drain (user_data, socket, take_rtcp);
  return G_SOURCE_CONTINUE;
}

/* 0.5 to 1.5 times the interval, corrected as RFC 3550 §6.3.1 says, so that the two sides do not fall into step. */
static gint64
report_interval (void)
{
  return (gint64) ((double) RTCP_INTERVAL_US * g_random_double_range (0.5, 1.5) / 1.21828);
}

static void
send_report (PhoneMediaStream *self,
             gint64            now_us,
             gboolean          bye)
{
  guint8 data[256];
  gsize length = 0;
  g_autoptr (PhoneSrtp) srtp = NULL;
  g_autoptr (GSocketAddress) target = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_mutex_lock (&self->lock);
  srtp = self->srtp_out == NULL ? NULL : phone_srtp_ref (self->srtp_out);
  socket = g_object_ref (self->mux ? self->ports->rtp : self->ports->rtcp);
  if (self->rtcp_target != NULL && !self->silent)
    {
      phone_rtcp_session_set_rates (self->rtcp, 0, phone_media_receiver_get_clock (self->receiver));
      target = g_object_ref (self->rtcp_target);
      length = phone_rtcp_session_write_report (self->rtcp, data, sizeof data, now_us, bye);
    }
  self->next_report_us = now_us + report_interval ();
  g_mutex_unlock (&self->lock);
  if (length > 0)
    send_protected (self, socket, target, srtp, data, length, TRUE);
}

static gboolean
on_watch (gpointer user_data)
{
  PhoneMediaStream *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GSocketAddress) target = NULL;
  g_autoptr (GSocket) socket = NULL;
  gboolean report;
  gboolean stalled = FALSE;

  g_mutex_lock (&self->lock);
  socket = g_object_ref (self->ports->rtp);
  report = self->next_report_us > 0 && now_us >= self->next_report_us;
  if (self->expecting && !self->stalled && now_us - self->received_us >= STALL_US)
    stalled = self->stalled = TRUE;
  if (self->target != NULL && now_us - self->sent_us >= KEEP_ALIVE_US)
    {
      target = g_object_ref (self->target);
      self->sent_us = now_us;
    }
  g_mutex_unlock (&self->lock);

  if (report)
    send_report (self, now_us, FALSE);
  /* An empty datagram keeps the way open while we send no sound (RFC 6263 §4.1). */
  send_to (self, socket, target, (const guint8 *) "", 0);
  if (stalled)
    tell (self, PHONE_EVENT_MEDIA_STALLED, 0);
  return G_SOURCE_CONTINUE;
}

static void
phone_media_stream_finalize (GObject *object)
{
  PhoneMediaStream *self = PHONE_MEDIA_STREAM (object);

  g_clear_object (&self->receiver);
  g_clear_object (&self->sender);
  g_clear_object (&self->mixer);
  g_clear_object (&self->microphone);
  g_clear_object (&self->target);
  g_clear_object (&self->rtcp_target);
  g_clear_pointer (&self->srtp_out, phone_srtp_unref);
  g_clear_pointer (&self->srtp_in, phone_srtp_unref);
  phone_media_latch_clear (&self->latch);
  phone_media_latch_clear (&self->rtcp_latch);
  g_clear_pointer (&self->rtcp, phone_rtcp_session_free);
  g_clear_pointer (&self->ports, phone_media_ports_close);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (phone_media_stream_parent_class)->finalize (object);
}

static void
phone_media_stream_class_init (PhoneMediaStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_media_stream_finalize;
}

static void
phone_media_stream_init (PhoneMediaStream *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
}

/**
 * phone_media_stream_new:
 * @call: which call
 * @ports: (transfer full): its sockets
 * @config: packet time and jitter buffer
 * @loop: where packets are waited for; must live longer
 */
PhoneMediaStream *
phone_media_stream_new (guint                   call,
                        PhoneMediaPorts        *ports,
                        const PhoneMediaConfig *config,
                        PhoneMediaLoop         *loop)
{
  PhoneMediaStream *self;
  g_autofree char *cname = NULL;
  guint32 ssrc = g_random_int ();

  g_return_val_if_fail (ports != NULL && config != NULL && loop != NULL, NULL);

  self = g_object_new (PHONE_TYPE_MEDIA_STREAM, NULL);
  self->call = call;
  self->ports = ports;
  self->loop = loop;
  self->ptime_ms = config->ptime_ms;
  self->silent = config->silent;
  cname = g_strdup_printf ("%08x%08x%08x", g_random_int (), g_random_int (), g_random_int ());
  self->rtcp = phone_rtcp_session_new (ssrc, cname);
  self->receiver = phone_media_receiver_new (phone_jitter_buffer_new (config->jitter_adaptive, config->jitter_normal_ms,
                                                                      config->jitter_max_ms),
                                             on_receiver_news, self);
  self->sender = phone_media_sender_new (ssrc, on_packet_ready, self);
  return self;
}

static GSource *
attach_socket (PhoneMediaStream  *self,
               GSocket           *socket,
               GSocketSourceFunc  func)
{
  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);

  /* Nothing recurses here. A source that must not is taken out of the poll and put back for each packet, which wakes the
   * loop twice for nothing: four system calls and one more round. */
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, G_SOURCE_FUNC (func), g_object_ref (self), g_object_unref);
  phone_media_loop_attach (self->loop, source);
  return source;
}

/**
 * phone_media_stream_start:
 * @mixer: where it is heard
 * @microphone: what it sends
 * @func: told what happens, until phone_media_stream_stop()
 */
void
phone_media_stream_start (PhoneMediaStream     *self,
                          PhoneMixer           *mixer,
                          PhoneMicrophone      *microphone,
                          PhoneMediaStreamFunc  func,
                          gpointer              user_data)
{
  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self) && self->func == NULL && func != NULL);

  self->mixer = g_object_ref (mixer);
  self->microphone = g_object_ref (microphone);
  self->func = func;
  self->user_data = user_data;
  phone_mixer_add (mixer, PHONE_SOUND (self->receiver));
  phone_microphone_add (microphone, self->sender);
  self->rtp_source = attach_socket (self, self->ports->rtp, on_rtp);
  self->rtcp_source = attach_socket (self, self->ports->rtcp, on_rtcp);
  self->timer = g_timeout_source_new (WATCH_MS);
  g_source_set_callback (self->timer, on_watch, g_object_ref (self), g_object_unref);
  phone_media_loop_attach (self->loop, self->timer);
}

/**
 * phone_media_stream_set_tap:
 * @tap: (nullable): puts the call into the conference of all that have one; %NULL takes it out
 *
 * Main thread, after phone_media_stream_start().
 */
void
phone_media_stream_set_tap (PhoneMediaStream *self,
                            PhoneTap         *tap)
{
  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self) && self->func != NULL);

  phone_microphone_set_tap (self->microphone, self->sender, tap);
  phone_media_receiver_set_tap (self->receiver, tap);
}

/**
 * phone_media_stream_set_far_mute:
 * @mute: whether nobody hears the other side
 */
void
phone_media_stream_set_far_mute (PhoneMediaStream *self,
                                 gboolean          mute)
{
  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self));

  phone_media_receiver_set_muted (self->receiver, mute);
}

static void
set_target (PhoneMediaStream     *self,
            const PhoneMediaDesc *remote)
{
  const char *text = phone_media_desc_get_address (remote);
  g_autoptr (GInetAddress) address = text == NULL ? NULL : g_inet_address_new_from_string (text);
  guint port = phone_media_desc_get_port (remote);
  guint rtcp_port = phone_media_desc_get_rtcp_port (remote);

  phone_media_latch_describe (&self->latch, address, port);
  if (self->mux)
    rtcp_port = port;
  phone_media_latch_describe (&self->rtcp_latch, port == 0 ? NULL : address, rtcp_port == 0 ? port + 1 : rtcp_port);
  g_clear_object (&self->target);
  g_clear_object (&self->rtcp_target);
  self->target = phone_media_latch_dup_target (&self->latch);
  self->rtcp_target = phone_media_latch_dup_target (&self->rtcp_latch);
}

/* The same key goes on, or packets would count as sent before. Returns FALSE when the library cannot do it. */
static gboolean
set_key (PhoneSrtp            **srtp,
         const PhoneMediaDesc  *desc,
         gboolean               inbound,
         GError               **error)
{
  const PhoneMediaCrypto *crypto = phone_media_desc_get_n_cryptos (desc) == 0 ? NULL : phone_media_desc_get_crypto (desc, 0);

  if (crypto != NULL && *srtp != NULL && phone_srtp_has_key (*srtp, crypto))
    return TRUE;
  g_clear_pointer (srtp, phone_srtp_unref);
  if (crypto != NULL)
    *srtp = phone_srtp_new (crypto, inbound, error);
  return crypto == NULL || *srtp != NULL;
}

/* A held party must not listen in, and we have no music: who holds sends nothing (guide: hold). Only when both sides agreed
 * on both directions the microphone is open. */
static gboolean
is_open (const PhoneMediaDesc *local,
         const PhoneMediaDesc *remote)
{
  return phone_media_desc_get_direction (local) == PHONE_DIRECTION_SENDRECV
         && (phone_media_desc_get_direction (remote) & PHONE_DIRECTION_RECVONLY) != 0;
}

/**
 * phone_media_stream_connect:
 * @local: what we said last
 * @remote: what they said last
 * @error: no codec in common, or the missing element's name (%GST_CORE_ERROR_MISSING_PLUGIN)
 *
 * Starts or changes the stream: address, ports, codecs, payload numbers and direction. What did not change goes on
 * without a seam.
 */
gboolean
phone_media_stream_connect (PhoneMediaStream  *self,
                            PhoneMediaDesc    *local,
                            PhoneMediaDesc    *remote,
                            GError           **error)
{
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;
  const PhoneCodec *voice;
  gboolean hear = (phone_media_desc_get_direction (local) & PHONE_DIRECTION_RECVONLY) != 0;
  guint ptime_ms = phone_media_desc_get_ptime_ms (remote);
  gboolean keyed;

  g_return_val_if_fail (PHONE_IS_MEDIA_STREAM (self) && local != NULL && remote != NULL, FALSE);

  if (!phone_media_desc_choose (local, remote, &send, &receive) || (voice = phone_media_desc_get_voice (send)) == NULL)
    {
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "no codec in common");
      return FALSE;
    }
  if (!phone_media_receiver_set_codecs (self->receiver, receive, error)
      || !phone_media_sender_set_codec (self->sender, voice, phone_media_desc_get_event (send),
                                        ptime_ms == 0 ? self->ptime_ms : ptime_ms, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  keyed = set_key (&self->srtp_out, send, FALSE, error) && set_key (&self->srtp_in, receive, TRUE, error);
  if (!keyed)
    {
      /* Better nothing than in the clear. */
      g_clear_object (&self->target);
      g_clear_object (&self->rtcp_target);
      g_mutex_unlock (&self->lock);
      phone_media_sender_set_open (self->sender, FALSE);
      return FALSE;
    }
  self->refused = 0;
  self->mux = phone_media_desc_get_mux (send);
  set_target (self, remote);
  phone_rtcp_session_set_rates (
      self->rtcp, voice->clock_rate,
      phone_media_desc_get_voice (receive) == NULL ? 0 : phone_media_desc_get_voice (receive)->clock_rate);
  g_strlcpy (self->codec, voice->encoding, sizeof self->codec);
  /* Who holds us may send music, or nothing. */
  self->expecting = hear && phone_media_desc_get_direction (remote) == PHONE_DIRECTION_SENDRECV;
  self->stalled = FALSE;
  self->received_us = g_get_monotonic_time ();
  if (self->sent_us == 0)
    self->sent_us = self->received_us;
  if (self->next_report_us == 0)
    self->next_report_us = self->received_us + report_interval () / 2;
  g_mutex_unlock (&self->lock);

  phone_media_receiver_set_enabled (self->receiver, hear);
  phone_media_sender_set_open (self->sender, is_open (local, remote));
  return TRUE;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/**
 * phone_media_stream_set_ports:
 * @ports: (transfer full): other sockets
 *
 * Our address has changed: the stream goes on with these sockets, same SSRC, same sequence numbers, to where it was sent
 * before. The old ones are closed. Main thread, after phone_media_stream_start().
 */
void
phone_media_stream_set_ports (PhoneMediaStream *self,
                              PhoneMediaPorts  *ports)
{
  PhoneMediaPorts *old;

  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self) && self->func != NULL && ports != NULL);

  clear_source (&self->rtp_source);
  clear_source (&self->rtcp_source);
  g_mutex_lock (&self->lock);
  old = self->ports;
  self->ports = ports;
  self->unreachable = FALSE;
  g_mutex_unlock (&self->lock);
  /* Who is sending right now holds the socket. */
  phone_media_ports_close (old);
  self->rtp_source = attach_socket (self, ports->rtp, on_rtp);
  self->rtcp_source = attach_socket (self, ports->rtcp, on_rtcp);
}

/**
 * phone_media_stream_stop:
 *
 * Says good-bye by RTCP and is silent for good; nothing is told any more.
 */
void
phone_media_stream_stop (PhoneMediaStream *self)
{
  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self));

  if (self->func == NULL)
    return;
  self->func = NULL;
  phone_mixer_remove (self->mixer, PHONE_SOUND (self->receiver));
  phone_microphone_remove (self->microphone, self->sender);
  clear_source (&self->rtp_source);
  clear_source (&self->rtcp_source);
  clear_source (&self->timer);
  send_report (self, g_get_monotonic_time (), TRUE);
}

/**
 * phone_media_stream_send_digit:
 * Returns: %FALSE when it cannot be sent now
 */
gboolean
phone_media_stream_send_digit (PhoneMediaStream *self,
                               char              digit,
                               guint             duration_ms,
                               gboolean          inband)
{
  g_return_val_if_fail (PHONE_IS_MEDIA_STREAM (self), FALSE);

  return phone_media_sender_send_digit (self->sender, digit, duration_ms, inband);
}

/**
 * phone_media_stream_set_detector:
 * @enabled: whether tones in what is received are told
 */
void
phone_media_stream_set_detector (PhoneMediaStream *self,
                                 gboolean          enabled)
{
  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self));

  phone_media_receiver_set_detector (self->receiver, enabled);
}

guint
phone_media_stream_get_call (PhoneMediaStream *self)
{
  g_return_val_if_fail (PHONE_IS_MEDIA_STREAM (self), 0);

  return self->call;
}

/**
 * phone_media_stream_get_statistics:
 * @statistics: (out): how it does
 */
void
phone_media_stream_get_statistics (PhoneMediaStream     *self,
                                   PhoneMediaStatistics *statistics)
{
  PhoneRtcpStatistics rtcp;
  PhoneJitterStatistics jitter;

  g_return_if_fail (PHONE_IS_MEDIA_STREAM (self) && statistics != NULL);

  memset (statistics, 0, sizeof *statistics);
  phone_media_receiver_get_statistics (self->receiver, &jitter);
  g_mutex_lock (&self->lock);
  phone_rtcp_session_get_statistics (self->rtcp, &rtcp);
  g_strlcpy (statistics->codec, self->codec, sizeof statistics->codec);
  statistics->refused = self->refused;
  g_mutex_unlock (&self->lock);
  statistics->packets_sent = rtcp.sent;
  statistics->packets_received = rtcp.received;
  statistics->packets_lost = rtcp.lost;
  statistics->remote_lost = rtcp.remote_lost;
  statistics->packets_late = jitter.late;
  statistics->jitter_us = rtcp.jitter_us;
  statistics->remote_jitter_us = rtcp.remote_jitter_us;
  statistics->round_trip_us = rtcp.round_trip_us;
  statistics->buffer_us = jitter.delay_us;
  statistics->buffer_max_us = jitter.most_us;
  statistics->concealed_ms = jitter.concealed_ms;
}
