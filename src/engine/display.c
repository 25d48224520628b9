/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "display.h"

#include <string.h>

/* Most texts of a display are empty, and the last hundred displays are kept for who waits: those texts are all this one. */
static char no_text[] = "";

static void
free_text (char *text)
{
  if (text != no_text)
    g_free (text);
}

static void
row_free (gpointer data)
{
  PhoneDisplayRow *row = data;

  free_text (row->text);
  free_text (row->value);
  g_free (row);
}

static void
call_free (gpointer data)
{
  PhoneDisplayCall *call = data;

  free_text (call->state);
  free_text (call->name);
  free_text (call->number);
  free_text (call->duration);
  free_text (call->account);
  free_text (call->forwarded);
  g_free (call);
}

static void
line_free (gpointer data)
{
  PhoneDisplayLine *line = data;

  free_text (line->label);
  g_free (line);
}

/**
 * phone_display_new:
 * Returns: (transfer full): an idle layout without any content; no member is %NULL
 */
PhoneDisplay *
phone_display_new (void)
{
  PhoneDisplay *self = g_new0 (PhoneDisplay, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->layout = PHONE_LAYOUT_IDLE;
  self->page = no_text;
  self->account = no_text;
  self->title = no_text;
  self->time = no_text;
  self->date = no_text;
  self->notice = no_text;
  self->edit_text = no_text;
  self->edit_mode = no_text;
  self->edit_hint = no_text;
  self->popup = no_text;
  self->volume = -1;
  self->volume_label = no_text;
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    self->softkeys[i] = no_text;
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->lamps = g_ptr_array_new_with_free_func (g_free);
  self->backlight = TRUE;
  return self;
}

/**
 * phone_display_ref:
 * Returns: (transfer full): @self
 */
PhoneDisplay *
phone_display_ref (PhoneDisplay *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * phone_display_unref:
 *
 * Any thread.
 */
void
phone_display_unref (PhoneDisplay *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  free_text (self->page);
  free_text (self->account);
  free_text (self->title);
  free_text (self->time);
  free_text (self->date);
  free_text (self->notice);
  free_text (self->edit_text);
  free_text (self->edit_mode);
  free_text (self->edit_hint);
  free_text (self->popup);
  free_text (self->volume_label);
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    free_text (self->softkeys[i]);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->lamps);
  g_free (self);
}

/**
 * phone_display_set_text:
 * @member: a text member of a display, row, call or line
 * @text: (nullable): copied; %NULL becomes ""; what is not UTF-8 is replaced
 */
void
phone_display_set_text (char **member,
                        const char *text)
{
  char *copy;

  g_return_if_fail (member != NULL);

  /* Copied first: @text may be the member itself. */
  copy = text != NULL && text[0] != '\0' ? g_utf8_make_valid (text, -1) : no_text;
  free_text (*member);
  *member = copy;
}

/**
 * phone_display_add_row:
 * @text: (nullable):
 * @value: (nullable):
 *
 * Returns: (transfer none): the new last row
 */
PhoneDisplayRow *
phone_display_add_row (PhoneDisplay *self,
                       const char *text,
                       const char *value)
{
  PhoneDisplayRow *row;

  g_return_val_if_fail (self != NULL, NULL);

  row = g_new0 (PhoneDisplayRow, 1);
  phone_display_set_text (&row->text, text);
  phone_display_set_text (&row->value, value);
  g_ptr_array_add (self->rows, row);
  return row;
}

/**
 * phone_display_add_call:
 * @call: its id
 *
 * Returns: (transfer none): the new last call card, at the next position, with empty texts
 */
PhoneDisplayCall *
phone_display_add_call (PhoneDisplay *self,
                        guint call)
{
  PhoneDisplayCall *card;

  g_return_val_if_fail (self != NULL, NULL);

  card = g_new0 (PhoneDisplayCall, 1);
  card->call = call;
  card->state = no_text;
  card->name = no_text;
  card->number = no_text;
  card->duration = no_text;
  card->account = no_text;
  card->forwarded = no_text;
  g_ptr_array_add (self->calls, card);
  card->position = self->calls->len;
  return card;
}

/**
 * phone_display_add_line:
 * @label: (nullable):
 *
 * Returns: (transfer none): the label of the next line key
 */
PhoneDisplayLine *
phone_display_add_line (PhoneDisplay *self,
                        const char *label,
                        PhoneIcon icon)
{
  PhoneDisplayLine *line;

  g_return_val_if_fail (self != NULL, NULL);

  line = g_new0 (PhoneDisplayLine, 1);
  phone_display_set_text (&line->label, label);
  line->icon = icon;
  g_ptr_array_add (self->lines, line);
  return line;
}

static PhoneDisplayLamp *
find_lamp (const PhoneDisplay *self,
           PhoneKey key)
{
  for (guint i = 0; i < self->lamps->len; i++)
    {
      PhoneDisplayLamp *lamp = g_ptr_array_index (self->lamps, i);

      if (lamp->key == key)
        return lamp;
    }
  return NULL;
}

/**
 * phone_display_set_lamp:
 *
 * Adds the lamp of @key or changes it.
 */
void
phone_display_set_lamp (PhoneDisplay *self,
                        PhoneKey key,
                        PhoneLampColour colour,
                        PhoneBlink blink)
{
  PhoneDisplayLamp *lamp;

  g_return_if_fail (self != NULL);

  lamp = find_lamp (self, key);
  if (lamp == NULL)
    {
      lamp = g_new0 (PhoneDisplayLamp, 1);
      lamp->key = key;
      g_ptr_array_add (self->lamps, lamp);
    }
  lamp->colour = colour;
  lamp->blink = blink;
}

/**
 * phone_display_get_lamp:
 * Returns: (transfer none) (nullable): the lamp of @key
 */
const PhoneDisplayLamp *
phone_display_get_lamp (const PhoneDisplay *self,
                        PhoneKey key)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find_lamp (self, key);
}

