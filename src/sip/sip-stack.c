/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-stack.h"

#include "sip-auth-client.h"
#include "sip-mask.h"
#include "sip-repair.h"
#include "sip-sockets.h"
#include "sip-target.h"

#include <gio/gio.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_glib.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_time.h>
#include <sofia-sip/tport_tag.h>

#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/*
 * The library's root and agents.
 *
 * With threads each agent runs transactions and sockets on a thread of its own, so that a slow frame of the window does not
 * cost an answer on the wire; callbacks come to the main thread all the same. Without threads everything runs on the main
 * context, which is what tests want.
 */

#define ALLOWED_METHODS "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY"
#define APPLICATION_METHODS "OPTIONS, UPDATE, INFO, PRACK, REFER"
#define LOG_TOPIC "sofia"
#define TRACE_TOPIC "sip-trace"
#define MAX_MESSAGE 65536
#define N_FAMILIES 2    /* IPv4 and IPv6 */
#define N_AGENTS (2 * N_FAMILIES)   /* UDP and TCP of each, then TLS of each */
/* The library's mark (NTA_INTERNAL_MSG, in a header that is not installed) on responses that nobody sent. */
#define MADE_UP (1 << 15)
#define TCP_KEEP_ALIVE_MS 30000
#define MAX_PROCEEDING 256       /* requests without a final answer; more get 503 */
#define PARTIAL_MESSAGE_MS 15000 /* a connection that stops in the middle of a message is closed */
/* Documentation addresses: by the default route or not at all. */
#define ELSEWHERE4 "192.0.2.1"
#define ELSEWHERE6 "2001:db8::1"

struct _PhoneSipStack {
  GObject               parent_instance;

  char                 *bind_address;
  guint                 port;
  guint                 tls_port;
  char                 *user_agent;
  gboolean              threads;
  guint                 t1_ms;
  guint                 t2_ms;
  guint                 t4_ms;
  guint                 dscp;
  gboolean              no_rport;
  PhoneSipTls          *tls;           /* nullable */

  su_root_t            *root;
  PhoneSipGate         *gate;
  nua_t                *agents[N_AGENTS];
  gboolean              agent_stopped[N_AGENTS];

  PhoneSipStrayFunc     stray;
  gpointer              stray_data;

  GPtrArray            *doomed;        /* handles to destroy when we are idle */
  guint                 doomed_source;
  guint                 n_handles;     /* owned and not destroyed yet */

  gboolean              stopping;
  gboolean              left_behind;   /* agents outlived the limit: we stay with them */
  guint                 stop_timeout;
  guint                 stop_source;
  PhoneSipStackStopped  stopped;
  gpointer              stopped_data;
};

G_DEFINE_FINAL_TYPE (PhoneSipStack, phone_sip_stack, G_TYPE_OBJECT)
G_DEFINE_QUARK (phone-sip-stack-error-quark, phone_sip_stack_error)

/* May run on an agent's thread. */
static void
on_library_log (void       *stream,
                char const *format,
                va_list     arguments)
{
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  g_autofree char *masked = phone_sip_mask (g_strchomp (line), -1);
  g_autofree char *text = g_utf8_make_valid (masked, -1);

  if (*text)
    g_log (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, "%s", text);
}

static gboolean
has_topic (const char *topic)
{
  const char *topics = g_getenv ("DESKSET_DEBUG");
  g_auto (GStrv) words = topics ? g_strsplit_set (topics, ", :", -1) : NULL;

  return words && g_strv_contains ((const char *const *) words, topic);
}

static void
redirect_log (void)
{
  su_log_redirect (NULL, on_library_log, NULL);
  su_log_set_level (NULL, has_topic (LOG_TOPIC) ? 7 : 1);
}

/*
 * The library's clock is the wall clock, and it asserts when that jumps by more than 15 days; a jump back by hours stops its
 * timers. Point its hook (exported for its own tests) at a base time plus a clock that never jumps.
 */
static su_time_t clock_base;
static gint64    clock_start_us;

static gint64
get_boot_time_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
steady_time (su_time_t *tv)
{
  gint64 us = get_boot_time_us () - clock_start_us + clock_base.tv_usec;

  tv->tv_sec = clock_base.tv_sec + (unsigned long) (us / G_USEC_PER_SEC);
  tv->tv_usec = (unsigned long) (us % G_USEC_PER_SEC);
}

