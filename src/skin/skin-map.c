/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-skin"

#include "skin-map.h"

#include "key.h"

#include <string.h>

#define MAX_ELEMENTS 50000
#define MAX_UNITS 10000.0

/* What a face must have beside keys and lamps. The groups are switched on and off by the loader's style sheets. */
static const char *const required_ids[]
    = { "base", "lcd", "on-hook", "off-hook", "handset", "handset-lifted", "lights" };

typedef struct
{
  const char *name;
  PhoneSkinMap *map;
  GHashTable *ids; /* id -> line */
  guint n_elements;
} Scan;

static void
map_key_free (gpointer data)
{
  PhoneSkinMapKey *key = data;

  g_free (key->id);
  g_free (key);
}

static const char *
find_attribute (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];
  return NULL;
}

static gboolean
has_class (const char *classes, const char *wanted)
{
  g_auto (GStrv) words = classes != NULL ? g_strsplit_set (classes, " \t\n\r", -1) : NULL;

  return words != NULL && g_strv_contains ((const char *const *)words, wanted);
}

static gboolean
read_view_box (Scan *scan, const char *text, guint line, GError **error)
{
  double numbers[4];
  guint n = 0;
  const char *p = text != NULL ? text : "";

  while (n < 4)
    {
      char *end;

      p += strspn (p, " \t\r\n,");
      numbers[n] = g_ascii_strtod (p, &end);
      if (end == p || !(numbers[n] >= 0 && numbers[n] <= MAX_UNITS))
        break;
      p = end;
      n++;
    }
  if (n != 4 || numbers[0] != 0 || numbers[1] != 0 || numbers[2] < 1 || numbers[3] < 1)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS,
                   "%s:%u: the drawing needs a viewBox of 0 0 width height, each up to %g", scan->name, line,
                   MAX_UNITS);
      return FALSE;
    }
  scan->map->width = numbers[2];
  scan->map->height = numbers[3];
  return TRUE;
}

static PhoneKey
key_of (Scan *scan, const char *id, const char *prefix, guint line, GError **error)
{
  PhoneKey key = phone_key_from_id (id + strlen (prefix));

  /* The power lamp is the one lamp without a key; asked by value, in case its name is none of a key. */
  if (key == PHONE_KEY_NONE && !g_str_equal (prefix, "key-") && g_str_equal (id + strlen (prefix), "POWER"))
    key = PHONE_KEY_POWER;
  if (key == PHONE_KEY_NONE || (key == PHONE_KEY_POWER && g_str_equal (prefix, "key-")))
    g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS, "%s:%u: id “%s” names no key", scan->name, line, id);
  else
    return key;
  return PHONE_KEY_NONE;
}

static gboolean
read_id (Scan *scan, const char *id, const char *classes, guint line, GError **error)
{
  gpointer first = g_hash_table_lookup (scan->ids, id);
  PhoneKey key;

  if (first != NULL)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS, "%s:%u: id “%s” stands in line %u already",
                   scan->name, line, id, GPOINTER_TO_UINT (first));
      return FALSE;
    }
  g_hash_table_insert (scan->ids, g_strdup (id), GUINT_TO_POINTER (line));

  if (g_str_has_prefix (id, "key-"))
    {
      PhoneSkinMapKey *entry;

      key = key_of (scan, id, "key-", line, error);
      if (key == PHONE_KEY_NONE)
        return FALSE;
      if (phone_skin_map_find_key (scan->map, key) != NULL)
        {
          g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS,
                       "%s:%u: id “%s” is a second name of a key that is "
                       "there already",
                       scan->name, line, id);
          return FALSE;
        }
      entry = g_new0 (PhoneSkinMapKey, 1);
      *entry = (PhoneSkinMapKey){ key, g_strdup (id + strlen ("key-")), has_class (classes, "round"), line };
      g_ptr_array_add (scan->map->keys, entry);
    }
  else if (g_str_has_prefix (id, "lamp-"))
    {
      key = key_of (scan, id, "lamp-", line, error);
      if (key == PHONE_KEY_NONE)
        return FALSE;
      g_hash_table_insert (scan->map->lamps, GINT_TO_POINTER (key), g_strdup (id + strlen ("lamp-")));
    }
  else if (g_str_has_prefix (id, "shadow-"))
    {
      key = key_of (scan, id, "shadow-", line, error);
      if (key == PHONE_KEY_NONE)
        return FALSE;
      g_hash_table_add (scan->map->shadows, GINT_TO_POINTER (key));
    }
  return TRUE;
}

