/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "trace.h"

G_BEGIN_DECLS

/**
 * SECTION:trace-ladder
 * @title: PhoneTraceLadder
 *
 * Recorded messages as the guides draw call flows: a column for each party, a numbered step for each message. A phone sees its
 * own side only: column 0 is the phone, the others are those it exchanged messages with. Of several phones of this machine the
 * sides are put together. Pure; any thread.
 */

/** PHONE_TRACE_THIS_PHONE: the name of a phone's own column. */
#define PHONE_TRACE_THIS_PHONE "this phone"

/** PHONE_TRACE_GAP_US: a step that comes so long after the one before is marked. */
#define PHONE_TRACE_GAP_US (2 * G_USEC_PER_SEC)

/**
 * PhoneTraceStep:
 * @number: the n of Fn, from 1; a message that is sent again has its own
 * @from: column
 * @to: column
 * @label: "INVITE", "180 Ringing"; valid UTF-8
 * @again: the same message as before
 * @error: a response from 300 on, or one that could not be sent
 * @gap: nothing happened for %PHONE_TRACE_GAP_US before
 * @at_us: since the first step
 * @since_us: since the step before
 */
typedef struct {
  guint             number;
  guint             from;
  guint             to;
  char             *label;
  gboolean          again;
  gboolean          error;
  gboolean          gap;
  gint64            at_us;
  gint64            since_us;
  PhoneTraceRecord *record;
} PhoneTraceStep;

/**
 * PhoneTraceLadder:
 * @columns: (element-type utf8): who they are: "this phone", "192.0.2.5:5060"
 * @steps: (element-type PhoneTraceStep): in order
 */
typedef struct {
  GPtrArray *columns;
  GPtrArray *steps;
} PhoneTraceLadder;

PhoneTraceLadder *phone_trace_ladder_new     (GPtrArray              *records) G_GNUC_WARN_UNUSED_RESULT;

/**
 * PhoneTraceSource:
 * @name: of the phone
 * @records: (element-type PhoneTraceRecord): in order
 */
typedef struct {
  const char *name;
  GPtrArray  *records;
} PhoneTraceSource;

PhoneTraceLadder *phone_trace_ladder_merge   (const PhoneTraceSource *sources,
                                              guint                   n_sources,
                                              const char             *server) G_GNUC_WARN_UNUSED_RESULT;
void              phone_trace_ladder_free    (PhoneTraceLadder       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneTraceLadder, phone_trace_ladder_free)
char             *phone_trace_ladder_to_text (const PhoneTraceLadder *self,
                                              gboolean                whole) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
