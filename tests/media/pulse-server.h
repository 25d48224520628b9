/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PulseServer:
 * A PulseAudio daemon of our own with null sinks, in a folder of its own. Its socket's address is in PULSE_SERVER from
 * the start on.
 */
typedef struct _PulseServer PulseServer;

/* NULL when there is no pulseaudio program here. */
PulseServer *pulse_server_new    (const char * const *sinks);
void         pulse_server_free   (PulseServer *self);
void         pulse_server_kill   (PulseServer *self);
void         pulse_server_start  (PulseServer *self);

/**
 * PulseTap:
 * Records a sink's monitor, or plays a tone into a sink; mono, 48 kHz.
 */
typedef struct _PulseTap PulseTap;

#define PULSE_TAP_HZ 48000

PulseTap    *pulse_tap_new_record  (const char *source);
PulseTap    *pulse_tap_new_tone    (const char *sink,
                                    double      hz,
                                    double      amplitude);
void         pulse_tap_free        (PulseTap   *self);
/* Copies the last n_samples recorded; FALSE when there are not so many yet. */
gboolean     pulse_tap_get_last    (PulseTap   *self,
                                    gint16     *samples,
                                    gsize       n_samples);
/* Everything recorded so far: (transfer full). */
gint16      *pulse_tap_dup         (PulseTap   *self,
                                    gsize      *n_samples);
gsize        pulse_tap_get_length  (PulseTap   *self);

G_END_DECLS
