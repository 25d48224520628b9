/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-gate.h"

#include "sip-answered.h"
#include "sip-trace.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/su_tagarg.h>
#include <sofia-sip/tport.h>

#include <dlfcn.h>
#include <string.h>

/*
 * The library makes a transaction of some 10 KiB of every request and keeps it for 32 s, and it does so before it asks us;
 * it looks host names in a Via up while everybody waits; it believes a "received" that the sender wrote. Nothing in its
 * interface lets us stand before that. But its transport layer is made with a table of functions (tport_tcreate(), a public
 * function that its transaction layer calls like anybody else), so ours is found first by the dynamic linker, hands over a
 * table with our function for received messages, and calls the real one. Should a build bind its own calls inside, nothing
 * of this happens, phone_sip_gate_leave() says so, and what is decided on the main thread (on_stray ()) still holds.
 */

struct _PhoneSipGate {
  gatomicrefcount    refs;
  GMutex             lock;           /* of what follows: messages come on the agents' threads */
  PhoneSipAdmission *admission;
  PhoneSipAnswered  *answered;
  gint               n_transports;   /* made since phone_sip_gate_enter (); atomic */
};

/* One table for the process, since the hook is one: which gate an agent's messages go through. */
static GMutex               gates_lock;
static GHashTable          *gates;            /* tp_stack_t -> PhoneSipGate */
static PhoneSipGate        *entered;
static tport_stack_class_t  gate_class;
static void               (*library_receive) (tp_stack_t *, tport_t *, msg_t *, tp_magic_t *, su_time_t);

/* The sender -------------------------------------------------------------------------------------------------------- */

/**
 * phone_sip_gate_read_source:
 * @source: (out): where the message really came from
 *
 * Returns: %FALSE when that is not known
 */
gboolean
phone_sip_gate_read_source (msg_t          *message,
                            PhoneSipSource *source)
{
  const su_sockaddr_t *address = message ? msg_addr (message) : NULL;

  memset (source, 0, sizeof *source);
  if (!address)
    return FALSE;

  if (address->su_family == AF_INET)
    phone_sip_source_set_bytes (source, (const guint8 *) &address->su_sin.sin_addr, 4);
  else if (address->su_family == AF_INET6)
    phone_sip_source_set_bytes (source, (const guint8 *) &address->su_sin6.sin6_addr, 16);

  return source->length > 0;
}

/*
 * Answers go to where a request came from and nowhere else (RFC 3261 §18.2.2 without maddr, which is for multicast): not to
 * a name, which the library would have to look up, and not to an address the sender picked, who may mean a third party.
 */
static void
correct_via (msg_t                *message,
             sip_via_t            *via,
             const PhoneSipSource *source)
{
  g_autofree char *address = phone_sip_source_to_string (source);

  via->v_maddr = NULL;
  if (!via->v_received && via->v_host && strcmp (via->v_host, address) == 0)
    return;

  /* The header keeps the pointer. */
  msg_header_replace_param (msg_home (message), via->v_common, su_sprintf (msg_home (message), "received=%s", address));
}

/* What the sender claims ----------------------------------------------------------------------------------------------- */

/* A request inside a dialog that the library has. */
static gboolean
has_dialog (nta_agent_t *agent,
            const sip_t *sip)
{
  if (!sip->sip_call_id || !sip->sip_from || !sip->sip_from->a_tag || !sip->sip_to || !sip->sip_to->a_tag)
    return FALSE;

  return nta_leg_by_dialog (agent, sip->sip_request->rq_url, sip->sip_call_id, sip->sip_from->a_tag, sip->sip_from->a_url,
                            sip->sip_to->a_tag, sip->sip_to->a_url) != NULL;
}

/* A retransmission, or the ACK or CANCEL of a request that the library has. */
static gboolean
has_transaction (nta_agent_t *agent,
                 const sip_t *sip)
{
  sip_t as_invite;
  sip_cseq_t cseq;

  if (!sip->sip_call_id || !sip->sip_cseq || !sip->sip_from || !sip->sip_to || !sip->sip_via)
    return FALSE;
  if (nta_incoming_find (agent, sip, sip->sip_via))
    return TRUE;
  if (sip->sip_request->rq_method != sip_method_ack && sip->sip_request->rq_method != sip_method_cancel)
    return FALSE;

  as_invite = *sip;
  cseq = *sip->sip_cseq;
  cseq.cs_method = sip_method_invite;
  cseq.cs_method_name = sip_method_name_invite;
  as_invite.sip_cseq = &cseq;

  return nta_incoming_find (agent, &as_invite, sip->sip_via) != NULL;
}

/*
 * A provisional response behind the 200, before we have acknowledged that: the library would go back to waiting for an
 * answer, refuse to send the ACK, and take the 200s that follow for copies.
 */
