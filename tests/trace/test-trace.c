/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "trace-ladder.h"
#include "trace-message.h"
#include "trace-pcap.h"
#include "trace-variant.h"

#include <string.h>

static PhoneTraceRecord *
make (const char *text,
      gboolean    sent,
      gint64      at_us)
{
  PhoneTraceRecord *record = phone_trace_record_new (text, strlen (text));

  record->sent = sent;
  record->monotonic_us = at_us;
  record->wall_us = at_us;
  record->local_port = 5060;
  record->remote_port = 5070;
  g_strlcpy (record->local, "192.0.2.1", sizeof record->local);
  g_strlcpy (record->remote, "192.0.2.2", sizeof record->remote);
  return record;
}

static void
add (PhoneTrace *trace,
     const char *text,
     gboolean    sent,
     gint64      at_us)
{
  phone_trace_add (trace, make (text, sent, at_us));
}

#define INVITE "INVITE sip:2@192.0.2.2 SIP/2.0\r\nCall-ID: a@b\r\nCSeq: 1 INVITE\r\n\r\n"
#define RINGING "SIP/2.0 180 Ringing\r\ni : a@b\r\nCSeq: 1 INVITE\r\n\r\n"
#define BUSY "SIP/2.0 486 Busy Here\r\nCall-ID: a@b\r\n\r\n"
#define OPTIONS "OPTIONS sip:x SIP/2.0\r\nCall-ID: c\r\n\r\nbody"

/* Neither more messages nor more bytes than asked for; numbers go on. */
static void
test_bounds (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();
  g_autoptr (GPtrArray) list = NULL;

  g_assert_false (phone_trace_is_on (trace));
  add (trace, INVITE, TRUE, 0);
  g_assert_cmpuint (phone_trace_get_n_lost (trace), ==, 1);
  phone_trace_set_limits (trace, 10, 100000);
  g_assert_true (phone_trace_is_on (trace));
  for (guint i = 0; i < 25; i++)
    add (trace, INVITE, TRUE, i);
  list = phone_trace_list (trace, 0);
  g_assert_cmpuint (list->len, ==, 10);
  g_assert_cmpuint (((PhoneTraceRecord *) list->pdata[0])->number, ==, 17);
  g_assert_cmpuint (phone_trace_get_n_lost (trace), ==, 16);
  /* Whoever has a record keeps it. */
  phone_trace_set_limits (trace, 10, 500);
  g_clear_pointer (&list, g_ptr_array_unref);
  list = phone_trace_list (trace, 0);
  g_assert_cmpuint (list->len, >, 0);
  g_assert_cmpuint (list->len, <, 3);
  phone_trace_set_limits (trace, 0, 500);
  g_assert_false (phone_trace_is_on (trace));
  g_clear_pointer (&list, g_ptr_array_unref);
  list = phone_trace_list (trace, 0);
  g_assert_cmpuint (list->len, ==, 0);
}

/* A long message is cut, and says how long it was. */
static void
test_cut (void)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (PhoneTraceRecord) record = phone_trace_record_new (text, 100000);
  g_autoptr (PhoneTraceRecord) empty = phone_trace_record_new ("", 0);

  g_assert_cmpuint (record->length, ==, PHONE_TRACE_MAX_TEXT);
  g_assert_cmpuint (record->whole_length, ==, 100000);
  g_assert_null (record->call_id);
  g_assert_cmpuint (empty->length, ==, 0);
}

/* A call is found by its Call-ID, named before or after; one call may have several. */
static void
test_calls (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();
  g_autoptr (GPtrArray) list = NULL;

  phone_trace_set_limits (trace, 100, 100000);
  add (trace, INVITE, TRUE, 0);
  add (trace, OPTIONS, FALSE, 1);
  add (trace, RINGING, FALSE, 2);
  phone_trace_name_call (trace, "a@b", 7);
  phone_trace_name_call (trace, "d", 7);
  phone_trace_name_call (trace, "a@b", 8);
  list = phone_trace_list (trace, 7);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpuint (phone_trace_find_call (trace, "a@b"), ==, 7);
  g_assert_cmpuint (phone_trace_find_call (trace, "c"), ==, 0);
  g_assert_cmpuint (phone_trace_find_call (trace, NULL), ==, 0);
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      phone_trace_name_call (trace, id, i + 10);
    }
  g_assert_cmpuint (phone_trace_find_call (trace, "a@b"), ==, 0);
  g_assert_cmpuint (phone_trace_find_call (trace, "2999"), ==, 3009);
}

