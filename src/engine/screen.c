/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "screen.h"

#include "calls.h"
#include "commands.h"
#include "texts.h"

struct _PhoneScreen {
  GPtrArray *pages;    /* PhonePage, bottom first */
  GPtrArray *trash;    /* closed pages: freed after the event, since their own code may still run */
};

static void
free_page (gpointer data)
{
  PhonePage *page = data;

  page->klass->free (page);
}

/**
 * phone_screen_new:
 * Returns: (transfer full): a stack with the idle page
 */
PhoneScreen *
phone_screen_new (void)
{
  PhoneScreen *self = g_new0 (PhoneScreen, 1);

  self->pages = g_ptr_array_new ();
  self->trash = g_ptr_array_new_with_free_func (free_page);
  g_ptr_array_add (self->pages, phone_page_idle_new ());
  return self;
}

void
phone_screen_free (PhoneScreen *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    free_page (self->pages->pdata[i]);
  g_ptr_array_unref (self->pages);
  g_ptr_array_unref (self->trash);
  g_free (self);
}

/**
 * phone_soft_keys_add:
 * Adds a function to the right of the others; @label "" leaves a key empty.
 */
void
phone_soft_keys_add (PhoneSoftKeys *self,
                     const char    *label,
                     const char    *command,
                     int            action)
{
  g_return_if_fail (self->n_keys < PHONE_MAX_SOFT_KEYS);

  self->keys[self->n_keys++] = (PhoneSoftKey) { label, command, action };
}

/**
 * phone_screen_get_top:
 * Returns: (transfer none): the page that is shown
 */
PhonePage *
phone_screen_get_top (PhoneEngine *engine)
{
  GPtrArray *pages = engine->screen->pages;

  return pages->pdata[pages->len - 1];
}

/**
 * phone_screen_find:
 * Returns: (transfer none) (nullable): the topmost page of a kind
 */
PhonePage *
phone_screen_find (PhoneEngine          *engine,
                   const PhonePageClass *klass)
{
  GPtrArray *pages = engine->screen->pages;

  for (guint i = pages->len; i-- > 0; )
    if (((PhonePage *) pages->pdata[i])->klass == klass)
      return pages->pdata[i];
  return NULL;
}

/**
 * phone_screen_push:
 * @page: (transfer full): comes to the top
 */
void
phone_screen_push (PhoneEngine *engine,
                   PhonePage   *page)
{
  g_debug ("page: + %s", page->klass->name);
  g_ptr_array_add (engine->screen->pages, page);
}

/**
 * phone_screen_raise:
 * Brings a page of the stack to the top.
 */
void
phone_screen_raise (PhoneEngine *engine,
                    PhonePage   *page)
{
  GPtrArray *pages = engine->screen->pages;

  if (pages->pdata[0] == page || phone_screen_get_top (engine) == page)
    return;
  if (g_ptr_array_remove (pages, page))
    g_ptr_array_add (pages, page);
}

/**
 * phone_screen_close:
 * Takes a page from the stack. The idle page stays.
 */
void
phone_screen_close (PhoneEngine *engine,
                    PhonePage   *page)
{
  GPtrArray *pages = engine->screen->pages;

  if (pages->pdata[0] == page || !g_ptr_array_remove (pages, page))
    return;
  g_debug ("page: - %s", page->klass->name);
  if (page->klass->leave)
    page->klass->leave (engine, page);
  g_ptr_array_add (engine->screen->trash, page);
}

/**
 * phone_screen_leave_for_call:
 * The user calls or answers: what he did before on the LCD is over.
 */
void
phone_screen_leave_for_call (PhoneEngine *engine)
{
  GPtrArray *pages = engine->screen->pages;

  for (guint i = pages->len; i-- > 1; )
    if (i < pages->len && !phone_page_is_call (pages->pdata[i]))
      phone_screen_close (engine, pages->pdata[i]);
}

static PhonePage *
find_call_page (PhoneEngine *engine)
{
  GPtrArray *pages = engine->screen->pages;

  for (guint i = 1; i < pages->len; i++)
    if (phone_page_is_call (pages->pdata[i]))
      return pages->pdata[i];
  return NULL;
}

/**
 * phone_screen_show_calls:
 * Brings the page of the calls to the top, when there is a call.
 */
void
phone_screen_show_calls (PhoneEngine *engine)
{
  PhonePage *page = find_call_page (engine);

  if (phone_calls_count_visible (engine) == 0)
    return;
  if (page == NULL)
    phone_screen_push (engine, phone_page_call_new ());
  else
    phone_screen_raise (engine, page);
}

