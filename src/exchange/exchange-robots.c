/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#define NUA_MAGIC_T struct _ExchangeRobots
#define NUA_HMAGIC_T struct _RobotCall

#include "exchange-robots.h"

#include <sofia-sip/nua.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <string.h>

#include "exchange-directory.h"
#include "exchange-sdp.h"

#define CALL_BACK_AFTER_MS 3000
#define CALL_BACK_RINGS_MS 30000
#define STOP_WITHIN_MS 2000
#define MAX_TRIES 3
#define MAX_DIGITS 32
#define SDP_TYPE "application/sdp"

typedef struct _RobotCall RobotCall;

struct _ExchangeRobots {
  nua_t      *nua;
  char       *address;
  char       *uri;
  char       *domain;
  char       *route;
  GPtrArray  *calls;           /* RobotCall */
  GHashTable *call_backs;      /* source id -> itself, of calls still to be made */
  GSList     *dead;            /* handles to destroy when no callback of theirs is running */
  guint       burial;
  guint       stop_timer;
  void      (*stopped) (gpointer user_data);
  gpointer    stopped_data;
  gboolean    is_stopped;
};

/* What the script of a call waits for. */
typedef enum {
  WAITS_FOR_NOTHING,
  WAITS_FOR_TIMER,
  WAITS_FOR_SOUND,
  WAITS_FOR_DIGITS,
  WAITS_FOR_MODIFY,            /* the answer to a re-INVITE of ours */
} WaitsFor;

struct _RobotCall {
  ExchangeRobots      *robots;
  nua_handle_t        *handle;
  const ExchangeRobot *robot;
  char                *caller;     /* user part of who called */
  GBytes              *offer;      /* theirs, until answered */
  ExchangeRtp         *rtp;
  ExchangeMedia        media;
  guint                session;
  guint                version;
  guint                step;
  WaitsFor             waits_for;
  guint                timer;
  guint                limit;      /* timer of an unanswered call-back */
  gboolean             outgoing;
  gboolean             answered;
  gboolean             answer_in_ack;
  gboolean             hold;
  GString             *digits;
  guint                tries;
  gboolean             asks_again;  /* once the sound for "wrong" is over */
};

typedef struct {
  ExchangeRobots *robots;
  char           *user;
  guint           id;
} CallBack;

static void run (RobotCall *call);

/* ---- the life of a call ---- */

static gboolean
on_bury (gpointer data)
{
  ExchangeRobots *self = data;
  GSList *dead = g_steal_pointer (&self->dead);

  self->burial = 0;
  for (GSList *item = dead; item; item = item->next)
    nua_handle_destroy (item->data);
  g_slist_free (dead);

  return G_SOURCE_REMOVE;
}

/* Destroying a handle inside one of its own callbacks makes the library assert: do it later. */
static void
bury (ExchangeRobots *self,
      nua_handle_t   *handle)
{
  nua_handle_bind (handle, NULL);
  self->dead = g_slist_prepend (self->dead, handle);
  if (self->burial == 0)
    self->burial = g_idle_add (on_bury, self);
}

static void
robot_call_free (gpointer data)
{
  RobotCall *call = data;

  g_clear_handle_id (&call->timer, g_source_remove);
  g_clear_handle_id (&call->limit, g_source_remove);
  g_clear_pointer (&call->rtp, exchange_rtp_free);
  g_clear_pointer (&call->offer, g_bytes_unref);
  exchange_media_clear (&call->media);
  g_string_free (call->digits, TRUE);
  g_free (call->caller);
  g_free (call);
}

static RobotCall *
robot_call_new (ExchangeRobots      *self,
                const ExchangeRobot *robot,
                nua_handle_t        *handle)
{
  RobotCall *call = g_new0 (RobotCall, 1);

  call->robots = self;
  call->robot = robot;
  call->handle = handle;
  call->session = g_random_int_range (1, G_MAXINT);
  call->media.event_payload_type = -1;
  call->digits = g_string_new (NULL);
  g_ptr_array_add (self->calls, call);
  nua_handle_bind (handle, call);

  return call;
}