static void
guard_clock (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      void (**hook) (su_time_t *) = dlsym (RTLD_DEFAULT, "_su_time");

      if (hook)
        {
          clock_base = su_now ();
          clock_start_us = get_boot_time_us ();
          *hook = steady_time;
        }
      else
        {
          g_debug ("This build of the SIP library lets nobody replace its clock");
        }
      g_once_init_leave (&done, 1);
    }
}

gboolean
phone_sip_event_is_from_library (const PhoneSipEvent *event)
{
  g_return_val_if_fail (event != NULL, TRUE);

  return !event->sip || (event->sip->sip_flags & MADE_UP) != 0;
}

static void
dispatch_stray (PhoneSipStack       *self,
                const PhoneSipEvent *event)
{
  gboolean adopted = FALSE;

  /* The "gone" target: released, and destroyed as soon as we are idle. */
  if (event->handle && g_ptr_array_find (self->doomed, event->handle, NULL))
    {
      g_debug ("%s %d on a handle that is gone", nua_event_name (event->event), event->status);
      return;
    }

  if (self->stray && !self->stopping)
    adopted = self->stray (event, self->stray_data);

  /* A request outside any dialog made this handle, and it stays until it is destroyed. The default handle can come
   * here too. */
  if (!adopted && event->handle && event->handle != nua_default (event->nua))
    {
      self->n_handles++;
      phone_sip_stack_destroy_handle (self, event->handle);
    }
}

static void
on_stopped (PhoneSipStack *self)
{
  PhoneSipStackStopped stopped = g_steal_pointer (&self->stopped);

  g_clear_handle_id (&self->stop_timeout, g_source_remove);
  if (stopped)
    stopped (self, self->stopped_data);
}

static gboolean
is_stopped (PhoneSipStack *self)
{
  for (guint i = 0; i < N_AGENTS; i++)
    {
      if (self->agents[i])
        return FALSE;
    }

  return TRUE;
}

/* Outside the library's callback, as nua_destroy() wants it. */
static gboolean
on_idle_destroy (gpointer user_data)
{
  PhoneSipStack *self = user_data;

  self->stop_source = 0;
  for (guint i = 0; i < N_AGENTS; i++)
    {
      if (self->agents[i] && self->agent_stopped[i])
        g_clear_pointer (&self->agents[i], nua_destroy);
    }

  if (is_stopped (self))
    {
      on_stopped (self);
      if (self->left_behind)
        {
          self->left_behind = FALSE;
          g_object_unref (self);
        }
    }

  return G_SOURCE_REMOVE;
}

static void
handle_shutdown (PhoneSipStack       *self,
                 const PhoneSipEvent *event)
{
  if (event->status < 200)
    return;

  for (guint i = 0; i < N_AGENTS; i++)
    {
      if (self->agents[i] == event->nua)
        self->agent_stopped[i] = TRUE;
    }

  if (!self->stop_source)
    self->stop_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_idle_destroy, g_object_ref (self), g_object_unref);
}

static void
on_nua_event (nua_event_t   event,
              int           status,
              char const   *phrase,
              nua_t        *nua,
              nua_magic_t  *magic,
              nua_handle_t *handle,
              nua_hmagic_t *handle_magic,
              sip_t const  *sip,
              tagi_t        tags[])
{
  g_autoptr (PhoneSipStack) self = g_object_ref ((PhoneSipStack *) magic);
  PhoneSipTarget *target = (PhoneSipTarget *) handle_magic;
  PhoneSipEvent e = { event, status, phrase ? phrase : "", nua, handle, sip, tags };

  if (event == nua_r_shutdown)
    handle_shutdown (self, &e);
  else if (target)
    phone_sip_target_dispatch (target, &e);
  else
    dispatch_stray (self, &e);
}

static gboolean
probe_socket (GSocketAddress *address,
              GSocketType     type)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address), type, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  if (!socket)
    return FALSE;
  if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, 41 /* IPPROTO_IPV6 */, 26 /* IPV6_V6ONLY */, 1, NULL);

  /* A server socket that was just closed leaves connections in TIME_WAIT; those do not keep the library from binding. */
  return g_socket_bind (socket, address, type == G_SOCKET_TYPE_STREAM, NULL);
}

