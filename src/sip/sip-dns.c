/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-dns.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

/*
 * SRV and NAPTR records. GResolver knows no NAPTR records and hides how long an SRV record holds, which failback by DNS TTL
 * needs; so the C library's resolver sends the question, and here the answer is read. The library's own message reader
 * checks names and lengths; what stands inside a record is checked here.
 */

#define MAX_ANSWER 65535
#define MAX_RECORDS 64
/* Two tries of a second: a name server that is silent must not hold a call for long. */
#define TRY_S 1
#define TRIES 2

G_DEFINE_QUARK (phone-sip-dns-error-quark, phone_sip_dns_error)

void
phone_sip_dns_record_free (PhoneSipDnsRecord *self)
{
  if (!self)
    return;

  g_free (self->flags);
  g_free (self->service);
  g_free (self->target);
  g_free (self);
}

/* A name as text; the root, ".", means there is nothing. */
static char *
read_name (const ns_msg *message,
           const guint8 *at)
{
  char name[NS_MAXDNAME];

  if (ns_name_uncompress (ns_msg_base (*message), ns_msg_end (*message), at, name, sizeof name) < 0)
    return NULL;
  if (strcmp (name, ".") == 0)
    name[0] = '\0';

  return g_utf8_validate (name, -1, NULL) ? g_strdup (name) : NULL;
}

/* One <character-string> (RFC 1035 §3.3) of printable characters; @at moves behind it. */
static char *
read_string (const guint8 **at,
             const guint8  *end)
{
  gsize n;
  char *text;

  if (*at >= end || (gsize) (end - *at - 1) < **at)
    return NULL;

  n = **at;
  text = g_strndup ((const char *) *at + 1, n);
  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isprint (text[i]))
        {
          g_free (text);
          return NULL;
        }
    }
  *at += 1 + n;
  return text;
}

static gboolean
read_srv (const ns_msg      *message,
          const ns_rr       *rr,
          PhoneSipDnsRecord *record)
{
  const guint8 *data = ns_rr_rdata (*rr);

  if (ns_rr_rdlen (*rr) < 7)
    return FALSE;

  record->order = ns_get16 (data);
  record->preference = ns_get16 (data + 2);
  record->port = ns_get16 (data + 4);
  record->target = read_name (message, data + 6);
  return record->target != NULL;
}

static gboolean
read_naptr (const ns_msg      *message,
            const ns_rr       *rr,
            PhoneSipDnsRecord *record)
{
  const guint8 *at = ns_rr_rdata (*rr);
  const guint8 *end = at + ns_rr_rdlen (*rr);
  g_autofree char *flags = NULL;
  g_autofree char *service = NULL;
  g_autofree char *regexp = NULL;

  if (ns_rr_rdlen (*rr) < 8)
    return FALSE;

  record->order = ns_get16 (at);
  record->preference = ns_get16 (at + 2);
  at += 4;
  flags = read_string (&at, end);
  service = flags ? read_string (&at, end) : NULL;
  regexp = service ? read_string (&at, end) : NULL;
  if (!regexp || at >= end)
    return FALSE;

  record->flags = g_ascii_strdown (flags, -1);
  record->service = g_ascii_strup (service, -1);
  record->target = read_name (message, at);
  return record->target != NULL;
}

/**
 * phone_sip_dns_parse:
 * @answer: a DNS message (RFC 1035 §4)
 * @type: which records are wanted; others in the answer are passed over
 *
 * Pure. Everything in @answer comes from outside; at most 64 records are read.
 *
 * Returns: (transfer full) (element-type PhoneSipDnsRecord) (nullable): at least one record
 */
GPtrArray *
phone_sip_dns_parse (const guint8     *answer,
                     gsize             n_bytes,
                     PhoneSipDnsType   type,
                     GError          **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_sip_dns_record_free);
  ns_msg message;
  int n;

  g_return_val_if_fail (answer != NULL, NULL);

  if (n_bytes > MAX_ANSWER || ns_initparse (answer, (int) n_bytes, &message) < 0)
    {
      g_set_error_literal (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_BROKEN, "DNS answer cannot be read");
      return NULL;
    }

  n = ns_msg_count (message, ns_s_an);
  for (int i = 0; i < n && records->len < MAX_RECORDS; i++)
    {
      PhoneSipDnsRecord *record;
      ns_rr rr;

      if (ns_parserr (&message, ns_s_an, i, &rr) < 0)
        break;
      if ((int) ns_rr_type (rr) != (int) type || ns_rr_class (rr) != ns_c_in)
        continue;

      record = g_new0 (PhoneSipDnsRecord, 1);
      record->ttl_s = MIN (ns_rr_ttl (rr), 86400);
      if (type == PHONE_SIP_DNS_SRV ? read_srv (&message, &rr, record) : read_naptr (&message, &rr, record))
        g_ptr_array_add (records, record);
      else
        phone_sip_dns_record_free (record);
    }

  if (records->len == 0)
    {
      g_set_error_literal (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_NOT_FOUND, "no such record");
      return NULL;
    }

  return g_steal_pointer (&records);
}

