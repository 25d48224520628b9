/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "projection.h"

#include "account.h"
#include "forward.h"
#include "history.h"
#include "lamps.h"
#include "line-keys.h"
#include "screen.h"
#include "sound.h"

/* From the state of the phone to what it shows: the top bar here, the rest by those who know it. */

static void
build_top_bar (PhoneEngine  *engine,
               PhoneDisplay *display)
{
  g_autoptr (GDateTime) wall = phone_clock_dup_wall (engine->clock);
  g_autofree char *time = g_date_time_format (wall, phone_engine_int (engine, TIME_FORMAT) == 1 ? "%H:%M" : "%-I:%M %p");
  g_autofree char *account = phone_account_dup_label (engine, phone_accounts_get_default (engine));

  phone_display_set_text (&display->time, time);
  phone_display_set_text (&display->account, account);
  if (phone_forward_is_any_on (engine, PHONE_DIVERT_DND))
    display->icons |= PHONE_STATUS_DND;
  for (guint divert = PHONE_DIVERT_ALWAYS; divert <= PHONE_DIVERT_NO_ANSWER; divert++)
    if (phone_forward_is_any_on (engine, divert))
      display->icons |= PHONE_STATUS_FORWARD;
  if (phone_history_get_unseen (engine) > 0)
    display->icons |= PHONE_STATUS_MISSED;
  if (phone_accounts_get_default (engine) != 0
      && phone_settings_get_bool (engine->settings, PHONE_SETTING_ACCOUNT_AUTO_ANSWER, phone_accounts_get_default (engine), 0))
    display->icons |= PHONE_STATUS_AUTO_ANSWER;
  if (engine->network_down)
    display->icons |= PHONE_STATUS_NO_NETWORK;
  phone_engine_tick_at (engine, phone_clock_get_now_ms (engine->clock) + 60000 - g_date_time_get_second (wall) * 1000
                              - g_date_time_get_microsecond (wall) / 1000);
}

/**
 * phone_projection_build:
 * Returns: (transfer full): what the phone shows in its present state
 */
PhoneDisplay *
phone_projection_build (PhoneEngine *engine)
{
  PhoneDisplay *display = phone_display_new ();

  build_top_bar (engine, display);
  phone_line_keys_build (engine, display);
  phone_lamps_build (engine, display);
  phone_sound_build (engine, display);
  phone_screen_build (engine, display);
  phone_display_set_text (&display->popup, engine->popup);
  display->backlight = !engine->dimmed;
  return display;
}
