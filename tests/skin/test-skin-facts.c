/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "key.h"
#include "skin-facts.h"

#include <string.h>

#define MODEL                                                                                                          \
  "[model]\nname = T46G\naccounts = 16\nline-keys = 10\nmemory-keys = 0\nsoft-keys = 4\n"                              \
  "lcd-width = 480\nlcd-height = 272\nlcd-kind = colour\n"

static void
test_complete (void)
{
  const char *text = "# comment\n\n" MODEL "headset-key = yes\n[view]\ncompact = 1 2  30\t40\n[lamps]\ngreen=#00ff10\n"
                     "shapes = yes\n[lcd]\nfont = Sans\n; other comment\n[keys]\nSTAR = asterisk KP_Multiply\n"
                     "F_HOLD = <Control>o\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkinFacts) facts = phone_skin_facts_parse (text, strlen (text), "skin.ini", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (facts->model->name, ==, "T46G");
  g_assert_cmpuint (facts->model->n_accounts, ==, 16);
  g_assert_cmpuint (facts->model->n_line_keys, ==, 10);
  g_assert_cmpuint (facts->model->lcd_width, ==, 480);
  g_assert_cmpuint (facts->model->lcd_height, ==, 272);
  g_assert_true (facts->model->lcd_colour);
  g_assert_true (facts->model->has_headset_key);
  g_assert_cmpfloat (facts->compact.width, ==, 30);
  g_assert_cmpfloat (facts->compact.height, ==, 40);
  g_assert_cmphex (facts->lamps[PHONE_LAMP_GREEN], ==, 0x00ff10);
  g_assert_true (facts->lamp_shapes);
  g_assert_cmpstr (facts->font, ==, "Sans");
  g_assert_cmpstr (g_hash_table_lookup (facts->shortcuts, GINT_TO_POINTER (PHONE_KEY_STAR)), ==,
                   "asterisk KP_Multiply");
  g_assert_cmpstr (g_hash_table_lookup (facts->shortcuts, GINT_TO_POINTER (PHONE_KEY_F_HOLD)), ==, "<Control>o");
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkinFacts) facts = phone_skin_facts_parse (MODEL, strlen (MODEL), "skin.ini", &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (facts->compact.width, ==, 0);
  g_assert_cmphex (facts->lamps[PHONE_LAMP_RED], !=, 0);
  g_assert_false (facts->lamp_shapes);
  g_assert_cmpuint (g_hash_table_size (facts->shortcuts), ==, 0);
}

typedef struct
{
  const char *name;
  const char *text;
  PhoneSkinError code;
  const char *words; /* that the message has */
} Broken;

