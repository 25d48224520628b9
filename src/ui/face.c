/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "face.h"

#include "description.h"
#include "face-picture.h"
#include "handset-button.h"
#include "key-button.h"
#include "lcd-view.h"
#include "texts.h"

#include <math.h>

/* While the window is being resized the picture is stretched; this long after the last change it is painted anew. */
#define SETTLE_MS 70
/* Smallest sizes: below these the captions cannot be read. */
#define MIN_LCD_SCALE_FULL 0.45
#define MIN_LCD_SCALE_COMPACT 1.0

enum { KEY_DOWN, KEY_UP, HOOK, N_SIGNALS };

struct _PhoneFace {
  GtkWidget         parent;

  PhoneSkin        *skin;
  PhoneFaceView     view;
  PhoneDisplay     *display;     /* nullable */

  GtkWidget        *lcd;
  GtkWidget        *handset;
  GPtrArray        *keys;        /* PhoneKeyButton in reading order; children */

  PhoneFacePicture *picture;     /* nullable before the first frame */
  guint             settle_id;
  guint             ahead_id;    /* paints what will be needed before it is */
  guint             ahead_key;   /* keys before this one have been painted pressed */
  guint             blink_id;
};

G_DEFINE_FINAL_TYPE (PhoneFace, phone_face, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

/* --- geometry ---------------------------------------------------------------------------------------------------- */

/* Widget pixels for one SVG unit, and the upper left corner of the picture. */
static double
get_geometry (PhoneFace *self,
              int width,
              int height,
              int *x,
              int *y)
{
  PhoneRect rect;
  double scale;

  phone_skin_get_view (self->skin, self->view, &rect);
  scale = MIN (width / rect.width, height / rect.height);
  *x = (int) ((width - rect.width * scale) / 2);
  *y = (int) ((height - rect.height * scale) / 2);

  return scale;
}

static double
get_units_per_lcd_unit (PhoneFace *self)
{
  PhoneRect lcd;

  phone_skin_get_lcd_rect (self->skin, &lcd);

  return lcd.width / phone_skin_get_model (self->skin)->lcd_width;
}

/* Whole pixels, so that edges stay sharp. */
static void
place_child (PhoneFace *self,
             GtkWidget *child,
             const PhoneRect *rect,
             int width,
             int height)
{
  PhoneRect view;
  int x, y;
  double scale = get_geometry (self, width, height, &x, &y);
  GtkAllocation place;

  phone_skin_get_view (self->skin, self->view, &view);
  place.x = x + (int) round ((rect->x - view.x) * scale);
  place.y = y + (int) round ((rect->y - view.y) * scale);
  place.width = MAX (1, x + (int) round ((rect->x + rect->width - view.x) * scale) - place.x);
  place.height = MAX (1, y + (int) round ((rect->y + rect->height - view.y) * scale) - place.y);
  gtk_widget_size_allocate (child, &place, -1);
}

static gboolean
is_inside (const PhoneRect *view,
           const PhoneRect *rect)
{
  return rect->x >= view->x && rect->y >= view->y && rect->x + rect->width <= view->x + view->width &&
         rect->y + rect->height <= view->y + view->height;
}

static void
get_handset_rect (PhoneFace *self,
                  PhoneRect *rect)
{
  phone_skin_get_handset_rect (self->skin, self->display && self->display->off_hook, rect);
}

/* What a view does not show is not there for the pointer, the Tab key and assistive technology either. */
static void
update_visible (PhoneFace *self)
{
  PhoneRect view, rect;

  phone_skin_get_view (self->skin, self->view, &view);
  for (guint i = 0; i < self->keys->len; i++)
    {
      GtkWidget *button = g_ptr_array_index (self->keys, i);

      gtk_widget_set_visible (button, phone_skin_get_key_rect (
                                        self->skin, phone_key_button_get_key (PHONE_KEY_BUTTON (button)), &rect) &&
                                        is_inside (&view, &rect));
    }
  gtk_widget_set_visible (self->handset, self->view == PHONE_FACE_FULL);
}

static void
phone_face_size_allocate (GtkWidget *widget,
                          int width,
                          int height,
                          int baseline)
{
  PhoneFace *self = PHONE_FACE (widget);
  PhoneRect rect;

  for (guint i = 0; i < self->keys->len; i++)
    {
      GtkWidget *button = g_ptr_array_index (self->keys, i);

      if (gtk_widget_should_layout (button) &&
          phone_skin_get_key_rect (self->skin, phone_key_button_get_key (PHONE_KEY_BUTTON (button)), &rect))
        place_child (self, button, &rect, width, height);
    }

  if (gtk_widget_should_layout (self->handset))
    {
      get_handset_rect (self, &rect);
      place_child (self, self->handset, &rect, width, height);
    }
  phone_skin_get_lcd_rect (self->skin, &rect);
  place_child (self, self->lcd, &rect, width, height);
}

static void
phone_face_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  PhoneFace *self = PHONE_FACE (widget);
  double least = self->view == PHONE_FACE_COMPACT ? MIN_LCD_SCALE_COMPACT : MIN_LCD_SCALE_FULL;
  int min_width, min_height, nat_width, nat_height;

  phone_face_get_size_for (self, self->view, least, &min_width, &min_height);
  phone_face_get_size_for (self, self->view, 1, &nat_width, &nat_height);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? min_width : min_height;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? nat_width : nat_height;
  *minimum_baseline = *natural_baseline = -1;
}

