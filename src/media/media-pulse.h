/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PhonePulseStream:
 *
 * Sound to or from the sound server, 16 bits mono, with a connection and a thread of its own.
 */
typedef struct _PhonePulseStream PhonePulseStream;

/**
 * PhonePulseFuncs:
 * @render: the server has room: fills in what is played next; @n_samples is at most 10 ms. Set for an output
 * @take: what was taken up. Set for an input
 * @state: it flows (@error is %NULL), or it has failed for good: only closing is left
 *
 * All on the stream's own thread.
 */
typedef struct {
  void (*render) (gint16 *samples, guint n_samples, gpointer user_data);
  void (*take)   (const gint16 *samples, gsize n_samples, gpointer user_data);
  void (*state)  (const char *error, gpointer user_data);
} PhonePulseFuncs;

/**
 * phone_pulse_stream_open:
 * @label: what the desktop's volume control calls it
 * @device: (nullable): the server's name of a sink or source; %NULL is its default
 * @rate_hz: sample rate
 * @funcs: (transfer none): must live as long as the stream
 *
 * Does not wait for the server: @funcs tell what comes of it.
 *
 * Returns: (transfer full) (nullable): %NULL when there is no memory or no thread for it
 */
PhonePulseStream *phone_pulse_stream_open  (const char            *label,
                                            const char            *device,
                                            guint                  rate_hz,
                                            const PhonePulseFuncs *funcs,
                                            gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_pulse_stream_close:
 *
 * No function is called any more when this returns. Does not wait for the server either. Not from one of its functions.
 */
void              phone_pulse_stream_close (PhonePulseStream      *self);

G_END_DECLS
