/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-sdp.h"

#include <sofia-sip/sdp.h>
#include <string.h>

#define MAX_SDP_BYTES 16384
#define MAX_MEDIA_LINES 32
#define MAX_FORMATS 64

static const struct {
  const char    *name;
  ExchangeCodec  codec;
  guint          payload_type;
} codecs[] = {
  { "G722", EXCHANGE_CODEC_G722, 9 },
  { "PCMU", EXCHANGE_CODEC_PCMU, 0 },
  { "PCMA", EXCHANGE_CODEC_PCMA, 8 },
};
#define OFFERED_EVENTS 101

static ExchangeCodec
codec_of (const sdp_rtpmap_t *map)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (map->rm_encoding && g_ascii_strcasecmp (map->rm_encoding, codecs[i].name) == 0 && map->rm_rate == 8000)
      return codecs[i].codec;

  return EXCHANGE_CODEC_NONE;
}

static gboolean
is_events (const sdp_rtpmap_t *map)
{
  return map->rm_encoding && g_ascii_strcasecmp (map->rm_encoding, "telephone-event") == 0;
}

/* Reads one m= line. Returns whether it is a stream that we could take. */
static gboolean
read_media (const sdp_media_t *m,
            gboolean           reflect,
            ExchangeMedia     *media)
{
  const sdp_connection_t *connection = sdp_media_connections (m);

  exchange_media_clear (media);
  if (m->m_type != sdp_media_audio || m->m_proto != sdp_proto_rtp || m->m_port == 0 || m->m_port > 65534 ||
      m->m_rejected || !connection || !connection->c_address || !m->m_rtpmaps)
    return FALSE;

  media->address = g_strdup (connection->c_address);
  media->port = m->m_port;
  media->may_send = (m->m_mode & sdp_recvonly) != 0;
  media->they_send = (m->m_mode & sdp_sendonly) != 0;
  /* The hold of RFC 2543. */
  if (strcmp (connection->c_address, "0.0.0.0") == 0)
    media->may_send = FALSE;
  for (const sdp_rtpmap_t *map = m->m_rtpmaps; map; map = map->rm_next)
    {
      if (media->codec == EXCHANGE_CODEC_NONE && codec_of (map) != EXCHANGE_CODEC_NONE)
        {
          media->codec = codec_of (map);
          media->payload_type = map->rm_pt;
        }
      if (media->event_payload_type < 0 && is_events (map))
        media->event_payload_type = map->rm_pt;
    }

  return reflect || media->codec != EXCHANGE_CODEC_NONE;
}

static void
append_rtpmap (GString            *lines,
               const sdp_rtpmap_t *map)
{
  if (map->rm_encoding && map->rm_rate)
    g_string_append_printf (lines, "a=rtpmap:%u %s/%lu%s%s\r\n", map->rm_pt, map->rm_encoding, map->rm_rate,
                            map->rm_params ? "/" : "", map->rm_params ? map->rm_params : "");
  if (is_events (map))
    g_string_append_printf (lines, "a=fmtp:%u 0-15\r\n", map->rm_pt);
  else if (map->rm_fmtp)
    g_string_append_printf (lines, "a=fmtp:%u %s\r\n", map->rm_pt, map->rm_fmtp);
}

static const char *
direction_of (gboolean may_send,
              gboolean may_receive)
{
  if (may_send)
    return may_receive ? "sendrecv" : "sendonly";
  return may_receive ? "recvonly" : "inactive";
}

static void
append_taken (GString                *answer,
              const sdp_media_t      *m,
              const ExchangeSdpLocal *local,
              const ExchangeMedia    *media)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  guint n = 0;

  g_string_append_printf (answer, "m=audio %u RTP/AVP", local->port);
  for (const sdp_rtpmap_t *map = m->m_rtpmaps; map && n < MAX_FORMATS; map = map->rm_next)
    {
      if (!local->reflect && !is_events (map) && !(codec_of (map) == media->codec && map->rm_pt == media->payload_type))
        continue;
      n++;
      g_string_append_printf (answer, " %u", map->rm_pt);
      append_rtpmap (lines, map);
    }
  g_string_append_printf (answer, "\r\n%sa=ptime:20\r\na=%s\r\n", lines->str,
                          direction_of (media->may_send, media->they_send && !local->hold));
}

static void
append_declined (GString           *answer,
                 const sdp_media_t *m)
{
  const char *format = m->m_format && m->m_format->l_text ? m->m_format->l_text : NULL;

  g_string_append_printf (answer, "m=%s 0 %s ", m->m_type_name, m->m_proto_name);
  if (m->m_rtpmaps)
    g_string_append_printf (answer, "%u\r\n", m->m_rtpmaps->rm_pt);
  else
    g_string_append_printf (answer, "%s\r\n", format ? format : "0");
}

