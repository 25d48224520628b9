/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-locator.h"

#include "sip-dns.h"
#include "sip-resolver.h"

/*
 * RFC 3263 §4 as the phones use it:
 *
 *   IP literal                                the address, UDP or what is configured
 *   transport and port configured             A and AAAA records of the name
 *   transport configured, port 0              SRV of that transport, else A and AAAA with the default port
 *   transport "by DNS", port 0 or the default  NAPTR, SRV of each; else SRV of UDP, TCP, TLS; else A and AAAA with UDP
 *
 * All of it is one piece of straight code on a worker thread.
 */

#define MAX_HOPS 16
#define DEFAULT_PORT 5060

typedef struct {
  GPtrArray    *hops;
  GCancellable *cancellable;
  GRand        *random;
  GError       *error;         /* the first thing that went wrong */
} Search;

static const struct {
  PhoneTransport  transport;
  const char     *service;     /* of NAPTR */
  const char     *prefix;      /* of SRV */
} services[] = {
  { PHONE_TRANSPORT_UDP, "SIP+D2U", "_sip._udp" },
  { PHONE_TRANSPORT_TCP, "SIP+D2T", "_sip._tcp" },
  { PHONE_TRANSPORT_TLS, "SIPS+D2T", "_sips._tcp" },
};

/**
 * phone_sip_origin_new:
 * Returns: (transfer full): what is to be located
 */
PhoneSipOrigin *
phone_sip_origin_new (const char     *host,
                      guint           port,
                      PhoneTransport  transport,
                      gboolean        secure)
{
  PhoneSipOrigin *self;

  g_return_val_if_fail (host != NULL, NULL);

  self = g_new0 (PhoneSipOrigin, 1);
  self->host = g_strdup (host);
  self->port = port;
  self->transport = secure ? PHONE_TRANSPORT_TLS : transport;
  self->secure = secure;

  return self;
}

void
phone_sip_origin_free (PhoneSipOrigin *self)
{
  if (!self)
    return;

  g_free (self->host);
  g_free (self);
}

static void
add_hop (Search         *search,
         const char     *name,
         const char     *address,
         guint           port,
         PhoneTransport  transport,
         guint           ttl_s)
{
  g_autoptr (PhoneSipHop) hop = phone_sip_hop_new (name, address, port, transport, ttl_s);

  for (guint i = 0; i < search->hops->len; i++)
    {
      if (phone_sip_hop_equal (g_ptr_array_index (search->hops, i), hop))
        return;
    }
  if (search->hops->len < MAX_HOPS)
    g_ptr_array_add (search->hops, g_steal_pointer (&hop));
}

static void
note_error (Search *search,
            GError *error)
{
  if (error && g_error_matches (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_SILENT))
    g_clear_error (&search->error);     /* says more than what came of it */
  if (error && !search->error)
    search->error = error;
  else
    g_clear_error (&error);
}

static GError *
translate_error (const GError *error)
{
  gboolean silent = g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE) ||
                    g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
                    g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  return g_error_new_literal (PHONE_SIP_DNS_ERROR, silent ? PHONE_SIP_DNS_ERROR_SILENT : PHONE_SIP_DNS_ERROR_NOT_FOUND,
                              error->message);
}

/* A and AAAA records. IPv4 first, as the phones do. */
static void
add_addresses (Search         *search,
               const char     *certificate_name,
               const char     *host,
               guint           port,
               PhoneTransport  transport,
               guint           ttl_s)
{
  g_autoptr (GResolver) resolver = NULL;
  g_autoptr (GError) error = NULL;
  GList *addresses;

  if (phone_sip_is_address (host))
    {
      add_hop (search, certificate_name, host, port, transport, ttl_s);
      return;
    }

  resolver = g_resolver_get_default ();
  addresses = g_resolver_lookup_by_name (resolver, host, search->cancellable, &error);
  if (error)
    note_error (search, translate_error (error));

  for (guint pass = 0; pass < 2; pass++)
    {
      GSocketFamily wanted = pass == 0 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;

      for (GList *l = addresses; l; l = l->next)
        {
          g_autofree char *address = NULL;

          if (g_inet_address_get_family (l->data) != wanted)
            continue;
          address = g_inet_address_to_string (l->data);
          add_hop (search, certificate_name, address, port, transport, ttl_s);
        }
    }
  g_resolver_free_addresses (addresses);
}

/* Returns: whether there were SRV records, even ones that lead nowhere. */
static gboolean
add_services (Search         *search,
              const char     *domain,
              const char     *srv_name,
              PhoneTransport  transport,
              guint           max_ttl_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = phone_sip_dns_query (srv_name, PHONE_SIP_DNS_SRV, &error);

  if (!records)
    {
      note_error (search, g_steal_pointer (&error));
      return FALSE;
    }

  phone_sip_dns_sort (records, PHONE_SIP_DNS_SRV, search->random);
  for (guint i = 0; i < records->len && !g_cancellable_is_cancelled (search->cancellable); i++)
    {
      PhoneSipDnsRecord *record = g_ptr_array_index (records, i);
      guint ttl_s = MAX (max_ttl_s ? MIN (record->ttl_s, max_ttl_s) : record->ttl_s, 1);

      /* A certificate is made out to the domain that was asked for, not to what DNS made of it (RFC 5922 §4). */
      if (*record->target && record->port > 0)
        add_addresses (search, domain, record->target, record->port, transport, ttl_s);
    }

  return TRUE;
}