static void
test_message (void)
{
  static const char folded[] = "SIP/2.0 200 OK\r\nSubject: a\r\n  b\r\nCall-ID:x\r\n\r\nCall-ID: body";
  g_autofree char *subject = phone_trace_message_dup_header (folded, strlen (folded), "subject", "s");
  g_autofree char *id = phone_trace_message_dup_header (folded, strlen (folded), "Call-ID", "i");
  g_autofree char *none = phone_trace_message_dup_header (folded, strlen (folded), "To", "t");
  g_autofree char *line = phone_trace_message_dup_first_line (INVITE, strlen (INVITE));

  g_assert_cmpstr (subject, ==, "a   b");
  g_assert_cmpstr (id, ==, "x");
  g_assert_null (none);
  g_assert_cmpstr (line, ==, "INVITE sip:2@192.0.2.2");
  g_assert_cmpuint (phone_trace_message_get_status (folded, strlen (folded)), ==, 200);
  g_assert_cmpuint (phone_trace_message_get_status (INVITE, strlen (INVITE)), ==, 0);
  g_assert_cmpstr (folded + phone_trace_message_get_body (folded, strlen (folded)), ==, "Call-ID: body");
}

static const PhoneTraceStep *
get_step (const PhoneTraceLadder *ladder,
          guint                   i)
{
  return ladder->steps->pdata[i];
}

/* Three phones and what is between them: in time, each side in its column. */
static void
test_merge (void)
{
  GPtrArray *lists[3];
  PhoneTraceSource sources[3];
  g_autoptr (PhoneTraceLadder) ladder = NULL;
  g_autofree char *text = NULL;
  static const struct { guint phone; const char *text; gboolean sent; gint64 at_us; guint from, to; } steps[] = {
    { 0, INVITE, TRUE, 10, 0, 1 }, { 1, INVITE, FALSE, 20, 1, 2 },   { 1, RINGING, TRUE, 30, 2, 1 },
    { 0, RINGING, FALSE, 40, 1, 0 }, { 2, OPTIONS, FALSE, 50, 1, 3 }, { 0, INVITE, TRUE, 60, 0, 1 },
  };

  for (guint i = 0; i < 3; i++)
    {
      lists[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
      sources[i] = (PhoneTraceSource) { i == 0 ? "A" : i == 1 ? "B" : "C", lists[i] };
    }
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_ptr_array_add (lists[steps[i].phone], make (steps[i].text, steps[i].sent, steps[i].at_us));
  ladder = phone_trace_ladder_merge (sources, 3, "Exchange");
  g_assert_cmpuint (ladder->columns->len, ==, 4);
  g_assert_cmpstr (ladder->columns->pdata[1], ==, "Exchange");
  g_assert_cmpstr (ladder->columns->pdata[3], ==, "C");
  g_assert_cmpuint (ladder->steps->len, ==, G_N_ELEMENTS (steps));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const PhoneTraceStep *step = ladder->steps->pdata[i];

      g_assert_cmpuint (step->number, ==, i + 1);
      g_assert_cmpuint (step->from, ==, steps[i].from);
      g_assert_cmpuint (step->to, ==, steps[i].to);
      g_assert_cmpint (step->at_us, ==, steps[i].at_us - 10);
      g_assert_cmpint (step->again, ==, i == 5);
    }
  text = phone_trace_ladder_to_text (ladder, FALSE);
  g_assert_nonnull (strstr (text, "Exchange"));
  for (guint i = 0; i < 3; i++)
    g_ptr_array_unref (lists[i]);
}

#define CANCEL(branch) "CANCEL sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=" branch "\r\nCall-ID: c\r\nCSeq: 1 CANCEL\r\n\r\n"
#define SENT(line) line "\r\nVia: SIP/2.0/UDP a;branch=z1\r\nCSeq: 1 INVITE\r\n\r\n"
#define PASSED(line) line "\r\nVia: SIP/2.0/UDP p;branch=zp\r\nv: SIP/2.0/UDP x,\r\n SIP/2.0/UDP a ;branch=z1;rport\r\nCSeq: 1 INVITE" \
  "\r\n\r\n"

