/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "desksetctl"

#include "bus-name.h"
#include "ctl-request.h"
#include "ctl-trace.h"
#include "flow-command.h"
#include "trace-variant.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "deskset-config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/*
 * Drives a phone from a shell or a test. A thin client: whatever is to be known or decided, the phone knows and decides.
 */
typedef enum {
  EXIT_YES = 0,
  EXIT_NO = 1,
  EXIT_USAGE = 2,
  EXIT_NO_PHONE = 3,
} ExitCode;

typedef struct {
  const PhoneCtlRequest *request;
  GDBusConnection       *connection;
  const char            *bus_name;   /* NULL on a socket */
  GMainLoop             *loop;
  guint64                last_seq;   /* events up to here are printed */
  ExitCode               result;
} Ctl;

static const char *help_text = N_ (
    "Usage: desksetctl [--profile NAME | --control unix:PATH] COMMAND [WORD…]\n"
    "\n"
    "Drives a running Deskset phone.\n"
    "\n"
    "Actions (with --seq they print the number of the last event before them)\n"
    "  key ID… [--hold MS]     press keys by their ids: 0–9 * POUND OK X UP DOWN LEFT RIGHT F1–F4 L1… SPEAKER\n"
    "                          HEADSET MUTE MSG RD F_HOLD F_TRANSFER F_CONFERENCE VOLUME_UP VOLUME_DOWN\n"
    "  type TEXT               type on the phone's keyboard\n"
    "  dial NUMBER             call a number, sip: or tel: address, or HOST:PORT\n"
    "  answer | hangup         answer the call that rings; end or reject the call with the focus\n"
    "  hook on|off             put the handset down (on) or lift it (off)\n"
    "  set KEY VALUE           change a setting; the value - is read from standard input\n"
    "  command LINE            one line for the phone's command table: \"mute on\"\n"
    "  raise | quit            show the window; end the phone\n"
    "\n"
    "Questions\n"
    "  screen [--json]         what the display shows\n"
    "  screen --png FILE [--face] [--scale N]\n"
    "                          a picture of the display, or of the whole phone\n"
    "  lamps|calls|accounts|counts [--json]\n"
    "  get KEY                 value of a setting\n"
    "  trace [--call N] [--verbose] [--json] [--pcap FILE]\n"
    "                          the last SIP messages as a ladder; with their text; for programs; for Wireshark\n"
    "  seq                     number of the last event\n"
    "  events [--follow] [--json] [--since SEQ]\n"
    "                          what happened, and with --follow what happens\n"
    "  wait CONDITION [--since SEQ] [--timeout S] [--json]\n"
    "                          wait until the condition is true (30 s; 0 only looks, -1 is for ever). With --since\n"
    "                          what happened after that event counts as well\n"
    "\n"
    "Call flows\n"
    "  run FILE… [--set NAME=VALUE]… [--variables FILE] [--attach NAME=PROFILE]… [--junit FILE] [--check] [--verbose]\n"
    "            [--by-hand] [--slow MS] [--phone PROGRAM] [--trace FOLDER]\n"
    "                          play flows: start their phones, press keys, check what is shown and heard (doc/flows.md)\n"
    "\n"
    "Conditions (! in front: not now)\n"
    "  idle   call:STATE[:COUNT][:number=N][:account=N][:status=CODE]   call:any   call:none\n"
    "  account:N|any:STATE[:status=CODE]   lamp:KEY:on|off|COLOUR[-BLINK]   screen:TEXT   softkey:LABEL\n"
    "  softkeys:A|B|C|D   icon:NAME\n"
    "  page:NAME   hook:on|off   media:flowing|stalled   heard:HZ   digit:D   digits:DDD   message:TEXT   missed[:NUMBER]\n"
    "\n"
    "Options\n"
    "  --profile NAME          the phone that was started with this profile\n"
    "  --control unix:PATH     the phone that was started with this socket\n"
    "  --help, --version\n"
    "\n"
    "Exit codes: 0 yes, 1 no or timed out, 2 wrong usage, 3 no such phone.\n");

static void
complain (const char *message)
{
  g_autofree char *line = g_strdup (message);

  g_strdelimit (line, "\n\r", ' ');
  g_printerr ("desksetctl: %s\n", line);
}

