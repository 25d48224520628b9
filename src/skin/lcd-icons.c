/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

#include <math.h>

/*
 * The icons of the LCD. Each is drawn by hand in a box of 16 units around 0 0, with lines of 1.6 units, in the source
 * colour alone.
 */

#define PEN 1.6

static void
begin (cairo_t *cr)
{
  cairo_new_path (cr);
  cairo_set_line_width (cr, PEN);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
}

static void
line (cairo_t *cr, double x1, double y1, double x2, double y2)
{
  cairo_move_to (cr, x1, y1);
  cairo_line_to (cr, x2, y2);
  cairo_stroke (cr);
}

static void
disc (cairo_t *cr, double x, double y, double r)
{
  cairo_new_path (cr);
  cairo_arc (cr, x, y, r, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
ring (cairo_t *cr, double x, double y, double r)
{
  cairo_new_path (cr);
  cairo_arc (cr, x, y, r, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static void
box (cairo_t *cr, double x, double y, double width, double height, double r)
{
  cairo_new_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI / 2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

/* A handset lying on its back, turned by @angle: two ends and a bow between them. */
static void
handset (cairo_t *cr, double angle, double size)
{
  cairo_save (cr);
  cairo_rotate (cr, angle);
  cairo_scale (cr, size, size);
  cairo_new_path (cr);
  cairo_move_to (cr, -6.8, -0.6);
  cairo_curve_to (cr, -6.8, -4.6, 6.8, -4.6, 6.8, -0.6);
  cairo_line_to (cr, 6.8, 1.4);
  cairo_curve_to (cr, 6.8, 2.4, 6.0, 2.8, 5.2, 2.6);
  cairo_line_to (cr, 3.4, 2.1);
  cairo_curve_to (cr, 2.6, 1.9, 2.4, 1.2, 2.4, 0.2);
  cairo_curve_to (cr, 2.4, -0.8, 1.4, -1.1, 0, -1.1);
  cairo_curve_to (cr, -1.4, -1.1, -2.4, -0.8, -2.4, 0.2);
  cairo_curve_to (cr, -2.4, 1.2, -2.6, 1.9, -3.4, 2.1);
  cairo_line_to (cr, -5.2, 2.6);
  cairo_curve_to (cr, -6.0, 2.8, -6.8, 2.4, -6.8, 1.4);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

static void
waves (cairo_t *cr, double x, double y, double from, double to)
{
  for (int i = 0; i < 2; i++)
    {
      cairo_new_path (cr);
      cairo_arc (cr, x, y, 3.2 + i * 3.0, from, to);
      cairo_stroke (cr);
    }
}

static void
arrow (cairo_t *cr, double x1, double y1, double x2, double y2, double head)
{
  double angle = atan2 (y2 - y1, x2 - x1);

  line (cr, x1, y1, x2, y2);
  cairo_move_to (cr, x2 - head * cos (angle - 0.75), y2 - head * sin (angle - 0.75));
  cairo_line_to (cr, x2, y2);
  cairo_line_to (cr, x2 - head * cos (angle + 0.75), y2 - head * sin (angle + 0.75));
  cairo_stroke (cr);
}

static void
desk_phone (cairo_t *cr)
{
  cairo_save (cr);
  cairo_translate (cr, 0, -3.2);
  handset (cr, 0, 1.05);
  cairo_restore (cr);
  cairo_new_path (cr);
  cairo_move_to (cr, -3.0, 0.2);
  cairo_line_to (cr, 3.0, 0.2);
  cairo_line_to (cr, 6.2, 4.2);
  cairo_line_to (cr, 6.2, 6.4);
  cairo_line_to (cr, -6.2, 6.4);
  cairo_line_to (cr, -6.2, 4.2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
bars (cairo_t *cr)
{
  box (cr, -4.6, -5.6, 3.2, 11.2, 0.9);
  cairo_fill (cr);
  box (cr, 1.4, -5.6, 3.2, 11.2, 0.9);
  cairo_fill (cr);
}

static void
person (cairo_t *cr)
{
  disc (cr, 0, -3.2, 3.1);
  cairo_new_path (cr);
  cairo_arc (cr, 0, 6.6, 5.8, G_PI, 2 * G_PI);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
line_ring_out (cairo_t *cr)
{
  cairo_save (cr);
  cairo_translate (cr, -1.4, 1.6);
  handset (cr, -2.3, 0.9);
  cairo_restore (cr);
  arrow (cr, 1.6, -1.8, 6.4, -6.4, 3.6);
}

static void
line_rings (cairo_t *cr)
{
  cairo_save (cr);
  cairo_translate (cr, 0, 3.0);
  handset (cr, 0, 1.0);
  cairo_restore (cr);
  waves (cr, 0, 2.2, -G_PI * 0.75, -G_PI * 0.25);
}

static void
line_talks (cairo_t *cr)
{
  cairo_save (cr);
  cairo_translate (cr, -1.6, 1.6);
  handset (cr, -2.3, 0.95);
  cairo_restore (cr);
  cairo_set_line_width (cr, 1.5);
  waves (cr, -1.2, 1.2, -G_PI * 0.46, -G_PI * 0.04);
}

/* Comes, and goes again. */
static void
bent_arrow (cairo_t *cr)
{
  cairo_move_to (cr, -6.2, -3.4);
  cairo_line_to (cr, 0, 2.8);
  cairo_line_to (cr, 6.2, -3.4);
  cairo_stroke (cr);
  cairo_move_to (cr, -6.2, 0.6);
  cairo_line_to (cr, -6.2, -3.4);
  cairo_line_to (cr, -2.2, -3.4);
  cairo_stroke (cr);
}

static void
turned_arrow (cairo_t *cr)
{
  cairo_move_to (cr, -6.2, 4.6);
  cairo_curve_to (cr, -6.2, -1.0, -3.0, -2.0, 0, -2.0);
  cairo_stroke (cr);
  arrow (cr, -0.6, -2.0, 6.2, -2.0, 5.0);
}

void
phone_lcd_draw_icon (cairo_t *cr, PhoneIcon icon)
{
  begin (cr);
  switch (icon)
    {
    case PHONE_ICON_NONE:
    case PHONE_N_ICONS:
      break;
    case PHONE_ICON_LINE_OFF:
      ring (cr, 0, 0, 5.2);
      line (cr, -3.6, 3.6, 3.6, -3.6);
      break;
    case PHONE_ICON_LINE_REGISTERING:
      for (int i = -1; i <= 1; i++)
        disc (cr, i * 4.8, 0, 1.7);
      break;
    case PHONE_ICON_LINE_REGISTERED:
      desk_phone (cr);
      break;
    case PHONE_ICON_LINE_FAILED:
      ring (cr, 0, 0, 6.2);
      line (cr, 0, -3.2, 0, 0.6);
      disc (cr, 0, 3.3, 1.1);
      break;
    case PHONE_ICON_LINE_CALLING:
      line_ring_out (cr);
      break;
    case PHONE_ICON_LINE_RINGING:
      line_rings (cr);
      break;
    case PHONE_ICON_LINE_TALKING:
      line_talks (cr);
      break;
    case PHONE_ICON_LINE_HELD:
      bars (cr);
      break;
    case PHONE_ICON_SPEED_DIAL:
      for (int i = 0; i < 9; i++)
        disc (cr, (i % 3 - 1) * 4.6, (i / 3 - 1) * 4.6, 1.5);
      break;
    case PHONE_ICON_FEATURE:
      box (cr, -5.6, -5.6, 11.2, 11.2, 2.6);
      cairo_stroke (cr);
      disc (cr, 0, 0, 2.2);
      break;
    case PHONE_ICON_PLACED:
      arrow (cr, -5.2, 5.2, 5.0, -5.0, 6.4);
      break;
    case PHONE_ICON_RECEIVED:
      arrow (cr, 5.2, -5.2, -5.0, 5.0, 6.4);
      break;
    case PHONE_ICON_MISSED:
      bent_arrow (cr);
      break;
    case PHONE_ICON_FORWARDED:
      turned_arrow (cr);
      break;
    case PHONE_ICON_CONTACT:
      person (cr);
      break;
    }
}

static void
loudspeaker (cairo_t *cr)
{
  cairo_new_path (cr);
  cairo_move_to (cr, -7.0, -2.2);
  cairo_line_to (cr, -4.0, -2.2);
  cairo_line_to (cr, 0.2, -5.8);
  cairo_line_to (cr, 0.2, 5.8);
  cairo_line_to (cr, -4.0, 2.2);
  cairo_line_to (cr, -7.0, 2.2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
headset (cairo_t *cr)
{
  cairo_new_path (cr);
  cairo_arc (cr, 0, 0.4, 5.6, G_PI, 2 * G_PI);
  cairo_stroke (cr);
  box (cr, -7.2, 0.2, 3.4, 5.4, 1.4);
  cairo_fill (cr);
  box (cr, 3.8, 0.2, 3.4, 5.4, 1.4);
  cairo_fill (cr);
  cairo_move_to (cr, 5.6, 5.4);
  cairo_curve_to (cr, 5.4, 7.0, 3.6, 7.2, 1.6, 7.2);
  cairo_stroke (cr);
}

static void
microphone_off (cairo_t *cr)
{
  box (cr, -2.2, -7.0, 4.4, 8.6, 2.2);
  cairo_fill (cr);
  cairo_new_path (cr);
  cairo_arc (cr, 0, -0.6, 4.6, 0, G_PI);
  cairo_stroke (cr);
  line (cr, 0, 4.0, 0, 6.8);
  line (cr, -2.6, 6.8, 2.6, 6.8);
  cairo_save (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_set_line_width (cr, 4.2);
  line (cr, -6.0, -6.4, 6.0, 6.4);
  cairo_restore (cr);
  line (cr, -6.0, -6.4, 6.0, 6.4);
}

static void
letter_box (cairo_t *cr)
{
  /* The tape of an answering machine: two reels and the tape below them. */
  ring (cr, -4.0, 0, 2.9);
  ring (cr, 4.0, 0, 2.9);
  line (cr, -4.0, 2.9, 4.0, 2.9);
}

static void
padlock (cairo_t *cr)
{
  box (cr, -5.0, -0.8, 10.0, 7.6, 1.4);
  cairo_fill (cr);
  cairo_new_path (cr);
  cairo_arc (cr, 0, -2.6, 3.2, G_PI, 2 * G_PI);
  cairo_line_to (cr, 3.2, -0.8);
  cairo_move_to (cr, -3.2, -2.6);
  cairo_line_to (cr, -3.2, -0.8);
  cairo_stroke (cr);
}

/* As the padlock of the keys, with a keyhole. */
static void
padlock_with_keyhole (cairo_t *cr)
{
  padlock (cr);
  cairo_save (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  disc (cr, 0, 2.2, 1.3);
  line (cr, 0, 2.2, 0, 4.6);
  cairo_restore (cr);
}

/* "HD" in a frame, as lines, so that no font is asked for two letters. */
static void
high_definition (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.3);
  box (cr, -7.4, -5.4, 14.8, 10.8, 2.2);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 1.5);
  line (cr, -4.8, -2.6, -4.8, 2.6);
  line (cr, -1.4, -2.6, -1.4, 2.6);
  line (cr, -4.8, 0, -1.4, 0);
  cairo_move_to (cr, 1.4, -2.6);
  cairo_line_to (cr, 1.4, 2.6);
  cairo_line_to (cr, 2.4, 2.6);
  cairo_curve_to (cr, 5.6, 2.6, 5.6, -2.6, 2.4, -2.6);
  cairo_close_path (cr);
  cairo_stroke (cr);
}

static void
bell_off (cairo_t *cr)
{
  cairo_new_path (cr);
  cairo_move_to (cr, -5.2, 3.6);
  cairo_curve_to (cr, -3.4, 2.0, -4.4, -5.8, 0, -5.8);
  cairo_curve_to (cr, 4.4, -5.8, 3.4, 2.0, 5.2, 3.6);
  cairo_close_path (cr);
  cairo_fill (cr);
  disc (cr, 0, 5.6, 1.5);
  cairo_save (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_set_line_width (cr, 4.2);
  line (cr, -6.0, -6.0, 6.0, 6.0);
  cairo_restore (cr);
  line (cr, -6.0, -6.0, 6.0, 6.0);
}

static void
no_network (cairo_t *cr)
{
  box (cr, -6.0, -6.2, 12.0, 8.0, 1.4);
  cairo_stroke (cr);
  line (cr, 0, 1.8, 0, 5.8);
  line (cr, -4.0, 5.8, 4.0, 5.8);
  line (cr, -2.0, -4.2, 2.0, -0.2);
  line (cr, 2.0, -4.2, -2.0, -0.2);
}

static void
no_entry (cairo_t *cr)
{
  disc (cr, 0, 0, 6.8);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_set_line_width (cr, 2.2);
  line (cr, -3.6, 0, 3.6, 0);
}

static void
draw_status (cairo_t *cr, PhoneStatusIcons one_bit)
{
  switch (one_bit)
    {
    case PHONE_STATUS_DND:
      no_entry (cr);
      break;
    case PHONE_STATUS_FORWARD:
      phone_lcd_draw_icon (cr, PHONE_ICON_FORWARDED);
      break;
    case PHONE_STATUS_VOICE_MAIL:
      letter_box (cr);
      break;
    case PHONE_STATUS_MISSED:
      phone_lcd_draw_icon (cr, PHONE_ICON_MISSED);
      break;
    case PHONE_STATUS_MUTED:
      microphone_off (cr);
      break;
    case PHONE_STATUS_LOCKED:
      padlock (cr);
      break;
    case PHONE_STATUS_HD:
      high_definition (cr);
      break;
    case PHONE_STATUS_HANDSET:
      handset (cr, -2.3, 1.05);
      break;
    case PHONE_STATUS_HEADSET:
      headset (cr);
      break;
    case PHONE_STATUS_HANDS_FREE:
      loudspeaker (cr);
      waves (cr, 0.4, 0, -G_PI * 0.25, G_PI * 0.25);
      break;
    case PHONE_STATUS_SILENT:
      bell_off (cr);
      break;
    case PHONE_STATUS_AUTO_ANSWER:
      cairo_save (cr);
      cairo_translate (cr, 0, 3.4);
      handset (cr, 0, 0.95);
      cairo_restore (cr);
      arrow (cr, 0, -7.0, 0, -1.2, 4.2);
      break;
    case PHONE_STATUS_SECURE:
      padlock_with_keyhole (cr);
      break;
    case PHONE_STATUS_NO_NETWORK:
      no_network (cr);
      break;
    }
}

void
phone_lcd_draw_status (cairo_t *cr, PhoneStatusIcons one_bit)
{
  /* In a group of its own, because some icons cut lines out of what they drew. */
  cairo_save (cr);
  cairo_rectangle (cr, -9, -9, 18, 18);
  cairo_clip (cr);
  begin (cr);
  cairo_push_group (cr);
  begin (cr);
  draw_status (cr, one_bit);
  cairo_pop_group_to_source (cr);
  cairo_paint (cr);
  cairo_restore (cr);
}
