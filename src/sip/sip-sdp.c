/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-sdp.h"

#include <gio/gio.h>

#include <string.h>

/*
 * SDP text (RFC 4566) <-> PhoneMediaDesc, for offers and answers (RFC 3264). Pure functions, any thread.
 *
 * The text is parsed here and not by libsofia's parser: that one refuses a whole message for an rtpmap without a clock rate
 * (which RFC 4475 calls valid), asserts on some of what it accepts, and keeps only what it has names for. Here a line that
 * is not understood is left out, bounds are kept on every size and count, and every m= line stays, answerable.
 */

#define MAX_TEXT 65536
#define MAX_LINE 1024
#define MAX_MEDIA_LINES 32
#define MAX_FORMATS 64

G_DEFINE_QUARK (phone-sip-sdp-error-quark, phone_sip_sdp_error)

struct _PhoneSipSdpOrigin {
  guint64  id;
  guint64  version;
  char    *last;        /* the text written last, o= line left out */
  char    *place;      /* nullable: "IN IP4 192.0.2.1", where the session began */
};

/* What one m= section says while it is being read. */
typedef struct {
  char           *address;
  guint           rtcp_port;
  gboolean        mux;
  guint           ptime_ms;
  gboolean        has_direction;
  PhoneDirection  direction;
  char           *rtpmap[128];
  char           *fmtp[128];
  guint           n_cryptos;
  PhoneMediaCrypto cryptos[PHONE_MAX_CRYPTOS];
} Section;

typedef struct {
  PhoneSipSdp *sdp;
  Section     *session;      /* session-level values */
  Section     *section;      /* the section being read: session or the one of the last m= line */
  GPtrArray   *sections;     /* one for each m= line */
  gboolean     has_version;
} Parser;

/* RFC 3551 §6, audio */
static const struct {
  guint       payload_type;
  const char *encoding;
  guint       clock_rate;
  guint       channels;
} static_payloads[] = {
  { 0, "PCMU", 8000, 1 },   { 3, "GSM", 8000, 1 },    { 4, "G723", 8000, 1 },  { 5, "DVI4", 8000, 1 },
  { 6, "DVI4", 16000, 1 },  { 7, "LPC", 8000, 1 },    { 8, "PCMA", 8000, 1 },  { 9, "G722", 8000, 1 },
  { 10, "L16", 44100, 2 },  { 11, "L16", 44100, 1 },  { 12, "QCELP", 8000, 1 }, { 13, "CN", 8000, 1 },
  { 14, "MPA", 90000, 1 },  { 15, "G728", 8000, 1 },  { 16, "DVI4", 11025, 1 }, { 17, "DVI4", 22050, 1 },
  { 18, "G729", 8000, 1 },
};

static void
section_free (Section *self)
{
  explicit_bzero (self->cryptos, sizeof self->cryptos);
  g_free (self->address);
  for (guint i = 0; i < 128; i++)
    {
      g_free (self->rtpmap[i]);
      g_free (self->fmtp[i]);
    }
  g_free (self);
}

static void
line_free (PhoneSipSdpLine *self)
{
  g_free (self->media);
  g_free (self->protocol);
  g_free (self->formats);
  g_free (self);
}

/**
 * phone_sip_sdp_ref:
 * Returns: (transfer full): @self, to be freed once more
 */
PhoneSipSdp *
phone_sip_sdp_ref (PhoneSipSdp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->shares++;
  return self;
}

/**
 * phone_sip_sdp_free:
 * @self: (nullable) (transfer full): gone with its last reference
 */
void
phone_sip_sdp_free (PhoneSipSdp *self)
{
  if (!self)
    return;
  if (self->shares > 0)
    {
      self->shares--;
      return;
    }

  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->desc, phone_media_desc_unref);
  g_clear_pointer (&self->plain, phone_media_desc_unref);
  g_free (self);
}

/* Digits only, at most @max; FALSE leaves *value alone. */
static gboolean
parse_number (const char  *text,
              guint64      max,
              guint       *value,
              const char **end)
{
  guint64 n = 0;
  const char *p = text;

  for (; g_ascii_isdigit (*p); p++)
    {
      n = n * 10 + (guint64) (*p - '0');
      if (n > max)
        return FALSE;
    }
  if (p == text)
    return FALSE;

  *value = (guint) n;
  if (end)
    *end = p;
  return TRUE;
}

