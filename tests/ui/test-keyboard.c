/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>

#include "keyboard.h"
#include "shortcuts.h"

/* Each shortcut is one GTK understands, and means one thing. */
static void
test_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n;
  const PhoneShortcut *shortcuts = phone_shortcut_list (&n);

  g_assert_cmpuint (n, >, 40);
  g_assert_cmpstr (shortcuts[0].title, !=, "");
  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) names = g_strsplit (shortcuts[i].accelerators, " ", -1);

      g_assert_cmpuint (g_strv_length (names), >, 0);
      g_assert_true ((shortcuts[i].title[0] == '\0') == (shortcuts[i].group[0] == '\0'));
      for (guint k = 0; names[k]; k++)
        {
          GdkModifierType modifiers;
          guint keyval;

          g_assert_true (gtk_accelerator_parse (names[k], &keyval, &modifiers));
          g_assert_cmpuint (keyval, !=, 0);
          if (!g_hash_table_add (seen, gtk_accelerator_name (keyval, modifiers)))
            g_error ("%s has two meanings", names[k]);
        }
    }
}

static void
assert_paste (const char *text,
              gboolean number,
              const char *expected)
{
  g_autofree char *clean = phone_keyboard_clean_paste (text, number);

  g_assert_cmpstr (clean, ==, expected);
}

static void
test_paste (void)
{
  g_autofree char *longest = g_strnfill (10000, '7');
  g_autofree char *cut = NULL;

  assert_paste ("+49 (30) 123-456", TRUE, "+4930123456");
  assert_paste ("  2001\r\n2002\n", TRUE, "2001");
  /* An address keeps its dots, a name its blanks. */
  assert_paste ("sip:bob@10.0.0.5:5061", TRUE, "sip:bob@10.0.0.5:5061");
  assert_paste ("10.0.0.5", TRUE, "10.0.0.5");
  assert_paste ("+49 (30) 123-456", FALSE, "+49 (30) 123-456");
  assert_paste ("Grüße, Jo\xc3\xa3o", TRUE, "Grüße, João");
  assert_paste ("a\tb\x01" "c", FALSE, "abc");
  assert_paste ("\n \n", TRUE, NULL);
  assert_paste ("", TRUE, NULL);
  assert_paste ("\xff\xfe", TRUE, NULL);

  cut = phone_keyboard_clean_paste (longest, TRUE);
  g_assert_cmpuint (strlen (cut), ==, 255);
}

static guint
count_widgets (GtkWidget *widget,
               GType type)
{
  guint n = g_type_is_a (G_OBJECT_TYPE (widget), type);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    n += count_widgets (child, type);

  return n;
}

/* The window shows each title of the table. */
static void
test_shortcuts_window (void)
{
  GtkWidget *window = phone_shortcuts_window_new ();
  guint n, titles = 0;
  const PhoneShortcut *shortcuts = phone_shortcut_list (&n);

  for (guint i = 0; i < n; i++)
    titles += shortcuts[i].title[0] != '\0';
  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (window));
  g_assert_cmpuint (titles, >, 0);
  /* GTK keeps a second set for its search. */
  g_assert_cmpuint (count_widgets (window, GTK_TYPE_SHORTCUTS_SHORTCUT), >=, titles);
  g_assert_cmpuint (count_widgets (window, GTK_TYPE_SHORTCUTS_SHORTCUT) % titles, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/keyboard/table", test_table);
  g_test_add_func ("/ui/keyboard/paste", test_paste);
  g_test_add_func ("/ui/keyboard/shortcuts-window", test_shortcuts_window);

  return g_test_run ();
}
