/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-echo.h"

G_BEGIN_DECLS

#define ECHO_ROOM_HZ 16000
#define ECHO_ROOM_PERIOD (ECHO_ROOM_HZ / 100)

/*
 * A loudspeaker and a microphone in a room, without any sound device: what is played comes back late, quieter and with some of the
 * room.
 */
typedef struct _EchoRoom EchoRoom;

EchoRoom  *echo_room_new      (gint16        *played,
                               guint          n_samples,
                               guint          delay_ms);
void       echo_room_free     (EchoRoom      *self);
PhoneEcho *echo_room_get_echo (EchoRoom      *self);
void       echo_room_set_path (EchoRoom      *self,
                               guint          delay_ms,
                               double         gain);
/* Until @until_s, with @near (nullable) spoken here from the current moment on: how far the echo is down, and how much of @near comes
 * out, in dB. */
void       echo_room_run      (EchoRoom      *self,
                               double         until_s,
                               const gint16  *near,
                               double        *echo_db,
                               double        *near_db);

G_END_DECLS
