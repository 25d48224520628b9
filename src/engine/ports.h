/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "call-quality.h"
#include "event.h"
#include "settings.h"
#include "tone-script.h"

G_BEGIN_DECLS

/**
 * SECTION:ports
 * @title: Ports
 *
 * What the engine commands and others carry out. Threads: all methods are called on the main context's thread and
 * return at once; implementations cross threads inside and post their events (engine/event.h) on the main thread.
 * A port never calls engine logic. No method fails synchronously: what goes wrong comes back as an event.
 * Commands for a call that is gone are ignored.
 */

/**
 * PhoneServerConfig:
 * One SIP server or outbound proxy of an account.
 */
typedef struct {
  const char     *address;             /* host or IP literal, "" = not there */
  guint           port;                /* 0 = by DNS (RFC 3263) */
  PhoneTransport  transport;
  guint           expires_s;
  guint           retries;             /* times a request is sent again before the next address is tried */
  PhoneFailback   failback;
  guint           failback_s;          /* for PHONE_FAILBACK_DURATION */
} PhoneServerConfig;

/**
 * PhoneAccountConfig:
 * One account as signaling needs it; strings are copied by the callee. Filled by engine/account.c from the settings.
 */
typedef struct {
  guint             account;             /* 1… */
  gboolean          enabled;
  const char       *label;
  const char       *display_name;
  const char       *user_name;
  const char       *auth_name;           /* "" = user_name */
  const char       *password;            /* secret: never logged */
  PhoneServerConfig servers[PHONE_MAX_SERVERS];
  gboolean          successive;          /* the second server only while the first fails; else both at once */
  guint             fallback_s;          /* how often the first server is tried meanwhile */
  gboolean          use_proxy;
  PhoneServerConfig proxies[PHONE_MAX_SERVERS]; /* address and port count */
  guint             proxy_fallback_s;    /* after which the first proxy is tried again */
  gboolean          proxy_in_dialog;     /* requests inside a call go by the proxy, whatever the route says */
  guint             retry_s;             /* account.X.reg_fail_retry_interval; 0 = no retry */
  guint             retry_max_s;         /* the wait doubles with each failure up to this */
  guint             start_delay_s;       /* the first REGISTER waits a random time up to this */
  PhoneRport        rport;
  PhoneKeepAlive    keep_alive;
  guint             keep_alive_s;
  gboolean          unregister_at_exit;
} PhoneAccountConfig;

#define PHONE_TYPE_SIGNALING (phone_signaling_get_type ())
G_DECLARE_INTERFACE (PhoneSignaling, phone_signaling, PHONE, SIGNALING, GObject)
struct _PhoneSignalingInterface {
  GTypeInterface parent;