static gboolean
texts_equal (const PhoneDisplay *a,
             const PhoneDisplay *b)
{
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    if (strcmp (a->softkeys[i], b->softkeys[i]) != 0)
      return FALSE;
  return strcmp (a->page, b->page) == 0 && strcmp (a->account, b->account) == 0 && strcmp (a->title, b->title) == 0
         && strcmp (a->time, b->time) == 0 && strcmp (a->date, b->date) == 0 && strcmp (a->notice, b->notice) == 0
         && strcmp (a->edit_text, b->edit_text) == 0 && strcmp (a->edit_mode, b->edit_mode) == 0
         && strcmp (a->edit_hint, b->edit_hint) == 0 && strcmp (a->popup, b->popup) == 0
         && strcmp (a->volume_label, b->volume_label) == 0;
}

static gboolean
rows_equal (const PhoneDisplay *a,
            const PhoneDisplay *b)
{
  if (a->rows->len != b->rows->len || a->first_row != b->first_row)
    return FALSE;
  for (guint i = 0; i < a->rows->len; i++)
    {
      const PhoneDisplayRow *of_a = g_ptr_array_index (a->rows, i);
      const PhoneDisplayRow *of_b = g_ptr_array_index (b->rows, i);

      if (strcmp (of_a->text, of_b->text) != 0 || strcmp (of_a->value, of_b->value) != 0 || of_a->icon != of_b->icon
          || !of_a->selected != !of_b->selected)
        return FALSE;
    }
  return TRUE;
}

static gboolean
cards_equal (const PhoneDisplayCall *a,
             const PhoneDisplayCall *b)
{
  return a->call == b->call && a->position == b->position && !a->focused == !b->focused && !a->incoming == !b->incoming
         && !a->held == !b->held && !a->far_held == !b->far_held && !a->wideband == !b->wideband
         && !a->failed == !b->failed && strcmp (a->state, b->state) == 0 && strcmp (a->name, b->name) == 0
         && strcmp (a->number, b->number) == 0 && strcmp (a->duration, b->duration) == 0
         && strcmp (a->account, b->account) == 0 && strcmp (a->forwarded, b->forwarded) == 0;
}

static gboolean
calls_equal (const PhoneDisplay *a,
             const PhoneDisplay *b)
{
  if (a->calls->len != b->calls->len)
    return FALSE;
  for (guint i = 0; i < a->calls->len; i++)
    if (!cards_equal (g_ptr_array_index (a->calls, i), g_ptr_array_index (b->calls, i)))
      return FALSE;
  return TRUE;
}

