/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-party.h"

#include "sip-message.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/url.h>

#include <string.h>

/*
 * Who the other side is, beyond From and To: identities that networks assert, what is to be hidden, who has diverted a call.
 * Pure, and bounded: all of it comes from outside, and the headers of a diversion go out again.
 */

#define MAX_HEADER 2048
#define MAX_ENTRIES 20        /* of Diversion or History-Info: as many times a call may be diverted */
#define MAX_USER 255

static const struct {
  const char          *name;
  PhoneSipPartySource  source;
} headers[] = {
  { "P-Preferred-Identity", PHONE_SIP_PARTY_PREFERRED },
  { "P-Asserted-Identity", PHONE_SIP_PARTY_ASSERTED },
  { "Remote-Party-ID", PHONE_SIP_PARTY_REMOTE },
  { "From", PHONE_SIP_PARTY_FROM },
  { "Contact", PHONE_SIP_PARTY_CONTACT },
};

static const char *
get_header_name (PhoneSipPartySource source)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (headers[i].source == source)
      return headers[i].name;

  g_return_val_if_reached ("From");
}

static void
add_source (PhoneSipPartyOrder  *self,
            PhoneSipPartySource  source)
{
  for (guint i = 0; i < self->n_sources; i++)
    if (self->sources[i] == source)
      return;

  self->sources[self->n_sources++] = source;
}

static void
add_preference (PhoneSipPartyOrder *self,
                const char         *preference)
{
  g_auto (GStrv) words = g_strsplit (preference ? preference : "", ",", PHONE_SIP_N_PARTY_SOURCES + 1);

  for (char **word = words; *word; word++)
    for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
      if (g_ascii_strcasecmp (g_strstrip (*word), headers[i].name) == 0)
        add_source (self, headers[i].source);
}

/**
 * phone_sip_party_order_init_caller:
 * @cid_source: `account.X.cid_source`
 * @preferred: `account.X.cid_source_ppi`: P-Preferred-Identity before all
 * @preference: (nullable): `sip.cid_source.preference`, for @cid_source 6: names of headers, a comma between them
 *
 * Where an incoming call's caller is read (guide: caller ID). Any thread.
 */
void
phone_sip_party_order_init_caller (PhoneSipPartyOrder *self,
                                   int                 cid_source,
                                   gboolean            preferred,
                                   const char         *preference)
{
  static const char *const orders[] = { "From", "P-Asserted-Identity", "P-Asserted-Identity,From",
                                        "Remote-Party-ID,P-Asserted-Identity,From",
                                        "P-Asserted-Identity,Remote-Party-ID,From", "Remote-Party-ID,From" };
  gboolean known = cid_source >= 0 && cid_source < (int) G_N_ELEMENTS (orders);

  g_return_if_fail (self != NULL);

  *self = (PhoneSipPartyOrder) { .n_sources = 0 };
  if (known && preferred)
    add_source (self, PHONE_SIP_PARTY_PREFERRED);
  add_preference (self, known ? orders[cid_source] : preference);
  if (self->n_sources == 0)
    add_source (self, PHONE_SIP_PARTY_FROM);
}

/**
 * phone_sip_party_order_init_called:
 * @cp_source: `account.X.cp_source`
 *
 * Where the party of an outgoing call is read (guide: connected line). 1, what was dialled, leaves nothing to read. Any thread.
 */
void
phone_sip_party_order_init_called (PhoneSipPartyOrder *self,
                                   int                 cp_source)
{
  static const char *const orders[] = { "P-Asserted-Identity,Remote-Party-ID", "", "From",
                                        "P-Asserted-Identity,Remote-Party-ID,Contact" };

  g_return_if_fail (self != NULL);

  *self = (PhoneSipPartyOrder) { .n_sources = 0 };
  if (cp_source >= 0 && cp_source < (int) G_N_ELEMENTS (orders))
    add_preference (self, orders[cp_source]);
}

