/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>

#include "face-picture.h"
#include "face.h"
#include "fake-display.h"
#include "handset-button.h"
#include "key-button.h"
#include "lcd-view.h"
#include "lcd.h"

/* The widgets of the face on a display, with displays made up for them. GTK_A11Y=test: what assistive technology would be
 * told can be asked. */

#define DEADLINE_MS 5000

static PhoneSkin *
load_skin (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (g_getenv ("DESKSET_SKINS"), "t46g", NULL);
  PhoneSkin *skin = phone_skin_load (folder, &error);

  g_assert_no_error (error);

  return skin;
}

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Runs the main loop for @ms; what is due happens. */
static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_deadline, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
show (GtkWidget *child,
      int width,
      int height)
{
  GtkWidget *window = gtk_window_new ();
  gboolean late = FALSE;
  guint id = g_timeout_add (DEADLINE_MS, on_deadline, &late);

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (child) || gtk_widget_get_width (child) == 0)
    {
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (id);

  return window;
}

static void
on_key (GtkWidget *widget,
        GString *log)
{
  g_string_append (log, gtk_widget_get_name (widget));
  g_string_append_c (log, phone_key_button_get_down (PHONE_KEY_BUTTON (widget)) ? '+' : '-');
}

static void
on_key_up (GtkWidget *widget,
           GString *log)
{
  g_string_append (log, gtk_widget_get_name (widget));
  g_string_append_c (log, '^');
}

static void
test_key_button (void)
{
  GtkWidget *button = g_object_ref_sink (phone_key_button_new (PHONE_KEY_F_HOLD, FALSE));
  g_autoptr (GString) log = g_string_new (NULL);
  gboolean late = FALSE;
  guint id;

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       phone_key_get_name (PHONE_KEY_F_HOLD));
  g_signal_connect (button, "key-down", G_CALLBACK (on_key), log);
  g_signal_connect (button, "key-up", G_CALLBACK (on_key_up), log);

  /* Down once, however often it is said; up once. */
  phone_key_button_press (PHONE_KEY_BUTTON (button));
  phone_key_button_press (PHONE_KEY_BUTTON (button));
  g_assert_true (phone_key_button_get_down (PHONE_KEY_BUTTON (button)));
  phone_key_button_release (PHONE_KEY_BUTTON (button));
  phone_key_button_release (PHONE_KEY_BUTTON (button));
  g_assert_cmpstr (log->str, ==, "F_HOLD+F_HOLD^");

  /* Released at once, it is still seen to go down, and comes up by itself. */
  g_assert_true (phone_key_button_get_down (PHONE_KEY_BUTTON (button)));
  id = g_timeout_add (DEADLINE_MS, on_deadline, &late);
  while (phone_key_button_get_down (PHONE_KEY_BUTTON (button)) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (id);

  g_string_truncate (log, 0);
  g_assert_true (gtk_widget_activate (button));
  g_assert_cmpstr (log->str, ==, "F_HOLD+F_HOLD^");

  phone_key_button_set_description (PHONE_KEY_BUTTON (button), "red lamp");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "red lamp");
  g_assert_finalize_object (button);
}

static void
on_toggled (GtkWidget *widget,
            int *count)
{
  (*count)++;
}

static void
test_handset_button (void)
{
  GtkWidget *button = g_object_ref_sink (phone_handset_button_new ());
  int count = 0;

  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), &count);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Handset");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "in the cradle");
  g_assert_true (gtk_widget_activate (button));
  g_assert_cmpint (count, ==, 1);
  /* It asks; the phone says where it is. */
  g_assert_false (phone_handset_button_get_off_hook (PHONE_HANDSET_BUTTON (button)));
  phone_handset_button_set_off_hook (PHONE_HANDSET_BUTTON (button), TRUE);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "lifted");
  g_assert_cmpint (count, ==, 1);
  g_assert_finalize_object (button);
}

