/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:media-loop
 * @title: PhoneMediaLoop
 *
 * The one thread of media/ for all calls of a phone: it waits for packets and for the next tick. It is started with the
 * first call and sleeps when there is none.
 */
typedef struct _PhoneMediaLoop PhoneMediaLoop;

PhoneMediaLoop *phone_media_loop_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void            phone_media_loop_free   (PhoneMediaLoop  *self);
void            phone_media_loop_attach (PhoneMediaLoop  *self,
                                         GSource         *source);

void            phone_media_post        (GMainContext    *context,
                                         GSourceFunc      func,
                                         gpointer         user_data,
                                         GDestroyNotify   destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneMediaLoop, phone_media_loop_free)

G_END_DECLS
