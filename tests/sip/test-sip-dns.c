/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-dns.h"

#include <string.h>

/*
 * Answers as they come from a name server, built byte by byte.
 */

typedef struct {
  GByteArray *bytes;
  guint       n_records;
} Answer;

static void
put16 (GByteArray *bytes,
       guint       value)
{
  guint8 pair[2] = { (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (bytes, pair, 2);
}

static void
put_name (GByteArray *bytes,
          const char *name)
{
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);
  guint8 end = 0;

  for (guint i = 0; labels[i]; i++)
    {
      guint8 n = (guint8) strlen (labels[i]);

      if (n == 0)
        continue;
      g_byte_array_append (bytes, &n, 1);
      g_byte_array_append (bytes, (guint8 *) labels[i], n);
    }
  g_byte_array_append (bytes, &end, 1);
}

static void
put_string (GByteArray *bytes,
            const char *text)
{
  guint8 n = (guint8) strlen (text);

  g_byte_array_append (bytes, &n, 1);
  g_byte_array_append (bytes, (guint8 *) text, n);
}

static Answer
begin (void)
{
  Answer answer = { g_byte_array_new (), 0 };

  put16 (answer.bytes, 0x1234);  /* id */
  put16 (answer.bytes, 0x8180);  /* a response, no error */
  put16 (answer.bytes, 0);       /* no question */
  put16 (answer.bytes, 0);       /* answers: filled in by parse () */
  put16 (answer.bytes, 0);
  put16 (answer.bytes, 0);
  return answer;
}

static void
put_record (Answer     *answer,
            guint       type,
            guint       ttl_s,
            GByteArray *data)
{
  put_name (answer->bytes, "example.test");
  put16 (answer->bytes, type);
  put16 (answer->bytes, 1);
  put16 (answer->bytes, ttl_s >> 16);
  put16 (answer->bytes, ttl_s & 0xffff);
  put16 (answer->bytes, data->len);
  g_byte_array_append (answer->bytes, data->data, data->len);
  g_byte_array_unref (data);
  answer->n_records++;
}

static void
put_srv (Answer     *answer,
         guint       priority,
         guint       weight,
         guint       port,
         const char *target,
         guint       ttl_s)
{
  GByteArray *data = g_byte_array_new ();

  put16 (data, priority);
  put16 (data, weight);
  put16 (data, port);
  put_name (data, target);
  put_record (answer, PHONE_SIP_DNS_SRV, ttl_s, data);
}

static void
put_naptr (Answer     *answer,
           guint       order,
           guint       preference,
           const char *flags,
           const char *service,
           const char *target)
{
  GByteArray *data = g_byte_array_new ();

  put16 (data, order);
  put16 (data, preference);
  put_string (data, flags);
  put_string (data, service);
  put_string (data, "");
  put_name (data, target);
  put_record (answer, PHONE_SIP_DNS_NAPTR, 60, data);
}

static GPtrArray *
parse (Answer           *answer,
       PhoneSipDnsType   type,
       GError          **error)
{
  GPtrArray *records;

  answer->bytes->data[7] = (guint8) answer->n_records;
  records = phone_sip_dns_parse (answer->bytes->data, answer->bytes->len, type, error);
  g_clear_pointer (&answer->bytes, g_byte_array_unref);
  return records;
}

static PhoneSipDnsRecord *
get (GPtrArray *records,
     guint      i)
{
  return g_ptr_array_index (records, i);
}

static void
test_srv (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) records = NULL;
  Answer answer = begin ();

  put_srv (&answer, 20, 0, 5062, "late.example.test", 30);
  put_srv (&answer, 10, 5, 5060, "early.example.test", 300);
  records = parse (&answer, PHONE_SIP_DNS_SRV, NULL);
  g_assert_cmpuint (records->len, ==, 2);

  phone_sip_dns_sort (records, PHONE_SIP_DNS_SRV, random);
  g_assert_cmpstr (get (records, 0)->target, ==, "early.example.test");
  g_assert_cmpuint (get (records, 0)->port, ==, 5060);
  g_assert_cmpuint (get (records, 0)->ttl_s, ==, 300);
  g_assert_cmpstr (get (records, 1)->target, ==, "late.example.test");
}

/* RFC 2782: three in four go to the heavy one. */
static void
test_srv_weights (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint heavy_first = 0;

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GPtrArray) records = NULL;
      Answer answer = begin ();

      put_srv (&answer, 10, 25, 5060, "light.example.test", 60);
      put_srv (&answer, 10, 75, 5060, "heavy.example.test", 60);
      records = parse (&answer, PHONE_SIP_DNS_SRV, NULL);
      phone_sip_dns_sort (records, PHONE_SIP_DNS_SRV, random);
      g_assert_cmpuint (records->len, ==, 2);
      heavy_first += strcmp (get (records, 0)->target, "heavy.example.test") == 0;
    }
  g_assert_cmpuint (heavy_first, >, 1400);
  g_assert_cmpuint (heavy_first, <, 1600);
}