static void start_call_back (RobotCall *call);

static void
call_back (ExchangeRobots *self,
           const char     *user)
{
  const ExchangeRobot *robot = exchange_directory_get_call_back ();
  g_autofree char *to = g_strdup_printf ("<sip:%s@%s>", user, self->domain);
  g_autofree char *from = g_strdup_printf ("\"%s\" <sip:%s@%s>", exchange_robot_get_name (robot), robot->number,
                                           self->domain);
  nua_handle_t *handle;

  if (self->calls->len >= EXCHANGE_MAX_ROBOT_CALLS)
    return;
  handle = nua_handle (self->nua, NULL, SIPTAG_TO_STR (to), SIPTAG_FROM_STR (from), TAG_END ());
  if (!handle)
    return;
  start_call_back (robot_call_new (self, robot, handle));
}

static gboolean
on_call_back_due (gpointer data)
{
  CallBack *back = data;
  ExchangeRobots *self = back->robots;
  g_autofree char *user = g_strdup (back->user);

  g_hash_table_remove (self->call_backs, GUINT_TO_POINTER (back->id));
  call_back (self, user);

  return G_SOURCE_REMOVE;
}

static void
call_back_free (gpointer data)
{
  CallBack *back = data;

  g_free (back->user);
  g_free (back);
}

static void
plan_call_back (ExchangeRobots *self,
                const char     *user)
{
  CallBack *back;

  if (!self->route || self->stopped || g_hash_table_size (self->call_backs) >= EXCHANGE_MAX_ROBOT_CALLS)
    return;
  back = g_new0 (CallBack, 1);
  back->robots = self;
  back->user = g_strdup (user);
  back->id = g_timeout_add_full (G_PRIORITY_DEFAULT, CALL_BACK_AFTER_MS, on_call_back_due, back, call_back_free);
  g_hash_table_add (self->call_backs, GUINT_TO_POINTER (back->id));
}

static void
end (RobotCall *call)
{
  ExchangeRobots *self = call->robots;

  g_debug ("robot %s: call over", call->robot->number);
  if (call->answered && call->robot->calls_back && call->caller)
    plan_call_back (self, call->caller);
  bury (self, call->handle);
  g_ptr_array_remove_fast (self->calls, call);
}

/* ---- media ---- */

static void
ask (RobotCall *call)
{
  call->waits_for = WAITS_FOR_DIGITS;
  call->asks_again = FALSE;
  exchange_rtp_play (call->rtp, EXCHANGE_SOUND_QUESTION);
}

static void
on_sound_ended (gpointer data)
{
  RobotCall *call = data;

  if (call->waits_for == WAITS_FOR_SOUND)
    {
      call->waits_for = WAITS_FOR_NOTHING;
      run (call);
    }
  else if (call->waits_for == WAITS_FOR_DIGITS && call->asks_again)
    ask (call);
}

static void
check_digits (RobotCall *call)
{
  const char *wanted = call->robot->steps[call->step - 1].text;

  if (strcmp (call->digits->str, wanted) == 0)
    {
      call->waits_for = WAITS_FOR_NOTHING;
      run (call);
      return;
    }
  g_string_truncate (call->digits, 0);
  if (++call->tries >= MAX_TRIES)
    nua_bye (call->handle, TAG_END ());
  else
    {
      call->asks_again = TRUE;
      exchange_rtp_play (call->rtp, EXCHANGE_SOUND_WRONG);
    }
}

static void
take_digit (RobotCall *call,
            char       digit)
{
  g_debug ("robot %s: digit %c", call->robot->number, digit);
  if (call->waits_for != WAITS_FOR_DIGITS)
    return;
  if (digit == '#')
    check_digits (call);
  else if (call->digits->len < MAX_DIGITS)
    g_string_append_c (call->digits, digit);
}

static void
on_digit (char     digit,
          gpointer data)
{
  take_digit (data, digit);
}

