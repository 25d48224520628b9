/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rooms: engine skin */

#include "skin-map.h"

/* The ids of face.svg: any bytes give a map or a message. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkinMap) map = phone_skin_map_parse ((const char *)data, size, "face.svg", &error);

  g_assert_true ((map != NULL) == (error == NULL));
  if (map != NULL)
    {
      g_assert_cmpfloat (map->width, >=, 1);
      g_assert_cmpfloat (map->height, >=, 1);
      for (guint i = 0; i < map->keys->len; i++)
        {
          const PhoneSkinMapKey *key = g_ptr_array_index (map->keys, i);

          g_assert_true (phone_skin_map_find_key (map, key->key) == key);
        }
    }
  return 0;
}
