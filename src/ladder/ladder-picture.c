/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "ladder-picture.h"

#include "texts.h"
#include "trace-message.h"

#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>

#define MARGIN_RIGHT 90.0
#define ARROW 7.0
#define HEAD 34.0
/* From an arrow's label to the lower end of its step. */
#define LABEL_ROOM 11.0
/* cairo draws no larger picture. */
#define MAX_HEIGHT 32000

typedef enum { INK_TEXT, INK_DIM, INK_LINE, INK_REQUEST, INK_PROGRESS, INK_SUCCESS, INK_FAILURE, N_INKS } Ink;

/* Readable on paper and on a dark window; failure and success differ in more than hue: failures are marked as well. */
static const char *const inks[2][N_INKS] = {
  { "#1d1d20", "#6b6b70", "#b9b9bf", "#1a5fb4", "#63636a", "#1f7a3d", "#c01c28" },
  { "#f2f2f4", "#a5a5ac", "#5a5a62", "#78aeed", "#b8b8c0", "#6fd08c", "#ff8b86" },
};

static void
set_ink (cairo_t  *cr,
         Ink       ink,
         gboolean  dark)
{
  GdkRGBA colour;

  gdk_rgba_parse (&colour, inks[dark ? 1 : 0][ink]);
  gdk_cairo_set_source_rgba (cr, &colour);
}

static Ink
get_ink (const PhoneTraceStep *step)
{
  guint status = phone_trace_message_get_status (step->record->text, step->record->length);

  if (step->error)
    return INK_FAILURE;
  if (status == 0)
    return INK_REQUEST;
  return status < 200 ? INK_PROGRESS : INK_SUCCESS;
}

typedef enum { LEFT, CENTRE, RIGHT } Side;

static PangoLayout *
make_layout (cairo_t    *cr,
             const char *text,
             gboolean    bold)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (bold ? "Sans Bold 9" : "Sans 9");

  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);

  return layout;
}

/* @x: the left edge, the middle or the right edge; the text is cut where it would be wider than @width. */
static void
draw_text (cairo_t    *cr,
           const char *text,
           double      x,
           double      y,
           double      width,
           Side        side,
           gboolean    bold)
{
  g_autoptr (PangoLayout) layout = make_layout (cr, text, bold);
  int w, h;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (MAX (width, 10) * PANGO_SCALE));
  pango_layout_get_pixel_size (layout, &w, &h);
  pango_layout_set_width (layout, (int) (MIN (MAX (width, 10), w + 1) * PANGO_SCALE));
  cairo_move_to (cr, side == LEFT ? x : side == CENTRE ? x - w / 2.0 : x - w, y - h / 2.0);
  pango_cairo_show_layout (cr, layout);
}

static double
get_x (guint  column,
       guint  n_columns,
       double width)
{
  double free = width - PHONE_LADDER_MARGIN - MARGIN_RIGHT;

  return floor (PHONE_LADDER_MARGIN + 70 + (free - 70) * column / MAX (n_columns - 1, 1)) + 0.5;
}

/* Where a step's label is. */
typedef struct {
  double middle;
  double width;
} Label;

/* It may be longer than its arrow, as far as there is nothing else beside it. */
static Label
place_label (cairo_t              *cr,
             const PhoneTraceStep *step,
             guint                 n_columns,
             double                width)
{
  g_autoptr (PangoLayout) layout = make_layout (cr, step->label, FALSE);
  Label label = { (get_x (step->from, n_columns, width) + get_x (step->to, n_columns, width)) / 2, 0 };
  double right = get_x (n_columns - 1, n_columns, width) + 4;
  int w;

  pango_layout_get_pixel_size (layout, &w, NULL);
  label.width = MIN (w + 1, 2 * MIN (label.middle - PHONE_LADDER_MARGIN, right - label.middle));

  return label;
}

/* @label: (nullable): the columns leave room for it */
static void
draw_columns (cairo_t     *cr,
              const Label *label,
              guint        n_columns,
              double       width,
              double       top,
              double       bottom,
              gboolean     dark)
{
  set_ink (cr, INK_LINE, dark);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, NULL, 0, 0);
  for (guint i = 0; i < n_columns; i++)
    {
      double x = get_x (i, n_columns, width);
      gboolean crossed = label && fabs (x - label->middle) < label->width / 2 + 2;

      cairo_move_to (cr, x, crossed ? bottom - LABEL_ROOM : top);
      cairo_line_to (cr, x, bottom);
    }
  cairo_stroke (cr);
}

static const char *
get_column_name (const PhoneTraceLadder *ladder,
                 guint                   i)
{
  const char *name = ladder->columns->pdata[i];

  return g_str_equal (name, PHONE_TRACE_THIS_PHONE) ? _("This phone") : name;
}

/**
 * phone_ladder_get_least_width:
 * Returns: pixels below which a ladder on the screen cannot be read; with many columns labels are cut before they scroll away
 */
int
phone_ladder_get_least_width (guint n_columns)
{
  int distance = n_columns > 2 ? 120 : PHONE_LADDER_COLUMN;

  return PHONE_LADDER_MARGIN + (int) MARGIN_RIGHT + 70 + distance * (int) (MAX (n_columns, 2) - 1);
}

/**
 * phone_ladder_draw_head:
 *
 * The names of the columns, at the origin of @cr.
 */
