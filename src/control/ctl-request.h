/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** PHONE_CTL_DEFAULT_TIMEOUT_S: how long `wait` waits when it is not told. */
#define PHONE_CTL_DEFAULT_TIMEOUT_S 30.0

typedef enum {
  PHONE_CTL_KEY,
  PHONE_CTL_TYPE,
  PHONE_CTL_DIAL,
  PHONE_CTL_ANSWER,
  PHONE_CTL_HANGUP,
  PHONE_CTL_HOOK,
  PHONE_CTL_SCREEN,
  PHONE_CTL_LAMPS,
  PHONE_CTL_CALLS,
  PHONE_CTL_ACCOUNTS,
  PHONE_CTL_COUNTS,
  PHONE_CTL_TRACE,
  PHONE_CTL_EVENTS,
  PHONE_CTL_WAIT,
  PHONE_CTL_SEQ,
  PHONE_CTL_SET,
  PHONE_CTL_GET,
  PHONE_CTL_COMMAND,
  PHONE_CTL_RAISE,
  PHONE_CTL_QUIT,
  PHONE_CTL_RUN,
} PhoneCtlCommand;

/**
 * PhoneCtlRequest:
 * @words: (element-type utf8): what follows the command's name
 * @since: -1 when not given
 *
 * A command line of desksetctl, checked: the number of words fits the command, options belong to it.
 */
typedef struct {
  gboolean         help;       /* nothing else counts then */
  gboolean         version;
  PhoneCtlCommand  command;
  char            *profile;    /* "" = the default one */
  char            *control;    /* nullable: path of a socket */
  GPtrArray       *words;
  gboolean         seq;
  gboolean         json;
  gboolean         face;
  gboolean         follow;
  char            *png;
  char            *pcap;       /* nullable */
  guint            call;       /* of `trace`; 0: all */
  double           scale;
  double           timeout_s;
  guint            hold_ms;
  GPtrArray       *sets;       /* (element-type utf8): NAME=VALUE, of `run` */
  GPtrArray       *attach;     /* (element-type utf8): NAME=WHERE, of `run` */
  char            *variables;  /* nullable */
  char            *junit;      /* nullable */
  char            *trace;      /* nullable: a folder */
  char            *phone;      /* nullable: the program */
  guint            slow_ms;
  gboolean         check;
  gboolean         verbose;
  gboolean         by_hand;
  gint64           since;
} PhoneCtlRequest;

/**
 * phone_ctl_request_parse:
 * @arguments: (array zero-terminated=1): without the program's name
 *
 * Returns: (transfer full) (nullable): %NULL with @error, one line for people (%G_IO_ERROR_INVALID_ARGUMENT)
 */
PhoneCtlRequest *phone_ctl_request_parse (const char * const  *arguments,
                                          GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_ctl_request_free  (PhoneCtlRequest     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneCtlRequest, phone_ctl_request_free)

G_END_DECLS
