/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "text-input.h"

#include <string.h>

struct _PhoneTextInput
{
  GString *text;
  gsize cursor; /* in bytes, always between two characters */
  gsize max_bytes;
  PhoneInputMode mode;

  /* The character before the cursor while it may still be turned into the key's next one. */
  PhoneKey tap_key; /* PHONE_KEY_NONE: none */
  guint tap_index;
  gint64 tap_ms;
};

static const char *const mode_names[PHONE_N_INPUT_MODES] = {
  [PHONE_INPUT_DIGITS] = "123",
  [PHONE_INPUT_LOWER] = "abc",
  [PHONE_INPUT_UPPER] = "ABC",
  [PHONE_INPUT_MIXED] = "2aB",
};

/* What each key writes, in the order of presses. The letters are those of E.161; blank and punctuation stand where most
 * phones have them, since the standard says nothing of them. All ASCII. */
#define PUNCTUATION ".,?!-_@:/'\"()"
#define SYMBOLS "+=%&$;<>[]{}|\\^~`"

static const struct
{
  PhoneKey key;
  const char *characters[PHONE_N_INPUT_MODES]; /* 123, abc, ABC, 2aB */
} key_table[] = {
  { PHONE_KEY_0, { "0", " 0", " 0", "0 " } },
  { PHONE_KEY_0 + 1, { "1", PUNCTUATION "1", PUNCTUATION "1", "1" PUNCTUATION } },
  { PHONE_KEY_0 + 2, { "2", "abc2", "ABC2", "2abcABC" } },
  { PHONE_KEY_0 + 3, { "3", "def3", "DEF3", "3defDEF" } },
  { PHONE_KEY_0 + 4, { "4", "ghi4", "GHI4", "4ghiGHI" } },
  { PHONE_KEY_0 + 5, { "5", "jkl5", "JKL5", "5jklJKL" } },
  { PHONE_KEY_0 + 6, { "6", "mno6", "MNO6", "6mnoMNO" } },
  { PHONE_KEY_0 + 7, { "7", "pqrs7", "PQRS7", "7pqrsPQRS" } },
  { PHONE_KEY_0 + 8, { "8", "tuv8", "TUV8", "8tuvTUV" } },
  { PHONE_KEY_9, { "9", "wxyz9", "WXYZ9", "9wxyzWXYZ" } },
  { PHONE_KEY_STAR, { "*", "*" SYMBOLS, "*" SYMBOLS, "*" SYMBOLS } },
  { PHONE_KEY_POUND, { "#", "#", "#", "#" } },
};

static const char *
find_characters (PhoneKey key,
                 PhoneInputMode mode)
{
  for (gsize i = 0; i < G_N_ELEMENTS (key_table); i++)
    if (key_table[i].key == key)
      return key_table[i].characters[mode];
  return NULL;
}

/**
 * phone_text_input_new:
 * @max_bytes: greatest length of the text in bytes, as the settings table counts
 *
 * Returns: (transfer full): an empty line
 */
PhoneTextInput *
phone_text_input_new (gsize max_bytes,
                      PhoneInputMode mode)
{
  PhoneTextInput *self;

  g_return_val_if_fail (mode >= 0 && mode < PHONE_N_INPUT_MODES, NULL);

  self = g_new0 (PhoneTextInput, 1);
  self->text = g_string_new (NULL);
  self->max_bytes = max_bytes;
  self->mode = mode;
  return self;
}

/**
 * phone_text_input_free:
 * @self: (nullable):
 */
void
phone_text_input_free (PhoneTextInput *self)
{
  if (self == NULL)
    return;
  /* It may have been a password. */
  explicit_bzero (self->text->str, self->text->allocated_len);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * phone_text_input_get_text:
 * Returns: (transfer none): valid UTF-8 without control characters; valid until the next change
 */
const char *
phone_text_input_get_text (const PhoneTextInput *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->text->str;
}

/**
 * phone_text_input_get_cursor:
 * Returns: characters left of the cursor
 */
guint
phone_text_input_get_cursor (const PhoneTextInput *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) g_utf8_strlen (self->text->str, (gssize) self->cursor);
}

/**
 * phone_text_input_get_length:
 * Returns: number of characters
 */
guint
phone_text_input_get_length (const PhoneTextInput *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) g_utf8_strlen (self->text->str, (gssize) self->text->len);
}

/**
 * phone_text_input_get_mode:
 * Returns: the input mode
 */
PhoneInputMode
phone_text_input_get_mode (const PhoneTextInput *self)
{
  g_return_val_if_fail (self != NULL, PHONE_INPUT_DIGITS);

  return self->mode;
}

/**
 * phone_text_input_get_mode_name:
 * Returns: (transfer none): as the LCD shows it: "123", "abc", "ABC" or "2aB"
 */
const char *
phone_text_input_get_mode_name (const PhoneTextInput *self)
{
  g_return_val_if_fail (self != NULL, "");

  return mode_names[self->mode];
}

/**
 * phone_text_input_is_composing:
 * Returns: whether the character before the cursor can still be changed by its key
 */
gboolean
phone_text_input_is_composing (const PhoneTextInput *self,
                               gint64 now_ms)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->tap_key != PHONE_KEY_NONE && now_ms >= self->tap_ms && now_ms - self->tap_ms < PHONE_TEXT_INPUT_TAP_MS;
}

