/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

#define DEADLINE_MS 15000

const PhoneSipTimers rig_short_timers = { 600, 700, 600, 600, 1500, 700, 1000, 500, 4000, 5000, 2500 };

const char rig_sdp[] = "v=0\r\n"
                       "o=- 77 77 IN IP4 127.0.0.1\r\n"
                       "s=-\r\n"
                       "c=IN IP4 127.0.0.1\r\n"
                       "t=0 0\r\n"
                       "m=audio 40000 RTP/AVP 0 8 101\r\n"
                       "a=rtpmap:101 telephone-event/8000\r\n"
                       "a=fmtp:101 0-15\r\n";

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
rig_run_until (RigDone     done,
               gpointer    data,
               const char *what)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (DEADLINE_MS, on_deadline, &late);

  while (!done (data) && !late)
    g_main_context_iteration (NULL, TRUE);

  if (late)
    g_error ("Waited too long for %s", what);
  g_source_remove (source);
}

void
rig_run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_deadline, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- media descriptions ---- */

PhoneMediaDesc *
rig_desc_at (const char     *address,
             guint           port,
             PhoneDirection  direction)
{
  g_autoptr (GPtrArray) codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  g_ptr_array_add (codecs, phone_codec_new ("PCMU", 0, 8000, 1, NULL));
  g_ptr_array_add (codecs, phone_codec_new ("PCMA", 8, 8000, 1, NULL));
  g_ptr_array_add (codecs, phone_codec_new ("telephone-event", 101, 8000, 1, "0-15"));

  return phone_media_desc_new (address, port, 0, direction, 20, codecs);
}

PhoneMediaDesc *
rig_desc (guint          port,
          PhoneDirection direction)
{
  return rig_desc_at ("127.0.0.1", port, direction);
}

/* ---- the phone ---- */

static void
on_phone_event (const PhoneEvent *event,
                gpointer          user_data)
{
  RigPhone *self = user_data;

  g_test_message ("event %s call %u account %u value %d status %u %s", phone_event_type_to_string (event->type), event->call,
                  event->account, event->value, event->status, event->text ? event->text : "");
  g_ptr_array_add (self->events, phone_event_copy (event));

  if (event->type == PHONE_EVENT_REMOTE_MODIFY && self->answers_modify)
    {
      PhoneDirection theirs = event->desc ? phone_media_desc_get_direction (event->desc) : PHONE_DIRECTION_SENDRECV;
      g_autoptr (PhoneMediaDesc) mine = rig_desc (30000, phone_direction_reverse (theirs));

      phone_signaling_accept_modify (self->signaling, event->call, mine);
    }
}

/* Tests go faster than people: who may send how much is test-sip-gate.c's matter. */
static void
lift_limits (PhoneSettings *settings)
{
  static const PhoneSettingId ids[] = { PHONE_SETTING_ABUSE_SOURCE_RATE, PHONE_SETTING_ABUSE_TOTAL_RATE,
                                        PHONE_SETTING_ABUSE_SERVER_RATE };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_true (phone_settings_set (settings, PHONE_LAYER_COMMON, ids[i], 0, 0, "0", NULL));
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_COMMON, PHONE_SETTING_ABUSE_RINGING, 0, 0, "24", NULL));
  /* The authorities of a whole system take their time to read, most of all with a sanitizer. */
  g_assert_true (phone_settings_set (settings, PHONE_LAYER_COMMON, PHONE_SETTING_TLS_TRUST, 0, 0, "0", NULL));
}

static RigPhone *
phone_new (const char           *bind_address,
           gboolean              threads,
           const PhoneSipTimers *timers)
{
  RigPhone *self = g_new0 (RigPhone, 1);

  self->queue = phone_event_queue_new ();
  self->settings = phone_settings_new ();
  lift_limits (self->settings);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_event_free);
  phone_event_queue_set_handler (self->queue, on_phone_event, NULL, self);
  self->signaling = phone_sip_signaling_new_full (self->queue, self->settings, bind_address, 0, "Deskset/test", threads, timers);
  g_assert_cmpuint (rig_phone_get_port (self), >, 0);

  return self;
}