  /* Sets up, changes or (enabled = FALSE) takes down an account. Registers; answers with ACCOUNT events. */
  void (*set_account)   (PhoneSignaling *self, const PhoneAccountConfig *config);
  /* Registers again now (network back, user asked). account 0 = all. */
  void (*refresh)       (PhoneSignaling *self, guint account);
  /* The network went, changed or came back. Connections that cannot live on are given up; registrations whose address of
   * ours is another one (CHANGED), or all of them (BACK), are renewed at once; those without a way to their server fail
   * (DOWN). Answers: ACCOUNT. Calls are the engine's business: see engine/network.c. */
  void (*network_changed) (PhoneSignaling *self, PhoneNetworkNews news);
  /* Sends an INVITE. target: a number (user part for the account's domain), a SIP URI, or for account 0 "host[:port]"
   * or "user@host[:port]". offer: our SDP. Answers: PROGRESS, ESTABLISHED, IDENTITY, TERMINATED. */
  void (*invite)        (PhoneSignaling *self, guint call, guint account, const char *target, PhoneMediaDesc *offer);
  /* 180 Ringing for an incoming call. */
  void (*ring)          (PhoneSignaling *self, guint call);
  /* 200 OK. answer: our answer to their offer, or our offer when the INVITE had none. Answers: ESTABLISHED (after ACK). */
  void (*answer)        (PhoneSignaling *self, guint call, PhoneMediaDesc *answer);
  /* Final response to an incoming call: 4xx–6xx. Answers: TERMINATED with status 0. */
  void (*reject)        (PhoneSignaling *self, guint call, guint status);
  /* 302 with target as Contact. reason: why, a word of RFC 5806. Answers: TERMINATED with status 0. */
  void (*divert)        (PhoneSignaling *self, guint call, const char *target, const char *reason);
  /* BYE or CANCEL, whichever fits, at once or as soon as RFC 3261 allows. Answers: TERMINATED. */
  void (*hangup)        (PhoneSignaling *self, guint call);
  /* re-INVITE with this offer; glare and pending changes are handled inside. Answers: MODIFIED or MODIFY_FAILED. */
  void (*modify)        (PhoneSignaling *self, guint call, PhoneMediaDesc *offer);
  /* The same with an offer that holds; once that is through they hear the SIP server at music (RFC 7088; a number of the
   * account or a SIP URI), until another offer of ours is accepted. Answers besides: MUSIC. */
  void (*hold)          (PhoneSignaling *self, guint call, PhoneMediaDesc *offer, const char *music);
  /* Answer to REMOTE_MODIFY: our answer (or our offer when theirs had none); NULL = 488. */
  void (*accept_modify) (PhoneSignaling *self, guint call, PhoneMediaDesc *answer);
  /* REFER in the call's dialog: they are to call target, or, with another call's id, to take our place in that one (Refer-To
   * with Replaces). Answers: TRANSFER, until the end is known; also after the call. */
  void (*transfer)      (PhoneSignaling *self, guint call, const char *target, guint other);
  /* Answer to REFERRED: new_call is the one we make to the target with invite () (it carries Referred-By, and they are told
   * how it goes), or give up with hangup (); 0 = we do not. */
  void (*answer_refer)  (PhoneSignaling *self, guint call, guint new_call);
  /* DTMF by SIP INFO, application/dtmf-relay. digit: 0-9 * # A-D. */
  void (*send_digit)    (PhoneSignaling *self, guint call, char digit, guint duration_ms);
  /* The local IP address this call's media should use: towards the account's server or the target. (transfer full) */
  char *(*dup_local_address) (PhoneSignaling *self, guint account, const char *target);
  /* The port that is really listened at, which may be another one than was asked for. */
  guint (*get_local_port) (PhoneSignaling *self);
  /* For those who look for leaks: calls whose dialog is not over on the wire, and what the SIP library holds for us. */
  void (*count)         (PhoneSignaling *self, guint *n_dialogs, guint *n_handles);
  /* Hang up everything, unregister, stop. Answers: SIGNALING_STOPPED within 3 s, whatever happens. */
  void (*shutdown)      (PhoneSignaling *self);
};
void  phone_signaling_set_account       (PhoneSignaling *self, const PhoneAccountConfig *config);
void  phone_signaling_refresh           (PhoneSignaling *self, guint account);
void  phone_signaling_network_changed   (PhoneSignaling *self, PhoneNetworkNews news);
void  phone_signaling_invite            (PhoneSignaling *self, guint call, guint account, const char *target, PhoneMediaDesc *offer);
void  phone_signaling_ring              (PhoneSignaling *self, guint call);
void  phone_signaling_answer            (PhoneSignaling *self, guint call, PhoneMediaDesc *answer);
void  phone_signaling_reject            (PhoneSignaling *self, guint call, guint status);
void  phone_signaling_divert            (PhoneSignaling *self, guint call, const char *target, const char *reason);
void  phone_signaling_hangup            (PhoneSignaling *self, guint call);
void  phone_signaling_modify            (PhoneSignaling *self, guint call, PhoneMediaDesc *offer);
void  phone_signaling_hold              (PhoneSignaling *self, guint call, PhoneMediaDesc *offer, const char *music);
void  phone_signaling_accept_modify     (PhoneSignaling *self, guint call, PhoneMediaDesc *answer);
void  phone_signaling_transfer          (PhoneSignaling *self, guint call, const char *target, guint other);
void  phone_signaling_answer_refer      (PhoneSignaling *self, guint call, guint new_call);
void  phone_signaling_send_digit        (PhoneSignaling *self, guint call, char digit, guint duration_ms);
char *phone_signaling_dup_local_address (PhoneSignaling *self, guint account, const char *target);
guint phone_signaling_get_local_port    (PhoneSignaling *self);
void  phone_signaling_count             (PhoneSignaling *self, guint *n_dialogs, guint *n_handles);
void  phone_signaling_shutdown          (PhoneSignaling *self);

/**
 * PhoneMediaConfig:
 * What a new stream may use. Filled by the engine from the settings.
 */
typedef struct {
  const char  *address;         /* local IP literal to bind to and to put into the description */
  GPtrArray   *codecs;          /* PhoneCodec in our order, telephone-event not included */
  guint        ptime_ms;        /* 20 */
  guint        event_payload;   /* 101; 0 = no telephone-event */
  guint        port_min;        /* RTP range, both 0 = any free pair */
  guint        port_max;
  guint        dscp;            /* mark of the packets, 0–63 */
  gboolean     silent;          /* no RTCP of ours; theirs is read all the same */
  guint        jitter_min_ms;   /* voice.jib.* */
  guint        jitter_max_ms;
  guint        jitter_normal_ms;
  gboolean     jitter_adaptive;
  PhoneMediaSecurity security;  /* whether the description gets keys for SRTP, and insists on them */
} PhoneMediaConfig;

