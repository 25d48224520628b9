/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "lcd-view.h"

#include <math.h>

#include "rings.h"
#include "texts.h"

enum { SOFT_KEY_CLICKED, ROW_CLICKED, N_SIGNALS };

struct _PhoneLcdView {
  GtkWidget     parent;

  PhoneSkin    *skin;
  PhoneDisplay *display;    /* nullable */
  GPtrArray    *texts;      /* PhoneLcdText of the display */
  GPtrArray    *labels;     /* GtkWidget: labels[i] lies over texts[i]; children, owned by the widget tree */
  guint         current;    /* index of the text that matters most */

  GdkTexture   *texture;    /* picture of painted, at the size and scale it was painted for */
  PhoneDisplay *painted;
  int           painted_width;
  int           painted_height;
};

G_DEFINE_FINAL_TYPE (PhoneLcdView, phone_lcd_view, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

/* Widget pixels for one LCD unit. One scale for both directions, so that circles stay circles; what is left over by
 * whole pixels is the black of the glass. */
static double
get_scale (PhoneLcdView *self,
           double width,
           double height)
{
  const PhoneModel *model = phone_skin_get_model (self->skin);

  return MIN (width / model->lcd_width, height / model->lcd_height);
}

static void
get_origin (PhoneLcdView *self,
            double width,
            double height,
            double *x,
            double *y)
{
  const PhoneModel *model = phone_skin_get_model (self->skin);
  double scale = get_scale (self, width, height);

  *x = floor ((width - model->lcd_width * scale) / 2);
  *y = floor ((height - model->lcd_height * scale) / 2);
}

/* Picture at @width × @height device pixels. */
static GdkTexture *
paint (PhoneLcdView *self,
       int width,
       int height)
{
  const PhoneModel *model = phone_skin_get_model (self->skin);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;
  double scale = get_scale (self, width, height);
  double x, y;

  get_origin (self, width, height, &x, &y);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_paint (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, scale, scale);
  cairo_rectangle (cr, 0, 0, model->lcd_width, model->lcd_height);
  cairo_clip (cr);
  phone_lcd_draw (self->skin, cr, self->display);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) cairo_image_surface_get_stride (surface) * height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, cairo_image_surface_get_stride (surface));
}

static void
ensure_texture (PhoneLcdView *self)
{
  int factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = gtk_widget_get_width (GTK_WIDGET (self)) * factor;
  int height = gtk_widget_get_height (GTK_WIDGET (self)) * factor;
  gint64 since_us;

  if (self->texture && self->painted == self->display && self->painted_width == width &&
      self->painted_height == height)
    return;

  since_us = g_get_monotonic_time ();
  g_clear_object (&self->texture);
  g_clear_pointer (&self->painted, phone_display_unref);
  self->texture = paint (self, width, height);
  self->painted = phone_display_ref (self->display);
  self->painted_width = width;
  self->painted_height = height;
  g_debug ("LCD painted at %d x %d in %.1f ms", width, height, (g_get_monotonic_time () - since_us) / 1000.0);
}

static void
phone_lcd_view_snapshot (GtkWidget *widget,
                         GtkSnapshot *snapshot)
{
  PhoneLcdView *self = PHONE_LCD_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (width <= 0 || height <= 0)
    return;

  if (self->display)
    {
      ensure_texture (self);
      gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (0, 0, width, height));
    }

  if ((gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN) && GTK_IS_WINDOW (root) &&
      gtk_window_get_focus_visible (GTK_WINDOW (root)))
    phone_rings_add_focus (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height), 4);

  /* The labels are not painted: the picture shows the same texts. */
}