static gboolean
lines_equal (const PhoneDisplay *a,
             const PhoneDisplay *b)
{
  if (a->lines->len != b->lines->len)
    return FALSE;
  for (guint i = 0; i < a->lines->len; i++)
    {
      const PhoneDisplayLine *of_a = g_ptr_array_index (a->lines, i);
      const PhoneDisplayLine *of_b = g_ptr_array_index (b->lines, i);

      if (strcmp (of_a->label, of_b->label) != 0 || of_a->icon != of_b->icon || !of_a->is_default != !of_b->is_default)
        return FALSE;
    }
  return TRUE;
}

/* The order in which lamps were set does not count. */
static gboolean
lamps_equal (const PhoneDisplay *a,
             const PhoneDisplay *b)
{
  if (a->lamps->len != b->lamps->len)
    return FALSE;
  for (guint i = 0; i < a->lamps->len; i++)
    {
      const PhoneDisplayLamp *of_a = g_ptr_array_index (a->lamps, i);
      const PhoneDisplayLamp *of_b = find_lamp (b, of_a->key);

      if (of_b == NULL || of_a->colour != of_b->colour || of_a->blink != of_b->blink)
        return FALSE;
    }
  return TRUE;
}

/**
 * phone_display_equal:
 * Returns: whether both show the same
 */
gboolean
phone_display_equal (const PhoneDisplay *a,
                     const PhoneDisplay *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a == b)
    return TRUE;
  return a->layout == b->layout && a->icons == b->icons && a->edit_cursor == b->edit_cursor && a->volume == b->volume
         && !a->off_hook == !b->off_hook && !a->backlight == !b->backlight && texts_equal (a, b) && rows_equal (a, b)
         && calls_equal (a, b) && lines_equal (a, b) && lamps_equal (a, b);
}

static void
share (GPtrArray **mine,
       GPtrArray  *earlier)
{
  g_ptr_array_unref (*mine);
  *mine = g_ptr_array_ref (earlier);
}

/**
 * phone_display_share:
 * @self: complete; nothing may be added to it from now on
 * @earlier: (transfer none): what was shown before
 *
 * Lets @self hold the very same rows, line keys and lamps as @earlier where they show the same. The last hundred displays are
 * kept: a call's duration makes a new one each second, whose lists are those of the one before.
 */
void
phone_display_share (PhoneDisplay *self,
                     PhoneDisplay *earlier)
{
  g_return_if_fail (self != NULL && earlier != NULL);

  if (rows_equal (self, earlier))
    share (&self->rows, earlier->rows);
  if (lines_equal (self, earlier))
    share (&self->lines, earlier->lines);
  if (lamps_equal (self, earlier))
    share (&self->lamps, earlier->lamps);
}

/* Adds the parts that are not empty, with a blank between them, as one row. */
static void
add_text_row (GPtrArray *rows,
              const char *prefix,
              const char *first,
              const char *second)
{
  if (first[0] == '\0' && second[0] == '\0')
    return;
  g_ptr_array_add (rows, g_strconcat (prefix, first, first[0] != '\0' && second[0] != '\0' ? " " : "", second, NULL));
}

static void
add_card_rows (GPtrArray *rows,
               const PhoneDisplay *self,
               const PhoneDisplayCall *card)
{
  g_autofree char *index = NULL;

  if (self->calls->len > 1)
    index = g_strdup_printf ("%s%u/%u ", card->focused ? "> " : "", card->position, self->calls->len);
  add_text_row (rows, index != NULL ? index : "", card->state, card->duration);
  add_text_row (rows, "", card->name, "");
  if (strcmp (card->name, card->number) != 0)
    add_text_row (rows, "", card->number, "");
  if (card->forwarded[0] != '\0')
    add_text_row (rows, "", card->forwarded, "");
}

