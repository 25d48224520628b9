/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ports.h"
#include "sip-account.h"
#include "sip-party.h"
#include "sip-refer.h"
#include "sip-stack.h"
#include "sip-timers.h"

G_BEGIN_DECLS

/**
 * PhoneSipSessionState:
 * State of one dialog and its offer/answer exchange; phone_sip_session_set_state() is the only writer.
 */
typedef enum {
  PHONE_SIP_SESSION_NEW,               /* nothing sent: the target is being looked up */
  PHONE_SIP_SESSION_CALLING,           /* INVITE sent, nothing heard */
  PHONE_SIP_SESSION_PROCEEDING,        /* provisional response received: CANCEL is possible */
  PHONE_SIP_SESSION_OFFERED,           /* their 200 has an offer: our ACK waits for the answer */
  PHONE_SIP_SESSION_CANCELLING,        /* hung up before the answer: CANCEL sent or waiting for its chance */
  PHONE_SIP_SESSION_INCOMING,          /* INVITE received, no final response sent */
  PHONE_SIP_SESSION_ANSWERED,          /* 200 sent, no ACK yet */
  PHONE_SIP_SESSION_ACTIVE,            /* no exchange is running */
  PHONE_SIP_SESSION_MODIFYING,         /* our re-INVITE is out */
  PHONE_SIP_SESSION_WAITING,           /* glare: our re-INVITE waits for its turn */
  PHONE_SIP_SESSION_REMOTE_MODIFYING,  /* their re-INVITE or UPDATE waits for our answer */
  PHONE_SIP_SESSION_REMOTE_ANSWERED,   /* 200 to their re-INVITE sent, no ACK yet */
  PHONE_SIP_SESSION_ENDING,            /* over for the user; BYE sent, or the library has not finished */
  PHONE_SIP_SESSION_ENDED,
} PhoneSipSessionState;

const char *phone_sip_session_state_to_string (PhoneSipSessionState state);

/**
 * SECTION:sip-session
 * @title: PhoneSipSession
 *
 * One call on the wire. Knows nothing of holding or transferring, only of offers and answers. Posts each fact once,
 * #PHONE_EVENT_TERMINATED exactly once. Main thread.
 */
#define PHONE_TYPE_SIP_SESSION (phone_sip_session_get_type ())
typedef struct _PhoneSipMusic PhoneSipMusic;
G_DECLARE_FINAL_TYPE (PhoneSipSession, phone_sip_session, PHONE, SIP_SESSION, GObject)

/**
 * PhoneSipSessionOptions:
 * What an account's calls do beyond RFC 3261.
 */
typedef struct {
  gboolean  reliable;          /* account.X.100rel_enable */
  gboolean  session_timer;     /* account.X.session_timer.enable */
  guint     session_expires_s; /* account.X.session_timer.expires */
  gboolean  uas_refreshes;     /* account.X.session_timer.refresher */
  PhoneSipPartyOrder caller;   /* account.X.cid_source, … */
  PhoneSipPartyOrder called;   /* account.X.cp_source */
  gboolean  encrypts;          /* account.X.srtp_encryption */
  gboolean  joinable;          /* deskset.join.enable */
  gboolean  tells_diversion;   /* features.fwd_diversion_enable */
} PhoneSipSessionOptions;

typedef void (*PhoneSipSessionEnded) (PhoneSipSession *self,
                                      gpointer         user_data);

PhoneSipSession *phone_sip_session_new           (PhoneSipStack         *stack,
                                                  PhoneEventQueue       *queue,
                                                  const PhoneSipTimers  *timers,
                                                  guint                  call,
                                                  PhoneSipAccount       *account) G_GNUC_WARN_UNUSED_RESULT;
void             phone_sip_session_set_ended     (PhoneSipSession       *self,
                                                  PhoneSipSessionEnded   ended,
                                                  gpointer               user_data);
void             phone_sip_session_set_trace_call (PhoneSipSession      *self,
                                                  guint                  call);
void             phone_sip_session_set_options   (PhoneSipSession              *self,
                                                  const PhoneSipSessionOptions *options);
guint            phone_sip_session_get_call      (PhoneSipSession       *self);
guint            phone_sip_session_get_account   (PhoneSipSession       *self);
PhoneSipSessionState phone_sip_session_get_state (PhoneSipSession       *self);
gboolean         phone_sip_session_is_over       (PhoneSipSession       *self);

/* sip-session-invite.c */
void             phone_sip_session_invite        (PhoneSipSession       *self,
                                                  const char            *target,
                                                  PhoneMediaDesc        *offer);
void             phone_sip_session_acknowledge   (PhoneSipSession       *self,
                                                  PhoneMediaDesc        *answer);
/* sip-session-answer.c */
gboolean         phone_sip_session_take          (PhoneSipSession       *self,
                                                  const PhoneSipEvent   *event);
void             phone_sip_session_ring          (PhoneSipSession       *self);
void             phone_sip_session_answer        (PhoneSipSession       *self,
                                                  PhoneMediaDesc        *answer);
void             phone_sip_session_reject        (PhoneSipSession       *self,
                                                  guint                  status);
void             phone_sip_session_divert        (PhoneSipSession       *self,
                                                  const char            *target,
                                                  const char            *reason);
/* sip-session-modify.c */
void             phone_sip_session_modify        (PhoneSipSession       *self,
                                                  PhoneMediaDesc        *offer);
void             phone_sip_session_accept_modify (PhoneSipSession       *self,
                                                  PhoneMediaDesc        *answer);
/* sip-session-music.c */
void             phone_sip_session_hold          (PhoneSipSession       *self,
                                                  PhoneMediaDesc        *offer,
                                                  PhoneSipMusic         *music);
/* sip-session-hangup.c */
void             phone_sip_session_hangup        (PhoneSipSession       *self);
void             phone_sip_session_drop          (PhoneSipSession       *self);
/* sip-session-refer.c */
void             phone_sip_session_transfer      (PhoneSipSession       *self,
                                                  const char            *target,
                                                  PhoneSipSession       *other,
                                                  gboolean               by_contact);
void             phone_sip_session_answer_refer  (PhoneSipSession       *self,
                                                  gboolean               accept);
void             phone_sip_session_set_referrer  (PhoneSipSession       *self,
                                                  PhoneSipSession       *referrer);
void             phone_sip_session_report_refer  (PhoneSipSession       *self,
                                                  guint                  status);
void             phone_sip_session_stop_waiting  (PhoneSipSession       *self);
gboolean         phone_sip_session_is_dialog     (PhoneSipSession        *self,
                                                  const PhoneSipReplaces *replaces);
guint            phone_sip_session_refuse_replacement (PhoneSipSession   *self,
                                                  const PhoneSipReplaces *replaces);
void             phone_sip_session_set_replaced  (PhoneSipSession       *self,
                                                  guint                  call);
void             phone_sip_session_set_joined    (PhoneSipSession       *self,
                                                  guint                  call);
gboolean         phone_sip_session_take_refer    (PhoneSipSession       *self,
                                                  const PhoneSipEvent   *event);
/* sip-session.c */
void             phone_sip_session_send_digit    (PhoneSipSession       *self,
                                                  char                   digit,
                                                  guint                  duration_ms);

G_END_DECLS
