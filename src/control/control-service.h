/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "control-hub.h"
#include "engine.h"
#include "trace.h"

G_BEGIN_DECLS

/**
 * PhoneControlScreenshotFunc:
 * @part: "lcd" or "face"
 * @scale: 0.25 to 8
 *
 * Draws the phone; given by the composition root, because this room knows no skins.
 *
 * Returns: (transfer full): a PNG file
 */
typedef GBytes *(*PhoneControlScreenshotFunc) (const char *part,
                                               double      scale,
                                               gpointer    user_data,
                                               GError    **error);

/**
 * SECTION:control-service
 * @title: PhoneControlService
 *
 * The D-Bus interface `org.deskset.Phone1` (data/dbus/org.deskset.Phone1.xml): everything a hand can do with the phone and all
 * that it shows, on the session bus, on a socket, or on both. Everything goes through the engine's commands and queries.
 *
 * A socket is open to its owner alone: mode 0600, and the peer has to prove by SO_PEERCRED that it is the same user.
 *
 * Signals: `quit` and `raise`: somebody asked for it.
 */
#define PHONE_TYPE_CONTROL_SERVICE (phone_control_service_get_type ())
G_DECLARE_FINAL_TYPE (PhoneControlService, phone_control_service, PHONE, CONTROL_SERVICE, GObject)

/**
 * phone_control_service_new:
 * @profile: "" for the default one
 */
PhoneControlService *phone_control_service_new            (PhoneEngine                *engine,
                                                           PhoneControlHub            *hub,
                                                           const char                 *profile,
                                                           const char                 *version) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_control_service_set_screenshot:
 * @draw: (nullable): %NULL: the phone has no face, pictures are refused
 */
void                 phone_control_service_set_screenshot (PhoneControlService        *self,
                                                           PhoneControlScreenshotFunc  draw,
                                                           gpointer                    user_data);

/**
 * phone_control_service_set_trace:
 * @trace: what messages are shown from
 */
void                 phone_control_service_set_trace      (PhoneControlService        *self,
                                                           PhoneTrace                 *trace);

/**
 * phone_control_service_listen:
 * @path: where the socket will be; one that a dead phone left behind is replaced
 * @error: %G_IO_ERROR_ADDRESS_IN_USE when another phone listens there, or why the socket cannot be made
 */
gboolean             phone_control_service_listen         (PhoneControlService        *self,
                                                           const char                 *path,
                                                           GError                    **error);

/**
 * phone_control_service_export:
 *
 * Puts the object on a bus connection.
 */
gboolean             phone_control_service_export         (PhoneControlService        *self,
                                                           GDBusConnection            *connection,
                                                           GError                    **error);

/**
 * phone_control_service_close:
 *
 * Takes everything off, sends what is still to be sent, answers those who wait.
 */
void                 phone_control_service_close          (PhoneControlService        *self);

G_END_DECLS
