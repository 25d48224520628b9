/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "history.h"
#include "page.h"

#include <string.h>

/* Commands that show a page: the call log, the directory, menus, forms. */

gboolean
phone_run_history (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  static const struct { const char *name; int kind; } kinds[] = {
    { "all", -1 }, { "missed", PHONE_HISTORY_MISSED }, { "placed", PHONE_HISTORY_PLACED },
    { "received", PHONE_HISTORY_RECEIVED }, { "forwarded", PHONE_HISTORY_FORWARDED },
  };

  for (guint i = 0; args[0] != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (args[0], kinds[i].name) == 0)
      {
        phone_page_history_open (engine, kinds[i].kind);
        return TRUE;
      }
  if (args[0] != NULL)
    return phone_command_say_malformed (error, args[0]);
  phone_page_history_open (engine, -1);
  return TRUE;
}

gboolean
phone_run_missed (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  phone_history_mark_seen (engine);
  if (strcmp (args[0], "view") == 0)
    phone_page_history_open (engine, PHONE_HISTORY_MISSED);
  else if (strcmp (args[0], "exit") != 0)
    return phone_command_say_malformed (error, args[0]);
  return TRUE;
}

gboolean
phone_run_clear_history (PhoneEngine  *engine,
                         char        **args,
                         GError      **error)
{
  gint64 kind = -1;

  if (args[0] != NULL && !phone_command_parse_number (args[0], &kind, error))
    return FALSE;
  phone_history_clear (engine, kind);
  return TRUE;
}

gboolean
phone_run_directory (PhoneEngine  *engine,
                     char        **args,
                     GError      **error)
{
  phone_page_directory_open (engine);
  return TRUE;
}

gboolean
phone_run_menu (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  return phone_page_menu_open (engine, args[0] ? args[0] : "main") || phone_command_say_malformed (error, args[0]);
}

gboolean
phone_run_status (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  if (args[0] == NULL)
    phone_page_menu_open (engine, "status");
  else if (!phone_page_status_open (engine, args[0]))
    return phone_command_say_malformed (error, args[0]);
  return TRUE;
}

gboolean
phone_run_edit (PhoneEngine  *engine,
                char        **args,
                GError      **error)
{
  gint64 index = 0;

  if (args[1] != NULL && !phone_command_parse_number (args[1], &index, error))
    return FALSE;
  if (index < 0 || index > PHONE_MAX_LINE_KEYS || !phone_page_edit_open (engine, args[0], index))
    return phone_command_say_malformed (error, args[0]);
  return TRUE;
}

gboolean
phone_run_accounts (PhoneEngine  *engine,
                    char        **args,
                    GError      **error)
{
  return phone_page_accounts_open (engine, args[0]) || phone_command_say_malformed (error, args[0]);
}
