/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-waits.h"

#include "condition.h"
#include "control-json.h"

struct _PhoneControlWaits {
  PhoneEngine     *engine;
  PhoneControlHub *hub;
  GPtrArray       *waits;     /* Wait, oldest first */
  guint            look_id;   /* idle source: the present is to be looked at */
};

typedef struct {
  PhoneControlWaits     *owner;
  PhoneCondition        *condition;
  GDBusMethodInvocation *invocation;
  guint                  timeout_id;
  guint                  watch_id;    /* of the asking program's name, on a bus */
  guint64                lost;
} Wait;

static void
wait_free (Wait *wait)
{
  g_clear_handle_id (&wait->timeout_id, g_source_remove);
  g_clear_handle_id (&wait->watch_id, g_bus_unwatch_name);
  g_clear_object (&wait->invocation);
  phone_condition_free (wait->condition);
  g_free (wait);
}

static void
answer (PhoneControlWaits       *self,
        GDBusMethodInvocation   *invocation,
        gboolean                 met,
        guint64                  lost,
        const PhoneControlEvent *event)
{
  g_autofree char *json = phone_control_json_wait (met, phone_control_hub_get_seq (self->hub), lost, event);

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(bs)", met, json));
}

static void
wait_finish (Wait                    *wait,
             gboolean                 met,
             const PhoneControlEvent *event)
{
  PhoneControlWaits *self = wait->owner;

  answer (self, g_steal_pointer (&wait->invocation), met, wait->lost, event);
  g_ptr_array_remove (self->waits, wait);
}

static gboolean
on_wait_timed_out (gpointer user_data)
{
  Wait *wait = user_data;

  wait->timeout_id = 0;
  wait_finish (wait, FALSE, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_asker_vanished (GDBusConnection *connection,
                   const char      *name,
                   gpointer         user_data)
{
  Wait *wait = user_data;

  g_ptr_array_remove (wait->owner->waits, wait);
}

static gboolean
holds_now (PhoneControlWaits    *self,
           const PhoneCondition *condition)
{
  g_autoptr (GPtrArray) calls = phone_engine_list_calls (self->engine);
  g_autoptr (GPtrArray) accounts = phone_engine_list_accounts (self->engine);
  const PhoneConditionView now = { calls, accounts, phone_engine_get_display (self->engine) };

  return phone_condition_holds (condition, &now);
}

static gboolean
on_look (gpointer user_data)
{
  PhoneControlWaits *self = user_data;

  self->look_id = 0;
  for (guint i = self->waits->len; i > 0; i--)
    {
      Wait *wait = g_ptr_array_index (self->waits, i - 1);

      if (holds_now (self, wait->condition))
        wait_finish (wait, TRUE, NULL);
    }

  return G_SOURCE_REMOVE;
}

/* Returns: (transfer full) (nullable): the past event that made the condition true */
static PhoneControlEvent *
look_back (PhoneControlWaits *self,
           PhoneCondition    *condition,
           guint64            since,
           guint64           *lost)
{
  g_autoptr (GPtrArray) events = phone_control_hub_list_since (self->hub, since, lost);

  for (guint i = 0; i < events->len; i++)
    if (phone_condition_feed (condition, g_ptr_array_index (events, i)))
      return phone_control_event_ref (g_ptr_array_index (events, i));

  return NULL;
}

static void
begin_wait (PhoneControlWaits     *self,
            GDBusMethodInvocation *invocation,
            PhoneCondition        *condition,
            guint64                lost,
            int                    timeout_ms)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  Wait *wait = g_new0 (Wait, 1);

  wait->owner = self;
  wait->condition = condition;
  wait->invocation = invocation;
  wait->lost = lost;
  if (timeout_ms > 0)
    wait->timeout_id = g_timeout_add (timeout_ms, on_wait_timed_out, wait);
  if (sender)
    wait->watch_id = g_bus_watch_name_on_connection (g_dbus_method_invocation_get_connection (invocation), sender,
                                                     G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_asker_vanished, wait, NULL);
  g_ptr_array_add (self->waits, wait);
}

gboolean
phone_control_waits_add (PhoneControlWaits     *self,
                         GDBusMethodInvocation *invocation,
                         const char            *text,
                         gint64                 since,
                         int                    timeout_ms,
                         GError               **error)
{
  g_autoptr (PhoneCondition) condition = NULL;
  g_autoptr (PhoneControlEvent) event = NULL;
  guint64 lost = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  condition = phone_condition_new (text, error);
  if (!condition)
    return FALSE;

  if (since >= 0)
    event = look_back (self, condition, (guint64) since, &lost);
  if (event || holds_now (self, condition))
    answer (self, invocation, TRUE, lost, event);
  else if (timeout_ms == 0)
    answer (self, invocation, FALSE, lost, NULL);
  else if (self->waits->len >= PHONE_CONTROL_MAX_WAITS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "more than %d waits are under way", PHONE_CONTROL_MAX_WAITS);
      return FALSE;
    }
  else
    begin_wait (self, invocation, g_steal_pointer (&condition), lost, timeout_ms);

  return TRUE;
}

void
phone_control_waits_feed (PhoneControlWaits *self,
                          PhoneControlEvent *event)
{
  g_return_if_fail (self != NULL);

  for (guint i = self->waits->len; i > 0; i--)
    {
      Wait *wait = g_ptr_array_index (self->waits, i - 1);

      if (phone_condition_feed (wait->condition, event))
        wait_finish (wait, TRUE, event);
    }
  /* The engine may be in the middle of its work: its state is looked at when it is through. */
  if (self->waits->len > 0 && self->look_id == 0)
    self->look_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_look, self, NULL);
}

void
phone_control_waits_drop_connection (PhoneControlWaits *self,
                                     GDBusConnection   *connection)
{
  g_return_if_fail (self != NULL);

  for (guint i = self->waits->len; i > 0; i--)
    {
      Wait *wait = g_ptr_array_index (self->waits, i - 1);

      if (!connection)
        wait_finish (wait, FALSE, NULL);
      else if (g_dbus_method_invocation_get_connection (wait->invocation) == connection)
        g_ptr_array_remove_index (self->waits, i - 1);
    }
}

PhoneControlWaits *
phone_control_waits_new (PhoneEngine     *engine,
                         PhoneControlHub *hub)
{
  PhoneControlWaits *self = g_new0 (PhoneControlWaits, 1);

  self->engine = g_object_ref (engine);
  self->hub = g_object_ref (hub);
  self->waits = g_ptr_array_new_with_free_func ((GDestroyNotify) wait_free);

  return self;
}

void
phone_control_waits_free (PhoneControlWaits *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->look_id, g_source_remove);
  g_ptr_array_unref (self->waits);
  g_object_unref (self->engine);
  g_object_unref (self->hub);
  g_free (self);
}
