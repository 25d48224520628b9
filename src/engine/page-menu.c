/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "account.h"
#include "forward.h"
#include "screen.h"
#include "texts.h"

#include <string.h>

/* The menu tree (guide: menu): a table of entries, each below the menu it belongs to. */
static const struct {
  const char     *menu;
  const char     *text;
  const char     *command;
  PhoneSettingId  value;     /* shown at the right; PHONE_N_SETTINGS = nothing */
} entries[] = {
  { "main", N_("Status"), "menu status", PHONE_N_SETTINGS },
  { "main", N_("Features"), "menu features", PHONE_N_SETTINGS },
  { "main", N_("Directory"), "directory", PHONE_N_SETTINGS },
  { "main", N_("History"), "menu history", PHONE_N_SETTINGS },
  { "main", N_("Messages"), "menu messages", PHONE_N_SETTINGS },
  { "main", N_("Settings"), "menu settings", PHONE_N_SETTINGS },

  { "status", N_("Information"), "status information", PHONE_N_SETTINGS },
  { "status", N_("Network"), "status network", PHONE_N_SETTINGS },
  { "status", N_("Accounts"), "status accounts", PHONE_N_SETTINGS },
  { "status", N_("RTP Status"), "status rtp", PHONE_N_SETTINGS },

  { "features", N_("Call Forward"), "call-forward", PHONE_N_SETTINGS },
  { "features", N_("Call Waiting"), "edit call-waiting", PHONE_SETTING_CALL_WAITING },
  { "features", N_("Auto Answer"), "accounts auto-answer", PHONE_N_SETTINGS },
  { "features", N_("Key As Send"), "edit key-as-send", PHONE_SETTING_KEY_AS_SEND },
  { "features", N_("DND"), "dnd-menu", PHONE_SETTING_DND_ENABLE },
  { "features", N_("Practice Exchange"), "edit practice", PHONE_SETTING_PRACTICE },

  { "history", N_("All Calls"), "history all", PHONE_N_SETTINGS },
  { "history", N_("Missed Calls"), "history missed", PHONE_N_SETTINGS },
  { "history", N_("Placed Calls"), "history placed", PHONE_N_SETTINGS },
  { "history", N_("Received Calls"), "history received", PHONE_N_SETTINGS },
  { "history", N_("Forwarded Calls"), "history forwarded", PHONE_N_SETTINGS },

  { "messages", N_("Voice Mail"), "message", PHONE_N_SETTINGS },
  { "messages", N_("Set Voice Mail Code"), "accounts voice-mail", PHONE_N_SETTINGS },
  { "messages", N_("Text Message"), "not-built 'Text Message'", PHONE_N_SETTINGS },

  { "settings", N_("Basic"), "menu basic", PHONE_N_SETTINGS },
  { "settings", N_("Advanced"), "menu advanced", PHONE_N_SETTINGS },

  { "basic", N_("Language"), "edit language", PHONE_SETTING_LANGUAGE },
  { "basic", N_("Time & Date Format"), "edit time", PHONE_N_SETTINGS },
  { "basic", N_("Display"), "edit display", PHONE_N_SETTINGS },
  { "basic", N_("Ring Tones"), "edit ring", PHONE_SETTING_RING_TYPE },
  { "basic", N_("Key Tone"), "edit key-tone", PHONE_N_SETTINGS },
  { "basic", N_("Volume"), "edit volume", PHONE_N_SETTINGS },

  { "advanced", N_("Accounts"), "accounts account", PHONE_N_SETTINGS },
  { "advanced", N_("Network"), "edit network", PHONE_N_SETTINGS },
};

static const struct {
  const char *id;
  const char *title;
} menus[] = {
  { "main", N_("Main Menu") },
  { "status", N_("Status") },
  { "features", N_("Features") },
  { "history", N_("History") },
  { "messages", N_("Messages") },
  { "settings", N_("Settings") },
  { "basic", N_("Basic") },
  { "advanced", N_("Advanced") },
};

static const char *
get_title (PhoneEngine   *engine,
           PhoneListPage *page)
{
  return _(menus[page->tag].title);
}

