/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "media-desc.h"

#include <string.h>

struct _PhoneMediaDesc
{
  gatomicrefcount ref_count;
  char *address; /* nullable */
  guint port;
  guint rtcp_port;
  PhoneDirection direction;
  guint ptime_ms;
  GPtrArray *codecs; /* PhoneCodec */
  gboolean mux; /* RTCP on the RTP port (RFC 5761) */
  PhoneMediaSecurity security;
  guint n_cryptos;
  PhoneMediaCrypto cryptos[PHONE_MAX_CRYPTOS];
};

G_DEFINE_BOXED_TYPE (PhoneMediaDesc, phone_media_desc, phone_media_desc_ref, phone_media_desc_unref)

/* Format parameters that make two payloads of the same name different codecs: what one encodes the other cannot read.
 * All other parameters are wishes or capabilities of the side that states them. */
static const struct
{
  const char *encoding;
  const char *parameter;
  const char *absent; /* what it means when it is not there */
} decisive_parameters[] = {
  { "AMR", "octet-align", "0" },    /* RFC 4867 §8.1 */
  { "AMR-WB", "octet-align", "0" }, /* RFC 4867 §8.2 */
  { "G7221", "bitrate", "" },       /* RFC 5577 §5 */
  { "SIREN14", "bitrate", "" },
};

/* Speech codecs whose sound is wider than a telephone's. */
static const char *const wideband_encodings[] = { "G722", "opus", "G7221", "SIREN14", "AMR-WB", "speex", "L16" };

static guint
codec_channels (const PhoneCodec *self)
{
  return self->channels != 0 ? self->channels : 1;
}

/* Value of one parameter of "a=1; b=2", trimmed; NULL when absent. */
static char *
dup_parameter (const char *fmtp,
               const char *name)
{
  g_auto (GStrv) parts = NULL;

  if (fmtp == NULL)
    return NULL;

  parts = g_strsplit (fmtp, ";", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      if (g_ascii_strcasecmp (g_strstrip (parts[i]), name) == 0)
        return g_strdup (g_strstrip (equals + 1));
    }
  return NULL;
}