RigPhone *
rig_phone_new (const char           *bind_address,
               const PhoneSipTimers *timers)
{
  return phone_new (bind_address, FALSE, timers);
}

RigPhone *
rig_phone_new_threaded (const char *bind_address)
{
  return phone_new (bind_address, TRUE, NULL);
}

guint
rig_phone_get_port (RigPhone *self)
{
  return phone_sip_signaling_get_port (PHONE_SIP_SIGNALING (self->signaling));
}

char *
rig_phone_dup_target (RigPhone   *self,
                      const char *user)
{
  return user ? g_strdup_printf ("%s@127.0.0.1:%u", user, rig_phone_get_port (self))
              : g_strdup_printf ("127.0.0.1:%u", rig_phone_get_port (self));
}

typedef struct {
  RigPhone       *phone;
  PhoneEventType  type;
} Wanted;

static gboolean
find_event (gpointer data)
{
  Wanted *wanted = data;
  RigPhone *phone = wanted->phone;

  for (guint i = phone->taken; i < phone->events->len; i++)
    {
      const PhoneEvent *event = g_ptr_array_index (phone->events, i);

      if (event->type == wanted->type)
        {
          phone->taken = i + 1;
          return TRUE;
        }
    }

  return FALSE;
}

/* The next event of this kind; valid as long as the phone. */
const PhoneEvent *
rig_phone_wait (RigPhone       *self,
                PhoneEventType  type)
{
  Wanted wanted = { self, type };

  rig_run_until (find_event, &wanted, phone_event_type_to_string (type));
  return g_ptr_array_index (self->events, self->taken - 1);
}

guint
rig_phone_count (RigPhone       *self,
                 PhoneEventType  type)
{
  guint n = 0;

  for (guint i = 0; i < self->events->len; i++)
    {
      const PhoneEvent *event = g_ptr_array_index (self->events, i);

      n += event->type == type;
    }

  return n;
}

static gboolean
is_settled (gpointer data)
{
  RigPhone *phone = data;

  return phone_sip_signaling_get_n_sessions (PHONE_SIP_SIGNALING (phone->signaling)) == 0;
}

/* Until every dialog is over on the wire. */
void
rig_phone_settle (RigPhone *self)
{
  rig_run_until (is_settled, self, "the end of all sessions");
}

