/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "commands.h"

G_BEGIN_DECLS

/*
 * What the files command-*.c and the table in commands.c share. A command is run while an event is handled; it does
 * what it says or fails with a text for the user.
 */

/**
 * PhoneRefused:
 * Why a command cannot be done, each with its words.
 */
typedef enum {
  PHONE_REFUSED_NOT_NOW,
  PHONE_REFUSED_NO_CALL,           /* none is shown */
  PHONE_REFUSED_NO_RINGING,
  PHONE_REFUSED_NO_TALK,
  PHONE_REFUSED_NO_HELD,
  PHONE_REFUSED_NO_SUCH_CALL,      /* the one that was named */
  PHONE_REFUSED_NOTHING_DIALLED,
  PHONE_REFUSED_NO_VOICE_MAIL,
} PhoneRefused;

gboolean   phone_command_refuse        (GError       **error,
                                        PhoneRefused   why);
gboolean   phone_command_say_malformed (GError       **error,
                                        const char    *argument);
gboolean   phone_command_parse_number  (const char    *text,
                                        gint64        *number,
                                        GError       **error);
gboolean   phone_command_parse_switch  (char         **args,
                                        gboolean       now,
                                        gboolean      *wanted,
                                        GError       **error);
PhoneCall *phone_command_get_call      (PhoneEngine   *engine,
                                        char         **args,
                                        PhoneCall     *fallback,
                                        GError       **error);

/**
 * PhoneCommandFunc:
 * @args: as many as the table allows, %NULL behind the last
 *
 * Runs a command; the table has looked whether it may be run now.
 */
typedef gboolean PhoneCommandFunc (PhoneEngine  *engine,
                                   char        **args,
                                   GError      **error);

/* command-calls.c */
PhoneCommandFunc phone_run_dial;
PhoneCommandFunc phone_run_answer;
PhoneCommandFunc phone_run_reject;
PhoneCommandFunc phone_run_silence;
PhoneCommandFunc phone_run_hangup;
PhoneCommandFunc phone_run_hold;
PhoneCommandFunc phone_run_resume;
PhoneCommandFunc phone_run_swap;
PhoneCommandFunc phone_run_toggle_hold;
PhoneCommandFunc phone_run_forward;
PhoneCommandFunc phone_run_focus;
PhoneCommandFunc phone_run_dtmf;
PhoneCommandFunc phone_run_newcall;
PhoneCommandFunc phone_run_redial;
PhoneCommandFunc phone_run_message;
PhoneCommandFunc phone_run_use_line;

/* command-keys.c */
PhoneCommandFunc phone_run_key;
PhoneCommandFunc phone_run_type;
PhoneCommandFunc phone_run_line;
PhoneCommandFunc phone_run_hook;
PhoneCommandFunc phone_run_speaker;
PhoneCommandFunc phone_run_headset;
PhoneCommandFunc phone_run_mute;
PhoneCommandFunc phone_run_volume;

/* command-pages.c */
PhoneCommandFunc phone_run_history;
PhoneCommandFunc phone_run_missed;
PhoneCommandFunc phone_run_clear_history;
PhoneCommandFunc phone_run_directory;
PhoneCommandFunc phone_run_menu;
PhoneCommandFunc phone_run_status;
PhoneCommandFunc phone_run_edit;
PhoneCommandFunc phone_run_accounts;

/* command-forward.c */
PhoneCommandFunc phone_run_dnd;
PhoneCommandFunc phone_run_dnd_menu;
PhoneCommandFunc phone_run_call_forward;
PhoneCommandFunc phone_run_forward_always;
PhoneCommandFunc phone_run_forward_busy;
PhoneCommandFunc phone_run_forward_no_answer;
PhoneCommandFunc phone_run_forward_copy;
PhoneCommandFunc phone_run_forwarded;

/* command-transfer.c */
PhoneCommandFunc phone_run_transfer;
PhoneCommandFunc phone_run_recall;

/* command-conference.c */
PhoneCommandFunc phone_run_conference;
PhoneCommandFunc phone_run_split;
PhoneCommandFunc phone_run_conference_manage;
PhoneCommandFunc phone_run_conference_party;

/* command-settings.c */
PhoneCommandFunc phone_run_account;
PhoneCommandFunc phone_run_set;
PhoneCommandFunc phone_run_register;

G_END_DECLS
