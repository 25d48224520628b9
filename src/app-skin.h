/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "skin.h"

G_BEGIN_DECLS

/**
 * phone_app_is_uninstalled:
 * Returns: whether this program runs from the folder it was built in: then skins and translations come from there
 */
gboolean phone_app_is_uninstalled (void);

/**
 * phone_app_skin_find:
 * @model: name of a model, "T46G"
 *
 * Where the skin of a model is: in $DESKSET_SKINS, beside the sources when the program runs from its build folder, or
 * installed.
 *
 * Returns: (transfer full) (nullable): a folder
 */
char   *phone_app_skin_find       (const char    *model) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_app_skin_screenshot:
 * @part: "lcd" or "face"
 * @scale: picture units for each unit of the part
 *
 * Returns: (transfer full): a PNG file
 */
GBytes *phone_app_skin_screenshot (PhoneSkin     *skin,
                                   PhoneDisplay  *display,
                                   const char    *part,
                                   double         scale,
                                   gint64         now_ms,
                                   GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