/* Whether UDP and TCP can both be had. The library's own bind says little about what was wrong. */
static gboolean
port_is_free (const char *address,
              guint       port)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new_from_string (address, port);

  return socket_address && probe_socket (socket_address, G_SOCKET_TYPE_DATAGRAM) &&
         probe_socket (socket_address, G_SOCKET_TYPE_STREAM);
}

static guint
find_port (const char *address)
{
  for (guint tries = 0; tries < 32; tries++)
    {
      g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (address, 0);
      g_autoptr (GSocketAddress) bound = NULL;
      g_autoptr (GSocket) socket = NULL;
      guint port;

      socket = g_socket_new (g_socket_address_get_family (any), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
      if (!socket || !g_socket_bind (socket, any, FALSE, NULL))
        continue;
      bound = g_socket_get_local_address (socket, NULL);
      if (!bound)
        continue;

      port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
      g_socket_close (socket, NULL);
      if (port_is_free (address, port))
        return port;
    }

  return 0;
}

/* What all agents have in common; they differ in the URLs they listen at. */
static nua_t *
create_agent (PhoneSipStack *self,
              const char    *url,
              const char    *certificates)
{
  nua_t *agent;

  phone_sip_gate_enter (self->gate);
  agent = nua_create (self->root, on_nua_event, (nua_magic_t *) self,
                      TAG_IF (!certificates, NUTAG_URL (url)),
                      TAG_IF (certificates, NUTAG_SIPS_URL (url)),
                      TAG_IF (certificates, NUTAG_CERTIFICATE_DIR (certificates)),
                      TAG_IF (certificates, TPTAG_TLS_VERIFY_POLICY (self->tls ? phone_sip_tls_get_policy (self->tls) : 0)),
                      SIPTAG_USER_AGENT_STR (self->user_agent),
                      /* Offers and answers are ours: see sip-session.c for why the library's soa is off. */
                      NUTAG_MEDIA_ENABLE (0),
                      NUTAG_AUTOANSWER (0),
                      NUTAG_AUTOALERT (0),
                      NUTAG_AUTOACK (0),
#ifdef NUTAG_AUTO302
                      NUTAG_AUTO302 (0),
#endif
#ifdef NUTAG_AUTO305
                      NUTAG_AUTO305 (0),
#endif
#ifdef NUTAG_MAX_RETRY_AFTER
                      NUTAG_MAX_RETRY_AFTER (0),
#endif
                      NUTAG_RETRY_COUNT (8),         /* our own counters are smaller */
                      NUTAG_SESSION_TIMER (0),
                      NUTAG_EARLY_MEDIA (0),
                      NUTAG_ENABLEMESSAGE (0),
                      NUTAG_SERVICE_ROUTE_ENABLE (0), /* RFC 3608 is done in sip-account.c, with addresses instead of names */
                      SIPTAG_ALLOW_STR (ALLOWED_METHODS),
                      NUTAG_APPL_METHOD (NULL),
                      NUTAG_APPL_METHOD (APPLICATION_METHODS),
                      NUTAG_APPL_METHOD ("INVITE"),
                      /* What a Require header may name. Session timers are ours: see sip-session-refresh.c. */
                      SIPTAG_SUPPORTED_STR ("100rel, timer, replaces, join"),
                      NUTAG_MIN_SE (1),
                      NTATAG_CLIENT_RPORT (!self->no_rport),
                      NTATAG_MAXSIZE (MAX_MESSAGE),
                      NTATAG_MAX_PROCEEDING (MAX_PROCEEDING),
                      TPTAG_TIMEOUT (PARTIAL_MESSAGE_MS),
                      NTATAG_UDP_MTU (8192),
                      NTATAG_USE_NAPTR (0),
                      NTATAG_USE_SRV (0),
                      TAG_IF (self->t1_ms, NTATAG_SIP_T1 (self->t1_ms)),
                      TAG_IF (self->t1_ms, NTATAG_SIP_T1X64 (64 * self->t1_ms)),
                      TAG_IF (self->t2_ms, NTATAG_SIP_T2 (self->t2_ms)),
                      TAG_IF (self->t4_ms, NTATAG_SIP_T4 (self->t4_ms)),
                      TPTAG_TOS ((int) self->dscp << 2),
                      TPTAG_KEEPALIVE (TCP_KEEP_ALIVE_MS),
                      TAG_IF (has_topic (TRACE_TOPIC), TPTAG_LOG (1)),
                      TAG_END ());
  if (!phone_sip_gate_leave (self->gate) && agent)
    g_info ("This build of the SIP library lets nobody stand before it");

  return agent;
}

static char *
format_url (const char *scheme,
            const char *address,
            guint       port)
{
  g_autofree char *host = strchr (address, ':') ? g_strdup_printf ("[%s]", address) : g_strdup (address);

  return g_strdup_printf ("%s:%s:%u", scheme, host, port);
}

/* Which of our addresses packets to @peer leave from: connecting a datagram socket sends nothing. */
static char *
route_to (const char *peer)
{
  g_autoptr (GSocketAddress) remote = g_inet_socket_address_new_from_string (peer, 9);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (!remote)
    return NULL;

  socket = g_socket_new (g_socket_address_get_family (remote), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  if (!socket || !g_socket_connect (socket, remote, NULL, NULL))
    return NULL;

  local = g_socket_get_local_address (socket, NULL);
  if (!local)
    return NULL;

  return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));
}