static void
test_naptr (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) records = NULL;
  Answer answer = begin ();

  put_naptr (&answer, 100, 50, "S", "sip+d2t", "_sip._tcp.example.test");
  put_naptr (&answer, 100, 10, "s", "SIP+D2U", "_sip._udp.example.test");
  put_naptr (&answer, 10, 99, "s", "SIPS+D2T", "_sips._tcp.example.test");
  records = parse (&answer, PHONE_SIP_DNS_NAPTR, NULL);
  phone_sip_dns_sort (records, PHONE_SIP_DNS_NAPTR, random);
  g_assert_cmpuint (records->len, ==, 3);
  g_assert_cmpstr (get (records, 0)->service, ==, "SIPS+D2T");
  g_assert_cmpstr (get (records, 1)->service, ==, "SIP+D2U");
  g_assert_cmpstr (get (records, 2)->service, ==, "SIP+D2T");
  g_assert_cmpstr (get (records, 2)->flags, ==, "s");
}

/* "There is no such service here" (RFC 2782), as opposed to no answer. */
static void
test_srv_root (void)
{
  g_autoptr (GPtrArray) records = NULL;
  Answer answer = begin ();

  put_srv (&answer, 0, 0, 0, "", 60);
  records = parse (&answer, PHONE_SIP_DNS_SRV, NULL);
  g_assert_cmpstr (get (records, 0)->target, ==, "");
}

static void
test_broken (void)
{
  static const guint8 short_srv[] = { 0, 1, 0, 2, 19 };
  static const guint8 naptr_past_end[] = { 0, 1, 0, 1, 1, 's', 200, 'S', 'I', 'P' };
  static const guint8 naptr_binary[] = { 0, 1, 0, 1, 1, 7, 1, 'x', 0, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  Answer answer = begin ();
  GByteArray *data;

  data = g_byte_array_append (g_byte_array_new (), short_srv, sizeof short_srv);
  put_record (&answer, PHONE_SIP_DNS_SRV, 60, data);
  g_assert_null (parse (&answer, PHONE_SIP_DNS_SRV, &error));
  g_assert_error (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  answer = begin ();
  data = g_byte_array_append (g_byte_array_new (), naptr_past_end, sizeof naptr_past_end);
  put_record (&answer, PHONE_SIP_DNS_NAPTR, 60, data);
  data = g_byte_array_append (g_byte_array_new (), naptr_binary, sizeof naptr_binary);
  put_record (&answer, PHONE_SIP_DNS_NAPTR, 60, data);
  put_naptr (&answer, 1, 1, "s", "SIP+D2U", "_sip._udp.example.test");
  records = parse (&answer, PHONE_SIP_DNS_NAPTR, NULL);
  g_assert_cmpuint (records->len, ==, 1);

  g_assert_null (phone_sip_dns_parse ((const guint8 *) "\x12\x34", 2, PHONE_SIP_DNS_SRV, &error));
  g_assert_error (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_BROKEN);
}

/* Each prefix of a good answer is read without going past its end. */
static void
test_prefixes (void)
{
  Answer answer = begin ();

  put_srv (&answer, 10, 5, 5060, "one.example.test", 300);
  put_naptr (&answer, 1, 1, "s", "SIP+D2U", "_sip._udp.example.test");
  answer.bytes->data[7] = 2;
  for (guint n = 0; n < answer.bytes->len; n++)
    {
      g_autofree guint8 *part = g_memdup2 (answer.bytes->data, MAX (n, 1));
      g_autoptr (GPtrArray) srv = phone_sip_dns_parse (part, n, PHONE_SIP_DNS_SRV, NULL);
      g_autoptr (GPtrArray) naptr = phone_sip_dns_parse (part, n, PHONE_SIP_DNS_NAPTR, NULL);

      g_assert_null (naptr);
    }
  g_byte_array_unref (answer.bytes);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sip-dns/srv", test_srv);
  g_test_add_func ("/sip-dns/srv-weights", test_srv_weights);
  g_test_add_func ("/sip-dns/srv-root", test_srv_root);
  g_test_add_func ("/sip-dns/naptr", test_naptr);
  g_test_add_func ("/sip-dns/broken", test_broken);
  g_test_add_func ("/sip-dns/prefixes", test_prefixes);

  return g_test_run ();
}
