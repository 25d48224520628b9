/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "ladder-view.h"

#include "texts.h"

#include <adwaita.h>

struct _PhoneLadderView {
  GtkWidget           parent_instance;

  PhoneTraceLadder   *ladder;       /* nullable: what is in the list */
  guint               tick_id;      /* the newest step is about to come into sight */
  guint               n_ticks;
  GListStore         *steps;        /* PhoneLadderItem */
  GtkFilterListModel *found;
  GtkSingleSelection *selection;
  GtkWidget          *head;
  GtkWidget          *list;
  GtkWidget          *scroller;
  GtkWidget          *stack;
};

enum {
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhoneLadderView, phone_ladder_view, GTK_TYPE_WIDGET)

static const PhoneTraceStep *
get_step (const PhoneTraceLadder *ladder,
          guint                   i)
{
  return ladder->steps->pdata[i];
}

/* Whether @ladder begins with what is shown now. */
static gboolean
goes_on (const PhoneTraceLadder *old,
         const PhoneTraceLadder *ladder)
{
  if (!old || old->columns->len != ladder->columns->len || old->steps->len > ladder->steps->len)
    return FALSE;
  for (guint i = 0; i < old->steps->len; i++)
    if (get_step (old, i)->record != get_step (ladder, i)->record)
      return FALSE;

  return TRUE;
}

static gboolean
is_at_bottom (PhoneLadderView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment)
         >= gtk_adjustment_get_upper (adjustment) - PHONE_LADDER_HEIGHT;
}

/* The list knows its own height only when it is laid out: it is asked for an item, not for a place. */
static void
ask_for_last (PhoneLadderView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->found));

  if (n > 0)
    gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", n - 1);
}

/* What is asked for before a new row has a place is a guess: it is asked for again in the frame after. */
static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  PhoneLadderView *self = PHONE_LADDER_VIEW (widget);

  ask_for_last (self);
  if (--self->n_ticks > 0)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;

  return G_SOURCE_REMOVE;
}

static void
scroll_to_end (PhoneLadderView *self)
{
  self->n_ticks = 2;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

/**
 * phone_ladder_view_show:
 * @ladder: (transfer full): what is shown from now on; one that only goes on keeps its place and what is chosen
 */
void
phone_ladder_view_show (PhoneLadderView  *self,
                        PhoneTraceLadder *ladder)
{
  guint first = goes_on (self->ladder, ladder) ? self->ladder->steps->len : 0;
  gboolean follow = first == 0 || self->tick_id != 0 || is_at_bottom (self);

  g_return_if_fail (PHONE_IS_LADDER_VIEW (self));

  if (first == 0)
    g_list_store_remove_all (self->steps);
  for (guint i = first; i < ladder->steps->len; i++)
    {
      g_autoptr (PhoneLadderItem) item = phone_ladder_item_new (ladder, i);

      g_list_store_append (self->steps, item);
    }
  g_clear_pointer (&self->ladder, phone_trace_ladder_free);
  self->ladder = ladder;
  gtk_widget_queue_draw (self->head);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), ladder->steps->len > 0 ? "ladder" : "empty");
  if (follow)
    scroll_to_end (self);
}

/**
 * phone_ladder_view_set_filter:
 * @filter: (nullable): of #PhoneLadderItem: which steps are shown
 */
void
phone_ladder_view_set_filter (PhoneLadderView *self,
                              GtkFilter       *filter)
{
  g_return_if_fail (PHONE_IS_LADDER_VIEW (self));

  gtk_filter_list_model_set_filter (self->found, filter);
}

static void
on_selected (PhoneLadderView *self)
{
  PhoneLadderItem *item = gtk_single_selection_get_selected_item (self->selection);

  g_signal_emit (self, signals[CHOSEN], 0, item ? phone_ladder_item_get_step (item) : NULL);
}

static void
draw_head (GtkDrawingArea *area,
           cairo_t        *cr,
           int             width,
           int             height,
           gpointer        user_data)
{
  PhoneLadderView *self = user_data;

  if (self->ladder)
    phone_ladder_draw_head (cr, self->ladder, width, adw_style_manager_get_dark (adw_style_manager_get_default ()));
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  gtk_list_item_set_child (item, phone_ladder_row_new ());
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  phone_ladder_row_set_item (PHONE_LADDER_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  phone_ladder_row_set_item (PHONE_LADDER_ROW (gtk_list_item_get_child (item)), NULL);
}

/* The lines of the columns go through from row to row. */
static void
join_rows (GtkWidget *list)
{
  static gboolean loaded;
  g_autoptr (GtkCssProvider) provider = NULL;

  gtk_widget_add_css_class (list, "call-ladder");
  if (loaded)
    return;
  loaded = TRUE;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (provider, "listview.call-ladder > row { padding: 0; border: none; min-height: 0; }", -1);
  gtk_style_context_add_provider_for_display (gtk_widget_get_display (list), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static GtkWidget *
make_list (PhoneLadderView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list;

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  self->steps = g_list_store_new (PHONE_TYPE_LADDER_ITEM);
  self->found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->steps)), NULL);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->found)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  list = gtk_list_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection)), factory);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Messages"), -1);
  join_rows (list);

  return list;
}

static GtkWidget *
make_ladder (PhoneLadderView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *empty = adw_status_page_new ();

  self->head = gtk_drawing_area_new ();
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->head), 34);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->head), draw_head, self, NULL);
  self->scroller = gtk_scrolled_window_new ();
  self->list = make_list (self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->list);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_box_append (GTK_BOX (box), self->head);
  gtk_box_append (GTK_BOX (box), self->scroller);
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("No Messages"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _("What is sent and received is drawn here."));
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), box, "ladder");
  gtk_stack_add_named (GTK_STACK (self->stack), empty, "empty");

  return self->stack;
}

static void
phone_ladder_view_dispose (GObject *object)
{
  PhoneLadderView *self = PHONE_LADDER_VIEW (object);

  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->found);
  g_clear_object (&self->steps);
  G_OBJECT_CLASS (phone_ladder_view_parent_class)->dispose (object);
}

static void
phone_ladder_view_finalize (GObject *object)
{
  g_clear_pointer (&PHONE_LADDER_VIEW (object)->ladder, phone_trace_ladder_free);
  G_OBJECT_CLASS (phone_ladder_view_parent_class)->finalize (object);
}

static void
phone_ladder_view_class_init (PhoneLadderViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_ladder_view_dispose;
  object_class->finalize = phone_ladder_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_POINTER);
}

static void
phone_ladder_view_init (PhoneLadderView *self)
{
  gtk_widget_set_parent (make_ladder (self), GTK_WIDGET (self));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self->head,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
phone_ladder_view_new (void)
{
  return g_object_new (PHONE_TYPE_LADDER_VIEW, NULL);
}
