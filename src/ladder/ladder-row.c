/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "ladder-row.h"

#include "texts.h"

#include <adwaita.h>
#include <string.h>

struct _PhoneLadderItem {
  GObject         parent_instance;

  PhoneTraceStep  step;       /* a copy */
  guint           n_columns;
  char           *description;
};

G_DEFINE_FINAL_TYPE (PhoneLadderItem, phone_ladder_item, G_TYPE_OBJECT)

static void
phone_ladder_item_finalize (GObject *object)
{
  PhoneLadderItem *self = PHONE_LADDER_ITEM (object);

  g_free (self->step.label);
  g_free (self->description);
  g_clear_pointer (&self->step.record, phone_trace_record_unref);
  G_OBJECT_CLASS (phone_ladder_item_parent_class)->finalize (object);
}

static void
phone_ladder_item_class_init (PhoneLadderItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_ladder_item_finalize;
}

static void
phone_ladder_item_init (PhoneLadderItem *self)
{
}

/* What a screen reader says of it. */
static char *
dup_description (const PhoneTraceLadder *ladder,
                 const PhoneTraceStep   *step)
{
  const PhoneTraceRecord *record = step->record;

  if (strcmp (ladder->columns->pdata[0], PHONE_TRACE_THIS_PHONE) != 0)
    /* Translators: a step of the call ladder: number, message, who sends it, who gets it */
    return g_strdup_printf (_("F%u: %s, %s to %s"), step->number, step->label, (char *) ladder->columns->pdata[step->from],
                            (char *) ladder->columns->pdata[step->to]);
  /* Translators: a step of the call ladder: number, message, address */
  return g_strdup_printf (record->sent ? _("F%u: %s to %s:%u") : _("F%u: %s from %s:%u"), step->number, step->label, record->remote,
                          record->remote_port);
}

/**
 * phone_ladder_item_new:
 * @i: index of the step
 */
PhoneLadderItem *
phone_ladder_item_new (const PhoneTraceLadder *ladder,
                       guint                   i)
{
  PhoneLadderItem *self = g_object_new (PHONE_TYPE_LADDER_ITEM, NULL);
  const PhoneTraceStep *step = ladder->steps->pdata[i];

  self->step = *step;
  self->step.label = g_strdup (step->label);
  self->step.record = phone_trace_record_ref (step->record);
  self->n_columns = ladder->columns->len;
  self->description = dup_description (ladder, step);

  return self;
}

const PhoneTraceStep *
phone_ladder_item_get_step (PhoneLadderItem *self)
{
  g_return_val_if_fail (PHONE_IS_LADDER_ITEM (self), NULL);

  return &self->step;
}

/* The widget */

struct _PhoneLadderRow {
  GtkWidget        parent_instance;

  PhoneLadderItem *item;     /* nullable */
};

G_DEFINE_FINAL_TYPE (PhoneLadderRow, phone_ladder_row, GTK_TYPE_WIDGET)

static void
phone_ladder_row_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  PhoneLadderRow *self = PHONE_LADDER_ROW (widget);
  int width = gtk_widget_get_width (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) gtk_widget_get_height (widget));
  cairo_t *cr;

  if (!self->item)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  phone_ladder_draw_step (cr, &self->item->step, MAX (self->item->n_columns, 2), width,
                          adw_style_manager_get_dark (adw_style_manager_get_default ()));
  cairo_destroy (cr);
}

static void
phone_ladder_row_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  PhoneLadderRow *self = PHONE_LADDER_ROW (widget);
  guint n = self->item ? MAX (self->item->n_columns, 2) : 2;

  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? PHONE_LADDER_HEIGHT
                                                               : phone_ladder_get_least_width (n);
}

static void
phone_ladder_row_dispose (GObject *object)
{
  g_clear_object (&PHONE_LADDER_ROW (object)->item);
  G_OBJECT_CLASS (phone_ladder_row_parent_class)->dispose (object);
}

static void
phone_ladder_row_class_init (PhoneLadderRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = phone_ladder_row_dispose;
  widget_class->snapshot = phone_ladder_row_snapshot;
  widget_class->measure = phone_ladder_row_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
phone_ladder_row_init (PhoneLadderRow *self)
{
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
phone_ladder_row_new (void)
{
  return g_object_new (PHONE_TYPE_LADDER_ROW, NULL);
}

/**
 * phone_ladder_row_set_item:
 * @item: (nullable): what it draws from now on
 */
void
phone_ladder_row_set_item (PhoneLadderRow  *self,
                           PhoneLadderItem *item)
{
  g_return_if_fail (PHONE_IS_LADDER_ROW (self));

  g_set_object (&self->item, item);
  if (item)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, item->description, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
