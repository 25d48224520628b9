/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "engine.h"
#include "face.h"
#include "skin.h"
#include "trace.h"

G_BEGIN_DECLS

/**
 * PhoneWindow:
 *
 * The phone's window: a header bar with a menu, and the phone. Brings hands to the engine (keys, handset, keyboard,
 * pasted text) and the engine's display to the face.
 *
 * It installs the actions of the program on its application: `app.preferences`, `app.shortcuts`, `app.about`, `app.quit`,
 * `app.show`, `app.answer (u)` and `app.reject (u)` with the id of a call (0: the one that is meant), `app.dial (s)`; and on
 * itself `win.compact` and `win.paste`.
 *
 * Signals:
 * - `devices-wanted`: the preferences opened; who knows the sound devices answers with phone_window_set_devices(), now
 *   or later.
 * - `quit-requested`: the user closed the window or chose Quit, and confirmed it where a call is up. Who handles it hangs
 *   up, unregisters and destroys the window; the window is hidden already. Without a handler the window just goes.
 */
#define PHONE_TYPE_WINDOW (phone_window_get_type ())
G_DECLARE_FINAL_TYPE (PhoneWindow, phone_window, PHONE, WINDOW, AdwApplicationWindow)

PhoneWindow *phone_window_new            (GtkApplication    *app,
                                          PhoneEngine       *engine,
                                          PhoneSkin         *skin) G_GNUC_WARN_UNUSED_RESULT;
/* Names of sound devices for the preferences: "name" or "name<tab>what people call it". */
void         phone_window_set_devices    (PhoneWindow       *self,
                                          const char *const *sinks,
                                          const char *const *sources);
/* What the call flow is drawn from; without one there is no such window. */
void         phone_window_set_trace      (PhoneWindow       *self,
                                          PhoneTrace        *trace);
PhoneFace   *phone_window_get_face       (PhoneWindow       *self);
/* A short message at the lower edge of the window. */
void         phone_window_show_message   (PhoneWindow       *self,
                                          const char        *text);
void         phone_window_set_compact    (PhoneWindow       *self,
                                          gboolean           compact);

G_END_DECLS
