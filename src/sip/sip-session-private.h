/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-auth.h"
#include "sip-music.h"
#include "sip-refer.h"
#include "sip-registration.h"
#include "sip-sdp.h"
#include "sip-session.h"
#include "sip-session-timer.h"
#include "sip-target.h"
#include "sip-uri.h"

G_BEGIN_DECLS

#define PHONE_SIP_SESSION_MAX_REDIRECTS 5
#define PHONE_SIP_SESSION_MAX_GLARES 6
#define PHONE_SIP_SESSION_MAX_ATTEMPTS 12

/**
 * PhoneSipDialog:
 * What a request in the dialog needs, as text, for the one case in which the library cannot send it.
 */
typedef struct {
  nua_t  *agent;
  char   *call_id;
  char   *local;         /* From of our requests */
  char   *remote;        /* To of our requests */
  char   *target;        /* nullable: their Contact */
  char   *route;         /* nullable */
  char   *next_hop;      /* nullable: where the library was told to send */
} PhoneSipDialog;

/**
 * PhoneSipReferState:
 * How far a REFER of ours has come.
 */
typedef enum {
  PHONE_SIP_REFER_NONE,
  PHONE_SIP_REFER_SENT,
  PHONE_SIP_REFER_OPEN,      /* accepted: NOTIFYs tell the rest */
} PhoneSipReferState;

/**
 * PhoneSipSessionMusic:
 * How far the music for who is held has come; see sip-session-music.c.
 */
typedef enum {
  PHONE_SIP_SESSION_MUSIC_NONE,
  PHONE_SIP_SESSION_MUSIC_WANTED,    /* the hold itself is not complete yet */
  PHONE_SIP_SESSION_MUSIC_ASKED,     /* the server is called */
  PHONE_SIP_SESSION_MUSIC_OFFERED,   /* its offer waits for its turn, or is out */
  PHONE_SIP_SESSION_MUSIC_PLAYING,
} PhoneSipSessionMusic;

struct _PhoneSipSession {
  GObject               parent_instance;

  PhoneSipStack        *stack;
  PhoneEventQueue      *queue;
  const PhoneSipTimers *timers;
  guint                 call;
  guint                 trace_call;      /* whose messages ours count as */
  PhoneSipAccount      *account;         /* nullable: direct-IP call */
  PhoneSipSessionEnded  ended;
  gpointer              ended_data;

  PhoneSipSessionState  state;
  gboolean              outgoing;        /* we own the Call-ID */
  gboolean              reported;        /* TERMINATED is posted */
  guint                 timer;           /* of the state */

  PhoneSipTarget       *target;
  PhoneSipAuth         *auth;
  GCancellable         *lookup;
  char                 *wanted;          /* what was dialled */
  PhoneSipUri          *uri;             /* request URI of our INVITE */
  PhoneSipRegistration *registration;    /* nullable: the one our INVITE goes out on */
  PhoneSipRoute        *route;           /* where the INVITE can go; the registration's, or the session's own */
  PhoneSipHop          *hop;             /* where it went */
  guint                 patience_ms;     /* for this hop; 0: the usual */
  guint                 attempts;
  PhoneSignalingFault   fault;           /* what the last hop failed of */
  GHashTable           *visited;         /* request URIs tried, as text */
  gboolean              routed;          /* the way of requests in the dialog is settled, whatever Contact says */
  char                 *sender;          /* URL of a hop that is known to reach the other side */
  gboolean              cancel_sent;
  gboolean              bye_after_ack;
  guint                 unanswered;      /* requests of ours but INVITE that have no final response */
  gboolean              auth_waits;      /* credentials for a re-INVITE wait until those are answered */
  gboolean              given_up;        /* a re-INVITE goes out once more, without credentials, to come to its end */
  PhoneSipTarget       *apart;           /* nullable: a BYE beside the handle */
  PhoneSipDialog        dialog;
  char                 *contact;
  char                 *peer_address;    /* nullable: where our Contact must be reached from */
  PhoneTransport        contact_transport;
  char                 *number;          /* identity told last */
  char                 *name;
  char                 *far_from;        /* nullable: URI of the From of an incoming call's last request */
  PhoneSipPartyOrder    caller;          /* where their identity is read when they call */
  PhoneSipPartyOrder    called;          /* and when we do */
  gboolean              encrypts;        /* SRTP is wanted, or at least possible */
  gboolean              joinable;
  gboolean              tells_diversion;
  PhoneSipDiversion     diversion;       /* of the INVITE that came, or of the 3xx that ours follows */

