/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "calls.h"
#include "texts.h"

#include <string.h>

/* When a command makes sense; what is not allowed now fails with a text. */
typedef enum {
  WHEN_ANY,
  WHEN_CALL,       /* a call is shown */
  WHEN_RINGING,    /* a call rings here */
  WHEN_TALKING,    /* the focused call is spoken on */
  WHEN_HELD,       /* a call is on hold by us */
} When;

static const char *const refusals[] = {
  [PHONE_REFUSED_NOT_NOW] = N_("Not possible now"),
  [PHONE_REFUSED_NO_CALL] = N_("There is no call"),
  [PHONE_REFUSED_NO_RINGING] = N_("No call rings"),
  [PHONE_REFUSED_NO_TALK] = N_("There is no conversation"),
  [PHONE_REFUSED_NO_HELD] = N_("No call is on hold"),
  [PHONE_REFUSED_NO_SUCH_CALL] = N_("No such call"),
  [PHONE_REFUSED_NOTHING_DIALLED] = N_("No number was dialled yet"),
  [PHONE_REFUSED_NO_VOICE_MAIL] = N_("No voice mail number is set"),
};

/**
 * phone_command_refuse:
 *
 * Sets @error to %G_IO_ERROR_FAILED with the translated words for @why.
 *
 * Returns: %FALSE
 */
gboolean
phone_command_refuse (GError       **error,
                      PhoneRefused   why)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _(refusals[why]));
  return FALSE;
}

/**
 * phone_command_say_malformed:
 * @argument: what was wrong
 *
 * Sets @error to %G_IO_ERROR_INVALID_ARGUMENT.
 *
 * Returns: %FALSE
 */
gboolean
phone_command_say_malformed (GError     **error,
                             const char  *argument)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Wrong argument: %s"), argument);
  return FALSE;
}

/**
 * phone_command_parse_number:
 * @text: decimal digits, with or without a sign
 * @number: (out): fits an int
 */
gboolean
phone_command_parse_number (const char  *text,
                            gint64      *number,
                            GError     **error)
{
  const char *digits = *text == '+' ? text + 1 : text;

  if (g_ascii_string_to_signed (digits, 10, G_MININT, G_MAXINT, number, NULL))
    return TRUE;
  return phone_command_say_malformed (error, text);
}

/**
 * phone_command_parse_switch:
 * @args: "on", "off", "toggle", or nothing for the other way round
 * @now: how it is now
 * @wanted: (out): how it is to be
 */
gboolean
phone_command_parse_switch (char     **args,
                            gboolean   now,
                            gboolean  *wanted,
                            GError   **error)
{
  if (args[0] == NULL || strcmp (args[0], "toggle") == 0)
    *wanted = !now;
  else if (strcmp (args[0], "on") == 0 || strcmp (args[0], "1") == 0)
    *wanted = TRUE;
  else if (strcmp (args[0], "off") == 0 || strcmp (args[0], "0") == 0)
    *wanted = FALSE;
  else
    return phone_command_say_malformed (error, args[0]);
  return TRUE;
}

/**
 * phone_command_get_call:
 * @args: a call number or nothing
 * @fallback: (nullable): the call that is meant by nothing
 *
 * Returns: (transfer none) (nullable): the call; %NULL with @error set when there is none
 */
PhoneCall *
phone_command_get_call (PhoneEngine  *engine,
                        char        **args,
                        PhoneCall    *fallback,
                        GError      **error)
{
  gint64 id;
  PhoneCall *call = fallback;

  if (args[0] != NULL)
    {
      if (!phone_command_parse_number (args[0], &id, error))
        return NULL;
      call = id > 0 ? phone_calls_find (engine, id) : NULL;
    }
  if (call == NULL)
    phone_command_refuse (error, PHONE_REFUSED_NO_SUCH_CALL);
  return call;
}

static gboolean
run_memory (PhoneEngine  *engine,
            char        **args,
            GError      **error)
{
  phone_commands_say_not_built (engine, _("Memory keys"));
  return TRUE;
}

