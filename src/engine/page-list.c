/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "commands.h"
#include "screen.h"
#include "texts.h"

static const PhonePageClass list_class;

static void
free_item (gpointer data)
{
  PhoneListItem *item = data;

  g_free (item->text);
  g_free (item->value);
  g_free (item->command);
  g_free (item);
}

/**
 * phone_list_add:
 * Returns: (transfer none): the new last row
 */
PhoneListItem *
phone_list_add (GPtrArray  *items,
                const char *text,
                const char *value,
                PhoneIcon   icon,
                const char *command)
{
  PhoneListItem *item = g_new0 (PhoneListItem, 1);

  item->text = g_strdup (text);
  item->value = g_strdup (value ? value : "");
  item->icon = icon;
  item->command = g_strdup (command);
  g_ptr_array_add (items, item);
  return item;
}

static GPtrArray *
list_items (PhoneEngine   *engine,
            PhoneListPage *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (free_item);

  self->kind->fill (engine, self, items);
  if (self->selected >= items->len)
    self->selected = items->len > 0 ? items->len - 1 : 0;
  return items;
}

static PhoneListItem *
get_selected (PhoneListPage *self,
              GPtrArray     *items)
{
  return self->selected < items->len ? items->pdata[self->selected] : NULL;
}

/* The page may be gone when this returns. */
static void
enter (PhoneEngine   *engine,
       PhoneListPage *self,
       PhoneListItem *item)
{
  g_autoptr (GError) error = NULL;

  if (item == NULL)
    return;
  if (self->kind->enter != NULL)
    self->kind->enter (engine, self, item);
  else if (item->command != NULL && !phone_commands_run (engine, item->command, &error))
    phone_engine_say (engine, error->message);
}

static void
move (PhoneListPage *self,
      guint          n_items,
      int            by)
{
  if (n_items > 0)
    self->selected = (self->selected + n_items + by) % n_items;
}

static gboolean
press_key (PhoneEngine *engine,
           PhonePage   *page,
           PhoneKey     key)
{
  PhoneListPage *self = (PhoneListPage *) page;
  g_autoptr (GPtrArray) items = list_items (engine, self);
  PhoneListItem *item = get_selected (self, items);
  guint digit = key > PHONE_KEY_0 && key <= PHONE_KEY_9 ? key - PHONE_KEY_0 : 0;

  if (self->kind->key != NULL && self->kind->key (engine, self, item, key))
    return TRUE;
  if (digit > 0 && self->kind->numbered && digit <= items->len)
    {
      self->selected = digit - 1;
      enter (engine, self, get_selected (self, items));
      return TRUE;
    }
  switch ((int) key)
    {
    case PHONE_KEY_UP:
    case PHONE_KEY_DOWN:
      move (self, items->len, key == PHONE_KEY_UP ? -1 : 1);
      return TRUE;
    case PHONE_KEY_OK:
      enter (engine, self, item);
      return TRUE;
    case PHONE_KEY_X:
      phone_screen_close (engine, page);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
take_action (PhoneEngine *engine,
             PhonePage   *page,
             int          action)
{
  PhoneListPage *self = (PhoneListPage *) page;
  g_autoptr (GPtrArray) items = list_items (engine, self);
  PhoneListItem *item = get_selected (self, items);

  if (action == PHONE_LIST_BACK)
    phone_screen_close (engine, page);
  else if (action == PHONE_LIST_ENTER)
    enter (engine, self, item);
  else
    self->kind->action (engine, self, item, action);
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhonePage     *page,
                PhoneSoftKeys *keys)
{
  PhoneListPage *self = (PhoneListPage *) page;
  g_autoptr (GPtrArray) items = list_items (engine, self);
  PhoneListItem *item = get_selected (self, items);

  if (self->kind->soft_keys != NULL)
    {
      self->kind->soft_keys (engine, self, item, keys);
      return;
    }
  /* Translators: soft key: leave this page */
  phone_soft_keys_add (keys, _("Back"), NULL, PHONE_LIST_BACK);
  if (item == NULL || (item->command == NULL && self->kind->enter == NULL))
    return;
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, "", NULL, 0);
  /* Translators: soft key: open the selected row */
  phone_soft_keys_add (keys, _("Enter"), NULL, PHONE_LIST_ENTER);
}

static void
build (PhoneEngine  *engine,
       PhonePage    *page,
       PhoneDisplay *display)
{
  PhoneListPage *self = (PhoneListPage *) page;
  g_autoptr (GPtrArray) items = list_items (engine, self);

  phone_display_set_text (&display->page, self->kind->name);
  phone_display_set_text (&display->title, self->kind->get_title (engine, self));
  for (guint i = 0; i < items->len; i++)
    {
      const PhoneListItem *item = items->pdata[i];
      g_autofree char *text = self->kind->numbered ? g_strdup_printf ("%u. %s", i + 1, item->text)
                                                   : g_strdup (item->text);
      PhoneDisplayRow *row = phone_display_add_row (display, text, item->value);

      row->icon = item->icon;
      row->selected = i == self->selected;
    }
  if (items->len == 0)
    phone_display_set_text (&display->notice, _("The list is empty"));
}

static void
update (PhoneEngine *engine,
        PhonePage   *page)
{
  PhoneListPage *self = (PhoneListPage *) page;
  g_autoptr (GPtrArray) items = NULL;

  if (self->kind->is_over == NULL)
    return;
  if (self->kind->is_over (engine))
    {
      phone_screen_close (engine, page);
      return;
    }
  items = list_items (engine, self);
  if (items->len > 0)
    self->selected = MIN (self->selected, items->len - 1);
}

static void
free_list (PhonePage *page)
{
  g_free (page);
}

static const PhonePageClass list_class = {
  .name = "list",
  .layout = PHONE_LAYOUT_LIST,
  .update = update,
  .key = press_key,
  .action = take_action,
  .soft_keys = list_soft_keys,
  .build = build,
  .free = free_list,
};

/**
 * phone_page_list_push:
 * @kind: lives as long as the program
 *
 * Returns: (transfer none): the page, on top
 */
PhoneListPage *
phone_page_list_push (PhoneEngine         *engine,
                      const PhoneListKind *kind,
                      int                  tag)
{
  PhoneListPage *self = g_new0 (PhoneListPage, 1);

  self->base.klass = &list_class;
  self->kind = kind;
  self->tag = tag;
  phone_screen_push (engine, &self->base);
  return self;
}

/**
 * phone_page_list_find:
 * Returns: (transfer none) (nullable): the page on top, when it is a list of this kind
 */
PhoneListPage *
phone_page_list_find (PhoneEngine         *engine,
                      const PhoneListKind *kind)
{
  PhonePage *top = phone_screen_get_top (engine);

  if (top->klass != &list_class || ((PhoneListPage *) top)->kind != kind)
    return NULL;
  return (PhoneListPage *) top;
}
