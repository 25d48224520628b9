/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * phone_media_list_devices_async:
 *
 * Asks the sound server which devices there are, on a worker thread: a server that does not answer holds nobody up.
 * The connection to it is closed again. Main thread.
 */
void     phone_media_list_devices_async  (GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);

/**
 * phone_media_list_devices_finish:
 * @sinks: (out) (transfer full) (array zero-terminated=1): "name<tab>what people call it"
 * @sources: (out) (transfer full) (array zero-terminated=1): the same for microphones; what a sink plays is left out
 * @error: %G_IO_ERROR_NOT_FOUND when there is no sound server or no plug-in for it
 */
gboolean phone_media_list_devices_finish (GAsyncResult         *result,
                                          char               ***sinks,
                                          char               ***sources,
                                          GError              **error);

G_END_DECLS
