/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-audio.h"

G_BEGIN_DECLS

/* A phone's audio alone: a queue whose events are kept, settings, the audio port. */
typedef struct {
  PhoneEventQueue *queue;
  PhoneSettings   *settings;
  PhoneAudio      *audio;
  GPtrArray       *events;     /* PhoneEvent */
  PhoneMediaSecurity security; /* of what is prepared */
} Handset;

Handset          *handset_new            (const char       *audio_spec);
void              handset_free           (Handset          *self);
void              handset_set            (Handset          *self,
                                          const char       *key,
                                          const char       *value);
guint             handset_count          (Handset          *self,
                                          PhoneEventType    type);
const PhoneEvent *handset_find           (Handset          *self,
                                          PhoneEventType    type,
                                          guint             call);
char             *handset_dup_digits     (Handset          *self);
void              handset_forget         (Handset          *self);

typedef gboolean (*Condition) (gpointer user_data);

/* Runs the main context until the condition holds; fails the test after the deadline. */
void              run_until              (Condition         condition,
                                          gpointer          user_data,
                                          guint             deadline_ms,
                                          const char       *what);
void              run_for                (guint             ms);
void              wait_for_event         (Handset          *self,
                                          PhoneEventType    type,
                                          guint             call,
                                          guint             deadline_ms);

PhoneMediaDesc   *handset_prepare        (Handset          *self,
                                          guint             call,
                                          const char       *codecs,
                                          const char       *address);
/* a's offer is answered by b; both connect. Directions as each side sees them. */
void              connect_handsets       (Handset          *a,
                                          Handset          *b,
                                          guint             call,
                                          const char       *codecs,
                                          const char       *address);
void              set_directions         (Handset          *a,
                                          Handset          *b,
                                          guint             call,
                                          PhoneDirection    of_a);

G_END_DECLS
