/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "lcd-scene.h"

/*
 * Call page. One call: the far end in the middle, large. Several: the focused call as a card with all it has, the
 * others below it as narrow cards in their order.
 */

#define GAP 6.0
#define OTHER_HEIGHT 42.0

static const char *
title_of (const PhoneDisplayCall *call)
{
  return call->name[0] != '\0' ? call->name : call->number;
}

static PhoneLcdColour
state_colour (const PhoneDisplayCall *call, gboolean on_accent)
{
  if (on_accent)
    return PHONE_LCD_ON_ACCENT;
  if (call->failed)
    return PHONE_LCD_BAD;
  if (call->held || call->far_held)
    return PHONE_LCD_WAIT;
  return call->duration[0] != '\0' ? PHONE_LCD_GOOD : PHONE_LCD_ACCENT_TEXT;
}

static PhoneLcdColour
card_colour (const PhoneDisplayCall *call)
{
  if (call->incoming)
    return PHONE_LCD_ACCENT;
  return call->failed ? PHONE_LCD_BAD_CARD : PHONE_LCD_CARD;
}

static void
add_disc (PhoneLcdScene *self, PhoneRect rect, const PhoneDisplayCall *call)
{
  PhoneLcdItem *disc = phone_lcd_add_item (self, PHONE_LCD_ITEM_DISC, rect);

  g_free (disc->text);
  disc->text = g_strdup (call->failed ? "" : title_of (call));
  disc->colour = call->failed ? PHONE_LCD_BAD : PHONE_LCD_ON_ACCENT;
}

/* What a reader says of a card in one breath. */
static char *
spoken_of (const PhoneDisplayCall *call, guint n)
{
  GString *text = g_string_new (title_of (call));

  if (call->number[0] != '\0' && call->name[0] != '\0')
    g_string_append_printf (text, ", %s", call->number);
  if (call->forwarded[0] != '\0')
    g_string_append_printf (text, ", %s", call->forwarded);
  if (call->state[0] != '\0')
    g_string_append_printf (text, ", %s", call->state);
  if (call->duration[0] != '\0')
    g_string_append_printf (text, ", %s", call->duration);
  if (n > 1)
    g_string_append_printf (text, ", %u/%u", call->position, n);
  return g_string_free (text, FALSE);
}

static PhoneLcdItem *
add_name (PhoneLcdScene *self,
          PhoneRect rect,
          const PhoneDisplayCall *call,
          guint n,
          guint size,
          PhoneLcdColour colour,
          PhoneLcdAlign align,
          PhoneRect target)
{
  PhoneLcdItem *item = phone_lcd_add_text (self, rect, title_of (call), size, colour, align,
                                           PHONE_LCD_BOLD | PHONE_LCD_SHRINK | PHONE_LCD_FOCUSABLE
                                               | (call->focused ? PHONE_LCD_SELECTED : 0));

  item->spoken = spoken_of (call, n);
  item->target = target;
  return item;
}

/* State, and after it the duration in figures of one width. */
static void
add_state (PhoneLcdScene *self, PhoneRect rect, const PhoneDisplayCall *call, PhoneLcdAlign align, gboolean on_accent)
{
  PhoneLcdItem *item = phone_lcd_add_text (self, rect, call->state, PHONE_LCD_MEDIUM, state_colour (call, on_accent),
                                           align, PHONE_LCD_BOLD | PHONE_LCD_SHRINK | PHONE_LCD_SILENT);

  if (call->duration[0] == '\0')
    return;
  item->tail = g_strdup (call->duration);
  item->tail_colour = on_accent ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT;
}

/* A line of two texts, either or both of which may be missing. */
static void
add_pair (PhoneLcdScene *self,
          PhoneRect rect,
          const char *first,
          const char *second,
          guint size,
          PhoneLcdColour colour,
          PhoneLcdAlign align)
{
  g_autofree char *text = first[0] != '\0' && second[0] != '\0' ? g_strdup_printf ("%s · %s", first, second)
                                                                : g_strdup (first[0] != '\0' ? first : second);

  if (text[0] != '\0')
    phone_lcd_add_text (self, rect, text, size, colour, align, PHONE_LCD_SHRINK | PHONE_LCD_SILENT);
}

static void
add_single (PhoneLcdScene *self, PhoneRect middle, const PhoneDisplayCall *call)
{
  gboolean accent = call->incoming;
  PhoneRect card = { middle.x, middle.y + 8, middle.width, middle.height - 16 };
  double x = card.x + 12, width = card.width - 24;
  /* With a line of digits above it the card is lower. */
  double disc = card.height >= 196 ? 64 : 50;
  double y = card.y + (card.height - disc - 106) / 2;
  PhoneLcdColour dim = accent ? PHONE_LCD_ON_ACCENT_DIM : PHONE_LCD_TEXT_DIM;

  phone_lcd_add_fill (self, card, 12, card_colour (call));
  add_disc (self, (PhoneRect){ card.x + card.width / 2 - disc / 2, y, disc, disc }, call);
  add_name (self, (PhoneRect){ x, y + disc + 6, width, 28 }, call, 1, PHONE_LCD_LARGE,
            accent ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT, PHONE_LCD_MIDDLE, card);
  if (call->name[0] != '\0')
    phone_lcd_add_text (self, (PhoneRect){ x, y + disc + 34, width, 22 }, call->number, PHONE_LCD_MEDIUM, dim,
                        PHONE_LCD_MIDDLE, PHONE_LCD_SHRINK | PHONE_LCD_SILENT);
  add_state (self, (PhoneRect){ x, y + disc + 60, width, 24 }, call, PHONE_LCD_MIDDLE, accent);
  add_pair (self, (PhoneRect){ x, y + disc + 86, width, 20 }, call->account, call->forwarded, PHONE_LCD_SMALL, dim,
            PHONE_LCD_MIDDLE);
}

