/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "key-button.h"

#include "rings.h"

/* A key that is pressed and released within this time is still painted down so long that the eye sees it. */
#define SHOWN_DOWN_MS 110

enum { PROP_0, PROP_DOWN, N_PROPS };
enum { KEY_DOWN, KEY_UP, N_SIGNALS };

struct _PhoneKeyButton {
  GtkButton parent;

  PhoneKey  key;
  gboolean  round;
  gboolean  held;         /* key-down was emitted, key-up not yet */
  gboolean  down;         /* painted pressed */
  gint64    down_since_us;
  guint     up_id;        /* paints it up again */
  char     *description;
};

G_DEFINE_FINAL_TYPE (PhoneKeyButton, phone_key_button, GTK_TYPE_BUTTON)

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_down (PhoneKeyButton *self,
          gboolean down)
{
  if (self->down == down)
    return;

  self->down = down;
  if (down)
    self->down_since_us = g_get_monotonic_time ();
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DOWN]);
}

static gboolean
on_shown_long_enough (gpointer data)
{
  PhoneKeyButton *self = data;

  self->up_id = 0;
  set_down (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
on_pressed (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            PhoneKeyButton *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  phone_key_button_press (self);
}

static void
on_sequence_over (GtkGesture *gesture,
                  GdkEventSequence *sequence,
                  PhoneKeyButton *self)
{
  phone_key_button_release (self);
}

static void
phone_key_button_activate (GtkButton *button)
{
  PhoneKeyButton *self = PHONE_KEY_BUTTON (button);

  phone_key_button_press (self);
  phone_key_button_release (self);
}

static void
phone_key_button_snapshot (GtkWidget *widget,
                           GtkSnapshot *snapshot)
{
  PhoneKeyButton *self = PHONE_KEY_BUTTON (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double radius = MIN (width, height) * (self->round ? 0.5 : 0.22);
  GtkStateFlags flags = gtk_widget_get_state_flags (widget);

  if (flags & GTK_STATE_FLAG_FOCUS_VISIBLE)
    phone_rings_add_focus (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height), radius);
  else if ((flags & GTK_STATE_FLAG_PRELIGHT) && !self->down)
    phone_rings_add_hover (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height), radius);
}

static void
phone_key_button_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  /* The face gives it the place of the drawn key, however small the phone is. */
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
}

static void
phone_key_button_size_allocate (GtkWidget *widget,
                                int width,
                                int height,
                                int baseline)
{
}

static void
phone_key_button_state_flags_changed (GtkWidget *widget,
                                      GtkStateFlags previous)
{
  GTK_WIDGET_CLASS (phone_key_button_parent_class)->state_flags_changed (widget, previous);
  gtk_widget_queue_draw (widget);
}

static void
phone_key_button_unmap (GtkWidget *widget)
{
  phone_key_button_release (PHONE_KEY_BUTTON (widget));
  GTK_WIDGET_CLASS (phone_key_button_parent_class)->unmap (widget);
}

