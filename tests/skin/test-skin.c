/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "key.h"
#include "sample-displays.h"
#include "skin.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

static char *face_folder;

static PhoneSkin *
load (void)
{
  g_autoptr (GError) error = NULL;
  PhoneSkin *skin = phone_skin_load (face_folder, &error);

  g_assert_no_error (error);
  return skin;
}

static double
middle_x (const PhoneRect *rect)
{
  return rect->x + rect->width / 2;
}

static double
middle_y (const PhoneRect *rect)
{
  return rect->y + rect->height / 2;
}

static gboolean
overlap (const PhoneRect *a, const PhoneRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static gboolean
inside (const PhoneRect *inner, const PhoneRect *outer)
{
  return inner->x >= outer->x && inner->y >= outer->y && inner->x + inner->width <= outer->x + outer->width
         && inner->y + inner->height <= outer->y + outer->height;
}

static void
test_facts (void)
{
  PhoneSkin *skin = load ();
  const PhoneModel *model = phone_skin_get_model (skin);

  g_assert_cmpstr (model->name, ==, "T46G");
  g_assert_cmpuint (model->n_accounts, ==, 16);
  g_assert_cmpuint (model->n_line_keys, ==, 10);
  g_assert_cmpuint (model->n_soft_keys, ==, 4);
  g_assert_true (model->has_headset_key);
  g_assert_cmpuint (phone_skin_get_n_keys (skin), ==, 10 + 4 + 12 + 6 + 2 + 7);
  g_assert_cmpstr (phone_skin_get_shortcut (skin, PHONE_KEY_MUTE), ==, "<Control>m");
  g_assert_null (phone_skin_get_shortcut (skin, PHONE_KEY_F_CONFERENCE));
  g_assert_finalize_object (skin);
}

/* Every key can be hit, none lies on another, the LCD or the handset; all lie on the drawing. */
static void
test_hit_areas (void)
{
  PhoneSkin *skin = load ();
  PhoneRect view, lcd, handset;

  phone_skin_get_view (skin, PHONE_FACE_FULL, &view);
  phone_skin_get_lcd_rect (skin, &lcd);
  phone_skin_get_handset_rect (skin, FALSE, &handset);
  for (guint i = 0; i < phone_skin_get_n_keys (skin); i++)
    {
      PhoneRect a;

      g_assert_true (phone_skin_get_key_rect (skin, phone_skin_get_key (skin, i), &a));
      g_assert_true (inside (&a, &view));
      g_assert_cmpfloat (a.width, >=, 24);
      g_assert_cmpfloat (a.height, >=, 24);
      g_assert_false (overlap (&a, &lcd));
      g_assert_false (overlap (&a, &handset));
      for (guint k = 0; k < i; k++)
        {
          PhoneRect b;

          g_assert_true (phone_skin_get_key_rect (skin, phone_skin_get_key (skin, k), &b));
          g_assert_false (overlap (&a, &b));
        }
    }
  g_assert_finalize_object (skin);
}

/* The eye sees half a unit: what belongs together stands on one line. */
static void
test_alignment (void)
{
  PhoneSkin *skin = load ();
  PhoneRect lcd, key, other;

  phone_skin_get_lcd_rect (skin, &lcd);
  g_assert_cmpfloat_with_epsilon (lcd.width, 480, 0.01);
  g_assert_cmpfloat_with_epsilon (lcd.height, 272, 0.01);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (phone_skin_get_key_rect (skin, (PhoneKey)(PHONE_KEY_F1 + i), &key));
      g_assert_cmpfloat_with_epsilon (middle_x (&key), lcd.x + lcd.width * (2 * i + 1) / 8, 0.01);
    }
  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (phone_skin_get_key_rect (skin, (PhoneKey)(PHONE_KEY_L1 + i), &key));
      g_assert_true (phone_skin_get_key_rect (skin, (PhoneKey)(PHONE_KEY_L1 + 5 + i), &other));
      g_assert_cmpfloat_with_epsilon (middle_y (&key), middle_y (&other), 0.01);
      g_assert_cmpfloat_with_epsilon (middle_x (&lcd) - middle_x (&key), middle_x (&other) - middle_x (&lcd), 0.01);
    }
  for (guint i = 1; i <= 9; i++)
    {
      g_assert_true (phone_skin_get_key_rect (skin, (PhoneKey)(PHONE_KEY_0 + i), &key));
      g_assert_true (phone_skin_get_key_rect (skin, (PhoneKey)(PHONE_KEY_0 + (i - 1) % 3 + 1), &other));
      g_assert_cmpfloat_with_epsilon (key.x, other.x, 0.01);
      g_assert_cmpfloat_with_epsilon (key.width, other.width, 0.01);
    }
  g_assert_finalize_object (skin);
}

