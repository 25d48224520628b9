/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "key.h"
#include "media-desc.h"

G_BEGIN_DECLS

/**
 * SECTION:event
 * @title: PhoneEvent and PhoneEventQueue
 *
 * Everything that happens to the phone is an event in one queue. The composition root makes the queue first,
 * hands it to the ports and then to the engine. All posts are made on the thread of the main context (asserted);
 * rooms that have threads cross over inside. Each event is handled to the end before the next one.
 */
typedef enum {
  PHONE_EVENT_NONE,

  /* hands: key, down = value; digits pasted or typed come as TEXT */
  PHONE_EVENT_KEY,              /* key, value 1 = down, 0 = up */
  PHONE_EVENT_TEXT,             /* text: typed or pasted characters */
  PHONE_EVENT_HOOK,             /* value 1 = handset lifted (off hook), 0 = in the cradle */
  PHONE_EVENT_COMMAND,          /* text: one line for the command table (engine/commands.c) */

  /* clock */
  PHONE_EVENT_TIMER,            /* value: timer id */

  /* signaling: accounts */
  PHONE_EVENT_ACCOUNT,          /* account, value: PhoneAccountState, status + text: SIP code and reason */

  /* signaling: calls. `call` is our id except for INCOMING, where signaling makes it with
   * phone_event_queue_new_call (). */
  PHONE_EVENT_INCOMING,         /* call, account, number, name, text: called user part, desc: their offer or NULL */
  PHONE_EVENT_PROGRESS,         /* status 180…183; desc: their answer when early media follows, else NULL */
  PHONE_EVENT_ESTABLISHED,      /* desc: their answer (outgoing) or offer/answer (incoming); after 200 resp. ACK */
  PHONE_EVENT_MODIFIED,         /* our modify was accepted; desc: their answer */
  PHONE_EVENT_MODIFY_FAILED,    /* status, text */
  PHONE_EVENT_REMOTE_MODIFY,    /* re-INVITE or UPDATE; desc: their offer, NULL = they want ours; answer with accept_modify */
  PHONE_EVENT_MUSIC,            /* value 1: they listen to a music server instead of us, 0: no longer */
  PHONE_EVENT_IDENTITY,         /* number, name of the far end became known or changed */
  PHONE_EVENT_TRANSFER,         /* value: PhoneTransferNews, status, number + name: the far end; also for a call that is gone */
  PHONE_EVENT_REFERRED,         /* they ask us to call: text: SIP address, number, name, account; value 1: the server asks, outside any
                                 * call; answer with answer_refer */
  PHONE_EVENT_TERMINATED,       /* status: final response (>= 300), 0 = BYE or our own hang-up; text: reason phrase */
  PHONE_EVENT_SIGNALING_STOPPED,

  /* media */
  PHONE_EVENT_MEDIA_READY,      /* call, desc: our address, ports and codecs */
  PHONE_EVENT_MEDIA_FLOWING,    /* call: first packet heard */
  PHONE_EVENT_MEDIA_STALLED,    /* call: nothing heard for some seconds */
  PHONE_EVENT_MEDIA_FAILED,     /* call or 0, text: for the log; value: PhoneMediaFault */
  PHONE_EVENT_DIGIT_HEARD,      /* call, value: character */
  PHONE_EVENT_AUDIO_HEARD,      /* call, text: "440" — nominal frequency heard by the tone detector, when asked for */

  /* store */
  PHONE_EVENT_SETTING_CHANGED,  /* text: full key; value: the layer */
  PHONE_EVENT_CONTACTS_CHANGED, /* the store knows other contacts than before: load them again */
  PHONE_EVENT_STORE_FAILED,     /* settings or the call log could not be written; the store tries again */

  /* the machine's network (src/network-watch.c) */
  PHONE_EVENT_NETWORK,          /* value: PhoneNetworkNews */

  PHONE_EVENT_QUIT,             /* shut down: hang up, unregister, then "stopped" */

  PHONE_N_EVENTS
} PhoneEventType;

/**
 * PhoneTransferNews:
 * What is heard of a transfer that we asked for.
 */
typedef enum {
  PHONE_TRANSFER_ACCEPTED,      /* 202: they try */
  PHONE_TRANSFER_PROGRESS,      /* status: 18x of the target */
  PHONE_TRANSFER_DONE,          /* the target has answered */
  PHONE_TRANSFER_FAILED,        /* status: the target's refusal */
  PHONE_TRANSFER_REFUSED,       /* status: they do not even try */
  PHONE_TRANSFER_SILENT,        /* nothing was told in time */
} PhoneTransferNews;