static gboolean
is_token (const char *text)
{
  if (!*text)
    return FALSE;

  for (const guchar *p = (const guchar *) text; *p; p++)
    {
      if (*p <= 0x20 || *p >= 0x7f)
        return FALSE;
    }

  return TRUE;
}

/* c=IN IP4 192.0.2.1/127 */
static void
parse_connection (Section    *section,
                  const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 4);
  g_autoptr (GInetAddress) address = NULL;
  char *slash;

  if (g_strv_length (parts) < 3 || g_ascii_strcasecmp (parts[0], "IN") != 0)
    return;

  slash = strchr (parts[2], '/');
  if (slash)
    *slash = '\0';

  address = g_inet_address_new_from_string (parts[2]);
  g_free (section->address);
  section->address = address ? g_inet_address_to_string (address) : g_strdup ("");
}

static gboolean
parse_formats (const char *formats)
{
  g_auto (GStrv) parts = g_strsplit (formats, " ", MAX_FORMATS + 1);
  guint n = 0;

  for (char **part = parts; *part; part++)
    {
      if (**part == '\0')
        continue;
      if (!is_token (*part))
        return FALSE;
      n++;
    }

  return n > 0 && n <= MAX_FORMATS;
}

/* m=audio 49170/2 RTP/AVP 0 8 101 */
static gboolean
parse_media (Parser      *parser,
             const char  *value,
             GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 4);
  PhoneSipSdpLine *line;
  Section *section;
  guint port = 0;

  if (parser->sdp->lines->len >= MAX_MEDIA_LINES)
    {
      g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SIZE, "Too many media lines");
      return FALSE;
    }

  if (g_strv_length (parts) < 4 || !is_token (parts[0]) || !parse_number (parts[1], 65535, &port, NULL) ||
      !is_token (parts[2]) || !parse_formats (g_strstrip (parts[3])))
    {
      g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SYNTAX, "Malformed media line");
      return FALSE;
    }

  line = g_new0 (PhoneSipSdpLine, 1);
  line->media = g_strdup (parts[0]);
  line->port = port;
  line->protocol = g_strdup (parts[2]);
  line->formats = g_strdup (parts[3]);
  g_ptr_array_add (parser->sdp->lines, line);

  section = g_new0 (Section, 1);
  g_ptr_array_add (parser->sections, section);
  parser->section = section;

  return TRUE;
}

/* rtpmap:97 opus/48000/2 and fmtp:97 useinbandfec=1: number, blank, text */
static void
parse_payload_attribute (char       **table,
                         const char  *value)
{
  guint payload = 0;
  const char *text = NULL;

  if (!parse_number (value, 127, &payload, &text) || *text != ' ')
    return;

  while (*text == ' ')
    text++;
  if (!*text || strlen (text) > 255)
    return;

  g_free (table[payload]);
  table[payload] = g_utf8_make_valid (text, -1);
}

static gboolean
parse_direction (const char     *name,
                 PhoneDirection *direction)
{
  if (strcmp (name, "sendrecv") == 0)
    *direction = PHONE_DIRECTION_SENDRECV;
  else if (strcmp (name, "sendonly") == 0)
    *direction = PHONE_DIRECTION_SENDONLY;
  else if (strcmp (name, "recvonly") == 0)
    *direction = PHONE_DIRECTION_RECVONLY;
  else if (strcmp (name, "inactive") == 0)
    *direction = PHONE_DIRECTION_INACTIVE;
  else
    return FALSE;

  return TRUE;
}

/* RFC 4568 §6.3: what follows the key changes how packets look, unless it begins with '-' or only hints. */
static gboolean
knows_parameters (char **words)
{
  for (; *words; words++)
    {
      if (**words && **words != '-' && !g_str_has_prefix (*words, "WSH="))
        return FALSE;
    }

  return TRUE;
}