/*
 * An agent for the bound address, or for all addresses of a family, those that the machine has now and those that it will have.
 * The one that it believes to have is what it writes into Via; answers find us by "received" and "rport" (RFC 3261 §18.2.2,
 * RFC 3581).
 */
static nua_t *
create_family_agent (PhoneSipStack *self,
                     guint          family,
                     const char    *scheme,
                     guint          port,
                     const char    *certificates)
{
  static const char *const elsewhere[N_FAMILIES] = { ELSEWHERE4, ELSEWHERE6 };
  static const char *const loopback[N_FAMILIES] = { "127.0.0.1", "::1" };
  g_autofree char *route = self->bind_address ? NULL : route_to (elsewhere[family]);
  const char *address = self->bind_address ? self->bind_address : route ? route : loopback[family];
  g_autofree char *url = format_url (scheme, address, port);
  nua_t *agent = create_agent (self, url, certificates);

  if (!agent || self->bind_address)
    return agent;

  if (phone_sip_sockets_widen (address, port) == 0)
    g_warning ("SIP works with %s alone", address);
  /* Whatever it is told wakes its thread. */
  nua_set_params (agent, TAG_END ());
  return agent;
}

/* IPv6 may be switched off on this machine; then there is just no agent for it. */
static gboolean
create_agents (PhoneSipStack *self)
{
  if (self->bind_address)
    {
      gboolean is_ipv6 = strchr (self->bind_address, ':') != NULL;

      self->agents[is_ipv6] = create_family_agent (self, is_ipv6, "sip", self->port, NULL);
      return self->agents[is_ipv6] != NULL;
    }

  self->agents[0] = create_family_agent (self, 0, "sip", self->port, NULL);
  if (port_is_free ("::", self->port))
    self->agents[1] = create_family_agent (self, 1, "sip", self->port, NULL);
  else
    g_debug ("No IPv6 on port %u", self->port);

  return self->agents[0] != NULL;
}

/* The wanted port when it is free, else another one; 0 when there is none. */
static guint
choose_port (PhoneSipStack  *self,
             guint           wanted,
             GError        **error)
{
  const char *address = self->bind_address ? self->bind_address : "0.0.0.0";
  guint port = wanted;

  if (!wanted || !port_is_free (address, wanted))
    port = find_port (address);

  if (!port)
    g_set_error (error, PHONE_SIP_STACK_ERROR, PHONE_SIP_STACK_ERROR_BIND, "No free SIP port on %s", address);
  else if (wanted && port != wanted)
    g_message ("SIP port %u is taken, using %u", wanted, port);

  return port;
}

static gboolean
create_tls_agents (PhoneSipStack *self,
                   const char    *certificates)
{
  for (guint i = 0; i < N_FAMILIES; i++)
    {
      if (self->agents[i])
        self->agents[N_FAMILIES + i] = create_family_agent (self, i, "sips", self->tls_port, certificates);
    }

  return self->agents[N_FAMILIES] || self->agents[N_FAMILIES + 1];
}

/**
 * phone_sip_stack_open_tls:
 * @error: a certificate file is missing, or no port is free
 *
 * Starts the agents for TLS. Not done before somebody needs it: the library reads all authorities of the system then.
 */