static gboolean
decisive_parameters_match (const PhoneCodec *a,
                           const PhoneCodec *b)
{
  for (gsize i = 0; i < G_N_ELEMENTS (decisive_parameters); i++)
    {
      g_autofree char *of_a = NULL;
      g_autofree char *of_b = NULL;
      const char *absent = decisive_parameters[i].absent;

      if (g_ascii_strcasecmp (a->encoding, decisive_parameters[i].encoding) != 0)
        continue;
      of_a = dup_parameter (a->fmtp, decisive_parameters[i].parameter);
      of_b = dup_parameter (b->fmtp, decisive_parameters[i].parameter);
      if (g_strcmp0 (of_a != NULL ? of_a : absent, of_b != NULL ? of_b : absent) != 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * phone_codec_new:
 * @channels: 0 counts as 1
 * @fmtp: (nullable): "" counts as %NULL
 *
 * Returns: (transfer full): a codec
 */
PhoneCodec *
phone_codec_new (const char *encoding,
                 guint payload_type,
                 guint clock_rate,
                 guint channels,
                 const char *fmtp)
{
  PhoneCodec *self;

  g_return_val_if_fail (encoding != NULL && encoding[0] != '\0', NULL);
  g_return_val_if_fail (payload_type <= 127, NULL);

  self = g_new (PhoneCodec, 1);
  self->encoding = g_strdup (encoding);
  self->payload_type = payload_type;
  self->clock_rate = clock_rate;
  self->channels = channels != 0 ? channels : 1;
  self->fmtp = fmtp != NULL && fmtp[0] != '\0' ? g_strdup (fmtp) : NULL;
  return self;
}

/**
 * phone_codec_copy:
 * Returns: (transfer full): a deep copy
 */
PhoneCodec *
phone_codec_copy (const PhoneCodec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return phone_codec_new (self->encoding, self->payload_type, self->clock_rate, self->channels, self->fmtp);
}

/**
 * phone_codec_free:
 * @self: (nullable):
 */
void
phone_codec_free (PhoneCodec *self)
{
  if (self == NULL)
    return;
  g_free (self->encoding);
  g_free (self->fmtp);
  g_free (self);
}

/**
 * phone_codec_matches:
 *
 * Compares name (without case), clock rate, channels and the format parameters that decide (octet-align of AMR, bit rate
 * of G.722.1). The payload number does not count.
 *
 * Returns: whether what one side encodes as @a the other side decodes as @b
 */
gboolean
phone_codec_matches (const PhoneCodec *a,
                     const PhoneCodec *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return g_ascii_strcasecmp (a->encoding, b->encoding) == 0 && a->clock_rate == b->clock_rate
         && codec_channels (a) == codec_channels (b) && decisive_parameters_match (a, b);
}

/**
 * phone_codec_is_event:
 * Returns: whether @self carries key presses and no speech (RFC 4733)
 */
gboolean
phone_codec_is_event (const PhoneCodec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_ascii_strcasecmp (self->encoding, "telephone-event") == 0;
}

/**
 * phone_codec_is_wideband:
 * Returns: whether the phone shows its HD icon for @self
 */
gboolean
phone_codec_is_wideband (const PhoneCodec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (wideband_encodings); i++)
    if (g_ascii_strcasecmp (self->encoding, wideband_encodings[i]) == 0)
      /* G.722 says 8000 although it samples at 16000 (RFC 3551 §4.5.2). */
      return self->clock_rate > 8000 || g_ascii_strcasecmp (self->encoding, "G722") == 0;
  return FALSE;
}

/* Whether a payload is no speech: events and comfort noise. */
static gboolean
codec_is_voice (const PhoneCodec *self)
{
  return !phone_codec_is_event (self) && g_ascii_strcasecmp (self->encoding, "CN") != 0;
}

PhoneMediaDesc *
phone_media_desc_new (const char *address,
                      guint port,
                      guint rtcp_port,
                      PhoneDirection direction,
                      guint ptime_ms,
                      GPtrArray *codecs)
{
  PhoneMediaDesc *self;

  g_return_val_if_fail (port <= 65535 && rtcp_port <= 65535, NULL);

  self = g_new0 (PhoneMediaDesc, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->address = g_strdup (address);
  self->port = port;
  self->rtcp_port = rtcp_port;
  self->direction = direction;
  self->ptime_ms = ptime_ms;
  self->codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  for (guint i = 0; codecs != NULL && i < codecs->len && i < PHONE_MAX_CODECS; i++)
    g_ptr_array_add (self->codecs, phone_codec_copy (g_ptr_array_index (codecs, i)));
  return self;
}

/**
 * phone_media_desc_ref:
 * Returns: (transfer full): @self
 */
PhoneMediaDesc *
phone_media_desc_ref (PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * phone_media_desc_unref:
 *
 * Any thread.
 */
void
phone_media_desc_unref (PhoneMediaDesc *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->address);
  g_ptr_array_unref (self->codecs);
  /* Keys do not stay behind in memory. */
  explicit_bzero (self->cryptos, sizeof self->cryptos);
  g_free (self);
}

/**
 * phone_media_desc_get_address:
 * Returns: (transfer none) (nullable): IP address literal, %NULL when not known
 */
const char *
phone_media_desc_get_address (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address;
}

/**
 * phone_media_desc_get_port:
 * Returns: RTP port; 0: the stream is refused
 */
guint
phone_media_desc_get_port (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

/**
 * phone_media_desc_get_rtcp_port:
 * Returns: RTCP port, worked out when the description leaves it to the RTP port; 0 when the stream is refused
 */
guint
phone_media_desc_get_rtcp_port (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->port == 0)
    return 0;
  if (self->rtcp_port != 0)
    return self->rtcp_port;
  return self->port < 65535 ? self->port + 1 : 0;
}

/**
 * phone_media_desc_get_direction:
 * Returns: as the owner of the description sees it
 */
PhoneDirection
phone_media_desc_get_direction (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, PHONE_DIRECTION_INACTIVE);

  return self->direction;
}

/**
 * phone_media_desc_get_ptime_ms:
 * Returns: packet time the owner would like to receive, 0 when not said
 */
guint
phone_media_desc_get_ptime_ms (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ptime_ms;
}

/**
 * phone_media_desc_get_n_codecs:
 * Returns: at most %PHONE_MAX_CODECS
 */
guint
phone_media_desc_get_n_codecs (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->codecs->len;
}

/**
 * phone_media_desc_get_codec:
 * Returns: (transfer none) (not nullable): lives as long as @self
 */
const PhoneCodec *
phone_media_desc_get_codec (const PhoneMediaDesc *self,
                            guint i)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (i < self->codecs->len, NULL);

  return g_ptr_array_index (self->codecs, i);
}

/**
 * phone_media_desc_get_mux:
 * Returns: whether RTCP may come on the RTP port (RFC 5761): it does when both sides say so
 */
gboolean
phone_media_desc_get_mux (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->mux;
}

/**
 * phone_media_desc_get_security:
 * Returns: how much its owner insists on SRTP: with %PHONE_MEDIA_SECURITY_COMPULSORY it is RTP/SAVP and nothing else
 */
PhoneMediaSecurity
phone_media_desc_get_security (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, PHONE_MEDIA_SECURITY_NONE);

  return self->security;
}