static void
phone_lcd_view_measure (GtkWidget *widget,
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
phone_lcd_view_size_allocate (GtkWidget *widget,
                              int width,
                              int height,
                              int baseline)
{
  PhoneLcdView *self = PHONE_LCD_VIEW (widget);
  double scale = get_scale (self, width, height);
  double x, y;

  get_origin (self, width, height, &x, &y);
  for (guint i = 0; i < self->texts->len; i++)
    {
      const PhoneLcdText *text = g_ptr_array_index (self->texts, i);
      GtkWidget *label = g_ptr_array_index (self->labels, i);
      GtkAllocation place;
      int minimum_width, minimum_height;

      /* A label may be a pixel higher than its row on a small phone: it is not painted, so nothing is cut. */
      gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
      place.x = (int) (x + text->rect.x * scale);
      place.y = (int) (y + text->rect.y * scale);
      place.width = MAX ((int) (text->rect.width * scale), minimum_width);
      gtk_widget_measure (label, GTK_ORIENTATION_VERTICAL, place.width, &minimum_height, NULL, NULL, NULL);
      place.height = MAX ((int) (text->rect.height * scale), minimum_height);
      gtk_widget_size_allocate (label, &place, -1);
    }
}

static GtkWidget *
get_current_label (PhoneLcdView *self)
{
  if (self->current >= self->texts->len)
    return NULL;

  return g_ptr_array_index (self->labels, self->current);
}

static gboolean
phone_lcd_view_grab_focus (GtkWidget *widget)
{
  GtkWidget *label = get_current_label (PHONE_LCD_VIEW (widget));
  GtkRoot *root = gtk_widget_get_root (widget);

  /* Not gtk_widget_grab_focus (): a label refuses it unless its text can be selected. */
  if (label && root && gtk_widget_is_sensitive (label))
    {
      gtk_root_set_focus (root, label);
      return TRUE;
    }

  return GTK_WIDGET_CLASS (phone_lcd_view_parent_class)->grab_focus (widget);
}

/* The LCD is one stop of the Tab key. */
static gboolean
phone_lcd_view_focus (GtkWidget *widget,
                      GtkDirectionType direction)
{
  if (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN)
    return FALSE;

  return gtk_widget_grab_focus (widget);
}

static void
phone_lcd_view_state_flags_changed (GtkWidget *widget,
                                    GtkStateFlags previous)
{
  GTK_WIDGET_CLASS (phone_lcd_view_parent_class)->state_flags_changed (widget, previous);
  gtk_widget_queue_draw (widget);
}

static const PhoneLcdText *
find_text_at (PhoneLcdView *self,
              double widget_x,
              double widget_y,
              guint *index)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double scale = get_scale (self, width, height);
  double x, y;

  get_origin (self, width, height, &x, &y);
  x = (widget_x - x) / scale;
  y = (widget_y - y) / scale;
  for (guint i = 0; i < self->texts->len; i++)
    {
      const PhoneLcdText *text = g_ptr_array_index (self->texts, i);

      if (x >= text->rect.x && x < text->rect.x + text->rect.width && y >= text->rect.y &&
          y < text->rect.y + text->rect.height)
        {
          *index = i;
          return text;
        }
    }

  return NULL;
}

/* Soft-key labels fill the bottom bar, one quarter each; an empty one is no text, so the place decides. */
static gboolean
find_soft_key_at (PhoneLcdView *self,
                  double widget_x,
                  double widget_y,
                  guint *n)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  const PhoneModel *model = phone_skin_get_model (self->skin);
  double scale = get_scale (self, width, height);
  double bar = -1;
  double x, y;
  guint n_soft = 0;

  for (guint i = 0; i < model->n_soft_keys; i++)
    n_soft += self->display->softkeys[i][0] != '\0';
  if (n_soft == 0 || n_soft > self->texts->len)
    return FALSE;

  /* Soft-key labels are the last texts. */
  bar = ((PhoneLcdText *) g_ptr_array_index (self->texts, self->texts->len - n_soft))->rect.y;
  get_origin (self, width, height, &x, &y);
  if ((widget_y - y) / scale < bar || widget_x < x || widget_x >= x + model->lcd_width * scale)
    return FALSE;

  *n = (guint) ((widget_x - x) / scale * model->n_soft_keys / model->lcd_width);

  return *n < model->n_soft_keys && self->display->softkeys[*n][0] != '\0';
}

static void
click_row (PhoneLcdView *self,
           guint index,
           int n_press)
{
  int clicked = 0, selected = -1, count = 0;
  gboolean chosen;

  for (guint i = 0; i < self->texts->len; i++)
    {
      const PhoneLcdText *text = g_ptr_array_index (self->texts, i);

      if (!text->focusable)
        continue;
      if (i == index)
        clicked = count;
      if (text->selected)
        selected = count;
      count++;
    }

  /* One click on a list row opens it as on any list; a row that would dial or that is being edited is only selected, a
   * second click means OK. */
  chosen = self->display->layout == PHONE_LAYOUT_LIST || n_press > 1;
  if (self->display->layout == PHONE_LAYOUT_CALL)
    chosen = FALSE;
  g_signal_emit (self, signals[ROW_CLICKED], 0, clicked - selected, chosen);
}

static void
on_released (GtkGestureClick *gesture,
             int n_press,
             double x,
             double y,
             PhoneLcdView *self)
{
  const PhoneLcdText *text;
  guint index;

  if (!self->display || !gtk_widget_contains (GTK_WIDGET (self), x, y))
    return;

  if (find_soft_key_at (self, x, y, &index))
    {
      g_signal_emit (self, signals[SOFT_KEY_CLICKED], 0, index);
      return;
    }

  text = find_text_at (self, x, y, &index);
  if (text && text->focusable)
    click_row (self, index, n_press);
}

static GtkWidget *
make_label (PhoneLcdView *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_can_target (label, FALSE);
  gtk_widget_set_focusable (label, TRUE);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  g_ptr_array_add (self->labels, label);

  return label;
}

