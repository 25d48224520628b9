/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#define NTA_LEG_MAGIC_T struct _ExchangeProxy
#define NTA_INCOMING_MAGIC_T struct _Transaction
#define NTA_OUTGOING_MAGIC_T struct _Transaction

#include "exchange-proxy.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_tagarg.h>
#include <string.h>

#include "exchange-answers.h"
#include "exchange-directory.h"
#include "exchange-locations.h"
#include "exchange-registrar.h"

#define MAX_FORWARDS 70
#define MAX_RINGING_MS (10 * 60 * 1000)    /* timer C (RFC 3261 §16.6 step 11), longer than any patience */
#define MAX_EXPIRES_S 3600
#define ALLOWED "REGISTER, INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, NOTIFY, PRACK, REFER, SUBSCRIBE, UPDATE"

typedef struct _Transaction Transaction;

struct _ExchangeProxy {
  nta_agent_t       *agent;
  nta_leg_t         *leg;
  ExchangeRegistrar  registrar;
  ExchangeScript    *script;          /* nullable, not ours */
  char              *address;
  guint              port;
  char              *domain;
  char              *robots_uri;
  char              *token;           /* marks the robots' own requests */
  gboolean           call_auth;
  GHashTable        *transactions;
  Transaction       *stray;           /* for responses whose transaction is over: repeated 200s */
};

struct _Transaction {
  ExchangeProxy  *proxy;
  nta_incoming_t *server;
  nta_outgoing_t *client;
  guint           timer;
};

static int
reply (nta_incoming_t *request,
       int             status)
{
  nta_incoming_treply (request, status, sip_status_phrase (status), TAG_END ());
  return status;
}

/* ---- transactions ---- */

static Transaction *
transaction_new (ExchangeProxy *self)
{
  Transaction *transaction = g_new0 (Transaction, 1);

  transaction->proxy = self;
  g_hash_table_add (self->transactions, transaction);
  return transaction;
}

static void
transaction_free (gpointer data)
{
  Transaction *transaction = data;

  g_clear_handle_id (&transaction->timer, g_source_remove);
  if (transaction->server)
    nta_incoming_destroy (transaction->server);
  if (transaction->client)
    nta_outgoing_destroy (transaction->client);
  g_free (transaction);
}

static void
transaction_end (Transaction *transaction)
{
  if (transaction != transaction->proxy->stray)
    g_hash_table_remove (transaction->proxy->transactions, transaction);
}

static gboolean
on_ringing_too_long (gpointer data)
{
  Transaction *transaction = data;

  transaction->timer = 0;
  nta_outgoing_tcancel (transaction->client, NULL, NULL, TAG_END ());
  return G_SOURCE_REMOVE;
}

static int
on_ack_or_cancel (Transaction    *transaction,
                  nta_incoming_t *request,
                  sip_t const    *sip)
{
  if (!sip)
    {
      transaction_end (transaction);
      return 0;
    }
  if (sip->sip_request->rq_method != sip_method_cancel)
    return 0;
  if (transaction->client)
    nta_outgoing_tcancel (transaction->client, NULL, NULL, TAG_END ());

  return 200;
}

/* What the caller hears when our own end of the client transaction failed. */
static int
own_failure (int status)
{
  /* The phone cannot be reached: that is for its caller "not there now", no fault of this server. */
  return status == 503 || status == 500 ? 480 : status;
}

static int
on_response (Transaction    *transaction,
             nta_outgoing_t *client,
             sip_t const    *sip)
{
  const int status = sip && sip->sip_status ? sip->sip_status->st_status : 408;

  if (status == 100)
    return 0;

  if (!sip || nta_sip_is_internal (sip))
    {
      if (transaction->server && transaction != transaction->proxy->stray)
        reply (transaction->server, own_failure (status));
    }
  else
    {
      msg_t *response = nta_outgoing_getresponse (client);

      sip_via_remove (response, sip_object (response));
      nta_incoming_mreply (transaction->server, response);
    }
  if (status >= 200)
    transaction_end (transaction);

  return 0;
}

/* ---- routing ---- */

static const char *
default_port (const char *port)
{
  return port && *port ? port : "5060";
}

/* Whether a URI names this exchange. */
static gboolean
is_own (ExchangeProxy *self,
        url_t const   *url)
{
  g_autofree char *own_port = g_strdup_printf ("%u", self->port);
  const char *host = url->url_host;
  g_autofree char *bare = NULL;
  gsize length;

  if (!host || url->url_type != url_sip)
    return FALSE;
  length = strlen (host);
  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    host = bare = g_strndup (host + 1, length - 2);
  if (g_ascii_strcasecmp (host, self->address) != 0 && g_ascii_strcasecmp (host, "localhost") != 0)
    return FALSE;

  /* A URI without port stands for us as well: phones write the domain alone. */
  return !url->url_port || strcmp (default_port (url->url_port), own_port) == 0;
}

