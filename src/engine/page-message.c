/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page.h"

#include "account.h"
#include "commands.h"
#include "screen.h"
#include "texts.h"

/* A question or a message in the middle of the LCD. */

enum { ACTION_YES = 1, ACTION_NO };

typedef struct {
  PhonePage  base;
  char      *title;
  char      *text;
  char      *yes_label;     /* NULL = only `no` */
  char      *yes_command;
  char      *no_label;
  gboolean   welcome;       /* closes by itself when there is an account */
} MessagePage;

static void
take_action (PhoneEngine *engine,
             PhonePage   *page,
             int          action)
{
  MessagePage *self = (MessagePage *) page;
  g_autofree char *command = g_strdup (self->yes_command);
  g_autoptr (GError) error = NULL;

  phone_screen_close (engine, page);
  if (action == ACTION_YES && command != NULL && !phone_commands_run (engine, command, &error))
    phone_engine_say (engine, error->message);
}

static gboolean
press_key (PhoneEngine *engine,
           PhonePage   *page,
           PhoneKey     key)
{
  MessagePage *self = (MessagePage *) page;

  if (key == PHONE_KEY_OK)
    take_action (engine, page, self->yes_label ? ACTION_YES : ACTION_NO);
  else if (key == PHONE_KEY_X)
    take_action (engine, page, ACTION_NO);
  else
    return FALSE;
  return TRUE;
}

static void
update (PhoneEngine *engine,
        PhonePage   *page)
{
  if (((MessagePage *) page)->welcome && (phone_accounts_any_enabled (engine) || phone_engine_bool (engine, PRACTICE)))
    phone_screen_close (engine, page);
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhonePage     *page,
                PhoneSoftKeys *keys)
{
  MessagePage *self = (MessagePage *) page;

  if (self->yes_label != NULL)
    phone_soft_keys_add (keys, self->yes_label, NULL, ACTION_YES);
  else
    phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, "", NULL, 0);
  phone_soft_keys_add (keys, self->no_label, NULL, ACTION_NO);
}

static void
build (PhoneEngine  *engine,
       PhonePage    *page,
       PhoneDisplay *display)
{
  MessagePage *self = (MessagePage *) page;

  phone_display_set_text (&display->title, self->title);
  phone_display_set_text (&display->notice, self->text);
}

static void
free_message (PhonePage *page)
{
  MessagePage *self = (MessagePage *) page;

  g_free (self->title);
  g_free (self->text);
  g_free (self->yes_label);
  g_free (self->yes_command);
  g_free (self->no_label);
  g_free (self);
}

static const PhonePageClass message_class = {
  .name = "message",
  .layout = PHONE_LAYOUT_MESSAGE,
  .update = update,
  .key = press_key,
  .action = take_action,
  .soft_keys = list_soft_keys,
  .build = build,
  .free = free_message,
};

static MessagePage *
push (PhoneEngine *engine,
      const char  *title,
      const char  *text,
      const char  *yes_label,
      const char  *yes_command,
      const char  *no_label)
{
  MessagePage *self = g_new0 (MessagePage, 1);

  self->base.klass = &message_class;
  self->title = g_strdup (title);
  self->text = g_strdup (text);
  self->yes_label = g_strdup (yes_label);
  self->yes_command = g_strdup (yes_command);
  self->no_label = g_strdup (no_label);
  phone_screen_push (engine, &self->base);
  return self;
}

/**
 * phone_page_message_open:
 * @yes_label: (nullable): first soft key and OK; runs @yes_command
 * @no_label: fourth soft key and X; closes the page
 */
void
phone_page_message_open (PhoneEngine *engine,
                         const char  *title,
                         const char  *text,
                         const char  *yes_label,
                         const char  *yes_command,
                         const char  *no_label)
{
  push (engine, title, text, yes_label, yes_command, no_label);
}

/**
 * phone_page_message_open_welcome:
 * At a start without any account: the way to the first call is one key.
 */
void
phone_page_message_open_welcome (PhoneEngine *engine)
{
  MessagePage *self = push (engine, _("Welcome"),
                            _("No account is set up. Start the practice exchange to make your first call?"),
                            /* Translators: soft key: start the practice exchange */
                            _("Start"), "practice on", _("Exit"));

  self->welcome = TRUE;
}
