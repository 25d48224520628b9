/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-signaling.h"

#include "sip-account.h"
#include "sip-message.h"
#include "sip-music.h"
#include "sip-resolver.h"
#include "sip-session.h"
#include "sip-sockets.h"
#include "sip-stack.h"
#include "sip-trace.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

#include <string.h>

/*
 * The port: finds the session or account a command is for, and the account a request is for.
 */

#define MAX_RINGING 24       /* calls that ring at once; more are busy */
#define STACK_STOP_MS 1200
#define MUSIC_MS 4000        /* for so long a music server may take */

struct _PhoneSipSignaling {
  GObject           parent_instance;

  PhoneEventQueue  *queue;
  PhoneSettings    *settings;
  PhoneSipTimers    timers;
  PhoneSipStack    *stack;
  PhoneSipAccount  *accounts[PHONE_MAX_ACCOUNTS + 1]; /* by number, from 1 */
  GHashTable       *sessions;                         /* call id -> PhoneSipSession */
  GHashTable       *referred;                         /* call id -> PhoneSipSession where we were asked for it */
  GHashTable       *strangers;                        /* call ids: calls that no server of an account sent us */
  gulong            changed_handler;

  gboolean          stopping;
  gboolean          stack_stopping;
  guint             stop_timeout;
};

static void signaling_interface_init (PhoneSignalingInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhoneSipSignaling, phone_sip_signaling, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_SIGNALING, signaling_interface_init))

static void stop_when_quiet (PhoneSipSignaling *self);

static PhoneSipSession *
find_session (PhoneSipSignaling *self,
              guint              call)
{
  return g_hash_table_lookup (self->sessions, GUINT_TO_POINTER (call));
}

static void
on_session_ended (PhoneSipSession *session,
                  gpointer         user_data)
{
  PhoneSipSignaling *self = user_data;

  g_hash_table_remove (self->strangers, GUINT_TO_POINTER (phone_sip_session_get_call (session)));
  g_hash_table_remove (self->sessions, GUINT_TO_POINTER (phone_sip_session_get_call (session)));
  stop_when_quiet (self);
}

/* References: a session may leave the table while it is dealt with. */
static GPtrArray *
list_sessions (PhoneSipSignaling *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    g_ptr_array_add (list, g_object_ref (session));

  return list;
}

static void
read_party_orders (PhoneSipSignaling      *self,
                   guint                   account,
                   PhoneSipSessionOptions *options)
{
  PhoneSettings *settings = self->settings;

  phone_sip_party_order_init_caller (&options->caller,
                                     phone_settings_get_int (settings, PHONE_SETTING_ACCOUNT_CID_SOURCE, account, 0),
                                     phone_settings_get_bool (settings, PHONE_SETTING_ACCOUNT_CID_PREFERRED, account, 0),
                                     phone_settings_get_string (settings, PHONE_SETTING_CID_PREFERENCE, 0, 0));
  options->caller.privacy = phone_settings_get_bool (settings, PHONE_SETTING_ACCOUNT_CID_PRIVACY, account, 0);
  phone_sip_party_order_init_called (&options->called,
                                     phone_settings_get_int (settings, PHONE_SETTING_ACCOUNT_CP_SOURCE, account, 0));
  options->called.privacy = options->caller.privacy;
}

static void
set_options (PhoneSipSignaling *self,
             PhoneSipSession   *session,
             guint              account)
{
  PhoneSipSessionOptions options = { 0 };

  options.reliable = phone_settings_get_bool (self->settings, PHONE_SETTING_ACCOUNT_100REL, account, 0);
  options.session_timer = phone_settings_get_bool (self->settings, PHONE_SETTING_ACCOUNT_SESSION_TIMER, account, 0);
  options.session_expires_s = (guint) phone_settings_get_int (self->settings, PHONE_SETTING_ACCOUNT_SESSION_EXPIRES, account, 0);
  options.uas_refreshes = phone_settings_get_int (self->settings, PHONE_SETTING_ACCOUNT_SESSION_REFRESHER, account, 0) == 1;
  options.encrypts = phone_settings_get_int (self->settings, PHONE_SETTING_ACCOUNT_SRTP, account, 0) != 0;
  options.joinable = phone_settings_get_bool (self->settings, PHONE_SETTING_JOIN, 0, 0);
  options.tells_diversion = phone_settings_get_bool (self->settings, PHONE_SETTING_FWD_DIVERSION, 0, 0);
  read_party_orders (self, account, &options);
  phone_sip_session_set_options (session, &options);
}

