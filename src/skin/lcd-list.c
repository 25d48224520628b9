/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

/* Menus, lists, editors and messages: they take the full width, six rows of 36 units. */

#define ROW_HEIGHT 36.0
#define SCROLL_WIDTH 4.0

typedef struct
{
  PhoneRect room;
  guint first;
  guint fit;
  double right; /* where a row's content ends */
} Rows;

static Rows
begin_rows (PhoneLcdScene *self, PhoneDisplay *display)
{
  guint n = display->rows->len;
  Rows rows = { .room = { 0, PHONE_LCD_TOP_BAR, self->geometry.width,
                          self->geometry.height - PHONE_LCD_TOP_BAR - PHONE_LCD_SOFT_BAR } };

  if (display->notice[0] != '\0')
    {
      phone_lcd_add_text (self, (PhoneRect){ 16, rows.room.y, rows.room.width - 32, ROW_HEIGHT }, display->notice,
                          PHONE_LCD_SMALL, PHONE_LCD_ACCENT_TEXT, PHONE_LCD_START, PHONE_LCD_BOLD);
      phone_lcd_add_fill (self, (PhoneRect){ 0, rows.room.y + ROW_HEIGHT - 1, rows.room.width, 1 }, 0, PHONE_LCD_LINE);
      rows.room.y += ROW_HEIGHT;
      rows.room.height -= ROW_HEIGHT;
    }
  rows.fit = (guint)(rows.room.height / ROW_HEIGHT);
  rows.right = rows.room.width - 16;
  if (n <= rows.fit)
    return rows;

  for (guint i = 0; i < n; i++)
    if (((PhoneDisplayRow *)g_ptr_array_index (display->rows, i))->selected)
      rows.first = MIN (i > rows.fit / 2 ? i - rows.fit / 2 : 0, n - rows.fit);
  return rows;
}

static void
add_scroll_mark (PhoneLcdScene *self, PhoneDisplay *display, const Rows *rows)
{
  guint n = display->rows->len;
  double height = rows->room.height - 8;
  double thumb;

  if (n <= rows->fit)
    return;
  thumb = MAX (height * rows->fit / n, 16);
  phone_lcd_add_fill (self, (PhoneRect){ rows->room.width - SCROLL_WIDTH - 3, rows->room.y + 4, SCROLL_WIDTH, height },
                      SCROLL_WIDTH / 2, PHONE_LCD_LINE);
  phone_lcd_add_fill (self,
                      (PhoneRect){ rows->room.width - SCROLL_WIDTH - 3,
                                   rows->room.y + 4 + (height - thumb) * rows->first / (n - rows->fit), SCROLL_WIDTH,
                                   thumb },
                      SCROLL_WIDTH / 2, PHONE_LCD_TEXT_DIM);
}

/* Bar or hairline; returns the row's box. */
static PhoneRect
add_row_ground (PhoneLcdScene *self, const Rows *rows, guint i, gboolean selected)
{
  PhoneRect box = { 0, rows->room.y + (i - rows->first) * ROW_HEIGHT, rows->room.width, ROW_HEIGHT };

  if (selected)
    phone_lcd_add_fill (self, box, 0, PHONE_LCD_ACCENT);
  else
    phone_lcd_add_fill (self, (PhoneRect){ 16, box.y + box.height - 1, box.width - 32, 1 }, 0, PHONE_LCD_LINE);
  return box;
}

/* Length of "12. " at the beginning of a numbered row, else 0. */
static gsize
number_length (const char *text)
{
  gsize n = 0;

  while (n < 3 && g_ascii_isdigit (text[n]))
    n++;
  return n > 0 && text[n] == '.' && text[n + 1] == ' ' ? n + 2 : 0;
}

/* Number or icon in a column of their own, so that the titles stand below each other. Returns where the title begins.
 */
static double
add_row_mark (PhoneLcdScene *self, PhoneRect box, const PhoneDisplayRow *row)
{
  gsize number = number_length (row->text);

  if (row->icon != PHONE_ICON_NONE)
    phone_lcd_add_icon (self, (PhoneRect){ 16, box.y + (box.height - 16) / 2, 16, 16 }, row->icon,
                        row->selected ? PHONE_LCD_ON_ACCENT : phone_lcd_icon_colour (row->icon));
  else if (number > 0)
    {
      g_autofree char *text = g_strndup (row->text, number - 2);

      phone_lcd_add_text (self, (PhoneRect){ 4, box.y, 30, box.height }, text, PHONE_LCD_MEDIUM,
                          row->selected ? PHONE_LCD_ON_ACCENT_DIM : PHONE_LCD_TEXT_DIM, PHONE_LCD_END,
                          PHONE_LCD_TABULAR | PHONE_LCD_SILENT);
    }
  else
    return 16;
  return 46;
}

static void
add_empty (PhoneLcdScene *self, const char *text)
{
  phone_lcd_add_text (self,
                      (PhoneRect){ 32, PHONE_LCD_TOP_BAR, self->geometry.width - 64,
                                   self->geometry.height - PHONE_LCD_TOP_BAR - PHONE_LCD_SOFT_BAR },
                      text, PHONE_LCD_MEDIUM, PHONE_LCD_TEXT_DIM, PHONE_LCD_MIDDLE, PHONE_LCD_WRAP);
}

