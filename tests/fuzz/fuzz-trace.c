/* rooms: trace */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "trace-ladder.h"
#include "trace-message.h"
#include "trace-pcap.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Messages of any bytes, parted by a line of a dash: what is shown of them is UTF-8 on lines of its own, and can be written as a
 * capture. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
  g_autoptr (PhoneTraceLadder) ladder = NULL;
  g_autoptr (GBytes) pcap = NULL;
  g_autofree char *text = NULL;
  const PhoneTraceSource sides[] = { { "A", records }, { "B", records } };
  g_autoptr (PhoneTraceLadder) merged = NULL;

  for (gsize start = 0; start < size && records->len < 50; )
    {
      const guint8 *end = memmem (data + start, size - start, "\n-\n", 3);
      gsize length = end ? (gsize) (end - data) - start : size - start;
      PhoneTraceRecord *record = phone_trace_record_new ((const char *) data + start, length);
      g_autofree char *via = phone_trace_message_dup_header (record->text, record->length, "Via", "v");

      g_assert_true (!via || g_utf8_validate (via, -1, NULL));
      g_assert_true (!record->call_id || g_utf8_validate (record->call_id, -1, NULL));
      g_assert_cmpuint (phone_trace_message_get_body (record->text, record->length), <=, record->length);
      record->sent = records->len % 2 == 0;
      record->transport = records->len % 3;
      g_ptr_array_add (records, record);
      start += length + 3;
    }
  ladder = phone_trace_ladder_new (records);
  text = phone_trace_ladder_to_text (ladder, TRUE);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  /* Each message twice: nobody knows who was first. */
  merged = phone_trace_ladder_merge (sides, G_N_ELEMENTS (sides), "Exchange");
  g_assert_cmpuint (merged->steps->len, ==, 2 * records->len);
  pcap = phone_trace_write_pcap (records);
  g_assert_cmpuint (g_bytes_get_size (pcap), >=, 24);

  return 0;
}