static PhoneSipSession *
add_session (PhoneSipSignaling *self,
             PhoneEventQueue   *queue,
             guint              call,
             PhoneSipAccount   *account)
{
  PhoneSipSession *session = phone_sip_session_new (self->stack, queue, &self->timers, call, account);

  if (account)
    set_options (self, session, phone_sip_account_get_number (account));

  phone_sip_session_set_ended (session, on_session_ended, self);
  g_hash_table_insert (self->sessions, GUINT_TO_POINTER (call), session);

  return session;
}

static guint
count_ringing (PhoneSipSignaling *self,
               gboolean           of_strangers)
{
  GHashTableIter iter;
  gpointer call;
  gpointer session;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, &call, &session))
    {
      if (phone_sip_session_get_state (session) == PHONE_SIP_SESSION_INCOMING &&
          (!of_strangers || g_hash_table_contains (self->strangers, call)))
        n++;
    }

  return n;
}

/* Among accounts with the same user name: the one whose server is named or speaks. */
static gboolean
is_better (PhoneSipAccount *account,
           const sip_t     *sip)
{
  const char *server = phone_sip_account_get_server (account);
  const char *address = phone_sip_account_get_address (account);
  const char *source = NULL;

  if (sip->sip_via)
    source = sip->sip_via->v_received ? sip->sip_via->v_received : sip->sip_via->v_host;

  return (sip->sip_to && sip->sip_to->a_url->url_host && g_ascii_strcasecmp (sip->sip_to->a_url->url_host, server) == 0) ||
         (source && address && strcmp (source, address) == 0);
}

static PhoneSipAccount *
match_user (PhoneSipSignaling *self,
            const char        *user,
            const sip_t       *sip)
{
  PhoneSipAccount *found = NULL;

  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      PhoneSipAccount *account = self->accounts[i];

      if (!account || !phone_sip_account_is_enabled (account) || strcmp (phone_sip_account_get_user (account), user) != 0)
        continue;
      if (is_better (account, sip))
        return account;
      if (!found)
        found = account;
    }

  return found;
}

/* The account a request is for: by the request URI, which is the Contact we registered, else by To. */
static PhoneSipAccount *
match_account (PhoneSipSignaling *self,
               const sip_t       *sip)
{
  g_autoptr (PhoneSipUri) uri = phone_sip_message_read_url (sip->sip_request->rq_url);
  g_autoptr (PhoneSipUri) to = sip->sip_to ? phone_sip_message_read_url (sip->sip_to->a_url) : NULL;
  PhoneSipAccount *account = NULL;

  if (uri && uri->user)
    account = match_user (self, uri->user, sip);
  if (!account && to && to->user)
    account = match_user (self, to->user, sip);

  return account;
}

/* Whether the request came from an account's server; and whether whoever sent it may call us at all. */
static gboolean
is_from_server (PhoneSipSignaling   *self,
                const PhoneSipEvent *event,
                gboolean            *may_call)
{
  PhoneSipGate *gate = phone_sip_stack_get_gate (self->stack);
  PhoneSipSource source;

  phone_sip_gate_read_source (nua_current_request (event->nua), &source);
  if (may_call)
    *may_call = phone_sip_gate_may_call (gate, &source);

  return phone_sip_gate_is_server (gate, &source);
}

/* What a caller is refused with before anything rings; 0: nothing. */
static guint
choose_refusal (PhoneSipSignaling *self,
                PhoneSipAccount   *account,
                gboolean           is_stranger,
                gboolean           may_call)
{
  guint limit = (guint) phone_settings_get_int (self->settings, PHONE_SETTING_ABUSE_RINGING, 0, 0);

  if (!account && !phone_settings_get_bool (self->settings, PHONE_SETTING_DIRECT_IP, 0, 0))
    return 404;
  if (!may_call)
    return 403;
  if (count_ringing (self, FALSE) >= MAX_RINGING || (is_stranger && count_ringing (self, TRUE) >= limit))
    {
      g_info ("Too many calls ring at once: refused");
      return 486;
    }

  return 0;
}