static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const PhoneSipDnsRecord *left = *(const PhoneSipDnsRecord *const *) a;
  const PhoneSipDnsRecord *right = *(const PhoneSipDnsRecord *const *) b;

  if (left->order != right->order)
    return left->order < right->order ? -1 : 1;
  return left->preference < right->preference ? -1 : left->preference > right->preference;
}

/* RFC 2782: among those of one priority each comes first as often as its weight says. */
static void
shuffle_by_weight (GPtrArray *records,
                   guint      from,
                   guint      to,
                   GRand     *random)
{
  for (; from + 1 < to; from++)
    {
      guint total = 0, sum = 0, chosen = from;
      guint wanted;

      for (guint i = from; i < to; i++)
        total += ((PhoneSipDnsRecord *) g_ptr_array_index (records, i))->preference;
      if (total == 0)
        continue;

      wanted = (guint) g_rand_int_range (random, 0, (gint32) total + 1);
      for (guint i = from; i < to; i++)
        {
          sum += ((PhoneSipDnsRecord *) g_ptr_array_index (records, i))->preference;
          if (sum >= wanted)
            {
              chosen = i;
              break;
            }
        }

      /* Those of weight 0 stay in front of the others, as the RFC wants it. */
      {
        gpointer record = g_ptr_array_steal_index (records, chosen);

        g_ptr_array_insert (records, (int) from, record);
      }
    }
}

/**
 * phone_sip_dns_sort:
 * @random: for the weights of SRV records
 *
 * Best first.
 */
void
phone_sip_dns_sort (GPtrArray       *records,
                    PhoneSipDnsType  type,
                    GRand           *random)
{
  g_return_if_fail (records != NULL && random != NULL);

  g_ptr_array_sort (records, compare_records);
  if (type != PHONE_SIP_DNS_SRV)
    return;

  for (guint from = 0, to; from < records->len; from = to)
    {
      guint order = ((PhoneSipDnsRecord *) g_ptr_array_index (records, from))->order;

      for (to = from + 1; to < records->len; to++)
        {
          if (((PhoneSipDnsRecord *) g_ptr_array_index (records, to))->order != order)
            break;
        }
      shuffle_by_weight (records, from, to, random);
    }
}

/**
 * phone_sip_dns_query:
 * @name: a full name
 *
 * Asks the name servers of the system. Blocks for some seconds at most: for a worker thread.
 *
 * Returns: (transfer full) (element-type PhoneSipDnsRecord) (nullable): at least one record, in the order of the answer
 */
GPtrArray *
phone_sip_dns_query (const char       *name,
                     PhoneSipDnsType   type,
                     GError          **error)
{
  g_autofree guint8 *answer = g_malloc (MAX_ANSWER);
  struct __res_state state;
  int n, reason;

  g_return_val_if_fail (name != NULL, NULL);

  memset (&state, 0, sizeof state);
  if (res_ninit (&state) != 0)
    {
      g_set_error_literal (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_SILENT, "no name server is known");
      return NULL;
    }
  state.retrans = TRY_S;
  state.retry = TRIES;

  n = res_nquery (&state, name, ns_c_in, (int) type, answer, MAX_ANSWER);
  reason = state.res_h_errno;
  res_nclose (&state);
  if (n >= 0)
    return phone_sip_dns_parse (answer, MIN ((gsize) n, MAX_ANSWER), type, error);

  if (reason == TRY_AGAIN || reason == NO_RECOVERY || reason == NETDB_INTERNAL)
    g_set_error (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_SILENT, "no answer from DNS about %s", name);
  else
    g_set_error (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_NOT_FOUND, "DNS does not know %s", name);
  return NULL;
}
