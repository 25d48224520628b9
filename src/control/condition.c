/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "condition.h"

#include "engine.h"

#include <string.h>

/*
 * Each kind of condition is one row: how its arguments are read, whether it is true of the present, whether an event makes it
 * true. A negated condition looks at the present alone: that something is not the case cannot come and go unseen.
 */
#define MAX_DIGITS 64
#define ANY_STATE (-1)
#define ANY_BLINK (-1)

typedef struct {
  const char *name;
  gboolean  (*parse) (PhoneCondition *self, char **words, const char *rest, GError **error);
  gboolean  (*holds) (const PhoneCondition *self, const PhoneConditionView *now);
  gboolean  (*feed)  (PhoneCondition *self, const PhoneControlEvent *event);
} Kind;

struct _PhoneCondition {
  const Kind     *kind;
  gboolean        negated;
  char           *text;       /* text, page, label, frequency, digits; "" = any */
  int             state;      /* call or account state, ANY_STATE */
  gboolean        none;       /* call:none */
  guint           count;
  guint           account;    /* 0 = any */
  guint           call;
  guint           status;
  char           *number;
  char           *name;
  PhoneKey        key;
  gboolean        lit;        /* lamp:KEY:on */
  PhoneLampColour colour;
  int             blink;
  gboolean        off_hook;

  guint           n_ended;    /* events fed so far */
  GString        *digits;
};

static gboolean
fail (GError    **error,
      const char *format,
      const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format, what);
  return FALSE;
}

static gboolean
parse_uint (const char *text,
            guint       minimum,
            guint       maximum,
            guint      *value,
            GError    **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, minimum, maximum, &number, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not a number from %u to %u", text, minimum,
                   maximum);
      return FALSE;
    }

  *value = (guint) number;
  return TRUE;
}

/* Splits at colons; a backslash takes the next character as it is. */
static char **
split_words (const char *text)
{
  GPtrArray *words = g_ptr_array_new ();
  GString *word = g_string_new (NULL);

  for (const char *p = text; *p; p++)
    {
      if (*p == ':')
        {
          g_ptr_array_add (words, g_string_free (word, FALSE));
          word = g_string_new (NULL);
          continue;
        }
      if (*p == '\\' && p[1])
        p++;
      g_string_append_c (word, *p);
    }
  g_ptr_array_add (words, g_string_free (word, FALSE));
  g_ptr_array_add (words, NULL);

  return (char **) g_ptr_array_free (words, FALSE);
}

/* call */

static gboolean
parse_call_filter (PhoneCondition *self,
                   const char     *word,
                   GError        **error)
{
  if (g_str_has_prefix (word, "number="))
    {
      g_free (self->number);
      self->number = g_strdup (word + strlen ("number="));
    }
  else if (g_str_has_prefix (word, "name="))
    {
      g_free (self->name);
      self->name = g_strdup (word + strlen ("name="));
    }
  else if (g_str_has_prefix (word, "account="))
    return parse_uint (word + strlen ("account="), 1, PHONE_MAX_ACCOUNTS, &self->account, error);
  else if (g_str_has_prefix (word, "id="))
    return parse_uint (word + strlen ("id="), 1, G_MAXUINT, &self->call, error);
  else if (g_str_has_prefix (word, "status="))
    return parse_uint (word + strlen ("status="), 1, 999, &self->status, error);
  else if (g_ascii_isdigit (word[0]))
    return parse_uint (word, 1, 99, &self->count, error);
  else
    return fail (error, "“%s”: a count, number=, name=, account=, status= or id= belongs here", word);

  return TRUE;
}

static gboolean
parse_call_state (PhoneCondition *self,
                  const char     *word,
                  GError        **error)
{
  self->state = ANY_STATE;
  if (g_str_equal (word, "any"))
    return TRUE;
  if (g_str_equal (word, "none"))
    {
      self->none = TRUE;
      return TRUE;
    }
  for (int state = 0; state < PHONE_N_CALL_STATES; state++)
    if (g_str_equal (word, phone_call_state_to_string (state)))
      {
        self->state = state;
        return TRUE;
      }

  return fail (error, "“%s” is not a state of a call", word);
}