/* What the exit code is for an answer that is an error; says it in one line. */
static ExitCode
explain (const GError *error)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);
  g_autoptr (GError) copy = g_error_copy (error);

  g_dbus_error_strip_remote_error (copy);
  if (g_strcmp0 (remote, PHONE_CONTROL_ERROR_NOT_NOW) == 0)
    {
      complain (copy->message);
      return EXIT_NO;
    }
  if (g_strcmp0 (remote, PHONE_CONTROL_ERROR_INVALID) == 0)
    {
      complain (copy->message);
      return EXIT_USAGE;
    }
  complain (_ ("there is no such phone, or it has just ended"));
  g_debug ("%s", copy->message);

  return EXIT_NO_PHONE;
}

static gboolean
connect_to_phone (Ctl     *self,
                  GError **error)
{
  g_autofree char *address = NULL;

  if (!self->request->control)
    {
      self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);
      if (self->connection)
        g_dbus_connection_set_exit_on_close (self->connection, FALSE);
      return self->connection != NULL;
    }

  address = phone_control_dbus_address (self->request->control);
  self->connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, error);

  return self->connection != NULL;
}

/* Returns: (transfer full) (nullable): the answer; on %NULL self->result is set */
static GVariant *
call (Ctl        *self,
      const char *method,
      GVariant   *parameters,
      const char *type)
{
  g_autoptr (GError) error = NULL;
  /* A wait may take long; the phone answers everything else at once. A phone is never started by a question. */
  GVariant *answer = g_dbus_connection_call_sync (self->connection, self->bus_name, PHONE_CONTROL_OBJECT_PATH,
                                                  PHONE_CONTROL_INTERFACE, method, parameters, G_VARIANT_TYPE (type),
                                                  G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL, &error);

  if (!answer)
    self->result = explain (error);
  return answer;
}

static void
act (Ctl        *self,
     const char *method,
     GVariant   *parameters)
{
  g_autoptr (GVariant) answer = call (self, method, parameters, "(t)");
  guint64 seq;

  if (!answer)
    return;
  g_variant_get (answer, "(t)", &seq);
  if (self->request->seq)
    g_print ("%" G_GUINT64_FORMAT "\n", seq);
}

static const char *
word (Ctl  *self,
      guint i)
{
  return g_ptr_array_index (self->request->words, i);
}

/* questions */

static const char *
member (JsonObject *object,
        const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
print_screen (JsonObject *answer)
{
  JsonArray *texts = json_object_get_array_member (answer, "text");
  JsonArray *softkeys = json_object_get_array_member (answer, "softkeys");
  guint n_softkeys = json_array_get_length (softkeys);

  for (guint i = 0; i < json_array_get_length (texts); i++)
    g_print ("%s\n", json_array_get_string_element (texts, i));
  g_print ("[");
  for (guint i = 0; i < n_softkeys; i++)
    g_print ("%s%s", i ? " | " : "", json_array_get_string_element (softkeys, i));
  g_print ("]\n");
}

static void
print_lamp (JsonObject *lamp)
{
  if (g_str_equal (member (lamp, "colour"), "off"))
    return;
  g_print ("%s %s %s\n", member (lamp, "key"), member (lamp, "colour"), member (lamp, "blink"));
}

static void
print_call (JsonObject *info)
{
  g_print ("%" G_GINT64_FORMAT " %s %s %s", json_object_get_int_member (info, "call"), member (info, "origin"),
           member (info, "state"), member (info, "number"));
  if (member (info, "name")[0])
    g_print (" “%s”", member (info, "name"));
  if (member (info, "codec")[0])
    g_print (" %s", member (info, "codec"));
  if (json_object_get_int_member (info, "status"))
    g_print (" %" G_GINT64_FORMAT, json_object_get_int_member (info, "status"));
  g_print (" %" G_GINT64_FORMAT " s\n", json_object_get_int_member (info, "duration_s"));
}

static void
print_account (JsonObject *info)
{
  g_print ("%" G_GINT64_FORMAT " %s %s@%s", json_object_get_int_member (info, "account"), member (info, "state"),
           member (info, "user_name"), member (info, "server"));
  if (json_object_get_int_member (info, "status"))
    g_print (" %" G_GINT64_FORMAT " %s", json_object_get_int_member (info, "status"), member (info, "reason"));
  g_print ("\n");
}

static void
print_counts (JsonObject *info)
{
  static const char *const names[] = { "calls", "dialogs", "handles", "streams" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_print ("%s %" G_GINT64_FORMAT "\n", names[i], json_object_get_int_member (info, names[i]));
}

static void
print_list (JsonObject *answer,
            const char *list,
            void      (*print) (JsonObject *))
{
  JsonArray *array = json_object_get_array_member (answer, list);

  for (guint i = 0; i < json_array_get_length (array); i++)
    print (json_array_get_object_element (array, i));
}

/* Returns: (transfer full) (nullable): the parsed object; an answer that is none of our making is as good as no phone. */
static JsonNode *
parse_object (Ctl        *self,
              const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);

  complain (_ ("the phone's answer cannot be understood"));
  self->result = EXIT_NO_PHONE;
  return NULL;
}

static void
ask (Ctl        *self,
     const char *method,
     const char *list,
     void      (*print) (JsonObject *))
{
  g_autoptr (GVariant) answer = call (self, method, NULL, "(s)");
  g_autoptr (JsonNode) node = NULL;
  const char *json;

  if (!answer)
    return;
  g_variant_get (answer, "(&s)", &json);
  if (self->request->json)
    g_print ("%s\n", json);
  else if ((node = parse_object (self, json)) == NULL)
    return;
  else if (list)
    print_list (json_node_get_object (node), list, print);
  else
    print (json_node_get_object (node));
}

static void
save_png (Ctl *self)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gconstpointer data;
  gsize size;

  answer = call (self, "Screenshot", g_variant_new ("(sd)", self->request->face ? "face" : "lcd", self->request->scale),
                 "(ay)");
  if (!answer)
    return;
  bytes = g_variant_get_child_value (answer, 0);
  data = g_variant_get_fixed_array (bytes, &size, 1);
  if (!g_file_set_contents (self->request->png, data, size, &error))
    {
      complain (error->message);
      self->result = EXIT_NO;
    }
}

