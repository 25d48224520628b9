/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "commands-private.h"

#include "calls.h"
#include "conference.h"
#include "page.h"

#include <string.h>

/* Commands of the conference that this phone mixes. */

gboolean
phone_run_conference (PhoneEngine  *engine,
                      char        **args,
                      GError      **error)
{
  return phone_conference_press (engine, error);
}

gboolean
phone_run_split (PhoneEngine  *engine,
                 char        **args,
                 GError      **error)
{
  return phone_conference_split (engine, error);
}

gboolean
phone_run_conference_manage (PhoneEngine  *engine,
                             char        **args,
                             GError      **error)
{
  if (phone_conference_get_head (engine) == NULL)
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  phone_page_conference_open (engine);
  return TRUE;
}

static void
toggle_mute (PhoneEngine *engine,
             PhoneCall   *call)
{
  call->far_muted = !call->far_muted;
  phone_audio_set_far_mute (engine->audio, call->id, call->far_muted);
}

/* conference-party mute|hold|remove CALL */
gboolean
phone_run_conference_party (PhoneEngine  *engine,
                            char        **args,
                            GError      **error)
{
  PhoneCall *call = phone_command_get_call (engine, args + 1, NULL, error);

  if (call == NULL)
    return FALSE;
  if (call->conference == PHONE_CONFERENCE_NONE)
    return phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  if (strcmp (args[0], "mute") == 0)
    toggle_mute (engine, call);
  else if (strcmp (args[0], "hold") == 0)
    return phone_call_dispatch (engine, call, call->state == PHONE_CALL_HELD ? PHONE_CALL_ON_RESUME : PHONE_CALL_ON_HOLD, NULL)
           || phone_command_refuse (error, PHONE_REFUSED_NOT_NOW);
  else if (strcmp (args[0], "remove") == 0)
    return phone_conference_remove (engine, call, error);
  else
    return phone_command_say_malformed (error, args[0]);
  return TRUE;
}
