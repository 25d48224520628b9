/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "key.h"
#include "skin-map.h"

#include <string.h>

#define BEGIN "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 80'>\n"
#define PARTS                                                                                                          \
  "<g id='base'/><rect id='lcd'/><g id='on-hook'><g id='handset'/></g>"                                                \
  "<g id='off-hook'><g id='handset-lifted'/></g><g id='lights'><g id='lit-L1'/></g>\n"
#define END "</svg>"

static PhoneSkinMap *
parse (const char *text, GError **error)
{
  return phone_skin_map_parse (text, strlen (text), "face.svg", error);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkinMap) map
      = parse ("<?xml version='1.0'?><!-- a face -->\n" BEGIN PARTS
               "<circle id='key-OK' class='dark round'/><rect id='key-STAR'/><rect id='key-L1'/>"
               "<g id='lamp-L1'/><g id='shadow-OK'/><g id='keyboard'/>" END,
               &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (map->width, ==, 100);
  g_assert_cmpfloat (map->height, ==, 80);
  g_assert_cmpuint (map->keys->len, ==, 3);
  g_assert_cmpint (((PhoneSkinMapKey *)g_ptr_array_index (map->keys, 0))->key, ==, PHONE_KEY_OK);
  g_assert_true (phone_skin_map_find_key (map, PHONE_KEY_OK)->round);
  g_assert_false (phone_skin_map_find_key (map, PHONE_KEY_STAR)->round);
  g_assert_cmpstr (phone_skin_map_find_key (map, PHONE_KEY_STAR)->id, ==, "STAR");
  g_assert_cmpstr (g_hash_table_lookup (map->lamps, GINT_TO_POINTER (PHONE_KEY_L1)), ==, "L1");
  g_assert_true (g_hash_table_contains (map->shadows, GINT_TO_POINTER (PHONE_KEY_OK)));
  g_assert_null (phone_skin_map_find_key (map, PHONE_KEY_X));
}

typedef struct
{
  const char *name;
  const char *text;
  PhoneSkinError code;
  const char *words;
} Broken;

static const Broken broken[] = {
  { "empty", "", PHONE_SKIN_ERROR_SYNTAX, "face.svg" },
  { "no-svg", "<html/>", PHONE_SKIN_ERROR_SYNTAX, "face.svg:1: this is no SVG" },
  { "cut", BEGIN PARTS, PHONE_SKIN_ERROR_SYNTAX, "face.svg" },
  { "crossed", BEGIN PARTS "<g></svg></g>", PHONE_SKIN_ERROR_SYNTAX, "line 3" },
  { "entity", BEGIN PARTS "<text>&bomb;</text>" END, PHONE_SKIN_ERROR_SYNTAX, "bomb" },
  { "no-view-box", "<svg>" PARTS END, PHONE_SKIN_ERROR_FACTS, "face.svg:1: the drawing needs a viewBox" },
  { "moved-view-box", "<svg viewBox='1 0 10 10'>" PARTS END, PHONE_SKIN_ERROR_FACTS, "viewBox" },
  { "flat-view-box", "<svg viewBox='0 0 10 0'>" PARTS END, PHONE_SKIN_ERROR_FACTS, "viewBox" },
  { "endless-view-box", "<svg viewBox='0 0 inf 10'>" PARTS END, PHONE_SKIN_ERROR_FACTS, "viewBox" },
  { "nan-view-box", "<svg viewBox='0 0 nan 10'>" PARTS END, PHONE_SKIN_ERROR_FACTS, "viewBox" },
  { "unknown-key", BEGIN PARTS "<g id='key-BANANA'/>" END, PHONE_SKIN_ERROR_FACTS,
    "face.svg:3: id “key-BANANA” names no key" },
  { "power-key", BEGIN PARTS "<g id='key-POWER'/>" END, PHONE_SKIN_ERROR_FACTS, "key-POWER" },
  { "nameless-key", BEGIN PARTS "<g id='key-'/>" END, PHONE_SKIN_ERROR_FACTS, "“key-” names no key" },
  { "unknown-lamp", BEGIN PARTS "<g id='lamp-BANANA'/>" END, PHONE_SKIN_ERROR_FACTS, "lamp-BANANA" },
  { "unknown-shadow", BEGIN PARTS "<g id='shadow-BANANA'/>" END, PHONE_SKIN_ERROR_FACTS, "shadow-BANANA" },
  { "id-twice", BEGIN PARTS "<g id='key-OK'/>\n<g id='key-OK'/>" END, PHONE_SKIN_ERROR_FACTS,
    "face.svg:4: id “key-OK” stands in line 3 already" },
  { "key-twice", BEGIN PARTS "<g id='key-X'/>\n<g id='key-CANCEL'/>" END, PHONE_SKIN_ERROR_FACTS,
    "face.svg:4: id “key-CANCEL”" },
  { "lamp-without-light", BEGIN PARTS "<g id='lamp-L2'/>" END, PHONE_SKIN_ERROR_FACTS, "“lit-L2” is missing" },
  { "no-lcd", BEGIN "<g id='base'/>" END, PHONE_SKIN_ERROR_FACTS, "“lcd” is missing" },
};

static void
test_broken (gconstpointer data)
{
  const Broken *sample = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (sample->text, &error));
  g_assert_error (error, PHONE_SKIN_ERROR, (int)sample->code);
  if (strstr (error->message, sample->words) == NULL)
    g_error ("“%s” does not have “%s”", error->message, sample->words);
}

static void
test_many_elements (void)
{
  GString *text = g_string_new (BEGIN PARTS);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 60000; i++)
    g_string_append (text, "<g/>");
  g_string_append (text, END);
  g_assert_null (parse (text->str, &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/skin-map/good", test_good);
  g_test_add_func ("/skin-map/many-elements", test_many_elements);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *path = g_strconcat ("/skin-map/broken/", broken[i].name, NULL);

      g_test_add_data_func (path, &broken[i], test_broken);
    }
  return g_test_run ();
}