static gboolean
add_naptr (Search               *search,
           const PhoneSipOrigin *origin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = phone_sip_dns_query (origin->host, PHONE_SIP_DNS_NAPTR, &error);
  gboolean found = FALSE;

  if (!records)
    {
      note_error (search, g_steal_pointer (&error));
      return FALSE;
    }

  phone_sip_dns_sort (records, PHONE_SIP_DNS_NAPTR, search->random);
  for (guint i = 0; i < records->len; i++)
    {
      PhoneSipDnsRecord *record = g_ptr_array_index (records, i);

      for (guint s = 0; s < G_N_ELEMENTS (services); s++)
        {
          if (g_strcmp0 (record->flags, "s") == 0 && *record->target && g_strcmp0 (record->service, services[s].service) == 0)
            found = add_services (search, origin->host, record->target, services[s].transport, record->ttl_s) || found;
        }
    }

  return found;
}

static gboolean
is_silent (Search *search)
{
  return search->error && g_error_matches (search->error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_SILENT);
}

/* Returns: whether DNS said something about services of this name. */
static gboolean
add_by_dns (Search               *search,
            const PhoneSipOrigin *origin)
{
  gboolean found = FALSE;

  if (origin->transport == PHONE_TRANSPORT_DNS && add_naptr (search, origin))
    return TRUE;

  for (guint s = 0; s < G_N_ELEMENTS (services) && !is_silent (search); s++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%s", services[s].prefix, origin->host);

      if (origin->transport == PHONE_TRANSPORT_DNS || origin->transport == services[s].transport)
        found = add_services (search, origin->host, name, services[s].transport, 0) || found;
    }

  return found;
}

static void
locate_one (Search               *search,
            const PhoneSipOrigin *origin)
{
  gboolean by_dns = origin->transport == PHONE_TRANSPORT_DNS;
  PhoneTransport transport = by_dns ? PHONE_TRANSPORT_UDP : origin->transport;
  guint port = origin->port ? origin->port : phone_transport_get_default_port (transport);

  /* The port of an account is 5060 unless somebody says 0; with "by DNS" that is no choice. */
  if (!phone_sip_is_address (origin->host) && (origin->port == 0 || (by_dns && origin->port == DEFAULT_PORT)) &&
      add_by_dns (search, origin))
    return;

  if (!is_silent (search))
    add_addresses (search, origin->host, origin->host, port, transport, 0);
}

/**
 * phone_sip_locate:
 * @origins: (element-type PhoneSipOrigin): best first
 * @cancellable: (nullable): ends it between two questions
 * @error: %PHONE_SIP_DNS_ERROR
 *
 * Blocks while DNS is asked.
 *
 * Returns: (transfer full) (element-type PhoneSipHop) (nullable): at least one hop, best first
 */
GPtrArray *
phone_sip_locate (GPtrArray     *origins,
                  GCancellable  *cancellable,
                  GError       **error)
{
  Search search = { NULL, cancellable, NULL, NULL };

  g_return_val_if_fail (origins != NULL, NULL);

  search.hops = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_sip_hop_free);
  search.random = g_rand_new ();
  for (guint i = 0; i < origins->len && !g_cancellable_is_cancelled (cancellable); i++)
    locate_one (&search, g_ptr_array_index (origins, i));
  g_rand_free (search.random);

  if (search.hops->len > 0)
    {
      g_clear_error (&search.error);
      return search.hops;
    }

  g_ptr_array_unref (search.hops);
  if (search.error)
    g_propagate_error (error, search.error);
  else
    g_set_error_literal (error, PHONE_SIP_DNS_ERROR, PHONE_SIP_DNS_ERROR_NOT_FOUND, "no server there");
  return NULL;
}

static void
locate_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *hops = phone_sip_locate (task_data, cancellable, &error);

  if (hops)
    g_task_return_pointer (task, hops, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
needs_no_dns (GPtrArray *origins)
{
  for (guint i = 0; i < origins->len; i++)
    {
      if (!phone_sip_is_address (((PhoneSipOrigin *) g_ptr_array_index (origins, i))->host))
        return FALSE;
    }

  return TRUE;
}

/**
 * phone_sip_locate_async:
 * @origins: (element-type PhoneSipOrigin): not changed while it runs
 * @callback: called from the main loop, also for IP literals; after a cancellation with %G_IO_ERROR_CANCELLED
 */
void
phone_sip_locate_async (GPtrArray           *origins,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (origins != NULL);

  g_task_set_source_tag (task, phone_sip_locate_async);
  g_task_set_task_data (task, g_ptr_array_ref (origins), (GDestroyNotify) g_ptr_array_unref);
  if (needs_no_dns (origins))
    {
      locate_thread (task, NULL, origins, cancellable);
      return;
    }

  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, locate_thread);
}

/**
 * phone_sip_locate_finish:
 * Returns: (transfer full) (element-type PhoneSipHop) (nullable): as phone_sip_locate()
 */
GPtrArray *
phone_sip_locate_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
