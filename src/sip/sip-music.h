/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sip-session.h"

G_BEGIN_DECLS

/**
 * SECTION:sip-music
 * @title: PhoneSipMusic
 *
 * Music on hold (RFC 7088): a call without an offer to a SIP server that plays. What it offers becomes our offer to whoever
 * is held, and what these answer is our answer to the server; the music flows between the two, past us. Main thread.
 */
/**
 * PhoneSipMusicMaker:
 * Returns: (nullable): a session for one call to the server
 */
typedef PhoneSipSession *(*PhoneSipMusicMaker) (PhoneEventQueue *queue,
                                                gpointer         user_data);

/**
 * PhoneSipMusicFunc:
 * @offer: (nullable): what the server offers, to be answered with phone_sip_music_answer(); %NULL: there is no music (any more)
 */
typedef void (*PhoneSipMusicFunc) (PhoneMediaDesc *offer,
                                   gpointer        user_data);

PhoneSipMusic *phone_sip_music_new    (const char         *target,
                                       guint               limit_ms,
                                       PhoneSipMusicMaker  maker,
                                       gpointer            maker_data,
                                       GDestroyNotify      maker_destroy) G_GNUC_WARN_UNUSED_RESULT;
void           phone_sip_music_free   (PhoneSipMusic      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneSipMusic, phone_sip_music_free)

void           phone_sip_music_start  (PhoneSipMusic      *self,
                                       PhoneSipMusicFunc   func,
                                       gpointer            user_data);
void           phone_sip_music_answer (PhoneSipMusic      *self,
                                       PhoneMediaDesc     *answer);
void           phone_sip_music_stop   (PhoneSipMusic      *self);

G_END_DECLS
