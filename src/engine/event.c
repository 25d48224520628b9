/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "event.h"

struct _PhoneEventQueue
{
  GObject parent_instance;

  GThread *thread; /* (not owned): the only one that may post */
  GQueue events;   /* PhoneEvent, owned */
  gboolean running;
  guint last_call;

  PhoneEventHandler handle;
  GFunc drained;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (PhoneEventQueue, phone_event_queue, G_TYPE_OBJECT)

/* Takes one event after the other until none is left; what a handler posts meanwhile waits its turn here. */
static void
phone_event_queue_run (PhoneEventQueue *self)
{
  g_assert (!self->running);
  /* A handler may drop the last reference of the others. */
  g_object_ref (self);
  self->running = TRUE;
  while (self->handle != NULL && !g_queue_is_empty (&self->events))
    {
      while (self->handle != NULL && !g_queue_is_empty (&self->events))
        {
          g_autoptr (PhoneEvent) event = g_queue_pop_head (&self->events);

          self->handle (event, self->user_data);
        }
      /* The projection may post as well (it should not); then those events have their turn and one more projection. */
      if (self->drained != NULL)
        self->drained (self, self->user_data);
    }
  self->running = FALSE;
  g_object_unref (self);
}

static void
phone_event_queue_finalize (GObject *object)
{
  PhoneEventQueue *self = PHONE_EVENT_QUEUE (object);

  g_queue_clear_full (&self->events, (GDestroyNotify) phone_event_free);

  G_OBJECT_CLASS (phone_event_queue_parent_class)->finalize (object);
}

static void
phone_event_queue_class_init (PhoneEventQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_event_queue_finalize;
}

static void
phone_event_queue_init (PhoneEventQueue *self)
{
  g_queue_init (&self->events);
  self->thread = g_thread_self ();
}

/**
 * phone_event_copy:
 * Returns: (transfer full): a deep copy; the media description is immutable and only referenced
 */
PhoneEvent *
phone_event_copy (const PhoneEvent *self)
{
  PhoneEvent *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (PhoneEvent, 1);
  *copy = *self;
  copy->text = g_strdup (self->text);
  copy->number = g_strdup (self->number);
  copy->name = g_strdup (self->name);
  copy->host = g_strdup (self->host);
  copy->diverter = g_strdup (self->diverter);
  copy->diverter_name = g_strdup (self->diverter_name);
  copy->desc = self->desc != NULL ? phone_media_desc_ref (self->desc) : NULL;
  return copy;
}

/**
 * phone_event_free:
 * @self: (nullable):
 */
void
phone_event_free (PhoneEvent *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->number);
  g_free (self->name);
  g_free (self->host);
  g_free (self->diverter);
  g_free (self->diverter_name);
  g_clear_pointer (&self->desc, phone_media_desc_unref);
  g_free (self);
}

/**
 * phone_event_type_to_string:
 * Returns: (transfer none): stable lower-case word for logs and scenarios
 */
const char *
phone_event_type_to_string (PhoneEventType type)
{
  static const char *const names[PHONE_N_EVENTS] = {
    [PHONE_EVENT_NONE] = "none",
    [PHONE_EVENT_KEY] = "key",
    [PHONE_EVENT_TEXT] = "text",
    [PHONE_EVENT_HOOK] = "hook",
    [PHONE_EVENT_COMMAND] = "command",
    [PHONE_EVENT_TIMER] = "timer",
    [PHONE_EVENT_ACCOUNT] = "account",
    [PHONE_EVENT_INCOMING] = "incoming",
    [PHONE_EVENT_PROGRESS] = "progress",
    [PHONE_EVENT_ESTABLISHED] = "established",
    [PHONE_EVENT_MODIFIED] = "modified",
    [PHONE_EVENT_MODIFY_FAILED] = "modify-failed",
    [PHONE_EVENT_REMOTE_MODIFY] = "remote-modify",
    [PHONE_EVENT_MUSIC] = "music",
    [PHONE_EVENT_IDENTITY] = "identity",
    [PHONE_EVENT_TRANSFER] = "transfer",
    [PHONE_EVENT_REFERRED] = "referred",
    [PHONE_EVENT_TERMINATED] = "terminated",
    [PHONE_EVENT_SIGNALING_STOPPED] = "signaling-stopped",
    [PHONE_EVENT_MEDIA_READY] = "media-ready",
    [PHONE_EVENT_MEDIA_FLOWING] = "media-flowing",
    [PHONE_EVENT_MEDIA_STALLED] = "media-stalled",
    [PHONE_EVENT_MEDIA_FAILED] = "media-failed",
    [PHONE_EVENT_DIGIT_HEARD] = "digit-heard",
    [PHONE_EVENT_AUDIO_HEARD] = "audio-heard",
    [PHONE_EVENT_SETTING_CHANGED] = "setting-changed",
    [PHONE_EVENT_CONTACTS_CHANGED] = "contacts-changed",
    [PHONE_EVENT_STORE_FAILED] = "store-failed",
    [PHONE_EVENT_NETWORK] = "network",
    [PHONE_EVENT_QUIT] = "quit",
  };

  g_return_val_if_fail (type >= 0 && type < PHONE_N_EVENTS, "?");

  return names[type];
}

