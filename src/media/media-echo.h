/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:media-echo
 * @title: PhoneEcho
 *
 * Takes out of the microphone what the loudspeaker plays, so that who speaks with us does not hear themselves. The loudspeaker's
 * thread tells what it plays, the microphone's thread what it takes up.
 */
typedef struct _PhoneEcho PhoneEcho;

/** PHONE_ECHO_HZ: rate of what comes out. */
#define PHONE_ECHO_HZ 16000

/* On the thread of phone_echo_recorded(), before it returns. */
typedef void (*PhoneEchoFunc) (const gint16 *samples,
                               gsize         n_samples,
                               guint         rate_hz,
                               gpointer      user_data);

PhoneEcho *phone_echo_new         (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneEcho *phone_echo_ref         (PhoneEcho     *self);
void       phone_echo_unref       (PhoneEcho     *self);
void       phone_echo_set_enabled (PhoneEcho     *self,
                                   gboolean       enabled);
void       phone_echo_played      (PhoneEcho     *self,
                                   const gint16  *samples,
                                   gsize          n_samples,
                                   guint          rate_hz);
void       phone_echo_recorded    (PhoneEcho     *self,
                                   const gint16  *samples,
                                   gsize          n_samples,
                                   guint          rate_hz,
                                   PhoneEchoFunc  func,
                                   gpointer       user_data);
guint      phone_echo_get_lag_ms  (PhoneEcho     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneEcho, phone_echo_unref)

G_END_DECLS