static gboolean
ensure_rtp (RobotCall *call)
{
  static const ExchangeRtpFuncs funcs = { .sound_ended = on_sound_ended, .digit = on_digit };
  g_autoptr (GError) error = NULL;

  if (call->rtp)
    return TRUE;
  call->rtp = exchange_rtp_new (call->robots->address, &funcs, call, &error);
  if (!call->rtp)
    g_warning ("%s", error->message);
  return call->rtp != NULL;
}

static void
apply_media (RobotCall *call)
{
  exchange_rtp_set_remote (call->rtp, call->media.address, call->media.port, call->media.codec,
                           call->media.payload_type, call->media.event_payload_type);
  exchange_rtp_set_sending (call->rtp, call->media.may_send);
}

static gboolean
reflects (RobotCall *call)
{
  for (guint i = 0; i < EXCHANGE_MAX_STEPS; i++)
    if (call->robot->steps[i].kind == EXCHANGE_STEP_ECHO)
      return TRUE;

  return FALSE;
}

static ExchangeSdpLocal
describe (RobotCall *call)
{
  return (ExchangeSdpLocal) {
    .address = call->robots->address,
    .port = exchange_rtp_get_port (call->rtp),
    .session = call->session,
    .version = ++call->version,
    .reflect = reflects (call),
    .hold = call->hold,
  };
}

/* Our answer to an offer, applied; NULL after the refusal was sent. */
static char *
answer_offer (RobotCall *call,
              GBytes    *offer)
{
  g_autoptr (GError) error = NULL;
  ExchangeSdpLocal local;
  char *answer;
  gsize length;
  const char *text = g_bytes_get_data (offer, &length);

  if (!ensure_rtp (call))
    {
      nua_respond (call->handle, SIP_503_SERVICE_UNAVAILABLE, TAG_END ());
      return NULL;
    }
  local = describe (call);
  answer = exchange_sdp_answer (text, length, &local, &call->media, &error);
  if (answer)
    apply_media (call);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    nua_respond (call->handle, SIP_488_NOT_ACCEPTABLE, TAG_END ());
  else
    nua_respond (call->handle, SIP_400_BAD_REQUEST, TAG_END ());

  return answer;
}

static void
read_answer (RobotCall   *call,
             sip_t const *sip)
{
  g_autoptr (GError) error = NULL;

  if (!sip || !sip->sip_payload || !sip->sip_payload->pl_data)
    return;
  if (exchange_sdp_read_answer (sip->sip_payload->pl_data, sip->sip_payload->pl_len, &call->media, &error))
    apply_media (call);
  else
    g_message ("robot %s: %s", call->robot->number, error->message);
}

static GBytes *
dup_payload (sip_t const *sip)
{
  if (!sip || !sip->sip_payload || !sip->sip_payload->pl_data || sip->sip_payload->pl_len == 0)
    return NULL;
  return g_bytes_new (sip->sip_payload->pl_data, sip->sip_payload->pl_len);
}

/* ---- steps ---- */

static void
respond_with_sdp (RobotCall *call,
                  int        status)
{
  g_autofree char *sdp = NULL;

  if (call->offer)
    {
      sdp = answer_offer (call, call->offer);
      if (!sdp)
        return;
    }
  else if (status >= 200)
    {
      ExchangeSdpLocal local;

      if (!ensure_rtp (call))
        {
          nua_respond (call->handle, SIP_503_SERVICE_UNAVAILABLE, TAG_END ());
          return;
        }
      local = describe (call);
      local.reflect = FALSE;
      sdp = exchange_sdp_offer (&local);
      call->answer_in_ack = TRUE;
    }
  else
    {
      /* Without an offer there is no early media to describe. */
      nua_respond (call->handle, SIP_180_RINGING, TAG_END ());
      return;
    }

  call->answered |= status >= 200;
  nua_respond (call->handle, status, sip_status_phrase (status), NUTAG_AUTOANSWER (0),
               SIPTAG_CONTENT_TYPE_STR (SDP_TYPE), SIPTAG_PAYLOAD_STR (sdp), TAG_END ());
}

