/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-mixer.h"
#include "media-ticker.h"

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define PHONE_TYPE_MIXER_SOURCE (phone_mixer_source_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMixerSource, phone_mixer_source, PHONE, MIXER_SOURCE, GstPushSrc)

GstElement *phone_mixer_source_new (PhoneMixer  *mixer,
                                    PhoneTicker *ticker,
                                    guint        period_ms);

G_END_DECLS
