/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "notifier.h"
#include "texts.h"

#define MISSED_ID "missed"

struct _PhoneNotifier {
  GObject       parent;

  GApplication *application;
  GHashTable   *shown;        /* set of call ids with a notification */
  guint         n_missed;
};

G_DEFINE_FINAL_TYPE (PhoneNotifier, phone_notifier, G_TYPE_OBJECT)

static char *
make_call_id (guint call)
{
  return g_strdup_printf ("call-%u", call);
}

static char *
make_caller (const PhoneNotice *notice)
{
  const char *name = notice->name ? notice->name : "";
  const char *number = notice->number ? notice->number : "";

  if (name[0] == '\0' || g_str_equal (name, number))
    return g_strdup (number[0] != '\0' ? number : _ ("Unknown"));
  if (number[0] == '\0')
    return g_strdup (name);

  return g_strdup_printf ("%s (%s)", name, number);
}

static void
show_incoming (PhoneNotifier *self,
               const PhoneNotice *notice)
{
  g_autoptr (GNotification) notification = g_notification_new (_ ("Incoming call"));
  g_autofree char *id = make_call_id (notice->call);
  g_autofree char *caller = make_caller (notice);

  g_notification_set_body (notification, caller);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
  g_notification_set_category (notification, "call.incoming");
  g_notification_set_default_action (notification, "app.show");
  g_notification_add_button_with_target (notification, _ ("Answer"), "app.answer", "u", notice->call);
  g_notification_add_button_with_target (notification, _ ("Reject"), "app.reject", "u", notice->call);
  g_application_send_notification (self->application, id, notification);
  g_hash_table_add (self->shown, GUINT_TO_POINTER (notice->call));
}

static void
withdraw (PhoneNotifier *self,
          guint call)
{
  g_autofree char *id = make_call_id (call);

  if (g_hash_table_remove (self->shown, GUINT_TO_POINTER (call)))
    g_application_withdraw_notification (self->application, id);
}

static void
show_missed (PhoneNotifier *self,
             const PhoneNotice *notice)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *title = NULL;
  g_autofree char *caller = make_caller (notice);

  /* One notification for all: the last caller by name, the others by number of calls. */
  self->n_missed++;
  title = g_strdup_printf (ngettext ("Missed call", "%u missed calls", self->n_missed), self->n_missed);
  notification = g_notification_new (title);
  g_notification_set_body (notification, caller);
  g_notification_set_category (notification, "call.unanswered");
  g_notification_set_default_action (notification, "app.show");
  g_application_send_notification (self->application, MISSED_ID, notification);
}

static void
show_account (PhoneNotifier *self,
              const PhoneNotice *notice)
{
  g_autofree char *id = g_strdup_printf ("account-%u", notice->account);
  g_autofree char *title = NULL;
  g_autoptr (GNotification) notification = NULL;

  if (notice->state != PHONE_ACCOUNT_FAILED)
    {
      g_application_withdraw_notification (self->application, id);
      return;
    }

  /* Translators: %u is the number of an account */
  title = g_strdup_printf (_ ("Account %u is not registered"), notice->account);
  notification = g_notification_new (title);
  if (notice->text && notice->text[0] != '\0')
    g_notification_set_body (notification, notice->text);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_LOW);
  g_notification_set_default_action (notification, "app.show");
  g_application_send_notification (self->application, id, notification);
}

static void
phone_notifier_finalize (GObject *object)
{
  PhoneNotifier *self = PHONE_NOTIFIER (object);

  g_hash_table_unref (self->shown);
  g_object_unref (self->application);
  G_OBJECT_CLASS (phone_notifier_parent_class)->finalize (object);
}

static void
phone_notifier_class_init (PhoneNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_notifier_finalize;
}

static void
phone_notifier_init (PhoneNotifier *self)
{
  self->shown = g_hash_table_new (NULL, NULL);
}

/**
 * phone_notifier_new:
 * @application: referenced; its id has to be the name of a desktop file for the desktop to show anything
 */
PhoneNotifier *
phone_notifier_new (GApplication *application)
{
  PhoneNotifier *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (PHONE_TYPE_NOTIFIER, NULL);
  self->application = g_object_ref (application);

  return self;
}

/**
 * phone_notifier_handle:
 * @notice: as the control hub's `notice` signal gives it
 */
void
phone_notifier_handle (PhoneNotifier *self,
                       const PhoneNotice *notice)
{
  g_return_if_fail (PHONE_IS_NOTIFIER (self));
  g_return_if_fail (notice != NULL);

  switch (notice->kind)
    {
    case PHONE_NOTICE_CALL:
      if (notice->state == PHONE_CALL_INCOMING && !g_hash_table_contains (self->shown, GUINT_TO_POINTER (notice->call)))
        show_incoming (self, notice);
      else if (notice->state != PHONE_CALL_INCOMING)
        withdraw (self, notice->call);
      break;
    case PHONE_NOTICE_MISSED:
      show_missed (self, notice);
      break;
    case PHONE_NOTICE_ACCOUNT:
      show_account (self, notice);
      break;
    case PHONE_NOTICE_CALL_MEDIA:
    case PHONE_NOTICE_DIGIT:
    case PHONE_NOTICE_HEARD:
    case PHONE_NOTICE_DND:
    case PHONE_NOTICE_FORWARD:
    case PHONE_NOTICE_TRANSFER:
    case PHONE_NOTICE_MESSAGE:
      break;
    }
}

void
phone_notifier_clear (PhoneNotifier *self)
{
  g_autoptr (GList) calls = NULL;

  g_return_if_fail (PHONE_IS_NOTIFIER (self));

  calls = g_hash_table_get_keys (self->shown);
  for (GList *call = calls; call; call = call->next)
    withdraw (self, GPOINTER_TO_UINT (call->data));
  if (self->n_missed > 0)
    g_application_withdraw_notification (self->application, MISSED_ID);
  self->n_missed = 0;
}