static gboolean
is_late_ringing (PhoneSipGate *self,
                 const sip_t  *sip)
{
  gboolean late;

  if (!sip->sip_status || !sip->sip_cseq || sip->sip_cseq->cs_method != sip_method_invite || !sip->sip_via)
    return FALSE;

  g_mutex_lock (&self->lock);
  late = phone_sip_answered_is_late (self->answered, sip->sip_via->v_branch, (guint) MAX (sip->sip_status->st_status, 0));
  g_mutex_unlock (&self->lock);
  if (late)
    g_debug ("%d came after the call was answered", sip->sip_status->st_status);

  return late;
}

static gsize
measure (const sip_t *sip)
{
  gsize n_bytes = 0;

  for (const msg_header_t *header = (const msg_header_t *) sip->sip_request; header; header = header->sh_succ)
    n_bytes += header->sh_len;

  return n_bytes;
}

static gboolean
admits (PhoneSipGate *self,
        tport_t      *transport,
        nta_agent_t  *agent,
        msg_t        *message,
        sip_t        *sip)
{
  PhoneSipSource source;
  PhoneSipRequest request;
  PhoneSipVerdict verdict;
  g_autofree char *line = NULL;

  if (!sip || !sip->sip_request || !phone_sip_gate_read_source (message, &source))
    return TRUE;

  if (sip->sip_via)
    {
      correct_via (message, sip->sip_via, &source);
      /* The library would answer over another transport than the request came by: to somebody who did not ask. */
      if (tport_is_udp (transport) && sip->sip_via->v_protocol &&
          g_ascii_strcasecmp (sip->sip_via->v_protocol, sip_transport_udp) != 0)
        return FALSE;
    }

  if (has_dialog (agent, sip) || has_transaction (agent, sip))
    return TRUE;

  request.method = sip->sip_request->rq_method_name ? sip->sip_request->rq_method_name : "";
  request.user_agent = sip->sip_user_agent ? sip->sip_user_agent->g_string : NULL;
  request.n_bytes = measure (sip);
  g_mutex_lock (&self->lock);
  verdict = phone_sip_admission_judge (self->admission, &source, &request, g_get_monotonic_time ());
  line = phone_sip_admission_take_line (self->admission);
  g_mutex_unlock (&self->lock);
  if (line)
    g_message ("%s", line);

  return verdict == PHONE_SIP_VERDICT_PASS;
}

/* What comes in is written down (with the "received" that we put into its Via). What does not, is not: strangers shall not push
 * the user's calls out of the trace. */
static gboolean
lets_in (PhoneSipGate *self,
         tport_t      *transport,
         nta_agent_t  *agent,
         msg_t        *message,
         sip_t        *sip)
{
  gboolean is_response = sip && sip->sip_status;

  if (!is_response && !admits (self, transport, agent, message, sip))
    return FALSE;

  phone_sip_trace_received (transport, message);
  return !is_response || !is_late_ringing (self, sip);
}

/* Nobody makes this phone call somebody whom it does not speak with, unless the settings let an account's server do so: a REFER
 * outside calls is refused here, since the library would send a NOTIFY before it let us say so. */
static gboolean
is_unwanted_refer (PhoneSipGate *self,
                   nta_agent_t  *agent,
                   msg_t        *message,
                   const sip_t  *sip)
{
  PhoneSipSource source;
  gboolean may;

  if (!sip || !sip->sip_request || sip->sip_request->rq_method != sip_method_refer || has_dialog (agent, sip))
    return FALSE;
  if (!phone_sip_gate_read_source (message, &source))
    return TRUE;

  g_mutex_lock (&self->lock);
  may = phone_sip_admission_may_refer (self->admission, &source);
  g_mutex_unlock (&self->lock);

  return !may;
}

/* The hook ------------------------------------------------------------------------------------------------------------ */

/* On an agent's thread. */
static void
on_received (tp_stack_t *stack,
             tport_t    *transport,
             msg_t      *message,
             tp_magic_t *magic,
             su_time_t   now)
{
  g_autoptr (PhoneSipGate) gate = NULL;
  PhoneSipGate *found;

  g_mutex_lock (&gates_lock);
  found = gates ? g_hash_table_lookup (gates, stack) : NULL;
  if (found)
    gate = phone_sip_gate_ref (found);
  g_mutex_unlock (&gates_lock);

  /* The transport layer knows its user as an opaque type: it is the agent. */
  if (gate && message && !lets_in (gate, transport, (nta_agent_t *) stack, message, sip_object (message)))
    msg_destroy (message);
  else if (gate && message && is_unwanted_refer (gate, (nta_agent_t *) stack, message, sip_object (message)))
    nta_msg_treply ((nta_agent_t *) stack, message, SIP_603_DECLINE, TAG_END ());
  else
    library_receive (stack, transport, message, magic, now);
}

