/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-digest.h"

#include <stdarg.h>
#include <string.h>

#define MAX_CHALLENGES 16
#define MAX_PARAMETERS 32
#define MAX_TOKEN 64
#define MAX_VALUE 2048
#define HASH_TEXT 65        /* SHA-256 in hexadecimal, and its end */

/* ---- reading ---- */

typedef struct {
  const char              *at;
  PhoneSipDigestChallenge *current;    /* nullable: of another scheme, or broken */
  guint                    parameters;
  gboolean                 has_qop;
  GPtrArray               *found;
} Reader;

/**
 * phone_sip_digest_challenge_free:
 */
void
phone_sip_digest_challenge_free (PhoneSipDigestChallenge *self)
{
  if (!self)
    return;

  g_free (self->realm);
  g_free (self->nonce);
  g_free (self->opaque);
  g_free (self);
}

/**
 * phone_sip_digest_challenge_copy:
 * Returns: (transfer full): an independent copy
 */
PhoneSipDigestChallenge *
phone_sip_digest_challenge_copy (const PhoneSipDigestChallenge *self)
{
  PhoneSipDigestChallenge *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->realm = g_strdup (self->realm);
  copy->nonce = g_strdup (self->nonce);
  copy->opaque = g_strdup (self->opaque);

  return copy;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* token of RFC 3261 §25.1 */
static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-.!%*_+`'~", c) != NULL);
}

static void
skip_blanks (Reader *self)
{
  while (is_blank (*self->at))
    self->at++;
}

static gsize
token_length (const char *text)
{
  gsize n = 0;

  while (is_token_char (text[n]))
    n++;

  return n;
}

/* What stands between quotes; %NULL when it does not end, is too long or holds control characters, which would get into our
 * own header. self->at is behind it. */
static char *
read_quoted (Reader *self)
{
  const char *start = ++self->at;
  gboolean clean = TRUE;
  gsize n;

  for (; *self->at && *self->at != '"'; self->at++)
    {
      if (*self->at == '\\' && self->at[1])
        self->at++;
      if (g_ascii_iscntrl (*self->at) && *self->at != '\t')
        clean = FALSE;
    }
  if (*self->at != '"')
    return NULL;

  n = (gsize) (self->at++ - start);
  return clean && n <= MAX_VALUE ? g_strndup (start, n) : NULL;
}

/* To the next comma that is not quoted: what is here cannot be read. */
static void
skip_to_comma (Reader *self)
{
  while (*self->at && *self->at != ',')
    {
      if (*self->at == '"')
        g_free (read_quoted (self));
      else
        self->at++;
    }
}

static PhoneSipDigestAlgorithm
read_algorithm (const char *name)
{
  static const char *const names[] = { "", "MD5", "MD5-sess", "SHA-256", "SHA-256-sess" };

  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (name, names[i]) == 0)
        return (PhoneSipDigestAlgorithm) i;
    }

  return PHONE_SIP_DIGEST_UNKNOWN;
}

/* auth before auth-int: a server in between may change the body (an address behind a NAT), which auth-int would not survive. */
static PhoneSipDigestQop
read_qop (const char *list)
{
  g_auto (GStrv) words = g_strsplit_set (list, ", \t", -1);
  PhoneSipDigestQop qop = PHONE_SIP_DIGEST_QOP_NONE;

  for (char **word = words; *word; word++)
    {
      if (g_ascii_strcasecmp (*word, "auth") == 0)
        return PHONE_SIP_DIGEST_QOP_AUTH;
      if (g_ascii_strcasecmp (*word, "auth-int") == 0)
        qop = PHONE_SIP_DIGEST_QOP_AUTH_INT;
      else if (**word && qop == PHONE_SIP_DIGEST_QOP_NONE)
        qop = PHONE_SIP_DIGEST_QOP_UNKNOWN;
    }

  return qop;
}

/* Takes a string that is not there yet. */
static void
store (char **place,
       char **value)
{
  if (!*place)
    *place = g_steal_pointer (value);
}

static void
take_parameter (Reader     *self,
                const char *name,
                char       *value,
                gboolean    quoted)
{
  PhoneSipDigestChallenge *challenge = self->current;
  g_autofree char *owned = value;

  if (!challenge)
    return;

  /* The grammar wants these in quotes; what it does not say about a realm without them we do not guess. */
  if (quoted && g_ascii_strcasecmp (name, "realm") == 0)
    store (&challenge->realm, &owned);
  else if (quoted && g_ascii_strcasecmp (name, "nonce") == 0)
    store (&challenge->nonce, &owned);
  else if (quoted && g_ascii_strcasecmp (name, "opaque") == 0)
    store (&challenge->opaque, &owned);
  else if (g_ascii_strcasecmp (name, "stale") == 0)
    challenge->stale = g_ascii_strcasecmp (value, "true") == 0;
  else if (g_ascii_strcasecmp (name, "userhash") == 0)
    challenge->userhash = g_ascii_strcasecmp (value, "true") == 0;
  else if (g_ascii_strcasecmp (name, "algorithm") == 0 && !challenge->named)
    {
      challenge->algorithm = read_algorithm (value);
      challenge->named = TRUE;
    }
  else if (g_ascii_strcasecmp (name, "qop") == 0 && !self->has_qop)
    {
      challenge->qop = read_qop (value);
      self->has_qop = TRUE;
    }
}

static void
drop_current (Reader *self)
{
  g_clear_pointer (&self->current, phone_sip_digest_challenge_free);
}

static void
finish_current (Reader *self)
{
  if (self->current && self->current->realm && self->current->nonce && self->found->len < MAX_CHALLENGES)
    g_ptr_array_add (self->found, g_steal_pointer (&self->current));

  drop_current (self);
}

static void
start_challenge (Reader     *self,
                 const char *scheme)
{
  finish_current (self);
  self->parameters = 0;
  self->has_qop = FALSE;
  if (g_ascii_strcasecmp (scheme, "Digest") != 0)
    return;

  self->current = g_new0 (PhoneSipDigestChallenge, 1);
  self->current->algorithm = PHONE_SIP_DIGEST_MD5;
}

/* name = value, self->at on the sign. A parameter that cannot be read spoils its challenge, not the next one. */
static void
read_parameter (Reader     *self,
                const char *name)
{
  gboolean quoted;
  char *value = NULL;

  self->at++;
  skip_blanks (self);
  quoted = *self->at == '"';
  if (quoted)
    {
      value = read_quoted (self);
    }
  else
    {
      gsize n = token_length (self->at);

      value = n > 0 && n <= MAX_VALUE ? g_strndup (self->at, n) : NULL;
      self->at += n;
    }

  skip_blanks (self);
  if (!value || (*self->at && *self->at != ',') || ++self->parameters > MAX_PARAMETERS)
    {
      g_free (value);
      drop_current (self);
      skip_to_comma (self);
      return;
    }

  take_parameter (self, name, value, quoted);
}

/**
 * phone_sip_digest_parse:
 * @value: the value of one or several WWW-Authenticate or Proxy-Authenticate headers, separated by commas
 *
 * Other schemes and what cannot be read are left out; challenges that ask for an unknown algorithm or qop are not
 * (phone_sip_digest_is_answerable()).
 *
 * Returns: (transfer full) (element-type PhoneSipDigestChallenge): in the server's order
 */
GPtrArray *
phone_sip_digest_parse (const char *value)
{
  Reader reader = { .at = value };

  g_return_val_if_fail (value != NULL, NULL);

  reader.found = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_sip_digest_challenge_free);
  for (;;)
    {
      char word[MAX_TOKEN + 1];
      gsize n;

      while (is_blank (*reader.at) || *reader.at == ',')
        reader.at++;
      if (!*reader.at)
        break;

      n = token_length (reader.at);
      if (n == 0 || n > MAX_TOKEN)
        {
          drop_current (&reader);
          skip_to_comma (&reader);
          continue;
        }

      memcpy (word, reader.at, n);
      word[n] = '\0';
      reader.at += n;
      skip_blanks (&reader);
      if (*reader.at == '=')
        read_parameter (&reader, word);
      else
        start_challenge (&reader, word);
    }

  finish_current (&reader);
  return reader.found;
}

/**
 * phone_sip_digest_is_answerable:
 * Returns: whether we know the algorithm and one of the qop values
 */
gboolean
phone_sip_digest_is_answerable (const PhoneSipDigestChallenge *challenge)
{
  g_return_val_if_fail (challenge != NULL, FALSE);

  return challenge->algorithm != PHONE_SIP_DIGEST_UNKNOWN && challenge->qop != PHONE_SIP_DIGEST_QOP_UNKNOWN;
}

static gboolean
uses_sha_256 (const PhoneSipDigestChallenge *challenge)
{
  return challenge->algorithm >= PHONE_SIP_DIGEST_SHA_256;
}

/**
 * phone_sip_digest_choose:
 * @challenges: (element-type PhoneSipDigestChallenge): as the server sent them
 *
 * One for each realm. RFC 8760 §2.4 takes the first that is known "unless a local policy dictates otherwise". Ours is that
 * SHA-256 goes before MD5 wherever it stands, so that nobody gets the weaker one by changing the order.
 *
 * Returns: (transfer container) (element-type PhoneSipDigestChallenge): those to answer; they belong to @challenges
 */
GPtrArray *
phone_sip_digest_choose (GPtrArray *challenges)
{
  GPtrArray *chosen = g_ptr_array_new ();

  g_return_val_if_fail (challenges != NULL, chosen);

  for (guint i = 0; i < challenges->len; i++)
    {
      PhoneSipDigestChallenge *challenge = g_ptr_array_index (challenges, i);
      guint place = 0;

      if (!phone_sip_digest_is_answerable (challenge))
        continue;

      while (place < chosen->len &&
             strcmp (((PhoneSipDigestChallenge *) g_ptr_array_index (chosen, place))->realm, challenge->realm) != 0)
        place++;

      if (place == chosen->len)
        g_ptr_array_add (chosen, challenge);
      else if (uses_sha_256 (challenge) && !uses_sha_256 (g_ptr_array_index (chosen, place)))
        chosen->pdata[place] = challenge;
    }

  return chosen;
}

/* ---- computing ---- */

static GChecksumType
get_hash (const PhoneSipDigestChallenge *challenge)
{
  return uses_sha_256 (challenge) ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5;
}

/* The checksum object keeps the last block and the result in memory that it frees as it is: both may be as good as a
 * password, so they are written over. */
static void
wipe_checksum (GChecksum *checksum,
               char      *result)
{
  static const guchar zeros[128];

  explicit_bzero (result, strlen (result));
  g_checksum_reset (checksum);
  g_checksum_update (checksum, zeros, sizeof zeros);
  g_checksum_free (checksum);
}

static void
finish_hash (GChecksum *checksum,
             char      *text)
{
  char *result = (char *) g_checksum_get_string (checksum);

  g_strlcpy (text, result, HASH_TEXT);
  wipe_checksum (checksum, result);
}

/* H (first:second:...), ended by %NULL; what is joined never stands in memory as a whole. */
static void G_GNUC_NULL_TERMINATED
hash_joined (GChecksumType  type,
             char          *text,
             const char    *first,
             ...)
{
  GChecksum *checksum = g_checksum_new (type);
  va_list arguments;

  va_start (arguments, first);
  for (const char *part = first; part; part = va_arg (arguments, const char *))
    {
      if (part != first)
        g_checksum_update (checksum, (const guchar *) ":", 1);
      g_checksum_update (checksum, (const guchar *) part, -1);
    }
  va_end (arguments);

  finish_hash (checksum, text);
}

static void
hash_body (GChecksumType  type,
           char          *text,
           const void    *body,
           gsize          length)
{
  GChecksum *checksum = g_checksum_new (type);

  if (body && length > 0)
    g_checksum_update (checksum, body, (gssize) length);
  finish_hash (checksum, text);
}

/* The value of a quoted string: escapes taken away. */
static char *
unescape (const char *raw)
{
  char *value = g_malloc (strlen (raw) + 1);
  char *out = value;

  for (; *raw; raw++)
    {
      if (*raw == '\\' && raw[1])
        raw++;
      *out++ = *raw;
    }
  *out = '\0';

  return value;
}

static void
append_escaped (GString    *out,
                const char *value)
{
  for (; *value; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *value);
    }
}

/* H (A1), RFC 7616 §3.4.2; worth as much as the password within this realm. */
static void
compute_secret (const PhoneSipDigestChallenge *challenge,
                const PhoneSipDigestRequest   *request,
                const char                    *realm,
                const char                    *nonce,
                char                          *secret)
{
  GChecksumType type = get_hash (challenge);
  char plain[HASH_TEXT];

  hash_joined (type, secret, request->user, realm, request->password, NULL);
  if (challenge->algorithm != PHONE_SIP_DIGEST_MD5_SESS && challenge->algorithm != PHONE_SIP_DIGEST_SHA_256_SESS)
    return;

  memcpy (plain, secret, sizeof plain);
  hash_joined (type, secret, plain, nonce, request->cnonce, NULL);
  explicit_bzero (plain, sizeof plain);
}

static const char *
get_qop_name (PhoneSipDigestQop qop)
{
  return qop == PHONE_SIP_DIGEST_QOP_AUTH_INT ? "auth-int" : "auth";
}

static void
compute_response (const PhoneSipDigestChallenge *challenge,
                  const PhoneSipDigestRequest   *request,
                  const char                    *realm,
                  const char                    *count,
                  char                          *response)
{
  g_autofree char *nonce = unescape (challenge->nonce);
  GChecksumType type = get_hash (challenge);
  char secret[HASH_TEXT], what[HASH_TEXT], body[HASH_TEXT];

  compute_secret (challenge, request, realm, nonce, secret);
  if (challenge->qop == PHONE_SIP_DIGEST_QOP_AUTH_INT)
    {
      hash_body (type, body, request->body, request->body_length);
      hash_joined (type, what, request->method, request->uri, body, NULL);
    }
  else
    {
      hash_joined (type, what, request->method, request->uri, NULL);
    }

  if (challenge->qop == PHONE_SIP_DIGEST_QOP_NONE)
    hash_joined (type, response, secret, nonce, what, NULL);
  else
    hash_joined (type, response, secret, nonce, count, request->cnonce, get_qop_name (challenge->qop), what, NULL);
  explicit_bzero (secret, sizeof secret);
}

static void
append_user (GString                       *out,
             const PhoneSipDigestChallenge *challenge,
             const PhoneSipDigestRequest   *request,
             const char                    *realm)
{
  char hashed[HASH_TEXT];

  if (!challenge->userhash)
    {
      append_escaped (out, request->user);
      return;
    }

  hash_joined (get_hash (challenge), hashed, request->user, realm, NULL);
  g_string_append (out, hashed);
}

static const char *
get_algorithm_name (PhoneSipDigestAlgorithm algorithm)
{
  switch (algorithm)
    {
    case PHONE_SIP_DIGEST_UNKNOWN:
    case PHONE_SIP_DIGEST_MD5:
      break;
    case PHONE_SIP_DIGEST_MD5_SESS:
      return "MD5-sess";
    case PHONE_SIP_DIGEST_SHA_256:
      return "SHA-256";
    case PHONE_SIP_DIGEST_SHA_256_SESS:
      return "SHA-256-sess";
    }

  return "MD5";
}

/**
 * phone_sip_digest_write:
 * @challenge: one that is answerable
 *
 * RFC 3261 §22.4 and RFC 7616 §3.4: realm, nonce and opaque go back byte by byte as they came, the digest is made of what
 * they mean.
 *
 * Returns: (transfer full): the value of an Authorization or Proxy-Authorization header; not to be logged
 */
char *
phone_sip_digest_write (const PhoneSipDigestChallenge *challenge,
                        const PhoneSipDigestRequest   *request)
{
  g_autofree char *realm = NULL;
  char response[HASH_TEXT], count[9];
  GString *out;

  g_return_val_if_fail (challenge != NULL && request != NULL, NULL);
  g_return_val_if_fail (phone_sip_digest_is_answerable (challenge), NULL);
  g_return_val_if_fail (request->user && request->password && request->method && request->uri && request->cnonce, NULL);

  realm = unescape (challenge->realm);
  g_snprintf (count, sizeof count, "%08x", request->count);
  compute_response (challenge, request, realm, count, response);

  out = g_string_new ("Digest username=\"");
  append_user (out, challenge, request, realm);
  g_string_append_printf (out, "\", realm=\"%s\", nonce=\"%s\", uri=\"", challenge->realm, challenge->nonce);
  append_escaped (out, request->uri);
  g_string_append_printf (out, "\", response=\"%s\"", response);
  if (challenge->named)
    g_string_append_printf (out, ", algorithm=%s", get_algorithm_name (challenge->algorithm));

  /* Without qop RFC 2617 forbids a cnonce, but with -sess nobody could check the digest without it. */
  if (challenge->qop != PHONE_SIP_DIGEST_QOP_NONE)
    g_string_append_printf (out, ", cnonce=\"%s\", qop=%s, nc=%s", request->cnonce, get_qop_name (challenge->qop), count);
  else if (challenge->algorithm == PHONE_SIP_DIGEST_MD5_SESS || challenge->algorithm == PHONE_SIP_DIGEST_SHA_256_SESS)
    g_string_append_printf (out, ", cnonce=\"%s\"", request->cnonce);

  if (challenge->opaque)
    g_string_append_printf (out, ", opaque=\"%s\"", challenge->opaque);
  if (challenge->userhash)
    g_string_append (out, ", userhash=true");

  return g_string_free (out, FALSE);
}
