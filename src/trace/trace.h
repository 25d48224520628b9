/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PHONE_TRACE_UDP,
  PHONE_TRACE_TCP,
  PHONE_TRACE_TLS,
} PhoneTraceTransport;

/** PHONE_TRACE_ADDRESS_SIZE: room for an IP literal. */
#define PHONE_TRACE_ADDRESS_SIZE 46
/** PHONE_TRACE_MAX_TEXT: what is kept of one message; the rest of a longer one is cut off. */
#define PHONE_TRACE_MAX_TEXT 16384

/**
 * PhoneTraceRecord:
 * @number: from 1, without gaps, in the order of recording
 * @monotonic_us: g_get_monotonic_time()
 * @wall_us: microseconds since 1970
 * @text: the message as text, secrets masked; not always UTF-8; a zero follows
 * @length: bytes of @text
 * @whole_length: bytes of the message before it was cut to %PHONE_TRACE_MAX_TEXT
 *
 * One message that was sent or received. Never changes once recorded, so any thread may read it.
 */
typedef struct {
  gatomicrefcount     refs;
  guint64             number;
  gint64              monotonic_us;
  gint64              wall_us;
  PhoneTraceTransport transport;
  gboolean            sent;           /* else received */
  gboolean            failed;         /* could not be sent */
  char                local[PHONE_TRACE_ADDRESS_SIZE];
  char                remote[PHONE_TRACE_ADDRESS_SIZE];
  guint16             local_port;
  guint16             remote_port;
  char               *call_id;        /* nullable: value of Call-ID */
  gsize               whole_length;
  gsize               length;
  char               *text;
} PhoneTraceRecord;

/** phone_trace_record_new: @text is copied, and must have no secrets in it any more. */
PhoneTraceRecord *phone_trace_record_new   (const char             *text,
                                            gsize                   length) G_GNUC_WARN_UNUSED_RESULT;
PhoneTraceRecord *phone_trace_record_ref   (PhoneTraceRecord       *self);
void              phone_trace_record_unref (PhoneTraceRecord       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneTraceRecord, phone_trace_record_unref)

const char       *phone_trace_transport_to_string (PhoneTraceTransport transport);

/**
 * PhoneTrace:
 *
 * The last messages, no more than so many of so many bytes. Any thread: one lock, held to put a pointer in or to copy pointers
 * out, so that nobody who records waits for somebody who reads.
 */
typedef struct _PhoneTrace PhoneTrace;

PhoneTrace *phone_trace_new        (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneTrace *phone_trace_ref        (PhoneTrace       *self);
void        phone_trace_unref      (PhoneTrace       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneTrace, phone_trace_unref)

/** phone_trace_set_limits: 0 of either: nothing is recorded, and what was is forgotten. */
void        phone_trace_set_limits (PhoneTrace       *self,
                                    guint             max_records,
                                    gsize             max_bytes);

/** phone_trace_is_on: whether recording makes sense; costs no lock. */
gboolean    phone_trace_is_on      (PhoneTrace       *self);

/** phone_trace_add: @record: (transfer full): gets its number here */
void        phone_trace_add        (PhoneTrace       *self,
                                    PhoneTraceRecord *record);

/** phone_trace_name_call: tells which call a Call-ID belongs to, before or after its messages. A call may have several. */
void        phone_trace_name_call  (PhoneTrace       *self,
                                    const char       *call_id,
                                    guint             call);

/** phone_trace_find_call: Returns: the number of the call, 0: none that is known */
guint       phone_trace_find_call  (PhoneTrace       *self,
                                    const char       *call_id);

/**
 * phone_trace_list:
 * @call: 0: everything
 *
 * Returns: (transfer full) (element-type PhoneTraceRecord): the oldest first
 */
GPtrArray  *phone_trace_list       (PhoneTrace       *self,
                                    guint             call) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_trace_list_since:
 * @number: of the newest that is known, 0: none
 *
 * Returns: (transfer full) (element-type PhoneTraceRecord): those after it, the oldest first
 */
GPtrArray  *phone_trace_list_since (PhoneTrace       *self,
                                    guint64           number) G_GNUC_WARN_UNUSED_RESULT;

/** phone_trace_get_last: Returns: number of the newest record, 0: none yet */
guint64     phone_trace_get_last   (PhoneTrace       *self);

/** phone_trace_get_n_lost: Returns: how many records had to make room for others */
guint64     phone_trace_get_n_lost (PhoneTrace       *self);

G_END_DECLS