  PhoneSipSdpOrigin    *origin;
  PhoneSipSdp          *remote;          /* nullable: what they said last */
  PhoneSipSdp          *backup;          /* nullable: what they said before the offer we are looking at */
  PhoneMediaDesc       *offer;           /* nullable: our offer that is out, or waits for its turn */
  PhoneMediaDesc       *pending;         /* nullable: our next offer */
  gboolean              we_offered;      /* our 200 carries the offer: the ACK brings the answer */
  guint                 glares;
  PhoneMediaDesc       *local;           /* nullable: what we said last that holds */
  GHashTable           *early;           /* To tag -> PhoneSipSdp: early answers, one for each branch of a fork */

  PhoneSipMusic        *music;           /* nullable: what they hear while we hold */
  PhoneSipSessionMusic  music_state;
  PhoneMediaDesc       *music_offer;     /* nullable */
  PhoneMediaDesc       *hold_offer;      /* nullable: what holds without music */
  gboolean              music_ends;      /* with the next offer of ours that they accept */
  guint                 music_restarts;

  gboolean              reliable;        /* 100rel is used */
  gboolean              far_reliable;    /* the caller knows it */
  gboolean              far_updates;     /* they know UPDATE */
  PhoneSipSessionTimer  session_timer;
  PhoneSipSessionTimerHeaders asked;     /* what their INVITE or UPDATE says of it */
  gboolean              refreshing;      /* MODIFYING is only a refresh */
  guint                 refresh_source;
  guint                 expiry_source;

  gboolean              update_saved;    /* their UPDATE waits for our answer */
  nua_saved_event_t     update[1];

  char                 *refer_to;        /* nullable: our REFER, as long as it waits for its turn */
  PhoneSipReferState    refer_out;
  guint                 refer_timer;
  guint                 apart_timer;     /* our BYE waits behind another request */
  gboolean              refer_saved;     /* their REFER waits for our answer */
  nua_saved_event_t     refer[1];
  PhoneSipRefer        *asked_to_call;   /* nullable: what it asks for */
  char                 *refer_event;     /* nullable: Event of our NOTIFYs */
  gboolean              owes_report;     /* they wait for the end of the call that they asked for */
  guint                 last_report;
  guint                 reports_out;     /* NOTIFYs of ours that have no final response; the library sends one after the other */
  gboolean              quiet;           /* over but for a transfer */
  gboolean              dropped;         /* not even a transfer keeps it */
  PhoneSipSession      *referrer;        /* nullable: where we were asked for this call */
  char                 *referred_by;     /* nullable: by whom */
  char                 *replaces;        /* nullable: of our INVITE */
  guint                 replaced;        /* the call whose place this one takes, 0 = none */
  guint                 joined;          /* the call that this one joins, 0 = none */
};

void          phone_sip_session_set_state  (PhoneSipSession      *self,
                                            PhoneSipSessionState  state);
void          phone_sip_session_report     (PhoneSipSession      *self,
                                            guint                 status,
                                            const char           *text);
void          phone_sip_session_finish     (PhoneSipSession      *self);
void          phone_sip_session_fail       (PhoneSipSession      *self,
                                            int                   status,
                                            const char           *phrase);
void          phone_sip_session_post       (PhoneSipSession      *self,
                                            PhoneEventType        type,
                                            guint                 status,
                                            const char           *text,
                                            PhoneMediaDesc       *desc);
void          phone_sip_session_make_contact (PhoneSipSession    *self,
                                            const sip_t          *sip);
void          phone_sip_session_identify   (PhoneSipSession      *self,
                                            const char           *number,
                                            const char           *name);
void          phone_sip_session_note_party (PhoneSipSession      *self,
                                            const sip_t          *sip);
void          phone_sip_session_bind       (PhoneSipSession      *self,
                                            nua_handle_t         *handle);
void          phone_sip_session_set_peer   (PhoneSipSession      *self,
                                            const char           *address,
                                            PhoneTransport        transport);
void          phone_sip_session_update_contact (PhoneSipSession  *self);
nua_handle_t *phone_sip_session_get_handle (PhoneSipSession      *self);
void          phone_sip_session_set_remote (PhoneSipSession      *self,
                                            PhoneSipSdp          *remote);
