/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-loop.h"

struct _PhoneMediaLoop {
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;   /* nullable: not started yet */
};

static gpointer
run (gpointer user_data)
{
  PhoneMediaLoop *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

PhoneMediaLoop *
phone_media_loop_new (void)
{
  PhoneMediaLoop *self = g_new0 (PhoneMediaLoop, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  return self;
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * phone_media_loop_free:
 *
 * Waits for the thread, which is at most in the middle of a packet. Not from the thread itself.
 */
void
phone_media_loop_free (PhoneMediaLoop *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL)
    {
      /* As a source and not directly: a loop that has not begun to run yet would miss it. */
      phone_media_post (self->context, on_quit, self->loop, NULL);
      g_thread_join (self->thread);
    }
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * phone_media_loop_attach:
 * @source: (transfer none): runs on the loop's thread until it is destroyed
 */
void
phone_media_loop_attach (PhoneMediaLoop *self,
                         GSource        *source)
{
  g_return_if_fail (self != NULL && source != NULL);

  g_source_attach (source, self->context);
  if (self->thread == NULL)
    self->thread = g_thread_new ("media", run, self);
}

/**
 * phone_media_post:
 * @context: where to run
 * @func: runs once
 *
 * Unlike g_main_context_invoke() it never runs @func on the calling thread, even when nobody runs the context just now.
 */
void
phone_media_post (GMainContext   *context,
                  GSourceFunc     func,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, user_data, destroy);
  g_source_attach (source, context);
}
