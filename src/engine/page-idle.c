/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page.h"

#include "account.h"
#include "cause.h"
#include "forward.h"
#include "history.h"
#include "screen.h"
#include "texts.h"

/* The page at rest: clock, date, line labels, what was missed. */

static gboolean
has_missed (PhoneEngine *engine)
{
  return phone_history_get_unseen (engine) > 0 && phone_engine_bool (engine, MISSED_POPUP);
}

static gboolean
has_forwarded (PhoneEngine *engine)
{
  return phone_history_get_forwarded (engine) > 0 && phone_engine_bool (engine, FWD_POPUP);
}

static gboolean
offers_practice (PhoneEngine *engine)
{
  return !phone_accounts_any_enabled (engine) && !phone_engine_bool (engine, PRACTICE);
}

static gboolean
press_key (PhoneEngine *engine,
           PhonePage   *page,
           PhoneKey     key)
{
  char digit[2] = { phone_key_to_digit (key), '\0' };

  if (digit[0] != '\0')
    {
      phone_page_dial_open (engine, FALSE);
      phone_page_dial_type (engine, digit);
      return TRUE;
    }
  if (key == PHONE_KEY_X && has_missed (engine))
    {
      phone_history_mark_seen (engine);
      return TRUE;
    }
  if (key == PHONE_KEY_X && has_forwarded (engine))
    {
      phone_history_mark_forwarded_seen (engine);
      return TRUE;
    }
  return FALSE;
}

static gboolean
type_text (PhoneEngine *engine,
           PhonePage   *page,
           const char  *text)
{
  phone_page_dial_open (engine, FALSE);
  phone_page_dial_type (engine, text);
  return TRUE;
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhonePage     *page,
                PhoneSoftKeys *keys)
{
  if (has_missed (engine) || has_forwarded (engine))
    {
      /* Translators: soft key: show the missed calls, or those that were forwarded */
      phone_soft_keys_add (keys, _("View"), has_missed (engine) ? "missed view" : "forwarded view", 0);
      phone_soft_keys_add (keys, "", NULL, 0);
      phone_soft_keys_add (keys, "", NULL, 0);
      phone_soft_keys_add (keys, _("Exit"), has_missed (engine) ? "missed exit" : "forwarded exit", 0);
      return;
    }
  if (offers_practice (engine))
    phone_soft_keys_add (keys, _("Practice"), "practice on", 0);
  else
    phone_soft_keys_add (keys, _("History"), "history", 0);
  phone_soft_keys_add (keys, _("Directory"), "directory", 0);
  /* Translators: soft key: do not disturb, at most nine letters */
  phone_soft_keys_add (keys, phone_forward_is_allowed (engine, PHONE_DIVERT_DND) ? _("DND") : "", "dnd", 0);
  phone_soft_keys_add (keys, _("Menu"), "menu", 0);
}

static const char *
get_service_text (PhoneEngine *engine)
{
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_usable (engine, i))
      return NULL;
  /* Accounts on this very machine work without a network. */
  if (engine->network_down)
    return phone_cause_get_text (PHONE_CAUSE_NO_NETWORK);
  return _("No Service");
}

static void
build (PhoneEngine  *engine,
       PhonePage    *page,
       PhoneDisplay *display)
{
  static const char * const formats[] = { "%a %b %d", "%d-%b-%y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d %b %Y",
                                          "%a %d %b" };
  g_autoptr (GDateTime) wall = phone_clock_dup_wall (engine->clock);
  g_autofree char *date = g_date_time_format (wall, formats[phone_engine_int (engine, DATE_FORMAT)]);
  const char *service = get_service_text (engine);
  guint missed = phone_history_get_unseen (engine);

  phone_display_set_text (&display->date, date);
  if (service != NULL)
    phone_display_set_text (&display->account, service);
  if (has_missed (engine))
    {
      /* Translators: as the phone says it, for one and for several */
      g_autofree char *notice = g_strdup_printf (_("%u New Missed Call(s)"), missed);

      phone_display_set_text (&display->notice, notice);
    }
  else if (has_forwarded (engine))
    {
      /* Translators: as the phone says it, for one and for several */
      g_autofree char *notice = g_strdup_printf (_("%u New Forwarded Call(s)"), phone_history_get_forwarded (engine));

      phone_display_set_text (&display->notice, notice);
    }
}

static void
free_idle (PhonePage *page)
{
  g_free (page);
}

static const PhonePageClass idle_class = {
  .name = "idle",
  .layout = PHONE_LAYOUT_IDLE,
  .key = press_key,
  .text = type_text,
  .soft_keys = list_soft_keys,
  .build = build,
  .free = free_idle,
};

/**
 * phone_page_idle_new:
 * Returns: (transfer full): the page at the bottom of the stack
 */
PhonePage *
phone_page_idle_new (void)
{
  PhonePage *page = g_new0 (PhonePage, 1);

  page->klass = &idle_class;
  return page;
}