void
phone_sip_party_free (PhoneSipParty *self)
{
  if (!self)
    return;

  g_clear_pointer (&self->uri, phone_sip_uri_free);
  g_free (self->number);
  g_free (self->name);
  g_free (self);
}

static PhoneSipParty *
new_hidden (void)
{
  PhoneSipParty *self = g_new0 (PhoneSipParty, 1);

  self->number = g_strdup ("");
  self->name = g_strdup ("");
  return self;
}

/* tel:+49-30-1234;phone-context=… : the digits alone, as they are dialled (RFC 3966). */
static char *
dup_telephone_number (const url_t *url)
{
  const char *text = url->url_user ? url->url_user : url->url_host;
  GString *number = g_string_new (NULL);

  for (const char *p = text ? text : ""; *p && *p != ';' && number->len < MAX_USER; p++)
    if (g_ascii_isalnum (*p) || strchr ("+*#", *p))
      g_string_append_c (number, *p);

  return g_string_free (number, FALSE);
}

static PhoneSipParty *
new_from_url (const url_t *url,
              const char  *display)
{
  g_autoptr (PhoneSipUri) uri = NULL;
  g_autofree char *number = NULL;
  PhoneSipParty *self;

  if (url->url_type == url_tel)
    {
      number = dup_telephone_number (url);
    }
  else
    {
      uri = phone_sip_message_read_url (url);
      number = uri ? g_strdup (uri->user) : NULL;
    }
  if (!number || !*number || strlen (number) > MAX_USER)
    return NULL;

  self = g_new0 (PhoneSipParty, 1);
  self->uri = g_steal_pointer (&uri);
  self->number = g_steal_pointer (&number);
  self->name = phone_sip_message_dup_name (display);
  return self;
}

/* All these headers are lists of addresses with parameters, as Contact is. %NULL when it is too long or no such list. */
static sip_contact_t *
parse_list (su_home_t  *home,
            const char *text)
{
  sip_contact_t *list = text && *text && strlen (text) <= MAX_HEADER ? sip_contact_make (home, text) : NULL;
  guint n = 0;

  for (const sip_contact_t *entry = list; entry; entry = entry->m_next)
    if (++n > MAX_ENTRIES)
      return NULL;

  return list;
}

static const char *
find_parameter (const sip_contact_t *entry,
                const char          *name)
{
  return msg_params_find (entry->m_params, name);
}

static gboolean
has_parameter (const sip_contact_t *entry,
               const char          *name,
               const char          *value)
{
  const char *found = find_parameter (entry, name);

  return found && g_ascii_strcasecmp (found, value) == 0;
}

/* The first entry that is an address we know, and that speaks of @party (Remote-Party-ID may speak of both). */
static PhoneSipParty *
read_list (const char *text,
           const char *other_party,
           gboolean    privacy)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  PhoneSipParty *self = NULL;

  su_home_init (home);
  for (const sip_contact_t *entry = parse_list (home, text); entry && !self; entry = entry->m_next)
    {
      if (other_party && has_parameter (entry, "party", other_party))
        continue;
      self = new_from_url (entry->m_url, entry->m_display);
      if (self && privacy && (has_parameter (entry, "privacy", "full") || has_parameter (entry, "privacy", "uri")))
        {
          phone_sip_party_free (self);
          self = new_hidden ();
        }
    }
  su_home_deinit (home);

  return self;
}

/**
 * phone_sip_party_parse:
 * @text: an address as it stands in a header, or a list of them
 *
 * Returns: (transfer full) (nullable): the first of them, %NULL when there is none with a user part or number
 */
PhoneSipParty *
phone_sip_party_parse (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return read_list (text, NULL, FALSE);
}

/* RFC 3323 §4.2, RFC 3325 §9.3 */
static gboolean
is_hidden (const sip_t *sip)
{
  g_autofree char *privacy = phone_sip_message_dup_header (sip, "Privacy");
  g_auto (GStrv) words = privacy && strlen (privacy) <= MAX_HEADER ? g_strsplit_set (privacy, ";,", 16) : NULL;

  for (char **word = words; word && *word; word++)
    if (g_ascii_strcasecmp (g_strstrip (*word), "id") == 0 || g_ascii_strcasecmp (*word, "user") == 0)
      return TRUE;

  return FALSE;
}

