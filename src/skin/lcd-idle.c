/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

/* Idle page: a large clock and the date between the labels of the line keys; below them what is new. */

#define MOST_ROWS 3

static void
add_notice_rows (PhoneLcdScene *self, PhoneDisplay *display, PhoneRect middle, double y)
{
  guint n = MIN (display->rows->len, MOST_ROWS);
  PhoneRect card = { middle.x, y, middle.width, n * 26 + 8 };

  phone_lcd_add_fill (self, card, 10, PHONE_LCD_PLATE);
  for (guint i = 0; i < n; i++)
    {
      const PhoneDisplayRow *row = g_ptr_array_index (display->rows, i);
      PhoneRect box = { card.x + 4, card.y + 4 + i * 26, card.width - 8, 26 };
      PhoneLcdColour colour = row->selected ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT;
      double left = row->icon != PHONE_ICON_NONE ? 30 : 10;
      double value = row->value[0] != '\0' ? 60 : 0;
      PhoneLcdFlags flags = PHONE_LCD_FOCUSABLE | (row->selected ? PHONE_LCD_SELECTED : 0);

      if (row->selected)
        phone_lcd_add_fill (self, box, 7, PHONE_LCD_ACCENT);
      if (row->icon != PHONE_ICON_NONE)
        phone_lcd_add_icon (self, (PhoneRect){ box.x + 8, box.y + 5, 16, 16 }, row->icon,
                            row->selected ? PHONE_LCD_ON_ACCENT : phone_lcd_icon_colour (row->icon));
      phone_lcd_add_text (self, (PhoneRect){ box.x + left, box.y, box.width - left - 10 - value, box.height },
                          row->text, PHONE_LCD_SMALL, colour, PHONE_LCD_START, flags)
          ->target
          = box;
      if (value > 0)
        phone_lcd_add_text (self, (PhoneRect){ box.x + box.width - 10 - value, box.y, value, box.height }, row->value,
                            PHONE_LCD_SMALL, colour, PHONE_LCD_END, PHONE_LCD_TABULAR);
    }
}

static void
add_notice (PhoneLcdScene *self, PhoneDisplay *display, PhoneRect middle, double y)
{
  PhoneRect pill = { middle.x + 4, y, middle.width - 8, 28 };

  phone_lcd_add_fill (self, pill, 14, PHONE_LCD_PLATE);
  phone_lcd_add_text (self, (PhoneRect){ pill.x + 12, pill.y, pill.width - 24, pill.height }, display->notice,
                      PHONE_LCD_SMALL, PHONE_LCD_ACCENT_TEXT, PHONE_LCD_MIDDLE, PHONE_LCD_BOLD);
}

void
phone_lcd_add_idle (PhoneLcdScene *self, PhoneDisplay *display)
{
  double width = 240;
  /* Always in the middle of the display: a clock that moves when a label comes is not calm. */
  PhoneRect middle = { (self->geometry.width - width) / 2, PHONE_LCD_TOP_BAR, width,
                       self->geometry.height - PHONE_LCD_TOP_BAR - PHONE_LCD_SOFT_BAR };
  gboolean rows = display->rows->len > 0;
  gboolean notice = display->notice[0] != '\0';
  double y = middle.y + (rows ? 22 : notice ? 52 : 68);

  phone_lcd_add_lines (self, display);
  phone_lcd_add_text (self, (PhoneRect){ middle.x, y, middle.width, 44 }, display->time, PHONE_LCD_HUGE, PHONE_LCD_TEXT,
                      PHONE_LCD_MIDDLE, PHONE_LCD_BOLD | PHONE_LCD_TABULAR | PHONE_LCD_SILENT);
  phone_lcd_add_text (self, (PhoneRect){ middle.x, y + 44, middle.width, 26 }, display->date, PHONE_LCD_MEDIUM,
                      PHONE_LCD_TEXT, PHONE_LCD_MIDDLE, 0);
  y += 82;
  if (notice)
    {
      add_notice (self, display, middle, y);
      y += 34;
    }
  if (rows)
    add_notice_rows (self, display, middle, y);
}
