/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-tls.h"

#include "sip-resolver.h"

#include <glib/gstdio.h>
#include <sofia-sip/tport.h>
#include <string.h>

/*
 * The library speaks TLS and checks the server's certificate, chain and name, for each connection. But of a refusal it says
 * nothing to us: the request just runs out after half a minute. So a server is looked at first, on a connection of our own,
 * by the same rules; what is wrong with its certificate is then known in words and at once. The library's own check decides
 * all the same: nothing is sent to a server because the look went well.
 */

/* Where the systems keep their authorities, as one file. */
static const char *const system_ca_files[] = {
  "/etc/ssl/certs/ca-certificates.crt",          /* Debian, and the Flatpak runtimes */
  "/etc/pki/tls/certs/ca-bundle.crt",            /* Fedora */
  "/etc/ssl/ca-bundle.pem",                      /* openSUSE */
  "/etc/ssl/cert.pem",
};

#define CA_NAME "cafile.pem"
#define OWN_NAME "agent.pem"

static char *
dup_path (PhoneSettings  *settings,
          PhoneSettingId  id)
{
  const char *path = phone_settings_get_string (settings, id, 0, 0);

  return *path ? g_strdup (path) : NULL;
}

/**
 * phone_sip_tls_new:
 * Returns: (transfer full): the rules the settings ask for
 */
PhoneSipTls *
phone_sip_tls_new (PhoneSettings *settings)
{
  PhoneSipTls *self;

  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);

  self = g_new0 (PhoneSipTls, 1);
  self->verify = phone_settings_get_bool (settings, PHONE_SETTING_TLS_TRUST, 0, 0);
  self->check_name = phone_settings_get_bool (settings, PHONE_SETTING_TLS_NAME, 0, 0);
  self->ca_file = dup_path (settings, PHONE_SETTING_TLS_CA_FILE);
  self->certificate_file = dup_path (settings, PHONE_SETTING_TLS_CERTIFICATE_FILE);

  return self;
}

/**
 * phone_sip_tls_copy:
 * Returns: (transfer full): an independent copy
 */
PhoneSipTls *
phone_sip_tls_copy (const PhoneSipTls *self)
{
  PhoneSipTls *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (PhoneSipTls, 1);
  copy->verify = self->verify;
  copy->check_name = self->check_name;
  copy->ca_file = g_strdup (self->ca_file);
  copy->certificate_file = g_strdup (self->certificate_file);

  return copy;
}

void
phone_sip_tls_free (PhoneSipTls *self)
{
  if (!self)
    return;

  g_free (self->ca_file);
  g_free (self->certificate_file);
  g_free (self);
}

/**
 * phone_sip_tls_get_policy:
 * Returns: the library's word for it (TPTAG_TLS_VERIFY_POLICY())
 */
int
phone_sip_tls_get_policy (const PhoneSipTls *self)
{
  g_return_val_if_fail (self != NULL, TPTLS_VERIFY_SUBJECTS_OUT);

  if (!self->verify)
    return TPTLS_VERIFY_NONE;
  return self->check_name ? TPTLS_VERIFY_SUBJECTS_OUT | TPTLS_VERIFY_OUT : TPTLS_VERIFY_OUT;
}

static const char *
find_ca_file (const PhoneSipTls *self)
{
  if (self->ca_file)
    return self->ca_file;

  for (guint i = 0; i < G_N_ELEMENTS (system_ca_files); i++)
    {
      if (g_file_test (system_ca_files[i], G_FILE_TEST_IS_REGULAR))
        return system_ca_files[i];
    }

  return NULL;
}

static gboolean
link_file (const char  *folder,
           const char  *name,
           const char  *target,
           GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *absolute = NULL;

  if (!target)
    return TRUE;
  if (!g_file_test (target, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no such file", target);
      return FALSE;
    }

  absolute = g_canonicalize_filename (target, NULL);
  return g_file_make_symbolic_link (file, absolute, NULL, error);
}

/**
 * phone_sip_tls_make_folder:
 * @error: a configured file is not there
 *
 * Makes a private folder with links to the certificates under the names the library wants.
 *
 * Returns: (transfer full) (nullable): its path, for phone_sip_tls_remove_folder()
 */
char *
phone_sip_tls_make_folder (const PhoneSipTls  *self,
                           GError            **error)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  folder = g_dir_make_tmp ("deskset-tls-XXXXXX", error);
  if (!folder)
    return NULL;
  /* Who trusts everybody need not read who is trusted. */
  if (!link_file (folder, CA_NAME, self->verify ? find_ca_file (self) : NULL, error) ||
      !link_file (folder, OWN_NAME, self->certificate_file, error))
    {
      phone_sip_tls_remove_folder (folder);
      return NULL;
    }

  return g_steal_pointer (&folder);
}

/**
 * phone_sip_tls_remove_folder:
 * @folder: what phone_sip_tls_make_folder() made, files and all
 */