/* "inline:KEY|2^20": the lifetime is not counted. A second key, or one with a number of its own (MKI), is not for us. */
static gboolean
parse_key (const char       *text,
           PhoneMediaCrypto *crypto)
{
  g_auto (GStrv) parts = NULL;
  g_autofree guchar *key = NULL;
  gsize length = 0;
  gboolean ok;

  if (g_ascii_strncasecmp (text, "inline:", 7) != 0 || strchr (text, ';'))
    return FALSE;

  parts = g_strsplit (text + 7, "|", 4);
  if (!parts[0] || (parts[1] && strchr (parts[1], ':')) || (parts[1] && parts[2]))
    return FALSE;

  key = g_base64_decode (parts[0], &length);
  ok = length == phone_crypto_suite_get_length (crypto->suite);
  if (ok)
    memcpy (crypto->key, key, length);
  explicit_bzero (key, length);

  return ok;
}

/* crypto:1 AES_CM_128_HMAC_SHA1_80 inline:… (RFC 4568 §9.1); one that we cannot take is left out */
static void
parse_crypto (Section    *section,
              const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 16);
  PhoneMediaCrypto crypto = { 0 };
  const char *end = NULL;

  if (section->n_cryptos < PHONE_MAX_CRYPTOS && g_strv_length (words) >= 3 &&
      parse_number (words[0], 999999999, &crypto.tag, &end) && !*end)
    {
      crypto.suite = phone_crypto_suite_from_string (words[1]);
      if (crypto.suite != PHONE_CRYPTO_SUITE_NONE && knows_parameters (words + 3) && parse_key (words[2], &crypto))
        section->cryptos[section->n_cryptos++] = crypto;
    }
  explicit_bzero (&crypto, sizeof crypto);
  for (char **word = words; *word; word++)
    explicit_bzero (*word, strlen (*word));
}

static void
parse_attribute (Section    *section,
                 const char *value)
{
  guint number = 0;

  if (g_str_has_prefix (value, "rtpmap:"))
    parse_payload_attribute (section->rtpmap, value + 7);
  else if (g_str_has_prefix (value, "fmtp:"))
    parse_payload_attribute (section->fmtp, value + 5);
  else if (g_str_has_prefix (value, "ptime:") && parse_number (value + 6, 1000, &number, NULL))
    section->ptime_ms = number;
  else if (g_str_has_prefix (value, "rtcp:") && parse_number (value + 5, 65535, &number, NULL))
    section->rtcp_port = number;
  else if (strcmp (value, "rtcp-mux") == 0)
    section->mux = TRUE;
  else if (g_str_has_prefix (value, "crypto:"))
    parse_crypto (section, value + 7);
  else if (parse_direction (value, &section->direction))
    section->has_direction = TRUE;
}

static gboolean
parse_line (Parser      *parser,
            char        *line,
            GError     **error)
{
  char *value;

  g_strchomp (line);
  if (!*line)
    return TRUE;

  if (!g_ascii_isalpha (line[0]) || line[1] != '=')
    {
      g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SYNTAX, "Not a session description");
      return FALSE;
    }

  value = line + 2;
  if (!parser->has_version && line[0] != 'v')
    {
      g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SYNTAX, "No version line");
      return FALSE;
    }

  switch (line[0])
    {
    case 'v':
      if (strcmp (value, "0") != 0)
        {
          g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SYNTAX, "Unknown version");
          return FALSE;
        }
      parser->has_version = TRUE;
      return TRUE;
    case 'c':
      parse_connection (parser->section, value);
      return TRUE;
    case 'm':
      return parse_media (parser, value, error);
    case 'a':
      parse_attribute (parser->section, value);
      return TRUE;
    default:
      return TRUE;
    }
}

/* "opus/48000/2"; a missing clock rate is 8000 for what has no better one. */
static PhoneCodec *
parse_rtpmap (guint       payload_type,
              const char *rtpmap,
              const char *fmtp)
{
  g_auto (GStrv) parts = g_strsplit (rtpmap, "/", 3);
  guint rate = 8000, channels = 1;

  if (!is_token (parts[0]) || strlen (parts[0]) > 64)
    return NULL;

  if (parts[1] && (!parse_number (parts[1], 1000000, &rate, NULL) || rate == 0))
    return NULL;
  if (parts[1] && parts[2] && (!parse_number (parts[2], 16, &channels, NULL) || channels == 0))
    channels = 1;

  return phone_codec_new (parts[0], payload_type, rate, channels, fmtp);
}