#define PHONE_TYPE_AUDIO (phone_audio_get_type ())
G_DECLARE_INTERFACE (PhoneAudio, phone_audio, PHONE, AUDIO, GObject)
struct _PhoneAudioInterface {
  GTypeInterface parent;

  /* Takes a socket pair for a call; for a call that has one, another pair that takes its place while the stream goes on
   * (same SSRC, sequence numbers, codecs): our address has changed. Answers: MEDIA_READY (desc: local; codecs that are not
   * installed left out) or MEDIA_FAILED. */
  void (*prepare)     (PhoneAudio *self, guint call, const PhoneMediaConfig *config);
  /* Starts or changes the stream by a finished offer/answer. local: what we said last, remote: what they said last.
   * The direction is local's; early media counts as recvonly or sendrecv. May be called any number of times. */
  void (*connect)     (PhoneAudio *self, guint call, PhoneMediaDesc *local, PhoneMediaDesc *remote);
  void (*release)     (PhoneAudio *self, guint call);
  /* These calls hear each other besides us, and no others; fewer than two: no conference. Their codecs and rates may differ. */
  void (*set_conference) (PhoneAudio *self, const guint *calls, guint n_calls);
  /* Nobody hears the other side of the call, here or in a conference. */
  void (*set_far_mute) (PhoneAudio *self, guint call, gboolean mute);
  /* Which device the user speaks and hears with; moves running calls and tones at once. */
  void (*set_channel) (PhoneAudio *self, PhoneChannel channel);
  void (*set_mute)    (PhoneAudio *self, gboolean mute);
  /* level 0–15. */
  void (*set_volume)  (PhoneAudio *self, PhoneVolume volume, guint level);
  /* RFC 4733 event in the call's stream; in-band tones when inband. duration_ms 0 = until end_digit. */
  void (*send_digit)  (PhoneAudio *self, guint call, char digit, guint duration_ms, gboolean inband);
  /* Local tone in the active channel, mixed with the call; NULL stops. repeat: whether it starts over. */
  void (*play_tone)   (PhoneAudio *self, PhoneToneScript *script, gboolean repeat);
  /* The two frequencies of a digit for as long as given, local ear only. */
  void (*play_digit)  (PhoneAudio *self, char digit, guint duration_ms);
  /* Ring on the ringer device: "Ring1.wav" … "Ring8.wav", "Silent.wav", "Splash.wav"; NULL stops within 100 ms. */
  void (*ring)        (PhoneAudio *self, const char *ring_name);
  /* How the call sounds so far; FALSE: it has no stream. */
  gboolean (*get_quality) (PhoneAudio *self, guint call, PhoneCallQuality *quality);
  /* Streams that are there: one for each call whose sockets are open. */
  guint (*count)      (PhoneAudio *self);
};
void phone_audio_prepare     (PhoneAudio *self, guint call, const PhoneMediaConfig *config);
void phone_audio_connect     (PhoneAudio *self, guint call, PhoneMediaDesc *local, PhoneMediaDesc *remote);
void phone_audio_release     (PhoneAudio *self, guint call);
void phone_audio_set_conference (PhoneAudio *self, const guint *calls, guint n_calls);
void phone_audio_set_far_mute (PhoneAudio *self, guint call, gboolean mute);
void phone_audio_set_channel (PhoneAudio *self, PhoneChannel channel);
void phone_audio_set_mute    (PhoneAudio *self, gboolean mute);
void phone_audio_set_volume  (PhoneAudio *self, PhoneVolume volume, guint level);
void phone_audio_send_digit  (PhoneAudio *self, guint call, char digit, guint duration_ms, gboolean inband);
void phone_audio_play_tone   (PhoneAudio *self, PhoneToneScript *script, gboolean repeat);
void phone_audio_play_digit  (PhoneAudio *self, char digit, guint duration_ms);
void phone_audio_ring        (PhoneAudio *self, const char *ring_name);
gboolean phone_audio_get_quality (PhoneAudio *self, guint call, PhoneCallQuality *quality);
guint phone_audio_count      (PhoneAudio *self);

#define PHONE_TYPE_CLOCK (phone_clock_get_type ())
G_DECLARE_INTERFACE (PhoneClock, phone_clock, PHONE, CLOCK, GObject)
struct _PhoneClockInterface {
  GTypeInterface parent;

  /* Milliseconds that never jump (suspend counts). */
  gint64     (*get_now_ms)  (PhoneClock *self);
  /* Wall clock, local time zone. (transfer full) */
  GDateTime *(*dup_wall)    (PhoneClock *self);
  /* Posts TIMER with value = id after delay_ms; arming an armed id starts it anew. */
  void       (*arm)         (PhoneClock *self, guint id, guint delay_ms);
  void       (*cancel)      (PhoneClock *self, guint id);
};
gint64     phone_clock_get_now_ms (PhoneClock *self);
GDateTime *phone_clock_dup_wall   (PhoneClock *self) G_GNUC_WARN_UNUSED_RESULT;
void       phone_clock_arm        (PhoneClock *self, guint id, guint delay_ms);
void       phone_clock_cancel     (PhoneClock *self, guint id);