gboolean
phone_sip_stack_open_tls (PhoneSipStack  *self,
                          GError        **error)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), FALSE);

  if (self->agents[N_FAMILIES] || self->agents[N_FAMILIES + 1])
    return TRUE;
  if (!self->tls || self->stopping || !self->root)
    {
      g_set_error_literal (error, PHONE_SIP_STACK_ERROR, PHONE_SIP_STACK_ERROR_TLS, "No TLS here");
      return FALSE;
    }

  folder = phone_sip_tls_make_folder (self->tls, error);
  if (!folder)
    return FALSE;
  self->tls_port = choose_port (self, self->tls_port, error);
  if (self->tls_port && !create_tls_agents (self, folder))
    g_set_error (error, PHONE_SIP_STACK_ERROR, PHONE_SIP_STACK_ERROR_TLS, "Cannot listen for SIP over TLS on port %u",
                 self->tls_port);
  /* The agents have read what is in it. */
  phone_sip_tls_remove_folder (folder);

  return self->agents[N_FAMILIES] || self->agents[N_FAMILIES + 1];
}

const PhoneSipTls *
phone_sip_stack_get_tls (PhoneSipStack *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), NULL);

  return self->tls;
}

/**
 * phone_sip_stack_set_rport:
 *
 * Whether requests ask to be answered to the port they are seen from. The library knows this for a whole agent only.
 */
void
phone_sip_stack_set_rport (PhoneSipStack *self,
                           gboolean       rport)
{
  g_return_if_fail (PHONE_IS_SIP_STACK (self));

  if (self->no_rport == !rport)
    return;

  self->no_rport = !rport;
  for (guint i = 0; i < N_AGENTS && !self->stopping; i++)
    {
      if (self->agents[i])
        nua_set_params (self->agents[i], NTATAG_CLIENT_RPORT (rport), TAG_END ());
    }
}

/**
 * phone_sip_stack_start:
 * @error: why nothing could be bound
 *
 * Binds UDP and TCP on the wanted port, or on a free one when that is taken (said in the log).
 */
gboolean
phone_sip_stack_start (PhoneSipStack  *self,
                       GError        **error)
{
  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), FALSE);
  g_return_val_if_fail (self->root == NULL, FALSE);

  redirect_log ();
  guard_clock ();
  phone_sip_auth_client_set_up ();
  if (!phone_sip_repair_is_in_place ())
    g_debug ("This build of the SIP library lets nobody judge its responses");
  /* Of its ways to wait, the one that takes a replaced socket: see sip-sockets.c. Read when the library starts. */
  g_setenv ("SU_PORT", "poll", TRUE);

  self->root = su_glib_root_create (NULL);
  su_root_threading (self->root, self->threads);
  g_source_attach (su_glib_root_gsource (self->root), NULL);

  /* Between looking and binding somebody else may take the port. */
  for (guint tries = 0; tries < 3; tries++)
    {
      self->port = choose_port (self, self->port, error);
      if (!self->port)
        return FALSE;
      if (create_agents (self))
        {
          g_info ("SIP on %s port %u", self->bind_address ? self->bind_address : "all addresses", self->port);
          return TRUE;
        }
    }

  g_set_error (error, PHONE_SIP_STACK_ERROR, PHONE_SIP_STACK_ERROR_BIND, "Cannot listen for SIP on %s port %u",
               self->bind_address ? self->bind_address : "0.0.0.0", self->port);
  return FALSE;
}

void
phone_sip_stack_set_stray (PhoneSipStack     *self,
                           PhoneSipStrayFunc  func,
                           gpointer           user_data)
{
  g_return_if_fail (PHONE_IS_SIP_STACK (self));

  self->stray = func;
  self->stray_data = user_data;
}

/**
 * phone_sip_stack_get_gate:
 * Returns: (transfer none): who may send us requests
 */
PhoneSipGate *
phone_sip_stack_get_gate (PhoneSipStack *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), NULL);

  return self->gate;
}

/**
 * phone_sip_stack_get_port:
 * @transport: %PHONE_TRANSPORT_TLS for the port of TLS
 *
 * Returns: the port that is listened at
 */
guint
phone_sip_stack_get_port (PhoneSipStack  *self,
                          PhoneTransport  transport)
{
  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), 0);

  return transport == PHONE_TRANSPORT_TLS ? self->tls_port : self->port;
}

/**
 * phone_sip_stack_get_agent:
 * @peer_address: (nullable): IP literal of the other side
 * @transport: how it is to be reached; for TLS after phone_sip_stack_open_tls()
 *
 * Returns: (nullable): the agent that reaches that address family
 */