char **
phone_display_dup_text (const PhoneDisplay *self)
{
  GPtrArray *rows;

  g_return_val_if_fail (self != NULL, NULL);

  rows = g_ptr_array_new ();
  add_text_row (rows, "", self->title[0] != '\0' ? self->title : self->account, self->time);
  add_text_row (rows, "", self->date, "");
  add_text_row (rows, "", self->notice, "");
  if (self->layout == PHONE_LAYOUT_DIAL || self->layout == PHONE_LAYOUT_EDIT)
    add_text_row (rows, "", self->edit_text[0] != '\0' ? self->edit_text : self->edit_hint, "");
  for (guint i = 0; i < self->rows->len; i++)
    {
      const PhoneDisplayRow *row = g_ptr_array_index (self->rows, i);

      add_text_row (rows, row->selected ? "> " : "", row->text, row->value);
    }
  for (guint i = 0; i < self->calls->len; i++)
    add_card_rows (rows, self, g_ptr_array_index (self->calls, i));
  if (self->volume >= 0)
    {
      g_autofree char *level = g_strdup_printf ("%d/15", self->volume);

      add_text_row (rows, "", self->volume_label, level);
    }
  add_text_row (rows, "", self->popup, "");
  g_ptr_array_add (rows, NULL);
  return (char **) g_ptr_array_free (rows, FALSE);
}

/**
 * phone_layout_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_layout_to_string (PhoneLayout layout)
{
  switch (layout)
    {
    case PHONE_LAYOUT_IDLE:
      return "idle";
    case PHONE_LAYOUT_DIAL:
      return "dial";
    case PHONE_LAYOUT_CALL:
      return "call";
    case PHONE_LAYOUT_LIST:
      return "list";
    case PHONE_LAYOUT_EDIT:
      return "edit";
    case PHONE_LAYOUT_MESSAGE:
      return "message";
    }
  return "?";
}

/**
 * phone_icon_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_icon_to_string (PhoneIcon icon)
{
  static const char *const names[PHONE_N_ICONS] = {
    [PHONE_ICON_NONE] = "none",
    [PHONE_ICON_LINE_OFF] = "line-off",
    [PHONE_ICON_LINE_REGISTERING] = "line-registering",
    [PHONE_ICON_LINE_REGISTERED] = "line-registered",
    [PHONE_ICON_LINE_FAILED] = "line-failed",
    [PHONE_ICON_LINE_CALLING] = "line-calling",
    [PHONE_ICON_LINE_RINGING] = "line-ringing",
    [PHONE_ICON_LINE_TALKING] = "line-talking",
    [PHONE_ICON_LINE_HELD] = "line-held",
    [PHONE_ICON_SPEED_DIAL] = "speed-dial",
    [PHONE_ICON_FEATURE] = "feature",
    [PHONE_ICON_PLACED] = "placed",
    [PHONE_ICON_RECEIVED] = "received",
    [PHONE_ICON_MISSED] = "missed",
    [PHONE_ICON_FORWARDED] = "forwarded",
    [PHONE_ICON_CONTACT] = "contact",
  };

  g_return_val_if_fail (icon >= 0 && icon < PHONE_N_ICONS, "?");

  return names[icon];
}

/**
 * phone_status_icon_to_string:
 * @one_bit: exactly one bit of the set
 *
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_status_icon_to_string (PhoneStatusIcons one_bit)
{
  switch (one_bit)
    {
    case PHONE_STATUS_DND:
      return "dnd";
    case PHONE_STATUS_FORWARD:
      return "forward";
    case PHONE_STATUS_VOICE_MAIL:
      return "voice-mail";
    case PHONE_STATUS_MISSED:
      return "missed";
    case PHONE_STATUS_MUTED:
      return "muted";
    case PHONE_STATUS_LOCKED:
      return "locked";
    case PHONE_STATUS_HD:
      return "hd";
    case PHONE_STATUS_HANDSET:
      return "handset";
    case PHONE_STATUS_HEADSET:
      return "headset";
    case PHONE_STATUS_HANDS_FREE:
      return "hands-free";
    case PHONE_STATUS_SILENT:
      return "silent";
    case PHONE_STATUS_AUTO_ANSWER:
      return "auto-answer";
    case PHONE_STATUS_NO_NETWORK:
      return "no-network";
    case PHONE_STATUS_SECURE:
      return "secure";
    }
  return "?";
}
