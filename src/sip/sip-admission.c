/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-admission.h"

#include <gio/gio.h>

#include <string.h>

/*
 * Token buckets: one for each source, one for all strangers together. A source's bucket is asked first, so that one that
 * floods empties its own and leaves the common one to the others. Sources stand in a list by the time they were last heard;
 * when it is full the one that was silent longest makes room, and the common bucket bounds what many made-up sources can do.
 */

#define BURST_S 10
#define INVITE_COST 5             /* it makes a call, a page and a ring */
#define BYTES_A_TOKEN 4096        /* the library keeps the whole message */
#define US_PER_S ((gint64) G_USEC_PER_SEC)
#define QUIET_US (60 * US_PER_S)  /* between two lines about one source */
#define MAX_LINES 20              /* a minute, about all */

typedef struct {
  double tokens;
  gint64 filled_us;
} Bucket;

typedef struct {
  PhoneSipSource address;
  Bucket         bucket;
  guint          n_dropped;       /* since the last line */
  gint64         told_us;         /* when that was; 0: never */
  GList          link;            /* in the list by age, newest first */
} Source;

struct _PhoneSipAdmission {
  PhoneSipRules  rules;
  GHashTable    *servers;                           /* whose -> GArray of PhoneSipSource */
  GHashTable    *sources;                           /* PhoneSipSource -> Source */
  GQueue         by_age;
  Bucket         all;
  guint64        n_dropped;
  GQueue         lines;           /* for the log, at most one waits for each request */
  guint          n_lines;         /* in this minute */
  guint          n_untold;        /* lines left out in this minute */
  gint64         minute_us;
};

/*
 * What the programs that try telephones and exchanges for holes call themselves when nobody tells them otherwise. A name
 * here must not be part of an honest product's name.
 */
static const char *const scanners[] = {
  "friendly-scanner", "friendly-request", "sipvicious", "sundayddr", "sip-scan", "sipcli", "iwar", "smap",
  "pplsip", "vaxsipuseragent", "siparmyknife", "sipscan", "sipinvitedos", "test agent sip scan",
};

/**
 * phone_sip_scanner_find:
 * @user_agent: (nullable): value of a User-Agent header
 *
 * Returns: (nullable): the name in our table that it contains, whatever the case
 */
const char *
phone_sip_scanner_find (const char *user_agent)
{
  g_autofree char *lower = NULL;

  if (!user_agent)
    return NULL;

  lower = g_ascii_strdown (user_agent, (gssize) strnlen (user_agent, 200));
  for (guint i = 0; i < G_N_ELEMENTS (scanners); i++)
    {
      if (strstr (lower, scanners[i]))
        return scanners[i];
    }

  return NULL;
}

/* Addresses ---------------------------------------------------------------------------------------------------------- */

/**
 * phone_sip_source_set_bytes:
 * @bytes: in network order
 * @length: 4 or 16
 */
void
phone_sip_source_set_bytes (PhoneSipSource *self,
                            const guint8   *bytes,
                            gsize           length)
{
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

  g_return_if_fail (self != NULL && bytes != NULL);
  g_return_if_fail (length == 4 || length == 16);

  if (length == 16 && memcmp (bytes, mapped, sizeof mapped) == 0)
    {
      bytes += sizeof mapped;
      length = 4;
    }
  memset (self, 0, sizeof *self);
  memcpy (self->bytes, bytes, length);
  self->length = (guint8) length;
}

/**
 * phone_sip_source_parse:
 * @text: an IP literal
 *
 * Returns: %FALSE when it is none
 */
gboolean
phone_sip_source_parse (PhoneSipSource *self,
                        const char     *text)
{
  g_autoptr (GInetAddress) address = NULL;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  memset (self, 0, sizeof *self);
  address = g_inet_address_new_from_string (text);
  if (!address)
    return FALSE;

  phone_sip_source_set_bytes (self, g_inet_address_to_bytes (address), g_inet_address_get_native_size (address));
  return TRUE;
}

/**
 * phone_sip_source_to_string:
 * Returns: (transfer full): an IP literal, or "nobody"
 */
char *
phone_sip_source_to_string (const PhoneSipSource *self)
{
  g_autoptr (GInetAddress) address = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->length == 0)
    return g_strdup ("nobody");

  address = g_inet_address_new_from_bytes (self->bytes, self->length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (address);
}

/* One subscriber has a whole /64 to speak from; on the local link each machine has one address. */
static PhoneSipSource
get_bucket_key (const PhoneSipSource *source)
{
  PhoneSipSource key = *source;

  if (key.length == 16 && !(key.bytes[0] == 0xfe && (key.bytes[1] & 0xc0) == 0x80))
    memset (key.bytes + 8, 0, 8);

  return key;
}

static guint
hash_source (gconstpointer data)
{
  const PhoneSipSource *source = data;
  guint hash = 5381;

  for (guint i = 0; i < source->length; i++)
    hash = hash * 33 + source->bytes[i];

  return hash;
}

static gboolean
equal_source (gconstpointer a,
              gconstpointer b)
{
  return memcmp (a, b, sizeof (PhoneSipSource)) == 0;
}