static gboolean
parse_call (PhoneCondition *self,
            char          **words,
            const char     *rest,
            GError        **error)
{
  if (words[0] == NULL)
    return fail (error, "%s: a state is missing", "call");
  if (!parse_call_state (self, words[0], error))
    return FALSE;
  if (self->none && words[1])
    return fail (error, "call:none takes no more words (“%s”)", words[1]);
  for (guint i = 1; words[i]; i++)
    if (!parse_call_filter (self, words[i], error))
      return FALSE;

  return TRUE;
}

/* "1001" is also the user part of "1001@host" and of "sip:1001@host". */
static gboolean
number_matches (const char *wanted,
                const char *number)
{
  gsize length = strlen (wanted);

  if (g_str_equal (wanted, number))
    return TRUE;
  if (g_str_has_prefix (number, "sip:"))
    number += strlen ("sip:");

  return strncmp (number, wanted, length) == 0 && (number[length] == '\0' || number[length] == '@');
}

static gboolean
call_matches (const PhoneCondition *self,
              guint                 call,
              guint                 account,
              const char           *number,
              const char           *name,
              guint                 status)
{
  return (self->call == 0 || self->call == call) && (self->account == 0 || self->account == account)
         && (self->status == 0 || self->status == status) && (!self->number || number_matches (self->number, number))
         && (!self->name || g_str_equal (self->name, name));
}

static gboolean
call_is_filtered (const PhoneCondition *self)
{
  return self->call || self->account || self->status || self->number || self->name;
}

static gboolean
call_holds (const PhoneCondition     *self,
            const PhoneConditionView *now)
{
  guint n = 0;

  for (guint i = 0; i < now->calls->len; i++)
    {
      const PhoneCallInfo *info = g_ptr_array_index (now->calls, i);
      gboolean in_state = self->state == ANY_STATE ? info->state != PHONE_CALL_ENDED : (int) info->state == self->state;

      if (in_state && call_matches (self, info->call, info->account, info->number, info->name, info->status))
        n++;
    }

  return self->none ? n == 0 : n >= self->count;
}

static gboolean
call_feed (PhoneCondition          *self,
           const PhoneControlEvent *event)
{
  const PhoneNotice *notice = &event->notice;
  gboolean in_state;
  guint n = 0;

  if (event->display || notice->kind != PHONE_NOTICE_CALL)
    return FALSE;

  for (guint state = 0; state < PHONE_CALL_ENDED; state++)
    n += self->state == ANY_STATE || self->state == (int) state ? event->n_calls[state] : 0;
  if (self->none)
    return n == 0;

  in_state = self->state == ANY_STATE ? notice->state != PHONE_CALL_ENDED : notice->state == self->state;
  if (!in_state || !call_matches (self, notice->call, notice->account, notice->number, notice->name, notice->status))
    return FALSE;

  /* "ended" is a moment: two ended calls are two events. */
  if (self->state == PHONE_CALL_ENDED)
    return ++self->n_ended >= self->count;
  if (call_is_filtered (self))
    return self->count == 1;

  return n >= self->count;
}

/* account */