nua_t *
phone_sip_stack_get_agent (PhoneSipStack  *self,
                           const char     *peer_address,
                           PhoneTransport  transport)
{
  nua_t **agents;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), NULL);

  if (self->stopping)
    return NULL;

  agents = self->agents + (transport == PHONE_TRANSPORT_TLS ? N_FAMILIES : 0);
  if (!peer_address)
    return agents[0] ? agents[0] : agents[1];

  return agents[strchr (peer_address, ':') != NULL];
}

/**
 * phone_sip_stack_find_route:
 * @peer_address: IP literal of the other side
 *
 * Returns: (transfer full) (nullable): the address that packets to it leave from now, %NULL when there is no way
 */
char *
phone_sip_stack_find_route (PhoneSipStack *self,
                            const char    *peer_address)
{
  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), NULL);
  g_return_val_if_fail (peer_address != NULL, NULL);

  if (self->bind_address)
    return phone_sip_address_is_ours (self->bind_address) ? g_strdup (self->bind_address) : NULL;

  return route_to (peer_address);
}

/**
 * phone_sip_stack_dup_local_address:
 * @peer_address: (nullable): IP literal of the other side; %NULL when not known
 *
 * Returns: (transfer full): our address towards it, an IP literal; the bound address when one was given
 */
char *
phone_sip_stack_dup_local_address (PhoneSipStack *self,
                                   const char    *peer_address)
{
  static const char *const elsewhere[] = { ELSEWHERE4, ELSEWHERE6 };
  char *address = NULL;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), NULL);

  if (self->bind_address)
    return g_strdup (self->bind_address);

  if (peer_address)
    address = route_to (peer_address);
  for (guint i = 0; !address && i < G_N_ELEMENTS (elsewhere); i++)
    address = route_to (elsewhere[i]);

  return address ? address : g_strdup ("127.0.0.1");
}

/**
 * phone_sip_stack_send_blank:
 * @hop: a UDP hop
 *
 * Sends two line ends out of the SIP socket (RFC 5626 §3.5.1): nothing to a server, but traffic to a NAT.
 *
 * Returns: whether they were sent
 */
gboolean
phone_sip_stack_send_blank (PhoneSipStack     *self,
                            const PhoneSipHop *hop)
{
  g_autoptr (GSocketAddress) address = NULL;
  struct sockaddr_storage native;
  gssize n;
  int fd;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), FALSE);
  g_return_val_if_fail (hop != NULL, FALSE);

  address = g_inet_socket_address_new_from_string (hop->address, hop->port);
  if (!address || !g_socket_address_to_native (address, &native, sizeof native, NULL))
    return FALSE;
  fd = phone_sip_sockets_find_datagram (native.ss_family, self->port);
  if (fd < 0)
    return FALSE;

  n = g_socket_address_get_native_size (address);
  return sendto (fd, "\r\n\r\n", 4, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *) &native, (socklen_t) n) == 4;
}

static void
destroy_doomed (PhoneSipStack *self)
{
  for (guint i = 0; i < self->doomed->len; i++)
    {
      nua_handle_destroy (g_ptr_array_index (self->doomed, i));
      self->n_handles--;
    }
  g_ptr_array_set_size (self->doomed, 0);
}

static gboolean
on_idle_handles (gpointer user_data)
{
  PhoneSipStack *self = user_data;

  self->doomed_source = 0;
  destroy_doomed (self);

  return G_SOURCE_REMOVE;
}

void
phone_sip_stack_count_handle (PhoneSipStack *self)
{
  g_return_if_fail (PHONE_IS_SIP_STACK (self));

  self->n_handles++;
}

/**
 * phone_sip_stack_destroy_handle:
 * @handle: (transfer full): counted before by its owner
 */
void
phone_sip_stack_destroy_handle (PhoneSipStack *self,
                                nua_handle_t  *handle)
{
  g_return_if_fail (PHONE_IS_SIP_STACK (self));
  g_return_if_fail (handle != NULL);

  g_ptr_array_add (self->doomed, handle);
  if (!self->doomed_source)
    self->doomed_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_handles, g_object_ref (self), g_object_unref);
}

/**
 * phone_sip_stack_get_n_handles:
 * Returns: how many handles of the library exist because of us; 0 when all calls and registrations are gone
 */
