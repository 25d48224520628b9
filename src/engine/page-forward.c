/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "account.h"
#include "commands.h"
#include "forward.h"
#include "screen.h"
#include "texts.h"

/*
 * Features > Call Forward and, where each account has its own, the lists of accounts before it and before DND (guide: call
 * forward, do not disturb). The settings themselves are edited by forms (page-edit.c).
 */

enum { ACTION_ALL_LINES = 1, ACTION_ALL_ON, ACTION_ALL_OFF };

static const char *
get_switch_text (gboolean on)
{
  return on ? _("On") : _("Off");
}

static const char *
get_forward_title (PhoneEngine   *engine,
                   PhoneListPage *page)
{
  return _("Call Forward");
}

/* The three forwards of the phone (tag 0) or of an account. */
static void
fill_forwards (PhoneEngine   *engine,
               PhoneListPage *page,
               GPtrArray     *items)
{
  for (guint divert = PHONE_DIVERT_ALWAYS; divert <= PHONE_DIVERT_NO_ANSWER; divert++)
    {
      g_autofree char *form = g_strdup_printf ("edit forward-%s %d", phone_divert_to_string (divert), page->tag);

      phone_list_add (items, phone_divert_get_name (divert),
                      get_switch_text (phone_forward_is_on (engine, divert, page->tag)), PHONE_ICON_NONE, form);
    }
}

static const PhoneListKind forwards_kind = {
  .name = "call-forward",
  .numbered = TRUE,
  .get_title = get_forward_title,
  .fill = fill_forwards,
};

/* The n-th account in use, as the lists have them; 0 when there are fewer. */
static guint
get_account (PhoneEngine         *engine,
             const PhoneListPage *page)
{
  guint n = 0;

  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_enabled (engine, i) && n++ == page->selected)
      return i;
  return 0;
}

static gboolean
forwards_anything (PhoneEngine *engine,
                   guint        account)
{
  for (guint divert = PHONE_DIVERT_ALWAYS; divert <= PHONE_DIVERT_NO_ANSWER; divert++)
    if (phone_forward_is_on (engine, divert, account))
      return TRUE;
  return FALSE;
}

static void
add_accounts (PhoneEngine *engine,
              GPtrArray   *items,
              const char  *format,
              gboolean     dnd)
{
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    {
      g_autofree char *label = NULL;
      g_autofree char *command = g_strdup_printf ("%s %u", format, i);
      gboolean on = dnd ? phone_forward_is_on (engine, PHONE_DIVERT_DND, i) : forwards_anything (engine, i);

      if (!phone_account_is_enabled (engine, i))
        continue;
      label = phone_account_dup_label (engine, i);
      phone_list_add (items, label, get_switch_text (on), PHONE_ICON_NONE, command);
    }
}

static void
fill_forward_accounts (PhoneEngine   *engine,
                       PhoneListPage *page,
                       GPtrArray     *items)
{
  add_accounts (engine, items, "call-forward", FALSE);
}

static void
list_forward_keys (PhoneEngine   *engine,
                   PhoneListPage *page,
                   PhoneListItem *item,
                   PhoneSoftKeys *keys)
{
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
  if (item == NULL)
    return;
  /* Translators: soft key: all lines forward as the selected one does */
  phone_soft_keys_add (keys, _("All Lines"), NULL, ACTION_ALL_LINES);
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, _("Enter"), NULL, PHONE_LIST_ENTER);
}

static void
take_forward_action (PhoneEngine   *engine,
                     PhoneListPage *page,
                     PhoneListItem *item,
                     int            action)
{
  g_autofree char *command = g_strdup_printf ("forward-copy %u", get_account (engine, page));

  phone_page_message_open (engine, _("All Lines"), _("Copy to all lines?"), _("OK"), command, _("Cancel"));
}

static const PhoneListKind forward_accounts_kind = {
  .name = "forward-accounts",
  .get_title = get_forward_title,
  .fill = fill_forward_accounts,
  .soft_keys = list_forward_keys,
  .action = take_forward_action,
};

/**
 * phone_page_forward_open:
 * @account: 0: of the phone, or in Custom mode the list of the accounts
 */
void
phone_page_forward_open (PhoneEngine *engine,
                         guint        account)
{
  if (account == 0 && phone_forward_is_custom (engine, PHONE_DIVERT_ALWAYS))
    phone_page_list_push (engine, &forward_accounts_kind, 0);
  else
    phone_page_list_push (engine, &forwards_kind, account);
}

/* ---- do not disturb ---- */

static const char *
get_dnd_title (PhoneEngine   *engine,
               PhoneListPage *page)
{
  return _("DND");
}

static void
fill_dnd (PhoneEngine   *engine,
          PhoneListPage *page,
          GPtrArray     *items)
{
  add_accounts (engine, items, "edit dnd", TRUE);
}

static void
run (PhoneEngine *engine,
     const char  *line)
{
  g_autoptr (GError) error = NULL;

  if (!phone_commands_run (engine, line, &error))
    phone_engine_say (engine, error->message);
}

/* ◄ and ► switch the selected account as they switch a row of a form. */
static gboolean
press_dnd_key (PhoneEngine   *engine,
               PhoneListPage *page,
               PhoneListItem *item,
               PhoneKey       key)
{
  guint account = get_account (engine, page);
  g_autofree char *line = NULL;

  if ((key != PHONE_KEY_LEFT && key != PHONE_KEY_RIGHT) || account == 0)
    return FALSE;
  line = g_strdup_printf ("dnd %s %u", phone_forward_is_on (engine, PHONE_DIVERT_DND, account) ? "off" : "on", account);
  run (engine, line);
  return TRUE;
}

static void
list_dnd_keys (PhoneEngine   *engine,
               PhoneListPage *page,
               PhoneListItem *item,
               PhoneSoftKeys *keys)
{
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
  if (item == NULL)
    return;
  /* Translators: soft key: do not disturb for all accounts */
  phone_soft_keys_add (keys, _("All On"), NULL, ACTION_ALL_ON);
  phone_soft_keys_add (keys, _("All Off"), NULL, ACTION_ALL_OFF);
  phone_soft_keys_add (keys, _("Enter"), NULL, PHONE_LIST_ENTER);
}

static void
take_dnd_action (PhoneEngine   *engine,
                 PhoneListPage *page,
                 PhoneListItem *item,
                 int            action)
{
  run (engine, action == ACTION_ALL_ON ? "dnd on" : "dnd off");
}

static const PhoneListKind dnd_kind = {
  .name = "dnd-accounts",
  .get_title = get_dnd_title,
  .fill = fill_dnd,
  .key = press_dnd_key,
  .soft_keys = list_dnd_keys,
  .action = take_dnd_action,
};

/**
 * phone_page_dnd_open:
 *
 * The form of the phone, or in Custom mode the list of the accounts.
 */
void
phone_page_dnd_open (PhoneEngine *engine)
{
  if (phone_forward_is_custom (engine, PHONE_DIVERT_DND))
    phone_page_list_push (engine, &dnd_kind, 0);
  else
    phone_page_edit_open (engine, "dnd", 0);
}
