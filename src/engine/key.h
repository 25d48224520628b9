/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "types.h"

G_BEGIN_DECLS

/**
 * SECTION:key
 * @title: Keys
 *
 * Every key of every face has one id, its name in the action URI (guide: action URI): "1", "STAR" inside an
 * SVG and "*" elsewhere, "POUND", "OK", "X", "F1"…"F4", "L1"…, "D1"…, "F_HOLD". The same id is used in skins,
 * scenarios, D-Bus and HTTP.
 */
typedef enum {
  PHONE_KEY_NONE = 0,
  PHONE_KEY_0 = 1,        /* PHONE_KEY_0 + n is the digit n */
  PHONE_KEY_9 = 10,
  PHONE_KEY_STAR,
  PHONE_KEY_POUND,
  PHONE_KEY_OK,
  PHONE_KEY_X,
  PHONE_KEY_UP,
  PHONE_KEY_DOWN,
  PHONE_KEY_LEFT,
  PHONE_KEY_RIGHT,
  PHONE_KEY_F1,           /* soft keys, left to right */
  PHONE_KEY_F2,
  PHONE_KEY_F3,
  PHONE_KEY_F4,
  PHONE_KEY_SPEAKER,
  PHONE_KEY_HEADSET,
  PHONE_KEY_MUTE,
  PHONE_KEY_MSG,
  PHONE_KEY_RD,
  PHONE_KEY_F_HOLD,
  PHONE_KEY_F_TRANSFER,
  PHONE_KEY_F_CONFERENCE,
  PHONE_KEY_VOLUME_UP,
  PHONE_KEY_VOLUME_DOWN,
  PHONE_KEY_BACKSPACE,    /* keyboard only: the Delete soft key where the LCD takes text */
  PHONE_KEY_POWER,        /* not a key: names the power lamp */
  PHONE_KEY_L1 = 100,     /* PHONE_KEY_L1 + n: line key n + 1 */
  PHONE_KEY_D1 = 200,     /* PHONE_KEY_D1 + n: memory key n + 1 */
} PhoneKey;

/**
 * phone_key_from_id:
 * @id: an action-URI name; "STAR", "CANCEL", "ENTER", "HOLD" and "TRANSFER" are taken as well
 *
 * Returns: the key, or %PHONE_KEY_NONE
 */
PhoneKey    phone_key_from_id (const char *id);

/**
 * phone_key_to_id:
 * Returns: (transfer none): the canonical id; never freed, lives as long as the program
 */
const char *phone_key_to_id   (PhoneKey    key);

/* The digit, '*' or '#' on the key, 0 when it has none. */
char        phone_key_to_digit (PhoneKey   key);
PhoneKey    phone_key_from_digit (char     digit);

/**
 * phone_key_get_name:
 * Returns: (transfer none): what people call the key ("Line key 1", "Hold"), translated
 */
const char *phone_key_get_name (PhoneKey   key);

G_END_DECLS