static void
on_start_element (GMarkupParseContext *context,
                  const char *element,
                  const char **names,
                  const char **values,
                  gpointer user_data,
                  GError **error)
{
  Scan *scan = user_data;
  const char *id = find_attribute (names, values, "id");
  int line;

  g_markup_parse_context_get_position (context, &line, NULL);
  if (++scan->n_elements > MAX_ELEMENTS)
    {
      g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX, "%s:%d: more than %d elements", scan->name, line,
                   MAX_ELEMENTS);
      return;
    }
  if (scan->n_elements == 1)
    {
      if (!g_str_equal (element, "svg"))
        {
          g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX, "%s:%d: this is no SVG drawing", scan->name,
                       line);
          return;
        }
      if (!read_view_box (scan, find_attribute (names, values, "viewBox"), line, error))
        return;
    }
  if (id != NULL)
    read_id (scan, id, find_attribute (names, values, "class"), line, error);
}

static gboolean
check_complete (Scan *scan, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  for (guint i = 0; i < G_N_ELEMENTS (required_ids); i++)
    if (!g_hash_table_contains (scan->ids, required_ids[i]))
      {
        g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS, "%s: an element with id “%s” is missing",
                     scan->name, required_ids[i]);
        return FALSE;
      }
  g_hash_table_iter_init (&iter, scan->map->lamps);
  while (g_hash_table_iter_next (&iter, NULL, &id))
    {
      g_autofree char *light = g_strconcat ("lit-", id, NULL);

      if (!g_hash_table_contains (scan->ids, light))
        {
          g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FACTS,
                       "%s: lamp-%s has no light: an element with id “%s” is missing", scan->name, (char *)id, light);
          return FALSE;
        }
    }
  return TRUE;
}

static PhoneSkinMap *
phone_skin_map_new (void)
{
  PhoneSkinMap *self = g_new0 (PhoneSkinMap, 1);

  self->keys = g_ptr_array_new_with_free_func (map_key_free);
  self->lamps = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->shadows = g_hash_table_new (NULL, NULL);
  return self;
}

PhoneSkinMap *
phone_skin_map_parse (const char *svg, gsize length, const char *name, GError **error)
{
  static const GMarkupParser parser = { .start_element = on_start_element };
  g_autoptr (PhoneSkinMap) map = NULL;
  g_autoptr (GHashTable) ids = NULL;
  g_autoptr (GMarkupParseContext) context = NULL;
  g_autoptr (GError) reason = NULL;
  Scan scan;

  g_return_val_if_fail (svg != NULL || length == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  map = phone_skin_map_new ();
  ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  scan = (Scan){ .name = name, .map = map, .ids = ids };
  context = g_markup_parse_context_new (&parser, G_MARKUP_PREFIX_ERROR_POSITION, &scan, NULL);
  if (!g_markup_parse_context_parse (context, svg != NULL ? svg : "", (gssize)length, &reason)
      || !g_markup_parse_context_end_parse (context, &reason))
    {
      /* Our own words have the place already, in front of which GMarkup puts it again. */
      const char *own = reason->domain == PHONE_SKIN_ERROR ? strstr (reason->message, name) : NULL;

      if (own != NULL)
        g_set_error_literal (error, PHONE_SKIN_ERROR, reason->code, own);
      else
        g_set_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX, "%s: %s", name, reason->message);
      return NULL;
    }
  return check_complete (&scan, error) ? g_steal_pointer (&map) : NULL;
}

void
phone_skin_map_free (PhoneSkinMap *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->keys);
  g_hash_table_unref (self->lamps);
  g_hash_table_unref (self->shadows);
  g_free (self);
}

const PhoneSkinMapKey *
phone_skin_map_find_key (const PhoneSkinMap *self, PhoneKey key)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      const PhoneSkinMapKey *entry = g_ptr_array_index (self->keys, i);

      if (entry->key == key)
        return entry;
    }
  return NULL;
}
