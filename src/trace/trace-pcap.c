/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-trace"

#include "trace-pcap.h"

#include <arpa/inet.h>
#include <string.h>

/* libpcap's format: https://www.tcpdump.org/manpages/pcap-savefile.5.html; LINKTYPE_RAW: a packet begins with its IP header. */
#define MAGIC 0xa1b2c3d4
#define LINKTYPE_RAW 101
#define SNAP_LENGTH 65535

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define HOPS 64

typedef struct {
  gboolean v6;
  guint8   bytes[16];
  guint16  port;
} Endpoint;

/* Where each direction of a connection has come to. */
typedef struct {
  guint32 next;
} Flow;

static void
put16 (GByteArray *out,
       guint16     value)
{
  guint8 bytes[2] = { (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static void
put32 (GByteArray *out,
       guint32     value)
{
  put16 (out, (guint16) (value >> 16));
  put16 (out, (guint16) value);
}

static void
put_zeros (GByteArray *out,
           guint       n)
{
  static const guint8 zeros[16];

  g_byte_array_append (out, zeros, n);
}

/* An address that is none is written as 0.0.0.0. */
static void
read_endpoint (Endpoint   *self,
               const char *address,
               guint16     port,
               gboolean    v6)
{
  memset (self, 0, sizeof *self);
  self->v6 = v6;
  self->port = port;
  if (v6)
    (void) inet_pton (AF_INET6, address, self->bytes);
  else
    (void) inet_pton (AF_INET, address, self->bytes);
}

static gsize
get_size (const Endpoint *self)
{
  return self->v6 ? 16 : 4;
}

static guint32
add_up (const guint8 *data,
        gsize         length,
        guint32       sum)
{
  for (gsize i = 0; i < length; i++)
    sum += i % 2 == 0 ? (guint32) data[i] << 8 : data[i];

  return sum;
}

static guint16
fold (guint32 sum)
{
  while (sum >> 16)
    sum = (sum & 0xffff) + (sum >> 16);

  return (guint16) ~sum;
}

/* RFC 768, RFC 9293 §3.1: over addresses, protocol, length and everything that follows. */
static guint16
checksum_transport (const Endpoint   *from,
                    const Endpoint   *to,
                    guint8            protocol,
                    const GByteArray *segment)
{
  guint32 sum = protocol + segment->len;
  guint16 value;

  sum = add_up (from->bytes, get_size (from), sum);
  sum = add_up (to->bytes, get_size (to), sum);
  value = fold (add_up (segment->data, segment->len, sum));

  return value == 0 ? 0xffff : value;
}

static void
set16 (GByteArray *out,
       guint       at,
       guint16     value)
{
  out->data[at] = (guint8) (value >> 8);
  out->data[at + 1] = (guint8) value;
}

static GByteArray *
make_udp (const Endpoint         *from,
          const Endpoint         *to,
          const PhoneTraceRecord *record)
{
  GByteArray *out = g_byte_array_new ();

  put16 (out, from->port);
  put16 (out, to->port);
  put16 (out, (guint16) (8 + record->length));
  put16 (out, 0);
  g_byte_array_append (out, (const guint8 *) record->text, (guint) record->length);
  set16 (out, 6, checksum_transport (from, to, PROTOCOL_UDP, out));

  return out;
}

static Flow *
get_flow (GHashTable     *flows,
          const Endpoint *from,
          const Endpoint *to)
{
  g_autoptr (GString) key = g_string_new (NULL);
  Flow *flow;

  for (guint i = 0; i < 16; i++)
    g_string_append_printf (key, "%02x%02x", from->bytes[i], to->bytes[i]);
  g_string_append_printf (key, "%u-%u", from->port, to->port);
  flow = g_hash_table_lookup (flows, key->str);
  if (!flow)
    {
      flow = g_new0 (Flow, 1);
      flow->next = 1;
      g_hash_table_insert (flows, g_strdup (key->str), flow);
    }

  return flow;
}

static GByteArray *
make_tcp (GHashTable             *flows,
          const Endpoint         *from,
          const Endpoint         *to,
          const PhoneTraceRecord *record)
{
  GByteArray *out = g_byte_array_new ();
  Flow *there = get_flow (flows, from, to);
  const Flow *back = get_flow (flows, to, from);

  put16 (out, from->port);
  put16 (out, to->port);
  put32 (out, there->next);
  put32 (out, back->next);
  put16 (out, 5 << 12 | 0x18);   /* five words of header; PSH, ACK */
  put16 (out, 65535);
  put32 (out, 0);
  g_byte_array_append (out, (const guint8 *) record->text, (guint) record->length);
  set16 (out, 16, checksum_transport (from, to, PROTOCOL_TCP, out));
  there->next += (guint32) record->length;

  return out;
}

static void
put_ip (GByteArray     *out,
        const Endpoint *from,
        const Endpoint *to,
        guint8          protocol,
        guint           length)
{
  guint start = out->len;

  if (from->v6)
    {
      put32 (out, 6u << 28);
      put16 (out, (guint16) length);
      put16 (out, (guint16) (protocol << 8 | HOPS));
    }
  else
    {
      put16 (out, 0x4500);
      put16 (out, (guint16) (20 + length));
      put32 (out, 0x4000);           /* not to be fragmented */
      put16 (out, (guint16) (HOPS << 8 | protocol));
      put16 (out, 0);
    }
  g_byte_array_append (out, from->bytes, (guint) get_size (from));
  g_byte_array_append (out, to->bytes, (guint) get_size (to));
  if (!from->v6)
    set16 (out, start + 10, fold (add_up (out->data + start, 20, 0)));
}

static void
put_packet (GByteArray             *out,
            GHashTable             *flows,
            const PhoneTraceRecord *record)
{
  gboolean v6 = strchr (record->remote, ':') != NULL;
  gboolean udp = record->transport == PHONE_TRACE_UDP;
  Endpoint local = { 0 };
  Endpoint remote = { 0 };
  const Endpoint *from = record->sent ? &local : &remote;
  const Endpoint *to = record->sent ? &remote : &local;
  g_autoptr (GByteArray) segment = NULL;
  guint length;

  read_endpoint (&local, record->local, record->local_port, v6);
  read_endpoint (&remote, record->remote, record->remote_port, v6);
  segment = udp ? make_udp (from, to, record) : make_tcp (flows, from, to, record);
  length = segment->len + (v6 ? 40 : 20);

  put32 (out, (guint32) (record->wall_us / G_USEC_PER_SEC));
  put32 (out, (guint32) (record->wall_us % G_USEC_PER_SEC));
  put32 (out, length);
  put32 (out, length);
  put_ip (out, from, to, udp ? PROTOCOL_UDP : PROTOCOL_TCP, segment->len);
  g_byte_array_append (out, segment->data, segment->len);
}

GBytes *
phone_trace_write_pcap (GPtrArray *records)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GHashTable) flows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  put32 (out, MAGIC);
  put16 (out, 2);
  put16 (out, 4);
  put_zeros (out, 8);
  put32 (out, SNAP_LENGTH);
  put32 (out, LINKTYPE_RAW);
  for (guint i = 0; records && i < records->len; i++)
    put_packet (out, flows, records->pdata[i]);

  return g_byte_array_free_to_bytes (out);
}
