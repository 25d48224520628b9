/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

#include <string.h>

/* What surrounds the pages: the two bars, the labels of the line keys, popup and volume. */

#define COLUMN 110.0
#define PLATE_HEIGHT 32.0
#define MARGIN 8.0
#define VOLUME_STEPS 15

/* Status icons from right to left: what changes most often stands next to the clock. */
static const PhoneStatusIcons status_order[] = {
  PHONE_STATUS_HANDSET, PHONE_STATUS_HEADSET, PHONE_STATUS_HANDS_FREE, PHONE_STATUS_MUTED,  PHONE_STATUS_HD,   PHONE_STATUS_SECURE,
  PHONE_STATUS_DND,     PHONE_STATUS_FORWARD, PHONE_STATUS_VOICE_MAIL, PHONE_STATUS_MISSED, PHONE_STATUS_AUTO_ANSWER,
  PHONE_STATUS_SILENT,  PHONE_STATUS_LOCKED,  PHONE_STATUS_NO_NETWORK,
};

static PhoneLcdColour
status_colour (PhoneStatusIcons icon)
{
  if (icon & (PHONE_STATUS_DND | PHONE_STATUS_MUTED | PHONE_STATUS_MISSED | PHONE_STATUS_NO_NETWORK))
    return PHONE_LCD_BAD;
  if (icon & PHONE_STATUS_SECURE)
    return PHONE_LCD_GOOD;
  if (icon & (PHONE_STATUS_VOICE_MAIL | PHONE_STATUS_FORWARD))
    return PHONE_LCD_ACCENT_TEXT;
  return PHONE_LCD_TEXT;
}

PhoneLcdColour
phone_lcd_icon_colour (PhoneIcon icon)
{
  switch (icon)
    {
    case PHONE_ICON_LINE_REGISTERED:
    case PHONE_ICON_LINE_TALKING:
    case PHONE_ICON_RECEIVED:
      return PHONE_LCD_GOOD;
    case PHONE_ICON_LINE_REGISTERING:
    case PHONE_ICON_LINE_HELD:
      return PHONE_LCD_WAIT;
    case PHONE_ICON_LINE_FAILED:
    case PHONE_ICON_MISSED:
      return PHONE_LCD_BAD;
    case PHONE_ICON_LINE_CALLING:
    case PHONE_ICON_LINE_RINGING:
    case PHONE_ICON_PLACED:
    case PHONE_ICON_SPEED_DIAL:
    case PHONE_ICON_CONTACT:
    case PHONE_ICON_FORWARDED:
      return PHONE_LCD_ACCENT_TEXT;
    case PHONE_ICON_LINE_OFF:
    case PHONE_ICON_FEATURE:
    case PHONE_ICON_NONE:
    case PHONE_N_ICONS:
      break;
    }
  return PHONE_LCD_TEXT_DIM;
}

/* Returns: where the status icons begin */
static double
add_status (PhoneLcdScene *self, PhoneDisplay *display)
{
  double width = self->geometry.width;
  double clock = g_utf8_strlen (display->time, -1) > 5 ? 66 : 42;
  double x = width - 8 - clock;

  phone_lcd_add_text (self, (PhoneRect){ x, 0, clock, PHONE_LCD_TOP_BAR }, display->time, PHONE_LCD_SMALL,
                      PHONE_LCD_TEXT, PHONE_LCD_END, PHONE_LCD_BOLD | PHONE_LCD_TABULAR);
  x -= 2;
  for (guint i = 0; i < G_N_ELEMENTS (status_order); i++)
    {
      PhoneLcdItem *item;

      if (!(display->icons & status_order[i]))
        continue;
      x -= 20;
      item = phone_lcd_add_item (self, PHONE_LCD_ITEM_STATUS, (PhoneRect){ x + 2, 4, 16, 16 });
      item->icon = status_order[i];
      item->colour = status_colour (status_order[i]);
    }
  return x;
}