void
phone_ladder_draw_head (cairo_t                *cr,
                        const PhoneTraceLadder *ladder,
                        double                  width,
                        gboolean                dark)
{
  guint n = ladder->columns->len;

  set_ink (cr, INK_TEXT, dark);
  for (guint i = 0; i < n; i++)
    draw_text (cr, get_column_name (ladder, i), get_x (i, n, width), HEAD / 2, PHONE_LADDER_COLUMN - 20, CENTRE, TRUE);
  draw_columns (cr, NULL, n, width, HEAD - 4, HEAD, dark);
}

static void
draw_arrow (cairo_t              *cr,
            const PhoneTraceStep *step,
            double                from,
            double                to,
            double                y)
{
  static const double dashes[] = { 5, 4 };
  double back = to > from ? -ARROW : ARROW;

  cairo_set_line_width (cr, 1.4);
  cairo_set_dash (cr, dashes, step->again ? G_N_ELEMENTS (dashes) : 0, 0);
  cairo_move_to (cr, from, y);
  cairo_line_to (cr, to + back / 2, y);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_move_to (cr, to, y);
  cairo_line_to (cr, to + back, y - ARROW / 2);
  cairo_line_to (cr, to + back, y + ARROW / 2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static char *
dup_mark (const PhoneTraceStep *step)
{
  if (step->record->failed)
    /* Translators: beside a message of the call ladder that could not be sent */
    return g_strdup (_("not sent"));
  if (step->again)
    /* Translators: beside a message of the call ladder that was sent again */
    return g_strdup (_("again"));
  if (step->gap)
    /* Translators: beside a message of the call ladder: seconds since the one before */
    return g_strdup_printf (_("after %.1f s"), (double) step->since_us / G_USEC_PER_SEC);
  return g_strdup (step->error ? "!" : "");
}

/**
 * phone_ladder_draw_step:
 * @n_columns: of the ladder
 * @width: of the ladder
 *
 * One step, %PHONE_LADDER_HEIGHT high, at the origin of @cr.
 */
void
phone_ladder_draw_step (cairo_t              *cr,
                        const PhoneTraceStep *step,
                        guint                 n_columns,
                        double                width,
                        gboolean              dark)
{
  g_autofree char *number = g_strdup_printf ("F%u", step->number);
  g_autofree char *time = g_strdup_printf ("%.3f", (double) step->at_us / G_USEC_PER_SEC);
  g_autofree char *mark = dup_mark (step);
  double from = get_x (step->from, n_columns, width);
  double to = get_x (step->to, n_columns, width);
  Label label = place_label (cr, step, n_columns, width);
  Ink ink = get_ink (step);

  draw_columns (cr, &label, n_columns, width, 0, PHONE_LADDER_HEIGHT, dark);
  set_ink (cr, INK_TEXT, dark);
  draw_text (cr, number, 12, PHONE_LADDER_HEIGHT / 2.0, 44, LEFT, TRUE);
  set_ink (cr, INK_DIM, dark);
  draw_text (cr, time, PHONE_LADDER_MARGIN - 14, PHONE_LADDER_HEIGHT / 2.0, 70, RIGHT, FALSE);
  set_ink (cr, ink, dark);
  draw_text (cr, step->label, label.middle, PHONE_LADDER_HEIGHT / 2.0 - 5, label.width, CENTRE, FALSE);
  draw_arrow (cr, step, from, to, PHONE_LADDER_HEIGHT - 6.5);
  set_ink (cr, step->error ? INK_FAILURE : INK_DIM, dark);
  draw_text (cr, mark, get_x (n_columns - 1, n_columns, width) + 10, PHONE_LADDER_HEIGHT / 2.0, MARGIN_RIGHT - 14, LEFT, step->error);
}

static void
draw_all (cairo_t                *cr,
          const PhoneTraceLadder *ladder,
          double                  width,
          double                  height)
{
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  phone_ladder_draw_head (cr, ladder, width, FALSE);
  cairo_translate (cr, 0, HEAD);
  for (guint i = 0; i < ladder->steps->len && (i + 1) * PHONE_LADDER_HEIGHT <= height; i++)
    {
      phone_ladder_draw_step (cr, ladder->steps->pdata[i], MAX (ladder->columns->len, 2), width, FALSE);
      cairo_translate (cr, 0, PHONE_LADDER_HEIGHT);
    }
}

static gboolean
check (cairo_status_t   status,
       const char      *path,
       GError         **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path, cairo_status_to_string (status));
  return FALSE;
}

/**
 * phone_ladder_write:
 * @path: ends with .png for pixels, twice as many; everything else is SVG
 *
 * The ladder as a picture on white. A PNG of a very long one stops where cairo does.
 */
gboolean
phone_ladder_write (const PhoneTraceLadder  *ladder,
                    const char              *path,
                    GError                 **error)
{
  gboolean png = g_str_has_suffix (path, ".png");
  double scale = png ? 2 : 1;
  double width = PHONE_LADDER_MARGIN + MARGIN_RIGHT + 70 + PHONE_LADDER_COLUMN * (double) (MAX (ladder->columns->len, 2) - 1);
  double height = HEAD + 10 + PHONE_LADDER_HEIGHT * (double) ladder->steps->len;
  cairo_surface_t *surface;
  cairo_t *cr;
  cairo_status_t status;

  if (png)
    height = MIN (height, MAX_HEIGHT / scale);
  surface = png ? cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (width * scale), (int) (height * scale))
                : cairo_svg_surface_create (path, width, height);
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  draw_all (cr, ladder, width, height);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (png && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png (surface, path);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  return check (status, path, error);
}