static void
ask_screen (Ctl *self)
{
  if (self->request->png)
    save_png (self);
  else
    ask (self, "Screen", NULL, print_screen);
}

static void
ask_setting (Ctl *self)
{
  g_autoptr (GVariant) answer = call (self, "Get", g_variant_new ("(s)", word (self, 0)), "(s)");
  const char *value;

  if (!answer)
    return;
  g_variant_get (answer, "(&s)", &value);
  g_print ("%s\n", value);
}

static void
ask_seq (Ctl *self)
{
  g_autoptr (GVariant) answer = call (self, "Events", g_variant_new ("(t)", G_MAXUINT64), "(st)");
  guint64 seq;

  if (!answer)
    return;
  g_variant_get (answer, "(&st)", NULL, &seq);
  g_print ("%" G_GUINT64_FORMAT "\n", seq);
}

static void
ask_trace (Ctl *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, "Trace", g_variant_new ("(u)", self->request->call), "(" PHONE_TRACE_VARIANT_TYPE "t)");

  if (!answer || phone_ctl_trace_print (self->request, answer, &error))
    return;
  complain (error->message);
  self->result = EXIT_NO;
}

/* The time the user reads is the local one. */
static void
print_event_for_people (JsonObject *event)
{
  static const char *const texts[] = { "state", "number", "name", "text", "page" };
  gint64 time_us = json_object_get_int_member_with_default (event, "time_us", 0);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;
  g_autofree char *clock = local ? g_date_time_format (local, "%H:%M:%S") : g_strdup ("?");

  g_print ("%" G_GINT64_FORMAT " %s.%03d %s", json_object_get_int_member_with_default (event, "seq", 0), clock,
           (int) (time_us / 1000 % 1000), member (event, "kind"));
  if (json_object_has_member (event, "account"))
    g_print (" account %" G_GINT64_FORMAT, json_object_get_int_member (event, "account"));
  if (json_object_has_member (event, "call"))
    g_print (" call %" G_GINT64_FORMAT, json_object_get_int_member (event, "call"));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (json_object_has_member (event, texts[i]) && JSON_NODE_HOLDS_VALUE (json_object_get_member (event, texts[i])))
      g_print (" %s", member (event, texts[i]));
  if (json_object_has_member (event, "status"))
    g_print (" %" G_GINT64_FORMAT, json_object_get_int_member (event, "status"));
  g_print ("\n");
}

static void
print_event (Ctl      *self,
             JsonNode *node)
{
  JsonObject *event = json_node_get_object (node);
  guint64 seq = (guint64) json_object_get_int_member_with_default (event, "seq", 0);

  if (seq <= self->last_seq)
    return;
  self->last_seq = seq;
  if (self->request->json)
    {
      g_autofree char *json = json_to_string (node, FALSE);

      g_print ("%s\n", json);
    }
  else
    print_event_for_people (event);
}

