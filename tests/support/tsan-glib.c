/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Tells the thread sanitizer what GLib does. GLib is not built with it and its locks are futexes, so that all that they guard
 * would look like a race. Preloaded by the tests in a build with -Db_sanitize=thread (not itself sanitized): each function
 * here stands before GLib's, calls it, and says what was ordered by it. Locks, references and calls handed to a main loop are
 * described; what our own atomics and system calls order the sanitizer sees by itself.
 */

#include <dlfcn.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>

/* Of the program's run-time; a program without it (Python, a sound server) has none. */
void __tsan_acquire (void *address) __attribute__ ((weak));
void __tsan_release (void *address) __attribute__ ((weak));

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire && address)
    __tsan_acquire ((void *) address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release && address)
    __tsan_release ((void *) address);
}

/* The function that is found after ours. */
#define REAL(name) \
  static __typeof__ (&name) real; \
  if (!real) \
    real = (__typeof__ (real)) dlsym (RTLD_NEXT, #name)

/* ---- locks ---- */

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock);
  real (mutex);
  acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;

  REAL (g_mutex_trylock);
  locked = real (mutex);
  if (locked)
    acquire (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  REAL (g_mutex_unlock);
  release (mutex);
  real (mutex);
}

void
g_cond_wait (GCond  *cond,
             GMutex *mutex)
{
  REAL (g_cond_wait);
  release (mutex);
  real (cond, mutex);
  acquire (mutex);
}

gboolean
g_cond_wait_until (GCond  *cond,
                   GMutex *mutex,
                   gint64  end_time)
{
  gboolean signalled;

  REAL (g_cond_wait_until);
  release (mutex);
  signalled = real (cond, mutex, end_time);
  acquire (mutex);
  return signalled;
}

gboolean
(g_once_init_enter) (volatile void *location)
{
  gboolean first;

  REAL (g_once_init_enter);
  first = real (location);
  acquire ((gconstpointer) location);
  return first;
}

void
(g_once_init_leave) (volatile void *location,
                     gsize          result)
{
  REAL (g_once_init_leave);
  release ((gconstpointer) location);
  real (location, result);
}

/* ---- references: who drops the last one has seen what the others did ---- */

gpointer
(g_object_ref) (gpointer object)
{
  REAL (g_object_ref);
  release (object);
  return real (object);
}

void
g_object_unref (gpointer object)
{
  REAL (g_object_unref);
  release (object);
  acquire (object);
  real (object);
}

void
(g_atomic_ref_count_inc) (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_inc);
  release (count);
  real (count);
}

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_dec);
  release (count);
  acquire (count);
  return real (count);
}

void
g_bytes_unref (GBytes *bytes)
{
  REAL (g_bytes_unref);
  release (bytes);
  acquire (bytes);
  real (bytes);
}

/* ---- memory: what GLib frees for itself is left out (tsan.supp); what we free is looked at ---- */

void
(g_free) (gpointer memory)
{
  free (memory);
}

/* ---- callbacks of sources: handed to a loop, run by its thread, given up by whoever destroys the source ---- */

typedef struct {
  GSourceFunc    func;
  gpointer       data;
  GDestroyNotify notify;
} Handed;

static pthread_mutex_t handed_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable     *handed_all;

static Handed *
hand (GSourceFunc    func,
      gpointer       data,
      GDestroyNotify notify)
{
  Handed *self = g_new (Handed, 1);

  self->func = func;
  self->data = data;
  self->notify = notify;
  pthread_mutex_lock (&handed_lock);
  if (!handed_all)
    handed_all = g_hash_table_new (NULL, NULL);
  g_hash_table_add (handed_all, self);
  pthread_mutex_unlock (&handed_lock);
  release (self);
  return self;
}

static Handed *
find_handed (gpointer argument)
{
  gboolean is_handed;

  pthread_mutex_lock (&handed_lock);
  is_handed = handed_all && g_hash_table_contains (handed_all, argument);
  pthread_mutex_unlock (&handed_lock);
  return is_handed ? argument : NULL;
}

static void
handed_free (gpointer user_data)
{
  Handed *self = user_data;

  acquire (self);
  pthread_mutex_lock (&handed_lock);
  g_hash_table_remove (handed_all, self);
  pthread_mutex_unlock (&handed_lock);
  if (self->notify)
    self->notify (self->data);
  g_free (self);
}

