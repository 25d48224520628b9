/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "announcer.h"

#include <gmodule.h>

/* GtkAccessibleAnnouncementPriority, not in the headers of GTK 4.8 */
enum { PRIORITY_MEDIUM = 1, PRIORITY_HIGH = 2 };

typedef void (*AnnounceFunc) (GtkAccessible *self,
                              const char *message,
                              int priority);

static AnnounceFunc
find_announce (void)
{
  static gsize once = 0;
  static AnnounceFunc announce = NULL;

  if (g_once_init_enter (&once))
    {
      GModule *program = g_module_open (NULL, G_MODULE_BIND_LAZY);
      gpointer symbol = NULL;

      if (program && g_module_symbol (program, "gtk_accessible_announce", &symbol))
        announce = (AnnounceFunc) symbol;
      g_clear_pointer (&program, g_module_close);
      g_once_init_leave (&once, 1);
    }

  return announce;
}

gboolean
phone_announce (GtkWidget *widget,
                const char *text,
                gboolean urgent)
{
  AnnounceFunc announce = find_announce ();

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!announce)
    return FALSE;

  announce (GTK_ACCESSIBLE (widget), text, urgent ? PRIORITY_HIGH : PRIORITY_MEDIUM);

  return TRUE;
}