static gboolean
is_numeric (url_t const *url)
{
  g_autofree char *host = g_strdup (url->url_host ? url->url_host : "");
  gsize length = strlen (host);

  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    {
      host[length - 1] = '\0';
      return g_hostname_is_ip_address (host + 1);
    }
  return g_hostname_is_ip_address (host);
}

/* Takes away the Route headers that led here. Returns whether one of them bore the robots' mark. */
static gboolean
pop_own_routes (ExchangeProxy *self,
                msg_t         *msg,
                sip_t         *sip)
{
  gboolean marked = FALSE;

  while (sip->sip_route && is_own (self, sip->sip_route->r_url))
    {
      char token[64] = "";

      if (url_param (sip->sip_route->r_url->url_params, "robot", token, sizeof token) > 0)
        marked |= strcmp (token, self->token) == 0;
      sip_route_remove (msg, sip);
    }

  return marked;
}

/* Where a user or robot of ours is. Returns 0 with @target, or the status to answer. */
static int
find_target (ExchangeProxy  *self,
             url_t const    *url,
             char          **target)
{
  const char *user = url->url_user;
  GPtrArray *bindings;

  if (self->robots_uri && exchange_directory_find (user))
    {
      const char *host = strchr (self->robots_uri, ':') + 1;

      *target = g_strdup_printf ("sip:%s@%s", user, host);
      return 0;
    }
  if (!exchange_users_contains (self->registrar.users, user))
    return 404;
  bindings = exchange_locations_list (self->registrar.locations, user, exchange_now_s ());
  if (!bindings)
    return 480;

  *target = g_strdup (((const ExchangeBinding *) g_ptr_array_index (bindings, 0))->uri);
  return 0;
}

static gboolean
uses_tcp (const char *uri)
{
  g_autofree char *lower = g_ascii_strdown (uri, -1);

  return strstr (lower, ";transport=tcp") != NULL;
}

static void
add_record_route (ExchangeProxy *self,
                  msg_t         *msg,
                  sip_t         *sip,
                  gboolean       tcp)
{
  g_autofree char *value = g_strdup_printf ("<sip:%s;lr%s>", self->domain, tcp ? ";transport=tcp" : "");
  sip_record_route_t *route = sip_record_route_make (msg_home (msg), value);

  if (route)
    msg_header_insert (msg, (msg_pub_t *) sip, (msg_header_t *) route);
}

/* Record-Route on both sides when the transport changes here (RFC 5658 §3.2), else once. */
static void
stay_in_path (ExchangeProxy *self,
              msg_t         *msg,
              sip_t         *sip,
              const char    *target)
{
  const gboolean from_tcp = sip->sip_via && sip->sip_via->v_protocol &&
                            g_str_has_suffix (sip->sip_via->v_protocol, "TCP");
  const gboolean to_tcp = uses_tcp (target);

  add_record_route (self, msg, sip, from_tcp);
  if (from_tcp != to_tcp)
    add_record_route (self, msg, sip, to_tcp);
}

static void
count_hop (msg_t *msg,
           sip_t *sip)
{
  if (sip->sip_max_forwards)
    {
      sip->sip_max_forwards->mf_count--;
      msg_fragment_clear (sip->sip_max_forwards->mf_common);
    }
  else
    msg_header_insert (msg, (msg_pub_t *) sip,
                       (msg_header_t *) sip_max_forwards_format (msg_home (msg), "%d", MAX_FORWARDS - 1));
}

static gboolean
makes_dialog (sip_t const *sip)
{
  const sip_method_t method = sip->sip_request->rq_method;

  return method == sip_method_invite || method == sip_method_subscribe || method == sip_method_refer ||
         method == sip_method_notify;
}

/* The transport of a target that stands in a Route header or in the request line. */
static char *
dup_next_hop (sip_t      *sip,
              const char *target)
{
  if (sip->sip_route)
    {
      su_home_t home[1] = { SU_HOME_INIT (home) };
      char *text = g_strdup (url_as_string (home, sip->sip_route->r_url));

      su_home_deinit (home);
      return text;
    }
  return g_strdup (target);
}