static PhoneCodec *
find_codec (Section *section,
            guint    payload_type)
{
  const char *fmtp = section->fmtp[payload_type];

  if (section->rtpmap[payload_type])
    return parse_rtpmap (payload_type, section->rtpmap[payload_type], fmtp);

  for (guint i = 0; i < G_N_ELEMENTS (static_payloads); i++)
    {
      if (static_payloads[i].payload_type == payload_type)
        return phone_codec_new (static_payloads[i].encoding, payload_type, static_payloads[i].clock_rate,
                                static_payloads[i].channels, fmtp);
    }

  return NULL;
}

static GPtrArray *
collect_codecs (Section         *section,
                PhoneSipSdpLine *line)
{
  GPtrArray *codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  g_auto (GStrv) formats = g_strsplit (line->formats, " ", -1);
  gboolean seen[128] = { FALSE };

  for (char **format = formats; *format && codecs->len < PHONE_MAX_CODECS; format++)
    {
      guint payload_type = 0;
      const char *end = NULL;
      PhoneCodec *codec;

      if (!parse_number (*format, 127, &payload_type, &end) || *end || seen[payload_type])
        continue;

      seen[payload_type] = TRUE;
      codec = find_codec (section, payload_type);
      if (codec)
        g_ptr_array_add (codecs, codec);
    }

  return codecs;
}

static gboolean
is_secure (const char *protocol)
{
  return g_ascii_strcasecmp (protocol, "RTP/SAVP") == 0 || g_ascii_strcasecmp (protocol, "RTP/SAVPF") == 0;
}

static gboolean
is_speakable (PhoneSipSdpLine *line)
{
  return g_ascii_strcasecmp (line->media, "audio") == 0 &&
         (g_ascii_strcasecmp (line->protocol, "RTP/AVP") == 0 || g_ascii_strcasecmp (line->protocol, "RTP/AVPF") == 0 ||
          is_secure (line->protocol));
}

static PhoneMediaDesc *
describe (Parser *parser,
          guint   index)
{
  Section *section = g_ptr_array_index (parser->sections, index);
  PhoneSipSdpLine *line = g_ptr_array_index (parser->sdp->lines, index);
  g_autoptr (GPtrArray) codecs = collect_codecs (section, line);
  const char *address = section->address ? section->address : parser->session->address;
  PhoneMediaSecurity security = PHONE_MEDIA_SECURITY_NONE;
  g_autoptr (PhoneMediaDesc) plain = NULL;
  PhoneDirection direction = PHONE_DIRECTION_SENDRECV;

  if (section->has_direction)
    direction = section->direction;
  else if (parser->session->has_direction)
    direction = parser->session->direction;

  /* A stream that is on needs an address; a host name in c= is nothing we could send to. */
  if (line->port != 0 && (!address || !*address))
    return NULL;
  /* Nor can we speak on a secure line without a key that we understand. */
  if (line->port != 0 && is_secure (line->protocol) && section->n_cryptos == 0)
    return NULL;

  plain = phone_media_desc_new (address && *address ? address : NULL, line->port, section->rtcp_port, direction,
                                section->ptime_ms ? section->ptime_ms : parser->session->ptime_ms, codecs);
  if (is_secure (line->protocol))
    security = PHONE_MEDIA_SECURITY_COMPULSORY;
  else if (section->n_cryptos > 0)
    security = PHONE_MEDIA_SECURITY_OPTIONAL;

  if (section->mux)
    {
      g_autoptr (PhoneMediaDesc) alone = g_steal_pointer (&plain);

      plain = phone_media_desc_with_mux (alone);
    }

  return phone_media_desc_with_security (plain, security, section->cryptos, section->n_cryptos);
}

/* The first line we can speak on; one that is switched off (port 0) only when there is no better one. */
static void
choose_audio (Parser *parser)
{
  PhoneSipSdp *sdp = parser->sdp;
  int off = -1;

  for (guint i = 0; i < sdp->lines->len; i++)
    {
      PhoneSipSdpLine *line = g_ptr_array_index (sdp->lines, i);

      if (!is_speakable (line))
        continue;
      if (line->port == 0)
        {
          off = off < 0 ? (int) i : off;
          continue;
        }

      if (!sdp->desc)
        {
          sdp->desc = describe (parser, i);
          sdp->audio = sdp->desc ? (int) i : -1;
        }
      else if (!sdp->plain && !is_secure (line->protocol) &&
               phone_media_desc_get_security (sdp->desc) == PHONE_MEDIA_SECURITY_COMPULSORY)
        {
          sdp->plain = describe (parser, i);
          sdp->plain_audio = (int) i;
        }
    }
  if (sdp->desc)
    return;

  if (off >= 0)
    {
      sdp->desc = describe (parser, (guint) off);
      sdp->audio = sdp->desc ? off : -1;
    }
}

