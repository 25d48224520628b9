/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "exchange-sounds.h"

G_BEGIN_DECLS

/**
 * SECTION:exchange-directory
 * @title: ExchangeRobot
 *
 * The robot extensions in one table: number, name, help and what the robot does, step by step. A step that takes time
 * (a pause, a sound that is not endless, a question) lets the next one wait; after the last step the robot keeps the
 * call until the caller ends it.
 */
typedef enum {
  EXCHANGE_STEP_END,
  EXCHANGE_STEP_WAIT,       /* value: milliseconds */
  EXCHANGE_STEP_RESPOND,    /* value: provisional or final status, without SDP */
  EXCHANGE_STEP_REDIRECT,   /* text: number; a 302 */
  EXCHANGE_STEP_CHALLENGE,  /* value: 401 or 407; text: the challenge, new nonce each time */
  EXCHANGE_STEP_EARLY,      /* 183 with SDP */
  EXCHANGE_STEP_ANSWER,     /* 200 with SDP */
  EXCHANGE_STEP_SOUND,      /* value: ExchangeSound */
  EXCHANGE_STEP_ECHO,
  EXCHANGE_STEP_ASK,        /* text: digits that let the script go on */
  EXCHANGE_STEP_HOLD,       /* re-INVITE sendonly */
  EXCHANGE_STEP_RESUME,     /* re-INVITE sendrecv */
  EXCHANGE_STEP_OFFERLESS,  /* re-INVITE without SDP */
  EXCHANGE_STEP_HANG_UP,
} ExchangeStepKind;

typedef struct {
  ExchangeStepKind  kind;
  guint             value;
  const char       *text;
} ExchangeStep;

#define EXCHANGE_MAX_STEPS 8

/**
 * ExchangeRobot:
 * @number: what is dialled
 * @name: short name for a directory, English; translate with exchange_robot_get_name()
 * @help: one sentence, English
 * @calls_back: calls the caller back some seconds after the call
 * @for_tests: not listed; there to provoke phones
 */
typedef struct {
  const char   *number;
  const char   *name;
  const char   *help;
  gboolean      calls_back;
  gboolean      for_tests;
  ExchangeStep  steps[EXCHANGE_MAX_STEPS];
} ExchangeRobot;

/* All robots, ended by one without number. */
const ExchangeRobot *exchange_directory_get      (void);
const ExchangeRobot *exchange_directory_find     (const char          *number);
/* Who calls back: its steps are what it does when it was answered. */
const ExchangeRobot *exchange_directory_get_call_back (void);
const char          *exchange_robot_get_name     (const ExchangeRobot *robot);
const char          *exchange_robot_get_help     (const ExchangeRobot *robot);

/**
 * exchange_directory_format_ready:
 * Returns: (transfer full): the line that tells a parent process where the exchange is and who can be called, as JSON
 *   without a newline
 */
char                *exchange_directory_format_ready (const char      *address,
                                                      guint            port) G_GNUC_WARN_UNUSED_RESULT;
/* The same for people, one line each. */
char                *exchange_directory_format_table (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
