/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "account.h"

/* Commands that change settings, or make the phone use them now. */

gboolean
phone_run_account (PhoneEngine  *engine,
                   char        **args,
                   GError      **error)
{
  gint64 number;

  if (!phone_command_parse_number (args[0], &number, error))
    return FALSE;
  if (*args[0] == '+' || *args[0] == '-')
    phone_accounts_step_default (engine, number);
  else if (number >= 0 && number <= engine->model->n_accounts)
    phone_engine_set_local (engine, PHONE_SETTING_DEFAULT_ACCOUNT, 0, 0, args[0]);
  else
    return phone_command_say_malformed (error, args[0]);
  return TRUE;
}

gboolean
phone_run_set (PhoneEngine  *engine,
               char        **args,
               GError      **error)
{
  if (!phone_settings_set_by_key (engine->settings, PHONE_LAYER_LOCAL, args[0], args[1], error))
    return FALSE;
  phone_store_save_settings (engine->store);
  return TRUE;
}

gboolean
phone_run_register (PhoneEngine  *engine,
                    char        **args,
                    GError      **error)
{
  gint64 account = 0;

  if (args[0] != NULL && !phone_command_parse_number (args[0], &account, error))
    return FALSE;
  if (account < 0 || account > engine->model->n_accounts)
    return phone_command_say_malformed (error, args[0]);
  phone_signaling_refresh (engine->signaling, account);
  return TRUE;
}