static void
phone_key_button_get_property (GObject *object,
                               guint id,
                               GValue *value,
                               GParamSpec *pspec)
{
  PhoneKeyButton *self = PHONE_KEY_BUTTON (object);

  if (id == PROP_DOWN)
    g_value_set_boolean (value, self->down);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
phone_key_button_dispose (GObject *object)
{
  PhoneKeyButton *self = PHONE_KEY_BUTTON (object);

  g_clear_handle_id (&self->up_id, g_source_remove);
  G_OBJECT_CLASS (phone_key_button_parent_class)->dispose (object);
}

static void
phone_key_button_finalize (GObject *object)
{
  PhoneKeyButton *self = PHONE_KEY_BUTTON (object);

  g_free (self->description);
  G_OBJECT_CLASS (phone_key_button_parent_class)->finalize (object);
}

static void
phone_key_button_class_init (PhoneKeyButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkButtonClass *button_class = GTK_BUTTON_CLASS (klass);

  object_class->get_property = phone_key_button_get_property;
  object_class->dispose = phone_key_button_dispose;
  object_class->finalize = phone_key_button_finalize;
  widget_class->snapshot = phone_key_button_snapshot;
  widget_class->measure = phone_key_button_measure;
  widget_class->size_allocate = phone_key_button_size_allocate;
  widget_class->state_flags_changed = phone_key_button_state_flags_changed;
  widget_class->unmap = phone_key_button_unmap;
  button_class->activate = phone_key_button_activate;

  props[PROP_DOWN] = g_param_spec_boolean ("down", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[KEY_DOWN] = g_signal_new ("key-down", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[KEY_UP] = g_signal_new ("key-up", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  /* Not "button": no theme paints a frame on it. */
  gtk_widget_class_set_css_name (widget_class, "phonekey");
}

static void
phone_key_button_init (PhoneKeyButton *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  /* Capture: before the gesture of GtkButton, which knows only whole clicks. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (click, "end", G_CALLBACK (on_sequence_over), self);
  g_signal_connect (click, "cancel", G_CALLBACK (on_sequence_over), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focus_on_click (GTK_WIDGET (self), FALSE);
}

/**
 * phone_key_button_new:
 * @round: whether its ends are half circles
 *
 * Returns: (transfer full): a floating button
 */
GtkWidget *
phone_key_button_new (PhoneKey key,
                      gboolean round)
{
  PhoneKeyButton *self = g_object_new (PHONE_TYPE_KEY_BUTTON, NULL);

  self->key = key;
  self->round = round;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, phone_key_get_name (key), -1);
  gtk_widget_set_name (GTK_WIDGET (self), phone_key_to_id (key));

  return GTK_WIDGET (self);
}

PhoneKey
phone_key_button_get_key (PhoneKeyButton *self)
{
  g_return_val_if_fail (PHONE_IS_KEY_BUTTON (self), PHONE_KEY_NONE);

  return self->key;
}

gboolean
phone_key_button_get_down (PhoneKeyButton *self)
{
  g_return_val_if_fail (PHONE_IS_KEY_BUTTON (self), FALSE);

  return self->down;
}

/**
 * phone_key_button_press:
 *
 * As the pointer does it: emits `key-down` unless the key is held already.
 */
void
phone_key_button_press (PhoneKeyButton *self)
{
  g_return_if_fail (PHONE_IS_KEY_BUTTON (self));

  if (self->held)
    return;

  self->held = TRUE;
  phone_key_button_show_down (self, TRUE);
  g_signal_emit (self, signals[KEY_DOWN], 0);
}

/**
 * phone_key_button_release:
 *
 * Emits `key-up` if the key is held.
 */
void
phone_key_button_release (PhoneKeyButton *self)
{
  g_return_if_fail (PHONE_IS_KEY_BUTTON (self));

  if (!self->held)
    return;

  self->held = FALSE;
  phone_key_button_show_down (self, FALSE);
  g_signal_emit (self, signals[KEY_UP], 0);
}

/**
 * phone_key_button_show_down:
 *
 * Paints the key down or up without telling anybody: for keys that others press. A key that goes up again at once is
 * shown down for a moment.
 */
void
phone_key_button_show_down (PhoneKeyButton *self,
                            gboolean down)
{
  gint64 shown_ms;

  g_return_if_fail (PHONE_IS_KEY_BUTTON (self));

  g_clear_handle_id (&self->up_id, g_source_remove);
  if (down)
    {
      set_down (self, TRUE);
      return;
    }

  shown_ms = (g_get_monotonic_time () - self->down_since_us) / 1000;
  if (self->down && shown_ms < SHOWN_DOWN_MS)
    self->up_id = g_timeout_add (SHOWN_DOWN_MS - shown_ms, on_shown_long_enough, self);
  else
    set_down (self, FALSE);
}

/**
 * phone_key_button_set_description:
 *
 * What a screen reader adds to the name: the label beside the key and the state of its lamp.
 */
void
phone_key_button_set_description (PhoneKeyButton *self,
                                  const char *description)
{
  g_return_if_fail (PHONE_IS_KEY_BUTTON (self));

  if (g_strcmp0 (self->description, description) == 0)
    return;

  g_free (self->description);
  self->description = g_strdup (description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}
