/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "file-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Name of a temporary file: hidden, and nobody else's. */
#define TEMPORARY_PREFIX ".deskset-"
#define TEMPORARY_SUFFIX ".tmp"

#define MAX_BROKEN_COPIES 1000

struct _PhoneFileWriter
{
  GObject parent_instance;

  GThread *thread;
  GWeakRef itself; /* for the thread: to tell of a failure */

  GMutex mutex;
  /* Guarded by the mutex: */
  GCond changed;
  GHashTable *waiting; /* path -> GBytes, not yet begun */
  GHashTable *failed;  /* path -> GBytes, to be tried again */
  gboolean busy;
  gboolean stopping;
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhoneFileWriter, phone_file_writer, G_TYPE_OBJECT)

static gboolean
fail_with_errno (const char *what,
                 const char *path,
                 GError **error)
{
  int code = errno;
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (code), "%s: %s: %s", shown, what, g_strerror (code));
  return FALSE;
}

static gboolean
write_all (int fd,
           GBytes *content)
{
  gsize length;
  const char *data = g_bytes_get_data (content, &length);

  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* The rename itself must survive a loss of power. */
static gboolean
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done;

  if (fd < 0)
    return FALSE;
  /* Some file systems cannot do it for folders; they say EINVAL. */
  done = fsync (fd) == 0 || errno == EINVAL;
  close (fd);
  return done;
}

static gboolean
fill_temporary (const char *temporary,
                int fd,
                GBytes *content,
                GError **error)
{
  gboolean done = write_all (fd, content) && fsync (fd) == 0;

  if (!done)
    fail_with_errno ("cannot be written", temporary, error);
  if (close (fd) != 0 && done)
    return fail_with_errno ("cannot be closed", temporary, error);
  return done;
}

/**
 * phone_file_write_atomically:
 * @path: a symbolic link is followed, so that a settings folder may be kept elsewhere
 *
 * The new file has mode 0600. Any thread; waits for the disk.
 *
 * Returns: %FALSE with @error in #GFileError; the old file is untouched then
 */
gboolean
phone_file_write_atomically (const char *path,
                             GBytes *content,
                             GError **error)
{
  char *resolved = NULL;
  g_autofree char *target = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *temporary = NULL;
  int fd;

  g_return_val_if_fail (path != NULL && content != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  resolved = realpath (path, NULL);
  target = g_strdup (resolved != NULL ? resolved : path);
  free (resolved);
  folder = g_path_get_dirname (target);
  temporary = g_build_filename (folder, TEMPORARY_PREFIX "XXXXXX" TEMPORARY_SUFFIX, NULL);
  /* O_EXCL and 0600 from its first moment on. */
  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail_with_errno ("no temporary file can be made", folder, error);
  if (!fill_temporary (temporary, fd, content, error))
    {
      unlink (temporary);
      return FALSE;
    }
  if (rename (temporary, target) != 0)
    {
      fail_with_errno ("cannot be replaced", target, error);
      unlink (temporary);
      return FALSE;
    }
  if (!sync_folder (folder))
    return fail_with_errno ("the folder cannot be written to disk", folder, error);
  return TRUE;
}

/**
 * phone_file_read:
 * @max_bytes: what follows is not read
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): the file's beginning; %NULL with @error in #GFileError
 */
GBytes *
phone_file_read (const char *path,
                 gsize max_bytes,
                 GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  struct stat status;
  gssize n = 1;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* Not to wait for somebody to write into a pipe. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return fail_with_errno ("cannot be opened", path, error), NULL;
  if (fstat (fd, &status) == 0 && !S_ISREG (status.st_mode))
    {
      errno = S_ISDIR (status.st_mode) ? EISDIR : EINVAL;
      n = -1;
    }
  while (n > 0 && data->len < max_bytes)
    {
      guint8 buffer[16384];

      do
        n = read (fd, buffer, MIN (sizeof buffer, max_bytes - data->len));
      while (n < 0 && errno == EINTR);
      if (n > 0)
        g_byte_array_append (data, buffer, (guint) n);
    }
  if (n < 0)
    fail_with_errno ("cannot be read", path, error);
  close (fd);
  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

/**
 * phone_file_remove_leftovers:
 *
 * Removes temporary files of a program that was stopped while it wrote. Only for who has the folder for himself.
 */
void
phone_file_remove_leftovers (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, TEMPORARY_PREFIX) && g_str_has_suffix (name, TEMPORARY_SUFFIX))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        unlink (path);
      }
}

/**
 * phone_file_set_aside:
 * @keep: whether the file stays where it is as well
 *
 * Gives a file that cannot be read a second name, "NAME.broken" or "NAME.broken.2" and so on, so that nothing is lost.
 *
 * Returns: (transfer full) (nullable): the second name; %NULL with @error
 */
