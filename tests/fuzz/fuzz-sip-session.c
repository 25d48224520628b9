/* rooms: engine sip sip_rig virtual_time
 * libFuzzer: -detect_leaks=0
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A whole conversation: the input is a script of what a peer says on the wire and what the user does meanwhile, played
 * against the SIP room on the loopback, with time that passes only when everybody waits. Whatever is said, at the end the
 * phone answers, every call has ended exactly once, and nothing is left. (Whether memory leaks is seen when the corpus is run
 * with sanitizers: the fuzzer's own look would stop at what the library leaks, see tests/support/lsan.supp.)
 *
 * A line that begins with `!` is one of the words in commands[]; all other lines are a message, sent when a command or the
 * end comes. In a message `$` and a letter stand for something of the conversation: see append_variable().
 */

#include "sip-rig.h"
#include "virtual-time.h"

#include <string.h>

/* The longest time a dialog may take to die: an INVITE whose CANCEL and BYE nobody answers, and what retries. */
#define QUIET_MS 400000
#define MAX_WAIT_MS 60000
#define MAX_COMMANDS 40
#define MAX_MESSAGE 32768
/* A number that no call will have. */
#define NO_CALL 9999

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

typedef struct {
  RigPhone   *phone;
  RigPeer    *peer;
  RigMessage *request;    /* what variables speak of; in the peer's inbox */
  GString    *message;
  guint       call;       /* the last one */
  guint       n_dialled;
  guint       branch;
} Talk;

/* ---- what stands for `$` and a letter ---- */

static void
append_header (Talk       *self,
               GString    *out,
               const char *name)
{
  g_autofree char *value = self->request ? rig_message_dup_header (self->request, name) : NULL;

  g_string_append (out, value ? value : "");
}

static void
append_tagged (Talk       *self,
               GString    *out,
               const char *name)
{
  gsize start = out->len;

  append_header (self, out, name);
  if (!strstr (out->str + start, "tag="))
    g_string_append (out, ";tag=77");
}

/* The peer's own address in the dialog, or the phone's. */
static void
append_party (Talk     *self,
              GString  *out,
              gboolean  own)
{
  gboolean is_response = self->request && g_str_has_prefix (self->request->text, "SIP/2.0");

  append_tagged (self, out, own != is_response ? "To" : "From");
}

static void
append_contact (Talk    *self,
                GString *out)
{
  g_autofree char *contact = self->request ? rig_message_dup_header (self->request, "Contact") : NULL;

  if (contact && contact[0] == '<')
    g_string_append_len (out, contact + 1, (gssize) strcspn (contact + 1, ">"));
  else
    g_string_append_printf (out, "sip:deskset@127.0.0.1:%u", rig_phone_get_port (self->phone));
}

