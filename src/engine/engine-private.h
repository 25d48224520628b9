/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "call.h"
#include "engine.h"

G_BEGIN_DECLS

/*
 * What the files of this room share. Nothing here is seen by other rooms: they have engine.h.
 */

/** PHONE_MAX_CALLS: more are refused with 486 and a text on the LCD. */
#define PHONE_MAX_CALLS 24

typedef struct _PhoneScreen PhoneScreen;
typedef struct _PhoneHistory PhoneHistory;
typedef struct _PhoneTransfers PhoneTransfers;
typedef struct _PhoneConference PhoneConference;

/**
 * PhoneTimer:
 * Every clock timer of the engine. Those of a call are made with PHONE_CALL_TIMER ().
 */
typedef enum {
  PHONE_TIMER_NONE,
  PHONE_TIMER_TICK,          /* something on the LCD changes with time */
  PHONE_TIMER_POPUP,
  PHONE_TIMER_VOLUME,
  PHONE_TIMER_BACKLIGHT,
  PHONE_TIMER_INTER_DIGIT,
  PHONE_TIMER_ACCOUNTS,      /* settings of accounts changed: apply them together */
  PHONE_TIMER_LONG_PRESS,
  PHONE_TIMER_TRANSFER_FAILED, /* how long that rings */
  PHONE_TIMER_TRANSFER_DONE,   /* its target has not hung up on us */
  PHONE_TIMER_HOLD_TONE,     /* somebody has been on hold for long */
  PHONE_TIMER_HELD_TONE,     /* they have held us for long */
  PHONE_TIMER_QUIT,
  PHONE_TIMER_CALLS = 1000,
} PhoneTimer;

typedef enum {
  PHONE_CALL_TIMER_RING,         /* nobody answers */
  PHONE_CALL_TIMER_AUTO_ANSWER,
  PHONE_CALL_TIMER_FORWARD,      /* nobody answers, somebody else shall */
  PHONE_CALL_TIMER_PAGE,         /* how long the page of an ended call stays */
  PHONE_CALL_TIMER_ENDING,       /* signaling does not report the end */
  PHONE_N_CALL_TIMERS
} PhoneCallTimer;
#define PHONE_CALL_TIMER(call, kind) (PHONE_TIMER_CALLS + (call) * PHONE_N_CALL_TIMERS + (kind))

typedef struct {
  PhoneAccountState  state;
  guint              status;
  PhoneSignalingFault fault;
  char              *reason;
  gboolean           usable;       /* registered, also while a refresh is on its way */
  gboolean           known;        /* signaling has been told of it */
  char              *fingerprint;  /* settings as signaling was told them last */
} PhoneAccount;

/**
 * PhoneSound:
 * Where the user speaks and hears. `commanded_*` is what the audio port was told last.
 */
typedef struct {
  gboolean         off_hook;       /* handset lifted */
  gboolean         headset_mode;   /* HEADSET lamp */
  gboolean         seized;         /* a line is taken for dialling: dial tone */
  PhoneChannel     channel;
  gboolean         muted;
  int              volume_shown;   /* PhoneVolume while the bar is on the LCD, else -1 */

  PhoneChannel     commanded_channel;
  gboolean         commanded_mute;
  char            *commanded_tone; /* script that plays, NULL = none */
  char            *commanded_ring;
  gboolean         hold_tone;      /* its timer is armed */
  gboolean         held_tone;
} PhoneSound;

struct _PhoneEngine {
  GObject          parent_instance;

  PhoneCallQuality last_quality;   /* of the call that ended last; codec "": there was none */

  PhoneEventQueue *queue;
  PhoneSettings   *settings;
  PhoneModel      *model;
  PhoneSignaling  *signaling;
  PhoneAudio      *audio;
  PhoneClock      *clock;
  PhoneStore      *store;
  PhoneOutbox     *outbox;

  GPtrArray       *calls;           /* PhoneCall, oldest first: the order of n/m */
  guint            focus;           /* call id */
  guint64          last_wait;
  GQueue           deferred;        /* PhoneDeferred: internal call events, after the present one */
  guint           *row_hits;        /* how often each row of the call table was taken */

  PhoneAccount     accounts[PHONE_MAX_ACCOUNTS + 1];
  PhoneSound       sound;
  PhoneHistory    *history;
  PhoneScreen     *screen;
  PhoneTransfers  *transfers;
  PhoneConference *conference;

  char            *popup;
  gint64           tick_at_ms;      /* when TICK is armed for, -1 = is not */
  gint64           tick_wanted_ms;  /* when the display being built changes by itself, -1 = does not */
  gboolean         dimmed;
  gboolean         network_down;
  PhoneKey         held_key;        /* for the long press */

  gboolean         started;
  gboolean         quitting;
  gboolean         told_stopped;
  gboolean         stopped;
  GError          *command_error;
  PhoneDisplay    *display;
};

/* engine-events.c */
void        phone_engine_handle         (PhoneEngine      *self,
                                         const PhoneEvent *event);
void        phone_engine_note_activity  (PhoneEngine      *self);

/* engine.c: services for the other files */
void        phone_engine_defer          (PhoneEngine     *self,
                                         PhoneCall       *call,
                                         PhoneCallEvent   on);
void        phone_engine_say            (PhoneEngine     *self,
                                         const char      *text);
void        phone_engine_notify_call    (PhoneEngine     *self,
                                         const PhoneCall *call);
void        phone_engine_set_local      (PhoneEngine     *self,
                                         PhoneSettingId   id,
                                         guint            x,
                                         guint            y,
                                         const char      *text);
void        phone_engine_tick_at        (PhoneEngine     *self,
                                         gint64           at_ms);
const guint *phone_engine_get_row_hits  (PhoneEngine     *self);
gint64      phone_engine_get_account_int (PhoneEngine    *self,
                                         PhoneSettingId   id,
                                         guint            account);
const char *phone_engine_get_account_string (PhoneEngine *self,
                                         PhoneSettingId   id,
                                         guint            account);

/* Settings without an index. */
#define phone_engine_bool(self, id) phone_settings_get_bool ((self)->settings, PHONE_SETTING_##id, 0, 0)
#define phone_engine_int(self, id) phone_settings_get_int ((self)->settings, PHONE_SETTING_##id, 0, 0)
#define phone_engine_text(self, id) phone_settings_get_string ((self)->settings, PHONE_SETTING_##id, 0, 0)

G_END_DECLS