typedef tport_t *(*CreateFunc) (tp_stack_t *, tport_stack_class_t const *, su_root_t *, tag_type_t, tag_value_t, ...);

/* The library's own function by this name, with our table (see the top). */
tport_t *
tport_tcreate (tp_stack_t                *stack,
               tport_stack_class_t const *tpac,
               su_root_t                 *root,
               tag_type_t                 tag,
               tag_value_t                value,
               ...)
{
  CreateFunc create = (CreateFunc) dlsym (RTLD_NEXT, "tport_tcreate");
  tport_t *transport;
  ta_list ta;

  g_return_val_if_fail (create != NULL, NULL);

  g_mutex_lock (&gates_lock);
  if (entered && (!library_receive || library_receive == tpac->tpac_recv))
    {
      library_receive = tpac->tpac_recv;
      gate_class = *tpac;
      gate_class.tpac_recv = on_received;
      tpac = &gate_class;
      if (!gates)
        gates = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) phone_sip_gate_unref);
      g_hash_table_replace (gates, stack, phone_sip_gate_ref (entered));
      g_atomic_int_inc (&entered->n_transports);
    }
  g_mutex_unlock (&gates_lock);

  ta_start (ta, tag, value);
  transport = create (stack, tpac, root, ta_tags (ta));
  ta_end (ta);

  return transport;
}

/**
 * phone_sip_gate_enter:
 *
 * Only one gate at a time may be between enter and leave; main thread.
 */
void
phone_sip_gate_enter (PhoneSipGate *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&gates_lock);
  g_warn_if_fail (entered == NULL);
  entered = self;
  g_atomic_int_set (&self->n_transports, 0);
  g_mutex_unlock (&gates_lock);
}

/**
 * phone_sip_gate_leave:
 * Returns: whether a transport was made that goes through this gate
 */
gboolean
phone_sip_gate_leave (PhoneSipGate *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&gates_lock);
  entered = NULL;
  g_mutex_unlock (&gates_lock);

  return g_atomic_int_get (&self->n_transports) > 0;
}

static gboolean
is_gate (gpointer key,
         gpointer value,
         gpointer user_data)
{
  return value == user_data;
}

/**
 * phone_sip_gate_forget:
 *
 * After the agents are gone.
 */
void
phone_sip_gate_forget (PhoneSipGate *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&gates_lock);
  if (gates)
    g_hash_table_foreach_remove (gates, is_gate, self);
  g_mutex_unlock (&gates_lock);
}

/* Its rules ------------------------------------------------------------------------------------------------------------ */

/**
 * phone_sip_gate_set_rules:
 * See phone_sip_admission_set_rules(). Any thread, as all below.
 */
void
phone_sip_gate_set_rules (PhoneSipGate        *self,
                          const PhoneSipRules *rules)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  phone_sip_admission_set_rules (self->admission, rules);
  g_mutex_unlock (&self->lock);
}

/**
 * phone_sip_gate_set_servers:
 * See phone_sip_admission_set_servers().
 */
void
phone_sip_gate_set_servers (PhoneSipGate      *self,
                            gconstpointer      owner,
                            const char *const *addresses)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  phone_sip_admission_set_servers (self->admission, owner, addresses);
  g_mutex_unlock (&self->lock);
}

/**
 * phone_sip_gate_may_call:
 * See phone_sip_admission_may_call().
 */
gboolean
phone_sip_gate_may_call (PhoneSipGate         *self,
                         const PhoneSipSource *source)
{
  gboolean may;

  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&self->lock);
  may = phone_sip_admission_may_call (self->admission, source);
  g_mutex_unlock (&self->lock);

  return may;
}

/**
 * phone_sip_gate_is_server:
 * See phone_sip_admission_is_server().
 */
gboolean
phone_sip_gate_is_server (PhoneSipGate         *self,
                          const PhoneSipSource *source)
{
  gboolean is_server;

  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&self->lock);
  is_server = phone_sip_admission_is_server (self->admission, source);
  g_mutex_unlock (&self->lock);

  return is_server;
}

/**
 * phone_sip_gate_get_n_dropped:
 * Returns: requests that were not let in since the start
 */
guint64
phone_sip_gate_get_n_dropped (PhoneSipGate *self)
{
  guint64 n;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->lock);
  n = phone_sip_admission_get_n_dropped (self->admission);
  g_mutex_unlock (&self->lock);

  return n;
}

PhoneSipGate *
phone_sip_gate_new (void)
{
  PhoneSipGate *self = g_new0 (PhoneSipGate, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->admission = phone_sip_admission_new ();
  self->answered = phone_sip_answered_new ();

  return self;
}

PhoneSipGate *
phone_sip_gate_ref (PhoneSipGate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
phone_sip_gate_unref (PhoneSipGate *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  phone_sip_admission_free (self->admission);
  phone_sip_answered_free (self->answered);
  g_mutex_clear (&self->lock);
  g_free (self);
}
