/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "account.h"
#include "calls.h"
#include "commands.h"
#include "history.h"
#include "screen.h"
#include "texts.h"

/* The call log: All, Missed, Placed, Received, Forwarded; ◄ ► go from one to the next (guide: history). */

enum { ACTION_SEND = 1, ACTION_DELETE, ACTION_OPTION, ACTION_BLIND };

static const PhoneListKind history_kind;
static const PhoneListKind detail_kind;
static const PhoneListKind option_kind;

static const int tabs[] = { -1, PHONE_HISTORY_MISSED, PHONE_HISTORY_PLACED, PHONE_HISTORY_RECEIVED,
                            PHONE_HISTORY_FORWARDED };

static const char *
get_title (PhoneEngine   *engine,
           PhoneListPage *page)
{
  switch (page->tag)
    {
    case PHONE_HISTORY_MISSED:
      return _("Missed Calls");
    case PHONE_HISTORY_PLACED:
      return _("Placed Calls");
    case PHONE_HISTORY_RECEIVED:
      return _("Received Calls");
    case PHONE_HISTORY_FORWARDED:
      return _("Forwarded Calls");
    default:
      return _("All Calls");
    }
}

static char *
format_time (PhoneEngine *engine,
             gint64       time)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (time);
  g_autoptr (GDateTime) now = phone_clock_dup_wall (engine->clock);
  gboolean today;

  if (then == NULL)
    return g_strdup ("");
  today = g_date_time_get_year (then) == g_date_time_get_year (now)
          && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now);
  if (!today)
    return g_date_time_format (then, "%b %d");
  return g_date_time_format (then, phone_engine_int (engine, TIME_FORMAT) == 1 ? "%H:%M" : "%-I:%M %p");
}

static const char *
get_name (PhoneEngine             *engine,
          const PhoneHistoryEntry *entry)
{
  const char *known = phone_history_find_name (engine, entry->number);

  if (known != NULL)
    return known;
  return *entry->name != '\0' ? entry->name : entry->number;
}

static PhoneIcon
get_icon (const PhoneHistoryEntry *entry)
{
  static const PhoneIcon icons[] = {
    [PHONE_HISTORY_PLACED] = PHONE_ICON_PLACED,
    [PHONE_HISTORY_RECEIVED] = PHONE_ICON_RECEIVED,
    [PHONE_HISTORY_MISSED] = PHONE_ICON_MISSED,
    [PHONE_HISTORY_FORWARDED] = PHONE_ICON_FORWARDED,
  };

  return icons[entry->kind];
}

static void
fill (PhoneEngine   *engine,
      PhoneListPage *page,
      GPtrArray     *items)
{
  GPtrArray *entries = phone_history_get_entries (engine);

  for (guint i = 0; i < entries->len; i++)
    {
      PhoneHistoryEntry *entry = entries->pdata[i];
      g_autofree char *time = NULL;

      if (page->tag >= 0 && entry->kind != (PhoneHistoryKind) page->tag)
        continue;
      time = format_time (engine, entry->time);
      phone_list_add (items, get_name (engine, entry), time, get_icon (entry), NULL)->data = entry;
    }
}

static void
call_entry (PhoneEngine             *engine,
            const PhoneHistoryEntry *entry,
            gboolean                 blind)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *number = g_strdup (entry->number);
  guint account = phone_account_is_usable (engine, entry->account) ? entry->account : 0;

  if (!phone_page_dial_take (engine, account, number, blind, &error))
    phone_engine_say (engine, error->message);
}

static gboolean
is_for_transfer (PhoneEngine *engine)
{
  g_autofree char *typed = NULL;

  return phone_page_dial_get_transfer (engine, &typed) != 0;
}

static void
enter (PhoneEngine   *engine,
       PhoneListPage *page,
       PhoneListItem *item)
{
  call_entry (engine, item->data, FALSE);
}

static gboolean
press_key (PhoneEngine   *engine,
           PhoneListPage *page,
           PhoneListItem *item,
           PhoneKey       key)
{
  guint n = G_N_ELEMENTS (tabs);

  if (key == PHONE_KEY_F_TRANSFER && item != NULL && is_for_transfer (engine))
    {
      call_entry (engine, item->data, TRUE);
      return TRUE;
    }
  if (key != PHONE_KEY_LEFT && key != PHONE_KEY_RIGHT)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (tabs[i] == page->tag)
      {
        page->tag = tabs[(i + n + (key == PHONE_KEY_LEFT ? -1 : 1)) % n];
        page->selected = 0;
        return TRUE;
      }
  return FALSE;
}

