/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "forward.h"

G_BEGIN_DECLS

/*
 * The command table: the one way for everything that is not a bare key. Soft keys, menus, D-Bus, the command line and
 * links all issue these lines.
 */

/**
 * PhoneCommandInfo:
 * @name: first word of the line
 * @usage: the arguments, "" when there are none
 * @help: one line, translatable
 */
typedef struct {
  const char *name;
  const char *usage;
  const char *help;
} PhoneCommandInfo;

guint    phone_commands_get_n         (void);
void     phone_commands_get_info      (guint              i,
                                       PhoneCommandInfo  *info);

gboolean phone_commands_check         (PhoneEngine       *engine,
                                       const char        *line,
                                       GError           **error);
gboolean phone_commands_run           (PhoneEngine       *engine,
                                       const char        *line,
                                       GError           **error);
void     phone_commands_say_not_built (PhoneEngine       *engine,
                                       const char        *feature);
void     phone_commands_send_digit    (PhoneEngine       *engine,
                                       char               digit);
gboolean phone_commands_forward       (PhoneEngine       *engine,
                                       guint              call,
                                       const char        *text,
                                       GError           **error);
gboolean phone_commands_toggle_divert (PhoneEngine       *engine,
                                       PhoneDivert        divert,
                                       const char        *target,
                                       GError           **error);

G_END_DECLS