/* What is received was sent before, whatever the clocks say; but a server's own 100 waits for no phone's. */
static void
test_merge_order (void)
{
  GPtrArray *lists[2];
  PhoneTraceSource sources[2];
  g_autoptr (PhoneTraceLadder) ladder = NULL;
  static const struct { guint phone; const char *text; gboolean sent; gint64 at_us; } messages[] = {
    { 0, SENT ("INVITE sip:b SIP/2.0"), TRUE, 12 },     { 0, SENT ("SIP/2.0 100 Trying"), FALSE, 13 },
    { 1, PASSED ("INVITE sip:b SIP/2.0"), FALSE, 10 },  { 1, PASSED ("SIP/2.0 100 Trying"), TRUE, 14 },
    { 1, PASSED ("SIP/2.0 200 OK"), TRUE, 30 },         { 0, SENT ("SIP/2.0 200 OK"), FALSE, 29 },
    { 0, "BYE sip:b SIP/2.0\r\n\r\n", TRUE, 40 },     { 1, CANCEL ("zp"), FALSE, 49 },
    { 0, CANCEL ("z1"), TRUE, 50 },
  };
  static const guint order[] = { 0, 2, 1, 3, 4, 5, 6, 8, 7 };
  static const gint64 times[] = { 0, 0, 1, 2, 18, 18, 28, 38, 38 };

  for (guint i = 0; i < 2; i++)
    {
      lists[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
      sources[i] = (PhoneTraceSource) { i == 0 ? "A" : "B", lists[i] };
    }
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    g_ptr_array_add (lists[messages[i].phone], make (messages[i].text, messages[i].sent, messages[i].at_us));
  ladder = phone_trace_ladder_merge (sources, 2, "Exchange");
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_assert_cmpint (get_step (ladder, i)->record->monotonic_us, ==, messages[order[i]].at_us);
      g_assert_cmpint (get_step (ladder, i)->at_us, ==, times[i]);
    }
  for (guint i = 0; i < 2; i++)
    g_ptr_array_unref (lists[i]);
}

/* Traces that contradict each other make a ladder nevertheless. */
static void
test_merge_nonsense (void)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
  g_autoptr (GPtrArray) other = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
  const PhoneTraceSource sources[] = { { "A", one }, { "B", other } };
  g_autoptr (PhoneTraceLadder) ladder = NULL;

  g_ptr_array_add (one, make (SENT ("SIP/2.0 200 OK"), FALSE, 1));
  g_ptr_array_add (one, make (SENT ("INVITE sip:b SIP/2.0"), TRUE, 2));
  g_ptr_array_add (other, make (SENT ("INVITE sip:b SIP/2.0"), FALSE, 3));
  g_ptr_array_add (other, make (SENT ("SIP/2.0 200 OK"), TRUE, 4));
  ladder = phone_trace_ladder_merge (sources, 2, "Exchange");
  g_assert_cmpuint (ladder->steps->len, ==, 4);
  g_assert_cmpint (get_step (ladder, 0)->record->monotonic_us, ==, 1);
}

