/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "skin.h"

G_BEGIN_DECLS

/**
 * PhoneSkinMapKey:
 * @id: as it stands in the drawing after `key-`
 * @round: the element has class "round"
 * @line: where it stands in the file
 */
typedef struct {
  PhoneKey  key;
  char     *id;
  gboolean  round;
  guint     line;
} PhoneSkinMapKey;

/**
 * PhoneSkinMap:
 * @width: of the view box, which begins at 0 0
 * @keys: (element-type PhoneSkinMapKey): in the order of the drawing, which is the reading order
 * @lamps: (element-type PhoneKey utf8): id of the lamp after `lamp-`
 * @shadows: (element-type PhoneKey): keys that have a `shadow-<ID>`
 *
 * The ids of a drawing that mean something to the phone. They are checked here, with the line, before the drawing is
 * given to the library that renders it.
 */
typedef struct {
  double      width;
  double      height;
  GPtrArray  *keys;
  GHashTable *lamps;
  GHashTable *shadows;
} PhoneSkinMap;

/**
 * phone_skin_map_parse:
 * @svg: a whole drawing; any bytes
 * @name: what the messages call the file
 *
 * Returns: (transfer full): the map, or %NULL with a #PhoneSkinError: the drawing is not well formed, has no view box,
 *   an id twice, a key or lamp of an unknown name, a lamp without its light `lit-<ID>`, or lacks `lcd` or `handset`
 */
PhoneSkinMap          *phone_skin_map_parse    (const char          *svg,
                                                gsize                length,
                                                const char          *name,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void                   phone_skin_map_free     (PhoneSkinMap        *self);

/**
 * phone_skin_map_find_key:
 * Returns: (transfer none) (nullable): the key, %NULL when the drawing has none of this name
 */
const PhoneSkinMapKey *phone_skin_map_find_key (const PhoneSkinMap  *self,
                                                PhoneKey             key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSkinMap, phone_skin_map_free)

G_END_DECLS