void
phone_sip_tls_remove_folder (const char *folder)
{
  static const char *const names[] = { CA_NAME, OWN_NAME };

  g_return_if_fail (folder != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* ---- the look at a server ---- */

typedef struct {
  gboolean             verify;
  gboolean             check_name;
  char                *name;
  guint                port;
  char                *ca_file;
  char                *certificate_file;
  guint                limit_s;
  GTlsCertificateFlags refused;
  GIOStream           *stream;
} Probe;

static void
probe_free (Probe *probe)
{
  g_clear_object (&probe->stream);
  g_free (probe->name);
  g_free (probe->ca_file);
  g_free (probe->certificate_file);
  g_free (probe);
}

static gboolean
on_accept_certificate (GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  Probe *probe = user_data;

  if (!probe->verify)
    return TRUE;

  /* What the library does not look at is not looked at here: it keeps no lists of what was revoked. */
  errors &= ~(GTlsCertificateFlags) G_TLS_CERTIFICATE_REVOKED;
  if (!probe->check_name)
    errors &= ~(GTlsCertificateFlags) G_TLS_CERTIFICATE_BAD_IDENTITY;
  probe->refused = errors;

  return errors == 0;
}

static PhoneSignalingFault
read_flags (GTlsCertificateFlags flags)
{
  if (flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED))
    return PHONE_SIGNALING_FAULT_CERTIFICATE_EXPIRED;
  if (flags & ~G_TLS_CERTIFICATE_BAD_IDENTITY)
    return PHONE_SIGNALING_FAULT_CERTIFICATE_UNTRUSTED;

  return PHONE_SIGNALING_FAULT_CERTIFICATE_NAME;
}

static void
return_fault (GTask               *task,
              PhoneSignalingFault  fault,
              GError              *error)
{
  g_object_set_data (G_OBJECT (task), "fault", GINT_TO_POINTER ((int) fault));
  g_task_return_error (task, error);
}

/* For a server that is an IP address the library takes a certificate's common name, and that only when it holds no DNS names;
 * addresses among the alternative names it does not read. Then it refuses, and nobody hears why. */
static gboolean
library_refuses (Probe          *probe,
                 GTlsConnection *connection)
{
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (connection);
  g_autoptr (GPtrArray) names = certificate ? g_tls_certificate_get_dns_names (certificate) : NULL;

  return probe->verify && probe->check_name && phone_sip_is_address (probe->name) && names && names->len > 0;
}

static void
on_handshake (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error) &&
      library_refuses (probe, G_TLS_CONNECTION (source)))
    return_fault (task, PHONE_SIGNALING_FAULT_CERTIFICATE_NAME,
                  g_error_new (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                               "The certificate has DNS names: give the server by name, not as %s", probe->name));
  else if (!error)
    g_task_return_boolean (task, TRUE);
  else
    return_fault (task, probe->refused ? read_flags (probe->refused) : PHONE_SIGNALING_FAULT_TLS, error);

  /* Nothing was said: there is nothing to wait for when it closes. */
  g_io_stream_close_async (probe->stream, G_PRIORITY_LOW, NULL, NULL, NULL);
}

static gboolean
set_up_tls (GTlsConnection  *connection,
            Probe           *probe,
            GError         **error)
{
  if (!probe->verify)
    {
      g_tls_connection_set_database (connection, NULL);
    }
  else if (probe->ca_file)
    {
      g_autoptr (GTlsDatabase) database = g_tls_file_database_new (probe->ca_file, error);

      if (!database)
        return FALSE;
      g_tls_connection_set_database (connection, database);
    }
  if (probe->certificate_file)
    {
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (probe->certificate_file, error);

      if (!certificate)
        return FALSE;
      g_tls_connection_set_certificate (connection, certificate);
    }

  return TRUE;
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GSocketConnection) plain = NULL;
  g_autoptr (GSocketConnectable) identity = NULL;
  GError *error = NULL;
  GIOStream *stream;

  plain = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (!plain)
    {
      return_fault (task, PHONE_SIGNALING_FAULT_UNREACHABLE, error);
      return;
    }

  identity = g_network_address_new (probe->name, (guint16) probe->port);
  stream = g_tls_client_connection_new (G_IO_STREAM (plain), identity, &error);
  if (!stream)
    {
      return_fault (task, PHONE_SIGNALING_FAULT_TLS, error);
      return;
    }

  probe->stream = stream;
  g_signal_connect (stream, "accept-certificate", G_CALLBACK (on_accept_certificate), probe);
  /* What the library does not send must not make a difference here. */
  if (!set_up_tls (G_TLS_CONNECTION (stream), probe, &error))
    return_fault (task, PHONE_SIGNALING_FAULT_TLS, error);
  else
    g_tls_connection_handshake_async (G_TLS_CONNECTION (stream), G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_handshake,
                                      g_object_ref (task));
}

/**
 * phone_sip_tls_probe_async:
 * @hop: a TLS hop
 * @limit_s: how long a server may be silent
 * @callback: called from the main loop
 *
 * Connects, looks at the certificate, and closes.
 */
void
phone_sip_tls_probe_async (const PhoneSipTls   *self,
                           const PhoneSipHop   *hop,
                           guint                limit_s,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Probe *probe = g_new0 (Probe, 1);

  g_return_if_fail (self != NULL && hop != NULL);

  probe->verify = self->verify;
  probe->check_name = self->check_name;
  probe->name = g_strdup (hop->name);
  probe->port = hop->port;
  probe->ca_file = g_strdup (self->ca_file);
  probe->certificate_file = g_strdup (self->certificate_file);
  g_task_set_source_tag (task, phone_sip_tls_probe_async);
  g_task_set_task_data (task, probe, (GDestroyNotify) probe_free);

  address = G_SOCKET_CONNECTABLE (g_inet_socket_address_new_from_string (hop->address, hop->port));
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, limit_s);
  g_socket_client_connect_async (client, address, cancellable, on_connected, g_steal_pointer (&task));
}

/**
 * phone_sip_tls_probe_finish:
 * @error: what was wrong, for the log
 *
 * Returns: what is to be told, %PHONE_SIGNALING_FAULT_NONE when the server may be used; meaningless after a cancellation
 */
PhoneSignalingFault
phone_sip_tls_probe_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), PHONE_SIGNALING_FAULT_TLS);

  if (g_task_propagate_boolean (G_TASK (result), error))
    return PHONE_SIGNALING_FAULT_NONE;

  return (PhoneSignalingFault) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (result), "fault"));
}