static void
append_variable (Talk    *self,
                 GString *out,
                 char     variable)
{
  switch (variable)
    {
    case 'A': append_contact (self, out); break;
    case 'B': g_string_append_printf (out, "z9hG4bK%u", ++self->branch); break;
    case 'C': append_header (self, out, "CSeq"); break;
    case 'I': append_header (self, out, "Call-ID"); break;
    case 'K': append_header (self, out, "Contact"); break;
    case 'L': append_party (self, out, TRUE); break;
    case 'N': g_string_append (out, "Content-Length: 0\r\n\r\n"); break;
    case 'O': append_party (self, out, FALSE); break;
    case 'P': g_string_append_printf (out, "%u", self->peer->port); break;
    case 'Q': g_string_append_printf (out, "%u", rig_phone_get_port (self->phone)); break;
    case 'S':
      g_string_append_printf (out, "Content-Type: application/sdp\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                              strlen (rig_sdp), rig_sdp);
      break;
    case 'V': append_header (self, out, "Via"); break;
    default: g_string_append_c (out, '$'); break;
    }
}

static void
send_message (Talk *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (gsize i = 0; i < self->message->len && out->len < MAX_MESSAGE; i++)
    {
      if (self->message->str[i] == '$' && i + 1 < self->message->len)
        append_variable (self, out, self->message->str[++i]);
      else
        g_string_append_c (out, self->message->str[i]);
    }
  g_string_truncate (self->message, 0);
  if (out->len > 0)
    {
      g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string ("127.0.0.1", rig_phone_get_port (self->phone));

      g_socket_send_to (self->peer->udp, to, out->str, MIN (out->len, MAX_MESSAGE), NULL, NULL);
      virtual_time_pass (0);
    }
}

/* ---- what the user does ---- */

static void
note_calls (Talk *self)
{
  for (guint i = self->phone->taken; i < self->phone->events->len; i++)
    {
      const PhoneEvent *event = g_ptr_array_index (self->phone->events, i);

      if (event->type == PHONE_EVENT_INCOMING)
        self->call = event->call;
    }
  self->phone->taken = self->phone->events->len;
}

static void
do_dial (Talk       *self,
         const char *argument)
{
  g_autofree char *target = g_strdup_printf ("9@127.0.0.1:%u", self->peer->port);

  self->call = rig_phone_dial (self->phone, *argument == '1' ? 1 : 0, target);
  self->n_dialled++;
}

static void
do_call (Talk       *self,
         const char *argument)
{
  g_autofree char *call_id = g_strdup_printf ("c%u", ++self->branch);
  g_autofree char *invite = rig_peer_make_invite (self->peer, rig_phone_get_port (self->phone), call_id,
                                                  *argument == 'r' ? "Require: 100rel\r\n" : NULL,
                                                  *argument == 'n' ? NULL : rig_sdp);

  rig_peer_send (self->peer, rig_phone_get_port (self->phone), invite);
}

static void
do_account (Talk       *self,
            const char *argument)
{
  const PhoneAccountConfig config = {
    .account = 1, .enabled = *argument != '0', .label = "One", .display_name = "A", .user_name = "1001", .auth_name = "",
    .password = "secret",
    .servers = { { .address = "127.0.0.1", .port = self->peer->port, .transport = PHONE_TRANSPORT_UDP, .expires_s = 300,
                   .retries = 3 } },
    .retry_s = 30, .retry_max_s = 60, .unregister_at_exit = TRUE,
  };

  phone_signaling_set_account (self->phone->signaling, &config);
}

/* The message that variables speak of: the last that came and starts so. */
static void
do_on (Talk       *self,
       const char *argument)
{
  for (GList *l = self->peer->inbox.tail; l; l = l->prev)
    {
      RigMessage *message = l->data;

      if (g_str_has_prefix (message->text, argument))
        {
          self->request = message;
          return;
        }
    }
}

static void
do_wait (Talk       *self,
         const char *argument)
{
  virtual_time_pass ((guint) MIN (g_ascii_strtoull (argument, NULL, 10), MAX_WAIT_MS));
}

static void
do_hold (Talk       *self,
         const char *argument)
{
  g_autoptr (PhoneMediaDesc) desc = rig_desc (20000, *argument == '0' ? PHONE_DIRECTION_SENDRECV : PHONE_DIRECTION_SENDONLY);

  phone_signaling_modify (self->phone->signaling, self->call, desc);
}

static void
do_answer (Talk       *self,
           const char *argument)
{
  g_autoptr (PhoneMediaDesc) desc = rig_desc (20000, PHONE_DIRECTION_SENDRECV);

  phone_signaling_answer (self->phone->signaling, self->call, desc);
}

static void
do_accept (Talk       *self,
           const char *argument)
{
  g_autoptr (PhoneMediaDesc) desc = rig_desc (20000, PHONE_DIRECTION_SENDRECV);

  phone_signaling_accept_modify (self->phone->signaling, self->call, *argument == '0' ? NULL : desc);
}

static void
do_ring (Talk       *self,
         const char *argument)
{
  phone_signaling_ring (self->phone->signaling, self->call);
}

static void
do_reject (Talk       *self,
           const char *argument)
{
  if (*argument == '3')
    phone_signaling_divert (self->phone->signaling, self->call, "sip:7@127.0.0.1", "deflection");
  else
    phone_signaling_reject (self->phone->signaling, self->call, 486);
}

static void
do_hangup (Talk       *self,
           const char *argument)
{
  phone_signaling_hangup (self->phone->signaling, self->call);
}

static void
do_digit (Talk       *self,
          const char *argument)
{
  phone_signaling_send_digit (self->phone->signaling, self->call, '5', 100);
}

static void
do_refresh (Talk       *self,
            const char *argument)
{
  phone_signaling_refresh (self->phone->signaling, 0);
}

static const struct {
  const char *name;
  void      (*run) (Talk *self, const char *argument);
} commands[] = {
  { "accept", do_accept }, { "account", do_account }, { "answer", do_answer }, { "call", do_call }, { "dial", do_dial },
  { "digit", do_digit }, { "hangup", do_hangup }, { "hold", do_hold }, { "on", do_on }, { "refresh", do_refresh },
  { "reject", do_reject }, { "ring", do_ring }, { "wait", do_wait },
};

static void
run_command (Talk       *self,
             const char *line)
{
  gsize length = strcspn (line, " ");
  const char *argument = line[length] ? line + length + 1 : "";

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strlen (commands[i].name) == length && strncmp (line, commands[i].name, length) == 0)
        commands[i].run (self, argument);
    }
  virtual_time_pass (0);
  note_calls (self);
}