/**
 * PhoneNetworkNews:
 * What happened to the machine's network.
 */
typedef enum {
  PHONE_NETWORK_DOWN,           /* no address left to speak from */
  PHONE_NETWORK_CHANGED,        /* some addresses came or went: what used others goes on */
  PHONE_NETWORK_BACK,           /* there again, after it was down or the machine slept: nothing old can be relied on */
} PhoneNetworkNews;

/**
 * PhoneMediaFault:
 * Why media could not be had; each has a text for the LCD (engine/cause.c).
 */
typedef enum {
  PHONE_MEDIA_FAULT_OTHER,
  PHONE_MEDIA_FAULT_NO_PORT,      /* no RTP port left: 503 on the wire */
  PHONE_MEDIA_FAULT_NO_PLUGIN,    /* text names the missing element */
  PHONE_MEDIA_FAULT_NO_DEVICE,    /* the sound server or device is gone */
} PhoneMediaFault;

/**
 * PhoneSignalingFault:
 * Why a registration or a call failed where the SIP response does not say it; each has a text for the LCD (engine/cause.c). Where
 * several addresses were tried, the later value is the one to tell.
 */
typedef enum {
  PHONE_SIGNALING_FAULT_NONE,
  PHONE_SIGNALING_FAULT_NO_SERVER,     /* the name is not known to DNS */
  PHONE_SIGNALING_FAULT_NO_DNS,        /* no name server answers */
  PHONE_SIGNALING_FAULT_UNREACHABLE,   /* no network, or nobody listens there */
  PHONE_SIGNALING_FAULT_TLS,           /* the handshake failed */
  PHONE_SIGNALING_FAULT_CERTIFICATE_UNTRUSTED,
  PHONE_SIGNALING_FAULT_CERTIFICATE_EXPIRED,
  PHONE_SIGNALING_FAULT_CERTIFICATE_NAME,
  PHONE_SIGNALING_FAULT_PASSWORD,      /* 401 or 407 to the right kind of answer */
  PHONE_SIGNALING_FAULT_AUTHENTICATION, /* the server wants a digest nobody here can compute */
} PhoneSignalingFault;

/**
 * PhoneEvent:
 * A flat value; which members count is said at each #PhoneEventType. Members that do not count are 0 or %NULL.
 */
typedef struct {
  PhoneEventType  type;
  guint           call;
  guint           account;
  PhoneKey        key;
  int             value;
  guint           status;
  char           *text;
  char           *number;     /* user part, or full address for a direct-IP call */
  char           *name;       /* display name, already unquoted, valid UTF-8 */
  char           *host;       /* INCOMING: host of the From address */
  PhoneMediaDesc *desc;
  PhoneSignalingFault fault;   /* ACCOUNT, TERMINATED: beside status, which is 503 or 408 then */
  char           *diverter;      /* INCOMING: who has sent the caller here, NULL = nobody */
  char           *diverter_name;
  guint           replaces;    /* INCOMING: the call whose place it takes, 0 = none */
  guint           joins;       /* INCOMING: the call that it joins, 0 = none */
  guint           auto_answer; /* INCOMING: 1 when the request asks for it by header */
} PhoneEvent;

PhoneEvent *phone_event_copy           (const PhoneEvent *self) G_GNUC_WARN_UNUSED_RESULT;
void        phone_event_free           (PhoneEvent       *self);
const char *phone_event_type_to_string (PhoneEventType    type);
const char *phone_network_news_to_string (PhoneNetworkNews news);
const char *phone_transfer_news_to_string (PhoneTransferNews news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneEvent, phone_event_free)

#define PHONE_TYPE_EVENT_QUEUE (phone_event_queue_get_type ())
G_DECLARE_FINAL_TYPE (PhoneEventQueue, phone_event_queue, PHONE, EVENT_QUEUE, GObject)

typedef void (*PhoneEventHandler) (const PhoneEvent *event,
                                   gpointer          user_data);

PhoneEventQueue *phone_event_queue_new         (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_event_queue_post:
 * @event: (transfer none): copied deeply
 *
 * Queues @event. When no other event is being handled it is handled before the call returns; else it waits its
 * turn. Main thread only.
 */
void             phone_event_queue_post        (PhoneEventQueue   *self,
                                                const PhoneEvent  *event);
guint            phone_event_queue_new_call    (PhoneEventQueue   *self);

/* Used by the engine: who handles, and what to do once when the queue ran empty. */
void             phone_event_queue_set_handler (PhoneEventQueue   *self,
                                                PhoneEventHandler  handle,
                                                GFunc              drained,
                                                gpointer           user_data);

G_END_DECLS