static void
respond_plain (RobotCall          *call,
               const ExchangeStep *step)
{
  if (step->kind == EXCHANGE_STEP_REDIRECT)
    {
      g_autofree char *contact = g_strdup_printf ("<sip:%s@%s>", step->text, call->robots->domain);

      nua_respond (call->handle, SIP_302_MOVED_TEMPORARILY, SIPTAG_CONTACT_STR (contact), TAG_END ());
    }
  else if (step->kind == EXCHANGE_STEP_CHALLENGE)
    {
      g_autoptr (GString) challenge = g_string_new (step->text);
      g_autofree char *nonce = g_strdup_printf ("%08x", g_random_int ());

      g_string_replace (challenge, "%08x", nonce, 1);
      nua_respond (call->handle, step->value, sip_status_phrase (step->value),
                   SIPTAG_PROXY_AUTHENTICATE_STR (challenge->str), TAG_END ());
    }
  else
    nua_respond (call->handle, step->value, sip_status_phrase (step->value), TAG_END ());
}

static gboolean
on_wait_over (gpointer data)
{
  RobotCall *call = data;

  call->timer = 0;
  call->waits_for = WAITS_FOR_NOTHING;
  run (call);

  return G_SOURCE_REMOVE;
}

static void
play (RobotCall     *call,
      ExchangeSound  sound)
{
  if (!ensure_rtp (call))
    return;
  exchange_rtp_play (call->rtp, sound);
  if (!exchange_sound_is_endless (sound) && call->media.may_send && call->media.codec != EXCHANGE_CODEC_NONE)
    call->waits_for = WAITS_FOR_SOUND;
}

static void
modify (RobotCall              *call,
        const ExchangeStepKind  kind)
{
  call->waits_for = WAITS_FOR_MODIFY;
  call->hold = kind == EXCHANGE_STEP_HOLD;
  if (kind == EXCHANGE_STEP_OFFERLESS)
    nua_invite (call->handle, NUTAG_AUTOACK (0), TAG_END ());
  else
    {
      ExchangeSdpLocal local = describe (call);
      g_autofree char *sdp = exchange_sdp_offer (&local);

      nua_invite (call->handle, NUTAG_AUTOACK (0), SIPTAG_CONTENT_TYPE_STR (SDP_TYPE), SIPTAG_PAYLOAD_STR (sdp),
                  TAG_END ());
      exchange_rtp_play (call->rtp, EXCHANGE_SOUND_MUSIC);
    }
}

static void
do_step (RobotCall          *call,
         const ExchangeStep *step)
{
  switch (step->kind)
    {
    case EXCHANGE_STEP_WAIT:
      call->waits_for = WAITS_FOR_TIMER;
      call->timer = g_timeout_add (step->value, on_wait_over, call);
      break;
    case EXCHANGE_STEP_RESPOND:
    case EXCHANGE_STEP_REDIRECT:
    case EXCHANGE_STEP_CHALLENGE:
      respond_plain (call, step);
      break;
    case EXCHANGE_STEP_EARLY:
      respond_with_sdp (call, 183);
      break;
    case EXCHANGE_STEP_ANSWER:
      respond_with_sdp (call, 200);
      break;
    case EXCHANGE_STEP_SOUND:
      play (call, step->value);
      break;
    case EXCHANGE_STEP_ECHO:
      if (ensure_rtp (call))
        exchange_rtp_reflect (call->rtp);
      break;
    case EXCHANGE_STEP_ASK:
      if (ensure_rtp (call))
        ask (call);
      break;
    case EXCHANGE_STEP_HOLD:
    case EXCHANGE_STEP_RESUME:
    case EXCHANGE_STEP_OFFERLESS:
      modify (call, step->kind);
      break;
    case EXCHANGE_STEP_HANG_UP:
      nua_bye (call->handle, TAG_END ());
      break;
    case EXCHANGE_STEP_END:
      break;
    }
}

static void
run (RobotCall *call)
{
  while (call->waits_for == WAITS_FOR_NOTHING && call->step < EXCHANGE_MAX_STEPS &&
         call->robot->steps[call->step].kind != EXCHANGE_STEP_END)
    do_step (call, &call->robot->steps[call->step++]);
}