static void
test_ladder (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (PhoneTraceLadder) ladder = NULL;
  g_autofree char *text = NULL;
  PhoneTraceRecord *other = make (OPTIONS, FALSE, 9000000);

  phone_trace_set_limits (trace, 100, 100000);
  add (trace, INVITE, TRUE, 1000000);
  add (trace, INVITE, TRUE, 1500000);
  add (trace, RINGING, FALSE, 1600000);
  add (trace, BUSY, FALSE, 8000000);
  g_strlcpy (other->remote, "2001:db8::5", sizeof other->remote);
  phone_trace_add (trace, other);
  list = phone_trace_list (trace, 0);
  ladder = phone_trace_ladder_new (list);

  g_assert_cmpuint (ladder->steps->len, ==, 5);
  g_assert_cmpuint (ladder->columns->len, ==, 3);
  g_assert_cmpstr (ladder->columns->pdata[1], ==, "192.0.2.2:5070");
  g_assert_cmpstr (ladder->columns->pdata[2], ==, "[2001:db8::5]:5070");
  g_assert_cmpstr (get_step (ladder, 0)->label, ==, "INVITE");
  g_assert_false (get_step (ladder, 0)->again);
  g_assert_true (get_step (ladder, 1)->again);
  g_assert_cmpstr (get_step (ladder, 2)->label, ==, "180 Ringing");
  g_assert_cmpuint (get_step (ladder, 2)->from, ==, 1);
  g_assert_true (get_step (ladder, 3)->error && get_step (ladder, 3)->gap);
  g_assert_cmpint (get_step (ladder, 3)->since_us, ==, 6400000);
  text = phone_trace_ladder_to_text (ladder, TRUE);
  g_assert_nonnull (strstr (text, "F1       0.000  |------------ INVITE ------------>|"));
  g_assert_nonnull (strstr (text, "F2       0.500  |............ INVITE ............>|                                 |  again"));
  g_assert_nonnull (strstr (text, "486 Busy Here"));
  g_assert_nonnull (strstr (text, "  !  after 6.4 s\n"));
  g_assert_nonnull (strstr (text, "    CSeq: 1 INVITE\n"));
}

/* Nothing recorded, and what is no SIP at all. */
static void
test_odd (void)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) odd = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
  g_autoptr (PhoneTraceLadder) empty = phone_trace_ladder_new (none);
  g_autoptr (PhoneTraceLadder) ladder = NULL;
  g_autofree char *first = phone_trace_ladder_to_text (empty, TRUE);
  g_autofree char *second = NULL;

  g_ptr_array_add (odd, make ("", TRUE, 0));
  g_ptr_array_add (odd, make ("\xff\xfe\x01 \n\r\n", FALSE, -5));
  g_ptr_array_add (odd, make ("SIP/2.0 999999 x", FALSE, 0));
  ladder = phone_trace_ladder_new (odd);
  second = phone_trace_ladder_to_text (ladder, TRUE);
  g_assert_true (g_utf8_validate (first, -1, NULL));
  g_assert_true (g_utf8_validate (second, -1, NULL));
}

static guint
get16 (const guint8 *data)
{
  return (guint) data[0] << 8 | data[1];
}

/* A sum over 16-bit words that has its own checksum in it is all ones. */
static guint
sum (const guint8 *data,
     gsize         length,
     guint         start)
{
  guint total = start;

  for (gsize i = 0; i < length; i++)
    total += i % 2 == 0 ? (guint) data[i] << 8 : data[i];
  while (total >> 16)
    total = (total & 0xffff) + (total >> 16);
  return total;
}

static void
test_pcap (void)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
  g_autoptr (GBytes) file = NULL;
  gsize length;
  const guint8 *data;
  guint n = 0;

  g_ptr_array_add (records, make (INVITE, TRUE, 1234567));
  g_ptr_array_add (records, make (RINGING, FALSE, 2234567));
  for (guint i = 0; i < 4; i++)
    {
      PhoneTraceRecord *record = make (i % 2 ? RINGING : INVITE, i % 2 == 0, 3000000);

      record->transport = PHONE_TRACE_TLS;
      if (i >= 2)
        {
          g_strlcpy (record->local, "2001:db8::1", sizeof record->local);
          g_strlcpy (record->remote, "2001:db8::2", sizeof record->remote);
        }
      g_ptr_array_add (records, record);
    }
  file = phone_trace_write_pcap (records);
  data = g_bytes_get_data (file, &length);
  g_assert_cmpmem (data, 8, "\xa1\xb2\xc3\xd4\0\2\0\4", 8);
  g_assert_cmpuint (get16 (data + 22), ==, 101);
  for (gsize at = 24; at < length; n++)
    {
      const PhoneTraceRecord *record = records->pdata[n];
      const guint8 *ip = data + at + 16;
      gsize size = get16 (data + at + 10);
      gboolean v6 = ip[0] >> 4 == 6;
      gsize head = v6 ? 40 : 20;
      guint protocol = v6 ? ip[6] : ip[9];
      const guint8 *addresses = ip + (v6 ? 8 : 12);
      gsize skip = protocol == 17 ? 8 : 20;

      if (!v6)
        g_assert_cmpuint (sum (ip, 20, 0), ==, 0xffff);
      g_assert_cmpuint (sum (ip + head, size - head, sum (addresses, v6 ? 32 : 8, (guint) (protocol + size - head))), ==, 0xffff);
      g_assert_cmpuint (get16 (ip + head), ==, record->sent ? 5060 : 5070);
      g_assert_cmpmem (ip + head + skip, size - head - skip, record->text, record->length);
      at += 16 + size;
    }
  g_assert_cmpuint (n, ==, records->len);
}