/* Servers ------------------------------------------------------------------------------------------------------------ */

/**
 * phone_sip_admission_set_servers:
 * @owner: whose they are; replaces what the same owner said before
 * @addresses: (nullable): IP literals of its servers and proxies, %NULL-terminated; what is none is left out
 */
void
phone_sip_admission_set_servers (PhoneSipAdmission *self,
                                 gconstpointer      owner,
                                 const char *const *addresses)
{
  GArray *list;

  g_return_if_fail (self != NULL);

  g_hash_table_remove (self->servers, owner);
  if (!addresses)
    return;

  list = g_array_new (FALSE, TRUE, sizeof (PhoneSipSource));
  g_hash_table_insert (self->servers, (gpointer) owner, list);
  for (guint i = 0; addresses[i]; i++)
    {
      PhoneSipSource source;

      if (phone_sip_source_parse (&source, addresses[i]))
        g_array_append_val (list, source);
    }
}

/**
 * phone_sip_admission_is_server:
 * Returns: whether it is one of the addresses of an account's server
 */
gboolean
phone_sip_admission_is_server (PhoneSipAdmission    *self,
                               const PhoneSipSource *source)
{
  GHashTableIter iter;
  gpointer list;

  g_return_val_if_fail (self != NULL && source != NULL, FALSE);

  g_hash_table_iter_init (&iter, self->servers);
  while (g_hash_table_iter_next (&iter, NULL, &list))
    {
      for (guint i = 0; i < ((GArray *) list)->len; i++)
        {
          if (equal_source (&g_array_index ((GArray *) list, PhoneSipSource, i), source))
            return TRUE;
        }
    }

  return FALSE;
}

/**
 * phone_sip_admission_may_call:
 *
 * Returns: whether calls from there may ring: always from an account's server, from others while direct-IP calls are on and
 * `sip.trust_ctrl` is off
 */
gboolean
phone_sip_admission_may_call (PhoneSipAdmission    *self,
                              const PhoneSipSource *source)
{
  g_return_val_if_fail (self != NULL && source != NULL, FALSE);

  if (phone_sip_admission_is_server (self, source))
    return TRUE;

  return self->rules.direct_calls && !self->rules.servers_only;
}

/**
 * phone_sip_admission_may_refer:
 *
 * Returns: whether a REFER outside a call may come from there
 */
gboolean
phone_sip_admission_may_refer (PhoneSipAdmission    *self,
                               const PhoneSipSource *source)
{
  g_return_val_if_fail (self != NULL && source != NULL, FALSE);

  return self->rules.allow_refer && phone_sip_admission_is_server (self, source);
}

/* Buckets ------------------------------------------------------------------------------------------------------------ */

static gboolean
take_tokens (Bucket *bucket,
             guint   rate,
             guint   cost,
             gint64  now_us)
{
  double most = (double) rate * BURST_S;

  if (rate == 0)
    return TRUE;

  if (bucket->filled_us == 0)
    bucket->tokens = most;
  else if (now_us > bucket->filled_us)
    bucket->tokens = MIN (most, bucket->tokens + (double) (now_us - bucket->filled_us) * rate / US_PER_S);
  bucket->filled_us = MAX (now_us, 1);

  if (bucket->tokens < cost)
    return FALSE;

  bucket->tokens -= cost;
  return TRUE;
}

static void
forget_oldest (PhoneSipAdmission *self)
{
  GList *oldest = g_queue_pop_tail_link (&self->by_age);
  Source *source = oldest->data;

  g_hash_table_remove (self->sources, &source->address);
}

static Source *
get_source (PhoneSipAdmission    *self,
            const PhoneSipSource *address)
{
  PhoneSipSource key = get_bucket_key (address);
  Source *source = g_hash_table_lookup (self->sources, &key);

  if (source)
    {
      g_queue_unlink (&self->by_age, &source->link);
    }
  else
    {
      if (g_hash_table_size (self->sources) >= PHONE_SIP_MAX_SOURCES)
        forget_oldest (self);
      source = g_new0 (Source, 1);
      source->address = key;
      source->link.data = source;
      g_hash_table_insert (self->sources, &source->address, source);
    }
  g_queue_push_head_link (&self->by_age, &source->link);

  return source;
}

/* The log ------------------------------------------------------------------------------------------------------------ */

static const char *
explain (PhoneSipVerdict verdict)
{
  switch (verdict)
    {
    case PHONE_SIP_VERDICT_PASS:
      return "admitted";
    case PHONE_SIP_VERDICT_STRANGER:
      return "not a server of an account";
    case PHONE_SIP_VERDICT_SCANNER:
      return "a scanner";
    case PHONE_SIP_VERDICT_TOO_MANY:
      return "too many requests";
    }
  g_assert_not_reached ();
}

static void
start_minute (PhoneSipAdmission *self,
              gint64             now_us)
{
  if (self->minute_us != 0 && now_us - self->minute_us < QUIET_US)
    return;

  if (self->n_untold > 0)
    g_queue_push_tail (&self->lines, g_strdup_printf ("SIP from %u more sources was dropped", self->n_untold));
  self->minute_us = now_us;
  self->n_lines = 0;
  self->n_untold = 0;
}