static gboolean
parse_account (PhoneCondition *self,
               char          **words,
               const char     *rest,
               GError        **error)
{
  if (!words[0] || !words[1])
    return fail (error, "%s: a number and a state belong here (account:1:registered)", "account");
  if (!g_str_equal (words[0], "any") && !parse_uint (words[0], 1, PHONE_MAX_ACCOUNTS, &self->account, error))
    return FALSE;

  self->state = ANY_STATE;
  for (int state = 0; state <= PHONE_ACCOUNT_FAILED; state++)
    if (g_str_equal (words[1], phone_account_state_to_string (state)))
      self->state = state;
  if (self->state == ANY_STATE)
    return fail (error, "“%s” is not a state of an account", words[1]);

  for (guint i = 2; words[i]; i++)
    {
      if (!g_str_has_prefix (words[i], "status="))
        return fail (error, "“%s”: status= belongs here", words[i]);
      if (!parse_uint (words[i] + strlen ("status="), 1, 999, &self->status, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
account_matches (const PhoneCondition *self,
                 guint                 account,
                 int                   state,
                 guint                 status)
{
  return (self->account == 0 || self->account == account) && self->state == state
         && (self->status == 0 || self->status == status);
}

static gboolean
account_holds (const PhoneCondition     *self,
               const PhoneConditionView *now)
{
  for (guint i = 0; i < now->accounts->len; i++)
    {
      const PhoneAccountInfo *info = g_ptr_array_index (now->accounts, i);

      if (account_matches (self, info->account, info->state, info->status))
        return TRUE;
    }

  return FALSE;
}

static gboolean
account_feed (PhoneCondition          *self,
              const PhoneControlEvent *event)
{
  const PhoneNotice *notice = &event->notice;

  return !event->display && notice->kind == PHONE_NOTICE_ACCOUNT
         && account_matches (self, notice->account, notice->state, notice->status);
}

/* lamp */

/* The enum's own word with hyphens: "very-slow". */
static gboolean
word_is (const char *word,
         gsize       length,
         const char *name)
{
  if (strlen (name) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (word[i] != (name[i] == ' ' || name[i] == '_' ? '-' : name[i]))
      return FALSE;

  return TRUE;
}

static gboolean
parse_lamp_state (PhoneCondition *self,
                  const char     *word,
                  GError        **error)
{
  const char *hyphen = strchr (word, '-');
  gsize length = hyphen ? (gsize) (hyphen - word) : strlen (word);
  gboolean known = FALSE;

  self->blink = ANY_BLINK;
  if (g_str_equal (word, "on"))
    {
      self->lit = TRUE;
      return TRUE;
    }
  for (int colour = 0; colour <= PHONE_LAMP_ORANGE; colour++)
    if (word_is (word, length, phone_lamp_colour_to_string (colour)))
      {
        self->colour = colour;
        known = TRUE;
      }
  if (!known)
    return fail (error, "“%s”: on, off, green, red or orange belongs here", word);
  if (!hyphen)
    return TRUE;

  for (int blink = 0; blink <= PHONE_BLINK_VERY_SLOW; blink++)
    if (word_is (hyphen + 1, strlen (hyphen + 1), phone_blink_to_string (blink)))
      self->blink = blink;
  if (self->blink == ANY_BLINK)
    return fail (error, "“%s” is not a way a lamp blinks", hyphen + 1);

  return TRUE;
}

static gboolean
parse_lamp (PhoneCondition *self,
            char          **words,
            const char     *rest,
            GError        **error)
{
  if (!words[0] || !words[1] || words[2])
    return fail (error, "%s: a key and a state belong here (lamp:L1:green-fast)", "lamp");
  self->key = g_ascii_strcasecmp (words[0], "power") == 0 ? PHONE_KEY_POWER : phone_key_from_id (words[0]);
  if (self->key == PHONE_KEY_NONE)
    return fail (error, "“%s” is not a key", words[0]);

  return parse_lamp_state (self, words[1], error);
}

static gboolean
lamp_is_shown (const PhoneCondition *self,
               const PhoneDisplay   *display)
{
  const PhoneDisplayLamp *lamp = phone_display_get_lamp (display, self->key);
  PhoneLampColour colour = lamp ? lamp->colour : PHONE_LAMP_OFF;

  if (self->lit)
    return colour != PHONE_LAMP_OFF;

  return colour == self->colour && (self->blink == ANY_BLINK || (lamp && (int) lamp->blink == self->blink));
}

/* texts of the display */

static gboolean
parse_text (PhoneCondition *self,
            char          **words,
            const char     *rest,
            GError        **error)
{
  if (rest[0] == '\0')
    return fail (error, "%s: a text belongs here", self->kind->name);
  self->text = g_strdup (rest);

  return TRUE;
}

static gboolean
screen_is_shown (const PhoneCondition *self,
                 const PhoneDisplay   *display)
{
  g_auto (GStrv) rows = phone_display_dup_text (display);

  for (guint i = 0; rows[i]; i++)
    if (strstr (rows[i], self->text))
      return TRUE;

  return FALSE;
}

static gboolean
softkey_is_shown (const PhoneCondition *self,
                  const PhoneDisplay   *display)
{
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    if (display->softkeys[i] && g_str_equal (display->softkeys[i], self->text))
      return TRUE;

  return FALSE;
}

/* All of them, from left to right: "Transfer|Hold|Conference|End Call". */
static gboolean
softkeys_is_shown (const PhoneCondition *self,
                   const PhoneDisplay   *display)
{
  g_autoptr (GString) labels = g_string_new (NULL);

  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    g_string_append_printf (labels, "%s%s", i ? "|" : "", display->softkeys[i] ? display->softkeys[i] : "");

  return g_str_equal (labels->str, self->text);
}

static gboolean
icon_is_shown (const PhoneCondition *self,
               const PhoneDisplay   *display)
{
  for (guint bit = 0; bit < 32; bit++)
    if ((display->icons & (1u << bit)) && g_strcmp0 (phone_status_icon_to_string (1u << bit), self->text) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
page_is_shown (const PhoneCondition *self,
               const PhoneDisplay   *display)
{
  return display->page && g_str_equal (display->page, self->text);
}

static gboolean
parse_hook (PhoneCondition *self,
            char          **words,
            const char     *rest,
            GError        **error)
{
  self->off_hook = g_str_equal (rest, "off");
  return self->off_hook || g_str_equal (rest, "on") || fail (error, "hook: on or off belongs here, not “%s”", rest);
}

static gboolean
hook_is_shown (const PhoneCondition *self,
               const PhoneDisplay   *display)
{
  return !display->off_hook == !self->off_hook;
}

static gboolean
parse_nothing (PhoneCondition *self,
               char          **words,
               const char     *rest,
               GError        **error)
{
  return words[0] == NULL || fail (error, "%s takes no more words", self->kind->name);
}

static gboolean
idle_is_shown (const PhoneCondition *self,
               const PhoneDisplay   *display)
{
  return display->page && g_str_equal (display->page, "idle") && display->calls->len == 0;
}

#define DISPLAY_KIND(name)                                                                                               \
  static gboolean name##_holds (const PhoneCondition *self, const PhoneConditionView *now)                               \
  {                                                                                                                      \
    return name##_is_shown (self, now->display);                                                                         \
  }                                                                                                                      \
  static gboolean name##_feed (PhoneCondition *self, const PhoneControlEvent *event)                                     \
  {                                                                                                                      \
    return event->display && name##_is_shown (self, event->display);                                                     \
  }
DISPLAY_KIND (lamp)
DISPLAY_KIND (screen)
DISPLAY_KIND (softkey)
DISPLAY_KIND (softkeys)
DISPLAY_KIND (icon)
DISPLAY_KIND (page)
DISPLAY_KIND (hook)
DISPLAY_KIND (idle)

/* moments */

static gboolean
never_holds (const PhoneCondition     *self,
             const PhoneConditionView *now)
{
  return FALSE;
}

static gboolean
parse_heard (PhoneCondition *self,
             char          **words,
             const char     *rest,
             GError        **error)
{
  guint hz;

  if (g_str_equal (rest, "any"))
    {
      self->text = g_strdup ("");
      return TRUE;
    }
  if (!parse_uint (rest, 1, 24000, &hz, error))
    return FALSE;
  self->text = g_strdup (rest);

  return TRUE;
}

static gboolean
heard_feed (PhoneCondition          *self,
            const PhoneControlEvent *event)
{
  return !event->display && event->notice.kind == PHONE_NOTICE_HEARD
         && (self->text[0] == '\0' || g_str_equal (self->text, event->notice.text));
}

static gboolean
parse_digits (PhoneCondition *self,
              char          **words,
              const char     *rest,
              GError        **error)
{
  gsize length = strlen (rest);

  if (length == 0 || length > MAX_DIGITS || strspn (rest, "0123456789*#ABCD") != length)
    return fail (error, "digits: 0–9, *, #, A–D belong here, not “%s”", rest);
  self->text = g_strdup (rest);
  self->digits = g_string_new (NULL);

  return TRUE;
}

static gboolean
digits_feed (PhoneCondition          *self,
             const PhoneControlEvent *event)
{
  if (event->display || event->notice.kind != PHONE_NOTICE_DIGIT)
    return FALSE;

  g_string_append (self->digits, event->notice.text);
  /* Only the last digits can still become the wanted ones. */
  if (self->digits->len > 2 * MAX_DIGITS)
    g_string_erase (self->digits, 0, self->digits->len - MAX_DIGITS);

  return strstr (self->digits->str, self->text) != NULL;
}

static gboolean
parse_media (PhoneCondition *self,
             char          **words,
             const char     *rest,
             GError        **error)
{
  if (!g_str_equal (rest, "flowing") && !g_str_equal (rest, "stalled"))
    return fail (error, "media: flowing or stalled belongs here, not “%s”", rest);
  self->text = g_strdup (rest);

  return TRUE;
}

static gboolean
media_holds (const PhoneCondition     *self,
             const PhoneConditionView *now)
{
  if (!g_str_equal (self->text, "flowing"))
    return FALSE;
  for (guint i = 0; i < now->calls->len; i++)
    {
      const PhoneCallInfo *info = g_ptr_array_index (now->calls, i);

      if (info->flowing && info->state != PHONE_CALL_ENDED)
        return TRUE;
    }

  return FALSE;
}

static gboolean
media_feed (PhoneCondition          *self,
            const PhoneControlEvent *event)
{
  return !event->display && event->notice.kind == PHONE_NOTICE_CALL_MEDIA
         && g_str_equal (self->text, event->notice.text);
}

static gboolean
message_feed (PhoneCondition          *self,
              const PhoneControlEvent *event)
{
  return !event->display && event->notice.kind == PHONE_NOTICE_MESSAGE && strstr (event->notice.text, self->text);
}

static gboolean
parse_missed (PhoneCondition *self,
              char          **words,
              const char     *rest,
              GError        **error)
{
  self->number = rest[0] ? g_strdup (rest) : NULL;
  return TRUE;
}

static gboolean
missed_feed (PhoneCondition          *self,
             const PhoneControlEvent *event)
{
  return !event->display && event->notice.kind == PHONE_NOTICE_MISSED
         && (!self->number || number_matches (self->number, event->notice.number));
}

static const Kind kinds[] = {
  { "idle", parse_nothing, idle_holds, idle_feed },
  { "call", parse_call, call_holds, call_feed },
  { "account", parse_account, account_holds, account_feed },
  { "lamp", parse_lamp, lamp_holds, lamp_feed },
  { "screen", parse_text, screen_holds, screen_feed },
  { "softkey", parse_text, softkey_holds, softkey_feed },
  { "softkeys", parse_text, softkeys_holds, softkeys_feed },
  { "icon", parse_text, icon_holds, icon_feed },
  { "page", parse_text, page_holds, page_feed },
  { "hook", parse_hook, hook_holds, hook_feed },
  { "heard", parse_heard, never_holds, heard_feed },
  { "digit", parse_digits, never_holds, digits_feed },
  { "digits", parse_digits, never_holds, digits_feed },
  { "media", parse_media, media_holds, media_feed },
  { "message", parse_text, never_holds, message_feed },
  { "missed", parse_missed, never_holds, missed_feed },
};

static const Kind *
find_kind (const char *text,
           gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].name) == length && strncmp (kinds[i].name, text, length) == 0)
      return &kinds[i];

  return NULL;
}

/**
 * phone_condition_new:
 * @text: a condition
 * @error: %G_IO_ERROR_INVALID_ARGUMENT saying which word is wrong and what belongs there
 */
PhoneCondition *
phone_condition_new (const char *text,
                     GError    **error)
{
  g_autoptr (PhoneCondition) self = NULL;
  g_auto (GStrv) words = NULL;
  const char *rest;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > PHONE_CONDITION_MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      fail (error, "%s", "the condition is too long or not UTF-8");
      return NULL;
    }

  self = g_new0 (PhoneCondition, 1);
  self->count = 1;
  self->negated = text[0] == '!';
  text += self->negated ? 1 : 0;
  length = strcspn (text, ":");
  self->kind = find_kind (text, length);
  if (!self->kind)
    {
      g_autofree char *name = g_strndup (text, length);

      fail (error, "there is no condition “%s”", name);
      return NULL;
    }

  rest = text[length] ? text + length + 1 : "";
  words = text[length] ? split_words (rest) : g_new0 (char *, 1);
  if (!self->kind->parse (self, words, rest, error))
    return NULL;
  if (self->negated && self->kind->holds == never_holds)
    {
      fail (error, "“%s” is a moment: it cannot be negated", self->kind->name);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
phone_condition_free (PhoneCondition *self)
{
  if (!self)
    return;

  g_free (self->text);
  g_free (self->number);
  g_free (self->name);
  if (self->digits)
    g_string_free (self->digits, TRUE);
  g_free (self);
}

gboolean
phone_condition_holds (const PhoneCondition     *self,
                       const PhoneConditionView *now)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (now != NULL, FALSE);

  return self->kind->holds (self, now) != self->negated;
}

gboolean
phone_condition_feed (PhoneCondition          *self,
                      const PhoneControlEvent *event)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  return !self->negated && self->kind->feed (self, event);
}