static gboolean
run_practice (PhoneEngine  *engine,
              char        **args,
              GError      **error)
{
  gboolean wanted;

  if (!phone_command_parse_switch (args, phone_engine_bool (engine, PRACTICE), &wanted, error))
    return FALSE;
  phone_engine_set_local (engine, PHONE_SETTING_PRACTICE, 0, 0, wanted ? "1" : "0");
  if (wanted)
    phone_engine_say (engine, _("Starting the practice exchange..."));
  return TRUE;
}

static gboolean
run_say (PhoneEngine  *engine,
         char        **args,
         GError      **error)
{
  phone_engine_say (engine, args[0]);
  return TRUE;
}

static gboolean
run_not_built (PhoneEngine  *engine,
               char        **args,
               GError      **error)
{
  phone_commands_say_not_built (engine, args[0]);
  return TRUE;
}

static gboolean
run_quit (PhoneEngine  *engine,
          char        **args,
          GError      **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_QUIT };

  phone_event_queue_post (engine->queue, &event);
  return TRUE;
}

static const struct {
  const char       *name;
  const char       *usage;
  guint             min_args;
  guint             max_args;
  When              when;
  PhoneCommandFunc *run;
  const char       *help;
} commands[] = {
  { "key", "[--hold MS] ID...", 1, 99, WHEN_ANY, phone_run_key, N_("Press keys, by their action-URI names") },
  { "type", "TEXT", 1, 1, WHEN_ANY, phone_run_type, N_("Type text as on a keyboard") },
  { "dial", "NUMBER [ACCOUNT]", 1, 2, WHEN_ANY, phone_run_dial, N_("Call a number, an address or an IP address") },
  { "answer", "[CALL]", 0, 1, WHEN_RINGING, phone_run_answer, N_("Answer a call that rings") },
  { "reject", "[CALL]", 0, 1, WHEN_RINGING, phone_run_reject, N_("Refuse a call that rings") },
  { "silence", "[CALL]", 0, 1, WHEN_RINGING, phone_run_silence, N_("Stop the bell, leave the call waiting") },
  { "forward", "[NUMBER]", 0, 1, WHEN_RINGING, phone_run_forward, N_("Send a call that rings somewhere else") },
  { "hangup", "[CALL|all]", 0, 1, WHEN_CALL, phone_run_hangup, N_("End a call, or close the page of one that ended") },
  { "hold", "[CALL]", 0, 1, WHEN_CALL, phone_run_hold, N_("Put a call on hold") },
  { "resume", "[CALL]", 0, 1, WHEN_HELD, phone_run_resume, N_("Take a call back from hold") },
  { "swap", "", 0, 0, WHEN_HELD, phone_run_swap, N_("Talk to the call on hold, hold this one") },
  { "toggle-hold", "", 0, 0, WHEN_CALL, phone_run_toggle_hold, N_("The Hold key: hold or resume") },
  { "hook", "[on|off]", 0, 1, WHEN_ANY, phone_run_hook, N_("Handset: on = in the cradle, off = lifted") },
  { "speaker", "", 0, 0, WHEN_ANY, phone_run_speaker, N_("The Speaker key") },
  { "headset", "", 0, 0, WHEN_ANY, phone_run_headset, N_("The Headset key") },
  { "mute", "[on|off]", 0, 1, WHEN_ANY, phone_run_mute, N_("Microphone off or on") },
  { "volume", "+N|-N|N|KIND N", 1, 2, WHEN_ANY, phone_run_volume, N_("Change the volume in use, or one by name") },
  { "dnd", "[on|off|toggle [ACCOUNT]]", 0, 2, WHEN_ANY, phone_run_dnd, N_("Do not disturb") },
  { "dnd-menu", "", 0, 0, WHEN_ANY, phone_run_dnd_menu, N_("Show the page of do not disturb") },
  { "call-forward", "[ACCOUNT]", 0, 1, WHEN_ANY, phone_run_call_forward, N_("Show the page of call forward") },
  { "forward-always", "[on|off|toggle [TARGET [ACCOUNT]]]", 0, 3, WHEN_ANY, phone_run_forward_always,
    N_("Forward all calls") },
  { "forward-busy", "[on|off|toggle [TARGET [ACCOUNT]]]", 0, 3, WHEN_ANY, phone_run_forward_busy,
    N_("Forward calls while busy") },
  { "forward-no-answer", "[on|off|toggle [TARGET [ACCOUNT]]]", 0, 3, WHEN_ANY, phone_run_forward_no_answer,
    N_("Forward calls that nobody answers") },
  { "forward-copy", "ACCOUNT", 1, 1, WHEN_ANY, phone_run_forward_copy, N_("All accounts forward as this one does") },
  { "line", "N", 1, 1, WHEN_ANY, phone_run_line, N_("Press line key N") },
  { "memory", "N", 1, 1, WHEN_ANY, run_memory, N_("Press memory key N") },
  { "focus", "CALL|next|previous", 1, 1, WHEN_CALL, phone_run_focus, N_("Choose the call that keys act on") },
  { "dtmf", "DIGITS", 1, 1, WHEN_TALKING, phone_run_dtmf, N_("Send digits in the call") },
  { "newcall", "", 0, 0, WHEN_ANY, phone_run_newcall, N_("Take a line; holds the call that is spoken on") },
  { "redial", "", 0, 0, WHEN_ANY, phone_run_redial, N_("The placed calls; again: call the last number") },
  { "history", "[all|missed|placed|received|forwarded]", 0, 1, WHEN_ANY, phone_run_history, N_("Show the call log") },
  { "clear-history", "[KIND]", 0, 1, WHEN_ANY, phone_run_clear_history, N_("Delete the call log") },
  { "forwarded", "view|exit", 1, 1, WHEN_ANY, phone_run_forwarded, N_("Show or forget the forwarded calls") },
  { "missed", "view|exit", 1, 1, WHEN_ANY, phone_run_missed, N_("Show or forget the missed calls") },
  { "directory", "", 0, 0, WHEN_ANY, phone_run_directory, N_("Show the directory") },
  { "menu", "[ID]", 0, 1, WHEN_ANY, phone_run_menu, N_("Show a menu") },
  { "status", "[PAGE]", 0, 1, WHEN_ANY, phone_run_status, N_("Show the state of the phone") },
  { "edit", "FORM [INDEX]", 1, 2, WHEN_ANY, phone_run_edit, N_("Edit settings on the phone") },
  { "accounts", "FORM", 1, 1, WHEN_ANY, phone_run_accounts, N_("Choose an account to edit") },
  { "use-line", "ACCOUNT", 1, 1, WHEN_ANY, phone_run_use_line, N_("The account of the number that is being entered") },
  { "account", "+1|-1|N", 1, 1, WHEN_ANY, phone_run_account, N_("Choose the account that calls go out on") },
  { "message", "", 0, 0, WHEN_ANY, phone_run_message, N_("Call the voice mail") },
  { "transfer", "[NUMBER]", 0, 1, WHEN_ANY, phone_run_transfer, N_("The Transfer key; with a number, a blind transfer there") },
  { "recall", "", 0, 0, WHEN_CALL, phone_run_recall, N_("Call back who was lost in a transfer that failed") },
  { "conference", "", 0, 0, WHEN_ANY, phone_run_conference, N_("The Conference key") },
  { "split", "", 0, 0, WHEN_CALL, phone_run_split, N_("Make calls on hold of a conference") },
  { "conference-manage", "", 0, 0, WHEN_CALL, phone_run_conference_manage, N_("Show who is in the conference") },
  { "conference-party", "mute|hold|remove CALL", 2, 2, WHEN_CALL, phone_run_conference_party,
    N_("Mute, hold or remove one of them; again: undo") },
  { "not-built", "FEATURE", 1, 1, WHEN_ANY, run_not_built, N_("Say that a feature is not there yet") },
  { "practice", "[on|off]", 0, 1, WHEN_ANY, run_practice, N_("Start or stop the practice exchange") },
  { "say", "TEXT", 1, 1, WHEN_ANY, run_say, N_("Show a message for a moment") },
  { "set", "KEY VALUE", 2, 2, WHEN_ANY, phone_run_set, N_("Change a setting on this phone") },
  { "register", "[ACCOUNT]", 0, 1, WHEN_ANY, phone_run_register, N_("Register again now") },
  { "quit", "", 0, 0, WHEN_ANY, run_quit, N_("Hang up, unregister and leave") },
};