/* Shuts down; checks that it takes less than three seconds and leaves nothing. */
void
rig_phone_stop (RigPhone *self)
{
  gint64 start = g_get_monotonic_time ();

  phone_signaling_shutdown (self->signaling);
  rig_phone_wait (self, PHONE_EVENT_SIGNALING_STOPPED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (phone_sip_signaling_get_n_sessions (PHONE_SIP_SIGNALING (self->signaling)), ==, 0);
  g_assert_cmpuint (phone_sip_signaling_get_n_handles (PHONE_SIP_SIGNALING (self->signaling)), ==, 0);
}

void
rig_phone_free (RigPhone *self)
{
  if (rig_phone_count (self, PHONE_EVENT_SIGNALING_STOPPED) == 0)
    rig_phone_stop (self);

  phone_event_queue_set_handler (self->queue, NULL, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (G_OBJECT (self->signaling));
  g_assert_finalize_object (self->settings);
  g_assert_finalize_object (self->queue);
  g_ptr_array_unref (self->events);
  g_free (self);
}

guint
rig_phone_dial (RigPhone   *self,
                guint       account,
                const char *target)
{
  g_autoptr (PhoneMediaDesc) offer = rig_desc (20000, PHONE_DIRECTION_SENDRECV);
  guint call = phone_event_queue_new_call (self->queue);

  phone_signaling_invite (self->signaling, call, account, target, offer);
  return call;
}

/* ---- the peer ---- */

void
rig_message_free (RigMessage *self)
{
  g_free (self->text);
  g_clear_object (&self->from);
  g_free (self);
}

static void
accept_registration (RigPeer    *self,
                     RigMessage *request)
{
  g_autofree char *contact = rig_message_dup_header (request, "Contact");
  g_autofree char *headers = contact ? g_strdup_printf ("Contact: %s;expires=3600\r\n", contact) : NULL;

  rig_peer_reply (self, request, 200, "OK", headers, NULL);
  rig_message_free (request);
}

static void
take_message (RigPeer        *self,
              const char     *text,
              gsize           length,
              GSocketAddress *from,
              gboolean        by_tcp)
{
  RigMessage *message;
  g_autofree char *copy = g_strndup (text, length);

  if (length == 4 && memcmp (copy, "\r\n\r\n", 4) == 0)
    self->n_blanks++;
  if (length < 8 || (!self->keep_repeats && g_strcmp0 (self->last, copy) == 0))
    return;

  g_test_message ("peer got: %.*s", (int) strcspn (copy, "\r"), copy);
  g_free (self->last);
  self->last = g_strdup (copy);
  message = g_new0 (RigMessage, 1);
  message->text = g_steal_pointer (&copy);
  message->from = from ? g_object_ref (from) : NULL;
  message->by_tcp = by_tcp;
  if (self->registrar && g_str_has_prefix (message->text, "REGISTER "))
    accept_registration (self, message);
  else
    g_queue_push_tail (&self->inbox, message);
}

static gboolean
on_datagram (GSocket      *socket,
             GIOCondition  condition,
             gpointer      user_data)
{
  RigPeer *self = user_data;
  char buffer[65536];
  g_autoptr (GSocketAddress) from = NULL;
  gssize n = g_socket_receive_from (socket, &from, buffer, sizeof buffer, NULL, NULL);

  if (n > 0)
    take_message (self, buffer, (gsize) n, from, FALSE);

  return G_SOURCE_CONTINUE;
}

static void
split_stream (RigPeer *self)
{
  for (;;)
    {
      char *end = strstr (self->stream->str, "\r\n\r\n");
      const char *length_header;
      gsize length = 0;

      if (!end)
        return;
      length_header = strstr (self->stream->str, "Content-Length: ");
      if (length_header && length_header < end)
        length = g_ascii_strtoull (length_header + 16, NULL, 10);
      length += (gsize) (end - self->stream->str) + 4;
      if (self->stream->len < length)
        return;
      take_message (self, self->stream->str, length, NULL, TRUE);
      g_string_erase (self->stream, 0, (gssize) length);
    }
}

static gboolean
on_stream (GSocket      *socket,
           GIOCondition  condition,
           gpointer      user_data)
{
  RigPeer *self = user_data;
  char buffer[4096];
  gssize n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);

  if (n <= 0)
    {
      if (self->tcp == socket)
        g_clear_object (&self->tcp);
      return G_SOURCE_REMOVE;
    }
  g_string_append_len (self->stream, buffer, n);
  split_stream (self);

  return G_SOURCE_CONTINUE;
}

static void
watch (RigPeer           *self,
       GSocket           *socket,
       GSocketSourceFunc  func)
{
  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (func), self, NULL);
  g_source_attach (source, NULL);
  self->sources = g_list_prepend (self->sources, source);
}