char *
phone_file_set_aside (const char *path,
                      gboolean keep,
                      GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  for (guint i = 1; i <= MAX_BROKEN_COPIES; i++)
    {
      g_autofree char *aside
          = i == 1 ? g_strconcat (path, ".broken", NULL) : g_strdup_printf ("%s.broken.%u", path, i);

      /* link() never overwrites. */
      if (link (path, aside) == 0)
        {
          if (!keep)
            unlink (path);
          return g_steal_pointer (&aside);
        }
      if (errno != EEXIST)
        break;
    }
  fail_with_errno ("cannot be set aside", path, error);
  return NULL;
}

static gboolean
on_failed (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_FAILED], 0);
  return G_SOURCE_REMOVE;
}

/* With the mutex held, on the writer's thread. */
static void
keep_failed (PhoneFileWriter *self,
             const char *path,
             GBytes *content)
{
  PhoneFileWriter *alive;

  if (g_hash_table_contains (self->waiting, path))
    return;
  g_hash_table_replace (self->failed, g_strdup (path), g_bytes_ref (content));
  alive = g_weak_ref_get (&self->itself);
  if (alive != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_failed, alive, g_object_unref);
}

static gpointer
run_writer (gpointer data)
{
  PhoneFileWriter *self = data;

  g_mutex_lock (&self->mutex);
  for (;;)
    {
      GHashTableIter iter;
      gpointer key;
      gpointer value;

      g_hash_table_iter_init (&iter, self->waiting);
      if (g_hash_table_iter_next (&iter, &key, &value))
        {
          g_autofree char *path = key;
          g_autoptr (GBytes) content = value;
          g_autoptr (GError) error = NULL;
          gboolean written;

          g_hash_table_iter_steal (&iter);
          self->busy = TRUE;
          g_mutex_unlock (&self->mutex);
          written = phone_file_write_atomically (path, content, &error);
          if (!written)
            g_warning ("%s", error->message);
          g_mutex_lock (&self->mutex);
          if (!written)
            keep_failed (self, path, content);
          self->busy = FALSE;
          g_cond_broadcast (&self->changed);
        }
      else if (self->stopping)
        break;
      else
        g_cond_wait (&self->changed, &self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
phone_file_writer_finalize (GObject *object)
{
  PhoneFileWriter *self = PHONE_FILE_WRITER (object);

  /* What waits is written first. */
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  g_hash_table_unref (self->waiting);
  g_hash_table_unref (self->failed);
  g_weak_ref_clear (&self->itself);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (phone_file_writer_parent_class)->finalize (object);
}

static void
phone_file_writer_class_init (PhoneFileWriterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_file_writer_finalize;

  /**
   * PhoneFileWriter::failed:
   *
   * Something could not be written; the log says what. It is kept for phone_file_writer_retry(). Main thread.
   */
  signals[SIGNAL_FAILED]
      = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
phone_file_writer_init (PhoneFileWriter *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->failed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_weak_ref_init (&self->itself, self);
  self->thread = g_thread_new ("file-writer", run_writer, self);
}

/**
 * phone_file_writer_new:
 * Returns: (transfer full): a writer with its thread
 */
PhoneFileWriter *
phone_file_writer_new (void)
{
  return g_object_new (PHONE_TYPE_FILE_WRITER, NULL);
}

/**
 * phone_file_writer_write:
 *
 * Queues @content for @path and returns at once. A failure is told in the log and by `failed`; the old file is untouched
 * then.
 */
void
phone_file_writer_write (PhoneFileWriter *self,
                         const char *path,
                         GBytes *content)
{
  g_return_if_fail (PHONE_IS_FILE_WRITER (self));
  g_return_if_fail (path != NULL && content != NULL);

  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->failed, path);
  g_hash_table_replace (self->waiting, g_strdup (path), g_bytes_ref (content));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * phone_file_writer_retry:
 *
 * Queues again what could not be written.
 */
void
phone_file_writer_retry (PhoneFileWriter *self)
{
  GHashTableIter iter;
  gpointer path;
  gpointer content;

  g_return_if_fail (PHONE_IS_FILE_WRITER (self));

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->failed);
  while (g_hash_table_iter_next (&iter, &path, &content))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_replace (self->waiting, path, content);
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * phone_file_writer_flush:
 *
 * Returns when all that was queued is on the disk or could not be written.
 *
 * Returns: whether nothing is left that could not be written
 */
gboolean
phone_file_writer_flush (PhoneFileWriter *self)
{
  gboolean done;

  g_return_val_if_fail (PHONE_IS_FILE_WRITER (self), FALSE);

  g_mutex_lock (&self->mutex);
  while (self->busy || g_hash_table_size (self->waiting) > 0)
    g_cond_wait (&self->changed, &self->mutex);
  done = g_hash_table_size (self->failed) == 0;
  g_mutex_unlock (&self->mutex);
  return done;
}
