/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-hub.h"

/* The last events of one kind. */
typedef struct {
  GPtrArray              *events; /* PhoneControlEvent, oldest first */
  guint                   max;
  PhoneControlEventBlock *block;  /* nullable: the next ones are made there */
} Ring;

/*
 * Two rings with one numbering: displays are remembered for a shorter time than notices, because each holds a whole picture
 * of the phone.
 */
struct _PhoneControlHub {
  GObject     parent_instance;

  guint64     seq;
  Ring        notices;
  Ring        displays;
  GHashTable *states;    /* call id -> PhoneCallState, of calls that have not ended */
};

enum {
  NOTICE,
  EVENT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void phone_control_hub_outbox_init (PhoneOutboxInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhoneControlHub,
                               phone_control_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_OUTBOX, phone_control_hub_outbox_init))

static void
init_ring (Ring *ring,
           guint max)
{
  ring->events = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_control_event_unref);
  ring->max = max;
}

static void
clear_ring (Ring *ring)
{
  g_ptr_array_unref (ring->events);
  g_clear_pointer (&ring->block, phone_control_event_block_unref);
}

static void
remember (PhoneControlHub   *self,
          Ring              *ring,
          PhoneControlEvent *event)
{
  g_ptr_array_add (ring->events, phone_control_event_ref (event));
  if (ring->events->len > ring->max)
    g_ptr_array_remove_index (ring->events, 0);

  g_signal_emit (self, signals[EVENT], 0, event);
}

/* Follows the states of the calls, so that a past event can still say how many calls were talking. */
static void
count_calls (PhoneControlHub   *self,
             PhoneControlEvent *event)
{
  const PhoneNotice *notice = &event->notice;
  GHashTableIter iter;
  gpointer state;

  if (notice->kind != PHONE_NOTICE_CALL || notice->state < 0 || notice->state >= PHONE_N_CALL_STATES)
    return;

  g_hash_table_insert (self->states, GUINT_TO_POINTER (notice->call), GINT_TO_POINTER (notice->state));
  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    event->n_calls[GPOINTER_TO_INT (state)]++;

  if (notice->state == PHONE_CALL_ENDED)
    g_hash_table_remove (self->states, GUINT_TO_POINTER (notice->call));
}

static void
phone_control_hub_notify (PhoneOutbox       *outbox,
                          const PhoneNotice *notice)
{
  PhoneControlHub *self = PHONE_CONTROL_HUB (outbox);
  g_autoptr (PhoneControlEvent) event = phone_control_event_new_notice (&self->notices.block, ++self->seq, notice);

  count_calls (self, event);
  g_debug ("event %" G_GUINT64_FORMAT ": %s", self->seq, phone_notice_kind_to_string (notice->kind));
  remember (self, &self->notices, event);
  g_signal_emit (self, signals[NOTICE], 0, notice);
}

static void
phone_control_hub_outbox_init (PhoneOutboxInterface *iface)
{
  iface->notify = phone_control_hub_notify;
}

static void
phone_control_hub_finalize (GObject *object)
{
  PhoneControlHub *self = PHONE_CONTROL_HUB (object);

  clear_ring (&self->notices);
  clear_ring (&self->displays);
  g_hash_table_unref (self->states);

  G_OBJECT_CLASS (phone_control_hub_parent_class)->finalize (object);
}

static void
phone_control_hub_class_init (PhoneControlHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_control_hub_finalize;

  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
phone_control_hub_init (PhoneControlHub *self)
{
  init_ring (&self->notices, PHONE_CONTROL_HUB_MAX_NOTICES);
  init_ring (&self->displays, PHONE_CONTROL_HUB_MAX_DISPLAYS);
  self->states = g_hash_table_new (NULL, NULL);
}

PhoneControlHub *
phone_control_hub_new (void)
{
  return g_object_new (PHONE_TYPE_CONTROL_HUB, NULL);
}

void
phone_control_hub_add_display (PhoneControlHub *self,
                               PhoneDisplay    *display)
{
  g_autoptr (PhoneControlEvent) event = NULL;

  g_return_if_fail (PHONE_IS_CONTROL_HUB (self));
  g_return_if_fail (display != NULL);

  event = phone_control_event_new_display (&self->displays.block, ++self->seq, display);
  remember (self, &self->displays, event);
}

guint64
phone_control_hub_get_seq (PhoneControlHub *self)
{
  g_return_val_if_fail (PHONE_IS_CONTROL_HUB (self), 0);

  return self->seq;
}

/* Position of the first event with a number after @since; the wanted ones are mostly the last few. */
static guint
find_after (const Ring *ring,
            guint64     since)
{
  guint first = ring->events->len;

  while (first > 0 && ((const PhoneControlEvent *) g_ptr_array_index (ring->events, first - 1))->seq > since)
    first--;
  return first;
}

static PhoneControlEvent *
peek (const Ring *ring,
      guint       position)
{
  return position < ring->events->len ? g_ptr_array_index (ring->events, position) : NULL;
}

GPtrArray *
phone_control_hub_list_since (PhoneControlHub *self,
                              guint64          since,
                              guint64         *lost)
{
  g_autoptr (GPtrArray) events = NULL;
  PhoneControlEvent *notice;
  PhoneControlEvent *display;
  guint n;
  guint d;

  g_return_val_if_fail (PHONE_IS_CONTROL_HUB (self), NULL);

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_control_event_unref);
  n = find_after (&self->notices, since);
  d = find_after (&self->displays, since);
  while ((notice = peek (&self->notices, n)), (display = peek (&self->displays, d)), notice || display)
    {
      if (!display || (notice && notice->seq < display->seq))
        {
          g_ptr_array_add (events, phone_control_event_ref (notice));
          n++;
        }
      else
        {
          g_ptr_array_add (events, phone_control_event_ref (display));
          d++;
        }
    }
  if (lost)
    *lost = self->seq > since ? self->seq - since - events->len : 0;

  return g_steal_pointer (&events);
}
