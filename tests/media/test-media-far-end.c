/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-fixture.h"

#include "media-rtp.h"

#include <gst/gst.h>

/* What a plain socket at the other end sees of a call. */

typedef struct {
  GSocket *socket;
  guint    wanted;         /* packets to hear before it is enough */
  guint    n;
  guint32  ssrc;
  guint    sequence;       /* of the last packet */
  guint    gaps;
  guint    strangers;      /* packets of another SSRC */
  char    *from;
} Listener;

static void
take (Listener      *self,
      const guint8  *data,
      gsize          length,
      GInetAddress  *address)
{
  PhoneRtpHeader header;

  if (!phone_rtp_parse (data, length, &header))
    return;
  if (self->n > 0 && header.ssrc != self->ssrc)
    self->strangers++;
  if (self->n > 0 && header.sequence != ((self->sequence + 1) & 0xffff))
    self->gaps++;
  self->ssrc = header.ssrc;
  self->sequence = header.sequence;
  self->n++;
  g_free (self->from);
  self->from = g_inet_address_to_string (address);
}

static gboolean
has_heard_enough (gpointer user_data)
{
  Listener *self = user_data;
  guint8 data[2048];

  for (;;)
    {
      g_autoptr (GSocketAddress) from = NULL;
      gssize length = g_socket_receive_from (self->socket, &from, (char *) data, sizeof data, NULL, NULL);

      if (length < 0)
        return self->n >= self->wanted;
      take (self, data, (gsize) length, g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (from)));
    }
}

static void
hear (Listener   *self,
      guint       n,
      const char *from)
{
  self->wanted = self->n + n;
  run_until (has_heard_enough, self, 5000, "packets");
  g_assert_cmpstr (self->from, ==, from);
}

static GSocket *
open_listener (guint *port)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) local = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  g_socket_set_blocking (socket, FALSE);
  local = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  return socket;
}

static PhoneMediaDesc *
describe (guint          port,
          guint          rtcp_port,
          PhoneDirection direction)
{
  g_autoptr (GPtrArray) codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  g_ptr_array_add (codecs, phone_codec_new ("PCMU", 0, 8000, 1, NULL));
  return phone_media_desc_new ("127.0.0.1", port, rtcp_port, direction, 20, codecs);
}

/* A call that gets other sockets in its midst: the other side hears one stream, from another place. */
static void
test_move (void)
{
  Handset *a = handset_new ("null");
  guint port = 0;
  Listener listener = { .socket = open_listener (&port) };
  g_autoptr (PhoneMediaDesc) theirs = describe (port, 0, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) first = handset_prepare (a, 1, "PCMU", "127.0.0.1");
  g_autoptr (PhoneMediaDesc) second = NULL;
  g_autoptr (GSocket) old_place = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) old = NULL;

  g_assert_nonnull (first);
  phone_audio_connect (a->audio, 1, first, theirs);
  hear (&listener, 10, "127.0.0.1");

  /* Before they know of it, and after: one stream without a seam. */
  handset_forget (a);
  second = handset_prepare (a, 1, "PCMU", "127.0.0.2");
  g_assert_nonnull (second);
  g_assert_cmpstr (phone_media_desc_get_address (second), ==, "127.0.0.2");
  hear (&listener, 10, "127.0.0.2");
  phone_audio_connect (a->audio, 1, second, theirs);
  hear (&listener, 10, "127.0.0.2");
  g_assert_cmpuint (listener.strangers, ==, 0);
  g_assert_cmpuint (listener.gaps, <=, 1);

  /* The old sockets are closed: their port can be taken. */
  old = g_inet_socket_address_new_from_string ("127.0.0.1", phone_media_desc_get_port (first));
  g_assert_true (g_socket_bind (old_place, old, FALSE, NULL));

  /* An address that is not ours changes nothing. */
  handset_forget (a);
  g_assert_null (handset_prepare (a, 1, "PCMU", "203.0.113.7"));
  g_assert_nonnull (handset_find (a, PHONE_EVENT_MEDIA_FAILED, 1));
  hear (&listener, 10, "127.0.0.2");
  g_assert_cmpuint (listener.strangers, ==, 0);

  handset_free (a);
  g_object_unref (listener.socket);
  g_free (listener.from);
}

typedef struct {
  GSocket *rtp;
  GSocket *rtcp;
  guint    n_sound;
  guint    n_empty;      /* keep-alives */
  guint    n_reports;
} Held;

static gboolean
has_signs_of_life (gpointer user_data)
{
  Held *self = user_data;
  guint8 data[2048];
  gssize length;

  while ((length = g_socket_receive (self->rtp, (char *) data, sizeof data, NULL, NULL)) >= 0)
    {
      self->n_empty += length == 0;
      self->n_sound += length > 0;
    }
  while (g_socket_receive (self->rtcp, (char *) data, sizeof data, NULL, NULL) > 0)
    self->n_reports++;

  return self->n_empty > 0 && self->n_reports > 0;
}

/* Who holds sends no sound, but RTCP, and what keeps the way open through a NAT. */
static void
test_hold (void)
{
  Handset *a = handset_new ("null");
  guint port = 0, rtcp_port = 0;
  Held held = { .rtp = open_listener (&port), .rtcp = open_listener (&rtcp_port) };
  g_autoptr (PhoneMediaDesc) talking = describe (port, rtcp_port, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) listening = describe (port, rtcp_port, PHONE_DIRECTION_RECVONLY);
  g_autoptr (PhoneMediaDesc) ours = handset_prepare (a, 1, "PCMU", "127.0.0.1");
  g_autoptr (PhoneMediaDesc) holding = NULL;
  Listener listener = { .socket = held.rtp };

  g_assert_nonnull (ours);
  phone_audio_connect (a->audio, 1, ours, talking);
  hear (&listener, 10, "127.0.0.1");
  holding = phone_media_desc_with_direction (ours, PHONE_DIRECTION_SENDONLY);
  phone_audio_connect (a->audio, 1, holding, listening);
  /* What was on its way when the direction changed. */
  run_for (50);
  has_signs_of_life (&held);
  held = (Held) { held.rtp, held.rtcp, 0, 0, 0 };
  run_until (has_signs_of_life, &held, 25000, "a report and a keep-alive");
  g_assert_cmpuint (held.n_sound, ==, 0);

  phone_audio_connect (a->audio, 1, ours, talking);
  hear (&listener, 10, "127.0.0.1");
  g_assert_cmpuint (listener.strangers, ==, 0);

  handset_free (a);
  g_object_unref (held.rtp);
  g_object_unref (held.rtcp);
  g_free (listener.from);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/media/far-end/move", test_move);
  g_test_add_func ("/media/far-end/hold", test_hold);
  return g_test_run ();
}
