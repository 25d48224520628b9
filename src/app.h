/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app-options.h"
#include "control-hub.h"
#include "engine.h"
#include "skin.h"
#include "trace.h"

G_BEGIN_DECLS

/**
 * SECTION:app
 * @title: PhoneApp
 *
 * The composition root: builds the rooms, plugs the ports, starts and stops the phone. The only place that knows every room
 * but the window. Main thread only.
 *
 * Signals:
 * - `stopped`: everything is hung up, unregistered and written; the program may end
 * - `raise`: somebody asked for the window
 */
#define PHONE_TYPE_APP (phone_app_get_type ())
G_DECLARE_FINAL_TYPE (PhoneApp, phone_app, PHONE, APP, GObject)

#define PHONE_APP_ERROR (phone_app_error_quark ())
GQuark phone_app_error_quark (void);
typedef enum {
  PHONE_APP_ERROR_RUNNING,   /* a phone with this profile is running */
  PHONE_APP_ERROR_SETUP,     /* a room cannot be built; the message says which and why */
} PhoneAppError;

/**
 * phone_app_new:
 *
 * Reads the settings, builds everything. Broken lines in a settings file are told on standard error, each with its number, and
 * do not keep the phone from starting.
 */
PhoneApp        *phone_app_new            (const PhoneAppOptions *options,
                                           GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_app_start:
 *
 * Starts the phone; with --control, listens at the socket. SIGINT and SIGTERM quit from now on.
 */
gboolean         phone_app_start          (PhoneApp              *self,
                                           GError               **error);

/**
 * phone_app_export:
 *
 * Puts the phone on a bus connection.
 */
gboolean         phone_app_export         (PhoneApp              *self,
                                           GDBusConnection       *connection,
                                           GError               **error);

/**
 * phone_app_dial:
 *
 * Calls a number or a link, as soon as an account is registered or after some seconds without one.
 */
void             phone_app_dial           (PhoneApp              *self,
                                           const char            *target);

/**
 * phone_app_quit:
 *
 * Hangs up, unregisters, writes; then `stopped`, within 3 seconds whatever happens.
 */
void             phone_app_quit           (PhoneApp              *self);

/**
 * phone_app_get_engine:
 * Returns: (transfer none): the phone
 */
PhoneEngine     *phone_app_get_engine     (PhoneApp              *self);

/**
 * phone_app_get_skin:
 *
 * Loads the face when it is first asked for.
 *
 * Returns: (transfer none) (nullable): NULL when there is none, which the log says
 */
PhoneSkin       *phone_app_get_skin       (PhoneApp              *self);

/**
 * phone_app_get_trace:
 * Returns: (transfer none): the SIP messages
 */
PhoneTrace      *phone_app_get_trace      (PhoneApp              *self);

/**
 * phone_app_get_hub:
 * Returns: (transfer none): where notices come from
 */
PhoneControlHub *phone_app_get_hub        (PhoneApp              *self);

G_END_DECLS