static void
test_shapes_and_views (void)
{
  PhoneSkin *skin = load ();
  PhoneRect full, compact, lcd, rest, lifted, key;

  g_assert_true (phone_skin_key_is_round (skin, PHONE_KEY_OK));
  g_assert_true (phone_skin_key_is_round (skin, PHONE_KEY_MUTE));
  g_assert_false (phone_skin_key_is_round (skin, PHONE_KEY_0));
  g_assert_false (phone_skin_key_is_round (skin, PHONE_KEY_NONE));
  g_assert_true (phone_skin_has_lamp (skin, PHONE_KEY_POWER));
  g_assert_true (phone_skin_has_lamp (skin, PHONE_KEY_L1));
  g_assert_true (phone_skin_has_lamp (skin, PHONE_KEY_MSG));
  g_assert_false (phone_skin_has_lamp (skin, PHONE_KEY_OK));
  g_assert_false (phone_skin_get_key_rect (skin, PHONE_KEY_F_CONFERENCE, &key));

  phone_skin_get_view (skin, PHONE_FACE_FULL, &full);
  phone_skin_get_view (skin, PHONE_FACE_COMPACT, &compact);
  phone_skin_get_lcd_rect (skin, &lcd);
  g_assert_true (inside (&compact, &full));
  g_assert_true (inside (&lcd, &compact));
  g_assert_true (phone_skin_get_key_rect (skin, PHONE_KEY_F4, &key));
  g_assert_true (inside (&key, &compact));

  phone_skin_get_handset_rect (skin, FALSE, &rest);
  phone_skin_get_handset_rect (skin, TRUE, &lifted);
  g_assert_cmpfloat_with_epsilon (rest.width, lifted.width, 0.01);
  g_assert_cmpfloat (lifted.x, <, rest.x - 20);
  g_assert_cmpfloat (lifted.y, <, rest.y - 20);
  g_assert_finalize_object (skin);
}

/* --- pixels --- */

typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
  int width, height;
} Picture;

static Picture
begin_picture (PhoneSkin *skin, double scale)
{
  PhoneRect view;
  Picture picture;

  phone_skin_get_view (skin, PHONE_FACE_FULL, &view);
  picture.width = (int)(view.width * scale);
  picture.height = (int)(view.height * scale);
  picture.surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, picture.width, picture.height);
  picture.cr = cairo_create (picture.surface);
  cairo_scale (picture.cr, scale, scale);
  return picture;
}

static void
end_picture (Picture *picture)
{
  cairo_destroy (picture->cr);
  cairo_surface_destroy (picture->surface);
}

static guint32
pixel (const Picture *picture, int x, int y)
{
  cairo_surface_flush (picture->surface);
  return ((const guint32 *)(gpointer)(cairo_image_surface_get_data (picture->surface)
                                      + (gsize)y * cairo_image_surface_get_stride (picture->surface)))[x];
}

/* Counts pixels that differ inside and outside of @area (SVG units at scale 1). */
static void
compare (const Picture *a, const Picture *b, const PhoneRect *area, guint *within, guint *without)
{
  *within = *without = 0;
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      {
        if (pixel (a, x, y) == pixel (b, x, y))
          continue;
        if (x >= area->x && x < area->x + area->width && y >= area->y && y < area->y + area->height)
          (*within)++;
        else
          (*without)++;
      }
}

static int
channel (guint32 colour, int shift)
{
  return (int)((colour >> shift) & 0xff);
}

static PhoneRect
grown (PhoneRect rect, double by)
{
  return (PhoneRect){ rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by };
}

