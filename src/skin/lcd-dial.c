/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

/* Dial page: the number in large figures with its cursor, and below what the phone knows that matches. */

#define ROW_HEIGHT 30.0

static void
add_number (PhoneLcdScene *self, PhoneDisplay *display, PhoneRect field)
{
  gboolean empty = display->edit_text[0] == '\0';
  double mode = display->edit_mode[0] != '\0' ? 40 : 0;
  PhoneRect box = { field.x + 12, field.y, field.width - 24 - mode, field.height };
  PhoneLcdItem *item;

  phone_lcd_add_fill (self, field, 10, PHONE_LCD_CARD);
  phone_lcd_add_fill (self, (PhoneRect){ field.x + 10, field.y + field.height - 2, field.width - 20, 2 }, 1,
                      PHONE_LCD_ACCENT_TEXT);
  if (empty && display->edit_hint[0] != '\0')
    phone_lcd_add_text (self, (PhoneRect){ box.x + 8, box.y, box.width - 8, box.height }, display->edit_hint,
                        PHONE_LCD_MEDIUM, PHONE_LCD_TEXT_DIM, PHONE_LCD_START, 0);
  item = phone_lcd_add_text (self, box, display->edit_text, PHONE_LCD_HUGE, PHONE_LCD_TEXT, PHONE_LCD_START,
                             PHONE_LCD_CURSOR | PHONE_LCD_SHRINK | PHONE_LCD_TABULAR);
  item->cursor = display->edit_cursor;
  if (mode > 0)
    {
      PhoneRect mark = { field.x + field.width - mode - 4, field.y + field.height / 2 - 10, 36, 20 };

      phone_lcd_add_frame (self, mark, 5, PHONE_LCD_TEXT_DIM);
      phone_lcd_add_text (self, mark, display->edit_mode, PHONE_LCD_SMALL, PHONE_LCD_TEXT_DIM, PHONE_LCD_MIDDLE, 0);
    }
}

static void
add_match (PhoneLcdScene *self, PhoneRect box, const PhoneDisplayRow *row)
{
  PhoneLcdColour text = row->selected ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT;
  PhoneLcdColour dim = row->selected ? PHONE_LCD_ON_ACCENT_DIM : PHONE_LCD_TEXT_DIM;
  double value = MIN (phone_lcd_estimate_width (row->value, PHONE_LCD_SMALL), box.width * 0.42);

  if (row->selected)
    phone_lcd_add_fill (self, box, 7, PHONE_LCD_ACCENT);
  phone_lcd_add_icon (self, (PhoneRect){ box.x + 8, box.y + (box.height - 16) / 2, 16, 16 }, row->icon,
                      row->selected ? PHONE_LCD_ON_ACCENT : phone_lcd_icon_colour (row->icon));
  phone_lcd_add_text (self, (PhoneRect){ box.x + 30, box.y, box.width - 42 - value, box.height }, row->text,
                      PHONE_LCD_MEDIUM, text, PHONE_LCD_START,
                      PHONE_LCD_FOCUSABLE | (row->selected ? PHONE_LCD_SELECTED : 0))
      ->target
      = box;
  if (value > 0)
    phone_lcd_add_text (self, (PhoneRect){ box.x + box.width - value - 8, box.y, value, box.height }, row->value,
                        PHONE_LCD_SMALL, dim, PHONE_LCD_END, PHONE_LCD_TABULAR);
}

static guint
first_visible (PhoneDisplay *display, guint fit)
{
  guint n = display->rows->len;

  for (guint i = 0; i < n; i++)
    if (((PhoneDisplayRow *)g_ptr_array_index (display->rows, i))->selected)
      return n > fit ? MIN (i > fit / 2 ? i - fit / 2 : 0, n - fit) : 0;
  return 0;
}

void
phone_lcd_add_dial (PhoneLcdScene *self, PhoneDisplay *display)
{
  PhoneRect middle = phone_lcd_middle (self, display);
  PhoneRect field = { middle.x, middle.y + 10, middle.width, 52 };
  double y = field.y + field.height + 8;
  guint fit, first;

  phone_lcd_add_lines (self, display);
  add_number (self, display, field);
  if (display->notice[0] != '\0')
    {
      phone_lcd_add_text (self, (PhoneRect){ middle.x + 4, y - 4, middle.width - 8, 22 }, display->notice,
                          PHONE_LCD_SMALL, PHONE_LCD_ACCENT_TEXT, PHONE_LCD_START, 0);
      y += 20;
    }
  fit = (guint)((middle.y + middle.height - y) / ROW_HEIGHT);
  first = first_visible (display, fit);
  for (guint i = first; i < display->rows->len && i - first < fit; i++)
    add_match (self, (PhoneRect){ middle.x, y + (i - first) * ROW_HEIGHT, middle.width, ROW_HEIGHT },
               g_ptr_array_index (display->rows, i));
}
