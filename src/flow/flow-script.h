/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:flow-script
 * @title: PhoneFlowScript
 *
 * A call flow as a text file: which phones there are, which keys are pressed, what must be seen and heard. doc/flows.md
 * describes the language. Only reads; flow-runner.h plays it.
 */

/** PHONE_FLOW_DEFAULT_LIMIT_MS: how long a check waits when the file does not say `within=`. */
#define PHONE_FLOW_DEFAULT_LIMIT_MS 10000

/** PHONE_FLOW_ALL: the step is about every phone. */
#define PHONE_FLOW_ALL G_MAXUINT

typedef enum {
  PHONE_FLOW_STEP,       /* a heading: what comes belongs to it */
  PHONE_FLOW_START,
  PHONE_FLOW_PAUSE,      /* number: milliseconds */
  PHONE_FLOW_REPEAT,     /* number: times; partner: its END */
  PHONE_FLOW_END,        /* partner: its REPEAT */

  PHONE_FLOW_SETTING,    /* of a phone: KEY VALUE */
  PHONE_FLOW_KEY,
  PHONE_FLOW_NUMBER,
  PHONE_FLOW_SOFT,
  PHONE_FLOW_TYPE,
  PHONE_FLOW_DIAL,
  PHONE_FLOW_ANSWER,
  PHONE_FLOW_HANGUP,
  PHONE_FLOW_HOOK,
  PHONE_FLOW_COMMAND,

  PHONE_FLOW_WAIT,
  PHONE_FLOW_LCD,
  PHONE_FLOW_NO_LCD,
  PHONE_FLOW_SOFTKEYS,
  PHONE_FLOW_LAMP,
  PHONE_FLOW_PAGE,
  PHONE_FLOW_ICON,
  PHONE_FLOW_NO_ICON,
  PHONE_FLOW_IDLE,
  PHONE_FLOW_HEARS,
} PhoneFlowKind;

/**
 * PhoneFlowStep:
 * @phone: index, or %PHONE_FLOW_ALL
 * @words: what follows the step's name, with variables filled in
 * @text: the line as it stands in the file: no variable, so no secret
 */
typedef struct {
  PhoneFlowKind   kind;
  guint           phone;
  char          **words;
  guint           limit_ms;
  guint           number;
  guint           partner;
  char           *file;
  guint           line;
  char           *text;
} PhoneFlowStep;

/**
 * PhoneFlowPart:
 * A phone that takes part.
 */
typedef struct {
  char  *name;
  char  *bind;      /* nullable: address it binds to */
  guint  tone_hz;   /* what is said into its microphone, 0 = nothing */
} PhoneFlowPart;

typedef struct {
  char      *file;    /* its path */
  char      *title;
  GPtrArray *parts;   /* (element-type PhoneFlowPart) */
  GPtrArray *steps;   /* (element-type PhoneFlowStep) */
} PhoneFlowScript;

/**
 * PhoneFlowReadFunc:
 * @path: a file
 *
 * Returns: (transfer full) (nullable): its text, or %NULL with @error
 */
typedef char *(*PhoneFlowReadFunc) (const char  *path,
                                    gpointer     user_data,
                                    GError     **error);

PhoneFlowScript *phone_flow_script_load   (const char         *path,
                                           GHashTable         *variables,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneFlowScript *phone_flow_script_read   (const char         *path,
                                           GHashTable         *variables,
                                           PhoneFlowReadFunc   read,
                                           gpointer            user_data,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_flow_script_free   (PhoneFlowScript    *self);
gboolean         phone_flow_read_variables (const char        *path,
                                            GHashTable        *variables,
                                            GError           **error);
gboolean         phone_flow_take_variable (GHashTable         *variables,
                                           const char         *assignment,
                                           GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneFlowScript, phone_flow_script_free)

G_END_DECLS