static void
expect_neighbours_unmoved (PhoneSkin *skin, const Picture *rest, const Picture *down, PhoneKey pressed)
{
  for (guint i = 0; i < phone_skin_get_n_keys (skin); i++)
    {
      PhoneKey key = phone_skin_get_key (skin, i);
      PhoneRect rect;

      g_assert_true (phone_skin_get_key_rect (skin, key, &rect));
      /* The pixel at the border is shared with the neighbour where two keys touch. */
      rect = grown (rect, -1.5);
      if (key == pressed)
        continue;
      for (int y = (int)rect.y; y < rect.y + rect.height; y++)
        for (int x = (int)rect.x; x < rect.x + rect.width; x++)
          g_assert_cmphex (pixel (rest, x, y), ==, pixel (down, x, y));
    }
}

static void
test_pressed_keys (void)
{
  PhoneSkin *skin = load ();
  Picture rest = begin_picture (skin, 1);

  phone_skin_draw_face (skin, rest.cr, FALSE);
  for (guint i = 0; i < phone_skin_get_n_keys (skin); i++)
    {
      PhoneKey key = phone_skin_get_key (skin, i);
      Picture down = begin_picture (skin, 1);
      PhoneRect rect, near;
      guint within, without;

      cairo_set_source_surface (down.cr, rest.surface, 0, 0);
      cairo_paint (down.cr);
      phone_skin_draw_pressed_key (skin, down.cr, key);
      g_assert_true (phone_skin_get_key_rect (skin, key, &rect));
      near = grown (rect, 12);
      compare (&rest, &down, &near, &within, &without);
      g_assert_cmpuint (without, ==, 0);
      expect_neighbours_unmoved (skin, &rest, &down, key);
      /* Where the cap's upper edge was, one looks into the dark well now. */
      g_assert_cmpint (channel (pixel (&down, (int)middle_x (&rect), (int)rect.y), 8), <, 48);
      g_assert_cmpint (channel (pixel (&rest, (int)middle_x (&rect), (int)rect.y + 1), 8), >, 48);
      /* Most of the cap must look different: it moved and got darker. */
      g_assert_cmpuint (within, >, rect.width * rect.height / 3);
      end_picture (&down);
    }
  end_picture (&rest);
  g_assert_finalize_object (skin);
}