typedef gboolean (*AnyFunc) (gpointer, gpointer, gpointer, gpointer);

/* Sources pass their user data first, or behind a socket and a condition: what stands for it here is found among the first
 * arguments, and the others are passed on. */
static gboolean
on_handed (gpointer a,
           gpointer b,
           gpointer c,
           gpointer d)
{
  gpointer arguments[] = { a, b, c, d };
  Handed *self = NULL;
  gboolean again;

  for (guint i = 0; !self && i < G_N_ELEMENTS (arguments); i++)
    {
      self = find_handed (arguments[i]);
      if (self)
        arguments[i] = self->data;
    }
  g_assert (self);
  acquire (self);
  again = ((AnyFunc) (GCallback) self->func) (arguments[0], arguments[1], arguments[2], arguments[3]);
  release (self);
  return again;
}

void
g_main_context_invoke_full (GMainContext   *context,
                            gint            priority,
                            GSourceFunc     func,
                            gpointer        data,
                            GDestroyNotify  notify)
{
  REAL (g_main_context_invoke_full);
  real (context, priority, (GSourceFunc) (GCallback) on_handed, hand (func, data, notify), handed_free);
}

void
g_main_context_invoke (GMainContext *context,
                       GSourceFunc   func,
                       gpointer      data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, func, data, NULL);
}

void
g_source_set_callback (GSource        *source,
                       GSourceFunc     func,
                       gpointer        data,
                       GDestroyNotify  notify)
{
  REAL (g_source_set_callback);
  real (source, (GSourceFunc) (GCallback) on_handed, hand (func, data, notify), handed_free);
}

static guint
attach (GSource        *source,
        gint            priority,
        GSourceFunc     func,
        gpointer        data,
        GDestroyNotify  notify)
{
  guint id;

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, notify);
  id = g_source_attach (source, NULL);
  g_source_unref (source);
  return id;
}

guint
g_idle_add_full (gint           priority,
                 GSourceFunc    func,
                 gpointer       data,
                 GDestroyNotify notify)
{
  return attach (g_idle_source_new (), priority, func, data, notify);
}

guint
(g_idle_add) (GSourceFunc func,
              gpointer    data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, func, data, NULL);
}

guint
g_timeout_add_full (gint           priority,
                    guint          interval,
                    GSourceFunc    func,
                    gpointer       data,
                    GDestroyNotify notify)
{
  return attach (g_timeout_source_new (interval), priority, func, data, notify);
}

guint
(g_timeout_add) (guint       interval,
                 GSourceFunc func,
                 gpointer    data)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, interval, func, data, NULL);
}

/* ---- tasks ---- */

#define THREAD_FUNC "tsan-thread-func"

static void
on_task_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GTaskThreadFunc func = (GTaskThreadFunc) g_object_get_data (G_OBJECT (task), THREAD_FUNC);

  acquire (task);
  func (task, source, data, cancellable);
}

void
g_task_run_in_thread (GTask           *task,
                      GTaskThreadFunc  func)
{
  REAL (g_task_run_in_thread);
  g_object_set_data (G_OBJECT (task), THREAD_FUNC, (gpointer) func);
  release (task);
  real (task, on_task_thread);
}

void
g_task_return_pointer (GTask          *task,
                       gpointer        result,
                       GDestroyNotify  destroy)
{
  REAL (g_task_return_pointer);
  release (task);
  real (task, result, destroy);
}

void
g_task_return_boolean (GTask    *task,
                       gboolean  result)
{
  REAL (g_task_return_boolean);
  release (task);
  real (task, result);
}

gpointer
g_task_propagate_pointer (GTask   *task,
                          GError **error)
{
  REAL (g_task_propagate_pointer);
  acquire (task);
  return real (task, error);
}

gboolean
g_task_propagate_boolean (GTask   *task,
                          GError **error)
{
  REAL (g_task_propagate_boolean);
  acquire (task);
  return real (task, error);
}

gpointer
g_task_get_task_data (GTask *task)
{
  REAL (g_task_get_task_data);
  acquire (task);
  return real (task);
}

void
g_task_set_task_data (GTask          *task,
                      gpointer        data,
                      GDestroyNotify  destroy)
{
  REAL (g_task_set_task_data);
  real (task, data, destroy);
  release (task);
}