static GString *
begin (const ExchangeSdpLocal *local)
{
  const char *family = strchr (local->address, ':') ? "IP6" : "IP4";
  GString *text = g_string_new (NULL);

  g_string_printf (text, "v=0\r\no=- %u %u IN %s %s\r\ns=Practice exchange\r\nc=IN %s %s\r\nt=0 0\r\n", local->session,
                   local->version, family, local->address, family, local->address);
  return text;
}

/* Debian's parser never returns from an m= line with two separators where it wants a token: what it is given must
 * have the form of RFC 4566 §5.14, with the characters that are really used. */
#define TOKEN "[A-Za-z0-9._+-]+"

static gboolean
has_sane_media_lines (const char *text,
                      gsize       length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit_set (copy, "\r\n", -1);

  if (memchr (text, '\0', length))
    return FALSE;
  for (guint i = 0; lines[i]; i++)
    if (lines[i][0] != '\0' && (!g_ascii_islower (lines[i][0]) || lines[i][1] != '='))
      return FALSE; /* a blank in front hides an m= line from us but not from the parser */
    else if (lines[i][0] == 'm'
        && !g_regex_match_simple ("^m=" TOKEN " [0-9]+(/[0-9]+)? " TOKEN "(/" TOKEN ")*( [A-Za-z0-9._+*-]+)+ *$", lines[i],
                                  G_REGEX_RAW, 0))
      return FALSE;
  return TRUE;
}

static sdp_parser_t *
parse (const char  *text,
       gsize        length,
       GError     **error)
{
  sdp_parser_t *parser;

  if (length == 0 || length > MAX_SDP_BYTES)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "session description empty or too long");
      return NULL;
    }
  if (!has_sane_media_lines (text, length))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "session description: a media line is malformed");
      return NULL;
    }
  parser = sdp_parse (NULL, text, length, 0);
  if (!sdp_session (parser))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "session description: %s", sdp_parsing_error (parser));
      sdp_parser_free (parser);
      return NULL;
    }
  return parser;
}

void
exchange_media_clear (ExchangeMedia *media)
{
  g_return_if_fail (media);

  g_free (media->address);
  memset (media, 0, sizeof *media);
  media->event_payload_type = -1;
}

char *
exchange_sdp_answer (const char              *offer,
                     gsize                    length,
                     const ExchangeSdpLocal  *local,
                     ExchangeMedia           *media,
                     GError                 **error)
{
  g_autoptr (GString) answer = NULL;
  sdp_parser_t *parser;
  const sdp_media_t *m;
  gboolean taken = FALSE;
  guint n = 0;

  g_return_val_if_fail (offer && local && media, NULL);

  parser = parse (offer, length, error);
  if (!parser)
    return NULL;

  answer = begin (local);
  for (m = sdp_session (parser)->sdp_media; m && n < MAX_MEDIA_LINES; m = m->m_next, n++)
    {
      g_auto (ExchangeMedia) candidate = { .event_payload_type = -1 };

      if (!taken && read_media (m, local->reflect, &candidate))
        {
          exchange_media_clear (media);
          *media = candidate;
          candidate.address = NULL;
          append_taken (answer, m, local, media);
          taken = TRUE;
        }
      else
        append_declined (answer, m);
    }
  sdp_parser_free (parser);
  if (!taken)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no audio stream that can be taken");
      return NULL;
    }

  return g_string_free (g_steal_pointer (&answer), FALSE);
}

char *
exchange_sdp_offer (const ExchangeSdpLocal *local)
{
  g_autoptr (GString) offer = NULL;

  g_return_val_if_fail (local, NULL);

  offer = begin (local);
  g_string_append_printf (offer, "m=audio %u RTP/AVP", local->port);
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    g_string_append_printf (offer, " %u", codecs[i].payload_type);
  g_string_append_printf (offer, " %d\r\n", OFFERED_EVENTS);
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    g_string_append_printf (offer, "a=rtpmap:%u %s/8000\r\n", codecs[i].payload_type, codecs[i].name);
  g_string_append_printf (offer, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\na=ptime:20\r\na=%s\r\n",
                          OFFERED_EVENTS, OFFERED_EVENTS, direction_of (TRUE, !local->hold));

  return g_string_free (g_steal_pointer (&offer), FALSE);
}

gboolean
exchange_sdp_read_answer (const char     *answer,
                          gsize           length,
                          ExchangeMedia  *media,
                          GError        **error)
{
  g_auto (ExchangeMedia) candidate = { .event_payload_type = -1 };
  sdp_parser_t *parser;
  const sdp_media_t *m;
  gboolean taken;

  g_return_val_if_fail (answer && media, FALSE);

  parser = parse (answer, length, error);
  if (!parser)
    return FALSE;

  m = sdp_session (parser)->sdp_media;
  taken = m && read_media (m, FALSE, &candidate);
  sdp_parser_free (parser);
  if (!taken)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the answer declines the audio stream");
      return FALSE;
    }

  exchange_media_clear (media);
  *media = candidate;
  candidate.address = NULL;
  return TRUE;
}