/**
 * phone_screen_update:
 * After each event: pages whose reason is gone close; the page of the calls is there exactly while there is a call to
 * show.
 */
void
phone_screen_update (PhoneEngine *engine)
{
  GPtrArray *pages = engine->screen->pages;
  PhonePage *page = find_call_page (engine);
  gboolean wanted = phone_calls_count_visible (engine) > 0;

  if (page == NULL && wanted)
    phone_screen_push (engine, phone_page_call_new ());
  else if (page != NULL && !wanted)
    phone_screen_close (engine, page);
  for (guint i = pages->len; i-- > 1; )
    {
      PhonePage *each = i < pages->len ? pages->pdata[i] : NULL;

      if (each != NULL && each->klass->update)
        each->klass->update (engine, each);
    }
}

/**
 * phone_screen_empty_trash:
 *
 * Frees pages that were closed while their own code ran.
 */
void
phone_screen_empty_trash (PhoneEngine *engine)
{
  g_ptr_array_set_size (engine->screen->trash, 0);
}

static void
get_soft_keys (PhoneEngine   *engine,
               PhonePage     *page,
               PhoneSoftKeys *keys)
{
  *keys = (PhoneSoftKeys) { 0, };
  if (page->klass->soft_keys)
    page->klass->soft_keys (engine, page, keys);
}

#define ACTION_MORE -1

/* What stands on soft key @i (from 0) now: with more than four functions, three at a time and `More`. */
static PhoneSoftKey
get_soft_key (PhonePage           *page,
              const PhoneSoftKeys *keys,
              guint                i)
{
  static const PhoneSoftKey empty = { "", NULL, 0 };
  guint first;

  if (keys->n_keys <= PHONE_SOFT_KEYS)
    return i < keys->n_keys ? keys->keys[i] : empty;
  /* Translators: soft key: shows the other functions of this page */
  if (i == PHONE_SOFT_KEYS - 1)
    return (PhoneSoftKey) { _("More"), NULL, ACTION_MORE };
  first = page->soft_page * (PHONE_SOFT_KEYS - 1);
  if (first >= keys->n_keys)
    {
      page->soft_page = 0;
      first = 0;
    }
  return first + i < keys->n_keys ? keys->keys[first + i] : empty;
}

static void
press_soft_key (PhoneEngine *engine,
                PhonePage   *page,
                guint        i)
{
  PhoneSoftKeys keys;
  PhoneSoftKey key;
  g_autoptr (GError) error = NULL;

  get_soft_keys (engine, page, &keys);
  key = get_soft_key (page, &keys, i);
  if (key.action == ACTION_MORE)
    {
      page->soft_page++;
      return;
    }
  page->soft_page = 0;
  if (key.action != 0)
    page->klass->action (engine, page, key.action);
  else if (key.command != NULL && !phone_commands_run (engine, key.command, &error))
    phone_engine_say (engine, error->message);
}

/**
 * phone_screen_press:
 * Gives a key to the page that is shown.
 *
 * Returns: whether the page took it
 */
gboolean
phone_screen_press (PhoneEngine *engine,
                    PhoneKey     key)
{
  PhonePage *page = phone_screen_get_top (engine);

  if (key >= PHONE_KEY_F1 && key <= PHONE_KEY_F4)
    {
      press_soft_key (engine, page, key - PHONE_KEY_F1);
      return TRUE;
    }
  return page->klass->key && page->klass->key (engine, page, key);
}

/**
 * phone_screen_type:
 * Returns: whether the page on top took the text
 */
gboolean
phone_screen_type (PhoneEngine *engine,
                   const char  *text)
{
  PhonePage *page = phone_screen_get_top (engine);

  return page->klass->text && page->klass->text (engine, page, text);
}

/**
 * phone_screen_on_timer:
 *
 * Hands a timer to the page on top.
 */
void
phone_screen_on_timer (PhoneEngine *engine,
                       guint        timer)
{
  PhonePage *page = phone_screen_get_top (engine);

  if (page->klass->timer)
    page->klass->timer (engine, page, timer);
}

/**
 * phone_screen_build:
 * Lets the page that is shown fill the display.
 */
void
phone_screen_build (PhoneEngine  *engine,
                    PhoneDisplay *display)
{
  PhonePage *page = phone_screen_get_top (engine);
  PhoneSoftKeys keys;

  display->layout = page->klass->layout;
  phone_display_set_text (&display->page, page->klass->name);
  page->klass->build (engine, page, display);
  get_soft_keys (engine, page, &keys);
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    phone_display_set_text (&display->softkeys[i], get_soft_key (page, &keys, i).label);
}
