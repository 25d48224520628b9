/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "account.h"
#include "forward.h"
#include "history.h"
#include "page.h"

#include <string.h>

/* Commands that switch call forward and do not disturb, and show their pages. */

static gboolean
check_allowed (PhoneEngine  *engine,
               PhoneDivert   divert,
               GError      **error)
{
  return phone_forward_is_allowed (engine, divert) || phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
}

static gboolean
parse_account (PhoneEngine  *engine,
               const char   *text,
               guint        *account,
               GError      **error)
{
  gint64 number = 0;

  if (text != NULL && !phone_command_parse_number (text, &number, error))
    return FALSE;
  if (text != NULL && (number < 1 || !phone_account_is_enabled (engine, number)))
    return phone_command_say_malformed (error, text);
  *account = number;
  return TRUE;
}

/**
 * phone_commands_toggle_divert:
 * @target: (nullable): where calls go from now on, %NULL as before
 *
 * What a key for it does: switches, or opens the page where one has to choose the account or to enter where calls go.
 */
gboolean
phone_commands_toggle_divert (PhoneEngine  *engine,
                              PhoneDivert   divert,
                              const char   *target,
                              GError      **error)
{
  gboolean on = phone_forward_is_any_on (engine, divert);
  g_autofree char *form = NULL;

  if (!check_allowed (engine, divert, error))
    return FALSE;
  if (!phone_forward_is_custom (engine, divert))
    {
      if (on || target != NULL || phone_forward_has_target (engine, divert))
        return phone_forward_switch (engine, divert, 0, !on, target, error);
      form = g_strdup_printf ("forward-%s", phone_divert_to_string (divert));
      phone_page_edit_open (engine, form, 0);
    }
  else if (divert == PHONE_DIVERT_DND)
    {
      phone_page_dnd_open (engine);
    }
  else
    {
      phone_page_forward_open (engine, 0);
    }
  return TRUE;
}

static gboolean
run_switch (PhoneEngine  *engine,
            PhoneDivert   divert,
            char        **args,
            const char   *target,
            const char   *account_text,
            GError      **error)
{
  gboolean now, wanted;
  guint account;

  if (args[0] == NULL)
    return phone_commands_toggle_divert (engine, divert, NULL, error);
  if (!check_allowed (engine, divert, error) || !parse_account (engine, account_text, &account, error))
    return FALSE;
  if (account != 0 && !phone_forward_is_custom (engine, divert))
    return phone_command_say_malformed (error, account_text);
  now = account != 0 ? phone_forward_is_on (engine, divert, account) : phone_forward_is_any_on (engine, divert);
  if (!phone_command_parse_switch (args, now, &wanted, error))
    return FALSE;
  return phone_forward_switch (engine, divert, account, wanted, target != NULL && *target != '\0' ? target : NULL, error);
}

gboolean
phone_run_dnd (PhoneEngine  *engine,
               char        **args,
               GError      **error)
{
  return run_switch (engine, PHONE_DIVERT_DND, args, NULL, args[0] != NULL ? args[1] : NULL, error);
}

static gboolean
run_forward (PhoneEngine  *engine,
             PhoneDivert   divert,
             char        **args,
             GError      **error)
{
  const char *target = args[0] != NULL ? args[1] : NULL;

  return run_switch (engine, divert, args, target, target != NULL ? args[2] : NULL, error);
}

gboolean
phone_run_forward_always (PhoneEngine  *engine,
                          char        **args,
                          GError      **error)
{
  return run_forward (engine, PHONE_DIVERT_ALWAYS, args, error);
}

gboolean
phone_run_forward_busy (PhoneEngine  *engine,
                        char        **args,
                        GError      **error)
{
  return run_forward (engine, PHONE_DIVERT_BUSY, args, error);
}

gboolean
phone_run_forward_no_answer (PhoneEngine  *engine,
                             char        **args,
                             GError      **error)
{
  return run_forward (engine, PHONE_DIVERT_NO_ANSWER, args, error);
}

gboolean
phone_run_forward_copy (PhoneEngine  *engine,
                        char        **args,
                        GError      **error)
{
  guint account;

  if (!check_allowed (engine, PHONE_DIVERT_ALWAYS, error) || !parse_account (engine, args[0], &account, error))
    return FALSE;
  phone_forward_copy (engine, account);
  return TRUE;
}

gboolean
phone_run_call_forward (PhoneEngine  *engine,
                        char        **args,
                        GError      **error)
{
  guint account;

  if (!check_allowed (engine, PHONE_DIVERT_ALWAYS, error) || !parse_account (engine, args[0], &account, error))
    return FALSE;
  if (account != 0 && !phone_forward_is_custom (engine, PHONE_DIVERT_ALWAYS))
    return phone_command_say_malformed (error, args[0]);
  phone_page_forward_open (engine, account);
  return TRUE;
}

gboolean
phone_run_dnd_menu (PhoneEngine  *engine,
                    char        **args,
                    GError      **error)
{
  if (!check_allowed (engine, PHONE_DIVERT_DND, error))
    return FALSE;
  phone_page_dnd_open (engine);
  return TRUE;
}

gboolean
phone_run_forwarded (PhoneEngine  *engine,
                     char        **args,
                     GError      **error)
{
  if (strcmp (args[0], "view") != 0 && strcmp (args[0], "exit") != 0)
    return phone_command_say_malformed (error, args[0]);
  phone_history_mark_forwarded_seen (engine);
  if (*args[0] == 'v')
    phone_page_history_open (engine, PHONE_HISTORY_FORWARDED);
  return TRUE;
}
