/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "calls.h"
#include "history.h"
#include "screen.h"
#include "texts.h"

/* The directory as it is known now: every contact, in the store's order. */

enum { ACTION_SEND = 1, ACTION_BLIND };

static const char *
get_title (PhoneEngine   *engine,
           PhoneListPage *page)
{
  return _("All Contacts");
}

static void
fill (PhoneEngine   *engine,
      PhoneListPage *page,
      GPtrArray     *items)
{
  GPtrArray *contacts = phone_history_get_contacts (engine);

  for (guint i = 0; i < contacts->len; i++)
    {
      PhoneContact *contact = contacts->pdata[i];
      gboolean named = *contact->name != '\0';

      phone_list_add (items, named ? contact->name : contact->number, named ? contact->number : "", PHONE_ICON_CONTACT,
                      NULL)->data = contact;
    }
}

/* The page may be gone when this returns. */
static void
call_contact (PhoneEngine   *engine,
              PhoneListItem *item,
              gboolean       blind)
{
  const PhoneContact *contact = item->data;
  g_autofree char *number = g_strdup (contact->number);
  g_autoptr (GError) error = NULL;

  if (!phone_page_dial_take (engine, contact->account, number, blind, &error))
    phone_engine_say (engine, error->message);
}

static void
enter (PhoneEngine   *engine,
       PhoneListPage *page,
       PhoneListItem *item)
{
  call_contact (engine, item, FALSE);
}

static void
take_action (PhoneEngine   *engine,
             PhoneListPage *page,
             PhoneListItem *item,
             int            action)
{
  if (item != NULL)
    call_contact (engine, item, action == ACTION_BLIND);
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhoneListPage *page,
                PhoneListItem *item,
                PhoneSoftKeys *keys)
{
  g_autofree char *typed = NULL;
  gboolean transfers = item != NULL && phone_page_dial_get_transfer (engine, &typed) != 0;

  if (item != NULL)
    phone_soft_keys_add (keys, _("Send"), NULL, ACTION_SEND);
  else
    phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, transfers ? _("B Transfer") : "", NULL, transfers ? ACTION_BLIND : 0);
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
}

static gboolean
press_key (PhoneEngine   *engine,
           PhoneListPage *page,
           PhoneListItem *item,
           PhoneKey       key)
{
  g_autofree char *typed = NULL;

  if (key != PHONE_KEY_F_TRANSFER || item == NULL || phone_page_dial_get_transfer (engine, &typed) == 0)
    return FALSE;
  call_contact (engine, item, TRUE);
  return TRUE;
}

static const PhoneListKind directory_kind = {
  .name = "directory",
  .get_title = get_title,
  .fill = fill,
  .key = press_key,
  .enter = enter,
  .action = take_action,
  .soft_keys = list_soft_keys,
};

/**
 * phone_page_directory_open:
 *
 * Shows the directory, if it is not on top already.
 */
void
phone_page_directory_open (PhoneEngine *engine)
{
  if (phone_page_list_find (engine, &directory_kind) == NULL)
    phone_page_list_push (engine, &directory_kind, 0);
}
