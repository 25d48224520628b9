/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PhoneFlowCommand:
 * @files: (element-type utf8): flows to play, one after the other
 * @sets: (element-type utf8): NAME=VALUE
 * @attach: (element-type utf8): NAME=PROFILE, NAME=unix:PATH
 * @variables: (nullable): a file of NAME=VALUE
 * @junit: (nullable): a file to write
 * @trace: (nullable): a folder where the SIP messages of each phone are written to
 * @program: (nullable): the phone's program
 *
 * What `desksetctl run` was told.
 */
typedef struct {
  GPtrArray  *files;
  GPtrArray  *sets;
  GPtrArray  *attach;
  const char *variables;
  const char *junit;
  const char *trace;
  const char *program;
  const char *app_id;
  guint       slow_ms;
  gboolean    by_hand;    /* a person presses the keys */
  gboolean    check;      /* only read the files */
  gboolean    verbose;    /* tell each line as it is done */
} PhoneFlowCommand;

/**
 * PhoneFlowVerdict:
 * As exit codes.
 */
typedef enum {
  PHONE_FLOW_ALL_PASSED = 0,
  PHONE_FLOW_SOME_FAILED = 1,
  PHONE_FLOW_UNUSABLE = 2,
} PhoneFlowVerdict;

PhoneFlowVerdict phone_flow_command (const PhoneFlowCommand  *self,
                                     GError                 **error);

G_END_DECLS
