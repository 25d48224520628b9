/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "flow-script.h"

G_BEGIN_DECLS

typedef enum {
  PHONE_FLOW_PASSED,
  PHONE_FLOW_FAILED,
  PHONE_FLOW_NOT_RUN,
} PhoneFlowOutcome;

/**
 * PhoneFlowResult:
 * @message: (nullable): what was wrong: the place, the line, what was waited for
 * @report: (nullable): displays and logs, for people
 *
 * How a heading of a flow went.
 */
typedef struct {
  char             *name;
  char             *file;
  guint             line;
  PhoneFlowOutcome  outcome;
  double            seconds;
  char             *message;
  char             *report;
} PhoneFlowResult;

/**
 * PhoneFlowProgressFunc:
 * @step: what is about to be done
 */
typedef void (*PhoneFlowProgressFunc) (const PhoneFlowStep *step,
                                       gpointer             user_data);

/**
 * PhoneFlowWatchFunc:
 *
 * Called twice a second or more often while a flow runs, on its thread: whoever watches may look at the phones.
 */
typedef void (*PhoneFlowWatchFunc) (gpointer user_data);

/**
 * PhoneFlowOptions:
 * @program: path of the phone's program
 * @app_id: "org.deskset.Deskset"
 * @attach: (element-type utf8 utf8): names of phones that run already, and where: a profile or "unix:PATH"
 * @by_hand: a person does what is to be done; it is only told, and checks wait as long as it takes
 * @slow_ms: how long it rests after each key, for people who watch
 * @trace: (nullable): a folder: at the end FLOW-PHONE.json is written there, as `desksetctl trace --json` has it
 * @progress: (nullable): told of each step
 * @watch: (nullable): called again and again
 * @stop: (nullable): set to leave as soon as possible; looked at twice a second
 */
typedef struct {
  const char            *program;
  const char            *app_id;
  GHashTable            *attach;
  gboolean               by_hand;
  guint                  slow_ms;
  const char            *trace;
  volatile int          *stop;
  PhoneFlowProgressFunc  progress;
  PhoneFlowWatchFunc     watch;
  gpointer               user_data;
} PhoneFlowOptions;

GPtrArray *phone_flow_run (const PhoneFlowScript  *script,
                           const PhoneFlowOptions *options) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