static void
on_event_signal (GDBusConnection *connection,
                 const char      *sender,
                 const char      *object_path,
                 const char      *interface_name,
                 const char      *signal_name,
                 GVariant        *parameters,
                 gpointer         user_data)
{
  Ctl *self = user_data;
  g_autoptr (JsonNode) node = NULL;
  const char *json;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ts)")))
    return;
  g_variant_get (parameters, "(t&s)", NULL, &json);
  node = json_from_string (json, NULL);
  if (node && JSON_NODE_HOLDS_OBJECT (node))
    print_event (self, node);
  fflush (stdout);
}

static void
phone_ended (Ctl *self)
{
  complain (_ ("the phone has ended"));
  self->result = EXIT_NO_PHONE;
  g_main_loop_quit (self->loop);
}

static void
on_name_vanished (GDBusConnection *connection,
                  const char      *name,
                  gpointer         user_data)
{
  phone_ended (user_data);
}

static void
on_connection_closed (GDBusConnection *connection,
                      gboolean         remote_peer_vanished,
                      GError          *error,
                      gpointer         user_data)
{
  phone_ended (user_data);
}

static gboolean
print_past (Ctl *self)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *events;
  const char *json;
  guint64 since = self->request->since > 0 ? (guint64) self->request->since : 0;
  guint64 next;

  /* Following starts with what comes, unless told where to begin. */
  if (self->request->follow && self->request->since < 0)
    since = G_MAXUINT64;
  answer = call (self, "Events", g_variant_new ("(t)", since), "(st)");
  if (!answer)
    return FALSE;
  g_variant_get (answer, "(&st)", &json, &next);
  node = json_from_string (json, NULL);
  if (!node || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  events = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (events); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (events, i)))
      print_event (self, json_array_get_element (events, i));
  self->last_seq = MAX (self->last_seq, next);
  fflush (stdout);

  return TRUE;
}

/* Listens first and asks for the past then, so that nothing falls between; numbers tell what was printed already. */
static void
follow_events (Ctl *self)
{
  guint watch = 0;
  guint signal;

  signal = g_dbus_connection_signal_subscribe (self->connection, self->bus_name, PHONE_CONTROL_INTERFACE, "Event",
                                               PHONE_CONTROL_OBJECT_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                               on_event_signal, self, NULL);
  if (print_past (self))
    {
      g_signal_connect (self->connection, "closed", G_CALLBACK (on_connection_closed), self);
      if (self->bus_name)
        watch = g_bus_watch_name_on_connection (self->connection, self->bus_name, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                on_name_vanished, self, NULL);
      if (!g_dbus_connection_is_closed (self->connection))
        g_main_loop_run (self->loop);
      else
        phone_ended (self);
    }
  g_clear_handle_id (&watch, g_bus_unwatch_name);
  g_dbus_connection_signal_unsubscribe (self->connection, signal);
}

static void
wait_for (Ctl *self)
{
  double timeout_s = self->request->timeout_s;
  int timeout_ms = timeout_s < 0 ? -1 : (int) (timeout_s * 1000);
  g_autoptr (GVariant) answer = NULL;
  gboolean met;
  const char *json;

  answer = call (self, "Wait", g_variant_new ("(sxi)", word (self, 0), self->request->since, timeout_ms), "(bs)");
  if (!answer)
    return;
  g_variant_get (answer, "(b&s)", &met, &json);
  if (self->request->json)
    g_print ("%s\n", json);
  self->result = met ? EXIT_YES : EXIT_NO;
}

/* actions */

static void
press_keys (Ctl *self)
{
  g_autoptr (GVariantBuilder) ids = g_variant_builder_new (G_VARIANT_TYPE ("as"));

  for (guint i = 0; i < self->request->words->len; i++)
    g_variant_builder_add (ids, "s", word (self, i));
  act (self, "Key", g_variant_new ("(asu)", ids, self->request->hold_ms));
}

static void
set_setting (Ctl *self)
{
  char line[1024] = "";
  const char *value = word (self, 1);

  /* A password on the command line could be seen by everybody on the machine. */
  if (g_str_equal (value, "-"))
    {
      if (!fgets (line, sizeof line, stdin))
        line[0] = '\0';
      line[strcspn (line, "\r\n")] = '\0';
      value = line;
    }
  if (g_utf8_validate (value, -1, NULL))
    {
      act (self, "Set", g_variant_new ("(ss)", word (self, 0), value));
      return;
    }

  complain (_ ("the value is not UTF-8"));
  self->result = EXIT_USAGE;
}

