/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "key.h"
#include "texts.h"

#include <string.h>

/* Keys that are not one of a numbered series. */
static const struct
{
  PhoneKey key;
  const char *id;
  const char *name;
} named_keys[] = {
  { PHONE_KEY_STAR, "*", N_ ("Star") },
  { PHONE_KEY_POUND, "POUND", N_ ("Pound") },
  { PHONE_KEY_OK, "OK", N_ ("OK") },
  { PHONE_KEY_X, "X", N_ ("Cancel") },
  { PHONE_KEY_UP, "UP", N_ ("Up") },
  { PHONE_KEY_DOWN, "DOWN", N_ ("Down") },
  { PHONE_KEY_LEFT, "LEFT", N_ ("Left") },
  { PHONE_KEY_RIGHT, "RIGHT", N_ ("Right") },
  { PHONE_KEY_SPEAKER, "SPEAKER", N_ ("Speakerphone") },
  { PHONE_KEY_HEADSET, "HEADSET", N_ ("Headset") },
  { PHONE_KEY_MUTE, "MUTE", N_ ("Mute") },
  { PHONE_KEY_MSG, "MSG", N_ ("Message") },
  { PHONE_KEY_RD, "RD", N_ ("Redial") },
  { PHONE_KEY_F_HOLD, "F_HOLD", N_ ("Hold") },
  { PHONE_KEY_F_TRANSFER, "F_TRANSFER", N_ ("Transfer") },
  { PHONE_KEY_F_CONFERENCE, "F_CONFERENCE", N_ ("Conference") },
  { PHONE_KEY_VOLUME_UP, "VOLUME_UP", N_ ("Volume up") },
  { PHONE_KEY_VOLUME_DOWN, "VOLUME_DOWN", N_ ("Volume down") },
  { PHONE_KEY_BACKSPACE, "BACKSPACE", N_ ("Backspace") },
  { PHONE_KEY_POWER, "POWER", N_ ("Power lamp") },
};

static const struct
{
  const char *id;
  PhoneKey key;
} aliases[] = {
  { "STAR", PHONE_KEY_STAR },       { "#", PHONE_KEY_POUND },
  { "CANCEL", PHONE_KEY_X },        { "ENTER", PHONE_KEY_OK },
  { "HOLD", PHONE_KEY_F_HOLD },     { "TRANSFER", PHONE_KEY_F_TRANSFER },
};

/* How many of each numbered series there may be on any face. */
#define MAX_LINE_KEYS 99
#define MAX_MEMORY_KEYS 99

static gboolean
parse_number (const char *text,
              guint maximum,
              guint *number)
{
  guint64 value;

  /* "L01" is not a second name of "L1". */
  if (text[0] < '1' || text[0] > '9' || strlen (text) > 2)
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, maximum, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

PhoneKey
phone_key_from_id (const char *id)
{
  guint number;

  g_return_val_if_fail (id != NULL, PHONE_KEY_NONE);

  if (g_ascii_isdigit (id[0]) && id[1] == '\0')
    return (PhoneKey) (PHONE_KEY_0 + (id[0] - '0'));
  if (id[0] == 'F' && parse_number (id + 1, PHONE_SOFT_KEYS, &number))
    return (PhoneKey) (PHONE_KEY_F1 + number - 1);
  if (id[0] == 'L' && parse_number (id + 1, MAX_LINE_KEYS, &number))
    return (PhoneKey) (PHONE_KEY_L1 + number - 1);
  if (id[0] == 'D' && parse_number (id + 1, MAX_MEMORY_KEYS, &number))
    return (PhoneKey) (PHONE_KEY_D1 + number - 1);
  for (gsize i = 0; i < G_N_ELEMENTS (named_keys); i++)
    if (strcmp (named_keys[i].id, id) == 0)
      return named_keys[i].key;
  for (gsize i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (strcmp (aliases[i].id, id) == 0)
      return aliases[i].key;
  return PHONE_KEY_NONE;
}

/* There are few keys: each text is made once and kept. */
static const char *
intern (const char *format,
        guint number)
{
  g_autofree char *text = g_strdup_printf (format, number);

  return g_intern_string (text);
}

const char *
phone_key_to_id (PhoneKey key)
{
  if (key >= PHONE_KEY_0 && key <= PHONE_KEY_9)
    return intern ("%u", key - PHONE_KEY_0);
  if (key >= PHONE_KEY_F1 && key <= PHONE_KEY_F4)
    return intern ("F%u", key - PHONE_KEY_F1 + 1);
  if (key >= PHONE_KEY_L1 && key < PHONE_KEY_L1 + MAX_LINE_KEYS)
    return intern ("L%u", key - PHONE_KEY_L1 + 1);
  if (key >= PHONE_KEY_D1 && key < PHONE_KEY_D1 + MAX_MEMORY_KEYS)
    return intern ("D%u", key - PHONE_KEY_D1 + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (named_keys); i++)
    if (named_keys[i].key == key)
      return named_keys[i].id;
  return "NONE";
}

/**
 * phone_key_to_digit:
 * Returns: the digit, '*' or '#' on the key; 0 when it has none
 */
char
phone_key_to_digit (PhoneKey key)
{
  if (key >= PHONE_KEY_0 && key <= PHONE_KEY_9)
    return (char) ('0' + (key - PHONE_KEY_0));
  if (key == PHONE_KEY_STAR)
    return '*';
  if (key == PHONE_KEY_POUND)
    return '#';
  return 0;
}

/**
 * phone_key_from_digit:
 * Returns: the key with this digit, '*' or '#'; %PHONE_KEY_NONE for any other character
 */
PhoneKey
phone_key_from_digit (char digit)
{
  if (digit >= '0' && digit <= '9')
    return (PhoneKey) (PHONE_KEY_0 + (digit - '0'));
  if (digit == '*')
    return PHONE_KEY_STAR;
  if (digit == '#')
    return PHONE_KEY_POUND;
  return PHONE_KEY_NONE;
}

const char *
phone_key_get_name (PhoneKey key)
{
  if (key >= PHONE_KEY_0 && key <= PHONE_KEY_9)
    return phone_key_to_id (key);
  if (key >= PHONE_KEY_F1 && key <= PHONE_KEY_F4)
    /* Translators: a key below the display; %u counts from the left */
    return intern (_ ("Soft key %u"), key - PHONE_KEY_F1 + 1);
  if (key >= PHONE_KEY_L1 && key < PHONE_KEY_L1 + MAX_LINE_KEYS)
    /* Translators: a key beside the display that stands for a telephone line */
    return intern (_ ("Line key %u"), key - PHONE_KEY_L1 + 1);
  if (key >= PHONE_KEY_D1 && key < PHONE_KEY_D1 + MAX_MEMORY_KEYS)
    /* Translators: a key that can be given a function */
    return intern (_ ("Memory key %u"), key - PHONE_KEY_D1 + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (named_keys); i++)
    if (named_keys[i].key == key)
      return _ (named_keys[i].name);
  return "";
}