static void
add_soft_keys (PhoneLcdScene *self, PhoneDisplay *display)
{
  double field = self->geometry.width / PHONE_SOFT_KEYS;
  double y = self->geometry.height - PHONE_LCD_SOFT_BAR;

  phone_lcd_add_fill (self, (PhoneRect){ 0, y, self->geometry.width, PHONE_LCD_SOFT_BAR }, 0, PHONE_LCD_BAR);
  phone_lcd_add_fill (self, (PhoneRect){ 0, y, self->geometry.width, 1 }, 0, PHONE_LCD_LINE);
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    {
      if (i > 0)
        phone_lcd_add_fill (self, (PhoneRect){ i * field, y + 8, 1, PHONE_LCD_SOFT_BAR - 16 }, 0, PHONE_LCD_LINE);
      phone_lcd_add_text (self, (PhoneRect){ i * field + 6, y, field - 12, PHONE_LCD_SOFT_BAR }, display->softkeys[i],
                          PHONE_LCD_MEDIUM, PHONE_LCD_TEXT, PHONE_LCD_MIDDLE, PHONE_LCD_SOFT_KEY);
    }
}

void
phone_lcd_add_bars (PhoneLcdScene *self, PhoneDisplay *display)
{
  double width = self->geometry.width;
  double status, account, half;

  phone_lcd_add_fill (self, (PhoneRect){ 0, 0, width, PHONE_LCD_TOP_BAR }, 0, PHONE_LCD_BAR);
  status = add_status (self, display);
  account = display->title[0] == '\0' ? status - 16 : MIN (136, status - 16);
  phone_lcd_add_text (self, (PhoneRect){ 8, 0, account, PHONE_LCD_TOP_BAR }, display->account, PHONE_LCD_SMALL,
                      PHONE_LCD_TEXT_DIM, PHONE_LCD_START, 0);
  half = MIN (width / 2 - account - 16, status - 8 - width / 2);
  if (half >= 30)
    phone_lcd_add_text (self, (PhoneRect){ width / 2 - half, 0, 2 * half, PHONE_LCD_TOP_BAR }, display->title,
                        PHONE_LCD_SMALL, PHONE_LCD_TEXT, PHONE_LCD_MIDDLE, PHONE_LCD_BOLD);
  else
    phone_lcd_add_text (self, (PhoneRect){ account + 16, 0, MAX (status - account - 24, 24), PHONE_LCD_TOP_BAR },
                        display->title, PHONE_LCD_SMALL, PHONE_LCD_TEXT, PHONE_LCD_START, PHONE_LCD_BOLD);
  add_soft_keys (self, display);
}

static gboolean
has_label (PhoneDisplay *display, guint i)
{
  return i < display->lines->len && ((PhoneDisplayLine *)g_ptr_array_index (display->lines, i))->label[0] != '\0';
}

static void
add_line (PhoneLcdScene *self, PhoneDisplay *display, guint i)
{
  const PhoneDisplayLine *line = g_ptr_array_index (display->lines, i);
  gboolean left = self->geometry.line_left[i];
  double edge = left ? 0 : self->geometry.width;
  double y = self->geometry.line_y[i] - PLATE_HEIGHT / 2;
  gboolean rings = line->icon == PHONE_ICON_LINE_RINGING;
  PhoneRect plate = { left ? -8 : edge - COLUMN, y, COLUMN + 8, PLATE_HEIGHT };
  PhoneRect icon = { left ? 8 : edge - 24, y + (PLATE_HEIGHT - 16) / 2, 16, 16 };
  PhoneRect text = { left ? 30 : edge - COLUMN + 6, y, COLUMN - 36, PLATE_HEIGHT };

  phone_lcd_add_fill (self, plate, 8, rings ? PHONE_LCD_ACCENT : PHONE_LCD_PLATE);
  phone_lcd_add_icon (self, icon, line->icon, rings ? PHONE_LCD_ON_ACCENT : phone_lcd_icon_colour (line->icon));
  phone_lcd_add_text (self, text, line->label, PHONE_LCD_SMALL,
                      rings                               ? PHONE_LCD_ON_ACCENT
                      : line->icon == PHONE_ICON_LINE_OFF ? PHONE_LCD_TEXT_DIM
                                                          : PHONE_LCD_TEXT,
                      left ? PHONE_LCD_START : PHONE_LCD_END, line->is_default || rings ? PHONE_LCD_BOLD : 0);
}