/**
 * phone_commands_get_n:
 * Returns: how many commands there are
 */
guint
phone_commands_get_n (void)
{
  return G_N_ELEMENTS (commands);
}

/**
 * phone_commands_get_info:
 * @i: less than phone_commands_get_n()
 * @info: (out): texts that live as long as the program
 */
void
phone_commands_get_info (guint             i,
                         PhoneCommandInfo *info)
{
  g_return_if_fail (i < G_N_ELEMENTS (commands));

  *info = (PhoneCommandInfo) { commands[i].name, commands[i].usage, _(commands[i].help) };
}

static gboolean
check_when (PhoneEngine  *engine,
            When          when,
            GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);

  switch (when)
    {
    case WHEN_ANY:
      return TRUE;
    case WHEN_CALL:
      return phone_calls_count_visible (engine) > 0
             || phone_command_refuse (error, PHONE_REFUSED_NO_CALL);
    case WHEN_RINGING:
      return phone_calls_find_ringing (engine) != NULL
             || phone_command_refuse (error, PHONE_REFUSED_NO_RINGING);
    case WHEN_TALKING:
      return (focused != NULL && focused->state == PHONE_CALL_TALKING)
             || phone_command_refuse (error, PHONE_REFUSED_NO_TALK);
    case WHEN_HELD:
      return phone_calls_find_in_state (engine, PHONE_CALL_HELD) != NULL
             || phone_command_refuse (error, PHONE_REFUSED_NO_HELD);
    }
  g_assert_not_reached ();
}