/* --- blinking ---------------------------------------------------------------------------------------------------- */

static gint64
get_now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static void schedule_blink (PhoneFace *self);

static gboolean
on_blink (gpointer data)
{
  PhoneFace *self = data;

  self->blink_id = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  schedule_blink (self);

  return G_SOURCE_REMOVE;
}

/* One clock for all lamps: it runs only while some lamp blinks on a window that is to be seen, and goes off just when the
 * next lamp changes. */
static void
schedule_blink (PhoneFace *self)
{
  gint64 now_ms = get_now_ms ();
  gint64 next_ms = G_MAXINT64;

  g_clear_handle_id (&self->blink_id, g_source_remove);
  if (!self->display || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  for (guint i = 0; i < self->display->lamps->len; i++)
    {
      const PhoneDisplayLamp *lamp = g_ptr_array_index (self->display->lamps, i);
      guint half_ms = phone_blink_get_half_ms (lamp->blink);

      if (lamp->colour != PHONE_LAMP_OFF && lamp->blink != PHONE_BLINK_STEADY && half_ms > 0)
        next_ms = MIN (next_ms, half_ms - now_ms % half_ms);
    }

  if (next_ms != G_MAXINT64)
    self->blink_id = g_timeout_add (next_ms, on_blink, self);
}

static void
phone_face_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (phone_face_parent_class)->map (widget);
  schedule_blink (PHONE_FACE (widget));
}

static void
phone_face_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (phone_face_parent_class)->unmap (widget);
  schedule_blink (PHONE_FACE (widget));
}

/* --- painting ---------------------------------------------------------------------------------------------------- */

/* One picture at a time, so that a key that is pressed meanwhile waits for none: first the lifted handset, then the keys as
 * they are when they are down. */