void
phone_lcd_add_list (PhoneLcdScene *self, PhoneDisplay *display)
{
  Rows rows;

  if (display->rows->len == 0)
    {
      add_empty (self, display->notice);
      return;
    }
  rows = begin_rows (self, display);

  for (guint i = rows.first; i < display->rows->len && i - rows.first < rows.fit; i++)
    {
      const PhoneDisplayRow *row = g_ptr_array_index (display->rows, i);
      PhoneRect box = add_row_ground (self, &rows, i, row->selected);
      double x = add_row_mark (self, box, row);
      double room = rows.right - x;
      double value = MIN (phone_lcd_estimate_width (row->value, PHONE_LCD_SMALL), room * 0.6);
      double width = room - (value > 0 ? value + 12 : 0);
      gsize number = row->icon == PHONE_ICON_NONE ? number_length (row->text) : 0;
      PhoneLcdItem *text;

      text = phone_lcd_add_text (self, (PhoneRect){ x, box.y, width, box.height }, row->text + number, PHONE_LCD_MEDIUM,
                                 row->selected ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT, PHONE_LCD_START,
                                 PHONE_LCD_FOCUSABLE | (row->selected ? PHONE_LCD_SELECTED | PHONE_LCD_BOLD : 0));
      text->spoken = g_strdup (row->text);
      text->target = box;
      if (value > 0)
        phone_lcd_add_text (self, (PhoneRect){ rows.right - value, box.y, value, box.height }, row->value,
                            PHONE_LCD_SMALL, row->selected ? PHONE_LCD_ON_ACCENT_DIM : PHONE_LCD_TEXT_DIM,
                            PHONE_LCD_END, PHONE_LCD_TABULAR);
    }
  add_scroll_mark (self, display, &rows);
}

/* The value that is being typed: a field with cursor and the mark of the input method. */
static void
add_edited_value (PhoneLcdScene *self, PhoneDisplay *display, PhoneRect box)
{
  PhoneRect field = { box.x, box.y + 3, box.width, box.height - 6 };
  double mode = 38;
  PhoneLcdItem *item;

  phone_lcd_add_fill (self, field, 6, PHONE_LCD_BAR);
  if (display->edit_text[0] == '\0' && display->edit_hint[0] != '\0')
    phone_lcd_add_text (self, (PhoneRect){ field.x + 12, field.y, field.width - 20 - mode, field.height },
                        display->edit_hint, PHONE_LCD_MEDIUM, PHONE_LCD_TEXT_DIM, PHONE_LCD_START, 0);
  item = phone_lcd_add_text (self, (PhoneRect){ field.x + 8, field.y, field.width - 14 - mode, field.height },
                             display->edit_text, PHONE_LCD_MEDIUM, PHONE_LCD_TEXT, PHONE_LCD_START, PHONE_LCD_CURSOR);
  item->cursor = display->edit_cursor;
  phone_lcd_add_text (self, (PhoneRect){ field.x + field.width - mode - 4, field.y, mode, field.height },
                      display->edit_mode, PHONE_LCD_SMALL, PHONE_LCD_ACCENT_TEXT, PHONE_LCD_END, PHONE_LCD_BOLD);
}

static void
add_choice_marks (PhoneLcdScene *self, PhoneRect box)
{
  phone_lcd_add_item (self, PHONE_LCD_ITEM_CHOICE, box)->colour = PHONE_LCD_ON_ACCENT;
}

void
phone_lcd_add_edit (PhoneLcdScene *self, PhoneDisplay *display)
{
  Rows rows = begin_rows (self, display);
  double split = 190;

  for (guint i = rows.first; i < display->rows->len && i - rows.first < rows.fit; i++)
    {
      const PhoneDisplayRow *row = g_ptr_array_index (display->rows, i);
      PhoneRect box = add_row_ground (self, &rows, i, row->selected);
      PhoneRect value = { split, box.y, rows.right - split, box.height };
      gboolean typing = row->selected && display->edit_mode[0] != '\0';
      PhoneLcdItem *label;

      label = phone_lcd_add_text (self, (PhoneRect){ 16, box.y, split - 28, box.height }, row->text, PHONE_LCD_MEDIUM,
                                  row->selected ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT_DIM, PHONE_LCD_START,
                                  PHONE_LCD_FOCUSABLE | (row->selected ? PHONE_LCD_SELECTED : 0));
      label->target = box;
      if (typing)
        {
          add_edited_value (self, display, value);
          continue;
        }
      if (!row->selected)
        {
          phone_lcd_add_text (self, value, row->value, PHONE_LCD_MEDIUM, PHONE_LCD_TEXT, PHONE_LCD_END, 0);
          continue;
        }
      add_choice_marks (self, value);
      phone_lcd_add_text (self, (PhoneRect){ value.x + 18, value.y, value.width - 36, value.height }, row->value,
                          PHONE_LCD_MEDIUM, PHONE_LCD_ON_ACCENT, PHONE_LCD_MIDDLE, 0);
    }
  add_scroll_mark (self, display, &rows);
}

void
phone_lcd_add_message (PhoneLcdScene *self, PhoneDisplay *display)
{
  PhoneRect room = { 32, PHONE_LCD_TOP_BAR + 12, self->geometry.width - 64,
                     self->geometry.height - PHONE_LCD_TOP_BAR - PHONE_LCD_SOFT_BAR - 24 };
  GString *text = g_string_new (display->notice);

  for (guint i = 0; i < display->rows->len; i++)
    {
      const PhoneDisplayRow *row = g_ptr_array_index (display->rows, i);

      g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? "\n" : "", row->text, row->value[0] != '\0' ? " " : "",
                              row->value);
    }
  phone_lcd_add_fill (self, (PhoneRect){ 16, PHONE_LCD_TOP_BAR + 8, self->geometry.width - 32, room.height + 8 }, 12,
                      PHONE_LCD_CARD);
  phone_lcd_add_text (self, room, text->str, PHONE_LCD_LARGE, PHONE_LCD_TEXT, PHONE_LCD_MIDDLE, PHONE_LCD_WRAP);
  g_string_free (text, TRUE);
}
