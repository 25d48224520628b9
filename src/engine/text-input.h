/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "key.h"

G_BEGIN_DECLS

/**
 * SECTION:text-input
 * @title: PhoneTextInput
 *
 * One line of text being edited on the LCD: text, cursor, input mode, and the letters behind the digit keys (ITU-T E.161),
 * reached by pressing a key several times. A plain value without a clock: who presses says when. Owned by one page, main
 * thread only.
 */
typedef enum {
  PHONE_INPUT_DIGITS,   /* "123" */
  PHONE_INPUT_LOWER,    /* "abc" */
  PHONE_INPUT_UPPER,    /* "ABC" */
  PHONE_INPUT_MIXED,    /* "2aB": digit, lower case, upper case */
  PHONE_N_INPUT_MODES
} PhoneInputMode;

/** PHONE_TEXT_INPUT_TAP_MS: a key pressed again within this time goes on to its next character. */
#define PHONE_TEXT_INPUT_TAP_MS 1000

typedef struct _PhoneTextInput PhoneTextInput;

PhoneTextInput *phone_text_input_new           (gsize                 max_bytes,
                                                PhoneInputMode        mode) G_GNUC_WARN_UNUSED_RESULT;
void            phone_text_input_free          (PhoneTextInput       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneTextInput, phone_text_input_free)

const char     *phone_text_input_get_text      (const PhoneTextInput *self);
guint           phone_text_input_get_cursor    (const PhoneTextInput *self);
guint           phone_text_input_get_length    (const PhoneTextInput *self);
PhoneInputMode  phone_text_input_get_mode      (const PhoneTextInput *self);
const char     *phone_text_input_get_mode_name (const PhoneTextInput *self);
gboolean        phone_text_input_is_composing  (const PhoneTextInput *self,
                                                gint64                now_ms);

void            phone_text_input_set_text      (PhoneTextInput       *self,
                                                const char           *text);
void            phone_text_input_set_mode      (PhoneTextInput       *self,
                                                PhoneInputMode        mode);
void            phone_text_input_next_mode     (PhoneTextInput       *self);
gboolean        phone_text_input_press         (PhoneTextInput       *self,
                                                PhoneKey              key,
                                                gint64                now_ms);
gboolean        phone_text_input_insert        (PhoneTextInput       *self,
                                                const char           *text);
gboolean        phone_text_input_backspace     (PhoneTextInput       *self);
gboolean        phone_text_input_move          (PhoneTextInput       *self,
                                                int                   characters);
void            phone_text_input_commit        (PhoneTextInput       *self);

G_END_DECLS