/* What has no answer but that it was done. */
static void
ask_for (Ctl        *self,
         const char *method)
{
  GVariant *answer = call (self, method, NULL, "()");

  g_clear_pointer (&answer, g_variant_unref);
}

static void
run (Ctl *self)
{
  switch (self->request->command)
    {
    case PHONE_CTL_KEY:
      return press_keys (self);
    case PHONE_CTL_TYPE:
      return act (self, "Type", g_variant_new ("(s)", word (self, 0)));
    case PHONE_CTL_DIAL:
      return act (self, "Dial", g_variant_new ("(s)", word (self, 0)));
    case PHONE_CTL_ANSWER:
      return act (self, "Answer", NULL);
    case PHONE_CTL_HANGUP:
      return act (self, "Hangup", NULL);
    case PHONE_CTL_HOOK:
      return act (self, "Hook", g_variant_new ("(b)", g_str_equal (word (self, 0), "off")));
    case PHONE_CTL_COMMAND:
      return act (self, "Command", g_variant_new ("(s)", word (self, 0)));
    case PHONE_CTL_SET:
      return set_setting (self);
    case PHONE_CTL_GET:
      return ask_setting (self);
    case PHONE_CTL_SEQ:
      return ask_seq (self);
    case PHONE_CTL_SCREEN:
      return ask_screen (self);
    case PHONE_CTL_LAMPS:
      return ask (self, "Lamps", "lamps", print_lamp);
    case PHONE_CTL_CALLS:
      return ask (self, "Calls", "calls", print_call);
    case PHONE_CTL_ACCOUNTS:
      return ask (self, "Accounts", "accounts", print_account);
    case PHONE_CTL_COUNTS:
      return ask (self, "Counts", NULL, print_counts);
    case PHONE_CTL_TRACE:
      return ask_trace (self);
    case PHONE_CTL_EVENTS:
      if (self->request->follow)
        follow_events (self);
      else
        print_past (self);
      return;
    case PHONE_CTL_WAIT:
      return wait_for (self);
    case PHONE_CTL_RAISE:
      return ask_for (self, "Raise");
    case PHONE_CTL_QUIT:
      return ask_for (self, "Quit");
    case PHONE_CTL_RUN:
      break;   /* starts phones of its own: play () */
    }

  g_assert_not_reached ();
}

static ExitCode
drive (const PhoneCtlRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bus_name = NULL;
  Ctl self = { request, NULL, NULL, NULL, 0, EXIT_YES };

  if (!connect_to_phone (&self, &error))
    {
      g_debug ("%s", error->message);
      complain (request->control ? _ ("no phone listens at this socket") : _ ("there is no session bus; use --control"));
      return EXIT_NO_PHONE;
    }
  if (!request->control)
    {
      bus_name = phone_bus_name_for_profile (APP_ID, request->profile);
      self.bus_name = bus_name;
    }
  self.loop = g_main_loop_new (NULL, FALSE);
  run (&self);
  fflush (stdout);
  g_main_loop_unref (self.loop);
  g_object_unref (self.connection);

  return self.result;
}

static ExitCode
play (const PhoneCtlRequest *request)
{
  const PhoneFlowCommand command = {
    .files = request->words,
    .sets = request->sets,
    .attach = request->attach,
    .variables = request->variables,
    .junit = request->junit,
    .trace = request->trace,
    .program = request->phone,
    .app_id = APP_ID,
    .by_hand = request->by_hand,
    .slow_ms = request->slow_ms,
    .check = request->check,
    .verbose = request->verbose,
  };
  g_autoptr (GError) error = NULL;
  PhoneFlowVerdict verdict = phone_flow_command (&command, &error);

  if (error)
    complain (error->message);

  return (ExitCode) verdict;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (PhoneCtlRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* Standard output is for answers, whatever G_MESSAGES_DEBUG says. */
  g_log_writer_default_set_use_stderr (TRUE);

  request = phone_ctl_request_parse ((const char *const *) argv + 1, &error);
  if (!request)
    {
      complain (error->message);
      return EXIT_USAGE;
    }
  if (request->help)
    {
      g_print ("%s", _ (help_text));
      return EXIT_YES;
    }
  if (request->version)
    {
      g_print ("desksetctl %s\n", VERSION);
      return EXIT_YES;
    }

  return request->command == PHONE_CTL_RUN ? play (request) : drive (request);
}