/* The call that a header names. Returns what the INVITE is refused with; 0 also when there is no such header. */
static guint
find_named (PhoneSipSignaling *self,
            const sip_t       *sip,
            const char        *name,
            guint             *call)
{
  g_autofree char *header = phone_sip_message_dup_header (sip, name);
  g_autoptr (PhoneSipReplaces) replaces = header ? phone_sip_replaces_parse (header) : NULL;
  GHashTableIter iter;
  gpointer session;

  *call = 0;
  if (!header)
    return 0;
  if (!replaces)
    return 400;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    {
      if (!phone_sip_session_is_dialog (session, replaces))
        continue;
      *call = phone_sip_session_get_call (session);
      return phone_sip_session_refuse_replacement (session, replaces);
    }

  return 481;
}

/* The call whose place an INVITE wants to take (RFC 3891), or that it wants to join (RFC 3911): that is for the server that the
 * call came through, since whoever joins listens. Returns what it is refused with. */
static guint
find_other_call (PhoneSipSignaling *self,
                 const sip_t       *sip,
                 gboolean           is_stranger,
                 guint             *replaced,
                 guint             *joined)
{
  gboolean may_join = phone_settings_get_bool (self->settings, PHONE_SETTING_JOIN, 0, 0);
  guint refusal = find_named (self, sip, "Replaces", replaced);

  *joined = 0;
  if (refusal != 0)
    return refusal;
  if (!may_join)
    return phone_sip_message_has_feature (sip, "join", TRUE) ? 420 : 0;

  refusal = find_named (self, sip, "Join", joined);
  if (refusal == 0 && *joined != 0 && is_stranger)
    refusal = 403;
  if (refusal == 0 && *joined != 0 && *replaced != 0)
    refusal = 400; /* RFC 3911 §4 */

  return refusal;
}

static void
refuse_incoming (const PhoneSipEvent *event,
                 guint                refusal)
{
  nua_respond (event->handle, (int) refusal, sip_status_phrase ((int) refusal), NUTAG_WITH_THIS (event->nua),
               TAG_IF (refusal == 420, SIPTAG_UNSUPPORTED_STR ("join")), TAG_END ());
}

static gboolean
handle_incoming (PhoneSipSignaling   *self,
                 const PhoneSipEvent *event)
{
  PhoneSipAccount *account;
  PhoneSipSession *session;
  gboolean is_stranger;
  gboolean may_call;
  guint refusal;
  guint replaced = 0;
  guint joined = 0;
  guint call;

  if (event->status >= 200 || !event->sip || !event->sip->sip_from || !event->sip->sip_request)
    return FALSE;

  account = match_account (self, event->sip);
  is_stranger = !is_from_server (self, event, &may_call);
  refusal = choose_refusal (self, account, is_stranger, may_call);
  if (refusal == 0)
    refusal = find_other_call (self, event->sip, is_stranger, &replaced, &joined);
  if (refusal != 0)
    {
      refuse_incoming (event, refusal);
      return FALSE;
    }

  call = phone_event_queue_new_call (self->queue);
  if (event->sip->sip_call_id && event->sip->sip_call_id->i_id)
    phone_sip_trace_name_call (event->sip->sip_call_id->i_id, call);
  session = add_session (self, self->queue, call, account);
  phone_sip_session_set_replaced (session, replaced);
  phone_sip_session_set_joined (session, joined);
  if (is_stranger)
    g_hash_table_add (self->strangers, GUINT_TO_POINTER (call));
  if (phone_sip_session_take (session, event))
    return TRUE;

  phone_sip_session_set_ended (session, NULL, NULL);
  g_hash_table_remove (self->strangers, GUINT_TO_POINTER (call));
  g_hash_table_remove (self->sessions, GUINT_TO_POINTER (call));
  return FALSE;
}

/* A REFER outside a call, which the gate lets in from an account's server when the settings allow it. */
static gboolean
handle_refer (PhoneSipSignaling   *self,
              const PhoneSipEvent *event)
{
  PhoneSipAccount *account;
  PhoneSipSession *session;

  if (event->status >= 200 || !event->sip || !event->sip->sip_request || !event->sip->sip_from || !event->sip->sip_cseq)
    return FALSE;

  account = match_account (self, event->sip);
  if (!account || self->stopping)
    {
      refuse_incoming (event, account ? 603 : 404);
      return FALSE;
    }

  session = add_session (self, self->queue, phone_event_queue_new_call (self->queue), account);
  if (phone_sip_session_take_refer (session, event))
    return TRUE;

  phone_sip_session_drop (session);
  return TRUE;
}

