/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-socket.h"

#include "bus-name.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <sys/stat.h>

struct _PhoneControlSocket {
  char                   *path;
  GDBusServer            *server;
  PhoneControlSocketFunc  on_connection;
  gpointer                user_data;
};

static gboolean
on_allow_mechanism (GDBusAuthObserver *observer,
                    const char        *mechanism,
                    gpointer           user_data)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

static gboolean
on_new_connection (GDBusServer     *server,
                   GDBusConnection *connection,
                   gpointer         user_data)
{
  PhoneControlSocket *self = user_data;

  self->on_connection (self, connection, self->user_data);
  return TRUE;
}

static gboolean
somebody_listens (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) probe = NULL;

  probe = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return probe && g_socket_connect (probe, address, NULL, NULL);
}

/* A phone that was killed leaves its socket behind; anything else at that path is not ours to remove. */
static gboolean
clear_path (const char *path,
            GError    **error)
{
  GStatBuf there;

  if (g_lstat (path, &there) != 0)
    return TRUE;
  if (!S_ISSOCK (there.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: there is something that is not a socket", path);
      return FALSE;
    }
  if (somebody_listens (path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "%s: another phone listens there", path);
      return FALSE;
    }
  if (g_unlink (path) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: the old socket cannot be removed: %s", path,
                   g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

PhoneControlSocket *
phone_control_socket_new (const char             *path,
                          PhoneControlSocketFunc  on_connection,
                          gpointer                user_data,
                          GError                **error)
{
  g_autoptr (GDBusAuthObserver) observer = NULL;
  g_autoptr (GDBusServer) server = NULL;
  g_autofree char *address = NULL;
  g_autofree char *guid = NULL;
  PhoneControlSocket *self;
  mode_t old_mask;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (on_connection != NULL, NULL);

  if (!clear_path (path, error))
    return NULL;

  observer = g_dbus_auth_observer_new ();
  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (on_allow_mechanism), NULL);
  address = phone_control_dbus_address (path);
  guid = g_dbus_generate_guid ();
  /* The mode has to be right from the first moment on: a chmod () afterwards leaves a gap. */
  old_mask = umask (0177);
  server = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER, guid, observer, NULL,
                                   error);
  umask (old_mask);
  if (!server)
    return NULL;

  self = g_new0 (PhoneControlSocket, 1);
  self->path = g_strdup (path);
  self->server = g_steal_pointer (&server);
  self->on_connection = on_connection;
  self->user_data = user_data;
  g_signal_connect (self->server, "new-connection", G_CALLBACK (on_new_connection), self);
  g_dbus_server_start (self->server);

  return self;
}

void
phone_control_socket_free (PhoneControlSocket *self)
{
  g_return_if_fail (self != NULL);

  g_signal_handlers_disconnect_by_data (self->server, self);
  g_dbus_server_stop (self->server);
  g_object_unref (self->server);
  /* Newer GLib removes it in stop (). */
  g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}
