/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "shortcuts.h"

#include <string.h>

#include "keyboard.h"
#include "texts.h"

static void
add_element (GString *xml,
             const char *format,
             const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (xml, format, escaped);
}

/* Two columns on one page: GTK 4.8 warns of its own switcher when there are more pages. */
#define LINES_IN_COLUMN "18"
/* More keys than this on one row are shown as "first…last". */
#define MAX_SHOWN 4

static char *
dup_first_accelerator (const PhoneShortcut *shortcut)
{
  return g_strndup (shortcut->accelerators, strcspn (shortcut->accelerators, " "));
}

/* Rows without a title are shown with the one above: its first accelerator joins the list. */
static char *
join_accelerators (const PhoneShortcut *shortcuts,
                   guint n,
                   guint first)
{
  g_autoptr (GString) all = g_string_new (NULL);
  guint last = first;

  while (last + 1 < n && shortcuts[last + 1].title[0] == '\0')
    last++;

  for (guint i = first; i <= last; i += last - first >= MAX_SHOWN ? last - first : 1)
    {
      g_autofree char *name = dup_first_accelerator (&shortcuts[i]);

      if (i > first)
        g_string_append (all, last - first >= MAX_SHOWN ? "..." : " ");
      g_string_append (all, name);
    }

  return g_string_free (g_steal_pointer (&all), FALSE);
}

/* GTK 4.8 has no functions to fill a GtkShortcutsWindow: it is made from an interface description only. */
static char *
describe (void)
{
  g_autoptr (GString) xml = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'>"
                                          "<property name='modal'>1</property><child>"
                                          "<object class='GtkShortcutsSection'>"
                                          "<property name='section-name'>phone</property>"
                                          "<property name='max-height'>" LINES_IN_COLUMN "</property>");
  const char *group = NULL;
  guint n;
  const PhoneShortcut *shortcuts = phone_shortcut_list (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *accelerators = NULL;

      if (shortcuts[i].title[0] == '\0')
        continue;
      if (g_strcmp0 (group, shortcuts[i].group) != 0)
        {
          if (group)
            g_string_append (xml, "</object></child>");
          group = shortcuts[i].group;
          g_string_append (xml, "<child><object class='GtkShortcutsGroup'>");
          add_element (xml, "<property name='title'>%s</property>", _ (group));
        }
      accelerators = join_accelerators (shortcuts, n, i);
      g_string_append (xml, "<child><object class='GtkShortcutsShortcut'>");
      add_element (xml, "<property name='accelerator'>%s</property>", accelerators);
      add_element (xml, "<property name='title'>%s</property></object></child>", _ (shortcuts[i].title));
    }
  g_string_append (xml, "</object></child></object></child></object></interface>");

  return g_string_free (g_steal_pointer (&xml), FALSE);
}

GtkWidget *
phone_shortcuts_window_new (void)
{
  g_autofree char *xml = describe ();
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (xml, -1);

  /* A toplevel lives by itself until it is destroyed; the builder's reference is its own. */
  return GTK_WIDGET (gtk_builder_get_object (builder, "window"));
}

void
phone_shortcuts_install (GtkApplication *application)
{
  guint n;
  const PhoneShortcut *shortcuts = phone_shortcut_list (&n);

  g_return_if_fail (GTK_IS_APPLICATION (application));

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) accelerators = g_strsplit (shortcuts[i].accelerators, " ", -1);

      /* The menu button takes F10 by itself. */
      if (shortcuts[i].kind == PHONE_SHORTCUT_ACTION && !g_str_equal (shortcuts[i].target, "win.menu"))
        gtk_application_set_accels_for_action (application, shortcuts[i].target,
                                               (const char *const *) accelerators);
    }
}