/* Answered as an INVITE would be (RFC 3261 §11.2), except that a busy phone is still there. */
static void
handle_options (PhoneSipSignaling   *self,
                const PhoneSipEvent *event)
{
  gboolean may_call;

  if (event->status >= 200)
    return;

  is_from_server (self, event, &may_call);
  if (may_call)
    /* Accept and Allow are the library's. */
    nua_respond (event->handle, SIP_200_OK, NUTAG_WITH_THIS (event->nua), TAG_END ());
  else
    nua_respond (event->handle, SIP_403_FORBIDDEN, NUTAG_WITH_THIS (event->nua), TAG_END ());
}

static gboolean
on_stray (const PhoneSipEvent *event,
          gpointer             user_data)
{
  PhoneSipSignaling *self = user_data;

  switch ((int) event->event)
    {
    case nua_i_invite:
      return !self->stopping && handle_incoming (self, event);
    case nua_i_options:
      handle_options (self, event);
      return FALSE;
    case nua_i_refer:
      return handle_refer (self, event);
    case nua_i_info:
      /* Outside a call it means nothing to us. */
      if (event->status < 200)
        nua_respond (event->handle, 481, "Call Does Not Exist", NUTAG_WITH_THIS (event->nua), TAG_END ());
      return FALSE;
    default:
      return FALSE;
    }
}

static guint
get_rate (PhoneSipSignaling *self,
          PhoneSettingId     id)
{
  return (guint) phone_settings_get_int (self->settings, id, 0, 0);
}

static void
apply_rules (PhoneSipSignaling *self)
{
  const PhoneSipRules rules = {
    .servers_only = phone_settings_get_bool (self->settings, PHONE_SETTING_TRUST_CTRL, 0, 0),
    .direct_calls = phone_settings_get_bool (self->settings, PHONE_SETTING_DIRECT_IP, 0, 0),
    .allow_refer = phone_settings_get_bool (self->settings, PHONE_SETTING_REFER, 0, 0),
    .silence_scanners = phone_settings_get_bool (self->settings, PHONE_SETTING_ABUSE_SCANNERS, 0, 0),
    .source_rate = get_rate (self, PHONE_SETTING_ABUSE_SOURCE_RATE),
    .total_rate = get_rate (self, PHONE_SETTING_ABUSE_TOTAL_RATE),
    .server_rate = get_rate (self, PHONE_SETTING_ABUSE_SERVER_RATE),
  };

  phone_sip_gate_set_rules (phone_sip_stack_get_gate (self->stack), &rules);
}

static void
on_setting_changed (PhoneSettings *settings,
                    const char    *key,
                    guint          layer,
                    gpointer       user_data)
{
  if (g_str_has_prefix (key, "deskset.abuse.") || g_str_has_suffix (key, "deskset.refer.enable") ||
      g_str_has_suffix (key, "sip.trust_ctrl") || g_str_has_suffix (key, "features.direct_ip_call_enable"))
    apply_rules (user_data);
}

static void
on_stack_stopped (PhoneSipStack *stack,
                  gpointer       user_data)
{
  PhoneSipSignaling *self = user_data;
  PhoneEvent event = { .type = PHONE_EVENT_SIGNALING_STOPPED };

  phone_event_queue_post (self->queue, &event);
  g_object_unref (self);
}

static void
stop_stack (PhoneSipSignaling *self)
{
  g_autoptr (GPtrArray) left = NULL;
  gboolean keeps_binding = FALSE;

  if (self->stack_stopping)
    return;

  self->stack_stopping = TRUE;
  g_clear_handle_id (&self->stop_timeout, g_source_remove);

  left = list_sessions (self);
  for (guint i = 0; i < left->len; i++)
    phone_sip_session_drop (g_ptr_array_index (left, i));

  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      if (!self->accounts[i])
        continue;
      if (phone_sip_account_keeps_binding (self->accounts[i]))
        keeps_binding = TRUE;
      else
        phone_sip_account_release (self->accounts[i]);
    }

  g_object_ref (self);
  if (keeps_binding)
    {
      phone_sip_stack_abandon (self->stack);
      on_stack_stopped (self->stack, self);
    }
  else
    {
      phone_sip_stack_stop (self->stack, STACK_STOP_MS, on_stack_stopped, self);
    }
}

