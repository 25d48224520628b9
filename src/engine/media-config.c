/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "media-config.h"

#include "codec-list.h"

/* From the settings of an account to what a stream may use. */

/* The phones' guides since V80: 1 optional, 2 compulsory; older ones have it the other way round. A call without account has no
 * server that would keep the keys from strangers' eyes, and offers none. */
static PhoneMediaSecurity
get_security (PhoneEngine *engine,
              guint        account)
{
  gint64 value = account == 0 ? 0 : phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_SRTP, account);

  if (value == 2)
    return PHONE_MEDIA_SECURITY_COMPULSORY;
  return value == 1 ? PHONE_MEDIA_SECURITY_OPTIONAL : PHONE_MEDIA_SECURITY_NONE;
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
  g_autoptr (GPtrArray) codecs = phone_codec_list_new (engine, call->account);
  gint64 dtmf = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_DTMF_TYPE, call->account);
  PhoneMediaConfig config = {
    .address = address,
    .codecs = codecs,
    .ptime_ms = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_PTIME, call->account),
    .event_payload = phone_engine_get_account_int (engine, PHONE_SETTING_ACCOUNT_DTMF_PAYLOAD, call->account),
    .port_min = phone_engine_int (engine, RTP_PORT_MIN),
    .port_max = phone_engine_int (engine, RTP_PORT_MAX),
    .dscp = phone_engine_int (engine, RTP_DSCP),
    .silent = !phone_engine_bool (engine, RTCP),
    .jitter_min_ms = phone_engine_int (engine, JIB_MIN),
    .jitter_max_ms = phone_engine_int (engine, JIB_MAX),
    .jitter_normal_ms = phone_engine_int (engine, JIB_NORMAL),
    .jitter_adaptive = phone_engine_bool (engine, JIB_ADAPTIVE),
    .security = get_security (engine, call->account),
  };

  if (config.ptime_ms == 0)
    config.ptime_ms = 20;
  if (dtmf != 1 && dtmf != 3)
    config.event_payload = 0;
  phone_audio_prepare (engine->audio, call->id, &config);
}