/* Of a gateway it may be a host alone. */
static PhoneSipParty *
read_from (const sip_t *sip)
{
  const sip_from_t *from = sip->sip_request ? sip->sip_from : NULL;
  PhoneSipParty *self = from ? new_from_url (from->a_url, from->a_display) : NULL;
  g_autoptr (PhoneSipUri) uri = from && !self ? phone_sip_message_read_url (from->a_url) : NULL;

  if (!uri || uri->user)
    return self;

  self = g_new0 (PhoneSipParty, 1);
  self->number = phone_sip_uri_to_number (uri);
  self->name = phone_sip_message_dup_name (from->a_display);
  self->uri = g_steal_pointer (&uri);
  return self;
}

static PhoneSipParty *
read_source (const sip_t         *sip,
             PhoneSipPartySource  source,
             gboolean             privacy)
{
  g_autofree char *text = NULL;

  if (source == PHONE_SIP_PARTY_FROM)
    return read_from (sip);
  if (source == PHONE_SIP_PARTY_CONTACT)
    return sip->sip_contact ? new_from_url (sip->sip_contact->m_url, sip->sip_contact->m_display) : NULL;

  text = phone_sip_message_dup_header (sip, get_header_name (source));
  return read_list (text, source != PHONE_SIP_PARTY_REMOTE ? NULL : sip->sip_request ? "called" : "calling", privacy);
}

/**
 * phone_sip_party_read:
 * @sip: a message of the other side
 *
 * Who the other side is: privacy first, then the first of the sources of @order that the message has.
 *
 * Returns: (transfer full) (nullable): %NULL when the message does not say
 */
PhoneSipParty *
phone_sip_party_read (const sip_t              *sip,
                      const PhoneSipPartyOrder *order)
{
  PhoneSipParty *self = NULL;

  g_return_val_if_fail (sip != NULL && order != NULL, NULL);

  if (order->n_sources > 0 && order->privacy && is_hidden (sip))
    return new_hidden ();
  for (guint i = 0; i < order->n_sources && !self; i++)
    self = read_source (sip, order->sources[i], order->privacy);

  return self;
}

/* RFC 4458: the address that a call was diverted to has the cause in its URI; whoever stands before it has diverted it. */
static PhoneSipParty *
read_history (const char *text)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const sip_contact_t *before = NULL;
  const sip_contact_t *diverter = NULL;
  PhoneSipParty *self = NULL;

  su_home_init (home);
  for (const sip_contact_t *entry = parse_list (home, text); entry; entry = entry->m_next)
    {
      if (before && entry->m_url->url_params && url_has_param (entry->m_url, "cause"))
        diverter = before;
      before = entry;
    }
  if (diverter)
    self = new_from_url (diverter->m_url, diverter->m_display);
  su_home_deinit (home);

  return self;
}

/**
 * phone_sip_party_read_diverter:
 * @sip: an INVITE
 *
 * Returns: (transfer full) (nullable): who diverted the call here last: Diversion (RFC 5806), else History-Info (RFC 7044)
 */
PhoneSipParty *
phone_sip_party_read_diverter (const sip_t *sip)
{
  g_autofree char *diversion = NULL;
  g_autofree char *history = NULL;
  PhoneSipParty *self;

  g_return_val_if_fail (sip != NULL, NULL);

  diversion = phone_sip_message_dup_header (sip, "Diversion");
  self = diversion ? read_list (diversion, NULL, TRUE) : NULL;
  if (self)
    return self;

  history = phone_sip_message_dup_header (sip, "History-Info");
  return history ? read_history (history) : NULL;
}

