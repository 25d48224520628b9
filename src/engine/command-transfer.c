/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "calls.h"
#include "texts.h"
#include "transfer.h"

/* Commands that hand a call over to somebody else. */

/* A call that rings here is forwarded instead (guide: hard keys). */
gboolean
phone_run_transfer (PhoneEngine  *engine,
                    char        **args,
                    GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);

  if (focused != NULL && focused->state == PHONE_CALL_INCOMING)
    return phone_run_forward (engine, args, error);
  if (focused != NULL && args[0] != NULL)
    return phone_transfer_blind (engine, focused->id, args[0], error);
  return phone_transfer_press (engine, error);
}

/* Calls back whoever was lost in a transfer that failed. */
gboolean
phone_run_recall (PhoneEngine  *engine,
                  char        **args,
                  GError      **error)
{
  PhoneCall *focused = phone_calls_get_focused (engine);
  g_autofree char *number = NULL;

  if (focused == NULL || !focused->recall)
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  number = g_strdup (focused->number);
  return phone_calls_dial (engine, focused->account, number, 0, error);
}