static gboolean
parse_lines (Parser      *parser,
             const char  *text,
             gsize        length,
             GError     **error)
{
  gsize i = 0;

  while (i < length)
    {
      const char *stop = memchr (text + i, '\n', length - i);
      gsize end = stop ? (gsize) (stop - text) : length;
      g_autofree char *line = NULL;

      if (end - i > MAX_LINE)
        {
          g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SIZE, "A line is too long");
          return FALSE;
        }

      line = g_strndup (text + i, end - i);
      if (!parse_line (parser, line, error))
        return FALSE;
      i = end + 1;
    }

  if (!parser->has_version)
    {
      g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SYNTAX, "The session description is empty");
      return FALSE;
    }

  return TRUE;
}

/**
 * phone_sip_sdp_parse:
 * @text: a session description; need not end with a zero
 * @length: its length in bytes
 * @error: what is wrong; such a message deserves 400
 *
 * Reads an offer or answer. Lines that are not known are left out. When there is no stream we can speak on,
 * @desc of the result is %NULL (488).
 *
 * Returns: (transfer full) (nullable): the description
 */
PhoneSipSdp *
phone_sip_sdp_parse (const char  *text,
                     gsize        length,
                     GError     **error)
{
  g_autoptr (PhoneSipSdp) sdp = NULL;
  g_autoptr (GPtrArray) sections = NULL;
  Parser parser = { 0 };
  gboolean ok;

  g_return_val_if_fail (text != NULL, NULL);

  if (length > MAX_TEXT || memchr (text, '\0', length))
    {
      g_set_error (error, PHONE_SIP_SDP_ERROR, PHONE_SIP_SDP_ERROR_SIZE, "Not a session description");
      return NULL;
    }

  sdp = g_new0 (PhoneSipSdp, 1);
  sdp->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  sdp->audio = -1;
  sections = g_ptr_array_new_with_free_func ((GDestroyNotify) section_free);

  parser.sdp = sdp;
  parser.sections = sections;
  parser.session = parser.section = g_new0 (Section, 1);

  ok = parse_lines (&parser, text, length, error);
  if (ok)
    choose_audio (&parser);
  section_free (parser.session);

  return ok ? g_steal_pointer (&sdp) : NULL;
}

/**
 * phone_sip_sdp_prefer_plain:
 *
 * Some offer a secure and a plain line side by side: for those who want no SRTP, the plain one is the one to speak on.
 */
void
phone_sip_sdp_prefer_plain (PhoneSipSdp *self)
{
  g_return_if_fail (self != NULL);

  if (!self->plain)
    return;

  phone_media_desc_unref (self->desc);
  self->desc = g_steal_pointer (&self->plain);
  self->audio = self->plain_audio;
}

/**
 * phone_sip_sdp_origin_new:
 * @id: session id: a random number
 */
PhoneSipSdpOrigin *
phone_sip_sdp_origin_new (guint64 id)
{
  PhoneSipSdpOrigin *self = g_new0 (PhoneSipSdpOrigin, 1);

  self->id = id;
  self->version = id;

  return self;
}

void
phone_sip_sdp_origin_free (PhoneSipSdpOrigin *self)
{
  if (!self)
    return;

  g_free (self->place);
  g_free (self->last);
  g_free (self);
}

static void
write_codecs (GString        *out,
              PhoneMediaDesc *desc)
{
  for (guint i = 0; i < phone_media_desc_get_n_codecs (desc); i++)
    {
      const PhoneCodec *codec = phone_media_desc_get_codec (desc, i);

      g_string_append_printf (out, "a=rtpmap:%u %s/%u", codec->payload_type, codec->encoding, codec->clock_rate);
      if (codec->channels > 1)
        g_string_append_printf (out, "/%u", codec->channels);
      g_string_append (out, "\r\n");
      if (codec->fmtp && *codec->fmtp)
        g_string_append_printf (out, "a=fmtp:%u %s\r\n", codec->payload_type, codec->fmtp);
    }
}