static void
add_focused (PhoneLcdScene *self, PhoneRect card, const PhoneDisplayCall *call, guint n)
{
  gboolean accent = call->incoming;
  g_autofree char *index = g_strdup_printf ("%u/%u", call->position, n);
  PhoneLcdColour dim = accent ? PHONE_LCD_ON_ACCENT_DIM : PHONE_LCD_TEXT_DIM;
  double x = card.x + 68, width = card.width - 78;

  phone_lcd_add_fill (self, card, 12, card_colour (call));
  add_disc (self, (PhoneRect){ card.x + 10, card.y + 12, 48, 48 }, call);
  phone_lcd_add_text (self, (PhoneRect){ card.x + card.width - 48, card.y + card.height - 34, 36, 26 }, index,
                      PHONE_LCD_SMALL, dim, PHONE_LCD_END, PHONE_LCD_TABULAR | PHONE_LCD_BOLD | PHONE_LCD_SILENT);
  add_name (self, (PhoneRect){ x, card.y + 10, width, 28 }, call, n, PHONE_LCD_LARGE,
            accent ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT, PHONE_LCD_START, card);
  add_pair (self, (PhoneRect){ x, card.y + 38, width, 22 }, call->name[0] != '\0' ? call->number : "", call->forwarded,
            PHONE_LCD_MEDIUM, dim, PHONE_LCD_START);
  add_state (self, (PhoneRect){ card.x + 12, card.y + card.height - 34, card.width - 72, 26 }, call, PHONE_LCD_START,
             accent);
}

static void
add_other (PhoneLcdScene *self, PhoneRect card, const PhoneDisplayCall *call, guint n)
{
  gboolean accent = call->incoming;
  double state = MIN (phone_lcd_estimate_width (call->state, PHONE_LCD_SMALL) + 6, card.width * 0.4);

  phone_lcd_add_fill (self, card, 10, card_colour (call));
  add_disc (self, (PhoneRect){ card.x + 8, card.y + (card.height - 28) / 2, 28, 28 }, call);
  add_name (self, (PhoneRect){ card.x + 44, card.y, card.width - 44 - state - 16, card.height }, call, n,
            PHONE_LCD_MEDIUM, accent ? PHONE_LCD_ON_ACCENT : PHONE_LCD_TEXT, PHONE_LCD_START, card);
  phone_lcd_add_text (self, (PhoneRect){ card.x + card.width - state - 10, card.y, state, card.height }, call->state,
                      PHONE_LCD_SMALL, state_colour (call, accent), PHONE_LCD_END, PHONE_LCD_BOLD | PHONE_LCD_SILENT);
}

static const PhoneDisplayCall *
find_focused (PhoneDisplay *display)
{
  for (guint i = 0; i < display->calls->len; i++)
    {
      const PhoneDisplayCall *call = g_ptr_array_index (display->calls, i);

      if (call->focused)
        return call;
    }
  return g_ptr_array_index (display->calls, 0);
}

/* The calls beside the focused one; when they do not all fit, those next to it: n/m tells that there are more. */
static void
add_others (PhoneLcdScene *self, PhoneDisplay *display, PhoneRect room, const PhoneDisplayCall *focused)
{
  guint n = display->calls->len;
  guint fit = (guint)((room.height + GAP) / (OTHER_HEIGHT + GAP));
  guint index = 0, first, shown = 0;

  while (g_ptr_array_index (display->calls, index) != focused)
    index++;
  first = index > fit ? index - fit : 0;
  for (guint i = first; i < n && shown < fit; i++)
    {
      const PhoneDisplayCall *call = g_ptr_array_index (display->calls, i);

      if (call == focused)
        continue;
      add_other (self, (PhoneRect){ room.x, room.y + shown * (OTHER_HEIGHT + GAP), room.width, OTHER_HEIGHT }, call, n);
      shown++;
    }
}

void
phone_lcd_add_calls (PhoneLcdScene *self, PhoneDisplay *display)
{
  PhoneRect middle = phone_lcd_middle (self, display);
  const PhoneDisplayCall *focused;
  PhoneRect card;

  phone_lcd_add_lines (self, display);
  if (display->notice[0] != '\0')
    {
      phone_lcd_add_text (self, (PhoneRect){ middle.x, middle.y, middle.width, 24 }, display->notice, PHONE_LCD_SMALL,
                          PHONE_LCD_ACCENT_TEXT, PHONE_LCD_MIDDLE,
                          PHONE_LCD_BOLD | PHONE_LCD_TABULAR | PHONE_LCD_CUT_START);
      middle.y += 18;
      middle.height -= 18;
    }
  if (display->calls->len == 0)
    return;
  focused = find_focused (display);
  if (display->calls->len == 1)
    {
      add_single (self, middle, focused);
      return;
    }
  card = (PhoneRect){ middle.x, middle.y + 8, middle.width, 104 };
  add_focused (self, card, focused, display->calls->len);
  add_others (self, display,
              (PhoneRect){ middle.x, card.y + card.height + GAP, middle.width,
                           middle.y + middle.height - card.y - card.height - GAP - 4 },
              focused);
}
