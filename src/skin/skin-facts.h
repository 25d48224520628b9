/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "skin.h"

G_BEGIN_DECLS

/**
 * PhoneSkinFacts:
 * @compact: part of the drawing that the compact view shows
 * @shortcuts: (element-type PhoneKey utf8): accelerators by key
 * @lamps: light of each colour, indexed by #PhoneLampColour
 * @lamp_shapes: whether the colour of a lamp is told by a shape as well
 * @font: families for the LCD, best first
 *
 * All that `skin.ini` says. Plain value; reading it needs no drawing library, so that a program without a face can ask
 * for the model alone.
 */
typedef struct {
  PhoneModel *model;
  PhoneRect   compact;
  GHashTable *shortcuts;
  guint32     lamps[PHONE_LAMP_ORANGE + 1]; /* 0xrrggbb */
  gboolean    lamp_shapes;
  char       *font;
} PhoneSkinFacts;

/**
 * phone_skin_facts_load:
 * @folder: the skin's folder
 *
 * Returns: (transfer full): facts, or %NULL with a #PhoneSkinError naming the file, the line, the group and the key
 */
PhoneSkinFacts *phone_skin_facts_load  (const char      *folder,
                                        GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_skin_facts_parse:
 * @text: content of a `skin.ini`; any bytes
 * @length: its length in bytes
 * @name: what the messages call the file
 *
 * The file is a list of `key = value` lines in `[groups]`; `#` and `;` begin a comment line. An unknown group or key, a
 * key given twice and a missing fact are errors.
 */
PhoneSkinFacts *phone_skin_facts_parse (const char      *text,
                                        gsize            length,
                                        const char      *name,
                                        GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void            phone_skin_facts_free  (PhoneSkinFacts  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSkinFacts, phone_skin_facts_free)

G_END_DECLS