/**
 * phone_network_news_to_string:
 * Returns: (transfer none): stable lower-case word for logs and scenarios
 */
const char *
phone_network_news_to_string (PhoneNetworkNews news)
{
  switch (news)
    {
    case PHONE_NETWORK_DOWN:
      return "down";
    case PHONE_NETWORK_CHANGED:
      return "changed";
    case PHONE_NETWORK_BACK:
      return "back";
    }
  return "?";
}

/**
 * phone_transfer_news_to_string:
 * Returns: (transfer none): stable lower-case word for logs and scenarios
 */
const char *
phone_transfer_news_to_string (PhoneTransferNews news)
{
  switch (news)
    {
    case PHONE_TRANSFER_ACCEPTED:
      return "accepted";
    case PHONE_TRANSFER_PROGRESS:
      return "progress";
    case PHONE_TRANSFER_DONE:
      return "done";
    case PHONE_TRANSFER_FAILED:
      return "failed";
    case PHONE_TRANSFER_REFUSED:
      return "refused";
    case PHONE_TRANSFER_SILENT:
      return "silent";
    }
  return "?";
}

/**
 * phone_event_queue_new:
 *
 * The thread that makes the queue is the one that may post to it.
 *
 * Returns: (transfer full): an empty queue nobody handles yet
 */
PhoneEventQueue *
phone_event_queue_new (void)
{
  return g_object_new (PHONE_TYPE_EVENT_QUEUE, NULL);
}

void
phone_event_queue_post (PhoneEventQueue *self,
                        const PhoneEvent *event)
{
  g_return_if_fail (PHONE_IS_EVENT_QUEUE (self));
  g_return_if_fail (event != NULL);
  g_return_if_fail (event->type > PHONE_EVENT_NONE && event->type < PHONE_N_EVENTS);
  /* A post from another thread would let two handlers run at once: better stop here than corrupt the phone. */
  g_assert (g_thread_self () == self->thread);

  g_queue_push_tail (&self->events, phone_event_copy (event));
  if (!self->running)
    phone_event_queue_run (self);
}

/**
 * phone_event_queue_new_call:
 *
 * Main thread only.
 *
 * Returns: a call id that was never given out before by this queue; never 0
 */
guint
phone_event_queue_new_call (PhoneEventQueue *self)
{
  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (self), 0);
  g_assert (g_thread_self () == self->thread);
  g_assert (self->last_call < G_MAXUINT);

  return ++self->last_call;
}

/**
 * phone_event_queue_set_handler:
 * @handle: (nullable): %NULL: events wait in the queue until there is a handler again
 * @drained: (nullable): called with the queue and @user_data each time the queue ran empty after at least one event
 *
 * Events that were posted before there was a handler are handled before the call returns.
 */
void
phone_event_queue_set_handler (PhoneEventQueue *self,
                               PhoneEventHandler handle,
                               GFunc drained,
                               gpointer user_data)
{
  g_return_if_fail (PHONE_IS_EVENT_QUEUE (self));
  g_assert (g_thread_self () == self->thread);

  self->handle = handle;
  self->drained = drained;
  self->user_data = user_data;
  if (handle != NULL && !self->running)
    phone_event_queue_run (self);
}
