/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-loop.h"
#include "media-microphone.h"
#include "media-mixer.h"
#include "media-wave.h"
#include "media-wave-writer.h"

G_BEGIN_DECLS

#define PHONE_TYPE_TICKER (phone_ticker_get_type ())
G_DECLARE_FINAL_TYPE (PhoneTicker, phone_ticker, PHONE, TICKER, GObject)

PhoneTicker *phone_ticker_new        (PhoneMediaLoop  *loop,
                                      PhoneMixer      *mixer,
                                      PhoneMicrophone *microphone) G_GNUC_WARN_UNUSED_RESULT;
void         phone_ticker_set_files  (PhoneTicker     *self,
                                      PhoneWave       *input,
                                      gboolean         loop_input,
                                      PhoneWaveWriter *output);
void         phone_ticker_set_active (PhoneTicker     *self,
                                      gboolean         active);
void         phone_ticker_expect     (PhoneTicker     *self,
                                      gboolean         output,
                                      gboolean         input);
void         phone_ticker_note_output (PhoneTicker    *self);
void         phone_ticker_note_input  (PhoneTicker    *self);

G_END_DECLS
