/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "media-config.h"

/* From the settings of an account to what a stream may use. */

typedef struct {
  PhoneSettingId  enable;
  PhoneSettingId  priority;
  const char     *encoding;
  guint           payload_type;
  guint           clock_rate;
  guint           channels;
  const char     *fmtp;
} KnownCodec;

static const KnownCodec known_codecs[] = {
  { PHONE_SETTING_ACCOUNT_CODEC_G722_ENABLE, PHONE_SETTING_ACCOUNT_CODEC_G722_PRIORITY, "G722", 9, 8000, 1, NULL },
  { PHONE_SETTING_ACCOUNT_CODEC_PCMU_ENABLE, PHONE_SETTING_ACCOUNT_CODEC_PCMU_PRIORITY, "PCMU", 0, 8000, 1, NULL },
  { PHONE_SETTING_ACCOUNT_CODEC_PCMA_ENABLE, PHONE_SETTING_ACCOUNT_CODEC_PCMA_PRIORITY, "PCMA", 8, 8000, 1, NULL },
  { PHONE_SETTING_ACCOUNT_CODEC_OPUS_ENABLE, PHONE_SETTING_ACCOUNT_CODEC_OPUS_PRIORITY, "opus", 107, 48000, 2,
    "useinbandfec=1" },
};

/* The enabled codecs by their priority; the same priority keeps the order above. */
static GPtrArray *
list_codecs (PhoneEngine *engine,
             guint        account)
{
  GPtrArray *codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  for (gint64 priority = 0; priority <= 99; priority++)
    for (guint i = 0; i < G_N_ELEMENTS (known_codecs); i++)
      {
        const KnownCodec *known = &known_codecs[i];

        if (phone_engine_get_account_int (engine, known->enable, account) != 0
            && phone_engine_get_account_int (engine, known->priority, account) == priority)
          g_ptr_array_add (codecs, phone_codec_new (known->encoding, known->payload_type, known->clock_rate,
                                                    known->channels, known->fmtp));
      }
  return codecs;
}

/**
 * phone_media_config_prepare:
 * Asks the audio port for the media of @call, as its account's settings want it.
 */
void
phone_media_config_prepare (PhoneEngine     *engine,
                            const PhoneCall *call)
{
  g_autofree char *address = phone_signaling_dup_local_address (engine->signaling, call->account, call->target);
  g_autoptr (GPtrArray) codecs = list_codecs (engine, call->account);
  gint64 dtmf = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_DTMF_TYPE, call->account);
  PhoneMediaConfig config = {
    .address = address,
    .codecs = codecs,
    .ptime_ms = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_PTIME, call->account),
    .event_payload = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_DTMF_PAYLOAD, call->account),
    .port_min = phone_engine_int (engine, RTP_PORT_MIN),
    .port_max = phone_engine_int (engine, RTP_PORT_MAX),
    .jitter_min_ms = phone_engine_int (engine, JIB_MIN),
    .jitter_max_ms = phone_engine_int (engine, JIB_MAX),
    .jitter_normal_ms = phone_engine_int (engine, JIB_NORMAL),
    .jitter_adaptive = phone_engine_bool (engine, JIB_ADAPTIVE),
  };

  if (config.ptime_ms == 0)
    config.ptime_ms = 20;
  if (dtmf != 1 && dtmf != 3)
    config.event_payload = 0;
  phone_audio_prepare (engine->audio, call->id, &config);
}