static void
play (Talk       *self,
      const char *script)
{
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);
  guint n_commands = 0;

  for (char **line = lines; *line && n_commands < MAX_COMMANDS; line++)
    {
      if (**line != '!')
        {
          g_string_append_printf (self->message, "%s\n", *line);
          continue;
        }
      n_commands++;
      send_message (self);
      note_calls (self);
      run_command (self, *line + 1);
    }
  send_message (self);
}

/* ---- what must be true in the end ---- */

static void
expect_alive (Talk *self)
{
  g_autofree char *options = g_strdup_printf (
      "OPTIONS sip:x@127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKend\r\nMax-Forwards: 70\r\n"
      "From: <sip:p@127.0.0.1>;tag=end\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: end\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
      rig_phone_get_port (self->phone), self->peer->port);
  gboolean answered = FALSE;

  rig_peer_send (self->peer, rig_phone_get_port (self->phone), options);
  virtual_time_pass (100);
  for (GList *l = self->peer->inbox.head; l; l = l->next)
    answered = answered || (g_str_has_prefix (((RigMessage *) l->data)->text, "SIP/2.0 200")
                            && strstr (((RigMessage *) l->data)->text, "Call-ID: end\r\n"));
  g_assert_true (answered);
}

static void
expect_quiet (Talk *self)
{
  PhoneSipSignaling *signaling = PHONE_SIP_SIGNALING (self->phone->signaling);

  for (guint i = 0; i < self->phone->events->len; i++)
    {
      const PhoneEvent *event = g_ptr_array_index (self->phone->events, i);

      if (event->type == PHONE_EVENT_INCOMING)
        phone_signaling_hangup (self->phone->signaling, event->call);
    }
  for (guint call = 1; call <= MAX_COMMANDS * 2; call++)
    phone_signaling_hangup (self->phone->signaling, call);
  for (guint waited = 0; waited < QUIET_MS && phone_sip_signaling_get_n_sessions (signaling) > 0; waited += 1000)
    virtual_time_pass (1000);

  g_assert_cmpuint (phone_sip_signaling_get_n_sessions (signaling), ==, 0);
  g_assert_cmpuint (rig_phone_count (self->phone, PHONE_EVENT_TERMINATED), ==,
                    rig_phone_count (self->phone, PHONE_EVENT_INCOMING) + self->n_dialled);
}

static void
print_nothing (const char *text)
{
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static gboolean started;
  g_autofree char *script = g_strndup ((const char *) data, MIN (size, MAX_MESSAGE));
  Talk talk = { .call = NO_CALL };

  if (!started)
    {
      /* Names in messages must lead nowhere. */
      if (!virtual_network_start ())
        g_error ("This target needs a network namespace of its own (unshare)");
      virtual_time_start ();
      /* The rig tells each message. */
      if (!g_getenv ("G_MESSAGES_DEBUG"))
        g_set_print_handler (print_nothing);
      started = TRUE;
    }
  talk.phone = rig_phone_new ("127.0.0.1", NULL);
  talk.peer = rig_peer_new ("127.0.0.1");
  talk.message = g_string_new (NULL);
  play (&talk, script);
  expect_quiet (&talk);
  expect_alive (&talk);
  rig_phone_free (talk.phone);
  rig_peer_free (talk.peer);
  g_string_free (talk.message, TRUE);

  return 0;
}
