/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PhoneControlSocket:
 *
 * A peer-to-peer D-Bus server on a Unix socket, for phones where there is no session bus. The socket has mode 0600 and is
 * taken away when the server is freed.
 */
typedef struct _PhoneControlSocket PhoneControlSocket;

typedef void (*PhoneControlSocketFunc) (PhoneControlSocket *self,
                                        GDBusConnection    *connection,
                                        gpointer            user_data);

/**
 * phone_control_socket_new:
 * @path: where; a socket that nobody listens at any more is replaced
 * @on_connection: for each new, authenticated connection; it is closed unless somebody takes a reference
 * @error: %G_IO_ERROR_ADDRESS_IN_USE when somebody listens there, %G_IO_ERROR_EXISTS when something else is there
 */
PhoneControlSocket *phone_control_socket_new  (const char              *path,
                                               PhoneControlSocketFunc   on_connection,
                                               gpointer                 user_data,
                                               GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void                phone_control_socket_free (PhoneControlSocket      *self);

G_END_DECLS