static guint
find_current (PhoneLcdView *self)
{
  guint best = 0;

  if (self->display->popup[0] != '\0')
    for (guint i = 0; i < self->texts->len; i++)
      if (g_str_equal (((PhoneLcdText *) g_ptr_array_index (self->texts, i))->text, self->display->popup))
        return i;

  for (guint i = 0; i < self->texts->len; i++)
    {
      const PhoneLcdText *text = g_ptr_array_index (self->texts, i);

      if (text->selected)
        return i;
      if (text->focusable && best == 0)
        best = i;
    }

  return best;
}

/* Makes the labels say what the texts say. Labels are kept and filled anew, so that the focus stays where it is. */
static void
update_labels (PhoneLcdView *self)
{
  gboolean has_focus = gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_FOCUS_WITHIN;
  GtkWidget *was = get_current_label (self);
  g_autofree char *was_text = was ? g_strdup (gtk_label_get_text (GTK_LABEL (was))) : NULL;
  GtkWidget *now;

  g_ptr_array_unref (self->texts);
  self->texts = phone_lcd_list_texts (self->skin, self->display);
  for (guint i = 0; i < self->texts->len; i++)
    {
      const PhoneLcdText *text = g_ptr_array_index (self->texts, i);
      GtkWidget *label = i < self->labels->len ? g_ptr_array_index (self->labels, i) : make_label (self);

      if (!g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text->text))
        gtk_label_set_text (GTK_LABEL (label), text->text);
      gtk_widget_set_visible (label, TRUE);
    }
  for (guint i = self->texts->len; i < self->labels->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->labels, i), FALSE);

  self->current = find_current (self);
  now = get_current_label (self);
  if (has_focus && (now != was || (now && g_strcmp0 (was_text, gtk_label_get_text (GTK_LABEL (now))) != 0)))
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
phone_lcd_view_dispose (GObject *object)
{
  PhoneLcdView *self = PHONE_LCD_VIEW (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_ptr_array_set_size (self->labels, 0);
  g_ptr_array_set_size (self->texts, 0);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->painted, phone_display_unref);
  g_clear_pointer (&self->display, phone_display_unref);
  g_clear_object (&self->skin);
  G_OBJECT_CLASS (phone_lcd_view_parent_class)->dispose (object);
}

static void
phone_lcd_view_finalize (GObject *object)
{
  PhoneLcdView *self = PHONE_LCD_VIEW (object);

  g_ptr_array_unref (self->labels);
  g_ptr_array_unref (self->texts);
  G_OBJECT_CLASS (phone_lcd_view_parent_class)->finalize (object);
}

static void
phone_lcd_view_class_init (PhoneLcdViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = phone_lcd_view_dispose;
  object_class->finalize = phone_lcd_view_finalize;
  widget_class->snapshot = phone_lcd_view_snapshot;
  widget_class->measure = phone_lcd_view_measure;
  widget_class->size_allocate = phone_lcd_view_size_allocate;
  widget_class->grab_focus = phone_lcd_view_grab_focus;
  widget_class->focus = phone_lcd_view_focus;
  widget_class->state_flags_changed = phone_lcd_view_state_flags_changed;

  signals[SOFT_KEY_CLICKED] = g_signal_new ("soft-key-clicked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ROW_CLICKED] = g_signal_new ("row-clicked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_BOOLEAN);

  gtk_widget_class_set_css_name (widget_class, "phonelcd");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
phone_lcd_view_init (PhoneLcdView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->texts = g_ptr_array_new ();
  self->labels = g_ptr_array_new ();
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Display"), -1);
}

/**
 * phone_lcd_view_new:
 *
 * Returns: (transfer full): a floating widget that shows nothing yet
 */
GtkWidget *
phone_lcd_view_new (PhoneSkin *skin)
{
  PhoneLcdView *self;

  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);

  self = g_object_new (PHONE_TYPE_LCD_VIEW, NULL);
  self->skin = g_object_ref (skin);

  return GTK_WIDGET (self);
}

/**
 * phone_lcd_view_set_display:
 * @display: (transfer none): referenced
 *
 * Shows @display from the next frame on.
 */
void
phone_lcd_view_set_display (PhoneLcdView *self,
                            PhoneDisplay *display)
{
  g_return_if_fail (PHONE_IS_LCD_VIEW (self));
  g_return_if_fail (display != NULL);

  if (self->display == display)
    return;

  g_clear_pointer (&self->display, phone_display_unref);
  self->display = phone_display_ref (display);
  update_labels (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * phone_lcd_view_dup_text:
 *
 * Returns: (transfer full): the texts of the labels, one a line
 */
char *
phone_lcd_view_dup_text (PhoneLcdView *self)
{
  g_autoptr (GString) all = NULL;

  g_return_val_if_fail (PHONE_IS_LCD_VIEW (self), NULL);

  all = g_string_new (NULL);
  for (guint i = 0; i < self->texts->len; i++)
    g_string_append_printf (all, "%s\n", gtk_label_get_text (g_ptr_array_index (self->labels, i)));

  return g_string_free (g_steal_pointer (&all), FALSE);
}