/* Splits a line and finds its command. Returns the index, -1 with @error. */
static int
parse (PhoneEngine   *engine,
       const char    *line,
       char        ***argv,
       GError       **error)
{
  int argc;
  g_autoptr (GError) local = NULL;

  /* A command line may hold anything; what is shown or told on must not. */
  if (!g_utf8_validate (line, -1, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "the text is not valid UTF-8");
      return -1;
    }
  if (!g_shell_parse_argv (line, &argc, argv, &local))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, local->message);
      return -1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      guint n_args = argc - 1;

      if (strcmp ((*argv)[0], commands[i].name) != 0)
        continue;
      if (n_args < commands[i].min_args || n_args > commands[i].max_args)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Usage: %s %s"), commands[i].name,
                       commands[i].usage);
          return -1;
        }
      return check_when (engine, commands[i].when, error) ? (int) i : -1;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Unknown command: %s"), (*argv)[0]);
  return -1;
}

/**
 * phone_commands_check:
 * Returns: whether @line is a command that may be run now
 */
gboolean
phone_commands_check (PhoneEngine  *engine,
                      const char   *line,
                      GError      **error)
{
  g_auto (GStrv) argv = NULL;

  return parse (engine, line, &argv, error) >= 0;
}

/**
 * phone_commands_run:
 * @line: a command and its arguments, quoted as in a shell
 *
 * Runs a command. Only while an event is handled: others use phone_engine_run_command().
 */
gboolean
phone_commands_run (PhoneEngine  *engine,
                    const char   *line,
                    GError      **error)
{
  g_auto (GStrv) argv = NULL;
  int i = parse (engine, line, &argv, error);

  if (i < 0)
    return FALSE;
  g_debug ("command: %s", commands[i].name);
  return commands[i].run (engine, argv + 1, error);
}

/**
 * phone_commands_say_not_built:
 * @feature: translated name of what the key or the menu would do
 */
void
phone_commands_say_not_built (PhoneEngine *engine,
                              const char  *feature)
{
  /* Translators: %s is the name of a function of a key or a menu entry */
  g_autofree char *text = g_strdup_printf (_("%s is not available yet."), feature);

  phone_engine_say (engine, text);
}
