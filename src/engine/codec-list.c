/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "codec-list.h"

#include <string.h>

/*
 * Which codecs an account offers, in which order. Firmware since V82 names them in the keys (account.X.codec.pcmu.enable); older
 * firmware has numbered slots (account.X.codec.1.payload_type = PCMU). As soon as one slot names a codec, the slots count and
 * nothing else.
 */

#define N_SLOTS 11

typedef struct {
  const char     *slot_name;     /* as in account.X.codec.Y.payload_type */
  PhoneSettingId  enable;        /* PHONE_N_SETTINGS: only in slots */
  PhoneSettingId  priority;
  const char     *encoding;
  guint           payload_type;
  guint           clock_rate;
  guint           channels;
} KnownCodec;

#define NAMED(name) PHONE_SETTING_ACCOUNT_CODEC_##name##_ENABLE, PHONE_SETTING_ACCOUNT_CODEC_##name##_PRIORITY
#define NOT_NAMED PHONE_N_SETTINGS, PHONE_N_SETTINGS

/* The payload numbers of G.726 are those of the phones: 103 and 104 are known, 102 and 105 are not certain. */
static const KnownCodec known_codecs[] = {
  { "G722", NAMED (G722), "G722", 9, 8000, 1 },
  { "PCMU", NAMED (PCMU), "PCMU", 0, 8000, 1 },
  { "PCMA", NAMED (PCMA), "PCMA", 8, 8000, 1 },
  { "G729", NAMED (G729), "G729", 18, 8000, 1 },
  { "opus", NAMED (OPUS), "opus", 107, 48000, 2 },
  { "G726-16", NAMED (G726_16), "G726-16", 103, 8000, 1 },
  { "G726-24", NAMED (G726_24), "G726-24", 104, 8000, 1 },
  { "G726-32", NAMED (G726_32), "G726-32", 102, 8000, 1 },
  { "G726-40", NAMED (G726_40), "G726-40", 105, 8000, 1 },
  { "GSM", NOT_NAMED, "GSM", 3, 8000, 1 },
};

static char *
dup_opus_parameters (PhoneEngine *engine,
                     guint        account)
{
  static const struct { const char *word; guint hz; } bands[] = {
    { "opus-swb", 24000 }, { "opus-wb", 16000 }, { "opus-mb", 12000 }, { "opus-nb", 8000 },
  };
  const char *word = phone_engine_get_account_string (engine, PHONE_SETTING_ACCOUNT_CODEC_OPUS_BAND, account);

  for (guint i = 0; i < G_N_ELEMENTS (bands); i++)
    if (g_strcmp0 (word, bands[i].word) == 0)
      return g_strdup_printf ("maxplaybackrate=%u;sprop-maxcapturerate=%u;useinbandfec=1", bands[i].hz, bands[i].hz);
  return g_strdup ("useinbandfec=1");
}

static PhoneCodec *
make_codec (PhoneEngine      *engine,
            guint             account,
            const KnownCodec *known,
            guint             payload_type)
{
  g_autofree char *aal2 = NULL;
  g_autofree char *parameters = NULL;
  const char *encoding = known->encoding;

  if (strcmp (encoding, "opus") == 0)
    parameters = dup_opus_parameters (engine, account);
  if (g_str_has_prefix (encoding, "G726-") && phone_engine_bool (engine, G726_AAL2))
    encoding = aal2 = g_strconcat ("AAL2-", encoding, NULL);
  return phone_codec_new (encoding, payload_type, known->clock_rate, known->channels, parameters);
}

/* The slots: by priority, then by number. A number that the codec has for itself (RFC 3551) stays. */
static gboolean
add_slots (PhoneEngine *engine,
           guint        account,
           GPtrArray   *codecs)
{
  gboolean used = FALSE;

  if (account == 0)
    return FALSE;
  for (gint64 priority = 0; priority <= 99; priority++)
    for (guint slot = 1; slot <= N_SLOTS; slot++)
      {
        const char *name = phone_settings_get_string (engine->settings, PHONE_SETTING_ACCOUNT_SLOT_CODEC, account, slot);

        if (name[0] == '\0')
          continue;
        used = TRUE;
        if (!phone_settings_get_bool (engine->settings, PHONE_SETTING_ACCOUNT_SLOT_ENABLE, account, slot)
            || phone_settings_get_int (engine->settings, PHONE_SETTING_ACCOUNT_SLOT_PRIORITY, account, slot) != priority)
          continue;
        for (guint i = 0; i < G_N_ELEMENTS (known_codecs); i++)
          if (g_ascii_strcasecmp (known_codecs[i].slot_name, name) == 0)
            {
              gint64 number = phone_settings_get_int (engine->settings, PHONE_SETTING_ACCOUNT_SLOT_NUMBER, account, slot);
              guint usual = known_codecs[i].payload_type;

              g_ptr_array_add (codecs, make_codec (engine, account, &known_codecs[i], usual >= 96 && number >= 96 ? number : usual));
            }
      }
  return used;
}

/**
 * phone_codec_list_new:
 * @account: 0: a call without account, for which the factory values count
 *
 * Returns: (transfer full) (element-type PhoneCodec): the enabled codecs by their priority; the same priority keeps the order of
 *   the table above
 */
GPtrArray *
phone_codec_list_new (PhoneEngine *engine,
                      guint        account)
{
  GPtrArray *codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  if (add_slots (engine, account, codecs))
    return codecs;
  for (gint64 priority = 0; priority <= 99; priority++)
    for (guint i = 0; i < G_N_ELEMENTS (known_codecs); i++)
      {
        const KnownCodec *known = &known_codecs[i];

        if (known->enable != PHONE_N_SETTINGS && phone_engine_get_account_int (engine, known->enable, account) != 0
            && phone_engine_get_account_int (engine, known->priority, account) == priority)
          g_ptr_array_add (codecs, make_codec (engine, account, known, known->payload_type));
      }
  return codecs;
}