/* Puts in as many whole characters as fit; control characters and line ends are left out. */
static gboolean
insert_characters (PhoneTextInput *self,
                   const char *text)
{
  gboolean changed = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gsize n_bytes = (gsize) (g_utf8_next_char (at) - at);

      if (g_unichar_iscntrl (g_utf8_get_char (at)))
        continue;
      if (self->text->len + n_bytes > self->max_bytes)
        break;
      g_string_insert_len (self->text, (gssize) self->cursor, at, (gssize) n_bytes);
      self->cursor += n_bytes;
      changed = TRUE;
    }
  return changed;
}

/**
 * phone_text_input_set_text:
 * @text: (nullable): what does not fit is cut off; the cursor goes to the end
 */
void
phone_text_input_set_text (PhoneTextInput *self,
                           const char *text)
{
  g_autofree char *valid = NULL;

  g_return_if_fail (self != NULL);

  valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  phone_text_input_commit (self);
  g_string_truncate (self->text, 0);
  self->cursor = 0;
  insert_characters (self, valid);
}

/**
 * phone_text_input_set_mode:
 */
void
phone_text_input_set_mode (PhoneTextInput *self,
                           PhoneInputMode mode)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (mode >= 0 && mode < PHONE_N_INPUT_MODES);

  phone_text_input_commit (self);
  self->mode = mode;
}

/**
 * phone_text_input_next_mode:
 *
 * What the IME soft key does: 2aB, abc, ABC, 123 and over again (guide: entering text).
 */
void
phone_text_input_next_mode (PhoneTextInput *self)
{
  static const PhoneInputMode next[PHONE_N_INPUT_MODES] = {
    [PHONE_INPUT_MIXED] = PHONE_INPUT_LOWER,
    [PHONE_INPUT_LOWER] = PHONE_INPUT_UPPER,
    [PHONE_INPUT_UPPER] = PHONE_INPUT_DIGITS,
    [PHONE_INPUT_DIGITS] = PHONE_INPUT_MIXED,
  };

  g_return_if_fail (self != NULL);

  phone_text_input_set_mode (self, next[self->mode]);
}

/**
 * phone_text_input_press:
 * @key: a key of the dial pad; any other writes nothing
 * @now_ms: from the clock port
 *
 * Writes the key's first character of the input mode; the same key again within %PHONE_TEXT_INPUT_TAP_MS turns it into
 * the next one.
 *
 * Returns: whether the text changed
 */
gboolean
phone_text_input_press (PhoneTextInput *self,
                        PhoneKey key,
                        gint64 now_ms)
{
  const char *characters;
  char written[2] = "";
  gsize n_characters;

  g_return_val_if_fail (self != NULL, FALSE);

  characters = find_characters (key, self->mode);
  if (characters == NULL)
    return FALSE;

  n_characters = strlen (characters);
  if (self->tap_key == key && phone_text_input_is_composing (self, now_ms))
    {
      g_assert (self->cursor > 0);
      self->tap_index = (self->tap_index + 1) % n_characters;
      self->tap_ms = now_ms;
      /* One ASCII character takes the place of another. */
      self->text->str[self->cursor - 1] = characters[self->tap_index];
      return TRUE;
    }

  phone_text_input_commit (self);
  written[0] = characters[0];
  if (!insert_characters (self, written))
    return FALSE;
  if (n_characters > 1)
    {
      self->tap_key = key;
      self->tap_index = 0;
      self->tap_ms = now_ms;
    }
  return TRUE;
}

/**
 * phone_text_input_insert:
 * @text: typed on a keyboard or pasted
 *
 * Puts in as many characters as fit, whatever the input mode.
 *
 * Returns: whether the text changed
 */
gboolean
phone_text_input_insert (PhoneTextInput *self,
                         const char *text)
{
  g_autofree char *valid = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  valid = g_utf8_make_valid (text, -1);
  phone_text_input_commit (self);
  return insert_characters (self, valid);
}

/**
 * phone_text_input_backspace:
 *
 * Takes the character before the cursor away (the Delete soft key).
 *
 * Returns: whether there was one
 */
gboolean
phone_text_input_backspace (PhoneTextInput *self)
{
  const char *before;
  gsize start;

  g_return_val_if_fail (self != NULL, FALSE);

  phone_text_input_commit (self);
  if (self->cursor == 0)
    return FALSE;
  before = g_utf8_prev_char (self->text->str + self->cursor);
  start = (gsize) (before - self->text->str);
  g_string_erase (self->text, (gssize) start, (gssize) (self->cursor - start));
  self->cursor = start;
  return TRUE;
}

/**
 * phone_text_input_move:
 * @characters: to the right, to the left when negative; stops at the ends
 *
 * Returns: whether the cursor moved
 */
gboolean
phone_text_input_move (PhoneTextInput *self,
                       int characters)
{
  glong target;
  gsize before;

  g_return_val_if_fail (self != NULL, FALSE);

  phone_text_input_commit (self);
  before = self->cursor;
  target = CLAMP ((glong) phone_text_input_get_cursor (self) + characters, 0, (glong) phone_text_input_get_length (self));
  self->cursor = (gsize) (g_utf8_offset_to_pointer (self->text->str, target) - self->text->str);
  return self->cursor != before;
}

/**
 * phone_text_input_commit:
 *
 * The next press writes a new character, even of the same key.
 */
void
phone_text_input_commit (PhoneTextInput *self)
{
  g_return_if_fail (self != NULL);

  self->tap_key = PHONE_KEY_NONE;
}
