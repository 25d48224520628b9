/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine.h"

G_BEGIN_DECLS

/**
 * SECTION:fake-ports
 * @title: Fakes of the ports
 *
 * One object that is all five ports of the engine. It writes each command as a line of text into a log and answers
 * nothing by itself, save the commands that are told to: tests say what happens, in which order, at which time.
 */
#define FAKE_TYPE_PORTS (fake_ports_get_type ())
G_DECLARE_FINAL_TYPE (FakePorts, fake_ports, FAKE, PORTS, GObject)

struct _FakePorts {
  GObject          parent_instance;

  PhoneEventQueue *queue;
  GPtrArray       *log;             /* char *: "sip.invite 1 account=1 1001 …" */
  guint            n_read;          /* lines of the log that a test has looked at */
  GPtrArray       *notices;         /* char *: "call 1 talking 1001" */
  guint            n_notices_read;

  gint64           now_ms;
  gint64           wall_start_s;    /* wall clock at now_ms 0, UTC */
  GArray          *timers;          /* FakeTimer */
  guint64          last_timer;

  GPtrArray       *history;         /* PhoneHistoryEntry */
  GPtrArray       *contacts;        /* PhoneContact */
  guint            n_saved;

  gboolean         auto_media;      /* prepare is answered with MEDIA_READY at once */
  gboolean         auto_sip;        /* hangup, reject and shutdown are answered at once */
  guint            next_port;
  char            *local_address;   /* where our media is said to be */
};

FakePorts      *fake_ports_new          (PhoneEventQueue *queue) G_GNUC_WARN_UNUSED_RESULT;
void            fake_ports_advance      (FakePorts       *self,
                                         gint64           by_ms);
guint           fake_ports_count_timers (FakePorts       *self);
char           *fake_ports_dup_timers   (FakePorts       *self);   /* their numbers, for messages */
PhoneMediaDesc *fake_ports_make_desc    (const char      *text,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
