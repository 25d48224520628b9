/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lcd-scene.h"
#include "lcd.h"
#include "sample-displays.h"
#include "skin-private.h"

#include <string.h>

#include <glib/gstdio.h>

/*
 * test-lcd SKIN-FOLDER GOLDEN-FOLDER
 *
 * The golden texts say what stands where, without fonts and pixels. With DESKSET_UPDATE_GOLDEN=1 they are written anew.
 */

static char *golden_folder;
static PhoneSkin *skin;

static void
check_contrast (PhoneLcdColour front, PhoneLcdColour back)
{
  double ratio = phone_lcd_contrast (phone_lcd_colour_get (front) & 0xffffff, phone_lcd_colour_get (back) & 0xffffff);

  if (ratio < 4.5)
    g_error ("colour %d on %d has a contrast of %.2f : 1", front, back, ratio);
}

static void
test_contrast (void)
{
  static const PhoneLcdColour fronts[]
      = { PHONE_LCD_TEXT, PHONE_LCD_TEXT_DIM, PHONE_LCD_ACCENT_TEXT, PHONE_LCD_GOOD, PHONE_LCD_WAIT, PHONE_LCD_BAD };
  static const PhoneLcdColour backs[]
      = { PHONE_LCD_PAGE, PHONE_LCD_BAR, PHONE_LCD_CARD, PHONE_LCD_PLATE, PHONE_LCD_BAD_CARD };

  g_assert_cmpfloat_with_epsilon (phone_lcd_contrast (0x000000, 0xffffff), 21, 0.01);
  g_assert_cmpfloat_with_epsilon (phone_lcd_contrast (0x777777, 0xffffff), 4.48, 0.01);
  for (guint i = 0; i < G_N_ELEMENTS (fronts); i++)
    for (guint k = 0; k < G_N_ELEMENTS (backs); k++)
      check_contrast (fronts[i], backs[k]);
  check_contrast (PHONE_LCD_ON_ACCENT, PHONE_LCD_ACCENT);
  check_contrast (PHONE_LCD_ON_ACCENT_DIM, PHONE_LCD_ACCENT);
  for (guint i = 0; i < phone_lcd_disc_n_colours (); i++)
    g_assert_cmpfloat (phone_lcd_contrast (phone_lcd_disc_get_colour (i), 0xffffff), >=, 4.5);
}

static cairo_surface_t *
draw (PhoneDisplay *display, double scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)(480 * scale), (int)(272 * scale));
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  phone_lcd_draw (skin, cr, display);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel (cairo_surface_t *surface, int x, int y)
{
  return ((const guint32 *)(gpointer)(cairo_image_surface_get_data (surface)
                                      + (gsize)y * cairo_image_surface_get_stride (surface)))[x]
         & 0xffffff;
}

/* The wallpaper, as it is drawn, under the clock, the date and the labels. */
static void
test_wallpaper_contrast (void)
{
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  cairo_surface_t *surface;

  display->backlight = TRUE;
  display->volume = -1;
  surface = draw (display, 1);
  for (int y = 25; y < 239; y++)
    for (int x = 0; x < 480; x++)
      g_assert_cmpfloat (phone_lcd_contrast (pixel (surface, x, y), phone_lcd_colour_get (PHONE_LCD_TEXT) & 0xffffff),
                         >=, 4.5);
  cairo_surface_destroy (surface);
}

