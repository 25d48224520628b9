/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:file-writer
 * @title: PhoneFileWriter
 *
 * Writes whole files so that whoever looks, whenever the program or the machine stops, finds the old file or the new one,
 * complete: into a temporary file beside it, fsync, rename, fsync of the folder. Waiting for the disk happens on a thread
 * of its own; of several contents for one file only the newest is written. Main thread only.
 */
#define PHONE_TYPE_FILE_WRITER (phone_file_writer_get_type ())
G_DECLARE_FINAL_TYPE (PhoneFileWriter, phone_file_writer, PHONE, FILE_WRITER, GObject)

PhoneFileWriter *phone_file_writer_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void             phone_file_writer_write   (PhoneFileWriter  *self,
                                            const char       *path,
                                            GBytes           *content);
void             phone_file_writer_retry   (PhoneFileWriter  *self);
gboolean         phone_file_writer_flush   (PhoneFileWriter  *self);

gboolean         phone_file_write_atomically (const char     *path,
                                              GBytes         *content,
                                              GError        **error);
GBytes          *phone_file_read              (const char     *path,
                                               gsize           max_bytes,
                                               GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_file_remove_leftovers (const char     *folder);
char            *phone_file_set_aside        (const char     *path,
                                              gboolean        keep,
                                              GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