/**
 * phone_media_desc_get_n_cryptos:
 * Returns: at most %PHONE_MAX_CRYPTOS
 */
guint
phone_media_desc_get_n_cryptos (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_cryptos;
}

/**
 * phone_media_desc_get_crypto:
 * Returns: (transfer none) (not nullable): lives as long as @self; secret
 */
const PhoneMediaCrypto *
phone_media_desc_get_crypto (const PhoneMediaDesc *self,
                             guint i)
{
  g_return_val_if_fail (self != NULL && i < self->n_cryptos, NULL);

  return &self->cryptos[i];
}

/**
 * phone_media_desc_get_voice:
 * Returns: (transfer none) (nullable): the first codec that carries speech
 */
const PhoneCodec *
phone_media_desc_get_voice (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->codecs->len; i++)
    {
      const PhoneCodec *codec = g_ptr_array_index (self->codecs, i);

      if (codec_is_voice (codec))
        return codec;
    }
  return NULL;
}

static const PhoneCodec *
find_event (const PhoneMediaDesc *self,
            guint clock_rate)
{
  for (guint i = 0; i < self->codecs->len; i++)
    {
      const PhoneCodec *codec = g_ptr_array_index (self->codecs, i);

      if (phone_codec_is_event (codec) && codec->clock_rate == clock_rate)
        return codec;
    }
  return NULL;
}

/**
 * phone_media_desc_get_event:
 * Returns: (transfer none) (nullable): the telephone-event of the first speech codec's clock rate
 */
const PhoneCodec *
phone_media_desc_get_event (const PhoneMediaDesc *self)
{
  const PhoneCodec *voice;

  g_return_val_if_fail (self != NULL, NULL);

  voice = phone_media_desc_get_voice (self);
  return voice != NULL ? find_event (self, voice->clock_rate) : NULL;
}

/**
 * phone_media_desc_equal:
 * @a: (nullable):
 * @b: (nullable):
 *
 * Returns: whether both say the same, codec order and payload numbers included
 */