void          phone_sip_session_try_remote (PhoneSipSession      *self,
                                            PhoneSipSdp          *remote);
void          phone_sip_session_roll_back  (PhoneSipSession      *self);
void          phone_sip_session_keep_early_answer (PhoneSipSession    *self,
                                                   const char         *branch,
                                                   PhoneSipSdp        *sdp);
PhoneMediaDesc *phone_sip_session_get_remote_desc (PhoneSipSession *self);
gboolean      phone_sip_session_challenge  (PhoneSipSession      *self,
                                            const PhoneSipEvent  *event);

/* One for each kind of event; each in the file of its procedure. */
void          phone_sip_session_on_invite_response (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_modify_response (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_invite          (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_update          (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_ack             (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_cancel          (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_bye_response    (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
/* sip-session-target.c: where our requests in the dialog go */
void          phone_sip_session_start_at           (PhoneSipSession     *self,
                                                    const char          *hop);
void          phone_sip_session_follow_answer      (PhoneSipSession     *self,
                                                    const sip_t         *sip);
void          phone_sip_session_follow_caller      (PhoneSipSession     *self,
                                                    const sip_t         *sip,
                                                    PhoneTransport       transport,
                                                    const char          *sender);
void          phone_sip_session_follow_refresh     (PhoneSipSession     *self,
                                                    const sip_t         *sip);
void          phone_sip_session_decline_offer      (PhoneSipSession     *self);
void          phone_sip_session_invite_timeout     (PhoneSipSession     *self);
void          phone_sip_session_on_prack           (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_refresh_response (PhoneSipSession    *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_modify_timeout     (PhoneSipSession     *self);
void          phone_sip_session_flush_pending      (PhoneSipSession     *self);
void          phone_sip_session_say_bye            (PhoneSipSession     *self);
void          phone_sip_session_send_cancel        (PhoneSipSession     *self);

void          phone_sip_session_note_request       (PhoneSipSession     *self);
gboolean      phone_sip_session_note_final         (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_note_dialog        (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_clear_dialog       (PhoneSipSession     *self);

/* sip-session-refer.c */
gboolean      phone_sip_session_is_transferring    (PhoneSipSession     *self);
void          phone_sip_session_flush_refer        (PhoneSipSession     *self);
void          phone_sip_session_on_refer_response  (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_notify          (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_refer           (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_on_notify_response (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_tell_referrer      (PhoneSipSession     *self,
                                                    guint                status);
void          phone_sip_session_clear_refer        (PhoneSipSession     *self);

/* sip-session-music.c */
void          phone_sip_session_end_music          (PhoneSipSession     *self);
void          phone_sip_session_let_music_end      (PhoneSipSession     *self);
gboolean      phone_sip_session_offers_music       (PhoneSipSession     *self);
gboolean      phone_sip_session_continue_music     (PhoneSipSession     *self);
void          phone_sip_session_music_accepted     (PhoneSipSession     *self,
                                                    PhoneMediaDesc      *answer);
PhoneMediaDesc *phone_sip_session_answer_beside_music (PhoneSipSession  *self,
                                                    PhoneMediaDesc      *answer);

/* sip-session-refresh.c */
char         *phone_sip_session_dup_supported      (PhoneSipSession     *self) G_GNUC_WARN_UNUSED_RESULT;
void          phone_sip_session_allow_features     (PhoneSipSession     *self);
gboolean      phone_sip_session_is_running         (PhoneSipSession     *self);
void          phone_sip_session_arm_timer          (PhoneSipSession     *self);
void          phone_sip_session_disarm_timer       (PhoneSipSession     *self);
void          phone_sip_session_agree_timer        (PhoneSipSession     *self,
                                                    const sip_t         *sip);
void          phone_sip_session_note_peer          (PhoneSipSession     *self,
                                                    const sip_t         *sip);
gboolean      phone_sip_session_refuse_timer       (PhoneSipSession     *self,
                                                    const PhoneSipEvent *event);
void          phone_sip_session_accept             (PhoneSipSession     *self,
                                                    msg_t               *with,
                                                    const char          *sdp);
void          phone_sip_session_set_local          (PhoneSipSession     *self,
                                                    PhoneMediaDesc      *local);
guint         phone_sip_session_get_glare_delay_ms (PhoneSipSession     *self);

G_END_DECLS