/* Switches read On and Off beside their entry. */
static const char *
get_value (PhoneEngine    *engine,
           PhoneSettingId  id)
{
  if (id == PHONE_SETTING_DND_ENABLE)
    return phone_forward_is_any_on (engine, PHONE_DIVERT_DND) ? _("On") : _("Off");
  if (id == PHONE_N_SETTINGS || phone_setting_get_info (id)->type != PHONE_SETTING_BOOL)
    return "";
  return phone_settings_get_bool (engine->settings, id, 0, 0) ? _("On") : _("Off");
}

/* features.fwd.allow and features.dnd.allow take their entries away. */
static gboolean
is_there (PhoneEngine *engine,
          const char  *command)
{
  if (strcmp (command, "call-forward") == 0)
    return phone_forward_is_allowed (engine, PHONE_DIVERT_ALWAYS);
  return strcmp (command, "dnd-menu") != 0 || phone_forward_is_allowed (engine, PHONE_DIVERT_DND);
}

static void
fill (PhoneEngine   *engine,
      PhoneListPage *page,
      GPtrArray     *items)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (strcmp (entries[i].menu, menus[page->tag].id) == 0 && is_there (engine, entries[i].command))
      phone_list_add (items, _(entries[i].text), get_value (engine, entries[i].value), PHONE_ICON_NONE,
                      entries[i].command);
}

static const PhoneListKind menu_kind = {
  .name = "menu",
  .numbered = TRUE,
  .get_title = get_title,
  .fill = fill,
};

/**
 * phone_page_menu_open:
 * Returns: %FALSE when there is no menu of this name
 */
gboolean
phone_page_menu_open (PhoneEngine *engine,
                      const char  *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (menus); i++)
    if (strcmp (menus[i].id, id) == 0)
      {
        phone_page_list_push (engine, &menu_kind, i);
        return TRUE;
      }
  return FALSE;
}

/* ---- accounts as a list: to edit one, or to call with it ---- */

static const struct {
  const char *form;      /* "" = choose the line of the dial page */
  const char *title;
} account_lists[] = {
  { "", N_("Line") },
  { "account", N_("Accounts") },
  { "auto-answer", N_("Auto Answer") },
  { "voice-mail", N_("Set Voice Mail Code") },
};

static const char *
get_accounts_title (PhoneEngine   *engine,
                    PhoneListPage *page)
{
  return _(account_lists[page->tag].title);
}

static PhoneIcon
get_account_icon (PhoneEngine *engine,
                  guint        account)
{
  if (!phone_account_is_enabled (engine, account))
    return PHONE_ICON_LINE_OFF;
  return phone_account_is_usable (engine, account) ? PHONE_ICON_LINE_REGISTERED : PHONE_ICON_LINE_FAILED;
}

static void
fill_accounts (PhoneEngine   *engine,
               PhoneListPage *page,
               GPtrArray     *items)
{
  const char *form = account_lists[page->tag].form;

  for (guint i = 1; i <= engine->model->n_accounts; i++)
    {
      g_autofree char *label = phone_account_dup_label (engine, i);
      g_autofree char *text = g_strdup_printf (_("Account %u"), i);
      g_autofree char *command = NULL;

      if (*form == '\0' && !phone_account_is_enabled (engine, i))
        continue;
      if (*form == '\0')
        command = g_strdup_printf ("use-line %u", i);
      else
        command = g_strdup_printf ("edit %s %u", form, i);
      phone_list_add (items, *form == '\0' && *label ? label : text, *form == '\0' ? "" : label,
                      get_account_icon (engine, i), command);
    }
}

static const PhoneListKind accounts_kind = {
  .name = "accounts",
  .get_title = get_accounts_title,
  .fill = fill_accounts,
};

/**
 * phone_page_accounts_open:
 * @form: what is edited of the chosen account: "account", "auto-answer", "voice-mail"; "" chooses the line that the dial
 *   page uses
 *
 * Returns: %FALSE when there is no such form
 */
gboolean
phone_page_accounts_open (PhoneEngine *engine,
                          const char  *form)
{
  for (guint i = 0; i < G_N_ELEMENTS (account_lists); i++)
    if (strcmp (account_lists[i].form, form) == 0)
      {
        phone_page_list_push (engine, &accounts_kind, i);
        return TRUE;
      }
  return FALSE;
}
