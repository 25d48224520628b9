/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lcd-palette.h"
#include "skin.h"

#include <pango/pango.h>

G_BEGIN_DECLS

/**
 * SECTION:lcd-scene
 * @title: PhoneLcdScene
 *
 * What stands where on the LCD: made once from a display, then drawn, listed for the screen reader, and compared in
 * tests. No fonts and no pixels are involved in making it: texts have a box, and the painter cuts what is too long.
 */

/* Type sizes of the LCD: no others. */
enum {
  PHONE_LCD_SMALL  = 13,
  PHONE_LCD_MEDIUM = 16,
  PHONE_LCD_LARGE  = 20,
  PHONE_LCD_HUGE   = 34,
};

typedef enum {
  PHONE_LCD_ITEM_WALLPAPER,
  PHONE_LCD_ITEM_FILL,      /* box with radius */
  PHONE_LCD_ITEM_FRAME,     /* one-unit line inside the box */
  PHONE_LCD_ITEM_TEXT,
  PHONE_LCD_ITEM_ICON,
  PHONE_LCD_ITEM_STATUS,
  PHONE_LCD_ITEM_DISC,      /* initials of text, or a cross when text is "" */
  PHONE_LCD_ITEM_CHOICE,    /* marks on both sides of a value that left and right change */
} PhoneLcdItemKind;

typedef enum {
  PHONE_LCD_START,          /* left, in a text of either direction: columns stay columns */
  PHONE_LCD_MIDDLE,
  PHONE_LCD_END,
} PhoneLcdAlign;

typedef enum {
  PHONE_LCD_BOLD       = 1 << 0,
  PHONE_LCD_TABULAR    = 1 << 1,  /* figures of one width */
  PHONE_LCD_WRAP       = 1 << 2,  /* several lines */
  PHONE_LCD_CURSOR     = 1 << 3,  /* has a text cursor; scrolls instead of being cut */
  PHONE_LCD_SHRINK     = 1 << 4,  /* takes the next smaller size before it is cut or scrolls */
  PHONE_LCD_SELECTED   = 1 << 5,
  PHONE_LCD_FOCUSABLE  = 1 << 6,
  PHONE_LCD_SOFT_KEY   = 1 << 7,
  PHONE_LCD_SILENT     = 1 << 8,  /* said elsewhere already: not for the screen reader */
  PHONE_LCD_CUT_START  = 1 << 9,  /* too long: its end is what matters, as of digits typed in a call */
} PhoneLcdFlags;

typedef struct {
  PhoneLcdItemKind kind;
  PhoneRect        rect;
  PhoneLcdColour   colour;
  double           radius;
  char            *text;     /* never NULL */
  char            *tail;     /* (nullable): stands after the text, in its own colour, figures of one width */
  PhoneLcdColour   tail_colour;
  char            *spoken;   /* (nullable): what the reader says instead of the text */
  PhoneRect        target;   /* the row or card a text belongs to; its own rect when it is alone */
  guint            size;
  PhoneLcdAlign    align;
  PhoneLcdFlags    flags;
  guint            cursor;   /* characters before it */
  guint            icon;     /* PhoneIcon or one bit of PhoneStatusIcons */
} PhoneLcdItem;

/**
 * PhoneLcdGeometry:
 * @line_y: middle of each line key in LCD units
 * @line_left: whether it stands left of the LCD
 *
 * What the layout knows of the face around it.
 */
typedef struct {
  double   width;
  double   height;
  guint    n_lines;
  double   line_y[PHONE_MAX_LINE_KEYS];
  gboolean line_left[PHONE_MAX_LINE_KEYS];
} PhoneLcdGeometry;

typedef struct {
  PhoneLcdGeometry geometry;
  GPtrArray       *items;    /* PhoneLcdItem, in drawing order */
} PhoneLcdScene;

/**
 * phone_lcd_geometry_init:
 * Takes from a face what the layout must know.
 */
void           phone_lcd_geometry_init (PhoneLcdGeometry   *self,
                                        PhoneSkin          *skin);

/**
 * phone_lcd_scene_new:
 * Returns: (transfer full): the whole LCD
 */