/* Each text of the LCD is the text of a label at its place. */
static void
test_lcd_view (void)
{
  g_autoptr (PhoneSkin) skin = load_skin ();
  GtkWidget *lcd = g_object_ref_sink (phone_lcd_view_new (skin));
  GtkWidget *window = show (lcd, 960, 544);

  for (guint i = 0; fake_display_names ()[i]; i++)
    {
      g_autoptr (PhoneDisplay) display = fake_display_new (fake_display_names ()[i]);
      g_autoptr (GPtrArray) texts = phone_lcd_list_texts (skin, display);
      GtkWidget *label = NULL;

      phone_lcd_view_set_display (PHONE_LCD_VIEW (lcd), display);
      run_for (60);
      g_assert_cmpuint (texts->len, >, 0);
      label = gtk_widget_get_first_child (lcd);
      for (guint k = 0; k < texts->len; k++, label = gtk_widget_get_next_sibling (label))
        {
          const PhoneLcdText *text = g_ptr_array_index (texts, k);
          graphene_rect_t place;

          g_assert_true (GTK_IS_LABEL (label) && gtk_widget_get_mapped (label));
          g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, text->text);
          g_assert_true (gtk_widget_compute_bounds (label, lcd, &place));
          g_assert_cmpfloat (ABS (place.origin.x - 2 * text->rect.x), <=, 2);
          g_assert_cmpfloat (ABS (place.origin.y - 2 * text->rect.y), <=, 2);
        }
      for (; label; label = gtk_widget_get_next_sibling (label))
        g_assert_false (gtk_widget_get_mapped (label));
    }

  gtk_window_destroy (GTK_WINDOW (window));
  run_for (10);
  g_assert_finalize_object (lcd);
}

/* The focus stands on what matters and follows it: that is what an older screen reader reads. */
static void
test_lcd_focus (void)
{
  g_autoptr (PhoneSkin) skin = load_skin ();
  g_autoptr (PhoneDisplay) menu = fake_display_new ("menu");
  GtkWidget *lcd = g_object_ref_sink (phone_lcd_view_new (skin));
  GtkWidget *window = show (lcd, 480, 272);
  GtkWidget *focus;

  phone_lcd_view_set_display (PHONE_LCD_VIEW (lcd), menu);
  run_for (30);
  g_assert_true (gtk_widget_grab_focus (lcd));
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (GTK_IS_LABEL (focus));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (focus)), "Features"));

  {
    g_autoptr (PhoneDisplay) next = fake_display_new ("menu");

    ((PhoneDisplayRow *) g_ptr_array_index (next->rows, 1))->selected = FALSE;
    ((PhoneDisplayRow *) g_ptr_array_index (next->rows, 2))->selected = TRUE;
    phone_lcd_view_set_display (PHONE_LCD_VIEW (lcd), next);
  }
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (GTK_IS_LABEL (focus));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (focus)), "Basic"));

  gtk_window_destroy (GTK_WINDOW (window));
  run_for (10);
  g_assert_finalize_object (lcd);
}

static void
on_face_key (PhoneFace *face,
             int key,
             GString *log)
{
  g_string_append_printf (log, "%s%s", log->len > 0 ? " " : "", phone_key_to_id (key));
}

static void
on_face_hook (PhoneFace *face,
              gboolean off_hook,
              GString *log)
{
  g_string_append_printf (log, "%shook%d", log->len > 0 ? " " : "", off_hook);
}