/* Sends a request on. @msg is taken over. */
static int
forward (ExchangeProxy  *self,
         nta_incoming_t *request,
         msg_t          *msg,
         const char     *target)
{
  sip_t *sip = sip_object (msg);
  const sip_method_t method = sip->sip_request->rq_method;
  g_autofree char *next_hop = dup_next_hop (sip, target);
  Transaction *transaction;
  sip_request_t *line;

  if (g_hash_table_size (self->transactions) >= EXCHANGE_MAX_TRANSACTIONS && method != sip_method_ack)
    {
      msg_destroy (msg);
      return reply (request, 503);
    }

  count_hop (msg, sip);
  if (makes_dialog (sip) && next_hop)
    stay_in_path (self, msg, sip, next_hop);
  line = sip_request_create (msg_home (msg), method, sip->sip_request->rq_method_name, (url_string_t *) target, NULL);
  transaction = transaction_new (self);
  if (method == sip_method_invite)
    nta_incoming_treply (request, SIP_100_TRYING, TAG_END ());
  nta_incoming_bind (transaction->server = request, on_ack_or_cancel, transaction);
  transaction->client = nta_outgoing_mcreate (self->agent, on_response, transaction, NULL, msg, SIPTAG_REQUEST (line),
                                              TAG_END ());
  if (!transaction->client)
    {
      if (method != sip_method_ack)
        reply (request, 480);
      transaction_end (transaction);
      return method == sip_method_ack ? 0 : 480;
    }
  if (method == sip_method_ack)
    transaction_end (transaction);
  else if (method == sip_method_invite)
    transaction->timer = g_timeout_add (MAX_RINGING_MS, on_ringing_too_long, transaction);

  return 0;
}

/* A new call needs the password of who it says it is from. Returns 0 or the status answered. */
static int
authorize_call (ExchangeProxy  *self,
                nta_incoming_t *request,
                sip_t const    *sip)
{
  g_autofree char *user = NULL;
  const char *from = sip->sip_from->a_url->url_user;
  int refusal;

  if (!self->call_auth || exchange_users_count (self->registrar.users) == 0 ||
      sip->sip_request->rq_method != sip_method_invite)
    return 0;
  refusal = exchange_registrar_authorize (&self->registrar, request, sip->sip_proxy_authorization, 407, &user);
  if (!refusal && g_strcmp0 (user, from) != 0)
    refusal = reply (request, 403);

  return refusal;
}

static int
answer_options (nta_incoming_t *request)
{
  nta_incoming_treply (request, SIP_200_OK, SIPTAG_ALLOW_STR (ALLOWED), SIPTAG_ACCEPT_STR ("application/sdp"),
                       TAG_END ());
  return 200;
}

/* A request for somebody here, or one that only passes through. @msg is taken over. */
static int
route (ExchangeProxy  *self,
       nta_incoming_t *request,
       msg_t          *msg,
       gboolean        from_robot)
{
  sip_t *sip = sip_object (msg);
  url_t const *url = sip->sip_request->rq_url;
  const sip_method_t method = sip->sip_request->rq_method;
  const gboolean in_dialog = sip->sip_to->a_tag != NULL;
  g_autofree char *target = NULL;
  int refusal = 0;

  if (is_own (self, url) && url->url_user)
    {
      if (!in_dialog && !from_robot)
        refusal = authorize_call (self, request, sip);
      if (refusal)
        {
          msg_destroy (msg);
          return refusal;
        }
      refusal = find_target (self, url, &target);
    }
  else if (in_dialog && (sip->sip_route ? is_numeric (sip->sip_route->r_url) : is_numeric (url)))
    {
      su_home_t home[1] = { SU_HOME_INIT (home) };

      target = g_strdup (url_as_string (home, url));
      su_home_deinit (home);
    }
  else
    refusal = 404;

  if (refusal || !target)
    {
      msg_destroy (msg);
      return method == sip_method_ack ? 0 : reply (request, refusal ? refusal : 400);
    }
  while (sip->sip_proxy_authorization)
    sip_header_remove (msg, sip, (sip_header_t *) sip->sip_proxy_authorization);
  return forward (self, request, msg, target);
}

static int
on_request (ExchangeProxy  *self,
            nta_leg_t      *leg,
            nta_incoming_t *request,
            sip_t const    *received)
{
  const sip_method_t method = received->sip_request->rq_method;
  msg_t *original, *msg;
  sip_t *sip;
  gboolean from_robot;
  int scripted;

  if (received->sip_max_forwards && received->sip_max_forwards->mf_count < 1 && method != sip_method_ack)
    return method == sip_method_options ? answer_options (request) : reply (request, 483);

  /* Changes are made to a copy: the original is the transaction's. */
  original = nta_incoming_getrequest (request);
  msg = msg_copy (original);
  msg_destroy (original);
  sip = msg ? sip_object (msg) : NULL;
  if (!sip || !sip->sip_to || !sip->sip_from)
    {
      if (msg)
        msg_destroy (msg);
      return 400;
    }
  from_robot = pop_own_routes (self, msg, sip);

  scripted = !from_robot && !sip->sip_route ? exchange_answers_give (self->script, self->domain, request, sip)
                                            : EXCHANGE_NOT_SCRIPTED;
  if (scripted != EXCHANGE_NOT_SCRIPTED)
    {
      msg_destroy (msg);
      return scripted;
    }

  if (!sip->sip_route && is_own (self, sip->sip_request->rq_url) &&
      (method == sip_method_register || !sip->sip_request->rq_url->url_user))
    {
      msg_destroy (msg);
      if (method == sip_method_register)
        return exchange_registrar_take (&self->registrar, request, received);
      if (method == sip_method_options)
        return answer_options (request);
      return method == sip_method_ack ? 0 : reply (request, 404);
    }

  return route (self, request, msg, from_robot);
}