static gboolean
is_quiet (PhoneSipSignaling *self)
{
  if (g_hash_table_size (self->sessions) > 0)
    return FALSE;

  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      if (self->accounts[i] && phone_sip_account_is_leaving (self->accounts[i]))
        return FALSE;
    }

  return TRUE;
}

static void
stop_when_quiet (PhoneSipSignaling *self)
{
  if (self->stopping && !self->stack_stopping && is_quiet (self))
    stop_stack (self);
}

static void
on_account_left (PhoneSipAccount *account,
                 gpointer         user_data)
{
  stop_when_quiet (user_data);
}

static gboolean
on_stop_timeout (gpointer user_data)
{
  PhoneSipSignaling *self = user_data;

  self->stop_timeout = 0;
  g_info ("Some calls or registrations did not end in time");
  stop_stack (self);

  return G_SOURCE_REMOVE;
}

/* Only for a whole agent: off when every account says so. */
static void
update_rport (PhoneSipSignaling *self)
{
  gboolean any = FALSE, rport = FALSE;

  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      if (!self->accounts[i] || !phone_sip_account_is_enabled (self->accounts[i]))
        continue;
      any = TRUE;
      rport = rport || phone_sip_account_get_rport (self->accounts[i]) != PHONE_RPORT_OFF;
    }
  phone_sip_stack_set_rport (self->stack, rport || !any);
}

static void
signaling_set_account (PhoneSignaling           *signaling,
                       const PhoneAccountConfig *config)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);

  g_return_if_fail (config->account >= 1 && config->account <= PHONE_MAX_ACCOUNTS);

  if (self->stopping)
    return;

  if (!self->accounts[config->account])
    {
      self->accounts[config->account] = phone_sip_account_new (self->stack, self->queue, &self->timers, config->account);
      phone_sip_account_set_left (self->accounts[config->account], on_account_left, self);
    }
  phone_sip_account_configure (self->accounts[config->account], config);
  update_rport (self);
}

static void
signaling_refresh (PhoneSignaling *signaling,
                   guint           number)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);

  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS && !self->stopping; i++)
    {
      if (self->accounts[i] && (number == 0 || number == i))
        phone_sip_account_refresh (self->accounts[i]);
    }
}

static void
signaling_network_changed (PhoneSignaling   *signaling,
                           PhoneNetworkNews  news)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  guint n_shut;

  if (self->stopping)
    return;

  n_shut = phone_sip_sockets_shut (news != PHONE_NETWORK_CHANGED);
  g_info ("The network: %s, %u connections given up", phone_network_news_to_string (news), n_shut);
  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      if (self->accounts[i])
        phone_sip_account_network_changed (self->accounts[i], news);
    }
}

static void
post_terminated (PhoneSipSignaling *self,
                 guint              call,
                 guint              status,
                 const char        *text)
{
  PhoneEvent event = { .type = PHONE_EVENT_TERMINATED, .call = call, .status = status, .text = (char *) text };

  phone_event_queue_post (self->queue, &event);
}

static void
signaling_invite (PhoneSignaling *signaling,
                  guint           call,
                  guint           number,
                  const char     *target,
                  PhoneMediaDesc *offer)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  g_autoptr (PhoneSipSession) session = NULL;
  PhoneSipSession *referrer;

  g_return_if_fail (call != 0 && number <= PHONE_MAX_ACCOUNTS && offer != NULL);
  g_return_if_fail (find_session (self, call) == NULL);

  if (self->stopping || (number > 0 && !self->accounts[number]))
    {
      post_terminated (self, call, 503, self->stopping ? "The phone is stopping" : "No such account");
      return;
    }

  session = g_object_ref (add_session (self, self->queue, call, number > 0 ? self->accounts[number] : NULL));
  referrer = g_hash_table_lookup (self->referred, GUINT_TO_POINTER (call));
  if (referrer)
    phone_sip_session_set_referrer (session, referrer);
  g_hash_table_remove (self->referred, GUINT_TO_POINTER (call));
  phone_sip_session_invite (session, target, offer);
}

static void
signaling_ring (PhoneSignaling *signaling,
                guint           call)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_ring (session);
}

static void
signaling_answer (PhoneSignaling *signaling,
                  guint           call,
                  PhoneMediaDesc *answer)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_answer (session, answer);
}

static void
signaling_reject (PhoneSignaling *signaling,
                  guint           call,
                  guint           status)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_reject (session, status);
}