guint
phone_sip_stack_get_n_handles (PhoneSipStack *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_STACK (self), 0);

  return self->n_handles;
}

static gboolean
on_stop_timeout (gpointer user_data)
{
  PhoneSipStack *self = user_data;

  self->stop_timeout = 0;
  g_info ("The SIP library is still busy; leaving it behind");
  self->left_behind = TRUE;
  g_object_ref (self); /* the agents still name us */
  on_stopped (self);

  return G_SOURCE_REMOVE;
}

/**
 * phone_sip_stack_stop:
 * @limit_ms: how long to wait at most
 * @stopped: (nullable): called once, from the main loop, when the agents are gone or the time is up
 *
 * Ends the agents. Handles should be released before. What is not done after @limit_ms is left to the end of the process
 * (nua_destroy() would abort it).
 */
void
phone_sip_stack_stop (PhoneSipStack        *self,
                      guint                 limit_ms,
                      PhoneSipStackStopped  stopped,
                      gpointer              user_data)
{
  g_return_if_fail (PHONE_IS_SIP_STACK (self));
  g_return_if_fail (!self->stopping);

  self->stopping = TRUE;
  self->stopped = stopped;
  self->stopped_data = user_data;
  destroy_doomed (self);

  self->stop_timeout = g_timeout_add_full (G_PRIORITY_DEFAULT, limit_ms, on_stop_timeout, g_object_ref (self), g_object_unref);
  for (guint i = 0; i < N_AGENTS; i++)
    {
      if (self->agents[i])
        nua_shutdown (self->agents[i]);
    }

  if (is_stopped (self) && !self->stop_source)
    self->stop_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_idle_destroy, g_object_ref (self), g_object_unref);
}

/**
 * phone_sip_stack_abandon:
 *
 * Leaves the agents to the end of the process instead of stopping them, because stopping takes registrations away. For
 * accounts that stay registered while the program is not running.
 */
void
phone_sip_stack_abandon (PhoneSipStack *self)
{
  g_return_if_fail (PHONE_IS_SIP_STACK (self));

  if (self->stopping)
    return;

  self->stopping = TRUE;
  self->left_behind = TRUE;
  g_object_ref (self); /* the agents still name us */
}

static void
phone_sip_stack_finalize (GObject *object)
{
  PhoneSipStack *self = PHONE_SIP_STACK (object);

  /* An agent that did not stop keeps the root: both stay until the process ends. */
  if (self->root && is_stopped (self))
    {
      g_source_destroy (su_glib_root_gsource (self->root));
      su_root_destroy (self->root);
    }
  else if (self->root)
    {
      g_source_destroy (su_glib_root_gsource (self->root));
    }

  if (is_stopped (self))
    phone_sip_gate_forget (self->gate);
  g_clear_pointer (&self->gate, phone_sip_gate_unref);
  g_clear_pointer (&self->doomed, g_ptr_array_unref);
  g_clear_pointer (&self->bind_address, g_free);
  g_clear_pointer (&self->user_agent, g_free);
  g_clear_pointer (&self->tls, phone_sip_tls_free);

  G_OBJECT_CLASS (phone_sip_stack_parent_class)->finalize (object);
}

static void
phone_sip_stack_class_init (PhoneSipStackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = phone_sip_stack_finalize;
}

static void
phone_sip_stack_init (PhoneSipStack *self)
{
  self->doomed = g_ptr_array_new ();
  self->gate = phone_sip_gate_new ();
}

PhoneSipStack *
phone_sip_stack_new (const PhoneSipStackConfig *config)
{
  PhoneSipStack *self;

  g_return_val_if_fail (config != NULL && config->user_agent != NULL, NULL);

  self = g_object_new (PHONE_TYPE_SIP_STACK, NULL);
  self->bind_address = config->bind_address && *config->bind_address ? g_strdup (config->bind_address) : NULL;
  self->port = config->port;
  self->tls_port = config->tls_port;
  self->user_agent = g_strdup (config->user_agent);
  self->threads = config->threads;
  self->t1_ms = config->t1_ms;
  self->t2_ms = config->t2_ms;
  self->t4_ms = config->t4_ms;
  self->dscp = config->dscp;
  self->tls = config->tls ? phone_sip_tls_copy (config->tls) : NULL;

  return self;
}
