/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libintl.h>
#include <string.h>

/**
 * SECTION:texts
 * @title: Texts for people
 *
 * `_ ()`, `N_ ()` and `C_ ()` as in glib/gi18n-lib.h, but straight on gettext: GLib decides once in a process whether
 * texts are translated at all, by the locale it was started in, and would never see that the phone's own language
 * (`lang.gui`) is another one.
 */
#define _(text) (dgettext (GETTEXT_PACKAGE, (text)))
#define N_(text) (text)
#define C_(context, text) (phone_text_in_context (context "\004" text, sizeof (context)))
#define NC_(context, text) (text)

static inline const char *
phone_text_in_context (const char *key,
                       size_t      offset)
{
  const char *found = dgettext (GETTEXT_PACKAGE, key);

  return found == key ? key + offset : found;
}
