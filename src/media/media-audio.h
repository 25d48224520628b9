/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"
#include "media-stream.h"
#include "ports.h"
#include "settings.h"

G_BEGIN_DECLS

#define PHONE_TYPE_MEDIA_AUDIO (phone_media_audio_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMediaAudio, phone_media_audio, PHONE, MEDIA_AUDIO, GObject)

/**
 * phone_media_audio_new:
 * @queue: where events go
 * @settings: devices and the tone detector are read from it
 * @audio_spec: "pulse": the sound server; "null": none, sound is decoded and thrown away; "file:IN.wav,OUT.wav": the
 *   microphone is IN.wav, over and over (with ",once" behind it: once, then silence), what is heard goes into OUT.wav;
 *   either name may be empty
 * @free_ports: take any free ports instead of those of the configured range
 * @error: %G_IO_ERROR_INVALID_ARGUMENT for a wrong @audio_spec, what is wrong with a file, or that GStreamer
 *   does not start; a sound server that is not there is no error here
 *
 * Returns: (transfer full) (nullable): the audio port
 */
PhoneAudio *phone_media_audio_new            (PhoneEventQueue       *queue,
                                              PhoneSettings         *settings,
                                              const char            *audio_spec,
                                              gboolean               free_ports,
                                              GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_media_audio_get_statistics:
 * @call: a call
 * @statistics: (out): how its sound does
 *
 * Returns: %FALSE when there is no such call
 */
gboolean    phone_media_audio_get_statistics (PhoneMediaAudio       *self,
                                              guint                  call,
                                              PhoneMediaStatistics  *statistics);

G_END_DECLS
