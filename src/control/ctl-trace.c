/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "ctl-trace.h"

#include "trace-ladder.h"
#include "trace-pcap.h"
#include "trace-variant.h"

#include <json-glib/json-glib.h>

/* SIP messages as desksetctl shows them. */

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_bool (JsonBuilder *builder,
          const char  *name,
          gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_message (JsonBuilder          *builder,
             const PhoneTraceStep *step,
             guint                 call)
{
  const PhoneTraceRecord *record = step->record;
  g_autofree char *text = g_utf8_make_valid (record->text, (gssize) record->length);

  json_builder_begin_object (builder);
  add_int (builder, "step", step->number);
  add_int (builder, "number", (gint64) record->number);
  add_int (builder, "time_us", record->wall_us);
  add_int (builder, "since_us", step->since_us);
  add_bool (builder, "sent", record->sent);
  add_string (builder, "message", step->label);
  add_string (builder, "transport", phone_trace_transport_to_string (record->transport));
  add_string (builder, "local", record->local);
  add_int (builder, "local_port", record->local_port);
  add_string (builder, "remote", record->remote);
  add_int (builder, "remote_port", record->remote_port);
  add_string (builder, "call_id", record->call_id ? record->call_id : "");
  add_int (builder, "call", call);
  add_bool (builder, "again", step->again);
  add_bool (builder, "failed", record->failed);
  add_int (builder, "length", (gint64) record->whole_length);
  add_string (builder, "text", text);
  json_builder_end_object (builder);
}

static char *
dup_json (const PhoneTraceLadder *ladder,
          GArray                 *calls,
          guint64                 n_lost)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "messages");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ladder->steps->len; i++)
    add_message (builder, ladder->steps->pdata[i], g_array_index (calls, guint, i));
  json_builder_end_array (builder);
  add_int (builder, "lost", (gint64) n_lost);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

char *
phone_ctl_trace_dup_json (GVariant *answer)
{
  g_autoptr (GVariant) messages = g_variant_get_child_value (answer, 0);
  g_autoptr (GVariant) lost = g_variant_get_child_value (answer, 1);
  g_autoptr (GArray) calls = NULL;
  g_autoptr (GPtrArray) records = phone_trace_list_from_variant (messages, &calls);
  g_autoptr (PhoneTraceLadder) ladder = phone_trace_ladder_new (records);

  return dup_json (ladder, calls, g_variant_get_uint64 (lost));
}

gboolean
phone_ctl_trace_print (const PhoneCtlRequest  *request,
                       GVariant               *answer,
                       GError                **error)
{
  g_autoptr (GVariant) messages = g_variant_get_child_value (answer, 0);
  g_autoptr (GPtrArray) records = phone_trace_list_from_variant (messages, NULL);
  g_autoptr (PhoneTraceLadder) ladder = NULL;
  g_autofree char *text = NULL;

  if (request->pcap)
    {
      g_autoptr (GBytes) pcap = phone_trace_write_pcap (records);
      gsize length;
      const char *data = g_bytes_get_data (pcap, &length);

      /* Who calls whom is nobody else's business. */
      return g_file_set_contents_full (request->pcap, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
    }
  if (request->json)
    {
      text = phone_ctl_trace_dup_json (answer);
      g_print ("%s\n", text);
      return TRUE;
    }
  ladder = phone_trace_ladder_new (records);
  text = phone_trace_ladder_to_text (ladder, request->verbose);
  g_print ("%s", text);

  return TRUE;
}