/**
 * PhoneHistoryEntry:
 * One line of the call log.
 */
typedef enum { PHONE_HISTORY_PLACED, PHONE_HISTORY_RECEIVED, PHONE_HISTORY_MISSED, PHONE_HISTORY_FORWARDED } PhoneHistoryKind;
typedef struct {
  PhoneHistoryKind  kind;
  char             *number;
  char             *name;
  guint             account;
  gint64            time;        /* seconds since 1970, UTC */
  guint             duration_s;
} PhoneHistoryEntry;
PhoneHistoryEntry *phone_history_entry_copy (const PhoneHistoryEntry *self) G_GNUC_WARN_UNUSED_RESULT;
void               phone_history_entry_free (PhoneHistoryEntry       *self);

#define PHONE_TYPE_STORE (phone_store_get_type ())
G_DECLARE_INTERFACE (PhoneStore, phone_store, PHONE, STORE, GObject)
struct _PhoneStoreInterface {
  GTypeInterface parent;

  /* The LOCAL layer of the settings changed: write it soon, atomically. */
  void       (*save_settings) (PhoneStore *self);
  /* (transfer full) (element-type PhoneHistoryEntry): newest first. */
  GPtrArray *(*load_history)  (PhoneStore *self);
  /* The whole log, newest first; written soon, atomically. */
  void       (*save_history)  (PhoneStore *self, GPtrArray *entries);
  /* Entries of the directory that are known now, for names and the Directory page: (transfer full)
   * (element-type PhoneContact) */
  GPtrArray *(*load_contacts) (PhoneStore *self);
};
typedef struct {
  char *name;
  char *number;
  guint account;     /* 0 = the default one */
  char *group;       /* "Practice" for the practice exchange's robots; "" otherwise */
} PhoneContact;
PhoneContact *phone_contact_new  (const char *name, const char *number, guint account, const char *group) G_GNUC_WARN_UNUSED_RESULT;
PhoneContact *phone_contact_copy (const PhoneContact *self) G_GNUC_WARN_UNUSED_RESULT;
void          phone_contact_free (PhoneContact *self);

void       phone_store_save_settings (PhoneStore *self);
GPtrArray *phone_store_load_history  (PhoneStore *self) G_GNUC_WARN_UNUSED_RESULT;
void       phone_store_save_history  (PhoneStore *self, GPtrArray *entries);
GPtrArray *phone_store_load_contacts (PhoneStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * PhoneNoticeKind:
 * What the engine tells the world without waiting for an answer: desktop notifications, D-Bus events, later action URLs.
 */
typedef enum {
  PHONE_NOTICE_ACCOUNT,       /* account, state, status, text */
  PHONE_NOTICE_CALL,          /* call, account, state (PhoneCallState), number, name, status, text */
  PHONE_NOTICE_CALL_MEDIA,    /* call, text: "flowing" or "stalled" */
  PHONE_NOTICE_DIGIT,         /* call, text: the digit heard */
  PHONE_NOTICE_HEARD,         /* call, text: tone frequency heard */
  PHONE_NOTICE_MISSED,        /* number, name, account */
  PHONE_NOTICE_DND,           /* state 0/1, account (0: the phone) */
  PHONE_NOTICE_FORWARD,       /* state 0/1, account (0: the phone), text: "always", "busy" or "no-answer", number: where to */
  PHONE_NOTICE_TRANSFER,      /* call, account, number: who is transferred, status; text: "started", "accepted", "progress",
                               * and at the end "done", "failed" or "unknown" */
  PHONE_NOTICE_MESSAGE,       /* text: what the LCD said for a moment */
} PhoneNoticeKind;
typedef struct {
  PhoneNoticeKind  kind;
  guint            call;
  guint            account;
  int              state;
  guint            status;
  const char      *number;
  const char      *name;
  const char      *text;
} PhoneNotice;

#define PHONE_TYPE_OUTBOX (phone_outbox_get_type ())
G_DECLARE_INTERFACE (PhoneOutbox, phone_outbox, PHONE, OUTBOX, GObject)
struct _PhoneOutboxInterface {
  GTypeInterface parent;

  void (*notify) (PhoneOutbox *self, const PhoneNotice *notice);
};
void        phone_outbox_notify          (PhoneOutbox *self, const PhoneNotice *notice);
const char *phone_notice_kind_to_string  (PhoneNoticeKind kind);

G_END_DECLS