static gboolean
on_connection (GSocket      *socket,
               GIOCondition  condition,
               gpointer      user_data)
{
  RigPeer *self = user_data;

  g_clear_object (&self->tcp);
  self->tcp = g_socket_accept (socket, NULL, NULL);
  if (self->tcp)
    {
      self->n_accepted++;
      watch (self, self->tcp, on_stream);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
bind_both (RigPeer *self)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (self->address, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocketAddress) same = NULL;
  GSocketFamily family = g_socket_address_get_family (any);

  self->udp = g_socket_new (family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (self->udp, any, FALSE, NULL));
  bound = g_socket_get_local_address (self->udp, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  self->listener = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  same = g_inet_socket_address_new_from_string (self->address, self->port);
  if (g_socket_bind (self->listener, same, TRUE, NULL) && g_socket_listen (self->listener, NULL))
    return TRUE;

  g_clear_object (&self->udp);
  g_clear_object (&self->listener);
  return FALSE;
}

RigPeer *
rig_peer_new (const char *address)
{
  RigPeer *self = g_new0 (RigPeer, 1);

  self->address = g_strdup (address);
  self->stream = g_string_new (NULL);
  g_queue_init (&self->inbox);
  while (!bind_both (self))
    ;
  watch (self, self->udp, on_datagram);
  watch (self, self->listener, on_connection);

  return self;
}

void
rig_peer_free (RigPeer *self)
{
  for (GList *l = self->sources; l; l = l->next)
    {
      g_source_destroy (l->data);
      g_source_unref (l->data);
    }
  g_list_free (self->sources);
  g_clear_object (&self->udp);
  g_clear_object (&self->listener);
  g_clear_object (&self->tcp);
  g_queue_clear_full (&self->inbox, (GDestroyNotify) rig_message_free);
  g_string_free (self->stream, TRUE);
  g_free (self->address);
  g_free (self->last);
  g_free (self);
}

typedef struct {
  RigPeer    *peer;
  const char *start;
  RigMessage *found;
} Expected;

static gboolean
find_message (gpointer data)
{
  Expected *expected = data;

  for (GList *l = expected->peer->inbox.head; l; l = l->next)
    {
      RigMessage *message = l->data;

      if (g_str_has_prefix (message->text, expected->start))
        {
          expected->found = message;
          g_queue_delete_link (&expected->peer->inbox, l);
          return TRUE;
        }
    }

  return FALSE;
}

/* The next message that starts so; others stay where they are. */
RigMessage *
rig_peer_wait (RigPeer    *self,
               const char *start)
{
  Expected expected = { self, start, NULL };

  rig_run_until (find_message, &expected, start);
  return expected.found;
}

gboolean
rig_peer_has (RigPeer    *self,
              const char *start)
{
  for (GList *l = self->inbox.head; l; l = l->next)
    {
      if (g_str_has_prefix (((RigMessage *) l->data)->text, start))
        return TRUE;
    }

  return FALSE;
}

void
rig_peer_send (RigPeer    *self,
               guint       port,
               const char *text)
{
  g_autoptr (GSocketAddress) to = NULL;

  to = g_inet_socket_address_new_from_string (self->phone_address ? self->phone_address : self->address, port);
  g_assert_cmpint (g_socket_send_to (self->udp, to, text, strlen (text), NULL, NULL), ==, strlen (text));
}

void
rig_peer_connect (RigPeer *self,
                  guint    port)
{
  const char *phone_address = self->phone_address ? self->phone_address : self->address;
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string (phone_address, port);
  g_autoptr (GSocketAddress) own = g_inet_socket_address_new_from_string (self->address, 0);

  g_clear_object (&self->tcp);
  self->tcp = g_socket_new (g_socket_address_get_family (to), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (self->tcp, own, FALSE, NULL));
  g_assert_true (g_socket_connect (self->tcp, to, NULL, NULL));
  g_string_truncate (self->stream, 0);
  watch (self, self->tcp, on_stream);
}

void
rig_peer_send_stream (RigPeer    *self,
                      const char *text)
{
  g_assert_nonnull (self->tcp);
  g_assert_cmpint (g_socket_send (self->tcp, text, strlen (text), NULL, NULL), ==, strlen (text));
}

static gboolean
is_disconnected (gpointer data)
{
  RigPeer *peer = data;

  return peer->tcp == NULL;
}

/* Returns when the phone has closed its end, too. */
void
rig_peer_disconnect (RigPeer *self)
{
  g_assert_nonnull (self->tcp);
  g_assert_true (g_socket_shutdown (self->tcp, FALSE, TRUE, NULL));
  rig_run_until (is_disconnected, self, "the end of the connection");
}

char *
rig_dup_for_tcp (const char *text)
{
  const char *via = strstr (text, "SIP/2.0/UDP");
  GString *out = g_string_new (text);

  g_assert_nonnull (via);
  out->str[via - text + 8] = 'T';
  out->str[via - text + 9] = 'C';
  out->str[via - text + 10] = 'P';
  return g_string_free (out, FALSE);
}

/* Same branch, same number, no body. */
static char *
dup_companion (const char *invite,
               const char *method)
{
  g_auto (GStrv) lines = g_strsplit (invite, "\r\n", -1);
  GString *out = g_string_new (NULL);

  for (char **line = lines; *line && **line; line++)
    {
      if (g_str_has_prefix (*line, "INVITE "))
        g_string_append_printf (out, "%s %s\r\n", method, *line + 7);
      else if (g_str_has_prefix (*line, "CSeq:"))
        g_string_append_printf (out, "CSeq: %u %s\r\n", (guint) g_ascii_strtoull (*line + 6, NULL, 10), method);
      else if (!g_str_has_prefix (*line, "Content-") && !g_str_has_prefix (*line, "Require:"))
        g_string_append_printf (out, "%s\r\n", *line);
    }
  g_string_append (out, "Content-Length: 0\r\n\r\n");

  return g_string_free (out, FALSE);
}

char *
rig_dup_cancel (const char *invite)
{
  return dup_companion (invite, "CANCEL");
}

char *
rig_dup_refusal_ack (const char *invite)
{
  return dup_companion (invite, "ACK");
}

void
rig_phone_set (RigPhone   *self,
               const char *key,
               const char *value)
{
  g_autoptr (GError) error = NULL;

  phone_settings_set_by_key (self->settings, PHONE_LAYER_LOCAL, key, value, &error);
  g_assert_no_error (error);
}

void
rig_phone_register (RigPhone *self,
                    RigPeer  *server)
{
  PhoneAccountConfig config = {
    .account = 1, .enabled = TRUE, .label = "One", .display_name = "One", .user_name = "1001", .auth_name = "",
    .password = "secret",
    .servers = { { .address = "127.0.0.1", .port = server->port, .transport = PHONE_TRANSPORT_UDP, .expires_s = 3600,
                   .retries = 3 } },
    .retry_s = 30, .retry_max_s = 30, .unregister_at_exit = TRUE,
  };

  server->registrar = TRUE;
  phone_signaling_set_account (self->signaling, &config);
  while (rig_phone_wait (self, PHONE_EVENT_ACCOUNT)->value != PHONE_ACCOUNT_REGISTERED)
    ;
}

char *
rig_message_dup_header (RigMessage *self,
                        const char *name)
{
  g_auto (GStrv) lines = g_strsplit (self->text, "\r\n", -1);
  gsize n = strlen (name);
  GString *out = NULL;

  for (char **line = lines; *line && **line; line++)
    {
      if (g_ascii_strncasecmp (*line, name, n) == 0 && (*line)[n] == ':')
        {
          out = out ? g_string_append (out, ", ") : g_string_new (NULL);
          g_string_append (out, g_strstrip (*line + n + 1));
        }
    }

  return out ? g_string_free (out, FALSE) : NULL;
}

const char *
rig_message_get_body (RigMessage *self)
{
  const char *end = strstr (self->text, "\r\n\r\n");

  return end ? end + 4 : "";
}

static void
append_body (GString    *out,
             const char *headers,
             const char *body)
{
  if (headers)
    g_string_append (out, headers);
  if (body && *body && !(headers && strstr (headers, "Content-Type:")))
    g_string_append (out, "Content-Type: application/sdp\r\n");
  g_string_append_printf (out, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", body ? strlen (body) : 0, body ? body : "");
}

char *
rig_peer_dup_contact (RigPeer *self)
{
  return strchr (self->address, ':') ? g_strdup_printf ("<sip:peer@[%s]:%u>", self->address, self->port)
                                     : g_strdup_printf ("<sip:peer@%s:%u>", self->address, self->port);
}

void
rig_peer_reply_tagged (RigPeer    *self,
                       RigMessage *request,
                       const char *tag,
                       guint       status,
                       const char *phrase,
                       const char *headers,
                       const char *body)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *via = rig_message_dup_header (request, "Via");
  g_autofree char *from = rig_message_dup_header (request, "From");
  g_autofree char *to = rig_message_dup_header (request, "To");
  g_autofree char *call_id = rig_message_dup_header (request, "Call-ID");
  g_autofree char *cseq = rig_message_dup_header (request, "CSeq");
  g_autofree char *contact = rig_peer_dup_contact (self);

  g_string_append_printf (out, "SIP/2.0 %u %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n", status, phrase,
                          via, from, to, status > 100 && !strstr (to, "tag=") ? ";tag=" : "",
                          status > 100 && !strstr (to, "tag=") ? tag : "", call_id, cseq);
  if (!(headers && strstr (headers, "Contact:")))
    g_string_append_printf (out, "Contact: %s\r\n", contact);
  append_body (out, headers, body);

  if (request->by_tcp)
    g_assert_cmpint (g_socket_send (self->tcp, out->str, out->len, NULL, NULL), ==, out->len);
  else
    g_assert_cmpint (g_socket_send_to (self->udp, request->from, out->str, out->len, NULL, NULL), ==, out->len);
}

void
rig_peer_reply_poor (RigPeer    *self,
                     RigMessage *request,
                     const char *tag,
                     gboolean    with_contact,
                     const char *body)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *via = rig_message_dup_header (request, "Via");
  g_autofree char *from = rig_message_dup_header (request, "From");
  g_autofree char *to = rig_message_dup_header (request, "To");
  g_autofree char *call_id = rig_message_dup_header (request, "Call-ID");
  g_autofree char *cseq = rig_message_dup_header (request, "CSeq");
  g_autofree char *contact = rig_peer_dup_contact (self);

  g_string_append_printf (out, "SIP/2.0 200 OK\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n", via, from, to,
                          tag ? ";tag=" : "", tag ? tag : "", call_id, cseq);
  if (with_contact)
    g_string_append_printf (out, "Contact: %s\r\n", contact);
  append_body (out, NULL, body);
  if (request->by_tcp)
    g_assert_cmpint (g_socket_send (self->tcp, out->str, out->len, NULL, NULL), ==, out->len);
  else
    g_assert_cmpint (g_socket_send_to (self->udp, request->from, out->str, out->len, NULL, NULL), ==, out->len);
}

void
rig_peer_reply (RigPeer    *self,
                RigMessage *request,
                guint       status,
                const char *phrase,
                const char *headers,
                const char *body)
{
  rig_peer_reply_tagged (self, request, "4711", status, phrase, headers, body);
}

char *
rig_peer_make_invite (RigPeer    *self,
                      guint       port,
                      const char *call_id,
                      const char *headers,
                      const char *body)
{
  GString *out = g_string_new (NULL);
  g_autofree char *contact = rig_peer_dup_contact (self);

  g_string_append_printf (out,
                          "INVITE sip:deskset@%s:%u SIP/2.0\r\n"
                          "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%s\r\n"
                          "Max-Forwards: 70\r\n"
                          "From: \"Peer\" <sip:peer@%s:%u>;tag=99%s\r\n"
                          "To: <sip:deskset@%s:%u>\r\n"
                          "Call-ID: %s\r\n"
                          "CSeq: 1 INVITE\r\n"
                          "Contact: %s\r\n",
                          self->address, port, self->address, self->port, call_id, self->address, self->port, call_id, self->address,
                          port, call_id, contact);
  append_body (out, headers, body);

  return g_string_free (out, FALSE);
}

char *
rig_peer_make_in_dialog (RigPeer    *self,
                         RigMessage *from,
                         const char *method,
                         guint       cseq,
                         const char *headers,
                         const char *body)
{
  GString *out = g_string_new (NULL);
  gboolean we_called = g_str_has_prefix (from->text, "SIP/2.0");
  g_autofree char *call_id = rig_message_dup_header (from, "Call-ID");
  g_autofree char *their_from = rig_message_dup_header (from, "From");
  g_autofree char *their_to = rig_message_dup_header (from, "To");
  g_autofree char *contact = rig_message_dup_header (from, "Contact");
  g_autofree char *own_contact = rig_peer_dup_contact (self);
  g_autofree char *target = NULL;
  const char *local = we_called ? their_from : their_to;
  const char *remote = we_called ? their_to : their_from;

  g_assert_nonnull (contact);
  target = g_strndup (contact + 1, strcspn (contact + 1, ">"));
  g_string_append_printf (out,
                          "%s %s SIP/2.0\r\n"
                          "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%s%u%x\r\n"
                          "Max-Forwards: 70\r\n"
                          "From: %s%s\r\n"
                          "To: %s\r\n"
                          "Call-ID: %s\r\n"
                          "CSeq: %u %s\r\n"
                          "Contact: %s\r\n",
                          method, target, self->address, self->port, method, cseq, g_random_int (), local,
                          strstr (local, "tag=") ? "" : ";tag=4711", remote, call_id, cseq, method, own_contact);
  append_body (out, headers, body);

  return g_string_free (out, FALSE);
}

/* ---- digest ---- */

/* A parameter of one header value, without quotes and escapes. */
char *
rig_dup_parameter (const char *header,
                   const char *name)
{
  const char *p = header;
  gsize n = strlen (name);

  while ((p = strstr (p, name)))
    {
      if ((p == header || strchr (" ,", p[-1])) && p[n] == '=')
        {
          GString *value = g_string_new (NULL);

          p += n + 1;
          if (*p != '"')
            return g_string_free (g_string_append_len (value, p, (gssize) strcspn (p, ", \r\n")), FALSE);
          for (p++; *p && *p != '"'; p++)
            {
              if (*p == '\\' && p[1])
                p++;
              g_string_append_c (value, *p);
            }
          return g_string_free (value, FALSE);
        }
      p += n;
    }

  return g_strdup ("");
}

/* The one header of this name with this realm; %NULL for any. */
char *
rig_message_dup_credentials (RigMessage *self,
                             const char *name,
                             const char *realm)
{
  g_auto (GStrv) lines = g_strsplit (self->text, "\r\n", -1);
  gsize n = strlen (name);
  char *found = NULL;

  for (char **line = lines; *line && **line; line++)
    {
      g_autofree char *theirs = NULL;

      if (g_ascii_strncasecmp (*line, name, n) != 0 || (*line)[n] != ':')
        continue;

      theirs = rig_dup_parameter (*line + n + 1, "realm");
      if (realm && strcmp (theirs, realm) != 0)
        continue;
      g_assert_null (found); /* twice would be a mistake of ours */
      found = g_strdup (g_strstrip (*line + n + 1));
    }

  return found;
}

static char *
hash (GChecksumType  type,
      const char    *format,
      ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  return g_compute_checksum_for_string (type, text, -1);
}

static gboolean
digest_fits (const char *header,
             const char *method,
             const char *body,
             const char *user,
             const char *password)
{
  g_autofree char *name = rig_dup_parameter (header, "username");
  g_autofree char *realm = rig_dup_parameter (header, "realm");
  g_autofree char *nonce = rig_dup_parameter (header, "nonce");
  g_autofree char *uri = rig_dup_parameter (header, "uri");
  g_autofree char *qop = rig_dup_parameter (header, "qop");
  g_autofree char *nc = rig_dup_parameter (header, "nc");
  g_autofree char *cnonce = rig_dup_parameter (header, "cnonce");
  g_autofree char *response = rig_dup_parameter (header, "response");
  g_autofree char *algorithm = rig_dup_parameter (header, "algorithm");
  GChecksumType type = g_str_has_prefix (algorithm, "SHA-256") ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5;
  g_autofree char *plain = hash (type, "%s:%s:%s", name, realm, password);
  g_autofree char *a1 = g_str_has_suffix (algorithm, "-sess") ? hash (type, "%s:%s:%s", plain, nonce, cnonce) : g_strdup (plain);
  g_autofree char *body_hash = hash (type, "%s", body);
  g_autofree char *a2 = strcmp (qop, "auth-int") == 0 ? hash (type, "%s:%s:%s", method, uri, body_hash)
                                                      : hash (type, "%s:%s", method, uri);
  g_autofree char *wanted = *qop ? hash (type, "%s:%s:%s:%s:%s:%s", a1, nonce, nc, cnonce, qop, a2)
                                 : hash (type, "%s:%s:%s", a1, nonce, a2);

  return strcmp (name, user) == 0 && strcmp (wanted, response) == 0;
}

/*
 * The credentials for @realm in @request are right in every way: one header, the request URI as it stands, the digest of
 * this method and body, a client nonce with qop only. Returns the header for closer looks.
 */
char *
rig_expect_credentials (RigMessage *request,
                        const char *name,
                        const char *realm,
                        const char *user,
                        const char *password)
{
  char *header = rig_message_dup_credentials (request, name, realm);
  g_autofree char *method = g_strndup (request->text, strcspn (request->text, " "));
  const char *target = request->text + strlen (method) + 1;
  g_autofree char *request_uri = g_strndup (target, strcspn (target, " "));
  g_autofree char *uri = NULL, *qop = NULL, *cnonce = NULL, *nc = NULL, *algorithm = NULL;

  if (!header)
    g_error ("No %s for realm %s in:\n%s", name, realm ? realm : "(any)", request->text);

  uri = rig_dup_parameter (header, "uri");
  qop = rig_dup_parameter (header, "qop");
  cnonce = rig_dup_parameter (header, "cnonce");
  nc = rig_dup_parameter (header, "nc");
  algorithm = rig_dup_parameter (header, "algorithm");
  g_assert_cmpstr (uri, ==, request_uri);
  g_assert_cmpuint (strlen (nc), ==, *qop ? 8 : 0);
  if (*qop || g_str_has_suffix (algorithm, "-sess"))
    g_assert_cmpuint (strlen (cnonce), >=, 16);
  else
    g_assert_cmpstr (cnonce, ==, "");
  if (!digest_fits (header, method, rig_message_get_body (request), user, password))
    g_error ("Wrong digest in:\n%s", request->text);

  return header;
}

/* The same request once more: Call-ID, From tag and request URI stay, CSeq is the next (RFC 3261 §22.2). */
void
rig_expect_again (RigMessage *first,
                  RigMessage *second)
{
  static const char *const kept[] = { "Call-ID", "From", "To" };
  g_autofree char *cseq_before = rig_message_dup_header (first, "CSeq");
  g_autofree char *cseq_after = rig_message_dup_header (second, "CSeq");

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *before = rig_message_dup_header (first, kept[i]);
      g_autofree char *after = rig_message_dup_header (second, kept[i]);

      g_assert_cmpstr (before, ==, after);
    }
  g_assert_cmpuint (g_ascii_strtoull (cseq_after, NULL, 10), ==, g_ascii_strtoull (cseq_before, NULL, 10) + 1);
  g_assert_cmpuint (strcspn (first->text, "\r"), ==, strcspn (second->text, "\r"));
  g_assert_true (strncmp (first->text, second->text, strcspn (first->text, "\r")) == 0);
}
