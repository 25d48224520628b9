/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "ports.h"
#include "sip-signaling.h"

G_BEGIN_DECLS

/*
 * What the tests of the sip room share: a phone without engine (queue, settings, signaling; its events are collected), and
 * a peer on plain sockets that says exactly what a test wants it to say.
 */

#define RIG_ANY G_MAXUINT

typedef struct {
  PhoneEventQueue *queue;
  PhoneSettings   *settings;
  PhoneSignaling  *signaling;
  GPtrArray       *events;
  guint            taken;
  gboolean         answers_modify;   /* accepts every REMOTE_MODIFY with the reversed direction */
} RigPhone;

/* Short times, so that a test of a time-out takes a second. */
extern const PhoneSipTimers rig_short_timers;

RigPhone         *rig_phone_new        (const char           *bind_address,
                                        const PhoneSipTimers *timers);
RigPhone         *rig_phone_new_threaded (const char         *bind_address);
void              rig_phone_free       (RigPhone             *self);
guint             rig_phone_get_port   (RigPhone             *self);
char             *rig_phone_dup_target (RigPhone             *self,
                                        const char           *user);
const PhoneEvent *rig_phone_wait       (RigPhone             *self,
                                        PhoneEventType        type);
guint             rig_phone_count      (RigPhone             *self,
                                        PhoneEventType        type);
void              rig_phone_settle     (RigPhone             *self);
void              rig_phone_stop       (RigPhone             *self);
guint             rig_phone_dial       (RigPhone             *self,
                                        guint                 account,
                                        const char           *target);

PhoneMediaDesc   *rig_desc             (guint                 port,
                                        PhoneDirection        direction);
PhoneMediaDesc   *rig_desc_at          (const char           *address,
                                        guint                 port,
                                        PhoneDirection        direction);

/* Runs the main loop: until @done says so, or for a fixed time to see that nothing happens. */
typedef gboolean (*RigDone) (gpointer data);
void              rig_run_until        (RigDone               done,
                                        gpointer              data,
                                        const char           *what);
void              rig_run_for          (guint                 ms);

typedef struct {
  GSocket   *udp;
  GSocket   *listener;
  GSocket   *tcp;
  GString   *stream;
  guint      port;
  char      *address;
  const char *phone_address;   /* nullable: where phones are, if not at @address */
  GQueue     inbox;          /* RigMessage */
  char      *last;           /* retransmissions are dropped when they come right after each other */
  gboolean   keep_repeats;
  guint      n_blanks;       /* packets of line ends alone */
  guint      n_accepted;     /* connections that phones opened */
  gboolean   registrar;      /* answers each REGISTER by itself */
  GList     *sources;
} RigPeer;

typedef struct {
  char           *text;
  GSocketAddress *from;
  gboolean        by_tcp;
} RigMessage;

RigPeer    *rig_peer_new           (const char        *address);
void        rig_peer_free          (RigPeer           *self);
RigMessage *rig_peer_wait          (RigPeer           *self,
                                    const char        *start);
gboolean    rig_peer_has           (RigPeer           *self,
                                    const char        *start);
void        rig_peer_send          (RigPeer           *self,
                                    guint              port,
                                    const char        *text);
void        rig_peer_reply         (RigPeer           *self,
                                    RigMessage        *request,
                                    guint              status,
                                    const char        *phrase,
                                    const char        *headers,
                                    const char        *body);
void        rig_peer_reply_tagged  (RigPeer           *self,
                                    RigMessage        *request,
                                    const char        *tag,
                                    guint              status,
                                    const char        *phrase,
                                    const char        *headers,
                                    const char        *body);
/* A 200 that lacks what RFC 3261 wants in it. */
void        rig_peer_reply_poor    (RigPeer           *self,
                                    RigMessage        *request,
                                    const char        *tag,
                                    gboolean           with_contact,
                                    const char        *body);
char       *rig_peer_make_invite   (RigPeer           *self,
                                    guint              port,
                                    const char        *call_id,
                                    const char        *headers,
                                    const char        *body);
/* A request inside the dialog that @response (to our INVITE) made, or that @request (their INVITE, answered by us) made. */
char       *rig_peer_make_in_dialog (RigPeer          *self,
                                    RigMessage        *from,
                                    const char        *method,
                                    guint              cseq,
                                    const char        *headers,
                                    const char        *body);
char       *rig_peer_dup_contact   (RigPeer           *self);

/* By TCP: one connection from the peer to the phone, which replies come back on. */
void        rig_peer_connect       (RigPeer           *self,
                                    guint              port);
void        rig_peer_send_stream   (RigPeer           *self,
                                    const char        *text);
void        rig_peer_disconnect    (RigPeer           *self);
/* The same message with another transport in its Via. */
char       *rig_dup_for_tcp        (const char        *text);
/* The CANCEL, or the ACK to a refusal, that belongs to an INVITE of the peer. */
char       *rig_dup_cancel         (const char        *invite);
char       *rig_dup_refusal_ack    (const char        *invite);
/* A setting by its key. */
void        rig_phone_set          (RigPhone          *self,
                                    const char        *key,
                                    const char        *value);
/* Account 1, whose server is the peer; registers and is answered. */
void        rig_phone_register     (RigPhone          *self,
                                    RigPeer           *server);

void        rig_message_free       (RigMessage        *self);
char       *rig_message_dup_header (RigMessage        *self,
                                    const char        *name);
const char *rig_message_get_body   (RigMessage        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RigMessage, rig_message_free)

/* Digests (RFC 7616), checked by a computation of their own. */
char       *rig_dup_parameter      (const char        *header,
                                    const char        *name);
char       *rig_message_dup_credentials (RigMessage   *self,
                                    const char        *name,
                                    const char        *realm);
char       *rig_expect_credentials (RigMessage        *request,
                                    const char        *name,
                                    const char        *realm,
                                    const char        *user,
                                    const char        *password);

void        rig_expect_again       (RigMessage        *first,
                                    RigMessage        *second);

extern const char rig_sdp[];        /* an offer or answer with PCMU and PCMA */

G_END_DECLS