static void
test_golden (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (PhoneDisplay) display = sample_display_new (i);
  g_autofree char *name = g_strconcat (sample_display_get_name (i), ".txt", NULL);
  g_autofree char *path = g_build_filename (golden_folder, name, NULL);
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  g_autoptr (PhoneLcdScene) scene = NULL;
  PhoneLcdGeometry geometry;

  phone_lcd_geometry_init (&geometry, skin);
  scene = phone_lcd_scene_new (&geometry, display);
  text = phone_lcd_scene_to_string (scene);
  if (g_getenv ("DESKSET_UPDATE_GOLDEN") != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_get_contents (path, &expected, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

/* Texts have one of the four sizes, and a box that lies on the LCD and is high enough for them. */
static void
test_boxes (gconstpointer data)
{
  g_autoptr (PhoneDisplay) display = sample_display_new (GPOINTER_TO_UINT (data));
  g_autoptr (PhoneLcdScene) scene = NULL;
  PhoneLcdGeometry geometry;

  phone_lcd_geometry_init (&geometry, skin);
  scene = phone_lcd_scene_new (&geometry, display);
  for (guint i = 0; i < scene->items->len; i++)
    {
      const PhoneLcdItem *item = g_ptr_array_index (scene->items, i);

      if (item->kind != PHONE_LCD_ITEM_TEXT)
        continue;
      g_assert_true (item->size == PHONE_LCD_SMALL || item->size == PHONE_LCD_MEDIUM || item->size == PHONE_LCD_LARGE
                     || item->size == PHONE_LCD_HUGE);
      g_assert_cmpfloat (item->rect.x, >=, 0);
      g_assert_cmpfloat (item->rect.y, >=, 0);
      g_assert_cmpfloat (item->rect.width, >, 0);
      g_assert_cmpfloat (item->rect.height, >=, item->size);
      g_assert_cmpfloat (item->rect.x + item->rect.width, <=, 480);
      g_assert_cmpfloat (item->rect.y + item->rect.height, <=, 272);
    }
}

/* Every page can be drawn at any scale, and shows something. */
static void
test_draw (gconstpointer data)
{
  static const double scales[] = { 0.75, 1, 1.333, 2 };
  g_autoptr (PhoneDisplay) display = sample_display_new (GPOINTER_TO_UINT (data));

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      cairo_surface_t *surface = draw (display, scales[i]);
      guint32 first = pixel (surface, 1, 1);
      guint other = 0;

      for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
        for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
          other += pixel (surface, x, y) != first;
      g_assert_cmpuint (other, >, 1000);
      cairo_surface_destroy (surface);
    }
}

/* No text leaves its box: each is drawn alone on black, and every lit pixel must lie inside, give or take one. */
static void
test_texts_stay_inside (gconstpointer data)
{
  g_autoptr (PhoneDisplay) display = sample_display_new (GPOINTER_TO_UINT (data));
  g_autoptr (PhoneLcdScene) scene = NULL;
  PhoneLcdGeometry geometry;

  phone_lcd_geometry_init (&geometry, skin);
  scene = phone_lcd_scene_new (&geometry, display);
  for (guint i = 0; i < scene->items->len; i++)
    {
      PhoneLcdItem *item = g_ptr_array_index (scene->items, i);
      PhoneLcdScene alone = { geometry, g_ptr_array_new () };
      cairo_surface_t *surface;
      cairo_t *cr;

      if (item->kind != PHONE_LCD_ITEM_TEXT || item->text[0] == '\0')
        {
          g_ptr_array_unref (alone.items);
          continue;
        }
      g_ptr_array_add (alone.items, item);
      surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 480, 272);
      cr = cairo_create (surface);
      phone_lcd_scene_draw (&alone, cr, phone_skin_get_pango_context (skin));
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      for (int y = 0; y < 272; y++)
        for (int x = 0; x < 480; x++)
          if (pixel (surface, x, y) != 0
              && (x < item->rect.x - 2 || x > item->rect.x + item->rect.width + 2 || y < item->rect.y - 2
                  || y > item->rect.y + item->rect.height + 2))
            g_error ("“%s” is drawn at %d %d, outside of its box", item->text, x, y);
      cairo_surface_destroy (surface);
      g_ptr_array_unref (alone.items);
    }
}

static void
test_dark_when_backlight_off (void)
{
  g_autoptr (PhoneDisplay) bright = sample_display_find ("idle");
  g_autoptr (PhoneDisplay) dark = sample_display_find ("dark");
  cairo_surface_t *one = draw (bright, 1), *two = draw (dark, 1);
  gint64 light[2] = { 0, 0 };

  for (int y = 0; y < 272; y++)
    for (int x = 0; x < 480; x++)
      {
        light[0] += pixel (one, x, y) & 0xff;
        light[1] += pixel (two, x, y) & 0xff;
      }
  g_assert_cmpint (light[1], <, light[0] / 2);
  g_assert_cmpint (light[1], >, light[0] / 5);
  cairo_surface_destroy (one);
  cairo_surface_destroy (two);
}

static const PhoneLcdText *
find_text (GPtrArray *texts, const char *text)
{
  for (guint i = 0; i < texts->len; i++)
    if (g_str_equal (((PhoneLcdText *)g_ptr_array_index (texts, i))->text, text))
      return g_ptr_array_index (texts, i);
  return NULL;
}

static void
test_texts_of_menu (void)
{
  g_autoptr (PhoneDisplay) display = sample_display_find ("menu");
  g_autoptr (GPtrArray) texts = phone_lcd_list_texts (skin, display);
  const PhoneLcdText *features = find_text (texts, "2. Features"), *status = find_text (texts, "1. Status");
  const PhoneLcdText *last = g_ptr_array_index (texts, texts->len - 1);

  g_assert_true (features->selected);
  g_assert_true (features->focusable);
  g_assert_false (status->selected);
  g_assert_cmpfloat (features->rect.width, ==, 480);
  g_assert_cmpfloat (features->rect.y, ==, status->rect.y + status->rect.height);
  g_assert_cmpstr (last->text, ==, "Enter");
  g_assert_false (last->focusable);
  g_assert_cmpfloat (last->rect.x, >=, 360);
  g_assert_null (find_text (texts, ""));
  /* The row's number stands in a column of its own, but is not said twice. */
  g_assert_null (find_text (texts, "2"));
}

static void
test_texts_of_calls (void)
{
  g_autoptr (PhoneDisplay) display = sample_display_find ("two-calls");
  g_autoptr (GPtrArray) texts = phone_lcd_list_texts (skin, display);
  const PhoneLcdText *one = find_text (texts, "Grace Hopper, 01632 960 011, Talking, 01:12:07, 1/2");
  const PhoneLcdText *two = find_text (texts, "Katherine Johnson, 01632 960 204, Hold, 00:41, 2/2");

  g_assert_nonnull (one);
  g_assert_nonnull (two);
  g_assert_true (one->selected && one->focusable);
  g_assert_true (!two->selected && two->focusable);
  g_assert_cmpfloat (one->rect.y + one->rect.height, <=, two->rect.y);
}

/* From top to bottom, soft keys last and from left to right, on every page. */
static void
test_order (gconstpointer data)
{
  g_autoptr (PhoneDisplay) display = sample_display_new (GPOINTER_TO_UINT (data));
  g_autoptr (GPtrArray) texts = phone_lcd_list_texts (skin, display);
  guint n_soft = 0, seen = 0;

  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    n_soft += display->softkeys[i][0] != '\0';
  g_assert_cmpuint (texts->len, >=, n_soft);
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    {
      const PhoneLcdText *text = g_ptr_array_index (texts, texts->len - n_soft + MIN (seen, n_soft - 1));

      if (display->softkeys[i][0] == '\0')
        continue;
      g_assert_cmpstr (text->text, ==, display->softkeys[i]);
      seen++;
    }
  for (guint i = 1; i < texts->len - n_soft; i++)
    {
      const PhoneLcdText *one = g_ptr_array_index (texts, i - 1), *two = g_ptr_array_index (texts, i);

      g_assert_cmpfloat (two->rect.y, >=, one->rect.y - 4.01);
      g_assert_true (g_utf8_validate (two->text, -1, NULL));
    }
}

/* The selected row is always among those that are shown. */
static void
test_scrolling (void)
{
  for (guint selected = 0; selected < 40; selected++)
    {
      g_autoptr (PhoneDisplay) display = phone_display_new ();
      g_autoptr (GPtrArray) texts = NULL;
      guint n_selected = 0, n_rows = 0;

      display->layout = PHONE_LAYOUT_LIST;
      display->backlight = TRUE;
      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *text = g_strdup_printf ("Row %u", i);

          phone_display_add_row (display, text, "")->selected = i == selected;
        }
      texts = phone_lcd_list_texts (skin, display);
      for (guint i = 0; i < texts->len; i++)
        {
          const PhoneLcdText *text = g_ptr_array_index (texts, i);

          n_rows += text->focusable;
          n_selected += text->selected;
        }
      g_assert_cmpuint (n_rows, ==, 6);
      g_assert_cmpuint (n_selected, ==, 1);
    }
}