void
phone_lcd_add_lines (PhoneLcdScene *self, PhoneDisplay *display)
{
  for (guint i = 0; i < self->geometry.n_lines; i++)
    if (has_label (display, i))
      add_line (self, display, i);
}

PhoneRect
phone_lcd_middle (const PhoneLcdScene *self, PhoneDisplay *display)
{
  double left = MARGIN;
  double right = self->geometry.width - MARGIN;

  for (guint i = 0; i < self->geometry.n_lines; i++)
    {
      if (!has_label (display, i))
        continue;
      if (self->geometry.line_left[i])
        left = COLUMN + MARGIN;
      else
        right = self->geometry.width - COLUMN - MARGIN;
    }
  return (PhoneRect){ left, PHONE_LCD_TOP_BAR, right - left,
                      self->geometry.height - PHONE_LCD_TOP_BAR - PHONE_LCD_SOFT_BAR };
}

static void
add_volume (PhoneLcdScene *self, PhoneDisplay *display)
{
  double width = 300;
  PhoneRect card = { (self->geometry.width - width) / 2, self->geometry.height - PHONE_LCD_SOFT_BAR - 62, width, 54 };
  double step = (width - 32 + 3) / VOLUME_STEPS;
  g_autofree char *number = g_strdup_printf ("%d", display->volume);
  PhoneLcdItem *label;

  phone_lcd_add_fill (self, card, 10, PHONE_LCD_CARD);
  phone_lcd_add_frame (self, card, 10, PHONE_LCD_LINE);
  label = phone_lcd_add_text (self, (PhoneRect){ card.x + 16, card.y + 6, width - 80, 22 }, display->volume_label,
                              PHONE_LCD_SMALL, PHONE_LCD_TEXT, PHONE_LCD_START, PHONE_LCD_BOLD);
  label->spoken = g_strdup_printf ("%s %d", display->volume_label, display->volume);
  phone_lcd_add_text (self, (PhoneRect){ card.x + width - 56, card.y + 6, 40, 22 }, number, PHONE_LCD_SMALL,
                      PHONE_LCD_TEXT, PHONE_LCD_END, PHONE_LCD_BOLD | PHONE_LCD_TABULAR | PHONE_LCD_SILENT);
  for (int i = 0; i < VOLUME_STEPS; i++)
    phone_lcd_add_fill (self, (PhoneRect){ card.x + 16 + i * step, card.y + 32, step - 3, 10 }, 2,
                        i < display->volume ? PHONE_LCD_ACCENT_TEXT : PHONE_LCD_LINE);
}

void
phone_lcd_add_overlays (PhoneLcdScene *self, PhoneDisplay *display)
{
  if (display->volume >= 0)
    add_volume (self, display);
  if (display->popup[0] != '\0')
    {
      double top = PHONE_LCD_TOP_BAR;
      double height = self->geometry.height - PHONE_LCD_TOP_BAR - PHONE_LCD_SOFT_BAR;
      PhoneRect card = { self->geometry.width / 2 - 160, top + height / 2 - 40, 320, 80 };

      phone_lcd_add_fill (self, (PhoneRect){ 0, top, self->geometry.width, height }, 0, PHONE_LCD_SHADE);
      phone_lcd_add_fill (self, card, 12, PHONE_LCD_CARD);
      phone_lcd_add_frame (self, card, 12, PHONE_LCD_ACCENT_TEXT);
      phone_lcd_add_text (self, (PhoneRect){ card.x + 16, card.y + 6, card.width - 32, card.height - 12 },
                          display->popup, PHONE_LCD_MEDIUM, PHONE_LCD_TEXT, PHONE_LCD_MIDDLE,
                          PHONE_LCD_BOLD | PHONE_LCD_WRAP);
    }
}