static void
tell (PhoneSipAdmission *self,
      Source            *source,
      PhoneSipVerdict    verdict,
      gint64             now_us)
{
  g_autofree char *address = NULL;

  self->n_dropped++;
  source->n_dropped++;
  start_minute (self, now_us);
  if (source->told_us != 0 && now_us - source->told_us < QUIET_US)
    return;

  source->told_us = MAX (now_us, 1);
  if (self->n_lines >= MAX_LINES)
    {
      self->n_untold++;
      return;
    }

  self->n_lines++;
  address = phone_sip_source_to_string (&source->address);
  g_queue_push_tail (&self->lines, g_strdup_printf ("SIP from %s dropped: %s (%u so far)", address, explain (verdict),
                                                    source->n_dropped));
  source->n_dropped = 0;
}

/**
 * phone_sip_admission_take_line:
 *
 * Returns: (transfer full) (nullable): the next line for the log: one for each source and minute, and no more than twenty a
 * minute about all
 */
char *
phone_sip_admission_take_line (PhoneSipAdmission *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_queue_pop_head (&self->lines);
}

/* The decision ------------------------------------------------------------------------------------------------------- */

static PhoneSipVerdict
judge_stranger (PhoneSipAdmission *self,
                Source            *source,
                const char        *user_agent,
                guint              cost,
                gint64             now_us)
{
  if (self->rules.servers_only)
    return PHONE_SIP_VERDICT_STRANGER;
  if (self->rules.silence_scanners && phone_sip_scanner_find (user_agent))
    return PHONE_SIP_VERDICT_SCANNER;
  if (!take_tokens (&source->bucket, self->rules.source_rate, cost, now_us) ||
      !take_tokens (&self->all, self->rules.total_rate, cost, now_us))
    return PHONE_SIP_VERDICT_TOO_MANY;

  return PHONE_SIP_VERDICT_PASS;
}

/**
 * phone_sip_admission_judge:
 * @request: it
 * @now_us: of a clock that never jumps
 *
 * Decides about a request that belongs to no dialog or transaction of ours, and counts it. Anything but
 * %PHONE_SIP_VERDICT_PASS means silence.
 */
PhoneSipVerdict
phone_sip_admission_judge (PhoneSipAdmission     *self,
                           const PhoneSipSource  *source,
                           const PhoneSipRequest *request,
                           gint64                 now_us)
{
  guint cost;
  PhoneSipVerdict verdict;
  Source *known;

  g_return_val_if_fail (self != NULL && source != NULL && request != NULL, PHONE_SIP_VERDICT_PASS);

  cost = strcmp (request->method, "INVITE") == 0 ? INVITE_COST : 1;
  cost += (guint) (request->n_bytes / BYTES_A_TOKEN);
  known = get_source (self, source);
  if (phone_sip_admission_is_server (self, source))
    verdict = take_tokens (&known->bucket, self->rules.server_rate, cost, now_us) ? PHONE_SIP_VERDICT_PASS :
                                                                                   PHONE_SIP_VERDICT_TOO_MANY;
  else
    verdict = judge_stranger (self, known, request->user_agent, cost, now_us);

  if (verdict != PHONE_SIP_VERDICT_PASS)
    tell (self, known, verdict, now_us);

  return verdict;
}

/**
 * phone_sip_admission_set_rules:
 * @rules: copied. Buckets start full again
 */
void
phone_sip_admission_set_rules (PhoneSipAdmission   *self,
                               const PhoneSipRules *rules)
{
  g_return_if_fail (self != NULL && rules != NULL);

  self->rules = *rules;
  g_hash_table_remove_all (self->sources);
  g_queue_init (&self->by_age);
  memset (&self->all, 0, sizeof self->all);
}

/**
 * phone_sip_admission_get_n_sources:
 * Returns: strangers that are remembered, at most %PHONE_SIP_MAX_SOURCES
 */
guint
phone_sip_admission_get_n_sources (PhoneSipAdmission *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->sources);
}

/**
 * phone_sip_admission_get_n_dropped:
 * Returns: requests that were not let in since the start
 */
guint64
phone_sip_admission_get_n_dropped (PhoneSipAdmission *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_dropped;
}

/**
 * phone_sip_admission_new:
 *
 * Without rules: everybody may call, without a limit.
 */
PhoneSipAdmission *
phone_sip_admission_new (void)
{
  PhoneSipAdmission *self = g_new0 (PhoneSipAdmission, 1);

  self->rules.direct_calls = TRUE;
  self->servers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  self->sources = g_hash_table_new_full (hash_source, equal_source, NULL, g_free);
  g_queue_init (&self->by_age);
  g_queue_init (&self->lines);

  return self;
}

void
phone_sip_admission_free (PhoneSipAdmission *self)
{
  if (!self)
    return;

  g_hash_table_unref (self->servers);
  g_hash_table_unref (self->sources);
  g_queue_clear_full (&self->lines, g_free);
  g_free (self);
}