static gboolean
on_time_to_paint_ahead (gpointer data)
{
  PhoneFace *self = data;
  gboolean full = self->view == PHONE_FACE_FULL;

  if (self->picture && full && !phone_face_picture_has_face (self->picture, FALSE))
    phone_face_picture_get_face (self->picture, FALSE);
  else if (self->picture && full && !phone_face_picture_has_face (self->picture, TRUE))
    phone_face_picture_get_face (self->picture, TRUE);
  else if (self->picture && self->ahead_key < self->keys->len)
    {
      PhoneKeyButton *button = g_ptr_array_index (self->keys, self->ahead_key++);

      if (gtk_widget_get_visible (GTK_WIDGET (button)))
        phone_face_picture_get_pressed (self->picture, phone_key_button_get_key (button));
    }
  else
    {
      self->ahead_id = 0;
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_settled (gpointer data)
{
  PhoneFace *self = data;

  self->settle_id = 0;
  g_clear_pointer (&self->picture, phone_face_picture_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

/* The picture for this size. While the size is still changing the one at hand is kept, to be stretched. */
static void
ensure_picture (PhoneFace *self,
                double scale)
{
  gboolean same_view = self->picture && phone_face_picture_get_view (self->picture) == self->view;

  if (same_view && fabs (phone_face_picture_get_scale (self->picture) - scale) < 1e-9)
    {
      g_clear_handle_id (&self->settle_id, g_source_remove);
      return;
    }

  if (same_view)
    {
      g_clear_handle_id (&self->settle_id, g_source_remove);
      self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
      return;
    }

  g_clear_pointer (&self->picture, phone_face_picture_free);
  self->picture = phone_face_picture_new (self->skin, self->view, scale);
  self->ahead_key = 0;
  if (self->ahead_id == 0)
    self->ahead_id = g_idle_add_full (G_PRIORITY_LOW, on_time_to_paint_ahead, self, NULL);
}

static void
add_layer (GtkSnapshot *snapshot,
           const PhoneFaceLayer *layer,
           double pixel)
{
  if (layer->texture)
    gtk_snapshot_append_texture (snapshot, layer->texture,
                                 &GRAPHENE_RECT_INIT (layer->rect.origin.x * pixel, layer->rect.origin.y * pixel,
                                                      layer->rect.size.width * pixel,
                                                      layer->rect.size.height * pixel));
}

static void
add_lamps (PhoneFace *self,
           GtkSnapshot *snapshot,
           double pixel)
{
  gint64 now_ms = get_now_ms ();

  for (guint i = 0; i < self->display->lamps->len; i++)
    {
      const PhoneDisplayLamp *lamp = g_ptr_array_index (self->display->lamps, i);

      if (lamp->colour != PHONE_LAMP_OFF && phone_skin_has_lamp (self->skin, lamp->key) &&
          phone_blink_is_lit (lamp->blink, now_ms))
        add_layer (snapshot, phone_face_picture_get_lamp (self->picture, lamp->key, lamp->colour), pixel);
    }
}

static void
phone_face_snapshot (GtkWidget *widget,
                     GtkSnapshot *snapshot)
{
  PhoneFace *self = PHONE_FACE (widget);
  int factor = gtk_widget_get_scale_factor (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double scale, pixel;
  int x, y;

  if (width <= 0 || height <= 0)
    return;

  scale = get_geometry (self, width, height, &x, &y);
  ensure_picture (self, scale * factor);
  /* Widget pixels for one pixel of the picture: 1 / factor but while it is stretched. */
  pixel = scale / phone_face_picture_get_scale (self->picture);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  add_layer (snapshot, phone_face_picture_get_face (self->picture, self->display && self->display->off_hook), pixel);
  for (guint i = 0; i < self->keys->len; i++)
    {
      PhoneKeyButton *button = g_ptr_array_index (self->keys, i);

      if (phone_key_button_get_down (button) && gtk_widget_get_mapped (GTK_WIDGET (button)))
        add_layer (snapshot, phone_face_picture_get_pressed (self->picture, phone_key_button_get_key (button)), pixel);
    }
  if (self->display)
    add_lamps (self, snapshot, pixel);
  gtk_snapshot_restore (snapshot);

  gtk_widget_snapshot_child (widget, self->lcd, snapshot);
  gtk_widget_snapshot_child (widget, self->handset, snapshot);
  for (guint i = 0; i < self->keys->len; i++)
    gtk_widget_snapshot_child (widget, g_ptr_array_index (self->keys, i), snapshot);
}

/* --- focus ------------------------------------------------------------------------------------------------------- */

static gboolean
phone_face_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PHONE_FACE (widget)->lcd);
}

static GtkWidget *
get_stop (PhoneFace *self,
          guint i)
{
  if (i == 0)
    return self->lcd;
  if (i <= self->keys->len)
    return g_ptr_array_index (self->keys, i - 1);

  return self->handset;
}

/* Tab goes in reading order, which is not the order of the places; arrows belong to the phone. */
static gboolean
phone_face_focus (GtkWidget *widget,
                  GtkDirectionType direction)
{
  PhoneFace *self = PHONE_FACE (widget);
  GtkWidget *focus = gtk_widget_get_focus_child (widget);
  int n = self->keys->len + 2;
  int step = direction == GTK_DIR_TAB_BACKWARD ? -1 : 1;
  int i = step > 0 ? 0 : n - 1;

  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return FALSE;

  for (int at = 0; focus && at < n; at++)
    if (get_stop (self, at) == focus)
      i = at + step;

  for (; i >= 0 && i < n; i += step)
    {
      GtkWidget *stop = get_stop (self, i);

      if (gtk_widget_get_mapped (stop) && gtk_widget_child_focus (stop, direction))
        return TRUE;
    }

  return FALSE;
}

/* --- hands ------------------------------------------------------------------------------------------------------- */

static void
on_key_down (PhoneKeyButton *button,
             PhoneFace *self)
{
  g_signal_emit (self, signals[KEY_DOWN], 0, phone_key_button_get_key (button));
}

static void
on_key_up (PhoneKeyButton *button,
           PhoneFace *self)
{
  g_signal_emit (self, signals[KEY_UP], 0, phone_key_button_get_key (button));
}

static void
on_handset_toggled (PhoneHandsetButton *handset,
                    PhoneFace *self)
{
  phone_face_toggle_hook (self);
}

static void
on_soft_key_clicked (PhoneLcdView *lcd,
                     guint n,
                     PhoneFace *self)
{
  phone_face_click_key (self, PHONE_KEY_F1 + n);
}

static void
on_row_clicked (PhoneLcdView *lcd,
                int steps,
                gboolean chosen,
                PhoneFace *self)
{
  PhoneKey key = steps < 0 ? PHONE_KEY_UP : PHONE_KEY_DOWN;

  for (int i = 0; i < ABS (steps); i++)
    phone_face_click_key (self, key);
  if (chosen)
    phone_face_click_key (self, PHONE_KEY_OK);
}

static void
describe_keys (PhoneFace *self)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      PhoneKeyButton *button = g_ptr_array_index (self->keys, i);
      PhoneKey key = phone_key_button_get_key (button);
      g_autofree char *text = phone_describe_key (self->display, key, phone_skin_has_lamp (self->skin, key));

      phone_key_button_set_description (button, text);
    }
}

static void
make_keys (PhoneFace *self)
{
  for (guint i = 0; i < phone_skin_get_n_keys (self->skin); i++)
    {
      PhoneKey key = phone_skin_get_key (self->skin, i);
      GtkWidget *button = phone_key_button_new (key, phone_skin_key_is_round (self->skin, key));

      g_signal_connect (button, "key-down", G_CALLBACK (on_key_down), self);
      g_signal_connect (button, "key-up", G_CALLBACK (on_key_up), self);
      g_signal_connect_object (button, "notify::down", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
      gtk_widget_set_parent (button, GTK_WIDGET (self));
      g_ptr_array_add (self->keys, button);
    }
}

/* --- object ------------------------------------------------------------------------------------------------------ */

static void
phone_face_dispose (GObject *object)
{
  PhoneFace *self = PHONE_FACE (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->ahead_id, g_source_remove);
  g_clear_handle_id (&self->blink_id, g_source_remove);
  g_clear_pointer (&self->lcd, gtk_widget_unparent);
  g_clear_pointer (&self->handset, gtk_widget_unparent);
  while (self->keys->len > 0)
    gtk_widget_unparent (g_ptr_array_steal_index (self->keys, self->keys->len - 1));
  g_clear_pointer (&self->picture, phone_face_picture_free);
  g_clear_pointer (&self->display, phone_display_unref);
  g_clear_object (&self->skin);
  G_OBJECT_CLASS (phone_face_parent_class)->dispose (object);
}

static void
phone_face_finalize (GObject *object)
{
  PhoneFace *self = PHONE_FACE (object);

  g_ptr_array_unref (self->keys);
  G_OBJECT_CLASS (phone_face_parent_class)->finalize (object);
}

static void
phone_face_class_init (PhoneFaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = phone_face_dispose;
  object_class->finalize = phone_face_finalize;
  widget_class->measure = phone_face_measure;
  widget_class->size_allocate = phone_face_size_allocate;
  widget_class->snapshot = phone_face_snapshot;
  widget_class->map = phone_face_map;
  widget_class->unmap = phone_face_unmap;
  widget_class->focus = phone_face_focus;
  widget_class->grab_focus = phone_face_grab_focus;

  signals[KEY_DOWN] = g_signal_new ("key-down", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT);
  signals[KEY_UP] = g_signal_new ("key-up", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
  signals[HOOK] = g_signal_new ("hook", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  gtk_widget_class_set_css_name (widget_class, "phoneface");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
phone_face_init (PhoneFace *self)
{
  self->keys = g_ptr_array_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Phone"), -1);
}

/**
 * phone_face_new:
 *
 * Returns: (transfer full): a floating widget, the full view with nothing on the LCD
 */
GtkWidget *
phone_face_new (PhoneSkin *skin)
{
  PhoneFace *self;

  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);

  self = g_object_new (PHONE_TYPE_FACE, NULL);
  self->skin = g_object_ref (skin);

  self->lcd = phone_lcd_view_new (skin);
  g_signal_connect (self->lcd, "soft-key-clicked", G_CALLBACK (on_soft_key_clicked), self);
  g_signal_connect (self->lcd, "row-clicked", G_CALLBACK (on_row_clicked), self);
  gtk_widget_set_parent (self->lcd, GTK_WIDGET (self));
  make_keys (self);
  self->handset = phone_handset_button_new ();
  g_signal_connect (self->handset, "toggled", G_CALLBACK (on_handset_toggled), self);
  gtk_widget_set_parent (self->handset, GTK_WIDGET (self));
  update_visible (self);

  return GTK_WIDGET (self);
}

/**
 * phone_face_set_display:
 * @display: (transfer none): referenced
 */
void
phone_face_set_display (PhoneFace *self,
                        PhoneDisplay *display)
{
  gboolean hook_moved;

  g_return_if_fail (PHONE_IS_FACE (self));
  g_return_if_fail (display != NULL);

  if (self->display == display)
    return;

  hook_moved = (self->display && self->display->off_hook) != display->off_hook;
  g_clear_pointer (&self->display, phone_display_unref);
  self->display = phone_display_ref (display);

  phone_lcd_view_set_display (PHONE_LCD_VIEW (self->lcd), display);
  phone_handset_button_set_off_hook (PHONE_HANDSET_BUTTON (self->handset), display->off_hook);
  describe_keys (self);
  schedule_blink (self);
  if (hook_moved)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

PhoneDisplay *
phone_face_get_display (PhoneFace *self)
{
  g_return_val_if_fail (PHONE_IS_FACE (self), NULL);

  return self->display;
}

/**
 * phone_face_set_view:
 *
 * Shows the whole phone or its head alone.
 */
void
phone_face_set_view (PhoneFace *self,
                     PhoneFaceView view)
{
  g_return_if_fail (PHONE_IS_FACE (self));

  if (self->view == view)
    return;

  self->view = view;
  update_visible (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

PhoneFaceView
phone_face_get_view (PhoneFace *self)
{
  g_return_val_if_fail (PHONE_IS_FACE (self), PHONE_FACE_FULL);

  return self->view;
}

/**
 * phone_face_press_key:
 *
 * As if the key were pressed on the face; a key the face does not have is told of all the same.
 */
void
phone_face_press_key (PhoneFace *self,
                      PhoneKey key)
{
  GtkWidget *button;

  g_return_if_fail (PHONE_IS_FACE (self));

  button = phone_face_get_button (self, key);
  if (button)
    phone_key_button_press (PHONE_KEY_BUTTON (button));
  else
    g_signal_emit (self, signals[KEY_DOWN], 0, key);
}

void
phone_face_release_key (PhoneFace *self,
                        PhoneKey key)
{
  GtkWidget *button;

  g_return_if_fail (PHONE_IS_FACE (self));

  button = phone_face_get_button (self, key);
  if (button)
    phone_key_button_release (PHONE_KEY_BUTTON (button));
  else
    g_signal_emit (self, signals[KEY_UP], 0, key);
}

void
phone_face_click_key (PhoneFace *self,
                      PhoneKey key)
{
  phone_face_press_key (self, key);
  phone_face_release_key (self, key);
}

void
phone_face_toggle_hook (PhoneFace *self)
{
  g_return_if_fail (PHONE_IS_FACE (self));

  g_signal_emit (self, signals[HOOK], 0, !(self->display && self->display->off_hook));
}

void
phone_face_show_key (PhoneFace *self,
                     PhoneKey key,
                     gboolean down)
{
  GtkWidget *button;

  g_return_if_fail (PHONE_IS_FACE (self));

  button = phone_face_get_button (self, key);
  if (button)
    phone_key_button_show_down (PHONE_KEY_BUTTON (button), down);
}

/**
 * phone_face_get_lcd_scale:
 *
 * Returns: widget pixels for one LCD unit at the present size, 0 before there is one
 */
double
phone_face_get_lcd_scale (PhoneFace *self)
{
  int x, y;

  g_return_val_if_fail (PHONE_IS_FACE (self), 0);

  return get_geometry (self, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)), &x,
                       &y) *
         get_units_per_lcd_unit (self);
}

/**
 * phone_face_get_size_for:
 * @lcd_scale: widget pixels for one LCD unit
 *
 * How large the face is when its LCD has @lcd_scale.
 */
void
phone_face_get_size_for (PhoneFace *self,
                         PhoneFaceView view,
                         double lcd_scale,
                         int *width,
                         int *height)
{
  PhoneRect rect;
  double scale;

  g_return_if_fail (PHONE_IS_FACE (self));

  scale = lcd_scale / get_units_per_lcd_unit (self);
  phone_skin_get_view (self->skin, view, &rect);
  *width = (int) ceil (rect.width * scale - 0.001);
  *height = (int) ceil (rect.height * scale - 0.001);
}

GtkWidget *
phone_face_get_button (PhoneFace *self,
                       PhoneKey key)
{
  g_return_val_if_fail (PHONE_IS_FACE (self), NULL);

  for (guint i = 0; i < self->keys->len; i++)
    if (phone_key_button_get_key (g_ptr_array_index (self->keys, i)) == key)
      return g_ptr_array_index (self->keys, i);

  return NULL;
}

GtkWidget *
phone_face_get_lcd (PhoneFace *self)
{
  g_return_val_if_fail (PHONE_IS_FACE (self), NULL);

  return self->lcd;
}
