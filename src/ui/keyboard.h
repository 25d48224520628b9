/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "face.h"

G_BEGIN_DECLS

/**
 * SECTION:keyboard
 * @title: PhoneKeyboard
 *
 * Plays the phone with the keyboard, by the table in keyboard-table.inc. A key of the phone goes down and up with the key
 * of the keyboard, so that holding it is holding it; what is no shortcut goes through the input method and reaches the
 * phone as text.
 */

typedef enum {
  PHONE_SHORTCUT_KEY,
  PHONE_SHORTCUT_HOOK,
  PHONE_SHORTCUT_COMMAND,
  PHONE_SHORTCUT_ACTION,   /* the program's; taken by GTK, not by PhoneKeyboard */
} PhoneShortcutKind;

/**
 * PhoneShortcut:
 * @accelerators: GTK's names separated by blanks
 * @group: "" together with @title for what is shown with the shortcut before it
 */
typedef struct {
  PhoneShortcutKind kind;
  const char       *accelerators;
  PhoneKey          key;
  const char       *target;        /* command line or action name */
  const char       *group;         /* untranslated */
  const char       *title;         /* untranslated */
} PhoneShortcut;

const PhoneShortcut *phone_shortcut_list (guint *n);

/**
 * PhoneKeyboard:
 *
 * Signals:
 * - `command (const char *line)`: a shortcut for a line of the command table
 * - `text (const char *text)`: typed characters
 */
#define PHONE_TYPE_KEYBOARD (phone_keyboard_get_type ())
G_DECLARE_FINAL_TYPE (PhoneKeyboard, phone_keyboard, PHONE, KEYBOARD, GObject)

PhoneKeyboard *phone_keyboard_new         (GtkWindow     *window,
                                           PhoneFace     *face,
                                           PhoneSkin     *skin) G_GNUC_WARN_UNUSED_RESULT;
void           phone_keyboard_release_all (PhoneKeyboard *self);

/* (transfer full) (nullable): what is typed when @text is pasted: first line, bounded, a number freed of its layout. */
char          *phone_keyboard_clean_paste (const char    *text,
                                           gboolean       number) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