/* A label stands beside its key, whichever it is. */
static void
test_labels_beside_keys (void)
{
  g_autoptr (PhoneDisplay) display = sample_display_find ("idle");
  g_autoptr (GPtrArray) texts = phone_lcd_list_texts (skin, display);
  const PhoneLcdText *text = find_text (texts, "Old trunk");
  PhoneRect key, lcd;

  phone_skin_get_lcd_rect (skin, &lcd);
  g_assert_true (phone_skin_get_key_rect (skin, PHONE_KEY_L1 + 3, &key));
  g_assert_cmpfloat_with_epsilon (text->rect.y + text->rect.height / 2, key.y + key.height / 2 - lcd.y, 0.01);
  g_assert_cmpfloat (text->rect.x, <, 240);
  text = find_text (texts, "Spare");
  g_assert_cmpfloat (text->rect.x, >, 240);
}

static void
test_icons (void)
{
  for (guint i = 0; i < PHONE_N_ICONS + 13; i++)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 24, 24);
      cairo_t *cr = cairo_create (surface);
      guint lit = 0, edge = 0;

      cairo_translate (cr, 12, 12);
      cairo_set_source_rgb (cr, 1, 1, 1);
      if (i < PHONE_N_ICONS)
        phone_lcd_draw_icon (cr, (PhoneIcon)i);
      else
        phone_lcd_draw_status (cr, (PhoneStatusIcons)(1u << (i - PHONE_N_ICONS)));
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      for (int y = 0; y < 24; y++)
        for (int x = 0; x < 24; x++)
          if (pixel (surface, x, y) != 0)
            {
              lit++;
              edge += x < 3 || y < 3 || x > 20 || y > 20;
            }
      g_assert_cmpuint (edge, ==, 0);
      if (i != PHONE_ICON_NONE)
        g_assert_cmpuint (lit, >, 20);
      cairo_surface_destroy (surface);
    }
}