/* ---- calls of ours ---- */

static gboolean
on_call_back_limit (gpointer data)
{
  RobotCall *call = data;

  call->limit = 0;
  nua_cancel (call->handle, TAG_END ());
  return G_SOURCE_REMOVE;
}

static void
start_call_back (RobotCall *call)
{
  g_autofree char *sdp = NULL;
  ExchangeSdpLocal local;

  call->outgoing = TRUE;
  if (!ensure_rtp (call))
    {
      end (call);
      return;
    }
  local = describe (call);
  sdp = exchange_sdp_offer (&local);
  call->limit = g_timeout_add (CALL_BACK_RINGS_MS, on_call_back_limit, call);
  nua_invite (call->handle, NUTAG_INITIAL_ROUTE_STR (call->robots->route), NUTAG_AUTOACK (0), NUTAG_AUTOANSWER (0),
              SIPTAG_CONTENT_TYPE_STR (SDP_TYPE), SIPTAG_PAYLOAD_STR (sdp), TAG_END ());
}

static void
take_invite_response (RobotCall   *call,
                      int          status,
                      sip_t const *sip)
{
  const gboolean modified = call->waits_for == WAITS_FOR_MODIFY;

  if (status < 200)
    return;
  if (status < 300)
    {
      const ExchangeStep *step = call->step > 0 ? &call->robot->steps[call->step - 1] : NULL;
      g_autoptr (GBytes) offer = dup_payload (sip);
      g_autofree char *answer = NULL;

      g_clear_handle_id (&call->limit, g_source_remove);
      if (modified && step && step->kind == EXCHANGE_STEP_OFFERLESS && offer)
        {
          gsize length;
          const char *text = g_bytes_get_data (offer, &length);
          ExchangeSdpLocal local = describe (call);

          answer = exchange_sdp_answer (text, length, &local, &call->media, NULL);
          if (answer)
            apply_media (call);
        }
      else
        read_answer (call, sip);
      if (answer)
        nua_ack (call->handle, SIPTAG_CONTENT_TYPE_STR (SDP_TYPE), SIPTAG_PAYLOAD_STR (answer), TAG_END ());
      else
        nua_ack (call->handle, TAG_END ());
    }
  /* A refused change leaves the call as it was; a refused call ends by its own event. */
  if (modified || (status < 300 && !call->answered))
    {
      call->answered = TRUE;
      call->waits_for = WAITS_FOR_NOTHING;
      run (call);
    }
}

/* ---- calls of theirs ---- */

static void
take_reinvite (RobotCall   *call,
               sip_t const *sip)
{
  g_autoptr (GBytes) offer = dup_payload (sip);
  g_autofree char *sdp = NULL;

  if (offer)
    sdp = answer_offer (call, offer);
  else if (call->rtp)
    {
      ExchangeSdpLocal local = describe (call);

      sdp = exchange_sdp_offer (&local);
      call->answer_in_ack = TRUE;
    }
  if (!sdp)
    return;
  nua_respond (call->handle, SIP_200_OK, NUTAG_AUTOANSWER (0), SIPTAG_CONTENT_TYPE_STR (SDP_TYPE),
               SIPTAG_PAYLOAD_STR (sdp), TAG_END ());
}

static void
take_invite (ExchangeRobots *self,
             nua_handle_t   *handle,
             sip_t const    *sip)
{
  const char *number = sip && sip->sip_request ? sip->sip_request->rq_url->url_user : NULL;
  const ExchangeRobot *robot = exchange_directory_find (number);
  RobotCall *call;

  if (!robot || self->calls->len >= EXCHANGE_MAX_ROBOT_CALLS || self->stopped)
    {
      if (robot)
        nua_respond (handle, SIP_503_SERVICE_UNAVAILABLE, TAG_END ());
      else
        nua_respond (handle, SIP_404_NOT_FOUND, TAG_END ());
      bury (self, handle);
      return;
    }

  g_assert (sip != NULL); /* a robot was named by it */
  call = robot_call_new (self, robot, handle);
  call->offer = dup_payload (sip);
  if (sip->sip_from && sip->sip_from->a_url->url_user)
    call->caller = g_strdup (sip->sip_from->a_url->url_user);
  g_debug ("robot %s: called by %s", robot->number, call->caller ? call->caller : "nobody");
  run (call);
}