static void
write_cryptos (GString        *out,
               PhoneMediaDesc *desc)
{
  for (guint i = 0; i < phone_media_desc_get_n_cryptos (desc); i++)
    {
      const PhoneMediaCrypto *crypto = phone_media_desc_get_crypto (desc, i);
      g_autofree char *key = g_base64_encode (crypto->key, phone_crypto_suite_get_length (crypto->suite));

      g_string_append_printf (out, "a=crypto:%u %s inline:%s\r\n", crypto->tag, phone_crypto_suite_to_string (crypto->suite), key);
      explicit_bzero (key, strlen (key));
    }
}

static void
write_audio (GString        *out,
             PhoneMediaDesc *desc,
             const char     *protocol,
             const char     *fallback)
{
  guint port = phone_media_desc_get_port (desc);
  guint rtcp_port = phone_media_desc_get_rtcp_port (desc);
  guint n = phone_media_desc_get_n_codecs (desc);

  g_string_append_printf (out, "m=audio %u %s", port, protocol);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, " %u", phone_media_desc_get_codec (desc, i)->payload_type);
  if (n == 0)
    g_string_append_printf (out, " %s", fallback);
  g_string_append (out, "\r\n");
  if (port == 0)
    return;

  write_codecs (out, desc);
  write_cryptos (out, desc);
  if (phone_media_desc_get_ptime_ms (desc))
    g_string_append_printf (out, "a=ptime:%u\r\n", phone_media_desc_get_ptime_ms (desc));
  if (rtcp_port && rtcp_port != port + 1)
    g_string_append_printf (out, "a=rtcp:%u\r\n", rtcp_port);
  if (phone_media_desc_get_mux (desc))
    g_string_append (out, "a=rtcp-mux\r\n");
  g_string_append_printf (out, "a=%s\r\n", phone_direction_to_string (phone_media_desc_get_direction (desc)));
}

static void
write_media (GString           *out,
             PhoneMediaDesc    *desc,
             const PhoneSipSdp *layout)
{
  gboolean secure = phone_media_desc_get_security (desc) == PHONE_MEDIA_SECURITY_COMPULSORY;
  const char *own = secure ? "RTP/SAVP" : "RTP/AVP";

  if (!layout || layout->audio < 0)
    {
      write_audio (out, desc, own, "0");
      return;
    }

  for (guint i = 0; i < layout->lines->len; i++)
    {
      PhoneSipSdpLine *line = g_ptr_array_index (layout->lines, i);
      gboolean keeps = is_secure (line->protocol) == secure || phone_media_desc_get_port (desc) == 0;

      if ((int) i == layout->audio)
        write_audio (out, desc, keeps ? line->protocol : own, line->formats);
      else
        g_string_append_printf (out, "m=%s 0 %s %s\r\n", line->media, line->protocol, line->formats);
    }
}

/**
 * phone_sip_sdp_write:
 * @origin: our side of the session; its version goes up when the text is another one than before (RFC 3264 §8)
 * @desc: our offer or answer, with an address
 * @layout: (nullable): what the other side said last: the m= lines keep its order, all but ours have port 0
 *
 * Returns: (transfer full): the session description
 */
char *
phone_sip_sdp_write (PhoneSipSdpOrigin *origin,
                     PhoneMediaDesc    *desc,
                     const PhoneSipSdp *layout)
{
  g_autoptr (GString) body = NULL;
  const char *address, *family;

  g_return_val_if_fail (origin != NULL, NULL);
  g_return_val_if_fail (desc != NULL, NULL);

  address = phone_media_desc_get_address (desc);
  if (!address)
    address = "0.0.0.0";
  family = strchr (address, ':') ? "IP6" : "IP4";

  /* RFC 3264 §8: only the version of the o= line may change, wherever the session moves. */
  if (!origin->place)
    origin->place = g_strdup_printf ("IN %s %s", family, address);

  body = g_string_new ("s=-\r\n");
  g_string_append_printf (body, "c=IN %s %s\r\nt=0 0\r\n", family, address);
  write_media (body, desc, layout);

  if (origin->last && strcmp (origin->last, body->str) != 0)
    origin->version++;
  g_free (origin->last);
  origin->last = g_strdup (body->str);

  return g_strdup_printf ("v=0\r\no=- %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %s\r\n%s", origin->id, origin->version,
                          origin->place, body->str);
}