static void
signaling_divert (PhoneSignaling *signaling,
                  guint           call,
                  const char     *target,
                  const char     *reason)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_divert (session, target, reason);
}

static void
signaling_hangup (PhoneSignaling *signaling,
                  guint           call)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  PhoneSipSession *session = find_session (self, call);
  PhoneSipSession *referrer = g_hash_table_lookup (self->referred, GUINT_TO_POINTER (call));

  if (session)
    phone_sip_session_hangup (session);
  /* A call that somebody asked for and that never went out. */
  if (referrer)
    phone_sip_session_report_refer (referrer, 603);
  g_hash_table_remove (self->referred, GUINT_TO_POINTER (call));
}

static void
signaling_transfer (PhoneSignaling *signaling,
                    guint           call,
                    const char     *target,
                    guint           other)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  PhoneSipSession *session = find_session (self, call);
  PhoneSipSession *replaced = other ? find_session (self, other) : NULL;
  guint account = session ? phone_sip_session_get_account (session) : 0;
  gboolean by_contact = account && phone_settings_get_bool (self->settings, PHONE_SETTING_ACCOUNT_REFER_TO_CONTACT, account, 0);

  if (session)
    phone_sip_session_transfer (session, target, replaced, by_contact);
}

static void
signaling_answer_refer (PhoneSignaling *signaling,
                        guint           call,
                        guint           new_call)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  PhoneSipSession *session = find_session (self, call);

  if (!session)
    return;
  if (new_call)
    g_hash_table_insert (self->referred, GUINT_TO_POINTER (new_call), g_object_ref (session));
  phone_sip_session_answer_refer (session, new_call != 0);
}

static void
signaling_modify (PhoneSignaling *signaling,
                  guint           call,
                  PhoneMediaDesc *offer)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_modify (session, offer);
}

/* Who makes the calls to the music server of a call on hold. */
typedef struct {
  PhoneSipSignaling *signaling;  /* (not owned): outlives its sessions, and these their music */
  PhoneSipAccount   *account;    /* nullable */
  guint              call;
} MusicCaller;

static void
free_music_caller (gpointer data)
{
  MusicCaller *caller = data;

  g_clear_object (&caller->account);
  g_free (caller);
}

static PhoneSipSession *
call_music (PhoneEventQueue *queue,
            gpointer         user_data)
{
  MusicCaller *caller = user_data;
  PhoneSipSignaling *self = caller->signaling;
  PhoneSipSession *session;

  if (self->stopping)
    return NULL;

  session = add_session (self, queue, phone_event_queue_new_call (self->queue), caller->account);
  phone_sip_session_set_trace_call (session, caller->call);
  return g_object_ref (session);
}

static void
signaling_hold (PhoneSignaling *signaling,
                guint           call,
                PhoneMediaDesc *offer,
                const char     *music)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  PhoneSipSession *session = find_session (self, call);
  MusicCaller *caller;
  guint account;

  if (!session)
    return;

  account = phone_sip_session_get_account (session);
  caller = g_new0 (MusicCaller, 1);
  caller->signaling = self;
  caller->call = call;
  if (account > 0 && self->accounts[account])
    caller->account = g_object_ref (self->accounts[account]);
  phone_sip_session_hold (session, offer, phone_sip_music_new (music, MUSIC_MS, call_music, caller, free_music_caller));
}

static void
signaling_accept_modify (PhoneSignaling *signaling,
                         guint           call,
                         PhoneMediaDesc *answer)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_accept_modify (session, answer);
}

static void
signaling_send_digit (PhoneSignaling *signaling,
                      guint           call,
                      char            digit,
                      guint           duration_ms)
{
  PhoneSipSession *session = find_session (PHONE_SIP_SIGNALING (signaling), call);

  if (session)
    phone_sip_session_send_digit (session, digit, duration_ms);
}

static char *
signaling_dup_local_address (PhoneSignaling *signaling,
                             guint           number,
                             const char     *target)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  PhoneSipAccount *account = number >= 1 && number <= PHONE_MAX_ACCOUNTS ? self->accounts[number] : NULL;
  const PhoneSipUri *domain = account ? phone_sip_account_get_domain (account) : NULL;
  g_autoptr (PhoneSipUri) uri = NULL;

  if (account && phone_sip_account_get_address (account))
    return phone_sip_stack_dup_local_address (self->stack, phone_sip_account_get_address (account));

  if (target && *target)
    uri = phone_sip_uri_for_target (target, domain, NULL);
  if (uri && phone_sip_is_address (uri->host))
    return phone_sip_stack_dup_local_address (self->stack, uri->host);

  return phone_sip_stack_dup_local_address (self->stack, NULL);
}

