/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "handset-button.h"

#include "rings.h"
#include "texts.h"

enum { TOGGLED, N_SIGNALS };

struct _PhoneHandsetButton {
  GtkButton parent;

  gboolean off_hook;
};

G_DEFINE_FINAL_TYPE (PhoneHandsetButton, phone_handset_button, GTK_TYPE_BUTTON)

static guint signals[N_SIGNALS];

static void
describe (PhoneHandsetButton *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->off_hook ? _ ("lifted") : _ ("in the cradle"), -1);
}

static void
on_pressed (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            PhoneHandsetButton *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit (self, signals[TOGGLED], 0);
}

static void
phone_handset_button_activate (GtkButton *button)
{
  g_signal_emit (button, signals[TOGGLED], 0);
}

static void
phone_handset_button_snapshot (GtkWidget *widget,
                               GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double radius = MIN (width, height) * 0.3;
  GtkStateFlags flags = gtk_widget_get_state_flags (widget);

  if (flags & GTK_STATE_FLAG_FOCUS_VISIBLE)
    phone_rings_add_focus (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height), radius);
  else if (flags & GTK_STATE_FLAG_PRELIGHT)
    phone_rings_add_hover (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height), radius);
}

static void
phone_handset_button_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
}

static void
phone_handset_button_size_allocate (GtkWidget *widget,
                                    int width,
                                    int height,
                                    int baseline)
{
}

static void
phone_handset_button_state_flags_changed (GtkWidget *widget,
                                          GtkStateFlags previous)
{
  GTK_WIDGET_CLASS (phone_handset_button_parent_class)->state_flags_changed (widget, previous);
  gtk_widget_queue_draw (widget);
}

static void
phone_handset_button_class_init (PhoneHandsetButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkButtonClass *button_class = GTK_BUTTON_CLASS (klass);

  widget_class->snapshot = phone_handset_button_snapshot;
  widget_class->measure = phone_handset_button_measure;
  widget_class->size_allocate = phone_handset_button_size_allocate;
  widget_class->state_flags_changed = phone_handset_button_state_flags_changed;
  button_class->activate = phone_handset_button_activate;

  signals[TOGGLED] = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "phonehandset");
}

static void
phone_handset_button_init (PhoneHandsetButton *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focus_on_click (GTK_WIDGET (self), FALSE);
  gtk_widget_set_name (GTK_WIDGET (self), "handset");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Handset"), -1);
  describe (self);
}

/**
 * phone_handset_button_new:
 *
 * Returns: (transfer full): a floating button, the handset in its cradle
 */
GtkWidget *
phone_handset_button_new (void)
{
  return g_object_new (PHONE_TYPE_HANDSET_BUTTON, NULL);
}

gboolean
phone_handset_button_get_off_hook (PhoneHandsetButton *self)
{
  g_return_val_if_fail (PHONE_IS_HANDSET_BUTTON (self), FALSE);

  return self->off_hook;
}

/**
 * phone_handset_button_set_off_hook:
 *
 * Says where the handset is. Emits nothing.
 */
void
phone_handset_button_set_off_hook (PhoneHandsetButton *self,
                                   gboolean off_hook)
{
  g_return_if_fail (PHONE_IS_HANDSET_BUTTON (self));

  off_hook = !!off_hook;
  if (self->off_hook == off_hook)
    return;

  self->off_hook = off_hook;
  describe (self);
}