static void
take_action (PhoneEngine   *engine,
             PhoneListPage *page,
             PhoneListItem *item,
             int            action)
{
  PhoneListPage *option;

  if (item == NULL)
    return;
  switch (action)
    {
    case ACTION_SEND:
      call_entry (engine, item->data, FALSE);
      break;
    case ACTION_BLIND:
      call_entry (engine, item->data, TRUE);
      break;
    case ACTION_DELETE:
      phone_history_remove (engine, item->data);
      break;
    case ACTION_OPTION:
      option = phone_page_list_push (engine, &option_kind, page->tag);
      option->data = page->selected;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhoneListPage *page,
                PhoneListItem *item,
                PhoneSoftKeys *keys)
{
  if (item != NULL && is_for_transfer (engine))
    {
      phone_soft_keys_add (keys, _("Send"), NULL, ACTION_SEND);
      phone_soft_keys_add (keys, _("B Transfer"), NULL, ACTION_BLIND);
      phone_soft_keys_add (keys, "", NULL, 0);
    }
  else if (item != NULL)
    {
      phone_soft_keys_add (keys, _("Send"), NULL, ACTION_SEND);
      phone_soft_keys_add (keys, _("Delete"), NULL, ACTION_DELETE);
      /* Translators: soft key: what else can be done with the entry */
      phone_soft_keys_add (keys, _("Option"), NULL, ACTION_OPTION);
    }
  else
    {
      for (guint i = 0; i < 3; i++)
        phone_soft_keys_add (keys, "", NULL, 0);
    }
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
}

static const PhoneListKind history_kind = {
  .name = "history",
  .get_title = get_title,
  .fill = fill,
  .key = press_key,
  .enter = enter,
  .action = take_action,
  .soft_keys = list_soft_keys,
};

/* The n-th entry of a list as it was when Option was pressed; NULL when the log has become shorter. */
static PhoneHistoryEntry *
find_entry (PhoneEngine   *engine,
            PhoneListPage *page)
{
  GPtrArray *entries = phone_history_get_entries (engine);
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      PhoneHistoryEntry *entry = entries->pdata[i];

      if ((page->tag < 0 || entry->kind == (PhoneHistoryKind) page->tag) && n++ == page->data)
        return entry;
    }
  return NULL;
}

static const char *
get_option_title (PhoneEngine   *engine,
                  PhoneListPage *page)
{
  return _("Option");
}

static void
fill_options (PhoneEngine   *engine,
              PhoneListPage *page,
              GPtrArray     *items)
{
  phone_list_add (items, _("Detail"), "", PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Add to Contact"), "", PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Add to Blacklist"), "", PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Delete All"), "", PHONE_ICON_NONE, NULL);
}

static const char *
get_delete_question (PhoneListPage *page)
{
  switch (page->tag)
    {
    case PHONE_HISTORY_MISSED:
      return _("Do you want to delete all missed calls?");
    case PHONE_HISTORY_PLACED:
      return _("Do you want to delete all placed calls?");
    case PHONE_HISTORY_RECEIVED:
      return _("Do you want to delete all received calls?");
    case PHONE_HISTORY_FORWARDED:
      return _("Do you want to delete all forwarded calls?");
    default:
      return _("Do you want to delete all call logs?");
    }
}

static void
enter_option (PhoneEngine   *engine,
              PhoneListPage *page,
              PhoneListItem *item)
{
  g_autofree char *command = g_strdup_printf ("clear-history %d", page->tag);
  PhoneListPage *detail;

  switch (page->selected)
    {
    case 0:
      detail = phone_page_list_push (engine, &detail_kind, page->tag);
      detail->data = page->data;
      break;
    case 3:
      phone_page_message_open (engine, _("Delete All"), get_delete_question (page), _("OK"), command, _("Cancel"));
      phone_screen_close (engine, &page->base);
      break;
    default:
      phone_commands_say_not_built (engine, item->text);
    }
}

static const PhoneListKind option_kind = {
  .name = "option",
  .numbered = TRUE,
  .get_title = get_option_title,
  .fill = fill_options,
  .enter = enter_option,
};

static const char *
get_detail_title (PhoneEngine   *engine,
                  PhoneListPage *page)
{
  return _("Detail");
}

static void
fill_detail (PhoneEngine   *engine,
             PhoneListPage *page,
             GPtrArray     *items)
{
  PhoneHistoryEntry *entry = find_entry (engine, page);
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *when = NULL;
  g_autofree char *line = NULL;
  g_autofree char *duration = NULL;

  if (entry == NULL)
    return;
  time = g_date_time_new_from_unix_local (entry->time);
  when = time ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
  line = phone_account_dup_label (engine, entry->account);
  duration = g_strdup_printf ("%02u:%02u:%02u", entry->duration_s / 3600, entry->duration_s / 60 % 60,
                              entry->duration_s % 60);
  phone_list_add (items, _("Name"), get_name (engine, entry), PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Number"), entry->number, PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Time"), when, PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Line"), line, PHONE_ICON_NONE, NULL);
  phone_list_add (items, _("Duration"), duration, PHONE_ICON_NONE, NULL);
}

static const PhoneListKind detail_kind = {
  .name = "detail",
  .get_title = get_detail_title,
  .fill = fill_detail,
};

/**
 * phone_page_history_open:
 * @kind: a PhoneHistoryKind, -1 for all calls
 *
 * Returns: %FALSE when just this list is shown already
 */
gboolean
phone_page_history_open (PhoneEngine *engine,
                         int          kind)
{
  PhoneListPage *page = phone_page_list_find (engine, &history_kind);

  if (page != NULL && page->tag == kind)
    return FALSE;
  if (kind < 0 || kind == PHONE_HISTORY_MISSED)
    phone_history_mark_seen (engine);
  if (kind < 0 || kind == PHONE_HISTORY_FORWARDED)
    phone_history_mark_forwarded_seen (engine);
  if (page != NULL)
    {
      page->tag = kind;
      page->selected = 0;
      return TRUE;
    }
  phone_page_list_push (engine, &history_kind, kind);
  return TRUE;
}
