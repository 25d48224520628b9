/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"
#include "engine.h"

G_BEGIN_DECLS

/**
 * SECTION:call
 * @title: PhoneCall
 *
 * One call as the user sees it, and the table that says what each event does to it. The rows are the
 * specification: an event without a row is harmless in that state (a late message, a key without meaning).
 */

/**
 * PhoneCallEvent:
 * What can happen to a call: the wishes of the user and of the policy, then the facts the ports report.
 */
typedef enum {
  PHONE_CALL_ON_DIAL,           /* the user calls: first make way, then prepare the media */
  PHONE_CALL_ON_ANSWER,
  PHONE_CALL_ON_CLEAR,          /* no other call uses the microphone any more */
  PHONE_CALL_ON_HOLD,
  PHONE_CALL_ON_RESUME,
  PHONE_CALL_ON_REJECT,
  PHONE_CALL_ON_HANGUP,
  PHONE_CALL_ON_TIMEOUT,
  PHONE_CALL_ON_MEDIA_READY,
  PHONE_CALL_ON_MEDIA_FAILED,
  PHONE_CALL_ON_PROGRESS,
  PHONE_CALL_ON_ESTABLISHED,
  PHONE_CALL_ON_MODIFIED,
  PHONE_CALL_ON_MODIFY_FAILED,
  PHONE_CALL_ON_YIELD_REFUSED,  /* a hold was refused that another call waits for */
  PHONE_CALL_ON_REMOTE_MODIFY,
  PHONE_CALL_ON_TERMINATED,
  PHONE_CALL_ON_MOVED,          /* our own address is another one than the call was made with */
  PHONE_CALL_ON_RENEW,          /* the way is a new one, the address the same: make sure that they are still there */
  PHONE_CALL_ON_LOST,           /* they do not come along to the new address */
  PHONE_N_CALL_ON
} PhoneCallEvent;

/**
 * PhoneCallEnd:
 * How a call came to its end; decides what is shown and logged.
 */
typedef enum {
  PHONE_CALL_END_NONE,
  PHONE_CALL_END_BY_USER,
  PHONE_CALL_END_BY_FAR,        /* they hung up, or cancelled before we answered */
  PHONE_CALL_END_FAILED,        /* a final response >= 300, a fault, or a time-out: end_text says which */
  PHONE_CALL_END_UNANSWERED,    /* rang here until the time-out */
} PhoneCallEnd;

/**
 * PhoneConferenceRole:
 * Whether a call is in the conference, and whether its card stands for all.
 */
typedef enum {
  PHONE_CONFERENCE_NONE,
  PHONE_CONFERENCE_MEMBER,
  PHONE_CONFERENCE_HEAD,
} PhoneConferenceRole;

typedef struct _PhoneCall PhoneCall;
struct _PhoneCall {
  guint            id;
  guint            account;
  PhoneCallOrigin  origin;
  PhoneCallState   state;
  guint            line_key;       /* 1…, 0 when the account has none */

  char            *target;         /* outgoing: what is invited */
  char            *number;         /* the far end */
  char            *name;           /* as the network says, "" when it does not */
  char            *diverter;       /* who has sent an incoming call here, "" = nobody */
  char            *diverter_name;
  char            *digits;         /* DTMF sent so far, for the LCD */

  PhoneMediaDesc  *capable;        /* MEDIA_READY: what we can do */
  PhoneMediaDesc  *offered;        /* an offer of theirs that is not answered yet */
  PhoneMediaDesc  *local;          /* what we said last, with its SDP direction */
  PhoneMediaDesc  *pending;        /* an offer of ours that is not answered yet */
  PhoneMediaDesc  *remote;         /* what they said last */

  guint64          waits;          /* place in the queue of calls that wait for the microphone, 0 = does not wait */
  gboolean         prepared;       /* media was asked for */
  gboolean         answer_sent;
  gboolean         answered;       /* it has been talking */
  gboolean         auto_answered;
  gboolean         silenced;
  gboolean         early_media;
  gboolean         far_held;
  gboolean         music;          /* held, and listening to the music server: nothing of ours may reach them */
  gboolean         held_locally;   /* they refused our hold; only our own media stopped */
  gboolean         flowing;
  gboolean         reopening;      /* media was asked for other sockets */
  gboolean         moving;         /* they have not accepted our new address yet */
  gboolean         moved_early;    /* our address changed between our answer and their ACK */
  gboolean         shown;          /* an ended call whose page is still there */

  gint64           started_s;      /* seconds since 1970, for the log */
  gint64           talking_ms;     /* clock at the start of the conversation */
  gint64           duration_ms;    /* length of the conversation once it ended */

  PhoneCallEnd     end;
  guint            end_status;
  char            *end_text;       /* what the LCD says */
  guint            reject_status;
  char            *forward_to;     /* with reject_status 302 */
  const char      *forward_reason; /* why, a word of RFC 5806 */
  gboolean         forwarded;      /* by a rule, not by the user */

  guint            replaced_by;    /* the call that takes its place, 0 = none; then the user has nothing to do with it */
  gboolean         joins_held;     /* it takes the place of a call on hold, and stays there */
  gboolean         transferring;   /* a transfer of ours runs, or waits for this call to be answered */
  PhoneConferenceRole conference;
  gboolean         far_muted;      /* nobody hears them */
  gboolean         recall;         /* the page of a transfer that failed; not a call that ever was */
};

PhoneCall *phone_call_new             (guint             id,
                                       guint             account,
                                       PhoneCallOrigin   origin) G_GNUC_WARN_UNUSED_RESULT;
void       phone_call_free            (PhoneCall        *self);

gboolean   phone_call_dispatch        (PhoneEngine      *engine,
                                       PhoneCall        *self,
                                       PhoneCallEvent    on,
                                       const PhoneEvent *event);
void       phone_call_apply           (PhoneEngine      *engine,
                                       PhoneCall        *self,
                                       const PhoneEvent *event);

gboolean   phone_call_is_encrypted    (const PhoneCall  *self);
gboolean   phone_call_is_over         (const PhoneCall  *self);
gboolean   phone_call_is_visible      (const PhoneCall  *self);
gboolean   phone_call_uses_microphone (const PhoneCall  *self);
gboolean   phone_call_excludes        (const PhoneCall  *self,
                                       const PhoneCall  *other);
guint      phone_call_get_duration_s  (PhoneEngine      *engine,
                                       const PhoneCall  *self);

guint       phone_call_get_n_rows     (void);
char       *phone_call_dup_row_name   (guint             row) G_GNUC_WARN_UNUSED_RESULT;
gboolean    phone_call_check_table    (GError          **error);
char       *phone_call_dup_diagram    (void) G_GNUC_WARN_UNUSED_RESULT;
const char *phone_call_event_to_string (PhoneCallEvent   on);

G_END_DECLS