/* ---- public ---- */

static gboolean
open_agent (ExchangeProxy               *self,
            su_root_t                   *root,
            const ExchangeProxyOptions  *options,
            GError                     **error)
{
  const gboolean ipv6 = strchr (options->address, ':') != NULL;
  g_autofree char *host = g_strdup_printf (ipv6 ? "[%s]" : "%s", options->address);
  g_autofree char *uri = options->port ? g_strdup_printf ("sip:%s:%u", host, options->port)
                                       : g_strdup_printf ("sip:%s:*", host);
  const sip_contact_t *contact;

  self->agent = nta_agent_create (root, (url_string_t *) uri, NULL, NULL, NTATAG_UA (0), NTATAG_CANCEL_487 (0),
                                  NTATAG_SERVER_RPORT (1), NTATAG_MERGE_482 (0), NTATAG_UDP_MTU (65535),
                                  NTATAG_MAXSIZE (65536), NTATAG_MAX_PROCEEDING (EXCHANGE_MAX_TRANSACTIONS),
                                  NTATAG_USE_NAPTR (0), NTATAG_USE_SRV (0), TAG_END ());
  if (!self->agent)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "cannot listen on %s", uri + strlen ("sip:"));
      return FALSE;
    }
  contact = nta_agent_contact (self->agent);
  self->port = g_ascii_strtoull (default_port (contact->m_url->url_port), NULL, 10);
  self->domain = g_strdup_printf ("%s:%u", host, self->port);
  self->leg = nta_leg_tcreate (self->agent, on_request, self, NTATAG_NO_DIALOG (1), TAG_END ());
  self->stray = g_new0 (Transaction, 1);
  self->stray->proxy = self;
  self->stray->server = nta_incoming_default (self->agent);
  self->stray->client = nta_outgoing_default (self->agent, on_response, self->stray);

  return TRUE;
}

ExchangeProxy *
exchange_proxy_new (su_root_t                   *root,
                    const ExchangeProxyOptions  *options,
                    ExchangeUsers               *users,
                    GError                     **error)
{
  ExchangeProxy *self;

  g_return_val_if_fail (root && options && options->address && users, NULL);

  self = g_new0 (ExchangeProxy, 1);
  self->address = g_strdup (options->address);
  self->call_auth = options->call_auth;
  self->script = options->script;
  self->token = g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  self->registrar = (ExchangeRegistrar) { users, exchange_locations_new (), options->min_expires_s, MAX_EXPIRES_S };
  self->transactions = g_hash_table_new_full (NULL, NULL, transaction_free, NULL);
  if (!open_agent (self, root, options, error))
    {
      exchange_proxy_free (self);
      return NULL;
    }

  return self;
}

void
exchange_proxy_free (ExchangeProxy *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->transactions);
  g_clear_pointer (&self->stray, transaction_free);
  if (self->leg)
    nta_leg_destroy (self->leg);
  if (self->agent)
    nta_agent_destroy (self->agent);
  exchange_locations_free (self->registrar.locations);
  g_free (self->address);
  g_free (self->domain);
  g_free (self->robots_uri);
  g_free (self->token);
  g_free (self);
}

void
exchange_proxy_set_robots (ExchangeProxy *self,
                           const char    *uri)
{
  g_return_if_fail (self && uri);

  g_free (self->robots_uri);
  self->robots_uri = g_strdup (uri);
}

guint
exchange_proxy_get_port (ExchangeProxy *self)
{
  g_return_val_if_fail (self, 0);

  return self->port;
}

const char *
exchange_proxy_get_domain (ExchangeProxy *self)
{
  g_return_val_if_fail (self, NULL);

  return self->domain;
}

char *
exchange_proxy_make_robot_route (ExchangeProxy *self)
{
  g_return_val_if_fail (self, NULL);

  return g_strdup_printf ("<sip:%s;lr;robot=%s>", self->domain, self->token);
}