static void
test_lamps (void)
{
  PhoneSkin *skin = load ();
  const PhoneKey keys[]
      = { PHONE_KEY_L1, PHONE_KEY_L1 + 9, PHONE_KEY_MSG, PHONE_KEY_HEADSET, PHONE_KEY_MUTE, PHONE_KEY_POWER };
  Picture rest = begin_picture (skin, 1);

  phone_skin_draw_face (skin, rest.cr, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (PhoneLampColour colour = PHONE_LAMP_OFF; colour <= PHONE_LAMP_ORANGE; colour++)
      {
        Picture lit = begin_picture (skin, 1);
        gint64 red = 0, green = 0, blue = 0;
        guint changed = 0;

        cairo_set_source_surface (lit.cr, rest.surface, 0, 0);
        cairo_paint (lit.cr);
        phone_skin_draw_lamp (skin, lit.cr, keys[i], colour);
        for (int y = 0; y < lit.height; y++)
          for (int x = 0; x < lit.width; x++)
            {
              guint32 after = pixel (&lit, x, y), before = pixel (&rest, x, y);

              changed += after != before;
              red += channel (after, 16) - channel (before, 16);
              green += channel (after, 8) - channel (before, 8);
              blue += channel (after, 0) - channel (before, 0);
            }
        if (colour == PHONE_LAMP_OFF)
          {
            g_assert_cmpuint (changed, ==, 0);
          }
        else
          {
            g_assert_cmpuint (changed, >, 80);
            g_assert_cmpuint (changed, <, 20000);
          }
        if (colour == PHONE_LAMP_GREEN)
          g_assert_cmpint (green, >, 2 * MAX (red, blue));
        if (colour == PHONE_LAMP_RED)
          g_assert_cmpint (red, >, 2 * MAX (green, blue));
        if (colour == PHONE_LAMP_ORANGE)
          {
            g_assert_cmpint (red, >, green);
            g_assert_cmpint (green, >, blue);
          }
        end_picture (&lit);
      }
  end_picture (&rest);
  g_assert_finalize_object (skin);
}

/* The handset lifts, nothing else moves; the LCD is dark; the corners are left to the window. */
static void
test_face (void)
{
  PhoneSkin *skin = load ();
  Picture rest = begin_picture (skin, 1), lifted = begin_picture (skin, 1);
  PhoneRect left = { 0, 0, 340, 960 }, lcd;
  guint within, without;

  phone_skin_draw_face (skin, rest.cr, FALSE);
  phone_skin_draw_face (skin, lifted.cr, TRUE);
  compare (&rest, &lifted, &left, &within, &without);
  g_assert_cmpuint (within, >, 20000);
  g_assert_cmpuint (without, ==, 0);
  phone_skin_get_lcd_rect (skin, &lcd);
  g_assert_cmpint (channel (pixel (&rest, (int)middle_x (&lcd), (int)middle_y (&lcd)), 8), <, 24);
  g_assert_cmphex (pixel (&rest, 0, 0), ==, 0);
  g_assert_cmphex (pixel (&rest, rest.width - 1, 0), ==, 0);
  end_picture (&rest);
  end_picture (&lifted);
  g_assert_finalize_object (skin);
}

/* Blinking lamps are on or off as the clock says; the LCD stays in its place. */
static void
test_phone (void)
{
  PhoneSkin *skin = load ();
  g_autoptr (PhoneDisplay) display = sample_display_find ("incoming");
  Picture on = begin_picture (skin, 1), off = begin_picture (skin, 1), face = begin_picture (skin, 1);
  PhoneRect lcd, line, near;
  guint within, without;

  phone_skin_draw_phone (skin, on.cr, display, 0);
  phone_skin_draw_phone (skin, off.cr, display, 300);
  g_assert_true (phone_skin_get_key_rect (skin, PHONE_KEY_L1, &line));
  near = grown (line, 40);
  compare (&on, &off, &near, &within, &without);
  g_assert_cmpuint (within, >, 80);

  phone_skin_draw_face (skin, face.cr, FALSE);
  g_ptr_array_set_size (display->lamps, 0);
  cairo_set_operator (on.cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint (on.cr);
  cairo_set_operator (on.cr, CAIRO_OPERATOR_OVER);
  phone_skin_draw_phone (skin, on.cr, display, 0);
  phone_skin_get_lcd_rect (skin, &lcd);
  compare (&on, &face, &lcd, &within, &without);
  g_assert_cmpuint (within, >, lcd.width * lcd.height / 2);
  g_assert_cmpuint (without, ==, 0);
  end_picture (&on);
  end_picture (&off);
  end_picture (&face);
  g_assert_finalize_object (skin);
}

/* --- broken skins --- */

static char *
copy_face (const char *ini_old, const char *ini_new, const char *svg_old, const char *svg_new)
{
  static const char *const names[] = { "skin.ini", "face.svg" };
  const char *const olds[] = { ini_old, svg_old };
  const char *const news[] = { ini_new, svg_new };
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("deskset-skin-XXXXXX", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (face_folder, names[i], NULL);
      g_autofree char *to = g_build_filename (folder, names[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (from, &text, NULL, NULL));
      if (olds[i] != NULL)
        {
          g_auto (GStrv) parts = g_strsplit (text, olds[i], -1);

          g_assert_nonnull (parts[1]);
          g_free (text);
          text = g_strjoinv (news[i], parts);
        }
      g_assert_true (g_file_set_contents (to, text, -1, NULL));
    }
  return folder;
}

static void
remove_face (const char *folder)
{
  g_autofree char *ini = g_build_filename (folder, "skin.ini", NULL);
  g_autofree char *svg = g_build_filename (folder, "face.svg", NULL);

  g_remove (ini);
  g_remove (svg);
  g_rmdir (folder);
}

static void
test_broken_skins (void)
{
  static const struct
  {
    const char *ini_old, *ini_new, *svg_old, *svg_new, *words;
    PhoneSkinError code;
  } samples[] = {
    { "line-keys = 10", "line-keys = 9", NULL, NULL, "has a key-L10", PHONE_SKIN_ERROR_FACTS },
    { "line-keys = 10", "line-keys = 11", NULL, NULL, "no key-L11", PHONE_SKIN_ERROR_FACTS },
    { "memory-keys = 0", "memory-keys = 2", NULL, NULL, "no key-D1", PHONE_SKIN_ERROR_FACTS },
    { "headset-key = yes", "headset-key = no", NULL, NULL, "key-HEADSET", PHONE_SKIN_ERROR_FACTS },
    { "lcd-kind = colour", "lcd-kind = mono", NULL, NULL, "lcd-kind", PHONE_SKIN_ERROR_FACTS },
    { "compact = 348", "compact = 3480", NULL, NULL, "compact", PHONE_SKIN_ERROR_FACTS },
    { NULL, NULL, "\"key-OK\"", "\"key-HUGO\"", "key-HUGO", PHONE_SKIN_ERROR_FACTS },
    { NULL, NULL, "id=\"lcd\"", "id=\"lcd2\"", "“lcd” is missing", PHONE_SKIN_ERROR_FACTS },
    { NULL, NULL, "width=\"480\" height=\"272\"", "width=\"0\" height=\"0\"", "“lcd”", PHONE_SKIN_ERROR_FACTS },
    { NULL, NULL, "</svg>", "", "face.svg", PHONE_SKIN_ERROR_SYNTAX },
  };

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *folder
          = copy_face (samples[i].ini_old, samples[i].ini_new, samples[i].svg_old, samples[i].svg_new);
      g_autoptr (GError) error = NULL;

      g_assert_null (phone_skin_load (folder, &error));
      g_assert_error (error, PHONE_SKIN_ERROR, (int)samples[i].code);
      if (strstr (error->message, samples[i].words) == NULL)
        g_error ("“%s” does not have “%s”", error->message, samples[i].words);
      remove_face (folder);
    }
}

static void
test_missing_files (void)
{
  g_autofree char *folder = copy_face (NULL, NULL, NULL, NULL);
  g_autofree char *svg = g_build_filename (folder, "face.svg", NULL);
  g_autoptr (GError) error = NULL;

  g_remove (svg);
  g_assert_null (phone_skin_load (folder, &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE);
  g_clear_error (&error);
  remove_face (folder);
  g_assert_null (phone_skin_load (folder, &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE);
}

/* Colours told by shapes as well: the lit lamps of red and green differ in brightness in their middle. */
static void
test_lamp_shapes (void)
{
  g_autofree char *folder = copy_face ("shapes = no", "shapes = yes", NULL, NULL);
  g_autoptr (GError) error = NULL;
  PhoneSkin *skin = phone_skin_load (folder, &error);
  int light[2];

  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      Picture picture = begin_picture (skin, 1);
      guint32 colour;

      phone_skin_draw_lamp (skin, picture.cr, PHONE_KEY_L1, i == 0 ? PHONE_LAMP_GREEN : PHONE_LAMP_RED);
      colour = pixel (&picture, 490, 166);
      light[i] = channel (colour, 16) + channel (colour, 8) + channel (colour, 0);
      end_picture (&picture);
    }
  g_assert_cmpint (light[0], >, light[1] + 150);
  /* A ring around a key is marked on the ring: the key itself stays as it is. */
  for (PhoneLampColour colour = PHONE_LAMP_GREEN; colour <= PHONE_LAMP_ORANGE; colour++)
    {
      Picture picture = begin_picture (skin, 1);
      PhoneRect cap;

      phone_skin_draw_lamp (skin, picture.cr, PHONE_KEY_MUTE, colour);
      g_assert_true (phone_skin_get_key_rect (skin, PHONE_KEY_MUTE, &cap));
      for (int y = (int)cap.y + 12; y < cap.y + cap.height - 12; y++)
        for (int x = (int)cap.x + 12; x < cap.x + cap.width - 12; x++)
          g_assert_cmphex (pixel (&picture, x, y), ==, 0);
      end_picture (&picture);
    }
  g_assert_finalize_object (skin);
  remove_face (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  face_folder = argv[1];
  g_test_add_func ("/skin/facts", test_facts);
  g_test_add_func ("/skin/hit-areas", test_hit_areas);
  g_test_add_func ("/skin/alignment", test_alignment);
  g_test_add_func ("/skin/shapes-and-views", test_shapes_and_views);
  g_test_add_func ("/skin/pressed-keys", test_pressed_keys);
  g_test_add_func ("/skin/lamps", test_lamps);
  g_test_add_func ("/skin/lamp-shapes", test_lamp_shapes);
  g_test_add_func ("/skin/face", test_face);
  g_test_add_func ("/skin/phone", test_phone);
  g_test_add_func ("/skin/broken", test_broken_skins);
  g_test_add_func ("/skin/missing-files", test_missing_files);
  return g_test_run ();
}