static guint
signaling_get_local_port (PhoneSignaling *signaling)
{
  return phone_sip_stack_get_port (PHONE_SIP_SIGNALING (signaling)->stack, PHONE_TRANSPORT_UDP);
}

static void
signaling_count (PhoneSignaling *signaling,
                 guint          *n_dialogs,
                 guint          *n_handles)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);

  *n_dialogs = phone_sip_signaling_get_n_sessions (self);
  *n_handles = phone_sip_signaling_get_n_handles (self);
}

static void
signaling_shutdown (PhoneSignaling *signaling)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (signaling);
  g_autoptr (PhoneSipSignaling) alive = g_object_ref (self);
  g_autoptr (GPtrArray) running = NULL;

  if (self->stopping)
    return;

  self->stopping = TRUE;
  self->stop_timeout = g_timeout_add (self->timers.stop_ms, on_stop_timeout, self);

  running = list_sessions (self);
  for (guint i = 0; i < running->len; i++)
    {
      phone_sip_session_stop_waiting (g_ptr_array_index (running, i));
      phone_sip_session_hangup (g_ptr_array_index (running, i));
    }

  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      if (self->accounts[i] && !phone_sip_account_keeps_binding (self->accounts[i]))
        phone_sip_account_leave (self->accounts[i]);
    }

  stop_when_quiet (self);
}

static void
signaling_interface_init (PhoneSignalingInterface *iface)
{
  iface->set_account = signaling_set_account;
  iface->refresh = signaling_refresh;
  iface->network_changed = signaling_network_changed;
  iface->invite = signaling_invite;
  iface->ring = signaling_ring;
  iface->answer = signaling_answer;
  iface->reject = signaling_reject;
  iface->divert = signaling_divert;
  iface->hangup = signaling_hangup;
  iface->transfer = signaling_transfer;
  iface->answer_refer = signaling_answer_refer;
  iface->modify = signaling_modify;
  iface->hold = signaling_hold;
  iface->accept_modify = signaling_accept_modify;
  iface->send_digit = signaling_send_digit;
  iface->dup_local_address = signaling_dup_local_address;
  iface->get_local_port = signaling_get_local_port;
  iface->count = signaling_count;
  iface->shutdown = signaling_shutdown;
}

guint
phone_sip_signaling_get_port (PhoneSipSignaling *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SIGNALING (self), 0);

  return phone_sip_stack_get_port (self->stack, PHONE_TRANSPORT_UDP);
}

/* Calls whose dialog is not over on the wire. */
guint
phone_sip_signaling_get_n_sessions (PhoneSipSignaling *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SIGNALING (self), 0);

  return g_hash_table_size (self->sessions);
}

/* Handles of the library that exist because of us, for tests that look for leaks. */
guint
phone_sip_signaling_get_n_handles (PhoneSipSignaling *self)
{
  g_return_val_if_fail (PHONE_IS_SIP_SIGNALING (self), 0);

  return phone_sip_stack_get_n_handles (self->stack);
}

static void
detach_sessions (PhoneSipSignaling *self)
{
  g_autoptr (GPtrArray) left = list_sessions (self);

  for (guint i = 0; i < left->len; i++)
    {
      phone_sip_session_set_ended (g_ptr_array_index (left, i), NULL, NULL);
      phone_sip_session_drop (g_ptr_array_index (left, i));
    }
  g_hash_table_remove_all (self->sessions);
}

static void
phone_sip_signaling_dispose (GObject *object)
{
  PhoneSipSignaling *self = PHONE_SIP_SIGNALING (object);

  g_clear_handle_id (&self->stop_timeout, g_source_remove);
  if (self->sessions)
    detach_sessions (self);
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->strangers, g_hash_table_unref);
  g_clear_pointer (&self->referred, g_hash_table_unref);
  if (self->settings)
    g_clear_signal_handler (&self->changed_handler, self->settings);
  for (guint i = 1; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      if (self->accounts[i])
        phone_sip_account_set_left (self->accounts[i], NULL, NULL);
      g_clear_object (&self->accounts[i]);
    }

  if (self->stack)
    {
      phone_sip_stack_set_stray (self->stack, NULL, NULL);
      if (!self->stack_stopping)
        phone_sip_stack_stop (self->stack, STACK_STOP_MS, NULL, NULL);
      self->stack_stopping = TRUE;
    }
  g_clear_object (&self->stack);
  g_clear_object (&self->queue);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (phone_sip_signaling_parent_class)->dispose (object);
}

