/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "calls.h"
#include "commands.h"
#include "conference.h"
#include "texts.h"

/* Who is in the conference, and what can be done with each (guide: conference, manage). */

enum { ACTION_MUTE = 1, ACTION_HOLD, ACTION_REMOVE };

static const char *
get_title (PhoneEngine   *engine,
           PhoneListPage *page)
{
  return _("Conference with");
}

static const char *
get_state (const PhoneCall *call)
{
  if (call->state != PHONE_CALL_TALKING)
    return _("Hold");
  if (call->far_muted)
    /* Translators: nobody hears this party of a conference */
    return _("Muted");
  return "";
}

static void
fill (PhoneEngine   *engine,
      PhoneListPage *page,
      GPtrArray     *items)
{
  for (guint i = 0; i < engine->calls->len; i++)
    {
      PhoneCall *call = engine->calls->pdata[i];
      g_autofree char *name = NULL;
      const char *state;

      if (call->conference == PHONE_CONFERENCE_NONE || phone_call_is_over (call))
        continue;
      name = phone_call_dup_shown_name (engine, call);
      state = get_state (call);
      phone_list_add (items, name, *state != '\0' ? state : call->number, PHONE_ICON_CONTACT, NULL)->data = call;
    }
}

/* The last but one has left: there is nothing to manage. */
static gboolean
is_over (PhoneEngine *engine)
{
  return phone_conference_get_head (engine) == NULL;
}

static void
take_action (PhoneEngine   *engine,
             PhoneListPage *page,
             PhoneListItem *item,
             int            action)
{
  static const char *const words[] = { NULL, "mute", "hold", "remove" };
  g_autofree char *command = NULL;
  g_autoptr (GError) error = NULL;

  if (item == NULL || action < ACTION_MUTE || action > ACTION_REMOVE)
    return;
  command = g_strdup_printf ("conference-party %s %u", words[action], ((const PhoneCall *) item->data)->id);
  if (!phone_commands_run (engine, command, &error))
    phone_engine_say (engine, error->message);
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhoneListPage *page,
                PhoneListItem *item,
                PhoneSoftKeys *keys)
{
  /* Translators: soft key: nobody in the conference hears this party */
  phone_soft_keys_add (keys, _("Far Mute"), NULL, ACTION_MUTE);
  /* Translators: soft key: puts one party of a conference on hold */
  phone_soft_keys_add (keys, _("Far Hold"), NULL, ACTION_HOLD);
  /* Translators: soft key: ends the call of one party of a conference */
  phone_soft_keys_add (keys, _("Remove"), NULL, ACTION_REMOVE);
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
}

static const PhoneListKind conference_kind = {
  .name = "conference",
  .get_title = get_title,
  .fill = fill,
  .is_over = is_over,
  .action = take_action,
  .soft_keys = list_soft_keys,
};

/**
 * phone_page_conference_open:
 *
 * Shows who is in the conference.
 */
void
phone_page_conference_open (PhoneEngine *engine)
{
  if (phone_page_list_find (engine, &conference_kind) == NULL)
    phone_page_list_push (engine, &conference_kind, 0);
}