gboolean
phone_media_desc_equal (const PhoneMediaDesc *a,
                        const PhoneMediaDesc *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL)
    return FALSE;
  if (g_strcmp0 (a->address, b->address) != 0 || a->port != b->port
      || phone_media_desc_get_rtcp_port (a) != phone_media_desc_get_rtcp_port (b) || a->direction != b->direction
      || a->ptime_ms != b->ptime_ms || a->codecs->len != b->codecs->len || a->mux != b->mux || a->security != b->security
      || a->n_cryptos != b->n_cryptos)
    return FALSE;
  for (guint i = 0; i < a->n_cryptos; i++)
    if (!phone_media_crypto_equal (&a->cryptos[i], &b->cryptos[i]))
      return FALSE;
  for (guint i = 0; i < a->codecs->len; i++)
    {
      const PhoneCodec *of_a = g_ptr_array_index (a->codecs, i);
      const PhoneCodec *of_b = g_ptr_array_index (b->codecs, i);

      if (of_a->payload_type != of_b->payload_type || !phone_codec_matches (of_a, of_b)
          || g_strcmp0 (of_a->fmtp, of_b->fmtp) != 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * phone_media_desc_to_string:
 * Returns: (transfer full): one line for logs and scenarios: "192.0.2.1:11780 sendrecv 20 ms G722/8000@9 PCMU/8000@0"
 */
char *
phone_media_desc_to_string (const PhoneMediaDesc *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  if (self->address != NULL && strchr (self->address, ':') != NULL)
    g_string_append_printf (text, "[%s]", self->address);
  else
    g_string_append (text, self->address != NULL ? self->address : "?");
  g_string_append_printf (text, ":%u %s", self->port, phone_direction_to_string (self->direction));
  if (self->rtcp_port != 0 && self->rtcp_port != self->port + 1)
    g_string_append_printf (text, " rtcp %u", self->rtcp_port);
  if (self->ptime_ms != 0)
    g_string_append_printf (text, " %u ms", self->ptime_ms);
  for (guint i = 0; i < self->n_cryptos; i++)
    g_string_append_printf (text, " %s", phone_crypto_suite_to_string (self->cryptos[i].suite));
  for (guint i = 0; i < self->codecs->len; i++)
    {
      const PhoneCodec *codec = g_ptr_array_index (self->codecs, i);

      g_string_append_printf (text, " %s/%u", codec->encoding, codec->clock_rate);
      if (codec->channels > 1)
        g_string_append_printf (text, "/%u", codec->channels);
      g_string_append_printf (text, "@%u", codec->payload_type);
    }
  return g_string_free (text, FALSE);
}

/* A copy of everything but what the arguments say. */
static PhoneMediaDesc *
copy_with (const PhoneMediaDesc *self,
           const char *address,
           PhoneDirection direction)
{
  PhoneMediaDesc *copy = phone_media_desc_new (address, self->port, self->rtcp_port, direction, self->ptime_ms, self->codecs);

  copy->mux = self->mux;
  copy->security = self->security;
  copy->n_cryptos = self->n_cryptos;
  memcpy (copy->cryptos, self->cryptos, sizeof copy->cryptos);
  return copy;
}

/**
 * phone_media_desc_with_direction:
 * Returns: (transfer full): a copy with another direction
 */
PhoneMediaDesc *
phone_media_desc_with_direction (const PhoneMediaDesc *self,
                                 PhoneDirection direction)
{
  g_return_val_if_fail (self != NULL, NULL);

  return copy_with (self, self->address, direction);
}

/**
 * phone_media_desc_with_address:
 * @address: (nullable):
 *
 * Returns: (transfer full): a copy with another address
 */
PhoneMediaDesc *
phone_media_desc_with_address (const PhoneMediaDesc *self,
                               const char *address)
{
  g_return_val_if_fail (self != NULL, NULL);

  return copy_with (self, address, self->direction);
}

/**
 * phone_media_desc_with_mux:
 * Returns: (transfer full): a copy that allows RTCP on the RTP port
 */
PhoneMediaDesc *
phone_media_desc_with_mux (const PhoneMediaDesc *self)
{
  PhoneMediaDesc *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = copy_with (self, self->address, self->direction);
  copy->mux = TRUE;
  return copy;
}

/**
 * phone_media_desc_with_security:
 * @cryptos: (array length=n_cryptos): what is offered, or the one that is taken
 *
 * Returns: (transfer full): a copy with other keys
 */
PhoneMediaDesc *
phone_media_desc_with_security (const PhoneMediaDesc *self,
                                PhoneMediaSecurity security,
                                const PhoneMediaCrypto *cryptos,
                                guint n_cryptos)
{
  PhoneMediaDesc *copy;

  g_return_val_if_fail (self != NULL && (cryptos != NULL || n_cryptos == 0), NULL);

  copy = copy_with (self, self->address, self->direction);
  copy->security = security;
  copy->n_cryptos = MIN (n_cryptos, PHONE_MAX_CRYPTOS);
  memset (copy->cryptos, 0, sizeof copy->cryptos);
  if (n_cryptos > 0)
    memcpy (copy->cryptos, cryptos, copy->n_cryptos * sizeof *cryptos);
  return copy;
}

/**
 * phone_media_desc_declined:
 * @self: an offer
 *
 * Returns: (transfer full): the answer that takes nothing of it: port 0 (RFC 3264 §6)
 */
PhoneMediaDesc *
phone_media_desc_declined (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return phone_media_desc_new (self->address, 0, 0, PHONE_DIRECTION_INACTIVE, self->ptime_ms, self->codecs);
}

static gboolean
has_no_address (const PhoneMediaDesc *self)
{
  return g_strcmp0 (self->address, "0.0.0.0") == 0;
}

gboolean
phone_media_desc_is_hold (const PhoneMediaDesc *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return (self->direction & PHONE_DIRECTION_RECVONLY) == 0 || has_no_address (self);
}

static const PhoneCodec *
find_match (const PhoneMediaDesc *self,
            const PhoneCodec *codec)
{
  for (guint i = 0; i < self->codecs->len; i++)
    {
      const PhoneCodec *candidate = g_ptr_array_index (self->codecs, i);

      if (phone_codec_matches (candidate, codec))
        return candidate;
    }
  return NULL;
}

/* What both sides know: @from's codecs that @with has as well, in @from's order; speech, then the event of the first
 * speech codec's rate. With @parameters_of_with the format parameters are @with's. NULL when there is no speech. */
static GPtrArray *
intersect (const PhoneMediaDesc *from,
           const PhoneMediaDesc *with,
           gboolean parameters_of_with)
{
  g_autoptr (GPtrArray) common = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  const PhoneCodec *event = NULL;
  guint clock_rate;

  for (guint i = 0; i < from->codecs->len; i++)
    {
      const PhoneCodec *codec = g_ptr_array_index (from->codecs, i);
      const PhoneCodec *match = codec_is_voice (codec) ? find_match (with, codec) : NULL;

      if (match != NULL)
        g_ptr_array_add (common, phone_codec_new (codec->encoding, codec->payload_type, codec->clock_rate,
                                                  codec->channels, parameters_of_with ? match->fmtp : codec->fmtp));
    }
  if (common->len == 0)
    return NULL;

  clock_rate = ((const PhoneCodec *) g_ptr_array_index (common, 0))->clock_rate;
  event = find_event (from, clock_rate);
  if (event != NULL)
    {
      const PhoneCodec *match = find_event (with, clock_rate);

      if (match != NULL)
        g_ptr_array_add (common, phone_codec_new (event->encoding, event->payload_type, event->clock_rate,
                                                  event->channels, parameters_of_with ? match->fmtp : event->fmtp));
    }
  return g_steal_pointer (&common);
}

/* The direction the other side's description leaves us; nothing can be sent to 0.0.0.0 (RFC 3264 §8.4). */
static PhoneDirection
limit_direction (PhoneDirection wanted,
                 const PhoneMediaDesc *remote)
{
  guint direction = wanted & phone_direction_reverse (remote->direction);

  if (has_no_address (remote))
    direction &= ~PHONE_DIRECTION_SENDONLY;
  if (remote->port == 0)
    direction = PHONE_DIRECTION_INACTIVE;
  return (PhoneDirection) direction;
}

/* RFC 4568 §5.1.2: the first of theirs that we know as well, with our key for it. Returns FALSE when the offer wants more than we
 * have, or we want more than it has. */
static gboolean
answer_security (PhoneMediaDesc *answer,
                 const PhoneMediaDesc *local,
                 const PhoneMediaDesc *offer)
{
  for (guint i = 0; i < offer->n_cryptos; i++)
    for (guint j = 0; j < local->n_cryptos; j++)
      if (offer->cryptos[i].suite == local->cryptos[j].suite)
        {
          answer->security = offer->security;
          answer->n_cryptos = 1;
          answer->cryptos[0] = local->cryptos[j];
          answer->cryptos[0].tag = offer->cryptos[i].tag;
          return TRUE;
        }
  return offer->security != PHONE_MEDIA_SECURITY_COMPULSORY && local->security != PHONE_MEDIA_SECURITY_COMPULSORY;
}

/* What each side encrypts with, when both have the same suite by the same tag. */
static gboolean
find_pair (const PhoneMediaDesc *local,
           const PhoneMediaDesc *remote,
           const PhoneMediaCrypto **ours,
           const PhoneMediaCrypto **theirs)
{
  for (guint i = 0; i < local->n_cryptos; i++)
    for (guint j = 0; j < remote->n_cryptos; j++)
      if (local->cryptos[i].tag == remote->cryptos[j].tag && local->cryptos[i].suite == remote->cryptos[j].suite)
        {
          *ours = &local->cryptos[i];
          *theirs = &remote->cryptos[j];
          return TRUE;
        }
  return FALSE;
}

/**
 * phone_media_desc_is_secure:
 * @local: what we said last
 * @remote: what they said last
 *
 * Returns: whether the sound is encrypted
 */
gboolean
phone_media_desc_is_secure (const PhoneMediaDesc *local,
                            const PhoneMediaDesc *remote)
{
  const PhoneMediaCrypto *ours, *theirs;

  g_return_val_if_fail (local != NULL && remote != NULL, FALSE);

  return find_pair (local, remote, &ours, &theirs);
}

PhoneMediaDesc *
phone_media_desc_answer (const PhoneMediaDesc *local,
                         const PhoneMediaDesc *offer,
                         PhoneDirection wanted)
{
  g_autoptr (PhoneMediaDesc) answer = NULL;
  g_autoptr (GPtrArray) codecs = NULL;
  gboolean refused;

  g_return_val_if_fail (local != NULL && offer != NULL, NULL);

  codecs = intersect (offer, local, TRUE);
  if (codecs == NULL)
    return NULL;
  /* A stream offered with port 0 must be answered with port 0 (RFC 3264 §6). */
  refused = offer->port == 0;
  answer = phone_media_desc_new (local->address, refused ? 0 : local->port, refused ? 0 : local->rtcp_port,
                                 limit_direction (wanted, offer), local->ptime_ms, codecs);
  answer->mux = offer->mux && !refused;
  return answer_security (answer, local, offer) ? g_steal_pointer (&answer) : NULL;
}

/* The direction of @send is sendonly or inactive, that of @receive recvonly or inactive. */
gboolean
phone_media_desc_choose (const PhoneMediaDesc *local,
                         const PhoneMediaDesc *remote,
                         PhoneMediaDesc **send,
                         PhoneMediaDesc **receive)
{
  g_autoptr (GPtrArray) theirs = NULL;
  g_autoptr (GPtrArray) ours = NULL;
  const PhoneMediaCrypto *our_key = NULL;
  const PhoneMediaCrypto *their_key = NULL;
  PhoneDirection direction;

  g_return_val_if_fail (local != NULL && remote != NULL, FALSE);
  g_return_val_if_fail (send != NULL && receive != NULL, FALSE);

  *send = NULL;
  *receive = NULL;
  theirs = intersect (remote, local, FALSE);
  ours = intersect (local, remote, FALSE);
  if (theirs == NULL || ours == NULL)
    return FALSE;
  /* What was said to be encrypted is, or there is nothing. */
  if (!find_pair (local, remote, &our_key, &their_key)
      && (local->security == PHONE_MEDIA_SECURITY_COMPULSORY || remote->security == PHONE_MEDIA_SECURITY_COMPULSORY))
    return FALSE;

  direction = limit_direction (local->direction, remote);
  *send = phone_media_desc_new (remote->address, remote->port, remote->rtcp_port,
                                (PhoneDirection) (direction & PHONE_DIRECTION_SENDONLY), remote->ptime_ms, theirs);
  *receive = phone_media_desc_new (local->address, local->port, local->rtcp_port,
                                   (PhoneDirection) (direction & PHONE_DIRECTION_RECVONLY), local->ptime_ms, ours);
  (*send)->mux = (*receive)->mux = local->mux && remote->mux;
  if (our_key != NULL)
    {
      (*send)->n_cryptos = (*receive)->n_cryptos = 1;
      (*send)->cryptos[0] = *our_key;
      (*receive)->cryptos[0] = *their_key;
    }
  return TRUE;
}