/* DTMF by INFO: "Signal=5" in application/dtmf-relay, "5" in application/dtmf. */
static void
take_info (RobotCall   *call,
           sip_t const *sip)
{
  const char *type = sip && sip->sip_content_type ? sip->sip_content_type->c_type : NULL;
  g_autoptr (GBytes) body = dup_payload (sip);
  g_autofree char *text = NULL;
  const char *signal;
  gsize length;

  if (!type || !body)
    return;
  text = g_strndup (g_bytes_get_data (body, &length), g_bytes_get_size (body));
  signal = text;
  if (g_ascii_strcasecmp (type, "application/dtmf-relay") == 0)
    {
      signal = strstr (text, "Signal");
      signal = signal ? strchr (signal, '=') : NULL;
      signal = signal ? signal + 1 : NULL;
    }
  else if (g_ascii_strcasecmp (type, "application/dtmf") != 0)
    return;

  while (signal && *signal == ' ')
    signal++;
  if (signal && *signal && strchr ("0123456789*#ABCDabcd", *signal))
    take_digit (call, g_ascii_toupper (*signal));
}

static void
take_call_state (RobotCall *call,
                 tagi_t     tags[])
{
  int state = nua_callstate_init;

  tl_gets (tags, NUTAG_CALLSTATE_REF (state), TAG_END ());
  if (state == nua_callstate_terminated)
    end (call);
}

static void
take_stopped (ExchangeRobots *self)
{
  void (*stopped) (gpointer user_data) = self->stopped;

  g_clear_handle_id (&self->stop_timer, g_source_remove);
  self->stopped = NULL;
  if (stopped)
    stopped (self->stopped_data);
}

static void
on_nua_event (nua_event_t     event,
              int             status,
              char const     *phrase,
              nua_t          *nua,
              ExchangeRobots *self,
              nua_handle_t   *handle,
              RobotCall      *call,
              sip_t const    *sip,
              tagi_t          tags[])
{
  g_debug ("robots: %s %d %s", nua_event_name (event), status, phrase ? phrase : "");
  if (event == nua_i_invite)
    {
      if (call)
        take_reinvite (call, sip);
      else
        take_invite (self, handle, sip);
    }
  else if (event == nua_r_shutdown)
    {
      if (status >= 200)
        {
          self->is_stopped = status < 300;
          take_stopped (self);
        }
    }
  else if (!call)
    {
      /* Each stray request makes a handle that nobody else would free. */
      if (handle && handle != nua_default (nua) && !g_slist_find (self->dead, handle) &&
          (event == nua_i_options || event == nua_i_message || event == nua_i_info || event == nua_i_method ||
           event == nua_i_subscribe || event == nua_i_refer || event == nua_i_notify))
        bury (self, handle);
    }
  else if (event == nua_i_state)
    take_call_state (call, tags);
  else if (event == nua_r_invite)
    take_invite_response (call, status, sip);
  else if (event == nua_i_info)
    take_info (call, sip);
  else if (event == nua_i_ack && call->answer_in_ack)
    {
      call->answer_in_ack = FALSE;
      read_answer (call, sip);
    }
}

/* ---- public ---- */

/* A port that is free for UDP and TCP; it may be taken in between, so the caller tries more than once. */
static guint
find_port (const char *address)
{
  g_autoptr (GInetAddress) at = g_inet_address_new_from_string (address);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (at, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GSocket) probe = g_socket_new (g_inet_address_get_family (at), G_SOCKET_TYPE_STREAM,
                                            G_SOCKET_PROTOCOL_TCP, NULL);

  if (!probe || !g_socket_bind (probe, wanted, FALSE, NULL) || !(got = g_socket_get_local_address (probe, NULL)))
    return 0;
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
}