static void
phone_sip_signaling_class_init (PhoneSipSignalingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_sip_signaling_dispose;
}

static void
phone_sip_signaling_init (PhoneSipSignaling *self)
{
  const PhoneSipTimers timers = PHONE_SIP_TIMERS_DEFAULT;

  self->timers = timers;
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->strangers = g_hash_table_new (NULL, NULL);
  self->referred = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

static guint
read_ms (PhoneSettings  *settings,
         PhoneSettingId  id)
{
  return (guint) (g_ascii_strtod (phone_settings_get_string (settings, id, 0, 0), NULL) * 1000);
}

static void
read_timers (PhoneSipSignaling *self)
{
  self->timers.t1_ms = read_ms (self->settings, PHONE_SETTING_TIMER_T1);
  self->timers.t2_ms = read_ms (self->settings, PHONE_SETTING_TIMER_T2);
  self->timers.t4_ms = read_ms (self->settings, PHONE_SETTING_TIMER_T4);
}

static PhoneSipStack *
make_stack (PhoneSipSignaling *self,
            const char        *bind_address,
            guint              port,
            const char        *user_agent,
            gboolean           threads)
{
  g_autoptr (PhoneSipTls) tls = phone_sip_tls_new (self->settings);
  gboolean any_port = port == 0; /* who wants a free port wants free ports */
  PhoneSipStackConfig config = {
    .bind_address = bind_address, .port = port, .user_agent = user_agent ? user_agent : "Deskset", .threads = threads,
    .tls_port = any_port ? 0 : (guint) phone_settings_get_int (self->settings, PHONE_SETTING_TLS_PORT, 0, 0),
    .t1_ms = self->timers.t1_ms, .t2_ms = self->timers.t2_ms, .t4_ms = self->timers.t4_ms, .tls = tls,
    .dscp = (guint) phone_settings_get_int (self->settings, PHONE_SETTING_SIP_DSCP, 0, 0),
  };

  return phone_sip_stack_new (&config);
}

PhoneSignaling *
phone_sip_signaling_new_full (PhoneEventQueue      *queue,
                              PhoneSettings        *settings,
                              const char           *bind_address,
                              int                   port,
                              const char           *user_agent,
                              gboolean              threads,
                              const PhoneSipTimers *timers)
{
  g_autoptr (GError) error = NULL;
  PhoneSipSignaling *self;

  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (queue), NULL);
  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);

  if (port < 0)
    port = (int) phone_settings_get_int (settings, PHONE_SETTING_LISTEN_PORT, 0, 0);

  self = g_object_new (PHONE_TYPE_SIP_SIGNALING, NULL);
  self->queue = g_object_ref (queue);
  self->settings = g_object_ref (settings);
  read_timers (self);
  if (timers)
    self->timers = *timers;
  self->stack = make_stack (self, bind_address, (guint) port, user_agent, threads);
  phone_sip_stack_set_stray (self->stack, on_stray, self);
  apply_rules (self);
  self->changed_handler = g_signal_connect (self->settings, "changed", G_CALLBACK (on_setting_changed), self);

  /* Without a socket the phone still runs: accounts and calls say "No network". */
  if (!phone_sip_stack_start (self->stack, &error))
    g_warning ("%s", error->message);

  return PHONE_SIGNALING (self);
}

/**
 * phone_sip_signaling_new:
 * @bind_address: (nullable): the only local IP address to use
 * @port: local SIP port; -1: from the settings; 0: any. A port that is taken is replaced by a free one
 * @user_agent: value of the User-Agent header
 *
 * Returns: (transfer full): the port, listening
 */
PhoneSignaling *
phone_sip_signaling_new (PhoneEventQueue *queue,
                         PhoneSettings   *settings,
                         const char      *bind_address,
                         int              port,
                         const char      *user_agent)
{
  const char *topics = g_getenv ("DESKSET_DEBUG");

  return phone_sip_signaling_new_full (queue, settings, bind_address, port, user_agent,
                                       !(topics && strstr (topics, "single-thread-sip")), NULL);
}