static void
test_face_hands (void)
{
  g_autoptr (PhoneSkin) skin = load_skin ();
  g_autoptr (PhoneDisplay) talking = fake_display_new ("talking");
  GtkWidget *face = g_object_ref_sink (phone_face_new (skin));
  GtkWidget *window = show (face, 900, 720);
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect (face, "key-down", G_CALLBACK (on_face_key), log);
  g_signal_connect (face, "hook", G_CALLBACK (on_face_hook), log);

  /* Every key of the skin has its button with its name, and the button plays the key. */
  for (guint i = 0; i < phone_skin_get_n_keys (skin); i++)
    {
      PhoneKey key = phone_skin_get_key (skin, i);
      GtkWidget *button = phone_face_get_button (PHONE_FACE (face), key);

      g_assert_nonnull (button);
      g_string_truncate (log, 0);
      g_assert_true (gtk_widget_activate (button));
      g_assert_cmpstr (log->str, ==, phone_key_to_id (key));
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           phone_key_get_name (key));
    }

  g_string_truncate (log, 0);
  phone_face_click_key (PHONE_FACE (face), PHONE_KEY_BACKSPACE);   /* not on the face */
  phone_face_toggle_hook (PHONE_FACE (face));
  phone_face_set_display (PHONE_FACE (face), talking);
  phone_face_toggle_hook (PHONE_FACE (face));
  g_assert_cmpstr (log->str, ==, "BACKSPACE hook1 hook0");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (phone_face_get_button (PHONE_FACE (face), PHONE_KEY_MUTE)),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "red lamp");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (phone_face_get_button (PHONE_FACE (face), PHONE_KEY_F1 + 1)),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Hold");

  /* Rows and soft keys of the LCD are keys of the phone. */
  g_string_truncate (log, 0);
  g_signal_emit_by_name (phone_face_get_lcd (PHONE_FACE (face)), "row-clicked", 2, TRUE);
  g_signal_emit_by_name (phone_face_get_lcd (PHONE_FACE (face)), "row-clicked", -1, FALSE);
  g_signal_emit_by_name (phone_face_get_lcd (PHONE_FACE (face)), "soft-key-clicked", 3);
  g_assert_cmpstr (log->str, ==, "DOWN DOWN OK UP F4");

  gtk_window_destroy (GTK_WINDOW (window));
  run_for (10);
  g_assert_finalize_object (face);
}

/* Buttons lie on the keys of the drawing, at any size, with the aspect kept. */
static void
test_face_geometry (void)
{
  static const int sizes[][2] = { { 1200, 960 }, { 700, 900 }, { 1300, 600 } };
  g_autoptr (PhoneSkin) skin = load_skin ();
  PhoneRect view;

  phone_skin_get_view (skin, PHONE_FACE_FULL, &view);
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      GtkWidget *face = g_object_ref_sink (phone_face_new (skin));
      GtkWidget *window = show (face, sizes[s][0], sizes[s][1]);
      double scale = MIN (gtk_widget_get_width (face) / view.width, gtk_widget_get_height (face) / view.height);
      double x = (gtk_widget_get_width (face) - view.width * scale) / 2;
      double y = (gtk_widget_get_height (face) - view.height * scale) / 2;

      run_for (30);
      for (guint i = 0; i < phone_skin_get_n_keys (skin); i++)
        {
          PhoneKey key = phone_skin_get_key (skin, i);
          graphene_rect_t place;
          PhoneRect rect;

          g_assert_true (phone_skin_get_key_rect (skin, key, &rect));
          g_assert_true (gtk_widget_compute_bounds (phone_face_get_button (PHONE_FACE (face), key), face, &place));
          g_assert_cmpfloat (ABS (place.origin.x - (x + (rect.x - view.x) * scale)), <=, 1.5);
          g_assert_cmpfloat (ABS (place.origin.y - (y + (rect.y - view.y) * scale)), <=, 1.5);
          g_assert_cmpfloat (ABS (place.size.width - rect.width * scale), <=, 1.5);
        }
      gtk_window_destroy (GTK_WINDOW (window));
      run_for (10);
      g_assert_finalize_object (face);
    }
}

static void
test_face_compact (void)
{
  g_autoptr (PhoneSkin) skin = load_skin ();
  GtkWidget *face = g_object_ref_sink (phone_face_new (skin));
  GtkWidget *window = show (face, 900, 720);
  int width, height, least;

  phone_face_set_view (PHONE_FACE (face), PHONE_FACE_COMPACT);
  g_assert_true (gtk_widget_get_visible (phone_face_get_button (PHONE_FACE (face), PHONE_KEY_F1)));
  g_assert_true (gtk_widget_get_visible (phone_face_get_button (PHONE_FACE (face), PHONE_KEY_L1)));
  g_assert_false (gtk_widget_get_visible (phone_face_get_button (PHONE_FACE (face), PHONE_KEY_OK)));

  /* Never smaller than one pixel for each LCD unit. */
  phone_face_get_size_for (PHONE_FACE (face), PHONE_FACE_COMPACT, 1, &width, &height);
  gtk_widget_measure (face, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, ==, width);
  g_assert_cmpint (width, >=, 480);
  run_for (30);
  g_assert_cmpfloat (phone_face_get_lcd_scale (PHONE_FACE (face)), >=, 0.999);

  gtk_window_destroy (GTK_WINDOW (window));
  run_for (10);
  g_assert_finalize_object (face);
}