/* A value that may go out again: printable, and the list that it should be. */
static gboolean
is_sendable (const char *text)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  gboolean good;

  for (const char *p = text; *p; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;
  su_home_init (home);
  good = parse_list (home, text) != NULL;
  su_home_deinit (home);

  return good;
}

static void
replace (char **place,
         char  *text)
{
  g_free (*place);
  *place = text;
}

static char *
dup_sendable (const sip_t *sip,
              const char  *name)
{
  g_autofree char *value = phone_sip_message_dup_header (sip, name);

  return value && is_sendable (value) ? g_steal_pointer (&value) : NULL;
}

/**
 * phone_sip_diversion_read:
 * @sip: an INVITE that may be diverted, or a 3xx response
 *
 * Keeps what is said of diversions so far, as long as it may go out again.
 */
void
phone_sip_diversion_read (PhoneSipDiversion *self,
                          const sip_t       *sip)
{
  g_return_if_fail (self != NULL && sip != NULL);

  replace (&self->diversion, dup_sendable (sip, "Diversion"));
  replace (&self->history, dup_sendable (sip, "History-Info"));
  self->wants_history = self->history != NULL || phone_sip_message_has_feature (sip, "histinfo", FALSE);
}

/* The index of the last entry, "1" when it has none (RFC 7044 §10.3). */
static char *
dup_last_index (const char *history)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const sip_contact_t *last;
  const char *value = NULL;
  char *index;

  su_home_init (home);
  last = parse_list (home, history);
  while (last && last->m_next)
    last = last->m_next;
  value = last ? find_parameter (last, "index") : NULL;
  index = g_strdup (value && strspn (value, "0123456789.") == strlen (value) ? value : "1");
  su_home_deinit (home);

  return index;
}

static char *
format_history (const char        *before,
                const char        *us,
                const PhoneSipUri *target)
{
  g_autofree char *to = phone_sip_uri_to_string (target);
  g_autofree char *index = before ? dup_last_index (before) : NULL;

  if (before)
    return g_strdup_printf ("%s, <%s;cause=302>;index=%s.1", before, to, index);
  return g_strdup_printf ("<%s>;index=1, <%s;cause=302>;index=1.1", us, to);
}

/**
 * phone_sip_diversion_add:
 * @us: who diverts
 * @target: whereto
 * @reason: why, a word of RFC 5806: `unconditional`, `user-busy`, `no-answer`, `deflection`, …
 *
 * Puts ours on top of the Diversion that came, and at the end of History-Info when the caller knows that.
 */
void
phone_sip_diversion_add (PhoneSipDiversion *self,
                         const PhoneSipUri *us,
                         const PhoneSipUri *target,
                         const char        *reason)
{
  g_autofree char *own = NULL;

  g_return_if_fail (self != NULL && us != NULL && target != NULL && reason != NULL);

  own = phone_sip_uri_to_string (us);
  replace (&self->diversion, g_strdup_printf ("<%s>;reason=%s;counter=1;privacy=off;screen=no%s%s", own, reason,
                                              self->diversion ? ", " : "", self->diversion ? self->diversion : ""));
  if (self->wants_history)
    replace (&self->history, format_history (self->history, own, target));
}

/**
 * phone_sip_diversion_dup_lines:
 * Returns: (transfer full) (nullable): the header lines, %NULL when there is nothing to say
 */
char *
phone_sip_diversion_dup_lines (const PhoneSipDiversion *self)
{
  GString *lines;

  g_return_val_if_fail (self != NULL, NULL);

  if (!self->diversion && !self->history)
    return NULL;

  lines = g_string_new (NULL);
  if (self->diversion)
    g_string_append_printf (lines, "Diversion: %s\r\n", self->diversion);
  if (self->history)
    g_string_append_printf (lines, "History-Info: %s\r\n", self->history);

  return g_string_free (lines, FALSE);
}

void
phone_sip_diversion_clear (PhoneSipDiversion *self)
{
  g_clear_pointer (&self->diversion, g_free);
  g_clear_pointer (&self->history, g_free);
  self->wants_history = FALSE;
}
