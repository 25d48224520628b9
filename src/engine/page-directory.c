/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "calls.h"
#include "history.h"
#include "screen.h"
#include "texts.h"

/* The directory as it is known now: every contact, in the store's order. */

enum { ACTION_SEND = 1 };

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

static void
enter (PhoneEngine   *engine,
       PhoneListPage *page,
       PhoneListItem *item)
{
  const PhoneContact *contact = item->data;
  g_autoptr (GError) error = NULL;

  if (!phone_calls_dial (engine, contact->account, contact->number, 0, &error))
    phone_engine_say (engine, error->message);
}

static void
take_action (PhoneEngine   *engine,
             PhoneListPage *page,
             PhoneListItem *item,
             int            action)
{
  if (item != NULL)
    enter (engine, page, item);
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhoneListPage *page,
                PhoneListItem *item,
                PhoneSoftKeys *keys)
{
  if (item != NULL)
    phone_soft_keys_add (keys, _("Send"), NULL, ACTION_SEND);
  else
    phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
}

static const PhoneListKind directory_kind = {
  .name = "directory",
  .get_title = get_title,
  .fill = fill,
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