static gboolean
create_agent (ExchangeRobots *self,
              su_root_t      *root)
{
  const gboolean ipv6 = strchr (self->address, ':') != NULL;

  for (guint i = 0; i < 20 && !self->nua; i++)
    {
      const guint port = find_port (self->address);

      if (port == 0)
        continue;
      g_free (self->uri);
      self->uri = g_strdup_printf (ipv6 ? "sip:[%s]:%u" : "sip:%s:%u", self->address, port);
      self->nua = nua_create (root, on_nua_event, self, NUTAG_URL (self->uri), NUTAG_MEDIA_ENABLE (0),
                              NUTAG_AUTOANSWER (0), NUTAG_AUTOALERT (0), NUTAG_ENABLEINVITE (1),
                              NUTAG_ALLOW ("INFO"), NUTAG_SESSION_TIMER (0), NTATAG_UDP_MTU (65535),
                              NTATAG_MAXSIZE (65536), NTATAG_MAX_PROCEEDING (EXCHANGE_MAX_ROBOT_CALLS * 2),
                              NTATAG_USE_NAPTR (0), NTATAG_USE_SRV (0),
                              SIPTAG_USER_AGENT_STR ("Deskset practice exchange"), TAG_END ());
    }

  return self->nua != NULL;
}

ExchangeRobots *
exchange_robots_new (su_root_t   *root,
                     const char  *address,
                     GError     **error)
{
  ExchangeRobots *self;

  g_return_val_if_fail (root && address, NULL);

  self = g_new0 (ExchangeRobots, 1);
  self->address = g_strdup (address);
  self->calls = g_ptr_array_new_with_free_func (robot_call_free);
  self->call_backs = g_hash_table_new (NULL, NULL);
  if (!create_agent (self, root))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "no SIP port is free on %s", address);
      exchange_robots_free (self);
      return NULL;
    }

  return self;
}

const char *
exchange_robots_get_uri (ExchangeRobots *self)
{
  g_return_val_if_fail (self, NULL);

  return self->uri;
}

void
exchange_robots_set_proxy (ExchangeRobots *self,
                           const char     *domain,
                           const char     *route)
{
  g_return_if_fail (self && domain && route);

  g_free (self->domain);
  g_free (self->route);
  self->domain = g_strdup (domain);
  self->route = g_strdup (route);
}

guint
exchange_robots_count_calls (ExchangeRobots *self)
{
  g_return_val_if_fail (self, 0);

  return self->calls->len;
}

static gboolean
on_stop_limit (gpointer data)
{
  ExchangeRobots *self = data;

  self->stop_timer = 0;
  take_stopped (self);
  return G_SOURCE_REMOVE;
}

void
exchange_robots_stop (ExchangeRobots  *self,
                      void           (*stopped) (gpointer user_data),
                      gpointer         user_data)
{
  g_return_if_fail (self && stopped && !self->stopped);

  self->stopped = stopped;
  self->stopped_data = user_data;
  self->stop_timer = g_timeout_add (STOP_WITHIN_MS, on_stop_limit, self);
  nua_shutdown (self->nua);
}

gboolean
exchange_robots_is_stopped (ExchangeRobots *self)
{
  g_return_val_if_fail (self, FALSE);

  return self->is_stopped;
}

void
exchange_robots_free (ExchangeRobots *self)
{
  GHashTableIter iter;
  gpointer id;

  if (!self)
    return;
  g_hash_table_iter_init (&iter, self->call_backs);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_source_remove (GPOINTER_TO_UINT (id));
  g_hash_table_unref (self->call_backs);
  g_clear_handle_id (&self->stop_timer, g_source_remove);
  g_clear_handle_id (&self->burial, g_source_remove);
  g_slist_free_full (g_steal_pointer (&self->dead), (GDestroyNotify) nua_handle_destroy);
  g_ptr_array_unref (self->calls);
  if (self->nua)
    nua_destroy (self->nua);
  g_free (self->address);
  g_free (self->uri);
  g_free (self->domain);
  g_free (self->route);
  g_free (self);
}
