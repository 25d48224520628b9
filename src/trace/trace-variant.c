/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-trace"

#include "trace-variant.h"

#define RECORD_FORMAT "(txxybb&sq&sq&sut@ay)"

static GVariant *
write_records (PhoneTrace *self,
               GPtrArray  *records)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (PHONE_TRACE_VARIANT_TYPE));
  for (guint i = 0; i < records->len; i++)
    {
      const PhoneTraceRecord *record = records->pdata[i];
      g_autofree char *call_id = g_utf8_make_valid (record->call_id ? record->call_id : "", -1);

      g_variant_builder_add (&builder, "(txxybbsqsqsut@ay)", record->number, record->monotonic_us, record->wall_us,
                             (guchar) record->transport, record->sent, record->failed, record->local, record->local_port,
                             record->remote, record->remote_port, call_id, phone_trace_find_call (self, record->call_id),
                             (guint64) record->whole_length,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, record->text, record->length, 1));
    }

  return g_variant_builder_end (&builder);
}

GVariant *
phone_trace_to_variant (PhoneTrace *self,
                        guint       call)
{
  g_autoptr (GPtrArray) records = phone_trace_list (self, call);

  return write_records (self, records);
}

GVariant *
phone_trace_since_to_variant (PhoneTrace *self,
                              guint64     number)
{
  g_autoptr (GPtrArray) records = phone_trace_list_since (self, number);

  return write_records (self, records);
}

static PhoneTraceRecord *
read_record (GVariant *item,
             guint    *call)
{
  PhoneTraceRecord *record;
  guint64 number, whole_length;
  gint64 monotonic_us, wall_us;
  guchar transport;
  gboolean sent, failed;
  const char *local, *remote, *call_id;
  guint16 local_port, remote_port;
  g_autoptr (GVariant) text = NULL;
  gsize length = 0;
  const char *data;

  g_variant_get (item, RECORD_FORMAT, &number, &monotonic_us, &wall_us, &transport, &sent, &failed, &local, &local_port, &remote,
                 &remote_port, &call_id, call, &whole_length, &text);
  data = g_variant_get_fixed_array (text, &length, 1);
  record = phone_trace_record_new (data, length);
  record->number = number;
  record->monotonic_us = monotonic_us;
  record->wall_us = wall_us;
  record->transport = MIN (transport, PHONE_TRACE_TLS);
  record->sent = sent;
  record->failed = failed;
  g_strlcpy (record->local, local, sizeof record->local);
  g_strlcpy (record->remote, remote, sizeof record->remote);
  record->local_port = local_port;
  record->remote_port = remote_port;
  record->whole_length = MAX (whole_length, record->length);

  return record;
}

GPtrArray *
phone_trace_list_from_variant (GVariant  *variant,
                               GArray   **calls)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);

  g_return_val_if_fail (g_variant_is_of_type (variant, G_VARIANT_TYPE (PHONE_TRACE_VARIANT_TYPE)), records);

  if (calls)
    *calls = g_array_new (FALSE, FALSE, sizeof (guint));
  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (variant, i);
      guint call = 0;

      g_ptr_array_add (records, read_record (item, &call));
      if (calls)
        g_array_append_val (*calls, call);
    }

  return records;
}