/* To another process and back. */
static void
test_variant (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GArray) calls = NULL;
  const PhoneTraceRecord *record;

  phone_trace_set_limits (trace, 100, 100000);
  add (trace, INVITE, TRUE, 77);
  add (trace, OPTIONS, FALSE, 78);
  phone_trace_name_call (trace, "a@b", 3);
  variant = g_variant_ref_sink (phone_trace_to_variant (trace, 0));
  list = phone_trace_list_from_variant (variant, &calls);
  g_assert_cmpuint (list->len, ==, 2);
  record = list->pdata[0];
  g_assert_true (record->sent);
  g_assert_cmpint (record->monotonic_us, ==, 77);
  g_assert_cmpstr (record->text, ==, INVITE);
  g_assert_cmpstr (record->call_id, ==, "a@b");
  g_assert_cmpstr (record->remote, ==, "192.0.2.2");
  g_assert_cmpuint (g_array_index (calls, guint, 0), ==, 3);
  g_assert_cmpuint (g_array_index (calls, guint, 1), ==, 0);
}

static guint
count_since (PhoneTrace *trace,
             guint64     number)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (phone_trace_since_to_variant (trace, number));
  g_autoptr (GPtrArray) list = phone_trace_list_from_variant (variant, NULL);

  for (guint i = 0; i < list->len; i++)
    g_assert_cmpuint (((const PhoneTraceRecord *) list->pdata[i])->number, ==, phone_trace_get_last (trace) - list->len + i + 1);

  return list->len;
}

/* Whoever looks again gets what is new, and no more than is still kept. */
static void
test_since (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();

  phone_trace_set_limits (trace, 10, 100000);
  g_assert_cmpuint (count_since (trace, 0), ==, 0);
  for (guint i = 0; i < 25; i++)
    add (trace, INVITE, TRUE, i);
  g_assert_cmpuint (count_since (trace, 0), ==, 10);
  g_assert_cmpuint (count_since (trace, 22), ==, 3);
  g_assert_cmpuint (count_since (trace, 25), ==, 0);
  g_assert_cmpuint (count_since (trace, G_MAXUINT64), ==, 0);
}

static gpointer
record_many (gpointer data)
{
  for (guint i = 0; i < 2000; i++)
    add (data, i % 2 ? INVITE : OPTIONS, TRUE, i);
  return NULL;
}

/* Several threads record while others look. */
static void
test_threads (void)
{
  g_autoptr (PhoneTrace) trace = phone_trace_new ();
  GThread *threads[3];

  phone_trace_set_limits (trace, 50, 100000);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("record", record_many, trace);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GPtrArray) list = phone_trace_list (trace, 0);

      g_assert_cmpuint (list->len, <=, 50);
      for (guint k = 1; k < list->len; k++)
        g_assert_cmpuint (((PhoneTraceRecord *) list->pdata[k])->number, ==, ((PhoneTraceRecord *) list->pdata[k - 1])->number + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (phone_trace_get_n_lost (trace), ==, 5950);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trace/bounds", test_bounds);
  g_test_add_func ("/trace/cut", test_cut);
  g_test_add_func ("/trace/calls", test_calls);
  g_test_add_func ("/trace/message", test_message);
  g_test_add_func ("/trace/merge-order", test_merge_order);
  g_test_add_func ("/trace/merge-nonsense", test_merge_nonsense);
  g_test_add_func ("/trace/ladder", test_ladder);
  g_test_add_func ("/trace/merge", test_merge);
  g_test_add_func ("/trace/odd", test_odd);
  g_test_add_func ("/trace/pcap", test_pcap);
  g_test_add_func ("/trace/variant", test_variant);
  g_test_add_func ("/trace/since", test_since);
  g_test_add_func ("/trace/threads", test_threads);

  return g_test_run ();
}