PhoneLcdScene *phone_lcd_scene_new     (const PhoneLcdGeometry *geometry,
                                        PhoneDisplay           *display) G_GNUC_WARN_UNUSED_RESULT;
void           phone_lcd_scene_free    (PhoneLcdScene      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneLcdScene, phone_lcd_scene_free)

/**
 * phone_lcd_scene_to_string:
 * Returns: (transfer full): one line for each item, for tests and for `DESKSET_DEBUG`
 */
char          *phone_lcd_scene_to_string (const PhoneLcdScene *self) G_GNUC_WARN_UNUSED_RESULT;

/* For the pages; all return the item, owned by the scene. */
PhoneLcdItem  *phone_lcd_add_fill      (PhoneLcdScene      *self,
                                        PhoneRect           rect,
                                        double              radius,
                                        PhoneLcdColour      colour);
PhoneLcdItem  *phone_lcd_add_frame     (PhoneLcdScene      *self,
                                        PhoneRect           rect,
                                        double              radius,
                                        PhoneLcdColour      colour);
PhoneLcdItem  *phone_lcd_add_text      (PhoneLcdScene      *self,
                                        PhoneRect           rect,
                                        const char         *text,
                                        guint               size,
                                        PhoneLcdColour      colour,
                                        PhoneLcdAlign       align,
                                        PhoneLcdFlags       flags);
PhoneLcdItem  *phone_lcd_add_icon      (PhoneLcdScene      *self,
                                        PhoneRect           rect,
                                        PhoneIcon           icon,
                                        PhoneLcdColour      colour);
PhoneLcdItem  *phone_lcd_add_item      (PhoneLcdScene      *self,
                                        PhoneLcdItemKind    kind,
                                        PhoneRect           rect);

/**
 * phone_lcd_estimate_width:
 * Returns: about how wide a text will be in LCD units, generously: the layout knows no fonts. 0 for an empty one
 */
double         phone_lcd_estimate_width (const char        *text,
                                         guint              size);

/* lcd-frame.c: what surrounds the pages */
enum {
  PHONE_LCD_TOP_BAR = 24,
  PHONE_LCD_SOFT_BAR = 32,
};

/**
 * phone_lcd_add_bars:
 * The status bar above the page and the soft keys below it.
 */
void           phone_lcd_add_bars      (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);

/**
 * phone_lcd_add_lines:
 * The labels of the line keys, beside the keys.
 */
void           phone_lcd_add_lines     (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);

/**
 * phone_lcd_middle:
 * Returns: the room between the columns of line labels
 */
PhoneRect      phone_lcd_middle        (const PhoneLcdScene *self,
                                        PhoneDisplay       *display);

/**
 * phone_lcd_add_overlays:
 * What lies over the page: volume and messages.
 */
void           phone_lcd_add_overlays  (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);

/**
 * phone_lcd_icon_colour:
 * Returns: the colour an icon has wherever it stands
 */
PhoneLcdColour phone_lcd_icon_colour   (PhoneIcon           icon);

/* one file for each page */
void           phone_lcd_add_idle      (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);
void           phone_lcd_add_calls     (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);
void           phone_lcd_add_dial      (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);
void           phone_lcd_add_list      (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);
void           phone_lcd_add_edit      (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);
void           phone_lcd_add_message   (PhoneLcdScene      *self,
                                        PhoneDisplay       *display);

/* lcd-painter.c */

/**
 * phone_lcd_scene_draw:
 * @cr: its user unit is one unit of the LCD
 * @fonts: see phone_skin_get_pango_context()
 */
void           phone_lcd_scene_draw    (const PhoneLcdScene *self,
                                        cairo_t             *cr,
                                        PangoContext        *fonts);

/* lcd-icons.c: both draw into a box of 16 units around 0 0 in the source that is set */
void           phone_lcd_draw_icon     (cairo_t             *cr,
                                        PhoneIcon            icon);
void           phone_lcd_draw_status   (cairo_t             *cr,
                                        PhoneStatusIcons     one_bit);

G_END_DECLS