static void
on_frame (GdkFrameClock *clock,
          int *count)
{
  (*count)++;
}

/* A phone that does nothing paints nothing; one whose lamp blinks paints when it changes, and no more. */
static void
test_face_frames (void)
{
  g_autoptr (PhoneSkin) skin = load_skin ();
  g_autoptr (PhoneDisplay) idle = fake_display_new ("idle");
  g_autoptr (PhoneDisplay) incoming = fake_display_new ("incoming");
  GtkWidget *face = g_object_ref_sink (phone_face_new (skin));
  GtkWidget *window = show (face, 600, 480);
  int frames = 0;

  phone_face_set_display (PHONE_FACE (face), idle);
  run_for (500);
  g_signal_connect (gtk_widget_get_frame_clock (face), "paint", G_CALLBACK (on_frame), &frames);
  run_for (700);
  g_assert_cmpint (frames, ==, 0);

  /* 200 ms and 300 ms half periods: about 8 changes a second. */
  phone_face_set_display (PHONE_FACE (face), incoming);
  run_for (100);
  frames = 0;
  run_for (1500);
  g_assert_cmpint (frames, >=, 6);
  g_assert_cmpint (frames, <=, 16);

  phone_face_set_display (PHONE_FACE (face), idle);
  run_for (300);
  frames = 0;
  run_for (700);
  g_assert_cmpint (frames, ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
  run_for (10);
  g_assert_finalize_object (face);
}

static void
test_face_picture (void)
{
  g_autoptr (PhoneSkin) skin = load_skin ();
  g_autoptr (PhoneFacePicture) picture = phone_face_picture_new (skin, PHONE_FACE_FULL, 0.5);
  const PhoneFaceLayer *face = phone_face_picture_get_face (picture, FALSE);
  const PhoneFaceLayer *pressed = phone_face_picture_get_pressed (picture, PHONE_KEY_0 + 5);
  const PhoneFaceLayer *lamp = phone_face_picture_get_lamp (picture, PHONE_KEY_L1, PHONE_LAMP_GREEN);
  PhoneRect view, rect;

  phone_skin_get_view (skin, PHONE_FACE_FULL, &view);
  g_assert_nonnull (face->texture);
  g_assert_cmpint (gdk_texture_get_width (face->texture), ==, (int) (view.width / 2));
  g_assert_true (phone_face_picture_has_face (picture, FALSE));
  g_assert_false (phone_face_picture_has_face (picture, TRUE));
  g_assert_true (phone_face_picture_get_face (picture, FALSE) == face);

  /* The parts are small, and over their keys. */
  g_assert_nonnull (pressed->texture);
  g_assert_true (phone_skin_get_key_rect (skin, PHONE_KEY_0 + 5, &rect));
  g_assert_true (graphene_rect_contains_point (&pressed->rect,
                                               &GRAPHENE_POINT_INIT ((rect.x + rect.width / 2 - view.x) / 2,
                                                                     (rect.y + rect.height / 2 - view.y) / 2)));
  g_assert_cmpfloat (pressed->rect.size.width, <, rect.width);
  g_assert_nonnull (lamp->texture);
  g_assert_cmpfloat (lamp->rect.size.width, <, 100);
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/key-button", test_key_button);
  g_test_add_func ("/ui/handset-button", test_handset_button);
  g_test_add_func ("/ui/face-picture", test_face_picture);
  g_test_add_func ("/ui/lcd-view/labels", test_lcd_view);
  g_test_add_func ("/ui/lcd-view/focus", test_lcd_focus);
  g_test_add_func ("/ui/face/hands", test_face_hands);
  g_test_add_func ("/ui/face/geometry", test_face_geometry);
  g_test_add_func ("/ui/face/compact", test_face_compact);
  g_test_add_func ("/ui/face/frames", test_face_frames);

  return g_test_run ();
}