static const Broken broken[] = {
  { "empty", "", PHONE_SKIN_ERROR_FACTS, "skin.ini: [model] name: missing" },
  { "no-kind", "[model]\nname=A\naccounts=1\nline-keys=0\nmemory-keys=0\nsoft-keys=4\nlcd-width=480\nlcd-height=272\n",
    PHONE_SKIN_ERROR_FACTS, "[model] lcd-kind: missing" },
  { "no-pair", MODEL "what is this\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:10:" },
  { "no-key", MODEL " = 4\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:10:" },
  { "before-group", "name = A\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:1:" },
  { "open-group", "[model\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:1:" },
  { "empty-group", "[]\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:1:" },
  { "lone-bracket", "[\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:1:" },
  { "unknown-group", "\n[modell]\n", PHONE_SKIN_ERROR_FACTS, "skin.ini:2: there is no group [modell]" },
  { "unknown-key", "[model]\ncolour = red\n", PHONE_SKIN_ERROR_FACTS, "skin.ini:2: [model] colour:" },
  { "key-of-other-group", "[lamps]\naccounts = 3\n", PHONE_SKIN_ERROR_FACTS, "skin.ini:2: [lamps] accounts:" },
  { "twice", "[model]\nname = A\nname = B\n", PHONE_SKIN_ERROR_FACTS, "skin.ini:3: [model] name: given twice" },
  { "too-many-accounts", "[model]\naccounts = 17\n", PHONE_SKIN_ERROR_FACTS, "from 1 to 16, not “17”" },
  { "no-accounts", "[model]\naccounts = 0\n", PHONE_SKIN_ERROR_FACTS, "skin.ini:2: [model] accounts:" },
  { "negative", "[model]\nline-keys = -1\n", PHONE_SKIN_ERROR_FACTS, "[model] line-keys:" },
  { "overflow", "[model]\nlcd-width = 99999999999999999999\n", PHONE_SKIN_ERROR_FACTS, "[model] lcd-width:" },
  { "no-number", "[model]\nlcd-height = tall\n", PHONE_SKIN_ERROR_FACTS, "not “tall”" },
  { "number-and-more", "[model]\nlcd-height = 272px\n", PHONE_SKIN_ERROR_FACTS, "not “272px”" },
  { "kind", "[model]\nlcd-kind = grey\n", PHONE_SKIN_ERROR_FACTS, "colour or mono" },
  { "yes-no", "[model]\nheadset-key = maybe\n", PHONE_SKIN_ERROR_FACTS, "yes or no" },
  { "empty-name", "[model]\nname =\n", PHONE_SKIN_ERROR_FACTS, "1–32" },
  { "rect-short", "[view]\ncompact = 1 2 3\n", PHONE_SKIN_ERROR_FACTS, "[view] compact:" },
  { "rect-long", "[view]\ncompact = 1 2 3 4 5\n", PHONE_SKIN_ERROR_FACTS, "[view] compact:" },
  { "rect-flat", "[view]\ncompact = 1 2 0 4\n", PHONE_SKIN_ERROR_FACTS, "[view] compact:" },
  { "colour", "[lamps]\nred = red\n", PHONE_SKIN_ERROR_FACTS, "#35e04c" },
  { "colour-short", "[lamps]\nred = #f00\n", PHONE_SKIN_ERROR_FACTS, "[lamps] red:" },
  { "colour-sign", "[lamps]\nred = #-ff000\n", PHONE_SKIN_ERROR_FACTS, "[lamps] red:" },
  { "shortcut-key", "[keys]\nNOPE = F1\n", PHONE_SKIN_ERROR_FACTS, "skin.ini:2: [keys] NOPE: there is no key" },
  { "shortcut-empty", "[keys]\nOK =\n", PHONE_SKIN_ERROR_FACTS, "[keys] OK:" },
  { "latin1", "[model]\nname = T\xe4t\n", PHONE_SKIN_ERROR_SYNTAX, "skin.ini:2: this is not UTF-8" },
};

static void
test_broken (gconstpointer data)
{
  const Broken *sample = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneSkinFacts) facts = phone_skin_facts_parse (sample->text, strlen (sample->text), "skin.ini", &error);

  g_assert_null (facts);
  g_assert_error (error, PHONE_SKIN_ERROR, (int)sample->code);
  if (strstr (error->message, sample->words) == NULL)
    g_error ("“%s” does not have “%s”", error->message, sample->words);
}

static void
test_bounds (void)
{
  g_autofree char *lines = g_strnfill (3000, '\n');
  g_autofree char *large = g_strnfill (70000, '#');
  g_autofree char *value = g_strnfill (500, 'x');
  g_autofree char *wide = g_strconcat ("[model]\nname = ", value, "\n", NULL);
  const char nul[] = "[model]\nname = A\0B\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (phone_skin_facts_parse (lines, 3000, "skin.ini", &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_null (phone_skin_facts_parse (large, 70000, "skin.ini", &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_null (phone_skin_facts_parse (wide, strlen (wide), "skin.ini", &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_null (phone_skin_facts_parse (nul, sizeof nul, "skin.ini", &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_SYNTAX);
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (phone_skin_facts_load ("/nonexistent", &error));
  g_assert_error (error, PHONE_SKIN_ERROR, PHONE_SKIN_ERROR_FILE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/skin-facts/complete", test_complete);
  g_test_add_func ("/skin-facts/defaults", test_defaults);
  g_test_add_func ("/skin-facts/bounds", test_bounds);
  g_test_add_func ("/skin-facts/missing-file", test_missing_file);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *path = g_strconcat ("/skin-facts/broken/", broken[i].name, NULL);

      g_test_add_data_func (path, &broken[i], test_broken);
    }
  return g_test_run ();
}