static void
test_save_png (void)
{
  g_autoptr (PhoneDisplay) display = sample_display_find ("talking");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("deskset-lcd-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "lcd.png", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "lcd.png", NULL);
  cairo_surface_t *surface;

  g_assert_true (phone_lcd_save_png (skin, display, 1, path, &error));
  g_assert_no_error (error);
  surface = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 480);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 272);
  cairo_surface_destroy (surface);
  g_assert_false (phone_lcd_save_png (skin, display, 1, nowhere, &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE);
  g_remove (path);
  g_rmdir (folder);
}

/* What the engine should not send, but the LCD must survive: nothing at all, too much, cursor behind the text. */
static void
test_odd_displays (void)
{
  for (PhoneLayout layout = PHONE_LAYOUT_IDLE; layout <= PHONE_LAYOUT_MESSAGE; layout++)
    {
      g_autoptr (PhoneDisplay) display = phone_display_new ();
      g_autofree char *long_text = g_strnfill (5000, 'W');
      cairo_surface_t *surface;

      display->layout = layout;
      surface = draw (display, 1);
      cairo_surface_destroy (surface);
      display->edit_cursor = 1000000;
      display->volume = 1000;
      phone_display_set_text (&display->edit_text, long_text);
      phone_display_set_text (&display->edit_mode, long_text);
      phone_display_set_text (&display->title, long_text);
      phone_display_set_text (&display->account, long_text);
      phone_display_set_text (&display->time, long_text);
      phone_display_set_text (&display->notice, long_text);
      phone_display_set_text (&display->popup, long_text);
      for (guint i = 0; i < 60; i++)
        {
          phone_display_add_line (display, long_text, PHONE_ICON_LINE_RINGING);
          phone_display_add_call (display, i + 1);
          phone_display_add_row (display, long_text, long_text)->selected = TRUE;
        }
      surface = draw (display, 1);
      cairo_surface_destroy (surface);
      g_ptr_array_unref (phone_lcd_list_texts (skin, display));
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    GTestDataFunc run;
  } each[] = {
    { "golden", test_golden }, { "boxes", test_boxes },
    { "draw", test_draw },     { "texts-stay-inside", test_texts_stay_inside },
    { "order", test_order },
  };
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  golden_folder = argv[2];
  skin = phone_skin_load (argv[1], &error);
  g_assert_no_error (error);
  g_test_add_func ("/lcd/contrast", test_contrast);
  g_test_add_func ("/lcd/wallpaper-contrast", test_wallpaper_contrast);
  g_test_add_func ("/lcd/dark", test_dark_when_backlight_off);
  g_test_add_func ("/lcd/texts/menu", test_texts_of_menu);
  g_test_add_func ("/lcd/texts/calls", test_texts_of_calls);
  g_test_add_func ("/lcd/texts/labels-beside-keys", test_labels_beside_keys);
  g_test_add_func ("/lcd/scrolling", test_scrolling);
  g_test_add_func ("/lcd/icons", test_icons);
  g_test_add_func ("/lcd/save-png", test_save_png);
  g_test_add_func ("/lcd/odd-displays", test_odd_displays);
  for (guint i = 0; i < sample_display_get_n (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (each); k++)
      {
        g_autofree char *path = g_strdup_printf ("/lcd/%s/%s", each[k].name, sample_display_get_name (i));

        g_test_add_data_func (path, GUINT_TO_POINTER (i), each[k].run);
      }
  result = g_test_run ();
  g_assert_finalize_object (skin);
  return result;
}
